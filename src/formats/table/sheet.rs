//! Spreadsheets of Excel (.xlsx): each sheet is a table.
//!
//! The cells are read one after the other by `calamine`, so that a cell that claims to lie at the end of the sheet takes
//! no memory. Before that, the parts are unpacked once and measured, so that a small file does not unpack to gigabytes.

use super::super::head::Head;
use super::super::{Gathered, Origin};
use super::{Columns, SAMPLE};
use calamine::{Data, DataRef, Reader, Xlsx};
use std::io::{Cursor, Read};

/// What the parts of a spreadsheet may unpack to, in bytes.
const UNPACKED_CAP: u64 = 512 << 20;
/// The most cells of a row that are read.
pub(super) const WIDTH_CAP: u32 = 1000;

/// Whether a file is a spreadsheet.
pub(in crate::formats) fn is_sheet(head: &Head) -> bool {
    head.has_member("xl/workbook.xml")
}

/// Reads all sheets of a file.
pub(in crate::formats) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    if let Err(why) = sheets(bytes, origin, found) {
        found.warnings.push(origin.warning(None, &format!("could not read the spreadsheet: {why}")));
    }
}

fn sheets(bytes: &[u8], origin: &Origin, found: &mut Gathered) -> Result<(), String> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut rows = Gathered::default();
        sheet(&mut book, &name, origin, &mut rows)?;
        sheets.push(rows);
    }
    add(sheets, origin, found);
    Ok(())
}

/// Adds what the sheets of a file hold.
pub(super) fn add(sheets: Vec<Gathered>, origin: &Origin, found: &mut Gathered) {
    let single = sheets.len() == 1;
    for mut sheet in sheets {
        // A sheet of figures beside one of articles is no fault.
        if single || !sheet.items.is_empty() {
            found.warnings.append(&mut sheet.warnings);
        }
        found.items.append(&mut sheet.items);
    }
    if found.items.is_empty() && found.warnings.is_empty() {
        found.warnings.push(
            origin
                .warning(None, "could not find articles in the spreadsheet: no column is a title or a text"),
        );
    }
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    origin: &Origin,
    found: &mut Gathered,
) -> Result<(), String> {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(()) };
    let mut table = Table::default();
    let (mut row, mut number) = (Vec::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (at, column) = cell.get_position();
        if at != number && !row.is_empty() {
            table.take(std::mem::take(&mut row), u64::from(number) + 1, origin, found);
        }
        number = at;
        if column < WIDTH_CAP {
            row.resize(row.len().max(column as usize), String::new());
            row.push(written(cell.get_value()));
        }
    }
    if !row.is_empty() {
        table.take(row, u64::from(number) + 1, origin, found);
    }
    table.finish(origin, found);
    Ok(())
}

/// A cell as text; days and times as `2022-01-03 10:00:00`.
fn written(cell: &DataRef) -> String {
    match Data::from(cell.clone()) {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(time) => time.as_datetime().map(|time| time.to_string()).unwrap_or_default(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

/// The rows of a sheet: the first ones are kept until they have told the columns.
#[derive(Default)]
pub(super) struct Table {
    kept: Vec<(Vec<String>, u64)>,
    columns: Option<Columns>,
}

impl Table {
    pub(super) fn take(&mut self, row: Vec<String>, line: u64, origin: &Origin, found: &mut Gathered) {
        match &mut self.columns {
            Some(columns) => columns.row(row.iter().map(String::as_str), line, origin, found),
            None => {
                self.kept.push((row, line));
                if self.kept.len() >= SAMPLE {
                    self.tell(origin, found);
                }
            }
        }
    }

    fn tell(&mut self, origin: &Origin, found: &mut Gathered) {
        let rows: Vec<Vec<String>> = self.kept.iter().map(|(row, _)| row.clone()).collect();
        let mut columns = Columns::of(&rows);
        columns.begin(origin, found);
        let kept = std::mem::take(&mut self.kept);
        if columns.has_text() {
            for (row, line) in kept.iter().skip(usize::from(columns.has_header)) {
                columns.row(row.iter().map(String::as_str), *line, origin, found);
            }
        }
        self.columns = Some(columns);
    }

    pub(super) fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        if self.columns.is_none() && !self.kept.is_empty() {
            self.tell(origin, found);
        }
        if let Some(columns) = self.columns.as_ref().filter(|columns| columns.has_text()) {
            columns.finish(origin, found);
        }
    }
}

/// Unpacks all parts without keeping them.
fn measure(bytes: &[u8]) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut left = UNPACKED_CAP;
    for at in 0..archive.len() {
        let Ok(part) = archive.by_index(at) else { continue };
        let length = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).unwrap_or(0);
        left = left.checked_sub(length).ok_or("it unpacks to more than 512 MiB; save it as CSV")?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::super::Stream;
    use super::*;
    use crate::article::day_or_undated;

    /// Compares the title, the day and the body of each article of a file, and the warnings, with `expected`. `members` are
    /// those of a ZIP archive.
    pub(in crate::formats::table) fn check(bytes: &[u8], members: &[&str], expected: &[&str]) {
        let origin = Origin { path: None, source: "book".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
        let mut stream = Stream::of_archive(origin, members.iter().map(|name| (*name).to_owned()).collect());
        let mut found = stream.push(bytes);
        let rest = stream.finish();
        found.0.extend(rest.0);
        found.1.extend(rest.1);
        let articles = found.0.iter().map(|article| {
            let body = article.body.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("{} | {} | {body}", article.title, day_or_undated(article.date()))
        });
        let shown: Vec<String> =
            articles.chain(found.1.iter().map(|warning| format!("! {}", warning.message))).collect();
        assert_eq!(shown, expected);
    }
}
