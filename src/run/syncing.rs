//! Syncs accounts while the reader runs: those that the person asks for with the sources, and each at its interval.
//!
//! It is done on the thread that fetches, which owns no state of the reader: marks and articles appear as those of another
//! program do.

use super::worker::Mailbox;
use crate::account::{self, ServerError, SyncError, told};
use crate::app::{Announce, Fetching, Message};
use crate::config::accounts::AccountSetting;
use crate::config::rules::Notify;
use crate::formats::Warning;
use crate::wire::Wire;
use crate::wire::rules::Ring;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// The shortest time between two reports.
const REPORT: Duration = Duration::from_millis(250);
/// How long an account that failed is left alone, unless the person asks.
const AFTER_FAILURE: Duration = Duration::from_secs(5 * 60);

/// The accounts of the config file, with when each is synced next.
pub struct Accounts {
    settings: Vec<AccountSetting>,
    /// The time between two syncs of an account without an interval of its own; `None` for never.
    every: Option<Duration>,
    next: BTreeMap<String, Instant>,
    /// Why the last sync failed, by account.
    failures: BTreeMap<String, String>,
}

impl Accounts {
    pub fn new(settings: Vec<AccountSetting>, every: Option<Duration>) -> Accounts {
        Accounts { settings, every, next: BTreeMap::new(), failures: BTreeMap::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// The names of all of them.
    pub fn names(&self) -> Vec<String> {
        self.settings.iter().map(|setting| setting.name.clone()).collect()
    }

    fn interval(&self, setting: &AccountSetting) -> Option<Duration> {
        setting.every.or(self.every)
    }

    /// The time until the next one is due; `None` if none is synced by itself.
    pub fn sleep(&self) -> Option<Duration> {
        let some = self.settings.iter().filter(|setting| self.interval(setting).is_some());
        let left = |setting: &AccountSetting| {
            let next = self.next.get(&setting.name);
            next.map_or(Duration::ZERO, |next| next.saturating_duration_since(Instant::now()))
        };
        some.map(left).min()
    }

    /// Those that are due now.
    pub fn due(&self) -> Vec<String> {
        let is_due = |setting: &&AccountSetting| {
            let next = self.next.get(&setting.name);
            self.interval(setting).is_some() && next.is_none_or(|next| *next <= Instant::now())
        };
        self.settings.iter().filter(is_due).map(|setting| setting.name.clone()).collect()
    }

    /// Syncs some of them; where the person has asked, the progress is shown. Returns a line on each.
    pub fn sync(
        &mut self,
        names: &[String],
        wire: &Wire,
        (mailbox, asked): (&Mailbox, bool),
        stopped: &Arc<AtomicBool>,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        let chosen: Vec<AccountSetting> =
            self.settings.iter().filter(|setting| names.contains(&setting.name)).cloned().collect();
        for (done, setting) in chosen.iter().enumerate() {
            let mut last: Option<Instant> = None;
            let mut seen = (0, 0);
            let synced = account::sync(wire, setting, stopped, &mut |progress| {
                if last.is_some_and(|last| last.elapsed() < REPORT) {
                    return;
                }
                last = Some(Instant::now());
                if asked {
                    let (done, total) = (done as u64, chosen.len() as u64);
                    let fetching = Fetching { done, total, new: progress.new, failed: 0 };
                    mailbox.post(Message::Fetching(Some(fetching)));
                }
                if (progress.new, progress.changed) != seen {
                    seen = (progress.new, progress.changed);
                    mailbox.post(Message::LibraryChanged);
                }
            });
            let wait = match &synced {
                Ok(summary) => {
                    self.failures.remove(&setting.name);
                    if summary.new
                        + summary.changed_here
                        + summary.moved.added_here
                        + summary.moved.removed_here
                        > 0
                    {
                        mailbox.post(Message::LibraryChanged);
                    }
                    announce(&summary.rings, mailbox);
                    let notes = summary.moved.notes.iter();
                    let notes: Vec<Warning> =
                        notes.map(|note| Warning::new(&setting.name, None, note)).collect();
                    if !notes.is_empty() {
                        mailbox.post(Message::Warned(notes));
                    }
                    lines.push(told::summary(&setting.name, summary));
                    self.interval(setting)
                }
                Err(SyncError::Server(ServerError::Stopped)) => return lines,
                Err(error) => {
                    lines.push(format!("could not sync {}: {error}", setting.name));
                    // Another reader syncs it as well.
                    if !matches!(error, SyncError::Elsewhere) {
                        self.failures.insert(setting.name.clone(), error.to_string());
                    }
                    self.interval(setting).map(|every| every.max(AFTER_FAILURE))
                }
            };
            if let Some(next) = wait.and_then(|wait| Instant::now().checked_add(wait)) {
                self.next.insert(setting.name.clone(), next);
            }
        }
        lines
    }

    /// The accounts whose last sync failed.
    pub fn failing(&self) -> impl Iterator<Item = Warning> {
        self.failures.iter().map(|(name, why)| Warning::new(&format!("account {name}"), None, why))
    }
}

/// Announces new articles as rules ask for it.
pub fn announce(rings: &[Ring], mailbox: &Mailbox) {
    for ring in rings {
        let how = match ring.how {
            Notify::Bell => Announce::Bell,
            Notify::Osc9 => Announce::Notification,
        };
        mailbox.post(Message::Rung { rule: ring.rule.clone(), how });
    }
}
