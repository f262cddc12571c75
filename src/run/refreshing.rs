//! Runs the refresh while the reader runs: if an older engine analysed some articles, a background thread analyses
//! them again and reports its progress from time to time.

use super::worker::Mailbox;
use crate::app::{Message, Refreshing};
use crate::intake::{self, Depth, Pace, give_way};
use crate::library::{Error, Library};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The delay after the start, so that the first screen is drawn first.
const AT_START: Duration = Duration::from_millis(1500);
/// The shortest time between two reports. Each report costs a frame.
const REPORT: Duration = Duration::from_secs(1);

/// A running refresh. After this is dropped, it stops at the end of the current batch.
pub struct Refresh(Arc<AtomicBool>);

impl Drop for Refresh {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Starts a new analysis, to `depth`, of those articles in `library` that an older engine analysed.
pub fn start(library: &Library, depth: &Depth, mailbox: &Mailbox) -> Refresh {
    let cancelled = Arc::new(AtomicBool::new(false));
    let refresh = Refresh(Arc::clone(&cancelled));
    let (library, depth, mailbox) = (library.clone(), depth.clone(), mailbox.clone());
    thread::spawn(move || {
        give_way();
        thread::sleep(AT_START);
        let mut last: Option<Instant> = None;
        let mut report = |progress: intake::Refreshing| {
            if last.is_none_or(|last| last.elapsed() >= REPORT) {
                last = Some(Instant::now());
                let intake::Refreshing { done, total } = progress;
                mailbox.post(Message::Refreshing(Some(Refreshing { done, total })));
                mailbox.post(Message::LibraryChanged);
            }
        };
        let how = (Pace::Gentle, u64::MAX);
        let work = || intake::refresh(&library, &depth, how, &cancelled, &mut report);
        let result = catch_unwind(AssertUnwindSafe(work));
        mailbox.post(Message::Refreshing(None));
        match result {
            Ok(Ok(refreshed)) => {
                if !refreshed.warnings.is_empty() {
                    mailbox.post(Message::Warned(refreshed.warnings));
                }
                if refreshed.articles > 0 {
                    mailbox.post(Message::LibraryChanged);
                }
            }
            // A read-only library is shown as it is; corrections are applied when an article is loaded.
            Ok(Err(Error::ReadOnly { .. } | Error::Cancelled)) => {}
            Ok(Err(error)) => mailbox.post(Message::Told(error.to_string())),
            Err(_) => {
                let message = "could not analyse older articles again: internal error; please report it";
                mailbox.post(Message::Told(message.to_owned()));
            }
        }
    });
    refresh
}
