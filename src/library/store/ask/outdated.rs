//! Articles whose analysis an older engine made: which they are, newest first, and how many.
//!
//! The column `text.engine` says which engine made an analysis; an index over it finds the others without
//! reading a text.

use super::find::Find;
use crate::annotation::ENGINE_VERSION;
use crate::article::ArticleId;
use crate::library::Error;
use crate::library::store::file::engine::NO_ENGINE;
use crate::library::store::file::seal;
use roaring::RoaringBitmap;
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub fn count(db: &Connection) -> Result<u64, Error> {
    let mut statement = db.prepare_cached("SELECT count(*) FROM text WHERE engine < ?")?;
    Ok(statement.query_row([ENGINE_VERSION], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// Remembers that the analysis of an article is damaged, so that it is made again.
pub fn flag(db: &Connection, id: ArticleId) -> Result<(), Error> {
    let mut statement = db.prepare_cached("UPDATE text SET engine = ? WHERE id = ? AND engine = ?")?;
    statement.execute((NO_ENGINE, id.0, ENGINE_VERSION))?;
    seal::ANALYSIS.renew(db, "id = ?", [id.0])
}

impl Find<'_> {
    /// See [`Backend::outdated`](crate::library::Backend::outdated).
    pub fn outdated(&self, limit: usize) -> Result<Vec<ArticleId>, Error> {
        let outdated = self.outdated_numbers()?;
        // The articles of one second in the order in which they came.
        let mut newest: BinaryHeap<Reverse<(i64, Reverse<u32>)>> = BinaryHeap::new();
        for head in &self.heads {
            self.each_place(&outdated, head, |(time, number)| {
                let place = (time, Reverse(number));
                let least = newest.peek().filter(|_| newest.len() >= limit);
                if limit > 0 && least.is_none_or(|Reverse(least)| place > *least) {
                    newest.push(Reverse(place));
                    if newest.len() > limit {
                        newest.pop();
                    }
                }
            })?;
        }
        let newest = newest.into_sorted_vec();
        newest.into_iter().map(|Reverse((_, Reverse(number)))| self.id_of(number)).collect()
    }

    /// The numbers of the outdated articles.
    fn outdated_numbers(&self) -> Result<RoaringBitmap, Error> {
        let mut statement = self.db.prepare_cached("SELECT id FROM text WHERE engine < ?")?;
        let mut rows = statement.query([ENGINE_VERSION])?;
        let (mut numbers, mut moved) = (RoaringBitmap::new(), RoaringBitmap::new());
        while let Some(row) = rows.next()? {
            // An article's id is its first number and one.
            let Ok(first) = u32::try_from(row.get::<_, i64>(0)? - 1) else { continue };
            let now = if self.dead.contains(first) { &mut moved } else { &mut numbers };
            now.insert(first);
        }
        if moved.is_empty() {
            return Ok(numbers);
        }
        let mut statement = self.db.prepare_cached("SELECT number, id FROM moved")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number: u32 = row.get(0)?;
            let first = u32::try_from(row.get::<_, i64>(1)? - 1).unwrap_or(u32::MAX);
            if moved.contains(first) && !self.dead.contains(number) {
                numbers.insert(number);
            }
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Analysis;
    use crate::article::Article;
    use crate::library::store::Store;
    use crate::library::store::repair::repair;
    use crate::library::tests::article;
    use crate::library::{Backend, Cancel, Target};
    use crate::listing::{Marking, Validity};
    use crate::query::Query;
    use chrono::NaiveDate;
    use std::path::{Path, PathBuf};
    use tempfile::TempDir;

    /// Days of the articles of the library: two of them appeared in the same second.
    const DAYS: [i64; 4] = [3, 5, 5, 4];

    fn news(place: usize, kind: &str) -> (Article, Analysis) {
        let body = format!("[Ada Obi|{kind}] spoke on gas, part {place}");
        let (mut article, analysis) = article(DAYS[place], "Wire", "Gas", &body);
        article.guid = Some(place.to_string());
        (article, analysis)
    }

    /// A library of articles whose analyses the last engine made.
    fn library() -> (TempDir, PathBuf, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let store = Store::open(&path).expect("a library");
        store.add((0..DAYS.len()).map(|place| news(place, "person")).collect()).expect("added");
        store.settle().expect("settled");
        execute(&path, "UPDATE text SET engine = engine - 1");
        (folder, path, store)
    }

    fn execute(path: &Path, sql: &str) {
        let db = rusqlite::Connection::open(path).expect("a database");
        db.execute_batch(sql)
            .and_then(|()| db.execute_batch("UPDATE text SET seal = NULL, analysis_seal = NULL"))
            .expect("changed");
    }

    fn ids(store: &Store, limit: usize) -> Vec<i64> {
        store.outdated(limit).expect("listed").into_iter().map(|ArticleId(id)| id).collect()
    }

    fn facets(store: &Store) -> String {
        let facets = store.facets(&Query::everything(), &Cancel::new()).expect("facets");
        let count = |list: &[crate::listing::Facet]| list.first().map_or(0, |facet| facet.count);
        format!("{} people, {} organisations", count(&facets.people), count(&facets.orgs))
    }

    #[test]
    fn outdated_articles_are_listed_newest_first_until_they_are_renewed() {
        let (_folder, path, store) = library();
        assert_eq!(
            (ids(&store, 9), ids(&store, 3), ids(&store, 0)),
            (vec![2, 3, 4, 1], vec![2, 3, 4], vec![])
        );
        assert_eq!(store.count_outdated().expect("counted"), 4);
        let stored = store.load(ArticleId(2)).expect("loaded").expect("there");
        assert_eq!((stored.validity, &stored.analysis), (Validity::Outdated, &news(1, "person").1));
        assert_eq!(store.unchanged(&[news(1, "person").0]).expect("asked"), [false]);
        assert_eq!(facets(&store), "4 people, 0 organisations");

        let order = |store: &Store| store.ids(&Query::everything(), &Cancel::new()).expect("ids");
        let before = order(&store);
        store.mark(&Target::These(vec![ArticleId(2)]), Marking::Star).expect("marked");
        for batch in [[1, 2], [3, 0]] {
            let renewed = store.renew(batch.into_iter().map(|place| news(place, "org")).collect());
            assert_eq!(renewed.expect("renewed").updated, 2);
        }
        assert_eq!((ids(&store, 9), store.count_outdated().expect("counted")), (vec![], 0));
        let stored = store.load(ArticleId(2)).expect("loaded").expect("there");
        assert_eq!(
            (stored.validity, stored.analysis, stored.starred),
            (Validity::Current, news(1, "org").1, true)
        );
        assert_eq!(store.unchanged(&[news(1, "org").0]).expect("asked"), [true]);
        // What was counted ahead is counted again, by this process and by the next.
        assert_eq!(facets(&store), "0 people, 4 organisations");
        assert_eq!(facets(&Store::open(&path).expect("a library")), "0 people, 4 organisations");
        assert_eq!(order(&store), before, "articles of the same second keep their order");

        // Articles that were renewed before, whose numbers are not those of their ids.
        execute(&path, "UPDATE text SET engine = engine - 1");
        assert_eq!(ids(&store, 9), [2, 3, 4, 1]);
    }

    #[test]
    fn an_article_that_comes_again_is_analysed_again() {
        let (_folder, _path, store) = library();
        assert_eq!(store.add(vec![news(2, "org")]).expect("added").updated, 1);
        assert_eq!(ids(&store, 9), [2, 4, 1]);
    }

    #[test]
    fn the_analyses_of_a_newer_engine_are_left_alone() {
        let (_folder, path, store) = library();
        execute(&path, "UPDATE text SET engine = engine + 2 WHERE id < 4");
        assert_eq!((ids(&store, 9), store.count_outdated().expect("counted")), (vec![4], 1));
        let stored = store.load(ArticleId(1)).expect("loaded").expect("there");
        assert_eq!(stored.validity, Validity::Current);
        assert_eq!(store.unchanged(&[news(0, "person").0]).expect("asked"), [true]);
    }

    #[test]
    fn a_damaged_analysis_is_empty_and_made_again() {
        let (_folder, path, store) = library();
        store.renew((0..4).map(|place| news(place, "person")).collect()).expect("renewed");
        execute(&path, "UPDATE text SET analysis = x'07' WHERE id = 3");
        assert_eq!(ids(&store, 9), [0; 0]);
        let stored = store.load(ArticleId(3)).expect("loaded").expect("there");
        assert_eq!((stored.validity, stored.analysis), (Validity::Missing, Analysis::default()));
        assert_eq!(ids(&store, 9), [3]);
        store.renew(vec![news(2, "person")]).expect("renewed");
        assert_eq!(ids(&store, 9), [0; 0]);
        assert_eq!(store.load(ArticleId(3)).expect("loaded").expect("there").analysis, news(2, "person").1);
    }

    #[test]
    fn spans_of_another_text_are_never_shown() {
        let (_folder, path, store) = library();
        execute(&path, "UPDATE text SET body = 'gas' WHERE id = 3");
        let stored = store.load(ArticleId(3)).expect("loaded").expect("there");
        assert_eq!((stored.validity, stored.analysis), (Validity::Missing, Analysis::default()));
    }

    #[test]
    fn a_renamed_source_and_a_repaired_library_keep_the_engine() {
        let (_folder, path, store) = library();
        assert_eq!(store.refile("Wire", "North Wire").expect("filed"), 4);
        assert_eq!(ids(&store, 9), [2, 3, 4, 1]);
        store
            .renew(vec![(Article { source: "North Wire".to_owned(), ..news(1, "org").0 }, news(1, "org").1)])
            .expect("renewed");
        execute(&path, "UPDATE text SET analysis = x'07' WHERE id = 4");
        drop(store);
        assert_eq!(repair(&path, NaiveDate::MIN).expect("repaired").articles, 4);
        let store = Store::open(&path).expect("a library");
        assert_eq!(ids(&store, 9), [3, 4, 1]);
    }
}
