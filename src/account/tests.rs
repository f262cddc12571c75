//! Libraries and a server that exchange their marks, in each language, over lines that break.
//!
//! The server is the stand-in, which shows what it was asked. With `DATELINE_MINIFLUX` set to the address of a real
//! Miniflux whose administrator is `ann` with the password `secret12`, for both interfaces, the same exchange of random
//! changes is also held with it (see `.ci/accounts/run`).
//!
//! The file has over 600 lines because all tests share the readers and the world that are made here.

use super::calls::{Calls, number};
use super::round::{keep_memo, memo};
use super::stand_in::{Cutter, Expected, Random, StandIn};
use super::{Summary, SyncError, pending, remove, subscribe_all, sync};
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::capacity::Capacity;
use crate::config::Config;
use crate::config::accounts::AccountSetting;
use crate::fetch::{Credentials, Fetcher, Limits};
use crate::intake::{Depth, InForce};
use crate::library::ledger::Marks;
use crate::library::{Cancel, Library, Marking, Target, check};
use crate::query::{Grouping, Query};
use crate::wire::manners::Manners;
use crate::wire::rules::Rules;
use crate::wire::{Wanted, Wire};
use chrono::Utc;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The login of the stand-in, in each language.
const LANGUAGES: [&str; 3] = [
    "type = \"google-reader\"\nlogin-command = [\"echo\", \"ann:secret:1\"]",
    "type = \"miniflux\"\ntoken-command = [\"echo\", \"T0k\"]",
    "type = \"fever\"\nlogin-command = [\"echo\", \"ann:secret:1\"]",
];

/// A library with an account.
struct Reader {
    folder: tempfile::TempDir,
    wire: Wire,
    setting: AccountSetting,
}

impl Reader {
    fn new(address: &str, language: &str) -> Reader {
        Reader::with(address, language, "")
    }

    fn with(address: &str, language: &str, more: &str) -> Reader {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("[[account]]\nname = \"home\"\nurl = \"{address}\"\n{language}\n{more}");
        let (config, faults) = Config::read(&text);
        assert_eq!(faults, []);
        let limits = Limits { whole: Duration::from_secs(20), ..Limits::default() };
        let wire = Wire {
            library: Library::open(&folder.path().join("library.db")).expect("a library"),
            capacity: Capacity::Full,
            fetcher: Fetcher::new(limits),
            limits,
            depth: Depth::Analysis(InForce::default()),
            settings: Arc::new(config.sources.clone()),
            interval: Duration::from_secs(1800),
            manners: Manners { pause: Duration::ZERO, ..Manners::default() },
            max_items: 1000,
            keep: config.values.keep,
            rules: Rules::of(&config),
            clock: Arc::new(Utc::now),
        };
        Reader { folder, wire, setting: config.accounts[0].clone() }
    }

    fn sync(&self) -> Result<Summary, SyncError> {
        sync(&self.wire, &self.setting, &Arc::default(), &mut |_| {})
    }

    fn synced(&self) -> Summary {
        self.sync().expect("a sync")
    }

    fn ids(&self) -> Vec<ArticleId> {
        let query = Query { grouping: Grouping::Off, ..Query::everything() };
        self.wire.library.ids(&query, &Cancel::new()).expect("articles")
    }

    /// The article of each item, by the end of its guid.
    fn articles(&self) -> BTreeMap<String, ArticleId> {
        let load = |id: ArticleId| self.wire.library.load(id).expect("loaded").expect("an article");
        let item = |id: ArticleId| Some((load(id).article.guid?.rsplit('/').next()?.to_owned(), id));
        self.ids().into_iter().filter_map(item).collect()
    }

    fn marks(&self) -> BTreeMap<String, Marks> {
        let marks = |id: ArticleId| {
            let stored = self.wire.library.load(id).expect("loaded").expect("an article");
            let folders: BTreeSet<String> = self
                .wire
                .library
                .sources()
                .expect("sources")
                .into_iter()
                .flat_map(|source| source.wishes.tags)
                .collect();
            let labels = stored.tags.iter().filter(|tag| !folders.contains(*tag)).cloned().collect();
            Marks { read: stored.read, starred: stored.starred, labels }
        };
        self.articles().into_iter().map(|(item, id)| (item, marks(id))).collect()
    }

    fn mark(&self, id: ArticleId, marking: Marking) {
        self.wire.library.mark(&Target::These(vec![id]), marking).expect("marked");
    }
}

fn item(id: i64) -> String {
    format!("{id:016x}")
}

/// A server with two sources and some entries.
fn server() -> StandIn {
    let server = StandIn::start();
    server.with(|state| {
        state.subscribe("https://paper1.example/feed.xml", "Quay News", "World");
        state.subscribe("https://paper2.example/feed.xml", "Grain Post", "Trade");
        for at in 0..10 {
            state.publish(at % 2 + 1, &format!("Quay case {at}"), 3_600 * (10 - at));
        }
    });
    server
}

#[test]
fn sources_folders_articles_and_marks_come_and_go() {
    for language in LANGUAGES {
        let server = server();
        server.with(|state| state.mark(1_000, "read", true));
        let reader = Reader::new(&server.address, language);
        let summary = reader.synced();
        assert_eq!(
            (summary.new, summary.sent, summary.left, summary.moved.added_here),
            (10, 0, 0, 2),
            "{language}"
        );
        let sources = reader.wire.library.sources().expect("sources");
        let told: Vec<_> =
            sources.iter().map(|source| (source.name.as_str(), source.wishes.tags.join(" "))).collect();
        assert_eq!(told, [("Grain Post", "Trade".to_owned()), ("Quay News", "World".to_owned())]);
        let articles = reader.articles();
        let stored = reader.wire.library.load(articles[&item(1_000)]).expect("loaded").expect("an article");
        assert!(stored.read && !stored.starred, "{language}");
        assert_eq!(stored.tags, ["World"]);
        assert_eq!(stored.article.url.as_deref(), Some("https://paper1.example/1000"));
        assert!(
            stored.analysis.entities.iter().any(|entity| entity.name == "Kari Holm"),
            "{:?}",
            stored.analysis.entities
        );
        assert!(!stored.article.body.contains('<'), "{}", stored.article.body);
        // Marks of both sides cross.
        reader.mark(articles[&item(1_007)], Marking::Star);
        reader.mark(articles[&item(1_014)], Marking::Read);
        reader.mark(articles[&item(1_000)], Marking::Unread);
        server.with(|state| state.mark(1_021, "starred", true));
        assert_eq!(pending(&reader.wire.library, "home").expect("counted"), 3);
        let summary = reader.synced();
        assert_eq!(
            (summary.new, summary.changed_here, summary.sent, summary.left),
            (0, 1, 3, 0),
            "{language}"
        );
        server.with(|state| {
            let of = |id: i64| {
                state.entries.iter().find(|entry| entry.id == id).map(|entry| (entry.read, entry.starred))
            };
            assert_eq!(
                [1_000, 1_007, 1_014, 1_021].map(|id| of(id).expect("an entry")),
                [(false, false), (false, true), (true, false), (false, true)]
            );
        });
        assert!(reader.marks()[&item(1_021)].starred);
        assert_eq!(pending(&reader.wire.library, "home").expect("counted"), 0);
        // Nothing is left to do, and that is learnt with few questions.
        let before = server.with(|state| state.asked.len());
        let summary = reader.synced();
        let asked = server.with(|state| state.asked[before..].to_vec());
        assert_eq!((summary.new, summary.changed_here, summary.sent), (0, 0, 0));
        assert!(asked.len() <= 7, "{asked:?}");
        assert!(!asked.iter().any(|asked| asked.contains("contents") || asked.contains("edit")), "{asked:?}");
        // The sources are not fetched from their own addresses as well.
        let round = reader.wire.fetch(&Wanted::Every, &Default::default(), &mut |_| {}).expect("a round");
        assert_eq!((round.by_account, round.progress.done), (2, 0));
        assert_eq!(check(&reader.folder.path().join("library.db")).expect("checked").faults, []);
    }
}

#[test]
fn what_comes_late_with_an_older_date_is_found_in_lists_of_many_pages() {
    let all = [(LANGUAGES[0], true), (LANGUAGES[0], false), (LANGUAGES[1], true), (LANGUAGES[2], true)];
    for (language, by_id) in all {
        let server = server();
        server.with(|state| (state.page, state.by_id) = (3, by_id));
        let reader = Reader::new(&server.address, language);
        assert_eq!(reader.synced().new, 10, "{language} {by_id}");
        let late = server.with(|state| state.publish(1, "Quay case of long ago", 40 * 86_400));
        assert_eq!(reader.synced().new, 1, "{language} {by_id}");
        assert!(reader.articles().contains_key(&item(late)));
        assert_eq!(reader.synced().new, 0);
    }
}

#[test]
fn an_answer_proves_nothing_and_what_was_not_done_is_sent_again() {
    for language in LANGUAGES {
        let server = server();
        let reader = Reader::new(&server.address, language);
        reader.synced();
        let articles = reader.articles();
        reader.mark(articles[&item(1_000)], Marking::Read);
        reader.mark(articles[&item(1_007)], Marking::Star);
        server.with(|state| state.idle = true);
        let summary = reader.synced();
        assert_eq!((summary.sent, summary.left), (0, 2), "{language}");
        assert!(reader.marks()[&item(1_007)].starred);
        server.with(|state| state.idle = false);
        let summary = reader.synced();
        assert_eq!((summary.sent, summary.left), (2, 0), "{language}");
        // An undone change is none.
        reader.mark(articles[&item(1_014)], Marking::Read);
        reader.wire.library.undo().expect("undone");
        assert_eq!(reader.synced().sent, 0);
        assert_eq!(server.with(|state| state.changes.values().max().copied()), Some(1));
    }
}

#[test]
fn labels_go_both_ways_where_a_server_has_them() {
    let server = server();
    let reader = Reader::new(&server.address, LANGUAGES[0]);
    server.with(|state| {
        state.entries[0].labels.insert("desk".to_owned());
    });
    reader.synced();
    let articles = reader.articles();
    assert!(reader.marks()[&item(1_000)].labels.contains("desk"));
    reader.mark(articles[&item(1_007)], Marking::Tag("later".to_owned()));
    reader.mark(articles[&item(1_000)], Marking::Untag("desk".to_owned()));
    assert_eq!(reader.synced().sent, 2);
    server.with(|state| {
        assert!(state.entries[0].labels.is_empty());
        assert!(state.entries[1].labels.contains("later"));
        state.takes_labels = false;
    });
    reader.mark(articles[&item(1_014)], Marking::Tag("later".to_owned()));
    // A server that refuses labels is not asked again, and the tag stays here.
    reader.synced();
    let before = server.with(|state| state.asked.len());
    reader.synced();
    assert!(!server.with(|state| state.asked[before..].iter().any(|asked| asked.contains("edit-tag"))));
    assert!(reader.marks()[&item(1_014)].labels.contains("later"));
}

#[test]
fn what_vanished_from_the_server_is_neither_read_nor_lost() {
    let server = server();
    let reader = Reader::new(&server.address, LANGUAGES[0]);
    reader.synced();
    server.with(|state| state.entries.retain(|entry| entry.id != 1_000));
    let summary = reader.synced();
    assert_eq!((summary.changed_here, summary.sent), (0, 0));
    assert!(!reader.marks()[&item(1_000)].read);
    // An empty list of sources is not believed.
    let feeds = server.with(|state| std::mem::take(&mut state.feeds));
    let summary = reader.synced();
    assert_eq!((summary.moved.removed_here, summary.moved.notes.len()), (0, 1));
    assert_eq!(reader.wire.library.sources().expect("sources").len(), 2);
    server.with(|state| state.feeds = feeds);
    assert_eq!(reader.synced().moved.notes.len(), 0);
}

#[test]
fn sources_are_added_and_removed_on_both_sides() {
    for language in &LANGUAGES[..2] {
        let server = server();
        let reader = Reader::new(&server.address, language);
        let library = &reader.wire.library;
        let add = |address: &str, name: &str| {
            library.add_source(address, name, None, &Default::default()).expect("added")
        };
        // What was followed before is not given away.
        add("https://own.example/feed.xml", "Own");
        reader.synced();
        assert_eq!(server.with(|state| state.feeds.len()), 2, "{language}");
        add("https://new.example/feed.xml", "New");
        add("https://refused.example/feed.xml", "Refused");
        let summary = reader.synced();
        assert_eq!((summary.moved.added_there, summary.moved.notes.len()), (1, 1), "{language} {summary:?}");
        assert_eq!(
            server.with(|state| state.feeds.iter().filter(|feed| feed.url.contains("new.example")).count()),
            1
        );
        assert_eq!(reader.synced().moved.notes.len(), 0);
        // Removed here, and undone before anything was sent.
        let edited = reader.wire.remove("Quay News").expect("removed");
        reader.wire.set_back(edited.after.as_ref(), edited.before.as_ref()).expect("undone");
        assert_eq!(reader.synced().moved.removed_there, 0);
        assert_eq!(server.with(|state| state.feeds.len()), 3);
        let before = reader.ids().len();
        reader.wire.remove("Quay News").expect("removed");
        assert_eq!(reader.synced().moved.removed_there, 1, "{language}");
        assert_eq!(server.with(|state| state.feeds.len()), 2);
        // Removed there.
        server.with(|state| state.feeds.retain(|feed| feed.title != "Grain Post"));
        assert_eq!(reader.synced().moved.removed_here, 1, "{language}");
        assert_eq!(reader.ids().len(), before, "articles stay");
        let names: Vec<String> =
            library.sources().expect("sources").into_iter().map(|source| source.name).collect();
        assert_eq!(names.len(), 3, "{names:?}");
    }
}

#[test]
fn a_language_without_words_for_sources_says_so_and_does_the_rest() {
    let server = server();
    let reader = Reader::new(&server.address, LANGUAGES[2]);
    reader.synced();
    let library = &reader.wire.library;
    library.add_source("https://new.example/feed.xml", "New", None, &Default::default()).expect("added");
    reader.wire.remove("Quay News").expect("removed");
    server.with(|state| _ = state.publish(2, "Quay case of today", 60));
    let summary = reader.synced();
    let told = summary.moved.notes.join("\n");
    assert!(told.contains("Quay News is still on the server: Fever's interface can neither"), "{told}");
    assert!(told.contains("New stays here only: Fever's interface can neither"), "{told}");
    assert_eq!((summary.new, server.with(|state| state.feeds.len())), (1, 2));
    let mut open = super::open(&reader.setting, &reader.wire, &Arc::default()).expect("a server");
    let refused = subscribe_all(open.as_mut(), &[], &mut |_| {}).expect_err("it cannot");
    assert!(refused.to_string().contains("do it on the server"), "{refused}");
}

#[test]
fn what_is_more_than_is_kept_is_left_on_the_server_for_good() {
    for language in LANGUAGES {
        let server = server();
        server.with(|state| {
            for at in 0..600 {
                state.publish(at % 2 + 1, &format!("Grain case {at}"), 60 * (600 - at));
            }
        });
        let old = server.with(|state| {
            let id = state.entries[3].id;
            state.mark(id, "starred", true);
            id
        });
        let reader = Reader::with(&server.address, language, "keep = \"150\"\n");
        let first = reader.synced().new;
        assert!((250..=501).contains(&first), "{language}: {first}");
        assert!(reader.articles().contains_key(&item(old)), "{language}: what is starred is taken over");
        // Neither what is unread there nor what is marked there comes later.
        let ids = server.with(|state| {
            let ids: Vec<i64> = state.entries[..100].iter().map(|entry| entry.id).collect();
            ids[..50].iter().for_each(|id| state.mark(*id, "read", true));
            state.mark(ids[60], "starred", true);
            state.publish(1, "Quay case of long ago", 86_400);
            ids
        });
        assert_eq!(reader.synced().new, 2, "{language}: a new article, and what was starred");
        assert!(reader.articles().contains_key(&item(ids[60])), "{language}");
        let before = server.with(|state| state.answered);
        assert_eq!(reader.synced().new, 0, "{language}");
        let bytes = server.with(|state| state.answered) - before;
        assert!(bytes < 40_000, "{language}: {bytes}");
    }
}

#[test]
fn an_account_that_is_asked_in_another_language_is_the_same_account() {
    let server = server();
    let mut reader = Reader::new(&server.address, LANGUAGES[0]);
    reader.synced();
    let id = reader.articles()[&item(1_000)];
    reader.mark(id, Marking::Star);
    reader.synced();
    let sources = |reader: &Reader| -> Vec<_> {
        let all = reader.wire.library.sources().expect("sources");
        all.into_iter().map(|source| (source.id, source.address, source.wishes.tags)).collect()
    };
    let before = sources(&reader);
    for language in [LANGUAGES[1], LANGUAGES[2], LANGUAGES[0]] {
        reader.setting = Reader::new(&server.address, language).setting;
        reader.mark(id, Marking::Unstar);
        let summary = reader.synced();
        assert_eq!((summary.new, summary.changed_here, summary.sent), (0, 0, 1), "{language}");
        assert_eq!((summary.moved.added_here, summary.moved.removed_here), (0, 0), "{language}");
        assert_eq!(sources(&reader), before, "{language}");
        assert_eq!(server.with(|state| (state.feeds.len(), state.entries[0].starred)), (2, false));
        reader.mark(id, Marking::Star);
        assert_eq!(reader.synced().sent, 1, "{language}");
    }
}

#[test]
fn a_server_that_wants_to_know_the_program_is_told_its_number_and_key() {
    let server = server();
    server.with(|state| state.wants_app = true);
    let app = "app-id-command = [\"echo\", \"1000017\"]\napp-key-command = [\"echo\", \"k3y\"]\n";
    let reader = Reader::with(&server.address, LANGUAGES[0], app);
    assert_eq!(reader.synced().new, 10);
    let id = reader.articles()[&item(1_000)];
    reader.mark(id, Marking::Read);
    assert_eq!(reader.synced().sent, 1);
    let error = Reader::new(&server.address, LANGUAGES[0]).sync().expect_err("refused").to_string();
    assert!(error.contains("403"), "{error}");
}

/// Miniflux tells what has changed since a second, with the texts: what was changed in one go is not read again.
#[test]
fn after_a_bulk_change_what_is_known_is_not_read_again() {
    let server = server();
    server.with(|state| {
        for at in 0..290 {
            state.publish(1, &format!("Grain case {at}"), 60 * (300 - at));
        }
    });
    let reader = Reader::new(&server.address, LANGUAGES[1]);
    reader.synced();
    let later = || {
        let library = &reader.wire.library;
        let mut memo = memo(library, "home").expect("kept");
        let seen: i64 = memo["window-seen"].parse().expect("a time");
        memo.insert("window-seen".to_owned(), (seen - 61).to_string());
        keep_memo(library, "home", &memo).expect("kept");
        server.with(|state| state.wait(5));
    };
    let bulk = |marking| {
        reader.wire.library.mark(&Target::These(reader.ids()), marking).expect("marked");
        assert_eq!(reader.synced().left, 0);
    };
    // How many marks came, and how many bytes that took.
    let synced = || {
        let before = server.with(|state| state.answered);
        let summary = reader.synced();
        (summary.changed_here, server.with(|state| state.answered) - before)
    };
    bulk(Marking::Read);
    // A mark of an entry that was among them.
    later();
    server.with(|state| state.mark(1_000, "starred", true));
    let (changed, bytes) = synced();
    assert!(changed == 1 && bytes < 5_000, "{changed} {bytes}");
    // The same where nothing came in between.
    bulk(Marking::Unread);
    later();
    let (changed, bytes) = synced();
    assert!(changed == 0 && bytes < 3_000, "{changed} {bytes}");
    server.with(|state| state.mark(1_007, "read", true));
    let (changed, bytes) = synced();
    assert!(changed == 1 && bytes < 5_000, "{changed} {bytes}");
    // A change that was made at the time of the others and came to light after them is found.
    bulk(Marking::Read);
    later();
    server.with(|state| {
        state.mark(1_014, "starred", true);
        let bulk = state.entries.iter().filter(|entry| entry.id != 1_014);
        let last = bulk.map(|entry| entry.changed).max().expect("an entry");
        state.entries[3].read = false;
        state.entries[3].changed = last + 100_000;
    });
    assert_eq!(synced().0, 2);
    assert!(!reader.marks()[&item(1_021)].read);
    assert_eq!(synced().0, 0);
}

#[test]
fn leaving_an_account_keeps_articles_and_marks() {
    let server = server();
    let reader = Reader::new(&server.address, LANGUAGES[1]);
    reader.synced();
    let articles = reader.articles();
    reader.mark(articles[&item(1_000)], Marking::Star);
    let marks = reader.marks();
    assert_eq!(remove(&reader.wire.library, "home", true).expect("left"), 2);
    assert_eq!(reader.marks(), marks);
    assert_eq!(
        reader.wire.roster().expect("sources").iter().filter(|listed| listed.account.is_none()).count(),
        2
    );
    // Coming back, nothing comes twice.
    let summary = reader.synced();
    assert_eq!((summary.new, summary.sent), (0, 1));
    assert_eq!(remove(&reader.wire.library, "home", false).expect("left"), 2);
    assert_eq!((reader.ids().len(), reader.wire.roster().expect("sources").len()), (10, 0));
}

#[test]
fn what_was_fetched_before_is_the_same_article() {
    let server = server();
    let reader = Reader::new(&server.address, LANGUAGES[0]);
    let library = &reader.wire.library;
    library
        .add_source("https://paper1.example/feed.xml", "My Quay", None, &Default::default())
        .expect("added");
    let own = Article {
        title: "Quay case 0".to_owned(),
        body: "OSLO - The quay.".to_owned(),
        source: "My Quay".to_owned(),
        url: Some("https://paper1.example/1000".to_owned()),
        guid: Some("own-guid".to_owned()),
        path: None,
        author: None,
        published: None,
        language: None,
    };
    library.add(vec![(own, Analysis::default())]).expect("added");
    let id = reader.ids()[0];
    reader.mark(id, Marking::Read);
    let summary = reader.synced();
    assert_eq!((summary.new, summary.sent), (9, 1), "the marks of both sides are united");
    assert!(server.with(|state| state.entries[0].read));
    assert_eq!(
        library.load(id).expect("loaded").map(|stored| stored.article.source).as_deref(),
        Some("My Quay")
    );
}

#[test]
fn a_wrong_login_and_a_server_of_another_kind_are_told_in_words() {
    let server = server();
    for (language, told) in [
        ("type = \"google-reader\"\nlogin-command = [\"echo\", \"ann:wrong\"]", "does not accept the login"),
        ("type = \"miniflux\"\ntoken-command = [\"echo\", \"wrong\"]", "does not accept the login"),
        ("type = \"fever\"\nlogin-command = [\"echo\", \"ann:wrong\"]", "does not accept the login"),
        (
            "type = \"google-reader\"\nlogin-command = [\"echo\", \"ann\"]",
            "does not have the form user:password",
        ),
    ] {
        let error = Reader::new(&server.address, language).sync().expect_err("refused").to_string();
        assert!(error.contains(told), "{error}");
        assert!(!error.contains("wrong"), "{error}");
    }
    let nowhere =
        Reader::new("http://127.0.0.1:1", LANGUAGES[1]).sync().expect_err("nobody is there").to_string();
    assert!(nowhere.contains("could not connect"), "{nowhere}");
}

/// A server in which the test can look and change marks, as a person does in a browser.
enum World {
    StandIn(StandIn),
    Miniflux(Box<Mutex<Real>>),
}

/// A real Miniflux, with a site whose feed it reads.
struct Real {
    calls: Calls,
    feed: i64,
    site: Arc<Mutex<Vec<(String, i64)>>>,
}

impl World {
    fn entries(&self) -> BTreeMap<String, Marks> {
        match self {
            World::StandIn(server) => server.with(|state| {
                let marks = |entry: &super::stand_in::Entry| Marks {
                    read: entry.read,
                    starred: entry.starred,
                    labels: BTreeSet::new(),
                };
                state.entries.iter().map(|entry| (item(entry.id), marks(entry))).collect()
            }),
            World::Miniflux(real) => {
                let mut real = real.lock().unwrap_or_else(PoisonError::into_inner);
                let path = format!("/v1/feeds/{}/entries?limit=1000", real.feed);
                let answer = real.calls.get(&path, &[]).expect("entries");
                let marks = |entry: &Value| {
                    let (read, starred) = (entry["status"] == "read", entry["starred"] == true);
                    (
                        item(number(entry, "id").expect("a number")),
                        Marks { read, starred, labels: BTreeSet::new() },
                    )
                };
                answer["entries"].as_array().into_iter().flatten().map(marks).collect()
            }
        }
    }

    fn mark(&self, item: &str, mark: &'static str, on: bool) {
        let id = i64::from_str_radix(item, 16).expect("a number");
        match self {
            World::StandIn(server) => server.with(|state| state.mark(id, mark, on)),
            World::Miniflux(real) => {
                let is = self.entries()[item].clone();
                let mut real = real.lock().unwrap_or_else(PoisonError::into_inner);
                if mark == "read" {
                    let status = if on { "read" } else { "unread" };
                    real.calls
                        .send("PUT", "/v1/entries", &json!({ "entry_ids": [id], "status": status }))
                        .expect("marked");
                } else if is.starred != on {
                    real.calls.ask("PUT", &format!("/v1/entries/{id}/bookmark"), &[], "").expect("marked");
                }
            }
        }
    }

    /// Publishes an article that is so many seconds old.
    fn publish(&self, title: &str, ago: i64) {
        match self {
            World::StandIn(server) => _ = server.with(|state| state.publish(1, title, ago)),
            World::Miniflux(real) => {
                let mut real = real.lock().unwrap_or_else(PoisonError::into_inner);
                real.site.lock().unwrap_or_else(PoisonError::into_inner).push((title.to_owned(), ago));
                let path = format!("/v1/feeds/{}/refresh", real.feed);
                real.calls.ask("PUT", &path, &[], "").expect("refreshed");
            }
        }
    }
}

/// Two readers and a server, with random changes on all three sides while the lines break. In the end all three agree,
/// what one side alone changed is as it changed it, and no mark of the stand-in changed more often than somebody changed it.
fn random_changes(world: &World, address: &str, language: &str, seed: u64, rounds: usize) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let cutter = Cutter::start(address, seed);
    let readers = [Reader::new(&cutter.address, language), Reader::new(&cutter.address, language)];
    readers.iter().for_each(|reader| _ = reader.synced());
    for round in 0..rounds {
        let before = world.entries();
        if let World::StandIn(server) = world {
            server.with(|state| state.changes.clear());
        }
        let items: Vec<String> = before.keys().cloned().collect();
        let known = readers.each_ref().map(Reader::articles);
        // Of each mark, what each side made of it last, and how often somebody changed it.
        let mut last: [Expected; 3] = Default::default();
        let mut edits: BTreeMap<(String, &'static str), u32> = BTreeMap::new();
        cutter.cut(20);
        for _ in 0..30 {
            let item = &items[random.below(items.len() as u64) as usize];
            let (mark, on) = (["read", "starred"][random.below(2) as usize], random.chance(50));
            let side = random.below(3) as usize;
            let is = |marks: &Marks| if mark == "read" { marks.read } else { marks.starred };
            match readers.get(side) {
                Some(reader) => {
                    let Some(id) = known[side].get(item) else { continue };
                    if is(&reader.marks()[item]) == on {
                        continue;
                    }
                    reader.mark(
                        *id,
                        match (mark, on) {
                            ("read", true) => Marking::Read,
                            ("read", false) => Marking::Unread,
                            (_, true) => Marking::Star,
                            (_, false) => Marking::Unstar,
                        },
                    );
                }
                None => {
                    if is(&world.entries()[item]) == on {
                        continue;
                    }
                    world.mark(item, mark, on);
                }
            }
            last[side].entry((item.clone(), mark)).or_default().push(on);
            *edits.entry((item.clone(), mark)).or_default() += 1;
            if random.chance(20) {
                // A sync that is cut off is no loss.
                _ = readers[random.below(2) as usize].sync();
            }
        }
        world.publish(&format!("Quay case of round {round}, seed {seed}"), random.below(90) as i64 * 86_400);
        cutter.cut(0);
        for reader in [0, 1, 0, 1, 0] {
            let synced = readers[reader].sync();
            assert!(synced.is_ok(), "reader {reader}, {language}, seed {seed}, round {round}: {synced:?}");
        }
        let there = world.entries();
        for (at, reader) in readers.iter().enumerate() {
            assert_eq!(reader.marks(), there, "reader {at}, {language}, seed {seed}, round {round}");
            assert_eq!(pending(&reader.wire.library, "home").expect("counted"), 0);
        }
        for mark in edits.keys() {
            let ends: Vec<bool> = last.iter().filter_map(|side| side.get(mark)?.last().copied()).collect();
            let is = if mark.1 == "read" { there[&mark.0].read } else { there[&mark.0].starred };
            if ends.windows(2).all(|pair| pair[0] == pair[1])
                && last.iter().filter(|side| side.contains_key(mark)).count() == 1
            {
                assert_eq!(
                    Some(&is),
                    ends.first(),
                    "{mark:?}, {language}, seed {seed}, round {round}: {last:?}"
                );
            }
        }
        if let World::StandIn(server) = world {
            let changes = server.with(|state| state.changes.clone());
            for ((id, mark), times) in changes {
                let edited = edits.get(&(item(id), mark)).copied().unwrap_or(0);
                // A change whose answer was lost and that somebody else took back before the next reading looks like one that
                // never arrived: it is sent once more.
                assert!(
                    times <= edited + 1,
                    "{id} {mark} changed {times} times there, {edited} times by somebody; seed {seed}"
                );
            }
        }
    }
    for reader in &readers {
        assert_eq!(check(&reader.folder.path().join("library.db")).expect("checked").faults, []);
    }
}

#[test]
fn two_readers_and_a_server_agree_whatever_is_cut_off() {
    let asked: Option<u64> = std::env::var("DATELINE_SYNC_SEEDS").ok().and_then(|count| count.parse().ok());
    for seed in 1..=asked.unwrap_or(2) {
        for (at, language) in LANGUAGES.into_iter().enumerate() {
            let server = server();
            server.with(|state| {
                state.by_id = seed % 2 == 0;
                state.page = if at == 0 { 10_000 } else { 4 };
                state.switches = seed % 2 == 1;
            });
            let address = server.address.clone();
            random_changes(&World::StandIn(server), &address, language, seed, 2);
        }
    }
}

#[test]
fn two_readers_and_a_real_miniflux_agree_whatever_is_cut_off() {
    let Ok(address) = std::env::var("DATELINE_MINIFLUX") else { return };
    let mut calls =
        Calls::new(&Fetcher::new(Limits::default()), &address, &Arc::default()).expect("a server");
    let login = Credentials::Login { user: "ann".to_owned(), password: "secret12".to_owned() };
    calls.show(&address, Vec::new(), Some(login)).expect("a server");
    for (seed, language) in [
        "type = \"google-reader\"\nlogin-command = [\"echo\", \"ann:secret12\"]",
        "type = \"miniflux\"\nlogin-command = [\"echo\", \"ann:secret12\"]",
        "type = \"fever\"\nlogin-command = [\"echo\", \"ann:secret12\"]",
    ]
    .into_iter()
    .enumerate()
    {
        // One source at a time, so that the readers have only its articles.
        for feed in calls.get("/v1/feeds", &[]).expect("feeds").as_array().into_iter().flatten() {
            let id = number(feed, "id").expect("a number");
            calls.ask("DELETE", &format!("/v1/feeds/{id}"), &[], "").expect("removed");
        }
        let site: Arc<Mutex<Vec<(String, i64)>>> = Arc::default();
        let first = (0..12).map(|at| (format!("Quay case {at}"), at * 3_600));
        site.lock().unwrap_or_else(PoisonError::into_inner).extend(first);
        let url = publish(&site);
        let made =
            calls.send("POST", "/v1/feeds", &json!({ "feed_url": url, "category_id": 1 })).expect("a source");
        let feed = number(&made, "feed_id").expect("a number");
        let real = Real { calls, feed, site };
        let world = World::Miniflux(Box::new(Mutex::new(real)));
        random_changes(&world, &address, language, seed as u64 + 11, 3);
        let World::Miniflux(real) = world else { return };
        calls = real.into_inner().unwrap_or_else(PoisonError::into_inner).calls;
    }
}

/// A site with one feed, which lists what is in `site` at the time.
fn publish(site: &Arc<Mutex<Vec<(String, i64)>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let site = Arc::clone(site);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            _ = stream.read(&mut [0; 4096]);
            let items = site.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let entry = |(title, ago): &(String, i64)| {
                let date = (Utc::now() - chrono::TimeDelta::seconds(*ago)).to_rfc2822();
                format!(
                    "<item><title>{title}</title><guid>{title}</guid><link>https://quay.example/{}</link><pubDate>{date}</pubDate><description>OSLO - The quay.</description></item>",
                    title.replace(' ', "-")
                )
            };
            let items: String = items.iter().map(entry).collect();
            let feed = format!(
                "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Quay</title><link>https://quay.example/</link><description>x</description>{items}</channel></rss>"
            );
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                feed.len()
            );
            _ = stream.write_all(format!("{head}{feed}").as_bytes());
        }
    });
    format!("http://{address}/feed.xml")
}
