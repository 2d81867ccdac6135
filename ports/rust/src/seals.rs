//! What the relay can't read: blobs, names of devices, content.

use crate::groups::content_key;
use crate::json::{Class, Fields, hex};
use crate::messages::{read_record, write_record};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Aead, aead::Payload};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

const NONCE: usize = 24;
const TAG: usize = 16;
const VERSION: u8 = 2;
const MAX_DATA: usize = 1_032_064;
const MAX_CONTENT: u64 = 104_857_600;
const MAX_NAME: usize = 127;
const PADDED_NAME: usize = 128;

fn seal(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let payload = Payload { msg: plaintext, aad };
    XChaCha20Poly1305::new(key.into()).encrypt(nonce.into(), payload).expect("a short plaintext")
}

fn open(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Class> {
    let payload = Payload { msg: ciphertext, aad };
    XChaCha20Poly1305::new(key.into()).decrypt(nonce.into(), payload).map_err(|_| "decrypt")
}

/// The plaintext of nonce ‖ ciphertext.
fn open_behind_nonce(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Class> {
    let (nonce, ciphertext) = sealed.split_first_chunk().filter(|(_, rest)| rest.len() >= TAG).ok_or("too-short")?;
    open(key, nonce, aad, ciphertext)
}

pub fn seal_1(request: &Value) -> Result<Value, Class> {
    let nonce = request.array("nonce")?;
    let ciphertext = seal(&request.array("key")?, &nonce, b"", &request.bytes("plaintext"));
    Ok(json!({ "sealed": hex([&nonce[..], &ciphertext].concat()) }))
}

pub fn open_1(request: &Value) -> Result<Value, Class> {
    let plaintext = open_behind_nonce(&request.array("key")?, b"", &request.bytes("sealed"))?;
    Ok(json!({ "plaintext": hex(plaintext) }))
}

/// max(256, PADMÉ).
pub fn padded_length(length: u64) -> u64 {
    if length <= 256 {
        return 256;
    }
    let mask = (1 << (length.ilog2() - length.ilog2().ilog2() - 1)) - 1;
    (length + mask) & !mask
}

fn blob_aad(request: &Value) -> Vec<u8> {
    [b"0k-sync-seal-2".to_vec(), request.bytes("group_id"), request.bytes("blob_id")].concat()
}

pub fn seal_2(request: &Value) -> Result<Value, Class> {
    if request["record"].text("data").len() / 2 > MAX_DATA {
        return Err("too-large");
    }
    let (nonce, mut plaintext) = (request.array("nonce")?, write_record(&request["record"]));
    plaintext.resize(padded_length(plaintext.len() as u64) as usize, 0);
    let ciphertext = seal(&request.array("key")?, &nonce, &blob_aad(request), &plaintext);
    Ok(json!({ "sealed": hex([&[VERSION], &nonce[..], &ciphertext].concat()) }))
}

pub fn open_2(request: &Value) -> Result<Value, Class> {
    let sealed = request.bytes("sealed");
    match sealed.split_first() {
        _ if sealed.len() < 1 + NONCE + TAG => Err("too-short"),
        Some((&VERSION, rest)) => {
            let plaintext = open_behind_nonce(&request.array("key")?, &blob_aad(request), rest)?;
            let (record, padding) = read_record(&plaintext).map_err(|_| "malformed")?;
            let length = padded_length((plaintext.len() - padding.len()) as u64);
            if record.text("data").len() / 2 > MAX_DATA {
                Err("too-large")
            } else if padding.iter().any(|byte| *byte != 0) || length != plaintext.len() as u64 {
                Err("wrong-padding")
            } else {
                Ok(json!({ "record": record }))
            }
        }
        _ => Err("wrong-version"),
    }
}

fn name_aad(request: &Value) -> Vec<u8> {
    [b"0k-sync-name-v1".to_vec(), request.bytes("group_id"), request.bytes("device_id")].concat()
}

pub fn seal_name(request: &Value) -> Result<Value, Class> {
    let name: String = request.text("name").nfc().collect();
    if name.contains('\0') {
        return Err("malformed");
    }
    let mut plaintext = name.as_bytes()[..name.floor_char_boundary(MAX_NAME)].to_vec();
    plaintext.resize(PADDED_NAME, 0);
    let nonce = request.array("nonce")?;
    let ciphertext = seal(&request.array("key")?, &nonce, &name_aad(request), &plaintext);
    Ok(json!({ "sealed": format!("~{}", BASE64URL_NOPAD.encode(&[&nonce[..], &ciphertext].concat())) }))
}

pub fn open_name(request: &Value) -> Result<Value, Class> {
    let sealed = request.text("sealed").strip_prefix('~').ok_or("wrong-version")?;
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| "malformed")?;
    if sealed.len() != NONCE + PADDED_NAME + TAG {
        return Err("malformed");
    }
    let plaintext = open_behind_nonce(&request.array("key")?, &name_aad(request), &sealed)?;
    let end = plaintext.iter().position(|byte| *byte == 0).ok_or("wrong-padding")?;
    let (name, padding) = plaintext.split_at(end);
    if padding.iter().any(|byte| *byte != 0) {
        return Err("wrong-padding");
    }
    Ok(json!({ "name": str::from_utf8(name).map_err(|_| "malformed")? }))
}

pub fn seal_content(request: &Value) -> Result<Value, Class> {
    let (content, nonce) = (request.bytes("content"), request.array("nonce")?);
    let key = content_key(&request.array("group_secret")?, &request.array("blob_id")?);
    let ciphertext = seal(&key, &nonce, b"", &content);
    let reference = json!({
        "content_hash": hex(blake3::hash(&ciphertext).as_bytes()),
        "encryption_nonce": hex(nonce),
        "content_size": content.len().to_string(),
        "encrypted_size": ciphertext.len().to_string(),
    });
    check_content(&reference)?;
    Ok(json!({ "ref": reference, "ciphertext": hex(ciphertext) }))
}

/// What can be said of a reference before anything is fetched.
pub fn check_content(reference: &Value) -> Result<Value, Class> {
    match reference.long("content_size") {
        size if size > MAX_CONTENT => Err("too-large"),
        size if size + TAG as u64 != reference.long("encrypted_size") => Err("wrong-size"),
        _ => Ok(json!({})),
    }
}

pub fn open_content(request: &Value) -> Result<Value, Class> {
    let (reference, fetched) = (&request["ref"], request.bytes("fetched"));
    check_content(reference)?;
    if fetched.len() as u64 != reference.long("encrypted_size") {
        return Err("wrong-size");
    }
    if blake3::hash(&fetched) != reference.array("content_hash")? {
        return Err("wrong-hash");
    }
    let key = content_key(&request.array("group_secret")?, &request.array("blob_id")?);
    Ok(json!({ "content": hex(open(&key, &reference.array("encryption_nonce")?, b"", &fetched)?) }))
}
