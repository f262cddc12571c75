//! Cleans each text once, when it enters the program. The input is anything that a file or the network
//! may contain; the output is NFC text that no terminal mistakes for a command and no reader for another
//! text.
//!
//! In: decoded text (after charset, HTML entities and tags). Out: text without escape sequences,
//! control codes (except the line feeds of a body), bidi controls, invisible characters and tag
//! characters, and with at most four combining marks on a base. All functions are linear and
//! idempotent: `clean(clean(x)) == clean(x)`. Nothing here knows about articles.

mod escape;
mod scalar;

use scalar::Scalar;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// The longest line that [`clean_line`] returns, in characters.
pub const LINE_CAP: usize = 500;
/// The longest body that [`clean_body`] returns, in bytes; a longer one is cut on a character boundary.
pub const BODY_CAP: usize = 16 << 20;
/// The longest address that [`clean_url`] returns, in bytes.
pub const URL_CAP: usize = 8 << 10;
/// The largest number of combining marks (general category M) that one base keeps. Stacks of dozens
/// of marks overlap the neighbouring rows, and no living orthography needs more than four.
pub const MARK_CAP: usize = 4;

/// Cleans text for one line, such as a title or a name. Every run of white space becomes one space, and
/// there is none at the ends. The result has at most [`LINE_CAP`] characters; if it was cut, the last
/// one is `…`.
pub fn clean_line(text: &str) -> String {
    // The line is cut at the cap anyway, so a hostile megabyte need not be cleaned as a whole.
    let text = cut_at(text.trim_start(), LINE_CAP * 64);
    let clean = scrub(text);
    let mut line = String::with_capacity(clean.len().min(LINE_CAP * 4));
    for word in clean.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    // A word that began with a combining mark is now at the start of the line or after a space.
    let line = if is_settled(&line) { line } else { settle(line) };
    shorten(line)
}

/// Cleans text for a body. One or two line feeds between paragraphs are kept, and more become two;
/// spaces at the ends of lines and blank lines at either end of the body are removed. Indents and inner
/// spaces are kept. The result has at most [`BODY_CAP`] bytes.
pub fn clean_body(text: &str) -> String {
    let text = cut_at(text, BODY_CAP);
    let clean = scrub(text);
    let tidy = if is_tidy(&clean) { clean.into_owned() } else { tidy(&clean) };
    // NFC may lengthen a text (up to threefold), so the cap is checked once more.
    if tidy.len() > BODY_CAP { scrub(cut_at(&tidy, BODY_CAP)).trim_end().to_owned() } else { tidy }
}

/// Returns the address if it is http or https with a host, and otherwise `None`. Everything outside
/// printable ASCII is percent-encoded, so that the result can be one argument or one OSC 8 payload.
pub fn clean_url(text: &str) -> Option<String> {
    let text = cut_at(text, URL_CAP + 1).trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    // Browsers drop these within an address, wherever they are.
    let rest = rest.replace(['\t', '\n', '\r'], "");
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest.get(..host_end)?.rsplit('@').next()?;
    if host.is_empty() || host.starts_with(['-', ':', '.']) || host.contains([' ', '\\', '<', '>', '"']) {
        return None;
    }
    let mut url = scheme;
    url.push_str("://");
    for byte in rest.bytes() {
        match byte {
            b'!'..=b'~' => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    (url.len() <= URL_CAP).then_some(url)
}

/// Cleans the characters of a text and keeps its white space, except that a tab or any other kind of
/// blank becomes a space and any kind of line break becomes a line feed. Borrows where nothing changes.
pub(crate) fn scrub(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let stripped = strip(text);
    Cow::Owned(if is_settled(&stripped) { stripped } else { settle(stripped) })
}

/// A quick scan: returns true only if every character is known to need no cleaning, alone or next to
/// any other such character. Most articles pass.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut rest = bytes;
    // There is no branch for each byte within a block, so that the compiler can vectorise the loop.
    while let Some((block, tail)) = rest.split_first_chunk::<64>() {
        if block.iter().fold(false, |odd, &b| odd | !is_plain_ascii(b)) {
            break;
        }
        rest = tail;
    }
    if rest.iter().all(|&b| is_plain_ascii(b)) {
        return true;
    }
    // `rest` begins on a character boundary, because everything before it is ASCII.
    text.get(bytes.len() - rest.len()..).is_some_and(|t| {
        t.chars().all(|c| if c.is_ascii() { is_plain_ascii(c as u8) } else { scalar::is_plain(c) })
    })
}

fn is_plain_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n')
}

/// Drops escape sequences, control codes and invisible characters; breaks become `\n` and blanks ` `.
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

/// Whether [`settle`] would leave a stripped text unchanged.
fn is_settled(text: &str) -> bool {
    let odd = |c: char| matches!(scalar::classify(c), Scalar::Mark | Scalar::Joiner);
    !text.chars().any(odd) && is_nfc(text)
}

/// Composes the text (NFC) and removes surplus marks and joiners until nothing changes: removing a
/// joiner may let two characters compose, and removing a mark may leave a joiner without a neighbour to
/// join. Each round removes something, and two or three rounds suffice.
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

/// Makes one pass over a text in NFC: drops marks over the cap or without a base, and joiners that
/// join nothing.
fn thin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    // The last character that is neither a mark nor a joiner, and the number of marks on it.
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

/// Whether a scrubbed body has no spaces at line ends, no three line feeds in a row, no line feed at
/// its start and no white space at its end.
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

/// Cuts `line` to at most [`LINE_CAP`] characters, between grapheme clusters.
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
    // A joiner at the cut has nothing left to join.
    let joiner = |c: char| matches!(scalar::classify(c), Scalar::Joiner);
    kept.truncate(kept.trim_end_matches(|c: char| c.is_whitespace() || joiner(c)).len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests;
