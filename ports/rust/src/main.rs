//! The codec of 0k-Sync as a driver: a request on each line of stdin, its answer on a line of stdout.

mod frames;
mod groups;
mod json;
mod messagepack;
mod messages;
mod noise;
mod seals;

use json::{Class, Fields, hex};
use serde_json::{Value, json};
use std::io::{BufRead, Write, stdin, stdout};

type Operation = fn(&Value) -> Result<Value, Class>;

const OPERATIONS: &[(&str, Operation)] = &[
    ("frames", frames::frames),
    ("decode", |from| Ok(json!({ "message": messages::decode(from.text("encoding"), &from.bytes("hex"))? }))),
    ("encode", |from| data("hex", messages::encode(from.text("encoding"), &from["message"]))),
    ("read-id", |from| data("bytes", groups::read_id(from.text("text"), from.int("length"))?)),
    ("write-id", |from| Ok(json!({ "text": groups::write_id(&from.bytes("bytes")) }))),
    ("read-blob-id", |from| data("bytes", groups::read_blob_id(from.text("text"))?)),
    ("write-blob-id", |from| Ok(json!({ "text": groups::write_blob_id(&from.bytes("bytes")) }))),
    ("device-id", |from| {
        data("id", groups::device_id(&from.array::<32>("dh_public")?, &from.array::<1184>("kem_public")?))
    }),
    ("identity", noise::identity),
    ("group-id", |from| data("id", groups::group_id(&from.array("group_key")?))),
    ("group-id-v1", |from| data("id", groups::group_id_v1(&from.array("group_secret")?))),
    ("derive-key", |from| data("key", groups::group_key(&from.array("group_secret")?, from.text("purpose")))),
    ("derive-content-key", |from| {
        data("key", groups::content_key(&from.array("group_secret")?, &from.array("blob_id")?))
    }),
    ("normalise-passphrase", |from| data("bytes", groups::normalise_passphrase(from.text("passphrase"))?)),
    ("check-parameters", |from| {
        groups::check_parameters(from.int("m"), from.int("t"), from.int("p"), from.int("salt_length"))
    }),
    ("choose-parameters", |from| Ok(groups::choose_parameters(from["ram"].as_u64()))),
    ("derive-secret", |from| data("group_secret", groups::derive_secret(from)?)),
    ("padded-length", |from| Ok(json!({ "padded": seals::padded_length(from.int("length")) }))),
    ("seal-1", seals::seal_1),
    ("open-1", seals::open_1),
    ("seal-2", seals::seal_2),
    ("open-2", seals::open_2),
    ("seal-name", seals::seal_name),
    ("open-name", seals::open_name),
    ("seal-content", seals::seal_content),
    ("check-content", seals::check_content),
    ("open-content", seals::open_content),
    ("prove", groups::prove),
    ("verify-proof", groups::verify_proof),
    ("read-envelope", |from| Ok(json!({ "envelope": messages::read_envelope(&from.bytes("hex"))? }))),
    ("write-envelope", |from| data("hex", messages::write_envelope(&from["envelope"]))),
    ("transport", noise::transport),
    ("noise-initiator", |from| noise::handshake(from, true)),
    ("noise-responder", |from| noise::handshake(from, false)),
];

fn data(name: &str, bytes: impl AsRef<[u8]>) -> Result<Value, Class> {
    Ok(json!({ name: hex(bytes) }))
}

fn answer(request: &Value) -> Result<Value, Class> {
    let op = request.text("op");
    if op == "describe" {
        let names: Value = OPERATIONS.iter().map(|(name, _)| *name).collect();
        return Ok(json!({ "operations": names, "name": "Rust", "version": env!("CARGO_PKG_VERSION") }));
    }
    let (_, operation) = OPERATIONS.iter().find(|(name, _)| *name == op).ok_or("unknown-op")?;
    operation(request)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let answer = match answer(&request) {
            Ok(output) => json!({ "id": request["id"], "ok": output }),
            Err(class) => json!({ "id": request["id"], "error": class }),
        };
        let mut out = stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
