//! The form of an index of other hands: which of its fields hold what.
//!
//! In: the mapping of the index, a few of its documents, and what the config file says. Out: a [`Form`], which knows how each
//! field is asked for, and articles from documents that are not trusted. Knows no requests.

mod dates;
mod documents;
mod guess;
mod mapping;
mod presets;
#[cfg(test)]
mod tests;
mod words;

pub use dates::{DateKind, Dated, told};
pub use mapping::{Mapping, NamesIn};

use super::layout::line;
use crate::article::Article;
use crate::config::archives::FieldMap;
use crate::formats::without_markup;
use crate::language::LanguageCode;
use crate::text::clean::{clean_body, clean_line, clean_url};
use chrono::{DateTime, Utc};
use dates::dated;
use documents::{all_texts, values};
use guess::guess;
pub use guess::{Listed, telling_fields};
use presets::fields_of;
pub use presets::preset;
use serde_json::Value;

/// What a whole article is made from.
pub const ARTICLE: [&str; 6] = ["title", "text", "source", "author", "link", "language"];
/// The body of an article whose document has no text.
const NO_TEXT: &str = "The archive has no text of this document.";

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

impl Form {
    /// The form of an index: what the config file says, else a preset that fits, else a guess.
    pub fn of(
        mut mapping: Mapping,
        form: Option<&str>,
        said: &FieldMap,
        documents: &[Value],
        listed: &Listed,
    ) -> Form {
        mapping.complete(documents);
        let known = form.or_else(|| if said.0.is_empty() { preset(&mapping) } else { None });
        let (name, mut map) = match known {
            Some("datashare") => ("datashare", fields_of("datashare")),
            Some("openaleph") => ("openaleph", fields_of("openaleph")),
            Some("mediacloud") => ("mediacloud", fields_of("mediacloud")),
            _ if said.0.is_empty() => ("guess", guess(&mapping, documents, listed)),
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
        let dates = self.map.get("date").iter().filter(|_| self.dated.is_none());
        ["title", "source"]
            .iter()
            .flat_map(|role| self.map.get(role))
            .chain(dates)
            .map(String::as_str)
            .collect()
    }

    /// The fields of these roles that are not in the stored documents and can be had otherwise: the name of each, the name
    /// of the field that has it, and whether that is stored by itself.
    pub fn beside(&self, roles: &[&str]) -> Vec<(&str, String, bool)> {
        let fields = roles.iter().flat_map(|role| self.map.get(role));
        let lacking = fields.filter(|field| !self.mapping.is_stored(field));
        let found = lacking.filter_map(|field| {
            let known = self.mapping.fields.get(field)?;
            match known.kept {
                true => Some((field.as_str(), field.clone(), true)),
                false => Some((field.as_str(), self.mapping.whole(field)?, false)),
            }
        });
        found.collect()
    }

    /// When a document appeared, where the server cannot sort by that.
    pub fn published(&self, source: &Value) -> Option<DateTime<Utc>> {
        let of = |field: &String| values(source, field).into_iter().find_map(told);
        self.map.get("date").iter().find_map(of)
    }

    /// Whether words can be asked for in one of some fields.
    pub fn is_searched(&self, fields: &[String]) -> bool {
        let known = |field: &String| self.mapping.fields.get(field).is_some_and(|known| known.searched);
        fields.iter().any(known)
    }

    /// The fields of a whole article.
    pub fn article_fields(&self) -> Vec<String> {
        let fields =
            ARTICLE.iter().chain(self.dated.is_none().then_some(&"date")).flat_map(|role| self.map.get(role));
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
