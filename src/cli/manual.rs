//! The manual page: the options, the keys, the query language, the settings, then a section for each command. Everything
//! comes from the tables that the program itself uses.

use super::args::Cli;
use super::settings;
use crate::app::action::{ACTIONS, Group};
use crate::query::guide::{DATES, ORDERS, TERMS};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::io;

/// The page, in roff.
pub fn page() -> io::Result<Vec<u8>> {
    let mut roff = Vec::new();
    let mut command = Cli::command();
    command.build();
    let man = Man::new(command.clone());
    man.render_title(&mut roff)?;
    man.render_name_section(&mut roff)?;
    man.render_synopsis_section(&mut roff)?;
    man.render_description_section(&mut roff)?;
    roff.extend_from_slice(text(START).as_bytes());
    man.render_options_section(&mut roff)?;
    roff.extend_from_slice(keys().as_bytes());
    roff.extend_from_slice(queries().as_bytes());
    roff.extend_from_slice(settings::manual_section().as_bytes());
    for sub in command.get_subcommands() {
        section("DATELINE", sub, &mut roff)?;
    }
    roff.extend_from_slice(format!(".SH \"EXIT STATUS\"\n{}", text(STATUS)).as_bytes());
    man.render_version_section(&mut roff)?;
    Ok(roff)
}

const START: &str = "Without a command the reader opens: on the paths given, otherwise on the library, or on a sample edition \
    while the library is empty. In the reader, ? lists all keys.";

const STATUS: &str = "0: success. 1: failure. 2: wrong usage, for example a query with a mistake in a command that changes \
    articles or writes a file.";

/// The sections of a command and of its own commands. The options that every command has are left out.
fn section(above: &str, command: &Command, roff: &mut Vec<u8>) -> io::Result<()> {
    if command.get_name() == "help" {
        return Ok(());
    }
    let name = format!("{above} {}", command.get_name().to_uppercase());
    let everywhere =
        |arg: &clap::Arg| arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
    let own = command.clone().mut_args(|arg| if everywhere(&arg) { arg.hide(true) } else { arg });
    let page = Man::new(own.clone());
    roff.extend_from_slice(format!(".SH \"{name}\"\n").as_bytes());
    let mut described = Vec::new();
    page.render_description_section(&mut described)?;
    page.render_options_section(&mut described)?;
    // They are parts of this section.
    let described = String::from_utf8_lossy(&described).into_owned();
    for line in described.lines().filter(|line| !line.starts_with(".SH ")) {
        roff.extend_from_slice(line.as_bytes());
        roff.push(b'\n');
    }
    own.get_subcommands().try_for_each(|sub| section(&name, sub, roff))
}

/// The keys of the reader, by group.
fn keys() -> String {
    let mut roff = String::from(".SH KEYS\n");
    roff.push_str(&text(
        "A key can be bound to another action in the config file, under the name in parentheses.",
    ));
    for group in Group::ALL {
        roff.push_str(&format!(".SS \"{}\"\n", group.title()));
        for info in ACTIONS.iter().filter(|info| info.group == group) {
            let keys = if info.keys.is_empty() { "no key".to_owned() } else { info.keys.join(", ") };
            roff.push_str(&entry(&keys, &format!("{} ({})", info.help, info.name)));
        }
    }
    roff
}

/// The query language.
fn queries() -> String {
    let mut roff = String::from(".SH QUERIES\n");
    roff.push_str(&text(
        "One language serves the reader, saved searches and the commands. Terms with a space between them must all match. \
         OR or | between two terms means that either may match; - or NOT before a term means that it must not match; \
         parentheses group terms; a,b within one field means either. Names with spaces are quoted. A condition that cannot \
         be read matches nothing, and a hint says what was meant.",
    ));
    for (title, rows) in [("Terms", TERMS), ("Order", ORDERS), ("Dates", DATES)] {
        roff.push_str(&format!(".SS {title}\n"));
        for (term, meaning) in rows {
            roff.push_str(&entry(&term.replace('`', ""), &meaning.replace('`', "")));
        }
    }
    roff
}

fn entry(term: &str, meaning: &str) -> String {
    format!(".TP\n\\fB{}\\fR\n{}", settings::escaped(term), text(meaning))
}

/// A line of text. roff would take a full stop at its start for a command.
fn text(line: &str) -> String {
    format!("\\&{}\n", settings::escaped(line))
}
