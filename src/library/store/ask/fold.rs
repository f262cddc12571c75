//! Copies of a story in a result: which of them are shown, and how many are folded into each row.

use super::find::{Find, Rank};
use crate::article::ArticleId;
use crate::library::Error;
use crate::library::store::file::row::time;
use crate::library::store::index::copies::{DAYS, Groups, groups_of};
use crate::library::store::index::heads::Head;
use crate::listing::{Key, Sibling, Stored, Tally, headline};
use crate::query::{Filter, Grouping, Query};
use roaring::RoaringBitmap;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// A group may reach so far, copy by copy.
const REACH: i64 = 10 * DAYS * 86_400;

impl Find<'_> {
    /// A result without the copies that are folded away: of each group its first article is shown,
    /// or the earliest that the result has. Of a thread its newest article of the result is shown. Kept for the next page.
    pub fn fold(&self, query: &Query, set: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        let by = match query.grouping {
            Grouping::Off => return Ok(set.clone()),
            Grouping::Folded => None,
            Grouping::Threads => Some(self.woven()?.at()),
        };
        if let Some(shown) = self.cache.fold(set, by) {
            return Ok(shown);
        }
        let shown = self.fold_once(query, set)?;
        self.cache.keep_fold(set, by, &shown);
        Ok(shown)
    }

    /// The same, not kept.
    pub fn fold_once(&self, query: &Query, set: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        match query.grouping {
            Grouping::Off => return Ok(set.clone()),
            Grouping::Threads => return self.gather(set),
            Grouping::Folded => {}
        }
        let groups = self.groups()?;
        let there = ascending(groups.iter().map(|(copy, _)| *copy)) & &**set;
        Ok(if there.is_empty() {
            set.clone()
        } else if query.filter.is_everything()
            && self.dead.is_empty()
            && self.out_of_sight(&query.filter)?.is_empty()
        {
            // The first of every group is there.
            Arc::new(&**set - there)
        } else {
            Arc::new(&**set - self.hidden(set)?)
        })
    }

    /// All copies of stories with their groups, ascending; read once a question.
    pub fn groups(&self) -> Result<Rc<Groups>, Error> {
        if let Some(known) = &*self.groups.borrow() {
            return Ok(known.clone());
        }
        let mut groups = Vec::new();
        for head in &self.heads {
            groups.extend(self.groups_in(head)?);
        }
        let groups = Rc::new(groups);
        *self.groups.borrow_mut() = Some(groups.clone());
        Ok(groups)
    }

    /// The copies of a segment with their groups, ascending; none where that is damaged. Not read again where all have been.
    fn groups_in(&self, head: &Head) -> Result<Groups, Error> {
        if let Some(known) = &*self.groups.borrow() {
            let from = known.partition_point(|(copy, _)| *copy < head.numbers().start);
            let to = known.partition_point(|(copy, _)| *copy < head.numbers().end);
            return Ok(known.get(from..to).unwrap_or_default().to_vec());
        }
        Ok(self.pass_over(None, groups_of(self.db, head))?.unwrap_or_default())
    }

    /// Those articles of a result that another article of it stands for.
    fn hidden(&self, set: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let groups = self.groups()?;
        let mut standing_for = HashSet::new();
        let hidden = groups.iter().filter(|(copy, group)| {
            set.contains(*copy) && (set.contains(*group) || !standing_for.insert(*group))
        });
        Ok(ascending(hidden.map(|(copy, _)| *copy)))
    }

    /// How many articles these are, and how many stories they tell.
    pub fn tally(&self, grouping: Grouping, set: &RoaringBitmap) -> Result<Tally, Error> {
        let stories = match grouping {
            Grouping::Folded => Some(set.len() - self.hidden(set)?.len()),
            Grouping::Threads => Some(self.gather(&Arc::new(set.clone()))?.len()),
            Grouping::Off => None,
        };
        Ok(Tally { articles: set.len(), stories })
    }

    /// These articles and all others that tell one of their stories.
    pub fn with_copies(&self, set: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let groups = self.groups()?;
        let stories: HashSet<u32> =
            groups.iter().filter(|(copy, _)| set.contains(*copy)).map(|(_, group)| *group).collect();
        let mut whole = set.clone();
        for (copy, group) in
            groups.iter().filter(|(_, group)| stories.contains(group) || set.contains(*group))
        {
            whole.insert(*copy);
            whole.insert(*group);
        }
        Ok(whole - &self.dead)
    }

    /// The other articles that tell the story of an article, oldest first.
    pub fn siblings(&self, stored: &Stored) -> Result<Vec<Sibling>, Error> {
        let Some(own) = self.number_of(stored.id)? else { return Ok(Vec::new()) };
        let others = self.with_copies(&RoaringBitmap::from([own]))? - RoaringBitmap::from([own]);
        let others = others - self.out_of_sight(&Filter::everything())?;
        let mut siblings = Vec::new();
        for number in &others {
            let id = self.id_of(number)?;
            siblings.extend(self.pass_over(Some(id), self.sibling(id))?.flatten());
        }
        siblings.sort_by_key(|sibling| (sibling.key.published, sibling.key.id));
        Ok(siblings)
    }

    fn sibling(&self, id: ArticleId) -> Result<Option<Sibling>, Error> {
        let mut statement = self.db.prepare_cached(
            "SELECT published, source, title, body FROM article JOIN text USING (id) WHERE article.id = ?",
        )?;
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let title: String = row.get(2)?;
        let body = match title.is_empty() {
            true => self.cache.unpacker.text(self.db, row.get_ref(3)?)?,
            false => String::new(),
        };
        Ok(Some(Sibling {
            key: Key { published: time(row.get(0)?), id },
            source: row.get(1)?,
            title: headline(&title, &body).into_owned(),
        }))
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
        let mut near = Groups::new();
        for head in &self.heads {
            if head.oldest <= newest.saturating_add(REACH) && oldest.saturating_sub(REACH) <= head.newest {
                near.extend(self.groups_in(head)?);
            }
        }
        let group_of = |number: u32| {
            let at = near.binary_search_by_key(&number, |(copy, _)| *copy).ok();
            at.and_then(|at| near.get(at)).map_or(number, |(_, group)| *group)
        };
        let of_rows: Vec<u32> = places.iter().map(|(_, number)| group_of(*number)).collect();
        let mut counts: Vec<(u32, u32)> = of_rows.iter().map(|group| (*group, 0)).collect();
        counts.sort_unstable();
        counts.dedup();
        for (copy, group) in &near {
            if let Ok(at) = counts.binary_search_by_key(group, |(group, _)| *group)
                && set.contains(*copy)
                && !shown.contains(*copy)
                && let Some((_, count)) = counts.get_mut(at)
            {
                *count += 1;
            }
        }
        let count_of = |group: &u32| {
            let at = counts.binary_search_by_key(group, |(group, _)| *group).ok();
            at.and_then(|at| counts.get(at)).map_or(0, |(_, count)| *count)
        };
        Ok(of_rows.iter().map(count_of).collect())
    }
}

/// A set of numbers that ascend, as they do in the index; sorting them in one by one takes ten times as long.
fn ascending(numbers: impl Iterator<Item = u32>) -> RoaringBitmap {
    let numbers: Vec<u32> = numbers.collect();
    RoaringBitmap::from_sorted_iter(numbers.iter().copied()).unwrap_or_else(|_| numbers.into_iter().collect())
}
