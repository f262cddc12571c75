//! The field by which an index of other hands is ordered, and what the values in it mean.
//!
//! In: the type of a field, and values that are not trusted. Out: a [`Dated`], and times.

use super::documents::values;
use super::mapping::Mapping;
use crate::article::date;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};

/// How a field tells when an article appeared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateKind {
    /// A field for dates.
    Date,
    /// A number: so many to a second.
    Number(i64),
    /// A text in a field of whole values, whose order is that of time.
    Text(Style),
}

/// How a text tells a time, so that texts are in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A year, a month and a day, with this between them, and perhaps a time.
    Day(Option<char>),
    /// A number: so many to a second.
    Number(i64),
}

impl Style {
    /// The style of a text that is a date.
    fn of(text: &str) -> Option<Style> {
        let text = text.trim();
        if let Ok(number) = text.parse::<i64>()
            && text.len() >= 10
        {
            return unit(number as f64).map(Style::Number);
        }
        iso(text)?;
        Some(Style::Day(text.chars().nth(4).filter(|c| !c.is_ascii_digit())))
    }

    /// A time as it is written in this style; a day stands for its beginning.
    pub fn written(self, at: DateTime<Utc>) -> String {
        match self {
            Style::Day(Some(between)) => at.format(&format!("%Y{between}%m{between}%d")).to_string(),
            Style::Day(None) => at.format("%Y%m%d").to_string(),
            Style::Number(unit) => at.timestamp().saturating_mul(unit).to_string(),
        }
    }
}

/// The field that an archive is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub field: String,
    pub kind: DateKind,
    /// Whether numbers in it may have a fraction.
    pub is_real: bool,
}

impl Dated {
    /// What an article without a date is sorted by, where the newest or the oldest come first.
    pub fn missing(&self, newest: bool) -> Value {
        match (self.kind, self.is_real) {
            (DateKind::Text(_), _) => Value::Null,
            (_, true) => json!(if newest { "-Infinity" } else { "Infinity" }),
            (_, false) => json!(if newest { i64::MIN } else { i64::MAX }),
        }
    }

    /// Whether this is what articles without a date are sorted by.
    pub fn is_missing(&self, value: &Value) -> bool {
        value.is_null() || [true, false].iter().any(|newest| self.missing(*newest) == *value)
    }
}

/// How a field tells the date, where a server can sort by it.
pub(super) fn dated(mapping: &Mapping, field: &str, documents: &[Value]) -> Option<Dated> {
    let known = mapping.fields.get(field)?;
    let sample = || documents.iter().flat_map(|document| values(document, field)).flat_map(each);
    let of = |field: &str, kind| Some(Dated { field: field.to_owned(), kind, is_real: false });
    match known.kind.as_str() {
        "date" | "date_nanos" => of(field, DateKind::Date),
        kind @ ("long" | "integer" | "double" | "float" | "unsigned_long") => {
            let unit = sample().filter_map(Value::as_f64).find_map(unit).unwrap_or(1);
            let is_real = matches!(kind, "double" | "float");
            Some(Dated { field: field.to_owned(), kind: DateKind::Number(unit), is_real })
        }
        _ => {
            let also = known.also.iter().find(|(_, kind)| kind.starts_with("date"));
            if let Some((field, _)) = also {
                return of(field, DateKind::Date);
            }
            let whole = mapping.whole(field)?;
            let style = sample().filter_map(Value::as_str).find_map(Style::of)?;
            of(&whole, DateKind::Text(style))
        }
    }
}

/// The values of a value that may be a list.
fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(each).collect(),
        value => vec![value],
    }
}

/// A date that is written out with its largest part first, as far as it goes: `2024-03-05`, `2024/03/05 14:00`,
/// `20240305T140000Z`.
pub fn iso(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let between = text.chars().nth(4).filter(|c| !c.is_ascii_digit());
    let (day, form, rest) = match between {
        Some('-') => (text.get(..10)?, "%Y-%m-%d", text.get(10..)?),
        Some('/') => (text.get(..10)?, "%Y/%m/%d", text.get(10..)?),
        Some('.') => (text.get(..10)?, "%Y.%m.%d", text.get(10..)?),
        Some(_) => return None,
        None => (text.get(..8)?, "%Y%m%d", text.get(8..)?),
    };
    if !day.starts_with(['1', '2']) || rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.is_empty() {
        return None;
    }
    let day = NaiveDate::parse_from_str(day, form).ok()?;
    let rest = rest.trim_start_matches(['T', ' ']);
    let zoned = ["%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z", "%Y-%m-%d %H%M%S%z"];
    let whole = format!("{day} {}", rest.replace('Z', "+0000"));
    if let Some(at) = zoned.iter().find_map(|form| DateTime::parse_from_str(&whole, form).ok()) {
        return Some(at.to_utc());
    }
    let clock =
        rest.find(|c: char| !c.is_ascii_digit() && !":.".contains(c)).map_or(rest, |end| &rest[..end]);
    let forms = ["%H:%M:%S%.f", "%H:%M", "%H%M%S"];
    let time = forms.iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok());
    Some(day.and_time(time.unwrap_or(NaiveTime::MIN)).and_utc())
}

/// The time that a value of a document tells, in whatever form.
pub fn told(value: &Value) -> Option<DateTime<Utc>> {
    let of_number = |number: f64| {
        let unit = unit(number)?;
        DateTime::from_timestamp_millis((number / unit as f64 * 1_000.0) as i64)
    };
    match value {
        Value::Number(number) => of_number(number.as_f64()?),
        Value::String(text) => {
            let text = text.trim();
            if text.len() >= 10
                && let Ok(number) = text.parse::<i64>()
            {
                return of_number(number as f64);
            }
            let written = || date::parse_written(text).filter(|_| !date::is_unknown(text));
            iso(text).or_else(|| Some(written()?.moment)).filter(|at| !date::is_unix_zero(*at))
        }
        Value::Array(values) => values.iter().find_map(told),
        _ => None,
    }
}

/// How many of a number of this size make a second, for a number that may be a time of an article.
pub(super) fn unit(number: f64) -> Option<i64> {
    // From 1973 to 2286.
    [1i64, 1_000, 1_000_000, 1_000_000_000]
        .into_iter()
        .find(|unit| (1e8..1e10).contains(&(number.abs() / *unit as f64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_that_programs_write() {
        for (text, expected) in [
            ("2024-03-06T20:15:00-03:00", "2024-03-06T23:15:00+00:00"),
            ("2024-03-05", "2024-03-05T00:00:00+00:00"),
            ("2024/03/05 14:07", "2024-03-05T14:07:00+00:00"),
            ("20240305", "2024-03-05T00:00:00+00:00"),
            ("20240305T140700Z", "2024-03-05T14:07:00+00:00"),
            ("2024-03-05 14:07:09.25 UTC", "2024-03-05T14:07:09.250+00:00"),
            ("2024-03-05T14:07:09+0100", "2024-03-05T13:07:09+00:00"),
            ("Tue, 05 Mar 2024 14:07:00 +0100", "2024-03-05T13:07:00+00:00"),
            ("1709641620", "2024-03-05T12:27:00+00:00"),
            ("1709641620123", "2024-03-05T12:27:00.123+00:00"),
        ] {
            assert_eq!(told(&json!(text)).map(|at| at.to_rfc3339()).as_deref(), Some(expected), "{text}");
        }
        for none in ["None", "", "0000-00-00", "Nairobi", "2024-13-40"] {
            assert_eq!(told(&json!(none)), None, "{none}");
        }
        assert_eq!(told(&json!([null, 1_709_641_620])), told(&json!("1709641620")));
    }

    #[test]
    fn the_style_of_a_text_is_that_in_which_it_is_asked_for() {
        let at = told(&json!("2024-03-05T00:00:00Z")).expect("a date");
        let written = |text: &str| Style::of(text).map(|style| style.written(at));
        assert_eq!(written("2021-01-31 10:00").as_deref(), Some("2024-03-05"));
        assert_eq!(written("20210131").as_deref(), Some("20240305"));
        assert_eq!(written("2021/01/31").as_deref(), Some("2024/03/05"));
        assert_eq!(written("1612051200").as_deref(), Some("1709596800"));
        assert_eq!(written("31 January 2021"), None);
    }
}
