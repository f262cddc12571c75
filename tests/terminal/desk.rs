//! The sources in the reader, articles that leave it, and keys of one's own, in a real terminal.

use super::session::{Session, command, program};
use super::{add, home};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const FEED: &str = "<rss version='2.0'><channel><title>Harbour Wire</title>\
    <item><guid>1</guid><title>Quay repaired</title><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>\
    <description>Norway repaired a quay.</description></item></channel></rss>";

/// A home with two articles of a folder in the library, and a feed in a file.
fn with_feed(config: &str) -> TempDir {
    let home = home();
    add(home.path(), "news");
    std::fs::write(home.path().join("feed.xml"), FEED).expect("a feed");
    let folder = home.path().join(".config/dateline");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), config).expect("a config file");
    let address = format!("file://{}", home.path().join("feed.xml").display());
    run(home.path(), &["add", &address, "--tag", "sea"]);
    home
}

fn run(home: &Path, arguments: &[&str]) -> String {
    let mut own = Command::new(program());
    own.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    let output = own.output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Waits until something is true of what the program has stored; the deadline only turns a hang into a failure.
fn eventually(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not become true");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn open(home: &Path, arguments: &[&str], columns: u16, rows: u16) -> Session {
    let mut session = Session::start(command(home, &program(), arguments), columns, rows);
    session.expect("Quay repaired");
    session
}

#[test]
fn a_source_is_changed_in_its_list_and_all_of_it_is_undone() {
    let home = with_feed("");
    let sources = |what: &str| run(home.path(), &["sources", "--json"]).contains(what);
    let mut session = open(home.path(), &[], 80, 24);
    session.press("vs");
    session.expect("- #sea");
    session.expect("Harbour Wire");
    session.press("\r");
    session.expect("+ #sea");
    session.press("\rj");
    session.expect("Harbour Wire");
    session.press("cp");
    session.expect("= Harbour Wire");
    eventually(|| sources("\"paused\":true"));
    session.press("U");
    session.expect_gone("= Harbour Wire");
    eventually(|| sources("\"paused\":false"));
    session.press("ce2h\r");
    session.expect("fetched every 2h");
    eventually(|| sources("\"every\":\"2h\""));
    session.press("cn");
    session.expect("new name: ");
    session.press("\u{15}Quay News\r");
    session.expect("renamed from Harbour Wire");
    session.press("d");
    session.expect("remove?");
    session.press("y");
    session.expect("no longer followed");
    assert_eq!(run(home.path(), &["sources"]), "");
    session.press("U");
    session.expect("undone: Quay News is as it was");
    session.press("UU");
    eventually(|| sources("\"name\":\"Harbour Wire\"") && sources("\"every\":null") && sources("\"sea\""));
    session.press("Q");
    assert_eq!(session.end().code, 0);
}

#[test]
fn a_kiosk_reads_the_sources_and_changes_nothing() {
    let home = with_feed("");
    let mut session = open(home.path(), &["--kiosk"], 80, 24);
    session.press("vs");
    session.expect("Harbour Wire");
    for keys in ["jcp", "cD", "t", "d"] {
        session.press(keys);
        session.expect("sources cannot be changed here");
        session.press("j");
    }
    session.press("vl");
    session.expect("Quay repaired");
    for keys in ["|", "w"] {
        session.press(keys);
        session.expect("this is a kiosk");
        session.press("j");
        session.expect_gone("this is a kiosk");
    }
    session.press("Q");
    assert_eq!(session.end().code, 0);
    assert!(run(home.path(), &["sources"]).contains("Harbour Wire"));
}

#[test]
fn an_article_is_given_to_a_command_and_saved_to_a_file() {
    let home = with_feed("");
    let mut session = open(home.path(), &[], 80, 24);
    session.press("/quay\r");
    session.expect("1/1 [quay*]");
    session.press("|");
    session.expect("pipe text | ");
    session.press("head -c 13 | tr a-z A-Z\r");
    session.expect("QUAY REPAIRED");
    session.press("q");
    session.press("|");
    session.press("\u{15}\t\t\t");
    session.expect("pipe json | ");
    session.press("cut -c1-5\r");
    session.expect("{\"id\"");
    session.press("q|\u{15}!cat > given.txt; echo given\r");
    session.expect("[Enter goes back to dateline]");
    session.press("\r");
    session.expect("is done");
    let given = std::fs::read_to_string(home.path().join("given.txt")).expect("it was given");
    assert!(given.contains("Norway repaired a quay."), "{given}");
    session.press("w");
    session.expect("save to: quay-repaired.md");
    session.press("\u{15}out.html\r");
    session.expect("saved as html");
    let html = std::fs::read_to_string(home.path().join("out.html")).expect("it was saved");
    assert!(html.contains("<h1>Quay repaired</h1>"), "{html}");
    std::fs::write(home.path().join("out.html"), "mine").expect("a file");
    session.press("w\u{15}out.html\r");
    session.expect("replace?");
    session.press("n");
    session.expect_gone("replace?");
    assert_eq!(std::fs::read_to_string(home.path().join("out.html")).expect("a file"), "mine");
    session.press("w\u{15}out.html\r");
    session.expect("replace?");
    session.press("y");
    session.expect("saved as html");
    session.press("w\u{15}out.h");
    session.expect("Tab out.html");
    session.press("\t");
    session.expect("save to: out.html");
    session.press("\u{7}");
    session.press("Q");
    assert_eq!(session.end().code, 0);
}

#[test]
fn a_key_of_ones_own_performs_several_actions_and_the_help_lists_it() {
    let home = with_feed("[keys]\n\"B\" = [\"star\", \"tag later\", \"mark-read\", \"next\"]\n");
    let mut session = open(home.path(), &[], 80, 24);
    session.press("B");
    session.expect("2/3");
    session.press("?");
    session.press("later");
    session.expect("tag later");
    session.press("\u{1b}\u{1b}");
    session.press("Q");
    assert_eq!(session.end().code, 0);
    assert_eq!(run(home.path(), &["list", "is:starred", "is:read", "#later"]).lines().count(), 1);
}

#[test]
fn a_deleted_article_is_gone_until_it_is_undone_and_a_filter_becomes_a_rule() {
    let home = with_feed("measure = 70 # mine\n");
    let mut session = open(home.path(), &[], 80, 24);
    session.press("/quay\r");
    session.expect("1/1 [quay*]");
    session.press("d");
    session.expect("deleted");
    eventually(|| run(home.path(), &["list", "quay"]).is_empty());
    session.press("U");
    session.expect("undone");
    eventually(|| run(home.path(), &["list", "quay"]).lines().count() == 1);
    session.press("fR");
    session.expect("What the rule does");
    session.press("hide\r");
    session.expect("name of the rule: ");
    session.press("quays\r");
    session.expect("rule quays");
    eventually(|| {
        let path = home.path().join(".config/dateline/config.toml");
        std::fs::read_to_string(path)
            .is_ok_and(|text| text.starts_with("measure = 70 # mine\n") && text.contains("hide = true"))
    });
    session.press("U");
    session.expect("undone: rule quays");
    session.press("Q");
    assert_eq!(session.end().code, 0);
    let text = std::fs::read_to_string(home.path().join(".config/dateline/config.toml")).expect("a file");
    assert_eq!(text, "measure = 70 # mine\n");
}
