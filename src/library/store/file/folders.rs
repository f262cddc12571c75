//! Folders that the library follows, as rows.

use crate::library::{Error, FollowedFolder};
use rusqlite::Connection;

pub fn follow(db: &Connection, folder: &FollowedFolder) -> Result<(), Error> {
    db.execute(
        "INSERT OR REPLACE INTO folder VALUES (?, ?)",
        (folder.path.to_string_lossy(), folder.named.to_string_lossy()),
    )?;
    Ok(())
}

/// All of them, by path.
pub fn all(db: &Connection) -> Result<Vec<FollowedFolder>, Error> {
    let mut statement = db.prepare_cached("SELECT path, named FROM folder ORDER BY path")?;
    let rows = statement.query_map([], |row| {
        Ok(FollowedFolder { path: row.get::<_, String>(0)?.into(), named: row.get::<_, String>(1)?.into() })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
