//! Says which addresses are not of the public internet, in every form in which they can be written.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, c: u16, d: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), length)
}

/// The networks of IPv4 with a special purpose (RFC 6890 and the registry that it made), with multicast and the
/// reserved ones.
const SPECIAL_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private (RFC 1918)
    v4(100, 64, 0, 0, 10),   // shared by a provider (RFC 6598)
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local; the metadata of cloud machines
    v4(172, 16, 0, 0, 12),   // private (RFC 1918)
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 31, 196, 0, 24), // AS112
    v4(192, 52, 193, 0, 24), // automatic multicast tunnels
    v4(192, 88, 99, 0, 24),  // 6to4 relays
    v4(192, 168, 0, 0, 16),  // private (RFC 1918)
    v4(192, 175, 48, 0, 24), // AS112
    v4(198, 18, 0, 0, 15),   // benchmarks
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, and broadcast
];

/// The global unicast addresses of IPv6. What lies outside has a special purpose, but for NAT64.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 0, 3);

/// The networks with a special purpose within [`GLOBAL_V6`].
const SPECIAL_V6: &[Ipv6Net] = &[
    v6(0x2001, 0, 0, 0, 23),         // protocol assignments: Teredo, benchmarks, ORCHID
    v6(0x2001, 0xDB8, 0, 0, 32),     // documentation
    v6(0x2002, 0, 0, 0, 16),         // 6to4
    v6(0x2620, 0x4F, 0x8000, 0, 48), // AS112
    v6(0x3FFF, 0, 0, 0, 20),         // documentation
];

/// The prefix behind which a network translates IPv4 (NAT64, RFC 6052).
const NAT64: Ipv6Net = v6(0x64, 0xFF9B, 0, 0, 96);

/// Whether the host of `url` is this machine, as its address is written.
pub fn is_own_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether this address has a special purpose, so that it is on this machine, in a private network or nowhere, or
/// embeds such an IPv4 address.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => SPECIAL_V4.iter().any(|network| network.contains(&ip)),
        IpAddr::V6(ip) => match translated(ip) {
            Some(ip) => is_private(IpAddr::V4(ip)),
            None => {
                !GLOBAL_V6.contains(&ip)
                    || SPECIAL_V6.iter().any(|network| network.contains(&ip))
                    || isatap(ip).is_some_and(|ip| is_private(IpAddr::V4(ip)))
            }
        },
    }
}

/// The IPv4 address that a mapped (`::ffff:a.b.c.d`) or NAT64 address stands for.
fn translated(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    if NAT64.contains(&ip) { Some(low(ip)) } else { ip.to_ipv4_mapped() }
}

/// The IPv4 address within an ISATAP address (RFC 5214), which any network may use.
fn isatap(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    (matches!(s[4], 0 | 0x200) && s[5] == 0x5EFE).then(|| low(ip))
}

fn low(ip: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = ip.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// Whether `network` has this address, or the IPv4 address that it stands for.
pub fn has(network: &IpNet, ip: IpAddr) -> bool {
    let stands_for = match ip {
        IpAddr::V6(ip) => translated(ip).map(IpAddr::V4),
        IpAddr::V4(_) => None,
    };
    network.contains(&ip) || stands_for.is_some_and(|ip| network.contains(&ip))
}

/// Whether the host in `url` is, by its name or number alone, this machine or part of a private network.
pub fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost"
                || [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|end| name.ends_with(end))
                || !name.contains('.')
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_recognised_in_all_forms() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2a00:1450::5efe:10.0.0.1",
            "2a00:1450::200:5efe:192.168.0.1",
        ] {
            assert!(is_private(ip.parse().expect(ip)), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700::1",
            "2a00:1450::5efe:8.8.8.8",
        ] {
            assert!(!is_private(ip.parse().expect(ip)), "{ip}");
        }
        for url in [
            "http://localhost/",
            "http://printer/",
            "http://nas.local/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://metadata.google.internal/",
        ] {
            assert!(is_private_host(&Url::parse(url).expect(url)), "{url}");
        }
        assert!(!is_private_host(&Url::parse("http://intranet.example/").expect("an address")));
    }

    #[test]
    fn a_network_has_the_addresses_that_stand_for_its_own() {
        let network: IpNet = "10.1.0.0/16".parse().expect("a network");
        for ip in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"] {
            assert!(has(&network, ip.parse().expect(ip)), "{ip}");
        }
        assert!(!has(&network, "10.2.0.1".parse().expect("an address")));
    }
}
