//! Which articles of the library are in one thread, as it is kept: in memory, and in the file for the next reader.

use super::ahead;
use super::counted::{self, Row};
use crate::library::Error;
use crate::library::store::file::varint::{put_varint, take_varint};
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

impl Woven {
    /// Whether all articles were looked at.
    pub fn is_whole(&self) -> bool {
        self.newest.is_none()
    }

    /// The thread of an article: the number of its first article.
    pub fn of(&self, number: u32) -> Option<u32> {
        let at = self.threads.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.threads.get(at).map(|(_, thread)| *thread)
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
    let (mut last, mut threads) = (0u32, Vec::new());
    for _ in 0..take_varint(bytes)? {
        last = last.checked_add(u32::try_from(take_varint(bytes)?).ok()?)?;
        let back = take_varint(bytes)?;
        let back = (back >> 1).cast_signed() ^ -(back & 1).cast_signed();
        threads.push((last, u32::try_from(i64::from(last).checked_sub(back)?).ok()?));
    }
    bytes.is_empty().then(|| Woven { threads, end, articles, maker: maker.to_owned(), newest: None })
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
            prop_assert_eq!(decode(&encode(&woven), articles, "me"), Some(woven));
        }

        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            decode(&bytes, 0, "");
        }
    }
}
