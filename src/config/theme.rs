//! Reads a theme that a person has written: a file of its own, or the table `[theme]` of the config file.
//!
//! ```toml
//! base = "dark"                       # the theme that it changes
//! person = "bold #f29ad6"             # one of sixteen names, 0 to 255, or #rrggbb; attributes
//! selected = "black on bright-yellow"
//! ```

use super::Fault;
use crate::fault::{Lines, syntax};
use crate::text::near::nearest;
use crate::theme::{OwnTheme, SLOTS, ThemeName, look_words};
use toml::de::{DeTable, DeValue};

/// Reads the text of a theme file. Returns the theme, and the mistakes with their lines.
pub fn file(text: &str) -> (OwnTheme, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let lines = Lines::of(text);
    let line = |at: usize| lines.line(at);
    let mut theme = OwnTheme::default();
    let mut faults = syntax(&lines, &errors);
    faults.extend(self::table(table.get_ref(), &line, &mut theme));
    faults.sort_by_key(|fault| fault.line);
    (theme, faults)
}

/// Reads the entries of a table into `theme`. Returns the mistakes with their lines.
pub fn table(table: &DeTable<'_>, line: &dyn Fn(usize) -> usize, theme: &mut OwnTheme) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (key, value) in table {
        let DeValue::String(written) = value.get_ref() else {
            let message = format!("{} must be a text, such as \"bold red on 236\"", key.get_ref());
            faults.push(Fault { line: line(key.span().start), message });
            continue;
        };
        if let Err(message) = entry(key.get_ref(), written, theme) {
            faults.push(Fault { line: line(key.span().start), message });
        }
    }
    faults
}

fn entry(name: &str, written: &str, theme: &mut OwnTheme) -> Result<(), String> {
    if name == "base" {
        let names = || ThemeName::ALL.into_iter().map(ThemeName::as_str);
        theme.base = ThemeName::find(written).ok_or_else(|| {
            format!(
                "there is no built-in theme called {written}; did you mean {}?",
                nearest(written, names())
            )
        })?;
        return Ok(());
    }
    let Some((_, slot)) = SLOTS.iter().find(|(known, _)| *known == name) else {
        let near = nearest(name, SLOTS.iter().map(|(known, _)| *known).chain(["base"]));
        return Err(format!("a theme has no part called {name}; did you mean {near}?"));
    };
    theme.set(*slot, written).map_err(|word| match word.as_str() {
        "" => format!("{name}: a colour is missing after 'on'"),
        _ => format!(
            "{name}: '{word}' is neither a colour nor an attribute; did you mean {}? (or 0 to 255, or #rrggbb)",
            nearest(&word, look_words())
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let faults: Vec<String> = file(text).1.iter().map(ToString::to_string).collect();
        assert_eq!(faults, expected, "{text}");
    }

    #[test]
    fn mistakes_are_reported_with_their_line_and_the_nearest_name() {
        check("base = \"dark\"\nperson = \"bold #f29ad6 on 236\"\n", &[]);
        check("base = \"drak\"", &["line 1: there is no built-in theme called drak; did you mean dark?"]);
        check("\npersom = \"red\"", &["line 2: a theme has no part called persom; did you mean person?"]);
        check(
            "person = \"rde\"",
            &[
                "line 1: person: 'rde' is neither a colour nor an attribute; did you mean red? (or 0 to 255, or #rrggbb)",
            ],
        );
        check("person = 7", &["line 1: person must be a text, such as \"bold red on 236\""]);
        check("person = \"red on\"", &["line 1: person: a colour is missing after 'on'"]);
    }
}
