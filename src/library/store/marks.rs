//! What the person has done with the articles, in the file: sets of article numbers in pieces of
//! 65,536, and a log of changes that can be taken back.

use super::find::Find;
use crate::formats::State;
use crate::library::{Error, Marked, Marking, Recognition, Target};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::collections::{BTreeMap, BTreeSet};

pub const READ: &str = "read";
pub const STARRED: &str = "starred";
/// Numbers that stand for no article any more.
pub const DEAD: &str = "dead";
const TAG: &str = "tag:";

/// Changes that can be taken back.
const KEPT: i64 = 1_000;

/// The mark of a tag.
pub fn tag_mark(tag: &str) -> String {
    format!("{TAG}{tag}")
}

/// All tags that some article has, sorted.
pub fn tags(db: &Connection) -> Result<BTreeSet<String>, Error> {
    let mut statement =
        db.prepare_cached("SELECT DISTINCT mark FROM mark WHERE mark >= 'tag:' AND mark < 'tag;'")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let tags = rows.map(|mark| mark.map(|mark| mark.trim_start_matches(TAG).to_owned()));
    Ok(tags.collect::<Result<_, _>>()?)
}

/// The articles with a mark.
pub fn load(db: &Connection, mark: &str) -> Result<RoaringBitmap, Error> {
    let mut set = RoaringBitmap::new();
    let mut statement = db.prepare_cached("SELECT places FROM mark WHERE mark = ?")?;
    let mut rows = statement.query([mark])?;
    while let Some(row) = rows.next()? {
        set |= read(row.get_ref(0)?.as_blob().unwrap_or_default());
    }
    Ok(set)
}

/// Whether the article has the mark.
pub fn has(db: &Connection, mark: &str, number: u32) -> Result<bool, Error> {
    Ok(chunk(db, mark, number >> 16)?.contains(number))
}

fn chunk(db: &Connection, mark: &str, chunk: u32) -> Result<RoaringBitmap, Error> {
    let mut statement = db.prepare_cached("SELECT places FROM mark WHERE mark = ? AND chunk = ?")?;
    let found = statement.query_row((mark, chunk), |row| Ok(read(row.get_ref(0)?.as_blob()?))).optional()?;
    Ok(found.unwrap_or_default())
}

/// A set as it was written; a damaged one is empty.
fn read(bytes: &[u8]) -> RoaringBitmap {
    RoaringBitmap::deserialize_from(bytes).unwrap_or_default()
}

fn written(set: &RoaringBitmap) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(set.serialized_size());
    // Writing to memory does not fail.
    _ = set.serialize_into(&mut bytes);
    bytes
}

/// Puts `articles` in, without a line in the log.
pub fn put(db: &Connection, mark: &str, articles: &RoaringBitmap) -> Result<(), Error> {
    change(db, mark, articles, true)
}

/// Puts `articles` in or takes them out.
fn change(db: &Connection, mark: &str, articles: &RoaringBitmap, put: bool) -> Result<(), Error> {
    let chunks: BTreeSet<u32> = articles.iter().map(|number| number >> 16).collect();
    for place in chunks {
        let first = place << 16;
        let mut here = RoaringBitmap::new();
        here.insert_range(first..=first | 0xFFFF);
        here &= articles;
        let mut set = chunk(db, mark, place)?;
        match put {
            true => set |= here,
            false => set -= here,
        }
        if set.is_empty() {
            db.prepare_cached("DELETE FROM mark WHERE mark = ? AND chunk = ?")?.execute((mark, place))?;
        } else {
            db.prepare_cached("INSERT OR REPLACE INTO mark VALUES (?, ?, ?)")?.execute((
                mark,
                place,
                written(&set),
            ))?;
        }
    }
    Ok(())
}

/// An article got a new number: its marks go with it, and the old one is dead.
pub fn move_marks(db: &Connection, old: u32, new: u32) -> Result<(), Error> {
    let mut statement = db.prepare_cached("SELECT DISTINCT mark FROM mark WHERE chunk = ? AND mark <> ?")?;
    let marks = statement.query_map((old >> 16, DEAD), |row| row.get::<_, String>(0))?;
    let marks: Vec<String> = marks.collect::<Result<_, _>>()?;
    for mark in marks {
        if has(db, &mark, old)? {
            change(db, &mark, &RoaringBitmap::from([old]), false)?;
            change(db, &mark, &RoaringBitmap::from([new]), true)?;
        }
    }
    change(db, DEAD, &RoaringBitmap::from([old]), true)
}

/// The mark that a marking changes, and whether it puts articles in.
fn meaning(marking: &Marking) -> (String, bool) {
    match marking {
        Marking::Read => (READ.to_owned(), true),
        Marking::Unread => (READ.to_owned(), false),
        Marking::Star => (STARRED.to_owned(), true),
        Marking::Unstar => (STARRED.to_owned(), false),
        Marking::Tag(tag) => (tag_mark(tag), true),
        Marking::Untag(tag) => (tag_mark(tag), false),
    }
}

/// As it stands in the log: a sign and the mark.
fn log_form(marking: &Marking) -> String {
    let (mark, put) = meaning(marking);
    format!("{}{mark}", if put { '+' } else { '-' })
}

fn from_log(form: &str) -> Option<Marking> {
    Some(match form {
        "+read" => Marking::Read,
        "-read" => Marking::Unread,
        "+starred" => Marking::Star,
        "-starred" => Marking::Unstar,
        _ => match form.split_once(TAG)? {
            ("+", tag) => Marking::Tag(tag.to_owned()),
            ("-", tag) => Marking::Untag(tag.to_owned()),
            _ => return None,
        },
    })
}

/// Which way the log is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Undo,
    Redo,
}

/// Makes a change and logs it.
pub fn mark(
    connection: &mut Connection,
    cache: &super::find::Cache,
    target: &Target,
    marking: Marking,
) -> Result<Marked, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (name, put) = meaning(&marking);
    let cancel = crate::library::Cancel::new();
    let changed = {
        let find = Find::new(&transaction, cache, &cancel)?;
        let articles = match target {
            Target::These(ids) => {
                let mut numbers = RoaringBitmap::new();
                for id in ids {
                    numbers.extend(find.number_of(*id)?);
                }
                numbers
            }
            Target::Matching(query) => RoaringBitmap::clone(&*find.exact(&query.filter)?),
        };
        let there = load(&transaction, &name)?;
        if put { articles - there } else { articles & there }
    };
    let marked = Marked { marking, changed: changed.len() };
    if changed.is_empty() {
        return Ok(marked);
    }
    change(&transaction, &name, &changed, put)?;
    transaction.execute("DELETE FROM change WHERE undone = 1", [])?;
    transaction
        .prepare_cached("INSERT INTO change (marking, articles, undone) VALUES (?, ?, 0)")?
        .execute((log_form(&marked.marking), written(&changed)))?;
    transaction.execute("DELETE FROM change WHERE id <= (SELECT max(id) FROM change) - ?", [KEPT])?;
    super::meta::bump(&transaction, "marks")?;
    transaction.commit()?;
    Ok(marked)
}

/// Adds marks that another library had, without logging them.
pub fn restore(db: &Connection, states: &[(Recognition, State)]) -> Result<(), Error> {
    let mut marks: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
    for (recognition, state) in states {
        let sql = "SELECT id, number FROM article WHERE identity = ?";
        let found = db
            .prepare_cached(sql)?
            .query_row([recognition.0.bytes()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?)))
            .optional()?;
        let Some((id, number)) = found else { continue };
        let flags = [(state.read, READ), (state.starred, STARRED)];
        let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark.to_owned());
        for mark in flags.chain(state.tags.iter().map(|tag| tag_mark(tag))) {
            marks.entry(mark).or_default().insert(number);
        }
        if state.position > 0 {
            let mut statement = db.prepare_cached("INSERT OR REPLACE INTO position VALUES (?, ?)")?;
            statement.execute((id, state.position))?;
        }
    }
    for (mark, articles) in &marks {
        change(db, mark, articles, true)?;
    }
    super::meta::bump(db, "marks")
}

/// Takes back the last change, or makes again the one that was last taken back.
pub fn step(connection: &mut Connection, step: Step) -> Result<Option<Marked>, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = match step {
        Step::Undo => "SELECT id, marking, articles FROM change WHERE undone = 0 ORDER BY id DESC LIMIT 1",
        Step::Redo => "SELECT id, marking, articles FROM change WHERE undone = 1 ORDER BY id LIMIT 1",
    };
    let found = transaction
        .query_row(sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, read(row.get_ref(2)?.as_blob()?)))
        })
        .optional()?;
    let Some((id, form, articles)) = found else { return Ok(None) };
    transaction.execute("UPDATE change SET undone = ? WHERE id = ?", (step == Step::Undo, id))?;
    let marked = match from_log(&form) {
        Some(marking) => {
            let (name, put) = meaning(&marking);
            let articles = living(&transaction, articles)?;
            change(&transaction, &name, &articles, put == (step == Step::Redo))?;
            Some(Marked { marking, changed: articles.len() })
        }
        None => None,
    };
    super::meta::bump(&transaction, "marks")?;
    transaction.commit()?;
    Ok(marked)
}

/// Marks follow the articles that got new numbers while the marks were not at hand.
pub fn follow(db: &Connection) -> Result<(), Error> {
    let dead = load(db, DEAD)?;
    let mut statement = db.prepare("SELECT DISTINCT mark FROM mark WHERE mark <> ?")?;
    let marks = statement.query_map([DEAD], |row| row.get::<_, String>(0))?;
    let marks: Vec<String> = marks.collect::<Result<_, _>>()?;
    for mark in marks {
        let stale = load(db, &mark)? & &dead;
        if !stale.is_empty() {
            let fresh = living(db, stale.clone())?;
            change(db, &mark, &stale, false)?;
            change(db, &mark, &fresh, true)?;
        }
    }
    Ok(())
}

/// The same articles by the numbers that they have now.
fn living(db: &Connection, mut articles: RoaringBitmap) -> Result<RoaringBitmap, Error> {
    let dead = load(db, DEAD)? & &articles;
    for old in dead.iter() {
        articles.remove(old);
        let mut statement = db.prepare_cached(
            "SELECT number FROM article WHERE id = coalesce((SELECT id FROM moved WHERE number = ?1), ?1 + 1)",
        )?;
        let now: Option<u32> = statement.query_row([old], |row| row.get(0)).optional()?;
        articles.extend(now);
    }
    Ok(articles)
}
