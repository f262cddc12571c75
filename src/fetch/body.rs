//! Reads the body of a response under a size limit, which also applies to the decompressed body.

use super::room::{Room, Share};
use super::{Credentials, reason};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{self, BufRead, BufReader, Read};
use std::time::Instant;
use ureq::http::Response;

/// The most encodings that may be applied to a body, one over the other. Each of them may multiply the work.
const LAYERS: usize = 2;
/// The body is read in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

/// The encodings that are undone.
const KNOWN: [&str; 4] = ["gzip", "x-gzip", "deflate", "br"];
/// How a gzip file begins (RFC 1952, section 2.3.1), with the only method of compression that there is.
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

#[derive(Debug)]
pub enum BodyError {
    TooLarge,
    Timeout,
    /// Other large answers took the room until the time was up.
    NoRoom,
    Broken(String),
}

/// Reads the body of `response`, which is encoded as its `Content-Encoding` (`encoding`) says. It is decompressed while
/// it comes. The body may have at most `limit` bytes, both before and after decompression, and must be complete at
/// `until`. A large body takes its share of `room`.
pub fn read(
    response: Response<ureq::Body>,
    encoding: &str,
    limit: u64,
    until: Instant,
    room: &Room,
) -> Result<(Vec<u8>, Share), BodyError> {
    let raw = response.into_body().into_with_config().limit(u64::MAX).reader();
    let mut reader: Box<dyn Read> = Box::new(Limited { inner: raw, left: limit });
    // The encodings are listed in the order in which they were applied.
    let mut encodings: Vec<String> = encoding
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !matches!(name.as_str(), "" | "identity"))
        .collect();
    // Some servers write the character set there, or `none`: what they send is read as it is, as browsers do.
    let unknown = encodings.iter().find(|name| !KNOWN.contains(&name.as_str())).cloned();
    encodings.retain(|name| KNOWN.contains(&name.as_str()));
    if encodings.is_empty() {
        let start = beginning(&mut reader).map_err(|error| name(&error))?;
        if start.starts_with(GZIP) {
            encodings.push("gzip".to_owned());
        } else if let Some(unknown) = unknown.filter(|_| {
            start.contains(&0) || std::str::from_utf8(&start).is_err_and(|error| error.error_len().is_some())
        }) {
            return Err(BodyError::Broken(format!(
                "it is compressed as '{unknown}', which was not asked for; the site has to correct that"
            )));
        }
        reader = Box::new(io::Cursor::new(start).chain(reader));
    }
    if encodings.len() > LAYERS {
        return Err(BodyError::Broken(format!("it is compressed {} times over", encodings.len())));
    }
    for encoding in encodings.iter().rev() {
        reader = match encoding.as_str() {
            "gzip" | "x-gzip" => Box::new(flate2::read::MultiGzDecoder::new(reader)),
            "deflate" => inflated(reader).map_err(|error| name(&error))?,
            _ => Box::new(brotli_decompressor::Decompressor::new(reader, 8192)),
        };
        reader = Box::new(Limited { inner: reader, left: limit });
    }
    take(reader, limit, until, room)
}

/// Some servers send a bare deflate stream instead of a zlib one, which begins with a header (RFC 1950, section 2.2).
fn inflated(reader: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
    let mut reader = BufReader::new(reader);
    let zlib = match reader.fill_buf()? {
        [first, second, ..] => first & 15 == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0,
        [first] => first & 15 == 8,
        [] => true,
    };
    Ok(match zlib {
        true => Box::new(flate2::bufread::ZlibDecoder::new(reader)),
        false => Box::new(flate2::bufread::DeflateDecoder::new(reader)),
    })
}

/// The first bytes of a body, at most 512.
fn beginning(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    reader.by_ref().take(512).read_to_end(&mut start)?;
    Ok(start)
}

/// A reader that fails once more than `left` bytes have come.
struct Limited<R> {
    inner: R,
    left: u64,
}

/// The error of [`Limited`].
#[derive(Debug, thiserror::Error)]
#[error("too large")]
struct Excess;

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other(Excess))?;
        Ok(count)
    }
}

fn take(
    mut reader: impl Read,
    limit: u64,
    until: Instant,
    room: &Room,
) -> Result<(Vec<u8>, Share), BodyError> {
    let (mut bytes, mut share) = (Vec::new(), room.share());
    loop {
        if !share.grow_to(bytes.len() + PIECE, until) {
            return Err(BodyError::NoRoom);
        }
        let count = (&mut reader).take(PIECE as u64).read_to_end(&mut bytes).map_err(|error| name(&error))?;
        if bytes.len() as u64 > limit {
            return Err(BodyError::TooLarge);
        }
        if count == 0 {
            share.settle(bytes.len());
            return Ok((bytes, share));
        }
        if Instant::now() >= until {
            return Err(BodyError::Timeout);
        }
    }
}

fn name(error: &io::Error) -> BodyError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Timeout(_)) => BodyError::Timeout,
        _ if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Excess>) => {
            BodyError::TooLarge
        }
        _ if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => {
            BodyError::Timeout
        }
        _ => BodyError::Broken(reason::cut(error)),
    }
}

/// Builds the value of an `Authorization` header (RFC 7617, RFC 6750).
pub fn authorization(credentials: &Credentials) -> String {
    match credentials {
        Credentials::Login { user, password } => {
            format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
        }
        Credentials::Token(token) => format!("Bearer {token}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, authorization};

    #[test]
    fn a_login_is_sent_as_the_standards_say() {
        // The example of RFC 7617, section 2.
        let login = Credentials::Login { user: "Aladdin".to_owned(), password: "open sesame".to_owned() };
        assert_eq!(authorization(&login), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(authorization(&Credentials::Token("abc".to_owned())), "Bearer abc");
    }
}
