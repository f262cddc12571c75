//! A folder for a temporary library, which only its owner can read. It is deleted when it is dropped, or, if the
//! program was killed, when the next such folder is created.

use super::connect::lock;
use crate::library::Error;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// The first part of the folders' names; random letters follow.
const NAME: &str = "dateline-";
/// A file in the folder that its program holds locked.
const HELD: &str = "held";

/// The folder in which temporary files lie in memory, on Linux.
const MEMORY: &str = "/dev/shm";
/// A folder without a locked file is being created, unless it is this old.
const OLD: Duration = Duration::from_secs(60 * 60);

/// The folders of this process.
static MADE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder that exists until it is dropped.
pub struct Folder {
    folder: TempDir,
    /// Locked for as long as it is open.
    _held: File,
}

impl Folder {
    /// Creates a folder among the system's temporary files, or else in its shared memory.
    pub fn make() -> Result<Folder, Error> {
        let place = std::env::temp_dir();
        let made = Folder::make_in(&place).or_else(|error| match cfg!(target_os = "linux") {
            true => Folder::make_in(Path::new(MEMORY)).map_err(|_| error),
            false => Err(error),
        });
        let made = made.map_err(|source| Error::Temporary { source })?;
        for place in [place.as_path(), Path::new(MEMORY)] {
            sweep(place, made.folder.path());
        }
        Ok(made)
    }

    fn make_in(place: &Path) -> io::Result<Folder> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(NAME);
        #[cfg(unix)]
        let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir_in(place)?;
        // The file is locked before it gets its name: a folder whose file is unlocked may be deleted by anybody.
        let fresh = folder.path().join("fresh");
        let held = File::create(&fresh)?;
        held.lock()?;
        std::fs::rename(&fresh, folder.path().join(HELD))?;
        lock(&MADE).push(folder.path().to_owned());
        Ok(Folder { folder, _held: held })
    }

    /// The path of the library to be created.
    pub fn library(&self) -> PathBuf {
        self.folder.path().join("library.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The folder itself is deleted when the field is dropped.
        lock(&MADE).retain(|made| made != self.folder.path());
    }
}

/// Deletes the folders of this process, which is about to end.
pub fn discard_all() {
    for folder in std::mem::take(&mut *lock(&MADE)) {
        // What another thread creates meanwhile is deleted when the next such folder is created.
        _ = std::fs::remove_dir_all(folder);
    }
}

/// Deletes the folders of programs that were killed, as far as possible: those of the owner of the folder `own`.
fn sweep(place: &Path, own: &Path) {
    let (Ok(entries), Some(owner)) = (std::fs::read_dir(place), owner_of(own)) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(NAME)) {
        let path = entry.path();
        // Other people may have put there what they like: nothing of theirs is opened.
        let ours = entry.file_type().is_ok_and(|kind| kind.is_dir()) && owner_of(&path) == Some(owner);
        if !ours || path == own {
            continue;
        }
        let held = path.join(HELD);
        let left = match std::fs::symlink_metadata(&held) {
            Ok(found) if found.is_file() => File::open(&held).and_then(|held| match held.try_lock() {
                Ok(()) => std::fs::remove_dir_all(&path),
                Err(TryLockError::WouldBlock) => Ok(()),
                Err(TryLockError::Error(error)) => Err(error),
            }),
            // It is being created or deleted, unless its program was killed meanwhile.
            _ if is_old(&path) => std::fs::remove_dir_all(&path),
            _ => Ok(()),
        };
        // The next such folder tries it again.
        drop(left);
    }
}

fn is_old(path: &Path) -> bool {
    let changed = std::fs::symlink_metadata(path).and_then(|found| found.modified());
    changed.is_ok_and(|changed| SystemTime::now().duration_since(changed).is_ok_and(|age| age > OLD))
}

/// The number of the user who owns a folder.
#[cfg(unix)]
fn owner_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).ok().map(|found| found.uid())
}

#[cfg(not(unix))]
fn owner_of(_path: &Path) -> Option<u32> {
    Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_killed_programs_are_taken_away_and_others_stay() {
        let place = tempfile::tempdir().expect("a folder");
        let held = Folder::make_in(place.path()).expect("a folder");
        let left = place.path().join("dateline-left");
        std::fs::create_dir(&left).expect("a folder");
        std::fs::write(left.join(HELD), "").expect("a file");
        std::fs::write(left.join("library.db"), "").expect("a file");
        let making = place.path().join("dateline-making");
        std::fs::create_dir(&making).expect("a folder");
        let other = place.path().join("dateline-other");
        std::fs::create_dir(&other).expect("a folder");
        // Opening a pipe would wait for ever.
        #[cfg(unix)]
        std::process::Command::new("mkfifo").arg(other.join(HELD)).status().expect("a pipe");
        sweep(place.path(), held.folder.path());
        assert!(!left.exists() && making.exists() && held.folder.path().exists());
        let path = held.folder.path().to_owned();
        drop(held);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_in() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a folder");
        let held = Folder::make_in(place.path()).expect("a folder");
        let mode = std::fs::metadata(held.folder.path()).expect("a folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
