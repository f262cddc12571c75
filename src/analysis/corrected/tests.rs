use super::correct;
use crate::annotation::{
    Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind, Speaker,
};
use crate::corrections::Corrections;
use crate::text::Span;

const BODY: &str =
    "Jordan Apple met Berg in Kaldvik. \"We will see,\" Berg told the Monday Club. Jonas Berg left.";

/// The engine's view of [`BODY`]: two people, one of them with two forms, and an organisation.
fn engine() -> Analysis {
    let names = [("Jordan Apple", Kind::Person, 0), ("Berg", Kind::Person, 1), ("Monday Club", Kind::Org, 2)];
    let mut analysis = Analysis::default();
    for (name, kind, _) in names {
        let name = if name == "Berg" { "Jonas Berg" } else { name };
        analysis.entities.push(Entity { kind, name: name.into(), code: None, country: None, salience: 0.5 });
    }
    let mut mention = |text: &str, from: usize, entity: u32| {
        let start = from + BODY[from..].find(text).unwrap();
        let span = Span::new(start, start + text.len());
        analysis.mentions.push(Mention { field: Field::Body, span, entity: EntityIndex(entity) });
    };
    mention("Jordan Apple", 0, 0);
    mention("Berg", 0, 1);
    mention("Berg", 40, 1);
    mention("Monday Club", 0, 2);
    mention("Jonas Berg", 0, 1);
    analysis.mentions.sort_by_key(|mention| mention.span.start);
    let start = BODY.find('"').unwrap();
    let speaker = Some(Speaker::Entity(EntityIndex(1)));
    let span = Span::new(start, start + 14);
    analysis.quotes.push(Quote {
        kind: QuoteKind::Direct,
        field: Field::Body,
        span,
        speaker,
        guess: None,
        confidence: 100,
    });
    analysis
}

/// Applies the file and writes the result as `text|kind|entity`, then the speaker.
fn check(file: &str, expected: &[&str], speaker: &str) {
    let (corrections, faults) = Corrections::read(file);
    assert_eq!(faults, []);
    let analysis = correct(&corrections, "", BODY, crate::language::Language::english(), engine());
    let written: Vec<String> = analysis
        .mentions
        .iter()
        .map(|mention| {
            let entity = analysis.entity(mention.entity);
            format!("{}|{:?}|{}", mention.span.of(BODY), entity.kind, entity.name)
        })
        .collect();
    assert_eq!(written, expected);
    let said = match analysis.quotes[0].speaker.clone().unwrap() {
        Speaker::Entity(index) => analysis.entity(index).name.clone(),
        Speaker::Description(text) => format!("?{text}"),
    };
    assert_eq!(said, speaker);
}

#[test]
fn another_kind() {
    check(
        "\"Jordan Apple\" = { is = \"org\" }",
        &[
            "Jordan Apple|Org|Jordan Apple",
            "Berg|Person|Jonas Berg",
            "Berg|Person|Jonas Berg",
            "Monday Club|Org|Monday Club",
            "Jonas Berg|Person|Jonas Berg",
        ],
        "Jonas Berg",
    );
}

#[test]
fn not_a_name() {
    check(
        "\"Monday Club\" = { is = \"nothing\" }",
        &[
            "Jordan Apple|Person|Jordan Apple",
            "Berg|Person|Jonas Berg",
            "Berg|Person|Jonas Berg",
            "Jonas Berg|Person|Jonas Berg",
        ],
        "Jonas Berg",
    );
}

#[test]
fn the_same_and_not_the_same() {
    check(
        "\"Berg\" = { same = \"Ida Berg\" }",
        &[
            "Jordan Apple|Person|Jordan Apple",
            "Berg|Person|Ida Berg",
            "Berg|Person|Ida Berg",
            "Monday Club|Org|Monday Club",
            "Jonas Berg|Person|Jonas Berg",
        ],
        "Jonas Berg",
    );
    check(
        "\"Berg\" = { apart = [\"Jonas Berg\"] }",
        &[
            "Jordan Apple|Person|Jordan Apple",
            "Berg|Person|Berg",
            "Berg|Person|Berg",
            "Monday Club|Org|Monday Club",
            "Jonas Berg|Person|Jonas Berg",
        ],
        "Jonas Berg",
    );
}

#[test]
fn names_of_ones_own() {
    check(
        "\"Kaldvik\" = { is = \"place\", country = \"NO\" }\n\"Apple\" = { is = \"org\" }",
        &[
            "Jordan Apple|Person|Jordan Apple",
            "Berg|Person|Jonas Berg",
            "Kaldvik|Place|Kaldvik",
            "Berg|Person|Jonas Berg",
            "Monday Club|Org|Monday Club",
            "Jonas Berg|Person|Jonas Berg",
        ],
        "Jonas Berg",
    );
    let (corrections, _) = Corrections::read("\"Kaldvik\" = { is = \"place\", country = \"NO\" }");
    assert_eq!(
        correct(&corrections, "", BODY, crate::language::Language::english(), engine()).countries,
        [CountryCode::new("NO").unwrap()]
    );
}

#[test]
fn a_speaker_that_is_no_name_stays_as_words() {
    check(
        "\"Berg\" = { is = \"nothing\" }\n\"Jonas Berg\" = { is = \"nothing\" }",
        &["Jordan Apple|Person|Jordan Apple", "Monday Club|Org|Monday Club"],
        "?Jonas Berg",
    );
}

#[test]
fn the_whole_name_takes_its_shorter_forms_along() {
    check(
        "\"Jonas Berg\" = { is = \"nothing\" }",
        &["Jordan Apple|Person|Jordan Apple", "Monday Club|Org|Monday Club"],
        "?Jonas Berg",
    );
}

/// Lists show `BERG` and `Berg` as one name, so that they are corrected as one.
#[test]
fn a_name_in_capitals_is_corrected_with_the_name() {
    const BODY: &str = "BERG - Berg met REUTER. MAY is near, says Reuter.";
    let mut analysis = Analysis::default();
    for (place, name) in ["BERG", "REUTER", "Reuter"].into_iter().enumerate() {
        analysis.entities.push(Entity {
            kind: Kind::Person,
            name: name.into(),
            code: None,
            country: None,
            salience: 0.5,
        });
        let start = BODY.find(name).unwrap();
        let span = Span::new(start, start + name.len());
        analysis.mentions.push(Mention { field: Field::Body, span, entity: EntityIndex(place as u32) });
    }
    let corrected = |file: &str| {
        let (corrections, _) = Corrections::read(file);
        let language = crate::language::Language::english();
        let analysis = correct(&corrections, "", BODY, language, analysis.clone());
        let mentions = analysis.mentions.iter().map(|mention| {
            let entity = analysis.entity(mention.entity);
            format!("{}|{:?}|{}", mention.span.of(BODY), entity.kind, entity.name)
        });
        mentions.collect::<Vec<String>>().join(" ")
    };
    assert_eq!(corrected("\"Reuter\" = { is = \"nothing\" }"), "BERG|Person|BERG");
    assert_eq!(corrected("\"REUTER\" = { is = \"nothing\" }"), "BERG|Person|BERG");
    assert_eq!(
        corrected("\"Reuter\" = { is = \"org\" }"),
        "BERG|Person|BERG REUTER|Org|Reuter Reuter|Org|Reuter"
    );
    assert_eq!(
        corrected("\"Reuter\" = { same = \"Paul Reuter\" }"),
        "BERG|Person|BERG REUTER|Person|Paul Reuter Reuter|Person|Paul Reuter"
    );
    // Where the engine sees no name, none is made of a word in capitals.
    assert!(!corrected("\"May\" = { is = \"person\" }").contains("MAY"));
}
