//! A guess at what the fields of an index hold.
//!
//! In: its mapping and a few of its documents. Out: fields by their roles. Each field has points for its name, by the words
//! of [`words`](super::words), and for what the documents have in it.

use super::dates::{iso, unit};
use super::documents::{all_texts, values};
use super::mapping::{Field, Mapping};
use super::words::*;
use crate::config::archives::FieldMap;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A guess at what the fields of an index hold, from its mapping and a few of its documents.
pub fn guess(mapping: &Mapping, documents: &[Value]) -> FieldMap {
    let mut map = FieldMap::default();
    let fields: Vec<(&String, &Field, Sampled)> =
        mapping.fields.iter().map(|(path, field)| (path, field, Sampled::of(documents, path))).collect();
    let is_text =
        |field: &Field| matches!(field.kind.as_str(), "text" | "keyword" | "wildcard" | "match_only_text");
    let best = |scored: &mut dyn Iterator<Item = (f64, &String)>| -> Option<String> {
        scored
            .filter(|(points, _)| *points > 0.0)
            .fold(None, |best: Option<(f64, &String)>, one| match best {
                Some(best) if best.0 >= one.0 => Some(best),
                _ => Some(one),
            })
            .map(|(_, path)| path.clone())
    };
    // The text: long, and called so.
    let text = best(&mut fields.iter().filter(|(_, field, _)| is_text(field)).map(|(path, _, sampled)| {
        let named = points(path, TEXTS, NOT_TEXTS) as f64;
        let long = (sampled.length / 100.0).min(20.0);
        (
            if sampled.length < 40.0 && !documents.is_empty() { 0.0 } else { named + long * sampled.share },
            *path,
        )
    }));
    let title = best(&mut fields.iter().filter(|(_, field, _)| is_text(field)).map(|(path, _, sampled)| {
        let named = points(path, TITLES, NOT_TITLES) as f64;
        let fits = (4.0..400.0).contains(&sampled.length);
        let apart = sampled.distinct as f64 / sampled.texts.len().max(1) as f64;
        (
            if !fits || Some(*path) == text.as_ref() {
                0.0
            } else {
                named + 4.0 * sampled.share + 2.0 * apart - 5.0
            },
            *path,
        )
    }));
    let date = best(&mut fields.iter().map(|(path, field, sampled)| {
        let fits = match field.kind.as_str() {
            "date" | "date_nanos" => true,
            "long" | "integer" | "double" => documents.iter().any(|document| {
                values(document, path)
                    .iter()
                    .filter_map(|value| value.as_f64())
                    .any(|number| unit(number).is_some())
            }),
            "keyword" | "text" => {
                mapping.whole(path).is_some() && sampled.texts.iter().any(|text| iso(text).is_some())
            }
            _ => false,
        };
        let named = f64::from(points(path, DATES, NOT_DATES));
        let there = documents.iter().filter(|document| {
            values(document, path).iter().any(|value| !value.is_null() && value.as_str() != Some(""))
        });
        let share = there.count() as f64 / documents.len().max(1) as f64;
        let typed = if field.kind.starts_with("date") { 1.0 } else { 0.0 };
        // A field without a telling name counts only where it is a date.
        (
            if fits && mapping.nested_of(path).is_none() && named > -5.0 {
                named + typed + 3.0 * share
            } else {
                0.0
            },
            *path,
        )
    }));
    let short = |sampled: &Sampled| !sampled.texts.is_empty() && sampled.length < 200.0;
    let named = |good: &'static [(&str, i32)], bad: &'static [(&str, i32)], whole: bool, most: f64| {
        best(&mut fields.iter().map(|(path, field, sampled)| {
            let fits = is_text(field)
                && (!whole || mapping.whole(path).is_some())
                && mapping.nested_of(path).is_none()
                && (documents.is_empty() || short(sampled))
                && sampled.length < most;
            let taken = Some(*path) == title.as_ref() || Some(*path) == text.as_ref();
            (
                if fits && !taken { f64::from(points(path, good, bad)) + sampled.share } else { 0.0 } - 1.5,
                *path,
            )
        }))
    };
    let source = named(SOURCES, NOT_SOURCES, false, 100.0);
    let url = best(&mut fields.iter().map(|(path, field, sampled)| {
        let links = sampled.texts.iter().any(|text| text.starts_with("http"));
        let points = points(
            path,
            URLS,
            &[("image", 20), ("*image", 20), ("*thumb", 20), ("*photo", 20), ("feed", 10), ("*feed", 10)],
        );
        (if is_text(field) && links { f64::from(points) } else { 0.0 }, *path)
    }));
    let all = [
        ("title", title.clone()),
        ("text", text.clone()),
        ("date", date),
        ("source", source),
        ("author", named(AUTHORS, &[("id", 20), ("*email", 20), ("*url", 20)], false, 200.0)),
        ("link", url),
        ("language", named(LANGUAGES, &[], true, 30.0)),
        ("people", named(PEOPLE, &[("id", 20), ("*count", 20)], true, 2_000.0)),
        ("orgs", named(ORGS, &[("id", 20), ("*count", 20)], true, 2_000.0)),
        ("places", named(PLACES, &[("id", 20), ("*count", 20), ("*geo", 20)], true, 2_000.0)),
        ("countries", named(COUNTRIES, &[("id", 20), ("*count", 20), ("*source", 10)], true, 2_000.0)),
    ];
    for (role, field) in all {
        if let Some(field) = field {
            map.set(role, &[&field]);
        }
    }
    guess_nested(mapping, documents, &mut map);
    guess_published(&fields, documents, &mut map);
    map
}

/// Names in nested parts: one field has the name and another says what it is of.
fn guess_nested(mapping: &Mapping, documents: &[Value], map: &mut FieldMap) {
    let names = [
        ("name", 20),
        ("text", 14),
        ("value", 12),
        ("label", 10),
        ("mention", 18),
        ("entity", 8),
        ("surface", 8),
        ("canonical", 12),
    ];
    let types = [
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
            let fits = !known.is_empty() && points(field, &types, &[]) > 0;
            fits.then(|| {
                (
                    field.clone(),
                    known.into_iter().map(|(role, value)| (role, value.clone())).collect::<Vec<_>>(),
                )
            })
        });
        let Some((typed, known)) = typed else { continue };
        let name =
            below().filter(|field| **field != typed).max_by_key(|field| points(field, &names, &[("id", 30)]));
        if let Some(name) = name.filter(|field| points(field, &names, &[("id", 30)]) > 0) {
            for (role, value) in known {
                if map.get(role).is_empty() {
                    map.set(role, &[&format!("{name} where {typed}={value}")]);
                }
            }
        }
    }
}

/// Which articles are not published yet.
fn guess_published(fields: &[(&String, &Field, Sampled)], documents: &[Value], map: &mut FieldMap) {
    const OUT: [&str; 10] = [
        "published",
        "publish",
        "public",
        "live",
        "online",
        "released",
        "final",
        "usable",
        "approved",
        "done",
    ];
    const DRAFT: [&str; 12] = [
        "draft",
        "unpublished",
        "pending",
        "private",
        "deleted",
        "trash",
        "withdrawn",
        "spiked",
        "hidden",
        "embargoed",
        "scheduled",
        "in progress",
    ];
    for (path, field, sampled) in fields {
        let words = parts_of(path);
        let is = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
        if field.kind == "keyword" && is(&["status", "state", "workflow", "visibility", "stage", "pubstatus"])
        {
            let found: BTreeSet<&String> = sampled.texts.iter().collect();
            let out = |value: &&&String| OUT.contains(&value.to_lowercase().as_str());
            if let Some(value) = found.iter().find(out) {
                map.set("only", &[&format!("{path}={value}")]);
            } else {
                let drafts = found.iter().filter(|value| DRAFT.contains(&value.to_lowercase().as_str()));
                let drafts: Vec<String> = drafts.map(|value| format!("{path}={value}")).collect();
                map.set("without", &drafts.iter().map(String::as_str).collect::<Vec<_>>());
            }
        }
        if field.kind == "boolean" && documents.iter().any(|document| !values(document, path).is_empty()) {
            if is(&["published", "public", "live"]) {
                map.set("only", &[&format!("{path}=true")]);
            } else if is(&["draft", "deleted", "hidden", "withdrawn", "spiked"]) {
                map.set("without", &[&format!("{path}=true")]);
            }
        }
    }
}

/// What some documents have in a field.
struct Sampled {
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
fn points(path: &str, good: &[(&str, i32)], bad: &[(&str, i32)]) -> i32 {
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
