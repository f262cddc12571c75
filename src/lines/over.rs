//! What is asked of the person, and what is told whole: choices with their numbers, help, warnings.

use super::{PAGE, Teller};
use crate::app::App;
use crate::app::over::{Over, Prompt, PromptPurpose};
use crate::app::picker::{Choice, Chosen, Picker};
use crate::app::sheet::{Sheet, SheetLine, Subject};
use crate::text::fold::fold;

/// What can be typed beside the keys.
const HELP: [&str; 6] = [
    "A line holds one action: its keys, or its name, and behind it what it is to be done with:",
    "f p blinken; filter-person blinken; t climate; /grain export; s 3 stars the third of the list; 20G; 3o.",
    "A number reads that article of the list. Enter alone goes on: down the list, to the next article.",
    "In a search, a Tab at the end of the line tells what would complete it. ? and a word tells only what holds it.",
    "Where a number or words are asked for, Enter alone leaves. Q or the end of the input ends the reader.",
    "Names and quotes are told below each article; e and ] go through them.",
];

/// What the typed words come to among the choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// This one is meant, counted from 0.
    One(usize),
    Several,
    None,
}

/// What is meant by what is typed in a picker: the only choice that fits, or the one that is called so.
pub fn fits(picker: &Picker) -> Fits {
    let typed = fold(picker.line.text().trim());
    let called = |choice: &Choice| {
        let code = matches!(&choice.value, Chosen::Facet(_, code) if fold(code) == typed);
        let name = matches!(&choice.value, Chosen::Action(action) if action.info().name == typed);
        code || name || fold(&choice.label) == typed
    };
    match picker.fitting() {
        [] => Fits::None,
        [_] => Fits::One(0),
        several => several.iter().position(called).map_or(Fits::Several, Fits::One),
    }
}

impl Teller {
    pub(super) fn tell_over(&self, app: &App, over: &Over) -> Vec<String> {
        match over {
            Over::Picker(picker) => self.tell_picker(picker),
            Over::Sheet(sheet) => self.tell_sheet(app, sheet),
            Over::Prompt(prompt) => tell_prompt(prompt),
            Over::Nothing => Vec::new(),
        }
    }

    fn tell_picker(&self, picker: &Picker) -> Vec<String> {
        let fitting = picker.fitting();
        if fitting.is_empty() {
            return vec!["Nothing fits.".to_owned()];
        }
        let top = picker.scroll().at / PAGE * PAGE;
        let mut lines: Vec<String> = (top + 1..)
            .zip(fitting.iter().skip(top).take(PAGE))
            .map(|(number, choice)| format!("{number}. {}", self.choice_in_words(choice)))
            .collect();
        let left = fitting.len().saturating_sub(top + PAGE);
        if left > 0 {
            lines.push(format!("{left} more: PgDn tells them, words narrow them."));
        }
        lines
    }

    fn choice_in_words(&self, choice: &Choice) -> String {
        let note = match (&choice.value, choice.count) {
            (Chosen::Action(action), _) => format!(": {}", self.keys(*action)),
            (_, Some(count)) => format!(", {}", crate::app::view::articles(count)),
            (_, None) => String::new(),
        };
        // Links have their number already.
        let label = match &choice.value {
            Chosen::Link(link) => link,
            _ => &choice.label,
        };
        format!("{label}{note}")
    }

    fn tell_sheet(&self, app: &App, sheet: &Sheet) -> Vec<String> {
        let lines = sheet.lines(app.warnings());
        let mut told: Vec<String> = match sheet.subject {
            Subject::Help(_) if sheet.narrow.text().is_empty() => {
                HELP.iter().map(|line| (*line).to_owned()).collect()
            }
            _ => Vec::new(),
        };
        if lines.is_empty() {
            told.push(match &sheet.subject {
                Subject::Warnings if sheet.narrow.text().is_empty() => "Everything could be read.".to_owned(),
                _ => "No line holds that.".to_owned(),
            });
        }
        told.extend(lines.iter().map(|line| match line {
            SheetLine::Heading(title) => format!("{title}:"),
            SheetLine::Action(action) => format!("{}: {}.", self.keys(*action), action.info().help),
            SheetLine::Warning(warning) => warning.to_string(),
            SheetLine::Text(text) => format!("Address: {text}"),
        }));
        told
    }
}

fn tell_prompt(prompt: &Prompt) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(prompt.hint.iter().map(|hint| format!("Note: {hint}")));
    lines.extend(match &prompt.purpose {
        PromptPurpose::SaveSearch(query) => Some(format!("The search to save: {query}")),
        PromptPurpose::Tag(_) => Some("A tag; with a - before it, it is taken away.".to_owned()),
        PromptPurpose::RenameSearch(name) => Some(format!("Another name for @{name}.")),
        PromptPurpose::Search { .. } => None,
    });
    lines.extend(prompt.offers.iter().map(|offer| match offer.count {
        Some(count) => format!("{}, {}", offer.text, crate::app::view::articles(count)),
        None => offer.text.clone(),
    }));
    lines
}
