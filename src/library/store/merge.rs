//! Merging segments, so that a question asks few of them.
//!
//! Eight neighbours of about the same size become one, up to 65,536 numbers. The new segment is
//! written beside the old ones in small transactions and takes their place in the last; whoever is
//! killed in between leaves rows that no question sees, which the next merge sweeps away.

use super::heads::{pairs, put_forward, put_head};
use super::index::{self, Cursor};
use super::write::Writer;
use crate::library::blocks::{Block, Builder};
use crate::library::gather::KeyedSets;
use crate::library::segment::{Bands, Forward, Lists, PART, SPAN, Segment, key};
use crate::library::{Error, sets};
use rusqlite::{Connection, TransactionBehavior};

/// Neighbours of one size that make a larger one.
const FAN: usize = 8;
/// Blocks written in one transaction: what another writer may have to wait for, some 10 ms.
const STEP: usize = 1_000;

/// Pages that are given back in one transaction.
const GIVEN_BACK: i64 = 512;

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
        self.shrink()
    }

    /// Gives back what the file has come to hold for nothing, where that is a twentieth of it. Libraries that began
    /// under a version before the ninth keep it for what comes.
    fn shrink(&mut self) -> Result<(), Error> {
        let pragma = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let mut free = pragma("freelist_count")?;
        while free > pragma("page_count")? / 20 {
            let mut statement =
                self.connection.prepare(&format!("PRAGMA incremental_vacuum({GIVEN_BACK})"))?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            let left = pragma("freelist_count")?;
            if left >= free {
                break;
            }
            free = left;
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
            for block in step {
                index::put(&transaction, id, block)?;
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
            index::remove(&self.connection, id)?;
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
        index::with_set(db, part.id, &[key::ALL], |places| {
            sets::decode_onto(places, shift as u32, &mut all);
        })?;
    }
    let sets = KeyedSets::one(&[key::ALL], all);
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

/// The sets of the run, joined.
fn joined_sets(db: &Connection, run: &[Part]) -> Result<Vec<Block>, Error> {
    let base = run.first().map_or(0, |first| first.base);
    let mut statements = run.iter().map(|part| index::walked(db, part.id)).collect::<Result<Vec<_>, _>>()?;
    let mut cursors = Vec::new();
    for ((form, statement), part) in statements.iter_mut().zip(run) {
        cursors.push((part.base - base, Cursor::new(*form, statement, part.id)?));
    }
    let mut builder = Builder::default();
    let (mut key, mut places, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        // There are few of them: no heap is as fast.
        let live = cursors.iter().filter(|(_, cursor)| !cursor.ended);
        let Some(least) = live.map(|(_, cursor)| &cursor.key).min() else { break };
        key.clone_from(least);
        places.clear();
        for (shift, cursor) in cursors.iter_mut().filter(|(_, cursor)| !cursor.ended && cursor.key == key) {
            sets::decode_onto(&cursor.places, *shift, &mut places);
            cursor.advance()?;
        }
        sets::encode(&places, &mut bytes);
        builder.push(&key, &bytes);
    }
    Ok(builder.finish())
}
