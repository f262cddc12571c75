//! Merging segments, so that a question reads few of them.
//!
//! Eight neighbours of about the same size become one, up to 65,536 numbers. The new segment is
//! written beside the old ones in small transactions and replaces them in the last one. A process that is
//! killed in between leaves rows that no question reads, and the next merge deletes them.

use super::blocks::{Block, Builder};
use super::gather::KeyedSets;
use super::heads::{Head, heads, pairs, put_forward, put_head};
use super::rows::{self, Cursor};
use super::segment::{Bands, Forward, Lists, PART, SPAN, Segment, key};
use super::sets;
use crate::library::Error;
use crate::library::store::file::seal::{self, damaged, sealed};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior};

/// How many neighbours of one size are merged into a larger segment.
const FAN: usize = 8;
/// How many blocks one transaction writes: another writer may have to wait for it, some 10 ms.
const STEP: usize = 1_000;

/// How many free pages one transaction returns to the file system.
const GIVEN_BACK: i64 = 512;

/// The size class of a segment: segments of one class differ by less than [`FAN`].
fn size(head: &Head) -> u32 {
    head.span.max(1).ilog(FAN as u32)
}

/// Merges until nothing is left to merge. What is damaged stays as it is.
pub fn merge(connection: &mut Connection) -> Result<(), Error> {
    match merge_sound(connection) {
        Err(error) if error.is_damage() => Ok(()),
        merged => merged,
    }
}

fn merge_sound(connection: &mut Connection) -> Result<(), Error> {
    while let Some(run) = run(&heads(connection)?) {
        if !merge_run(connection, &run)? {
            break;
        }
    }
    Ok(())
}

/// Merges the last segments into one, if that is worth it, so that a library has as few
/// segments as possible after many articles have come in. Returns free pages to the file system.
pub fn settle(connection: &mut Connection) -> Result<(), Error> {
    if let Some(run) = tail(&heads(connection)?) {
        match merge_run(connection, &run) {
            Err(error) if error.is_damage() => return Ok(()),
            merged => merged?,
        };
    }
    shrink(connection)
}

/// Returns free pages to the file system, if they are more than a twentieth of the file. A library that was created
/// before version 9 keeps its free pages for later articles.
fn shrink(connection: &mut Connection) -> Result<(), Error> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let mut free = pragma("freelist_count")?;
    while free > pragma("page_count")? / 20 {
        let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({GIVEN_BACK})"))?;
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

/// Merges a run of segments. Returns false if another process merged some of them first.
fn merge_run(connection: &mut Connection, run: &[Head]) -> Result<bool, Error> {
    let Some(first) = run.first() else { return Ok(false) };
    let (merged, sets) = {
        let transaction = connection.transaction()?;
        (joined_lists(&transaction, run)?, joined_sets(&transaction, run)?)
    };
    let id = {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let id = put_head(&transaction, first.base, &merged, false)?;
        put_forward(&transaction, id, &merged)?;
        transaction.commit()?;
        id
    };
    for step in sets.chunks(STEP) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for block in step {
            rows::put(&transaction, id, block)?;
        }
        transaction.commit()?;
    }
    let done = swap(connection, run, id)?;
    sweep(connection)?;
    Ok(done)
}

fn swap(connection: &mut Connection, run: &[Head], id: i64) -> Result<bool, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let there = heads(&transaction)?;
    if !run.iter().all(|head| there.contains(head)) {
        return Ok(false);
    }
    for head in run {
        put_live(&transaction, head.id, false)?;
    }
    put_live(&transaction, id, true)?;
    transaction.commit()?;
    Ok(true)
}

fn put_live(db: &Connection, id: i64, live: bool) -> Result<(), Error> {
    db.prepare_cached("UPDATE segment SET live = ? WHERE id = ?")?.execute((live, id))?;
    seal::SEGMENT.renew(db, "id = ?", [id])
}

/// Removes the rows of segments that are not live, some at a time. If another process is just writing one of
/// them, it notices at its swap and starts again.
fn sweep(connection: &mut Connection) -> Result<(), Error> {
    let dead: Vec<i64> = {
        let mut statement = connection.prepare_cached("SELECT id FROM segment WHERE live = 0")?;
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for id in dead {
        rows::remove(connection, id)?;
        for table in ["forward", "total", "story"] {
            let sql = format!("DELETE FROM {table} WHERE segment = ?");
            connection.prepare_cached(&sql)?.execute([id])?;
        }
        for table in ["band", "list"] {
            let sql = format!("DELETE FROM {table} WHERE id >= ?1 << 8 AND id < (?1 + 1) << 8");
            connection.prepare_cached(&sql)?.execute([id])?;
        }
        connection.execute("DELETE FROM segment WHERE id = ? AND live = 0", [id])?;
    }
    Ok(())
}

/// Neighbours that should be merged: [`FAN`] of one size, or fewer that fill a segment.
fn run(heads: &[Head]) -> Option<Vec<Head>> {
    let mut start = 0;
    while let Some(first) = heads.get(start) {
        let rest = heads.get(start..).unwrap_or_default();
        let fits = |head: &&Head| size(head) == size(first) && head.numbers().end - first.base <= SPAN;
        let run: Vec<Head> = rest.iter().take_while(fits).take(FAN).copied().collect();
        let span = run.last().map_or(0, |last| last.numbers().end - first.base);
        let full = rest.get(run.len()).is_some_and(|next| next.numbers().end - first.base > SPAN);
        if run.len() == FAN || (run.len() > 1 && full && span > SPAN / 2) {
            return Some(run);
        }
        start += 1;
    }
    None
}

/// The last segments that fit into one, unless one of them holds nearly all of their articles already.
fn tail(heads: &[Head]) -> Option<Vec<Head>> {
    let end = heads.last()?.numbers().end;
    let start = heads.iter().position(|head| end - head.base <= SPAN)?;
    let run = heads.get(start..)?.to_vec();
    let span: u32 = run.iter().map(|head| head.span).sum();
    let largest = run.iter().map(|head| head.span).max()?;
    (run.len() > 1 && largest < span / 4 * 3).then_some(run)
}

/// The run as one segment, without its sets except the set of all articles.
fn joined_lists(db: &Connection, run: &[Head]) -> Result<Segment, Error> {
    let base = run.first().map_or(0, |first| first.base);
    let mut published = Vec::new();
    let mut lists: Vec<Vec<u32>> = Vec::new();
    let mut all = Vec::new();
    let mut bands = Bands::default();
    let mut groups = Vec::new();
    for head in run {
        let shift = (head.base - base) as usize;
        published.resize(shift, 0);
        let mut statement = db.prepare_cached(
            "SELECT published, totals, groups, forward.seal, total.seal, story.seal
             FROM forward JOIN total USING (segment) JOIN story USING (segment) WHERE segment = ?",
        )?;
        let mut rows = statement.query([head.id])?;
        // A damaged segment is not merged: the new one would have checksums for what is wrong.
        let row = rows.next()?.ok_or_else(damaged)?;
        for column in 0..3 {
            sealed(row, 3 + column, [ValueRef::Integer(head.id), row.get_ref(column)?])?;
        }
        let (times, _) = row.get_ref(0)?.as_blob().unwrap_or_default().as_chunks::<8>();
        published.extend(times.iter().map(|word| i64::from_le_bytes(*word)));
        let totals: Vec<u32> =
            pairs(row.get_ref(1)?.as_blob().unwrap_or_default()).map(|(entity, _)| entity).collect();
        let moved = |place: u32| u16::try_from(place + shift as u32).ok();
        let copies = pairs(row.get_ref(2)?.as_blob().unwrap_or_default());
        groups.extend(copies.filter_map(|(place, group)| Some((moved(place)?, group))));
        lists.resize(shift, Vec::new());
        join_lists(db, *head, &totals, &mut lists)?;
        join_bands(db, *head, shift as u32, &mut bands)?;
        rows::with_set(db, head.id, &[key::ALL], |places| {
            sets::decode_onto(places, shift as u32, &mut all);
        })?;
    }
    let sets = KeyedSets::one(&[key::ALL], all);
    bands.sort();
    Ok(Segment { published, sets, forward: Forward::build(&lists), bands, groups })
}

/// Appends the entities of each article of `head`.
fn join_lists(db: &Connection, head: Head, totals: &[u32], lists: &mut Vec<Vec<u32>>) -> Result<(), Error> {
    let first = lists.len();
    lists.resize(first + head.span as usize, Vec::new());
    let mut statement =
        db.prepare_cached("SELECT id & 255, starts, places, seal, id FROM list WHERE id >= ? AND id < ?")?;
    let mut rows = statement.query((head.id << 8, (head.id + 1) << 8))?;
    while let Some(row) = rows.next()? {
        let (starts, places) = (row.get_ref(1)?, row.get_ref(2)?);
        sealed(row, 3, [row.get_ref(4)?, starts, places])?;
        let from = row.get::<_, u8>(0)?;
        let written = Lists::new(starts.as_blob().unwrap_or_default(), places.as_blob().unwrap_or_default());
        let articles = lists.iter_mut().skip(first + usize::from(from) * PART).take(PART);
        for (place, list) in articles.enumerate() {
            written.each(place, |place| list.extend(totals.get(place)));
        }
    }
    Ok(())
}

fn join_bands(db: &Connection, head: Head, shift: u32, bands: &mut Bands) -> Result<(), Error> {
    let mut statement =
        db.prepare_cached("SELECT id & 255, entries, seal, id FROM band WHERE id >= ? AND id < ?")?;
    let mut rows = statement.query((head.id << 8, (head.id + 1) << 8))?;
    while let Some(row) = rows.next()? {
        sealed(row, 2, [row.get_ref(3)?, row.get_ref(1)?])?;
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

/// The joined sets of the run.
fn joined_sets(db: &Connection, run: &[Head]) -> Result<Vec<Block>, Error> {
    let base = run.first().map_or(0, |first| first.base);
    let mut statements = run.iter().map(|head| rows::walked(db, head.id)).collect::<Result<Vec<_>, _>>()?;
    let mut cursors = Vec::new();
    for ((form, statement), head) in statements.iter_mut().zip(run) {
        cursors.push((head.base - base, Cursor::new(*form, statement, head.id)?));
    }
    let mut builder = Builder::default();
    let (mut key, mut places, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        // There are so few of them that a heap would be slower.
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
