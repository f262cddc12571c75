//! The same story from several sources: which articles are copies of one that was there before.
//!
//! When articles come in, those within [`DAYS`] of them that share a band of their signature are
//! read and compared. An article that is alike joins the group of the other; a group is known by
//! the number of its first article. Each segment keeps the bands of its articles in 256 buckets by
//! their first byte, sorted, so that a batch reads each bucket once: near-linear in the articles.

use super::find::{Find, Rank};
use super::heads::{Head, pairs, published};
use super::pack::Unpacker;
use crate::library::Error;
use crate::library::segment::{Bands, key};
use crate::query::{Grouping, Query};
use crate::similar::Signature;
use roaring::RoaringBitmap;
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Copies of a story appear within so many days of one another. Rejected: any distance; agencies
/// repeat their standing phrases (markets, weather, results) year after year.
pub const DAYS: i64 = 14;

/// Candidates that are read for one article: more share a band by a common phrase only.
const READ: usize = 8;

/// An article that comes in.
pub struct Incoming {
    pub published: i64,
    pub signature: Option<Signature>,
}

/// The group of each article of a batch whose first number is `base`; `None` for one that is the
/// first of its story. `heads` are the segments that are there.
pub fn groups(
    db: &Connection,
    heads: &[Head],
    base: u32,
    batch: &[Incoming],
    unpacker: &Unpacker,
) -> Result<Vec<Option<u32>>, Error> {
    let mut candidates = stored_candidates(db, heads, batch)?;
    let mut earlier: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut groups: Vec<Option<u32>> = Vec::with_capacity(batch.len());
    let mut known: HashMap<u32, Option<Signature>> = HashMap::new();
    for (place, (article, candidates)) in std::iter::zip(batch, &mut candidates).enumerate() {
        let number = base + place as u32;
        let Some(signature) = &article.signature else {
            groups.push(None);
            continue;
        };
        for band in signature.bands() {
            let same = earlier.entry(band).or_default();
            candidates.extend(same.iter().copied());
            same.push(number);
        }
        let mut group = None;
        for other in candidates.iter().take(READ) {
            let within = other.checked_sub(base).and_then(|place| batch.get(place as usize));
            let alike = match within {
                Some(other) => {
                    near(other.published, article.published)
                        && other.signature.as_ref().is_some_and(|other| other.alike(signature))
                }
                None => {
                    let there = match known.get(other) {
                        Some(there) => there,
                        None => known.entry(*other).or_insert(stored_signature(db, *other, unpacker)?),
                    };
                    there.as_ref().is_some_and(|other| other.alike(signature))
                }
            };
            if alike {
                let of_other = match within {
                    Some(_) => groups.get((other - base) as usize).copied().flatten(),
                    None => stored_group(db, heads, *other)?,
                };
                group = Some(of_other.unwrap_or(*other));
                break;
            }
        }
        groups.push(group);
    }
    Ok(groups)
}

fn near(a: i64, b: i64) -> bool {
    a.abs_diff(b) <= DAYS.unsigned_abs() * 86_400
}

/// For each article of the batch the numbers of those in the file that share a band, ascending.
fn stored_candidates(
    db: &Connection,
    heads: &[Head],
    batch: &[Incoming],
) -> Result<Vec<BTreeSet<u32>>, Error> {
    let mut found = vec![BTreeSet::new(); batch.len()];
    let mut probes: Vec<(u8, u32, usize)> = Vec::new();
    for (place, article) in batch.iter().enumerate() {
        let bands = article.signature.iter().flat_map(Signature::bands);
        probes.extend(bands.map(|band| (Bands::bucket(band), Bands::rest(band), place)));
    }
    probes.sort_unstable();
    let dates =
        || batch.iter().filter(|article| article.signature.is_some()).map(|article| article.published);
    let (Some(oldest), Some(newest)) = (dates().min(), dates().max()) else { return Ok(found) };
    let span = DAYS * 86_400;
    for head in heads.iter().filter(|head| head.oldest - span <= newest && oldest <= head.newest + span) {
        let published = published(db, head)?;
        let mut statement = db.prepare_cached("SELECT entries FROM band WHERE id = ?")?;
        for same in probes.chunk_by(|a, b| a.0 == b.0) {
            let Some((bucket, ..)) = same.first() else { continue };
            let mut rows = statement.query([head.id << 8 | i64::from(*bucket)])?;
            let Some(row) = rows.next()? else { continue };
            let entries = Bands::entries(row.get_ref(0)?.as_blob().unwrap_or_default());
            for (_, rest, place) in same {
                let start = entries.partition_point(|entry| Bands::of_entry(entry).0 < *rest);
                let shared = entries.get(start..).unwrap_or_default().iter().map(Bands::of_entry);
                for (_, there) in shared.take_while(|(band, _)| band == rest).take(READ * 4) {
                    let time = published.get(usize::from(there));
                    let article = batch.get(*place);
                    let near =
                        std::iter::zip(time, article).all(|(time, article)| near(*time, article.published));
                    if let (true, Some(found)) = (near, found.get_mut(*place)) {
                        found.insert(head.base + u32::from(there));
                    }
                }
            }
        }
    }
    Ok(found)
}

fn stored_signature(db: &Connection, number: u32, unpacker: &Unpacker) -> Result<Option<Signature>, Error> {
    let mut statement = db.prepare_cached(
        "SELECT body FROM text WHERE id = coalesce((SELECT id FROM moved WHERE number = ?1), ?1 + 1)",
    )?;
    let mut rows = statement.query([number])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Signature::of(&unpacker.text(db, row.get_ref(0)?)?))
}

fn stored_group(db: &Connection, heads: &[Head], number: u32) -> Result<Option<u32>, Error> {
    let Some(head) = heads.iter().find(|head| head.numbers().contains(&number)) else { return Ok(None) };
    let groups = groups_of(db, head)?;
    Ok(groups
        .binary_search_by_key(&number, |(number, _)| *number)
        .ok()
        .and_then(|at| Some(groups.get(at)?.1)))
}

/// The copies of a segment with their groups, ascending.
fn groups_of(db: &Connection, head: &Head) -> Result<Vec<(u32, u32)>, Error> {
    let mut statement = db.prepare_cached("SELECT groups FROM story WHERE segment = ?")?;
    Ok(statement.query_row([head.id], |row| {
        let groups = pairs(row.get_ref(0)?.as_blob()?);
        Ok(groups.map(|(place, group)| (head.base + place, group)).collect())
    })?)
}

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
