//! Whether the index agrees with itself and with the articles, for the check of a library.
//!
//! A seal says that a row is as it was written; this says that rows which belong together are all there. Each
//! disagreement is given as the table that it shows in.

use super::blocks::Walk;
use super::heads::{Head, heads, mended_heads, pairs};
use super::names::Class;
use super::segment::{Bands, Lists, PART, key};
use super::sets;
use crate::library::Error;
use crate::library::store::file::marks;
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashSet};

/// What the rows of the articles say.
#[derive(Debug, Default)]
pub struct Stored {
    /// By number: the id, and when the article was published.
    pub articles: BTreeMap<u32, (i64, i64)>,
    /// Whether these are all articles.
    pub whole: bool,
}

/// The tables that disagree with others; empty if all agree.
pub fn disagreements(db: &Connection, stored: &Stored) -> Result<Vec<&'static str>, Error> {
    let mut wrong = Vec::new();
    let mut check = |table: &'static str, agrees: Result<bool, Error>| -> Result<(), Error> {
        match agrees {
            Ok(true) => Ok(()),
            Ok(false) => {
                wrong.push(table);
                Ok(())
            }
            // It is damaged, or misses a column.
            Err(error) if error.is_damage() || error.code() == Some(rusqlite::ErrorCode::Unknown) => {
                wrong.push(table);
                Ok(())
            }
            Err(error) => Err(error),
        }
    };
    check("meta", counters_agree(db))?;
    check("entity", names_agree(db))?;
    check("form", forms_agree(db))?;
    check("segment", segments_follow(db))?;
    let dead = marks::load_sound(db, marks::DEAD)?;
    let all = mended_heads(db).map(|(heads, _)| heads);
    let Ok(all) = all else {
        check("segment", Ok(false))?;
        return Ok(wrong);
    };
    let mut living = RoaringBitmap::new();
    for head in &all {
        match contents(db, head, stored) {
            Ok(Some(numbers)) => living |= numbers,
            Ok(None) => check("segment", Ok(false))?,
            Err(error) => check("segment", Err(error))?,
        }
    }
    let (dead, dead_whole) = dead;
    living -= &dead;
    if stored.whole && dead_whole {
        check("segment", Ok(living.iter().eq(stored.articles.keys().copied())))?;
    }
    check("moved", moved_agree(db, stored, &dead))?;
    Ok(wrong)
}

/// Whether the numbers that the file keeps of itself are those that follow from it.
fn counters_agree(db: &Connection) -> Result<bool, Error> {
    let mut statement = db.prepare("SELECT name, value FROM meta ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let rows: BTreeMap<String, i64> = rows.collect::<Result<_, _>>()?;
    if !rows.keys().map(String::as_str).eq(["articles", "marks", "next_entity", "next_number"]) {
        return Ok(false);
    }
    let last = |sql: &str| db.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    let entities = last("SELECT max(id) >> 3 FROM entity")?.unwrap_or(0);
    let numbers = last("SELECT max(base + span) FROM segment WHERE live = 1")?.unwrap_or(0);
    let segments = last("SELECT max(id) FROM segment")?.unwrap_or(0);
    let given = db
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'segment'", [], |row| row.get::<_, i64>(0))
        .optional()?
        .unwrap_or(0);
    Ok(rows.get("next_entity") == Some(&entities)
        && rows.get("next_number") == Some(&numbers)
        && rows.values().all(|value| *value >= 0)
        // The ids of lists are those of segments and one byte more.
        && (segments..1 << 48).contains(&given))
}

/// Whether each entity is found by what it is called, and only so.
fn names_agree(db: &Connection) -> Result<bool, Error> {
    let lost: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM entity WHERE NOT EXISTS (SELECT 1 FROM called
            WHERE kind = entity.id & 7 AND called.form = entity.called AND entity = entity.id))",
        [],
        |row| row.get(0),
    )?;
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let classes = count("SELECT coalesce(max(id & 7), 0) FROM entity")?;
    Ok(!lost
        && count("SELECT count(*) FROM entity")? == count("SELECT count(*) FROM called")?
        && u32::try_from(classes).is_ok_and(|class| Class::of(class).is_some()))
}

/// Whether the words of the forms of names are those that are looked up.
fn forms_agree(db: &Connection) -> Result<bool, Error> {
    let mut expected: HashSet<(u32, String)> = HashSet::new();
    let mut statement = db.prepare("SELECT entity, form FROM form")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (entity, form): (u32, String) = (row.get(0)?, row.get(1)?);
        expected.extend(form.split(' ').map(|word| (entity, word.to_owned())));
    }
    let mut statement = db.prepare("SELECT entity, word FROM form_word")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !expected.remove(&(row.get(0)?, row.get(1)?)) {
            return Ok(false);
        }
    }
    Ok(expected.is_empty())
}

/// Whether the live segments follow one another. A repair may leave numbers out.
fn segments_follow(db: &Connection) -> Result<bool, Error> {
    let heads = heads(db)?;
    let ends = std::iter::once(0).chain(heads.iter().map(|head| head.numbers().end));
    Ok(std::iter::zip(&heads, ends).all(|(head, end)| head.base >= end && head.span > 0))
}

/// The numbers of the articles of a segment; `None` if its parts disagree.
fn contents(db: &Connection, head: &Head, stored: &Stored) -> Result<Option<RoaringBitmap>, Error> {
    let Some((places, numbers)) = sets_of(db, head)? else { return Ok(None) };
    let times = super::heads::published(db, head)?;
    let time = |place: u16| times.get(usize::from(place)).copied();
    let dates = || places.iter().filter_map(|place| time(*place));
    let sizes = times.len() == head.span as usize && places.len() == head.articles as usize;
    let span = (dates().min().unwrap_or(0), dates().max().unwrap_or(0)) == (head.oldest, head.newest);
    // Where an article was published is stored with it, too.
    let agrees = stored.articles.range(head.numbers()).all(|(number, (_, published))| {
        u16::try_from(number - head.base).ok().and_then(time) == Some(*published)
    });
    let whole = sizes && span && agrees && lists_agree(db, head)? && copies_agree(db, head)?;
    Ok(whole.then_some(numbers))
}

/// The set of all articles of a segment, as places and as numbers; `None` if its sets are not in order.
fn sets_of(db: &Connection, head: &Head) -> Result<Option<(Vec<u16>, RoaringBitmap)>, Error> {
    let (mut all, mut last, mut places): (Vec<u16>, Vec<u8>, Vec<u16>) = Default::default();
    let mut take = |name: &[u8], set: &[u8]| {
        places.clear();
        sets::decode_onto(set, 0, &mut places);
        let ascends = last.is_empty() || last.as_slice() < name;
        last = name.to_vec();
        if name == [key::ALL] {
            all.clone_from(&places);
        }
        ascends && places.is_sorted() && places.last().is_some_and(|place| u32::from(*place) < head.span)
    };
    let mut blocks = db.prepare("SELECT first, sets FROM block WHERE segment = ? ORDER BY first")?;
    let mut rows = blocks.query([head.id])?;
    while let Some(row) = rows.next()? {
        let first: Vec<u8> = row.get(0)?;
        let mut walk = Walk::new(row.get_ref(1)?.as_blob().unwrap_or_default());
        let mut begun = false;
        while let Some(set) = walk.step() {
            if !(begun || walk.key() == first) || !take(walk.key(), set) {
                return Ok(None);
            }
            begun = true;
        }
        if !begun || !walk.is_at_end() {
            return Ok(None);
        }
    }
    let mut postings = db.prepare("SELECT key, places FROM posting WHERE segment = ? ORDER BY key")?;
    let mut rows = postings.query([head.id])?;
    while let Some(row) = rows.next()? {
        let name: Vec<u8> = row.get(0)?;
        if !take(&name, row.get_ref(1)?.as_blob().unwrap_or_default()) {
            return Ok(None);
        }
    }
    let numbers = all.iter().map(|place| head.base + u32::from(*place)).collect();
    Ok(Some((all, numbers)))
}

/// Whether the entities of each article, counted, are the totals of the segment.
fn lists_agree(db: &Connection, head: &Head) -> Result<bool, Error> {
    let totals: Vec<u8> =
        db.query_row("SELECT totals FROM total WHERE segment = ?", [head.id], |row| row.get(0))?;
    let mut left: Vec<u32> = pairs(&totals).map(|(_, count)| count).collect();
    let mut statement = db.prepare("SELECT id & 255, starts, places FROM list WHERE id >= ? AND id < ?")?;
    let mut rows = statement.query((head.id << 8, (head.id + 1) << 8))?;
    let mut fits = true;
    while let Some(row) = rows.next()? {
        let part: u32 = row.get(0)?;
        let starts = row.get_ref(1)?.as_blob().unwrap_or_default();
        let lists = Lists::new(starts, row.get_ref(2)?.as_blob().unwrap_or_default());
        fits &= part * (PART as u32) < head.span;
        for place in 0..PART {
            lists.each(place, |entity| match left.get_mut(entity).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => fits = false,
            });
        }
    }
    Ok(fits && left.iter().all(|left| *left == 0))
}

/// Whether what copies are recognised by is of articles of the segment and in order.
fn copies_agree(db: &Connection, head: &Head) -> Result<bool, Error> {
    let mut statement = db.prepare("SELECT entries FROM band WHERE id >= ? AND id < ?")?;
    let mut rows = statement.query((head.id << 8, (head.id + 1) << 8))?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().unwrap_or_default();
        let entries: Vec<(u32, u16)> = Bands::entries(bytes).iter().map(Bands::of_entry).collect();
        if !entries.is_sorted() || entries.iter().any(|(_, place)| u32::from(*place) >= head.span) {
            return Ok(false);
        }
    }
    let groups: Vec<u8> =
        db.query_row("SELECT groups FROM story WHERE segment = ?", [head.id], |row| row.get(0))?;
    let mut last = None;
    Ok(pairs(&groups).all(|(place, group)| {
        let ascends = last < Some(place);
        last = Some(place);
        ascends && place < head.span && group < head.base + place
    }))
}

/// Whether the articles with other numbers than their first are those that have moved.
fn moved_agree(db: &Connection, stored: &Stored, dead: &RoaringBitmap) -> Result<bool, Error> {
    let mut statement = db.prepare("SELECT number, id FROM moved")?;
    let moved = statement.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?)))?;
    let moved: BTreeMap<u32, i64> = moved.collect::<Result<_, _>>()?;
    let there = stored
        .articles
        .iter()
        .all(|(number, (id, _))| moved.get(number).copied().unwrap_or(i64::from(*number) + 1) == *id);
    let others = moved
        .keys()
        .all(|number| dead.contains(*number) || stored.articles.contains_key(number) || !stored.whole);
    Ok(there && others)
}
