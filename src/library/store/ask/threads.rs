//! Threads: which articles of the library tell of one event, and the threads of a result.
//!
//! Which article is in which thread is computed over all articles of the library, from the sets of its index: no article
//! is read. It is stored beside the facets of all articles, and what is stored goes on when articles come: only the
//! articles of the days around the new ones are looked at. In a large library, a question uses what was computed last;
//! who adds articles computes it anew at the end (`count_ahead`). Where nothing has been computed yet, the newest
//! [`LARGE`] articles are looked at.

use super::find::{Find, Rank};
use super::listed::Listed;
use super::woven::{self, Woven, maker, read};
use crate::annotation::Kind;
use crate::article::ArticleId;
use crate::library::Error;
use crate::library::answer::Sets;
use crate::library::store::file::row::UNDATED;
use crate::library::store::index::names::Class;
use crate::library::store::index::rows;
use crate::library::store::index::segment::key;
use crate::library::store::index::sets;
use crate::listing::thread::{Thread, ThreadOrder, Threads, curve};
use crate::listing::{FacetKind, Key};
use crate::query::Query;
use crate::similar::thread::{DAYS, Feature, Item, Sort, Weaver};
use crate::text::fold;
use roaring::RoaringBitmap;
use rusqlite::OptionalExtension;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// Articles from which on a question uses what was computed before the last articles came.
pub const LARGE: u64 = 20_000;

/// The articles whose features are in memory at a time: some 10 MB.
const PORTION: usize = 65_536;

/// The names that are told of a thread at most.
const TOLD: usize = 6;

impl Find<'_> {
    /// Which articles are in one thread.
    pub fn woven(&self) -> Result<Arc<Woven>, Error> {
        self.woven_as(false)
    }

    /// The same, computed from all articles as they are now if that was not done yet.
    pub fn woven_now(&self) -> Result<Arc<Woven>, Error> {
        self.woven_as(true)
    }

    fn woven_as(&self, now: bool) -> Result<Arc<Woven>, Error> {
        let articles = self.version().articles();
        let maker = maker(self.db)?;
        let serves = |woven: &Woven| woven.articles == articles && (woven.newest.is_none() || !now);
        let cached = self.cache.woven().filter(|woven| woven.maker == maker);
        if let Some(woven) = cached.as_ref().filter(|woven| serves(woven)) {
            return Ok(woven.clone());
        }
        let stored = self.pass_over(None, read(self.db, &maker))?.flatten().map(Arc::new);
        let newest =
            stored.into_iter().chain(cached).max_by_key(|woven| (woven.articles, woven.newest.is_none()));
        let every = self.every()?;
        let is_large = every.len() > LARGE;
        let woven = match newest {
            Some(woven) if serves(&woven) || is_large && !now => woven,
            Some(woven) if woven.newest.is_none() => {
                Arc::new(self.go_on(&woven, &every, (articles, maker))?)
            }
            _ => {
                let recent = (is_large && !now).then_some(LARGE);
                Arc::new(self.weave(&every, recent, (articles, maker))?)
            }
        };
        self.cache.keep_woven(&woven);
        Ok(woven)
    }

    /// The articles of a set that have a date, the oldest first.
    fn by_time(&self, set: &RoaringBitmap) -> Result<Vec<Rank>, Error> {
        let mut ranks = Vec::with_capacity(set.len() as usize);
        for head in &self.heads {
            self.each_place(set, head, |rank| {
                if rank.0 != UNDATED {
                    ranks.push(rank);
                }
            })?;
        }
        ranks.sort_unstable();
        Ok(ranks)
    }

    /// Computes the threads of a library, or of its newest articles.
    fn weave(&self, every: &RoaringBitmap, newest: Option<u64>, at: (u64, String)) -> Result<Woven, Error> {
        let mut ranks = self.by_time(every)?;
        if let Some(newest) = newest {
            ranks.drain(..ranks.len().saturating_sub(newest as usize));
        }
        let threads = self.weave_these(&ranks, &|_| None)?;
        let end = self.heads.last().map_or(0, |head| head.numbers().end);
        Ok(Woven { threads, end, articles: at.0, maker: at.1, newest })
    }

    /// Goes on with what was computed at an earlier version: only what was published in the days around the new articles is
    /// looked at.
    fn go_on(&self, woven: &Woven, every: &RoaringBitmap, at: (u64, String)) -> Result<Woven, Error> {
        let end = self.heads.last().map_or(0, |head| head.numbers().end);
        let come: RoaringBitmap = every.range(woven.end..).collect();
        let ranks = self.by_time(every)?;
        let fresh = ranks.iter().filter(|(_, number)| come.contains(*number)).map(|(time, _)| *time);
        let mut threads = woven.threads.clone();
        let mut around: Vec<Rank> = Vec::new();
        for days in days_around(fresh) {
            let at = |end: i64| ranks.partition_point(|(time, _)| *time < end);
            around.extend(ranks.get(at(days.start)..at(days.end)).unwrap_or_default());
        }
        if around.len() * 2 > ranks.len() {
            threads.clear();
            threads.extend(self.weave_these(&ranks, &|_| None)?);
        } else {
            threads.extend(self.weave_these(&around, &|number| woven.of(number))?);
        }
        // What was a thread before stays in it; the first entry of a number is the earlier one.
        threads.sort_by_key(|(number, _)| *number);
        threads.dedup_by_key(|(number, _)| *number);
        threads.retain(|(number, _)| every.contains(*number));
        Ok(Woven { threads, end, articles: at.0, maker: at.1, newest: None })
    }

    fn weave_these(
        &self,
        ranks: &[Rank],
        known: &dyn Fn(u32) -> Option<u32>,
    ) -> Result<Vec<(u32, u32)>, Error> {
        let groups = self.groups()?;
        let mut stories: HashMap<u32, u32> = groups.iter().copied().collect();
        stories.extend(groups.iter().map(|(_, first)| (*first, *first)));
        let mut weaver = Weaver::default();
        for portion in ranks.chunks(PORTION) {
            self.cancel.check()?;
            let set: RoaringBitmap = portion.iter().map(|(_, number)| *number).collect();
            let mut features = self.features(&set)?;
            let items: Vec<Item> = portion
                .iter()
                .map(|(time, number)| Item {
                    number: *number,
                    time: *time,
                    story: stories.get(number).copied(),
                    thread: known(*number),
                    features: features.remove(number).unwrap_or_default(),
                })
                .collect();
            weaver.take(&items);
        }
        Ok(weaver.woven())
    }

    /// What some articles are compared by, from the sets of the index.
    fn features(&self, set: &RoaringBitmap) -> Result<HashMap<u32, Vec<Feature>>, Error> {
        let joined = self.same()?;
        let vague: HashSet<u32> = joined.same.vague().iter().copied().collect();
        let mut found: HashMap<u32, Vec<Feature>> = HashMap::with_capacity(set.len() as usize);
        // By entity, whichever it is shown under: the articles that mention it.
        let mut names: HashMap<u32, Vec<u32>> = HashMap::new();
        for head in &self.heads {
            self.cancel.check()?;
            if set.range_cardinality(head.numbers()) == 0 {
                continue;
            }
            let mut numbers = RoaringBitmap::new();
            for (sort, what) in [(key::TITLE, Sort::Title), (key::STRONG, Sort::Strong)] {
                let walked = rows::each_key_beginning(self.db, head.id, &[sort], |key, places| {
                    let Some(feature) = key.get(1..).and_then(|word| Feature::word(word, what)) else {
                        return;
                    };
                    numbers.clear();
                    sets::decode_into(places, head.base, &mut numbers);
                    for number in (&numbers & set).iter() {
                        found.entry(number).or_default().push(feature);
                    }
                });
                self.pass_over(None, walked)?;
            }
            for (sort, salient) in [(key::MENTIONED, false), (key::SALIENT, true)] {
                let walked = rows::each_key_beginning(self.db, head.id, &[sort], |key, places| {
                    let Some(named) = key::entity(key) else { return };
                    let entity = joined.same.of(named);
                    let Some(Class::Kind(kind)) = Class::of(entity) else { return };
                    numbers.clear();
                    sets::decode_into(places, head.base, &mut numbers);
                    let feature = Feature::name(u64::from(entity), kind == Kind::Country, salient);
                    for number in (&numbers & set).iter() {
                        if !vague.contains(&entity) {
                            found.entry(number).or_default().push(feature);
                        }
                        if !salient {
                            names.entry(named).or_default().push(number);
                        }
                    }
                });
                self.pass_over(None, walked)?;
            }
        }
        self.without_words_of_names(&names, &mut found)?;
        Ok(found)
    }

    /// Removes the words that are words of the names of an article.
    fn without_words_of_names(
        &self,
        names: &HashMap<u32, Vec<u32>>,
        found: &mut HashMap<u32, Vec<Feature>>,
    ) -> Result<(), Error> {
        let mut statement = self.db.prepare_cached("SELECT name FROM entity WHERE id = ?")?;
        let mut words: HashMap<u32, Vec<u64>> = HashMap::with_capacity(found.len());
        for (entity, numbers) in names {
            let name = statement.query_row([entity], |row| row.get::<_, String>(0)).optional();
            let Some(name) = self.pass_over(None, name)?.flatten() else { continue };
            let own = fold::words(&name);
            let keys = own.iter().filter_map(|word| Feature::word(word.as_bytes(), Sort::Title));
            let keys: Vec<u64> = keys.map(|feature| feature.key).collect();
            for number in numbers {
                words.entry(*number).or_default().extend(&keys);
            }
        }
        for (number, features) in found {
            if let Some(words) = words.get(number) {
                features.retain(|feature| !words.contains(&feature.key));
            }
        }
        Ok(())
    }

    /// See `Backend::place_in_thread`.
    pub fn place_in_thread(&self, id: ArticleId) -> Result<Option<(u64, u64)>, Error> {
        let Some(number) = self.pass_over(Some(id), self.number_of(id))?.flatten() else { return Ok(None) };
        let maker = maker(self.db)?;
        let known = self.cache.woven().filter(|woven| woven.maker == maker);
        let members = match known {
            Some(woven) => woven.with(number),
            // What is stored is looked through where it is, since all of it in memory takes 8 bytes an article.
            None => self.pass_over(None, woven::stored_with(self.db, &maker, number))?.flatten(),
        };
        let Some(members) = members else { return Ok(None) };
        let members = members - &self.dead;
        let own = (self.published_at(number), number);
        let before = members.iter().filter(|other| (self.published_at(*other), *other) < own).count();
        Ok(members.contains(number).then(|| (before as u64 + 1, members.len())))
    }

    /// The articles of the thread that an article is in; only itself where it is in none.
    pub fn story(&self, id: ArticleId) -> Result<RoaringBitmap, Error> {
        let Some(number) = self.pass_over(Some(id), self.number_of(id))?.flatten() else {
            return Ok(RoaringBitmap::new());
        };
        let woven = self.woven()?;
        Ok(woven.with(number).unwrap_or_else(|| RoaringBitmap::from([number])))
    }

    /// See `Backend::threads`.
    pub fn threads(&self, query: &Query, order: ThreadOrder, limit: usize) -> Result<Threads, Error> {
        let set = self.result(query)?;
        let woven = self.woven()?;
        let groups = self.groups()?;
        let story = |number: u32| {
            let at = groups.binary_search_by_key(&number, |(copy, _)| *copy).ok();
            at.and_then(|at| groups.get(at)).map_or(number, |(_, group)| *group)
        };
        let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
        for (number, thread) in woven.threads.iter().filter(|(number, _)| set.contains(*number)) {
            members.entry(*thread).or_default().push(*number);
        }
        members.retain(|_, numbers| numbers.len() > 1);
        let total = members.len() as u64;
        let mut times: HashMap<u32, i64> = HashMap::new();
        let those: RoaringBitmap = members.values().flatten().copied().collect();
        for head in &self.heads {
            self.each_place(&those, head, |(time, number)| _ = times.insert(number, time))?;
        }
        let time = |number: &u32| times.get(number).copied().unwrap_or(UNDATED);
        let last = |numbers: &[u32]| numbers.iter().map(time).max().unwrap_or(UNDATED);
        let mut ranked: Vec<((u64, i64), u32, Vec<u32>)> = members
            .into_iter()
            .map(|(thread, numbers)| {
                let size = match order {
                    ThreadOrder::Newest => 0,
                    ThreadOrder::Largest => numbers.len() as u64,
                    ThreadOrder::Sources => 0,
                };
                ((size, last(&numbers)), thread, numbers)
            })
            .collect();
        if order == ThreadOrder::Sources {
            let lists = self.lists_of(&those)?;
            for ((size, _), _, numbers) in &mut ranked {
                let sources = numbers.iter().flat_map(|number| lists.of(*number));
                let sources: HashSet<u32> =
                    sources.copied().filter(|entity| Class::of(*entity) == Some(Class::Source)).collect();
                *size = sources.len() as u64;
            }
        }
        ranked.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(other.1.cmp(&one.1)));
        ranked.truncate(limit);
        let shown: RoaringBitmap = ranked.iter().flat_map(|(.., numbers)| numbers).copied().collect();
        let lists = self.lists_of(&shown)?;
        let rarity = self.rarity(&lists)?;
        let mut threads = Vec::with_capacity(ranked.len());
        for (_, thread, numbers) in &ranked {
            self.cancel.check()?;
            let (names, sources) = self.told(numbers, &lists, &rarity)?;
            let mut sizes: HashMap<u32, u32> = HashMap::new();
            for number in numbers {
                *sizes.entry(story(*number)).or_default() += 1;
            }
            let named = |number: &u32| {
                let has =
                    |entity: &u32| lists.of(*number).iter().any(|other| rarity.shown(*other) == *entity);
                names.iter().filter(|(entity, _)| has(entity)).count()
            };
            let size = |number: &u32| sizes.get(&story(*number)).copied().unwrap_or(0);
            let Some(head) = numbers
                .iter()
                .copied()
                .max_by_key(|number| (size(number), named(number), time(number), *number))
            else {
                continue;
            };
            let id = self.id_of(head)?;
            let (_, title) = self.pass_over(Some(id), self.row_names(id))?.unwrap_or_default();
            let (first, last) = (numbers.iter().map(time).min().unwrap_or(UNDATED), last(numbers));
            let mut facets = Vec::new();
            for (entity, count) in &names {
                let Some(Class::Kind(kind)) = Class::of(*entity) else { continue };
                let named = self.named(&[(*entity, *count)])?;
                facets.extend(named.into_iter().map(|facet| (FacetKind::Entity(kind), facet)));
            }
            // The first article of a thread may have been removed since.
            let named = match self.dead.contains(*thread) {
                true => numbers.iter().copied().min_by_key(time).unwrap_or(*thread),
                false => *thread,
            };
            threads.push(Thread {
                id: self.id_of(named)?,
                first,
                last,
                articles: numbers.len() as u64,
                stories: sizes.len() as u64,
                sources: self.named(&sources)?.into_iter().map(|facet| facet.name).collect(),
                head: Key { published: self.published_at(head), id },
                title,
                names: facets,
                curve: curve(first, last, numbers.iter().map(time)),
            });
        }
        Ok(Threads { threads, total, newest: woven.newest })
    }

    /// How rare the entities of some articles are in the library.
    fn rarity(&self, lists: &Listed) -> Result<Rarity, Error> {
        let joined = self.same()?;
        let wanted: HashSet<u32> = lists.entities().iter().map(|entity| joined.same.of(*entity)).collect();
        let mut counts: HashMap<u32, u32> = HashMap::new();
        let mut all = 0;
        for head in &self.heads {
            all += head.articles;
            for (entity, count) in self.pass_over(None, self.totals(head))?.unwrap_or_default() {
                let entity = joined.same.of(entity);
                if wanted.contains(&entity) {
                    *counts.entry(entity).or_default() += count;
                }
            }
        }
        Ok(Rarity { joined, counts, all })
    }

    /// The names that tell most of some articles, and their sources.
    fn told(&self, numbers: &[u32], lists: &Listed, rarity: &Rarity) -> Result<(Counted, Counted), Error> {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut seen: HashSet<u32> = HashSet::new();
        for list in numbers.iter().map(|number| lists.of(*number)) {
            seen.clear();
            for entity in
                list.iter().map(|entity| rarity.shown(*entity)).filter(|entity| seen.insert(*entity))
            {
                *counts.entry(entity).or_default() += 1;
            }
        }
        let sources = counts.iter().filter(|(entity, _)| Class::of(**entity) == Some(Class::Source));
        let sources: Vec<(u32, u32)> = sources.map(|(entity, count)| (*entity, *count)).collect();
        let least = 2;
        let mut names: Vec<(f64, u32, u32)> = counts
            .iter()
            .filter(|(entity, count)| matches!(Class::of(**entity), Some(Class::Kind(_))) && **count >= least)
            .map(|(entity, count)| (f64::from(*count) * rarity.of(*entity), *entity, *count))
            .collect();
        names.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        names.truncate(TOLD);
        Ok((names.into_iter().map(|(_, entity, count)| (entity, count)).collect(), sources))
    }
}

/// The spans of time in which an article may be of one thread with one that appeared at one of these times, which are
/// ascending; spans that touch are one.
fn days_around(times: impl Iterator<Item = i64>) -> Vec<Range<i64>> {
    const SPAN: i64 = DAYS * 86_400;
    let mut spans: Vec<Range<i64>> = Vec::new();
    for time in times {
        let span = time - SPAN..time + SPAN + 1;
        match spans.last_mut() {
            Some(last) if span.start <= last.end => last.end = span.end,
            _ => spans.push(span),
        }
    }
    spans
}

/// Entities, each with the number of articles that have it.
type Counted = Vec<(u32, u32)>;

/// How rare names are.
struct Rarity {
    joined: Arc<super::joined::Joined>,
    counts: HashMap<u32, u32>,
    all: u32,
}

impl Rarity {
    /// The entity under which one is shown.
    fn shown(&self, entity: u32) -> u32 {
        self.joined.same.of(entity)
    }

    fn of(&self, entity: u32) -> f64 {
        let count = self.counts.get(&entity).copied().unwrap_or(1).max(1);
        (1.0 + f64::from(self.all) / f64::from(count)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::store::Store;
    use crate::library::{Backend, Cancel};
    use rusqlite::Connection;

    #[test]
    fn each_span_around_new_articles_is_looked_at_by_itself() {
        let (day, span) = (86_400, DAYS * 86_400);
        assert_eq!(days_around(std::iter::empty()), []);
        let spans = days_around([0, day, 100 * day].into_iter());
        assert_eq!(spans, [-span..day + span + 1, 100 * day - span..100 * day + span + 1]);
    }

    #[test]
    fn what_is_woven_is_kept_and_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let store = Store::open(&path).expect("a library");
        let news = crate::library::tests::threads::news();
        let (early, late): (Vec<_>, Vec<_>) = news.into_iter().partition(|(article, _)| {
            article.date().is_some_and(|day| day.to_string().as_str() < "2022-01-06")
        });
        store.add(early).expect("added");
        store.settle().expect("settled");
        let kept = |store: &Store| {
            let found = store.threads(&Query::everything(), ThreadOrder::Largest, 9, &Cancel::new());
            found.expect("threads").threads.iter().map(|thread| thread.articles).collect::<Vec<_>>()
        };
        let before = kept(&store);
        store.add(late).expect("added");
        let after = kept(&store);
        assert!(after.iter().sum::<u64>() > before.iter().sum::<u64>());
        // Computed from nothing, it is the same.
        let db = Connection::open(&path).expect("a database");
        db.execute("DELETE FROM counted", []).expect("deleted");
        assert_eq!(kept(&Store::open(&path).expect("a library")), after);
    }
}
