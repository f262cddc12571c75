//! What a person's corrections of names make of the names of an archive.
//!
//! In: the corrections, and which names the archive joins. Out: under which name each is shown to this person. Nothing of it
//! is sent to the server but as the names of a question, so that two people with different corrections may read one archive.
//!
//! The articles of an archive are not analysed again for one person, so that a correction applies to a *name of the archive*
//! here: the one that an article's entity is counted by. In an open article it applies to each place of the text.

use super::layout::{Called, folded};
use crate::annotation::{Analysis, Kind};
use crate::article::Article;
use crate::corrections::{Correction, Corrections, Is};
use crate::gazetteer::country;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Applies corrections to the analysis of an article.
pub type Corrector = fn(&Corrections, &Article, Analysis) -> Analysis;

/// How many corrections in a row lead from a name to the one that it is shown under.
const STEPS: usize = 8;

/// The kinds of names that a correction can speak of by their names. A country is known by its code.
const KINDS: [Kind; 3] = [Kind::Person, Kind::Place, Kind::Org];

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Corrected {
    pub corrections: Corrections,
    /// What a name is, as the person said; `None` if it is not a name.
    said: HashMap<Called, Option<Called>>,
    /// Names that are the same as another one, whom those follow that the archive shows under them.
    leading: HashSet<Called>,
    /// By a name: the names that it is not.
    apart: HashMap<String, HashSet<String>>,
    /// Names and the countries that they are in.
    inside: Vec<(Called, Called)>,
    /// How the person writes names that the archive may not have.
    written: HashMap<Called, String>,
}

/// What the archive says of names before a person's corrections.
pub trait Archived {
    /// The name under which the archive shows a name.
    fn head<'a>(&'a self, called: &'a Called) -> &'a Called;

    /// All names that the archive shows under this one, itself among them.
    fn group(&self, head: &Called) -> Vec<Called>;
}

/// An archive that joins no names.
struct Unjoined;

impl Archived for Unjoined {
    fn head<'a>(&'a self, called: &'a Called) -> &'a Called {
        called
    }

    fn group(&self, head: &Called) -> Vec<Called> {
        vec![head.clone()]
    }
}

/// Under which names those are shown that the corrections concern.
#[derive(Clone, Debug, Default)]
pub struct Regrouped {
    /// `None` for what is not a name.
    pub shown: HashMap<Called, Option<Called>>,
    pub members: BTreeMap<Called, Vec<Called>>,
}

impl Corrected {
    pub fn new(corrections: Corrections) -> Corrected {
        let mut made = Corrected::default();
        for correction in corrections.list() {
            made.take(correction);
        }
        made.corrections = corrections;
        made
    }

    fn take(&mut self, correction: &Correction) {
        let own = folded(&correction.name);
        let apart = self.apart.entry(own.clone()).or_default();
        apart.extend(correction.apart.iter().map(|other| folded(other)));
        let name = correction.same.as_ref().unwrap_or(&correction.name);
        for kind in KINDS {
            let source = Called { kind, key: own.clone() };
            let target = match correction.is {
                Some(Is::Nothing) => None,
                Some(Is::Kind(Kind::Country)) => {
                    let code = correction.country.or_else(|| country::find(name));
                    let Some(code) = code else { continue };
                    Some(Called::country(code))
                }
                Some(Is::Kind(kind)) => Some(Called { kind, key: folded(name) }),
                None if correction.same.is_some() => Some(Called { kind, key: folded(name) }),
                None => continue,
            };
            if let Some(target) = &target {
                self.written.insert(target.clone(), name.clone());
                if let (Some(code), Kind::Place | Kind::Org) = (correction.country, target.kind) {
                    self.inside.push((target.clone(), Called::country(code)));
                }
                for also in &correction.also {
                    self.said.insert(Called { kind, key: folded(also) }, Some(target.clone()));
                }
            }
            if correction.same.is_some() && target.is_some() {
                self.leading.insert(source.clone());
            }
            self.said.insert(source, target);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.corrections.is_empty()
    }

    /// All names that the corrections speak of.
    pub fn concerned(&self) -> BTreeSet<Called> {
        let targets = self.said.values().flatten();
        let parted = self.apart.iter().flat_map(|(name, others)| [name].into_iter().chain(others));
        let parted = parted.flat_map(|key| KINDS.map(|kind| Called { kind, key: key.clone() }));
        self.said.keys().chain(targets).cloned().chain(parted).collect()
    }

    /// How the person writes a name.
    pub fn written(&self, called: &Called) -> Option<&String> {
        self.written.get(called)
    }

    /// How a name is shown that stands by itself, as that of a speaker does.
    pub fn renamed(&self, name: String) -> String {
        if self.said.is_empty() {
            return name;
        }
        let said = self.said.get(&Called { kind: Kind::Person, key: folded(&name) });
        let target = said.and_then(Option::as_ref).filter(|target| target.key != folded(&name));
        target.and_then(|target| self.written.get(target)).cloned().unwrap_or(name)
    }

    /// The names of a kind, as the person has them, that have a word which begins with each of `words`; `whole` asks for the
    /// very words.
    pub fn named(&self, kind: Kind, words: &[String], whole: bool) -> BTreeSet<Called> {
        let fits = |called: &&Called| {
            let of: Vec<&str> = called.key.split(' ').collect();
            called.kind == kind
                && match whole {
                    true => of == words,
                    false => words.iter().all(|word| of.iter().any(|own| own.starts_with(word.as_str()))),
                }
        };
        self.written.keys().filter(fits).cloned().collect()
    }

    /// The kinds under which an archive has names that are of this kind for the person, `kind` not among them.
    pub fn kinds_for(&self, kind: Kind) -> BTreeSet<Kind> {
        let said = self.said.iter().filter(|(_, target)| target.as_ref().is_some_and(|of| of.kind == kind));
        let inside = self.inside.iter().filter(|(_, country)| country.kind == kind).map(|(place, _)| place);
        said.map(|(source, _)| source).chain(inside).map(|of| of.kind).filter(|of| *of != kind).collect()
    }

    /// The name under which one is shown, in an archive that joins no names; `None` if it is not a name.
    pub fn alone(&self, called: &Called) -> Option<Called> {
        if self.said.is_empty() { Some(called.clone()) } else { self.shown(called, &Unjoined) }
    }

    /// Whether a name is of the kind for the person that the archive has it under.
    pub fn keeps_kind(&self, called: &Called) -> bool {
        self.alone(called).is_some_and(|shown| shown.kind == called.kind)
    }

    /// Whether the person has said what a name is, or that another one is this one.
    pub fn is_concerned(&self, called: &Called) -> bool {
        self.said.contains_key(called) || self.written.contains_key(called)
    }

    /// The names that the person has said are this one.
    pub fn sources(&self, shown: &Called) -> Vec<Called> {
        let here = |called: &&Called| self.alone(called).as_ref() == Some(shown);
        self.said.keys().filter(here).cloned().collect()
    }

    /// Groups the names again that are concerned.
    pub fn regroup(&self, archive: &dyn Archived) -> Regrouped {
        let mut found = Regrouped::default();
        let mut pool: BTreeSet<Called> = BTreeSet::new();
        for called in self.concerned() {
            pool.extend(archive.group(archive.head(&called)));
            pool.insert(called);
        }
        let mut members: BTreeMap<Called, BTreeSet<Called>> = BTreeMap::new();
        for called in pool {
            let shown = self.shown(&called, archive);
            if let Some(shown) = &shown {
                members.entry(shown.clone()).or_default().insert(called.clone());
            }
            found.shown.insert(called, shown);
        }
        for (place, country) in &self.inside {
            let shown = self.shown(place, archive);
            let inside = shown.and_then(|shown| members.get(&shown)).cloned().unwrap_or_default();
            let own = members.entry(country.clone()).or_default();
            own.insert(country.clone());
            own.extend(inside);
        }
        found.members =
            members.into_iter().map(|(shown, members)| (shown, members.into_iter().collect())).collect();
        found
    }

    /// The name under which one is shown; `None` if it is not a name.
    fn shown(&self, called: &Called, archive: &dyn Archived) -> Option<Called> {
        let mut called = called.clone();
        for _ in 0..STEPS {
            match self.said.get(&called) {
                None => break,
                Some(None) => return None,
                Some(Some(target)) if *target == called => break,
                Some(Some(target)) => called = target.clone(),
            }
            if called.kind == Kind::Country {
                return Some(called);
            }
        }
        let head = archive.head(&called).clone();
        if head == called || self.leaves(&called, &head, archive) {
            return Some(called);
        }
        match self.said.get(&head) {
            None => Some(head),
            Some(Some(target)) if *target == head => Some(head),
            Some(Some(target)) if self.leading.contains(&head) => {
                let target = target.clone();
                if target.kind == Kind::Country { Some(target) } else { self.shown(&target, archive) }
            }
            // The one whom it was shown under is something else now: the longest of the others is.
            Some(_) => {
                let group = archive.group(&head);
                let stays = |of: &&Called| {
                    !self.said.contains_key(*of) && **of != head && !self.leaves(of, &head, archive)
                };
                let first = |of: &&Called| (Reverse(of.key.chars().count()), of.key.clone());
                Some(group.iter().filter(stays).min_by_key(first).unwrap_or(&called).clone())
            }
        }
    }

    /// Whether a name does not belong to the others that the archive shows it with.
    fn leaves(&self, called: &Called, head: &Called, archive: &dyn Archived) -> bool {
        // Of what a person has said the kind of, the archive knows less.
        if self.said.contains_key(called) && head.kind != called.kind {
            return true;
        }
        let parts = |one: &Called, other: &Called| {
            self.apart.get(&one.key).is_some_and(|others| others.contains(&other.key))
        };
        parts(head, called)
            || self.apart.get(&called.key).is_some_and(|others| !others.is_empty())
                && archive.group(head).iter().any(|other| parts(called, other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive that joins names as a list says: a name with the one under which it is shown.
    struct Joins(Vec<(Called, Called)>);

    impl Archived for Joins {
        fn head<'a>(&'a self, called: &'a Called) -> &'a Called {
            self.0.iter().find(|(of, _)| of == called).map_or(called, |(_, head)| head)
        }

        fn group(&self, head: &Called) -> Vec<Called> {
            let others = self.0.iter().filter(|(_, of)| of == head).map(|(called, _)| called.clone());
            [head.clone()].into_iter().chain(others).collect()
        }
    }

    fn called(text: &str) -> Called {
        Called::read(text).expect("a name")
    }

    /// What lines of the file of names make of an archive in which `Ola Varga` is also `O. Varga` and `Varga`.
    fn regrouped(lines: &str) -> Vec<String> {
        let archive = Joins(vec![
            (called("person:o varga"), called("person:ola varga")),
            (called("person:varga"), called("person:ola varga")),
        ]);
        let (corrections, faults) = Corrections::read(lines);
        assert_eq!(faults, []);
        let found = Corrected::new(corrections).regroup(&archive);
        let line = |(shown, members): (&Called, &Vec<Called>)| {
            let members: Vec<String> = members.iter().map(Called::written).collect();
            format!("{} = {}", shown.written(), members.join(", "))
        };
        let of_interest = |line: &String| line.contains("varga") || line.contains("kald");
        found.members.iter().map(line).filter(of_interest).collect()
    }

    #[test]
    fn names_are_grouped_as_the_person_says() {
        let check = |lines: &str, expected: &[&str]| assert_eq!(regrouped(lines), expected, "{lines}");
        // The others follow the name that is the same as another one.
        check(
            "\"Ola Varga\" = { same = \"Olav Kald\" }",
            &[
                "person:olav kald = person:o varga, person:ola varga, person:olav kald, person:varga",
                "place:olav kald = place:ola varga, place:olav kald",
                "org:olav kald = org:ola varga, org:olav kald",
            ],
        );
        // One name alone leaves the others.
        let parted = "\"O. Varga\" = { apart = [\"Ola Varga\"] }";
        assert!(regrouped(parted).contains(&"person:ola varga = person:ola varga, person:varga".to_owned()));
        assert!(regrouped(parted).contains(&"person:o varga = person:o varga".to_owned()));
        // What is not a name is in no group, and the next name stands for the others.
        let nothing = regrouped("\"Ola Varga\" = { is = \"nothing\" }");
        assert_eq!(nothing, ["person:o varga = person:o varga, person:varga"]);
        // Another kind.
        let kind = regrouped("\"Ola Varga\" = { is = \"org\" }");
        assert!(
            kind.contains(&"org:ola varga = org:ola varga, person:ola varga, place:ola varga".to_owned())
                || kind
                    .contains(&"org:ola varga = person:ola varga, place:ola varga, org:ola varga".to_owned()),
            "{kind:?}"
        );
        assert!(kind.contains(&"person:o varga = person:o varga, person:varga".to_owned()), "{kind:?}");
        // Forms, and the country of a place.
        let place = regrouped("\"Kald\" = { is = \"place\", also = [\"Kaldby\"], country = \"NO\" }");
        assert!(place.iter().any(|line| line.starts_with("country:NO = ") && line.contains("place:kaldby")));
        assert!(place.iter().any(|line| line.starts_with("place:kald = ") && line.contains("org:kaldby")));
    }

    #[test]
    fn corrections_that_lead_in_a_circle_come_to_an_end() {
        let (corrections, _) =
            Corrections::read("\"Ada Obi\" = { same = \"Ida Obi\" }\n\"Ida Obi\" = { same = \"Ada Obi\" }");
        let corrected = Corrected::new(corrections);
        let found = corrected.regroup(&Joins(Vec::new()));
        assert_eq!(found.shown.len(), 6);
        assert_eq!(corrected.renamed("Ada Obi".to_owned()), "Ida Obi");
        assert_eq!(corrected.renamed("Ona Obi".to_owned()), "Ona Obi");
    }
}
