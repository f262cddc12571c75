//! Tests access to the person's own machine: the clipboard, links and the mouse; hostile bytes must not get there.

use super::session::{Session, command, count, program};
use super::{home, leave, untouched};
use std::path::Path;

/// An address that is longer than the screen is wide.
const FAR: &str =
    "https://example.org/a/very/long/address/that/does/not/fit/into/eighty/columns/at/all/index.html";

fn linked(home: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Session {
    let article = format!(
        r#"{{"title":"Linked story","date":"2026-04-01","body":"Rain at https://example.org/b.","url":"{FAR}"}}"#
    );
    std::fs::write(home.join("news/linked.jsonl"), article).expect("a file");
    let mut all = arguments.to_vec();
    all.push("news");
    let mut command = command(home, &program(), &all);
    for (name, value) in variables {
        command.env(name, value);
    }
    let mut session = Session::start(command, 80, 24);
    session.expect("Linked story");
    session.expect("[1] https://example.org/a/very");
    session.expect("[2] https://example.org/b");
    session
}

#[test]
fn over_ssh_an_address_is_copied_and_shown_whole() {
    let home = home();
    let mut session = linked(home.path(), &[], &[("SSH_CONNECTION", "1 2 3 4")]);
    session.press("o");
    session.expect("copied if");
    let screen = session.text();
    assert!(screen.replace('\n', "").contains(FAR), "{screen}");
    // This is the Base64 form of "https://example.org/a/".
    assert_eq!(count(&session.sent, b"\x1b]52;c;aHR0cHM6Ly9leGFtcGxlLm9yZy9h"), 1);
    assert_eq!(count(&session.sent, b"\x1b]8;"), 0, "no OSC 8 to a terminal that is not known to take it");
    session.press("q");
    session.press("2o");
    session.expect("https://example.org/b");
    session.press("q");
    session.press("u2");
    session.expect("copied if");
    session.press("q");
    leave(session, &untouched());
}

#[test]
fn links_are_clickable_on_a_capable_terminal() {
    let home = home();
    let mut session = linked(home.path(), &[], &[("VTE_VERSION", "6800")]);
    let link = format!("\x1b]8;id=1;{FAR}\x1b\\");
    session.wait_until("the link is sent", |session| count(&session.sent, link.as_bytes()) > 0);
    session.press("o");
    session.expect("copied if");
    // The terminal itself wraps the address, so that it can be selected as one line.
    session.wait_until("it wraps", |session| session.screen().row_wrapped(1));
    session.press("q");
    session.press("Q");
    assert_eq!(session.end().code, 0);
    let (opened, closed) = (count(&session.sent, b"\x1b]8;id="), count(&session.sent, b"\x1b]8;;\x1b\\"));
    assert!(
        opened > 0
            && closed > 0
            && session.sent.windows(5).rposition(|part| part == b"\x1b]8;;")
                > session.sent.windows(6).rposition(|part| part == b"\x1b]8;id")
    );
}

#[test]
fn mouse_events_are_enabled_only_on_request() {
    let home = home();
    let mut session = linked(home.path(), &[], &[]);
    session.press("Q");
    session.end();
    for code in [&b"\x1b[?1000h"[..], b"\x1b[?1002h", b"\x1b[?1003h", b"\x1b[?1006h"] {
        assert_eq!(count(&session.sent, code), 0);
    }
    let mut session = linked(home.path(), &["--mouse"], &[]);
    assert_eq!(session.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::PressRelease);
    // Clicks on the third row of the list, then turns the wheel over it.
    session.press("\x1b[<0;20;4M\x1b[<0;20;4m");
    session.wait_until("the third row is selected", |session| {
        session.text().lines().nth(3).is_some_and(|row| row.starts_with('>'))
    });
    session.press("\x1b[<64;20;4M");
    session.wait_until("the first row is selected", |session| {
        session.text().lines().nth(1).is_some_and(|row| row.starts_with('>'))
    });
    session.press("Q");
    assert_eq!(session.end().code, 0);
    session.assert_left_clean();
}
