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
use std::collections::{HashMap, HashSet};
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
        let there: RoaringBitmap =
            self.groups()?.iter().map(|(copy, _)| *copy).filter(|copy| set.contains(*copy)).collect();
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

    /// The copies of a segment with their groups, ascending; none where that is damaged.
    fn groups_in(&self, head: &Head) -> Result<Groups, Error> {
        Ok(self.pass_over(None, groups_of(self.db, head))?.unwrap_or_default())
    }

    /// Those articles of a result that another article of it stands for.
    fn hidden(&self, set: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let groups = self.groups()?;
        let mut standing_for = HashSet::new();
        let hidden = groups.iter().filter(|(copy, group)| {
            set.contains(*copy) && (set.contains(*group) || !standing_for.insert(*group))
        });
        Ok(hidden.map(|(copy, _)| *copy).collect())
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
        let mut copies: Vec<(u32, u32)> = Vec::new();
        for head in &self.heads {
            if head.oldest <= newest.saturating_add(REACH) && oldest.saturating_sub(REACH) <= head.newest {
                copies.extend(self.groups_in(head)?.into_iter().filter(|(copy, _)| set.contains(*copy)));
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
