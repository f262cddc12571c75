//! Folding: two words that a reader considers the same become the same string.
//!
//! Folding removes case and accents (`Erdoğan` becomes `erdogan`; spellings are not unified, so
//! `Zelenskyy` and `Zelensky` stay different) and cuts a text into words of letters and digits.
//! Search, names and hits all use this module, so the words that a search finds are the words that are
//! highlighted. It knows nothing of queries.

use super::Span;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns `text` in lower case without accents. The result is not for display, and its length may
/// differ from that of `text`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Returns the folded words of `text`, in order. A word is a run of letters and digits; in scripts
/// that are written without spaces (Han, kana, Thai), each character is a word.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |_, word| words.push(word.to_owned()));
    words
}

/// Calls `visit` with the span in `text` and the folded form of each word, as [`words`] defines them.
/// It reuses one buffer for all folded forms.
pub fn each_word(text: &str, mut visit: impl FnMut(Span, &str)) {
    let mut folded = String::with_capacity(32);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii() && !byte.is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        folded.clear();
        let ascii = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        folded.push_str(&text[at..at + ascii]);
        folded.make_ascii_lowercase();
        at += ascii;
        if bytes.get(at).is_some_and(|byte| !byte.is_ascii()) {
            at = wide_word(text, start, at, &mut folded);
        }
        if !folded.is_empty() {
            visit(Span::new(start, at), &folded);
        }
    }
}

/// Continues a word in which a character outside ASCII was found at byte `at`; the part from `start`
/// is already in `folded`. Returns the end of the word, or, where there is no word, the byte at which
/// to continue the search (`folded` is then empty).
fn wide_word(text: &str, start: usize, at: usize, folded: &mut String) -> usize {
    for (offset, c) in text[at..].char_indices() {
        let here = at + offset;
        if is_lone(c) {
            if here > start {
                return here;
            }
            fold_char(c, folded);
            return here + c.len_utf8();
        }
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            return if here == start { here + c.len_utf8() } else { here };
        }
        if !is_combining_mark(c) || here > start {
            fold_char(c, folded);
        }
    }
    text.len()
}

/// Whether `c` belongs to a script that puts no space between words, so that it is a word by itself.
fn is_lone(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0E7F | 0x0E80..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF // Thai, Lao, Burmese, Khmer
        | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
        && (c.is_alphanumeric())
}

fn fold_into(text: &str, folded: &mut String) {
    for c in text.chars() {
        fold_char(c, folded);
    }
}

fn fold_char(c: char, folded: &mut String) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    for part in std::iter::once(c).nfd() {
        if is_combining_mark(part) {
            continue;
        }
        for lower in part.to_lowercase() {
            match plain(lower) {
                Some(plain) => folded.push_str(plain),
                // `İ` in lower case is `i` and a combining dot above.
                None if is_combining_mark(lower) => {}
                None => folded.push(lower),
            }
        }
    }
}

/// The plain form of a letter that Unicode does not decompose but that readers type without its stroke.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        'ŧ' => "t",
        'ə' => "a",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text), expected, "{text}");
    }

    #[test]
    fn words_are_folded() {
        check("Erdoğan met Łukasz Żółć in Besançon", &["erdogan", "met", "lukasz", "zolc", "in", "besancon"]);
        check("NATO-Russia Council's 3,000", &["nato", "russia", "council", "s", "3", "000"]);
        check("İstanbul Straße", &["istanbul", "strasse"]);
        check("北京 met", &["北", "京", "met"]);
        check("x京y", &["x", "京", "y"]);
        check("… “Да”, — сказал", &["да", "сказал"]);
        check("", &[]);
        check("e\u{301}cole", &["ecole"]);
    }

    proptest! {
        #[test]
        fn spans_slice_the_word(text in "\\PC{0,40}") {
            let mut last = 0;
            each_word(&text, |span, word| {
                assert!(span.start >= last && !span.is_empty());
                last = span.end;
                assert_eq!(fold(span.of(&text)), word);
            });
            prop_assert!(last as usize <= text.len());
        }
    }
}
