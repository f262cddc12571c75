//! One question on two processors: half of what is counted is counted beside the rest, on a connection of its own.

use super::find::Find;
use super::listed::Listed;
use super::tally::Counts;
use crate::library::Error;
use crate::library::store::index::heads::Head;
use crate::processors;
use roaring::RoaringBitmap;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The articles whose lists are read from which on a thread pays: to start one takes a tenth of a millisecond, and so many
/// lists a few milliseconds.
/// In tests a few are enough.
const MANY: u64 = if cfg!(test) { 2 } else { 100_000 };

/// How many articles' lists have to be read to count a segment of which `within` articles are counted, `apart` of them one by one.
/// Where all are counted, it has its totals.
fn lists_read(head: &Head, within: u64, apart: u64) -> u64 {
    let articles = u64::from(head.articles);
    if within == 0 || within == articles && apart == 0 { 0 } else { articles }
}

impl Find<'_> {
    /// Those segments that a second thread should count, where one pays.
    fn other_half(&self, set: &RoaringBitmap, apart: &RoaringBitmap) -> Vec<bool> {
        let cost = |head: &Head| {
            let [within, apart] = [set, apart].map(|set| set.range_cardinality(head.numbers()));
            lists_read(head, within, apart)
        };
        let costs: Vec<u64> = self.heads.iter().map(cost).collect();
        let all: u64 = costs.iter().sum();
        let mut other = vec![false; costs.len()];
        if all < MANY || processors::count() < 2 {
            return other;
        }
        let mut sum = 0;
        for (other, cost) in other.iter_mut().zip(&costs) {
            // The one in which the middle lies stays here.
            sum += cost;
            *other = sum <= all / 2 && *cost > 0;
        }
        other
    }

    /// Counts the articles of `set` by entity, on two processors if that pays.
    pub fn counts(&self, set: &RoaringBitmap) -> Result<Counts, Error> {
        Ok(self.counts_and_lists(set, &RoaringBitmap::new())?.0)
    }

    /// The same, with the lists of those that are `apart`, which are some of `set`.
    pub fn counts_and_lists(
        &self,
        set: &RoaringBitmap,
        apart: &RoaringBitmap,
    ) -> Result<(Counts, Listed), Error> {
        let other = self.other_half(set, apart);
        let Some(beside) = self.beside.filter(|_| other.contains(&true)) else {
            return self.count_segments(set, apart, |_| true);
        };
        let (cancel, version, there) = (self.cancel, self.version(), Mutex::new(None));
        let (here, done) = thread::scope(|scope| {
            let work = |find: &Find<'_>| {
                if find.version() == version && find.heads.len() == other.len() {
                    let counted = find.count_segments(set, apart, |place| other.get(place) == Some(&true))?;
                    *there.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
                }
                Ok(())
            };
            let running = scope.spawn(move || beside.ask(cancel, &work));
            let here = self.count_segments(set, apart, |place| other.get(place) != Some(&true));
            (here, running.join())
        });
        let (mut counts, lists_here) = here?;
        if let Ok(Err(Error::Cancelled)) = done {
            return Err(Error::Cancelled);
        }
        let (more, mut lists) = match there.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(more) => more,
            // Another program has just changed the library, or there was no room for a second connection.
            None => self.count_segments(set, apart, |place| other.get(place) == Some(&true))?,
        };
        more.each(|entity, count| counts.add(entity, count));
        // The segments of the second thread are the lower ones.
        lists.append(lists_here);
        Ok((counts, lists))
    }
}
