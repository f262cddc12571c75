//! One question on two processors: half of what is counted is counted beside the rest, on a connection of its own.

use super::find::Find;
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

/// How many articles' lists have to be read to count a segment of which `within` articles are counted. Where all are, it has its totals.
fn lists_read(head: &Head, within: u64) -> u64 {
    if within == 0 || within == u64::from(head.articles) { 0 } else { u64::from(head.articles) }
}

impl Find<'_> {
    /// Those segments that a second thread should count, where one pays.
    fn other_half(&self, set: &RoaringBitmap) -> Vec<bool> {
        let costs: Vec<u64> =
            self.heads.iter().map(|head| lists_read(head, set.range_cardinality(head.numbers()))).collect();
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
        let other = self.other_half(set);
        let Some(beside) = self.beside.filter(|_| other.contains(&true)) else {
            return self.count_segments(set, |_| true);
        };
        let (cancel, version, there) = (self.cancel, self.version(), Mutex::new(None));
        let (here, done) = thread::scope(|scope| {
            let work = |find: &Find<'_>| {
                if find.version() == version && find.heads.len() == other.len() {
                    let counts = find.count_segments(set, |place| other.get(place) == Some(&true))?;
                    *there.lock().unwrap_or_else(PoisonError::into_inner) = Some(counts);
                }
                Ok(())
            };
            let running = scope.spawn(move || beside.ask(cancel, &work));
            let here = self.count_segments(set, |place| other.get(place) != Some(&true));
            (here, running.join())
        });
        let mut counts = here?;
        if let Ok(Err(Error::Cancelled)) = done {
            return Err(Error::Cancelled);
        }
        match there.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(more) => more.each(|entity, count| counts.add(entity, count)),
            // Another program has just changed the library, or there was no room for a second connection.
            None => {
                let more = self.count_segments(set, |place| other.get(place) == Some(&true))?;
                more.each(|entity, count| counts.add(entity, count));
            }
        }
        Ok(counts)
    }
}
