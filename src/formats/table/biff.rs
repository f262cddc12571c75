//! Spreadsheets of Excel 97 to 2003 (.xls): each sheet is a table.
//!
//! A file is a small file system (Microsoft's *Compound File Binary*, [MS-CFB]) with a stream of records in it (BIFF8,
//! [MS-XLS]). Only the records of cells are read, in the order of the file. `calamine` does not serve here: it reads records
//! without checking their length, and keeps each sheet as a rectangle, so that two cells of a broken file take gigabytes.
//!
//! The file has over 600 lines because the container, the records and the cells are three layers of one format that nothing
//! else reads.

use super::super::head::Head;
use super::super::{Gathered, Origin};
use super::sheet::{self, Table, WIDTH_CAP};
use chrono::{Duration, NaiveDate};

/// How a compound file begins.
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// What stands for the end of a chain of sectors.
const END: u32 = 0xffff_fffa;
/// The most bytes of shared texts that are kept.
const TEXTS_CAP: usize = 256 << 20;
/// The longest text of a cell, in characters, by the format.
const CELL_CAP: usize = 32_767;

/// Whether a file is a spreadsheet: a compound file with a stream called Workbook, and no document with one in it.
pub(in crate::formats) fn is_sheet(head: &Head) -> bool {
    let bytes = head.bytes();
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    bytes.starts_with(MAGIC) && !has("WordDocument\0") && (has("Workbook\0") || head.extension() == "xls")
}

/// Reads all sheets of a file.
pub(in crate::formats) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    let Some(stream) = Compound::open(bytes).and_then(|file| file.stream("Workbook")) else {
        let message =
            "could not read the spreadsheet: it is broken, or older than Excel 97; save it as .xlsx";
        return found.warnings.push(origin.warning(None, message));
    };
    match Book::default().sheets(&stream, origin) {
        Ok(sheets) => sheet::add(sheets, origin, found),
        Err(why) => {
            found.warnings.push(origin.warning(None, &format!("could not read the spreadsheet: {why}")));
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A compound file.
struct Compound<'b> {
    bytes: &'b [u8],
    /// The size of a sector, in bytes.
    sector: usize,
    /// For each sector the one that follows it.
    next: Vec<u32>,
    /// The entries of the directory, 128 bytes each.
    directory: Vec<u8>,
}

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Option<Compound<'b>> {
        let shift = u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
        let sector = 1usize << shift;
        let mut file = Compound { bytes, sector, next: Vec::new(), directory: Vec::new() };
        let most = bytes.len() / sector + 1;
        let mut tables: Vec<u32> = (0..109).filter_map(|at| u32_at(bytes, 76 + 4 * at)).collect();
        // Large files list the sectors of the table in further sectors, each of which ends with the next of them.
        let mut further = u32_at(bytes, 68)?;
        for _ in 0..most {
            let Some(list) = file.at(further) else { break };
            let entries = sector / 4 - 1;
            tables.extend((0..entries).filter_map(|at| u32_at(list, 4 * at)));
            further = u32_at(list, 4 * entries).unwrap_or(u32::MAX);
        }
        for table in tables.into_iter().filter(|table| *table < END).take(most) {
            let Some(list) = file.at(table) else { break };
            file.next.extend((0..sector / 4).filter_map(|at| u32_at(list, 4 * at)));
        }
        file.directory = file.chain(u32_at(bytes, 48)?);
        Some(file)
    }

    /// A sector; `None` if it lies outside of the file.
    fn at(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| number < END && !sector.is_empty())
    }

    /// The sectors from `first` on, each of which names the next one. None is read twice.
    fn chain(&self, first: u32) -> Vec<u8> {
        let (mut out, mut number) = (Vec::new(), first);
        for _ in 0..=self.next.len() {
            let Some(sector) = self.at(number) else { break };
            out.extend_from_slice(sector);
            let Some(next) = self.next.get(number as usize) else { break };
            number = *next;
        }
        out.truncate(self.bytes.len());
        out
    }

    /// The content of a stream.
    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut entries = self.directory.chunks_exact(128);
        let entry = entries.clone().find(|entry| {
            u16_at(entry, 64).is_some_and(|length| usize::from(length) == name.len() + 2)
                && entry.starts_with(&name)
        })?;
        let (first, size) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
        let mut content = if size >= u32_at(self.bytes, 56)? as usize {
            self.chain(first)
        } else {
            // Short streams lie in pieces of 64 bytes in a stream of their own.
            let root = entries.next()?;
            let pieces = self.chain(u32_at(root, 116)?);
            let next = self.chain(u32_at(self.bytes, 60)?);
            let (mut out, mut number) = (Vec::new(), first as usize);
            for _ in 0..=next.len() / 4 {
                let Some(piece) =
                    number.checked_mul(64).and_then(|at| pieces.get(at..(at + 64).min(pieces.len())))
                else {
                    break;
                };
                out.extend_from_slice(piece);
                let Some(following) = u32_at(&next, 4 * number) else { break };
                number = following as usize;
            }
            out
        };
        content.truncate(size);
        Some(content)
    }
}

/// The kinds of records that are read.
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const EOF: u16 = 0x000a;
    pub(super) const DATE_MODE: u16 = 0x0022;
    pub(super) const PASSWORD: u16 = 0x002f;
    pub(super) const CONTINUE: u16 = 0x003c;
    pub(super) const MANY_SHORT_NUMBERS: u16 = 0x00bd;
    pub(super) const RICH_TEXT: u16 = 0x00d6;
    pub(super) const STYLE: u16 = 0x00e0;
    pub(super) const TEXTS: u16 = 0x00fc;
    pub(super) const SHARED_TEXT: u16 = 0x00fd;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const RESULT: u16 = 0x0207;
    pub(super) const SHORT_NUMBER: u16 = 0x027e;
    pub(super) const FORMAT: u16 = 0x041e;
    pub(super) const BOF: u16 = 0x0809;
}

/// What the records of a file say about all of its sheets.
#[derive(Default)]
struct Book {
    texts: Vec<String>,
    /// The formats of numbers that are dates, and the number of the format of each style.
    dates: Vec<u16>,
    styles: Vec<u16>,
    /// Whether days are counted from 1904.
    since_1904: bool,
}

/// A sheet while it is read.
#[derive(Default)]
struct Rows {
    table: Table,
    found: Gathered,
    row: Vec<String>,
    number: u16,
}

impl Rows {
    fn put(&mut self, row: u16, column: u16, text: String, origin: &Origin) {
        if row != self.number {
            self.flush(origin);
            self.number = row;
        }
        let column = usize::from(column);
        if column < WIDTH_CAP as usize && !text.is_empty() {
            self.row.resize(self.row.len().max(column + 1), String::new());
            if let Some(cell) = self.row.get_mut(column) {
                *cell = text;
            }
        }
    }

    fn flush(&mut self, origin: &Origin) {
        let row = std::mem::take(&mut self.row);
        if !row.is_empty() {
            self.table.take(row, u64::from(self.number) + 1, origin, &mut self.found);
        }
    }

    fn finish(mut self, origin: &Origin) -> Gathered {
        self.flush(origin);
        self.table.finish(origin, &mut self.found);
        self.found
    }
}

impl Book {
    /// What the rows of each sheet hold.
    fn sheets(mut self, stream: &[u8], origin: &Origin) -> Result<Vec<Gathered>, &'static str> {
        let mut sheets: Vec<Gathered> = Vec::new();
        let mut sheet: Option<Rows> = None;
        // How many parts are open within one another; those within a sheet are charts.
        let mut depth = 0u32;
        // The cell whose text comes in a record of its own.
        let mut waiting = None;
        let mut records = Records { stream, at: 0 };
        while let Some((kind, data)) = records.next() {
            match kind {
                record::BOF => {
                    depth += 1;
                    if u16_at(data, 0) != Some(0x0600) {
                        return Err("it is older than Excel 97; save it as .xlsx");
                    }
                    if depth == 1 && u16_at(data, 2) == Some(0x0010) {
                        sheet = Some(Rows::default());
                    }
                }
                record::EOF => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        sheets.extend(sheet.take().map(|rows| rows.finish(origin)));
                    }
                }
                record::PASSWORD => return Err("it is encrypted; save it without a password"),
                record::DATE_MODE => self.since_1904 = u16_at(data, 0) == Some(1),
                record::FORMAT => self.format(data),
                record::STYLE => self.styles.push(u16_at(data, 2).unwrap_or_default()),
                record::TEXTS => self.texts = texts(data, &mut records),
                _ if depth == 1 => {
                    if let Some(rows) = &mut sheet {
                        self.cell(kind, data, &mut waiting, &mut |(row, column), text| {
                            rows.put(row, column, text, origin);
                        });
                    }
                }
                _ => {}
            }
        }
        sheets.extend(sheet.map(|rows| rows.finish(origin)));
        Ok(sheets)
    }

    fn format(&mut self, data: &[u8]) {
        let number = u16_at(data, 0).unwrap_or_default();
        let text = long_text(data, 2).unwrap_or_default();
        if is_date(&text) {
            self.dates.push(number);
        }
    }

    /// Hands over the cells of a record.
    fn cell(
        &self,
        kind: u16,
        data: &[u8],
        waiting: &mut Option<(u16, u16)>,
        put: &mut dyn FnMut((u16, u16), String),
    ) {
        if kind == record::RESULT {
            if let Some(place) = waiting.take() {
                put(place, long_text(data, 0).unwrap_or_default());
            }
            return;
        }
        let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let style = u16_at(data, 4).unwrap_or_default();
        let double = || Some(f64::from_le_bytes(data.get(6..14)?.try_into().ok()?));
        match kind {
            record::SHARED_TEXT => {
                let text = u32_at(data, 6).and_then(|at| self.texts.get(at as usize));
                put((row, column), text.cloned().unwrap_or_default());
            }
            record::TEXT | record::RICH_TEXT => put((row, column), long_text(data, 6).unwrap_or_default()),
            record::NUMBER => put((row, column), self.number(double().unwrap_or_default(), style)),
            record::SHORT_NUMBER => {
                put((row, column), self.number(short(u32_at(data, 6).unwrap_or_default()), style));
            }
            record::MANY_SHORT_NUMBERS => {
                let numbers = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (column, cell) in (column..).zip(numbers.chunks_exact(6)) {
                    let style = u16_at(cell, 0).unwrap_or_default();
                    put((row, column), self.number(short(u32_at(cell, 2).unwrap_or_default()), style));
                }
            }
            record::FORMULA if data.get(12..14) == Some(&[0xff, 0xff]) => {
                *waiting = (data.get(6) == Some(&0)).then_some((row, column));
            }
            record::FORMULA => put((row, column), self.number(double().unwrap_or_default(), style)),
            _ => {}
        }
    }

    /// A number as text; days and times as `2022-01-03 10:00:00`.
    fn number(&self, number: f64, style: u16) -> String {
        let format = self.styles.get(usize::from(style)).copied().unwrap_or_default();
        let is_date = matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58) || self.dates.contains(&format);
        // The last day is that of the year 9999.
        if is_date && (1.0..2_958_466.0).contains(&number) {
            let zero = match self.since_1904 {
                true => NaiveDate::from_ymd_opt(1904, 1, 1),
                // Excel has a 29 February 1900.
                false => NaiveDate::from_ymd_opt(1899, 12, 30),
            };
            let seconds = (number * 86_400.0).round() as i64;
            let time =
                zero.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|time| time + Duration::seconds(seconds));
            return time.map(|time| time.to_string()).unwrap_or_default();
        }
        match number.fract() == 0.0 && number.abs() < 1e15 {
            true => format!("{number:.0}"),
            false => number.to_string(),
        }
    }
}

/// Whether a format of numbers is one of days or times: whether it has a letter for a part of a date outside of quotation
/// marks and brackets.
fn is_date(format: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    format.chars().any(|c| {
        let plain = !(quoted || bracketed || escaped);
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '"' if !was_escaped => quoted = !quoted,
            '[' if plain => bracketed = true,
            ']' => bracketed = false,
            '\\' | '_' | '*' if plain => escaped = true,
            _ => {}
        }
        plain && matches!(c, 'd' | 'D' | 'y' | 'Y' | 'h' | 'H')
    })
}

/// A number in 30 bits and two flags: in hundredths, and whole or the upper half of a double.
fn short(bits: u32) -> f64 {
    let number = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits as i32 >> 2),
    };
    if bits & 1 == 1 { number / 100.0 } else { number }
}

/// The records of a stream.
struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    /// The kind of the next record and its data, and moves on.
    fn next(&mut self) -> Option<(u16, &'s [u8])> {
        let (kind, length) = (u16_at(self.stream, self.at)?, u16_at(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let data = self.stream.get(start..start + usize::from(length))?;
        self.at = start + data.len();
        Some((kind, data))
    }

    /// The data of the next record if it continues the one before it.
    fn continued(&mut self) -> Option<&'s [u8]> {
        (u16_at(self.stream, self.at)? == record::CONTINUE)
            .then(|| self.next())
            .flatten()
            .map(|(_, data)| data)
    }
}

/// The characters of a text: one byte each, or two.
fn characters(bytes: &[u8], is_wide: bool, out: &mut Vec<u16>) {
    match is_wide {
        true => out.extend(bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair))),
        false => out.extend(bytes.iter().map(|byte| u16::from(*byte))),
    }
}

/// The text at a place in a record, whose length stands before it in two bytes.
fn long_text(data: &[u8], at: usize) -> Option<String> {
    let (length, flags) = (usize::from(u16_at(data, at)?), *data.get(at + 2)?);
    let is_wide = flags & 1 == 1;
    let start = at + 3 + if flags & 8 == 8 { 2 } else { 0 } + if flags & 4 == 4 { 4 } else { 0 };
    let end = (start + length.min(CELL_CAP) * (1 + usize::from(is_wide))).min(data.len());
    let mut units = Vec::new();
    characters(data.get(start..end)?, is_wide, &mut units);
    Some(String::from_utf16_lossy(&units))
}

/// The texts that cells share. They go on over several records; where a text does, the next record says anew how wide its
/// characters are.
fn texts<'s>(data: &'s [u8], records: &mut Records<'s>) -> Vec<String> {
    let mut reader = Reader { data, records };
    let (mut texts, mut size) = (Vec::new(), 0);
    let Some(count) = reader.skip(4).and_then(|()| reader.number(4)) else { return texts };
    for _ in 0..count {
        let Some(text) = reader.text() else { break };
        size += text.len() + 24;
        if size > TEXTS_CAP {
            break;
        }
        texts.push(text);
    }
    texts
}

struct Reader<'r, 's> {
    data: &'s [u8],
    records: &'r mut Records<'s>,
}

impl Reader<'_, '_> {
    /// Goes on to the next record if this one is read.
    fn fill(&mut self) -> Option<()> {
        while self.data.is_empty() {
            self.data = self.records.continued()?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.fill()?;
        let (first, rest) = self.data.split_first()?;
        self.data = rest;
        Some(*first)
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0, |number, at| Some(number | u32::from(self.byte()?) << (8 * at)))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            self.fill()?;
            let step = bytes.min(self.data.len());
            self.data = self.data.get(step..)?;
            bytes -= step;
        }
        Some(())
    }

    fn text(&mut self) -> Option<String> {
        let (mut left, mut flags) = (self.number(2)? as usize, self.byte()?);
        let runs = if flags & 8 == 8 { self.number(2)? as usize } else { 0 };
        let further = if flags & 4 == 4 { self.number(4)? as usize } else { 0 };
        let mut units = Vec::new();
        while left > 0 {
            if self.data.is_empty() {
                self.fill()?;
                flags = self.byte()?;
            }
            let width = 1 + usize::from(flags & 1);
            let count = left.min(self.data.len() / width);
            if count == 0 {
                // Half a character.
                self.data = &[];
                continue;
            }
            let (text, rest) = self.data.split_at(count * width);
            characters(text, width == 2, &mut units);
            (self.data, left) = (rest, left - count);
        }
        self.skip(4 * runs)?;
        self.skip(further)?;
        Some(String::from_utf16_lossy(&units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("short");
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    fn numbers(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// A text with its length before it, one byte a character.
    fn text(text: &str) -> Vec<u8> {
        let length = u16::try_from(text.len()).expect("short");
        [&length.to_le_bytes()[..], &[0], text.as_bytes()].concat()
    }

    /// A compound file with a stream called Workbook, which is made at least 4,096 bytes long.
    fn file(mut stream: Vec<u8>) -> Vec<u8> {
        stream.resize(stream.len().next_multiple_of(512).max(4096), 0);
        let sectors = stream.len() / 512;
        let mut header = MAGIC.to_vec();
        header.resize(512, 0xff);
        header[30..32].copy_from_slice(&9u16.to_le_bytes());
        for (at, value) in [(48, 1u32), (56, 4096), (60, u32::MAX), (68, u32::MAX), (76, 0)] {
            header[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        let mut next = vec![u32::MAX; 128];
        (next[0], next[1]) = (0xffff_fffd, 0xffff_fffe);
        for at in 0..sectors {
            next[2 + at] = if at + 1 == sectors { 0xffff_fffe } else { 3 + at as u32 };
        }
        let entry = |name: &str, first: u32, size: usize| {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry.resize(128, 0);
            entry[64..66].copy_from_slice(&(2 * name.len() as u16 + 2).to_le_bytes());
            entry[116..120].copy_from_slice(&first.to_le_bytes());
            entry[120..124].copy_from_slice(&(size as u32).to_le_bytes());
            entry
        };
        let mut directory = [entry("Root Entry", 0, 0), entry("Workbook", 2, stream.len())].concat();
        directory.resize(512, 0);
        let next: Vec<u8> = next.iter().flat_map(|number| number.to_le_bytes()).collect();
        [header, next, directory, stream].concat()
    }

    fn book() -> Vec<u8> {
        let long = "It fell. ".repeat(3);
        let (one, two) = long.split_at(10);
        // The last text goes on in a record of its own, in wide characters.
        let wide: Vec<u8> = two.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut texts =
            [&[4, 0, 0, 0, 4, 0, 0, 0][..], &text("Title"), &text("Date"), &text("Text")].concat();
        texts.extend([&(long.len() as u16).to_le_bytes()[..], &[0], one.as_bytes()].concat());
        let mut out = record(record::BOF, &numbers(&[0x0600, 5, 0, 0, 0, 0, 0, 0]));
        out.extend(record(record::FORMAT, &[&numbers(&[164])[..], &text("dd\\.mm\\.yyyy")].concat()));
        out.extend(record(record::STYLE, &numbers(&[0, 0])));
        out.extend(record(record::STYLE, &numbers(&[0, 164])));
        out.extend(record(record::TEXTS, &texts));
        out.extend(record(record::CONTINUE, &[&[1][..], &wide].concat()));
        out.extend(record(record::EOF, &[]));
        out.extend(record(record::BOF, &numbers(&[0x0600, 0x10, 0, 0, 0, 0, 0, 0])));
        for column in 0..3 {
            out.extend(record(record::SHARED_TEXT, &numbers(&[0, column, 0, column, 0])));
        }
        out.extend(record(record::TEXT, &[&numbers(&[1, 0, 0])[..], &text("Bridge falls")].concat()));
        let day = [&numbers(&[1, 1, 1])[..], &44564.5f64.to_le_bytes()].concat();
        out.extend(record(record::NUMBER, &day));
        out.extend(record(record::SHARED_TEXT, &numbers(&[1, 2, 0, 3, 0])));
        // A formula whose result is a text, and a short number: 44565 in 30 bits.
        let mut formula = numbers(&[9, 0, 0]);
        formula.extend([0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0]);
        out.extend(record(record::FORMULA, &formula));
        out.extend(record(record::RESULT, &text("Ferry returns")));
        let bits = (44565u32 << 2) | 2;
        let many = [&numbers(&[9, 1, 1])[..], &bits.to_le_bytes(), &numbers(&[1])].concat();
        out.extend(record(record::MANY_SHORT_NUMBERS, &many));
        out.extend(record(record::TEXT, &[&numbers(&[9, 2, 0])[..], &text("It is back.")].concat()));
        out.extend(record(record::EOF, &[]));
        file(out)
    }

    #[test]
    fn each_row_is_an_article() {
        sheet::tests::check(
            &book(),
            &[],
            &[
                "Bridge falls | 2022-01-03 | It fell. It fell. It fell.",
                "Ferry returns | 2022-01-04 | It is back.",
            ],
        );
    }

    #[test]
    fn what_is_broken_is_a_warning() {
        let whole = book();
        for length in (0..whole.len()).step_by(97) {
            let mut found = Gathered::default();
            let origin = Origin { path: None, source: "a".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
            read(&whole[..length], &origin, &mut found);
            assert!(!found.warnings.is_empty() || !found.items.is_empty(), "{length}");
        }
        let older = file(record(record::BOF, &numbers(&[0x0500, 5])));
        sheet::tests::check(
            &older,
            &[],
            &["! could not read the spreadsheet: it is older than Excel 97; save it as .xlsx"],
        );
    }

    #[test]
    fn formats_of_dates() {
        for (format, expected) in [
            ("dd/mm/yyyy", true),
            ("h:mm", true),
            ("0.00", false),
            ("[Red]0", false),
            ("\"day\" 0", false),
            ("General", false),
        ] {
            assert_eq!(is_date(format), expected, "{format}");
        }
        assert_eq!(short((7 << 2) | 3), 0.07);
    }
}
