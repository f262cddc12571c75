//! Rows of a result as comma-separated values for a spreadsheet (RFC 4180): a first line with the names of the
//! columns, fields in quotation marks where they need them, lines that end in a carriage return and a line feed.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, which can start programs and send the
//! other cells to strangers. Texts of articles come from strangers, so an apostrophe is put before such a text, as OWASP
//! advises ("CSV Injection"). Columns of numbers are left as they are.

use super::out::{Out, Stop};
use crate::text::harmless::harmless;
use csv::{ErrorKind, Terminator, Writer, WriterBuilder};
use std::borrow::Cow;
use std::io;

/// How texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells {
    /// So that no spreadsheet takes them for formulas; see [`inert`].
    Inert,
    /// As they are, for scripts.
    Raw,
}

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Number(i64),
    Text(&'a str),
}

/// A sheet on its way to standard output.
pub struct Sheet<'a> {
    writer: Writer<&'a mut Out>,
    cells: Cells,
}

impl<'a> Sheet<'a> {
    /// Begins a sheet with the line of the names of its columns.
    pub fn new(out: &'a mut Out, cells: Cells, columns: &[&str]) -> Result<Sheet<'a>, Stop> {
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        let mut sheet = Sheet { writer, cells };
        sheet.writer.write_record(columns).map_err(stop)?;
        Ok(sheet)
    }

    /// Adds a row with one field for each column. Control codes become U+FFFD, as in every output.
    pub fn row(&mut self, row: &[Cell<'_>]) -> Result<(), Stop> {
        let field = |cell: &Cell<'_>| match (cell, self.cells) {
            (Cell::Number(number), _) => number.to_string(),
            (Cell::Text(text), Cells::Raw) => harmless(text).into_owned(),
            (Cell::Text(text), Cells::Inert) => inert(&harmless(text)).into_owned(),
        };
        let fields: Vec<String> = row.iter().map(field).collect();
        self.writer.write_record(fields).map_err(stop)
    }

    /// Hands on what is still buffered.
    pub fn finish(mut self) -> Result<(), Stop> {
        Ok(self.writer.flush()?)
    }
}

/// `text` with an apostrophe wherever a cell may begin and would be a formula: at the start, and after a semicolon, a tab or
/// a line break, which divide cells where a spreadsheet is set to another country or does not know quotation marks.
///
/// Nothing is lost: whoever removes one apostrophe wherever one stands in such a place before a formula has the text again,
/// because a text that has apostrophes there already gets one more.
fn inert(text: &str) -> Cow<'_, str> {
    let starts = std::iter::once(0).chain(text.match_indices(divides).map(|(at, c)| at + c.len()));
    let mut places = starts.filter(|at| is_live(text, *at)).peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut done = 0;
    for at in places {
        out.push_str(&text[done..at]);
        out.push('\'');
        done = at;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

fn divides(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
}

/// Whether the cell that may begin at byte `at` would be a formula: whether it begins with one of the characters that OWASP
/// lists, or with another form of it that spreadsheets read alike, after quotation marks and blanks, which they may drop. OWASP
/// lists a tab and a line break at the start of a text as well.
fn is_live(text: &str, at: usize) -> bool {
    begins_live(&text[at..], at == 0)
}

/// The same of the text of the cell, which is the start of the whole text or not.
fn begins_live(cell: &str, first: bool) -> bool {
    let dropped = |c: char| matches!(c, '"' | '\'') || c.is_whitespace() && !divides(c);
    let start = cell.trim_start_matches(dropped).chars().next();
    start.is_some_and(|c| {
        matches!(c, '=' | '+' | '-' | '@')
            || matches!(c, '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '⁼' | '⁺' | '⁻' | '−')
            || first && matches!(c, '\t' | '\r' | '\n')
    })
}

fn stop(error: csv::Error) -> Stop {
    match error.into_kind() {
        ErrorKind::Io(error) => error.into(),
        // The other kinds are about reading, and about rows of different lengths.
        other => Stop::Failed(io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the documents tell a script to do: removes the apostrophe before each formula.
    fn restored(text: &str) -> String {
        let mut out = String::new();
        let mut start = true;
        for (at, c) in text.char_indices() {
            if !(start && c == '\'' && begins_live(&text[at + 1..], at == 0)) {
                out.push(c);
            }
            start = divides(c);
        }
        out
    }

    #[test]
    fn no_text_is_a_formula() {
        let check = |text: &str, expected: &str| {
            assert_eq!(inert(text), expected);
            assert_eq!(restored(expected), text);
        };
        check("Gas prices rise", "Gas prices rise");
        check("2 = 1 + 1", "2 = 1 + 1");
        check("", "");
        check("=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0");
        check("+1", "'+1");
        check("-5 degrees in Oslo", "'-5 degrees in Oslo");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t'=1");
        check(" \"=1", "' \"=1");
        check("'=1", "''=1");
        check("'quoted'", "'quoted'");
        check("＝1", "'＝1");
        check("\u{a0}－1", "'\u{a0}－1");
        check("a;=1;b; @c", "a;'=1;b;' @c");
        check("a\n-1\r\n+2", "a\n'-1\r\n'+2");
        check("a,=1", "a,=1");
    }

    proptest! {
        #[test]
        fn every_sheet_is_inert_and_can_be_read_back(
            texts in proptest::collection::vec("[-=+@;,\t\r\n\"' a１＝＋－＠]{0,12}", 1..4),
        ) {
            let mut bytes = Vec::new();
            let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut bytes);
            writer.write_record(texts.iter().map(|text| inert(text).into_owned())).expect("a row");
            drop(writer);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let row = reader.records().next();
            let read: Vec<String> = match row {
                Some(row) => row.expect("a row").iter().map(restored).collect(),
                // A row that consists of one empty field is an empty line.
                None => vec![String::new()],
            };
            prop_assert_eq!(&read, &texts);
            // Whatever divides the cells, and whether or not quotation marks are understood.
            let text = String::from_utf8(bytes).expect("UTF-8");
            for cell in text.trim_end_matches("\r\n").split([';', '\t', '\r', '\n']) {
                let bare = cell.trim_start_matches(['"', ' ']);
                prop_assert!(!bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{:?}", text);
            }
        }
    }
}
