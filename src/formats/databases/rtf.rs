//! RTF to lines, one a paragraph: what databases and word processors write.
//!
//! In comes the decoded text of a file; out come its words, without formatting, tables of fonts, pictures, headers and
//! footers. Characters beyond ASCII are read in the character set of the document or of the font. The nesting of groups,
//! and the length of the text, are limited.
//!
//! No crate serves: `rtf-parser` keeps formatting that nobody needs, knows no character sets but one, and panics on
//! broken files.

use super::super::draft::Draft;
use super::super::{Gathered, Origin, plain};
use crate::text::charset;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// The deepest nesting of groups that is kept.
const DEPTH_CAP: usize = 256;

/// Groups whose text is not that of the document.
const SKIPPED: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "fldinst",
    "listtable",
    "listoverridetable",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "generator",
    "xmlnstbl",
    "rsidtbl",
    "mmathPr",
    "bkmkstart",
    "bkmkend",
    "pnseclvl",
    "shpinst",
    "nonshppict",
    "filetbl",
    "revtbl",
    "annotation",
    "atnid",
    "atnauthor",
];

pub(in crate::formats) fn is_rtf(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ' ', '\r', '\n']).starts_with("{\\rtf")
}

pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let lines = lines(text);
    if super::is_export(&lines) {
        return super::read_lines(&lines, origin, found);
    }
    // One article. What the document says of itself helps where the text says nothing.
    let info = info(text);
    let draft = plain::read(&lines, &Origin { time: info.written.unwrap_or(origin.time), ..origin.clone() });
    let title =
        Some(draft.title.clone()).filter(|title| !title.is_empty()).or(info.title).unwrap_or_default();
    let author = draft.author.clone().or(info.author);
    Draft { title, author, ..draft }.finish_file(origin, found);
}

/// What a document says of itself.
#[derive(Default)]
struct Info {
    title: Option<String>,
    author: Option<String>,
    written: Option<DateTime<Utc>>,
}

/// What stands in the group `{\info …}`.
fn info(text: &str) -> Info {
    let Some(group) = text.find("{\\info").and_then(|at| text.get(at + 6..)) else { return Info::default() };
    let end = (0..=INFO_CAP.min(group.len())).rev().find(|at| group.is_char_boundary(*at)).unwrap_or(0);
    let group = group.get(..end).unwrap_or_default();
    let inner = |name: &str| {
        let start = group.find(&format!("{{\\{name}"))? + name.len() + 2;
        group.get(start..)?.split(['{', '}']).next()
    };
    // The words of a group as the text would have them.
    let words = |name: &str| {
        let words = lines(&format!("{{\\rtf1\\ansi {}}}", inner(name)?));
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty() && words.len() <= 200).then_some(words)
    };
    let number = |time: &str, name: &str| -> Option<u32> {
        let digits = time.split(&format!("\\{name}")).nth(1)?;
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let written = ["revtim", "creatim"].iter().find_map(|name| {
        let time = inner(name)?;
        let day = NaiveDate::from_ymd_opt(
            i32::try_from(number(time, "yr")?).ok()?,
            number(time, "mo")?,
            number(time, "dy")?,
        )?;
        let (hour, minute) = (number(time, "hr").unwrap_or(0), number(time, "min").unwrap_or(0));
        Some(day.and_hms_opt(hour, minute, 0)?.and_utc())
    });
    Info { title: words("title"), author: words("author"), written }
}

/// How much of the group `{\info …}` is looked at, in bytes.
const INFO_CAP: usize = 8 << 10;

#[derive(Clone, Copy, Debug)]
struct Group {
    skips: bool,
    /// How many characters stand for a character of Unicode in old readers.
    fallback: usize,
    font: u32,
}

/// A reader of one text.
struct Reader<'a> {
    out: String,
    /// Bytes of a character set that has not been decoded.
    bytes: Vec<u8>,
    group: Group,
    outer: Vec<Group>,
    /// How many groups beyond the deepest are open.
    too_deep: usize,
    charset: &'static str,
    fonts: HashMap<u32, &'static str>,
    in_fonts: bool,
    /// How many characters are still to be passed over after a character of Unicode.
    passing: usize,
    surrogate: Option<u16>,
    rest: &'a str,
}

/// The lines of a text in RTF.
pub(in crate::formats) fn lines(text: &str) -> String {
    let mut reader = Reader {
        out: String::new(),
        bytes: Vec::new(),
        group: Group { skips: false, fallback: 1, font: 0 },
        outer: Vec::new(),
        too_deep: 0,
        charset: "windows-1252",
        fonts: HashMap::new(),
        in_fonts: false,
        passing: 0,
        surrogate: None,
        rest: text,
    };
    reader.read();
    reader.flush();
    reader.out
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
            match c {
                '{' => self.open(),
                '}' => self.close(),
                '\\' => self.control(),
                '\r' | '\n' => {}
                c => self.text(c),
            }
        }
    }

    fn open(&mut self) {
        self.passing = 0;
        self.flush();
        match self.outer.len() < DEPTH_CAP {
            true => self.outer.push(self.group),
            false => self.too_deep += 1,
        }
    }

    fn close(&mut self) {
        self.passing = 0;
        self.flush();
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(outer) = self.outer.pop() {
            self.group = outer;
            self.in_fonts &= self.outer.len() > 1;
        }
    }

    /// What follows a backslash.
    fn control(&mut self) {
        let Some(first) = self.rest.chars().next() else { return };
        if !first.is_ascii_alphabetic() {
            self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
            return match first {
                '\'' => self.byte(),
                '~' => self.text(' '),
                '_' => self.text('-'),
                '-' => {}
                // The destination after it is one that old readers need not know.
                '*' => self.group.skips = true,
                '\r' | '\n' => self.line(),
                c => self.text(c),
            };
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end.min(32));
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let sign = rest.len() - digits.len();
        let number = rest.get(..sign + length).and_then(|number| number.parse::<i64>().ok());
        let used = if length == 0 { 0 } else { sign + length };
        let rest = rest.get(used..).unwrap_or_default();
        self.rest = rest.strip_prefix(' ').unwrap_or(rest);
        self.word(word, number);
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        match word {
            "par" | "line" | "row" | "sect" | "page" => self.line(),
            "cell" | "tab" | "nestcell" => self.text('\t'),
            "emdash" => self.text('—'),
            "endash" => self.text('–'),
            "lquote" => self.text('‘'),
            "rquote" => self.text('’'),
            "ldblquote" => self.text('“'),
            "rdblquote" => self.text('”'),
            "bullet" => self.text('•'),
            "emspace" | "enspace" | "qmspace" => self.text(' '),
            "uc" => self.group.fallback = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(8),
            "u" => {
                self.flush();
                if let Some(number) = number {
                    self.unicode(number);
                }
                self.passing = self.group.fallback;
            }
            "ansicpg" => self.charset = number.and_then(code_page).unwrap_or(self.charset),
            "mac" => self.charset = "macintosh",
            "f" => {
                self.flush();
                self.group.font = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
            }
            "fcharset" if self.in_fonts => {
                if let Some(charset) = number.and_then(font_charset)
                    && self.fonts.len() < 4096
                {
                    self.fonts.insert(self.group.font, charset);
                }
            }
            "plain" | "pard" => {
                self.flush();
                self.group.font = 0;
            }
            "bin" => {
                // Bytes that are no text.
                let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                let end = self.rest.char_indices().nth(length).map_or(self.rest.len(), |(at, _)| at);
                self.rest = self.rest.get(end..).unwrap_or_default();
            }
            "v" => self.group.skips |= number != Some(0),
            "fldrslt" => {}
            word => {
                self.in_fonts |= word == "fonttbl";
                self.group.skips |= SKIPPED.contains(&word);
            }
        }
    }

    fn unicode(&mut self, number: i64) {
        // Numbers above 32,767 are written as negative ones.
        let Ok(unit) = u16::try_from(number.rem_euclid(65_536)) else { return };
        if self.group.skips {
            return;
        }
        let units = self.surrogate.take().into_iter().chain([unit]);
        let mut decoded = char::decode_utf16(units).peekable();
        if decoded.peek().is_some_and(Result::is_err) && (0xd800..0xdc00).contains(&unit) {
            self.surrogate = Some(unit);
            return;
        }
        self.out.extend(decoded.filter_map(Result::ok));
    }

    fn byte(&mut self) {
        let Some(byte) = self.rest.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) else { return };
        self.rest = self.rest.get(2..).unwrap_or_default();
        if self.passing > 0 {
            self.passing -= 1;
        } else if !self.group.skips {
            self.bytes.push(byte);
        }
    }

    fn text(&mut self, c: char) {
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        if !self.group.skips {
            // The second byte of a character may be written as a letter.
            if !self.bytes.is_empty() && c.is_ascii() && self.is_double() && self.bytes.len() % 2 == 1 {
                return self.bytes.push(c as u8);
            }
            self.flush();
            self.out.push(c);
        }
    }

    fn line(&mut self) {
        self.flush();
        if !self.group.skips {
            self.out.push('\n');
        }
    }

    fn label(&self) -> &'static str {
        self.fonts.get(&self.group.font).copied().unwrap_or(self.charset)
    }

    fn is_double(&self) -> bool {
        ["shift_jis", "gbk", "euc-kr", "big5"].contains(&self.label())
    }

    /// Decodes the bytes that have come.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        self.out.push_str(&charset::decode_as(&bytes, self.label()));
    }
}

fn code_page(number: i64) -> Option<&'static str> {
    Some(match number {
        1250 => "windows-1250",
        1251 => "windows-1251",
        1252 => "windows-1252",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        10_000 => "macintosh",
        65_001 => "utf-8",
        _ => return None,
    })
}

fn font_charset(number: i64) -> Option<&'static str> {
    Some(match number {
        77 => "macintosh",
        128 => "shift_jis",
        129 => "euc-kr",
        134 => "gbk",
        136 => "big5",
        161 => "windows-1253",
        162 => "windows-1254",
        163 => "windows-1258",
        177 => "windows-1255",
        178 => "windows-1256",
        186 => "windows-1257",
        204 => "windows-1251",
        222 => "windows-874",
        238 => "windows-1250",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rtf: &str, expected: &str) {
        assert_eq!(lines(rtf).trim(), expected, "{rtf}");
    }

    #[test]
    fn text_without_its_formatting() {
        check(
            "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0;}{\\*\\generator x;}{\\info{\\title T}}\\pard\\f0\\b Bridge\\b0  falls\\par\r\nIt fell \\{here\\}.\\line So.}",
            "Bridge falls\nIt fell {here}.\nSo.",
        );
        check(
            "{\\rtf1 a\\tab b{\\field{\\*\\fldinst{HYPERLINK \"x\"}}{\\fldrslt{link}}}\\cell c\\row}",
            "a\tblink\tc",
        );
        check("{\\rtf1 {\\header top\\par}{\\pict 00ff}x{\\bin3 }}}y", "xy");
    }

    #[test]
    fn what_a_document_says_of_itself() {
        let rtf = "{\\rtf1\\ansi\\ansicpg1252{\\info{\\title Ferries}{\\author Ana P\\'e9trova}{\\creatim\\yr2022\\mo1\\dy3\\hr10\\min5}}\
                   \\pard The ferry is back, and it will sail on Monday, said its owner in the harbour, where hundreds had waited.\\par}";
        let read = |rtf: &str| super::super::super::agency::shown(rtf).join("; ");
        assert!(read(rtf).starts_with("Ferries | 2022-01-03 | Desk | Ana Pétrova |"), "{}", read(rtf));
        // What the text says counts first.
        let told = rtf.replace("\\pard ", "\\pard Ferry returns\\par 4 January 2022\\par By Jon Vale\\par ");
        assert!(read(&told).starts_with("Ferry returns | 2022-01-04 | Desk | Jon Vale |"), "{}", read(&told));
        // Broken ones say nothing.
        for broken in ["{\\rtf1{\\info{\\author", "{\\rtf1{\\info{\\creatim\\yr20222222222\\mo1\\dy3}} x}"] {
            let found = info(broken);
            assert!(found.author.is_none() && found.written.is_none(), "{broken}");
        }
    }

    #[test]
    fn characters() {
        check("{\\rtf1\\ansi\\ansicpg1252 caf\\'e9 \\ldblquote a\\rdblquote\\emdash b}", "café “a”—b");
        check("{\\rtf1\\uc1 \\u1052?\\u1072?\\u-10179?\\u-8704?}", "Ма😀");
        check("{\\rtf1{\\fonttbl{\\f0 A;}{\\f1\\fcharset204 B;}}\\f1 \\'cc\\'e0\\f0 \\'e9}", "Маé");
        check("{\\rtf1\\ansicpg932 \\'93\\'fa\\'96{\\b x}}", "日\u{fffd}x");
    }

    #[test]
    fn broken_files() {
        for text in [
            "{\\rtf1",
            "{\\rtf1\\",
            "{\\rtf1\\'",
            "{\\rtf1\\'zz\\u",
            "}}}}",
            "{\\rtf1\\u99999999999999999999 x\\bin99999 y",
        ] {
            lines(text);
        }
        lines(&"{\\rtf1".repeat(10_000));
        assert_eq!(lines(&format!("{{\\rtf1 {}x{}y", "{".repeat(1_000), "}".repeat(1_000))), "xy");
    }
}
