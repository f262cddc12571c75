//! Reads the body of a response under a size limit, which also applies to the decompressed body.

use super::{Credentials, reason};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{self, Read};
use ureq::http::Response;

pub enum BodyError {
    TooLarge,
    Timeout,
    Broken(String),
}

/// Reads the body of `response`, which is encoded as its `Content-Encoding` (`encoding`) says. The body may
/// have at most `limit` bytes, both before and after decompression.
pub fn read(response: Response<ureq::Body>, encoding: &str, limit: u64) -> Result<Vec<u8>, BodyError> {
    let raw = response.into_body().into_with_config().limit(u64::MAX).reader();
    let mut bytes = take(raw, limit)?;
    // The encodings are listed in the order in which they were applied.
    for encoding in encoding.split(',').rev().map(|name| name.trim().to_ascii_lowercase()) {
        bytes = match encoding.as_str() {
            "" | "identity" => bytes,
            "gzip" | "x-gzip" => take(flate2::read::MultiGzDecoder::new(&bytes[..]), limit)?,
            // Some servers send a bare deflate stream instead of a zlib one.
            "deflate" => match take(flate2::read::ZlibDecoder::new(&bytes[..]), limit) {
                Err(BodyError::Broken(_)) => take(flate2::read::DeflateDecoder::new(&bytes[..]), limit)?,
                other => other?,
            },
            "br" => take(brotli_decompressor::Decompressor::new(&bytes[..], 8192), limit)?,
            other => {
                return Err(BodyError::Broken(format!(
                    "it is compressed as '{other}', which was not asked for; the site has to correct that"
                )));
            }
        };
    }
    Ok(bytes)
}

fn take(reader: impl Read, limit: u64) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(|error| name(&error))?;
    if bytes.len() as u64 > limit { Err(BodyError::TooLarge) } else { Ok(bytes) }
}

fn name(error: &io::Error) -> BodyError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Timeout(_)) => BodyError::Timeout,
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
