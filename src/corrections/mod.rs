//! What a person has corrected: the kinds of names, texts that are not names, names to be joined or separated, and
//! names to be added.
//!
//! In: the content of `names.toml`. Out: the corrections; and a correction can be written as a line of the file again.
//! Pure; `analysis::correct` applies the corrections to an analysis. Each line of the file is about one name:
//! ```toml
//! "Apple" = { is = "org" }                      # another kind
//! "Monday Club" = { is = "nothing" }            # not a name
//! "Zelensky" = { same = "Volodymyr Zelenskyy" } # the same as
//! "J. Berg" = { apart = ["Jonas Berg"] }        # not the same as
//! "Lena Sorvik" = { is = "person", also = ["Sorvik", "L. Sorvik"] }
//! "Kaldvik" = { is = "place", country = "NO" }
//! ```

mod read;
#[cfg(test)]
mod tests;

use crate::annotation::{CountryCode, Kind};
use crate::fault::Fault;
use std::fmt;

/// What a correction says that a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    Kind(Kind),
    /// Not a name.
    Nothing,
}

/// One correction, which is usually one line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The name exactly as it occurs in texts, with its case.
    pub name: String,
    pub is: Option<Is>,
    /// Further forms of the name; only together with [`Is::Kind`].
    pub also: Vec<String>,
    /// The name of the entity that this name also means.
    pub same: Option<String>,
    /// The names of entities that this name does not mean.
    pub apart: Vec<String>,
    /// For a place, the country that it is in; for a country, its code.
    pub country: Option<CountryCode>,
    /// The number of the line in the file, from 1.
    pub line: usize,
}

/// All corrections, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    list: Vec<Correction>,
}

impl Corrections {
    /// Parses the content of the file. Lines that cannot be used, even those that are not UTF-8, are skipped and reported
    /// as faults. Takes time in proportion to the content.
    pub fn read(content: impl AsRef<[u8]>) -> (Corrections, Vec<Fault>) {
        read::file(content.as_ref())
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn list(&self) -> &[Correction] {
        &self.list
    }

    /// Returns the content of the file with `correction` added. An earlier entry for the same name is replaced;
    /// all other lines, including comments and lines that cannot be read, are unchanged.
    pub fn write(content: &[u8], correction: &Correction) -> Vec<u8> {
        read::write(content, correction)
    }

    /// Returns the content of the file without the entry for `name`; all other lines are unchanged.
    pub fn without(content: &[u8], name: &str) -> Vec<u8> {
        read::without(content, name)
    }
}

impl Correction {
    /// Adds to this correction what the earlier correction `before` says about the same name, as far as the two
    /// do not contradict each other. A person may first correct the kind of a name and then whom it means.
    pub fn over(&self, before: Option<&Correction>) -> Correction {
        let mut made = self.clone();
        let Some(before) = before.filter(|_| self.is != Some(Is::Nothing)) else { return made };
        if made.is.is_none() && before.is != Some(Is::Nothing) {
            made.is = before.is;
            made.country = made.country.or(before.country);
            made.also.extend(before.also.iter().cloned());
        }
        if made.same.is_none() {
            made.same = before.same.clone().filter(|same| !made.apart.contains(same));
        }
        let apart = before
            .apart
            .iter()
            .filter(|name| Some(*name) != made.same.as_ref() && !self.apart.contains(name));
        made.apart.extend(apart.cloned());
        made
    }
}

impl fmt::Display for Correction {
    /// Writes the correction as its line in the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let list = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
        let mut parts = Vec::new();
        parts.extend(self.is.map(|is| format!("is = \"{}\"", is.as_str())));
        parts.extend((!self.also.is_empty()).then(|| format!("also = [{}]", list(&self.also))));
        parts.extend(self.same.as_ref().map(|same| format!("same = {}", quoted(same))));
        parts.extend((!self.apart.is_empty()).then(|| format!("apart = [{}]", list(&self.apart))));
        parts.extend(self.country.map(|country| format!("country = \"{country}\"")));
        let name = format!("\"{}\"", self.name.replace('\\', "\\\\").replace('"', "\\\""));
        write!(f, "{name} = {{ {} }}", parts.join(", "))
    }
}

impl Is {
    fn as_str(self) -> &'static str {
        match self {
            Is::Kind(Kind::Person) => "person",
            Is::Kind(Kind::Country) => "country",
            Is::Kind(Kind::Place) => "place",
            Is::Kind(Kind::Org) => "org",
            Is::Nothing => "nothing",
        }
    }

    fn find(word: &str) -> Option<Is> {
        let all = [Is::Nothing].into_iter().chain(Kind::ALL.map(Is::Kind));
        all.into_iter().find(|is| is.as_str() == word)
    }
}
