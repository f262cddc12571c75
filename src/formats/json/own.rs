//! The JSON that `dateline` prints, read back unchanged. Its texts are clean already, so that no lines are joined and
//! nothing is taken for markup. They are still cleaned like all others, as the file may be forged.

use crate::article::Article;
use crate::formats::ReadingState;
use crate::language::LanguageCode;
use crate::text::{clean_body, clean_line, clean_url, path};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// The article, if the object has exactly the fields of the program's own JSON, with their types, or those that `export`
/// writes.
pub(super) fn article(object: &Map<String, Value>) -> Option<Article> {
    let analysed = ["entities", "people", "countries", "quotes"]
        .iter()
        .all(|list| object.get(*list).is_some_and(Value::is_array));
    if !analysed && state(object).is_none() {
        return None;
    }
    let text = |name: &str| object.get(name)?.as_str();
    let optional = |name: &str| match object.get(name)? {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(clean_line(text)).filter(|text| !text.is_empty())),
        _ => None,
    };
    // Both are null for an article without a date.
    let published = match (object.get("date")?, object.get("published")?) {
        (Value::Null, Value::Null) => None,
        (Value::String(_), Value::String(time)) => Some(time.parse::<DateTime<Utc>>().ok()?),
        _ => return None,
    };
    // An escape stays as it is, and a path of any length is kept whole.
    let file = match object.get("path")? {
        Value::Null => None,
        Value::String(path) => Some(path::written(&path::read(path))).filter(|path| !path.is_empty()),
        _ => return None,
    };
    Some(Article {
        path: file,
        url: optional("url")?.and_then(|url| clean_url(&url)),
        guid: object.get("guid").and_then(Value::as_str).map(clean_line),
        source: Some(clean_line(text("source")?)).filter(|source| !source.is_empty())?,
        title: clean_line(text("title")?),
        author: optional("author")?,
        published,
        // An export of an earlier version has no language.
        language: object.get("language").and_then(Value::as_str).and_then(LanguageCode::read),
        body: clean_body(text("body")?),
    })
}

/// What the person has done with the article, if `export` wrote the object.
pub(super) fn state(object: &Map<String, Value>) -> Option<ReadingState> {
    let flag = |name: &str| object.get(name)?.as_bool();
    let tags = object.get("tags")?.as_array()?.iter().filter_map(Value::as_str);
    let position = object.get("position").and_then(Value::as_u64).unwrap_or(0);
    Some(ReadingState {
        read: flag("read")?,
        starred: flag("starred")?,
        tags: tags.map(clean_line).filter(|tag| !tag.is_empty()).collect(),
        position: u32::try_from(position).unwrap_or(0),
    })
}
