//! Web archives: WARC (and the texts of Common Crawl, WET) and ARC, record by record, in memory that does not grow with
//! the file.
//!
//! Pages of HTML are read by the path for saved pages; the address and the time of the record are those of the page if it
//! names none. What is no page (pictures, scripts, redirections, errors, requests) is counted and told once.

use super::draft::Draft;
use super::link::host;
use super::records::Records;
use super::{Gathered, Origin, page};
use crate::article::date;
use crate::text::{charset, clean_url};
use chrono::{DateTime, Utc};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// The longest header of a record, and the longest content that is read as a page, in bytes.
const HEADER_CAP: usize = 256 << 10;
const PAGE_CAP: usize = 16 << 20;
/// The most bytes that a packed page is unpacked to.
const UNPACKED_CAP: u64 = 32 << 20;

pub(super) fn is_warc(bytes: &[u8]) -> bool {
    let version = bytes.strip_prefix(b"WARC/").and_then(|rest| rest.first());
    version.is_some_and(u8::is_ascii_digit)
}

pub(super) fn is_arc(bytes: &[u8]) -> bool {
    bytes.starts_with(b"filedesc://")
}

pub(super) fn records(_: &Origin) -> Box<dyn Records> {
    Box::new(Archive::new(false))
}

pub(super) fn arc_records(_: &Origin) -> Box<dyn Records> {
    Box::new(Archive::new(true))
}

/// The header of a record.
#[derive(Debug, Default)]
struct Header {
    kind: String,
    url: Option<String>,
    at: Option<DateTime<Utc>>,
    content_type: String,
    length: u64,
}

#[derive(Debug)]
enum State {
    /// The header of the next record is not complete.
    Header,
    /// The content of a record, of which `left` bytes have not come, is kept for a page.
    Content { header: Header, left: u64 },
    /// The content of a record is passed over.
    Passing { left: u64 },
}

#[derive(Debug)]
struct Archive {
    state: State,
    buffer: Vec<u8>,
    is_arc: bool,
    pages: u64,
    /// Records of the web that are no pages.
    others: u64,
    /// Pages that are too long or damaged.
    lost: u64,
    texts: u64,
    /// Whether what was read last is no record.
    is_damaged: bool,
}

impl Archive {
    fn new(is_arc: bool) -> Archive {
        Archive {
            state: State::Header,
            buffer: Vec::new(),
            is_arc,
            pages: 0,
            others: 0,
            lost: 0,
            texts: 0,
            is_damaged: false,
        }
    }

    /// Takes what can be taken of the buffer; whether there may be more to take.
    fn step(&mut self, at_end: bool, origin: &Origin, found: &mut Gathered) -> bool {
        match std::mem::replace(&mut self.state, State::Header) {
            State::Passing { left } => {
                let passed = self.buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                self.buffer.drain(..passed);
                let left = left - passed as u64;
                if left > 0 {
                    self.state = State::Passing { left };
                }
                left == 0
            }
            State::Content { header, left } => {
                let length = usize::try_from(left).unwrap_or(usize::MAX);
                if self.buffer.len() < length && !at_end {
                    self.state = State::Content { header, left };
                    return false;
                }
                let content: Vec<u8> = self.buffer.drain(..length.min(self.buffer.len())).collect();
                self.read(&header, &content, origin, found);
                true
            }
            State::Header => self.header(at_end),
        }
    }

    /// Reads the header of the next record, once it is complete.
    fn header(&mut self, at_end: bool) -> bool {
        let blank = self.buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.buffer.drain(..blank);
        if self.buffer.is_empty() {
            return false;
        }
        let end = match self.is_arc {
            true => memchr::memchr(b'\n', &self.buffer).map(|at| at + 1),
            false => head_end(&self.buffer),
        };
        let Some(end) = end else {
            if self.buffer.len() > HEADER_CAP || at_end {
                self.lost += u64::from(!self.buffer.is_empty());
                self.buffer.clear();
            }
            return false;
        };
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).into_owned();
        let header = if self.is_arc { arc_header(&head) } else { warc_header(&head) };
        let Some(header) = header else {
            // The next record is looked for behind what is damaged, which is counted once.
            self.lost += u64::from(!self.is_damaged);
            self.is_damaged = true;
            let next = memchr::memmem::find(self.buffer.get(1..end).unwrap_or_default(), b"WARC/1");
            self.buffer.drain(..next.map_or(end, |at| at + 1));
            return !self.buffer.is_empty();
        };
        self.is_damaged = false;
        self.buffer.drain(..end);
        let wanted = matches!(header.kind.as_str(), "response" | "resource" | "conversion");
        let left = header.length;
        if !wanted || left > PAGE_CAP as u64 {
            self.lost += u64::from(wanted && header.content_type.contains("html"));
            self.others += u64::from(wanted && !header.content_type.contains("html"));
            self.state = State::Passing { left };
        } else {
            self.state = State::Content { header, left };
        }
        true
    }

    /// Reads the content of one record.
    fn read(&mut self, header: &Header, content: &[u8], origin: &Origin, found: &mut Gathered) {
        let content_type = header.content_type.to_ascii_lowercase();
        let is_http =
            self.is_arc || content_type.contains("application/http") || content.starts_with(b"HTTP/");
        let (kind, body) = match is_http && content.starts_with(b"HTTP/") {
            true => match http(content) {
                Some(parts) => parts,
                None => return self.others += 1,
            },
            false => (content_type, content.to_vec()),
        };
        if header.kind == "conversion" && kind.contains("text/plain") {
            return self.text(header, &body, origin, found);
        }
        let is_html = kind.contains("html") || kind.is_empty() && looks_like_html(&body);
        if !is_html || body.is_empty() {
            self.others += 1;
            return;
        }
        let label = kind.split("charset=").nth(1).map(|label| {
            label.split(';').next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
        });
        let Ok(decoded) = charset::decode(&body, label.as_deref().filter(|label| !label.is_empty())) else {
            return self.others += 1;
        };
        let url = header.url.as_deref();
        let page = page::read(&decoded.text, url);
        let draft =
            Draft { url: page.url.or_else(|| header.url.clone()), held: page.held.or(header.at), ..page };
        if draft.body.trim().is_empty() && draft.title.trim().is_empty() {
            self.others += 1;
            return;
        }
        self.pages += 1;
        // The archive's name is no source; the address's host is.
        let draft = Draft { source: draft.source.or_else(|| host(draft.url.as_deref()?)), ..draft };
        found.items.extend(draft.finish(origin, None, &mut found.warnings));
    }

    /// A text of Common Crawl's WET files: the first line is the title of the page.
    fn text(&mut self, header: &Header, body: &[u8], origin: &Origin, found: &mut Gathered) {
        let text = String::from_utf8_lossy(body);
        let (title, rest) = text.trim_start().split_once('\n').unwrap_or((text.trim(), ""));
        self.texts += 1;
        let draft = Draft {
            title: title.trim().to_owned(),
            body: rest.to_owned(),
            url: header.url.clone(),
            source: header.url.as_deref().and_then(host),
            held: header.at,
            ..Draft::default()
        };
        found.items.extend(draft.finish(origin, None, &mut found.warnings));
    }
}

impl Records for Archive {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        // Small pieces, so that the buffer holds one record and little more.
        for piece in bytes.chunks(64 << 10) {
            self.buffer.extend_from_slice(piece);
            while self.step(false, origin, found) {}
        }
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        while self.step(true, origin, found) {}
        if self.pages + self.texts + self.others + self.lost == 0 {
            found.warnings.push(origin.warning(None, "could not find a page in the web archive"));
        }
        if self.lost > 0 {
            let message = format!(
                "could not read {} of the archive's records: they are too long or damaged",
                self.lost
            );
            found.warnings.push(origin.warning(None, &message));
        }
        if self.others > 0 {
            let all = self.others + self.pages + self.texts + self.lost;
            let message =
                format!("could not show {} of the archive's {all} records: they are no pages", self.others);
            found.warnings.push(origin.warning(None, &message));
        }
    }
}

/// Where the header ends: after a blank line, with or without carriage returns.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.get(..HEADER_CAP.min(bytes.len()))?;
    let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4);
    let lf = memchr::memmem::find(bytes, b"\n\n").map(|at| at + 2);
    match (crlf, lf) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn warc_header(head: &str) -> Option<Header> {
    let mut lines = head.lines();
    if !lines.next()?.starts_with("WARC/") {
        return None;
    }
    let mut header = Header::default();
    let mut length = None;
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => header.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => header.url = clean_url(&value.trim_matches(['<', '>']).replace(' ', "%20")),
            "warc-date" => header.at = date::parse(value),
            "content-type" => header.content_type = value.to_ascii_lowercase(),
            "content-length" => length = value.parse().ok(),
            _ => {}
        }
    }
    header.length = length?;
    Some(header)
}

/// `https://example.org/ 93.184.216.34 20220103100000 text/html 1591`; the address may have blanks in it.
fn arc_header(line: &str) -> Option<Header> {
    let mut parts = line.trim().rsplitn(5, ' ');
    let (length, content_type, at) = (parts.next()?, parts.next()?, parts.next()?);
    let (_, url) = (parts.next()?, parts.next()?);
    let kind = if url.starts_with("filedesc:") { "warcinfo" } else { "response" };
    let day = at.get(..8).filter(|_| at.bytes().all(|byte| byte.is_ascii_digit()));
    let time = at.get(8..14).map_or(String::new(), |time| format!("T{time}Z"));
    Some(Header {
        kind: kind.to_owned(),
        url: clean_url(&url.replace(' ', "%20")),
        at: day.and_then(|day| date::parse(&format!("{day}{time}")).or_else(|| date::parse(day))),
        content_type: content_type.to_ascii_lowercase(),
        length: length.parse().ok()?,
    })
}

/// The content type and the body of an answer that succeeded.
fn http(content: &[u8]) -> Option<(String, Vec<u8>)> {
    let end = head_end(content).unwrap_or(content.len());
    let (head, body) = content.split_at(end);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next()?.split_whitespace().nth(1)?;
    if !status.starts_with('2') {
        return None;
    }
    let (mut kind, mut packed, mut chunked) = (String::new(), String::new(), false);
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => kind = value.trim().to_ascii_lowercase(),
            "content-encoding" => packed = value.trim().to_ascii_lowercase(),
            "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            _ => {}
        }
    }
    // Some archives keep the header and store the body as it was.
    let body = if chunked { joined(body).unwrap_or_else(|| body.to_vec()) } else { body.to_vec() };
    let body = unpacked(&body, &packed).unwrap_or(body);
    Some((kind, body))
}

/// A body without the marks of its chunks; `None` if it has none.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut out) = (body, Vec::new());
    loop {
        let Some(end) = memchr::memchr(b'\n', rest) else { return (!out.is_empty()).then_some(out) };
        let size = std::str::from_utf8(rest.get(..end)?).ok()?.trim().split(';').next()?;
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else {
            return (!out.is_empty()).then_some(out);
        };
        if size == 0 {
            return Some(out);
        }
        let content = rest.get(end + 1..)?;
        let taken = size.min(content.len());
        out.extend_from_slice(content.get(..taken)?);
        rest = content.get(taken..)?;
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(out);
        }
    }
}

/// A body unpacked, as far as it is whole; `None` if it is not packed as it says.
fn unpacked(body: &[u8], packed: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    // What a damaged body held before the damage is kept.
    let _ = match packed {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
            MultiGzDecoder::new(body).take(UNPACKED_CAP).read_to_end(&mut out)
        }
        "deflate" => match ZlibDecoder::new(body).take(UNPACKED_CAP).read_to_end(&mut out) {
            Ok(length) => Ok(length),
            Err(_) => {
                out.clear();
                DeflateDecoder::new(body).take(UNPACKED_CAP).read_to_end(&mut out)
            }
        },
        "br" => brotli_decompressor::Decompressor::new(body, 4096).take(UNPACKED_CAP).read_to_end(&mut out),
        _ => return None,
    };
    (!out.is_empty()).then_some(out)
}

fn looks_like_html(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(body.get(..256).unwrap_or(body)).to_ascii_lowercase();
    let head = head.trim_start();
    head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<head")
}

#[cfg(test)]
mod tests {
    use super::super::agency::shown;
    use super::*;

    fn record(kind: &str, url: &str, content: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-01-04T11:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{content}\r\n\r\n",
            content.len()
        )
    }

    fn page(title: &str, head: &str) -> String {
        format!(
            "<html><head><title>{title}</title>{head}</head><body><article><p>The bridge, which was old, fell into the river on Monday.</p></article></body></html>"
        )
    }

    fn answer(head: &str, body: &str) -> String {
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{head}\r\n{body}")
    }

    #[test]
    fn pages_of_an_archive() {
        let dated = "<meta property='article:published_time' content='2022-01-03T10:00:00Z'><meta property='og:site_name' content='Courier'>";
        let body = page("Chunks", "");
        let (one, two) = body.split_at(40);
        let chunked = format!("{:x}\r\n{one}\r\n{:x};x=y\r\n{two}\r\n0\r\n\r\n", one.len(), two.len());
        let text = [
            record("warcinfo", "", "software: x"),
            record("request", "https://example.org/bridge", "GET / HTTP/1.1\r\n\r\n"),
            record("response", "https://example.org/bridge", &answer("", &page("Bridge falls", dated))),
            record(
                "response",
                "<https://www.example.org/chunks>",
                &answer("Transfer-Encoding: chunked\r\n", &chunked),
            ),
            record(
                "response",
                "https://example.org/x.png",
                "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx",
            ),
            record(
                "response",
                "https://example.org/old",
                "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n<html>x",
            ),
        ]
        .concat();
        let story = "The bridge, which was old, fell into the river on Monday.";
        assert_eq!(
            shown(&text),
            [
                format!("Bridge falls | 2022-01-03 | Courier | - | - |  | {story}"),
                format!("Chunks | 2022-01-04 | example.org | - | - |  | {story}"),
                "! could not show 2 of the archive's 4 records: they are no pages".to_owned(),
            ]
        );
    }

    #[test]
    fn arc() {
        let content = answer("", &page("Bridge falls", ""));
        let text = format!(
            "filedesc://x.arc 0.0.0.0 20220104100000 text/plain 12\n1 0 x\nURL x\n\nhttps://example.org/a b 1.2.3.4 20220104100000 text/html {}\n{content}\n",
            content.len()
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls | 2022-01-04 | example.org | - | - |  | The bridge, which was old, fell into the river on Monday."
            ]
        );
    }

    #[test]
    fn packed_pages() {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"<html>x").unwrap();
        let packed = packer.finish().unwrap();
        assert_eq!(unpacked(&packed, "gzip").as_deref(), Some(&b"<html>x"[..]));
        assert_eq!(unpacked(b"<html>", "gzip"), None);
        let content = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".as_slice(), &packed].concat();
        assert_eq!(http(&content), Some((String::new(), b"<html>x".to_vec())));
    }

    /// However the file is cut, the pages are the same.
    #[test]
    fn pieces_and_damage() {
        let one = record("response", "https://example.org/a", &answer("", &page("A", "")));
        let text = format!(
            "{one}WARC/1.0\r\nContent-Length: x\r\n\r\njunk\r\n{one}WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<html><title>cut</title><p>x"
        );
        let origin = Origin { path: None, source: "x".to_owned(), time: DateTime::UNIX_EPOCH };
        let read = |size: usize| {
            let (mut archive, mut found) = (records(&origin), Gathered::default());
            text.as_bytes().chunks(size).for_each(|piece| archive.push(piece, &origin, &mut found));
            archive.finish(&origin, &mut found);
            (found.items, found.warnings)
        };
        let whole = read(text.len());
        assert_eq!(whole.0.len(), 3);
        for size in [1, 2, 3, 7, 64, 1_000] {
            assert_eq!(read(size), whole, "{size}");
        }
    }
}
