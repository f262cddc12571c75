//! What is out of sight: hidden articles and the trash, in the store and in the double.

use super::{Engine, article, engines, query};
use crate::article::ArticleId;
use crate::library::sources::{Seen, Wishes};
use crate::library::{Added, Cancel, ChangeId, Marking, Recognition, Step, Target};
use chrono::{Days, Utc};
use proptest::prelude::*;
use std::time::Duration;

fn these(ids: &[i64]) -> Target {
    Target::These(ids.iter().map(|id| ArticleId(*id)).collect())
}

/// An engine with three articles.
fn filled(engine: &Engine) {
    engine.add(vec![
        article(1, "Wire", "Gas", "[Ada Obi|person] on gas pipes in the north of the country"),
        article(2, "Wire", "Grain", "[Lev Sund|person] on grain that is to be shipped soon"),
        article(3, "Post", "Ferry", "A ferry sails to [Norway|country=NO] on each Monday"),
    ]);
}

#[test]
fn what_is_out_of_sight_is_found_only_by_a_query_that_asks_for_it() {
    for engine in engines() {
        filled(&engine);
        let Engine(library) = &engine;
        assert_eq!(engine.titles(""), ["Ferry", "Grain", "Gas"]);
        library.mark(&these(&[1]), Marking::Hide).expect("hidden");
        library.mark(&these(&[3]), Marking::Delete).expect("deleted");
        assert_eq!(engine.titles(""), ["Grain"]);
        assert_eq!(engine.titles("is:hidden"), ["Gas"]);
        assert_eq!(engine.titles("is:deleted"), ["Ferry"]);
        assert_eq!(engine.titles("person:obi"), [""; 0]);
        assert_eq!(engine.titles("is:hidden OR grain"), ["Grain", "Gas"]);
        assert_eq!(engine.titles("-is:hidden"), ["Grain"]);
        assert_eq!(engine.titles("-grain"), [""; 0]);
        let facets = library.facets(&query(""), &Cancel::new()).expect("facets");
        assert_eq!((facets.articles, facets.sources.len()), (1, 1));
        assert_eq!(library.unread(&[query("")], &Cancel::new()).expect("counts"), [1]);
        // It is still there for whoever asks for it by its number.
        assert!(engine.load(3).is_some());
        library.undo().expect("undone");
        library.undo().expect("undone");
        assert_eq!(engine.titles(""), ["Ferry", "Grain", "Gas"]);
        assert_eq!(engine.titles("is:deleted OR is:hidden"), [""; 0]);
        assert_eq!(library.facets(&query(""), &Cancel::new()).expect("facets").articles, 3);
    }
}

#[test]
fn a_deleted_article_does_not_come_back_before_or_after_the_trash_is_emptied() {
    for engine in engines() {
        filled(&engine);
        let Engine(library) = &engine;
        let same = article(3, "Post", "Ferry", "A ferry sails to [Norway|country=NO] on each Monday");
        library.mark(&these(&[3]), Marking::Delete).expect("deleted");
        assert_eq!(library.add(vec![same.clone()]).expect("added").new, 0);
        assert_eq!(engine.titles(""), ["Grain", "Gas"]);
        let tomorrow = Utc::now().date_naive() + Days::new(2);
        assert_eq!(library.empty_trash(tomorrow).expect("emptied"), 1);
        assert_eq!(library.seen(std::slice::from_ref(&same.0)).expect("seen"), [Seen::Same]);
        let unchanged = Added { new: 0, updated: 0, unchanged: 1 };
        assert_eq!(library.add(vec![same]).expect("added"), unchanged);
        assert_eq!((engine.titles("").len(), engine.titles("is:deleted").len()), (2, 0));
        assert!(engine.load(3).is_none());
        // What was never deleted comes as ever.
        let other = article(4, "Post", "Bridge", "A bridge over the river is closed for a year");
        assert_eq!(library.add(vec![other]).expect("added").new, 1);
    }
}

#[test]
fn the_trash_keeps_what_came_into_it_lately_and_what_has_left_it() {
    // The store alone: the double knows no days.
    let [_, store] = engines();
    filled(&store);
    let Engine(library) = &store;
    library.mark(&these(&[1, 3]), Marking::Delete).expect("deleted");
    library.mark(&these(&[1]), Marking::Undelete).expect("undeleted");
    let today = Utc::now().date_naive();
    assert_eq!(library.empty_trash(today - Days::new(30)).expect("asked"), 0);
    assert_eq!(store.titles("is:deleted"), ["Ferry"]);
    assert_eq!(library.empty_trash(today + Days::new(2)).expect("emptied"), 1);
    assert_eq!(store.titles(""), ["Grain", "Gas"]);
}

#[test]
fn only_the_newest_of_a_source_are_kept_and_starred_ones() {
    for engine in engines() {
        let one = |day: i64| {
            let text = format!("The text of day {day} is about nothing else than the day {day}");
            article(day, "Wire", &format!("Day {day}"), &text)
        };
        engine.add((1..=6).map(one).collect());
        let Engine(library) = &engine;
        library.mark(&these(&[1]), Marking::Star).expect("starred");
        assert_eq!(library.forget_beyond("Wire", 2).expect("forgotten"), 3);
        assert_eq!(engine.titles("group:off"), ["Day 6", "Day 5", "Day 1"]);
        assert_eq!(library.forget_beyond("Wire", 2).expect("forgotten"), 0);
        assert_eq!(library.forget_beyond("Other", 0).expect("forgotten"), 0);
    }
}

#[test]
fn articles_are_matched_whether_they_are_in_sight_or_not() {
    for engine in engines() {
        filled(&engine);
        let Engine(library) = &engine;
        library.mark(&these(&[1]), Marking::Hide).expect("hidden");
        let ids: Vec<ArticleId> = (1..=4).map(ArticleId).collect();
        let matching = |text: &str| library.matching(&query(text), &ids).expect("asked");
        assert_eq!(matching("source:wire"), [ArticleId(1), ArticleId(2)]);
        assert_eq!(matching("\"gas pipes\" OR country:NO"), [ArticleId(1), ArticleId(3)]);
        assert_eq!(matching("date:whenever"), []);
        let (first, _) =
            article(1, "Wire", "Gas", "[Ada Obi|person] on gas pipes in the north of the country");
        let (other, _) = article(9, "Wire", "Coal", "A text that is not here, on coal and on nothing else");
        let known = [Recognition::of(&other), Recognition::of(&first)];
        assert_eq!(library.recognised(&known).expect("asked"), [ArticleId(1)]);
    }
}

#[test]
fn what_is_marked_on_arrival_is_no_change_that_can_be_undone() {
    for engine in engines() {
        filled(&engine);
        let Engine(library) = &engine;
        let ids = [ArticleId(1), ArticleId(2)];
        for marking in [Marking::Read, Marking::Star, Marking::Tag("later".to_owned()), Marking::Hide] {
            assert_eq!(library.mark_new(&ids, &marking).expect("marked"), 2);
            assert_eq!(library.mark_new(&ids, &marking).expect("marked"), 0);
        }
        assert_eq!(engine.titles("is:hidden is:read is:starred #later").len(), 2);
        assert_eq!(library.undo().expect("asked"), None);
    }
}

#[test]
fn a_source_that_was_removed_comes_back_as_it_was() {
    for Engine(library) in engines() {
        let wishes = Wishes {
            tags: vec!["world".to_owned()],
            interval: Some(Duration::from_secs(7200)),
            keep_most: Some(50),
            paused: true,
            ..Wishes::default()
        };
        let id = library.add_source("https://a.test/f", "Wire", None, &wishes).expect("added");
        let before = library.sources().expect("sources").remove(0);
        assert_eq!(before.wishes, wishes);
        library.remove_source(id).expect("removed");
        let id = library.put_source(&before).expect("put back");
        let after = library.sources().expect("sources").remove(0);
        assert_eq!((after.id, &after.wishes, &after.standing), (id, &before.wishes, &before.standing));
        assert_eq!((after.name, after.address), (before.name, before.address));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Undoing every change restores exactly what was there, and redoing them brings it back.
    #[test]
    fn undo_restores_the_exact_state(steps in proptest::collection::vec((1i64..4, 0usize..6), 1..8)) {
        let kinds = [
            Marking::Hide, Marking::Unhide, Marking::Delete, Marking::Undelete, Marking::Star,
            Marking::Tag("later".to_owned()),
        ];
        for engine in engines() {
            filled(&engine);
            let Engine(library) = &engine;
            let state = || {
                ["", "is:hidden", "is:deleted", "is:starred OR is:hidden OR is:deleted", "#later"]
                    .map(|text| engine.titles(text))
            };
            let before = state();
            for (name, (id, kind)) in steps.iter().enumerate() {
                let name = ChangeId(name as i64 + 1);
                library.mark_as(Some(name), &these(&[*id]), kinds[*kind].clone()).expect("marked");
            }
            let after = state();
            for name in (0..steps.len()).rev() {
                library.step(Step::Undo, Some(ChangeId(name as i64 + 1))).expect("undone");
            }
            prop_assert_eq!(&state(), &before);
            for name in 0..steps.len() {
                library.step(Step::Redo, Some(ChangeId(name as i64 + 1))).expect("redone");
            }
            prop_assert_eq!(state(), after);
        }
    }
}
