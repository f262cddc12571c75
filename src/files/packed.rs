//! Packed files, told by their first bytes: gzip and zstd are unpacked while they are read.

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::io::{Cursor, Error, Read, Result};

/// Most bytes that one packed file may unpack to: a few kilobytes can hold terabytes of nothing.
const UNPACKED_CAP: u64 = 4 << 30;

/// What is in `input`, unpacked if it is packed.
pub(super) fn unpack<'a>(mut input: impl Read + 'a) -> Result<Box<dyn Read + 'a>> {
    let mut head = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(&[0x1f, 0x8b]), head == [0x28, 0xb5, 0x2f, 0xfd]);
    let whole = Cursor::new(head).chain(input);
    Ok(match (gzip, zstd) {
        (true, _) => Box::new(Capped { input: MultiGzDecoder::new(whole), left: UNPACKED_CAP }),
        (_, true) => {
            let input = StreamingDecoder::new(whole).map_err(Error::other)?;
            Box::new(Capped { input, left: UNPACKED_CAP })
        }
        _ => Box::new(whole),
    })
}

/// Fails where more comes than it should.
struct Capped<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = self.input.read(buffer)?;
        self.left =
            self.left.checked_sub(length as u64).ok_or_else(|| Error::other("it unpacks to over 4 GiB"))?;
        Ok(length)
    }
}
