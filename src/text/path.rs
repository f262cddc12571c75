//! The paths of files as clean text that says which file it is.
//!
//! In: a path, whose bytes may be anything but 0. Out: text without control codes and invisible characters, in NFC, from
//! which the path can be had again. Two different paths never have the same text. A path that is clean is its own text; in
//! another, the bytes that cleaning would remove or change are written as `\xe9`. Pure: nothing here looks at a disk.

use super::clean_line;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The text of a path. Its parts, between the slashes, are written each for itself, so that the text of a folder is the
/// beginning of the text of what it contains, unless the folder's name begins or ends with a blank.
pub fn written(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let parts: Vec<&[u8]> = bytes.split(|byte| *byte == b'/').collect();
    let last = parts.len() - 1;
    let part = |(at, part): (usize, &&[u8])| written_part(part, (at > 0, at < last));
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join("/")
}

/// The path that was written as `text`.
pub fn read(text: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        let (before, from) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        match escaped(from) {
            Some(byte) => {
                bytes.push(byte);
                rest = from.get(4..).unwrap_or_default();
            }
            None => {
                bytes.extend_from_slice(b"\\x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    path_of(bytes)
}

/// The text that earlier versions wrote for the path that is now written as `text`, if it was another. Several paths could
/// have the same one.
pub fn written_before(text: &str) -> Option<String> {
    let before = clean_line(&read(text).to_string_lossy());
    (before != text).then_some(before)
}

/// One part of a path; `between` says whether there is a slash before and behind it.
fn written_part(part: &[u8], between: (bool, bool)) -> String {
    match std::str::from_utf8(part) {
        Ok(text) if !has_escape(text) && is_clean(text, between) => text.to_owned(),
        _ => {
            let some = escape(part, |c| c.is_alphanumeric() && is_clean(c.encode_utf8(&mut [0; 4]), between));
            if is_clean(&some, between) { some } else { escape(part, |_| false) }
        }
    }
}

/// Writes a part with escapes. What is not printable ASCII stays if it is to be `kept`.
fn escape(part: &[u8], kept: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(part.len() * 2);
    let mut write = |c: char, bytes: &[u8]| match c {
        '!'..='[' | ']'..='~' => out.push(c),
        c if !c.is_ascii() && kept(c) => out.push(c),
        _ => bytes.iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}"))),
    };
    for chunk in part.utf8_chunks() {
        for c in chunk.valid().chars() {
            write(c, c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        // No character of this kind is kept.
        write('\0', chunk.invalid());
    }
    out
}

/// Whether cleaning leaves a part of a path as it is, where it stands.
fn is_clean(part: &str, (before, behind): (bool, bool)) -> bool {
    let slash = |is_there: bool| if is_there { "/" } else { "" };
    let text = format!("{}{part}{}", slash(before), slash(behind));
    clean_line(&text) == text
}

/// Whether a part contains what would be read as an escape.
fn has_escape(part: &str) -> bool {
    part.match_indices("\\x").any(|(at, _)| part.get(at..).and_then(escaped).is_some())
}

/// The byte that is written at the start of `text`: `\x` and two digits, in lower case.
fn escaped(text: &str) -> Option<u8> {
    let digits = text.strip_prefix("\\x")?.get(..2)?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.bytes().all(is_digit) { u8::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(&bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsStr::new(&*String::from_utf8_lossy(&bytes)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::os::unix::ffi::OsStrExt;

    fn check(path: &[u8], expected: &str) {
        let path = Path::new(OsStr::from_bytes(path));
        assert_eq!(written(path), expected);
        assert_eq!(read(expected), path);
    }

    #[test]
    fn a_clean_path_is_its_own_text() {
        for path in
            ["news/a b.txt", "./x", "/tmp/Müller/新聞.txt", "C:\\news", "a\\xZZ", "-", "..", "a/ b /c", ""]
        {
            check(path.as_bytes(), path);
        }
    }

    #[test]
    fn what_cleaning_would_change_is_escaped() {
        check(b"caf\xe9.txt", "caf\\xe9.txt");
        check("cafe\u{301}/é.txt".as_bytes(), "cafe\\xcc\\x81/é.txt");
        check(b"x\x01.txt", "x\\x01.txt");
        check(b"report  1.txt", "report\\x20\\x201.txt");
        check(b"a.txt ", "a.txt\\x20");
        check(b"a\n", "a\\x0a");
        check("é\u{200b}\u{202e}.txt".as_bytes(), "é\\xe2\\x80\\x8b\\xe2\\x80\\xae.txt");
        // A file may have the name that another has as its text.
        check(b"caf\\xe9.txt", "caf\\x5cxe9.txt");
        check(b"caf\\xE9.txt", "caf\\xE9.txt");
    }

    #[test]
    fn a_long_path_is_not_cut() {
        let long = format!("{}/{}.txt", "a".repeat(255), "é".repeat(120)).repeat(6);
        check(long.as_bytes(), &long);
        assert_ne!(written_before(&long), None);
        assert_eq!(written_before("a b.txt"), None);
        assert_eq!(written_before("x\\x01.txt").as_deref(), Some("x.txt"));
    }

    proptest! {
        #[test]
        fn every_path_can_be_had_again_from_clean_text(
            parts in proptest::collection::vec(
                prop_oneof![
                    proptest::collection::vec(1_u8.., 0..12),
                    "[ -~]{0,8}".prop_map(String::into_bytes),
                    "[é\u{301}\u{1100}\u{1161}\u{200b} \\\\x0-9a]{0,8}".prop_map(String::into_bytes),
                ],
                0..5,
            )
        ) {
            let bytes = parts.join(&b'/');
            let path = Path::new(OsStr::from_bytes(&bytes));
            let text = written(path);
            prop_assert_eq!(read(&text).into_os_string(), path.to_owned().into_os_string());
            prop_assert_eq!(clean_line(&text), text);
        }
    }
}
