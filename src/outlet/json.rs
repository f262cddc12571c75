//! Articles, facets and quotes as JSON. The names of the fields and their order are an interface.

use crate::annotation::{
    Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, QuoteKind, SALIENT, Speaker,
};
use crate::article::link::Links;
use crate::article::{Article, ArticleId};
use crate::gazetteer::country;
use crate::language::LanguageCode;
use crate::listing::{Facet, QuoteRow, Stored};
use crate::text::harmless::is_forbidden;
use chrono::{NaiveDate, SecondsFormat};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io;

/// One article, with its analysis if that was requested.
#[derive(Serialize)]
pub struct ArticleJson<'a> {
    id: i64,
    path: Option<&'a str>,
    url: Option<&'a str>,
    source: &'a str,
    title: &'a str,
    author: Option<&'a str>,
    date: Option<NaiveDate>,
    published: Option<String>,
    language: Option<LanguageCode>,
    body: &'a str,
    /// Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkJson>,
    #[serde(flatten)]
    analysis: Option<AnalysisJson<'a>>,
}

/// One link of an article, with the number that it has in the text. These are read from the body and the address, so a
/// reader of this JSON can make them again.
#[derive(Serialize)]
struct LinkJson {
    number: u32,
    kind: &'static str,
    url: String,
    /// What the text says of a sound, a film or a picture.
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
}

#[derive(Serialize)]
struct AnalysisJson<'a> {
    entities: Vec<EntityJson<'a>>,
    people: Vec<&'a str>,
    countries: Vec<&'a str>,
    quotes: Vec<QuoteJson<'a>>,
}

#[derive(Serialize)]
struct EntityJson<'a> {
    kind: Kind,
    name: &'a str,
    code: Option<&'a str>,
    country: Option<&'a str>,
    salience: f32,
    mentions: Vec<SpanJson<'a>>,
}

#[derive(Serialize)]
struct SpanJson<'a> {
    r#in: Field,
    start: u32,
    end: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct QuoteJson<'a> {
    kind: QuoteKind,
    #[serde(flatten)]
    span: SpanJson<'a>,
    speaker: Option<&'a str>,
    /// Of the speaker or of the guess.
    speaker_kind: Option<&'static str>,
    /// In hundredths, as a number from 0 to 1.
    speaker_confidence: Option<f64>,
    speaker_guess: Option<&'a str>,
}

impl<'a> ArticleJson<'a> {
    pub fn new(id: ArticleId, article: &'a Article, analysis: Option<&'a Analysis>) -> ArticleJson<'a> {
        ArticleJson {
            id: id.0,
            path: article.path.as_deref(),
            url: article.url.as_deref(),
            source: &article.source,
            title: &article.title,
            author: article.author.as_deref(),
            date: article.date(),
            published: article.published.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)),
            language: article.language,
            body: &article.body,
            links: (1..)
                .zip(Links::of(article).all())
                .map(|(number, link)| LinkJson {
                    number,
                    kind: link.kind.name(),
                    url: link.url.clone(),
                    text: link.about.clone(),
                })
                .collect(),
            analysis: analysis.map(|analysis| AnalysisJson::new(article, analysis)),
        }
    }
}

impl<'a> AnalysisJson<'a> {
    fn new(article: &'a Article, analysis: &'a Analysis) -> AnalysisJson<'a> {
        let entities = analysis.entities.iter().enumerate().map(|(index, entity)| {
            let mentions = analysis.mentions.iter().filter(|mention| mention.entity.0 as usize == index);
            EntityJson::new(article, entity, mentions)
        });
        // A country that the article is about through its places alone has no mention.
        let named = |code: &CountryCode| analysis.entities.iter().any(|entity| entity.code == Some(*code));
        let through_places = analysis.countries.iter().filter(|code| !named(code)).filter_map(|code| {
            let places = analysis.entities.iter().filter(|entity| entity.country == Some(*code));
            let salience = places.map(|entity| entity.salience).max_by(f32::total_cmp)?;
            (salience >= SALIENT).then(|| EntityJson {
                kind: Kind::Country,
                name: country::name(*code),
                code: Some(code.as_str()),
                country: None,
                salience,
                mentions: Vec::new(),
            })
        });
        let people = analysis.entities.iter().filter(|entity| entity.kind == Kind::Person);
        AnalysisJson {
            entities: entities.chain(through_places).collect(),
            people: people.map(|entity| entity.name.as_str()).collect(),
            countries: analysis.countries.iter().map(CountryCode::as_str).collect(),
            quotes: analysis
                .quotes
                .iter()
                .map(|quote| QuoteJson {
                    kind: quote.kind,
                    span: SpanJson {
                        r#in: quote.field,
                        start: quote.span.start,
                        end: quote.span.end,
                        text: quote.span.of(text_of(article, quote.field)),
                    },
                    speaker: quote.speaker.as_ref().map(|speaker| speaker_name(analysis, speaker)),
                    speaker_kind: quote.likeliest().map(|speaker| speaker_kind(analysis, speaker)),
                    speaker_confidence: quote.likeliest().map(|_| f64::from(quote.confidence) / 100.0),
                    speaker_guess: quote.guess.as_ref().map(|guess| speaker_name(analysis, guess)),
                })
                .collect(),
        }
    }
}

impl<'a> EntityJson<'a> {
    fn new(
        article: &'a Article,
        entity: &'a Entity,
        mentions: impl Iterator<Item = &'a Mention>,
    ) -> EntityJson<'a> {
        EntityJson {
            kind: entity.kind,
            name: &entity.name,
            code: entity.code.as_ref().map(CountryCode::as_str),
            country: entity.country.as_ref().map(CountryCode::as_str),
            salience: entity.salience,
            mentions: mentions
                .map(|mention| SpanJson {
                    r#in: mention.field,
                    start: mention.span.start,
                    end: mention.span.end,
                    text: mention.span.of(text_of(article, mention.field)),
                })
                .collect(),
        }
    }
}

fn text_of(article: &Article, field: Field) -> &str {
    match field {
        Field::Title => &article.title,
        Field::Body => &article.body,
    }
}

fn speaker_name<'a>(analysis: &'a Analysis, speaker: &'a Speaker) -> &'a str {
    match speaker {
        Speaker::Entity(index) => &analysis.entity(*index).name,
        Speaker::Description(words) => words,
    }
}

fn speaker_kind(analysis: &Analysis, speaker: &Speaker) -> &'static str {
    match speaker {
        Speaker::Entity(index) => kind_name(kind_of(analysis, *index)),
        Speaker::Description(_) => "description",
    }
}

fn kind_of(analysis: &Analysis, index: EntityIndex) -> Kind {
    analysis.entity(index).kind
}

/// The name of a kind in JSON and in marked texts.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Country => "country",
        Kind::Place => "place",
        Kind::Org => "org",
    }
}

/// The name of a kind of quote in JSON.
pub fn quote_kind_name(kind: QuoteKind) -> &'static str {
    match kind {
        QuoteKind::Direct => "direct",
        QuoteKind::Indirect => "indirect",
    }
}

/// The name of a field in JSON.
pub fn field_name(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Body => "body",
    }
}

/// One article with everything that the library stores about it, so that `add` can restore it.
#[derive(Serialize)]
pub struct ExportJson<'a> {
    #[serde(flatten)]
    article: ArticleJson<'a>,
    guid: Option<&'a str>,
    read: bool,
    starred: bool,
    tags: &'a [String],
    position: u32,
}

impl<'a> ExportJson<'a> {
    pub fn new(stored: &'a Stored) -> ExportJson<'a> {
        ExportJson {
            article: ArticleJson::new(stored.id, &stored.article, None),
            guid: stored.article.guid.as_deref(),
            read: stored.read,
            starred: stored.starred,
            tags: &stored.tags,
            position: stored.position,
        }
    }
}

/// One name in a result. `code` is present for countries only.
#[derive(Serialize)]
pub struct FacetJson<'a> {
    kind: Kind,
    name: &'a str,
    code: Option<&'a str>,
    count: u64,
}

impl<'a> FacetJson<'a> {
    pub fn new(kind: Kind, facet: &'a Facet) -> FacetJson<'a> {
        let code = (kind == Kind::Country).then_some(facet.value.as_str());
        FacetJson { kind, name: &facet.name, code, count: facet.count }
    }
}

/// One quote in a result, with the article that contains it.
#[derive(Serialize)]
pub struct QuoteRowJson<'a> {
    id: i64,
    source: &'a str,
    title: &'a str,
    date: Option<NaiveDate>,
    kind: QuoteKind,
    #[serde(flatten)]
    span: SpanJson<'a>,
    speaker: Option<&'a str>,
}

impl<'a> From<&'a QuoteRow> for QuoteRowJson<'a> {
    fn from(row: &'a QuoteRow) -> QuoteRowJson<'a> {
        QuoteRowJson {
            id: row.key.id.0,
            source: &row.source,
            title: &row.title,
            date: row.key.date(),
            kind: row.kind,
            span: SpanJson { r#in: row.field, start: row.span.start, end: row.span.end, text: &row.text },
            speaker: row.speaker.as_deref(),
        }
    }
}

/// Writes `value` on one line. Characters that a terminal might act on are written as escapes, wherever they
/// come from, for example from the name of a file; so are `<` and `>`, so that the line is text within HTML too.
pub fn line(value: &impl Serialize) -> String {
    written(value, OneLine)
}

/// The same without the spaces after commas and colons, as `sources --json` is written.
pub fn compact(value: &impl Serialize) -> String {
    written(value, Compact)
}

fn written(value: &impl Serialize, formatter: impl Formatter) -> String {
    let mut bytes = Vec::with_capacity(4096);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // These structs contain only strings, numbers and lists, and writing to a vector cannot fail.
    value.serialize(&mut serializer).expect("plain values always serialize");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Compact JSON with a space after commas and colons, and with escapes for `<`, `>` and the characters that
/// [`is_forbidden`] names.
struct OneLine;

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        write_harmless(writer, text)
    }
}

/// Compact JSON with the same escapes.
struct Compact;

impl Formatter for Compact {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        write_harmless(writer, text)
    }
}

fn write_harmless<W: ?Sized + io::Write>(writer: &mut W, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_forbidden(*c) || matches!(c, '<' | '>')) {
        writer.write_all(&rest.as_bytes()[..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(writer, "\\u{unit:04x}")?;
        }
        rest = &rest[at + c.len_utf8()..];
    }
    writer.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Quote;
    use crate::text::Span;
    use chrono::DateTime;

    #[test]
    fn an_article_is_written_as_the_interface_says() {
        let article = Article {
            path: Some("a.txt".to_owned()),
            url: None,
            guid: None,
            source: "Sample".to_owned(),
            title: "Ada visits Norway".to_owned(),
            author: None,
            published: DateTime::from_timestamp(1_641_168_000, 0),
            language: LanguageCode::read("no"),
            body: "\"Hello,\" said Ada.".to_owned(),
        };
        let span = Span::new;
        let entity = |kind, name: &str, code: Option<&str>| Entity {
            kind,
            name: name.to_owned(),
            code: code.and_then(CountryCode::new),
            country: None,
            salience: 0.5,
        };
        let mention = |field, span, entity| Mention { field, span, entity: EntityIndex(entity) };
        let analysis = Analysis {
            entities: vec![entity(Kind::Person, "Ada", None), entity(Kind::Country, "Norway", Some("NO"))],
            mentions: vec![
                mention(Field::Title, span(0, 3), 0),
                mention(Field::Title, span(11, 17), 1),
                mention(Field::Body, span(14, 17), 0),
            ],
            quotes: vec![Quote {
                kind: QuoteKind::Direct,
                field: Field::Body,
                span: span(0, 8),
                speaker: Some(Speaker::Entity(EntityIndex(0))),
                guess: None,
                confidence: 97,
            }],
            countries: CountryCode::new("NO").into_iter().collect(),
        };
        let written = line(&ArticleJson::new(ArticleId(12), &article, Some(&analysis)));
        let expected = concat!(
            r#"{"id": 12, "path": "a.txt", "url": null, "source": "Sample", "title": "Ada visits Norway", "author": null, "#,
            r#""date": "2022-01-03", "published": "2022-01-03T00:00:00Z", "language": "no", "body": "\"Hello,\" said Ada.", "#,
            r#""entities": [{"kind": "person", "name": "Ada", "code": null, "country": null, "salience": 0.5, "#,
            r#""mentions": [{"in": "title", "start": 0, "end": 3, "text": "Ada"}, {"in": "body", "start": 14, "end": 17, "text": "Ada"}]}, "#,
            r#"{"kind": "country", "name": "Norway", "code": "NO", "country": null, "salience": 0.5, "#,
            r#""mentions": [{"in": "title", "start": 11, "end": 17, "text": "Norway"}]}], "#,
            r#""people": ["Ada"], "countries": ["NO"], "#,
            r#""quotes": [{"kind": "direct", "in": "body", "start": 0, "end": 8, "text": "\"Hello,\"", "speaker": "Ada", "speaker_kind": "person", "#,
            r#""speaker_confidence": 0.97, "speaker_guess": null}]}"#,
        );
        assert_eq!(written, expected);
    }

    #[test]
    fn characters_that_a_terminal_acts_on_are_escaped() {
        let written = line(&"a\u{1b}[2Jb\u{9b}c\u{202e}d\u{7f}e\u{e0041}");
        assert_eq!(written, r#""a\u001b[2Jb\u009bc\u202ed\u007fe\udb40\udc41""#);
        assert_eq!(compact(&["<b>", "a\u{1b}"]), r#"["\u003cb\u003e","a\u001b"]"#);
        assert_eq!(
            serde_json::from_str::<String>(&written).expect("JSON"),
            "a\u{1b}[2Jb\u{9b}c\u{202e}d\u{7f}e\u{e0041}"
        );
    }
}
