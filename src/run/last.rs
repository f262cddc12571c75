//! The filter with which the reader was left, kept for the next start: one line in a file of its own.

use crate::capacity::Writable;
use crate::query::Query;
use chrono::NaiveDate;
use std::io;
use std::path::Path;

/// The filter kept at `path`; everything where there is none.
pub fn load(path: &Path, today: NaiveDate) -> Query {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    Query::parse(text.trim(), today).0
}

/// Keeps a filter, whole or not at all.
pub fn save(file: &Writable, query: &str) -> io::Result<()> {
    file.replace(format!("{query}\n").as_bytes())
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
        let file = crate::capacity::Capacity::Full.writable(&path).expect("it may be written");
        save(&file, &query.to_string()).expect("it is written");
        assert_eq!(load(&path, today), query);
    }
}
