//! Which country a name means, and in which country a place lies.
//!
//! In: the names of an article. Out: a code for each name; `Georgia` may become a place where it was taken for the country.
//! A name that can only mean one country is evidence for the others: `Congo` beside `Brazzaville` is the smaller one,
//! `Lincoln` beside `Yorkshire` lies in Britain. `London, Ontario` is settled by what follows its comma.

use super::Item;
use crate::analysis::rule::Rule;
use crate::annotation::{CountryCode, Kind};
use crate::gazetteer::{self, Entry, Facet};
use crate::language::{Language, Traits};
use crate::text::fold::fold;
use foldhash::{HashMap, HashMapExt};
use std::collections::BTreeMap;

/// What the article says about a country beyond doubt.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    /// Names of the country or its people.
    names: u32,
    /// Places that lie in it alone.
    places: u32,
}

type Countries = BTreeMap<CountryCode, Evidence>;

/// The code for each item: for a country its own, for a place and for the seat of a government that of its
/// country.
pub fn locate(items: &mut [Item<'_>]) -> Vec<Option<CountryCode>> {
    let entries: Vec<Option<Entry>> =
        items.iter().map(|item| (item.kind != Kind::Person).then(|| look_up(item)).flatten()).collect();
    let evidence = gather(items, &entries);
    let followed = by_what_follows(items, &entries);
    let mut codes = Vec::with_capacity(items.len());
    for (index, item) in items.iter_mut().enumerate() {
        let entry = entries[index];
        let code = match item.kind {
            Kind::Person => None,
            Kind::Org => {
                entry.filter(|entry| entry.is(Facet::Seat)).and_then(|entry| entry.countries().next())
            }
            // `the North`, `the South`: only the Koreas get here.
            Kind::Country if is_quarter(item, Traits::NORTH) => CountryCode::new("KP"),
            Kind::Country if is_quarter(item, Traits::SOUTH) => CountryCode::new("KR"),
            Kind::Country => country(item, entry, &evidence, &followed),
            Kind::Place => place(item, entry, &evidence, &followed),
        };
        codes.push(code);
    }
    codes
}

fn is_quarter(item: &Item<'_>, quarter: Traits) -> bool {
    item.tokens.len() == 1 && item.text.is(item.tokens.start, quarter)
}

/// The country of the abbreviation of a state or a province with its full stop, or of its postal code: `Neb.`, `Ont.`,
/// `TX`.
fn country_of_abbreviation(surface: &str, language: Language) -> Option<CountryCode> {
    let word = surface.strip_suffix('.').unwrap_or(surface);
    if !word.starts_with(char::is_uppercase) {
        return None;
    }
    let traits = language.traits(word);
    if surface.len() == 2 && surface.bytes().all(|byte| byte.is_ascii_uppercase()) {
        // The names of places of two capitals are postal codes: `Mobile, AL`.
        let state = traits.any(Traits::US_POSTAL).then(|| CountryCode::new("US")).flatten();
        return state
            .or_else(|| traits.any(Traits::CANADIAN_POSTAL).then(|| CountryCode::new("CA")).flatten());
    }
    if surface == word {
        return None;
    }
    if traits.any(Traits::CANADIAN_PROVINCE) {
        CountryCode::new("CA")
    } else if traits.any(Traits::US_STATE) {
        CountryCode::new("US")
    } else {
        None
    }
}

fn look_up(item: &Item<'_>) -> Option<Entry> {
    let of_one = || if item.kind == Kind::Country { gazetteer::of_one(item.surface) } else { None };
    gazetteer::find(item.surface).or_else(of_one)
}

fn gather(items: &[Item<'_>], entries: &[Option<Entry>]) -> Countries {
    let mut countries = Countries::new();
    for (item, entry) in items.iter().zip(entries) {
        let Some(entry) = entry else { continue };
        let of_country = entry.is(Facet::Country) || entry.is(Facet::People);
        if item.kind == Kind::Country || (item.kind == Kind::Org && entry.is(Facet::Seat)) {
            if let Some(code) = only(entry.countries())
                && !entry.is(Facet::Place)
            {
                countries.entry(code).or_default().names += 1;
            }
        } else if item.kind == Kind::Place
            && !of_country
            && let Some(code) = only(entry.places().0)
        {
            countries.entry(code).or_default().places += 1;
        }
    }
    countries
}

fn only(mut codes: impl Iterator<Item = CountryCode>) -> Option<CountryCode> {
    let first = codes.next()?;
    codes.next().is_none().then_some(first)
}

/// Names that a comma and a country or region follow somewhere in the article, folded, with the country.
fn by_what_follows(items: &[Item<'_>], entries: &[Option<Entry>]) -> HashMap<String, CountryCode> {
    let mut followed = HashMap::new();
    for (index, pair) in items.windows(2).enumerate() {
        let (item, next) = (&pair[0], &pair[1]);
        let beside = std::ptr::eq(item.text, next.text) && item.tokens.end + 1 == next.tokens.start;
        // `La Paz in El Salvador`
        if Rule::PlaceInCountry.on()
            && beside
            && item.kind == Kind::Place
            && next.kind == Kind::Country
            && item.text.is_small(item.tokens.end, Traits::IN)
            && let Some(code) = entries[index + 1]
                .filter(|entry| entry.is(Facet::Country) && !entry.is(Facet::Place))
                .and_then(|entry| only(entry.countries()))
        {
            followed.entry(fold(item.surface)).or_insert(code);
            continue;
        }
        let adjacent = beside && item.text.word(item.tokens.end) == ",";
        if !adjacent || !matches!(item.kind, Kind::Place | Kind::Country) {
            continue;
        }
        // `Crete, Neb.` says it, whether or not the table knows the town.
        if let Some(code) = country_of_abbreviation(next.surface, next.text.language) {
            followed.entry(fold(item.surface)).or_insert(code);
            continue;
        }
        let Some(entry) = entries[index + 1].filter(|_| matches!(next.kind, Kind::Place | Kind::Country))
        else {
            continue;
        };
        // What follows must be a region or a country that can hold the first: `Geneva, Paris and Rome` says nothing.
        let first_in = |code: CountryCode| {
            entries[index]
                .is_none_or(|entry| entry.places().0.any(|place| place == code) && !entry.is(Facet::People))
        };
        let code = if entry.is(Facet::Country) && !entry.is(Facet::Place) {
            only(entry.countries())
        } else if entry.is(Facet::Listed) {
            entry.places().0.next()
        } else {
            None
        };
        if let Some(code) = code.filter(|code| first_in(*code)) {
            followed.entry(fold(item.surface)).or_insert(code);
        }
    }
    followed
}

/// The country that a name or people means. A name that the article shows to be a place becomes one.
fn country(
    item: &mut Item<'_>,
    entry: Option<Entry>,
    evidence: &Countries,
    followed: &HashMap<String, CountryCode>,
) -> Option<CountryCode> {
    let entry = entry?;
    let codes: Vec<CountryCode> = entry.countries().collect();
    let first = *codes.first()?;
    if entry.is(Facet::Place) && entry.is(Facet::Listed) {
        // `Georgia`, `Washington`: the other place counts where only its country is spoken of.
        let mut places = entry.places().0.filter(|place| *place != first);
        let other = places.next();
        if let Some(other) = other {
            let of = |code: CountryCode| evidence.get(&code).copied().unwrap_or_default();
            let says_place = followed.get(&fold(item.surface)) == Some(&other);
            let (here, there) = (of(first), of(other));
            if says_place || (here.names + here.places == 0 && there.names + there.places > 0) {
                item.kind = Kind::Place;
                return Some(other);
            }
        }
    }
    Some(likeliest(&codes, evidence))
}

/// The first that the article gives evidence for, the one with most evidence before the others.
fn likeliest(codes: &[CountryCode], evidence: &Countries) -> CountryCode {
    // `Korea` is the South, though the North be named too, unless the article has the North alone.
    let korea = |code: &str| codes.iter().copied().find(|known| known.as_str() == code);
    if let (Some(north), Some(south), true) = (korea("KP"), korea("KR"), Rule::KoreaIsSouth.on()) {
        let named = |code: CountryCode| evidence.get(&code).map_or(0, |found| found.names + found.places);
        return if named(north) > 2 && named(south) == 0 { north } else { south };
    }
    let weight = |code: &CountryCode| evidence.get(code).map_or(0, |found| found.names + found.places);
    let best = codes.iter().rev().max_by_key(|code| weight(code));
    *best.unwrap_or(&codes[0])
}

fn place(
    item: &Item<'_>,
    entry: Option<Entry>,
    evidence: &Countries,
    followed: &HashMap<String, CountryCode>,
) -> Option<CountryCode> {
    if let Some(code) = followed.get(&fold(item.surface)) {
        return Some(*code);
    }
    if let Some(code) = country_of_abbreviation(item.surface, item.text.language) {
        return Some(code);
    }
    let entry = entry?;
    let (places, decided) = entry.places();
    let codes: Vec<CountryCode> = places.collect();
    let first = *codes.first()?;
    let of = |code: &CountryCode| evidence.get(code).copied().unwrap_or_default();
    // `Waterloo station` is called after another Waterloo.
    let behind = item.tokens.end;
    let small = !entry.is(Facet::Listed) && !entry.is(Facet::Large);
    if Rule::Stations.on()
        && (item.text.is_small(behind, Traits::NAMED_AFTER)
            || small && item.text.is_small(behind, Traits::ROLE) && codes.len() == 1)
    {
        return codes.iter().copied().filter(|code| of(code).names > 0).max_by_key(|code| of(code).names);
    }
    let mentioned = |code: &CountryCode| of(code).names + of(code).places > 0;
    if let [only] = codes[..] {
        // A small town needs the article's word for it, or that nothing speaks for another country.
        let known = entry.is(Facet::Listed) || entry.is(Facet::Large);
        let alone = of(&only).places > 1 || evidence.len() <= usize::from(of(&only).places > 0);
        return (known || of(&only).names > 0 || alone).then_some(only);
    }
    if decided && mentioned(&first) {
        return Some(first);
    }
    if decided && entry.is(Facet::Listed) {
        // A famous place gives way only to its namesake's own surroundings.
        // `Tripoli` beside Beirut; but namesakes over the sea, which are named for it, need more.
        let overseas = |code: &CountryCode| matches!(code.as_str(), "US" | "CA" | "AU" | "GB" | "NZ" | "ZA");
        let around = |code: &CountryCode| {
            let found = of(code);
            found.places > 1 || found.places + found.names > 1 && found.names > 0 && !overseas(code)
        };
        let other = codes[1..].iter().filter(|code| around(code)).max_by_key(|code| of(code).places);
        return Some(other.copied().unwrap_or(first));
    }
    let best =
        codes.iter().rev().max_by_key(|code| of(code).names + of(code).places).filter(|code| mentioned(code));
    best.copied().or(decided.then_some(first))
}
