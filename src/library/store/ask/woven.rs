//! Which articles of the library are in one thread, as it is kept: in memory, and in the file for the next reader.

use super::ahead;
use super::counted::{self, Row};
use crate::library::Error;
use crate::library::store::file::varint::{put_varint, take_varint};
use roaring::RoaringBitmap;
use rusqlite::Connection;

/// The rule by which threads are made; it is raised when that changes.
const RULE: u32 = 2;

/// Which articles are in one thread, as of one version of the articles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Woven {
    /// Articles with the first article of their thread, ascending.
    pub threads: Vec<(u32, u32)>,
    /// The number of the first article that came since.
    pub end: u32,
    /// The version of the articles.
    pub articles: u64,
    /// Which program computed it, and from which corrections.
    pub maker: String,
    /// How many of the newest articles were looked at; `None` for all.
    pub newest: Option<u64>,
}

/// What tells the threads of one library apart: the version of the articles, and how many were looked at.
pub type WovenAt = (u64, Option<u64>);

impl Woven {
    pub fn at(&self) -> WovenAt {
        (self.articles, self.newest)
    }

    /// Whether all articles were looked at.
    pub fn is_whole(&self) -> bool {
        self.newest.is_none()
    }

    /// The thread of an article: the number of its first article.
    pub fn of(&self, number: u32) -> Option<u32> {
        let at = self.threads.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.threads.get(at).map(|(_, thread)| *thread)
    }

    /// The articles of the thread that an article is in; `None` where it is in none.
    pub fn with(&self, number: u32) -> Option<RoaringBitmap> {
        let thread = self.of(number)?;
        Some(self.threads.iter().filter(|(_, of)| *of == thread).map(|(number, _)| *number).collect())
    }
}

/// What the threads depend on besides the articles.
pub fn maker(db: &Connection) -> Result<String, Error> {
    Ok(format!("{} {RULE}", ahead::maker(db)?))
}

/// What is stored, if this program computed it.
pub fn read(db: &Connection, maker: &str) -> Result<Option<Woven>, Error> {
    let Some((articles, bytes)) = counted::read(db, Row::Threads, maker)? else { return Ok(None) };
    Ok(decode(&bytes, articles, maker))
}

/// Stores what was computed; fails where another process is just writing.
pub fn keep(db: &Connection, woven: &Woven) -> Result<(), Error> {
    counted::keep(db, Row::Threads, woven.articles, &woven.maker, encode(woven))
}

fn encode(woven: &Woven) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(u64::from(woven.end), &mut out);
    put_varint(woven.threads.len() as u64, &mut out);
    let mut last = 0;
    for (number, thread) in &woven.threads {
        put_varint(u64::from(number - last), &mut out);
        // The first article of a thread has mostly come shortly before.
        let back = i64::from(*number) - i64::from(*thread);
        put_varint(((back << 1) ^ (back >> 63)).cast_unsigned(), &mut out);
        last = *number;
    }
    out
}

fn decode(mut bytes: &[u8], articles: u64, maker: &str) -> Option<Woven> {
    let bytes = &mut bytes;
    let end = u32::try_from(take_varint(bytes)?).ok()?;
    let mut threads = Vec::new();
    each(bytes, |number, thread| threads.push((number, thread)))?;
    bytes.is_empty().then(|| Woven { threads, end, articles, maker: maker.to_owned(), newest: None })
}

/// Calls `visit` with each article and the first article of its thread; `None` if the bytes are damaged.
fn each(bytes: &mut &[u8], mut visit: impl FnMut(u32, u32)) -> Option<()> {
    let mut last = 0u32;
    for _ in 0..take_varint(bytes)? {
        last = last.checked_add(u32::try_from(take_varint(bytes)?).ok()?)?;
        let back = take_varint(bytes)?;
        let back = (back >> 1).cast_signed() ^ -(back & 1).cast_signed();
        visit(last, u32::try_from(i64::from(last).checked_sub(back)?).ok()?);
    }
    Some(())
}

/// The articles of the thread that an article is in, as [`Woven::with`] finds them, without making a list of all.
fn with(bytes: &[u8], number: u32) -> Option<RoaringBitmap> {
    let mut rest = bytes;
    take_varint(&mut rest)?;
    let mut thread = None;
    each(&mut { rest }, |other, of| {
        if other == number {
            thread = Some(of);
        }
    })?;
    let thread = thread?;
    let mut members = Vec::new();
    each(&mut rest, |other, of| {
        if of == thread {
            members.push(other);
        }
    })?;
    RoaringBitmap::from_sorted_iter(members).ok()
}

/// [`Woven::with`] of what is stored, if this program computed it.
pub fn stored_with(db: &Connection, maker: &str, number: u32) -> Result<Option<RoaringBitmap>, Error> {
    Ok(counted::read(db, Row::Threads, maker)?.and_then(|(_, bytes)| with(&bytes, number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_woven_reads_back(
            threads in proptest::collection::btree_map(any::<u32>(), any::<u32>(), 0..9),
            (end, articles) in any::<(u32, u64)>(),
        ) {
            let threads = threads.into_iter().collect();
            let woven = Woven { threads, end, articles, maker: "me".to_owned(), newest: None };
            let bytes = encode(&woven);
            for (number, _) in &woven.threads {
                prop_assert_eq!(with(&bytes, *number), woven.with(*number));
            }
            prop_assert_eq!(decode(&bytes, articles, "me"), Some(woven));
        }

        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            decode(&bytes, 0, "");
            with(&bytes, 7);
        }
    }
}
