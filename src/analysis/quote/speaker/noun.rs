//! Whom a description stands for: `the minister`, `the actress`, `the statement`.
//!
//! In: a phrase with its noun. Out: the person or body that the text has given that role, or the words as written.
//! Must not know verbs of saying.

use super::{Cast, Position, REACH, Role, Spot, Who};
use crate::analysis::quote::gender::Gender;
use crate::analysis::quote::phrase::{Context, Phrase};
use crate::analysis::quote::units::{Kind, Unit};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::annotation::EntityIndex;
use crate::language::{Language, Traits};

impl Cast<'_> {
    pub(super) fn noun(
        &self,
        context: Context<'_>,
        phrase: &Phrase,
        noun: usize,
        cue: usize,
        spot: Spot,
    ) -> Who {
        let words = Who::Words(context.row.span(&context.without_clause(phrase)));
        let Some(unit) = context.unit(noun) else { return words };
        let opening = phrase.units.start;
        let definite = context.word_is(opening, Traits::THE.or(Traits::THIS).or(Traits::THAT));
        let bare = !context.is(opening, Traits::DETERMINER);
        if Rule::OwnerOfText.on()
            && unit.is(Traits::UTTERANCE)
            && !unit.is(Traits::ROLE.or(Traits::BODY))
            && let Some(owner) = self.owner_of(context, phrase, noun, definite)
        {
            return owner;
        }
        if unit.is(Traits::PLURAL) {
            return words;
        }
        // `the 26-year-old` is whom the text has last made its subject.
        if Rule::AgeAsNoun.on()
            && definite
            && context.row.word(noun).ends_with("-year-old")
            && phrase.units.len() == 2
            && let Some(who) = self.he_or_she(Gender::Unknown, opening, spot, &[])
        {
            return who;
        }
        if Rule::ByRole.on()
            && unit.is(Traits::ROLE)
            && (definite || bare)
            && let Some(entity) = self.by_role(context, phrase, noun, spot)
        {
            return Who::Entity(entity);
        }
        if !unit.is(Traits::ROLE)
            && (definite || bare)
            && let Some(entity) = self.by_body(context, phrase, noun, unit.is(Traits::BODY), spot)
        {
            return Who::Entity(entity);
        }
        // `the official` is the `senior official` who spoke before.
        let word = context.row.word(noun);
        if Rule::SameDescription.on() && definite && phrase.units.len() == 2 {
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
        // `…, the chief says.` before `Chief Maria Lopez said`
        if Rule::RolesAhead.on()
            && definite
            && phrase.units.len() == 2
            && unit.is(Traits::ROLE)
            && !context.word_is(noun, Traits::HEAD_OF_STATE)
            && let Some(entity) = self.by_role_ahead(context, noun)
        {
            return Who::Entity(entity);
        }
        let by_trade =
            ["ist", "man", "woman", "ster"].iter().any(|end| word.len() > 6 && word.ends_with(end));
        if definite
            && (unit.is(Traits::ROLE) || by_trade || context.word_is(noun, Traits::RENOWN))
            && !context.word_is(noun, Traits::OFFICE)
        {
            let gender = match unit.traits {
                traits if traits.any(Traits::MALE) => Gender::Male,
                traits if traits.any(Traits::FEMALE) => Gender::Female,
                _ => Gender::Unknown,
            };
            // Who answers is not who spoke.
            let answers = context.word_is(cue, Traits::ANSWER);
            let others: Vec<Who> =
                self.spoken.last().filter(|_| answers).map(|last| last.who).into_iter().collect();
            if Rule::Anaphors.on()
                && !self.is_introduced(context, noun)
                && let Some(who) = self.anaphor(context, gender, phrase, spot, &others)
                && !self.bears_another(context, phrase, noun, who)
            {
                return who;
            }
        }
        words
    }

    /// The one person to whom the text gives a role only behind `noun`, and to nobody before it.
    fn by_role_ahead(&self, context: Context<'_>, noun: usize) -> Option<EntityIndex> {
        let word = context.row.word(noun);
        let fits = |role: &&Role| {
            self.is_person(role.entity)
                && role.word.get(self.text).is_some_and(|known| same_role(known, word, context.row.language))
        };
        let mut holders = self.roles.iter().take(2 * REACH).filter(fits);
        let first = holders.next().filter(|role| role.unit > noun)?;
        holders.all(|role| role.entity == first.entity).then_some(first.entity)
    }

    /// Whom the text gives the role that the noun at `noun` names, anywhere.
    pub(in crate::analysis::quote) fn bearers(&self, context: Context<'_>, noun: usize) -> Vec<EntityIndex> {
        let word = context.row.word(noun);
        if !context.is(noun, Traits::ROLE) {
            return Vec::new();
        }
        let roles = self.roles.iter().take(2 * REACH).filter(|role| {
            role.word.get(self.text).is_some_and(|known| same_role(known, word, context.row.language))
        });
        roles.map(|role| role.entity).collect()
    }

    /// Whether the text has given somebody the same role, but not with the words that the phrase adds: `the local
    /// health minister` is not the minister of defence.
    pub(in crate::analysis::quote) fn bears_another(
        &self,
        context: Context<'_>,
        phrase: &Phrase,
        noun: usize,
        who: Who,
    ) -> bool {
        let Who::Entity(entity) = who else { return false };
        let detailed = (phrase.units.start..noun).any(|unit| {
            context.kind(unit) == Some(Kind::Word)
                && !context.is(unit, Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::ADVERB))
        });
        let word = context.row.word(noun);
        let same = |role: &Role| {
            role.entity == entity
                && role.word.get(self.text).is_some_and(|known| same_role(known, word, context.row.language))
        };
        // The one with all the words would have been found by the role.
        Rule::RoleModifiers.on() && detailed && self.roles.iter().any(same)
    }

    /// `the actress`, `the former striker`, `the Frenchman`: the person whom the sentences before are about.
    pub(super) fn anaphor(
        &self,
        context: Context<'_>,
        gender: Gender,
        phrase: &Phrase,
        spot: Spot,
        others: &[Who],
    ) -> Option<Who> {
        let Spot::Body { sentence } = spot else { return None };
        let other = |unit| context.person_at(unit).is_some() || context.kind(unit) == Some(Kind::Genitive);
        let others_own = phrase.units.clone().any(other);
        let who = self.he_or_she(gender, phrase.units.start, spot, others).filter(|_| !others_own)?;
        let Who::Entity(entity) = who else { return None };
        let spoke = self
            .spoken
            .iter()
            .rev()
            .take(3)
            .any(|spoke| spoke.who == who && sentence - spoke.sentence.min(sentence) <= 4);
        let end = self.names.partition_point(|named| named.unit < phrase.units.start);
        let named = self.names[..end].iter().rev().take(12).any(|named| {
            named.entity == entity
                && named.place == Position::Subject
                && sentence - named.sentence.min(sentence) <= 3
        });
        (spoke || named).then_some(who)
    }

    /// Whether the noun stood before for somebody without a name: `a farmer … the farmer`.
    fn is_introduced(&self, context: Context<'_>, noun: usize) -> bool {
        let word = context.row.word(noun);
        (noun.saturating_sub(LOOK_BACK)..noun.saturating_sub(1)).rev().any(|unit| {
            context.kind(unit) == Some(Kind::Word) && context.row.word(unit).eq_ignore_ascii_case(word)
        })
    }

    /// Whose statement it is: `a White House statement`, `a report by the UN`, `the statement`.
    fn owner_of(&self, context: Context<'_>, phrase: &Phrase, noun: usize, definite: bool) -> Option<Who> {
        let named = |unit: usize| {
            context
                .unit(unit)
                .and_then(Unit::name)
                .and_then(|mention| context.mentions.get(mention))
                .map(|mention| mention.entity)
        };
        if let Some(entity) = (phrase.units.start..noun).rev().find_map(named) {
            return Some(Who::Entity(entity));
        }
        let from = (noun + 1..phrase.units.end)
            .find(|unit| context.word_is(*unit, Traits::BY.or(Traits::FROM).or(Traits::OF)));
        if let Some(entity) = from.and_then(|from| (from..phrase.units.end.min(from + 6)).find_map(named)) {
            return Some(Who::Entity(entity));
        }
        // Whoever spoke last made the statement; a report or a study speaks for itself.
        let last = self.spoken.last().filter(|_| definite && phrase.units.len() == 2)?;
        context.word_is(noun, Traits::OWN_WORDS).then_some(last.who)
    }

    /// `the minister`, `the federation's president`: whom the text has named with that role, of that country or body.
    pub(super) fn by_role(
        &self,
        context: Context<'_>,
        phrase: &Phrase,
        noun: usize,
        spot: Spot,
    ) -> Option<EntityIndex> {
        let word = context.row.word(noun);
        let named = |kind: annotation::Kind| {
            phrase.units.clone().filter(|unit| *unit != noun).find_map(|unit| {
                let mention = context.unit(unit)?.name()?;
                (context.entity_kind(mention)? == kind)
                    .then(|| context.mentions.get(mention).map(|mention| mention.entity))?
            })
        };
        if named(annotation::Kind::Person).is_some() {
            return None;
        }
        let (country, body) = (named(annotation::Kind::Country), named(annotation::Kind::Org));
        if Rule::ByBodyAndRole.on() && body.is_some() && spot != Spot::Title {
            return self.by_body_and_role(context, phrase, noun, body?);
        }
        if named(annotation::Kind::Place).is_some() && spot != Spot::Title {
            return None;
        }
        let detailed = phrase.units.len() > 3;
        // `the local health minister` is not the `Civil Aviation Minister` of the sentence before.
        let modifiers: Vec<&str> = (phrase.units.start..noun)
            .filter(|unit| {
                context.kind(*unit) == Some(Kind::Word)
                    && !context.is(*unit, Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::ADVERB))
            })
            .map(|unit| context.row.word(unit))
            .filter(|word| spot != Spot::Title && !["former", "then", "late", "new"].contains(word))
            .collect();
        let before = match spot {
            Spot::Title => self.text.len(),
            Spot::Body { .. } => context.row.span(&phrase.units).start as usize,
        };
        let given = |role: &Role| {
            !Rule::RoleModifiers.on()
                || modifiers.iter().all(|wanted| {
                    let near = self.around(role.word, 60, before);
                    near.split(|c: char| !c.is_alphanumeric() && c != '-')
                        .any(|word| word.eq_ignore_ascii_case(wanted))
                })
        };
        let fits = |role: &&Role| {
            given(role)
                && role.word.get(self.text).is_some_and(|known| same_role(known, word, context.row.language))
                && self.is_person(role.entity)
                && match (country, role.country) {
                    (Some(wanted), Some(known)) => wanted == known,
                    (Some(_), None) => spot == Spot::Title || !detailed,
                    _ => true,
                }
        };
        let end = self.roles.partition_point(|role| spot == Spot::Title || role.unit < phrase.units.start);
        match spot {
            Spot::Title => self.roles.iter().take(REACH).find(fits).map(|role| role.entity),
            Spot::Body { .. } => {
                self.roles[..end].iter().rev().take(REACH).find(fits).map(|role| role.entity)
            }
        }
    }

    /// The text around a span, at most `reach` bytes on each side, and up to the byte `before`.
    fn around(&self, span: crate::text::Span, reach: usize, before: usize) -> &str {
        let (mut from, mut to) =
            ((span.start as usize).saturating_sub(reach), (span.end as usize + reach).min(before));
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        self.text.get(from..to).unwrap_or_default()
    }

    /// `the Congress leader`, `the FRMF president`: the one whom the text has named with the role in that body, or
    /// behind its name.
    fn by_body_and_role(
        &self,
        context: Context<'_>,
        phrase: &Phrase,
        noun: usize,
        body: EntityIndex,
    ) -> Option<EntityIndex> {
        if phrase.units.end != noun + 1 {
            return None;
        }
        let word = context.row.word(noun);
        let end = self.roles.partition_point(|role| role.unit < phrase.units.start);
        let holder = |role: &&Role| {
            self.is_person(role.entity)
                && role.word.get(self.text).is_some_and(|known| same_role(known, word, context.row.language))
        };
        let mut holders = self.roles.get(..end)?.iter().rev().take(REACH).filter(holder);
        if let Some(role) = holders.clone().find(|role| role.body == Some(body)) {
            return Some(role.entity);
        }
        let first = holders.next();
        if let Some(role) = first.filter(|role| role.body.is_none())
            && holders.all(|other| other.entity == role.entity)
        {
            return Some(role.entity);
        }
        if !Rule::LeaderBesideBody.on() || !context.word_is(noun, Traits::LEADS_BODY) {
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
}

/// Units that are looked through for an earlier use of a noun.
const LOOK_BACK: usize = 500;

/// Who makes or does something, by the word's ending: `archaeologist`, `organiser`, `villager`.
pub(super) fn is_agent(word: &str) -> bool {
    ["ist", "er", "or", "ian", "man", "woman", "eer", "ess"]
        .iter()
        .any(|end| word.len() > 5 && word.ends_with(end))
}

/// `spokesman`, `spokeswoman` and `spokesperson` are one role, and so are `chair` and its kin.
pub(super) fn same_role(known: &str, word: &str, language: Language) -> bool {
    fn stem(word: &str) -> &str {
        let word = word.rsplit('-').next().unwrap_or(word);
        ["woman", "person", "man"]
            .iter()
            .find_map(|end| word.strip_suffix(end))
            .filter(|stem| stem.len() > 3)
            .unwrap_or(word)
    }
    let (known, word) = (stem(known), stem(word));
    if known.eq_ignore_ascii_case(word) {
        return true;
    }
    let word = language.traits(word);
    if !word.any(Traits::OFFICER.or(Traits::PM).or(Traits::HEAD_OF_GOVERNMENT)) {
        return false;
    }
    let known = language.traits(known);
    word.any(Traits::OFFICER) && known.any(Traits::POLICE_RANK) || pair_of_minister(known, word)
}

/// `PM` in a headline is the `minister` of the body.
fn pair_of_minister(a: Traits, b: Traits) -> bool {
    let pair = |a: Traits, b: Traits| a.any(Traits::PM) && b.any(Traits::HEAD_OF_GOVERNMENT);
    pair(a, b) || pair(b, a)
}
