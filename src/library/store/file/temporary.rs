//! A folder for a temporary library, which only its owner can read. It is deleted when it is dropped, or, if the
//! program was killed, when the next such folder is created.

use crate::library::Error;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The first part of the folders' names; random letters follow.
const NAME: &str = "dateline-";
/// A file in the folder that its program holds locked.
const HELD: &str = "held";

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
        sweep(&place);
        let made = Folder::make_in(&place).or_else(|error| match cfg!(target_os = "linux") {
            true => Folder::make_in(Path::new("/dev/shm")).map_err(|_| error),
            false => Err(error),
        });
        made.map_err(|source| Error::Temporary { source })
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
        Ok(Folder { folder, _held: held })
    }

    /// The path of the library to be created.
    pub fn library(&self) -> PathBuf {
        self.folder.path().join("library.db")
    }
}

/// Deletes the folders of programs that were killed, as far as possible.
fn sweep(place: &Path) {
    let Ok(entries) = std::fs::read_dir(place) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(NAME)) {
        let left = File::open(entry.path().join(HELD)).and_then(|held| match held.try_lock() {
            Ok(()) => std::fs::remove_dir_all(entry.path()),
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
        });
        // It is another user's, or is being created or deleted.
        drop(left);
    }
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
        sweep(place.path());
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
