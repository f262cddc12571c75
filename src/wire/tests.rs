//! Tests of whole rounds against a real server in this process, with a clock that the tests set.
//!
//! The file has over 500 lines because all tests share one server and its answers.

mod rules;

use super::rules::Rules;
use super::*;
use crate::config::Config;
use crate::fetch::tests::{Server, ok};
use crate::formats::opml::Subscription;
use crate::library::Cancel;
use crate::library::sources::{FullText, Reason, Source, Wishes};
use crate::listing::{Marking, Stored};
use crate::query::{Query, Target};
use chrono::TimeDelta;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex};
use tempfile::TempDir;

/// A library, a wire that stores into it, and the current time of the test.
struct Desk {
    _folder: TempDir,
    wire: Wire,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Desk {
    fn new() -> Desk {
        Desk::with("")
    }

    /// Creates a desk with this config file.
    fn with(config: &str) -> Desk {
        let folder = TempDir::new().expect("a folder");
        let now = Arc::new(Mutex::new(DateTime::from_timestamp(1_767_000_000, 0).expect("a time")));
        let clock = Arc::clone(&now);
        let limits = Limits {
            bytes: 100_000,
            redirects: 3,
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(10),
        };
        let (config, faults) = Config::read(config);
        assert_eq!(faults, []);
        let rules = Rules::of(&config);
        let wire = Wire {
            library: Library::open(&folder.path().join("library.db")).expect("a library"),
            capacity: Capacity::Full,
            fetcher: Fetcher::new(limits),
            limits,
            depth: Depth::Analysis(crate::intake::InForce::default()),
            settings: Arc::new(config.sources),
            interval: Duration::from_secs(1800),
            manners: Manners { pause: Duration::ZERO, ..Manners::default() },
            max_items: 1000,
            keep: config.values.keep,
            rules,
            clock: Arc::new(move || *clock.lock().expect("a time")),
        };
        Desk { _folder: folder, wire, now }
    }

    fn later(&self, minutes: i64) {
        *self.now.lock().expect("a time") += TimeDelta::minutes(minutes);
    }

    /// Stores a source whose address the person typed, without fetching it.
    fn keep(&self, name: &str, address: &str) {
        typed::record(&self.wire.library, address).expect("it is recorded");
        self.wire.library.add_source(address, name, None, &Wishes::default()).expect("it is kept");
    }

    fn fetch(&self, wanted: &Wanted) -> Round {
        self.wire.fetch(wanted, &AtomicBool::new(false), &mut |_| {}).expect("a round")
    }

    fn all(&self) -> Round {
        self.fetch(&Wanted::All)
    }

    fn source(&self) -> Source {
        self.wire.roster().expect("a roster").into_iter().next().expect("a source").source
    }

    /// All articles that match `query`, newest first.
    fn articles(&self, query: &str) -> Vec<Stored> {
        let query = Query::parse(query, self.now.lock().expect("a time").date_naive()).0;
        let ids = self.wire.library.ids(&query, &Cancel::new()).expect("ids");
        ids.into_iter().filter_map(|id| self.wire.library.load(id).expect("an article")).collect()
    }
}

fn feed(items: &str) -> String {
    format!("<rss><channel><title>The Wire</title>{items}</channel></rss>")
}

const ONE: &str = "<item><guid>1</guid><title>Harbour opens</title><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>\
                   <description>Kari Nordmann said: \"We are ready.\"</description></item>";
const UNDATED: &str =
    "<item><guid>2</guid><title>Bridge closes</title><description>In Lima.</description></item>";

/// A server that answers with the current value of the returned text.
fn changing(text: &str) -> (Server, Arc<Mutex<String>>) {
    let text = Arc::new(Mutex::new(text.to_owned()));
    let said = Arc::clone(&text);
    let server = Server::new(move |_, stream| {
        let body = said.lock().expect("a text").clone();
        let _ = stream.write_all(&ok("", body.as_bytes()));
    });
    (server, text)
}

fn status(line: &str) -> Server {
    Server::saying(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
}

fn asked(server: &Server) -> usize {
    server.heads.lock().expect("heads").len()
}

#[test]
fn a_new_article_is_stored_once() {
    let server = Server::new(|head, stream| {
        let answer = match head.to_ascii_lowercase().contains("if-none-match: \"v1\"") {
            true => b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec(),
            false => ok("ETag: \"v1\"\r\n", feed(&format!("{ONE}{UNDATED}")).as_bytes()),
        };
        let _ = stream.write_all(&answer);
    });
    let desk = Desk::new();
    let followed = desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    assert_eq!((followed.name.as_str(), followed.progress.added.new), ("The Wire", 2));
    assert_eq!(desk.articles("by:\"Kari Nordmann\"").len(), 1);
    let round = desk.all();
    assert_eq!((round.progress.done, round.progress.as_before, round.progress.added.new), (1, 1, 0));
    assert_eq!(desk.articles("").len(), 2);
}

#[test]
fn an_item_that_changed_is_updated_and_stays_read() {
    let (server, text) = changing(&feed(ONE));
    let desk = Desk::new();
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    let id = desk.articles("")[0].id;
    desk.wire.library.mark(&Target::These(vec![id]), Marking::Read).expect("marked");
    *text.lock().expect("a text") = feed(&ONE.replace("We are ready", "We are late"));
    let round = desk.all();
    assert_eq!((round.progress.added.new, round.progress.added.updated), (0, 1));
    let articles = desk.articles("");
    assert_eq!((articles.len(), articles[0].id, articles[0].read), (1, id, true));
    assert!(articles[0].article.body.contains("We are late"));
}

/// The server sends no validators, and each of its answers differs in some way.
#[test]
fn unchanged_items_are_skipped() {
    let (server, text) = changing(&feed(ONE));
    let desk = Desk::new();
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    let again = |items: &str| {
        *text.lock().expect("a text") = feed(&format!("<lastBuildDate>today</lastBuildDate>{items}"));
        desk.all().progress
    };
    let progress = again(ONE);
    assert_eq!((progress.as_before, progress.added.unchanged), (1, 1));
    let progress = again(&format!("{UNDATED}{ONE}"));
    assert_eq!((progress.as_before, progress.added.new, progress.added.unchanged), (0, 1, 1));
    let changed = ONE.replace("We are ready", "We are late");
    let progress = again(&format!("{UNDATED}{changed}"));
    assert_eq!((progress.added.new, progress.added.updated, progress.added.unchanged), (0, 1, 1));
    assert_eq!(desk.articles("late").len(), 1);
}

/// Each answer produces the warning, not only the first one.
#[test]
fn an_item_with_a_warning_is_read_again() {
    let (server, _) = changing(&feed(&UNDATED.replace("</item>", "<pubDate>some day</pubDate></item>")));
    let desk = Desk::new();
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    desk.all();
    assert!(desk.source().standing.warning.is_some_and(|warning| warning.contains("some day")));
    assert!(desk.source().standing.seen.is_empty());
}

#[test]
fn articles_that_were_too_old_are_stored_once_the_limit_is_raised() {
    let (server, _) = changing(&feed(ONE));
    let desk = Desk::new();
    *desk.now.lock().expect("a time") = DateTime::from_timestamp(1_777_700_000, 0).expect("May 2026");
    let keep_for = Some(Duration::from_secs(24 * 3600));
    let wish = Wish { wishes: Wishes { keep_for, ..Wishes::default() }, ..Wish::default() };
    desk.wire.follow(&server.url, &wish).expect("followed");
    desk.all();
    assert_eq!(desk.articles("").len(), 0);
    desk.wire.library.change_source(desk.source().id, &Wishes::default()).expect("changed");
    desk.all();
    assert_eq!(desk.articles("").len(), 1);
}

#[test]
fn an_item_without_a_date_keeps_the_one_it_was_first_seen_with() {
    let (server, _) = changing(&feed(UNDATED));
    let desk = Desk::new();
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    let first = desk.articles("")[0].article.published;
    desk.later(600);
    assert_eq!(desk.all().progress.added.updated, 0);
    assert_eq!(desk.articles("")[0].article.published, first);
}

#[test]
fn a_request_to_slow_down_is_followed_and_reported() {
    let server = Server::saying("HTTP/1.1 429 Too Many\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
    let desk = Desk::new();
    desk.keep("Wire", &server.url);
    let round = desk.all();
    assert!(round.failed());
    assert_eq!(round.progress.failures[0].reason, "the server asked us to slow down (429)");
    desk.later(59);
    let round = desk.fetch(&Wanted::Named(vec!["wire".to_owned()]));
    assert_eq!((round.progress.total, round.held[0].1.reason), (0, Reason::Busy));
    assert_eq!(asked(&server), 1);
    desk.later(8);
    assert_eq!(desk.all().progress.total, 1);
    assert_eq!(asked(&server), 2);
}

#[test]
fn a_host_that_asks_us_to_slow_down_gets_no_requests_for_its_other_sources() {
    let server = status("503 Unavailable");
    let mut desk = Desk::new();
    desk.wire.manners.per_host = 1;
    for path in ["a", "b", "c"] {
        desk.keep(path, &format!("{}/{path}", server.url));
    }
    let round = desk.all();
    assert_eq!((round.progress.failures.len(), asked(&server)), (3, 1));
    assert!(round.progress.failures.iter().all(|failure| failure.next.is_some()));
}

#[test]
fn the_wait_grows_with_each_failure_until_a_fetch_succeeds() {
    let broken = Arc::new(AtomicBool::new(true));
    let state = Arc::clone(&broken);
    let server = Server::new(move |_, stream| {
        let answer = match state.load(Ordering::Relaxed) {
            true => b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
            false => ok("", feed(ONE).as_bytes()),
        };
        let _ = stream.write_all(&answer);
    });
    let desk = Desk::new();
    desk.keep("Wire", &server.url);
    assert!(desk.all().failed());
    assert_eq!(desk.all().held[0].1.reason, Reason::Failure);
    assert!(desk.fetch(&Wanted::Every).failed());
    assert_eq!(desk.source().standing.failures, 2);
    broken.store(false, Ordering::Relaxed);
    desk.later(15);
    assert_eq!(desk.all().progress.added.new, 1);
    assert_eq!((desk.source().standing.failures, desk.source().standing.error), (0, None));
}

#[test]
fn a_permanent_redirect_is_remembered() {
    let server = Server::new(|head, stream| {
        let answer = match head.starts_with("GET /new") {
            true => ok("", feed(ONE).as_bytes()),
            false => {
                b"HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .to_vec()
            }
        };
        let _ = stream.write_all(&answer);
    });
    let desk = Desk::new();
    let old = format!("{}/old", server.url);
    desk.keep("Wire", &old);
    desk.all();
    let source = desk.source();
    assert_eq!(
        (source.address, source.standing.moved_from),
        (format!("{}/new", server.url), Some(old.clone()))
    );
    desk.all();
    assert_eq!(asked(&server), 3);
    assert_eq!(desk.wire.follow(&old, &Wish::default()).expect("known").before, Before::Known);
}

#[test]
fn a_removed_source_is_not_fetched_again() {
    let server = status("410 Gone");
    let desk = Desk::new();
    desk.keep("Wire", &server.url);
    assert_eq!(desk.all().progress.failures[0].next, None);
    desk.later(100_000);
    assert_eq!((desk.all().gone, desk.fetch(&Wanted::Due).gone, asked(&server)), (1, 1, 1));
}

#[test]
fn a_fresh_source_is_not_fetched() {
    let server = Server::saying(ok("Cache-Control: max-age=3600\r\n", feed(ONE).as_bytes()));
    let desk = Desk::new();
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    assert_eq!(desk.all().held[0].1.reason, Reason::Fresh);
    desk.later(61);
    assert_eq!(desk.all().progress.done, 1);
}

#[test]
fn a_failure_does_not_affect_other_sources() {
    let good = Server::saying(ok("", feed(ONE).as_bytes()));
    let bad = status("404 Not Found");
    let page = Server::saying(ok("", b"<html><body>Nothing here</body></html>"));
    let desk = Desk::new();
    desk.keep("Good", &good.url);
    desk.keep("Bad", &bad.url);
    desk.keep("Page", &page.url);
    let mut round = desk.all();
    assert!(!round.failed());
    round.progress.failures.sort_by(|a, b| a.name.cmp(&b.name));
    let told: Vec<String> = round
        .progress
        .failures
        .iter()
        .map(|failure| format!("{}: {}", failure.name, failure.reason))
        .collect();
    assert_eq!(
        told,
        [
            "Bad: the server answered 404 Not Found; check the address, or look for the feed on the site",
            "Page: not a feed: the content is a web page; check the address",
        ]
    );
    assert_eq!(round.progress.added.new, 1);
}

#[test]
fn a_page_leads_to_its_feed() {
    let server = Server::new(|head, stream| {
        let page = "<!doctype html><head><link rel=alternate type=application/rss+xml href=/comments.xml title=Comments>\
                    <link rel=alternate type=application/rss+xml href=/feed.xml>\
                    <link rel=alternate type=application/atom+xml href=/more.xml title=More></head>";
        let body = if head.starts_with("GET /feed.xml") { feed(ONE) } else { page.to_owned() };
        let _ = stream.write_all(&ok("", body.as_bytes()));
    });
    let desk = Desk::new();
    let followed = desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    assert_eq!(followed.address, format!("{}/feed.xml", server.url));
    assert_eq!(
        followed.others.iter().map(|offer| offer.title.as_deref()).collect::<Vec<_>>(),
        [Some("More")]
    );
}

#[test]
fn an_address_that_cannot_be_fetched_is_not_stored() {
    let desk = Desk::new();
    for address in
        [status("404 Not Found").url, "gopher://a.test/".to_owned(), "http://u:secret@a.test/".to_owned()]
    {
        let error = desk.wire.follow(&address, &Wish::default()).expect_err("refused").to_string();
        assert!(!error.contains("secret"), "{error}");
    }
    assert_eq!(desk.wire.roster().expect("a roster"), []);
}

#[test]
fn a_list_adds_only_network_sources() {
    let desk = Desk::new();
    let subscription = |url: &str| Subscription {
        url: url.to_owned(),
        tags: vec!["world".to_owned()],
        ..Subscription::default()
    };
    let list =
        ["https://a.test/f", "file:///etc/passwd", "exec:touch x", "https://u:p@b.test/"].map(subscription);
    let imported = desk.wire.import(&list, &Wish::default()).expect("imported");
    assert_eq!(imported.new, ["https://a.test/f"]);
    assert_eq!(imported.refused, ["file:///etc/passwd", "exec:touch x", "https://u@b.test/"]);
    assert_eq!(desk.source().wishes.tags, ["world"]);
    assert_eq!(desk.wire.import(&list, &Wish::default()).expect("imported").known, 1);
}

#[test]
fn new_articles_get_the_tags_of_their_source_without_an_undo_step() {
    let server = Server::saying(ok("", feed(ONE).as_bytes()));
    let desk = Desk::new();
    let wish =
        Wish { wishes: Wishes { tags: vec!["world".to_owned()], ..Wishes::default() }, ..Wish::default() };
    desk.wire.follow(&server.url, &wish).expect("followed");
    assert_eq!(desk.articles("tag:world").len(), 1);
    assert_eq!(desk.wire.library.undo().expect("asked"), None);
    let id = desk.articles("")[0].id;
    desk.wire.library.mark(&Target::These(vec![id]), Marking::Untag("world".to_owned())).expect("untagged");
    desk.fetch(&Wanted::Every);
    assert_eq!(desk.articles("tag:world").len(), 0);
}

#[test]
fn renaming_a_source_renames_it_in_all_its_articles() {
    let (server, text) = changing(&feed(ONE));
    let desk = Desk::new();
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    let id = desk.articles("")[0].id;
    roster::rename(&desk.wire.library, &desk.source(), "Harbour News").expect("renamed");
    let articles = desk.articles("source:\"Harbour News\"");
    assert_eq!((articles.len(), articles[0].id), (1, id));
    *text.lock().expect("a text") = feed(&format!("{ONE}{UNDATED}"));
    assert_eq!(desk.all().progress.added.new, 1);
    assert_eq!(desk.articles("source:\"Harbour News\"").len(), 2);
    assert_eq!(desk.articles("source:Wire").len(), 0);
}

#[test]
fn old_articles_are_deleted_unless_they_are_starred() {
    let third = ONE.replace("<guid>1", "<guid>3").replace("Harbour opens", "Ferry sails");
    let (server, _) = changing(&feed(&format!("{ONE}{third}")));
    let desk = Desk::new();
    *desk.now.lock().expect("a time") = DateTime::from_timestamp(1_767_700_000, 0).expect("January 2026");
    let keep_for = Some(Duration::from_secs(30 * 24 * 3600));
    let wish = Wish { wishes: Wishes { keep_for, ..Wishes::default() }, ..Wish::default() };
    desk.wire.follow(&server.url, &wish).expect("followed");
    let starred = desk.articles("ferry")[0].id;
    desk.wire.library.mark(&Target::These(vec![starred]), Marking::Star).expect("starred");
    desk.later(31 * 24 * 60);
    desk.all();
    assert_eq!(desk.articles("").iter().map(|stored| stored.id).collect::<Vec<_>>(), [starred]);
    assert_eq!(desk.wire.library.facets(&Query::everything(), &Cancel::new()).expect("facets").total, 1);
}

#[test]
fn two_processes_never_fetch_the_same_source_at_once() {
    let (arrived, at_server) = channel();
    let (go, wait) = channel::<()>();
    let (arrived, wait) = (Mutex::new(arrived), Mutex::new(wait));
    let server = Server::new(move |_, stream| {
        arrived.lock().expect("a line").send(()).expect("somebody waits");
        wait.lock().expect("a line").recv().expect("the word");
        let _ = stream.write_all(&ok("", feed(ONE).as_bytes()));
    });
    let desk = Desk::new();
    desk.keep("Wire", &server.url);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| desk.all());
        at_server.recv().expect("a request");
        let second = desk.all();
        assert_eq!((second.elsewhere, second.progress.total), (1, 0));
        go.send(()).expect("the server waits");
        assert_eq!(first.join().expect("a round").progress.added.new, 1);
    });
}

#[test]
fn at_most_two_requests_run_at_one_host() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (running, peak) = (Arc::clone(&now), Arc::clone(&most));
    let server = Server::new(move |_, stream| {
        peak.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        running.fetch_sub(1, Ordering::SeqCst);
        let _ = stream.write_all(&ok("", feed(ONE).as_bytes()));
    });
    let desk = Desk::new();
    for number in 0..12 {
        desk.keep(&format!("S{number}"), &format!("{}/{number}", server.url));
    }
    assert_eq!(desk.all().progress.done, 12);
    assert!(most.load(Ordering::SeqCst) <= 2);
}

/// Each request waits until the maximum number of requests is running. The test fails if fewer or more run at once.
#[test]
fn exactly_the_allowed_number_of_requests_runs_at_once() {
    struct Gate {
        running: usize,
        peak: usize,
    }
    let gate = Arc::new((Mutex::new(Gate { running: 0, peak: 0 }), Condvar::new()));
    let inside = Arc::clone(&gate);
    let server = Server::new(move |_, stream| {
        let (state, news) = &*inside;
        let mut state = state.lock().expect("a gate");
        state.running += 1;
        state.peak = state.peak.max(state.running);
        news.notify_all();
        let mut state = news.wait_while(state, |gate| gate.peak < 32).expect("a gate");
        state.running -= 1;
        drop(state);
        let _ = stream.write_all(&ok("", feed(ONE).as_bytes()));
    });
    let mut desk = Desk::new();
    assert_eq!(Manners::default().at_once, 32);
    desk.wire.manners = Manners { per_host: 64, ..desk.wire.manners };
    for number in 0..40 {
        desk.keep(&format!("S{number}"), &format!("{}/{number}", server.url));
    }
    assert_eq!(desk.all().progress.done, 40);
    assert_eq!(gate.0.lock().expect("a gate").peak, 32);
}

#[test]
fn a_command_is_run_from_the_config_file_only() {
    let desk = Desk::with(&format!("[[source]]\nname = \"Made\"\ncommand = [\"echo\", {:?}]\n", feed(ONE)));
    assert_eq!(desk.all().progress.added.new, 1);
    assert_eq!(desk.articles("source:Made").len(), 1);
    // The library still has the source, but the config file does not.
    let stranger = Wire { settings: Arc::default(), ..desk.wire.clone() };
    let round = stranger.fetch(&Wanted::Every, &AtomicBool::new(false), &mut |_| {}).expect("a round");
    assert_eq!(
        round.progress.failures[0].reason,
        "its command is no longer in the config file; write it there again, or remove the source"
    );
}

#[test]
fn headers_and_logins_come_from_the_config_file_and_are_not_stored() {
    let server = Server::saying(ok("", feed(ONE).as_bytes()));
    let desk = Desk::with(&format!(
        "[[source]]\nurl = \"{}\"\nlogin-command = [\"echo\", \"ann:secret\"]\nheaders = {{ \"X-Reader\" = \"yes\" }}\n",
        server.url
    ));
    assert_eq!(desk.all().progress.added.new, 1);
    let head = server.head();
    assert!(
        head.contains("authorization: basic yw5uonnly3jlda==") && head.contains("x-reader: yes"),
        "{head}"
    );
    let file = std::fs::read(desk._folder.path().join("library.db")).expect("a library");
    assert!(!file.windows(6).any(|window| window == b"secret"));
}

#[test]
fn a_file_is_read_when_it_has_changed() {
    let desk = Desk::new();
    let path = desk._folder.path().join("feed.xml");
    std::fs::write(&path, feed(ONE)).expect("a file");
    let address = url::Url::from_file_path(&path).expect("an address").to_string();
    desk.wire.follow(&address, &Wish::default()).expect("followed");
    assert_eq!(desk.all().progress.as_before, 1);
    std::fs::write(&path, feed(&format!("{ONE}{UNDATED}"))).expect("a file");
    assert_eq!(desk.all().progress.added.new, 1);
}

#[test]
fn a_server_cannot_redirect_to_a_file() {
    let server =
        Server::saying("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    let desk = Desk::new();
    desk.keep("Wire", &server.url);
    let reason = &desk.all().progress.failures[0].reason;
    assert_eq!(
        reason,
        "refused to follow a redirect: only http and https are followed (file:///etc/passwd); check the address in a browser"
    );
}

#[test]
fn the_readable_part_of_a_broken_feed_is_read_with_a_warning() {
    let broken = "<rss><channel><title>B &nbsp; &undeclared; w</title><item><title>A <b>bold</b> claim</title>\
                  <pubDate>the day after tomorrow</pubDate><description>Text &hellip;</description></item>\
                  <item><title>Cut o";
    let server = Server::saying(ok("", broken.as_bytes()));
    let desk = Desk::new();
    let followed = desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    assert_eq!(followed.progress.added.new, 2);
    assert!(desk.source().standing.warning.is_some_and(|warning| warning.contains("the day after tomorrow")));
}

#[test]
fn a_round_that_is_stopped_releases_its_claims() {
    let server = Server::saying(ok("", feed(ONE).as_bytes()));
    let desk = Desk::new();
    desk.keep("Wire", &server.url);
    let stopped = AtomicBool::new(true);
    desk.wire.fetch(&Wanted::All, &stopped, &mut |_| {}).expect("a round");
    // The claims of the stopped round were released.
    assert_eq!(desk.all().elsewhere, 0);
    assert_eq!(desk.articles("").len(), 1);
}

#[test]
fn the_text_comes_from_the_web_page_if_the_setting_asks_for_it() {
    let site = Arc::new(Mutex::new(String::new()));
    let own = Arc::clone(&site);
    let server = Server::new(move |head, stream| {
        let site = own.lock().expect("an address").clone();
        let item = |number: u32| {
            format!(
                "<item><guid>{number}</guid><title>Harbour {number}</title><link>{site}/{number}</link><description>In short.</description></item>"
            )
        };
        let story =
            "<p>The harbour of Bergen was opened on Monday, after years of work, by those who built it.</p>"
                .repeat(12);
        let answer = match head {
            head if head.starts_with("GET /1") => ok(
                "Content-Type: text/html\r\n",
                format!(
                    "<!doctype html><html><body><article><h1>Harbour</h1>{story}</article></body></html>"
                )
                .as_bytes(),
            ),
            head if head.starts_with("GET /2") => {
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()
            }
            _ => ok("", feed(&format!("{}{}", item(1), item(2))).as_bytes()),
        };
        let _ = stream.write_all(&answer);
    });
    site.lock().expect("an address").clone_from(&server.url);
    let desk = Desk::new();
    let wish = Wish { wishes: Wishes { text: FullText::FromPage, ..Wishes::default() }, ..Wish::default() };
    let followed = desk.wire.follow(&server.url, &wish).expect("followed");
    assert_eq!(followed.progress.pages, Pages { total: 2, done: 2, failed: 1, left_out: 0 });
    assert_eq!((desk.articles("bergen").len(), desk.articles("short").len()), (1, 1));
    // The feed delivers the same items again, so nothing changes.
    assert_eq!(desk.fetch(&Wanted::Every).progress.added.updated, 0);
    assert_eq!(desk.articles("bergen").len(), 1);
}

/// The login, the token and the headers of the config file stay with the origin that it names, also after the source
/// has moved for good, and the source says that they have to be confirmed.
#[test]
fn secrets_do_not_follow_a_source_that_moves_to_another_origin() {
    for (status, moves) in [(301, true), (302, false), (303, false), (307, false), (308, true)] {
        let new = Server::saying(ok("", feed(ONE).as_bytes()));
        let to = new.url.clone();
        let old = Server::saying(format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {to}/feed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        let entry = |url: &str| {
            format!(
                "[[source]]\nurl = \"{url}\"\nlogin-command = [\"echo\", \"ann:secret\"]\nheaders = {{ \"X-Reader\" = \"yes\" }}\n"
            )
        };
        let mut desk = Desk::with(&entry(&old.url));
        desk.wire.fetcher = desk.wire.fetcher.clone().allowing(crate::fetch::tests::this_machine());
        for _ in 0..3 {
            let round = desk.fetch(&Wanted::Every);
            assert_eq!(round.progress.failures, []);
            let told = round
                .progress
                .notes
                .iter()
                .any(|warning| warning.message.contains("its login must be confirmed"));
            assert_eq!(told, moves, "{status}");
        }
        let heads = |server: &Server| server.heads.lock().expect("heads").join("\n").to_ascii_lowercase();
        assert!(heads(&old).contains("authorization: basic") && heads(&old).contains("x-reader"));
        assert!(
            !heads(&new).contains("authorization") && !heads(&new).contains("x-reader"),
            "{}",
            heads(&new)
        );
        let listed = desk.wire.roster().expect("a roster").remove(0);
        let stands = told::stands(&listed, *desk.now.lock().expect("a time"));
        assert_eq!(stands.contains(&format!("set url = \"{}/feed\"", new.url)), moves, "{stands}");
        if moves {
            // The person confirms the new address.
            desk.wire.settings = Arc::new(Config::read(&entry(&format!("{}/feed", new.url))).0.sources);
            desk.fetch(&Wanted::Every);
            assert!(heads(&new).contains("authorization: basic") && heads(&new).contains("x-reader"));
            assert_eq!(desk.wire.roster().expect("a roster").len(), 1);
            assert_eq!(desk.wire.roster().expect("a roster")[0].unconfirmed(), None);
        }
    }
}

#[test]
fn a_login_in_an_address_does_not_follow_a_source_that_moves() {
    let new = Server::saying(ok("", feed(ONE).as_bytes()));
    let to = new.url.clone();
    let old = Server::saying(format!(
        "HTTP/1.1 301 Moved\r\nLocation: {to}/feed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ));
    let address = old.url.replace("http://", "http://ann:secret@");
    let mut desk = Desk::with(&format!("[[source]]\nurl = \"{address}\"\n"));
    desk.wire.fetcher = desk.wire.fetcher.clone().allowing(crate::fetch::tests::this_machine());
    for _ in 0..2 {
        assert_eq!(desk.fetch(&Wanted::Every).progress.failures, []);
    }
    let heads = |server: &Server| server.heads.lock().expect("heads").join("").to_ascii_lowercase();
    assert!(heads(&old).contains("authorization: basic") && !heads(&new).contains("authorization"));
    let told = desk.wire.roster().expect("a roster")[0].unconfirmed().expect("told");
    assert!(told.contains("its login must be confirmed") && !told.contains("secret"), "{told}");
}

#[test]
fn a_source_that_moved_away_does_not_move_back_to_be_asked_with_the_login() {
    let site = Arc::new(Mutex::new(String::new()));
    let back = Arc::clone(&site);
    let away = Server::new(move |_, stream| {
        let to = back.lock().expect("an address").clone();
        let answer = format!(
            "HTTP/1.1 301 Moved\r\nLocation: {to}/delete-everything\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let _ = stream.write_all(answer.as_bytes());
    });
    let home = Server::saying(ok("", feed(ONE).as_bytes()));
    site.lock().expect("an address").clone_from(&home.url);
    let named = format!("{}/members", home.url);
    let mut desk =
        Desk::with(&format!("[[source]]\nurl = \"{named}\"\nlogin-command = [\"echo\", \"ann:secret\"]\n"));
    desk.wire.fetcher = desk.wire.fetcher.clone().allowing(crate::fetch::tests::this_machine());
    let mut source = desk.source();
    source.standing.moved_from = Some(named);
    desk.wire.library.record_standings(&[(source.id, source.standing.clone())]).expect("recorded");
    desk.wire.library.move_source(source.id, &format!("{}/feed", away.url)).expect("moved");
    for _ in 0..3 {
        desk.fetch(&Wanted::Every);
    }
    assert_eq!(desk.source().address, format!("{}/feed", away.url));
    assert!(
        asked(&home) > 0
            && !home.heads.lock().expect("heads").join("").to_ascii_lowercase().contains("authorization")
    );
}

#[test]
fn a_login_that_is_missing_after_a_move_is_explained() {
    let new = Server::saying("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let mut desk = Desk::with("[[source]]\nurl = \"https://a.test/f\"\ntoken-env = \"NO_SUCH_VARIABLE\"\n");
    desk.wire.fetcher = desk.wire.fetcher.clone().allowing(crate::fetch::tests::this_machine());
    let mut source = desk.source();
    source.standing.moved_from = Some(source.address.clone());
    desk.wire.library.record_standings(&[(source.id, source.standing.clone())]).expect("recorded");
    desk.wire.library.move_source(source.id, &new.url).expect("moved");
    // The token is not even looked for, because it is not sent.
    let reason = desk.all().progress.failures[0].reason.clone();
    assert!(reason.starts_with("the server requires a login (401): its token must be confirmed"), "{reason}");
}

#[test]
fn what_a_list_or_a_page_names_does_not_lead_into_a_private_network() {
    let inner = Server::saying(ok("", feed(ONE).as_bytes()));
    let desk = Desk::new();
    let list = [Subscription { url: inner.url.clone(), ..Subscription::default() }];
    desk.wire.import(&list, &Wish::default()).expect("imported");
    let round = desk.fetch(&Wanted::Every);
    assert!(round.progress.failures[0].reason.contains("allow it with allow-private"), "{round:?}");
    assert_eq!(asked(&inner), 0);
    // Then the person types it.
    let followed = desk.wire.follow(&inner.url, &Wish::default()).expect("followed");
    assert_eq!((followed.before, followed.progress.added.new), (Before::Known, 1));
    assert_eq!(desk.fetch(&Wanted::Every).progress.failures, []);

    // A page that the person typed names another server on this machine, and a file.
    let secret = Server::saying(ok("", feed(ONE).as_bytes()));
    for href in [format!("{}/feed", secret.url), "file:///etc/passwd".to_owned()] {
        let page =
            format!("<!doctype html><head><link rel=alternate type=application/rss+xml href={href}></head>");
        let site = Server::saying(ok("", page.as_bytes()));
        let desk = Desk::new();
        desk.wire.follow(&site.url, &Wish::default()).expect_err("refused");
        assert_eq!((asked(&secret), desk.wire.roster().expect("a roster").len()), (0, 0));
        let mut desk = Desk::new();
        desk.wire.fetcher = desk.wire.fetcher.clone().allowing(crate::fetch::tests::this_machine());
        assert_eq!(desk.wire.follow(&site.url, &Wish::default()).is_ok(), href.starts_with("http"));
        secret.heads.lock().expect("heads").clear();
    }
}

#[test]
fn the_config_file_may_name_a_source_in_a_private_network() {
    let server = Server::saying(ok("", feed(ONE).as_bytes()));
    let desk = Desk::with(&format!("[[source]]\nurl = \"{}\"\n", server.url));
    for _ in 0..2 {
        assert_eq!(desk.fetch(&Wanted::Every).progress.failures, []);
    }
    assert_eq!(desk.articles("").len(), 1);
}

/// A feed of `count` items, which begins with the newest.
fn long_feed(count: usize) -> Vec<u8> {
    let items: String = (0..count).map(|n| format!("<item><title>t{n}</title></item>")).collect();
    ok("", format!("<rss><channel><title>Long</title>{items}</channel></rss>").as_bytes())
}

#[test]
fn a_feed_with_too_many_items_says_what_is_left_out() {
    let desk = Desk::new();
    let server = Server::saying(long_feed(1500));
    desk.keep("Long", &server.url);
    for new in [1000, 0] {
        let round = desk.all();
        assert_eq!((round.progress.added.new, round.progress.left_out), (new, 500));
        let note = "left out 500 older items; at most 1000 of a feed are read (max-items)";
        assert_eq!(round.progress.notes, [Warning::new("Long", None, note)]);
        assert_eq!(desk.source().standing.warning.as_deref(), Some(note));
        assert!(told::summary(&round).contains("500 older items left out"), "{}", told::summary(&round));
        desk.later(60);
    }
}

/// A feed cannot make the reader ask another server for thousands of pages at once.
#[test]
fn the_pages_of_a_source_are_limited() {
    let desk = Desk::new();
    let items: String = (0..pages::AT_ONCE + 3)
        .map(|n| format!("<item><title>t{n}</title><link>http://127.0.0.1:1/{n}</link></item>"))
        .collect();
    let server = Server::saying(ok("", format!("<rss><channel>{items}</channel></rss>").as_bytes()));
    let wishes = Wishes { text: FullText::FromPage, ..Wishes::default() };
    typed::record(&desk.wire.library, &server.url).expect("it is recorded");
    desk.wire.library.add_source(&server.url, "Links", None, &wishes).expect("it is kept");
    let all = pages::AT_ONCE as u64;
    let round = desk.all();
    assert_eq!(round.progress.pages, Pages { total: all, done: all, failed: all, left_out: 3 });
}
