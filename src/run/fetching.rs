//! Fetches sources while the reader runs: a background thread fetches the sources that the user asks for, and
//! fetches sources that are due without being asked.

use super::syncing::{Accounts, announce};
use super::worker::Mailbox;
use crate::app::{Fetch, Fetching, Message};
use crate::formats::Warning;
use crate::intake::give_way;
use crate::wire::told::{failure, moment, stands, summary};
use crate::wire::{Progress, Round, Wanted, Wire};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The shortest time between two reports. Each report costs a frame and may make the reader reload the list.
const REPORT: Duration = Duration::from_millis(250);
/// The delay after the start before due sources are looked for, so that the first screen is drawn first.
const AT_START: Duration = Duration::from_millis(1500);
/// The longest sleep. Another process may have added a source in the meantime.
const NAP: Duration = Duration::from_secs(60);
/// How long the exit waits for a running round to release the sources that it has claimed.
const FAREWELL: Duration = Duration::from_millis(400);

/// Whether due sources are fetched without a request from the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByItself {
    Yes,
    No,
}

/// The background thread that fetches.
pub struct Fetches {
    asks: Sender<Wanted>,
    cancelled: Arc<AtomicBool>,
    busy: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Fetches {
    pub fn start(wire: Wire, accounts: Accounts, by_itself: ByItself, mailbox: &Mailbox) -> Fetches {
        let (asks, wanted) = channel();
        let (cancelled, busy) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let mut desk = Desk {
            wire,
            accounts,
            mailbox: mailbox.clone(),
            cancelled: Arc::clone(&cancelled),
            busy: Arc::clone(&busy),
        };
        let thread = thread::spawn(move || desk.live(&wanted, by_itself));
        Fetches { asks, cancelled, busy, thread }
    }

    /// Requests a fetch. It starts when the running round has finished.
    pub fn ask(&self, fetch: Fetch) {
        let wanted = match fetch {
            Fetch::All => Wanted::All,
            Fetch::Source(name) => Wanted::Named(vec![name]),
        };
        // The thread ends only after the sender has gone.
        let _ = self.asks.send(wanted);
    }

    /// Cancels the running round and waits for it to stop, for at most [`FAREWELL`].
    pub fn finish(self) {
        self.cancelled.store(true, Ordering::Relaxed);
        drop(self.asks);
        let start = Instant::now();
        while self.busy.load(Ordering::Relaxed) && start.elapsed() < FAREWELL && !self.thread.is_finished() {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

struct Desk {
    wire: Wire,
    accounts: Accounts,
    mailbox: Mailbox,
    cancelled: Arc<AtomicBool>,
    busy: Arc<AtomicBool>,
}

impl Desk {
    fn live(&mut self, wanted: &Receiver<Wanted>, by_itself: ByItself) {
        give_way();
        self.report_failing();
        let mut nap = AT_START;
        loop {
            let ask = match (by_itself, self.accounts.sleep()) {
                (ByItself::No, None) => wanted.recv().map_err(|_| RecvTimeoutError::Disconnected),
                _ => wanted.recv_timeout(nap),
            };
            match ask {
                Ok(wanted) => self.asked(&wanted),
                Err(RecvTimeoutError::Timeout) => {
                    if by_itself == ByItself::Yes && self.sleep_needed().is_none() {
                        let told = self.round(&Wanted::Due, Reported::Nothing);
                        told.into_iter().for_each(|line| self.mailbox.post(Message::Told(line)));
                    }
                    let due = self.accounts.due();
                    if !due.is_empty() {
                        self.sync(&due, false);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let fetch = match by_itself {
                ByItself::Yes => self.sleep_needed().unwrap_or_default(),
                ByItself::No => NAP,
            };
            let sync = self.accounts.sleep().unwrap_or(NAP);
            nap = fetch.min(sync).clamp(Duration::from_secs(1), NAP);
        }
    }

    /// Fetches and syncs what the person asked for.
    fn asked(&mut self, wanted: &Wanted) {
        let bound = match wanted {
            Wanted::Named(names) => {
                let roster = self.wire.roster().unwrap_or_default();
                let (found, _) = crate::wire::roster::find(&roster, names);
                found.iter().find_map(|listed| listed.account.clone())
            }
            _ => None,
        };
        let (accounts, line) = match bound {
            Some(account) => (vec![account], None),
            None if *wanted == Wanted::All => (self.accounts.names(), self.round(wanted, Reported::All)),
            None => (Vec::new(), self.round(wanted, Reported::All)),
        };
        // What nobody fetches here is not worth a word beside what accounts bring.
        let mut lines: Vec<String> = line.into_iter().collect();
        if !accounts.is_empty() {
            lines.extend(self.sync(&accounts, true));
        }
        if !lines.is_empty() {
            self.mailbox.post(Message::Told(lines.join("; ")));
        }
    }

    /// Syncs accounts. Returns a line on each.
    fn sync(&mut self, names: &[String], asked: bool) -> Vec<String> {
        self.busy.store(true, Ordering::Relaxed);
        let lines = self.accounts.sync(names, &self.wire, (&self.mailbox, asked), &self.cancelled);
        if asked {
            self.mailbox.post(Message::Fetching(None));
        }
        self.report_failing();
        self.busy.store(false, Ordering::Relaxed);
        lines
    }

    /// Returns the time until the next source is due, or `None` if one is due now.
    fn sleep_needed(&self) -> Option<Duration> {
        let now = (self.wire.clock)();
        let roster = self.wire.roster().unwrap_or_default();
        let open = roster.iter().filter(|listed| !listed.source.standing.gone && listed.account.is_none());
        let dues = open.map(|listed| self.wire.due(listed).unwrap_or(DateTime::<Utc>::MIN_UTC));
        match dues.min() {
            Some(due) if due <= now => None,
            Some(due) => Some((due - now).to_std().unwrap_or(NAP)),
            None => Some(NAP),
        }
    }

    /// Fetches sources. Returns the line for the person, if it is one to be told.
    fn round(&self, wanted: &Wanted, reported: Reported) -> Option<String> {
        self.busy.store(true, Ordering::Relaxed);
        let mut reporter = Reporter { mailbox: &self.mailbox, reported, last: None, changed: 0, warned: 0 };
        let round = self.wire.fetch(wanted, &self.cancelled, &mut |progress| reporter.report(progress));
        reporter.finish();
        if let Ok(round) = &round {
            announce(&round.progress.ruled.rings, &self.mailbox);
            // What a rule could not do is to be found out, even if nobody asked for the round.
            if !round.progress.notes.is_empty() && reported == Reported::All {
                self.mailbox.post(Message::Warned(round.progress.notes.clone()));
            }
        }
        let line = match round {
            Ok(_) if reported == Reported::Nothing => None,
            // What accounts bring is told by the sync.
            Ok(round)
                if *wanted == Wanted::All
                    && !self.accounts.is_empty()
                    && round.by_account == round.sources =>
            {
                None
            }
            Ok(round) => Some(self.notice(wanted, &round)),
            Err(error) => Some(error.to_string()),
        };
        self.report_failing();
        self.busy.store(false, Ordering::Relaxed);
        line
    }

    /// Describes the result of a round that the user asked for.
    fn notice(&self, wanted: &Wanted, round: &Round) -> String {
        if round.sources == 0 {
            return "there are no sources: 'dateline add URL' adds one".to_owned();
        }
        if let (Wanted::Named(names), false) = (wanted, round.unknown.is_empty()) {
            return format!("{} is not a source that can be fetched", names.join(", "));
        }
        match (wanted, round.progress.failures.as_slice(), round.held.as_slice()) {
            (Wanted::Named(_), [failed], _) => failure(failed),
            (Wanted::Named(_), [], [(name, hold)]) => {
                format!(
                    "the server of {name} asked us to wait until {}",
                    moment(hold.until).trim_start_matches("at ")
                )
            }
            _ => summary(round),
        }
    }

    /// Reports all sources that fail, have a warning or no longer exist.
    fn report_failing(&self) {
        let now = (self.wire.clock)();
        let Ok(roster) = self.wire.roster() else { return };
        let failing = roster.iter().filter(|listed| {
            let standing = &listed.source.standing;
            standing.gone
                || standing.error.is_some()
                || standing.warning.is_some()
                || listed.unconfirmed().is_some()
        });
        let warning =
            |listed: &crate::wire::Listed| Warning::new(&listed.source.name, None, &stands(listed, now));
        self.mailbox.post(Message::Failing(failing.map(warning).chain(self.accounts.failing()).collect()));
    }
}

/// How much of a round is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reported {
    /// The progress and the result are shown.
    All,
    /// Nothing is shown: new articles appear in the list, and failures in the list of warnings.
    Nothing,
}

/// Reports the progress of a round to the reader, at most once per [`REPORT`].
struct Reporter<'a> {
    mailbox: &'a Mailbox,
    reported: Reported,
    last: Option<Instant>,
    /// The number of new and updated articles that the list has been told about.
    changed: u64,
    /// The number of warnings from the analysis that have been posted.
    warned: usize,
}

impl Reporter<'_> {
    fn report(&mut self, progress: &Progress) {
        let over = progress.done >= progress.total;
        if !over && self.last.is_some_and(|last| last.elapsed() < REPORT) {
            return;
        }
        self.last = Some(Instant::now());
        if self.reported == Reported::All {
            let fetching = Fetching {
                done: progress.done,
                total: progress.total,
                new: progress.added.new,
                failed: progress.failures.len() as u64,
            };
            self.mailbox.post(Message::Fetching(Some(fetching)));
        }
        if let Some(warnings) = progress.warnings.get(self.warned..).filter(|new| !new.is_empty()) {
            self.warned = progress.warnings.len();
            self.mailbox.post(Message::Warned(warnings.to_vec()));
        }
        let changed = progress.added.new + progress.added.updated;
        if changed > self.changed {
            self.changed = changed;
            self.mailbox.post(Message::LibraryChanged);
        }
    }

    fn finish(&self) {
        if self.reported == Reported::All {
            self.mailbox.post(Message::Fetching(None));
        }
    }
}
