//! The form of an index of other hands: which of its fields hold what.
//!
//! In: the mapping of the index, a few of its documents, and what the config file says. Out: a [`Form`], which knows how each
//! field is asked for, and articles from documents that are not trusted. Knows no requests. Over 500 lines because the
//! presets, the guess and what is read by them name the same fields.

use super::layout::line;
use crate::article::Article;
use crate::config::archives::FieldMap;
use crate::formats::without_markup;
use crate::language::LanguageCode;
use crate::text::clean::{clean_body, clean_line, clean_url};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The body of an article whose document has no text.
const NO_TEXT: &str = "The archive has no text of this document.";

/// One field of a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// `text`, `keyword`, `date` …
    pub kind: String,
    pub searched: bool,
    /// Whether phrases can be asked for.
    pub phrases: bool,
    /// The other ways in which the same values are indexed, such as `title.raw`, with their types.
    pub also: Vec<(String, String)>,
}

/// What an index says about its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pub fields: BTreeMap<String, Field>,
    /// The paths of nested parts.
    pub nested: BTreeSet<String>,
    /// The field that tells parents and children apart, and the kinds of children of each kind of parent.
    pub join: Option<(String, BTreeMap<String, Vec<String>>)>,
    /// Where fields are left out of what is stored.
    left_out: Vec<String>,
}

impl Mapping {
    /// Reads the answer to `GET /INDEX/_mapping`, which may be about several indices.
    pub fn read(answer: &Value) -> Mapping {
        let mut mapping = Mapping::default();
        for index in answer.as_object().into_iter().flat_map(|indices| indices.values()) {
            let mappings = &index["mappings"];
            mapping.properties(&mappings["properties"], "", 0);
            let excluded = mappings["_source"]["excludes"].as_array().map(Vec::as_slice).unwrap_or_default();
            mapping.left_out.extend(excluded.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        mapping
    }

    fn properties(&mut self, properties: &Value, before: &str, depth: usize) {
        // A mapping may be of any size; an engine allows a depth of twenty.
        if depth > 20 {
            return;
        }
        for (name, field) in properties.as_object().into_iter().flatten() {
            let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            let kind = field["type"].as_str().unwrap_or("object");
            if kind == "nested" {
                self.nested.insert(path.clone());
            }
            if kind == "join" {
                let kinds = |value: &Value| match value {
                    Value::String(kind) => vec![kind.clone()],
                    Value::Array(kinds) => {
                        kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect()
                    }
                    _ => Vec::new(),
                };
                let relations = field["relations"].as_object().into_iter().flatten();
                let relations =
                    relations.map(|(parent, children)| (parent.clone(), kinds(children))).collect();
                self.join = Some((path.clone(), relations));
            }
            if field["properties"].is_object() {
                self.properties(&field["properties"], &path, depth + 1);
                continue;
            }
            let also = field["fields"].as_object().into_iter().flatten();
            let also = also.filter_map(|(name, field)| {
                Some((format!("{path}.{name}"), field["type"].as_str()?.to_owned()))
            });
            let options = field["index_options"].as_str().unwrap_or("positions");
            let read = Field {
                kind: kind.to_owned(),
                searched: field["index"] != false,
                phrases: matches!(options, "positions" | "offsets"),
                also: also.collect(),
            };
            self.fields.entry(path).or_insert(read);
        }
    }

    /// The innermost nested part that a field is in.
    pub fn nested_of(&self, field: &str) -> Option<&str> {
        let around = self
            .nested
            .iter()
            .filter(|path| field.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.')));
        around.max_by_key(|path| path.len()).map(String::as_str)
    }

    /// The field by which whole values of `field` are asked for, counted and sorted.
    pub fn whole(&self, field: &str) -> Option<String> {
        let whole = |kind: &str| {
            matches!(
                kind,
                "keyword" | "wildcard" | "constant_keyword" | "boolean" | "long" | "integer" | "short" | "ip"
            )
        };
        let known = self.fields.get(field)?;
        if whole(&known.kind) {
            return Some(field.to_owned());
        }
        known.also.iter().find(|(_, kind)| whole(kind)).map(|(field, _)| field.clone())
    }

    fn is_stored(&self, field: &str) -> bool {
        let pattern = |pattern: &String| match pattern.strip_suffix('*') {
            Some(begin) => field.starts_with(begin),
            None => {
                field == pattern
                    || field.strip_prefix(pattern.as_str()).is_some_and(|rest| rest.starts_with('.'))
            }
        };
        !self.left_out.iter().any(pattern)
    }
}

/// How a field tells when an article appeared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateKind {
    /// A field for dates.
    Date,
    /// A number: so many to a second.
    Number(i64),
    /// A text that begins as ISO 8601 does, in a field of whole values.
    Text,
}

/// The field that an archive is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub field: String,
    pub kind: DateKind,
}

/// Names in a field: of the documents themselves, of nested parts, or of child documents.
///
/// `FIELD`, `FIELD where OTHER=VALUE and OTHER!=VALUE`, `CHILD>FIELD shown OTHER where …`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesIn {
    pub child: Option<String>,
    pub nested: Option<String>,
    pub field: String,
    /// The field that has the name as people write it.
    pub shown: Option<String>,
    pub is: Vec<(String, String)>,
    pub is_not: Vec<(String, String)>,
}

impl NamesIn {
    fn read(text: &str, mapping: &Mapping) -> Option<NamesIn> {
        let (names, conditions) = text.split_once(" where ").unwrap_or((text, ""));
        let (names, shown) = match names.split_once(" shown ") {
            Some((names, shown)) => (names, Some(shown.trim().to_owned())),
            None => (names, None),
        };
        let (child, field) = match names.split_once('>') {
            Some((child, field)) => (Some(child.trim().to_owned()), field),
            None => (None, names),
        };
        let field = field.trim();
        let whole = mapping.whole(field)?;
        let mut read = NamesIn {
            nested: if child.is_none() { mapping.nested_of(field).map(str::to_owned) } else { None },
            child,
            field: whole,
            shown,
            ..NamesIn::default()
        };
        for condition in conditions.split(" and ").filter(|condition| !condition.trim().is_empty()) {
            let (field, value) = condition.split_once('=')?;
            let (list, field) = match field.strip_suffix('!') {
                Some(field) => (&mut read.is_not, field),
                None => (&mut read.is, field),
            };
            let field = mapping.whole(field.trim()).unwrap_or_else(|| field.trim().to_owned());
            list.push((field, value.trim().to_owned()));
        }
        Some(read)
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// `datashare`, `openaleph`, `mediacloud`, `config`, or `guess`.
    pub name: &'static str,
    pub map: FieldMap,
    pub mapping: Mapping,
    pub dated: Option<Dated>,
    pub people: Option<NamesIn>,
    pub orgs: Option<NamesIn>,
    pub places: Option<NamesIn>,
    pub countries: Option<NamesIn>,
}

/// The form that another program gives its index; `None` where its mapping is not that of one of them.
fn preset(mapping: &Mapping) -> Option<&'static str> {
    let has = |fields: &[&str]| fields.iter().all(|field| mapping.fields.contains_key(*field));
    let joined = mapping.join.as_ref().is_some_and(|(_, relations)| {
        relations.get("Document").is_some_and(|children| children.iter().any(|child| child == "NamedEntity"))
    });
    if joined && has(&["content", "extractionDate"]) {
        Some("datashare")
    } else if has(&["schema", "schemata", "caption"])
        && mapping.fields.keys().any(|field| field.starts_with("properties."))
    {
        Some("openaleph")
    } else if has(&["article_title", "text_content", "publication_date"]) {
        Some("mediacloud")
    } else {
        None
    }
}

/// The fields of a preset. Those that an index does not have are left out.
pub fn fields_of(form: &str) -> FieldMap {
    let mut map = FieldMap::default();
    let of: &[(&str, &[&str])] = match form {
        "datashare" => &[
            (
                "title",
                &["title", "metadata.tika_metadata_dc_title", "metadata.tika_metadata_resourcename", "path"],
            ),
            ("text", &["content"]),
            ("date", &["metadata.tika_metadata_dcterms_created", "metadata.tika_metadata_creation_date"]),
            ("source", &["dirname"]),
            ("author", &["metadata.tika_metadata_dc_creator"]),
            ("language", &["language"]),
            ("people", &["NamedEntity>mentionNorm shown mention where category=PERSON and isHidden!=true"]),
            (
                "orgs",
                &["NamedEntity>mentionNorm shown mention where category=ORGANIZATION and isHidden!=true"],
            ),
            ("places", &["NamedEntity>mentionNorm shown mention where category=LOCATION and isHidden!=true"]),
            ("only", &["type=Document"]),
        ],
        "openaleph" => &[
            ("title", &["properties.title", "caption", "properties.fileName"]),
            ("text", &["properties.bodyText"]),
            ("search", &["content", "text"]),
            ("date", &["properties.publishedAt", "properties.date", "properties.authoredAt"]),
            ("source", &["properties.publisher", "dataset"]),
            ("author", &["properties.author"]),
            ("link", &["properties.sourceUrl"]),
            ("language", &["properties.detectedLanguage", "properties.language"]),
            ("people", &["properties.peopleMentioned"]),
            ("orgs", &["properties.companiesMentioned"]),
            ("places", &["properties.locationMentioned"]),
            ("countries", &["properties.detectedCountry"]),
            ("only", &["schemata=Document"]),
            (
                "without",
                &[
                    "schema=Folder",
                    "schema=Package",
                    "schema=Workbook",
                    "schema=Image",
                    "schema=Audio",
                    "schema=Video",
                ],
            ),
        ],
        "mediacloud" => &[
            ("title", &["article_title"]),
            ("text", &["text_content"]),
            ("date", &["publication_date"]),
            ("source", &["canonical_domain"]),
            ("link", &["url"]),
            ("language", &["language"]),
        ],
        _ => &[],
    };
    for (role, fields) in of {
        map.set(role, fields);
    }
    map
}

impl Form {
    /// The form of an index: what the config file says, else a preset that fits, else a guess.
    pub fn of(mapping: Mapping, form: Option<&str>, said: &FieldMap, documents: &[Value]) -> Form {
        let known = form.or_else(|| if said.0.is_empty() { preset(&mapping) } else { None });
        let (name, mut map) = match known {
            Some("datashare") => ("datashare", fields_of("datashare")),
            Some("openaleph") => ("openaleph", fields_of("openaleph")),
            Some("mediacloud") => ("mediacloud", fields_of("mediacloud")),
            _ if said.0.is_empty() => ("guess", guess(&mapping, documents)),
            _ => ("config", FieldMap::default()),
        };
        for (role, fields) in &said.0 {
            map.0.insert(role, fields.clone());
        }
        let there = |field: &String| mapping.fields.contains_key(field) || field.contains(['=', '>', ' ']);
        if name != "config" {
            map.0.values_mut().for_each(|fields| fields.retain(there));
        }
        let dated = map.get("date").iter().find_map(|field| dated(&mapping, field, documents));
        let names = |role: &str| map.get(role).iter().find_map(|text| NamesIn::read(text, &mapping));
        Form {
            name,
            dated,
            people: names("people"),
            orgs: names("orgs"),
            places: names("places"),
            countries: names("countries"),
            map,
            mapping,
        }
    }

    /// The conditions of every question: fields with the values that they must have, or must not have.
    pub fn conditions(&self, role: &str) -> Vec<(String, String)> {
        let split = |text: &String| {
            let (field, value) = text.split_once('=')?;
            Some((self.mapping.whole(field.trim())?, value.trim().to_owned()))
        };
        self.map.get(role).iter().filter_map(split).collect()
    }

    /// The fields of a list page.
    pub fn row_fields(&self) -> Vec<&str> {
        ["title", "source"].iter().flat_map(|role| self.map.get(role)).map(String::as_str).collect()
    }

    /// The fields of a whole article.
    pub fn article_fields(&self) -> Vec<String> {
        let roles = ["title", "text", "source", "author", "link", "language"];
        let fields = roles.iter().flat_map(|role| self.map.get(role));
        let mut fields: Vec<String> = fields.cloned().collect();
        for field in self.map.get("text") {
            // The other fields of a part say where it belongs.
            fields.extend(self.mapping.nested_of(field).map(|path| format!("{path}.*")));
        }
        fields
    }

    /// The fields in which words are searched for.
    pub fn searched(&self) -> &[String] {
        match self.map.get("search") {
            [] => self.map.get("text"),
            search => search,
        }
    }

    /// The field by which whole values of a role are asked for.
    pub fn whole(&self, role: &str) -> Option<String> {
        self.map.get(role).iter().find_map(|field| self.mapping.whole(field))
    }

    fn first(&self, source: &Value, role: &str) -> Option<String> {
        let of = |field: &String| values(source, field).into_iter().find_map(line);
        self.map.get(role).iter().find_map(of)
    }

    /// The title of a document.
    pub fn title(&self, source: &Value) -> String {
        let title = self.map.get("title").iter().find_map(|field| {
            let found = values(source, field).into_iter().find_map(super::layout::text)?;
            let title = clean_line(&without_markup(&found));
            // A path names a file.
            let title = if field.ends_with("path") { last_part(&title) } else { &title };
            (!title.is_empty()).then(|| title.to_owned())
        });
        title.unwrap_or_default()
    }

    /// What a value of the source is shown as.
    pub fn shown_source(value: &str) -> String {
        let clean = clean_line(&without_markup(value));
        if clean.starts_with('/') { last_part(&clean).to_owned() } else { clean }
    }

    /// Where a document comes from.
    pub fn source(&self, source: &Value, otherwise: &str) -> String {
        let found = self.first(source, "source").map(|value| Form::shown_source(&value));
        found.filter(|found| !found.is_empty()).unwrap_or_else(|| otherwise.to_owned())
    }

    /// The text of a document: the first field that has some; its parts in their order.
    fn body(&self, source: &Value) -> String {
        for field in self.map.get("text") {
            let parts = self.parts(source, field);
            let text = parts.iter().map(|part| without_markup(part)).collect::<Vec<_>>().join("\n\n");
            let text = clean_body(&text);
            if !text.is_empty() {
                return text;
            }
        }
        let kept = self.map.get("text").iter().any(|field| self.mapping.is_stored(field));
        if kept || self.map.get("text").is_empty() {
            return NO_TEXT.to_owned();
        }
        "The archive searches in the text of this document, but does not store it.".to_owned()
    }

    /// The values of a field, in the order of the parts that they are in.
    fn parts(&self, source: &Value, field: &str) -> Vec<String> {
        let all = || values(source, field).into_iter().flat_map(all_texts).collect::<Vec<_>>();
        let Some((path, name)) = field.rsplit_once('.') else { return all() };
        let list = match values(source, path).as_slice() {
            [Value::Array(list)] => list.clone(),
            // An object in a list of one.
            list if list.len() > 1 => list.iter().map(|value| (*value).clone()).collect(),
            _ => return all(),
        };
        let by = self.map.get("parts-by").first().and_then(|by| by.rsplit('.').next());
        let places = [
            "n", "nr", "no", "pos", "position", "order", "seq", "idx", "index", "number", "sort", "rank", "i",
        ];
        let place = |part: &Value| {
            let named = by.into_iter().chain(places);
            named.map(|name| &part[name]).find_map(Value::as_f64)
        };
        let mut list: Vec<(Option<f64>, Value)> = list.into_iter().map(|part| (place(&part), part)).collect();
        if list.iter().all(|(place, _)| place.is_some()) {
            list.sort_by(|(one, _), (other, _)| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
        }
        list.iter().flat_map(|(_, part)| values(part, name)).flat_map(all_texts).collect()
    }

    /// An article from a document.
    pub fn article(
        &self,
        source: &Value,
        guid: &str,
        published: Option<DateTime<Utc>>,
        otherwise: &str,
    ) -> Article {
        Article {
            path: None,
            url: self.first(source, "link").and_then(|url| clean_url(&url)),
            guid: Some(guid.to_owned()),
            source: self.source(source, otherwise),
            title: self.title(source),
            author: self.first(source, "author").map(|author| clean_line(&without_markup(&author))),
            published,
            language: self.first(source, "language").and_then(|language| LanguageCode::read(&language)),
            body: self.body(source),
        }
    }

    /// The form as lines of the config file.
    pub fn lines(&self, address: &str) -> Vec<String> {
        let mut lines = vec!["[[archive]]".to_owned(), format!("url = {}", toml_text(address))];
        match self.name {
            "guess" | "config" => {}
            preset => lines.push(format!("form = {}", toml_text(preset))),
        }
        lines.extend(self.map.lines());
        lines
    }
}

fn toml_text(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// All texts in a value.
fn all_texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(all_texts).collect(),
        _ => Vec::new(),
    }
}

/// What a document has at a path, through objects and lists. A name may contain full stops.
pub fn values<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(values_of) => values_of.iter().flat_map(|value| values(value, path)).collect(),
        Value::Object(fields) => {
            if let Some(found) = fields.get(path) {
                return vec![found];
            }
            let cuts = path.match_indices('.').map(|(at, _)| at);
            let below = cuts.filter_map(|at| Some(values(fields.get(&path[..at])?, &path[at + 1..])));
            below.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// A date that is written out: ISO 8601, as far as it goes.
pub fn iso(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let time = text.get(11..19).and_then(|time| NaiveTime::parse_from_str(time, "%H:%M:%S").ok());
    Some(day.and_time(time.unwrap_or(NaiveTime::MIN)).and_utc())
}

/// How many of a number of this size make a second, for a number that may be a time of an article.
fn unit(number: f64) -> Option<i64> {
    // From 1973 to 2286.
    [1i64, 1_000, 1_000_000, 1_000_000_000]
        .into_iter()
        .find(|unit| (1e8..1e10).contains(&(number.abs() / *unit as f64)))
}

/// How a field tells the date.
fn dated(mapping: &Mapping, field: &str, documents: &[Value]) -> Option<Dated> {
    let known = mapping.fields.get(field)?;
    let sample = || documents.iter().flat_map(|document| values(document, field));
    match known.kind.as_str() {
        "date" | "date_nanos" => Some(Dated { field: field.to_owned(), kind: DateKind::Date }),
        "long" | "integer" | "double" | "float" | "unsigned_long" => {
            let unit = sample().filter_map(Value::as_f64).find_map(unit).unwrap_or(1);
            Some(Dated { field: field.to_owned(), kind: DateKind::Number(unit) })
        }
        _ => {
            let whole = mapping.whole(field)?;
            let fits = sample().filter_map(Value::as_str).any(|text| iso(text).is_some());
            fits.then_some(Dated { field: whole, kind: DateKind::Text })
        }
    }
}

/// A path in small letters without what joins its words.
fn plain(path: &str) -> String {
    path.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of the last name in a path.
fn parts_of(path: &str) -> Vec<String> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let mut words = vec![String::new()];
    let mut small = false;
    for c in last.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Points for a name: those of the best of some words that it is or contains, and those of the worst of others.
fn points(path: &str, good: &[(&str, i32)], bad: &[(&str, i32)]) -> i32 {
    let words: Vec<String> = path.split('.').flat_map(parts_of).collect();
    let whole = plain(path);
    let last = plain(path.rsplit('.').next().unwrap_or(path));
    let is = |wanted: &str| match wanted.strip_prefix('*') {
        Some(part) => whole.contains(part),
        None => last == wanted || words.iter().any(|word| word == wanted),
    };
    let best = good.iter().filter(|(word, _)| is(word)).map(|(_, points)| *points).max().unwrap_or(0);
    let worst = bad.iter().filter(|(word, _)| is(word)).map(|(_, points)| *points).max().unwrap_or(0);
    best - worst
}

/// What some documents have in a field.
struct Sampled {
    /// How many of the documents have it.
    share: f64,
    /// The mean length of its texts, all of a document together, in bytes.
    length: f64,
    distinct: usize,
    texts: Vec<String>,
}

impl Sampled {
    fn of(documents: &[Value], field: &str) -> Sampled {
        let mut texts = Vec::new();
        let (mut count, mut length) = (0, 0);
        for document in documents {
            let found: Vec<String> = values(document, field).into_iter().flat_map(all_texts).collect();
            if !found.is_empty() {
                count += 1;
                length += found.iter().map(String::len).sum::<usize>();
                texts.extend(found);
            }
        }
        let distinct = texts.iter().collect::<BTreeSet<_>>().len();
        Sampled {
            share: count as f64 / documents.len().max(1) as f64,
            length: length as f64 / count.max(1) as f64,
            distinct,
            texts,
        }
    }
}

const NOT_TITLES: &[(&str, i32)] = &[
    ("sub", 12),
    ("short", 3),
    ("seo", 8),
    ("kicker", 12),
    ("section", 12),
    ("slug", 12),
    ("id", 12),
    ("type", 12),
    ("status", 12),
    ("alt", 6),
    ("author", 12),
    ("byline", 12),
    ("source", 12),
    ("site", 12),
    ("social", 6),
    ("url", 12),
    ("category", 12),
    ("subtitle", 12),
    ("*person", 12),
    ("*entit", 12),
    ("file", 4),
    ("image", 12),
    ("*caption", 6),
];
const TITLES: &[(&str, i32)] = &[
    ("title", 20),
    ("headline", 20),
    ("hed", 18),
    ("head", 12),
    ("heading", 16),
    ("titel", 20),
    ("titre", 20),
    ("titulo", 20),
    ("título", 20),
    ("titolo", 20),
    ("tittel", 20),
    ("rubrik", 18),
    ("overskrift", 18),
    ("otsikko", 18),
    ("schlagzeile", 20),
    ("manchette", 10),
    ("subject", 12),
    ("name", 6),
    ("*headline", 14),
    ("*title", 12),
];
const TEXTS: &[(&str, i32)] = &[
    ("body", 20),
    ("text", 16),
    ("content", 16),
    ("fulltext", 20),
    ("article", 8),
    ("story", 12),
    ("paragraphs", 14),
    ("paragraph", 14),
    ("html", 6),
    ("*bodytext", 20),
    ("*fulltext", 20),
    ("texte", 16),
    ("texto", 16),
    ("testo", 16),
    ("inhalt", 16),
    ("cuerpo", 18),
    ("corps", 18),
    ("tekst", 16),
    ("brødtekst", 20),
    ("p", 6),
    ("transcript", 8),
];
const NOT_TEXTS: &[(&str, i32)] = &[
    ("summary", 14),
    ("abstract", 14),
    ("teaser", 14),
    ("lead", 8),
    ("description", 10),
    ("comment", 20),
    ("comments", 20),
    ("note", 12),
    ("caption", 14),
    ("bio", 20),
    ("snippet", 14),
    ("excerpt", 14),
    ("url", 20),
    ("path", 20),
    ("json", 20),
    ("raw", 2),
    ("*comment", 20),
    ("*caption", 12),
    ("*internal", 16),
];
const DATES: &[(&str, i32)] = &[
    ("*publi", 20),
    ("*pubdate", 20),
    ("pub", 20),
    ("*veroffent", 20),
    ("*veröffent", 20),
    ("*erschien", 20),
    ("*released", 12),
    ("*issued", 14),
    ("*issuedate", 14),
    ("*issueday", 14),
    ("*printed", 14),
    ("*aired", 14),
    ("*broadcast", 12),
    ("*firstlive", 14),
    ("*sentat", 8),
    ("*articledate", 16),
    ("date", 8),
    ("datum", 8),
    ("fecha", 8),
    ("datetime", 7),
    ("day", 6),
    ("time", 4),
    ("timestamp", 4),
    ("written", 6),
    ("created", 4),
    ("*creat", 4),
    ("*posted", 12),
    ("*appeared", 16),
    ("*online", 6),
    ("*dateline", 6),
];
const NOT_DATES: &[(&str, i32)] = &[
    ("*index", 60),
    ("*ingest", 60),
    ("*import", 60),
    ("*crawl", 60),
    ("*fetch", 60),
    ("*harvest", 60),
    ("*extract", 60),
    ("*scrap", 60),
    ("*stored", 60),
    ("*added", 60),
    ("*process", 60),
    ("*insert", 60),
    ("*loaded", 60),
    ("*received", 30),
    ("*upload", 60),
    ("*sync", 60),
    ("*archived", 60),
    ("*collect", 60),
    ("*retriev", 60),
    ("*download", 60),
    ("*expir", 60),
    ("*embargo", 30),
    ("*deadline", 60),
    ("*birth", 60),
    ("*event", 40),
    ("*valid", 40),
    ("*modif", 13),
    ("*updat", 13),
    ("*chang", 13),
    ("*revis", 13),
    ("*edited", 13),
    ("*delet", 60),
    ("*unpubli", 60),
    ("*lastseen", 60),
    ("*seenat", 60),
    ("*review", 30),
    ("*schedul", 20),
    ("*check", 40),
    ("*lock", 60),
    ("*analy", 60),
    ("*ocr", 60),
    ("*scan", 40),
];
const SOURCES: &[(&str, i32)] = &[
    ("source", 20),
    ("publisher", 20),
    ("outlet", 20),
    ("newspaper", 20),
    ("publication", 18),
    ("paper", 16),
    ("medium", 14),
    ("media", 10),
    ("provider", 14),
    ("agency", 14),
    ("feed", 12),
    ("site", 12),
    ("website", 12),
    ("domain", 12),
    ("brand", 10),
    ("channel", 10),
    ("newsroom", 8),
    ("quelle", 18),
    ("fuente", 18),
    ("kilde", 18),
    ("medie", 14),
    ("journal", 12),
    ("zeitung", 18),
    ("*sourcename", 20),
    ("*canonicaldomain", 14),
    ("titlename", 6),
];
const NOT_SOURCES: &[(&str, i32)] = &[
    ("id", 16),
    ("url", 16),
    ("type", 16),
    ("status", 30),
    ("section", 30),
    ("language", 30),
    ("lang", 30),
    ("country", 20),
    ("category", 30),
    ("rank", 20),
    ("*date", 30),
    ("*person", 20),
    ("file", 16),
];
const AUTHORS: &[(&str, i32)] = &[
    ("author", 20),
    ("authors", 20),
    ("byline", 20),
    ("creator", 12),
    ("writer", 16),
    ("journalist", 18),
    ("reporter", 18),
    ("autor", 20),
    ("auteur", 20),
    ("forfatter", 20),
    ("by", 10),
    ("*authorname", 20),
];
const URLS: &[(&str, i32)] = &[
    ("url", 20),
    ("link", 16),
    ("permalink", 20),
    ("href", 14),
    ("uri", 14),
    ("canonical", 14),
    ("web", 8),
    ("*weburl", 18),
];
const LANGUAGES: &[(&str, i32)] = &[
    ("language", 20),
    ("lang", 20),
    ("languages", 16),
    ("sprache", 20),
    ("langue", 20),
    ("idioma", 20),
    ("locale", 12),
];
const PEOPLE: &[(&str, i32)] = &[
    ("people", 20),
    ("persons", 20),
    ("person", 20),
    ("per", 14),
    ("personen", 20),
    ("personnes", 20),
    ("personas", 20),
    ("*peoplementioned", 20),
    ("*personsmentioned", 20),
];
const ORGS: &[(&str, i32)] = &[
    ("orgs", 20),
    ("org", 20),
    ("organisations", 20),
    ("organizations", 20),
    ("organisation", 20),
    ("organization", 20),
    ("companies", 18),
    ("company", 12),
    ("institutions", 14),
    ("*companiesmentioned", 20),
    ("organisationen", 20),
];
const PLACES: &[(&str, i32)] = &[
    ("places", 20),
    ("place", 16),
    ("locations", 20),
    ("location", 20),
    ("loc", 14),
    ("gpe", 18),
    ("cities", 12),
    ("orte", 20),
    ("lieux", 20),
];
const COUNTRIES: &[(&str, i32)] =
    &[("countries", 20), ("country", 18), ("*countrycode", 18), ("länder", 20), ("pays", 20)];

/// A guess at what the fields of an index hold, from its mapping and a few of its documents.
pub fn guess(mapping: &Mapping, documents: &[Value]) -> FieldMap {
    let mut map = FieldMap::default();
    let fields: Vec<(&String, &Field, Sampled)> =
        mapping.fields.iter().map(|(path, field)| (path, field, Sampled::of(documents, path))).collect();
    let is_text =
        |field: &Field| matches!(field.kind.as_str(), "text" | "keyword" | "wildcard" | "match_only_text");
    let best = |scored: &mut dyn Iterator<Item = (f64, &String)>| -> Option<String> {
        scored
            .filter(|(points, _)| *points > 0.0)
            .fold(None, |best: Option<(f64, &String)>, one| match best {
                Some(best) if best.0 >= one.0 => Some(best),
                _ => Some(one),
            })
            .map(|(_, path)| path.clone())
    };
    // The text: long, and called so.
    let text = best(&mut fields.iter().filter(|(_, field, _)| is_text(field)).map(|(path, _, sampled)| {
        let named = points(path, TEXTS, NOT_TEXTS) as f64;
        let long = (sampled.length / 100.0).min(20.0);
        (
            if sampled.length < 40.0 && !documents.is_empty() { 0.0 } else { named + long * sampled.share },
            *path,
        )
    }));
    let title = best(&mut fields.iter().filter(|(_, field, _)| is_text(field)).map(|(path, _, sampled)| {
        let named = points(path, TITLES, NOT_TITLES) as f64;
        let fits = (4.0..400.0).contains(&sampled.length);
        let apart = sampled.distinct as f64 / sampled.texts.len().max(1) as f64;
        (
            if !fits || Some(*path) == text.as_ref() {
                0.0
            } else {
                named + 4.0 * sampled.share + 2.0 * apart - 5.0
            },
            *path,
        )
    }));
    let date = best(&mut fields.iter().map(|(path, field, sampled)| {
        let fits = match field.kind.as_str() {
            "date" | "date_nanos" => true,
            "long" | "integer" | "double" => documents.iter().any(|document| {
                values(document, path)
                    .iter()
                    .filter_map(|value| value.as_f64())
                    .any(|number| unit(number).is_some())
            }),
            "keyword" | "text" => {
                mapping.whole(path).is_some() && sampled.texts.iter().any(|text| iso(text).is_some())
            }
            _ => false,
        };
        let named = f64::from(points(path, DATES, NOT_DATES));
        let there = documents.iter().filter(|document| {
            values(document, path).iter().any(|value| !value.is_null() && value.as_str() != Some(""))
        });
        let share = there.count() as f64 / documents.len().max(1) as f64;
        let typed = if field.kind.starts_with("date") { 1.0 } else { 0.0 };
        // A field without a telling name counts only where it is a date.
        (
            if fits && mapping.nested_of(path).is_none() && named > -5.0 {
                named + typed + 3.0 * share
            } else {
                0.0
            },
            *path,
        )
    }));
    let short = |sampled: &Sampled| !sampled.texts.is_empty() && sampled.length < 200.0;
    let named = |good: &'static [(&str, i32)], bad: &'static [(&str, i32)], whole: bool, most: f64| {
        best(&mut fields.iter().map(|(path, field, sampled)| {
            let fits = is_text(field)
                && (!whole || mapping.whole(path).is_some())
                && mapping.nested_of(path).is_none()
                && (documents.is_empty() || short(sampled))
                && sampled.length < most;
            let taken = Some(*path) == title.as_ref() || Some(*path) == text.as_ref();
            (
                if fits && !taken { f64::from(points(path, good, bad)) + sampled.share } else { 0.0 } - 1.5,
                *path,
            )
        }))
    };
    let source = named(SOURCES, NOT_SOURCES, false, 100.0);
    let url = best(&mut fields.iter().map(|(path, field, sampled)| {
        let links = sampled.texts.iter().any(|text| text.starts_with("http"));
        let points = points(
            path,
            URLS,
            &[("image", 20), ("*image", 20), ("*thumb", 20), ("*photo", 20), ("feed", 10), ("*feed", 10)],
        );
        (if is_text(field) && links { f64::from(points) } else { 0.0 }, *path)
    }));
    let all = [
        ("title", title.clone()),
        ("text", text.clone()),
        ("date", date),
        ("source", source),
        ("author", named(AUTHORS, &[("id", 20), ("*email", 20), ("*url", 20)], false, 200.0)),
        ("link", url),
        ("language", named(LANGUAGES, &[], true, 30.0)),
        ("people", named(PEOPLE, &[("id", 20), ("*count", 20)], true, 2_000.0)),
        ("orgs", named(ORGS, &[("id", 20), ("*count", 20)], true, 2_000.0)),
        ("places", named(PLACES, &[("id", 20), ("*count", 20), ("*geo", 20)], true, 2_000.0)),
        ("countries", named(COUNTRIES, &[("id", 20), ("*count", 20), ("*source", 10)], true, 2_000.0)),
    ];
    for (role, field) in all {
        if let Some(field) = field {
            map.set(role, &[&field]);
        }
    }
    guess_nested(mapping, documents, &mut map);
    guess_published(&fields, documents, &mut map);
    map
}

/// Names in nested parts: one field has the name and another says what it is of.
fn guess_nested(mapping: &Mapping, documents: &[Value], map: &mut FieldMap) {
    let names = [
        ("name", 20),
        ("text", 14),
        ("value", 12),
        ("label", 10),
        ("mention", 18),
        ("entity", 8),
        ("surface", 8),
        ("canonical", 12),
    ];
    let types = [
        ("type", 20),
        ("category", 18),
        ("kind", 18),
        ("class", 14),
        ("tag", 10),
        ("label", 12),
        ("ner", 12),
    ];
    let kinds: [(&str, &[&str]); 4] = [
        ("people", &["person", "per", "people", "persons"]),
        ("orgs", &["organization", "organisation", "org", "company", "orgs"]),
        ("places", &["location", "loc", "place", "gpe", "city", "places"]),
        ("countries", &["country", "countries"]),
    ];
    for path in &mapping.nested {
        let below = || {
            mapping.fields.keys().filter(move |field| {
                mapping.nested_of(field) == Some(path.as_str()) && mapping.whole(field).is_some()
            })
        };
        let kind_of = |value: &str| {
            let value = value.to_lowercase();
            kinds.iter().find(|(_, names)| names.contains(&value.as_str())).map(|(role, _)| *role)
        };
        let typed = below().find_map(|field| {
            let sampled = Sampled::of(documents, field);
            let known: BTreeMap<&str, &String> =
                sampled.texts.iter().filter_map(|value| Some((kind_of(value)?, value))).collect();
            let fits = !known.is_empty() && points(field, &types, &[]) > 0;
            fits.then(|| {
                (
                    field.clone(),
                    known.into_iter().map(|(role, value)| (role, value.clone())).collect::<Vec<_>>(),
                )
            })
        });
        let Some((typed, known)) = typed else { continue };
        let name =
            below().filter(|field| **field != typed).max_by_key(|field| points(field, &names, &[("id", 30)]));
        if let Some(name) = name.filter(|field| points(field, &names, &[("id", 30)]) > 0) {
            for (role, value) in known {
                if map.get(role).is_empty() {
                    map.set(role, &[&format!("{name} where {typed}={value}")]);
                }
            }
        }
    }
}

/// Which articles are not published yet.
fn guess_published(fields: &[(&String, &Field, Sampled)], documents: &[Value], map: &mut FieldMap) {
    const OUT: [&str; 10] = [
        "published",
        "publish",
        "public",
        "live",
        "online",
        "released",
        "final",
        "usable",
        "approved",
        "done",
    ];
    const DRAFT: [&str; 12] = [
        "draft",
        "unpublished",
        "pending",
        "private",
        "deleted",
        "trash",
        "withdrawn",
        "spiked",
        "hidden",
        "embargoed",
        "scheduled",
        "in progress",
    ];
    for (path, field, sampled) in fields {
        let words = parts_of(path);
        let is = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
        if field.kind == "keyword" && is(&["status", "state", "workflow", "visibility", "stage", "pubstatus"])
        {
            let found: BTreeSet<&String> = sampled.texts.iter().collect();
            let out = |value: &&&String| OUT.contains(&value.to_lowercase().as_str());
            if let Some(value) = found.iter().find(out) {
                map.set("only", &[&format!("{path}={value}")]);
            } else {
                let drafts = found.iter().filter(|value| DRAFT.contains(&value.to_lowercase().as_str()));
                let drafts: Vec<String> = drafts.map(|value| format!("{path}={value}")).collect();
                map.set("without", &drafts.iter().map(String::as_str).collect::<Vec<_>>());
            }
        }
        if field.kind == "boolean" && documents.iter().any(|document| !values(document, path).is_empty()) {
            if is(&["published", "public", "live"]) {
                map.set("only", &[&format!("{path}=true")]);
            } else if is(&["draft", "deleted", "hidden", "withdrawn", "spiked"]) {
                map.set("without", &[&format!("{path}=true")]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mapping(properties: Value) -> Mapping {
        Mapping::read(&json!({ "i": { "mappings": { "properties": properties } } }))
    }

    #[test]
    fn a_guess_takes_the_date_of_the_article_and_its_longest_text() {
        let keyword = json!({ "type": "keyword" });
        let mapping = mapping(json!({
            "hed": { "type": "text", "fields": { "raw": keyword } }, "dek": { "type": "text" }, "bodyHtml": { "type": "text" },
            "times": { "properties": {
                "createdAt": { "type": "date" }, "firstPublishedAt": { "type": "date" }, "indexedAt": { "type": "date" },
                "updatedAt": { "type": "date" }
            } },
            "outlet": { "properties": { "name": keyword, "id": keyword } }, "state": keyword, "byline": { "type": "text" },
            "entities": { "type": "nested", "properties": { "kind": keyword, "name": keyword, "id": keyword } }
        }));
        let document = |state: &str| {
            json!({
                "hed": "Harbour <i>opens</i> &amp; closes", "dek": "A short text about it", "bodyHtml": "<p>Long one.</p><p>Two.</p>".repeat(9),
                "times": { "createdAt": "2024-01-01", "firstPublishedAt": "2024-01-02", "indexedAt": "2025-01-01", "updatedAt": "2024-02-02" },
                "outlet": { "name": "Harbour News", "id": "7" }, "state": state, "byline": "By Ann Berg",
                "entities": [{ "kind": "PER", "name": "Ann Berg", "id": "1" }, { "kind": "LOC", "name": "Bergen", "id": "2" }]
            })
        };
        let documents = [document("live"), document("draft")];
        let form = Form::of(mapping, None, &FieldMap::default(), &documents);
        let of = |role: &str| form.map.get(role).to_vec();
        assert_eq!(of("title"), ["hed"]);
        assert_eq!(of("text"), ["bodyHtml"]);
        assert_eq!(of("date"), ["times.firstPublishedAt"]);
        assert_eq!(of("source"), ["outlet.name"]);
        assert_eq!(of("author"), ["byline"]);
        assert_eq!(of("only"), ["state=live"]);
        assert_eq!(of("people"), ["entities.name where entities.kind=PER"]);
        assert_eq!(form.places.as_ref().expect("places").nested.as_deref(), Some("entities"));
        let article = form.article(&documents[0], "1", None, "desk");
        assert_eq!(
            (article.title.as_str(), article.source.as_str()),
            ("Harbour opens & closes", "Harbour News")
        );
        assert!(article.body.starts_with("Long one.\n\nTwo."), "{}", article.body);
    }

    #[test]
    fn an_index_of_numbers_and_no_telling_names_is_read_too() {
        let mapping = mapping(json!({
            "ts": { "type": "long" }, "crawled": { "type": "long" }, "timestamp": { "type": "long" },
            "subject": { "type": "text" }, "parts": { "type": "nested", "properties": { "t": { "type": "text" }, "nr": { "type": "integer" } } }
        }));
        let documents = [json!({
            "timestamp": 1_709_541_000_000i64, "crawled": 1_809_541_000_000i64, "subject": "Rain in the north of the country",
            "parts": [{ "nr": 2, "t": "second part of the report on rain, with more words" }, { "nr": 1, "t": "first part" }]
        })];
        let form = Form::of(mapping, None, &FieldMap::default(), &documents);
        assert_eq!(form.dated, Some(Dated { field: "timestamp".to_owned(), kind: DateKind::Number(1000) }));
        assert_eq!(form.map.get("title"), ["subject"]);
        let article = form.article(&documents[0], "1", None, "desk");
        assert!(article.body.starts_with("first part\n\nsecond part"), "{}", article.body);
        assert_eq!(article.source, "desk");
    }

    #[test]
    fn values_are_found_through_lists_and_joined_names() {
        let document = json!({ "a": [{ "b.c": 1 }, { "b": { "c": [2, null] } }], "d": null });
        assert_eq!(values(&document, "a.b.c"), [&json!(1), &json!([2, null])]);
        assert_eq!(values(&document, "d.x"), Vec::<&Value>::new());
        assert_eq!(
            iso("2024-03-06T20:15:00-03:00").map(|at| at.to_rfc3339()).as_deref(),
            Some("2024-03-06T23:15:00+00:00")
        );
        assert_eq!(iso("None"), None);
    }
}
