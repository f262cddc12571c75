//! The words of the articles: which article has which, and where.

use crate::library::store::STRONG;
use crate::query::{Ending, Phrase, Scope};
use crate::text::fold;
use roaring::{MultiOps, RoaringBitmap};
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

/// A word's place in the dictionary.
type WordId = u32;

/// The folded words of one text, made outside of any lock.
pub struct Tokens(Vec<Box<str>>);

impl Tokens {
    pub fn of(text: &str) -> Tokens {
        let mut words = Vec::with_capacity(text.len() / 6);
        fold::each_word(text, |_, word| words.push(word.into()));
        Tokens(words)
    }
}

/// An index of words in memory.
#[derive(Default)]
pub struct WordIndex {
    ids: HashMap<Arc<str>, WordId>,
    sorted: BTreeMap<Arc<str>, WordId>,
    /// By word: the articles with it in the title, in the body.
    titles: Vec<RoaringBitmap>,
    bodies: Vec<RoaringBitmap>,
    /// By article: the words of the title and of the body in order.
    texts: Vec<[Box<[WordId]>; 2]>,
}

impl WordIndex {
    /// Sets the words of article `number`, which is at most one past the last.
    pub fn put(&mut self, number: u32, title: Tokens, body: Tokens) {
        self.remove(number);
        let text = [self.take_in(number, title, Scope::Title), self.take_in(number, body, Scope::Body)];
        match self.texts.get_mut(number as usize) {
            Some(there) => *there = text,
            None => self.texts.push(text),
        }
    }

    fn remove(&mut self, number: u32) {
        let Some([title, body]) = self.texts.get(number as usize) else { return };
        for (words, sets) in [(title, &mut self.titles), (body, &mut self.bodies)] {
            for word in words {
                if let Some(set) = sets.get_mut(*word as usize) {
                    set.remove(number);
                }
            }
        }
    }

    fn take_in(&mut self, number: u32, tokens: Tokens, scope: Scope) -> Box<[WordId]> {
        let mut text = Vec::with_capacity(tokens.0.len());
        for word in tokens.0 {
            let id = match self.ids.get(&*word) {
                Some(id) => *id,
                None => self.learn(word),
            };
            let sets = if scope == Scope::Title { &mut self.titles } else { &mut self.bodies };
            if let Some(set) = sets.get_mut(id as usize) {
                set.insert(number);
            }
            text.push(id);
        }
        text.into()
    }

    fn learn(&mut self, word: Box<str>) -> WordId {
        let id = self.titles.len() as WordId;
        let word: Arc<str> = word.into();
        self.ids.insert(word.clone(), id);
        self.sorted.insert(word, id);
        self.titles.push(RoaringBitmap::new());
        self.bodies.push(RoaringBitmap::new());
        id
    }

    /// The articles that have `phrase`.
    pub fn with(&self, scope: Scope, phrase: &Phrase) -> RoaringBitmap {
        match scope {
            Scope::Title => self.in_one(&self.titles, 0, phrase),
            Scope::Body => self.in_one(&self.bodies, 1, phrase),
            Scope::Anywhere => self.in_one(&self.titles, 0, phrase) | self.in_one(&self.bodies, 1, phrase),
        }
    }

    fn in_one(&self, sets: &[RoaringBitmap], text: usize, phrase: &Phrase) -> RoaringBitmap {
        let words = phrase.words();
        let Some((last, first)) = words.split_last() else { return RoaringBitmap::new() };
        let mut spelled: Vec<Vec<WordId>> =
            first.iter().map(|word| self.ids.get(word.as_str()).copied().into_iter().collect()).collect();
        spelled.push(match phrase.ending {
            Ending::Whole => self.ids.get(last.as_str()).copied().into_iter().collect(),
            Ending::Prefix => self.beginning(last),
        });
        let found = spelled
            .iter()
            .map(|ids| ids.iter().filter_map(|id| sets.get(*id as usize)).union())
            .intersection();
        if spelled.len() == 1 {
            return found;
        }
        found.iter().filter(|number| self.stands(*number, text, &spelled)).collect()
    }

    /// How much an article has of some words: two points for each in the title, one for each that
    /// the article has three times.
    pub fn points(&self, number: u32, words: &[String]) -> u32 {
        let Some([title, body]) = self.texts.get(number as usize) else { return 0 };
        let ids = words.iter().filter_map(|word| self.ids.get(word.as_str()));
        let of = |id: &WordId| {
            let times = |text: &[WordId]| text.iter().filter(|word| *word == id).count() as u32;
            let (in_title, in_body) = (times(title), times(body));
            2 * u32::from(in_title > 0) + u32::from(in_title + in_body >= STRONG)
        };
        ids.map(of).sum()
    }

    /// The words that begin with `prefix`, ascending by id.
    fn beginning(&self, prefix: &str) -> Vec<WordId> {
        let range = self.sorted.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let mut ids: Vec<WordId> =
            range.take_while(|(word, _)| word.starts_with(prefix)).map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// Whether the words (each one of several, ascending) follow one another.
    fn stands(&self, number: u32, text: usize, spelled: &[Vec<WordId>]) -> bool {
        let Some(words) = self.texts.get(number as usize).and_then(|texts| texts.get(text)) else {
            return false;
        };
        words.windows(spelled.len()).any(|window| {
            window.iter().zip(spelled).all(|(word, ids)| match ids.as_slice() {
                [id] => id == word,
                ids => ids.binary_search(word).is_ok(),
            })
        })
    }
}
