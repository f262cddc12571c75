//! Time and single names: what the store counts from its index is what comes out when the articles are read one by one.

use super::*;
use crate::listing::chronicle::{Chronicle, Grain, Telling, log_likelihood};
use crate::listing::profile::{NameDetail, NameOrder, PIECES};

impl Engine {
    fn chronicle(&self, query: &Query, grain: Option<Grain>, fits: usize) -> Chronicle {
        self.0.chronicle(query, grain, fits, &Cancel::new()).expect("a chronicle")
    }

    fn tell(&self, query: &Query, chronicle: &Chronicle) -> Vec<Telling> {
        self.0.tell(query, chronicle, 0..chronicle.bins.len(), &Cancel::new()).expect("told")
    }

    fn details(&self, query: &Query, kind: FacetKind, values: &[String]) -> Vec<NameDetail> {
        self.0.details(query, kind, values, &Cancel::new()).expect("details")
    }

    fn ranked(&self, kind: Kind, query: &Query, order: NameOrder) -> Vec<String> {
        let kind = FacetKind::Entity(kind);
        let names = self.0.ranked(kind, "", query, order, 99, &Cancel::new()).expect("names");
        names.into_iter().map(|facet| facet.name).collect()
    }
}

/// Articles over a year about a few people who do different things at different times.
fn year() -> Vec<(Article, Analysis)> {
    let mut news = Vec::new();
    for day in 0..364 {
        let who = match day / 7 {
            0..12 => "Harbour Board chairman [Ada Obi|person] spoke <Ada Obi: of the port>",
            12..26 => "[Lev Sund|person], minister of ports, met [Ada Obi|person] in [Oslo|place]",
            26..40 => "[Lev Sund|person] of [Norway|country=NO] said <Lev Sund: no> and <Lev Sund: never>",
            _ => "spokeswoman [Mira Obi|person] of [Kenya|country=KE] said so",
        };
        news.push(article(day, "Wire", &format!("Day {day}"), who));
        if day % 21 == 0 {
            let other = format!("Nothing about day {day} but [Kari Nord|person] in [Oslo|place]");
            news.push(article(day + 2, "Post", &format!("Other {day}"), &other));
        }
    }
    news
}

#[test]
fn bins_are_what_the_calendar_says() {
    for library in engines() {
        library.add(year());
        let of = |grain: Option<Grain>, fits: usize| library.chronicle(&query(""), grain, fits);
        let months = of(Some(Grain::Month), 0);
        assert_eq!(months.bins.len(), 12);
        assert_eq!(months.bins.iter().map(|bin| bin.count).sum::<u64>(), 382);
        for bin in &months.bins {
            let label = months.grain.label(bin.start);
            let page = library.page(&query(&format!("date:{}", &label[..7])), Window::First { limit: 0 });
            assert_eq!(page.total, Count::Exactly(bin.count), "{label}");
        }
        assert_eq!(of(None, 12).grain, Grain::Month);
        assert_eq!(of(None, 60).grain, Grain::Week);
        assert_eq!(of(None, 4).grain, Grain::Year);
        assert_eq!(library.chronicle(&query("absent"), None, 9).bins, []);
    }
}

/// The score of each name in each bin, counted by reading.
fn scored(news: &[(Article, Analysis)], chronicle: &Chronicle, at: usize) -> Vec<(f64, String)> {
    let bins: Vec<Vec<&(Article, Analysis)>> = chronicle
        .bins
        .iter()
        .map(|bin| {
            let of = |(article, _): &&(Article, Analysis)| {
                article.published.is_some_and(|time| chronicle.grain.start(time.timestamp()) == bin.start)
            };
            news.iter().filter(of).collect()
        })
        .collect();
    let near = at.saturating_sub(3)..(at + 4).min(bins.len());
    let others: Vec<&(Article, Analysis)> =
        near.filter(|bin| *bin != at).flat_map(|bin| bins[bin].iter().copied()).collect();
    let with = |articles: &[&(Article, Analysis)], name: &str| {
        let has = |(_, analysis): &&&(Article, Analysis)| {
            analysis.entities.iter().any(|entity| entity.name == name)
        };
        articles.iter().filter(has).count() as u32
    };
    let names: std::collections::BTreeSet<&str> = bins[at]
        .iter()
        .flat_map(|(_, analysis)| &analysis.entities)
        .map(|entity| entity.name.as_str())
        .collect();
    let mut scored: Vec<(f64, String)> = names
        .into_iter()
        .filter(|name| with(&bins[at], name) > 1)
        .map(|name| {
            let here = (with(&bins[at], name), bins[at].len() as u32);
            (log_likelihood(here, (with(&others, name), others.len() as u32)), name.to_owned())
        })
        .filter(|(score, _)| *score >= 3.84)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    scored
}

#[test]
fn a_bin_tells_what_sets_it_apart() {
    let library = Engine(Library::temporary().expect("a library"));
    let news = year();
    library.add(news.clone());
    let chronicle = library.chronicle(&query(""), Some(Grain::Month), 0);
    let told = library.tell(&query(""), &chronicle);
    assert_eq!(told.len(), 12);
    let mut telling = 0;
    for (at, found) in told.iter().enumerate() {
        let expected = scored(&news, &chronicle, at);
        telling += expected.len();
        assert_eq!(found.names.len(), expected.len().min(6), "{at}");
        for (name, (score, _)) in found.names.iter().zip(&expected) {
            assert!((name.score - score).abs() < 1e-9, "{at}: {name:?}, not {expected:?}");
            assert!(expected.iter().any(|(_, other)| *other == name.name));
        }
        let headline = found.headline.as_ref().expect("each bin has articles");
        let there = library.load(headline.key.id.0).expect("there");
        assert_eq!(there.article.title, headline.title);
        assert_eq!(
            chronicle.grain.start(there.article.published.expect("a date").timestamp()),
            chronicle.bins[at].start
        );
    }
    assert!(telling > 5, "{telling}");
    // Some bins only, and none.
    let some = library.0.tell(&query(""), &chronicle, 3..5, &Cancel::new()).expect("told");
    assert_eq!(some, told[3..5]);
    assert_eq!(library.0.tell(&query(""), &chronicle, 40..50, &Cancel::new()).expect("told"), []);
}

#[test]
fn the_headline_is_of_the_story_told_most() {
    let library = Engine(Library::temporary().expect("a library"));
    let body = "The harbour of the city will be closed for three weeks from Monday because the cranes at the \
                eastern quay have to be replaced before the winter, the board of the port told ship owners in a \
                letter. Ferries to the islands will leave from the fishing port at the usual times, with one boat \
                fewer on Sundays, and freight for the north goes by rail until the work is done in November.";
    let mut news = vec![article(0, "Post", "Alone", "[Ada Obi|person] was alone in [Oslo|place]")];
    for (at, source) in ["Wire", "Post", "East"].into_iter().enumerate() {
        let mut copy = article(1, source, "Harbour closed", body);
        copy.0.guid = Some(at.to_string());
        news.push(copy);
    }
    library.add(news);
    let chronicle = library.chronicle(&query(""), Some(Grain::Month), 0);
    let told = library.tell(&query(""), &chronicle);
    let headline = told[0].headline.as_ref().expect("a headline");
    assert_eq!((headline.title.as_str(), headline.articles), ("Harbour closed", 3));
}

#[test]
fn names_have_their_details() {
    let library = Engine(Library::temporary().expect("a library"));
    library.add(year());
    let people = FacetKind::Entity(Kind::Person);
    let details = library.details(&query(""), people, &["Ada Obi".to_owned(), "Lev Sund".to_owned()]);
    let [ada, lev] = details.as_slice() else { panic!("{details:?}") };
    assert_eq!((ada.articles, ada.quotes, lev.articles, lev.quotes), (182, 84, 196, 196));
    assert_eq!(ada.described, [("Harbour Board chairman".to_owned(), 84)]);
    assert_eq!(lev.described, [("minister of ports".to_owned(), 98)]);
    assert_eq!(ada.curve.iter().sum::<u32>(), 182);
    assert_eq!(ada.curve.len(), PIECES);
    assert!(ada.rising < 0.0 && ada.curve[0] > 0 && ada.curve[PIECES - 1] == 0);
    let orders = [
        (NameOrder::Quotes, "Lev Sund"),
        (NameOrder::Newest, "Mira Obi"),
        (NameOrder::Rising, "Mira Obi"),
        (NameOrder::Count, "Lev Sund"),
    ];
    for (order, first) in orders {
        assert_eq!(library.ranked(Kind::Person, &query(""), order)[0], first, "{order:?}");
    }
    let country = FacetKind::Entity(Kind::Country);
    let norway = library.details(&query(""), country, &["NO".to_owned()]).remove(0);
    assert_eq!(norway.articles, 98);
}

#[test]
fn a_profile_is_of_the_articles_that_mention_the_name() {
    for library in engines() {
        library.add(year());
        let of = |query: &Query, kind: Kind, value: &str| {
            library.0.profile(query, FacetKind::Entity(kind), value, &Cancel::new()).expect("a profile")
        };
        let lev = of(&query(""), Kind::Person, "Lev Sund").expect("he is there");
        assert_eq!((lev.name.count, lev.detail.articles), (196, 196));
        let with: Vec<(&str, u64)> =
            lev.people.iter().map(|facet| (facet.name.as_str(), facet.count)).collect();
        assert_eq!(with, [("Ada Obi", 98)]);
        assert!(lev.said.iter().all(|quote| quote.speaker.as_deref() == Some("Lev Sund")));
        assert_eq!(lev.latest[0].title, "Day 279");
        // Where two meet.
        let both = of(&query("person:\"Ada Obi\""), Kind::Person, "Lev Sund").expect("they meet");
        assert_eq!(both.detail.articles, 98);
        assert!(of(&query("person:\"Mira Obi\""), Kind::Person, "Lev Sund").is_none());
        assert!(of(&query(""), Kind::Person, "Nobody There").is_none());
    }
}

/// News of a few people at any time.
fn some_news() -> impl Strategy<Value = Vec<(Article, Analysis)>> {
    let bodies = proptest::sample::select(vec![
        "[Ada Obi|person] of [Norway|country=NO] <Ada Obi: left> and <Ada Obi: came>",
        "chairman [Ada Obi|person] and [Lev Sund|person], the minister of ports, in [Oslo|place]",
        "[Obi|person] in [Kenya|country=KE]",
        "minister [Lev Sund|person] of [Harbour Board|org] <Lev Sund: no>",
        "nobody",
    ]);
    let one = (-1i64..400, bodies);
    proptest::collection::vec(one, 1..14).prop_map(|days| {
        let news = days.into_iter().enumerate();
        news.map(|(at, (day, body))| {
            let mut news = article(day, "Wire", &format!("News {at}"), body);
            news.0.guid = Some(at.to_string());
            news
        })
        .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_index_counts_what_reading_counts(news in some_news(), gone in 0usize..14, at in 0usize..5, text in
        proptest::sample::select(vec!["", "person:obi", "country:NO", "since:2022-06", "group:off", "-oslo"])) {
        let grain = Grain::ALL.get(at).copied();
        let [memory, store] = engines();
        let query = query(text);
        for library in [&memory, &store] {
            library.add(news.clone());
            // What comes again has another number in the index.
            if let Some((article, analysis)) = news.get(gone) {
                let article = Article { title: "Other".to_owned(), ..article.clone() };
                library.add(vec![(article, analysis.clone())]);
            }
        }
        for (grain, fits) in [(grain, 0), (None, 3), (None, 12), (None, 40)] {
            prop_assert_eq!(memory.chronicle(&query, grain, fits), store.chronicle(&query, grain, fits), "{}", text);
        }
        for kind in Kind::ALL {
            let names = store.names(FacetKind::Entity(kind), "", &query, 9);
            let values: Vec<String> = names.into_iter().map(|facet| facet.value).collect();
            let read = memory.details(&query, FacetKind::Entity(kind), &values);
            let counted = store.details(&query, FacetKind::Entity(kind), &values);
            for ((value, read), counted) in values.iter().zip(read).zip(counted) {
                prop_assert!((read.rising - counted.rising).abs() < 1e-6);
                let same = NameDetail { rising: counted.rising, ..read };
                prop_assert_eq!(same, counted, "{} {}", value, text);
            }
            for order in NameOrder::ALL {
                let ranked = store.ranked(kind, &query, order);
                let all: Vec<String> = store.names(FacetKind::Entity(kind), "", &query, 99).into_iter().map(|facet| facet.name).collect();
                prop_assert!(ranked.iter().all(|name| all.contains(name)));
            }
            let chronicle = store.chronicle(&query, Some(Grain::Month), 0);
            let over = |library: &Engine| {
                library.0.over_time(&query, &chronicle, FacetKind::Entity(kind), &values, &Cancel::new()).expect("counted")
            };
            prop_assert_eq!(over(&memory), over(&store));
        }
    }
}
