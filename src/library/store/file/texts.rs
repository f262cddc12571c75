//! The two texts of an article: its source's and its page's. One of them is shown, indexed and analysed; the other
//! is stored beside it.
//!
//! `article.hash` is always that of the source's text, shown or not, so that a feed that brings the same text again
//! is recognised, and a feed that brings another text changes the stored source's text and not the page that is read.

use super::meta::bump;
use super::seal;
use crate::article::{Article, ArticleId};
use crate::library::Error;
use crate::library::identity::Hash;
use crate::listing::TextOf;
use rusqlite::{Connection, OptionalExtension};

/// The number by which a text is stored.
fn number(text: TextOf) -> i64 {
    match text {
        TextOf::Source => 0,
        TextOf::Page => 1,
    }
}

/// Which text is stored beside the shown one; `None` if there is only one.
pub fn beside(db: &Connection, id: i64) -> Result<Option<TextOf>, Error> {
    let mut statement = db.prepare_cached("SELECT text FROM beside WHERE id = ?")?;
    let found = statement.query_row([id], |row| row.get::<_, i64>(0)).optional()?;
    Ok(found.map(|text| if text == 0 { TextOf::Source } else { TextOf::Page }))
}

/// Which text is shown.
pub fn shown(db: &Connection, id: ArticleId) -> Result<TextOf, Error> {
    Ok(match beside(db, id.0)? {
        Some(TextOf::Source) => TextOf::Page,
        Some(TextOf::Page) | None => TextOf::Source,
    })
}

/// The article with the text that is not shown, and which text that is.
pub fn other(db: &Connection, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
    let Some(text) = beside(db, id.0)? else { return Ok(None) };
    let mut statement = db.prepare_cached("SELECT article FROM beside WHERE id = ?")?;
    let written: String = statement.query_row([id.0], |row| row.get(0))?;
    // A damaged text is treated as missing: it can be fetched again.
    Ok(serde_json::from_str(&written).ok().map(|article| (text, article)))
}

/// Stores `article` beside the shown text.
pub fn put(db: &Connection, id: i64, text: TextOf, article: &Article) -> Result<(), Error> {
    // Texts and times can always be serialized.
    let written = serde_json::to_string(article).unwrap_or_default();
    db.prepare_cached("INSERT OR REPLACE INTO beside VALUES (?1, ?2, ?3, crc(?1, ?2, ?3))")?.execute((
        id,
        number(text),
        written,
    ))?;
    Ok(())
}

/// Stores a new text of the source, for an article that is shown with its page's text.
pub fn renew_source(db: &Connection, id: i64, article: &Article, hash: Hash) -> Result<(), Error> {
    put(db, id, TextOf::Source, article)?;
    db.prepare_cached("UPDATE article SET hash = ? WHERE id = ?")?.execute((hash.bytes(), id))?;
    seal::ARTICLE.renew(db, "id = ?", [id])?;
    bump(db, "articles")
}
