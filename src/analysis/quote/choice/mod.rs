//! Who says each marked piece: a small scorer that was taught on articles labelled by reading.
//!
//! In: the pieces of a body with what the rules say of them (claims, turns, the cast). Out: for each piece the
//! likeliest speaker, how likely it is, and how likely the words are nobody's. [`candidate`] proposes who it can be,
//! [`feature`] says what speaks for and against each, [`model`] weighs it. Two laws stand above the scorer: nobody is
//! the speaker of words that name them in the third person, and a country or a place speaks only as the subject of a
//! verb of saying. Must not know how a speaker is named.

mod candidate;
mod feature;
mod model;
#[cfg(feature = "train")]
mod taught;

use super::attribution::{Claim, Form};
use super::marks::{Ending, Piece};
use super::phrase::{Context, Head};
use super::speaker::{Cast, Who};
use super::turns::{self, Turn};
use super::units::{self, Order, Unit};
use crate::analysis::rule::Rule;
use crate::language::Traits;
use candidate::Part;
#[cfg(feature = "train")]
pub use feature::{GROUPS, Group};
use model::Model;
#[cfg(feature = "train")]
pub use model::{SIZE, STEPS, Step, Tree, WEIGHT, encode, numbers, shares, slot_of};
#[cfg(feature = "train")]
pub use taught::{Case, Lesson};

/// What is known of an article's body before anybody chooses.
pub(super) struct Scene<'s, 'a> {
    pub context: Context<'a>,
    pub pieces: &'s [Piece],
    pub claims: &'s [Claim],
    pub said: &'s [Option<Who>],
    pub turns: &'s [Turn],
    pub cast: &'s Cast<'a>,
    /// For each piece its claim.
    owners: Vec<Option<usize>>,
    /// For each piece its unit and sentence; none for a nickname within a name.
    spots: Vec<Option<(usize, usize)>>,
    /// The units of the pieces, and those of the verbs with claims, both sorted.
    units: Vec<usize>,
    cues: Vec<usize>,
    /// By entity, how often it speaks by a verb.
    speaks: Vec<u16>,
    /// By entity, whether the text gives it a role.
    roles: Vec<bool>,
}

/// Who says a piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    pub who: Option<Who>,
    /// In hundredths.
    pub confidence: u8,
    /// How likely these are nobody's words, in hundredths.
    pub nobodys: u8,
}

/// How likely the one person is to say the words of a headline who says most in the body, in hundredths.
pub(super) const OF_HEADLINE: u8 = 70;

/// How likely whom a passive names behind `by` says the words, at least, in hundredths.
const AGENT: u8 = 80;

/// Words of which the scorer is so sure that they are nobody's, in hundredths, are no quote.
const NOBODYS: u8 = 33;

/// The same for a whole sentence.
const WHOLE: u8 = 90;

impl Choice {
    /// Whether the words are somebody's.
    pub fn is_said(self) -> bool {
        self.nobodys < NOBODYS
    }
}

/// What the rules alone say, for headlines.
pub(super) fn of_rules(turns: &[Turn]) -> Vec<Choice> {
    let choice = |turn: &Turn| match turn {
        Turn::Said(who) => Choice { who: *who, confidence: 80, nobodys: 0 },
        Turn::NotSaid => Choice { who: None, confidence: 0, nobodys: 100 },
    };
    turns.iter().map(choice).collect()
}

/// How likely a reported clause is by whom its verb names, in hundredths: of 100 in labelled articles.
const NAMED: u8 = 97;
/// The same where several speak at once or where nothing is scored.
const SEVERAL: u8 = 85;

/// What the rules alone say of a reported clause.
pub(super) fn of_clause(who: Option<Who>) -> (Option<Who>, u8) {
    (who, if who.is_some() { SEVERAL } else { 0 })
}

/// What somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A marked piece, by its index.
    Piece(usize),
    /// A reported clause, by the index of its claim.
    Clause(usize),
}

/// A piece with its unit, or a clause with its verb.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub target: Target,
    /// The claim that it belongs to.
    pub owner: Option<usize>,
    pub unit: usize,
    pub sentence: usize,
}

impl Item {
    /// The marked piece; none for a clause.
    pub fn piece(self) -> Option<usize> {
        match self.target {
            Target::Piece(piece) => Some(piece),
            Target::Clause(_) => None,
        }
    }
}

/// All that the scorer sees of one piece or clause.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub target: Target,
    pub sentence: usize,
    /// Whether the words go on with those of the sheet before, so that both have one speaker: see [`Scene::goes_on`].
    pub goes_on: bool,
    pub parts: Vec<Part>,
    /// For each part its features, hashed; their ends within `features`.
    pub features: Vec<u32>,
    pub ends: Vec<usize>,
    /// For each part [`feature::NUMBERS`] numbers.
    pub numbers: Vec<i16>,
    /// The group of each feature, for ablations.
    #[cfg(feature = "train")]
    pub groups: Vec<Group>,
}

impl Sheet {
    pub fn features_of(&self, part: usize) -> &[u32] {
        let from = part.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(part).copied().unwrap_or(from);
        self.features.get(from..to).unwrap_or(&[])
    }

    pub fn numbers_of(&self, part: usize) -> &[i16] {
        self.numbers.get(part * feature::NUMBERS..(part + 1) * feature::NUMBERS).unwrap_or(&[])
    }
}

impl<'s, 'a> Scene<'s, 'a> {
    pub fn new(
        context: Context<'a>,
        pieces: &'s [Piece],
        (claims, said): (&'s [Claim], &'s [Option<Who>]),
        turns: &'s [Turn],
        cast: &'s Cast<'a>,
    ) -> Scene<'s, 'a> {
        let mut spots = vec![None; pieces.len()];
        for (index, sentence) in context.row.sentences.iter().enumerate() {
            for unit in sentence.units.clone() {
                if let Some(slot) =
                    context.unit(unit).and_then(Unit::piece).and_then(|piece| spots.get_mut(piece))
                {
                    *slot = Some((unit, index));
                }
            }
        }
        let mut speaks = vec![0u16; context.entities.len()];
        let mut last = usize::MAX;
        for (claim, who) in claims.iter().zip(said) {
            if let (Some(Who::Entity(entity)), true) = (who, claim.cue != last)
                && let Some(count) = speaks.get_mut(entity.0 as usize)
            {
                *count = count.saturating_add(1);
            }
            last = claim.cue;
        }
        let owners = turns::owners(context, pieces.len(), claims);
        let roles = cast.with_roles();
        let units = spots.iter().flatten().map(|(unit, _)| *unit).collect();
        let mut cues: Vec<usize> = claims.iter().map(|claim| claim.cue).collect();
        cues.sort_unstable();
        Scene { context, pieces, claims, said, turns, cast, owners, spots, units, cues, speaks, roles }
    }

    /// What the scorer sees of each piece that has a place in the row.
    pub fn sheets(&self) -> Vec<Sheet> {
        let item = |(piece, spot): (usize, &Option<(usize, usize)>)| {
            let (unit, sentence) = (*spot)?;
            let owner = self.owners.get(piece).copied().flatten();
            Some(Item { target: Target::Piece(piece), owner, unit, sentence })
        };
        self.spots.iter().enumerate().filter_map(item).map(|item| self.sheet(item)).collect()
    }

    /// Whether a piece goes on with the words of the one before it, in the same paragraph: the sentence right behind
    /// `"We sleep better," he said.` that is nothing but marked words. It is by whom
    /// the first is by.
    pub fn goes_on(&self, item: Item) -> bool {
        let sentences = &self.context.row.sentences;
        let Some(before) = item.piece().and_then(|piece| piece.checked_sub(1)) else { return false };
        let Some(Some((unit, sentence))) = self.spots.get(before) else { return false };
        let alone = sentences.get(item.sentence).is_some_and(|one| {
            one.order == Order::Follows && one.units.start == item.unit && one.units.len() == 1
        });
        let claim = self.owners.get(before).copied().flatten().and_then(|owner| self.claims.get(owner));
        // The sentence before is one piece and the clause that says whose it is, or marked words that go on themselves.
        let attributed = claim.is_some_and(|claim| {
            claim.sentence == *sentence && claim.cue > *unit && claim.form != Form::Clause
        });
        let alone_before = sentences.get(*sentence).is_some_and(|one| one.units.start == *unit);
        let goes_on_itself = || {
            let item = Item { target: Target::Piece(before), owner: None, unit: *unit, sentence: *sentence };
            claim.is_none() && self.goes_on(item)
        };
        Rule::GoesOn.on()
            && alone
            && item.owner.is_none()
            && sentence + 1 == item.sentence
            && (attributed && alone_before || goes_on_itself())
    }

    /// What the scorer sees of the reported clauses whose speaker has no name where the verb stands.
    pub fn clause_sheets(&self) -> Vec<Sheet> {
        let scored = self.claims.iter().enumerate().filter(|(_, claim)| self.is_scored(claim));
        let item = |(index, claim): (usize, &Claim)| {
            let target = Target::Clause(index);
            Item { target, owner: Some(index), unit: claim.cue, sentence: claim.sentence }
        };
        scored.map(item).map(|item| self.sheet(item)).collect()
    }

    /// Whether the scorer chooses who says a reported clause: where a pronoun or a noun stands for the speaker.
    fn is_scored(&self, claim: &Claim) -> bool {
        let head = claim.speaker.as_ref().map(|phrase| phrase.head);
        claim.form == Form::Clause
            && match head {
                Some(Head::Pronoun(unit)) => !self.context.is(unit, Traits::FIRST),
                Some(Head::Noun(_)) => true,
                Some(Head::Name(_) | Head::Several) | None => false,
            }
    }

    /// What the rules say of a piece or clause.
    pub fn turn(&self, item: Item) -> Turn {
        match item.target {
            Target::Piece(piece) => self.turns.get(piece).copied().unwrap_or(Turn::NotSaid),
            Target::Clause(claim) => Turn::Said(self.said.get(claim).copied().flatten()),
        }
    }

    /// For each claim who says it and how likely, in hundredths.
    pub fn choose_clauses(&self) -> Vec<(Option<Who>, u8)> {
        let plain =
            |(claim, who): (&Claim, &Option<Who>)| match claim.speaker.as_ref().map(|phrase| phrase.head) {
                Some(Head::Name(_)) if who.is_some() => (*who, NAMED),
                _ => of_clause(*who),
            };
        let mut choices: Vec<(Option<Who>, u8)> = self.claims.iter().zip(self.said).map(plain).collect();
        let sheets = self.clause_sheets();
        for (sheet, shares) in sheets.iter().zip(Model::shipped().shares(&sheets)) {
            let Target::Clause(claim) = sheet.target else { continue };
            let Some(choice) = choices.get_mut(claim) else { continue };
            *choice = (None, 0);
            for (part, share) in sheet.parts.iter().zip(shares) {
                let percent = (100.0 * share + 0.5) as u8;
                if let Part::Who(who) = part
                    && (choice.0.is_none() || percent > choice.1)
                {
                    *choice = (Some(*who), percent);
                }
            }
        }
        choices
    }

    /// Whether the rules call a piece speech and it ends as a sentence does, or runs on.
    fn is_whole(&self, piece: usize) -> bool {
        let said = matches!(self.turns.get(piece), Some(Turn::Said(_)));
        let ends = |marked: &Piece| {
            marked.ending == Ending::RunsOn || units::ends_sentence(self.context.row.text, marked)
        };
        said && self.pieces.get(piece).is_some_and(ends)
    }

    /// Whether a passive names the speaker of a piece behind `by`: `described by Price as "…"`.
    fn is_agents(&self, piece: usize) -> bool {
        let owner = self.owners.get(piece).copied().flatten().and_then(|owner| self.claims.get(owner));
        let phrase =
            owner.filter(|owner| owner.form == Form::Object).and_then(|owner| owner.speaker.as_ref());
        phrase.is_some_and(|phrase| {
            let by = phrase.units.start.checked_sub(1);
            matches!(phrase.head, Head::Name(_)) && by.is_some_and(|by| self.context.word_is(by, Traits::BY))
        })
    }

    /// Makes pieces and the reported clauses around them agree: where both have the same speaker, one proves the other.
    pub fn agree(&self, choices: &mut [Choice], clauses: &mut [(Option<Who>, u8)]) {
        for (claim, clause) in self.claims.iter().zip(clauses).filter(|(claim, _)| claim.form == Form::Clause)
        {
            for piece in claim.content.clone().filter_map(|unit| self.context.unit(unit)?.piece()) {
                if let Some(choice) = choices.get_mut(piece)
                    && choice.who.is_some()
                    && choice.who == clause.0
                {
                    let most = choice.confidence.max(clause.1);
                    (choice.confidence, clause.1) = (most, most);
                }
            }
        }
    }

    /// The choice for each piece, in their order.
    pub fn choose(&self) -> Vec<Choice> {
        let mut choices = vec![Choice { who: None, confidence: 0, nobodys: 100 }; self.pieces.len()];
        let sheets = self.sheets();
        for (sheet, shares) in sheets.iter().zip(Model::shipped().shares(&sheets)) {
            let Target::Piece(piece) = sheet.target else { continue };
            let Some(choice) = choices.get_mut(piece) else { continue };
            *choice = Choice::default();
            for (part, share) in sheet.parts.iter().zip(shares) {
                let percent = (100.0 * share + 0.5) as u8;
                match part {
                    // A whole sentence that the rules call speech is nobody's only where that is nearly certain.
                    Part::Nobody if percent < WHOLE && self.is_whole(piece) => {
                        choice.nobodys = percent.min(NOBODYS - 1);
                    }
                    Part::Nobody => choice.nobodys = percent,
                    Part::Somebody => {}
                    Part::Who(who) if choice.who.is_none() || percent > choice.confidence => {
                        (choice.who, choice.confidence) = (Some(*who), percent);
                    }
                    Part::Who(_) => {}
                }
            }
            // Too rare in labelled articles for the scorer to learn, and too plain to be weighed.
            if let Some(Turn::Said(Some(who))) = self.turns.get(piece)
                && self.is_agents(piece)
            {
                let sure = if choice.who == Some(*who) { choice.confidence.max(AGENT) } else { AGENT };
                (choice.who, choice.confidence) = (Some(*who), sure);
            }
        }
        choices
    }
}
