//! The ZIP of a bundle, read so strictly that no byte of it is free.
//!
//! An ordinary reader skips what it does not need: times, attributes, gaps, comments. Here each header is built anew
//! from the few values it may choose (name, size, CRC-32, place) and compared byte for byte with what is there.

use std::fmt;

use super::crc::{changed_byte, crc32};
use super::fault::Fault;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;

/// "Made by" Unix, version 1.0.
const MADE_BY: u16 = 0x030a;
/// What a reader must support: 1.0, that is, no more than stored entries.
const NEEDED: u16 = 10;
/// 1980-01-01, the day on which ZIP time begins.
const DATE: u16 = 0x0021;
/// A plain file that all may read and its owner may write.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// One file of the bundle.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub name: &'a str,
    pub content: &'a [u8],
    /// Where the content begins in the ZIP.
    pub offset: u64,
    crc: u32,
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({} bytes at {})",
            self.name,
            self.content.len(),
            self.offset
        )
    }
}

impl Entry<'_> {
    /// Whether the content has the CRC-32 that the headers state.
    pub fn has_its_crc(&self) -> bool {
        crc32(self.content) == self.crc
    }

    /// The one byte in which the content differs from what was packed, if it is one, and the byte that it was.
    /// `is_right` judges the content with that byte put back.
    pub fn changed_byte(&self, is_right: impl Fn(&[u8]) -> bool) -> Option<Fault> {
        let (position, was) = changed_byte(self.content, self.crc)?;
        let mut right = self.content.to_vec();
        let byte = right.get_mut(position)?;
        let is = std::mem::replace(byte, was);
        let lines = self
            .content
            .get(..position)?
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        is_right(&right).then(|| Fault {
            line: Some(lines as u64 + 1),
            offset: Some(self.offset + position as u64),
            ..self.fault(format!(
                "the byte {is:#04x} was {was:#04x} when the bundle was made"
            ))
        })
    }

    /// A fault of the file as a whole.
    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault {
            file: self.name.to_owned(),
            line: None,
            offset: Some(self.offset),
            what: what.into(),
        }
    }
}

/// All files of a bundle, in the order of their names.
#[derive(Debug)]
pub struct Archive<'a> {
    entries: Vec<Entry<'a>>,
}

impl<'a> Archive<'a> {
    /// Reads the structure; the content is judged elsewhere.
    pub fn read(zip: &'a [u8]) -> Result<Self, Fault> {
        let end_at = zip
            .len()
            .checked_sub(END_SIZE)
            .ok_or_else(|| at(0, "the file is too short to be a ZIP"))?;
        let count = u16_at(zip, end_at + 10);
        let directory_size = u32_at(zip, end_at + 12);
        let directory_at = u32_at(zip, end_at + 16);
        compare(
            zip,
            end_at,
            &end(count, directory_size, directory_at),
            "the end of the central directory",
            &END_FIELDS,
        )
        .map_err(|fault| Fault {
            what: format!("{}{}", fault.what, cut_off(zip, end_at)),
            ..fault
        })?;
        if index(directory_at).checked_add(index(directory_size)) != Some(end_at) {
            return Err(at(
                end_at + 12,
                "the central directory does not end where the end record begins",
            ));
        }

        let mut entries: Vec<Entry<'a>> = Vec::new();
        let (mut central_at, mut local_at) = (index(directory_at), 0);
        for _ in 0..count {
            let name_size = u16_at(zip, central_at + 28);
            let name = zip
                .get(central_at + CENTRAL_SIZE..central_at + CENTRAL_SIZE + usize::from(name_size))
                .and_then(|name| std::str::from_utf8(name).ok())
                .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()))
                .ok_or_else(|| {
                    at(
                        central_at + 28,
                        "the central directory has a file name that cannot be read",
                    )
                })?;
            let (crc, size) = (u32_at(zip, central_at + 16), u32_at(zip, central_at + 20));
            let place = u32::try_from(local_at)
                .map_err(|_| at(central_at + 42, "the ZIP is larger than 4 GiB"))?;
            let whole = format!("the central directory entry of `{name}`");
            compare(
                zip,
                central_at,
                &central(name, crc, size, place),
                &whole,
                &CENTRAL_FIELDS,
            )?;
            let whole = format!("the local header of `{name}`");
            compare(
                zip,
                local_at,
                &local(name, crc, size),
                &whole,
                &LOCAL_FIELDS,
            )
            .map_err(|fault| or_in_the_directory(fault, local_at, central_at))?;
            if entries.last().is_some_and(|before| before.name >= name) {
                return Err(at(
                    central_at + CENTRAL_SIZE,
                    format!("`{name}` is twice in the ZIP or out of order"),
                ));
            }
            let content_at = local_at + LOCAL_SIZE + name.len();
            local_at = content_at + index(size);
            let content = zip
                .get(content_at..local_at)
                .filter(|_| local_at <= index(directory_at))
                .ok_or_else(|| {
                    at(
                        central_at + 20,
                        format!("`{name}` reaches into the central directory"),
                    )
                })?;
            entries.push(Entry {
                name,
                content,
                offset: content_at as u64,
                crc,
            });
            central_at += CENTRAL_SIZE + name.len();
        }
        if central_at != end_at {
            return Err(at(
                central_at,
                "the central directory has bytes that belong to no file",
            ));
        }
        if local_at != index(directory_at) {
            return Err(at(local_at, "there are bytes that belong to no file"));
        }
        Ok(Self { entries })
    }

    /// The files, in the order of their names.
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// The file of this name.
    pub fn get(&self, name: &str) -> Result<Entry<'a>, Fault> {
        self.entries
            .iter()
            .find(|entry| entry.name == name)
            .copied()
            .ok_or_else(|| Fault {
                file: name.to_owned(),
                line: None,
                offset: None,
                what: "the file is missing".to_owned(),
            })
    }
}

/// Where each field of a header begins, so that a fault can name it.
const LOCAL_FIELDS: [(usize, &str); 12] = [
    (0, "signature"),
    (4, "version needed"),
    (6, "flags"),
    (8, "method (must be stored)"),
    (10, "time"),
    (12, "date"),
    (14, "CRC-32"),
    (18, "compressed size"),
    (22, "size"),
    (26, "length of the name"),
    (28, "length of the extra field (must be none)"),
    (30, "name"),
];
const CENTRAL_FIELDS: [(usize, &str); 17] = [
    (0, "signature"),
    (4, "version made by"),
    (6, "version needed"),
    (8, "flags"),
    (10, "method (must be stored)"),
    (12, "time"),
    (14, "date"),
    (16, "CRC-32"),
    (20, "compressed size"),
    (24, "size"),
    (28, "length of the name"),
    (30, "length of the extra field (must be none)"),
    (32, "length of the comment (must be none)"),
    (34, "disk and internal attributes"),
    (38, "external attributes"),
    (42, "place of the local header"),
    (46, "name"),
];
const END_FIELDS: [(usize, &str); 7] = [
    (0, "signature (or bytes follow the ZIP)"),
    (4, "disk numbers"),
    (8, "files on this disk"),
    (10, "files"),
    (12, "size of the central directory"),
    (16, "place of the central directory"),
    (20, "length of the comment (must be none)"),
];

fn local(name: &str, crc: u32, size: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(LOCAL_SIZE + name.len());
    header.extend(LOCAL.to_le_bytes());
    for field in [NEEDED, 0, 0, 0, DATE] {
        header.extend(field.to_le_bytes());
    }
    for field in [crc, size, size] {
        header.extend(field.to_le_bytes());
    }
    for field in [length(name), 0] {
        header.extend(field.to_le_bytes());
    }
    header.extend(name.as_bytes());
    header
}

fn central(name: &str, crc: u32, size: u32, place: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(CENTRAL_SIZE + name.len());
    header.extend(CENTRAL.to_le_bytes());
    for field in [MADE_BY, NEEDED, 0, 0, 0, DATE] {
        header.extend(field.to_le_bytes());
    }
    for field in [crc, size, size] {
        header.extend(field.to_le_bytes());
    }
    for field in [length(name), 0, 0, 0, 0] {
        header.extend(field.to_le_bytes());
    }
    for field in [ATTRIBUTES, place] {
        header.extend(field.to_le_bytes());
    }
    header.extend(name.as_bytes());
    header
}

fn end(count: u16, size: u32, place: u32) -> Vec<u8> {
    let mut record = Vec::with_capacity(END_SIZE);
    record.extend(END.to_le_bytes());
    for field in [0, 0, count, count] {
        record.extend(field.to_le_bytes());
    }
    for field in [size, place] {
        record.extend(field.to_le_bytes());
    }
    record.extend(0_u16.to_le_bytes());
    record
}

fn compare(
    zip: &[u8],
    from: usize,
    wanted: &[u8],
    whole: &str,
    fields: &[(usize, &str)],
) -> Result<(), Fault> {
    let there = zip
        .get(from..from.saturating_add(wanted.len()))
        .unwrap_or_default();
    let different = wanted
        .iter()
        .enumerate()
        .find(|(position, byte)| there.get(*position) != Some(byte));
    let Some((position, wanted)) = different else {
        return Ok(());
    };
    let field = fields
        .iter()
        .rev()
        .find(|(begin, _)| *begin <= position)
        .map_or("", |(_, field)| *field);
    let found = there
        .get(position)
        .map_or("the end of the file".to_owned(), |byte| {
            format!("{byte:#04x}")
        });
    Err(at(
        from + position,
        format!("{whole} has {found} where {wanted:#04x} belongs, in its {field}"),
    ))
}

/// A header and its entry in the directory contradict each other: both places are named, for either may be the changed
/// one.
fn or_in_the_directory(mut fault: Fault, local_at: usize, central_at: usize) -> Fault {
    let place = fault
        .offset
        .map_or(0, |offset| (offset as usize).saturating_sub(local_at));
    let twin = match place {
        14..26 => place + 2,
        LOCAL_SIZE.. => place - LOCAL_SIZE + CENTRAL_SIZE,
        _ => return fault,
    };
    fault.what += &format!(
        "; or byte {} of the ZIP is wrong, in the central directory",
        central_at + twin
    );
    fault
}

/// What to add where the file begins as a ZIP and does not end as one.
fn cut_off(zip: &[u8], end_at: usize) -> &'static str {
    let signature = END.to_le_bytes();
    let wrong = signature
        .iter()
        .enumerate()
        .filter(|(place, byte)| zip.get(end_at + place) != Some(byte));
    if u32_at(zip, 0) == LOCAL && wrong.count() > 1 {
        "; the file was probably cut off: fetch it again"
    } else {
        ""
    }
}

fn at(offset: usize, what: impl Into<String>) -> Fault {
    Fault {
        file: "(the ZIP itself)".to_owned(),
        line: None,
        offset: Some(offset as u64),
        what: what.into(),
    }
}

fn length(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Two bytes, or zero beyond the end: the comparison that follows finds what is missing.
fn u16_at(zip: &[u8], from: usize) -> u16 {
    zip.get(from..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .map_or(0, u16::from_le_bytes)
}

fn u32_at(zip: &[u8], from: usize) -> u32 {
    zip.get(from..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .map_or(0, u32::from_le_bytes)
}
