// Generated from the YAML files of spec/ by `npm run generate`. Do not edit.

/** Keys that no version of the protocol defines: a reader skips them, a writer may send them as byte strings. */
export interface UnknownKeys {
  [unknown: `x-${string}`]: Uint8Array;
}

/** Proof of membership in a group. */
export interface Proof {
  key: Uint8Array;
  signature: Uint8Array;
}

/** How Argon2id makes a group secret of a passphrase: salt, memory in KiB, passes, lanes. */
export interface Passphrase {
  salt: Uint8Array;
  m: number;
  t: number;
  p: number;
}

/** Bytes the group has stored, and how many it may store. */
export interface Usage {
  bytes: bigint;
  quota: bigint;
}

/** Where the relay's content store is, and the bearer token for it. */
export interface Content {
  url: string;
  token: string;
}

export interface BlobExt extends UnknownKeys {
  /** The device that pushed the blob (`device_id`, 32 bytes). */
  sender?: Uint8Array;
}

/** One stored blob as a relay hands it out; the timestamp is when it was stored, in Unix seconds. */
export interface Blob {
  blob_id: Uint8Array;
  cursor: bigint;
  payload: Uint8Array;
  timestamp: bigint;
  ext?: BlobExt;
}

/** One device of a group. */
export interface Device {
  device_id: Uint8Array;
  device_name: string;
  last_seen: bigint;
  pending: number;
  online: boolean;
  revoked: boolean;
}

export interface HelloExt extends UnknownKeys {
  /** Proof of membership; without it the session is with the open group of that id (`proof`). */
  proof?: Proof;
  /** Optional features of the client (`caps`). */
  caps?: string[];
  /** The epoch in which last_cursor was given (`epoch`, 16 bytes). */
  epoch?: Uint8Array;
  /** The blob that the client has at last_cursor (`blob_id`, 16 bytes). */
  last_blob?: Uint8Array;
}

/** Opens a session for one group. */
export interface Hello {
  type: 'Hello';
  /** Protocol version, 1 (`u8`). */
  version: number;
  /** What people call the device; sealed unless the user wants it plain. Cut at 256 Unicode scalar values (`str`). */
  device_name: string;
  /** The group (`group_id`, 32 bytes). */
  group_id: Uint8Array;
  /** The highest cursor up to which this device has stored everything (`u64`). */
  last_cursor: bigint;
  ext?: HelloExt;
}

export interface WelcomeExt extends UnknownKeys {
  /** Name and version of the relay's software (`str64`). */
  relay?: string;
  /** Optional features of the relay (`caps`). */
  caps?: string[];
  /** The relay's limits (`limits`). */
  limits?: Record<string, bigint>;
  /** The relay's epoch for the group (`epoch`, 16 bytes). */
  epoch?: Uint8Array;
  /** The highest cursor that expired, 0 if none (`u64`). */
  expired_through?: bigint;
  /** What the group uses of its quota (`usage`). */
  usage?: Usage;
  /** The relay's content store (`content`). */
  content?: Content;
}

/** Answers Hello: the session is open. */
export interface Welcome {
  type: 'Welcome';
  /** Protocol version, 1 (`u8`). */
  version: number;
  /** The highest cursor ever assigned in the group (`u64`). */
  max_cursor: bigint;
  /** Live blobs of other devices above last_cursor, saturating (`u32`). */
  pending_count: number;
  ext?: WelcomeExt;
}

/** Ends the session in order. */
export interface Bye {
  type: 'Bye';
  /** Why (`reason_text`). */
  reason: string | null;
  ext?: UnknownKeys;
}

/** Stores one blob. */
export interface Push {
  type: 'Push';
  /** The blob's name, made by the client (`blob_id`, 16 bytes). */
  blob_id: Uint8Array;
  /** The sealed bytes (`payload`). */
  payload: Uint8Array;
  /** Seconds to live; 0 is the relay's default (`u32`). */
  ttl: number;
  ext?: UnknownKeys;
}

export interface PushAckExt extends UnknownKeys {
  /** When it was stored, Unix seconds (`u64`). */
  timestamp?: bigint;
  /** SHA-256 of the payload as stored (`hash32`, 32 bytes). */
  digest?: Uint8Array;
}

/** The blob is stored durably. */
export interface PushAck {
  type: 'PushAck';
  /** The blob (`blob_id`, 16 bytes). */
  blob_id: Uint8Array;
  /** Its place in the group's order (`u64`). */
  cursor: bigint;
  ext?: PushAckExt;
}

/** Asks for the blobs after a cursor. */
export interface Pull {
  type: 'Pull';
  /** Everything up to here is stored at the client (`u64`). */
  after_cursor: bigint;
  /** The most blobs to answer with; 0 means 100 (`u32`). */
  limit: number;
  ext?: UnknownKeys;
}

export interface PullResponseExt extends UnknownKeys {
  /** Cursors of blobs found damaged in this range (`cursors`). */
  damaged?: bigint[];
}

/** One page of blobs. */
export interface PullResponse {
  type: 'PullResponse';
  /** The blobs, ascending by cursor (`blobs`). */
  blobs: Blob[];
  /** Whether live blobs follow the last one (`bool`). */
  has_more: boolean;
  /** The last cursor in blobs, or after_cursor if there are none (`u64`). */
  max_cursor: bigint;
  ext?: PullResponseExt;
}

/** Whether this connection wants notifications. It gets no answer. */
export interface Presence {
  type: 'Presence';
  /** 0 active, 1 background; others are ignored (`u8`). */
  status: number;
  ext?: UnknownKeys;
}

/** New blobs can be pulled. */
export interface Notify {
  type: 'Notify';
  /** The newest cursor it stands for (`u64`). */
  latest_cursor: bigint;
  /** How many blobs it stands for (`u32`). */
  count: number;
  ext?: UnknownKeys;
}

/** Deletes a blob that this device pushed. */
export interface Delete {
  type: 'Delete';
  /** The blob (`blob_id`, 16 bytes). */
  blob_id: Uint8Array;
  /** At once (true), or when every other device has acknowledged it (`bool`). */
  force: boolean;
  ext?: UnknownKeys;
}

/** A blob was deleted: advice that may be lost. */
export interface Deleted {
  type: 'Deleted';
  /** The blob (`blob_id`, 16 bytes). */
  blob_id: Uint8Array;
  /** Its cursor (`u64`). */
  cursor: bigint;
  /** The device that asked (`device_id`, 32 bytes). */
  deleted_by: Uint8Array;
  ext?: UnknownKeys;
}

/** Refuses a device from now on. */
export interface RevokeDevice {
  type: 'RevokeDevice';
  /** The device (`device_id`, 32 bytes). */
  device_id: Uint8Array;
  /** 0 lost, 1 decommissioned, 2 compromised (`revoke_reason`). */
  reason: number;
  /** Also forget its name, token and counters (`bool`). */
  clear_pending: boolean;
  ext?: UnknownKeys;
}

/** A device was revoked. */
export interface DeviceRevoked {
  type: 'DeviceRevoked';
  /** The device (`device_id`, 32 bytes). */
  device_id: Uint8Array;
  /** The device that asked (`device_id`, 32 bytes). */
  revoked_by: Uint8Array;
  /** When, Unix seconds (`u64`). */
  timestamp: bigint;
  /** As in RevokeDevice (`u8`). */
  reason: number;
  ext?: UnknownKeys;
}

/** Asks for the devices of the group. */
export interface ListDevices {
  type: 'ListDevices';
  ext?: UnknownKeys;
}

/** The devices of the group. */
export interface Devices {
  type: 'Devices';
  /** The devices by id (`devices`). */
  devices: Device[];
  ext?: UnknownKeys;
}

/** Stores a wake-up token. */
export interface RegisterPush {
  type: 'RegisterPush';
  /** The token (`str`). */
  token: string;
  /** 0 APNs, 1 FCM, 2 Web Push; others are refused with 2003 (`u8`). */
  platform: number;
  /** The application (`app_id`). */
  app_id: string | null;
  ext?: UnknownKeys;
}

/** Forgets the wake-up token. */
export interface UnregisterPush {
  type: 'UnregisterPush';
  /** 0 user, 1 expired, 2 uninstalled; any is accepted (`u8`). */
  reason: number;
  ext?: UnknownKeys;
}

export interface ContentRefExt extends UnknownKeys {
  /** Media type (`str`). */
  mime?: string;
  /** File name (`str`). */
  name?: string;
  /** A small picture (`payload`). */
  thumbnail?: Uint8Array;
}

/** Travels sealed inside a Push payload and names content kept elsewhere. */
export interface ContentRef {
  type: 'ContentRef';
  /** BLAKE3 of the ciphertext (`hash32`, 32 bytes). */
  content_hash: Uint8Array;
  /** The nonce it was sealed with (`nonce24`, 24 bytes). */
  encryption_nonce: Uint8Array;
  /** Bytes of the plaintext (`u64`). */
  content_size: bigint;
  /** Bytes of the ciphertext (`u64`). */
  encrypted_size: bigint;
  ext?: ContentRefExt;
}

/** Travels sealed and says that content arrived. */
export interface ContentAck {
  type: 'ContentAck';
  /** BLAKE3 of the ciphertext (`hash32`, 32 bytes). */
  content_hash: Uint8Array;
  ext?: UnknownKeys;
}

/** The answer to Delete, RevokeDevice, RegisterPush and UnregisterPush. */
export interface Ok {
  type: 'Ok';
  ext?: UnknownKeys;
}

export interface ErrorExt extends UnknownKeys {
  /** How long to wait, milliseconds; with every 2000 (`u64`). */
  retry_after_ms?: bigint;
  /** The blob the error is about (`blob_id`, 16 bytes). */
  blob_id?: Uint8Array;
}

/** A request was refused, or the session ends. */
export interface ErrorMessage {
  type: 'Error';
  /** One of the error codes (`u32`). */
  code: number;
  /** The fixed text of the code, for people (`str`). */
  message: string;
  ext?: ErrorExt;
}

export type Message =
  | Hello
  | Welcome
  | Bye
  | Push
  | PushAck
  | Pull
  | PullResponse
  | Presence
  | Notify
  | Delete
  | Deleted
  | RevokeDevice
  | DeviceRevoked
  | ListDevices
  | Devices
  | RegisterPush
  | UnregisterPush
  | ContentRef
  | ContentAck
  | Ok
  | ErrorMessage;

export type MessageName = Message['type'];

export type ErrorClass =
  | 'truncated'
  | 'trailing-bytes'
  | 'not-a-message'
  | 'unknown-message'
  | 'wrong-arity'
  | 'wrong-type'
  | 'wrong-length'
  | 'out-of-range'
  | 'invalid-utf8'
  | 'duplicate-key'
  | 'too-many-keys'
  | 'too-deep'
  | 'reserved-byte'
  | 'frame-empty'
  | 'frame-too-large'
  | 'too-short'
  | 'too-long'
  | 'decrypt'
  | 'bad-public-key'
  | 'low-order'
  | 'unexpected-payload'
  | 'failed-state'
  | 'wrong-turn'
  | 'wrong-version'
  | 'malformed'
  | 'wrong-padding'
  | 'too-large'
  | 'wrong-size'
  | 'wrong-hash'
  | 'mismatch'
  | 'empty-passphrase'
  | 'unauthorized'
  | 'missing-key'
  | 'conflicting-keys'
  | 'no-relay'
  | 'bad-address'
  | 'wrong-group'
  | 'expired';
