//! The items of a feed that were read before, so that an unchanged item is not read again. Most of what a feed
//! delivers, it has delivered before.

use std::hash::{DefaultHasher, Hash, Hasher};

/// One fingerprint for each item that was read without a warning, sorted and without duplicates. A fingerprint
/// covers everything that the article is made of: the item as it is written, the parts of the feed around it that
/// matter, and the version of the reader.
///
/// A program built by another compiler may compute other fingerprints; every item is then read once more. Two items
/// with the same fingerprint (a chance of one in 2^64) are taken for one. A publisher could exploit this, but only
/// to hide an item of its own feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenItems(Vec<u64>);

impl SeenItems {
    /// Takes fingerprints in any order.
    pub(super) fn new(mut fingerprints: Vec<u64>) -> SeenItems {
        fingerprints.sort_unstable();
        fingerprints.dedup();
        SeenItems(fingerprints)
    }

    /// Whether no item has been read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the item with this fingerprint was read. O(log n).
    pub(super) fn has(&self, fingerprint: u64) -> bool {
        self.0.binary_search(&fingerprint).is_ok()
    }

    /// Eight bytes for each fingerprint, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|fingerprint| fingerprint.to_le_bytes()).collect()
    }

    /// Accepts any bytes. The result of [`SeenItems::to_bytes`] gives an equal value; a rest of fewer than eight bytes is
    /// ignored.
    pub fn from_bytes(bytes: &[u8]) -> SeenItems {
        SeenItems::new(bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect())
    }
}

/// What is known from the last time that a feed was read.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// The items that were read then.
    pub seen: &'a SeenItems,
    /// The version of whatever else affects the result. If it differs from last time, every item is read again.
    pub reader: &'a str,
}

impl Earlier<'_> {
    /// The feed has never been read.
    pub const NOTHING: Earlier<'static> = Earlier { seen: &SeenItems(Vec::new()), reader: "" };
}

/// The fingerprint of `texts`. The boundaries between them count.
pub(super) fn fingerprint(texts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_survive_as_bytes() {
        let seen = SeenItems::new(vec![9, u64::MAX, 1, 9]);
        assert_eq!(SeenItems::from_bytes(&seen.to_bytes()), seen);
        assert_eq!(SeenItems::from_bytes(b"odd"), SeenItems::default());
        assert!(seen.has(9) && !seen.has(2));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
