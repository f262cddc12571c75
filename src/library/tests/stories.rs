//! Stories that several articles tell: they are marked, counted and undone as one.

use super::*;
use crate::query::Grouping;

/// A report that is long enough to be compared.
const HARBOUR: &str = "The harbour of Port Sund will close for three weeks from Monday while divers look for \
    the anchor that a freighter lost there in the storm of last week, [Ada Obi|person] of the harbour office said. \
    Ships for the north will be sent to the old quay, where cranes are being set up, and the ferry \
    to the islands will sail from the fishing port at the usual times, with one boat fewer on Sundays.";

const FERRY: &str = "The crew of the ferry to the islands went on strike on Sunday and asked for more pay, so that some \
    two hundred passengers had to wait in the fishing port until the evening, when a smaller boat took them over.";

/// The report by another source, with some words changed.
fn copy(day: i64, source: &str, words: &str) -> (Article, Analysis) {
    article(day, source, "Harbour closed", &HARBOUR.replace("divers look for", words))
}

fn told_by_three(library: &Engine) {
    library.add(vec![article(0, "North Wire", "Harbour", HARBOUR), article(1, "Post", "Ferry", FERRY)]);
    library.add(vec![copy(1, "South Post", "divers search for"), copy(1, "East", "they search for")]);
}

fn tally(articles: u64, stories: u64) -> Tally {
    Tally { articles, stories: Some(stories) }
}

#[test]
fn a_story_is_marked_with_its_copies() {
    for library in engines() {
        told_by_three(&library);
        for (marking, has) in [
            (Marking::Read, "is:read"),
            (Marking::Star, "is:starred"),
            (Marking::Tag("later".to_owned()), "#later"),
        ] {
            // Whichever of the copies is marked.
            for id in [1, 3, 4] {
                let story = Target::Stories(vec![ArticleId(id)]);
                let marked = library.mark(&story, marking.clone());
                assert_eq!(marked.changed, tally(3, 1), "{marking:?}");
                assert_eq!(library.titles(&format!("{has} group:off")).len(), 3);
                assert_eq!(library.mark(&story, marking.clone()).changed, tally(0, 0));
                assert_eq!(library.undo(), Some(marked));
                assert_eq!(library.titles(&format!("{has} group:off")), [""; 0]);
            }
        }
        // A query marks the stories that it lists, and without folding only what matches.
        let marked = library.mark(&Target::Matching(query("source:east")), Marking::Read);
        assert_eq!(marked.changed, tally(3, 1));
        assert_eq!(library.titles("is:unread"), ["Ferry"]);
        library.undo();
        let marked = library.mark(&Target::Matching(query("source:east group:off")), Marking::Read);
        assert_eq!(marked.changed, Tally { articles: 1, stories: None });
        assert_eq!(library.titles("is:read group:off"), ["Harbour closed"]);
        assert_eq!(library.mark(&Target::These(vec![ArticleId(1)]), Marking::Star).changed.stories, None);
        assert_eq!(library.titles("is:starred group:off").len(), 1);
    }
}

#[test]
fn a_copy_of_a_story_that_is_read_does_not_come_as_unread() {
    for library in engines() {
        told_by_three(&library);
        library.mark(&Target::Stories(vec![ArticleId(1)]), Marking::Read);
        library.mark(&Target::Stories(vec![ArticleId(1)]), Marking::Star);
        library.add(vec![
            copy(2, "West", "two divers look for"),
            article(2, "West", "Ferry sails", "It sails."),
        ]);
        assert_eq!(library.titles("is:unread group:off"), ["Ferry sails", "Ferry"]);
        // It was not there to be starred.
        assert_eq!(library.titles("is:starred group:off").len(), 3);
        library.undo();
        // Undoing takes the late copy back, too.
        assert_eq!(library.undo().map(|marked| marked.marking), Some(Marking::Read));
        assert_eq!(library.titles("is:read group:off"), [""; 0]);
        library.redo();
        assert_eq!(library.titles("is:read group:off").len(), 4);
        // What was marked as unread stays so, and so does an article that comes again.
        library.mark(&Target::Stories(vec![ArticleId(5)]), Marking::Unread);
        library.add(vec![copy(3, "Far East", "divers looked for")]);
        assert_eq!(library.titles("is:read group:off"), [""; 0]);
    }
}

#[test]
fn a_change_is_undone_by_its_name_only() {
    for library in engines() {
        super::fill(&library);
        let these = |id| Target::These(vec![ArticleId(id)]);
        let named =
            |name, id| library.0.mark_as(Some(ChangeId(name)), &these(id), Marking::Read).expect("marked");
        let step = |step, name| library.0.step(step, Some(ChangeId(name))).expect("a step");
        let read = || library.titles("is:read group:off");
        named(7, 1);
        named(8, 2);
        // Another process marks something, and has a history of its own.
        library.mark(&these(3), Marking::Read);
        assert!(step(Step::Undo, 7).is_some());
        assert_eq!(read(), ["Grain", "Summit ends"]);
        assert_eq!(step(Step::Undo, 7), None);
        assert_eq!(step(Step::Undo, 9), None);
        assert!(library.undo().is_some());
        assert_eq!(library.undo(), None);
        assert_eq!(read(), ["Summit ends"]);
        assert!(step(Step::Redo, 7).is_some());
        assert_eq!(step(Step::Redo, 8), None);
        assert_eq!(read(), ["Summit ends", "Gas talks"]);
        // A change that changes nothing is no change.
        assert!(named(10, 1).changed.is_zero());
        assert_eq!(step(Step::Undo, 10), None);
        assert!(library.redo().is_some());
        assert_eq!(read().len(), 3);
    }
}

#[test]
fn an_article_knows_its_copies() {
    for library in engines() {
        told_by_three(&library);
        let of = |id: i64| {
            let copies = library.load(id).expect("there").copies;
            copies.into_iter().map(|copy| format!("{} {}", copy.key.id.0, copy.source)).collect::<Vec<_>>()
        };
        assert_eq!(of(1), ["3 South Post", "4 East"]);
        assert_eq!(of(4), ["1 North Wire", "3 South Post"]);
        assert_eq!(of(2), [""; 0]);
    }
}

#[test]
fn stories_of_a_day_a_name_and_a_source_are_counted_once() {
    for library in engines() {
        told_by_three(&library);
        library.mark(&Target::These(vec![ArticleId(3), ArticleId(4)]), Marking::Tag("port".to_owned()));
        let of = |text: &str| {
            let query = query(text);
            let facets = library.facets(&query);
            let tags = library.names(FacetKind::Tag, "", &query, 9);
            let days: Vec<u64> = library.timeline(&query).into_iter().map(|(_, count)| count).collect();
            (facets.total, facets.articles, facets.people[0].count, tags[0].count, days)
        };
        assert_eq!(of(""), (2, 4, 1, 1, vec![1, 2]));
        assert_eq!(of("group:off"), (4, 4, 3, 2, vec![1, 3]));
        let cancel = Cancel::new();
        let told = |text: &str| library.0.tally(&query(text), &cancel).expect("counted").to_string();
        assert_eq!(told(""), "2 stories, 4 articles");
        assert_eq!(told("group:off"), "4 articles");
        assert_eq!(told("ferry strike"), "1 article");
        assert_eq!(told("nothing"), "0 articles");
    }
}

/// Articles of which some tell the same.
pub(in crate::library) fn some_news() -> impl Strategy<Value = Vec<(Article, Analysis)>> {
    let names = proptest::sample::select(vec![
        "",
        " [Ada Obi|person] left.",
        " [Obi|person] stayed.",
        " [Oslo|place].",
    ]);
    let one = (0i64..4, proptest::bool::ANY, proptest::sample::select(vec!["Wire", "Post", "East"]), names)
        .prop_map(|(day, port, source, more)| {
            let body = format!("{}{more}", if port { HARBOUR } else { FERRY });
            article(day, source, "News", &body)
        });
    let apart = |news: Vec<(Article, Analysis)>| {
        let mut news = news;
        (0..).zip(&mut news).for_each(|(place, (article, _))| article.guid = Some(format!("{place}")));
        news
    };
    proptest::collection::vec(one, 1..10).prop_map(apart)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_counted_is_what_is_listed(news in some_news(), marked in 1i64..9, grouped in proptest::bool::ANY) {
        let [memory, store] = engines();
        let grouping = if grouped { Grouping::Folded } else { Grouping::Off };
        let everything = Query { grouping, ..Query::everything() };
        let mut told = Vec::new();
        for library in [&memory, &store] {
            library.add(news.clone());
            library.mark(&Target::Stories(vec![ArticleId(marked)]), Marking::Tag("kept".to_owned()));
            let facets = library.facets(&everything);
            let rows = |query: &Query| match library.page(query, Window::First { limit: 0 }).total {
                Count::Exactly(count) | Count::Over(count) => count,
            };
            prop_assert_eq!(facets.total, rows(&everything));
            let lists = [
                (FacetKind::Entity(Kind::Person), &facets.people),
                (FacetKind::Entity(Kind::Place), &facets.places),
                (FacetKind::Source, &facets.sources),
                (FacetKind::Tag, &library.names(FacetKind::Tag, "", &everything, 9)),
            ];
            for (kind, list) in lists {
                for facet in list {
                    prop_assert_eq!(facet.count, rows(&everything.require(kind, &facet.value)), "{:?}", facet);
                }
            }
            let days = library.timeline(&everything);
            for (day, count) in &days {
                let filter = query(&format!("date:{day}")).filter;
                prop_assert_eq!(*count, rows(&Query { filter, ..everything.clone() }));
            }
            let tally = library.0.tally(&everything, &Cancel::new()).expect("counted");
            prop_assert_eq!((tally.rows(), tally.articles), (facets.total, facets.articles));
            let read = library.mark(&Target::Matching(everything.clone()), Marking::Read);
            prop_assert_eq!(read.changed, tally);
            told.push((facets, days, tally, library.page(&everything, Window::First { limit: 99 }).rows));
        }
        prop_assert_eq!(&told[0], &told[1]);
    }
}
