//! Decides which hosts are on the person's own machine or network. A server on the internet must not be
//! able to send the reader there, neither by a redirect nor by a name that resolves to such an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::{Host, Url};

/// The reason given when an address is refused.
pub const PRIVATE: &str = "it is on this machine or in a private network";

/// The error of [`Resolving::Public`].
#[derive(Debug, thiserror::Error)]
#[error("{PRIVATE}")]
pub struct Private;

/// Whether the host in `url` is, by its name or number, this machine or part of a private network.
pub fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost"
                || name.ends_with(".localhost")
                || name.ends_with(".local")
                || !name.contains('.')
        }
        None => false,
    }
}

/// Whether this is a loopback, private (RFC 1918, RFC 4193), link-local, shared (RFC 6598), unspecified,
/// broadcast, multicast or documentation address, or an IPv6 form of such an IPv4 address.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => match embedded_v4(ip) {
            Some(ip) => is_private_v4(ip),
            None => {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_multicast()
                    || ip.segments()[0] & 0xFE00 == 0xFC00
                    || ip.segments()[0] & 0xFFC0 == 0xFE80
            }
        },
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
}

/// The IPv4 address within a mapped (`::ffff:a.b.c.d`), NAT64 (`64:ff9b::`) or 6to4 (`2002::`) address.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0xFFFF, high, low] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

/// Resolves host names. `Public` returns no addresses of private networks, so that no name can lead there.
#[derive(Debug, Clone, Copy)]
pub enum Resolving {
    Public,
    Anywhere,
}

impl Resolver for Resolving {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = DefaultResolver::default().resolve(uri, config, timeout)?;
        // The person chose the proxy, so it may be anywhere.
        let is_proxy = config.proxy().is_some_and(|proxy| uri.host() == Some(proxy.host()));
        if matches!(self, Resolving::Anywhere) || is_proxy {
            return Ok(all);
        }
        let mut public = self.empty();
        all.iter().filter(|at: &&SocketAddr| !is_private(at.ip())).for_each(|at| public.push(*at));
        if public.is_empty() { Err(ureq::Error::Other(Box::new(Private))) } else { Ok(public) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_recognised_in_all_forms() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
        ] {
            assert!(is_private(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["1.1.1.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8"] {
            assert!(!is_private(ip.parse().unwrap()), "{ip}");
        }
        for url in
            ["http://localhost/", "http://printer/", "http://nas.local/", "http://0x7f.1/", "http://[::1]/"]
        {
            assert!(is_private_host(&Url::parse(url).unwrap()), "{url}");
        }
    }
}
