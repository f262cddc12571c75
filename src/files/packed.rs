//! Packed files, recognised by their first bytes (brotli, which has none, by the name). They are unpacked while they are
//! read, whatever their length: what is made of the content has its own limits, and the rest is not unpacked once nothing
//! more would be read.
//!
//! gzip, bzip2, xz and brotli are unpacked by Rust. zstd is unpacked by the C library (through `zstd`) that the library
//! file needs too, as no Rust crate learns dictionaries: one implementation, whose decoder is fuzzed continuously by its
//! makers and allocates at most 128 MiB for a window, whatever a file says.

use brotli_decompressor::Decompressor;
use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use std::io::{Read, Result};
use zstd::stream::read::Decoder;

/// The ways of packing that are recognised.
pub const PACKED: &str = "gzip, bzip2, xz, zstd or brotli";
/// The ends of the names of packed files, which say nothing about what is in them.
pub(super) const ENDINGS: [&str; 7] = ["gz", "bz2", "xz", "zst", "zstd", "br", "gzip"];
/// The size of the buffer of brotli, in bytes.
const BROTLI_BUFFER: usize = 32 << 10;

/// A way of packing one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Brotli,
}

impl Packing {
    /// The way in which a file that begins with `head` is packed. `name` is its name.
    pub(super) fn of(head: &[u8], name: &str) -> Option<Packing> {
        let bzip2 = head.starts_with(b"BZh") && head.get(3).is_some_and(|size| (b'1'..=b'9').contains(size));
        match head {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packing::Xz),
            _ if bzip2 => Some(Packing::Bzip2),
            _ if name.to_ascii_lowercase().ends_with(".br") => Some(Packing::Brotli),
            _ => None,
        }
    }

    /// The content of `input`.
    pub(super) fn unpack<'a>(self, input: impl Read + 'a) -> Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Packing::Gzip => Box::new(MultiGzDecoder::new(input)),
            Packing::Bzip2 => Box::new(MultiBzDecoder::new(input)),
            Packing::Xz => Box::new(XzReader::new(input, true)),
            Packing::Zstd => Box::new(Decoder::new(input)?),
            Packing::Brotli => Box::new(Decompressor::new(input, BROTLI_BUFFER)),
        })
    }
}
