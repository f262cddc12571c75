//! Values in documents that are not trusted, by the paths of fields.

use serde_json::Value;

/// What a document has at a path, through objects and lists. A name may contain full stops.
pub fn values<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(values_of) => values_of.iter().flat_map(|value| values(value, path)).collect(),
        Value::Object(fields) => {
            if let Some(found) = fields.get(path) {
                return vec![found];
            }
            let cuts = path.match_indices('.').map(|(at, _)| at);
            let below = cuts.filter_map(|at| Some(values(fields.get(&path[..at])?, &path[at + 1..])));
            below.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// All texts in a value.
pub(super) fn all_texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(all_texts).collect(),
        _ => Vec::new(),
    }
}
