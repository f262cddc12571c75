//! All sources: those that the library keeps, with what the config file says of them laid over.

use crate::config::sources::{FeedOrigin, SourceSetting};
use crate::library::sources::{FullText, Source, Wishes};
use crate::library::{Error, Library};
use url::Url;

/// A source with what the config file says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// As the library keeps it, its wishes as they hold.
    pub source: Source,
    pub setting: Option<SourceSetting>,
}

/// An address as it is kept: in its canonical form. `None` for what is no http, https or file address.
pub fn canonical(address: &str) -> Option<String> {
    let address = address.trim();
    // What browsers hand over when a feed is clicked.
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

/// The name of a source that nobody has named yet.
pub fn is_unnamed(source: &Source) -> bool {
    source.name == source.address
}

/// All sources, by name. Those of the config file are kept in the library from then on, and called as they
/// are called there.
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
                    // Another source has the name.
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
    Ok(sources.into_iter().map(|source| listed(source, settings)).collect())
}

/// `source` with what the config file says of it.
pub fn listed(mut source: Source, settings: &[SourceSetting]) -> Listed {
    let setting = settings.iter().find(|setting| is_at(&source, &address_of(setting))).cloned();
    if let Some(setting) = &setting {
        let wishes = &mut source.wishes;
        if let Some(tags) = &setting.tags {
            wishes.tags = clean_tags(tags.iter().map(String::as_str));
        }
        wishes.interval = setting.interval.or(wishes.interval);
        wishes.keep_for = setting.keep_for.or(wishes.keep_for);
        wishes.text = match setting.full_text {
            Some(true) => FullText::FromPage,
            Some(false) => FullText::AsInFeed,
            None => wishes.text,
        };
    }
    Listed { source, setting }
}

/// Tags as they are kept: clean, in order, each once.
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

/// Calls a source `name`, or, where another is called so, something made of it: itself and all of its
/// articles. Gives the name.
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

/// The sources that a person means by `names`, each by its name or address; and the names that mean none.
pub fn find<'a>(roster: &'a [Listed], names: &[String]) -> (Vec<&'a Listed>, Vec<String>) {
    let is = |listed: &&Listed, name: &String| super::outlook::is_called(&listed.source, name);
    let found = roster.iter().filter(|listed| names.iter().any(|name| is(listed, name))).collect();
    let missing = names.iter().filter(|name| !roster.iter().any(|listed| is(&listed, name))).cloned();
    (found, missing.collect())
}
