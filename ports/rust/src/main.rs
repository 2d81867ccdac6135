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
    ("decode", |request| Ok(json!({ "message": messages::decode(request.text("encoding"), &request.bytes("hex"))? }))),
    ("encode", |request| Ok(json!({ "hex": hex(messages::encode(request.text("encoding"), &request["message"])) }))),
    ("read-id", |request| Ok(json!({ "bytes": hex(groups::read_id(request.text("text"), request.int("length"))?) }))),
    ("write-id", |request| Ok(json!({ "text": groups::write_id(&request.bytes("bytes")) }))),
    ("read-blob-id", |request| Ok(json!({ "bytes": hex(groups::read_blob_id(request.text("text"))?) }))),
    ("write-blob-id", |request| Ok(json!({ "text": groups::write_blob_id(&request.bytes("bytes")) }))),
    ("device-id", |request| {
        let (dh, kem) = (request.array::<32>("dh_public")?, request.array::<1184>("kem_public")?);
        Ok(json!({ "id": hex(groups::device_id(&dh, &kem)) }))
    }),
    ("identity", |request| {
        let [dh, kem] = noise::Secrets::new(request.bytes("dh_secret"), request.bytes("kem_seed")).public();
        let id = groups::device_id(&dh, &kem);
        Ok(json!({ "dh_public": hex(dh), "kem_public": hex(kem), "device_id": hex(id) }))
    }),
    ("group-id", |request| Ok(json!({ "id": hex(groups::group_id(&request.array("group_key")?)) }))),
    ("group-id-v1", |request| Ok(json!({ "id": hex(groups::group_id_v1(&request.array("group_secret")?)) }))),
    ("derive-key", |request| {
        Ok(json!({ "key": hex(groups::group_key(&request.array("group_secret")?, request.text("purpose"))) }))
    }),
    ("derive-content-key", |request| {
        Ok(json!({ "key": hex(groups::content_key(&request.array("group_secret")?, &request.array("blob_id")?)) }))
    }),
    ("normalise-passphrase", |request| {
        Ok(json!({ "bytes": hex(groups::normalise_passphrase(request.text("passphrase"))?) }))
    }),
    ("check-parameters", |request| {
        let salt_length = request.int("salt_length");
        groups::check_parameters(request.int("m"), request.int("t"), request.int("p"), salt_length)?;
        Ok(json!({}))
    }),
    ("choose-parameters", |request| Ok(groups::choose_parameters(request["ram"].as_u64()))),
    ("derive-secret", |request| Ok(json!({ "group_secret": hex(groups::derive_secret(request)?) }))),
    ("padded-length", |request| Ok(json!({ "padded": seals::padded_length(request.int("length")) }))),
    ("seal-1", seals::seal_1),
    ("open-1", seals::open_1),
    ("seal-2", seals::seal_2),
    ("open-2", seals::open_2),
    ("seal-name", seals::seal_name),
    ("open-name", seals::open_name),
    ("seal-content", seals::seal_content),
    ("check-content", |request| {
        seals::check_content(request.long("content_size"), request.long("encrypted_size"))?;
        Ok(json!({}))
    }),
    ("open-content", seals::open_content),
    ("prove", groups::prove),
    ("verify-proof", groups::verify_proof),
    ("read-envelope", |request| Ok(json!({ "envelope": messages::read_envelope(&request.bytes("hex"))? }))),
    ("write-envelope", |request| Ok(json!({ "hex": hex(messages::write_envelope(&request["envelope"])) }))),
    ("transport", noise::transport),
    ("noise-initiator", |request| noise::handshake(request, true)),
    ("noise-responder", |request| noise::handshake(request, false)),
];

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
