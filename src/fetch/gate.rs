//! The one gate to the network. Every connection passes it, whoever named the address: a person, a list, a page, a
//! redirect or a feed.
//!
//! The resolved addresses are checked where the connection is made, and the connection goes to the addresses that
//! were checked, so that no name can answer differently in between. Only the public internet may be reached, and
//! what the person allowed: by `allow-private` in the config file, or by typing the address.

use super::address::{has, is_private, is_private_host};
use super::origin::Origin;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::{Host, Url};

/// The error for an address that may not be reached.
#[derive(Debug, thiserror::Error)]
#[error("it leads into a private network; allow it with allow-private in the config file")]
pub struct Private;

/// The hosts and networks that a person allows although they are not on the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Names of hosts in lower case. A name that begins with `*.` stands for all names below it.
    pub names: Vec<String>,
    pub networks: Vec<IpNet>,
}

impl Allowed {
    fn has_name(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.names.iter().any(|name| match name.strip_prefix('*') {
            Some(end) => host.len() > end.len() && host.ends_with(end),
            None => host == *name,
        })
    }

    fn has_ip(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|network| has(network, ip))
    }
}

/// Where the addresses of one request may lead, besides the public internet and what the person allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Nowhere else: a page, a list, a feed or a redirect named the address.
    #[default]
    Public,
    /// This origin, because the person typed its address.
    Typed(Origin),
}

impl Reach {
    /// The reach of an address that the person typed.
    pub fn typed(address: &str) -> Reach {
        Origin::of_address(address).map_or(Reach::Public, Reach::Typed)
    }

    pub(super) fn covers(&self, url: &Url) -> bool {
        matches!(self, Reach::Typed(origin) if origin.is_served_at(url))
    }
}

/// The network in which the server at the first address of a request turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The public internet, or what `allow-private` allows.
    Public,
    /// This machine or a private network.
    Private,
    /// A proxy made the connection.
    Unknown,
}

/// Resolves the names of hosts to the addresses that may be reached.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    allowed: Arc<Allowed>,
    /// Whether every address may be reached. Only for an origin that the person typed.
    open: bool,
}

impl Gate {
    pub(super) fn new(allowed: Allowed) -> Gate {
        Gate { allowed: Arc::new(allowed), open: false }
    }

    /// The gate for an origin that the person typed.
    pub(super) fn opened(&self) -> Gate {
        Gate { allowed: Arc::clone(&self.allowed), open: true }
    }

    /// Whether the host in `url` is refused before it is resolved. `by_name` judges names, too, because a proxy is
    /// going to resolve them.
    pub(super) fn refuses(&self, url: &Url, by_name: bool) -> bool {
        if self.open || url.host_str().is_some_and(|host| self.allowed.has_name(host)) {
            return false;
        }
        match url.host() {
            Some(Host::Ipv4(ip)) => self.refuses_ip(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => self.refuses_ip(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => by_name && is_private_host(url),
            None => true,
        }
    }

    fn refuses_ip(&self, ip: IpAddr) -> bool {
        !self.open && is_private(ip) && !self.allowed.has_ip(ip)
    }
}

impl Resolver for Gate {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = DefaultResolver::default().resolve(uri, config, timeout)?;
        // The person chose the proxy, so it may be anywhere.
        let is_proxy = config.proxy().is_some_and(|proxy| {
            let own = proxy.uri();
            uri.authority() == own.authority() && uri.scheme() == own.scheme()
        });
        if self.open || is_proxy || uri.host().is_some_and(|host| self.allowed.has_name(host)) {
            return Ok(all);
        }
        let mut passed = self.empty();
        all.iter().filter(|at: &&SocketAddr| !self.refuses_ip(at.ip())).for_each(|at| passed.push(*at));
        if passed.is_empty() { Err(ureq::Error::Other(Box::new(Private))) } else { Ok(passed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_or_a_network_is_allowed_by_name_and_by_number() {
        let gate = Gate::new(Allowed {
            names: vec!["intranet.example".to_owned(), "*.corp.example".to_owned()],
            networks: vec![
                "10.1.0.0/16".parse().expect("a network"),
                "fd00:1::/32".parse().expect("a network"),
            ],
        });
        let refuses = |url: &str| gate.refuses(&Url::parse(url).expect(url), true);
        for url in [
            "http://intranet.example:8080/",
            "http://INTRANET.example./",
            "http://a.corp.example/",
            "http://10.1.2.3/",
            "http://[::ffff:10.1.2.3]/",
            "http://[fd00:1::5]/",
            "https://example.org/",
        ] {
            assert!(!refuses(url), "{url}");
        }
        for url in ["http://10.2.0.1/", "http://127.0.0.1/", "http://printer/", "http://[fd00:2::5]/"] {
            assert!(refuses(url), "{url}");
        }
        assert!(!gate.allowed.has_name("corp.example") && !gate.allowed.has_name("xcorp.example"));
        // Without a proxy, names are judged by what they resolve to.
        assert!(!gate.refuses(&Url::parse("http://printer/").expect("an address"), false));
        assert!(!gate.opened().refuses(&Url::parse("http://127.0.0.1/").expect("an address"), true));
    }
}
