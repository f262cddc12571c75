//! The rows of one article, read back.

use super::codec;
use super::engine::is_current;
use super::marks;
use super::pack::{PACKED, Unpacker};
use super::seal::sound;
use super::texts;
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::language::LanguageCode;
use crate::library::store::ask::cache::Cache;
use crate::library::{Error, Stored};
use crate::listing::{TextOf, Validity};
use crate::query::matching::Candidate;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};

/// What a query can ask of a stored article.
pub fn candidate(stored: &Stored) -> Candidate<'_> {
    Candidate {
        article: &stored.article,
        analysis: &stored.analysis,
        read: stored.read,
        starred: stored.starred,
        tags: &stored.tags,
    }
}

/// What is stored as the time of an article without a date. It is older than every time that there is, so that these
/// articles come last; half of the least number leaves room for sums of it and some days.
pub const UNDATED: i64 = i64::MIN / 2;

/// A time of publication as it is stored, in seconds since 1970; [`UNDATED`] stands for none.
pub fn seconds(published: Option<DateTime<Utc>>) -> i64 {
    published.map_or(UNDATED, |published| published.timestamp())
}

/// The time of publication that is stored as `seconds`.
pub fn time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

/// The rows of one article.
pub struct StoredRow {
    pub number: u32,
    pub article: Article,
    pub analysis: Analysis,
    /// The engine that made the analysis.
    pub engine: u32,
    pub validity: Validity,
    pub position: u32,
}

/// Reads one article, and checks its analysis against its texts.
pub fn stored_row(db: &Connection, unpacker: &Unpacker, id: ArticleId) -> Result<Option<StoredRow>, Error> {
    stored_within(db, unpacker, id, usize::MAX)
}

/// The same. A body of more than `most` bytes is cut off there, with a last line that says so; its names and quotes are
/// left out, since they are of the whole text.
fn stored_within(
    db: &Connection,
    unpacker: &Unpacker,
    id: ArticleId,
    most: usize,
) -> Result<Option<StoredRow>, Error> {
    let mut statement = db.prepare_cached(
        "SELECT number, published, source, title, author, path, url, guid, body, engine, analysis,
                (SELECT byte FROM position WHERE position.id = article.id),
                article.seal <> crc(article.id, number, published, source, title, author, path, url, guid, identity, hash)
                OR language_seal <> crc(article.id, language) OR text.seal <> crc(text.id, body),
                analysis_seal <> crc(text.id, engine, analysis), language
         FROM article JOIN text USING (id) WHERE article.id = ?",
    )?;
    let mut rows = statement.query([id.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    sound(row, 12)?;
    let mut article = Article {
        published: time(row.get(1)?),
        source: row.get(2)?,
        title: row.get(3)?,
        author: row.get(4)?,
        path: row.get(5)?,
        url: row.get(6)?,
        guid: row.get(7)?,
        language: language(row, 14)?,
        body: unpacker.text(db, row.get_ref(8)?)?,
    };
    let engine = row.get(9)?;
    let whole = article.body.len();
    let analysis = match sound(row, 13) {
        _ if whole > most => {
            let (shown, all) = (most / 1024, whole / 1024);
            let end = (0..=most).rev().find(|at| article.body.is_char_boundary(*at));
            article.body.truncate(end.unwrap_or(0));
            article.body +=
                &format!("\n\n[Only the first {shown} KB of this article are shown here. It has {all} KB.]");
            article.body.shrink_to_fit();
            Some(Analysis::default())
        }
        Ok(()) => analysis(db, unpacker, row.get_ref(10)?.as_blob().unwrap_or(&[]), &article),
        Err(_) => None,
    };
    let validity = match analysis {
        None => Validity::Missing,
        Some(_) if is_current(engine) => Validity::Current,
        Some(_) => Validity::Outdated,
    };
    let analysis = analysis.unwrap_or_default();
    let position = row.get::<_, Option<u32>>(11)?.unwrap_or(0);
    Ok(Some(StoredRow { number: row.get(0)?, article, analysis, engine, validity, position }))
}

/// The language in a column of a row.
pub fn language(row: &Row<'_>, at: usize) -> Result<Option<LanguageCode>, rusqlite::Error> {
    Ok(row.get::<_, Option<String>>(at)?.and_then(|code| LanguageCode::read(&code)))
}

/// An analysis as it was stored with an article; `None` where it is damaged.
pub fn analysis(db: &Connection, unpacker: &Unpacker, stored: &[u8], article: &Article) -> Option<Analysis> {
    match stored {
        [PACKED, packed @ ..] => {
            let encoded = unpacker.unpack(db, packed).ok()?;
            codec::decode(&encoded, &article.title, &article.body)
        }
        encoded => codec::decode(encoded, &article.title, &article.body),
    }
}

/// One article with everything that is stored with it, but not its copies.
/// Speakers of whom the engine is less sure than the settings ask are guesses.
pub fn load(db: &Connection, cache: &Cache, id: ArticleId) -> Result<Option<Stored>, Error> {
    load_within(db, cache, id, usize::MAX)
}

/// The same with at most `most` bytes of its body; see [`stored_within`].
pub fn load_within(
    db: &Connection,
    cache: &Cache,
    id: ArticleId,
    most: usize,
) -> Result<Option<Stored>, Error> {
    let Some(row) = stored_within(db, &cache.unpacker, id, most)? else { return Ok(None) };
    let StoredRow { number, article, mut analysis, validity, position, .. } = row;
    analysis.stand_by(cache.least());
    // Damaged marks do not keep an article from being read.
    let has = |mark: &str| match marks::has(db, mark, number) {
        Err(error) if error.is_damage() => Ok(false),
        other => other,
    };
    let mut tags = Vec::new();
    for tag in marks::sound_tags(db)?.0 {
        if has(&marks::tag_mark(&tag))? {
            tags.push(tag);
        }
    }
    let read = has(marks::READ)?;
    let starred = has(marks::STARRED)?;
    let text = match texts::shown(db, id) {
        Err(error) if error.is_damage() => TextOf::Source,
        other => other?,
    };
    let copies = Vec::new();
    Ok(Some(Stored {
        id,
        article,
        analysis,
        validity,
        read,
        starred,
        tags,
        position,
        text,
        copies,
        thread: None,
    }))
}
