//! Reads the text of a config file, telling what cannot be used and where.

use super::settings::{SETTINGS, Setting, Takes, position};
use super::{Binding, Config, Fault, Origin, Saved, Value};
use crate::fault::{line_of, syntax};
use crate::text::near::nearest;
use crate::theme::OwnTheme;
use toml::de::{DeTable, DeValue};

/// What the setting `theme` holds where the config file has a theme of its own.
pub const OWN: &str = "own";

/// Parses one TOML value.
pub fn parse(text: &str) -> Result<toml::Value, String> {
    text.parse::<toml::Value>().map_err(|error| error.message().to_owned())
}

/// Reads `text` into `config`; what is wrong comes back with its line.
pub fn file(text: &str, config: &mut Config) -> Vec<Fault> {
    let line = |at: usize| line_of(text, at);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults = syntax(text, &errors);
    for (key, value) in table.get_ref() {
        let at = line(key.span().start);
        let result = match key.get_ref().as_ref() {
            "saved" => saved(value.get_ref(), config),
            "source" => {
                faults.extend(sources(value.get_ref(), &line, config));
                Ok(())
            }
            "keys" => keys(value.get_ref(), &line, config),
            "theme" if matches!(value.get_ref(), DeValue::Table(_)) => {
                faults.extend(own_theme(value.get_ref(), at, &line, config));
                Ok(())
            }
            name => setting(name, value.get_ref(), at, config),
        };
        faults.extend(result.err().map(|message| Fault { line: at, message }));
    }
    faults.sort_by_key(|fault| fault.line);
    faults
}

fn setting(name: &str, value: &DeValue<'_>, line: usize, config: &mut Config) -> Result<(), String> {
    let Some(at) = position(name) else {
        let nearest =
            nearest(name, SETTINGS.iter().map(|setting| setting.name).chain(["saved", "source", "keys"]));
        return Err(format!("there is no setting called {name}; did you mean {nearest}?"));
    };
    let value = plain(value).ok_or_else(|| wanted(&SETTINGS[at]))?;
    config.values[at] = (accept(&SETTINGS[at], &value)?, Origin::File { line });
    Ok(())
}

fn own_theme(
    value: &DeValue<'_>,
    at: usize,
    line: &dyn Fn(usize) -> usize,
    config: &mut Config,
) -> Vec<Fault> {
    let DeValue::Table(table) = value else { return Vec::new() };
    let mut theme = OwnTheme::default();
    let faults = super::theme::table(table, line, &mut theme);
    config.theme = Some(theme);
    if let Some(place) = position("theme") {
        config.values[place] = (Value::Word(OWN.to_owned()), Origin::File { line: at });
    }
    faults
}

fn saved(value: &DeValue<'_>, config: &mut Config) -> Result<(), String> {
    let form = "a saved search has a name and a query: [[saved]] name = \"…\" query = \"…\"";
    let DeValue::Array(entries) = value else { return Err(form.to_owned()) };
    for entry in entries {
        let DeValue::Table(table) = entry.get_ref() else { return Err(form.to_owned()) };
        let field = |name: &str| match table.get(name).map(toml::Spanned::get_ref) {
            Some(DeValue::String(text)) => Ok(text.to_string()),
            _ => Err(form.to_owned()),
        };
        let (name, query) = (field("name")?, field("query")?);
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(format!(
                "the name of a saved search has no blanks, as it is used as @name: '{name}'"
            ));
        }
        let watch = match table.get("watch").map(toml::Spanned::get_ref) {
            None => false,
            Some(DeValue::Boolean(watch)) => *watch,
            Some(_) => return Err(format!("{name}: watch is true or false")),
        };
        config.saved.push(Saved { name, query, watch });
    }
    Ok(())
}

/// Reads each `[[source]]`; one that is wrong is told with its line, the others are used.
fn sources(value: &DeValue<'_>, line: &dyn Fn(usize) -> usize, config: &mut Config) -> Vec<Fault> {
    let mut faults = Vec::new();
    let DeValue::Array(entries) = value else {
        return vec![Fault {
            line: 1, message: "a source is written as [[source]] url = \"…\"".to_owned()
        }];
    };
    for entry in entries {
        let read = match entry.get_ref() {
            DeValue::Table(table) => super::sources::read(table),
            _ => Err("a source is written as [[source]] url = \"…\"".to_owned()),
        };
        match read {
            Ok(source) => config.sources.push(source),
            Err(message) => faults.push(Fault { line: line(entry.span().start), message }),
        }
    }
    faults
}

fn keys(value: &DeValue<'_>, line: &dyn Fn(usize) -> usize, config: &mut Config) -> Result<(), String> {
    let form = "keys are bound as action = \"key\" or action = [\"key\", \"key key\"]";
    let DeValue::Table(table) = value else { return Err(form.to_owned()) };
    for (action, value) in table {
        let keys = match value.get_ref() {
            DeValue::String(key) => vec![key.to_string()],
            value => match plain(value).and_then(words) {
                Some(keys) => keys,
                None => return Err(format!("{}: {form}", action.get_ref())),
            },
        };
        let line = line(action.span().start);
        config.bindings.push(Binding { action: action.get_ref().to_string(), keys, line });
    }
    Ok(())
}

/// The value without its places; `None` for what no setting takes.
fn plain(value: &DeValue<'_>) -> Option<toml::Value> {
    Some(match value {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Boolean(yes) => toml::Value::Boolean(*yes),
        DeValue::Integer(number) => {
            toml::Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?)
        }
        DeValue::Array(values) => {
            toml::Value::Array(values.iter().map(|value| plain(value.get_ref())).collect::<Option<_>>()?)
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => return None,
    })
}

fn words(value: toml::Value) -> Option<Vec<String>> {
    let toml::Value::Array(values) = value else { return None };
    values.into_iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// `value` as the setting takes it. `true` and `false` stand for `always` and `never` where those are choices.
pub fn accept(setting: &Setting, value: &toml::Value) -> Result<Value, String> {
    let refused = || Err(wanted(setting));
    match (setting.takes, value) {
        (Takes::Named(_), toml::Value::String(word)) if is_name(word) => Ok(Value::Word(word.clone())),
        (Takes::Choice(words), toml::Value::String(word)) if words.contains(&word.as_str()) => {
            Ok(Value::Word(word.clone()))
        }
        (Takes::Choice(words), toml::Value::String(word)) => {
            Err(format!("{} (did you mean {}?)", wanted(setting), nearest(word, words.iter().copied())))
        }
        (Takes::Choice(words), toml::Value::Boolean(yes)) if words.contains(&"never") => {
            Ok(Value::Word(if *yes { "always" } else { "never" }.to_owned()))
        }
        (Takes::Number { least, most, .. }, toml::Value::Integer(number))
            if (least..=most).contains(number) =>
        {
            Ok(Value::Number(*number))
        }
        (Takes::Proxy, toml::Value::String(address)) if is_proxy(address) => {
            Ok(Value::Proxy(address.clone()))
        }
        (Takes::Argv, value) => words(value.clone()).map(Value::Argv).map_or_else(refused, Ok),
        _ => refused(),
    }
}

/// Whether a file can be called so: letters, digits, - and _.
fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// Whether an address is one of a proxy, or empty.
fn is_proxy(address: &str) -> bool {
    const SCHEMES: [&str; 5] = ["http://", "https://", "socks4://", "socks4a://", "socks5://"];
    address.is_empty() || SCHEMES.iter().any(|scheme| address.starts_with(scheme))
}

/// What the setting takes, in words.
pub fn wanted(setting: &Setting) -> String {
    match setting.takes {
        Takes::Choice(words) => format!("{} takes one of {}", setting.name, words.join(", ")),
        Takes::Named(words) => {
            format!("{} takes one of {}, or the name of a file of yours", setting.name, words.join(", "))
        }
        Takes::Number { least, most, unit } => {
            format!("{} takes a whole number from {least} to {most} ({unit})", setting.name)
        }
        Takes::Proxy => format!("{} takes an address: http://host:port or socks5://host:port", setting.name),
        Takes::Argv => format!("{} takes a list of strings, a program and its arguments", setting.name),
    }
}
