//! Tests against a real server in this process.
//!
//! The file has over 600 lines because all tests share the server and the fetcher that are made here.

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
        quick().fetch(&typed(&format!("{}{path}", self.url)))
    }

    pub(crate) fn head(&self) -> String {
        self.heads.lock().unwrap().first().cloned().unwrap_or_default().to_ascii_lowercase()
    }
}

/// A request for an address that the person typed.
fn typed(url: &str) -> Request {
    Request { url: url.to_owned(), reach: Reach::typed(url), ..Request::default() }
}

/// A fetcher that may reach this machine.
fn local() -> Fetcher {
    quick().allowing(this_machine())
}

pub(crate) fn this_machine() -> Allowed {
    Allowed { names: Vec::new(), networks: vec!["127.0.0.0/8".parse().expect("a network")] }
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

/// The value of a header in a head that was sent.
fn sent(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
}

#[test]
fn cookies_last_as_long_as_a_chain_of_redirects() {
    let server = Server::new(|head, stream| {
        let answer = match sent(head, "cookie").as_deref() {
            Some("seen=1") => ok("", b"<rss/>"),
            _ => b"HTTP/1.1 302 Found\r\nSet-Cookie: seen=1; Path=/\r\nSet-Cookie: other=2; Domain=other.test\r\n\
                Location: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .to_vec(),
        };
        let _ = stream.write_all(&answer);
    });
    let fetcher = quick();
    assert_eq!(bytes(fetcher.fetch(&typed(&server.url))), b"<rss/>");
    assert_eq!(bytes(fetcher.fetch(&typed(&server.url))), b"<rss/>");
    let heads = server.heads.lock().unwrap();
    let cookies: Vec<Option<String>> = heads.iter().map(|head| sent(head, "cookie")).collect();
    assert_eq!(cookies, [None, Some("seen=1".to_owned()), None, Some("seen=1".to_owned())]);
}

#[test]
fn cookies_stay_with_the_host_that_set_them() {
    let other = Server::saying(ok("", b"<rss/>"));
    let to = other.url.replace("127.0.0.1", "localhost");
    let server = Server::saying(format!(
        "HTTP/1.1 302 Found\r\nSet-Cookie: secret=1\r\nLocation: {to}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!(bytes(local().fetch(&typed(&server.url))), b"<rss/>");
    assert!(!other.head().contains("cookie"), "{}", other.head());
}

#[test]
fn a_304_renews_the_validators() {
    let server = Server::saying("HTTP/1.1 304 Not Modified\r\nETag: \"v2\"\r\nConnection: close\r\n\r\n");
    let fetched = server.fetch().unwrap();
    let renewed = Validators { etag: Some("\"v2\"".to_owned()), last_modified: None };
    assert_eq!((fetched.body, fetched.renewed), (None, renewed));
}

#[test]
fn a_wrong_content_encoding_does_no_harm() {
    for name in ["UTF-8", "none", "binary"] {
        let server = Server::saying(ok(&format!("Content-Encoding: {name}\r\n"), b"<rss>\xc3\xa9</rss>"));
        assert_eq!(bytes(server.fetch()), b"<rss>\xc3\xa9</rss>", "{name}");
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"<rss/>").unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(bytes(Server::saying(ok("", &packed)).fetch()), b"<rss/>");
    assert_eq!(bytes(Server::saying(ok("Content-Encoding: none\r\n", &packed)).fetch()), b"<rss/>");
    let odd = Server::saying(ok("Content-Encoding: zstd\r\n", b"\x28\xb5\x2f\xfd\0\0\0")).fetch();
    assert!(odd.is_err_and(|error| error.to_string().contains("compressed as 'zstd'")));
}

#[test]
fn a_redirect_in_raw_utf_8_is_followed() {
    let server = Server::new(|head, stream| {
        let moved = "HTTP/1.1 301 Moved\r\nLocation: /café\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let answer = match head.starts_with("GET /caf%C3%A9") {
            true => ok("", b"<rss/>"),
            false => moved.as_bytes().to_vec(),
        };
        let _ = stream.write_all(&answer);
    });
    assert_eq!(bytes(server.fetch()), b"<rss/>");
}

#[test]
fn validators_are_sent_and_304_means_not_modified() {
    let server = Server::saying("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    let request = Request {
        etag: Some("\"v1\"".into()),
        last_modified: Some("Mon, 05 Jan 2026 14:00:00 GMT".into()),
        ..typed(&server.url)
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
    assert_eq!(
        missing.unwrap_err().to_string(),
        "the server answered 404 Not Found; check the address, or look for the feed on the site"
    );
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
    assert_eq!(
        error,
        "refused to follow a redirect: only http and https are followed (file:///etc/passwd); check the address in a browser"
    );
}

#[test]
fn a_redirect_does_not_lead_from_https_to_http_or_to_a_file() {
    let from = Url::parse("https://example.org/feed").unwrap();
    let answer = |to: &str| {
        http::Response::builder()
            .status(302)
            .header("location", to)
            .body(ureq::Body::builder().data(""))
            .unwrap()
    };
    for to in ["http://example.org/", "file:///etc/passwd", "gopher://example.org/", ""] {
        assert!(matches!(redirect(&from, &answer(to)), Err(FetchError::Redirect { .. })), "{to}");
    }
    assert!(redirect(&from, &answer("https://example.com/feed")).is_ok());
}

#[test]
fn a_private_address_is_fetched_only_if_the_person_typed_or_allowed_it() {
    let server = Server::saying(ok("", b"inside"));
    let port = server.url.rsplit_once(':').unwrap().1;
    let forms = ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"];
    for host in forms {
        let url = format!("http://{host}:{port}/");
        let error = quick().fetch(&Request { url: url.clone(), ..Request::default() }).unwrap_err();
        assert!(matches!(error, FetchError::Private(_)), "{url}: {error:?}");
        assert!(error.to_string().contains("allow it with allow-private"), "{error}");
    }
    assert_eq!(server.heads.lock().unwrap().len(), 0);
    let fetched = quick().fetch(&typed(&server.url)).unwrap();
    assert_eq!((fetched.network, fetched.body.unwrap().bytes.as_slice()), (Network::Private, &b"inside"[..]));
    // Another port of the same host is another server.
    let elsewhere =
        Request { url: server.url.clone(), reach: Reach::typed("http://127.0.0.1:1/"), ..Request::default() };
    assert!(matches!(quick().fetch(&elsewhere), Err(FetchError::Private(_))));
    let stranger = |fetcher: Fetcher, url: String| fetcher.fetch(&Request { url, ..Request::default() });
    assert_eq!(bytes(stranger(local(), server.url.clone())), b"inside");
    assert_eq!(bytes(stranger(local(), format!("http://localhost:{port}/"))), b"inside");
    let by_name = Allowed { names: vec!["localhost".to_owned()], networks: Vec::new() };
    assert_eq!(
        bytes(stranger(quick().allowing(by_name.clone()), format!("http://localhost:{port}/"))),
        b"inside"
    );
    assert!(stranger(quick().allowing(by_name), server.url.clone()).is_err());
}

#[test]
fn a_redirect_does_not_lead_to_another_private_address() {
    for status in [301, 302, 303, 307, 308] {
        let inner = Server::saying(ok("", b"secret"));
        let to = inner.url.clone();
        let server = Server::saying(format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {to}/admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        let error = server.fetch().unwrap_err();
        assert!(matches!(error, FetchError::PrivateRedirect { .. }), "{status}: {error:?}");
        assert_eq!(inner.heads.lock().unwrap().len(), 0);
    }
}

#[test]
fn a_connection_of_a_typed_address_is_not_lent_to_anybody_else() {
    let server = Server::new(|_, stream| {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        let _ = stream.write_all(answer.as_bytes());
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|n| n > 2) {}
    });
    let fetcher = quick();
    assert_eq!(bytes(fetcher.fetch(&typed(&server.url))), b"ok");
    let stranger = Request { url: server.url.clone(), ..Request::default() };
    assert!(matches!(fetcher.fetch(&stranger), Err(FetchError::Private(_))));
}

/// Servers, each an origin of its own. Each redirects along the chain that the path of the address contains: `/301-2,307-0`
/// means a 301 to the third server, and there a 307 to the first. They also name a login of their own in the address.
fn ring(count: usize) -> Vec<Server> {
    let urls: Arc<Mutex<Vec<String>>> = Arc::default();
    let make = |_| {
        let urls = Arc::clone(&urls);
        Server::new(move |head, stream| {
            let path = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
            let (step, rest) = path.split_once(',').unwrap_or((path, ""));
            let answer = match step.split_once('-') {
                Some((status, next)) => {
                    let next: usize = next.parse().unwrap();
                    let to = urls.lock().unwrap()[next].replace("http://", "http://eve:lure@");
                    format!(
                        "HTTP/1.1 {status} Moved\r\nLocation: {to}/{rest}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )
                    .into_bytes()
                }
                None => ok("", b"end"),
            };
            let _ = stream.write_all(&answer);
        })
    };
    let servers: Vec<Server> = (0..count).map(make).collect();
    *urls.lock().unwrap() = servers.iter().map(|server| server.url.clone()).collect();
    servers
}

/// What one request of the tests sends that is secret, in lower case.
const HIDDEN: [&str; 4] = ["authorization: ", "x-api-key: ", "cookie: ", "topsecret"];

mod chains {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;
    use std::sync::LazyLock;

    #[derive(Debug, Clone, Copy)]
    enum Kind {
        Login,
        Token,
        Headers,
        Address,
    }

    /// Fetches `url` with the secrets of the kind, which were written for `named`.
    fn fetch(url: &str, named: &str, kind: Kind) -> Result<Fetched, FetchError> {
        let login = Credentials::Login { user: "ann".into(), password: "topsecret".into() };
        let header = |name: &str| (name.to_owned(), "topsecret".to_owned());
        let secrets = match kind {
            Kind::Login => Secrets::of(named, Vec::new(), Some(login)),
            Kind::Token => Secrets::of(named, Vec::new(), Some(Credentials::Token("topsecret".into()))),
            Kind::Headers => Secrets::of(named, vec![header("X-Api-Key"), header("Cookie")], None),
            Kind::Address => None,
        };
        // One for all, because it takes long to make one.
        static FETCHER: LazyLock<Fetcher> =
            LazyLock::new(|| Fetcher::new(Limits::default()).allowing(this_machine()));
        FETCHER.fetch(&Request { url: url.to_owned(), secrets, ..Request::default() })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

        /// Secrets reach their own origin only, and only as long as no redirect has left it; also at the next fetch,
        /// which begins where the first one said that the source has moved.
        #[test]
        fn no_secret_reaches_another_origin(
            steps in prop::collection::vec((select(vec![301u16, 302, 303, 307, 308]), 0usize..3), 0..5),
            kind in select(vec![Kind::Login, Kind::Token, Kind::Headers, Kind::Address]),
        ) {
            let servers = ring(3);
            let path: Vec<String> = steps.iter().map(|(status, next)| format!("{status}-{next}")).collect();
            let named = match kind {
                Kind::Address => servers[0].url.replace("http://", "http://ann:topsecret@"),
                _ => servers[0].url.clone(),
            };
            let fetched = fetch(&format!("{named}/{}", path.join(",")), &named, kind).expect("an answer");
            let heads = |servers: &[Server]| -> Vec<Vec<String>> {
                let taken = servers.iter().map(|server| std::mem::take(&mut *server.heads.lock().unwrap()));
                taken.map(|heads| heads.iter().map(|head| head.to_ascii_lowercase()).collect()).collect()
            };
            let shows = |head: &String| HIDDEN.iter().any(|hidden| head.contains(hidden));
            // The requests before the first redirect to another server.
            let at_home = 1 + steps.iter().take_while(|(_, next)| *next == 0).count();
            let seen = heads(&servers);
            prop_assert!(seen[0].iter().take(at_home).all(shows), "{seen:?}");
            prop_assert!(!seen[0].iter().skip(at_home).any(shows), "{seen:?}");
            prop_assert!(!seen[1..].iter().flatten().any(shows), "{seen:?}");
            prop_assert!(!seen.iter().flatten().any(|head| head.contains("zxzlomx1cmu")), "the login of a redirect");
            let body = fetched.body.expect("a body");
            prop_assert!(!body.url.contains('@'), "{}", body.url);
            // A move is remembered unless it came back from elsewhere.
            let last = steps.last().map_or(0, |(_, next)| *next);
            let permanent = steps.iter().all(|(status, _)| matches!(status, 301 | 308));
            let came_back = last == 0 && at_home <= steps.len();
            prop_assert_eq!(fetched.moved_to.is_some(), !steps.is_empty() && permanent && !came_back);
            if let Some(moved) = fetched.moved_to {
                prop_assert!(!moved.contains("eve"), "{moved}");
                fetch(&moved, &named, kind).expect("an answer");
                let seen = heads(&servers);
                prop_assert_eq!(seen[0].iter().any(shows), last == 0, "{:?}", seen);
                prop_assert!(!seen[1..].iter().flatten().any(shows), "{seen:?}");
            }
        }
    }
}

/// A proxy that opens no tunnel, as many are set up but for port 443. It passes on what it is asked for.
fn forwarding() -> Server {
    Server::new(|head, stream| {
        let answer = match head.starts_with("CONNECT") {
            true => b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec(),
            false => ok("", b"through"),
        };
        let _ = stream.write_all(&answer);
    })
}

#[test]
fn a_proxy_gets_the_whole_address_and_its_own_login() {
    let proxy = forwarding();
    let address = proxy.url.replace("http://", "http://pia:proxysecret@");
    let fetcher = Fetcher::through(quick().limits, &address).unwrap();
    let url = "http://feeds.example.test:8080/f?a=b";
    let login = Credentials::Login { user: "ann".into(), password: "topsecret".into() };
    let secrets = Secrets::of(url, vec![("X-Api-Key".into(), "key".into())], Some(login));
    let request = Request { url: url.to_owned(), secrets, ..Request::default() };
    assert_eq!(bytes(fetcher.fetch(&request)), b"through");
    let head = proxy.head();
    // In lower case, with the Base64 of `pia:proxysecret` and of `ann:topsecret`.
    assert!(head.starts_with("get http://feeds.example.test:8080/f?a=b http/1.1"), "{head}");
    assert!(head.contains("proxy-authorization: basic cglhonbyb3h5c2vjcmv0"), "{head}");
    assert!(head.contains("\nauthorization: basic yw5uonrvchnly3jlda"), "{head}");
    assert!(head.contains("x-api-key: key") && head.contains("host: feeds.example.test:8080"), "{head}");
}

#[test]
fn the_login_of_a_proxy_goes_to_the_proxy_only() {
    // A site on this machine is reached without the proxy, and another proxy has no login.
    let (proxy, own, other) = (forwarding(), Server::saying(ok("", b"direct")), forwarding());
    let address = proxy.url.replace("http://", "http://pia:proxysecret@");
    let fetcher = Fetcher::through(quick().limits, &address).unwrap();
    assert_eq!(bytes(fetcher.fetch(&typed(&own.url))), b"direct");
    assert!(own.head().starts_with("get /"), "{}", own.head());
    assert!(!own.head().contains("proxy-auth"), "{}", own.head());
    let fetcher = Fetcher::through(quick().limits, &other.url).unwrap();
    assert_eq!(bytes(fetcher.fetch(&typed("http://feeds.example.test/f"))), b"through");
    assert!(!other.head().contains("authorization"), "{}", other.head());
}

/// What the proxy is asked for by https addresses: a tunnel, with the proxy's login and nothing of the site's.
#[test]
fn a_tunnel_has_the_login_of_the_proxy_and_not_that_of_the_site() {
    let proxy = forwarding();
    let address = proxy.url.replace("http://", "http://pia:proxysecret@");
    let fetcher = Fetcher::through(quick().limits, &address).unwrap();
    let url = "https://feeds.example.test/f";
    let login = Credentials::Login { user: "ann".into(), password: "topsecret".into() };
    let secrets = Secrets::of(url, vec![("X-Api-Key".into(), "key".into())], Some(login));
    let request = Request { url: url.to_owned(), secrets, ..Request::default() };
    assert!(matches!(fetcher.fetch(&request), Err(FetchError::ProxyRefuses { .. })));
    let tunnel = proxy.head();
    assert!(tunnel.starts_with("connect feeds.example.test:443"), "{tunnel}");
    assert!(tunnel.contains("proxy-authorization: basic cglhonbyb3h5c2vjcmv0"), "{tunnel}");
    assert!(!tunnel.contains("x-api-key"), "{tunnel}");
    assert!(!tunnel.lines().any(|line| line.starts_with("authorization")), "{tunnel}");
}

#[test]
fn a_proxy_does_not_lead_into_a_private_network() {
    let proxy = Server::new(|head, stream| {
        if head.starts_with("CONNECT") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {}
        }
        let _ = stream.write_all(&ok("", b"reached"));
    });
    let fetcher = Fetcher::through(quick().limits, &proxy.url).unwrap();
    for url in [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://printer/",
        "http://[fd00::1]/",
        &proxy.url,
    ] {
        let error = fetcher.fetch(&Request { url: url.to_owned(), ..Request::default() }).unwrap_err();
        assert!(matches!(error, FetchError::Private(_)), "{url}: {error:?}");
    }
    assert_eq!(proxy.heads.lock().unwrap().len(), 0);
    assert_eq!(bytes(fetcher.fetch(&typed("http://10.0.0.1/"))), b"reached");
}

#[test]
fn a_dead_proxy_is_named_as_what_is_dead() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let fetcher = Fetcher::through(quick().limits, &format!("http://127.0.0.1:{port}")).unwrap();
    let error = fetcher.fetch(&Request { url: "http://feeds.example.test/".into(), ..Request::default() });
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("could not reach the proxy 127.0.0.1: connection refused; check the setting proxy"),
        "{error}"
    );
}

/// Names of libraries and of their types, which tell a person nothing.
const FOREIGN: [&str; 12] = [
    "rustls",
    "ureq",
    "webpki",
    "hickory",
    "os error",
    "Error(",
    "InvalidCertificate",
    "Io(",
    "Kind",
    "lookup address",
    "corrupt message",
    "peer",
];

/// Servers that fail in every way that can be made here, with what is said about each.
#[test]
fn each_failure_says_what_is_wrong_and_what_to_do() {
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let answers = |answer: &'static [u8]| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = stream;
                let mut buffer = [0; 512];
                let _ = stream.read(&mut buffer);
                let _ = stream.write_all(answer);
            }
        });
        at
    };
    let plain = answers(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let short = answers(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    let gzip = answers(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc");
    let prose = answers(b"220 mail.example ready\r\n");
    let missing = answers(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let fault = answers(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    let gone = answers(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
    let round = answers(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
    let nowhere = answers(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    let silent = answers(b"");
    for (url, expected) in [
        (format!("http://{dead}/"), "could not connect to 127.0.0.1: connection refused; check the address"),
        (
            format!("https://{plain}/"),
            "no secure connection to 127.0.0.1: it does not answer in TLS; an address with http://",
        ),
        (
            format!("http://{short}/"),
            "the answer was cut off or is damaged: the connection ended before it was complete; try",
        ),
        (format!("http://{gzip}/"), "the answer was cut off or is damaged: "),
        (
            format!("http://{prose}/"),
            "the answer was cut off or is damaged: it is not HTTP; check the address",
        ),
        (format!("http://{missing}/"), "the server answered 404 Not Found; check the address"),
        (
            format!("http://{fault}/"),
            "the server answered 500 Internal Server Error; the fault is with the site; try again",
        ),
        (
            format!("http://{gone}/"),
            "the server says that this address is gone for good (410); look for a new one",
        ),
        (
            format!("http://{round}/"),
            "the server redirected more than 3 times; check the address in a browser",
        ),
        (
            format!("http://{nowhere}/"),
            "refused to follow a redirect: only http and https are followed (file:///etc/passwd); check",
        ),
        (format!("http://{silent}/"), "the answer was cut off or is damaged: "),
        (
            "http://no-such-host.invalid/".to_owned(),
            "host 'no-such-host.invalid' not found; check the address and the network",
        ),
        ("news".to_owned(), "not an http or https address: 'news'; write https:// before it"),
    ] {
        let error = quick().fetch(&typed(&url)).expect_err(&url).to_string();
        assert!(error.starts_with(expected), "{url}: {error}");
        assert!(error.contains("; ") && !error.contains('\n') && !error.ends_with('.'), "{url}: {error}");
        let named = FOREIGN.iter().find(|name| error.contains(**name));
        assert_eq!(named, None, "{url}: {error}");
    }
}

#[test]
fn an_error_of_tls_is_found_within_one_of_input() {
    let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
    let error = ureq::Error::Io(std::io::Error::new(std::io::ErrorKind::InvalidData, expired));
    let told = quick().name(error, &Url::parse("https://a.example/").unwrap()).to_string();
    assert!(
        told.starts_with("no secure connection to a.example: its certificate has expired; check the clock"),
        "{told}"
    );
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
    let request = typed(&server.url.replace("http://", "https://"));
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
    let secrets = Secrets::of(&server.url, Vec::new(), Some(credentials));
    let request = Request { secrets, ..typed(&server.url) };
    assert_eq!(bytes(local().fetch(&request)), b"elsewhere");
    assert!(server.head().contains("authorization: basic "));
    assert!(!other.head().contains("authorization"));
    assert!(!format!("{request:?}").contains("secret"));
}

#[test]
fn an_address_that_is_not_http_is_refused() {
    let fetched = quick().fetch(&Request { url: "file:///etc/passwd".into(), ..Request::default() });
    assert_eq!(
        fetched.unwrap_err().to_string(),
        "not an http or https address: 'file:///etc/passwd'; write https:// before it"
    );
}

#[test]
fn a_token_is_sent_as_a_bearer_token() {
    let server = Server::saying(ok("", b"x"));
    let credentials = Some(Credentials::Token("abc".into()));
    let secrets = Secrets::of(&server.url, Vec::new(), credentials);
    let request = Request { secrets, ..typed(&server.url) };
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
    let fetch = |url: &str| fetcher.fetch(&typed(url));
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

/// Each layer of compression can multiply the work a thousand times.
#[test]
fn a_body_may_be_compressed_twice_but_not_more() {
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let twice = pack(&pack(b"text"));
    let server = Server::saying(ok("Content-Encoding: gzip, identity, gzip\r\n", &twice));
    assert_eq!(bytes(server.fetch()), b"text");
    let thrice = Server::saying(ok("Content-Encoding: gzip, gzip, gzip\r\n", &pack(&twice))).fetch();
    assert_eq!(
        thrice.unwrap_err().to_string(),
        "the answer was cut off or is damaged: it is compressed 3 times over"
    );
}

#[test]
fn a_large_answer_takes_a_share_of_the_room_until_it_is_dropped() {
    let fetcher = Fetcher::new(Limits { bytes: 4 << 20, ..Limits::default() });
    let large = Server::saying(ok("", &vec![b'x'; 3 << 20]));
    let fetched = fetcher.fetch(&typed(&large.url)).unwrap();
    assert_eq!(fetched.body.as_ref().unwrap().share.bytes(), 3 << 20);
    let small = fetcher.fetch(&typed(&Server::saying(ok("", b"text")).url)).unwrap();
    assert_eq!(small.body.unwrap().share.bytes(), 0);
}

#[test]
fn headers_end() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(10_000));
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(1 << 20));
    let early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(10_000);
    for answer in [many, long, early] {
        let error = Server::saying(answer).fetch().unwrap_err().to_string();
        assert!(error.starts_with("the answer was cut off or is damaged: it"), "{error}");
    }
}

/// However a redirect spells an address on this machine, and whatever else it puts there, nobody is asked.
#[test]
fn a_private_address_has_no_spelling_that_is_let_through() {
    let inner = Server::saying(ok("", b"secret"));
    let port = inner.url.rsplit_once(':').unwrap().1;
    let forms = [
        "//127.0.0.1:PORT/",
        "http:/127.0.0.1:PORT/",
        "http:\\\\127.0.0.1:PORT\\admin",
        "\\\\127.0.0.1:PORT/",
        "/\t/127.0.0.1:PORT/",
        "ht\ttp://127.0.0.1:PORT/",
        "HTTP://LOCALHOST.:PORT/",
        "http://2130706433:PORT/",
        "http://0177.0.0.1:PORT/",
        "http://0x7f000001:PORT/",
        "http://127.1:PORT/",
        "http://127.0.0.1.:PORT/",
        "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1:PORT/",
        "http://127\u{3002}0\u{3002}0\u{3002}1:PORT/",
        "http://%31%32%37.0.0.1:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://[::ffff:7f00:1]:PORT/",
        "http://[::]:PORT/",
        "http://0:PORT/",
        "http://[fe80::1%25lo]:PORT/",
        "http://localhost%00.example.org:PORT/",
        "http://eve:evil@127.0.0.1:PORT/",
        "http://example.org@127.0.0.1:PORT/",
    ];
    for form in forms {
        let to = form.replace("PORT", port);
        let server = Server::saying(format!(
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        assert!(server.fetch().is_err(), "{form}");
        assert_eq!(inner.heads.lock().unwrap().len(), 0, "{form}");
    }
    // A refresh is a matter for browsers.
    let refresh = format!("Refresh: 0; url={}\r\nLink: <{}>; rel=preload\r\n", inner.url, inner.url);
    assert_eq!(bytes(Server::saying(ok(&refresh, b"here")).fetch()), b"here");
    assert_eq!(inner.heads.lock().unwrap().len(), 0);
}

/// The address of a redirect may be written in UTF-8, as browsers read it.
#[test]
fn a_redirect_may_name_a_path_in_utf_8() {
    let server = Server::new(|head, stream| {
        let answer = match head.starts_with("GET /caf%C3%A9 ") {
            true => ok("", b"text"),
            false => {
                "HTTP/1.1 302 Found\r\nLocation: /caf\u{e9}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .as_bytes()
                    .to_vec()
            }
        };
        let _ = stream.write_all(&answer);
    });
    assert_eq!(bytes(server.fetch()), b"text");
}
