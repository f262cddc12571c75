//! A result over time: bins of an hour, a day, a week, a month or a year, and what each of them tells. Times are
//! seconds since 1970, and days are those of UTC. Must not know where the numbers come from.

use super::{FacetKind, Key};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// How long a bin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grain {
    Hour,
    Day,
    /// From Monday to Sunday.
    Week,
    Month,
    Year,
}

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// 1970 began on a Thursday.
const FIRST_MONDAY: i64 = 4 * DAY;

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp()
}

fn date(seconds: i64) -> Option<NaiveDate> {
    DateTime::<Utc>::from_timestamp(seconds, 0).map(|time| time.date_naive())
}

impl Grain {
    pub const ALL: [Grain; 5] = [Grain::Hour, Grain::Day, Grain::Week, Grain::Month, Grain::Year];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Hour => "hour",
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Year => "year",
        }
    }

    /// `1 month`, `4 months`.
    pub fn counted(self, count: u64) -> String {
        format!("{count} {}{}", self.name(), if count == 1 { "" } else { "s" })
    }

    pub fn finer(self) -> Option<Grain> {
        Grain::ALL.into_iter().rev().find(|grain| *grain < self)
    }

    pub fn coarser(self) -> Option<Grain> {
        Grain::ALL.into_iter().find(|grain| *grain > self)
    }

    /// When the bin begins in which a time lies.
    pub fn start(self, seconds: i64) -> i64 {
        let floor = |step: i64, from: i64| (seconds - from).div_euclid(step) * step + from;
        let first = |month: u32, day: NaiveDate| NaiveDate::from_ymd_opt(day.year(), month, 1).map(midnight);
        match self {
            Grain::Hour => floor(HOUR, 0),
            Grain::Day => floor(DAY, 0),
            Grain::Week => floor(7 * DAY, FIRST_MONDAY),
            Grain::Month => date(seconds).and_then(|day| first(day.month(), day)).unwrap_or(seconds),
            Grain::Year => date(seconds).and_then(|day| first(1, day)).unwrap_or(seconds),
        }
    }

    /// When the bin ends that begins at `start`: the start of the next one.
    pub fn end(self, start: i64) -> i64 {
        match self {
            Grain::Hour => start + HOUR,
            Grain::Day => start + DAY,
            Grain::Week => start + 7 * DAY,
            // No month has more than 31 days, and no year more than 366.
            Grain::Month => self.start(start + 31 * DAY),
            Grain::Year => self.start(start + 366 * DAY),
        }
    }

    /// How many bins lie between two bins, given by their starts, `from` before `to`.
    pub fn between(self, from: i64, to: i64) -> u64 {
        let steps = match self {
            Grain::Hour => (to - from) / HOUR,
            Grain::Day => (to - from) / DAY,
            Grain::Week => (to - from) / (7 * DAY),
            Grain::Month | Grain::Year => {
                let (Some(from), Some(to)) = (date(from), date(to)) else { return 0 };
                let years = i64::from(to.year() - from.year());
                let months = i64::from(to.month()) - i64::from(from.month());
                if self == Grain::Year { years } else { years * 12 + months }
            }
        };
        u64::try_from(steps - 1).unwrap_or(0)
    }

    /// What a bin is called, so that a bin is told from all others of the same length: `2022-01-03 14:00`,
    /// `2022-01-03 Mon`, `2022-W01 01-03`, `2022-01 Jan`, `2022`.
    pub fn label(self, start: i64) -> String {
        let Some(time) = DateTime::<Utc>::from_timestamp(start, 0) else { return String::new() };
        let form = match self {
            Grain::Hour => "%Y-%m-%d %H:%M",
            Grain::Day => "%Y-%m-%d %a",
            Grain::Week => "%G-W%V %m-%d",
            Grain::Month => "%Y-%m %b",
            Grain::Year => "%Y",
        };
        time.format(form).to_string()
    }

    /// The cells of the longest label of a bin of this length.
    pub fn cells(self) -> u16 {
        match self {
            Grain::Hour => 16,
            Grain::Day | Grain::Week => 14,
            Grain::Month => 11,
            Grain::Year => 4,
        }
    }

    /// The first and the last day of the bin that begins at `start`. An hour has the day in which it lies.
    pub fn days(self, start: i64) -> Option<(NaiveDate, NaiveDate)> {
        Some((date(start)?, date(self.end(start) - 1)?))
    }
}

/// One bin with its number of articles, which is not 0; where copies are folded, a story counts once a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bin {
    pub start: i64,
    pub count: u64,
}

/// A result over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chronicle {
    pub grain: Grain,
    /// Ascending; bins without articles are left out.
    pub bins: Vec<Bin>,
}

/// How many rows bins take that begin at `starts`, ascending: one for each, and one for each gap between two.
pub fn rows_of(grain: Grain, starts: impl Iterator<Item = i64>) -> usize {
    let (mut rows, mut last) = (0, None);
    for start in starts {
        rows += 1 + usize::from(last.is_some_and(|last| grain.between(last, start) > 0));
        last = Some(start);
    }
    rows
}

/// The shortest bins with which days, given by their starts and ascending, take at most `fits` rows.
pub fn fitting(days: &[i64], fits: usize) -> Grain {
    let fitting = |grain: &Grain| {
        let mut starts: Vec<i64> = days.iter().map(|day| grain.start(*day)).collect();
        starts.dedup();
        rows_of(*grain, starts.into_iter()) <= fits
    };
    [Grain::Day, Grain::Week, Grain::Month].into_iter().find(|grain| fitting(grain)).unwrap_or(Grain::Year)
}

/// What a bin tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// Of its largest story: the one with the most copies in the bin. Among equals it is the article with most of what
    /// sets the bin apart.
    pub headline: Option<Headline>,
    /// The names that set the bin apart from its neighbours, the most telling first.
    pub names: Vec<Apart>,
}

/// The article that stands for a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    pub key: Key,
    pub title: String,
    /// How many articles of the bin tell the story.
    pub articles: u32,
}

/// A name that sets a bin apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Apart {
    pub kind: FacetKind,
    pub name: String,
    /// As in [`super::Facet::value`].
    pub value: String,
    /// How many articles of the bin mention it.
    pub count: u32,
    /// The log-likelihood ratio (see [`log_likelihood`]).
    pub score: f64,
}

/// How many bins with articles before and after a bin are its neighbours.
pub const NEIGHBOURS: usize = 3;

/// The least score of a name that sets a bin apart: one in twenty would reach it by chance (chi-squared, one degree of
/// freedom).
pub const LEAST: f64 = 3.84;

/// How much more often something is here than there: the log-likelihood ratio G² of Dunning (*Accurate Methods for the
/// Statistics of Surprise and Coincidence*, Computational Linguistics 19, 1993), in the form in which Rayson and Garside
/// compare two corpora (*Comparing Corpora using Frequency Profiling*, 2000), with articles in place of words.
///
/// `here` and `there` are how many articles have it and how many articles there are. It is negative for what is less
/// frequent here than there, and 0 where one of the two is empty.
pub fn log_likelihood(here: (u32, u32), there: (u32, u32)) -> f64 {
    let [a, n, b, m] = [here.0, here.1, there.0, there.1].map(f64::from);
    if n == 0.0 || m == 0.0 || a + b == 0.0 {
        return 0.0;
    }
    let expected = |articles: f64| articles * (a + b) / (n + m);
    let part = |found: f64, expected: f64| if found > 0.0 { found * (found / expected).ln() } else { 0.0 };
    let ratio = 2.0 * (part(a, expected(n)) + part(b, expected(m)));
    if a / n >= b / m { ratio } else { -ratio }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp()
    }

    #[test]
    fn a_bin_begins_where_the_calendar_says() {
        let time = at("2022-03-17T14:35:12Z");
        let starts = Grain::ALL.map(|grain| grain.label(grain.start(time)));
        assert_eq!(starts, ["2022-03-17 14:00", "2022-03-17 Thu", "2022-W11 03-14", "2022-03 Mar", "2022"]);
        assert!(Grain::ALL.iter().all(|grain| grain.label(time).len() == usize::from(grain.cells()).max(4)
            || *grain == Grain::Month && grain.label(time).len() == 11));
    }

    #[test]
    fn gaps_are_counted_in_bins() {
        let between = |grain: Grain, from: &str, to: &str| {
            let of = |day: &str| grain.start(at(&format!("{day}T00:00:00Z")));
            grain.between(of(from), of(to))
        };
        assert_eq!(between(Grain::Month, "2021-11-30", "2022-04-01"), 4);
        assert_eq!(between(Grain::Year, "1999-12-31", "2000-01-01"), 0);
        assert_eq!(between(Grain::Day, "2022-02-28", "2022-03-01"), 0);
        assert_eq!(between(Grain::Week, "2022-01-02", "2022-01-17"), 2);
    }

    #[test]
    fn the_bins_fit_the_rows() {
        let days =
            |from: i64, count: i64| -> Vec<i64> { (from..from + count).map(|day| day * DAY).collect() };
        assert_eq!(fitting(&days(19_000, 10), 12), Grain::Day);
        assert_eq!(fitting(&days(19_000, 40), 12), Grain::Week);
        assert_eq!(fitting(&days(19_000, 300), 12), Grain::Month);
        assert_eq!(fitting(&days(10_000, 9_000), 12), Grain::Year);
        // Two days with a long time between them are three rows.
        assert_eq!(fitting(&[0, 10_000 * DAY], 3), Grain::Day);
    }

    /// The example of Rayson and Garside's page on log-likelihood: 1,000 in a million words here, 500 there.
    #[test]
    fn the_score_is_that_of_the_literature() {
        let score = log_likelihood((1_000, 1_000_000), (500, 1_000_000));
        assert!((score - 169.90).abs() < 0.01, "{score}");
        assert_eq!(log_likelihood((5, 10), (0, 0)), 0.0);
        assert!(log_likelihood((1, 10), (9, 10)) < 0.0);
        assert!(log_likelihood((2, 10), (2, 10)).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn every_time_is_in_its_bin(seconds in -60_000_000_000i64..200_000_000_000) {
            for grain in Grain::ALL {
                let start = grain.start(seconds);
                prop_assert!(start <= seconds && seconds < grain.end(start), "{grain:?}");
                prop_assert_eq!(grain.start(start), start);
                prop_assert_eq!(grain.start(grain.end(start)), grain.end(start));
                prop_assert_eq!(grain.between(start, grain.end(start)), 0);
                prop_assert_eq!(grain.between(start, grain.end(grain.end(start))), 1);
            }
        }
    }
}
