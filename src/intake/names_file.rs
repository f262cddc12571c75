//! Reads and changes the file with the user's corrections of names.

use crate::capacity::Writable;
use crate::corrections::{Correction, Corrections};
use crate::fault::{Fault, reason};
use std::io;
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes: some 300,000 names.
const LARGEST: u64 = 16 << 20;

/// Why the file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    #[error("could not read the names in {}: {}", path.display(), reason(error))]
    Read { path: PathBuf, error: io::Error },
    #[error(
        "could not read the names in {}: the file has {} MB, and at most {} MB are read; remove lines from it",
        path.display(), bytes.div_ceil(1 << 20), LARGEST >> 20
    )]
    TooLarge { path: PathBuf, bytes: u64 },
    #[error("could not write the names to {}: {}", path.display(), reason(error))]
    Write { path: PathBuf, error: io::Error },
    /// Without the path, which [`change`] adds.
    #[error("could not write the names: {}", reason(.0))]
    Locked(#[from] io::Error),
}

/// Returns the corrections in the file at `path`, and the faults in it. If there is no file, there are no corrections.
pub fn read(path: &Path) -> Result<(Corrections, Vec<Fault>), NamesError> {
    Ok(Corrections::read(content(path)?))
}

/// Writes `correction` to `file` and replaces an earlier line for the same name. The file is replaced as a whole,
/// so it is never incomplete, and changes by several programs at once are made one after the other.
pub fn put(file: &Writable, correction: &Correction) -> Result<(), NamesError> {
    change(file, |content| (Corrections::write(&content, correction), ()))
}

/// Merges `correction` into the line that `file` has for the name. Returns the lines before and after.
pub fn merge(
    file: &Writable,
    correction: &Correction,
) -> Result<(Option<Correction>, Correction), NamesError> {
    change(file, |content| {
        let (known, _) = Corrections::read(&content);
        let before = known.list().iter().find(|known| known.name == correction.name).cloned();
        let after = correction.over(before.as_ref());
        (Corrections::write(&content, &after), (before, after))
    })
}

/// Removes the line for `name` from `file`, if there is one.
pub fn take_out(file: &Writable, name: &str) -> Result<(), NamesError> {
    change(file, |content| (Corrections::without(&content, name), ()))
}

/// Replaces the content of the file by the first value that `make` returns, and returns the second.
fn change<T>(file: &Writable, make: impl FnOnce(Vec<u8>) -> (Vec<u8>, T)) -> Result<T, NamesError> {
    let changed = file.locked(|| {
        let (content, made) = make(content(file.path())?);
        file.replace(&content)?;
        Ok(made)
    });
    changed.map_err(|error| match error {
        NamesError::Locked(error) => NamesError::Write { path: file.path().to_owned(), error },
        error => error,
    })
}

/// The content of the file; empty if there is none.
fn content(path: &Path) -> Result<Vec<u8>, NamesError> {
    let wrong = |error| NamesError::Read { path: path.to_owned(), error };
    let found = match std::fs::metadata(path) {
        // The folder may be a file, as in a home that does not exist, or be closed to this person.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
            ) =>
        {
            return Ok(Vec::new());
        }
        found => found.map_err(wrong)?,
    };
    if !found.is_file() {
        return Err(wrong(io::Error::other("it is not a file")));
    }
    if found.len() > LARGEST {
        return Err(NamesError::TooLarge { path: path.to_owned(), bytes: found.len() });
    }
    std::fs::read(path).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::Capacity;
    use crate::corrections::Is;

    #[test]
    fn a_correction_is_written_once_and_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data/names.toml");
        let file = Capacity::Full.writable(&path).expect("it may be written");
        let correction = Correction {
            name: "Kaldvik".into(),
            is: Some(Is::Nothing),
            also: vec![],
            same: None,
            apart: vec![],
            country: None,
            line: 0,
        };
        put(&file, &correction).expect("it can be written");
        put(&file, &correction).expect("it can be written again");
        let (corrections, faults) = read(&path).expect("it can be read");
        assert_eq!((corrections.list().len(), faults), (1, vec![]));
    }

    #[test]
    fn a_file_that_is_too_large_or_no_file_is_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("names.toml");
        let file = std::fs::File::create(&path).expect("a file");
        file.set_len(LARGEST + 1).expect("it is long");
        let told = read(&path).expect_err("too large").to_string();
        assert!(told.contains("17 MB, and at most 16 MB"), "{told}");
        assert!(read(folder.path()).expect_err("a folder").to_string().ends_with("it is not a file"));
        assert_eq!(read(&path.join("names.toml")).expect("nothing is there").0.list(), []);
    }
}
