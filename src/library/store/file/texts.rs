//! The two texts of an article: its source's and its page's. One is shown, which is the article as
//! everybody else knows it, indexed and analysed; the other lies beside it, whole.
//!
//! `article.hash` tells of the source's text alone, shown or not, so that a feed that brings the same
//! again is recognised, and one that brings another changes what lies beside and not what is read.

use super::meta::bump;
use crate::article::{Article, ArticleId};
use crate::library::Error;
use crate::library::identity::Hash;
use crate::listing::TextOf;
use rusqlite::{Connection, OptionalExtension};

/// As it stands in the file.
fn number(text: TextOf) -> i64 {
    match text {
        TextOf::Source => 0,
        TextOf::Page => 1,
    }
}

/// Whose text lies beside the one that is shown; `None` where there is only one.
pub fn beside(db: &Connection, id: i64) -> Result<Option<TextOf>, Error> {
    let mut statement = db.prepare_cached("SELECT text FROM beside WHERE id = ?")?;
    let found = statement.query_row([id], |row| row.get::<_, i64>(0)).optional()?;
    Ok(found.map(|text| if text == 0 { TextOf::Source } else { TextOf::Page }))
}

/// Whose text is shown.
pub fn shown(db: &Connection, id: ArticleId) -> Result<TextOf, Error> {
    Ok(match beside(db, id.0)? {
        Some(TextOf::Source) => TextOf::Page,
        Some(TextOf::Page) | None => TextOf::Source,
    })
}

/// The article with the text that is not shown, and whose that is.
pub fn other(db: &Connection, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
    let Some(text) = beside(db, id.0)? else { return Ok(None) };
    let mut statement = db.prepare_cached("SELECT article FROM beside WHERE id = ?")?;
    let written: String = statement.query_row([id.0], |row| row.get(0))?;
    // A damaged one is as good as none: it can be fetched again.
    Ok(serde_json::from_str(&written).ok().map(|article| (text, article)))
}

/// Puts `article` beside what is shown.
pub fn put(db: &Connection, id: i64, text: TextOf, article: &Article) -> Result<(), Error> {
    // Texts and times are written without fail.
    let written = serde_json::to_string(article).unwrap_or_default();
    db.prepare_cached("INSERT OR REPLACE INTO beside VALUES (?, ?, ?)")?.execute((
        id,
        number(text),
        written,
    ))?;
    Ok(())
}

/// The source has another text now for an article that is shown as its page has it.
pub fn renew_source(db: &Connection, id: i64, article: &Article, hash: Hash) -> Result<(), Error> {
    put(db, id, TextOf::Source, article)?;
    db.prepare_cached("UPDATE article SET hash = ? WHERE id = ?")?.execute((hash.bytes(), id))?;
    bump(db, "articles")
}
