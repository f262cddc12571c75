//! Classifies one character for the cleaner. The tables are from Unicode 16: Bidi_Control,
//! Default_Ignorable_Code_Point, Extended_Pictographic (as ranges), and the blocks of the cursive and
//! Brahmic scripts.

use unicode_normalization::char::is_combining_mark;

/// How the cleaner treats a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Plain,
    /// A blank that becomes a plain space.
    Blank,
    /// A line break that becomes a line feed (or is one).
    Break,
    /// A C0, DEL or C1 control that is none of the above.
    Control,
    /// A zero-width joiner or non-joiner.
    Joiner,
    /// A combining mark (general category M).
    Mark,
    /// A character to drop: bidi controls, fillers, tags, noncharacters and similar ones.
    Invisible,
}

pub(super) fn classify(c: char) -> Scalar {
    match c {
        ' '..='~' => Scalar::Plain,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Scalar::Break,
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => Scalar::Blank,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Scalar::Control,
        '\u{200c}' | '\u{200d}' => Scalar::Joiner,
        c if c < '\u{300}' && c != '\u{ad}' => Scalar::Plain,
        c if is_invisible(c) => Scalar::Invisible,
        c if is_combining_mark(c) => Scalar::Mark,
        _ => Scalar::Plain,
    }
}

/// Whether a character outside ASCII is clean next to any other such character: it is not a mark, is
/// not dropped, and is stable under NFC. May return false for a clean character, but never true for
/// any other.
pub(super) fn is_plain(c: char) -> bool {
    matches!(c,
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3ff}'
        | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{5d0}'..='\u{5ea}' | '\u{621}'..='\u{64a}'
        | '\u{660}'..='\u{66d}' | '\u{671}'..='\u{6d3}' | '\u{1e00}'..='\u{1eff}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2122}'
        | '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{27bf}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}')
}

/// The quotation mark or dash that Windows-1252 has in the place of this C1 control: text that was
/// wrongly decoded as Latin-1 contains them. The introducers of control strings are not in the table.
pub(super) fn from_windows(c: char) -> Option<char> {
    Some(match c {
        '\u{91}' => '‘',
        '\u{92}' => '’',
        '\u{93}' => '“',
        '\u{94}' => '”',
        '\u{96}' => '–',
        '\u{97}' => '—',
        _ => return None,
    })
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        // Bidi_Control.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Format characters and fillers that have no visible form.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        // Variation selectors, except those that choose between text and emoji.
        | '\u{fe00}'..='\u{fe0d}'
        // Tags, further variation selectors, and the reserved characters beside them.
        | '\u{e0000}'..='\u{e0fff}'
        | '\u{fdd0}'..='\u{fdef}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}

/// Whether `joiner` has an effect between two characters: within an emoji, or between letters of one
/// script whose letters join.
pub(super) fn joins(before: char, joiner: char, after: char) -> bool {
    if joiner == '\u{200d}' && is_pictograph(after) && (is_pictograph(before) || is_skin_tone(before)) {
        return true;
    }
    script(before).is_some_and(|s| script(after) == Some(s) && after.is_alphabetic())
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Extended_Pictographic as ranges, which are slightly wider than the property.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21aa}'
        | '\u{231a}'..='\u{23ff}' | '\u{24c2}' | '\u{25aa}'..='\u{27bf}' | '\u{2934}' | '\u{2935}'
        | '\u{2b05}'..='\u{2b55}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1f0ff}' | '\u{1f10d}'..='\u{1f1e5}' | '\u{1f200}'..='\u{1f3fa}'
        | '\u{1f400}'..='\u{1faff}')
}

/// The scripts whose letters join, either because they are cursive or by a virama.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Syriac,
    Nko,
    Mongolian,
    /// A Brahmic script, identified by the first code point of its block.
    Brahmic(u32),
}

fn script(c: char) -> Option<Script> {
    Some(match u32::from(c) {
        0x600..=0x6ff | 0x750..=0x77f | 0x870..=0x8ff | 0xfb50..=0xfdcf | 0xfe70..=0xfefc => Script::Arabic,
        0x700..=0x74f => Script::Syriac,
        0x7c0..=0x7ff => Script::Nko,
        0x1800..=0x18af => Script::Mongolian,
        // Devanagari to Sinhala are blocks of 128; Thai and Lao, between Sinhala and Tibetan, do not join.
        at @ 0x900..=0xdff => Script::Brahmic(at & !0x7f),
        0xf00..=0xfff => Script::Brahmic(0xf00),
        0x1000..=0x109f => Script::Brahmic(0x1000),
        0x1780..=0x17ff => Script::Brahmic(0x1780),
        0x1b00..=0x1b7f => Script::Brahmic(0x1b00),
        0xa980..=0xa9df => Script::Brahmic(0xa980),
        _ => return None,
    })
}
