//! Tests the commands for sources with the built program, against a server in this process.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const HARBOUR: &str = "<item><guid>1</guid><title>Harbour opens</title><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>\
                       <description>\"We are ready,\" said Kari Nordmann in Oslo.</description></item>";
const BRIDGE: &str = "<item><guid>2</guid><title>Bridge closes</title><pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate>\
                      <description>Peru closed a bridge.</description></item>";

/// A server with a feed at `/feed.xml`, whose ETag is derived from its length, and a page at `/`. It records
/// the status of each answer.
struct Site {
    url: String,
    feed: Arc<Mutex<String>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Site {
    fn new(items: &str) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let feed = Arc::new(Mutex::new(rss(items)));
        let answers = Arc::new(Mutex::new(Vec::new()));
        let (said, kept) = (Arc::clone(&feed), Arc::clone(&answers));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut head = String::new();
                let mut reader = BufReader::new(&stream);
                while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
                let feed = said.lock().expect("a feed").clone();
                let (status, text) = answer(&head, &feed);
                kept.lock().expect("answers").push(status);
                let _ = (&stream).write_all(text.as_bytes());
            }
        });
        Site { url, feed, answers }
    }

    fn say(&self, items: &str) {
        *self.feed.lock().expect("a feed") = rss(items);
    }

    fn last(&self) -> Option<u16> {
        self.answers.lock().expect("answers").last().copied()
    }
}

fn rss(items: &str) -> String {
    format!("<rss version='2.0'><channel><title>The Wire</title>{items}</channel></rss>")
}

fn answer(head: &str, feed: &str) -> (u16, String) {
    let tag = format!("\"{}\"", feed.len());
    let whole = |body: &str| {
        let length = body.len();
        (
            200,
            format!(
                "HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            ),
        )
    };
    if head.starts_with("GET /feed.xml") && head.contains(&tag) {
        (304, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_owned())
    } else if head.starts_with("GET /feed.xml") {
        whole(feed)
    } else if head.starts_with("GET / ") {
        whole("<!doctype html><head><link rel=alternate type='application/rss+xml' href='feed.xml'></head>")
    } else {
        (404, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned())
    }
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    // The servers are on this machine, and lists name them.
    command.env("DATELINE_ALLOW_PRIVATE", "127.0.0.1");
    command.stdin(Stdio::null()).output().expect("the program runs")
}

/// The standard output of a command that succeeds, or the exit code and standard error of one that fails.
fn result_of(home: &Path, arguments: &[&str]) -> Result<String, (i32, String)> {
    let output = run(home, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    match output.status.code() {
        Some(0) => Ok(text(output.stdout)),
        code => Err((code.expect("an exit code"), text(output.stderr))),
    }
}

fn check(home: &Path, arguments: &[&str], expected: &str) {
    assert_eq!(result_of(home, arguments).as_deref(), Ok(expected), "{arguments:?}");
}

#[test]
fn a_feed_is_added_fetched_and_fetched_again() {
    let (home, site) = (TempDir::new().expect("a home"), Site::new(HARBOUR));
    let home = home.path();
    // Adds the feed by the address of its page.
    check(home, &["add", &site.url], &format!("The Wire: 1 new, 0 updated, from {}/feed.xml\n", site.url));
    check(home, &["fetch"], "1 source fetched: 0 new articles, 0 updated; 1 unchanged\n");
    assert_eq!(site.last(), Some(304));
    site.say(&format!("{}{BRIDGE}", HARBOUR.replace("opens", "opens at last")));
    check(home, &["fetch", "the wire"], "1 source fetched: 1 new article, 1 updated\n");
    let list = result_of(home, &["list"]).expect("a list");
    assert!(list.contains("The Wire\tBridge closes") && list.contains("Harbour opens at last"), "{list}");
    assert!(result_of(home, &["people"]).expect("people").contains("Kari Nordmann"));
    check(home, &["fetch", "--quiet"], "");
    check(
        home,
        &["sources", "set", "The Wire", "--name", "Port News", "--every", "2h"],
        "Port News: fetched every 2h, renamed from The Wire\n",
    );
    let json = result_of(home, &["sources", "--json"]).expect("sources");
    assert!(json.contains("\"name\":\"Port News\"") && json.contains("\"every\":\"2h\""), "{json}");
    assert!(result_of(home, &["list"]).expect("a list").lines().all(|line| line.contains("\tPort News\t")));
    check(home, &["fetch"], "0 sources fetched: 0 new articles, 0 updated; 1 not due\n");
    check(
        home,
        &["sources", "remove", "Port News"],
        "Port News: no longer followed; its articles are kept\n",
    );
    assert_eq!(result_of(home, &["list"]).expect("a list").lines().count(), 2);
}

#[test]
fn lists_are_imported_and_skipped_entries_are_reported() {
    let (home, site) = (TempDir::new().expect("a home"), Site::new(HARBOUR));
    let home = home.path();
    let opml = format!(
        "<opml version='2.0'><body><outline text='World'><outline text='Mine' xmlUrl='{}/feed.xml'/></outline>\
         <outline text='x' xmlUrl='exec:touch ran'/></body></opml>",
        site.url
    );
    std::fs::write(home.join("list.opml"), opml).expect("a file");
    let output = run(home, &["add", "list.opml"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said, "1 source new, 1 skipped\n1 source fetched: 1 new article, 0 updated\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("exec:touch ran"));
    assert_eq!(result_of(home, &["list", "source:Mine", "tag:World"]).expect("a list").lines().count(), 1);
    let urls = format!(
        "{}/feed.xml \"~Other\"\n\"query:Unread:unread = \\\"yes\\\"\"\n\"exec:touch ran\"\n",
        site.url
    );
    std::fs::write(home.join("urls"), urls).expect("a file");
    let output = run(home, &["add", "urls"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said, "0 sources new, 1 followed before, 1 saved search, 1 skipped\n");
    assert!(result_of(home, &["config"]).expect("a config").contains("@unread"));
    assert!(!home.join("ran").exists());
}

#[test]
fn an_exported_list_can_be_imported_again() {
    let (home, site) = (TempDir::new().expect("a home"), Site::new(HARBOUR));
    let home = home.path();
    let opml = format!(
        "<opml version='2.0'><body><outline text='A &amp; B'><outline text='Mine' xmlUrl='{0}/feed.xml' category='Sea,Harbours'/>\
         </outline><outline text='Other' xmlUrl='{0}/none.xml?a=1&amp;b=2' htmlUrl='{0}/'/></body></opml>",
        site.url
    );
    std::fs::write(home.join("list.opml"), opml).expect("a file");
    run(home, &["add", "list.opml"]);
    let out = result_of(home, &["export", "--format", "opml"]).expect("a list");
    assert!(out.contains("<outline text=\"A &amp; B\""), "{out}");
    std::fs::write(home.join("out.opml"), &out).expect("a file");
    run(home, &["add", "out.opml", "--library", "new.db"]);
    assert_eq!(result_of(home, &["export", "--format", "opml", "--library", "new.db"]).expect("a list"), out);
    let some = result_of(home, &["export", "--format", "opml", "harbour"]).expect("a list");
    assert!(some.contains("Mine") && !some.contains("Other"), "{some}");
    assert_eq!(
        result_of(home, &["export", "--format", "opml", "--from", "list.opml"]).expect_err("files").0,
        2
    );
}

#[test]
fn failures_are_reported_with_their_reason_and_the_next_attempt() {
    let (home, site) = (TempDir::new().expect("a home"), Site::new(HARBOUR));
    let home = home.path();
    let (code, complaint) =
        result_of(home, &["add", &format!("{}/none.xml", site.url)]).expect_err("no feed");
    assert_eq!(code, 1);
    assert!(complaint.contains("the server answered 404 Not Found"), "{complaint}");
    let (code, complaint) = result_of(home, &["fetch"]).expect_err("no sources");
    assert!(code == 1 && complaint.contains("there are no sources"), "{complaint}");
    std::fs::write(
        home.join("list.opml"),
        format!("<opml><body><outline text='Gone' xmlUrl='{}/x.xml'/></body></opml>", site.url),
    )
    .expect("a file");
    let output = run(home, &["add", "list.opml"]);
    // The time of day stands alone only while it belongs to today, so that shortly before midnight the
    // day stands before it.
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("404 Not Found; check the address, or look for the feed on the site; next try "),
        "{told}"
    );
    let (code, complaint) = result_of(home, &["fetch", "--all", "--quiet"]).expect_err("nothing answers");
    assert!(code == 1 && complaint.contains("1 source failed"), "{complaint}");
    assert!(result_of(home, &["fetch", "--status"]).expect("sources").contains("failed 2 times"));
    assert_eq!(result_of(home, &["fetch", "Nobody"]).expect_err("no such source").0, 1);
    assert_eq!(result_of(home, &["add", &site.url, "--every", "soon"]).expect_err("no time").0, 2);
}
