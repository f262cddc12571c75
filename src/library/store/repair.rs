//! Checking whether a library is sound, and saving what can be read from one that is not.
//!
//! Nothing here writes to the file that it looks at: what can be saved goes into a new file.

use super::file::connect::{Lasting, connect, readable};
use super::file::engine::engine_of;
use super::file::marks;
use super::file::pack::Unpacker;
use super::file::reading;
use super::file::row::{StoredRow, stored_row};
use super::file::texts;
use super::handle::Store;
use super::write::Coming;
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::formats::ReadingState;
use crate::library::identity::Identity;
use crate::library::{Backend, Error, Recognition};
use rusqlite::{Connection, OpenFlags};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub articles: u64,
    pub bytes: u64,
    /// What is wrong, in SQLite's words; empty if the library is sound.
    pub faults: Vec<String>,
}

/// What a repair saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    pub articles: u64,
    /// Ids of articles that could not be read.
    pub lost: u64,
}

/// The most articles that a repair holds in memory.
const BATCH: usize = 500;

/// Checks the whole file.
pub fn check(path: &Path) -> Result<Health, Error> {
    let bytes =
        std::fs::metadata(path).map_err(|source| Error::Read { path: path.to_owned(), source })?.len();
    readable(path)?;
    let db = reading::connect(path)?;
    let faults = faults(&db, path).map_err(|error| error.at(path))?;
    let articles = db.query_row("SELECT count(*) FROM article", [], |row| row.get::<_, i64>(0)).unwrap_or(0);
    Ok(Health { articles: articles.unsigned_abs(), bytes, faults })
}

fn faults(db: &Connection, path: &Path) -> Result<Vec<String>, Error> {
    let mut statement = db.prepare("PRAGMA integrity_check(20)")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut faults: Vec<String> = rows.collect::<Result<_, _>>()?;
    faults.retain(|fault| fault != "ok");
    if faults.is_empty() {
        super::file::schema::recognise(db, path)?;
    }
    let missing: i64 = db.query_row(
        "SELECT count(*) FROM article WHERE NOT EXISTS (SELECT 1 FROM text WHERE text.id = article.id)",
        [],
        |row| row.get(0),
    )?;
    if missing > 0 {
        faults.push(format!("{missing} articles have no text"));
    }
    Ok(faults)
}

/// Saves the articles of the library at `damaged`, with their marks and positions, to a new one at
/// `into`, which must not exist yet.
pub fn repair(damaged: &Path, into: &Path) -> Result<Saved, Error> {
    if into.exists() {
        return Err(Error::Exists { path: into.to_owned() });
    }
    let padded = padded(damaged, into)?;
    let readable = padded.as_ref().map_or(damaged, |padded| padded.0.as_path());
    let open = |path: &Path| -> Result<_, Error> {
        let old = connect(path, Lasting::Always, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let last = last_id(&old)?;
        Ok((old, last))
    };
    let mut headed = None;
    let (old, last) = match open(readable) {
        Ok(opened) => opened,
        Err(_) => {
            let copy = headed.insert(with_header(damaged, into)?);
            open(&copy.0).map_err(|_| Error::Lost { path: damaged.to_owned() })?
        }
    };
    let new = Store::open(into)?;
    let mut saved = Saved::default();
    let unpacker = Unpacker::default();
    let mut batch = Vec::new();
    // The ids without an article since the last one that was found, and those of them that could not be read.
    let (mut gap, mut unreadable) = (0, 0);
    for id in 1..=last {
        match stored_row(&old, &unpacker, ArticleId(id)) {
            Ok(Some(row)) => {
                batch.push(row);
                saved.lost += unreadable;
                (gap, unreadable) = (0, 0);
            }
            Ok(None) => gap += 1,
            Err(_) => (gap, unreadable) = (gap + 1, unreadable + 1),
        }
        if batch.len() >= BATCH {
            saved.articles += save(&old, &new, std::mem::take(&mut batch))?;
        }
        if gap > LONGEST_GAP {
            // A damaged page gave an id that no article has.
            unreadable = 0;
            break;
        }
    }
    saved.lost += unreadable;
    saved.articles += save(&old, &new, batch)?;
    Ok(saved)
}

/// The most ids in a row that are tried without finding an article. A library has gaps where articles were removed, and a
/// damaged one may name a last id of many digits: trying all of them would take for ever.
const LONGEST_GAP: u64 = 100_000;

/// A copy of a file that is deleted when it is dropped.
struct Padded(PathBuf);

impl Drop for Padded {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            // A copy that is left behind does no harm.
            _ = std::fs::remove_file(path);
        }
    }
}

/// A copy of a file that was cut off, padded to the length that its header states: SQLite
/// refuses a shorter file. The copy is beside `into`; `None` for a file that is whole.
fn padded(damaged: &Path, into: &Path) -> Result<Option<Padded>, Error> {
    let fail = |source| Error::Read { path: damaged.to_owned(), source };
    let mut header = Vec::new();
    let mut file = std::fs::File::open(damaged).map_err(fail)?;
    std::io::Read::take(&mut file, 100).read_to_end(&mut header).map_err(fail)?;
    // The header of a database: bytes 16 and 17 are the size of a page, 28 to 31 their number.
    let (Some(&[high, low]), Some(&[a, b, c, d])) =
        (header.as_chunks().0.get(8), header.as_chunks().0.get(7))
    else {
        return Ok(None);
    };
    let page = match u16::from_be_bytes([high, low]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let said = page * u64::from(u32::from_be_bytes([a, b, c, d]));
    let length = file.metadata().map_err(fail)?.len();
    if length >= said || said > length.saturating_mul(1_000) {
        return Ok(None);
    }
    let mut path = into.as_os_str().to_owned();
    path.push(".part");
    let padded = Padded(PathBuf::from(path));
    std::fs::copy(damaged, &padded.0).map_err(fail)?;
    let copy = std::fs::OpenOptions::new().write(true).open(&padded.0).map_err(fail)?;
    copy.set_len(said).map_err(fail)?;
    Ok(Some(padded))
}

/// A copy with the header and the length of a library, for a file whose first bytes are damaged.
fn with_header(damaged: &Path, into: &Path) -> Result<Padded, Error> {
    let fail = |source| Error::Read { path: damaged.to_owned(), source };
    let mut path = into.as_os_str().to_owned();
    path.push(".headed");
    let headed = Padded(PathBuf::from(path));
    let length = std::fs::copy(damaged, &headed.0).map_err(fail)?;
    let pages = u32::try_from(length.div_ceil(PAGE)).unwrap_or(u32::MAX);
    let mut copy = std::fs::OpenOptions::new().write(true).open(&headed.0).map_err(fail)?;
    copy.set_len(u64::from(pages) * PAGE).map_err(fail)?;
    // The values that SQLite's file format has at these places: pages of 8192 bytes, text in UTF-8, a
    // rollback journal, since the copy has no log.
    let pieces: [(u64, &[u8]); 6] = [
        (0, b"SQLite format 3\0\x20\0\x01\x01\0\x40\x20\x20\0\0\0\x01"),
        (28, &pages.to_be_bytes()),
        (32, &[0; 8]),
        (44, &4_u32.to_be_bytes()),
        (52, &[0, 0, 0, 0, 0, 0, 0, 1]),
        (92, &1_u32.to_be_bytes()),
    ];
    for (place, bytes) in pieces {
        copy.seek(SeekFrom::Start(place)).and_then(|_| copy.write_all(bytes)).map_err(fail)?;
    }
    Ok(headed)
}

/// The size of a page of every library, in bytes.
const PAGE: u64 = 8_192;

/// The greatest id that an article may have, from whichever of the tables can be read.
fn last_id(db: &Connection) -> Result<i64, Error> {
    let of = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let told = [
        of("SELECT coalesce(max(id), 0) FROM article"),
        of("SELECT coalesce(max(id), 0) FROM text"),
        of("SELECT value FROM meta WHERE name = 'next_number'"),
    ];
    let mut last = Err(Error::Damaged { path: PathBuf::new() });
    for told in told {
        match (told, &last) {
            (Ok(id), Ok(before)) => last = Ok(id.max(*before)),
            (Ok(id), Err(_)) => last = Ok(id),
            (Err(error), Err(_)) => last = Err(error.into()),
            (Err(_), Ok(_)) => {}
        }
    }
    last
}

/// Adds the articles, with those of their marks and positions that can still be read.
fn save(old: &Connection, new: &Store, rows: Vec<StoredRow>) -> Result<u64, Error> {
    let mut articles: Vec<(u32, (Article, Analysis))> = Vec::with_capacity(rows.len());
    let mut states = Vec::with_capacity(rows.len());
    let mut besides = Vec::new();
    let all_tags = marks::tags(old).unwrap_or_default();
    for row in rows {
        let has = |mark: &str| marks::has(old, mark, row.number).unwrap_or(false);
        let state = ReadingState {
            read: has(marks::READ),
            starred: has(marks::STARRED),
            tags: all_tags.iter().filter(|tag| has(&marks::tag_mark(tag))).cloned().collect(),
            position: row.position,
        };
        states.push((Recognition::of(&row.article), state));
        if let Ok(Some((text, article))) = texts::other(old, row.id) {
            besides.push((Identity::of(&row.article).hash(), text, article));
        }
        articles.push((engine_of(row.engine, row.validity), (row.article, row.analysis)));
    }
    let mut saved = 0;
    while let Some((engine, _)) = articles.first() {
        // The articles keep their order, and each keeps the engine of its analysis.
        let engine = *engine;
        let other = articles.iter().position(|(of, _)| *of != engine).unwrap_or(articles.len());
        let batch = articles.drain(..other).map(|(_, article)| article).collect();
        saved += new.put(batch, Coming::Stored(engine))?.new;
    }
    new.restore(states)?;
    for (identity, text, article) in besides {
        if let Some(id) = new.find_by(identity)? {
            new.writing(|writer| writer.put_beside(id, text, &article))?;
        }
    }
    Ok(saved)
}
