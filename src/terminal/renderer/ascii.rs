//! Finds the nearest ASCII character, for terminals and locales that have no others.

use unicode_normalization::UnicodeNormalization;

/// The ASCII character nearest to `c`: the base letter of an accented one, straight quotes, hyphens, or
/// `+ - |` for box drawing; `?` if there is none.
pub fn nearest(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2039}' | '\u{203A}' | '\u{02BC}' | '′' => {
            '\''
        }
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '«' | '»' | '″' | '「' | '」' | '『' | '』' => {
            '"'
        }
        '\u{2010}'..='\u{2015}' | '−' | '─' | '━' | '╌' | '┄' | '╴' | '╶' | '═' => '-',
        '│' | '┃' | '║' | '╎' | '┆' | '▏' | '▕' => '|',
        '\u{2500}'..='\u{257F}' => '+',
        '…' => '~',
        '·' => '-',
        '•' | '●' | '○' | '◦' | '▪' => 'o',
        '★' | '☆' | '×' => '*',
        '▶' | '▸' | '►' | '→' => '>',
        '◀' | '◂' | '◄' | '←' => '<',
        '▲' | '▴' | '↑' => '^',
        '▼' | '▾' | '↓' => 'v',
        '█' | '▓' | '▒' | '░' | '▌' | '▐' => '#',
        '\u{00A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => ' ',
        'ß' => 's',
        'Æ' => 'A',
        'æ' => 'a',
        'Ø' => 'O',
        'ø' => 'o',
        'Œ' => 'O',
        'œ' => 'o',
        'Ł' => 'L',
        'ł' => 'l',
        'Đ' | 'Ð' => 'D',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        'Þ' => 'T',
        'þ' => 't',
        '€' => 'E',
        '£' => 'L',
        '¥' => 'Y',
        _ => std::iter::once(c).nfkd().next().filter(char::is_ascii).unwrap_or('?'),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn similar_characters_are_found() {
        let plain: String = "“Señor Müller’s” — Łódź… │東".chars().map(nearest).collect();
        assert_eq!(plain, "\"Senor Muller's\" - Lodz~ |?");
    }
}
