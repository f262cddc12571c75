//! When an article that comes is one that is there already.

use super::*;
use crate::formats::ReadingState;
use crate::library::Recognition;
use crate::query::Grouping;

/// An article of a feed, written as `source | guid | address | title`; `-` stands for nothing. The body follows from the
/// title, unless a fifth part gives it.
fn item(written: &str) -> (Article, Analysis) {
    let parts: Vec<&str> = written.split(" | ").collect();
    let part = |place: usize| parts.get(place).copied().filter(|part| *part != "-");
    let title = part(3).unwrap_or_default();
    let body = part(4).map_or_else(|| format!("All about {title}."), str::to_owned);
    let (mut article, analysis) = article(1, part(0).unwrap_or_default(), title, &body);
    article.guid = part(1).map(str::to_owned);
    article.url = part(2).map(str::to_owned);
    (article, analysis)
}

/// What is there, what comes, and whether that is the same article.
const RULES: [(&str, &str, bool); 36] = [
    // An agency's item is one, whatever its versions say.
    ("A | 1 #version=1 | https://a.test/1 | One", "A | 1 #version=2 | https://a.test/2 | Two", true),
    ("A | 1 #version=1 | - | One", "A | 1 #version=0 | - | Two", true),
    ("A | 1 #version=1 | https://a.test/1 | One", "A | 2 #version=1 | https://a.test/1 | One", false),
    ("A | 1 #version=1 | - | One", "B | 1 #version=1 | - | One", false),
    // A guid is an article's own, whatever else changes with it, as long as something else stays.
    ("A | 1 | https://a.test/1 | One", "A | 1 | https://a.test/1 | One", true),
    ("A | 1 | https://a.test/1 | One", "A | 1 | https://a.test/1 | One, corrected", true),
    ("A | 1 | https://a.test/1 | One", "A | 1 | https://a.test/moved | One", true),
    ("A | 1 | https://a.test/1 | One | Same words.", "A | 1 | https://a.test/2 | Two | Same words.", true),
    ("A | 1 | - | One", "A | 1 | - | One | Other words.", true),
    // A guid with another title, another address and another text is no identity.
    ("A | 1 | https://a.test/1 | One", "A | 1 | https://a.test/2 | Two", false),
    ("A | 1 | - | One", "A | 1 | - | Two", false),
    // Another guid is another article, whatever else is the same.
    ("A | 1 | https://a.test/ | One", "A | 2 | https://a.test/ | One", false),
    ("A | 1 | - | One", "A | 2 | - | One", false),
    // A guid that changes only in scheme, fragment or tracking parameters stays what it was.
    ("A | http://a.test/1 | - | One", "A | https://a.test/1 | - | One", true),
    (
        "A | https://a.test/1#0 | https://a.test/1 | One",
        "A | https://a.test/1#3 | https://a.test/1 | Now",
        true,
    ),
    ("A | https://a.test/1?utm_source=x | - | One", "A | https://a.test/1 | - | One", true),
    ("A | https://a.test/1?id=1 | - | One", "A | https://a.test/1?id=2 | - | One", false),
    (
        "A | https://a.test/log#1 | https://a.test/log#1 | One",
        "A | https://a.test/log#2 | https://a.test/log#2 | Two",
        false,
    ),
    // Without a guid it is the address within the source.
    ("A | - | https://a.test/1 | One", "A | - | https://a.test/1 | One, corrected", true),
    ("A | - | http://a.test/1 | One", "A | - | https://a.test/1?fbclid=x | One", true),
    ("A | - | https://a.test/1 | One", "A | - | https://a.test/2 | One", false),
    ("A | - | https://a.test/1#a | One", "A | - | https://a.test/1#b | Two", false),
    // An article belongs to its source.
    ("A | - | https://a.test/1 | One", "B | - | https://a.test/1 | Comments", false),
    ("A | 1 | https://a.test/1 | One", "B | 1 | https://a.test/1 | One", false),
    // A source that begins to give guids. One that ceases to is another source.
    ("A | - | https://a.test/1 | One", "A | 1 | https://a.test/1 | One", true),
    ("A | 1 | https://a.test/1 | One", "A | - | https://a.test/1 | One", false),
    ("A | - | https://a.test/ | One", "A | 1 | https://a.test/ | Two", false),
    ("A | 1 | https://a.test/ | One", "A | - | https://a.test/ | Two", false),
    // A guid that others of a delivery had, too, and that the formats made unique.
    (
        "A | 1 https://a.test/1 | https://a.test/1 | One",
        "A | 1 https://a.test/1 | https://a.test/1 | One",
        true,
    ),
    (
        "A | 1 https://a.test/1 | https://a.test/1 | One",
        "A | 1 https://a.test/2 | https://a.test/2 | Two",
        false,
    ),
    ("A | 1 | https://a.test/1 | One", "A | 1 https://a.test/1 | https://a.test/1 | One", true),
    ("A | 1 https://a.test/1 | https://a.test/1 | One", "A | 1 | https://a.test/1 | One", true),
    ("A | 1 | https://a.test/1 | One", "A | 1 https://a.test/2 | https://a.test/2 | Two", false),
    // With neither, it is the text.
    ("A | - | - | One", "A | - | - | One", true),
    ("A | - | - | One", "A | - | - | One | Other words.", false),
    ("A | - | - | One", "A | - | - | Two | All about One.", false),
];

#[test]
fn what_comes_again_and_what_is_new() {
    for (there, comes, same) in RULES {
        for engine in engines() {
            engine.add(vec![item(there)]);
            let found = engine.0.find(&item(comes).0).expect("asked");
            assert_eq!(found.is_some(), same, "{there} then {comes}");
            let added = engine.add(vec![item(comes)]);
            assert_eq!(added.new, u64::from(!same), "{there} then {comes}");
            // From now on both are known.
            for known in [item(comes), item(comes)] {
                assert_eq!(engine.add(vec![known]).unchanged, 1, "{there} then {comes}");
            }
            assert!(same || engine.add(vec![item(there)]).unchanged == 1, "{there} then {comes}");
        }
    }
}

#[test]
fn what_an_earlier_version_stored_is_recognised() {
    let stored = |written: &str, identity: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("l.db");
        let library = Library::open(&path).expect("a library");
        library.add(vec![item(written)]).expect("added");
        let db = rusqlite::Connection::open(&path).expect("opened");
        let hash = crate::library::identity::Hash::of(identity).bytes();
        db.execute("UPDATE article SET identity = ?, seal = NULL", [hash]).expect("changed");
        (library, folder)
    };
    let (library, _folder) = stored("A | - | https://a.test/1 | One", &["address", "https://a.test/1"]);
    assert_eq!(library.add(vec![item("B | - | https://a.test/1 | Comments")]).expect("added").new, 1);
    assert_eq!(library.add(vec![item("A | - | https://a.test/1 | One")]).expect("added").unchanged, 1);
    // It is found under the new rule from now on.
    assert_eq!(library.add(vec![item("A | - | http://a.test/1 | One")]).expect("added").updated, 1);
    let guid = "https://a.test/1#0";
    let (library, _folder) = stored(&format!("A | {guid} | - | One"), &["guid", "A", guid]);
    assert_eq!(library.add(vec![item(&format!("A | {guid} | - | One"))]).expect("added").unchanged, 1);
    assert_eq!(library.add(vec![item("A | https://a.test/1#7 | - | One")]).expect("added").updated, 1);
}

/// Articles of few sources, guids, addresses and titles, so that they meet.
fn some_items() -> impl Strategy<Value = Vec<String>> {
    let guid = prop::sample::select(vec![
        "-",
        "1",
        "1 #version=1",
        "1 #version=2",
        "2",
        "https://a.test/1",
        "http://a.test/1#x",
        "1 https://a.test/1",
    ]);
    let url = prop::sample::select(vec![
        "-",
        "https://a.test/1",
        "http://a.test/1",
        "https://a.test/2",
        "https://a.test/",
    ]);
    let one =
        (prop::sample::select(vec!["A", "B"]), guid, url, prop::sample::select(vec!["One", "Two", "Three"]))
            .prop_map(|(source, guid, url, title)| format!("{source} | {guid} | {url} | {title}"));
    prop::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Both libraries decide alike, and what was just stored is never new.
    #[test]
    fn both_libraries_recognise_the_same(items in some_items()) {
        let [memory, store] = engines();
        for written in &items {
            let added = [memory.add(vec![item(written)]), store.add(vec![item(written)])];
            prop_assert_eq!(added[0], added[1], "{} of {:?}", written, &items);
            let again = [memory.add(vec![item(written)]), store.add(vec![item(written)])];
            prop_assert_eq!(again[0].new + again[1].new, 0, "{} of {:?}", written, &items);
        }
        // Marks find the article, too.
        for written in &items {
            let recognition = [Recognition::of(&item(written).0)];
            let found = [&memory, &store].map(|engine| {
                engine.0.tag_new(&recognition, "t").expect("tagged");
                engine.0.find(&item(written).0).expect("asked").is_some()
            });
            prop_assert_eq!(found[0], found[1]);
        }
        let tagged = [&memory, &store].map(|engine| {
            let tagged = Query { grouping: Grouping::Off, ..query("tag:t") };
            engine.page(&tagged, Window::First { limit: 0 }).total
        });
        prop_assert_eq!(tagged[0], tagged[1]);
    }
}

#[test]
fn the_newest_version_stays_in_whatever_order_they_come() {
    let version = |number: u64, day: i64, title: &str| {
        let (mut version, analysis) = article(day, "Agency", title, &format!("All about {title}."));
        version.guid = Some(crate::article::Version::guid("urn:newsml:a.test:1", number));
        (version, analysis)
    };
    // The number of a version counts before its time, and the time where there is no number.
    let numbered =
        [version(1, 1, "Bridge falls"), version(2, 3, "Bridge stands"), version(3, 2, "Cancelled")];
    let timed = [version(0, 1, "Bridge falls"), version(0, 2, "Bridge stands"), version(0, 3, "Cancelled")];
    for versions in [numbered, timed] {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for engine in engines() {
                for at in order {
                    let version = versions[at].clone();
                    engine.add(vec![version.clone()]);
                    let tags = vec![version.0.title.to_lowercase().replace(' ', "-")];
                    let state = ReadingState { tags, ..ReadingState::default() };
                    engine.0.restore(vec![(Recognition::of(&version.0), state)]).expect("restored");
                }
                assert_eq!(engine.titles(""), ["Cancelled"], "{order:?}");
                // An old version that comes after the new one says nothing any more.
                assert_eq!(engine.titles("#bridge-falls").len(), usize::from(order[0] == 0), "{order:?}");
                assert_eq!(engine.titles("#cancelled"), ["Cancelled"], "{order:?}");
            }
        }
    }
}

#[test]
fn two_sources_with_one_address_tell_one_story() {
    for engine in engines() {
        engine.add(vec![
            item("Blog | - | https://a.test/post | A bridge in Vaduz"),
            item("Links | - | https://a.test/post | Comments"),
        ]);
        engine.add(vec![
            item("More | 7 | http://a.test/post?utm_medium=x | On bridges"),
            item("Site | 1 | https://a.test/ | Home"),
        ]);
        engine.add(vec![item("Else | 1 | https://a.test/ | All about us")]);
        let folded = Query { grouping: Grouping::Folded, ..query("") };
        let rows = engine.page(&folded, Window::First { limit: 9 }).rows;
        let mut copies: Vec<u32> = rows.iter().map(|row| row.copies).collect();
        copies.sort_unstable();
        assert_eq!(copies, [0, 0, 2], "{rows:?}");
    }
}
