//! Changes the source under the cursor, or that of the article: its name, its tags, how often it is fetched, and so on.
//!
//! What is asked for here is done by the shell in the one way in which the command line does it, too.

use super::super::App;
use super::super::action::{Action, Context};
use super::super::history::Step;
use super::super::message::{Effect, SourceWish};
use super::super::over::{Over, Prompt, PromptPurpose, SourceAsk};
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::super::view::sources::{Followed, SourceRow};
use crate::listing::ChangeId;

impl App {
    /// Whether the keys go to the view of the sources.
    pub(super) fn is_in_sources(&self) -> bool {
        self.context() == Context::List && self.view.sources().is_some()
    }

    /// The source under the cursor of the view of the sources.
    pub(super) fn source_row(&self) -> Option<&SourceRow> {
        self.view.sources()?.source(self.view.scroll.at)
    }

    /// What is known of the source of this name, if the view of the sources is there.
    fn followed(&self, name: &str) -> Option<&Followed> {
        self.view.sources()?.called(name)?.followed.as_ref()
    }

    /// The source to change; says why there is none.
    fn source_to_change(&mut self) -> Option<String> {
        if let Some(why) = self.setup.closed {
            self.notice = Some(format!("sources cannot be changed here: {why}"));
            return None;
        }
        let name = self.source_here();
        if name.is_none() {
            let told = if self.is_in_sources() { "this is a folder" } else { "no source is selected" };
            self.notice = Some(format!("{told}; v s lists the sources"));
        }
        if let (Some(name), true) = (&name, self.is_in_sources())
            && self.followed(name).is_none()
        {
            self.notice = Some(format!("{name} is not fetched; there is nothing to change"));
            return None;
        }
        name
    }

    /// Opens a prompt for what is wanted of the source.
    pub(super) fn ask_of_source(&mut self, ask: SourceAsk) {
        let Some(name) = self.source_to_change() else { return };
        let followed = self.followed(&name);
        let text = match (ask, followed) {
            (SourceAsk::Name, _) => name.clone(),
            (SourceAsk::Every, Some(followed)) => followed.every.clone().unwrap_or_default(),
            (SourceAsk::Keep, Some(followed)) => followed.keep.clone().unwrap_or_default(),
            _ => String::new(),
        };
        let key = followed.map_or_else(|| name.clone(), |followed| followed.address.clone());
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Source(ask, name, key), &text));
    }

    /// The prompt was answered.
    pub(super) fn wish_of_source(&mut self, ask: SourceAsk, (name, source): (&str, String), typed: &str) {
        let typed = typed.trim().to_owned();
        let wish = match ask {
            SourceAsk::Name if typed.is_empty() || typed == name => return,
            SourceAsk::Name => SourceWish::Name(typed),
            SourceAsk::Tags if typed.is_empty() => return,
            SourceAsk::Tags => SourceWish::Tags(typed),
            SourceAsk::Every => SourceWish::Every(typed),
            SourceAsk::Keep => SourceWish::Keep(typed),
            SourceAsk::Remove => SourceWish::Remove,
        };
        self.change_source(source, wish);
    }

    /// Turns the full text on or off, or pauses the source or goes on with it.
    pub(super) fn toggle_source(&mut self, action: Action) {
        let Some(name) = self.source_to_change() else { return };
        let Some(followed) = self.followed(&name) else {
            self.notice = Some("this is switched in the list of the sources; v s lists them".to_owned());
            return;
        };
        let wish = match action {
            Action::SourcePause => SourceWish::Paused(!followed.paused),
            _ => SourceWish::FullText(!followed.full_text),
        };
        let source = followed.address.clone();
        self.change_source(source, wish);
    }

    fn change_source(&mut self, source: String, wish: SourceWish) {
        let change = self.history.name();
        self.effects.push(Effect::ChangeSource { change, source, wish });
    }

    /// Tells what became of a change of a source. One that changed nothing is no step to undo.
    pub(super) fn take_sourced(&mut self, change: ChangeId, made: Option<String>, line: String) {
        if let Some(words) = made {
            self.history.forget(change);
            self.history.add(Step::Source { change, words });
        }
        self.notice = Some(line);
        self.refresh();
    }

    /// A page offers several feeds: one is to be chosen.
    pub(super) fn offer_feeds(&mut self, page: &str, near: bool, feeds: Vec<(String, String)>) {
        let choice = |(title, address): (String, String)| {
            let label = if title.is_empty() { address.clone() } else { format!("{title} · {address}") };
            Choice::new(label, None, Chosen::Feed(page.to_owned(), near, address))
        };
        self.over = Over::Picker(Picker::new(Purpose::Feeds, feeds.into_iter().map(choice).collect()));
    }

    pub(super) fn add_offered(&mut self, page: &str, near: bool, address: &str) {
        let change = self.history.name();
        let (page, address) = (page.to_owned(), address.to_owned());
        self.effects.push(Effect::AddOffered { change, page, near, address });
    }

    /// Answers a question that a single letter answers. Returns whether there was one.
    pub(super) fn answers_yes(&mut self, typed: &str) -> bool {
        let asked = matches!(
            &self.over,
            Over::Prompt(Prompt {
                purpose: PromptPurpose::Source(SourceAsk::Remove, ..) | PromptPurpose::Replace(..),
                ..
            })
        );
        if !asked || typed.is_empty() {
            return false;
        }
        match typed {
            "y" | "Y" => self.finish(Action::Accept),
            _ => self.over = Over::Nothing,
        }
        true
    }
}
