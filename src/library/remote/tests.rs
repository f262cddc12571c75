//! Holds an archive on a real server to what a library in memory answers.
//!
//! `DATELINE_TEST_SERVERS` lists addresses of servers that the tests may fill: `http://127.0.0.1:9200`, separated by commas.
//! Without it, these tests say that they were left out, and pass. Over 600 lines because everything that needs a server is here.

use super::layout::Named;
use super::{Reading, Remote};
use crate::annotation::{Analysis, Kind, Speaker};
use crate::article::{Article, ArticleId};
use crate::config::archives::FieldMap;
use crate::corrections::Corrections;
use crate::fetch::{Fetcher, Limits};
use crate::language::LanguageCode;
use crate::library::memory::Memory;
use crate::library::store::Store;
use crate::library::tests::stories::some_news;
use crate::library::tests::{article, query, some_article, some_query};
use crate::library::{Backend, Cancel};
use crate::listing::board::BoardChange;
use crate::listing::chronicle::{Grain, Telling};
use crate::listing::{Count, Facet, FacetKind, Key, Marking, Page, QuoteRow, Window};
use crate::query::complete::Role;
use crate::query::{Grouping, Query, Sort, Target};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The servers that may be used.
pub(super) fn servers() -> Vec<String> {
    let listed = std::env::var("DATELINE_TEST_SERVERS").unwrap_or_default();
    let servers: Vec<String> =
        listed.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
    if servers.is_empty() {
        eprintln!("left out: tests against a search server; DATELINE_TEST_SERVERS names none");
    }
    servers
}

/// An archive that is deleted in the end.
pub(super) struct Archive(pub(super) Remote);

impl Archive {
    pub(super) fn new(server: &str) -> Archive {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let address = format!("{server}/dateline-test-{}-{number}", std::process::id());
        let fetcher = Fetcher::new(Limits::default());
        Archive(Remote::open_to_fill(&address, &fetcher, None).expect("an archive"))
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        for index in [&self.0.articles, &self.0.quotes, &self.0.names] {
            let _ = self.0.server.ask("DELETE", index, None, &Cancel::new());
        }
    }
}

/// The articles of a law, with what tells them apart.
fn distinct(articles: Vec<(Article, Analysis)>) -> Vec<(Article, Analysis)> {
    let named = articles.into_iter().enumerate().map(|(place, (mut article, analysis))| {
        article.guid = Some(place.to_string());
        article.language = ["de", "en", "no", "-"].get(place % 4).and_then(|code| LanguageCode::read(code));
        (article, analysis)
    });
    named.collect()
}

/// The id in an archive of the article that has an id in memory, where ids are given in order.
fn of(articles: &[(Article, Analysis)], id: ArticleId) -> ArticleId {
    Named::of(&articles[id.0 as usize - 1].0).number
}

fn plain(text: &str) -> Query {
    Query { grouping: Grouping::Off, ..query(text) }
}

/// Quotes without what differs by nature: the ids, and the order of articles of one second.
fn told(rows: Vec<QuoteRow>) -> Vec<String> {
    let mut told: Vec<String> = rows
        .into_iter()
        .map(|row| {
            format!(
                "{:?} {} {} {:?} {:?} {:?}",
                row.key.published, row.source, row.title, row.span, row.text, row.speaker
            )
        })
        .collect();
    told.sort();
    told
}

fn hold_to_memory(server: &str, articles: &[(Article, Analysis)], queries: &[String], starred: i64) {
    let (memory, archive) = (Memory::default(), Archive::new(server));
    let (remote, store) = (&archive.0, Store::temporary().expect("a library"));
    for library in [&memory as &dyn Backend, &store, remote] {
        library.add(articles.iter().take(5).cloned().collect()).expect("added");
        library.add(articles.iter().skip(5).cloned().collect()).expect("added");
        library.settle().expect("settled");
    }
    let cancel = Cancel::new();
    if starred as usize <= articles.len() {
        for library in [&memory as &dyn Backend, &store] {
            library.mark(&Target::These(vec![ArticleId(starred)]), Marking::Star).expect("marked");
        }
        let target = Target::These(vec![of(articles, ArticleId(starred))]);
        remote.mark(&target, Marking::Star).expect("marked");
    }
    for text in queries {
        let plain = plain(text);
        let page = |query: &Query, window| remote.page(query, window, &cancel).expect("a page");
        let rows = |page: &Page| page.rows.iter().map(|row| row.key).collect::<Vec<Key>>();
        let all = |query: &Query| {
            let page = memory.page(query, Window::First { limit: 99 }, &cancel).expect("a page");
            page.rows.iter().map(|row| Key { id: of(articles, row.key.id), ..row.key }).collect::<Vec<Key>>()
        };
        for sort in [Sort::Date, Sort::Oldest, Sort::Relevance] {
            let query = Query { sort, ..plain.clone() };
            let mut expected = all(&query);
            match sort {
                Sort::Date => expected.sort_by_key(|key| std::cmp::Reverse((key.published, key.id))),
                Sort::Oldest => expected.sort_by_key(|key| (key.published.is_none(), key.published, key.id)),
                Sort::Relevance => {
                    // Articles of the same second come in another order.
                    let found = rows(&page(&query, Window::First { limit: 99 }));
                    let days = |keys: &[Key]| keys.iter().map(|key| key.published).collect::<Vec<_>>();
                    assert_eq!(days(&found), days(&expected), "{text}");
                    expected = found;
                }
            }
            let first = page(&query, Window::First { limit: 99 });
            assert_eq!(rows(&first), expected, "{text} {sort:?}");
            assert_eq!(first.total, Count::Exactly(expected.len() as u64), "{text}");
            // Each request takes its time: the first, the last and one between stand for all.
            let places = BTreeSet::from([0, expected.len() / 2, expected.len().saturating_sub(1)]);
            for (place, key) in places.iter().filter_map(|place| Some((*place, expected.get(*place)?))) {
                let around = page(&query, Window::Around { key: *key, before: 2, after: 1 });
                let start = place.saturating_sub(2);
                assert_eq!(rows(&around), expected[start..expected.len().min(place + 2)], "{text} {sort:?}");
                assert_eq!(around.offset, start as u64, "{text} {sort:?}");
                let after = page(&query, Window::After { key: *key, limit: 3 });
                assert_eq!(rows(&after), expected[place + 1..expected.len().min(place + 4)]);
                assert_eq!(after.offset, place as u64 + 1);
                let before = page(&query, Window::Before { key: *key, limit: 3 });
                assert_eq!(rows(&before), expected[place.saturating_sub(3)..place]);
                assert_eq!(before.offset, place.saturating_sub(3) as u64);
            }
            for row in [0, expected.len() / 3, expected.len(), expected.len() + 1] {
                let found = page(&query, Window::Row { row: row as u64, before: 1, after: 1 });
                let at = row.min(expected.len().saturating_sub(1));
                let start = at.saturating_sub(1);
                assert_eq!(rows(&found), expected[start..expected.len().min(at + 2)]);
                assert_eq!(found.offset, start as u64);
            }
            let last = page(&query, Window::Last { limit: 3 });
            assert_eq!(rows(&last), expected[expected.len().saturating_sub(3)..]);
        }
        let answers = |library: &dyn Backend| {
            let people = FacetKind::Entity(Kind::Person);
            let names = |kind, typed: &str| library.names(kind, typed, &plain, 9, &cancel).expect("names");
            (
                library.facets(&plain, &cancel).expect("facets"),
                [names(people, ""), names(people, "ob"), names(FacetKind::Source, "")],
                ["", "de", "ger", "norsk"].map(|typed| names(FacetKind::Language, typed)),
                library.timeline(&plain, &cancel).expect("days"),
                told(library.quotes(&plain, 99, &cancel).expect("quotes")),
                library.tally(&plain, &cancel).expect("a tally").articles,
            )
        };
        assert_eq!(answers(remote), answers(&memory), "{text}");
        let mut quotes = articles.iter().flat_map(|(_, analysis)| &analysis.quotes);
        let described = quotes.any(|quote| matches!(quote.likeliest(), Some(Speaker::Description(_))));
        hold_over_time((remote, &store), &plain, described);
    }
}

/// What is asked about time and about single names, as a library on this machine answers it: the library in memory reads
/// every article for it, and so takes one word of a name for the whole name.
fn hold_over_time((remote, store): (&dyn Backend, &dyn Backend), query: &Query, described: bool) {
    let cancel = Cancel::new();
    let facets = store.facets(query, &cancel).expect("facets");
    let values = |facets: &[Facet]| facets.iter().map(|facet| facet.value.clone()).collect::<Vec<_>>();
    let kinds = [
        (FacetKind::Entity(Kind::Person), values(&facets.people)),
        (FacetKind::Entity(Kind::Country), values(&facets.countries)),
        (FacetKind::Entity(Kind::Org), values(&facets.orgs)),
        (FacetKind::Source, values(&facets.sources)),
    ];
    // A library on this machine finds a name in longer ones, and a speaker who is only described in the words of a name; an
    // archive counts those who are known. No name of two words is part of another one here.
    let whole = |mut facets: Vec<Facet>| {
        facets.retain(|facet| facet.name.contains(' ') && !facet.name.contains("Union"));
        facets
    };
    let answers = |library: &dyn Backend| {
        let over = |grain| library.chronicle(query, grain, 9, &cancel).expect("a chronicle");
        let days = over(Some(Grain::Day));
        let of_kinds = kinds.iter().map(|(kind, values)| {
            let mut details = library.details(query, *kind, values, &cancel).expect("details");
            for detail in &mut details {
                // Which of several persons with as many articles are told is left to each library.
                detail.people.clear();
            }
            (
                details,
                library.over_time(query, &days, *kind, values, &cancel).expect("bins"),
                library.count_names(*kind, query, &cancel).expect("a count"),
            )
        });
        let roles = [Role::Subject, Role::Speaker, Role::SpokenOf];
        (
            [over(None), over(Some(Grain::Week)), over(Some(Grain::Year))],
            of_kinds.collect::<Vec<_>>(),
            roles
                .into_iter()
                .filter(|role| !(described && *role == Role::Speaker))
                .map(|role| whole(library.named_as(role, "", query, 99, &cancel).expect("names")))
                .collect::<Vec<_>>(),
            library.unread(std::slice::from_ref(query), &cancel).expect("counted"),
            library.count_utterances(query, &cancel).expect("counted"),
        )
    };
    assert_eq!(answers(remote), answers(store), "{query}");
}

/// Copies of a story, folded: the articles are those of `library::tests::stories`.
fn hold_folded(server: &str, news: &[(Article, Analysis)], apart: usize) {
    let (memory, archive) = (Memory::default(), Archive::new(server));
    let remote = &archive.0;
    for library in [&memory as &dyn Backend, remote] {
        library.add(news.iter().take(apart).cloned().collect()).expect("added");
        library.add(news.iter().skip(apart).cloned().collect()).expect("added");
        library.settle().expect("settled");
    }
    let cancel = Cancel::new();
    for place in (1..).take(news.len()) {
        let siblings = |library: &dyn Backend, id: ArticleId| {
            let stored = library.load(id).expect("loaded").expect("an article");
            stored.copies.into_iter().map(|copy| (copy.source, copy.title)).collect::<Vec<_>>()
        };
        let (mut found, mut expected) =
            (siblings(remote, of(news, ArticleId(place))), siblings(&memory, ArticleId(place)));
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
    let read = ArticleId(1 + apart as i64 % news.len() as i64);
    memory.mark(&Target::Stories(vec![read]), Marking::Read).expect("marked");
    remote.mark(&Target::Stories(vec![of(news, read)]), Marking::Read).expect("marked");
    memory.mark(&Target::These(vec![ArticleId(1)]), Marking::Hide).expect("hidden");
    remote.mark(&Target::These(vec![of(news, ArticleId(1))]), Marking::Hide).expect("hidden");
    for text in
        ["", "is:hidden", "is:unread", "person:obi", "source:post", "-source:wire", "date:2022-01-02", "oslo"]
    {
        let query = query(text);
        assert_eq!(query.grouping, Grouping::Folded);
        let rows = |library: &dyn Backend, to: &dyn Fn(ArticleId) -> ArticleId| {
            let page = library.page(&query, Window::First { limit: 99 }, &cancel).expect("a page");
            assert_eq!(page.total, Count::Exactly(page.rows.len() as u64), "{text}");
            page.rows.iter().map(|row| (to(row.key.id), row.copies)).collect::<BTreeSet<_>>()
        };
        assert_eq!(rows(remote, &|id| id), rows(&memory, &|id| of(news, id)), "{text}");
        let answers = |library: &dyn Backend| {
            let names = |kind| library.names(kind, "", &query, 9, &cancel).expect("names");
            (
                library.facets(&query, &cancel).expect("facets"),
                library.timeline(&query, &cancel).expect("days"),
                library.chronicle(&query, Some(Grain::Month), 9, &cancel).expect("bins"),
                library.tally(&query, &cancel).expect("a tally"),
                names(FacetKind::Entity(Kind::Person)),
                names(FacetKind::Source),
                library.unread(std::slice::from_ref(&query), &cancel).expect("counted"),
            )
        };
        assert_eq!(answers(remote), answers(&memory), "{text}");
    }
}

fn cases(usual: u32) -> Config {
    let cases = std::env::var("DATELINE_TEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: cases.unwrap_or(usual),
        max_shrink_iters: 20,
        failure_persistence: None,
        ..Config::default()
    }
}

#[test]
fn an_archive_folds_copies_as_memory_does() {
    for server in servers() {
        let strategy = (some_news(), 0usize..9);
        let outcome = TestRunner::new(cases(6)).run(&strategy, |(news, apart)| {
            hold_folded(&server, &news, apart);
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{server}: {error}");
        }
    }
}

/// A bare name that is a body elsewhere counts for the body, in the article that takes it for a person too.
#[test]
fn who_is_nobody_counts_for_the_body() {
    for server in servers() {
        let (archive, store) = (Archive::new(&server), Store::temporary().expect("a library"));
        let articles = distinct(vec![
            article(0, "Wire", "Gas", "[Vardo|org] and [Ada Obi|person] on gas."),
            article(1, "Wire", "Grain", "[Vardo|org] and [Hamnvik|place] on grain."),
            article(2, "Post", "Ferry", "[Vardo|person] in [Hamnvik|person]."),
            article(3, "Post", "Snow", "[Hamnvik|place] and [Ada Obi|person]."),
        ]);
        let cancel = Cancel::new();
        let answers = [&archive.0 as &dyn Backend, &store].map(|library| {
            library.add(articles.clone()).expect("added");
            library.settle().expect("settled");
            ["", "ferry", "-ferry", "source:post"].map(|text| {
                let query = plain(text);
                let facets = library.facets(&query, &cancel).expect("facets");
                let names = [Kind::Person, Kind::Place, Kind::Org].map(|kind| {
                    library.names(FacetKind::Entity(kind), "", &query, 9, &cancel).expect("names")
                });
                (facets.people, facets.places, facets.orgs, names)
            })
        });
        let [remote, local] = answers;
        assert_eq!(remote, local);
        assert_eq!(local[0].2.first().map(|facet| facet.count), Some(3), "{local:?}");
    }
}

/// What a person says of names changes every answer of an archive, as if its articles had been analysed so; nothing is sent.
#[test]
fn a_persons_corrections_apply_to_the_names_of_an_archive() {
    let news = || {
        distinct(vec![
            article(
                0,
                "Wire",
                "One",
                "[Ola Varga|person] met [Mira Sund|person] in [Kaldby|place]. <Ola Varga: No.>",
            ),
            article(1, "Wire", "Two", "[Varga|person] and [Olav Kald|person] spoke. <Varga: Gas is dear.>"),
            article(2, "Post", "Three", "[Ola Varga|person] of [Nordlys|person] left [Oslo|place]."),
            article(
                3,
                "Post",
                "Four",
                "[Nordlys|person] bought ferries in [Kaldby|place]. <Nordlys: We pay.>",
            ),
            article(4, "East", "Five", "[Olav Kald|person] and [Monday Club|org] and [Mira Sund|person]."),
            article(5, "East", "Six", "[Monday Club|org] and [Nord Lys|org] in [Norway|country=NO]."),
        ])
    };
    let lines = [
        "\"Ola Varga\" = { same = \"Olav Kald\" }",
        "\"Varga\" = { apart = [\"Ola Varga\"] }",
        "\"Nordlys\" = { is = \"org\" }",
        "\"Nordlys\" = { is = \"org\", also = [\"Nord Lys\"] }",
        "\"Monday Club\" = { is = \"nothing\" }",
        "\"Kaldby\" = { is = \"place\", country = \"NO\" }",
        "\"Mira Sund\" = { same = \"Mirana Sund-Lie\" }\n\"Monday Club\" = { same = \"Nord Lys\" }",
        "",
    ];
    let asked = [
        "person:\"Ola Varga\"",
        "person:\"Olav Kald\"",
        "person:varga",
        "person:nordlys",
        "org:nordlys",
        "org:\"Monday Club\"",
        "org:\"Nord Lys\"",
        "country:NO",
        "place:kaldby",
        "by:\"Olav Kald\"",
        "by:nordlys",
        "person:\"Mirana Sund-Lie\"",
        "person:\"Mira Sund\"",
        "person:sund",
    ];
    let cancel = Cancel::new();
    for server in servers() {
        let archive = Archive::new(&server);
        archive.0.add(news()).expect("added");
        archive.0.settle().expect("settled");
        let fetcher = Fetcher::new(Limits::default());
        let own = tempfile::tempdir().expect("a folder");
        let address = format!("{server}{}", archive.0.articles);
        let remote =
            super::open(&address, &fetcher, None, &own.path().join("archives.db"), reading()).expect("open");
        for text in lines {
            remote.keep_names_text(text).expect("kept");
            let (corrections, faults) = Corrections::read(text);
            assert_eq!(faults, []);
            let local = Store::temporary().expect("a library");
            local.keep_names_text(text).expect("kept");
            let corrected = news().into_iter().map(|(article, analysis)| {
                let analysis = crate::intake::corrected(&corrections, &article, analysis);
                (article, analysis)
            });
            local.add(corrected.collect()).expect("added");
            local.settle().expect("settled");
            let titles = |library: &dyn Backend, asked: &str| -> Vec<String> {
                let page = library.page(&query(asked), Window::First { limit: 99 }, &cancel).expect("a page");
                page.rows.into_iter().map(|row| row.title).collect()
            };
            for asked in asked {
                assert_eq!(titles(&*remote, asked), titles(&local, asked), "{text} {asked} at {server}");
            }
            let facets = |library: &dyn Backend, asked: &str| {
                let found = library.facets(&query(asked), &cancel).expect("facets");
                [found.people, found.orgs, found.places, found.countries]
            };
            for asked in ["", "source:wire", "person:\"Mira Sund\""] {
                assert_eq!(facets(&*remote, asked), facets(&local, asked), "{text} {asked} at {server}");
            }
            let speakers = |library: &dyn Backend| -> Vec<Option<String>> {
                let quotes = library.quotes(&query(""), 99, &cancel).expect("quotes");
                quotes.into_iter().map(|quote| quote.speaker).collect()
            };
            assert_eq!(speakers(&*remote), speakers(&local), "{text} at {server}");
            for (article, _) in news() {
                let load = |library: &dyn Backend| {
                    let id = library.find(&article).expect("found").expect("an id");
                    library.load(id).expect("loaded").expect("an article").analysis
                };
                assert_eq!(load(&*remote), load(&local), "{text} {} at {server}", article.title);
            }
            // What others read is as it was.
            let plain = Remote::new(&address, &fetcher, None, None).expect("an archive");
            assert_eq!(titles(&plain, "person:nordlys"), ["Four", "Three"]);
        }
    }
}

/// Marking millions as read is a moment with exceptions, which every answer knows.
#[test]
fn what_came_until_a_moment_is_read_in_every_answer() {
    for server in servers() {
        let archive = Archive::new(&server);
        let remote = &archive.0;
        let articles: Vec<(Article, Analysis)> = (0..6)
            .map(|day| article(day, "Wire", &format!("Story {day}"), "[Ada Obi|person] in Oslo."))
            .collect();
        let articles = distinct(articles);
        remote.add(articles.iter().take(5).cloned().collect()).expect("added");
        remote.settle().expect("settled");
        let cancel = Cancel::new();
        let id = |day: usize| of(&articles, ArticleId(day as i64 + 1));
        remote.mark(&Target::These(vec![id(1)]), Marking::Hide).expect("hidden");
        let swept = remote.asking(&cancel).sweep(None, &query(""), 3).expect("swept").expect("a change");
        assert_eq!(swept.changed.articles, 4);
        let unread = || {
            let page =
                |text: &str| remote.page(&query(text), Window::First { limit: 99 }, &cancel).expect("a page");
            let marked: Vec<ArticleId> =
                page("").rows.iter().filter(|row| !row.read).map(|row| row.key.id).collect();
            let listed: Vec<ArticleId> = page("is:unread").rows.iter().map(|row| row.key.id).collect();
            assert_eq!(marked, listed);
            let tally = remote.tally(&query("is:unread"), &cancel).expect("a tally");
            let counted = remote.unread(&[query("")], &cancel).expect("a count");
            assert_eq!((tally.rows(), counted), (listed.len() as u64, vec![listed.len() as u64]));
            for id in &listed {
                assert!(!remote.load(*id).expect("loaded").expect("an article").read);
            }
            listed
        };
        assert_eq!(unread(), []);
        // What is hidden was not marked, and what comes later is new.
        remote.mark(&Target::These(vec![id(1)]), Marking::Unhide).expect("shown");
        remote.add(articles.iter().skip(5).cloned().collect()).expect("added");
        remote.settle().expect("settled");
        assert_eq!(unread(), [id(5), id(1)]);
        remote.mark(&Target::These(vec![id(5), id(1)]), Marking::Read).expect("marked");
        let marked = remote.mark(&Target::These(vec![id(3), id(5)]), Marking::Unread).expect("marked");
        assert_eq!((marked.changed.articles, unread()), (2, vec![id(5), id(3)]));
    }
}

#[test]
fn an_archive_tells_its_bins_and_knows_what_came_last() {
    for server in servers() {
        let (archive, store) = (Archive::new(&server), Store::temporary().expect("a library"));
        let remote = &archive.0;
        let articles = distinct(vec![
            article(0, "Wire", "Gas", "[Ada Obi|person] and [Lev Sund|person] in [Oslo|place] on gas."),
            article(0, "Post", "Grain", "[Ada Obi|person] in [Oslo|place]."),
            article(1, "Wire", "Ferry", "[Mira Lund|person] in [Bergen|place]."),
            article(1, "Post", "Ferry again", "[Mira Lund|person], [Lev Sund|person] in [Bergen|place]."),
            article(1, "East", "Talks", "[Ada Obi|person] said <Ada Obi: talks failed>"),
            article(2, "Wire", "Snow", "[Ada Obi|person] in [Oslo|place]."),
        ]);
        let cancel = Cancel::new();
        for library in [remote as &dyn Backend, &store] {
            library.add(articles.iter().take(5).cloned().collect()).expect("added");
            library.settle().expect("settled");
        }
        let seen = remote.last_id().expect("an id");
        assert_eq!(remote.tally(&plain(&format!("newer:{}", seen.0)), &cancel).expect("a tally").articles, 0);
        for library in [remote as &dyn Backend, &store] {
            library.add(articles.iter().skip(5).cloned().collect()).expect("added");
            library.settle().expect("settled");
        }
        let page = remote.page(&plain(&format!("newer:{}", seen.0)), Window::First { limit: 9 }, &cancel);
        let titles: Vec<String> = page.expect("a page").rows.into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["Snow"]);
        assert!(remote.last_id().expect("an id") > seen);
        let told = |library: &dyn Backend| {
            let chronicle = library.chronicle(&plain(""), Some(Grain::Day), 9, &cancel).expect("bins");
            let told = library.tell(&plain(""), &chronicle, 0..3, &cancel).expect("told");
            let names = |telling: &Telling| {
                telling.names.iter().map(|apart| (apart.name.clone(), apart.count)).collect::<BTreeSet<_>>()
            };
            let headline =
                |telling: &Telling| telling.headline.clone().map(|head| (head.title, head.articles));
            (
                chronicle,
                told.iter().map(names).collect::<Vec<_>>(),
                told.iter().map(headline).collect::<Vec<_>>(),
            )
        };
        let (found, expected) = (told(remote), told(&store));
        assert_eq!((&found.0, &found.1), (&expected.0, &expected.1));
        // Among equals, each library takes another article.
        assert_eq!(found.2.iter().flatten().count(), 3);
        assert_eq!(found.2[1], expected.2[1]);
        let profile = remote.profile(&plain(""), FacetKind::Entity(Kind::Person), "Ada Obi", &cancel);
        let profile = profile.expect("asked").expect("a profile");
        assert_eq!((profile.detail.articles, profile.detail.quotes, profile.latest.len()), (4, 1, 4));
        assert_eq!(profile.first.and_then(|first| first.published), articles[0].0.published);
    }
}

#[test]
fn an_archive_answers_what_memory_answers() {
    for server in servers() {
        let strategy = (
            proptest::collection::vec(some_article(), 0..12),
            proptest::collection::vec(some_query(), 4),
            1i64..12,
        );
        let outcome = TestRunner::new(cases(6)).run(&strategy, |(articles, queries, starred)| {
            hold_to_memory(&server, &distinct(articles), &queries, starred);
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{server}: {error}");
        }
    }
}

#[test]
fn the_same_articles_are_there_once_and_come_back_whole() {
    for server in servers() {
        let archive = Archive::new(&server);
        let articles = distinct(vec![
            article(
                0,
                "North Wire",
                "Gas talks",
                "[Ada Obi|person] met [Lev Sund|person] in [Besançon|place] on gas.",
            ),
            article(
                1,
                "Post",
                "Summit",
                "[Ada Obi|person] said <Ada Obi: talks failed> and <an official: no deal>",
            ),
        ]);
        let added = archive.0.add(articles.clone()).expect("added");
        assert_eq!((added.new, added.updated, added.unchanged), (2, 0, 0));
        let mut changed = articles.clone();
        changed[1] = distinct(vec![
            articles[0].clone(),
            article(1, "Post", "Summit", "[Ada Obi|person] left <an official: yes>"),
        ])
        .remove(1);
        let added = archive.0.add(changed.clone()).expect("added");
        assert_eq!((added.new, added.updated, added.unchanged), (0, 1, 1));
        archive.0.settle().expect("settled");
        let page = archive.0.page(&plain(""), Window::First { limit: 9 }, &Cancel::new()).expect("a page");
        assert_eq!(page.total, Count::Exactly(2));
        // The quote that is gone is gone.
        assert_eq!(archive.0.quotes(&plain(""), 9, &Cancel::new()).expect("quotes").len(), 1);
        for (article, analysis) in &changed {
            let id = archive.0.find(article).expect("found").expect("an id");
            let stored = archive.0.load(id).expect("loaded").expect("an article");
            assert_eq!((&stored.article, &stored.analysis), (article, analysis));
        }
    }
}

#[test]
fn an_index_of_other_hands_is_left_alone() {
    for server in servers() {
        let archive = Archive::new(&server);
        let name = archive.0.name().to_owned();
        let foreign = format!("/{name}-foreign");
        archive.0.server.ask("PUT", &foreign, None, &Cancel::new()).expect("made");
        let fetcher = Fetcher::new(Limits::default());
        let error =
            Remote::open_to_fill(&format!("{server}{foreign}"), &fetcher, None).err().expect("refused");
        assert!(error.to_string().contains("not made by dateline"), "{error}");
        archive.0.server.ask("DELETE", &foreign, None, &Cancel::new()).expect("deleted");
    }
}

#[test]
fn an_address_names_a_server_and_an_index() {
    let split = |address: &str| super::split(address).map_err(|error| error.to_string());
    assert_eq!(
        split("https://ann:pw@host:9200/below/news-2024"),
        Ok(("https://ann:pw@host:9200/below".to_owned(), "news-2024".to_owned()))
    );
    for wrong in [
        "https://host:9200",
        "https://host:9200/",
        "https://ann:pw@host/_all",
        "https://host/News",
        "https://host/a%20b",
    ] {
        let error = split(wrong).expect_err(wrong);
        assert!(!error.contains("pw"), "{error}");
    }
    assert_eq!(super::shown_address("https://ann:pw@host:9200/news"), "https://host:9200/news");
    assert!(
        super::is_address("HTTPS://host/news")
            && !super::is_address("news.db")
            && !super::is_address("/http")
    );
}

/// Every index is read by a guess, and every article has an empty analysis.
pub(super) fn reading() -> Reading {
    let analyse = |articles: Vec<Article>, _: &Corrections| {
        articles.into_iter().map(|article| (article, Analysis::default())).collect()
    };
    Reading {
        form: None,
        fields: FieldMap::default(),
        newest: 100,
        analyse: Arc::new(analyse),
        correct: crate::intake::corrected,
    }
}

/// A server that answers each request with what a function makes of its path and its body; its address, with an index.
pub fn answering(answer: impl Fn(&str, &[u8]) -> String + Send + 'static) -> String {
    use std::io::{BufRead, BufReader, Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.expect("a connection"));
            let (mut first, mut length) = (String::new(), 0);
            let _ = reader.read_line(&mut first);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).is_ok_and(|read| read <= 2) {
                    break;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a number");
                }
            }
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            let body = answer(first.split(' ').nth(1).unwrap_or_default(), &body);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = reader.get_mut().write_all(format!("{head}{body}").as_bytes());
        }
    });
    format!("http://{at}/x")
}

/// A server that answers every question with the same text; it says that it is an archive.
fn stubborn(answer: &'static str) -> String {
    answering(move |path, _| {
        let answer = match path {
            "/" => r#"{"version":{"number":"8.19.0"}}"#,
            _ if path.ends_with("_mapping") => r#"{"x":{"mappings":{"_meta":{"dateline":{"layout":2}}}}}"#,
            _ => answer,
        };
        answer.to_owned()
    })
}

#[test]
fn nonsense_from_a_server_is_an_error_or_nothing() {
    let hit = r#"{"hits":{"total":{"value":"many"},"hits":[{"_id":5,"_source":{"num":[7,null],"when":"x","head":["a\u001b[31m",3],"source":null,"body":[null,"t"],"entity":9,"text":5,"start":9,"end":3},"sort":[null,"x"]},null,3]},"aggregations":{"a":{"buckets":[{"key":null},7],"after_key":{}},"c":{"buckets":[{"key":["p\u001b"],"doc_count":3},{"doc_count":-1}]}}}"#;
    let twice: &'static str = Box::leak(format!(r#"{{"responses":[{hit},{hit}]}}"#).into_boxed_str());
    for answer in ["null", "[1,2]", "7", r#"{"responses":7}"#, hit, twice, "{\"hits\":"] {
        let fetcher = Fetcher::new(Limits::default());
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("archives.db");
        let opened = super::open(&stubborn(answer), &fetcher, None, &own, reading());
        let (archive, cancel) = (opened.expect("it says that it is one"), Cancel::new());
        let key = Key { published: None, id: ArticleId(7) };
        for window in
            [Window::First { limit: 5 }, Window::After { key, limit: 5 }, Window::Last { limit: 3000 }]
        {
            if let Ok(page) = archive.page(&plain("gas by:ann"), window, &cancel) {
                assert!(page.rows.iter().all(|row| !row.title.contains('\u{1b}')), "{answer}");
            }
        }
        let _ = archive.facets(&plain("person:ann"), &cancel);
        let _ = archive.quotes(&plain("said:gas"), 10_000, &cancel);
        let _ = archive.timeline(&plain(""), &cancel);
        let _ = archive.load(ArticleId(7));
    }
    // A page that is the same again and again ends.
    let fetcher = Fetcher::new(Limits::default());
    let archive = Remote::new(&stubborn(twice), &fetcher, None, None).expect("an archive");
    let key = Key { published: None, id: ArticleId(7) };
    assert!(archive.page(&plain(""), Window::After { key, limit: 5 }, &Cancel::new()).is_err());
}

/// An index in a form that no preset has, with two drafts, articles of one second, and one without a date.
fn foreign_index(server: &Remote, name: &str) {
    let cancel = Cancel::new();
    let keyword = json!({ "type": "keyword" });
    let mapping = json!({
        "settings": { "number_of_shards": 1, "number_of_replicas": 0 },
        "mappings": { "properties": {
            "headline": { "type": "text" }, "story": { "type": "text" }, "publishedAt": { "type": "date" },
            "crawledAt": { "type": "date" }, "outlet": keyword, "state": keyword, "people": keyword,
            "lang": keyword
        } }
    });
    server.server.ask("PUT", &format!("/{name}"), Some(&mapping), &cancel).expect("made");
    let mut lines = String::new();
    let mut put = |id: &str, document: Value| {
        lines.push_str(&format!("{}\n{document}\n", json!({ "index": { "_index": name, "_id": id } })));
    };
    for (at, (title, people)) in
        [("Rain", "Ann Berg"), ("Snow", "ann berg"), ("Hail", "Lev Sund"), ("Fog", "Lev Sund"), ("Sun", "")]
            .into_iter()
            .enumerate()
    {
        // Three of one second, one earlier, one without a date.
        let published = match at {
            0..3 => json!("2024-03-05T12:00:00Z"),
            3 => json!("2024-03-04T12:00:00Z"),
            _ => Value::Null,
        };
        put(
            &format!("d{at}"),
            json!({
                "headline": format!("<b>{title}</b> &amp; wind"), "publishedAt": published, "crawledAt": "2026-01-01T00:00:00Z",
                "story": format!("The town of Bergen had {title} on Monday, which nobody had expected in March, said the harbour master."),
                "outlet": if at % 2 == 0 { "Fjord Post" } else { "Rift Daily" }, "state": "live", "people": [people], "lang": "eng"
            }),
        );
    }
    for at in 0..2 {
        put(
            &format!("draft{at}"),
            json!({
                "headline": "Not yet", "publishedAt": "2024-03-06T12:00:00Z", "story": "A long draft of a text that nobody may see yet, at all.",
                "outlet": "Fjord Post", "state": "draft", "people": ["Ann Berg"], "lang": "eng"
            }),
        );
    }
    server.server.lines("/_bulk?refresh=true", lines.as_bytes(), &cancel).expect("filled");
}

#[test]
fn an_index_that_another_program_made_is_read_and_left_alone() {
    for server in servers() {
        let archive = Archive::new(&server);
        let name = format!("{}-other", archive.0.name());
        foreign_index(&archive.0, &name);
        let cancel = Cancel::new();
        let folder = tempfile::tempdir().expect("a folder");
        let open = || {
            let fetcher = Fetcher::new(Limits::default());
            super::open(
                &format!("{server}/{name}"),
                &fetcher,
                None,
                &folder.path().join("archives.db"),
                reading(),
            )
            .expect("an index")
        };
        let other = open();
        let guessed = other.guessed_form().expect("a guess").join("\n");
        for line in [
            "title = [\"headline\"]",
            "date = [\"publishedAt\"]",
            "only = [\"state=live\"]",
            "source = [\"outlet\"]",
        ] {
            assert!(guessed.contains(line), "{guessed}");
        }
        let titles = |text: &str| {
            let page = other.page(&query(text), Window::First { limit: 99 }, &cancel).expect("a page");
            assert_eq!(page.total, Count::Exactly(page.rows.len() as u64), "{text}");
            page.rows.into_iter().map(|row| row.title.replace(" & wind", "")).collect::<Vec<_>>()
        };
        // Of one second, the one that came last comes first.
        assert_eq!(titles(""), ["Hail", "Snow", "Rain", "Fog", "Sun"]);
        assert_eq!(titles("date:2024-03-04"), ["Fog"]);
        assert_eq!(titles("before:2030"), ["Hail", "Snow", "Rain", "Fog"]);
        assert_eq!(titles("person:berg"), ["Snow", "Rain"]);
        assert_eq!(titles("-person:berg -sun"), ["Hail", "Fog"]);
        assert_eq!(titles("source:rift"), ["Snow", "Fog"]);
        assert_eq!(titles("title:wind \"harbour master\" lang:en fog"), ["Fog"]);
        assert_eq!(titles("body:expect* title:ha*"), ["Hail"]);
        assert_eq!(titles("country:NO"), [""; 0]);
        for sort in [Sort::Date, Sort::Oldest, Sort::Relevance] {
            let query = Query { sort, ..query("rain OR wind") };
            let page = |window| other.page(&query, window, &cancel).expect("a page");
            let all = page(Window::First { limit: 99 });
            let keys = |page: &Page| page.rows.iter().map(|row| row.key).collect::<Vec<Key>>();
            let expected = keys(&all);
            assert_eq!(expected.len(), 5);
            for (place, key) in expected.iter().enumerate() {
                let after = page(Window::After { key: *key, limit: 2 });
                assert_eq!(keys(&after), expected[place + 1..expected.len().min(place + 3)], "{sort:?}");
                assert_eq!(after.offset, place as u64 + 1, "{sort:?}");
                let before = page(Window::Before { key: *key, limit: 2 });
                assert_eq!(keys(&before), expected[place.saturating_sub(2)..place], "{sort:?}");
                let around = page(Window::Around { key: *key, before: 1, after: 1 });
                assert_eq!(
                    keys(&around),
                    expected[place.saturating_sub(1)..expected.len().min(place + 2)],
                    "{sort:?}"
                );
                let row = page(Window::Row { row: place as u64, before: 0, after: 1 });
                assert_eq!(keys(&row), expected[place..expected.len().min(place + 2)], "{sort:?}");
            }
            assert_eq!(keys(&page(Window::Last { limit: 2 })), expected[3..]);
        }
        let facets = other.facets(&query(""), &cancel).expect("facets");
        let people: Vec<(&str, u64)> =
            facets.people.iter().map(|facet| (facet.name.as_str(), facet.count)).collect();
        assert_eq!(people.iter().map(|(_, count)| count).sum::<u64>(), 4, "{people:?}");
        assert_eq!(people.len(), 2, "{people:?}");
        assert_eq!((facets.total, facets.sources.len(), facets.sampled.names), (5, 2, Some(100)));
        // Corrections apply to the spellings that the index has, and to articles that are analysed here.
        let people = || -> Vec<(String, u64)> {
            let found = other.facets(&query(""), &cancel).expect("facets").people;
            found.into_iter().map(|facet| (facet.name, facet.count)).collect()
        };
        other.keep_names_text("\"Ann Berg\" = { same = \"Lev Sund\" }").expect("kept");
        assert_eq!(people(), [("Lev Sund".to_owned(), 4)]);
        for asked in ["person:\"Lev Sund\"", "person:\"Ann Berg\"", "person:berg"] {
            assert_eq!(titles(asked), ["Hail", "Snow", "Rain", "Fog"], "{asked}");
        }
        other.keep_names_text("\"Lev Sund\" = { is = \"nothing\" }").expect("kept");
        assert_eq!((people().len(), titles("person:sund")), (1, Vec::new()));
        other.keep_names_text("").expect("kept");
        assert_eq!(titles("person:sund"), ["Hail", "Fog"]);
        let id =
            other.page(&query("fog"), Window::First { limit: 1 }, &cancel).expect("a page").rows[0].key.id;
        let item = other.board_item(id, None).expect("an answer").expect("an article");
        other.change_board(None, &BoardChange::put("Weather", vec![item])).expect("changed");
        assert_eq!(open().boards().expect("boards"), [("Weather".to_owned(), 1)]);
        other.mark(&Target::These(vec![id]), Marking::Star).expect("marked");
        other.mark(&Target::These(vec![id]), Marking::Hide).expect("hidden");
        assert_eq!(titles("is:starred"), [""; 0]);
        assert_eq!(titles("is:starred is:hidden"), ["Fog"]);
        // Another reader, later, knows the article by its number.
        let again = open();
        let stored = again.load(id).expect("loaded").expect("an article");
        assert_eq!((stored.article.title.as_str(), stored.starred), ("Fog & wind", true));
        assert!(stored.article.body.starts_with("The town of Bergen had Fog"), "{}", stored.article.body);
        assert!(again.add(vec![(stored.article, stored.analysis)]).is_err());
        let count = archive.0.server.ask("GET", &format!("/{name}/_count"), None, &cancel).expect("a count");
        assert_eq!(count["count"], 7);
        let copied = Archive::new(&server);
        let mut take = |articles: Vec<Article>| {
            let batch = articles.into_iter().map(|article| (article, Analysis::default())).collect();
            copied.0.add(batch).map(|_| ())
        };
        other.each(&query(""), &mut take, &cancel).expect("copied");
        copied.0.settle().expect("settled");
        assert_eq!(copied.0.tally(&plain(""), &cancel).expect("a tally").articles, 4);
        archive.0.server.ask("DELETE", &format!("/{name}"), None, &cancel).expect("deleted");
    }
}

#[test]
fn what_is_out_of_sight_is_in_no_result_of_an_archive() {
    for server in servers() {
        let archive = Archive::new(&server);
        let library = &archive.0;
        let articles = distinct(vec![
            article(0, "Wire", "Gas", "gas"),
            article(1, "Wire", "Grain", "grain"),
            article(2, "Post", "Ferry", "ferry"),
        ]);
        library.add(articles.clone()).expect("added");
        library.settle().expect("settled");
        let titles = |text: &str| {
            let page =
                library.page(&plain(text), Window::First { limit: 9 }, &Cancel::new()).expect("a page");
            page.rows.into_iter().map(|row| row.title).collect::<Vec<_>>()
        };
        let id = |place: i64| of(&articles, ArticleId(place));
        library.mark(&Target::These(vec![id(1)]), Marking::Hide).expect("hidden");
        library.mark(&Target::These(vec![id(3)]), Marking::Delete).expect("deleted");
        assert_eq!(titles(""), ["Grain"]);
        assert_eq!(titles("is:hidden"), ["Gas"]);
        assert_eq!(titles("is:deleted"), ["Ferry"]);
        assert_eq!(library.facets(&plain(""), &Cancel::new()).expect("facets").articles, 1);
        assert_eq!(
            library.matching(&plain("gas OR grain"), &[id(1), id(3), id(2)]).expect("asked"),
            [id(1), id(2)]
        );
        library.undo().expect("undone");
        assert_eq!(titles(""), ["Ferry", "Grain"]);
    }
}
