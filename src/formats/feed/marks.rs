//! What is remembered of the items of a feed: those that come again as they were are not read again. Most of
//! what a feed brings, it has brought before.

use std::hash::{DefaultHasher, Hash, Hasher};

/// One number for each item that was read without a warning, ascending. A number stands for all that the article is
/// made of: the item as it is written, what of the feed around it counts, and who reads it.
///
/// Another compiler may give other numbers; then all is read once more, as it is where nothing is remembered. Two
/// items with one number (once in 2^64) are taken for one; who wants that can hide an item of his own feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<u64>);

impl Marks {
    pub fn new(mut marks: Vec<u64>) -> Marks {
        marks.sort_unstable();
        marks.dedup();
        Marks(marks)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// O(log n).
    pub(super) fn has(&self, mark: u64) -> bool {
        self.0.binary_search(&mark).is_ok()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|mark| mark.to_le_bytes()).collect()
    }

    /// Takes any bytes; those that [`Marks::to_bytes`] gave come back as they were.
    pub fn from_bytes(bytes: &[u8]) -> Marks {
        Marks::new(bytes.as_chunks::<8>().0.iter().map(|mark| u64::from_le_bytes(*mark)).collect())
    }
}

/// What was read of a feed before.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    pub marks: &'a Marks,
    /// What else decides what becomes of an item: other words, and all is read anew.
    pub reader: &'a str,
}

impl Earlier<'_> {
    /// Nothing was.
    pub const NOTHING: Earlier<'static> = Earlier { marks: &Marks(Vec::new()), reader: "" };
}

/// The mark of a text that is made of `texts`. Where one ends counts.
pub(super) fn mark(texts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_as_bytes() {
        let marks = Marks::new(vec![9, u64::MAX, 1, 9]);
        assert_eq!(Marks::from_bytes(&marks.to_bytes()), marks);
        assert_eq!(Marks::from_bytes(b"odd"), Marks::default());
        assert!(marks.has(9) && !marks.has(2));
        assert_ne!(mark(&["ab", "c"]), mark(&["a", "bc"]));
    }
}
