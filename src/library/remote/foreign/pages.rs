//! Pages: what a list is sorted by, the question for a page, and the documents in its answer.
//!
//! In: lists and places in them. Out: questions as JSON, documents, and which of two places comes first.

use super::Foreign;
use crate::article::ArticleId;
use crate::library::identity::Hash;
use crate::library::remote::form::{ARTICLE, DateKind, told};
use crate::library::remote::layout::{number, text};
use crate::library::remote::server::TIMEOUT;
use crate::library::{Cancel, Error};
use crate::listing::Key;
use crate::query::{Ending, Phrase, Scope, Sort};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::cmp::Ordering;

/// The points of a document whose date is a text that is a date. Less than those of any word.
pub(super) const DATED: f64 = 0.25;

/// A document of a page.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub key: Key,
    pub index: String,
    pub id: String,
    /// What it is sorted by.
    pub sort: Value,
    pub source: Value,
}

impl Document {
    pub(super) fn place(&self) -> Place {
        Place { sort: self.sort.clone(), number: self.key.id.0 }
    }
}

/// One result in one order.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub sort: Sort,
    pub words: &'a [String],
    pub clause: &'a Value,
}

impl<'a> List<'a> {
    /// A result by date.
    pub(super) fn newest(clause: &'a Value) -> List<'a> {
        List { sort: Sort::Date, words: &[], clause }
    }
}

/// A place in a list: what the article there is sorted by, and its number, by which those are ordered that are sorted by the
/// same values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub sort: Value,
    pub number: i64,
}

/// Which of two documents comes first in a list, by what they are sorted by. `ways` tells for each value whether the highest
/// comes first. `None` for values that have no order.
pub(super) fn compare(ways: &[bool], one: &Value, other: &Value) -> Option<Ordering> {
    for (at, down) in ways.iter().enumerate() {
        let order = match (&one[at], &other[at]) {
            (Value::Null, Value::Null) => Ordering::Equal,
            // What is missing comes last.
            (Value::Null, _) => return Some(Ordering::Greater),
            (_, Value::Null) => return Some(Ordering::Less),
            (one, other) => {
                let order = match (one.as_i64(), other.as_i64()) {
                    (Some(one), Some(other)) => one.cmp(&other),
                    _ => match (real(one), real(other)) {
                        (Some(one), Some(other)) => one.partial_cmp(&other)?,
                        _ => one.as_str()?.cmp(other.as_str()?),
                    },
                };
                if *down { order.reverse() } else { order }
            }
        };
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// A number. The servers write those that have no digits as texts.
fn real(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        _ => value.as_f64(),
    }
}

impl Foreign {
    /// Whether the points of a document come first in the order of a list.
    pub(super) fn is_scored(&self, list: &List<'_>) -> bool {
        list.sort == Sort::Relevance && !list.words.is_empty() || self.dates_are_texts()
    }

    fn dates_are_texts(&self) -> bool {
        self.form.dated.as_ref().is_some_and(|dated| matches!(dated.kind, DateKind::Text(_)))
    }

    /// For each value that a list is sorted by, whether the highest comes first.
    pub(super) fn ways(&self, list: &List<'_>) -> Vec<bool> {
        let newest = list.sort != Sort::Oldest;
        let score = self.is_scored(list).then_some(true);
        let date = self.form.dated.as_ref().map(|_| newest);
        score.into_iter().chain(date).chain([newest, false]).collect()
    }

    /// What a list is sorted by.
    fn order(&self, list: &List<'_>, back: bool) -> Value {
        let ways: Vec<&str> =
            self.ways(list).into_iter().map(|down| if down != back { "desc" } else { "asc" }).collect();
        let mut ways = ways.into_iter();
        let mut way = || ways.next().unwrap_or("asc");
        let mut fields = Vec::new();
        if self.is_scored(list) {
            fields.push(json!({ "_score": way() }));
        }
        if let Some(dated) = &self.form.dated {
            let missing = if back { "_first" } else { "_last" };
            let mut by = json!({ "order": way(), "missing": missing });
            match dated.kind {
                DateKind::Date => {
                    by["unmapped_type"] = json!("date");
                    // Dates of both precisions are compared as one.
                    if self.form.mapping.is_fine(&dated.field) {
                        by["numeric_type"] = json!("date");
                    }
                }
                DateKind::Number(_) => by["unmapped_type"] = json!("long"),
                DateKind::Text(_) => by["unmapped_type"] = json!("keyword"),
            }
            if !matches!(dated.kind, DateKind::Text(_)) {
                by["mode"] = json!("min");
            }
            fields.push(json!({ &dated.field: by }));
        }
        // Each document of a part of an index has a number of its own, on every engine and without cost in memory.
        fields.push(json!({ "_seq_no": way() }));
        fields.push(json!({ "_index": way() }));
        Value::Array(fields)
    }

    /// A clause with the points that a list is sorted by.
    pub(super) fn scored(&self, clause: Value, list: &List<'_>) -> Value {
        let of =
            |clause: Value, boost: f64| json!({ "constant_score": { "filter": clause, "boost": boost } });
        let words = if list.sort == Sort::Relevance { list.words } else { &[] };
        let words = words.iter().filter_map(|word| Phrase::new(word, Ending::Whole));
        let mut points: Vec<Value> = words
            .flat_map(|phrase| {
                [of(self.words(Scope::Title, &phrase), 2.0), of(self.words(Scope::Body, &phrase), 1.0)]
            })
            .collect();
        // Texts that are no dates would come before those that are.
        if self.dates_are_texts() {
            points.push(of(self.has_date(), DATED));
        }
        if points.is_empty() {
            return clause;
        }
        json!({ "bool": { "filter": [clause], "should": points, "minimum_should_match": 0 } })
    }

    /// The question for a page: the documents that are sorted as the one at a place is, and what follows.
    pub(super) fn page_of(&self, list: &List<'_>, from: Option<&Place>, size: usize, back: bool) -> Value {
        let fields = self.form.row_fields();
        // An empty list would mean everything.
        let fields = if fields.is_empty() { json!(false) } else { json!(fields) };
        let mut body = json!({
            "size": size, "timeout": TIMEOUT, "track_total_hits": false, "_source": fields,
            "query": self.scored(self.base(list.clause.clone()), list), "sort": self.order(list, back)
        });
        self.beside(&mut body, &["title", "source"]);
        if let Some(mut after) = from.map(|place| place.sort.clone()) {
            // No index has a name that comes before or after these.
            if let Some(index) = after.as_array_mut().and_then(|values| values.last_mut()) {
                *index = json!(if back { "\u{10ffff}" } else { "" });
            }
            body["search_after"] = after;
        }
        body
    }

    /// Asks also for the date, and for fields of these roles that are not in the stored documents.
    pub(super) fn beside(&self, body: &mut Value, roles: &[&str]) {
        let date = self.form.dated.as_ref().map(|dated| match dated.kind {
            DateKind::Date => json!({ "field": dated.field, "format": "epoch_millis" }),
            DateKind::Number(_) | DateKind::Text(_) => json!({ "field": dated.field }),
        });
        let beside = self.form.beside(roles);
        let values = beside.iter().filter(|(.., kept)| !kept).map(|(_, from, _)| json!({ "field": from }));
        let values: Vec<Value> = date.into_iter().chain(values).collect();
        if !values.is_empty() {
            body["docvalue_fields"] = json!(values);
        }
        let kept: Vec<&String> = beside.iter().filter(|(.., kept)| *kept).map(|(_, from, _)| from).collect();
        if !kept.is_empty() {
            body["stored_fields"] = json!(kept);
        }
    }

    /// When a document appeared, from the values that the server sorts by.
    pub(super) fn published(&self, hit: &Value) -> Option<DateTime<Utc>> {
        let Some(dated) = self.form.dated.as_ref() else { return self.form.published(&hit["_source"]) };
        let value = &hit["fields"][&dated.field][0];
        match dated.kind {
            DateKind::Date => {
                let millis = text(value)?.parse::<f64>().ok()?;
                DateTime::from_timestamp_millis(millis as i64)
            }
            DateKind::Number(unit) => DateTime::from_timestamp(number(value)?.div_euclid(unit), 0),
            DateKind::Text(_) => told(value),
        }
    }

    pub(super) fn document(&self, hit: &Value) -> Option<Document> {
        let (index, id) = (text(&hit["_index"])?, text(&hit["_id"])?);
        let number = Hash::of(&["document", &index, &id]).number();
        let mut source = hit["_source"].clone();
        for (field, from, _) in self.form.beside(&ARTICLE) {
            let found = &hit["fields"][from.as_str()];
            if source.is_null() {
                source = json!({});
            }
            if let Some(fields) = source.as_object_mut().filter(|_| found.is_array()) {
                fields.insert(field.to_owned(), found.clone());
            }
        }
        let key = Key { published: self.published(hit), id: ArticleId(number) };
        Some(Document { key, index, id, sort: hit["sort"].clone(), source })
    }

    pub(super) fn total(&self, clause: &Value, cancel: &Cancel) -> Result<u64, Error> {
        Ok(total(&self.search(&self.counting_body(clause), cancel)?))
    }

    pub(super) fn counting_body(&self, clause: &Value) -> Value {
        json!({ "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "query": self.base(clause.clone()) })
    }
}

/// How many documents a search found.
pub(super) fn total(answer: &Value) -> u64 {
    answer["hits"]["total"]["value"].as_u64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_compared_as_a_server_sorts() {
        let ways = [true, true, false];
        let first = |one: Value, other: Value| compare(&ways, &one, &other);
        assert_eq!(first(json!([5, 1, "a"]), json!([4, 2, "a"])), Some(Ordering::Less));
        assert_eq!(first(json!([5, 1, "a"]), json!([5, 2, "a"])), Some(Ordering::Greater));
        assert_eq!(first(json!([5, 1, "a"]), json!([5, 1, "b"])), Some(Ordering::Less));
        assert_eq!(first(json!([null, 1, "a"]), json!([i64::MIN, 1, "a"])), Some(Ordering::Greater));
        assert_eq!(first(json!(["-Infinity", 1, "a"]), json!([1.5, 1, "a"])), Some(Ordering::Greater));
        assert_eq!(first(json!([{}, 1, "a"]), json!([4, 2, "a"])), None);
        assert_eq!(first(json!([5, 1]), json!([5, 1])), Some(Ordering::Equal));
    }
}
