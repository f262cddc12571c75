//! Checking whether a library is sound: every row of every table, every text, and every part of the index, and whether
//! these agree with one another.
//!
//! Nothing here writes to the file that it looks at.

use super::file::connect::readable;
use super::file::inspect::{Found, Inspected, ids, inspect};
use super::file::marks;
use super::file::pack::Unpacker;
use super::file::reading;
use super::file::row::seconds;
use super::file::schema::{self, SEALS, VERSION};
use super::file::seal::{self, Seal};
use super::index::agreement;
use crate::article::ArticleId;
use crate::library::Error;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::io::Read;
use std::path::Path;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub articles: u64,
    pub bytes: u64,
    /// What is wrong; empty if the library is sound.
    pub faults: Vec<Fault>,
    /// Whether an older program wrote it: then its index could not be checked, before it is opened and brought up to date.
    pub older: bool,
}

/// One thing that is damaged, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The article that it is about, if it is about one.
    pub article: Option<ArticleId>,
    /// What is damaged, what is lost with it, and what can be done.
    pub text: String,
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Fault {
    fn new(text: impl Into<String>) -> Fault {
        Fault { article: None, text: text.into() }
    }
}

/// The faults in the structure of the file that are reported at most.
const STRUCTURAL: usize = 20;

/// Checks the whole file.
pub fn check(path: &Path) -> Result<Health, Error> {
    readable(path)?;
    let bytes =
        std::fs::metadata(path).map_err(|source| Error::Read { path: path.to_owned(), source })?.len();
    let mut faults = header_faults(path)?;
    let db = reading::connect(path)?;
    let (articles, older) = examine(&db, path, &mut faults).map_err(|error| error.at(path))?;
    Ok(Health { articles, bytes, faults, older })
}

/// Bytes of the header of a file that SQLite does not look at before it writes.
fn header_faults(path: &Path) -> Result<Vec<Fault>, Error> {
    let mut header = [0; 100];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut header));
    read.map_err(|source| Error::Read { path: path.to_owned(), source })?;
    // By SQLite's format: how the file is written and read, 1 or 2 each.
    let sound = header.get(18..20).is_some_and(|ways| ways.iter().all(|way| matches!(way, 1 | 2)));
    let empty = header.iter().all(|byte| *byte == 0);
    Ok(if sound || empty { Vec::new() } else { vec![Fault::new("the first bytes of the file are damaged")] })
}

/// Adds what is wrong to `faults`; returns how many articles there are, and whether an older program wrote them.
fn examine(db: &Connection, path: &Path, faults: &mut Vec<Fault>) -> Result<(u64, bool), Error> {
    let version = version(db, path, faults)?;
    structure(db, faults)?;
    let sealed = version >= SEALS;
    let mut report = Report { db, sealed, faults, parts: BTreeMap::new() };
    let articles = report.articles()?;
    if sealed {
        for seal in &seal::ALL {
            if !matches!(seal.table, "article" | "text") {
                report.seal(seal)?;
            }
        }
    }
    if sealed {
        for table in agreement::disagreements(db, &articles.stored)? {
            *report.parts.entry(what(table)).or_default() += 1;
        }
    }
    report.finish();
    Ok((articles.count, version < VERSION))
}

/// The version of the library, by its header or, where that is damaged, by its tables.
fn version(db: &Connection, path: &Path, faults: &mut Vec<Fault>) -> Result<i32, Error> {
    let found: i32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let told = schema::recognise(db, path);
    let there = schema::objects(db)?;
    let has = |version: i32| schema::expected(version).map(|expected| expected == there);
    if told.is_ok() && has(found)? {
        return Ok(found);
    }
    // A newer program may have the same tables. A bit that flipped is another thing.
    let newer = matches!(told, Err(Error::Newer { .. }));
    for version in (1..=VERSION).rev() {
        if newer && (found ^ version).count_ones() > 1 {
            continue;
        }
        if has(version)? {
            faults.push(Fault::new(
                "the first bytes of the file are damaged: they give another version or another program",
            ));
            return Ok(version);
        }
    }
    told?;
    faults.push(Fault::new("the list of tables is damaged: some tables or their columns are missing"));
    // Rows have seals as soon as one table has the column.
    let sealed =
        db.prepare("SELECT seal FROM article").is_ok() && db.prepare("SELECT seal FROM text").is_ok();
    Ok(if sealed { VERSION } else { SEALS - 1 })
}

/// What SQLite finds when it checks how the pages of the file are linked, and the indexes against the tables.
fn structure(db: &Connection, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let mut statement = db.prepare(&format!("PRAGMA integrity_check({STRUCTURAL})"))?;
    let mut rows = statement.query([])?;
    let mut found = BTreeSet::new();
    loop {
        match rows.next().map_err(Error::from) {
            Ok(Some(row)) => {
                let text = row.get_ref(0)?.as_str().unwrap_or_default();
                // The first line of several says only which table they are about.
                found.extend(text.lines().filter(|line| !line.starts_with("***")).map(str::to_owned));
            }
            Ok(None) => break,
            Err(error) if error.is_damage() => {
                found.insert("pages cannot be read".to_owned());
                break;
            }
            Err(error) => return Err(error),
        }
    }
    found.remove("ok");
    let more = found.len().saturating_sub(STRUCTURAL);
    for text in found.into_iter().take(STRUCTURAL) {
        faults.push(Fault::new(format!("the structure of the file: {text}")));
    }
    if more > 0 {
        faults.push(Fault::new(format!("the structure of the file: {more} more faults")));
    }
    Ok(())
}

/// Collects what is wrong.
struct Report<'a> {
    db: &'a Connection,
    sealed: bool,
    faults: &'a mut Vec<Fault>,
    /// Parts that follow from the articles, and how often each is damaged: a repair builds them anew.
    parts: BTreeMap<&'static str, u32>,
}

/// What the tables of articles say, for the comparison with the index.
#[derive(Default)]
struct Articles {
    count: u64,
    stored: agreement::Stored,
}

impl Report<'_> {
    fn articles(&mut self) -> Result<Articles, Error> {
        let unpacker = Unpacker::default();
        let mut articles =
            Articles { stored: agreement::Stored { whole: true, ..Default::default() }, count: 0 };
        for id in ids(self.db) {
            let Some(found) = inspect(self.db, &unpacker, self.sealed, ArticleId(id))? else { continue };
            articles.count += 1;
            match found.number {
                Some(number) => {
                    let time = seconds(found.article.published);
                    _ = articles.stored.articles.insert(number, (id, time));
                }
                None => articles.stored.whole = false,
            }
            self.faults.extend(about(&found).map(|text| Fault { article: Some(found.id), text }));
        }
        Ok(articles)
    }

    /// Reads every row of a table and compares it with its seal.
    fn seal(&mut self, seal: &Seal) -> Result<(), Error> {
        let key = seal.columns.split(',').next().unwrap_or(seal.columns);
        let sql = format!("SELECT {key}, {} FROM {}", seal.broken(), seal.table);
        // A table that is missing was reported.
        let Ok(mut statement) = self.db.prepare(&sql) else { return Ok(()) };
        let mut rows = statement.query([])?;
        loop {
            match rows.next().map_err(Error::from) {
                Ok(Some(row)) => {
                    if seal::sound(row, 1).is_err() {
                        self.row(seal.table, row.get_ref(0)?);
                    }
                }
                Ok(None) => return Ok(()),
                Err(error) if error.is_damage() => {
                    self.faults.push(Fault::new(format!("{}: some cannot be read", what(seal.table))));
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reports a row that is not as it was written.
    fn row(&mut self, table: &str, key: ValueRef<'_>) {
        let number = key.as_i64().unwrap_or(0);
        let word = key.as_str().unwrap_or_default();
        let about = |text: String| Fault { article: Some(ArticleId(number)), text };
        let fault = match (table, word) {
            ("beside", _) => about(format!("article {number}: the text that is not shown is damaged")),
            ("position", _) => about(format!("article {number}: where reading stopped is damaged")),
            ("mark", marks::READ) => Fault::new("which articles are read is damaged in part"),
            ("mark", marks::STARRED) => Fault::new("which articles are starred is damaged in part"),
            ("mark", marks::HIDDEN) => Fault::new("which articles are hidden is damaged in part"),
            ("mark", marks::DELETED) => Fault::new("which articles are in the trash is damaged in part"),
            ("mark", day) if day.starts_with(marks::BIN) => {
                Fault::new("when articles came into the trash is damaged in part")
            }
            ("mark", marks::DEAD) => Fault::new("which articles were replaced is damaged in part"),
            ("mark", tag) => {
                let tag = tag.strip_prefix(marks::TAG).unwrap_or(tag);
                Fault::new(format!("which articles have the tag '{tag}' is damaged in part"))
            }
            ("change", _) => Fault::new("a change that can be undone is damaged"),
            ("source", _) => {
                let sql = "SELECT name FROM source WHERE id = ?";
                let name = self.db.query_row(sql, [number], |row| row.get::<_, String>(0));
                Fault::new(format!("the source '{}' is damaged", name.unwrap_or_default()))
            }
            ("folder", path) => Fault::new(format!("the followed folder '{path}' is damaged")),
            ("board", name) => Fault::new(format!("the board '{name}' is damaged")),
            ("ledger", account) => Fault::new(format!(
                "what is agreed with the account '{account}' about an article is damaged; the next sync asks again"
            )),
            ("kept", name) => Fault::new(format!("what the reader keeps as '{name}' is damaged")),
            ("dictionary" | "spare", _) => {
                Fault::new("a dictionary by which texts are packed is damaged; its second copy is used")
            }
            (table, _) => {
                *self.parts.entry(what(table)).or_default() += 1;
                return;
            }
        };
        self.faults.push(fault);
    }

    fn finish(self) {
        for (part, count) in self.parts {
            let times = if count == 1 { "one place".to_owned() } else { format!("{count} places") };
            self.faults.push(Fault::new(format!(
                "{part}: damaged in {times}; a repair builds it from the articles"
            )));
        }
    }
}

/// What the rows of a table are to a person.
fn what(table: &str) -> &'static str {
    match table {
        "beside" => "the texts that are not shown",
        "position" => "where reading stopped",
        "mark" => "marks",
        "change" => "the changes that can be undone",
        "source" => "the sources",
        "grave" => "what was removed from the trash",
        "folder" => "the followed folders",
        "kept" => "what the reader keeps",
        "board" => "the boards",
        "ledger" => "what is agreed with accounts",
        "dictionary" | "spare" => "the dictionaries of packed texts",
        "counted" => "the stored counts of names",
        "entity" | "form" => "the index of names",
        _ => "the index",
    }
}

/// What is wrong with an article, and what is lost with it.
fn about(found: &Inspected) -> Option<String> {
    let wrong = match (found.names, found.text, found.analysis) {
        (Found::Sound, Found::Sound, Found::Sound) => return None,
        (Found::Lost, Found::Lost, _) => "it is lost",
        (Found::Lost, _, _) => "its title, source and date are lost; its text is left",
        (_, Found::Lost, _) => "its text is lost, until its feed or file brings it again",
        (Found::Altered, Found::Altered, _) => "it is not as it was written",
        (Found::Altered, ..) => "its title, source, date or address is not as it was written",
        (_, Found::Altered, _) => "its text is not as it was written",
        (_, _, _) => "its analysis is lost; the reader and 'dateline fetch' make it again",
    };
    Some(format!("{}: {wrong}", name_of(found)))
}

/// What an article is called in a report: its number and its title, else its address.
pub fn name_of(found: &Inspected) -> String {
    let id = found.id.0;
    let name = match (found.article.title.as_str(), &found.article.url) {
        ("", Some(url)) => url,
        ("", None) => return format!("article {id}"),
        (title, _) => title,
    };
    format!("article {id} '{}'", name.chars().take(TITLE).collect::<String>())
}

/// Characters of a title that a report gives at most.
const TITLE: usize = 60;
