//! Dates as newspapers and dumps write them: `Jan 03, 2022`, `3 January 2022`, `2022-01-03`,
//! `Mon, 3 Jan 2022 14:05 GMT`, `January 3, 2022 5:30 PM EST`, `20220103T140500Z`, `2022年1月3日`.
//!
//! In: one short text that should be a date and nothing else. Out: a moment in UTC. The clock is never read: a date
//! without a year needs a day that it is near.
//!
//! Zones by name (`Europe/Brussels`) are those of the IANA database. No crate reads what newspapers print, in seven languages and in the signs of Chinese and Japanese. Of the 77 forms
//! that the tests of this module read, `parse_datetime` 0.17 reads 38, `dateparser` 0.3 reads 23 and the parsers of
//! `jiff` 1.0 read 12. The words come from `assets/languages`, those of all languages together, because the language of
//! a feed is seldom known when its dates are read.

mod words;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};

use words::{Zone, zone};
pub(crate) use words::{is_weekday, month};

/// Longest text that is looked at, in bytes.
const LENGTH_CAP: usize = 160;
/// The years that a date may lie in. Newspapers are younger than the first.
const YEARS: std::ops::RangeInclusive<i32> = 1500..=2200;

/// The moment that `text` names. A date without a time is midnight UTC, a time without a zone is
/// UTC, a month without a day its first. Ambiguous figures are day first (`03/01/2022` is January
/// 3), but month first where a zone of the United States follows. `None` where anything but a date
/// is in `text`, where the year is missing, or where there is no such day.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    read(text)?.moment()
}

/// A date as it was written, with what its figures leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The moment as [`parse`] reads it.
    pub moment: DateTime<Utc>,
    pub figures: Figures,
}

/// What the figures of a date say about the order of day and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figures {
    /// Nothing: the month has a name, the year comes first, or there are no figures.
    Silent,
    /// `25/12/2018`: the day comes first.
    DayFirst,
    /// `12/25/2018`: the month comes first.
    MonthFirst,
    /// `05/04/2018`: either order fits. It was read day first; this is the moment if the month comes first.
    Either { month_first: DateTime<Utc> },
}

impl From<DateTime<Utc>> for Written {
    fn from(moment: DateTime<Utc>) -> Written {
        Written { moment, figures: Figures::Silent }
    }
}

/// Like [`parse`], with what the figures say about the order of day and month, so that the other dates of the same file
/// can decide.
pub fn parse_written(text: &str) -> Option<Written> {
    let parts = read(text)?;
    let moment = parts.moment()?;
    let figures = match parts.order {
        None => Figures::Silent,
        Some(Order::DayFirst) => Figures::DayFirst,
        Some(Order::MonthFirst) => Figures::MonthFirst,
        Some(Order::Either) if parts.is_american() => Figures::MonthFirst,
        Some(Order::Either) => {
            let swapped = Parts { month: parts.day, day: parts.month, ..parts };
            swapped.moment().map_or(Figures::DayFirst, |month_first| Figures::Either { month_first })
        }
    };
    Some(Written { moment, figures })
}

/// The day that `text` names without a year, in the year in which it is nearest to `reference`.
pub fn parse_nearest(text: &str, reference: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let parts = read(text).filter(|parts| parts.year.is_none() && parts.day.is_some())?;
    let years = (-1..=1).map(|shift| Some(reference.year() + shift));
    years
        .filter_map(|year| Parts { year, ..parts }.moment())
        .min_by_key(|moment| moment.signed_duration_since(reference).abs())
}

/// Whether `text` is what programs write in the place of a date that they do not know: nothing, `null`, `N/A`,
/// `unknown`, `0`, `0000-00-00`, the first day of the year 1 or the last of the year 9999.
pub fn is_unknown(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'']);
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    plain.chars().all(|c| c == '0')
        || ["0001-01-01", "9999-12-31"].iter().any(|day| text.starts_with(day))
        || words::is_unknown(&plain)
}

/// Whether a moment is the zero of Unix time, which programs store where they do not know the date.
pub fn is_unix_zero(moment: DateTime<Utc>) -> bool {
    moment == DateTime::UNIX_EPOCH
}

/// Like [`parse`], but a date without a year is the last such day up to a day after `reference`.
pub fn parse_near(text: &str, reference: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut parts = read(text)?;
    if parts.year.is_none() && parts.month.is_some() && parts.day.is_some() {
        // Eight years back lies a leap day, whatever the century.
        return (0..=8).find_map(|back| {
            parts.year = Some(reference.year() - back);
            parts.moment().filter(|&moment| moment <= reference + Duration::days(1))
        });
    }
    parts.moment()
}

/// The moment that a Unix time stands for, in seconds or, where it is too large for that, in
/// milliseconds, microseconds or nanoseconds. `None` before 1900 and after 2200. Chrome counts microseconds since 1601; its
/// numbers for 1970 to 2070 are nanoseconds of the year 1970 otherwise, of which there is no news.
pub fn from_unix(number: f64) -> Option<DateTime<Utc>> {
    const YEAR_2200: f64 = 7_258_118_400.0;
    const YEAR_1900: f64 = -2_208_988_800.0;
    /// From 1601 to 1970, in microseconds.
    const CHROME: f64 = 11_644_473_600e6;
    let number = if (CHROME..CHROME + 3_155_760_000e6).contains(&number) { number - CHROME } else { number };
    let seconds = [1.0, 1e3, 1e6, 1e9].iter().map(|unit| number / unit).find(|s| s.abs() <= YEAR_2200)?;
    if !(YEAR_1900..=YEAR_2200).contains(&seconds) {
        return None;
    }
    // In range: checked above. Parts of a millisecond are rounded away.
    DateTime::from_timestamp_millis((seconds * 1e3).round() as i64)
}

/// What has been found of a date.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<NaiveTime>,
    zone: Option<Zone>,
    /// The time is the midnight at the end of the day: `24:00`.
    ends_day: bool,
    /// Which of day and month came first, where both were figures before the year.
    order: Option<Order>,
    /// Both could be the month, and are separated as in the United States.
    ambiguous: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
    Either,
}

impl Parts {
    fn is_american(self) -> bool {
        self.ambiguous && self.zone.is_some_and(Zone::is_american)
    }

    fn moment(self) -> Option<DateTime<Utc>> {
        let (mut month, mut day) = (self.month?, self.day.unwrap_or(1));
        if self.is_american() {
            (month, day) = (day, month);
        }
        let date = NaiveDate::from_ymd_opt(self.year.filter(|y| YEARS.contains(y))?, month, day)?;
        let date = if self.ends_day { date.succ_opt()? } else { date };
        let local = date.and_time(self.time.unwrap_or_default());
        let offset = self.zone.map_or(0, |zone| zone.minutes(local));
        local.checked_sub_signed(Duration::minutes(offset.into())).map(|utc| utc.and_utc())
    }
}

/// A piece of the text. `glued`: no space stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    kind: Kind,
    glued: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Its value and how many digits it was written with.
    Number(u32, usize),
    /// A run of letters, in lower case.
    Word(String),
    Sign(char),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut glued = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = |of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
        let length = match c {
            '0'..='9' => run(|c| c.is_ascii_digit()),
            c if is_letter(c) => run(is_letter),
            c => c.len_utf8(),
        };
        let (piece, tail) = rest.split_at(length);
        rest = tail;
        if c.is_whitespace() {
            glued = false;
            continue;
        }
        let kind = match c {
            '0'..='9' if length <= 9 => Kind::Number(piece.parse().ok()?, length),
            // Fractions of a second and compact dates with a time.
            '0'..='9' if length == 14 => {
                let (date, time) = piece.split_at(8);
                tokens.push(Token { kind: Kind::Number(date.parse().ok()?, 8), glued });
                Kind::Number(time.parse().ok()?, 6)
            }
            '0'..='9' => return None,
            c if is_letter(c) => Kind::Word(piece.to_lowercase()),
            c => Kind::Sign(c),
        };
        tokens.push(Token { kind, glued });
        glued = true;
    }
    Some(tokens)
}

/// Letters of words; the signs of Chinese and Japanese dates stand for themselves.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, '年' | '月' | '日')
}

fn read(text: &str) -> Option<Parts> {
    let text = text.trim();
    if text.len() > LENGTH_CAP || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (text, zone) = words::without_zone_name(text);
    let mut parser = DateParser { tokens: tokens(&text)?, at: 0, parts: Parts { zone, ..Parts::default() } };
    while parser.at < parser.tokens.len() {
        let found = parser.short_weekday()
            || parser.time()
            || parser.date()
            || parser.zone()
            || parser.zone_in_words()
            || parser.filler();
        if !found {
            // `Published 3 Jan 2022, updated 4 Jan 2022`: the first date counts.
            let done = parser.parts.year.is_some() && parser.parts.month.is_some();
            return (done && parser.word(0).is_some_and(words::is_label)).then_some(parser.parts);
        }
    }
    Some(parser.parts)
}

struct DateParser {
    tokens: Vec<Token>,
    at: usize,
    parts: Parts,
}

impl DateParser {
    fn kind(&self, ahead: usize) -> Option<&Kind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        match self.kind(ahead)? {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    fn number(&self, ahead: usize) -> Option<(u32, usize)> {
        match *self.kind(ahead)? {
            Kind::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    fn sign(&self, ahead: usize) -> Option<char> {
        match *self.kind(ahead)? {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    fn is_glued(&self, ahead: usize) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.glued)
    }

    /// `Di, 23 Jan`, `mar., 01 déc.`, `Do, 23.1.2018`: a short form of a weekday, in whatever language, is known by the comma
    /// behind it and by the day and the month that follow. `mar` would otherwise be March.
    fn short_weekday(&mut self) -> bool {
        let Some(word) = self.word(0).filter(|word| self.at == 0 && word.chars().count() <= 5) else {
            return false;
        };
        let comma = if self.sign(1) == Some('.') { 2 } else { 1 };
        if self.sign(comma) != Some(',') || self.number(comma + 1).is_none_or(|(_, digits)| digits > 2) {
            return false;
        }
        let month_follows =
            (comma + 2..comma + 5).any(|ahead| self.word(ahead).is_some_and(|word| month(word).is_some()));
        let figures_follow = month(word).is_none()
            && (self.number(comma + 2).is_some()
                || self.sign(comma + 2).is_some() && self.number(comma + 3).is_some());
        let found = month_follows || figures_follow;
        self.at += if found { comma + 1 } else { 0 };
        found
    }

    /// ` (Coordinated Universal Time)`, which JavaScript writes behind a zone.
    fn zone_in_words(&mut self) -> bool {
        if self.sign(0) != Some('(') || self.parts.zone.is_none() || self.parts.time.is_none() {
            return false;
        }
        let close = (1..10).find(|ahead| self.sign(*ahead) == Some(')'));
        self.at += close.map_or(0, |close| close + 1);
        close.is_some()
    }

    /// `14:05[:06[.789]] [pm]`, `5.30 p.m.`, `5pm`, `14h05`, `1405 GMT`, `140500`, `noon`.
    fn time(&mut self) -> bool {
        if self.parts.time.is_some() {
            return false;
        }
        let Some((hour, digits)) = self.number(0) else { return false };
        let (mut minute, mut second, mut used) = (0, 0, 1);
        let sign = self.sign(1);
        // `15:4:5` is a time, while `15.4` may be a day.
        let least = if sign == Some(':') && self.parts.day.is_some() { 1 } else { 2 };
        let two = |ahead: usize| {
            self.number(ahead).filter(|&(value, digits)| (least..=2).contains(&digits) && value < 61)
        };
        if digits <= 2
            && (sign == Some(':') || (sign == Some('.') && !self.is_dotted_date()) || self.is_hour_mark(1))
        {
            let Some((value, _)) = two(2) else { return false };
            (minute, used) = (value, 3);
            if let (Some(':' | '.'), Some((value, _))) = (self.sign(3), two(4)) {
                (second, used) = (value, 5);
                if let (Some('.' | ',' | ':'), Some(_), true) =
                    (self.sign(5), self.number(6), self.is_glued(6))
                {
                    used = 7;
                }
            }
        } else if digits == 6 && self.parts.day.is_some() {
            return self.set_time(hour / 10_000, hour / 100 % 100, hour % 100, 1);
        } else if digits == 4 && self.is_clock_figure() {
            return self.set_time(hour / 100, hour % 100, 0, 1);
        } else if self.half(1).is_none() || digits > 2 {
            return false;
        }
        let half = self.half(used);
        used += half.map_or(0, |(_, tokens)| tokens);
        let hour = match half {
            Some(_) if !(1..=12).contains(&hour) && minute == 0 => return false,
            // `14:05 PM` is written, and plain.
            Some((true, _)) if hour < 12 => hour + 12,
            Some((false, _)) if hour == 12 => 0,
            _ => hour,
        };
        self.set_time(hour, minute, second, used)
    }

    fn set_time(&mut self, hour: u32, minute: u32, second: u32, used: usize) -> bool {
        // 24:00 is the midnight at the end of the day; second 60 is a leap second, which the clock here does not have.
        let ends_day = (hour, minute, second) == (24, 0, 0);
        let hour = if ends_day { 0 } else { hour };
        self.parts.time = NaiveTime::from_hms_opt(hour, minute, second.min(59));
        self.parts.ends_day = ends_day;
        self.at += used;
        self.parts.time.is_some()
    }

    /// Whether `3.1.2022` stands here, which is no time.
    fn is_dotted_date(&self) -> bool {
        self.sign(3) == Some('.') && self.number(4).is_some_and(|(value, digits)| digits == 4 || value > 59)
            || self.parts.day.is_none()
                && self.sign(3) == Some('.')
                && self.number(4).is_some_and(|(_, d)| d == 2)
    }

    fn is_hour_mark(&self, ahead: usize) -> bool {
        matches!(self.word(ahead), Some("h")) && self.is_glued(ahead) && self.is_glued(ahead + 1)
    }

    /// Whether four digits are `1405 GMT` or `1405 hrs`, and not a year.
    fn is_clock_figure(&self) -> bool {
        let clock = self.word(1).is_some_and(|word| words::is_hours(word) || zone(word).is_some());
        let year_elsewhere = self.parts.year.is_some()
            || (1..self.tokens.len()).any(|ahead| self.number(ahead).is_some_and(|(_, digits)| digits == 4));
        clock && year_elsewhere
    }

    /// `am`, `pm`, `a.m.`, `p.m.`: whether it is the afternoon, and how many tokens it takes.
    fn half(&self, ahead: usize) -> Option<(bool, usize)> {
        match (self.word(ahead)?, self.sign(ahead + 1), self.word(ahead + 2)) {
            ("am", ..) => Some((false, 1)),
            ("pm", ..) => Some((true, 1)),
            (half @ ("a" | "p"), Some('.'), Some("m")) => {
                Some((half == "p", if self.sign(ahead + 3) == Some('.') { 4 } else { 3 }))
            }
            _ => None,
        }
    }

    fn date(&mut self) -> bool {
        if let Some(found) = self.word(0).and_then(month) {
            if self.parts.month.is_some() {
                return false;
            }
            self.parts.month = Some(found);
            self.at += 1;
            return true;
        }
        let Some((value, digits)) = self.number(0) else { return false };
        if self.numeric_date() {
            return true;
        }
        let named_month = self.parts.month.is_some() || self.month_follows();
        if digits <= 2 && self.parts.day.is_none() && named_month && (1..=31).contains(&value) {
            self.parts.day = Some(value);
            self.at += 1;
            if self.word(0).is_some_and(words::is_ordinal) {
                self.at += 1;
            }
            return true;
        }
        let year = match digits {
            4 => i32::try_from(value).ok(),
            // `03 Jan 22`: only behind both day and month.
            2 if self.parts.day.is_some() && self.parts.month.is_some() => Some(century(value)),
            _ => None,
        };
        if self.parts.year.is_some() || year.is_none() {
            return false;
        }
        self.parts.year = year;
        self.at += 1;
        true
    }

    /// Whether a month's name is one of the next tokens, with nothing but an ordinal's ending, `of`
    /// or a dash between.
    fn month_follows(&self) -> bool {
        let between = |ahead: usize| {
            self.word(ahead).is_some_and(words::is_between)
                || matches!(self.sign(ahead), Some('-' | '.' | '/' | ','))
        };
        let ahead = (1..4).find(|&ahead| !between(ahead)).unwrap_or(4);
        self.word(ahead).is_some_and(|word| month(word).is_some())
    }

    /// `2022-01-03`, `03/01/2022`, `3.1.22`, `20220103`, `2022年1月3日`, `2022-01`.
    fn numeric_date(&mut self) -> bool {
        let Some((first, digits)) = self.number(0).filter(|_| self.parts.month.is_none()) else {
            return false;
        };
        if digits == 8 {
            let year = i32::try_from(first / 10_000).unwrap_or_default();
            return self.set_date(year, first / 100 % 100, first % 100, 1);
        }
        let separator = match self.sign(1) {
            Some(sign @ ('-' | '/' | '.' | '年' | '‐' | '‑')) => sign,
            None => return self.spaced_date(),
            _ => return false,
        };
        let Some((second, 1..=2)) = self.number(2) else { return false };
        let closes = if separator == '年' { '月' } else { separator };
        let third = self.number(4).filter(|_| self.sign(3) == Some(closes));
        match (digits, third) {
            (4, Some((third, 1..=2))) => {
                let used = if separator == '年' && self.sign(5) == Some('日') { 6 } else { 5 };
                self.set_date(i32::try_from(first).unwrap_or_default(), second, third, used)
            }
            (1..=2, Some((year, 4 | 2))) => {
                let (_, digits) = self.number(4).unwrap_or_default();
                let year = if digits == 2 { century(year) } else { i32::try_from(year).unwrap_or_default() };
                if second > 12 {
                    self.parts.order = Some(Order::MonthFirst);
                    return self.set_date(year, first, second, 5);
                }
                self.parts.ambiguous = first <= 12 && separator == '/';
                // With full stops, the day always comes first.
                self.parts.order = match first {
                    _ if separator == '.' => None,
                    13.. => Some(Order::DayFirst),
                    _ if first == second => None,
                    _ => Some(Order::Either),
                };
                self.set_date(year, second, first, 5)
            }
            (4, None) if separator == '-' && self.number(2).is_some_and(|(_, digits)| digits == 2) => {
                self.parts.year = i32::try_from(first).ok();
                self.parts.month = Some(second);
                self.at += 3;
                true
            }
            _ => false,
        }
    }

    /// `11 04 2020`: the day first, unless that cannot be.
    fn spaced_date(&mut self) -> bool {
        let (Some((first, 1..=2)), Some((second, 1..=2)), Some((year, 4))) =
            (self.number(0), self.number(1), self.number(2))
        else {
            return false;
        };
        let year = i32::try_from(year).unwrap_or_default();
        if second > 12 {
            self.parts.order = Some(Order::MonthFirst);
            return self.set_date(year, first, second, 3);
        }
        self.parts.order = match first {
            13.. => Some(Order::DayFirst),
            _ if first == second => None,
            _ => Some(Order::Either),
        };
        self.set_date(year, second, first, 3)
    }

    fn set_date(&mut self, year: i32, month: u32, day: u32, used: usize) -> bool {
        if NaiveDate::from_ymd_opt(year, month, day).is_none() {
            return false;
        }
        (self.parts.year, self.parts.month, self.parts.day) = (Some(year), Some(month), Some(day));
        self.at += used;
        // The T of ISO 8601.
        if self.word(0) == Some("t") && self.is_glued(0) {
            self.at += 1;
        }
        true
    }

    /// `Z`, `GMT`, `EST`, `+0530`, `-05:00`, `GMT+5`.
    fn zone(&mut self) -> bool {
        if let Some(found) = self.word(0).and_then(zone) {
            self.at += 1;
            // `+0000 UTC` names it twice.
            self.parts.zone = self.parts.zone.or(Some(found));
            return true;
        }
        let sign = match self.sign(0) {
            Some('+') => 1,
            Some('-' | '−' | '–') if self.parts.time.is_some() => -1,
            _ => return false,
        };
        let Some((value, digits)) = self.number(1).filter(|_| self.is_glued(1)) else { return false };
        let (hours, minutes, used) = match (digits, self.sign(2), self.number(3)) {
            (4, ..) => (value / 100, value % 100, 2),
            (1 | 2, Some(':' | '.'), Some((minutes, 2))) => (value, minutes, 4),
            (1 | 2, ..) => (value, 0, 2),
            _ => return false,
        };
        if hours > 14 || minutes > 59 {
            return false;
        }
        // At most 14 hours, checked above.
        self.parts.zone = Some(Zone::Fixed(sign * (hours * 60 + minutes) as i32));
        self.at += used;
        true
    }

    /// Weekdays, labels and what stands between the parts.
    fn filler(&mut self) -> bool {
        let skip = match self.kind(0) {
            Some(Kind::Sign(sign)) => words::is_separator(*sign),
            Some(Kind::Word(word)) => {
                let label = words::is_label(word) && self.parts.month.is_none() && self.parts.year.is_none();
                if words::is_noon(word) && self.parts.time.is_none() {
                    self.parts.time = NaiveTime::from_hms_opt(12, 0, 0);
                    true
                } else {
                    label || is_weekday(word) || words::is_filler(word)
                }
            }
            _ => false,
        };
        self.at += usize::from(skip);
        skip
    }
}

/// A year of two digits: 69 and later are of the last century, as in POSIX.
fn century(value: u32) -> i32 {
    let value = i32::try_from(value).unwrap_or_default();
    if value < 69 { 2000 + value } else { 1900 + value }
}

#[cfg(test)]
mod tests;
