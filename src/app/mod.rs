//! The state of the reader, the one way in which it changes, and what it asks of the world.
//!
//! [`App::update`] takes a [`Message`] and gives [`Effect`]s. No I/O, no clock, no terminal: what the
//! library knows comes as answers, time comes as messages.

pub mod action;
pub mod layout;
mod message;

pub use action::{Action, Context};
pub use layout::Size;
pub use message::{Effect, Lane, Loading, Message, Outcome, Progress, Question, TextWanted, Ticket};

use crate::query::Query;
use chrono::NaiveDate;
use std::time::Duration;

/// What the reader is told at its start.
#[derive(Clone, Debug)]
pub struct Setup {
    pub size: Size,
    /// The person's day, for `3d` and the like.
    pub today: NaiveDate,
    /// The longest line of text in the reader, in cells.
    pub measure: u16,
    /// How long the list must rest before the reader follows it.
    pub follow_after: Duration,
    /// Searches kept under a name, in the order in which they are shown.
    pub saved: Vec<(String, Query)>,
    /// The filter to begin with.
    pub query: Query,
    /// What to say where the library holds nothing at all: how to add articles.
    pub empty_hint: String,
    /// A line to show at the start, until the first key: `the sample edition; dateline add … adds your own`.
    pub greeting: Option<String>,
}

/// The state of the reader.
pub struct App {
    setup: Setup,
}

impl App {
    /// The reader before anything is known of the library, and its first questions.
    pub fn start(setup: Setup) -> (App, Vec<Effect>) {
        (App { setup }, Vec::new())
    }

    /// Where keys go now.
    pub fn context(&self) -> Context {
        Context::List
    }

    /// The only way in which the state changes.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Act { action: Action::Quit | Action::QuitAtOnce, .. } => vec![Effect::Quit],
            Message::Resized(size) => {
                self.setup.size = size;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}
