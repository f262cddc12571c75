//! Files that are not read because of what they are, told together: a folder of three thousand pictures gives one
//! warning.

use crate::formats::Warning;

/// How many files of a kind are named.
const NAMED: usize = 3;

/// The files that were not read, by their kinds, in the order in which each kind was met.
#[derive(Debug, Default)]
pub(super) struct Refused(Vec<Group>);

#[derive(Debug)]
struct Group {
    /// The warnings about the first files, and one about the last, which may lie elsewhere.
    first: Vec<Warning>,
    count: u64,
}

impl Refused {
    /// Keeps a warning that says that a file is not read; gives back any other.
    pub(super) fn keep(&mut self, warning: Warning) -> Option<Warning> {
        let Some(other) = warning.refused else { return Some(warning) };
        let same = |group: &&mut Group| {
            group
                .first
                .first()
                .and_then(|first| first.refused)
                .is_some_and(|kept| kept.group() == other.group())
        };
        match self.0.iter_mut().find(same) {
            Some(group) => {
                group.count += 1;
                if group.first.len() > NAMED {
                    group.first.pop();
                }
                group.first.push(warning);
            }
            None => self.0.push(Group { first: vec![warning], count: 1 }),
        }
        None
    }

    /// One warning for each kind. Nothing is kept.
    pub(super) fn take(&mut self) -> Vec<Warning> {
        let groups = std::mem::take(&mut self.0);
        groups.iter().filter_map(|group| Warning::together(&group.first, group.count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Origin, read};
    use chrono::DateTime;

    fn refused(files: &[(&str, &[u8])]) -> Vec<String> {
        let mut kept = Refused::default();
        for (path, bytes) in files {
            let origin =
                Origin { path: Some((*path).to_owned()), source: String::new(), time: DateTime::UNIX_EPOCH };
            for warning in read(bytes, &origin).1 {
                assert!(kept.keep(warning).is_none(), "{path}");
            }
        }
        kept.take().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn files_of_a_kind_are_told_together() {
        let (png, gif, pdf): (&[u8], &[u8], &[u8]) = (b"\x89PNG\r\n\x1a\n\0", b"GIF89a\0\0", b"%PDF-1.7\n");
        assert_eq!(
            refused(&[("in/a.png", png), ("in/b.pdf", pdf), ("in/more/c.gif", gif)]),
            [
                "in: could not read 2 files: they are pictures (a.png and more/c.gif)",
                "in/b.pdf: could not read it: it is a PDF file; 'pdftotext FILE - | dateline -' reads its text",
            ]
        );
        let many: Vec<(String, &[u8])> = (0..3000).map(|at| (format!("photos/{at}.png"), png)).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
        assert_eq!(refused(&many), ["photos: could not read 3,000 files: they are pictures (such as 0.png)"]);
        assert_eq!(
            refused(&[("a.png", png), ("b.png", png)]),
            ["a.png: could not read 2 files: they are pictures (a.png and b.png)"]
        );
    }
}
