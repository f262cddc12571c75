//! Which entities of the library are one, as it is kept: in memory, and in the file for the next reader.

use super::counted::{self, Row};
use crate::library::Error;
use crate::library::same::Same;
use crate::library::store::file::varint::{put_varint, take_varint};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension};

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
    pub doubled: RoaringBitmap,
    /// The number of the first article that came since.
    pub end: u32,
    /// How many entities there were.
    pub entities: u32,
    /// The version of the articles.
    pub articles: u64,
    /// Which program computed it, and from which corrections.
    pub maker: String,
}

impl Joined {
    /// The articles of `set` in which two entities may be one.
    pub fn doubled_in(&self, set: &RoaringBitmap) -> RoaringBitmap {
        let mut doubled = &self.doubled & set;
        doubled.extend(set.range(self.end..));
        doubled
    }

    /// Whether what was computed at another version may still be used.
    pub fn serves(&self, maker: &str, entities: u32) -> bool {
        let come = entities.saturating_sub(self.entities);
        self.maker == maker && entities >= LARGE && self.entities <= entities && come <= entities / FEW
    }
}

/// The version of the articles of what is stored.
pub fn stored(db: &Connection, maker: &str) -> Result<Option<u64>, Error> {
    let mut statement = db.prepare_cached("SELECT articles FROM counted WHERE id = ? AND maker = ?")?;
    let articles: Option<i64> =
        statement.query_row((Row::Joined.number(), maker), |row| row.get(0)).optional()?;
    Ok(articles.map(i64::cast_unsigned))
}

/// What is stored, if this program computed it.
pub fn read(db: &Connection, maker: &str) -> Result<Option<Joined>, Error> {
    let Some((articles, bytes)) = counted::read(db, Row::Joined, maker)? else { return Ok(None) };
    Ok(decode(&bytes, articles, maker))
}

/// Stores what was computed; fails where another process is just writing.
pub fn keep(db: &Connection, joined: &Joined) -> Result<(), Error> {
    counted::keep(db, Row::Joined, joined.articles, &joined.maker, encode(joined))
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
