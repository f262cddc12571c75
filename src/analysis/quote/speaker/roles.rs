//! What the running text says about its people and bodies: names, roles, descriptions.
//!
//! In: one sentence after the other. Out: the lists in [`Cast`]. Looks at each name's neighbours a bounded number of
//! units away. Must not know who says what.

use super::noun::is_agent;
use super::{Cast, Described, Named, Number, Position, Role, Spot, Who};
use crate::analysis::quote::gender::Gender;
use crate::analysis::quote::phrase::{Context, Head};
use crate::analysis::quote::units::{Case, Kind, Unit};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::annotation::EntityIndex;
use crate::language::Traits;
use std::ops::Range;

impl<'a> Cast<'a> {
    pub(super) fn read_sentence(&mut self, context: Context<'a>, sentence: usize, units: &Range<usize>) {
        if Rule::Bylines.on() && is_byline(context, units) {
            return;
        }
        let mut subject_seen = false;
        let mut person = None;
        let mut alone = true;
        let mut referred = false;
        let mut votes = (0u32, 0u32);
        if Rule::DescribedPeople.on() {
            self.describe(context, sentence, units);
        }
        for unit in units.clone() {
            if context.is(unit, Traits::FINITE) {
                subject_seen = true;
            }
            if Rule::Narration.on() && person.is_none() && !referred && context.is(unit, Traits::PRONOUN) {
                referred = true;
                self.refer(context, sentence, unit, units);
            }
            if person.is_some() {
                let pronoun = context.is(unit, Traits::PRONOUN.or(Traits::POSSESSIVE));
                votes.0 += u32::from(pronoun && context.is(unit, Traits::MALE));
                votes.1 += u32::from(pronoun && context.is(unit, Traits::FEMALE));
            }
            let Some(mention) = context.unit(unit).and_then(Unit::name) else { continue };
            let Some(entity) = context.mentions.get(mention).map(|mention| mention.entity) else { continue };
            let Some(kind) = context.entity_kind(mention) else { continue };
            let subject = !subject_seen
                || self.speaks_behind_verb(context, units.start, unit)
                || acts(context, unit + 1);
            let place = if subject { Position::Subject } else { Position::Other };
            let mut first = false;
            if let Some(count) = self.counts.get_mut(entity.0 as usize) {
                first = *count == 0;
                *count += 1;
            }
            self.names.push(Named { unit, sentence, entity, place, first });
            if kind == annotation::Kind::Org {
                self.nouns_of_body(context, units, unit, entity);
            }
            if kind == annotation::Kind::Person {
                subject_seen = true;
                alone &= person.is_none_or(|known| known == entity);
                person = Some(entity);
                self.roles_before(context, units.start, unit, entity);
                self.roles_after(context, unit, units.end, entity);
            }
        }
        if let (Some(entity), true) = (person, alone && Rule::GenderVotes.on())
            && let Some(known) = self.votes.get_mut(entity.0 as usize)
        {
            known.0 += u32::from(votes.0 > 0 && votes.1 == 0);
            known.1 += u32::from(votes.1 > 0 && votes.0 == 0);
            let gender = match *known {
                (2.., 0) => Gender::Male,
                (0, 2..) => Gender::Female,
                _ => Gender::Unknown,
            };
            if let Some(own @ Gender::Unknown) = self.genders.get_mut(entity.0 as usize) {
                *own = gender;
            }
        }
    }

    /// `In 1958 she moved to Freetown`: a pronoun goes on with whom the sentences before are about.
    fn refer(&mut self, context: Context<'a>, sentence: usize, unit: usize, units: &Range<usize>) {
        // Of whom a sentence speaks that names or quotes somebody is another question.
        let opens = unit == units.start && !context.is(unit + 1, Traits::CUE);
        let narrates = opens
            || units.clone().all(|index| {
                context.person_at(index).is_none()
                    && context.unit(index).is_some_and(|unit| unit.piece().is_none())
            });
        if !narrates {
            return;
        }
        let gender = match context.unit(unit).map(|unit| unit.traits) {
            Some(traits) if traits.any(Traits::MALE) => Gender::Male,
            Some(traits) if traits.any(Traits::FEMALE) => Gender::Female,
            _ => return,
        };
        let Some(Who::Entity(entity)) = self.he_or_she(gender, unit, Spot::Body { sentence }, &[]) else {
            return;
        };
        self.names.push(Named { unit, sentence, entity, place: Position::Subject, first: false });
    }

    /// `"…," said the botanist Maria Lopez`
    fn speaks_behind_verb(&self, context: Context<'a>, lowest: usize, name: usize) -> bool {
        let mut at = name;
        while at > lowest && name - at < 8 {
            at -= 1;
            let Some(unit) = context.unit(at) else { return false };
            if unit.is(Traits::SPEECH)
                && unit.is(Traits::PAST.or(Traits::PRESENT))
                && unit.case == Case::Lower
            {
                return at > lowest
                    && context.unit(at - 1).is_some_and(|before| before.piece().is_some() || before.leads());
            }
            let titles = Traits::ROLE.or(Traits::TITLE).or(Traits::DETERMINER).or(Traits::POSSESSIVE);
            if unit.kind != Kind::Word || !(unit.is(titles) || unit.traits.is_unknown()) {
                return false;
            }
        }
        false
    }

    /// Records the person that the sentence begins with, if it gives a role and no name.
    fn describe(&mut self, context: Context<'a>, sentence: usize, units: &Range<usize>) {
        let opening = Traits::POSSESSIVE.or(Traits::DETERMINER);
        let names = context.unit(units.start).is_some_and(|unit| unit.name().is_some());
        let bare = context.is(units.start, Traits::PLURAL) && context.is(units.start, Traits::ROLE);
        if !(context.is(units.start, opening) || bare || names) {
            return;
        }
        let Some(phrase) = context.starting_at(units.start, units.end.min(units.start + 12)) else { return };
        let words = context.row.span(&phrase.units);
        let (gender, number) = match phrase.head {
            Head::Several => (Gender::Unknown, Number::Many),
            // `One of the victims let her name be known.`
            Head::Noun(one)
                if context.word_is(one, Traits::ONE)
                    && context.word_is(one + 1, Traits::OF)
                    && phrase.units.len() <= 6
                    && phrase.units.clone().any(|unit| context.is(unit, Traits::ROLE)) =>
            {
                (Gender::Unknown, Number::One)
            }
            Head::Noun(noun) if !names => {
                let Some(head) = context.unit(noun).filter(|head| head.is(Traits::ROLE)) else { return };
                // `His daughter, Susan Whitworth,` has a name.
                let named = (phrase.units.start..units.end.min(phrase.units.end + 6))
                    .any(|unit| context.person_at(unit).is_some());
                let quantity = context.is(units.start, Traits::QUANTIFIER) && !head.is(Traits::PLURAL);
                if named && !head.is(Traits::PLURAL) || quantity || phrase.units.len() > 9 {
                    return;
                }
                let gender = match head.traits {
                    traits if traits.any(Traits::MALE) => Gender::Male,
                    traits if traits.any(Traits::FEMALE) => Gender::Female,
                    _ => Gender::Unknown,
                };
                (gender, if head.is(Traits::PLURAL) { Number::Many } else { Number::One })
            }
            _ => return,
        };
        self.described.push(Described { words, unit: units.start, sentence, gender, number });
    }

    pub(super) fn learn(&mut self, entity: EntityIndex, traits: Traits) {
        let Some(gender) = self.genders.get_mut(entity.0 as usize).filter(|_| Rule::RolesTellGender.on())
        else {
            return;
        };
        if traits.any(Traits::MALE) {
            *gender = Gender::Male;
        } else if traits.any(Traits::FEMALE) {
            *gender = Gender::Female;
        }
    }

    /// Titles before a name: `US Secretary of State Antony Blinken`.
    fn roles_before(&mut self, context: Context<'a>, lowest: usize, name: usize, entity: EntityIndex) {
        let (mut country, mut body) = (None, None);
        let mut owned = false;
        let mut at = name;
        let first_role = self.roles.len();
        while at > lowest && name - at < 9 {
            at -= 1;
            let Some(unit) = context.unit(at) else { break };
            match unit.kind {
                Kind::Name(mention) => {
                    let mention = mention as usize;
                    if context.entity_kind(mention) == Some(annotation::Kind::Person) {
                        break;
                    }
                    let entity = context.mentions.get(mention).map(|mention| mention.entity);
                    match context.entity_kind(mention) {
                        Some(annotation::Kind::Country) => country = entity,
                        Some(annotation::Kind::Org) => body = body.or(entity),
                        _ => {}
                    }
                }
                Kind::Comma if (at + 1..name).all(|between| context.is(between, Traits::TITLE)) => {}
                Kind::Genitive => {}
                Kind::Word if unit.is(Traits::POSSESSIVE) => {
                    let bodies = self.names.iter().rev().skip(1).take(4);
                    let kind = |named: &&Named| self.kind(named.entity) == Some(annotation::Kind::Org);
                    if context.word_is(at, Traits::ITS) {
                        body = body.or(bodies.into_iter().find(kind).map(|named| named.entity));
                    }
                    break;
                }
                // `a neighbour of the dealer Price`: the neighbour is somebody else.
                Kind::Word
                    if owned
                        && context
                            .word_is(at, Traits::OF.or(Traits::FOR).or(Traits::TO).or(Traits::WITH)) =>
                {
                    break;
                }
                Kind::Word => {
                    let joins = context.word_is(at, Traits::JOINS_TITLE);
                    // `State` in a title is no verb.
                    let says = unit.is(Traits::CUE) && unit.case == Case::Lower;
                    let stops = (says || unit.is(Traits::AUXILIARY.or(Traits::PRONOUN).or(Traits::RELATIVE)))
                        && !unit.is(Traits::ROLE)
                        || unit.is(Traits::PREPOSITION.or(Traits::SUBORDINATE)) && !joins
                        || unit.is(Traits::DETERMINER) && !joins;
                    if stops {
                        break;
                    }
                    // `art dealer Maria Lopez`
                    owned |= at + 1 == name && unit.case == Case::Lower && is_agent(context.row.word(at));
                    if unit.is(Traits::ROLE.or(Traits::TITLE)) {
                        if at + 1 == name || unit.is(Traits::ROLE) {
                            self.learn(entity, unit.traits);
                        }
                        if unit.is(Traits::ROLE) && !unit.is(Traits::PLURAL) {
                            owned |= unit.case == Case::Lower;
                            self.roles.push(Role {
                                word: unit.span,
                                entity,
                                unit: name,
                                country: None,
                                body: None,
                            });
                        }
                    }
                }
                _ => break,
            }
        }
        for role in &mut self.roles[first_role..] {
            role.country = country;
            role.body = body;
        }
    }

    /// What a name is followed by: `, a spokeswoman for …,`, `is the minister of`, `, 45, a farmer`.
    fn roles_after(&mut self, context: Context<'a>, name: usize, highest: usize, entity: EntityIndex) {
        let mut at = name + 1;
        let apposed = context.is_comma(at) || context.kind(at) == Some(Kind::Bracket);
        let copula = context.is(at, Traits::BE);
        let relative =
            context.is_comma(at) && context.word_is(at + 1, Traits::WHO) && context.is(at + 2, Traits::BE);
        if !(apposed || copula) {
            return;
        }
        at += if relative { 3 } else { 1 };
        if context.kind(at) == Some(Kind::Number) && context.is_comma(at + 1) {
            at += 2;
        }
        let (mut country, mut body) = (None, None);
        let first_role = self.roles.len();
        let mut belongs = false;
        let mut gender = Traits::default();
        for index in at..highest.min(at + 10) {
            let Some(unit) = context.unit(index) else { break };
            match unit.kind {
                Kind::Name(mention) => {
                    let mention = mention as usize;
                    if context.entity_kind(mention) == Some(annotation::Kind::Person) {
                        if index + 1 < highest && context.kind(index + 1) == Some(Kind::Genitive) {
                            continue;
                        }
                        self.roles.truncate(first_role);
                        return;
                    }
                    let entity = context.mentions.get(mention).map(|mention| mention.entity);
                    match context.entity_kind(mention) {
                        Some(annotation::Kind::Country) => country = entity,
                        Some(annotation::Kind::Org) => body = body.or(entity),
                        _ => {}
                    }
                    if belongs {
                        break;
                    }
                }
                // `, president of the Moroccan federation`: of which body.
                Kind::Word
                    if context.word_is(index, Traits::OF.or(Traits::FOR).or(Traits::AT).or(Traits::WITH))
                        && self.roles.len() > first_role =>
                {
                    belongs = true;
                }
                Kind::Word if unit.is(Traits::PREPOSITION.or(Traits::AUXILIARY).or(Traits::RELATIVE)) => {
                    break;
                }
                // `One mother, Maria Lopez, held up her son`: no apposition but the rest of the sentence.
                // `asked by Price, the minister said`: that minister is somebody else.
                Kind::Word if !belongs && unit.case == Case::Lower && is_verb(context, index) => {
                    self.roles.truncate(first_role);
                    return;
                }
                Kind::Word if unit.is(Traits::ROLE) && !unit.is(Traits::PLURAL) && !belongs => {
                    gender = gender.or(unit.traits);
                    self.roles.push(Role { word: unit.span, entity, unit: name, country: None, body: None });
                }
                Kind::Word | Kind::Genitive | Kind::Number => {}
                _ => break,
            }
        }
        self.learn(entity, gender);
        for role in &mut self.roles[first_role..] {
            role.country = country;
            role.body = body;
        }
    }

    /// What a body is called besides its name: `ferry operator Norrlinje`, `Norrlinje, a ferry operator`.
    fn nouns_of_body(
        &mut self,
        context: Context<'a>,
        units: &Range<usize>,
        name: usize,
        entity: EntityIndex,
    ) {
        let noun = |index: usize| {
            let unit = context.unit(index)?;
            let plain = unit.kind == Kind::Word && unit.case == Case::Lower;
            (plain && unit.is(Traits::BODY.or(Traits::ROLE)) && !unit.is(Traits::PLURAL)).then_some(unit.span)
        };
        let mut push = |word| self.roles.push(Role { word, entity, unit: name, country: None, body: None });
        if let Some(word) = name.checked_sub(1).filter(|before| *before >= units.start).and_then(noun) {
            push(word);
        }
        let apposed = context.is_comma(name + 1)
            && context.word_is(name + 2, Traits::INDEFINITE.or(Traits::THE).or(Traits::ONE))
            || context.is(name + 1, Traits::BE)
                && context.word_is(name + 2, Traits::INDEFINITE.or(Traits::THE));
        if !apposed {
            return;
        }
        for index in name + 3..units.end.min(name + 11) {
            let bounds = Traits::PREPOSITION.or(Traits::RELATIVE).or(Traits::THAT);
            if context.kind(index) != Some(Kind::Word) || context.is(index, bounds) {
                break;
            }
            if let Some(word) = noun(index) {
                push(word);
            }
        }
    }
}

fn is_verb(context: Context<'_>, index: usize) -> bool {
    let Some(unit) = context.unit(index) else { return false };
    let says = unit.is(Traits::CUE) && unit.is(Traits::PAST.or(Traits::PRESENT)) && !unit.is(Traits::ROLE);
    unit.is(Traits::FINITE) || says && context.is_finite_here(index)
}

/// Whether a verb follows a name: `Led by Lopez, Price testified`.
fn acts(context: Context<'_>, mut next: usize) -> bool {
    while context.is(next, Traits::ADVERB) {
        next += 1;
    }
    let verb = Traits::FINITE.or(Traits::AUXILIARY);
    context.unit(next).is_some_and(|unit| {
        unit.kind == Kind::Word
            && unit.case == Case::Lower
            && (unit.is(verb) || unit.is(Traits::CUE) && unit.is(Traits::PAST.or(Traits::PRESENT)))
    })
}

/// `By Marisela Ontiveros`: who writes is nobody in the text.
fn is_byline(context: Context<'_>, units: &Range<usize>) -> bool {
    let by = context.word_is(units.start, Traits::BY) && units.len() < 12;
    by && context.person_at(units.start + 1).is_some()
        && !units.clone().any(|unit| context.is(unit, Traits::FINITE.or(Traits::CUE)))
}
