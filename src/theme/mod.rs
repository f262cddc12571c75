//! Maps tags and parts of the screen to styles, for true colour, 256, 16 and 2 colours, and for none.
//!
//! The default theme, `ansi`, uses the terminal's own sixteen colours and sets no background, so that
//! it suits light and dark terminals alike. Under [`Depth::Mono`], attributes alone distinguish the
//! kinds. At no depth is colour the only sign of anything on the screen: the selection, for example, is
//! also reversed.

mod color;

use crate::highlight::{Tag, Tags};
use ratatui::style::{Color, Modifier, Style};

pub use color::words as look_words;

/// How many colours the terminal supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Only attributes: for `NO_COLOR`, `--color never` and two-colour terminals.
    Mono,
    Sixteen,
    TwoFiftySix,
    True,
}

/// A part of the screen that is not article text.
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
    /// A row that no longer matches the filter.
    RowGone,
    /// The row of the article in the reader.
    RowOpen,
    /// The selected row of the focused pane.
    Selected,
    /// The selected row of a pane that is not focused.
    SelectedElsewhere,
    Star,
    Count,
    /// A condition of the filter.
    Chip,
    /// A condition that excludes articles.
    ChipNot,
    /// A key that can be pressed.
    Key,
    /// The description of what a key does.
    Hint,
    Dim,
    Prompt,
    Warning,
    /// The part of an entry in a picker or completion that matches what was typed.
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

    /// The name of the theme in the config file and after `--theme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ThemeName::Ansi => "ansi",
            ThemeName::Dark => "dark",
            ThemeName::Light => "light",
            ThemeName::Mono => "mono",
            ThemeName::HighContrast => "high-contrast",
        }
    }

    /// The theme of that name, if it exists.
    pub fn find(name: &str) -> Option<ThemeName> {
        ThemeName::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// The character set in which borders and marks are drawn.
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

    /// The mark before an unread row.
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

    /// The mark before the selected row.
    pub fn pointer(self) -> &'static str {
        ">"
    }
}

/// Something that can be given a style of its own: a part of the screen, or a kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    Part(Part),
    Tag(Tag),
}

/// All slots, by the names that theme files use.
pub const SLOTS: [(&str, Slot); 32] = [
    ("person", Slot::Tag(Tag::Person)),
    ("country", Slot::Tag(Tag::Country)),
    ("place", Slot::Tag(Tag::Place)),
    ("org", Slot::Tag(Tag::Org)),
    ("quote", Slot::Tag(Tag::DirectQuote)),
    ("reported-quote", Slot::Tag(Tag::IndirectQuote)),
    ("hit", Slot::Tag(Tag::Hit)),
    ("cursor", Slot::Tag(Tag::Cursor)),
    ("dateline", Slot::Tag(Tag::Dateline)),
    ("text", Slot::Part(Part::Text)),
    ("headline", Slot::Part(Part::Headline)),
    ("byline", Slot::Part(Part::Byline)),
    ("border", Slot::Part(Part::Border)),
    ("border-focused", Slot::Part(Part::BorderFocused)),
    ("pane-title", Slot::Part(Part::PaneTitle)),
    ("pane-title-focused", Slot::Part(Part::PaneTitleFocused)),
    ("row-unread", Slot::Part(Part::RowUnread)),
    ("row-read", Slot::Part(Part::RowRead)),
    ("row-gone", Slot::Part(Part::RowGone)),
    ("row-open", Slot::Part(Part::RowOpen)),
    ("selected", Slot::Part(Part::Selected)),
    ("selected-elsewhere", Slot::Part(Part::SelectedElsewhere)),
    ("star", Slot::Part(Part::Star)),
    ("count", Slot::Part(Part::Count)),
    ("chip", Slot::Part(Part::Chip)),
    ("chip-not", Slot::Part(Part::ChipNot)),
    ("key", Slot::Part(Part::Key)),
    ("hint", Slot::Part(Part::Hint)),
    ("dim", Slot::Part(Part::Dim)),
    ("prompt", Slot::Part(Part::Prompt)),
    ("warning", Slot::Part(Part::Warning)),
    ("match", Slot::Part(Part::Match)),
];

/// A theme that a person has written: a built-in one with some styles changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTheme {
    pub base: ThemeName,
    looks: Vec<(Slot, Style)>,
}

impl OwnTheme {
    /// Sets the look of a slot to `written`, in place of the one in the base theme. The error is the word
    /// that is not understood.
    pub fn set(&mut self, slot: Slot, written: &str) -> Result<(), String> {
        let look = color::look(written)?;
        self.looks.retain(|(other, _)| *other != slot);
        self.looks.push((slot, look));
        Ok(())
    }
}

/// The styles of everything on one terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    name: ThemeName,
    depth: Depth,
    pub glyphs: Glyphs,
    /// The looks that replace the theme's own ones.
    looks: Vec<(Slot, Style)>,
}

impl Theme {
    /// The built-in theme `name`, reduced to what a terminal of `depth` can show.
    pub fn new(name: ThemeName, depth: Depth, glyphs: Glyphs) -> Theme {
        Theme::own(&OwnTheme { base: name, looks: Vec::new() }, depth, glyphs)
    }

    /// A person's own theme, reduced to what a terminal of `depth` can show. Without colours, the looks of
    /// tags are ignored: one that relies on colour would no longer distinguish anything.
    pub fn own(own: &OwnTheme, depth: Depth, glyphs: Glyphs) -> Theme {
        let depth = if own.base == ThemeName::Mono { Depth::Mono } else { depth };
        let lowered = |style: &Style| Style {
            fg: style.fg.filter(|_| depth > Depth::Mono).map(|fg| color::lower(fg, depth)),
            bg: style.bg.filter(|_| depth > Depth::Mono).map(|bg| color::lower(bg, depth)),
            ..*style
        };
        let kept = |slot: &Slot| depth > Depth::Mono || matches!(slot, Slot::Part(_));
        let looks = own.looks.iter().filter(|(slot, _)| kept(slot));
        Theme {
            name: own.base,
            depth,
            glyphs,
            looks: looks.map(|(slot, look)| (*slot, lowered(look))).collect(),
        }
    }

    /// The look that the person has set for a slot, if there is one.
    fn chosen(&self, slot: Slot) -> Option<Style> {
        self.looks.iter().find(|(other, _)| *other == slot).map(|(_, look)| *look)
    }

    /// The style of article text with these `tags`. Later rules override earlier ones: first quotes, then
    /// names (which keep the quote's attribute), then hits, then the cursor.
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
        if let Some(look) = self.chosen(Slot::Tag(tag)) {
            return look;
        }
        let (colors, modifier) = self.tag_look(tag);
        let style = Style::new().add_modifier(modifier);
        match self.depth {
            Depth::Mono => Style::new().add_modifier(mono(tag)),
            depth => colors.map_or(style, |rgb| style.fg(rgb.at(depth))),
        }
    }

    /// The style that every cell of the screen starts with: that of text, if it has a background.
    pub fn canvas(&self) -> Option<Style> {
        Some(self.part(Part::Text)).filter(|style| style.bg.is_some())
    }

    /// The style of a part of the screen.
    pub fn part(&self, part: Part) -> Style {
        if let Some(look) = self.chosen(Slot::Part(part)) {
            return look;
        }
        let plain = Style::new();
        let colored = |color: Paint, style: Style| match self.depth {
            Depth::Mono => style,
            depth => style.fg(color.at(depth)),
        };
        match part {
            Part::Text if self.name == ThemeName::HighContrast && self.depth > Depth::Mono => {
                plain.fg(Color::White).bg(Color::Black)
            }
            Part::Text | Part::Hint | Part::Border | Part::PaneTitle | Part::RowRead => plain,
            Part::Headline
            | Part::RowUnread
            | Part::Prompt
            | Part::BorderFocused
            | Part::PaneTitleFocused => plain.bold(),
            Part::Byline | Part::Dim if self.name == ThemeName::HighContrast => plain,
            Part::RowGone if self.name == ThemeName::HighContrast => plain.italic(),
            Part::Byline | Part::Dim | Part::RowGone => plain.dim(),
            Part::Count => plain,
            Part::Selected | Part::SelectedElsewhere => plain.reversed().not_dim(),
            Part::RowOpen => plain.bold().reversed().not_dim(),
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

    /// The colour, if any, and the attributes of a tag on a terminal with colours.
    fn tag_look(&self, tag: Tag) -> (Option<Paint>, Modifier) {
        let bold = Modifier::BOLD;
        let (person, country, place, org) = match self.name {
            // Of the sixteen colours, red and magenta can be read on both black and white in the usual palettes
            // of terminals (contrast of 3.5 to 1 or better); quotes are long and get the better of the two.
            ThemeName::Ansi | ThemeName::Mono => (
                Paint::ansi(Color::Red),
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
            ThemeName::Ansi | ThemeName::Mono => Paint::ansi(Color::Magenta),
            _ => self.quote(),
        }
    }
}

/// The attributes that distinguish a tag where there are no colours. Names within a quote keep its
/// italics; hits and the cursor are reversed, and names never are.
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

/// One colour in the forms that each kind of terminal can show.
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
            (Some(rgb), Depth::TwoFiftySix) => Color::Indexed(color::nearest(rgb)),
            _ => self.ansi,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const KINDS: [Tag; 6] =
        [Tag::Person, Tag::Country, Tag::Place, Tag::Org, Tag::DirectQuote, Tag::IndirectQuote];

    #[test]
    fn kinds_look_different_at_every_depth() {
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
    fn no_colour_is_used_without_colours() {
        let theme = Theme::new(ThemeName::Dark, Depth::Mono, Glyphs::Unicode);
        for tag in Tag::ALL {
            assert_eq!(theme.tag(tag).fg, None);
        }
    }

    /// The contrast of two colours by WCAG 2.1, from 1 to 21.
    fn contrast(a: u32, b: u32) -> f64 {
        let light = |rgb: u32| {
            let [_, r, g, b] = rgb.to_be_bytes().map(|v| {
                let v = f64::from(v) / 255.0;
                if v <= 0.03928 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
        };
        let (a, b) = (light(a), light(b));
        if a > b { a / b } else { b / a }
    }

    /// WCAG requires 4.5 for text, and 7 for enhanced contrast.
    #[test]
    fn kinds_are_readable_on_the_backgrounds_of_their_theme() {
        let grounds: [(ThemeName, &[u32], f64); 3] = [
            (ThemeName::Dark, &[0x000000, 0x1E1E1E, 0x282C34], 4.5),
            (ThemeName::Light, &[0xFFFFFF, 0xFAFAFA, 0xFDF6E3], 4.5),
            (ThemeName::HighContrast, &[0x000000], 7.0),
        ];
        for (name, grounds, least) in grounds {
            let theme = Theme::new(name, Depth::True, Glyphs::Unicode);
            let colors = KINDS.iter().filter_map(|tag| theme.tag(*tag).fg);
            for (color, ground) in colors.flat_map(|color| grounds.iter().map(move |ground| (color, *ground)))
            {
                let Color::Rgb(r, g, b) = color else { panic!("{name:?} has {color:?}") };
                let found = contrast(u32::from_be_bytes([0, r, g, b]), ground);
                assert!(found >= least, "{name:?}: {color:?} on {ground:06X} has {found:.1}");
            }
        }
    }

    #[test]
    fn every_part_and_tag_can_be_given_a_look() {
        for tag in Tag::ALL {
            assert_eq!(SLOTS.iter().filter(|(_, slot)| *slot == Slot::Tag(tag)).count(), 1, "{tag:?}");
        }
        let parts: HashSet<Slot> = SLOTS.iter().map(|(_, slot)| *slot).collect();
        assert_eq!(parts.len(), SLOTS.len());
        let mut own = OwnTheme { base: ThemeName::Dark, looks: Vec::new() };
        own.set(Slot::Part(Part::Selected), "black on #ffff00").expect("a look");
        own.set(Slot::Tag(Tag::Person), "bold 200").expect("a look");
        let theme = |depth| Theme::own(&own, depth, Glyphs::Unicode);
        assert_eq!(theme(Depth::True).part(Part::Selected).bg, Some(Color::Rgb(255, 255, 0)));
        assert_eq!(theme(Depth::Sixteen).part(Part::Selected).bg, Some(Color::LightYellow));
        assert_eq!(theme(Depth::Mono).part(Part::Selected), Style::new());
        assert_eq!(theme(Depth::TwoFiftySix).tag(Tag::Person).fg, Some(Color::Indexed(200)));
        assert_eq!(
            theme(Depth::Mono).tag(Tag::Person),
            Theme::new(ThemeName::Mono, Depth::Mono, Glyphs::Unicode).tag(Tag::Person)
        );
    }
}
