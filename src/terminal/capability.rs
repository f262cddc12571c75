//! Detects what the terminal can do from the environment and the person's wishes alone. A query sent to
//! the terminal would cost a round trip, and an answer that comes late would be taken for keys.

use crate::theme::{Depth, Glyphs};

/// When to use colours (`--color`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// What the person asked for with flags and settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub color: When,
    /// The glyphs to use; `None` leaves the choice to the locale.
    pub glyphs: Option<Glyphs>,
}

/// What the terminal can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    pub depth: Depth,
    pub glyphs: Glyphs,
    /// Whether large frames may be wrapped in synchronized output (mode 2026).
    pub synchronized: bool,
    /// Whether copying by OSC 52 may be tried.
    pub clipboard: bool,
    /// Which program between this one and the terminal needs sequences to be wrapped.
    pub through: Through,
    /// Whether mouse events are handled.
    pub mouse: bool,
    /// Whether links may be sent as clickable ones (OSC 8).
    pub links: bool,
    /// Whether the terminal is on another machine, reached over SSH or mosh.
    pub remote: bool,
}

/// A multiplexer that passes sequences on only if they are wrapped for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// No multiplexer, or one that handles the sequences itself (tmux).
    Nothing,
    /// GNU screen.
    Screen,
}

impl Capabilities {
    pub fn is_ascii(&self) -> bool {
        self.glyphs == Glyphs::Ascii
    }
}

/// Why the full screen cannot be shown on this terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error(
        "could not open the reader: TERM is '{0}', a terminal that cannot move its cursor; use 'dateline --plain', 'dateline list' or 'dateline show' instead"
    )]
    Dumb(String),
    #[error(
        "could not open the reader: TERM is not set, so the abilities of the terminal are not known; set it (for example TERM=xterm-256color), or use 'dateline --plain'"
    )]
    Unknown,
}

/// Detects from the environment what the terminal can do; `get` returns the value of a variable. Colours
/// depend on `--color`, then on `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR`, then on `COLORTERM` and `TERM`.
pub fn detect(get: impl Fn(&str) -> Option<String>, wishes: Wishes) -> Result<Capabilities, Unfit> {
    let set = |name: &str| get(name).filter(|value| !value.is_empty());
    let term = set("TERM").ok_or(Unfit::Unknown)?;
    if ["dumb", "unknown"].contains(&term.as_str()) {
        return Err(Unfit::Dumb(term));
    }
    let muted = set("NO_COLOR").is_some()
        || (set("CLICOLOR").is_some_and(|value| value == "0") && set("CLICOLOR_FORCE").is_none());
    let depth = match wishes.color {
        When::Never => Depth::Mono,
        When::Auto if muted => Depth::Mono,
        When::Auto if set("CLICOLOR_FORCE").is_none_or(|value| value == "0") => {
            depth_of(&term, set("COLORTERM"))
        }
        When::Always | When::Auto => depth_of(&term, set("COLORTERM")).max(Depth::Sixteen),
    };
    let glyphs = glyphs(&get, wishes);
    Ok(Capabilities {
        depth,
        glyphs,
        // Consoles and very old terminals print sequences that they do not know.
        synchronized: !["linux", "vt", "screen"].iter().any(|name| term.starts_with(name))
            || set("TMUX").is_some(),
        clipboard: !term.starts_with("linux"),
        mouse: false,
        links: knows_links(&term, &set),
        through: if set("STY").is_some() { Through::Screen } else { Through::Nothing },
        remote: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "MOSH_CONNECTION"]
            .iter()
            .any(|name| set(name).is_some()),
    })
}

/// The characters that the terminal can show. This also works for one that cannot move its cursor.
pub fn glyphs(get: impl Fn(&str) -> Option<String>, wishes: Wishes) -> Glyphs {
    let set = |name: &str| get(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let term = set("TERM").unwrap_or_default();
    wishes.glyphs.unwrap_or_else(|| glyphs_of(&term, locale.as_deref()))
}

/// Whether the terminal is known to support OSC 8, by its own variables; others might print the codes.
/// screen and mosh drop them at best; tmux passes them on from version 3.4.
fn knows_links(term: &str, set: &dyn Fn(&str) -> Option<String>) -> bool {
    const TERMS: [&str; 6] = ["xterm-kitty", "foot", "alacritty", "xterm-ghostty", "wezterm", "contour"];
    const PROGRAMS: [&str; 8] =
        ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "mintty"];
    if set("STY").is_some() || set("MOSH_CONNECTION").is_some() || term.starts_with("linux") {
        return false;
    }
    let number = |text: String| {
        text.split('.')
            .take(2)
            .map(|part| part.trim_end_matches(char::is_alphabetic).parse().unwrap_or(0))
            .collect::<Vec<u32>>()
    };
    let program = set("TERM_PROGRAM").unwrap_or_default();
    if set("TMUX").is_some() {
        return program == "tmux"
            && set("TERM_PROGRAM_VERSION").is_some_and(|version| number(version) >= vec![3, 4]);
    }
    TERMS.iter().any(|known| term.starts_with(known))
        || PROGRAMS.contains(&program.as_str())
        || set("VTE_VERSION")
            .and_then(|version| version.parse().ok())
            .is_some_and(|version: u32| version >= 5000)
        || ["KONSOLE_VERSION", "WT_SESSION", "DOMTERM", "KITTY_WINDOW_ID"]
            .iter()
            .any(|name| set(name).is_some())
}

fn depth_of(term: &str, colorterm: Option<String>) -> Depth {
    let truecolor = colorterm.is_some_and(|value| ["truecolor", "24bit"].contains(&value.as_str()));
    // screen inherits the variable from the terminal in which it was started, but shows 256 colours.
    if truecolor && !term.starts_with("screen") || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color")
        || ["alacritty", "foot", "xterm-kitty", "xterm-ghostty"].contains(&term)
    {
        Depth::TwoFiftySix
    } else if term.starts_with("vt") && !term.contains("color")
        || term.ends_with("-m")
        || term.ends_with("-mono")
    {
        Depth::Mono
    } else {
        Depth::Sixteen
    }
}

/// The glyphs for a terminal and a locale. The Linux console has few glyphs, and a locale that is not UTF-8
/// cannot encode them. Without a locale, the C locale applies.
fn glyphs_of(term: &str, locale: Option<&str>) -> Glyphs {
    let utf8 = locale.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    });
    if utf8 && !term.starts_with("linux") { Glyphs::Unicode } else { Glyphs::Ascii }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &str, wishes: Wishes) -> Result<Capabilities, Unfit> {
        let get = |name: &str| {
            environment
                .split_whitespace()
                .find_map(|pair| Some(pair.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
        };
        detect(get, wishes)
    }

    fn check(environment: &str, color: When, expected: Depth) {
        let found = with(environment, Wishes { color, glyphs: None }).expect("a fit terminal");
        assert_eq!(found.depth, expected, "{environment}");
    }

    #[test]
    fn colours_follow_the_flag_then_the_environment() {
        check("TERM=xterm-256color", When::Auto, Depth::TwoFiftySix);
        check("TERM=xterm-256color COLORTERM=truecolor", When::Auto, Depth::True);
        check("TERM=screen-256color COLORTERM=truecolor", When::Auto, Depth::TwoFiftySix);
        check("TERM=xterm", When::Auto, Depth::Sixteen);
        check("TERM=linux", When::Auto, Depth::Sixteen);
        check("TERM=vt220", When::Auto, Depth::Mono);
        check("TERM=xterm NO_COLOR=1", When::Auto, Depth::Mono);
        check("TERM=xterm NO_COLOR=", When::Auto, Depth::Sixteen);
        check("TERM=xterm NO_COLOR=1", When::Always, Depth::Sixteen);
        check("TERM=xterm NO_COLOR=1 CLICOLOR_FORCE=1", When::Auto, Depth::Mono);
        check("TERM=vt100 CLICOLOR_FORCE=1", When::Auto, Depth::Sixteen);
        check("TERM=xterm CLICOLOR=0", When::Auto, Depth::Mono);
        check("TERM=xterm-256color COLORTERM=truecolor", When::Never, Depth::Mono);
    }

    #[test]
    fn glyphs_follow_the_locale() {
        let check = |environment: &str, expected: Glyphs| {
            assert_eq!(
                with(environment, Wishes::default()).expect("a fit terminal").glyphs,
                expected,
                "{environment}"
            );
        };
        check("TERM=xterm LANG=en_GB.UTF-8", Glyphs::Unicode);
        check("TERM=xterm LANG=C.utf8", Glyphs::Unicode);
        check("TERM=xterm LANG=en_GB.UTF-8 LC_ALL=C", Glyphs::Ascii);
        check("TERM=xterm LANG=de_DE.ISO-8859-1", Glyphs::Ascii);
        check("TERM=xterm", Glyphs::Ascii);
        check("TERM=linux LANG=en_GB.UTF-8", Glyphs::Ascii);
    }

    #[test]
    fn terminals_that_cannot_move_the_cursor_are_refused() {
        assert_eq!(with("TERM=dumb", Wishes::default()), Err(Unfit::Dumb("dumb".to_owned())));
        assert_eq!(with("LANG=C", Wishes::default()), Err(Unfit::Unknown));
    }

    #[test]
    fn a_remote_terminal_is_detected_from_the_environment() {
        assert!(!with("TERM=xterm", Wishes::default()).expect("fit").remote);
        assert!(with("TERM=xterm SSH_CONNECTION=10.0.0.1", Wishes::default()).expect("fit").remote);
    }
}
