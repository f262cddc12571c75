//! Reads the text of a config file and reports what cannot be used, with its line.

use super::settings::{SETTINGS, Setting};
use super::value::ThemeChoice;
use super::{Binding, Config, Fault, Origin, Saved};
use crate::fault::{Lines, syntax};
use crate::text::near::nearest;
use crate::theme::OwnTheme;
use toml::de::{DeTable, DeValue};

/// The value of the setting `theme` if the config file has a table `[theme]`.
pub const OWN: &str = "own";

/// Reads `text` into `config`. Returns the mistakes with their lines.
pub fn file(text: &str, config: &mut Config) -> Vec<Fault> {
    let lines = Lines::of(text);
    let line = |at: usize| lines.line(at);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults = syntax(&lines, &errors);
    for (key, value) in table.get_ref() {
        let at = line(key.span().start);
        let result = match key.get_ref().as_ref() {
            "saved" => saved(value.get_ref(), config),
            "source" => {
                faults.extend(sources(value.get_ref(), &line, config));
                Ok(())
            }
            "archive" => {
                faults.extend(archives(value.get_ref(), &line, config));
                Ok(())
            }
            "account" => {
                faults.extend(accounts(value.get_ref(), &line, config));
                Ok(())
            }
            "rule" => {
                let of_file = super::rules::read(value.get_ref(), at, &line, &mut config.rules);
                faults.extend(of_file);
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
    let Some(setting) = Setting::find(name) else {
        let known = SETTINGS
            .iter()
            .map(|setting| setting.name)
            .chain(["saved", "source", "archive", "account", "rule", "keys"]);
        return Err(format!("there is no setting called {name}; did you mean {}?", nearest(name, known)));
    };
    let value = plain(value).ok_or_else(|| setting.wanted())?;
    config.put(setting, &value, line)
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
    config.values.theme = ThemeChoice::Named(OWN.to_owned());
    config.origins.insert("theme", Origin::File { line: at });
    faults
}

fn saved(value: &DeValue<'_>, config: &mut Config) -> Result<(), String> {
    let form = "a saved search needs a name and a query: [[saved]] name = \"…\" query = \"…\"";
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
                "the name of a saved search must not contain blanks, because it is used as @name: '{name}'"
            ));
        }
        let watch = match table.get("watch").map(toml::Spanned::get_ref) {
            None => false,
            Some(DeValue::Boolean(watch)) => *watch,
            Some(_) => return Err(format!("{name}: watch must be true or false")),
        };
        config.saved.push(Saved { name, query, watch });
    }
    Ok(())
}

/// Reads each `[[source]]`. One with a mistake is reported with its line; the others are used.
fn sources(value: &DeValue<'_>, line: &dyn Fn(usize) -> usize, config: &mut Config) -> Vec<Fault> {
    let mut faults = Vec::new();
    let DeValue::Array(entries) = value else {
        return vec![Fault {
            line: 1,
            message: "a source must be written as [[source]] url = \"…\"".to_owned(),
        }];
    };
    for entry in entries {
        let read = match entry.get_ref() {
            DeValue::Table(table) => super::sources::read(table),
            _ => Err("a source must be written as [[source]] url = \"…\"".to_owned()),
        };
        match read {
            Ok(source) => config.sources.push(source),
            Err(message) => faults.push(Fault { line: line(entry.span().start), message }),
        }
    }
    faults
}

/// Reads each `[[account]]`, likewise. The second of a name is a mistake.
fn accounts(value: &DeValue<'_>, line: &dyn Fn(usize) -> usize, config: &mut Config) -> Vec<Fault> {
    let form = "an account must be written as [[account]] type = \"…\" url = \"…\"";
    let DeValue::Array(entries) = value else {
        return vec![Fault { line: 1, message: form.to_owned() }];
    };
    let mut faults = Vec::new();
    for entry in entries {
        let read = match entry.get_ref() {
            DeValue::Table(table) => super::accounts::read(table),
            _ => Err(form.to_owned()),
        };
        let known = |name: &str| config.accounts.iter().any(|account| account.name == name);
        let read = read.and_then(|account| match known(&account.name) {
            true => Err(format!("there are two accounts called {}: give one another name", account.name)),
            false => Ok(account),
        });
        match read {
            Ok(account) => config.accounts.push(account),
            Err(message) => faults.push(Fault { line: line(entry.span().start), message }),
        }
    }
    faults
}

/// Reads each `[[archive]]`, likewise.
fn archives(value: &DeValue<'_>, line: &dyn Fn(usize) -> usize, config: &mut Config) -> Vec<Fault> {
    let form = "an archive must be written as [[archive]] url = \"…\"";
    let DeValue::Array(entries) = value else {
        return vec![Fault { line: 1, message: form.to_owned() }];
    };
    let mut faults = Vec::new();
    for entry in entries {
        let read = match entry.get_ref() {
            DeValue::Table(table) => super::archives::read(table),
            _ => Err(form.to_owned()),
        };
        match read {
            Ok(archive) => config.archives.push(archive),
            Err(message) => faults.push(Fault { line: line(entry.span().start), message }),
        }
    }
    faults
}

fn keys(value: &DeValue<'_>, line: &dyn Fn(usize) -> usize, config: &mut Config) -> Result<(), String> {
    let form = "keys must be written as action = \"key\" or action = [\"key\", \"key key\"]";
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

/// The value without its positions; `None` for a type that no setting has.
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
