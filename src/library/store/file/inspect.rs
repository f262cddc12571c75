//! The rows of one article, read part by part, so that of a damaged one everything is found that is left.

use super::pack::Unpacker;
use super::row::{self, time};
use super::texts;
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::library::Error;
use crate::library::identity::Hash;
use crate::listing::TextOf;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

/// How a part of an article was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// As it was written.
    Sound,
    /// It can be read, but it is not as it was written.
    Altered,
    /// It cannot be read.
    Lost,
}

/// One article, with everything of it that can be read.
#[derive(Debug)]
pub struct Inspected {
    pub id: ArticleId,
    /// Its title, source and the other short columns.
    pub names: Found,
    pub text: Found,
    pub analysis: Found,
    pub number: Option<u32>,
    /// The parts that are lost are empty.
    pub article: Article,
    /// `None` where it is lost, or was marked as lost before.
    pub made: Option<(Analysis, u32)>,
}

/// Passes over what is damaged.
fn unless_damaged<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_damage() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The expression that a seal is broken, for a library whose rows have seals.
fn broken(sealed: bool, expression: &'static str) -> &'static str {
    if sealed { expression } else { "NULL" }
}

/// What is left of an article; `None` if there is no sign of it. `sealed` says whether the rows have seals.
pub fn inspect(
    db: &Connection,
    unpacker: &Unpacker,
    sealed: bool,
    id: ArticleId,
) -> Result<Option<Inspected>, Error> {
    let names = unless_damaged(names(db, sealed, id))?;
    let text = unless_damaged(text(db, unpacker, sealed, id))?;
    let (names, text) = match (names, text) {
        (Some(None), Some(None)) => return Ok(None),
        (names, text) => (names.flatten(), text.flatten()),
    };
    let missing = names.is_none();
    let (number, mut article, hash, names) = match names {
        Some(Names { number, article, hash, whole }) => (Some(number), article, hash, whole),
        None => (None, nothing(), Vec::new(), Some(false)),
    };
    let (body, text, packed) = match text {
        Some(Text { body: Some(body), whole, packed }) => (body, whole, packed),
        Some(Text { body: None, .. }) | None => (String::new(), Some(false), true),
    };
    let lost = body.is_empty() && text == Some(false);
    article.body = body;
    // The hash tells of articles without seals, and of those whose seal itself is damaged.
    let by_source = matches!(texts::shown(db, id), Ok(TextOf::Source));
    let agrees = !missing && hash == Hash::of_article(&article).bytes();
    let part = |whole: Option<bool>| match whole {
        Some(true) => Found::Sound,
        None if agrees || !by_source || missing => Found::Sound,
        _ => Found::Altered,
    };
    let mut inspected = Inspected {
        id,
        names: if missing { Found::Lost } else { part(names) },
        text: match (part(text), lost) {
            (_, true) => Found::Lost,
            // What is left of a packed text that was damaged is letters at random.
            (Found::Altered, false) if packed && !agrees => Found::Lost,
            (found, false) => found,
        },
        analysis: Found::Lost,
        number,
        article,
        made: None,
    };
    if inspected.text == Found::Lost {
        inspected.article.body = String::new();
    }
    // Without seals the hash says that one of the two differs, not which.
    if !sealed && inspected.names == Found::Altered && inspected.text == Found::Altered {
        inspected.names = Found::Sound;
    }
    if let Some((stored, engine, whole)) = unless_damaged(analysis(db, sealed, id))?.flatten()
        && whole != Some(false)
    {
        let made = row::analysis(db, unpacker, &stored, &inspected.article);
        if made.is_some() || engine == super::engine::NO_ENGINE {
            inspected.analysis = Found::Sound;
        }
        inspected.made = made.map(|made| (made, engine));
    }
    Ok(Some(inspected))
}

struct Names {
    number: u32,
    article: Article,
    hash: Vec<u8>,
    /// Whether the seal holds; `None` without one.
    whole: Option<bool>,
}

struct Text {
    /// `None` where it cannot be unpacked.
    body: Option<String>,
    whole: Option<bool>,
    packed: bool,
}

fn names(db: &Connection, sealed: bool, id: ArticleId) -> Result<Option<Names>, Error> {
    let broken = broken(
        sealed,
        "seal = crc(id, number, published, source, title, author, path, url, guid, identity, hash)",
    );
    let sql = format!(
        "SELECT number, published, source, title, author, path, url, guid, hash, {broken}
         FROM article WHERE id = ?"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement
        .query_row([id.0], |row| {
            let article = Article {
                published: time(row.get(1)?),
                source: row.get(2)?,
                title: row.get(3)?,
                author: row.get(4)?,
                path: row.get(5)?,
                url: row.get(6)?,
                guid: row.get(7)?,
                language: None,
                body: String::new(),
            };
            Ok(Names { number: row.get(0)?, article, hash: row.get(8)?, whole: row.get(9)? })
        })
        .optional()?;
    let Some(mut found) = found else { return Ok(None) };
    // A library before version 14 has no languages.
    if let Ok(mut statement) =
        db.prepare_cached("SELECT language, language_seal = crc(id, language) FROM article WHERE id = ?")
    {
        let (language, whole) = statement
            .query_row([id.0], |row| Ok((row::language(row, 0)?, row.get::<_, Option<bool>>(1)?)))?;
        match whole {
            Some(false) => found.whole = Some(false),
            Some(true) | None => found.article.language = language,
        }
    }
    Ok(Some(found))
}

fn text(db: &Connection, unpacker: &Unpacker, sealed: bool, id: ArticleId) -> Result<Option<Text>, Error> {
    let sql = format!("SELECT body, {} FROM text WHERE id = ?", broken(sealed, "seal = crc(id, body)"));
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let value = row.get_ref(0)?;
    let body = unless_damaged(unpacker.text(db, value))?;
    Ok(Some(Text { body, whole: row.get(1)?, packed: matches!(value, ValueRef::Blob(_)) }))
}

/// The stored form of an analysis, its engine, and whether its seal holds.
type StoredAnalysis = (Vec<u8>, u32, Option<bool>);

fn analysis(db: &Connection, sealed: bool, id: ArticleId) -> Result<Option<StoredAnalysis>, Error> {
    let broken = broken(sealed, "analysis_seal = crc(id, engine, analysis)");
    let sql = format!("SELECT analysis, engine, {broken} FROM text WHERE id = ?");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
}

fn nothing() -> Article {
    Article {
        published: None,
        source: UNKNOWN.to_owned(),
        title: String::new(),
        author: None,
        path: None,
        url: None,
        guid: None,
        language: None,
        body: String::new(),
    }
}

/// The source of an article of which only the text is left.
const UNKNOWN: &str = "recovered";

/// The ids of all articles, as far as they can be told: those in the tables, and where a table is damaged each number
/// that may be one.
pub fn ids(db: &Connection) -> BTreeSet<i64> {
    let mut ids = BTreeSet::new();
    let mut whole = true;
    for table in ["article", "text"] {
        let mut listed = || -> Result<BTreeSet<i64>, rusqlite::Error> {
            let mut statement = db.prepare(&format!("SELECT id FROM {table} NOT INDEXED"))?;
            let mut rows = statement.query([])?;
            let mut found = BTreeSet::new();
            loop {
                match rows.next() {
                    Ok(Some(row)) => _ = found.insert(row.get::<_, i64>(0)?),
                    Ok(None) => return Ok(found),
                    Err(_) => {
                        whole = false;
                        return Ok(found);
                    }
                }
            }
        };
        match listed() {
            Ok(found) => ids.extend(found),
            Err(_) => whole = false,
        }
    }
    // No library has an id that is not positive.
    ids = ids.split_off(&1);
    if !whole {
        probe(db, &mut ids);
    }
    ids
}

/// Adds every id that has a row, or whose row cannot be read.
fn probe(db: &Connection, ids: &mut BTreeSet<i64>) {
    let last = last_id(db).max(ids.last().copied().unwrap_or(0));
    let mut gap = 0;
    let mut unreadable = Vec::new();
    for id in 1..=last {
        let has = |table: &str| {
            let sql = format!("SELECT 1 FROM {table} WHERE id = ?");
            db.prepare_cached(&sql).and_then(|mut statement| statement.exists([id]))
        };
        match (has("article"), has("text")) {
            (Ok(true), _) | (_, Ok(true)) => {
                ids.append(&mut unreadable.drain(..).collect());
                ids.insert(id);
                gap = 0;
            }
            (Ok(false), Ok(false)) => gap += 1,
            _ => {
                unreadable.push(id);
                gap += 1;
            }
        }
        if gap > LONGEST_GAP {
            // A damaged page gave an id that no article has.
            return;
        }
    }
    ids.extend(unreadable);
}

/// The most ids in a row that are tried without finding an article. A library has gaps where articles were removed, and a
/// damaged one may name a last id of many digits: trying all of them would take for ever.
const LONGEST_GAP: u64 = 100_000;

/// The greatest id that an article may have, from whichever of the tables can be read.
fn last_id(db: &Connection) -> i64 {
    let of = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap_or(0);
    let told = [
        of("SELECT coalesce(max(id), 0) FROM article"),
        of("SELECT coalesce(max(id), 0) FROM text"),
        of("SELECT value FROM meta WHERE name = 'next_number'"),
    ];
    told.into_iter().filter(|id| *id <= i64::from(u32::MAX)).max().unwrap_or(0)
}
