//! An article as it is once it has come through the door: clean text, one date, one source.

pub mod date;
mod dateline;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use dateline::Dateline;

/// An article's number in one library. Stable for the life of that library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArticleId(pub i64);

/// One article. Every text in it is clean (see `text::clean`): NFC, no control codes but the
/// line feeds of `body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The file that it came from, as the person named it; `None` for the net and standard input.
    pub path: Option<String>,
    /// Its address, http or https.
    pub url: Option<String>,
    /// The identifier that its source gives it (`guid`, `id`), if any.
    pub guid: Option<String>,
    /// The name of the source, never empty.
    pub source: String,
    /// One line; empty where the article has none.
    pub title: String,
    pub author: Option<String>,
    /// When it was published; a date without a time is midnight UTC of that day.
    pub published: DateTime<Utc>,
    /// Paragraphs, each one line, separated by one line feed or two (as they were in the source).
    pub body: String,
}

impl Article {
    /// The day of publication (UTC).
    pub fn date(&self) -> NaiveDate {
        self.published.date_naive()
    }
}
