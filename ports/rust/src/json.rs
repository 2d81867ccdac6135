//! What stands in requests, by name. One of another form than the driver protocol's is a panic, whose text the kit shows.

use data_encoding::HEXLOWER;
use serde_json::Value;

/// An error class of the specification.
pub type Class = &'static str;

pub trait Fields {
    fn json(&self, name: &str) -> &Value;

    fn text(&self, name: &str) -> &str {
        self.json(name).as_str().unwrap_or_else(|| panic!("{name} has to be text"))
    }
    /// A number, up to 2^53 − 1.
    fn int(&self, name: &str) -> u64 {
        self.json(name).as_u64().unwrap_or_else(|| panic!("{name} has to be a whole number"))
    }
    /// 64 bits, in decimal digits.
    fn long(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or_else(|_| panic!("{name} has to be 64 bits in decimal digits"))
    }
    fn list(&self, name: &str) -> &[Value] {
        self.json(name).as_array().unwrap_or_else(|| panic!("{name} has to be a list"))
    }
    fn bytes(&self, name: &str) -> Vec<u8> {
        unhex(self.text(name))
    }
    /// Bytes of which there have to be N.
    fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], Class> {
        self.bytes(name).try_into().map_err(|_| "wrong-length")
    }
}

impl Fields for Value {
    fn json(&self, name: &str) -> &Value {
        &self[name]
    }
}

pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}

pub fn unhex(digits: &str) -> Vec<u8> {
    HEXLOWER.decode(digits.as_bytes()).expect("bytes have to be lower-case hexadecimal digits")
}
