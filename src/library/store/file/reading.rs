//! Reading a library that this process must not change: a shared one, or one on a read-only disk. No file is made
//! beside it.
//!
//! While a program writes a library, its last changes are in a file beside it (`-wal`), with an index in memory that
//! the processes share (`-shm`). SQLite makes both for whoever opens the library, also for reading, and leaves them
//! behind. So a reader looks first ([`Seen::look`]):
//!
//! - Where both files are there, a writer made them. The reader uses them, for one question at a time.
//! - Where they are not, nobody is writing, and everything is in the library itself. SQLite is told that the library does
//!   not change (`immutable`), and makes nothing. A writer may come at any moment, and changes the library itself when it
//!   copies its changes there. So the reader looks again after each question ([`Seen::holds`]), and asks anew if the
//!   library has been changed meanwhile. What it read then is not used.
//!
//! A change shows in the time of the last change, which the system counts in steps of some milliseconds. A library that
//! was changed within [`JUST_NOW`] is therefore looked at again a little later.

use super::schema;
use crate::library::Error;
use rusqlite::{Connection, OpenFlags};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How a library was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    stamp: Stamp,
    way: Way,
}

/// What differs after a file was changed or replaced: its device and number, its length, and when its contents and its
/// attributes were changed, in seconds and nanoseconds since 1970.
type Stamp = ((u64, u64), u64, (i64, i64), (i64, i64));

/// How a library is opened for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Nobody writes.
    Still,
    /// A writer has its files beside the library.
    Logged,
}

/// How long after a change another one may not show in the time of the last change.
const JUST_NOW: Duration = Duration::from_millis(50);

/// The same where the system counts whole seconds, or two.
const COARSE: Duration = Duration::from_millis(2100);

/// How long to wait before looking again, and how often.
const PAUSE: Duration = Duration::from_millis(20);
const LOOKS: u32 = 150;

impl Seen {
    /// Looks at the library; waits a little while its state is not clear.
    pub fn look(library: &Path) -> Result<Seen, Error> {
        let mut looks = 0;
        loop {
            let stamp = stamp(library)?;
            let log = std::fs::metadata(beside(library, "-wal")).ok().map(|meta| meta.len());
            let way = match log {
                Some(_) if beside(library, "-shm").exists() => Way::Logged,
                Some(0) | None => Way::Still,
                // A writer is about to remove its files, or it has left this one behind.
                Some(_) if looks < LOOKS / 10 => {
                    looks += 1;
                    std::thread::sleep(PAUSE);
                    continue;
                }
                Some(_) => return Err(Error::Unfinished { path: library.to_owned() }),
            };
            if way == Way::Still && changed_just_now(stamp) && looks < LOOKS {
                looks += 1;
                std::thread::sleep(PAUSE);
                continue;
            }
            return Ok(Seen { stamp, way });
        }
    }

    /// Looks at a library while the disk is full: there is no room for the memory that processes share, so what is in a log
    /// beside the library cannot be read.
    pub fn without_log(library: &Path) -> Result<Seen, Error> {
        Ok(Seen { stamp: stamp(library)?, way: Way::Still })
    }

    /// Whether everything that was read since [`Seen::look`] is of one state of the library.
    pub fn holds(&self, library: &Path) -> bool {
        // SQLite sees to it where there is a log.
        self.way == Way::Logged || stamp(library).is_ok_and(|now| now == self.stamp)
    }

    /// Whether a connection may be kept for the next question. One that uses the files of a writer would keep them from
    /// being removed.
    pub fn may_be_kept(&self) -> bool {
        self.way == Way::Still
    }

    /// The library as a URI for SQLite.
    pub fn address(&self, library: &Path) -> String {
        address(library, if self.way == Way::Still { "mode=ro&immutable=1" } else { "mode=ro" })
    }
}

fn stamp(library: &Path) -> Result<Stamp, Error> {
    let fail = |source| Error::Read { path: library.to_owned(), source };
    let meta = std::fs::metadata(library).map_err(fail)?;
    Ok((
        (meta.dev(), meta.ino()),
        meta.len(),
        (meta.mtime(), meta.mtime_nsec()),
        (meta.ctime(), meta.ctime_nsec()),
    ))
}

fn changed_just_now((_, _, (seconds, nanoseconds), _): Stamp) -> bool {
    let (Ok(seconds), Ok(fine)) = (u64::try_from(seconds), u32::try_from(nanoseconds)) else { return false };
    let changed = SystemTime::UNIX_EPOCH + Duration::new(seconds, fine);
    // A time in the future says nothing.
    SystemTime::now().duration_since(changed).is_ok_and(|ago| ago < if fine == 0 { COARSE } else { JUST_NOW })
}

fn beside(library: &Path, ending: &str) -> PathBuf {
    let mut path = library.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Whether a library that could not be opened for writing may still be one to read.
pub fn is_worth_trying(error: &Error) -> bool {
    use rusqlite::ErrorCode;
    match error {
        Error::ReadOnly { .. } => true,
        other => other.code() == Some(ErrorCode::CannotOpen),
    }
}

/// Opens the library at `path` for reading, whatever the permissions of its folder are.
pub fn connect(path: &Path) -> Result<Connection, Error> {
    match connect_as(path, &Seen::look(path)?) {
        Err(Error::Full { .. } | Error::Refused { .. }) => connect_as(path, &Seen::without_log(path)?),
        opened => opened,
    }
}

/// Opens the library at `path` for reading as it was found.
pub fn connect_as(path: &Path, seen: &Seen) -> Result<Connection, Error> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let open = || -> Result<Connection, rusqlite::Error> {
        let connection = Connection::open_with_flags(seen.address(path), flags)?;
        schema::settings(&connection)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    open().map_err(|error| Error::from(error).at(path))
}

/// The path as a URI for SQLite: everything except letters, digits and a few signs is percent-encoded.
pub fn address(path: &Path, way: &str) -> String {
    use std::os::unix::ffi::OsStrExt;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let one = |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let path: String = path.as_os_str().as_bytes().iter().map(one).collect();
    format!("file:{path}?{way}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Analysis;
    use crate::library::store::Store;
    use crate::library::{Backend, Cancel, Library};
    use crate::listing::Window;
    use crate::query::Query;
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn names(folder: &Path) -> BTreeSet<String> {
        let files = std::fs::read_dir(folder).expect("a folder");
        files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect()
    }

    fn edition() -> Vec<(crate::article::Article, Analysis)> {
        crate::formats::edition().into_iter().map(|article| (article, Analysis::default())).collect()
    }

    /// How many articles a library lists.
    fn rows(library: &dyn Backend) -> usize {
        let query = Query::parse("group:off", chrono::NaiveDate::MIN).0;
        library.page(&query, Window::First { limit: 5000 }, &Cancel::new()).expect("a page").rows.len()
    }

    #[test]
    fn a_reader_makes_nothing_beside_the_library() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let states = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        let all = edition();
        Library::open(&path).and_then(|library| library.add(all.clone())).expect("articles");
        let alone = BTreeSet::from(["news.db".to_owned()]);
        assert_eq!(names(folder.path()), alone);
        let bytes = std::fs::read(&path).expect("a library");
        let person =
            Library::open_shared(&path, &states.path().join("own.db")).expect("a library for reading");
        assert_eq!(rows(&*person), all.len());
        let first = person.ids(&Query::everything(), &Cancel::new()).expect("ids")[0];
        person
            .mark(&crate::query::Target::These(vec![first]), crate::library::Marking::Star)
            .expect("a mark");
        assert_eq!(names(folder.path()), alone);
        drop(person);
        assert_eq!(names(folder.path()), alone);
        assert_eq!(std::fs::read(&path).expect("a library"), bytes);
        assert_eq!(names(states.path()), BTreeSet::from(["own.db".to_owned()]));
        super::super::super::doctor::check(&path).expect("checked");
        assert_eq!(names(folder.path()), alone);
    }

    #[test]
    fn a_reader_leaves_no_file_behind_after_a_writer() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let states = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        let mut all = edition();
        let last = all.split_off(5);
        let writer = Library::open(&path).expect("a library");
        writer.add(all).expect("articles");
        let person =
            Library::open_shared(&path, &states.path().join("own.db")).expect("a library for reading");
        assert_eq!(rows(&*person), 5);
        writer.add(last.clone()).expect("articles");
        assert_eq!(rows(&*person), 5 + last.len());
        drop(writer);
        assert_eq!(rows(&*person), 5 + last.len());
        assert_eq!(names(folder.path()), BTreeSet::from(["news.db".to_owned()]));
    }

    /// Writers come and go while a reader asks: it sees each state whole, and never fails.
    #[test]
    fn a_reader_sees_whole_states_while_writers_come_and_go() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        let all = edition();
        Library::open(&path).and_then(|library| library.add(all[..1].to_vec())).expect("articles");
        let person =
            Library::open_shared(&path, &folder.path().join("own.db")).expect("a library for reading");
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for one in &all[1..] {
                    Store::open(&path).and_then(|store| store.add(vec![one.clone()])).expect("an article");
                }
                done.store(true, Ordering::Relaxed);
            });
            let mut known = 1;
            while !done.load(Ordering::Relaxed) {
                let now = rows(&*person);
                assert!(now >= known && now <= all.len(), "{now} after {known}");
                known = now;
            }
        });
        assert_eq!(rows(&*person), all.len());
    }

    #[test]
    fn a_log_that_nobody_finished_is_reported() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        let writer = Library::open(&path).expect("a library");
        writer.add(edition()).expect("articles");
        let (copy, log) = (folder.path().join("copy.db"), folder.path().join("copy.db-wal"));
        std::fs::copy(&path, &copy).expect("copied");
        std::fs::copy(beside(&path, "-wal"), &log).expect("copied");
        let told =
            Library::open_shared(&copy, &folder.path().join("own.db")).map(drop).expect_err("unfinished");
        assert!(matches!(told, Error::Unfinished { .. }), "{told}");
        assert!(!beside(&copy, "-shm").exists());
        // Opened once where it may be written, it is whole again.
        drop(Library::open(&copy).expect("a library"));
        Library::open_shared(&copy, &folder.path().join("own.db")).expect("a library for reading");
    }
}
