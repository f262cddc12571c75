//! The numbers that the file keeps about itself, by name: what is counted next, and how often what changed.

use crate::library::Error;
use rusqlite::Connection;
use rusqlite::types::FromSql;

/// How long a connection waits for another writer.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// The number called `name`.
pub fn meta<T: FromSql>(db: &Connection, name: &str) -> Result<T, Error> {
    let mut statement = db.prepare_cached("SELECT value FROM meta WHERE name = ?")?;
    Ok(statement.query_row([name], |row| row.get(0))?)
}

pub fn set_meta(db: &Connection, name: &str, value: u32) -> Result<(), Error> {
    db.prepare_cached("UPDATE meta SET value = ? WHERE name = ?")?.execute((value, name))?;
    Ok(())
}

/// Tells every process that the articles (`articles`) or what was done with them (`marks`) changed.
pub fn bump(db: &Connection, what: &str) -> Result<(), Error> {
    db.prepare_cached("UPDATE meta SET value = value + 1 WHERE name = ?")?.execute([what])?;
    Ok(())
}

/// A repair raises the counts of changes to the next multiple of this, which no number of changes reaches.
pub const GENERATION: i64 = 1 << 32;

/// How often the articles and the marks have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    articles: u64,
    marks: u64,
}

impl Version {
    pub fn read(db: &Connection) -> Result<Version, Error> {
        let of = |name: &str| meta::<i64>(db, name).map(i64::unsigned_abs);
        Ok(Version { articles: of("articles")?, marks: of("marks")? })
    }

    /// How often the articles have changed.
    pub fn articles(self) -> u64 {
        self.articles
    }

    /// How often the marks have changed.
    pub fn marks(self) -> u64 {
        self.marks
    }

    /// How often the library has been repaired: what is remembered of an earlier one may be wrong.
    pub fn generation(self) -> u64 {
        self.articles / GENERATION.unsigned_abs()
    }

    /// Grows with every change.
    pub fn sum(self) -> u64 {
        self.articles + self.marks
    }
}
