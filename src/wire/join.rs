//! Adds sources to the library: by the address of a feed, by the address of a web page, or from a feed list.

use super::obtain::{self, Came, Delivered, Trouble, fallback_name, get};
use super::roster::{canonical, listed};
use super::take::Arrival;
use super::{Listed, Progress, Wanted, Wire};
use crate::fault::short;
use crate::fetch::origin::Origin as Place;
use crate::fetch::{Network, Reach};
use crate::formats::opml::Subscription;
use crate::formats::{Delivery, Offer, OfferOf, Origin};
use crate::intake::typed;
use crate::library::Error;
use crate::library::sources::{Source, SourceId, Standing, Wishes};
use crate::text::clean_line;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use url::Url;

/// The most feeds of a page that are tried until one answers.
const TRIED: usize = 4;
/// The most sources that one list adds.
pub const LIST_CAP: usize = 10_000;

/// The name and the settings that a person chose for a new source.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The name of the source. `None` means the title of the feed.
    pub name: Option<String>,
    pub wishes: Wishes,
}

/// The result of following an address.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    pub name: String,
    /// The address of the feed.
    pub address: String,
    pub before: Before,
    /// Further feeds that the web page offers, if the address was that of a web page.
    pub others: Vec<Offer>,
    pub progress: Progress,
}

/// What was found at an address.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Followed(Box<Followed>),
    /// The page offers several feeds, and nothing was stored. `near` is whether the page is in a private network.
    Several {
        page: String,
        near: bool,
        offers: Vec<Offer>,
    },
}

/// Which of the feeds of a page is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// The first that answers.
    First,
    /// The one that the person chooses, if there are several.
    Asked,
}

/// Whether the library already had the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    New,
    Known,
}

/// Why an address could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error("could not add '{}': it is not an http, https or file address; write {} before it", short(.0), scheme(.0))]
    Address(String),
    #[error(
        "could not add this address: it contains a password, which would be stored unencrypted; add it to the \
         config file as a [[source]] with login-command or login-env"
    )]
    Password,
    #[error("could not add {}: {trouble}", short(address))]
    Trouble { address: String, trouble: Trouble },
    #[error("could not add {}: it is a web page that offers no feed; look for the address of a feed on it", short(.0))]
    NoFeed(String),
    #[error("could not add {}: a web page may not name a file; add the file itself if you trust it", short(.0))]
    File(String),
    #[error(transparent)]
    Library(#[from] Error),
}

/// The scheme that an address without one seems to lack.
fn scheme(address: &str) -> &'static str {
    if address.starts_with('/') { "file://" } else { "https://" }
}

/// The result of importing a feed list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The addresses of the sources that were added.
    pub new: Vec<String>,
    /// The number of sources that the library already had.
    pub known: u64,
    /// The number of sources that were left out, because the list has too many.
    pub left_out: u64,
    /// The addresses that cannot be stored.
    pub refused: Vec<String>,
}

impl Wire {
    /// Fetches `address`, which is a feed or a web page that offers one, and stores the source with its
    /// articles. Nothing is stored if the feed cannot be fetched.
    pub fn follow(&self, address: &str, wish: &Wish) -> Result<Followed, JoinError> {
        match self.find(address, wish, Choice::First)? {
            Found::Followed(followed) => Ok(*followed),
            // The first one was to be taken.
            Found::Several { page, .. } => Err(JoinError::NoFeed(page)),
        }
    }

    /// The same, but of a web page that offers several feeds nothing is stored: they are returned, to choose from.
    pub fn follow_or_offer(&self, address: &str, wish: &Wish) -> Result<Found, JoinError> {
        self.find(address, wish, Choice::Asked)
    }

    /// Follows a feed that the web page `page` offers. `near` is whether the page is in a private network, as
    /// [`Found::Several`] says.
    pub fn follow_offered(
        &self,
        (page, near): (&str, bool),
        address: &str,
        wish: &Wish,
    ) -> Result<Followed, JoinError> {
        let network = if near { Network::Private } else { Network::Public };
        let offer = Offer { url: address.to_owned(), title: None, of: OfferOf::Articles };
        match self.try_offer(&offer, (&Reach::typed(page), network))? {
            Tried::Known(known) => self.follow_known(*known, Vec::new()),
            Tried::New(listed, came) => self.keep(*listed, came, wish, Vec::new()),
        }
    }

    fn find(&self, address: &str, wish: &Wish, choice: Choice) -> Result<Found, JoinError> {
        let found = |followed: Followed| Found::Followed(Box::new(followed));
        let address = accept(address)?;
        if let Some(known) = self.known(&address)? {
            typed::record(&self.library, &address)?;
            return self.follow_known(known, Vec::new()).map(found);
        }
        let (listed, feed_or_page, network) = self.deliver(&address, Some(&address))?;
        let (listed, came, others) = match feed_or_page {
            FeedOrPage::Feed(came) => (listed, came, Vec::new()),
            FeedOrPage::Page(offers)
                if choice == Choice::Asked
                    && offers.iter().filter(|offer| offer.of == OfferOf::Articles).count() > 1 =>
            {
                let offers = offers.into_iter().filter(|offer| offer.of == OfferOf::Articles).collect();
                return Ok(Found::Several { page: address, near: network == Network::Private, offers });
            }
            FeedOrPage::Page(offers) => {
                let (page, mut failed) = (Reach::typed(&address), None);
                let mut alive = None;
                for (place, offer) in offers.iter().enumerate().take(TRIED) {
                    match self.try_offer(offer, (&page, network)) {
                        Ok(tried) => {
                            alive = Some((place, tried));
                            break;
                        }
                        // The first one is what the page means by its feed: its error says most.
                        Err(error) => _ = failed.get_or_insert(error),
                    }
                }
                let Some((place, tried)) = alive else {
                    return Err(failed.unwrap_or(JoinError::NoFeed(address)));
                };
                let others = offers
                    .into_iter()
                    .enumerate()
                    .filter(|(other, offer)| *other != place && offer.of == OfferOf::Articles);
                let others: Vec<Offer> = others.map(|(_, offer)| offer).collect();
                match tried {
                    Tried::Known(known) => return self.follow_known(*known, others).map(found),
                    Tried::New(listed, came) => (*listed, came, others),
                }
            }
        };
        self.keep(listed, came, wish, others).map(found)
    }

    /// Fetches a feed that a page names. `page` is what the page may reach, and `network` where its server is.
    fn try_offer(&self, offer: &Offer, (page, network): (&Reach, Network)) -> Result<Tried, JoinError> {
        // A page may come from anybody, so only network addresses are accepted from it.
        let address = accept(&offer.url)?;
        let Some(origin) = Place::of_address(&address) else { return Err(JoinError::File(address)) };
        if let Some(known) = self.known(&address)? {
            return Ok(Tried::Known(Box::new(known)));
        }
        // A page in a private network may name its own origin, which the person typed.
        let typed = network == Network::Private && *page == Reach::Typed(origin);
        match self.deliver(&address, typed.then_some(address.as_str()))? {
            (listed, FeedOrPage::Feed(came), _) => Ok(Tried::New(Box::new(listed), came)),
            (_, FeedOrPage::Page(_), _) => Err(JoinError::NoFeed(address)),
        }
    }

    fn keep(
        &self,
        listed: Listed,
        came: Box<Came>,
        wish: &Wish,
        others: Vec<Offer>,
    ) -> Result<Followed, JoinError> {
        let address = listed.source.address.clone();
        let setting = listed.setting.as_ref().and_then(|setting| setting.name.clone());
        let name = setting.or(wish.name.clone()).or(came.feed.title.clone());
        let name = name.unwrap_or_else(|| fallback_name(&address));
        let id = self.library.add_source(&address, &name, came.feed.site.as_deref(), &wish.wishes)?;
        let Some(listed) = self.by_id(id)? else { return Err(JoinError::NoFeed(address)) };
        let name = listed.source.name.clone();
        let mut progress = Progress { total: 1, ..Progress::default() };
        let pages = self.take(vec![Arrival { listed, result: Ok(Delivered::Came(came)) }], &mut progress)?;
        self.take_pages(pages, &AtomicBool::new(false), &mut progress, &mut |_| {})?;
        let address = self.by_id(id)?.map_or(address, |listed| listed.source.address);
        Ok(Followed { name, address, before: Before::New, others, progress })
    }

    fn follow_known(&self, known: Listed, others: Vec<Offer>) -> Result<Followed, JoinError> {
        let Source { name, address, .. } = known.source;
        let wanted = Wanted::Named(vec![address.clone()]);
        let round = self.fetch(&wanted, &AtomicBool::new(false), &mut |_| {})?;
        Ok(Followed { name, address, before: Before::Known, others, progress: round.progress })
    }

    fn by_id(&self, id: SourceId) -> Result<Option<Listed>, Error> {
        let found = self.library.sources()?.into_iter().find(|source| source.id == id);
        Ok(found.map(|source| listed(source, &self.settings)))
    }

    fn known(&self, address: &str) -> Result<Option<Listed>, Error> {
        let is = |source: &Source| {
            source.address == address || source.standing.moved_from.as_deref() == Some(address)
        };
        let found = self.library.sources()?.into_iter().find(is);
        Ok(found.map(|source| listed(source, &self.settings)))
    }

    /// Fetches the content of an address that is not a source yet, and says in which network its server is. `typed` is
    /// the address that the person typed, if it is at the same origin.
    fn deliver(
        &self,
        address: &str,
        typed: Option<&str>,
    ) -> Result<(Listed, FeedOrPage, Network), JoinError> {
        let source = Source {
            id: SourceId(0),
            address: address.to_owned(),
            name: address.to_owned(),
            site: None,
            wishes: Wishes::default(),
            standing: Standing::default(),
        };
        let listed = listed(source, &self.settings);
        let at = self.now();
        let trouble = |trouble| JoinError::Trouble { address: address.to_owned(), trouble };
        let got = match get(&listed, self, typed).map_err(trouble)? {
            Ok(got) => got,
            // The request was unconditional, so an answer that nothing has changed is an answer without content.
            Err(_) => return Err(trouble(Trouble::NoFeed("empty".to_owned()))),
        };
        let origin = Origin { path: None, source: String::new(), time: at };
        match obtain::read(&got, &listed.source, &origin, self.max_items) {
            Delivery::Feed(feed) => {
                let obtain::Got { etag, last_modified, fresh_for, moved_to, network, share, .. } = got;
                let came = Came { feed, etag, last_modified, fresh_for, moved_to, at, share };
                Ok((listed, FeedOrPage::Feed(Box::new(came)), network))
            }
            Delivery::Page(offers) => Ok((listed, FeedOrPage::Page(offers), got.network)),
            Delivery::Neither(what) => Err(trouble(Trouble::NoFeed(what))),
        }
    }

    /// Stores the sources of a feed list without fetching them.
    pub fn import(&self, feeds: &[Subscription], wish: &Wish) -> Result<Imported, Error> {
        let mut imported = Imported::default();
        let mut known: HashSet<String> = HashSet::new();
        for source in self.library.sources()? {
            known.extend(source.standing.moved_from);
            known.insert(source.address);
        }
        for feed in &merged(feeds) {
            // A list may come from anybody, so only network addresses are accepted from it.
            let address = accept(&feed.url).ok().filter(|address| !address.starts_with("file:"));
            let Some(address) = address else {
                imported.refused.push(clean_line(&without_password(&feed.url)));
                continue;
            };
            if known.contains(&address) {
                imported.known += 1;
                continue;
            }
            if imported.new.len() >= LIST_CAP {
                imported.left_out += 1;
                continue;
            }
            let mut wishes = wish.wishes.clone();
            let tags = feed.tags.iter().chain(&wish.wishes.tags).map(String::as_str);
            wishes.tags = super::roster::clean_tags(tags);
            let name = feed.name.as_deref().unwrap_or(&address);
            self.library.add_source(&address, name, feed.site.as_deref(), &wishes)?;
            known.insert(address.clone());
            imported.new.push(address);
        }
        Ok(imported)
    }
}

/// The feeds of a list, each once, with the tags of all its places: a feed may stand in several folders.
fn merged(feeds: &[Subscription]) -> Vec<Subscription> {
    let mut merged: Vec<Subscription> = Vec::with_capacity(feeds.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for feed in feeds {
        let address = canonical(&feed.url).unwrap_or_else(|| feed.url.clone());
        match places.entry(address) {
            Entry::Occupied(place) => {
                let Some(first) = merged.get_mut(*place.get()) else { continue };
                let new = feed.tags.iter().filter(|tag| !first.tags.contains(tag));
                let new: Vec<String> = new.cloned().collect();
                first.tags.extend(new);
                first.name = first.name.take().or_else(|| feed.name.clone());
                first.site = first.site.take().or_else(|| feed.site.clone());
            }
            Entry::Vacant(place) => {
                place.insert(merged.len());
                merged.push(feed.clone());
            }
        }
    }
    merged
}

/// A feed that a page names and that answers.
enum Tried {
    /// It is a source already.
    Known(Box<Listed>),
    New(Box<Listed>, Box<Came>),
}

enum FeedOrPage {
    Feed(Box<Came>),
    Page(Vec<Offer>),
}

/// Returns the canonical form of an address that can be stored.
fn accept(address: &str) -> Result<String, JoinError> {
    let canonical = canonical(address).ok_or_else(|| JoinError::Address(clean_line(address)))?;
    match Url::parse(&canonical).is_ok_and(|url| url.password().is_some()) {
        true => Err(JoinError::Password),
        false => Ok(canonical),
    }
}

fn without_password(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if url.password().is_some() => {
            // This fails only for an address without a host, which has no password.
            let _ = url.set_password(None);
            url.to_string()
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_in_two_folders_has_both_tags() {
        let feed = |url: &str, tags: &[&str]| Subscription {
            url: url.to_owned(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Subscription::default()
        };
        let both = [
            feed("https://a.example/f", &["News"]),
            feed("https://b.example/f", &["News"]),
            feed("https://a.example/f", &["Local", "News"]),
        ];
        let merged = merged(&both);
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[0].tags, ["News", "Local"]);
    }
}
