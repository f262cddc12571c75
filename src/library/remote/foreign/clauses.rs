//! Conditions: filters of the language as clauses of a search server, on the fields that the form of the index names.
//!
//! In: filters, words, days, numbers of articles. Out: JSON. What an index cannot tell is set apart by [`Foreign::split`].

use super::names::within;
use super::{Foreign, NAMES, ROWS};
use crate::annotation::Kind;
use crate::language::LanguageCode;
use crate::library::remote::clause::{self, all, any, everything, not, nothing};
use crate::library::remote::form::{DateKind, Dated, Form, NamesIn};
use crate::library::remote::state::Numbers;
use crate::library::{Cancel, Error};
use crate::query::matching::holds;
use crate::query::{Days, Ending, Filter, Mark, Phrase, Query, Scope, Term};
use crate::text::fold;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

impl Foreign {
    /// The conditions of every question, and `clause`.
    pub(super) fn base(&self, clause: Value) -> Value {
        let of = |role: &str| {
            let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (field, value) in self.form.conditions(role) {
                by_field.entry(field).or_default().push(value);
            }
            by_field.into_iter().map(|(field, values)| clause::terms(&field, &values)).collect::<Vec<_>>()
        };
        let (only, without) = (of("only"), of("without"));
        if only.is_empty() && without.is_empty() {
            return clause;
        }
        let filter = [only, vec![clause]].concat();
        json!({ "bool": { "filter": filter, "must_not": without } })
    }

    pub(super) fn names_in(&self, kind: Kind) -> Option<&NamesIn> {
        match kind {
            Kind::Person => self.form.people.as_ref(),
            Kind::Org => self.form.orgs.as_ref(),
            Kind::Place => self.form.places.as_ref(),
            // Without a field of their own, countries are told by places.
            Kind::Country => self.form.countries.as_ref().or(self.form.places.as_ref()),
        }
    }

    /// Whether the index itself cannot tell which articles meet a condition.
    pub(super) fn is_beyond(&self, filter: &Filter) -> bool {
        match filter {
            Filter::All(members) | Filter::Any(members) => {
                members.iter().any(|member| self.is_beyond(member))
            }
            Filter::Not(inner) => self.is_beyond(inner),
            Filter::Term(term) => match term {
                Term::Mentions { kind, .. } => self.names_in(*kind).is_none(),
                Term::About(_) | Term::Quote(_) | Term::HasQuote | Term::Story(_) => true,
                Term::Language(_) => self.form.whole("language").is_none(),
                // Words in fields that are not indexed, and dates that nothing can be sorted by.
                Term::Text { scope, .. } => match scope {
                    Scope::Title => !self.form.is_searched(self.form.map.get("title")),
                    Scope::Body => !self.form.is_searched(self.form.searched()),
                    Scope::Anywhere => {
                        !self.form.is_searched(self.form.map.get("title"))
                            && !self.form.is_searched(self.form.searched())
                    }
                },
                Term::Date(_) => self.form.dated.is_none() && !self.form.map.get("date").is_empty(),
                _ => false,
            },
        }
    }

    /// The part of a filter that the server answers, and the part that only the analysed articles do.
    pub(super) fn split(&self, filter: &Filter) -> (Filter, Filter) {
        let members = match filter.decided() {
            Filter::All(members) => members,
            other => vec![other],
        };
        let (beyond, sure): (Vec<Filter>, Vec<Filter>) =
            members.into_iter().partition(|member| self.is_beyond(member));
        (Filter::all(sure), Filter::all(beyond))
    }

    pub(super) fn clause(&self, filter: &Filter, cancel: &Cancel) -> Result<Value, Error> {
        let each = |members: &[Filter]| -> Result<Vec<Value>, Error> {
            members.iter().map(|member| self.clause(member, cancel)).collect()
        };
        Ok(match filter {
            Filter::All(members) if members.is_empty() => everything(),
            Filter::All(members) => all(each(members)?),
            Filter::Any(members) => any(each(members)?),
            Filter::Not(inner) => not(&self.clause(inner, cancel)?),
            Filter::Term(term) => self.term(term, cancel)?,
        })
    }

    pub(super) fn term(&self, term: &Term, cancel: &Cancel) -> Result<Value, Error> {
        Ok(match term {
            Term::Text { scope, phrase } => self.words(*scope, phrase),
            Term::Mentions { kind, names } => {
                let Some(names_in) = self.names_in(*kind) else { return Ok(nothing()) };
                let mut meant = BTreeSet::new();
                for name in names.iter() {
                    meant.extend(self.meant(*kind, name, cancel)?);
                }
                within(names_in, &meant.into_iter().collect::<Vec<_>>())
            }
            Term::Date(days) => self.days(*days),
            Term::Source(names) => match self.form.whole("source") {
                Some(field) => {
                    let known = self.counted(&field, &everything(), NAMES, cancel)?;
                    let known = known.iter().map(|(value, _)| (Form::shown_source(value), value));
                    let known: Vec<(String, &String)> = known.collect();
                    let mut meant = BTreeSet::new();
                    for name in names.iter() {
                        let folded = fold::fold(name);
                        let exact = known.iter().any(|(shown, _)| fold::fold(shown) == folded);
                        let is = |shown: &str| {
                            if exact { fold::fold(shown) == folded } else { holds(shown, name) }
                        };
                        meant.extend(known.iter().filter(|(shown, _)| is(shown)).map(|(_, value)| *value));
                    }
                    clause::terms(&field, &meant.into_iter().collect::<Vec<_>>())
                }
                None if !self.form.map.get("source").is_empty() => {
                    let phrases = names.iter().filter_map(|name| Phrase::new(name, Ending::Whole));
                    any(phrases.map(|phrase| self.in_fields(self.form.map.get("source"), &phrase)).collect())
                }
                None if names.iter().any(|name| holds(self.name(), name)) => everything(),
                None => nothing(),
            },
            Term::Author(names) => {
                let phrases = names.iter().filter_map(|name| Phrase::new(name, Ending::Whole));
                any(phrases.map(|phrase| self.in_fields(self.form.map.get("author"), &phrase)).collect())
            }
            Term::Language(names) => {
                let Some(field) = self.form.whole("language") else { return Ok(nothing()) };
                let known = self.counted(&field, &everything(), ROWS, cancel)?;
                let is = |value: &String| {
                    LanguageCode::read(value)
                        .is_some_and(|code| names.iter().any(|name| name == code.as_str()))
                };
                clause::terms(
                    &field,
                    &known.into_iter().map(|(value, _)| value).filter(is).collect::<Vec<_>>(),
                )
            }
            Term::Tag(names) => {
                let wanted: BTreeSet<String> = names.iter().map(fold::fold).collect();
                let tags =
                    self.state.tags()?.into_iter().filter(|(tag, _)| wanted.contains(&fold::fold(tag)));
                self.these(&tags.flat_map(|(_, numbers)| numbers).collect())?
            }
            Term::Is(Mark::Read) => self.these(&self.state.read()?)?,
            Term::Is(Mark::Unread) => not(&self.these(&self.state.read()?)?),
            Term::Is(Mark::Starred) => self.these(&self.state.with("star")?)?,
            Term::Is(Mark::Unstarred) => not(&self.these(&self.state.with("star")?)?),
            Term::Is(Mark::Hidden) => self.these(&self.state.with("hidden")?)?,
            Term::Is(Mark::Deleted) => self.these(&self.state.with("deleted")?)?,
            // These are asked of the analysed articles, as `split` says.
            Term::About(_) | Term::Quote(_) | Term::HasQuote | Term::Story(_) | Term::Newer(_) => nothing(),
            Term::Saved(_) | Term::Unreadable(_) => nothing(),
        })
    }

    pub(super) fn words(&self, scope: Scope, phrase: &Phrase) -> Value {
        // A path is a title only of what has no other, and the folders in it are none.
        let titles = self.form.map.get("title").iter().filter(|field| !field.ends_with("path"));
        let titles: Vec<String> = titles.cloned().collect();
        let title = || self.in_fields(&titles, phrase);
        let body = || self.in_fields(self.form.searched(), phrase);
        match scope {
            Scope::Title => title(),
            Scope::Body => body(),
            Scope::Anywhere => any(vec![title(), body()]),
        }
    }

    /// The documents with a phrase in one of some fields.
    pub(super) fn in_fields(&self, fields: &[String], phrase: &Phrase) -> Value {
        any(fields.iter().filter_map(|field| self.in_field(field, phrase)).collect())
    }

    pub(super) fn in_field(&self, field: &str, phrase: &Phrase) -> Option<Value> {
        let known = self.form.mapping.fields.get(field).filter(|known| known.searched)?;
        let words = phrase.words();
        // The engine takes the words apart as it did with those of the articles.
        let typed = phrase.text();
        let clause = match (known.kind.as_str(), phrase.ending) {
            // Folded words are letters and digits.
            ("keyword" | "wildcard" | "constant_keyword", _) => {
                let pattern = format!("*{}*", words.join("*"));
                json!({ "wildcard": { field: { "value": pattern, "case_insensitive": true } } })
            }
            (_, Ending::Prefix) if words.len() > 1 && known.phrases => {
                json!({ "match_phrase_prefix": { field: { "query": typed, "max_expansions": 1_000 } } })
            }
            (_, Ending::Prefix) => json!({ "prefix": { field: { "value": words.last()? } } }),
            (_, Ending::Whole) if known.phrases => json!({ "match_phrase": { field: { "query": typed } } }),
            (_, Ending::Whole) => json!({ "match": { field: { "query": typed, "operator": "and" } } }),
        };
        Some(match self.form.mapping.nested_of(field) {
            Some(path) => json!({ "nested": { "path": path, "query": clause } }),
            None => clause,
        })
    }

    pub(super) fn days(&self, days: Days) -> Value {
        let mut range = json!({});
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        match (days.from(), days.until()) {
            (None, None) => return self.has_date(),
            (from, until) => {
                if let Some(from) = from {
                    range["gte"] = self.written(start(from));
                }
                if let Some(until) = until.and_then(|until| until.succ_opt()) {
                    range["lt"] = self.written(start(until));
                }
            }
        }
        self.range(range)
    }

    /// The articles that have a date.
    pub(super) fn has_date(&self) -> Value {
        match &self.form.dated {
            Some(Dated { field, kind: DateKind::Date | DateKind::Number(_), .. }) => {
                json!({ "exists": { "field": field } })
            }
            Some(_) => self.range(json!({})),
            None => nothing(),
        }
    }

    /// A time as the field of dates is asked for it.
    pub(super) fn written(&self, at: DateTime<Utc>) -> Value {
        match self.form.dated.as_ref().map(|dated| dated.kind) {
            Some(DateKind::Number(unit)) => json!(at.timestamp().saturating_mul(unit)),
            Some(DateKind::Text(style)) => json!(style.written(at)),
            _ => json!(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
        }
    }

    pub(super) fn range(&self, mut range: Value) -> Value {
        let Some(dated) = &self.form.dated else { return nothing() };
        match dated.kind {
            DateKind::Date => range["format"] = json!("strict_date_optional_time"),
            DateKind::Number(_) => {}
            // A text that does not begin with a digit is no date.
            DateKind::Text(_) => {
                if range["gte"].is_null() && range["gt"].is_null() {
                    range["gte"] = json!("0");
                }
                if range["lte"].is_null() && range["lt"].is_null() {
                    range["lt"] = json!(":");
                }
            }
        }
        json!({ "range": { &dated.field: range } })
    }

    /// Some articles by their numbers.
    pub(super) fn these(&self, numbers: &Numbers) -> Result<Value, Error> {
        let mut by_index: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for seen in self.state.all_seen(numbers)? {
            by_index.entry(seen.index).or_default().push(seen.document);
        }
        let of = |(index, ids): (String, Vec<String>)| {
            let ids = ids.chunks(10_000).map(|piece| json!({ "ids": { "values": piece } })).collect();
            all(vec![json!({ "term": { "_index": index } }), any(ids)])
        };
        Ok(any(by_index.into_iter().map(of).collect()))
    }

    /// The clause of a result, with what its hold has listed, and what is looked for in the analysed articles.
    pub(super) fn result(&self, query: &Query, cancel: &Cancel) -> Result<Value, Error> {
        let matching = self.in_sight(&query.filter, cancel)?;
        let held = self.held(query);
        Ok(if held.is_empty() { matching } else { any(vec![matching, self.these(&held)?]) })
    }

    pub(super) fn in_sight(&self, filter: &Filter, cancel: &Cancel) -> Result<Value, Error> {
        let (sure, beyond) = self.split(filter);
        let mut conditions = vec![self.clause(&sure, cancel)?];
        if !beyond.is_everything() {
            let found = self.analysed(&sure, &beyond, cancel)?;
            conditions.push(self.these(&found)?);
        }
        let away = self.state.out_of_sight(filter)?;
        if !away.is_empty() {
            conditions.push(not(&self.these(&away)?));
        }
        Ok(if conditions.len() == 1 { conditions.remove(0) } else { all(conditions) })
    }

    pub(super) fn held(&self, query: &Query) -> Numbers {
        let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) else { return Numbers::new() };
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&hold).cloned().unwrap_or_default()
    }
}
