//! The files under a path, in the order of their names, with a warning for everything that is not a file.

use crate::fault::reason;
use crate::formats::Warning;
use crate::text::path::written;
use std::collections::HashSet;
use std::fs::{FileType, Metadata};
use std::path::{Path, PathBuf};

/// What the walk finds.
#[derive(Debug)]
pub(super) enum Entry {
    File(PathBuf),
    Warning(Warning),
}

/// A walk over one path. Folders are entered and links are followed. A path from the command line is read even if it is
/// hidden; within folders, hidden files are skipped. Only folders are opened.
#[derive(Debug)]
pub(super) struct Walk {
    /// The paths that are still to be visited, last first, and whether each was found in a folder.
    pending: Vec<(PathBuf, bool)>,
    /// The folders that were entered, by device and inode. A link to one of them is not followed.
    entered: HashSet<(u64, u64)>,
}

impl Walk {
    pub(super) fn new(path: &Path) -> Walk {
        Walk { pending: vec![(path.to_path_buf(), false)], entered: HashSet::new() }
    }

    /// Adds the content of a folder to the paths to visit, in the order of the names.
    fn enter(&mut self, path: &Path, metadata: &Metadata) -> Result<(), Warning> {
        if !self.entered.insert(identity(metadata)) {
            return Err(warning(path, "could not enter the folder again: a link leads back to it"));
        }
        let failed =
            |error: &std::io::Error| warning(path, &format!("could not read the folder: {}", reason(error)));
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let name = entry.file_name();
            if !name.as_encoded_bytes().starts_with(b".") {
                names.push(name);
            }
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        self.pending.extend(names.into_iter().map(|name| (path.join(name), true)));
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            let (path, within) = self.pending.pop()?;
            let metadata = match std::fs::metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) => {
                    let dangling =
                        within && path.is_symlink() && error.kind() == std::io::ErrorKind::NotFound;
                    let why = if dangling { "the link leads nowhere".to_owned() } else { reason(&error) };
                    return Some(Entry::Warning(warning(&path, &format!("could not read it: {why}"))));
                }
            };
            if metadata.is_dir() {
                if let Err(warning) = self.enter(&path, &metadata) {
                    return Some(Entry::Warning(warning));
                }
            } else if metadata.is_file() || !within && is_pipe(metadata.file_type()) {
                // A pipe that was named (`<(command)`) is meant to be read.
                return Some(Entry::File(path));
            } else {
                let message = format!("could not read it: it is {}", kind(metadata.file_type()));
                return Some(Entry::Warning(warning(&path, &message)));
            }
        }
    }
}

fn warning(path: &Path, message: &str) -> Warning {
    Warning::new(&written(path), None, message)
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(unix)]
fn is_pipe(kind: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(unix)]
fn kind(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}
