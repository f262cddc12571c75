//! Mentions: where the texts name something, and what sort of thing.
//!
//! In: a title and a body, cut up. Out: names, each with its tokens and its kind, disjoint and in order. Layers, in
//! the order of precedence: what the dictionary proves ([`known`], applied by [`adjust`]), what the recogniser finds,
//! what the rest of the article decides. Which names are one thing is not decided here.

pub mod adjust;
pub mod known;
mod language;
mod recognize;
mod settle;
pub mod words;

use super::sentence::sentences;
use super::token::{Token, tokens};
use crate::annotation::{Field, Kind};
use crate::text::Span;
use std::ops::Range;

/// One text of the article, cut up.
#[derive(Debug)]
pub struct Text<'a> {
    pub field: Field,
    pub text: &'a str,
    pub tokens: Vec<Token>,
    /// Ranges of `tokens`, ascending and without gaps.
    pub sentences: Vec<Range<usize>>,
}

impl<'a> Text<'a> {
    pub fn read(field: Field, text: &'a str) -> Text<'a> {
        let tokens = tokens(text);
        let sentences = sentences(text, &tokens);
        Text { field, text, tokens, sentences }
    }

    /// The token at `index` as written; empty outside the text.
    pub fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.span.of(self.text))
    }

    /// The token before `index` as written; empty at the start of the text.
    pub fn word_before(&self, index: usize) -> &'a str {
        index.checked_sub(1).map_or("", |index| self.word(index))
    }

    /// The bytes that a non-empty range of tokens covers.
    pub fn span(&self, tokens: &Range<usize>) -> Span {
        match (self.tokens.get(tokens.start), self.tokens.get(tokens.end.saturating_sub(1))) {
            (Some(first), Some(last)) if first.span.start <= last.span.end => {
                Span { start: first.span.start, end: last.span.end }
            }
            _ => Span::new(0, 0),
        }
    }

    /// What the range of tokens says.
    pub fn slice(&self, tokens: &Range<usize>) -> &'a str {
        self.span(tokens).of(self.text)
    }

    /// Whether no blank stands between token `index` and the one before it.
    pub fn is_tight(&self, index: usize) -> bool {
        match (index.checked_sub(1).and_then(|before| self.tokens.get(before)), self.tokens.get(index)) {
            (Some(before), Some(here)) => before.span.end == here.span.start,
            _ => false,
        }
    }
}

/// A name as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Indexes into the tokens of its text; never empty.
    pub tokens: Range<usize>,
    pub kind: Kind,
}

/// The names of an article, each list disjoint and in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub title: Vec<Name>,
    pub body: Vec<Name>,
}

/// The names in an article.
pub fn find(title: &Text<'_>, body: &Text<'_>) -> Names {
    let [in_title, in_body] = recognize::find(title, body);
    let mut names = Names {
        title: adjust::adjust(title, &known::find(title), &in_title),
        body: adjust::adjust(body, &known::find(body), &in_body),
    };
    settle::settle(title, body, &mut names);
    names
}
