//! What an index says about its fields, and what a name of a field in the config file means there.
//!
//! In: the mapping, which is not trusted. Out: the type of each field, and how whole values of it are asked for.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One field of a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// `text`, `keyword`, `date` …
    pub kind: String,
    pub searched: bool,
    /// Whether phrases can be asked for.
    pub phrases: bool,
    /// Whether the value is stored beside the document.
    pub kept: bool,
    /// The other ways in which the same values are indexed, such as `title.raw`, with their types.
    pub also: Vec<(String, String)>,
}

/// What an index says about its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pub fields: BTreeMap<String, Field>,
    /// The paths of nested parts.
    pub nested: BTreeSet<String>,
    /// The field that tells parents and children apart, and the kinds of children of each kind of parent.
    pub join: Option<(String, BTreeMap<String, Vec<String>>)>,
    /// Where fields are left out of what is stored.
    left_out: Vec<String>,
    /// The only fields that are stored, where there are such.
    kept_only: Vec<String>,
    /// The fields with dates to the nanosecond in some index.
    fine: BTreeSet<String>,
    /// How many indices it is about.
    pub indices: usize,
}

impl Mapping {
    /// Reads the answer to `GET /INDEX/_mapping`, which may be about several indices.
    pub fn read(answer: &Value) -> Mapping {
        let mut mapping = Mapping::default();
        for index in answer.as_object().into_iter().flat_map(|indices| indices.values()) {
            let mappings = &index["mappings"];
            mapping.indices += 1;
            mapping.properties(&mappings["properties"], "", 0);
            let list = |name: &str| {
                let list = mappings["_source"][name].as_array().map(Vec::as_slice).unwrap_or_default();
                list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
            };
            mapping.left_out.extend(list("excludes"));
            mapping.kept_only.extend(list("includes"));
            if mappings["_source"]["enabled"] == false {
                mapping.left_out.push("*".to_owned());
            }
        }
        mapping
    }

    fn properties(&mut self, properties: &Value, before: &str, depth: usize) {
        // A mapping may be of any size; an engine allows a depth of twenty.
        if depth > 20 {
            return;
        }
        for (name, field) in properties.as_object().into_iter().flatten() {
            let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            let kind = field["type"].as_str().unwrap_or("object");
            if kind == "nested" {
                self.nested.insert(path.clone());
            }
            if kind == "join" {
                let kinds = |value: &Value| match value {
                    Value::String(kind) => vec![kind.clone()],
                    Value::Array(kinds) => {
                        kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect()
                    }
                    _ => Vec::new(),
                };
                let relations = field["relations"].as_object().into_iter().flatten();
                let relations =
                    relations.map(|(parent, children)| (parent.clone(), kinds(children))).collect();
                self.join = Some((path.clone(), relations));
            }
            if field["properties"].is_object() {
                self.properties(&field["properties"], &path, depth + 1);
                continue;
            }
            if kind == "date_nanos" {
                self.fine.insert(path.clone());
            }
            let also = field["fields"].as_object().into_iter().flatten();
            let also = also.filter_map(|(name, field)| {
                Some((format!("{path}.{name}"), field["type"].as_str()?.to_owned()))
            });
            let options = field["index_options"].as_str().unwrap_or("positions");
            let read = Field {
                kind: kind.to_owned(),
                searched: field["index"] != false,
                phrases: matches!(options, "positions" | "offsets"),
                kept: field["store"] == true,
                also: also.collect(),
            };
            self.fields.entry(path).or_insert(read);
        }
    }

    /// Adds what documents have and the mapping does not name: the values in fields of flattened objects, which are
    /// searched as whole values, and fields that are not indexed.
    pub fn complete(&mut self, documents: &[Value]) {
        let mut found = BTreeSet::new();
        documents.iter().for_each(|document| leaves(document, "", 0, &mut found));
        for path in found {
            let ends = || path.match_indices('.').map(|(at, _)| &path[..at]);
            if self.fields.contains_key(&path)
                || self.nested.contains(&path)
                || self.fields.len() > MOST_FIELDS
            {
                continue;
            }
            let around = ends().find_map(|around| self.fields.get(around));
            let (kind, searched) = match around.map(|field| field.kind.as_str()) {
                // Each engine can do other things with them; no engine finds words in them.
                Some("flattened") => ("keyed", false),
                Some("flat_object") => ("flat", false),
                _ => ("unknown", false),
            };
            let field = Field { kind: kind.to_owned(), searched, ..Field::default() };
            self.fields.insert(path, field);
        }
    }

    /// Whether dates of a field are to the nanosecond in some index.
    pub fn is_fine(&self, field: &str) -> bool {
        self.fine.contains(field)
    }

    /// The innermost nested part that a field is in.
    pub fn nested_of(&self, field: &str) -> Option<&str> {
        let around = self
            .nested
            .iter()
            .filter(|path| field.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.')));
        around.max_by_key(|path| path.len()).map(String::as_str)
    }

    /// The field by which whole values of `field` are asked for, counted and sorted.
    pub fn whole(&self, field: &str) -> Option<String> {
        let whole = |kind: &str| {
            matches!(
                kind,
                "keyword"
                    | "keyed"
                    | "wildcard"
                    | "constant_keyword"
                    | "boolean"
                    | "long"
                    | "integer"
                    | "short"
                    | "ip"
            )
        };
        let known = self.fields.get(field)?;
        if whole(&known.kind) {
            return Some(field.to_owned());
        }
        known.also.iter().find(|(_, kind)| whole(kind)).map(|(field, _)| field.clone())
    }

    pub(super) fn is_stored(&self, field: &str) -> bool {
        let pattern = |pattern: &String| match pattern.strip_suffix('*') {
            Some(begin) => field.starts_with(begin),
            None => {
                field == pattern
                    || field.strip_prefix(pattern.as_str()).is_some_and(|rest| rest.starts_with('.'))
            }
        };
        let kept = self.kept_only.is_empty() || self.kept_only.iter().any(pattern);
        kept && !self.left_out.iter().any(pattern)
    }
}

/// The most fields that are known of an index.
const MOST_FIELDS: usize = 20_000;

/// The paths of the values in a document.
fn leaves(value: &Value, path: &str, depth: usize, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if depth < 20 => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(value, &path, depth + 1, found);
            }
        }
        Value::Array(list) => list.iter().take(50).for_each(|value| leaves(value, path, depth + 1, found)),
        Value::String(_) | Value::Number(_) | Value::Bool(_)
            if !path.is_empty() && found.len() < MOST_FIELDS =>
        {
            found.insert(path.to_owned());
        }
        _ => {}
    }
}

/// Names in a field: of the documents themselves, of nested parts, or of child documents.
///
/// `FIELD`, `FIELD where OTHER=VALUE and OTHER!=VALUE`, `CHILD>FIELD shown OTHER where …`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesIn {
    pub child: Option<String>,
    pub nested: Option<String>,
    pub field: String,
    /// The field that has the name as people write it.
    pub shown: Option<String>,
    pub is: Vec<(String, String)>,
    pub is_not: Vec<(String, String)>,
}

impl NamesIn {
    pub(super) fn read(text: &str, mapping: &Mapping) -> Option<NamesIn> {
        let (names, conditions) = text.split_once(" where ").unwrap_or((text, ""));
        let (names, shown) = match names.split_once(" shown ") {
            Some((names, shown)) => (names, Some(shown.trim().to_owned())),
            None => (names, None),
        };
        let (child, field) = match names.split_once('>') {
            Some((child, field)) => (Some(child.trim().to_owned()), field),
            None => (None, names),
        };
        let field = field.trim();
        let whole = mapping.whole(field)?;
        let mut read = NamesIn {
            nested: if child.is_none() { mapping.nested_of(field).map(str::to_owned) } else { None },
            child,
            field: whole,
            shown,
            ..NamesIn::default()
        };
        for condition in conditions.split(" and ").filter(|condition| !condition.trim().is_empty()) {
            let (field, value) = condition.split_once('=')?;
            let (list, field) = match field.strip_suffix('!') {
                Some(field) => (&mut read.is_not, field),
                None => (&mut read.is, field),
            };
            let field = mapping.whole(field.trim()).unwrap_or_else(|| field.trim().to_owned());
            list.push((field, value.trim().to_owned()));
        }
        Some(read)
    }
}
