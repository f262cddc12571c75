//! JSON to articles: an object, an array of objects, or an object that holds such an array somewhere (`articles`,
//! `items`, `response.docs`, `hits.hits` …), with the field names of people's dumps.
//!
//! In comes one JSON text. Out come articles and warnings. The JSON that `dateline` prints is read back unchanged.

mod bounded;
mod columns;
pub(super) mod feed;
pub(super) mod fields;
pub(super) mod large;
pub(super) mod lines;
mod own;
mod readers;
mod repair;

use super::agency::{Versions, ninjs};
use super::dating::{Clue, Item};
use super::{Gathered, Origin, Warning, link};
pub(super) use bounded::Bounded;
use fields::Fields;
use serde_json::{Map, Value};

/// How deep to look for arrays of articles.
const DEPTH_CAP: usize = 6;

/// Names of the arrays that hold articles.
const CONTAINERS: [&str; 27] = [
    "articles",
    "items",
    "entries",
    "docs",
    "results",
    "data",
    "news",
    "posts",
    "stories",
    "hits",
    "records",
    "rows",
    "documents",
    "item",
    "entry",
    "feed",
    "channel",
    "response",
    "value",
    "values",
    "list",
    "messages",
    "children",
    "tweets",
    "highlights",
    "bookmarks",
    "highlightedarticles",
];

/// Names of the objects in which a program wraps each article.
const WRAPPERS: [&str; 11] =
    ["_source", "article", "fields", "node", "attributes", "data", "row", "tweet", "doc", "post", "item"];

/// Where the articles and warnings of one text go.
pub(super) struct Sink<'a> {
    pub(super) origin: &'a Origin,
    /// The line that holds the text, if it is one of several.
    pub(super) line: Option<u64>,
    pub(super) items: &'a mut Vec<Item>,
    pub(super) warnings: &'a mut Vec<Warning>,
}

/// Why a text is not JSON, even after a repair.
pub(super) struct NotJson {
    /// The message of serde_json, without the place.
    pub(super) reason: String,
    pub(super) line: u64,
    pub(super) column: u64,
}

/// Parses a text. The common errors of dumps are repaired: `NaN`, raw control codes, halves of surrogate pairs, commas
/// before a closing bracket.
pub(super) fn parse(text: &str) -> Result<Value, NotJson> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if let Some(repaired) = repair::repair(text)
        && let Ok(value) = serde_json::from_str(&repaired)
    {
        return Ok(value);
    }
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default().to_owned();
    Err(NotJson { reason, line: error.line() as u64, column: error.column() as u64 })
}

/// Whether [`parse`] takes a text. Nothing is kept of its values, however many there are.
fn is_value(text: &str) -> bool {
    let valid = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    valid(text) || repair::repair(text).is_some_and(|repaired| valid(&repaired))
}

/// Parses a text that a stranger sent, like [`parse`], and keeps the newest `most` elements of each array. The value
/// takes a limited amount of memory.
pub(super) fn parse_newest(text: &str, most: usize) -> Option<Bounded> {
    bounded::parse(text, most).ok().or_else(|| bounded::parse(&repair::repair(text)?, most).ok())
}

/// Whether a text begins as JSON does and not as prose in brackets.
pub(super) fn is_json(text: &str) -> bool {
    let text = without_preamble(text);
    let after = text.get(1..).unwrap_or_default().trim_start();
    match text.as_bytes().first() {
        Some(b'{') => after.starts_with(['"', '}']),
        Some(b'[') => after.starts_with(['{', '[', ']']),
        _ => false,
    }
}

/// The text without what programs write before the JSON: comments with the address from which a browser's viewer has it,
/// and the name to which an archive of X or a page gives it.
fn without_preamble(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((_, after)) = rest.strip_prefix("//").and_then(|comment| comment.split_once('\n')) {
        rest = after.trim_start();
    }
    let assigned = rest.split_once('=').filter(|(name, _)| {
        let name = name.trim();
        let name = ["var ", "let ", "const "].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
        name.len() <= 80
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$' | '[' | ']' | '"'))
            && (name.starts_with("window.") || name.len() < rest.len())
            && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
    });
    match assigned {
        Some((_, after)) if after.trim_start().starts_with(['{', '[']) => after.trim_start(),
        _ => rest,
    }
}

/// Reads a text that begins as JSON does. What is whole in a broken text is read all the same.
pub(super) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let text = match without_preamble(text) {
        rest if rest.len() < text.trim_start().len() => rest.trim_end().trim_end_matches(';'),
        _ => text,
    };
    let error = match parse(text) {
        Ok(value) => {
            let mut sink =
                Sink { origin, line: None, items: &mut found.items, warnings: &mut found.warnings };
            return articles(&value, &mut sink);
        }
        Err(error) => error,
    };
    // Objects one after the other, each over several lines, as `jq` prints them.
    let several: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    if let Ok(values) = several {
        let mut sink = Sink { origin, line: None, items: &mut found.items, warnings: &mut found.warnings };
        return articles(&Value::Array(values), &mut sink);
    }
    let message = format!("could not read the JSON: {} at column {}", error.reason, error.column);
    found.warnings.push(origin.warning(Some(error.line), &message));
    for (line, object) in objects(text) {
        if let Ok(value) = parse(object) {
            let mut ignored = Vec::new();
            let mut sink = Sink { origin, line: Some(line), items: &mut found.items, warnings: &mut ignored };
            articles(&value, &mut sink);
        }
    }
}

/// The articles of a parsed text.
pub(super) fn articles(value: &Value, sink: &mut Sink) {
    let before = (sink.items.len(), sink.warnings.len());
    collect(value, None, 0, sink);
    if before == (sink.items.len(), sink.warnings.len()) && !is_empty(value) {
        sink.warnings.push(sink.origin.warning(
            sink.line,
            "could not find an article in the JSON: there is neither a title nor a body",
        ));
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Collects the articles in `value` and below it. `source` is the title of the object around them.
fn collect(value: &Value, source: Option<&str>, depth: usize, sink: &mut Sink) {
    if depth > DEPTH_CAP {
        return;
    }
    match value {
        Value::Array(values) => {
            // Several versions of one item of an agency are one article.
            let mut versions = Versions::default();
            for value in values {
                match value.as_object().filter(|object| own::state(object).is_none()).and_then(ninjs::draft) {
                    Some((draft, version)) => versions.take(draft, version),
                    None => collect(value, source, depth + 1, sink),
                }
            }
            sink.items.extend(versions.items(sink.origin, sink.line, sink.warnings));
        }
        value @ Value::Object(object)
            if depth == 0 && feed::is_feed(value) && own::state(object).is_none() =>
        {
            feed::read(value, None, sink);
        }
        Value::Object(object) => collect_object(object, source, depth, sink),
        _ => {}
    }
}

fn collect_object(object: &Map<String, Value>, source: Option<&str>, depth: usize, sink: &mut Sink) {
    if let Some(article) = own::article(object) {
        let state = own::state(object);
        sink.items.push(Item { article, clue: Clue::Nothing, state });
        return;
    }
    if let Some((draft, number)) = ninjs::draft(object) {
        let mut versions = Versions::default();
        versions.take(draft, number);
        sink.items.extend(versions.items(sink.origin, sink.line, sink.warnings));
        return;
    }
    if is_no_article(object) {
        return;
    }
    if let Some(rows) = columns::rows(object) {
        return rows.iter().for_each(|row| collect_object(row, source, depth + 1, sink));
    }
    let fields = Fields::new(object);
    if let Some((_, inner)) = object.iter().find(|(name, value)| is_container(name, value)) {
        let title = fields.title();
        return collect(inner, title.as_deref().or(source), depth + 1, sink);
    }
    if fields.is_article() {
        let mut draft = fields.draft(sink.origin, sink.line, sink.warnings);
        readers::mark(object, &mut draft);
        draft.author = draft.author.filter(|author| Some(author.as_str()) != source);
        let around = || source.map(str::to_owned);
        draft.source = draft.source.or_else(around).or_else(|| link::host(draft.url.as_deref()?));
        sink.items.extend(draft.finish(sink.origin, sink.line, sink.warnings));
        return;
    }
    // The only list of articles in it, whatever its name.
    let mut lists = object
        .values()
        .filter(|value| value.as_array().is_some_and(|values| values.iter().take(8).any(holds_article)));
    if let (Some(list), None) = (lists.next(), lists.next()) {
        return collect(list, fields.title().as_deref().or(source), depth + 1, sink);
    }
    // Wrapped (`_source`, `article`), or a map from an id to each article.
    let before = sink.items.len();
    for inner in object.values().filter(|value| value.is_object()) {
        collect(inner, source, depth + 1, sink);
    }
    // A title without a date or a text is still a headline, if there is nothing better.
    if sink.items.len() == before && fields.has_title() && depth < 2 {
        let draft = fields.draft(sink.origin, sink.line, sink.warnings);
        sink.items.extend(draft.finish(sink.origin, sink.line, sink.warnings));
    }
}

/// Whether an object that lies among articles is none: the head of a web archive's list of pages, or what an archive of a
/// chat says of who joined it.
fn is_no_article(object: &Map<String, Value>) -> bool {
    let says = |name: &str, value: &str| {
        object.get(name).and_then(Value::as_str).is_some_and(|text| text.starts_with(value))
    };
    // A line of a program's log: its level, a time and a message.
    let is_logged =
        ["logLevel", "loglevel", "log_level", "levelname", "severity", "level"].iter().any(|name| {
            object.get(*name).and_then(Value::as_str).is_some_and(|level| {
                let level = level.to_ascii_lowercase();
                ["trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "critical"]
                    .contains(&level.as_str())
            })
        }) && (object.contains_key("message") || object.contains_key("msg"))
            && !object.contains_key("title");
    // What a package manager knows of a program.
    let is_package = object.contains_key("name")
        && object.contains_key("version")
        && ["license", "dependencies", "devDependencies", "scripts", "main", "private"]
            .iter()
            .any(|name| object.contains_key(*name));
    is_logged
        || is_package
        || says("format", "json-pages-")
        || says("type", "service") && object.contains_key("date_unixtime")
}

/// Whether a field holds articles, directly in an array or deeper.
fn is_container(name: &str, value: &Value) -> bool {
    if !CONTAINERS.contains(&name.to_ascii_lowercase().as_str()) {
        return false;
    }
    match value {
        Value::Array(values) => values.iter().take(8).any(holds_article),
        Value::Object(object) => object.iter().any(|(name, value)| is_container(name, value)),
        _ => false,
    }
}

/// Whether a value is an article, or an object in which a program wraps one.
fn holds_article(value: &Value) -> bool {
    let Value::Object(object) = value else { return false };
    let inner = |name: &&str| {
        object.get(*name).and_then(Value::as_object).is_some_and(|inner| Fields::new(inner).is_article())
    };
    Fields::new(object).is_article() || WRAPPERS.iter().any(inner)
}

/// The complete objects in a broken JSON text, with the lines on which they begin. Of nested objects only the outermost
/// complete one is returned. Linear.
fn objects(text: &str) -> Vec<(u64, &str)> {
    let mut open: Vec<(usize, u64)> = Vec::new();
    let mut whole: Vec<(usize, usize, u64)> = Vec::new();
    let (mut line, mut in_string, mut escaped) = (1, false, false);
    for (at, byte) in text.bytes().enumerate() {
        line += u64::from(byte == b'\n');
        if in_string {
            // A raw line feed ends a string that was not closed.
            (in_string, escaped) = match byte {
                _ if escaped => (true, false),
                b'\\' => (true, true),
                b'"' | b'\n' => (false, false),
                _ => (true, false),
            };
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' => open.push((at, line)),
            b'}' => {
                if let Some((start, line)) = open.pop() {
                    // The objects within it are part of it.
                    while whole.last().is_some_and(|&(inner, ..)| inner > start) {
                        whole.pop();
                    }
                    whole.push((start, at + 1, line));
                }
            }
            _ => {}
        }
    }
    whole.into_iter().filter_map(|(start, end, line)| Some((line, text.get(start..end)?))).collect()
}

#[cfg(test)]
mod tests;
