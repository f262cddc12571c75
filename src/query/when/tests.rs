//! Tests of dates as people name them.

use super::*;

/// `expected` is the first and the last day, or the doubt. The present day is Thursday, 31 March 2022.
fn check(text: &str, expected: &str) {
    let today = NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
    let found = match Moment::read(text).map(|moment| moment.stretch(today)) {
        Ok(Some((first, last))) if first == last => first.to_string(),
        Ok(Some((first, last))) => format!("{first} {last}"),
        Ok(None) => "outside".to_owned(),
        Err(doubt) => doubt.to_string(),
    };
    assert_eq!(found, expected, "{text}");
}

#[test]
fn days_of_the_calendar() {
    for text in [
        "1987-03-17",
        "1987-3-17",
        "1987/03/17",
        "1987.03.17",
        "19870317",
        "17.3.1987",
        "17.03.1987",
        "17/03/1987",
        "03/17/1987",
        "17-03-1987",
        "17 march 1987",
        "17 Mar 1987",
        "17mar1987",
        "17th of March, 1987",
        "March 17, 1987",
        "march 17th 1987",
        "Mar. 17, 1987",
        "1987 march 17",
        "march-17-1987",
        "Tuesday, 17 March 1987",
    ] {
        check(text, "1987-03-17");
    }
    check("3/3/1987", "1987-03-03");
    check("4.3.1987", "1987-03-04");
    check("4/3/1987", "may mean 4 March or 3 April; write 1987-03-04 or 1987-04-03");
    check("monday 17 march 1987", "is not in the calendar");
}

#[test]
fn months_quarters_weeks_and_years() {
    for text in [
        "march 1987",
        "MARCH 1987",
        "mar1987",
        "1987-03",
        "1987/3",
        "3/1987",
        "03.1987",
        "1987 mar",
        "march of 1987",
    ] {
        check(text, "1987-03-01 1987-03-31");
    }
    check("1987", "1987-01-01 1987-12-31");
    check("1980s", "1980-01-01 1989-12-31");
    for text in ["2022-W03", "2022-w3", "2022w03", "2022 week 3", "week 3, 2022"] {
        check(text, "2022-01-17 2022-01-23");
    }
    check("2020-W53", "2020-12-28 2021-01-03");
    check("2022-W53", "is not in the calendar");
    check("2022-Q1", "2022-01-01 2022-03-31");
    check("q4 2021", "2021-10-01 2021-12-31");
    check("2022-Q5", "is not in the calendar");
    check("2022-Q0", "is not in the calendar");
}

#[test]
fn days_that_move() {
    check("today", "2022-03-31");
    check("Yesterday", "2022-03-30");
    check("tomorrow", "2022-04-01");
    check("thursday", "2022-03-31");
    check("this thursday", "2022-03-31");
    check("last thursday", "2022-03-24");
    check("monday", "2022-03-28");
    check("mon", "2022-03-28");
    check("friday", "2022-03-25");
    check("lastfriday", "2022-03-25");
    check("3 days ago", "2022-03-28");
    check("three days ago", "2022-03-28");
    check("a month ago", "2022-02-28");
    check("2w", "2022-03-17");
    check("last 3 days", "2022-03-28");
    check("the past week", "2022-03-24");
    for text in ["last week", "lastweek", "last-week", "last_week", "Last Week", "the last week"] {
        check(text, "2022-03-21 2022-03-27");
    }
    check("this week", "2022-03-28 2022-04-03");
    check("this month", "2022-03-01 2022-03-31");
    check("last month", "2022-02-01 2022-02-28");
    check("next month", "2022-04-01 2022-04-30");
    check("last quarter", "2021-10-01 2021-12-31");
    check("last year", "2021-01-01 2021-12-31");
    check("march", "2022-03-01 2022-03-31");
    check("last march", "2021-03-01 2021-03-31");
    check("april", "2021-04-01 2021-04-30");
    check("17 march", "2022-03-17");
    check("1 april", "2021-04-01");
    check("29 february", "2020-02-29");
}

#[test]
fn what_is_not_a_date_says_why() {
    check("2022-13", "is not in the calendar");
    check("2022-02-30", "is not in the calendar");
    check("30 february", "is not in the calendar");
    check("yesterdya", "is not a date (did you mean yesterday?)");
    check(
        "last wek",
        "is not a date; write 2022, 2022-01, 2022-01-03, \"3 january 2022\", yesterday, monday, \"last week\", 3d or 2w",
    );
    check("lastwek", "is not a date (did you mean \"last week\"?)");
    check("12h", "counts hours, but a query knows whole days; write today or 1d");
    check("999999y", "outside");
    for text in [
        "",
        "22",
        "d",
        "3x",
        "99999999d",
        "é",
        "2022-01-03-04",
        "2022-",
        "-2022",
        "2022..",
        "week",
        "1987-03/17",
    ] {
        assert!(Moment::read(text).is_err_and(|doubt| doubt == Doubt::NoDate), "{text}");
    }
}
