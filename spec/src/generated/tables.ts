// Generated from the YAML files of spec/ by `npm run generate`. Do not edit.

/** Every message: name, code, direction, fields in order, known extension keys (messages.yaml). */
export const MESSAGES = [
 {
  "name": "Hello",
  "code": 1,
  "direction": "client-to-relay",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Opens a session for one group.",
  "answers": [
   "Welcome"
  ],
  "fields": [
   {
    "name": "version",
    "type": "u8",
    "doc": "Protocol version, 1."
   },
   {
    "name": "device_name",
    "type": "str",
    "doc": "What people call the device; sealed unless the user wants it plain. Cut at 256 Unicode scalar values."
   },
   {
    "name": "group_id",
    "type": "group_id",
    "doc": "The group."
   },
   {
    "name": "last_cursor",
    "type": "u64",
    "doc": "The highest cursor up to which this device has stored everything."
   }
  ],
  "ext": [
   {
    "key": "proof",
    "type": "proof",
    "doc": "Proof of membership; without it the session is with the open group of that id."
   },
   {
    "key": "caps",
    "type": "caps",
    "doc": "Optional features of the client."
   },
   {
    "key": "epoch",
    "type": "epoch",
    "doc": "The epoch in which last_cursor was given."
   },
   {
    "key": "last_blob",
    "type": "blob_id",
    "doc": "The blob that the client has at last_cursor."
   }
  ]
 },
 {
  "name": "Welcome",
  "code": 2,
  "direction": "relay-to-client",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Answers Hello: the session is open.",
  "fields": [
   {
    "name": "version",
    "type": "u8",
    "doc": "Protocol version, 1."
   },
   {
    "name": "max_cursor",
    "type": "u64",
    "doc": "The highest cursor ever assigned in the group."
   },
   {
    "name": "pending_count",
    "type": "u32",
    "doc": "Live blobs of other devices above last_cursor, saturating."
   }
  ],
  "ext": [
   {
    "key": "relay",
    "type": "str64",
    "doc": "Name and version of the relay's software."
   },
   {
    "key": "caps",
    "type": "caps",
    "doc": "Optional features of the relay."
   },
   {
    "key": "limits",
    "type": "limits",
    "doc": "The relay's limits."
   },
   {
    "key": "epoch",
    "type": "epoch",
    "doc": "The relay's epoch for the group."
   },
   {
    "key": "expired_through",
    "type": "u64",
    "doc": "The highest cursor that expired, 0 if none."
   },
   {
    "key": "usage",
    "type": "usage",
    "doc": "What the group uses of its quota."
   },
   {
    "key": "content",
    "type": "content",
    "doc": "The relay's content store."
   }
  ]
 },
 {
  "name": "Bye",
  "code": 3,
  "direction": "either",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Ends the session in order.",
  "fields": [
   {
    "name": "reason",
    "type": "reason_text",
    "doc": "Why."
   }
  ]
 },
 {
  "name": "Push",
  "code": 16,
  "direction": "client-to-relay",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Stores one blob.",
  "answers": [
   "PushAck"
  ],
  "fields": [
   {
    "name": "blob_id",
    "type": "blob_id",
    "doc": "The blob's name, made by the client."
   },
   {
    "name": "payload",
    "type": "payload",
    "doc": "The sealed bytes."
   },
   {
    "name": "ttl",
    "type": "u32",
    "doc": "Seconds to live; 0 is the relay's default."
   }
  ]
 },
 {
  "name": "PushAck",
  "code": 17,
  "direction": "relay-to-client",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "The blob is stored durably.",
  "fields": [
   {
    "name": "blob_id",
    "type": "blob_id",
    "doc": "The blob."
   },
   {
    "name": "cursor",
    "type": "u64",
    "doc": "Its place in the group's order."
   }
  ],
  "ext": [
   {
    "key": "timestamp",
    "type": "u64",
    "doc": "When it was stored, Unix seconds."
   },
   {
    "key": "digest",
    "type": "hash32",
    "doc": "SHA-256 of the payload as stored."
   }
  ]
 },
 {
  "name": "Pull",
  "code": 32,
  "direction": "client-to-relay",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Asks for the blobs after a cursor.",
  "answers": [
   "PullResponse"
  ],
  "fields": [
   {
    "name": "after_cursor",
    "type": "u64",
    "doc": "Everything up to here is stored at the client."
   },
   {
    "name": "limit",
    "type": "u32",
    "doc": "The most blobs to answer with; 0 means 100."
   }
  ]
 },
 {
  "name": "PullResponse",
  "code": 33,
  "direction": "relay-to-client",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "One page of blobs.",
  "fields": [
   {
    "name": "blobs",
    "type": "blobs",
    "doc": "The blobs, ascending by cursor."
   },
   {
    "name": "has_more",
    "type": "bool",
    "doc": "Whether live blobs follow the last one."
   },
   {
    "name": "max_cursor",
    "type": "u64",
    "doc": "The last cursor in blobs, or after_cursor if there are none."
   }
  ],
  "ext": [
   {
    "key": "damaged",
    "type": "cursors",
    "doc": "Cursors of blobs found damaged in this range."
   }
  ]
 },
 {
  "name": "Presence",
  "code": 48,
  "direction": "client-to-relay",
  "encodings": [
   "bin"
  ],
  "doc": "Whether this connection wants notifications. It gets no answer.",
  "fields": [
   {
    "name": "status",
    "type": "u8",
    "doc": "0 active, 1 background; others are ignored."
   }
  ]
 },
 {
  "name": "Notify",
  "code": 49,
  "direction": "relay-to-client",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "New blobs can be pulled.",
  "fields": [
   {
    "name": "latest_cursor",
    "type": "u64",
    "doc": "The newest cursor it stands for."
   },
   {
    "name": "count",
    "type": "u32",
    "doc": "How many blobs it stands for."
   }
  ]
 },
 {
  "name": "Delete",
  "code": 64,
  "direction": "client-to-relay",
  "encodings": [
   "bin"
  ],
  "doc": "Deletes a blob that this device pushed.",
  "answers": [
   "Ok"
  ],
  "fields": [
   {
    "name": "blob_id",
    "type": "blob_id",
    "doc": "The blob."
   },
   {
    "name": "force",
    "type": "bool",
    "doc": "At once (true), or when every other device has acknowledged it."
   }
  ]
 },
 {
  "name": "Deleted",
  "code": 65,
  "direction": "relay-to-client",
  "encodings": [
   "bin"
  ],
  "doc": "A blob was deleted: advice that may be lost.",
  "fields": [
   {
    "name": "blob_id",
    "type": "blob_id",
    "doc": "The blob."
   },
   {
    "name": "cursor",
    "type": "u64",
    "doc": "Its cursor."
   },
   {
    "name": "deleted_by",
    "type": "device_id",
    "doc": "The device that asked."
   }
  ]
 },
 {
  "name": "RevokeDevice",
  "code": 80,
  "direction": "client-to-relay",
  "encodings": [
   "bin"
  ],
  "doc": "Refuses a device from now on.",
  "answers": [
   "Ok"
  ],
  "fields": [
   {
    "name": "device_id",
    "type": "device_id",
    "doc": "The device."
   },
   {
    "name": "reason",
    "type": "revoke_reason",
    "doc": "0 lost, 1 decommissioned, 2 compromised."
   },
   {
    "name": "clear_pending",
    "type": "bool",
    "doc": "Also forget its name, token and counters."
   }
  ]
 },
 {
  "name": "DeviceRevoked",
  "code": 81,
  "direction": "relay-to-client",
  "encodings": [
   "bin"
  ],
  "doc": "A device was revoked.",
  "fields": [
   {
    "name": "device_id",
    "type": "device_id",
    "doc": "The device."
   },
   {
    "name": "revoked_by",
    "type": "device_id",
    "doc": "The device that asked."
   },
   {
    "name": "timestamp",
    "type": "u64",
    "doc": "When, Unix seconds."
   },
   {
    "name": "reason",
    "type": "u8",
    "doc": "As in RevokeDevice."
   }
  ]
 },
 {
  "name": "ListDevices",
  "code": 82,
  "direction": "client-to-relay",
  "encodings": [
   "bin"
  ],
  "doc": "Asks for the devices of the group.",
  "answers": [
   "Devices"
  ],
  "fields": []
 },
 {
  "name": "Devices",
  "code": 83,
  "direction": "relay-to-client",
  "encodings": [
   "bin"
  ],
  "doc": "The devices of the group.",
  "fields": [
   {
    "name": "devices",
    "type": "devices",
    "doc": "The devices by id."
   }
  ]
 },
 {
  "name": "RegisterPush",
  "code": 96,
  "direction": "client-to-relay",
  "encodings": [
   "bin"
  ],
  "doc": "Stores a wake-up token.",
  "answers": [
   "Ok"
  ],
  "fields": [
   {
    "name": "token",
    "type": "str",
    "doc": "The token."
   },
   {
    "name": "platform",
    "type": "u8",
    "doc": "0 APNs, 1 FCM, 2 Web Push; others are refused with 2003."
   },
   {
    "name": "app_id",
    "type": "app_id",
    "doc": "The application."
   }
  ]
 },
 {
  "name": "UnregisterPush",
  "code": 97,
  "direction": "client-to-relay",
  "encodings": [
   "bin"
  ],
  "doc": "Forgets the wake-up token.",
  "answers": [
   "Ok"
  ],
  "fields": [
   {
    "name": "reason",
    "type": "u8",
    "doc": "0 user, 1 expired, 2 uninstalled; any is accepted."
   }
  ]
 },
 {
  "name": "ContentRef",
  "code": 112,
  "direction": "inner",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Travels sealed inside a Push payload and names content kept elsewhere.",
  "fields": [
   {
    "name": "content_hash",
    "type": "hash32",
    "doc": "BLAKE3 of the ciphertext."
   },
   {
    "name": "encryption_nonce",
    "type": "nonce24",
    "doc": "The nonce it was sealed with."
   },
   {
    "name": "content_size",
    "type": "u64",
    "doc": "Bytes of the plaintext."
   },
   {
    "name": "encrypted_size",
    "type": "u64",
    "doc": "Bytes of the ciphertext."
   }
  ],
  "ext": [
   {
    "key": "mime",
    "type": "str",
    "doc": "Media type."
   },
   {
    "key": "name",
    "type": "str",
    "doc": "File name."
   },
   {
    "key": "thumbnail",
    "type": "payload",
    "doc": "A small picture."
   }
  ]
 },
 {
  "name": "ContentAck",
  "code": 113,
  "direction": "inner",
  "encodings": [
   "bin",
   "rmp"
  ],
  "doc": "Travels sealed and says that content arrived.",
  "fields": [
   {
    "name": "content_hash",
    "type": "hash32",
    "doc": "BLAKE3 of the ciphertext."
   }
  ]
 },
 {
  "name": "Ok",
  "code": 254,
  "direction": "relay-to-client",
  "encodings": [
   "bin"
  ],
  "doc": "The answer to Delete, RevokeDevice, RegisterPush and UnregisterPush.",
  "fields": []
 },
 {
  "name": "Error",
  "code": 255,
  "direction": "either",
  "encodings": [
   "bin"
  ],
  "doc": "A request was refused, or the session ends.",
  "fields": [
   {
    "name": "code",
    "type": "u32",
    "doc": "An error code (errors.yaml)."
   },
   {
    "name": "message",
    "type": "str",
    "doc": "The fixed text of the code, for people."
   }
  ],
  "ext": [
   {
    "key": "retry_after_ms",
    "type": "u64",
    "doc": "How long to wait, milliseconds; with every 2000."
   },
   {
    "key": "blob_id",
    "type": "blob_id",
    "doc": "The blob the error is about."
   }
  ]
 }
] as const;

/** Every type of a field (types.yaml). */
export const TYPES = {
 "u8": {
  "kind": "uint",
  "max": "255",
  "doc": "An unsigned integer of 8 bits."
 },
 "u32": {
  "kind": "uint",
  "max": "4294967295",
  "doc": "An unsigned integer of 32 bits."
 },
 "u64": {
  "kind": "uint64",
  "max": "18446744073709551615",
  "doc": "An unsigned integer of 64 bits."
 },
 "bool": {
  "kind": "bool",
  "doc": "MessagePack true or false; 0 and 1 are not accepted."
 },
 "str": {
  "kind": "str",
  "doc": "UTF-8 text."
 },
 "str64": {
  "kind": "str",
  "max_bytes": 64,
  "doc": "UTF-8 text of at most 64 bytes."
 },
 "payload": {
  "kind": "bytes",
  "rmp": "array",
  "doc": "Bytes of any length, also none."
 },
 "blob_id": {
  "kind": "bytes",
  "length": 16,
  "rmp": "bin",
  "doc": "A BlobId."
 },
 "device_id": {
  "kind": "bytes",
  "length": 32,
  "rmp": "array",
  "doc": "A DeviceId."
 },
 "group_id": {
  "kind": "bytes",
  "length": 32,
  "rmp": "array",
  "doc": "A GroupId."
 },
 "hash32": {
  "kind": "bytes",
  "length": 32,
  "rmp": "array",
  "doc": "A hash of 32 bytes."
 },
 "nonce24": {
  "kind": "bytes",
  "length": 24,
  "rmp": "array",
  "doc": "A nonce of 24 bytes."
 },
 "key32": {
  "kind": "bytes",
  "length": 32,
  "doc": "An Ed25519 public key."
 },
 "signature64": {
  "kind": "bytes",
  "length": 64,
  "doc": "An Ed25519 signature."
 },
 "epoch": {
  "kind": "bytes",
  "length": 16,
  "doc": "The relay's epoch for a group."
 },
 "revoke_reason": {
  "kind": "uint",
  "max": "2",
  "doc": "0 lost, 1 decommissioned, 2 compromised."
 },
 "reason_text": {
  "kind": "str",
  "nullable": true,
  "doc": "Text for people, or nil."
 },
 "app_id": {
  "kind": "str",
  "nullable": true,
  "doc": "The application the token belongs to, or nil."
 },
 "caps": {
  "kind": "list",
  "of": "str",
  "doc": "Names of optional features."
 },
 "limits": {
  "kind": "map",
  "of": "u64",
  "max_keys": 64,
  "doc": "Limits of the relay by name (limits.yaml)."
 },
 "cursors": {
  "kind": "list",
  "of": "u64",
  "doc": "A list of cursors."
 },
 "proof": {
  "kind": "tuple",
  "fields": [
   {
    "name": "key",
    "type": "key32"
   },
   {
    "name": "signature",
    "type": "signature64"
   }
  ],
  "doc": "Proof of membership in a group."
 },
 "usage": {
  "kind": "tuple",
  "fields": [
   {
    "name": "bytes",
    "type": "u64"
   },
   {
    "name": "quota",
    "type": "u64"
   }
  ],
  "doc": "Bytes the group has stored, and how many it may store."
 },
 "content": {
  "kind": "tuple",
  "fields": [
   {
    "name": "url",
    "type": "str"
   },
   {
    "name": "token",
    "type": "str"
   }
  ],
  "doc": "Where the relay's content store is, and the bearer token for it."
 },
 "blob": {
  "kind": "tuple",
  "fields": [
   {
    "name": "blob_id",
    "type": "blob_id"
   },
   {
    "name": "cursor",
    "type": "u64"
   },
   {
    "name": "payload",
    "type": "payload"
   },
   {
    "name": "timestamp",
    "type": "u64"
   }
  ],
  "ext": [
   {
    "key": "sender",
    "type": "device_id",
    "doc": "The device that pushed the blob."
   }
  ],
  "doc": "One stored blob as a relay hands it out."
 },
 "blobs": {
  "kind": "list",
  "of": "blob",
  "doc": "Blobs, ascending by cursor."
 },
 "device": {
  "kind": "tuple",
  "fields": [
   {
    "name": "device_id",
    "type": "device_id"
   },
   {
    "name": "device_name",
    "type": "str"
   },
   {
    "name": "last_seen",
    "type": "u64"
   },
   {
    "name": "pending",
    "type": "u32"
   },
   {
    "name": "online",
    "type": "bool"
   },
   {
    "name": "revoked",
    "type": "bool"
   }
  ],
  "doc": "One device of a group."
 },
 "devices": {
  "kind": "list",
  "of": "device",
  "doc": "Devices of a group."
 }
} as const;

/** Largest bodies, in bytes, by encoding (encodings.yaml). */
export const MAX_BODY = {
 "bin": 1114112,
 "rmp": 1048576
} as const;

export const FRAME = {
 "header_bytes": 4,
 "header": "unsigned 32-bit big-endian length of the body",
 "max_body_before_welcome": 65536
} as const;

export const EXTENSION_MAP = {
 "max_keys": 16,
 "max_nesting": 4
} as const;

export const LABELS = {
 "identity": "0k-sync-identity-v1",
 "group_id_v1": "0k-sync-group-id-v1",
 "group_id_v2": "0k-sync-group-id-v2",
 "group_key": "0k-sync-group-key-v1",
 "group_key_authentication": "authentication",
 "member": "0k-sync-member-v1"
} as const;

/** The Noise handshake as a table (handshake.yaml). */
export const HANDSHAKE = {
 "protocol_name": "Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s",
 "prologue": "/0k-sync/1",
 "alpn": "/0k-sync/1",
 "websocket_subprotocol": "0k-sync.1",
 "messages": [
  {
   "from": "initiator",
   "tokens": [
    "e"
   ],
   "overhead": 1216
  },
  {
   "from": "responder",
   "tokens": [
    "ekem",
    "e",
    "ee",
    "s",
    "es"
   ],
   "overhead": 3568
  },
  {
   "from": "initiator",
   "tokens": [
    "skem",
    "s",
    "se"
   ],
   "overhead": 2368
  },
  {
   "from": "responder",
   "tokens": [
    "skem"
   ],
   "overhead": 1120
  }
 ],
 "tokens": [
  {
   "name": "e",
   "doc": "Writes the ephemeral X25519 key, then the ephemeral ML-KEM-768 key, each followed by MixHash."
  },
  {
   "name": "s",
   "doc": "Writes the static X25519 key, then the static ML-KEM-768 key, each through EncryptAndHash."
  },
  {
   "name": "ee",
   "doc": "MixKey(X25519(e, re))."
  },
  {
   "name": "es",
   "doc": "MixKey of X25519 between the initiator's ephemeral and the responder's static key."
  },
  {
   "name": "se",
   "doc": "MixKey of X25519 between the initiator's static and the responder's ephemeral key."
  },
  {
   "name": "ekem",
   "doc": "Encapsulates to the other's ephemeral ML-KEM key: writes the ciphertext, MixHash(ciphertext), MixKey(shared secret)."
  },
  {
   "name": "skem",
   "doc": "Encapsulates to the other's static ML-KEM key: writes EncryptAndHash(ciphertext), then MixKeyAndHash(shared secret)."
  }
 ],
 "sizes": {
  "dh_public": 32,
  "dh_secret": 32,
  "kem_public": 1184,
  "kem_ciphertext": 1088,
  "kem_seed": 64,
  "shared_secret": 32,
  "tag": 16,
  "hash": 32
 },
 "transport": {
  "max_message": 65535,
  "max_plaintext": 65519,
  "rekey_interval": 65536
 }
} as const;

/** Error codes by name (errors.yaml). */
export const ERRORS = {
 "INVALID_MESSAGE": {
  "code": 1000,
  "name": "INVALID_MESSAGE",
  "fatal": true,
  "client": "stop",
  "message": "invalid message"
 },
 "UNKNOWN_GROUP": {
  "code": 1001,
  "name": "UNKNOWN_GROUP",
  "fatal": true,
  "client": "stop",
  "message": "unknown group"
 },
 "UNAUTHORIZED": {
  "code": 1002,
  "name": "UNAUTHORIZED",
  "fatal": true,
  "client": "stop",
  "message": "not authorized"
 },
 "DEVICE_REVOKED": {
  "code": 1003,
  "name": "DEVICE_REVOKED",
  "fatal": true,
  "client": "stop",
  "message": "device revoked"
 },
 "NOT_BLOB_OWNER": {
  "code": 1004,
  "name": "NOT_BLOB_OWNER",
  "fatal": false,
  "client": "report",
  "message": "not the owner of the blob"
 },
 "UNSUPPORTED_VERSION": {
  "code": 1005,
  "name": "UNSUPPORTED_VERSION",
  "fatal": true,
  "client": "stop",
  "message": "unsupported protocol version"
 },
 "BLOB_CONFLICT": {
  "code": 1006,
  "name": "BLOB_CONFLICT",
  "fatal": false,
  "client": "report",
  "message": "blob id already used with another payload"
 },
 "BLOB_NOT_FOUND": {
  "code": 1007,
  "name": "BLOB_NOT_FOUND",
  "fatal": false,
  "client": "report",
  "message": "blob not found"
 },
 "RATE_LIMITED": {
  "code": 2000,
  "name": "RATE_LIMITED",
  "fatal": false,
  "client": "wait",
  "message": "rate limited"
 },
 "BLOB_TOO_LARGE": {
  "code": 2001,
  "name": "BLOB_TOO_LARGE",
  "fatal": false,
  "client": "report",
  "message": "blob too large"
 },
 "QUOTA_EXCEEDED": {
  "code": 2002,
  "name": "QUOTA_EXCEEDED",
  "fatal": false,
  "client": "report",
  "message": "quota exceeded"
 },
 "INVALID_PUSH_TOKEN": {
  "code": 2003,
  "name": "INVALID_PUSH_TOKEN",
  "fatal": false,
  "client": "report",
  "message": "invalid push token"
 },
 "RELAY_OVERLOADED": {
  "code": 3000,
  "name": "RELAY_OVERLOADED",
  "fatal": true,
  "client": "wait",
  "message": "relay overloaded"
 },
 "RELAY_SHUTTING_DOWN": {
  "code": 3001,
  "name": "RELAY_SHUTTING_DOWN",
  "fatal": true,
  "client": "backoff",
  "message": "relay shutting down"
 },
 "STORAGE_FAILED": {
  "code": 3002,
  "name": "STORAGE_FAILED",
  "fatal": false,
  "client": "backoff",
  "message": "storage failed, try again"
 }
} as const;

export type ErrorName = keyof typeof ERRORS;

/** Limits with their defaults (limits.yaml). */
export const LIMITS = {
 "max_blob_size": {
  "name": "max_blob_size",
  "section": "storage",
  "default": 1048576,
  "min": 1,
  "max": 1048576,
  "unit": "bytes",
  "doc": "The largest payload of a Push."
 },
 "max_group_storage": {
  "name": "max_group_storage",
  "section": "storage",
  "default": 104857600,
  "min": 1,
  "max": 9007199254740991,
  "unit": "bytes",
  "doc": "What a group may store; a blob counts its payload plus 256."
 },
 "max_total_storage": {
  "name": "max_total_storage",
  "section": "storage",
  "default": 10737418240,
  "min": 1,
  "max": 9007199254740991,
  "unit": "bytes",
  "doc": "What all groups may store together."
 },
 "default_ttl": {
  "name": "default_ttl",
  "section": "storage",
  "default": 604800,
  "min": 1,
  "max": 4294967295,
  "unit": "s",
  "doc": "How long a blob lives when its Push says 0."
 },
 "max_ttl": {
  "name": "max_ttl",
  "section": "storage",
  "default": 604800,
  "min": 1,
  "max": 4294967295,
  "unit": "s",
  "doc": "The longest a blob may live; longer is clamped."
 },
 "max_pull_limit": {
  "name": "max_pull_limit",
  "section": "limits",
  "default": 1000,
  "min": 1,
  "max": 4294967295,
  "unit": "blobs",
  "doc": "The most blobs in one PullResponse; more is clamped."
 },
 "messages_per_minute": {
  "name": "messages_per_minute",
  "section": "limits",
  "default": 100,
  "min": 0,
  "max": 4294967295,
  "unit": "per minute",
  "doc": "Requests of one device over all its connections, the refill of the bucket; 0 is no limit."
 },
 "messages_burst": {
  "name": "messages_burst",
  "section": "limits",
  "default": 1000,
  "min": 1,
  "max": 4294967295,
  "unit": "requests",
  "doc": "How many requests the bucket of a device holds."
 },
 "connections_per_minute": {
  "name": "connections_per_minute",
  "section": "limits",
  "default": 10,
  "min": 0,
  "max": 4294967295,
  "unit": "per minute",
  "doc": "Connection attempts of one device, and of one IP address (/64 for IPv6); 0 is no limit."
 },
 "max_concurrent_sessions": {
  "name": "max_concurrent_sessions",
  "section": "limits",
  "default": 10000,
  "min": 1,
  "max": 4294967295,
  "unit": "sessions",
  "doc": "Sessions at once."
 },
 "global_requests_per_second": {
  "name": "global_requests_per_second",
  "section": "limits",
  "default": 1000,
  "min": 0,
  "max": 4294967295,
  "unit": "per second",
  "doc": "Requests over all sessions; 0 is no limit."
 },
 "max_devices_per_group": {
  "name": "max_devices_per_group",
  "section": "limits",
  "default": 256,
  "min": 1,
  "max": 4294967295,
  "unit": "devices",
  "doc": "Devices of one group."
 },
 "new_groups_per_hour": {
  "name": "new_groups_per_hour",
  "section": "limits",
  "default": 10,
  "min": 0,
  "max": 4294967295,
  "unit": "per hour",
  "doc": "Groups whose state one IP address may begin; 0 is no limit."
 },
 "max_device_name_len": {
  "name": "max_device_name_len",
  "section": "limits",
  "default": 256,
  "min": 1,
  "max": 4096,
  "unit": "Unicode scalar values",
  "doc": "Longer device names are cut."
 },
 "hello_timeout_secs": {
  "name": "hello_timeout_secs",
  "section": "limits",
  "default": 10,
  "min": 1,
  "max": 3600,
  "unit": "s",
  "doc": "From accepting a connection to a valid Hello."
 },
 "idle_timeout_secs": {
  "name": "idle_timeout_secs",
  "section": "limits",
  "default": 90,
  "min": 1,
  "max": 86400,
  "unit": "s",
  "doc": "How long a connection may be silent."
 },
 "ping_interval_secs": {
  "name": "ping_interval_secs",
  "section": "limits",
  "default": 30,
  "min": 1,
  "max": 86400,
  "unit": "s",
  "doc": "How often the relay pings."
 },
 "cleanup_interval_secs": {
  "name": "cleanup_interval_secs",
  "section": "cleanup",
  "default": 3600,
  "min": 1,
  "max": 86400,
  "unit": "s",
  "doc": "How often expired blobs are removed."
 },
 "invite_ttl_secs": {
  "name": "invite_ttl_secs",
  "section": "http",
  "default": 600,
  "min": 1,
  "max": 86400,
  "unit": "s",
  "doc": "How long a stored invite lives."
 }
} as const;

export type LimitName = keyof typeof LIMITS;

/** Limits that no configuration changes (limits.yaml). */
export const FIXED_LIMITS = {
 "blob_overhead": 256,
 "default_pull_limit": 100,
 "max_unanswered_requests": 64,
 "max_unanswered_bytes": 8388608,
 "max_queued_bytes": 4194304,
 "slow_reader_secs": 30,
 "answer_timeout_secs": 30,
 "max_unfinished_handshakes": 256,
 "max_revoked_ids": 1024
} as const;
