//! Reads the body of a response under a size limit, which also applies to the decompressed body.

use super::Credentials;
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
                    "it has the encoding {other}, which was not requested"
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
        _ => BodyError::Broken(error.to_string()),
    }
}

/// Builds the value of an `Authorization` header (RFC 7617, RFC 6750).
pub fn authorization(credentials: &Credentials) -> String {
    match credentials {
        Credentials::Login { user, password } => {
            format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))
        }
        Credentials::Token(token) => format!("Bearer {token}"),
    }
}

/// RFC 4648, section 4, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * n) & 63) as usize] as char;
            out.push(if n <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_the_standards() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
