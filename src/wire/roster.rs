//! The list of all sources: those stored in the library, overridden by the settings in the config file.

use super::bound;
use super::outlook::is_called_one_of;
use crate::config::sources::{FOR_EVER, FeedOrigin, SourceSetting};
use crate::config::value::without_login;
use crate::fetch::origin::Origin;
use crate::library::sources::{FullText, Source, SourceId, Wishes};
use crate::library::{Error, Library};
use std::collections::HashSet;
use url::Url;

/// A source together with its settings in the config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The source as stored in the library, with the settings that are in effect.
    pub source: Source,
    pub setting: Option<SourceSetting>,
    /// The account by which it comes; `None` for a source that is fetched.
    pub account: Option<String>,
}

impl Listed {
    /// The address that the config file names, if it does.
    pub fn named(&self) -> Option<String> {
        let setting = self.setting.as_ref()?;
        matches!(setting.origin, FeedOrigin::Address(_)).then(|| address_of(setting))
    }

    /// Whether the login, the token and the headers of the config file belong to the present address of the source.
    pub fn may_show_secrets(&self) -> bool {
        let named = self.named().and_then(|address| Origin::of_address(&address));
        named.is_some() && named == Origin::of_address(&self.source.address)
    }

    /// What is not sent any more because the source has moved away from the origin that it was written for: `login`,
    /// `token` or `headers`. `None` if there is no such thing.
    pub fn withheld(&self) -> Option<&'static str> {
        let named = self.written_for()?;
        let login = || {
            let url = Url::parse(&named).ok()?;
            (!url.username().is_empty() || url.password().is_some()).then_some("login")
        };
        let secrets = self.setting.as_ref().and_then(SourceSetting::secrets).or_else(login)?;
        let origin = Origin::of_address(&named)?;
        (Origin::of_address(&self.source.address) != Some(origin)).then_some(secrets)
    }

    /// The address that the secrets of the source were written for.
    fn written_for(&self) -> Option<String> {
        self.named().or_else(|| self.source.standing.moved_from.clone())
    }

    /// Says what is withheld, and how the person confirms that the new origin may see it.
    pub fn unconfirmed(&self) -> Option<String> {
        let what = self.withheld()?;
        let (they, are) = if what == "headers" { ("them", "are") } else { ("it", "is") };
        let (old, new) = (without_login(&self.written_for()?), &self.source.address);
        Some(format!(
            "its {what} must be confirmed and {are} not sent: it moved from {old}; to confirm {they}, set url = \"{new}\" in the config file"
        ))
    }
}

/// The canonical form of an address, which is the form that is stored. `None` if it is not an http, https or file
/// address.
pub fn canonical(address: &str) -> Option<String> {
    let address = address.trim();
    // Browsers pass `feed:` addresses on when somebody clicks a feed.
    let address = match address.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("https:{rest}"),
        Some(rest) => rest.to_owned(),
        None => address.to_owned(),
    };
    let url = Url::parse(&address).ok()?;
    let sound = match url.scheme() {
        "http" | "https" => url.host_str().is_some_and(|host| !host.is_empty()),
        "file" => url.to_file_path().is_ok(),
        _ => false,
    };
    sound.then(|| url.to_string())
}

/// Whether a source has no name yet; its address is used as the name until then.
pub fn is_unnamed(source: &Source) -> bool {
    source.name == source.address
}

/// Lists all sources in the order of their names. Sources of the config file that the library does not have yet are
/// added to it, and sources that have a name in the config file are renamed to it.
pub fn roster(library: &Library, settings: &[SourceSetting]) -> Result<Vec<Listed>, Error> {
    let mut sources = library.sources()?;
    let mut changed = false;
    for setting in settings {
        let address = address_of(setting);
        match sources.iter().find(|source| is_at(source, &address)) {
            None => {
                let name = setting.name.as_deref().unwrap_or(&address);
                library.add_source(&address, name, None, &Wishes::default())?;
                changed = true;
            }
            Some(source) => {
                if let Some(name) = &setting.name
                    && source.name != *name
                    // Another source already has the name, so this one has a number after it.
                    && !source.name.starts_with(&format!("{name} ("))
                {
                    rename(library, source, name)?;
                    changed = true;
                }
            }
        }
    }
    if changed {
        sources = library.sources()?;
    }
    let bound = bound::all(library)?;
    let account =
        |id: SourceId| bound.iter().find(|bound| bound.source == id).map(|bound| bound.account.clone());
    let of = |source: Source| {
        let account = account(source.id);
        Listed { account, ..listed(source, settings) }
    };
    Ok(sources.into_iter().map(of).collect())
}

/// Returns `source` with its settings in the config file applied.
pub fn listed(mut source: Source, settings: &[SourceSetting]) -> Listed {
    // Of two entries, the one with the present address is the later word of the person.
    let present = settings.iter().find(|setting| source.address == address_of(setting));
    let setting = present.or_else(|| settings.iter().find(|setting| is_at(&source, &address_of(setting))));
    let setting = setting.cloned();
    if let Some(setting) = &setting {
        let wishes = &mut source.wishes;
        if let Some(tags) = &setting.tags {
            wishes.tags = clean_tags(tags.iter().map(String::as_str));
        }
        wishes.interval = setting.interval.or(wishes.interval);
        if let Some(keep) = setting.keep {
            wishes.keep_for = keep.time.or(keep.most.is_none().then_some(FOR_EVER));
            wishes.keep_most = keep.most;
        }
        wishes.paused = setting.paused.unwrap_or(wishes.paused);
        wishes.text = match setting.full_text {
            Some(true) => FullText::FromPage,
            Some(false) => FullText::AsInFeed,
            None => wishes.text,
        };
    }
    Listed { source, setting, account: None }
}

/// Cleans tags for storing: without `#` and surrounding spaces, in the given order, each once.
pub fn clean_tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut clean: Vec<String> = Vec::new();
    for tag in tags {
        let tag = crate::text::clean_line(tag);
        let tag = tag.trim().trim_start_matches('#').to_owned();
        if !tag.is_empty() && !clean.contains(&tag) {
            clean.push(tag);
        }
    }
    clean
}

/// Renames a source and all of its articles to `name`, or to a variant of it if another source has that name. Returns
/// the name that was used.
pub fn rename(library: &Library, source: &Source, name: &str) -> Result<String, Error> {
    let name = library.name_source(source.id, name)?;
    if is_unnamed(source) || name == source.name {
        return Ok(name);
    }
    library.refile(&source.name, &name)?;
    Ok(name)
}

fn is_at(source: &Source, address: &str) -> bool {
    source.address == address || source.standing.moved_from.as_deref() == Some(address)
}

fn address_of(setting: &SourceSetting) -> String {
    match &setting.origin {
        FeedOrigin::Address(address) => canonical(address).unwrap_or_else(|| address.clone()),
        FeedOrigin::Command(argv) => format!("exec:{}", argv.join(" ")),
    }
}

/// Returns the sources that `names` refer to, by name or by address, and the names that match no source.
pub fn find<'a>(roster: &'a [Listed], names: &[String]) -> (Vec<&'a Listed>, Vec<String>) {
    let own: HashSet<String> = roster.iter().map(|listed| listed.source.name.to_lowercase()).collect();
    let former = |listed: &'a Listed| listed.source.standing.moved_from.as_deref();
    let addresses: HashSet<&str> = roster
        .iter()
        .flat_map(|listed| former(listed).into_iter().chain([&*listed.source.address]))
        .collect();
    let is_missing =
        |name: &&String| !addresses.contains(name.as_str()) && !own.contains(&name.to_lowercase());
    let found = roster.iter().filter(|listed| is_called_one_of(&listed.source, names)).collect();
    (found, names.iter().filter(is_missing).cloned().collect())
}
