//! Decides what may be sent where. This is the only place that does.
//!
//! Logins, tokens, headers (and so cookies) belong to one origin: the scheme, the host and the port of the address
//! that they were written for. A request shows them to that origin only, and only until a redirect has led away from
//! it: a server elsewhere must not choose which address of the origin is asked in the person's name, so they are
//! not sent again when a chain of redirects comes back (as in the Fetch standard, "HTTP-redirect fetch").

use super::Credentials;
use super::body::authorization;
use url::Url;

/// The scheme, the host and the port of an http or https address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(url::Origin);

impl Origin {
    /// The origin of `url`.
    pub fn of(url: &Url) -> Origin {
        Origin(url.origin())
    }

    /// The origin of an address; `None` if it is not an http or https address.
    pub fn of_address(address: &str) -> Option<Origin> {
        let url = Url::parse(address).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| Origin::of(&url))
    }

    /// Whether `url` is at this origin, or at the secure form of it: https instead of http, the host the same, and
    /// both ports the usual ones.
    pub fn is_served_at(&self, url: &Url) -> bool {
        let secure = |host: &url::Host| url::Origin::Tuple("https".to_owned(), host.clone(), 443);
        match &self.0 {
            own if *own == url.origin() => true,
            url::Origin::Tuple(scheme, host, 80) if scheme == "http" => secure(host) == url.origin(),
            _ => false,
        }
    }
}

/// What only one origin may see. Never displayed and never logged.
#[derive(Clone)]
pub struct Secrets {
    origin: Origin,
    /// In order. Each of them may be secret.
    headers: Vec<(String, String)>,
    credentials: Option<Credentials>,
}

impl Secrets {
    /// The secrets that were written for `address`. `None` if it is not an http or https address.
    pub fn of(
        address: &str,
        headers: Vec<(String, String)>,
        credentials: Option<Credentials>,
    ) -> Option<Secrets> {
        Some(Secrets { origin: Origin::of_address(address)?, headers, credentials })
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({:?})", self.origin)
    }
}

/// The way of one request through its redirects.
pub(super) struct Trail<'s> {
    first: Origin,
    secrets: Option<&'s Secrets>,
    /// The name and the password that the first address contains, percent-encoded. They are a secret of its origin.
    login: Option<(String, Option<String>)>,
    left: bool,
}

impl<'s> Trail<'s> {
    /// Starts at `url`, and takes the login out of it.
    pub(super) fn start(url: &mut Url, secrets: Option<&'s Secrets>) -> Trail<'s> {
        let login = (!url.username().is_empty() || url.password().is_some())
            .then(|| (url.username().to_owned(), url.password().map(str::to_owned)));
        strip(url);
        let first = Origin::of(url);
        let secrets = secrets.filter(|secrets| secrets.origin == first);
        Trail { first, secrets, login, left: false }
    }

    /// Goes on to `url`, without a login that whoever named it put into it.
    pub(super) fn step(&mut self, url: &mut Url) {
        strip(url);
        self.left |= Origin::of(url) != self.first;
    }

    /// The headers that the address where the trail is may see, in order.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        if self.left {
            return Vec::new();
        }
        let mut headers = self.secrets.map(|secrets| secrets.headers.clone()).unwrap_or_default();
        let login = self.login.as_ref().map(|(user, password)| Credentials::Login {
            user: decoded(user),
            password: decoded(password.as_deref().unwrap_or_default()),
        });
        let credentials = self.secrets.and_then(|secrets| secrets.credentials.clone()).or(login);
        let credentials = credentials.map(|credentials| authorization(&credentials));
        headers.extend(credentials.map(|value| ("Authorization".to_owned(), value)));
        headers
    }

    /// Whether there are secrets that are not shown to the address where the trail is.
    pub(super) fn withholds(&self) -> bool {
        self.left && (self.login.is_some() || self.secrets.is_some())
    }

    /// The address to remember if the trail ends at `url` for good. `None` if it left its origin and came back:
    /// remembered, the address would be asked with the secrets although a server elsewhere chose it.
    pub(super) fn remembered(&self, url: &Url) -> Option<String> {
        let home = Origin::of(url) == self.first;
        if self.left {
            return (!home).then(|| url.to_string());
        }
        let mut url = url.clone();
        if let Some((user, password)) = &self.login {
            // Both fail only for an address without a host, which is never fetched.
            let _ = url.set_username(user);
            let _ = url.set_password(password.as_deref());
        }
        Some(url.to_string())
    }
}

fn strip(url: &mut Url) {
    // Both fail only for an address without a host, which has no login.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// A part of an address without its percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn an_origin_is_the_scheme_the_host_and_the_port() {
        let own = Origin::of(&url("http://a.test/feed"));
        for (other, served) in [
            ("http://a.test:80/other", true),
            ("http://A.TEST/", true),
            ("https://a.test/", true),
            ("https://a.test:8443/", false),
            ("http://a.test:8080/", false),
            ("http://b.a.test/", false),
            ("http://a.test./", false),
        ] {
            assert_eq!(own.is_served_at(&url(other)), served, "{other}");
        }
        assert!(!Origin::of(&url("https://a.test/")).is_served_at(&url("http://a.test/")));
        assert!(!Origin::of(&url("http://a.test:8080/")).is_served_at(&url("https://a.test/")));
        assert_eq!(Origin::of_address("file:///etc/passwd"), None);
    }

    #[test]
    fn a_login_in_an_address_is_taken_out_of_it_and_kept_for_its_origin() {
        let mut first = url("https://ann:p%40ss@a.test/feed");
        let mut trail = Trail::start(&mut first, None);
        assert_eq!(first.as_str(), "https://a.test/feed");
        assert_eq!(trail.headers(), [("Authorization".to_owned(), "Basic YW5uOnBAc3M=".to_owned())]);
        assert_eq!(
            trail.remembered(&url("https://a.test/new")).as_deref(),
            Some("https://ann:p%40ss@a.test/new")
        );
        let mut other = url("https://eve:evil@b.test/");
        trail.step(&mut other);
        assert_eq!((other.as_str(), trail.headers()), ("https://b.test/", Vec::new()));
        assert_eq!(trail.remembered(&other).as_deref(), Some("https://b.test/"));
        let mut back = url("https://a.test/feed");
        trail.step(&mut back);
        assert_eq!((trail.headers(), trail.remembered(&back)), (Vec::new(), None));
        assert!(trail.withholds());
    }

    #[test]
    fn secrets_are_not_displayed() {
        let secrets = Secrets::of("https://a.test/", vec![("X-Key".to_owned(), "hidden".to_owned())], None);
        assert!(!format!("{secrets:?}").contains("hidden"));
    }
}
