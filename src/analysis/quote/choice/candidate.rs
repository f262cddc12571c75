//! Who can be the speaker of a marked piece.
//!
//! In: a piece, its unit and sentence. Out: a bounded list of persons, bodies and descriptions, with where each stands
//! beside the piece: those whom the rules name, those who speak by the verbs around, those who are named before and
//! behind. Must not know how likely one is.

use super::{Item, Scene};
use crate::analysis::quote::attribution::{Claim, Form};
use crate::analysis::quote::gender::Gender;
use crate::analysis::quote::phrase::{Context, Head, Phrase};
use crate::analysis::quote::speaker::{Named, Who, introduces_oneself};
use crate::analysis::quote::turns::Turn;
use crate::analysis::quote::units::{Order, Unit};
use crate::annotation::{self, EntityIndex, Field};
use crate::language::Traits;

/// Whom a piece can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis::quote) enum Part {
    Who(Who),
    /// Nobody says this: a title, a term, a subhead.
    Nobody,
    /// Somebody says this, and it is none of the others.
    Somebody,
}

/// Candidates with their place beside the piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'n> {
    pub who: Who,
    /// The nearest name before the piece, and how many other persons are nearer.
    pub before: Option<(&'n Named, u8)>,
    pub second: Option<&'n Named>,
    pub after: Option<(&'n Named, u8)>,
    /// The nearest claim before and behind by this speaker, counted from the piece.
    pub claim_before: Option<(usize, u8)>,
    pub claim_after: Option<(usize, u8)>,
    /// A verb of saying that no claim has, with this subject.
    pub probe: Option<(usize, Side)>,
    pub inside: bool,
}

/// On which side of its verb a subject stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// The longest words of an exchange, in bytes.
const SHORT: usize = 40;
/// At most so many candidates for a piece.
const MOST: usize = 14;
/// How far a name can be from the piece, in units.
const BACK: usize = 260;
const AHEAD: usize = 60;

impl<'s, 'a> Scene<'s, 'a> {
    pub(super) fn candidates(&self, item: Item) -> Vec<Slot<'s>> {
        let Item { owner, unit, sentence, .. } = item;
        let owner = owner.and_then(|owner| self.claims.get(owner));
        let subject = owner.and_then(|owner| owner.speaker.as_ref());
        let answers = owner.is_some_and(|owner| self.context.word_is(owner.cue, Traits::ANSWER));
        let inside = item.piece().map_or(Vec::new(), |piece| self.inside(piece));
        let rules = self.turn(item);
        let silent = matches!(rules, Turn::Said(None));
        let named = match rules {
            Turn::Said(who) => who,
            Turn::NotSaid => None,
        };
        let turn = match (rules, item.piece()) {
            (Turn::Said(Some(who)), Some(piece)) if self.is_exchange(piece, unit, sentence) => Some(who),
            _ => None,
        };
        let acted_upon = match subject.map(|subject| subject.head) {
            Some(Head::Pronoun(unit)) => {
                let traits = self.context.unit(unit).map_or(Traits::default(), |unit| unit.traits);
                self.cast.acted_upon(self.context, unit, gender_of(traits))
            }
            _ => Vec::new(),
        };
        let mut slots = Slots {
            scene: self,
            slots: Vec::with_capacity(MOST),
            inside,
            acted_upon,
            subject,
            rules: named,
            answers,
            silent,
            turn,
        };
        if let Turn::Said(Some(who)) = rules {
            slots.at(who);
        }
        self.claims_around(item, &mut slots);
        self.probes(unit, sentence, &mut slots);
        let names: &'s [Named] = &self.cast.names;
        let here = names.partition_point(|named| named.unit < unit);
        let mut nearer: Vec<EntityIndex> = Vec::new();
        for named in names.get(here..).unwrap_or(&[]).iter().take_while(|named| named.unit < unit + AHEAD) {
            let close = named.sentence <= sentence + 1;
            let person = self.is(named.entity, annotation::Kind::Person);
            let rank = nearer.iter().take_while(|entity| **entity != named.entity).count() as u8;
            if let Some(slot) = slots.named(named, close && (person || named.sentence == sentence))
                && slot.after.is_none()
            {
                slot.after = Some((named, rank));
            }
            if person && !nearer.contains(&named.entity) {
                nearer.push(named.entity);
            }
        }
        nearer.clear();
        let before = names.get(..here).unwrap_or(&[]).iter().rev();
        for named in before.take_while(|named| named.unit + BACK > unit) {
            let person = self.is(named.entity, annotation::Kind::Person);
            let rank = nearer.iter().take_while(|entity| **entity != named.entity).count() as u8;
            let near = named.sentence + 3 >= sentence;
            if let Some(slot) = slots.named(named, person || near) {
                match slot.before {
                    None => slot.before = Some((named, rank)),
                    Some(_) if slot.second.is_none() => slot.second = Some(named),
                    Some(_) => {}
                }
            }
            if person && !nearer.contains(&named.entity) {
                nearer.push(named.entity);
            }
        }
        let described = &self.cast.described;
        let end = described.partition_point(|described| described.unit < unit);
        let described = described.get(..end).unwrap_or(&[]).iter().rev().take(3);
        for one in described.filter(|one| one.sentence + 4 >= sentence) {
            slots.at(Who::Words(one.words));
        }
        slots.slots
    }

    /// Entities that the words in the marks name, but for whoever introduces himself.
    fn inside(&self, piece: usize) -> Vec<EntityIndex> {
        let Some(piece) = self.pieces.get(piece) else { return Vec::new() };
        let mentions = self.context.mentions;
        let first = mentions
            .partition_point(|mention| (mention.field, mention.span.start) < (Field::Body, piece.span.start));
        let within = mentions.get(first..).unwrap_or(&[]).iter();
        let within =
            within.take_while(|mention| mention.field == Field::Body && mention.span.end <= piece.span.end);
        let text = self.context.row.text;
        let third = |start: u32| {
            let from = piece.span.start as usize;
            !introduces_oneself(text.get(from..start as usize).unwrap_or_default())
        };
        within.filter(|mention| third(mention.span.start)).map(|mention| mention.entity).collect()
    }

    /// Whether a piece is a short question or answer alone in its paragraph, which the rules give to one of two by
    /// turns.
    fn is_exchange(&self, piece: usize, unit: usize, sentence: usize) -> bool {
        let sentences = &self.context.row.sentences;
        let alone = sentences
            .get(sentence)
            .is_some_and(|one| one.order == Order::Opens && one.units.start == unit && one.units.len() == 1);
        let closes = sentences.get(sentence + 1).is_none_or(|one| one.order == Order::Opens);
        let words = |piece: usize| {
            let piece = self.pieces.get(piece)?;
            piece.inner().get(self.context.row.text).map(str::trim)
        };
        let owned = self.owners.get(piece).copied().flatten().is_some();
        let asks = |piece: Option<usize>| piece.and_then(words).is_some_and(|words| words.ends_with('?'));
        let short = words(piece).is_some_and(|words| words.len() <= SHORT);
        alone && closes && !owned && short && (asks(Some(piece)) || asks(piece.checked_sub(1)))
    }

    fn is(&self, entity: EntityIndex, kind: annotation::Kind) -> bool {
        self.context.entities.get(entity.0 as usize).is_some_and(|entity| entity.kind == kind)
    }

    fn claims_around(&self, item: Item, slots: &mut Slots<'_, 's, 'a>) {
        let Item { unit, sentence, .. } = item;
        let own = |claim: &Claim| item.piece().is_none() && claim.cue == unit;
        let place =
            |claim: &Claim| claim.sentence < sentence || claim.sentence == sentence && claim.cue < unit;
        let here = self.claims.partition_point(place);
        let mut last = None;
        let mut rank = 0;
        for index in (0..here).rev().take(16) {
            let (Some(claim), Some(who)) = (self.claims.get(index), self.said.get(index)) else { break };
            if claim.sentence + 12 < sentence || rank > 4 {
                break;
            }
            let Some(who) = who.filter(|_| claim.form != Form::Aside && !own(claim)) else { continue };
            if last.is_some_and(|(cue, known)| cue == claim.cue && known == who) {
                continue;
            }
            last = Some((claim.cue, who));
            if let Some(slot) = slots.at(who).filter(|slot| slot.claim_before.is_none()) {
                slot.claim_before = Some((index, rank));
            }
            rank += 1;
        }
        (last, rank) = (None, 0);
        for index in (here..self.claims.len()).take(12) {
            let (Some(claim), Some(who)) = (self.claims.get(index), self.said.get(index)) else { break };
            if claim.sentence > sentence + 4 || rank > 2 {
                break;
            }
            let Some(who) = who.filter(|_| claim.form != Form::Aside && !own(claim)) else { continue };
            if last.is_some_and(|(cue, known)| cue == claim.cue && known == who) {
                continue;
            }
            last = Some((claim.cue, who));
            if let Some(slot) = slots.at(who).filter(|slot| slot.claim_after.is_none()) {
                slot.claim_after = Some((index, rank));
            }
            rank += 1;
        }
    }

    /// Subjects of the verbs of saying nearby that the rules made no claim of.
    fn probes(&self, unit: usize, sentence: usize, slots: &mut Slots<'_, 's, 'a>) {
        let context = self.context;
        let sentences = &context.row.sentences;
        let mut found = 0;
        for (index, other) in [sentence, sentence.wrapping_sub(1), sentence + 1].into_iter().enumerate() {
            let Some(units) = sentences.get(other).map(|other| other.units.clone()) else { continue };
            let (from, to) = match index {
                0 => (units.start.max(unit.saturating_sub(40)), units.end.min(unit + 30)),
                1 => (units.start.max(unit.saturating_sub(60)), units.end),
                _ => (units.start, units.end.min(unit + 40)),
            };
            for cue in from..to {
                if !is_saying(context, cue) || self.cues.binary_search(&cue).is_ok() {
                    continue;
                }
                found += 1;
                if found > 6 {
                    return;
                }
                let mut before = cue;
                while before > units.start
                    && before + 5 > cue
                    && context.is(before - 1, Traits::ADVERB.or(Traits::AUXILIARY).or(Traits::NOT))
                {
                    before -= 1;
                }
                let left = context.ending_at(units.start, before).map(|phrase| (phrase, Side::Before));
                let right = context.starting_at(cue + 1, units.end).map(|phrase| (phrase, Side::After));
                for (phrase, side) in left.into_iter().chain(right) {
                    if let Some(slot) = self.literally(&phrase).and_then(|who| slots.at(who))
                        && slot.probe.is_none()
                    {
                        slot.probe = Some((cue, side));
                    }
                }
            }
        }
    }

    /// Whom a phrase names by itself, without looking around.
    fn literally(&self, phrase: &Phrase) -> Option<Who> {
        let context = self.context;
        match phrase.head {
            Head::Name(mention) => context.mentions.get(mention).map(|mention| Who::Entity(mention.entity)),
            Head::Noun(noun) if context.is(noun, Traits::ROLE.or(Traits::BODY).or(Traits::UTTERANCE)) => {
                Some(Who::Words(context.row.span(&context.without_clause(phrase))))
            }
            _ => None,
        }
    }

    /// How many pieces stand between two units.
    pub(super) fn pieces_between(&self, from: usize, to: usize) -> usize {
        let (from, to) = (from.min(to), from.max(to));
        let before = |unit: usize| self.units.partition_point(|piece| *piece < unit);
        before(to).saturating_sub(before(from + 1))
    }
}

/// A finite verb of saying, or `according`.
pub(super) fn is_saying(context: Context<'_>, unit: usize) -> bool {
    let says = Traits::SAY.or(Traits::REPORT).or(Traits::ASK).or(Traits::ACT);
    context.is(unit, says) && context.is(unit, Traits::PAST.or(Traits::PRESENT).or(Traits::ING))
        || context.word_is(unit, Traits::ACCORDING)
}

struct Slots<'c, 's, 'a> {
    scene: &'c Scene<'s, 'a>,
    slots: Vec<Slot<'s>>,
    inside: Vec<EntityIndex>,
    /// Whom the pronoun that speaks acts upon in the sentences before.
    acted_upon: Vec<EntityIndex>,
    /// The subject of the piece's own verb.
    subject: Option<&'s Phrase>,
    /// Whom the rules name.
    rules: Option<Who>,
    /// The verb is one of answering: `replied`.
    answers: bool,
    /// The rules name nobody.
    silent: bool,
    /// Whose turn it is in an exchange.
    turn: Option<Who>,
}

impl<'s> Slots<'_, 's, '_> {
    /// The slot of this speaker, which is made where there is none; none where a law forbids it or there are too many.
    fn at(&mut self, who: Who) -> Option<&mut Slot<'s>> {
        let found = self.slots.iter().position(|slot| self.is_same(slot.who, who));
        if let Some(found) = found {
            return self.slots.get_mut(found);
        }
        let inside = matches!(who, Who::Entity(entity) if self.inside.contains(&entity));
        let person = matches!(who, Who::Entity(entity) if self.scene.is(entity, annotation::Kind::Person));
        if self.slots.len() >= MOST || inside && person || !self.can_be(who, person) {
            return None;
        }
        self.slots.push(Slot {
            who,
            before: None,
            second: None,
            after: None,
            claim_before: None,
            claim_after: None,
            probe: None,
            inside,
        });
        self.slots.last_mut()
    }

    /// Whether the subject of the verb can mean the candidate: `they` are no single person, `he` is no woman, a company
    /// is no ministry.
    fn can_be(&self, who: Who, person: bool) -> bool {
        let context = self.scene.context;
        let Some(phrase) = self.subject else { return self.turn.is_none_or(|turn| turn == who || !person) };
        match (phrase.head, who) {
            (Head::Pronoun(unit), Who::Entity(entity)) if person => {
                let traits = context.unit(unit).map_or(Traits::default(), |unit| unit.traits);
                let gender = gender_of(traits);
                // Where the rules know of somebody whom `he` can mean, a forename proves less.
                let fits = !self.silent || self.scene.cast.gender(entity).fits(gender);
                // Who answers is whom the rules found: not the one that asked.
                let answers = !self.answers || self.rules.is_none() || self.rules == Some(who);
                !traits.any(Traits::PLURAL) && fits && answers && !self.acted_upon.contains(&entity)
            }
            // `A man beside me whispered` is nobody whom the text has named.
            (Head::Noun(noun), Who::Entity(_)) if person => {
                let new = context.word_is(phrase.units.start, Traits::INDEFINITE);
                (!new || self.rules == Some(who))
                    && !self.scene.cast.bears_another(context, phrase, noun, who)
            }
            (Head::Noun(noun), Who::Entity(entity))
                if context.is(noun, Traits::BODY) && self.scene.is(entity, annotation::Kind::Org) =>
            {
                let traits = context.unit(noun).map_or(Traits::default(), |unit| unit.traits);
                self.scene.cast.can_be(traits, entity, context.row.language)
            }
            // A country or a place speaks only as the subject of the verb.
            (Head::Noun(_) | Head::Several, Who::Entity(entity)) => {
                self.scene.is(entity, annotation::Kind::Org) || self.rules == Some(who)
            }
            _ => true,
        }
    }

    /// The slot of a name; a new one only where `may` be and it is a person's or a body's.
    fn named(&mut self, named: &'s Named, may: bool) -> Option<&mut Slot<'s>> {
        let who = Who::Entity(named.entity);
        let speaks = self.scene.is(named.entity, annotation::Kind::Person)
            || self.scene.is(named.entity, annotation::Kind::Org);
        if may && speaks {
            return self.at(who);
        }
        self.slots.iter_mut().find(|slot| slot.who == who)
    }

    fn is_same(&self, a: Who, b: Who) -> bool {
        match (a, b) {
            (Who::Words(a), Who::Words(b)) => {
                let text = self.scene.context.row.text;
                let words = |words: &str| words.trim_start_matches("the ").trim_start_matches("The ").len();
                let (a, b) = (a.get(text).unwrap_or_default(), b.get(text).unwrap_or_default());
                let tail = words(a).min(words(b));
                words(a) == words(b)
                    && a.get(a.len() - tail..).is_some_and(|end| {
                        b.get(b.len() - tail..).is_some_and(|other| end.eq_ignore_ascii_case(other))
                    })
            }
            (a, b) => a == b,
        }
    }
}

/// The gender that a pronoun tells.
fn gender_of(traits: Traits) -> Gender {
    match traits {
        traits if traits.any(Traits::MALE) => Gender::Male,
        traits if traits.any(Traits::FEMALE) => Gender::Female,
        _ => Gender::Unknown,
    }
}

/// Whether a unit is a name.
pub(super) fn is_name(context: Context<'_>, unit: usize) -> bool {
    context.unit(unit).and_then(Unit::name).is_some()
}
