//! What a library answers: the store in its file, and the double in memory, which works by other means.
//!
//! Over 500 lines because the articles that are made here and both libraries serve all of the tests.

mod boards;
mod changes;
mod desk;
mod holds;
mod identity;
mod sight;
mod sources;
pub(in crate::library) mod stories;
pub mod threads;

use super::*;
use crate::annotation::{Analysis, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind, Speaker};
use crate::article::{Article, ArticleId};
use crate::language::LanguageCode;
use crate::listing::{Count, Facet, FacetKind, Facets, Key, Page, Tally, Window};
use crate::query::Query;
use crate::query::complete::Role;
use crate::query::matching::{Candidate, Meaning, holds};
use crate::text::{Span, fold};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

/// The day of an article without a date, for [`article`].
const UNDATED: i64 = -1;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day")
}

pub(super) fn query(text: &str) -> Query {
    Query::parse(text, today()).0
}

/// An article on day `day` of 2022 whose body is `marked`: `[Ada Obi|person]`, `[Ruritania|country=RU]`
/// and `<Ada Obi: words>` for a quote by the entity of that name.
pub fn article(day: i64, source: &str, title: &str, marked: &str) -> (Article, Analysis) {
    let mut analysis = Analysis::default();
    let mut body = String::new();
    let mut open_quote = None;
    let mut rest = marked;
    while let Some(c) = rest.chars().next() {
        if let Some((inner, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let (name, kind) = inner.split_once('|').expect("name|kind");
            let start = body.len();
            body.push_str(name);
            let entity = entity(&mut analysis, name, kind);
            analysis.mentions.push(Mention {
                field: Field::Body,
                span: Span::new(start, body.len()),
                entity,
            });
            rest = after;
        } else if let Some((speaker, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once(": ")) {
            open_quote = Some((body.len(), speaker));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('>') {
            let (start, speaker) = open_quote.take().expect("an open quote");
            let named = analysis.entities.iter().position(|entity| entity.name == speaker);
            let speaker = named.map_or_else(
                || Speaker::Description(speaker.to_owned()),
                |place| Speaker::Entity(EntityIndex(place as u32)),
            );
            let span = Span::new(start, body.len());
            let (kind, field) = (QuoteKind::Direct, Field::Body);
            analysis.quotes.push(Quote {
                kind,
                field,
                span,
                speaker: Some(speaker),
                guess: None,
                confidence: 100,
            });
            rest = after;
        } else {
            body.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    analysis.countries = analysis.entities.iter().filter_map(|entity| entity.code).collect();
    analysis.countries.sort_unstable();
    let published =
        DateTime::<Utc>::from_timestamp(1_640_995_200 + day * 86_400, 0).filter(|_| day != UNDATED);
    let article = Article {
        path: None,
        url: None,
        guid: None,
        source: source.to_owned(),
        title: title.to_owned(),
        author: None,
        language: None,
        published,
        body,
    };
    (article, analysis)
}

fn entity(analysis: &mut Analysis, name: &str, kind: &str) -> EntityIndex {
    let (kind, code) = match kind.split_once('=') {
        Some((_, code)) => (Kind::Country, crate::annotation::CountryCode::new(code)),
        None if kind == "person" => (Kind::Person, None),
        None if kind == "place" => (Kind::Place, None),
        None => (Kind::Org, None),
    };
    let found = analysis.entities.iter().position(|entity| entity.name == name && entity.kind == kind);
    let place = found.unwrap_or_else(|| {
        let salience = if analysis.entities.is_empty() { 0.9 } else { 0.1 };
        analysis.entities.push(Entity { kind, name: name.to_owned(), code, country: None, salience });
        analysis.entities.len() - 1
    });
    EntityIndex(place as u32)
}

/// A library whose answers are unwrapped.
struct Engine(Library);

/// The double in memory, and the store.
fn engines() -> [Engine; 2] {
    let memory = Library(Arc::new(memory::Memory::default()));
    [Engine(memory), Engine(Library::temporary().expect("a library"))]
}

impl Engine {
    fn add(&self, batch: Vec<(Article, Analysis)>) -> Added {
        self.0.add(batch).expect("added")
    }

    fn page(&self, query: &Query, window: Window) -> Page {
        self.0.page(query, window, &Cancel::new()).expect("a page")
    }

    fn facets(&self, query: &Query) -> Facets {
        self.0.facets(query, &Cancel::new()).expect("facets")
    }

    fn names(&self, kind: FacetKind, typed: &str, query: &Query, limit: usize) -> Vec<Facet> {
        self.0.names(kind, typed, query, limit, &Cancel::new()).expect("names")
    }

    /// How many names of each kind there are; a law holds on to it that as many are listed.
    fn counted_names(&self, query: &Query) -> Vec<u64> {
        let entities = Kind::ALL.into_iter().map(FacetKind::Entity);
        let count = |kind| {
            let counted = self.0.count_names(kind, query, &Cancel::new()).expect("a count");
            assert_eq!(counted, self.names(kind, "", query, usize::MAX).len() as u64, "{kind:?} {query}");
            counted
        };
        entities.chain([FacetKind::Source, FacetKind::Tag, FacetKind::Language]).map(count).collect()
    }

    fn named_as(&self, role: Role, typed: &str, query: &Query) -> Vec<Facet> {
        self.0.named_as(role, typed, query, 9, &Cancel::new()).expect("names")
    }

    fn timeline(&self, query: &Query) -> Vec<(NaiveDate, u64)> {
        self.0.timeline(query, &Cancel::new()).expect("days")
    }

    fn quotes(&self, query: &Query, limit: usize) -> Vec<QuoteRow> {
        self.0.quotes(query, limit, &Cancel::new()).expect("quotes")
    }

    fn mark(&self, target: &Target, marking: Marking) -> Marked {
        self.0.mark(target, marking).expect("marked")
    }

    fn undo(&self) -> Option<Marked> {
        self.0.undo().expect("undone")
    }

    fn redo(&self) -> Option<Marked> {
        self.0.redo().expect("redone")
    }

    fn titles(&self, text: &str) -> Vec<String> {
        let page = self.page(&query(text), Window::First { limit: 99 });
        page.rows.into_iter().map(|row| row.title).collect()
    }

    fn load(&self, id: i64) -> Option<Stored> {
        self.0.load(ArticleId(id)).expect("loaded")
    }
}

/// Three articles of invented news.
fn fill(library: &Engine) {
    let added = library.add(vec![
        article(0, "North Wire", "Gas talks", "[Ada Obi|person] met [Lev Sund|person] in [Besançon|place] on gas."),
        article(
            1,
            "North Wire",
            "Summit ends",
            "[Ada Obi|person] of [Grain Union|org] said <Ada Obi: the talks on gas with [Norway|country=NO] failed>. \
             <a senior official: No deal on grain>",
        ),
        article(2, "South Post", "Grain", "[Mira Obi|person] praised [Grain Union Council|org]; gas prices rose"),
    ]);
    assert_eq!(added, Added { new: 3, ..Added::default() });
}

/// The titles of the result, newest first.
fn check(cases: &[(&str, &[&str])]) {
    for library in engines() {
        fill(&library);
        for (text, expected) in cases {
            let page = library.page(&query(text), Window::First { limit: 10 });
            let titles: Vec<&str> = page.rows.iter().map(|row| row.title.as_str()).collect();
            assert_eq!(titles, *expected, "{text}");
            assert_eq!(page.total, Count::Exactly(expected.len() as u64), "{text}");
        }
    }
}

#[test]
fn words_and_phrases() {
    check(&[
        ("", &["Grain", "Summit ends", "Gas talks"]),
        ("gas", &["Grain", "Summit ends", "Gas talks"]),
        ("title:gas", &["Gas talks"]),
        ("\"gas prices\"", &["Grain"]),
        ("\"gas pri\"*", &["Grain"]),
        ("BESANCON", &["Gas talks"]),
        ("gas -prices", &["Summit ends", "Gas talks"]),
        ("prices OR title:gas", &["Grain", "Gas talks"]),
        ("-gas", &[]),
    ]);
}

#[test]
fn names() {
    check(&[
        ("person:\"Ada Obi\"", &["Summit ends", "Gas talks"]),
        ("person:obi", &["Grain", "Summit ends", "Gas talks"]),
        ("org:\"grain union\"", &["Summit ends"]),
        ("org:council", &["Grain"]),
        ("country:no", &["Summit ends"]),
        ("country:norw", &["Summit ends"]),
        ("about:\"Ada Obi\"", &["Summit ends", "Gas talks"]),
        ("about:\"Lev Sund\"", &[]),
        ("-person:obi", &[]),
        ("person:nobody", &[]),
    ]);
}

#[test]
fn quotes_dates_and_sources() {
    check(&[
        ("by:obi said:gas of:norway", &["Summit ends"]),
        ("by:obi said:grain", &[]),
        ("by:official said:\"no deal\"", &["Summit ends"]),
        ("(by:obi) (said:grain)", &["Summit ends"]),
        ("has:quote", &["Summit ends"]),
        ("newer:99", &[]),
        ("since:2022-01-02", &["Grain", "Summit ends"]),
        ("before:2022-01-02", &["Gas talks"]),
        ("source:wire", &["Summit ends", "Gas talks"]),
    ]);
}

#[test]
fn one_person_is_one_facet() {
    for library in &engines() {
        library.add(vec![
            article(0, "Wire", "One", "[Ada J. Obi|person] spoke"),
            article(1, "Wire", "Two", "[Ada Obi|person] and [Mira Berg|person] spoke"),
            article(2, "Wire", "Three", "[Ada Obi|person] spoke"),
            article(3, "Wire", "Four", "[Obi|person] spoke"),
            article(4, "Wire", "Five", "[Berg|person] spoke"),
            article(4, "Wire", "Six", "[Lev Berg|person] spoke"),
        ]);
        let facets = library.facets(&query("source:wire"));
        let people: Vec<(&str, u64)> =
            facets.people.iter().map(|facet| (facet.name.as_str(), facet.count)).collect();
        // `Berg` can be short for two.
        assert_eq!(people, [("Ada Obi", 4), ("Berg", 1), ("Lev Berg", 1), ("Mira Berg", 1)]);
        assert_eq!(library.counted_names(&query("source:wire"))[0], 4);
        let kind = FacetKind::Entity(Kind::Person);
        assert_eq!(library.names(kind, "", &query("source:wire"), 9), facets.people);
        assert_eq!(library.names(kind, "j", &query("source:wire"), 9), facets.people[..1]);
        // The facet filters by all of them.
        let narrowed = query("source:wire").require(kind, &facets.people[0].value);
        assert_eq!(library.page(&narrowed, Window::First { limit: 9 }).rows.len(), 4);
        assert_eq!(narrowed.to_string(), "source:wire person:\"Ada Obi\"");
        // Who is who does not depend on the result.
        let facets = library.facets(&query("six OR five"));
        assert_eq!(facets.people.iter().map(|facet| facet.count).collect::<Vec<u64>>(), [1, 1]);
    }
}

#[test]
fn whom_a_person_holds_apart_the_facets_hold_apart() {
    let library = Library::temporary().expect("a library");
    let articles = [
        article(0, "Wire", "One", "[Jonas Berg|person] spoke"),
        article(1, "Wire", "Two", "[J. Berg|person] spoke"),
        article(2, "Wire", "Three", "[Jonas Berg|person] left"),
    ];
    library.add(articles.into()).expect("added");
    let people = || {
        let facets = library.facets(&query(""), &Cancel::new()).expect("facets");
        facets.people.iter().map(|facet| format!("{} {}", facet.value, facet.count)).collect::<Vec<_>>()
    };
    // The second time they are those that were kept.
    for _ in 0..2 {
        assert_eq!(people(), ["Jonas Berg 3"]);
    }
    library.keep_names_text("\"J. Berg\" = { apart = [\"Jonas Berg\"] }\n").expect("kept");
    for _ in 0..2 {
        assert_eq!(people(), ["Jonas Berg 2", "J. Berg 1"]);
    }
    library.keep_names_text("").expect("kept");
    assert_eq!(people(), ["Jonas Berg 3"]);
}

#[test]
fn forms_of_one_name_are_one_entry_with_one_count() {
    for library in &engines() {
        library.add(vec![
            article(0, "Wire", "One", "[Mohammed bin Tarek|person] of [UN|org]: <Mohammed bin Tarek: yes>"),
            article(1, "Wire", "Two", "[bin Tarek|person] at the [United Nations|org]: <bin Tarek: no>"),
            article(2, "Wire", "Three", "[Mohamad bin Tarek|person], [Tarek|person] and the [U.N.|org]"),
            article(3, "Wire", "Four", "[Amanda|person] and [bin Tarek|person]"),
            article(4, "Wire", "Five", "[Amanda|person], [UN|org] and [United Nations|org]"),
        ]);
        let told = |kind, typed: &str| -> Vec<String> {
            let names = library.names(FacetKind::Entity(kind), typed, &query(""), 9);
            names.iter().map(|facet| format!("{} {}", facet.name, facet.count)).collect()
        };
        // Nobody knows whether the two Amandas are one.
        assert_eq!(told(Kind::Person, ""), ["Mohammed bin Tarek 4", "Amanda 1", "Tarek 1"]);
        assert_eq!(told(Kind::Org, ""), ["United Nations 4"]);
        assert_eq!(told(Kind::Org, "u"), ["United Nations 4"]);
        for (text, found) in [
            ("person:\"Mohamad bin Tarek\"", 4),
            ("person:\"bin Tarek\"", 4),
            ("org:UN", 4),
            ("about:\"Mohammed bin Tarek\"", 3),
            ("by:\"Mohamad bin Tarek\"", 2),
            ("-org:UN", 1),
        ] {
            let page = library.page(&query(text), Window::First { limit: 9 });
            assert_eq!(page.rows.len(), found, "{text}");
        }
        assert_eq!(library.counted_names(&query("org:UN"))[0], 3);
    }
}

#[test]
fn bodies_that_every_country_has_are_told_apart() {
    let of = |day, country: Option<&str>| {
        let (article, mut analysis) =
            article(day, "Wire", &format!("Ruling {day}"), "the [Supreme Court|org] ruled");
        analysis.entities[0].country = country.and_then(crate::annotation::CountryCode::new);
        (article, analysis)
    };
    for library in &engines() {
        library.add(vec![of(0, Some("IN")), of(1, Some("IN")), of(2, Some("GH")), of(3, None)]);
        let names = library.names(FacetKind::Entity(Kind::Org), "", &query(""), 9);
        let told: Vec<String> = names.iter().map(|facet| format!("{} {}", facet.name, facet.count)).collect();
        assert_eq!(told, ["Supreme Court (India) 2", "Supreme Court 1", "Supreme Court (Ghana) 1"]);
        for (text, found) in [("org:\"Supreme Court\"", 4), ("org:\"Supreme Court (India)\"", 2)] {
            let page = library.page(&query(text), Window::First { limit: 9 });
            assert_eq!(page.rows.len(), found, "{text}");
        }
    }
}

#[test]
fn facets_count_the_result() {
    for library in engines() {
        fill(&library);
        let facets = library.facets(&query("source:wire"));
        let told: Vec<String> =
            [&facets.people, &facets.countries, &facets.orgs, &facets.places, &facets.sources]
                .into_iter()
                .flatten()
                .map(|facet| format!("{}={} {}", facet.name, facet.value, facet.count))
                .collect();
        assert_eq!(
            told,
            [
                "Ada Obi=Ada Obi 2",
                "Lev Sund=Lev Sund 1",
                "Norway=NO 1",
                "Grain Union=Grain Union 1",
                "Besançon=Besançon 1",
                "North Wire=North Wire 2"
            ]
        );
        let people = FacetKind::Entity(Kind::Person);
        let names = library.names(people, "ob", &query(""), 9);
        assert_eq!(
            names.iter().map(|facet| facet.name.as_str()).collect::<Vec<_>>(),
            ["Ada Obi", "Mira Obi"]
        );
    }
}

/// Completion of `by:` counts the articles that it would find, not those that mention the name.
#[test]
fn names_are_counted_in_their_roles() {
    for library in engines() {
        for (place, text) in [
            "<Ada Obi: gas for [Lev Sund|person]> in [Oslo|place]",
            "[Ada Obi|person] and [Lev Sund|person]",
            "[Lev Sund|person] alone",
            "<Lev Sund: no gas> and <Ada Obi: gas>",
            "<Ada Obi: grain> said [Ada Obi|person]",
        ]
        .into_iter()
        .enumerate()
        {
            library.add(vec![article(1, "Wire", &format!("Title {place}"), text)]);
        }
        let named = |role, typed: &str, text: &str| -> Vec<String> {
            let facets = library.named_as(role, typed, &query(text));
            facets.iter().map(|facet| format!("{} {}", facet.name, facet.count)).collect()
        };
        assert_eq!(named(Role::Speaker, "", ""), ["Ada Obi 3", "Lev Sund 1"]);
        assert_eq!(named(Role::Speaker, "su", ""), ["Lev Sund 1"]);
        assert_eq!(named(Role::Speaker, "", "said:grain"), ["Ada Obi 1"]);
        assert_eq!(named(Role::SpokenOf, "", ""), ["Lev Sund 1"]);
        for (name, field) in [("Ada Obi", "by"), ("Lev Sund", "by"), ("Lev Sund", "of")] {
            let found =
                library.page(&query(&format!("{field}:\"{name}\" group:off")), Window::First { limit: 9 });
            let role = if field == "by" { Role::Speaker } else { Role::SpokenOf };
            assert!(named(role, "", "").contains(&format!("{name} {}", found.rows.len())), "{field} {name}");
        }
    }
}

#[test]
fn windows_page_by_key() {
    for library in engines() {
        fill(&library);
        let page = |window| library.page(&query(""), window);
        let first = page(Window::First { limit: 1 });
        let key = first.rows[0].key;
        let next = page(Window::After { key, limit: 5 });
        assert_eq!((next.offset, next.rows.len()), (1, 2));
        let back = page(Window::Before { key: next.rows[1].key, limit: 1 });
        assert_eq!((back.offset, back.rows[0].title.as_str()), (1, "Summit ends"));
        let around = page(Window::Around { key: back.rows[0].key, before: 1, after: 1 });
        assert_eq!((around.offset, around.rows.len()), (0, 3));
        assert_eq!(page(Window::Last { limit: 2 }).offset, 1);
    }
}

#[test]
fn the_same_article_again_is_updated_and_keeps_its_marks() {
    for library in engines() {
        let mut first = article(0, "North Wire", "Gas", "[Ada Obi|person] on gas");
        first.0.url = Some("https://news.example/1".to_owned());
        let mut second = article(0, "North Wire", "Grain", "[Lev Sund|person] on grain");
        second.0.url.clone_from(&first.0.url);
        library.add(vec![first.clone()]);
        let id = ArticleId(1);
        library.mark(&Target::These(vec![id]), Marking::Read);
        assert_eq!(library.add(vec![first]), Added { unchanged: 1, ..Added::default() });
        assert_eq!(library.add(vec![second]), Added { updated: 1, ..Added::default() });
        let titles = |text: &str| {
            let page = library.page(&query(text), Window::First { limit: 9 });
            page.rows.into_iter().map(|row| row.title).collect::<Vec<_>>()
        };
        assert_eq!(titles("gas"), [""; 0]);
        assert_eq!(titles("person:obi"), [""; 0]);
        assert_eq!(titles("grain person:sund is:read"), ["Grain"]);
    }
}

const TWO: Tally = Tally { articles: 2, stories: Some(2) };

#[test]
fn marks_are_undone_and_redone() {
    for library in engines() {
        fill(&library);
        let count = |text: &str| library.page(&query(text), Window::First { limit: 0 }).total;
        library.mark(&Target::These(vec![ArticleId(1)]), Marking::Read);
        let all = library.mark(&Target::Matching(query("gas")), Marking::Read);
        assert_eq!(all.changed, TWO);
        library.mark(&Target::Matching(query("grain")), Marking::Tag("later".to_owned()));
        assert_eq!((count("is:read"), count("#LATER")), (Count::Exactly(3), Count::Exactly(2)));
        library.undo();
        let undone = library.undo().expect("a change");
        assert_eq!(undone, Marked { marking: Marking::Read, changed: TWO });
        assert_eq!((count("is:read"), count("#later")), (Count::Exactly(1), Count::Exactly(0)));
        library.redo();
        assert_eq!(count("is:unread"), Count::Exactly(0));
        assert_eq!(library.redo().map(|marked| marked.changed), Some(TWO));
        assert_eq!(library.redo(), None);
    }
}

#[test]
fn the_same_story_from_several_sources_is_one_row() {
    let story = "The harbour of Port Sund will close for three weeks from Monday while divers look for \
        the anchor that a freighter lost there in the storm of last week, the harbour office said. \
        Ships for the north will be sent to the old quay, where cranes are being set up, and the ferry \
        to the islands will sail from the fishing port at the usual times, with one boat fewer on Sundays.";
    let copy = story.replace("divers look for", "divers search for");
    let late = "The ferry to the islands will not sail on Sunday, as its crew is on strike for more pay.";
    let library = Library::temporary().expect("a library");
    library
        .add(vec![article(0, "North Wire", "Harbour", story), article(1, "Post", "Ferry", late)])
        .expect("added");
    library
        .add(vec![article(1, "South Post", "Harbour closed", &copy), article(1, "East", "Harbour", &copy)])
        .expect("added");
    library.add(vec![article(200, "Archive", "Harbour again", story)]).expect("added");
    let told = |text: &str| {
        let page = library.page(&query(text), Window::First { limit: 9 }, &Cancel::new()).expect("a page");
        let rows = page.rows.iter().map(|row| format!("{} +{}", row.source, row.copies));
        assert_eq!(page.total, Count::Exactly(page.rows.len() as u64));
        rows.collect::<Vec<_>>()
    };
    assert_eq!(told("harbour"), ["Archive +0", "North Wire +2"]);
    assert_eq!(told("search"), ["South Post +1"]);
    assert_eq!(told("harbour group:off"), ["Archive +0", "East +0", "South Post +0", "North Wire +0"]);
}

/// What names mean, told without an index.
struct Naive(Vec<(Article, Analysis)>);

impl Naive {
    fn forms(&self, kind: Kind) -> Vec<String> {
        let entities = self.0.iter().flat_map(|(_, analysis)| &analysis.entities);
        entities
            .filter(|entity| entity.kind == kind)
            .map(|entity| fold::words(&entity.name).join(" "))
            .collect()
    }
}

impl Naive {
    /// The kind and the form under which the entity with a form is shown.
    fn shown(&self, kind: Kind, form: &str) -> (Kind, String) {
        let mut known: Vec<same::Known> = Vec::new();
        let form_of = |name: &str| fold::words(name).join(" ");
        for (_, analysis) in &self.0 {
            for entity in analysis.entities.iter().filter(|entity| entity.code.is_none()) {
                let (kind, name) = (entity.kind, entity.name.clone());
                let is =
                    |known: &&mut same::Known| known.kind == kind && form_of(&known.name) == form_of(&name);
                match known.iter_mut().find(is) {
                    Some(known) => known.articles += 1,
                    None => {
                        known.push(same::Known { entity: known.len() as u32, kind, name, articles: 1 });
                    }
                }
            }
        }
        let same = same::Same::new(&known, &[], &crate::persons::Apart::default());
        let is = |known: &same::Known| known.kind == kind && form_of(&known.name) == form;
        let place = known.iter().position(is).map(|place| &known[same.of(place as u32) as usize]);
        place.map_or_else(|| (kind, form.to_owned()), |known| (known.kind, form_of(&known.name)))
    }
}

impl Meaning for Naive {
    fn is_country(&self, name: &str, code: crate::annotation::CountryCode) -> bool {
        name.eq_ignore_ascii_case(code.as_str())
    }

    fn is_entity(&self, name: &str, kinds: &[Kind], entity: &Entity) -> bool {
        let words = fold::words(name);
        let name = words.join(" ");
        let own = self.shown(entity.kind, &fold::words(&entity.name).join(" "));
        kinds.iter().any(|kind| {
            let forms = self.forms(*kind);
            let one = *kind == Kind::Person && words.len() == 1;
            let is_meant = |form: &str| {
                if !one && forms.contains(&name) {
                    return name == form;
                }
                if forms.iter().any(|form| holds(form, &name)) {
                    return holds(form, &name);
                }
                words.iter().all(|word| form.split(' ').any(|part| part.starts_with(word.as_str())))
            };
            forms.iter().any(|form| is_meant(form) && self.shown(*kind, form) == own)
        })
    }

    fn is_source(&self, name: &str, source: &str) -> bool {
        let exact = self.0.iter().any(|(article, _)| fold::fold(&article.source) == fold::fold(name));
        if exact { fold::fold(source) == fold::fold(name) } else { holds(source, name) }
    }
}

#[test]
fn articles_without_a_date_come_last_and_are_in_no_day() {
    for library in engines() {
        library.add(vec![
            article(UNDATED, "Wire", "Grain prices", "One."),
            article(3, "Wire", "Gas talks", "Two."),
            article(1, "Wire", "Gas talks go on", "Three."),
        ]);
        library.add(vec![article(UNDATED, "Wire", "Old grain", "Four.")]);
        let ids = |text: &str| -> Vec<i64> {
            let page = library.page(&query(text), Window::First { limit: 9 });
            page.rows.iter().map(|row| row.key.id.0).collect()
        };
        assert_eq!(ids(""), [2, 3, 4, 1]);
        for days in ["since:1900", "before:2100", "until:2022-01-05", "date:2022-01", "date:1000..2200"] {
            assert_eq!(ids(days), [2, 3], "{days}");
        }
        assert_eq!(ids("-since:1900"), [4, 1]);
        let days: Vec<String> = library.timeline(&query("")).iter().map(|(day, _)| day.to_string()).collect();
        assert_eq!(days, ["2022-01-02", "2022-01-04"]);
        let undated = Key { published: None, id: ArticleId(4) };
        let around = library.page(&query(""), Window::Around { key: undated, before: 1, after: 1 });
        let keys: Vec<i64> = around.rows.iter().map(|row| row.key.id.0).collect();
        assert_eq!((keys, around.offset), (vec![3, 4, 1], 1));
        let stored = library.0.load(ArticleId(1)).expect("loaded").expect("an article");
        assert_eq!(stored.article.published, None);
        let (same, _) = article(UNDATED, "Wire", "Grain prices", "One.");
        assert_eq!(
            library.0.seen(std::slice::from_ref(&same)).expect("seen"),
            [crate::library::sources::Seen::Same]
        );
        // Nothing says that they are old.
        assert_eq!(
            library.0.forget("Wire", "2022-01-03T00:00:00Z".parse().expect("a time")).expect("forgotten"),
            1
        );
        assert_eq!(ids(""), [2, 4, 1]);
    }
}

pub(super) fn some_article() -> impl Strategy<Value = (Article, Analysis)> {
    let piece = prop_oneof![
        proptest::sample::select(vec!["gas", "grain", "talks", "prices", "Gas"]).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "Ada Obi|person",
            "Obi|person",
            "Mira Obi|person",
            "Ada J. Obi|person",
            "Sund|person",
            "Lev Sund|person",
            "Grain Union|org",
            "Union|org",
            "Norway|country=NO",
            "Chad|country=TD",
            "Oslo|place"
        ])
        .prop_map(|name| format!("[{name}]")),
        proptest::sample::select(vec![
            "<Ada Obi: gas talks>",
            "<an official: grain talks [Mira Obi|person]>",
            "<Grain Union: prices in [Norway|country=NO]>"
        ])
        .prop_map(str::to_owned),
    ];
    let source = proptest::sample::select(vec!["Wire", "North Wire", "South Post"]);
    let title = proptest::sample::select(vec!["Gas", "Grain talks", ""]);
    // The first is `UNDATED`.
    (-1i64..5, source, title, proptest::collection::vec(piece, 0..7))
        .prop_map(|(day, source, title, pieces)| article(day, source, title, &pieces.join(" ")))
}

pub(super) fn some_query() -> impl Strategy<Value = String> {
    let term = proptest::sample::select(vec![
        "gas",
        "ga*",
        "\"gas talks\"",
        "title:grain",
        "body:talks",
        "\"talks pri\"*",
        "person:obi",
        "person:\"ada obi\"",
        "person:mir",
        "org:union",
        "org:\"grain union\"",
        "country:NO",
        "country:td,no",
        "place:oslo",
        "about:obi",
        "by:obi",
        "by:official",
        "by:union said:prices",
        "said:gas of:obi",
        "of:no",
        "has:quote",
        "source:wire",
        "source:post",
        "lang:de",
        "lang:norwegian,de",
        "-lang:en",
        "lang:xx",
        "date:2022-01-02",
        "since:2022-01-03",
        "before:2022-01-03",
        "-before:2022-01-03",
        "is:unread",
        "is:starred",
        "date:2022-13",
        "person:",
    ]);
    term.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|terms| format!("({})", terms.join(" "))),
            proptest::collection::vec(inner.clone(), 1..4)
                .prop_map(|terms| format!("({})", terms.join(" OR "))),
            inner.prop_map(|term| format!("-({term})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_index_finds_what_reading_finds(
        articles in proptest::collection::vec(some_article(), 0..12),
        queries in proptest::collection::vec(some_query(), 6),
        starred in 0usize..12,
    ) {
        let mut distinct: Vec<(Article, Analysis)> = Vec::new();
        for (place, (mut article, analysis)) in articles.into_iter().enumerate() {
            article.guid = Some(place.to_string());
            article.language = ["de", "en", "no", "-"].get(place % 4).and_then(|code| LanguageCode::read(code));
            distinct.push((article, analysis));
        }
        let engines = engines();
        for library in &engines {
            // In two batches: of two segments.
            library.add(distinct.iter().take(5).cloned().collect());
            library.add(distinct.iter().skip(5).cloned().collect());
            library.mark(&Target::These(vec![ArticleId(starred as i64 + 1)]), Marking::Star);
        }
        let naive = Naive(distinct);
        for text in queries {
            let query = query(&text);
            let mut expected: Vec<Key> = naive.0.iter().enumerate().filter(|(place, (article, analysis))| {
                let candidate = Candidate { article, analysis, read: false, starred: *place == starred, tags: &[] };
                candidate.matches(&query.filter, &naive)
            }).map(|(place, (article, _))| Key { published: article.published, id: ArticleId(place as i64 + 1) }).collect();
            expected.sort_by_key(|key| std::cmp::Reverse((key.published, key.id)));
            for library in &engines {
                let page = |window| library.page(&query, window);
                let rows = |page: &Page| page.rows.iter().map(|row| row.key).collect::<Vec<Key>>();
                prop_assert_eq!(&rows(&page(Window::First { limit: 99 })), &expected, "{}", text);
                for (place, key) in expected.iter().enumerate() {
                    let around = page(Window::Around { key: *key, before: 2, after: 1 });
                    let start = place.saturating_sub(2);
                    prop_assert_eq!(&rows(&around), &expected[start..expected.len().min(place + 2)]);
                    prop_assert_eq!(around.offset, start as u64);
                    let after = page(Window::After { key: *key, limit: 3 });
                    prop_assert_eq!(&rows(&after), &expected[place + 1..expected.len().min(place + 4)]);
                    let before = page(Window::Before { key: *key, limit: 3 });
                    prop_assert_eq!(&rows(&before), &expected[place.saturating_sub(3)..place]);
                }
                for row in 0..expected.len() + 2 {
                    let found = page(Window::Row { row: row as u64, before: 1, after: 1 });
                    let at = row.min(expected.len().saturating_sub(1));
                    let start = at.saturating_sub(1);
                    prop_assert_eq!(&rows(&found), &expected[start..expected.len().min(at + 2)]);
                    prop_assert_eq!(found.offset, start as u64);
                }
                let last = page(Window::Last { limit: 3 });
                prop_assert_eq!(&rows(&last), &expected[expected.len().saturating_sub(3)..]);
            }
            let oldest = Query { sort: crate::query::Sort::Oldest, ..query.clone() };
            expected.sort_by_key(|key| (key.published.is_none(), key.published, key.id));
            for library in &engines {
                let page = |window| library.page(&oldest, window);
                let rows = |page: &Page| page.rows.iter().map(|row| row.key).collect::<Vec<Key>>();
                prop_assert_eq!(&rows(&page(Window::First { limit: 99 })), &expected, "{}", text);
                prop_assert_eq!(&rows(&page(Window::First { limit: 2 })), &expected[..expected.len().min(2)]);
                for (place, key) in expected.iter().enumerate() {
                    let around = page(Window::Around { key: *key, before: 2, after: 1 });
                    let start = place.saturating_sub(2);
                    prop_assert_eq!(&rows(&around), &expected[start..expected.len().min(place + 2)]);
                    prop_assert_eq!(around.offset, start as u64);
                    let after = page(Window::After { key: *key, limit: 3 });
                    prop_assert_eq!(&rows(&after), &expected[place + 1..expected.len().min(place + 4)]);
                    prop_assert_eq!(after.offset, place as u64 + 1);
                    let before = page(Window::Before { key: *key, limit: 3 });
                    prop_assert_eq!(&rows(&before), &expected[place.saturating_sub(3)..place]);
                    prop_assert_eq!(before.offset, place.saturating_sub(3) as u64);
                }
                for row in 0..expected.len() + 2 {
                    let found = page(Window::Row { row: row as u64, before: 1, after: 2 });
                    let at = row.min(expected.len().saturating_sub(1));
                    let start = at.saturating_sub(1);
                    prop_assert_eq!(&rows(&found), &expected[start..expected.len().min(at + 3)]);
                    prop_assert_eq!(found.offset, start as u64);
                }
                let last = page(Window::Last { limit: 3 });
                prop_assert_eq!(&rows(&last), &expected[expected.len().saturating_sub(3)..]);
            }
            let relevance = Query { sort: crate::query::Sort::Relevance, ..query.clone() };
            let ranked = engines.each_ref().map(|library| {
                let page = |window| library.page(&relevance, window);
                let keys = |page: &Page| page.rows.iter().map(|row| row.key).collect::<Vec<Key>>();
                let all = keys(&page(Window::First { limit: 99 }));
                for (place, key) in all.iter().enumerate() {
                    let around = page(Window::Around { key: *key, before: 2, after: 1 });
                    let start = place.saturating_sub(2);
                    assert_eq!(keys(&around), all[start..all.len().min(place + 2)]);
                    assert_eq!(around.offset, start as u64);
                    let same = page(Window::Row { row: place as u64, before: 2, after: 1 });
                    assert_eq!((keys(&same), same.offset), (keys(&around), around.offset));
                }
                all
            });
            prop_assert_eq!(&ranked[0], &ranked[1], "{}", text);
            let [memory, file] = engines.each_ref().map(|library| {
                let people = FacetKind::Entity(Kind::Person);
                (
                    library.facets(&query),
                    library.names(people, "", &query, 9),
                    library.names(people, "ob", &query, 9),
                    library.names(FacetKind::Source, "", &query, 9),
                    ["", "de", "ger", "norsk"].map(|typed| library.names(FacetKind::Language, typed, &query, 9)),
                    library.counted_names(&query),
                    library.timeline(&query),
                    library.quotes(&query, 9),
                    [Role::Subject, Role::Speaker, Role::SpokenOf].map(|role| library.named_as(role, "", &query)),
                )
            });
            prop_assert_eq!(memory, file, "{}", text);
        }
    }
}
