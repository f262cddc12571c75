//! A new engine comes to an old library: the reader analyses what is stored again, behind the screen.

use super::{home, leave, program, untouched};
use crate::session::{Session, command};
use dateline::exports::annotation::Analysis;
use dateline::exports::formats::{self, Origin};
use dateline::exports::library::Library;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A library with the two articles of the home, as the engine before this one left it: it found nobody.
fn library(home: &Path) -> PathBuf {
    let path = home.join("library.db");
    let library = Library::open(&path).expect("a library");
    for (file, text) in [("bergen.txt", super::BERGEN), ("lima.txt", super::LIMA)] {
        let origin = Origin {
            path: Some(file.to_owned()),
            source: "news".to_owned(),
            time: chrono::DateTime::UNIX_EPOCH,
        };
        let (articles, _) = formats::read(text.as_bytes(), &origin);
        let analysed = articles.into_iter().map(|article| (article, Analysis::default()));
        library.add(analysed.collect()).expect("added");
    }
    library.flush();
    drop(library);
    let database = rusqlite::Connection::open(&path).expect("the library is a database");
    database
        .execute_batch("UPDATE text SET engine = engine - 1, analysis_seal = NULL")
        .expect("the engine is taken back");
    path
}

/// What a command prints.
fn printed(home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(program());
    command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").current_dir(home);
    let output = command.args(["--library", "library.db"]).args(arguments).output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn stored_articles_are_analysed_again_after_an_upgrade() {
    let home = home();
    library(home.path());
    std::fs::write(home.path().join("names.toml"), "\"Rosa Quispe\" = { is = \"org\" }\n").expect("a file");
    assert!(printed(home.path(), &["doctor"]).contains("2 of 2 articles were analysed by an older engine"));
    assert_eq!(printed(home.path(), &["people"]), "");
    let mut session = Session::start(command(home.path(), &program(), &["--library", "library.db"]), 120, 40);
    // The facets follow while the reader is open, with the correction in force.
    session.expect("Harbour opens in Bergen");
    session.wait_until("the facets name her", |session| {
        session.text().lines().any(|line| line.contains("Kari Nordmann") && line.trim_end().ends_with(" 1"))
    });
    session.wait_until("she is an organisation now", |session| {
        let text = session.text();
        let under = |heading: &str| text.find(heading).map(|at| &text[at..]);
        under("Organisations").is_some_and(|rest| rest.contains("Rosa Quispe"))
            && text.matches("Rosa Quispe").count() == 1
    });
    // And so do the filters.
    session.press("/");
    session.press("person:nordmann");
    session.expect_gone("Bridge closes near Lima");
    session.press("\r");
    session.press("fx");
    session.expect("Bridge closes near Lima");
    leave(session, &untouched());
    assert_eq!(printed(home.path(), &["people"]).trim(), "1  Kari Nordmann");
    assert_eq!(printed(home.path(), &["orgs", "peru"]).trim(), "1  Rosa Quispe");
    assert!(printed(home.path(), &["show", "2", "--marks"]).contains("[Rosa Quispe|org]"));
    assert!(printed(home.path(), &["list", "person:nordmann"]).contains("Harbour opens in Bergen"));
    assert!(!printed(home.path(), &["doctor"]).contains("older engine"));
}

#[test]
fn a_fetch_analyses_older_articles_again() {
    let home = home();
    library(home.path());
    let feed = home.path().join("feed.xml");
    let text = "<rss><channel><title>Wire</title><item><title>Ferry stops</title></item></channel></rss>";
    std::fs::write(&feed, text).expect("a file");
    printed(home.path(), &["add", &format!("file://{}", feed.display())]);
    let told = printed(home.path(), &["fetch", "--all"]);
    assert!(told.contains("2 older articles analysed again"), "{told}");
    assert!(printed(home.path(), &["people"]).contains("Kari Nordmann"));
}
