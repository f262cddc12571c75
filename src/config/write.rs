//! Changes the saved searches, the rules and the accounts of a config file and leaves everything else in it as the person
//! wrote it.
//!
//! In: the text of the file and a change. Out: the new text. Pure: the caller reads and writes the file.

use crate::app::SearchChange;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, value};

/// Why the file cannot be changed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unchanged {
    #[error("it is not valid: {0}; 'dateline config --check' shows the line")]
    Invalid(String),
    #[error("'saved' is not a list of searches in it")]
    NoList,
    #[error("'rule' is not written as [[rule]] in it")]
    NoRules,
    #[error("there is a rule called '{0}' in it already")]
    RuleIsThere(String),
    #[error("'account' is not written as [[account]] in it")]
    NoAccounts,
}

/// The value of an option of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    Text(String),
    /// A program and its arguments.
    Command(Vec<String>),
}

/// Adds an account below the others.
pub fn add_account(text: &str, options: &[(&str, Written)]) -> Result<String, Unchanged> {
    let mut file: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| Unchanged::Invalid(error.message().to_owned()))?;
    let accounts = file.entry("account").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Item::ArrayOfTables(tables) = accounts else { return Err(Unchanged::NoAccounts) };
    let mut table = Table::new();
    for (name, option) in options {
        let written = match option {
            Written::Text(text) => value(text.as_str()),
            Written::Command(words) => value(words.iter().collect::<Array>()),
        };
        table.insert(name, written);
    }
    table.decor_mut().set_prefix("\n");
    tables.push(table);
    Ok(file.to_string())
}

/// Makes a change in `text`.
pub fn change(text: &str, change: &SearchChange) -> Result<String, Unchanged> {
    let mut file: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| Unchanged::Invalid(error.message().to_owned()))?;
    if let SearchChange::KeepRule { .. } | SearchChange::RemoveRule { .. } = change {
        rules(&mut file, change)?;
        return Ok(file.to_string());
    }
    let saved = file.entry("saved").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match saved {
        Item::ArrayOfTables(tables) => in_tables(tables, change),
        Item::Value(toml_edit::Value::Array(array)) => in_array(array, change),
        _ => return Err(Unchanged::NoList),
    }
    if matches!(saved, Item::ArrayOfTables(tables) if tables.is_empty()) {
        file.remove("saved");
    }
    Ok(file.to_string())
}

/// Adds a rule below the others, or removes it.
fn rules(file: &mut DocumentMut, change: &SearchChange) -> Result<(), Unchanged> {
    let is = |table: &Table, name: &str| table.get("name").and_then(Item::as_str) == Some(name);
    let rules = file.entry("rule").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Item::ArrayOfTables(tables) = rules else { return Err(Unchanged::NoRules) };
    match change {
        SearchChange::KeepRule { name, query, does } => {
            if tables.iter().any(|table| is(table, name)) {
                return Err(Unchanged::RuleIsThere(name.clone()));
            }
            let mut table = Table::new();
            table.insert("name", value(name.as_str()));
            table.insert("query", value(query.as_str()));
            let (option, text) = does.option();
            table.insert(option, text.map_or_else(|| value(true), value));
            table.decor_mut().set_prefix("\n");
            tables.push(table);
        }
        SearchChange::RemoveRule { name } => tables.retain(|table| !is(table, name)),
        _ => {}
    }
    if tables.is_empty() {
        file.remove("rule");
    }
    Ok(())
}

fn in_tables(tables: &mut ArrayOfTables, change: &SearchChange) {
    let is = |table: &Table, name: &str| table.get("name").and_then(Item::as_str) == Some(name);
    let place = |tables: &ArrayOfTables, name: &str| tables.iter().position(|table| is(table, name));
    match change {
        SearchChange::Keep { name, query } => match place(tables, name).and_then(|at| tables.get_mut(at)) {
            Some(table) => put(table.entry("query").or_insert(Item::None), query),
            None => {
                let mut table = Table::new();
                table.insert("name", value(name.as_str()));
                table.insert("query", value(query.as_str()));
                table.decor_mut().set_prefix("\n");
                tables.push(table);
            }
        },
        SearchChange::Restore { name, query, at, watch } => {
            let mut table = Table::new();
            table.insert("name", value(name.as_str()));
            table.insert("query", value(query.as_str()));
            if *watch {
                table.insert("watch", value(true));
            }
            table.decor_mut().set_prefix("\n");
            // A table without a position is written behind the one before it.
            let mut all: Vec<Table> = tables.iter().filter(|table| !is(table, name)).cloned().collect();
            all.insert((*at).min(all.len()), table);
            *tables = all.into_iter().collect();
        }
        SearchChange::Rename { from, to } => {
            if let Some(found) =
                place(tables, from).and_then(|at| tables.get_mut(at)).and_then(|table| table.get_mut("name"))
            {
                put(found, to);
            }
        }
        SearchChange::Remove { name } => tables.retain(|table| !is(table, name)),
        // These are not about searches.
        SearchChange::KeepRule { .. } | SearchChange::RemoveRule { .. } => {}
    }
}

fn in_array(array: &mut Array, change: &SearchChange) {
    let is = |entry: &toml_edit::Value, name: &str| {
        let table = entry.as_inline_table();
        table.and_then(|table| table.get("name")).and_then(toml_edit::Value::as_str) == Some(name)
    };
    let place = |array: &Array, name: &str| array.iter().position(|entry| is(entry, name));
    match change {
        SearchChange::Keep { name, query } => match place(array, name).and_then(|at| array.get_mut(at)) {
            Some(toml_edit::Value::InlineTable(table)) => _ = table.insert("query", query.as_str().into()),
            _ => {
                let mut table = InlineTable::new();
                table.insert("name", name.as_str().into());
                table.insert("query", query.as_str().into());
                array.push(table);
            }
        },
        SearchChange::Restore { name, query, at, watch } => {
            let mut table = InlineTable::new();
            table.insert("name", name.as_str().into());
            table.insert("query", query.as_str().into());
            if *watch {
                table.insert("watch", true.into());
            }
            array.insert((*at).min(array.len()), table);
        }
        SearchChange::Rename { from, to } => {
            if let Some(toml_edit::Value::InlineTable(table)) =
                place(array, from).and_then(|at| array.get_mut(at))
            {
                table.insert("name", to.as_str().into());
            }
        }
        SearchChange::Remove { name } => {
            if let Some(at) = place(array, name) {
                array.remove(at);
            }
        }
        SearchChange::KeepRule { .. } | SearchChange::RemoveRule { .. } => {}
    }
}

/// Replaces the text of `item` and keeps the blanks and comments around it.
fn put(item: &mut Item, text: &str) {
    let decor = item.as_value().map(|old| old.decor().clone());
    *item = value(text);
    if let (Some(decor), Some(new)) = (decor, item.as_value_mut()) {
        *new.decor_mut() = decor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::RuleDoes;
    use crate::config::{Config, Saved};

    const FILE: &str = "# mine\nmeasure = 70 # narrow\n\n# the war\n[[saved]]\nname = \"ukraine\"\n\
        query = \"country:UA\" # all of it\n\n[keys]\n# as in vim\nquit = \"Z Z\"\n";

    fn keep(name: &str, query: &str) -> SearchChange {
        SearchChange::Keep { name: name.to_owned(), query: query.to_owned() }
    }

    fn check(text: &str, changes: &[SearchChange], expected: &str) {
        let changed = changes.iter().try_fold(text.to_owned(), |text, made| change(&text, made));
        assert_eq!(changed.as_deref(), Ok(expected));
        let (_, faults) = Config::read(expected);
        assert_eq!(faults, []);
    }

    #[test]
    fn the_rest_of_the_file_stays() {
        let kept = FILE.replace("country:UA", "country:UA is:unread");
        check(FILE, &[keep("ukraine", "country:UA is:unread")], &kept);
        let to = "kyiv".to_owned();
        let renamed = FILE.replace("\"ukraine\"", "\"kyiv\"");
        check(FILE, &[SearchChange::Rename { from: "ukraine".to_owned(), to }], &renamed);
        let added =
            FILE.replace("\n[keys]", "\n[[saved]]\nname = \"gas\"\nquery = 'gas \"west line\"'\n\n[keys]");
        check(FILE, &[keep("gas", "gas \"west line\"")], &added);
        let removed = "# mine\nmeasure = 70 # narrow\n\n[keys]\n# as in vim\nquit = \"Z Z\"\n";
        check(FILE, &[SearchChange::Remove { name: "ukraine".to_owned() }], removed);
    }

    #[test]
    fn an_account_is_added_and_the_rest_of_the_file_stays() {
        let options = [
            ("name", Written::Text("fresh".to_owned())),
            ("type", Written::Text("google-reader".to_owned())),
            ("url", Written::Text("https://fresh.example".to_owned())),
            (
                "login-command",
                Written::Command(vec!["sh".to_owned(), "-c".to_owned(), "a 'b' \"c\"".to_owned()]),
            ),
        ];
        let once = add_account(FILE, &options).expect("added");
        assert!(once.starts_with(FILE.split("[keys]").next().expect("a beginning").trim_end()), "{once}");
        let (config, faults) = Config::read(&once);
        assert_eq!(faults, []);
        let Some(crate::config::sources::Secret::Command(words)) = &config.accounts[0].login else {
            panic!()
        };
        assert_eq!(words[2], "a 'b' \"c\"");
        let mut other = options.to_vec();
        other[0].1 = Written::Text("second".to_owned());
        let (config, faults) = Config::read(&add_account(&once, &other).expect("added"));
        assert_eq!((faults, config.accounts.len()), (Vec::new(), 2));
        assert_eq!(add_account("account = 1\n", &options), Err(Unchanged::NoAccounts));
    }

    #[test]
    fn a_rule_is_added_and_removed_and_the_rest_of_the_file_stays() {
        let rule = |name: &str, does: RuleDoes| SearchChange::KeepRule {
            name: name.to_owned(),
            query: "country:UA said:\"no\"".to_owned(),
            does,
        };
        let added = change(FILE, &rule("war", RuleDoes::Tag("later".to_owned()))).expect("added");
        let (config, faults) = Config::read(&added);
        assert_eq!(faults, []);
        assert_eq!((config.rules.len(), config.rules[0].does.in_words().as_str()), (1, "tag #later"));
        assert_eq!(config.rules[0].query, "country:UA said:\"no\"");
        assert!(
            added.contains("# mine\n") && added.contains("# all of it") && added.contains("# as in vim"),
            "{added}"
        );
        let twice = change(&added, &rule("war", RuleDoes::Read));
        assert_eq!(twice, Err(Unchanged::RuleIsThere("war".to_owned())));
        for does in [RuleDoes::Read, RuleDoes::Star, RuleDoes::Hide, RuleDoes::Bell, RuleDoes::Notify] {
            let more = change(&added, &rule("other", does)).expect("added");
            let (config, faults) = Config::read(&more);
            assert_eq!((config.rules.len(), faults.len()), (2, 0), "{more}");
            let back = change(&more, &SearchChange::RemoveRule { name: "other".to_owned() });
            assert_eq!(back.as_deref(), Ok(added.as_str()));
        }
        let back = change(&added, &SearchChange::RemoveRule { name: "war".to_owned() });
        assert_eq!(back.as_deref(), Ok(FILE));
    }

    #[test]
    fn an_empty_file_and_one_without_searches_get_them() {
        check("", &[keep("gas", "gas")], "\n[[saved]]\nname = \"gas\"\nquery = \"gas\"\n");
        check("saved = []\n", &[keep("gas", "gas")], "saved = [{ name = \"gas\", query = \"gas\" }]\n");
        let text = change("measure = 70\n", &keep("a", "gas \"west line\" said:\"no\"")).expect("changed");
        let (config, faults) = Config::read(&text);
        assert_eq!(
            config.saved,
            [Saved { name: "a".to_owned(), query: "gas \"west line\" said:\"no\"".to_owned(), watch: false }]
        );
        assert!(faults.is_empty());
    }

    #[test]
    fn a_file_that_is_not_valid_is_left_alone() {
        assert!(matches!(change("measure = = 3\n", &keep("a", "b")), Err(Unchanged::Invalid(_))));
        assert_eq!(change("saved = 3\n", &keep("a", "b")), Err(Unchanged::NoList));
    }
}
