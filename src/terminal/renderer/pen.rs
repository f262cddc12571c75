//! Writes colours and attributes as the shortest possible SGR sequences.

use super::grid::Look;
use ratatui::style::{Color, Modifier};

/// The attributes that are sent, with the codes that turn them on and off (ECMA-48, 8.3.117).
const ATTRIBUTES: [(Modifier, u8, u8); 7] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Writes the shortest sequence that changes the pen from `from` to `to`, or nothing if they are equal.
/// If `from` is not known (`None`), the sequence starts with a reset.
pub fn change(from: Option<Look>, to: Look, out: &mut Vec<u8>) {
    // Links are not part of SGR: the painter opens and closes them.
    let to = Look { link: 0, ..to };
    let from = from.map(|from| Look { link: 0, ..from });
    if from == Some(to) {
        return;
    }
    let reset = codes(Look::PLAIN, to, true);
    let codes = match from {
        Some(from) => Some(codes(from, to, false)).filter(|codes| codes.len() < reset.len()).unwrap_or(reset),
        None => reset,
    };
    out.extend_from_slice(b"\x1b[");
    out.extend_from_slice(&codes);
    out.push(b'm');
}

/// The parameters that change `from` to `to`, separated by semicolons. With `reset`, they start with a
/// reset, and `from` must be the plain look. A reset alone is the empty string.
fn codes(from: Look, to: Look, reset: bool) -> Vec<u8> {
    let mut codes = Codes(Vec::with_capacity(16));
    if reset && to != Look::PLAIN {
        codes.push(0);
    }
    let (mut have, want) = (from.modifier, to.modifier);
    for (attribute, _, off) in ATTRIBUTES {
        if have.contains(attribute) && !want.contains(attribute) {
            codes.push(off);
            // 22 turns off both bold and dim.
            have.remove(if off == 22 { Modifier::BOLD.union(Modifier::DIM) } else { attribute });
        }
    }
    for (attribute, on, _) in ATTRIBUTES {
        if want.contains(attribute) && !have.contains(attribute) {
            codes.push(on);
        }
    }
    if from.fg != to.fg {
        codes.color(to.fg, 30);
    }
    if from.bg != to.bg {
        codes.color(to.bg, 40);
    }
    codes.0
}

struct Codes(Vec<u8>);

impl Codes {
    fn push(&mut self, code: u8) {
        if !self.0.is_empty() {
            self.0.push(b';');
        }
        self.0.extend_from_slice(code.to_string().as_bytes());
    }

    /// Adds the codes for a colour; `base` is 30 for the foreground and 40 for the background.
    fn color(&mut self, color: Color, base: u8) {
        let named = |index: u8| if index < 8 { base + index } else { base + 60 + index - 8 };
        match color {
            Color::Reset => self.push(base + 9),
            Color::Black => self.push(named(0)),
            Color::Red => self.push(named(1)),
            Color::Green => self.push(named(2)),
            Color::Yellow => self.push(named(3)),
            Color::Blue => self.push(named(4)),
            Color::Magenta => self.push(named(5)),
            Color::Cyan => self.push(named(6)),
            Color::Gray => self.push(named(7)),
            Color::DarkGray => self.push(named(8)),
            Color::LightRed => self.push(named(9)),
            Color::LightGreen => self.push(named(10)),
            Color::LightYellow => self.push(named(11)),
            Color::LightBlue => self.push(named(12)),
            Color::LightMagenta => self.push(named(13)),
            Color::LightCyan => self.push(named(14)),
            Color::White => self.push(named(15)),
            Color::Indexed(index) => [base + 8, 5, index].into_iter().for_each(|code| self.push(code)),
            Color::Rgb(r, g, b) => [base + 8, 2, r, g, b].into_iter().for_each(|code| self.push(code)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: Option<Look>, to: Look, expected: &str) {
        let mut out = Vec::new();
        change(from, to, &mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    fn look(fg: Color, modifier: Modifier) -> Look {
        Look { fg, bg: Color::Reset, modifier, link: 0 }
    }

    #[test]
    fn the_shorter_sequence_is_used() {
        let bold_red = look(Color::Red, Modifier::BOLD);
        check(Some(Look::PLAIN), bold_red, "\x1b[1;31m");
        check(Some(bold_red), Look::PLAIN, "\x1b[m");
        check(Some(bold_red), look(Color::Green, Modifier::BOLD), "\x1b[32m");
        check(Some(bold_red), bold_red, "");
        check(None, bold_red, "\x1b[0;1;31m");
        check(Some(look(Color::Reset, Modifier::BOLD)), look(Color::Reset, Modifier::DIM), "\x1b[0;2m");
    }
}
