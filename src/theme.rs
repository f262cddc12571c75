//! Tags and parts of the screen → styles, for truecolor, 256, 16 and 2 colours, and for none.
//!
//! The default theme, `ansi`, uses the terminal's own sixteen colours and paints no background, so
//! that it is right on light and dark alike. Under [`Depth::Mono`] every kind is told apart by
//! attributes alone. Nothing on the screen is told by colour alone: the selection is reversed.

use crate::highlight::{Tag, Tags};
use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Attributes alone: `NO_COLOR`, `--color never`, two-colour terminals.
    Mono,
    Sixteen,
    TwoFiftySix,
    True,
}

/// A part of the screen that is no article text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Text,
    /// The title of the article in the reader.
    Headline,
    /// Source, date and author.
    Byline,
    Border,
    BorderFocused,
    /// The name of a pane in its border.
    PaneTitle,
    PaneTitleFocused,
    RowUnread,
    RowRead,
    /// The selected row of the pane that has the focus.
    Selected,
    /// The selected row of a pane that has not.
    SelectedElsewhere,
    Star,
    Count,
    /// A term of the filter.
    Chip,
    /// A term that excludes.
    ChipNot,
    /// A key that can be pressed.
    Key,
    /// What that key does.
    Hint,
    Dim,
    Prompt,
    Warning,
    /// A place in a picker or completion that matches what was typed.
    Match,
}

/// The built-in themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ThemeName {
    #[default]
    Ansi,
    Dark,
    Light,
    Mono,
    HighContrast,
}

impl ThemeName {
    pub const ALL: [ThemeName; 5] =
        [ThemeName::Ansi, ThemeName::Dark, ThemeName::Light, ThemeName::Mono, ThemeName::HighContrast];

    /// As written in the config and after `--theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            ThemeName::Ansi => "ansi",
            ThemeName::Dark => "dark",
            ThemeName::Light => "light",
            ThemeName::Mono => "mono",
            ThemeName::HighContrast => "high-contrast",
        }
    }

    /// The theme of that name, if there is one.
    pub fn find(name: &str) -> Option<ThemeName> {
        ThemeName::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// Which characters borders and marks are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Glyphs {
    #[default]
    Unicode,
    Ascii,
}

impl Glyphs {
    pub fn ellipsis(self) -> &'static str {
        match self {
            Glyphs::Unicode => "…",
            Glyphs::Ascii => "~",
        }
    }

    /// Stands before an unread row.
    pub fn unread(self) -> &'static str {
        match self {
            Glyphs::Unicode => "●",
            Glyphs::Ascii => "o",
        }
    }

    pub fn star(self) -> &'static str {
        match self {
            Glyphs::Unicode => "★",
            Glyphs::Ascii => "*",
        }
    }

    /// Stands before the selected row.
    pub fn pointer(self) -> &'static str {
        ">"
    }
}

/// How everything looks on one terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    name: ThemeName,
    depth: Depth,
    pub glyphs: Glyphs,
}

impl Theme {
    /// The theme `name` as a terminal of `depth` shows it.
    pub fn new(name: ThemeName, depth: Depth, glyphs: Glyphs) -> Theme {
        let depth = if name == ThemeName::Mono { Depth::Mono } else { depth };
        Theme { name, depth, glyphs }
    }

    /// The style of article text on which `tags` hold. Later rules lie over earlier ones: quotes
    /// first, names over them (keeping the quote's attribute), then hits, then the cursor.
    pub fn text(&self, tags: Tags) -> Style {
        const ORDER: [Tag; 9] = [
            Tag::Dateline,
            Tag::IndirectQuote,
            Tag::DirectQuote,
            Tag::Place,
            Tag::Country,
            Tag::Org,
            Tag::Person,
            Tag::Hit,
            Tag::Cursor,
        ];
        ORDER
            .into_iter()
            .filter(|tag| tags.has(*tag))
            .fold(self.part(Part::Text), |style, tag| style.patch(self.tag(tag)))
    }

    /// The style of one tag alone.
    pub fn tag(&self, tag: Tag) -> Style {
        let (colors, modifier) = self.tag_look(tag);
        let style = Style::new().add_modifier(modifier);
        match self.depth {
            Depth::Mono => Style::new().add_modifier(mono(tag)),
            depth => colors.map_or(style, |rgb| style.fg(rgb.at(depth))),
        }
    }

    /// The style of a part of the screen.
    pub fn part(&self, part: Part) -> Style {
        let plain = Style::new();
        let colored = |color: Paint, style: Style| match self.depth {
            Depth::Mono => style,
            depth => style.fg(color.at(depth)),
        };
        match part {
            Part::Text | Part::Hint | Part::Border | Part::PaneTitle => plain,
            Part::Headline
            | Part::RowUnread
            | Part::Prompt
            | Part::BorderFocused
            | Part::PaneTitleFocused => plain.bold(),
            Part::Byline | Part::Dim | Part::RowRead => plain.dim(),
            Part::Count => plain,
            Part::Selected => plain.reversed(),
            Part::SelectedElsewhere => plain.bold().underlined(),
            Part::Star => colored(self.quote(), plain.bold()),
            Part::Chip => plain.reversed(),
            Part::ChipNot => plain.reversed().dim(),
            Part::Key => plain.bold(),
            Part::Warning => colored(Paint::new(Color::Red, 0xC0392B), plain.bold()),
            Part::Match => plain.underlined().bold(),
        }
    }

    fn quote(&self) -> Paint {
        match self.name {
            ThemeName::Light => Paint::new(Color::Yellow, 0x7A5C00),
            ThemeName::HighContrast => Paint::new(Color::LightYellow, 0xFFFF55),
            _ => Paint::new(Color::Yellow, 0xD7B45A),
        }
    }

    /// The colour, if any, and the attributes of a tag where there are colours.
    fn tag_look(&self, tag: Tag) -> (Option<Paint>, Modifier) {
        let bold = Modifier::BOLD;
        let (person, country, place, org) = match self.name {
            ThemeName::Ansi | ThemeName::Mono => (
                Paint::ansi(Color::Magenta),
                Paint::ansi(Color::Green),
                Paint::ansi(Color::Cyan),
                Paint::ansi(Color::Blue),
            ),
            ThemeName::Dark => (
                Paint::new(Color::Magenta, 0xF29AD6),
                Paint::new(Color::Green, 0x8FD694),
                Paint::new(Color::Cyan, 0x7FD1D8),
                Paint::new(Color::Blue, 0x8DB4FF),
            ),
            ThemeName::Light => (
                Paint::new(Color::Magenta, 0x9B1B7A),
                Paint::new(Color::Green, 0x1E6B2B),
                Paint::new(Color::Cyan, 0x006B75),
                Paint::new(Color::Blue, 0x1D4FB8),
            ),
            ThemeName::HighContrast => (
                Paint::new(Color::LightMagenta, 0xFF8CFF),
                Paint::new(Color::LightGreen, 0x55FF55),
                Paint::new(Color::LightCyan, 0x55FFFF),
                Paint::new(Color::LightBlue, 0x9CC2FF),
            ),
        };
        match tag {
            Tag::Person => (Some(person), bold),
            Tag::Country => (Some(country), bold),
            Tag::Place => (Some(place), Modifier::empty()),
            Tag::Org => (Some(org), bold),
            Tag::DirectQuote => (Some(self.ansi_or_quote()), Modifier::ITALIC),
            Tag::IndirectQuote => (None, Modifier::ITALIC),
            Tag::Hit => (None, Modifier::UNDERLINED.union(bold)),
            Tag::Cursor => (None, Modifier::REVERSED),
            Tag::Dateline => (None, Modifier::DIM),
        }
    }

    fn ansi_or_quote(&self) -> Paint {
        match self.name {
            ThemeName::Ansi | ThemeName::Mono => Paint::ansi(Color::Yellow),
            _ => self.quote(),
        }
    }
}

/// The attributes that tell a tag apart where there are no colours. Names within a quote keep its
/// italics; hits and the cursor are reversed, which no name is.
fn mono(tag: Tag) -> Modifier {
    match tag {
        Tag::Person => Modifier::BOLD,
        Tag::Country => Modifier::UNDERLINED,
        Tag::Place => Modifier::UNDERLINED.union(Modifier::DIM),
        Tag::Org => Modifier::BOLD.union(Modifier::UNDERLINED),
        Tag::DirectQuote => Modifier::ITALIC,
        Tag::IndirectQuote => Modifier::ITALIC.union(Modifier::DIM),
        Tag::Hit => Modifier::REVERSED.union(Modifier::DIM),
        Tag::Cursor => Modifier::REVERSED,
        Tag::Dateline => Modifier::DIM,
    }
}

/// One colour as each kind of terminal can show it.
#[derive(Clone, Copy, Debug)]
struct Paint {
    ansi: Color,
    /// `0xRRGGBB`; `None` keeps the terminal's own colour at every depth.
    rgb: Option<u32>,
}

impl Paint {
    fn ansi(ansi: Color) -> Paint {
        Paint { ansi, rgb: None }
    }

    fn new(ansi: Color, rgb: u32) -> Paint {
        Paint { ansi, rgb: Some(rgb) }
    }

    fn at(self, depth: Depth) -> Color {
        match (self.rgb, depth) {
            (Some(rgb), Depth::True) => {
                let [_, r, g, b] = rgb.to_be_bytes();
                Color::Rgb(r, g, b)
            }
            (Some(rgb), Depth::TwoFiftySix) => Color::Indexed(nearest(rgb)),
            _ => self.ansi,
        }
    }
}

/// The nearest colour of the 6×6×6 cube of the 256 colours (indices 16 to 231; its steps are xterm's).
fn nearest(rgb: u32) -> u8 {
    const STEPS: [i32; 6] = [0, 95, 135, 175, 215, 255];
    let [_, r, g, b] = rgb.to_be_bytes();
    let step = |v: u8| (0..6u8).min_by_key(|&i| (STEPS[i as usize] - i32::from(v)).abs()).unwrap_or(0);
    16 + 36 * step(r) + 6 * step(g) + step(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const KINDS: [Tag; 6] =
        [Tag::Person, Tag::Country, Tag::Place, Tag::Org, Tag::DirectQuote, Tag::IndirectQuote];

    #[test]
    fn every_kind_is_told_apart_at_every_depth() {
        for name in ThemeName::ALL {
            for depth in [Depth::Mono, Depth::Sixteen, Depth::TwoFiftySix, Depth::True] {
                let theme = Theme::new(name, depth, Glyphs::Unicode);
                let mut looks: HashSet<Style> =
                    KINDS.iter().map(|tag| theme.text(Tags::NONE.with(*tag))).collect();
                looks.insert(theme.text(Tags::NONE));
                assert_eq!(looks.len(), KINDS.len() + 1, "{name:?} {depth:?}");
            }
        }
    }

    #[test]
    fn a_name_within_a_quote_shows_as_both() {
        for depth in [Depth::Mono, Depth::Sixteen, Depth::TwoFiftySix, Depth::True] {
            let theme = Theme::new(ThemeName::Ansi, depth, Glyphs::Unicode);
            for kind in &KINDS[..4] {
                let within = theme.text(Tags::NONE.with(*kind).with(Tag::DirectQuote));
                assert_ne!(within, theme.text(Tags::NONE.with(*kind)));
                assert_ne!(within, theme.text(Tags::NONE.with(Tag::DirectQuote)));
            }
        }
    }

    #[test]
    fn no_colour_is_used_where_there_is_none() {
        let theme = Theme::new(ThemeName::Dark, Depth::Mono, Glyphs::Unicode);
        for tag in Tag::ALL {
            assert_eq!(theme.tag(tag).fg, None);
        }
    }

    #[test]
    fn the_cube_is_xterms() {
        assert_eq!(nearest(0xFF0000), 196);
        assert_eq!(nearest(0x5FAF87), 72);
    }
}
