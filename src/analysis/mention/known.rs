//! Names that the gazetteer knows, where they stand in a text: the longest at each place.
//!
//! In: a text. Out: ranges of tokens with what their name can be, disjoint and in order. Whether the name is meant
//! (`Turkey`, `Reading`) is for the layers above.

use super::Text;
use crate::analysis::token::{Class, Token};
use crate::gazetteer::{self, Entry, Facet, Key};
use std::ops::Range;

/// The longest name in the gazetteer has fewer words and marks than this.
const LONGEST: usize = 12;

/// A name of the gazetteer in a text.
#[derive(Clone, Debug)]
pub struct Known {
    pub tokens: Range<usize>,
    pub entry: Entry,
}

/// Known names of `text` other than forenames and surnames.
pub fn find(text: &Text<'_>) -> Vec<Known> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        if !can_open(text, at) {
            at += 1;
            continue;
        }
        match longest(text, at) {
            Some(known) => {
                at = known.tokens.end;
                all.push(known);
            }
            None => at += 1,
        }
    }
    all
}

/// Whether a name can open at token `at`: with a capital, with a number before one, or as `al-Qaeda`.
fn can_open(text: &Text<'_>, at: usize) -> bool {
    let Some(token) = text.tokens.get(at) else { return false };
    let next_capital = |ahead: usize| text.tokens.get(at + ahead).is_some_and(|token| token.capital);
    match token.class {
        Class::Word if token.capital => true,
        Class::Word => token.span.len() == 2 && text.word(at) == "al" && (next_capital(1) || next_capital(2)),
        Class::Number => next_capital(1),
        _ => false,
    }
}

/// The longest name that opens at token `at`.
fn longest(text: &Text<'_>, at: usize) -> Option<Known> {
    let mut key = Key::new();
    let mut best = None;
    for (index, token) in text.tokens.iter().enumerate().skip(at).take(LONGEST) {
        let word = token.span.of(text.text);
        match token.class {
            Class::Mark if index > at && joins(word) => {
                key.gap();
                continue;
            }
            Class::Mark => break,
            Class::Genitive => {}
            Class::Word | Class::Number => key.gap(),
        }
        key.push(word);
        let Some(entry) = gazetteer::get(key) else {
            // `People's` is one word to the gazetteer.
            match text.tokens.get(index + 1) {
                Some(next) if next.class == Class::Genitive => continue,
                _ => break,
            }
        };
        if is_name(entry) && fits(text, at..index + 1, entry) {
            best = Some(Known { tokens: at..index + 1, entry });
        }
        if !entry.is(Facet::Longer) {
            break;
        }
    }
    best
}

fn joins(mark: &str) -> bool {
    matches!(mark, "-" | "–" | "&" | ",")
}

fn is_name(entry: Entry) -> bool {
    [Facet::Country, Facet::People, Facet::Place, Facet::Org].into_iter().any(|facet| entry.is(facet))
}

/// Whether the words are written as a name: capitals but for the small words within, and all in capitals where the
/// name is.
fn fits(text: &Text<'_>, tokens: Range<usize>, entry: Entry) -> bool {
    let small = |word: &str| word.len() <= 3 || word == "d'Ivoire";
    let shaped = |token: &Token| {
        let word = token.span.of(text.text);
        token.class != Class::Word || token.capital || small(word)
    };
    let last = text.tokens[tokens.end - 1];
    let capitals = |token: &Token| !token.span.of(text.text).contains(char::is_lowercase);
    // `Greek, Cypriot` are two peoples.
    let apart = entry.is(Facet::People)
        && !entry.is(Facet::Country)
        && text.tokens[tokens.clone()].iter().any(|token| token.span.of(text.text) == ",");
    !apart
        && text.tokens[tokens.clone()].iter().all(shaped)
        && (last.capital || last.class != Class::Word)
        && (!entry.is(Facet::Capitals) || text.tokens[tokens].iter().all(capitals))
}

#[cfg(test)]
mod tests {
    use super::{Text, find};
    use crate::annotation::Field;
    use crate::language::Language;

    fn check(text: &str, expected: &[&str]) {
        let text = Text::read(Field::Body, text, Language::english());
        let found: Vec<&str> = find(&text).iter().map(|known| text.slice(&known.tokens)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_longest_name_wins() {
        check(
            "the Democratic Republic of the Congo, and South Korea",
            &["Democratic Republic of the Congo", "South Korea"],
        );
        check(
            "He left the People's Republic of China for Guinea-Bissau.",
            &["People's Republic of China", "Guinea-Bissau"],
        );
        check("in Washington, D.C. and New York", &["Washington, D.C.", "New York"]);
    }

    #[test]
    fn capitals_count() {
        check("give us hope, said the WHO; who in the US knows?", &["WHO", "US"]);
        check("turkey for dinner in Turkey", &["Turkey"]);
        check("al-Qaeda and Al Qaeda", &["al-Qaeda", "Al Qaeda"]);
    }
}
