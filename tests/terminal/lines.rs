//! Tests the reader in lines (`--plain`) on a terminal: a prompt, and no escape sequences except for the clipboard.

use super::session::{Session, command, count, program};
use super::{home, untouched};
use std::path::Path;

fn plain(home: &Path, term: &str) -> Session {
    let mut command = command(home, &program(), &["--plain", "news"]);
    command.env("TERM", term);
    let mut session = Session::start(command, 80, 24);
    session.expect("2 articles. Type ? for help.");
    session.expect("2. Bridge closes near Lima");
    session.wait_until("the prompt", |session| session.text().trim_end().ends_with("\n>"));
    session
}

#[test]
fn a_dumb_terminal_gets_only_lines() {
    let home = home();
    let mut session = plain(home.path(), "dumb");
    session.press("1\r");
    session.expect("Quotes, in order, by: Kari Nordmann.");
    session.expect("article>");
    session.press("e\r");
    session.expect("Bergen (place NO): Harbour opens in Bergen");
    session.press("y t\r");
    session.expect("to copy by hand: Harbour opens in Bergen");
    session.press("/denmark\r");
    session.expect("1 article for denmark");
    session.press("Q\r");
    assert_eq!(session.end().code, 0);
    assert_eq!(count(&session.sent, b"\x1b"), 0, "{}", session.text());
    assert_eq!(session.discipline(), untouched());
}

#[test]
fn copying_uses_the_clipboard_of_a_capable_terminal() {
    let home = home();
    let mut session = plain(home.path(), "xterm-256color");
    session.press("y t\r");
    session.expect("copied: Harbour opens in Bergen");
    // This is the Base64 form of "Harbour opens".
    assert_eq!(count(&session.sent, b"\x1b]52;c;SGFyYm91ciBvcGVuc"), 1);
    assert_eq!(count(&session.sent, b"\x1b"), 1, "nothing else");
    session.press("\u{4}");
    assert_eq!(session.end().code, 0);
}

#[test]
fn a_locale_without_utf8_gets_ascii() {
    let home = home();
    std::fs::write(home.path().join("news/cafe.txt"), "Café “Łódź” opens\n2026-03-01\nA café opened.\n")
        .expect("a file");
    let mut command = command(home.path(), &program(), &["--plain", "news"]);
    command.env("LANG", "C");
    let mut session = Session::start(command, 80, 24);
    session.expect("Cafe \"Lodz\" opens");
    session.press("Q\r");
    session.end();
    assert!(session.sent.is_ascii());
}

#[test]
fn new_articles_are_reported_below_the_prompt() {
    let home = home();
    super::add(home.path(), "news");
    let config = home.path().join("config.toml");
    std::fs::write(&config, "[[saved]]\nname = \"peru\"\nquery = \"country:PE\"\nwatch = true\n")
        .expect("a file");
    let mut session =
        Session::start(command(home.path(), &program(), &["--plain", "--config", "config.toml"]), 80, 24);
    session.expect("2. Bridge closes near Lima");
    session.press("/is:starred\r");
    session.expect("0 articles for is:starred");
    std::fs::write(home.path().join("more.txt"), super::LIMA.replace("Bridge", "Tunnel")).expect("a file");
    super::add(home.path(), "more.txt");
    session.expect("New articles in @peru.");
    assert_eq!(count(&session.sent, b"\x07"), 1);
    session.press("Q\r");
    assert_eq!(session.end().code, 0);
}

#[test]
fn a_shell_can_stop_and_continue_it() {
    let home = home();
    let mut session = super::shell(home.path());
    session.press(&format!("set -m; {} --plain news\r", program()));
    session.expect("2. Bridge closes near Lima");
    session.press("C-z\r");
    session.expect("Stopped");
    session.press("fg\r");
    session.expect("The reader continues.");
    session.press("2\r");
    session.expect("Rosa Quispe called it");
    session.press("Q\r");
    session.wait_until("the shell is back", |session| session.text().matches("READY").count() > 2);
    session.press("echo left with $?\r");
    session.expect("left with 0");
}
