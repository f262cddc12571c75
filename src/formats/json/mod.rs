//! JSON to articles: an object, an array of objects, or an object that holds such an array
//! somewhere (`articles`, `items`, `response.docs`, `hits.hits` …), with the field names of
//! people's dumps.
//!
//! In comes one JSON text. Out come articles and warnings. What `dateline` prints itself is read
//! back unchanged.

mod fields;
mod mend;
mod own;

pub(super) use own::state;

use super::{Origin, Warning};
use crate::article::Article;
use fields::Fields;
use serde_json::{Map, Value};

/// How deep arrays of articles are looked for.
const DEPTH_CAP: usize = 6;

/// Names of the arrays that hold articles.
const CONTAINERS: [&str; 21] = [
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
];

/// Where articles and warnings of one text go.
pub(super) struct Sink<'a> {
    pub(super) origin: &'a Origin,
    /// The line that the text stands on, where it is one of several.
    pub(super) line: Option<u64>,
    pub(super) articles: &'a mut Vec<Article>,
    pub(super) warnings: &'a mut Vec<Warning>,
}

/// Why a text is not JSON, even after mending.
pub(super) struct NotJson {
    /// As serde_json says it, without the place.
    pub(super) reason: String,
    pub(super) line: u64,
    pub(super) column: u64,
}

/// Parses a text, forgiving what dumps get wrong (`NaN`, raw control codes, half surrogate pairs,
/// commas before a closing bracket).
pub(super) fn parse(text: &str) -> Result<Value, NotJson> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if let Some(mended) = mend::mend(text)
        && let Ok(value) = serde_json::from_str(&mended)
    {
        return Ok(value);
    }
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default().to_owned();
    Err(NotJson { reason, line: error.line() as u64, column: error.column() as u64 })
}

/// Whether a text begins as JSON does and not as prose in brackets.
pub(super) fn is_likely(text: &str) -> bool {
    let text = text.trim_start();
    let after = text.get(1..).unwrap_or_default().trim_start();
    match text.as_bytes().first() {
        Some(b'{') => after.starts_with(['"', '}']),
        Some(b'[') => after.starts_with(['{', '[', ']']),
        _ => false,
    }
}

/// The articles of a parsed text.
pub(super) fn articles(value: &Value, sink: &mut Sink) {
    let before = (sink.articles.len(), sink.warnings.len());
    collect(value, None, 0, sink);
    if before == (sink.articles.len(), sink.warnings.len()) && !is_empty(value) {
        sink.warnings
            .push(sink.origin.warning(sink.line, "could not find an article in the JSON: no title, no body"));
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Articles in `value` and what lies in it; `source` is the name that what holds them has.
fn collect(value: &Value, source: Option<&str>, depth: usize, sink: &mut Sink) {
    if depth > DEPTH_CAP {
        return;
    }
    match value {
        Value::Array(values) => {
            for value in values {
                collect(value, source, depth + 1, sink);
            }
        }
        Value::Object(object) => collect_object(object, source, depth, sink),
        _ => {}
    }
}

fn collect_object(object: &Map<String, Value>, source: Option<&str>, depth: usize, sink: &mut Sink) {
    if let Some(article) = own::article(object) {
        sink.articles.push(article);
        return;
    }
    let fields = Fields::new(object);
    if let Some((_, inner)) = object.iter().find(|(name, value)| is_container(name, value)) {
        let title = fields.title();
        return collect(inner, title.as_deref().or(source), depth + 1, sink);
    }
    if fields.is_article() {
        let mut draft = fields.draft(sink.origin, sink.line, sink.warnings);
        draft.source = draft.source.or_else(|| source.map(str::to_owned));
        sink.articles.extend(draft.finish(sink.origin, sink.line, sink.warnings));
        return;
    }
    // Wrapped (`_source`, `article`), or a map from an id to each article.
    let before = sink.articles.len();
    for inner in object.values().filter(|value| value.is_object()) {
        collect(inner, source, depth + 1, sink);
    }
    // A title and nothing that dates or tells it is still a headline, where nothing better is there.
    if sink.articles.len() == before && fields.has_title() && depth < 2 {
        let draft = fields.draft(sink.origin, sink.line, sink.warnings);
        sink.articles.extend(draft.finish(sink.origin, sink.line, sink.warnings));
    }
}

/// Whether a field holds articles, in an array or deeper.
fn is_container(name: &str, value: &Value) -> bool {
    if !CONTAINERS.contains(&name.to_ascii_lowercase().as_str()) {
        return false;
    }
    let holds = |value: &Value| match value {
        Value::Object(object) => {
            Fields::new(object).is_article()
                || ["_source", "article", "fields", "node", "attributes"].iter().any(|name| {
                    object
                        .get(*name)
                        .and_then(Value::as_object)
                        .is_some_and(|inner| Fields::new(inner).is_article())
                })
        }
        _ => false,
    };
    match value {
        Value::Array(values) => values.iter().take(8).any(holds),
        Value::Object(object) => object.iter().any(|(name, value)| is_container(name, value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
