//! Whom a pronoun stands for.
//!
//! In: a pronoun and its sentence. Out: the person, body or description that it most likely means, or nothing: better
//! nobody than the wrong one. Must not know what was said.

use super::noun::same_role;
use super::{Cast, Described, Manner, Named, Number, Position, REACH, Role, Spoke, Spot, Who};
use crate::analysis::quote::gender::Gender;
use crate::analysis::quote::phrase::Context;
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::annotation::{EntityIndex, Field};
use crate::language::Traits;

/// The likeliest so far, with its score.
#[derive(Default)]
struct Best(Option<(f32, Who)>);

impl Best {
    fn offer(&mut self, score: f32, who: Who) {
        if self.0.is_none_or(|(highest, _)| score > highest) {
            self.0 = Some((score, who));
        }
    }
}

/// What the last speaker loses where somebody else has come in since.
const OVERTAKEN: f32 = 3.0;

impl Cast<'_> {
    pub(super) fn pronoun(&self, context: Context<'_>, unit: usize, cue: usize, spot: Spot) -> Option<Who> {
        let traits = context.unit(unit)?.traits;
        if traits.any(Traits::FIRST) {
            return None;
        }
        let gender = match traits {
            traits if traits.any(Traits::MALE.or(Traits::HIM)) => Gender::Male,
            traits if traits.any(Traits::FEMALE.or(Traits::HER_OBJECT)) => Gender::Female,
            traits if traits.any(Traits::PLURAL) => {
                return self.they(unit, spot).filter(|_| Rule::TheySpeak.on());
            }
            _ => return self.it(unit, spot).filter(|_| Rule::ItSpeaks.on()),
        };
        let mut others = if Rule::SpokenOf.on() { self.spoken_of(context, unit) } else { Vec::new() };
        others.extend(self.addressed(context, cue, gender, spot).filter(|_| Rule::Questioners.on()));
        others.extend(self.acted_upon(context, unit, gender).into_iter().map(Who::Entity));
        self.he_or_she(gender, unit, spot, &others)
    }

    /// Whom the sentences right before name as an object of the same pronoun: not the one that it stands for. Of `She loves
    /// Jake. She hates Alex. "…," she said`, Alex is not she.
    pub fn acted_upon(&self, context: Context<'_>, unit: usize, gender: Gender) -> Vec<EntityIndex> {
        let mut found = Vec::new();
        if !Rule::ActedUpon.on() {
            return found;
        }
        let sentences = &context.row.sentences;
        let here = sentences.partition_point(|sentence| sentence.units.end <= unit);
        for sentence in sentences.get(..here).unwrap_or(&[]).iter().rev().take(REACH) {
            let start = sentence.units.start;
            let traits = context.unit(start).map_or(Traits::default(), |unit| unit.traits);
            let same = match gender {
                Gender::Male => traits.any(Traits::MALE),
                Gender::Female => traits.any(Traits::FEMALE),
                Gender::Unknown => false,
            };
            // `She is Martha Quist` says who she is.
            let says_who = context.is(start + 1, Traits::BE) || context.is(start + 1, Traits::AUXILIARY);
            if !same || !context.is(start, Traits::PRONOUN) || says_who {
                break;
            }
            let from = self.names.partition_point(|named| named.unit <= start);
            let within = self.names.get(from..).unwrap_or(&[]).iter();
            let within = within.take_while(|named| named.unit < sentence.units.end);
            found.extend(within.map(|named| named.entity).filter(|entity| self.is_person(*entity)));
        }
        found
    }

    /// Who spoke to the one that the pronoun stands for: `When Lopez asked why, he replied`, `Lopez told her that …`.
    fn addressed(&self, context: Context<'_>, cue: usize, gender: Gender, spot: Spot) -> Option<Who> {
        let Spot::Body { sentence } = spot else { return None };
        let last = self.spoken.last().filter(|last| sentence.saturating_sub(last.sentence) <= 1)?;
        let other = match last.manner {
            Manner::Asked => {
                let nobody = matches!(last.who, Who::Words(_));
                sentence == last.sentence || nobody || context.word_is(cue, Traits::ANSWER)
            }
            Manner::Told(told) => told == gender && sentence > last.sentence,
            Manner::Plain => false,
        };
        other.then_some(last.who)
    }

    /// Whom the marked words right before the pronoun speak of by a role (`"The minister agreed," he said`) or by
    /// name: they are not the speaker.
    fn spoken_of(&self, context: Context<'_>, unit: usize) -> Vec<Who> {
        let before = (unit.saturating_sub(2)..unit).rev().filter_map(|at| context.unit(at));
        let Some(piece) = before.into_iter().find(|unit| unit.piece().is_some()) else { return Vec::new() };
        let words = piece.span.get(context.row.text).unwrap_or_default();
        let words: Vec<&str> =
            words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(60).collect();
        let end = self.roles.partition_point(|role| role.unit < unit);
        let holder = |word: &str| {
            let fits = |role: &&Role| {
                role.word.get(self.text).is_some_and(|known| same_role(known, word, context.row.language))
            };
            self.roles[..end].iter().rev().take(REACH).find(fits).map(|role| role.entity)
        };
        let definite = words.windows(2).filter(|pair| pair[0].eq_ignore_ascii_case("the"));
        let mut found: Vec<Who> = definite.filter_map(|pair| holder(pair[1])).map(Who::Entity).collect();
        let first = context
            .mentions
            .partition_point(|mention| (mention.field, mention.span.start) < (Field::Body, piece.span.start));
        let within = context.mentions[first..].iter().take(20);
        for mention in
            within.take_while(|mention| mention.field == Field::Body && mention.span.end <= piece.span.end)
        {
            let before = self.text.get(piece.span.start as usize..mention.span.start as usize).unwrap_or("");
            if self.is_person(mention.entity) && !introduces_oneself(before) {
                found.push(Who::Entity(mention.entity));
            }
        }
        found
    }

    /// The person that `he`, `she` or a description of that gender means.
    pub(super) fn he_or_she(&self, gender: Gender, unit: usize, spot: Spot, others: &[Who]) -> Option<Who> {
        let mut best = Best::default();
        let distance = |sentence: usize| match spot {
            Spot::Body { sentence: here } => here.saturating_sub(sentence) as f32,
            Spot::Title => 0.0,
        };
        let last = self.spoken.last();
        let overtaken = Rule::Overtaken.on()
            && last.is_some_and(|last| self.is_overtaken(last, gender, unit, spot, others));
        let end = self.names.partition_point(|named| spot == Spot::Title || named.unit < unit);
        for named in self.names[..end].iter().rev().take(REACH) {
            let away = distance(named.sentence);
            if away > 12.0 && best.0.is_some() {
                break;
            }
            let known = self.gender(named.entity);
            if !self.is_person(named.entity)
                || !known.fits(gender)
                || others.contains(&Who::Entity(named.entity))
            {
                continue;
            }
            let count = self.counts.get(named.entity.0 as usize).copied().unwrap_or(0).min(4) as f32;
            let spoke = last
                .is_some_and(|last| last.who == Who::Entity(named.entity) && distance(last.sentence) <= 3.0);
            let score = 10.0 - 1.5 * away
                + if named.place == Position::Subject { 3.0 } else { 0.0 }
                + if spoke && !overtaken { 4.0 } else { 0.0 }
                - if spoke && overtaken { OVERTAKEN } else { 0.0 }
                + if known == gender { 2.0 } else { 0.0 }
                + if self.titled.get(named.entity.0 as usize) == Some(&true) { 1.5 } else { 0.0 }
                + 0.3 * count;
            best.offer(score, Who::Entity(named.entity));
        }
        for described in self.described_before(unit, spot).filter(|known| known.number == Number::One) {
            let away = distance(described.sentence);
            if away > 4.0 || !described.gender.fits(gender) {
                continue;
            }
            let score = 12.5 - 1.5 * away + if described.gender == gender { 3.0 } else { 0.0 };
            best.offer(score, Who::Words(described.words));
        }
        if let Some(last) = last
            && !overtaken
            && last.number == Number::One
            && last.gender.fits(gender)
        {
            let fits = match last.who {
                Who::Entity(entity) => self.is_person(entity),
                Who::Words(_) => true,
            };
            if fits && !others.contains(&last.who) {
                let score =
                    15.5 - 1.5 * distance(last.sentence) + if last.gender == gender { 3.0 } else { 0.0 };
                best.offer(score, last.who);
            }
        }
        best.0.map(|(_, who)| who)
    }

    /// Whether somebody else has come in since `last` spoke: as a subject, or new in a paragraph of their own.
    fn is_overtaken(&self, last: &Spoke, gender: Gender, unit: usize, spot: Spot, others: &[Who]) -> bool {
        if spot == Spot::Title {
            return false;
        }
        let end = self.names.partition_point(|named| named.unit < unit);
        let since =
            || self.names[..end].iter().rev().take(24).take_while(|named| named.sentence > last.sentence);
        let again = since().any(|named| last.who == Who::Entity(named.entity));
        since().any(|named| {
            let comes_in =
                named.first && !again && self.paragraph(named.sentence) > self.paragraph(last.sentence);
            (named.place == Position::Subject || comes_in)
                && self.is_person(named.entity)
                && self.gender(named.entity).fits(gender)
                && !others.contains(&Who::Entity(named.entity))
                && last.who != Who::Entity(named.entity)
        })
    }

    fn described_before(&self, unit: usize, spot: Spot) -> impl Iterator<Item = &Described> {
        let end = self.described.partition_point(|described| spot == Spot::Title || described.unit < unit);
        self.described[..end].iter().rev().take(8)
    }

    /// Several people or a body, and never one person.
    fn they(&self, unit: usize, spot: Spot) -> Option<Who> {
        let here = match spot {
            Spot::Body { sentence } => sentence,
            Spot::Title => usize::MAX,
        };
        let many = |spoke: &&Spoke| {
            spoke.number == Number::Many
                || matches!(spoke.who, Who::Entity(entity) if !self.is_person(entity))
                || matches!(spoke.who, Who::Words(_)) && spoke.number == Number::Body
        };
        let spoke = self.spoken.iter().rev().take(4).find(many);
        let described = self
            .described_before(unit, spot)
            .find(|known| known.number == Number::Many && here.saturating_sub(known.sentence) <= 4);
        match (spoke, described) {
            (Some(spoke), Some(described)) if described.sentence > spoke.sentence => {
                Some(Who::Words(described.words))
            }
            (Some(spoke), _) => Some(spoke.who),
            (None, Some(described)) => Some(Who::Words(described.words)),
            (None, None) => self.body_subject(unit, here, 2).map(Who::Entity),
        }
    }

    fn it(&self, unit: usize, spot: Spot) -> Option<Who> {
        let body = |who: &Who, number| match who {
            Who::Entity(entity) => !self.is_person(*entity),
            Who::Words(_) => number == Number::Body,
        };
        let here = match spot {
            Spot::Body { sentence } => sentence,
            Spot::Title => usize::MAX,
        };
        // `The Kremlin's position has not changed. It says`: who was named since comes first.
        let since = self.body_subject(unit, here, 1);
        if let Some(last) = self.spoken.last().filter(|last| body(&last.who, last.number))
            && (spot == Spot::Title || here.saturating_sub(last.sentence) <= 3)
            && since.is_none_or(|_| here <= last.sentence + 1)
        {
            return Some(last.who);
        }
        self.body_subject(unit, here, usize::MAX).map(Who::Entity)
    }

    /// The body or country that a sentence at most `reach` before is about.
    fn body_subject(&self, unit: usize, here: usize, reach: usize) -> Option<EntityIndex> {
        let end = self.names.partition_point(|named| named.unit < unit);
        let fits = |named: &&Named| {
            named.place == Position::Subject
                && here.saturating_sub(named.sentence) <= reach
                && matches!(self.kind(named.entity), Some(annotation::Kind::Org | annotation::Kind::Country))
        };
        self.names[..end].iter().rev().take(12).find(fits).map(|named| named.entity)
    }
}

/// `My name is`, `I'm`: the name that follows is the speaker's own.
pub(in crate::analysis::quote) fn introduces_oneself(before: &str) -> bool {
    let before = before.trim_end().to_lowercase();
    ["name is", "name's", "i am", "i'm", "i’m", "this is", "called me", " call me"]
        .iter()
        .any(|end| before.ends_with(end))
}
