//! Changes what a person wants of a source: the one way in which `dateline sources set|remove` and the reader do it.
//!
//! Input: the source and a change in the words of the command line. Output: a sentence on what was done, and the source
//! before and after, by which the change is undone.

use super::roster::{self, Listed, clean_tags, rename};
use super::{Wire, bound};
use crate::config::sources::{FOR_EVER, Keep, duration, keep, written};
use crate::intake::typed;
use crate::library::sources::{FullText, Source, Wishes};
use crate::library::{Error, Library};

/// What to change of a source. What is `None` or empty stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub name: Option<String>,
    /// Tags for its new articles.
    pub tag: Vec<String>,
    pub untag: Vec<String>,
    /// As [`duration`] reads it; `usual` for the general setting.
    pub every: Option<String>,
    /// As [`keep`] reads it; `usual` for the general setting.
    pub keep: Option<String>,
    pub full_text: Option<bool>,
    pub paused: Option<bool>,
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The name of the source now, and what was done: `Wire: paused`.
    pub told: String,
    /// The source before the change; `None` if there was none.
    pub before: Option<Source>,
    /// The source after the change; `None` if it was removed.
    pub after: Option<Source>,
}

/// Why a source was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("could not change {name}: {reason}")]
    Value { name: String, reason: String },
    #[error("could not find a source called '{0}' ('dateline sources' lists them)")]
    NoSource(String),
    #[error(transparent)]
    Library(#[from] Error),
}

impl Wire {
    /// The source of this name or address.
    pub fn one(&self, name: &str) -> Result<Listed, EditError> {
        let roster = self.roster()?;
        let (found, _) = roster::find(&roster, &[name.to_owned()]);
        found.first().map(|listed| (*listed).clone()).ok_or_else(|| EditError::NoSource(name.to_owned()))
    }

    /// Changes a source.
    pub fn change(&self, name: &str, change: &Change) -> Result<Edited, EditError> {
        let listed = self.one(name)?;
        // What is stored, without what the config file overrides.
        let before = stored(&self.library, &listed.source.address)?.unwrap_or_else(|| listed.source.clone());
        let value = |reason: String| EditError::Value { name: before.name.clone(), reason };
        let mut wishes = before.wishes.clone();
        let untag = clean_tags(change.untag.iter().map(String::as_str));
        wishes.tags.retain(|tag| !untag.contains(tag));
        wishes.tags = clean_tags(wishes.tags.iter().chain(&change.tag).map(String::as_str));
        let mut done: Vec<String> = Vec::new();
        if wishes.tags != before.wishes.tags {
            let tags: Vec<String> = wishes.tags.iter().map(|tag| format!("#{tag}")).collect();
            done.push(if tags.is_empty() {
                "no tags".to_owned()
            } else {
                format!("tags {}", tags.join(" "))
            });
        }
        if let Some(text) = &change.every {
            wishes.interval = match text.trim() {
                "usual" | "" => None,
                text => Some(duration(text).map_err(value)?),
            };
            let every = wishes
                .interval
                .map_or("as often as usual".to_owned(), |time| format!("every {}", written(time)));
            done.push(format!("fetched {every}"));
        }
        if let Some(text) = &change.keep {
            let kept = match text.trim() {
                "usual" | "" => None,
                text => Some(keep(text).map_err(value)?),
            };
            wishes.keep_most = kept.and_then(|keep| keep.most);
            wishes.keep_for = kept.and_then(|keep| keep.time.or(keep.most.is_none().then_some(FOR_EVER)));
            done.push(kept.map_or("kept as long as usual".to_owned(), |keep| format!("keeps {keep}")));
        }
        if let Some(full_text) = change.full_text {
            wishes.text = if full_text { FullText::FromPage } else { FullText::AsInFeed };
            done.push(if full_text { "full text from the page" } else { "text as in the feed" }.to_owned());
        }
        if let Some(paused) = change.paused {
            wishes.paused = paused;
            done.push(if paused { "paused" } else { "fetched again" }.to_owned());
        }
        self.library.change_source(before.id, &wishes)?;
        let mut name = before.name.clone();
        let new = change.name.as_deref().map(crate::text::clean_line).filter(|new| !new.is_empty());
        if let Some(new) = new.filter(|new| *new != name) {
            name = rename(&self.library, &before, &new)?;
            done.push(format!("renamed from {}", before.name));
        }
        let over =
            if listed.setting.is_some() { "; its settings in the config file override this" } else { "" };
        let done = if done.is_empty() { "nothing to change".to_owned() } else { done.join(", ") };
        let after = stored(&self.library, &before.address)?;
        Ok(Edited { told: format!("{name}: {done}{over}"), before: Some(before), after })
    }

    /// Stops following a source. Its articles stay.
    pub fn remove(&self, name: &str) -> Result<Edited, EditError> {
        let listed = self.one(name)?;
        let before = stored(&self.library, &listed.source.address)?;
        self.library.remove_source(listed.source.id)?;
        typed::forget(&self.library, &listed.source)?;
        bound::removed(&self.library, &listed.source)?;
        let again = if listed.setting.is_some() {
            "; it is also in the config file, and will be followed again from there"
        } else {
            ""
        };
        let told = format!("{}: no longer followed; its articles are kept{again}", listed.source.name);
        Ok(Edited { told, before, after: None })
    }

    /// Makes a source what it is in `to`, from what it is in `from`: undoes a change, or makes it again.
    pub fn set_back(&self, from: Option<&Source>, to: Option<&Source>) -> Result<(), Error> {
        let Some(known) = from.or(to) else { return Ok(()) };
        match (stored(&self.library, &known.address)?, to) {
            (Some(now), Some(to)) => {
                self.library.change_source(now.id, &to.wishes)?;
                if now.name != to.name {
                    rename(&self.library, &now, &to.name)?;
                }
            }
            (None, Some(to)) => {
                let id = self.library.put_source(to)?;
                bound::returned(&self.library, to.id, id)?;
                // The person typed this address once.
                typed::record(&self.library, &to.address)?;
            }
            (Some(now), None) => {
                self.library.remove_source(now.id)?;
                typed::forget(&self.library, &now)?;
                bound::removed(&self.library, &now)?;
            }
            (None, None) => {}
        }
        Ok(())
    }
}

/// The source at this address as the library has it.
pub fn stored(library: &Library, address: &str) -> Result<Option<Source>, Error> {
    Ok(library.sources()?.into_iter().find(|source| source.address == address))
}

/// Which articles of a source are kept, where it has a wish of its own.
pub fn kept(wishes: &Wishes) -> Option<String> {
    let keep = Keep { time: wishes.keep_for, most: wishes.keep_most };
    (keep != Keep::default()).then(|| keep.to_string())
}
