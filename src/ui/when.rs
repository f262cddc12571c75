//! When an article was published, in a few cells.
//!
//! In: times and the current day. Out: texts of a common width, so that a list has a column of them. Times are shown as they
//! are given, in UTC, like the days of the library.

use crate::article::UNDATED;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// How much the column of dates of a list says. All of its texts have at most [`Column::cells`] cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Whether there are articles of another year than the current one, or undated ones.
    years: bool,
    /// Whether each row shows the time, and not only those of today.
    times: bool,
}

impl Column {
    /// The column for articles of these times; the rows show their times if that leaves the titles at least
    /// `title` of `room` cells.
    pub fn fitting(
        published: impl Iterator<Item = Option<DateTime<Utc>>>,
        today: NaiveDate,
        room: u16,
        title: u16,
    ) -> Column {
        let (mut years, mut times) = (false, false);
        for published in published {
            years |= published.is_none_or(|published| published.year() != today.year());
            times |=
                published.is_some_and(|published| published.date_naive() != today && !is_midnight(published));
        }
        let roomy = Column { years, times };
        Column { times: times && room > title + roomy.cells(), ..roomy }
    }

    /// The width of the column in cells.
    pub fn cells(self) -> u16 {
        let day = if self.years { "29 Jun 1987".len() } else { "29 Jun".len() };
        let time = if self.times { " 16:45".len() } else { 0 };
        (day + time) as u16
    }

    /// `16:45` or `today` for today, `17 Mar` for this year, `17 Mar 2019` for another one, and `undated`. A time of
    /// midnight stands for a day without a time.
    pub fn text(self, published: Option<DateTime<Utc>>, today: NaiveDate) -> String {
        let Some(published) = published else { return UNDATED.to_owned() };
        let has_time = !is_midnight(published);
        let day = published.date_naive();
        if day == today {
            return if has_time { published.format("%H:%M").to_string() } else { "today".to_owned() };
        }
        let mut text = match day.year() == today.year() {
            true => day.format("%e %b").to_string(),
            false => day.format("%e %b %Y").to_string(),
        };
        if self.times && has_time {
            text.push_str(&published.format(" %H:%M").to_string());
        }
        text
    }
}

fn is_midnight(time: DateTime<Utc>) -> bool {
    time.num_seconds_from_midnight() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(written: &str) -> Option<DateTime<Utc>> {
        written.parse().ok()
    }

    /// The texts of these times in a list of `room` cells, on 20 March 2026.
    fn check(times: &[&str], room: u16, expected: &[&str]) {
        let today = NaiveDate::from_ymd_opt(2026, 3, 20).expect("a day");
        let times: Vec<_> = times.iter().map(|written| time(written)).collect();
        let column = Column::fitting(times.iter().copied(), today, room, 53);
        let texts: Vec<String> = times.iter().map(|published| column.text(*published, today)).collect();
        assert_eq!(texts, expected);
        assert!(texts.iter().all(|text| text.len() <= column.cells().into()), "{texts:?}");
    }

    #[test]
    fn today_shows_the_time_and_other_years_show_the_year() {
        let times = ["2026-03-20T16:45:00Z", "2026-03-20T00:00:00Z", "2026-03-05T09:30:00Z"];
        check(&times, 60, &["16:45", "today", " 5 Mar"]);
        check(&times, 66, &["16:45", "today", " 5 Mar 09:30"]);
        let older = ["2026-03-05T09:30:00Z", "1987-06-29T15:01:00Z", "2019-01-02T00:00:00Z", "never"];
        check(&["2026-03-05T00:00:00Z", "2026-03-04T00:00:00Z"], 90, &[" 5 Mar", " 4 Mar"]);
        check(&older, 60, &[" 5 Mar", "29 Jun 1987", " 2 Jan 2019", "undated"]);
        check(&older, 90, &[" 5 Mar 09:30", "29 Jun 1987 15:01", " 2 Jan 2019", "undated"]);
    }
}
