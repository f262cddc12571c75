//! What lies over the panes and takes the keys.

use super::line::Line;
use super::picker::Picker;
use super::sheet::{Sheet, Typing};
use crate::article::ArticleId;
use crate::listing::Key;
use crate::query::Query;

/// At most one thing at a time.
#[derive(Clone, Debug, Default)]
pub enum Over {
    #[default]
    Nothing,
    Prompt(Prompt),
    Picker(Picker),
    Sheet(Sheet),
}

/// A line that is typed in the place of the status line.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub purpose: PromptPurpose,
    pub line: Line,
    /// What is not as meant in it, with the place where.
    pub hint: Option<String>,
    /// What would complete the word under way, best first.
    pub offers: Vec<Offer>,
    /// The offer that has been put in.
    pub chosen: Option<usize>,
    /// Where the word under way begins, in bytes.
    pub word: usize,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub label: String,
    /// Articles that it would leave; `None` where that is not known.
    pub count: Option<u64>,
    /// What is put in the place of the word.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptPurpose {
    /// The filter is `base` and what is typed; `before` and `selected` come back if it is dropped.
    Search {
        base: Query,
        before: Query,
        selected: Option<Key>,
    },
    Tag(ArticleId),
    /// The name under which this query is to be saved.
    SaveSearch(Query),
    /// Another name for the saved search of this one.
    RenameSearch(String),
}

impl Prompt {
    pub fn is_search(&self) -> bool {
        matches!(self.purpose, PromptPurpose::Search { .. })
    }

    /// What stands before the line: what it is for.
    pub fn sign(&self) -> &'static str {
        match self.purpose {
            PromptPurpose::Search { .. } => "/",
            PromptPurpose::Tag(_) => "tag: ",
            PromptPurpose::SaveSearch(_) => "save as @",
            PromptPurpose::RenameSearch(_) => "new name: @",
        }
    }

    pub fn new(purpose: PromptPurpose, text: &str) -> Prompt {
        Prompt { purpose, line: Line::new(text), hint: None, offers: Vec::new(), chosen: None, word: 0 }
    }
}

impl Over {
    /// The line that is typed, where one is.
    pub fn line(&mut self) -> Option<&mut Line> {
        match self {
            Over::Prompt(prompt) => Some(&mut prompt.line),
            Over::Picker(picker) => Some(&mut picker.line),
            Over::Sheet(sheet) if sheet.typing == Typing::Yes => Some(&mut sheet.narrow),
            _ => None,
        }
    }
}
