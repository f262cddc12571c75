//! The keys of the help: letters filter it, and Enter performs what is selected.

use super::super::App;
use super::super::action::Action;
use super::super::help::{Entry, Help};
use super::super::over::Over;

impl App {
    /// Handles characters that mean something else in the help than in a line. Returns whether it was one.
    pub(super) fn take_help(&mut self, c: char) -> bool {
        let Over::Help(help) = &mut self.over else { return false };
        let fresh = help.line.text().is_empty();
        match c {
            '?' => self.over = Over::Nothing,
            // The line is being typed already.
            '/' if fresh => {}
            ' ' if fresh => help.move_page(1),
            _ => return false,
        }
        true
    }

    /// Handles Enter and Esc in the help.
    pub(super) fn finish_help(&mut self, mut help: Help, action: Action) {
        if action == Action::Cancel {
            if !help.line.text().is_empty() {
                help.line.end();
                help.line.delete_line();
                help.narrow();
                self.over = Over::Help(help);
            }
            return;
        }
        match (action, help.selected()) {
            (Action::Accept, Some(Entry::Action(chosen))) => self.perform_chosen(chosen),
            (Action::Accept, Some(Entry::Field(field, _))) => {
                self.open_search(Action::FilterSaid);
                let name = field.split(' ').next().unwrap_or(field);
                let text = if name.ends_with([':', '@']) { name } else { "" };
                self.edit(|line| {
                    line.delete_line();
                    line.paste(text);
                });
            }
            _ => self.over = Over::Help(help),
        }
    }
}
