//! Changes sources on a thread of its own, and undoes and redoes that. The same functions change them for the command line
//! (`wire::edit`).

use super::worker::{Mailbox, OpenWire};
use crate::app::{Fetching, Message, SourceWish};
use crate::library::sources::Source;
use crate::listing::ChangeId;
use crate::wire::edit::{Change, EditError, Edited, stored};
use crate::wire::told::joined;
use crate::wire::{Before, Followed, Found, JoinError, Wire, Wish};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What to do with a source.
pub enum Order {
    Change(ChangeId, String, SourceWish),
    Undo(ChangeId),
    Redo(ChangeId),
}

/// What each change did: the source before and after it.
type Done = Arc<Mutex<HashMap<ChangeId, (Option<Source>, Option<Source>)>>>;

/// The thread that changes sources.
pub struct Sourcing {
    orders: Sender<Order>,
    done: Done,
}

impl Sourcing {
    pub fn start(wire: Wire, mailbox: &Mailbox) -> Sourcing {
        let (orders, wanted) = channel();
        let done = Done::default();
        let (known, mailbox) = (Arc::clone(&done), mailbox.clone());
        thread::spawn(move || change_sources(&wire, &wanted, &known, &mailbox));
        Sourcing { orders, done }
    }

    pub fn order(&self, order: Order) {
        // The thread ends only after the sender has gone.
        let _ = self.orders.send(order);
    }

    /// Where it is noted what was added, so that it can be undone.
    pub fn done(&self) -> Done {
        Arc::clone(&self.done)
    }
}

fn change_sources(wire: &Wire, wanted: &Receiver<Order>, done: &Done, mailbox: &Mailbox) {
    for order in wanted {
        let (Order::Change(change, ..) | Order::Undo(change) | Order::Redo(change)) = &order;
        let change = *change;
        let work = || carry_out(wire, order, done);
        let (made, line) = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            (None, "could not change the source: internal error; please report it".to_owned())
        });
        mailbox.post(Message::LibraryChanged);
        mailbox.post(Message::Sourced { change, made, line });
    }
}

/// Carries an order out. Returns what was done, in the words of the history, and the line for the person.
fn carry_out(wire: &Wire, order: Order, done: &Done) -> (Option<String>, String) {
    match order {
        Order::Change(change, source, wish) => match changed(wire, &source, wish) {
            Ok(Edited { told, before, after }) => {
                note(done, change, before, after);
                (Some(told.clone()), format!("{told}; U undoes it"))
            }
            Err(error) => (None, error.to_string()),
        },
        Order::Undo(change) | Order::Redo(change) => {
            let undo = matches!(order, Order::Undo(_));
            let known = done.lock().unwrap_or_else(PoisonError::into_inner).get(&change).cloned();
            let Some((before, after)) = known else {
                return (None, "nothing to undo: the change of the source is not known any more".to_owned());
            };
            let (from, to) = if undo { (&after, &before) } else { (&before, &after) };
            let name = to.as_ref().or(from.as_ref()).map_or("", |source| source.name.as_str()).to_owned();
            match wire.set_back(from.as_ref(), to.as_ref()) {
                Ok(()) if undo => (None, format!("undone: {name} is as it was; C-r does it again")),
                Ok(()) => (None, format!("redone: {name}; U undoes it")),
                Err(error) => (None, error.to_string()),
            }
        }
    }
}

fn note(done: &Done, change: ChangeId, before: Option<Source>, after: Option<Source>) {
    done.lock().unwrap_or_else(PoisonError::into_inner).insert(change, (before, after));
}

fn changed(wire: &Wire, source: &str, wish: SourceWish) -> Result<Edited, EditError> {
    let change = match wish {
        SourceWish::Remove => return wire.remove(source),
        SourceWish::Name(name) => Change { name: Some(name), ..Change::default() },
        SourceWish::Every(every) => Change { every: Some(every), ..Change::default() },
        SourceWish::Keep(keep) => Change { keep: Some(keep), ..Change::default() },
        SourceWish::FullText(on) => Change { full_text: Some(on), ..Change::default() },
        SourceWish::Paused(paused) => Change { paused: Some(paused), ..Change::default() },
        SourceWish::Tags(typed) => {
            let (untag, tag): (Vec<&str>, Vec<&str>) =
                typed.split_whitespace().partition(|tag| tag.starts_with('-'));
            Change {
                tag: tag.into_iter().map(str::to_owned).collect(),
                untag: untag.into_iter().map(|tag| tag.trim_start_matches('-').to_owned()).collect(),
                ..Change::default()
            }
        }
    };
    wire.change(source, &change)
}

/// What is added: an address that was typed, or a feed that a page offers.
pub enum Added {
    Typed(String),
    Offered { page: String, near: bool, address: String },
}

/// The library to which a source is added.
pub enum Kept {
    /// The one that is shown.
    Here,
    /// Another one. The words say where its articles are seen.
    Beside(&'static str),
    /// Another one, to which the reader moves.
    Moving,
}

/// Adds a source to the library that `open` opens, and fetches it. `kept` says which library that is; `done` is where it is
/// noted, if it can be undone.
pub fn add(
    (open, kept): (OpenWire, Kept),
    (change, added): (ChangeId, Added),
    done: Option<Done>,
    mailbox: &Mailbox,
) {
    let mailbox = mailbox.clone();
    mailbox.post(Message::Fetching(Some(Fetching { total: 1, ..Fetching::default() })));
    thread::spawn(move || {
        let work = || follow(&open, added);
        let found = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err("could not add the source: internal error; please report it".to_owned()));
        mailbox.post(Message::Fetching(None));
        mailbox.post(Message::LibraryChanged);
        let (followed, source) = match found {
            Ok(Joined::Followed(followed, source)) => (*followed, source.map(|source| *source)),
            Ok(Joined::Several { page, near, feeds }) => {
                mailbox.post(Message::Offers { page, near, feeds });
                return;
            }
            Err(line) => {
                mailbox.post(Message::Told(line));
                return;
            }
        };
        let told = joined(&followed);
        let line = match kept {
            Kept::Moving if !told.contains("could not") => {
                mailbox.post(Message::Moved(told));
                return;
            }
            // Before the parts that a narrow screen leaves out.
            Kept::Beside(beside) if !told.contains("could not") => match told.split_once("; ") {
                Some((added, rest)) => format!("{added}, {beside}; {rest}"),
                None => format!("{told}, {beside}"),
            },
            Kept::Here | Kept::Beside(_) | Kept::Moving => told,
        };
        match (followed.before, source, done) {
            (Before::New, Some(source), Some(done)) => {
                note(&done, change, None, Some(source));
                let made = Some(format!("added {}", followed.name));
                mailbox.post(Message::Sourced { change, made, line });
            }
            _ => mailbox.post(Message::Told(line)),
        }
    });
}

enum Joined {
    Followed(Box<Followed>, Option<Box<Source>>),
    Several { page: String, near: bool, feeds: Vec<(String, String)> },
}

fn follow(open: &OpenWire, added: Added) -> Result<Joined, String> {
    let wire = open()?;
    let wish = Wish::default();
    let told = |error: JoinError| error.to_string();
    let followed = match added {
        Added::Typed(address) => match wire.follow_or_offer(&address, &wish).map_err(told)? {
            Found::Followed(followed) => *followed,
            Found::Several { page, near, offers } => {
                let feed = |offer: crate::formats::Offer| (offer.title.unwrap_or_default(), offer.url);
                return Ok(Joined::Several { page, near, feeds: offers.into_iter().map(feed).collect() });
            }
        },
        Added::Offered { page, near, address } => {
            wire.follow_offered((&page, near), &address, &wish).map_err(told)?
        }
    };
    let source = stored(&wire.library, &followed.address).ok().flatten();
    Ok(Joined::Followed(Box::new(followed), source.map(Box::new)))
}
