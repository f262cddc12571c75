//! Folders that the library follows, as rows.

use crate::library::{Error, FollowedFolder};
use crate::text::path;
use rusqlite::Connection;

pub fn follow(db: &Connection, folder: &FollowedFolder) -> Result<(), Error> {
    db.execute(
        "INSERT OR REPLACE INTO folder VALUES (?1, ?2, crc(?1, ?2))",
        (path::written(&folder.path), path::written(&folder.named)),
    )?;
    Ok(())
}

/// All of them, by path.
pub fn all(db: &Connection) -> Result<Vec<FollowedFolder>, Error> {
    let mut statement = db.prepare_cached("SELECT path, named FROM folder ORDER BY path")?;
    let rows = statement.query_map([], |row| {
        let read = |at| row.get::<_, String>(at).map(|text| path::read(&text));
        Ok(FollowedFolder { path: read(0)?, named: read(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
