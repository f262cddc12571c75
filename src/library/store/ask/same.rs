//! Which entities of the library are one: computed over all of its articles, and stored beside the facets of all articles
//! for the next reader.
//!
//! In a library of [`LARGE`] or more entities, a question uses what was computed last as long as few articles have come
//! since; who adds articles computes it anew at the end (`count_ahead`), so that no question waits for it.

use super::ahead;
use super::find::Find;
use super::tally::Counts;
use crate::annotation::Kind;
use crate::library::Error;
use crate::library::same::{Known, Same};
use crate::library::store::file::meta::meta;
use crate::library::store::file::varint::{put_varint, take_varint};
use crate::library::store::index::names::{Class, form_of};
use crate::persons::bodies::is_short;
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// Entities from which on a question uses what was computed before the last articles came. Joining as many takes some
/// hundredths of a second.
const LARGE: u32 = 5_000;

/// One in this many entities may have come since.
const FEW: u32 = 50;

/// Which entities are one, as of one version of the articles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    pub same: Same,
    /// The articles of which two entities are one.
    doubled: RoaringBitmap,
    /// The number of the first article that came since.
    end: u32,
    /// How many entities there were.
    entities: u32,
    /// The version of the articles.
    pub articles: u64,
    /// Which program computed it, and from which corrections.
    maker: String,
}

impl Joined {
    /// The articles of `set` in which two entities may be one.
    pub fn doubled_in(&self, set: &RoaringBitmap) -> RoaringBitmap {
        let mut doubled = &self.doubled & set;
        doubled.extend(set.range(self.end..));
        doubled
    }

    /// Whether what was computed at another version may still be used.
    fn serves(&self, maker: &str, entities: u32) -> bool {
        let come = entities.saturating_sub(self.entities);
        self.maker == maker && entities >= LARGE && self.entities <= entities && come <= entities / FEW
    }
}

impl Find<'_> {
    /// Which entities are one.
    pub fn same(&self) -> Result<Arc<Joined>, Error> {
        let (articles, maker) = (self.version().articles(), ahead::maker(self.db)?);
        let is_exact = |joined: &Joined| joined.articles == articles && joined.maker == maker;
        let cached = self.cache.same();
        if let Some(joined) = cached.as_ref().filter(|joined| is_exact(joined)) {
            return Ok(joined.clone());
        }
        let known = cached.as_ref().map_or(0, |joined| joined.articles);
        let newer = self.pass_over(None, stored(self.db, &maker))?.flatten().is_some_and(|then| then > known);
        let stored = match newer || cached.is_none() {
            true => self.pass_over(None, read(self.db, &maker))?.flatten().map(Arc::new),
            false => None,
        };
        let entities = self.entities()?;
        let newest = stored.into_iter().chain(cached).max_by_key(|joined| joined.articles);
        if let Some(joined) = newest.filter(|joined| is_exact(joined) || joined.serves(&maker, entities)) {
            self.cache.keep_same(&joined);
            return Ok(joined);
        }
        self.join_anew()
    }

    /// The same, computed from all articles as they are now if that was not done yet.
    pub fn same_now(&self) -> Result<Arc<Joined>, Error> {
        let joined = self.same()?;
        if joined.articles == self.version().articles() { Ok(joined) } else { self.join_anew() }
    }

    fn join_anew(&self) -> Result<Arc<Joined>, Error> {
        let (articles, maker) = (self.version().articles(), ahead::maker(self.db)?);
        let every = crate::library::answer::Sets::every(self)?;
        let counts = self.counts(&every)?;
        let known = self.known_entities(&counts)?;
        let short_for = self.short_forms(&known)?;
        let same = Same::new(&known, &short_for, &ahead::apart(self.db)?);
        drop(known);
        let doubled = self.doubled(&same, &every)?;
        let end = self.heads.last().map_or(0, |head| head.numbers().end);
        let entities = self.entities()?;
        let joined = Arc::new(Joined { same, doubled, end, entities, articles, maker });
        self.cache.keep_same(&joined);
        Ok(joined)
    }

    fn entities(&self) -> Result<u32, Error> {
        Ok(self.pass_over(None, meta::<u32>(self.db, "next_entity"))?.unwrap_or(0))
    }

    /// The persons, bodies and places that some article has.
    fn known_entities(&self, counts: &Counts) -> Result<Vec<Known>, Error> {
        let mut known = Vec::new();
        let mut statement = self.db.prepare_cached("SELECT id, name FROM entity")?;
        let mut rows = statement.query([])?;
        loop {
            let Some(Some(row)) = self.pass_over(None, rows.next())? else { break };
            let Some(entity) = self.pass_over(None, row.get::<_, u32>(0))? else { continue };
            let Some(Class::Kind(kind @ (Kind::Person | Kind::Org | Kind::Place))) = Class::of(entity) else {
                continue;
            };
            let articles = counts.of(entity);
            if articles > 0
                && let Some(name) = self.pass_over(None, row.get(1))?
            {
                known.push(Known { entity, kind, name, articles });
            }
        }
        self.cancel.check()?;
        Ok(known)
    }

    /// The short forms of bodies, each with the bodies that articles write it for.
    fn short_forms(&self, known: &[Known]) -> Result<Vec<(u32, u32)>, Error> {
        let sql =
            "SELECT form.entity FROM form_word JOIN form ON form.entity = form_word.entity AND form.form = ?1
                   WHERE form_word.word = ?2 AND form_word.entity & 7 = ?3 AND form_word.entity <> ?4";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut found = Vec::new();
        for known in known.iter().filter(|known| known.kind == Kind::Org && is_short(&known.name)) {
            let form = form_of(&known.name);
            let Some(word) = form.split(' ').max_by_key(|word| word.len()) else { continue };
            let class = Class::Kind(Kind::Org).number();
            let mut rows = statement.query((&form, word, class, known.entity))?;
            while let Some(Some(row)) = self.pass_over(None, rows.next())? {
                found.extend(self.pass_over(None, row.get::<_, u32>(0))?.map(|long| (known.entity, long)));
            }
        }
        Ok(found)
    }

    /// The articles of which two entities are one.
    fn doubled(&self, same: &Same, every: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let mut doubled = RoaringBitmap::new();
        let groups: HashSet<u32> = same.pairs().iter().map(|(_, shown)| *shown).collect();
        for head in &self.heads {
            self.cancel.check()?;
            let totals = self.pass_over(None, self.totals(head))?.unwrap_or_default();
            let joined =
                |(entity, _): (u32, u32)| Some(same.of(entity)).filter(|shown| groups.contains(shown));
            let places: Vec<Option<u32>> = totals.into_iter().map(joined).collect();
            let (mut last, mut seen): (Option<u32>, Vec<u32>) = (None, Vec::new());
            let listed = self.each_list(every, head, |number, place| {
                if last != Some(number) {
                    last = Some(number);
                    seen.clear();
                }
                if let Some(shown) = places.get(place).copied().flatten() {
                    if seen.contains(&shown) {
                        doubled.insert(number);
                    }
                    seen.push(shown);
                }
            });
            self.pass_over(None, listed)?;
        }
        Ok(doubled)
    }
}

/// The row in which it is stored; that of the facets is the first.
const ROW: i64 = 2;

/// The version of the articles of what is stored.
fn stored(db: &Connection, maker: &str) -> Result<Option<u64>, Error> {
    let mut statement = db.prepare_cached("SELECT articles FROM counted WHERE id = ? AND maker = ?")?;
    let articles: Option<i64> = statement.query_row((ROW, maker), |row| row.get(0)).optional()?;
    Ok(articles.map(i64::cast_unsigned))
}

/// What is stored, if this program computed it.
fn read(db: &Connection, maker: &str) -> Result<Option<Joined>, Error> {
    let sql = "SELECT articles, facets FROM counted WHERE id = ? AND maker = ?
               AND (seal IS NULL OR seal = crc(id, articles, maker, facets))";
    let mut statement = db.prepare_cached(sql)?;
    let row = statement.query_row((ROW, maker), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)));
    let Some((articles, bytes)) = row.optional()? else { return Ok(None) };
    Ok(decode(&bytes, articles.cast_unsigned(), maker))
}

/// Stores what was computed; fails where another process is just writing.
pub fn keep(db: &Connection, joined: &Joined) -> Result<(), Error> {
    db.busy_timeout(Duration::ZERO)?;
    let sql = "INSERT OR REPLACE INTO counted SELECT ?1, ?2, ?3, ?4, crc(?1, ?2, ?3, ?4)
               WHERE NOT EXISTS (SELECT 1 FROM counted WHERE id = ?1 AND articles = ?2 AND maker = ?3
                   AND (seal IS NULL OR seal = crc(id, articles, maker, facets)))";
    let kept = db.execute(sql, (ROW, joined.articles.cast_signed(), &joined.maker, encode(joined)));
    db.busy_timeout(super::super::file::schema::PATIENCE)?;
    kept?;
    Ok(())
}

fn encode(joined: &Joined) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(u64::from(joined.end), &mut out);
    put_varint(u64::from(joined.entities), &mut out);
    let pairs = joined.same.pairs();
    put_ascending(pairs.iter().map(|(entity, _)| *entity), pairs.len(), &mut out);
    for (_, shown) in pairs {
        put_varint(u64::from(*shown), &mut out);
    }
    put_ascending(joined.same.vague().iter().copied(), joined.same.vague().len(), &mut out);
    put_ascending(joined.doubled.iter(), joined.doubled.len() as usize, &mut out);
    out
}

fn decode(mut bytes: &[u8], articles: u64, maker: &str) -> Option<Joined> {
    let bytes = &mut bytes;
    let end = u32::try_from(take_varint(bytes)?).ok()?;
    let entities = u32::try_from(take_varint(bytes)?).ok()?;
    let members = take_ascending(bytes)?;
    let shown: Option<Vec<(u32, u32)>> =
        members.into_iter().map(|member| Some((member, u32::try_from(take_varint(bytes)?).ok()?))).collect();
    let (shown, vague) = (shown?, take_ascending(bytes)?);
    let doubled = take_ascending(bytes)?.into_iter().collect();
    let same = Same::of_pairs(shown, vague);
    bytes.is_empty().then(|| Joined { same, doubled, end, entities, articles, maker: maker.to_owned() })
}

/// Writes ascending numbers as their gaps.
fn put_ascending(numbers: impl Iterator<Item = u32>, length: usize, out: &mut Vec<u8>) {
    put_varint(length as u64, out);
    let mut last = 0;
    for number in numbers {
        put_varint(u64::from(number - last), out);
        last = number;
    }
}

fn take_ascending(bytes: &mut &[u8]) -> Option<Vec<u32>> {
    let length = take_varint(bytes)?;
    let (mut last, mut numbers) = (0u32, Vec::new());
    for _ in 0..length {
        last = last.checked_add(u32::try_from(take_varint(bytes)?).ok()?)?;
        numbers.push(last);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::{Joined, decode, encode};
    use crate::library::same::Same;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_joined_reads_back(
            shown in proptest::collection::btree_map(any::<u32>(), any::<u32>(), 0..9),
            vague in proptest::collection::btree_set(any::<u32>(), 0..9),
            doubled in proptest::collection::btree_set(any::<u32>(), 0..9),
            (end, entities, articles) in any::<(u32, u32, u64)>(),
        ) {
            let same = Same::of_pairs(shown.into_iter().collect(), vague.into_iter().collect());
            let (maker, doubled) = ("me".to_owned(), doubled.into_iter().collect());
            let joined = Joined { same, doubled, end, entities, articles, maker };
            prop_assert_eq!(decode(&encode(&joined), articles, "me"), Some(joined));
        }

        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            decode(&bytes, 0, "");
        }
    }
}
