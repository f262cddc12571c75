//! The dateline that opens an agency's story: `GENEVA, March 2 (AFP) —`, `Washington [US], January 4 :`.

use crate::text::Span;

/// The parts of a dateline, as spans into the body that it opens.
/// It names a day; it never replaces the article's date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// From the first byte of the body to the end of the dash or colon that closes it.
    pub span: Span,
    /// `GENEVA`, `Washington`.
    pub place: Option<Span>,
    /// `March 2`.
    pub day: Option<Span>,
    /// `AFP`.
    pub agency: Option<Span>,
}

impl Dateline {
    /// The dateline at the start of `body`, if it has one.
    pub fn find(_body: &str) -> Option<Dateline> {
        None
    }
}
