//! The hybrid handshake, one side of it, and the transport after it.

use crate::groups::device_id;
use crate::json::{Class, Fields, hex, unhex};
use blake2::{Blake2s256, Digest};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::Aead, aead::Payload};
use hkdf::SimpleHkdf;
use ml_kem::{Decapsulate, EncapsulationKey, KeyExport, MlKem768, ml_kem_768};
use serde_json::{Value, json};
use std::collections::VecDeque;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

const PROTOCOL: &[u8] = b"Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s";
/// The tokens of each message, and the bytes that they and the tag of an empty payload take.
const MESSAGES: [(&[&str], usize); 4] =
    [(&["e"], 1216), (&["ekem", "e", "ee", "s", "es"], 3568), (&["skem", "s", "se"], 2368), (&["skem"], 1120)];
const EPHEMERAL: usize = 0;
const STATIC: usize = 1;
const TAG: usize = 16;
const MAX_MESSAGE: usize = 65_535;

/// Calls each step, also after one that failed: then nothing works any more.
fn play(steps: &[Value], mut call: impl FnMut(&str, &[u8]) -> Result<Value, Class>) -> Value {
    let mut failed = false;
    let outcome = |step: &Value| {
        let data = step.get("data").map_or(Vec::new(), |_| step.bytes("data"));
        let outcome = if failed { Err("failed-state") } else { call(step.text("do"), &data) };
        failed = outcome.is_err();
        outcome.unwrap_or_else(|class| json!({ "error": class }))
    };
    json!({ "steps": steps.iter().map(outcome).collect::<Value>() })
}

pub fn identity(request: &Value) -> Result<Value, Class> {
    let [dh, kem] = Secrets::new(request.bytes("dh_secret"), request.bytes("kem_seed")).public();
    Ok(json!({ "device_id": hex(device_id(&dh, &kem)), "dh_public": hex(dh), "kem_public": hex(kem) }))
}

pub fn transport(request: &Value) -> Result<Value, Class> {
    let mut cipher = Cipher { key: request.array("key")?, nonce: request.int("counter") };
    Ok(play(request.list("steps"), |call, data| cipher.message(call == "encrypt", data)))
}

pub fn handshake(request: &Value, initiator: bool) -> Result<Value, Class> {
    // The name is longer than a hash, so that it is hashed.
    let h: [u8; 32] = Blake2s256::digest(PROTOCOL).into();
    let mut state = Handshake {
        initiator,
        payloads: request["payloads"] == "allowed",
        draws: request.list("draws").iter().map(|draw| unhex(draw.as_str().expect("bytes"))).collect(),
        turn: 0,
        h,
        ck: h,
        cipher: None,
        mine: [None, Some(Secrets::new(request.bytes("dh_secret"), request.bytes("kem_seed")))],
        theirs: [None, None],
    };
    state.mix_hash(&request.bytes("prologue"));
    let mut transport = None;
    Ok(play(request.list("steps"), |call, data| match (call, &mut transport) {
        ("write", None) => Ok(json!({ "data": hex(state.write(data)?) })),
        ("read", None) => Ok(json!({ "data": hex(state.read(data)?) })),
        ("finish", None) if state.turn == MESSAGES.len() => {
            transport = Some(state.split());
            let theirs = state.theirs[STATIC].as_ref().expect("the handshake is done");
            let remote_id = device_id(&theirs.dh, &theirs.kem.to_bytes());
            Ok(json!({ "handshake_hash": hex(state.h), "remote_id": hex(remote_id) }))
        }
        ("encrypt", Some((send, _))) => send.message(true, data),
        ("decrypt", Some((_, receive))) => receive.message(false, data),
        ("rekey-send", Some((send, _))) => send.rekey(),
        ("rekey-receive", Some((_, receive))) => receive.rekey(),
        _ => Err("wrong-turn"),
    }))
}

struct Cipher {
    key: [u8; 32],
    nonce: u64,
}

impl Cipher {
    fn seal(&mut self, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let nonce = self.next_nonce();
        let payload = Payload { msg: plaintext, aad };
        ChaCha20Poly1305::new(&self.key.into()).encrypt(&nonce.into(), payload).expect("a short plaintext")
    }

    fn open(&mut self, aad: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Class> {
        let nonce = self.next_nonce();
        let payload = Payload { msg: ciphertext, aad };
        ChaCha20Poly1305::new(&self.key.into()).decrypt(&nonce.into(), payload).map_err(|_| "decrypt")
    }

    fn next_nonce(&mut self) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&self.nonce.to_le_bytes());
        self.nonce = self.nonce.wrapping_add(1);
        nonce
    }

    /// A message of the transport. The key changes after each 65,536 of them.
    fn message(&mut self, encrypt: bool, data: &[u8]) -> Result<Value, Class> {
        let (least, most) = if encrypt { (0, MAX_MESSAGE - TAG) } else { (TAG, MAX_MESSAGE) };
        let data = match data.len() {
            length if length < least => return Err("too-short"),
            length if length > most => return Err("too-long"),
            _ if encrypt => self.seal(b"", data),
            _ => self.open(b"", data)?,
        };
        if self.nonce.is_multiple_of(65_536) {
            self.rekey()?;
        }
        Ok(json!({ "data": hex(data) }))
    }

    fn rekey(&mut self) -> Result<Value, Class> {
        let sealed = Cipher { key: self.key, nonce: u64::MAX }.seal(b"", &[0; 32]);
        self.key.copy_from_slice(&sealed[..32]);
        Ok(json!({}))
    }
}

struct Secrets {
    dh: [u8; 32],
    kem: ml_kem_768::DecapsulationKey,
}

impl Secrets {
    fn new(dh_secret: Vec<u8>, kem_seed: Vec<u8>) -> Self {
        let dh = dh_secret.try_into().expect("an X25519 secret has 32 bytes");
        let seed: [u8; 64] = kem_seed.try_into().expect("an ML-KEM seed has 64 bytes");
        Secrets { dh, kem: ml_kem_768::DecapsulationKey::from_seed(seed.into()) }
    }

    fn public(&self) -> [Vec<u8>; 2] {
        [x25519(self.dh, X25519_BASEPOINT_BYTES).into(), self.kem.encapsulation_key().to_bytes().to_vec()]
    }
}

struct Publics {
    dh: [u8; 32],
    kem: EncapsulationKey<MlKem768>,
}

impl Publics {
    /// There is one right form of each key: an X25519 value is below 2^255 − 19, coefficients of ML-KEM are below q.
    fn new(dh: &[u8], kem: &[u8]) -> Result<Self, Class> {
        let reduced = dh[31] < 0x7f || dh[31] == 0x7f && (dh[0] < 0xed || dh[1..31].iter().any(|byte| *byte != 0xff));
        let kem = EncapsulationKey::new(kem.try_into().expect("1,184 bytes")).ok().filter(|_| reduced);
        Ok(Publics { dh: dh.try_into().expect("32 bytes"), kem: kem.ok_or("bad-public-key")? })
    }
}

struct Handshake {
    initiator: bool,
    payloads: bool,
    draws: VecDeque<Vec<u8>>,
    turn: usize,
    h: [u8; 32],
    ck: [u8; 32],
    cipher: Option<Cipher>,
    /// Ephemeral and static keys.
    mine: [Option<Secrets>; 2],
    theirs: [Option<Publics>; 2],
}

impl Handshake {
    fn write(&mut self, payload: &[u8]) -> Result<Vec<u8>, Class> {
        let (tokens, overhead) = self.next_message(true)?;
        if overhead + payload.len() > MAX_MESSAGE {
            return Err("too-long");
        }
        let mut message = Vec::new();
        for token in tokens {
            // Those of static keys are encrypted, those of ephemeral ones are not.
            let which = usize::from(token.starts_with('s'));
            match *token {
                "e" | "s" => {
                    if which == EPHEMERAL {
                        self.mine[EPHEMERAL] = Some(Secrets::new(self.draw(), [self.draw(), self.draw()].concat()));
                    }
                    for key in self.mine(which).public() {
                        message.extend(self.put(which, &key));
                    }
                }
                "ekem" | "skem" => {
                    let m: [u8; 32] = self.draw().try_into().expect("a draw has 32 bytes");
                    let (ciphertext, secret) = self.theirs(which).kem.encapsulate_deterministic(&m.into());
                    message.extend(self.put(which, &ciphertext));
                    self.mix_key(&secret, which);
                }
                dh => self.mix_dh(dh)?,
            }
        }
        message.extend(self.put(STATIC, payload));
        self.allow(payload).map(|_| message)
    }

    fn read(&mut self, mut message: &[u8]) -> Result<Vec<u8>, Class> {
        let (tokens, overhead) = self.next_message(false)?;
        match message.len() {
            length if length < overhead => return Err("too-short"),
            length if length > MAX_MESSAGE => return Err("too-long"),
            _ => {}
        }
        for token in tokens {
            let which = usize::from(token.starts_with('s'));
            match *token {
                "e" | "s" => {
                    let (dh, kem) = (self.get(which, &mut message, 32)?, self.get(which, &mut message, 1184)?);
                    self.theirs[which] = Some(Publics::new(&dh, &kem)?);
                }
                "ekem" | "skem" => {
                    let ciphertext = self.get(which, &mut message, 1088)?;
                    let secret = self.mine(which).kem.decapsulate_slice(&ciphertext).expect("it has 1,088 bytes");
                    self.mix_key(&secret, which);
                }
                dh => self.mix_dh(dh)?,
            }
        }
        let length = message.len() - self.tag(STATIC);
        let payload = self.get(STATIC, &mut message, length)?;
        self.allow(&payload).map(|_| payload)
    }

    /// The tokens and the length of the next message, if it is this side's turn.
    fn next_message(&mut self, writes: bool) -> Result<(&'static [&'static str], usize), Class> {
        let message = MESSAGES.get(self.turn).filter(|_| self.turn.is_multiple_of(2) == (self.initiator == writes));
        self.turn += 1;
        message.copied().ok_or("wrong-turn")
    }

    fn allow(&self, payload: &[u8]) -> Result<(), Class> {
        if payload.is_empty() || self.payloads { Ok(()) } else { Err("unexpected-payload") }
    }

    fn mine(&self, which: usize) -> &Secrets {
        self.mine[which].as_ref().expect("no token needs a key before it was drawn")
    }

    fn theirs(&self, which: usize) -> &Publics {
        self.theirs[which].as_ref().expect("no token needs a key before it was read")
    }

    fn draw(&mut self) -> Vec<u8> {
        self.draws.pop_front().expect("there are not enough draws")
    }

    fn tag(&self, which: usize) -> usize {
        if which == STATIC && self.cipher.is_some() { TAG } else { 0 }
    }

    /// EncryptAndHash, or MixHash of what is sent as it is.
    fn put(&mut self, which: usize, part: &[u8]) -> Vec<u8> {
        let cipher = self.cipher.as_mut().filter(|_| which == STATIC);
        let part = cipher.map_or_else(|| part.to_vec(), |cipher| cipher.seal(&self.h, part));
        self.mix_hash(&part);
        part
    }

    fn get(&mut self, which: usize, message: &mut &[u8], length: usize) -> Result<Vec<u8>, Class> {
        let part = message.split_off(..length + self.tag(which)).ok_or("too-short")?;
        let cipher = self.cipher.as_mut().filter(|_| which == STATIC);
        let opened = cipher.map_or_else(|| Ok(part.to_vec()), |cipher| cipher.open(&self.h, part))?;
        self.mix_hash(part);
        Ok(opened)
    }

    fn mix_hash(&mut self, data: &[u8]) {
        self.h = Blake2s256::new().chain_update(self.h).chain_update(data).finalize().into();
    }

    /// MixKey of an ephemeral secret, MixKeyAndHash of a static one.
    fn mix_key(&mut self, secret: &[u8], which: usize) {
        let [ck, second, third] = self.derive(secret);
        self.ck = ck;
        if which == STATIC {
            self.mix_hash(&second);
        }
        self.cipher = Some(Cipher { key: if which == STATIC { third } else { second }, nonce: 0 });
    }

    /// HKDF with three outputs; where Noise takes two, they are the first of the same.
    fn derive(&self, secret: &[u8]) -> [[u8; 32]; 3] {
        let mut outputs = [0; 96];
        SimpleHkdf::<Blake2s256>::new(Some(&self.ck), secret).expand(b"", &mut outputs).expect("96 bytes are few");
        [0, 32, 64].map(|start| outputs[start..start + 32].try_into().expect("32 bytes"))
    }

    /// A token names the initiator's key first.
    fn mix_dh(&mut self, token: &str) -> Result<(), Class> {
        let (mine, theirs) = match (token, self.initiator) {
            ("ee", _) => (EPHEMERAL, EPHEMERAL),
            ("es", true) | ("se", false) => (EPHEMERAL, STATIC),
            _ => (STATIC, EPHEMERAL),
        };
        let secret = x25519(self.mine(mine).dh, self.theirs(theirs).dh);
        self.mix_key(&secret, EPHEMERAL);
        if secret == [0; 32] { Err("low-order") } else { Ok(()) }
    }

    /// The ciphers for what this side sends and for what it receives.
    fn split(&self) -> (Cipher, Cipher) {
        let [first, second, _] = self.derive(b"").map(|key| Cipher { key, nonce: 0 });
        if self.initiator { (first, second) } else { (second, first) }
    }
}
