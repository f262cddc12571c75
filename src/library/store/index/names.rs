//! Entities in the file: what they are called, and by which forms they are found.
//!
//! The lowest three bits of an entity's number say of which class it is ([`Class`]). Sources are entities too, so
//! that one pass counts all facets.

use crate::annotation::{CountryCode, Entity, Kind};
use crate::gazetteer::{body, country};
use crate::language::LanguageCode;
use crate::library::Error;
use crate::text::fold;
use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;

/// What an entity of the index is: a name of some kind, a source, or a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Kind(Kind),
    Source,
    Language,
}

impl Class {
    pub const ALL: [Class; 6] = [
        Class::Kind(Kind::Person),
        Class::Kind(Kind::Country),
        Class::Kind(Kind::Place),
        Class::Kind(Kind::Org),
        Class::Source,
        Class::Language,
    ];

    pub fn number(self) -> u32 {
        match self {
            Class::Kind(Kind::Person) => 0,
            Class::Kind(Kind::Country) => 1,
            Class::Kind(Kind::Place) => 2,
            Class::Kind(Kind::Org) => 3,
            Class::Source => 4,
            Class::Language => 5,
        }
    }

    /// The class of the entity with this number.
    pub fn of(entity: u32) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.number() == entity & 7)
    }
}

/// The names that the writer has met, so that it need neither fold them nor look them up each time. Must be
/// dropped when a transaction is rolled back.
#[derive(Default)]
pub struct KnownNames {
    /// By the class's number: names as they are written.
    entities: [Numbers; 6],
    countries: Numbers,
    languages: Numbers,
    /// Hashes of entities with the forms of them, as they are written. They have 64 bits, so the chance that two of
    /// all those kept have the same hash is one in a hundred million.
    forms: HashSet<u64, RandomState>,
    hasher: RandomState,
}

type Numbers = HashMap<String, u32, RandomState>;

/// Names of each class, and forms, that are kept at most: some 5 MB each.
const KEPT: usize = 50_000;
const KEPT_FORMS: usize = 300_000;

/// The folded form by which a name is compared.
pub fn form_of(name: &str) -> String {
    fold::words(name).join(" ")
}

impl KnownNames {
    /// The number of an entity of an article; a new entity gets one.
    pub fn entity(&mut self, db: &Connection, entity: &Entity) -> Result<u32, Error> {
        match entity.code {
            Some(code) => {
                let number = self.country(db, code)?;
                self.form(db, number, &entity.name)?;
                Ok(number)
            }
            None => self.named(db, Class::Kind(entity.kind), &body::label(entity), form_of),
        }
    }

    /// The number of a source.
    pub fn source(&mut self, db: &Connection, name: &str) -> Result<u32, Error> {
        self.named(db, Class::Source, name, str::to_owned)
    }

    /// The number of a language, which is found by its code and its names.
    pub fn language(&mut self, db: &Connection, code: LanguageCode) -> Result<u32, Error> {
        if let Some(number) = self.languages.get(code.as_str()) {
            return Ok(*number);
        }
        let number = self.number(db, Class::Language, code.as_str(), code.name())?;
        self.form(db, number, code.as_str())?;
        self.form(db, number, code.own_name())?;
        self.languages.insert(code.as_str().to_owned(), number);
        Ok(number)
    }

    /// The number of a country.
    pub fn country(&mut self, db: &Connection, code: CountryCode) -> Result<u32, Error> {
        if let Some(number) = self.countries.get(code.as_str()) {
            return Ok(*number);
        }
        let number = self.number(db, Class::Kind(Kind::Country), code.as_str(), country::name(code))?;
        self.countries.insert(code.as_str().to_owned(), number);
        Ok(number)
    }

    fn named(
        &mut self,
        db: &Connection,
        class: Class,
        name: &str,
        called: impl Fn(&str) -> String,
    ) -> Result<u32, Error> {
        let seen = |seen: &KnownNames| seen.entities.get(class.number() as usize)?.get(name).copied();
        if let Some(number) = seen(self) {
            return Ok(number);
        }
        let number = self.number(db, class, &called(name), name)?;
        if let Some(numbers) = self.entities.get_mut(class.number() as usize) {
            if numbers.len() >= KEPT {
                numbers.clear();
            }
            numbers.insert(name.to_owned(), number);
        }
        Ok(number)
    }

    /// The number of the entity that is `called` so; a new one gets this `name`.
    fn number(&mut self, db: &Connection, class: Class, called: &str, name: &str) -> Result<u32, Error> {
        let found = db
            .prepare_cached("SELECT entity FROM called WHERE kind = ? AND form = ?")?
            .query_row((class.number(), called), |row| row.get::<_, u32>(0))
            .optional()?;
        if let Some(number) = found {
            return Ok(number);
        }
        let place: u32 = db
            .prepare_cached("UPDATE meta SET value = value + 1 WHERE name = 'next_entity' RETURNING value")?
            .query_row([], |row| row.get(0))?;
        let number = place << 3 | class.number();
        db.prepare_cached("INSERT INTO entity VALUES (?1, ?2, ?3, crc(?1, ?2, ?3))")?
            .execute((number, name, called))?;
        db.prepare_cached("INSERT INTO called VALUES (?, ?, ?)")?.execute((
            class.number(),
            called,
            number,
        ))?;
        self.form(db, number, name)?;
        Ok(number)
    }

    /// Stores that mentions of `entity` are written like this.
    pub fn form(&mut self, db: &Connection, entity: u32, written: &str) -> Result<(), Error> {
        let hash = self.hasher.hash_one((entity, written));
        if self.forms.contains(&hash) {
            return Ok(());
        }
        let words = fold::words(written);
        let form = words.join(" ");
        if !form.is_empty() {
            let new = db
                .prepare_cached("INSERT OR IGNORE INTO form VALUES (?1, ?2, crc(?1, ?2))")?
                .execute((entity, form))?;
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

/// The entities of `class` that `name` means: the double in memory has the same rule.
pub fn meant(db: &Connection, class: Class, name: &str) -> Result<BTreeSet<u32>, Error> {
    let words = fold::words(name);
    let form = words.join(" ");
    if class == Class::Kind(Kind::Person) && words.len() == 1 {
        let bearing = bearing(db, class, &form)?;
        return if bearing.is_empty() { beginning(db, class, &words) } else { Ok(bearing) };
    }
    let called = match class {
        Class::Kind(Kind::Country) => Some(match country::find(name) {
            Some(code) => code.as_str().to_owned(),
            None => name.trim().to_ascii_uppercase(),
        }),
        // A name that bodies of several countries have means all of them.
        Class::Kind(Kind::Org) if body::is_of_each(name) => None,
        Class::Kind(_) => Some(form.clone()),
        Class::Language => Some(name.to_owned()),
        Class::Source => None,
    };
    if let Some(called) = called {
        let found = db
            .prepare_cached("SELECT entity FROM called WHERE kind = ? AND form = ?")?
            .query_row((class.number(), called), |row| row.get(0))
            .optional()?;
        if let Some(number) = found {
            return Ok(BTreeSet::from([number]));
        }
    }
    if class == Class::Language {
        return Ok(BTreeSet::new());
    }
    let longest = words.iter().max_by_key(|word| word.len()).map_or("", String::as_str);
    let (mut same, mut containing) = (BTreeSet::new(), BTreeSet::new());
    each_form(db, bearing(db, class, longest)?, |entity, found| {
        if found == form {
            same.insert(entity);
        }
        let found: Vec<&str> = found.split(' ').collect();
        if class != Class::Kind(Kind::Country) && found.windows(words.len()).any(|window| window == words) {
            containing.insert(entity);
        }
    })?;
    match (same.is_empty(), containing.is_empty(), class) {
        (false, ..) => Ok(same),
        (true, true, Class::Kind(_)) => beginning(db, class, &words),
        _ => Ok(containing),
    }
}

/// The entities of `class` that have a word in one of their forms.
fn bearing(db: &Connection, class: Class, word: &str) -> Result<BTreeSet<u32>, Error> {
    numbers(db, "SELECT entity FROM form_word WHERE word = ? AND entity & 7 = ?", (word, class.number()))
}

/// The entities of `class` that have, for each of `words`, a word in a form that begins with it.
pub fn beginning(db: &Connection, class: Class, words: &[String]) -> Result<BTreeSet<u32>, Error> {
    few_beginning(db, class, words, usize::MAX).map(Option::unwrap_or_default)
}

/// The same; `None` if that means looking at more than `most` entities.
pub fn few_beginning(
    db: &Connection,
    class: Class,
    words: &[String],
    most: usize,
) -> Result<Option<BTreeSet<u32>>, Error> {
    let Some(longest) = words.iter().max_by_key(|word| word.len()) else { return Ok(Some(BTreeSet::new())) };
    // No word of a name begins with the last character of Unicode.
    let end = format!("{longest}\u{10FFFF}");
    let sql = "SELECT entity FROM form_word WHERE word >= ? AND word < ? AND entity & 7 = ? LIMIT ?";
    let limit = i64::try_from(most).map_or(i64::MAX, |most| most.saturating_add(1));
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map((longest, end, class.number(), limit), |row| row.get(0))?;
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

/// All entities of `class`.
pub fn every(db: &Connection, class: Class) -> Result<BTreeSet<u32>, Error> {
    numbers(db, "SELECT id FROM entity WHERE id & 7 = ?", [class.number()])
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
