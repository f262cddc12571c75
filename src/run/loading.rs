//! The intake as the reader sees it: a thread behind the screen that fills the library and reports now
//! and then.

use super::worker::Mailbox;
use crate::app::{Loading, Message, Progress};
use crate::formats::{self, Warning};
use crate::intake::{self, Depth, Manner};
use crate::library::Library;
use chrono::Utc;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The least time between two reports: each has the list and the facets asked for anew, and costs a frame.
const REPORT: Duration = Duration::from_millis(250);
/// Of the time that the intake has taken so far, the part that goes by between two reports at least: a long
/// one sends few frames over a slow link.
const PART: u32 = 6;

/// A running intake; dropped, it is told to stop.
pub struct Intake(Arc<AtomicBool>);

impl Drop for Intake {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Starts to read `paths`, or the sample edition where there are none, into `library`, to `depth`.
pub fn start(library: &Library, paths: Vec<PathBuf>, depth: Depth, mailbox: &Mailbox) -> Intake {
    let cancelled = Arc::new(AtomicBool::new(false));
    let intake = Intake(Arc::clone(&cancelled));
    let (library, mailbox) = (library.clone(), mailbox.clone());
    thread::spawn(move || {
        let mut reporter =
            Reporter { mailbox, started: Instant::now(), last: None, count: 0, warnings: Vec::new() };
        let mut latest = Progress { articles: 0, files: 0, state: Loading::Underway };
        let taken = if paths.is_empty() {
            intake::pieces(formats::edition(), true).into_iter().try_for_each(|piece| {
                latest.articles += piece.len() as u64;
                let (_, warnings) = intake::store_new(&library, piece, &depth)?;
                reporter.warnings.extend(warnings);
                reporter.report(latest);
                Ok(())
            })
        } else {
            let how = (depth, Manner::Behind);
            intake::read_into(&library, &paths, Utc::now(), how, &cancelled, &mut |progress| {
                latest = Progress { articles: progress.articles, files: progress.files, ..latest };
                reporter.warnings.extend(progress.warnings);
                reporter.report(latest);
            })
        };
        if let Err(error) = taken {
            reporter.mailbox.post(Message::Told(error.to_string()));
        }
        reporter.last = None;
        reporter.report(Progress { state: Loading::Finished, ..latest });
    });
    intake
}

/// Tells the reader how far the intake is, not too often.
struct Reporter {
    mailbox: Mailbox,
    started: Instant,
    last: Option<Instant>,
    /// Reports made.
    count: usize,
    /// Not told of yet.
    warnings: Vec<Warning>,
}

impl Reporter {
    fn report(&mut self, progress: Progress) {
        // The first three come as soon as they can: they fill the first screen.
        let interval = REPORT.max(self.started.elapsed() / PART);
        if self.count >= 3 && self.last.is_some_and(|last| last.elapsed() < interval) {
            return;
        }
        self.count += 1;
        self.last = Some(Instant::now());
        if !self.warnings.is_empty() {
            self.mailbox.post(Message::Warned(std::mem::take(&mut self.warnings)));
        }
        self.mailbox.post(Message::Progress(progress));
        self.mailbox.post(Message::LibraryChanged);
    }
}
