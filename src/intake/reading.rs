//! From paths to the library: files are read on one thread, analysed on as many as there are processors and written on
//! one, side by side, batch by batch, in the order of the paths.

use super::analyse::{Analysed, Depth, analyse};
use super::brief;
use crate::article::Article;
use crate::files;
use crate::formats::{ReadingState, Warning};
use crate::library::{Added, Error, Library, Recognition};
use chrono::{DateTime, Utc};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// The first batch is stored in pieces of these sizes and the rest: enough for a small screen, then for a large one.
const FIRST_PIECES: [usize; 2] = [12, 48];

/// The most articles that are stored in one transaction: those that were read while the last one was written.
const TOGETHER: usize = 2_048;

/// How far the intake is; the numbers count from the start.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub articles: u64,
    pub files: u64,
    pub bytes: u64,
    /// What became of the articles.
    pub added: Added,
    /// What could not be read or analysed since the last report.
    pub warnings: Vec<Warning>,
}

/// Whether the person waits for all of the articles, or for the first ones and then does other things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    InFront,
    /// Once the first articles are stored, the intake gives way to the threads that answer keys.
    Behind,
}

/// What the writer is handed.
#[derive(Default)]
struct Batch {
    analysed: Analysed,
    /// Articles that were read and are in the library as they are: they are not analysed again.
    unchanged: u64,
    files: u64,
    bytes: u64,
    warnings: Vec<Warning>,
    /// What people did with these articles, or with those of an earlier batch, before they were exported.
    states: Vec<(Recognition, ReadingState)>,
}

impl Batch {
    fn append(&mut self, next: Batch) {
        self.analysed.append(next.analysed);
        self.unchanged += next.unchanged;
        (self.files, self.bytes) = (next.files, next.bytes);
        self.warnings.extend(next.warnings);
        self.states.extend(next.states);
    }
}

/// Reads `paths` into `library` and calls `report` after each batch, and always after the last. Ends early once
/// `cancelled` is set; everything stored until then stays. Reading, analysing and writing go on side by side, each at
/// most two batches ahead of the next.
pub fn read_into(
    library: &Library,
    paths: &[PathBuf],
    now: DateTime<Utc>,
    (depth, manner): (Depth, Manner),
    cancelled: &AtomicBool,
    report: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let (send, analysed) = sync_channel::<Batch>(1);
    thread::scope(|scope| {
        let (depth, analysing) = (&depth, depth.clone());
        let analysing = scope.spawn(move || {
            let depth = analysing;
            let mut first = true;
            each_batch(paths, now, cancelled, &mut |batch| {
                let sent = analyse_batch(library, batch, first, &depth, cancelled, &send);
                if first && manner == Manner::Behind {
                    give_way();
                }
                first = false;
                sent
            })
        });
        let written = write(library, analysed, (depth, manner), report);
        if written.is_err() {
            cancelled.store(true, Ordering::Relaxed);
        }
        // A panic of the thread is a fault of ours. Where the writer has failed, its error is the one to report.
        let read = analysing.join().unwrap_or_else(|panic| resume_unwind(panic));
        written.and(read)
    })
}

/// Analyses and stores those of `articles` that are not in the library as they are: what became of all of them, and the
/// warnings of the analysis.
pub fn store_new(
    library: &Library,
    articles: Vec<Article>,
    depth: &Depth,
) -> Result<(Added, Vec<Warning>), Error> {
    let (analysed, unchanged) = analyse_new(library, articles, depth)?;
    let mut analysed = analysed;
    let warnings = std::mem::take(&mut analysed.warnings);
    let mut added = analysed.store(library, depth)?;
    added.unchanged += unchanged;
    Ok((added, warnings))
}

/// Analyses those of `articles` that are not in the library as they are, and counts the others.
fn analyse_new(library: &Library, articles: Vec<Article>, depth: &Depth) -> Result<(Analysed, u64), Error> {
    let unchanged = library.unchanged(&articles)?;
    let read = articles.len() as u64;
    let others = articles.into_iter().zip(unchanged).filter(|(_, unchanged)| !unchanged);
    let analysed = analyse(others.map(|(article, _)| article).collect(), depth);
    let unchanged = read - analysed.articles.len() as u64;
    Ok((analysed, unchanged))
}

fn analyse_batch(
    library: &Library,
    batch: files::Batch,
    first: bool,
    depth: &Depth,
    cancelled: &AtomicBool,
    send: &SyncSender<Batch>,
) -> Result<(), Error> {
    let files::Batch { articles, states, mut warnings, files, bytes, .. } = batch;
    let recognised =
        |(place, state): (usize, ReadingState)| Some((Recognition::of(articles.get(place)?), state));
    let states: Vec<_> = states.into_iter().filter_map(recognised).collect();
    let pieces = pieces(articles, first);
    let last = pieces.len().saturating_sub(1);
    let mut states = Some(states);
    for (at, piece) in pieces.into_iter().enumerate() {
        if cancelled.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (mut analysed, unchanged) = analyse_new(library, piece, depth)?;
        let mut warnings = std::mem::take(&mut warnings);
        warnings.append(&mut analysed.warnings);
        // Where the writer has failed and is gone, its error is the one to report.
        let states = if at == last { states.take().unwrap_or_default() } else { Vec::new() };
        _ = send.send(Batch { analysed, unchanged, files, bytes, warnings, states });
    }
    Ok(())
}

/// Stores the batches as they come, and reports.
fn write(
    library: &Library,
    batches: Receiver<Batch>,
    (depth, manner): (&Depth, Manner),
    report: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let mut added = Added::default();
    let mut first = true;
    for mut batch in &batches {
        while !first && batch.analysed.articles.len() < TOGETHER {
            let Ok(next) = batches.try_recv() else { break };
            batch.append(next);
        }
        let Batch { analysed, unchanged, files, bytes, warnings, states } = batch;
        let stored = analysed.store(library, depth)?;
        library.restore(states)?;
        added.new += stored.new;
        added.updated += stored.updated;
        added.unchanged += stored.unchanged + unchanged;
        let articles = added.new + added.updated + added.unchanged;
        report(Progress { articles, files, bytes, added, warnings });
        if first && manner == Manner::Behind {
            give_way();
        }
        first = false;
    }
    let came = added.new + added.updated;
    match manner {
        // The reader computes what it shows.
        Manner::Behind if came < brief::WORTH_SETTLING => Ok(()),
        _ => brief::make_ready(library, came),
    }
}

/// Lets the threads that answer keys go first. On Linux a thread has a niceness of its own, which the threads that it
/// starts inherit; elsewhere the call would slow down the whole program, so nothing is done.
pub fn give_way() {
    if cfg!(target_os = "linux") {
        let _ = rustix::process::nice(10);
    }
}

/// The first batch in pieces, so that the first screen does not wait for all of it; other batches whole.
pub fn pieces(mut articles: Vec<Article>, first: bool) -> Vec<Vec<Article>> {
    let mut pieces = Vec::new();
    for size in FIRST_PIECES.into_iter().filter(|_| first) {
        if articles.len() > size {
            let later = articles.split_off(size);
            pieces.push(std::mem::replace(&mut articles, later));
        }
    }
    pieces.push(articles);
    pieces
}

/// Calls `visit` with each batch of `paths`, in order, while the next one is read on another thread. Ends at the first
/// error.
pub fn each_batch<E>(
    paths: &[PathBuf],
    now: DateTime<Utc>,
    cancelled: &AtomicBool,
    visit: &mut dyn FnMut(files::Batch) -> Result<(), E>,
) -> Result<(), E> {
    // One batch is read while the one before it is analysed, and no more: that bounds the memory, and reading takes no
    // more of the processors than it has to.
    let (send, batches) = sync_channel::<files::Batch>(0);
    thread::scope(|scope| {
        scope.spawn(move || {
            files::read(paths, now, cancelled, &mut |batch| {
                // After an error the other end is gone, and then `cancelled` is set.
                let _ = send.send(batch);
            });
        });
        // Moved in, so that it is gone, and the sender with it, before the scope waits for its threads.
        let batches = batches;
        for batch in &batches {
            if let Err(error) = visit(batch) {
                cancelled.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    })
}
