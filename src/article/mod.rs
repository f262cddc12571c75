//! An article as all other rooms see it: with clean text, one date and one source.

pub mod date;
mod dateline;
pub mod link;
mod version;

use crate::language::LanguageCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use dateline::Dateline;
pub use version::Version;

/// The id of an article in one library. It stays the same as long as that library exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArticleId(pub i64);

/// One article. Every text in it is clean (see `text::clean`): NFC, without control codes except the
/// line feeds of `body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The file that the article was read from, as the person named it and as `text::path` writes it; `None` if it came
    /// from the network or from standard input.
    pub path: Option<String>,
    /// The address of the article, http or https.
    pub url: Option<String>,
    /// The identifier that the source gives the article (`guid`, `id`), if there is one.
    pub guid: Option<String>,
    /// The name of the source, never empty.
    pub source: String,
    /// One line; empty if the article has no title.
    pub title: String,
    pub author: Option<String>,
    /// The time of publication; a date without a time is midnight UTC of that day. `None` if nobody knows it: such an
    /// article is undated. It comes last in every order by date and matches no condition on dates.
    pub published: Option<DateTime<Utc>>,
    /// The language that the text is written in; until the intake has read the text, what its source says of it. `None`
    /// where nobody can tell, as for a text of figures.
    #[serde(default)]
    pub language: Option<LanguageCode>,
    /// The paragraphs, each on one line, separated by one or two line feeds as in the source.
    pub body: String,
}

/// What is shown in the place of a date that is not known.
pub const UNDATED: &str = "undated";

impl Article {
    /// The day of publication (UTC), if it is known.
    pub fn date(&self) -> Option<NaiveDate> {
        self.published.map(|published| published.date_naive())
    }
}

/// A day as lists print it, `2022-01-03`, or [`UNDATED`].
pub fn day_or_undated(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| UNDATED.to_owned(), |day| day.to_string())
}
