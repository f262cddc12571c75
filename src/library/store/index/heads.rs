//! The rows of a segment: its head, which says what it spans, and the columns that are not sets.

use super::blocks::Builder;
use super::rows;
use super::segment::{SPAN, Segment, key};
use super::sets;
use crate::library::Error;
use crate::library::store::file::row::UNDATED;
use crate::library::store::file::seal::{self, damaged, sealed, sound};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

/// The newest time of a segment whose head is damaged.
const UNKNOWN: i64 = i64::MAX;

/// The head of a segment: which numbers and times it spans. Times are seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub id: i64,
    pub base: u32,
    pub span: u32,
    pub articles: u32,
    pub oldest: i64,
    pub newest: i64,
}

impl Head {
    pub fn numbers(&self) -> std::ops::Range<u32> {
        self.base..self.base + self.span
    }

    /// Whether each of its numbers is that of an article, as long as none was replaced or taken out. Of a damaged head it is not known.
    pub fn is_gapless(&self) -> bool {
        self.articles == self.span && self.newest != UNKNOWN
    }
}

/// The live segments, in ascending order of their bases.
pub fn heads(db: &Connection) -> Result<Vec<Head>, Error> {
    let mut statement = db.prepare_cached(
        "SELECT id, base, span, articles, oldest, newest FROM segment WHERE live = 1 ORDER BY base",
    )?;
    let heads = statement
        .query_map([], |row| {
            Ok(Head {
                id: row.get(0)?,
                base: row.get(1)?,
                span: row.get(2)?,
                articles: row.get(3)?,
                oldest: row.get(4)?,
                newest: row.get(5)?,
            })
        })?
        .collect::<Result<Vec<Head>, _>>()?;
    Ok(heads)
}

/// The live segments as far as they can be told where their heads are damaged, and whether all are as they were
/// written. A damaged head spans what its neighbours leave.
pub fn mended_heads(db: &Connection) -> Result<(Vec<Head>, bool), Error> {
    if !any_broken(db)? {
        match heads(db) {
            Err(error) if error.is_damage() => {}
            found => return Ok((found?, true)),
        }
    }
    let sql = format!(
        "SELECT id, base, span, articles, oldest, newest, live, {} FROM segment",
        seal::SEGMENT.broken()
    );
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let (mut whole, mut broken): (Vec<Head>, Vec<i64>) = Default::default();
    while let Some(row) = rows.next()? {
        let head = |row: &Row<'_>| -> Result<Head, Error> {
            sound(row, 7)?;
            let (id, base, span) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Head { id, base, span, articles: row.get(3)?, oldest: row.get(4)?, newest: row.get(5)? })
        };
        match head(row) {
            Ok(head) => whole.extend(row.get::<_, bool>(6)?.then_some(head)),
            Err(error) if error.is_damage() => broken.push(row.get(0)?),
            Err(error) => return Err(error),
        }
    }
    whole.sort_by_key(|head| head.base);
    let numbers: Option<u32> = db
        .query_row("SELECT value FROM meta WHERE name = 'next_number'", [], |row| row.get(0))
        .optional()
        .unwrap_or_default();
    let end = numbers.or(db.query_row("SELECT max(id) FROM text", [], |row| row.get(0))?).unwrap_or(0);
    let starts: Vec<u32> = whole.iter().map(|head| head.base).chain([end]).collect();
    let ends: Vec<u32> = std::iter::once(0).chain(whole.iter().map(|head| head.numbers().end)).collect();
    let gaps = std::iter::zip(ends, starts).filter(|(from, to)| from < to && to - from <= SPAN);
    for ((base, to), id) in gaps.zip(broken) {
        let span = to - base;
        whole.push(Head { id, base, span, articles: span, oldest: UNDATED, newest: UNKNOWN });
    }
    whole.sort_by_key(|head| head.base);
    Ok((whole, false))
}

fn any_broken(db: &Connection) -> Result<bool, Error> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM segment WHERE {})", seal::SEGMENT.broken());
    Ok(db.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// When the articles of a segment were published, by place, in seconds since 1970. Fewer where it is damaged.
pub fn published(db: &Connection, head: &Head) -> Result<Vec<i64>, Error> {
    let sql = "SELECT published, seal FROM forward WHERE segment = ?";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([head.id])?;
    let row = rows.next()?.ok_or_else(damaged)?;
    let published = row.get_ref(0)?;
    sealed(row, 1, [ValueRef::Integer(head.id), published])?;
    let (words, _) = published.as_blob().map_err(|_| damaged())?.as_chunks::<8>();
    Ok(words.iter().map(|word| i64::from_le_bytes(*word)).collect())
}

/// The pairs of numbers that a column holds.
pub fn pairs(bytes: &[u8]) -> impl ExactSizeIterator<Item = (u32, u32)> + Clone {
    bytes.as_chunks::<8>().0.iter().map(|word| {
        let [a, b, c, d, e, f, g, h] = *word;
        (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
    })
}

/// Writes the head of a segment; returns its id.
pub fn put_head(db: &Connection, base: u32, segment: &Segment, live: bool) -> Result<i64, Error> {
    let all = segment.sets.find(&[key::ALL]);
    let dates = || all.iter().filter_map(|place| segment.published.get(usize::from(*place)));
    let (oldest, newest) = (dates().min().copied().unwrap_or(0), dates().max().copied().unwrap_or(0));
    db.prepare_cached("INSERT INTO segment VALUES (NULL, ?, ?, ?, ?, ?, ?, NULL)")?.execute((
        base,
        segment.published.len() as u32,
        all.len() as u32,
        oldest,
        newest,
        live,
    ))?;
    let id = db.last_insert_rowid();
    seal::SEGMENT.renew(db, "id = ?", [id])?;
    Ok(id)
}

/// Writes the sets and the other columns of a segment.
pub fn put_segment(db: &Connection, id: i64, segment: &Segment) -> Result<(), Error> {
    put_forward(db, id, segment)?;
    let mut builder = Builder::default();
    let mut bytes = Vec::new();
    for (key, places) in segment.sets.iter() {
        sets::encode(places, &mut bytes);
        builder.push(key, &bytes);
    }
    builder.finish().iter().try_for_each(|block| rows::put(db, id, block))
}

/// Writes the columns of a segment that are not sets.
pub fn put_forward(db: &Connection, id: i64, segment: &Segment) -> Result<(), Error> {
    let published: Vec<u8> = segment.published.iter().flat_map(|time| time.to_le_bytes()).collect();
    let forward = &segment.forward;
    let totals: Vec<u8> = forward
        .totals
        .iter()
        .flat_map(|(entity, count)| [*entity, *count])
        .flat_map(u32::to_le_bytes)
        .collect();
    let groups = segment.groups.iter().flat_map(|(place, group)| [u32::from(*place), *group]);
    let groups: Vec<u8> = groups.flat_map(u32::to_le_bytes).collect();
    db.prepare_cached("INSERT INTO forward VALUES (?1, ?2, crc(?1, ?2))")?.execute((id, published))?;
    db.prepare_cached("INSERT INTO total VALUES (?1, ?2, crc(?1, ?2))")?.execute((id, totals))?;
    db.prepare_cached("INSERT INTO story VALUES (?1, ?2, crc(?1, ?2))")?.execute((id, groups))?;
    let mut statement = db.prepare_cached("INSERT INTO list VALUES (?1, ?2, ?3, crc(?1, ?2, ?3))")?;
    for (part, starts, places) in forward.written() {
        statement.execute((id << 8 | i64::from(part), starts, places))?;
    }
    let mut statement = db.prepare_cached("INSERT INTO band VALUES (?1, ?2, crc(?1, ?2))")?;
    for (bucket, entries) in segment.bands.written() {
        statement.execute((id << 8 | i64::from(bucket), entries))?;
    }
    Ok(())
}
