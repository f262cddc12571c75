//! The stored articles, as the rules of `identity` look them up.

use super::pack::Unpacker;
use crate::library::Error;
use crate::library::identity::{Hash, Holder, Shelf};
use chrono::DateTime;
use rusqlite::{Connection, OptionalExtension};

/// The articles of a file.
pub struct Stored<'a> {
    pub db: &'a Connection,
    pub unpacker: &'a Unpacker,
}

impl Shelf for Stored<'_> {
    type Error = Error;

    fn holder(&self, identity: Hash) -> Result<Option<Holder>, Error> {
        let sql = "SELECT id, source, title, url, guid, path, published FROM article WHERE identity = ?";
        let holder = self.db.prepare_cached(sql)?.query_row([identity.bytes()], |row| {
            Ok(Holder {
                place: row.get(0)?,
                source: row.get(1)?,
                title: row.get(2)?,
                url: row.get(3)?,
                guid: row.get(4)?,
                path: row.get(5)?,
                // What stands for no date is no time.
                published: DateTime::from_timestamp(row.get(6)?, 0),
            })
        });
        Ok(holder.optional()?)
    }

    fn body(&self, place: i64) -> Result<String, Error> {
        let mut statement = self.db.prepare_cached("SELECT body FROM text WHERE id = ?")?;
        let mut rows = statement.query([place])?;
        let Some(row) = rows.next()? else { return Ok(String::new()) };
        match self.unpacker.text(self.db, row.get_ref(0)?) {
            Err(error) if error.is_damage() => Ok(String::new()),
            other => other,
        }
    }
}
