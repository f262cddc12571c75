//! The filter with which the reader was left, kept for the next start: one line in a file of its own.

use crate::query::Query;
use chrono::NaiveDate;
use std::io;
use std::path::Path;

/// The filter kept at `path`; everything where there is none.
pub fn load(path: &Path, today: NaiveDate) -> Query {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    Query::parse(text.trim(), today).0
}

/// Keeps a filter, whole or not at all: it is written beside and put in place.
pub fn save(path: &Path, query: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension("new");
    std::fs::write(&fresh, format!("{query}\n"))?;
    std::fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("state").join("filter");
        let today = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day");
        assert_eq!(load(&path, today), Query::everything());
        let query = Query::parse("country:RU is:unread", today).0;
        save(&path, &query.to_string()).expect("it is written");
        assert_eq!(load(&path, today), query);
    }
}
