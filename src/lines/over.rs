//! Reports what covers the panes: prompts, choices with their numbers, help and warnings.

use super::{PAGE, Teller};
use crate::app::App;
use crate::app::help::{Entry, Help};
use crate::app::over::{Over, Prompt, PromptPurpose, SourceAsk};
use crate::app::picker::{Choice, Chosen, Picker};
use crate::app::sheet::{Sheet, SheetLine, Subject};
use crate::text::fold::fold;

/// Explains what can be typed other than keys.
const HELP: [&str; 6] = [
    "Each line is an action, by its keys or its name, followed by its argument:",
    "f p blinken; filter-person blinken; t climate; /grain export; s 3 stars the third article; 20G; 3o.",
    "A number opens that article of the list. Enter alone continues: down the list, or to the next article.",
    "In a search, a Tab at the end of the line lists completions. ? and a word lists only the lines with it.",
    "At a question for a number or words, Enter alone cancels. Q or the end of the input ends the reader.",
    "Names and quotes are listed below each article; e and ] step through them.",
];

/// Which choices match the typed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// Exactly one choice is meant; its index, from 0.
    One(usize),
    Several,
    None,
}

/// The choice that is meant by the typed words: the only one that matches, or the one with exactly this name.
pub fn fits(picker: &Picker) -> Fits {
    if picker.is_meant() {
        return Fits::One(0);
    }
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
            Over::Sheet(sheet) => tell_sheet(app, sheet),
            Over::Help(help) => self.tell_help(help),
            Over::Labels(_) => vec![
                "Names, quotes and links are listed below each article; e and ] step through them."
                    .to_owned(),
            ],
            Over::Prompt(prompt) => tell_prompt(prompt),
            Over::Nothing => Vec::new(),
        }
    }

    fn tell_picker(&self, picker: &Picker) -> Vec<String> {
        let fitting = picker.fitting();
        if fitting.is_empty() {
            return vec!["Nothing matches.".to_owned()];
        }
        let top = picker.scroll().at / PAGE * PAGE;
        let mut lines: Vec<String> = (top + 1..)
            .zip(fitting.iter().skip(top).take(PAGE))
            .map(|(number, choice)| format!("{number}. {}", self.choice_in_words(choice)))
            .collect();
        let left = fitting.len().saturating_sub(top + PAGE);
        if left > 0 {
            lines.push(format!("{left} more: PgDn lists them, words narrow them."));
        }
        lines
    }

    fn choice_in_words(&self, choice: &Choice) -> String {
        let note = match (&choice.value, choice.count) {
            _ if choice.obstacle.is_some() => {
                format!(" ({})", choice.obstacle.as_deref().unwrap_or_default())
            }
            (Chosen::Action(action), _) => format!(": {}", self.keys(*action)),
            (_, Some(count)) => format!(", {}", crate::app::view::articles(count)),
            (_, None) => String::new(),
        };
        // Links already have their number in the label.
        let label = match &choice.value {
            Chosen::Link(_) => choice.label.split_once(' ').map_or(&*choice.label, |(_, link)| link),
            _ => &choice.label,
        };
        format!("{label}{note}")
    }

    fn tell_help(&self, help: &Help) -> Vec<String> {
        if help.entries().is_empty() {
            return vec!["No line contains that.".to_owned()];
        }
        let all = help.line.text().is_empty();
        let mut report: Vec<String> = HELP.iter().filter(|_| all).map(|line| (*line).to_owned()).collect();
        report.extend(help.entries().iter().filter_map(|entry| match entry {
            Entry::Heading(title) => Some(format!("{title}:")),
            Entry::Action(action) => Some(format!("{}: {}.", self.keys(*action), action.info().help)),
            Entry::Field(field, what) => Some(format!("{field} {what}.")),
            Entry::Macro(at) => Some(format!("{}: {}.", help.of_macro(*at).0, help.of_macro(*at).1)),
            // Lines have words for these.
            Entry::Mark(..) => None,
        }));
        report.pop_if(|last| last.starts_with("Marks in the list"));
        report
    }
}

fn tell_sheet(app: &App, sheet: &Sheet) -> Vec<String> {
    let lines = sheet.lines(app.warnings());
    if lines.is_empty() {
        return vec![match &sheet.subject {
            Subject::Warnings if sheet.narrow.text().is_empty() => "There are no warnings.".to_owned(),
            _ => "No line contains that.".to_owned(),
        }];
    }
    let tell = |line: &SheetLine<'_>| match line {
        SheetLine::Warning(warning) => warning.to_string(),
        SheetLine::Told(told) => told.text.trim_start().to_owned(),
        SheetLine::Text(text) if matches!(sheet.subject, Subject::Output { .. }) => (*text).to_owned(),
        SheetLine::Text(text) => format!("Address: {text}"),
    };
    lines.iter().map(tell).collect()
}

fn tell_prompt(prompt: &Prompt) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(prompt.hint.iter().map(|hint| format!("Note: {hint}")));
    lines.extend(match &prompt.purpose {
        PromptPurpose::SaveSearch(query) => Some(format!("The search to save: {query}")),
        PromptPurpose::AddSource => Some("Type the address of a feed, or of a site that has one.".to_owned()),
        PromptPurpose::Tag(_) => Some("Type a tag to add; with a - before it, it is removed.".to_owned()),
        PromptPurpose::Board(what) => Some(match what.len() {
            1 => "Type the name of a board; a new name makes one.".to_owned(),
            rows => format!("Type the name of a board for {rows} rows; a new name makes one."),
        }),
        PromptPurpose::Note(board, _) => {
            Some(format!("Type a note on this item of {board}; \\n begins another line."))
        }
        PromptPurpose::RenameBoard(name) => Some(format!("Type a new name for the board {name}.")),
        PromptPurpose::RenameSearch(name) => Some(format!("Type a new name for @{name}.")),
        PromptPurpose::Search { .. } => None,
        PromptPurpose::Narrow { .. } => {
            Some("Type how a name begins; the names that fit are listed.".to_owned())
        }
        PromptPurpose::Source(ask, name, _) => Some(match ask {
            SourceAsk::Name => format!("Type a new name for {name}."),
            SourceAsk::Tags => format!("Type tags for {name}; one with a - before it is removed."),
            SourceAsk::Every => format!("How often is {name} fetched? 30m, 2h, 1d or usual."),
            SourceAsk::Keep => format!("Which articles of {name} are kept? 26w, 500, 26w 500, always or usual."),
            SourceAsk::Remove => format!("Stop following {name}? Its articles stay. y removes it."),
        }),
        PromptPurpose::Pipe(_, form) => Some(format!(
            "Type a command, which gets the article as {}; markdown:, html: or json: before it chooses another form.",
            form.name()
        )),
        PromptPurpose::Save(_) => Some(format!("Type the file; proposed: {}", prompt.line.text())),
        PromptPurpose::Replace(_, path) => Some(format!("{path} is there already; y replaces it.")),
        PromptPurpose::RuleTag(_) => Some("Type the tag that the rule gives.".to_owned()),
        PromptPurpose::Rule(query, _) => Some(format!("Type a name for the rule for {query}")),
        PromptPurpose::Quit => Some("Enter quits, Esc stays".to_owned()),
    });
    lines.extend(prompt.offers.iter().map(|offer| match offer.count {
        Some(count) => format!("{}, {}", offer.text, crate::app::view::articles(count)),
        None => offer.text.clone(),
    }));
    lines
}
