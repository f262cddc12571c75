//! Articles on their way to an archive: which of them are copies of a story that is there.
//!
//! In: articles that come in. Out: the story of each, and when it came. The rules are those of a local library (`similar`):
//! candidates share a key and appeared within two weeks, and they are compared here.

use super::Remote;
use super::clause::terms;
use super::layout::{self, Named, Placed, There, UNDATED, alike, number};
use super::names::hits;
use super::server::TIMEOUT;
use super::several::searches;
use crate::annotation::Analysis;
use crate::article::Article;
use crate::library::store::{MOST_COMPARED, Told, near};
use crate::library::{Cancel, Error};
use crate::similar::Signature;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::PoisonError;
use std::time::{SystemTime, UNIX_EPOCH};

/// The bits of [`Keys`]: of the keys of a million articles, one in seventy that was never there seems to be.
const BITS: u64 = 1 << 28;
/// How many keys one search asks for, how many articles it finds at most, and how many searches one request has.
const KEYS: usize = 1_000;
const FOUND: usize = 1_000;
const SEARCHES: usize = 16;
/// How many bytes of text are remembered of the articles that were sent and may not be found yet.
const RECENT: usize = 16 << 20;

/// An article on its way to the archive.
pub struct Incoming<'a> {
    pub named: Named,
    pub article: &'a Article,
    pub analysis: &'a Analysis,
    pub known: Option<&'a There>,
    /// What copies of it are found by.
    pub keys: Vec<u64>,
    told: Option<Told>,
}

impl<'a> Incoming<'a> {
    pub fn new(
        named: Named,
        article: &'a Article,
        analysis: &'a Analysis,
        known: Option<&'a There>,
    ) -> Incoming<'a> {
        let told = Told::new(Signature::of(&article.body), article.clone());
        let keys = told.iter().flat_map(Told::bands).collect();
        Incoming { named, article, analysis, known, keys, told }
    }

    fn when(&self) -> i64 {
        layout::when(self.article.published)
    }
}

/// The keys that this program has sent, so that those are not asked for that nobody has sent. Where others fill the archive
/// too, or it held articles before, every key is asked for.
#[derive(Default)]
pub struct Keys {
    /// Two bits for each key.
    bits: Vec<u64>,
    /// How many articles were sent; `None` where others have sent some too.
    sent: Option<u64>,
    begun: bool,
    /// The last time that was given to an article.
    last: i64,
}

impl Keys {
    fn places(key: u64) -> [u64; 2] {
        [key % BITS, (key >> 32 ^ key << 7) % BITS]
    }

    fn has(&self, key: u64) -> bool {
        let is_set = |place: u64| {
            self.bits.get((place / 64) as usize).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
        };
        self.sent.is_none() || Keys::places(key).into_iter().all(is_set)
    }

    fn put(&mut self, key: u64) {
        if self.sent.is_none() {
            return;
        }
        if self.bits.is_empty() {
            self.bits = vec![0; (BITS / 64) as usize];
        }
        for place in Keys::places(key) {
            if let Some(bits) = self.bits.get_mut((place / 64) as usize) {
                *bits |= 1 << (place % 64);
            }
        }
    }

    /// A time that is later than all that were given.
    fn now(&mut self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros() as i64);
        self.last = now.max(self.last + 1);
        self.last
    }
}

/// An article of the archive with which others are compared.
struct Earlier {
    placed: Placed,
    when: i64,
    told: Told,
}

/// The articles that this program has sent and that the server may not find yet: it makes them visible every half a minute.
#[derive(Default)]
pub struct Recent {
    /// By number.
    articles: HashMap<i64, Earlier>,
    by_key: HashMap<u64, Vec<i64>>,
    /// What is there of each, by the id of its document.
    there: HashMap<String, There>,
    bytes: usize,
}

impl Recent {
    /// What is there of an article that was sent a moment ago.
    pub fn there(&self, id: &str) -> Option<&There> {
        self.there.get(id)
    }

    /// Whether so much was sent that the server should make it visible, so that nothing needs to be remembered.
    pub fn is_full(&self) -> bool {
        self.bytes > RECENT
    }

    fn put(&mut self, incoming: Incoming<'_>, placed: Placed) {
        let Incoming { named, article, analysis, keys, told, .. } = incoming;
        let (when, number) = (layout::when(article.published), named.number.0);
        let there = There::of(article, analysis, placed);
        self.bytes += article.title.len() + article.body.len() + 500;
        self.there.insert(named.id, there);
        if let Some(told) = told {
            self.articles.insert(number, Earlier { placed, when, told });
            for key in keys {
                self.by_key.entry(key).or_default().push(number);
            }
        }
    }
}

impl Remote {
    /// Remembers articles that were sent, with the place of each, until the server makes them visible.
    pub fn remember(&self, sent: Vec<Incoming<'_>>, placed: &[Placed], cancel: &Cancel) -> Result<(), Error> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        for (incoming, placed) in sent.into_iter().zip(placed) {
            recent.put(incoming, *placed);
        }
        if recent.is_full() {
            self.server.ask("POST", &format!("{}/_refresh", self.articles), None, cancel)?;
            *recent = Recent::default();
        }
        Ok(())
    }

    /// The story of each article that comes in, and when it came. What is there already keeps both.
    pub fn placed(&self, going: &[Incoming<'_>], cancel: &Cancel) -> Result<Vec<Placed>, Error> {
        let wanted: BTreeSet<u64> = {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            if !keys.begun || keys.sent.is_some() {
                let there = self.count_all(cancel)?;
                let own = if keys.begun { keys.sent.unwrap_or(0) } else { 0 };
                keys.sent = (there <= own).then_some(own);
                keys.begun = true;
            }
            let new = going.iter().filter(|incoming| incoming.known.is_none());
            new.flat_map(|incoming| &incoming.keys).copied().filter(|key| keys.has(*key)).collect()
        };
        let mut earlier = if wanted.is_empty() { BTreeMap::new() } else { self.earlier(&wanted, cancel)? };
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        // What was sent a moment ago is as it was sent.
        earlier.retain(|number, _| !recent.articles.contains_key(number));
        let of_recent = wanted.iter().filter_map(|key| recent.by_key.get(key)).flatten();
        let numbers =
            of_recent.filter_map(|number| Some((*number, recent.articles.get(number)?.placed.story)));
        let numbers: BTreeSet<i64> = numbers.flat_map(|(number, story)| [number, story]).collect();
        let recent = numbers.iter().filter_map(|number| Some((*number, recent.articles.get(number)?)));
        let earlier: BTreeMap<i64, &Earlier> =
            earlier.iter().map(|(number, earlier)| (*number, earlier)).chain(recent).collect();
        let placed = self.place(going, &earlier);
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        for key in going.iter().flat_map(|incoming| &incoming.keys) {
            keys.put(*key);
        }
        if let Some(sent) = &mut keys.sent {
            *sent += going.iter().filter(|incoming| incoming.known.is_none()).count() as u64;
        }
        Ok(placed)
    }

    /// The story of each article, among those of the archive that share a key with one of them.
    fn place(&self, going: &[Incoming<'_>], earlier: &BTreeMap<i64, &Earlier>) -> Vec<Placed> {
        let mut by_key: HashMap<String, Vec<i64>> = HashMap::new();
        // By when they came.
        let mut found: Vec<(&i64, &&Earlier)> = earlier.iter().collect();
        found.sort_by_key(|(number, earlier)| (earlier.placed.added, **number));
        for (number, earlier) in found {
            for key in earlier.told.bands() {
                by_key.entry(alike(key)).or_default().push(*number);
            }
        }
        let mut placed: Vec<Placed> = Vec::with_capacity(going.len());
        let mut here: HashMap<i64, usize> = HashMap::new();
        for (place, incoming) in going.iter().enumerate() {
            let own = incoming.named.number.0;
            let known = incoming.known.and_then(|known| known.placed);
            let story = match (&incoming.told, known) {
                (_, Some(known)) => Some(known.story),
                (None, None) => None,
                (Some(told), None) => {
                    let mut candidates: Vec<i64> = Vec::new();
                    for key in told.bands() {
                        candidates.extend(by_key.get(&alike(key)).into_iter().flatten());
                    }
                    // Those of the archive come before those of this batch, each in its order.
                    let order = |number: &i64| match (earlier.get(number), here.get(number)) {
                        (Some(earlier), _) => (0, earlier.placed.added, *number),
                        (None, place) => (1, place.map_or(0, |place| *place as i64), *number),
                    };
                    candidates.sort_by_key(order);
                    candidates.dedup();
                    let of = |number: i64| -> Option<(&Told, i64, i64)> {
                        match here.get(&number) {
                            Some(place) => {
                                let other = going.get(*place)?;
                                Some((other.told.as_ref()?, other.when(), placed.get(*place)?.story))
                            }
                            None => {
                                let other = earlier.get(&number)?;
                                Some((&other.told, other.when, other.placed.story))
                            }
                        }
                    };
                    let near = candidates.into_iter().filter(|number| {
                        *number != own && of(*number).is_some_and(|(_, when, _)| near(when, incoming.when()))
                    });
                    let mut stories = near.take(MOST_COMPARED).filter_map(|number| {
                        let (other, _, story) = of(number)?;
                        // What tells nearly the same from article to article may end far from where it began.
                        let strays =
                            || story != number && of(story).is_some_and(|(first, ..)| first.strays(told));
                        (other.same(told) && !strays()).then_some(story)
                    });
                    stories.next()
                }
            };
            let added = match known {
                Some(known) => known.added,
                None => self.keys.lock().unwrap_or_else(PoisonError::into_inner).now(),
            };
            placed.push(Placed { story: story.unwrap_or(own), added });
            here.insert(own, place);
            for key in &incoming.keys {
                by_key.entry(alike(*key)).or_default().push(own);
            }
        }
        placed
    }

    fn count_all(&self, cancel: &Cancel) -> Result<u64, Error> {
        let answer = self.server.ask("GET", &format!("{}/_count", self.articles), None, cancel)?;
        Ok(answer["count"].as_u64().unwrap_or(0))
    }

    /// The articles under some keys that the server finds, by number.
    fn earlier(&self, keys: &BTreeSet<u64>, cancel: &Cancel) -> Result<BTreeMap<i64, Earlier>, Error> {
        let written: Vec<String> = keys.iter().map(|key| alike(*key)).collect();
        let bodies: Vec<Value> = written
            .chunks(KEYS)
            .map(|piece| {
                json!({
                    "size": FOUND, "timeout": TIMEOUT, "track_total_hits": false,
                    "_source": ["num", "when", "story", "added", "title", "body", "source", "url"],
                    "query": terms("alike", piece)
                })
            })
            .collect();
        let mut found = BTreeMap::new();
        for piece in bodies.chunks(SEARCHES) {
            for answer in searches(&self.server, &self.articles, piece, cancel)? {
                found.extend(hits(&answer).filter_map(|hit| earlier_of(&hit["_source"])));
            }
        }
        let missing: Vec<i64> = found
            .values()
            .map(|earlier| earlier.placed.story)
            .filter(|story| !found.contains_key(story))
            .collect();
        for piece in missing.chunks(FOUND) {
            let body = json!({
                "size": piece.len(), "timeout": TIMEOUT, "track_total_hits": false, "query": terms("num", piece)
            });
            let answer =
                self.server.ask("POST", &format!("{}/_search", self.articles), Some(&body), cancel)?;
            found.extend(hits(&answer).filter_map(|hit| earlier_of(&hit["_source"])));
        }
        Ok(found)
    }
}

fn earlier_of(source: &Value) -> Option<(i64, Earlier)> {
    let number = number(&source["num"])?;
    let (article, ..) = layout::read(source);
    let placed = Placed {
        story: layout::number(&source["story"]).unwrap_or(number),
        added: layout::number(&source["added"]).unwrap_or(0),
    };
    let when = layout::number(&source["when"]).unwrap_or(UNDATED);
    let told = Told::new(Signature::of(&article.body), article)?;
    Some((number, Earlier { placed, when, told }))
}
