use super::*;
use chrono::NaiveDate;

fn origin() -> Origin {
    let time = NaiveDate::from_ymd_opt(2022, 6, 1).expect("a day").and_time(chrono::NaiveTime::MIN).and_utc();
    Origin { path: None, source: "Test".to_owned(), time }
}

/// `title / day / author / address / body` as far as they are there.
fn check(text: &str, expected: &str) {
    let draft = read(text, &origin());
    let day = draft.published.map(|written| written.moment.format("%Y-%m-%d").to_string());
    let parts = [Some(draft.title), day, draft.author, draft.url, Some(draft.body)];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    assert_eq!(parts.join(" / ").replace('\n', "¶"), expected, "{text:?}");
}

#[test]
fn title_date_body() {
    check(
        "Bridge falls\nJan 03, 2022\nThe bridge fell.\nNobody was hurt.",
        "Bridge falls / 2022-01-03 / The bridge fell.¶Nobody was hurt.",
    );
    check(
        "Bridge falls\n\n3 January 2022\n\nThe bridge fell.",
        "Bridge falls / 2022-01-03 / ¶The bridge fell.",
    );
    check("\n\nBridge falls\n  Mon, 3 Jan 2022 14:05 GMT\nIt fell.", "Bridge falls / 2022-01-03 / It fell.");
    check("2022-01-03\nBridge falls\nIt fell.", "Bridge falls / 2022-01-03 / It fell.");
    check("Bridge falls\nMay 31\nIt fell.", "Bridge falls / 2022-05-31 / It fell.");
    check("Bridge falls\nJan 03, 2022", "Bridge falls / 2022-01-03");
}

#[test]
fn bylines_and_addresses() {
    check(
        "Bridge falls\nBy Ana Petrova\nJan 3, 2022\nIt fell.",
        "Bridge falls / 2022-01-03 / Ana Petrova / It fell.",
    );
    check(
        "Bridge falls\nBy Ana Petrova | Jan 3, 2022\nIt fell.",
        "Bridge falls / 2022-01-03 / Ana Petrova / It fell.",
    );
    check(
        "Bridge falls\nJan 3, 2022\nBy ANA PETROVA, staff writer\n\nIt fell.",
        "Bridge falls / 2022-01-03 / ANA PETROVA, staff writer / ¶It fell.",
    );
    check(
        "Bridge falls\nBy noon the river had risen.\nIt fell.",
        "Bridge falls / By noon the river had risen.¶It fell.",
    );
    check(
        "https://example.org/1\n\nBridge falls\n3 Jan 2022\nIt fell.",
        "Bridge falls / 2022-01-03 / https://example.org/1 / It fell.",
    );
}

#[test]
fn no_title() {
    check("One line alone.", "One line alone.");
    check(
        "https://example.org/1\n\nThe bridge fell into the river on Monday.\n\nNobody was hurt.",
        "https://example.org/1 / ¶The bridge fell into the river on Monday.¶¶Nobody was hurt.",
    );
    check(
        "https://example.org/1\n\nBridge falls into river\n\nNobody was hurt.",
        "Bridge falls into river / https://example.org/1 / ¶Nobody was hurt.",
    );
    check(
        "PORT ANNA, March 2 (AFP) — The bridge fell.\nNobody was hurt.",
        "PORT ANNA, March 2 (AFP) — The bridge fell.¶Nobody was hurt.",
    );
    let long = format!("{} end.", "The bridge fell ".repeat(20).trim_end());
    check(&format!("{long}\nNobody."), &format!("{long}¶Nobody."));
    check(
        "The bridge that fell into the river\nwas old and had been\nclosed to carts.",
        "The bridge that fell into the river¶was old and had been¶closed to carts.",
    );
}

#[test]
fn a_title_over_two_lines() {
    check(
        "The bridge that fell into the river\nwas old\nJan 3, 2022\nIt fell.",
        "The bridge that fell into the river was old / 2022-01-03 / It fell.",
    );
}

#[test]
fn labels() {
    check(
        "Title: Bridge falls\nDate: Jan 3, 2022\nAuthor: Ana Petrova\nURL: https://example.org/1\n\nIt fell.",
        "Bridge falls / 2022-01-03 / Ana Petrova / https://example.org/1 / ¶It fell.",
    );
    check("Title: what it means\nJan 3, 2022\nIt fell.", "Title: what it means / 2022-01-03 / It fell.");
}

#[test]
fn a_title_without_a_date() {
    check(
        "Bridge falls\nThe bridge fell.\nNobody was hurt.",
        "Bridge falls / The bridge fell.¶Nobody was hurt.",
    );
    check("", "");
}

#[test]
fn what_show_prints_below_a_date_is_read_again() {
    let origin = Origin { path: None, source: "folder".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
    let draft = read(
        "Ferry stops\n2026-01-05\nSource: Harbour Post\nAuthor: ana p.\n\nThe ferry stopped.\n",
        &origin,
    );
    assert_eq!((draft.source.as_deref(), draft.author.as_deref()), (Some("Harbour Post"), Some("ana p.")));
    assert_eq!((draft.title.as_str(), draft.body.trim()), ("Ferry stops", "The ferry stopped."));
    // Within a text these are words.
    let draft = read("Ferry stops\n2026-01-05\n\nSource: the harbour.\n", &origin);
    assert_eq!((draft.source, draft.body.trim()), (None, "Source: the harbour."));
}
