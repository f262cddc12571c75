//! Threads: articles that tell of one event over days, by the names and words that they share.
//!
//! Articles go in by the time of their publication, each with its names, the words of its title and the words that it has
//! three times; out comes, for each, the first article of its thread. An article joins the thread whose last articles it is
//! most like, if it is like enough; otherwise it begins one. Copies of one story are always in one thread.
//!
//! This is the single-pass method of topic detection and tracking (Allan, Papka, Lavrenko: *On-line New Event Detection
//! and Tracking*, SIGIR 1998) with the cosine of tf-idf vectors over names and words, as Kumaran and Allan (*Text
//! Classification and Named Entities for New Event Detection*, SIGIR 2004) found that both are needed. Only articles of the
//! last [`DAYS`] are compared, found by their shared features, the last [`POSTED`] of each, so that the cost is nearly linear in the
//! number of articles. docs/desk.md says how good it is and how that was measured. Must not know where articles come from.

use foldhash::{HashMap, HashMapExt, HashSet};
use std::cmp::Ordering;
use std::collections::VecDeque;

/// An article joins a thread whose last article is at most so old.
pub const DAYS: i64 = 10;
const WINDOW: i64 = DAYS * 86_400;

/// How like an article must be to the articles of a thread that are most like it, on average.
pub const LEAST: f32 = 0.18;

/// So many articles of a thread are compared with a new one: those that are most like it.
const NEAREST: usize = 3;

/// The features of an article that are compared: those that weigh most.
const FEATURES: usize = 24;

/// The articles that are remembered for a feature. One that more articles of ten days have tells little.
const POSTED: usize = 64;

/// A feature that more than one in so many articles have is not compared.
const COMMON: usize = 10;

/// The words that two articles must share at least, besides a name. Words of names do not count: two reports about one
/// company may be about different things.
const WORDS: u8 = 2;

/// What a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A person, a body or a place.
    Name,
    Country,
    /// A word of the title.
    Title,
    /// A word that the article has three times.
    Strong,
}

/// A name or a word of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The same for the same name or word, and different for others.
    pub key: u64,
    pub sort: Sort,
    /// Whether the article is about the name.
    pub salient: bool,
}

impl Feature {
    /// A name, by a number that no other name has.
    pub fn name(number: u64, is_country: bool, salient: bool) -> Feature {
        let sort = if is_country { Sort::Country } else { Sort::Name };
        Feature { key: number & !WORD, sort, salient }
    }

    /// A folded word; `None` for one that tells nothing.
    pub fn word(word: &[u8], sort: Sort) -> Option<Feature> {
        let is_number = word.iter().all(u8::is_ascii_digit);
        let tells = word.len() > if is_number { 3 } else { 2 };
        let byte = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        tells.then(|| Feature {
            key: super::mix(word.iter().fold(0xCBF2_9CE4_8422_2325, byte)) | WORD,
            sort,
            salient: false,
        })
    }

    fn factor(self) -> f32 {
        match (self.sort, self.salient) {
            (Sort::Name, true) => 1.6,
            (Sort::Name, false) | (Sort::Title, _) => 1.0,
            (Sort::Country, true) => 0.8,
            (Sort::Country, false) => 0.4,
            (Sort::Strong, _) => 0.9,
        }
    }
}

/// What sets the keys of words apart from those of names.
const WORD: u64 = 1 << 63;

/// An article.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub number: u32,
    /// In seconds since 1970.
    pub time: i64,
    /// The first article of its story, if the story has copies.
    pub story: Option<u32>,
    /// Its thread, if that is known.
    pub thread: Option<u32>,
    /// In any order; a key may occur several times. Without the words of its names.
    pub features: Vec<Feature>,
}

/// An article that may be joined.
struct Member {
    time: i64,
    thread: u32,
}

/// One feature of a member.
struct Posting {
    member: u64,
    weight: f32,
}

/// What is known while articles go by.
#[derive(Default)]
pub struct Weaver {
    /// The articles of the last days, the oldest first.
    members: VecDeque<Member>,
    /// How many members have been forgotten.
    forgotten: u64,
    /// How many members each thread has.
    sizes: HashMap<u32, usize>,
    postings: HashMap<u64, VecDeque<Posting>>,
    /// The threads of the stories that have copies.
    stories: HashMap<u32, u32>,
    /// By each article of a thread of several: the thread, which is the number of its first article.
    woven: Vec<(u32, u32)>,
    /// The threads of one article so far.
    single: HashSet<u32>,
}

/// What two articles share.
#[derive(Default)]
struct Shared {
    likeness: f32,
    names: u8,
    words: u8,
}

impl Weaver {
    /// Takes articles, which are ordered by time and not older than those taken before. How rare a feature is, is
    /// counted among the articles of one call.
    pub fn take(&mut self, items: &[Item]) {
        let mut counts: HashMap<u64, u32> = HashMap::default();
        let mut seen: HashSet<u64> = HashSet::default();
        for item in items {
            seen.clear();
            for feature in item.features.iter().filter(|feature| seen.insert(feature.key)) {
                *counts.entry(feature.key).or_default() += 1;
            }
        }
        let common = (items.len() / COMMON).max(8);
        for item in items {
            let vector = vector(&item.features, |key| {
                let count = counts.get(&key).copied().unwrap_or(1);
                let rare = (items.len() as f32 + 1.0) / count as f32;
                if count as usize > common { 0.0 } else { rare.ln() }
            });
            self.put(item, &vector);
        }
    }

    fn put(&mut self, item: &Item, vector: &[(u64, f32)]) {
        self.forget(item.time);
        let known = item.thread.or_else(|| self.stories.get(&item.story?).copied());
        let thread = known.or_else(|| self.nearest(item.time, vector)).unwrap_or(item.number);
        if let Some(story) = item.story {
            self.stories.entry(story).or_insert(thread);
        }
        if thread == item.number {
            self.single.insert(thread);
        } else {
            if self.single.remove(&thread) {
                self.woven.push((thread, thread));
            }
            self.woven.push((item.number, thread));
        }
        let member = self.forgotten + self.members.len() as u64;
        self.members.push_back(Member { time: item.time, thread });
        *self.sizes.entry(thread).or_default() += 1;
        for (key, weight) in vector {
            let posted = self.postings.entry(*key).or_default();
            if posted.len() >= POSTED {
                posted.pop_front();
            }
            posted.push_back(Posting { member, weight: *weight });
        }
    }

    /// The thread that an article joins.
    fn nearest(&self, time: i64, vector: &[(u64, f32)]) -> Option<u32> {
        let mut found: HashMap<u64, Shared> = HashMap::default();
        for (key, weight) in vector {
            for posting in self.postings.get(key).into_iter().flatten() {
                let Some(_) = posting.member.checked_sub(self.forgotten) else { continue };
                let shared = found.entry(posting.member).or_default();
                shared.likeness += weight * posting.weight;
                let count = if key & WORD == 0 { &mut shared.names } else { &mut shared.words };
                *count = count.saturating_add(1);
            }
        }
        let mut threads: HashMap<u32, Vec<f32>> = HashMap::default();
        for (member, shared) in found {
            let place = (member - self.forgotten) as usize;
            let Some(member) = self.members.get(place) else { continue };
            if shared.names == 0 || shared.words < WORDS {
                continue;
            }
            let age = (time - member.time) as f32 / WINDOW as f32;
            threads.entry(member.thread).or_default().push(shared.likeness * (1.0 - age / 2.0));
        }
        let score = |(thread, mut likes): (u32, Vec<f32>)| {
            let size = self.sizes.get(&thread).copied().unwrap_or(1).clamp(1, NEAREST);
            likes.sort_unstable_by(|one, other| other.total_cmp(one));
            let mean = likes.iter().take(size).sum::<f32>() / size as f32;
            (mean, thread)
        };
        let order = |one: &(f32, u32), other: &(f32, u32)| match one.0.total_cmp(&other.0) {
            Ordering::Equal => other.1.cmp(&one.1),
            other => other,
        };
        let best = threads.into_iter().map(score).max_by(order)?;
        (best.0 >= LEAST).then_some(best.1)
    }

    /// Forgets what is too old for an article of this time.
    fn forget(&mut self, time: i64) {
        let before = self.forgotten;
        while self.members.front().is_some_and(|member| member.time < time - WINDOW) {
            let Some(member) = self.members.pop_front() else { break };
            self.forgotten += 1;
            if let Some(size) = self.sizes.get_mut(&member.thread) {
                *size -= 1;
                if *size == 0 {
                    self.sizes.remove(&member.thread);
                }
            }
        }
        // Now and then, what is not found any more goes; each member pays for it once.
        const SWEPT: u64 = 4_096;
        if self.forgotten / SWEPT != before / SWEPT {
            let forgotten = self.forgotten;
            self.postings.retain(|_, posted| {
                posted.retain(|posting| posting.member >= forgotten);
                !posted.is_empty()
            });
        }
    }

    /// Each article of a thread of several with the first article of the thread, ascending.
    pub fn woven(mut self) -> Vec<(u32, u32)> {
        self.woven.sort_unstable();
        self.woven.dedup_by_key(|(number, _)| *number);
        self.woven
    }
}

/// The features that weigh most, each once, with their weights in a vector of length 1.
fn vector(features: &[Feature], rarity: impl Fn(u64) -> f32) -> Vec<(u64, f32)> {
    let mut weights: HashMap<u64, f32> = HashMap::with_capacity(features.len());
    for feature in features {
        let weight = weights.entry(feature.key).or_default();
        // A word of the title that comes back in the body weighs more than either.
        let own = feature.factor();
        *weight = if *weight > 0.0 { weight.max(own) + 0.3 } else { own };
    }
    let mut vector: Vec<(u64, f32)> = weights
        .into_iter()
        .map(|(key, factor)| (key, factor * rarity(key)))
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    vector.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    vector.truncate(FEATURES);
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|(_, weight)| *weight /= length);
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(number: u32, day: i64, names: &[u64], words: &str) -> Item {
        let names = names.iter().map(|name| Feature::name(*name, false, true));
        let words = words.split(' ').filter_map(|word| Feature::word(word.as_bytes(), Sort::Title));
        Item { number, time: day * 86_400, features: names.chain(words).collect(), ..Item::default() }
    }

    fn woven(items: &[Item]) -> Vec<(u32, u32)> {
        let mut weaver = Weaver::default();
        weaver.take(items);
        weaver.woven()
    }

    /// Other news, so that the features of the story are rare.
    fn others(from: u32, day: i64) -> impl Iterator<Item = Item> {
        (from..from + 12).map(move |number| {
            let own = u64::from(number) * 10;
            item(number, day, &[own, own + 1], &format!("matter{own} thing{own} affair{own}"))
        })
    }

    #[test]
    fn articles_about_one_event_are_one_thread() {
        let mut items: Vec<Item> = others(100, 1).collect();
        items.push(item(1, 1, &[1, 2], "ferry sinks harbour"));
        items.push(item(2, 3, &[1, 2, 3], "ferry inquiry harbour"));
        items.extend(others(200, 3));
        items.push(item(3, 5, &[2, 3], "captain ferry inquiry"));
        assert_eq!(woven(&items), [(1, 1), (2, 1), (3, 1)]);
    }

    #[test]
    fn names_alone_and_words_alone_are_not_enough() {
        let mut items: Vec<Item> = others(100, 1).collect();
        items.push(item(1, 1, &[1, 2, 3, 4], "ferry sinks harbour"));
        items.push(item(2, 2, &[1, 2, 3, 4], "budget vote parliament"));
        items.push(item(3, 2, &[7, 8], "ferry sinks harbour"));
        assert_eq!(woven(&items), []);
    }

    #[test]
    fn what_is_long_over_is_not_joined() {
        let mut items: Vec<Item> = others(100, 1).collect();
        items.push(item(1, 1, &[1, 2], "ferry sinks harbour"));
        items.extend(others(200, 8));
        items.push(item(2, 13, &[1, 2], "ferry sinks harbour"));
        assert_eq!(woven(&items), []);
    }

    #[test]
    fn copies_are_always_in_one_thread() {
        let mut items: Vec<Item> = others(100, 1).collect();
        items.push(Item { story: Some(1), ..item(1, 1, &[1], "ferry") });
        items.push(Item { story: Some(1), ..item(2, 2, &[2], "boat") });
        assert_eq!(woven(&items), [(1, 1), (2, 1)]);
    }

    #[test]
    fn a_known_thread_goes_on() {
        let mut items: Vec<Item> = others(100, 1).collect();
        items.push(Item { thread: Some(1), ..item(1, 1, &[1, 2], "ferry sinks harbour") });
        items.push(Item { thread: Some(1), ..item(2, 2, &[5, 6], "another title") });
        items.push(item(3, 3, &[1, 2], "ferry harbour rescue"));
        assert_eq!(woven(&items), [(1, 1), (2, 1), (3, 1)]);
    }

    proptest! {
        #[test]
        fn every_thread_is_named_after_its_first_article(
            made in proptest::collection::vec((0i64..30, proptest::collection::vec(0u64..12, 1..4), 0usize..6), 1..60),
        ) {
            const WORDS: [&str; 6] = ["ferry sinks", "ferry strike", "budget vote", "storm coast", "storm ferry", "vote strike"];
            let mut made = made;
            made.sort_by_key(|(day, ..)| *day);
            let items: Vec<Item> = (0u32..).zip(&made).map(|(number, (day, names, words))| item(number, *day, names, WORDS[*words])).collect();
            let woven = woven(&items);
            let of: HashMap<u32, u32> = woven.iter().copied().collect();
            prop_assert_eq!(of.len(), woven.len());
            for (number, thread) in &woven {
                prop_assert!(thread <= number);
                prop_assert_eq!(of.get(thread), Some(thread));
                prop_assert!(woven.iter().filter(|(_, other)| other == thread).count() > 1);
            }
        }
    }
}
