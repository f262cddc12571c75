//! Corrects the names that the tagger found, by what the gazetteer proves and by the rules for where a name ends.
//!
//! In: a text, the known names in it, the names of the tagger. Out: names, disjoint and in order. The tagger decides
//! where a name is and what it is; here a country is distinguished from other places and separated from the name of a
//! body behind it, compounds with a hyphen are split, and countries that the tagger missed are added. Must not know the
//! rest of the article.
//!
//! The file has over 600 lines because the rules are one list, and the order in which they apply decides.

use super::known::Known;
use super::language;
use super::{Name, Text, bodies};
use crate::analysis::rule::Rule;
use crate::analysis::tagger::{self, NameKind};
use crate::analysis::token::{Class, Token, is_capitalised};
use crate::annotation::Kind;
use crate::gazetteer::{self, Entry, Facet};
use crate::language::Traits;
use std::ops::Range;

/// Applies the gazetteer to the names that were found.
pub fn adjust(text: &Text<'_>, known: &[Known], found: &[tagger::Name]) -> Vec<Name> {
    let mut names = Vec::with_capacity(found.len() + known.len() / 4);
    let mut taken: Vec<Range<usize>> = Vec::with_capacity(found.len());
    let mut known_at = known.iter().peekable();
    for (words, kind) in lengthen(text, known, found) {
        let Some(tokens) = trim(text, words, kind) else { continue };
        let first = names.len();
        while known_at.peek().is_some_and(|known| known.tokens.end <= tokens.start) {
            if let Some(known) = known_at.next() {
                add_known(text, known, &taken, &mut names);
            }
        }
        part(text, tokens.clone(), kind, &mut names);
        // A name that is not marked still covers the names inside it.
        if names.len() == first || kind != NameKind::Other {
            taken.push(tokens);
        }
    }
    for known in known_at {
        add_known(text, known, &taken, &mut names);
    }
    names.iter_mut().for_each(|name| abbreviate(text, name));
    names.sort_by_key(|name| name.tokens.start);
    if Rule::PostalCodes.on() {
        mark_postal_codes(text, &mut names);
    }
    let mut end = 0;
    names.retain(|name| {
        let free = name.tokens.start >= end && !is_no_name(text, name);
        if free {
            end = name.tokens.end;
        }
        free
    });
    bodies::mend(text, join_councils(text, names))
}

/// Whether a country or a place is none: the money in `US$5`, the years in `200 B.C.`, a house called "Blue House".
fn is_no_name(text: &Text<'_>, name: &Name) -> bool {
    let (start, end) = (name.tokens.start, name.tokens.end);
    let number = text.word(start).strip_prefix("COP");
    if Rule::Summits.on()
        && number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    {
        return true;
    }
    match name.kind {
        Kind::Country | Kind::Place | Kind::Org if text.word(end) == "$" && text.is_tight(end) => {
            Rule::Dollars.on()
        }
        Kind::Place => {
            let years = start > 0 && text.tokens[start - 1].class == Class::Number;
            Rule::Eras.on()
                && years
                && matches!(text.slice(&name.tokens), "B.C." | "BC" | "B.C" | "A.D." | "AD")
        }
        Kind::Org => {
            let mark = |word: &str| matches!(word, "\"" | "“" | "”" | "'" | "‘" | "’");
            Rule::QuotedHouses.on()
                && mark(text.word_before(start))
                && mark(text.word(end))
                && entry(text, &name.tokens).is_some_and(|entry| entry.is(Facet::Seat))
        }
        _ => false,
    }
}

/// The names that were found. A name inside a longer one of the gazetteer is replaced by the longer one, and a person's
/// name gets the parts that a hyphen or a small word joins to it.
fn lengthen(text: &Text<'_>, known: &[Known], found: &[tagger::Name]) -> Vec<(Range<usize>, NameKind)> {
    let mut names: Vec<(Range<usize>, NameKind)> = Vec::with_capacity(found.len());
    let mut known = known.iter().filter(|known| known.tokens.len() > 1 && is_certain(known.entry)).peekable();
    for name in found {
        while known.peek().is_some_and(|known| known.tokens.end <= name.words.start) {
            known.next();
        }
        if let Some(longer) = known.peek()
            && Rule::LongerKnownName.on()
            && longer.tokens.start <= name.words.start
            && name.words.end <= longer.tokens.end
            && !(name.kind == NameKind::Organization && longer.tokens == name.words && is_city(longer.entry))
        {
            if names.last().is_none_or(|(last, _)| last.end <= longer.tokens.start) {
                let org = longer.entry.is(Facet::Org) && !is_country(longer.entry);
                let kind = if org { NameKind::Organization } else { NameKind::Location };
                names.push((longer.tokens.clone(), kind));
            }
            continue;
        }
        let least = names.last().map_or(0, |(last, _)| last.end);
        let words = if name.kind == NameKind::Person {
            whole(text, name.words.clone(), least)
        } else {
            name.words.clone()
        };
        if words.start >= least {
            names.push((words, name.kind));
        }
    }
    names
}

fn is_certain(entry: Entry) -> bool {
    is_country(entry)
        || entry.is(Facet::Org)
        || (entry.is(Facet::Place) && entry.is(Facet::Listed) && !entry.is(Facet::Common))
}

/// Whether the name is that of a large city, and so may be that of its club.
fn is_city(entry: Entry) -> bool {
    entry.is(Facet::Large) && !is_country(entry)
}

/// A person's name with the small words before it (`van Rooijen`) and the hyphenated rest behind it (`Jong-un`).
fn whole(text: &Text<'_>, mut words: Range<usize>, least: usize) -> Range<usize> {
    if words.len() > 1 && text.word(words.end - 1) == "-" {
        words.end -= 1;
    }
    while Rule::SurnameParticles.on()
        && words.start > least
        && text.is(words.start - 1, Traits::BEFORE_SURNAME)
    {
        words.start -= 1;
    }
    // `Mr Friday Ameh`
    if Rule::DayForename.on()
        && words.start > least
        && text.is_capitalised(words.start - 1, Traits::WEEKDAY)
        && text.is(words.start - 1, Traits::TIME)
        && text.follows(words.start - 1, Traits::ADDRESS)
    {
        words.start -= 1;
    }
    // `Detective Amber May`
    let before = words.start.wrapping_sub(1);
    if Rule::ForenameBefore.on()
        && words.len() == 1
        && words.start > least
        && text.is_capitalised(words.start, Traits::MONTH_OR_NAME.or(Traits::SURNAME_OR_WORD))
        && text.tokens.get(before).is_some_and(|token| token.class == Class::Word && token.capital)
        && text.traits(before).is_empty()
        && gazetteer::find(text.word(before))
            .is_some_and(|entry| entry.is(Facet::Forename) && !entry.is(Facet::Place) && !is_country(entry))
    {
        words.start -= 1;
    }
    if Rule::HyphenatedName.on()
        && text.word(words.end) == "-"
        && text.is_tight(words.end)
        && text.is_tight(words.end + 1)
    {
        let rest = text.word(words.end + 1);
        let joined = text.tokens.get(words.end + 1).is_some_and(|token| token.class == Class::Word)
            && (rest.starts_with(char::is_uppercase)
                || (rest.len() <= 5 && !text.is(words.end + 1, Traits::AFTER_HYPHEN)));
        if joined {
            words.end += 2;
        }
    }
    words
}

/// The name without the marks, articles and forms of address at its ends.
fn trim(text: &Text<'_>, mut tokens: Range<usize>, kind: NameKind) -> Option<Range<usize>> {
    tokens.end = tokens.end.min(text.tokens.len());
    loop {
        let (first, last) = (text.tokens.get(tokens.start)?, text.tokens.get(tokens.end.checked_sub(1)?)?);
        if tokens.is_empty() {
            return None;
        }
        let word = text.word(tokens.start);
        let leads = Rule::TrimArticles.on() && is_article(text, tokens.start)
            || (matches!(first.class, Class::Mark | Class::Genitive) && word != "‘" && word != "'")
            || (kind == NameKind::Person && tokens.len() > 1 && is_address(text, &tokens))
            || (Rule::TrimSmallPlace.on()
                && kind == NameKind::Location
                && is_lower(text, first, tokens.start));
        let caption = kind == NameKind::Person
            && tokens.len() > 2
            && text.is_capitalised(tokens.end - 1, Traits::CAPTION)
            && matches!(text.word(tokens.end), ":" | "/" | "|");
        let trails = last.class == Class::Genitive
            || (Rule::Captions.on() && caption)
            || (last.class == Class::Mark && !matches!(text.word(tokens.end - 1), "!" | "+" | ")"))
            || (Rule::TrimHonours.on()
                && kind == NameKind::Person
                && tokens.len() > 2
                && is_honour(text, tokens.end - 1));
        if leads {
            tokens.start += 1;
        } else if trails {
            tokens.end -= 1;
        } else {
            // `Mladost (L)`: the tagger does not see the closing bracket.
            let open = |at: usize| text.word(at) == "(";
            let closed = |at: usize| text.word(at) == ")";
            if Rule::CloseBracket.on()
                && closed(tokens.end)
                && tokens.clone().any(open)
                && !tokens.clone().any(closed)
            {
                tokens.end += 1;
            }
            return Some(tokens);
        }
        if tokens.is_empty() {
            return None;
        }
    }
}

/// Whether the word before a person's name is no part of it: `Mr`, `Det Con`.
fn is_address(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let at = tokens.start;
    let traits = text.traits(at);
    // `Con` is also a forename.
    // `Opener D. S. Kulkarni`
    let role = || {
        let rest = text.word(at + 1);
        let initial = rest.trim_end_matches('.').chars().count() == 1;
        tokens.len() > 2
            && traits.any(Traits::ROLE.or(Traits::ROLE_NOUN))
            && is_capitalised(text.word(at))
            && (initial
                || gazetteer::find(rest).is_some_and(|entry| entry.is(Facet::Forename))
                    && gazetteer::find(text.word(at)).is_none_or(|entry| !entry.is(Facet::Forename)))
    };
    Rule::TrimRole.on() && (role() || serves(text, tokens))
        || Rule::Greetings.on() && is_capitalised(text.word(at)) && traits.any(Traits::GREETING)
        || Rule::LetteredNouns.on() && ends_before_name(text, tokens)
        || Rule::TrimAddress.on() && traits.any(Traits::ADDRESS)
        || (Rule::TrimRank.on()
            && traits.any(Traits::RANK)
            && (tokens.len() > 2 || !text.is_capitalised(at, Traits::RANK_OR_NAME)))
}

/// The first word of `Marine Paul Whelan`, `Green Beret Sam Brown`, and the second: what somebody served as.
fn serves(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let at = tokens.start;
    let first = text.is_capitalised(at, Traits::SERVICE_FIRST);
    let second = |at: usize| text.is_capitalised(at, Traits::SERVICE_SECOND) || text.word(at) == "SEAL";
    // `Marine` is also a forename: of `Marine Le Pen`, who was no marine.
    let once = || {
        let before = text.word_before(at);
        let led = text.follows_small(at, Traits::INDEFINITE.or(Traits::THE))
            || before.eq_ignore_ascii_case("former")
            || before.eq_ignore_ascii_case("retired")
            || before.eq_ignore_ascii_case("ex")
            || before == "-";
        text.is_capitalised(at, Traits::SERVICE) && led
    };
    let behind_first = at > 0 && text.is_capitalised(at - 1, Traits::SERVICE_FIRST) && second(at);
    tokens.len() > 3 && first && second(at + 1) || tokens.len() > 2 && (behind_first || once())
}

/// The words of `Plan B. Bruno left`, `the answer was C. Maria wrote it down` that belong to the sentence before.
fn ends_before_name(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let at = tokens.start;
    let letter = |at: usize| {
        let mut chars = text.word(at).chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.') && chars.next().is_none()
    };
    let noun = |at: usize| text.is(at, Traits::LETTERED);
    let opens_clause = || {
        let end = tokens.end;
        text.is_small(end, Traits::PAST.or(Traits::PRESENT).or(Traits::FINITE))
            || text.word(end).ends_with("ed")
    };
    tokens.len() > 2 && is_capitalised(text.word(at)) && noun(at) && letter(at + 1)
        || letter(at)
            && at > 0
            && (noun(at - 1) || tokens.len() == 2 && text.follows_small(at, Traits::BE) && opens_clause())
}

/// `Neb.` with its full stop, which also says that it is no person.
fn abbreviate(text: &Text<'_>, name: &mut Name) {
    let at = name.tokens.start;
    if Rule::StateAbbreviation.on()
        && name.tokens.len() == 1
        && is_state(text, at)
        && text.word(at + 1) == "."
        && text.is_tight(at + 1)
        && matches!(text.word_before(at), "," | "-" | "(")
    {
        name.tokens.end += 1;
        name.kind = Kind::Place;
    }
}

/// `Long Beach, CA`, `Regina SK`: the code of a state or a province behind a place is a place. Behind a word with a capital
/// that is no known place, a code counts that is no other word: `Mobile, AL`, but not `Well, OK`.
fn mark_postal_codes(text: &Text<'_>, names: &mut Vec<Name>) {
    const ALSO_WORDS: [&str; 11] = ["HI", "ID", "IN", "LA", "MA", "ME", "OH", "OK", "OR", "PA", "ON"];
    let capitals = |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut codes: Vec<usize> = Vec::new();
    let (mut ahead, mut last) = (names.iter().peekable(), None);
    for (at, token) in text.tokens.iter().enumerate().skip(1) {
        while ahead.peek().is_some_and(|name| name.tokens.end < at) {
            last = ahead.next();
        }
        if token.span.len() != 2 || !capitals(text.word(at)) {
            continue;
        }
        let comma = text.word_before(at) == ",";
        let before = if comma { at - 1 } else { at };
        let name = [last, ahead.peek().copied()].into_iter().flatten().find(|name| name.tokens.end == before);
        let fits = match name.map(|name| name.kind) {
            Some(Kind::Place | Kind::Country) => true,
            Some(Kind::Person) => false,
            Some(Kind::Org) | None => {
                let word = before.checked_sub(1).and_then(|at| text.tokens.get(at));
                comma
                    && !ALSO_WORDS.contains(&text.word(at))
                    && word.is_some_and(|word| word.class == Class::Word && word.capital)
            }
        };
        // Among words that are all in capitals, a code says nothing.
        let loud = capitals(text.word(at + 1)) || before > 0 && is_loud(text.word(before - 1));
        if fits && !loud && text.is(at, Traits::US_POSTAL.or(Traits::CANADIAN_POSTAL)) {
            codes.push(at);
        }
    }
    if codes.is_empty() {
        return;
    }
    names.retain(|name| name.tokens.len() > 1 || !codes.contains(&name.tokens.start));
    let covered = |at: usize| names.iter().any(|name| name.tokens.contains(&at));
    codes.retain(|at| !covered(*at));
    names.extend(codes.into_iter().map(|at| Name { tokens: at..at + 1, kind: Kind::Place }));
    names.sort_by_key(|name| name.tokens.start);
}

/// Whether a place's name cannot begin with the word: `southern`, `of`.
fn is_lower(text: &Text<'_>, token: &Token, at: usize) -> bool {
    token.class == Class::Word && !token.capital && !text.is(at, Traits::PLACE_PARTICLE)
}

/// Whether the word is an article. `An` is also a name, and `A.` an initial.
fn is_article(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    let indefinite =
        text.is_small(at, Traits::INDEFINITE) || word.len() == 1 && text.is(at, Traits::INDEFINITE);
    !word.ends_with('.') && (indefinite || text.is(at, Traits::THE))
}

/// Whether the word is an honour or a degree behind a name, in capitals as they are written: `KC`, `MBE`, `PhD`.
fn is_honour(text: &Text<'_>, at: usize) -> bool {
    text.word(at).bytes().filter(u8::is_ascii_uppercase).count() > 1 && text.is(at, Traits::HONOUR)
}

/// Whether the word, before a full stop, is a state or a province: `Neb`.
fn is_state(text: &Text<'_>, at: usize) -> bool {
    let bare = !text.word(at).ends_with('.');
    bare && text.is_capitalised(at, Traits::US_STATE.or(Traits::CANADIAN_PROVINCE))
}

/// Whether a forename behind the word is that of a storm.
fn is_storm(text: &Text<'_>, at: usize) -> bool {
    text.is_capitalised(at, Traits::STORM)
}

fn entry(text: &Text<'_>, tokens: &Range<usize>) -> Option<Entry> {
    gazetteer::find(text.slice(tokens))
}

fn is_country(entry: Entry) -> bool {
    entry.is(Facet::Country) || entry.is(Facet::People)
}

/// Splits a name into those that are marked, and says what each of them is.
fn part(text: &Text<'_>, tokens: Range<usize>, kind: NameKind, names: &mut Vec<Name>) {
    if Rule::SplitHyphens.on()
        && tokens.len() > 2
        && kind != NameKind::Person
        && split_hyphens(text, &tokens, kind, names)
    {
        return;
    }
    if Rule::SplitPlaces.on()
        && kind == NameKind::Location
        && tokens.len() > 2
        && split_places(text, &tokens, names)
    {
        return;
    }
    if Rule::PartyTag.on()
        && let Some(place) = tagged_place(text, &tokens)
    {
        push(names, place, Some(Kind::Place));
        return;
    }
    if kind == NameKind::Person {
        if Rule::SplitPeople.on() && split_people(text, &tokens, names) {
            return;
        }
        // `Hurricane Maria` is nobody; `R-Neb.` is a party and a place.
        let storm = is_storm(text, tokens.start)
            || tokens.start.checked_sub(1).is_some_and(|before| is_storm(text, before));
        if Rule::Storms.on() && storm {
            return;
        }
        let at = tokens.end - 1;
        if Rule::PartyAndState.on() && tokens.len() == 3 && text.word(at - 1) == "-" && is_state(text, at) {
            push(names, at..at + 1, Some(Kind::Place));
            return;
        }
    }
    // `Greek, Cypriot`
    if Rule::PeoplesApart.on()
        && matches!(kind, NameKind::Other | NameKind::Location)
        && entry(text, &tokens).is_some_and(|entry| entry.is(Facet::People) && !entry.is(Facet::Country))
        && let Some(cut) = tokens.clone().find(|at| text.word(*at) == ",")
    {
        part(text, tokens.start..cut, kind, names);
        part(text, cut + 1..tokens.end, kind, names);
        return;
    }
    if kind == NameKind::Other {
        if let Some(entry) =
            entry(text, &tokens).filter(|entry| Rule::OtherIsCountry.on() && is_country(*entry))
        {
            push(
                names,
                tokens.clone(),
                if speaks(text, &tokens, entry) { None } else { Some(Kind::Country) },
            );
        }
        return;
    }
    if Rule::LeadingCountry.on()
        && matches!(kind, NameKind::Organization | NameKind::Location)
        && let Some(cut) = leading_country(text, &tokens)
    {
        names.push(Name { tokens: tokens.start..cut, kind: Kind::Country });
        part(text, cut..tokens.end, kind, names);
        return;
    }
    if Rule::TrailingCountry.on()
        && kind == NameKind::Organization
        && let Some(cut) = trailing_country(text, &tokens)
    {
        push(names, tokens.start..cut, Some(Kind::Org));
        push(names, cut + 1..tokens.end, Some(Kind::Country));
        return;
    }
    let entry = entry(text, &tokens);
    let kind = match kind_of(entry, kind, tokens.len()) {
        // What the dictionary knows as a town, it knows not by such a name: `Goeldi Museum`.
        Kind::Place
            if Rule::HousesBody.on()
                && tokens.len() > 1
                && text.is_capitalised(tokens.end - 1, Traits::HOUSE)
                && entry.is_none_or(|entry| !entry.is(Facet::Listed)) =>
        {
            Kind::Org
        }
        kind => kind,
    };
    let none = kind == Kind::Country
        && (is_word(text, &tokens) || entry.is_some_and(|entry| speaks(text, &tokens, entry)));
    push(names, tokens, (!none).then_some(kind));
}

/// The place in `D-Texas`, `R-Ohio`: the letter is a party.
fn tagged_place(text: &Text<'_>, tokens: &Range<usize>) -> Option<Range<usize>> {
    let party = matches!(text.word(tokens.start), "D" | "R" | "I" | "Lab" | "Con");
    let place = tokens.start + 2..tokens.end;
    let tight = text.word(tokens.start + 1) == "-" && text.is_tight(tokens.start + 1);
    let known = |place: &Range<usize>| entry(text, place).is_some_and(|entry| entry.is(Facet::Place));
    (party && tight && place.start < place.end && known(&place)).then_some(place)
}

/// `John; Marković`, `Saheb [Hedgewar`, `Jordan Reynolds - Santilli`: two people. False where the name is one.
fn split_people(text: &Text<'_>, tokens: &Range<usize>, names: &mut Vec<Name>) -> bool {
    let cuts = |at: &usize| match text.word(*at) {
        ";" | "/" | "|" | "•" | "[" | "]" | "#" => true,
        "(" => !tokens.clone().any(|at| text.word(at) == ")"),
        ")" => !tokens.clone().any(|at| text.word(at) == "("),
        "-" | "–" | "—" => !text.is_tight(*at) && !text.is_tight(*at + 1),
        _ => false,
    };
    let Some(cut) = tokens.clone().find(cuts) else { return false };
    for side in [tokens.start..cut, cut + 1..tokens.end] {
        if side.is_empty() {
            continue;
        }
        if let Some(side) = trim(text, side, NameKind::Person) {
            part(text, side, NameKind::Person, names);
        }
    }
    true
}

fn push(names: &mut Vec<Name>, tokens: Range<usize>, kind: Option<Kind>) {
    if let Some(kind) = kind {
        names.push(Name { tokens, kind });
    }
}

fn kind_of(entry: Option<Entry>, kind: NameKind, words: usize) -> Kind {
    let country = entry.is_some_and(is_country);
    let org = entry.is_some_and(|entry| entry.is(Facet::Org) || entry.is(Facet::Seat));
    let place = entry.is_some_and(|entry| entry.is(Facet::Place) && !entry.is(Facet::Common));
    match kind {
        NameKind::Person => Kind::Person,
        NameKind::Location if country => Kind::Country,
        NameKind::Location if org && !place => Kind::Org,
        NameKind::Location | NameKind::Other => Kind::Place,
        NameKind::Organization if country && !org => Kind::Country,
        // `Southeast Asia`, `West Bank` are no bodies, whatever they do; a city's name may be its club's.
        NameKind::Organization
            if words > 1
                && !org
                && place
                && entry.is_some_and(|entry| entry.is(Facet::Listed) && !is_city(entry)) =>
        {
            Kind::Place
        }
        NameKind::Organization => Kind::Org,
    }
}

/// `US-China`, `Anglo-French`, `Russia-backed`: each side that is a country's name becomes a name.
/// False where the compound is one name (`Guinea-Bissau`, `Al-Jazeera`).
fn split_hyphens(text: &Text<'_>, tokens: &Range<usize>, kind: NameKind, names: &mut Vec<Name>) -> bool {
    if entry(text, tokens).is_some_and(|entry| is_country(entry) || entry.is(Facet::Place)) {
        return false;
    }
    let mut sides = Vec::new();
    let mut start = tokens.start;
    for at in tokens.clone() {
        if matches!(text.word(at), "-" | "–" | "/") {
            sides.push(start..at);
            start = at + 1;
        }
    }
    sides.push(start..tokens.end);
    if sides.len() < 2 || sides.iter().any(Range::is_empty) {
        return false;
    }
    let is_name = |side: &Range<usize>| {
        entry(text, side).is_some_and(|entry| is_country(entry) || entry.is(Facet::Org))
    };
    let named = sides.iter().filter(|side| is_name(side)).count();
    let lower_rest = |side: &Range<usize>| {
        text.tokens[side.start].class == Class::Word && !text.tokens[side.start].capital
    };
    let prefix = |side: &Range<usize>| text.is_capitalised(side.start, Traits::PEOPLE_PREFIX);
    let splits = match kind {
        NameKind::Other => {
            named > 0 && sides.iter().all(|side| is_name(side) || lower_rest(side) || prefix(side))
        }
        _ => named > 0 && sides.iter().all(|side| is_name(side) || prefix(side)),
    };
    if splits {
        for side in sides.into_iter().filter(is_name) {
            part(text, side, NameKind::Location, names);
        }
    }
    splits
}

/// `Nairobi, Kenya`, `Rajshahi's Mohonpur`, `Guinea-Bissau stun Guinea`: two places. False where the name is one.
fn split_places(text: &Text<'_>, tokens: &Range<usize>, names: &mut Vec<Name>) -> bool {
    let verb = |at: usize| {
        let (token, long) = (&text.tokens[at], text.word(at).len() > 3);
        let lower = token.class == Class::Word && !token.capital && long && !text.is(at, Traits::PARTICLE);
        let country = |side: Range<usize>| {
            !side.is_empty() && entry(text, &side).is_some_and(|entry| entry.is(Facet::Country))
        };
        lower && country(tokens.start..at) && country(at + 1..tokens.end)
    };
    let parts = |at: &usize| {
        text.tokens[*at].class == Class::Genitive || matches!(text.word(*at), "," | ";") || verb(*at)
    };
    let Some(cut) = tokens.clone().find(parts) else { return false };
    if cut == tokens.start || cut + 1 >= tokens.end || entry(text, tokens).is_some() {
        return false;
    }
    for side in [tokens.start..cut, cut + 1..tokens.end] {
        if let Some(side) = trim(text, side, NameKind::Location) {
            part(text, side, NameKind::Location, names);
        }
    }
    true
}

/// Where the body's own name begins behind a country that only says whose it is: `US` + `State Department`.
fn leading_country(text: &Text<'_>, tokens: &Range<usize>) -> Option<usize> {
    if entry(text, tokens).is_some_and(|entry| {
        is_country(entry) || entry.is(Facet::Org) || (entry.is(Facet::Place) && entry.is(Facet::Listed))
    }) {
        return None;
    }
    let longest = (tokens.start + 1..tokens.end.min(tokens.start + 4)).rev();
    let (cut, entry) = longest.into_iter().find_map(|cut| {
        let entry = entry(text, &(tokens.start..cut))?;
        (is_country(entry) && (!entry.is(Facet::Capitals) || is_loud(text.slice(&(tokens.start..cut)))))
            .then_some((cut, entry))
    })?;
    let rest = cut..tokens.end;
    let starts_name = text.tokens.get(cut).is_some_and(|token| token.class == Class::Word && token.capital);
    (starts_name && says_whose(text, entry, &rest)).then_some(cut)
}

/// The `of` before a country that only says whose the body is: `Ministry of Defence` of `Ukraine`.
fn trailing_country(text: &Text<'_>, tokens: &Range<usize>) -> Option<usize> {
    if !text.is_capitalised(tokens.start, Traits::OFFICE_OF_STATE) {
        return None;
    }
    let cut = tokens.clone().rev().find(|at| text.is(*at, Traits::OF))?;
    let least = if text.is_small(tokens.start + 1, Traits::OF) { tokens.start + 2 } else { tokens.start + 1 };
    let country = entry(text, &(cut + 1..tokens.end)).is_some_and(|entry| entry.is(Facet::Country));
    (cut >= least && cut + 1 < tokens.end && country).then_some(cut)
}

/// Whether a country before `rest` says whose body it is, rather than being part of its name.
fn says_whose(text: &Text<'_>, country: Entry, rest: &Range<usize>) -> bool {
    let abbreviated = country.is(Facet::Capitals);
    if abbreviated {
        // `US Navy`, `U.S. National Hurricane Center`: the tagger keeps names such as `US Airways` whole itself.
        return true;
    }
    let opens_body = text.is_capitalised(rest.start, Traits::OPENS_STATE_BODY);
    let ministry = text.is_capitalised(rest.start, Traits::MINISTRY);
    let last = rest.end - 1;
    if country.is(Facet::People) {
        let council = text.is_capitalised(last, Traits::COUNCIL_OF_PEOPLE) && (opens_body || rest.len() == 1);
        return text.is_capitalised(last, Traits::BODY_OF_PEOPLE) || ministry || council;
    }
    text.is_capitalised(last, Traits::BODY_OF_COUNTRY) || ministry
}

fn is_loud(word: &str) -> bool {
    !word.contains(char::is_lowercase)
}

/// Whether the name of a people at `tokens` is that of a language.
fn speaks(text: &Text<'_>, tokens: &Range<usize>, entry: Entry) -> bool {
    Rule::Languages.on()
        && entry.is(Facet::People)
        && !entry.is(Facet::Country)
        && language::is_meant(text, tokens)
}

/// Whether a name that is also a common word (`Turkey`, `Polish`) opens its sentence in a text that has the word.
fn is_word(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    if !Rule::CommonWord.on() || tokens.len() > 1 || !text.is_capitalised(tokens.start, Traits::ALSO_COMMON) {
        return false;
    }
    let lower = format!(" {}", text.word(tokens.start).to_lowercase().trim_end_matches('s'));
    opens(text, tokens.start) && memchr::memmem::find(text.text.as_bytes(), lower.as_bytes()).is_some()
}

/// Adds a known name that the tagger missed, unless the words around it are evidence against it.
fn add_known(text: &Text<'_>, known: &Known, taken: &[Range<usize>], names: &mut Vec<Name>) {
    let tokens = &known.tokens;
    let covered =
        taken.iter().rev().take(2).any(|range| range.start < tokens.end && tokens.start < range.end);
    if covered || known.entry.is(Facet::Common) {
        return;
    }
    let entry = known.entry;
    let capital =
        |at: usize| text.tokens.get(at).is_some_and(|token| token.class == Class::Word && token.capital);
    let after_capital = tokens.start > 0 && capital(tokens.start - 1) && !opens(text, tokens.start - 1);
    let alone = !capital(tokens.end) && !after_capital;
    let kind = if is_country(entry) {
        (Rule::AddCountries.on() && !speaks(text, tokens, entry) && !is_word(text, tokens))
            .then_some(Kind::Country)
    } else if entry.is(Facet::Org) {
        let loud = is_loud(text.slice(tokens));
        let proven = (alone && (tokens.len() > 1 || loud))
            || (loud && tokens.end - tokens.start == 1 && text.slice(tokens).len() > 4);
        (Rule::AddOrganisations.on() && proven).then_some(Kind::Org)
    } else {
        (Rule::AddPlaces.on()
            && alone
            && entry.is(Facet::Listed)
            && !entry.is(Facet::Forename)
            && !entry.is(Facet::Surname))
        .then_some(Kind::Place)
    };
    push(names, tokens.clone(), kind);
}

/// Whether token `at` opens its sentence.
fn opens(text: &Text<'_>, at: usize) -> bool {
    text.sentences.binary_search_by(|sentence| sentence.start.cmp(&at)).is_ok()
}

/// `NATO` + `-` + `Russia` before `Council` is one body.
fn join_councils(text: &Text<'_>, names: Vec<Name>) -> Vec<Name> {
    let mut joined: Vec<Name> = Vec::with_capacity(names.len());
    let mut names = names.into_iter().peekable();
    while let Some(mut name) = names.next() {
        if Rule::JoinCouncils.on()
            && name.kind != Kind::Person
            && let Some(next) = names.peek()
            && next.tokens.start == name.tokens.end + 1
            && text.word(name.tokens.end) == "-"
            && (name.kind == Kind::Org || next.kind == Kind::Org)
        {
            let end = next.tokens.end;
            let ending = if next.kind == Kind::Org && text.is(end - 1, Traits::ORGANISATION_END) {
                Some(end)
            } else {
                None
            };
            let ending = ending.or_else(|| {
                let capital = text.tokens.get(end).is_some_and(|token| token.capital);
                (capital && text.is(end, Traits::ORGANISATION_END)).then_some(end + 1)
            });
            if let Some(end) = ending {
                name = Name { tokens: name.tokens.start..end, kind: Kind::Org };
                while names.peek().is_some_and(|next| next.tokens.start < end) {
                    names.next();
                }
            }
        }
        // `Supreme Court` + of + `Nova Scotia`.
        if Rule::CourtOf.on()
            && name.kind == Kind::Org
            && text.is_capitalised(name.tokens.end - 1, Traits::COURT)
            && text.is_small(name.tokens.end, Traits::OF)
            && let Some(next) =
                names.next_if(|next| next.kind == Kind::Place && next.tokens.start == name.tokens.end + 1)
        {
            name.tokens.end = next.tokens.end;
        }
        joined.push(name);
    }
    joined
}
