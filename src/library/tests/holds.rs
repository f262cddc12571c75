//! A result that is held: what it has listed stays in it until it is asked for under another hold.

use super::*;
use crate::listing::Hold;
use std::collections::BTreeSet;

/// The query under a hold of its own.
fn held(text: &str) -> Query {
    Query { hold: Some(Hold::fresh()), ..query(text) }
}

/// The rows of a result: the title, and a `-` before it where it does not match any more.
fn rows(library: &Engine, query: &Query) -> Vec<String> {
    let page = library.page(query, Window::First { limit: 99 });
    assert_eq!(page.total, Count::Exactly(page.rows.len() as u64));
    assert_eq!(library.facets(query).total, page.rows.len() as u64);
    page.rows.iter().map(|row| format!("{}{}", if row.gone { "-" } else { "" }, row.title)).collect()
}

#[test]
fn what_was_listed_stays_until_it_is_asked_for_anew() {
    for library in engines() {
        fill(&library);
        let unread = held("is:unread");
        assert_eq!(rows(&library, &unread), ["Grain", "Summit ends", "Gas talks"]);
        library.mark(&Target::These(vec![ArticleId(2)]), Marking::Read);
        assert_eq!(rows(&library, &unread), ["Grain", "-Summit ends", "Gas talks"]);
        assert_eq!(rows(&library, &held("is:unread")), ["Grain", "Gas talks"]);
        // The views and the windows are of the same rows.
        assert_eq!(library.timeline(&unread).len(), 3);
        assert_eq!(library.quotes(&unread, 9).len(), 2);
        let gone = library.page(&unread, Window::First { limit: 9 }).rows[1].key;
        assert_eq!(library.page(&unread, Window::Around { key: gone, before: 1, after: 1 }).rows.len(), 3);
        library.undo();
        assert_eq!(rows(&library, &unread), ["Grain", "Summit ends", "Gas talks"]);
        // All that is listed is marked.
        library.mark(&Target::These(vec![ArticleId(2)]), Marking::Read);
        assert_eq!(library.mark(&Target::Matching(unread.clone()), Marking::Star).changed.articles, 3);
    }
}

#[test]
fn what_comes_in_is_added_and_what_is_changed_stays() {
    for library in engines() {
        let mut first = article(0, "Wire", "Gas", "on gas");
        first.0.url = Some("https://news.example/1".to_owned());
        library.add(vec![first.clone(), article(1, "Wire", "Other", "on gas too")]);
        let gas = held("is:unread gas");
        assert_eq!(rows(&library, &gas), ["Other", "Gas"]);
        let mut changed = article(0, "Wire", "Grain", "on grain");
        changed.0.url.clone_from(&first.0.url);
        library.add(vec![changed, article(2, "Wire", "New", "gas again")]);
        assert_eq!(rows(&library, &gas), ["New", "Other", "-Grain"]);
        library.mark(&Target::Matching(query("")), Marking::Read);
        assert_eq!(rows(&library, &gas), ["-New", "-Other", "-Grain"]);
    }
}

#[test]
fn what_is_removed_goes() {
    for library in engines() {
        let of = |name: &str, day: i64| {
            let mut made = article(day, "Wire", name, &format!("text of {name}"));
            made.0.path = Some(format!("/news/{name}.txt"));
            made
        };
        library.add(vec![of("One", 1), of("Two", 2)]);
        let unread = held("is:unread");
        assert_eq!(rows(&library, &unread), ["Two", "One"]);
        library.mark(&Target::Matching(query("")), Marking::Read);
        library.0.remove_files(&|path| path.ends_with("One.txt")).expect("removed");
        assert_eq!(rows(&library, &unread), ["-Two"]);
    }
}

/// A first page for which only as many articles are read as it needs.
#[test]
fn the_first_page_of_a_phrase_stays_as_well() {
    let library = Engine(Library::temporary().expect("a library"));
    let story = |at: i64| article(at % 40, "Wire", &format!("Story {at}"), &format!("gas talks number {at}"));
    library.add((0..600).map(story).collect());
    let phrase = held("\"gas talks\" is:unread");
    let first = library.page(&phrase, Window::First { limit: 20 });
    assert!(matches!(first.total, Count::Over(_)), "{:?}", first.total);
    library.mark(&Target::These(vec![first.rows[3].key.id]), Marking::Read);
    let again = library.page(&phrase, Window::First { limit: 20 });
    let keys = |page: &Page| page.rows.iter().map(|row| row.key).collect::<Vec<Key>>();
    assert_eq!(keys(&again), keys(&first));
    assert!(again.rows[3].gone && !again.rows[2].gone);
    assert_eq!(again.total, Count::Exactly(600));
}

#[derive(Clone, Debug)]
enum Step {
    Mark(i64, Marking),
    MarkAll(Marking),
    Undo,
    Redo,
    Add(i64),
    Anew,
}

fn some_step() -> impl Strategy<Value = Step> {
    let marking = proptest::sample::select(vec![
        Marking::Read,
        Marking::Unread,
        Marking::Star,
        Marking::Unstar,
        Marking::Tag("later".to_owned()),
        Marking::Untag("later".to_owned()),
    ]);
    prop_oneof![
        6 => (1i64..12, marking.clone()).prop_map(|(id, marking)| Step::Mark(id, marking)),
        1 => marking.prop_map(Step::MarkAll),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
        3 => (0i64..6).prop_map(Step::Add),
        1 => Just(Step::Anew),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The store and the double list the same rows, and none of them leaves until the list is asked for anew.
    #[test]
    fn held_rows_stay(
        text in proptest::sample::select(vec!["is:unread", "is:starred", "-#later", "gas is:unread", "sort:relevance is:unread gas", ""]),
        steps in proptest::collection::vec(some_step(), 1..20),
    ) {
        let engines = engines();
        let mut added = 0;
        let mut query = held(text);
        let mut listed: BTreeSet<i64> = BTreeSet::new();
        for library in &engines {
            fill(library);
        }
        for step in steps {
            if matches!(step, Step::Anew) {
                query = held(text);
                listed.clear();
            }
            if matches!(step, Step::Add(_)) {
                added += 1;
            }
            let told = engines.each_ref().map(|library| {
                match &step {
                    Step::Mark(id, marking) => _ = library.mark(&Target::These(vec![ArticleId(*id)]), marking.clone()),
                    Step::MarkAll(marking) => _ = library.mark(&Target::Matching(query.clone()), marking.clone()),
                    Step::Undo => _ = library.undo(),
                    Step::Redo => _ = library.redo(),
                    Step::Add(day) => {
                        _ = library.add(vec![article(*day, "Wire", "More", &format!("gas {added}"))]);
                    }
                    Step::Anew => {}
                }
                let page = library.page(&query, Window::First { limit: 99 });
                let facets = library.facets(&query);
                assert_eq!(page.total, Count::Exactly(facets.total));
                (page, facets, library.timeline(&query))
            });
            prop_assert_eq!(&told[0], &told[1]);
            let now: BTreeSet<i64> = told[0].0.rows.iter().map(|row| row.key.id.0).collect();
            prop_assert!(listed.is_subset(&now), "{:?} left {:?}", listed, now);
            listed = now;
        }
    }
}
