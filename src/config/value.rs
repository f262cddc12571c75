//! The types that settings have, and how each is read from TOML and written.
//!
//! A type says what it takes ([`Form::TAKES`]), so that the check of a file, the messages, the help and the
//! documents follow from the type that a row of the table names.

use super::sources::{Keep, keep};
use crate::theme::ThemeName;
use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;
use toml::Value;

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or the name of a theme file.
    Theme(&'static [&'static str]),
    /// A whole number within these bounds, both included.
    Number { least: u16, most: u16, unit: &'static str },
    /// A program and its arguments, as a list of strings; never a shell line. The empty list is no program.
    Argv,
    /// Names of hosts, their addresses, and networks, as a list of strings.
    Hosts,
    /// Which articles are kept, as a text.
    Keep,
    /// The path of a folder, or nothing.
    Folder,
    /// The address of a proxy, or nothing. It may hold a password, so its value is not shown whole.
    Proxy,
}

/// A type that a setting can have.
pub trait Form: Sized {
    const TAKES: Takes;

    /// The value that TOML gives; `None` where the type does not take it.
    fn accept(value: &Value) -> Option<Self>;

    /// The value as the config file has it. Passwords are left out.
    fn written(&self) -> String;
}

/// Makes an enum of choices. `true` and `false` in a file are read as the words `always` (or the first word) and
/// `never` where there is a `never`.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $choice:ident $word:literal),+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$about])* $choice,)+
        }

        impl Form for $name {
            const TAKES: Takes = Takes::Choice(&[$($word),+]);

            fn accept(value: &Value) -> Option<$name> {
                match word(value, &[$($word),+])? {
                    $($word => Some($name::$choice),)+
                    _ => None,
                }
            }

            fn written(&self) -> String {
                match self {
                    $($name::$choice => quoted($word),)+
                }
            }
        }
    )+};
}

choices! {
    /// When something is done.
    When {
        /// The program decides, by what it knows of the terminal.
        Auto "auto",
        Always "always",
        Never "never"
    }
    /// Whether something is done.
    Switch {
        Always "always",
        Never "never"
    }
    /// Which renderer sends the screen.
    Rendering {
        Thrifty "thrifty",
        Plain "plain"
    }
    /// How new articles in a watched search are announced.
    Bell {
        Ring "bell",
        /// By OSC 9, a notification.
        Notify "notify",
        Never "never"
    }
    /// How fast the connection to the terminal is.
    Connection {
        /// Slow over SSH, fast otherwise.
        Auto "auto",
        Fast "fast",
        Slow "slow"
    }
    /// The base key map.
    BaseKeys {
        Default "default",
        Newsboat "newsboat",
        Vim "vim"
    }
    /// What is written to the log.
    LogLevel {
        Off "off",
        Error "error",
        Warn "warn",
        Info "info"
    }
    /// How an article is given to a command.
    Written {
        Text "text",
        Markdown "markdown",
        Html "html",
        Json "json"
    }
    /// What the reader shows at its start.
    Start {
        /// All articles, the newest first.
        News "news",
        /// What it showed when it was left.
        Last "last",
        /// What is new since yesterday.
        Brief "brief"
    }
    /// Whether files and folders are watched.
    Watch {
        Auto "auto",
        Never "never"
    }
}

/// The word that a value stands for among `words`.
fn word<'v>(value: &'v Value, words: &[&'v str]) -> Option<&'v str> {
    let has = |word: &str| words.contains(&word);
    match value {
        Value::String(word) => Some(word),
        Value::Boolean(true) if has("always") => Some("always"),
        Value::Boolean(true) if has("never") => words.first().copied(),
        Value::Boolean(false) if has("never") => Some("never"),
        _ => None,
    }
}

/// Makes a type of whole numbers from `LEAST` to `MOST`, both included.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident $unit:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<const LEAST: u16, const MOST: u16>(u16);

        impl<const LEAST: u16, const MOST: u16> $name<LEAST, MOST> {
            /// `number`, or the bound that is nearest to it.
            pub const fn new(number: u16) -> Self {
                $name(if number < LEAST { LEAST } else if number > MOST { MOST } else { number })
            }

            pub const fn get(self) -> u16 {
                self.0
            }
        }

        impl<const LEAST: u16, const MOST: u16> Form for $name<LEAST, MOST> {
            const TAKES: Takes = Takes::Number { least: LEAST, most: MOST, unit: $unit };

            fn accept(value: &Value) -> Option<Self> {
                let number = u16::try_from(value.as_integer()?).ok()?;
                (LEAST..=MOST).contains(&number).then_some($name(number))
            }

            fn written(&self) -> String {
                self.0.to_string()
            }
        }
    )+};
}

numbers! {
    /// A width on the screen.
    Cells "cells";
    /// A short time.
    Milliseconds "ms";
    /// A time between two fetches.
    Minutes "minutes";
    /// A number of items of a feed.
    Items "items";
    /// The size of a file.
    Megabytes "MB";
    /// A number of days.
    Days "days";
    /// A share of a whole.
    Percent "percent";
}

impl<const LEAST: u16, const MOST: u16> Megabytes<LEAST, MOST> {
    pub const fn bytes(self) -> u64 {
        self.0 as u64 * 1_000_000
    }
}

impl<const LEAST: u16, const MOST: u16> Milliseconds<LEAST, MOST> {
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0 as u64)
    }
}

impl<const LEAST: u16, const MOST: u16> Minutes<LEAST, MOST> {
    /// `None` for 0, which means never.
    pub const fn duration(self) -> Option<Duration> {
        if self.0 == 0 { None } else { Some(Duration::from_secs(self.0 as u64 * 60)) }
    }
}

/// How the screen looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThemeChoice {
    BuiltIn(ThemeName),
    /// The theme in `themes/NAME.toml` beside the config file, or the table `[theme]` of the config file, which is
    /// called [`OWN`](super::OWN).
    Named(String),
}

/// The names of the built-in themes, in their order.
const BUILT_IN: [&str; ThemeName::ALL.len()] = {
    let mut names = [""; ThemeName::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = ThemeName::ALL[at].as_str();
        at += 1;
    }
    names
};

impl Form for ThemeChoice {
    const TAKES: Takes = Takes::Theme(&BUILT_IN);

    fn accept(value: &Value) -> Option<ThemeChoice> {
        let name = value.as_str()?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        let choice =
            || ThemeName::find(name).map_or(ThemeChoice::Named(name.to_owned()), ThemeChoice::BuiltIn);
        is_name.then(choice)
    }

    fn written(&self) -> String {
        match self {
            ThemeChoice::BuiltIn(name) => quoted(name.as_str()),
            ThemeChoice::Named(name) => quoted(name),
        }
    }
}

impl Form for Vec<String> {
    const TAKES: Takes = Takes::Argv;

    fn accept(value: &Value) -> Option<Vec<String>> {
        value.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect()
    }

    fn written(&self) -> String {
        format!("[{}]", self.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
    }
}

/// Hosts and networks that are not on the public internet and may be fetched from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrivateHosts(pub Vec<PrivateHost>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateHost {
    /// In lower case. `*.` at the start stands for all names below the rest.
    Name(String),
    /// A network, or the network of a single address.
    Network(IpNet),
}

impl PrivateHost {
    fn read(text: &str) -> Option<PrivateHost> {
        let text = text.trim();
        let number = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(network) = text.parse::<IpNet>() {
            return Some(PrivateHost::Network(network.trunc()));
        }
        if let Ok(ip) = number.parse::<IpAddr>() {
            return Some(PrivateHost::Network(IpNet::from(ip)));
        }
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let labels = name.strip_prefix("*.").unwrap_or(&name);
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        // A name that ends in a number is a mistyped address.
        let numeric =
            labels.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        (labels.split('.').all(is_label) && !numeric).then_some(PrivateHost::Name(name))
    }

    fn written(&self) -> String {
        match self {
            PrivateHost::Name(name) => name.clone(),
            PrivateHost::Network(network) if network.prefix_len() == network.max_prefix_len() => {
                network.addr().to_string()
            }
            PrivateHost::Network(network) => network.to_string(),
        }
    }
}

impl Form for PrivateHosts {
    const TAKES: Takes = Takes::Hosts;

    fn accept(value: &Value) -> Option<PrivateHosts> {
        let one = |value: &Value| PrivateHost::read(value.as_str()?);
        value.as_array()?.iter().map(one).collect::<Option<_>>().map(PrivateHosts)
    }

    fn written(&self) -> String {
        let words: Vec<String> = self.0.iter().map(|host| quoted(&host.written())).collect();
        format!("[{}]", words.join(", "))
    }
}

/// The path of a folder as it is written; `None` for the usual one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder(pub Option<String>);

impl Form for Folder {
    const TAKES: Takes = Takes::Folder;

    fn accept(value: &Value) -> Option<Folder> {
        let path = value.as_str()?;
        match path {
            "" => Some(Folder(None)),
            _ => (path.starts_with('/') || path.starts_with("~/") || path == "~" || cfg!(windows))
                .then(|| Folder(Some(path.to_owned()))),
        }
    }

    fn written(&self) -> String {
        quoted(self.0.as_deref().unwrap_or_default())
    }
}

/// The address of a proxy, which may hold a password; `None` for no proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxy(pub Option<String>);

impl Form for Keep {
    const TAKES: Takes = Takes::Keep;

    fn accept(value: &Value) -> Option<Keep> {
        match value {
            Value::String(text) => keep(text).ok(),
            Value::Integer(most) => keep(&most.to_string()).ok(),
            _ => None,
        }
    }

    fn written(&self) -> String {
        quoted(&self.to_string())
    }
}

impl Form for Proxy {
    const TAKES: Takes = Takes::Proxy;

    fn accept(value: &Value) -> Option<Proxy> {
        const SCHEMES: [&str; 5] = ["http://", "https://", "socks4://", "socks4a://", "socks5://"];
        let address = value.as_str()?;
        match address {
            "" => Some(Proxy(None)),
            _ => SCHEMES
                .iter()
                .any(|scheme| address.starts_with(scheme))
                .then(|| Proxy(Some(address.to_owned()))),
        }
    }

    fn written(&self) -> String {
        quoted(&without_login(self.0.as_deref().unwrap_or_default()))
    }
}

/// An address in which `…` replaces the name and the password.
pub fn without_login(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let shown = rest.rsplit_once('@').map_or(rest.to_owned(), |(_, host)| format!("…@{host}"));
    if scheme.is_empty() { shown } else { format!("{scheme}://{shown}") }
}

/// A string as TOML has it.
fn quoted(word: &str) -> String {
    Value::from(word).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Form>(toml: &str, expected: Option<&str>) {
        let value = toml.parse::<Value>().expect("a TOML value");
        assert_eq!(T::accept(&value).map(|read| read.written()).as_deref(), expected, "{toml}");
    }

    #[test]
    fn true_and_false_are_words() {
        check::<When>("true", Some("\"always\""));
        check::<When>("false", Some("\"never\""));
        check::<Watch>("true", Some("\"auto\""));
        check::<Bell>("true", Some("\"bell\""));
        check::<LogLevel>("false", None);
        check::<When>("\"perhaps\"", None);
        check::<When>("1", None);
    }

    #[test]
    fn numbers_keep_to_their_bounds() {
        check::<Cells<30, 200>>("30", Some("30"));
        check::<Cells<30, 200>>("200", Some("200"));
        check::<Cells<30, 200>>("29", None);
        check::<Cells<30, 200>>("201", None);
        check::<Cells<30, 200>>("-40", None);
        check::<Cells<30, 200>>("\"40\"", None);
        assert_eq!(Minutes::<0, 60>::new(0).duration(), None);
        assert_eq!(Minutes::<0, 60>::new(90).duration(), Some(Duration::from_secs(3600)));
    }

    #[test]
    fn the_login_of_a_proxy_is_not_written() {
        check::<Proxy>("\"socks5://ana:secret@proxy.test:1080\"", Some("\"socks5://…@proxy.test:1080\""));
        check::<Proxy>("\"http://proxy.test\"", Some("\"http://proxy.test\""));
        check::<Proxy>("\"\"", Some("\"\""));
        check::<Proxy>("\"proxy.test\"", None);
    }

    #[test]
    fn private_hosts_are_names_addresses_and_networks() {
        check::<PrivateHosts>(
            "[\"Intranet.Example.\", \"*.corp.example\", \"10.1.2.3/16\", \"127.0.0.1\", \"[::1]\", \"fd00::/8\", \"nas\"]",
            Some(
                "[\"intranet.example\", \"*.corp.example\", \"10.1.0.0/16\", \"127.0.0.1\", \"::1\", \"fd00::/8\", \"nas\"]",
            ),
        );
        check::<PrivateHosts>("[]", Some("[]"));
        for wrong in [
            "\"10.0.0.0/8\"",
            "[\"10.0.0.0/33\"]",
            "[\"10.0.0\"]",
            "[\"http://a.example/\"]",
            "[\"a b\"]",
            "[\"\"]",
            "[\"*\"]",
        ] {
            check::<PrivateHosts>(wrong, None);
        }
    }

    #[test]
    fn themes_are_built_in_or_files() {
        check::<ThemeChoice>("\"high-contrast\"", Some("\"high-contrast\""));
        check::<ThemeChoice>("\"mine_2\"", Some("\"mine_2\""));
        check::<ThemeChoice>("\"../mine\"", None);
        check::<ThemeChoice>("\"\"", None);
    }
}
