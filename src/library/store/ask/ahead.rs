//! The facets of all articles, which every reader shows first, are stored in the library: counting them takes a
//! tenth of a second at a million articles.
//!
//! They are valid for one version of the articles and for the program that counted them, since another may join
//! people differently. If they are missing, of another version or damaged, they are counted again.

use super::counted::{self, Row};
use crate::annotation::ENGINE_VERSION;
use crate::corrections::Corrections;
use crate::library::Error;
use crate::library::store::file::codec::{put_text, take_text};
use crate::library::store::file::varint::{put_varint, take_varint};
use crate::listing::{Facet, Facets};
use crate::persons::Apart;
use rusqlite::{Connection, OptionalExtension};

/// The rule by which they are counted: 2 counts stories, 3 languages too, 4 joins the names of the whole library.
const COUNTING: u32 = 4;

/// What the counts depend on besides the articles: the program, its engine, and what a person has corrected.
pub fn maker(db: &Connection) -> Result<String, Error> {
    let names = names_text(db)?.unwrap_or_default();
    Ok(format!("{} {ENGINE_VERSION} {COUNTING} {names}", env!("CARGO_PKG_VERSION")))
}

/// The corrections that the articles were last read by, as in the file of names.
fn names_text(db: &Connection) -> Result<Option<String>, Error> {
    let mut statement = db.prepare_cached("SELECT value FROM kept WHERE name = 'names'")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

/// The names of persons that are not one, as a person said.
pub fn apart(db: &Connection) -> Result<Apart, Error> {
    let text = names_text(db)?.filter(|text| !text.is_empty());
    Ok(text.map_or_else(Apart::default, |text| Apart::new(&Corrections::read(&text).0)))
}

/// What is kept of the articles as they are at their version `articles`.
pub fn read(db: &Connection, articles: u64) -> Option<Facets> {
    let (of, bytes) = counted::read(db, Row::Facets, &maker(db).ok()?).ok()??;
    decode(&bytes).filter(|_| of == articles)
}

/// Keeps `facets`; fails where another process is just writing. What is there for these articles and cannot be read
/// is damaged, and left alone.
pub fn keep(db: &Connection, articles: u64, facets: &Facets) -> Result<(), Error> {
    counted::keep(db, Row::Facets, articles, &maker(db)?, encode(facets))
}

fn encode(facets: &Facets) -> Vec<u8> {
    let Facets { total, articles, people, countries, orgs, places, sources, languages, .. } = facets;
    let mut out = Vec::new();
    put_varint(*total, &mut out);
    put_varint(*articles, &mut out);
    for list in [people, countries, orgs, places, sources, languages] {
        put_varint(list.len() as u64, &mut out);
        for Facet { name, value, count } in list {
            put_text(name, &mut out);
            // No value is empty where its name is not.
            put_text(if value == name { "" } else { value }, &mut out);
            put_varint(*count, &mut out);
        }
    }
    out
}

fn decode(mut bytes: &[u8]) -> Option<Facets> {
    let bytes = &mut bytes;
    let (total, articles) = (take_varint(bytes)?, take_varint(bytes)?);
    let mut list = || -> Option<Vec<Facet>> {
        let mut facets = Vec::new();
        for _ in 0..take_varint(bytes)? {
            let (name, value) = (take_text(bytes)?, take_text(bytes)?);
            let value = if value.is_empty() { name.clone() } else { value };
            facets.push(Facet { name, value, count: take_varint(bytes)? });
        }
        Some(facets)
    };
    let (people, countries, orgs) = (list()?, list()?, list()?);
    let (places, sources, languages) = (list()?, list()?, list()?);
    bytes.is_empty().then_some(Facets {
        total,
        articles,
        people,
        countries,
        orgs,
        places,
        sources,
        languages,
        ..Facets::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::store::Store;
    use crate::library::store::file::meta::meta;
    use crate::library::store::file::seal;
    use crate::library::tests::article;
    use crate::library::{Backend, Cancel, Marking, Target};
    use crate::query::Query;
    use proptest::prelude::*;
    use std::path::Path;

    /// Opened anew, as the next reader does.
    fn asked(path: &Path) -> Facets {
        let store = Store::open(path).expect("a library");
        store.facets(&Query::everything(), &Cancel::new()).expect("facets")
    }

    /// The same of a library that has nothing kept.
    fn counted(path: &Path) -> Facets {
        let db = Connection::open(path).expect("a database");
        db.execute("DELETE FROM counted", []).expect("deleted");
        asked(path)
    }

    fn is_kept(path: &Path) -> bool {
        let db = Connection::open(path).expect("a database");
        seal::register(&db).expect("registered");
        let articles = meta::<i64>(&db, "articles").expect("a number");
        read(&db, articles.cast_unsigned()).is_some()
    }

    #[test]
    fn what_is_counted_is_kept_until_the_articles_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let store = Store::open(&path).expect("a library");
        let news =
            |day| vec![article(day, "Wire", &format!("Day {day}"), "[Ada Obi|person] in [Oslo|place]")];
        store.add(news(1)).expect("added");
        assert!(!is_kept(&path));
        store.settle().expect("settled");
        assert!(is_kept(&path));
        let read = Target::Matching(Query::everything());
        store.mark(&read, Marking::Read).expect("marked");
        assert!(is_kept(&path), "marks are not counted");
        store.add(news(2)).expect("added");
        assert!(!is_kept(&path));
        assert_eq!(asked(&path).total, 2);
        assert!(is_kept(&path), "a reader keeps what it counts");
        let db = Connection::open(&path).expect("a database");
        db.execute("UPDATE counted SET facets = x'0501'", []).expect("damaged");
        assert_eq!(asked(&path), counted(&path));
        db.execute("UPDATE counted SET maker = 'another', seal = NULL", []).expect("changed");
        assert!(!is_kept(&path));
    }

    #[test]
    fn a_library_that_goes_with_the_program_keeps_nothing() {
        let store = Store::temporary().expect("a library");
        let path = store.path().to_owned();
        store.settle().expect("settled");
        assert!(!is_kept(&path));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn what_is_kept_is_what_is_counted(steps in proptest::collection::vec((0i64..6, 0usize..4, any::<bool>()), 1..8)) {
            const BODIES: [&str; 4] = [
                "[Ada Obi|person] of [Norway|country=NO]",
                "[Obi|person] on [Oslo|place]",
                "[Ben Obi|person]",
                "nobody",
            ];
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("library.db");
            let store = Store::open(&path).expect("a library");
            for (day, body, goes) in steps {
                let (mut article, analysis) = article(day, "Wire", "News", BODIES[body]);
                article.path = Some(format!("{day}.txt"));
                match goes {
                    true => _ = store.remove_files(&|path| path.ends_with(format!("{day}.txt"))).expect("removed"),
                    false => _ = store.add(vec![(article, analysis)]).expect("added"),
                }
                let here = store.facets(&Query::everything(), &Cancel::new()).expect("facets");
                prop_assert!(is_kept(&path));
                prop_assert_eq!(&asked(&path), &here);
                prop_assert_eq!(&counted(&path), &here);
            }
        }

        #[test]
        fn facets_read_back(counts in proptest::collection::vec((".{0,9}", ".{1,9}", any::<u64>()), 0..9), total: u64) {
            let people: Vec<Facet> =
                counts.into_iter().map(|(name, value, count)| Facet { name, value, count }).collect();
            let facets = Facets { total, articles: total, places: people.clone(), people, ..Facets::default() };
            prop_assert_eq!(decode(&encode(&facets)), Some(facets));
        }

        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            decode(&bytes);
        }
    }
}
