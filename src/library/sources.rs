//! What the library keeps of the sources that news is fetched from: what the person wishes of each, and
//! how it stands with its server.
//!
//! Plain values; the tables are in `store::sources`. No secret is among them: credentials and headers
//! stand in the config file only.

use super::{Error, Library};
use crate::article::{Article, ArticleId};
use crate::formats::feed::Marks;
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
    pub marks: Marks,
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

impl Library {
    /// All sources, by name.
    pub fn sources(&self) -> Result<Vec<Source>, Error> {
        self.0.sources()
    }

    /// Keeps a source under `name`, or, where another has it, under a name made of it.
    pub fn add_source(
        &self,
        address: &str,
        name: &str,
        site: Option<&str>,
        wishes: &Wishes,
    ) -> Result<SourceId, Error> {
        self.0.add_source(address, name, site, wishes)
    }

    /// Changes what the person wishes of a source.
    pub fn change_source(&self, id: SourceId, wishes: &Wishes) -> Result<(), Error> {
        self.0.change_source(id, wishes)
    }

    /// Forgets a source; its articles stay.
    pub fn remove_source(&self, id: SourceId) -> Result<(), Error> {
        self.0.remove_source(id)
    }

    /// Takes those of `sources` for `claimant`, any number, that nobody else has taken: nobody else
    /// fetches them until `until`, or until the claim is given back.
    pub fn claim_sources(
        &self,
        sources: &[SourceId],
        claimant: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        self.0.claim_sources(sources, claimant, now, until)
    }

    /// All that `claimant` has taken stays taken until `until`.
    pub fn hold_claims(&self, claimant: i64, until: DateTime<Utc>) -> Result<(), Error> {
        self.0.hold_claims(claimant, until)
    }

    /// Gives back all that `claimant` has taken.
    pub fn give_back(&self, claimant: i64) -> Result<(), Error> {
        self.0.give_back(claimant)
    }

    /// Keeps how it stands with each of some sources, and gives their claims back.
    pub fn record_standings(&self, standings: &[(SourceId, Standing)]) -> Result<(), Error> {
        self.0.record_standings(standings)
    }

    /// A source has another address now. False where another source has it.
    pub fn move_source(&self, id: SourceId, address: &str) -> Result<bool, Error> {
        self.0.move_source(id, address)
    }

    /// The feed says which page it belongs to.
    pub fn set_site(&self, id: SourceId, site: &str) -> Result<(), Error> {
        self.0.set_site(id, site)
    }

    /// Calls a source `name`, or, where another is called so, something made of it. Gives the name.
    pub fn name_source(&self, id: SourceId, name: &str) -> Result<String, Error> {
        self.0.name_source(id, name)
    }

    /// The article with this id is recognised as `article` from now on; [`Library::renew`] changes the rest.
    pub fn know_as(&self, id: ArticleId, article: &Article) -> Result<(), Error> {
        self.0.know_as(id, article)
    }

    /// Tags articles that came in just now; there is nothing to undo about it.
    pub fn tag_new(&self, articles: &[Article], tag: &str) -> Result<(), Error> {
        self.0.tag_new(articles, tag)
    }

    /// Drops what came from the source called `name` and is older than `oldest`, unless it is starred. Gives
    /// how many articles those are.
    pub fn forget(&self, name: &str, oldest: DateTime<Utc>) -> Result<u64, Error> {
        self.0.forget(name, oldest)
    }

    /// What is known of each of some articles.
    pub fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        self.0.seen(articles)
    }
}
