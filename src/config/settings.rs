//! Every setting, once: its name, type, default and flag, and what it does.
//!
//! [`Values`], which holds a typed field for each setting, is made from this table. So are the check of the config
//! file, the environment variables, the flags of the reader, `dateline config`, the manual and
//! docs/configuration.md.

use super::sources::Keep;
use super::value::{
    BaseKeys, Bell, Cells, Connection, Days, Folder, Form, Items, LogLevel, Megabytes, Milliseconds, Minutes,
    Percent, PrivateHosts, Proxy, Rendering, Start, Switch, Takes, ThemeChoice, Watch, When, Written,
};
use crate::annotation::Least;
use crate::text::near::nearest;
use crate::theme::ThemeName;

/// One row of the table.
#[derive(Debug)]
pub struct Setting {
    /// As it is written in the config file, and after `--` on the command line where there is a flag.
    pub name: &'static str,
    pub takes: Takes,
    pub flag: Option<Flag>,
    /// What it is for, in a line without a full stop.
    pub short: &'static str,
    /// What else there is to know, in sentences.
    pub long: &'static str,
    /// Puts a value that TOML gives into its field; `None` where it is not allowed.
    put: fn(&mut Values, &toml::Value) -> Option<()>,
    /// The value of its field as the config file has it, without passwords.
    get: fn(&Values) -> String,
}

/// The flag of the reader that sets a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `--name VALUE`; the value is called this in the help.
    Value(&'static str),
    /// `--name`, which stands for this value.
    Switch(&'static str),
}

/// Makes the struct and the table from the same rows.
macro_rules! settings {
    ($($field:ident $name:literal: $form:ty = $default:expr, $flag:expr, $short:literal, $long:literal;)+) => {
        /// The value of every setting.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Values {
            $(#[doc = concat!("The setting `", $name, "`; its row in [`SETTINGS`] says what it does.")] pub $field: $form,)+
        }

        impl Default for Values {
            fn default() -> Values {
                Values { $($field: $default,)+ }
            }
        }

        /// Every setting, in the order in which they are listed.
        pub static SETTINGS: &[Setting] = &[
            $(Setting {
                name: $name,
                takes: <$form as Form>::TAKES,
                flag: $flag,
                short: $short,
                long: $long,
                put: |values, written| {
                    values.$field = <$form as Form>::accept(written)?;
                    Some(())
                },
                get: |values| Form::written(&values.$field),
            },)+
        ];
    };
}

settings! {
    theme "theme": ThemeChoice = ThemeChoice::BuiltIn(ThemeName::Ansi), Some(Flag::Value("NAME")),
        "How the screen looks",
        "ansi uses the terminal's own sixteen colours and paints no background, so it suits light and dark terminals \
         alike. dark and light use more colours where the terminal supports them. mono uses no colour, only bold, \
         underlined and reversed text. Any other name is that of a theme file of yours: themes/NAME.toml beside the \
         config file. A [theme] table in the config file does without a file.";

    color "color": When = When::Auto, Some(Flag::Value("WHEN")),
        "Whether to use colours",
        "auto consults NO_COLOR, CLICOLOR_FORCE, CLICOLOR, COLORTERM and TERM, in that order.";

    ascii "ascii": When = When::Auto, Some(Flag::Switch("always")),
        "Whether to draw with ASCII characters only",
        "auto does so where the locale is not UTF-8. Letters lose their accents, borders are drawn with + - |, and a \
         character without a close ASCII equivalent becomes a question mark.";

    render "render": Rendering = Rendering::Thrifty, Some(Flag::Value("WAY")),
        "Which renderer sends the screen",
        "thrifty sends few bytes: it scrolls regions, erases to the end of the line and uses short colour codes. \
         plain is ratatui's own renderer; try it if your terminal shows a garbled screen.";

    synchronized "synchronized": When = When::Auto, None,
        "Whether large frames are shown all at once",
        "Frames of more than 512 bytes are wrapped in mode 2026, which terminals that do not support it ignore. auto \
         leaves it out on the Linux console and under screen.";

    measure "measure": Cells<30, 200> = Cells::new(72), None,
        "The longest line of text in the reader",
        "Lines of about seventy letters are the easiest to read, and the cheapest to send over a slow connection.";

    follow_after "follow-after": Milliseconds<0, 5000> = Milliseconds::new(120), None,
        "How long the list must rest before the reader shows the selected article",
        "While you run down the list nothing is drawn in the reader, which saves bytes on a slow connection.";

    connection "connection": Connection = Connection::Auto, None,
        "How fast the connection to the terminal is",
        "Over a slow one, no more is sent than 64 kbit/s carry, so that a held key stops as soon as it is released, and \
         nothing stands beside the reader, so that a line costs little. auto takes a connection over SSH for slow, \
         because its speed cannot be known; choose fast if yours is.";

    clipboard "clipboard": When = When::Auto, None,
        "Whether y copies to the clipboard of your own machine (OSC 52)",
        "A terminal may refuse without a message, so the copied text is also shown. auto does not copy on the Linux \
         console. tmux needs `set -g set-clipboard on`.";

    links "links": When = When::Auto, None,
        "Whether addresses are sent as links that can be clicked (OSC 8)",
        "auto sends links to terminals that are known to support them, by TERM, TERM_PROGRAM, VTE_VERSION and similar \
         variables. SSH does not pass most of these on; choose always if links work in your terminal. Links are \
         numbered in any case.";

    mouse "mouse": Switch = Switch::Never, Some(Flag::Switch("always")),
        "Whether to listen to the mouse",
        "A click selects and the wheel scrolls; nothing else. While it is on, most terminals select text only with \
         Shift held down.";

    bell "bell": Bell = Bell::Ring, None,
        "How new articles in a watched search are announced",
        "A saved search with watch = true announces new articles once each time that they arrive. bell rings the \
         terminal's bell; notify sends OSC 9, which some terminals show as a notification.";

    keymap "keymap": BaseKeys = BaseKeys::Default, None,
        "The base key map; keys set in [keys] override it",
        "newsboat has that reader's keys for the actions that both have (n, N, A, J, K, u, F, C-f). vim adds C-w, C-e, \
         C-y, Z Z and g x to the default keys.";

    log "log": LogLevel = LogLevel::Warn, None,
        "What is written to the log in the state directory",
        "error: failures; warn: also what could not be read; info: also the start, the end and every message. A log \
         that reaches one megabyte is renamed, and one older log is kept. Nothing of the log appears on the screen.";

    watch "watch": Watch = Watch::Auto, None,
        "Whether files and folders are watched for changes",
        "New, changed and deleted files appear in the reader within a second. This concerns the files and folders \
         given on the command line and the folders that were added to the library. An article that is starred or \
         tagged is kept when its file is deleted.";

    opener "opener": Vec<String> = Vec::new(), None,
        "The program that opens a link, as a list: [\"firefox\"]",
        "The address, which is always http or https, is passed as the last argument. No shell is involved. Without a \
         program, o copies the address and shows it in full.";

    player "player": Vec<String> = Vec::new(), None,
        "The program that plays sound and film, as a list: [\"mpv\", \"--no-terminal\"]",
        "o and the numbers of links give it the address, which is always http or https, as the last argument. No shell is \
         involved, and with --kiosk nothing is started. Without a player, sound and film are opened like other links.";

    downloads "downloads": Folder = Folder(None), None,
        "The folder into which D downloads; without it the one of your desktop, ~/Downloads",
        "Only what you ask for is downloaded, one file after the other. Nothing is replaced: a second file of a name gets a \
         number. What breaks off is called NAME.part, and D goes on with it. With --kiosk nothing is downloaded.";

    download_limit "download-limit": Megabytes<1, 65_000> = Megabytes::new(4_000), None,
        "The largest file that D downloads",
        "A server that says that its file is larger, or that sends more, is refused.";

    start "start": Start = Start::News, None,
        "What the reader shows at its start",
        "news: all articles, the newest first. last: the filter, the view and the row with which the reader was left. brief: \
         what is new since yesterday, as v b shows it.";

    speaker_confidence "speaker-confidence": Percent<0, 100> = Percent::new(56), None,
        "How sure the engine must be that a person said a quote; else the speaker is shown as ?",
        "Of the speakers that it is sure of at 80 percent, four in five are right. With 0 every guess is shown. A change \
         takes effect at the next start, without a new analysis; by: finds what is shown.";

    source_confidence "source-confidence": Percent<0, 100> = Percent::new(60), None,
        "The same for an organisation, a country, or somebody whom the text only describes",
        "The engine is less often sure of these than of persons.";

    confirm_quit "confirm-quit": Switch = Switch::Never, None,
        "Whether the reader asks before it quits",
        "Applies to q in the first list and to Q. C-c quits at once.";

    fetch_every "fetch-every": Minutes<0, 10_080> = Minutes::new(30), None,
        "How often the sources are fetched while the reader is open; 0 for never",
        "A source with an interval of its own keeps to that. With --kiosk nothing is fetched.";

    max_items "max-items": Items<10, 50_000> = Items::new(10_000), None,
        "How many items of one feed are read",
        "The newest are read, and the others are left out; the status of the source says how many there were. A feed that \
         a server makes up without end cannot fill the memory or the disk.";

    keep "keep": Keep = Keep { time: None, most: None }, None,
        "Which articles of each source are kept: \"26w\", \"500\", \"26w 500\" or \"always\"",
        "A time, a number of articles, or both. Starred articles are always kept and not counted; tags, and whether an \
         article was read, make no difference. What was removed does not come back with the next fetch. A source with a \
         value of its own keeps to that.";

    trash "trash": Days<0, 3650> = Days::new(30), None,
        "How many days a deleted article stays in the trash",
        "Until then it can be undeleted. 'dateline doctor' removes what has been in the trash for longer, and 'dateline \
         delete --empty' does so at once.";

    pipe "pipe": Written = Written::Text, None,
        "How an article is given to the command of |",
        "Tab chooses another form while you type the command.";

    save_to "save-to": Folder = Folder(None), None,
        "The folder in which w proposes to save an article: \"~/articles\"",
        "Without it, w proposes the folder in which the reader was started.";

    proxy "proxy": Proxy = Proxy(None), None,
        "The proxy through which sources are fetched",
        "http://host:port or socks5://host:port. Without this setting ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY \
         apply.";

    allow_private "allow-private": PrivateHosts = PrivateHosts(Vec::new()), None,
        "The hosts and networks that may be fetched from although they are not on the public internet",
        "[\"intranet.example\", \"*.corp.example\", \"10.1.0.0/16\"]. What a page, a list of feeds, a redirect or an article \
         names is fetched from the public internet only, and from here. A source whose address you typed needs no entry.";
}

impl Values {
    /// How sure the engine must be of a speaker.
    pub fn least(&self) -> Least {
        let of = |percent: u16| u8::try_from(percent).unwrap_or(100);
        Least { person: of(self.speaker_confidence.get()), other: of(self.source_confidence.get()) }
    }
}

impl Setting {
    /// The setting called `name`, if there is one.
    pub fn find(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// The environment variable that sets it: `DATELINE_FOLLOW_AFTER`.
    pub fn variable(&self) -> String {
        format!("DATELINE_{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// Its default, as the config file has it.
    pub fn default(&self) -> String {
        self.written(&Values::default())
    }

    /// Its value, as the config file has it. Passwords are left out.
    pub fn written(&self, values: &Values) -> String {
        (self.get)(values)
    }

    /// Puts a value that TOML gives into its field. The error says what is allowed.
    pub(super) fn put(&self, values: &mut Values, written: &toml::Value) -> Result<(), String> {
        (self.put)(values, written).ok_or_else(|| match (self.takes, written) {
            (Takes::Choice(words), toml::Value::String(word)) => {
                format!("{} (did you mean {}?)", self.wanted(), nearest(word, words.iter().copied()))
            }
            _ => self.wanted(),
        })
    }

    /// Puts a text without quotes into its field, as a flag or an environment variable gives it. A program is a list
    /// as in the config file, or words separated by blanks. The error says what is allowed.
    pub(super) fn put_text(&self, values: &mut Values, text: &str) -> Result<(), String> {
        let toml = || text.parse::<toml::Value>().map_err(|_| self.wanted());
        let written = match (self.takes, text) {
            (Takes::Choice(_), "true") => toml::Value::Boolean(true),
            (Takes::Choice(_), "false") => toml::Value::Boolean(false),
            (Takes::Choice(_) | Takes::Theme(_) | Takes::Proxy | Takes::Keep | Takes::Folder, _) => {
                toml::Value::from(text)
            }
            (Takes::Argv | Takes::Hosts, _) if !text.trim_start().starts_with('[') => {
                text.split_whitespace().collect::<Vec<_>>().into()
            }
            (Takes::Argv | Takes::Hosts | Takes::Number { .. }, _) => toml()?,
        };
        self.put(values, &written)
    }

    /// A sentence on what is allowed.
    pub(super) fn wanted(&self) -> String {
        format!("{} must be {}", self.name, self.allowed())
    }

    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self.takes {
            Takes::Choice(words) => format!("one of {}", words.join(", ")),
            Takes::Theme(words) => format!("one of {}, or the name of a theme file", words.join(", ")),
            Takes::Number { least, most, unit } => format!("a whole number from {least} to {most} ({unit})"),
            Takes::Folder => "the path of a folder, from / or ~/ on".to_owned(),
            Takes::Proxy => "an address: http://host:port or socks5://host:port".to_owned(),
            Takes::Keep => {
                "a time, a number of articles or both: \"26w\", \"500\", \"26w 500\", or \"always\""
                    .to_owned()
            }
            Takes::Argv => "a list of strings: a program and its arguments".to_owned(),
            Takes::Hosts => {
                "a list of hosts and networks: [\"intranet.example\", \"10.1.0.0/16\"]".to_owned()
            }
        }
    }
}

/// The table in docs/configuration.md, in Markdown: one row for each setting.
pub fn table() -> String {
    let mut table = String::from(
        "| setting | default | allowed | flag | variable | meaning |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for setting in SETTINGS {
        let flag = match setting.flag {
            None => String::new(),
            Some(Flag::Switch(_)) => format!("`--{}`", setting.name),
            Some(Flag::Value(value)) => format!("`--{} {value}`", setting.name),
        };
        let meaning = format!("{}. {}", setting.short, setting.long).replace('|', "\\|");
        table.push_str(&format!(
            "| `{}` | `{}` | {} | {flag} | `{}` | {meaning} |\n",
            setting.name,
            setting.default(),
            setting.allowed(),
            setting.variable(),
        ));
    }
    table
}
