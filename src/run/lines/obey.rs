//! Performs a typed line: it answers an open question, or performs an action with the words that follow it.

use super::Lines;
use crate::app::facets::FacetLine;
use crate::app::over::Over;
use crate::app::picker::{Chosen, Purpose};
use crate::app::view::ViewKind;
use crate::app::{Action, Context, Message};
use crate::lines::{self, Call, Fits, PAGE, call, fits};
use crate::terminal::TerminalError;

impl Lines<'_> {
    pub(super) fn obey(&mut self, line: &str) -> Result<(), TerminalError> {
        match self.session.app.over() {
            Over::Prompt(_) => self.answer_prompt(line.trim_matches(['\r', '\n', ' '])),
            Over::Picker(_) => self.answer_picker(line.trim_matches(['\r', '\n', ' '])),
            _ => self.obey_keys(line),
        }
    }

    fn obey_keys(&mut self, line: &str) -> Result<(), TerminalError> {
        let context = self.session.app.context();
        match call(&self.teller.keymap, context, line) {
            Call::Empty => {
                let next = if context == Context::Reader { Action::ArticleNext } else { Action::PageDown };
                self.act(next, None)?;
                self.tell(Some(next))
            }
            Call::Number(number) => self.go_to(number),
            Call::Act { action, count, rest } => self.do_with(action, count, rest),
            Call::Elsewhere(action) => Ok(self.paper.line(&lines::elsewhere(action))?),
            Call::Unknown(near) => {
                let word = line.split_whitespace().next().unwrap_or_default();
                let meant = near.map(|near| format!(" Did you mean '{near}'?")).unwrap_or_default();
                Ok(self.paper.line(&format!("'{word}' is not a command.{meant} Type ? to list all."))?)
            }
        }
    }

    /// Performs an action with the words that follow it: the number of an article, or the text that it asks for.
    fn do_with(&mut self, action: Action, count: Option<u32>, rest: &str) -> Result<(), TerminalError> {
        // `:17` is what vi's users type for the line of that number.
        if let (Action::Palette, Ok(number)) = (action, rest.parse()) {
            return self.go_to(number);
        }
        let (number, words) = subject(action, rest);
        if let Some(number) = number
            && !self.select(number)?
        {
            return Ok(());
        }
        self.act(action, count)?;
        match (words.is_empty(), self.session.app.over()) {
            (false, Over::Prompt(_)) => return self.answer_prompt(words),
            (false, Over::Picker(_)) => return self.answer_picker(words),
            (false, Over::Help(_)) => self.type_in(words)?,
            _ => {}
        }
        self.tell(Some(action))
    }

    /// Opens the entry with this number: an article, or a name.
    fn go_to(&mut self, number: u64) -> Result<(), TerminalError> {
        let app = &self.session.app;
        if app.context() == Context::Facets {
            return self.go_to_name(number);
        }
        if app.context() == Context::List && !app.view().is_articles() {
            if number == 0 || number > app.view().len() as u64 {
                return Ok(self.paper.line(&format!("There is no entry {number} here."))?);
            }
            self.act(Action::Bottom, u32::try_from(number).ok())?;
        } else if !self.select(number)? {
            return Ok(());
        }
        self.act(Action::Open, None)?;
        self.tell(Some(Action::Open))
    }

    /// Goes to the name with this number among the printed ones.
    fn go_to_name(&mut self, number: u64) -> Result<(), TerminalError> {
        let facets = self.session.app.facets();
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let there = at.and_then(|at| facets.visible(PAGE + 1).get(at));
        let (Some(at), Some(FacetLine::Name(..) | FacetLine::More(..))) = (at, there) else {
            return Ok(self.paper.line(&format!("There is no name {number} here."))?);
        };
        let by = u32::try_from(at.abs_diff(facets.cursor())).unwrap_or(0);
        let way = if at < facets.cursor() { Action::Up } else { Action::Down };
        if by == 0 {
            return self.tell(Some(Action::Redraw));
        }
        self.act(way, Some(by))?;
        self.tell(Some(way))
    }

    /// Selects the article with this number in the list. Returns whether there is one.
    fn select(&mut self, number: u64) -> Result<bool, TerminalError> {
        let told = self.teller.numbered(number);
        match told {
            Some(key) => self.update(Message::Select(key))?,
            None => {
                self.act(Action::View(ViewKind::Articles), None)?;
                self.act(Action::Bottom, u32::try_from(number.max(1)).ok())?;
            }
        }
        self.settle()?;
        let list = self.session.app.list();
        let found = match told {
            Some(key) => list.selected().is_some_and(|row| row.key.id == key.id),
            None => list.position() == number && number > 0,
        };
        if !found {
            self.paper.line(&format!("There is no article {number} in the list."))?;
        }
        Ok(found)
    }

    pub(super) fn act(&mut self, action: Action, count: Option<u32>) -> Result<(), TerminalError> {
        self.update(Message::Act { action, count })?;
        self.settle()
    }

    /// Replaces the text typed so far with `words`.
    fn type_in(&mut self, words: &str) -> Result<(), TerminalError> {
        self.act(Action::CursorEnd, None)?;
        self.act(Action::DeleteLine, None)?;
        self.update(Message::Pasted(words.to_owned()))?;
        self.settle()
    }

    /// Answers a prompt with a line. A line that ends in a tab is completed instead.
    fn answer_prompt(&mut self, line: &str) -> Result<(), TerminalError> {
        if is_leaving(line) {
            self.act(Action::Cancel, None)?;
            return self.tell(Some(Action::Cancel));
        }
        if let Some(unfinished) = line.strip_suffix('\t') {
            self.type_in(unfinished)?;
            return self.tell(None);
        }
        let search = matches!(self.session.app.over(), Over::Prompt(prompt) if prompt.is_search());
        self.type_in(line)?;
        let hint = match self.session.app.over() {
            Over::Prompt(prompt) => prompt.hint.clone(),
            _ => None,
        };
        self.act(Action::Accept, None)?;
        if let Some(hint) = hint {
            self.paper.line(&format!("Note: {hint}"))?;
        }
        self.tell(Some(if search { Action::Search } else { Action::Accept }))
    }

    /// Answers a list of choices with a line: a number, words that narrow the list, or one of the keys for choices.
    fn answer_picker(&mut self, line: &str) -> Result<(), TerminalError> {
        if is_leaving(line) {
            self.act(Action::Cancel, None)?;
            return self.tell(Some(Action::Cancel));
        }
        let choices = match self.session.app.over() {
            Over::Picker(picker) => picker.fitting().len(),
            _ => 0,
        };
        // A larger number is a year or a part of a name.
        if let Some(number) = line.parse::<usize>().ok().filter(|number| *number <= choices) {
            return self.choose(number, Action::Accept);
        }
        match call(&self.teller.keymap, Context::Picker, line) {
            Call::Act { action: action @ (Action::ChoiceExclude | Action::ChoiceOnly), rest, .. } => {
                match rest.parse() {
                    Ok(number) => self.choose(number, action),
                    Err(_) => Ok(self.paper.line("Add the number of the choice after the command.")?),
                }
            }
            Call::Act { action: Action::ChoicePageDown | Action::ChoiceDown, .. } => {
                self.move_choice(PAGE, Action::ChoiceDown)
            }
            Call::Act { action: Action::ChoicePageUp | Action::ChoiceUp, .. } => {
                self.move_choice(PAGE, Action::ChoiceUp)
            }
            _ => {
                self.type_in(line)?;
                let Over::Picker(picker) = self.session.app.over() else { return self.tell(None) };
                match fits(picker) {
                    Fits::One(at) => self.choose(at + 1, Action::Accept),
                    Fits::Several | Fits::None => self.tell(None),
                }
            }
        }
    }

    fn move_choice(&mut self, by: usize, action: Action) -> Result<(), TerminalError> {
        for _ in 0..by {
            self.act(action, None)?;
        }
        self.tell(None)
    }

    /// Takes the choice with this number, counted from 1.
    fn choose(&mut self, number: usize, how: Action) -> Result<(), TerminalError> {
        let Over::Picker(picker) = self.session.app.over() else { return Ok(()) };
        let (at, count) = (picker.scroll().at, picker.fitting().len());
        let Some(wanted) = number.checked_sub(1).filter(|wanted| *wanted < count) else {
            return Ok(self.paper.line(&format!("There is no choice {number}."))?);
        };
        // The action that was chosen in the palette is the one that is performed.
        let chosen = picker.fitting().get(wanted).map(|choice| choice.value.clone());
        let done = match (picker.purpose, chosen) {
            (Purpose::Palette(_), Some(Chosen::Action(action))) => action,
            _ => how,
        };
        let (steps, step) = match wanted >= at {
            true => (wanted - at, Action::ChoiceDown),
            false => (at - wanted, Action::ChoiceUp),
        };
        for _ in 0..steps {
            self.update(Message::Act { action: step, count: None })?;
        }
        self.act(how, None)?;
        self.tell(Some(done))
    }
}

/// Returns whether a line cancels the open question.
fn is_leaving(line: &str) -> bool {
    matches!(line, "" | "\u{1b}" | "Esc" | "C-g")
}

/// Splits the words after an action into the number of the article to use, if any, and the remaining words.
fn subject(action: Action, rest: &str) -> (Option<u64>, &str) {
    use Action as A;
    let (first, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let number = first.parse().ok();
    match action {
        // A tag may be a number.
        A::Tag | A::AddToBoard if words.is_empty() => (None, rest),
        A::Tag | A::AddToBoard if number.is_some() => (number, words.trim()),
        A::MarkRead
        | A::Star
        | A::FullText
        | A::Download
        | A::CopyLink
        | A::CopyTitle
        | A::CopyAddress
        | A::OpenLink
        | A::Links
        | A::FetchSource
        | A::Open
            if number.is_some() =>
        {
            (number, words)
        }
        _ => (None, rest),
    }
}
