//! The second wall: what leaves the program holds nothing that a terminal or an eye could mistake, even where
//! something got past the first, [`clean`](super::clean).

use std::borrow::Cow;

/// Control codes but the line feed and the tab, and the characters that reorder or hide text.
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E0FFF}')
}

/// `text` with what is forbidden replaced by U+FFFD.
pub fn harmless(text: &str) -> Cow<'_, str> {
    match text.chars().any(is_forbidden) {
        true => text.chars().map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c }).collect(),
        false => Cow::Borrowed(text),
    }
}
