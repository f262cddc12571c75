//! Packed files, recognised by their first bytes. gzip and zstd are unpacked while they are read.
//!
//! gzip is unpacked by safe Rust. zstd is unpacked by the C library (through `zstd`) that the library file needs too, as
//! no Rust crate learns dictionaries: one implementation, whose decoder is fuzzed continuously by its makers and allocates
//! at most 128 MiB for a window, whatever a file says.

use flate2::read::MultiGzDecoder;
use std::io::{Cursor, Error, Read, Result};
use zstd::stream::read::Decoder;

/// The ways of packing that are recognised.
pub const PACKED: &str = "gzip or zstd";

/// The most bytes that one packed file may unpack to: a few kilobytes can unpack to terabytes.
const UNPACKED_CAP: u64 = 4 << 30;

/// The content of `input`, unpacked if it is packed.
pub(super) fn unpack<'a>(mut input: impl Read + 'a) -> Result<Box<dyn Read + 'a>> {
    let mut head = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(&[0x1f, 0x8b]), head == [0x28, 0xb5, 0x2f, 0xfd]);
    let whole = Cursor::new(head).chain(input);
    Ok(match (gzip, zstd) {
        (true, _) => Box::new(Capped { input: MultiGzDecoder::new(whole), left: UNPACKED_CAP }),
        (_, true) => {
            let input = Decoder::new(whole)?;
            Box::new(Capped { input, left: UNPACKED_CAP })
        }
        _ => Box::new(whole),
    })
}

/// Fails once more than the cap has been read.
struct Capped<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = self.input.read(buffer)?;
        self.left = self
            .left
            .checked_sub(length as u64)
            .ok_or_else(|| Error::other("it unpacks to more than 4 GiB"))?;
        Ok(length)
    }
}
