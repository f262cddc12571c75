//! What a page says of itself for machines: its `meta` elements, and the JSON (`application/ld+json`) that it carries for
//! search engines.

use super::super::html::Element;
use serde_json::{Map, Value};

/// The longest JSON of a page that is parsed, in bytes, and the deepest and the widest that is searched.
const JSON_CAP: usize = 1 << 20;
const DEPTH_CAP: usize = 12;
const OBJECT_CAP: usize = 4_096;

/// The `meta` elements of a page.
pub(super) struct Meta<'t>(pub(super) Vec<Element<'t>>);

impl Meta<'_> {
    /// The content of the first of `names` that the page gives, as a property, a name or a microdata property.
    pub(super) fn get(&self, names: &[&str]) -> Option<String> {
        self.all(names).next()
    }

    /// The contents of all of `names` that the page gives, in the order of `names`.
    pub(super) fn all(&self, names: &[&str]) -> impl Iterator<Item = String> + use<> {
        let mut found = Vec::new();
        for name in names {
            for key in ["property", "name", "itemprop"] {
                let called = self.0.iter().filter(|meta| {
                    meta.any_attribute(|found, value| found == key && value.trim().eq_ignore_ascii_case(name))
                });
                let contents = called.filter_map(|found| found.attribute("content"));
                found.extend(contents.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
            }
        }
        found.into_iter()
    }
}

/// The JSON objects of a page, from the outside in.
pub(super) struct Data(Vec<Map<String, Value>>);

impl Data {
    pub(super) fn of(all: &[Element]) -> Data {
        let scripts = all.iter().filter(|element| {
            element.is("script") && element.attribute("type").is_some_and(|kind| kind.contains("ld+json"))
        });
        let mut objects = Vec::new();
        for script in scripts {
            let text = script.text();
            let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->");
            let text =
                text.trim().trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").trim_end_matches(';');
            if text.len() > JSON_CAP {
                continue;
            }
            // Line breaks within strings are common.
            let parsed = super::super::json::parse(text).ok();
            parsed.iter().for_each(|value| collect(value, 0, &mut objects));
        }
        // What is about the article comes before what is about the site.
        objects.sort_by_key(|object| !is_article(object));
        Data(objects)
    }

    /// The value of the first of `names` in the first object that has a text there.
    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        self.0
            .iter()
            .find_map(|object| names.iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned)))
    }

    /// The headline of the article.
    pub(super) fn headline(&self) -> Option<String> {
        let articles = self.0.iter().filter(|object| is_article(object));
        articles
            .filter_map(|object| object.get("headline")?.as_str())
            .map(str::to_owned)
            .find(|text| !text.trim().is_empty())
    }

    /// The text of the article, where the page gives it to search engines.
    pub(super) fn article_body(&self) -> Option<String> {
        let bodies = self.0.iter().filter_map(|object| object.get("articleBody")?.as_str());
        bodies.max_by_key(|body| body.len()).map(str::to_owned).filter(|body| !body.trim().is_empty())
    }

    /// The names of the authors.
    pub(super) fn authors(&self) -> Vec<String> {
        let named = |field: &str| self.0.iter().find_map(|object| self.names(object.get(field)?, 0));
        named("author").or_else(|| named("creator")).unwrap_or_default()
    }

    fn names(&self, value: &Value, depth: usize) -> Option<Vec<String>> {
        let found: Vec<String> = match value {
            Value::String(name) => vec![name.clone()],
            Value::Array(values) if depth < 3 => {
                values.iter().take(32).filter_map(|value| self.names(value, depth + 1)).flatten().collect()
            }
            Value::Object(object) => match object.get("name") {
                Some(name) if depth < 4 => self.names(name, depth + 1).unwrap_or_default(),
                // `{"@id": "#ana"}` names an object that stands elsewhere.
                _ => {
                    let id = object.get("@id")?.as_str()?;
                    let other = self.0.iter().find(|other| {
                        other.get("@id").and_then(Value::as_str) == Some(id) && other.contains_key("name")
                    })?;
                    vec![other.get("name")?.as_str()?.to_owned()]
                }
            },
            _ => return None,
        };
        let found: Vec<String> = found.into_iter().filter(|name| !name.trim().is_empty()).collect();
        (!found.is_empty()).then_some(found)
    }
}

fn is_article(object: &Map<String, Value>) -> bool {
    let is = |kind: &Value| {
        kind.as_str().is_some_and(|kind| {
            kind.ends_with("Article")
                || kind.ends_with("Posting")
                || ["Report", "Recipe", "NewsItem", "Review"].contains(&kind)
        })
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => false,
    }
}

fn collect(value: &Value, depth: usize, objects: &mut Vec<Map<String, Value>>) {
    if depth > DEPTH_CAP || objects.len() >= OBJECT_CAP {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, depth + 1, objects)),
        Value::Object(object) => {
            objects.push(object.clone());
            object.values().for_each(|value| collect(value, depth + 1, objects));
        }
        _ => {}
    }
}
