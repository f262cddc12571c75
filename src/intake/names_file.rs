//! Reads and changes the file with the user's corrections of names.

use crate::capacity::Writable;
use crate::corrections::{Correction, Corrections};
use crate::fault::Fault;
use std::io;
use std::path::{Path, PathBuf};

/// Why the file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    #[error("could not read the names in {}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("could not write the names to {}: {error}", path.display())]
    Write { path: PathBuf, error: io::Error },
}

/// Returns the corrections in the file at `path`, and the faults in it. If there is no file, there are no corrections.
pub fn read(path: &Path) -> Result<(Corrections, Vec<Fault>), NamesError> {
    Ok(Corrections::read(&text(path)?))
}

/// Writes `correction` to `file` and replaces an earlier line for the same name. The file is replaced as a whole,
/// so it is never incomplete.
pub fn put(file: &Writable, correction: &Correction) -> Result<(), NamesError> {
    let text = Corrections::write(&text(file.path())?, correction);
    let wrong = |error| NamesError::Write { path: file.path().to_owned(), error };
    file.replace(text.as_bytes()).map_err(wrong)
}

/// Removes the line for `name` from `file`, if there is one.
pub fn take_out(file: &Writable, name: &str) -> Result<(), NamesError> {
    let text = Corrections::without(&text(file.path())?, name);
    let wrong = |error| NamesError::Write { path: file.path().to_owned(), error };
    file.replace(text.as_bytes()).map_err(wrong)
}

fn text(path: &Path) -> Result<String, NamesError> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        text => text.map_err(|error| NamesError::Read { path: path.to_owned(), error }),
    }
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
}
