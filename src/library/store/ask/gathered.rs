//! A list with one row a thread (`group:story`): which articles of a result are shown, and how many others of it each stands for.
//!
//! A thread is shown by its newest article of the result. An article that is in no thread is shown as itself. Which rows all
//! articles have is stored beside the threads, since the times of all articles are read for it.

use super::counted;
use super::find::{Find, Rank};
use super::shown::Unstored;
use super::woven::{Woven, maker};
use crate::library::Error;
use crate::library::answer::Sets;
use crate::library::store::index::copies::Groups;
use roaring::RoaringBitmap;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// The thread of each article.
pub struct Gathering {
    woven: Arc<Woven>,
    /// Copies of an article that are in no thread themselves, since they have no date or came after the threads were
    /// computed, each with the thread of the others, or with the first of them; ascending.
    further: Groups,
}

impl Gathering {
    /// The thread of an article, by the number of one of its articles; `None` where it is in none.
    pub fn of(&self, number: u32) -> Option<u32> {
        self.woven.of(number).or_else(|| {
            let at = self.further.binary_search_by_key(&number, |(copy, _)| *copy).ok()?;
            self.further.get(at).map(|(_, thread)| *thread)
        })
    }

    /// All articles that are in a thread, with it, in no order.
    fn all(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.woven.threads.iter().chain(&self.further).copied()
    }
}

impl Find<'_> {
    pub fn gathering(&self) -> Result<Gathering, Error> {
        let (woven, groups): (Arc<Woven>, Rc<Groups>) = (self.woven()?, self.groups()?);
        let mut threads: HashMap<u32, u32> = HashMap::new();
        let mut apart: Groups = Vec::new();
        for (copy, first) in groups.iter() {
            match woven.of(*copy) {
                Some(thread) => _ = threads.entry(*first).or_insert(thread),
                None => apart.push((*copy, *first)),
            }
            match woven.of(*first) {
                Some(thread) => _ = threads.insert(*first, thread),
                None => apart.push((*first, *first)),
            }
        }
        let mut further: Groups = apart
            .into_iter()
            .map(|(copy, first)| (copy, threads.get(&first).copied().unwrap_or(first)))
            .collect();
        further.sort_unstable();
        further.dedup();
        Ok(Gathering { woven, further })
    }

    /// The articles that a result with one row a thread shows.
    pub fn gather(&self, set: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        if let Some(all) = self.stored_rows(set)? {
            return Ok(all);
        }
        self.gather_once(set)
    }

    fn gather_once(&self, set: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        let gathering = self.gathering()?;
        let mut threads: Groups = gathering.all().filter(|(number, _)| set.contains(*number)).collect();
        if threads.is_empty() {
            return Ok(set.clone());
        }
        threads.sort_unstable();
        let members: RoaringBitmap = threads.iter().map(|(number, _)| *number).collect();
        // Of each thread, the newest article so far; its place is in `newest`, so that each entry takes 4 bytes.
        let mut place_of: HashMap<u32, u32> = HashMap::new();
        let mut newest: Vec<Rank> = Vec::new();
        let mut left = threads.iter();
        for head in &self.heads {
            self.each_place(&members, head, |rank| {
                // Both are ascending.
                let Some((_, thread)) = left.find(|(number, _)| *number >= rank.1) else { return };
                let at = *place_of.entry(*thread).or_insert(newest.len() as u32) as usize;
                match newest.get_mut(at) {
                    Some(best) => *best = rank.max(*best),
                    None => newest.push(rank),
                }
            })?;
        }
        let shown: RoaringBitmap = newest.into_iter().map(|(_, number)| number).collect();
        Ok(Arc::new((&**set - members) | shown))
    }

    /// How many other articles of the result `set` each of the rows `shown` at `places` stands for.
    pub fn gathered_in(
        &self,
        set: &RoaringBitmap,
        shown: &RoaringBitmap,
        places: &[Rank],
    ) -> Result<Vec<u32>, Error> {
        if set.len() == shown.len() {
            return Ok(vec![0; places.len()]);
        }
        let gathering = self.gathering()?;
        let of: Vec<Option<u32>> = places.iter().map(|(_, number)| gathering.of(*number)).collect();
        let mut counts: Vec<(u32, u32)> = of.iter().flatten().map(|thread| (*thread, 0)).collect();
        counts.sort_unstable();
        counts.dedup();
        for (number, thread) in gathering.all() {
            if let Ok(at) = counts.binary_search_by_key(&thread, |(thread, _)| *thread)
                && let Some((_, count)) = counts.get_mut(at)
                && set.contains(number)
                && !shown.contains(number)
            {
                *count += 1;
            }
        }
        let count = |thread: &Option<u32>| {
            let at = counts.binary_search_by_key(&(*thread)?, |(thread, _)| *thread).ok()?;
            counts.get(at).map(|(_, count)| *count)
        };
        Ok(of.iter().map(|thread| count(thread).unwrap_or(0)).collect())
    }

    /// The rows of all articles, if that is what `set` is and they are stored.
    fn stored_rows(&self, set: &RoaringBitmap) -> Result<Option<Arc<RoaringBitmap>>, Error> {
        if set.len() != self.every()?.len() {
            return Ok(None);
        }
        let stored = self.gathered_stored(&maker(self.db)?)?;
        Ok(stored.filter(|rows| rows.is_subset(set)).map(Arc::new))
    }

    fn gathered_stored(&self, maker: &str) -> Result<Option<RoaringBitmap>, Error> {
        let stored = self.pass_over(None, counted::read(self.db, counted::Row::Gathered, maker))?.flatten();
        let stored = stored.filter(|(articles, _)| *articles == self.version().articles());
        Ok(stored.and_then(|(_, bytes)| RoaringBitmap::deserialize_from(&*bytes).ok()))
    }

    /// The rows of all articles, to be stored where they are not.
    pub fn gathered_now(&self) -> Result<Option<Unstored>, Error> {
        let maker = maker(self.db)?;
        if self.gathered_stored(&maker)?.is_some() {
            return Ok(None);
        }
        let woven = self.woven()?;
        if woven.articles != self.version().articles() || !woven.is_whole() {
            return Ok(None);
        }
        let rows = self.gather_once(&Arc::new(self.every()?))?;
        let mut bytes = Vec::with_capacity(rows.serialized_size());
        // Writing into memory does not fail; what were written only in part would read as missing.
        _ = rows.serialize_into(&mut bytes);
        Ok(Some(Unstored::gathered(woven.articles, maker, bytes)))
    }
}
