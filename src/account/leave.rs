//! Coming to an account with a list of sources, and leaving it.

use super::round::{keep_memo, kept, memo};
use super::{Server, ServerError, SyncError, sources};
use crate::library::Library;
use crate::wire::bound;
use crate::wire::roster::canonical;
use std::collections::HashSet;

/// A source that is to be added to an account: its address, its title, which may be empty, and its folder.
pub type Wanted = (String, String, Option<String>);

/// What became of a list of sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub new: u64,
    pub known: u64,
    /// Those that the server does not take, with its reason.
    pub refused: Vec<String>,
}

/// Adds sources to an account, those that it has already left out. What was added is read back.
pub fn subscribe_all(
    server: &mut dyn Server,
    wanted: &[Wanted],
    report: &mut dyn FnMut(usize),
) -> Result<Imported, ServerError> {
    let addresses = |server: &mut dyn Server| -> Result<HashSet<String>, ServerError> {
        Ok(server.feeds()?.iter().filter_map(|feed| canonical(feed.url.as_deref()?)).collect())
    };
    let before = addresses(server)?;
    let mut imported = Imported::default();
    let mut asked = 0;
    server.edits_sources()?;
    for (at, (url, title, folder)) in wanted.iter().enumerate() {
        report(at);
        match canonical(url) {
            Some(address) if before.contains(&address) => imported.known += 1,
            Some(address) => match server.subscribe(&address, title, folder.as_deref()) {
                Ok(()) => asked += 1,
                Err(error @ ServerError::Refused { .. }) => {
                    imported.refused.push(format!("{address}: {error}"));
                }
                Err(error) => return Err(error),
            },
            None => imported.refused.push(format!("{url}: it is not a web address")),
        }
    }
    if asked > 0 {
        imported.new = addresses(server)?.difference(&before).count() as u64;
    }
    Ok(imported)
}

/// Gives all sources that are fetched here to an account: the next sync adds them there.
pub fn give_own(library: &Library, account: &str) -> Result<(), SyncError> {
    let mut memo = memo(library, account)?;
    memo.insert(sources::OWN.to_owned(), String::new());
    Ok(keep_memo(library, account, &memo)?)
}

/// Leaves an account: articles and marks stay. Its sources go, unless they are to be fetched from their own addresses from
/// now on. Returns how many there were.
pub fn remove(library: &Library, account: &str, keep_sources: bool) -> Result<u64, SyncError> {
    let Some(_turn) = library.turn()? else { return Err(SyncError::Elsewhere) };
    let (own, others): (Vec<_>, Vec<_>) =
        bound::all(library)?.into_iter().partition(|bound| bound.account == account);
    let there = library.sources()?;
    for bound in &own {
        let Some(source) = there.iter().find(|source| source.id == bound.source) else { continue };
        let has_address = canonical(&source.address).is_some() && !source.address.contains('#');
        if !keep_sources || !has_address {
            library.remove_source(source.id)?;
        }
    }
    bound::keep(library, &others)?;
    library.close_account(account)?;
    if library.kept(&kept(account))?.is_some() {
        library.keep(&kept(account), "")?;
    }
    Ok(own.len() as u64)
}
