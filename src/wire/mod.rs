//! The wire: from the sources to the library. Says whose turn it is, has them fetched behind one another
//! and beside one another, reads, analyses and keeps what is new, and remembers how it stands with each.
//!
//! In: the library, what the config file says, a clock. Out: progress reports, and one summary. Several
//! processes may do this at once: each source is claimed by one. Knows nothing of the screen.

mod command;
mod crew;
mod join;
pub mod manners;
mod obtain;
pub mod outlook;
mod pages;
pub mod roster;
mod round;
mod take;
#[cfg(test)]
mod tests;
pub mod told;

pub use join::{Before, Followed, JoinError, Wish};
pub use outlook::Wanted;
pub use roster::Listed;

use crate::capacity::Capacity;
use crate::config::sources::SourceSetting;
use crate::fetch::{Fetcher, Limits};
use crate::formats::Warning;
use crate::intake::Depth;
use crate::library::sources::Hold;
use crate::library::{Added, Error, Library};
use chrono::{DateTime, Utc};
use manners::Manners;
use outlook::Jitter;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// All that fetching takes. Clones are cheap, and share connections.
#[derive(Clone)]
pub struct Wire {
    pub library: Library,
    /// Whether commands of the config file may be started.
    pub capacity: Capacity,
    pub fetcher: Fetcher,
    pub limits: Limits,
    /// How what comes is analysed.
    pub depth: Depth,
    /// What the config file says of sources.
    pub settings: Arc<Vec<SourceSetting>>,
    /// How often a source is fetched by itself, where it has no interval of its own.
    pub interval: Duration,
    pub manners: Manners,
    pub clock: Clock,
}

/// How far a round is; the numbers count from its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub total: u64,
    pub done: u64,
    /// What became of the articles.
    pub added: Added,
    /// Sources that had nothing new to say.
    pub as_before: u64,
    pub failures: Vec<Failure>,
    /// Articles that the engine failed on.
    pub warnings: Vec<Warning>,
    pub pages: Pages,
}

/// Pages of new articles whose full text is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    pub total: u64,
    pub done: u64,
    /// Those that gave none: their articles keep the feed's text.
    pub failed: u64,
}

/// A source that gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub name: String,
    /// One line, without the name.
    pub reason: String,
    /// When it is tried next; never by itself without one.
    pub next: Option<DateTime<Utc>>,
}

/// What came of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub progress: Progress,
    /// Sources that are left alone for now.
    pub held: Vec<(String, Hold)>,
    /// Sources whose own interval is not over.
    pub not_due: u64,
    pub gone: u64,
    /// Sources that another process fetches just now.
    pub elsewhere: u64,
    /// Names that no source has.
    pub unknown: Vec<String>,
    /// Sources there are.
    pub sources: u64,
}

impl Round {
    /// Whether something was asked, and nothing answered as it should.
    pub fn failed(&self) -> bool {
        let progress = &self.progress;
        progress.done > 0 && progress.failures.len() as u64 >= progress.done
    }
}

impl Wire {
    /// All sources, by name, as they are to be fetched.
    pub fn roster(&self) -> Result<Vec<Listed>, Error> {
        roster::roster(&self.library, &self.settings)
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// When this source is fetched next by itself; at once without one.
    pub fn due(&self, listed: &Listed) -> Option<DateTime<Utc>> {
        outlook::due(&listed.source, self.interval_of(listed))
    }

    /// How often this source is fetched by itself.
    fn interval_of(&self, listed: &Listed) -> Duration {
        listed.source.wishes.interval.unwrap_or(self.interval)
    }
}

/// A number that nobody can foresee: who claims, and when nobody else fetches.
fn lot() -> u64 {
    RandomState::new().hash_one(0)
}

fn jitter() -> Jitter {
    Jitter(lot() as f64 / u64::MAX as f64)
}
