//! What the library keeps of the sources that news is fetched from: the person's settings for each of them, and
//! the state of the exchange with its server.
//!
//! These are plain values. No secret is among them: credentials and headers are in the config file only.

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
    /// An http, https or file address, or `exec:` and the name of a command in the config file.
    pub address: String,
    /// The name under which its articles are filed: unique, one clean line, never empty.
    pub name: String,
    /// The address of the page whose feed it is.
    pub site: Option<String>,
    pub wishes: Wishes,
    pub standing: Standing,
}

/// The person's settings for a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The tags that each new article gets; clean, without line feeds.
    pub tags: Vec<String>,
    /// The time between two fetches; `None` for the general setting.
    pub interval: Option<Duration>,
    /// How long its articles are kept, unless they are starred; `None` for ever.
    pub keep_for: Option<Duration>,
    /// How many of its articles are kept, starred ones apart; `None` for all.
    pub keep_most: Option<u64>,
    /// Whether it is not fetched, unless the person asks for this source by its name.
    pub paused: bool,
    pub text: FullText,
}

/// Where the text of an article is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FullText {
    FromPage,
    #[default]
    AsInFeed,
}

/// The state of the exchange with a source's server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The validators of the copy that was read last.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// The items that came last and are in the library.
    pub seen: SeenItems,
    /// When it last answered without a failure.
    pub fetched: Option<DateTime<Utc>>,
    /// When it is fetched next; `None` for at once.
    pub due: Option<DateTime<Utc>>,
    /// Until when it is not fetched, and why.
    pub hold: Option<Hold>,
    /// How often it failed since its last good answer.
    pub failures: u32,
    /// Why the last attempt failed; `None` if it did not.
    pub error: Option<String>,
    /// What could not be read in the last answer.
    pub warning: Option<String>,
    /// The server said that it is gone for good (410).
    pub gone: bool,
    /// Its former address, if it has moved for good.
    pub moved_from: Option<String>,
}

/// Until when a source is not fetched, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub until: DateTime<Utc>,
    pub reason: Reason,
}

/// Why a source is not fetched for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The server said that its last answer is fresh until then (`Cache-Control`).
    Fresh,
    /// It failed, and is tried less and less often.
    Failure,
    /// The server asked us to slow down (429, 503, `Retry-After`).
    Busy,
}

/// What the library knows of an article that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Never,
    /// It is here, published at this time if it has one, and something in it has changed, or an older engine analysed it.
    Otherwise(Option<DateTime<Utc>>),
    /// It is here word for word, analysed by this engine or a newer one.
    Same,
}
