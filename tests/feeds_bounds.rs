//! Hostile feeds, lists and answers, read by the built program: the memory and the time that each may take.
//!
//! By default every answer is small, so that the test is quick. `DATELINE_HOSTILE=1 cargo test --release --test
//! feeds_bounds -- --nocapture` takes answers of up to 32 MB, which is all that a server can send, and prints a table;
//! docs/benchmarks.md has one. The memory is the highest that Linux reports (`VmHWM`); elsewhere only the time is checked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What makes the body of an answer, about so many bytes long.
type Make = fn(usize) -> String;

/// Repeats what `piece` gives for each number until the text is about `size` bytes long.
fn repeated(size: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(size);
    for number in 0.. {
        if text.len() >= size {
            break;
        }
        text.push_str(&piece(number));
    }
    text
}

fn rss(items: &str) -> String {
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

fn one(inner: &str) -> String {
    rss(&format!("<item><title>t</title>{inner}</item>"))
}

/// The cases: their names, their bodies, and what the program says of them.
const CASES: &[(&str, Make, &str)] = &[
    (
        "RSS: items with a title only",
        |size| rss(&repeated(size, |n| format!("<item><title>t{n}</title></item>"))),
        "left out",
    ),
    (
        "RSS: items with dates, the oldest first",
        |size| {
            let day = |n: usize| format!("{:02} Jan {}", n % 28 + 1, 1971 + n * 50 / (size / 60 + 1));
            rss(&repeated(size, |n| format!("<item><title>t{n}</title><pubDate>{}</pubDate></item>", day(n))))
        },
        "left out",
    ),
    (
        "Atom: entries",
        |size| {
            let entry = |n| format!("<entry><id>u:{n}</id><title>t</title></entry>");
            format!("<feed><title>T</title>{}</feed>", repeated(size, entry))
        },
        "left out",
    ),
    (
        "RDF: items",
        |size| {
            let item = |n| format!("<item rdf:about='http://example.org/{n}'><title>t</title></item>");
            format!("<rdf:RDF><channel><title>T</title></channel>{}</rdf:RDF>", repeated(size, item))
        },
        "left out",
    ),
    (
        "JSON Feed: items",
        |size| {
            let items = repeated(size, |n| format!("{{\"id\":\"{n}\",\"title\":\"t\"}},"));
            format!(
                "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{items}0]}}"
            )
        },
        "left out",
    ),
    (
        "JSON: {\"\":0} in an item",
        |size| {
            let inner = repeated(size, |_| "{\"\":0},".to_owned());
            format!(
                "{{\"title\":\"T\",\"items\":[{{\"id\":\"1\",\"title\":\"t\",\"url\":\"http://a.test/\",\"x\":[{inner}0]}}]}}"
            )
        },
        "1 new",
    ),
    ("JSON: an array in an array", |size| "[".repeat(size), "JSON that is not a feed"),
    (
        "RSS: empty elements in the channel",
        |size| rss(&format!("{}<item><title>t</title></item>", "<a/>".repeat(size / 4))),
        "1 new",
    ),
    ("RSS: empty elements in an item", |size| one(&"<a/>".repeat(size / 4)), "1 new"),
    ("RSS: deep nesting", |size| one(&"<a>".repeat(size / 3)), "1 new"),
    (
        "RSS: a title of one word",
        |size| rss(&format!("<item><title>{}</title></item>", "w".repeat(size))),
        "1 new",
    ),
    ("RSS: a text", |size| one(&format!("<description>{}</description>", "word ".repeat(size / 5))), "1 new"),
    (
        "RSS: character references",
        |size| one(&format!("<description>{}</description>", "&amp;".repeat(size / 5))),
        "1 new",
    ),
    ("RSS: an attribute", |size| one(&format!("<a b='{}'/>", "x".repeat(size))), "1 new"),
    (
        "RSS: namespaces",
        |size| {
            let space = |n| format!("<item xmlns:a{n}='http://purl.org/dc/terms/'><title>t</title></item>");
            rss(&repeated(size, space))
        },
        "left out",
    ),
    (
        "RSS: 10,000 authors in each item",
        |size| {
            rss(&repeated(size, |n| {
                format!("<item><title>t{n}</title>{}</item>", "<author>Ana</author>".repeat(10_000))
            }))
        },
        " new",
    ),
    (
        "RSS: entities in entities",
        |size| {
            let entity = |n: usize| format!("<!ENTITY a{} \"{}\">", n + 1, format!("&a{n};").repeat(10));
            let entities: String = (0..30).map(entity).collect();
            format!("<!DOCTYPE rss [<!ENTITY a0 \"x\">{entities}]>{}", one(&"&a30;".repeat(size / 5)))
        },
        "",
    ),
    (
        "RSS: declarations without an end",
        |size| rss("<item><title><![CDATA[x]]></title></item>") + &"<?".repeat(size / 2),
        "1 new",
    ),
    (
        "RSS: formatting in formatting",
        |size| {
            let knot = format!("<p>{}{}", "<b>".repeat(1000), "</p>".repeat(300));
            rss(&repeated(size, |n| {
                format!("<item><title>t{n}</title><description><![CDATA[{knot}]]></description></item>")
            }))
        },
        " new",
    ),
    (
        "page: links",
        |size| format!("<!doctype html><body>{}", "<a href=/x>y</a>".repeat(size / 16)),
        "offers no feed",
    ),
    (
        "page: feeds",
        |size| {
            let link = |n| format!("<link rel=alternate type=application/rss+xml href=/{n}>");
            format!("<!doctype html>{}", repeated(size, link))
        },
        "offers no feed",
    ),
];

/// What a server may do besides sending a body.
type Answer = fn(&mut TcpStream) -> std::io::Result<()>;

/// The answers: their names, what is sent, and what the program says of them.
const ANSWERS: &[(&str, Answer, &str)] = &[
    (
        "answer: 10,000 headers",
        |stream| stream.write_all(format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(10_000)).as_bytes()),
        "too many headers",
    ),
    (
        "answer: a header without end",
        |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
            forever(stream, &[b'x'; 4096])
        },
        "headers are too long",
    ),
    (
        "answer: hints without end",
        |stream| forever(stream, b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        "could not add",
    ),
    (
        "answer: a chunk with an endless extension",
        |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=")?;
            forever(stream, &[b'x'; 4096])
        },
        "cut off or is damaged",
    ),
    (
        "answer: a body without end",
        |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            forever(stream, &[b'x'; 4096])
        },
        "larger than 32 MB",
    ),
    (
        "answer: 2 GB, compressed",
        |stream| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            for _ in 0..2048 {
                packer.write_all(&vec![b' '; 1 << 20])?;
            }
            let body = packer.finish()?;
            let length = body.len();
            stream.write_all(
                format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n")
                    .as_bytes(),
            )?;
            stream.write_all(&body)
        },
        "larger than 32 MB",
    ),
    (
        "answer: redirects",
        |stream| {
            stream.write_all(
                b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            )
        },
        "redirected more than 5 times",
    ),
];

fn forever(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    loop {
        stream.write_all(bytes)?;
    }
}

/// Serves whatever `answer` writes, on a port of its own. Returns the address.
fn serve(answer: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                let mut line = String::new();
                let mut reader = BufReader::new(stream.try_clone().expect("a clone"));
                while reader.read_line(&mut line).is_ok_and(|count| count > 2) {}
                // The program may hang up at any time.
                let _ = answer(&mut stream);
            });
        }
    });
    address
}

/// What `dateline add` costs and says.
struct Cost {
    time: Duration,
    /// The most memory in MB; 0 where it is not known.
    memory: u64,
    said: String,
}

fn add(what: &str, config: &str) -> Cost {
    let home = tempfile::TempDir::new().expect("a folder");
    std::fs::write(home.path().join("config.toml"), config).expect("a file");
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["--library", "library.db", "--config", "config.toml", "add", what])
        .current_dir(home.path())
        .env("HOME", home.path())
        .env_remove("http_proxy")
        .env_remove("HTTP_PROXY")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut memory = 0;
    while child.try_wait().expect("a status").is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
        memory = memory.max(peak.unwrap_or(0) >> 10);
        assert!(start.elapsed() < Duration::from_secs(200), "{what} takes too long");
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().expect("output");
    let said = [output.stdout, output.stderr].concat();
    Cost { time: start.elapsed(), memory, said: String::from_utf8_lossy(&said).into_owned() }
}

#[test]
fn hostile_feeds_are_read_within_bounds() {
    let whole = std::env::var_os("DATELINE_HOSTILE").is_some();
    let size = if whole { 30_000_000 } else { 600_000 };
    let most = if whole { 480 } else { 200 };
    // As it is, or small enough for a quick test.
    let config = if whole { "" } else { "max-items = 500\n" };
    let check = |name: &str, cost: &Cost, expected: &str| {
        println!(
            "| {name} | {:.1} s | {} MB | {} |",
            cost.time.as_secs_f64(),
            cost.memory,
            cost.said.lines().last().unwrap_or_default()
        );
        assert!(cost.said.contains(expected), "{name}: {}", cost.said);
        assert!(cost.memory <= most, "{name}: {} MB", cost.memory);
    };
    for (name, make, expected) in CASES {
        let body = make(size);
        let address = serve(move |stream| {
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes())?;
            stream.write_all(body.as_bytes())
        });
        check(name, &add(&address, config), expected);
    }
    for (name, answer, expected) in ANSWERS {
        check(name, &add(&serve(answer), config), expected);
    }
}
