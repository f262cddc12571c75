//! Parses JSON from a stranger within bounds: in an array of articles only the newest are kept, and the values that are
//! kept take a limited amount of memory, whatever the text is. `{"":0}` takes a hundred times as much as a value as it
//! does as a text.
//!
//! In comes a text. Out comes a value, and how many elements of arrays were left out. Errors are those of `serde_json`.

use super::super::newest::{Choice, Newest};
use super::fields::Fields;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// The memory that the values of one text may take, in bytes, as estimated below.
const MEMORY_CAP: usize = 96 << 20;
/// A value without what is on the heap.
const PLAIN: usize = size_of::<Value>();
/// The first node of the tree of an object's fields, and one field.
const OBJECT: usize = 600;
const FIELD: usize = 120;

/// A value within bounds.
pub(in crate::formats) struct Bounded {
    pub(in crate::formats) value: Value,
    /// The number of elements that were left out of arrays.
    pub(in crate::formats) left_out: u64,
}

/// Parses `text`, and keeps the newest `most` elements of an array.
pub(super) fn parse(text: &str, most: usize) -> Result<Bounded, serde_json::Error> {
    let (left, left_out) = (Cell::new(MEMORY_CAP), Cell::new(0));
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Reader { most, left: &left, left_out: &left_out };
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Bounded { value, left_out: left_out.get() })
}

/// Reads one value and all that is in it.
#[derive(Clone, Copy)]
struct Reader<'c> {
    most: usize,
    /// The memory that is left, in bytes.
    left: &'c Cell<usize>,
    left_out: &'c Cell<u64>,
}

impl Reader<'_> {
    /// Takes some of the memory. Whether there was enough.
    fn spend(self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    fn text(self, text: &str) -> Value {
        if self.spend(PLAIN + text.len()) { Value::String(text.to_owned()) } else { Value::Null }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.left.get() == 0 {
            IgnoredAny::deserialize(deserializer)?;
            return Ok(Value::Null);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(self.text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut newest = Newest::new(self.most);
        // The elements that are kept, in order: their places among all, and the memory that they take.
        let mut kept: Vec<(u64, usize, Option<Value>)> = Vec::new();
        let mut place = 0;
        loop {
            let before = self.left.get();
            let Some(value) = elements.next_element_seed(self)? else { break };
            if !self.spend(2 * PLAIN) || self.left.get() == 0 {
                self.left_out.set(self.left_out.get() + 1);
                continue;
            }
            let cost = before - self.left.get();
            match newest.take(date(&value)) {
                Choice::Kept => kept.push((place, cost, Some(value))),
                Choice::KeptFor(other) => {
                    if let Ok(at) = kept.binary_search_by_key(&other, |(place, ..)| *place)
                        && let Some((_, cost, value)) = kept.get_mut(at)
                    {
                        self.left.set(self.left.get() + *cost);
                        *value = None;
                    }
                    kept.push((place, cost, Some(value)));
                    if kept.len() > 2 * self.most {
                        kept.retain(|(.., value)| value.is_some());
                    }
                }
                Choice::LeftOut => self.left.set(before),
            }
            place += 1;
        }
        self.left_out.set(self.left_out.get() + newest.left_out());
        Ok(Value::Array(kept.into_iter().filter_map(|(.., value)| value).collect()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        if !self.spend(OBJECT) {
            while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        while let Some(name) = fields.next_key::<String>()? {
            // The room for a field is taken before its value can take all that is left.
            if self.spend(FIELD + name.len()) {
                object.insert(name, fields.next_value_seed(self)?);
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(object))
    }
}

/// The date of an element that is an article, in seconds.
fn date(value: &Value) -> Option<i64> {
    let date = Fields::new(value.as_object()?).date()?;
    Some(date.moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn small_texts_are_read_as_they_are() {
        for text in [
            r#"{"a":[1,-2,3.5,true,null,"x\n\u00e9"],"b":{"c":{}},"a ":[]}"#,
            "[]",
            "\"x\"",
            "18446744073709551615",
        ] {
            let bounded = parse(text, 100).expect(text);
            assert_eq!(bounded.value, serde_json::from_str::<Value>(text).expect(text));
            assert_eq!(bounded.left_out, 0);
        }
        assert!(parse("[1", 5).is_err() && parse("[1] 2", 5).is_err());
        assert!(parse(&"[".repeat(100_000), 5).is_err());
    }

    #[test]
    fn the_newest_elements_are_kept() {
        let text = json!({"items": [
            {"title": "a", "date_published": "2022-01-03"},
            {"title": "b", "date_published": "2022-01-05"},
            {"title": "c"},
            {"title": "d", "date_published": "2022-01-01"},
        ]});
        let bounded = parse(&text.to_string(), 2).expect("JSON");
        let titles: Vec<&str> = bounded.value["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter_map(|i| i["title"].as_str())
            .collect();
        assert_eq!((titles, bounded.left_out), (vec!["b", "c"], 2));
    }

    #[test]
    fn the_memory_is_limited() {
        let text = format!("{{\"title\":\"t\",\"items\":[{}0]}}", "{\"\":0},".repeat(1_000_000));
        let bounded = parse(&text, usize::MAX).expect("JSON");
        let kept = bounded.value["items"].as_array().expect("items").len();
        assert!(kept <= MEMORY_CAP / OBJECT, "{kept}");
        assert_eq!(bounded.left_out + kept as u64, 1_000_001);
        // What is left out of a long array takes no memory.
        let bounded = parse(&text, 1000).expect("JSON");
        assert_eq!(bounded.value["items"].as_array().map(Vec::len), Some(1000));
        assert_eq!(bounded.left_out, 999_001);
    }
}
