//! A guess at what the fields of an index hold.
//!
//! In: its mapping and a few of its documents. Out: fields by their roles. Each field has points for its name, by the words
//! of [`words`](super::words), and for what the documents have in it.

use super::dates::{dated, told};
use super::documents::{all_texts, values};
use super::mapping::{Field, Mapping};
use super::words::{
    AUTHORS, COUNTRIES, DATES, DRAFT, LANGUAGES, NO_ARTICLES, NOT_DATES, NOT_SOURCES, NOT_TEXTS, NOT_TITLES,
    NOT_URLS, ORGS, OUT, PEOPLE, PLACES, SOURCES, STATUSES, TEXTS, TITLES, TYPES, URLS, Words,
};
use crate::config::archives::FieldMap;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A guess at what the fields of an index hold, from its mapping and a few of its documents. `listed` has all values of the
/// fields of [`telling_fields`].
pub fn guess(mapping: &Mapping, documents: &[Value], listed: &Listed) -> FieldMap {
    let mut map = FieldMap::default();
    let fields: Vec<Guessed<'_>> = mapping
        .fields
        .iter()
        .map(|(path, field)| Guessed {
            path,
            field,
            sampled: Sampled::of(documents, path),
            is_unseen: documents.is_empty() || !mapping.is_stored(path),
        })
        .collect();
    let text = best(&mut fields.iter().map(|one| (text_points(one), one.path)));
    let title = best(&mut fields.iter().map(|one| {
        (if Some(one.path) == text.as_ref() { 0.0 } else { title_points(mapping, one) }, one.path)
    }));
    let otherwise = best(&mut fields.iter().map(|one| {
        let other = Some(one.path) != text.as_ref() && Some(one.path) != title.as_ref();
        // Another title counts where an article lacks the first one, if its name is as telling.
        let points = if other { title_points(mapping, one) - 14.0 } else { 0.0 };
        (points, one.path)
    }));
    let taken = |path: &String| Some(path) == title.as_ref() || Some(path) == text.as_ref();
    let named = |good: Words, bad: Words, whole: bool, most: f64| {
        best(&mut fields.iter().map(|one| {
            let fits = one.is_text()
                && (!whole || mapping.whole(one.path).is_some())
                && mapping.nested_of(one.path).is_none()
                && (one.is_unseen || !one.sampled.texts.is_empty() && one.sampled.length < most.min(200.0))
                && !taken(one.path);
            let points = if fits { one.points(good, bad) + one.sampled.share } else { 0.0 };
            (points - 1.5, one.path)
        }))
    };
    let link = best(&mut fields.iter().map(|one| {
        let links = one.sampled.texts.iter().any(|text| text.starts_with("http"));
        (if one.is_text() && links { one.points(URLS, NOT_URLS) } else { 0.0 }, one.path)
    }));
    let all = [
        ("text", text.clone()),
        ("date", guess_date(mapping, documents, &fields)),
        ("source", named(SOURCES, NOT_SOURCES, false, 100.0)),
        ("author", named(AUTHORS, &[("id", 20), ("*email", 20), ("*url", 20)], false, 200.0)),
        ("link", link),
        ("language", named(LANGUAGES, &[], true, 30.0)),
        ("people", named(PEOPLE, &[("id", 20), ("*count", 20)], true, 2_000.0)),
        ("orgs", named(ORGS, &[("id", 20), ("*count", 20)], true, 2_000.0)),
        ("places", named(PLACES, &[("id", 20), ("*count", 20), ("*geo", 20)], true, 2_000.0)),
        ("countries", named(COUNTRIES, &[("id", 20), ("*count", 20), ("*source", 10)], true, 2_000.0)),
    ];
    if let Some(title) = &title {
        let titles: Vec<&str> = [title].into_iter().chain(&otherwise).map(String::as_str).collect();
        map.set("title", &titles);
    }
    for (role, field) in all {
        if let Some(field) = field {
            map.set(role, &[&field]);
        }
    }
    guess_nested(mapping, documents, &mut map);
    guess_published(mapping, &fields, listed, &mut map);
    map
}

/// All values of some fields.
pub type Listed = BTreeMap<String, Vec<String>>;

/// The fields whose values tell which documents are published articles.
pub fn telling_fields(mapping: &Mapping) -> Vec<(String, String)> {
    let telling = mapping.fields.keys().filter(|path| is_called(path, STATUSES) || is_called(path, TYPES));
    let telling = telling.filter(|path| mapping.nested_of(path).is_none());
    telling.filter_map(|path| Some((path.clone(), mapping.whole(path)?))).take(8).collect()
}

fn is_called(path: &str, names: &[&str]) -> bool {
    parts_of(path).iter().any(|word| names.contains(&word.as_str()))
}

/// A field with what the documents have in it.
struct Guessed<'a> {
    path: &'a String,
    field: &'a Field,
    sampled: Sampled,
    /// Whether the documents cannot show what is in it.
    is_unseen: bool,
}

impl Guessed<'_> {
    fn is_text(&self) -> bool {
        let kinds = ["text", "keyword", "keyed", "flat", "unknown", "wildcard", "match_only_text"];
        kinds.contains(&self.field.kind.as_str())
    }

    /// The points for its name: a little less for a longer one, and for a field that cannot be asked for.
    fn points(&self, good: Words, bad: Words) -> f64 {
        let words = self.path.split('.').map(|part| parts_of(part).len()).sum::<usize>();
        let asked = if self.field.kind == "unknown" { 2.0 } else { 0.0 };
        f64::from(points(self.path, good, bad)) - 0.2 * words as f64 - asked
    }
}

/// The field with the most points, if any has some; the first among equals.
fn best(scored: &mut dyn Iterator<Item = (f64, &String)>) -> Option<String> {
    let best =
        scored.filter(|(points, _)| *points > 0.0).fold(
            None,
            |best: Option<(f64, &String)>, one| match best {
                Some(best) if best.0 >= one.0 => Some(best),
                _ => Some(one),
            },
        );
    best.map(|(_, path)| path.clone())
}

/// The text is long, and called so.
fn text_points(one: &Guessed<'_>) -> f64 {
    if !one.is_text() {
        return 0.0;
    }
    let named = one.points(TEXTS, NOT_TEXTS);
    if one.is_unseen {
        return named - 5.0;
    }
    if one.sampled.length < 40.0 {
        return 0.0;
    }
    let is_page = one.sampled.texts.iter().any(|text| {
        let begin: String = text.trim_start().chars().take(9).collect::<String>().to_lowercase();
        begin.starts_with("<!doctype") || begin.starts_with("<html")
    });
    named + (one.sampled.length / 100.0).min(20.0) * one.sampled.share - if is_page { 20.0 } else { 0.0 }
}

/// A title is short, called so, differs from article to article, and is one.
fn title_points(mapping: &Mapping, one: &Guessed<'_>) -> f64 {
    if !one.is_text() || mapping.nested_of(one.path).is_some() {
        return 0.0;
    }
    let named = one.points(TITLES, NOT_TITLES);
    if one.is_unseen {
        return named - 5.0;
    }
    if !(4.0..400.0).contains(&one.sampled.length) || one.sampled.each > 1.5 {
        return 0.0;
    }
    let apart = one.sampled.distinct as f64 / one.sampled.texts.len().max(1) as f64;
    named + 4.0 * one.sampled.share + 2.0 * apart - 5.0
}

/// The date of the article: by its name, and never one that is of the same day in all documents where another is not, as the
/// day is on which they were indexed.
fn guess_date(mapping: &Mapping, documents: &[Value], fields: &[Guessed<'_>]) -> Option<String> {
    let mut candidates: Vec<(f64, &String, BTreeSet<NaiveDate>)> = Vec::new();
    for one in fields {
        let path = one.path;
        let times: Vec<DateTime<Utc>> = documents
            .iter()
            .filter_map(|document| values(document, path).into_iter().find_map(told))
            .collect();
        let kind = one.field.kind.as_str();
        let fits = match kind {
            "date" | "date_nanos" => true,
            "long" | "integer" | "double" | "float" | "unsigned_long" => !times.is_empty(),
            _ => one.is_text() && !times.is_empty(),
        };
        let named = one.points(DATES, NOT_DATES);
        if !fits || mapping.nested_of(path).is_some() || named <= -5.0 {
            continue;
        }
        let there = documents.iter().filter(|document| {
            values(document, path).iter().any(|value| !value.is_null() && value.as_str() != Some(""))
        });
        let share = there.count() as f64 / documents.len().max(1) as f64;
        let typed = if kind.starts_with("date") { 1.0 } else { 0.0 };
        let is_number = matches!(kind, "long" | "integer" | "double" | "float" | "unsigned_long");
        // Nothing can be sorted by a text that has no whole values.
        let sorted = typed > 0.0 || is_number || dated(mapping, path, documents).is_some();
        // What is written out and is no telling name may be anything.
        let points = named + typed + 3.0 * share - if sorted { 0.0 } else { 10.0 };
        let days = times.iter().map(chrono::DateTime::date_naive).collect();
        candidates.push((points, path, days));
    }
    let several = candidates.iter().any(|(.., days)| days.len() > 2);
    best(&mut candidates.iter().map(|(points, path, days)| {
        // Documents that were indexed together have one day.
        let together = several && documents.len() >= 3 && days.len() == 1;
        (if together { points - 12.0 } else { *points }, *path)
    }))
}

/// Names in nested parts: one field has the name and another says what it is of.
fn guess_nested(mapping: &Mapping, documents: &[Value], map: &mut FieldMap) {
    let names: Words = &[
        ("name", 20),
        ("text", 14),
        ("value", 12),
        ("label", 10),
        ("mention", 18),
        ("entity", 8),
        ("surface", 8),
        ("canonical", 12),
    ];
    let types: Words = &[
        ("type", 20),
        ("category", 18),
        ("kind", 18),
        ("class", 14),
        ("tag", 10),
        ("label", 12),
        ("ner", 12),
    ];
    let kinds: [(&str, &[&str]); 4] = [
        ("people", &["person", "per", "people", "persons"]),
        ("orgs", &["organization", "organisation", "org", "company", "orgs"]),
        ("places", &["location", "loc", "place", "gpe", "city", "places"]),
        ("countries", &["country", "countries"]),
    ];
    for path in &mapping.nested {
        let below = || {
            mapping.fields.keys().filter(move |field| {
                mapping.nested_of(field) == Some(path.as_str()) && mapping.whole(field).is_some()
            })
        };
        let kind_of = |value: &str| {
            let value = value.to_lowercase();
            kinds.iter().find(|(_, names)| names.contains(&value.as_str())).map(|(role, _)| *role)
        };
        let typed = below().find_map(|field| {
            let sampled = Sampled::of(documents, field);
            let known: BTreeMap<&str, &String> =
                sampled.texts.iter().filter_map(|value| Some((kind_of(value)?, value))).collect();
            let fits = !known.is_empty() && points(field, types, &[]) > 0;
            fits.then(|| {
                (
                    field.clone(),
                    known.into_iter().map(|(role, value)| (role, value.clone())).collect::<Vec<_>>(),
                )
            })
        });
        let Some((typed, known)) = typed else {
            // The part itself may be called after a kind.
            for (role, words) in
                [("people", PEOPLE), ("orgs", ORGS), ("places", PLACES), ("countries", COUNTRIES)]
            {
                let name = below().max_by_key(|field| points(field, names, &[("id", 30)]));
                if let Some(name) = name.filter(|_| points(path, words, &[]) > 0 && map.get(role).is_empty())
                {
                    map.set(role, &[name]);
                }
            }
            continue;
        };
        let name =
            below().filter(|field| **field != typed).max_by_key(|field| points(field, names, &[("id", 30)]));
        if let Some(name) = name.filter(|field| points(field, names, &[("id", 30)]) > 0) {
            for (role, value) in known {
                if map.get(role).is_empty() {
                    map.set(role, &[&format!("{name} where {typed}={value}")]);
                }
            }
        }
    }
}

/// Which documents are no published articles.
fn guess_published(mapping: &Mapping, fields: &[Guessed<'_>], listed: &Listed, map: &mut FieldMap) {
    let (mut only, mut without): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for one in fields {
        let (path, kind) = (one.path, one.field.kind.as_str());
        if mapping.nested_of(path).is_some() {
            continue;
        }
        if kind == "boolean" && !one.sampled.is_empty {
            let is = |names: &[&str]| is_called(path, names);
            if is(&["draft", "deleted", "hidden", "withdrawn", "spiked", "unpublished", "private", "killed"])
            {
                without.push(format!("{path}=true"));
            } else if is(&["published", "public", "live", "status", "visible", "approved"]) {
                only.push(format!("{path}=true"));
            }
            continue;
        }
        if mapping.whole(path).is_none() || !one.is_text() {
            continue;
        }
        let sampled = one.sampled.texts.iter();
        let found: BTreeSet<&String> = sampled.chain(listed.get(path).into_iter().flatten()).collect();
        let among = |words: &[&str]| {
            let is =
                |value: &&&String| words.contains(&value.to_lowercase().replace(['_', '-'], " ").as_str());
            found.iter().filter(is).map(|value| format!("{path}={value}")).collect::<Vec<_>>()
        };
        if is_called(path, STATUSES) {
            let out = among(OUT);
            if out.is_empty() {
                without.extend(among(DRAFT));
            } else {
                only.extend(out);
            }
        } else if is_called(path, TYPES) {
            without.extend(among(NO_ARTICLES));
        }
    }
    for (role, conditions) in [("only", only), ("without", without)] {
        map.set(role, &conditions.iter().map(String::as_str).collect::<Vec<_>>());
    }
    map.0.retain(|_, fields| !fields.is_empty());
}

/// What some documents have in a field.
struct Sampled {
    /// Whether none of the documents has a value in it.
    is_empty: bool,
    /// How many texts a document has, in the mean.
    each: f64,
    /// How many of the documents have it.
    share: f64,
    /// The mean length of its texts, all of a document together, in bytes.
    length: f64,
    distinct: usize,
    texts: Vec<String>,
}

impl Sampled {
    fn of(documents: &[Value], field: &str) -> Sampled {
        let mut texts = Vec::new();
        let (mut count, mut length) = (0, 0);
        for document in documents {
            let found: Vec<String> = values(document, field).into_iter().flat_map(all_texts).collect();
            if !found.is_empty() {
                count += 1;
                length += found.iter().map(String::len).sum::<usize>();
                texts.extend(found);
            }
        }
        let distinct = texts.iter().collect::<BTreeSet<_>>().len();
        Sampled {
            is_empty: documents.iter().all(|document| values(document, field).is_empty()),
            each: texts.len() as f64 / count.max(1) as f64,
            share: count as f64 / documents.len().max(1) as f64,
            length: length as f64 / count.max(1) as f64,
            distinct,
            texts,
        }
    }
}

/// A path in small letters without what joins its words.
fn plain(path: &str) -> String {
    path.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of the last name in a path.
fn parts_of(path: &str) -> Vec<String> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let mut words = vec![String::new()];
    let mut small = false;
    for c in last.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Points for a name: those of the best of some words that it is or contains, and those of the worst of others.
fn points(path: &str, good: Words, bad: Words) -> i32 {
    let words: Vec<String> = path.split('.').flat_map(parts_of).collect();
    let whole = plain(path);
    let last = plain(path.rsplit('.').next().unwrap_or(path));
    let is = |wanted: &str| match wanted.strip_prefix('*') {
        Some(part) => whole.contains(part),
        None => last == wanted || words.iter().any(|word| word == wanted),
    };
    let best = good.iter().filter(|(word, _)| is(word)).map(|(_, points)| *points).max().unwrap_or(0);
    let worst = bad.iter().filter(|(word, _)| is(word)).map(|(_, points)| *points).max().unwrap_or(0);
    best - worst
}
