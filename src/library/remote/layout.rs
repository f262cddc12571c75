//! How dateline lays out an archive on a search server: three indices, and what each of their documents holds.
//!
//! In: articles with their analyses. Out: mappings and documents as JSON, and articles again from documents that are not
//! trusted. Knows no requests. docs/remote.md describes the layout for others who read it.
//!
//! - `NAME` has one document an article. It is ordered by date and number, so that the newest page ends early. The words
//!   are folded here, so that every engine finds what a local library finds.
//! - `NAME-quotes` has one document a quote, in the same order, so that speaker and words bind to one quote. An index with
//!   an order of its own cannot have nested fields on OpenSearch 2 and Elasticsearch 7.
//! - `NAME-names` has one document for each form of each name, and the names that are shown under others.

use crate::annotation::{
    Analysis, CountryCode, ENGINE_VERSION, Entity, Field, Kind, Least, Mention, Quote, SALIENT, Speaker,
};
use crate::article::{Article, ArticleId};
use crate::gazetteer::{body, country};
use crate::language::{Language, LanguageCode};
use crate::library::identity::{Hash, Recognition};
use crate::library::store::{STRONG, codec};
use crate::library::utterances::utterances;
use crate::listing::{Key, headline};
use crate::persons::described::descriptions;
use crate::text::clean::{clean_body, clean_line, clean_url};
use crate::text::fold;
use crate::text::harmless::one_line;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the layout, which the mappings carry in `_meta`. One of layout 1 does not know which articles are copies,
/// when an article came, who speaks in it and how it describes people; it is read without these.
pub const LAYOUT: u64 = 2;

/// The value of `when` of an article without a date: before all others.
pub const UNDATED: i64 = i64::MIN / 2;

/// The fields of a list page.
pub const ROW: [&str; 5] = ["num", "when", "head", "source", "added"];

/// The fields that are searched and counted, and never read.
const EXCLUDED: [&str; 8] =
    ["title_words", "body_words", "strong", "alike", "says", "said_by", "in_quotes", "described"];

/// Separates a name from what is told of it, in `says` and `described`. No folded name has it.
pub const TOLD: char = '|';

/// The settings and the mapping of one of the three indices.
fn index(fields: &Value, order: &[(&str, &str)]) -> Value {
    let mut settings = json!({
        "number_of_shards": 1,
        // A second copy where there is a second node.
        "auto_expand_replicas": "0-1",
        // Whoever fills the archive asks for it in the end. More often would be a fifth of the work of the server.
        "refresh_interval": "30s"
    });
    if !order.is_empty() {
        let (by, ways): (Vec<&str>, Vec<&str>) = order.iter().copied().unzip();
        settings["sort"] = json!({ "field": by, "order": ways });
    }
    json!({
        "settings": { "index": settings },
        "mappings": {
            "dynamic": false,
            "_meta": { "dateline": { "layout": LAYOUT } },
            "_source": { "excludes": EXCLUDED },
            "properties": fields
        }
    })
}

/// A field whose words are searched for.
fn words() -> Value {
    // The words come folded and separated by spaces. Every engine has this analyser, without any module.
    json!({ "type": "text", "analyzer": "whitespace", "norms": false })
}

/// The index of articles.
pub fn articles() -> Value {
    let keyword = json!({ "type": "keyword" });
    let fields = json!({
        "num": { "type": "long" },
        "when": { "type": "long" },
        "dated": { "type": "byte" },
        "published": { "type": "date", "format": "strict_date_time_no_millis", "ignore_malformed": true },
        "source": keyword, "language": keyword,
        "author_words": words(), "title_words": words(), "body_words": words(),
        "strong": { "type": "keyword", "doc_values": false, "ignore_above": 8000 },
        "people": keyword, "orgs": keyword, "places": keyword, "countries": keyword, "about": keyword,
        "quotes": { "type": "integer" },
        "engine": { "type": "integer" },
        "added": { "type": "long" },
        "says": keyword, "in_quotes": keyword, "described": keyword, "said_by": words(),
        "uttered": { "type": "integer" },
        "alike": { "type": "keyword", "doc_values": false },
        "story": { "type": "long" },
        "copy": { "type": "byte" }
    });
    index(&fields, &[("when", "desc"), ("num", "desc")])
}

/// The index of quotes.
pub fn quotes() -> Value {
    let keyword = json!({ "type": "keyword" });
    let fields = json!({
        "num": { "type": "long" },
        "when": { "type": "long" },
        "place": { "type": "integer" },
        "words": words(), "described": words(),
        "by": keyword, "of": keyword,
        "person": { "type": "boolean" },
        "confidence": { "type": "byte" }
    });
    index(&fields, &[("when", "desc"), ("num", "desc"), ("place", "asc")])
}

/// The index of names.
pub fn names() -> Value {
    let keyword = json!({ "type": "keyword" });
    let fields = json!({
        "what": keyword, "kind": keyword, "entity": keyword, "form": keyword, "words": words(), "shown": keyword
    });
    index(&fields, &[])
}

/// How an entity is written in the index: its kind, and what its name is compared by; for a country, its code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Called {
    pub kind: Kind,
    pub key: String,
}

/// What names of one kind are compared by.
pub fn folded(name: &str) -> String {
    fold::words(name).join(" ")
}

impl Called {
    pub fn of(entity: &Entity) -> Called {
        match entity.code {
            Some(code) => Called::country(code),
            None => Called { kind: entity.kind, key: folded(&body::label(entity)) },
        }
    }

    pub fn country(code: CountryCode) -> Called {
        Called { kind: Kind::Country, key: code.as_str().to_owned() }
    }

    /// `person:ada obi`
    pub fn written(&self) -> String {
        format!("{}:{}", kind_name(self.kind), self.key)
    }

    pub fn read(text: &str) -> Option<Called> {
        let (kind, key) = text.split_once(':')?;
        let kind = Kind::ALL.into_iter().find(|of| kind_name(*of) == kind)?;
        Some(Called { kind, key: key.to_owned() })
    }
}

pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Country => "country",
        Kind::Place => "place",
        Kind::Org => "org",
    }
}

/// The field of an article that holds the names of a kind.
pub fn field_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "people",
        Kind::Country => "countries",
        Kind::Place => "places",
        Kind::Org => "orgs",
    }
}

fn hex(hash: Hash) -> String {
    hash.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What names an article on the server, and here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The id of the document: what the article is recognised by, so that the same article has the same id whoever adds it.
    pub id: String,
    /// The same in 62 bits.
    pub number: ArticleId,
}

impl Named {
    pub fn of(article: &Article) -> Named {
        Named::of_recognition(&Recognition::of(article))
    }

    pub fn of_recognition(recognition: &Recognition) -> Named {
        let hash = recognition.hash();
        // A positive number. Of a hundred million articles, two have the same one with a probability of one in a thousand.
        Named { id: hex(hash), number: ArticleId(hash.number()) }
    }
}

/// The documents of one article.
pub struct Documents {
    pub named: Named,
    pub article: Value,
    pub quotes: Vec<(String, Value)>,
    /// Each form of each name, with the id of its document.
    pub names: BTreeMap<String, Value>,
}

pub fn when(published: Option<DateTime<Utc>>) -> i64 {
    published.map_or(UNDATED, |published| published.timestamp())
}

/// The hash of everything that is stored of an article, as it is stored.
pub fn content(article: &Article) -> String {
    hex(Hash::of_article(article))
}

impl Documents {
    pub fn of(article: &Article, analysis: &Analysis) -> Documents {
        let named = Named::of(article);
        let called: Vec<Called> = analysis.entities.iter().map(Called::of).collect();
        let mut mentioned: BTreeSet<Called> = called.iter().cloned().collect();
        mentioned.extend(analysis.countries.iter().map(|code| Called::country(*code)));
        let of = |kind: Kind| -> Vec<&str> {
            mentioned.iter().filter(|called| called.kind == kind).map(|called| called.key.as_str()).collect()
        };
        let salient = analysis.entities.iter().zip(&called).filter(|(entity, _)| entity.salience >= SALIENT);
        let mut about: BTreeSet<String> = salient.map(|(_, called)| called.written()).collect();
        about.extend(analysis.about().map(|code| Called::country(code).written()));
        let mut document = json!({
            "num": named.number.0,
            "when": when(article.published),
            "dated": u8::from(article.published.is_some()),
            "source": article.source,
            "head": headline(&article.title, &article.body),
            "title": article.title,
            "body": article.body,
            "title_words": folded(&article.title),
            "body_words": folded(&article.body),
            "strong": strong(article),
            "people": of(Kind::Person), "orgs": of(Kind::Org), "places": of(Kind::Place), "countries": of(Kind::Country),
            "about": about,
            "quotes": analysis.quotes.len(),
            "says": says(analysis, &called),
            "said_by": said_by(analysis),
            "in_quotes": in_quotes(analysis, &called),
            "described": described(article, analysis, &called),
            "uttered": utterances(Key { published: None, id: named.number }, article, analysis, &mut |_| true).len(),
            "analysis": STANDARD.encode(codec::encode(analysis, &article.title, &article.body)),
            "engine": ENGINE_VERSION,
            "hash": content(article)
        });
        let published = article.published.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let optional = [
            ("published", published),
            ("author", article.author.clone()),
            ("author_words", article.author.as_deref().map(folded)),
            ("language", article.language.map(|code| code.to_string())),
            ("url", article.url.clone()),
            ("guid", article.guid.clone()),
            ("path", article.path.clone()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                document[name] = Value::String(value);
            }
        }
        let quotes = (0..).zip(&analysis.quotes);
        let quotes = quotes.filter_map(|(place, quote)| {
            let document = quote_document(article, analysis, &called, &named, (place, quote))?;
            Some((format!("{}-{place}", named.id), document))
        });
        let quotes = quotes.collect();
        Documents { quotes, names: names_of(article, analysis, &called), article: document, named }
    }
}

/// Whether a quote is no guess where nothing else is set.
fn is_sure(analysis: &Analysis, quote: &Quote) -> bool {
    Least::default().is_met(&analysis.entities, quote)
}

/// Who says how many quotes, as `person:ada obi|3`.
fn says(analysis: &Analysis, called: &[Called]) -> Vec<String> {
    let mut said: BTreeMap<String, u32> = BTreeMap::new();
    for quote in analysis.quotes.iter().filter(|quote| is_sure(analysis, quote)) {
        if let Some(Speaker::Entity(index)) = quote.likeliest()
            && let Some(called) = called.get(index.0 as usize)
        {
            *said.entry(called.written()).or_default() += 1;
        }
    }
    said.into_iter().map(|(name, quotes)| format!("{name}{TOLD}{quotes}")).collect()
}

/// The speakers whom the text only describes, folded.
fn said_by(analysis: &Analysis) -> BTreeSet<String> {
    let quotes = analysis.quotes.iter().filter(|quote| is_sure(analysis, quote));
    quotes
        .filter_map(|quote| match quote.likeliest() {
            Some(Speaker::Description(words)) => Some(folded(words)),
            _ => None,
        })
        .collect()
}

/// The names that the quotes of an article mention.
fn in_quotes(analysis: &Analysis, called: &[Called]) -> BTreeSet<String> {
    let quotes = analysis.quotes.iter();
    let inside = quotes.flat_map(|quote| {
        let fits = |mention: &&Mention| mention.field == quote.field && quote.span.contains(mention.span);
        analysis.mentions.iter().filter(fits)
    });
    inside.filter_map(|mention| called.get(mention.entity.0 as usize)).map(Called::written).collect()
}

/// How the article describes its people, as `person:ada obi|the minister of ports`.
fn described(article: &Article, analysis: &Analysis, called: &[Called]) -> BTreeSet<String> {
    let language = Language::of(article.language);
    let mut told = BTreeSet::new();
    for mention in &analysis.mentions {
        let Some(called) = called.get(mention.entity.0 as usize).filter(|called| called.kind == Kind::Person)
        else {
            continue;
        };
        let text = match mention.field {
            Field::Title => &article.title,
            Field::Body => &article.body,
        };
        let (start, end) = (mention.span.start as usize, mention.span.end as usize);
        let found = descriptions(text, start, end, language);
        told.extend(found.into_iter().map(|words| format!("{}{TOLD}{words}", called.written())));
    }
    told
}

/// The words that the article has at least three times; sorting by relevance counts these.
fn strong(article: &Article) -> Vec<String> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for text in [&article.title, &article.body] {
        fold::each_word(text, |_, word| match counts.get_mut(word) {
            Some(count) => *count += 1,
            None => _ = counts.insert(word.to_owned(), 1),
        });
    }
    counts.into_iter().filter(|(_, count)| *count >= STRONG).map(|(word, _)| word).collect()
}

impl Documents {
    /// Stores which story the article tells, when it came, and under which keys copies of it are found.
    pub fn place(&mut self, placed: Placed, keys: &[u64]) {
        self.article["story"] = json!(placed.story);
        self.article["copy"] = json!(u8::from(placed.story != self.named.number.0));
        self.article["added"] = json!(placed.added);
        self.article["alike"] = keys.iter().copied().map(alike).collect();
    }
}

/// Where an article is among the others of its archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The number of the first article of its story: its own, if it is no copy.
    pub story: i64,
    /// When it came, in microseconds since 1970.
    pub added: i64,
}

/// How a key under which copies are found is written. Forty bits tell enough: what shares one is compared.
pub fn alike(key: u64) -> String {
    format!("{:010x}", key >> 24)
}

fn quote_document(
    article: &Article,
    analysis: &Analysis,
    called: &[Called],
    named: &Named,
    (place, quote): (u32, &Quote),
) -> Option<Value> {
    let text = quote.span.get(match quote.field {
        Field::Title => &article.title,
        Field::Body => &article.body,
    })?;
    let inside = analysis
        .mentions
        .iter()
        .filter(|mention| mention.field == quote.field && quote.span.contains(mention.span));
    let of: BTreeSet<String> =
        inside.filter_map(|mention| called.get(mention.entity.0 as usize)).map(Called::written).collect();
    let mut document = json!({
        "num": named.number.0,
        "when": when(article.published),
        "place": place,
        "source": article.source,
        "title": article.title,
        "kind": quote.kind,
        "field": quote.field,
        "start": quote.span.start,
        "end": quote.span.end,
        "text": text,
        "words": folded(text),
        "of": of,
        "person": false,
        "confidence": quote.confidence
    });
    match quote.likeliest() {
        Some(Speaker::Entity(index)) => {
            let entity = analysis.entities.get(index.0 as usize)?;
            document["by"] = Value::String(called.get(index.0 as usize)?.written());
            document["speaker"] = Value::String(entity.name.clone());
            document["person"] = Value::Bool(entity.kind == Kind::Person);
        }
        Some(Speaker::Description(words)) => {
            document["described"] = Value::String(folded(words));
            document["speaker"] = Value::String(words.clone());
        }
        None => {}
    }
    Some(document)
}

/// The documents of the names of an article. They hold nothing of the article, so that many articles write the same.
fn names_of(article: &Article, analysis: &Analysis, called: &[Called]) -> BTreeMap<String, Value> {
    let mut documents = BTreeMap::new();
    let mut name = |called: &Called, name: &str| {
        let written = called.written();
        let id = hex(Hash::of(&["name", &written]));
        let kind = kind_name(called.kind);
        documents.insert(id, json!({ "what": "name", "kind": kind, "entity": written, "name": name }));
    };
    for code in &analysis.countries {
        name(&Called::country(*code), country::name(*code));
    }
    for (entity, called) in analysis.entities.iter().zip(called) {
        match entity.code {
            Some(_) => name(called, &entity.name),
            None => name(called, &body::label(entity)),
        }
    }
    let mut form = |called: &Called, text: &str| {
        let (written, form) = (called.written(), folded(text));
        if !form.is_empty() {
            let id = hex(Hash::of(&["form", &written, &form]));
            let kind = kind_name(called.kind);
            let document =
                json!({ "what": "form", "kind": kind, "entity": written, "form": form, "words": form });
            documents.insert(id, document);
        }
    };
    for (entity, called) in analysis.entities.iter().zip(called) {
        form(called, &body::label(entity));
        form(called, &entity.name);
    }
    for code in &analysis.countries {
        form(&Called::country(*code), country::name(*code));
    }
    for mention in &analysis.mentions {
        let text = match mention.field {
            Field::Title => &article.title,
            Field::Body => &article.body,
        };
        if let (Some(called), Some(text)) = (called.get(mention.entity.0 as usize), mention.span.get(text)) {
            form(called, text);
        }
    }
    documents
}

/// The first text of a field that may hold anything: a text, a number, or a list of them.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(text),
        _ => None,
    }
}

/// A number of a field that may hold anything.
pub fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|number| number as i64)),
        Value::Array(values) => values.iter().find_map(number),
        _ => None,
    }
}

/// A date from seconds since 1970; `None` for [`UNDATED`] and for what is no date.
pub fn published(when: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(when, 0)
}

/// A line of text from a field that may hold anything, clean.
pub fn line(value: &Value) -> Option<String> {
    text(value).map(|text| clean_line(&text)).filter(|text| !text.is_empty())
}

/// A name from a field that may hold anything, as it was written, without what a terminal would act on.
pub fn name(value: &Value) -> Option<String> {
    text(value).map(|text| one_line(&text).into_owned()).filter(|text| !text.is_empty())
}

/// An article from its document, with its analysis and the version of the engine that made it. Texts are cleaned again:
/// whoever may write to the server may have changed them, and then the analysis does not fit any more.
pub fn read(source: &Value) -> (Article, Option<Analysis>, u64) {
    let empty = Map::new();
    let fields = source.as_object().unwrap_or(&empty);
    let field = |name: &str| fields.get(name).unwrap_or(&Value::Null);
    let article = Article {
        path: line(field("path")),
        url: text(field("url")).and_then(|url| clean_url(&url)),
        guid: line(field("guid")),
        source: line(field("source")).unwrap_or_else(|| "unknown".to_owned()),
        title: line(field("title")).unwrap_or_default(),
        author: line(field("author")),
        published: number(field("when")).and_then(published),
        language: text(field("language")).and_then(|code| LanguageCode::read(&code)),
        body: text(field("body")).map(|body| clean_body(&body)).unwrap_or_default(),
    };
    let bytes = field("analysis").as_str().and_then(|text| STANDARD.decode(text).ok());
    let analysis = bytes.and_then(|bytes| codec::decode(&bytes, &article.title, &article.body));
    (article, analysis, field("engine").as_u64().unwrap_or(0))
}

/// What the server knows of a document.
#[derive(Clone, Debug)]
pub struct There {
    pub hash: String,
    pub engine: u64,
    pub quotes: u64,
    pub when: i64,
    pub placed: Option<Placed>,
}

impl There {
    /// What it knows once an article has been sent.
    pub fn of(article: &Article, analysis: &Analysis, placed: Placed) -> There {
        There {
            hash: content(article),
            engine: u64::from(ENGINE_VERSION),
            quotes: analysis.quotes.len() as u64,
            when: when(article.published),
            placed: Some(placed),
        }
    }
}
