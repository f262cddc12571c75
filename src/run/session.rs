//! What both readers share, the full screen and the lines: the state, and what performs its effects but for
//! those that only whoever owns the terminal can.

use super::fetching::Fetches;
use super::last;
use super::log::{Level, Log};
use super::opener::Opener;
use super::worker::{Change, Naming, Workers};
use crate::app::{App, Effect, Fetching, Lane, Message, Outcome, Ticket};
use crate::capacity::{Capacity, Writable};
use crate::formats::Warning;
use chrono::{Local, NaiveDate};
use std::collections::HashSet;
use std::time::Instant;

const NO_SOURCES: &str = "nothing to fetch here: 'dateline add URL' adds a source to your library";

/// The state of the reader with its workers.
pub struct Session {
    pub app: App,
    pub capacity: Capacity,
    pub log: Log,
    pub opener: Opener,
    pub card: Option<Writable>,
    pub workers: Workers,
    /// What fetches, where there is something to fetch.
    pub fetches: Option<Fetches>,
    /// Where names are kept that the person puts right, if they are.
    pub names: Option<Writable>,
    /// The config file, in which searches are saved, if it may be changed.
    pub searches: Option<Writable>,
    pub today: NaiveDate,
    /// What the core wants to be woken for, and when.
    pub wake: Option<(Ticket, Instant)>,
    /// Questions and changes without an answer; but for the unread counts, which nobody waits for.
    pub open: HashSet<Ticket>,
    /// Corrections of names that have not been told of.
    pub namings: usize,
}

/// What there is to tell the core of at the start.
pub struct Beginning {
    pub effects: Vec<Effect>,
    pub faults: Vec<Warning>,
    /// Articles are being taken in.
    pub loading: bool,
}

impl Session {
    /// Whether everything that was asked for is there, but for what is reckoned or fetched behind.
    pub fn is_quiet(&self) -> bool {
        self.open.is_empty() && self.namings == 0 && self.wake.is_none()
    }

    /// Hands a message to the core and performs what it asks for; gives what is left for the terminal.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        self.keep_in_log(&message);
        match &message {
            Message::Done(ticket, _) => _ = self.open.remove(ticket),
            Message::Told(_) => self.namings = self.namings.saturating_sub(1),
            _ => {}
        }
        let effects = self.app.update(message);
        self.perform(effects)
    }

    /// Tells the core of the day and of its time to wake, where these have come; `None` where they have not.
    pub fn take_time(&mut self) -> Option<Vec<Effect>> {
        let mut left = None;
        let today = Local::now().date_naive();
        if today != self.today {
            self.today = today;
            left = Some(self.update(Message::Day(today)));
        }
        if let Some((ticket, at)) = self.wake
            && at <= Instant::now()
        {
            self.wake = None;
            left.get_or_insert_default().extend(self.update(Message::Woken(ticket)));
        }
        left
    }

    /// Performs effects in their order; gives those that are left for the terminal.
    pub fn perform(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        effects.into_iter().flat_map(|effect| self.perform_one(effect)).collect()
    }

    fn keep_in_log(&self, message: &Message) {
        match message {
            Message::Told(line) => self.log.line(Level::Info, line),
            Message::Done(_, Outcome::Failed(error)) => self.log.line(Level::Error, error),
            Message::Warned(warnings) => {
                warnings.iter().for_each(|warning| self.log.line(Level::Warn, &warning.to_string()));
            }
            _ => {}
        }
    }

    fn tell(&mut self, line: &str) -> Vec<Effect> {
        self.update(Message::Told(line.to_owned()))
    }

    fn change(&mut self, ticket: Ticket, change: Change) {
        self.open.insert(ticket);
        self.workers.change(change);
    }

    fn perform_one(&mut self, effect: Effect) -> Vec<Effect> {
        match effect {
            Effect::Ask { ticket, lane, question } => {
                if lane != Lane::Saved {
                    self.open.insert(ticket);
                }
                if let Some(replaced) = self.workers.ask(ticket, lane, question) {
                    return self.update(Message::Done(replaced, Outcome::Cancelled));
                }
            }
            Effect::Mark { ticket, target, marking } => {
                self.change(ticket, Change::Mark { ticket, target, marking });
            }
            Effect::Undo { ticket } => self.change(ticket, Change::Undo { ticket }),
            Effect::Redo { ticket } => self.change(ticket, Change::Redo { ticket }),
            Effect::FullText { ticket, id } => match self.capacity {
                Capacity::Full => self.workers.full_text(ticket, id),
                Capacity::Kiosk { .. } => {
                    let told = "could not get the full text: nothing is fetched here".to_owned();
                    return self.update(Message::Done(ticket, Outcome::Failed(told)));
                }
            },
            Effect::GiveUp { ticket } => self.workers.give_up(ticket),
            Effect::KeepPosition { id, position } => {
                self.workers.change(Change::KeepPosition { id, position });
            }
            Effect::Wake { ticket, after } => self.wake = Some((ticket, Instant::now() + after)),
            Effect::Fetch(fetch) => match &self.fetches {
                Some(fetches) => {
                    fetches.ask(fetch);
                    // Another round may be under way: the person sees at once that the key was heard.
                    return self.update(Message::Fetching(Some(Fetching::default())));
                }
                None if !self.capacity.is_full() => return self.tell("nothing is fetched here"),
                None => return self.tell(NO_SOURCES),
            },
            Effect::Correct(correction) => match self.names.clone() {
                Some(file) => self.name(Naming::Put(file, correction)),
                None => return self.tell("names are not kept here"),
            },
            Effect::UndoNaming | Effect::RedoNaming => {
                if let Some(file) = self.names.clone() {
                    let back = effect == Effect::UndoNaming;
                    self.name(if back { Naming::Undo(file) } else { Naming::Redo(file) });
                }
            }
            Effect::Open(address) => {
                if let Some(told) = self.opener.open(&address, &self.capacity) {
                    return self.tell(&told);
                }
                let mut left = vec![Effect::Copy(address.clone())];
                left.extend(self.update(Message::Address(address)));
                return left;
            }
            Effect::CardSeen => {
                if let Some(file) = self.card.take() {
                    self.workers.change(Change::CardSeen(file));
                }
            }
            Effect::SaveState(whereabouts) => {
                self.workers.change(Change::KeepState(last::written(&whereabouts)));
            }
            Effect::ChangeSearch(change) => match self.searches.clone() {
                Some(file) => self.workers.change(Change::Search { file, change }),
                None => return self.tell("done for this session: settings are not changed here"),
            },
            Effect::Suspend if !self.capacity.is_full() => {
                return self.tell("could not stop here: no shell would bring the reader back");
            }
            Effect::Copy(_)
            | Effect::TextWanted(_)
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Ring(_)
            | Effect::Quit => return vec![effect],
        }
        Vec::new()
    }

    fn name(&mut self, naming: Naming) {
        self.namings += 1;
        self.workers.name(naming);
    }
}
