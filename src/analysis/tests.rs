//! Laws of the whole analysis, on any text.

use super::analyze;
use crate::annotation::{Analysis, EntityIndex, Field, Kind, Mention, Speaker};
use proptest::prelude::*;

fn sound(title: &str, body: &str, analysis: &Analysis) {
    let text = |field| if field == Field::Title { title } else { body };
    let mut last: Option<&Mention> = None;
    for mention in &analysis.mentions {
        let slice = mention.span.get(text(mention.field)).expect("a span lies on boundaries of its text");
        assert!(!slice.is_empty() && slice.trim() == slice, "{slice:?}");
        if let Some(last) = last {
            assert!(
                last.field < mention.field
                    || (last.field == mention.field && last.span.end <= mention.span.start)
            );
        }
        last = Some(mention);
    }
    for quote in &analysis.quotes {
        assert!(quote.span.get(text(quote.field)).is_some());
        if let Some(Speaker::Entity(index)) = quote.speaker {
            assert!((index.0 as usize) < analysis.entities.len());
        }
    }
    let mut first_seen = 0;
    for mention in &analysis.mentions {
        assert!(mention.entity.0 <= first_seen, "entities come in the order of their first mention");
        first_seen = first_seen.max(mention.entity.0 + 1);
    }
    assert_eq!(first_seen as usize, analysis.entities.len(), "every entity has a mention");
    for entity in &analysis.entities {
        assert!((0.0..=1.0).contains(&entity.salience) && !entity.name.is_empty());
        assert_eq!(entity.kind == Kind::Country, entity.code.is_some());
        let code = entity.code.or(entity.country);
        assert!(code.is_none_or(|code| analysis.countries.binary_search(&code).is_ok()));
    }
    assert!(analysis.countries.windows(2).all(|pair| pair[0] < pair[1]));
}

fn check(title: &str, body: &str) -> Analysis {
    let analysis = analyze(title, body, crate::language::Language::english());
    sound(title, body, &analysis);
    analysis
}

/// Words that the rules look for, put together without sense.
const PIECES: [&str; 44] = [
    "US",
    "-",
    "China",
    "'s",
    "the",
    "North",
    "South Korea",
    "Ministry",
    "of",
    "Defence",
    "Ukraine",
    ",",
    ".",
    "\n",
    "\"",
    "”",
    "Ann Lee",
    "Mr.",
    "Lee",
    "said",
    "says",
    "that",
    "in",
    "Georgia",
    "(",
    ")",
    "NATO",
    "Council",
    "Russian",
    "spoke",
    "WHO",
    "Congo",
    "DR",
    "al",
    "bin",
    "’",
    "Zürich",
    "東京",
    "é",
    "May",
    "2",
    "Washington, D.C.",
    "University",
    "“",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_analysed_soundly(title in "\\PC{0,40}", body in "[\\PC\n]{0,200}") {
        check(&title, &body);
    }

    #[test]
    fn any_pieces_are_analysed_soundly(
        pieces in proptest::collection::vec((0..PIECES.len(), any::<bool>()), 0..80),
    ) {
        let mut body = String::new();
        for (piece, tight) in pieces {
            body.push_str(PIECES[piece]);
            if !tight {
                body.push(' ');
            }
        }
        let body = body.trim();
        let analysis = check(body.lines().next().unwrap_or(""), body);
        prop_assert_eq!(analyze(body.lines().next().unwrap_or(""), body, crate::language::Language::english()), analysis);
    }
}

#[test]
fn nothing_is_in_nothing() {
    assert_eq!(check("", ""), Analysis::default());
}

#[test]
fn a_country_is_found_by_name_people_place_and_seat() {
    let analysis = check(
        "Kremlin waits",
        "Ann Lee of Canada met Danish officials in Geneva on Tuesday. The White House said nothing.",
    );
    let codes: Vec<String> = analysis.countries.iter().map(ToString::to_string).collect();
    assert_eq!(codes, ["CA", "CH", "DK", "RU", "US"]);
    assert_eq!(analysis.entity(EntityIndex(0)).kind, Kind::Org);
}

#[test]
fn an_acronym_in_brackets_is_the_organisation_before_it() {
    for (body, expected) in [
        (
            "The National Disasters Institute (INGD) sent boats. INGD said that more would come.",
            vec!["National Disasters Institute"],
        ),
        (
            "The Office of the United States Trade Representative (USTR) said no. USTR gave no reason.",
            vec!["Office of the United States Trade Representative"],
        ),
        // Two bodies that are known are two.
        ("The International Monetary Fund (NATO) said so.", vec!["International Monetary Fund", "NATO"]),
    ] {
        let analysis = check("", body);
        let orgs = analysis.entities.iter().filter(|entity| entity.kind == Kind::Org);
        assert_eq!(orgs.map(|entity| entity.name.as_str()).collect::<Vec<_>>(), expected, "{body}");
    }
}

/// The entities of a text as `kind name`, in the order of the text, and its countries.
fn named(body: &str) -> (Vec<String>, Vec<String>) {
    let analysis = check("", body);
    let kind = |kind: Kind| match kind {
        Kind::Person => "person",
        Kind::Country => "country",
        Kind::Place => "place",
        Kind::Org => "org",
    };
    let names = analysis.entities.iter().map(|entity| format!("{} {}", kind(entity.kind), entity.name));
    let countries = analysis.countries.iter().map(|code| code.as_str().to_owned());
    (names.collect(), countries.collect())
}

#[test]
fn money_years_and_quoted_houses_are_no_countries() {
    assert_eq!(named("The bank in Oslo lost 56 million kroner (US$5.3 million) in a week.").1, ["NO"]);
    assert_eq!(named("The pot from 200 B.C. stands in a museum in Rome.").1, ["IT"]);
    assert_eq!(named("He kept a house in Harare, known as the \"Blue House\".").1, ["ZW"]);
}

#[test]
fn korea_is_the_south_and_two_peoples_are_two() {
    let body = "A Korean baker flew from Hanoi to Korea. Her aunt had fled North Korea.";
    assert_eq!(named(body).1, ["KP", "KR", "VN"]);
    let body = "The Egyptian minister and his Greek, Cypriot and French colleagues ate fish.";
    assert_eq!(named(body).1, ["CY", "EG", "FR", "GR"]);
}

#[test]
fn namesakes_lose_to_what_the_article_says() {
    let body = "The mayor of La Paz in El Salvador took a train to Waterloo station in London.";
    assert_eq!(named(body).1, ["GB", "SV"]);
}

#[test]
fn a_country_inside_a_body_counts_where_there_is_no_other() {
    assert_eq!(named("The Zimbabwe Electoral Commission met on Monday.").1, ["ZW"]);
    assert_eq!(named("The Zimbabwe Electoral Commission met guests from Norway.").1, ["NO"]);
}

#[test]
fn compounds_tags_and_families_are_read() {
    let body = "Kari Sandvik met Tom Okoye. The Sandvik-Okoye ticket lost. Senator Ada Berg, D-Texas, left with the \
                Bergs.";
    let (names, countries) = named(body);
    assert_eq!(names, ["person Kari Sandvik", "person Tom Okoye", "person Ada Berg", "place Texas"]);
    assert_eq!(countries, ["US"]);
    let (names, _) = named("Opener D. S. Kulandai made 50 runs. The Kulandai family clapped in the stand.");
    assert_eq!(names, ["person D. S. Kulandai"]);
}
