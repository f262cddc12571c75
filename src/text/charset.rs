//! Bytes to text: UTF-8 and UTF-16 with or without a byte order mark, Windows-1252 and with it
//! Latin-1; and the judgement that bytes are no text at all.
//!
//! In come the bytes of a whole file, or of one line of it. Out comes text that is valid, but not
//! clean yet (see `clean`). Nothing here knows what the text says.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that are no text, and what they seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText(pub &'static str);

/// How many bytes are looked at to tell text from other things.
const SAMPLE: usize = 8 << 10;
/// Control codes of text: tab, line feed, vertical tab, form feed, carriage return, escape.
const TEXT_CONTROLS: [u8; 6] = [9, 10, 11, 12, 13, 27];
/// One control code in so many bytes is still text: dumps of old wires carry a few.
const CONTROLS_ALLOWED: usize = 50;

/// Starts of files that are not text, longest first where they share one.
const MAGIC: [(&[u8], &str); 22] = [
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3\0", "an SQLite file"),
    (b"wOF2", "a font"),
];

/// Decodes a whole file. Invalid bytes among valid UTF-8 are read as Windows-1252, one by one, so
/// that a text of mixed origin comes out right in both parts.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(NotText(what));
    }
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(NotText("text in UTF-32, which is not read"));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return if encoding == encoding_rs::UTF_8 {
            bytewise(rest)
        } else {
            Ok(decode_utf16(rest, encoding))
        };
    }
    match unmarked_utf16(bytes) {
        Some(encoding) => Ok(decode_utf16(bytes, encoding)),
        None => bytewise(bytes),
    }
}

/// Decodes a document that may say what it is in: `label` as the server has it, or the declaration of
/// XML or HTML at its start. A mark at the start is believed first, and text that is valid UTF-8 with
/// more than ASCII in it is UTF-8, whatever is said.
pub fn decode_declared<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Cow<'a, str>, NotText> {
    let plain = Encoding::for_bom(bytes).is_some()
        || unmarked_utf16(bytes).is_some()
        || std::str::from_utf8(bytes).is_ok();
    let named = || declared(bytes.get(..1024).unwrap_or(bytes));
    let encoding = label.and_then(|label| Encoding::for_label(label.trim().as_bytes())).or_else(named);
    match encoding {
        // Seven bits that switch sets are valid UTF-8 and yet are not.
        Some(encoding) if encoding == encoding_rs::ISO_2022_JP && !plain => Ok(encoding.decode(bytes).0),
        Some(encoding) if encoding == encoding_rs::ISO_2022_JP && bytes.contains(&27) => {
            Ok(encoding.decode(bytes).0)
        }
        Some(encoding) if !plain && encoding != encoding_rs::UTF_8 && !is_utf16_name(encoding) => {
            bytewise(bytes)?;
            Ok(encoding.decode_without_bom_handling(bytes).0)
        }
        _ => decode(bytes),
    }
}

fn is_utf16_name(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// The charset named by `<?xml … encoding="…"?>` or `<meta charset=…>` in the start of a document.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = head.trim_start();
    let after = if start.starts_with("<?xml") {
        let declaration = start.split("?>").next()?;
        declaration.split("encoding").nth(1)?
    } else if start.starts_with('<') {
        head.split("<meta").skip(1).find_map(|meta| meta.split('>').next()?.split("charset").nth(1))?
    } else {
        return None;
    };
    let label = after.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = label
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')))
        .unwrap_or(label.len());
    Encoding::for_label(label.get(..end)?.as_bytes())
}

/// Decodes a piece of a file in a bytewise charset (all but UTF-16); never fails.
pub fn decode_line(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(decode_mixed(bytes)),
    }
}

/// Whether the start of a file says that it is in UTF-16, with or without a mark.
pub fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || unmarked_utf16(head).is_some()
}

fn bytewise(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    if sample.contains(&0) {
        return Err(NotText("a binary file"));
    }
    let controls = sample.iter().filter(|&&b| b < 32 && !TEXT_CONTROLS.contains(&b)).count();
    if controls > 4 && controls * CONTROLS_ALLOWED > sample.len() {
        return Err(NotText("a binary file"));
    }
    Ok(decode_line(bytes))
}

fn decode_utf16<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Cow<'a, str> {
    encoding.decode_without_bom_handling(bytes).0
}

/// UTF-16 without a mark: its ASCII characters have a zero at every other byte, always on the same side.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let pairs = sample.as_chunks::<2>().0;
    let zeros = |side: usize| pairs.iter().filter(|pair| pair.get(side) == Some(&0)).count();
    let (high, low) = (zeros(0), zeros(1));
    // Spaces and line feeds alone make a twentieth of any text in an alphabet.
    let enough = pairs.len() / 20 + 1;
    let encoding = match (high, low) {
        (0, low) if low >= enough => UTF_16LE,
        (high, 0) if high >= enough => UTF_16BE,
        _ => return None,
    };
    let whole = sample.get(..pairs.len() * 2).unwrap_or(sample);
    let (text, malformed) = encoding.decode_without_bom_handling(whole);
    let controls =
        text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')).count();
    // The sample may end within a surrogate pair.
    let broken = malformed && text.chars().filter(|&c| c == '\u{fffd}').count() > 1;
    (!broken && controls * CONTROLS_ALLOWED <= pairs.len()).then_some(encoding)
}

fn decode_mixed(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(decode(bytes).as_deref(), Ok(expected));
    }

    fn utf16(text: &str, mark: bool, pair: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(pair).collect()
    }

    const TEXT: &str = "Prime Minister Zoë Šimek said: “No.”\nThe río 🙂 rose.\n";

    #[test]
    fn utf8_with_and_without_mark() {
        check(TEXT.as_bytes(), TEXT);
        check(format!("\u{feff}{TEXT}").as_bytes(), TEXT);
        check(b"", "");
    }

    #[test]
    fn utf16_both_ends_with_and_without_mark() {
        for mark in [true, false] {
            check(&utf16(TEXT, mark, u16::to_le_bytes), TEXT);
            check(&utf16(TEXT, mark, u16::to_be_bytes), TEXT);
        }
        let cyrillic = "Это новая строка.\nИ ещё одна: да.\n";
        check(&utf16(cyrillic, false, u16::to_le_bytes), cyrillic);
        check(&utf16(cyrillic, false, u16::to_be_bytes), cyrillic);
    }

    #[test]
    fn windows_and_latin() {
        check(b"caf\xe9 \x93No\x94 \x96 \x80 5", "café “No” – € 5");
        check("é \u{2014} ".as_bytes(), "é — ");
        check(b"na\xc3\xafve caf\xe9", "naïve café");
    }

    #[test]
    fn what_documents_declare() {
        let check = |bytes: &[u8], label: Option<&str>, expected: &str| {
            let text = decode_declared(bytes, label).expect("text");
            assert!(text.ends_with(expected), "{text:?}");
        };
        check(b"<?xml version='1.0' encoding='windows-1251'?>\xcf\xf0\xe8\xe2\xe5\xf2", None, "Привет");
        check(b"<meta charset=iso-8859-2>\xb9\xe8", None, "šč");
        check(b"<a>\xb9\xe8", Some("ISO-8859-2"), "šč");
        check("<?xml version='1.0' encoding='iso-8859-1'?>é".as_bytes(), None, "é");
        check(b"<?xml version='1.0' encoding='shift_jis'?>\x93\xfa\x96{", None, "日本");
        check(b"<?xml version='1.0' encoding='nonsense'?>caf\xe9", None, "café");
    }

    #[test]
    fn what_is_no_text() {
        assert_eq!(decode(b"%PDF-1.7\n"), Err(NotText("a PDF file")));
        assert_eq!(decode(b"some\0thing\0\0else"), Err(NotText("a binary file")));
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0"), Err(NotText("a PNG picture")));
        assert!(decode(&(0..=255).collect::<Vec<u8>>()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_utf8_survives(text in "[a-zà-ÿ\n \u{4e00}-\u{4e20}]{0,80}") {
            check(text.as_bytes(), &text);
            proptest::prop_assert_eq!(decode_line(text.as_bytes()), text.as_str());
        }

        #[test]
        fn any_bytes_are_judged(bytes: Vec<u8>) {
            let _ = decode(&bytes);
            decode_line(&bytes);
        }
    }
}
