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

use super::attribution::Claim;
use super::marks::{Ending, Piece};
use super::phrase::{Context, Phrase};
use super::speaker::{Cast, Who};
use super::turns::{self, Turn};
use super::units::{self, Unit};
use candidate::Part;
#[cfg(feature = "train")]
pub use feature::{GROUPS, Group};
use model::Model;
#[cfg(feature = "train")]
pub use model::{SIZE, STEPS, Step, Tree, WEIGHT, encode, shares, slot_of};
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

/// Words of which the scorer is so sure that they are nobody's, in hundredths, are no quote.
const NOBODYS: u8 = 35;

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

/// How likely a reported clause is its speaker's, in hundredths, by how the text names the speaker.
pub(super) fn of_clause(context: Context<'_>, phrase: Option<&Phrase>, who: Option<Who>) -> u8 {
    let _ = (context, phrase);
    if who.is_some() { 90 } else { 0 }
}

/// All that the scorer sees of one piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub piece: usize,
    pub sentence: usize,
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
        let place = |(piece, spot): (usize, &Option<(usize, usize)>)| spot.map(|spot| (piece, spot));
        let places = self.spots.iter().enumerate().filter_map(place);
        places.map(|(piece, (unit, sentence))| self.sheet(piece, unit, sentence)).collect()
    }

    /// Whether the rules call a piece speech and it ends as a sentence does, or runs on.
    fn is_whole(&self, piece: usize) -> bool {
        let said = matches!(self.turns.get(piece), Some(Turn::Said(_)));
        let ends = |marked: &Piece| {
            marked.ending == Ending::RunsOn || units::ends_sentence(self.context.row.text, marked)
        };
        said && self.pieces.get(piece).is_some_and(ends)
    }

    /// The choice for each piece, in their order.
    pub fn choose(&self) -> Vec<Choice> {
        let mut choices = vec![Choice { who: None, confidence: 0, nobodys: 100 }; self.pieces.len()];
        let sheets = self.sheets();
        for (sheet, shares) in sheets.iter().zip(Model::shipped().shares(&sheets)) {
            let Some(choice) = choices.get_mut(sheet.piece) else { continue };
            *choice = Choice::default();
            for (part, share) in sheet.parts.iter().zip(shares) {
                let percent = (100.0 * share + 0.5) as u8;
                match part {
                    // A whole sentence that the rules call speech is nobody's only where that is nearly certain.
                    Part::Nobody if percent < WHOLE && self.is_whole(sheet.piece) => {
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
        }
        choices
    }
}
