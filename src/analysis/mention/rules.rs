//! Names by rule: titles, forenames and runs of capitals make people, endings and short forms organisations.
//!
//! In: a text and the names in it that the gazetteer knows. Out: names, disjoint and in order. Precision before recall:
//! a run of capitals about which nothing is known is left alone.

use super::Text;
use super::known::Known;
use super::words::{ends_org, is_opener, is_particle, is_title};
use crate::analysis::gazetteer::{self, Facet};
use crate::analysis::tagger::{Name, NameKind};
use crate::analysis::token::Class;
use std::ops::Range;

/// The names of `text`.
pub fn find(text: &Text<'_>, known: &[Known]) -> Vec<Name> {
    let mut names = Vec::new();
    let mut known = known.iter().peekable();
    for sentence in &text.sentences {
        let mut at = sentence.start;
        while at < sentence.end {
            while known.peek().is_some_and(|known| known.tokens.start < at) {
                known.next();
            }
            let here = known.peek().filter(|known| known.tokens.start == at);
            let name = match here {
                Some(known) => Some(from_known(text, sentence, known)),
                None => run(text, sentence, at).and_then(|run| from_run(text, sentence, run)),
            };
            at = match name {
                Some(name) => {
                    let end = name.words.end;
                    names.push(name);
                    end
                }
                None => at + 1,
            };
        }
    }
    names
}

fn is_capital(text: &Text<'_>, at: usize) -> bool {
    text.tokens.get(at).is_some_and(|token| token.class == Class::Word && token.capital)
}

/// A known name, or the longer one that it opens: `Manchester United`, `Paris Hilton`.
fn from_known(text: &Text<'_>, sentence: &Range<usize>, known: &Known) -> Name {
    let entry = known.entry;
    let tokens = known.tokens.clone();
    let kind = if entry.is(Facet::Country) || entry.is(Facet::People) {
        NameKind::Location
    } else if entry.is(Facet::Org) {
        NameKind::Organization
    } else {
        NameKind::Location
    };
    if kind == NameKind::Location
        && let Some(run) = run(text, sentence, tokens.start)
        && run.end > tokens.end
    {
        if ends_org(text.word(run.end - 1)) {
            return Name { margin: 0, words: run, kind: NameKind::Organization };
        }
        if tokens.len() == 1 && is_forename(text.word(tokens.start)) {
            return Name { margin: 0, words: run, kind: NameKind::Person };
        }
    }
    Name { words: tokens, kind, margin: 0 }
}

/// Capitals from `at` on, with the small words and hyphens between them.
fn run(text: &Text<'_>, sentence: &Range<usize>, at: usize) -> Option<Range<usize>> {
    let opens = at == sentence.start || matches!(text.word_before(at), "\"" | "“" | "‘" | "'");
    let first = text.word(at);
    if !is_capital(text, at) || is_title(first) || (opens && is_opener(first)) {
        return None;
    }
    let mut end = at + 1;
    while end < sentence.end {
        let mut next = end;
        while next < sentence.end && next < end + 2 && joins(text, next) {
            next += 1;
        }
        if next >= sentence.end || !is_capital(text, next) || is_title(text.word(next)) {
            break;
        }
        end = next + 1;
    }
    Some(at..end)
}

fn joins(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    let tight = word == "-" && text.is_tight(at) && text.is_tight(at + 1);
    tight || word == "&" || word == "of" || word == "for" || is_particle(word)
}

fn from_run(text: &Text<'_>, sentence: &Range<usize>, run: Range<usize>) -> Option<Name> {
    let words = run.len();
    let (first, last) = (text.word(run.start), text.word(run.end - 1));
    let kind = if words >= 2 && (ends_org(last) || (ends_org(first) && text.word(run.start + 1) == "of")) {
        NameKind::Organization
    } else if has_title(text, &run) || (words >= 2 && (is_forename(first) || is_initial(first))) {
        NameKind::Person
    } else if words == 1 && is_short_form(first) && !shouts(text, sentence) {
        NameKind::Organization
    } else if (2..=3).contains(&words) && run.start > sentence.start && says(text.word(run.end)) {
        NameKind::Person
    } else {
        return None;
    };
    Some(Name { words: run, kind, margin: 0 })
}

fn has_title(text: &Text<'_>, run: &Range<usize>) -> bool {
    let before = text.word_before(run.start);
    is_title(before)
        && (before.ends_with('.')
            || before.starts_with(char::is_uppercase)
            || is_capital(text, run.start + 1))
}

fn is_forename(word: &str) -> bool {
    gazetteer::find(word).is_some_and(|entry| entry.is(Facet::Forename))
}

fn is_initial(word: &str) -> bool {
    word.ends_with('.') && word.chars().filter(|c| c.is_uppercase()).count() * 2 == word.chars().count()
}

/// Two to six capitals: `OSCE`.
fn is_short_form(word: &str) -> bool {
    (2..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether most words of the sentence are in capitals throughout.
fn shouts(text: &Text<'_>, sentence: &Range<usize>) -> bool {
    let (mut loud, mut words) = (0, 0);
    for token in &text.tokens[sentence.clone()] {
        if token.class == Class::Word && token.span.len() > 1 {
            words += 1;
            loud += usize::from(!token.span.of(text.text).contains(char::is_lowercase));
        }
    }
    2 * loud > words
}

fn says(word: &str) -> bool {
    matches!(
        word,
        "said" | "says" | "told" | "added" | "called" | "announced" | "warned" | "tweeted" | "wrote"
    )
}
