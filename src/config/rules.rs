//! The rules on arrival of the config file: `[[rule]]`, a query and what is done with the articles that it matches.
//!
//! In: the tables of the config file. Out: each [`Rule`] that can be used, and the mistakes in the others with their
//! lines. A rule whose query has a mistake is not used: it would match other articles than are meant.

use super::Fault;
use crate::query::Query;
use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Unique among the rules.
    pub name: String,
    /// As it is written; parsed on the day on which it is applied, because `3d` means other days then.
    pub query: String,
    pub does: Does,
    /// The line of the config file, from 1.
    pub line: usize,
}

/// What is done with an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Does {
    pub read: bool,
    pub star: bool,
    pub tags: Vec<String>,
    pub hide: bool,
    pub notify: Option<Notify>,
    /// A program and its arguments, which gets the article as JSON on its standard input. No shell is involved.
    pub run: Vec<String>,
}

/// How new articles are announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notify {
    Bell,
    /// By OSC 9, a notification of the terminal.
    Osc9,
}

impl Does {
    fn is_nothing(&self) -> bool {
        *self == Does::default()
    }

    /// What it does, in words: `marked read, tagged #later`.
    pub fn in_words(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let flags = [(self.read, "mark read"), (self.star, "star"), (self.hide, "hide")];
        parts.extend(flags.into_iter().filter(|(does, _)| *does).map(|(_, word)| word.to_owned()));
        parts.extend(self.tags.iter().map(|tag| format!("tag #{tag}")));
        parts.extend(self.notify.map(|notify| format!("notify by {}", notify.word())));
        parts.extend((!self.run.is_empty()).then(|| format!("run {}", self.run.join(" "))));
        parts.join(", ")
    }
}

impl Notify {
    pub fn word(self) -> &'static str {
        match self {
            Notify::Bell => "bell",
            Notify::Osc9 => "osc9",
        }
    }
}

const KEYS: [&str; 8] = ["name", "query", "mark", "star", "tag", "hide", "notify", "run"];
const FORM: &str =
    "a rule must be written as [[rule]] name = \"…\" query = \"…\" and what it does, such as star = true";

/// Reads each rule into `rules`. `at` is the line of the first.
pub fn read(
    value: &DeValue<'_>,
    at: usize,
    line: &dyn Fn(usize) -> usize,
    rules: &mut Vec<Rule>,
) -> Vec<Fault> {
    let DeValue::Array(entries) = value else { return vec![Fault { line: at, message: FORM.to_owned() }] };
    let mut faults = Vec::new();
    for entry in entries {
        let at = line(entry.span().start);
        let DeValue::Table(table) = entry.get_ref() else {
            faults.push(Fault { line: at, message: FORM.to_owned() });
            continue;
        };
        match rule(table, at) {
            Ok(rule) if rules.iter().any(|other| other.name == rule.name) => {
                let message =
                    format!("there is another rule called '{}'; give this one its own name", rule.name);
                faults.push(Fault { line: at, message });
            }
            Ok(rule) => rules.push(rule),
            Err((key, message)) => {
                let line = key.map_or(at, line);
                faults.push(Fault { line, message });
            }
        }
    }
    faults
}

/// A mistake: where its key begins, if it is about one, and what it is.
type Mistake = (Option<usize>, String);

fn rule(table: &DeTable<'_>, line: usize) -> Result<Rule, Mistake> {
    let mut rule = Rule { name: String::new(), query: String::new(), does: Does::default(), line };
    let mut query_at = None;
    for (key, value) in table {
        let place = Some(key.span().start);
        let wrong = |allowed: &str| (place, format!("{} of a rule must be {allowed}", key.get_ref()));
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("name", DeValue::String(name)) => rule.name = crate::text::clean_line(name),
            ("query", DeValue::String(query)) => {
                rule.query = query.to_string();
                query_at = place;
            }
            ("name" | "query", _) => return Err(wrong("a text in quotes")),
            ("mark", DeValue::String(word)) if word == "read" => rule.does.read = true,
            ("mark", _) => return Err(wrong("\"read\"")),
            ("star", DeValue::Boolean(yes)) => rule.does.star = *yes,
            ("hide", DeValue::Boolean(yes)) => rule.does.hide = *yes,
            ("star" | "hide", _) => return Err(wrong("true or false")),
            ("notify", DeValue::String(word)) if word == "bell" => rule.does.notify = Some(Notify::Bell),
            ("notify", DeValue::String(word)) if word == "osc9" => rule.does.notify = Some(Notify::Osc9),
            ("notify", _) => return Err(wrong("\"bell\" or \"osc9\"")),
            ("tag", value) => {
                let tags = words(value).ok_or_else(|| wrong("a tag or a list of tags: [\"…\", \"…\"]"))?;
                rule.does.tags = tags.iter().map(|tag| tag.trim_start_matches('#').to_owned()).collect();
                if rule.does.tags.iter().any(|tag| !is_tag(tag)) {
                    return Err(wrong("a tag without blanks or a list of such tags"));
                }
            }
            ("run", DeValue::Array(_)) => {
                rule.does.run = words(value.get_ref()).unwrap_or_default();
                if rule.does.run.is_empty() {
                    return Err(wrong("a list of strings: a program and its arguments"));
                }
            }
            ("run", _) => return Err(wrong("a list of strings: a program and its arguments")),
            (other, _) => {
                let message = format!("a rule has no option '{other}'; it has {}", KEYS.join(", "));
                return Err((place, message));
            }
        }
    }
    if rule.name.is_empty() || rule.query.trim().is_empty() {
        return Err((None, FORM.to_owned()));
    }
    if rule.does.is_nothing() {
        let message =
            format!("the rule '{}' does nothing; add mark, star, tag, hide, notify or run", rule.name);
        return Err((None, message));
    }
    // Days are read by the day on which the rule is applied; whether they can be read does not depend on it.
    if let Some(hint) = Query::parse(&rule.query, NaiveDate::default()).1.into_iter().next() {
        let message = format!("the query of the rule '{}' cannot be used: {}", rule.name, hint.message);
        return Err((query_at, message));
    }
    Ok(rule)
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty() && tag.len() <= 200 && !tag.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A text, or a list of texts.
fn words(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(word) => Some(vec![word.to_string()]),
        DeValue::Array(values) => values
            .iter()
            .map(Spanned::get_ref)
            .map(|value| match value {
                DeValue::String(word) => Some(word.to_string()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn a_rule_is_read_with_everything_that_it_does() {
        let text = "[[rule]]\nname = \"grid\"\nquery = \"person:okafor -country:GH\"\nmark = \"read\"\nstar = true\n\
            tag = [\"#later\", \"grid\"]\nhide = true\nnotify = \"osc9\"\nrun = [\"cat\", \"-\"]\n";
        let (config, faults) = Config::read(text);
        assert_eq!(faults, []);
        let does = Does {
            read: true,
            star: true,
            tags: vec!["later".to_owned(), "grid".to_owned()],
            hide: true,
            notify: Some(Notify::Osc9),
            run: vec!["cat".to_owned(), "-".to_owned()],
        };
        assert_eq!(
            does.in_words(),
            "mark read, star, hide, tag #later, tag #grid, notify by osc9, run cat -"
        );
        let query = "person:okafor -country:GH".to_owned();
        assert_eq!(config.rules, [Rule { name: "grid".to_owned(), query, does, line: 1 }]);
    }

    #[test]
    fn each_mistake_names_its_line_and_the_other_rules_are_used() {
        let good = "[[rule]]\nname = \"good\"\nquery = \"gas\"\nstar = true\n\n";
        for (bad, line, message) in [
            ("[[rule]]\nname = \"a\"\nquery = \"date:someday\"\nstar = true\n", 8, "cannot be used"),
            ("[[rule]]\nname = \"a\"\nquery = \"gas\"\nmark = \"blue\"\n", 9, "must be \"read\""),
            ("[[rule]]\nname = \"a\"\nquery = \"gas\"\ncolour = 3\n", 9, "no option 'colour'"),
            ("[[rule]]\nname = \"a\"\nquery = \"gas\"\n", 6, "does nothing"),
            ("[[rule]]\nname = \"good\"\nquery = \"gas\"\nstar = true\n", 6, "another rule"),
            ("[[rule]]\nquery = \"gas\"\nstar = true\n", 6, "must be written"),
            ("[[rule]]\nname = \"a\"\nquery = \"gas\"\nrun = \"rm -r /\"\n", 9, "a list of strings"),
        ] {
            let (config, faults) = Config::read(&format!("{good}{bad}"));
            assert_eq!(config.rules.len(), 1, "{bad}");
            assert_eq!(faults.len(), 1, "{bad}");
            assert_eq!(faults[0].line, line, "{bad}");
            assert!(faults[0].message.contains(message), "{}", faults[0].message);
        }
    }
}
