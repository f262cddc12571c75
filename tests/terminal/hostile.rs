//! Sends hostile bytes in by every way in: nothing but text may come out by any way out.

use super::home;
use super::session::{Session, command, count, program};
use std::path::Path;
use std::process::{Command, Stdio};

/// Sequences that move the cursor, set the title or the clipboard, and hide or reorder text; raw and in JSON.
const CLASSES: [&str; 12] = [
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]52;c;b3duZWQ=\u{7}",
    "\u{1b}[2J\u{1b}[31m",
    "\u{1b}P1$r\u{1b}\\",
    "\u{9b}2J",
    "\u{9d}0;owned\u{9c}",
    "\u{202e}detrever\u{202c}",
    "\u{2066}isolated\u{2069}",
    "\u{200f}\u{61c}marks",
    "\u{8}\u{8}\u{7f}\r\u{b}\u{c}",
    "\u{2028}\u{2029}\u{feff}",
    "\u{e0041}\u{e007f}",
];

/// Characters that the program must never print, except those that it generates itself.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e0fff}')
}

/// Writes hostile articles to a folder in `home`: plain text, JSON and feeds, each with a hostile file name.
fn hostile(home: &Path) {
    for (at, class) in CLASSES.iter().enumerate() {
        let name = format!("news/{at}{}.txt", class.replace('/', ""));
        let text = format!(
            "Quake {at} {class} hits\n2026-03-01\n{class}\"We {class} saw it,\" said Kari {class} Nordmann of Norway.\n"
        );
        // Some file systems do not allow such a name.
        let _ = std::fs::write(home.join(name), text);
        let json = serde_json::json!({
            "title": format!("Json {at} {class}"), "date": "2026-03-02", "source": format!("Wire {class}"),
            "author": class, "url": format!("https://example.org/{class}"),
            "body": format!("{class} \"We {class} heard it,\" said Rosa {class} Quispe of Peru."),
        });
        std::fs::write(home.join(format!("news/{at}.jsonl")), json.to_string()).expect("a file");
        let referred: String = class.chars().map(|c| format!("&#{};", u32::from(c))).collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Feed {referred}</title><item><title>Rss {at} {class}{referred}</title>\
             <author>{referred}</author><link>https://example.org/{referred}</link><pubDate>Mon, 02 Mar 2026 10:00:00 GMT\
             </pubDate><description>{referred} said {class} Ines Corvo.</description></item></channel></rss>"
        );
        std::fs::write(home.join(format!("news/{at}.xml")), feed).expect("a file");
    }
}

/// Everything that the program writes to standard output and standard error.
fn said(home: &Path, arguments: &[&str], typed: &str) -> String {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("a way in");
    // The program may end before it has read everything.
    let _ = std::io::Write::write_all(&mut input, typed.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("the program ends");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn no_command_prints_hostile_codes() {
    let home = home();
    hostile(home.path());
    let all = CLASSES.concat();
    let config = home.path().join("config.toml");
    let quoted = serde_json::to_string(&all).expect("a string").replace('\u{7f}', "\\u007f");
    std::fs::write(&config, format!("{quoted} = 1\ntheme = {quoted}\n[[saved]]\nname = {quoted}\nquery = {quoted}\n[keys]\n{quoted} = {quoted}\n"))
        .expect("a config");
    let data = home.path().join(".local/share/dateline");
    std::fs::create_dir_all(&data).expect("a folder");
    std::fs::write(data.join("names.toml"), format!("{quoted} = {{ is = {quoted} }}\n")).expect("names");
    let typed = format!("1\n/{all}\nt {all}\n{all}\nq\n");
    let config = config.to_str().expect("a path in UTF-8");
    let calls: [&[&str]; 24] = [
        &["list", "--from", "news"],
        &["list", "--json", "--from", "news"],
        &["show", "news/0.jsonl"],
        &["show", "--marks", "news/4.jsonl"],
        &["people", "--from", "news"],
        &["quotes", "--from", "news"],
        &["export", "--format", "md", "--from", "news"],
        &["export", "--format", "jsonl", "--from", "news"],
        &["analyze", "news"],
        &["--plain", "news"],
        &["list", &all, "--from", "news"],
        &["show", &all],
        &["config", "--check", "--config", config],
        &["names", "check"],
        &["names", "list"],
        &["add", "news"],
        &["mark", "quake", "--tag", &all],
        &["list"],
        &["list", "--json"],
        &["export"],
        &["export", "--format", "opml"],
        &["sources"],
        &["--plain"],
        &["doctor"],
    ];
    for arguments in calls {
        let said = said(home.path(), arguments, &typed);
        let found: Vec<char> = said.chars().filter(|c| is_forbidden(*c)).collect();
        assert!(found.is_empty(), "{arguments:?} says {found:?} in {said:?}");
    }
}

#[test]
fn no_screen_contains_hostile_codes() {
    let home = home();
    hostile(home.path());
    let mut session = Session::start(command(home.path(), &program(), &["news"]), 80, 24);
    session.expect("Quake");
    session.press("/json\r");
    session.expect("Json");
    // Goes through the list, opens an article, copies its title, lists its links, and filters by its source.
    session.press("jytu");
    session.expect("Links");
    session.press("\u{1b}");
    session.press("fs");
    session.expect("Wire");
    session.press("\u{1b}Q");
    session.end();
    let sent = String::from_utf8_lossy(&session.sent).into_owned();
    assert!(
        !sent.contains(|c| is_forbidden(c) && !matches!(c, '\u{1b}' | '\r' | '\u{8}' | '\u{7}')),
        "{sent:?}"
    );
    for code in [&b"\x1b]0;"[..], b"\x1b]2;", b"\x1b[31mred", b"b3duZWQ="] {
        assert_eq!(count(&session.sent, code), 0, "{code:?}");
    }
}
