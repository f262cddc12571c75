//! The file of names that a person has put right: reading it, and adding a line to it.

use crate::analysis::corrections::{Correction, Corrections, Fault};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why the file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    #[error("could not read the names in {}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("could not write the names to {}: {error}", path.display())]
    Write { path: PathBuf, error: io::Error },
}

/// The corrections in the file at `path`, and what in it cannot be used. No file, no corrections.
pub fn read(path: &Path) -> Result<(Corrections, Vec<Fault>), NamesError> {
    Ok(Corrections::read(&text(path)?))
}

/// Writes `correction` to the file at `path`, in the place of an earlier line for the same name. The file is
/// exchanged as a whole: at no moment is there half of one.
pub fn put(path: &Path, correction: &Correction) -> Result<(), NamesError> {
    let text = Corrections::write(&text(path)?, correction);
    let wrong = |error| NamesError::Write { path: path.to_owned(), error };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    let fresh = path.with_extension(format!("toml.{}", std::process::id()));
    let mut file = std::fs::File::create(&fresh).map_err(wrong)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(wrong)?;
    std::fs::rename(&fresh, path).map_err(wrong)
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
    use crate::analysis::corrections::Is;

    #[test]
    fn a_line_is_added_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data/names.toml");
        let correction = Correction {
            name: "Kaldvik".into(),
            is: Some(Is::Nothing),
            also: vec![],
            same: None,
            apart: vec![],
            country: None,
            line: 0,
        };
        put(&path, &correction).expect("it can be written");
        put(&path, &correction).expect("it can be written again");
        let (corrections, faults) = read(&path).expect("it can be read");
        assert_eq!((corrections.list().len(), faults), (1, vec![]));
    }
}
