//! What is kept between questions, in memory: results and what was counted of them, each with the version of
//! the library that it is of.

use super::joined::Joined;
use super::spoken::Spoken;
use super::tally::Counted;
use super::woven::{Woven, WovenAt};
use crate::annotation::Least;
use crate::library::damage::Damages;
use crate::library::store::file::meta::Version;
use crate::library::store::file::pack::Unpacker;
use crate::listing::Hold;
use crate::query::{Filter, Query};
use roaring::RoaringBitmap;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// See the module.
#[derive(Default)]
pub struct Cache {
    /// The times of publication of a segment by its id, 8 bytes an article, read when first needed. They do
    /// not change once they are written.
    published: Mutex<HashMap<i64, Arc<[i64]>>>,
    /// The last results, the newest at the end: at most [`RESULTS`], each of some 100 KB.
    results: Mutex<VecDeque<Result>>,
    /// Results and the rows that are shown of them; at most [`RESULTS`].
    folds: Mutex<VecDeque<Fold>>,
    /// What the results of holds have listed so far, with the version that it is of, the hold that was used last at
    /// the end: at most [`HOLDS`], each of some 100 KB.
    held: Mutex<VecDeque<(Hold, Version, Arc<RoaringBitmap>)>>,
    /// What was counted last, one byte an entity of the library.
    counts: Mutex<Option<Kept>>,
    /// Which entities are one, as it was computed or read last.
    same: Mutex<Option<Arc<Joined>>>,
    /// Which articles are in one thread, as it was computed or read last.
    woven: Mutex<Option<Arc<Woven>>>,
    /// How many utterances each article has, as it was counted or read last: one byte an article.
    spoken: Mutex<Option<Arc<Spoken>>>,
    /// The places of the newest articles, or that they are not stored, at a version of the articles.
    newest: Mutex<Option<(u64, Newest)>>,
    /// The results of saved searches, the newest at the end.
    searches: Mutex<VecDeque<Result>>,
    pub unpacker: Unpacker,
    /// What could not be read.
    pub damage: Damages,
    /// The repairs of the library up to which the rest holds.
    generation: Mutex<u64>,
    /// How sure the engine must be of a speaker; the default unless it was set.
    least: OnceLock<Least>,
}

/// The places of articles (`find::Rank`), the newest first.
type Newest = Option<Arc<Vec<(i64, u32)>>>;

/// A result, by which threads it was folded (`None` for copies), and the rows that are shown of it.
type Fold = (Arc<RoaringBitmap>, Option<WovenAt>, Arc<RoaringBitmap>);

/// What was counted of a query, at which version, and by which names that are one.
type Kept = (Query, Version, Arc<Joined>, Arc<Counted>);

/// A filter, the version at which it was answered, and the answer.
type Result = (Filter, Version, Arc<RoaringBitmap>);

const RESULTS: usize = 8;

/// What a person can go back to at most, with everything that was listed there.
const HOLDS: usize = 32;

/// Whether what was found for `filter` at the version `then` still holds at `now`.
fn holds(filter: &Filter, then: Version, now: Version) -> bool {
    then.articles() == now.articles() && (then.marks() == now.marks() || !filter.asks_for_marks())
}

fn find(results: &VecDeque<Result>, filter: &Filter, now: Version) -> Option<Arc<RoaringBitmap>> {
    let found = results.iter().find(|(kept, then, _)| kept == filter && holds(filter, *then, now));
    found.map(|(.., set)| set.clone())
}

impl Cache {
    /// How sure the engine must be of a speaker.
    pub fn least(&self) -> Least {
        self.least.get().copied().unwrap_or_default()
    }

    /// Sets that, once, before anything is asked.
    pub fn stand_by(&self, least: Least) {
        _ = self.least.set(least);
    }

    /// Forgets what is known of the library before its last repair.
    pub fn begin(&self, now: Version) {
        let mut generation = lock(&self.generation);
        if *generation != now.generation() {
            *generation = now.generation();
            lock(&self.published).clear();
            lock(&self.held).clear();
            *lock(&self.same) = None;
            *lock(&self.woven) = None;
            *lock(&self.spoken) = None;
            *lock(&self.newest) = None;
            self.unpacker.forget();
            self.damage.forget();
        }
    }

    /// A result that was found before and still holds.
    pub fn result(&self, filter: &Filter, now: Version) -> Option<Arc<RoaringBitmap>> {
        find(&lock(&self.results), filter, now)
    }

    pub fn keep_result(&self, filter: &Filter, now: Version, set: &Arc<RoaringBitmap>) {
        let mut results = lock(&self.results);
        results.retain(|(kept, ..)| kept != filter);
        if results.len() >= RESULTS {
            results.pop_front();
        }
        results.push_back((filter.clone(), now, set.clone()));
    }

    /// The result of a saved search that was found before and still holds.
    pub fn search(&self, filter: &Filter, now: Version) -> Option<Arc<RoaringBitmap>> {
        find(&lock(&self.searches), filter, now)
    }

    /// Keeps the result of a saved search, until [`Cache::forget_searches`].
    pub fn keep_search(&self, filter: &Filter, now: Version, set: &Arc<RoaringBitmap>) {
        let mut searches = lock(&self.searches);
        searches.retain(|(kept, ..)| kept != filter);
        searches.push_back((filter.clone(), now, set.clone()));
    }

    /// Forgets the oldest results of saved searches, so that at most `most` are left.
    pub fn forget_searches(&self, most: usize) {
        let mut searches = lock(&self.searches);
        let more = searches.len().saturating_sub(most);
        searches.drain(..more);
    }

    /// What the result of a hold has listed so far, and the version that it is of.
    pub fn held(&self, hold: Hold) -> Option<(Version, Arc<RoaringBitmap>)> {
        let held = lock(&self.held);
        held.iter().find(|(kept, ..)| *kept == hold).map(|(_, then, set)| (*then, set.clone()))
    }

    pub fn keep_held(&self, hold: Hold, now: Version, set: &Arc<RoaringBitmap>) {
        let mut held = lock(&self.held);
        held.retain(|(kept, ..)| *kept != hold);
        if held.len() >= HOLDS {
            held.pop_front();
        }
        held.push_back((hold, now, set.clone()));
    }

    /// What was counted last, if it was the result of this query and still holds.
    pub fn counts(&self, query: &Query, now: Version, joined: &Arc<Joined>) -> Option<Arc<Counted>> {
        let counts = lock(&self.counts);
        let (kept, then, by, counted) = counts.as_ref()?;
        let same = kept.filter == query.filter
            && kept.grouping.beside_rows() == query.grouping.beside_rows()
            && kept.hold == query.hold;
        (same && Arc::ptr_eq(by, joined) && holds(&query.filter, *then, now)).then(|| counted.clone())
    }

    pub fn keep_counts(&self, query: &Query, now: Version, joined: &Arc<Joined>, counted: &Arc<Counted>) {
        *lock(&self.counts) = Some((query.clone(), now, joined.clone(), counted.clone()));
    }

    /// Which entities are one, as it was computed or read last.
    pub fn same(&self) -> Option<Arc<Joined>> {
        lock(&self.same).clone()
    }

    pub fn keep_same(&self, joined: &Arc<Joined>) {
        *lock(&self.same) = Some(joined.clone());
    }

    /// Which articles are in one thread, as it was computed or read last.
    pub fn woven(&self) -> Option<Arc<Woven>> {
        lock(&self.woven).clone()
    }

    pub fn keep_woven(&self, woven: &Arc<Woven>) {
        *lock(&self.woven) = Some(woven.clone());
    }

    /// How many utterances each article has, as it was counted or read last.
    pub fn spoken(&self) -> Option<Arc<Spoken>> {
        lock(&self.spoken).clone()
    }

    pub fn keep_spoken(&self, spoken: &Arc<Spoken>) {
        *lock(&self.spoken) = Some(spoken.clone());
    }

    /// The places of the newest articles at a version of the articles.
    pub fn newest(&self) -> Option<(u64, Newest)> {
        lock(&self.newest).clone()
    }

    pub fn keep_newest(&self, articles: u64, newest: &Newest) {
        *lock(&self.newest) = Some((articles, newest.clone()));
    }

    /// The rows that are shown of a result that was folded before.
    pub fn fold(&self, set: &Arc<RoaringBitmap>, by: Option<WovenAt>) -> Option<Arc<RoaringBitmap>> {
        let folds = lock(&self.folds);
        let fold = folds.iter().find(|(kept, of, _)| Arc::ptr_eq(kept, set) && *of == by);
        fold.map(|(.., shown)| shown.clone())
    }

    pub fn keep_fold(&self, set: &Arc<RoaringBitmap>, by: Option<WovenAt>, shown: &Arc<RoaringBitmap>) {
        let mut folds = lock(&self.folds);
        if folds.len() >= RESULTS {
            folds.pop_front();
        }
        folds.push_back((set.clone(), by, shown.clone()));
    }

    /// When the articles of a segment were published, if that was read before.
    pub fn published(&self, segment: i64) -> Option<Arc<[i64]>> {
        lock(&self.published).get(&segment).cloned()
    }

    /// Keeps when the articles of a segment were published, and forgets segments that are not `live`.
    pub fn keep_published(&self, segment: i64, times: &Arc<[i64]>, live: impl Fn(i64) -> bool) {
        let mut published = lock(&self.published);
        published.retain(|id, _| live(*id));
        published.insert(segment, times.clone());
    }
}

/// Nothing that is done under these locks can be left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
