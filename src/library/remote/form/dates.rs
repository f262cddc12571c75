//! The field by which an index of other hands is ordered, and what the values in it mean.
//!
//! In: the type of a field, and values that are not trusted. Out: a [`Dated`], and times.

use super::documents::values;
use super::mapping::Mapping;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

/// How a field tells when an article appeared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateKind {
    /// A field for dates.
    Date,
    /// A number: so many to a second.
    Number(i64),
    /// A text that begins as ISO 8601 does, in a field of whole values.
    Text,
}

/// The field that an archive is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub field: String,
    pub kind: DateKind,
}

/// How a field tells the date.
pub(super) fn dated(mapping: &Mapping, field: &str, documents: &[Value]) -> Option<Dated> {
    let known = mapping.fields.get(field)?;
    let sample = || documents.iter().flat_map(|document| values(document, field));
    match known.kind.as_str() {
        "date" | "date_nanos" => Some(Dated { field: field.to_owned(), kind: DateKind::Date }),
        "long" | "integer" | "double" | "float" | "unsigned_long" => {
            let unit = sample().filter_map(Value::as_f64).find_map(unit).unwrap_or(1);
            Some(Dated { field: field.to_owned(), kind: DateKind::Number(unit) })
        }
        _ => {
            let whole = mapping.whole(field)?;
            let fits = sample().filter_map(Value::as_str).any(|text| iso(text).is_some());
            fits.then_some(Dated { field: whole, kind: DateKind::Text })
        }
    }
}

/// A date that is written out: ISO 8601, as far as it goes.
pub fn iso(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let time = text.get(11..19).and_then(|time| NaiveTime::parse_from_str(time, "%H:%M:%S").ok());
    Some(day.and_time(time.unwrap_or(NaiveTime::MIN)).and_utc())
}

/// How many of a number of this size make a second, for a number that may be a time of an article.
pub(super) fn unit(number: f64) -> Option<i64> {
    // From 1973 to 2286.
    [1i64, 1_000, 1_000_000, 1_000_000_000]
        .into_iter()
        .find(|unit| (1e8..1e10).contains(&(number.abs() / *unit as f64)))
}
