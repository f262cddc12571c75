//! Days, months, years and ranges of them, as they are written in a query.

use chrono::{Datelike, Days as Shift, Months, NaiveDate};
use std::fmt;

/// A range of days, both ends included; an end that is `None` is open. At least one end is not open,
/// the ends lie in the years 1 to 9999, and `from` is not after `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    /// How the range was written, if it is relative to the present day, so that a saved search moves
    /// along with the days.
    relative: Option<Relative>,
}

/// A field and a day that moves, such as `since:3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Relative {
    reading: Reading,
    day: Moving,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Moving {
    Today,
    Yesterday,
    /// This many of the unit (`d`, `w`, `m` or `y`) ago.
    Ago(u32, char),
}

impl Moving {
    fn parse(value: &str) -> Option<Moving> {
        match value {
            "today" => Some(Moving::Today),
            "yesterday" => Some(Moving::Yesterday),
            _ => {
                let unit = value.chars().last().filter(|unit| "dwmy".contains(*unit))?;
                Some(Moving::Ago(digits(&value[..value.len() - 1], 1..=6)?, unit))
            }
        }
    }
}

impl fmt::Display for Relative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.reading {
            Reading::Within => "date:",
            Reading::Since => "since:",
            Reading::Until => "until:",
            Reading::Before => "before:",
            Reading::After => "after:",
        })?;
        match self.day {
            Moving::Today => f.write_str("today"),
            Moving::Yesterday => f.write_str("yesterday"),
            Moving::Ago(count, unit) => write!(f, "{count}{unit}"),
        }
    }
}

/// Which field a value belongs to, and so how its days are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// `date:`
    Within,
    /// `since:`
    Since,
    /// `until:`
    Until,
    /// `before:`
    Before,
    /// `after:`
    After,
}

impl Days {
    /// Returns `None` if both ends are open, if the range is empty, or if a year is not within 1 to 9999.
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<Days> {
        let fits = |day: NaiveDate| (1..=9999).contains(&day.year());
        let ordered = match (from, until) {
            (None, None) => false,
            (Some(from), Some(until)) => from <= until,
            _ => true,
        };
        (ordered && from.is_none_or(fits) && until.is_none_or(fits)).then_some(Days {
            from,
            until,
            relative: None,
        })
    }

    pub fn from(self) -> Option<NaiveDate> {
        self.from
    }

    pub fn until(self) -> Option<NaiveDate> {
        self.until
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Reads `2022`, `2022-01`, `2022-01-03`, `3d`, `2w`, `6m`, `1y` (from that long ago until today),
    /// `today`, `yesterday`, and `A..B`, `A..`, `..B` of these. Returns `None` for anything else.
    pub fn parse(value: &str, reading: Reading, today: NaiveDate) -> Option<Days> {
        let value = value.trim();
        let (from, until) = match value.split_once("..") {
            Some(("", "")) => return None,
            Some((first, "")) => (Some(stretch(first, today)?.0), None),
            Some(("", last)) => (None, Some(stretch(last, today)?.1)),
            Some((first, last)) => {
                let (first, last) = (stretch(first, today)?, stretch(last, today)?);
                let (first, last) = if first.0 <= last.1 { (first, last) } else { (last, first) };
                (Some(first.0), Some(last.1))
            }
            None => {
                let (first, last) = stretch(value, today)?;
                let last = if is_relative(value) && reading == Reading::Within { today } else { last };
                (Some(first), Some(last))
            }
        };
        let days = match reading {
            Reading::Within => Days::new(from, until),
            Reading::Since => Days::new(from, None),
            Reading::Until => Days::new(None, until),
            Reading::Before => Days::new(None, from?.pred_opt()),
            Reading::After => Days::new(until?.succ_opt(), None),
        }?;
        let relative = Moving::parse(value).map(|day| Relative { reading, day });
        Some(Days { relative, ..days })
    }
}

fn is_relative(value: &str) -> bool {
    value.ends_with(['d', 'w', 'm', 'y'].as_slice()) && value.starts_with(|c: char| c.is_ascii_digit())
}

/// The first and the last day of the day, month or year that `value` names.
fn stretch(value: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    match value {
        "today" => return Some((today, today)),
        "yesterday" => return today.pred_opt().map(|day| (day, day)),
        _ => {}
    }
    if let Some(unit) = value.chars().last().filter(char::is_ascii_alphabetic) {
        let count: u32 = digits(&value[..value.len() - 1], 1..=6)?;
        let day = match unit {
            'd' => today.checked_sub_days(Shift::new(u64::from(count))),
            'w' => today.checked_sub_days(Shift::new(7 * u64::from(count))),
            'm' => today.checked_sub_months(Months::new(count)),
            'y' => today.checked_sub_months(Months::new(count.checked_mul(12)?)),
            _ => None,
        }?;
        return Some((day, day));
    }
    let mut parts = value.split('-');
    let year = i32::try_from(digits(parts.next()?, 4..=4)?).ok()?;
    let month = parts.next().map(|month| digits(month, 1..=2).ok_or(())).transpose().ok()?;
    let day = parts.next().map(|day| digits(day, 1..=2).ok_or(())).transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    match (month, day) {
        (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day).map(|day| (day, day)),
        (Some(month), None) => {
            let first = NaiveDate::from_ymd_opt(year, month, 1)?;
            Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?))
        }
        _ => Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?)),
    }
}

/// Reads a number of ASCII digits whose count is within `lengths`.
fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let fits = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// Writes the canonical term: `date:2022-01`, `since:2022-01-03`, `before:2022`, `since:3d`.
impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(relative) = &self.relative {
            return relative.fmt(f);
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) => match whole(from, until) {
                Some(whole) => write!(f, "date:{whole}"),
                None => {
                    let years = (from.month(), from.day(), until.month(), until.day()) == (1, 1, 12, 31);
                    let (first, last) = (start(from), end(until));
                    match years {
                        true => write!(f, "date:{first}..{last}"),
                        false => write!(f, "date:{}..{}", full(first, "-01"), full(last, "-12")),
                    }
                }
            },
            (Some(from), None) => write!(f, "since:{}", start(from)),
            (None, Some(until)) => match next(until).filter(|day| day.day() == 1) {
                Some(next) => write!(f, "before:{}", start(next)),
                None => write!(f, "until:{}", day(until)),
            },
            (None, None) => Ok(()),
        }
    }
}

/// The next day, if it is within the years that a query can name.
fn next(day: NaiveDate) -> Option<NaiveDate> {
    day.succ_opt().filter(|next| next.year() <= 9999)
}

/// The name of the one day, month or year that starts on `from` and ends on `until`, if there is one.
fn whole(from: NaiveDate, until: NaiveDate) -> Option<String> {
    if from == until {
        return Some(day(from));
    }
    let ends_month = next(until).is_none_or(|next| next.day() == 1);
    if from.year() != until.year() || from.day() != 1 || !ends_month {
        return None;
    }
    match (from.month(), until.month()) {
        (1, 12) => Some(format!("{:04}", from.year())),
        (first, last) => (first == last).then(|| format!("{:04}-{first:02}", from.year())),
    }
}

/// Adds `month` to a bare year, so that it is as precise as the other end of the range.
fn full(name: String, month: &str) -> String {
    if name.len() == 4 { name + month } else { name }
}

/// The shortest name of a day, month or year that starts on `from`.
fn start(from: NaiveDate) -> String {
    match (from.month(), from.day()) {
        (1, 1) => format!("{:04}", from.year()),
        (_, 1) => format!("{:04}-{:02}", from.year(), from.month()),
        _ => day(from),
    }
}

/// The shortest name of a day, month or year that ends on `until`.
fn end(until: NaiveDate) -> String {
    match (until.month(), until.day(), next(until).map(|next| next.day())) {
        (12, 31, _) => format!("{:04}", until.year()),
        (_, _, Some(1)) => format!("{:04}-{:02}", until.year(), until.month()),
        _ => day(until),
    }
}

fn day(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, reading: Reading, expected: &str) {
        let today = NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
        let days = Days::parse(value, reading, today);
        assert_eq!(days.map_or("none".to_owned(), |days| days.to_string()), expected, "{value} {reading:?}");
    }

    #[test]
    fn days_months_and_years() {
        check("2022", Reading::Within, "date:2022");
        check("2022-01", Reading::Within, "date:2022-01");
        check("2022-1-3", Reading::Within, "date:2022-01-03");
        check("2022-01..2022-03", Reading::Within, "date:2022-01..2022-03");
        check("2022-03..2022-01", Reading::Within, "date:2022-01..2022-03");
        check("2022..2022-01", Reading::Within, "date:2022-01");
        check("2022-02..", Reading::Within, "since:2022-02");
        check("..2022-02", Reading::Within, "before:2022-03");
        check("9999", Reading::Until, "until:9999-12-31");
    }

    #[test]
    fn before_and_after_exclude_the_named_days() {
        check("2022-02", Reading::Before, "before:2022-02");
        check("2022-02", Reading::After, "since:2022-03");
        check("2022-02", Reading::Since, "since:2022-02");
        check("2022-02", Reading::Until, "before:2022-03");
        check("2022-02-10", Reading::Until, "until:2022-02-10");
    }

    #[test]
    fn relative_days_are_kept_as_written() {
        let check = |value: &str, reading, printed: &str, from: &str, until: &str| {
            let today = NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
            let days = Days::parse(value, reading, today).expect("days");
            let written = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
            assert_eq!(
                (days.to_string(), written(days.from()), written(days.until())),
                (printed.to_owned(), from.to_owned(), until.to_owned())
            );
        };
        check("3d", Reading::Since, "since:3d", "2022-03-28", "");
        check("2w", Reading::Within, "date:2w", "2022-03-17", "2022-03-31");
        check("1m", Reading::Since, "since:1m", "2022-02-28", "");
        check("yesterday", Reading::Within, "date:yesterday", "2022-03-30", "2022-03-30");
        check("today", Reading::Before, "before:today", "", "2022-03-30");
    }

    #[test]
    fn other_texts_are_not_dates() {
        for value in [
            "",
            "..",
            "2022-13",
            "2022-02-30",
            "22",
            "d",
            "3x",
            "99999999d",
            "999999y",
            "0000",
            "é",
            "2022-01-03-04",
        ] {
            check(value, Reading::Within, "none");
        }
        check("0001", Reading::Before, "none");
        check("9999", Reading::After, "none");
    }
}
