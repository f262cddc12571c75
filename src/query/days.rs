//! Days, months, years and ranges of them, as they are written in a query.

use super::when::{Doubt, Moment, Moving};
use chrono::{Datelike, NaiveDate};
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

/// A field and days that move, such as `since:3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Relative {
    reading: Reading,
    written: Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Written {
    One(Moving),
    /// `2022-01..today`; at least one of the ends moves. With [`Reading::Within`] only.
    Range(End, End),
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum End {
    Day(NaiveDate),
    Moving(Moving),
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
        let written = |end: End, name: fn(NaiveDate) -> String| match end {
            End::Day(day) => name(day),
            End::Moving(moving) => moving.to_string(),
        };
        match self.written {
            Written::One(moving) => moving.fmt(f),
            Written::Range(first, last) => write!(f, "{}..{}", written(first, start), written(last, end)),
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

    /// The days themselves: "on 2022-01-03", "from 2022-01-01 to 2022-03-31", "on 2022-01-03 or later".
    pub fn in_words(self) -> String {
        match (self.from, self.until) {
            (Some(from), Some(until)) if from == until => format!("on {from}"),
            (Some(from), Some(until)) => format!("from {from} to {until}"),
            (Some(from), None) => format!("on {from} or later"),
            (None, Some(until)) => format!("on {until} or earlier"),
            // No value is open at both ends.
            (None, None) => String::new(),
        }
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Reads one date as [`Moment::read`] does, or a range of two, of which one may be missing: `A..B`, `A..`,
    /// `..B`. The ends of a range may be in either order. Returns `None` for anything else.
    pub fn parse(value: &str, reading: Reading, today: NaiveDate) -> Option<Days> {
        Days::read(value, reading, today).ok()
    }

    /// Like [`Days::parse`], and says why a text is no date.
    pub fn read(value: &str, reading: Reading, today: NaiveDate) -> Result<Days, Doubt> {
        let end = |text: &str| {
            let moment = Moment::read(text)?;
            let stretch = moment.stretch(today).filter(|(first, last)| fits(*first) && fits(*last));
            Ok(Named { moment, stretch: stretch.ok_or(Doubt::NoSuchDay)? })
        };
        let ends = match value.split_once("..").map(|(first, last)| (first.trim(), last.trim())) {
            None => Ends::One(end(value)?),
            Some(("", "")) => return Err(Doubt::NoDate),
            Some((first, "")) => Ends::From(end(first)?),
            Some(("", last)) => Ends::Until(end(last)?),
            Some((first, last)) => {
                let (first, last) = (end(first)?, end(last)?);
                if first.stretch.0 <= last.stretch.1 {
                    Ends::Both(first, last)
                } else {
                    Ends::Both(last, first)
                }
            }
        };
        days(ends, reading, today).ok_or(Doubt::NoSuchDay)
    }
}

/// The ends that a value names.
#[derive(Clone, Copy)]
enum Ends {
    One(Named),
    From(Named),
    Until(Named),
    Both(Named, Named),
}

/// One date as it is named, with its first and its last day.
#[derive(Clone, Copy)]
struct Named {
    moment: Moment,
    stretch: (NaiveDate, NaiveDate),
}

impl Named {
    fn moving(self) -> Option<Moving> {
        match self.moment {
            Moment::Moving(moving) => Some(moving),
            Moment::Fixed(..) => None,
        }
    }
}

/// The days that a field reads from the ends that it is given; `None` where there are no such days.
fn days(ends: Ends, reading: Reading, today: NaiveDate) -> Option<Days> {
    // A field other than `date:` reads one end only, and so does an open range.
    let (named, reading) = match (reading, ends) {
        (Reading::Within, Ends::Both(first, last)) => {
            let range = Days::new(Some(first.stretch.0), Some(last.stretch.1))?;
            let side = |named: Named, day| named.moving().map_or(End::Day(day), End::Moving);
            let moves = first.moving().or(last.moving()).is_some();
            let written = Written::Range(side(first, first.stretch.0), side(last, last.stretch.1));
            return Some(Days { relative: moves.then_some(Relative { reading, written }), ..range });
        }
        (Reading::Within, Ends::From(first)) => (first, Reading::Since),
        (Reading::Within, Ends::Until(last)) => (last, Reading::Until),
        (_, Ends::One(named)) => (named, reading),
        (Reading::Since | Reading::Before, Ends::From(first) | Ends::Both(first, _)) => (first, reading),
        (Reading::Until | Reading::After, Ends::Until(last) | Ends::Both(_, last)) => (last, reading),
        _ => return None,
    };
    let (from, until) = named.stretch;
    let days = match reading {
        Reading::Within if matches!(named.moving(), Some(Moving::Back(..))) => {
            Days::new(Some(from), Some(today))
        }
        Reading::Within => Days::new(Some(from), Some(until)),
        Reading::Since => Days::new(Some(from), None),
        Reading::Until => Days::new(None, Some(until)),
        Reading::Before => Days::new(None, Some(from.pred_opt()?)),
        Reading::After => Days::new(Some(until.succ_opt()?), None),
    }?;
    let relative = named.moving().map(|moving| Relative { reading, written: Written::One(moving) });
    Some(Days { relative, ..days })
}

/// Whether the year of a day is one that a query can name.
fn fits(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
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
        check("last week", Reading::Within, "date:last-week", "2022-03-21", "2022-03-27");
        check("last week", Reading::Before, "before:last-week", "", "2022-03-20");
        check("3 days ago", Reading::Within, "date:3-days-ago", "2022-03-28", "2022-03-28");
        check("monday..", Reading::Within, "since:monday", "2022-03-28", "");
        check("..monday", Reading::Within, "until:monday", "", "2022-03-28");
        check("2022-01..today", Reading::Within, "date:2022..today", "2022-01-01", "2022-03-31");
        check("today..2022-04", Reading::Within, "date:today..2022-04", "2022-03-31", "2022-04-30");
        check("2022-04..today", Reading::Within, "date:today..2022-04", "2022-03-31", "2022-04-30");
        check("7d..yesterday", Reading::Within, "date:7d..yesterday", "2022-03-24", "2022-03-30");
    }

    #[test]
    fn other_texts_are_not_dates() {
        for value in ["", "..", "2022-13", "22", "0000", "é", "..x", "2022..x", "a..b..c"] {
            check(value, Reading::Within, "none");
        }
        check("0001", Reading::Before, "none");
        check("9999", Reading::After, "none");
    }
}
