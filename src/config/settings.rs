//! Every setting, once: its name, what it takes, its default, what it does.
//!
//! The config file, the environment, the flags, `dateline config` and the manual are made from this table.

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or the name of a file of the person's.
    Named(&'static [&'static str]),
    /// A whole number within these bounds, both included.
    Number { least: i64, most: i64, unit: &'static str },
    /// A program and its arguments, as a list of strings; never a shell line. The empty list is none.
    Argv,
    /// The address of a proxy, or nothing. It may hold a password: its value is not shown whole.
    Proxy,
}

/// One line of the table.
#[derive(Debug)]
pub struct Setting {
    /// As written in the config file, and after `--` on the command line where there is a flag.
    pub name: &'static str,
    pub takes: Takes,
    /// As it would be written in the config file.
    pub default: &'static str,
    /// The environment variable that sets it, if one does.
    pub env: Option<&'static str>,
    /// One line.
    pub short: &'static str,
    /// What else there is to know.
    pub long: &'static str,
}

pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "theme",
        takes: Takes::Named(&["ansi", "dark", "light", "mono", "high-contrast"]),
        default: "\"ansi\"",
        env: None,
        short: "how the screen looks",
        long: "ansi uses the terminal's own sixteen colours and paints no background, so it is right on light and \
               dark alike; dark and light use more colours where the terminal has them; mono uses attributes alone. Any other \
               name is that of a file of yours, themes/NAME.toml beside the config; the table [theme] does without a file.",
    },
    Setting {
        name: "color",
        takes: Takes::Choice(&["auto", "always", "never"]),
        default: "\"auto\"",
        env: None,
        short: "whether to use colour",
        long: "auto asks NO_COLOR, CLICOLOR_FORCE, CLICOLOR, COLORTERM and TERM, in that order.",
    },
    Setting {
        name: "ascii",
        takes: Takes::Choice(&["auto", "always", "never"]),
        default: "\"auto\"",
        env: None,
        short: "whether to send ASCII only",
        long: "auto sends ASCII where the locale is not UTF-8. Letters lose their accents, borders are drawn with + - |, \
               and what has no near character becomes a question mark.",
    },
    Setting {
        name: "render",
        takes: Takes::Choice(&["thrifty", "plain"]),
        default: "\"thrifty\"",
        env: None,
        short: "which renderer sends the screen",
        long: "thrifty sends few bytes: scroll regions, erase to end of line, short colour codes. plain is ratatui's own; try \
               it where a terminal shows a wrong screen.",
    },
    Setting {
        name: "synchronized",
        takes: Takes::Choice(&["auto", "always", "never"]),
        default: "\"auto\"",
        env: None,
        short: "whether large frames are shown at once",
        long: "Wraps frames of more than 512 bytes in mode 2026; terminals that do not know it ignore it. auto leaves \
               it out on the Linux console and under screen.",
    },
    Setting {
        name: "measure",
        takes: Takes::Number { least: 30, most: 200, unit: "cells" },
        default: "72",
        env: None,
        short: "the longest line of text in the reader",
        long: "Lines of some seventy letters are the easiest to read, and over a slow link the cheapest to send.",
    },
    Setting {
        name: "follow-after",
        takes: Takes::Number { least: 0, most: 5000, unit: "ms" },
        default: "120",
        env: None,
        short: "how long the list must rest before the reader follows it",
        long: "Running down the list stays cheap over a slow line while nothing is drawn in the reader.",
    },
    Setting {
        name: "clipboard",
        takes: Takes::Choice(&["auto", "always", "never"]),
        default: "\"auto\"",
        env: None,
        short: "whether y copies to the clipboard of your own machine (OSC 52)",
        long: "The terminal may refuse without saying so: what was copied is also shown. auto leaves it out on the Linux \
               console. tmux needs `set -g set-clipboard on`.",
    },
    Setting {
        name: "links",
        takes: Takes::Choice(&["auto", "always", "never"]),
        default: "\"auto\"",
        env: None,
        short: "whether addresses are sent so that they can be clicked (OSC 8)",
        long: "auto sends them to terminals that say they know them: by TERM, TERM_PROGRAM, VTE_VERSION and the like. Over \
               SSH most of these do not arrive; always is right wherever a click works. Links are numbered in any case.",
    },
    Setting {
        name: "mouse",
        takes: Takes::Choice(&["always", "never"]),
        default: "\"never\"",
        env: None,
        short: "whether the mouse is listened to",
        long: "A click selects, the wheel scrolls, nothing more. The terminal then selects text only with Shift held.",
    },
    Setting {
        name: "bell",
        takes: Takes::Choice(&["bell", "notify", "never"]),
        default: "\"bell\"",
        env: None,
        short: "how new articles in a watched search are told",
        long: "Rings once for a saved search with watch = true whenever it gets new articles. notify sends OSC 9, a \
               notification on the terminals that know it.",
    },
    Setting {
        name: "keymap",
        takes: Takes::Choice(&["default", "newsboat", "vim"]),
        default: "\"default\"",
        env: None,
        short: "the keys to begin with, under those of [keys]",
        long: "newsboat has the keys of that reader where there is such an action here (n, N, A, J, K, u, F, C-f); vim adds \
               C-w, C-e, C-y, Z Z and g d to the default keys.",
    },
    Setting {
        name: "log",
        takes: Takes::Choice(&["off", "error", "warn", "info"]),
        default: "\"warn\"",
        env: None,
        short: "what goes to the log in the state directory",
        long: "error: what failed; warn: also what could not be read; info: also starts, ends and what was told. The file is \
               set aside at one megabyte, and one older one is kept. Nothing of it is shown on the screen.",
    },
    Setting {
        name: "watch",
        takes: Takes::Choice(&["auto", "never"]),
        default: "\"auto\"",
        env: None,
        short: "whether files and folders are watched",
        long: "What appears, changes or goes in the files and folders given on the command line, or in folders that were \
               added to the library, does so in the reader within a second. A star or a tag keeps an article whose file \
               is gone.",
    },
    Setting {
        name: "opener",
        takes: Takes::Argv,
        default: "[]",
        env: None,
        short: "the program that opens a link, as a list: [\"firefox\"]",
        long: "The address, always http or https, is added as the last argument. No shell is involved. Without one, o copies \
               the address and shows it whole.",
    },
    Setting {
        name: "fetch-every",
        takes: Takes::Number { least: 0, most: 10_080, unit: "minutes" },
        default: "30",
        env: None,
        short: "how often the reader fetches the sources while it is open; 0 for never",
        long: "A source that has an interval of its own keeps to that. With --kiosk nothing is fetched.",
    },
    Setting {
        name: "proxy",
        takes: Takes::Proxy,
        default: "\"\"",
        env: None,
        short: "the proxy through which sources are fetched",
        long: "http://host:port or socks5://host:port. Without one, ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY hold.",
    },
];

/// The index in [`SETTINGS`] of the setting called `name`.
pub fn position(name: &str) -> Option<usize> {
    SETTINGS.iter().position(|setting| setting.name == name)
}
