//! Entities in the file: what they are called, by which forms they are found.
//!
//! An entity's number says its sort in the lowest three bits ([`Sort`]); sources are entities too,
//! so that one pass counts all facets.

use crate::annotation::{CountryCode, Entity, Kind};
use crate::gazetteer::country;
use crate::library::Error;
use crate::text::fold;
use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;

/// What an entity of the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    Kind(Kind),
    Source,
}

impl Sort {
    pub const ALL: [Sort; 5] = [
        Sort::Kind(Kind::Person),
        Sort::Kind(Kind::Country),
        Sort::Kind(Kind::Place),
        Sort::Kind(Kind::Org),
        Sort::Source,
    ];

    pub fn number(self) -> u32 {
        match self {
            Sort::Kind(Kind::Person) => 0,
            Sort::Kind(Kind::Country) => 1,
            Sort::Kind(Kind::Place) => 2,
            Sort::Kind(Kind::Org) => 3,
            Sort::Source => 4,
        }
    }

    /// The sort of the entity with this number.
    pub fn of(entity: u32) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.number() == entity & 7)
    }
}

/// What writing has seen of the names, so that it need neither fold them nor ask the file each time. To be
/// dropped when a transaction is rolled back.
#[derive(Default)]
pub struct Seen {
    /// By the sort's number: names as they are written.
    entities: [Numbers; 5],
    countries: Numbers,
    /// Hashes of entities and the forms of them, as they are written: 64 bits, so that among all those that
    /// are kept two are taken for one by a chance of one in a hundred million.
    forms: HashSet<u64, RandomState>,
    hasher: RandomState,
}

type Numbers = HashMap<String, u32, RandomState>;

/// Names of each sort, and forms, that are kept at most: some 5 MB each.
const KEPT: usize = 50_000;
const KEPT_FORMS: usize = 300_000;

/// The folded form by which a name is compared.
pub fn form_of(name: &str) -> String {
    fold::words(name).join(" ")
}

impl Seen {
    /// The number of an entity of an article, which is made if it is new.
    pub fn entity(&mut self, db: &Connection, entity: &Entity) -> Result<u32, Error> {
        match entity.code {
            Some(code) => {
                let number = self.country(db, code)?;
                self.form(db, number, &entity.name)?;
                Ok(number)
            }
            None => self.named(db, Sort::Kind(entity.kind), &entity.name, form_of),
        }
    }

    /// The number of a source.
    pub fn source(&mut self, db: &Connection, name: &str) -> Result<u32, Error> {
        self.named(db, Sort::Source, name, str::to_owned)
    }

    /// The number of a country.
    pub fn country(&mut self, db: &Connection, code: CountryCode) -> Result<u32, Error> {
        if let Some(number) = self.countries.get(code.as_str()) {
            return Ok(*number);
        }
        let number = self.number(db, Sort::Kind(Kind::Country), code.as_str(), country::name(code))?;
        self.countries.insert(code.as_str().to_owned(), number);
        Ok(number)
    }

    fn named(
        &mut self,
        db: &Connection,
        sort: Sort,
        name: &str,
        called: impl Fn(&str) -> String,
    ) -> Result<u32, Error> {
        let seen = |seen: &Seen| seen.entities.get(sort.number() as usize)?.get(name).copied();
        if let Some(number) = seen(self) {
            return Ok(number);
        }
        let number = self.number(db, sort, &called(name), name)?;
        if let Some(numbers) = self.entities.get_mut(sort.number() as usize) {
            if numbers.len() >= KEPT {
                numbers.clear();
            }
            numbers.insert(name.to_owned(), number);
        }
        Ok(number)
    }

    /// The number of what is `called` so, which gets `name` if it is new.
    fn number(&mut self, db: &Connection, sort: Sort, called: &str, name: &str) -> Result<u32, Error> {
        let found = db
            .prepare_cached("SELECT entity FROM called WHERE kind = ? AND form = ?")?
            .query_row((sort.number(), called), |row| row.get::<_, u32>(0))
            .optional()?;
        if let Some(number) = found {
            return Ok(number);
        }
        let place: u32 = db
            .prepare_cached("UPDATE meta SET value = value + 1 WHERE name = 'next_entity' RETURNING value")?
            .query_row([], |row| row.get(0))?;
        let number = place << 3 | sort.number();
        db.prepare_cached("INSERT INTO entity VALUES (?, ?, ?)")?.execute((number, name, called))?;
        db.prepare_cached("INSERT INTO called VALUES (?, ?, ?)")?.execute((sort.number(), called, number))?;
        self.form(db, number, name)?;
        Ok(number)
    }

    /// Notes that a mention of `entity` is written so.
    pub fn form(&mut self, db: &Connection, entity: u32, written: &str) -> Result<(), Error> {
        let hash = self.hasher.hash_one((entity, written));
        if self.forms.contains(&hash) {
            return Ok(());
        }
        let words = fold::words(written);
        let form = words.join(" ");
        if !form.is_empty() {
            let new =
                db.prepare_cached("INSERT OR IGNORE INTO form VALUES (?, ?)")?.execute((entity, form))?;
            if new > 0 {
                let mut statement = db.prepare_cached("INSERT OR IGNORE INTO form_word VALUES (?, ?)")?;
                for word in words {
                    statement.execute((word, entity))?;
                }
            }
        }
        if self.forms.len() >= KEPT_FORMS {
            self.forms.clear();
        }
        self.forms.insert(hash);
        Ok(())
    }
}

/// The entities of `sort` that `name` means: see `memory::names::NameIndex::meant`, whose rule this is.
pub fn meant(db: &Connection, sort: Sort, name: &str) -> Result<BTreeSet<u32>, Error> {
    let words = fold::words(name);
    let form = words.join(" ");
    if sort == Sort::Kind(Kind::Person) && words.len() == 1 {
        let bearing = bearing(db, sort, &form)?;
        return if bearing.is_empty() { beginning(db, sort, &words) } else { Ok(bearing) };
    }
    let called = match sort {
        Sort::Kind(Kind::Country) => Some(match country::find(name) {
            Some(code) => code.as_str().to_owned(),
            None => name.trim().to_ascii_uppercase(),
        }),
        Sort::Kind(_) => Some(form.clone()),
        Sort::Source => None,
    };
    if let Some(called) = called {
        let found = db
            .prepare_cached("SELECT entity FROM called WHERE kind = ? AND form = ?")?
            .query_row((sort.number(), called), |row| row.get(0))
            .optional()?;
        if let Some(number) = found {
            return Ok(BTreeSet::from([number]));
        }
    }
    let longest = words.iter().max_by_key(|word| word.len()).map_or("", String::as_str);
    let (mut same, mut containing) = (BTreeSet::new(), BTreeSet::new());
    each_form(db, bearing(db, sort, longest)?, |entity, found| {
        if found == form {
            same.insert(entity);
        }
        let found: Vec<&str> = found.split(' ').collect();
        if sort != Sort::Kind(Kind::Country) && found.windows(words.len()).any(|window| window == words) {
            containing.insert(entity);
        }
    })?;
    match (same.is_empty(), containing.is_empty(), sort) {
        (false, ..) => Ok(same),
        (true, true, Sort::Kind(_)) => beginning(db, sort, &words),
        _ => Ok(containing),
    }
}

/// The entities of `sort` that have a word in one of their forms.
pub fn bearing(db: &Connection, sort: Sort, word: &str) -> Result<BTreeSet<u32>, Error> {
    numbers(db, "SELECT entity FROM form_word WHERE word = ? AND entity & 7 = ?", (word, sort.number()))
}

/// Calls `visit` with the entities of `sort` that have a word in one of their forms, until it says that this is enough.
pub fn each_bearing(
    db: &Connection,
    sort: Sort,
    word: &str,
    mut visit: impl FnMut(u32) -> bool,
) -> Result<(), Error> {
    let sql = "SELECT entity FROM form_word WHERE word = ? AND entity & 7 = ?";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query((word, sort.number()))?;
    while let Some(row) = rows.next()? {
        if !visit(row.get(0)?) {
            break;
        }
    }
    Ok(())
}

/// The entities of `sort` that have, for each of `words`, a word in a form that begins with it.
pub fn beginning(db: &Connection, sort: Sort, words: &[String]) -> Result<BTreeSet<u32>, Error> {
    few_beginning(db, sort, words, usize::MAX).map(Option::unwrap_or_default)
}

/// The same; `None` where it would have to look at more than `most`.
pub fn few_beginning(
    db: &Connection,
    sort: Sort,
    words: &[String],
    most: usize,
) -> Result<Option<BTreeSet<u32>>, Error> {
    let Some(longest) = words.iter().max_by_key(|word| word.len()) else { return Ok(Some(BTreeSet::new())) };
    // No word of a name begins with the last character of all.
    let end = format!("{longest}\u{10FFFF}");
    let sql = "SELECT entity FROM form_word WHERE word >= ? AND word < ? AND entity & 7 = ? LIMIT ?";
    let limit = i64::try_from(most).map_or(i64::MAX, |most| most.saturating_add(1));
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map((longest, end, sort.number(), limit), |row| row.get(0))?;
    let found: Vec<u32> = rows.collect::<Result<_, _>>()?;
    if found.len() > most {
        return Ok(None);
    }
    let bearing = BTreeSet::from_iter(found);
    if words.len() == 1 {
        return Ok(Some(bearing));
    }
    let mut begun = BTreeSet::new();
    each_form(db, bearing, |entity, form| {
        if begins_form(form, words) {
            begun.insert(entity);
        }
    })?;
    Ok(Some(begun))
}

/// Whether an entity has, for each of `words`, a word in a form that begins with it.
pub fn begins(db: &Connection, entity: u32, words: &[String]) -> Result<bool, Error> {
    let mut begun = false;
    each_form(db, BTreeSet::from([entity]), |_, form| begun |= begins_form(form, words))?;
    Ok(begun)
}

fn begins_form(form: &str, words: &[String]) -> bool {
    words.iter().all(|word| form.split(' ').any(|part| part.starts_with(word.as_str())))
}

/// All entities of `sort`.
pub fn every(db: &Connection, sort: Sort) -> Result<BTreeSet<u32>, Error> {
    numbers(db, "SELECT id FROM entity WHERE id & 7 = ?", [sort.number()])
}

fn each_form(
    db: &Connection,
    entities: BTreeSet<u32>,
    mut visit: impl FnMut(u32, &str),
) -> Result<(), Error> {
    let mut forms = db.prepare_cached("SELECT form FROM form WHERE entity = ?")?;
    for entity in entities {
        let mut rows = forms.query([entity])?;
        while let Some(row) = rows.next()? {
            visit(entity, row.get_ref(0)?.as_str().unwrap_or_default());
        }
    }
    Ok(())
}

fn numbers(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<BTreeSet<u32>, Error> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
