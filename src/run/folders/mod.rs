//! Watches files and folders and updates the library within a second after a file is created, changed or deleted.
//!
//! The system reports changes (through the crate `notify`). Where it cannot, on network drives and when it has no
//! watches left, the folders are scanned every [`POLL`] instead. Changes are collected until no more arrive for a
//! moment. Thus a file that is being written is read when it is complete, and again whenever it grows; an editor
//! that writes a new file and renames it over the old one causes one change; and a flood of events causes a
//! single scan of everything.

mod pending;
mod roots;

pub use roots::Root;

use super::worker::Mailbox;
use crate::app::Message;
use crate::article::Article;
use crate::files;
use crate::formats::Warning;
use crate::intake::{self, Depth};
use crate::library::{Error, Library};
use chrono::Utc;
use notify::{Config, PollWatcher, RecursiveMode, Watcher};
use pending::{Changes, Pending};
use roots::{Place, Roots};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// The interval between two scans of the folders that the system does not watch.
const POLL: Duration = Duration::from_millis(700);
/// After a change has been handled, the next one waits for as long as the handling took, but at most this long.
const REST: Duration = Duration::from_secs(5);

/// Files that changed this long before the start of the watch are read, too. The modification times of files are
/// coarse, and it takes a moment to set up the watches.
const EARLIER: Duration = Duration::from_secs(2);

/// What happens to the articles of deleted files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// They are removed, except for those with a star or a tag. This is used outside the user's own library.
    Out,
    /// They are kept: the user's own library does not lose articles when files are tidied away.
    Kept,
}

/// A running watch. It ends when this is dropped.
pub struct Watching {
    pending: Arc<Pending>,
    stopped: Arc<AtomicBool>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.pending.close();
    }
}

/// Watches `roots` and keeps `library` up to date with them, on a thread of its own.
pub fn watch(library: &Library, roots: Vec<Root>, gone: Gone, depth: Depth, mailbox: &Mailbox) -> Watching {
    let pending = Arc::new(Pending::default());
    let stopped = Arc::new(AtomicBool::new(false));
    let watching = Watching { pending: Arc::clone(&pending), stopped: Arc::clone(&stopped) };
    let desk = Desk {
        library: library.clone(),
        roots: Roots::new(roots),
        gone,
        depth,
        mailbox: mailbox.clone(),
        pending,
        stopped,
    };
    let since = SystemTime::now() - EARLIER;
    thread::spawn(move || desk.live(since));
    watching
}

/// The thread that handles changes.
struct Desk {
    library: Library,
    roots: Roots,
    gone: Gone,
    depth: Depth,
    mailbox: Mailbox,
    pending: Arc<Pending>,
    stopped: Arc<AtomicBool>,
}

impl Desk {
    fn live(&self, since: SystemTime) {
        // The watchers work until they are dropped.
        let watchers = self.watchers();
        self.note_newer(since);
        while let Some(changes) = self.pending.next() {
            let started = Instant::now();
            if let Err(error) = self.settle(changes) {
                self.mailbox.post(Message::Told(error.to_string()));
            }
            thread::sleep(started.elapsed().min(REST));
        }
        drop(watchers);
    }

    /// Creates one watcher for the paths that the system can watch, and a polling one for the rest.
    fn watchers(&self) -> Vec<Box<dyn Watcher>> {
        let handler = || {
            let pending = Arc::clone(&self.pending);
            move |event: notify::Result<notify::Event>| pending.note(event)
        };
        let mut watchers: Vec<Box<dyn Watcher>> = Vec::new();
        let mut rest: Vec<(PathBuf, RecursiveMode)> = Vec::new();
        match notify::recommended_watcher(handler()) {
            Ok(mut native) => {
                for (path, mode) in self.roots.to_watch() {
                    if roots::is_remote(&path) || native.watch(&path, mode).is_err() {
                        rest.push((path, mode));
                    }
                }
                watchers.push(Box::new(native));
            }
            Err(_) => rest = self.roots.to_watch(),
        }
        if !rest.is_empty()
            && let Ok(mut poll) = PollWatcher::new(handler(), Config::default().with_poll_interval(POLL))
        {
            for (path, mode) in rest {
                // The intake reports paths that cannot be read at all.
                let _ = poll.watch(&path, mode);
            }
            watchers.push(Box::new(poll));
        }
        watchers
    }

    /// Notes the files that changed while the watches were being set up.
    fn note_newer(&self, since: SystemTime) {
        for (path, _) in self.roots.files() {
            let changed = std::fs::metadata(&path).and_then(|metadata| metadata.modified());
            if changed.is_ok_and(|changed| changed >= since) {
                self.pending.note_path(path);
            }
        }
    }

    /// Brings the library up to date with the files.
    fn settle(&self, changes: Changes) -> Result<(), Error> {
        let mut gone: Vec<Place> = Vec::new();
        let mut there: Vec<(PathBuf, PathBuf)> = Vec::new();
        let all_seen = changes == Changes::Everything;
        match changes {
            Changes::Everything => there = self.roots.files(),
            Changes::Of(paths) => {
                for place in paths.iter().filter_map(|path| self.roots.place(path)) {
                    match std::fs::metadata(&place.path) {
                        Ok(metadata) if metadata.is_dir() => there.extend(place.files()),
                        // An empty file is about to be written.
                        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => {
                            there.push((place.path, place.named));
                        }
                        Ok(_) => {}
                        Err(_) => gone.push(place),
                    }
                }
            }
        }
        there.sort();
        there.dedup();
        let changed = self.read(&there)? + self.remove(&gone, all_seen, &there)?;
        if changed > 0 {
            self.mailbox.post(Message::LibraryChanged);
        }
        Ok(())
    }

    /// Reads files, which may have been read before. Returns how many articles have changed.
    fn read(&self, there: &[(PathBuf, PathBuf)]) -> Result<u64, Error> {
        let mut changed = 0;
        let mut result = Ok(());
        let mut warnings: Vec<Warning> = Vec::new();
        let mut collections: Vec<Article> = Vec::new();
        files::read_files(there, Utc::now(), &self.stopped, &mut |batch| {
            warnings.extend(batch.warnings);
            collections.extend(batch.articles.iter().filter(|article| is_collection(article)).cloned());
            if result.is_ok() {
                result = self.add(batch.articles, &mut changed);
            }
        });
        result?;
        if self.stopped.load(Ordering::Relaxed) {
            return Ok(changed);
        }
        if self.gone == Gone::Out {
            changed += self.library.remove_others(&collections)?;
        }
        if !warnings.is_empty() {
            self.mailbox.post(Message::Warned(warnings));
        }
        Ok(changed)
    }

    fn add(&self, articles: Vec<Article>, changed: &mut u64) -> Result<(), Error> {
        let (added, warnings) = intake::store_new(&self.library, articles, &self.depth)?;
        if !warnings.is_empty() {
            self.mailbox.post(Message::Warned(warnings));
        }
        *changed += added.new + added.updated;
        Ok(())
    }

    /// Removes the articles of deleted files and folders and returns how many there were. With `all`, every file
    /// under the roots that is not in `there` counts as deleted.
    fn remove(&self, gone: &[Place], all: bool, there: &[(PathBuf, PathBuf)]) -> Result<u64, Error> {
        // When a drive is unmounted, its articles are kept.
        let gone: Vec<PathBuf> =
            gone.iter().filter(|place| place.has_root()).map(|place| place.named.clone()).collect();
        if self.gone == Gone::Kept || (!all && gone.is_empty()) {
            return Ok(0);
        }
        let known: HashSet<PathBuf> = match all {
            true => there.iter().map(|(_, named)| named.clone()).collect(),
            false => HashSet::new(),
        };
        self.library.remove_files(&|path| {
            let lost = all && !known.contains(path) && self.roots.is_lost(path);
            lost || gone.iter().any(|gone| path.starts_with(gone))
        })
    }
}

/// Returns whether the file of an article may contain other articles, too.
fn is_collection(article: &Article) -> bool {
    let path = article.path.as_deref().unwrap_or_default().to_ascii_lowercase();
    ![".txt", ".text", ".md"].iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests;
