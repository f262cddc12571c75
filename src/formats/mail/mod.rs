//! Mail: a message (.eml, Maildir, MHTML), and many in one file (mbox).
//!
//! In come bytes, as each part of a message has its own character set; out come drafts. A newsletter in HTML is read like
//! the body of a feed's item, a page that a browser saved as MHTML like any saved page. Attachments are named, not read.

mod mbox;

pub(super) use mbox::{is_mbox, records};

use super::dating::recorded;
use super::draft::{Draft, Layout};
use super::{Gathered, Origin, databases, html, page};
use crate::article::date;
use crate::text::{charset, clean_url};
use mailparse::{DispositionType, MailHeaderMap, ParsedMail};

/// How far into a file its headers are looked for, in bytes.
const HEAD: usize = 16 << 10;
/// The most parts of a message that are looked at, and the most attachments that are named.
const PART_CAP: usize = 500;
const ATTACHMENT_CAP: usize = 50;

/// Headers that hardly any text begins with, and headers that a message has beside them.
const SIGNS: [&str; 17] = [
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "delivered-to",
    "content-transfer-encoding",
    "x-mailer",
    "dkim-signature",
    "list-id",
    "list-unsubscribe",
    "x-mozilla-status",
    "reply-to",
    "envelope-to",
    "x-original-to",
    "x-gm-thrid",
    "snapshot-content-location",
    "x-spam-status",
];
const USUAL: [&str; 6] = ["from", "to", "subject", "date", "content-type", "cc"];

/// Whether a file is a message, by its first lines: headers, and nothing else up to a blank line.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let (mut signs, mut usual, mut from, mut parts) = (0, 0, false, false);
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() && at > 0 {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if at == 0 {
                return false;
            }
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return at > 4 && signs + usual >= 4;
        };
        let (name, value) = line.split_at(colon);
        if name.is_empty() || name.len() > 60 || !name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        signs +=
            usize::from(SIGNS.contains(&name.as_str()) || name.starts_with("x-") || name.starts_with("arc-"));
        usual += usize::from(USUAL.contains(&name.as_str()));
        from |= name == "from" && value.contains(&b'@');
        parts |= name == "content-type"
            && value.to_ascii_lowercase().windows(10).any(|part| part == b"multipart/");
    }
    // A message in parts, or its beginning, needs no other headers.
    signs >= 1 && usual >= 2 || from && usual >= 3 || parts && (from || signs + usual <= 2)
}

/// Reads a file that is one message.
pub(super) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match message(bytes) {
        Some(Message::Export(html, reader)) => reader(&html, origin, found),
        Some(Message::Article(mut draft)) => {
            // Maildir keeps its flags in the name of the file: `1641.abc:2,FS`.
            let name = origin.path.as_deref().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            if let Some((_, flags)) = name.rsplit_once(":2,") {
                draft.read |= flags.contains('S');
                draft.starred |= flags.contains('F');
            }
            draft.finish_file(origin, found);
        }
        None => {
            found.warnings.push(origin.warning(None, "could not read the message: its headers are broken"));
        }
    }
}

/// What a message is.
enum Message {
    Article(Box<Draft>),
    /// The page that a research database sent, with what reads it.
    Export(String, fn(&str, &Origin, &mut Gathered)),
}

/// What a message is; `None` if it cannot be parsed at all.
fn message(bytes: &[u8]) -> Option<Message> {
    let mail = mailparse::parse_mail(bytes).ok()?;
    let header = |name: &str| {
        mail.headers.get_first_value(name).map(|value| squeezed(&value)).filter(|value| !value.is_empty())
    };
    let date = header("Date")
        .or_else(|| header("Received").and_then(|trace| Some(trace.rsplit(';').next()?.trim().to_owned())));
    let published = date.as_deref().and_then(written);
    let (name, address) = header("From").map(|from| sender(&from)).unwrap_or_default();
    let location = ["Snapshot-Content-Location", "Content-Base", "Content-Location", "Archived-At"]
        .iter()
        .find_map(|name| clean_url(header(name)?.trim_matches(['<', '>'])));
    let mut parts = Parts::default();
    parts.gather(&mail, 0);
    // A page that a browser saved: the address of the page, and its parts.
    if header("Snapshot-Content-Location").is_some()
        || header("From").is_some_and(|from| from.starts_with("<Saved by"))
    {
        let page = page::read(parts.html.as_deref()?, location.as_deref());
        return Some(Message::Article(Box::new(Draft {
            title: Some(page.title)
                .filter(|title| !title.is_empty())
                .or_else(|| header("Subject"))
                .unwrap_or_default(),
            held: page.held.or(published.map(|written| written.moment)),
            url: page.url.or(location),
            ..page
        })));
    }
    if let Some(reader) = parts.html.as_deref().and_then(databases::of_page) {
        return Some(Message::Export(parts.html.unwrap_or_default(), reader));
    }
    let (body, layout) = parts.text(location.as_deref());
    let host = address.rsplit_once('@').map(|(_, host)| host.trim_matches(['<', '>', ' ']).to_owned());
    let list = header("List-Id")
        .map(|list| list.split('<').next().unwrap_or_default().trim().trim_matches('"').to_owned());
    let keywords =
        ["Keywords", "X-Keywords", "X-Gmail-Labels", "X-Mozilla-Keys"].iter().filter_map(|name| header(name));
    let tags =
        keywords.flat_map(|words| words.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>());
    let tags: Vec<String> = tags.filter(|tag| !tag.starts_with('$')).collect();
    let mozilla =
        header("X-Mozilla-Status").and_then(|status| u32::from_str_radix(&status, 16).ok()).unwrap_or(0);
    Some(Message::Article(Box::new(Draft {
        title: header("Subject").unwrap_or_default(),
        body,
        layout,
        url: location,
        guid: header("Message-ID").map(|id| id.trim_matches(['<', '>']).to_owned()),
        source: Some(name.clone())
            .filter(|name| !name.is_empty())
            .or(list.filter(|list| !list.is_empty()))
            .or(host),
        author: Some(if name.is_empty() { address } else { name }).filter(|author| !author.is_empty()),
        published,
        language: header("Content-Language"),
        tags,
        read: mozilla & 1 != 0 || header("Status").is_some_and(|status| status.contains('R')),
        starred: mozilla & 4 != 0 || header("X-Status").is_some_and(|status| status.contains('F')),
        ..Draft::default()
    })))
}

/// A date of a header. A comment in brackets may follow, and `mailparse` knows forms that newspapers do not use.
fn written(text: &str) -> Option<date::Written> {
    let plain = text.split('(').next().unwrap_or_default().trim();
    let moment = || {
        chrono::DateTime::from_timestamp(mailparse::dateparse(text).ok()?, 0)
            .filter(|moment| moment.timestamp() != 0)
    };
    recorded(plain).or_else(|| moment().map(Into::into))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name and the address in `"Morning Brief" <news@example.org>`.
fn sender(from: &str) -> (String, String) {
    match from.split_once('<') {
        Some((name, address)) => (
            name.trim().trim_matches(['"', '\'']).trim().to_owned(),
            address.split('>').next().unwrap_or_default().to_owned(),
        ),
        None => match from.split_once('(') {
            Some((address, name)) => {
                (name.trim_end_matches(')').trim().to_owned(), address.trim().to_owned())
            }
            None => (String::new(), from.to_owned()),
        },
    }
}

/// The texts and the attachments of a message.
#[derive(Default)]
struct Parts {
    plain: Option<String>,
    html: Option<String>,
    /// Texts after the first: an inline text behind a picture.
    more: Vec<String>,
    attachments: Vec<String>,
    count: usize,
}

impl Parts {
    fn gather(&mut self, part: &ParsedMail, depth: usize) {
        self.count += 1;
        if self.count > PART_CAP || depth > 32 {
            return;
        }
        if part.ctype.mimetype.starts_with("multipart/") && !part.subparts.is_empty() {
            return part.subparts.iter().for_each(|inner| self.gather(inner, depth + 1));
        }
        let disposition = part.get_content_disposition();
        let name = disposition.params.get("filename").or_else(|| part.ctype.params.get("name")).cloned();
        let is_attachment = disposition.disposition == DispositionType::Attachment;
        let kind = part.ctype.mimetype.as_str();
        let is_text = matches!(
            kind,
            "text/plain" | "text/html" | "application/xhtml+xml" | "text/markdown" | "text/enriched"
        );
        if is_text && !is_attachment {
            let Some(text) = decoded(part) else { return };
            let text = if part
                .ctype
                .params
                .get("format")
                .is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
            {
                unflowed(&text)
            } else {
                text
            };
            let place = if kind.contains("html") { &mut self.html } else { &mut self.plain };
            match place {
                None => *place = Some(text),
                Some(_) if !kind.contains("html") && !text.trim().is_empty() => self.more.push(text),
                Some(_) => {}
            }
            return;
        }
        if kind == "message/rfc822" || is_attachment || name.is_some() && !kind.starts_with("image/") {
            let subject = || {
                let inner = mailparse::parse_mail(&part.get_body_raw().ok()?)
                    .ok()?
                    .headers
                    .get_first_value("Subject");
                inner.map(|subject| squeezed(&subject))
            };
            let name = name.or_else(|| (kind == "message/rfc822").then(subject).flatten());
            if self.attachments.len() < ATTACHMENT_CAP {
                self.attachments.push(name.map_or_else(|| kind.to_owned(), |name| squeezed(&name)));
            }
        }
    }

    /// The text of the message. Of two alternatives the one with more words is read; the other may be a mere hint to look
    /// at the first.
    fn text(self, own: Option<&str>) -> (String, Layout) {
        let html =
            self.html.map(|html| html::to_text(&html, own, own)).filter(|(text, _)| !text.trim().is_empty());
        let plain = self.plain.filter(|text| !text.trim().is_empty());
        let words = |text: &str| {
            text.split_whitespace()
                .filter(|word| !word.contains("://") && word.chars().any(char::is_alphanumeric))
                .count()
        };
        let (mut body, layout) = match (html, plain) {
            (Some((html, layout)), Some(plain)) if words(&html) >= words(&plain) => (html, layout),
            (_, Some(plain)) => (plain, Layout::AsTyped),
            (html, None) => html.unwrap_or_default(),
        };
        for text in self.more {
            body.push_str("\n\n");
            body.push_str(text.trim());
        }
        if !self.attachments.is_empty() {
            let named: Vec<String> =
                self.attachments.iter().map(|name| format!("[attachment: {name}]")).collect();
            body = format!("{}\n\n{}", body.trim_end(), named.join("\n\n"));
        }
        (body, layout)
    }
}

/// The text of a part, in its character set, or in the one that it seems to be in.
fn decoded(part: &ParsedMail) -> Option<String> {
    let bytes = part.get_body_raw().ok()?;
    let label = part
        .ctype
        .params
        .get("charset")
        .map(String::as_str)
        .filter(|label| !label.eq_ignore_ascii_case("us-ascii"));
    match charset::decode(&bytes, label) {
        Ok(decoded) => Some(decoded.text.into_owned()),
        Err(_) => Some(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Joins the lines that end with a blank (RFC 3676).
fn unflowed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        out.push_str(line);
        // `-- ` stands above a signature.
        if !line.ends_with(' ') || line == "-- " {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::agency::shown;

    fn eml(headers: &str, body: &str) -> String {
        format!(
            "Return-Path: <news@example.org>\r\nFrom: =?UTF-8?Q?Lovech_Courier_=E2=80=93_Daily?= <news@example.org>\r\nTo: me@example.net\r\nSubject: =?UTF-8?B?QnJpZGdlIGZhbGxzIOKAkyBub2JvZHkgaHVydA==?=\r\n\
            Date: Mon, 03 Jan 2022 10:00:00 +0100 (CET)\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n{headers}\r\n\r\n{body}"
        )
    }

    #[test]
    fn alternatives_and_encodings() {
        let text = eml(
            "Content-Type: multipart/alternative; boundary=\"b1\"",
            "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nLook at it in a browser: https://example.org/x\r\n\r\n--b1\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             <html><head><style>x</style></head><body><p>The caf=E9 on the bridge fell on <b>Monday</b>, said <a href=3D\"https://example.org/m\">the mayor</a>.</p><p style=3D\"display:none\">hidden</p></body></html>\r\n--b1--\r\n",
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls – nobody hurt | 2022-01-03 | Lovech Courier – Daily | Lovech Courier – Daily | 1@example.org |  | \
              The café on the bridge fell on Monday, said the mayor [1]. / [1] https://example.org/m"
            ]
        );
    }

    #[test]
    fn attachments_are_named() {
        let text = eml(
            "Keywords: bridges, rivers\r\nContent-Type: multipart/mixed; boundary=b",
            "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nVGhlIGJyaWRnZSBmZWxsLg==\r\n--b\r\nContent-Type: application/pdf; name=\"report.pdf\"\r\nContent-Disposition: attachment; filename*=UTF-8''report%20%C3%A9.pdf\r\n\r\nx\r\n--b--\r\n",
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls – nobody hurt | 2022-01-03 | Lovech Courier – Daily | Lovech Courier – Daily | 1@example.org | bridges,rivers | \
              The bridge fell. / [attachment: report é.pdf]"
            ]
        );
    }

    #[test]
    fn a_page_saved_as_mhtml() {
        let text = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/bridge\r\nSubject: Bridge\r\nDate: Tue, 4 Jan 2022 10:00:00 -0000\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"b\"\r\n\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-ID: <f@x>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://example.org/bridge\r\n\r\n\
            <html><head><title>Bridge falls</title><meta property=3D\"article:published_time\" content=3D\"2022-01-03T10:00:00Z\"></head><body><p>The bridge, which was old, fell into the river.</p></body></html>\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n";
        assert_eq!(
            shown(text),
            ["Bridge falls | 2022-01-03 | Desk | - | - |  | The bridge, which was old, fell into the river."]
        );
    }

    #[test]
    fn what_is_no_message() {
        for text in [
            "Subject: the bridge\n\nIt fell.",
            "Title: Bridge falls\nDate: 2022-01-03\nFrom: Lovech\n\nIt fell.",
            "To: be or not\n\nx",
        ] {
            assert!(!super::is_message(text.as_bytes()), "{text}");
        }
        assert!(super::is_message(b"From: a@example.org\nSubject: x\nDate: y\n\nz"));
        assert!(super::is_message(
            b"Content-Type: multipart/mixed;\n\tboundary=b\n\n--b\nContent-Type: text/plain\n\nz\n--b--\n"
        ));
        assert!(super::is_message(
            b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nz\n--b--\n"
        ));
    }
}
