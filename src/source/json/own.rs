//! The JSON that `dateline` prints, read back unchanged: its texts are clean already, so nothing
//! is joined or taken for markup. Whoever forged it gets the same cleaning as everybody.

use crate::article::Article;
use crate::text::{clean_body, clean_line, clean_url};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// The article, if the object has the very fields of "JSON of one article", with their types.
pub(super) fn article(object: &Map<String, Value>) -> Option<Article> {
    for list in ["entities", "people", "countries", "quotes"] {
        object.get(list)?.as_array()?;
    }
    object.get("date")?.as_str()?;
    let text = |name: &str| object.get(name)?.as_str();
    let optional = |name: &str| match object.get(name)? {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(clean_line(text)).filter(|text| !text.is_empty())),
        _ => None,
    };
    let published: DateTime<Utc> = text("published")?.parse().ok()?;
    Some(Article {
        path: optional("path")?,
        url: optional("url")?.and_then(|url| clean_url(&url)),
        guid: object.get("guid").and_then(Value::as_str).map(clean_line),
        source: Some(clean_line(text("source")?)).filter(|source| !source.is_empty())?,
        title: clean_line(text("title")?),
        author: optional("author")?,
        published,
        body: clean_body(text("body")?),
    })
}
