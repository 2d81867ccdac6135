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
    "doc": "One of the error codes."
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
 "secret32": {
  "kind": "bytes",
  "length": 32,
  "doc": "A group secret; never in a message."
 },
 "salt16": {
  "kind": "bytes",
  "length": 16,
  "doc": "A salt for Argon2id."
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
  "doc": "Limits of the relay by name."
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
 "addresses": {
  "kind": "list",
  "of": "str",
  "doc": "Addresses of relays."
 },
 "passphrase": {
  "kind": "tuple",
  "fields": [
   {
    "name": "salt",
    "type": "salt16"
   },
   {
    "name": "m",
    "type": "u32"
   },
   {
    "name": "t",
    "type": "u32"
   },
   {
    "name": "p",
    "type": "u32"
   }
  ],
  "doc": "How Argon2id makes a group secret of a passphrase: salt, memory in KiB, passes, lanes."
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
  "doc": "One stored blob as a relay hands it out; the timestamp is when it was stored, in Unix seconds."
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

/** Keys, seals, content and device names of a group (seal.yaml). */
export const SEAL = {
 "sizes": {
  "group_secret": 32,
  "key": 32,
  "nonce": 24,
  "tag": 16,
  "content_hash": 32
 },
 "keys": {
  "encryption": {
   "salt": "0k-sync-group-key-v1",
   "info": "encryption",
   "doc": "Seal 1, for payloads of v1 groups.",
   "source": "deployed"
  },
  "authentication": {
   "salt": "0k-sync-group-key-v1",
   "info": "authentication",
   "doc": "Seed of the group's Ed25519 key.",
   "source": "deployed"
  },
  "encryption_2": {
   "salt": "0k-sync-group-key-v1",
   "info": "encryption-2",
   "doc": "Seal 2, for payloads of v2 groups.",
   "source": "decision"
  },
  "device_name": {
   "salt": "0k-sync-group-key-v1",
   "info": "device-name",
   "doc": "Names of devices.",
   "source": "decision"
  },
  "content": {
   "salt": "0k-sync-content-v1",
   "info_prefix": "blob_id",
   "info": "content-encryption",
   "doc": "One piece of content; blob_id is that of the Push with its ContentRef.",
   "source": "deployed"
  }
 },
 "passphrase": {
  "version": 19,
  "salt": 16,
  "creator": [
   {
    "below_gib": 4,
    "m": 19456,
    "t": 2,
    "p": 1
   },
   {
    "below_gib": 8,
    "m": 47104,
    "t": 1,
    "p": 1
   },
   {
    "below_gib": null,
    "m": 65536,
    "t": 3,
    "p": 4
   }
  ],
  "unknown_gib": 4,
  "least": [
   {
    "m": 19456,
    "t": 2,
    "p": 1
   },
   {
    "m": 47104,
    "t": 1,
    "p": 1
   }
  ],
  "largest": {
   "m": 1048576,
   "t": 16,
   "p": 16
  }
 },
 "seal_1": {
  "key": "encryption",
  "overhead": 40
 },
 "seal_2": {
  "key": "encryption_2",
  "version": 2,
  "overhead": 41,
  "aad": {
   "label": "0k-sync-seal-2",
   "then": [
    "group_id",
    "blob_id"
   ]
  },
  "fields": [
   {
    "name": "author",
    "kind": "bytes",
    "length": 16,
    "doc": "Who wrote it: random, one for each device and group."
   },
   {
    "name": "seq",
    "kind": "uint64",
    "doc": "The number of this blob among the author's, from 1."
   },
   {
    "name": "seen_epoch",
    "kind": "bytes",
    "length": 16,
    "nullable": true,
    "doc": "The epoch of the author's primary relay."
   },
   {
    "name": "seen_cursor",
    "kind": "uint64",
    "doc": "The newest cursor that the author had pulled from there, 0 for none."
   },
   {
    "name": "seen_blob",
    "kind": "bytes",
    "length": 16,
    "nullable": true,
    "doc": "The blob at that cursor."
   },
   {
    "name": "data",
    "kind": "bytes",
    "doc": "What the app wrote."
   }
  ],
  "padded_least": 256,
  "max_data": 1032064
 },
 "content": {
  "key": "content",
  "overhead": 16,
  "max_content": 104857600
 },
 "device_name": {
  "key": "device_name",
  "mark": "~",
  "aad": {
   "label": "0k-sync-name-v1",
   "then": [
    "group_id",
    "device_id"
   ]
  },
  "max_name": 127,
  "padded": 128,
  "characters": 225
 }
} as const;

/** The forms of one stored blob outside a relay (seal.yaml). */
export const ENVELOPES = [
 {
  "version": 1,
  "encoding": "rmp",
  "written": false,
  "fields": [
   {
    "name": "version",
    "type": "u8"
   },
   {
    "name": "msg_type",
    "type": "u8"
   },
   {
    "name": "sender_id",
    "type": "device_id"
   },
   {
    "name": "group_id",
    "type": "group_id"
   },
   {
    "name": "cursor",
    "type": "u64"
   },
   {
    "name": "timestamp",
    "type": "u64"
   },
   {
    "name": "nonce",
    "type": "nonce24"
   },
   {
    "name": "payload",
    "type": "payload"
   }
  ],
  "msg_types": {
   "Hello": 1,
   "Push": 2,
   "PushAck": 3,
   "Pull": 4,
   "PullResponse": 5,
   "Notify": 6,
   "Bye": 7
  },
  "doc": "The deployed implementation's.",
  "source": "deployed"
 },
 {
  "version": 2,
  "encoding": "bin",
  "written": true,
  "fields": [
   {
    "name": "version",
    "type": "u8"
   },
   {
    "name": "blob_id",
    "type": "blob_id"
   },
   {
    "name": "sender_id",
    "type": "device_id"
   },
   {
    "name": "group_id",
    "type": "group_id"
   },
   {
    "name": "cursor",
    "type": "u64"
   },
   {
    "name": "timestamp",
    "type": "u64"
   },
   {
    "name": "expires",
    "type": "u64"
   },
   {
    "name": "payload",
    "type": "payload"
   }
  ],
  "doc": "This protocol's; the payload is as it was pushed.",
  "source": "decision"
 }
] as const;

/** Invites to a group (pairing.yaml). */
export const INVITES = {
 "json": {
  "versions": [
   2,
   3
  ],
  "keys": [
   "version",
   "relay_node_ids",
   "group_id",
   "group_secret",
   "salt",
   "created_at",
   "expires_at"
  ],
  "one_relay": "relay_node_id"
 },
 "map": {
  "version": 4,
  "keys": [
   {
    "key": "v",
    "field": "version",
    "type": "u8",
    "doc": "4."
   },
   {
    "key": "g",
    "field": "group_id",
    "type": "group_id",
    "doc": "The group."
   },
   {
    "key": "s",
    "field": "group_secret",
    "type": "secret32",
    "doc": "Its secret; left out where a passphrase makes it."
   },
   {
    "key": "p",
    "field": "passphrase",
    "type": "passphrase",
    "doc": "How the passphrase makes it; left out where s stands."
   },
   {
    "key": "r",
    "field": "relays",
    "type": "addresses",
    "doc": "Addresses of relays with their identities, the primary one first."
   },
   {
    "key": "l",
    "field": "seal",
    "type": "u8",
    "doc": "The seal of the group, 2."
   },
   {
    "key": "c",
    "field": "device_id",
    "type": "device_id",
    "doc": "The device that made the invite."
   },
   {
    "key": "a",
    "field": "created_at",
    "type": "u64",
    "doc": "When it was made, Unix seconds."
   },
   {
    "key": "e",
    "field": "expires_at",
    "type": "u64",
    "doc": "When it expires, Unix seconds."
   }
  ],
  "secret_keys": [
   "s",
   "p"
  ],
  "seals": [
   2
  ],
  "prefix": "0ksync://join/"
 },
 "slack_secs": 300
} as const;

/** Short codes, which lead to an invite (pairing.yaml). */
export const SHORT_CODE = {
 "alphabet": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
 "bytes": 10,
 "characters": 16,
 "block": 4,
 "separator": "-",
 "ignored": [
  " ",
  "-"
 ],
 "read_as": {
  "0": "O",
  "1": "I",
  "8": "B"
 },
 "label": "0k-sync-short-code-v1",
 "argon2": {
  "version": 19,
  "salt": 16,
  "m": 65536,
  "t": 3,
  "p": 1
 },
 "lookup": {
  "info": "lookup",
  "bytes": 16
 },
 "seal": {
  "info": "seal",
  "bytes": 32
 },
 "overhead": 40
} as const;

/** Figures that clients share (client.yaml). */
export const CLIENT = {
 "backoff": {
  "first_ms": 1000,
  "longest_ms": 30000,
  "jitter_ms": 5000
 },
 "cursor_tracker": {
  "most_gaps": 10000
 }
} as const;

/** The names of the error classes, which never travel: vectors and drivers use them (encodings.yaml). */
export const ERROR_CLASSES = [
 "truncated",
 "trailing-bytes",
 "not-a-message",
 "unknown-message",
 "wrong-arity",
 "wrong-type",
 "wrong-length",
 "out-of-range",
 "invalid-utf8",
 "duplicate-key",
 "too-many-keys",
 "too-deep",
 "reserved-byte",
 "frame-empty",
 "frame-too-large",
 "too-short",
 "too-long",
 "decrypt",
 "bad-public-key",
 "low-order",
 "unexpected-payload",
 "failed-state",
 "wrong-turn",
 "wrong-version",
 "malformed",
 "wrong-padding",
 "too-large",
 "wrong-size",
 "wrong-hash",
 "mismatch",
 "empty-passphrase",
 "unauthorized",
 "missing-key",
 "conflicting-keys",
 "no-relay",
 "bad-address",
 "wrong-group",
 "expired"
] as const;

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
  "min": 225,
  "max": 4096,
  "unit": "Unicode scalar values",
  "doc": "Longer device names are cut. A sealed one has 225."
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

/** Metrics of a relay (metrics.yaml). */
export const METRICS = [
 {
  "name": "sync_relay_info",
  "type": "gauge",
  "labels": [
   "version"
  ],
  "unit": "1",
  "doc": "Always 1; the label is the version of the software."
 },
 {
  "name": "sync_relay_connections_active",
  "type": "gauge",
  "labels": [],
  "unit": "connections",
  "doc": "Connections that are open, from the upgrade on."
 },
 {
  "name": "sync_relay_connections_total",
  "type": "counter",
  "labels": [],
  "unit": "connections",
  "doc": "Connections since the start."
 },
 {
  "name": "sync_relay_groups_active",
  "type": "gauge",
  "labels": [],
  "unit": "groups",
  "doc": "Groups with at least one session."
 },
 {
  "name": "sync_relay_pushes_total",
  "type": "counter",
  "labels": [],
  "unit": "requests",
  "doc": "Pushes, refused and repeated ones included."
 },
 {
  "name": "sync_relay_pulls_total",
  "type": "counter",
  "labels": [],
  "unit": "requests",
  "doc": "Pulls, refused ones included."
 },
 {
  "name": "sync_relay_blobs_stored_total",
  "type": "counter",
  "labels": [],
  "unit": "blobs",
  "doc": "Blobs that were stored; repeated Pushes store none."
 },
 {
  "name": "sync_relay_bytes_received_total",
  "type": "counter",
  "labels": [],
  "unit": "bytes",
  "doc": "Bytes of frames from clients."
 },
 {
  "name": "sync_relay_bytes_sent_total",
  "type": "counter",
  "labels": [],
  "unit": "bytes",
  "doc": "Bytes of frames to clients."
 },
 {
  "name": "sync_relay_rate_limit_hits_total",
  "type": "counter",
  "labels": [
   "limit"
  ],
  "unit": "refusals",
  "doc": "Requests and connections that a limit refused."
 },
 {
  "name": "sync_relay_errors_total",
  "type": "counter",
  "labels": [
   "code"
  ],
  "unit": "Errors",
  "doc": "Errors sent, by code."
 },
 {
  "name": "sync_relay_storage_blobs",
  "type": "gauge",
  "labels": [],
  "unit": "blobs",
  "doc": "Blobs that are kept."
 },
 {
  "name": "sync_relay_storage_bytes",
  "type": "gauge",
  "labels": [],
  "unit": "bytes",
  "doc": "What the kept blobs count, each its payload and 256."
 },
 {
  "name": "sync_relay_storage_groups",
  "type": "gauge",
  "labels": [],
  "unit": "groups",
  "doc": "Groups that have state."
 }
] as const;

/** Keys of a relay's configuration beyond its limits (configuration.yaml). */
export const CONFIGURATION = [
 {
  "section": "server",
  "name": "bind",
  "type": "address",
  "default": "127.0.0.1:8080",
  "doc": "Where clients connect: host and port."
 },
 {
  "section": "server",
  "name": "tls_cert",
  "type": "path",
  "default": "",
  "doc": "PEM file of the certificate chain; with tls_key the relay is wss://."
 },
 {
  "section": "server",
  "name": "tls_key",
  "type": "path",
  "default": "",
  "doc": "PEM file of the certificate's private key."
 },
 {
  "section": "server",
  "name": "trusted_proxies",
  "type": "networks",
  "default": [],
  "doc": "IP addresses and networks of proxies whose header is believed."
 },
 {
  "section": "server",
  "name": "proxy_header",
  "type": "choice",
  "values": [
   "x-forwarded-for",
   "x-real-ip",
   "cf-connecting-ip",
   "forwarded"
  ],
  "default": "x-forwarded-for",
  "doc": "The header in which those proxies give the client's address."
 },
 {
  "section": "server",
  "name": "allowed_origins",
  "type": "origins",
  "default": [],
  "doc": "Origins that browsers may connect from; none is any."
 },
 {
  "section": "server",
  "name": "open_groups",
  "type": "boolean",
  "default": true,
  "doc": "Whether groups without proof of membership are served."
 },
 {
  "section": "server",
  "name": "allowed_groups",
  "type": "groups",
  "default": [],
  "doc": "Ids of the only groups that are served, in base64url; none is any."
 },
 {
  "section": "server",
  "name": "closed_groups",
  "type": "groups",
  "default": [],
  "doc": "Ids of groups that are closed: they are unknown from now on."
 },
 {
  "section": "storage",
  "name": "database",
  "type": "path",
  "default": "0k-sync-relay.db",
  "doc": "The SQLite file, made if it is missing. The relay's keys are beside it."
 },
 {
  "section": "storage",
  "name": "retention",
  "type": "choice",
  "values": [
   "ttl",
   "acked"
  ],
  "default": "ttl",
  "doc": "Whether blobs that every device has acknowledged may go before they expire."
 },
 {
  "section": "cleanup",
  "name": "enabled",
  "type": "boolean",
  "default": true,
  "doc": "Whether expired blobs are removed."
 },
 {
  "section": "admin",
  "name": "bind",
  "type": "address",
  "default": "127.0.0.1:9090",
  "doc": "Where /health in full and /metrics are; empty for nowhere."
 },
 {
  "section": "admin",
  "name": "metrics_enabled",
  "type": "boolean",
  "default": true,
  "doc": "Whether /metrics is served."
 },
 {
  "section": "log",
  "name": "level",
  "type": "choice",
  "values": [
   "trace",
   "debug",
   "info",
   "warn",
   "error",
   "silent"
  ],
  "default": "info",
  "doc": "What is logged, as JSON lines on stderr."
 }
] as const;

/** How the certifier drives a codec in any language (driver.yaml). */
export const DRIVER = {
 "max_line": 16777216,
 "rules": [
  "A request is one line on stdin: a JSON object in ASCII, all else escaped, with `id`, a whole number, `op`, the name of an operation, and the operation's inputs beside them. It ends with a line feed and holds no other.",
  "An answer is one line on stdout: a JSON object in UTF-8 with the `id` of the request, and either `ok`, an object with the operation's outputs, or `error`, the name of an error class. Other keys are ignored, in `ok` too. Nothing else is written to stdout.",
  "One request is under way at a time: the next one is written when the answer is there. Each is answered for itself, whatever came before it.",
  "Bytes are hexadecimal digits, two for each byte. Requests have lower case; an answer may have either. `{\"repeat\": …}` of the vectors never comes: all bytes are written out.",
  "An output that is marked optional may be left out or be null.",
  "Integers of 64 bits are decimal strings without leading zeros, all others are numbers.",
  "A line has at most 16,777,216 bytes, requests and answers alike.",
  "An answer comes within the certifier's `--timeout`, 10 seconds unless said; for the first one after a start there are 10 seconds at least. A driver that is silent, ends, or writes what is no answer has failed the request; it is started again for the next one.",
  "What an operation has to refuse is answered by an error class. A request for an operation that the driver lacks is answered by `unknown-op`.",
  "When stdin ends, the driver ends.",
  "stderr is for people. What it says since a request, the first and the last lines of it, is shown where the driver gives no answer to that."
 ],
 "errors": [
  {
   "name": "unknown-op",
   "doc": "The driver has no operation of that name."
  }
 ],
 "values": {
  "hex": {
   "json": "string",
   "doc": "Bytes in hexadecimal digits."
  },
  "text": {
   "json": "string",
   "doc": "Text of any Unicode scalar values: surrogates come in pairs only."
  },
  "u64": {
   "json": "string",
   "doc": "An integer of 64 bits in decimal digits."
  },
  "int": {
   "json": "number",
   "doc": "A whole number from 0 to 2^53 − 1."
  },
  "bool": {
   "json": "boolean",
   "doc": "true or false."
  },
  "message": {
   "json": "object",
   "doc": "A message as in the vectors (message.schema.json): `type`, the fields by name, and `ext` with the known keys if there are any."
  },
  "envelope": {
   "json": "object",
   "doc": "The fields of the envelope by name: version and msg_type as int, ids, nonce and payload as hex, cursor and times as u64."
  },
  "invite": {
   "json": "object",
   "doc": "An invite as in the vectors (invite.schema.json): `version` as int and the fields by name, times as u64; what an invite lacks is left out."
  }
 },
 "objects": {
  "raise": {
   "doc": "A change of the limit between two chunks.",
   "fields": [
    {
     "name": "before_chunk",
     "type": "int",
     "doc": "The chunk before which it happens, from 0."
    },
    {
     "name": "max_body",
     "type": "int",
     "doc": "The limit from then on, in bytes."
    }
   ]
  },
  "record": {
   "doc": "The six elements of seal 2.",
   "fields": [
    {
     "name": "author",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "seq",
     "type": "u64",
     "doc": "From 1."
    },
    {
     "name": "seen_epoch",
     "type": "hex",
     "nullable": true,
     "doc": "16 bytes, or null."
    },
    {
     "name": "seen_cursor",
     "type": "u64",
     "doc": "0 for none."
    },
    {
     "name": "seen_blob",
     "type": "hex",
     "nullable": true,
     "doc": "16 bytes, or null."
    },
    {
     "name": "data",
     "type": "hex",
     "doc": "What the app wrote."
    }
   ]
  },
  "content_ref": {
   "doc": "The fields of a ContentRef.",
   "fields": [
    {
     "name": "content_hash",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "encryption_nonce",
     "type": "hex",
     "doc": "24 bytes."
    },
    {
     "name": "content_size",
     "type": "u64",
     "doc": "Bytes of the content."
    },
    {
     "name": "encrypted_size",
     "type": "u64",
     "doc": "Bytes of the ciphertext."
    }
   ]
  },
  "step": {
   "doc": "One call of a Noise object. `finish` comes after the last message alone, what is of the transport only after `finish`, and then no more `write` or `read`: what such a call before its time gives is left open, and none is made.",
   "fields": [
    {
     "name": "do",
     "type": "text",
     "values": [
      "write",
      "read",
      "finish",
      "encrypt",
      "decrypt",
      "rekey-send",
      "rekey-receive"
     ],
     "doc": "`write` and `read` are the handshake's messages, `finish` is Split; `encrypt`, `decrypt` and the two rekeys are of the transport after it."
    },
    {
     "name": "data",
     "type": "hex",
     "optional": true,
     "doc": "The payload to write or encrypt, the message to read or decrypt."
    }
   ]
  },
  "outcome": {
   "doc": "What the call gave: `data`, or of `finish` `handshake_hash` and `remote_id`; or `error`. A rekey gives nothing, {}.",
   "fields": [
    {
     "name": "data",
     "type": "hex",
     "optional": true,
     "doc": "The message written or encrypted, the payload read or decrypted."
    },
    {
     "name": "handshake_hash",
     "type": "hex",
     "optional": true,
     "doc": "h, 32 bytes."
    },
    {
     "name": "remote_id",
     "type": "hex",
     "optional": true,
     "doc": "The DeviceId made of the other side's static keys, 32 bytes."
    },
    {
     "name": "error",
     "type": "text",
     "optional": true,
     "doc": "An error class."
    }
   ]
  },
  "cursor_event": {
   "doc": "What a client learns of the cursors of a relay.",
   "fields": [
    {
     "name": "event",
     "type": "text",
     "values": [
      "received",
      "page",
      "reset"
     ],
     "doc": "One blob came, a PullResponse came, or the relay has lost its state."
    },
    {
     "name": "cursor",
     "type": "u64",
     "optional": true,
     "doc": "Of `received`: the blob's."
    },
    {
     "name": "after_cursor",
     "type": "u64",
     "optional": true,
     "doc": "Of `page`: the one that it answers."
    },
    {
     "name": "max_cursor",
     "type": "u64",
     "optional": true,
     "doc": "Of `page`; where it is after_cursor, the page is empty."
    },
    {
     "name": "has_more",
     "type": "bool",
     "optional": true,
     "doc": "Of `page`."
    }
   ]
  },
  "cursor_gap": {
   "doc": "A run of cursors that are missing, as long as it can be.",
   "fields": [
    {
     "name": "first",
     "type": "u64",
     "doc": "The lowest."
    },
    {
     "name": "last",
     "type": "u64",
     "doc": "The highest."
    }
   ]
  },
  "retry_event": {
   "doc": "What happened to a connection, or to a request of a session.",
   "fields": [
    {
     "name": "event",
     "type": "text",
     "values": [
      "lost",
      "error",
      "succeeded"
     ],
     "doc": "`lost`: it could not be made, or is gone. `succeeded`: a Welcome, or an answer."
    },
    {
     "name": "code",
     "type": "int",
     "optional": true,
     "doc": "Of `error`: the Error's."
    },
    {
     "name": "retry_after_ms",
     "type": "u64",
     "optional": true,
     "doc": "Of `error`, if the Error has it."
    },
    {
     "name": "jitter",
     "type": "int",
     "doc": "The random part that is drawn if it comes to a wait, in milliseconds."
    }
   ]
  },
  "retry_action": {
   "doc": "What a client does then.",
   "fields": [
    {
     "name": "action",
     "type": "text",
     "values": [
      "wait",
      "stop",
      "report",
      "none"
     ],
     "doc": "Try again after a wait; stop and tell the user; tell the app that the request failed for good; or nothing."
    },
    {
     "name": "delay",
     "type": "u64",
     "optional": true,
     "doc": "Of `wait`: how long, in milliseconds."
    }
   ]
  }
 },
 "operations": [
  {
   "name": "describe",
   "doc": "Says what the driver is and which operations it has, this one left out. It is the first request after each start.",
   "output": [
    {
     "name": "operations",
     "type": "text",
     "list": true,
     "doc": "Names of operations. What is not among them is not run."
    },
    {
     "name": "name",
     "type": "text",
     "optional": true,
     "doc": "The codec's name."
    },
    {
     "name": "version",
     "type": "text",
     "optional": true,
     "doc": "Its version."
    }
   ]
  },
  {
   "name": "frames",
   "doc": "Cuts a byte stream into the bodies of frames. A stream that fails is no error of the operation: the bodies before it are part of the answer.",
   "input": [
    {
     "name": "max_body",
     "type": "int",
     "doc": "The largest body, in bytes."
    },
    {
     "name": "chunks",
     "type": "hex",
     "list": true,
     "doc": "The stream, as it arrives."
    },
    {
     "name": "raise",
     "type": "raise",
     "optional": true,
     "doc": "Where the limit changes."
    }
   ],
   "output": [
    {
     "name": "bodies",
     "type": "hex",
     "list": true,
     "doc": "The bodies, in order."
    },
    {
     "name": "unfinished",
     "type": "int",
     "optional": true,
     "doc": "If all was right: bytes at the end that belong to no body."
    },
    {
     "name": "error",
     "type": "text",
     "optional": true,
     "doc": "If a frame was wrong: frame-empty or frame-too-large."
    },
    {
     "name": "fails_in_chunk",
     "type": "int",
     "optional": true,
     "doc": "Then also: the chunk that made it known, from 0."
    }
   ],
   "vectors": [
    {
     "file": "framing",
     "groups": [
      "Stream",
      "RaisedLimit"
     ]
    }
   ]
  },
  {
   "name": "decode",
   "doc": "Reads the body of a frame.",
   "input": [
    {
     "name": "encoding",
     "type": "text",
     "values": [
      "bin",
      "rmp"
     ],
     "doc": "The encoding."
    },
    {
     "name": "hex",
     "type": "hex",
     "doc": "The body."
    }
   ],
   "output": [
    {
     "name": "message",
     "type": "message",
     "doc": "What it says. Unknown keys are left out."
    }
   ],
   "errors": [
    "truncated",
    "trailing-bytes",
    "not-a-message",
    "unknown-message",
    "wrong-arity",
    "wrong-type",
    "wrong-length",
    "out-of-range",
    "invalid-utf8",
    "duplicate-key",
    "too-many-keys",
    "too-deep",
    "reserved-byte"
   ],
   "parts": {
    "encoding": [
     "bin",
     "rmp"
    ]
   },
   "vectors": [
    {
     "file": "codec-bin",
     "groups": [
      "BinMessage",
      "BinBody"
     ]
    },
    {
     "file": "codec-rmp",
     "groups": [
      "RmpMessage",
      "RmpBody"
     ]
    }
   ]
  },
  {
   "name": "encode",
   "doc": "Writes the body of a frame in its canonical form.",
   "input": [
    {
     "name": "encoding",
     "type": "text",
     "values": [
      "bin",
      "rmp"
     ],
     "doc": "The encoding."
    },
    {
     "name": "message",
     "type": "message",
     "doc": "A message that can be written."
    }
   ],
   "output": [
    {
     "name": "hex",
     "type": "hex",
     "doc": "The body."
    }
   ],
   "parts": {
    "encoding": [
     "bin",
     "rmp"
    ]
   },
   "vectors": [
    {
     "file": "codec-bin",
     "groups": [
      "BinMessage"
     ]
    },
    {
     "file": "codec-rmp",
     "groups": [
      "RmpMessage"
     ]
    }
   ]
  },
  {
   "name": "read-id",
   "doc": "Reads an id from its base64url text.",
   "input": [
    {
     "name": "text",
     "type": "text",
     "doc": "The text."
    },
    {
     "name": "length",
     "type": "int",
     "doc": "How many bytes the id has."
    }
   ],
   "output": [
    {
     "name": "bytes",
     "type": "hex",
     "doc": "The id."
    }
   ],
   "errors": [
    "malformed"
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "Base64url"
     ]
    }
   ]
  },
  {
   "name": "write-id",
   "doc": "Writes an id as base64url text.",
   "input": [
    {
     "name": "bytes",
     "type": "hex",
     "doc": "The id."
    }
   ],
   "output": [
    {
     "name": "text",
     "type": "text",
     "doc": "Its text."
    }
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "Base64url"
     ]
    }
   ]
  },
  {
   "name": "read-blob-id",
   "doc": "Reads a BlobId from its UUID text.",
   "input": [
    {
     "name": "text",
     "type": "text",
     "doc": "The text."
    }
   ],
   "output": [
    {
     "name": "bytes",
     "type": "hex",
     "doc": "16 bytes."
    }
   ],
   "errors": [
    "malformed"
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "BlobId"
     ]
    }
   ]
  },
  {
   "name": "write-blob-id",
   "doc": "Writes a BlobId as UUID text.",
   "input": [
    {
     "name": "bytes",
     "type": "hex",
     "doc": "16 bytes."
    }
   ],
   "output": [
    {
     "name": "text",
     "type": "text",
     "doc": "The text."
    }
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "BlobId"
     ]
    }
   ]
  },
  {
   "name": "device-id",
   "doc": "The DeviceId of two public keys.",
   "input": [
    {
     "name": "dh_public",
     "type": "hex",
     "doc": "X25519, 32 bytes."
    },
    {
     "name": "kem_public",
     "type": "hex",
     "doc": "ML-KEM-768, 1184 bytes."
    }
   ],
   "output": [
    {
     "name": "id",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "DeviceId"
     ]
    }
   ]
  },
  {
   "name": "identity",
   "doc": "The public keys of an identity, and its DeviceId.",
   "input": [
    {
     "name": "dh_secret",
     "type": "hex",
     "doc": "X25519 secret, 32 bytes."
    },
    {
     "name": "kem_seed",
     "type": "hex",
     "doc": "ML-KEM-768 seed d ‖ z, 64 bytes."
    }
   ],
   "output": [
    {
     "name": "dh_public",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "kem_public",
     "type": "hex",
     "doc": "1184 bytes."
    },
    {
     "name": "device_id",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "vectors": [
    {
     "file": "noise",
     "groups": [
      "Identity"
     ]
    }
   ]
  },
  {
   "name": "group-id",
   "doc": "The GroupId of a v2 group.",
   "input": [
    {
     "name": "group_key",
     "type": "hex",
     "doc": "The Ed25519 key of the group, 32 bytes."
    }
   ],
   "output": [
    {
     "name": "id",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "GroupIdV2"
     ]
    }
   ]
  },
  {
   "name": "group-id-v1",
   "doc": "The GroupId of a v1 group.",
   "input": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "output": [
    {
     "name": "id",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "ids",
     "groups": [
      "GroupIdV1"
     ]
    }
   ]
  },
  {
   "name": "derive-key",
   "doc": "One of the keys of a group.",
   "input": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "purpose",
     "type": "text",
     "values": [
      "encryption",
      "authentication",
      "encryption-2",
      "device-name"
     ],
     "doc": "What for; it is the info of HKDF."
    }
   ],
   "output": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "kdf",
     "groups": [
      "GroupKey"
     ]
    }
   ]
  },
  {
   "name": "derive-content-key",
   "doc": "The key of one piece of content.",
   "input": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "blob_id",
     "type": "hex",
     "doc": "That of the Push with the ContentRef, 16 bytes."
    }
   ],
   "output": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "kdf",
     "groups": [
      "ContentKey"
     ]
    }
   ]
  },
  {
   "name": "normalise-passphrase",
   "doc": "What Argon2id is given for the passphrase of a v2 group.",
   "input": [
    {
     "name": "passphrase",
     "type": "text",
     "doc": "As typed."
    }
   ],
   "output": [
    {
     "name": "bytes",
     "type": "hex",
     "doc": "UTF-8 of its NFC."
    }
   ],
   "errors": [
    "empty-passphrase"
   ],
   "vectors": [
    {
     "file": "argon2",
     "groups": [
      "Passphrase"
     ]
    }
   ]
  },
  {
   "name": "check-parameters",
   "doc": "Whether a joiner takes these parameters. Nothing is derived: some of them ask for 4 TiB.",
   "input": [
    {
     "name": "m",
     "type": "int",
     "doc": "KiB."
    },
    {
     "name": "t",
     "type": "int",
     "doc": "Passes."
    },
    {
     "name": "p",
     "type": "int",
     "doc": "Lanes."
    },
    {
     "name": "salt_length",
     "type": "int",
     "doc": "Bytes of the salt."
    }
   ],
   "errors": [
    "out-of-range",
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "argon2",
     "groups": [
      "Parameters"
     ]
    }
   ]
  },
  {
   "name": "choose-parameters",
   "doc": "The parameters that a creator takes.",
   "input": [
    {
     "name": "ram",
     "type": "int",
     "nullable": true,
     "doc": "Its memory in bytes; null if it cannot know."
    }
   ],
   "output": [
    {
     "name": "m",
     "type": "int",
     "doc": "KiB."
    },
    {
     "name": "t",
     "type": "int",
     "doc": "Passes."
    },
    {
     "name": "p",
     "type": "int",
     "doc": "Lanes."
    }
   ],
   "vectors": [
    {
     "file": "argon2",
     "groups": [
      "Creator"
     ]
    }
   ]
  },
  {
   "name": "derive-secret",
   "doc": "The group secret of a passphrase, by Argon2id.",
   "input": [
    {
     "name": "passphrase",
     "type": "text",
     "doc": "As typed."
    },
    {
     "name": "group_version",
     "type": "int",
     "doc": "1 or 2; only 2 normalises the passphrase."
    },
    {
     "name": "salt",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "m",
     "type": "int",
     "doc": "KiB."
    },
    {
     "name": "t",
     "type": "int",
     "doc": "Passes."
    },
    {
     "name": "p",
     "type": "int",
     "doc": "Lanes."
    }
   ],
   "output": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "out-of-range",
    "wrong-length",
    "empty-passphrase"
   ],
   "vectors": [
    {
     "file": "argon2",
     "groups": [
      "Derivation"
     ]
    }
   ]
  },
  {
   "name": "padded-length",
   "doc": "How long the plaintext of seal 2 becomes.",
   "input": [
    {
     "name": "length",
     "type": "int",
     "doc": "Bytes of its array."
    }
   ],
   "output": [
    {
     "name": "padded",
     "type": "int",
     "doc": "Bytes with the padding."
    }
   ],
   "vectors": [
    {
     "file": "padme",
     "groups": [
      "Length",
      "PaddedLength"
     ]
    }
   ]
  },
  {
   "name": "seal-1",
   "doc": "Seals a payload of a v1 group.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "nonce",
     "type": "hex",
     "doc": "24 bytes; outside of tests it is drawn at random."
    },
    {
     "name": "plaintext",
     "type": "hex",
     "doc": "Any length."
    }
   ],
   "output": [
    {
     "name": "sealed",
     "type": "hex",
     "doc": "The payload."
    }
   ],
   "vectors": [
    {
     "file": "seal-1",
     "groups": [
      "Seal1"
     ]
    }
   ]
  },
  {
   "name": "open-1",
   "doc": "Opens a payload of a v1 group.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "sealed",
     "type": "hex",
     "doc": "The payload."
    }
   ],
   "output": [
    {
     "name": "plaintext",
     "type": "hex",
     "doc": "What was sealed."
    }
   ],
   "errors": [
    "too-short",
    "decrypt"
   ],
   "vectors": [
    {
     "file": "seal-1",
     "groups": [
      "Seal1"
     ]
    }
   ]
  },
  {
   "name": "seal-2",
   "doc": "Seals a payload of a v2 group.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "group_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "blob_id",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "nonce",
     "type": "hex",
     "doc": "24 bytes; outside of tests it is drawn at random."
    },
    {
     "name": "record",
     "type": "record",
     "doc": "What is sealed."
    }
   ],
   "output": [
    {
     "name": "sealed",
     "type": "hex",
     "doc": "The payload."
    }
   ],
   "errors": [
    "too-large"
   ],
   "vectors": [
    {
     "file": "seal-2",
     "groups": [
      "Seal2",
      "Seal2Large"
     ]
    }
   ]
  },
  {
   "name": "open-2",
   "doc": "Opens a payload of a v2 group.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "group_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "blob_id",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "sealed",
     "type": "hex",
     "doc": "The payload."
    }
   ],
   "output": [
    {
     "name": "record",
     "type": "record",
     "doc": "What was sealed."
    }
   ],
   "errors": [
    "too-short",
    "wrong-version",
    "decrypt",
    "malformed",
    "wrong-padding",
    "too-large"
   ],
   "vectors": [
    {
     "file": "seal-2",
     "groups": [
      "Seal2",
      "Seal2Large"
     ]
    }
   ]
  },
  {
   "name": "seal-name",
   "doc": "Seals the name of a device.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "group_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "device_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "nonce",
     "type": "hex",
     "doc": "24 bytes; outside of tests it is drawn at random."
    },
    {
     "name": "name",
     "type": "text",
     "doc": "As the user wrote it."
    }
   ],
   "output": [
    {
     "name": "sealed",
     "type": "text",
     "doc": "The device_name of Hello."
    }
   ],
   "errors": [
    "malformed"
   ],
   "vectors": [
    {
     "file": "device-name",
     "groups": [
      "Open",
      "Seal"
     ]
    }
   ]
  },
  {
   "name": "open-name",
   "doc": "Opens the name of a device.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "group_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "device_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "sealed",
     "type": "text",
     "doc": "A device_name."
    }
   ],
   "output": [
    {
     "name": "name",
     "type": "text",
     "doc": "The name."
    }
   ],
   "errors": [
    "wrong-version",
    "malformed",
    "decrypt",
    "wrong-padding"
   ],
   "vectors": [
    {
     "file": "device-name",
     "groups": [
      "Open"
     ]
    }
   ]
  },
  {
   "name": "seal-content",
   "doc": "Seals a piece of content.",
   "input": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "blob_id",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "nonce",
     "type": "hex",
     "doc": "24 bytes; outside of tests it is drawn at random."
    },
    {
     "name": "content",
     "type": "hex",
     "doc": "The content."
    }
   ],
   "output": [
    {
     "name": "ref",
     "type": "content_ref",
     "doc": "Its reference."
    },
    {
     "name": "ciphertext",
     "type": "hex",
     "doc": "What is stored under its hash."
    }
   ],
   "vectors": [
    {
     "file": "content",
     "groups": [
      "Content"
     ]
    }
   ]
  },
  {
   "name": "check-content",
   "doc": "What can be said of a ContentRef before anything is fetched.",
   "input": [
    {
     "name": "content_size",
     "type": "u64",
     "doc": "As the reference has it."
    },
    {
     "name": "encrypted_size",
     "type": "u64",
     "doc": "As the reference has it."
    }
   ],
   "errors": [
    "too-large",
    "wrong-size"
   ],
   "vectors": [
    {
     "file": "content",
     "groups": [
      "Sizes"
     ]
    }
   ]
  },
  {
   "name": "open-content",
   "doc": "Opens what was fetched for a ContentRef.",
   "input": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "blob_id",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "ref",
     "type": "content_ref",
     "doc": "The reference."
    },
    {
     "name": "fetched",
     "type": "hex",
     "doc": "What lies under its hash."
    }
   ],
   "output": [
    {
     "name": "content",
     "type": "hex",
     "doc": "The content."
    }
   ],
   "errors": [
    "too-large",
    "wrong-size",
    "wrong-hash",
    "decrypt"
   ],
   "vectors": [
    {
     "file": "content",
     "groups": [
      "Content"
     ]
    }
   ]
  },
  {
   "name": "prove",
   "doc": "Proves that a device belongs to the v2 group of a secret.",
   "input": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "device_id",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "output": [
    {
     "name": "group_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "key",
     "type": "hex",
     "doc": "The group's Ed25519 key, 32 bytes."
    },
    {
     "name": "signature",
     "type": "hex",
     "doc": "64 bytes."
    }
   ],
   "vectors": [
    {
     "file": "membership",
     "groups": [
      "Proof"
     ]
    }
   ]
  },
  {
   "name": "verify-proof",
   "doc": "Verifies a proof of membership, as a relay does.",
   "input": [
    {
     "name": "group_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "device_id",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "key",
     "type": "hex",
     "doc": "The proof's key, 32 bytes."
    },
    {
     "name": "signature",
     "type": "hex",
     "doc": "The proof's signature, 64 bytes."
    }
   ],
   "errors": [
    "unauthorized"
   ],
   "vectors": [
    {
     "file": "membership",
     "groups": [
      "Proof"
     ]
    }
   ]
  },
  {
   "name": "read-envelope",
   "doc": "Reads an envelope of either version.",
   "input": [
    {
     "name": "hex",
     "type": "hex",
     "doc": "The envelope."
    }
   ],
   "output": [
    {
     "name": "envelope",
     "type": "envelope",
     "doc": "What it holds."
    }
   ],
   "errors": [
    "truncated",
    "trailing-bytes",
    "not-a-message",
    "wrong-arity",
    "wrong-type",
    "wrong-length",
    "out-of-range",
    "reserved-byte"
   ],
   "vectors": [
    {
     "file": "envelope",
     "groups": [
      "Envelope1",
      "Envelope2"
     ]
    }
   ]
  },
  {
   "name": "write-envelope",
   "doc": "Writes an envelope of version 2.",
   "input": [
    {
     "name": "envelope",
     "type": "envelope",
     "doc": "One of version 2."
    }
   ],
   "output": [
    {
     "name": "hex",
     "type": "hex",
     "doc": "The envelope."
    }
   ],
   "vectors": [
    {
     "file": "envelope",
     "groups": [
      "Envelope2"
     ]
    }
   ]
  },
  {
   "name": "transport",
   "doc": "One direction of the transport: a cipher with its counter, which rekeys by itself.",
   "input": [
    {
     "name": "key",
     "type": "hex",
     "doc": "The key at `counter`, 32 bytes; a rekey that is due there has been done."
    },
    {
     "name": "counter",
     "type": "int",
     "doc": "The nonce of the next message."
    },
    {
     "name": "steps",
     "type": "step",
     "list": true,
     "doc": "`encrypt` or `decrypt`, never both in one request."
    }
   ],
   "output": [
    {
     "name": "steps",
     "type": "outcome",
     "list": true,
     "doc": "What each step gave, also after one that failed."
    }
   ],
   "step_errors": [
    "too-short",
    "too-long",
    "decrypt",
    "failed-state"
   ],
   "vectors": [
    {
     "file": "noise",
     "groups": [
      "Transport",
      "TransportSequence"
     ]
    }
   ]
  },
  {
   "name": "noise-initiator",
   "doc": "The initiator's side of a handshake, step by step, and the transport after it.",
   "input": [
    {
     "name": "prologue",
     "type": "hex",
     "doc": "Mixed at the beginning."
    },
    {
     "name": "dh_secret",
     "type": "hex",
     "doc": "Static X25519 secret as drawn, 32 bytes."
    },
    {
     "name": "kem_seed",
     "type": "hex",
     "doc": "Static ML-KEM-768 seed d ‖ z, 64 bytes."
    },
    {
     "name": "draws",
     "type": "hex",
     "list": true,
     "doc": "What the random source gives, 32 bytes each, in the order of the tokens: `e` X25519 secret, d, z; `ekem` and `skem` m."
    },
    {
     "name": "payloads",
     "type": "text",
     "values": [
      "allowed",
      "refused"
     ],
     "doc": "Whether a handshake message may carry a payload. In a session it may not."
    },
    {
     "name": "steps",
     "type": "step",
     "list": true,
     "doc": "What is called. Every step is done, also after one that failed."
    }
   ],
   "output": [
    {
     "name": "steps",
     "type": "outcome",
     "list": true,
     "doc": "What each step gave."
    }
   ],
   "step_errors": [
    "too-short",
    "too-long",
    "decrypt",
    "bad-public-key",
    "low-order",
    "unexpected-payload",
    "failed-state",
    "wrong-turn"
   ],
   "vectors": [
    {
     "file": "noise",
     "groups": [
      "Handshake",
      "HandshakeFault",
      "Turn"
     ]
    }
   ]
  },
  {
   "name": "noise-responder",
   "doc": "The responder's side of a handshake, and the transport after it.",
   "input": [
    {
     "name": "prologue",
     "type": "hex",
     "doc": "Mixed at the beginning."
    },
    {
     "name": "dh_secret",
     "type": "hex",
     "doc": "Static X25519 secret as drawn, 32 bytes."
    },
    {
     "name": "kem_seed",
     "type": "hex",
     "doc": "Static ML-KEM-768 seed d ‖ z, 64 bytes."
    },
    {
     "name": "draws",
     "type": "hex",
     "list": true,
     "doc": "What the random source gives, 32 bytes each, in the order of the tokens: `e` X25519 secret, d, z; `ekem` and `skem` m."
    },
    {
     "name": "payloads",
     "type": "text",
     "values": [
      "allowed",
      "refused"
     ],
     "doc": "Whether a handshake message may carry a payload. In a session it may not."
    },
    {
     "name": "steps",
     "type": "step",
     "list": true,
     "doc": "What is called. Every step is done, also after one that failed."
    }
   ],
   "output": [
    {
     "name": "steps",
     "type": "outcome",
     "list": true,
     "doc": "What each step gave."
    }
   ],
   "step_errors": [
    "too-short",
    "too-long",
    "decrypt",
    "bad-public-key",
    "low-order",
    "unexpected-payload",
    "failed-state",
    "wrong-turn"
   ],
   "vectors": [
    {
     "file": "noise",
     "groups": [
      "Handshake",
      "HandshakeFault",
      "Turn"
     ]
    }
   ]
  },
  {
   "name": "read-invite",
   "doc": "Reads an invite of version 2, 3 or 4 from its text. The clock is not looked at.",
   "input": [
    {
     "name": "text",
     "type": "text",
     "doc": "What was scanned, clicked or pasted."
    }
   ],
   "output": [
    {
     "name": "invite",
     "type": "invite",
     "doc": "What it says. Unknown keys are left out."
    }
   ],
   "errors": [
    "malformed",
    "wrong-version",
    "missing-key",
    "conflicting-keys",
    "no-relay",
    "bad-address",
    "wrong-group",
    "truncated",
    "trailing-bytes",
    "wrong-arity",
    "wrong-type",
    "wrong-length",
    "out-of-range",
    "invalid-utf8",
    "duplicate-key",
    "too-many-keys",
    "too-deep",
    "reserved-byte"
   ],
   "vectors": [
    {
     "file": "invite",
     "groups": [
      "InviteJson",
      "InviteMap"
     ]
    }
   ]
  },
  {
   "name": "write-invite",
   "doc": "Writes the text of an invite, of version 4 as a link.",
   "input": [
    {
     "name": "invite",
     "type": "invite",
     "doc": "An invite that can be written."
    }
   ],
   "output": [
    {
     "name": "text",
     "type": "text",
     "doc": "Its text."
    }
   ],
   "vectors": [
    {
     "file": "invite",
     "groups": [
      "InviteJson",
      "InviteMap"
     ]
    }
   ]
  },
  {
   "name": "check-expiry",
   "doc": "Whether a device still joins by an invite.",
   "input": [
    {
     "name": "created_at",
     "type": "u64",
     "doc": "As the invite has it, Unix seconds."
    },
    {
     "name": "expires_at",
     "type": "u64",
     "doc": "As the invite has it, Unix seconds."
    },
    {
     "name": "now",
     "type": "u64",
     "doc": "By the clock of the device, Unix seconds."
    }
   ],
   "errors": [
    "expired"
   ],
   "vectors": [
    {
     "file": "invite",
     "groups": [
      "Expiry"
     ]
    }
   ]
  },
  {
   "name": "join-by-passphrase",
   "doc": "The group secret of an invite that has none, by the passphrase of its group.",
   "input": [
    {
     "name": "text",
     "type": "text",
     "doc": "The text of an invite that can be read."
    },
    {
     "name": "passphrase",
     "type": "text",
     "doc": "As typed."
    }
   ],
   "output": [
    {
     "name": "group_secret",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "errors": [
    "wrong-group",
    "empty-passphrase"
   ],
   "vectors": [
    {
     "file": "invite",
     "groups": [
      "Join"
     ]
    }
   ]
  },
  {
   "name": "read-short-code",
   "doc": "The characters of a short code that somebody typed.",
   "input": [
    {
     "name": "typed",
     "type": "text",
     "doc": "As typed."
    }
   ],
   "output": [
    {
     "name": "characters",
     "type": "text",
     "doc": "16 characters, without hyphens."
    }
   ],
   "errors": [
    "malformed",
    "wrong-length"
   ],
   "vectors": [
    {
     "file": "short-code",
     "groups": [
      "Typed"
     ]
    }
   ]
  },
  {
   "name": "write-short-code",
   "doc": "A short code as it is shown.",
   "input": [
    {
     "name": "bytes",
     "type": "hex",
     "doc": "Its 80 bits, 10 bytes."
    }
   ],
   "output": [
    {
     "name": "text",
     "type": "text",
     "doc": "Four blocks of four characters."
    }
   ],
   "vectors": [
    {
     "file": "short-code",
     "groups": [
      "Written"
     ]
    }
   ]
  },
  {
   "name": "short-code-keys",
   "doc": "The keys of a short code, by Argon2id over 64 MiB.",
   "input": [
    {
     "name": "characters",
     "type": "text",
     "doc": "16 characters, without hyphens."
    }
   ],
   "output": [
    {
     "name": "lookup_key",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "seal_key",
     "type": "hex",
     "doc": "32 bytes."
    }
   ],
   "vectors": [
    {
     "file": "short-code",
     "groups": [
      "Keys"
     ]
    }
   ]
  },
  {
   "name": "seal-invite",
   "doc": "Seals an invite for a relay to keep under a short code.",
   "input": [
    {
     "name": "lookup_key",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "seal_key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "nonce",
     "type": "hex",
     "doc": "24 bytes; outside of tests it is drawn at random."
    },
    {
     "name": "invite",
     "type": "hex",
     "doc": "The invite as it stands before base64url; any bytes."
    }
   ],
   "output": [
    {
     "name": "payload",
     "type": "hex",
     "doc": "What the relay keeps."
    }
   ],
   "vectors": [
    {
     "file": "short-code",
     "groups": [
      "Payload"
     ]
    }
   ]
  },
  {
   "name": "open-invite",
   "doc": "Opens what a relay keeps under a short code.",
   "input": [
    {
     "name": "lookup_key",
     "type": "hex",
     "doc": "16 bytes."
    },
    {
     "name": "seal_key",
     "type": "hex",
     "doc": "32 bytes."
    },
    {
     "name": "payload",
     "type": "hex",
     "doc": "What the relay keeps."
    }
   ],
   "output": [
    {
     "name": "invite",
     "type": "hex",
     "doc": "What was sealed."
    }
   ],
   "errors": [
    "too-short",
    "decrypt"
   ],
   "vectors": [
    {
     "file": "short-code",
     "groups": [
      "Payload"
     ]
    }
   ]
  },
  {
   "name": "track-cursors",
   "doc": "The cursors of a client after some events. One that is refused is no error of the operation: it is named, and the next one is taken.",
   "input": [
    {
     "name": "start",
     "type": "u64",
     "doc": "Contiguous, and the highest, at the beginning."
    },
    {
     "name": "events",
     "type": "cursor_event",
     "list": true,
     "doc": "What happens, in order."
    }
   ],
   "output": [
    {
     "name": "highest",
     "type": "u64",
     "doc": "The highest seen."
    },
    {
     "name": "contiguous",
     "type": "u64",
     "doc": "The highest contiguous."
    },
    {
     "name": "gaps",
     "type": "cursor_gap",
     "list": true,
     "doc": "What is missing between the two, ascending."
    },
    {
     "name": "refused",
     "type": "int",
     "list": true,
     "doc": "The events that were refused, from 0, ascending."
    }
   ],
   "vectors": [
    {
     "file": "cursor-tracker",
     "groups": [
      "Track"
     ]
    }
   ]
  },
  {
   "name": "backoff-delay",
   "doc": "The wait before an attempt.",
   "input": [
    {
     "name": "attempt",
     "type": "int",
     "doc": "Which one in a row it is, from 1."
    },
    {
     "name": "jitter",
     "type": "int",
     "doc": "The random part that was drawn, in milliseconds."
    }
   ],
   "output": [
    {
     "name": "delay",
     "type": "u64",
     "doc": "Milliseconds, with the random part."
    }
   ],
   "errors": [
    "out-of-range"
   ],
   "vectors": [
    {
     "file": "backoff",
     "groups": [
      "Delay"
     ]
    }
   ]
  },
  {
   "name": "retry-schedule",
   "doc": "What a client does after each of some events, from the beginning.",
   "input": [
    {
     "name": "events",
     "type": "retry_event",
     "list": true,
     "doc": "What happens, in order."
    }
   ],
   "output": [
    {
     "name": "actions",
     "type": "retry_action",
     "list": true,
     "doc": "One for each event."
    }
   ],
   "vectors": [
    {
     "file": "backoff",
     "groups": [
      "Schedule"
     ]
    }
   ]
  }
 ]
} as const;

/** What a session of the relay does (session.yaml). */
export const SESSION = {
 "initial": "AwaitingHello",
 "states": [
  {
   "name": "AwaitingHello",
   "doc": "The secure channel stands; nothing but Hello or Bye is served.",
   "transitions": [
    {
     "on": "Hello that passes every check",
     "answer": "Welcome",
     "then": "Active"
    },
    {
     "on": "Hello that fails a check",
     "answer": "Error 1005, 1002, 1001, 1003 or 2000",
     "then": "Closing"
    },
    {
     "on": "Bye",
     "then": "Closing"
    },
    {
     "on": "another well-formed message",
     "answer": "Error 1002",
     "then": "Closing"
    },
    {
     "on": "bytes that do not decode",
     "answer": "Error 1000",
     "then": "Closing"
    },
    {
     "on": "hello_timeout_secs elapsed",
     "then": "Closing"
    }
   ]
  },
  {
   "name": "Active",
   "doc": "Requests are served in the order sent.",
   "transitions": [
    {
     "on": "a request",
     "answer": "its answer or a non-fatal Error",
     "then": "Active"
    },
    {
     "on": "Presence",
     "then": "Active"
    },
    {
     "on": "Bye",
     "then": "Closing"
    },
    {
     "on": "Error",
     "then": "Closing"
    },
    {
     "on": "a second Hello, a message only a relay may send, an inner message, bytes that do not decode",
     "answer": "Error 1000",
     "then": "Closing"
    },
    {
     "on": "the relay is being stopped",
     "answer": "Error 3001",
     "then": "Closing"
    }
   ]
  },
  {
   "name": "Closing",
   "doc": "Nothing that is read takes effect any more; what is queued is written, then the connection is closed.",
   "transitions": []
  }
 ]
} as const;
