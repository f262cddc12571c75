//! The dates of articles: what stands in for a date that is not written, and how the articles of one file help one
//! another.
//!
//! In come [`Item`]s, in the order of their file; out come articles. Most leave at once. An item waits if its date can
//! be read in two ways (`05/04/2018`) or if its dateline names a day without a year, until another article of the file
//! decides, until [`WAITING`] items or [`WAITING_BYTES`] of text wait, or until the file ends. An article whose date nobody knows stays without one.

use super::{Origin, ReadingState, Warning};
use crate::article::date::{self, Figures, Written};
use crate::article::{Article, Dateline};
use crate::language::Language;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};
use std::collections::VecDeque;

/// The most items that wait.
const WAITING: usize = 4_096;
/// The most bytes of bodies that wait, so that a file of huge articles takes no more memory than its largest few.
const WAITING_BYTES: usize = 4 << 20;
/// How far the day of a dateline may lie from the dates of its neighbours in the file, in days. The neighbours say the
/// year only if the file is in the order of time, and then they are near.
const NEAR: i64 = 31;
/// The years in an address that are taken for years if a month and a day follow.
const YEARS: std::ops::RangeInclusive<i32> = 1700..=2199;

/// An article as its format read it, and what its date depends on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) article: Article,
    pub(super) clue: Clue,
    /// What a person has done with it, if an export says so.
    pub(super) state: Option<ReadingState>,
}

/// What is known of a date besides the date itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Clue {
    /// Nothing more: the date is as it is, or there is none.
    Nothing,
    /// The figures of the date show the order of day and month in this file.
    Order { month_first: bool },
    /// The date was read day first; this is what it is in a file with the month first.
    Either { month_first: DateTime<Utc> },
    /// There is no date, but the dateline names this day, without a year.
    Day(String),
}

impl Item {
    /// The article, without the help of others.
    pub(super) fn alone(self) -> Article {
        self.article
    }
}

/// A date in a field that a program wrote. What programs write for a date that they do not know is none.
pub(super) fn recorded(text: &str) -> Option<Written> {
    let text = text.trim();
    // Unix time, in seconds or milliseconds.
    if matches!(text.len(), 10 | 13) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return date::from_unix(text.parse().ok()?).map(Into::into);
    }
    date::parse_written(text).filter(|written| !date::is_unknown(text) && !date::is_unix_zero(written.moment))
}

/// The date of an article, from the best that there is: the date `written` in the file; the day in its address; the day
/// in its dateline, in the year that `held` or the address gives; `held`, a time at which somebody had the article.
pub(super) fn of(
    written: Option<Written>,
    held: Option<DateTime<Utc>>,
    url: Option<&str>,
    body: &str,
) -> (Option<DateTime<Utc>>, Clue) {
    if let Some(Written { moment, figures }) = written {
        let clue = match figures {
            Figures::Silent => Clue::Nothing,
            Figures::DayFirst => Clue::Order { month_first: false },
            Figures::MonthFirst => Clue::Order { month_first: true },
            Figures::Either { month_first } => Clue::Either { month_first },
        };
        return (Some(moment), clue);
    }
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    if let Some(day) = url.and_then(day_in_address) {
        return (Some(midnight(day)), Clue::Nothing);
    }
    let dateline = Dateline::find(body, Language::default());
    let Some(day) = dateline.and_then(|dateline| dateline.day?.get(body)) else {
        return (held, Clue::Nothing);
    };
    if let Some(moment) = date::parse(day) {
        return (Some(moment), Clue::Nothing);
    }
    let in_month = |(year, month): (i32, u32)| {
        let first = midnight(NaiveDate::from_ymd_opt(year, month, 1)?);
        date::parse_nearest(day, first).filter(|moment| (moment.year(), moment.month()) == (year, month))
    };
    if let Some(moment) = url.and_then(month_in_address).and_then(in_month) {
        return (Some(moment), Clue::Nothing);
    }
    match held {
        Some(held) => {
            // Nobody has an article before it is written; a day is for the zones of the world.
            let before =
                |moment: &DateTime<Utc>| *moment <= held + Duration::days(1) && is_near(*moment, held);
            (date::parse_nearest(day, held).filter(before).or(Some(held)), Clue::Nothing)
        }
        None if date::parse_nearest(day, DateTime::UNIX_EPOCH).is_some() => (None, Clue::Day(day.to_owned())),
        None => (None, Clue::Nothing),
    }
}

/// Midnight of the day in the address of an article.
pub(super) fn day_of_address(url: &str) -> Option<DateTime<Utc>> {
    day_in_address(url).map(|day| day.and_time(NaiveTime::MIN).and_utc())
}

fn is_near(a: DateTime<Utc>, b: DateTime<Utc>) -> bool {
    a.signed_duration_since(b).abs() <= Duration::days(NEAR)
}

/// The parts of the path of an address.
fn path(url: &str) -> impl Iterator<Item = &str> + Clone {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    path.split(['?', '#']).next().unwrap_or_default().split('/').skip(1)
}

/// The number that `text` is, if it has between `least` and `most` digits and nothing else.
fn number(text: &str, least: usize, most: usize) -> Option<u32> {
    let digits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn year(text: &str) -> Option<i32> {
    let year = i32::try_from(number(text, 4, 4)?).ok()?;
    YEARS.contains(&year).then_some(year)
}

/// A month in figures or, as some papers write it, by its name: `01`, `jan`.
fn month(text: &str) -> Option<u32> {
    number(text, 1, 2).filter(|month| (1..=12).contains(month)).or_else(|| date::month(text))
}

/// The day in the address of an article: `/2019/01/02/`, `/2019/jan/02/`, `/2019-01/02/`, `/2019/0102/`,
/// `/2019-01-02-bridge-falls`, `/20190102/` with more behind it.
fn day_in_address(url: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = path(url).collect();
    let at = |place: usize| parts.get(place).copied().unwrap_or_default();
    (0..parts.len()).find_map(|place| {
        let (first, second, third) = (at(place), at(place + 1), at(place + 2));
        if let (Some(year), Some(month), Some(day)) = (year(first), month(second), number(third, 1, 2)) {
            return NaiveDate::from_ymd_opt(year, month, day);
        }
        if let (Some(year), Some(both)) = (year(first), number(second, 4, 4)) {
            return NaiveDate::from_ymd_opt(year, both / 100, both % 100);
        }
        let whole = number(first, 8, 8).filter(|_| place + 1 < parts.len());
        if let Some(year) = whole.and_then(|_| year(first.get(..4)?)) {
            return NaiveDate::from_ymd_opt(
                year,
                number(first.get(4..6)?, 2, 2)?,
                number(first.get(6..)?, 2, 2)?,
            );
        }
        let (year, rest) = (year(first.get(..4)?)?, first.get(4..)?.strip_prefix('-')?);
        let month = number(rest.get(..2)?, 2, 2)?;
        let day = match rest.get(2..)? {
            "" => number(second, 1, 2)?,
            rest => {
                let rest = rest.strip_prefix('-')?;
                let ends = rest.get(2..)?.bytes().next().is_none_or(|byte| !byte.is_ascii_digit());
                number(rest.get(..2)?, 2, 2).filter(|_| ends)?
            }
        };
        NaiveDate::from_ymd_opt(year, month, day)
    })
}

/// The year and the month in the address of an article: `/2019/01/`, `/2019-01/`.
fn month_in_address(url: &str) -> Option<(i32, u32)> {
    let parts = path(url);
    parts.clone().zip(parts.skip(1)).find_map(|(first, second)| {
        let (written, rest) = first.split_once('-').unwrap_or((first, second));
        year(written).zip(month(rest))
    })
}

/// The dates of the articles of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Dating {
    /// Whether the month comes before the day in the figures of this file, once one of them has shown it.
    month_first: Option<bool>,
    /// The date of the last article that has one for certain.
    before: Option<DateTime<Utc>>,
    waiting: VecDeque<Waiting>,
    /// The length of the bodies that wait, in bytes.
    bytes: usize,
    /// How many articles have left, and how many of them without a date.
    articles: u64,
    undated: u64,
    /// How many dates could be read in two ways.
    doubtful: u64,
}

#[derive(Clone, Debug)]
struct Waiting {
    item: Item,
    /// The date of the last dated article before it.
    before: Option<DateTime<Utc>>,
}

impl Dating {
    /// Takes the next item of the file. Calls `ready` with each article whose date is decided, in the order of the file.
    pub(super) fn take(&mut self, item: Item, ready: &mut dyn FnMut(Article, Option<ReadingState>)) {
        if let Clue::Order { month_first } = item.clue {
            self.month_first.get_or_insert(month_first);
        }
        self.doubtful += u64::from(matches!(item.clue, Clue::Either { .. }));
        let before = self.before;
        self.bytes += item.article.body.len();
        self.waiting.push_back(Waiting { item, before });
        if let Some(last) = self.waiting.back_mut() {
            last.read_figures(self.month_first);
            if let (Some(moment), Clue::Nothing | Clue::Order { .. }) =
                (last.item.article.published, &last.item.clue)
            {
                self.before = Some(moment);
                self.waiting.iter_mut().for_each(|waiting| waiting.find_year(Some(moment)));
            }
        }
        while let Some(first) = self.waiting.front_mut() {
            first.read_figures(self.month_first);
            let waits = matches!(first.item.clue, Clue::Either { .. } | Clue::Day(_));
            if waits && self.waiting.len() <= WAITING && self.bytes <= WAITING_BYTES {
                break;
            }
            self.release(ready);
        }
    }

    /// Lets everything go that still waits, as the file has ended.
    pub(super) fn finish(&mut self, ready: &mut dyn FnMut(Article, Option<ReadingState>)) {
        while !self.waiting.is_empty() {
            self.release(ready);
        }
    }

    /// Lets the first item go, with what is known of its date.
    fn release(&mut self, ready: &mut dyn FnMut(Article, Option<ReadingState>)) {
        let Some(mut first) = self.waiting.pop_front() else { return };
        first.find_year(None);
        self.bytes -= first.item.article.body.len();
        self.articles += 1;
        self.undated += u64::from(first.item.article.published.is_none());
        ready(first.item.article, first.item.state);
    }

    /// Warnings about the dates of a file of several articles, after its end: that some have none, and how those were
    /// read that could be read in two ways.
    pub(super) fn warnings(&self, origin: &Origin) -> impl Iterator<Item = Warning> + use<> {
        self.missing(origin).into_iter().chain(self.order(origin))
    }

    fn order(&self, origin: &Origin) -> Option<Warning> {
        let dates = match self.doubtful {
            0 => return None,
            1 => "1 date".to_owned(),
            count => format!("{} dates", thousands(count)),
        };
        let how = match self.month_first {
            Some(true) => "the month was taken to come first, as in other dates of the file",
            Some(false) => "the day was taken to come first, as in other dates of the file",
            None => "the day was taken to come first, as no date of the file shows it",
        };
        Some(origin.warning(None, &format!("could not tell day and month apart in {dates}: {how}")))
    }

    fn missing(&self, origin: &Origin) -> Option<Warning> {
        let records = match (self.undated, self.articles) {
            (0, _) => return None,
            (1, 1) => "the only record has no date, and is listed as undated".to_owned(),
            (1, all) => format!("1 of {} records has no date, and is listed as undated", thousands(all)),
            (undated, all) => format!(
                "{} of {} records have no date, and are listed as undated",
                thousands(undated),
                thousands(all)
            ),
        };
        Some(origin.warning(None, &format!("could not find every date: {records}")))
    }
}

impl Waiting {
    /// Decides a date that can be read in two ways, if the order of the file is known.
    fn read_figures(&mut self, month_first: Option<bool>) {
        if let (Clue::Either { month_first: other }, Some(is_so)) = (&self.item.clue, month_first) {
            if is_so {
                self.item.article.published = Some(*other);
            }
            self.item.clue = Clue::Nothing;
        }
    }

    /// Gives the day of the dateline the year of the neighbours, if they are near it and agree. `after` is the date of
    /// the next dated article, if there is one.
    fn find_year(&mut self, after: Option<DateTime<Utc>>) {
        let Clue::Day(day) = &self.item.clue else { return };
        let neighbours = || self.before.into_iter().chain(after);
        let found = neighbours().next().and_then(|first| date::parse_nearest(day, first));
        self.item.article.published = found.filter(|found| neighbours().all(|date| is_near(*found, date)));
        self.item.clue = Clue::Nothing;
    }
}

/// A number with commas: `19,043`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_address(url: &str, day: &str) {
        let found = day_in_address(url).map_or_else(String::new, |day| day.to_string());
        assert_eq!(found, day, "{url}");
    }

    #[test]
    fn days_in_addresses() {
        for url in [
            "https://example.org/2019/01/02/bridge-falls",
            "https://example.org/news/2019/1/2/bridge-falls.html",
            "https://example.org/world/2019/jan/02/bridge-falls",
            "https://example.org/world/2019-01/02/c_137.htm",
            "https://example.org/n3/2019/0102/c90000.html",
            "https://example.org/news/2019-01-02/bridge",
            "https://example.org/news/2019-01-02-bridge-falls",
            "https://example.org/news/2019-01-02.html?x=2020/03/04/",
            "https://example.org/20190102/ab12/c.html",
        ] {
            check_address(url, "2019-01-02");
        }
        check_address("https://example.org/archives/1887/03/31/", "1887-03-31");
    }

    #[test]
    fn numbers_in_addresses_that_are_no_days() {
        for url in [
            "https://example.org/news/world-europe-20190102",
            "https://example.org/news/20190102",
            "https://example.org/2019/01/bridge-falls",
            "https://example.org/2019/13/02/bridge",
            "https://example.org/2019/02/30/bridge",
            "https://example.org/item/4673/01/02/",
            "https://example.org/2019-01-023/",
            "https://example.org/?day=2019/01/02/",
            "https://2019/01/02",
        ] {
            check_address(url, "");
        }
    }

    #[test]
    fn numbers_have_commas() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (19_043, "19,043"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), text);
        }
    }

    /// `title date / body / address` of records, and their days: the file is JSON Lines.
    fn check(records: &[serde_json::Value], days: &[&str]) {
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        let origin = Origin { path: None, source: "pile".to_owned(), time: DateTime::UNIX_EPOCH };
        let (articles, _) = super::super::read(text.as_bytes(), &origin);
        let found: Vec<String> =
            articles.iter().map(|article| crate::article::day_or_undated(article.date())).collect();
        assert_eq!(found, days, "{text}");
    }

    fn record(date: &str, body: &str) -> serde_json::Value {
        serde_json::json!({"title": "Bridge falls", "date": date, "body": body})
    }

    #[test]
    fn a_date_is_taken_from_the_dateline_or_the_address() {
        check(&[record("", "OSLO, Jan 5, 2019 - A bridge fell.")], &["2019-01-05"]);
        check(&[record("", "OSLO, Jan 5 - A bridge fell.")], &["undated"]);
        check(&[record("", "OSLO, Monday - A bridge fell.")], &["undated"]);
        let at = |url: &str, body: &str| serde_json::json!({"title": "Bridge", "url": url, "body": body});
        check(&[at("https://example.org/2019/01/07/bridge", "OSLO, Jan 5 - It fell.")], &["2019-01-07"]);
        check(&[at("https://example.org/2019/01/bridge", "OSLO, Jan 5 - It fell.")], &["2019-01-05"]);
        check(&[at("https://example.org/2019/02/bridge", "OSLO, Jan 5 - It fell.")], &["undated"]);
    }

    #[test]
    fn the_neighbours_in_the_file_give_a_dateline_its_year() {
        let undated = || record("", "HONG KONG, March 31 - A thing happened.");
        check(&[record("1987-03-30", "x"), undated()], &["1987-03-30", "1987-03-31"]);
        check(&[undated(), record("1987-04-02", "x")], &["1987-03-31", "1987-04-02"]);
        check(
            &[record("1987-03-30", "x"), undated(), undated(), record("", "y"), record("1987-04-02", "x")],
            &["1987-03-30", "1987-03-31", "1987-03-31", "undated", "1987-04-02"],
        );
        let new_year = record("", "OSLO, December 30 - A thing happened.");
        check(&[record("2018-01-02", "x"), new_year], &["2018-01-02", "2017-12-30"]);
        // A file that is not in the order of time says nothing.
        check(&[record("1987-09-30", "x"), undated()], &["1987-09-30", "undated"]);
        check(
            &[record("1987-03-30", "x"), undated(), record("1988-03-30", "x")],
            &["1987-03-30", "undated", "1988-03-30"],
        );
        // A record with no other dated one in its file.
        check(&[undated(), undated()], &["undated", "undated"]);
    }

    #[test]
    fn one_file_has_one_order_of_day_and_month() {
        let days = |dates: &[&str], days: &[&str]| {
            check(&dates.iter().map(|date| record(date, "x")).collect::<Vec<_>>(), days);
        };
        days(&["04-20-2018", "04-05-2018"], &["2018-04-20", "2018-04-05"]);
        days(&["04/05/2018", "04/20/2018"], &["2018-04-05", "2018-04-20"]);
        days(&["20/04/2018", "04/05/2018"], &["2018-04-20", "2018-05-04"]);
        days(&["04/05/2018", "05/05/2018"], &["2018-05-04", "2018-05-05"]);
        days(&["04/05/2018", "4 May 2018", "12/25/2018"], &["2018-04-05", "2018-05-04", "2018-12-25"]);
        // Of a file that contradicts itself, the first that shows an order decides.
        days(&["04/20/2018", "20/04/2018", "04/05/2018"], &["2018-04-20", "2018-04-20", "2018-04-05"]);
    }

    /// However long the articles are, they do not pile up.
    #[test]
    fn long_texts_do_not_wait_together() {
        let long = "x ".repeat(WAITING_BYTES / 8);
        let mut stream = super::super::Stream::new(Origin {
            path: None,
            source: "pile".to_owned(),
            time: DateTime::UNIX_EPOCH,
        });
        let mut came = 0;
        for _ in 0..8 {
            let line = format!("{}\n", record("04/05/2018", &long));
            came += stream.push(line.as_bytes()).0.len();
        }
        assert_eq!(came, 4);
        assert_eq!(stream.finish().0.len(), 4);
    }

    #[test]
    fn a_long_wait_ends() {
        let mut dates = vec!["04/05/2018"; WAITING + 1];
        dates.push("04/20/2018");
        let records: Vec<_> = dates.iter().map(|date| record(date, "x")).collect();
        let mut days = vec!["2018-04-05"; WAITING + 2];
        (days[0], days[WAITING + 1]) = ("2018-05-04", "2018-04-20");
        check(&records, &days);
    }
}
