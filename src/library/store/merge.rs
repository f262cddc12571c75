//! Merging segments, so that a question asks few of them.
//!
//! Eight neighbours of about the same size become one, up to 65,536 numbers. The new segment is
//! written beside the old ones in small transactions and takes their place in the last; whoever is
//! killed in between leaves rows that no question sees, which the next merge sweeps away.

use super::write::{Writer, put_forward, put_head};
use crate::library::Error;
use crate::library::gather::KeyedSets;
use crate::library::segment::{Bands, Forward, Lists, PART, SPAN, Segment, join_sets, key};
use rusqlite::{Connection, Rows, TransactionBehavior};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Neighbours of one size that make a larger one.
const FAN: usize = 8;
/// Sets written in one transaction: what another writer may have to wait for, some 20 ms.
const STEP: usize = 10_000;

/// What merging needs to know of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    id: i64,
    base: u32,
    span: u32,
}

impl Part {
    /// Segments of one size differ by less than the fan.
    fn size(self) -> u32 {
        self.span.max(1).ilog(FAN as u32)
    }

    fn end(self) -> u32 {
        self.base + self.span
    }
}

impl Writer {
    /// Merges until there is nothing to merge.
    pub fn merge(&mut self) -> Result<(), Error> {
        while let Some(run) = run(&parts(&self.connection)?) {
            if !self.merge_run(&run)? {
                break;
            }
        }
        Ok(())
    }

    /// Merges the last segments into one, where that is worth it: after many articles have come in, a library
    /// that fills no segment yet has as few of them as it can.
    pub fn settle(&mut self) -> Result<(), Error> {
        if let Some(run) = tail(&parts(&self.connection)?) {
            self.merge_run(&run)?;
        }
        Ok(())
    }

    /// Whether the merged segment took the place of the run: another process may have been first.
    fn merge_run(&mut self, run: &[Part]) -> Result<bool, Error> {
        let Some(first) = run.first() else { return Ok(false) };
        let (merged, sets) = {
            let transaction = self.connection.transaction()?;
            (joined_lists(&transaction, run)?, joined_sets(&transaction, run)?)
        };
        let id = {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let id = put_head(&transaction, first.base, &merged, false)?;
            put_forward(&transaction, id, &merged)?;
            transaction.commit()?;
            id
        };
        for step in sets.chunks(STEP) {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut statement = transaction.prepare_cached("INSERT INTO posting VALUES (?, ?, ?)")?;
                for (key, places) in step {
                    statement.execute((id, key, places))?;
                }
            }
            transaction.commit()?;
        }
        let done = self.swap(run, id)?;
        self.sweep()?;
        Ok(done)
    }

    fn swap(&mut self, run: &[Part], id: i64) -> Result<bool, Error> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there = parts(&transaction)?;
        if !run.iter().all(|part| there.contains(part)) {
            return Ok(false);
        }
        for part in run {
            transaction.prepare_cached("UPDATE segment SET live = 0 WHERE id = ?")?.execute([part.id])?;
        }
        transaction.execute("UPDATE segment SET live = 1 WHERE id = ?", [id])?;
        transaction.commit()?;
        Ok(true)
    }

    /// Removes the rows of segments that are not live, some at a time. Those that another process is
    /// just writing are its own affair: it finds them gone at the swap and begins anew.
    fn sweep(&mut self) -> Result<(), Error> {
        let dead: Vec<i64> = {
            let mut statement = self.connection.prepare_cached("SELECT id FROM segment WHERE live = 0")?;
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for id in dead {
            loop {
                let gone = self
                    .connection
                    .prepare_cached(
                        "DELETE FROM posting WHERE segment = ?1 AND key IN
                         (SELECT key FROM posting WHERE segment = ?1 LIMIT ?2)",
                    )?
                    .execute((id, STEP as i64))?;
                if gone < STEP {
                    break;
                }
            }
            for table in ["forward", "total", "story"] {
                let sql = format!("DELETE FROM {table} WHERE segment = ?");
                self.connection.prepare_cached(&sql)?.execute([id])?;
            }
            for table in ["band", "list"] {
                let sql = format!("DELETE FROM {table} WHERE id >= ?1 << 8 AND id < (?1 + 1) << 8");
                self.connection.prepare_cached(&sql)?.execute([id])?;
            }
            self.connection.execute("DELETE FROM segment WHERE id = ? AND live = 0", [id])?;
        }
        Ok(())
    }
}

fn parts(db: &Connection) -> Result<Vec<Part>, Error> {
    let mut statement =
        db.prepare_cached("SELECT id, base, span FROM segment WHERE live = 1 ORDER BY base")?;
    let rows =
        statement.query_map([], |row| Ok(Part { id: row.get(0)?, base: row.get(1)?, span: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Neighbours that should be merged: as many of one size as the fan, or fewer that fill a segment.
fn run(parts: &[Part]) -> Option<Vec<Part>> {
    let mut start = 0;
    while let Some(first) = parts.get(start) {
        let rest = parts.get(start..).unwrap_or_default();
        let fits = |part: &&Part| part.size() == first.size() && part.end() - first.base <= SPAN;
        let run: Vec<Part> = rest.iter().take_while(fits).take(FAN).copied().collect();
        let span = run.last().map_or(0, |last| last.end() - first.base);
        let full = rest.get(run.len()).is_some_and(|next| next.end() - first.base > SPAN);
        if run.len() == FAN || (run.len() > 1 && full && span > SPAN / 2) {
            return Some(run);
        }
        start += 1;
    }
    None
}

/// The last segments that fit into one, unless one of them has nearly all of their articles already.
fn tail(parts: &[Part]) -> Option<Vec<Part>> {
    let end = parts.last()?.end();
    let start = parts.iter().position(|part| end - part.base <= SPAN)?;
    let run = parts.get(start..)?.to_vec();
    let span: u32 = run.iter().map(|part| part.span).sum();
    let largest = run.iter().map(|part| part.span).max()?;
    (run.len() > 1 && largest < span / 4 * 3).then_some(run)
}

/// Times and lists of the run, as one; its sets are the set of all articles only.
fn joined_lists(db: &Connection, run: &[Part]) -> Result<Segment, Error> {
    let base = run.first().map_or(0, |first| first.base);
    let mut published = Vec::new();
    let mut lists: Vec<Vec<u32>> = Vec::new();
    let mut all = Vec::new();
    let mut bands = Bands::default();
    let mut groups = Vec::new();
    for part in run {
        let shift = (part.base - base) as usize;
        published.resize(shift, 0);
        let mut statement =
            db.prepare_cached(
            "SELECT published, totals, groups FROM forward JOIN total USING (segment) JOIN story USING (segment)
             WHERE segment = ?",
        )?;
        let mut rows = statement.query([part.id])?;
        let Some(row) = rows.next()? else { continue };
        let (times, _) = row.get_ref(0)?.as_blob().unwrap_or_default().as_chunks::<8>();
        published.extend(times.iter().map(|word| i64::from_le_bytes(*word)));
        let totals: Vec<u32> =
            pairs(row.get_ref(1)?.as_blob().unwrap_or_default()).map(|(entity, _)| entity).collect();
        let moved = |place: u32| u16::try_from(place + shift as u32).ok();
        let copies = pairs(row.get_ref(2)?.as_blob().unwrap_or_default());
        groups.extend(copies.filter_map(|(place, group)| Some((moved(place)?, group))));
        lists.resize(shift, Vec::new());
        join_lists(db, *part, &totals, &mut lists)?;
        join_bands(db, *part, shift as u32, &mut bands)?;
        let mut statement = db.prepare_cached("SELECT places FROM posting WHERE segment = ? AND key = ?")?;
        let mut rows = statement.query((part.id, [key::ALL]))?;
        if let Some(row) = rows.next()? {
            all.push((shift as u32, row.get::<_, Vec<u8>>(0)?));
        }
    }
    let mut bytes = Vec::new();
    join_sets(&all, &mut bytes);
    let sets = KeyedSets::one(&[key::ALL], crate::library::sets::decode(&bytes));
    bands.sort();
    Ok(Segment { published, sets, forward: Forward::build(&lists), bands, groups })
}

/// Appends the entities of each article of `part`.
fn join_lists(db: &Connection, part: Part, totals: &[u32], lists: &mut Vec<Vec<u32>>) -> Result<(), Error> {
    let first = lists.len();
    lists.resize(first + part.span as usize, Vec::new());
    let mut statement =
        db.prepare_cached("SELECT id & 255, starts, places FROM list WHERE id >= ? AND id < ?")?;
    let mut rows = statement.query((part.id << 8, (part.id + 1) << 8))?;
    while let Some(row) = rows.next()? {
        let from = row.get::<_, u8>(0)?;
        let starts = row.get_ref(1)?.as_blob().unwrap_or_default();
        let written = Lists::new(starts, row.get_ref(2)?.as_blob().unwrap_or_default());
        let articles = lists.iter_mut().skip(first + usize::from(from) * PART).take(PART);
        for (place, list) in articles.enumerate() {
            written.each(place, |place| list.extend(totals.get(place)));
        }
    }
    Ok(())
}

/// The pairs of numbers of a blob.
pub fn pairs(bytes: &[u8]) -> impl ExactSizeIterator<Item = (u32, u32)> + Clone {
    bytes.as_chunks::<8>().0.iter().map(|word| {
        let [a, b, c, d, e, f, g, h] = *word;
        (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
    })
}

fn join_bands(db: &Connection, part: Part, shift: u32, bands: &mut Bands) -> Result<(), Error> {
    let mut statement = db.prepare_cached("SELECT id & 255, entries FROM band WHERE id >= ? AND id < ?")?;
    let mut rows = statement.query((part.id << 8, (part.id + 1) << 8))?;
    while let Some(row) = rows.next()? {
        let bucket = row.get(0)?;
        for (rest, place) in
            Bands::entries(row.get_ref(1)?.as_blob().unwrap_or_default()).iter().map(Bands::of_entry)
        {
            if let Ok(place) = u16::try_from(u32::from(place) + shift) {
                bands.push(bucket, rest, place);
            }
        }
    }
    Ok(())
}

/// The next set of one segment of the run.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    key: Vec<u8>,
    /// Its place in the run.
    part: usize,
    places: Vec<u8>,
}

/// A key and its places as they are written.
type Set = (Vec<u8>, Vec<u8>);

/// The sets of the run, joined, ascending by key.
fn joined_sets(db: &Connection, run: &[Part]) -> Result<Vec<Set>, Error> {
    let base = run.first().map_or(0, |first| first.base);
    let sql = "SELECT key, places FROM posting WHERE segment = ? ORDER BY key";
    let mut statements = run.iter().map(|_| db.prepare(sql)).collect::<Result<Vec<_>, _>>()?;
    let mut cursors = Vec::new();
    for (statement, part) in statements.iter_mut().zip(run) {
        cursors.push(statement.query([part.id])?);
    }
    let mut heap = BinaryHeap::new();
    for (part, rows) in cursors.iter_mut().enumerate() {
        heap.extend(advance(rows, part)?.map(Reverse));
    }
    let mut joined: Vec<Set> = Vec::new();
    let mut parts: Vec<(u32, Vec<u8>)> = Vec::new();
    let mut bytes = Vec::new();
    while let Some(Reverse(Next { key, part, places })) = heap.pop() {
        let shift = run.get(part).map_or(0, |part| part.base - base);
        parts.push((shift, places));
        if let Some(rows) = cursors.get_mut(part) {
            heap.extend(advance(rows, part)?.map(Reverse));
        }
        if heap.peek().is_none_or(|Reverse(next)| next.key != key) {
            join_sets(&parts, &mut bytes);
            joined.push((key, bytes.clone()));
            parts.clear();
        }
    }
    Ok(joined)
}

fn advance(rows: &mut Rows<'_>, part: usize) -> Result<Option<Next>, Error> {
    Ok(match rows.next()? {
        Some(row) => Some(Next { key: row.get(0)?, part, places: row.get(1)? }),
        None => None,
    })
}
