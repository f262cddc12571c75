//! Mentions: where the texts name something, and what kind of thing it is.
//!
//! In: a title and a body, cut into tokens. Out: names, each with its tokens and its kind, disjoint and in order. The
//! tagger finds names ([`recognize`]), the gazetteer corrects them ([`known`], [`adjust`]), and the rest of the article
//! settles their kinds ([`settle`]). Must not know which names are one thing.

pub mod adjust;
mod bodies;
pub mod known;
mod language;
mod lines;
mod nobody;
mod recognize;
mod settle;

use super::case;
use super::sentence::sentences;
use super::token::{Token, is_capitalised, tokens};
use crate::annotation::{Field, Kind};
use crate::language::{Language, Traits};
use crate::text::Span;
use std::ops::Range;

/// One text of the article, cut into tokens and sentences.
#[derive(Debug)]
pub struct Text<'a> {
    pub language: Language,
    pub field: Field,
    pub text: &'a str,
    pub tokens: Vec<Token>,
    /// Ranges of `tokens`, ascending and without gaps.
    pub sentences: Vec<Range<usize>>,
}

impl<'a> Text<'a> {
    pub fn read(field: Field, text: &'a str, language: Language) -> Text<'a> {
        let tokens = tokens(text, language);
        let sentences = sentences(text, &tokens, language);
        Text { language, field, text, tokens, sentences }
    }

    /// The token at `index` as written; empty outside the text.
    pub fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.span.of(self.text))
    }

    /// The token before `index` as written; empty at the start of the text.
    pub fn word_before(&self, index: usize) -> &'a str {
        index.checked_sub(1).map_or("", |index| self.word(index))
    }

    /// The traits of the token at `index`, a full stop at its end left out.
    pub fn traits(&self, index: usize) -> Traits {
        self.traits_of(self.word(index))
    }

    /// Whether the token at `index` has any of `traits`.
    pub fn is(&self, index: usize, traits: Traits) -> bool {
        self.traits(index).any(traits)
    }

    /// Whether the token before `index` has any of `traits`.
    pub fn follows(&self, index: usize, traits: Traits) -> bool {
        self.traits_of(self.word_before(index)).any(traits)
    }

    /// Whether the token at `index` has any of `traits` and is written with a capital first and no other.
    pub fn is_capitalised(&self, index: usize, traits: Traits) -> bool {
        is_capitalised(self.word(index)) && self.is(index, traits)
    }

    /// Whether the token at `index` has any of `traits` and is written without capitals.
    pub fn is_small(&self, index: usize, traits: Traits) -> bool {
        !self.word(index).contains(char::is_uppercase) && self.is(index, traits)
    }

    /// Whether the token before `index` has any of `traits` and is written without capitals.
    pub fn follows_small(&self, index: usize, traits: Traits) -> bool {
        index.checked_sub(1).is_some_and(|before| self.is_small(before, traits))
    }

    fn traits_of(&self, word: &str) -> Traits {
        self.language.traits(word.strip_suffix('.').unwrap_or(word))
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
    lines::add_persons(body, &mut names.body);
    let shouts = case::is_all_capitalised(title.text, title.language);
    names.title.retain(|name| !(shouts && case::is_run_on(title.slice(&name.tokens), body.text)));
    for (text, names) in [(title, &mut names.title), (body, &mut names.body)] {
        names.retain(|name| !is_of_another_script(text.slice(&name.tokens)));
    }
    names
}

/// Whether a text has letters that English is not written in: names in them are not guessed at.
fn is_of_another_script(name: &str) -> bool {
    !name.is_ascii() && name.chars().any(|c| c.is_alphabetic() && !is_latin(c))
}

/// Whether most letters of a text are of a script that the language is not written in.
pub fn is_mostly_of_another_script(text: &str) -> bool {
    let other = text.chars().filter(|c| c.is_alphabetic() && !is_latin(*c)).count();
    other > 0 && other * 2 > text.chars().filter(|c| c.is_alphabetic()).count()
}

fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{36f}' | '\u{1d00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}')
}
