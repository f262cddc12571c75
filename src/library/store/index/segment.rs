//! A segment: the index of some articles that arrived one after the other, as it is built in memory before it is
//! written, and while several segments are merged into one.
//!
//! A segment never changes once it is written. It has a set of articles for each key (see [`key`]), and for each
//! article the list of its entities, from which facets are counted.
//!
//! No crate serves. SQLite's FTS5 has no sets of articles: it must walk the list of a word to count it, and knows
//! nothing of names, so that facets would have to read the articles. tantivy ranks and has positions, but keeps a
//! folder of files beside the one file that is the library, commits apart from its rows, and cannot count the exact
//! facets of persons whose names are joined. These sets give the exact facets of any result of a million articles
//! in 25 ms on two processors (median; docs/benchmarks.md).

use super::gather::{KeyedSets, gather};
use std::collections::HashMap;

/// The most numbers that one segment spans.
pub const SPAN: u32 = 65_536;

/// The keys of sets. Words are folded.
pub mod key {
    /// All articles of the segment; the key has no name.
    pub const ALL: u8 = b'*';
    /// The articles with quotes; the key has no name.
    pub const QUOTED: u8 = b'Q';
    /// The articles that tell the same story as an earlier one; the key has no name.
    pub const TITLE: u8 = b't';
    pub const BODY: u8 = b'b';
    /// A word that the article has at least [`super::STRONG`] times.
    pub const STRONG: u8 = b's';
    /// A word within a quote.
    pub const SAID: u8 = b'q';
    /// A word of the description of a speaker who is not named.
    pub const DESCRIBED: u8 = b'd';
    /// The same, of a guess that the program does not stand by unless its settings say so.
    pub const GUESSED_WORD: u8 = b'D';
    pub const AUTHOR: u8 = b'u';
    pub const MENTIONED: u8 = b'e';
    pub const SALIENT: u8 = b'a';
    pub const SPEAKS: u8 = b'k';
    /// An entity that is a guess, by which the program does not stand unless its settings say so.
    pub const GUESSED: u8 = b'K';
    /// An entity that is named within a quote.
    pub const QUOTED_NAME: u8 = b'm';

    /// An entity and one bit of the number of its quotes: their sum over the bits that an article has is that number.
    pub const SAYS: u8 = b'n';
    /// A person and the words by which the article describes it.
    pub const DESCRIBES: u8 = b'r';

    pub fn of_word(sort: u8, word: &str) -> Vec<u8> {
        [&[sort], word.as_bytes()].concat()
    }

    /// The entity of a key that has one and nothing else.
    pub fn entity(key: &[u8]) -> Option<u32> {
        Some(u32::from_be_bytes(key.get(1..)?.try_into().ok()?))
    }

    pub fn of_entity(sort: u8, entity: u32) -> Vec<u8> {
        [&[sort], entity.to_be_bytes().as_slice()].concat()
    }
}

/// How often an article that is likely about a word has it.
pub const STRONG: u32 = 3;

/// Keys, one after the other in one allocation.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Keys {
    /// Adds the key of `sort` and `name`.
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
    /// The keys of the sets that it belongs to, in any order; duplicates are allowed.
    pub keys: Keys,
    /// The entities that it mentions and its source, without duplicates.
    pub entities: Vec<u32>,
    /// The bands of its signature.
    pub bands: Vec<u64>,
    /// The number of the article whose story it tells again.
    pub group: Option<u32>,
}

/// A segment in memory.
#[derive(Debug, Default, PartialEq)]
pub struct Segment {
    /// By place: seconds since 1970; 0 where there is no article.
    pub published: Vec<i64>,
    pub sets: KeyedSets,
    pub forward: Forward,
    pub bands: Bands,
    /// Copies and the number of the first article of their group, ascending.
    pub groups: Vec<(u16, u32)>,
}

impl Segment {
    /// The segment of these entries, at most [`SPAN`] of them.
    pub fn build(entries: Vec<Entry>) -> Segment {
        let sets = gather(entries.iter().map(|entry| entry.keys.iter()));
        let mut published = Vec::with_capacity(entries.len());
        let mut lists = Vec::with_capacity(entries.len());
        let mut bands = Bands::default();
        let mut groups = Vec::new();
        for (place, entry) in (0..=u16::MAX).zip(entries) {
            published.push(entry.published);
            lists.push(entry.entities);
            entry.bands.iter().for_each(|band| bands.push(Bands::bucket(*band), Bands::rest(*band), place));
            groups.extend(entry.group.map(|group| (place, group)));
        }
        bands.sort();
        Segment { published, sets, forward: Forward::build(&lists), bands, groups }
    }
}

/// For each article of a segment its entities, and for each entity its articles counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forward {
    /// The entities of the segment with their counts, most frequent first.
    pub totals: Vec<(u32, u32)>,
    /// By place and one past the last: where the list starts in `lists`.
    pub starts: Vec<u32>,
    /// Places in `totals`; a place that does not fit is written as `u16::MAX` and two halves, the high one first.
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

    /// The lists as they are stored: for each part of [`PART`] articles its number, where their lists start in what
    /// follows, and the lists. Empty parts are left out.
    pub fn written(&self) -> impl Iterator<Item = (u8, Vec<u8>, Vec<u8>)> {
        let parts = (0..=u8::MAX).zip(self.starts.chunks(PART));
        parts.filter_map(|(part, starts)| {
            let first = *starts.first()?;
            let end = self.starts.get((usize::from(part) + 1) * PART).or(self.starts.last()).copied()?;
            let lists = self.lists.get(first as usize..end as usize)?;
            let starts = starts.iter().copied().chain([end]).map(|start| start - first);
            let places: Vec<u8> = lists.iter().flat_map(|place| place.to_le_bytes()).collect();
            (!places.is_empty()).then(|| (part, starts.flat_map(u32::to_le_bytes).collect(), places))
        })
    }
}

/// How many articles have their lists stored together: a result of few articles reads few lists.
pub const PART: usize = 1_024;

/// The lists of a part, as [`Forward::written`] returned them.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    starts: &'a [[u8; 4]],
    places: &'a [[u8; 2]],
}

impl<'a> Lists<'a> {
    pub fn new(starts: &'a [u8], places: &'a [u8]) -> Lists<'a> {
        Lists { starts: starts.as_chunks().0, places: places.as_chunks().0 }
    }

    /// Calls `visit` with each entity, as its place in the totals, of the article at `place` of the part.
    pub fn each(self, place: usize, visit: impl FnMut(usize)) {
        self.of(place).each(visit);
    }

    /// The list of the article at `place` of the part.
    pub fn of(self, place: usize) -> List<'a> {
        let at = |place: usize| self.starts.get(place).map_or(0, |start| u32::from_le_bytes(*start) as usize);
        List(self.places.get(at(place)..at(place + 1)).unwrap_or_default())
    }
}

/// The entities of one article, as places in the totals.
#[derive(Clone, Copy)]
pub struct List<'a>(&'a [[u8; 2]]);

impl List<'_> {
    pub fn each(self, visit: impl FnMut(usize)) {
        each_place(self.0.iter().map(|place| u16::from_le_bytes(*place)), visit);
    }
}

/// The bands of the signatures of a segment, by bucket: the rest of the band, and the place.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands(Vec<Vec<(u32, u16)>>);

impl Default for Bands {
    fn default() -> Bands {
        Bands(vec![Vec::new(); 256])
    }
}

impl Bands {
    /// Bytes of an entry: four of the band, two of the place.
    const ENTRY: usize = 6;

    pub fn bucket(band: u64) -> u8 {
        (band >> 56) as u8
    }

    pub fn rest(band: u64) -> u32 {
        (band >> 24) as u32
    }

    pub fn push(&mut self, bucket: u8, rest: u32, place: u16) {
        if let Some(entries) = self.0.get_mut(usize::from(bucket)) {
            entries.push((rest, place));
        }
    }

    pub fn sort(&mut self) {
        self.0.iter_mut().for_each(|entries| entries.sort_unstable());
    }

    /// The buckets that are not empty, as they are stored.
    pub fn written(&self) -> impl Iterator<Item = (u8, Vec<u8>)> {
        let buckets = (0..=u8::MAX).zip(&self.0).filter(|(_, entries)| !entries.is_empty());
        buckets.map(|(bucket, entries)| {
            let bytes = entries.iter().flat_map(|(rest, place)| {
                let ([a, b, c, d], [e, f]) = (rest.to_le_bytes(), place.to_le_bytes());
                [a, b, c, d, e, f]
            });
            (bucket, bytes.collect())
        })
    }

    /// The entries of a stored bucket.
    pub fn entries(bytes: &[u8]) -> &[[u8; Bands::ENTRY]] {
        bytes.as_chunks().0
    }

    pub fn of_entry(entry: &[u8; Bands::ENTRY]) -> (u32, u16) {
        let [a, b, c, d, e, f] = *entry;
        (u32::from_le_bytes([a, b, c, d]), u16::from_le_bytes([e, f]))
    }
}

/// Calls `visit` with each place of a list.
fn each_place(mut list: impl Iterator<Item = u16>, mut visit: impl FnMut(usize)) {
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
