//! The names that an index has itself: how they are counted, and which of its spellings a name means.
//!
//! In: clauses and what was typed. Out: facets, and spellings.

use super::{Foreign, NAMES, ROWS};
use crate::annotation::{CountryCode, Kind};
use crate::gazetteer::{self, country};
use crate::language::LanguageCode;
use crate::library::backend::most_frequent;
use crate::library::remote::clause::{self, all, everything, nothing};
use crate::library::remote::form::{Form, NamesIn};
use crate::library::remote::layout::{Called, folded, text};
use crate::library::remote::names::buckets;
use crate::library::remote::server::TIMEOUT;
use crate::library::{Cancel, Error, FACETS};
use crate::listing::Facet;
use crate::query::Query;
use crate::text::fold;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// How many filters are counted in one request.
pub(super) const FILTERS: usize = 200;

impl Foreign {
    /// How often each value of a field occurs in a result; the most frequent ones.
    pub(super) fn counted(
        &self,
        field: &str,
        clause: &Value,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<(String, u64)>, Error> {
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause.clone()),
            "aggs": { "c": { "terms": { "field": field, "size": limit, "shard_size": (2 * limit).clamp(1_000, 60_000) } } }
        });
        let answer = self.search(&body, cancel)?;
        Ok(buckets(&answer["aggregations"]["c"]).collect())
    }

    /// The aggregation that counts the documents of each name.
    pub(super) fn counting(&self, names: &NamesIn, include: Option<&str>, limit: usize) -> Value {
        let mut terms =
            json!({ "field": names.field, "size": limit, "shard_size": (2 * limit).clamp(1_000, 60_000) });
        if let Some(include) = include {
            terms["include"] = json!(include);
        }
        let mut counted = json!({ "terms": terms });
        let parent = |child: &String| {
            let (field, relations) = self.form.mapping.join.as_ref()?;
            let parent = relations.iter().find(|(_, children)| children.contains(child))?.0;
            Some(format!("{field}#{parent}"))
        };
        if let Some(child) = &names.child {
            let mut below = serde_json::Map::new();
            if let Some(field) = parent(child) {
                below.insert(
                    "d".to_owned(),
                    json!({ "cardinality": { "field": field, "precision_threshold": 40_000 } }),
                );
            }
            if let Some(shown) = &names.shown {
                below.insert("s".to_owned(), json!({ "top_hits": { "size": 1, "_source": [shown] } }));
            }
            counted["aggs"] = Value::Object(below);
        } else if names.nested.is_some() {
            counted["aggs"] = json!({ "d": { "reverse_nested": {} } });
        }
        let filtered = json!({ "filter": conditions(names), "aggs": { "t": counted } });
        match (&names.child, &names.nested) {
            (Some(child), _) => json!({ "children": { "type": child }, "aggs": { "f": filtered } }),
            (None, Some(path)) => json!({ "nested": { "path": path }, "aggs": { "f": filtered } }),
            (None, None) => filtered,
        }
    }

    /// The names and counts in the answer to [`Foreign::counting`].
    pub(super) fn names_counted(&self, names: &NamesIn, answer: &Value) -> Vec<(String, u64)> {
        let mut list = answer;
        while list["f"].is_object() || list["t"].is_object() {
            list = if list["f"].is_object() { &list["f"] } else { &list["t"] };
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = list["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut found = Vec::new();
        for bucket in buckets {
            let Some(key) = text(&bucket["key"]) else { continue };
            let in_documents = &bucket["d"];
            let count = in_documents["value"].as_u64().or_else(|| in_documents["doc_count"].as_u64());
            let count = count.or_else(|| bucket["doc_count"].as_u64()).unwrap_or(0);
            if let Some(field) = &names.shown
                && let Some(name) =
                    crate::library::remote::layout::name(&bucket["s"]["hits"]["hits"][0]["_source"][field])
            {
                shown.insert(key.clone(), name);
            }
            found.push((key, count));
        }
        found
    }

    pub(super) fn shown_name(&self, value: &str) -> String {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let name = shown.get(value).cloned();
        drop(shown);
        let name = name.unwrap_or_else(|| value.to_owned());
        crate::text::clean::clean_line(&name)
    }

    /// All spellings of the names of a kind that have a word beginning with what is typed.
    pub(super) fn spellings(
        &self,
        kind: Kind,
        typed: &str,
        cancel: &Cancel,
    ) -> Result<Arc<Vec<String>>, Error> {
        let Some(names) = self.names_in(kind) else { return Ok(Arc::default()) };
        let words = fold::words(typed);
        let longest = words.iter().max_by_key(|word| word.len()).cloned().unwrap_or_default();
        let key = (kind, longest.clone());
        if let Some(known) = self.spelled.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let include = (!longest.is_empty()).then(|| any_spelling(&longest));
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(everything()),
            "aggs": { "n": self.counting(names, include.as_deref(), NAMES) }
        });
        let answer = self.search(&body, cancel)?;
        let found = self.names_counted(names, &answer["aggregations"]["n"]);
        let found = Arc::new(found.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        let mut spelled = self.spelled.lock().unwrap_or_else(PoisonError::into_inner);
        if spelled.len() > 200 {
            spelled.clear();
        }
        spelled.insert(key, found.clone());
        Ok(found)
    }

    /// The spellings that a name means for the person.
    pub(super) fn meant(&self, kind: Kind, name: &str, cancel: &Cancel) -> Result<Vec<String>, Error> {
        let corrected = self.state.corrected();
        let spelled = self.meant_here(kind, name, cancel)?;
        if corrected.is_empty() || kind == Kind::Country {
            return Ok(spelled);
        }
        let shown = |value: &str| corrected.alone(&Called { kind, key: folded(value) });
        let mut meant: BTreeSet<String> = BTreeSet::new();
        let mut names: BTreeSet<Called> = corrected.named(kind, &fold::words(name), true);
        for value in spelled {
            match shown(&value) {
                Some(shown) if shown.kind == kind => {
                    names.insert(shown);
                    meant.insert(value);
                }
                _ => {}
            }
        }
        let sources = names.iter().flat_map(|name| corrected.sources(name));
        let all: BTreeSet<Called> = sources.chain(names.iter().cloned()).collect();
        for called in all.iter().filter(|called| called.kind == kind && corrected.is_concerned(called)) {
            let spelled = self.spellings(kind, &called.key, cancel)?;
            meant.extend(spelled.iter().filter(|value| folded(value) == called.key).cloned());
        }
        Ok(meant.into_iter().collect())
    }

    /// The spellings that a name means, by the rules of a local library: the name itself, else the names that contain it,
    /// else those whose words begin so.
    fn meant_here(&self, kind: Kind, name: &str, cancel: &Cancel) -> Result<Vec<String>, Error> {
        if kind == Kind::Country {
            let Some(code) = country::find(name) else { return Ok(Vec::new()) };
            let known = self.spellings(kind, "", cancel)?;
            return Ok(known.iter().filter(|value| country_of(value) == Some(code)).cloned().collect());
        }
        let wanted = fold::words(name);
        let known = self.spellings(kind, name, cancel)?;
        let known: Vec<(Vec<String>, &String)> =
            known.iter().map(|value| (fold::words(value), value)).collect();
        let pick = |fits: &dyn Fn(&Vec<String>) -> bool| -> Vec<String> {
            known.iter().filter(|(words, _)| fits(words)).map(|(_, value)| (*value).clone()).collect()
        };
        if kind != Kind::Person || wanted.len() > 1 {
            let exact = pick(&|words| *words == wanted);
            if !exact.is_empty() {
                return Ok(exact);
            }
        }
        let containing = pick(&|words| words.windows(wanted.len().max(1)).any(|window| window == wanted));
        if !containing.is_empty() {
            return Ok(containing);
        }
        Ok(pick(&|words| {
            wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted.as_str())))
        }))
    }

    /// Counted names as facets: names that differ in case or accents alone are one, and countries are counted by their
    /// names or places.
    pub(super) fn facets_of(
        &self,
        kind: Kind,
        clause: &Value,
        counted: Vec<(String, u64)>,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let Some(names) = self.names_in(kind) else { return Ok(Vec::new()) };
        let mut groups: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
        let corrected = self.state.corrected();
        for (value, count) in counted {
            let key = match kind {
                Kind::Country => country_of(&value).map(|code| code.as_str().to_owned()),
                _ => corrected
                    .alone(&Called { kind, key: folded(&value) })
                    .filter(|shown| shown.kind == kind && !shown.key.is_empty())
                    .map(|shown| shown.key),
            };
            if let Some(key) = key {
                groups.entry(key).or_default().push((value, count));
            }
        }
        // Those with several spellings are counted together, the likeliest to be shown first.
        let mut groups: Vec<(String, Vec<(String, u64)>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, spellings)| {
            std::cmp::Reverse(spellings.iter().map(|(_, count)| *count).sum::<u64>())
        });
        groups.truncate(limit.saturating_mul(2));
        let several: Vec<Vec<String>> = groups
            .iter()
            .filter(|(_, spellings)| spellings.len() > 1)
            .map(|(_, spellings)| spellings.iter().map(|(value, _)| value.clone()).collect())
            .collect();
        let mut counts = self.together(clause, names, &several, cancel)?.into_iter();
        let facets = groups.into_iter().map(|(key, spellings)| {
            let count = match spellings.as_slice() {
                [(_, count)] => *count,
                _ => counts.next().unwrap_or(0),
            };
            match (kind, spellings.first()) {
                (Kind::Country, _) | (_, None) => Facet { name: country_name(&key), value: key, count },
                (_, Some((value, _))) => {
                    let told = corrected.written(&Called { kind, key });
                    let name = told.cloned().unwrap_or_else(|| self.shown_name(value));
                    Facet { value: name.clone(), name, count }
                }
            }
        });
        Ok(most_frequent(facets.collect(), limit))
    }

    /// How many documents have one of some spellings, for each list of them.
    pub(super) fn together(
        &self,
        clause: &Value,
        names: &NamesIn,
        groups: &[Vec<String>],
        cancel: &Cancel,
    ) -> Result<Vec<u64>, Error> {
        let mut counts = Vec::new();
        for piece in groups.chunks(FILTERS) {
            let filters: Vec<Value> = piece.iter().map(|spellings| within(names, spellings)).collect();
            let body = json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause.clone()),
                "aggs": { "g": { "filters": { "filters": filters } } }
            });
            let answer = self.search(&body, cancel)?;
            let buckets =
                answer["aggregations"]["g"]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
            counts.extend(buckets.iter().map(|bucket| bucket["doc_count"].as_u64().unwrap_or(0)));
        }
        counts.resize(groups.len(), 0);
        Ok(counts)
    }

    /// The names of a kind in a result, where the index has them itself.
    pub(super) fn own_names(
        &self,
        kind: Kind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Option<Vec<Facet>>, Error> {
        let Some(names) = self.names_in(kind) else { return Ok(None) };
        let clause = self.result(query, cancel)?;
        let words = fold::words(typed);
        let by_word = kind != Kind::Country && !words.is_empty();
        let longest = words.iter().max_by_key(|word| word.len()).filter(|_| by_word);
        let include = longest.map(|word| any_spelling(word));
        let most = if kind == Kind::Country { NAMES } else { limit.saturating_mul(3).clamp(600, NAMES) };
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause.clone()),
            "aggs": { "n": self.counting(names, include.as_deref(), most) }
        });
        let answer = self.search(&body, cancel)?;
        let mut counted = self.names_counted(names, &answer["aggregations"]["n"]);
        let begun = |name: &str| {
            let of = fold::words(name);
            words.iter().all(|part| of.iter().any(|word| word.starts_with(part.as_str())))
        };
        if kind != Kind::Country {
            counted.retain(|(name, _)| begun(name));
        }
        let mut facets = self.facets_of(kind, &clause, counted, limit.min(NAMES), cancel)?;
        if kind == Kind::Country {
            facets.retain(|facet| begun(&facet.name));
        }
        Ok(Some(facets))
    }

    pub(super) fn sources_in(
        &self,
        field: &str,
        clause: &Value,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (value, count) in self.counted(field, clause, limit, cancel)? {
            *counts.entry(Form::shown_source(&value)).or_default() += count;
        }
        counts.remove("");
        let facets = counts.into_iter().map(|(name, count)| Facet { value: name.clone(), name, count });
        Ok(most_frequent(facets.collect(), limit))
    }

    pub(super) fn languages_in(
        &self,
        field: &str,
        clause: &Value,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (value, count) in self.counted(field, clause, ROWS, cancel)? {
            if let Some(code) = LanguageCode::read(&value) {
                *counts.entry(code.to_string()).or_default() += count;
            }
        }
        let facet = |(value, count): (String, u64)| {
            let name = LanguageCode::read(&value)?.name().to_owned();
            Some(Facet { name, value, count })
        };
        Ok(most_frequent(counts.into_iter().filter_map(facet).collect(), FACETS))
    }
}

/// The conditions on a name beside its spelling.
pub(super) fn conditions(names: &NamesIn) -> Value {
    let term = |(field, value): &(String, String)| json!({ "term": { field: value } });
    let is: Vec<Value> = names.is.iter().map(term).collect();
    let is_not: Vec<Value> = names.is_not.iter().map(term).collect();
    json!({ "bool": { "filter": is, "must_not": is_not } })
}

/// The documents with a name that is spelled in one of some ways.
pub(super) fn within(names: &NamesIn, spellings: &[String]) -> Value {
    if spellings.is_empty() {
        return nothing();
    }
    let spelled = clause::terms(&names.field, spellings);
    let inner = if names.is.is_empty() && names.is_not.is_empty() {
        spelled
    } else {
        all(vec![spelled, conditions(names)])
    };
    match (&names.child, &names.nested) {
        (Some(child), _) => json!({ "has_child": { "type": child, "query": inner } }),
        (None, Some(path)) => json!({ "nested": { "path": path, "query": inner } }),
        (None, None) => inner,
    }
}

/// The pattern of values that have the letters of a folded word in a row, in any case and with any accent.
pub(super) fn any_spelling(word: &str) -> String {
    let mut pattern = String::from(".*");
    for c in word.chars() {
        if !c.is_alphanumeric() {
            pattern.push('.');
            continue;
        }
        let same =
            ('\u{c0}'..='\u{24f}').filter(|other| fold::fold(&other.to_string()).trim() == c.to_string());
        let mut letters: Vec<char> = [c].into_iter().chain(c.to_uppercase()).chain(same).collect();
        letters.sort_unstable();
        letters.dedup();
        pattern.push('[');
        pattern.extend(letters);
        pattern.push(']');
    }
    pattern.push_str(".*");
    pattern
}

/// The country that a value names: by its code or name, or as the place that it is.
pub(super) fn country_of(value: &str) -> Option<CountryCode> {
    country::find(value).or_else(|| {
        let entry = gazetteer::find(value)?;
        let (mut places, decided) = entry.places();
        let first = places.next()?;
        (decided || places.next().is_none()).then_some(first)
    })
}

pub(super) fn country_name(code: &str) -> String {
    country::find(code).map_or_else(|| code.to_owned(), |code| country::name(code).to_owned())
}
