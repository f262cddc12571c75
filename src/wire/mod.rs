//! The wire fetches the sources and stores their new articles in the library. It decides which sources are
//! due, fetches several of them at once, reads the feeds, analyses and stores the new articles, and records the
//! status of each source.
//!
//! Input: the library, the settings of the config file and a clock. Output: progress reports and one summary.
//! Several processes may fetch at the same time, because each source is claimed by one process. This module
//! does not depend on the screen.

pub mod bound;
pub mod command;
mod crew;
pub mod edit;
mod join;
pub mod manners;
mod obtain;
pub mod outlook;
mod pages;
pub mod roster;
mod round;
pub mod rules;
mod take;
#[cfg(test)]
mod tests;
pub mod told;

pub use join::{Before, Followed, Found, JoinError, LIST_CAP, Wish};
pub use obtain::{Came, Delivered, revealed, secrets_of};
pub use outlook::Wanted;
pub use roster::Listed;
pub use take::Arrival;

use crate::capacity::Capacity;
use crate::config::settings::Values;
use crate::config::sources::{Keep, SourceSetting};
use crate::config::value::PrivateHost;
use crate::fetch::{Allowed, FetchError, Fetcher, Limits, is_private_host};
use crate::formats::Warning;
use crate::intake::{Depth, typed};
use crate::library::sources::Hold;
use crate::library::{Added, Error, Library};
use chrono::{DateTime, Utc};
use manners::Manners;
use outlook::Jitter;
use rules::{Ruled, Rules};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// Returns the current time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Everything that fetching needs. Clones are cheap and share their connections.
#[derive(Clone)]
pub struct Wire {
    pub library: Library,
    /// Whether the commands in the config file may be started.
    pub capacity: Capacity,
    pub fetcher: Fetcher,
    pub limits: Limits,
    /// How deeply the fetched articles are analysed.
    pub depth: Depth,
    /// The sources that the config file names, with their settings.
    pub settings: Arc<Vec<SourceSetting>>,
    /// The time between two automatic fetches of a source that has no interval of its own.
    pub interval: Duration,
    pub manners: Manners,
    /// How many items of a feed are read; the newest are.
    pub max_items: usize,
    /// Which articles are kept of a source that has no wish of its own.
    pub keep: Keep,
    /// What is done with articles that arrive.
    pub rules: Rules,
    pub clock: Clock,
}

/// The progress of a round. All numbers are counted from its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of sources to fetch.
    pub total: u64,
    /// The number of sources that were fetched or failed.
    pub done: u64,
    /// How many articles were new, updated or unchanged.
    pub added: Added,
    /// The number of sources without new or changed articles.
    pub as_before: u64,
    pub failures: Vec<Failure>,
    /// Articles that the engine could not analyse.
    pub warnings: Vec<Warning>,
    /// What a person has to know about sources although they were fetched; the status of each source says it, too.
    pub notes: Vec<Warning>,
    /// The number of items that were left out, because their feeds have too many.
    pub left_out: u64,
    pub pages: Pages,
    /// What the rules did with the new articles.
    pub ruled: Ruled,
}

/// Counts of the web pages that are fetched for the full text of new articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    pub total: u64,
    pub done: u64,
    /// The number of pages that are not fetched, because their sources have too many new articles at once.
    pub left_out: u64,
    /// The number of pages that could not be fetched or have no usable text. Their articles keep the text of the feed.
    pub failed: u64,
}

/// A source that could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub name: String,
    /// The reason in one line, without the name of the source.
    pub reason: String,
    /// The time of the next attempt. `None` if the source is never tried again automatically.
    pub next: Option<DateTime<Utc>>,
}

/// The result of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub progress: Progress,
    /// Sources that must not be fetched yet, with the reason and the end of the wait.
    pub held: Vec<(String, Hold)>,
    /// The number of sources whose interval has not passed yet.
    pub not_due: u64,
    /// The number of sources that their servers removed permanently (410).
    pub gone: u64,
    /// The number of sources that the person has paused.
    pub paused: u64,
    /// The number of sources that come by an account, and are brought by 'dateline sync'.
    pub by_account: u64,
    /// The number of sources that were left for the next round, because this one brought too many articles.
    pub left_over: u64,
    /// The number of sources that another process is fetching.
    pub elsewhere: u64,
    /// The requested names that match no source.
    pub unknown: Vec<String>,
    /// The number of all sources.
    pub sources: u64,
}

impl Round {
    /// Whether at least one source was fetched and all of them failed.
    pub fn failed(&self) -> bool {
        let progress = &self.progress;
        progress.done > 0 && progress.failures.len() as u64 >= progress.done
    }
}

impl Wire {
    /// Lists all sources in the order of their names, with the settings of the config file applied.
    pub fn roster(&self) -> Result<Vec<Listed>, Error> {
        roster::roster(&self.library, &self.settings)
    }

    /// The address of a source, or its former one, if a person typed it, here or in the config file, so that it may lead
    /// into a private network.
    fn typed_address(&self, listed: &Listed) -> Result<Option<String>, Error> {
        if let Some(address) = typed::address_of(&self.library, &listed.source)? {
            return Ok(Some(address));
        }
        // Until it is fetched, nobody knows where the name leads. Afterwards it cannot lead into another network.
        let unknown = listed.source.standing.fetched.is_none();
        let open =
            |address: &String| unknown || url::Url::parse(address).is_ok_and(|url| is_private_host(&url));
        Ok(listed.named().filter(open))
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// The time of the next automatic fetch of this source. `None` means immediately.
    pub fn due(&self, listed: &Listed) -> Option<DateTime<Utc>> {
        outlook::due(&listed.source, self.interval_of(listed))
    }

    /// The time between two automatic fetches of this source.
    fn interval_of(&self, listed: &Listed) -> Duration {
        listed.source.wishes.interval.unwrap_or(self.interval)
    }
}

/// Makes a fetcher with the proxy of the settings and with what they allow of private networks.
pub fn fetcher(limits: Limits, values: &Values) -> Result<Fetcher, FetchError> {
    let mut allowed = Allowed::default();
    for host in &values.allow_private.0 {
        match host {
            PrivateHost::Name(name) => allowed.names.push(name.clone()),
            PrivateHost::Network(network) => allowed.networks.push(*network),
        }
    }
    let fetcher = match &values.proxy.0 {
        Some(address) => Fetcher::through(limits, address)?,
        None => Fetcher::new(limits),
    };
    Ok(fetcher.allowing(allowed))
}

/// A random number. It identifies a claimant and spreads the fetches of different readers over time.
fn lot() -> u64 {
    RandomState::new().hash_one(0)
}

fn jitter() -> Jitter {
    Jitter(lot() as f64 / u64::MAX as f64)
}
