//! Parses colours as a person writes them, and reduces them for terminals with fewer colours.

use super::Depth;
use ratatui::style::{Color, Modifier, Style};

/// The sixteen colours of the terminal, by name; the second half is bright.
const NAMED: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

const ATTRIBUTES: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
    ("strike", Modifier::CROSSED_OUT),
];

/// The first sixteen colours as xterm has them. They only serve for comparison: every terminal has its own.
const SIXTEEN: [u32; 16] = [
    0x00_0000, 0xCD_0000, 0x00_CD00, 0xCD_CD00, 0x00_00EE, 0xCD_00CD, 0x00_CDCD, 0xE5_E5E5, 0x7F_7F7F,
    0xFF_0000, 0x00_FF00, 0xFF_FF00, 0x5C_5CFF, 0xFF_00FF, 0x00_FFFF, 0xFF_FFFF,
];

/// The levels of the 6×6×6 cube in the 256 colours of xterm.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Parses a look: attributes, a colour, and `on` with a background, in any order, separated by spaces,
/// such as `bold #f29ad6 on 236`. The error is the word that is not understood.
pub fn look(written: &str) -> Result<Style, String> {
    let mut style = Style::new();
    let mut words = written.split_whitespace();
    while let Some(word) = words.next() {
        if let Some((_, modifier)) = ATTRIBUTES.iter().find(|(name, _)| *name == word) {
            style = style.add_modifier(*modifier);
        } else if word == "on" {
            style = style.bg(color(words.next().unwrap_or(""))?);
        } else {
            style = style.fg(color(word)?);
        }
    }
    Ok(style)
}

/// The words that a look may contain, other than numbers and `#rrggbb`.
pub fn words() -> impl Iterator<Item = &'static str> {
    NAMED
        .iter()
        .map(|(name, _)| *name)
        .chain(ATTRIBUTES.iter().map(|(name, _)| *name))
        .chain(["default", "on"])
}

fn color(word: &str) -> Result<Color, String> {
    let named = NAMED.iter().find(|(name, _)| *name == word).map(|(_, color)| *color);
    let rgb = || {
        let digits = word.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Color::Rgb(r, g, b))
    };
    named
        .or_else(|| (word == "default").then_some(Color::Reset))
        .or_else(|| word.parse::<u8>().ok().map(Color::Indexed))
        .or_else(rgb)
        .ok_or_else(|| word.to_owned())
}

/// The nearest colour that a terminal of `depth` can show.
pub fn lower(color: Color, depth: Depth) -> Color {
    match (color, depth) {
        (Color::Rgb(r, g, b), Depth::TwoFiftySix) => {
            Color::Indexed(nearest(u32::from_be_bytes([0, r, g, b])))
        }
        (Color::Rgb(r, g, b), Depth::Sixteen) => sixteen(u32::from_be_bytes([0, r, g, b])),
        (Color::Indexed(index), Depth::Sixteen) => sixteen(of_index(index)),
        (_, Depth::Mono) => Color::Reset,
        _ => color,
    }
}

/// The nearest of the 256 colours, from the cube (16 to 231) or the greys (232 to 255). The first sixteen
/// are left out because every terminal defines its own.
pub fn nearest(rgb: u32) -> u8 {
    let [_, r, g, b] = rgb.to_be_bytes();
    let step = |v: u8| (0..6u8).min_by_key(|&i| STEPS[usize::from(i)].abs_diff(v)).unwrap_or(0);
    let cube = 16 + 36 * step(r) + 6 * step(g) + step(b);
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let grey = 232 + u8::try_from((mean.saturating_sub(3) / 10).min(23)).unwrap_or(23);
    if distance(of_index(grey), rgb) < distance(of_index(cube), rgb) { grey } else { cube }
}

fn sixteen(rgb: u32) -> Color {
    let near = SIXTEEN.iter().zip(NAMED).min_by_key(|(other, _)| distance(**other, rgb));
    near.map_or(Color::Reset, |(_, (_, color))| color)
}

fn of_index(index: u8) -> u32 {
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let place = index - 16;
            let step = |digit: u8| STEPS[usize::from(digit % 6)];
            u32::from_be_bytes([0, step(place / 36), step(place / 6), step(place)])
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            u32::from_be_bytes([0, grey, grey, grey])
        }
    }
}

/// The distance of two colours, weighted as eyes weight red, green and blue.
fn distance(a: u32, b: u32) -> u32 {
    let ([_, r, g, b1], [_, s, h, b2]) = (a.to_be_bytes(), b.to_be_bytes());
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    2 * square(r, s) + 4 * square(g, h) + 3 * square(b1, b2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_parsed() {
        let check = |written: &str, expected: Style| assert_eq!(look(written), Ok(expected), "{written}");
        check("", Style::new());
        check("bold red", Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        check("#0a0b0c on 236", Style::new().fg(Color::Rgb(10, 11, 12)).bg(Color::Indexed(236)));
        check("default", Style::new().fg(Color::Reset));
        for (wrong, word) in
            [("bold redd", "redd"), ("on", ""), ("#12345", "#12345"), ("256", "256"), ("#é1234", "#é1234")]
        {
            assert_eq!(look(wrong), Err(word.to_owned()));
        }
    }

    #[test]
    fn colours_are_reduced_to_the_depth() {
        let check = |color: Color, depth: Depth, expected: Color| assert_eq!(lower(color, depth), expected);
        check(Color::Rgb(255, 0, 0), Depth::TwoFiftySix, Color::Indexed(196));
        check(Color::Rgb(48, 48, 48), Depth::TwoFiftySix, Color::Indexed(236));
        check(Color::Rgb(250, 10, 5), Depth::Sixteen, Color::LightRed);
        check(Color::Indexed(236), Depth::Sixteen, Color::Black);
        check(Color::Indexed(3), Depth::Sixteen, Color::Yellow);
        check(Color::Rgb(1, 2, 3), Depth::True, Color::Rgb(1, 2, 3));
        check(Color::Green, Depth::Mono, Color::Reset);
    }

    #[test]
    fn the_cube_is_the_one_of_xterm() {
        assert_eq!(nearest(0xFF0000), 196);
        assert_eq!(nearest(0x5FAF87), 72);
    }
}
