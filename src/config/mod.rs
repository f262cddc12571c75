//! The configuration: the values of all settings, each with its origin.
//!
//! In: the text of a config file, an environment, flags; a flag overrides the environment, which overrides the file.
//! Out: a [`Config`], and warnings with the line and the nearest name. Pure: the caller reads the file. A mistake in
//! the configuration never stops the reader; the setting keeps the value that it had.

pub mod accounts;
pub mod archives;
mod read;
pub mod rules;
pub mod settings;
pub mod sources;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod value;
pub mod write;

pub use crate::fault::Fault;
pub use crate::text::near::nearest;
use crate::theme::OwnTheme;
pub use read::OWN;
use settings::{SETTINGS, Setting, Values};
use std::collections::BTreeMap;
use std::fmt;
use value::Takes;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// The config file, at this line, from 1.
    File {
        line: usize,
    },
    /// The environment variable of this name.
    Environment(String),
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { line } => write!(f, "line {line} of the config file"),
            Origin::Environment(name) => write!(f, "environment variable {name}"),
            Origin::Flag => f.write_str("command line"),
        }
    }
}

/// A saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub name: String,
    /// As it is written; parsed where it is used.
    pub query: String,
    /// Whether new articles in it are announced.
    pub watch: bool,
}

/// Keys that the config file gives an action, as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The config name of an action.
    pub action: String,
    /// The key sequences: `"g g"`, `"C-d"`.
    pub keys: Vec<String>,
    /// From 1.
    pub line: usize,
}

/// An environment variable whose value is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongVariable {
    pub name: String,
    /// The value, and what is allowed.
    pub message: String,
}

/// Every setting with its value and origin, the saved searches, the sources and the bindings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    pub values: Values,
    /// The origins of the settings that were set, by name. The others have their default.
    origins: BTreeMap<&'static str, Origin>,
    pub saved: Vec<Saved>,
    pub sources: Vec<sources::SourceSetting>,
    /// The archives on search servers.
    pub archives: Vec<archives::ArchiveSetting>,
    /// The accounts on servers with which marks are exchanged.
    pub accounts: Vec<accounts::AccountSetting>,
    /// The rules on arrival, in their order.
    pub rules: Vec<rules::Rule>,
    pub bindings: Vec<Binding>,
    /// The theme that the config file itself holds, if it does.
    pub theme: Option<OwnTheme>,
}

impl Config {
    /// Reads the text of a config file over the defaults. What cannot be used is skipped and reported.
    pub fn read(text: &str) -> (Config, Vec<Fault>) {
        let mut config = Config::default();
        let faults = read::file(text, &mut config);
        (config, faults)
    }

    /// Applies the environment variables over what is there. `env` gives a variable's value; an empty one counts as
    /// not set. A setting keeps its value where that of its variable is not allowed.
    pub fn take_environment(&mut self, env: &dyn Fn(&str) -> Option<String>) -> Vec<WrongVariable> {
        let mut wrong = Vec::new();
        for setting in SETTINGS {
            let name = setting.variable();
            let Some(text) = env(&name).filter(|text| !text.is_empty()) else { continue };
            if let Err(allowed) = self.set(setting, &text, Origin::Environment(name.clone())) {
                // Perhaps a proxy that lacks its scheme, with a password.
                let shown = value::without_login(&text);
                wrong.push(WrongVariable { name, message: format!("'{shown}' is not allowed: {allowed}") });
            }
        }
        wrong
    }

    /// Sets one setting from a text without quotes, as a flag or an environment variable gives it. The error says
    /// what is allowed; the setting then keeps its value.
    pub fn set(&mut self, setting: &'static Setting, text: &str, origin: Origin) -> Result<(), String> {
        setting.put_text(&mut self.values, text)?;
        self.origins.insert(setting.name, origin);
        Ok(())
    }

    /// Sets one setting from a value of the config file, likewise.
    fn put(&mut self, setting: &'static Setting, value: &toml::Value, line: usize) -> Result<(), String> {
        setting.put(&mut self.values, value)?;
        self.origins.insert(setting.name, Origin::File { line });
        Ok(())
    }

    /// Every setting with its value as the config file would have it, and where that came from, in the order of the
    /// table.
    pub fn all(&self) -> impl Iterator<Item = (&'static Setting, String, &Origin)> {
        SETTINGS.iter().map(|setting| {
            let origin = self.origins.get(setting.name).unwrap_or(&Origin::Default);
            (setting, setting.written(&self.values), origin)
        })
    }
}

/// A config file that holds every setting at its default, commented out, with its help.
pub fn template() -> String {
    let mut out = String::from("# Settings of dateline. Lines such as '# theme = …' show the defaults.\n");
    for setting in SETTINGS {
        let bounds = match setting.takes {
            Takes::Number { least, most, unit } => format!(" ({least} to {most} {unit})"),
            Takes::Choice(words) | Takes::Theme(words) => format!(": {}", words.join(", ")),
            Takes::Argv | Takes::Hosts | Takes::Proxy | Takes::Keep | Takes::Folder => String::new(),
        };
        out.push_str(&format!("\n# {}{bounds}", setting.short));
        for line in textwrap::wrap(setting.long, 90) {
            out.push_str(&format!("\n# {line}"));
        }
        out.push_str(&format!("\n# {} = {}\n", setting.name, setting.default()));
    }
    out.push_str(TABLES);
    out
}

/// The tables of a config file, with an example of each, commented out.
const TABLES: &str = "
# Saved searches: @ukraine in a query, and a line above the list. With watch, new articles are announced.
# [[saved]]
# name = \"ukraine\"
# query = \"country:UA is:unread\"
# watch = true

# Archives on search servers: how one logs in, and, for an index that another program made, which fields hold what. It
# applies to every index below its address.
# [[archive]]
# url = \"https://search.example:9200\"          # or https://search.example:9200/INDEX
# login-command = [\"pass\", \"show\", \"search\"]  # prints user:password; or token-command, key-command, ...-env
# ca-file = \"/etc/ssl/newsroom.pem\"           # who signs the certificate of the server
# form = \"datashare\"                          # or openaleph, mediacloud, or fields by their names:
# title = \"headline\"
# text = [\"body\"]
# date = [\"published\"]

# Accounts: servers that have your sources, articles and marks; 'dateline sync' exchanges them.
# [[account]]
# name = \"home\"
# type = \"google-reader\"                       # FreshRSS and others; miniflux for Miniflux's own interface
# url = \"https://rss.example/api/greader.php\"
# login-command = [\"pass\", \"show\", \"rss\"]     # prints user:password; or login-env; token-... for miniflux
# every = \"30m\"                                # while the reader is open
# keep = \"26w 500\"                             # which articles are taken over

# Sources. Those added by 'dateline add URL' need no entry here. An entry overrides what the library stores about the
# source. Request headers, the origin of a login or a token, and a command whose output is a feed can only be given
# here. Headers, logins and tokens are never shown.
# [[source]]
# url = \"https://example.org/feed.xml\"          # or command = [\"program\", \"argument\"]
# name = \"The Example\"
# tags = [\"world\"]
# every = \"2h\"                                  # 30m, 2h, 1d, 4w
# keep = \"26w 500\"                              # how long articles are kept and how many, starred ones apart
# paused = false
# full-text = true
# headers = { \"Accept-Language\" = \"en\" }
# login-command = [\"pass\", \"show\", \"example\"] # prints user:password; or login-env, token-command, token-env

# Rules for articles that arrive: what to do with those that a query matches.
# [[rule]]
# name = \"grid\"
# query = \"person:okafor about:ghana\"
# mark = \"read\"                                # and star = true, tag = [\"later\"], hide = true
# notify = \"bell\"                              # or \"osc9\"
# run = [\"program\", \"argument\"]              # gets each article as JSON on its standard input

# Keys: the name of an action, which ? shows in the reader, and its key sequences.
# [keys]
# next-article = [\"J\", \"g j\"]
# \"X\" = [\"star\", \"tag later\", \"next-article\"]   # a key for several actions

# A theme of your own: a built-in theme with some parts changed. Or put it into a file, themes/NAME.toml.
# [theme]
# base = \"dark\"
# person = \"bold #f29ad6 on 236\"
";
