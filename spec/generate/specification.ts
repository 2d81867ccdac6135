/** The shape of `protocol.json`: the YAML files put together. */
export type TypeDefinition =
  | { kind: 'uint' | 'uint64'; max: string; doc: string }
  | { kind: 'bool'; doc: string }
  | { kind: 'str'; max_bytes?: number; nullable?: true; doc: string }
  | { kind: 'bytes'; length?: number; rmp?: 'bin' | 'array'; doc: string }
  | { kind: 'list'; of: string; doc: string }
  | { kind: 'map'; of: string; max_keys: number; doc: string }
  | { kind: 'tuple'; fields: { name: string; type: string }[]; ext?: ExtensionKey[]; doc: string };

export interface ExtensionKey {
  key: string;
  type: string;
  doc: string;
}

export interface MessageDefinition {
  name: string;
  code: number;
  direction: 'client-to-relay' | 'relay-to-client' | 'either' | 'inner';
  encodings: ('bin' | 'rmp')[];
  doc: string;
  answers?: string[];
  fields: { name: string; type: string; doc: string }[];
  ext?: ExtensionKey[];
}

export interface Requirement {
  id: string;
  area: string;
  level: 'MUST' | 'SHOULD' | 'MAY';
  party: 'relay' | 'client' | 'both';
  profile: string;
  text: string;
  source: 'deployed' | 'rfc' | 'decision';
  why: string;
  errors?: (string | number)[];
  untestable?: { reason: string; covered_by: string };
  planned?: boolean;
}

/** An input or output of a driver's operation, or a field of an object in one. */
export interface DriverField {
  name: string;
  /** A name of `values` or `objects`. */
  type: string;
  list?: true;
  optional?: true;
  nullable?: true;
  values?: string[];
  doc: string;
}

export interface DriverOperation {
  name: string;
  doc: string;
  input?: DriverField[];
  output?: DriverField[];
  errors?: string[];
  step_errors?: string[];
  parts?: Record<string, string[]>;
  vectors?: { file: string; groups: string[] }[];
}

export interface Specification {
  protocol: 1;
  version: string;
  identifiers: { name: string; bytes: number; shown_as: string; meaning: string; source: string }[];
  labels: Record<string, string>;
  types: Record<string, TypeDefinition>;
  encodings: { name: string; max_body: number; extensions: boolean; transports: string[]; doc: string }[];
  frame: { header_bytes: number; header: string; max_body_before_welcome: number };
  extension_map: { max_keys: number; max_nesting: number };
  error_classes: { name: string; layer: string; doc: string }[];
  messages: MessageDefinition[];
  errors: { code: number; name: string; fatal: boolean; client: string; message: string; doc: string }[];
  close_codes: { code: number; when: string }[];
  limits: { name: string; section: string; default: number; min: number; max: number; unit: string; doc: string }[];
  fixed: { name: string; value: number; unit: string; doc: string }[];
  metrics: { name: string; type: 'counter' | 'gauge'; labels: string[]; unit: string; doc: string }[];
  configuration: {
    section: string;
    name: string;
    type: string;
    values?: string[];
    default: string | boolean | string[];
    doc: string;
  }[];
  session: { initial: string; states: { name: string; doc: string; transitions: unknown[] }[] };
  handshake: Record<string, unknown>;
  seal: Record<string, unknown>;
  invites: { map: { keys: (ExtensionKey & { field: string })[] } };
  short_code: Record<string, unknown>;
  client: Record<string, unknown>;
  envelopes: { version: number; fields: { name: string; type: string }[]; doc: string }[];
  driver: {
    max_line: number;
    rules: string[];
    errors: { name: string; doc: string }[];
    values: Record<string, { json: 'string' | 'number' | 'object'; doc: string }>;
    objects: Record<string, { doc: string; fields: DriverField[] }>;
    operations: DriverOperation[];
  };
  areas: { area: string; title: string; section: string }[];
  requirements: Requirement[];
  decisions: {
    id: string;
    title: string;
    question: string;
    decision: string;
    why: string;
    requirements: string[];
  }[];
}
