//! Fetches the bytes at a URL, politely.
//!
//! In: an address, the validators of the last fetch, headers and credentials. Out: the bytes, or "not
//! modified", or an error. The requests are conditional; redirects are followed one by one under rules; the
//! size is limited before and after decompression; and there are deadlines. The room knows no feed format
//! and keeps no state: whoever schedules the fetches stores the validators, moved addresses and waiting times
//! that `Fetched` and `FetchError` contain.

mod address;
mod body;
mod caching;
#[cfg(test)]
pub(crate) mod tests;

use address::Resolving;
pub use address::is_private_host;
use std::time::Duration;
use ureq::http;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

/// What to fetch, and with which headers.
#[derive(Clone, Default)]
pub struct Request {
    /// An http or https address.
    pub url: String,
    /// The validators that came with the previous copy, if there is one.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Additional headers, in order. They are sent to the host of `url` only.
    pub headers: Vec<(String, String)>,
    /// Sent to the host of `url` only. Never displayed and never logged.
    pub credentials: Option<Credentials>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({})", self.url)
    }
}

/// The proof of who makes a request.
#[derive(Clone)]
pub enum Credentials {
    /// Basic authentication.
    Login { user: String, password: String },
    /// A bearer token.
    Token(String),
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Limits that a server cannot change.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest number of bytes of a body, both as sent and after decompression.
    pub bytes: u64,
    pub redirects: u32,
    pub connect: Duration,
    /// The time from the first byte sent to the last byte received, including redirects.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 32 << 20,
            redirects: 5,
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(60),
        }
    }
}

/// A body with what the server said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub bytes: Vec<u8>,
    /// The media type with its parameters, as the server sent it.
    pub content_type: Option<String>,
    /// The final address after redirects; relative links are relative to it.
    pub url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// The result of a successful fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// `None` if the previous copy is still current (304).
    pub body: Option<Body>,
    /// The new address, if every redirect on the way was permanent (301, 308); to be stored.
    pub moved_to: Option<String>,
    /// How long the server wants not to be asked again (`Cache-Control: max-age`).
    pub fresh_for: Option<Duration>,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("'{0}' is not an http or https address")]
    Address(String),
    /// Does not contain the address of the proxy, which may include a password.
    #[error(
        "could not understand the address of the proxy; write it as http://HOST:PORT or socks5h://HOST:PORT"
    )]
    Proxy,
    #[error("host '{0}' not found; check the address")]
    NoSuchHost(String),
    #[error("could not connect to {host}: {reason}")]
    Connect { host: String, reason: String },
    #[error("could not make a secure connection to {host}: {reason}")]
    Tls { host: String, reason: String },
    #[error("the server did not answer within {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// 401, 407, or 403 with a challenge: the server requires credentials, or other ones.
    #[error(
        "the server requires a login, or the one sent is wrong ({0}); set login-command or token-command in the config file"
    )]
    Login(u16),
    /// 410: the address is gone permanently and should not be requested again.
    #[error("the server says that this address is permanently gone (410)")]
    Gone,
    /// 429 or 503: the server is busy or the client is too fast.
    #[error("the server asked us to slow down ({status})")]
    Busy { status: u16, retry_after: Option<Duration> },
    #[error("the server answered {status} {reason}")]
    Status { status: u16, reason: String },
    #[error("refused to follow a redirect to {to}: {why}")]
    Redirect { to: String, why: &'static str },
    #[error("the server redirected more than {0} times")]
    TooManyRedirects(u32),
    #[error("the answer is larger than {} MB", .0 >> 20)]
    TooLarge(u64),
    #[error("the answer was cut off or is damaged: {0}")]
    Broken(String),
}

/// Fetches addresses and reuses connections. Cheap to clone, and safe to share between threads.
#[derive(Clone)]
pub struct Fetcher {
    public: ureq::Agent,
    anywhere: ureq::Agent,
    limits: Limits,
}

impl Fetcher {
    /// Makes a fetcher under `limits`. The proxy is taken from the environment (`ALL_PROXY`, `HTTPS_PROXY`,
    /// `HTTP_PROXY`, `NO_PROXY`).
    pub fn new(limits: Limits) -> Fetcher {
        Fetcher::with(limits, ureq::Proxy::try_from_env())
    }

    /// Makes a fetcher that uses the proxy at this address, except for hosts on this machine.
    pub fn through(limits: Limits, proxy: &str) -> Result<Fetcher, FetchError> {
        let wrong = || FetchError::Proxy;
        let plain = ureq::Proxy::new(proxy).map_err(|_| wrong())?;
        let mut builder = ureq::Proxy::builder(plain.protocol()).host(plain.host()).port(plain.port());
        if let Some(user) = plain.username() {
            builder = builder.username(user);
        }
        if let Some(password) = plain.password() {
            builder = builder.password(password);
        }
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            builder = builder.no_proxy(host);
        }
        Ok(Fetcher::with(limits, Some(builder.build().map_err(|_| wrong())?)))
    }

    fn with(limits: Limits, proxy: Option<ureq::Proxy>) -> Fetcher {
        let config = || {
            ureq::Agent::config_builder()
                .proxy(proxy.clone())
                .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .timeout_connect(Some(limits.connect))
                .timeout_global(Some(limits.whole))
                .max_idle_connections_per_host(2)
                .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION"), " (news reader)"))
                .accept_encoding("gzip, deflate, br")
                .build()
        };
        let agent = |resolving| ureq::Agent::with_parts(config(), DefaultConnector::default(), resolving);
        Fetcher { public: agent(Resolving::Public), anywhere: agent(Resolving::Anywhere), limits }
    }

    /// Fetches what `request` describes. Blocks for at most [`Limits::whole`].
    ///
    /// A redirect is followed only to http and https, never from https to http, and to loopback and
    /// private networks only if `request` itself points into such a network.
    pub fn fetch(&self, request: &Request) -> Result<Fetched, FetchError> {
        let start = std::time::Instant::now();
        let mut url = parse(&request.url)?;
        let home = url.clone();
        let inside = address::is_private_host(&url);
        let agent = if inside { &self.anywhere } else { &self.public };
        let mut permanent = true;
        for hop in 0..=self.limits.redirects {
            let left = self.limits.whole.saturating_sub(start.elapsed());
            let response = self.ask(agent, request, &url, url.origin() == home.origin(), left)?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                let moved_to = (hop > 0 && permanent).then(|| url.to_string());
                return self.take(response, &url, moved_to);
            }
            permanent &= matches!(status, 301 | 308);
            url = redirect(&url, &response, inside)?;
        }
        Err(FetchError::TooManyRedirects(self.limits.redirects))
    }

    fn ask(
        &self,
        agent: &ureq::Agent,
        request: &Request,
        url: &Url,
        at_home: bool,
        left: Duration,
    ) -> Result<http::Response<ureq::Body>, FetchError> {
        let mut call = agent.get(url.as_str()).config().timeout_global(Some(left)).build();
        call = call.header("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5");
        for (name, value) in [("If-None-Match", &request.etag), ("If-Modified-Since", &request.last_modified)]
        {
            if let Some(value) = value {
                call = call.header(name, value);
            }
        }
        // Headers and credentials for one host must never be sent to another.
        if at_home {
            for (name, value) in &request.headers {
                call = call.header(name, value);
            }
            if let Some(credentials) = &request.credentials {
                call = call.header("Authorization", body::authorization(credentials));
            }
        }
        call.call().map_err(|error| self.name(error, url))
    }

    /// Turns the last response of a chain of redirects into the result.
    fn take(
        &self,
        response: http::Response<ureq::Body>,
        url: &Url,
        moved_to: Option<String>,
    ) -> Result<Fetched, FetchError> {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let fresh_for = header("cache-control").as_deref().and_then(caching::max_age);
        let status = response.status();
        match status.as_u16() {
            200..300 => {}
            304 => return Ok(Fetched { body: None, moved_to, fresh_for }),
            401 | 403 | 407 if status.as_u16() != 403 || header("www-authenticate").is_some() => {
                return Err(FetchError::Login(status.as_u16()));
            }
            410 => return Err(FetchError::Gone),
            429 | 503 => {
                let retry_after = header("retry-after")
                    .and_then(|value| caching::retry_after(&value, header("date").as_deref()));
                return Err(FetchError::Busy { status: status.as_u16(), retry_after });
            }
            code => {
                let reason = status.canonical_reason().unwrap_or("").to_owned();
                return Err(FetchError::Status { status: code, reason });
            }
        }
        let (content_type, etag, last_modified) =
            (header("content-type"), header("etag"), header("last-modified"));
        let encoding = header("content-encoding").unwrap_or_default();
        let bytes = body::read(response, &encoding, self.limits.bytes).map_err(|error| match error {
            body::BodyError::TooLarge => FetchError::TooLarge(self.limits.bytes),
            body::BodyError::Timeout => FetchError::Timeout(self.limits.whole),
            body::BodyError::Broken(reason) => FetchError::Broken(reason),
        })?;
        let body = Body { bytes, content_type, url: url.to_string(), etag, last_modified };
        Ok(Fetched { body: Some(body), moved_to, fresh_for })
    }

    /// Classifies an error of the HTTP library.
    fn name(&self, error: ureq::Error, url: &Url) -> FetchError {
        let host = url.host_str().unwrap_or_default().to_owned();
        match error {
            ureq::Error::HostNotFound => FetchError::NoSuchHost(host),
            ureq::Error::Timeout(_) => FetchError::Timeout(self.limits.whole),
            ureq::Error::Tls(reason) => FetchError::Tls { host, reason: reason.to_owned() },
            ureq::Error::Rustls(reason) => FetchError::Tls { host, reason: reason.to_string() },
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                FetchError::Tls { host, reason: error.to_string() }
            }
            ureq::Error::Io(error) if is_timeout(&error) => FetchError::Timeout(self.limits.whole),
            ureq::Error::Other(error) if error.is::<address::Private>() => {
                FetchError::Redirect { to: url.to_string(), why: address::PRIVATE }
            }
            ureq::Error::Io(error) if error.to_string().contains("lookup address") => {
                FetchError::NoSuchHost(host)
            }
            ureq::Error::Io(error) => {
                let reason = error.to_string();
                let reason = reason.split(" (os error").next().unwrap_or_default().to_lowercase();
                FetchError::Connect { host, reason }
            }
            ureq::Error::Protocol(error) => FetchError::Broken(error.to_string()),
            other => FetchError::Connect { host, reason: other.to_string() },
        }
    }
}

/// Whether `url` names a host on this machine or in a private network; false if `url` is not an address.
pub fn is_private(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| address::is_private_host(&url))
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock)
}

fn parse(text: &str) -> Result<Url, FetchError> {
    let url = Url::parse(text).map_err(|_| FetchError::Address(text.to_owned()))?;
    if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() {
        Ok(url)
    } else {
        Err(FetchError::Address(text.to_owned()))
    }
}

/// The target of the redirect `response`, which came from `from`; `inside` allows private networks.
fn redirect(from: &Url, response: &http::Response<ureq::Body>, inside: bool) -> Result<Url, FetchError> {
    let to = response.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refuse = |why| Err(FetchError::Redirect { to: to.to_owned(), why });
    let Ok(url) = from.join(to) else { return refuse("that is not an address") };
    if to.is_empty() {
        return refuse("no address is given");
    }
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("only http and https are followed");
    }
    if from.scheme() == "https" && url.scheme() == "http" {
        return refuse("it would leave the secure connection");
    }
    if !inside && address::is_private_host(&url) {
        return refuse(address::PRIVATE);
    }
    Ok(url)
}
