//! Changes to marks that a person makes, and the log by which they are undone and redone.

use super::ask::cache::Cache;
use super::ask::find::Find;
use super::file::marks::{self, READ, STARRED, TAG, change, living, load, read, tag_mark, written};
use super::file::meta::bump;
use super::file::removal;
use super::file::seal;
use crate::article::ArticleId;
use crate::library::{Cancel, ChangeId, Error, Marked, Marking, Step, Target};
use crate::query::Grouping;
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

/// How many changes can be undone.
const KEPT: i64 = 1_000;

/// Makes a change and logs it under its name.
pub fn mark(
    connection: &mut Connection,
    cache: &Cache,
    change_name: Option<ChangeId>,
    (target, marking): (&Target, Marking),
) -> Result<Marked, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (name, put) = meaning(&marking);
    let cancel = Cancel::new();
    let (changed, grouping, tally) = {
        let find = Find::new(&transaction, cache, &cancel)?;
        let (articles, grouping) = match target {
            Target::These(ids) => (numbers_of(&find, ids)?, Grouping::Off),
            Target::Stories(ids) => (numbers_of(&find, ids)?, Grouping::Folded),
            Target::Matching(query) => {
                (RoaringBitmap::clone(&*find.result(query)?), query.grouping.beside_rows())
            }
        };
        let articles = if grouping.folds_copies() { find.with_copies(&articles)? } else { articles };
        let there = load(&transaction, &name)?;
        let changed = if put { articles - there } else { articles & there };
        let tally = find.tally(grouping, &changed)?;
        (changed, grouping, tally)
    };
    let marked = Marked { marking, changed: tally };
    if changed.is_empty() {
        return Ok(marked);
    }
    apply(&transaction, &marked.marking, &changed)?;
    if change_name.is_none() {
        transaction.execute("DELETE FROM change WHERE undone = 1 AND name IS NULL", [])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO change (marking, articles, undone, name, folded) VALUES (?, ?, 0, ?, ?)",
        )?
        .execute((
            log_form(&marked.marking),
            written(&changed),
            change_name.map(|ChangeId(name)| name),
            grouping == Grouping::Folded,
        ))?;
    seal::CHANGE.renew(&transaction, "id = ?", [transaction.last_insert_rowid()])?;
    forget_old(&transaction)?;
    bump(&transaction, "marks")?;
    transaction.commit()?;
    Ok(marked)
}

/// Removes the oldest changes from the log.
pub fn forget_old(db: &Connection) -> Result<(), Error> {
    db.execute("DELETE FROM change WHERE id <= (SELECT max(id) FROM change) - ?", [KEPT])?;
    Ok(())
}

/// Gives articles a mark or takes it away, without logging it; returns how many were changed.
pub fn put(
    connection: &mut Connection,
    cache: &Cache,
    (ids, marking): (&[ArticleId], &Marking),
) -> Result<u64, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (name, put) = meaning(marking);
    let articles = {
        let cancel = Cancel::new();
        numbers_of(&Find::new(&transaction, cache, &cancel)?, ids)?
    };
    let there = load(&transaction, &name)?;
    let changed = if put { articles - there } else { articles & there };
    if !changed.is_empty() {
        apply(&transaction, marking, &changed)?;
        bump(&transaction, "marks")?;
    }
    transaction.commit()?;
    Ok(changed.len())
}

fn numbers_of(find: &Find<'_>, ids: &[ArticleId]) -> Result<RoaringBitmap, Error> {
    let mut numbers = RoaringBitmap::new();
    for id in ids {
        numbers.extend(find.number_of(*id)?);
    }
    Ok(numbers)
}

/// Undoes or redoes the change with this name. Without a name, undoes the last change that has none, or redoes the one
/// of these that was undone last.
pub fn step(
    connection: &mut Connection,
    cache: &Cache,
    step: Step,
    name: Option<ChangeId>,
) -> Result<Option<Marked>, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let order = if step == Step::Undo { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT id, marking, articles, folded FROM change WHERE undone = ? AND name IS ? ORDER BY id {order} LIMIT 1"
    );
    let found = transaction
        .query_row(&sql, (step == Step::Redo, name.map(|ChangeId(name)| name)), |row| {
            let articles = read(row.get_ref(2)?.as_blob()?);
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, articles, row.get::<_, bool>(3)?))
        })
        .optional()?;
    let Some((id, form, articles, folded)) = found else { return Ok(None) };
    transaction.execute("UPDATE change SET undone = ? WHERE id = ?", (step == Step::Undo, id))?;
    seal::CHANGE.renew(&transaction, "id = ?", [id])?;
    let marked = match from_log(&form) {
        Some(marking) => {
            let articles = living(&transaction, articles)?;
            let made = if step == Step::Redo { marking.clone() } else { marking.inverse() };
            apply(&transaction, &made, &articles)?;
            let cancel = Cancel::new();
            let find = Find::new(&transaction, cache, &cancel)?;
            let grouping = if folded { Grouping::Folded } else { Grouping::Off };
            Some(Marked { marking, changed: find.tally(grouping, &articles)? })
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
        Marking::Hide => (marks::HIDDEN.to_owned(), true),
        Marking::Unhide => (marks::HIDDEN.to_owned(), false),
        Marking::Delete => (marks::DELETED.to_owned(), true),
        Marking::Undelete => (marks::DELETED.to_owned(), false),
    }
}

/// Gives `articles` a mark or takes it away.
fn apply(db: &Connection, marking: &Marking, articles: &RoaringBitmap) -> Result<(), Error> {
    let (name, put) = meaning(marking);
    change(db, &name, articles, put)?;
    if *marking == Marking::Delete {
        removal::note_deleted(db, articles)?;
    }
    match marking {
        // Every result depends on these.
        Marking::Hide | Marking::Unhide | Marking::Delete | Marking::Undelete => bump(db, "articles"),
        _ => Ok(()),
    }
}

/// Marks new copies of stories that are read as read: `copies` are numbers, each with the group of its story. They belong
/// to the change that marked the story, so that undoing it takes them back, too.
pub fn read_copies(db: &Connection, copies: &[(u32, RoaringBitmap)]) -> Result<(), Error> {
    if copies.is_empty() {
        return Ok(());
    }
    let there = load(db, READ)?;
    let told: Vec<&(u32, RoaringBitmap)> =
        copies.iter().filter(|(_, story)| !there.is_disjoint(story)).collect();
    if told.is_empty() {
        return Ok(());
    }
    change(db, READ, &told.iter().map(|(number, _)| *number).collect(), true)?;
    let mut statement =
        db.prepare("SELECT id, articles FROM change WHERE undone = 0 AND marking = '+read' AND folded = 1")?;
    let rows =
        statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, read(row.get_ref(1)?.as_blob()?))))?;
    for row in rows.collect::<Result<Vec<_>, _>>()? {
        let (id, mut articles) = row;
        let before = articles.len();
        let of_change =
            told.iter().filter(|(_, story)| !articles.is_disjoint(story)).map(|(number, _)| *number);
        let more: RoaringBitmap = of_change.collect();
        articles |= more;
        if articles.len() > before {
            let mut statement = db.prepare_cached("UPDATE change SET articles = ? WHERE id = ?")?;
            statement.execute((written(&articles), id))?;
            seal::CHANGE.renew(db, "id = ?", [id])?;
        }
    }
    bump(db, "marks")
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
        "+hidden" => Marking::Hide,
        "-hidden" => Marking::Unhide,
        "+deleted" => Marking::Delete,
        "-deleted" => Marking::Undelete,
        _ => match form.split_once(TAG)? {
            ("+", tag) => Marking::Tag(tag.to_owned()),
            ("-", tag) => Marking::Untag(tag.to_owned()),
            _ => return None,
        },
    })
}
