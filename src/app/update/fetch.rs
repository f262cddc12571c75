//! Fetches sources and keeps the warnings about those that fail.

use super::super::App;
use super::super::action::Action;
use super::super::message::{Effect, Fetch};
use super::super::over::{Over, Prompt, PromptPurpose};
use crate::formats::Warning;

impl App {
    /// Fetches the source of this article, or all sources.
    pub(super) fn fetch(&mut self, action: Action) {
        if action == Action::FetchAll {
            self.effects.push(Effect::Fetch(Fetch::All));
            return;
        }
        match self.source_here() {
            Some(source) => self.effects.push(Effect::Fetch(Fetch::Source(source))),
            None if self.is_in_sources() => {
                self.notice = Some("this is a folder; R fetches all sources".to_owned());
            }
            None => self.notice = Some("no article is selected; R fetches all sources".to_owned()),
        }
    }

    pub(super) fn open_add_prompt(&mut self) {
        match self.setup.closed {
            Some(why) => self.notice = Some(format!("no source can be added: {why}")),
            None => self.over = Over::Prompt(Prompt::new(PromptPurpose::AddSource, "")),
        }
    }

    /// Adds the source at the address that was typed. Without a scheme it is taken for that of a site.
    pub(super) fn add_source(&mut self, typed: &str) {
        let typed = typed.trim();
        if typed.is_empty() {
            return;
        }
        let address = if is_bare(typed) { format!("https://{typed}") } else { typed.to_owned() };
        let change = self.history.name();
        self.effects.push(Effect::AddSource { change, address });
    }

    /// The source under the cursor, or that of the article that the action applies to.
    pub(super) fn source_here(&self) -> Option<String> {
        if self.is_in_sources() {
            return self.source_row().map(|row| row.name.clone());
        }
        let id = self.subject()?;
        let shown = self.reader.shown().filter(|shown| shown.stored.id == id);
        let shown = shown.map(|shown| shown.stored.article.source.clone());
        shown.or_else(|| self.list.row(id).map(|row| row.source.clone()))
    }

    /// Replaces the warnings about sources.
    pub(super) fn take_failing(&mut self, failing: Vec<Warning>) {
        let before = std::mem::replace(&mut self.failing, failing);
        self.warnings.retain(|warning| !before.contains(warning));
        self.warnings.extend(self.failing.iter().cloned());
    }
}

/// Whether this is an address without its scheme: a host with a dot, perhaps a port, and perhaps a path.
fn is_bare(typed: &str) -> bool {
    let host = typed.split(['/', '?', '#']).next().unwrap_or(typed);
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    host.contains('.') && !host.starts_with(['.', '~']) && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_no_scheme() {
        for typed in ["wire.example", "wire.example/rss.xml", "wire.example:8080/rss", "10.0.0.1:8080"] {
            assert!(is_bare(typed), "{typed}");
        }
        for typed in
            ["https://wire.example", "feed:https://wire.example", "/tmp/a.xml", "./a.xml", "~/a.xml", "wire"]
        {
            assert!(!is_bare(typed), "{typed}");
        }
    }
}
