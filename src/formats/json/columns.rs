//! Tables as pandas writes them: a column with all of its cells (`{"title": {"0": …, "1": …}}`), or the names of the
//! columns beside rows without names (`{"columns": […], "data": [[…]]}`). Rows with names are read as any array is.

use super::fields;
use serde_json::{Map, Value};

/// The rows of a table, if the object is one that lies in columns.
pub(super) fn rows(object: &Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    split(object).or_else(|| columns(object))
}

/// The names of the columns beside the rows.
fn split(object: &Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    let names =
        ["columns", "fields", "header", "headers"].iter().find_map(|name| object.get(*name)?.as_array())?;
    let names: Vec<&str> = names
        .iter()
        .map(|name| name.as_str().or_else(|| name.get("name")?.as_str()))
        .collect::<Option<_>>()?;
    let rows = ["data", "rows", "values"].iter().find_map(|name| object.get(*name)?.as_array())?;
    if !names.iter().any(|name| fields::known(name) == Some(true)) || !rows.iter().all(Value::is_array) {
        return None;
    }
    let row = |row: &Value| -> Map<String, Value> {
        let cells = row.as_array().into_iter().flatten();
        names.iter().map(|name| (*name).to_owned()).zip(cells.cloned()).collect()
    };
    Some(rows.iter().map(row).collect())
}

/// Each column as an array with a cell for each row, as `to_dict("list")` and Hugging Face's `to_dict` write it.
fn lists(object: &Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    let length = object.values().next()?.as_array()?.len();
    let is_column = |value: &Value| value.as_array().is_some_and(|cells| cells.len() == length);
    let is_cell = |value: &Value| value.is_string() || value.is_null();
    let titles = object.iter().filter(|(name, _)| fields::known(name) == Some(true));
    let texts =
        titles.filter(|(_, value)| value.as_array().is_some_and(|cells| cells.iter().all(is_cell))).count();
    if length < 2 || texts == 0 || object.len() < 2 || !object.values().all(is_column) {
        return None;
    }
    let row = |at: usize| -> Map<String, Value> {
        object.iter().filter_map(|(name, column)| Some((name.clone(), column.get(at)?.clone()))).collect()
    };
    Some((0..length).map(row).collect())
}

/// Each column as an object from a row's name to its cell, or as an array of cells.
fn columns(object: &Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    if let Some(rows) = lists(object) {
        return Some(rows);
    }
    let (name, first) = object.iter().find(|(name, _)| fields::known(name) == Some(true))?;
    let keys: Vec<&str> = match first {
        Value::Object(cells) if !cells.is_empty() => cells.keys().map(String::as_str).collect(),
        _ => return None,
    };
    // The names of rows are their numbers; an object with other names is something else.
    let numbered = keys.iter().all(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
    let alike = object.iter().filter(|(other, _)| *other != name).all(|(_, column)| {
        column.as_object().is_some_and(|cells| {
            cells.len() == keys.len() && cells.keys().all(|key| first.get(key).is_some())
        })
    });
    if !numbered || !alike {
        return None;
    }
    // As numbers, not in the order of texts.
    let mut order: Vec<&str> = keys;
    order.sort_by_key(|key| (key.len(), *key));
    let row = |key: &&str| -> Map<String, Value> {
        object.iter().filter_map(|(name, column)| Some((name.clone(), column.get(*key)?.clone()))).collect()
    };
    Some(order.iter().map(row).collect())
}
