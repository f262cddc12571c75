//! The same story from several sources: which articles are copies of an earlier one.
//!
//! When articles come in, they are compared with the articles that share a band of their signature and were
//! published within [`DAYS`] of them, and with articles of other sources that have the same address. An article that tells the same joins the group of the other; a group is known
//! by the number of its first article. Each segment keeps the bands of its articles in 256 buckets by
//! their first byte, sorted, so that a batch reads each bucket once: the cost is nearly linear in the number of articles.

use super::heads::{Head, heads, pairs, published};
use super::segment::Bands;
use crate::article::Article;
use crate::library::Error;
use crate::library::identity::{self, Hash};
use crate::library::store::file::meta::bump;
use crate::library::store::file::pack::Unpacker;
use crate::library::store::file::seal::{damaged, sealed};
use crate::similar::{Signature, Words, differ};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Copies of a story appear within this many days of one another. Without a limit, the standing phrases of
/// agencies (markets, weather, results) would be taken for copies year after year. Articles without a date are only
/// compared with one another.
pub const DAYS: i64 = 14;

/// The most candidates that are read for one article: if there are more, they only share a common phrase.
pub const READ: usize = 8;

/// Copies, by number, each with the number of the first article of its group; ascending.
pub type Groups = Vec<(u32, u32)>;

/// An article that comes in.
pub struct Incoming {
    pub published: i64,
    pub told: Option<Told>,
}

/// What copies are recognised by.
pub struct Told {
    /// `None` where the body is too short.
    signature: Option<Signature>,
    source: String,
    /// See [`identity::page`].
    page: Option<String>,
    title: String,
    body: String,
    /// What it is compared by, once it has been compared.
    words: OnceCell<Words>,
}

impl Told {
    /// `None` where neither the body nor the address can tell.
    pub fn new(signature: Option<Signature>, article: Article) -> Option<Told> {
        let page = identity::page(&article).map(Cow::into_owned);
        let Article { source, title, body, .. } = article;
        let words = OnceCell::new();
        (signature.is_some() || page.is_some()).then_some(Told {
            signature,
            source,
            page,
            title,
            body,
            words,
        })
    }

    /// The keys under which a copy may be found.
    pub fn bands(&self) -> impl Iterator<Item = u64> {
        let page = self.page.as_deref().map(|page| Hash::of(&["page", page]).short());
        self.signature.iter().flat_map(Signature::bands).chain(page)
    }

    /// Whether the two are about one page, in two sources.
    fn links(&self, other: &Told) -> bool {
        self.page.is_some() && self.page == other.page && self.source != other.source
    }

    /// Whether the two tell the same story.
    pub fn same(&self, other: &Told) -> bool {
        let alike = std::iter::zip(&self.signature, &other.signature).any(|(one, other)| one.alike(other));
        self.links(other) || alike && !self.strays(other)
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(&self.title, &self.body))
    }

    /// Whether the two are about different things.
    pub fn strays(&self, other: &Told) -> bool {
        !self.links(other) && differ(self.words(), other.words())
    }
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
    let mut known: HashMap<u32, Option<Told>> = HashMap::new();
    // The copies of each segment that was asked for, read once: there may be tens of thousands in one.
    let mut filed: HashMap<i64, Groups> = HashMap::new();
    for (place, (article, candidates)) in std::iter::zip(batch, &mut candidates).enumerate() {
        let number = base + place as u32;
        let Some(told) = &article.told else {
            groups.push(None);
            continue;
        };
        for band in told.bands() {
            let same = earlier.entry(band).or_default();
            candidates.extend(same.iter().copied());
            same.push(number);
        }
        let mut group = None;
        for other in candidates.iter().take(READ) {
            let within = other.checked_sub(base).map(|place| place as usize);
            let (same, first) = match within {
                Some(place) => {
                    let there = batch.get(place).filter(|there| near(there.published, article.published));
                    let same =
                        there.and_then(|there| there.told.as_ref()).is_some_and(|other| other.same(told));
                    (same, groups.get(place).copied().flatten())
                }
                None => {
                    let there = text_of(&mut known, (db, unpacker), *other)?;
                    (
                        there.is_some_and(|other| other.same(told)),
                        stored_group(db, heads, &mut filed, *other)?,
                    )
                }
            };
            let Some(first) = first.filter(|_| same) else {
                if same {
                    group = Some(*other);
                    break;
                }
                continue;
            };
            // What tells nearly the same from article to article may end far from where it began.
            let strays = match first.checked_sub(base).and_then(|place| batch.get(place as usize)) {
                Some(first) => first.told.as_ref().is_some_and(|first| first.strays(told)),
                None => text_of(&mut known, (db, unpacker), first)?.is_some_and(|first| first.strays(told)),
            };
            if !strays {
                group = Some(first);
                break;
            }
        }
        groups.push(group);
    }
    Ok(groups)
}

/// Whether two times of publication are near enough for copies of a story.
pub fn near(a: i64, b: i64) -> bool {
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
        let bands = article.told.iter().flat_map(Told::bands);
        probes.extend(bands.map(|band| (Bands::bucket(band), Bands::rest(band), place)));
    }
    probes.sort_unstable();
    let dates = || batch.iter().filter(|article| article.told.is_some()).map(|article| article.published);
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

/// The text of a stored article, read once.
fn text_of<'a>(
    known: &'a mut HashMap<u32, Option<Told>>,
    (db, unpacker): (&Connection, &Unpacker),
    number: u32,
) -> Result<Option<&'a Told>, Error> {
    let told = match known.entry(number) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(readable(db, number, unpacker)?),
    };
    Ok(told.as_ref())
}

/// The text of a stored article; a damaged one tells no story.
fn readable(db: &Connection, number: u32, unpacker: &Unpacker) -> Result<Option<Told>, Error> {
    match stored(db, number, unpacker) {
        Err(error) if error.is_damage() => Ok(None),
        other => other,
    }
}

fn stored(db: &Connection, number: u32, unpacker: &Unpacker) -> Result<Option<Told>, Error> {
    let mut statement = db.prepare_cached(
        "SELECT source, url, title, body FROM article JOIN text USING (id)
         WHERE article.id = coalesce((SELECT id FROM moved WHERE number = ?1), ?1 + 1)",
    )?;
    let mut rows = statement.query([number])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let body = unpacker.text(db, row.get_ref(3)?)?;
    let signature = Signature::of(&body);
    let (source, url, title) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let article = Article {
        source,
        url,
        title,
        body,
        path: None,
        guid: None,
        author: None,
        published: None,
        language: None,
    };
    Ok(Told::new(signature, article))
}

/// All copies with their groups, in ascending order.
pub fn all_groups(db: &Connection, heads: &[Head]) -> Result<Groups, Error> {
    let mut all = Vec::new();
    for head in heads {
        all.extend(groups_of(db, head)?);
    }
    Ok(all)
}

/// Applies the rule by which copies are folded to those that an older program folded by another one: a group falls into
/// the groups of articles that tell the same.
pub fn refold(db: &Connection, unpacker: &Unpacker) -> Result<(), Error> {
    let heads = heads(db)?;
    let mut stories: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (copy, group) in all_groups(db, &heads)? {
        stories.entry(group).or_insert_with(|| vec![group]).push(copy);
    }
    let mut now: HashMap<u32, u32> = HashMap::new();
    for members in stories.values() {
        let mut earlier: Vec<(u32, Told)> = Vec::new();
        for member in members {
            let Some(told) = readable(db, *member, unpacker)? else { continue };
            let first = |other: u32| now.get(&other).copied().unwrap_or(other);
            let strays =
                |first: u32| earlier.iter().any(|(number, other)| *number == first && other.strays(&told));
            let same = earlier.iter().filter(|(_, other)| other.same(&told)).map(|(other, _)| first(*other));
            let group = same.into_iter().find(|first| !strays(*first));
            now.extend(group.map(|group| (*member, group)));
            earlier.push((*member, told));
        }
    }
    for head in &heads {
        let kept = groups_of(db, head)?
            .into_iter()
            .filter_map(|(copy, _)| Some((copy - head.base, *now.get(&copy)?)));
        let groups: Vec<u8> =
            kept.flat_map(|(place, group)| [place, group]).flat_map(u32::to_le_bytes).collect();
        db.prepare_cached("UPDATE story SET groups = ?1 WHERE segment = ?2")?.execute((groups, head.id))?;
    }
    bump(db, "articles")
}

fn stored_group(
    db: &Connection,
    heads: &[Head],
    filed: &mut HashMap<i64, Groups>,
    number: u32,
) -> Result<Option<u32>, Error> {
    let Some(head) = heads.iter().find(|head| head.numbers().contains(&number)) else { return Ok(None) };
    let groups = match filed.entry(head.id) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(groups_of(db, head)?),
    };
    let at = groups.binary_search_by_key(&number, |(number, _)| *number).ok();
    Ok(at.and_then(|at| Some(groups.get(at)?.1)))
}

/// The copies of a segment with their groups, in ascending order.
pub fn groups_of(db: &Connection, head: &Head) -> Result<Groups, Error> {
    let sql = "SELECT groups, seal FROM story WHERE segment = ?";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([head.id])?;
    let row = rows.next()?.ok_or_else(damaged)?;
    let groups = row.get_ref(0)?;
    sealed(row, 1, [ValueRef::Integer(head.id), groups])?;
    let groups = pairs(groups.as_blob().map_err(|_| damaged())?);
    Ok(groups.map(|(place, group)| (head.base + place, group)).collect())
}
