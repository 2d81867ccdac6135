import type {
  DeleteRequest,
  GroupRef,
  HelloRequest,
  PullRequest,
  PushRequest,
  RevokeRequest,
  TokenRequest,
} from '../storage.ts';

/** What the worker can be asked, by name. */
export interface Requests {
  hello: HelloRequest;
  push: PushRequest;
  pull: PullRequest;
  pending: { group: GroupRef; device: Uint8Array; after: bigint };
  delete: DeleteRequest;
  revoke: RevokeRequest;
  devices: { group: GroupRef; device: Uint8Array };
  setToken: TokenRequest;
  cleanUp: null;
  forgetGroups: GroupRef[];
  totals: null;
}

export type OperationName = keyof Requests;

export interface Operation<Name extends OperationName = OperationName> {
  id: number;
  name: Name;
  /** The relay's clock when it asked, Unix seconds. */
  now: number;
  request: Requests[Name];
}

/** The worker answers each operation once, in order. */
export type Answer = { id: number; value: unknown } | { id: number; error: string };
