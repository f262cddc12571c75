//! The threads that do slow work: they answer questions about the library, and make changes to it.
//!
//! Pending questions wait on a board, at most one per lane. A newer question replaces the one that waits in its
//! lane and cancels the one that runs there. Changes are made in the order given, by a thread of their own.
//! Answers go to a mailbox, which wakes the thread that draws.

use super::answer::answer_at;
use super::boards;
use super::searches;
use super::sources::Desk;
use crate::app::{BoardOrder, Lane, Message, Outcome, Question, SearchChange, Ticket};
use crate::article::ArticleId;
use crate::capacity::Writable;
use crate::config::Config;
use crate::corrections::Correction;
use crate::fetch::Fetcher;
use crate::intake::Depth;
use crate::intake::full_text::{self, FullTextError};
use crate::intake::{Changed, InForce};
use crate::library::{Cancel, Error, Library, Step};
use crate::listing::{ChangeId, Marking};
use crate::query::Target;
use crate::terminal::Waker;
use crate::wire::Wire;
use crate::wire::rules::Rules;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

/// The number of threads that answer questions. With two, the list does not have to wait for the facets.
const ANSWERING: usize = 2;

/// How many changes may wait to be made.
const WAITING: usize = 64;

/// Takes messages for the thread that draws, and wakes that thread.
#[derive(Clone)]
pub struct Mailbox {
    sender: Sender<Message>,
    waker: Waker,
}

impl Mailbox {
    /// Creates a mailbox and the receiver of its messages.
    pub fn new(waker: Waker) -> (Mailbox, Receiver<Message>) {
        let (sender, receiver) = channel();
        (Mailbox { sender, waker }, receiver)
    }

    /// Posts a message. It is dropped if nobody receives messages any more, because the program is about to end.
    pub fn post(&self, message: Message) {
        if self.sender.send(message).is_ok() {
            self.waker.wake();
        }
    }
}

/// A change to the library.
#[derive(Debug)]
pub enum Change {
    Board {
        change: ChangeId,
        order: BoardOrder,
    },
    StepBoard {
        step: Step,
        change: ChangeId,
    },
    Mark {
        ticket: Ticket,
        change: ChangeId,
        target: Target,
        marking: Marking,
    },
    Step {
        ticket: Ticket,
        step: Step,
        change: ChangeId,
    },
    /// The card of the first run was seen. This file records it.
    CardSeen(Writable),
    KeepPosition {
        id: ArticleId,
        position: u32,
    },
    /// Stores the reader's last position for the next start.
    KeepState(String),
    /// Changes a saved search in this config file.
    Search {
        file: Writable,
        change: SearchChange,
    },
}

/// The worker threads.
pub struct Workers {
    board: Arc<Board>,
    changes: SyncSender<Change>,
    changing: JoinHandle<()>,
    namings: Sender<Naming>,
    naming: JoinHandle<()>,
    library: Library,
    depth: Depth,
    /// Fetches pages. It is created when the first page is requested.
    fetcher: OnceLock<Fetcher>,
    /// The pages that are being fetched.
    pages: Arc<Mutex<HashMap<Ticket, Cancel>>>,
    mailbox: Mailbox,
}

/// A step in the corrections of names, which are stored in the given file.
#[derive(Debug)]
pub enum Naming {
    Put(Writable, ChangeId, Correction),
    Undo(Writable, ChangeId),
    Redo(Writable, ChangeId),
    /// Applies what the user has changed in the file by hand.
    Settle(Writable),
}

/// Makes corrections of names, one after the other, and reports the results.
fn correct_names(wanted: &Receiver<Naming>, rules: &InForce, library: &Library, mailbox: &Mailbox) {
    for naming in wanted {
        let work = || match &naming {
            Naming::Put(file, change, correction) => rules.put(library, file, *change, correction).map(Some),
            Naming::Undo(file, change) => rules.undo(library, file, *change),
            Naming::Redo(file, change) => rules.redo(library, file, *change),
            Naming::Settle(file) => {
                let line = || "names changed by hand".to_owned();
                let told = |articles| (articles > 0).then(|| Changed { line: line(), articles });
                rules.settle(library, file.path()).map(told)
            }
        };
        let worked = catch_unwind(AssertUnwindSafe(work));
        let change = match &naming {
            Naming::Put(_, change, _) | Naming::Undo(_, change) | Naming::Redo(_, change) => *change,
            Naming::Settle(_) => {
                // A read-only library stays as it is, without an error.
                if worked.is_ok_and(|settled| settled.is_ok_and(|changed| changed.is_some())) {
                    mailbox.post(Message::LibraryChanged);
                }
                continue;
            }
        };
        let (made, line) = match worked {
            Ok(Ok(Some(Changed { line, articles }))) => {
                mailbox.post(Message::LibraryChanged);
                let back =
                    if matches!(naming, Naming::Undo(..)) { "C-r redoes this" } else { "U undoes this" };
                let noun = if articles == 1 { "article" } else { "articles" };
                let told = match library.corrects_at_reading() {
                    true => format!("{line}: applies to this archive from now on; {back}"),
                    false => format!("{line}: {articles} {noun} analysed again; {back}"),
                };
                (Some(line), told)
            }
            Ok(Ok(None)) => (None, "nothing to undo: the correction is not there any more".to_owned()),
            Ok(Err(error)) => (None, error.to_string()),
            Err(_) => (None, "could not correct the name: internal error; please report it".to_owned()),
        };
        mailbox.post(Message::Corrected { change, made, line });
    }
}

/// Opens the person's own library with everything that fetching needs.
pub type OpenWire = Arc<dyn Fn() -> Result<Wire, String> + Send + Sync>;

impl Workers {
    pub fn start(
        library: &Library,
        (depth, desk, rules): (&Depth, Desk, Option<Rules>),
        mailbox: &Mailbox,
    ) -> Workers {
        let board = Arc::new(Board::default());
        for _ in 0..ANSWERING {
            let (board, library, mailbox) = (Arc::clone(&board), library.clone(), mailbox.clone());
            let (in_force, desk) = (depth.in_force(), desk.clone());
            thread::spawn(move || answer_questions(&board, &desk, (&library, &in_force), &mailbox));
        }
        let (changes, wanted) = sync_channel(WAITING);
        let changing = {
            let (library, mailbox) = (library.clone(), mailbox.clone());
            thread::spawn(move || make_changes(&wanted, &library, rules.as_ref(), &mailbox))
        };
        let (namings, wanted) = channel();
        let naming = {
            let rules = depth.in_force();
            let (library, mailbox) = (library.clone(), mailbox.clone());
            thread::spawn(move || correct_names(&wanted, &rules, &library, &mailbox))
        };
        Workers {
            board,
            changes,
            changing,
            namings,
            naming,
            library: library.clone(),
            depth: depth.clone(),
            fetcher: OnceLock::new(),
            pages: Arc::default(),
            mailbox: mailbox.clone(),
        }
    }

    /// Puts a question on the board. Returns the ticket of the waiting question that it replaced.
    pub fn ask(&self, ticket: Ticket, lane: Lane, question: Question) -> Option<Ticket> {
        let replaced = self.board.lock().put(ticket, lane, question);
        self.board.work.notify_one();
        replaced
    }

    /// Corrects a name, or undoes or redoes a correction, in the background.
    pub fn name(&self, naming: Naming) {
        // The thread ends only after the sender has gone.
        let _ = self.namings.send(naming);
    }

    /// Sets the fetcher for pages, because the user may have configured a proxy.
    pub fn use_fetcher(&self, fetcher: Fetcher) {
        // No fetcher has been set yet: this is called before the first key is handled.
        let _ = self.fetcher.set(fetcher);
    }

    /// Switches to the other text of an article, on a thread of its own, because it may have to be fetched.
    pub fn full_text(&self, ticket: Ticket, id: ArticleId) {
        let cancel = Cancel::new();
        let pages = Arc::clone(&self.pages);
        pages.lock().unwrap_or_else(PoisonError::into_inner).insert(ticket, cancel.clone());
        let fetcher = self.fetcher.get_or_init(full_text::fetcher).clone();
        let (library, depth, mailbox) = (self.library.clone(), self.depth.clone(), self.mailbox.clone());
        thread::spawn(move || {
            let work = || full_text::switch(&library, &fetcher, id, &depth, &cancel);
            let outcome = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(Ok((text, warnings))) => {
                    if !warnings.is_empty() {
                        mailbox.post(Message::Warned(warnings));
                    }
                    Outcome::FullText(text)
                }
                Ok(Err(FullTextError::Library(Error::Cancelled))) => Outcome::Cancelled,
                Ok(Err(error)) => Outcome::Failed(error.to_string()),
                Err(_) => Outcome::Failed(
                    "could not get the full text: internal error while reading the page; please report it"
                        .to_owned(),
                ),
            };
            pages.lock().unwrap_or_else(PoisonError::into_inner).remove(&ticket);
            mailbox.post(Message::Done(ticket, outcome));
        });
    }

    /// Cancels a page that is being fetched.
    pub fn give_up(&self, ticket: Ticket) {
        if let Some(cancel) = self.pages.lock().unwrap_or_else(PoisonError::into_inner).get(&ticket) {
            cancel.cancel();
        }
    }

    /// Queues a change to the library. Waits while [`WAITING`] changes wait, so that keys that come faster than their
    /// changes can be stored do not fill the memory.
    pub fn change(&self, change: Change) {
        // The thread ends only after the sender has gone.
        let _ = self.changes.send(change);
    }

    /// Returns once all changes have been made. Questions that are still open are cancelled.
    pub fn finish(self) {
        self.board.close();
        drop(self.changes);
        drop(self.namings);
        let _ = self.changing.join();
        let _ = self.naming.join();
    }
}

/// A question that is being answered.
struct Job {
    ticket: Ticket,
    lane: Lane,
    question: Question,
    cancel: Cancel,
}

/// The questions that wait and the questions that are being answered.
#[derive(Default)]
struct Board {
    state: Mutex<Queues>,
    work: Condvar,
}

#[derive(Default)]
struct Queues {
    /// At most one question per lane.
    waiting: HashMap<Lane, (Ticket, Question)>,
    running: HashMap<Lane, (Ticket, Cancel)>,
    closed: bool,
}

impl Board {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        // A panic under the lock cannot leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        for (_, cancel) in state.running.values() {
            cancel.cancel();
        }
        self.work.notify_all();
    }

    /// Returns the next question to answer, or `None` once the board is closed. Sleeps while there is no question.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.take() {
                return Some(job);
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, ticket: Ticket, lane: Lane) {
        let mut state = self.lock();
        if state.running.get(&lane).is_some_and(|(running, _)| *running == ticket) {
            state.running.remove(&lane);
        }
    }
}

impl Queues {
    /// Puts a question in its lane and cancels the one that runs there. Returns the ticket of the question that
    /// waited there before.
    fn put(&mut self, ticket: Ticket, lane: Lane, question: Question) -> Option<Ticket> {
        if let Some((_, cancel)) = self.running.get(&lane) {
            cancel.cancel();
        }
        // The unread counts of saved searches are cancelled, too: their thread may be needed for this question.
        if let Some((_, cancel)) = self.running.get(&Lane::Saved) {
            cancel.cancel();
        }
        self.waiting.insert(lane, (ticket, question)).map(|(replaced, _)| replaced)
    }

    /// Takes the most urgent waiting question. What the middle of the screen shows comes first.
    fn take(&mut self) -> Option<Job> {
        const URGENT: [Lane; 12] = [
            Lane::Page,
            Lane::Article,
            Lane::Candidates,
            Lane::Names,
            Lane::Selection,
            Lane::View,
            Lane::Detail,
            Lane::Preview,
            Lane::Facets,
            Lane::InStory,
            Lane::Watches,
            Lane::Saved,
        ];
        let lane = URGENT.into_iter().find(|lane| self.waiting.contains_key(lane))?;
        let (ticket, question) = self.waiting.remove(&lane)?;
        let cancel = Cancel::new();
        self.running.insert(lane, (ticket, cancel.clone()));
        Some(Job { ticket, lane, question, cancel })
    }
}

fn answer_questions(board: &Board, desk: &Desk, stored: (&Library, &InForce), mailbox: &Mailbox) {
    while let Some(Job { ticket, lane, question, cancel }) = board.next() {
        let outcome = guarded(|| answer_at(desk, stored, question, &cancel));
        board.done(ticket, lane);
        mailbox.post(Message::Done(ticket, outcome));
    }
}

fn make_changes(wanted: &Receiver<Change>, library: &Library, rules: Option<&Rules>, mailbox: &Mailbox) {
    for change in wanted {
        let (ticket, outcome) = match change {
            Change::Mark { ticket, change, target, marking } => {
                let mark = || Ok(Outcome::Marked(Some(library.mark_as(Some(change), &target, marking)?)));
                (ticket, guarded(mark))
            }
            Change::Step { ticket, step, change } => {
                (ticket, guarded(|| Ok(Outcome::Marked(library.step(step, Some(change))?))))
            }
            Change::Board { change, order } => {
                let work = || boards::order(library, change, order);
                mailbox.post(told_of_board(change, "change the board", work));
                continue;
            }
            Change::StepBoard { step, change } => {
                mailbox.post(told_of_board(change, "undo it", || boards::step(library, step, change)));
                continue;
            }
            Change::CardSeen(file) => {
                // If the file cannot be written, the card is shown again at the next start.
                let _ = file.replace(b"");
                continue;
            }
            Change::KeepPosition { id, position } => {
                if let Err(error) = library.keep_position(id, position) {
                    mailbox.post(Message::Told(error.to_string()));
                }
                continue;
            }
            // If nothing can be written, the next start begins at the top of the list.
            Change::KeepState(state) => {
                _ = library.keep_state(&state);
                continue;
            }
            Change::Search { file, change } => {
                match searches::change(&file, &change) {
                    // A rule that was made is in force for the next fetch.
                    Ok(text) => _ = rules.map(|rules| rules.renew(&Config::read(&text).0)),
                    Err(error) => mailbox.post(Message::Told(error.to_string())),
                }
                continue;
            }
        };
        mailbox.post(Message::Done(ticket, outcome));
    }
}

/// What became of a change of a board, as a message, even if it panics.
fn told_of_board(change: ChangeId, aim: &str, work: impl FnOnce() -> (Option<String>, String)) -> Message {
    let (made, line) = catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| (None, format!("could not {aim}: internal error; please report it")));
    Message::Boarded { change, made, line }
}

/// Runs some work on the library and returns its outcome, even if it fails or panics.
fn guarded(work: impl FnOnce() -> Result<Outcome, Error>) -> Outcome {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(Error::Cancelled)) => Outcome::Cancelled,
        Ok(Err(error)) => Outcome::Failed(error.to_string()),
        Err(_) => Outcome::Failed("internal error while answering this question".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Window;
    use crate::query::Query;

    fn page() -> Question {
        Question::Page { query: Query::everything(), window: Window::First { limit: 10 } }
    }

    fn facets() -> Question {
        Question::Facets { query: Query::everything(), exact: false }
    }

    #[test]
    fn a_newer_question_replaces_an_older_one_in_its_lane() {
        let mut state = Queues::default();
        assert_eq!(state.put(Ticket(1), Lane::Page, page()), None);
        assert_eq!(state.put(Ticket(2), Lane::Facets, facets()), None);
        assert_eq!(state.put(Ticket(3), Lane::Page, page()), Some(Ticket(1)));
        let Job { ticket, cancel, .. } = state.take().expect("a question");
        assert_eq!(ticket, Ticket(3));
        assert!(cancel.check().is_ok());
        assert_eq!(state.put(Ticket(4), Lane::Page, page()), None);
        assert!(cancel.check().is_err());
        assert_eq!(state.take().map(|job| job.ticket), Some(Ticket(4)));
        assert_eq!(state.take().map(|job| job.ticket), Some(Ticket(2)));
        assert!(state.take().is_none());
    }

    #[test]
    fn answers_arrive_in_the_mailbox_and_changes_are_made_before_the_end() {
        let waker = crate::terminal::waker().expect("a pipe");
        let (mailbox, messages) = Mailbox::new(waker);
        let workers = Workers::start(
            &Library::temporary().expect("a library"),
            (&Depth::Text, Desk::default(), None),
            &mailbox,
        );
        workers.ask(Ticket(1), Lane::Page, page());
        let Ok(Message::Done(Ticket(1), Outcome::Page(page))) = messages.recv() else { panic!("no page") };
        assert!(page.rows.is_empty());
        workers.change(Change::Step { ticket: Ticket(2), step: Step::Undo, change: ChangeId(1) });
        workers.finish();
        assert_eq!(messages.recv(), Ok(Message::Done(Ticket(2), Outcome::Marked(None))));
    }
}
