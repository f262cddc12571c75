//! Finds where the words of a query occur in a text.

use super::{Ending, LONGEST_PHRASE, Phrase, Query, Scope, Term};
use crate::annotation::Field;
use crate::text::{Span, fold};
use std::collections::HashMap;

/// Returns the spans in `text`, which is the `field` of an article, that match the words of `query`.
/// They are sorted and disjoint; there are none if the query contains no words. Excluded words are not
/// hits. Of a phrase of more than 64 words only the first 64 count.
///
/// One pass over the text, whose memory grows with the hits alone; the cost of a word grows with the number of phrases
/// that contain it.
pub fn hits(query: &Query, field: Field, text: &str) -> Vec<Span> {
    let mut sought = Sought::default();
    query.filter.each_wanted(&mut |term| match term {
        Term::Text { scope, phrase } if within(*scope, field) => sought.put(phrase),
        Term::Quote(quote) => quote.said.iter().flatten().for_each(|phrase| sought.put(phrase)),
        _ => {}
    });
    let mut found = Vec::new();
    if sought.longest == 0 {
        return found;
    }
    let mut last = [Span::new(0, 0); LONGEST_PHRASE];
    let mut count = 0;
    // The phrases of which the words just read are the beginning; see [`occurs`].
    let (mut begun, mut next): (Places, Places) = Default::default();
    fold::each_word(text, |span, word| {
        if let Some(place) = last.get_mut(count % LONGEST_PHRASE) {
            *place = span;
        }
        sought.each_with(word, &mut |phrase, places| {
            let before = begun.iter().find(|(other, _)| *other == phrase).map_or(0, |(_, read)| *read);
            match next.iter_mut().find(|(other, _)| *other == phrase) {
                Some((_, read)) => *read |= (before << 1 | 1) & places,
                None => next.push((phrase, (before << 1 | 1) & places)),
            }
        });
        for (phrase, read) in &next {
            let words = sought.lengths.get(*phrase).copied().unwrap_or(1);
            if read >> (words - 1) & 1 == 1
                && let Some(first) = last.get((count + 1 - words) % LONGEST_PHRASE)
            {
                add(&mut found, Span { start: first.start, end: span.end });
            }
        }
        std::mem::swap(&mut begun, &mut next);
        next.clear();
        count += 1;
    });
    found
}

/// Adds a hit that ends at or after all hits before it, and joins those that overlap it.
fn add(found: &mut Vec<Span>, mut hit: Span) {
    while let Some(last) = found.last()
        && hit.start < last.end
    {
        hit.start = hit.start.min(last.start);
        found.pop();
    }
    found.push(hit);
}

/// Phrases by their numbers, each with places in it as bits.
type Places = Vec<(usize, u64)>;

/// The phrases that are looked for.
#[derive(Default)]
struct Sought {
    /// How many words each phrase has.
    lengths: Vec<usize>,
    /// By word: the phrases that contain it, each with its places there as bits.
    whole: HashMap<String, Places>,
    /// The same by the beginning of a word.
    begun: HashMap<String, Places>,
    /// The most bytes of a beginning.
    longest_begun: usize,
    /// The most words of a phrase; 0 if there are no phrases.
    longest: usize,
}

impl Sought {
    fn put(&mut self, phrase: &Phrase) {
        let mut words = phrase.words();
        words.truncate(LONGEST_PHRASE);
        let (number, length) = (self.lengths.len(), words.len());
        if length == 0 {
            return;
        }
        self.lengths.push(length);
        self.longest = self.longest.max(length);
        for (place, word) in words.into_iter().enumerate() {
            let begins = phrase.ending == Ending::Prefix && place + 1 == length;
            if begins {
                self.longest_begun = self.longest_begun.max(word.len());
            }
            let phrases = if begins { &mut self.begun } else { &mut self.whole };
            let phrases = phrases.entry(word).or_default();
            match phrases.last_mut() {
                Some((last, places)) if *last == number => *places |= 1 << place,
                _ => phrases.push((number, 1 << place)),
            }
        }
    }

    /// Calls `visit` with the phrases that contain `word`, and the places where it may stand in them as bits.
    fn each_with(&self, word: &str, visit: &mut impl FnMut(usize, u64)) {
        let mut all = |phrases: Option<&Places>| {
            phrases.into_iter().flatten().for_each(|(phrase, places)| visit(*phrase, *places));
        };
        all(self.whole.get(word));
        if self.longest_begun > 0 {
            let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
            for end in ends.take_while(|end| *end <= self.longest_begun) {
                all(word.get(..end).and_then(|beginning| self.begun.get(beginning)));
            }
        }
    }
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

/// The folded words of one text with their positions: the plain way, to which the tests hold the others.
#[cfg(test)]
pub struct Words {
    /// All folded words, concatenated.
    folded: String,
    /// For each word, the byte in `folded` at which it ends, and its span in the text.
    words: Vec<(usize, Span)>,
}

#[cfg(test)]
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
