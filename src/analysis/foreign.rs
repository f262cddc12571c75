//! Articles in a language whose words the engine does not know.
//!
//! In: two clean texts and their language. Out: an analysis with countries and capitals, which are found by dictionary, and
//! with quotes in marks, which have no speaker. There are no people and no organisations in it, and no reported clauses:
//! a rule that is right in English is wrong elsewhere, since German writes every noun with a capital. Must not know English.

use super::entity;
use super::quote;
use crate::annotation::{Analysis, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind};
use crate::gazetteer::abroad::{Abroad, Found, Thing};
use crate::gazetteer::{self, Facet, country};
use crate::language::Language;
use crate::text::Span;

/// A capitalised name of one word with at most so many letters may be another word at the head of a sentence (`Mali` is
/// Polish for *small*). It is taken where it stands elsewhere too.
const SHORT: usize = 4;

/// Analyses an article in a language that is not known to the engine.
pub fn analyze(title: &str, body: &str, language: Language) -> Analysis {
    let mut analysis = Analysis::default();
    if let Some(names) = Abroad::of(language.code()) {
        let texts = [(Field::Title, title), (Field::Body, body)];
        let found = texts.map(|(field, text)| (field, text, names.find(language.code(), text)));
        for (field, text, names) in &found {
            for name in names.iter().filter(|name| is_meant(text, name, language)) {
                let alone = is_short_opener(text, name)
                    && !found.iter().any(|(_, text, names)| {
                        let same =
                            |other: &&Found| other.thing == name.thing && !is_short_opener(text, other);
                        names.iter().any(|other| same(&other))
                    });
                if !alone {
                    put(&mut analysis, *field, name);
                }
            }
        }
    }
    analysis.quotes = [(Field::Title, title), (Field::Body, body)]
        .into_iter()
        .flat_map(|(field, text)| {
            quote::marked(text, language).into_iter().map(move |span| said(field, span))
        })
        .collect();
    analysis.countries = entity::countries(&analysis.entities);
    entity::weigh(&mut analysis, body, language);
    analysis
}

/// Adds a mention, to the entity that is known already or to a new one.
fn put(analysis: &mut Analysis, field: Field, name: &Found) {
    let entity = match name.thing {
        Thing::Country(code) => Entity {
            kind: Kind::Country,
            name: country::name(code).to_owned(),
            code: Some(code),
            country: None,
            salience: 0.0,
        },
        Thing::Capital(code, english) => Entity {
            kind: Kind::Place,
            name: english.to_owned(),
            code: None,
            country: Some(code),
            salience: 0.0,
        },
    };
    let known = analysis.entities.iter().position(|known| *known == entity);
    let index = known.unwrap_or_else(|| {
        analysis.entities.push(entity);
        analysis.entities.len() - 1
    });
    // There are fewer names in the table than numbers.
    let entity = EntityIndex(u32::try_from(index).unwrap_or(u32::MAX));
    analysis.mentions.push(Mention { field, span: Span::new(name.start, name.end), entity });
}

fn said(field: Field, span: Span) -> Quote {
    Quote { kind: QuoteKind::Direct, field, span, speaker: None, guess: None, confidence: 0 }
}

/// Whether the name of a country or capital is not a part of another name: `Israel Katz`, `Denzel Washington`.
fn is_meant(text: &str, name: &Found, language: Language) -> bool {
    let (before, words, after) = (&text[..name.start], &text[name.start..name.end], &text[name.end..]);
    if !words.is_ascii() && !words.chars().all(is_latin) {
        return true;
    }
    let is_forename = |word: &str| gazetteer::find(word).is_some_and(|entry| entry.is(Facet::Forename));
    let next = after.strip_prefix(' ').unwrap_or_default();
    let surname = next.starts_with(char::is_uppercase) && is_forename(words);
    // `Denzel Washington`, `Gran París`; German writes every noun with a capital.
    let nouns = language.code().as_str() == "de";
    let before = before.strip_suffix(' ').unwrap_or_default();
    let last = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let shaped = last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase);
    let opener = is_opener(&before[..before.len() - last.len()]);
    let within =
        matches!(name.thing, Thing::Capital(..)) && shaped && (is_forename(last) || !nouns && !opener);
    !surname && !within
}

fn is_latin(c: char) -> bool {
    !c.is_alphabetic() || c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c)
}

/// Whether a short name stands where every word has a capital.
fn is_short_opener(text: &str, name: &Found) -> bool {
    let words = &text[name.start..name.end];
    if !words.starts_with(char::is_uppercase) || words.chars().count() > SHORT {
        return false;
    }
    let shouts = words.chars().count() > 1 && !words.contains(char::is_lowercase);
    !shouts && is_opener(&text[..name.start])
}

/// Whether a sentence begins after a text.
fn is_opener(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '"', '«', '„', '“', '»', '–', '-', '\u{a0}']);
    before.is_empty() || before.ends_with(['.', '!', '?', '\n', ':', '…'])
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::annotation::{Field, Kind};
    use crate::language::{Language, LanguageCode};

    /// Everything that is found: `words=name` for a mention, and the quotes.
    fn check(language: &str, title: &str, body: &str, names: &[&str], countries: &[&str], quotes: &[&str]) {
        let analysis = analyze(title, body, Language::of(LanguageCode::read(language)));
        let of = |field: Field| if field == Field::Title { title } else { body };
        let mentions: Vec<String> = analysis
            .mentions
            .iter()
            .map(|mention| {
                format!("{}={}", mention.span.of(of(mention.field)), analysis.entity(mention.entity).name)
            })
            .collect();
        assert_eq!(mentions, names);
        assert_eq!(analysis.countries.iter().map(ToString::to_string).collect::<Vec<_>>(), countries);
        let said: Vec<&str> = analysis.quotes.iter().map(|quote| quote.span.of(of(quote.field))).collect();
        assert_eq!(said, quotes);
        assert!(analysis.quotes.iter().all(|quote| quote.likeliest().is_none()));
        assert!(analysis.entities.iter().all(|entity| matches!(entity.kind, Kind::Country | Kind::Place)));
    }

    #[test]
    fn a_german_article_has_its_countries_and_its_quotes_and_nothing_else() {
        check(
            "de",
            "Minister reist im Juli nach Weißrussland",
            "Am Montag sagte Außenministerin Jutta Vandersee in Berlin, viele Menschen hofften auf Hilfe. „Wir sind bereit“, \
             sagte sie. Die „Alte Mühle“ der Grenzwacht blieb zu.",
            &["Weißrussland=Belarus", "Berlin=Berlin"],
            &["BY", "DE"],
            &["„Wir sind bereit“"],
        );
    }

    #[test]
    fn marks_of_every_language_are_read() {
        check(
            "fr",
            "",
            "« Nous sommes prêts à partir », a dit la ministre à Paris.",
            &["Paris=Paris"],
            &["FR"],
            &["« Nous sommes prêts à partir »"],
        );
        check(
            "ja",
            "",
            "首相は東京で「われわれは準備ができている」と述べた。「雪国」を読んだ。",
            &["東京=Tokyo"],
            &["JP"],
            &["「われわれは準備ができている」"],
        );
        check(
            "ru",
            "",
            "«Мы готовы к переговорам», — заявил министр в Москве.",
            &["Москве=Moscow"],
            &["RU"],
            &["«Мы готовы к переговорам»"],
        );
        check("zh", "", "部长表示:“我们已经准备好了。”", &[], &[], &["“我们已经准备好了。”"]);
    }

    #[test]
    fn a_name_that_is_part_of_another_is_none() {
        check(
            "es",
            "",
            "El actor Denzel Washington llegó ayer. Dijo que Israel Ruiz y él viajan a Israel.",
            &["Israel=Israel"],
            &["IL"],
            &[],
        );
        check("id", "", "Mali datang.", &[], &[], &[]);
        check(
            "id",
            "",
            "Mali datang. Menteri pergi ke Mali kemarin.",
            &["Mali=Mali", "Mali=Mali"],
            &["ML"],
            &[],
        );
    }

    #[test]
    fn a_language_without_a_dictionary_has_its_quotes() {
        check(
            "sw",
            "Waziri asafiri",
            "\"Tuko tayari kwa mazungumzo ya amani,\" alisema Juma.",
            &[],
            &[],
            &["\"Tuko tayari kwa mazungumzo ya amani,\""],
        );
    }
}
