//! Fetches 100 feeds with 100 articles each from a server in this process. `dateline` fetches, parses, analyses and
//! stores them; newsboat, if it is installed, reloads the same feeds in the same run. Then the benchmark measures what
//! a reader does all day: reloading known feeds, with three new articles in each and a new date at the top, with
//! nothing new except the date, and with a server that says that nothing has changed.
//!
//! Run it with `cargo bench --bench feeds`; `DATELINE_CORPORA=FOLDER` makes the articles from real ones. Processor time
//! is read from `/proc` and is 0 where that does not exist.

mod press;

use press::Press;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const FEEDS: usize = 100;
const ARTICLES: usize = 100;
/// The number of runs; the medians are reported.
const RUNS: usize = 3;

/// The number of new articles in the second edition of a feed.
const NEW: usize = 3;

/// The cases that are measured, in the order of one run.
const CASES: [&str; 4] = [
    "first fetch",
    "again: 3 new articles in each, no validators",
    "again: another date in each, no validators",
    "again: nothing changed, and the server says so (304)",
];

/// The time that one command took.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    wall: Duration,
    processor: Duration,
}

fn main() {
    let site = Arc::new(Site { feeds: feeds(), edition: AtomicUsize::new(0) });
    let bytes: usize =
        site.feeds.iter().map(|feed| feed.items.iter().take(ARTICLES).map(String::len).sum::<usize>()).sum();
    let address = serve(Arc::clone(&site));
    println!("{FEEDS} feeds with {ARTICLES} articles, {:.1} MB; medians of {RUNS} runs", bytes as f64 / 1e6);
    let newsboat = Command::new("newsboat").arg("-v").stdout(Stdio::null()).status().is_ok();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(dateline(&address, &site));
        if newsboat {
            theirs.push(reload(&address, &site));
        }
    }
    println!("{:<54}{:>20}{:>20}", "wall / processor, seconds", "dateline", "newsboat");
    for (place, case) in CASES.iter().enumerate() {
        let [ours, theirs] = [&ours, &theirs].map(|runs| {
            let cost = |of: fn(&Cost) -> Duration| {
                let mut times: Vec<Duration> = runs.iter().map(|run| of(&run[place])).collect();
                times.sort();
                times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
            };
            (cost(|cost| cost.wall), cost(|cost| cost.processor))
        });
        let times = |(wall, processor): (f64, f64)| format!("{wall:.2} / {processor:.2}");
        print!("{case:<54}{:>20}{:>20}", times(ours), times(theirs));
        println!("{:>8.1} / {:.1} times", theirs.0 / ours.0.max(0.01), theirs.1 / ours.1.max(0.01));
    }
}

/// One feed with its items; those of the later edition come last.
struct Feed {
    number: usize,
    items: Vec<String>,
}

impl Feed {
    /// The text of the feed in an edition: the first has no new articles, later ones lack the oldest; each has a date.
    fn edition(&self, edition: usize) -> String {
        let new = if edition > 0 { NEW } else { 0 };
        let (old, later) = self.items.split_at(ARTICLES);
        let items: String = later[..new].iter().chain(&old[..ARTICLES - new]).map(String::as_str).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>Wire {}</title>\
             <link>https://news.example/</link><description>News</description>\
             <lastBuildDate>Mon, 05 Jan 2026 1{edition}:00:00 GMT</lastBuildDate>\n{items}</channel></rss>",
            self.number
        )
    }
}

struct Site {
    feeds: Vec<Feed>,
    edition: AtomicUsize,
}

/// RSS in its usual form, with escaped HTML in the descriptions.
fn feeds() -> Vec<Feed> {
    let press = Press::new();
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let all = FEEDS * (ARTICLES + NEW);
    let item = |number: usize| {
        // Two bodies have about 350 words, like an article of a news agency.
        let article = press.article(number, all);
        let more = press.article(number + all, all).body;
        let body = format!("<p>{}</p>", format!("{}\n{more}", article.body).replace('\n', "</p><p>"));
        format!(
            "<item><title>{}</title><link>https://news.example/{number}</link><guid>{number}</guid>\
             <pubDate>{}</pubDate><description>{}</description></item>\n",
            escaped(&article.title),
            article.published.unwrap_or_default().to_rfc2822(),
            escaped(&body)
        )
    };
    let items = |feed: usize| (feed * (ARTICLES + NEW)..(feed + 1) * (ARTICLES + NEW)).map(item).collect();
    (0..FEEDS).map(|number| Feed { number, items: items(number) }).collect()
}

/// Serves feed N at `/plain/N` and, with an ETag, at `/tagged/N`; returns the address of the server.
fn serve(site: Arc<Site>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            std::thread::spawn(move || answer_each(&stream, &site));
        }
    });
    address
}

/// Answers requests until the client closes the connection.
fn answer_each(stream: &TcpStream, site: &Site) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let Some((kind, number)) = path.trim_start_matches('/').split_once('/') else { return };
        let Some(feed) = number.parse().ok().and_then(|number: usize| site.feeds.get(number)) else { return };
        let edition = site.edition.load(Ordering::Relaxed);
        let tag = if kind == "tagged" { format!("ETag: \"{number}\"\r\n") } else { String::new() };
        let answer = if kind == "tagged" && head.contains(&format!("\"{number}\"")) {
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n".to_owned()
        } else {
            let feed = feed.edition(edition);
            let length = feed.len();
            format!(
                "HTTP/1.1 200 OK\r\n{tag}Content-Type: application/rss+xml\r\nContent-Length: {length}\r\n\r\n{feed}"
            )
        };
        let mut out = stream;
        if out.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Runs all cases with `command`, which takes an address, a folder and the number of earlier fetches.
fn cases(address: &str, site: &Site, command: impl Fn(&str, &Path, usize) -> Cost) -> [Cost; CASES.len()] {
    let [plain, tagged] = [(); 2].map(|()| tempfile::TempDir::new().expect("a folder"));
    let time = |kind: &str, home: &Path, edition: usize, fetch: usize| {
        site.edition.store(edition, Ordering::Relaxed);
        command(&format!("{address}/{kind}"), home, fetch)
    };
    let first = time("plain", plain.path(), 0, 0);
    let new = time("plain", plain.path(), 1, 1);
    let date = time("plain", plain.path(), 2, 2);
    time("tagged", tagged.path(), 0, 0);
    let nothing = time("tagged", tagged.path(), 0, 1);
    [first, new, date, nothing]
}

/// Adds a list of feeds to an empty library, and fetches them again.
fn dateline(address: &str, site: &Site) -> [Cost; CASES.len()] {
    cases(address, site, |address, home, fetch| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        if fetch > 0 {
            return timed(command.arg("fetch").current_dir(home), home);
        }
        let outlines: String = (0..FEEDS)
            .map(|feed| format!("<outline text=\"Wire {feed}\" xmlUrl=\"{address}/{feed}\"/>"))
            .collect();
        std::fs::write(home.join("list.opml"), format!("<opml><body>{outlines}</body></opml>"))
            .expect("a file");
        let cost = timed(command.args(["add", "list.opml"]).current_dir(home), home);
        let list = Command::new(env!("CARGO_BIN_EXE_dateline")).args(["list"]).env("HOME", home).output();
        let count = list.expect("a list").stdout.iter().filter(|byte| **byte == b'\n').count();
        assert!(count > FEEDS * ARTICLES * 8 / 10, "{count} rows");
        cost
    })
}

/// Reloads with newsboat into an empty cache, with as many threads as there are processors, and then again.
fn reload(address: &str, site: &Site) -> [Cost; CASES.len()] {
    cases(address, site, |address, home, _| {
        let urls: String = (0..FEEDS).map(|feed| format!("{address}/{feed}\n")).collect();
        std::fs::write(home.join("urls"), urls).expect("a file");
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::fs::write(home.join("config"), format!("reload-threads {threads}\nmax-items 0\n"))
            .expect("a file");
        let mut command = Command::new("newsboat");
        command.args(["-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]);
        timed(command.current_dir(home), home)
    })
}

fn timed(command: &mut Command, home: &Path) -> Cost {
    command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").env("TERM", "xterm-256color");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // The feeds are on this machine, and a list of feeds may not lead there unless that is allowed.
    command.env("DATELINE_ALLOW_PRIVATE", "127.0.0.0/8");
    let (start, processor) = (Instant::now(), processor_of_children());
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("it runs");
    let wall = start.elapsed();
    assert!(status.success(), "{command:?}");
    Cost { wall, processor: processor_of_children() - processor }
}

/// The processor time of all commands that have ended. Linux counts it in hundredths of a second.
fn processor_of_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    // The 16th and 17th field; the first two come before the closing bracket.
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
