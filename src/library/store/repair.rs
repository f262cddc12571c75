//! Repairing a damaged library in its place: everything that can be read goes into a new library beside it, and the
//! pages of the new one then replace those of the old one in one transaction.
//!
//! The file stays the same file, so whoever has it open sees the old library or the new one, never a mixture: SQLite
//! guards the transaction as any other, and a repair that is killed has done nothing. Nobody else can write meanwhile.
//! The damaged file is kept beside the library as it was found.
//!
//! The file has over 600 lines because it is one procedure, whose steps stand in the order in which they happen.

use super::boards;
use super::doctor::{check, name_of};
use super::file::connect::{Lasting, connect};
use super::file::engine::NO_ENGINE;
use super::file::inspect::{Found, ids, inspect};
use super::file::meta::{GENERATION, PATIENCE};
use super::file::pack::{Packer, Unpacker};
use super::file::schema;
use super::file::seal::{self, Seal};
use super::file::{marks, texts};
use super::handle::Store;
use super::write::{Coming, Prepared, Restored};
use crate::article::ArticleId;
use crate::library::{Backend, Error};
use chrono::NaiveDate;
use roaring::RoaringBitmap;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What a repair saved, and what it could not save.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    pub articles: u64,
    /// Articles of which nothing could be read but, for some, the title.
    pub lost: Vec<String>,
    /// Articles that were saved without their text.
    pub without_text: Vec<String>,
    /// Articles that were saved although a part of them is not as it was written.
    pub altered: Vec<String>,
    pub sources: u64,
    /// Marks: how many sets of articles (read, starred, and one for each tag).
    pub marks: u64,
    /// Rows of any other sort that could not be read.
    pub rows_lost: u64,
    /// Where the damaged library is now.
    pub kept: PathBuf,
}

/// The most articles that a repair holds in memory.
const BATCH: usize = 500;

/// Repairs the library at `path`. The damaged one is kept beside it under a name with the date `today`.
///
/// Needs free space for three copies of what is saved. Where it fails, the library is what it was.
pub fn repair(path: &Path, today: NaiveDate) -> Result<Saved, Error> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = path.as_path();
    let fail = |source| Error::Read { path: path.to_owned(), source };
    // Stays open until the end: closing any handle of a file gives back the locks that SQLite has on it.
    let file =
        OpenOptions::new().read(true).write(true).open(path).map_err(|source| refused(path, source))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(Error::Busy { path: path.to_owned() }),
        // Where files cannot be locked, SQLite's own locks must do.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    let scratch = Scratch::beside(path);
    let keeper = if header_is_sound(&file).map_err(fail)? { Keeper::take(path)? } else { None };
    let sources = Damaged::ways(path, keeper.as_ref(), &scratch, &file)?;
    let mut best: Option<Damaged<'_>> = None;
    for way in sources {
        let rank = |way: &Damaged<'_>| (way.is_library && way.readable > 0, way.readable);
        if best.as_ref().is_none_or(|best| rank(&way) > rank(best)) {
            best = Some(way);
        }
    }
    let Some(old) = best.filter(|old| old.readable > 0 || old.is_library) else {
        return Err(Error::Lost { path: path.to_owned() });
    };
    let mut saved = Saved::default();
    save_all(&old, &scratch.new, &mut saved).map_err(|error| error.at(&scratch.new))?;
    if old.readable > 0 && saved.articles == 0 && !old.is_library {
        return Err(Error::Lost { path: path.to_owned() });
    }
    drop(old);
    if let Some(fault) = check(&scratch.new)?.faults.first() {
        return Err(Error::Unrepaired { path: path.to_owned(), fault: fault.text.clone() });
    }
    saved.kept = set_aside(path, &file, today).map_err(|source| aside(path, source))?;
    let replaced = match keeper {
        Some(keeper) => keeper.replace(path, &scratch.new),
        None => reset(path, &file).map_err(fail).and_then(|()| match Keeper::take(path)? {
            Some(keeper) => keeper.replace(path, &scratch.new),
            None => Err(Error::Damaged { path: path.to_owned() }),
        }),
    };
    replaced.map_err(|error| error.at(path))?;
    Ok(saved)
}

/// Removes what a repair has left beside a library that was killed after it had replaced the library. Does nothing while a
/// repair is running.
pub fn sweep(path: &Path) {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Ok(file) = OpenOptions::new().read(true).write(true).open(&path) else { return };
    if !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        drop(Scratch::beside(&path));
    }
}

/// Whether the header gives the ways of reading and writing that SQLite knows. It takes a file with others to be
/// read-only or in use.
fn header_is_sound(mut file: &File) -> io::Result<bool> {
    let mut header = [0; 20];
    file.seek(SeekFrom::Start(0))?;
    let whole = file.read(&mut header)? == header.len();
    Ok(whole && matches!(header, [.., 1 | 2, 1 | 2]))
}

fn refused(path: &Path, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Error::ReadOnly { path: path.to_owned() }
        }
        _ => Error::Read { path: path.to_owned(), source },
    }
}

fn aside(path: &Path, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full { path: path.to_owned() },
        _ => Error::Create { path: path.to_owned(), source },
    }
}

/// The path with more at its end.
fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    PathBuf::from(path)
}

/// The files that a repair makes beside the library and removes at its end.
struct Scratch {
    new: PathBuf,
    copy: PathBuf,
    part: PathBuf,
}

impl Scratch {
    fn beside(path: &Path) -> Scratch {
        let scratch = Scratch {
            new: with_end(path, ".repair"),
            copy: with_end(path, COPY),
            part: with_end(path, PART),
        };
        // Those of a repair that was killed.
        scratch.remove();
        scratch
    }

    fn remove(&self) {
        let copies = [Mend::Length, Mend::Header, Mend::FirstPage].map(|mend| mend.copy(&self.copy));
        for path in [&self.new, &self.copy, &self.part].into_iter().chain(&copies) {
            for end in ["", "-wal", "-shm", "-journal"] {
                // A file that is left behind does no harm, and the next repair removes it.
                _ = std::fs::remove_file(with_end(path, end));
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Copies that are mended to be read.
const COPY: &str = ".repair-copy";
/// The copy of the damaged library while it is being written.
const PART: &str = ".damaged.part";

/// A connection in a transaction that keeps everybody else from writing.
struct Keeper {
    connection: Connection,
    /// Sees whether anybody else has written in the moment in which the transaction must be given up.
    observer: Connection,
    seen: i64,
}

impl Keeper {
    /// `None` if the file is too damaged to be opened.
    fn take(path: &Path) -> Result<Option<Keeper>, Error> {
        let take = || -> Result<Keeper, Error> {
            let open = |access| connect(path, Lasting::Always, access);
            let connection = open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.execute_batch("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")?;
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            if !is_read_rightly(&connection)? {
                return Err(seal::damaged());
            }
            let observer = open(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let seen = data_version(&observer)?;
            Ok(Keeper { connection, observer, seen })
        };
        match take().map_err(|error| error.at(path)) {
            Ok(keeper) => Ok(Some(keeper)),
            Err(error @ (Error::Busy { .. } | Error::ReadOnly { .. } | Error::Full { .. })) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Replaces all pages of the library by those of the file at `new`, in one transaction.
    fn replace(self, path: &Path, new: &Path) -> Result<(), Error> {
        let Keeper { mut connection, observer, seen } = self;
        connection.execute_batch("ROLLBACK")?;
        let from = Connection::open_with_flags(new, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        {
            let backup = Backup::new(&from, &mut connection)?;
            // The first step begins the transaction.
            let first = step(&backup, 1)?;
            if data_version(&observer)? != seen {
                return Err(Error::Changed { path: path.to_owned() });
            }
            if first != StepResult::Done {
                step(&backup, -1)?;
            }
        }
        // Whoever closes the library last does what cannot be done now.
        _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }
}

/// Whether the header gives the size of pages and the encoding of texts that every library has: with others, what is
/// read is not what was written.
fn is_read_rightly(db: &Connection) -> Result<bool, Error> {
    let of = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, Value>(0));
    Ok(of("page_size")? == Value::Integer(PAGE) && of("encoding")? == Value::Text("UTF-8".to_owned()))
}

fn step(backup: &Backup<'_, '_>, pages: i32) -> Result<StepResult, Error> {
    let ended = std::time::Instant::now() + PATIENCE;
    loop {
        match backup.step(pages)? {
            StepResult::Busy | StepResult::Locked if std::time::Instant::now() < ended => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            StepResult::Busy | StepResult::Locked => return Err(Error::Busy { path: PathBuf::new() }),
            other => return Ok(other),
        }
    }
}

fn data_version(db: &Connection) -> Result<i64, Error> {
    Ok(db.pragma_query_value(None, "data_version", |row| row.get(0))?)
}

/// The damaged library, opened in one of several ways.
struct Damaged<'a> {
    opened: Opened<'a>,
    /// Whether its rows have seals.
    sealed: bool,
    /// How many rows of articles and texts can be read.
    readable: usize,
    /// Whether it is a library, by its header and its tables.
    is_library: bool,
}

enum Opened<'a> {
    Kept(&'a Connection),
    Copy(Connection),
}

impl<'a> Damaged<'a> {
    /// All ways that are needed: a way that opens the file as it is, or else copies of it with the length that its header
    /// states, with a new header, and with a new first page.
    fn ways(
        path: &Path,
        keeper: Option<&'a Keeper>,
        scratch: &Scratch,
        file: &File,
    ) -> Result<Vec<Damaged<'a>>, Error> {
        let is_longer = is_longer(file).map_err(|source| aside(path, source))?;
        let mut ways = Vec::new();
        if let Some(keeper) = keeper {
            ways.push(Damaged::new(Opened::Kept(&keeper.connection), path));
            if ways.iter().any(|way| way.is_library) && !is_longer {
                return Ok(ways);
            }
        }
        let fail = |source| aside(path, source);
        let fresh = fresh_page(&scratch.new).map_err(|error| error.at(path))?;
        for mend in [Mend::Length, Mend::Header, Mend::FirstPage] {
            let copy = mend.copy(&scratch.copy);
            let _removed = Removed(copy.clone());
            copy_of(path, file, &copy).map_err(fail)?;
            mend.apply(&copy, &fresh).map_err(fail)?;
            let Ok(opened) = connect(&copy, Lasting::Session, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
                continue;
            };
            let way = Damaged::new(Opened::Copy(opened), path);
            // A later way helps only where the tables are not found, or not all of them.
            let whole = way.readable > 0 && way.is_library;
            ways.push(way);
            if whole && !(is_longer && matches!(mend, Mend::Length)) {
                break;
            }
        }
        Ok(ways)
    }

    fn new(opened: Opened<'a>, path: &Path) -> Damaged<'a> {
        let (sealed, readable, is_library) = {
            let db = opened.db();
            let sealed =
                db.prepare("SELECT seal FROM article").is_ok() || db.prepare("SELECT seal FROM text").is_ok();
            let is_library = schema::recognise(db, path).is_ok()
                && is_read_rightly(db).unwrap_or(false)
                && schema::objects(db).is_ok_and(|objects| {
                    (1..=schema::VERSION)
                        .any(|version| schema::expected(version).is_ok_and(|expected| expected == objects))
                });
            (sealed, readable(db), is_library)
        };
        Damaged { opened, sealed, readable, is_library }
    }

    fn db(&self) -> &Connection {
        self.opened.db()
    }
}

impl Opened<'_> {
    fn db(&self) -> &Connection {
        match self {
            Opened::Kept(db) => db,
            Opened::Copy(db) => db,
        }
    }
}

/// How many rows of articles and texts can be read.
fn readable(db: &Connection) -> usize {
    let of = |sql: &str, id: i64| {
        let found =
            db.prepare_cached(sql).and_then(|mut row| row.query_row([id], |row| row.get::<_, i64>(0)));
        usize::from(found.is_ok())
    };
    let rows = |id| {
        of("SELECT length(hash) FROM article WHERE id = ?", id)
            + of("SELECT length(body) FROM text WHERE id = ?", id)
    };
    ids(db).into_iter().map(rows).sum()
}

/// Whether a file is longer than its header says, so that SQLite does not look at its last pages.
fn is_longer(mut file: &File) -> io::Result<bool> {
    let mut header = [0; HEADER];
    file.seek(SeekFrom::Start(0))?;
    let read = file.read(&mut header)?;
    Ok(read == HEADER && pages_said(&header) * PAGE.unsigned_abs() < file.metadata()?.len())
}

/// The number of pages that a header states: by SQLite's format, its bytes 28 to 31.
fn pages_said(header: &[u8]) -> u64 {
    header.get(28..32).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes).into()
}

/// A copy that is removed when it goes out of scope; whoever has it open goes on reading it.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            _ = std::fs::remove_file(with_end(&self.0, end));
        }
    }
}

/// What is put right in a copy before it is opened.
#[derive(Clone, Copy)]
enum Mend {
    /// SQLite refuses a file that is shorter than its header states.
    Length,
    Header,
    /// The header and the list of tables, which all libraries have alike.
    FirstPage,
}

/// Bytes of a page of every library.
const PAGE: i64 = 8_192;
/// Bytes of the header of a file, which are at the beginning of its first page.
const HEADER: usize = 100;

impl Mend {
    /// Where the copy lies that is mended so.
    fn copy(self, beside: &Path) -> PathBuf {
        with_end(
            beside,
            match self {
                Mend::Length => "-long",
                Mend::Header => "-headed",
                Mend::FirstPage => "-first",
            },
        )
    }

    fn apply(self, path: &Path, fresh: &[u8]) -> io::Result<()> {
        let page = PAGE.unsigned_abs();
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let length = file.metadata()?.len();
        if let Mend::Length = self {
            let mut header = [0; HEADER];
            if length < HEADER as u64 {
                return Ok(());
            }
            file.read_exact(&mut header)?;
            let said = page * pages_said(&header);
            let grown = length < said && said <= length.saturating_mul(1_000);
            return if grown { file.set_len(said) } else { Ok(()) };
        }
        file.set_len(length.next_multiple_of(page))?;
        let pages = u32::try_from(length.div_ceil(page)).unwrap_or(u32::MAX);
        file.write_all(
            fresh.get(..if let Mend::Header = self { HEADER } else { fresh.len() }).unwrap_or(fresh),
        )?;
        // The number of pages; and no free ones, since the list of these may be lost.
        for (place, bytes) in [(28, pages.to_be_bytes().as_slice()), (32, &[0; 8])] {
            file.seek(SeekFrom::Start(place))?;
            file.write_all(bytes)?;
        }
        Ok(())
    }
}

/// The first page of an empty library, for a file with a log.
fn fresh_page(path: &Path) -> Result<Vec<u8>, Error> {
    let _removed = Removed(path.to_owned());
    drop(Store::open(path)?);
    let read = || -> io::Result<Vec<u8>> {
        let mut page = Vec::new();
        File::open(path)?.take(PAGE.unsigned_abs()).read_to_end(&mut page)?;
        Ok(page)
    };
    read().map_err(|source| aside(path, source))
}

/// Copies the library and its log to `to`, as they are.
fn copy_of(path: &Path, mut file: &File, to: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copy = options.open(to)?;
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, &mut copy)?;
    copy.sync_all()?;
    match File::open(with_end(path, "-wal")) {
        // A log without bytes is what a reader leaves.
        Ok(log) if log.metadata()?.len() == 0 => Ok(()),
        Ok(mut log) => {
            let mut copy = options.open(with_end(to, "-wal"))?;
            io::copy(&mut log, &mut copy)?;
            copy.sync_all()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Keeps the damaged library under a name that no file has yet; returns that.
fn set_aside(path: &Path, file: &File, today: NaiveDate) -> io::Result<PathBuf> {
    let part = with_end(path, PART);
    let _removed = Removed(part.clone());
    copy_of(path, file, &part)?;
    let names = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    for number in names {
        let kept = with_end(path, &format!(".damaged-{today}{number}"));
        if kept.exists() || with_end(&kept, "-wal").exists() {
            continue;
        }
        // The log first: the file is never without it under this name.
        let log = with_end(&part, "-wal");
        if log.exists() {
            std::fs::rename(&log, with_end(&kept, "-wal"))?;
        }
        std::fs::rename(&part, &kept)?;
        if let Some(folder) = path.parent() {
            // Some file systems cannot flush a folder; the names then last as long as the system runs.
            _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        return Ok(kept);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Makes a file that cannot be opened an empty library, so that a transaction can replace it. The damaged file has been
/// kept beside it.
fn reset(path: &Path, mut file: &File) -> io::Result<()> {
    for end in ["-wal", "-shm"] {
        match std::fs::remove_file(with_end(path, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let fresh = fresh_page(&with_end(path, COPY)).map_err(io::Error::other)?;
    let length = file.metadata()?.len().next_multiple_of(PAGE.unsigned_abs());
    let pages = u32::try_from(length / PAGE.unsigned_abs()).unwrap_or(u32::MAX);
    file.set_len(length)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&fresh)?;
    file.seek(SeekFrom::Start(28))?;
    file.write_all(&pages.to_be_bytes())?;
    file.sync_all()
}

/// Writes everything that can be read to a new library at `into`.
fn save_all(old: &Damaged<'_>, into: &Path, saved: &mut Saved) -> Result<(), Error> {
    let new = Store::for_repair(into)?;
    let db = old.db();
    new.changing(|new| {
        // Open readers know the dictionaries and the segments by number: the same number must not mean another thing.
        for table in ["dictionary", "spare"] {
            for source in ["spare", "dictionary"] {
                _ = copy_dictionaries(db, source, new, table);
            }
        }
        let last = db.query_row("SELECT max(id) FROM segment", [], |row| row.get::<_, Option<i64>>(0));
        let last = last.ok().flatten().filter(|last| (0..1 << 40).contains(last)).unwrap_or(1 << 20);
        new.execute("INSERT INTO sqlite_sequence VALUES ('segment', ?)", [last])?;
        let count = |name: &str| {
            let count =
                db.query_row("SELECT value FROM meta WHERE name = ?", [name], |row| row.get::<_, i64>(0));
            count.ok().filter(|count| (0..1 << 62).contains(count)).unwrap_or(0)
        };
        for name in ["articles", "marks"] {
            let next = (count(name) / GENERATION + 1) * GENERATION;
            new.execute("UPDATE meta SET value = ? WHERE name = ?", (next, name))?;
        }
        Ok(())
    })?;
    let numbers = save_articles(old, &new, saved)?;
    save_rows(old, &new, &numbers, saved)?;
    new.settle()
}

/// Changes the new library in one transaction.
fn within_transaction<T>(
    new: &Store,
    change: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    new.writing(|writer| {
        let transaction = writer.connection.transaction()?;
        let done = change(&transaction)?;
        transaction.commit()?;
        Ok(done)
    })
}

/// Copies those dictionaries that are as they were written.
fn copy_dictionaries(old: &Connection, from: &str, new: &Connection, to: &str) -> Result<(), Error> {
    let sound =
        if old.prepare("SELECT seal FROM dictionary").is_ok() { "seal = crc(id, bytes)" } else { "1" };
    let mut statement = old.prepare(&format!("SELECT id, bytes FROM {from} WHERE coalesce({sound}, 1)"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, bytes): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let sql = format!("INSERT OR IGNORE INTO {to} VALUES (?1, ?2, crc(?1, ?2))");
        new.execute(&sql, (id, bytes))?;
    }
    Ok(())
}

/// Saves the articles under their ids. Returns the old numbers of those whose number was not their first, with their
/// ids.
fn save_articles(old: &Damaged<'_>, new: &Store, saved: &mut Saved) -> Result<HashMap<u32, i64>, Error> {
    let db = old.db();
    let unpacker = Unpacker::default();
    let mut numbers = HashMap::new();
    let mut packer = Packer::new(new.packing(&[])?);
    let mut batch: Vec<Restored> = Vec::new();
    let mut besides = Vec::new();
    let ids = ids(db);
    for id in ids.into_iter().filter(|id| *id <= i64::from(u32::MAX)).map(ArticleId) {
        let Some(found) = inspect(db, &unpacker, old.sealed, id)? else { continue };
        let name = name_of(&found);
        let nothing_left = found.names == Found::Lost && found.text == Found::Lost;
        // An article without a title of which the text is lost shows nothing.
        if nothing_left || found.text == Found::Lost && found.article.title.is_empty() {
            saved.lost.push(name);
            continue;
        }
        match (found.names, found.text) {
            (_, Found::Lost) => saved.without_text.push(name),
            (Found::Sound, Found::Sound) => {}
            _ => saved.altered.push(name),
        }
        saved.articles += 1;
        numbers.extend(
            found.number.filter(|number| i64::from(*number) + 1 != id.0).map(|number| (number, id.0)),
        );
        if let Ok(Some((text, article))) = texts::other(db, id) {
            besides.push((id, text, article));
        }
        let (analysis, engine) = found.made.unwrap_or_else(|| (Default::default(), NO_ENGINE));
        let article = Prepared::new(found.article, analysis, Coming::Stored(engine), &mut packer);
        batch.push(Restored { id, article });
        if batch.len() >= BATCH {
            put(new, &mut batch, &mut besides)?;
        }
    }
    put(new, &mut batch, &mut besides)?;
    Ok(numbers)
}

type Beside = (ArticleId, crate::listing::TextOf, crate::article::Article);

fn put(new: &Store, batch: &mut Vec<Restored>, besides: &mut Vec<Beside>) -> Result<(), Error> {
    let batch = std::mem::take(batch);
    new.writing(|writer| {
        writer.restore(batch, &new.cache.unpacker)?;
        besides.drain(..).try_for_each(|(id, text, article)| writer.put_beside(id, text, &article))
    })
}

/// The tables whose rows are copied as they are, with the key by which they are read from either end.
const COPIED: [(&str, &str); 7] = [
    ("source", "id"),
    ("kept", "name"),
    ("folder", "path"),
    ("position", "id"),
    ("grave", "identity"),
    ("board", "name"),
    ("ledger", "account, item"),
];

/// Saves marks, the log of changes, and the rows of the other tables.
fn save_rows(
    old: &Damaged<'_>,
    new: &Store,
    numbers: &HashMap<u32, i64>,
    saved: &mut Saved,
) -> Result<(), Error> {
    let db = old.db();
    let mut moved: HashMap<u32, i64> = HashMap::new();
    for row in rows(db, "moved", "number", &["number", "id"], saved) {
        if let [Value::Integer(number), Value::Integer(id)] = row.as_slice()
            && let Ok(number) = u32::try_from(*number)
        {
            moved.insert(number, *id);
        }
    }
    moved.extend(numbers);
    within_transaction(new, |new| {
        let there = there(new)?;
        // An article has the number in the new library that its id gives.
        let now = |bytes: &[u8]| -> RoaringBitmap {
            let ids = marks::read(bytes)
                .into_iter()
                .map(|number| moved.get(&number).copied().unwrap_or(i64::from(number) + 1));
            ids.filter_map(|id| u32::try_from(id - 1).ok()).filter(|number| there.contains(*number)).collect()
        };
        let mut sets: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
        for row in rows(db, "mark", "mark", &["mark", "places"], saved) {
            if let [Value::Text(mark), Value::Blob(places)] = row.as_slice()
                && mark != marks::DEAD
            {
                *sets.entry(mark.clone()).or_default() |= now(places);
            }
        }
        for (mark, set) in &sets {
            marks::put(new, mark, set)?;
        }
        saved.marks = sets.values().filter(|set| !set.is_empty()).count() as u64;
        let named = if db.prepare("SELECT name FROM change").is_ok() { ", name, folded" } else { "" };
        let columns: Vec<&str> = ["id", "marking", "articles", "undone"]
            .into_iter()
            .chain(named.split(", ").filter(|name| !name.is_empty()))
            .collect();
        for mut row in rows(db, "change", "id", &columns, saved) {
            let of_board = matches!(row.get(1), Some(Value::Text(marking)) if marking == boards::LOGGED);
            if let Some(Value::Blob(articles)) = row.get_mut(2) {
                if !of_board {
                    *articles = marks::written(&now(articles));
                }
                insert(new, "change", &columns, row)?;
            }
        }
        for (table, key) in COPIED {
            let Ok(columns) = columns_of(db, table) else { continue };
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            for row in rows(db, table, key, &columns, saved) {
                let of =
                    |name: &str| columns.iter().position(|column| *column == name).and_then(|at| row.get(at));
                if table == "position" {
                    let number = match of("id") {
                        Some(Value::Integer(id)) => u32::try_from(*id - 1).ok(),
                        _ => None,
                    };
                    if !number.is_some_and(|number| there.contains(number)) {
                        continue;
                    }
                }
                saved.sources += u64::from(table == "source");
                insert(new, table, &columns, row)?;
            }
        }
        for seal in seal::ALL.iter().filter(|seal| is_copied(seal)) {
            seal.renew(new, &format!("{} IS NULL", seal.column), [])?;
        }
        Ok(())
    })
}

fn is_copied(seal: &Seal) -> bool {
    seal.table == "change" || COPIED.iter().any(|(table, _)| *table == seal.table)
}

/// The numbers of all articles.
fn there(db: &Connection) -> Result<RoaringBitmap, Error> {
    let mut statement = db.prepare("SELECT number FROM article")?;
    let numbers = statement.query_map([], |row| row.get::<_, u32>(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// The columns of a table that both libraries have, except the seal.
fn columns_of(db: &Connection, table: &str) -> Result<Vec<String>, Error> {
    let mut known: Vec<String> = Vec::new();
    for column in
        seal::ALL.iter().filter(|seal| seal.table == table).flat_map(|seal| seal.columns.split(", "))
    {
        if !known.iter().any(|other| other == column) {
            known.push(column.to_owned());
        }
    }
    let has = |column: &String| db.prepare(&format!("SELECT {column} FROM {table}")).is_ok();
    let there: Vec<String> = known.into_iter().filter(has).collect();
    if there.is_empty() { Err(seal::damaged()) } else { Ok(there) }
}

/// A row that cannot be stored, since its columns hold what they must not, is left out.
fn insert(db: &Connection, table: &str, columns: &[&str], row: Vec<Value>) -> Result<(), Error> {
    let marks = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({marks})", columns.join(", "));
    match db.prepare_cached(&sql)?.execute(params_from_iter(row)) {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Those rows of a table that can be read, from either end.
fn rows(db: &Connection, table: &str, key: &str, columns: &[&str], saved: &mut Saved) -> Vec<Vec<Value>> {
    let mut found: Vec<Vec<Value>> = Vec::new();
    let mut read = |order: &str| -> bool {
        let key = key.replace(", ", &format!(" {order}, "));
        let sql = format!("SELECT {} FROM {table} NOT INDEXED ORDER BY {key} {order}", columns.join(", "));
        // An older library may lack the table.
        let Ok(mut statement) = db.prepare(&sql) else { return true };
        let Ok(mut rows) = statement.query([]) else { return false };
        let before = found.len();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let values: Result<Vec<Value>, _> = (0..columns.len()).map(|at| row.get(at)).collect();
                    match values {
                        Ok(values) if found.get(..before).is_some_and(|first| first.contains(&values)) => {}
                        Ok(values) => found.push(values),
                        Err(_) => saved.rows_lost += 1,
                    }
                }
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    };
    if !read("ASC") {
        read("DESC");
        saved.rows_lost += 1;
    }
    found
}
