//! Rows of a result as comma-separated values for a spreadsheet (RFC 4180): a first line with the names of the
//! columns, fields in quotation marks where they need them, lines that end in a carriage return and a line feed.

use super::out::{Out, Stop};
use crate::text::harmless::harmless;
use csv::{ErrorKind, Terminator, Writer, WriterBuilder};
use std::io;

/// A sheet on its way to standard output.
pub struct Sheet<'a> {
    writer: Writer<&'a mut Out>,
}

impl<'a> Sheet<'a> {
    /// Begins a sheet with the line of the names of its columns.
    pub fn new(out: &'a mut Out, columns: &[&str]) -> Result<Sheet<'a>, Stop> {
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        let mut sheet = Sheet { writer };
        sheet.writer.write_record(columns).map_err(stop)?;
        Ok(sheet)
    }

    /// Adds a row with one field for each column. Control codes become U+FFFD, as in every output.
    pub fn row(&mut self, fields: &[&str]) -> Result<(), Stop> {
        self.writer.write_record(fields.iter().map(|field| harmless(field).into_owned())).map_err(stop)
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
