//! Accounts on servers that keep a person's sources, articles and marks: the library and a server tell one another what
//! has changed.
//!
//! In: the settings of an account, a [`Wire`] and a flag that stops. Out: progress and one summary. A
//! [`Server`] knows the language of a server and nothing of the library; [`round`] knows the library and no language. The
//! rule by which marks are settled is [`crate::library::ledger`]; see docs/accounts.md.

mod calls;
mod fever;
mod google_reader;
mod items;
mod leave;
mod miniflux;
mod round;
mod sources;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod tests;
pub mod told;

pub use calls::{Counts, ServerError};
pub use leave::{Wanted, give_own, remove, subscribe_all};
pub use round::{Progress, Stage, Summary, SyncError, names, pending, sync, when_synced};

use crate::config::accounts::{AccountSetting, AccountType};
use crate::library::ledger::{Entry, Mark, Marks};
use crate::wire::Wire;
use calls::Calls;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The most items that one request names.
const BATCH: usize = 250;

/// A source of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What the server calls it.
    pub id: String,
    /// The address of the feed.
    pub url: Option<String>,
    pub title: String,
    pub site: Option<String>,
    pub folders: Vec<String>,
}

/// An article as a server has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// The identifier in its long form, without what is the same in all: 16 hexadecimal digits, or more.
    pub id: String,
    /// The source, by its [`Feed::id`].
    pub feed: String,
    pub title: String,
    pub url: Option<String>,
    pub author: Option<String>,
    /// Seconds since 1970.
    pub published: Option<i64>,
    pub html: String,
    /// Sounds, films and pictures: address, media type, size in bytes.
    pub media: Vec<(String, Option<String>, Option<u64>)>,
    pub marks: Marks,
}

/// What is to be taken over of an account.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Articles that are older are left there: seconds since 1970.
    pub oldest: Option<i64>,
    /// How many articles are taken over at most when there is none here.
    pub most: usize,
}

/// What a client remembers of a server between two syncs: short texts by name.
pub type Memo = BTreeMap<String, String>;

/// Takes what a server has, piece by piece. What was taken is stored before the next piece is asked for.
pub trait Sink {
    /// The marks of items, and items that the server does not have any more.
    fn told(&mut self, marks: Vec<(String, Marks)>, gone: Vec<String>) -> Result<(), SyncError>;

    /// Articles with their marks.
    fn items(&mut self, items: Vec<Item>) -> Result<(), SyncError>;
}

/// A server in one of its languages, logged in.
pub trait Server {
    /// The server and its version, as far as it says them.
    fn about(&mut self) -> Result<String, ServerError>;

    /// Who is logged in, as far as it says so.
    fn user(&mut self) -> Result<String, ServerError>;

    fn feeds(&mut self) -> Result<Vec<Feed>, ServerError>;

    /// How many articles are unread there.
    fn count_unread(&mut self) -> Result<u64, ServerError>;

    /// Hands over what has changed since the last sync: marks of `known` items, and items that are not known, newest first.
    fn changes(
        &mut self,
        known: &HashMap<String, Entry>,
        extent: Extent,
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError>;

    /// Sets a mark of items, at most [`BATCH`], or takes it away. The answer proves nothing: see [`Server::read_back`].
    fn edit(&mut self, mark: &Mark, on: bool, items: &[String]) -> Result<(), ServerError>;

    /// Hands over the marks that items have now, after some of them were set, as far as the server has the items; perhaps
    /// with what else has changed.
    fn read_back(
        &mut self,
        items: &[String],
        known: (&HashMap<String, Entry>, Extent),
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError>;

    /// Whether articles can have labels there, as far as that is known.
    fn has_labels(&self, memo: &Memo) -> bool;

    /// Whether sources can be added and removed there; if not, why.
    fn edits_sources(&self) -> Result<(), ServerError> {
        Ok(())
    }

    fn subscribe(&mut self, url: &str, title: &str, folder: Option<&str>) -> Result<(), ServerError>;

    fn unsubscribe(&mut self, feed: &str) -> Result<(), ServerError>;

    /// What was asked so far.
    fn counts(&self) -> Counts;
}

/// Logs in to the server of an account. It is given up soon after `stopped` is set.
pub fn open(
    setting: &AccountSetting,
    wire: &Wire,
    stopped: &Arc<AtomicBool>,
) -> Result<Box<dyn Server>, ServerError> {
    let mut fetcher = wire.fetcher.clone();
    if let Some(file) = &setting.ca_file {
        let pem = std::fs::read(file).map_err(|error| {
            ServerError::Setting(format!("could not read ca-file {file}: {}", crate::fault::reason(&error)))
        })?;
        let none = || ServerError::Setting(format!("{file} holds no certificate in PEM"));
        fetcher = fetcher.trusting(&pem).ok_or_else(none)?;
    }
    let revealed =
        |secret| crate::wire::revealed(secret, wire.limits, &wire.capacity).map_err(ServerError::Setting);
    let login = match &setting.login {
        None => None,
        Some(secret) => {
            let login = revealed(secret)?;
            let wrong = || ServerError::Setting("its login does not have the form user:password".to_owned());
            let (user, password) = login.split_once(':').ok_or_else(wrong)?;
            Some((user.to_owned(), password.to_owned()))
        }
    };
    let token = setting.token.as_ref().map(revealed).transpose()?;
    let app = match &setting.app {
        Some((id, key)) => Some((revealed(id)?, revealed(key)?)),
        None => None,
    };
    let calls = |url: &str| Calls::new(&fetcher, url, stopped);
    Ok(match setting.speaks {
        AccountType::GoogleReader => {
            let (user, password) = login.unwrap_or_default();
            Box::new(google_reader::GoogleReader::login(calls(&setting.url)?, (&user, &password), app)?)
        }
        AccountType::Fever => {
            let (user, password) = login.unwrap_or_default();
            Box::new(fever::Fever::login(calls(&setting.url)?, (&user, &password))?)
        }
        AccountType::Miniflux => Box::new(miniflux::Miniflux::new(calls(&setting.url)?, token, login)),
    })
}
