//! The noun phrase that names a speaker: where it begins and ends, and what its head is.
//!
//! In: a row of units and a range of it, or one edge of the phrase. Out: a [`Phrase`]. Works from
//! bounds (commas, prepositions, verbs of the lexicon), not from a parse. Looks at a bounded
//! number of units. Must not know whom a pronoun or a role stands for.

use super::units::{Case, Kind, Row, Unit};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::annotation::{Entity, Mention};
use crate::language::Traits;
use std::ops::Range;

/// Longest phrase looked at, in units: what is longer is no speaker.
const LONGEST: usize = 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub units: Range<usize>,
    pub head: Head,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A mention, by its index among the article's.
    Name(usize),
    /// By its unit.
    Pronoun(usize),
    /// By its unit.
    Noun(usize),
    /// Two or more at once.
    Several,
}

/// One row with the mentions and the entities of its article: what every rule about quotes looks at.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub row: &'a Row<'a>,
    pub mentions: &'a [Mention],
    pub entities: &'a [Entity],
}

impl<'a> Context<'a> {
    pub fn unit(&self, index: usize) -> Option<&'a Unit> {
        self.row.units.get(index)
    }

    pub fn is(&self, index: usize, traits: Traits) -> bool {
        self.unit(index).is_some_and(|unit| unit.is(traits))
    }

    pub fn kind(&self, index: usize) -> Option<Kind> {
        self.unit(index).map(|unit| unit.kind)
    }

    pub fn is_comma(&self, index: usize) -> bool {
        self.kind(index) == Some(Kind::Comma)
    }

    /// Like [`Context::is`], but looks into names too: `X` and `Twitter` are names and words.
    pub fn word_is(&self, index: usize, traits: Traits) -> bool {
        self.unit(index).is_some_and(|unit| match unit.kind {
            Kind::Name(_) => self.row.language.traits(self.row.word(index)).any(traits),
            _ => unit.is(traits),
        })
    }

    pub fn entity_kind(&self, mention: usize) -> Option<annotation::Kind> {
        let mention = self.mentions.get(mention)?;
        self.entities.get(mention.entity.0 as usize).map(|entity| entity.kind)
    }

    pub fn person_at(&self, unit: usize) -> Option<usize> {
        let mention = self.unit(unit)?.name()?;
        (self.entity_kind(mention) == Some(annotation::Kind::Person)).then_some(mention)
    }

    /// The phrase whose last unit is the one before `end`, within `lowest..end`.
    pub fn ending_at(&self, lowest: usize, end: usize) -> Option<Phrase> {
        let last = end.checked_sub(1).filter(|last| *last >= lowest)?;
        if self.is(last, Traits::PRONOUN) {
            return self.read(last..end);
        }
        let mut start = end;
        while start > lowest && end - start < LONGEST {
            let previous = start - 1;
            let unit = self.unit(previous)?;
            if self.kind(previous) == Some(Kind::Bracket) {
                start = self.bracket_start(lowest, previous)?;
                continue;
            }
            if self.bounds(previous) {
                break;
            }
            // `media reports said`
            let noun = previous + 1 == end && unit.is(Traits::UTTERANCE.or(Traits::ROLE).or(Traits::BODY));
            let verb = unit.is(Traits::CUE) && unit.is(Traits::PAST.or(Traits::PRESENT));
            let done = unit.traits.is_unknown()
                && unit.case == Case::Lower
                && self.row.word(previous).ends_with("ed")
                && previous > lowest
                && self.is(previous - 1, Traits::AUXILIARY);
            if verb && !noun && self.is_finite_here(previous) || done {
                break;
            }
            start = previous;
        }
        // `a defector who farms near Paju` is the defector; `who Price` is Price.
        let who = |who: &usize| *who > lowest && self.word_is(*who, Traits::WHO.or(Traits::WHICH));
        let verbal = |index: usize| self.is(index, Traits::FINITE.or(Traits::ADVERB).or(Traits::CUE));
        // `a defector who drove her home`
        let far = (lowest..start).rev().take(4).find(|index| !verbal(*index));
        let relative = start.checked_sub(1).filter(who).or(far.filter(who));
        if let Some(who) = relative.filter(|_| {
            Rule::RelativeSubject.on()
                && end - start > 1
                && self.unit(start).is_some_and(|unit| unit.kind == Kind::Word && unit.case == Case::Lower)
        }) {
            return self.ending_at(lowest, if self.is_comma(who - 1) { who - 1 } else { who });
        }
        let range = self.without_opening(start..end);
        let phrase = self.joined(lowest, range.clone()).and_then(|range| self.read(range));
        phrase.or_else(|| {
            // `In papers filed with the court the lawyers`: the last article opens the subject.
            let opening = Traits::DETERMINER.or(Traits::POSSESSIVE);
            let article = if Rule::LastArticle.on() { start + 1..end } else { end..end }
                .rev()
                .find(|index| self.is(*index, opening) && !self.is(index - 1, Traits::PREPOSITION))?;
            self.read(article..end)
        })
    }

    /// The phrase that begins at `start`, within `start..highest`; ends before a comma, a clause,
    /// a time or a medium (`in a statement`).
    pub fn starting_at(&self, start: usize, highest: usize) -> Option<Phrase> {
        let mut start = start;
        while start < highest && self.is(start, Traits::ADVERB) && !self.is(start, Traits::TITLE) {
            start += 1;
        }
        let mut end = start;
        while end < highest && end - start < LONGEST {
            let unit = self.unit(end)?;
            let stops = self.bounds(end)
                || matches!(unit.kind, Kind::Comma | Kind::Bracket)
                || unit.is(Traits::TIME) && unit.case == Case::Capital
                || self.opens_circumstance(end, highest)
                || (end > start
                    && unit.case == Case::Lower
                    && self.is_participle(end)
                    && !self.is(end + 1, Traits::ROLE))
                || (unit.is(Traits::AND) && self.is(end + 1, Traits::CUE.or(Traits::ADVERB)))
                || (end > start && unit.is(Traits::PRONOUN.or(Traits::THAT)))
                || (unit.is(Traits::ADVERB) && !unit.is(Traits::TITLE) && end > start);
            if stops {
                break;
            }
            end += 1;
            if self.is(end - 1, Traits::PRONOUN) {
                break;
            }
        }
        self.read(start..end)
    }

    /// What ends a phrase on either side.
    fn bounds(&self, index: usize) -> bool {
        let Some(unit) = self.unit(index) else { return true };
        match unit.kind {
            Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Dash | Kind::Stop | Kind::Piece(_) => true,
            Kind::Word if unit.is(Traits::RELATIVE.or(Traits::THAT).or(Traits::QUESTION)) => true,
            Kind::Word if unit.is(Traits::SUBORDINATE) => !self.is(index, Traits::PREPOSITION),
            Kind::Word if unit.is(Traits::AUXILIARY) => true,
            Kind::Word if unit.is(Traits::FINITE) && unit.case == Case::Lower => self.is_finite_here(index),
            _ => false,
        }
    }

    /// Whether a word that can be a verb or a noun is a verb: no article or preposition before it.
    pub fn is_finite_here(&self, index: usize) -> bool {
        let Some(previous) = index.checked_sub(1).and_then(|index| self.unit(index)) else { return true };
        if previous.is(Traits::QUANTIFIER) {
            return true;
        }
        !previous.is(Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::PREPOSITION).or(Traits::BE))
            && previous.kind != Kind::Genitive
    }

    fn is_participle(&self, index: usize) -> bool {
        let word = self.row.word(index);
        let known = self.is(index, Traits::ING);
        (known || word.len() > 5 && word.ends_with("ing"))
            && !index.checked_sub(1).is_some_and(|previous| {
                self.is(previous, Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::PREPOSITION))
            })
    }

    /// Where a bracket that closes at `close` opened.
    fn bracket_start(&self, lowest: usize, close: usize) -> Option<usize> {
        (lowest.max(close.saturating_sub(12))..close)
            .rev()
            .find(|index| self.kind(*index) == Some(Kind::Bracket))
    }

    /// `on Monday`, `in a statement`, `after the talks`, `to reporters`.
    pub fn opens_circumstance(&self, index: usize, highest: usize) -> bool {
        if !self.is(index, Traits::PREPOSITION) {
            return false;
        }
        if self.word_is(index, Traits::DURING) {
            return true;
        }
        if !self.word_is(index, Traits::MEDIUM) {
            return false;
        }
        let audience = self.word_is(index, Traits::TO);
        for ahead in index + 1..highest.min(index + 6) {
            let Some(unit) = self.unit(ahead) else { break };
            if unit.is(Traits::UTTERANCE.or(Traits::TIME)) || (audience && unit.is(Traits::AUDIENCE)) {
                return true;
            }
            if !matches!(unit.kind, Kind::Word | Kind::Number | Kind::Name(_) | Kind::Genitive)
                || unit.is(Traits::PREPOSITION.or(Traits::AUXILIARY))
            {
                break;
            }
            if unit.kind == Kind::Number
                && self.word_is(index, Traits::IN.or(Traits::ON))
                && self.row.word(ahead).len() == 4
            {
                return true;
            }
        }
        false
    }

    /// The range without conjunctions, adverbs and what stands before a subject (`On Monday`).
    pub fn without_opening(&self, range: Range<usize>) -> Range<usize> {
        let Range { mut start, end } = range;
        loop {
            let before = start;
            while start < end
                && self.is(start, Traits::AND.or(Traits::ADVERB))
                && !self.is(start, Traits::TITLE)
                || start < end && self.is(start, Traits::TIME) && start + 1 < end
            {
                start += 1;
            }
            if start < end && self.is(start, Traits::PREPOSITION) {
                let mut next = start + 1;
                while next < end && self.is(next, Traits::DETERMINER.or(Traits::POSSESSIVE)) {
                    next += 1;
                }
                if self.is(next, Traits::TIME) || self.kind(next) == Some(Kind::Number) {
                    while next < end && (self.is(next, Traits::TIME) || self.kind(next) == Some(Kind::Number))
                    {
                        next += 1;
                    }
                } else {
                    next += 1;
                }
                start = next.min(end);
            }
            if start == before {
                return start..end;
            }
        }
    }

    /// `A, B and C` where only `B and C` was in the range; and of a clause joined by `and`, its own part.
    fn joined(&self, lowest: usize, range: Range<usize>) -> Option<Range<usize>> {
        let Range { mut start, end } = range;
        if let Some(and) = (start..end).rev().find(|index| self.is(*index, Traits::AND)) {
            let clause_before = (start..and).any(|index| self.is_verb_like(index));
            if clause_before {
                start = and + 1;
            } else {
                while start >= lowest + 2
                    && self.is_comma(start - 1)
                    && self.unit(start - 2).is_some_and(|unit| unit.name().is_some())
                    && (start == lowest + 2 || self.is_comma(start - 3))
                {
                    start -= 2;
                }
            }
        }
        (start < end).then_some(start..end)
    }

    /// A word that is likely a finite verb, by the lexicon or its ending.
    pub fn is_verb_like(&self, index: usize) -> bool {
        let Some(unit) = self.unit(index) else { return false };
        if unit.kind != Kind::Word {
            return false;
        }
        if unit.is(Traits::FINITE) {
            return unit.is(Traits::AUXILIARY) || self.is_finite_here(index);
        }
        if unit.is(Traits::CUE)
            && unit.is(Traits::PAST.or(Traits::PRESENT))
            && !unit.is(Traits::UTTERANCE.or(Traits::ROLE))
        {
            return self.is_finite_here(index);
        }
        unit.case == Case::Lower
            && unit.traits.is_unknown()
            && self.row.word(index).ends_with("ed")
            && self.is_finite_here(index)
    }

    /// What a range of units names, time and medium at its end left out.
    pub fn read(&self, range: Range<usize>) -> Option<Phrase> {
        let Range { mut start, mut end } = range;
        while start < end && (self.is_comma(start) || self.kind(start) == Some(Kind::Other)) {
            start += 1;
        }
        if let Some(cut) = (start + 1..end).find(|index| self.opens_circumstance(*index, end)) {
            end = cut;
        }
        while end > start + 1
            && (self.is(end - 1, Traits::ADVERB.or(Traits::PREPOSITION))
                || self.is_comma(end - 1)
                || (self.is(end - 1, Traits::TIME) && !self.is(end - 1, Traits::ROLE)))
        {
            end -= 1;
        }
        if start >= end || end - start > LONGEST {
            return None;
        }
        let units = start..end;
        // `according to him` too: a speaker is never called `him`.
        let object = Traits::HIM.or(Traits::HER_OBJECT);
        if end - start == 1 && (self.is(start, Traits::PRONOUN) || self.is(start, object)) {
            return Some(Phrase { units, head: Head::Pronoun(start) });
        }
        let opening = self.unit(start)?;
        if opening.is(Traits::PREPOSITION
            .or(Traits::SUBORDINATE)
            .or(Traits::RELATIVE)
            .or(Traits::AUXILIARY)
            .or(Traits::PRONOUN))
        {
            return None;
        }
        let head = self.head(&units)?;
        Some(Phrase { units, head })
    }

    fn head(&self, units: &Range<usize>) -> Option<Head> {
        let region_end =
            (units.start + 1..units.end).find(|index| self.ends_head(*index)).unwrap_or(units.end);
        if let Some(and) = (units.start + 1..region_end).find(|index| self.is(*index, Traits::AND)) {
            let name_before =
                (units.start..and).any(|index| self.unit(index).is_some_and(|unit| unit.name().is_some()));
            let plural_before = self.is(and - 1, Traits::PLURAL);
            let joint = self.is(and + 1, Traits::DETERMINER.or(Traits::POSSESSIVE));
            let names_person_last = self.person_at(region_end - 1).is_some();
            let title_before_name = names_person_last && !name_before && !plural_before && !joint;
            if (name_before && self.is_name_at(and - 1))
                || ((plural_before || joint) && names_person_last)
                || (joint && !title_before_name)
            {
                return Some(Head::Several);
            }
        }
        let last = region_end.checked_sub(1)?;
        if let Some(mention) = self.unit(last)?.name() {
            return Some(Head::Name(mention));
        }
        // `Pieter Price SC`
        let honour = self.row.word(last);
        if Rule::HonourBehindName.on()
            && last > units.start
            && honour.len() < 5
            && honour.bytes().all(|byte| byte.is_ascii_uppercase())
            && let Some(mention) = self.person_at(last - 1)
        {
            return Some(Head::Name(mention));
        }
        if let Some(mention) = self.title_of(units, region_end).filter(|_| Rule::TitleOf.on()) {
            return Some(Head::Name(mention));
        }
        // `Ned Price Jr`, or a name with a number: the name is what counts.
        if let (Some(mention), true) = (self.person_at(units.start), region_end == units.start + 1) {
            return Some(Head::Name(mention));
        }
        let noun = (units.start..region_end).rev().find(|index| self.kind(*index) == Some(Kind::Word))?;
        let unit = self.unit(noun)?;
        if unit.is(Traits::DETERMINER) && noun == units.start && units.len() == 1 {
            let pronoun_like = self.word_is(noun, Traits::STAND_ALONE);
            return pronoun_like.then_some(Head::Noun(noun));
        }
        if Rule::LikelySpeakers.on() && !self.is_likely_speaker(units.start..noun, noun) {
            return None;
        }
        let no_noun = Traits::TIME.or(Traits::ADVERB).or(Traits::NOT).or(Traits::POSSESSIVE);
        (!unit.is(no_noun) || unit.is(Traits::ROLE)).then_some(Head::Noun(noun))
    }

    /// The units of a phrase up to a participle behind its noun: `a study | published in August`.
    pub fn without_clause(&self, phrase: &Phrase) -> Range<usize> {
        let Head::Noun(noun) = phrase.head else { return phrase.units.clone() };
        let cut = (noun + 1..phrase.units.end).find(|index| {
            self.kind(*index) == Some(Kind::Word)
                && self.unit(*index).is_some_and(|unit| unit.case == Case::Lower)
                && !self.is(*index, Traits::PREPOSITION)
                && (self.row.word(*index).ends_with("ed") || self.is_participle(*index))
                && !self.is(index - 1, Traits::PREPOSITION.or(Traits::DETERMINER))
        });
        phrase.units.start..cut.unwrap_or(phrase.units.end)
    }

    /// A bare noun that the lexicon does not know (`seeking`, `talks to`) speaks only with an
    /// article, in the plural or with a capital.
    fn is_likely_speaker(&self, before: Range<usize>, noun: usize) -> bool {
        let Some(unit) = self.unit(noun) else { return false };
        let no_part =
            Traits::TO.or(Traits::NOT).or(Traits::QUESTION).or(Traits::PRONOUN).or(Traits::AUXILIARY);
        if before.clone().any(|index| self.is(index, no_part)) {
            return false;
        }
        let known = unit.is(Traits::ROLE
            .or(Traits::BODY)
            .or(Traits::UTTERANCE)
            .or(Traits::PLURAL)
            .or(Traits::AUDIENCE));
        let determined = self.is(before.start, Traits::DETERMINER.or(Traits::POSSESSIVE))
            || before.clone().any(|index| {
                self.kind(index) == Some(Kind::Genitive)
                    || self.is_name_at(index)
                    || self.kind(index) == Some(Kind::Number)
            });
        let word = self.row.word(noun);
        // `archaeologist`, `spokesman`, `organiser`
        let agent =
            ["ist", "er", "or", "ian", "man", "eer"].iter().any(|end| word.len() > 5 && word.ends_with(end));
        known
            || agent
            || determined
            || unit.case == Case::Capital
            || (word.len() > 4 && word.ends_with('s') && !word.ends_with("ss"))
    }

    fn is_name_at(&self, index: usize) -> bool {
        self.unit(index).is_some_and(|unit| unit.name().is_some())
    }

    fn ends_head(&self, index: usize) -> bool {
        let Some(unit) = self.unit(index) else { return true };
        match unit.kind {
            Kind::Comma | Kind::Bracket | Kind::Dash | Kind::Colon | Kind::Semicolon => true,
            Kind::Word => {
                let participle = unit.case == Case::Lower
                    && unit.traits.is_unknown()
                    && self.row.word(index).ends_with("ed")
                    && self.unit(index + 1).is_none_or(|next| {
                        next.is(Traits::PREPOSITION.or(Traits::TIME).or(Traits::ADVERB))
                            || next.kind != Kind::Word
                    });
                unit.is(Traits::PREPOSITION.or(Traits::RELATIVE).or(Traits::TO).or(Traits::THAT))
                    || participle
                    // `Price speaking to reporters`
                    || Rule::ParticipleBehindName.on()
                        && unit.case == Case::Lower
                        && self.is_participle(index)
                        && index.checked_sub(1).is_some_and(|previous| self.person_at(previous).is_some())
                    || unit.case == Case::Lower
                        && unit.traits.is_unknown()
                        && index.checked_sub(1).is_some_and(|previous| {
                            self.is(previous, Traits::PLURAL) || self.person_at(previous).is_some()
                        })
            }
            _ => false,
        }
    }

    /// `Secretary of State Antony Blinken`: a person named after a title that holds a preposition.
    fn title_of(&self, units: &Range<usize>, region_end: usize) -> Option<usize> {
        if self.word_is(units.start, Traits::SINGLE) || self.is(region_end - 1, Traits::PLURAL) {
            return None;
        }
        let joins = self.word_is(region_end, Traits::OF.or(Traits::FOR));
        // `representative at NAM Bahaa Price`: the body's name, then the person's.
        let beside = self.word_is(region_end, Traits::AT.or(Traits::TO).or(Traits::WITH).or(Traits::IN))
            && self.is(region_end - 1, Traits::ROLE);
        if !joins && !beside {
            return None;
        }
        let name =
            (region_end + 1..units.end.min(region_end + 9)).find(|index| self.person_at(*index).is_some())?;
        let between = region_end + 1..name;
        let bounded = between.clone().any(|index| self.ends_head(index));
        let only_titles = between.clone().all(|index| self.is(index, Traits::TITLE.or(Traits::DETERMINER)));
        let before = self.unit(name.checked_sub(1)?)?;
        let attached = before.kind != Kind::Genitive
            && !before.is(Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::AND).or(Traits::PREPOSITION));
        let adjacent = joins || between.clone().any(|index| self.is_name_at(index));
        (!bounded && !only_titles && attached && adjacent).then(|| self.person_at(name)).flatten()
    }
}
