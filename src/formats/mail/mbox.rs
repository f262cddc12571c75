//! mbox: messages one after the other, each after a line `From …`, in memory that does not grow with the file.

use super::super::records::Records;
use super::super::{Gathered, Origin};
use super::Message;

/// The longest message, in bytes; the rest of a longer one is left out.
const MESSAGE_CAP: usize = 64 << 20;

/// Whether a file begins as an mbox does: a line `From …`, then a header.
pub(in crate::formats) fn is_mbox(bytes: &[u8]) -> bool {
    let mut lines = bytes.trim_ascii_start().split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let second = lines.next().unwrap_or_default();
    let name = second.iter().position(|byte| *byte == b':');
    let is_header = name.and_then(|end| second.get(..end)).is_some_and(|name| {
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    });
    // Some programs write no day there; then the header must be one that every message has.
    let known = name.and_then(|end| second.get(..end)).is_some_and(|name| {
        [&b"return-path"[..], b"received", b"from", b"delivered-to", b"message-id"]
            .contains(&name.to_ascii_lowercase().as_slice())
    });
    is_separator(first) && (is_header || second.starts_with(b">From "))
        || first.starts_with(b"From ") && known
}

/// `From news@example.org Mon Jan  3 10:00:00 2022`.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let words = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    let year = rest.windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    (4..=9).contains(&words) && rest.contains(&b':') && year
}

pub(in crate::formats) fn records(_: &Origin) -> Box<dyn Records> {
    Box::new(Mbox::default())
}

#[derive(Debug, Default)]
struct Mbox {
    /// The bytes after the last complete line.
    line: Vec<u8>,
    message: Vec<u8>,
    /// Whether a separator has come.
    begun: bool,
    after_blank: bool,
    /// How many messages have ended.
    count: u64,
    /// Whether the message is too long.
    cut: bool,
}

impl Mbox {
    fn take_line(&mut self, line: &[u8], origin: &Origin, found: &mut Gathered) {
        let begins = !self.begun && line.starts_with(b"From ");
        if begins || is_separator(line) && (self.after_blank || !self.begun) {
            self.end_message(origin, found);
            self.begun = true;
            self.after_blank = false;
            return;
        }
        self.after_blank = line.trim_ascii().is_empty();
        // `>From`, `>>From`: one mark was added when the message was stored.
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
        let line = if quoted { line.get(1..).unwrap_or_default() } else { line };
        if self.message.len() + line.len() <= MESSAGE_CAP {
            self.message.extend_from_slice(line);
            self.message.push(b'\n');
        } else {
            self.cut = true;
        }
    }

    fn end_message(&mut self, origin: &Origin, found: &mut Gathered) {
        let message = std::mem::take(&mut self.message);
        let cut = std::mem::take(&mut self.cut);
        if !self.begun || message.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.count += 1;
        if cut {
            let text = format!("could not read all of message {}: it is longer than 64 MiB", self.count);
            found.warnings.push(origin.warning(None, &text));
        }
        match super::message(&message) {
            // What Thunderbird keeps of a folder is no message.
            Some(Message::Article(draft)) if draft.title.starts_with("DON'T DELETE THIS MESSAGE") => {}
            Some(Message::Export(html, reader)) => reader(&html, origin, found),
            Some(Message::Article(draft)) => {
                found.items.extend(draft.finish(origin, None, &mut found.warnings));
            }
            None => {
                let text = format!("could not read message {}: its headers are broken", self.count);
                found.warnings.push(origin.warning(None, &text));
            }
        }
    }
}

impl Records for Mbox {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            let mut whole = std::mem::take(&mut self.line);
            whole.extend_from_slice(line);
            self.take_line(&whole, origin, found);
            whole.clear();
            self.line = whole;
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > MESSAGE_CAP {
            self.line.clear();
            self.cut = true;
        }
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        let last = std::mem::take(&mut self.line);
        if !last.is_empty() {
            self.take_line(&last, origin, found);
        }
        self.end_message(origin, found);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn messages_one_after_the_other() {
        let text = "From MAILER-DAEMON Mon Jan  3 10:00:00 2022\nFrom: Ana Petrova <ana@example.org>\nSubject: Bridge falls\nDate: Mon, 03 Jan 2022 10:00:00 +0000\nStatus: RO\n\n\
            The bridge fell.\n>From the river it is seen.\nFrom here on nothing.\n\nFrom - Tue Jan  4 10:00:00 2022\nFrom: b@example.org\nSubject: Dam\n =?utf-8?Q?_h=C3=A4lt?=\nDate: Tue, 4 Jan 2022 10:00:00 +0000\n\nThe dam held.\n\n";
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | Ana Petrova | Ana Petrova | - | read | The bridge fell. ; From the river it is seen. ; From here on nothing.",
                "Dam hält | 2022-01-04 | example.org | b@example.org | - |  | The dam held.",
            ]
        );
    }

    #[test]
    fn a_first_line_without_a_day() {
        let text = "From ana@example.org\nReturn-Path: <ana@example.org>\nFrom: Ana Petrova <ana@example.org>\nSubject: Bridge falls\nDate: Mon, 03 Jan 2022 10:00:00 +0000\n\nIt fell.\n";
        assert_eq!(shown(text), ["Bridge falls | 2022-01-03 | Ana Petrova | Ana Petrova | - |  | It fell."]);
        assert!(!super::is_mbox(b"From here to there\nit is far: a day.\n"));
    }

    /// However the file is cut, the messages are the same.
    #[test]
    fn pieces() {
        use super::*;
        let text = b"From a Mon Jan  3 10:00:00 2022\nSubject: A\nFrom: x@y\n\nOne.\n\nFrom b Mon Jan  3 10:00:00 2022\nSubject: B\nFrom: x@y\n\nTwo.";
        let origin = Origin { path: None, source: "x".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
        let read = |size: usize| {
            let (mut mbox, mut found) = (Mbox::default(), Gathered::default());
            text.chunks(size).for_each(|piece| mbox.push(piece, &origin, &mut found));
            mbox.finish(&origin, &mut found);
            found.items
        };
        let whole = read(text.len());
        assert_eq!(whole.len(), 2);
        for size in 1..40 {
            assert_eq!(read(size), whole, "{size}");
        }
    }
}
