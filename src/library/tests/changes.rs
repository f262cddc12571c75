//! Changes to the articles of a library, in the store and in the double.

use super::{Engine, article, engines, query};
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::formats::ReadingState;
use crate::library::sources::Seen;
use crate::library::{Added, Cancel, Marking, Recognition, Target};
use crate::listing::{TextOf, Validity};
use std::path::Path;

const ONE: Added = Added { new: 0, updated: 1, unchanged: 0 };
const NONE: Added = Added { new: 0, updated: 0, unchanged: 0 };

/// An article with an address.
fn addressed(address: &str, source: &str, title: &str, marked: &str) -> (Article, Analysis) {
    let (mut article, analysis) = article(1, source, title, marked);
    article.url = Some(format!("https://news.example/{address}"));
    (article, analysis)
}

/// The same article as another engine would analyse it.
fn again(of: &(Article, Analysis), marked: &str) -> (Article, Analysis) {
    let (_, analysis) = article(1, "", "", marked);
    (of.0.clone(), analysis)
}

fn marked_library(Engine(library): &Engine, news: &(Article, Analysis)) {
    library.add(vec![news.clone()]).expect("added");
    let first = Target::These(vec![ArticleId(1)]);
    for marking in [Marking::Read, Marking::Star, Marking::Tag("later".to_owned())] {
        library.mark(&first, marking).expect("marked");
    }
    library.keep_position(ArticleId(1), 4).expect("kept");
}

#[test]
fn a_renewed_article_keeps_all_but_its_analysis() {
    for engine in engines() {
        let news = addressed("1", "Wire", "Gas", "[Ada Obi|person] on gas");
        marked_library(&engine, &news);
        let before = engine.load(1).expect("there");
        let renewed = again(&news, "[Ada Obi|org] on gas");
        assert_eq!(engine.0.renew(vec![renewed.clone()]).expect("renewed"), ONE);
        let mut expected = before;
        expected.analysis = renewed.1;
        assert_eq!(engine.load(1), Some(expected));
        assert_eq!(engine.titles("org:obi is:read is:starred #later"), ["Gas"]);
        assert_eq!(engine.titles("person:obi"), [""; 0]);
    }
}

#[test]
fn an_article_that_is_gone_is_not_renewed() {
    for engine in engines() {
        let mut news = addressed("1", "Wire", "Gas", "[Ada Obi|person] on gas");
        news.0.path = Some("/news/gas.json".to_owned());
        engine.add(vec![news.clone()]);
        let gone = |path: &Path| path.ends_with("gas.json");
        assert_eq!(engine.0.remove_files(&gone).expect("removed"), 1);
        assert_eq!(engine.0.renew(vec![news]).expect("asked"), NONE);
        assert_eq!(engine.titles(""), [""; 0]);
        assert_eq!(engine.load(1), None);
    }
}

#[test]
fn a_text_that_changed_meanwhile_is_not_overwritten() {
    for engine in engines() {
        let old = addressed("1", "Wire", "Gas", "[Ada Obi|person] on gas");
        let new = addressed("1", "Wire", "Grain", "[Lev Sund|person] on grain");
        engine.add(vec![old.clone()]);
        engine.add(vec![new.clone()]);
        assert_eq!(engine.0.renew(vec![old]).expect("asked"), NONE);
        assert_eq!(engine.load(1).expect("there").article, new.0);
        assert_eq!(engine.titles("person:sund"), ["Grain"]);
    }
}

#[test]
fn the_text_of_a_page_is_renewed_and_the_source_keeps_its_own() {
    for engine in engines() {
        let source = addressed("1", "Wire", "Gas", "[Ada Obi|person] on gas");
        let page = addressed("1", "Wire", "Gas", "[Ada Obi|person] on gas and [Lev Sund|person] on grain");
        engine.add(vec![source.clone()]);
        engine.0.show_text(TextOf::Page, page.0.clone(), page.1.clone()).expect("shown");
        let stored = engine.load(1).expect("there");
        assert_eq!((stored.text, &stored.article), (TextOf::Page, &page.0));
        let renewed = again(&page, "[Ada Obi|org] on gas and [Lev Sund|org] on grain");
        assert_eq!(engine.0.renew(vec![renewed.clone()]).expect("renewed"), ONE);
        assert_eq!(engine.load(1).expect("there").analysis, renewed.1);
        assert_eq!(engine.0.renew(vec![source.clone()]).expect("asked"), NONE);
        assert_eq!(
            engine.0.other_text(ArticleId(1)).expect("read"),
            Some((TextOf::Source, source.0.clone()))
        );
        assert_eq!(engine.0.seen(std::slice::from_ref(&source.0)).expect("asked"), [Seen::Same]);
        // The source's text is shown again, and then changes: once it is here it is nothing new.
        engine.0.show_text(TextOf::Source, source.0, source.1).expect("shown");
        let changed = addressed("1", "Wire", "Gas prices", "[Ada Obi|person] on gas");
        assert_eq!(engine.add(vec![changed.clone()]), ONE);
        assert_eq!(engine.add(vec![changed]), Added { unchanged: 1, ..Added::default() });
        assert_eq!(engine.titles(""), ["Gas prices"]);
    }
}

#[test]
fn how_often_a_film_was_seen_is_no_news() {
    for engine in engines() {
        let film = |views: &str| {
            let mut film = addressed("1", "Films", "Night train", "[Ada Obi|person] on a train");
            film.0.body.push_str(&format!("\n\n{views}"));
            film
        };
        engine.add(vec![film("1 view")]);
        assert_eq!(engine.add(vec![film("184,223 views")]), Added { unchanged: 1, ..Added::default() });
        // Whose words are views, though, is news.
        assert_eq!(engine.add(vec![film("Many views")]), ONE);
    }
}

#[test]
fn a_source_is_renamed_with_its_articles() {
    for engine in engines() {
        let mut news = article(1, "Wire", "Gas", "[Ada Obi|person] on gas");
        news.0.guid = Some("1".to_owned());
        marked_library(&engine, &news);
        engine.add(vec![article(2, "North Wire", "Grain", "nobody")]);
        let before = engine.load(1).expect("there");
        assert_eq!(engine.0.refile("Wire", "South Wire").expect("filed"), 1);
        let mut expected = before;
        expected.article.source = "South Wire".to_owned();
        assert_eq!(engine.load(1), Some(expected.clone()));
        assert_eq!(engine.titles("source:\"south wire\" person:obi is:read"), ["Gas"]);
        assert_eq!(engine.titles("source:\"north wire\""), ["Grain"]);
        // It is recognised under its new name only.
        let seen = |article: &Article| engine.0.seen(std::slice::from_ref(article)).expect("asked")[0];
        assert_eq!((seen(&expected.article), seen(&news.0)), (Seen::Same, Seen::Never));
        assert_eq!(engine.0.refile("Nowhere", "South Wire").expect("asked"), 0);
    }
}

#[test]
fn files_take_their_articles_along_unless_a_person_kept_them() {
    for engine in engines() {
        let in_file = |address: &str, file: &str| {
            let mut news = addressed(address, "Wire", address, "nobody");
            news.0.path = Some(file.to_owned());
            news
        };
        let news =
            [in_file("a", "x.json"), in_file("b", "x.json"), in_file("c", "x.json"), in_file("d", "y.json")];
        engine.add(news.to_vec());
        engine.mark(&Target::These(vec![ArticleId(2)]), Marking::Tag("later".to_owned()));
        // Only the first is in the file still.
        assert_eq!(engine.0.remove_others(&[news[0].0.clone()]).expect("removed"), 1);
        assert_eq!(engine.titles(""), ["d", "b", "a"]);
        assert_eq!(engine.0.remove_files(&|_| true).expect("removed"), 2);
        assert_eq!(engine.titles(""), ["b"]);
        assert_eq!(engine.0.find(&news[0].0).expect("asked"), None);
        assert_eq!(engine.0.find(&news[1].0).expect("asked"), Some(ArticleId(2)));
    }
}

#[test]
fn marks_come_back_and_news_is_tagged_without_a_change_to_undo() {
    for engine in engines() {
        let news = [addressed("1", "Wire", "Gas", "gas"), addressed("2", "Wire", "Grain", "grain")];
        engine.add(news.to_vec());
        let state = ReadingState { read: true, starred: false, tags: vec!["old".to_owned()], position: 2 };
        engine.0.restore(vec![(Recognition::of(&news[0].0), state)]).expect("restored");
        engine.0.tag_new(&[Recognition::of(&news[1].0)], "new").expect("tagged");
        let stored = engine.load(1).expect("there");
        assert_eq!(
            (stored.read, stored.starred, stored.tags, stored.position),
            (true, false, vec!["old".to_owned()], 2)
        );
        assert_eq!(engine.titles("#new"), ["Grain"]);
        assert_eq!(engine.undo(), None);
    }
}

#[test]
fn unread_rows_and_all_articles_are_counted_alike() {
    for engine in engines() {
        super::fill(&engine);
        engine.mark(&Target::These(vec![ArticleId(2)]), Marking::Read);
        let cancel = Cancel::new();
        let queries = [query(""), query("grain"), query("is:read")];
        assert_eq!(engine.0.unread(&queries, &cancel).expect("counted"), [2, 1, 0]);
        let ids = engine.0.ids(&query("gas sort:relevance"), &cancel).expect("ids");
        assert_eq!(ids, [ArticleId(3), ArticleId(2), ArticleId(1)]);
        assert_eq!(
            (engine.0.count_outdated().expect("counted"), engine.0.outdated(9).expect("asked")),
            (0, vec![])
        );
        assert_eq!(engine.load(1).expect("there").validity, Validity::Current);
    }
}

#[test]
fn texts_and_folders_are_kept() {
    for Engine(library) in engines() {
        assert_eq!(library.state().expect("read"), None);
        library.keep_state("one").expect("kept");
        library.keep_state("two").expect("kept");
        library.keep_names_text("names").expect("kept");
        assert_eq!(library.state().expect("read").as_deref(), Some("two"));
        assert_eq!(library.names_text().expect("read").as_deref(), Some("names"));
        let folder =
            |path: &str, named: &str| super::FollowedFolder { path: path.into(), named: named.into() };
        for (path, named) in [("/b", "b"), ("/a", "a"), ("/a", "./a")] {
            library.follow_folder(&folder(path, named)).expect("followed");
        }
        assert_eq!(library.folders().expect("read"), [folder("/a", "./a"), folder("/b", "b")]);
    }
}

#[test]
fn what_came_later_is_found_by_a_number_and_a_change_does_not_make_it_new() {
    for engine in engines() {
        let news = |at: i64, words: &str| addressed(&at.to_string(), "Wire", &format!("Day {at}"), words);
        engine.add((1..=3).map(|at| news(at, "gas")).collect());
        let seen = engine.0.last_id().expect("an id");
        assert_eq!(seen, ArticleId(3));
        // One that was there comes again with another text, and two are new.
        engine.add(vec![news(2, "more gas"), news(4, "grain"), news(5, "gas")]);
        engine.add(vec![news(1, "gas again")]);
        let newer = |id: i64| engine.titles(&format!("newer:{id} group:off"));
        assert_eq!(newer(3), ["Day 5", "Day 4"]);
        assert_eq!(newer(0).len(), 5);
        assert_eq!(newer(99), [""; 0]);
        let mut old = engine.titles("-newer:3 group:off");
        old.sort();
        assert_eq!(old, ["Day 1", "Day 2", "Day 3"]);
    }
}
