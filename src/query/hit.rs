//! Finds where the words of a query occur in a text.

use super::{Ending, Phrase, Query, Scope, Term};
use crate::annotation::Field;
use crate::text::{Span, fold};

/// Returns the spans in `text`, which is the `field` of an article, that match the words of `query`.
/// They are sorted and disjoint; there are none if the query contains no words. Excluded words are not
/// hits. The cost is the length of the text times the number of phrases.
pub fn hits(query: &Query, field: Field, text: &str) -> Vec<Span> {
    let mut phrases: Vec<Vec<String>> = Vec::new();
    let mut prefixes: Vec<Vec<String>> = Vec::new();
    let mut put = |phrase: &Phrase| match phrase.ending {
        Ending::Whole => phrases.push(phrase.words()),
        Ending::Prefix => prefixes.push(phrase.words()),
    };
    query.filter.each_wanted(&mut |term| match term {
        Term::Text { scope, phrase } if within(*scope, field) => put(phrase),
        Term::Quote(quote) => quote.said.iter().flatten().for_each(&mut put),
        _ => {}
    });
    if phrases.is_empty() && prefixes.is_empty() {
        return Vec::new();
    }
    let text = Words::of(text);
    let whole = phrases.iter().flat_map(|words| text.find(words, Ending::Whole));
    let begun = prefixes.iter().flat_map(|words| text.find(words, Ending::Prefix));
    merged(whole.chain(begun).collect())
}

/// Whether the folded words of `phrase` occur in `text`, one directly after the other. Needs one pass
/// and no memory that grows with the text. Of a phrase of more than 64 words only the first 64 count.
pub fn occurs(text: &str, phrase: &[String], ending: Ending) -> bool {
    let phrase = phrase.get(..phrase.len().min(64)).unwrap_or_default();
    let Some(last) = phrase.len().checked_sub(1) else { return false };
    // Bit n is set if the words just read are those of the phrase up to and including the n-th.
    let mut read = 0u64;
    let mut found = false;
    fold::each_word(text, |_, word| {
        read = read << 1 | 1;
        for (place, wanted) in phrase.iter().enumerate() {
            let same = match ending {
                Ending::Prefix if place == last => word.starts_with(wanted.as_str()),
                _ => word == wanted,
            };
            if !same {
                read &= !(1 << place);
            }
        }
        // Bits beyond the last word of the phrase mean nothing.
        found |= read >> last & 1 == 1;
        read &= u64::MAX >> (63 - last);
    });
    found
}

/// The folded words of one text with their positions.
pub struct Words {
    /// All folded words, concatenated.
    folded: String,
    /// For each word, the byte in `folded` at which it ends, and its span in the text.
    words: Vec<(usize, Span)>,
}

impl Words {
    pub fn of(text: &str) -> Words {
        let mut folded = String::with_capacity(text.len());
        let mut words = Vec::with_capacity(text.len() / 6);
        fold::each_word(text, |span, word| {
            folded.push_str(word);
            words.push((folded.len(), span));
        });
        Words { folded, words }
    }

    fn word(&self, place: usize) -> Option<&str> {
        let (end, _) = self.words.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |(end, _)| *end);
        self.folded.get(start..*end)
    }

    /// All spans at which `phrase` (a list of folded words) occurs, in order.
    pub fn find<'a>(&'a self, phrase: &'a [String], ending: Ending) -> impl Iterator<Item = Span> + 'a {
        let starts =
            if phrase.is_empty() { 0..0 } else { 0..(self.words.len() + 1).saturating_sub(phrase.len()) };
        starts.filter_map(move |start| {
            let last = start + phrase.len() - 1;
            let matches = phrase.iter().enumerate().all(|(offset, wanted)| {
                self.word(start + offset).is_some_and(|word| match ending {
                    Ending::Prefix if start + offset == last => word.starts_with(wanted.as_str()),
                    _ => word == wanted,
                })
            });
            let span = Span { start: self.words.get(start)?.1.start, end: self.words.get(last)?.1.end };
            matches.then_some(span)
        })
    }
}

fn within(scope: Scope, field: Field) -> bool {
    match scope {
        Scope::Anywhere => true,
        Scope::Title => field == Field::Title,
        Scope::Body => field == Field::Body,
    }
}

/// Sorts the spans and joins those that overlap.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}
