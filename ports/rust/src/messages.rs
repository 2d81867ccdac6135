//! Messages, envelopes and the record of seal 2, by the tables of the specification.

use crate::json::{Class, Fields, hex, unhex};
use crate::messagepack::{ARRAY, BIN, Head, MAP, Reader, STR, UINT, write_header};
use serde_json::{Map, Value, json};
use std::{collections::HashSet, sync::LazyLock};

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../spec/protocol.json")).expect("protocol.json has to be JSON")
});

pub fn decode(encoding: &str, body: &[u8]) -> Result<Value, Class> {
    let mut reader = Reader { left: body, rmp: encoding == "rmp" };
    let Head::Array(count @ 1..) = reader.next()? else { return Err("not-a-message") };
    let Head::Str(name) = reader.next()? else { return Err("not-a-message") };
    let known =
        |table: &&Value| table.text("name").as_bytes() == name && table.list("encodings").contains(&encoding.into());
    let table = SPEC.list("messages").iter().find(known).ok_or("unknown-message")?;
    let mut fields = reader.fields(table, count - 1, encoding == "bin")?;
    fields.insert("type".into(), table["name"].clone());
    reader.end(fields)
}

pub fn encode(encoding: &str, message: &Value) -> Vec<u8> {
    let table = SPEC.list("messages").iter().find(|table| table["name"] == message["type"]).expect("a known message");
    written(table, Some(table.text("name")), message, encoding == "rmp")
}

pub fn read_envelope(body: &[u8]) -> Result<Value, Class> {
    let mut reader = Reader { left: body, rmp: false };
    let Head::Array(count) = reader.next()? else { return Err("not-a-message") };
    if count != 8 {
        return Err("wrong-arity");
    }
    let version = Reader { left: reader.left, rmp: false }.value(&SPEC["types"]["u8"])?;
    let table = SPEC.list("envelopes").iter().find(|table| table["version"] == version).ok_or("out-of-range")?;
    reader.rmp = table["encoding"] == "rmp";
    let fields = reader.fields(table, count, false)?;
    if table["msg_types"].as_object().is_some_and(|types| types.values().all(|known| *known != fields["msg_type"])) {
        return Err("out-of-range");
    }
    reader.end(fields)
}

pub fn write_envelope(envelope: &Value) -> Vec<u8> {
    written(&SPEC["envelopes"][1], None, envelope, false)
}

/// The record of seal 2, and what follows it.
pub fn read_record(plaintext: &[u8]) -> Result<(Value, &[u8]), Class> {
    let mut reader = Reader { left: plaintext, rmp: false };
    let Head::Array(count) = reader.next()? else { return Err("wrong-type") };
    let record = reader.fields(&SPEC["seal"]["seal_2"], count, false)?;
    Ok((record.into(), reader.left))
}

pub fn write_record(record: &Value) -> Vec<u8> {
    written(&SPEC["seal"]["seal_2"], None, record, false)
}

/// The type of a field: named, or described in its place.
fn type_of(field: &Value) -> &Value {
    field["type"].as_str().map_or(field, |name| &SPEC["types"][name])
}

fn extension<'a>(table: &'a Value, key: &str) -> Option<&'a Value> {
    table["ext"].as_array()?.iter().find(|known| known["key"] == key).map(type_of)
}

impl Reader<'_> {
    fn end(&self, fields: Map<String, Value>) -> Result<Value, Class> {
        if self.left.is_empty() { Ok(fields.into()) } else { Err("trailing-bytes") }
    }

    /// The fields of a table, and behind them, if there may be one, an extension map.
    fn fields(&mut self, table: &Value, count: usize, extensible: bool) -> Result<Map<String, Value>, Class> {
        let fields = table.list("fields");
        let extended = extensible && count == fields.len() + 1;
        if count != fields.len() && !extended {
            return Err("wrong-arity");
        }
        let read = |field: &Value| Ok((field.text("name").into(), self.value(type_of(field))?));
        let mut found = fields.iter().map(read).collect::<Result<Map<_, _>, Class>>()?;
        if extended {
            let Head::Map(pairs) = self.next()? else { return Err("wrong-type") };
            let ext = self.pairs(pairs, SPEC["extension_map"].int("max_keys"), |key| extension(table, key))?;
            if !ext.is_empty() {
                found.insert("ext".into(), ext.into());
            }
        }
        Ok(found)
    }

    /// The pairs of a map by their keys; those without a type are stepped over.
    fn pairs<'t, F>(&mut self, pairs: usize, most: u64, type_of_key: F) -> Result<Map<String, Value>, Class>
    where
        F: Fn(&str) -> Option<&'t Value>,
    {
        if pairs as u64 > most {
            return Err("too-many-keys");
        }
        let (mut seen, mut known) = (HashSet::new(), Map::new());
        for _ in 0..pairs {
            let Head::Str(key) = self.next()? else { return Err("wrong-type") };
            let key = str::from_utf8(key).map_err(|_| "invalid-utf8")?;
            if !seen.insert(key) {
                return Err("duplicate-key");
            }
            match type_of_key(key) {
                Some(kind) => drop(known.insert(key.into(), self.value(kind)?)),
                None => self.skip(SPEC["extension_map"].int("max_nesting"))?,
            }
        }
        Ok(known)
    }

    fn value(&mut self, kind: &Value) -> Result<Value, Class> {
        let of = || &SPEC["types"][kind.text("of")];
        let as_array = self.rmp && kind["rmp"] == "array";
        Ok(match (kind.text("kind"), self.next()?) {
            (_, Head::Nil) if kind["nullable"] == true => Value::Null,
            ("uint", Head::Uint(value)) if value <= kind.long("max") => json!(value),
            ("uint64", Head::Uint(value)) => json!(value.to_string()),
            ("uint" | "uint64", Head::Uint(_) | Head::Negative) => return Err("out-of-range"),
            ("bool", Head::Bool(value)) => json!(value),
            ("str", Head::Str(text)) if kind["max_bytes"].as_u64().is_some_and(|most| text.len() as u64 > most) => {
                return Err("wrong-length");
            }
            ("str", Head::Str(text)) => json!(str::from_utf8(text).map_err(|_| "invalid-utf8")?),
            ("bytes", Head::Bin(bytes)) if !as_array => of_length(kind, bytes)?,
            ("bytes", Head::Array(count)) if as_array => {
                let byte = |_| Ok(self.value(&SPEC["types"]["u8"])?.as_u64().expect("a number") as u8);
                of_length(kind, &(0..count).map(byte).collect::<Result<Vec<_>, Class>>()?)?
            }
            ("list", Head::Array(count)) => (0..count).map(|_| self.value(of())).collect::<Result<Value, Class>>()?,
            ("map", Head::Map(pairs)) => self.pairs(pairs, kind.int("max_keys"), |_| Some(of()))?.into(),
            ("tuple", Head::Array(count)) => self.fields(kind, count, !self.rmp && !kind["ext"].is_null())?.into(),
            _ => return Err("wrong-type"),
        })
    }
}

fn of_length(kind: &Value, bytes: &[u8]) -> Result<Value, Class> {
    let wrong = kind["length"].as_u64().is_some_and(|length| length != bytes.len() as u64);
    if wrong { Err("wrong-length") } else { Ok(json!(hex(bytes))) }
}

fn written(table: &Value, name: Option<&str>, values: &Value, rmp: bool) -> Vec<u8> {
    let mut writer = Writer { out: Vec::new(), rmp };
    writer.fields(table, name, values);
    writer.out
}

struct Writer {
    out: Vec<u8>,
    rmp: bool,
}

impl Writer {
    fn fields(&mut self, table: &Value, name: Option<&str>, values: &Value) {
        let fields = table.list("fields");
        let ext = values["ext"].as_object().filter(|ext| !ext.is_empty());
        let count = fields.len() + usize::from(name.is_some()) + usize::from(ext.is_some());
        write_header(&mut self.out, ARRAY, count as u64);
        name.into_iter().for_each(|name| self.text(name));
        fields.iter().for_each(|field| self.value(type_of(field), &values[field.text("name")]));
        ext.into_iter().for_each(|ext| self.pairs(ext, |key| extension(table, key).expect("a known key")));
    }

    /// Maps of serde_json have their keys in the order of their bytes.
    fn pairs<'t>(&mut self, pairs: &Map<String, Value>, type_of_key: impl Fn(&str) -> &'t Value) {
        write_header(&mut self.out, MAP, pairs.len() as u64);
        for (key, value) in pairs {
            self.text(key);
            self.value(type_of_key(key), value);
        }
    }

    fn text(&mut self, text: &str) {
        write_header(&mut self.out, STR, text.len() as u64);
        self.out.extend(text.as_bytes());
    }

    fn value(&mut self, kind: &Value, value: &Value) {
        let of = || &SPEC["types"][kind.text("of")];
        match (kind.text("kind"), value) {
            (_, Value::Null) => self.out.push(0xc0),
            ("bool", Value::Bool(value)) => self.out.push(0xc2 + u8::from(*value)),
            ("uint", Value::Number(value)) => write_header(&mut self.out, UINT, value.as_u64().expect("no fraction")),
            ("uint64", Value::String(value)) => write_header(&mut self.out, UINT, value.parse().expect("64 bits")),
            ("str", Value::String(text)) => self.text(text),
            ("bytes", Value::String(digits)) => {
                let (bytes, as_array) = (unhex(digits), self.rmp && kind["rmp"] == "array");
                write_header(&mut self.out, if as_array { ARRAY } else { BIN }, bytes.len() as u64);
                if as_array {
                    bytes.iter().for_each(|byte| write_header(&mut self.out, UINT, (*byte).into()));
                } else {
                    self.out.extend(bytes);
                }
            }
            ("list", Value::Array(values)) => {
                write_header(&mut self.out, ARRAY, values.len() as u64);
                values.iter().for_each(|value| self.value(of(), value));
            }
            ("map", Value::Object(pairs)) => self.pairs(pairs, |_| of()),
            ("tuple", Value::Object(_)) => self.fields(kind, None, value),
            (kind, value) => panic!("{value} is no {kind}"),
        }
    }
}
