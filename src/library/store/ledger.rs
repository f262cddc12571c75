//! The ledger of accounts as rows, and the one transaction in which marks come from a server.
//!
//! A row that is damaged is as if it were not there: the item is met for the first time again, which unites its marks.

use super::file::marks::{self, READ, STARRED, TAG, load, sound_tags, tag_mark};
use super::file::meta::bump;
use super::file::seal::sound;
use crate::article::ArticleId;
use crate::library::Error;
use crate::library::ledger::{Entry, Mark, Marks, Told, settled};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The marks of all articles that an account can know of.
struct Shelf {
    read: RoaringBitmap,
    starred: RoaringBitmap,
    tags: Vec<(String, RoaringBitmap)>,
    /// The tags that each source gives its articles: they are its folders, and no labels.
    folders: HashMap<String, BTreeSet<String>>,
}

impl Shelf {
    fn new(db: &Connection) -> Result<Shelf, Error> {
        let (names, _) = sound_tags(db)?;
        let tag = |name: String| {
            let articles = load(db, &tag_mark(&name))?;
            Ok((name, articles))
        };
        let tags = names.into_iter().map(tag).collect::<Result<_, Error>>()?;
        let mut statement = db.prepare_cached("SELECT name, tags FROM source")?;
        let folders = statement.query_map([], |row| {
            let tags: String = row.get(1)?;
            Ok((row.get(0)?, tags.split('\n').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()))
        })?;
        let folders = folders.collect::<Result<_, _>>()?;
        Ok(Shelf { read: load(db, READ)?, starred: load(db, STARRED)?, tags, folders })
    }

    /// The marks of an article, without the tags that it has of its source.
    fn marks(&self, number: u32, source: &str) -> Marks {
        let tags = self.tags.iter().filter(|(_, articles)| articles.contains(number));
        let mut marks = Marks {
            read: self.read.contains(number),
            starred: self.starred.contains(number),
            labels: tags.map(|(name, _)| name.clone()).collect(),
        };
        self.strip(&mut marks, source);
        marks
    }

    fn strip(&self, marks: &mut Marks, source: &str) {
        if let Some(folders) = self.folders.get(source) {
            marks.labels.retain(|label| !folders.contains(label));
        }
    }
}

const COLUMNS: &str = "ledger.item, ledger.read, ledger.starred, ledger.labels, ledger.article, article.number, article.source, \
    ledger.seal <> crc(ledger.account, ledger.item, ledger.article, ledger.read, ledger.starred, ledger.labels, ledger.sent),
    ledger.sent FROM ledger LEFT JOIN article ON article.id = ledger.article";

/// A row: what is agreed, the id of the article, its number and source where it is here, and what was sent.
type Line = (Marks, Option<i64>, Option<(u32, String)>, String);

fn line(row: &Row<'_>) -> Result<Line, Error> {
    sound(row, 7)?;
    let labels: String = row.get(3)?;
    let labels = labels.split('\n').filter(|label| !label.is_empty()).map(str::to_owned).collect();
    let agreed = Marks { read: row.get(1)?, starred: row.get(2)?, labels };
    let number: Option<u32> = row.get(5)?;
    Ok((agreed, row.get(4)?, number.zip(row.get(6)?), row.get(8)?))
}

/// The marks that were sent and not read back yet are stored in lines: `+read`, `-starred`, `+label:desk`.
fn sent_line(mark: &Mark, on: bool) -> String {
    let sign = if on { '+' } else { '-' };
    match mark {
        Mark::Read => format!("{sign}read"),
        Mark::Starred => format!("{sign}starred"),
        Mark::Label(label) => format!("{sign}label:{label}"),
    }
}

fn sent_marks(lines: &str) -> impl Iterator<Item = (Mark, bool)> {
    lines.lines().filter_map(|line| {
        let (sign, name) = line.split_at_checked(1)?;
        let mark = match name {
            "read" => Mark::Read,
            "starred" => Mark::Starred,
            label => Mark::Label(label.strip_prefix("label:")?.to_owned()),
        };
        Some((mark, sign == "+"))
    })
}

/// Notes that a mark is about to be sent for some items. What becomes of it is known only when the items are read back.
pub fn sending(
    db: &Connection,
    account: &str,
    items: &[String],
    (mark, on): (&Mark, bool),
) -> Result<(), Error> {
    let mut find = db.prepare_cached("SELECT sent FROM ledger WHERE account = ? AND item = ?")?;
    let mut put = db.prepare_cached(
        "UPDATE ledger SET sent = ?3, seal = crc(account, item, article, read, starred, labels, ?3)
         WHERE account = ?1 AND item = ?2",
    )?;
    for item in items {
        let Some(before) = find.query_row((account, item), |row| row.get::<_, String>(0)).optional()? else {
            continue;
        };
        let others = sent_marks(&before).filter(|(other, _)| other != mark);
        let mut lines: Vec<String> = others.map(|(other, on)| sent_line(&other, on)).collect();
        lines.push(sent_line(mark, on));
        put.execute((account, item, lines.join("\n")))?;
    }
    Ok(())
}

/// All lines of an account, by item.
pub fn entries(db: &Connection, account: &str) -> Result<Vec<Entry>, Error> {
    let shelf = Shelf::new(db)?;
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} WHERE account = ?"))?;
    let mut rows = statement.query([account])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let (mut agreed, _, article, _) = match line(row) {
            Err(error) if error.is_damage() => continue,
            line => line?,
        };
        let here = article.map(|(number, source)| {
            shelf.strip(&mut agreed, &source);
            shelf.marks(number, &source)
        });
        entries.push(Entry { item: row.get(0)?, agreed, here });
    }
    Ok(entries)
}

/// Takes in what a server says about items: gives their articles the marks that changed there, and notes what is agreed.
/// Without `labels` these are left alone. Returns how many marks were changed here.
pub fn exchange(db: &Connection, account: &str, told: &[Told], labels: bool) -> Result<u64, Error> {
    let shelf = Shelf::new(db)?;
    let mut find =
        db.prepare_cached(&format!("SELECT {COLUMNS} WHERE ledger.account = ?1 AND ledger.item = ?2"))?;
    let mut article = db.prepare_cached("SELECT number, source FROM article WHERE id = ?")?;
    let mut put = db.prepare_cached(
        "INSERT OR REPLACE INTO ledger VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', crc(?1, ?2, ?3, ?4, ?5, ?6, ''))",
    )?;
    let mut changed: BTreeMap<(Mark, bool), RoaringBitmap> = BTreeMap::new();
    for Told { item, article: new, marks } in told {
        let mut rows = find.query((account, item))?;
        let there = match rows.next()?.map(line) {
            Some(Err(error)) if error.is_damage() => None,
            there => there.transpose()?,
        };
        drop(rows);
        let known = there.is_some();
        let (mut before, id, found, sent) = there.unwrap_or_default();
        let found = match new {
            Some(id) => {
                article.query_row([id.0], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).optional()?
            }
            None => found,
        };
        let mut theirs = marks.clone();
        if !labels {
            theirs.labels.clone_from(&before.labels);
        }
        // What was sent and is there now came from here, though nobody heard that it arrived: a change that was made here
        // since then is a new one.
        for (mark, on) in sent_marks(&sent).filter(|(mark, on)| theirs.has(mark) == *on) {
            before.set(&mark, on);
        }
        let both = match &found {
            Some((number, source)) => {
                let mut agreed = before.clone();
                shelf.strip(&mut agreed, source);
                shelf.strip(&mut theirs, source);
                let here = shelf.marks(*number, source);
                let (now, both) = settled(&agreed, &here, &theirs);
                for change in here.changes(&now) {
                    changed.entry(change).or_default().insert(*number);
                }
                both
            }
            None => theirs,
        };
        let id = new.map(|ArticleId(id)| id).or(id);
        if !known || both != before || new.is_some() || !sent.is_empty() {
            let labels: Vec<&str> = both.labels.iter().map(String::as_str).collect();
            put.execute((account, item, id, both.read, both.starred, labels.join("\n")))?;
        }
    }
    for ((mark, on), articles) in &changed {
        let name = match mark {
            Mark::Read => READ.to_owned(),
            Mark::Starred => STARRED.to_owned(),
            Mark::Label(label) => format!("{TAG}{label}"),
        };
        marks::change(db, &name, articles, *on)?;
    }
    if !changed.is_empty() {
        bump(db, "marks")?;
    }
    Ok(changed.values().map(RoaringBitmap::len).sum())
}

/// Strikes items out of the ledger: the server does not have them any more.
pub fn strike(db: &Connection, account: &str, items: &[String]) -> Result<(), Error> {
    let mut statement = db.prepare_cached("DELETE FROM ledger WHERE account = ? AND item = ?")?;
    items.iter().try_for_each(|item| statement.execute((account, item)).map(drop))?;
    Ok(())
}

/// Strikes an account out of the ledger.
pub fn close(db: &Connection, account: &str) -> Result<(), Error> {
    db.execute("DELETE FROM ledger WHERE account = ?", [account])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::doctor::check;
    use super::*;
    use crate::library::sources::Wishes;
    use crate::library::tests::article as made;
    use crate::library::{Backend, Marking, Target};

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("library.db")).expect("a library");
        let news = |day: i64| made(day, "Wire", &format!("Quay {day}"), &format!("The quay of day {day}."));
        store.add((1..4).map(news).collect()).expect("added");
        (folder, store)
    }

    fn told(item: &str, article: Option<i64>, read: bool, labels: &[&str]) -> Told {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Told {
            item: item.to_owned(),
            article: article.map(ArticleId),
            marks: Marks { read, labels, ..Marks::default() },
        }
    }

    #[test]
    fn what_either_side_changed_reaches_the_other_and_an_undone_change_is_not_sent() {
        let (folder, store) = store();
        let first =
            [told("a", Some(1), false, &[]), told("b", Some(2), true, &["desk"]), told("c", None, true, &[])];
        assert_eq!(store.exchange("mine", &first, true).expect("exchanged"), 2);
        let two = store.load(ArticleId(2)).expect("loaded").expect("an article");
        assert!(two.read && two.tags == ["desk"]);
        let pending = || {
            let entries = store.ledger("mine").expect("a ledger");
            let pending = entries.iter().map(|entry| (entry.item.clone(), entry.pending()));
            pending.filter(|(_, pending)| !pending.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(pending(), []);
        store.mark(&Target::These(vec![ArticleId(1)]), Marking::Star).expect("marked");
        assert_eq!(pending(), [("a".to_owned(), vec![(Mark::Starred, true)])]);
        store.undo().expect("undone");
        assert_eq!(pending(), []);
        // The article gets another text, and so another number: it stays bound to its item.
        store.mark(&Target::These(vec![ArticleId(2)]), Marking::Unread).expect("marked");
        let (mut again, analysis) = made(2, "Wire", "Quay 2", "The quay of day 2.");
        again.body.push_str(" More is known.");
        store.add(vec![(again, analysis)]).expect("added");
        assert_eq!(pending(), [("b".to_owned(), vec![(Mark::Read, false)])]);
        // What the server still has is not taken for its change.
        assert_eq!(store.exchange("mine", &[told("b", None, true, &["desk"])], true).expect("exchanged"), 0);
        assert_eq!(pending().len(), 1);
        assert_eq!(store.exchange("mine", &[told("b", None, false, &["desk"])], true).expect("exchanged"), 0);
        assert_eq!(pending(), []);
        assert_eq!(check(&folder.path().join("library.db")).expect("checked").faults, []);
    }

    #[test]
    fn what_was_sent_without_an_answer_and_taken_back_here_is_no_change_of_the_server() {
        let (folder, store) = store();
        store.exchange("mine", &[told("a", Some(1), false, &[])], true).expect("exchanged");
        let article = Target::These(vec![ArticleId(1)]);
        let marks = [Mark::Read, Mark::Label("desk".to_owned())];
        store.mark(&article, Marking::Read).expect("marked");
        store.mark(&article, Marking::Tag("desk".to_owned())).expect("tagged");
        for mark in &marks {
            store.sending("mine", &["a".to_owned()], mark, true).expect("noted");
        }
        assert_eq!(check(&folder.path().join("library.db")).expect("checked").faults, []);
        // The line breaks, and the marks are taken back here before the server is asked again.
        store.mark(&article, Marking::Unread).expect("marked");
        store.mark(&article, Marking::Untag("desk".to_owned())).expect("untagged");
        assert_eq!(store.exchange("mine", &[told("a", None, true, &["desk"])], true).expect("exchanged"), 0);
        let pending = store.ledger("mine").expect("a ledger")[0].pending();
        assert_eq!(pending, marks.map(|mark| (mark, false)));
        // What is sent now does not arrive, and what the server says of it is a change of its own from then on.
        store.sending("mine", &["a".to_owned()], &Mark::Read, false).expect("noted");
        store.exchange("mine", &[told("a", None, true, &["desk"])], true).expect("exchanged");
        assert_eq!(store.ledger("mine").expect("a ledger")[0].pending().len(), 2);
        store.exchange("mine", &[told("a", None, false, &[])], true).expect("exchanged");
        assert_eq!(store.exchange("mine", &[told("a", None, true, &[])], true).expect("exchanged"), 1);
        assert!(store.load(ArticleId(1)).expect("loaded").expect("an article").read);
    }

    #[test]
    fn the_tags_of_a_source_are_its_folder_and_no_labels() {
        let (_folder, store) = store();
        let wishes = Wishes { tags: vec!["world".to_owned()], ..Wishes::default() };
        store.add_source("https://wire.example/f", "Wire", None, &wishes).expect("added");
        store.mark(&Target::These(vec![ArticleId(1)]), Marking::Tag("world".to_owned())).expect("marked");
        store.mark(&Target::These(vec![ArticleId(1)]), Marking::Tag("desk".to_owned())).expect("marked");
        store.exchange("mine", &[told("a", Some(1), false, &["world"])], true).expect("exchanged");
        let entries = store.ledger("mine").expect("a ledger");
        assert_eq!(entries[0].pending(), [(Mark::Label("desk".to_owned()), true)]);
        // A server without labels is not sent any, and does not take the tags away.
        store.exchange("mine", &[told("a", None, true, &[])], false).expect("exchanged");
        let one = store.load(ArticleId(1)).expect("loaded").expect("an article");
        assert!(one.read && one.tags == ["desk", "world"]);
        store.strike("mine", &["a".to_owned()]).expect("struck");
        assert_eq!(store.ledger("mine").expect("a ledger"), []);
    }

    #[test]
    fn only_one_at_a_time_has_the_ledger() {
        let (_folder, store) = store();
        let turn = store.turn().expect("a turn");
        assert!(turn.is_some());
        assert!(store.turn().expect("asked").is_none());
        // A program that is being started has the file for a moment, too.
        let file = turn.as_ref().and_then(|turn| turn.0.as_ref()).expect("a lock");
        let with_another = file.try_clone().expect("a second handle");
        drop(turn);
        assert!(store.turn().expect("asked").is_some());
        drop(with_another);
    }
}
