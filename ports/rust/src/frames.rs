//! Frames: the length of the body in four bytes, and the body.

use crate::json::{Class, Fields, hex, unhex};
use serde_json::{Value, json};

pub fn frames(request: &Value) -> Result<Value, Class> {
    let (mut max_body, mut stream, mut bodies) = (request.int("max_body"), Vec::new(), Vec::new());
    let raise = &request["raise"];
    for (index, chunk) in request.list("chunks").iter().enumerate() {
        if raise["before_chunk"] == index {
            max_body = raise.int("max_body");
        }
        stream.extend(unhex(chunk.as_str().expect("chunks are bytes")));
        loop {
            match next(&mut stream, max_body) {
                Ok(Some(body)) => bodies.push(hex(body)),
                Ok(None) => break,
                Err(class) => return Ok(json!({ "bodies": bodies, "error": class, "fails_in_chunk": index })),
            }
        }
    }
    Ok(json!({ "bodies": bodies, "unfinished": stream.len() }))
}

/// The first body, once it is there; a wrong length is known before.
fn next(stream: &mut Vec<u8>, max_body: u64) -> Result<Option<Vec<u8>>, Class> {
    let Some(header) = stream.first_chunk() else { return Ok(None) };
    match u32::from_be_bytes(*header) {
        0 => Err("frame-empty"),
        length if u64::from(length) > max_body => Err("frame-too-large"),
        length if stream.len() < 4 + length as usize => Ok(None),
        length => Ok(Some(stream.drain(..4 + length as usize).skip(4).collect())),
    }
}
