//! Whom a speaker's phrase stands for: names, pronouns, roles, bodies.
//!
//! In: the article's mentions and entities, and phrases in the order of the text. Out: for each
//! an entity, words as written, or nothing. Holds who spoke last. Looks back a bounded number of
//! names for each phrase. Must not know verbs of saying.
//!
//! Over 500 lines because one cast of speakers answers every question: pronoun, role, surname and body look at the same state.

use super::gender::{self, Gender};
use super::lexicon::Traits;
use super::phrase::{Head, Phrase, Reader};
use super::units::{Case, Kind, Unit};
use crate::analysis::{self, Entity, EntityIndex, Mention};
use crate::text::Span;

/// Who speaks, before it is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Entity(EntityIndex),
    Words(Span),
}

/// How far back (in names, roles) a phrase may reach.
const REACH: usize = 200;

/// A name in the running text, outside of marks.
#[derive(Clone, Copy, Debug)]
struct Named {
    unit: usize,
    sentence: usize,
    entity: EntityIndex,
    place: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Subject,
    Other,
}

/// A person without a name who is what a sentence is about: `My mother had a rule.`
#[derive(Clone, Copy, Debug)]
struct Described {
    words: Span,
    unit: usize,
    sentence: usize,
    gender: Gender,
}

/// A role that the text gives a person: `spokesperson Ned Price`, `Maria Lopez, a spokeswoman`.
#[derive(Clone, Copy, Debug)]
struct Role {
    word: Span,
    entity: EntityIndex,
    unit: usize,
    country: Option<EntityIndex>,
}

#[derive(Clone, Copy, Debug)]
struct Spoke {
    who: Who,
    gender: Gender,
    number: Number,
    sentence: usize,
    /// The head noun of a description.
    noun: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    One,
    Many,
    /// A body or a paper, which is `it` and never `she`.
    Body,
}

/// What the article tells of its people, and who has spoken so far.
pub(super) struct Cast<'a> {
    text: &'a str,
    entities: &'a [Entity],
    genders: Vec<Gender>,
    counts: Vec<u32>,
    names: Vec<Named>,
    described: Vec<Described>,
    roles: Vec<Role>,
    spoken: Vec<Spoke>,
}

impl<'a> Cast<'a> {
    /// Reads the running text of the body once.
    pub fn new(reader: Reader<'a>) -> Cast<'a> {
        let mut cast = Cast {
            text: reader.row.text,
            entities: reader.entities,
            genders: reader
                .entities
                .iter()
                .map(|entity| match entity.kind {
                    analysis::Kind::Person => gender::of_name(&entity.name),
                    _ => Gender::Unknown,
                })
                .collect(),
            counts: vec![0; reader.entities.len()],
            names: Vec::new(),
            described: Vec::new(),
            roles: Vec::new(),
            spoken: Vec::new(),
        };
        for (index, sentence) in reader.row.sentences.iter().enumerate() {
            cast.read_sentence(reader, index, sentence.units.clone());
        }
        cast
    }

    fn read_sentence(&mut self, reader: Reader<'a>, sentence: usize, units: std::ops::Range<usize>) {
        let mut subject_seen = false;
        let mut person = None;
        let mut alone = true;
        let mut votes = (0u32, 0u32);
        self.describe(reader, sentence, &units);
        for unit in units.clone() {
            if reader.is(unit, Traits::FINITE) {
                subject_seen = true;
            }
            if person.is_some() {
                let pronoun = reader.is(unit, Traits::PRONOUN.or(Traits::POSSESSIVE));
                votes.0 += u32::from(pronoun && reader.is(unit, Traits::MALE));
                votes.1 += u32::from(pronoun && reader.is(unit, Traits::FEMALE));
            }
            let Some(mention) = reader.unit(unit).and_then(Unit::name) else { continue };
            let Some(entity) = reader.mentions.get(mention).map(|mention| mention.entity) else { continue };
            let Some(kind) = reader.entity_kind(mention) else { continue };
            let place = if subject_seen { Position::Other } else { Position::Subject };
            self.names.push(Named { unit, sentence, entity, place });
            if let Some(count) = self.counts.get_mut(entity.0 as usize) {
                *count += 1;
            }
            if kind == analysis::Kind::Person {
                subject_seen = true;
                alone &= person.is_none_or(|known| known == entity);
                person = Some(entity);
                self.roles_before(reader, units.start, unit, entity);
                self.roles_after(reader, unit, units.end, entity);
            }
        }
        if let (Some(entity), true) = (person, alone)
            && let Some(gender @ Gender::Unknown) = self.genders.get_mut(entity.0 as usize)
        {
            *gender = match votes {
                (1.., 0) => Gender::Male,
                (0, 1..) => Gender::Female,
                _ => Gender::Unknown,
            };
        }
    }

    /// Takes down whom the sentence begins with, if that is somebody with a role and no name.
    fn describe(&mut self, reader: Reader<'a>, sentence: usize, units: &std::ops::Range<usize>) {
        let opening = Traits::POSSESSIVE.or(Traits::DETERMINER);
        if !reader.is(units.start, opening) || reader.is(units.start, Traits::PLURAL.or(Traits::QUANTIFIER)) {
            return;
        }
        let Some(phrase) = reader.starting_at(units.start, units.end.min(units.start + 8)) else { return };
        let Head::Noun(noun) = phrase.head else { return };
        let Some(head) = reader.unit(noun) else { return };
        // `His daughter, Susan Whitworth,` has a name.
        let named = (phrase.units.start..units.end.min(phrase.units.end + 6))
            .any(|unit| reader.person_at(unit).is_some());
        let gender = match head.traits {
            traits if traits.any(Traits::MALE) => Gender::Male,
            traits if traits.any(Traits::FEMALE) => Gender::Female,
            _ => Gender::Unknown,
        };
        if head.is(Traits::ROLE) && !head.is(Traits::PLURAL) && !named {
            let words = reader.row.span(&phrase.units);
            self.described.push(Described { words, unit: units.start, sentence, gender });
        }
    }

    fn learn(&mut self, entity: EntityIndex, traits: Traits) {
        let Some(gender) = self.genders.get_mut(entity.0 as usize) else { return };
        if traits.any(Traits::MALE) {
            *gender = Gender::Male;
        } else if traits.any(Traits::FEMALE) {
            *gender = Gender::Female;
        }
    }

    /// Titles before a name: `US Secretary of State Antony Blinken`.
    fn roles_before(&mut self, reader: Reader<'a>, lowest: usize, name: usize, entity: EntityIndex) {
        let mut country = None;
        let mut at = name;
        let first_role = self.roles.len();
        while at > lowest && name - at < 9 {
            at -= 1;
            let Some(unit) = reader.unit(at) else { break };
            match unit.kind {
                Kind::Name(mention) => {
                    let mention = mention as usize;
                    if reader.entity_kind(mention) == Some(analysis::Kind::Person) {
                        break;
                    }
                    if reader.entity_kind(mention) == Some(analysis::Kind::Country) {
                        country = reader.mentions.get(mention).map(|mention| mention.entity);
                    }
                }
                Kind::Comma if at + 1 == name => {}
                Kind::Genitive => {}
                Kind::Word => {
                    let joins = reader.word_is(at, &["of", "for", "and", "the"]);
                    // `State` in a title is no verb.
                    let says = unit.is(Traits::CUE) && unit.case == Case::Lower;
                    let stops = (says || unit.is(Traits::AUXILIARY.or(Traits::PRONOUN).or(Traits::RELATIVE)))
                        && !unit.is(Traits::ROLE)
                        || unit.is(Traits::PREPOSITION.or(Traits::SUBORDINATE)) && !joins
                        || unit.is(Traits::DETERMINER) && !joins;
                    if stops {
                        break;
                    }
                    if unit.is(Traits::ROLE.or(Traits::TITLE)) {
                        if at + 1 == name || unit.is(Traits::ROLE) {
                            self.learn(entity, unit.traits);
                        }
                        if unit.is(Traits::ROLE) && !unit.is(Traits::PLURAL) {
                            self.roles.push(Role { word: unit.span, entity, unit: name, country: None });
                        }
                    }
                }
                _ => break,
            }
        }
        for role in &mut self.roles[first_role..] {
            role.country = country;
        }
    }

    /// What a name is followed by: `, a spokeswoman for …,`, `is the minister of`, `, 45, a farmer`.
    fn roles_after(&mut self, reader: Reader<'a>, name: usize, highest: usize, entity: EntityIndex) {
        let mut at = name + 1;
        let apposed = reader.is_comma(at) || reader.kind(at) == Some(Kind::Bracket);
        let copula = reader.is(at, Traits::BE);
        let relative =
            reader.is_comma(at) && reader.word_is(at + 1, &["who"]) && reader.is(at + 2, Traits::BE);
        if !(apposed || copula) {
            return;
        }
        at += if relative { 3 } else { 1 };
        if reader.kind(at) == Some(Kind::Number) && reader.is_comma(at + 1) {
            at += 2;
        }
        let mut country = None;
        let first_role = self.roles.len();
        for index in at..highest.min(at + 10) {
            let Some(unit) = reader.unit(index) else { break };
            match unit.kind {
                Kind::Name(mention) => {
                    let mention = mention as usize;
                    if reader.entity_kind(mention) == Some(analysis::Kind::Person) {
                        if index + 1 < highest && reader.kind(index + 1) == Some(Kind::Genitive) {
                            continue;
                        }
                        self.roles.truncate(first_role);
                        return;
                    }
                    if reader.entity_kind(mention) == Some(analysis::Kind::Country) {
                        country = reader.mentions.get(mention).map(|mention| mention.entity);
                    }
                }
                Kind::Word if unit.is(Traits::PREPOSITION.or(Traits::AUXILIARY).or(Traits::RELATIVE)) => {
                    break;
                }
                Kind::Word if unit.is(Traits::ROLE) && !unit.is(Traits::PLURAL) => {
                    self.learn(entity, unit.traits);
                    self.roles.push(Role { word: unit.span, entity, unit: name, country: None });
                }
                Kind::Word | Kind::Genitive | Kind::Number => {}
                _ => break,
            }
        }
        for role in &mut self.roles[first_role..] {
            role.country = country;
        }
    }

    /// Whom `phrase`, in `sentence` of the text that `reader` reads, stands for. A headline is
    /// read after the body: all of the body is before it.
    pub fn resolve(&self, reader: Reader<'_>, phrase: &Phrase, place: Place) -> Option<Who> {
        match phrase.head {
            Head::Name(mention) => reader.mentions.get(mention).map(|mention| Who::Entity(mention.entity)),
            Head::Pronoun(unit) => self.pronoun(reader, unit, place),
            Head::Several => Some(Who::Words(reader.row.span(&phrase.units))),
            Head::Noun(noun) => Some(self.noun(reader, phrase, noun, place)),
        }
    }

    /// Takes down that `who` spoke, for the pronouns to come.
    pub fn note(&mut self, reader: Reader<'_>, phrase: &Phrase, who: Who, sentence: usize) {
        let (gender, number) = match who {
            Who::Entity(entity) => (self.gender(entity), Number::One),
            Who::Words(_) => match phrase.head {
                Head::Several => (Gender::Unknown, Number::Many),
                Head::Noun(noun) | Head::Pronoun(noun) => {
                    let traits = reader.unit(noun).map_or(Traits::default(), |unit| unit.traits);
                    let gender = match traits {
                        traits if traits.any(Traits::MALE) => Gender::Male,
                        traits if traits.any(Traits::FEMALE) => Gender::Female,
                        _ => Gender::Unknown,
                    };
                    let word = reader.row.word(noun);
                    let many = traits.any(Traits::PLURAL)
                        || (word.ends_with('s')
                            && !word.ends_with("ss")
                            && !traits.any(Traits::ROLE.or(Traits::BODY)));
                    let body = traits.any(Traits::BODY.or(Traits::UTTERANCE)) && !traits.any(Traits::ROLE);
                    let number = match (many, body) {
                        (true, _) => Number::Many,
                        (false, true) => Number::Body,
                        (false, false) => Number::One,
                    };
                    (gender, number)
                }
                Head::Name(_) => (Gender::Unknown, Number::One),
            },
        };
        let noun = match phrase.head {
            Head::Noun(noun) => reader.unit(noun).map(|unit| unit.span),
            _ => None,
        };
        // Who was `she` once is no `he` later.
        if let (Head::Pronoun(unit), Who::Entity(entity)) = (phrase.head, who)
            && self.is_person(entity)
            && self.gender(entity) == Gender::Unknown
        {
            self.learn(entity, reader.unit(unit).map_or(Traits::default(), |unit| unit.traits));
        }
        self.spoken.push(Spoke { who, gender, number, sentence, noun });
    }

    fn gender(&self, entity: EntityIndex) -> Gender {
        self.genders.get(entity.0 as usize).copied().unwrap_or_default()
    }

    fn kind(&self, entity: EntityIndex) -> Option<analysis::Kind> {
        self.entities.get(entity.0 as usize).map(|entity| entity.kind)
    }

    fn is_person(&self, entity: EntityIndex) -> bool {
        self.kind(entity) == Some(analysis::Kind::Person)
    }

    fn pronoun(&self, reader: Reader<'_>, unit: usize, place: Place) -> Option<Who> {
        let traits = reader.unit(unit)?.traits;
        if traits.any(Traits::FIRST) {
            return None;
        }
        if traits.any(Traits::MALE) {
            return self.he_or_she(Gender::Male, unit, place, &self.spoken_of(reader, unit));
        }
        if traits.any(Traits::FEMALE) {
            return self.he_or_she(Gender::Female, unit, place, &self.spoken_of(reader, unit));
        }
        if traits.any(Traits::PLURAL) {
            let many = self.spoken.iter().rev().take(4).find(|spoke| {
                spoke.number == Number::Many
                    || matches!(spoke.who, Who::Entity(entity) if !self.is_person(entity))
            });
            return many.map(|spoke| spoke.who);
        }
        self.it(unit, place)
    }

    /// Whom the marked words right before the pronoun speak of by a role (`"The minister agreed," he said`): they are
    /// not the speaker.
    fn spoken_of(&self, reader: Reader<'_>, unit: usize) -> Vec<EntityIndex> {
        let before = (unit.saturating_sub(2)..unit).rev().filter_map(|at| reader.unit(at));
        let Some(piece) = before.into_iter().find(|unit| unit.piece().is_some()) else { return Vec::new() };
        let words = piece.span.get(reader.row.text).unwrap_or_default();
        let words: Vec<&str> =
            words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(60).collect();
        let end = self.roles.partition_point(|role| role.unit < unit);
        let holder = |word: &str| {
            let fits = |role: &&Role| role.word.get(self.text).is_some_and(|known| same_role(known, word));
            self.roles[..end].iter().rev().take(REACH).find(fits).map(|role| role.entity)
        };
        let definite = words.windows(2).filter(|pair| pair[0].eq_ignore_ascii_case("the"));
        definite.filter_map(|pair| holder(pair[1])).collect()
    }

    fn he_or_she(&self, gender: Gender, unit: usize, place: Place, spoken_of: &[EntityIndex]) -> Option<Who> {
        let mut best: Option<(f32, Who)> = None;
        let offer = |best: &mut Option<(f32, Who)>, score: f32, who: Who| {
            if best.is_none_or(|(highest, _)| score > highest) {
                *best = Some((score, who));
            }
        };
        let distance = |sentence: usize| match place {
            Place::Body { sentence: here } => here.saturating_sub(sentence) as f32,
            Place::Title => 0.0,
        };
        let last = self.spoken.last();
        // Somebody else has become the subject since.
        let overtaken = last.is_some_and(|last| {
            place != Place::Title
                && self.names[..self.names.partition_point(|named| named.unit < unit)]
                    .iter()
                    .rev()
                    .take(24)
                    .any(|named| {
                        named.sentence > last.sentence
                            && named.place == Position::Subject
                            && self.is_person(named.entity)
                            && self.gender(named.entity).fits(gender)
                            && !spoken_of.contains(&named.entity)
                            && last.who != Who::Entity(named.entity)
                    })
        });
        let end = self.names.partition_point(|named| place == Place::Title || named.unit < unit);
        for named in self.names[..end].iter().rev().take(REACH) {
            let away = distance(named.sentence);
            if away > 12.0 && best.is_some() {
                break;
            }
            let known = self.gender(named.entity);
            if !self.is_person(named.entity) || !known.fits(gender) || spoken_of.contains(&named.entity) {
                continue;
            }
            let count = self.counts.get(named.entity.0 as usize).copied().unwrap_or(0).min(4) as f32;
            let spoke = last
                .is_some_and(|last| last.who == Who::Entity(named.entity) && distance(last.sentence) <= 3.0);
            let score = 10.0 - 1.5 * away
                + if named.place == Position::Subject { 3.0 } else { 0.0 }
                + if spoke && !overtaken { 4.0 } else { 0.0 }
                + if known == gender { 3.0 } else { 0.0 }
                + 0.3 * count;
            offer(&mut best, score, Who::Entity(named.entity));
        }
        let end = self.described.partition_point(|described| place == Place::Title || described.unit < unit);
        for described in self.described[..end].iter().rev().take(8) {
            let away = distance(described.sentence);
            if away > 4.0 || !described.gender.fits(gender) {
                continue;
            }
            let score = 12.5 - 1.5 * away + if described.gender == gender { 3.0 } else { 0.0 };
            offer(&mut best, score, Who::Words(described.words));
        }
        if let Some(last) =
            last.filter(|last| !overtaken && last.number == Number::One && last.gender.fits(gender))
        {
            let fits = match last.who {
                Who::Entity(entity) => self.is_person(entity),
                Who::Words(_) => true,
            };
            if fits {
                offer(
                    &mut best,
                    15.5 - 1.5 * distance(last.sentence) + if last.gender == gender { 3.0 } else { 0.0 },
                    last.who,
                );
            }
        }
        best.map(|(_, who)| who)
    }

    fn it(&self, unit: usize, place: Place) -> Option<Who> {
        let body = |who: &Who| match who {
            Who::Entity(entity) => !self.is_person(*entity),
            Who::Words(_) => true,
        };
        if let Some(last) = self
            .spoken
            .last()
            .filter(|last| last.number != Number::Many && body(&last.who) && last.gender == Gender::Unknown)
            && (place == Place::Title
                || matches!(place, Place::Body { sentence } if sentence.saturating_sub(last.sentence) <= 3))
        {
            return Some(last.who);
        }
        let end = self.names.partition_point(|named| named.unit < unit);
        let subject = self.names[..end].iter().rev().take(12).find(|named| {
            named.place == Position::Subject
                && matches!(self.kind(named.entity), Some(analysis::Kind::Org | analysis::Kind::Country))
        });
        subject.map(|named| Who::Entity(named.entity))
    }

    fn noun(&self, reader: Reader<'_>, phrase: &Phrase, noun: usize, place: Place) -> Who {
        let words = Who::Words(reader.row.span(&phrase.units));
        let Some(unit) = reader.unit(noun) else { return words };
        let opening = phrase.units.start;
        let definite = reader.word_is(opening, &["the", "this", "that"]);
        let bare = !reader.is(opening, Traits::DETERMINER);
        if unit.is(Traits::UTTERANCE)
            && !unit.is(Traits::ROLE.or(Traits::BODY))
            && let Some(owner) = self.owner_of(reader, phrase, noun, definite)
        {
            return owner;
        }
        if unit.is(Traits::PLURAL) {
            return words;
        }
        // `the 26-year-old` is whom the text has last made its subject.
        if definite
            && reader.row.word(noun).ends_with("-year-old")
            && phrase.units.len() == 2
            && let Some(who) = self.he_or_she(Gender::Unknown, opening, place, &[])
        {
            return who;
        }
        if unit.is(Traits::ROLE)
            && (definite || bare)
            && let Some(entity) = self.by_role(reader, phrase, noun, place)
        {
            return Who::Entity(entity);
        }
        if !unit.is(Traits::ROLE)
            && (definite || bare)
            && let Some(entity) = self.by_body(reader, phrase, noun, unit.is(Traits::BODY), place)
        {
            return Who::Entity(entity);
        }
        // `the official` is the `senior official` who spoke before.
        if definite && phrase.units.len() == 2 {
            let word = reader.row.word(noun);
            let before = self.spoken.iter().rev().take(6).find(|spoke| {
                matches!(spoke.who, Who::Words(_))
                    && spoke
                        .noun
                        .and_then(|noun| noun.get(self.text))
                        .is_some_and(|known| known.eq_ignore_ascii_case(word))
            });
            if let Some(spoke) = before {
                return spoke.who;
            }
        }
        words
    }

    /// Whose statement it is: `a White House statement`, `a report by the UN`, `the statement`.
    fn owner_of(&self, reader: Reader<'_>, phrase: &Phrase, noun: usize, definite: bool) -> Option<Who> {
        let named = |unit: usize| {
            reader
                .unit(unit)
                .and_then(Unit::name)
                .and_then(|mention| reader.mentions.get(mention))
                .map(|mention| mention.entity)
        };
        if let Some(entity) = (phrase.units.start..noun).rev().find_map(named) {
            return Some(Who::Entity(entity));
        }
        let from = (noun + 1..phrase.units.end).find(|unit| reader.word_is(*unit, &["by", "from", "of"]));
        if let Some(entity) = from.and_then(|from| (from..phrase.units.end.min(from + 6)).find_map(named)) {
            return Some(Who::Entity(entity));
        }
        let last = self.spoken.last().filter(|_| definite && phrase.units.len() == 2)?;
        Some(last.who)
    }

    /// `the minister`, whom the text has named with that role.
    fn by_role(&self, reader: Reader<'_>, phrase: &Phrase, noun: usize, place: Place) -> Option<EntityIndex> {
        let word = reader.row.word(noun);
        let country = phrase.units.clone().filter(|unit| *unit != noun).find_map(|unit| {
            let mention = reader.unit(unit)?.name()?;
            (reader.entity_kind(mention)? == analysis::Kind::Country)
                .then(|| reader.mentions.get(mention).map(|mention| mention.entity))?
        });
        let other_name = phrase.units.clone().any(|unit| {
            reader
                .unit(unit)
                .and_then(Unit::name)
                .and_then(|mention| reader.entity_kind(mention))
                .is_some_and(|kind| kind != analysis::Kind::Country)
        });
        let detailed = phrase.units.len() > 3;
        if other_name && place != Place::Title {
            return self.by_body_and_role(reader, phrase, noun);
        }
        let end = self.roles.partition_point(|role| place == Place::Title || role.unit < phrase.units.start);
        let fits = |role: &&Role| {
            role.word.get(self.text).is_some_and(|known| same_role(known, word))
                && match (country, role.country) {
                    (Some(wanted), Some(known)) => wanted == known,
                    (Some(_), None) => place == Place::Title || !detailed,
                    _ => true,
                }
        };
        match place {
            Place::Title => self.roles.iter().take(REACH).find(fits).map(|role| role.entity),
            Place::Body { .. } => {
                self.roles[..end].iter().rev().take(REACH).find(fits).map(|role| role.entity)
            }
        }
    }

    /// `the Congress leader`: the one whom the text has named behind the name of that body and a role.
    fn by_body_and_role(&self, reader: Reader<'_>, phrase: &Phrase, noun: usize) -> Option<EntityIndex> {
        let generic = [
            "leader",
            "politician",
            "lawmaker",
            "spokesperson",
            "spokesman",
            "spokeswoman",
            "chief",
            "boss",
            "official",
            "coach",
            "manager",
            "captain",
        ];
        let body = phrase.units.clone().find_map(|unit| {
            let mention = reader.unit(unit)?.name()?;
            (reader.entity_kind(mention)? == analysis::Kind::Org)
                .then(|| reader.mentions.get(mention).map(|mention| mention.entity))?
        })?;
        if !reader.word_is(noun, &generic) || phrase.units.end != noun + 1 {
            return None;
        }
        let end = self.names.partition_point(|named| named.unit < phrase.units.start);
        let before = self.names.get(..end)?.iter().enumerate().rev().take(60);
        let mut found = before.filter(|(index, named)| {
            let body_before = index.checked_sub(1).and_then(|before| self.names.get(before));
            self.is_person(named.entity)
                && body_before.is_some_and(|before| before.entity == body && named.unit - before.unit <= 3)
        });
        found.next().map(|(_, named)| named.entity)
    }

    /// `the ministry`, `the company`: the body named before that bears the word in its name.
    fn by_body(
        &self,
        reader: Reader<'_>,
        phrase: &Phrase,
        noun: usize,
        known_body: bool,
        place: Place,
    ) -> Option<EntityIndex> {
        let word = reader.row.word(noun);
        let end =
            self.names.partition_point(|named| place == Place::Title || named.unit < phrase.units.start);
        let before = || {
            self.names[..end]
                .iter()
                .rev()
                .take(REACH)
                .filter(|named| self.kind(named.entity) == Some(analysis::Kind::Org))
        };
        let modifiers = phrase.units.start..noun;
        let bears =
            |name: &str, word: &str| name.split([' ', '-']).any(|part| part.eq_ignore_ascii_case(word));
        let matching = before().find(|named| {
            let name = self.entities.get(named.entity.0 as usize).map_or("", |entity| entity.name.as_str());
            bears(name, word)
                && modifiers.clone().all(|unit| {
                    reader.is(unit, Traits::DETERMINER)
                        || reader.kind(unit) == Some(Kind::Genitive)
                        || reader.unit(unit).is_some_and(|unit| unit.name().is_some())
                        || bears(name, reader.row.word(unit))
                })
        });
        if let Some(named) = matching {
            return Some(named.entity);
        }
        let generic = known_body
            && phrase.units.len() == 2
            && reader.word_is(
                noun,
                &[
                    "company",
                    "firm",
                    "agency",
                    "group",
                    "organization",
                    "organisation",
                    "bank",
                    "carmaker",
                    "automaker",
                    "airline",
                    "retailer",
                    "manufacturer",
                    "broadcaster",
                    "newspaper",
                    "charity",
                    "club",
                    "union",
                    "party",
                    "watchdog",
                    "regulator",
                    "giant",
                    "body",
                ],
            )
            && reader
                .unit(phrase.units.start)
                .is_some_and(|unit| unit.case == Case::Lower || place != Place::Title);
        if !generic {
            return None;
        }
        let here = match place {
            Place::Body { sentence } => sentence,
            Place::Title => return None,
        };
        let spoke = self.spoken.iter().rev().take(3).find_map(|spoke| match spoke.who {
            Who::Entity(entity) if self.kind(entity) == Some(analysis::Kind::Org) => Some(entity),
            _ => None,
        });
        spoke.or_else(|| {
            before()
                .find(|named| here.saturating_sub(named.sentence) <= 4 && named.place == Position::Subject)
                .map(|named| named.entity)
        })
    }
}

/// `spokesman`, `spokeswoman` and `spokesperson` are one role, and so are `chair` and its kin.
fn same_role(known: &str, word: &str) -> bool {
    fn stem(word: &str) -> &str {
        let word = word.rsplit('-').next().unwrap_or(word);
        ["woman", "person", "man"]
            .iter()
            .find_map(|end| word.strip_suffix(end))
            .filter(|stem| stem.len() > 3)
            .unwrap_or(word)
    }
    let (known, word) = (stem(known), stem(word));
    known.eq_ignore_ascii_case(word)
        || word.eq_ignore_ascii_case("officer") && is_rank(known)
        || matches!((known.len(), word.len()), (2, 5..) | (5.., 2)) && pair_of_minister(known, word)
}

/// `the officer` is the inspector.
fn is_rank(word: &str) -> bool {
    let ranks = [
        "constable",
        "sergeant",
        "inspector",
        "detective",
        "superintendent",
        "det",
        "sgt",
        "insp",
        "supt",
        "pc",
    ];
    ranks.iter().any(|rank| rank.eq_ignore_ascii_case(word))
}

/// `PM` in a headline is the `minister` of the body.
fn pair_of_minister(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.eq_ignore_ascii_case("pm")
        && (long.eq_ignore_ascii_case("minister") || long.eq_ignore_ascii_case("premier"))
}

/// Where a phrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Title,
    Body { sentence: usize },
}

/// Only for the composition: mentions of one field.
pub(super) fn of_field(mentions: &[Mention], field: analysis::Field) -> (usize, &[Mention]) {
    let start = mentions.partition_point(|mention| mention.field < field);
    let end = mentions.partition_point(|mention| mention.field <= field);
    (start, mentions.get(start..end).unwrap_or(&[]))
}
