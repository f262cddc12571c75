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
    /// Warnings about folders that are passed over.
    passed: Vec<Warning>,
}

impl Walk {
    pub(super) fn new(path: &Path) -> Walk {
        Walk { pending: vec![(path.to_path_buf(), false)], entered: HashSet::new(), passed: Vec::new() }
    }

    /// Adds the content of a folder to the paths to visit, in the order of the names.
    fn enter(&mut self, path: &Path, metadata: &Metadata) -> Result<(), Warning> {
        if !self.entered.insert(identity(metadata)) {
            return Err(warning(path, "could not enter the folder again: a link leads back to it"));
        }
        let failed =
            |error: &std::io::Error| warning(path, &format!("could not read the folder: {}", reason(error)));
        let mut names: Vec<std::ffi::OsString> = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let name = entry.file_name();
            if !name.as_encoded_bytes().starts_with(b".") {
                names.push(name);
            }
        }
        let parts: Vec<bool> = names.iter().map(|name| is_side_folder(path, name, &names)).collect();
        let mut kept = parts.iter();
        names.retain(|name| {
            let is_part = kept.next() == Some(&true);
            if is_part {
                self.passed.push(Warning::side_folder(&written(&path.join(name))));
            }
            !is_part
        });
        names.sort_unstable_by(|a, b| b.cmp(a));
        self.pending.extend(names.into_iter().map(|name| (path.join(name), true)));
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(warning) = self.passed.pop() {
                return Some(Entry::Warning(warning));
            }
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

/// Whether a folder holds the parts of a page beside it, as browsers save them: `bridge_files` beside `bridge.html`.
fn is_side_folder(around: &Path, name: &std::ffi::OsStr, names: &[std::ffi::OsString]) -> bool {
    // As the browsers call it in several languages.
    const ENDS: [&str; 12] = [
        "_files",
        ".files",
        "_file",
        "-Dateien",
        "_fichiers",
        "_archivos",
        "_arquivos",
        "_ficheiros",
        "_bestanden",
        "_filer",
        "_pliki",
        "_soubory",
    ];
    let Some(page) = name.to_str().and_then(|name| ENDS.iter().find_map(|end| name.strip_suffix(end))) else {
        return false;
    };
    let is_page = |other: &std::ffi::OsString| {
        other.to_str().and_then(|other| other.strip_prefix(page)).is_some_and(|end| {
            matches!(
                end.to_ascii_lowercase().as_str(),
                ".html" | ".htm" | ".xhtml" | ".shtml" | ".asp" | ".aspx" | ".php"
            )
        })
    };
    names.iter().any(is_page) && around.join(name).is_dir()
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
