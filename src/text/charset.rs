//! Bytes to text: UTF-8 and UTF-16 with or without a byte order mark, the character set that a document declares, and
//! a guess where it declares none; and the judgement that bytes are not text at all.
//!
//! In come the bytes of a whole file, or of one line of it. Out comes text that is valid, but not clean yet (see
//! `clean`). Nothing here knows what the text says.
//!
//! Text without a declaration that is not valid UTF-8 is one of two things. Either it is UTF-8 into which some
//! Windows-1252 was pasted; each part is then read as what it is. Or all of it is in one older character set, which
//! `chardetng` guesses, the detector of Firefox. A guess on little evidence comes with a doubt, for a warning.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that are not text, and what they seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText(pub &'static str);

/// The text of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// The character set that was assumed on too little evidence.
    pub doubt: Option<Doubt>,
}

/// A character set that was assumed and may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The name of the character set by the Encoding Standard: `windows-1251`.
    pub assumed: &'static str,
}

/// `could not X: Y`.
impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "could not be sure of the character set: none is declared, and {} was assumed",
            self.assumed
        )
    }
}

/// How the bytes of one file become characters where they are not UTF-8: in any character set but UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset {
    encoding: &'static Encoding,
    doubtful: bool,
}

/// How many bytes are examined to tell text from other things.
const SAMPLE: usize = 8 << 10;
/// The control codes of text: tab, line feed, vertical tab, form feed, carriage return, escape.
const TEXT_CONTROLS: [u8; 6] = [9, 10, 11, 12, 13, 27];
/// One other control code in so many bytes is still text: dumps of old news wires have a few.
const CONTROLS_ALLOWED: usize = 50;

/// One zero in so many bytes of markup is an error of the program that wrote it.
const ZEROS_ALLOWED: usize = 100;

/// How files that are not text begin.
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
/// How many bytes of a file decide on its character set.
pub const CHARSET_SAMPLE: usize = 64 << 10;
/// With fewer bytes that are not ASCII nothing is guessed, and Windows-1252 is assumed.
const FOREIGN_LEAST: usize = 6;
/// With so many of them a guess is trusted, if it is the same for both halves of the sample.
const FOREIGN_SURE: usize = 30;

impl Charset {
    /// UTF-8, in which what is not valid is read as Windows-1252.
    pub const UTF_8: Charset = Charset { encoding: WINDOWS_1252, doubtful: false };

    /// The character set of a file, by its beginning or a part of it; [`CHARSET_SAMPLE`] bytes are examined.
    pub fn guess(bytes: &[u8]) -> Charset {
        let sample = bytes.get(..CHARSET_SAMPLE).unwrap_or(bytes);
        let (mut valid, mut invalid) = (0, 0);
        for chunk in sample.utf8_chunks() {
            valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            invalid += chunk.invalid().len();
        }
        // In other character sets a pair of letters is now and then valid UTF-8 by chance: one in ten in GBK.
        if valid * 3 > invalid {
            return Charset::UTF_8;
        }
        let encoding = detected(sample);
        if encoding == WINDOWS_1252 {
            return Charset::UTF_8;
        }
        let foreign = sample.iter().filter(|byte| !byte.is_ascii()).count();
        if foreign < FOREIGN_LEAST {
            // Signs such as those of currencies and quotation marks are no reason to doubt.
            let text = WINDOWS_1252.decode_without_bom_handling(sample).0;
            let doubtful = text.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
            return Charset { encoding: WINDOWS_1252, doubtful };
        }
        // No character in these character sets holds a line feed or a space.
        let middle = sample.len() / 2;
        let space = sample.iter().skip(middle).position(u8::is_ascii_whitespace).map_or(0, |at| middle + at);
        let (one, other) = sample.split_at(space);
        let agreed = [one, other].iter().all(|half| half.is_ascii() || detected(half) == encoding);
        Charset { encoding, doubtful: !agreed || foreign < FOREIGN_SURE }
    }

    /// Decodes the file, or a line of it. Bytes that are valid UTF-8 as a whole are read as that.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if self.encoding == WINDOWS_1252 => Cow::Owned(decode_mixed(bytes)),
            Err(_) => self.encoding.decode_without_bom_handling(bytes).0,
        }
    }

    /// What to warn of where the character set was assumed on too little evidence.
    pub fn doubt(self) -> Option<Doubt> {
        self.doubtful.then(|| Doubt { assumed: self.encoding.name() })
    }
}

/// The text of a file that is decoded as it comes, in memory that does not grow with the file.
#[derive(Debug, Default)]
pub struct Pieces {
    /// Bytes that may end within a character.
    rest: Vec<u8>,
    /// How the file is decoded, once its first bytes have come.
    way: Option<Way>,
    doubt: Option<Doubt>,
}

enum Way {
    Wide(encoding_rs::Decoder),
    /// UTF-8, and what is not, in the character set of the first part that is not.
    Narrow(Option<Charset>),
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Way::Wide(decoder) => f.debug_tuple("Wide").field(&decoder.encoding().name()).finish(),
            Way::Narrow(charset) => f.debug_tuple("Narrow").field(charset).finish(),
        }
    }
}

/// How long a line may be before it is decoded in parts, in bytes.
const LINE: usize = 1 << 20;

impl Pieces {
    /// The text of the next bytes, and of those that waited for them. The first bytes should be [`CHARSET_SAMPLE`] long.
    pub fn push(&mut self, bytes: &[u8], at_end: bool) -> String {
        self.rest.extend_from_slice(bytes);
        let mut text = String::new();
        if self.way.is_none() {
            if self.rest.len() < 4 && !at_end {
                return text;
            }
            let marked = Encoding::for_bom(&self.rest);
            let wide = marked.map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8);
            self.rest.drain(..marked.map_or(0, |(_, mark)| mark).min(self.rest.len()));
            let wide = wide.or_else(|| unmarked_utf16(&self.rest));
            self.way = Some(match wide {
                Some(encoding) => Way::Wide(encoding.new_decoder_without_bom_handling()),
                None => Way::Narrow(None),
            });
        }
        match &mut self.way {
            Some(Way::Wide(decoder)) => {
                let length =
                    decoder.max_utf8_buffer_length(self.rest.len()).unwrap_or(3 * self.rest.len() + 16);
                text.reserve(length);
                let _ = decoder.decode_to_string(&self.rest, &mut text, at_end);
                self.rest.clear();
            }
            Some(Way::Narrow(charset)) => {
                let end = match memchr_last(&self.rest) {
                    _ if at_end => self.rest.len(),
                    Some(line) => line + 1,
                    // No character in any of these character sets holds a blank.
                    None if self.rest.len() > LINE => {
                        self.rest.iter().rposition(|byte| *byte == b' ').map_or(self.rest.len(), |at| at + 1)
                    }
                    None => 0,
                };
                let ready = self.rest.get(..end).unwrap_or_default();
                match std::str::from_utf8(ready) {
                    Ok(ready) => text.push_str(ready),
                    Err(_) => {
                        let charset = charset.get_or_insert_with(|| {
                            let guess = Charset::guess(ready);
                            self.doubt = guess.doubt();
                            guess
                        });
                        text.push_str(&charset.decode(ready));
                    }
                }
                self.rest.drain(..end);
            }
            None => {}
        }
        text
    }

    /// What to warn of, once: the character set that was assumed on too little evidence.
    pub fn take_doubt(&mut self) -> Option<Doubt> {
        self.doubt.take()
    }
}

fn memchr_last(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|byte| *byte == b'\n')
}

/// The character set that the bytes seem to be in, with no country in mind.
fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // The bytes may end within a character.
    detector.feed(bytes, false);
    detector.guess(None, Utf8Detection::Deny)
}

/// Decodes a document. `label` is the character set that the server names, if any; otherwise the declaration of XML or
/// HTML at the start counts. A byte order mark is believed before either, and text that is valid UTF-8 with more than
/// ASCII in it is UTF-8, whatever is declared. A carriage return that ends a line alone becomes a line feed.
pub fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Decoded<'a>, NotText> {
    let Decoded { text, doubt } = decode_bytes(bytes, label)?;
    Ok(Decoded { text: line_ends(text), doubt })
}

/// A text whose lines end with a line feed, where some ended with a carriage return alone, as on the Macintosh of old.
/// `\r\r\n`, which some programs make of `\r\n`, is one end of a line.
fn line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    let lone = |(at, _): &(usize, &str)| text.as_bytes().get(at + 1) != Some(&b'\n');
    if !text.match_indices('\r').any(|found| lone(&found)) {
        return text;
    }
    Cow::Owned(text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace('\r', "\n"))
}

fn decode_bytes<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Decoded<'a>, NotText> {
    let marked = Encoding::for_bom(bytes).is_some() || unmarked_utf16(bytes).is_some();
    let valid = std::str::from_utf8(bytes).is_ok();
    let named = || declared(bytes.get(..1024).unwrap_or(bytes)).or_else(|| declared_late(bytes));
    if let Some(clean) = without_zeros(bytes) {
        let Decoded { text, doubt } = decode_bytes(&clean, label)?;
        return Ok(Decoded { text: Cow::Owned(text.into_owned()), doubt });
    }
    let label = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // A server that says UTF-8 of what is not is proved wrong: then the document's own word counts.
    let label = label.filter(|label| *label != UTF_8 || valid).or_else(named);
    let sure = |text| Ok(Decoded { text, doubt: None });
    match label {
        // Text in ISO-2022-JP consists of ASCII bytes, so that it is valid UTF-8 all the same.
        Some(encoding) if encoding == ISO_2022_JP && !marked && (!valid || bytes.contains(&27)) => {
            sure(ISO_2022_JP.decode(bytes).0)
        }
        Some(encoding) if !marked && !valid && ![UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) => {
            check_is_text(bytes)?;
            sure(encoding.decode_without_bom_handling(bytes).0)
        }
        _ => decode_undeclared(bytes),
    }
}

/// Decodes bytes that are known to be in the character set with this label; in Windows-1252 if it has another name.
pub fn decode_as<'a>(bytes: &'a [u8], label: &str) -> Cow<'a, str> {
    let encoding = Encoding::for_label(label.trim().as_bytes()).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}

fn decode_undeclared(bytes: &[u8]) -> Result<Decoded<'_>, NotText> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(NotText(what));
    }
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(NotText("text in UTF-32, which is not supported"));
    }
    let sure = |text| Ok(Decoded { text, doubt: None });
    let bytes = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding == UTF_8 => bytes.get(mark..).unwrap_or_default(),
        Some((encoding, mark)) => {
            return sure(encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0);
        }
        None => match unmarked_utf16(bytes) {
            Some(encoding) => return sure(encoding.decode_without_bom_handling(bytes).0),
            None => bytes,
        },
    };
    check_is_text(bytes)?;
    if let Ok(text) = std::str::from_utf8(bytes) {
        return sure(Cow::Borrowed(text));
    }
    let charset = Charset::guess(bytes);
    Ok(Decoded { text: charset.decode(bytes), doubt: charset.doubt() })
}

/// The character set named by `<?xml … encoding="…"?>` or `<meta charset=…>` in the start of a document.
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

/// The same in the head of a page whose scripts and styles stand before its declaration; browsers read the page anew when
/// they come to it.
fn declared_late(bytes: &[u8]) -> Option<&'static Encoding> {
    const HEAD: usize = 128 << 10;
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let starts = |head: &[u8], name: &str| {
        head.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    let start = head.trim_ascii_start();
    if !["<!doctype html", "<html", "<head"].iter().any(|name| starts(start, name)) {
        return None;
    }
    let end = (0..head.len()).find(|at| head[*at] == b'<' && starts(&head[*at..], "<body"));
    declared(&head[..end.unwrap_or(head.len())])
}

/// Whether the start of a file shows that it is in UTF-16, with or without a byte order mark.
pub fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || unmarked_utf16(head).is_some()
}

fn check_is_text(bytes: &[u8]) -> Result<(), NotText> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let controls = sample.iter().filter(|&&b| b < 32 && !TEXT_CONTROLS.contains(&b)).count();
    let many = controls > 4 && controls * CONTROLS_ALLOWED > sample.len();
    if sample.contains(&0) || many { Err(NotText("a binary file")) } else { Ok(()) }
}

/// The bytes without the zeros that a program left among them by mistake; `None` if there are none, or if the bytes are
/// not markup or JSON, or have so many zeros that they are something else.
fn without_zeros(bytes: &[u8]) -> Option<Vec<u8>> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0)?;
    let is_markup = matches!(first, b'<' | b'{' | b'[') || bytes.starts_with(b"\xef\xbb\xbf<");
    if !is_markup || memchr::memchr(0, bytes).is_none() {
        return None;
    }
    let zeros = memchr::memchr_iter(0, bytes).count();
    (zeros * ZEROS_ALLOWED <= bytes.len()).then(|| bytes.iter().copied().filter(|byte| *byte != 0).collect())
}

/// Recognises UTF-16 without a byte order mark: the ASCII characters in it have a zero as every other byte, always on
/// the same side.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let pairs = sample.as_chunks::<2>().0;
    let zeros = |side: usize| pairs.iter().filter(|pair| pair.get(side) == Some(&0)).count();
    let (high, low) = (zeros(0), zeros(1));
    // Spaces and line feeds alone are a twentieth of any text in an alphabet.
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

/// Decodes UTF-8 and reads what is not valid as Windows-1252, byte by byte, so that both parts of a text of mixed origin
/// come out right.
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
        assert_eq!(decode(bytes, None), Ok(Decoded { text: expected.into(), doubt: None }));
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
            let text = decode(bytes, label).expect("text").text;
            assert!(text.ends_with(expected), "{text:?}");
        };
        check(b"<?xml version='1.0' encoding='windows-1251'?>\xcf\xf0\xe8\xe2\xe5\xf2", None, "Привет");
        check(b"<meta charset=iso-8859-2>\xb9\xe8", None, "šč");
        check(b"<a>\xb9\xe8", Some("ISO-8859-2"), "šč");
        check("<?xml version='1.0' encoding='iso-8859-1'?>é".as_bytes(), None, "é");
        check(b"<?xml version='1.0' encoding='shift_jis'?>\x93\xfa\x96{", None, "日本");
        check(b"<?xml version='1.0' encoding='nonsense'?>caf\xe9", None, "café");
    }

    const RUSSIAN: &str = "Мост через реку открыли утром\n2026-01-05\n\nТВЕРЬ, 5 января. Новый мост открыли в понедельник, \
        сказал мэр города Пётр Лобанов. Старый закроют весной.\n";
    const POLISH: &str = "Nowy most już otwarty\n2026-01-05\n\nŁÓDŹ. Most otwarto w poniedziałek rano, powiedział rzecznik \
        miasta. Stary most zostanie zamknięty wiosną, gdyż jest zbyt wąski i słaby.\n";
    const CZECH: &str = "Nový most je otevřen\n\nBRNO. Starý most přes řeku město příští týden uzavře, řekl náměstek \
        primátorky Jiří Dvořák. Řidiči ušetří čtvrt hodiny.\n";
    const GREEK: &str = "Νέα γέφυρα\n\nΗ νέα γέφυρα άνοιξε τη Δευτέρα το πρωί, είπε ο δήμαρχος.\n";
    const JAPANESE: &str =
        "新しい橋が開通\n\n市長は月曜日の朝、新しい橋が開通したと述べた。古い橋は春に閉鎖される。\n";
    const CHINESE: &str =
        "新桥通车\n\n市长星期一上午说，新桥已经通车。旧桥将在春天关闭，届时居民可以乘坐渡轮。\n";
    const KOREAN: &str =
        "새 다리 개통\n\n시장은 월요일 아침 새 다리가 개통되었다고 말했다. 낡은 다리는 봄에 폐쇄된다.\n";

    #[test]
    fn texts_that_declare_nothing() {
        let check = |label: &str, text: &str| {
            let encoding = Encoding::for_label(label.as_bytes()).expect("a label");
            let bytes = encoding.encode(text).0;
            let decoded = decode(&bytes, None).expect("text");
            assert_eq!((&*decoded.text, decoded.doubt), (text, None), "{label}");
        };
        check("windows-1251", RUSSIAN);
        check("koi8-r", RUSSIAN);
        check("ibm866", RUSSIAN);
        check("windows-1253", GREEK);
        check("shift_jis", JAPANESE);
        check("euc-jp", JAPANESE);
        check("gbk", CHINESE);
        check("euc-kr", KOREAN);
    }

    /// The letters are right, but there are few of them, or another character set of the region would do as well.
    #[test]
    fn a_guess_on_little_evidence_is_doubted() {
        let check = |label: &str, text: &str| {
            let bytes = Encoding::for_label(label.as_bytes()).expect("a label").encode(text).0;
            let decoded = decode(&bytes, None).expect("text");
            let assumed = decoded.doubt.map(|doubt| doubt.assumed);
            assert_eq!((&*decoded.text, assumed), (text, Some(label)), "{label}");
        };
        check("windows-1250", POLISH);
        check("windows-1250", CZECH);
        check("windows-1251", "Мост открыт.");
        let doubt = decode(b"\xcc\xee\xf1\xf2 \xee\xf2\xea\xf0\xfb\xf2", None).expect("text").doubt;
        assert_eq!(
            doubt.map(|doubt| doubt.to_string()).as_deref(),
            Some("could not be sure of the character set: none is declared, and windows-1251 was assumed")
        );
    }

    #[test]
    fn western_texts_stay_windows_1252() {
        for text in [
            "Café falls",
            "Le ministre a déclaré lundi que l’hôpital serait rénové à l’été; «c’est décidé», dit-il.",
            "Der Bürgermeister sagte am Montag, die Brücke über den Fluß sei für Fußgänger geöffnet.",
            "El alcalde dijo que el río creció más de lo que nadie había visto jamás en la región.",
            "A ponte não será fechada, disse o prefeito de São João; a decisão é da câmara.",
            "Borgmästaren sade på måndagen att bron är öppen för gående.",
            "Price: 5 £, or 6 €.",
            "“No,” he said – twice.",
        ] {
            let bytes = WINDOWS_1252.encode(text).0;
            check(&bytes, text);
        }
    }

    /// A text in UTF-8 into which something else was pasted keeps both parts.
    #[test]
    fn texts_of_mixed_origin() {
        let mut bytes = format!("{RUSSIAN}{CZECH}{CHINESE}").into_bytes();
        bytes.extend_from_slice(b"caf\xe9");
        check(&bytes, &format!("{RUSSIAN}{CZECH}{CHINESE}café"));
    }

    /// What a document declares is believed, also where the guess would be another.
    #[test]
    fn declarations_win_over_guesses() {
        let bytes = Encoding::for_label(b"koi8-r").expect("a label").encode(RUSSIAN).0;
        let decoded = decode(&bytes, Some("iso-8859-1")).expect("text");
        assert!(decoded.text.starts_with("íÏÓÔ") && decoded.doubt.is_none(), "{}", decoded.text);
        // A document that declares UTF-8 and is not in it is as good as one that declares nothing.
        let text = format!("<?xml version='1.0' encoding='utf-8'?><rss>{RUSSIAN}</rss>");
        let bytes = Encoding::for_label(b"windows-1251").expect("a label").encode(&text).0;
        assert_eq!(decode(&bytes, None).expect("text").text, text);
    }

    #[test]
    fn bytes_that_are_not_text() {
        assert_eq!(decode(b"%PDF-1.7\n", None), Err(NotText("a PDF file")));
        assert_eq!(decode(b"some\0thing\0\0else", None), Err(NotText("a binary file")));
        let feed = format!("<rss><title>One{}</title></rss>", " and so on".repeat(20));
        let zero = feed.replace("One", "O\0ne");
        assert_eq!(decode(zero.as_bytes(), None).map(|decoded| decoded.text), Ok(feed.into()));
        // What a server says is proved wrong by the bytes; then the document counts.
        let bytes = b"<?xml version='1.0' encoding='windows-1251'?><t>\xcd\xee\xe2\xee\xf1\xf2\xe8</t>";
        let text = decode(bytes, Some("utf-8")).expect("text").text;
        assert!(text.ends_with("<t>Новости</t>"), "{text}");
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0", None), Err(NotText("a PNG picture")));
        assert!(decode(&(0..=255).collect::<Vec<u8>>(), None).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_utf8_survives(text in "[a-zà-ÿ\n \u{4e00}-\u{4e20}]{0,80}") {
            check(text.as_bytes(), &text);
            proptest::prop_assert_eq!(Charset::guess(b"caf\xe9").decode(text.as_bytes()), text.as_str());
        }

        #[test]
        fn pieces_make_the_whole(text in "[a-zà-ÿ\n \u{4e00}-\u{4e20}]{0,80}", size in 1usize..9) {
            let mut pieces = Pieces::default();
            let mut found: String = text.as_bytes().chunks(size).map(|piece| pieces.push(piece, false)).collect();
            found.push_str(&pieces.push(&[], true));
            proptest::prop_assert_eq!(&found, &text);
            let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
            let mut pieces = Pieces::default();
            let mut found: String = wide.chunks(size).map(|piece| pieces.push(piece, false)).collect();
            found.push_str(&pieces.push(&[], true));
            proptest::prop_assert_eq!(&found, &text);
        }

        #[test]
        fn any_bytes_are_judged(bytes: Vec<u8>) {
            let _ = decode(&bytes, None);
            Charset::guess(&bytes).decode(&bytes);
        }
    }
}
