//! The sources of the library, as rows: who fetches which, and what came of it.

use super::engine::is_current;
use super::removal::is_buried;
use super::row::time;
use super::seal;
use super::shelf::Stored;
use crate::article::Article;
use crate::formats::feed::SeenItems;
use crate::library::Error;
use crate::library::identity::{Hash, Recognition};
use crate::library::sources::{FullText, Hold, Reason, Seen, Source, SourceId, Standing, Wishes};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};
use std::time::Duration;

const COLUMNS: &str = "id, address, name, site, tags, interval, keep_for, keep_most, paused, full_text, etag, last_modified, fetched, \
                       due, held_until, held_for, failures, error, warning, gone, moved_from, marks";

/// All sources, by name.
pub fn all(db: &Connection) -> Result<Vec<Source>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM source ORDER BY name");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn add(
    db: &Connection,
    address: &str,
    name: &str,
    site: Option<&str>,
    wishes: &Wishes,
) -> Result<SourceId, Error> {
    let name = free_name(db, name, address, None)?;
    db.prepare_cached(
        "INSERT INTO source (address, name, site, tags, interval, keep_for, keep_most, paused, full_text, failures, gone)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
    )?
    .execute((
        address,
        name,
        site,
        wishes.tags.join("\n"),
        seconds(wishes.interval),
        seconds(wishes.keep_for),
        wishes.keep_most.and_then(|most| i64::try_from(most).ok()),
        wishes.paused,
        wishes.text == FullText::FromPage,
    ))?;
    let id = db.last_insert_rowid();
    seal::SOURCE.renew(db, "id = ?", [id])?;
    seal::WISH.renew(db, "id = ?", [id])?;
    Ok(SourceId(id))
}

pub fn change(db: &Connection, id: SourceId, wishes: &Wishes) -> Result<(), Error> {
    db.prepare_cached("UPDATE source SET tags = ?, interval = ?, keep_for = ?, keep_most = ?, paused = ?, full_text = ? WHERE id = ?")?
        .execute((
            wishes.tags.join("\n"),
            seconds(wishes.interval),
            seconds(wishes.keep_for),
            wishes.keep_most.and_then(|most| i64::try_from(most).ok()),
            wishes.paused,
            wishes.text == FullText::FromPage,
            id.0,
        ))?;
    seal::SOURCE.renew(db, "id = ?", [id.0])?;
    seal::WISH.renew(db, "id = ?", [id.0])
}

/// Claims those of `sources` that nobody else holds at the first of two times, until the second.
pub fn claim(
    db: &Connection,
    sources: &[SourceId],
    claimant: i64,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<SourceId>, Error> {
    let mut claimed = Vec::new();
    let mut statement = db.prepare_cached(
        "UPDATE source SET claimant = ?1, claimed_until = ?3
         WHERE id = ?4 AND (claimant IS NULL OR claimant = ?1 OR claimed_until <= ?2)",
    )?;
    for source in sources {
        let changed = statement.execute((claimant, now.timestamp(), until.timestamp(), source.0))?;
        seal::SOURCE.renew(db, "id = ?", [source.0])?;
        claimed.extend((changed > 0).then_some(*source));
    }
    Ok(claimed)
}

/// Stores what the last fetch of each source came to, and gives the claims back.
pub fn record(db: &Connection, standings: &[(SourceId, Standing)]) -> Result<(), Error> {
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
            standing.seen.to_bytes(),
            id.0,
        ])?;
        seal::SOURCE.renew(db, "id = ?", [id.0])?;
    }
    Ok(())
}

/// Extends all claims of `claimant` to `until`.
pub fn hold(db: &Connection, claimant: i64, until: DateTime<Utc>) -> Result<(), Error> {
    db.execute("UPDATE source SET claimed_until = ? WHERE claimant = ?", (until.timestamp(), claimant))?;
    seal::SOURCE.renew(db, "claimant = ?", [claimant])
}

/// Gives all claims of `claimant` back.
pub fn give_back(db: &Connection, claimant: i64) -> Result<(), Error> {
    let sql = "SELECT id FROM source WHERE claimant = ?";
    let claimed: Vec<i64> =
        db.prepare_cached(sql)?.query_map([claimant], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for id in claimed {
        db.execute("UPDATE source SET claimant = NULL, claimed_until = NULL WHERE id = ?", [id])?;
        seal::SOURCE.renew(db, "id = ?", [id])?;
    }
    Ok(())
}

/// Changes the address of a source, unless another has that address; returns whether it did.
pub fn move_to(db: &Connection, id: SourceId, address: &str) -> Result<bool, Error> {
    let moved = db.execute("UPDATE OR IGNORE source SET address = ? WHERE id = ?", (address, id.0))?;
    seal::SOURCE.renew(db, "id = ?", [id.0])?;
    Ok(moved > 0)
}

pub fn set_site(db: &Connection, id: SourceId, site: &str) -> Result<(), Error> {
    db.execute("UPDATE source SET site = ? WHERE id = ?", (site, id.0))?;
    seal::SOURCE.renew(db, "id = ?", [id.0])
}

/// Changes the name of a source to one that no other source has; returns it.
pub fn name(db: &Connection, id: SourceId, name: &str) -> Result<String, Error> {
    let address: Option<String> = db
        .prepare_cached("SELECT address FROM source WHERE id = ?")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let name = free_name(db, name, &address.unwrap_or_default(), Some(id))?;
    db.prepare_cached("UPDATE source SET name = ? WHERE id = ?")?.execute((&name, id.0))?;
    seal::SOURCE.renew(db, "id = ?", [id.0])?;
    Ok(name)
}

/// What is known of each of some articles.
pub fn seen(stored: &Stored<'_>, articles: &[Article]) -> Result<Vec<Seen>, Error> {
    let mut statement = stored.db.prepare_cached(
        "SELECT published, hash, CASE WHEN text.seal <> crc(text.id, body) THEN NULL ELSE engine END
         FROM article LEFT JOIN text USING (id) WHERE identity = ?",
    )?;
    let one = |article: &Article| -> Result<Seen, Error> {
        let recognition = Recognition::of(article);
        let Some((_, identity)) = recognition.find(stored)? else {
            return Ok(if is_buried(stored.db, &recognition)? { Seen::Same } else { Seen::Never });
        };
        let there = statement
            .query_row([identity.bytes()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Option<u32>>(2)?))
            })
            .optional()?;
        Ok(match there {
            None => Seen::Never,
            Some((_, hash, engine))
                if hash == Hash::of_article(article).bytes() && engine.is_some_and(is_current) =>
            {
                Seen::Same
            }
            Some((published, ..)) => Seen::Otherwise(time(published)),
        })
    };
    articles.iter().map(one).collect()
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
            keep_most: row.get::<_, Option<i64>>("keep_most")?.and_then(|most| u64::try_from(most).ok()),
            paused: row.get::<_, Option<bool>>("paused")?.unwrap_or(false),
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
            seen: SeenItems::from_bytes(&row.get::<_, Option<Vec<u8>>>("marks")?.unwrap_or_default()),
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
