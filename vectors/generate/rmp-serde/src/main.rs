//! Says of each body (one line of hex on stdin) whether rmp-serde takes it, and how it writes the message again.
//!
//! The types are rebuilt from ../../sources/rmp.json: they write every body there byte for byte, and their verdicts agree
//! with ../../sources/rmp-accept.json. `judge.py` checks both each time before it asks anything new.

use serde::{Deserialize, Serialize};
use std::io::BufRead;

#[derive(Serialize, Deserialize)]
struct Id32([u8; 32]);

#[derive(Serialize, Deserialize)]
struct BlobId(uuid::Uuid);

#[derive(Serialize, Deserialize)]
struct Blob {
    blob_id: BlobId,
    cursor: u64,
    payload: Vec<u8>,
    timestamp: u64,
}

// The order counts: rmp-serde also takes the variant's index for its name.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
enum Message {
    Hello(Hello),
    Welcome(Welcome),
    Push(Push),
    PushAck(PushAck),
    Pull(Pull),
    PullResponse(PullResponse),
    Notify(Notify),
    Bye(Bye),
    ContentRef(ContentRef),
    ContentAck(ContentAck),
}

#[derive(Serialize, Deserialize)]
struct Hello {
    version: u8,
    device_name: String,
    group_id: Id32,
    last_cursor: u64,
}

#[derive(Serialize, Deserialize)]
struct Welcome {
    version: u8,
    max_cursor: u64,
    pending_count: u32,
}

#[derive(Serialize, Deserialize)]
struct Push {
    blob_id: BlobId,
    payload: Vec<u8>,
    ttl: u32,
}

#[derive(Serialize, Deserialize)]
struct PushAck {
    blob_id: BlobId,
    cursor: u64,
}

#[derive(Serialize, Deserialize)]
struct Pull {
    after_cursor: u64,
    limit: u32,
}

#[derive(Serialize, Deserialize)]
struct PullResponse {
    blobs: Vec<Blob>,
    has_more: bool,
    max_cursor: u64,
}

#[derive(Serialize, Deserialize)]
struct Notify {
    latest_cursor: u64,
    count: u32,
}

#[derive(Serialize, Deserialize)]
struct Bye {
    reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ContentRef {
    content_hash: [u8; 32],
    encryption_nonce: [u8; 24],
    content_size: u64,
    encrypted_size: u64,
}

#[derive(Serialize, Deserialize)]
struct ContentAck {
    content_hash: [u8; 32],
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let body = hex::decode(line.expect("a line").trim()).expect("hex");
        match rmp_serde::from_slice::<Message>(&body) {
            Ok(message) => println!("{}", hex::encode(rmp_serde::to_vec(&message).expect("written"))),
            Err(_) => println!("refused"),
        }
    }
}
