//! A library that is read-only: on a read-only disk, or in a folder of another user.
//!
//! SQLite keeps the memory that processes share in a file beside the library, which such a folder refuses. It is
//! then told that the library does not change, and [`Watch`] notices when it does, so that it is opened again.

use super::connect::lock;
use super::schema;
use crate::library::Error;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::sync::Mutex;
use std::time::SystemTime;

/// How a library is opened for reading, the best way first. The last way needs no permissions for the folder, and
/// misses changes that another process has not copied into the one file yet.
pub const WAYS: [&str; 2] = ["mode=ro", "mode=ro&immutable=1"];

/// When a library was last written, as far as the idle connections know.
#[derive(Default)]
pub struct Watch(Mutex<Option<SystemTime>>);

impl Watch {
    /// Whether the library was written since the last call.
    pub fn has_changed(&self, library: &Path) -> bool {
        let written = std::fs::metadata(library).and_then(|meta| meta.modified()).ok();
        let mut known = lock(&self.0);
        std::mem::replace(&mut *known, written) != written
    }
}

/// Whether a library that could not be opened for writing may still be one to read.
pub fn is_worth_trying(error: &Error) -> bool {
    match error {
        Error::ReadOnly { .. } => true,
        other => other.code() == Some(ErrorCode::CannotOpen),
    }
}

/// Opens the library at `path` for reading, whatever the permissions of its folder are.
pub fn connect(path: &Path) -> Result<Connection, Error> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let open = |way: &str| -> Result<Connection, rusqlite::Error> {
        let connection = Connection::open_with_flags(address(path, way), flags)?;
        schema::settings(&connection)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    let [best, other] = WAYS.map(|way| || open(way).map_err(|error| Error::from(error).at(path)));
    match best() {
        Err(error) if is_worth_trying(&error) => other(),
        opened => opened,
    }
}

/// The path as a URI for SQLite: everything except letters, digits and a few signs is percent-encoded.
pub fn address(path: &Path, way: &str) -> String {
    use std::os::unix::ffi::OsStrExt;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let one = |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let path: String = path.as_os_str().as_bytes().iter().map(one).collect();
    format!("file:{path}?{way}")
}
