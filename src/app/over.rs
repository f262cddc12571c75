//! What is shown over the panes and receives the keys.

use super::help::Help;
use super::history::RuleDoes;
use super::labels::Labels;
use super::line::Line;
use super::message::OnBoard;
use super::picker::Picker;
use super::place::Place;
use super::sheet::{Sheet, Typing};
use crate::article::ArticleId;
use crate::listing::board::ItemId;
use crate::outlet::Form;
use crate::query::Query;

/// What is shown over the panes: at most one thing at a time.
#[derive(Clone, Debug, Default)]
pub enum Over {
    #[default]
    Nothing,
    Prompt(Prompt),
    Picker(Picker),
    Sheet(Sheet),
    /// Every key that works here, filtered as text is typed.
    Help(Help),
    /// Labels on names and links.
    Labels(Labels),
}

/// A line that is typed in place of the status line.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub purpose: PromptPurpose,
    pub line: Line,
    /// Hints about parts of the text that were not understood as intended, with their positions.
    pub hint: Option<String>,
    /// Completions of the word being typed, the best first.
    pub offers: Vec<Offer>,
    /// The completion that has been inserted, by its index.
    pub chosen: Option<usize>,
    /// Where the word being typed begins, in bytes.
    pub word: usize,
    /// Whether anything has been typed or recalled since the prompt was opened.
    pub edited: bool,
    /// The earlier search that was recalled: its index, and the text that had been typed before.
    pub recalled: Option<(usize, String)>,
}

/// One completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub label: String,
    /// How many articles would remain with it; `None` if that is not known.
    pub count: Option<u64>,
    /// The text that replaces the word.
    pub text: String,
}

/// What is typed in the prompt of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A search, which the next one replaces.
    Search,
    /// Conditions, which stay until they are dropped.
    Conditions,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PromptPurpose {
    /// The filter is `base` and what is typed, as soon as anything is; the prompt was opened at `from`, which is shown
    /// again if it is cancelled.
    Search {
        base: Query,
        from: Box<Place>,
        typed: Typed,
    },
    Tag(Vec<ArticleId>),
    /// The address of a source to be added.
    AddSource,
    /// The name under which this query is to be saved.
    SaveSearch(Query),
    /// A new name for the saved search of this name.
    RenameSearch(String),
    /// What the names of a view begin with, and what that was before.
    Narrow {
        before: String,
    },
    /// What is wanted of the source of this name. The last is its address, or its name where that is not known: the name
    /// may change meanwhile.
    Source(SourceAsk, String, String),
    /// The name of the board on which these are put.
    Board(Vec<OnBoard>),
    /// The note on this item of the board of this name.
    Note(String, ItemId),
    /// A new name for the board of this name.
    RenameBoard(String),
    /// The command to which this article is given, and in which form.
    Pipe(ArticleId, Form),
    /// The file to which this article is saved.
    Save(ArticleId),
    /// Whether to replace this file by this article.
    Replace(ArticleId, String),
    /// The tag that a rule with this query gives.
    RuleTag(String),
    /// The name of a rule with this query, and what it does.
    Rule(String, RuleDoes),
    /// Whether to quit: a single letter answers.
    Quit,
}

/// What a prompt asks about a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceAsk {
    Name,
    Tags,
    Every,
    Keep,
    /// Whether to stop following it.
    Remove,
}

impl Prompt {
    pub fn is_search(&self) -> bool {
        matches!(self.purpose, PromptPurpose::Search { .. })
    }

    /// The label before the line, which says what it is for.
    pub fn sign(&self) -> &'static str {
        match self.purpose {
            PromptPurpose::Search { .. } => "/",
            PromptPurpose::Tag(_) => "tag: ",
            PromptPurpose::Board(_) => "board: ",
            PromptPurpose::Note(..) => "note: ",
            PromptPurpose::RenameBoard(_) => "new name: ",
            PromptPurpose::AddSource => "add: ",
            PromptPurpose::SaveSearch(_) => "save as @",
            PromptPurpose::RenameSearch(_) => "new name: @",
            PromptPurpose::Narrow { .. } => "names /",
            PromptPurpose::Source(SourceAsk::Name, ..) => "new name: ",
            PromptPurpose::Source(SourceAsk::Tags, ..) => "tags: ",
            PromptPurpose::Source(SourceAsk::Every, ..) => "every: ",
            PromptPurpose::Source(SourceAsk::Keep, ..) => "keep: ",
            PromptPurpose::Source(SourceAsk::Remove, ..) => "remove? ",
            PromptPurpose::Pipe(_, Form::Text) => "pipe text | ",
            PromptPurpose::Pipe(_, Form::Markdown) => "pipe markdown | ",
            PromptPurpose::Pipe(_, Form::Html) => "pipe html | ",
            PromptPurpose::Pipe(_, Form::Json) => "pipe json | ",
            PromptPurpose::Save(_) => "save to: ",
            PromptPurpose::Replace(..) => "replace? ",
            PromptPurpose::RuleTag(_) => "tag them: #",
            PromptPurpose::Rule(..) => "name of the rule: ",
            PromptPurpose::Quit => "quit? ",
        }
    }

    pub fn new(purpose: PromptPurpose, text: &str) -> Prompt {
        Prompt {
            purpose,
            line: Line::new(text),
            hint: None,
            offers: Vec::new(),
            chosen: None,
            word: 0,
            edited: false,
            recalled: None,
        }
    }
}

impl Over {
    /// The line that is being typed, if there is one.
    pub fn line(&mut self) -> Option<&mut Line> {
        match self {
            Over::Prompt(prompt) => Some(&mut prompt.line),
            Over::Picker(picker) => Some(&mut picker.line),
            Over::Help(help) => Some(&mut help.line),
            Over::Sheet(sheet) if sheet.typing == Typing::Yes => Some(&mut sheet.narrow),
            _ => None,
        }
    }
}
