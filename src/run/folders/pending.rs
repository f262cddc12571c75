//! Changes that the system has reported and that have not been handled yet.

use notify::EventKind;
use notify::event::{AccessKind, AccessMode};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Changes are handled when none has arrived for this long.
const QUIET: Duration = Duration::from_millis(150);
/// The longest time for which a change waits.
const LONGEST: Duration = Duration::from_millis(600);
/// The largest number of paths that are stored. If there are more, everything is scanned.
const MOST: usize = 4096;

/// The places that have to be read again.
#[derive(Debug, PartialEq, Eq)]
pub enum Changes {
    /// These files and folders, some of which may have been deleted.
    Of(HashSet<PathBuf>),
    /// All files under the roots.
    Everything,
}

/// The changes that have been reported, and a signal for the thread that waits for them.
#[derive(Default)]
pub struct Pending {
    state: Mutex<Gathered>,
    news: Condvar,
}

#[derive(Default)]
struct Gathered {
    paths: HashSet<PathBuf>,
    everything: bool,
    /// When the first of the waiting changes arrived.
    first: Option<Instant>,
    /// When the last of them arrived.
    last: Option<Instant>,
    closed: bool,
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, Gathered> {
        // A panic under the lock cannot leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an event from the system. If the system has lost events, everything has to be scanned.
    pub fn note(&self, event: notify::Result<notify::Event>) {
        match event {
            Ok(event) if event.need_rescan() => self.note_all(),
            Ok(event) => match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => self.note_paths(event.paths),
                EventKind::Access(_) => {}
                _ => self.note_paths(event.paths),
            },
            Err(_) => self.note_all(),
        }
    }

    pub fn note_path(&self, path: PathBuf) {
        self.note_paths(vec![path]);
    }

    fn note_paths(&self, paths: Vec<PathBuf>) {
        let mut state = self.lock();
        if !state.everything {
            state.paths.extend(paths);
        }
        if state.paths.len() > MOST {
            state.everything = true;
            state.paths = HashSet::new();
        }
        self.came(state);
    }

    fn note_all(&self) {
        let mut state = self.lock();
        state.everything = true;
        self.came(state);
    }

    fn came(&self, mut state: MutexGuard<'_, Gathered>) {
        let now = Instant::now();
        let first = *state.first.get_or_insert(now);
        state.last = Some(now);
        // Once the waiting thread is awake, it checks the clock itself.
        if first == now {
            self.news.notify_one();
        }
    }

    pub fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    /// Sleeps until changes are due and returns all of them, or `None` once this is closed.
    pub fn next(&self) -> Option<Changes> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            state = match state.first.zip(state.last) {
                None => self.news.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some((first, last)) => {
                    let due = (last + QUIET).min(first + LONGEST);
                    let left = due.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Some(state.take());
                    }
                    self.news.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

impl Gathered {
    fn take(&mut self) -> Changes {
        self.first = None;
        self.last = None;
        let paths = std::mem::take(&mut self.paths);
        match std::mem::take(&mut self.everything) {
            true => Changes::Everything,
            false => Changes::Of(paths),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_events_becomes_one_scan_of_everything() {
        let pending = Pending::default();
        for at in 0..100_000 {
            pending.note_path(PathBuf::from(format!("/a/{at}")));
        }
        assert_eq!(pending.next(), Some(Changes::Everything));
        pending.note_path(PathBuf::from("/a/1"));
        pending.note_path(PathBuf::from("/a/1"));
        assert_eq!(pending.next(), Some(Changes::Of(HashSet::from([PathBuf::from("/a/1")]))));
        pending.close();
        assert_eq!(pending.next(), None);
    }
}
