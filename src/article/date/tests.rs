use super::*;
use proptest::prelude::*;

fn check(text: &str, expected: &str) {
    let found = parse(text).map(|moment| moment.format("%Y-%m-%dT%H:%M:%S").to_string());
    assert_eq!(found.as_deref(), Some(expected), "{text:?}");
}

fn refuse(text: &str) {
    assert_eq!(parse(text), None, "{text:?}");
}

#[test]
fn days_in_words() {
    for text in [
        "Jan 03, 2022",
        "3 January 2022",
        "January 3, 2022",
        "Jan. 3, 2022",
        "3rd January, 2022",
        "the 3rd of January 2022",
        "Monday, January 3rd, 2022",
        "Mon 3 Jan 2022",
        "MONDAY 3 JANUARY 2022",
        "3-Jan-2022",
        "03-JAN-22",
        "2022 Jan 3",
        "January 3 2022",
        "Published: January 3, 2022",
        "Published January 3, 2022 / Updated January 4, 2022",
        "Last updated on Jan 3, 2022",
        "3. Januar 2022",
        "le 3 janvier 2022",
        "lunes, 3 de enero de 2022",
        "(Jan 3, 2022)",
        "January 3, 2022.",
    ] {
        check(text, "2022-01-03T00:00:00");
    }
    check("1er août 2021", "2021-08-01T00:00:00");
    check("Sept. 9, 2021", "2021-09-09T00:00:00");
    check("March 2022", "2022-03-01T00:00:00");
    check("29 Feb 2024", "2024-02-29T00:00:00");
}

#[test]
fn days_in_figures() {
    for text in [
        "2022-01-03",
        "2022/01/03",
        "2022.01.03",
        "20220103",
        "03/01/2022",
        "3.1.2022",
        "3/1/22",
        "2022年1月3日",
    ] {
        check(text, "2022-01-03T00:00:00");
    }
    check("01/13/2022", "2022-01-13T00:00:00");
    check("13/01/2022", "2022-01-13T00:00:00");
    check("2022-03", "2022-03-01T00:00:00");
    check("26.02.87", "1987-02-26T00:00:00");
}

#[test]
fn times() {
    for text in [
        "Mon, 3 Jan 2022 14:05 GMT",
        "Mon, 03 Jan 2022 14:05:00 +0000",
        "Mon, 03 Jan 22 14:05:00 UT",
        "2022-01-03T14:05:00Z",
        "2022-01-03T14:05:00.000Z",
        "2022-01-03T14:05:00.123456+00:00",
        "2022-01-03 14:05",
        "2022-01-03 14:05:00 +0000 UTC",
        "20220103T140500Z",
        "20220103140500",
        "Jan 3, 2022, 2:05 PM",
        "Jan 3, 2022 | 2:05pm",
        "January 3, 2022 at 2:05 p.m.",
        "14:05, 3 January 2022",
        "2.05pm, 3 January 2022",
        "3 January 2022 14.05",
        "3 janvier 2022 à 14h05",
        "3 January 2022, 1405 GMT",
        "1405 GMT, 3 January 2022",
        "3 Jan 2022 1405 hrs",
        "Mon Jan  3 14:05:00 2022",
        "Mon Jan 3 14:05:00 GMT 2022",
        "03/Jan/2022:14:05:00 +0000",
        "3-JAN-2022 14:05:00.12",
        "Mon Jan 03 2022 14:05:00 GMT+0000 (GMT)",
    ] {
        check(text, "2022-01-03T14:05:00");
    }
    check("January 3, 2022 12:15 AM", "2022-01-03T00:15:00");
    check("January 3, 2022 noon", "2022-01-03T12:00:00");
    check("Jan 3, 2022 5 pm", "2022-01-03T17:00:00");
}

#[test]
fn dates_of_feeds() {
    check("Do, 29 Mär 2018 00:00:00 +0200", "2018-03-28T22:00:00");
    check("Di, 23 Jan 2018 00:00:00 +0100", "2018-01-22T23:00:00");
    check("So, 23.09.2018 10:00", "2018-09-23T10:00:00");
    check("mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01T16:11:02");
    check("mer, 9 avr 2018 00:00:00 +0200", "2018-04-08T22:00:00");
    check("gio, 02 gen 2020 07:30:00 GMT", "2020-01-02T07:30:00");
    check("pt, 17 set 2021 08:00:00 GMT", "2021-09-17T08:00:00");
    check("Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T07:51:49");
    check("Mon, 2 Jan 2006 15:4:5 -0700", "2006-01-02T22:04:05");
    check("Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "2020-11-12T17:00:00");
    check("Thu Nov 12 2020 17:00:00 GMT+0100 (Mitteleuropäische Normalzeit)", "2020-11-12T16:00:00");
    refuse("Sat, 2020");
    refuse("Oslo, 3 bears");
}

#[test]
fn zones_by_name() {
    check("Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01T03:19:00");
    check("Thu, 25 Feb 2016 00:00:00 Europe/Brussels", "2016-02-24T23:00:00");
    check("2023-07-01 12:00 (America/Argentina/Buenos_Aires)", "2023-07-01T15:00:00");
    // The hour that comes twice, and the hour that is left out.
    check("2023-10-29 02:30 Europe/Berlin", "2023-10-29T00:30:00");
    check("2023-03-26 02:30 Europe/Berlin", "2023-03-26T01:30:00");
    refuse("2023-03-26 02:30 Europe/Atlantis");
}

#[test]
fn zones() {
    check("January 3, 2022 5:30 PM EST", "2022-01-03T22:30:00");
    check("Updated 5:30 PM ET, Mon January 3, 2022", "2022-01-03T22:30:00");
    check("July 4, 2022 5:30 p.m. ET", "2022-07-04T21:30:00");
    check("November 2, 2006 5:30 PM ET", "2006-11-02T22:30:00");
    check("January 3, 2022, 8 p.m. Pacific Time", "2022-01-04T04:00:00");
    check("Jan 03, 2022 17:30 (IST)", "2022-01-03T12:00:00");
    check("Jan 3, 2022 17:30 IST", "2022-01-03T12:00:00");
    check("2022-01-03T14:05:00+05:30", "2022-01-03T08:35:00");
    check("2022-01-03T14:05:00-0500", "2022-01-03T19:05:00");
    check("3 Jan 2022 14:05 GMT+8", "2022-01-03T06:05:00");
    check("01/03/2022 5:30 PM EST", "2022-01-03T22:30:00");
    check("03/01/2022 17:30 IST", "2022-01-03T12:00:00");
}

#[test]
fn the_end_of_a_day_is_the_start_of_the_next() {
    check("2022-01-03T24:00:00Z", "2022-01-04T00:00:00");
    check("31 December 2022 24:00", "2023-01-01T00:00:00");
    check("2022-01-03T00:00:00Z", "2022-01-03T00:00:00");
}

#[test]
fn summer_time_follows_the_rule_of_its_year() {
    for (day, hour) in [
        ("March 11, 2007", 16),
        ("March 10, 2007", 17),
        ("October 29, 2006", 17),
        ("October 28, 2006", 16),
        ("April 2, 2006", 16),
        ("April 26, 1987", 16),
        ("April 5, 1987", 16),
        ("April 5, 1986", 17),
        ("April 27, 1986", 16),
        ("February 23, 1975", 16),
        ("January 6, 1974", 16),
        ("January 5, 1974", 17),
        ("April 29, 1973", 16),
        ("July 4, 1966", 17),
    ] {
        let found = parse(&format!("{day} 12:00 ET")).map(|moment| moment.format("%H").to_string());
        assert_eq!(found, Some(hour.to_string()), "{day}");
    }
}

#[test]
fn what_is_no_date() {
    for text in [
        "",
        "2022",
        "January",
        "January 3",
        "31 June 2022",
        "2022-13-45",
        "99/99/2022",
        "29 Feb 2023",
        "In 2022 the government",
        "Biden met 3 leaders in January 2022",
        "1234567",
        "January 3, 0022",
        "3 January 2022 25:61",
        "The deal of 3 January 2022 failed",
        "2022-01-03 and then",
        "5:30 PM",
        "+1 202 555 0100",
        "1-800-555-0100",
        "May 5, 9, 2022 4",
        "123456789012345678901234567890",
    ] {
        refuse(text);
    }
}

#[test]
fn a_day_without_a_year() {
    let near = |text: &str, reference: &str| {
        let moment = parse_near(text, parse(reference).expect("a reference")).expect("a day");
        moment.format("%Y-%m-%d").to_string()
    };
    assert_eq!(near("January 4", "2022-01-03"), "2022-01-04");
    assert_eq!(near("Dec 28", "2022-01-03"), "2021-12-28");
    assert_eq!(near("Feb 29", "2022-06-01"), "2020-02-29");
    assert_eq!(near("Jan 3, 2019", "2022-01-03"), "2019-01-03");
}

#[test]
fn unix_times() {
    let check = |number: f64, expected: Option<&str>| {
        let found = from_unix(number).map(|moment| moment.format("%Y-%m-%dT%H:%M:%S").to_string());
        assert_eq!(found.as_deref(), expected, "{number}");
    };
    check(1_641_218_700.0, Some("2022-01-03T14:05:00"));
    check(1_641_218_700_000.0, Some("2022-01-03T14:05:00"));
    check(1_641_218_700_000_000.0, Some("2022-01-03T14:05:00"));
    // Chrome.
    check(13_285_692_300_000_000.0, Some("2022-01-03T14:05:00"));
    check(f64::NAN, None);
    check(f64::INFINITY, None);
}

proptest! {
    #[test]
    fn every_day_is_read_back(days in 0i64..200_000, form in 0usize..8) {
        let day = NaiveDate::from_ymd_opt(1600, 1, 1).expect("a day") + Duration::days(days);
        let forms = ["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%a, %e %b %Y", "%Y%m%d", "%d/%m/%Y", "%A, %B %e, %Y"];
        let text = day.format(forms[form]).to_string();
        prop_assert_eq!(parse(&text).map(|moment| moment.date_naive()), Some(day), "{}", text);
    }

    #[test]
    fn anything_is_survived(text in "[0-9a-zA-Z:./+, \\-年月日]{0,40}", other: String) {
        let _ = (parse(&text), parse(&other));
    }
}
