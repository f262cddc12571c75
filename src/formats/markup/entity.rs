//! HTML character references to characters, by the tables of the HTML standard that come with `html5ever`: 2,231 names,
//! and the numbers that stand for Windows-1252.
//!
//! The parser of `html5ever` decodes the references of pages and bodies itself. These are for text that is not HTML
//! throughout: feeds, titles and the strings of dumps.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name that is looked up, in bytes: `CounterClockwiseContourIntegral;`.
const NAME_CAP: usize = 32;

/// The characters that the reference at the start of `text` stands for, and the length of the reference in bytes. One
/// name in twenty stands for two characters. As in browsers, the semicolon may be missing after numbers and after the
/// names of Latin-1 characters.
pub(super) fn decode(text: &str) -> Option<(char, Option<char>, usize)> {
    let rest = text.strip_prefix('&')?;
    if let Some(digits) = rest.strip_prefix('#') {
        let (code, length) = number(digits)?;
        let closed = digits.get(length..)?.starts_with(';');
        let replaced = || C1_REPLACEMENTS.get((code as usize).checked_sub(0x80)?).copied().flatten();
        let c = replaced().or_else(|| char::from_u32(code).filter(|c| *c != '\0')).unwrap_or('\u{fffd}');
        return Some((c, None, 2 + length + usize::from(closed)));
    }
    let length = rest.bytes().take(NAME_CAP).take_while(u8::is_ascii_alphanumeric).count();
    let closed = rest.get(length..)?.starts_with(';');
    let length = length + usize::from(closed);
    // The table has the beginnings of all names too, which stand for nothing.
    let &(first, second) = NAMED_ENTITIES.get(rest.get(..length)?).filter(|(first, _)| *first != 0)?;
    let second = char::from_u32(second).filter(|c| *c != '\0');
    Some((char::from_u32(first)?, second, 1 + length))
}

/// The value and the length of `8217` or `x2019`.
fn number(text: &str) -> Option<(u32, usize)> {
    let (radix, prefix) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits = text.get(prefix..)?;
    let length = digits.bytes().take_while(|&b| char::from(b).is_digit(radix)).count();
    let digits = digits.get(..length).filter(|digits| !digits.is_empty())?;
    // A number too large for `u32` is as invalid as one beyond Unicode.
    Some((u32::from_str_radix(digits, radix).unwrap_or(u32::MAX), prefix + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        let check = |text: &str, expected: Option<(char, usize)>| {
            assert_eq!(decode(text).map(|(c, _, length)| (c, length)), expected, "{text:?}");
        };
        check("&amp; x", Some(('&', 5)));
        check("&AMP", Some(('&', 4)));
        check("&eacute;", Some(('é', 8)));
        check("&nbsp", Some(('\u{a0}', 5)));
        check("&#8217;s", Some(('’', 7)));
        check("&#x2019;s", Some(('’', 8)));
        check("&#146;s", Some(('’', 6)));
        check("&#0;", Some(('\u{fffd}', 4)));
        check("&#99999999999;", Some(('\u{fffd}', 14)));
        // Maltese, Lithuanian, Latvian and Welsh.
        check("&hstrok;", Some(('ħ', 8)));
        check("&iogon;", Some(('į', 7)));
        check("&ncedil;", Some(('ņ', 8)));
        check("&wcirc;", Some(('ŵ', 7)));
        check("&CounterClockwiseContourIntegral;", Some(('∳', 33)));
        // Without a semicolon only the names of Latin-1.
        check("&hstrok", None);
        check("&eacut;", None);
        check("&#;", None);
        check("&T Corp", None);
        check("&", None);
        check("& ", None);
    }

    #[test]
    fn a_name_may_stand_for_two_characters() {
        assert_eq!(decode("&NotEqualTilde;"), Some(('\u{2242}', Some('\u{338}'), 15)));
    }
}
