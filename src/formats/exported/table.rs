//! Articles as rows of a table. A spreadsheet shows it, `add` reads it back, and a program that divides the tags at
//! semicolons reads it without knowing this one.

use super::super::{Gathered, Origin, ReadingState};
use super::{Written, time};
use crate::article::Article;
use crate::text::inert::bare;

/// The columns, in their order.
pub const COLUMNS: [&str; 13] = [
    "title", "date", "source", "author", "url", "language", "tags", "read", "starred", "body", "position",
    "path", "guid",
];

/// The cells of an article. They are as they are: whoever writes them for a spreadsheet sees to it that none is a formula
/// (`text::inert`), and [`read`](Places::read) undoes that.
pub fn row(article: &Article, state: &ReadingState) -> [String; COLUMNS.len()] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        article.title.clone(),
        article.published.map(time).unwrap_or_default(),
        article.source.clone(),
        or_empty(&article.author),
        or_empty(&article.url),
        article.language.map(|language| language.as_str().to_owned()).unwrap_or_default(),
        joined(&state.tags),
        state.read.to_string(),
        state.starred.to_string(),
        article.body.clone(),
        state.position.to_string(),
        or_empty(&article.path),
        or_empty(&article.guid),
    ]
}

/// Tags with `; ` between them. A semicolon in a tag is doubled.
fn joined(tags: &[String]) -> String {
    let tags: Vec<String> = tags.iter().map(|tag| tag.replace(';', ";;")).collect();
    tags.join("; ")
}

/// The tags in a cell, as [`joined`] wrote it.
fn divided(cell: &str) -> Vec<String> {
    let mut tags = vec![String::new()];
    let mut characters = cell.chars().peekable();
    while let Some(c) = characters.next() {
        match tags.last_mut() {
            Some(tag) if c != ';' => tag.push(c),
            Some(tag) if characters.peek() == Some(&';') => {
                characters.next();
                tag.push(';');
            }
            _ => tags.push(String::new()),
        }
    }
    tags
}

/// In which column of a table each of [`COLUMNS`] stands. A spreadsheet may have moved them and added others.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct Places([usize; COLUMNS.len()]);

impl Places {
    /// Those that a header names, if it is that of an export.
    pub(in crate::formats) fn of(header: &[impl AsRef<str>]) -> Option<Places> {
        let mut places = [0; COLUMNS.len()];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            *place = header.iter().position(|name| name.as_ref().trim() == column)?;
        }
        Some(Places(places))
    }

    /// Adds the article of a row.
    pub(in crate::formats) fn read(self, cells: &[&str], line: u64, origin: &Origin, found: &mut Gathered) {
        let mut texts =
            self.0.iter().map(|at| bare(cells.get(*at).copied().unwrap_or_default()).into_owned());
        let mut next = || texts.next().unwrap_or_default();
        let is_set = |cell: String| cell.trim().eq_ignore_ascii_case("true") || cell.trim() == "1";
        let written = Written {
            title: next(),
            date: next(),
            source: next(),
            author: next(),
            url: next(),
            language: next(),
            tags: divided(&next()),
            read: is_set(next()),
            starred: is_set(next()),
            body: next(),
            position: next(),
            path: next(),
            guid: next(),
        };
        match written.item(origin) {
            Some(item) => found.items.push(item),
            None if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            None => {
                let message = "could not find an article: there is neither a title nor a body";
                found.warnings.push(origin.warning(Some(line), message));
            }
        }
    }
}

/// What stands between the cells, if a text begins with the header of an export.
pub(in crate::formats) fn delimiter(text: &str) -> Option<u8> {
    let header = text.trim_start_matches('\u{feff}').lines().next()?;
    [b',', b';', b'\t', b'|'].into_iter().find(|delimiter| {
        let names: Vec<&str> =
            header.split(char::from(*delimiter)).map(|name| name.trim_matches('"')).collect();
        Places::of(&names).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read_back, stored};
    use super::*;
    use crate::text::inert::inert;
    use proptest::prelude::*;

    /// Rows as a program of tables writes them.
    fn sheet(rows: &[(Article, ReadingState)], delimiter: char, end: &str) -> String {
        let mut out = COLUMNS.join(&delimiter.to_string()) + end;
        for (article, state) in rows {
            let cells = row(article, state).map(|cell| format!("\"{}\"", inert(&cell).replace('"', "\"\"")));
            out.push_str(&cells.join(&delimiter.to_string()));
            out.push_str(end);
        }
        out
    }

    proptest! {
        #[test]
        fn rows_come_back(
            rows in proptest::collection::vec(stored(), 0..5),
            delimiter in prop_oneof![Just(','), Just(';'), Just('\t')],
            end in prop_oneof![Just("\n"), Just("\r\n")],
            size in 1usize..5000,
        ) {
            prop_assert_eq!(read_back(sheet(&rows, delimiter, end).as_bytes(), size), rows);
        }

        #[test]
        fn tags_come_back(tags in proptest::collection::vec("[a;, ]{0,3}[a;,]", 0..4)) {
            let tags: Vec<String> = tags.iter().map(|tag| tag.trim().to_owned()).collect();
            let read: Vec<String> = divided(&joined(&tags)).iter().map(|tag| tag.trim().to_owned()).collect();
            let read: Vec<String> = read.into_iter().filter(|tag| !tag.is_empty()).collect();
            prop_assert_eq!(read, tags);
        }
    }

    #[test]
    fn a_body_that_looks_like_another_format_changes_nothing() {
        let mut article = stored_article();
        article.body =
            "Document 1 of 10\n\nProQuest\n\nFull text: A.\n\nHD A\n\nWC 10\n\nPD 3 January 2022".to_owned();
        let rows = vec![(article, ReadingState::default())];
        assert_eq!(read_back(sheet(&rows, ',', "\r\n").as_bytes(), 4096), rows);
    }

    #[test]
    fn a_spreadsheet_may_move_columns_and_add_others() {
        let text = "note,guid,path,position,body,starred,read,tags,language,url,author,source,date,title\n\
                    mine,,,0,Body.,TRUE,FALSE,a; b,en,https://example.org/1,Ana,Wire,2022-01-03 10:00,Title\n";
        let found = read_back(text.as_bytes(), 4096);
        let [(article, state)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((article.title.as_str(), article.source.as_str()), ("Title", "Wire"));
        assert_eq!(article.published.map(time).as_deref(), Some("2022-01-03T10:00:00Z"));
        assert!(state.starred && !state.read);
        assert_eq!(state.tags, ["a", "b"]);
    }

    fn stored_article() -> Article {
        Article {
            path: None,
            url: None,
            guid: None,
            source: "Wire".to_owned(),
            title: "Title".to_owned(),
            author: None,
            published: None,
            language: None,
            body: String::new(),
        }
    }
}
