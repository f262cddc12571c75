//! Fetches the bytes at a URL, politely.
//!
//! In: an address, the validators of the last fetch, headers and credentials. Out: the bytes, or "not
//! modified", or an error. The requests are conditional; redirects are followed one by one under rules; the
//! size is limited before and after decompression; and there are deadlines. The room knows no feed format
//! and keeps no state: whoever schedules the fetches stores the validators, moved addresses and waiting times
//! that `Fetched` and `FetchError` contain.

mod address;
pub mod api;
mod body;
mod caching;
mod download;
mod gate;
pub mod origin;
mod proxy;
mod reason;
mod room;
#[cfg(test)]
pub(crate) mod tests;

use crate::fault::{self, short};
pub use address::is_private_host;
use cookie_store::CookieStore;
pub use download::{DownloadError, Incoming, Part, Store};
pub use gate::{Allowed, Network, Reach};
use gate::{Gate, Private};
use origin::{Secrets, Trail};
use proxy::Connections;
use room::Room;
pub use room::Share;
use std::time::{Duration, Instant};
use ureq::Timeout;
use ureq::http;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use url::Url;

/// What to fetch, and with which headers.
#[derive(Clone, Default)]
pub struct Request {
    /// An http or https address.
    pub url: String,
    /// The validators that came with the previous copy, if there is one.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Headers and credentials. They are sent only if `url` has their origin, and to that origin only.
    pub secrets: Option<Secrets>,
    /// Where `url` may lead besides the public internet.
    pub reach: Reach,
    /// Limits besides those of the fetcher. The narrower ones apply.
    pub limits: Option<Limits>,
    /// What there is of a file that is downloaded; `None` for anything else.
    pub part: Option<Part>,
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

impl Limits {
    /// The narrower of both.
    fn and(self, other: Limits) -> Limits {
        Limits {
            bytes: self.bytes.min(other.bytes),
            redirects: self.redirects.min(other.redirects),
            connect: self.connect.min(other.connect),
            whole: self.whole.min(other.whole),
        }
    }
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
    /// The room that a large body takes among those that are fetched at the same time. It is to be kept as long as what
    /// was made of the body is in memory.
    pub share: Share,
}

/// The result of a successful fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// `None` if the previous copy is still current (304).
    pub body: Option<Body>,
    /// The new address, if every redirect on the way was permanent (301, 308); to be stored. `None` if the redirects
    /// left the origin of the first address and came back to it.
    pub moved_to: Option<String>,
    /// How long the server wants not to be asked again (`Cache-Control: max-age`).
    pub fresh_for: Option<Duration>,
    /// Where the server of the first address is.
    pub network: Network,
    /// The validators that came with a 304 (RFC 9111, section 4.3.4): they take the place of the ones that were sent.
    pub renewed: Validators,
}

/// What a server recognises a copy by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("not an http or https address: '{}'; write https:// before it", short(.0))]
    Address(String),
    /// Does not contain the address of the proxy, which may include a password.
    #[error(
        "could not understand the address of the proxy; write it as http://HOST:PORT or socks5h://HOST:PORT"
    )]
    Proxy,
    #[error("host '{0}' not found; check the address and the network")]
    NoSuchHost(String),
    #[error("could not connect to {host}: {reason}")]
    Connect { host: String, reason: String },
    #[error("no secure connection to {host}: {reason}")]
    Tls { host: String, reason: String },
    /// The proxy itself could not be reached; the server was not asked.
    #[error(
        "could not reach the proxy {proxy}: {reason} (it comes from the setting proxy, or from ALL_PROXY, HTTPS_PROXY or HTTP_PROXY)"
    )]
    NoProxy { proxy: String, reason: String },
    /// The proxy answered, but did not connect us to the server.
    #[error(
        "the proxy {proxy} does not connect us to {host}; check the address, or the rules and the login of the proxy"
    )]
    ProxyRefuses { proxy: String, host: String },
    #[error("the server did not answer within {} seconds; try again later", .0.as_secs())]
    Timeout(Duration),
    /// 401, 407, or 403 with a challenge: the server requires credentials, or other ones.
    #[error(
        "the server requires a login, or the one sent is wrong ({0}); set login-command or token-command in the config file"
    )]
    Login(u16),
    /// The same from a server to which the secrets were not sent, because they belong to the one that redirected to it.
    #[error(
        "{host} requires a login ({status}); yours is not sent there, because the config file has it for another address; if you trust {host}, set url to the new address there"
    )]
    LoginElsewhere { status: u16, host: String },
    /// 410: the address is gone permanently and should not be requested again.
    #[error("the server says that this address is gone for good (410); look for a new one on the site")]
    Gone,
    /// 429 or 503: the server is busy or the client is too fast.
    #[error("the server asked us to slow down ({status})")]
    Busy { status: u16, retry_after: Option<Duration> },
    #[error("the server answered {status} {reason}{}", reason::remedy(*.status))]
    Status { status: u16, reason: String },
    #[error("refused to follow a redirect: {why} ({}); check the address in a browser", short(to))]
    Redirect { to: String, why: &'static str },
    /// The address is not on the public internet, and the person did not allow it.
    #[error(transparent)]
    Private(#[from] Private),
    #[error("refused to follow a redirect: {why} ({})", short(to))]
    PrivateRedirect { to: String, why: Private },
    #[error("the server redirected more than {0} times; check the address in a browser")]
    TooManyRedirects(u32),
    #[error("the answer is larger than {} MB, the most that is read; check the address", .0 >> 20)]
    TooLarge(u64),
    /// Other answers took all the memory that is set aside for large ones.
    #[error("the answer is large, and other large answers came at the same time")]
    NoRoom,
    #[error("the answer was cut off or is damaged: {0}")]
    Broken(String),
}

/// The most cookies of one answer that are kept.
const COOKIES: usize = 20;

/// Fetches addresses and reuses connections. Cheap to clone, and safe to share between threads.
#[derive(Clone)]
pub struct Fetcher {
    gate: Gate,
    /// Makes the connections that everybody may ask for.
    public: ureq::Agent,
    /// Makes the connections to origins that the person typed. It shares no connection with the other one.
    opened: ureq::Agent,
    proxy: Option<ureq::Proxy>,
    limits: Limits,
    room: Room,
    allowed: Allowed,
    roots: RootCerts,
}

impl Fetcher {
    /// Makes a fetcher under `limits`. The proxy is taken from the environment (`ALL_PROXY`, `HTTPS_PROXY`,
    /// `HTTP_PROXY`, `NO_PROXY`).
    pub fn new(limits: Limits) -> Fetcher {
        Fetcher::with(limits, ureq::Proxy::try_from_env(), Allowed::default(), RootCerts::PlatformVerifier)
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
        let proxy = builder.build().map_err(|_| wrong())?;
        Ok(Fetcher::with(limits, Some(proxy), Allowed::default(), RootCerts::PlatformVerifier))
    }

    /// The same fetcher, which also reaches the hosts and networks in `allowed`.
    pub fn allowing(self, allowed: Allowed) -> Fetcher {
        Fetcher::with(self.limits, self.proxy, allowed, self.roots)
    }

    /// The same fetcher, which trusts only servers whose certificate one of these has signed: certificates in PEM. `None`
    /// where there is no certificate in the text.
    pub fn trusting(self, pem: &[u8]) -> Option<Fetcher> {
        let certificates: Result<Vec<_>, _> = parse_pem(pem).collect();
        let certificates = certificates.ok()?.into_iter().filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        });
        let certificates: Vec<_> = certificates.collect();
        let roots = (!certificates.is_empty()).then(|| RootCerts::from(certificates))?;
        Some(Fetcher::with(self.limits, self.proxy, self.allowed, roots))
    }

    fn with(limits: Limits, proxy: Option<ureq::Proxy>, allowed: Allowed, roots: RootCerts) -> Fetcher {
        let config = |proxy: Option<ureq::Proxy>| {
            ureq::Agent::config_builder()
                .proxy(proxy)
                .tls_config(TlsConfig::builder().root_certs(roots.clone()).build())
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
        let gate = Gate::new(allowed.clone());
        let agent =
            |gate| ureq::Agent::with_parts(config(proxy.clone()), Connections::new(config(None)), gate);
        let (public, opened) = (agent(gate.clone()), agent(gate.opened()));
        Fetcher { gate, public, opened, proxy, limits, room: Room::default(), allowed, roots }
    }

    /// Fetches what `request` describes. Blocks for at most [`Limits::whole`].
    ///
    /// A redirect is followed only to http and https, never from https to http, and to special networks only as far
    /// as [`Request::reach`] and [`Fetcher::allowing`] permit. The secrets are sent as [`origin`] says.
    pub fn fetch(&self, request: &Request) -> Result<Fetched, FetchError> {
        let start = Instant::now();
        let limits = request.limits.map_or(self.limits, |limits| limits.and(self.limits));
        let Arrived { response, url, moved_to, network, withheld } = self.arrive(request, limits, start)?;
        let taken = self.take(response, &url, (moved_to, network), (limits, start + limits.whole));
        taken.map_err(|error| elsewhere(error, withheld, &url))
    }

    /// Follows the redirects from the address of `request` to the first answer that is none. `start` is when the request
    /// began.
    fn arrive(&self, request: &Request, limits: Limits, start: Instant) -> Result<Arrived, FetchError> {
        let mut url = parse(&request.url)?;
        let mut trail = Trail::start(&mut url, request.secrets.as_ref());
        // Cookies last as long as the chain of redirects: some sites set one and ask for it at the next address.
        let mut cookies = CookieStore::default();
        let mut reach = request.reach.clone();
        let mut first = Network::Unknown;
        let mut permanent = true;
        for hop in 0..=limits.redirects {
            let left = limits.whole.saturating_sub(start.elapsed());
            let contact = self.contact(request, &url, (&reach, &trail, &cookies), left);
            let (response, network) = contact.map_err(|error| match error {
                FetchError::Private(why) if hop > 0 => {
                    FetchError::PrivateRedirect { to: url.to_string(), why }
                }
                error => error,
            })?;
            if hop == 0 {
                first = network;
            }
            // A name that has answered from the public internet cannot lead into a private network afterwards.
            if network == Network::Public && reach.covers(&url) {
                reach = Reach::Public;
            }
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                let moved_to = (hop > 0 && permanent).then(|| trail.remembered(&url)).flatten();
                let withheld = trail.withholds();
                return Ok(Arrived { response, url, moved_to, network: first, withheld });
            }
            permanent &= matches!(status, 301 | 308);
            for cookie in response
                .headers()
                .get_all("set-cookie")
                .iter()
                .take(COOKIES)
                .filter_map(|it| it.to_str().ok())
            {
                // A cookie that the address may not set is left out.
                _ = cookies.parse(cookie, &url);
            }
            url = redirect(&url, &response)?;
            trail.step(&mut url);
        }
        Err(FetchError::TooManyRedirects(limits.redirects))
    }

    /// Asks the server at `url`, through the gate. Returns where the server is.
    fn contact(
        &self,
        request: &Request,
        url: &Url,
        (reach, trail, cookies): (&Reach, &Trail<'_>, &CookieStore),
        left: Duration,
    ) -> Result<(http::Response<ureq::Body>, Network), FetchError> {
        let proxied = self.proxy_for(url);
        // What the proxy itself serves is not on the public internet, either.
        let at_proxy = proxied.is_some_and(|proxy| {
            url.host_str() == Some(proxy.host()) && url.port_or_known_default() == Some(proxy.port())
        });
        let refused = at_proxy || self.gate.refuses(url, proxied.is_some());
        if !refused {
            let network = if proxied.is_some() { Network::Unknown } else { Network::Public };
            match self.ask(&self.public, request, url, (trail, cookies), left) {
                Err(FetchError::Private(_)) if reach.covers(url) => {}
                answer => return Ok((answer?, network)),
            }
        }
        if !reach.covers(url) {
            return Err(Private.into());
        }
        Ok((self.ask(&self.opened, request, url, (trail, cookies), left)?, Network::Private))
    }

    /// The proxy that makes the connection to `url`, if there is one.
    fn proxy_for(&self, url: &Url) -> Option<&ureq::Proxy> {
        let uri: http::Uri = url.as_str().parse().ok()?;
        self.proxy.as_ref().filter(|proxy| !proxy.is_no_proxy(&uri))
    }

    fn ask(
        &self,
        agent: &ureq::Agent,
        request: &Request,
        url: &Url,
        (trail, cookies): (&Trail<'_>, &CookieStore),
        left: Duration,
    ) -> Result<http::Response<ureq::Body>, FetchError> {
        let config = agent.get(url.as_str()).config().timeout_global(Some(left));
        let mut call = match &request.part {
            None => config.build(),
            // A part of a file is counted in bytes as the server has them.
            Some(_) => config.accept_encoding("identity").timeout_per_read(Some(download::PATIENCE)).build(),
        };
        if let Some(Part { from: from @ 1.., validator: Some(validator) }) = &request.part {
            call = call.header("Range", format!("bytes={from}-")).header("If-Range", validator);
        }
        call = call.header("Accept", if request.part.is_some() { "*/*" } else { "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5" });
        for (name, value) in [("If-None-Match", &request.etag), ("If-Modified-Since", &request.last_modified)]
        {
            if let Some(value) = value {
                call = call.header(name, value);
            }
        }
        for (name, value) in trail.headers() {
            call = call.header(name, value);
        }
        let cookies: Vec<String> =
            cookies.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            call = call.header("Cookie", cookies.join("; "));
        }
        call.call().map_err(|error| self.name(error, url))
    }

    /// Turns the last response of a chain of redirects into the result.
    fn take(
        &self,
        response: http::Response<ureq::Body>,
        url: &Url,
        (moved_to, network): (Option<String>, Network),
        (limits, until): (Limits, Instant),
    ) -> Result<Fetched, FetchError> {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let fresh_for = header("cache-control").as_deref().and_then(caching::max_age);
        let status = response.status();
        match status.as_u16() {
            200..300 => {}
            304 => {
                let renewed = Validators { etag: header("etag"), last_modified: header("last-modified") };
                return Ok(Fetched { body: None, moved_to, fresh_for, network, renewed });
            }
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
        let read = body::read(response, &encoding, limits.bytes, until, &self.room);
        let (bytes, share) = read.map_err(|error| match error {
            body::BodyError::TooLarge => FetchError::TooLarge(limits.bytes),
            body::BodyError::NoRoom => FetchError::NoRoom,
            body::BodyError::Timeout => FetchError::Timeout(limits.whole),
            body::BodyError::Broken(reason) => FetchError::Broken(reason),
        })?;
        let body = Body { bytes, content_type, url: url.to_string(), etag, last_modified, share };
        Ok(Fetched { body: Some(body), moved_to, fresh_for, network, renewed: Validators::default() })
    }

    /// Classifies an error of the HTTP library.
    fn name(&self, error: ureq::Error, url: &Url) -> FetchError {
        let host = url.host_str().unwrap_or_default().to_owned();
        let proxy = self.proxy_for(url).map(|proxy| proxy.host().to_owned());
        let unreachable = |reason: String| match &proxy {
            Some(proxy) => FetchError::NoProxy { proxy: proxy.clone(), reason },
            None => FetchError::Connect { host: host.clone(), reason },
        };
        let not_found = || match &proxy {
            Some(_) => unreachable("there is no such host; check the setting proxy".to_owned()),
            None => FetchError::NoSuchHost(host.clone()),
        };
        let io = |error: std::io::Error| match reason::tls_within(&error) {
            Some(error) => FetchError::Tls { host: host.clone(), reason: reason::tls(error) },
            None if is_timeout(&error) => FetchError::Timeout(self.limits.whole),
            // The resolver of the system has no kind of its own for this.
            None if error.to_string().contains("lookup address") => not_found(),
            None if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                FetchError::Broken(reason::cut(&error))
            }
            None if error.kind() == std::io::ErrorKind::ConnectionRefused && proxy.is_some() => {
                unreachable("connection refused; check the setting proxy, or start the proxy".to_owned())
            }
            None => unreachable(fault::reason(&error)),
        };
        match error {
            ureq::Error::HostNotFound => not_found(),
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) if proxy.is_some() => {
                unreachable("it does not answer; check the setting proxy".to_owned())
            }
            ureq::Error::Timeout(_) | ureq::Error::BodyStalled => FetchError::Timeout(self.limits.whole),
            ureq::Error::Tls(reason) => FetchError::Tls { host, reason: fault::details(reason) },
            ureq::Error::Rustls(error) => FetchError::Tls { host, reason: reason::tls(&error) },
            ureq::Error::Other(error) if error.is::<Private>() => Private.into(),
            ureq::Error::Io(error) => io(error),
            ureq::Error::ConnectProxyFailed(_) => {
                FetchError::ProxyRefuses { proxy: proxy.unwrap_or_default(), host }
            }
            ureq::Error::ConnectionFailed => unreachable("it cannot be reached; try again later".to_owned()),
            ureq::Error::LargeResponseHeader(..) => {
                FetchError::Broken("its headers are too long; check the address".to_owned())
            }
            ureq::Error::Protocol(error) if error.to_string().contains("too many headers") => {
                FetchError::Broken("it has too many headers; check the address".to_owned())
            }
            ureq::Error::Protocol(error) => FetchError::Broken(format!(
                "it is not HTTP; check the address ({})",
                fault::details(&error.to_string())
            )),
            other => unreachable(fault::details(&other.to_string())),
        }
    }
}

/// The answer at the end of a chain of redirects.
struct Arrived {
    response: http::Response<ureq::Body>,
    url: Url,
    moved_to: Option<String>,
    /// Where the server of the first address is.
    network: Network,
    /// Whether secrets were held back, because they belong to another origin.
    withheld: bool,
}

/// A login that a server asks for to which the secrets were not sent is another error.
fn elsewhere(error: FetchError, withheld: bool, url: &Url) -> FetchError {
    match error {
        FetchError::Login(status) if withheld => {
            let host = url.host_str().unwrap_or_default().to_owned();
            FetchError::LoginElsewhere { status, host }
        }
        error => error,
    }
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

/// The target of the redirect `response`, which came from `from`.
fn redirect(from: &Url, response: &http::Response<ureq::Body>) -> Result<Url, FetchError> {
    let to = response.headers().get("location").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let to = to.unwrap_or_default();
    let refuse = |why| Err(FetchError::Redirect { to: to.clone().into_owned(), why });
    let Ok(url) = from.join(&to) else { return refuse("that is not an address") };
    if to.is_empty() {
        return refuse("no address is given");
    }
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("only http and https are followed");
    }
    if from.scheme() == "https" && url.scheme() == "http" {
        return refuse("it would leave the secure connection");
    }
    Ok(url)
}
