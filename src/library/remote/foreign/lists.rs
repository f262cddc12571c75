//! Lists: pages of a result in its three orders, and the place of an article in a list.
//!
//! In: clauses and windows. Out: documents with their keys, and rows. A page continues behind the last row by what it is
//! sorted by.

use super::{Foreign, ROWS};
use crate::article::ArticleId;
use crate::library::identity::Hash;
use crate::library::remote::clause::{all, any, not};
use crate::library::remote::form::{DateKind, iso};
use crate::library::remote::layout::{number, text};
use crate::library::remote::names::hits;
use crate::library::remote::server::TIMEOUT;
use crate::library::remote::state::{Numbers, SeenAt};
use crate::library::{Cancel, Error};
use crate::listing::{Count, Key, Page, Row, Window};
use crate::query::{Ending, Phrase, Query, Scope, Sort};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::PoisonError;

/// The deepest place that a server reaches by an offset.
pub(super) const DEEPEST: u64 = 10_000;

/// What is told of a server whose pages do not go on.
pub(super) const OUT_OF_ORDER: &str = "its answer is not in the order that was asked for";

/// A document of a page.
#[derive(Clone, Debug)]
pub struct Document {
    pub key: Key,
    pub index: String,
    pub id: String,
    /// What it is sorted by.
    pub sort: Value,
    pub source: Value,
}

/// One result in one order.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub sort: Sort,
    pub words: &'a [String],
    pub clause: &'a Value,
}

/// Where an article is in a list.
pub(super) struct Place {
    sort: Value,
    /// What comes before it by date.
    before: Value,
    /// Its points, in a list that is sorted by them.
    score: Option<f64>,
}

impl Foreign {
    pub(super) fn page_with(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        let clause = self.result(query, cancel)?;
        let words = match query.sort {
            Sort::Relevance => query.filter.words_wanted(),
            Sort::Date | Sort::Oldest => Vec::new(),
        };
        let list = List { sort: query.sort, words: &words, clause: &clause };
        let (documents, offset, total) = self.window(&list, window, cancel)?;
        self.see(&list, &documents)?;
        let mut rows = Vec::with_capacity(documents.len());
        for document in documents {
            let (read, starred, _) = self.state.of(document.key.id.0)?;
            let title = self.form.title(&document.source);
            rows.push(Row {
                key: document.key,
                source: self.form.source(&document.source, self.name()),
                title: if title.is_empty() { "(no title)".to_owned() } else { title },
                read,
                starred,
                copies: 0,
                gone: false,
            });
        }
        if !self.held(query).is_empty() {
            let numbers: Numbers = rows.iter().map(|row| row.key.id.0).collect();
            let still = all(vec![self.in_sight(&query.filter, cancel)?, self.these(&numbers)?]);
            let list = List { sort: Sort::Date, words: &[], clause: &still };
            let still = self.from(&list, None, numbers.len(), false, cancel)?;
            let still: Numbers = still.iter().map(|document| document.key.id.0).collect();
            rows.iter_mut().for_each(|row| row.gone = !still.contains(&row.key.id.0));
        }
        if let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.entry(hold).or_default().extend(rows.iter().map(|row| row.key.id.0));
        }
        Ok(Page { rows, offset, total: Count::Exactly(total) })
    }

    pub(super) fn window(
        &self,
        list: &List<'_>,
        window: Window,
        cancel: &Cancel,
    ) -> Result<(Vec<Document>, u64, u64), Error> {
        let all_of = || self.total(list.clause, cancel);
        match window {
            Window::First { limit } => {
                let bodies =
                    [self.page_of(list, None, limit.min(ROWS), false), self.counting_body(list.clause)];
                let answers = self.searches(&bodies, cancel)?;
                let mut rows: Vec<Document> =
                    hits(&answers[0]).filter_map(|hit| self.document(hit)).collect();
                if rows.len() == ROWS && limit > ROWS {
                    let after = rows.last().map(|last| last.sort.clone());
                    rows.extend(self.from(list, after, limit - ROWS, false, cancel)?);
                }
                Ok((rows, 0, total(&answers[1])))
            }
            Window::Last { limit } => {
                let rows = if limit == 0 { Vec::new() } else { self.from(list, None, limit, true, cancel)? };
                let total = all_of()?;
                let offset = total.saturating_sub(rows.len() as u64);
                Ok((rows, offset, total))
            }
            Window::After { key, limit } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return self.window(list, Window::First { limit }, cancel);
                };
                let rows = self.from(list, Some(place.sort.clone()), limit, false, cancel)?;
                let itself = all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]);
                let offset = self.before(list, &place, cancel)? + self.total(&itself, cancel)?;
                Ok((rows, offset, all_of()?))
            }
            Window::Before { key, limit } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return Ok((Vec::new(), 0, all_of()?));
                };
                let rows = self.from(list, Some(place.sort.clone()), limit, true, cancel)?;
                let offset = self.before(list, &place, cancel)?.saturating_sub(rows.len() as u64);
                Ok((rows, offset, all_of()?))
            }
            Window::Around { key, before, after } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return self.window(list, Window::First { limit: before + after + 1 }, cancel);
                };
                let mut rows = self.from(list, Some(place.sort.clone()), before, true, cancel)?;
                let offset = self.before(list, &place, cancel)?.saturating_sub(rows.len() as u64);
                let itself = List {
                    clause: &all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]),
                    ..*list
                };
                rows.extend(self.from(&itself, None, 1, false, cancel)?);
                let behind = after + usize::from(rows.last().is_none_or(|row| row.key.id != key.id));
                rows.extend(self.from(list, Some(place.sort), behind, false, cancel)?);
                Ok((rows, offset, all_of()?))
            }
            Window::Row { row, before, after } => {
                let total = all_of()?;
                let at = row.min(total.saturating_sub(1));
                let start = at.saturating_sub(before as u64);
                let end = at.saturating_add(after as u64).saturating_add(1).min(total);
                Ok((self.slice(list, (start, end, total), cancel)?, start, total))
            }
        }
    }

    /// The rows `start..end` of `total`.
    pub(super) fn slice(
        &self,
        list: &List<'_>,
        (start, end, total): (u64, u64, u64),
        cancel: &Cancel,
    ) -> Result<Vec<Document>, Error> {
        let limit = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let back = total - end < start;
        let mut left = if back { total - end } else { start };
        if left + limit as u64 <= DEEPEST {
            let mut body = self.page_of(list, None, limit, back);
            body["from"] = json!(left);
            let answer = self.search(&body, cancel)?;
            let mut rows: Vec<Document> = hits(&answer).filter_map(|hit| self.document(hit)).collect();
            if back {
                rows.reverse();
            }
            return Ok(rows);
        }
        let mut after = None;
        while left > 0 {
            let size = left.min(DEEPEST) as usize;
            let mut body = self.page_of(list, after.as_ref(), size, back);
            body["_source"] = json!(false);
            let answer = self.search(&body, cancel)?;
            let Some(last) = hits(&answer).last() else { break };
            if after.as_ref() == Some(&last["sort"]) {
                return Err(self.server.fault(OUT_OF_ORDER));
            }
            after = Some(last["sort"].clone());
            left -= (hits(&answer).count() as u64).min(left);
        }
        self.from(list, after, limit, back, cancel)
    }

    /// Up to `limit` documents behind a place.
    pub(super) fn from(
        &self,
        list: &List<'_>,
        after: Option<Value>,
        limit: usize,
        back: bool,
        cancel: &Cancel,
    ) -> Result<Vec<Document>, Error> {
        let (mut found, mut after): (Vec<Document>, _) = (Vec::new(), after);
        while found.len() < limit {
            let size = (limit - found.len()).min(ROWS);
            let answer = self.search(&self.page_of(list, after.as_ref(), size, back), cancel)?;
            let more: Vec<Document> = hits(&answer).filter_map(|hit| self.document(hit)).collect();
            let count = more.len();
            let before = after.take();
            after = more.last().map(|last| last.sort.clone());
            if before.is_some() && before == after || after.as_ref().is_some_and(|after| !after.is_array()) {
                return Err(self.server.fault(OUT_OF_ORDER));
            }
            found.extend(more);
            if count < size {
                break;
            }
        }
        if back {
            found.reverse();
        }
        Ok(found)
    }

    /// What a result is sorted by.
    pub(super) fn order(&self, sort: Sort, words: &[String], back: bool) -> Value {
        let newest = !matches!(sort, Sort::Oldest);
        let way = |down: bool| if down != back { "desc" } else { "asc" };
        let mut fields = Vec::new();
        if sort == Sort::Relevance && !words.is_empty() {
            fields.push(json!({ "_score": way(true) }));
        }
        if let Some(dated) = &self.form.dated {
            let missing = if back { "_first" } else { "_last" };
            let mut by = json!({ "order": way(newest), "missing": missing });
            match dated.kind {
                DateKind::Date => {
                    by["mode"] = json!("min");
                    by["numeric_type"] = json!("date");
                    by["unmapped_type"] = json!("date");
                }
                DateKind::Number(_) => {
                    by["mode"] = json!("min");
                    by["unmapped_type"] = json!("long");
                }
                DateKind::Text => by["unmapped_type"] = json!("keyword"),
            }
            fields.push(json!({ &dated.field: by }));
        }
        // Each document of a part of an index has a number of its own, on every engine and without cost in memory.
        fields.push(json!({ "_seq_no": way(newest) }));
        fields.push(json!({ "_index": way(false) }));
        Value::Array(fields)
    }

    /// Points for the words that a result is sorted by.
    pub(super) fn scored(&self, clause: Value, words: &[String]) -> Value {
        if words.is_empty() {
            return clause;
        }
        let points = words.iter().filter_map(|word| Phrase::new(word, Ending::Whole)).flat_map(|phrase| {
            let of =
                |clause: Value, boost: f64| json!({ "constant_score": { "filter": clause, "boost": boost } });
            [of(self.words(Scope::Title, &phrase), 2.0), of(self.words(Scope::Body, &phrase), 1.0)]
        });
        json!({ "bool": { "filter": [clause], "should": points.collect::<Vec<_>>(), "minimum_should_match": 0 } })
    }

    pub(super) fn page_of(&self, list: &List<'_>, after: Option<&Value>, size: usize, back: bool) -> Value {
        let fields = self.form.row_fields();
        // An empty list would mean everything.
        let fields = if fields.is_empty() { json!(false) } else { json!(fields) };
        let mut body = json!({
            "size": size, "timeout": TIMEOUT, "track_total_hits": false, "_source": fields,
            "query": self.scored(self.base(list.clause.clone()), list.words),
            "sort": self.order(list.sort, list.words, back), "track_scores": !list.words.is_empty()
        });
        if let Some(dated) = &self.form.dated {
            body["docvalue_fields"] = match dated.kind {
                DateKind::Date => json!([{ "field": dated.field, "format": "epoch_millis" }]),
                DateKind::Number(_) | DateKind::Text => json!([{ "field": dated.field }]),
            };
        }
        if let Some(after) = after {
            body["search_after"] = after.clone();
        }
        body
    }

    /// When a document appeared, from the values that the server sorts by.
    pub(super) fn published(&self, hit: &Value) -> Option<DateTime<Utc>> {
        let dated = self.form.dated.as_ref()?;
        let value = &hit["fields"][&dated.field][0];
        match dated.kind {
            DateKind::Date => {
                let millis = text(value)?.parse::<f64>().ok()?;
                DateTime::from_timestamp_millis(millis as i64)
            }
            DateKind::Number(unit) => DateTime::from_timestamp(number(value)?.div_euclid(unit), 0),
            DateKind::Text => iso(value.as_str()?),
        }
    }

    pub(super) fn document(&self, hit: &Value) -> Option<Document> {
        let (index, id) = (text(&hit["_index"])?, text(&hit["_id"])?);
        let number = (Hash::of(&["document", &index, &id]).short() >> 2) as i64;
        Some(Document {
            key: Key { published: self.published(hit), id: ArticleId(number) },
            index,
            id,
            sort: hit["sort"].clone(),
            source: hit["_source"].clone(),
        })
    }

    pub(super) fn total(&self, clause: &Value, cancel: &Cancel) -> Result<u64, Error> {
        Ok(total(&self.search(&self.counting_body(clause), cancel)?))
    }

    pub(super) fn counting_body(&self, clause: &Value) -> Value {
        json!({ "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "query": self.base(clause.clone()) })
    }

    /// The place of an article in a list, and the clause for what comes before it. `None` for one that was never listed.
    pub(super) fn place(&self, list: &List<'_>, key: Key, cancel: &Cancel) -> Result<Option<Place>, Error> {
        let Some(seen) = self.state.seen(key.id.0)? else { return Ok(None) };
        let place: Value = serde_json::from_str(&seen.place).unwrap_or_default();
        let (date, seq) = (place[0].clone(), number(&place[1]).unwrap_or(0));
        let newest = !matches!(list.sort, Sort::Oldest);
        let missing = match self.form.dated.as_ref().map(|dated| dated.kind) {
            Some(DateKind::Text) => Value::Null,
            Some(DateKind::Number(_)) | Some(DateKind::Date) | None => {
                json!(if newest { i64::MIN } else { i64::MAX })
            }
        };
        let mut sort = Vec::new();
        let mut score = None;
        if list.sort == Sort::Relevance && !list.words.is_empty() {
            let one = all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]);
            let body = json!({
                "size": 1, "timeout": TIMEOUT, "_source": false, "query": self.scored(self.base(one), list.words)
            });
            let answer = self.search(&body, cancel)?;
            let points = hits(&answer).next().and_then(|hit| hit["_score"].as_f64()).unwrap_or(0.0);
            score = Some(points);
            sort.push(json!(points));
        }
        if self.form.dated.is_some() {
            sort.push(if date.is_null() { missing } else { date.clone() });
        }
        sort.extend([json!(seq), json!(seen.index)]);
        // What comes before it by date.
        let number_before = if newest { json!({ "gt": seq }) } else { json!({ "lt": seq }) };
        let number_before = json!({ "range": { "_seq_no": number_before } });
        let before = match (&self.form.dated, date.is_null()) {
            (None, _) => number_before,
            (Some(dated), true) => {
                let exists = json!({ "exists": { "field": dated.field } });
                any(vec![exists.clone(), all(vec![not(&exists), number_before])])
            }
            (Some(dated), false) => {
                let (at, next) = match dated.kind {
                    DateKind::Date => {
                        let at = number(&date).and_then(DateTime::from_timestamp_millis).unwrap_or_default();
                        (self.written(at), self.written(at + chrono::TimeDelta::milliseconds(1)))
                    }
                    DateKind::Number(_) | DateKind::Text => (date.clone(), Value::Null),
                };
                let (beyond, equal) = match (newest, next) {
                    (true, Value::Null) => (json!({ "gt": at }), json!({ "gte": at, "lte": at })),
                    (true, next) => (json!({ "gte": next }), json!({ "gte": at, "lt": next })),
                    (false, Value::Null) => (json!({ "lt": at }), json!({ "gte": at, "lte": at })),
                    (false, next) => (json!({ "lt": at }), json!({ "gte": at, "lt": next })),
                };
                any(vec![self.range(beyond), all(vec![self.range(equal), number_before])])
            }
        };
        Ok(Some(Place { sort: Value::Array(sort), before, score }))
    }

    /// How many articles of a list come before a place.
    pub(super) fn before(&self, list: &List<'_>, place: &Place, cancel: &Cancel) -> Result<u64, Error> {
        let newer = all(vec![list.clause.clone(), place.before.clone()]);
        let Some(score) = place.score else { return self.total(&newer, cancel) };
        let at_least = |clause: &Value, least: f64| {
            json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "min_score": least,
                "query": self.scored(self.base(clause.clone()), list.words)
            })
        };
        let bodies = [
            at_least(list.clause, score + 0.5),
            at_least(&newer, score - 0.5),
            at_least(&newer, score + 0.5),
        ];
        let counts: Vec<u64> = self.searches(&bodies, cancel)?.iter().map(total).collect();
        Ok(counts[0] + counts[1].saturating_sub(counts[2]))
    }

    /// Remembers which documents the articles are.
    pub(super) fn see(&self, list: &List<'_>, documents: &[Document]) -> Result<(), Error> {
        // The points come first, if there are some.
        let skip = usize::from(list.sort == Sort::Relevance && !list.words.is_empty());
        let seen: Vec<(i64, SeenAt)> = documents
            .iter()
            .map(|document| {
                let at = |place: usize| document.sort[skip + place].clone();
                let (date, seq) = match self.form.dated.is_some() {
                    true => (if document.key.published.is_some() { at(0) } else { Value::Null }, at(1)),
                    false => (Value::Null, at(0)),
                };
                let place = json!([date, seq]).to_string();
                let seen = SeenAt { index: document.index.clone(), document: document.id.clone(), place };
                (document.key.id.0, seen)
            })
            .collect();
        self.state.see(&seen)
    }
}

/// How many documents a search found.
pub(super) fn total(answer: &Value) -> u64 {
    answer["hits"]["total"]["value"].as_u64().unwrap_or(0)
}
