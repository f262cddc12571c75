//! The second line of defence: what leaves the program contains nothing that could mislead a terminal or
//! a reader, even if something got past the first one, [`clean`](super::clean).

use std::borrow::Cow;

/// Whether `c` is a control code (other than the line feed and the tab) or a character that reorders
/// or hides text.
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns `text` with every forbidden character (see [`is_forbidden`]) replaced by U+FFFD.
pub fn harmless(text: &str) -> Cow<'_, str> {
    match text.chars().any(is_forbidden) {
        true => text.chars().map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c }).collect(),
        false => Cow::Borrowed(text),
    }
}

/// Returns `text` for an attribute or an element of HTML or XML, so that nothing in it is markup: [`harmless`], with a
/// reference in the place of each character that means something there. Line feeds stay.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            // Browsers and programs take these for blanks in some places.
            '\t' => out.push_str("&#9;"),
            c if is_forbidden(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Returns `text` on one line: [`harmless`], with a space in the place of every line feed and tab, so that it neither begins
/// a row nor a column of its own.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let odd = |c: char| is_forbidden(c) || matches!(c, '\n' | '\t');
    match text.chars().any(odd) {
        true => harmless(text).replace(['\n', '\t'], " ").into(),
        false => Cow::Borrowed(text),
    }
}
