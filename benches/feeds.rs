//! 100 feeds with 100 articles each, from a server in this process: `dateline` fetches, parses, analyses and
//! stores them, beside newsboat's reload of the same feeds, where that is on the path. Then both once more,
//! where nothing is new and the server says so.
//!
//! `cargo bench --bench feeds`; `DATELINE_CORPORA=FOLDER` makes the articles of real ones.

mod press;

use press::Press;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const FEEDS: usize = 100;
const ARTICLES: usize = 100;
/// Runs of each, one after the other; the median counts.
const RUNS: usize = 3;

fn main() {
    let feeds = feeds();
    let bytes: usize = feeds.iter().map(String::len).sum();
    let address = serve(Arc::new(feeds));
    println!("{FEEDS} feeds with {ARTICLES} articles, {:.1} MB", bytes as f64 / 1e6);
    let newsboat = Command::new("newsboat").arg("-v").stdout(Stdio::null()).status().is_ok();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(dateline(&address));
        if newsboat {
            theirs.push(reload(&address));
        }
    }
    let ours = [median(&ours, |run| run.0), median(&ours, |run| run.1)];
    tell("dateline, with the analysis", ours);
    if newsboat {
        let theirs = [median(&theirs, |run| run.0), median(&theirs, |run| run.1)];
        tell("newsboat", theirs);
        println!("newsboat takes {:.1} times as long", theirs[0].as_secs_f64() / ours[0].as_secs_f64());
    }
}

fn tell(who: &str, [first, second]: [Duration; 2]) {
    let (first, second) = (first.as_secs_f64(), second.as_secs_f64());
    println!("{who}: {first:.2} s, where nothing is new {second:.2} s");
}

fn median(runs: &[(Duration, Duration)], of: impl Fn(&(Duration, Duration)) -> Duration) -> Duration {
    let mut times: Vec<Duration> = runs.iter().map(of).collect();
    times.sort();
    times[times.len() / 2]
}

/// RSS as it is found: HTML, escaped, in the descriptions.
fn feeds() -> Vec<String> {
    let press = Press::new();
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let feed = |feed: usize| {
        let items: String = (feed * ARTICLES..(feed + 1) * ARTICLES)
            .map(|number| {
                // Two bodies: some 350 words, as an article of an agency has.
                let article = press.article(number, FEEDS * ARTICLES);
                let more = press.article(number + FEEDS * ARTICLES, FEEDS * ARTICLES).body;
                let body = format!("<p>{}</p>", format!("{}\n{more}", article.body).replace('\n', "</p><p>"));
                format!(
                    "<item><title>{}</title><link>https://news.example/{number}</link><guid>{number}</guid>\
                     <pubDate>{}</pubDate><description>{}</description></item>\n",
                    escaped(&article.title),
                    article.published.to_rfc2822(),
                    escaped(&body)
                )
            })
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>Wire {feed}</title>\
             <link>https://news.example/</link><description>News</description>\n{items}</channel></rss>"
        )
    };
    (0..FEEDS).map(feed).collect()
}

/// Serves feed N at `/N`, with an ETag; gives the server's address.
fn serve(feeds: Arc<Vec<String>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let feeds = Arc::clone(&feeds);
            std::thread::spawn(move || answer_each(&stream, &feeds));
        }
    });
    address
}

/// Answers until the other side hangs up.
fn answer_each(stream: &TcpStream, feeds: &[String]) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let Some(number) = path.trim_start_matches('/').parse::<usize>().ok() else { return };
        let mut out = stream;
        let answer = match feeds.get(number) {
            Some(_) if head.contains(&format!("\"{number}\"")) => {
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n".to_owned()
            }
            Some(feed) => format!(
                "HTTP/1.1 200 OK\r\nETag: \"{number}\"\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\n\r\n{feed}",
                feed.len()
            ),
            None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        if out.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A list of feeds into an empty library, and a fetch after it.
fn dateline(address: &str) -> (Duration, Duration) {
    let home = tempfile::TempDir::new().expect("a folder");
    let outlines: String = (0..FEEDS)
        .map(|feed| format!("<outline text=\"Wire {feed}\" xmlUrl=\"{address}/{feed}\"/>"))
        .collect();
    std::fs::write(home.path().join("list.opml"), format!("<opml><body>{outlines}</body></opml>"))
        .expect("a file");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        timed(command.args(arguments).current_dir(home.path()), home.path())
    };
    let first = run(&["add", "list.opml"]);
    let second = run(&["fetch"]);
    let list = Command::new(env!("CARGO_BIN_EXE_dateline")).args(["list"]).env("HOME", home.path()).output();
    let count = list.expect("a list").stdout.iter().filter(|byte| **byte == b'\n').count();
    assert!(count > FEEDS * ARTICLES * 8 / 10, "{count} rows");
    (first, second)
}

/// newsboat's reload into an empty cache, with as many threads as there are processors, and one after it.
fn reload(address: &str) -> (Duration, Duration) {
    let home = tempfile::TempDir::new().expect("a folder");
    let urls: String = (0..FEEDS).map(|feed| format!("{address}/{feed}\n")).collect();
    std::fs::write(home.path().join("urls"), urls).expect("a file");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::fs::write(home.path().join("config"), format!("reload-threads {threads}\nmax-items 0\n"))
        .expect("a file");
    let run = || {
        let mut command = Command::new("newsboat");
        command.args(["-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]);
        timed(command.current_dir(home.path()), home.path())
    };
    (run(), run())
}

fn timed(command: &mut Command, home: &Path) -> Duration {
    command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").env("TERM", "xterm-256color");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("it runs");
    let time = start.elapsed();
    assert!(status.success(), "{command:?}");
    time
}
