//! Threads: articles that tell of one event over days.

use super::*;
use crate::listing::thread::{PIECES, Step, Thread, ThreadOrder, Threads};
use crate::query::Grouping;

impl Engine {
    fn threads(&self, text: &str, order: ThreadOrder) -> Threads {
        self.0.threads(&query(text), order, 99, &Cancel::new()).expect("threads")
    }

    fn thread(&self, id: ArticleId) -> Option<Thread> {
        self.0.thread(id, &Cancel::new()).expect("a thread")
    }

    fn course(&self, text: &str) -> Vec<Step> {
        self.0.course(&query(text), &Cancel::new()).expect("a course")
    }
}

/// Two events of several days among other news: a ferry that sinks, and a strike of teachers.
pub fn news() -> Vec<(Article, Analysis)> {
    const THINGS: [&str; 10] =
        ["Melon", "Lantern", "Bridge", "Choir", "Tunnel", "Orchard", "Glacier", "Museum", "Quarry", "Canal"];
    let mut news = Vec::new();
    for day in 0..12 {
        for (at, thing) in (0..).zip(THINGS) {
            let own = day * 10 + at;
            let body =
                format!("[Person{own} Nilsen|person] of [Town{own}|place] spoke about the {thing}{own}.");
            news.push(article(day, "Wire", &format!("{thing}{own} opened"), &body));
        }
    }
    news.push(article(
        2,
        "Wire",
        "Ferry sinks off Kaldvik, wreck found",
        "The ferry Alma of the [Sund Line|org] went down off [Kaldvik|place] at night. The ferry was without radio when it \
         left, and the ferry had new engines. [Ada Obi|person] said <Ada Obi: we heard a bang>.",
    ));
    news.push(article(
        3,
        "Post",
        "Divers reach ferry wreck",
        "Divers who went down to the wreck near [Kaldvik|place] found the bow door of the ferry open, although the \
         [Sund Line|org] had called the ferry safe. [Lev Sund|person], who leads the ferry dives, said <Lev Sund: the door \
         was open>.",
    ));
    news.push(article(
        6,
        "Wire",
        "Kaldvik ferry wreck inquiry opens",
        "Judges asked the owners from [Sund Line|org] why the ferry carried too many cars. The court of [Kaldvik|place] will \
         sit for a month over the ferry, and a second ferry was called back. [Ada Obi|person] said <Ada Obi: we heard a \
         bang> and <Ada Obi: nobody answered>.",
    ));
    let strike = "Teachers of the [School Union|org] in [Morland|place] stayed away from their schools. The teachers want \
        smaller classes, and the teachers say that [Mira Vik|person], who runs the schools of the town, has promised them \
        for years without doing anything about it at all.";
    news.push(article(4, "Wire", "Morland teachers strike", strike));
    news.push(article(4, "Post", "Morland teachers strike", &strike.replace("smaller", "small")));
    news.push(article(
        7,
        "Post",
        "Teachers end Morland strike",
        &strike.replace("stayed away from", "went back to"),
    ));
    news
}

/// The threads by the titles of their articles.
fn titles(library: &Engine, threads: &Threads) -> Vec<Vec<String>> {
    let of = |thread: &Thread| {
        let text = format!("story:{} sort:oldest group:off", thread.id.0);
        library.titles(&text)
    };
    threads.threads.iter().map(of).collect()
}

#[test]
fn the_threads_of_a_library_are_its_events() {
    for library in engines() {
        library.add(news());
        let threads = library.threads("", ThreadOrder::Newest);
        assert_eq!(
            titles(&library, &threads),
            [
                vec!["Morland teachers strike", "Morland teachers strike", "Teachers end Morland strike"],
                vec![
                    "Ferry sinks off Kaldvik, wreck found",
                    "Divers reach ferry wreck",
                    "Kaldvik ferry wreck inquiry opens"
                ],
            ]
        );
        assert_eq!((threads.total, threads.newest), (2, None));
        let [strike, ferry] = threads.threads.as_slice() else { panic!("two threads") };
        assert_eq!((strike.articles, ferry.articles, ferry.stories), (3, 3, 3));
        assert!(strike.stories < 3, "{}", strike.stories);
        assert_eq!(strike.sources, ["Post", "Wire"]);
        assert_eq!(ferry.sources, ["Wire", "Post"]);
        assert_eq!((ferry.last - ferry.first) / 86_400, 4);
        assert_eq!((ferry.curve.len(), ferry.curve.iter().sum::<u32>()), (PIECES, 3));
        let names: Vec<&str> = ferry.names.iter().map(|(_, facet)| facet.name.as_str()).collect();
        assert!(
            names.contains(&"Kaldvik") && names.contains(&"Sund Line") && names.contains(&"Ada Obi"),
            "{names:?}"
        );
        assert!(!names.contains(&"Lev Sund"), "one article mentions him");
        for (kind, facet) in &ferry.names {
            let FacetKind::Entity(_) = kind else { panic!("a name") };
            let both = query(&format!("story:{} \"{}\" group:off", ferry.id.0, facet.name));
            let page = library.page(&both, Window::First { limit: 9 });
            assert_eq!(page.total, Count::Exactly(facet.count), "{}", facet.name);
        }
        assert_eq!(library.threads("", ThreadOrder::Largest).total, 2);
    }
}

#[test]
fn a_thread_is_listed_with_the_articles_of_the_result() {
    for library in engines() {
        library.add(news());
        let threads = library.threads("source:wire", ThreadOrder::Newest);
        assert_eq!(threads.threads.iter().map(|thread| thread.articles).collect::<Vec<_>>(), [2]);
        assert_eq!(library.threads("source:wire date:2022-01-03", ThreadOrder::Newest).total, 0);
        // Whichever of its articles is named.
        let all = library.titles("story:121 group:off");
        for id in [122, 123] {
            assert_eq!(library.titles(&format!("story:{id} group:off")), all);
        }
        assert_eq!(library.titles("story:1"), ["Melon0 opened"]);
        assert_eq!(library.titles("story:999"), [""; 0]);
        assert_eq!(library.titles("story:ferry"), [""; 0]);
        assert_eq!(library.titles("-story:121 ferry").len(), 0);
    }
}

#[test]
fn an_article_knows_its_thread() {
    for library in engines() {
        library.add(news());
        let thread = library.thread(ArticleId(122)).expect("a thread");
        assert_eq!((thread.articles, thread.sources.len()), (3, 2));
        assert_eq!(Some(&thread), library.thread(ArticleId(123)).as_ref());
        assert_eq!(library.thread(ArticleId(1)), None);
        assert_eq!(library.thread(ArticleId(999)), None);
    }
}

#[test]
fn the_course_says_what_each_article_adds() {
    for library in engines() {
        library.add(news());
        let steps = library.course("story:121");
        let people: Vec<Vec<&str>> =
            steps.iter().map(|step| step.people.iter().map(|facet| facet.name.as_str()).collect()).collect();
        assert_eq!(people, [vec!["Ada Obi"], vec!["Lev Sund"], vec![]]);
        let quotes: Vec<Vec<&str>> =
            steps.iter().map(|step| step.quotes.iter().map(|quote| quote.text.as_str()).collect()).collect();
        assert_eq!(quotes, [vec!["we heard a bang"], vec!["the door was open"], vec!["nobody answered"]]);
        let steps = library.course("story:124");
        assert_eq!(steps.iter().map(|step| u64::from(step.row.copies) + 1).sum::<u64>(), 3);
        assert_eq!(steps.first().map(|step| step.copied_by.clone()), Some(vec!["Post".to_owned()]));
    }
}

#[test]
fn what_comes_later_goes_on_with_the_thread() {
    for library in engines() {
        let day = |(article, _): &(Article, Analysis)| article.date().expect("a day");
        let middle =
            DateTime::<Utc>::from_timestamp(1_640_995_200 + 5 * 86_400, 0).expect("a day").date_naive();
        let (early, late): (Vec<_>, Vec<_>) = news().into_iter().partition(|article| day(article) < middle);
        library.add(early);
        let before = library.threads("", ThreadOrder::Largest);
        assert_eq!(before.threads.iter().map(|thread| thread.articles).sum::<u64>(), 4);
        library.add(late);
        let after = library.threads("", ThreadOrder::Largest);
        assert_eq!(after.threads.iter().map(|thread| thread.articles).collect::<Vec<_>>(), [3, 3]);
        let ids = |threads: &Threads| threads.threads.iter().map(|thread| thread.id.0).collect::<Vec<_>>();
        let mut then = ids(&before);
        let mut now = ids(&after);
        then.sort_unstable();
        now.sort_unstable();
        assert_eq!(now, then, "a thread keeps its number");
        // A result without copies has the same threads.
        let off = Query { grouping: Grouping::Off, ..query("") };
        assert_eq!(
            library.0.threads(&off, ThreadOrder::Largest, 99, &Cancel::new()).expect("threads"),
            after
        );
    }
}

#[test]
fn utterances_are_counted_as_they_are_listed() {
    for library in engines() {
        library.add(news());
        for text in ["", "ferry", "by:obi", "person:obi", "story:122", "nothing-there"] {
            let query = query(text);
            let listed =
                library.0.utterances(&query, usize::MAX, &Cancel::new()).expect("utterances").len() as u64;
            let counted = library.0.count_utterances(&query, &Cancel::new()).expect("a count");
            assert_eq!(counted, listed, "{text}");
            assert_eq!(text == "nothing-there", counted == 0, "{text}");
        }
        // One article more.
        let before = library.0.count_utterances(&query(""), &Cancel::new()).expect("a count");
        library.add(vec![article(9, "Wire", "Port", "[Ada Obi|person] said <Ada Obi: yes> today")]);
        assert_eq!(library.0.count_utterances(&query(""), &Cancel::new()).expect("a count"), before + 1);
    }
}

#[test]
fn a_list_of_stories_has_a_row_for_each() {
    for library in engines() {
        library.add(news());
        let rows = |text: &str| -> Vec<String> {
            let page = library.page(&query(text), Window::First { limit: 200 });
            page.rows.iter().map(|row| format!("{} +{}", row.title, row.copies)).collect()
        };
        let of_threads = |rows: Vec<String>| -> Vec<String> {
            rows.into_iter().filter(|row| !row.ends_with(" opened +0")).collect()
        };
        let all = rows("group:story");
        assert_eq!(all.len(), 122, "120 articles that stand alone, and two stories");
        assert_eq!(
            of_threads(all),
            ["Teachers end Morland strike +2", "Kaldvik ferry wreck inquiry opens +2"]
        );
        // A story is shown by its newest article of the result.
        assert_eq!(
            of_threads(rows("group:story date:2022-01-03..2022-01-04")),
            ["Divers reach ferry wreck +1"]
        );
        assert_eq!(
            rows("group:story source:post"),
            ["Teachers end Morland strike +1", "Divers reach ferry wreck +0"]
        );
        assert_eq!(
            of_threads(rows("group:story sort:oldest")),
            of_threads(rows("group:story")).into_iter().rev().collect::<Vec<_>>()
        );
        let stories = query("group:story");
        let tally = library.0.tally(&stories, &Cancel::new()).expect("a tally");
        assert_eq!((tally.articles, tally.stories), (126, Some(122)));
        let facets = library.facets(&stories);
        assert_eq!((facets.total, facets.articles), (122, 126));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_index_lists_stories_as_reading_does(
        some in proptest::sample::subsequence((110usize..126).collect::<Vec<usize>>(), 0..=16),
        order in proptest::sample::select(vec!["", " sort:oldest", " sort:relevance"]),
        text in proptest::sample::select(vec!["", "ferry", "source:wire", "source:post", "since:2022-01-04", "person:obi", "\"the ferry\"", "-tag:kept"]),
        tagged in proptest::sample::select(vec!["Divers reach ferry wreck", "Morland teachers strike"]),
        at in 0usize..20,
    ) {
        let all = news();
        let [memory, store] = engines();
        let query = query(&format!("{text}{order} group:story"));
        for library in [&memory, &store] {
            library.add(some.iter().filter_map(|place| all.get(*place)).cloned().collect());
            library.mark(&Target::Matching(super::query(&format!("title:\"{tagged}\""))), Marking::Tag("kept".to_owned()));
        }
        let exact = |library: &Engine| library.page(&query, Window::Last { limit: 99 });
        let (read, indexed) = (exact(&memory), exact(&store));
        prop_assert_eq!(&read.rows, &indexed.rows);
        prop_assert_eq!(read.total, indexed.total);
        if let Some(row) = read.rows.get(at) {
            for window in [
                Window::Around { key: row.key, before: 2, after: 2 },
                Window::After { key: row.key, limit: 3 },
                Window::Before { key: row.key, limit: 3 },
            ] {
                prop_assert_eq!(memory.page(&query, window), store.page(&query, window));
            }
        }
        // Each story has one row, and the rows stand for all articles of the result.
        let stands: u64 = read.rows.iter().map(|row| 1 + u64::from(row.copies)).sum();
        let tally = store.0.tally(&query, &Cancel::new()).expect("a tally");
        prop_assert_eq!((tally.articles, tally.stories), (stands, Some(read.rows.len() as u64)));
        for row in &read.rows {
            if let Some(thread) = store.thread(row.key.id) {
                let own = super::query(&format!("{text} story:{} group:off", thread.id.0));
                let own = store.page(&own, Window::Last { limit: 99 });
                prop_assert_eq!(own.rows.len() as u64, 1 + u64::from(row.copies), "{}", &row.title);
            }
        }
        prop_assert_eq!(memory.facets(&query).total, store.facets(&query).total);
    }
}
