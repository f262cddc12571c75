//! The sources of an account: what was added, removed, renamed or moved at either side.
//!
//! A source of the account is a source of the library like any other, except that it is not fetched from its own address. A
//! source that disappears is believed only where something says so: here, that a person removed it; there, a list that is
//! not empty.

use super::{Feed, Memo, Server, ServerError, SyncError};
use crate::library::Library;
use crate::library::sources::{Source, SourceId, Wishes};
use crate::text::clean_line;
use crate::wire::bound::{self, Bound};
use crate::wire::roster::{self, canonical, clean_tags, rename};
use crate::wire::{Listed, Wire};
use std::collections::HashSet;

/// The addresses of the sources that were followed here before the account came, and those that the server does not take:
/// they stay as they are.
pub const OWN: &str = "own";

/// What became of the sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub added_here: u64,
    pub removed_here: u64,
    pub added_there: u64,
    pub removed_there: u64,
    /// What a person has to know.
    pub notes: Vec<String>,
}

/// Brings the sources of both sides to the same. Returns those of the account.
pub fn exchange(
    wire: &Wire,
    (account, adds): (&str, bool),
    server: &mut dyn Server,
    memo: &mut Memo,
    moved: &mut Moved,
) -> Result<Vec<Bound>, SyncError> {
    let library = &wire.library;
    let mut feeds = server.feeds()?;
    let mut all = bound::all(library)?;
    let was_empty = !all.iter().any(|bound| bound.account == account);
    if feeds.is_empty() && !was_empty {
        moved.notes.push("the server lists no source, which is not believed; nothing was removed".to_owned());
        return Ok(all.into_iter().filter(|bound| bound.account == account).collect());
    }
    rebind(library, account, &feeds, &mut all)?;
    // What a person removed here.
    let mut changed_there = false;
    for gone in all.iter().filter(|bound| bound.account == account && bound.removed) {
        if feeds.iter().any(|feed| feed.id == gone.feed) {
            match server.unsubscribe(&gone.feed) {
                Err(ServerError::Unable(why)) => {
                    moved.notes.push(format!("{} is still on the server: {why}", gone.title));
                }
                unsubscribed => {
                    unsubscribed?;
                    changed_there = true;
                }
            }
        }
    }
    // What a person added here.
    let listed = roster::roster(library, &wire.settings)?;
    let free = |listed: &&Listed| listed.account.is_none() && listed.setting.is_none();
    let free: Vec<&Listed> = listed.iter().filter(free).collect();
    match memo.get(OWN).cloned() {
        None => {
            let own: Vec<&str> = free.iter().map(|listed| listed.source.address.as_str()).collect();
            memo.insert(OWN.to_owned(), own.join("\n"));
        }
        Some(own) if adds => {
            let own: HashSet<&str> = own.lines().collect();
            let there: HashSet<String> = feeds.iter().filter_map(address).collect();
            for Listed { source, .. } in free {
                let is_web = source.address.starts_with("http://") || source.address.starts_with("https://");
                if !is_web || own.contains(source.address.as_str()) || there.contains(&source.address) {
                    continue;
                }
                let folder = source.wishes.tags.first().map(String::as_str);
                let title = if roster::is_unnamed(source) { "" } else { &source.name };
                match server.subscribe(&source.address, title, folder) {
                    Ok(()) => {
                        changed_there = true;
                        moved.added_there += 1;
                    }
                    Err(error) if error.is_refusal() => {
                        moved.notes.push(format!("{} stays here only: {error}", source.name));
                        keep_own(memo, &source.address);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Some(_) => {}
    }
    if changed_there {
        // An answer proves nothing.
        feeds = server.feeds()?;
    }
    let before: HashSet<String> = all
        .iter()
        .filter(|bound| bound.account == account && bound.removed)
        .map(|bound| bound.feed.clone())
        .collect();
    let left: HashSet<&String> =
        feeds.iter().map(|feed| &feed.id).filter(|id| before.contains(*id)).collect();
    moved.removed_there += (before.len() - left.len()) as u64;
    // What is removed here and still there is tried again the next time, and so it stays in the list.
    all.retain(|bound| bound.account != account || !bound.removed || left.contains(&bound.feed));
    for feed in feeds.iter().filter(|feed| !before.contains(&feed.id)) {
        take_over(library, account, feed, &mut all, moved)?;
    }
    // What was removed there.
    let there: HashSet<&String> = feeds.iter().map(|feed| &feed.id).collect();
    for gone in all.iter().filter(|bound| bound.account == account && !there.contains(&bound.feed)) {
        library.remove_source(gone.source)?;
        moved.removed_here += 1;
    }
    all.retain(|bound| bound.account != account || there.contains(&bound.feed));
    bound::keep(library, &all)?;
    Ok(all.into_iter().filter(|bound| bound.account == account).collect())
}

/// Gives a source that the server calls otherwise now its new name there: each language has names of its own, and a server
/// that has lost a source and got it again as well.
fn rebind(library: &Library, account: &str, feeds: &[Feed], all: &mut [Bound]) -> Result<(), SyncError> {
    let names: HashSet<&String> = feeds.iter().map(|feed| &feed.id).collect();
    let is_lost = |bound: &Bound| bound.account == account && !names.contains(&bound.feed);
    if !all.iter().any(is_lost) {
        return Ok(());
    }
    let sources = library.sources()?;
    let mut bound_there: HashSet<String> =
        all.iter().filter(|bound| bound.account == account).map(|bound| bound.feed.clone()).collect();
    for bound in all.iter_mut().filter(|bound| is_lost(bound)) {
        let Some(source) = sources.iter().find(|source| source.id == bound.source) else { continue };
        // Of two accounts with the same source, the second one has its name behind the address.
        let own = source.address.strip_suffix(&format!("#{account}")).unwrap_or(&source.address);
        let again = feeds.iter().find(|feed| {
            !bound_there.contains(&feed.id) && address(feed).is_some_and(|address| address == own)
        });
        if let Some(feed) = again {
            bound_there.insert(feed.id.clone());
            feed.id.clone_into(&mut bound.feed);
        }
    }
    Ok(())
}

/// Notes that a source is none of the account's.
fn keep_own(memo: &mut Memo, address: &str) {
    let own = memo.entry(OWN.to_owned()).or_default();
    if !own.lines().any(|line| line == address) {
        own.push_str(&format!("\n{address}"));
    }
}

/// The address of a feed, as the library writes addresses.
fn address(feed: &Feed) -> Option<String> {
    canonical(feed.url.as_deref()?)
}

fn folders_of(feed: &Feed) -> Vec<String> {
    clean_tags(feed.folders.iter().map(String::as_str))
}

/// Binds a source of the server to one of the library, which is added if there is none, and follows its name and folders.
fn take_over(
    library: &Library,
    account: &str,
    feed: &Feed,
    all: &mut Vec<Bound>,
    moved: &mut Moved,
) -> Result<(), SyncError> {
    let sources = library.sources()?;
    let (title, folders) = (clean_line(&feed.title), folders_of(feed));
    let address = address(feed).unwrap_or_else(|| format!("account:{account}/{}", feed.id));
    let known = all.iter().position(|bound| bound.account == account && bound.feed == feed.id);
    let source = known
        .and_then(|at| all.get(at))
        .and_then(|bound| sources.iter().find(|source| source.id == bound.source));
    let (Some(at), Some(source)) = (known, source) else {
        // A source that a repair could not save, or a new one.
        let others: HashSet<SourceId> = all
            .iter()
            .filter(|bound| (bound.account.as_str(), &bound.feed) != (account, &feed.id))
            .map(|bound| bound.source)
            .collect();
        let there = sources.iter().find(|source| source.address == address);
        let (id, taken_over) = match there {
            Some(source) if !others.contains(&source.id) => {
                retag(library, source, &[], &folders)?;
                (source.id, true)
            }
            there => {
                let own = there.map(|_| format!("{address}#{account}"));
                let own = own.as_deref().unwrap_or(&address);
                let wishes = Wishes { tags: folders.clone(), ..Wishes::default() };
                let name = if title.is_empty() { clean_line(own) } else { title.clone() };
                moved.added_here += 1;
                (library.add_source(own, &name, feed.site.as_deref(), &wishes)?, false)
            }
        };
        all.retain(|bound| (bound.account.as_str(), &bound.feed) != (account, &feed.id));
        all.push(Bound {
            account: account.to_owned(),
            feed: feed.id.clone(),
            source: id,
            title,
            folders,
            taken_over,
            removed: false,
        });
        return Ok(());
    };
    if let Some(bound) = all.get_mut(at) {
        // A name that the person gave it here stays.
        if !title.is_empty() && title != bound.title && source.name == bound.title {
            rename(library, source, &title)?;
        }
        if folders != bound.folders {
            retag(library, source, &bound.folders, &folders)?;
        }
        (bound.title, bound.folders) = (title, folders);
    }
    Ok(())
}

/// Gives a source the tags of its new folders in place of those of its old ones.
fn retag(library: &Library, source: &Source, old: &[String], new: &[String]) -> Result<(), SyncError> {
    let kept = source.wishes.tags.iter().filter(|tag| !old.contains(tag));
    let tags = clean_tags(kept.chain(new).map(String::as_str));
    if tags != source.wishes.tags {
        library.change_source(source.id, &Wishes { tags, ..source.wishes.clone() })?;
    }
    Ok(())
}
