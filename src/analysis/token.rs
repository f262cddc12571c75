//! Tokens and sentences, by byte offsets.

use crate::text::Span;

/// One word, number or mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
}
