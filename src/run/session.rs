//! The part that the full screen and the lines share: the state, and the code that performs its effects, except
//! those that need the terminal.

use super::downloading::Downloads;
use super::fetching::Fetches;
use super::last;
use super::log::{Level, Log};
use super::opener::Opener;
use super::outlet::Outlet;
use super::sourcing::{self, Added, Kept, Order, Sourcing};
use super::worker::{Change, Mailbox, Naming, OpenWire, Workers};
use crate::app::{App, Effect, Fetching, Lane, Message, Outcome, Ticket};
use crate::capacity::{Capacity, Writable};
use crate::formats::Warning;
use crate::library::Step;
use crate::listing::ChangeId;
use chrono::{Local, NaiveDate};
use std::collections::HashSet;
use std::time::Instant;

const NO_SOURCES: &str = "nothing to fetch here: 'dateline add URL' adds a source to your library";

/// The state of the reader and its workers.
pub struct Session {
    pub app: App,
    pub capacity: Capacity,
    pub log: Log,
    pub opener: Opener,
    /// What plays sound and film; [`Opener::None`] if the person has named no player.
    pub player: Opener,
    pub card: Option<Writable>,
    pub workers: Workers,
    /// The thread that fetches, if there are sources to fetch.
    pub fetches: Option<Fetches>,
    /// The thread that downloads; `None` where nothing may be downloaded.
    pub downloads: Option<Downloads>,
    /// Opens the library to which sources are added, if any can be, and says where it is if it is not the one shown.
    pub adding: Option<(OpenWire, Option<&'static str>)>,
    /// Whether the reader moves to the library once a source was added to it.
    pub moves: bool,
    /// What was added, if the reader is to move there.
    pub again: Option<String>,
    /// Changes sources, if the library shown is the person's own.
    pub sourcing: Option<Sourcing>,
    /// Gives articles away.
    pub outlet: Outlet,
    pub mailbox: Mailbox,
    /// The file in which the user's corrections of names are stored, if they may be stored.
    pub names: Option<Writable>,
    /// The config file, in which searches are saved, if it may be changed.
    pub searches: Option<Writable>,
    pub today: NaiveDate,
    /// The ticket with which the core wants to be woken, and the time.
    pub wake: Option<(Ticket, Instant)>,
    /// Questions and changes that have not been answered yet, except for the unread counts, for which nobody waits.
    pub open: HashSet<Ticket>,
    /// Those questions among the unanswered ones for which the first frame does not wait: what they add is small, and in a large library
    /// they take longer than the rest of the frame.
    pub later: HashSet<Ticket>,
    /// The number of corrections of names whose result has not been reported yet.
    pub namings: usize,
}

/// The effects and warnings that have to be handled at the start.
pub struct Beginning {
    pub effects: Vec<Effect>,
    pub faults: Vec<Warning>,
    /// Whether articles are being imported.
    pub loading: bool,
}

impl Session {
    /// Returns whether everything that was asked for has arrived, except for what is computed or fetched in the
    /// background.
    pub fn is_quiet(&self) -> bool {
        self.open.is_empty() && self.later.is_empty() && self.namings == 0 && self.wake.is_none()
    }

    /// Passes a message to the core and performs the effects that it requests. Returns the effects that need the
    /// terminal.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        self.keep_in_log(&message);
        match &message {
            Message::Done(ticket, _) => _ = self.open.remove(ticket) || self.later.remove(ticket),
            Message::Corrected { .. } | Message::Sourced { .. } | Message::Boarded { .. } => {
                self.namings = self.namings.saturating_sub(1);
            }
            _ => {}
        }
        let effects = self.app.update(message);
        self.perform(effects)
    }

    /// Tells the core that a new day has begun or that its time to wake has come. Returns the effects that need the
    /// terminal, or `None` if neither has happened.
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

    /// Performs effects in their order. Returns those that need the terminal.
    pub fn perform(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        effects.into_iter().flat_map(|effect| self.perform_one(effect)).collect()
    }

    /// Whether files are being downloaded or wait for that.
    pub fn is_downloading(&self) -> bool {
        self.downloads.as_ref().is_some_and(Downloads::is_busy)
    }

    fn keep_in_log(&self, message: &Message) {
        match message {
            Message::Told(line) | Message::Moved(line) | Message::Corrected { line, .. } => {
                self.log.line(Level::Info, line);
            }
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

    fn step(&mut self, ticket: Ticket, step: Step, change: ChangeId) {
        self.change(ticket, Change::Step { ticket, step, change });
    }

    fn perform_one(&mut self, effect: Effect) -> Vec<Effect> {
        match effect {
            Effect::Ask { ticket, lane, question } => {
                match lane {
                    Lane::Saved | Lane::Watches => {}
                    Lane::InStory => _ = self.later.insert(ticket),
                    _ => _ = self.open.insert(ticket),
                }
                if let Some(replaced) = self.workers.ask(ticket, lane, question) {
                    return self.update(Message::Done(replaced, Outcome::Cancelled));
                }
            }
            Effect::Mark { ticket, change, target, marking } => {
                self.change(ticket, Change::Mark { ticket, change, target, marking });
            }
            Effect::Undo { ticket, change } => self.step(ticket, Step::Undo, change),
            Effect::Redo { ticket, change } => self.step(ticket, Step::Redo, change),
            Effect::FullText { ticket, id } => match self.capacity {
                Capacity::Full => self.workers.full_text(ticket, id),
                Capacity::Kiosk { .. } => {
                    let told =
                        "could not get the full text: fetching is turned off here; y y copies the link"
                            .to_owned();
                    return self.update(Message::Done(ticket, Outcome::Failed(told)));
                }
            },
            Effect::GiveUp { ticket } => self.workers.give_up(ticket),
            Effect::KeepPosition { id, position } => {
                self.workers.change(Change::KeepPosition { id, position });
            }
            Effect::Wake { ticket, after } => self.wake = Some((ticket, Instant::now() + after)),
            Effect::AddSource { change, address } => return self.add(change, Added::Typed(address)),
            Effect::AddOffered { change, page, near, address } => {
                return self.add(change, Added::Offered { page, near, address });
            }
            Effect::ChangeSource { change, source, wish } => {
                return self.order(Order::Change(change, source, wish));
            }
            Effect::UndoSource(change) => return self.order(Order::Undo(change)),
            Effect::RedoSource(change) => return self.order(Order::Redo(change)),
            Effect::Board { change, order } => self.board(Change::Board { change, order }),
            Effect::UndoBoard(change) => self.board(Change::StepBoard { step: Step::Undo, change }),
            Effect::RedoBoard(change) => self.board(Change::StepBoard { step: Step::Redo, change }),
            Effect::Pipe { id, form, command, whole } => {
                if !self.capacity.is_full() {
                    return self.tell("could not run the command: programs cannot be started in kiosk mode");
                }
                self.outlet.pipe(id, form, command, whole);
            }
            Effect::ListPaths(typed) if self.capacity.is_full() => self.outlet.list_paths(typed),
            Effect::ListPaths(_) => {}
            Effect::Save { id, path, replace } => self.outlet.save(id, path, replace),
            Effect::Fetch(fetch) => match &self.fetches {
                Some(fetches) => {
                    fetches.ask(fetch);
                    // Another round may be running. The user sees at once that the key was accepted.
                    return self.update(Message::Fetching(Some(Fetching::default())));
                }
                None if !self.capacity.is_full() => return self.tell("fetching is turned off here"),
                None => return self.tell(NO_SOURCES),
            },
            Effect::Download { id, url } => match &self.downloads {
                Some(downloads) => {
                    let Some(begun) = downloads.ask(id, url) else {
                        return self.tell("stopped downloading it; D goes on with it");
                    };
                    // The user sees at once that the key was accepted.
                    return self.update(Message::Downloading(Some(begun)));
                }
                None => return self.tell("could not download it: downloads are turned off here"),
            },
            Effect::Correct { change, correction } => match self.names.clone() {
                Some(file) => self.name(Naming::Put(file, change, correction)),
                None => {
                    let line = "names cannot be corrected here".to_owned();
                    return self.update(Message::Corrected { change, made: None, line });
                }
            },
            Effect::UndoNaming(change) | Effect::RedoNaming(change) => {
                if let Some(file) = self.names.clone() {
                    let back = matches!(effect, Effect::UndoNaming(_));
                    self.name(if back { Naming::Undo(file, change) } else { Naming::Redo(file, change) });
                }
            }
            Effect::Play(address) => match self.player.play(&address, &self.capacity) {
                Some(told) => return self.tell(&told),
                None => return self.perform_one(Effect::Open(address)),
            },
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
            Effect::SaveState(mut whereabouts) => {
                // In a kiosk many people use one reader, and none shall see what another one looked for.
                if !self.capacity.is_full() {
                    whereabouts.searches.clear();
                }
                self.workers.change(Change::KeepState(last::written(&whereabouts)));
            }
            Effect::ChangeSearch(change) => match self.searches.clone() {
                Some(file) => self.workers.change(Change::Search { file, change }),
                None => return self.tell("changed for this session only: settings cannot be saved here"),
            },
            Effect::Suspend if !self.capacity.is_full() => {
                return self.tell("could not suspend the reader: no shell here could resume it");
            }
            Effect::Reopen(line) => {
                self.again = Some(line);
                return vec![Effect::Quit];
            }
            Effect::Copy(_)
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Ring(_)
            | Effect::Announce { .. }
            | Effect::HandOver { .. }
            | Effect::Quit => {
                return vec![effect];
            }
        }
        Vec::new()
    }

    fn add(&mut self, change: ChangeId, added: Added) -> Vec<Effect> {
        let Some((open, beside)) = &self.adding else {
            return self.tell("could not add the source: nothing can be stored here");
        };
        // What is added to another library than the one shown cannot be undone here.
        let done = self.sourcing.as_ref().filter(|_| beside.is_none()).map(Sourcing::done);
        let kept = if self.moves { Kept::Moving } else { beside.map_or(Kept::Here, Kept::Beside) };
        sourcing::add((open.clone(), kept), (change, added), done, &self.mailbox);
        Vec::new()
    }

    fn order(&mut self, order: Order) -> Vec<Effect> {
        match &self.sourcing {
            Some(sourcing) => {
                self.namings += 1;
                sourcing.order(order);
                Vec::new()
            }
            None => self.tell("sources are changed only in your own library"),
        }
    }

    fn board(&mut self, change: Change) {
        self.namings += 1;
        self.workers.change(change);
    }

    fn name(&mut self, naming: Naming) {
        self.namings += 1;
        self.workers.name(naming);
    }
}
