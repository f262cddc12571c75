//! One day, or one stretch of days, as people name it: `2022-01`, "17 March 1987", "last week", `3d`.
//!
//! In: a text without the name of a field. Out: a [`Moment`], which a given day turns into a first and a
//! last day. The words are English; case does not matter. It must not know which day it is.
//!
//! The file has over 500 lines because every form of a date is tried on the same words, one after another, and most of
//! the forms take a few lines each.

use crate::text::near::distance;
use chrono::{Datelike, Days as Shift, Months, NaiveDate, Weekday};
use std::fmt;

/// What a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// These days, whatever the present day is: the first and the last of them, in order.
    Fixed(NaiveDate, NaiveDate),
    Moving(Moving),
}

/// Days that move along with the present day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moving {
    Today,
    Yesterday,
    Tomorrow,
    /// `3d`: so many units back. By itself it names all days from then until today.
    Back(u32, Unit),
    /// `3-days-ago`: the one day so many units back.
    Ago(u32, Unit),
    /// The most recent day of this name; today, if it is one.
    Weekday(Weekday),
    /// The most recent day of this name before today.
    LastWeekday(Weekday),
    /// The whole week (from Monday), month, quarter or year before the present one, the present one, or
    /// the one after it.
    Period(Which, Unit),
    /// The most recent month with this number that has begun.
    Month(u32),
    /// The most recent month with this number before the present month.
    LastMonth(u32),
    /// The most recent day with this number in the month with this number (day, month), at the latest today.
    DayOfMonth(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    Last,
    This,
    Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Why a text names no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It has the form of a date, but the calendar has no such day, or it lies outside the years 1 to 9999.
    NoSuchDay,
    /// Numbers that may be a day and a month or a month and a day: the two days that they may mean.
    Either(NaiveDate, NaiveDate),
    /// A number of hours.
    Hours,
    /// It resembles this word.
    Resembles(&'static str),
    NoDate,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// A number or a word of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// A value and the number of its digits, 0 for a number in words.
    Number(u32, usize),
    Month(u32),
    Weekday(Weekday),
    Unit(Unit),
    Which(Which),
    /// "past", as in "the past three days".
    Past,
    Ago,
    Today,
    Yesterday,
    Tomorrow,
    Hour,
    /// The `s` of `1980s`.
    Decade,
}

impl Moment {
    /// Reads what `text` names. Linear in its length.
    pub fn read(text: &str) -> Result<Moment, Doubt> {
        let text = text.trim().to_lowercase();
        let (pieces, gaps) = cut(&text)?;
        let numbers: Option<Vec<(u32, usize)>> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Number(value, digits) if *digits > 0 => Some((*value, *digits)),
                _ => None,
            })
            .collect();
        match numbers {
            Some(numbers) => numeric(&numbers, &gaps),
            None => worded(&pieces),
        }
    }

    /// The first and the last day, if `today` is the present day; `None` where they lie outside the calendar.
    pub fn stretch(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Moment::Fixed(first, last) => Some((first, last)),
            Moment::Moving(moving) => moving.stretch(today),
        }
    }
}

impl Moving {
    fn stretch(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let one = |day: NaiveDate| (day, day);
        Some(match self {
            Moving::Today => one(today),
            Moving::Yesterday => one(today.pred_opt()?),
            Moving::Tomorrow => one(today.succ_opt()?),
            Moving::Back(count, unit) | Moving::Ago(count, unit) => one(back(today, count, unit)?),
            Moving::Weekday(weekday) => one(recent(today, weekday)?),
            Moving::LastWeekday(weekday) => one(recent(today.pred_opt()?, weekday)?),
            Moving::Period(which, unit) => period(today, which, unit)?,
            Moving::Month(month) => {
                month_of(if today.month() >= month { today.year() } else { today.year() - 1 }, month)?
            }
            Moving::LastMonth(month) => {
                month_of(if today.month() > month { today.year() } else { today.year() - 1 }, month)?
            }
            // A 29 February may be eight years back.
            Moving::DayOfMonth(day, month) => {
                let mut years =
                    (0..=8).filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, month, day));
                one(years.find(|day| *day <= today)?)
            }
        })
    }
}

fn back(today: NaiveDate, count: u32, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Day => today.checked_sub_days(Shift::new(u64::from(count))),
        Unit::Week => today.checked_sub_days(Shift::new(7 * u64::from(count))),
        Unit::Month => today.checked_sub_months(Months::new(count)),
        Unit::Quarter => today.checked_sub_months(Months::new(count.checked_mul(3)?)),
        Unit::Year => today.checked_sub_months(Months::new(count.checked_mul(12)?)),
    }
}

fn recent(from: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    from.checked_sub_days(Shift::new(u64::from(from.weekday().days_since(weekday))))
}

fn period(today: NaiveDate, which: Which, unit: Unit) -> Option<(NaiveDate, NaiveDate)> {
    let (start, months) = match unit {
        Unit::Day | Unit::Week => {
            let monday = recent(today, Weekday::Mon)?;
            let week = Shift::new(7);
            let first = match which {
                Which::Last => monday.checked_sub_days(week)?,
                Which::This => monday,
                Which::Next => monday.checked_add_days(week)?,
            };
            return Some((first, first.checked_add_days(Shift::new(6))?));
        }
        Unit::Month => (today.with_day(1)?, 1),
        Unit::Quarter => (NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1)?, 3),
        Unit::Year => (NaiveDate::from_ymd_opt(today.year(), 1, 1)?, 12),
    };
    let first = match which {
        Which::Last => start.checked_sub_months(Months::new(months))?,
        Which::This => start,
        Which::Next => start.checked_add_months(Months::new(months))?,
    };
    Some((first, first.checked_add_months(Months::new(months))?.pred_opt()?))
}

fn month_of(year: i32, month: u32) -> Option<(NaiveDate, NaiveDate)> {
    months_of(year, month, 1)
}

/// The first day of a month and the last day of the `count` months that begin with it.
fn months_of(year: i32, month: u32, count: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((first, first.checked_add_months(Months::new(count))?.pred_opt()?))
}

/// Cuts a text in lower case into its numbers and words, with what is between them.
fn cut(text: &str) -> Result<(Vec<Piece>, Vec<&str>), Doubt> {
    let (mut pieces, mut gaps) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same: fn(char) -> bool = match first {
            c if c.is_ascii_digit() => |c| c.is_ascii_digit(),
            c if c.is_ascii_alphabetic() => |c| c.is_ascii_alphabetic(),
            _ => return Err(Doubt::NoDate),
        };
        let (run, after) = rest.split_at(rest.find(|c: char| !same(c)).unwrap_or(rest.len()));
        if first.is_ascii_digit() {
            pieces.push(Piece::Number(
                run.parse().ok().filter(|_| run.len() <= 8).ok_or(Doubt::NoDate)?,
                run.len(),
            ));
        } else {
            word(run, &mut pieces)?;
        }
        let between = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | ',' | '/');
        let (gap, after) = after.split_at(after.find(|c: char| !between(c)).unwrap_or(after.len()));
        // A text may end in the point of an abbreviated month.
        if after.is_empty() && !(gap.is_empty() || (gap == "." && first.is_ascii_alphabetic())) {
            return Err(Doubt::NoDate);
        }
        gaps.push(gap);
        rest = after;
    }
    gaps.pop();
    if pieces.is_empty() { Err(Doubt::NoDate) } else { Ok((pieces, gaps)) }
}

/// Adds what a word means to `pieces`.
fn word(word: &str, pieces: &mut Vec<Piece>) -> Result<(), Doubt> {
    let after_number = matches!(pieces.last(), Some(Piece::Number(..)));
    match word {
        "the" | "of" | "on" | "in" => return Ok(()),
        "st" | "nd" | "rd" | "th" if after_number => return Ok(()),
        "s" if after_number => pieces.push(Piece::Decade),
        _ => match meaning(word) {
            Some(piece) => pieces.push(piece),
            None => {
                let (which, rest) = [("last", Which::Last), ("this", Which::This), ("next", Which::Next)]
                    .into_iter()
                    .find_map(|(start, which)| Some((which, word.strip_prefix(start)?)))
                    .ok_or_else(|| resembles(word))?;
                pieces.extend([Piece::Which(which), meaning(rest).ok_or_else(|| resembles(word))?]);
            }
        },
    }
    Ok(())
}

fn meaning(word: &str) -> Option<Piece> {
    let named = |name: &str| word == name || (word.len() == 3 && name.starts_with(word));
    Some(match word {
        "a" | "an" => Piece::Number(1, 0),
        "today" | "now" => Piece::Today,
        "yesterday" => Piece::Yesterday,
        "tomorrow" => Piece::Tomorrow,
        "ago" => Piece::Ago,
        "last" | "previous" => Piece::Which(Which::Last),
        "this" => Piece::Which(Which::This),
        "next" => Piece::Which(Which::Next),
        "past" => Piece::Past,
        "h" | "hr" | "hrs" | "hour" | "hours" => Piece::Hour,
        "d" | "day" | "days" => Piece::Unit(Unit::Day),
        "w" | "wk" | "wks" | "week" | "weeks" => Piece::Unit(Unit::Week),
        "m" | "mo" | "month" | "months" => Piece::Unit(Unit::Month),
        "q" | "quarter" | "quarters" => Piece::Unit(Unit::Quarter),
        "y" | "yr" | "yrs" | "year" | "years" => Piece::Unit(Unit::Year),
        "sept" => Piece::Month(9),
        "tues" => Piece::Weekday(Weekday::Tue),
        "thur" | "thurs" => Piece::Weekday(Weekday::Thu),
        _ => {
            if let Some((_, weekday)) = WEEKDAYS.iter().find(|(name, _)| named(name)) {
                return Some(Piece::Weekday(*weekday));
            }
            let place = |names: &[&str], is: &dyn Fn(&str) -> bool| {
                names.iter().zip(1u32..).find(|(name, _)| is(name)).map(|(_, number)| number)
            };
            return place(&MONTHS, &named)
                .map(Piece::Month)
                .or_else(|| place(&NUMBERS, &|name| name == word).map(|number| Piece::Number(number, 0)));
        }
    })
}

/// The doubt about a word that is no word of a date.
fn resembles(word: &str) -> Doubt {
    let known = WEEKDAYS.map(|(name, _)| name).into_iter().chain(MONTHS);
    let known = known.chain(["today", "yesterday", "tomorrow", "last week", "last month", "last year"]);
    let near = known.map(|name| (distance(word, name), name)).filter(|(far, _)| *far <= 2 && word.len() >= 4);
    near.min_by_key(|(far, _)| *far).map_or(Doubt::NoDate, |(_, name)| Doubt::Resembles(name))
}

fn fixed(stretch: Option<(NaiveDate, NaiveDate)>) -> Result<Moment, Doubt> {
    stretch.map(|(first, last)| Moment::Fixed(first, last)).ok_or(Doubt::NoSuchDay)
}

fn day(year: u32, month: u32, day: u32) -> Result<Moment, Doubt> {
    let year = i32::try_from(year).map_err(|_| Doubt::NoSuchDay)?;
    fixed(NaiveDate::from_ymd_opt(year, month, day).map(|day| (day, day)))
}

fn months(year: u32, month: u32, count: u32) -> Result<Moment, Doubt> {
    let year = i32::try_from(year).map_err(|_| Doubt::NoSuchDay)?;
    fixed(months_of(year, month, count))
}

/// Reads a date of digits only, from the numbers with the number of their digits.
fn numeric(numbers: &[(u32, usize)], gaps: &[&str]) -> Result<Moment, Doubt> {
    let gap = gaps.first().copied().unwrap_or("-");
    if !matches!(gap, "-" | "/" | ".") || gaps.iter().any(|other| *other != gap) {
        return Err(Doubt::NoDate);
    }
    match *numbers {
        [(year, 4)] => months(year, 1, 12),
        [(number, 8)] => day(number / 10_000, number / 100 % 100, number % 100),
        [(year, 4), (month, 1..=2)] | [(month, 1..=2), (year, 4)] => months(year, month, 1),
        [(year, 4), (month, 1..=2), (number, 1..=2)] => day(year, month, number),
        [(first, 1..=2), (second, 1..=2), (year, 4)] => {
            let (european, american) = (day(year, second, first), day(year, first, second));
            match (european, american) {
                (Ok(Moment::Fixed(one, _)), Ok(Moment::Fixed(other, _))) if one != other && gap != "." => {
                    Err(Doubt::Either(one, other))
                }
                (Err(_), Ok(american)) if gap != "." => Ok(american),
                (european, _) => european,
            }
        }
        _ => Err(Doubt::NoDate),
    }
}

/// Reads a date with words in it.
fn worded(pieces: &[Piece]) -> Result<Moment, Doubt> {
    use Piece::{Ago, Decade, Hour, Month, Number, Past, Today, Tomorrow, Weekday, Which as Of, Yesterday};
    // Of numbers, at most six digits, as long as they count something.
    let moving = Ok::<Moving, Doubt>;
    let moment = match *pieces {
        [Today] => moving(Moving::Today),
        [Yesterday] => moving(Moving::Yesterday),
        [Tomorrow] => moving(Moving::Tomorrow),
        [Weekday(weekday)] | [Of(Which::This), Weekday(weekday)] => moving(Moving::Weekday(weekday)),
        [Of(Which::Last), Weekday(weekday)] => moving(Moving::LastWeekday(weekday)),
        [Of(which), Piece::Unit(unit)] if unit != Unit::Day => moving(Moving::Period(which, unit)),
        [Past, Piece::Unit(unit)] => moving(Moving::Back(1, unit)),
        [Number(count, 0..=6), Piece::Unit(unit)]
        | [Past | Of(Which::Last), Number(count, 0..=6), Piece::Unit(unit)] => {
            moving(Moving::Back(count, unit))
        }
        [Number(count, 0..=6), Piece::Unit(unit), Ago] => moving(Moving::Ago(count, unit)),
        [.., Number(..), Hour] | [Number(..), Hour, Ago] => return Err(Doubt::Hours),
        [Month(month)] | [Of(Which::This), Month(month)] => moving(Moving::Month(month)),
        [Of(Which::Last), Month(month)] => moving(Moving::LastMonth(month)),
        [Month(month), Number(year, 4)] | [Number(year, 4), Month(month)] => return months(year, month, 1),
        [Number(number, 1..=2), Month(month)] | [Month(month), Number(number, 1..=2)] => {
            // 2000 was a leap year.
            day(2000, month, number)?;
            moving(Moving::DayOfMonth(number, month))
        }
        [Number(number, 1..=2), Month(month), Number(year, 4)]
        | [Month(month), Number(number, 1..=2), Number(year, 4)]
        | [Number(year, 4), Month(month), Number(number, 1..=2)] => return day(year, month, number),
        [Number(year, 4), Piece::Unit(Unit::Week), Number(week, 1..=2)]
        | [Piece::Unit(Unit::Week), Number(week, 1..=2), Number(year, 4)] => {
            let year = i32::try_from(year).map_err(|_| Doubt::NoSuchDay)?;
            let monday = NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon);
            return fixed(monday.and_then(|monday| Some((monday, monday.checked_add_days(Shift::new(6))?))));
        }
        [Number(year, 4), Piece::Unit(Unit::Quarter), Number(quarter, 1)]
        | [Piece::Unit(Unit::Quarter), Number(quarter, 1), Number(year, 4)] => {
            let month = quarter.checked_sub(1).ok_or(Doubt::NoSuchDay)? * 3 + 1;
            return months(year, month, 3);
        }
        [Number(year, 4), Decade] if year % 10 == 0 => return months(year, 1, 120),
        // "Tuesday, 17 March 1987"
        [Weekday(weekday), ref rest @ ..] if !rest.is_empty() => {
            return match worded(rest)? {
                Moment::Fixed(first, last) if first == last && first.weekday() == weekday => {
                    Ok(Moment::Fixed(first, last))
                }
                Moment::Fixed(..) => Err(Doubt::NoSuchDay),
                Moment::Moving(_) => Err(Doubt::NoDate),
            };
        }
        _ => Err(Doubt::NoDate),
    };
    moment.map(Moment::Moving)
}

/// Writes the form that needs no quotation marks, and that reads back as the same.
impl fmt::Display for Moving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = |weekday: Weekday| {
            WEEKDAYS.iter().find(|(_, named)| *named == weekday).map_or("", |(name, _)| name)
        };
        let month = |number: u32| {
            MONTHS.iter().zip(1..).find(|(_, other)| *other == number).map_or("", |(name, _)| name)
        };
        match *self {
            Moving::Today => f.write_str("today"),
            Moving::Yesterday => f.write_str("yesterday"),
            Moving::Tomorrow => f.write_str("tomorrow"),
            Moving::Back(count, unit) => {
                let letter = match unit {
                    Unit::Day => 'd',
                    Unit::Week => 'w',
                    Unit::Month => 'm',
                    Unit::Quarter => 'q',
                    Unit::Year => 'y',
                };
                write!(f, "{count}{letter}")
            }
            Moving::Ago(count, unit) => {
                write!(f, "{count}-{}{}-ago", unit.name(), if count == 1 { "" } else { "s" })
            }
            Moving::Weekday(day) => f.write_str(weekday(day)),
            Moving::LastWeekday(day) => write!(f, "last-{}", weekday(day)),
            Moving::Period(which, unit) => {
                let which = match which {
                    Which::Last => "last",
                    Which::This => "this",
                    Which::Next => "next",
                };
                write!(f, "{which}-{}", unit.name())
            }
            Moving::Month(number) => f.write_str(month(number)),
            Moving::LastMonth(number) => write!(f, "last-{}", month(number)),
            Moving::DayOfMonth(number, of) => write!(f, "{number}-{}", month(of)),
        }
    }
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::NoSuchDay => f.write_str("is not in the calendar"),
            Doubt::Either(one, other) => {
                write!(f, "may mean {} or {}; write {one} or {other}", one.format("%-d %B"), other.format("%-d %B"))
            }
            Doubt::Hours => f.write_str("counts hours, but a query knows whole days; write today or 1d"),
            Doubt::Resembles(word) if word.contains(' ') => {
                write!(f, "is not a date (did you mean \"{word}\"?)")
            }
            Doubt::Resembles(word) => write!(f, "is not a date (did you mean {word}?)"),
            Doubt::NoDate => f.write_str(
                "is not a date; write 2022, 2022-01, 2022-01-03, \"3 january 2022\", yesterday, monday, \"last week\", 3d or 2w",
            ),
        }
    }
}

/// Words that completion offers for a date.
pub const OFFERED: [&str; 21] = [
    "today",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
    "3d",
    "1w",
    "2w",
    "1m",
    "6m",
    "1y",
];

#[cfg(test)]
mod tests;
