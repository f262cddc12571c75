//! The sources of the library, as rows: who fetches which, and what came of it.

use super::{Store, folders, lock, marks, write};
use crate::annotation::ENGINE_VERSION;
use crate::article::{Article, ArticleId};
use crate::formats::feed::Marks;
use crate::library::Error;
use crate::library::identity::{Hash, Identity};
use crate::library::sources::{FullText, Hold, Reason, Seen, Source, SourceId, Standing, Wishes};
use chrono::{DateTime, Utc};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use std::time::Duration;

const COLUMNS: &str = "id, address, name, site, tags, interval, keep_for, full_text, etag, last_modified, fetched, \
                       due, held_until, held_for, failures, error, warning, gone, moved_from, marks";

impl Store {
    /// All sources, by name.
    pub fn sources(&self) -> Result<Vec<Source>, Error> {
        self.reading(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM source ORDER BY name");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Keeps a source under `name`, or, where another has it, under a name made of it.
    pub fn add_source(
        &self,
        address: &str,
        name: &str,
        site: Option<&str>,
        wishes: &Wishes,
    ) -> Result<SourceId, Error> {
        self.changing(|db| {
            let name = free_name(db, name, address, None)?;
            db.prepare_cached(
                "INSERT INTO source (address, name, site, tags, interval, keep_for, full_text, failures, gone)
                 VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
            )?
            .execute((
                address,
                name,
                site,
                wishes.tags.join("\n"),
                seconds(wishes.interval),
                seconds(wishes.keep_for),
                wishes.text == FullText::FromPage,
            ))?;
            Ok(SourceId(db.last_insert_rowid()))
        })
    }

    /// Changes what the person wishes of a source.
    pub fn change_source(&self, id: SourceId, wishes: &Wishes) -> Result<(), Error> {
        self.changing(|db| {
            db.prepare_cached(
                "UPDATE source SET tags = ?, interval = ?, keep_for = ?, full_text = ? WHERE id = ?",
            )?
            .execute((
                wishes.tags.join("\n"),
                seconds(wishes.interval),
                seconds(wishes.keep_for),
                wishes.text == FullText::FromPage,
                id.0,
            ))?;
            Ok(())
        })
    }

    /// Forgets a source; its articles stay.
    pub fn remove_source(&self, id: SourceId) -> Result<(), Error> {
        self.changing(|db| Ok(db.execute("DELETE FROM source WHERE id = ?", [id.0]).map(drop)?))
    }

    /// Takes those of `sources` for `claimant` that nobody else has taken: nobody else fetches them until
    /// `until`, or until the claim is given back.
    pub fn claim_sources(
        &self,
        sources: &[SourceId],
        claimant: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        self.changing(|db| {
            let mut claimed = Vec::new();
            let mut statement = db.prepare_cached(
                "UPDATE source SET claimant = ?1, claimed_until = ?3
                 WHERE id = ?4 AND (claimant IS NULL OR claimant = ?1 OR claimed_until <= ?2)",
            )?;
            for source in sources {
                let changed = statement.execute((claimant, now.timestamp(), until.timestamp(), source.0))?;
                claimed.extend((changed > 0).then_some(*source));
            }
            Ok(claimed)
        })
    }

    /// All that `claimant` has taken stays taken until `until`.
    pub fn hold_claims(&self, claimant: i64, until: DateTime<Utc>) -> Result<(), Error> {
        self.changing(|db| {
            let sql = "UPDATE source SET claimed_until = ? WHERE claimant = ?";
            Ok(db.execute(sql, (until.timestamp(), claimant)).map(drop)?)
        })
    }

    /// Gives back all that `claimant` has taken.
    pub fn give_back(&self, claimant: i64) -> Result<(), Error> {
        self.changing(|db| {
            let sql = "UPDATE source SET claimant = NULL, claimed_until = NULL WHERE claimant = ?";
            Ok(db.execute(sql, [claimant]).map(drop)?)
        })
    }

    /// Keeps how it stands with each of some sources, and gives their claims back.
    pub fn record_standings(&self, standings: &[(SourceId, Standing)]) -> Result<(), Error> {
        self.changing(|db| {
            let mut statement = db.prepare_cached(
                "UPDATE source SET etag = ?, last_modified = ?, fetched = ?, due = ?, held_until = ?, held_for = ?,
                 failures = ?, error = ?, warning = ?, gone = ?, moved_from = ?, marks = ?, claimant = NULL,
                 claimed_until = NULL WHERE id = ?",
            )?;
            for (id, standing) in standings {
                statement.execute(rusqlite::params![
                    standing.etag,
                    standing.last_modified,
                    standing.fetched.map(|time| time.timestamp()),
                    standing.due.map(|time| time.timestamp()),
                    standing.hold.map(|hold| hold.until.timestamp()),
                    standing.hold.map(|hold| hold.reason.word()),
                    standing.failures,
                    standing.error,
                    standing.warning,
                    standing.gone,
                    standing.moved_from,
                    standing.marks.to_bytes(),
                    id.0,
                ])?;
            }
            Ok(())
        })
    }

    /// A source has another address now. False where another source has it.
    pub fn move_source(&self, id: SourceId, address: &str) -> Result<bool, Error> {
        self.changing(|db| {
            let changed = db
                .prepare_cached("UPDATE OR IGNORE source SET address = ? WHERE id = ?")?
                .execute((address, id.0))?;
            Ok(changed > 0)
        })
    }

    /// The feed says which page it belongs to.
    pub fn set_site(&self, id: SourceId, site: &str) -> Result<(), Error> {
        self.changing(|db| {
            Ok(db.execute("UPDATE source SET site = ? WHERE id = ?", (site, id.0)).map(drop)?)
        })
    }

    /// Calls a source `name`, or, where another is called so, something made of it. Gives the name.
    pub fn name_source(&self, id: SourceId, name: &str) -> Result<String, Error> {
        self.changing(|db| {
            let address: Option<String> = db
                .prepare_cached("SELECT address FROM source WHERE id = ?")?
                .query_row([id.0], |row| row.get(0))
                .optional()?;
            let name = free_name(db, name, &address.unwrap_or_default(), Some(id))?;
            db.prepare_cached("UPDATE source SET name = ? WHERE id = ?")?.execute((&name, id.0))?;
            Ok(name)
        })
    }

    /// The article with this id is recognised as `article` from now on.
    pub fn know_as(&self, id: ArticleId, article: &Article) -> Result<(), Error> {
        self.changing(|db| {
            let identity = Identity::of(article).hash();
            // Where another is recognised so already, there are two of them as before.
            db.prepare_cached("UPDATE OR IGNORE article SET identity = ? WHERE id = ?")?
                .execute((identity.bytes(), id.0))?;
            Ok(())
        })
    }

    /// Tags articles that came in just now; there is nothing to undo about it.
    pub fn tag_new(&self, articles: &[Article], tag: &str) -> Result<(), Error> {
        self.changing(|db| {
            let mut numbers = RoaringBitmap::new();
            let mut statement = db.prepare_cached("SELECT number FROM article WHERE identity = ?")?;
            for article in articles {
                let identity = Identity::of(article).hash();
                let number: Option<u32> =
                    statement.query_row([identity.bytes()], |row| row.get(0)).optional()?;
                numbers.extend(number);
            }
            marks::put(db, &marks::tag_mark(tag), &numbers)?;
            write::bump(db, "marks")
        })
    }

    /// Drops what came from the source called `name` and is older than `oldest`, unless it is starred. Gives
    /// how many articles those are.
    pub fn forget(&self, name: &str, oldest: DateTime<Utc>) -> Result<u64, Error> {
        self.changing(|db| {
            let mut statement =
                db.prepare_cached("SELECT id, number FROM article WHERE published < ? AND source = ?")?;
            let rows =
                statement.query_map((oldest.timestamp(), name), |row| Ok((row.get(0)?, row.get(1)?)))?;
            let mut old: Vec<(i64, u32)> = rows.collect::<Result<_, _>>()?;
            let starred = marks::load(db, marks::STARRED)?;
            old.retain(|(_, number)| !starred.contains(*number));
            folders::remove(db, old)
        })
    }

    /// What is known of each of some articles.
    pub fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        self.reading(|connection| {
            let transaction = connection.transaction()?;
            let mut statement = transaction.prepare_cached(
                "SELECT published, hash, (SELECT engine FROM text WHERE text.id = article.id)
                 FROM article WHERE identity = ?",
            )?;
            let one = |article: &Article| -> Result<Seen, Error> {
                let identity = Identity::of(article).hash();
                let there = statement
                    .query_row([identity.bytes()], |row| {
                        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Option<u32>>(2)?))
                    })
                    .optional()?;
                Ok(match there {
                    None => Seen::Never,
                    Some((_, hash, engine))
                        if hash == Hash::of_article(article).bytes() && engine == Some(ENGINE_VERSION) =>
                    {
                        Seen::Same
                    }
                    Some((published, ..)) => {
                        Seen::Otherwise(DateTime::from_timestamp(published, 0).unwrap_or_default())
                    }
                })
            };
            articles.iter().map(one).collect()
        })
    }

    /// Changes the file in one transaction.
    pub(super) fn changing<T>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut marker = lock(&self.marker);
        let work = || {
            let transaction = marker.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        work().map_err(|error: Error| error.at(&self.path))
    }
}

/// `name`, or the first name made of it and `address` that no other source has.
fn free_name(db: &Connection, name: &str, address: &str, own: Option<SourceId>) -> Result<String, Error> {
    let mut statement = db.prepare_cached("SELECT count(*) FROM source WHERE name = ? AND id <> ?")?;
    let host = address.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(address);
    let second = format!("{name} ({host})");
    let others = (2..).map(|number| format!("{second} {number}"));
    for name in [name.to_owned(), second.clone()].into_iter().chain(others) {
        let taken: i64 = statement.query_row((&name, own.map_or(0, |id| id.0)), |row| row.get(0))?;
        if taken == 0 {
            return Ok(name);
        }
    }
    Ok(second)
}

fn read(row: &Row<'_>) -> Result<Source, rusqlite::Error> {
    let time = |column: &str| -> Result<_, rusqlite::Error> {
        Ok(row.get::<_, Option<i64>>(column)?.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    };
    let duration = |column: &str| -> Result<_, rusqlite::Error> {
        let seconds: Option<i64> = row.get(column)?;
        Ok(seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs))
    };
    let tags: String = row.get("tags")?;
    let held_for: Option<String> = row.get("held_for")?;
    let reason = held_for.as_deref().and_then(Reason::find);
    Ok(Source {
        id: SourceId(row.get("id")?),
        address: row.get("address")?,
        name: row.get("name")?,
        site: row.get("site")?,
        wishes: Wishes {
            tags: tags.split('\n').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            interval: duration("interval")?,
            keep_for: duration("keep_for")?,
            text: if row.get("full_text")? { FullText::FromPage } else { FullText::AsInFeed },
        },
        standing: Standing {
            etag: row.get("etag")?,
            last_modified: row.get("last_modified")?,
            fetched: time("fetched")?,
            due: time("due")?,
            hold: time("held_until")?.zip(reason).map(|(until, reason)| Hold { until, reason }),
            failures: row.get("failures")?,
            error: row.get("error")?,
            warning: row.get("warning")?,
            gone: row.get("gone")?,
            moved_from: row.get("moved_from")?,
            marks: Marks::from_bytes(&row.get::<_, Option<Vec<u8>>>("marks")?.unwrap_or_default()),
        },
    })
}

fn seconds(duration: Option<Duration>) -> Option<i64> {
    duration.and_then(|duration| i64::try_from(duration.as_secs()).ok())
}

impl Reason {
    fn word(self) -> &'static str {
        match self {
            Reason::Fresh => "fresh",
            Reason::Failure => "failure",
            Reason::Busy => "busy",
        }
    }

    fn find(word: &str) -> Option<Reason> {
        [Reason::Fresh, Reason::Failure, Reason::Busy].into_iter().find(|reason| reason.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn store() -> (TempDir, Store) {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("library.db")).expect("a library");
        (folder, store)
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    #[test]
    fn what_is_kept_of_a_source_comes_back() {
        let (_folder, store) = store();
        let wishes = Wishes {
            tags: vec!["world".to_owned(), "two words".to_owned()],
            interval: Some(Duration::from_secs(7200)),
            keep_for: Some(Duration::from_secs(86_400)),
            text: FullText::FromPage,
        };
        let id =
            store.add_source("https://a.test/f", "Wire", Some("https://a.test/"), &wishes).expect("added");
        let standing = Standing {
            etag: Some("\"1\"".to_owned()),
            fetched: Some(at(5)),
            due: Some(at(9)),
            hold: Some(Hold { until: at(8), reason: Reason::Busy }),
            failures: 2,
            error: Some("no answer".to_owned()),
            gone: true,
            ..Standing::default()
        };
        store.record_standings(&[(id, standing.clone())]).expect("recorded");
        let sources = store.sources().expect("sources");
        assert_eq!(sources.len(), 1);
        assert_eq!((&sources[0].wishes, &sources[0].standing), (&wishes, &standing));
        assert_eq!(sources[0].site.as_deref(), Some("https://a.test/"));
        store.remove_source(id).expect("removed");
        assert_eq!(store.sources().expect("sources"), []);
    }

    #[test]
    fn no_two_sources_have_one_name() {
        let (_folder, store) = store();
        for address in ["https://a.test/f", "https://b.test/f", "https://b.test/g"] {
            store.add_source(address, "News", None, &Wishes::default()).expect("added");
        }
        let names: Vec<String> =
            store.sources().expect("sources").into_iter().map(|source| source.name).collect();
        assert_eq!(names, ["News", "News (b.test)", "News (b.test) 2"]);
        assert!(store.add_source("https://a.test/f", "Other", None, &Wishes::default()).is_err());
    }

    #[test]
    fn a_source_is_claimed_by_one_until_the_claim_is_over() {
        let (_folder, store) = store();
        let id = store.add_source("https://a.test/f", "A", None, &Wishes::default()).expect("added");
        let claim =
            |who: i64, now: i64| store.claim_sources(&[id], who, at(now), at(now + 60)).expect("asked");
        assert_eq!(claim(1, 0), [id]);
        assert_eq!(claim(2, 30), []);
        assert_eq!(claim(2, 60), [id]);
        store.record_standings(&[(id, Standing::default())]).expect("recorded");
        assert_eq!(claim(1, 61), [id]);
        store.give_back(1).expect("given back");
        assert_eq!(claim(2, 62), [id]);
    }
}
