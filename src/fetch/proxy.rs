//! Requests for http addresses through an http proxy, as RFC 9112, section 3.2.2 says: the proxy gets the whole address
//! (`GET http://example.org/feed HTTP/1.1`), and no tunnel, which many proxies open to port 443 only.
//!
//! The HTTP library asks every proxy for a tunnel (CONNECT). Here a connection to the proxy takes the place of the one to
//! the server, and the head of each request is changed on its way out. The login of the proxy goes to the proxy only.

use super::Credentials;
use super::body::authorization;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Error, ProxyProtocol};

/// Makes every connection: to servers, through tunnels, and to proxies that take whole addresses.
#[derive(Debug)]
pub(super) struct Connections {
    inner: DefaultConnector,
    /// The configuration without the proxy, with which the proxy itself is reached.
    direct: Config,
}

impl Connections {
    pub(super) fn new(direct: Config) -> Connections {
        Connections { inner: DefaultConnector::default(), direct }
    }
}

impl Connector<()> for Connections {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let is_http = details.uri.scheme_str() == Some("http");
        let speaks_http = |protocol| matches!(protocol, ProxyProtocol::Http | ProxyProtocol::Https);
        let proxy = details.config.proxy().filter(|proxy| {
            is_http && chained.is_none() && speaks_http(proxy.protocol()) && !proxy.is_no_proxy(details.uri)
        });
        let Some(proxy) = proxy else { return self.inner.connect(details, chained) };
        let to_proxy = ConnectionDetails {
            uri: proxy.uri(),
            addrs: details.resolver.resolve(proxy.uri(), details.config, details.timeout)?,
            config: &self.direct,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let Some(inner) = self.inner.connect(&to_proxy, None)? else { return Ok(None) };
        let login = (proxy.username().is_some() || proxy.password().is_some()).then(|| {
            let [user, password] =
                [proxy.username(), proxy.password()].map(|text| text.unwrap_or_default().to_owned());
            authorization(&Credentials::Login { user, password })
        });
        Ok(Some(Box::new(Whole { inner, server: server(details.uri), login, in_head: false })))
    }
}

/// The scheme and the host of an address, which come before a path: `http://example.org:8080`.
fn server(uri: &Uri) -> String {
    format!(
        "http://{}",
        uri.authority().map_or("", |authority| authority.as_str().rsplit('@').next().unwrap_or(""))
    )
}

/// A connection to a proxy, on which each request has the whole address. No request has a body.
#[derive(Debug)]
struct Whole {
    inner: Box<dyn Transport>,
    server: String,
    /// The value of `Proxy-Authorization`.
    login: Option<String>,
    /// Whether a part of a head has been sent, so that what follows is the rest of it.
    in_head: bool,
}

impl Transport for Whole {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let written = self.inner.buffers().output().get(..amount).unwrap_or_default().to_vec();
        let ends = written.ends_with(b"\r\n\r\n");
        let sent = match std::mem::replace(&mut self.in_head, !ends) {
            true => written,
            false => with_whole_address(&written, &self.server, self.login.as_deref()),
        };
        let mut rest = sent.as_slice();
        while !rest.is_empty() {
            let buffer = self.inner.buffers().output();
            let count = rest.len().min(buffer.len());
            if count == 0 {
                return Err(Error::ConnectionFailed);
            }
            buffer[..count].copy_from_slice(&rest[..count]);
            self.inner.transmit_output(count, timeout)?;
            rest = &rest[count..];
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    /// The connection to the server is not secure, whatever the one to the proxy is.
    fn is_tls(&self) -> bool {
        false
    }
}

/// The head of a request with the whole address in its first line and, below it, the login of the proxy.
fn with_whole_address(head: &[u8], server: &str, login: Option<&str>) -> Vec<u8> {
    let line_end = head.windows(2).position(|pair| pair == b"\r\n").unwrap_or(head.len());
    let (line, rest) = head.split_at(line_end);
    let path = line.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
    let (method, path) = line.split_at(path);
    let mut out = Vec::with_capacity(head.len() + server.len() + 100);
    out.extend_from_slice(method);
    if path.starts_with(b"/") {
        out.extend_from_slice(server.as_bytes());
    }
    out.extend_from_slice(path);
    if let Some(login) = login {
        out.extend_from_slice(format!("\r\nProxy-Authorization: {login}").as_bytes());
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_has_the_whole_address() {
        let head = b"GET /f?a=b HTTP/1.1\r\nhost: example.org\r\n\r\n";
        assert_eq!(
            with_whole_address(head, "http://example.org", Some("Basic abc")),
            b"GET http://example.org/f?a=b HTTP/1.1\r\nProxy-Authorization: Basic abc\r\nhost: example.org\r\n\r\n"
        );
        assert_eq!(
            server(&"http://eve@example.org:8080/x".parse().expect("an address")),
            "http://example.org:8080"
        );
    }
}
