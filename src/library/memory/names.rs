//! The names of the articles: entities across articles, who speaks, who is salient, and what a
//! name that is asked for means.

use crate::annotation::{Analysis, CountryCode, Entity, Kind, SALIENT, Speaker};
use crate::gazetteer::{body, country};
use crate::library::same::{self, Same};
use crate::persons::{Apart, bodies};
use crate::query::Names;
use crate::text::fold;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock};

/// An entity's place in the index.
pub type Number = u32;

/// One entity across all articles.
pub struct Known {
    pub kind: Kind,
    pub name: String,
    /// For a country.
    pub code: Option<CountryCode>,
    /// The articles that mention it, that are about it, in which it speaks.
    pub mentioned: RoaringBitmap,
    salient: RoaringBitmap,
    speaks: RoaringBitmap,
}

/// An index of names in memory.
#[derive(Default)]
pub struct NameIndex {
    pub known: Vec<Known>,
    by_key: HashMap<(Kind, String), Number>,
    /// By the folded form of a name or of a mention.
    by_form: HashMap<(Kind, String), BTreeSet<Number>>,
    /// By each word of a form.
    by_word: BTreeMap<String, BTreeSet<Number>>,
    /// The folded forms of each entity.
    forms: Vec<BTreeSet<String>>,
    /// By article: its entities, ascending.
    pub mentions: Vec<Box<[Number]>>,
    /// The articles with quotes; those in which someone speaks who is not named, by each word of
    /// the description.
    pub quoted: RoaringBitmap,
    described: HashMap<String, RoaringBitmap>,
    /// The names that a person holds apart.
    apart: Apart,
    /// Which entities are one; computed when it is first asked for after a change.
    same: RwLock<Option<Arc<Same>>>,
}

fn key(words: &str) -> String {
    fold::words(words).join(" ")
}

impl NameIndex {
    /// Sets the names of article `number`, which is at most one past the last.
    pub fn put(&mut self, number: u32, title: &str, body: &str, analysis: &Analysis) {
        self.remove(number);
        let numbers: Vec<Number> = analysis.entities.iter().map(|entity| self.number(entity)).collect();
        for mention in &analysis.mentions {
            let text = match mention.field {
                crate::annotation::Field::Title => title,
                crate::annotation::Field::Body => body,
            };
            if let (Some(entity), Some(form)) =
                (numbers.get(mention.entity.0 as usize), mention.span.get(text))
            {
                self.learn_form(*entity, form);
            }
        }
        let mut all: BTreeSet<Number> = numbers.iter().copied().collect();
        for code in &analysis.countries {
            all.insert(self.country(*code));
        }
        for entity in &all {
            self.at(*entity).mentioned.insert(number);
        }
        for (entity, place) in analysis.entities.iter().zip(&numbers) {
            if entity.salience >= SALIENT {
                self.at(*place).salient.insert(number);
            }
        }
        for code in analysis.about() {
            let country = self.country(code);
            self.at(country).salient.insert(number);
        }
        self.put_speakers(number, analysis, &numbers);
        let all: Box<[Number]> = all.into_iter().collect();
        match self.mentions.get_mut(number as usize) {
            Some(there) => *there = all,
            None => self.mentions.push(all),
        }
    }

    fn put_speakers(&mut self, number: u32, analysis: &Analysis, numbers: &[Number]) {
        if !analysis.quotes.is_empty() {
            self.quoted.insert(number);
        }
        for quote in &analysis.quotes {
            match &quote.speaker {
                Some(Speaker::Entity(index)) => {
                    if let Some(entity) = numbers.get(index.0 as usize) {
                        self.at(*entity).speaks.insert(number);
                    }
                }
                Some(Speaker::Description(words)) => {
                    for word in fold::words(words) {
                        self.described.entry(word).or_default().insert(number);
                    }
                }
                None => {}
            }
        }
    }

    pub fn remove(&mut self, number: u32) {
        *self.same.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        let Some(mentions) = self.mentions.get_mut(number as usize) else { return };
        for entity in std::mem::take(mentions) {
            let known = self.at(entity);
            known.mentioned.remove(number);
            known.salient.remove(number);
            known.speaks.remove(number);
        }
        self.quoted.remove(number);
        for set in self.described.values_mut() {
            set.remove(number);
        }
    }

    fn at(&mut self, entity: Number) -> &mut Known {
        // Numbers are only ever made by `number_for`, which pushes the entity.
        &mut self.known[entity as usize]
    }

    fn number(&mut self, entity: &Entity) -> Number {
        match entity.code {
            Some(code) => {
                let number = self.country(code);
                self.at(number).name.clone_from(&entity.name);
                self.learn_form(number, &entity.name);
                number
            }
            None => {
                let name = body::label(entity);
                self.number_for(entity.kind, key(&name), &name, None)
            }
        }
    }

    fn country(&mut self, code: CountryCode) -> Number {
        self.number_for(Kind::Country, code.as_str().to_owned(), country::name(code), Some(code))
    }

    fn number_for(&mut self, kind: Kind, key: String, name: &str, code: Option<CountryCode>) -> Number {
        if let Some(number) = self.by_key.get(&(kind, key.clone())) {
            return *number;
        }
        let number = self.known.len() as Number;
        self.known.push(Known {
            kind,
            name: name.to_owned(),
            code,
            mentioned: RoaringBitmap::new(),
            salient: RoaringBitmap::new(),
            speaks: RoaringBitmap::new(),
        });
        self.forms.push(BTreeSet::new());
        self.by_key.insert((kind, key), number);
        self.learn_form(number, name);
        number
    }

    fn learn_form(&mut self, number: Number, form: &str) {
        let words = fold::words(form);
        let form = words.join(" ");
        let (Some(known), Some(forms)) =
            (self.known.get(number as usize), self.forms.get_mut(number as usize))
        else {
            return;
        };
        if form.is_empty() || !forms.insert(form.clone()) {
            return;
        }
        self.by_form.entry((known.kind, form)).or_default().insert(number);
        for word in words {
            self.by_word.entry(word).or_default().insert(number);
        }
    }

    /// Holds these names apart from now on.
    pub fn hold_apart(&mut self, apart: Apart) {
        self.apart = apart;
        *self.same.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Which entities are one.
    /// The names of what is shown under a name: its own, then those of the others that are one with it, then how they are
    /// written elsewhere, folded.
    pub fn forms_of(&self, kind: Kind, name: &str) -> Vec<String> {
        let form = if kind == Kind::Country { name.to_owned() } else { key(name) };
        let Some(number) = self.by_key.get(&(kind, form)) else { return Vec::new() };
        let same = self.same();
        let members: Vec<Number> = same.members(same.of(*number)).collect();
        let known = members.iter().filter_map(|number| self.known.get(*number as usize));
        let mut names: Vec<String> = known.map(|known| known.name.clone()).collect();
        for form in members.iter().filter_map(|number| self.forms.get(*number as usize)).flatten() {
            if !names.iter().any(|name| key(name) == *form) {
                names.push(form.clone());
            }
        }
        names
    }

    pub fn same(&self) -> Arc<Same> {
        if let Some(same) = &*self.same.read().unwrap_or_else(PoisonError::into_inner) {
            return same.clone();
        }
        let known = (0u32..).zip(&self.known).filter(|(_, known)| !known.mentioned.is_empty());
        let known: Vec<same::Known> = known
            .filter(|(_, known)| known.kind != Kind::Country)
            .map(|(entity, known)| same::Known {
                entity,
                kind: known.kind,
                name: known.name.clone(),
                articles: known.mentioned.len() as u32,
            })
            .collect();
        let short = known.iter().filter(|known| known.kind == Kind::Org && bodies::is_short(&known.name));
        let short_for: Vec<(Number, Number)> = short
            .flat_map(|short| {
                let longs = self.by_form.get(&(Kind::Org, key(&short.name))).into_iter().flatten();
                longs.filter(|long| **long != short.entity).map(|long| (short.entity, *long))
            })
            .collect();
        let same = Arc::new(Same::new(&known, &short_for, &self.apart));
        *self.same.write().unwrap_or_else(PoisonError::into_inner) = Some(same.clone());
        same
    }

    /// The entities of `kind` that `name` means, under all of their names.
    pub fn meant(&self, kind: Kind, name: &str) -> BTreeSet<Number> {
        let named = self.named(kind, name);
        if kind == Kind::Country {
            return named;
        }
        let same = self.same();
        let shown: BTreeSet<Number> = named.into_iter().map(|number| same.of(number)).collect();
        shown.into_iter().flat_map(|shown| same.members(shown).collect::<Vec<_>>()).collect()
    }

    /// The articles that mention an entity under one of its names.
    pub fn mentioned(&self, shown: Number, same: &Same) -> RoaringBitmap {
        union(
            same.members(shown)
                .filter_map(|number| self.known.get(number as usize))
                .map(|known| &known.mentioned),
        )
    }

    /// The entities of `kind` that have `name`. One word of a person's name means everyone who
    /// bears it; else the entity with exactly this name, else those with exactly this form in a mention,
    /// else those with a name that contains it, else those with a name that begins with it.
    fn named(&self, kind: Kind, name: &str) -> BTreeSet<Number> {
        let words = fold::words(name);
        let form = words.join(" ");
        if kind == Kind::Country {
            return self.countries_meant(name, &form);
        }
        if kind != Kind::Person || words.len() > 1 {
            // A name that bodies of several countries have means all of them.
            let several = kind == Kind::Org && body::is_of_each(name);
            if let Some(number) = self.by_key.get(&(kind, form.clone())).filter(|_| !several) {
                return BTreeSet::from([*number]);
            }
            if let Some(numbers) = self.by_form.get(&(kind, form)) {
                return numbers.clone();
            }
        }
        let containing = self.containing(kind, &words);
        if containing.is_empty() { self.beginning(kind, &words) } else { containing }
    }

    fn countries_meant(&self, name: &str, form: &str) -> BTreeSet<Number> {
        let code = country::find(name).map(|code| code.as_str().to_owned());
        let code = code.unwrap_or_else(|| name.trim().to_ascii_uppercase());
        let by_code = self.by_key.get(&(Kind::Country, code)).map(|number| BTreeSet::from([*number]));
        by_code
            .or_else(|| self.by_form.get(&(Kind::Country, form.to_owned())).cloned())
            .unwrap_or_else(|| self.beginning(Kind::Country, &fold::words(name)))
    }

    fn containing(&self, kind: Kind, words: &[String]) -> BTreeSet<Number> {
        let Some(longest) = words.iter().max_by_key(|word| word.len()) else { return BTreeSet::new() };
        let bearing = self.by_word.get(longest).into_iter().flatten().copied();
        let has = |form: &String| {
            let form: Vec<&str> = form.split(' ').collect();
            form.windows(words.len()).any(|window| window == words)
        };
        bearing.filter(|number| self.is(*number, kind) && self.some_form(*number, has)).collect()
    }

    /// The entities of `kind` that have, for each of `words`, a word that begins with it.
    pub fn beginning(&self, kind: Kind, words: &[String]) -> BTreeSet<Number> {
        let Some(longest) = words.iter().max_by_key(|word| word.len()) else { return BTreeSet::new() };
        let range = self.by_word.range::<str, _>((Bound::Included(longest.as_str()), Bound::Unbounded));
        let begun = |form: &String| {
            words.iter().all(|word| form.split(' ').any(|part| part.starts_with(word.as_str())))
        };
        range
            .take_while(|(word, _)| word.starts_with(longest.as_str()))
            .flat_map(|(_, numbers)| numbers.iter().copied())
            .filter(|number| self.is(*number, kind) && self.some_form(*number, begun))
            .collect()
    }

    fn is(&self, number: Number, kind: Kind) -> bool {
        self.known.get(number as usize).is_some_and(|known| known.kind == kind)
    }

    fn some_form(&self, number: Number, holds: impl Fn(&String) -> bool) -> bool {
        self.forms.get(number as usize).is_some_and(|forms| forms.iter().any(holds))
    }

    fn of_any_kind<'a>(&'a self, names: &'a Names) -> impl Iterator<Item = &'a Known> {
        let numbers = names
            .iter()
            .flat_map(move |name| Kind::ALL.into_iter().flat_map(move |kind| self.meant(kind, name)));
        numbers.filter_map(|number| self.known.get(number as usize))
    }

    pub fn is_country(&self, name: &str, code: CountryCode) -> bool {
        let numbers = self.meant(Kind::Country, name);
        numbers
            .iter()
            .any(|number| self.known.get(*number as usize).is_some_and(|known| known.code == Some(code)))
    }

    pub fn is_entity(&self, name: &str, kinds: &[Kind], entity: &Entity) -> bool {
        let number = self.by_key.get(&(entity.kind, key(&body::label(entity))));
        number.is_some_and(|number| kinds.iter().any(|kind| self.meant(*kind, name).contains(number)))
    }

    pub fn mentioning(&self, kind: Kind, names: &Names) -> RoaringBitmap {
        let numbers = names.iter().flat_map(|name| self.meant(kind, name));
        union(numbers.filter_map(|number| self.known.get(number as usize)).map(|known| &known.mentioned))
    }

    pub fn about(&self, names: &Names) -> RoaringBitmap {
        union(self.of_any_kind(names).map(|known| &known.salient))
    }

    /// The articles in which a quote may be by one of `names`.
    pub fn speaking(&self, names: &Names) -> RoaringBitmap {
        let mut set = union(self.of_any_kind(names).map(|known| &known.speaks));
        for name in names.iter() {
            let words = fold::words(name);
            let sets = words.iter().map(|word| self.described.get(word).cloned().unwrap_or_default());
            set |= sets.reduce(|a, b| a & b).unwrap_or_default();
        }
        set
    }

    pub fn mentioning_any(&self, names: &Names) -> RoaringBitmap {
        union(self.of_any_kind(names).map(|known| &known.mentioned))
    }
}

fn union<'a>(sets: impl Iterator<Item = &'a RoaringBitmap>) -> RoaringBitmap {
    sets.fold(RoaringBitmap::new(), |union, set| union | set)
}
