//! How the sets of a segment are stored: consecutive keys share a block of some 2,000 bytes, in which each key
//! is written without the bytes that it shares with the key before it. A row for each set would mean sixty times
//! as many rows.
//!
//! Keys in ascending order and sets as `sets::encode` wrote them go in; blocks that are found by their first
//! keys come out. Damaged blocks yield fewer keys or other keys. Must not know what the keys mean.
//!
//! No crate serves: block formats come with a file and a cache of their own (the tables of RocksDB, the dictionary
//! of tantivy), while these blocks are rows of the library's one file and change in its transactions.

use crate::library::store::file::varint::{put_varint, take_varint};

/// The most bytes of a block, unless its only set is longer. Four blocks, with their first keys, fill a page of
/// 8,192 bytes: SQLite moves a part of a longer row to a page of its own.
const MOST: usize = 1_980;

/// Keys and their sets; `first` is the first key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub first: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// Fills blocks.
#[derive(Default)]
pub struct Builder {
    block: Block,
    last: Vec<u8>,
    full: Vec<Block>,
}

impl Builder {
    /// Adds a set; `key` is greater than all keys before it.
    pub fn push(&mut self, key: &[u8], places: &[u8]) {
        // Three numbers of at most three bytes each: no set is longer than 8,193 bytes.
        let longest = key.len() + places.len() + 9;
        let used = self.block.first.len() + self.block.bytes.len();
        if !self.block.bytes.is_empty() && used + longest > MOST {
            self.full.push(std::mem::take(&mut self.block));
        }
        if self.block.bytes.is_empty() {
            self.block.first.extend_from_slice(key);
            self.last.clear();
        }
        let shared = std::iter::zip(&self.last, key).take_while(|(a, b)| a == b).count();
        let rest = key.get(shared..).unwrap_or_default();
        let bytes = &mut self.block.bytes;
        put_varint(shared as u64, bytes);
        put_varint(rest.len() as u64, bytes);
        bytes.extend_from_slice(rest);
        put_varint(places.len() as u64, bytes);
        bytes.extend_from_slice(places);
        self.last.truncate(shared);
        self.last.extend_from_slice(rest);
    }

    /// All blocks, in ascending order of their first keys.
    pub fn finish(mut self) -> Vec<Block> {
        if !self.block.bytes.is_empty() {
            self.full.push(self.block);
        }
        self.full
    }
}

/// Walks the sets of a block.
pub struct Walk<'a> {
    bytes: &'a [u8],
    key: Vec<u8>,
}

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a [u8]) -> Walk<'a> {
        Walk { bytes, key: Vec::new() }
    }

    /// The key of the set that [`Walk::step`] returned last.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Whether all bytes were read.
    pub fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next set; `None` at the end.
    pub fn step(&mut self) -> Option<&'a [u8]> {
        step(&mut self.bytes, &mut self.key)
    }
}

/// Takes one set off the front of `bytes`; its key replaces the previous one in `key`.
pub fn step<'a>(bytes: &mut &'a [u8], key: &mut Vec<u8>) -> Option<&'a [u8]> {
    let shared = usize::try_from(take_varint(bytes)?).ok()?;
    let rest = take(bytes)?;
    key.truncate(shared);
    key.extend_from_slice(rest);
    take(bytes)
}

/// Takes a number and as many bytes off the front of `bytes`.
fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_varint(bytes)?).ok()?;
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// The set of `key`; `None` if the block has none.
pub fn find<'a>(bytes: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut walk = Walk::new(bytes);
    while let Some(places) = walk.step() {
        match walk.key().cmp(key) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => return Some(places),
            std::cmp::Ordering::Greater => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn all_sets_are_found_in_the_block_whose_first_key_is_the_last_not_above(
            sets in proptest::collection::btree_map("[abé]{0,7}", proptest::collection::vec(any::<u8>(), 0..400), 0..60)
        ) {
            let sets: BTreeMap<Vec<u8>, Vec<u8>> =
                sets.into_iter().map(|(key, places)| (key.into_bytes(), places)).collect();
            let mut builder = Builder::default();
            sets.iter().for_each(|(key, places)| builder.push(key, places));
            let blocks = builder.finish();
            let in_block = |key: &[u8]| {
                let at = blocks.partition_point(|block| block.first.as_slice() <= key);
                find(&blocks.get(at.checked_sub(1)?)?.bytes, key)
            };
            for (key, places) in &sets {
                prop_assert_eq!(in_block(key), Some(places.as_slice()));
            }
            prop_assert_eq!(in_block(b"c"), None);
            let mut walked = Vec::new();
            for block in &blocks {
                prop_assert!(block.bytes.len() <= MOST);
                let mut walk = Walk::new(&block.bytes);
                while let Some(places) = walk.step() {
                    walked.push((walk.key().to_vec(), places.to_vec()));
                }
            }
            prop_assert_eq!(walked, sets.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn damaged_blocks_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            find(&bytes, b"key");
        }
    }
}
