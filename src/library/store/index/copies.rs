//! The same story from several sources: which articles are copies of an earlier one.
//!
//! When articles come in, they are compared with the articles that share a band of their signature and were
//! published within [`DAYS`] of them. An article that is alike joins the group of the other; a group is known
//! by the number of its first article. Each segment keeps the bands of its articles in 256 buckets by
//! their first byte, sorted, so that a batch reads each bucket once: the cost is nearly linear in the number of articles.

use super::heads::{Head, pairs, published};
use super::segment::Bands;
use crate::library::Error;
use crate::library::store::file::pack::Unpacker;
use crate::similar::Signature;
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};

/// Copies of a story appear within this many days of one another. Without a limit, the standing phrases of
/// agencies (markets, weather, results) would be taken for copies year after year. Articles without a date are only
/// compared with one another.
pub const DAYS: i64 = 14;

/// The most candidates that are read for one article: if there are more, they only share a common phrase.
const READ: usize = 8;

/// An article that comes in.
pub struct Incoming {
    pub published: i64,
    pub signature: Option<Signature>,
}

/// The group of each article of a batch whose first number is `base`; `None` for one that is the
/// first of its story. `heads` are the live segments.
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

/// The copies of a segment with their groups, in ascending order.
pub fn groups_of(db: &Connection, head: &Head) -> Result<Vec<(u32, u32)>, Error> {
    let mut statement = db.prepare_cached("SELECT groups FROM story WHERE segment = ?")?;
    Ok(statement.query_row([head.id], |row| {
        let groups = pairs(row.get_ref(0)?.as_blob()?);
        Ok(groups.map(|(place, group)| (head.base + place, group)).collect())
    })?)
}
