//! Changes that have been told of and not been taken in yet.

use notify::EventKind;
use notify::event::{AccessKind, AccessMode};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long it must be quiet before changes are taken in, and how long they wait at most.
const QUIET: Duration = Duration::from_millis(150);
const LONGEST: Duration = Duration::from_millis(600);
/// Paths kept one by one; more are one look at everything.
const MOST: usize = 4096;

/// What is to be looked at.
#[derive(Debug, PartialEq, Eq)]
pub enum Changes {
    /// These files and folders, there or gone.
    Of(HashSet<PathBuf>),
    Everything,
}

/// See the module.
#[derive(Default)]
pub struct Pending {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    paths: HashSet<PathBuf>,
    everything: bool,
    /// When the first and the last of them came.
    first: Option<Instant>,
    last: Option<Instant>,
    closed: bool,
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that is done under the lock can be left half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the system tells. What it lost may be anything.
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

    fn came(&self, mut state: MutexGuard<'_, State>) {
        let now = Instant::now();
        let first = *state.first.get_or_insert(now);
        state.last = Some(now);
        // The thread that waits looks at the clock itself once it is awake.
        if first == now {
            self.news.notify_one();
        }
    }

    pub fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    /// The changes that are due, all together; sleeps until there are some. `None` once it is closed.
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

impl State {
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
    fn a_flood_is_one_look_at_everything() {
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
