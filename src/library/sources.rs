//! What the library keeps of the sources that news is fetched from: what the person wishes of each, and
//! how it stands with its server.
//!
//! Plain values; the tables are in `store::sources`. No secret is among them: credentials and headers
//! stand in the config file only.

use crate::formats::feed::SeenItems;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// A source's number in one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub i64);

/// One place that news is fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: SourceId,
    /// http, https or file; `exec:` and a name for a command of the config file.
    pub address: String,
    /// What its articles are filed under; unique, one clean line, never empty.
    pub name: String,
    /// The page that it is the feed of.
    pub site: Option<String>,
    pub wishes: Wishes,
    pub standing: Standing,
}

/// What the person wishes of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Given to every article that comes new; clean, without line feeds.
    pub tags: Vec<String>,
    /// How often it is fetched, where not as often as all others.
    pub interval: Option<Duration>,
    /// How long its articles are kept, unless starred; for good without one.
    pub keep_for: Option<Duration>,
    pub text: FullText,
}

/// Whether the text is taken from the page of each article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FullText {
    FromPage,
    #[default]
    AsInFeed,
}

/// How it stands with a source's server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The validators of the copy that was read last.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Of the items that came last and are in the library.
    pub seen: SeenItems,
    /// When it last answered as it should.
    pub fetched: Option<DateTime<Utc>>,
    /// When it is fetched next of itself; at once without one.
    pub due: Option<DateTime<Utc>>,
    /// Until when it is left alone, and why.
    pub hold: Option<Hold>,
    /// Failures since it last answered as it should.
    pub failures: u32,
    /// Why the last attempt failed; `None` after one that did not.
    pub error: Option<String>,
    /// What could not be read of what came last.
    pub warning: Option<String>,
    /// It said that it is gone for good (410).
    pub gone: bool,
    /// The address that it moved from for good.
    pub moved_from: Option<String>,
}

/// Until when a source is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub until: DateTime<Utc>,
    pub reason: Reason,
}

/// Why a source is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The server says that what it sent is good until then (`Cache-Control`).
    Fresh,
    /// It has failed, and is tried ever more rarely.
    Failure,
    /// The server asked for patience (429, 503, `Retry-After`).
    Busy,
}

/// What the library knows of an article that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Never,
    /// It is there, published at this time, and something in it is another.
    Otherwise(DateTime<Utc>),
    /// It is there, word for word, and analysed by this engine.
    Same,
}
