//! MessagePack as far as the protocol has it: read in any width, written in the shortest.

use crate::json::Class;

/// A value, or the header of a container with the number of its elements or pairs.
pub enum Head<'a> {
    Nil,
    Bool(bool),
    Uint(u64),
    Negative,
    Str(&'a [u8]),
    Bin(&'a [u8]),
    Array(usize),
    Map(usize),
    FloatOrExt,
}

/// What is left to read, and whether byte strings are arrays where `rmp` has them so.
pub struct Reader<'a> {
    pub left: &'a [u8],
    pub rmp: bool,
}

impl<'a> Reader<'a> {
    pub fn next(&mut self) -> Result<Head<'a>, Class> {
        let first = self.uint(1)? as u8;
        // Within a family the width doubles from one first byte to the next.
        let wide = |base: u8| 1 << (first - base);
        Ok(match first {
            0x00..=0x7f => Head::Uint(first.into()),
            0x80..=0x8f => self.container(Head::Map, (first & 15).into(), 2)?,
            0x90..=0x9f => self.container(Head::Array, (first & 15).into(), 1)?,
            0xa0..=0xbf => Head::Str(self.take((first & 31).into())?),
            0xc0 => Head::Nil,
            0xc1 => return Err("reserved-byte"),
            0xc2..=0xc3 => Head::Bool(first == 0xc3),
            0xc4..=0xc6 => Head::Bin(self.sized(wide(0xc4), 0)?),
            0xc7..=0xc9 => self.sized(wide(0xc7), 1).map(|_| Head::FloatOrExt)?,
            0xca..=0xcb => self.take(4 * wide(0xca)).map(|_| Head::FloatOrExt)?,
            0xcc..=0xcf => Head::Uint(self.uint(wide(0xcc))?),
            0xd0..=0xd3 => match self.uint(wide(0xd0))? {
                value if value >> (8 * wide(0xd0) - 1) == 1 => Head::Negative,
                value => Head::Uint(value),
            },
            0xd4..=0xd8 => self.take(1 + wide(0xd4)).map(|_| Head::FloatOrExt)?,
            0xd9..=0xdb => Head::Str(self.sized(wide(0xd9), 0)?),
            0xdc..=0xdd => self.uint(2 * wide(0xdc)).and_then(|count| self.container(Head::Array, count, 1))?,
            0xde..=0xdf => self.uint(2 * wide(0xde)).and_then(|pairs| self.container(Head::Map, pairs, 2))?,
            0xe0..=0xff => Head::Negative,
        })
    }

    /// Steps over one value of any form that nests at most so many containers.
    pub fn skip(&mut self, nesting: u64) -> Result<(), Class> {
        let inside = match self.next()? {
            Head::Array(count) => count,
            Head::Map(pairs) => 2 * pairs,
            _ => return Ok(()),
        };
        let nesting = nesting.checked_sub(1).ok_or("too-deep")?;
        (0..inside).try_for_each(|_| self.skip(nesting))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Class> {
        self.left.split_off(..length).ok_or("truncated")
    }

    fn uint(&mut self, width: usize) -> Result<u64, Class> {
        Ok(self.take(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn sized(&mut self, width: usize, type_byte: usize) -> Result<&'a [u8], Class> {
        let length = self.uint(width)? as usize;
        self.take(length + type_byte)
    }

    /// Each value that a container announces has at least a byte.
    fn container(&self, head: fn(usize) -> Head<'a>, count: u64, values: u64) -> Result<Head<'a>, Class> {
        if count * values > self.left.len() as u64 { Err("truncated") } else { Ok(head(count as usize)) }
    }
}

/// The headers of a family: so many in one byte from the first on, the others with a length of one byte or two and up.
pub struct Family(u8, u64, u8, usize);

pub const UINT: Family = Family(0x00, 128, 0xcc, 1);
pub const STR: Family = Family(0xa0, 32, 0xd9, 1);
pub const BIN: Family = Family(0x00, 0, 0xc4, 1);
pub const ARRAY: Family = Family(0x90, 16, 0xdc, 2);
pub const MAP: Family = Family(0x80, 16, 0xde, 2);

pub fn write_header(out: &mut Vec<u8>, Family(fix, fixed, mut first, mut width): Family, value: u64) {
    if value < fixed {
        return out.push(fix | value as u8);
    }
    while width < 8 && value >> (8 * width) != 0 {
        (first, width) = (first + 1, 2 * width);
    }
    out.push(first);
    out.extend(&value.to_be_bytes()[8 - width..]);
}
