//! From paths to a library that fills: reading on one thread, analysis on as many as there are
//! processors, writing on one, side by side, batch by batch, in the order of the paths.
//!
//! In come paths, or articles that are there already; out come progress reports after each batch that
//! is in the library. Knows nothing of the screen.

use crate::analysis;
use crate::annotation::Analysis;
use crate::article::Article;
pub mod full_text;
mod in_force;
pub mod names_file;

pub use in_force::{Changed, CorrectionError, InForce, Revision};

use crate::corrections::Corrections;
use crate::files;
use crate::formats::{State, Warning};
use crate::library::{Added, Error, Library, Recognition};
use chrono::{DateTime, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Fewer articles than this are analysed on one thread.
const WORTH_SHARING: usize = 8;

/// The first batch is taken in by pieces of these sizes and the rest: enough for a small screen, then for a
/// large one.
const FIRST_PIECES: [usize; 2] = [12, 48];

/// Whether the articles are analysed as they come in.
#[derive(Clone, Debug)]
pub enum Depth {
    /// Titles, bodies and dates alone.
    Text,
    /// Names, entities and quotes, too, with what the person has put right.
    Analysis(InForce),
}

impl Depth {
    /// What is to be told to [`Depth::catch_up`] of what is analysed from now on.
    pub fn version(&self) -> Revision {
        match self {
            Depth::Text => Revision::default(),
            Depth::Analysis(rules) => rules.version(),
        }
    }

    /// Reads anew what names were put right of between its analysis, under `since`, and its coming into the library.
    pub fn catch_up(&self, library: &Library, since: Revision) -> Result<(), Error> {
        match self {
            Depth::Text => Ok(()),
            Depth::Analysis(rules) => rules.catch_up(library, since),
        }
    }
}

/// How far the intake is; the numbers count from the start.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub articles: u64,
    pub files: u64,
    pub bytes: u64,
    /// What became of the articles.
    pub added: Added,
    /// What could not be read since the last report.
    pub warnings: Vec<Warning>,
}

/// Whether a person waits for the whole, or for the first articles and then for other things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    InFront,
    /// Once the first articles are in the library, the intake gives way to threads that answer keys.
    Behind,
}

/// Articles that go into the library in one piece at most: what was read while it was writing.
const TOGETHER: usize = 2_048;

/// New articles after which the index is put together.
const WORTH_SETTLING: u64 = 1_000;

/// What the writer is handed.
#[derive(Default)]
struct Analysed {
    articles: Vec<(Article, Analysis)>,
    /// Read, and in the library as they are: not analysed again.
    unchanged: u64,
    files: u64,
    bytes: u64,
    warnings: Vec<Warning>,
    /// What people did with articles before, here or in what was handed on before.
    states: Vec<(Recognition, State)>,
    since: Revision,
}

impl Analysed {
    fn join(&mut self, next: Analysed) {
        // The oldest: it was analysed first.
        self.since = self.since.min(next.since);
        self.articles.extend(next.articles);
        self.unchanged += next.unchanged;
        (self.files, self.bytes) = (next.files, next.bytes);
        self.warnings.extend(next.warnings);
        self.states.extend(next.states);
    }
}

/// Reads `paths` into `library`, calling `report` after each batch, the last always. Ends early once
/// `cancelled` is set, with all that was taken in kept. Reading, analysis and writing go on side by side,
/// each at most two batches ahead of the next.
pub fn take_in(
    library: &Library,
    paths: &[PathBuf],
    now: DateTime<Utc>,
    (depth, manner): (Depth, Manner),
    cancelled: &AtomicBool,
    report: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let (send, analysed) = sync_channel::<Analysed>(1);
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
        // A panic of the thread is one of ours. It fails last where the writer has failed.
        let read = analysing.join().unwrap_or_else(|panic| resume_unwind(panic));
        written.and(read)
    })
}

fn analyse_batch(
    library: &Library,
    batch: files::Batch,
    first: bool,
    depth: &Depth,
    cancelled: &AtomicBool,
    send: &SyncSender<Analysed>,
) -> Result<(), Error> {
    let files::Batch { articles, states, mut warnings, files, bytes } = batch;
    let recognised = |(place, state): (usize, State)| Some((Recognition::of(articles.get(place)?), state));
    let states: Vec<_> = states.into_iter().filter_map(recognised).collect();
    let pieces = pieces(articles, first);
    let last = pieces.len().saturating_sub(1);
    let mut states = Some(states);
    for (at, piece) in pieces.into_iter().enumerate() {
        if cancelled.load(Ordering::Relaxed) {
            return Ok(());
        }
        let read = piece.len() as u64;
        let unchanged = library.unchanged(&piece)?;
        let others = piece.into_iter().zip(unchanged).filter(|(_, unchanged)| !unchanged);
        let since = depth.version();
        let articles = analyse(others.map(|(article, _)| article).collect(), depth);
        let unchanged = read - articles.len() as u64;
        let warnings = std::mem::take(&mut warnings);
        // Where the writer has failed and is gone, its error is the one to tell.
        let states = if at == last { states.take().unwrap_or_default() } else { Vec::new() };
        _ = send.send(Analysed { articles, unchanged, files, bytes, warnings, states, since });
    }
    Ok(())
}

/// Puts what comes into the library, and reports.
fn write(
    library: &Library,
    analysed: Receiver<Analysed>,
    (depth, manner): (&Depth, Manner),
    report: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let mut added = Added::default();
    let mut first = true;
    for mut batch in &analysed {
        while !first && batch.articles.len() < TOGETHER {
            let Ok(next) = analysed.try_recv() else { break };
            batch.join(next);
        }
        let Analysed { articles, unchanged, files, bytes, warnings, states, since } = batch;
        added.unchanged += unchanged;
        let Added { new, updated, unchanged } =
            if articles.is_empty() { Added::default() } else { library.add(articles)? };
        depth.catch_up(library, since)?;
        library.restore(states)?;
        added.new += new;
        added.updated += updated;
        added.unchanged += unchanged;
        let articles = added.new + added.updated + added.unchanged;
        report(Progress { articles, files, bytes, added, warnings });
        if first && manner == Manner::Behind {
            give_way();
        }
        first = false;
    }
    if added.new + added.updated >= WORTH_SETTLING {
        library.settle()?;
    } else if manner != Manner::Behind && added.new + added.updated > 0 {
        library.count_ahead();
    }
    Ok(())
}

/// Lets the threads that answer keys go first. On Linux a thread's own niceness, inherited by those
/// that it starts; elsewhere it would slow down the whole program.
pub fn give_way() {
    if cfg!(target_os = "linux") {
        let _ = rustix::process::nice(10);
    }
}

/// The first batch in pieces, so that the first screen does not wait for all of it; others whole.
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

/// Calls `visit` with each batch of `paths`, in order, while the next is read on another thread. Ends at
/// the first error.
pub fn each_batch<E>(
    paths: &[PathBuf],
    now: DateTime<Utc>,
    cancelled: &AtomicBool,
    visit: &mut dyn FnMut(files::Batch) -> Result<(), E>,
) -> Result<(), E> {
    // One batch is read while the one before is analysed, and none beyond: that bounds the memory, and
    // reading takes no more of the processors than it has to.
    let (send, batches) = sync_channel::<files::Batch>(0);
    thread::scope(|scope| {
        scope.spawn(move || {
            files::read(paths, now, cancelled, &mut |batch| {
                // The other end is gone after an error, and then `cancelled` is set.
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

/// Analyses articles, in order, on all processors.
pub fn analyse(articles: Vec<Article>, depth: &Depth) -> Vec<(Article, Analysis)> {
    let corrections = match depth {
        Depth::Text => return articles.into_iter().map(|article| (article, Analysis::default())).collect(),
        Depth::Analysis(rules) => rules.corrections(),
    };
    let corrections = &*corrections;
    let shares = match articles.len() {
        0..WORTH_SHARING => 1,
        _ => processors(),
    };
    let share = articles.len().div_ceil(shares).max(1);
    let mut analyses: Vec<Analysis> = Vec::with_capacity(articles.len());
    thread::scope(|scope| {
        let mut chunks = articles.chunks(share);
        let own = chunks.next().unwrap_or_default();
        let others: Vec<_> = chunks.map(|chunk| scope.spawn(|| analyse_each(chunk, corrections))).collect();
        analyses.extend(analyse_each(own, corrections));
        for other in others {
            // `analyse_each` catches panics.
            analyses.extend(other.join().unwrap_or_default());
        }
    });
    articles.into_iter().zip(analyses).collect()
}

/// How many processors there are. Asked once: on Linux the question reads several files.
fn processors() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// One analysis an article. An article on which the engine panics is kept without one: it must not take
/// the reader down.
fn analyse_each(articles: &[Article], corrections: &Corrections) -> Vec<Analysis> {
    let analyse = |Article { title, body, .. }: &Article| {
        let work = || analysis::correct(corrections, title, body, analysis::analyze(title, body));
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_default()
    };
    articles.iter().map(analyse).collect()
}
