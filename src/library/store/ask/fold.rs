//! Copies of a story in a result: which of them are shown, and how many are folded into each row.

use super::find::{Find, Rank};
use crate::library::Error;
use crate::library::store::index::copies::{DAYS, groups_of};
use crate::library::store::index::segment::key;
use crate::query::{Grouping, Query};
use roaring::RoaringBitmap;
use std::collections::HashMap;
use std::sync::Arc;

/// A group may reach so far, copy by copy.
const REACH: i64 = 10 * DAYS * 86_400;

impl Find<'_> {
    /// A result without the copies that are folded away: of each group its first article is shown,
    /// or the earliest that the result has. Kept for the next page.
    pub fn fold(&self, query: &Query, set: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        if query.grouping == Grouping::Off {
            return Ok(set.clone());
        }
        if let Some(shown) = self.cache.fold(set) {
            return Ok(shown);
        }
        let shown = self.fold_once(query, set)?;
        self.cache.keep_fold(set, &shown);
        Ok(shown)
    }

    /// The same, not kept.
    pub fn fold_once(&self, query: &Query, set: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        if query.grouping == Grouping::Off {
            return Ok(set.clone());
        }
        let there = self.set(&[key::COPY])? & &**set;
        Ok(if there.is_empty() {
            set.clone()
        } else if query.filter.is_everything() && self.dead.is_empty() {
            // The first of every group is there.
            Arc::new(&**set - there)
        } else {
            Arc::new(&**set - self.hidden(set, &there)?)
        })
    }

    /// Those of the copies `there` that another article of the result stands for.
    fn hidden(&self, set: &RoaringBitmap, there: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let mut hidden = RoaringBitmap::new();
        let mut standing_for: HashMap<u32, u32> = HashMap::new();
        for head in &self.heads {
            self.cancel.check()?;
            if there.range_cardinality(head.numbers()) == 0 {
                continue;
            }
            for (copy, group) in
                groups_of(self.db, head)?.into_iter().filter(|(copy, _)| there.contains(*copy))
            {
                if set.contains(group) || *standing_for.entry(group).or_insert(copy) != copy {
                    hidden.insert(copy);
                }
            }
        }
        Ok(hidden)
    }

    /// How many articles of the result `set` are folded into each of the rows `shown` at `places`.
    pub fn copies_of(
        &self,
        set: &RoaringBitmap,
        shown: &RoaringBitmap,
        places: &[Rank],
    ) -> Result<Vec<u32>, Error> {
        let times = || places.iter().map(|(time, _)| *time);
        let (Some(oldest), Some(newest)) = (times().min(), times().max()) else { return Ok(Vec::new()) };
        if set.len() == shown.len() {
            return Ok(vec![0; places.len()]);
        }
        let mut copies: Vec<(u32, u32)> = Vec::new();
        for head in &self.heads {
            if head.oldest <= newest.saturating_add(REACH) && oldest.saturating_sub(REACH) <= head.newest {
                copies.extend(groups_of(self.db, head)?.into_iter().filter(|(copy, _)| set.contains(*copy)));
            }
        }
        let group_of = |number: u32| {
            let at = copies.binary_search_by_key(&number, |(copy, _)| *copy).ok();
            at.and_then(|at| copies.get(at)).map_or(number, |(_, group)| *group)
        };
        let mut counts: HashMap<u32, u32> = places.iter().map(|(_, number)| (group_of(*number), 0)).collect();
        for (copy, group) in &copies {
            if let Some(count) = counts.get_mut(group).filter(|_| !shown.contains(*copy)) {
                *count += 1;
            }
        }
        Ok(places.iter().map(|(_, number)| counts.get(&group_of(*number)).copied().unwrap_or(0)).collect())
    }
}
