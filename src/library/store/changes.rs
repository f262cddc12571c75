//! Changes to marks that a person makes, and the log by which they are undone and redone.

use super::ask::cache::Cache;
use super::ask::find::Find;
use super::file::marks::{READ, STARRED, TAG, change, living, load, read, tag_mark, written};
use super::file::meta::bump;
use crate::library::{Cancel, Error, Marked, Marking, Target};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

/// How many changes can be undone.
const KEPT: i64 = 1_000;

/// Which way to go in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Undo,
    Redo,
}

/// Makes a change and logs it.
pub fn mark(
    connection: &mut Connection,
    cache: &Cache,
    target: &Target,
    marking: Marking,
) -> Result<Marked, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (name, put) = meaning(&marking);
    let cancel = Cancel::new();
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
            Target::Matching(query) => RoaringBitmap::clone(&*find.result(query)?),
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
    bump(&transaction, "marks")?;
    transaction.commit()?;
    Ok(marked)
}

/// Undoes the last change, or redoes the one that was undone last.
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
    bump(&transaction, "marks")?;
    transaction.commit()?;
    Ok(marked)
}

/// The mark that a marking changes, and whether it adds the mark.
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

/// A marking as it is logged: a sign and the mark.
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
