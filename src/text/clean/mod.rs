//! Text cleaned once, at the door: what comes in is anything that a file or the net holds, what goes
//! out is NFC text that no terminal can mistake for a command and no eye for another text.
//!
//! In comes decoded text (after charset, HTML entities and tags). Out comes text without escape
//! sequences, control codes (but the line feeds of a body), bidi controls, invisible and tag
//! characters, and with at most four combining marks on a base. All functions are linear and
//! idempotent: `clean(clean(x)) == clean(x)`. Nothing here knows about articles.

mod escape;
mod scalar;

use scalar::Scalar;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// Longest line that [`clean_line`] returns, in characters.
pub const LINE_CAP: usize = 500;
/// Longest body that [`clean_body`] returns, in bytes; longer ones are cut on a character boundary.
pub const BODY_CAP: usize = 16 << 20;
/// Longest address that [`clean_url`] accepts, in bytes of the result.
pub const URL_CAP: usize = 8 << 10;
/// Most combining marks (general category M) kept on one base. Stacks of dozens climb over the
/// neighbouring rows; no living orthography needs more.
pub const MARK_CAP: usize = 4;

/// Text for one line: a title, a name. Every run of white space is one space, none at the ends;
/// at most [`LINE_CAP`] characters, the last of them `…` where it was cut.
pub fn clean_line(text: &str) -> String {
    // A line is cut at the cap anyway: a hostile megabyte need not be cleaned whole.
    let text = cut_at(text.trim_start(), LINE_CAP * 64);
    let clean = scrub(text);
    let mut line = String::with_capacity(clean.len().min(LINE_CAP * 4));
    for word in clean.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    // Words that began with a mark have a space before them now, or nothing.
    let line = if is_settled(&line) { line } else { settle(line) };
    shorten(line)
}

/// Text for a body: one line feed or two between paragraphs, as they were; no spaces at the ends
/// of lines, no blank lines at the ends. Indents and inner spaces stay. At most [`BODY_CAP`] bytes.
pub fn clean_body(text: &str) -> String {
    let text = cut_at(text, BODY_CAP);
    let clean = scrub(text);
    let tidy = if is_tidy(&clean) { clean.into_owned() } else { tidy(&clean) };
    // NFC may lengthen a text (by three at most), so the cap is checked once more.
    if tidy.len() > BODY_CAP { scrub(cut_at(&tidy, BODY_CAP)).trim_end().to_owned() } else { tidy }
}

/// The address if it is http or https with a host, else `None`. Everything outside the printable
/// ASCII characters is percent-encoded, so that it can be one argument or one OSC 8 payload.
pub fn clean_url(text: &str) -> Option<String> {
    let text = cut_at(text, URL_CAP + 1).trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest.get(..host_end)?.rsplit('@').next()?;
    if host.is_empty() || host.starts_with(['-', ':', '.']) || host.contains([' ', '\\', '<', '>', '"']) {
        return None;
    }
    let mut url = scheme;
    url.push_str("://");
    for byte in rest.bytes() {
        match byte {
            // A browser drops these within an address too.
            b'\t' | b'\n' | b'\r' => {}
            b'!'..=b'~' => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    (url.len() <= URL_CAP).then_some(url)
}

/// Whether `c` may stand in a clean text: the second wall asks this before a cell is drawn.
pub fn is_safe(c: char) -> bool {
    c == '\n' || !matches!(scalar::classify(c), Scalar::Control | Scalar::Break | Scalar::Invisible)
}

/// Cleans the characters and leaves the white space as it is, but that tabs and the many kinds of
/// blank become a space and the many kinds of line break a line feed. Copies only what needs it.
pub(crate) fn scrub(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let stripped = strip(text);
    Cow::Owned(if is_settled(&stripped) { stripped } else { settle(stripped) })
}

/// A quick scan over a text: true where every character is known to need no cleaning, alone or
/// beside any other such character. Most articles pass.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut rest = bytes;
    // Blocks without a branch a byte, so that the compiler can vectorise them.
    while let Some((block, tail)) = rest.split_first_chunk::<64>() {
        if block.iter().fold(false, |odd, &b| odd | !is_plain_ascii(b)) {
            break;
        }
        rest = tail;
    }
    if rest.iter().all(|&b| is_plain_ascii(b)) {
        return true;
    }
    // `rest` begins on a boundary: all before it is ASCII.
    text.get(bytes.len() - rest.len()..).is_some_and(|t| {
        t.chars().all(|c| if c.is_ascii() { is_plain_ascii(c as u8) } else { scalar::is_plain(c) })
    })
}

fn is_plain_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n')
}

/// Drops escape sequences, controls and what cannot be seen; breaks and blanks become `\n` and ` `.
fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match scalar::classify(c) {
            Scalar::Plain | Scalar::Mark | Scalar::Joiner => out.push(c),
            Scalar::Blank => out.push(' '),
            Scalar::Break => {
                if c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n') {
                    continue;
                }
                out.push('\n');
            }
            Scalar::Control => {
                let end = at + text.get(at..).map_or(0, escape::length);
                while chars.peek().is_some_and(|&(next, _)| next < end) {
                    chars.next();
                }
                if end == at {
                    out.extend(scalar::from_windows(c));
                }
            }
            Scalar::Invisible => {}
        }
    }
    out
}

/// Whether a stripped text needs no [`settle`].
fn is_settled(text: &str) -> bool {
    let odd = |c: char| matches!(scalar::classify(c), Scalar::Mark | Scalar::Joiner);
    !text.chars().any(odd) && is_nfc(text)
}

/// NFC, marks and joiners, until nothing changes: a joiner that goes may let two characters
/// compose, a mark that goes may leave a joiner without company. Each round removes something, and
/// two or three suffice.
fn settle(mut text: String) -> String {
    loop {
        if !is_nfc(&text) {
            text = text.nfc().collect();
        }
        let next = thin(&text);
        if next.len() == text.len() {
            return next;
        }
        text = next;
    }
}

/// One pass over a text in NFC: drops marks over the cap or without a base, and joiners that do
/// not join.
fn thin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    // The last character that is neither mark nor joiner, and how many marks it has.
    let mut base: Option<char> = None;
    let mut marks = 0;
    while let Some(c) = chars.next() {
        match scalar::classify(c) {
            Scalar::Mark => {
                marks += 1;
                if marks <= MARK_CAP && base.is_some_and(|b| !b.is_whitespace()) {
                    out.push(c);
                }
            }
            Scalar::Joiner => {
                if let (Some(before), Some(&after)) = (base, chars.peek())
                    && scalar::joins(before, c, after)
                {
                    out.push(c);
                }
            }
            _ => {
                base = Some(c);
                marks = 0;
                out.push(c);
            }
        }
    }
    out
}

/// Whether a scrubbed body has no spaces at line ends, no three line feeds in a row, and no blank
/// at either end.
fn is_tidy(text: &str) -> bool {
    let ends = text.trim_end().len() == text.len() && !text.starts_with('\n');
    ends && text.lines().all(|line| line.trim_end().len() == line.len()) && !text.contains("\n\n\n")
}

fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut feeds = 0;
    for line in text.split('\n') {
        let line = line.trim_end();
        if !line.is_empty() {
            if !out.is_empty() {
                out.push_str(if feeds > 1 { "\n\n" } else { "\n" });
            }
            out.push_str(line);
            feeds = 0;
        }
        feeds += 1;
    }
    out
}

/// The longest prefix of at most `cap` bytes that ends on a character boundary.
fn cut_at(text: &str, cap: usize) -> &str {
    // A boundary is at most three bytes away.
    (0..4).find_map(|back| text.get(..cap.min(text.len()).saturating_sub(back))).unwrap_or(text)
}

/// At most [`LINE_CAP`] characters, cut between grapheme clusters.
fn shorten(line: String) -> String {
    if line.len() <= LINE_CAP || line.chars().count() <= LINE_CAP {
        return line;
    }
    let mut kept = String::new();
    let mut count = 0;
    for cluster in line.graphemes(true) {
        count += cluster.chars().count();
        if count >= LINE_CAP {
            break;
        }
        kept.push_str(cluster);
    }
    // A joiner at the cut has nothing to join any more.
    let joiner = |c: char| matches!(scalar::classify(c), Scalar::Joiner);
    kept.truncate(kept.trim_end_matches(|c: char| c.is_whitespace() || joiner(c)).len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests;
