//! CSV, TSV and their like: cells between commas, semicolons, tabs or bars, with quoted line breaks, in any character
//! set, with a byte order mark or without, read as a stream by `csv-core`.

use super::super::exported;
use super::super::head::{HEAD, Head};
use super::super::json::fields;
use super::super::records::Records;
use super::super::{Gathered, Origin};
use super::{Columns, SAMPLE};
use crate::text::charset::Pieces;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The longest record, in bytes; a longer one has a quotation mark that is not closed.
const RECORD_CAP: usize = 32 << 20;
/// What stands between cells, in the order in which they are tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    /// Whether a quotation mark within quotes is written `\"` and not `""`.
    escapes: bool,
    /// What stands around a cell that has delimiters in it.
    quote: u8,
}

impl Dialect {
    fn reader(self) -> Reader {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.delimiter).quote(self.quote);
        if self.escapes {
            builder.escape(Some(b'\\'));
        }
        builder.build()
    }
}

/// Whether a file begins as a table.
pub(in crate::formats) fn is_table(head: &Head) -> bool {
    let is_named = matches!(head.extension().as_str(), "csv" | "tsv" | "tab" | "psv");
    dialect(head.text(), is_named).is_some()
}

/// A reader of a table.
pub(in crate::formats) fn records(_origin: &Origin) -> Box<dyn Records> {
    Box::new(Csv::default())
}

/// How the table is written whose text begins so; `None` if it is no table. `is_named` says that its file is called one.
fn dialect(text: &str, is_named: bool) -> Option<Dialect> {
    let text = text.trim_start_matches(['\u{feff}', '\r', '\n']);
    if let Some(delimiter) = separator(text).or_else(|| exported::table::delimiter(text)) {
        return Some(Dialect { delimiter, escapes: false, quote: b'"' });
    }
    // Markup and JSON have commas too.
    if text.trim_start().starts_with(['<', '{']) {
        return None;
    }
    let escapes = text.matches("\\\"").count() > 2 && !text.contains("\"\"");
    let candidates =
        DELIMITERS.into_iter().map(|delimiter| Dialect { delimiter, escapes, quote: quote(text, delimiter) });
    candidates
        .filter_map(|dialect| Some((fit(text, dialect, is_named)?, dialect)))
        .max_by_key(|(fit, _)| *fit)
        .map(|(_, dialect)| dialect)
}

/// What stands around cells: `'` if cells begin and end with it, and none with `"`.
fn quote(text: &str, delimiter: u8) -> u8 {
    let delimiter = char::from(delimiter);
    let around = |quote: char| {
        let begun = text.matches(&format!("{delimiter}{quote}")).count();
        let ended = text.matches(&format!("{quote}{delimiter}")).count()
            + text.matches(&format!("{quote}\n")).count();
        begun.min(ended + text.matches(&format!("{quote}\r")).count())
    };
    if around('\'') >= 2 && around('"') == 0 { b'\'' } else { b'"' }
}

/// What a first line `sep=;` says, as Excel writes it.
fn separator(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim().trim_matches('"').to_ascii_lowercase();
    let [separator] = line.strip_prefix("sep=")?.as_bytes() else { return None };
    DELIMITERS.contains(separator).then_some(*separator)
}

/// How well a text is read as a table of this dialect: how many known names its header has, and its width. `None` if it
/// is no table.
fn fit(text: &str, dialect: Dialect, is_named: bool) -> Option<(usize, usize)> {
    let rows = rows(text, dialect);
    let first = rows.first()?;
    let width = common_width(&rows)?;
    if width < 2 || first.len() < 2 {
        return None;
    }
    let even = rows.iter().filter(|row| row.len() == width).count();
    let known: Vec<bool> = first.iter().filter_map(|name| fields::known(name)).collect();
    let names = first.iter().all(|name| super::is_name(name))
        && first.iter().filter(|name| name.trim().is_empty()).count() <= 1;
    let named = names && known.contains(&true) && known.len() >= 2 && known.len() * 3 >= first.len();
    if named && (rows.len() == 1 && known.len() >= 3 || rows.len() > 1 && even * 10 >= rows.len() * 8) {
        return Some((1 + known.len(), width));
    }
    // Without a header that is known only a strict form is a table: in prose blanks follow commas.
    let strict = match rows.len() {
        0 | 1 => false,
        2..=20 => even == rows.len(),
        count => even * 100 >= count * 95,
    };
    let quote = char::from(dialect.quote);
    let quoted = text.lines().filter(|line| line.starts_with(quote)).count() * 2 >= rows.len();
    let (tight, loose) = spacing(text, dialect);
    let is_tight = loose * 5 <= tight + loose;
    let wide = match dialect.delimiter {
        b'\t' => width >= 3 || rows.len() >= 3,
        b'|' => width >= 4 && rows.len() >= 3,
        _ => {
            let between = |delimiter| text.contains(&format!("{quote}{delimiter}{quote}"));
            is_named || width >= 3 || quoted && between(',') || between(';') || quote == '\''
        }
    };
    (strict && wide && is_tight).then_some((0, width))
}

/// The width that most rows have.
fn common_width(rows: &[Vec<String>]) -> Option<usize> {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let longest = widths.chunk_by(|a, b| a == b).max_by_key(|run| run.len())?;
    longest.first().copied()
}

/// How many delimiters outside of quotes have no blank after them, and how many have one.
fn spacing(text: &str, dialect: Dialect) -> (usize, usize) {
    let (mut tight, mut loose, mut quoted) = (0, 0, false);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if *byte == dialect.quote => quoted = !quoted,
            _ if *byte == dialect.delimiter && !quoted => match bytes.get(at + 1) {
                Some(b' ') => loose += 1,
                _ => tight += 1,
            },
            _ => {}
        }
    }
    (tight, loose)
}

/// The first rows of a text. A last row that may not be whole is left out.
fn rows(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
    let mut reading = Reading::new(dialect);
    let mut rows = Vec::new();
    let mut keep = |cells: &[&str], _: u64| {
        if rows.len() < SAMPLE
            && !(cells.len() == 1 && cells.first().is_some_and(|cell| cell.trim().is_empty()))
        {
            rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
        }
    };
    reading.feed(text.as_bytes(), &mut keep);
    if text.len() < HEAD / 2 || text.ends_with('\n') {
        reading.end(&mut keep);
    }
    rows
}

/// `csv-core` with its buffers. Each record is handed over with the line on which it begins.
#[derive(Debug)]
struct Reading {
    reader: Reader,
    cells: Vec<u8>,
    /// Where the cells end in `cells`, in bytes.
    ends: Vec<usize>,
    /// How much of both is filled.
    filled: (usize, usize),
    /// The line on which the record begins.
    line: u64,
    /// Whether the rest of the line is skipped.
    skipping: bool,
    /// The lines on which records began that were too long.
    overlong: Vec<u64>,
}

type Keep<'k> = &'k mut dyn FnMut(&[&str], u64);

impl Reading {
    fn new(dialect: Dialect) -> Reading {
        Reading {
            reader: dialect.reader(),
            cells: vec![0; 4096],
            ends: vec![0; 32],
            filled: (0, 0),
            line: 1,
            skipping: false,
            overlong: Vec::new(),
        }
    }

    /// Reads the next bytes. They are not empty; the cells in them are valid UTF-8.
    fn feed(&mut self, mut input: &[u8], keep: Keep) {
        while !input.is_empty() {
            if self.skipping {
                let Some(at) = memchr::memchr(b'\n', input) else { return };
                input = input.get(at + 1..).unwrap_or_default();
                self.skipping = false;
                continue;
            }
            let used = self.step(input, keep);
            input = input.get(used..).unwrap_or_default();
        }
    }

    /// Reads what is left, as the text has ended.
    fn end(&mut self, keep: Keep) {
        for _ in 0..64 {
            let before = self.filled;
            self.step(&[], keep);
            if self.filled == (0, 0) || self.filled == before {
                break;
            }
        }
    }

    fn step(&mut self, input: &[u8], keep: Keep) -> usize {
        let (Some(cells), Some(ends)) =
            (self.cells.get_mut(self.filled.0..), self.ends.get_mut(self.filled.1..))
        else {
            return input.len();
        };
        let (result, read, written, ended) = self.reader.read_record(input, cells, ends);
        self.filled = (self.filled.0 + written, self.filled.1 + ended);
        match result {
            ReadRecordResult::OutputFull => self.grow(),
            ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            ReadRecordResult::Record => {
                self.hand_over(keep);
                self.filled = (0, 0);
                self.line = self.reader.line();
            }
            ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
        }
        read
    }

    fn grow(&mut self) {
        if self.cells.len() < RECORD_CAP {
            self.cells.resize(self.cells.len() * 2, 0);
            return;
        }
        self.overlong.push(self.line);
        let line = self.reader.line();
        self.reader.reset();
        self.reader.set_line(line);
        self.line = line;
        self.filled = (0, 0);
        self.skipping = true;
    }

    fn hand_over(&self, keep: Keep) {
        let mut start = 0;
        let cells: Vec<&str> = self
            .ends
            .iter()
            .take(self.filled.1)
            .map(|end| {
                let cell = self.cells.get(start..*end).unwrap_or_default();
                start = *end;
                std::str::from_utf8(cell).unwrap_or_default()
            })
            .collect();
        keep(&cells, self.line);
    }
}

/// A table as it comes.
#[derive(Debug, Default)]
struct Csv {
    pieces: Pieces,
    /// What has come before the columns are told.
    begin: String,
    reading: Option<(Reading, Columns)>,
    is_done: bool,
}

impl Records for Csv {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        let text = self.pieces.push(bytes, false);
        self.take(&text, false, origin, found);
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        let text = self.pieces.push(&[], true);
        self.take(&text, true, origin, found);
        if let Some((reading, columns)) = &mut self.reading {
            reading.end(&mut |cells, line| columns.row(cells.iter().copied(), line, origin, found));
            columns.finish(origin, found);
        }
    }

    fn is_done(&self) -> bool {
        self.is_done
    }
}

impl Csv {
    fn take(&mut self, text: &str, at_end: bool, origin: &Origin, found: &mut Gathered) {
        if let Some(doubt) = self.pieces.take_doubt() {
            found.warnings.push(origin.warning(None, &doubt.to_string()));
        }
        if self.is_done {
            return;
        }
        if self.reading.is_some() {
            return self.read(text, origin, found);
        }
        self.begin.push_str(text);
        // The columns are told by the same text however the file is cut into pieces.
        if self.begin.len() < HEAD && !at_end {
            return;
        }
        let text = std::mem::take(&mut self.begin);
        let end = (0..=HEAD.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let sample = text.get(..end).unwrap_or_default();
        let dialect =
            dialect(sample, true).unwrap_or(Dialect { delimiter: b',', escapes: false, quote: b'"' });
        let hint = separator(sample).is_some();
        let mut sampled = rows(sample, dialect);
        if hint && !sampled.is_empty() {
            sampled.remove(0);
        }
        let columns = Columns::of(&sampled);
        columns.begin(origin, found);
        self.is_done = !columns.has_text();
        let mut skipped = usize::from(hint) + usize::from(columns.has_header);
        let (mut reading, mut columns) = (Reading::new(dialect), columns);
        if self.is_done {
            return;
        }
        reading.feed(text.as_bytes(), &mut |cells, line| match skipped {
            0 => columns.row(cells.iter().copied(), line, origin, found),
            _ => skipped -= 1,
        });
        // The rest of the header, if the text ends within it.
        if skipped > 0 && at_end {
            reading.end(&mut |_, _| {});
        }
        self.reading = Some((reading, columns));
    }

    fn read(&mut self, text: &str, origin: &Origin, found: &mut Gathered) {
        let Some((reading, columns)) = &mut self.reading else { return };
        reading.feed(text.as_bytes(), &mut |cells, line| {
            columns.row(cells.iter().copied(), line, origin, found);
        });
        for line in std::mem::take(&mut reading.overlong) {
            let message =
                "could not read the row: it is longer than 16 MiB; a quotation mark may not be closed";
            found.warnings.push(origin.warning(Some(line), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Origin, Stream, read};
    use super::*;
    use crate::article::day_or_undated;
    use chrono::DateTime;

    fn origin(name: &str) -> Origin {
        Origin { path: Some(name.to_owned()), source: "pile".to_owned(), time: DateTime::UNIX_EPOCH }
    }

    /// `title / day / source / author / body` of each article, then the warnings without the one about dates.
    fn check(name: &str, bytes: &[u8], expected: &[&str]) {
        let (articles, warnings) = read(bytes, &origin(name));
        let shown = articles.iter().map(|article| {
            let day = day_or_undated(article.date());
            let author = article.author.clone().unwrap_or_default();
            let parts =
                [article.title.clone(), day, article.source.clone(), author, article.body.replace('\n', "¶")];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
        });
        let warnings =
            warnings.iter().map(ToString::to_string).filter(|warning| !warning.contains("every date"));
        let found: Vec<String> = shown.chain(warnings).collect();
        assert_eq!(found, expected, "{name}");
        // However it is cut into pieces.
        let mut stream = Stream::new(origin(name));
        let mut pieces = Vec::new();
        for piece in bytes.chunks(7) {
            pieces.extend(stream.push(piece).0);
        }
        pieces.extend(stream.finish().0);
        assert_eq!(pieces, articles);
    }

    #[test]
    fn cells_between_single_quotation_marks() {
        let more = " The harbour was full of people who had come to see the ferries.".repeat(3);
        let rows = format!(
            "Sport;'Ferry team wins; the harbour \"sings\".{more}'\nWeb;Nobody could read the site of the bank.{more}\n\
             Sport;'The team''s coach stays; he said \"yes\".{more}'\n"
        );
        let (articles, _) = read(rows.as_bytes(), &origin("a.csv"));
        let bodies: Vec<&str> = articles.iter().map(|article| article.body.as_str()).collect();
        assert_eq!(bodies.len(), 3, "{bodies:?}");
        assert!(bodies[0].starts_with("Ferry team wins; the harbour \"sings\"."), "{bodies:?}");
        assert!(bodies[2].starts_with("The team's coach stays; he said \"yes\""), "{bodies:?}");
    }

    #[test]
    fn a_table_of_names_has_no_articles() {
        let rows = "key;name;other_name;code\n1004;A A R CORP;;\n1005;HARBOUR LINES;HARBOUR LINES INC;HL\n1007;SUND LINE;;\n";
        let told = "a.csv: could not find articles in the table: no column is a title or a text (key, name, other_name, code)";
        check("a.csv", rows.as_bytes(), &[told]);
        let rows = "id,name,url\n1,Bridge falls,https://example.org/1\n2,Dam holds,https://example.org/2\n";
        check(
            "a.csv",
            rows.as_bytes(),
            &["Bridge falls / undated / example.org", "Dam holds / undated / example.org"],
        );
    }

    #[test]
    fn columns_that_are_headlines_of_some_kind() {
        let rows = "flag,count,top_headline,article_link,source_title,pub_date\n\
                    a,34,Bridge falls,https://example.org/1,Wire,2022-01-03T10:00:00\nb,5,Dam holds,https://example.org/2,Wire,2022-01-04T10:00:00\n";
        check(
            "a.csv",
            rows.as_bytes(),
            &["Bridge falls / 2022-01-03 / Wire", "Dam holds / 2022-01-04 / Wire"],
        );
    }

    #[test]
    fn tables_with_a_header() {
        let rows = "Title,Published At,source,Author,body\r\n\"Dam holds, all well\",2022-01-04,Wire,Jon Berg,\"It held.\r\n\r\n\"\"Well,\"\" he said.\"\r\nTwo,2022-01-05,Wire,,B.\r\n";
        let expected = [
            "Dam holds, all well / 2022-01-04 / Wire / Jon Berg / It held.¶¶\"Well,\" he said.",
            "Two / 2022-01-05 / Wire / B.",
        ];
        check("a.csv", rows.as_bytes(), &expected);
        check("a", rows.as_bytes(), &expected);
        check("a.csv", format!("\u{feff}{rows}").as_bytes(), &expected);
        let wide: Vec<u8> = format!("\u{feff}{rows}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        check("a.csv", &wide, &expected);
        check(
            "a.csv",
            b"title;text\nCaf\xe9;Ferm\xe9, dit-il.\n",
            &["Café / undated / pile / Fermé, dit-il."],
        );
        check(
            "a.tsv",
            b"title\ttext\nOne\tA.\nTwo\tnull\n",
            &["One / undated / pile / A.", "Two / undated / pile"],
        );
        check("a.csv", b"sep=;\ntitle;text\nOne;A.\n", &["One / undated / pile / A."]);
        check("a.csv", b"title,url\nOne,https://www.example.org/1\n", &["One / undated / example.org"]);
    }

    #[test]
    fn tables_without_a_header() {
        check(
            "a.csv",
            b"\"3\",\"Dam holds in the rain\",\"The dam held on Monday, said the mayor of the town.\"\n\"4\",\"Ferry sails again\",\"It sailed on Tuesday in spite of the wind.\"\n",
            &[
                "Dam holds in the rain / undated / pile / The dam held on Monday, said the mayor of the town.",
                "Ferry sails again / undated / pile / It sailed on Tuesday in spite of the wind.",
                "a.csv: could not find a header: what the columns hold gave the title from column 2, the body from column 3",
            ],
        );
        check(
            "a.csv",
            b"publish_date,headline_text\n20030219,dam holds in the rain\n20030220,ferry sails again\n",
            &[
                "dam holds in the rain / 2003-02-19 / pile",
                "ferry sails again / 2003-02-20 / pile",
                "a.csv: could not understand the header: what the columns hold gave the title from \"headline_text\"",
            ],
        );
        check(
            "a.csv",
            b"id,x,y\n1,2,3\n2,3,4\n",
            &["a.csv: could not find articles in the table: no column is a title or a text (id, x, y)"],
        );
    }

    #[test]
    fn prose_is_no_table() {
        for text in [
            "Roses are red, violets are blue,\nthe dam, it holds, the ferry, too.\n",
            "Milk, 2\nBread, 1\nEggs, 12\n",
            "Petrova, Ana\nOkafor, Jon\nWei, Li\n",
            "\"It fell,\" he said, \"on Monday,\" and left.\n\"We knew,\" she said, \"for years,\" and stayed.\n",
            "Title, date and text are what a table has.\nThis one has none.\n",
            "Liste: Brot; Milch; Eier\nUnd dann: Reis; Fisch; Salz\n",
            "Name\tAge\nAna\t3\n",
        ] {
            assert_eq!(dialect(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed() {
        let mut text = "title,text\nOne,A.\nTwo,\"".to_owned();
        text.push_str(&"x y, z\n".repeat(3 << 20));
        let (articles, warnings) = read(text.as_bytes(), &origin("a.csv"));
        assert_eq!(articles.first().map(|article| article.title.as_str()), Some("One"));
        assert!(
            warnings.iter().any(|warning| warning.to_string().contains("longer than 16 MiB")),
            "{warnings:?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(title|text|date|,|;|\t|\"|\n|\r\n|a b|2022-01-03|é|\\\\){0,60}", size in 1usize..9) {
            let mut found = Gathered::default();
            let mut records = records(&origin("a.csv"));
            text.as_bytes().chunks(size).for_each(|piece| records.push(piece, &origin("a.csv"), &mut found));
            records.finish(&origin("a.csv"), &mut found);
        }
    }
}
