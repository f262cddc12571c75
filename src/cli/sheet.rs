//! Rows of a result as comma-separated values for a spreadsheet (RFC 4180): a first line with the names of the
//! columns, fields in quotation marks where they need them, lines that end in a carriage return and a line feed.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, which can start programs and send the
//! other cells to strangers. Texts of articles come from strangers, so an apostrophe is put before such a text, as OWASP
//! advises ("CSV Injection"). Columns of numbers are left as they are.

use super::out::{Out, Stop};
use crate::text::harmless::harmless;
use crate::text::inert::inert;
use csv::{ErrorKind, Terminator, Writer, WriterBuilder};
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
    use crate::text::inert::bare;
    use proptest::prelude::*;

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
                Some(row) => row.expect("a row").iter().map(|cell| bare(cell).into_owned()).collect(),
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
