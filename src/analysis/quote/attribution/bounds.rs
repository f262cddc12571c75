//! Where reported speech begins and ends.
//!
//! In: a place in a sentence. Out: the units of the clause. A clause differs from a phrase by its finite verb, as far
//! as the lexicon and endings show one. Must not know who speaks.

use super::{Finder, Form, Right, Style};
use crate::analysis::quote::marks::Piece;
use crate::analysis::quote::units::{Case, Kind, Unit, ends_sentence};
use crate::analysis::rule::Rule;
use crate::language::Traits;
use std::ops::Range;

impl Finder<'_, '_> {
    /// `The talks, Price said, would go on`: the attribution stands within what was said.
    pub(super) fn splits(&self, cue: usize, after: usize, attribution: usize, negated: bool) -> bool {
        let context = self.context;
        let reports = context.is(cue, Traits::SAY.or(Traits::REPORT)) || context.word_is(cue, Traits::GO_ON);
        let parted = context.is_comma(after) && attribution > self.left && context.is_comma(attribution - 1);
        if !reports || negated || !parted || !context.is(cue, Traits::PAST.or(Traits::PRESENT)) {
            return false;
        }
        let left = self.left..attribution - 1;
        let circumstance = context
            .is(after + 1, Traits::ING.or(Traits::SUBORDINATE).or(Traits::RELATIVE).or(Traits::AND))
            || context.row.word(after + 1).ends_with("ing");
        let plain = !left.clone().any(|index| matches!(context.kind(index), Some(Kind::Piece(_))));
        !circumstance
            && plain
            && !left.is_empty()
            && !self.has_finite(left)
            && self.has_finite(after + 1..self.end)
    }

    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = range;
        let mark = |index: usize| {
            matches!(
                self.context.kind(index),
                Some(Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Dash | Kind::Stop)
            )
        };
        while start < end && mark(start) {
            start += 1;
        }
        while end > start && mark(end - 1) {
            end -= 1;
        }
        start..end
    }

    /// Where a reported clause that holds `from` ends: before the next report, or with the sentence.
    pub(super) fn clause_end(&self, from: usize) -> usize {
        let context = self.context;
        let mut index = from;
        let mut last_mark = None;
        while index < self.end {
            let Some(unit) = context.unit(index) else { break };
            if unit.is(Traits::SPEECH)
                && unit.is(Traits::PAST.or(Traits::PRESENT))
                && let Some(mark) = last_mark
                && context.unit(index + 1).is_some_and(Unit::leads)
                && matches!(context.kind(index + 2), Some(Kind::Piece(_)))
            {
                return mark;
            }
            if matches!(unit.kind, Kind::Comma | Kind::Dash) && index > from {
                last_mark = Some(index);
            }
            match unit.kind {
                Kind::Semicolon => return index,
                Kind::Colon | Kind::Dash | Kind::Comma => {
                    if let Some(piece) = context.unit(index + 1).and_then(Unit::piece) {
                        let complete = self.pieces.get(piece).is_some_and(|piece| {
                            ends_sentence(context.row.text, piece) || self.opens_capital(piece)
                        });
                        if unit.kind == Kind::Colon || complete && index + 2 >= self.end {
                            return index;
                        }
                    }
                    if unit.kind == Kind::Comma
                        && (self.opens_report(index + 1)
                            || self.opens_comment(index + 1, from)
                            || context.is(index + 1, Traits::AND)
                                && context.word_is(index + 2, Traits::RELATIVE_SUBJECT))
                    {
                        return index;
                    }
                }
                Kind::Word
                    if unit.is(Traits::AND.or(Traits::SUBORDINATE))
                        && index > from
                        && self.joins_report(index) =>
                {
                    return index;
                }
                Kind::Word
                    if context.word_is(index, Traits::ACCORDING) && context.is(index + 1, Traits::TO) =>
                {
                    return index;
                }
                _ => {}
            }
            index += 1;
        }
        self.end
    }

    /// The end of a reported clause; where it stands in `When the ministry said it would end, …`, before the comma.
    pub(super) fn end_within(&self, cue: usize, clause: &Range<usize>) -> usize {
        let context = self.context;
        let opens = context.word_is(self.start, Traits::FRONTED);
        let first_verb = !(self.start + 1..cue).any(|index| context.is_verb_like(index));
        if !(Rule::FrontedClause.on() && opens && first_verb && self.style == Style::Prose)
            || cue > self.start + 20
        {
            return clause.end;
        }
        let main = |comma: usize| {
            let subject = context.unit(comma + 1).is_some_and(|unit| {
                unit.name().is_some()
                    || unit.is(Traits::PRONOUN.or(Traits::DETERMINER).or(Traits::POSSESSIVE))
            });
            subject && self.has_finite(comma + 1..clause.end.min(comma + 16))
        };
        let commas = clause.clone().take(60).filter(|index| context.is_comma(*index));
        commas.into_iter().find(|comma| main(*comma)).unwrap_or(clause.end)
    }

    /// After a comma, `which …`, `while …` and their like are the reporter's more often than not
    /// (in PolNeAR: 55 of 95); they are left out where they would outweigh the report.
    pub(super) fn opens_comment(&self, index: usize, from: usize) -> bool {
        Rule::Comments.on() && self.context.word_is(index, Traits::COMMENT) && self.end - index > index - from
    }

    pub(super) fn opens_capital(&self, piece: &Piece) -> bool {
        piece.inner().get(self.context.row.text).is_some_and(|inner| inner.starts_with(char::is_uppercase))
    }

    /// After a comma: `adding that …`, `and said …`, `according to …`, `but officials said …`.
    pub(super) fn opens_report(&self, index: usize) -> bool {
        let context = self.context;
        if context.word_is(index, Traits::ACCORDING) {
            return true;
        }
        let mut at = index;
        while at < self.end && at < index + 3 && context.is(at, Traits::ADVERB) {
            at += 1;
        }
        if context.is(at, Traits::ING)
            && context.is(at, Traits::SAY.or(Traits::REPORT))
            && !context.is(at, Traits::ACT)
        {
            return true;
        }
        if context.word_is(at, Traits::PARTICIPLE_REPORT) && context.is(at, Traits::ING) {
            return true;
        }
        context.is(at, Traits::AND.or(Traits::SUBORDINATE)) && self.joins_report(at)
    }

    /// `and said`, `but critics said`, `while the ministry said`: another report begins.
    pub(super) fn joins_report(&self, index: usize) -> bool {
        let context = self.context;
        if context.is(index, Traits::SUBORDINATE) && !context.word_is(index, Traits::CONTRAST) {
            return false;
        }
        for ahead in index + 1..self.end.min(index + 9) {
            let Some(unit) = context.unit(ahead) else { return false };
            if matches!(unit.kind, Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Piece(_) | Kind::Dash)
                || unit.is(Traits::TO.or(Traits::THAT))
            {
                return false;
            }
            if unit.is(Traits::SAY.or(Traits::REPORT)) && unit.is(Traits::PAST.or(Traits::PRESENT)) {
                let strong = unit.is(Traits::SAY) || context.is(ahead + 1, Traits::THAT);
                let passive = context.is(ahead - 1, Traits::BE);
                return strong && !passive && context.is_finite_here(ahead);
            }
            if unit.is(Traits::FINITE) && !unit.is(Traits::AUXILIARY) {
                return false;
            }
        }
        false
    }

    /// Whether nothing but circumstances (`in a report on Monday`) follows the attribution.
    pub(super) fn closes_after(&self, cue: usize, after: usize) -> bool {
        let rest = self.after_circumstances(cue, after);
        rest >= self.end
            || self.context.unit(rest).is_some_and(|unit| {
                matches!(unit.kind, Kind::Comma | Kind::Semicolon | Kind::Dash | Kind::Bracket | Kind::Colon)
                    || unit
                        .is(Traits::SUBORDINATE.or(Traits::AND).or(Traits::RELATIVE).or(Traits::PREPOSITION))
            })
    }

    /// What stands before the attribution, if it is what was said.
    pub(super) fn left_content(
        &self,
        attribution: usize,
        right: &Right,
        verb: &Traits,
        closes: bool,
    ) -> Option<(Range<usize>, Form)> {
        let context = self.context;
        let content = self.trimmed(self.left..attribution);
        if content.is_empty() {
            return None;
        }
        let mark = attribution.checked_sub(1).and_then(|index| context.unit(index));
        let last = content.end - 1;
        if let Some(piece) = context.unit(last).and_then(Unit::piece) {
            let only_pieces = content.clone().all(|index| {
                matches!(context.kind(index), Some(Kind::Piece(_) | Kind::Comma | Kind::Dash | Kind::Colon))
                    || context.is(index, Traits::AND)
            });
            let inner = self.pieces.get(piece)?.inner().get(context.row.text).unwrap_or("").trim_end();
            let pauses =
                inner.ends_with([',', '.', '?', '!', '…', '-', '—', '–']) || mark.is_some_and(Unit::leads);
            if only_pieces {
                let claims_right = matches!(right, Right::Clause(_));
                return (!claims_right || pauses).then_some((content, Form::Pieces));
            }
            let clause = (pauses || matches!(right, Right::Nothing))
                && !verb.any(Traits::ASK)
                && !matches!(right, Right::Clause(_));
            if clause && self.has_finite(content.clone()) {
                return Some((content, Form::Clause));
            }
            return pauses.then(|| (last..last + 1, Form::Pieces));
        }
        if !verb.any(Traits::SAY.or(Traits::REPORT))
            || !mark.is_some_and(|unit| matches!(unit.kind, Kind::Comma | Kind::Dash | Kind::Colon))
        {
            return None;
        }
        let subordinate = context.is(content.start, Traits::SUBORDINATE)
            && !content.clone().any(|index| context.is_comma(index));
        match right {
            Right::Nothing if subordinate || !closes => None,
            Right::Nothing
                if self.has_finite(content.clone())
                    || content.clone().any(|index| matches!(context.kind(index), Some(Kind::Piece(_))))
                    || content.len() > 5 && !self.is_introduction(&content) =>
            {
                Some((content, Form::Clause))
            }
            Right::Nothing if self.style == Style::Headline && content.len() > 1 => {
                Some((content, Form::Clause))
            }
            _ => None,
        }
    }

    pub(super) fn only_pieces(&self, range: &Range<usize>) -> bool {
        !range.is_empty()
            && range
                .clone()
                .all(|index| matches!(self.context.kind(index), Some(Kind::Piece(_) | Kind::Comma)))
    }

    pub(super) fn has_finite(&self, range: Range<usize>) -> bool {
        let headline = self.style == Style::Headline;
        range.clone().any(|index| {
            self.context.is_verb_like(index)
                || headline && self.context.is(index, Traits::TO)
                || index > range.start && self.is_present_verb(index)
        })
    }

    /// The clause's own verb comes before any relative clause: `announced the talks would go on`.
    pub(super) fn has_early_finite(&self, start: usize, end: usize) -> bool {
        for index in start..end.min(start + 14) {
            if self.context.is(index, Traits::RELATIVE.or(Traits::THAT).or(Traits::TO))
                || index > start && self.context.is(index, Traits::SUBORDINATE)
                || self.context.is_comma(index)
            {
                return false;
            }
            if index > start
                && (self.context.is_verb_like(index)
                    && self.context.is(index, Traits::FINITE.or(Traits::CUE))
                    || self.is_present_verb(index))
            {
                return true;
            }
        }
        false
    }

    /// A word in lower case in -s after a name or pronoun: `Russia wants`.
    pub(super) fn is_present_verb(&self, index: usize) -> bool {
        let context = self.context;
        let Some(unit) = context.unit(index) else { return false };
        let after_subject = index
            .checked_sub(1)
            .and_then(|previous| context.unit(previous))
            .is_some_and(|previous| previous.name().is_some() || previous.is(Traits::PRONOUN));
        let word = context.row.word(index);
        unit.kind == Kind::Word
            && unit.case == Case::Lower
            && after_subject
            && (unit.traits.is_unknown() || unit.is(Traits::CUE))
            && word.len() > 3
            && (word.ends_with('s') && !["is", "us", "ss"].iter().any(|end| word.ends_with(end))
                || context.is(index - 1, Traits::PRONOUN))
    }
}
