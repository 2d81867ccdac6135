//! Ids, the keys of a group, its passphrase and proofs of membership.

use crate::json::{Class, Fields, hex, unhex};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), Digest::chain_update).finalize().into()
}

pub fn device_id(dh_public: &[u8], kem_public: &[u8]) -> [u8; 32] {
    sha256(&[b"0k-sync-identity-v1", dh_public, kem_public])
}

pub fn group_id(group_key: &[u8; 32]) -> [u8; 32] {
    sha256(&[b"0k-sync-group-id-v2", group_key])
}

pub fn group_id_v1(group_secret: &[u8; 32]) -> [u8; 32] {
    sha256(&[b"0k-sync-group-id-v1", group_secret])
}

/// Padding and bits that stand for nothing are refused.
pub fn read_id(text: &str, length: u64) -> Result<Vec<u8>, Class> {
    let id = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
    id.filter(|id| id.len() as u64 == length).ok_or("malformed")
}

pub fn write_id(id: &[u8]) -> String {
    BASE64URL_NOPAD.encode(id)
}

pub fn read_blob_id(text: &str) -> Result<Vec<u8>, Class> {
    let digits = text.replace('-', "");
    let right = digits.len() == 32 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let id = right.then(|| unhex(&digits));
    id.filter(|id| write_blob_id(id) == text).ok_or("malformed")
}

pub fn write_blob_id(id: &[u8]) -> String {
    [&id[..4], &id[4..6], &id[6..8], &id[8..10], &id[10..]].map(hex).join("-")
}

pub fn derive(secret: &[u8; 32], salt: &str, info: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(salt.as_bytes()), secret).expand(info, &mut key).expect("32 bytes are few");
    key
}

pub fn group_key(secret: &[u8; 32], purpose: &str) -> [u8; 32] {
    derive(secret, "0k-sync-group-key-v1", purpose.as_bytes())
}

pub fn content_key(secret: &[u8; 32], blob_id: &[u8; 16]) -> [u8; 32] {
    derive(secret, "0k-sync-content-v1", &[&blob_id[..], b"content-encryption"].concat())
}

pub fn normalise_passphrase(typed: &str) -> Result<String, Class> {
    if typed.is_empty() { Err("empty-passphrase") } else { Ok(typed.nfc().collect()) }
}

/// Whether a joiner takes these parameters, m in KiB.
pub fn check_parameters(m: u64, t: u64, p: u64, salt_length: u64) -> Result<Value, Class> {
    let strong = m >= 47_104 && t >= 1 || m >= 19_456 && t >= 2;
    if !strong || m > 1_048_576 || t > 16 || !(1..=16).contains(&p) {
        Err("out-of-range")
    } else if salt_length != 16 {
        Err("wrong-length")
    } else {
        Ok(json!({}))
    }
}

/// What a creator takes who has so many bytes of memory, or doesn't know.
pub fn choose_parameters(ram: Option<u64>) -> Value {
    match ram.map(|ram| ram >> 30) {
        Some(0..4) => json!({ "m": 19_456, "t": 2, "p": 1 }),
        Some(8..) => json!({ "m": 65_536, "t": 3, "p": 4 }),
        _ => json!({ "m": 47_104, "t": 1, "p": 1 }),
    }
}

pub fn derive_secret(request: &Value) -> Result<[u8; 32], Class> {
    let (m, t, p, salt) = (request.int("m"), request.int("t"), request.int("p"), request.bytes("salt"));
    check_parameters(m, t, p, salt.len() as u64)?;
    let typed = request.text("passphrase");
    let passphrase = if request.int("group_version") == 1 { typed.into() } else { normalise_passphrase(typed)? };
    let parameters = argon2::Params::new(m as u32, t as u32, p as u32, None).map_err(|_| "out-of-range")?;
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, parameters);
    let mut secret = [0; 32];
    argon2.hash_password_into(passphrase.as_bytes(), &salt, &mut secret).expect("parameters that were checked");
    Ok(secret)
}

fn statement(group_id: &[u8; 32], device_id: &[u8; 32]) -> Vec<u8> {
    [b"0k-sync-member-v1", &group_id[..], device_id].concat()
}

pub fn prove(request: &Value) -> Result<Value, Class> {
    let signer = SigningKey::from_bytes(&group_key(&request.array("group_secret")?, "authentication"));
    let key = signer.verifying_key().to_bytes();
    let signature = signer.sign(&statement(&group_id(&key), &request.array("device_id")?)).to_bytes();
    Ok(json!({ "group_id": hex(group_id(&key)), "key": hex(key), "signature": hex(signature) }))
}

/// Ed25519 as RFC 8032 has it, and no key of small order. The library compares R as bytes, so that it is canonical, and
/// refuses an S that is not; the key it takes in any form.
pub fn verify_proof(request: &Value) -> Result<Value, Class> {
    let (id, key) = (request.array("group_id")?, request.array("key")?);
    let signature = Signature::from_bytes(&request.array("signature")?);
    let verifier = VerifyingKey::from_bytes(&key).map_err(|_| "unauthorized")?;
    let canonical = verifier.to_edwards().compress().to_bytes() == key;
    let signed = verifier.verify(&statement(&id, &request.array("device_id")?), &signature).is_ok();
    let proven = canonical && signed && !verifier.is_weak() && group_id(&key) == id;
    if proven { Ok(json!({})) } else { Err("unauthorized") }
}
