//! The stores of other readers, which are SQLite files: newsboat, FreshRSS, Liferea, RSS Guard, QuiteRSS and NetNewsWire.
//! What was read, and what was marked there, stays so.
//!
//! In come the bytes of a file; out come drafts. The file is opened in memory and read only. It is a stranger's: only
//! plain tables are asked, functions in its schema do not run, and the length of a value and the number of steps are
//! limited.

use super::draft::{Draft, Layout};
use super::{Gathered, Origin, html, markup};
use crate::article::date;
use chrono::{DateTime, Utc};
use rusqlite::limits::Limit;
use rusqlite::{Connection, MAIN_DB, Row, types::ValueRef};
use std::io::Cursor;

/// The longest value that is read, in bytes.
const VALUE_CAP: i32 = 32 << 20;
/// How many thousands of steps of SQLite's machine a file may cost, and a million of articles more.
const STEPS: u64 = 2_000_000;
const ARTICLE_CAP: usize = 2_000_000;

/// One kind of store.
struct Store {
    name: &'static str,
    /// The tables by which it is known.
    tables: &'static [&'static str],
    /// Gives title, body, address, guid, source, author, date, whether it is read, whether it is starred, and tags.
    sql: &'static str,
    /// Whether the tags are letters, each of them one.
    letters: bool,
}

static STORES: &[Store] = &[
    Store {
        name: "newsboat",
        tables: &["rss_item", "rss_feed"],
        sql: "SELECT i.title, i.content, i.url, i.guid, f.title, i.author, i.pubDate, i.unread = 0, 0, i.flags \
              FROM rss_item i LEFT JOIN rss_feed f ON f.rssurl = i.feedurl WHERE i.deleted = 0 ORDER BY i.id",
        letters: true,
    },
    Store {
        name: "FreshRSS",
        tables: &["entry", "feed", "category"],
        sql: "SELECT e.title, e.content, e.link, e.guid, f.name, e.author, e.date, e.is_read, e.is_favorite, e.tags \
              FROM entry e LEFT JOIN feed f ON f.id = e.id_feed ORDER BY e.id",
        letters: false,
    },
    Store {
        name: "Liferea",
        tables: &["items", "node", "subscription"],
        sql: "SELECT i.title, i.description, i.source, i.source_id, n.title, NULL, i.date, i.read, i.marked, NULL \
              FROM items i LEFT JOIN node n ON n.node_id = i.node_id ORDER BY i.item_id",
        letters: false,
    },
    Store {
        name: "RSS Guard",
        tables: &["Messages", "Feeds", "Accounts"],
        sql: "SELECT m.title, m.contents, m.url, m.custom_id, f.title, m.author, m.date_created, m.is_read, m.is_important, NULL \
              FROM Messages m LEFT JOIN Feeds f ON f.id = m.feed WHERE m.is_deleted = 0 ORDER BY m.id",
        letters: false,
    },
    Store {
        name: "QuiteRSS",
        tables: &["news", "feeds", "labels"],
        sql: "SELECT n.title, CASE WHEN length(n.content) > 0 THEN n.content ELSE n.description END, n.link_href, n.guid, f.text, \
              n.author_name, n.published, n.read > 0, n.starred, n.category \
              FROM news n LEFT JOIN feeds f ON f.id = n.feedId WHERE n.deleted = 0 ORDER BY n.id",
        letters: false,
    },
    Store {
        name: "NetNewsWire",
        tables: &["articles", "statuses", "authors"],
        sql: "SELECT a.title, CASE WHEN length(a.contentHTML) > 0 THEN a.contentHTML ELSE a.summary END, \
              coalesce(a.url, a.externalURL), a.uniqueID, a.feedID, NULL, a.datePublished, s.read, s.starred, NULL \
              FROM articles a LEFT JOIN statuses s ON s.articleID = a.articleID ORDER BY a.datePublished",
        letters: false,
    },
];

pub(super) fn is_sqlite(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

pub(super) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    if let Err(why) = stored(bytes, origin, found) {
        found.warnings.push(origin.warning(None, &format!("could not read the SQLite file: {why}")));
    }
}

fn stored(bytes: &[u8], origin: &Origin, found: &mut Gathered) -> Result<(), String> {
    let damaged = |error: rusqlite::Error| match error {
        rusqlite::Error::SqliteFailure(code, _) if code.code == rusqlite::ErrorCode::OperationInterrupted => {
            "it takes too long".to_owned()
        }
        _ => "it is damaged, or of an unknown version".to_owned(),
    };
    // A file that was written with a log beside it says so; in memory there is no log.
    let mut whole = bytes.to_vec();
    for place in [18, 19] {
        if let Some(version) = whole.get_mut(place) {
            *version = 1;
        }
    }
    let length = whole.len();
    let mut db = Connection::open_in_memory().map_err(damaged)?;
    db.deserialize_read_exact(MAIN_DB, Cursor::new(whole), length, true).map_err(damaged)?;
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_CAP).map_err(damaged)?;
    db.pragma_update(None, "trusted_schema", false).map_err(damaged)?;
    db.pragma_update(None, "cell_size_check", true).map_err(damaged)?;
    let mut steps = 0_u64;
    db.progress_handler(
        1_000,
        Some(move || {
            steps += 1;
            steps > STEPS
        }),
    )
    .map_err(damaged)?;
    let plain = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name = ? COLLATE NOCASE";
    let has =
        |table: &&str| db.query_row(plain, [table], |row| row.get::<_, i64>(0)).is_ok_and(|count| count == 1);
    let Some(store) = STORES.iter().find(|store| store.tables.iter().all(&has)) else {
        return Err("it is no store of a reader that is known; export it as CSV or JSON".to_owned());
    };
    let said =
        |error: rusqlite::Error| format!("its tables are those of {}, but {}", store.name, damaged(error));
    let mut statement = db.prepare(store.sql).map_err(said)?;
    let mut rows = statement.query([]).map_err(said)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(said)? {
        count += 1;
        if count > ARTICLE_CAP {
            return Err("only its first 2,000,000 articles were read".to_owned());
        }
        let draft = draft(row, store);
        if draft.title.trim().is_empty() && draft.body.trim().is_empty() && draft.url.is_none() {
            continue;
        }
        found.items.extend(draft.finish(origin, None, &mut found.warnings));
    }
    Ok(())
}

fn draft(row: &Row, store: &Store) -> Draft {
    let text = |place: usize| match row.get_ref(place) {
        Ok(ValueRef::Text(bytes)) => {
            Some(String::from_utf8_lossy(bytes).into_owned()).filter(|text| !text.trim().is_empty())
        }
        Ok(ValueRef::Integer(number)) => Some(number.to_string()),
        _ => None,
    };
    let flag = |place: usize| matches!(row.get_ref(place), Ok(ValueRef::Integer(number)) if number > 0);
    let url = text(2).and_then(|url| crate::text::clean_url(&url));
    let (body, layout) = text(1).map_or((String::new(), Layout::AsTyped), |body| {
        html::to_text(&body, url.as_deref(), url.as_deref())
    });
    let title = text(0).map(|title| markup::to_text(&title).into_owned());
    let tags = text(9).unwrap_or_default();
    let tags = match store.letters {
        true => tags.chars().filter(char::is_ascii_alphabetic).map(String::from).collect(),
        false => tags.split([',', '#']).map(|tag| tag.trim().to_owned()).collect(),
    };
    Draft {
        // An item with nothing but a link is still listed.
        title: title.or_else(|| if body.is_empty() { url.clone() } else { None }).unwrap_or_default(),
        body,
        layout,
        guid: text(3),
        source: text(4),
        author: text(5),
        published: moment(row.get_ref(6).ok()).map(Into::into),
        tags,
        read: flag(7),
        starred: flag(8),
        url,
        ..Draft::default()
    }
}

/// A date as a Unix time, in seconds or less, or as a text.
fn moment(value: Option<ValueRef>) -> Option<DateTime<Utc>> {
    match value? {
        ValueRef::Integer(number) if number > 0 => date::from_unix(number as f64),
        ValueRef::Real(number) if number > 0.0 => date::from_unix(number),
        ValueRef::Text(bytes) => date::parse(std::str::from_utf8(bytes).ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::agency::shown_bytes;
    use super::*;

    /// The file of a database that `sql` makes.
    fn file(sql: &str) -> Vec<u8> {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch(sql).unwrap();
        db.serialize(MAIN_DB).unwrap().to_vec()
    }

    const NEWSBOAT: &str = "CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL, title VARCHAR(1024) NOT NULL);
        CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL, title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL,
            feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL, unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enqueued INTEGER(1) NOT NULL DEFAULT 0,
            flags VARCHAR(52), deleted INTEGER(1) NOT NULL DEFAULT 0);
        INSERT INTO rss_feed VALUES ('https://example.org/feed', 'https://example.org/', 'Courier');";

    #[test]
    fn newsboat() {
        let bytes = file(&format!(
            "{NEWSBOAT} INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags, deleted) VALUES
             ('g1', 'Bridge &amp; dam', 'Ana Petrova', 'https://example.org/1', 'https://example.org/feed', 1641204000, '<p>It <b>fell</b>.</p><p>So.</p>', 0, 'ab', 0),
             ('g2', 'Dam holds', '', 'https://example.org/2', 'https://example.org/feed', 1641290400, 'It held.', 1, NULL, 0),
             ('g3', 'Gone', '', '', '', 1, '', 1, NULL, 1);"
        ));
        assert_eq!(
            shown_bytes(&bytes),
            [
                "Bridge & dam | 2022-01-03 | Courier | Ana Petrova | g1 | read,a,b | It fell. / So.",
                "Dam holds | 2022-01-04 | Courier | - | g2 |  | It held.",
            ]
        );
    }

    #[test]
    fn other_stores() {
        let fresh = file(
            "CREATE TABLE category (id INTEGER); CREATE TABLE feed (id INTEGER PRIMARY KEY, name TEXT);
             CREATE TABLE entry (id BIGINT PRIMARY KEY, guid TEXT, title TEXT, author TEXT, content TEXT, link TEXT, date INT, is_read BOOLEAN, is_favorite BOOLEAN, id_feed INT, tags TEXT);
             INSERT INTO feed VALUES (1, 'Courier'); INSERT INTO entry VALUES (1, 'g', 'Bridge', 'Ana', '<p>x y</p>', 'https://example.org/1', 1641204000, 0, 1, 1, '#bridges #rivers');",
        );
        assert_eq!(
            shown_bytes(&fresh),
            ["Bridge | 2022-01-03 | Courier | Ana | g | starred,bridges,rivers | x y"]
        );
        let liferea = file(
            "CREATE TABLE subscription (node_id TEXT); CREATE TABLE node (node_id TEXT, title TEXT);
             CREATE TABLE items (item_id INTEGER PRIMARY KEY, title TEXT, read INTEGER, marked INTEGER, source TEXT, source_id TEXT, description TEXT, date INTEGER, node_id TEXT);
             INSERT INTO node VALUES ('n', 'Courier'); INSERT INTO items VALUES (1, 'Bridge', 1, 0, 'https://example.org/1', 'g', 'x', 1641204000, 'n');",
        );
        assert_eq!(shown_bytes(&liferea), ["Bridge | 2022-01-03 | Courier | - | g | read | x"]);
    }

    #[test]
    fn strange_and_damaged_files() {
        assert_eq!(
            shown_bytes(&file("CREATE TABLE x (y);")),
            [
                "! could not read the SQLite file: it is no store of a reader that is known; export it as CSV or JSON"
            ]
        );
        // Views and generated columns may hold anything.
        let view =
            file("CREATE TABLE rss_feed (x); CREATE VIEW rss_item AS SELECT zeroblob(900000000) AS title;");
        assert_eq!(shown_bytes(&view).len(), 1);
        let endless = file(&format!(
            "{NEWSBOAT} ALTER TABLE rss_item RENAME TO other; CREATE VIEW rss_item AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n;"
        ));
        assert_eq!(shown_bytes(&endless).len(), 1);
        let whole = file(NEWSBOAT);
        for length in [16, 100, 512, 4096, whole.len() - 1] {
            shown_bytes(&whole[..length.min(whole.len())]);
        }
        for at in (0..whole.len()).step_by(97) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0xff;
            shown_bytes(&flipped);
        }
    }
}
