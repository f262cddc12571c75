//! Changes the saved searches and the accounts in the config file. The file is replaced as a whole or not changed at all.

use crate::app::SearchChange;
use crate::capacity::Writable;
use crate::config::write::{self, Unchanged, Written};
use crate::fault::reason;
use std::io;
use std::path::PathBuf;

/// Why a saved search could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("could not read {path}: {}; the change lasts for this session only", reason(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("could not change {path}: {reason}")]
    Change { path: PathBuf, reason: Unchanged },
    #[error("could not write {path}: {}; the change lasts for this session only", reason(error))]
    Write { path: PathBuf, error: io::Error },
    /// Without the path, which [`change`] adds.
    #[error("could not write the config file: {0}; the change lasts for this session only")]
    Locked(#[from] io::Error),
}

/// Makes a change in the config file. The file is created if it does not exist. Changes by several programs at once are
/// made one after the other. Returns the new text of the file.
pub fn change(file: &Writable, change: &SearchChange) -> Result<String, SearchError> {
    rewrite(file, |text| write::change(text, change))
}

/// Adds an account to the config file in the same way.
pub fn add_account(file: &Writable, options: &[(&str, Written)]) -> Result<String, SearchError> {
    rewrite(file, |text| write::add_account(text, options))
}

fn rewrite(
    file: &Writable,
    written: impl FnOnce(&str) -> Result<String, Unchanged>,
) -> Result<String, SearchError> {
    let changed = file.locked(|| {
        let path = file.path().to_owned();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(SearchError::Read { path, error }),
        };
        let text = written(&text).map_err(|reason| SearchError::Change { path: path.clone(), reason })?;
        file.replace(text.as_bytes())?;
        Ok(text)
    });
    changed.map_err(|error| match error {
        SearchError::Locked(error) => SearchError::Write { path: file.path().to_owned(), error },
        error => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::Capacity;
    use std::path::Path;

    fn file(path: &Path) -> Writable {
        Capacity::Full.writable(path).expect("it may be written")
    }

    #[test]
    fn the_file_is_created_and_changed_and_a_link_to_it_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config").join("config.toml");
        let keep = SearchChange::Keep { name: "gas".to_owned(), query: "gas".to_owned() };
        change(&file(&path), &keep).expect("made");
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains("[[saved]]\nname = \"gas\""), "{text}");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.toml");
            std::os::unix::fs::symlink(&path, &link).expect("a link");
            change(&file(&link), &SearchChange::Remove { name: "gas".to_owned() }).expect("changed");
            assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
            assert!(!std::fs::read_to_string(&path).expect("a file").contains("gas"));
        }
    }

    #[test]
    fn an_invalid_file_is_reported_and_not_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "measure = = 70").expect("a file");
        let told =
            change(&file(&path), &SearchChange::Remove { name: "gas".to_owned() }).expect_err("not valid");
        assert!(told.to_string().contains("config --check"), "{told}");
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), "measure = = 70");
    }
}
