//! The configuration: as written → as meant, each value with its origin.
//!
//! In: the text of a config file, an environment, flags. Out: a [`Config`] and warnings with line and
//! nearest name. Pure; whoever calls it reads the file. Nothing that is wrong in a config stops the
//! reader: the setting keeps its default.

mod read;
pub mod settings;
pub mod sources;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod write;

pub use crate::fault::Fault;
pub use crate::text::near::nearest;
use crate::theme::OwnTheme;
pub use read::OWN;
use settings::{SETTINGS, Setting, Takes, position};
use std::fmt;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// The config file, at this line, from 1.
    File {
        line: usize,
    },
    /// This environment variable.
    Environment(&'static str),
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

/// The value of a setting; its form is the one that the setting takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Word(String),
    Number(i64),
    Argv(Vec<String>),
    /// May hold a password, which is not shown.
    Proxy(String),
}

impl fmt::Display for Value {
    /// As it is written in the config file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Word(word) => write!(f, "{}", quoted(word)),
            Value::Number(number) => write!(f, "{number}"),
            Value::Proxy(address) => write!(f, "{}", quoted(&without_login(address))),
            Value::Argv(words) => {
                write!(f, "[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// An address with `…` in the place of a name and a password.
fn without_login(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let shown = rest.rsplit_once('@').map_or(rest.to_owned(), |(_, host)| format!("…@{host}"));
    if scheme.is_empty() { shown } else { format!("{scheme}://{shown}") }
}

fn quoted(word: &str) -> String {
    toml::Value::from(word).to_string()
}

/// A search kept under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub name: String,
    /// As written; parsed where it is used.
    pub query: String,
    /// Whether the bell rings for new articles in it.
    pub watch: bool,
}

/// A key sequence bound by the config file, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The config name of an action.
    pub action: String,
    /// The sequences, as written: `"g g"`, `"C-d"`.
    pub keys: Vec<String>,
    pub line: usize,
}

/// Every setting with its value and origin, the saved searches and the bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// In the order of [`SETTINGS`].
    values: Vec<(Value, Origin)>,
    pub saved: Vec<Saved>,
    pub sources: Vec<sources::SourceSetting>,
    pub bindings: Vec<Binding>,
    /// The theme that the config file itself holds, if it does.
    pub theme: Option<OwnTheme>,
}

impl Default for Config {
    fn default() -> Config {
        let default = |setting: &Setting| {
            let value = read::parse(setting.default).and_then(|value| read::accept(setting, &value));
            (
                value.expect("the defaults of the table are values of their settings: a test reads them all"),
                Origin::Default,
            )
        };
        Config {
            values: SETTINGS.iter().map(default).collect(),
            saved: Vec::new(),
            sources: Vec::new(),
            bindings: Vec::new(),
            theme: None,
        }
    }
}

impl Config {
    /// Reads the text of a config file over the defaults. What cannot be used is skipped and told.
    pub fn read(text: &str) -> (Config, Vec<Fault>) {
        let mut config = Config::default();
        let faults = read::file(text, &mut config);
        (config, faults)
    }

    /// Lays the environment over what is there. `env` gives a variable's value.
    pub fn take_environment(&mut self, env: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let mut faults = Vec::new();
        for setting in SETTINGS {
            if let Some(name) = setting.env
                && let Some(text) = env(name).filter(|text| !text.is_empty())
                && let Err(message) = self.set(setting.name, &text, Origin::Environment(name))
            {
                faults.push(format!("{name}: {message}"));
            }
        }
        faults
    }

    /// Sets one setting from text without quotes, as a flag or an environment variable gives it.
    pub fn set(&mut self, name: &str, text: &str, origin: Origin) -> Result<(), String> {
        let at = position(name).ok_or_else(|| format!("there is no setting called {name}"))?;
        let setting = &SETTINGS[at];
        let written = match setting.takes {
            Takes::Choice(_) | Takes::Named(_) | Takes::Proxy => toml::Value::from(text),
            _ => read::parse(text)
                .map_err(|_| format!("could not read '{text}': {}", read::wanted(setting)))?,
        };
        self.values[at] = (read::accept(setting, &written)?, origin);
        Ok(())
    }

    /// Every setting with its value and where that came from, in the order of the table.
    pub fn all(&self) -> impl Iterator<Item = (&'static Setting, &Value, &Origin)> {
        SETTINGS.iter().zip(&self.values).map(|(setting, (value, origin))| (setting, value, origin))
    }

    /// The word that the setting `name` holds. Panics unless it is a setting that takes a choice.
    pub fn word(&self, name: &str) -> &str {
        match self.value(name) {
            Value::Word(word) => word,
            other => panic!("the setting {name} holds {other}, which is no word"),
        }
    }

    /// The number that the setting `name` holds. Panics unless it is a setting that takes a number.
    pub fn number(&self, name: &str) -> i64 {
        match self.value(name) {
            Value::Number(number) => *number,
            other => panic!("the setting {name} holds {other}, which is no number"),
        }
    }

    /// The program and arguments that the setting `name` holds. Panics unless it takes them.
    pub fn argv(&self, name: &str) -> &[String] {
        match self.value(name) {
            Value::Argv(words) => words,
            other => panic!("the setting {name} holds {other}, which is no program"),
        }
    }

    /// The address of the proxy that the setting `name` holds; `None` where it is empty. Panics unless it takes one.
    pub fn proxy(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Value::Proxy(address) => Some(address.as_str()).filter(|address| !address.is_empty()),
            other => panic!("the setting {name} holds {other}, which is no proxy"),
        }
    }

    fn value(&self, name: &str) -> &Value {
        let at = position(name).unwrap_or_else(|| panic!("no setting is called {name}"));
        &self.values[at].0
    }
}

/// A config file that holds every setting at its default, commented out, with its help.
pub fn template() -> String {
    let mut out = String::from("# dateline's settings. Lines that begin with # are the defaults.\n");
    for setting in SETTINGS {
        out.push_str(&format!("\n# {}", setting.short));
        if let Takes::Number { least, most, unit } = setting.takes {
            out.push_str(&format!(" ({least} to {most} {unit})"));
        }
        if let Takes::Choice(words) | Takes::Named(words) = setting.takes {
            out.push_str(&format!(": {}", words.join(", ")));
        }
        for line in textwrap::wrap(setting.long, 90) {
            out.push_str(&format!("\n# {line}"));
        }
        out.push_str(&format!("\n# {} = {}\n", setting.name, setting.default));
    }
    out.push_str("\n# Searches kept under a name: @ukraine in a query, and a line above the list.\n# [[saved]]\n# name = \"ukraine\"\n# query = \"country:UA is:unread\"\n");
    out.push_str(SOURCES);
    out.push_str("\n# Keys: the name of an action (see ? in the reader) and its key sequences.\n# [keys]\n# next-article = [\"J\", \"g j\"]\n");
    out.push_str("\n# A theme of your own: one that is there with some looks changed. Or in a file, themes/NAME.toml.\n# [theme]\n# base = \"dark\"\n# person = \"bold #f29ad6 on 236\"\n");
    out
}

const SOURCES: &str = "
# Sources. 'dateline add URL' keeps one without a line here; what stands here lies over that, and only here may stand
# headers, where a login or a token comes from, and a command whose output is a feed. Neither is ever shown.
# [[source]]
# url = \"https://example.org/feed.xml\"          # or command = [\"program\", \"argument\"]
# name = \"The Example\"
# tags = [\"world\"]
# every = \"2h\"                                  # 30m, 2h, 1d, 4w
# keep = \"26w\"                                  # how long articles are kept, unless starred
# full-text = true
# headers = { \"Accept-Language\" = \"en\" }
# login-command = [\"pass\", \"show\", \"example\"] # writes user:password; or login-env, token-command, token-env
";
