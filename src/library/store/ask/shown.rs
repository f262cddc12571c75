//! What the views show first of all articles: the most frequent names with what is said about them, the threads, the
//! timeline. At a million articles it takes up to a second and a half to compute one of them, so they are stored beside the
//! facets of all articles, for one version of the articles and one program.
//!
//! Who adds many articles computes them at the end, with all else that is stored; after a few articles, it is the first
//! reader that asks.

use super::ahead;
use super::counted::{self, Row};
use super::find::{Find, Rank};
use crate::annotation::Kind;
use crate::library::Error;
use crate::library::answer::Sets;
use crate::library::store::file::varint::{put_varint, take_varint};
use crate::listing::chronicle::{Bin, Chronicle, Grain, Telling, fitting};
use crate::listing::profile::{NameDetail, NameOrder};
use crate::listing::thread::{ThreadOrder, Threads};
use crate::listing::{Facet, FacetKind};
use crate::query::{Query, Sort};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// The rule by which this is computed; it is raised when that changes.
const RULE: u32 = 1;

/// The names that are stored of each kind.
const NAMES: usize = 1_000;

/// The names of which it is stored what is said about them. Of the countries these are all, which a map needs.
const DETAILED: usize = 60;

/// The threads that are stored.
const STORIES: usize = 400;

/// Rows of a timeline on screens of 24 and of 50 lines: the bins that fit them are those that are told first.
const FITS: [usize; 2] = [16, 42];

/// The bins of which it is stored what they tell, the newest ones.
const TOLD: usize = 60;

/// The articles of which the places are stored, the newest ones: among so many, a first page is found of everything that at
/// least one article in 500 has.
const NEWEST: usize = 20_000;

/// The most frequent names of a kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FirstNames {
    pub names: Vec<Facet>,
    /// How many names there are.
    pub total: u64,
    /// What is said about the first of these names, in their order.
    pub details: Vec<NameDetail>,
}

impl FirstNames {
    /// What is said about some names, if that is known of each.
    pub fn of(&self, values: &[String]) -> Option<Vec<NameDetail>> {
        let of = |value: &String| {
            let known = self.names.iter().zip(&self.details).find(|(facet, _)| facet.value == *value);
            known.map(|(_, detail)| detail.clone())
        };
        values.iter().map(of).collect()
    }
}

/// The newest bins of a timeline, and what they tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct LastBins {
    bins: Vec<Bin>,
    told: Vec<Telling>,
}

/// What was computed for a question and is not stored yet.
pub struct Unstored {
    row: Row,
    articles: u64,
    maker: String,
    bytes: Vec<u8>,
}

impl Unstored {
    /// The rows of all articles in which threads share one.
    pub fn gathered(articles: u64, maker: String, bytes: Vec<u8>) -> Unstored {
        Unstored { row: Row::Gathered, articles, maker, bytes }
    }

    /// Stores it; fails where another process is just writing.
    pub fn keep(self, db: &Connection) -> Result<(), Error> {
        counted::renew(db, self.row, self.articles, &self.maker, self.bytes)
    }
}

impl Find<'_> {
    /// Whether a query shows all articles with their copies folded, as a reader does that was just opened.
    pub fn shows_all(&self, query: &Query) -> Result<bool, Error> {
        let plain = Query { sort: Sort::default(), hold: None, ..query.clone() };
        let plain = Query { grouping: plain.grouping.beside_rows(), ..plain };
        if plain != Query::everything() {
            return Ok(false);
        }
        // What a hold has listed may be out of sight by now.
        Ok(self.result(query)?.len() == self.exact(&query.filter)?.len())
    }

    /// What is stored depends on besides the articles.
    fn maker(&self) -> Result<String, Error> {
        Ok(format!("{} {RULE}", ahead::maker(self.db)?))
    }

    fn stored_as<T: DeserializeOwned>(&self, row: Row, maker: &str) -> Option<T> {
        let (articles, bytes) = counted::read(self.db, row, maker).ok()??;
        if articles != self.version().articles() {
            return None;
        }
        serde_json::from_slice(&bytes).ok()
    }

    fn unstored<T: Serialize>(&self, row: Row, maker: String, value: &T) -> Option<Unstored> {
        let bytes = serde_json::to_vec(value).ok()?;
        Some(Unstored { row, articles: self.version().articles(), maker, bytes })
    }

    /// What is stored in a row for these articles, or else what `compute` returns, to be stored. `None` where neither can
    /// be, because the names were joined for an earlier version of the articles.
    fn kept_or<T: Serialize + DeserializeOwned>(
        &self,
        row: Row,
        compute: impl FnOnce() -> Result<T, Error>,
    ) -> Result<Option<(T, Option<Unstored>)>, Error> {
        let maker = self.maker()?;
        if let Some(stored) = self.stored_as(row, &maker) {
            return Ok(Some((stored, None)));
        }
        if self.same()?.articles != self.version().articles() {
            return Ok(None);
        }
        let value = compute()?;
        let unstored = self.unstored(row, maker, &value);
        Ok(Some((value, unstored)))
    }

    /// The most frequent names of a kind in all articles; `None` as in [`Find::kept_or`].
    pub fn first_names(&self, kind: Kind) -> Result<Option<(FirstNames, Option<Unstored>)>, Error> {
        self.kept_or(Row::Names(kind), || {
            let (query, of) = (Query::everything(), FacetKind::Entity(kind));
            let names = self.ranked(of, "", &query, NameOrder::Count, NAMES)?;
            let detailed = if kind == Kind::Country { NAMES } else { DETAILED };
            let values: Vec<String> = names.iter().take(detailed).map(|facet| facet.value.clone()).collect();
            let details = self.details(&query, of, &values)?;
            Ok(FirstNames { names, total: self.count_names(of, &query)?, details })
        })
    }

    /// The threads of all articles, the newest first; `None` as in [`Find::kept_or`].
    pub fn first_threads(&self) -> Result<Option<(Threads, Option<Unstored>)>, Error> {
        let threads = || self.threads(&Query::everything(), ThreadOrder::default(), STORIES);
        let Some((threads, unstored)) = self.kept_or(Row::Stories, threads)? else { return Ok(None) };
        if unstored.is_some() {
            // In a large library they may be the threads of an earlier version of the articles.
            let woven = self.woven()?;
            let current = woven.articles == self.version().articles() && woven.is_whole();
            return Ok(Some((threads, unstored.filter(|_| current))));
        }
        Ok(Some((threads, None)))
    }

    /// The bins of all articles.
    pub fn first_bins(&self, grain: Option<Grain>, fits: usize) -> Result<(Chronicle, Vec<Unstored>), Error> {
        let query = Query::everything();
        let mut unstored = Vec::new();
        let mut bins = |grain| {
            let counted = || self.chronicle(&query, Some(grain), fits);
            let Some((chronicle, new)) = self.kept_or(Row::Bins(grain), counted)? else { return counted() };
            unstored.extend(new);
            Ok::<Chronicle, Error>(chronicle)
        };
        let grain = match grain {
            Some(grain) => grain,
            None => {
                let days: Vec<i64> = bins(Grain::Day)?.bins.into_iter().map(|bin| bin.start).collect();
                match days.len() {
                    // Whether hours fit is decided where they are counted.
                    ..=2 => return Ok((self.chronicle(&query, None, fits)?, unstored)),
                    _ => fitting(&days, fits),
                }
            }
        };
        let chronicle = bins(grain)?;
        Ok((chronicle, unstored))
    }

    /// What some bins of all articles tell.
    pub fn last_told(
        &self,
        chronicle: &Chronicle,
        of: Range<usize>,
    ) -> Result<(Vec<Telling>, Option<Unstored>), Error> {
        let query = Query::everything();
        let end = chronicle.bins.len();
        let last = end.saturating_sub(TOLD)..end;
        let of = of.start.min(end)..of.end.min(end);
        if let Some(bins) = chronicle.bins.get(last.clone()).filter(|_| last.start <= of.start)
            && let Some((stored, unstored)) = self.kept_or(Row::Told(chronicle.grain), || {
                Ok(LastBins { bins: bins.to_vec(), told: self.tell(&query, chronicle, last.clone())? })
            })?
            // The bins that are asked about may be those of an earlier version of the articles.
            && stored.bins == bins
            && let Some(told) = stored.told.get(of.start - last.start..of.end - last.start)
        {
            return Ok((told.to_vec(), unstored));
        }
        Ok((self.tell(&query, chronicle, of)?, None))
    }

    /// The places of the newest articles of the library, the newest first, if they are stored: without them, the times of
    /// all articles of a segment are read to find its newest ones, 8 bytes each.
    pub fn newest_of_all(&self) -> Option<Arc<Vec<Rank>>> {
        let articles = self.version().articles();
        if let Some((_, newest)) = self.cache.newest().filter(|(then, _)| *then == articles) {
            return newest;
        }
        let maker = self.maker().ok()?;
        let stored = counted::read(self.db, Row::Newest, &maker).ok().flatten();
        let stored = stored.filter(|(then, _)| *then == articles);
        let newest = stored.and_then(|(_, bytes)| decode(&bytes)).map(Arc::new);
        self.cache.keep_newest(articles, &newest);
        newest
    }

    /// The same, to be stored where they are not.
    pub fn newest_now(&self) -> Result<Option<Unstored>, Error> {
        if self.newest_of_all().is_some() {
            return Ok(None);
        }
        let newest = self.newest(&self.every()?, NEWEST, None)?;
        let (articles, maker) = (self.version().articles(), self.maker()?);
        let unstored = Unstored { row: Row::Newest, articles, maker, bytes: encode(&newest) };
        self.cache.keep_newest(articles, &Some(Arc::new(newest)));
        Ok(Some(unstored))
    }

    /// The stories that the view shows first, to be stored.
    pub fn threads_shown_first(&self) -> Result<Option<Unstored>, Error> {
        Ok(self.first_threads()?.and_then(|(_, new)| new))
    }

    /// What the other views show first, to be stored.
    pub fn shown_first(&self) -> Result<Vec<Unstored>, Error> {
        let mut unstored = Vec::new();
        for kind in Kind::ALL {
            unstored.extend(self.first_names(kind)?.and_then(|(_, new)| new));
        }
        for fits in FITS {
            let (chronicle, new) = self.first_bins(None, fits)?;
            unstored.extend(new);
            let end = chronicle.bins.len();
            unstored.extend(self.last_told(&chronicle, end.saturating_sub(1)..end)?.1);
        }
        Ok(unstored)
    }
}

/// Places, the newest first: each the seconds from the one before, and the number.
fn encode(places: &[Rank]) -> Vec<u8> {
    let (mut out, mut last) = (Vec::with_capacity(places.len() * 6), i64::MAX);
    put_varint(places.len() as u64, &mut out);
    for (seconds, number) in places {
        put_varint(last.wrapping_sub(*seconds).cast_unsigned(), &mut out);
        put_varint(u64::from(*number), &mut out);
        last = *seconds;
    }
    out
}

fn decode(mut bytes: &[u8]) -> Option<Vec<Rank>> {
    let bytes = &mut bytes;
    let (mut places, mut last) = (Vec::new(), i64::MAX);
    for _ in 0..take_varint(bytes)? {
        last = last.wrapping_sub(take_varint(bytes)?.cast_signed());
        places.push((last, u32::try_from(take_varint(bytes)?).ok()?));
    }
    bytes.is_empty().then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ArticleId;
    use crate::library::store::Store;
    use crate::library::tests::article;
    use crate::library::{Backend, Cancel, Marking, Target};
    use proptest::prelude::*;
    use std::path::Path;

    /// What the views ask first.
    type Views = (Vec<(Vec<Facet>, u64, Vec<NameDetail>)>, Threads, Vec<Chronicle>, Vec<Vec<Telling>>);

    fn views(store: &Store) -> Views {
        let (query, cancel) = (Query::everything(), Cancel::new());
        let names = Kind::ALL.map(|kind| {
            let kind = FacetKind::Entity(kind);
            let names = store.ranked(kind, "", &query, NameOrder::Count, 3, &cancel).expect("names");
            let values: Vec<String> = names.iter().map(|facet| facet.value.clone()).collect();
            let details = store.details(&query, kind, &values, &cancel).expect("details");
            (names, store.count_names(kind, &query, &cancel).expect("a number"), details)
        });
        let threads = store.threads(&query, ThreadOrder::default(), 2, &cancel).expect("threads");
        let grains = [None, Some(Grain::Day), Some(Grain::Month)];
        let chronicles = grains.map(|grain| store.chronicle(&query, grain, 9, &cancel).expect("bins"));
        let told = chronicles
            .iter()
            .map(|bins| store.tell(&query, bins, 1..bins.bins.len(), &cancel).expect("what they tell"))
            .collect();
        (names.to_vec(), threads, chronicles.to_vec(), told)
    }

    /// Opened anew, as the next reader does.
    fn asked(path: &Path) -> Views {
        views(&Store::open(path).expect("a library"))
    }

    fn forget(path: &Path) {
        let db = Connection::open(path).expect("a database");
        db.execute("DELETE FROM counted WHERE id > 4", []).expect("deleted");
    }

    fn stored(path: &Path) -> Vec<i64> {
        let db = Connection::open(path).expect("a database");
        let mut rows = db.prepare("SELECT id FROM counted WHERE id > 4 ORDER BY id").expect("a statement");
        let rows = rows.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|id| id.expect("a number")).collect()
    }

    #[test]
    fn who_adds_articles_stores_what_the_views_show_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let store = Store::open(&path).expect("a library");
        store.add(crate::library::tests::threads::news()).expect("added");
        assert!(stored(&path).is_empty());
        store.settle().expect("settled");
        let rows = [
            Row::Stories,
            Row::Names(Kind::Person),
            Row::Names(Kind::Country),
            Row::Names(Kind::Place),
            Row::Names(Kind::Org),
            Row::Bins(Grain::Day),
            Row::Told(Grain::Day),
            Row::Newest,
            Row::Gathered,
        ];
        assert_eq!(stored(&path), rows.map(Row::number));
        let kept = asked(&path);
        assert!(kept.0[0].1 > 100 && kept.1.total > 0 && !kept.3[0].is_empty(), "{kept:?}");
        forget(&path);
        assert_eq!(asked(&path), kept);
        // What a reader computes, it stores.
        assert!(stored(&path).len() >= 7);
    }

    #[test]
    fn what_is_stored_is_what_is_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let store = Store::open(&path).expect("a library");
        store.add(vec![article(1, "Wire", "News", "[Ada Obi|person] and [Ben Lund|person]")]).expect("added");
        store.settle().expect("settled");
        let db = Connection::open(&path).expect("a database");
        let edit = "UPDATE counted SET seal = NULL, facets = CAST(replace(facets, 'Ada', 'Eva') AS BLOB) WHERE id = ?";
        db.execute(edit, [Row::Names(Kind::Person).number()]).expect("changed");
        assert_eq!(asked(&path).0[0].0[0].name, "Eva Obi");
        // Of other articles it is not.
        store.add(vec![article(2, "Wire", "More", "[Ada Obi|person]")]).expect("added");
        assert_eq!(asked(&path).0[0].0[0].name, "Ada Obi");
        db.execute("UPDATE counted SET seal = NULL, facets = x'7b' WHERE id > 4", []).expect("damaged");
        assert_eq!(asked(&path).0[0].0[0].name, "Ada Obi");
    }

    proptest! {
        #[test]
        fn places_read_back(places in proptest::collection::vec(any::<Rank>(), 0..9)) {
            prop_assert_eq!(decode(&encode(&places)), Some(places));
        }

        #[test]
        fn damaged_places_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            decode(&bytes);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn what_is_stored_is_what_is_computed(
            steps in proptest::collection::vec((0i64..90, 0usize..5, 0usize..8), 1..8),
        ) {
            const BODIES: [&str; 5] = [
                "[Ada Obi|person] of [Norway|country=NO] said <Ada Obi: it rained>",
                "[Obi|person] on [Oslo|place]",
                "[Ben Obi|person], of [Sund Line|org]",
                "[Peru|country=PE] wrote to [Ada Obi|person]",
                "nobody",
            ];
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("library.db");
            let store = Store::open(&path).expect("a library");
            for (day, body, does) in steps {
                let (mut article, analysis) = article(day, "Wire", "News", BODIES[body]);
                article.path = Some(format!("{}.txt", day % 5));
                let one = Target::These(vec![ArticleId(1)]);
                match does {
                    0 => _ = store.remove_files(&|path| path.ends_with(format!("{}.txt", day % 5))).expect("removed"),
                    1 => _ = store.mark(&one, Marking::Hide).expect("hidden"),
                    2 => _ = store.mark(&one, Marking::Unhide).expect("shown"),
                    3 => store.settle().expect("settled"),
                    _ => _ = store.add(vec![(article, analysis)]).expect("added"),
                }
                let here = views(&store);
                prop_assert_eq!(&asked(&path), &here);
                forget(&path);
                prop_assert_eq!(&asked(&path), &here);
            }
        }
    }
}
