//! JSON Lines: one JSON value a line. Single lines are read by `stream`, before the file has come to its end.

use super::super::{Gathered, Origin, Stream};
use super::is_value;
use crate::text::charset::Charset;

/// Whether a text is JSON Lines. One line of JSON is JSON Lines too.
pub(in crate::formats) fn is_lines(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with(['{', '[']) && begin(start.as_bytes(), true) == Some(true)
}

/// Whether bytes that begin with `{` or `[` are the beginning of JSON Lines; `None` while that depends on bytes that
/// have not come yet. `head` holds the first line at least.
pub(in crate::formats) fn begin(head: &[u8], at_end: bool) -> Option<bool> {
    let mut lines = head.splitn(3, |&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let second = lines.next();
    if is_value(&Charset::guess(first).decode(first)) {
        return Some(true);
    }
    // The first line may be broken among lines that are not.
    let second = second.unwrap_or_default().trim_ascii();
    if second.len() < 2 && lines.next().is_none() && !at_end {
        return None;
    }
    let goes_on = first.trim_ascii_end().ends_with(b"[") || first.trim_ascii_end().ends_with(b",");
    Some(first.starts_with(b"{\"") && second.starts_with(b"{\"") && !goes_on)
}

/// Reads JSON Lines that were decoded as a whole, as those in UTF-16 are.
pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut stream = Stream::new(origin.clone());
    for part in [stream.gather(text.as_bytes()), stream.gather_rest()] {
        found.items.extend(part.items);
        found.warnings.extend(part.warnings);
    }
}
