//! Entities: which names of one article are one thing, and in which country a place is.
//!
//! In: the names of the title and of the body. Out: entities in the order of their first mention, and the mentions
//! that point to them. Persons are joined by [`person`], organisations by [`org`]; countries are their codes, places
//! get the country that they lie in by [`place`]. Must not know how names were found.

mod bearer;
mod national;
mod org;
mod person;
mod place;
mod salience;

use super::mention::{Name, Text};
use crate::analysis::rule::Rule;
use crate::annotation::{CountryCode, Entity, EntityIndex, Kind, Mention};
use crate::gazetteer::{self, Facet, country};
use crate::persons::{shouts, spoken};
use crate::text::fold::fold;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::ops::Range;

pub use national::tell;
pub use salience::weigh;
#[cfg(feature = "train")]
pub use salience::{COUNTRY_FEATURES, PERSON_FEATURES, features};

/// A name with the text that it stands in.
#[derive(Clone, Debug)]
struct Item<'a> {
    text: &'a Text<'a>,
    tokens: Range<usize>,
    kind: Kind,
    surface: &'a str,
}

/// What makes two mentions one entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Identity {
    /// The number of a group that [`person`] made.
    Person(usize),
    /// The number of a group that [`org`] made.
    Org(usize),
    Country(CountryCode),
    /// The folded name.
    Place(String),
}

/// The entities of an article and their mentions, in order. Salience is 0 until [`weigh`] has run.
pub fn resolve(title: (&Text<'_>, &[Name]), body: (&Text<'_>, &[Name])) -> (Vec<Entity>, Vec<Mention>) {
    let mut items = Vec::with_capacity(title.1.len() + body.1.len());
    for (text, names) in [title, body] {
        items.extend(names.iter().map(|name| Item {
            text,
            tokens: name.tokens.clone(),
            kind: name.kind,
            surface: text.slice(&name.tokens),
        }));
    }
    let located = place::locate(&mut items);
    let people = person::group(&items);
    let orgs = org::group(&items, body.0.language);
    let mut entities: Vec<Entity> = Vec::new();
    let mut mentions = Vec::with_capacity(items.len());
    let mut known: HashMap<Identity, EntityIndex> = HashMap::new();
    // Places that have only been written in capitals so far.
    let mut loud: HashSet<EntityIndex> = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        let code = located[index];
        let identity = match item.kind {
            Kind::Person => Identity::Person(people.group[index]),
            Kind::Org => Identity::Org(orgs.group[index]),
            Kind::Country => match code {
                Some(code) => Identity::Country(code),
                None => continue,
            },
            Kind::Place => Identity::Place(fold(item.surface)),
        };
        let entity = *known.entry(identity.clone()).or_insert_with(|| {
            let name = match &identity {
                Identity::Person(group) => spoken(&people.names[*group]),
                Identity::Org(group) => orgs.names[*group].clone(),
                Identity::Country(code) => country::name(*code).to_owned(),
                Identity::Place(_) => spoken(item.surface),
            };
            entities.push(entity(item.kind, name, code));
            let index = EntityIndex((entities.len() - 1) as u32);
            if shouts(item.surface) {
                loud.insert(index);
            }
            index
        });
        let entry = &mut entities[entity.0 as usize];
        // Accents make a form longer in bytes; what was only seen in capitals gives way to any other.
        let quieter = !shouts(item.surface) && loud.remove(&entity);
        if item.kind == Kind::Place && (quieter || item.surface.len() > entry.name.len()) {
            entry.name = spoken(item.surface);
        }
        mentions.push(Mention { field: item.text.field, span: item.text.span(&item.tokens), entity });
    }
    (entities, mentions)
}

fn entity(kind: Kind, name: String, code: Option<CountryCode>) -> Entity {
    let (code, country) = if kind == Kind::Country { (code, None) } else { (None, code) };
    Entity { kind, name, code, country, salience: 0.0 }
}

/// Every country that the entities name, lie in or govern, sorted and without doubles. Where there is none, those inside
/// the names of bodies.
pub fn countries(entities: &[Entity]) -> Vec<CountryCode> {
    let mut codes: Vec<CountryCode> =
        entities.iter().filter_map(|entity| entity.code.or(entity.country)).collect();
    if codes.is_empty() && Rule::WithinBody.on() {
        let bodies = entities.iter().filter(|entity| entity.kind == Kind::Org);
        codes.extend(bodies.filter_map(|entity| within(&entity.name)));
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The country inside the name of a body: `Zimbabwe Electoral Commission`, `Bank of New Zealand`.
fn within(name: &str) -> Option<CountryCode> {
    let words: Vec<&str> = name.split_whitespace().collect();
    (0..words.len()).find_map(|start| {
        (1..=3.min(words.len() - start)).rev().find_map(|count| {
            let entry = gazetteer::find(&words[start..start + count].join(" "))?;
            let country = entry.is(Facet::Country) || entry.is(Facet::People);
            let mut codes = entry.countries();
            let code = codes.next()?;
            (country && !entry.is(Facet::Common) && !entry.is(Facet::Place) && codes.next().is_none())
                .then_some(code)
        })
    })
}
