//! Quotes: who says what, in marks and as reported clauses.
//!
//! In: the title and the body with their tokens and sentences, and the article's mentions and
//! entities. Out: quotes with their speakers. Must not know how names were found.

use super::token::Token;
use super::{Entity, Field, Mention, Quote};
use crate::text::Span;

/// One text of the article, cut up.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    pub field: Field,
    pub text: &'a str,
    /// Sorted and disjoint, within `text`.
    pub tokens: &'a [Token],
    /// Sorted and disjoint, within `text`.
    pub sentences: &'a [Span],
}

/// The quotes of one article, sorted by field and start; direct ones are disjoint among
/// themselves, indirect ones among themselves, and a direct one may lie within an indirect one.
///
/// `mentions` are those of both fields, sorted by field and start and disjoint, each with its
/// place in `entities`. Linear in the length of the texts; an empty text has no quotes.
pub fn find(
    _title: Passage<'_>,
    _body: Passage<'_>,
    _mentions: &[Mention],
    _entities: &[Entity],
) -> Vec<Quote> {
    Vec::new()
}
