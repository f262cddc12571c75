//! Gives articles to commands of the person's own, and saves them to files, each on a thread of its own.
//!
//! A command is a line for the shell, which only the person types; what an article says goes to its standard input and never
//! into the line.

use super::worker::Mailbox;
use crate::app::Message;
use crate::article::ArticleId;
use crate::capacity::Capacity;
use crate::fault::reason;
use crate::library::Library;
use crate::outlet::{Form, written};
use crate::wire::command;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// How many bytes of the output of a command are shown.
const SHOWN: u64 = 4 << 20;
/// How long a command may run without the terminal.
const LONGEST: Duration = Duration::from_secs(120);
/// The most lines of its output that are kept.
const LINES: usize = 20_000;
/// The most paths that are offered.
const OFFERED: usize = 12;

/// What gives articles away.
#[derive(Clone)]
pub struct Outlet {
    pub library: Library,
    pub capacity: Capacity,
    pub mailbox: Mailbox,
}

impl Outlet {
    /// Gives an article to a command and posts what it printed. With `whole`, posts the article, so that the command can be
    /// run on the terminal.
    pub fn pipe(&self, id: ArticleId, form: Form, line: String, whole: bool) {
        let own = self.clone();
        thread::spawn(move || {
            let message = match own.article(id, form) {
                Err(told) => Message::Told(told),
                Ok(input) if whole => Message::Ready { command: line, input },
                Ok(input) => {
                    let ran =
                        command::fed(&own.capacity, &shell(&line), input.into_bytes(), (SHOWN, LONGEST));
                    printed(line, ran)
                }
            };
            own.mailbox.post(message);
        });
    }

    fn article(&self, id: ArticleId, form: Form) -> Result<String, String> {
        match self.library.load(id) {
            Ok(Some(stored)) => Ok(written(form, id, &stored.article, &stored.analysis)),
            Ok(None) => Err("this article is no longer in the library".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Saves an article to a file, unless it is there and must not be replaced.
    pub fn save(&self, id: ArticleId, path: String, replace: bool) {
        let own = self.clone();
        thread::spawn(move || {
            let message = own
                .saved(id, &path, replace)
                .unwrap_or_else(|why| Message::Told(format!("could not save the article to {path}: {why}")));
            own.mailbox.post(message);
        });
    }

    fn saved(&self, id: ArticleId, typed: &str, replace: bool) -> Result<Message, String> {
        let path = expanded(typed);
        let found = std::fs::metadata(&path);
        if found.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
            return Err("it is a folder; type the name of a file in it".to_owned());
        }
        if found.is_ok() && !replace {
            return Ok(Message::Exists { id, path: typed.to_owned() });
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let form = Form::find(ending).unwrap_or_default();
        let text = self.article(id, form)?;
        let file = self.capacity.shareable(&path).map_err(|refused| refused.to_string())?;
        file.replace(text.as_bytes()).map_err(|error| reason(&error))?;
        Ok(Message::Told(format!("saved as {} to {typed}", form.name())))
    }

    /// Posts the paths that begin with what was typed.
    pub fn list_paths(&self, typed: String) {
        let mailbox = self.mailbox.clone();
        thread::spawn(move || {
            let paths = paths(&typed);
            mailbox.post(Message::Paths { typed, paths });
        });
    }
}

/// The command for a line that a person typed.
pub fn shell(line: &str) -> Vec<String> {
    ["sh", "-c", line].map(str::to_owned).to_vec()
}

fn printed(command: String, ran: Result<Vec<u8>, String>) -> Message {
    match ran {
        Err(why) => Message::Told(format!("could not run '{command}': {why}")),
        Ok(bytes) => {
            let lines: Vec<String> = plain(&String::from_utf8_lossy(&bytes)).take(LINES).collect();
            match lines.iter().all(|line| line.trim().is_empty()) {
                true => Message::Told(format!("'{command}' is done; it printed nothing")),
                false => Message::Printed { command, lines },
            }
        }
    }
}

/// The lines of what a command printed, without what steers a terminal.
fn plain(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| {
        let mut out = String::new();
        let mut rest = line.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                // A sequence of colours and the like ends with a letter or a sign.
                '\u{1b}' if rest.peek() == Some(&'[') => {
                    rest.next();
                    while rest.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
                }
                '\t' => out.push_str(&" ".repeat(8 - out.chars().count() % 8)),
                c if c.is_control() => {}
                c => out.push(c),
            }
        }
        crate::text::harmless::harmless(&out).into_owned()
    })
}

/// A path as it is typed: `~/` is the home of the person.
pub fn expanded(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(typed),
    }
}

/// The paths that begin so, folders with a `/` at their end.
fn paths(typed: &str) -> Vec<String> {
    let (folder, begun) = typed.rsplit_once('/').map_or(("", typed), |(folder, begun)| (folder, begun));
    let shown = if typed.contains('/') { format!("{folder}/") } else { String::new() };
    let place = match shown.as_str() {
        "" => PathBuf::from("."),
        shown => expanded(shown),
    };
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    let mut paths: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_owned();
            let fits = name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
            let is_folder = entry.path().is_dir();
            let clean = !name.chars().any(char::is_control);
            (fits && clean).then(|| format!("{shown}{name}{}", if is_folder { "/" } else { "" }))
        })
        .collect();
    paths.sort();
    paths.truncate(OFFERED);
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_prints_steers_no_terminal() {
        let lines: Vec<String> = plain("\u{1b}[31mred\u{1b}[0m\tx\n\u{7}bell \u{202e}back").collect();
        assert_eq!(lines[0], "red     x");
        assert!(!lines[1].contains(['\u{7}', '\u{202e}']), "{lines:?}");
    }

    #[test]
    fn paths_are_completed_folder_by_folder() {
        let folder = tempfile::TempDir::new().expect("a folder");
        for name in ["news", "notes"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        std::fs::write(folder.path().join("new.md"), "").expect("a file");
        std::fs::write(folder.path().join(".new"), "").expect("a file");
        let base = folder.path().to_str().expect("a path").to_owned();
        assert_eq!(paths(&format!("{base}/new")), [format!("{base}/new.md"), format!("{base}/news/")]);
        assert_eq!(paths(&format!("{base}/nowhere/")), [""; 0]);
    }
}
