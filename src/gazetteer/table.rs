//! The format of the table, which is read in place.
//!
//! All numbers are little-endian. The header is the magic `DLGZ`, the version (u16), the number of records (u16),
//! the number of slots (u32), and the FNV-1a checksum of everything after it (u64). Then follow the offsets of the
//! records, one more than there are records (u32 each); the slots, which use open addressing with linear probing
//! (check value u32, record u16, facets u16; a check value of 0 means empty); and the records. A record is a head
//! byte (the number of countries in bits 0-2, of places in bits 3-5, [`DECIDED`], [`HAS_ORG`]), that many indexes of
//! countries for each of the two lists, and the organisation (u16) if the head says so.

use super::{Entry, Key};
use std::fmt;
use std::sync::OnceLock;

pub(super) const MAGIC: &[u8; 4] = b"DLGZ";
/// To be increased with any change of the layout or of the meaning of the keys.
pub(super) const VERSION: u16 = 1;
pub(super) const HEADER: usize = 20;
pub(super) const SLOT: usize = 8;
/// The first place is meant where nothing else decides.
pub(super) const DECIDED: u8 = 1 << 6;
/// The record ends with the id of an organisation.
pub(super) const HAS_ORG: u8 = 1 << 7;
/// The largest number of countries in one list of a record.
#[cfg(feature = "train")]
pub(super) const MOST: usize = 7;

static BYTES: &[u8] = include_bytes!("../../assets/gazetteers/names.bin");

/// Why the table cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The bytes are not a table of names, or one of another version.
    Format,
    /// The bytes have changed since the table was built.
    Checksum,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Damage::Format => "the table of names has another version than the program: build dateline again",
            Damage::Checksum => "the table of names is damaged: install dateline again",
        })
    }
}

impl std::error::Error for Damage {}

/// A table that has been checked; it is empty if the check failed.
pub(super) struct Table {
    offsets: &'static [u8],
    slots: &'static [u8],
    records: &'static [u8],
}

/// Checks that the table in the program can be used. If not, no name is known in advance.
pub fn check() -> Result<(), Damage> {
    Table::open(BYTES).map(|_| ())
}

impl Table {
    pub(super) fn shipped() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(BYTES).unwrap_or(Table { offsets: &[], slots: &[], records: &[] }))
    }

    fn open(bytes: &'static [u8]) -> Result<Table, Damage> {
        let (header, rest) = bytes.split_at_checked(HEADER).ok_or(Damage::Format)?;
        let number = |at: usize, width: usize| {
            header[at..at + width].iter().rev().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte))
        };
        if &header[..4] != MAGIC || number(4, 2) != u64::from(VERSION) {
            return Err(Damage::Format);
        }
        if number(12, 8) != checksum(rest) {
            return Err(Damage::Checksum);
        }
        let (records, slots) = (number(6, 2) as usize, number(8, 4) as usize);
        let (offsets, rest) = rest.split_at_checked(4 * (records + 1)).ok_or(Damage::Format)?;
        let (slots, records) = rest.split_at_checked(SLOT * slots).ok_or(Damage::Format)?;
        Ok(Table { offsets, slots, records })
    }

    pub(super) fn get(&self, key: Key) -> Option<Entry> {
        let slots = self.slots.len() / SLOT;
        let (mut slot, wanted) = key.place(slots);
        // The builder leaves some slots empty, so the search ends; the bound is for damaged tables.
        for _ in 0..slots {
            let bytes = self.slots.get(slot * SLOT..)?.first_chunk::<SLOT>()?;
            let [a, b, c, d, e, f, g, h] = *bytes;
            let check = u32::from_le_bytes([a, b, c, d]);
            if check == 0 {
                return None;
            }
            if check == wanted {
                return self.entry(u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h]));
            }
            slot = if slot + 1 == slots { 0 } else { slot + 1 };
        }
        None
    }

    fn entry(&self, record: u16, facets: u16) -> Option<Entry> {
        let offset = |index: usize| {
            let bytes = self.offsets.get(4 * index..)?.first_chunk::<4>()?;
            Some(u32::from_le_bytes(*bytes) as usize)
        };
        let (start, end) = (offset(usize::from(record))?, offset(usize::from(record) + 1)?);
        Some(Entry { facets, record: self.records.get(start..end)? })
    }
}

/// Computes FNV-1a over words of eight bytes, and then over the remaining bytes one by one.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let step = |sum: u64, value: u64| (sum ^ value).wrapping_mul(0x0000_0100_0000_01b3);
    let words = bytes.chunks_exact(8);
    let rest = words.remainder();
    let sum = words.fold(0xcbf2_9ce4_8422_2325, |sum, word| {
        step(sum, word.iter().rev().fold(0, |value, byte| (value << 8) | u64::from(*byte)))
    });
    rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Damage, HEADER, Table};

    fn opened(bytes: Vec<u8>) -> Option<Damage> {
        Table::open(Vec::leak(bytes)).err()
    }

    #[test]
    fn damage_is_reported_without_a_panic() {
        assert_eq!(opened(Vec::new()), Some(Damage::Format));
        assert_eq!(opened(b"DLGZ".repeat(9)), Some(Damage::Format));
        let mut bytes = BYTES.to_vec();
        bytes[HEADER + 100] ^= 1;
        assert_eq!(opened(bytes), Some(Damage::Checksum));
        assert_eq!(opened(BYTES[..BYTES.len() - 1].to_vec()), Some(Damage::Checksum));
    }
}
