//! Documents that are ZIP archives: their parts by name, unpacked in memory within bounds.

use std::cell::RefCell;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The longest part that is read, in bytes once unpacked.
const PART_CAP: u64 = 64 << 20;
/// What all parts of a document may unpack to, in bytes.
const TOTAL_CAP: u64 = 512 << 20;

/// A document that is open.
pub(super) struct Zipped<'a> {
    archive: RefCell<ZipArchive<Cursor<&'a [u8]>>>,
    left: std::cell::Cell<u64>,
}

impl<'a> Zipped<'a> {
    /// `None` if the bytes are no ZIP archive.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Zipped<'a>> {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        Some(Zipped { archive: RefCell::new(archive), left: std::cell::Cell::new(TOTAL_CAP) })
    }

    /// The names of all parts, in the order of the archive.
    pub(super) fn names(&self) -> Vec<String> {
        let archive = self.archive.borrow();
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// The content of a part; `None` if there is none of this name, or if it is broken or too long.
    pub(super) fn part(&self, name: &str) -> Option<Vec<u8>> {
        let mut archive = self.archive.borrow_mut();
        let file = archive.by_name(name).ok()?;
        let cap = PART_CAP.min(self.left.get());
        let mut bytes = Vec::new();
        file.take(cap + 1).read_to_end(&mut bytes).ok()?;
        let length = bytes.len() as u64;
        self.left.set(self.left.get().saturating_sub(length));
        (length <= cap).then_some(bytes)
    }
}
