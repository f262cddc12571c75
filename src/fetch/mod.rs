//! URL → bytes, with manners.
//!
//! In: an address, what is known from the last time (validators), headers, credentials. Out: the bytes, or
//! "as before", or why not. Conditional requests, redirects one by one under rules, limits on size before
//! and after decompression, deadlines. Knows no feed format and keeps no state: whoever schedules fetches
//! keeps validators, moved addresses and waiting times (`Fetched` and `FetchError` carry them).

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

/// What is asked for.
#[derive(Clone, Default)]
pub struct Request {
    /// http or https.
    pub url: String,
    /// The validators that came with the copy one has, if any.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Further headers, in order.
    pub headers: Vec<(String, String)>,
    /// Sent to the host of `url` only. Never shown, never logged.
    pub credentials: Option<Credentials>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({})", self.url)
    }
}

/// What proves who asks.
#[derive(Clone)]
pub enum Credentials {
    /// Basic authentication.
    Login { user: String, password: String },
    /// A bearer's token.
    Token(String),
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Bounds that a server cannot move.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body as sent and, alike, after decompression.
    pub bytes: u64,
    pub redirects: u32,
    pub connect: Duration,
    /// From the first byte sent to the last received, redirects included.
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

/// A body and what the server said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub bytes: Vec<u8>,
    /// The media type with its parameters, as sent.
    pub content_type: Option<String>,
    /// Where it was found at last: relative links are relative to this.
    pub url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// `None` where the copy that one has is still right (304).
    pub body: Option<Body>,
    /// The new address, where every redirect on the way was permanent (301, 308): to be remembered.
    pub moved_to: Option<String>,
    /// For how long the server wants not to be asked again (`Cache-Control: max-age`).
    pub fresh_for: Option<Duration>,
}

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("'{0}' is no http or https address")]
    Address(String),
    /// Without its address, which may hold a password.
    #[error("could not understand the address of the proxy")]
    Proxy,
    #[error("no host is called '{0}'")]
    NoSuchHost(String),
    #[error("could not connect to {host}: {reason}")]
    Connect { host: String, reason: String },
    #[error("no secure connection to {host}: {reason}")]
    Tls { host: String, reason: String },
    #[error("no answer within {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// 401, 407: it wants other credentials, or some.
    #[error("the server wants a login, or another one ({0})")]
    Login(u16),
    /// 410: it will not come back, do not ask again.
    #[error("the server says that it is gone for good (410)")]
    Gone,
    /// 429 or 503: not now.
    #[error("the server asks for patience ({status})")]
    Busy { status: u16, retry_after: Option<Duration> },
    #[error("the server answers {status} {reason}")]
    Status { status: u16, reason: String },
    #[error("refused to follow a redirect to {to}: {why}")]
    Redirect { to: String, why: &'static str },
    #[error("redirected more than {0} times")]
    TooManyRedirects(u32),
    #[error("larger than {} MB", .0 >> 20)]
    TooLarge(u64),
    #[error("the answer broke off or is damaged: {0}")]
    Broken(String),
}

/// Fetches; keeps connections. Cheap to clone, safe to share between threads.
#[derive(Clone)]
pub struct Fetcher {
    public: ureq::Agent,
    anywhere: ureq::Agent,
    limits: Limits,
}

impl Fetcher {
    /// A fetcher under `limits`. Proxies come from the environment (`ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`).
    pub fn new(limits: Limits) -> Fetcher {
        Fetcher::with(limits, ureq::Proxy::try_from_env())
    }

    /// A fetcher that goes through the proxy at this address, but to this machine directly.
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

    /// Fetches what `request` asks for. Blocks for at most [`Limits::whole`].
    ///
    /// A redirect is followed only to http and https, from https never to http, and to loopback and
    /// private networks only where `request` itself points into such a network.
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
        // What is meant for one host never goes to another.
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

    /// Turns a final answer into what came of it.
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

    /// The error by its name.
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

/// Whether `url` names a host on this machine or in a private network; `false` for what is no address.
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

/// Where `response`, which came from `from`, sends us; `inside` says that private networks are allowed.
fn redirect(from: &Url, response: &http::Response<ureq::Body>, inside: bool) -> Result<Url, FetchError> {
    let to = response.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refuse = |why| Err(FetchError::Redirect { to: to.to_owned(), why });
    let Ok(url) = from.join(to) else { return refuse("that is no address") };
    if to.is_empty() {
        return refuse("no address is given");
    }
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("only http and https are followed");
    }
    if from.scheme() == "https" && url.scheme() == "http" {
        return refuse("it leaves the secure connection");
    }
    if !inside && address::is_private_host(&url) {
        return refuse(address::PRIVATE);
    }
    Ok(url)
}
