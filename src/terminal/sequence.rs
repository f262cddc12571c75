//! Recognises what stands at the beginning of the bytes that a terminal sends: a key, a mouse event, a paste, an
//! answer that nobody asked for, or nothing that a terminal sends. Pure: bytes in, a judgement out.
//!
//! The forms are those of ECMA-48 and of xterm's "Control Sequences".

/// What the bytes begin with. The numbers are lengths in bytes, and never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Something whole that crossterm turns into exactly one event.
    Whole(usize),
    /// A line feed (Ctrl-J).
    LineFeed,
    /// The Esc key: what follows it does not belong to it.
    Esc,
    /// A whole paste, with its marks.
    Paste(usize),
    /// Bytes that mean nothing here: an answer, or a sequence whose end is missing.
    Nothing(usize),
    /// The beginning of something. More bytes have to decide.
    Open(Open),
}

/// Something whose end has not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// An Esc, perhaps with one character that can also be typed after it. Nobody types a sequence slowly, so
    /// these are keys if nothing follows.
    Esc,
    /// A control sequence, or one of the shorter ones of keys (SS3).
    Sequence,
    /// A character of several bytes, an old mouse report, or an answer of the terminal (OSC, DCS, APC).
    Other,
    Paste,
}

pub const PASTE_START: &[u8] = b"\x1b[200~";
pub const PASTE_END: &[u8] = b"\x1b[201~";

/// Judges the beginning of `bytes`, which may not be empty. `tail` is the index from which the bytes arrived
/// later than those before, or 0 if all came together: what comes later is more likely a key of its own. A
/// terminal whose mouse is not in use (`mouse`) sends no events of it that count.
pub fn find(bytes: &[u8], tail: usize, mouse: bool) -> Found {
    match bytes {
        [0x1b, ..] => escape(bytes, tail, mouse),
        [b'\n', ..] => Found::LineFeed,
        [first, ..] if first.is_ascii() => Found::Whole(1),
        _ => character(bytes),
    }
}

fn character(bytes: &[u8]) -> Found {
    let piece = bytes.get(..4).unwrap_or(bytes);
    let error = match std::str::from_utf8(piece) {
        Ok(text) => return Found::Whole(text.chars().next().map_or(1, char::len_utf8)),
        Err(error) => error,
    };
    let valid = piece.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok());
    match (valid.and_then(|text| text.chars().next()), error.error_len()) {
        (Some(c), _) => Found::Whole(c.len_utf8()),
        (None, Some(wrong)) => Found::Nothing(wrong),
        (None, None) => Found::Open(Open::Other),
    }
}

fn escape(bytes: &[u8], tail: usize, mouse: bool) -> Found {
    match bytes.get(1) {
        None => Found::Open(Open::Esc),
        Some(b'[') => control_sequence(bytes, tail, mouse),
        Some(b'O') => match bytes.get(2) {
            None => Found::Open(Open::Sequence),
            Some(b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S') => Found::Whole(3),
            // The keypad in its application mode, and rxvt with Ctrl.
            Some(b'a'..=b'd' | b'j'..=b'y' | b'E' | b'I' | b'M' | b'X') if tail != 2 => Found::Nothing(3),
            Some(_) => Found::Nothing(2),
        },
        Some(b']') => string(bytes, |byte| byte.is_ascii_digit()),
        Some(b'P') => string(bytes, |byte| (b'!'..=b'?').contains(&byte)),
        Some(b'_') => string(bytes, |byte| byte == b'G'),
        Some(b'^' | b'X') => string(bytes, |_| false),
        Some(_) => Found::Esc,
    }
}

/// A string of the terminal (OSC, DCS, APC, PM, SOS). Its second character can be typed after Esc as well, so
/// one that is not whole must begin like an answer, of which `like` decides by its first byte.
fn string(bytes: &[u8], like: impl Fn(u8) -> bool) -> Found {
    let Some(first) = bytes.get(2) else { return Found::Open(Open::Esc) };
    let end = bytes.iter().skip(2).position(u8::is_ascii_control).map(|at| at + 2);
    let rest = end.and_then(|end| bytes.get(end..)).unwrap_or_default();
    match (end, rest) {
        (Some(end), [0x07, ..]) => Found::Nothing(end + 1),
        (Some(end), [0x1b, b'\\', ..]) => Found::Nothing(end + 2),
        _ if !like(*first) => Found::Esc,
        (None, _) | (Some(_), [0x1b]) => Found::Open(Open::Other),
        // A terminal puts no other control into an answer, so this is a key, and the answer is torn.
        (Some(end), _) => Found::Nothing(end),
    }
}

fn control_sequence(bytes: &[u8], tail: usize, mouse: bool) -> Found {
    match bytes.get(2) {
        None => return Found::Open(Open::Sequence),
        // The function keys of the Linux console.
        Some(b'[') => {
            return match bytes.get(3) {
                None => Found::Open(Open::Sequence),
                Some(b'A'..=b'E') => Found::Whole(4),
                Some(_) => Found::Nothing(3),
            };
        }
        Some(b'M') => return old_mouse(bytes, tail, mouse),
        Some(_) => {}
    }
    let private = bytes.get(2).copied().filter(|byte| (b'<'..=b'?').contains(byte));
    let start = if private.is_some() { 3 } else { 2 };
    let is_parameter = |byte: &&u8| (b'0'..=b';').contains(*byte);
    let at = start + bytes.iter().skip(start).take_while(is_parameter).count();
    let parameters = bytes.get(start..at).unwrap_or_default();
    let Some(last) = bytes.get(at) else { return Found::Open(Open::Sequence) };
    let (whole, torn) = (Found::Whole(at + 1), Found::Nothing(at));
    // The last byte is a key of its own if it came later and ends nothing that is known.
    let dropped = if tail == at { torn } else { Found::Nothing(at + 1) };
    if parameters.is_empty() {
        return match (private, last) {
            (None, b'A'..=b'D' | b'F' | b'H' | b'P' | b'Q' | b'S' | b'Z') => whole,
            // The focus, the key 5 of the keypad, and rxvt with Shift.
            (None, b'I' | b'O' | b'E' | b'G' | b'a'..=b'd') => dropped,
            _ => torn,
        };
    }
    if !parameters.last().is_some_and(u8::is_ascii_digit) {
        return torn;
    }
    match (private, last) {
        (None, b'~') if parameters == b"200" => paste(bytes, tail),
        (None, b'~') if parameters == b"201" => Found::Nothing(at + 1),
        (None, b'A'..=b'D' | b'F' | b'H' | b'P' | b'Q' | b'S' | b'u' | b'~') => whole,
        (None, b'M') | (Some(b'<'), b'M' | b'm') => {
            let lowest = if private.is_none() { 32 } else { 0 };
            if mouse && is_mouse(parameters, lowest) { whole } else { Found::Nothing(at + 1) }
        }
        // The state of a mode ends with `$y`; rxvt ends keys with Shift with `$`.
        (_, b'$') => match bytes.get(at + 1) {
            None => Found::Open(Open::Sequence),
            Some(b'y') => Found::Nothing(at + 2),
            Some(_) => Found::Nothing(at + 1),
        },
        (_, b'@'..=b'~') => dropped,
        _ => torn,
    }
}

/// Whether these are a button of at least `lowest`, a column and a row, both from 1.
fn is_mouse(parameters: &[u8], lowest: u8) -> bool {
    let Ok(text) = std::str::from_utf8(parameters) else { return false };
    let mut numbers = text.split(';');
    let button = numbers.next().and_then(|number| number.parse::<u8>().ok());
    let place: Vec<u16> = numbers.map_while(|number| number.parse().ok()).filter(|at| *at > 0).collect();
    button.is_some_and(|button| button >= lowest) && text.split(';').count() == 3 && place.len() == 2
}

/// A mouse report of the X10 form: a button, a column and a row of one byte each.
fn old_mouse(bytes: &[u8], tail: usize, mouse: bool) -> Found {
    let report: &[u8] = bytes.get(3..bytes.len().min(6)).unwrap_or_default();
    // A terminal sends no controls here, so this is a key.
    if let Some(control) = report.iter().position(|byte| *byte < 32) {
        return Found::Nothing(3 + control);
    }
    match report {
        [_, x, y] if mouse && *x > 32 && *y > 32 => Found::Whole(6),
        [_, _, _] if tail == 5 => Found::Nothing(5),
        [_, _, _] => Found::Nothing(6),
        _ => Found::Open(Open::Other),
    }
}

/// A paste. It may contain anything but its own end. As long as the end is missing, a control that arrives by
/// itself is a key: pasted text arrives in large pieces.
fn paste(bytes: &[u8], tail: usize) -> Found {
    /// The longest sequence of a key that is taken for one.
    const KEY: usize = 8;
    if let Some(at) = bytes.windows(PASTE_END.len()).position(|window| window == PASTE_END) {
        return Found::Paste(at + PASTE_END.len());
    }
    let late = if tail >= PASTE_START.len() { bytes.get(tail..).unwrap_or_default() } else { &[] };
    let is_control = |byte: &u8| byte.is_ascii_control() && !b"\t\r\n".contains(byte);
    // The end may be torn anywhere.
    let is_end = (1..PASTE_END.len()).any(|cut| PASTE_END.get(..cut).is_some_and(|end| bytes.ends_with(end)));
    match late.first() {
        Some(byte) if is_control(byte) && late.len() <= KEY && !is_end => Found::Nothing(tail),
        _ => Found::Open(Open::Paste),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Found) {
        assert_eq!(find(bytes, 0, true), expected, "{:?}", bytes.escape_ascii().to_string());
    }

    #[test]
    fn keys_are_whole() {
        for key in [
            &b"j"[..],
            b"\r",
            b"\x1b[A",
            b"\x1bOB",
            b"\x1b[6~",
            b"\x1b[1;5C",
            b"\x1b[[A",
            b"\x1b[Z",
            b"\x1b[106;5u",
            b"\x1b[15~",
        ] {
            check(key, Found::Whole(key.len()));
            check(&[key, b"k"].concat(), Found::Whole(key.len()));
        }
        check("é".as_bytes(), Found::Whole(2));
        check("日x".as_bytes(), Found::Whole(3));
        check(b"\x1bx", Found::Esc);
        check(b"\x1b\x1b[A", Found::Esc);
    }

    #[test]
    fn what_is_torn_waits_for_its_end() {
        for bytes in [&b"\x1b["[..], b"\x1bO", b"\x1b[1;", b"\x1b[<0;1", b"\x1b[?1", b"\x1b[[", b"\x1b[1$"] {
            check(bytes, Found::Open(Open::Sequence));
        }
        for bytes in [
            &b"\xe9"[..],
            b"\xc3",
            b"\xf0\x9f",
            b"\x1b[M",
            b"\x1b[M!",
            b"\x1b]11;rgb",
            b"\x1bP1$r",
            b"\x1b_Gi",
        ] {
            check(bytes, Found::Open(Open::Other));
        }
        for bytes in [&b"\x1b"[..], b"\x1b]", b"\x1bP", b"\x1b_"] {
            check(bytes, Found::Open(Open::Esc));
        }
        check(b"\x1b[200~text\x1b[2", Found::Open(Open::Paste));
    }

    #[test]
    fn a_key_ends_what_it_cannot_belong_to() {
        check(b"\xe9j", Found::Nothing(1));
        check(b"\xffj", Found::Nothing(1));
        check(b"\x1b[j", Found::Nothing(2));
        check(b"\x1b[1;j", Found::Nothing(4));
        check(b"\x1b[1 ", Found::Nothing(3));
        check(b"\x1b[\x1b[A", Found::Nothing(2));
        check(b"\x1b[<0;1;j", Found::Nothing(7));
        check(b"\x1b[M\x03", Found::Nothing(3));
        check(b"\x1b]11;rgb:\x03", Found::Nothing(9));
        check(b"\x1b]j", Found::Esc);
        check(b"\x1bPj", Found::Esc);
        assert_eq!(find(b"\x1bOj", 2, false), Found::Nothing(2));
        assert_eq!(find(b"\x1b[1n", 3, false), Found::Nothing(3));
        assert_eq!(find(b"\x1b[200~ab\x03", 8, false), Found::Nothing(8));
        assert_eq!(find(b"\x1b[200~ab\x1b", 8, false), Found::Open(Open::Paste));
        assert_eq!(find(b"\x1b[200~ab\x1b[B", 8, false), Found::Nothing(8));
    }

    #[test]
    fn answers_that_nobody_asked_for_mean_nothing() {
        for answer in [
            &b"\x1b[?1;2c"[..],
            b"\x1b[>41;377;0c",
            b"\x1b[0n",
            b"\x1b[24;80R",
            b"\x1b[8;24;80t",
            b"\x1b[?2026;2$y",
            b"\x1b[?5u",
            b"\x1b[I",
            b"\x1b[O",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1bP1$r0m\x1b\\",
            b"\x1bP>|term 1\x1b\\",
            b"\x1b_Gi=1;OK\x1b\\",
            b"\x1b^private\x1b\\",
            b"\x1b[201~",
        ] {
            check(answer, Found::Nothing(answer.len()));
        }
    }

    #[test]
    fn the_mouse_counts_only_if_it_is_in_use_and_in_bounds() {
        for report in [&b"\x1b[<0;12;5M"[..], b"\x1b[<0;12;5m", b"\x1b[M !!", b"\x1b[32;12;5M"] {
            check(report, Found::Whole(report.len()));
            assert_eq!(find(report, 0, false), Found::Nothing(report.len()));
        }
        // crossterm subtracts 1 from these and would fail.
        for report in [&b"\x1b[<0;0;5M"[..], b"\x1b[<0;12M", b"\x1b[M   ", b"\x1b[32;0;5M", b"\x1b[3;1;5M"] {
            check(report, Found::Nothing(report.len()));
        }
    }

    #[test]
    fn a_paste_is_whole_with_its_end() {
        let paste = b"\x1b[200~a\x1b[31mb\x03\x1b[201~";
        check(paste, Found::Paste(paste.len()));
        check(&[paste, &b"k"[..]].concat(), Found::Paste(paste.len()));
    }
}
