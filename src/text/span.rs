//! A byte span into a text that no longer changes.

use serde::{Deserialize, Serialize};

/// Half-open range of UTF-8 byte offsets, `start..end`, into one canonical text
/// (an article's title or its body; the owner of the span knows which).
///
/// Invariants: `start <= end`, which [`Span::new`] asserts, and both ends lie on character
/// boundaries of the text that the span was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Makes the span `start..end`, in bytes. Panics if `start > end` or if `end` is 4 GiB or more.
    pub fn new(start: usize, end: usize) -> Span {
        assert!(start <= end, "span {start}..{end} runs backwards");
        let narrow = |n: usize| u32::try_from(n).expect("texts are under 4 GiB: the cleaner caps them");
        Span { start: narrow(start), end: narrow(end) }
    }

    /// The part of `text` that the span covers. Panics if the span does not fit `text`, which means that
    /// it was made for another text.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Like [`Span::of`], but returns `None` for a span that does not fit `text`.
    pub fn get(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether every byte of `other` is within `self`.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}
