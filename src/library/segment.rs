//! A segment: the index of some articles that arrived one after the other, as it is built in
//! memory before it is written, and as two and more are merged into one.
//!
//! A segment never changes once it is written. It has a set of articles for each [`Term`]-like key
//! (see [`key`]), and for each article the list of its entities, from which facets are counted.

use super::sets;
use std::collections::{BTreeMap, HashMap};

/// Numbers that one segment spans at most.
pub const SPAN: u32 = 65_536;

/// The keys of sets. Words are folded.
pub mod key {
    /// All articles of the segment; with no name.
    pub const ALL: u8 = b'*';
    /// The articles with quotes; with no name.
    pub const QUOTED: u8 = b'Q';
    pub const TITLE: u8 = b't';
    pub const BODY: u8 = b'b';
    /// A word that stands in the article at least [`super::STRONG`] times.
    pub const STRONG: u8 = b's';
    /// A word within a quote.
    pub const SAID: u8 = b'q';
    /// A word of the description of a speaker who is not named.
    pub const DESCRIBED: u8 = b'd';
    pub const AUTHOR: u8 = b'u';
    pub const MENTIONED: u8 = b'e';
    pub const SALIENT: u8 = b'a';
    pub const SPEAKS: u8 = b'k';
    /// Named within a quote.
    pub const QUOTED_NAME: u8 = b'm';

    pub fn of_word(sort: u8, word: &str) -> Vec<u8> {
        [&[sort], word.as_bytes()].concat()
    }

    pub fn of_entity(sort: u8, entity: u32) -> Vec<u8> {
        [&[sort], entity.to_be_bytes().as_slice()].concat()
    }
}

/// How often a word stands in an article that is likely about it.
pub const STRONG: u32 = 3;

/// Keys, one after the other in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Keys {
    /// Takes in the key of `sort` and `name`.
    pub fn push(&mut self, sort: u8, name: &[u8]) {
        self.bytes.push(sort);
        self.bytes.extend_from_slice(name);
        self.ends.push(self.bytes.len() as u32);
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        std::iter::zip(starts, &self.ends)
            .filter_map(|(start, end)| self.bytes.get(start as usize..*end as usize))
    }
}

/// One article as it goes into a segment.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Seconds since 1970.
    pub published: i64,
    /// The keys of the sets that it is in, in any order, perhaps more than once.
    pub keys: Keys,
    /// The entities that it mentions and its source, without doubles.
    pub entities: Vec<u32>,
}

/// A segment in memory.
#[derive(Debug, Default, PartialEq)]
pub struct Segment {
    /// By place: seconds since 1970; 0 where there is no article.
    pub published: Vec<i64>,
    /// By key: the places.
    pub sets: BTreeMap<Vec<u8>, Vec<u16>>,
    pub forward: Forward,
}

impl Segment {
    /// Of at most [`SPAN`] entries.
    pub fn build(entries: Vec<Entry>) -> Segment {
        let mut sets: HashMap<Vec<u8>, Vec<u16>> = HashMap::new();
        let mut published = Vec::with_capacity(entries.len());
        let mut lists = Vec::with_capacity(entries.len());
        for (place, entry) in (0..=u16::MAX).zip(entries) {
            published.push(entry.published);
            for key in entry.keys.iter() {
                match sets.get_mut(key) {
                    Some(set) if set.last() == Some(&place) => {}
                    Some(set) => set.push(place),
                    None => _ = sets.insert(key.to_vec(), vec![place]),
                }
            }
            lists.push(entry.entities);
        }
        let forward = Forward::build(&lists);
        Segment { published, sets: sets.into_iter().collect(), forward }
    }
}

/// For each article of a segment its entities, and for each entity its articles counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forward {
    /// The entities of the segment with their counts, most frequent first.
    pub totals: Vec<(u32, u32)>,
    /// By place and one past the last: where the list starts in `lists`.
    pub starts: Vec<u32>,
    /// Places in `totals`; one that does not fit is `u16::MAX` and two halves, high first.
    pub lists: Vec<u16>,
}

impl Forward {
    pub fn build(articles: &[Vec<u32>]) -> Forward {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for entity in articles.iter().flatten() {
            *counts.entry(*entity).or_default() += 1;
        }
        let mut totals: Vec<(u32, u32)> = counts.into_iter().collect();
        totals.sort_unstable_by_key(|(entity, count)| (std::cmp::Reverse(*count), *entity));
        let places: HashMap<u32, u32> =
            (0..).zip(&totals).map(|(place, (entity, _))| (*entity, place)).collect();
        let mut forward = Forward { totals, starts: vec![0], lists: Vec::new() };
        for entities in articles {
            for place in entities.iter().filter_map(|entity| places.get(entity)) {
                match u16::try_from(*place).ok().filter(|place| *place < u16::MAX) {
                    Some(place) => forward.lists.push(place),
                    None => forward.lists.extend([u16::MAX, (place >> 16) as u16, *place as u16]),
                }
            }
            forward.starts.push(forward.lists.len() as u32);
        }
        forward
    }

    /// The entities of each article.
    pub fn articles(&self) -> Vec<Vec<u32>> {
        let bounds = self.starts.windows(2);
        bounds
            .map(|bounds| {
                let mut entities = Vec::new();
                let list = self.lists.get(bounds[0] as usize..bounds[1] as usize).unwrap_or_default();
                each_place(list.iter().copied(), |place| {
                    entities.extend(self.totals.get(place).map(|(entity, _)| *entity));
                });
                entities
            })
            .collect()
    }
}

/// Calls `visit` with each place in a list of [`Forward::lists`].
pub fn each_place(mut list: impl Iterator<Item = u16>, mut visit: impl FnMut(usize)) {
    while let Some(place) = list.next() {
        if place < u16::MAX {
            visit(usize::from(place));
        } else {
            let high = list.next().unwrap_or(0);
            let low = list.next().unwrap_or(0);
            visit((usize::from(high) << 16) | usize::from(low));
        }
    }
}

/// Joins the sets of one key from several segments. Each part is what [`sets::encode`] wrote and how
/// far its segment's first number is above the first of the merged one; ascending. All places fit.
pub fn join_sets(parts: &[(u32, Vec<u8>)], out: &mut Vec<u8>) {
    let mut places: Vec<u16> = Vec::new();
    for (shift, bytes) in parts {
        places.extend(
            sets::decode(bytes).iter().filter_map(|place| u16::try_from(u32::from(*place) + shift).ok()),
        );
    }
    sets::encode(&places, out);
}
