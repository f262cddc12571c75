//! Files that the program may write: their rights, their locks, and what happens to them when the writing fails.
//!
//! A file is replaced by a new one that is written beside it and renamed. It never exists in part, and its rights, its
//! owner and a symbolic link that leads to it stay as they are. What is not complete is removed when the writing fails,
//! when a signal ends the program (see [`discard_unfinished`]), or, after a crash, at a later start (see [`sweep`]).

use std::fs::{DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long a change waits for another program that is changing a file in the same folder.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks whether that program has finished.
const LOOK: Duration = Duration::from_millis(5);
/// The beginning of the name of a file that is not complete. The number of the process and a count follow.
const UNFINISHED: &str = ".dateline-";
/// Where the system does not say which processes exist, a file that is not complete is removed once it is this old.
const OLD: Duration = Duration::from_secs(60 * 60);
/// The most symbolic links that are followed to a file, as in Linux.
const LINKS: usize = 40;

/// The files of this process that are not complete.
static FRESH: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Who may read a file that the program creates. A file that exists keeps its rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rights {
    /// Its owner alone: it may hold secrets, or show what somebody reads.
    Private,
    /// Whoever the umask of the person lets read it.
    Usual,
}

/// A file that the program is allowed to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writable {
    path: PathBuf,
    rights: Rights,
}

impl Writable {
    pub(super) fn new(path: &Path, rights: Rights) -> Writable {
        Writable { path: path.to_owned(), rights }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the file as a whole or not at all: writes a new file beside it, with the same rights and owner, and
    /// renames that. Creates the folder if necessary. If the path is a symbolic link, its target is replaced, even if
    /// the target does not exist yet.
    pub fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let mut fresh = self.fresh()?;
        fresh.file.write_all(bytes)?;
        fresh.put()
    }

    /// Does `work`, which reads the file and replaces it, while no other process and no other thread that uses this
    /// function changes a file in the same folder. Creates the folder if necessary. Where the file system cannot lock
    /// folders, nothing is locked.
    ///
    /// # Errors
    /// The error of `work`; or another program holds the lock for ten seconds.
    pub fn locked<T, E: From<io::Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        // Dropping the handle releases the lock.
        let _held = self.lock()?;
        work()
    }

    fn lock(&self) -> io::Result<Option<File>> {
        let path = target(&self.path)?;
        self.make_folder(&path)?;
        // The folder is locked, and not the file, since the file is replaced by another.
        let Ok(folder) = File::open(folder_of(&path)) else { return Ok(None) };
        let since = Instant::now();
        loop {
            match folder.try_lock() {
                Ok(()) => return Ok(Some(folder)),
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => std::thread::sleep(LOOK),
                Err(TryLockError::WouldBlock) => {
                    let why =
                        "another program has been changing a file in its folder for 10 seconds; try again";
                    return Err(io::Error::other(why));
                }
                Err(TryLockError::Error(_)) => return Ok(None),
            }
        }
    }

    /// A new file beside this one, which [`Fresh::put`] puts in its place. Creates the folder if necessary. What is not
    /// a file (a pipe, a terminal, `/dev/stdout`) is opened and written as it is.
    pub fn fresh(&self) -> io::Result<Fresh> {
        if is_special(&self.path) {
            let file = OpenOptions::new().write(true).open(&self.path)?;
            return Ok(Fresh { file, unfinished: None });
        }
        let path = target(&self.path)?;
        self.make_folder(&path)?;
        sweep(folder_of(&path));
        let (file, beside) = create_in(folder_of(&path), self.rights)?;
        let fresh = Fresh { file, unfinished: Some(Unfinished { beside, path }) };
        if let Some(Unfinished { path, .. }) = &fresh.unfinished
            && let Ok(old) = std::fs::metadata(path)
        {
            take_over(&fresh.file, &old)?;
        }
        Ok(fresh)
    }

    /// Opens the file for appending. Creates it if necessary, with permissions for the owner only.
    pub fn append(&self) -> io::Result<File> {
        self.make_folder(&self.path)?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        allow(&mut options, self.rights);
        options.open(&self.path)
    }

    /// Renames the file by adding `ending` to its name, and replaces any file of that name.
    pub fn set_aside(&self, ending: &str) -> io::Result<()> {
        let mut aside = self.path.clone().into_os_string();
        aside.push(ending);
        std::fs::rename(&self.path, aside)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let folder = folder_of(path);
        if folder.is_dir() {
            return Ok(());
        }
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        if self.rights == Rights::Private {
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        }
        builder.create(folder)
    }
}

/// A file that is being written and will replace another. It is removed when it is dropped before it is in its place.
#[derive(Debug)]
pub struct Fresh {
    file: File,
    /// `None` for what is written in its place, and once the file is in its place.
    unfinished: Option<Unfinished>,
}

#[derive(Debug)]
struct Unfinished {
    beside: PathBuf,
    path: PathBuf,
}

impl Fresh {
    /// Puts the file, which is complete, in its place.
    pub fn put(mut self) -> io::Result<()> {
        if let Some(Unfinished { beside, path }) = &self.unfinished {
            self.file.sync_all()?;
            std::fs::rename(beside, path)?;
            forget(beside);
        }
        self.unfinished = None;
        Ok(())
    }

    /// Another handle to write the file with.
    pub fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some(Unfinished { beside, .. }) = &self.unfinished {
            // Where even this fails, the error that led here says why.
            _ = std::fs::remove_file(beside);
            forget(beside);
        }
    }
}

/// Removes the files of this process that are not complete, because the process is about to end.
pub(super) fn discard_unfinished() {
    for path in lock_fresh().drain(..) {
        // The process is about to end. A later start tries it again.
        _ = std::fs::remove_file(path);
    }
}

/// Removes the files that processes which were killed left in `folder`. A file of a process that still exists, or that
/// is locked, stays.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(process_of) else { continue };
        let left = entry.metadata().is_ok_and(|found| found.is_file() && !is_running(process, &found));
        if left && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            // Where it cannot be removed, another start tries it again.
            _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The number of the process that was writing the file of this name, if it is the name of a file that is not complete.
fn process_of(name: &str) -> Option<u32> {
    let (process, count) = name.strip_prefix(UNFINISHED)?.split_once('-')?;
    count.parse::<u32>().ok()?;
    process.parse().ok()
}

fn is_running(process: u32, found: &Metadata) -> bool {
    if process == std::process::id() {
        return true;
    }
    if Path::new("/proc/self").exists() {
        return Path::new("/proc").join(process.to_string()).exists();
    }
    let age = found.modified().ok().and_then(|changed| SystemTime::now().duration_since(changed).ok());
    age.is_none_or(|age| age < OLD)
}

/// Creates an empty file with a name of its own in `folder`, and locks it.
fn create_in(folder: &Path, rights: Rights) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{UNFINISHED}{}-{count}", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        allow(&mut options, rights);
        lock_fresh().push(path.clone());
        match options.open(&path) {
            Ok(file) => {
                // Some file systems cannot lock files; then the number of the process protects the file.
                _ = file.try_lock();
                return Ok((file, path));
            }
            Err(error) => {
                forget(&path);
                // A process of another machine, or of a container, may have the same number.
                if error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(error);
                }
            }
        }
    }
}

fn allow(options: &mut OpenOptions, rights: Rights) {
    #[cfg(unix)]
    if rights == Rights::Private {
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    }
}

/// Gives a new file the owner and the rights of the `old` one. Where the owner cannot be changed, it stays.
fn take_over(file: &File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            _ = fchown(file, Some(old.uid()), Some(old.gid()))
                .or_else(|_| fchown(file, None, Some(old.gid())));
        }
    }
    file.set_permissions(old.permissions())
}

/// Whether the path leads to something that is neither a file nor a folder, or that belongs to the system.
fn is_special(path: &Path) -> bool {
    let of_system = path.starts_with("/dev") || path.starts_with("/proc");
    std::fs::metadata(path).is_ok_and(|found| of_system || !(found.is_file() || found.is_dir()))
}

/// The file that a path leads to, whether that exists or not: symbolic links are followed.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match std::fs::read_link(&path) {
            Ok(link) => path = folder_of(&path).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links lead to it"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn lock_fresh() -> MutexGuard<'static, Vec<PathBuf>> {
    // A panic under the lock cannot leave the list half changed.
    FRESH.lock().unwrap_or_else(PoisonError::into_inner)
}

fn forget(beside: &Path) {
    lock_fresh().retain(|known| known != beside);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(path: &Path) -> Writable {
        Writable::new(path, Rights::Private)
    }

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> =
            std::fs::read_dir(folder).expect("a folder").flatten().map(name).collect();
        names.sort();
        names
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_appended_to() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("state").join("filter");
        let file = private(&path);
        file.replace(b"one\n").expect("it is written");
        file.append().and_then(|mut file| file.write_all(b"two\n")).expect("it is written");
        let text = || std::fs::read_to_string(&path).expect("it is there");
        assert_eq!(text(), "one\ntwo\n");
        file.replace(b"three\n").expect("it is written");
        assert_eq!(text(), "three\n");
        assert_eq!(names(&folder.path().join("state")), ["filter"]);
    }

    #[cfg(unix)]
    #[test]
    fn new_files_and_folders_are_private_and_old_ones_keep_their_rights() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("made").join("config.toml");
        private(&path).replace(b"one").expect("it is written");
        assert_eq!((mode(&path), mode(&folder.path().join("made"))), (0o600, 0o700));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("rights");
        private(&path).replace(b"two").expect("it is written");
        assert_eq!(mode(&path), 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_even_if_its_target_does_not_exist() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::TempDir::new().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("dotfiles")).expect("a folder");
        symlink("dotfiles/second", at("config.toml")).expect("a link");
        symlink("real.toml", at("dotfiles/second")).expect("a link");
        private(&at("config.toml")).replace(b"one").expect("it is written");
        assert!(std::fs::symlink_metadata(at("config.toml")).expect("it is there").is_symlink());
        assert_eq!(names(&at("dotfiles")), ["real.toml", "second"]);
        assert_eq!(std::fs::read(at("dotfiles/real.toml")).expect("it is there"), b"one");
        symlink("loop", at("loop")).expect("a link");
        assert!(private(&at("loop")).replace(b"one").is_err());
    }

    #[test]
    fn what_is_not_complete_is_removed() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("export.md");
        let fresh = private(&path).fresh().expect("a file");
        assert_eq!(names(folder.path()).len(), 1);
        drop(fresh);
        assert_eq!(names(folder.path()), Vec::<String>::new());
        // A folder cannot be replaced by a file.
        std::fs::create_dir(&path).expect("a folder");
        assert!(private(&path).replace(b"text").is_err());
        assert_eq!(names(folder.path()), ["export.md"]);
    }

    #[test]
    fn leftovers_of_killed_processes_are_removed_and_other_files_stay() {
        let folder = tempfile::TempDir::new().expect("a folder");
        // No process has the number that Linux never gives.
        let left = format!("{UNFINISHED}4194999-0");
        let held = format!("{UNFINISHED}4194999-1");
        let own = format!("{UNFINISHED}{}-900", std::process::id());
        for name in [&left, &held, &own, ".dateline-notes", "config.toml.4194999"] {
            std::fs::write(folder.path().join(name), "").expect("a file");
        }
        let locked = File::open(folder.path().join(&held)).expect("a file");
        locked.lock().expect("a lock");
        sweep(folder.path());
        if Path::new("/proc/self").exists() {
            assert!(!folder.path().join(&left).exists());
        }
        for name in [&held, &own, ".dateline-notes", "config.toml.4194999"] {
            assert!(folder.path().join(name).exists(), "{name}");
        }
    }

    #[test]
    fn changes_wait_for_one_another() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = private(&folder.path().join("names.toml"));
        std::thread::scope(|scope| {
            for number in 0..16 {
                let file = &file;
                scope.spawn(move || {
                    let change = || -> io::Result<()> {
                        let mut text = std::fs::read(file.path()).unwrap_or_default();
                        text.extend_from_slice(format!("{number}\n").as_bytes());
                        file.replace(&text)
                    };
                    file.locked(change).expect("changed");
                });
            }
        });
        assert_eq!(std::fs::read_to_string(file.path()).expect("it is there").lines().count(), 16);
        assert_eq!(names(folder.path()), ["names.toml"]);
    }
}
