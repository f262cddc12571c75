//! Runs the intake while the reader runs: a background thread fills the library and reports its progress
//! from time to time.

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

/// The shortest time between two reports. Each report costs a frame and makes the reader reload the list and
/// the facets.
const REPORT: Duration = Duration::from_millis(250);
/// At least one `PART`th of the time since the intake started passes between two reports, so that a long intake
/// sends few frames over a slow link.
const PART: u32 = 6;

/// A running intake. Dropping it tells the thread to stop.
pub struct Intake(Arc<AtomicBool>);

impl Drop for Intake {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Starts reading `paths` into `library`, analysed to `depth`. If `paths` is empty, the sample edition is read.
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

/// Reports the progress of the intake to the reader, but not too often: see [`REPORT`] and [`PART`].
struct Reporter {
    mailbox: Mailbox,
    started: Instant,
    last: Option<Instant>,
    /// The number of reports made so far.
    count: usize,
    /// Warnings that have not been reported yet.
    warnings: Vec<Warning>,
}

impl Reporter {
    fn report(&mut self, progress: Progress) {
        // The first three reports are sent at once, because they fill the first screen.
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
