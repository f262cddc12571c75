//! Downloads a file of any size, which is written while it comes. What has come before is not asked for again.
//!
//! In: a request, what there is of the file, and where the bytes go. Out: nothing but success or an error; the bytes that
//! have come stay where they are, so that the next call goes on behind them (RFC 9110, sections 13.1.5 and 14).

use super::{Arrived, FetchError, Fetcher, Request, caching, elsewhere};
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// How long a server may send nothing while it sends a file.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// The file is passed on in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

/// What there is of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The number of bytes.
    pub from: u64,
    /// The ETag, or else the date of change, of the copy that they are of. Without it the file is downloaded anew.
    pub validator: Option<String>,
}

/// What a server says of a file before it sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Where the bytes that follow belong: 0, or the end of the part that there is.
    pub from: u64,
    /// The size of the whole file in bytes, if the server says it.
    pub total: Option<u64>,
    /// By what the copy is known, if the server says it.
    pub validator: Option<String>,
    /// The media type in lower case, without its parameters.
    pub content_type: Option<String>,
}

/// Where the bytes of a file go.
pub trait Store {
    /// Takes what is known of the file, before its bytes come.
    ///
    /// # Errors
    /// Ends the download.
    fn begin(&mut self, incoming: &Incoming) -> io::Result<()>;

    /// Takes the next bytes. `false` ends the download, because the person does not want it any more.
    ///
    /// # Errors
    /// Ends the download.
    fn take(&mut self, bytes: &[u8]) -> io::Result<bool>;
}

/// Why a file was not downloaded, or not the whole of it.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The file could not be stored.
    #[error("{}", crate::fault::reason(.0))]
    Store(io::Error),
    #[error("the server sends a page and not a file; it may ask for a login, so open the link in a browser")]
    Page,
    #[error("it is stopped")]
    Stopped,
}

impl Fetcher {
    /// Downloads the file at the address of `request`, behind the part that `request` says is there. Redirects, private
    /// networks and secrets are treated as by [`Fetcher::fetch`].
    ///
    /// # Errors
    /// If the server cannot be reached, does not have the file, sends more bytes than the limits allow, sends nothing for
    /// thirty seconds or breaks off, and if `store` fails or wants no more. What has been stored stays.
    pub fn download(&self, request: &Request, store: &mut dyn Store) -> Result<(), DownloadError> {
        let start = Instant::now();
        let limits = request.limits.map_or(self.limits, |limits| limits.and(self.limits));
        let part = request.part.clone().unwrap_or_default();
        let request = Request { part: Some(part.clone()), ..request.clone() };
        let Arrived { response, url, withheld, .. } = self.arrive(&request, limits, start)?;
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(|value| value.trim().to_owned())
        };
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let length = header("content-length").as_deref().and_then(number);
        let range = header("content-range");
        let range = range.as_deref().and_then(|range| range.strip_prefix("bytes ")?.split_once('/'));
        let (from, total) = match (response.status().as_u16(), range) {
            (206, Some((span, total))) => {
                let from = span.split('-').next().and_then(number).unwrap_or(u64::MAX);
                if from != part.from {
                    let wrong = "the server sends another part of the file than it was asked for".to_owned();
                    return Err(FetchError::Broken(wrong).into());
                }
                (from, number(total).or(length.map(|length| length.saturating_add(from))))
            }
            // All of it was there already.
            (416, Some((_, total))) if number(total) == Some(part.from) && part.from > 0 => {
                (part.from, Some(part.from))
            }
            (200..300, _) => (0, length),
            (401 | 407, _) => {
                let error = FetchError::Login(response.status().as_u16());
                return Err(elsewhere(error, withheld, &url).into());
            }
            (410, _) => return Err(FetchError::Gone.into()),
            (status @ (429 | 503), _) => {
                let wait = header("retry-after");
                let retry_after =
                    wait.and_then(|wait| caching::retry_after(&wait, header("date").as_deref()));
                return Err(FetchError::Busy { status, retry_after }.into());
            }
            (status, _) => {
                let reason = response.status().canonical_reason().unwrap_or("").to_owned();
                return Err(FetchError::Status { status, reason }.into());
            }
        };
        let kind = header("content-type")
            .map(|kind| kind.split(';').next().unwrap_or_default().trim().to_lowercase());
        if kind.as_deref().is_some_and(|kind| kind == "text/html" || kind == "application/xhtml+xml") {
            return Err(DownloadError::Page);
        }
        if total.is_some_and(|total| total > limits.bytes) {
            return Err(FetchError::TooLarge(limits.bytes).into());
        }
        // A weak ETag says that two copies mean the same, not that they have the same bytes.
        let etag = header("etag").filter(|etag| !etag.starts_with("W/"));
        let incoming = Incoming {
            from,
            total,
            validator: etag.or_else(|| header("last-modified")).or(part.validator.filter(|_| from > 0)),
            content_type: kind,
        };
        store.begin(&incoming).map_err(DownloadError::Store)?;
        if total == Some(from) && response.status().as_u16() == 416 {
            return Ok(());
        }
        let mut reader = response.into_body().into_with_config().limit(u64::MAX).reader();
        let (mut at, mut piece) = (from, vec![0; PIECE]);
        loop {
            let count = reader.read(&mut piece).map_err(|error| match super::is_timeout(&error) {
                true => FetchError::Timeout(PATIENCE),
                false => FetchError::Broken(super::reason::cut(&error)),
            })?;
            if count == 0 {
                break;
            }
            at += count as u64;
            if at > limits.bytes {
                return Err(FetchError::TooLarge(limits.bytes).into());
            }
            if !store.take(&piece[..count]).map_err(DownloadError::Store)? {
                return Err(DownloadError::Stopped);
            }
        }
        match total {
            Some(total) if at < total => Err(FetchError::Broken("it ends too early".to_owned()).into()),
            _ => Ok(()),
        }
    }
}
