//! How many utterances each article has, as it is kept: in memory, and in the file for the next reader.

use super::ahead;
use super::counted::{self, Row};
use crate::library::Error;
use crate::library::store::file::varint::{put_varint, take_varint};
use rusqlite::Connection;

/// The rule by which quotes are one utterance; it is raised when that changes.
const RULE: u32 = 1;

/// How many utterances the articles have, as of one version of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    /// By number, up to the first article that came since. Of an article with more than 255, that many are counted.
    pub counts: Vec<u8>,
    /// The version of the articles.
    pub articles: u64,
    /// Which program counted it.
    pub maker: String,
}

/// What the counts depend on besides the articles.
pub fn maker(db: &Connection) -> Result<String, Error> {
    Ok(format!("{} {RULE}", ahead::maker(db)?))
}

/// What is stored, if this program counted it; of at most so many articles.
pub fn read(db: &Connection, maker: &str, most: usize) -> Result<Option<Spoken>, Error> {
    let Some((articles, bytes)) = counted::read(db, Row::Spoken, maker)? else { return Ok(None) };
    Ok(decode(&bytes, most).map(|counts| Spoken { counts, articles, maker: maker.to_owned() }))
}

/// Stores what was computed; fails where another process is just writing.
pub fn keep(db: &Connection, spoken: &Spoken) -> Result<(), Error> {
    counted::keep(db, Row::Spoken, spoken.articles, &spoken.maker, encode(&spoken.counts))
}

/// Runs of articles without utterances, which are most, are one number.
fn encode(counts: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(counts.len() as u64, &mut out);
    let mut run = 0;
    for count in counts {
        match count {
            0 => run += 1,
            count => {
                put_varint(run, &mut out);
                out.push(*count);
                run = 0;
            }
        }
    }
    out
}

fn decode(mut bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let bytes = &mut bytes;
    let length = usize::try_from(take_varint(bytes)?).ok().filter(|length| *length <= most)?;
    let mut counts = Vec::new();
    while !bytes.is_empty() {
        let run = usize::try_from(take_varint(bytes)?).ok()?;
        let (count, rest) = bytes.split_first()?;
        *bytes = rest;
        let at = counts.len().checked_add(run).filter(|at| *at < length)?;
        counts.resize(at, 0);
        counts.push(*count);
    }
    counts.resize(length, 0);
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_counted_reads_back(counts in proptest::collection::vec(prop_oneof![3 => Just(0u8), 1 => any::<u8>()], 0..40)) {
            prop_assert_eq!(decode(&encode(&counts), counts.len()), Some(counts));
        }

        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            decode(&bytes, 1_000);
        }
    }
}
