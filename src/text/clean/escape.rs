//! Measures a terminal escape sequence (ECMA-48, and the forms that xterm adds) at the start of a text.
//! Knows nothing but characters.

/// The longest parameter part, in bytes, of a control sequence that counts as well formed.
const PARAMETER_CAP: usize = 64;
/// The longest payload, in bytes, of a control string (OSC, DCS, APC, PM, SOS).
const STRING_CAP: usize = 4096;

/// The length in bytes of the well-formed escape sequence at the start of `text`, or 0 if there is
/// none. An unterminated or overlong sequence does not count: it must not swallow the text after it.
pub(super) fn length(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    let body = chars.as_str();
    match first {
        '\u{9b}' => 2 + control_sequence(body).unwrap_or(0),
        '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => control_string(body).map_or(0, |n| 2 + n),
        '\u{1b}' => match chars.next() {
            Some('[') => control_sequence(chars.as_str()).map_or(0, |n| 2 + n),
            Some('P' | 'X' | ']' | '^' | '_') => control_string(chars.as_str()).map_or(0, |n| 2 + n),
            _ => plain_escape(body).map_or(0, |n| 1 + n),
        },
        _ => 0,
    }
}

/// The length in bytes of the parameters, the intermediates and the final byte after CSI.
fn control_sequence(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let parameters = bytes.iter().take(PARAMETER_CAP).take_while(|b| matches!(b, 0x20..=0x3f)).count();
    matches!(bytes.get(parameters), Some(0x40..=0x7e)).then_some(parameters + 1)
}

/// The length in bytes of the payload and the terminator (BEL, ESC \ or ST) after the introducer of a
/// control string.
fn control_string(text: &str) -> Option<usize> {
    for (at, c) in text.char_indices().take_while(|&(at, _)| at < STRING_CAP) {
        match c {
            '\u{7}' => return Some(at + 1),
            '\u{9c}' => return Some(at + 2),
            '\u{1b}' => return text.get(at + 1..)?.starts_with('\\').then_some(at + 2),
            // Any other control code means that the string was never closed.
            c if c.is_control() && c != '\t' => return None,
            _ => {}
        }
    }
    None
}

/// The length in bytes of the intermediates and the final byte of a two-character or charset escape,
/// such as `ESC c` or `ESC ( B`.
fn plain_escape(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let between = bytes.iter().take(4).take_while(|b| matches!(b, 0x20..=0x2f)).count();
    matches!(bytes.get(between), Some(0x30..=0x7e)).then_some(between + 1)
}
