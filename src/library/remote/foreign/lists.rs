//! Lists: pages of a result in its three orders, and the place of an article in a list.
//!
//! In: clauses and windows. Out: documents with their keys, and rows.
//!
//! A page continues at the last row by what it is sorted by, and never by an offset. Documents in several parts (shards) of
//! an index may be sorted by the same values: the date, the number that the part gave to the document, and the name of the
//! index. A question therefore begins with the documents that are sorted as the last row is. Among these the order is that
//! of the articles' numbers, which is known here, and what was listed before is left out. A server that does not go on, or
//! that answers in another order, is an error.

use super::pages::{DATED, Document, List, Place, compare, total};
use super::{Foreign, ROWS};
use crate::library::remote::clause::{all, any, not};
use crate::library::remote::form::DateKind;
use crate::library::remote::layout::number;
use crate::library::remote::names::hits;
use crate::library::remote::server::TIMEOUT;
use crate::library::remote::state::{Numbers, SeenAt};
use crate::library::{Cancel, Error};
use crate::listing::{Count, Key, Page, Row, Window};
use crate::query::{Query, Sort};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// The deepest place that a server reaches by an offset.
const DEEPEST: usize = 10_000;
/// How many documents are read before and after the rows that an offset names, where several may have one place.
const BESIDE: usize = 32;
/// How many documents an index has that is worth a bound on the date.
const LONG: u64 = 100_000;
/// How long the first and the last date of an index are remembered. A bound is only a lower one, so that newer articles than
/// the last one known are above it too.
const SPAN: Duration = Duration::from_secs(300);
/// What is told of a server whose pages do not go on.
const OUT_OF_ORDER: &str = "its answer is not in the order that was asked for";

/// Where a part of a list begins.
#[derive(Clone, Copy)]
pub(super) struct Start<'a> {
    pub place: Option<&'a Place>,
    /// Whether the article at the place is a part of it.
    pub with_it: bool,
    /// Whether the list is read from its end to its beginning.
    pub back: bool,
}

impl<'a> Start<'a> {
    pub(super) fn first() -> Start<'a> {
        Start { place: None, with_it: false, back: false }
    }

    pub(super) fn after(place: &'a Place) -> Start<'a> {
        Start { place: Some(place), ..Start::first() }
    }

    fn before(place: &'a Place) -> Start<'a> {
        Start { place: Some(place), with_it: false, back: true }
    }
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
            let (read, starred, _) = self.state.of(document.key.id.0, None)?;
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
            let still = self.from(&List::newest(&still), Start::first(), numbers.len(), None, cancel)?;
            let still: Numbers = still.iter().map(|document| document.key.id.0).collect();
            rows.iter_mut().for_each(|row| row.gone = !still.contains(&row.key.id.0));
        }
        if let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.entry(hold).or_default().extend(rows.iter().map(|row| row.key.id.0));
        }
        Ok(Page { rows, offset, total: Count::Exactly(total) })
    }

    /// The rows of a window, how many come before them, and how many there are.
    fn window(
        &self,
        list: &List<'_>,
        window: Window,
        cancel: &Cancel,
    ) -> Result<(Vec<Document>, u64, u64), Error> {
        // What is known of the first rows and what has to be counted is one request.
        let counting = self.counting_body(list.clause);
        match window {
            Window::First { limit } => {
                let start = Start::first();
                for bound in self.bounds(list, limit, cancel)? {
                    let recent =
                        all(vec![list.clause.clone(), self.range(json!({ "gte": self.written(bound) }))]);
                    let recent = List { clause: &recent, ..*list };
                    let bodies = [self.first_page(&recent, start, limit), counting.clone()];
                    let mut answers = self.searches(&bodies, cancel)?;
                    let total = total(&answers.remove(1));
                    let rows = self.from(&recent, start, limit, Some(answers.remove(0)), cancel)?;
                    if rows.len() as u64 >= total.min(limit as u64) {
                        return Ok((rows, 0, total));
                    }
                }
                let mut answers = self.searches(&[self.first_page(list, start, limit), counting], cancel)?;
                let total = total(&answers.remove(1));
                let rows = self.from(list, start, limit, Some(answers.remove(0)), cancel)?;
                Ok((rows, 0, total))
            }
            Window::Last { limit: 0 } => {
                let total = self.total(list.clause, cancel)?;
                Ok((Vec::new(), total, total))
            }
            Window::Last { limit } => {
                let start = Start { back: true, ..Start::first() };
                let mut answers = self.searches(&[self.first_page(list, start, limit), counting], cancel)?;
                let total = total(&answers.remove(1));
                let rows = self.from(list, start, limit, Some(answers.remove(0)), cancel)?;
                let offset = total.saturating_sub(rows.len() as u64);
                Ok((rows, offset, total))
            }
            Window::After { key, limit } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return self.window(list, Window::First { limit }, cancel);
                };
                let itself = all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]);
                let start = Start::after(&place);
                let first = [self.first_page(list, start, limit), counting, self.counting_body(&itself)];
                let mut answers =
                    self.searches(&[&first[..], &self.before_bodies(list, &place)].concat(), cancel)?;
                let offset = self.before(list, &place, &answers[3..]) + total(&answers[2]).min(1);
                let total = total(&answers[1]);
                Ok((self.from(list, start, limit, Some(answers.remove(0)), cancel)?, offset, total))
            }
            Window::Before { key, limit } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return Ok((Vec::new(), 0, self.total(list.clause, cancel)?));
                };
                let start = Start::before(&place);
                let first = [self.first_page(list, start, limit), counting];
                let mut answers =
                    self.searches(&[&first[..], &self.before_bodies(list, &place)].concat(), cancel)?;
                let before = self.before(list, &place, &answers[2..]);
                let total = total(&answers[1]);
                let rows = self.from(list, start, limit, Some(answers.remove(0)), cancel)?;
                let offset = before.saturating_sub(rows.len() as u64);
                Ok((rows, offset, total))
            }
            Window::Around { key, before, after } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return self.window(list, Window::First { limit: before + after + 1 }, cancel);
                };
                let (upward, downward) =
                    (Start::before(&place), Start { with_it: true, ..Start::after(&place) });
                let first = [
                    self.first_page(list, downward, after + 1),
                    self.first_page(list, upward, before),
                    counting,
                ];
                let mut answers =
                    self.searches(&[&first[..], &self.before_bodies(list, &place)].concat(), cancel)?;
                let offset = self.before(list, &place, &answers[3..]);
                let total = total(&answers[2]);
                let mut rows = self.from(list, upward, before, Some(answers.remove(1)), cancel)?;
                let offset = offset.saturating_sub(rows.len() as u64);
                rows.extend(self.from(list, downward, after + 1, Some(answers.remove(0)), cancel)?);
                Ok((rows, offset, total))
            }
            Window::Row { row, before, after } => {
                let total = self.total(list.clause, cancel)?;
                let at = row.min(total.saturating_sub(1));
                let start = at.saturating_sub(before as u64);
                let end = at.saturating_add(after as u64).saturating_add(1).min(total);
                Ok((self.slice(list, (start, end, total), cancel)?, start, total))
            }
        }
    }

    /// Lower bounds on the date, the latest first: the first rows of a long list are looked for above each, and then
    /// everywhere. A server has to look at all hits of a question that has no such bound, whatever few are asked for. The
    /// first bound has four times as many articles above it as are asked for, where they are spread evenly, and the second
    /// one is enough for a filter that one article in thirty meets.
    fn bounds(&self, list: &List<'_>, limit: usize, cancel: &Cancel) -> Result<Vec<DateTime<Utc>>, Error> {
        let dated = self.form.dated.as_ref().filter(|dated| dated.kind == DateKind::Date);
        let Some(dated) = dated.filter(|_| list.sort != Sort::Oldest && !self.is_scored(list)) else {
            return Ok(Vec::new());
        };
        if self.size < LONG || limit as u64 > self.size / 1_000 {
            return Ok(Vec::new());
        }
        let known = *self.span.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, oldest, newest) = match known.filter(|(at, ..)| at.elapsed() < SPAN) {
            Some(known) => known,
            None => {
                let body = json!({
                    "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
                    "aggs": { "a": { "min": { "field": dated.field } }, "z": { "max": { "field": dated.field } } }
                });
                let answer = self.search(&body, cancel)?;
                let of = |name: &str| number(&answer["aggregations"][name]["value"]);
                let Some((oldest, newest)) = of("a").zip(of("z")) else { return Ok(Vec::new()) };
                let known = (Instant::now(), oldest, newest);
                *self.span.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
                known
            }
        };
        let share = 4.0 * limit as f64 / self.size as f64;
        let above = |share: f64| {
            let back = (newest.saturating_sub(oldest) as f64 * share) as i64;
            DateTime::from_timestamp_millis(newest.saturating_sub(back))
        };
        Ok([share, 32.0 * share].into_iter().filter(|share| *share < 0.5).filter_map(above).collect())
    }

    /// The rows `start..end` of `total`.
    fn slice(
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
        let mut left = usize::try_from(if back { total - end } else { start }).unwrap_or(usize::MAX);
        let beside = if self.is_in_parts { BESIDE } else { 0 };
        if left.saturating_add(limit + beside) <= DEEPEST {
            let above = left.min(beside);
            let mut body = self.page_of(list, None, limit + above + beside, back);
            body["from"] = json!(left - above);
            let mut rows = self.sorted(list, back, &self.search(&body, cancel)?)?;
            rows.drain(..above.min(rows.len()));
            rows.truncate(limit);
            if back {
                rows.reverse();
            }
            return Ok(rows);
        }
        let mut place: Option<Place> = None;
        while left > 0 {
            let start = Start { place: place.as_ref(), with_it: false, back };
            let mut skipped = self.from(list, start, left.min(DEEPEST - 1), None, cancel)?;
            if back {
                skipped.reverse();
            }
            let Some(last) = skipped.last() else { break };
            left -= skipped.len().min(left);
            place = Some(last.place());
        }
        self.from(list, Start { place: place.as_ref(), with_it: false, back }, limit, None, cancel)
    }

    /// The question with which [`Foreign::from`] begins.
    fn first_page(&self, list: &List<'_>, start: Start<'_>, limit: usize) -> Value {
        self.page_of(list, start.place, asked(limit), start.back)
    }

    /// Up to `limit` documents from a place on, in the order of the list. `answer` is the answer to
    /// [`Foreign::first_page`], where that was asked already.
    pub(super) fn from(
        &self,
        list: &List<'_>,
        start: Start<'_>,
        limit: usize,
        mut answer: Option<Value>,
        cancel: &Cancel,
    ) -> Result<Vec<Document>, Error> {
        let (mut found, mut place, mut with_it): (Vec<Document>, _, _) =
            (Vec::new(), start.place.cloned(), start.with_it);
        let (ways, mut least) = (self.ways(list), 0);
        while found.len() < limit {
            let size = asked(limit - found.len()).max(least);
            let answer = match answer.take() {
                Some(answer) => answer,
                None => self.search(&self.page_of(list, place.as_ref(), size, start.back), cancel)?,
            };
            let is_full = hits(&answer).count() >= size;
            let mut more = self.sorted(list, start.back, &answer)?;
            let last = more.last().map(|last| last.sort.clone());
            if let Some(place) = &place {
                more.retain(|document| {
                    let order = compare(&ways, &document.sort, &place.sort)
                        .map(|order| order.then(document.key.id.0.cmp(&place.number)));
                    let order = if start.back { order.map(Ordering::reverse) } else { order };
                    order == Some(Ordering::Greater) || with_it && order == Some(Ordering::Equal)
                });
            }
            if is_full {
                // More documents may be sorted as the last one is.
                more.retain(|document| Some(&document.sort) != last.as_ref());
                if more.is_empty() {
                    if size >= DEEPEST {
                        return Err(self.server.fault(OUT_OF_ORDER));
                    }
                    least = (4 * size).min(DEEPEST);
                    continue;
                }
            }
            more.truncate(limit - found.len());
            found.extend(more);
            if !is_full {
                break;
            }
            least = 0;
            if let Some(last) = found.last() {
                (place, with_it) = (Some(last.place()), false);
            }
        }
        if start.back {
            found.reverse();
        }
        Ok(found)
    }

    /// The documents of an answer, with those in their order that are sorted by the same values.
    fn sorted(&self, list: &List<'_>, back: bool, answer: &Value) -> Result<Vec<Document>, Error> {
        let mut documents: Vec<Document> = hits(answer).filter_map(|hit| self.document(hit)).collect();
        let ways = self.ways(list);
        let follows = |pair: &[Document]| {
            let order = compare(&ways, &pair[0].sort, &pair[1].sort);
            let order = if back { order.map(Ordering::reverse) } else { order };
            matches!(order, Some(Ordering::Less | Ordering::Equal))
        };
        if documents.iter().any(|document| !document.sort.is_array()) || !documents.windows(2).all(follows) {
            return Err(self.server.fault(OUT_OF_ORDER));
        }
        for equal in documents.chunk_by_mut(|one, other| one.sort == other.sort) {
            equal.sort_by_key(|document| document.key.id);
            if back {
                equal.reverse();
            }
        }
        Ok(documents)
    }

    /// The place of an article in a list. `None` for one that was never listed.
    fn place(&self, list: &List<'_>, key: Key, cancel: &Cancel) -> Result<Option<Place>, Error> {
        let Some(seen) = self.state.seen(key.id.0)? else { return Ok(None) };
        let known: Value = serde_json::from_str(&seen.place).unwrap_or_default();
        let mut sort = Vec::new();
        if self.is_scored(list) {
            let one = all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]);
            let body = json!({
                "size": 1, "timeout": TIMEOUT, "_source": false, "query": self.scored(self.base(one), list)
            });
            let answer = self.search(&body, cancel)?;
            sort.push(json!(hits(&answer).next().and_then(|hit| hit["_score"].as_f64()).unwrap_or(0.0)));
        }
        if let Some(dated) = &self.form.dated {
            let date =
                if known[0].is_null() { dated.missing(list.sort != Sort::Oldest) } else { known[0].clone() };
            sort.push(date);
        }
        sort.extend([json!(number(&known[1]).unwrap_or(0)), json!(seen.index)]);
        Ok(Some(Place { sort: Value::Array(sort), number: key.id.0 }))
    }

    /// The questions from whose answers [`Foreign::before`] tells how many articles come before a place.
    fn before_bodies(&self, list: &List<'_>, place: &Place) -> Vec<Value> {
        let mut values = place.sort.as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let score = self.is_scored(list).then(|| values.next().and_then(Value::as_f64).unwrap_or(0.0));
        let dated = self.form.dated.as_ref();
        let date = dated.and_then(|_| values.next()).unwrap_or(&Value::Null);
        let sequence = values.next().and_then(number).unwrap_or(0);
        let newest = list.sort != Sort::Oldest;
        let beyond = json!({ "range": { "_seq_no": if newest { json!({ "gt": sequence }) } else { json!({ "lt": sequence }) } } });
        let equal = json!({ "range": { "_seq_no": { "gte": sequence, "lte": sequence } } });
        // The condition that an article has an earlier place by its date, and the one that it has the same date.
        let (earlier, same) = match dated {
            None => (None, None),
            Some(dated) if dated.is_missing(date) => {
                let exists = json!({ "exists": { "field": dated.field } });
                (Some(exists.clone()), Some(not(&exists)))
            }
            Some(dated) => {
                let (at, next) = match dated.kind {
                    DateKind::Date => {
                        let at = number(date).and_then(DateTime::from_timestamp_millis).unwrap_or_default();
                        (self.written(at), Some(self.written(at + chrono::TimeDelta::milliseconds(1))))
                    }
                    DateKind::Number(_) | DateKind::Text(_) => (date.clone(), None),
                };
                let earlier = match (newest, &next) {
                    (true, None) => json!({ "gt": at }),
                    (true, Some(next)) => json!({ "gte": next }),
                    (false, _) => json!({ "lt": at }),
                };
                let same = match next {
                    None => json!({ "gte": at, "lte": at }),
                    Some(next) => json!({ "gte": at, "lt": next }),
                };
                (Some(self.range(earlier)), Some(self.range(same)))
            }
        };
        let with_same = |condition: Value| all(same.iter().cloned().chain([condition]).collect());
        let by_date = any(earlier.into_iter().chain([with_same(beyond)]).collect());
        let newer = all(vec![list.clause.clone(), by_date]);
        // Few are sorted by the same date and number: one in each part of an index.
        let beside = all(vec![list.clause.clone(), with_same(equal)]);
        let mut beside = self.page_of(&List { clause: &beside, ..*list }, None, ROWS, false);
        beside["_source"] = json!(false);
        let Some(score) = score else { return vec![beside, self.counting_body(&newer)] };
        let at_least = |clause: &Value, least: f64| {
            json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "min_score": least,
                "query": self.scored(self.base(clause.clone()), list)
            })
        };
        let half = DATED / 2.0;
        vec![
            beside,
            at_least(list.clause, score + half),
            at_least(&newer, score - half),
            at_least(&newer, score + half),
        ]
    }

    /// How many articles of a list come before a place, by the answers to [`Foreign::before_bodies`].
    fn before(&self, list: &List<'_>, place: &Place, answers: &[Value]) -> u64 {
        let [beside, counts @ ..] = answers else { return 0 };
        // The date and the number are the same, and the points may not be.
        let last = |sort: &Value| {
            let values = sort.as_array().map(Vec::as_slice).unwrap_or_default();
            let score = values.first().filter(|_| self.is_scored(list)).and_then(Value::as_f64);
            (
                score.unwrap_or(0.0).to_bits(),
                values.last().and_then(Value::as_str).unwrap_or_default().to_owned(),
            )
        };
        let (score, index) = last(&place.sort);
        let beside = hits(beside).filter_map(|hit| self.document(hit)).filter(|document| {
            let (its_score, its_index) = last(&document.sort);
            its_score == score && (its_index, document.key.id.0) < (index.clone(), place.number)
        });
        let beside = beside.count() as u64;
        let counts: Vec<u64> = counts.iter().map(total).collect();
        beside
            + match counts.as_slice() {
                [newer] => *newer,
                [above, at_least, more] => above + at_least.saturating_sub(*more),
                _ => 0,
            }
    }

    /// Remembers which documents the articles are.
    pub(super) fn see(&self, list: &List<'_>, documents: &[Document]) -> Result<(), Error> {
        // The points come first, if there are some.
        let skip = usize::from(self.is_scored(list));
        let seen: Vec<(i64, SeenAt)> = documents
            .iter()
            .map(|document| {
                let at = |place: usize| document.sort[skip + place].clone();
                let (date, sequence) = match &self.form.dated {
                    Some(dated) if dated.is_missing(&at(0)) => (Value::Null, at(1)),
                    Some(_) => (at(0), at(1)),
                    None => (Value::Null, at(0)),
                };
                let place = json!([date, sequence]).to_string();
                let seen = SeenAt { index: document.index.clone(), document: document.id.clone(), place };
                (document.key.id.0, seen)
            })
            .collect();
        self.state.see(&seen)
    }
}

/// How many documents are asked for, to list so many: the last ones may have to wait for others of their place.
fn asked(limit: usize) -> usize {
    limit.min(ROWS - 1) + 1
}
