//! Tests against a real server in this process.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A server that answers each request by calling `answer` with the head of the request; it records the heads.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn new(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = heads.clone();
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, answer) = (kept.clone(), answer.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let mut head = String::new();
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
                    kept.lock().unwrap().push(head.clone());
                    answer(&head, &mut stream);
                });
            }
        });
        Server { url, heads }
    }

    /// A server that answers every request with `text`.
    pub(crate) fn saying(text: impl Into<Vec<u8>>) -> Server {
        let text = text.into();
        Server::new(move |_, stream| {
            let _ = stream.write_all(&text);
        })
    }

    fn fetch(&self) -> Result<Fetched, FetchError> {
        self.fetch_at("/")
    }

    fn fetch_at(&self, path: &str) -> Result<Fetched, FetchError> {
        quick().fetch(&Request { url: format!("{}{path}", self.url), ..Request::default() })
    }

    pub(crate) fn head(&self) -> String {
        self.heads.lock().unwrap().first().cloned().unwrap_or_default().to_ascii_lowercase()
    }
}

fn quick() -> Fetcher {
    Fetcher::new(Limits {
        bytes: 100_000,
        redirects: 3,
        connect: Duration::from_secs(2),
        whole: Duration::from_millis(700),
    })
}

pub(crate) fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len())
            .into_bytes();
    answer.extend_from_slice(body);
    answer
}

fn bytes(fetched: Result<Fetched, FetchError>) -> Vec<u8> {
    fetched.unwrap().body.unwrap().bytes
}

#[test]
fn a_body_is_returned_with_its_validators() {
    let server = Server::saying(ok(
        "ETag: \"v1\"\r\nCache-Control: max-age=60\r\nContent-Type: text/xml\r\n",
        b"<rss/>",
    ));
    let fetched = server.fetch().unwrap();
    assert_eq!(fetched.fresh_for, Some(Duration::from_secs(60)));
    let body = fetched.body.unwrap();
    assert_eq!((body.bytes.as_slice(), body.etag.as_deref()), (&b"<rss/>"[..], Some("\"v1\"")));
    assert_eq!(body.content_type.as_deref(), Some("text/xml"));
    assert!(server.head().contains("user-agent: dateline/"));
}

#[test]
fn validators_are_sent_and_304_means_not_modified() {
    let server = Server::saying("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    let request = Request {
        url: server.url.clone(),
        etag: Some("\"v1\"".into()),
        last_modified: Some("Mon, 05 Jan 2026 14:00:00 GMT".into()),
        ..Request::default()
    };
    assert_eq!(quick().fetch(&request).unwrap().body, None);
    assert!(server.head().contains("if-none-match: \"v1\""), "{}", server.head());
    assert!(server.head().contains("if-modified-since: mon, 05 jan 2026"));
}

#[test]
fn busy_gone_and_missing_are_different_errors() {
    let busy =
        Server::saying("HTTP/1.1 429 Too Many\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n").fetch();
    assert!(
        matches!(busy, Err(FetchError::Busy { status: 429, retry_after: Some(d) }) if d.as_secs() == 90),
        "{busy:?}"
    );
    let date = "Date: Mon, 05 Jan 2026 14:00:00 GMT\r\nRetry-After: Mon, 05 Jan 2026 14:02:00 GMT\r\n";
    for (headers, wait) in [(date, Some(120)), ("", None)] {
        let busy = Server::saying(format!("HTTP/1.1 503 Busy\r\n{headers}Content-Length: 0\r\n\r\n")).fetch();
        let Err(FetchError::Busy { status: 503, retry_after }) = busy else { panic!("{busy:?}") };
        assert_eq!(retry_after.map(|wait| wait.as_secs()), wait);
    }
    let gone = Server::saying("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n").fetch();
    assert!(matches!(gone, Err(FetchError::Gone)), "{gone:?}");
    let missing = Server::saying("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").fetch();
    assert_eq!(missing.unwrap_err().to_string(), "the server answered 404 Not Found");
}

#[test]
fn permanent_moves_are_remembered_and_others_are_not() {
    for (code, kept) in [(301, true), (308, true), (302, false)] {
        let server = Server::new(move |head, stream| {
            let answer = if head.starts_with("GET /new") {
                ok("", b"here")
            } else {
                format!("HTTP/1.1 {code} Moved\r\nLocation: /new\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
            };
            let _ = stream.write_all(&answer);
        });
        let fetched = server.fetch_at("/old").unwrap();
        assert_eq!(fetched.moved_to, kept.then(|| format!("{}/new", server.url)), "{code}");
        assert_eq!(fetched.body.unwrap().bytes, b"here");
    }
}

#[test]
fn a_loop_of_redirects_ends() {
    let server = Server::saying(
        "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    assert!(matches!(server.fetch(), Err(FetchError::TooManyRedirects(3))));
}

#[test]
fn a_redirect_to_a_file_is_refused() {
    let server =
        Server::saying("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    let error = server.fetch().unwrap_err().to_string();
    assert_eq!(error, "refused to follow a redirect to file:///etc/passwd: only http and https are followed");
}

#[test]
fn a_public_source_is_not_redirected_into_a_private_network() {
    let from = Url::parse("https://example.org/feed").unwrap();
    let answer = |to: &str| {
        http::Response::builder()
            .status(302)
            .header("location", to)
            .body(ureq::Body::builder().data(""))
            .unwrap()
    };
    for to in [
        "https://127.0.0.1/",
        "https://10.0.0.1/x",
        "https://[::1]/",
        "https://router.local/",
        "http://example.org/",
    ] {
        assert!(matches!(redirect(&from, &answer(to), false), Err(FetchError::Redirect { .. })), "{to}");
    }
    assert!(redirect(&from, &answer("https://example.com/feed"), false).is_ok());
    assert!(redirect(&Url::parse("http://127.0.0.1/feed").unwrap(), &answer("/new"), true).is_ok());
}

#[test]
fn bodies_are_decompressed() {
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(b"text").unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(bytes(Server::saying(ok("Content-Encoding: gzip\r\n", &gzip)).fetch()), b"text");
    let deflate = {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(b"text").unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(bytes(Server::saying(ok("Content-Encoding: deflate\r\n", &deflate)).fetch()), b"text");
    let brotli = b"\x8b\x01\x80text\x03";
    let server = Server::saying(ok("Content-Encoding: br\r\n", brotli));
    assert_eq!(bytes(server.fetch()), b"text");
    assert!(server.head().contains("accept-encoding: gzip, deflate, br"));
}

#[test]
fn a_decompression_bomb_stops_at_the_limit() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'a'; 50_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let fetched = Server::saying(ok("Content-Encoding: gzip\r\n", &bomb)).fetch();
    assert!(matches!(fetched, Err(FetchError::TooLarge(100_000))), "{fetched:?}");
}

#[test]
fn an_endless_body_ends_at_the_limit() {
    let server = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert!(matches!(server.fetch(), Err(FetchError::TooLarge(_))));
}

#[test]
fn a_silent_server_times_out() {
    let server = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        // Keeps the connection open until the other side gives up.
        let _ = stream.read(&mut [0; 1]);
    });
    let fetched = server.fetch();
    assert!(matches!(fetched, Err(FetchError::Timeout(_))), "{fetched:?}");
}

#[test]
fn a_body_that_is_cut_off_is_reported() {
    let fetched = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc").fetch();
    assert!(matches!(fetched, Err(FetchError::Broken(_))), "{fetched:?}");
}

#[test]
fn a_failed_tls_handshake_is_reported_as_such() {
    let server = Server::saying("this is no handshake at all, but it is an answer");
    let request = Request { url: server.url.replace("http://", "https://"), ..Request::default() };
    let fetched = quick().fetch(&request);
    assert!(matches!(fetched, Err(FetchError::Tls { .. })), "{fetched:?}");
}

#[test]
fn credentials_are_sent_to_their_host_only_and_never_displayed() {
    let other = Server::saying(ok("", b"elsewhere"));
    let to = other.url.clone();
    let server = Server::saying(format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ));
    let credentials = Credentials::Login { user: "ann".into(), password: "secret".into() };
    let request = Request { url: server.url.clone(), credentials: Some(credentials), ..Request::default() };
    assert_eq!(bytes(quick().fetch(&request)), b"elsewhere");
    assert!(server.head().contains("authorization: basic "));
    assert!(!other.head().contains("authorization"));
    assert!(!format!("{request:?}").contains("secret"));
}

#[test]
fn an_address_that_is_not_http_is_refused() {
    let fetched = quick().fetch(&Request { url: "file:///etc/passwd".into(), ..Request::default() });
    assert_eq!(fetched.unwrap_err().to_string(), "'file:///etc/passwd' is not an http or https address");
}

#[test]
fn a_token_is_sent_as_a_bearer_token() {
    let server = Server::saying(ok("", b"x"));
    let credentials = Some(Credentials::Token("abc".into()));
    let request = Request { url: server.url.clone(), credentials, ..Request::default() };
    assert_eq!(bytes(quick().fetch(&request)), b"x");
    assert!(server.head().contains("authorization: bearer abc"));
}

#[test]
fn a_proxy_is_used_except_for_this_machine() {
    // Answers the request for a tunnel, and then what comes through the tunnel.
    let proxy = Server::new(|head, stream| {
        if head.starts_with("CONNECT") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {}
        }
        let _ = stream.write_all(&ok("", b"through"));
    });
    let address = proxy.url.replace("http://", "http://ann:secret@");
    let fetcher = Fetcher::through(quick().limits, &address).unwrap();
    let fetch = |url: &str| fetcher.fetch(&Request { url: url.to_owned(), ..Request::default() });
    assert_eq!(bytes(fetch("http://feeds.example.test/f")), b"through");
    assert!(proxy.head().contains("feeds.example.test"), "{}", proxy.head());
    let own = Server::saying(ok("", b"direct"));
    assert_eq!(bytes(fetch(&own.url)), b"direct");
    assert!(matches!(Fetcher::through(quick().limits, "nonsense://x"), Err(FetchError::Proxy)));
}

#[test]
fn a_proxy_may_speak_socks() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("socks5h://{}", listener.local_addr().unwrap());
    let wanted = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).unwrap();
        stream.read_exact(&mut vec![0; usize::from(greeting[1])]).unwrap();
        stream.write_all(&[5, 0]).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        let mut name = vec![0; usize::from(head[4]) + 2];
        stream.read_exact(&mut name).unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|n| n > 2) {}
        stream.write_all(&ok("", b"through")).unwrap();
        String::from_utf8_lossy(&name[..name.len() - 2]).into_owned()
    });
    let fetcher = Fetcher::through(quick().limits, &address).unwrap();
    let request = Request { url: "http://feeds.example.test/f".into(), ..Request::default() };
    assert_eq!(bytes(fetcher.fetch(&request)), b"through");
    assert_eq!(wanted.join().unwrap(), "feeds.example.test");
}
