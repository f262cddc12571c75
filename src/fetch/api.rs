//! Requests to a server that a person named, and that answers in JSON: a search server.
//!
//! In: a method, a path, a body, the secrets of the server's origin and a flag that gives the request up. Out: the status
//! and the bytes of the answer, within limits. Redirects are never followed, so that nothing reaches another host. A
//! request that is given up closes its connection, which tells the server to stop working on it. The room knows no search
//! engine; whoever asks understands the answers.

use super::origin::{Secrets, Trail};
use super::proxy::Connections;
use super::{FetchError, Fetcher, Limits, address, body, parse};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use ureq::http;
use ureq::unversioned::transport::time;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use url::Url;

/// How often a waiting request looks whether it was given up.
const LOOK: Duration = Duration::from_millis(25);

/// One request.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// `GET`, `POST`, `PUT`, `HEAD` or `DELETE`.
    pub method: &'a str,
    /// What comes after the host, with its slash.
    pub path: &'a str,
    /// Empty for a request without a body.
    pub body: &'a [u8],
    /// The media type of the body.
    pub content_type: &'a str,
    /// The largest number of bytes of the answer, both as sent and after decompression.
    pub most: u64,
    /// The time from the first byte sent to the last byte received.
    pub within: Duration,
}

/// What came back, whatever its status is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub bytes: Vec<u8>,
    /// How long the server wants not to be asked again.
    pub retry_after: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The request was given up, and its connection is closed.
    #[error("the request was given up")]
    GivenUp,
    #[error("{0} is not encrypted: write https://, since http:// is for this machine only")]
    Insecure(String),
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

/// A server with the secrets of its origin. Cheap to clone, and safe to share between threads.
#[derive(Clone)]
pub struct Api {
    fetcher: Fetcher,
    agent: ureq::Agent,
    root: Url,
    secrets: Option<Secrets>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({})", self.shown())
    }
}

impl Api {
    /// A server at `root`, which a person typed: it may be in a private network. A login in the address is taken out of
    /// it and sent to its origin only.
    pub fn new(fetcher: &Fetcher, root: &str, secrets: Option<Secrets>) -> Result<Api, CallError> {
        let root = parse(root)?;
        if root.scheme() == "http" && !address::is_own_machine(&root) {
            let host = root.host_str().unwrap_or_default().to_owned();
            return Err(CallError::Insecure(format!("http://{host}")));
        }
        let config = fetcher.opened.config().clone();
        let connections = Stoppable(Connections::new(config.clone()));
        let agent = ureq::Agent::with_parts(config, connections, fetcher.gate.opened());
        Ok(Api { fetcher: fetcher.clone(), agent, root, secrets })
    }

    /// The address without its login, for messages.
    pub fn shown(&self) -> String {
        let mut url = self.root.clone();
        Trail::start(&mut url, None);
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// Asks the server, and gives up soon after `given_up` is set.
    pub fn call(&self, call: &Call<'_>, given_up: &Arc<AtomicBool>) -> Result<Answer, CallError> {
        let start = Instant::now();
        let mut url = self.root.clone();
        let trail = Trail::start(&mut url, self.secrets.as_ref());
        let whole = format!("{}{}", url.as_str().trim_end_matches('/'), call.path);
        let url = parse(&whole)?;
        let mut request = http::Request::builder().method(call.method).uri(url.as_str());
        request = request.header("Accept", "application/json").header("Accept-Encoding", "gzip");
        if !call.body.is_empty() {
            request = request.header("Content-Type", call.content_type);
        }
        for (name, value) in trail.headers() {
            request = request.header(name, value);
        }
        let wrong = |_| FetchError::Address(whole.clone());
        let limits = Limits { bytes: call.most, whole: call.within, ..self.fetcher.limits };
        let _watch = Watch::start(given_up);
        // Without a length, an empty body of these methods would come in pieces, which not every server reads: what it
        // leaves unread makes it cut the connection.
        let has_body = !call.body.is_empty() || ["POST", "PUT"].contains(&call.method);
        let answer = match has_body {
            false => self.run(request.body(()).map_err(wrong)?, limits),
            true => self.run(request.body(call.body).map_err(wrong)?, limits),
        };
        let answer = answer.map_err(|error| match self.fetcher.name(error, &url) {
            FetchError::Timeout(_) => FetchError::Timeout(limits.whole),
            error => error,
        });
        if given_up.load(Ordering::Relaxed) {
            return Err(CallError::GivenUp);
        }
        let answer = answer?;
        let header =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let retry_after = header("retry-after")
            .and_then(|value| super::caching::retry_after(&value, header("date").as_deref()));
        let status = answer.status().as_u16();
        let encoding = header("content-encoding").unwrap_or_default();
        let read = body::read(answer, &encoding, limits.bytes, start + limits.whole, &self.fetcher.room);
        if given_up.load(Ordering::Relaxed) {
            return Err(CallError::GivenUp);
        }
        let (bytes, _) = read.map_err(|error| match error {
            body::BodyError::TooLarge => FetchError::TooLarge(limits.bytes),
            body::BodyError::NoRoom => FetchError::NoRoom,
            body::BodyError::Timeout => FetchError::Timeout(limits.whole),
            body::BodyError::Broken(reason) => FetchError::Broken(reason),
        })?;
        Ok(Answer { status, bytes, retry_after })
    }

    fn run(
        &self,
        request: http::Request<impl ureq::AsSendBody>,
        limits: Limits,
    ) -> Result<http::Response<ureq::Body>, ureq::Error> {
        let request = self.agent.configure_request(request).allow_non_standard_methods(true);
        let request = request.timeout_global(Some(limits.whole)).build();
        self.agent.run(request)
    }
}

thread_local! {
    /// The flag of the request that this thread is making.
    static WATCHED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Has the connections of this thread look at a flag, as long as it lives.
struct Watch;

impl Watch {
    fn start(flag: &Arc<AtomicBool>) -> Watch {
        WATCHED.with_borrow_mut(|watched| *watched = Some(Arc::clone(flag)));
        Watch
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHED.with_borrow_mut(|watched| *watched = None);
    }
}

fn is_given_up() -> bool {
    WATCHED.with_borrow(|watched| watched.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)))
}

/// Makes connections that end when the request on them is given up.
#[derive(Debug)]
struct Stoppable(Connections);

impl Connector<()> for Stoppable {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let made = self.0.connect(details, chained)?;
        Ok(made.map(|inner| Box::new(Watched { inner }) as Box<dyn Transport>))
    }
}

/// A connection on which waiting is done in short pieces.
#[derive(Debug)]
struct Watched {
    inner: Box<dyn Transport>,
}

impl Transport for Watched {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let start = Instant::now();
        loop {
            if is_given_up() {
                return Err(ureq::Error::ConnectionFailed);
            }
            let left = match timeout.after {
                time::Duration::Exact(after) => after.saturating_sub(start.elapsed()),
                time::Duration::NotHappening => Duration::MAX,
            };
            if left.is_zero() {
                return Err(ureq::Error::Timeout(timeout.reason));
            }
            let piece = NextTimeout { after: time::Duration::Exact(left.min(LOOK)), ..timeout };
            match self.inner.await_input(piece) {
                Err(ureq::Error::Timeout(_)) if left > LOOK => {}
                other => return other,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::thread;

    fn call(path: &str) -> Call<'_> {
        Call {
            method: "POST",
            path,
            body: b"{}",
            content_type: "application/json",
            most: 1000,
            within: Duration::from_secs(20),
        }
    }

    #[test]
    fn a_request_that_is_given_up_closes_its_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        let (closed, told) = mpsc::channel();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut bytes = [0; 4096];
            // Reads the request and never answers; the connection ends when nothing more can come.
            while stream.read(&mut bytes).is_ok_and(|count| count > 0) {}
            closed.send(()).expect("somebody waits");
        });
        let api =
            Api::new(&Fetcher::new(Limits::default()), &format!("http://{at}"), None).expect("a server");
        let flag = Arc::new(AtomicBool::new(false));
        let later = Arc::clone(&flag);
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            later.store(true, Ordering::Relaxed);
        });
        let start = Instant::now();
        assert!(matches!(api.call(&call("/slow"), &flag), Err(CallError::GivenUp)));
        assert!(start.elapsed() < Duration::from_secs(5));
        told.recv_timeout(Duration::from_secs(5)).expect("the connection is closed");
    }

    #[test]
    fn a_body_that_is_empty_is_sent_with_its_length() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        let (heads, told) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut bytes = [0; 4096];
                let count = stream.read(&mut bytes).expect("a request");
                heads.send(String::from_utf8_lossy(&bytes[..count]).to_lowercase()).expect("somebody waits");
                let _ = stream.write_all(b"HTTP/1.1 204 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        let api =
            Api::new(&Fetcher::new(Limits::default()), &format!("http://{at}"), None).expect("a server");
        for (method, length) in [("PUT", true), ("POST", true), ("GET", false), ("DELETE", false)] {
            let call = Call { method, body: b"", ..call("/star") };
            assert_eq!(api.call(&call, &Arc::default()).expect("an answer").status, 204, "{method}");
            let head = told.recv().expect("a request");
            assert_eq!(head.contains("content-length: 0\r\n"), length, "{head}");
            assert!(!head.contains("transfer-encoding") && head.ends_with("\r\n\r\n"), "{head}");
            assert!(!head.contains("\r\n\r\n0"), "{head}");
        }
    }

    #[test]
    fn an_answer_that_is_too_long_is_refused_and_a_redirect_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        thread::spawn(move || {
            for answer in [
                format!("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n{}", "x".repeat(2000)),
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .to_owned(),
            ] {
                let (mut stream, _) = listener.accept().expect("a connection");
                let mut bytes = [0; 4096];
                let _ = stream.read(&mut bytes);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let api =
            Api::new(&Fetcher::new(Limits::default()), &format!("http://{at}"), None).expect("a server");
        let flag = Arc::default();
        assert!(matches!(api.call(&call("/a"), &flag), Err(CallError::Fetch(FetchError::TooLarge(1000)))));
        assert_eq!(api.call(&call("/b"), &flag).expect("an answer").status, 302);
    }

    #[test]
    fn plain_http_is_for_this_machine_and_a_login_is_not_shown() {
        let fetcher = Fetcher::new(Limits::default());
        assert!(matches!(Api::new(&fetcher, "http://10.0.0.7:9200", None), Err(CallError::Insecure(_))));
        assert!(matches!(Api::new(&fetcher, "http://search.example", None), Err(CallError::Insecure(_))));
        for own in ["http://localhost:9200", "http://127.0.0.1:9200", "http://[::1]:9200"] {
            assert_eq!(Api::new(&fetcher, own, None).expect(own).shown(), own);
        }
        let api = Api::new(&fetcher, "https://ann:secret@search.example:9200/", None).expect("a server");
        assert_eq!(api.shown(), "https://search.example:9200");
        assert!(!format!("{api:?}").contains("secret"));
    }
}
