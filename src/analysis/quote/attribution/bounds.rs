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
                        // `said it would: "…"`, `said that without a trial, "…"`: the words before are no clause yet.
                        let open = Rule::OpenClauses.on()
                            && match unit.kind {
                                Kind::Colon => context.is(index - 1, Traits::AUXILIARY),
                                _ => !self.has_finite(from..index),
                            };
                        if !open && (unit.kind == Kind::Colon || complete && index + 2 >= self.end) {
                            return index;
                        }
                    }
                    if unit.kind == Kind::Comma
                        && (self.opens_report(index + 1)
                            || self.speaks_on(index + 1, from)
                            || self.opens_comment(index + 1, from)
                            || context.is(index + 1, Traits::AND)
                                && context.word_is(index + 2, Traits::RELATIVE_SUBJECT))
                    {
                        return index;
                    }
                }
                // `said he was humbled and "… I will repay your trust."`
                Kind::Word if unit.is(Traits::AND) && index > from && self.opens_speech(index + 1, from) => {
                    return index;
                }
                Kind::Word
                    if unit.is(Traits::AND.or(Traits::SUBORDINATE))
                        && index > from
                        && (self.joins_report(index) || self.speaks_on(index, from)) =>
                {
                    return index;
                }
                Kind::Word
                    if context.word_is(index, Traits::ACCORDING)
                        && context.is(index + 1, Traits::TO)
                        && !self.is_yardstick(index + 2) =>
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
        let opens = context.word_is(self.start, Traits::FRONTED)
            || Rule::MainVerbs.on()
                && (self.start..cue).take(6).any(|index| context.word_is(index, Traits::FRONTED));
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

    /// After a comma, `while …` and its like are the reporter's more often than not (in PolNeAR: 55 of 95); they are left
    /// out where they would outweigh the report.
    pub(super) fn opens_comment(&self, index: usize, from: usize) -> bool {
        // `said the talks, which began on Monday, would go on`: the report has no verb yet.
        let begun = !Rule::OpenClauses.on() || self.has_finite(from..index - 1);
        // A relative clause is the speaker's own more often than not; `which is what …` is not.
        Rule::Comments.on()
            && self.context.word_is(index, Traits::COMMENT)
            && (!self.context.is(index, Traits::RELATIVE) || self.context.is(index + 2, Traits::QUESTION))
            && begun
            && self.end - index > index - from
    }

    /// Whether a marked piece at `index` is a speech of its own, which the words from `from` on do not lead into.
    fn opens_speech(&self, index: usize, from: usize) -> bool {
        let Some(piece) =
            self.context.unit(index).and_then(Unit::piece).and_then(|piece| self.pieces.get(piece))
        else {
            return false;
        };
        let text = self.context.row.text;
        let inner = piece.inner().get(text).unwrap_or_default();
        Rule::OpenClauses.on()
            && index + 1 >= self.end
            && ends_sentence(text, piece)
            && inner.trim_start_matches(['.', '…', ' ']).starts_with(char::is_uppercase)
            && self.has_finite(from..index - 1)
    }

    /// The end of a report that stands in a relative clause or a participle behind the subject, before the verb of the
    /// main clause: `a singer who claimed she was robbed has been arrested`.
    pub(super) fn before_main_verb(&self, cue: usize, clause: &Range<usize>) -> usize {
        let context = self.context;
        let before = self.before_adverbs(cue).checked_sub(1);
        let Some(before) = before.filter(|before| *before > self.start) else { return clause.end };
        // `The changes, which officials said will be made in May, will not apply`
        let aside = (self.start + 2..cue)
            .rev()
            .take(6)
            .find(|index| context.is(*index, Traits::RELATIVE) && context.is_comma(index - 1));
        if let Some(aside) = aside.filter(|_| Rule::MainVerbs.on())
            && !(self.start..aside).any(|index| context.is_verb_like(index))
        {
            let closes = |index: &usize| {
                let next = if context.is(index + 1, Traits::ADVERB) { index + 2 } else { index + 1 };
                context.is_comma(*index) && context.is_verb_like(next)
            };
            return clause.clone().find(closes).unwrap_or(clause.end);
        }
        let relative = context.is(before, Traits::RELATIVE) && !self.is_comma_or(before - 1);
        let participle = context.is(cue, Traits::ING)
            && context.unit(before).is_some_and(|unit| unit.name().is_some() || unit.kind == Kind::Word)
            && !context
                .is(before, Traits::PREPOSITION.or(Traits::SUBORDINATE).or(Traits::AND).or(Traits::ADVERB));
        let first = !(self.start..before).any(|index| context.is_verb_like(index));
        if !Rule::MainVerbs.on() || !(relative || participle) || !first || cue > self.start + 12 {
            return clause.end;
        }
        let mut seen = None;
        for index in clause.start + 1..clause.end {
            if context.is_comma(index)
                || context.is(index, Traits::RELATIVE.or(Traits::SUBORDINATE).or(Traits::THAT))
                    && seen.is_some()
            {
                break;
            }
            if !context.is_verb_like(index) {
                continue;
            }
            let noun = context.unit(index - 1).is_some_and(|unit| {
                unit.name().is_some()
                    || unit.kind == Kind::Number
                    || unit.kind == Kind::Word
                        && !unit.is(Traits::PRONOUN
                            .or(Traits::AND)
                            .or(Traits::TO)
                            .or(Traits::AUXILIARY)
                            .or(Traits::NOT)
                            .or(Traits::ADVERB))
            }) && !context.is_verb_like(index - 1);
            match seen {
                None => seen = Some(index),
                Some(first) if noun && index > first + 2 => return index,
                Some(_) => {}
            }
        }
        clause.end
    }

    /// `and urged`, `but did not say`: what follows is done by the speaker and not reported. The report has its verb.
    fn speaks_on(&self, and: usize, from: usize) -> bool {
        let context = self.context;
        if !Rule::SpeaksOn.on() || !context.is(and, Traits::AND) || and >= self.end {
            return false;
        }
        let mut verb = and + 1;
        while verb < self.end && verb < and + 3 && context.is(verb, Traits::ADVERB) {
            verb += 1;
        }
        // `, and he accused`
        let again = context.is(verb, Traits::PRONOUN)
            && !context.word_is(verb, Traits::IT)
            && and > from
            && context.is_comma(and - 1);
        if again {
            verb += 1;
        }
        // `says he spoke to Price and asked`: the verbs may be one.
        let own = !again
            && context.is(from, Traits::PRONOUN)
            && !(from + 1..from + 4).any(|index| context.is(index, Traits::AUXILIARY.or(Traits::BE)));
        let speaks = context.word_is(verb, Traits::SPEAKS_ON)
            && !own
            && context.is(verb, Traits::PAST)
            && !context.is(verb + 1, Traits::AND)
            && !context.word_is(verb + 1, Traits::BY);
        let silent = context.is(verb, Traits::DO) && context.is(verb + 1, Traits::NOT)
            || context.is(verb, Traits::AUXILIARY) && context.is(verb, Traits::NOT);
        let silent = silent
            && (verb + 1..self.end.min(verb + 4))
                .any(|index| context.is(index, Traits::CUE.or(Traits::BASE)));
        // `he has apologised and promised`, `was arrested and accused`: the verbs are one.
        let helped = (from..and).rev().take(4).any(|index| {
            context.is(index, Traits::AUXILIARY)
                && (index + 1..and).all(|between| {
                    context.is(between, Traits::ADVERB.or(Traits::PAST))
                        || context.row.word(between).ends_with("ed")
                })
        });
        (speaks && !helped || silent) && self.has_finite(from..and)
    }

    /// `according to the norms`: by what something is done.
    pub(super) fn is_yardstick(&self, from: usize) -> bool {
        let ends = |index: &usize| {
            self.context
                .unit(*index)
                .is_none_or(|unit| unit.kind != Kind::Word || unit.is(Traits::PREPOSITION))
        };
        let end = (from..self.end.min(from + 6)).find(ends).unwrap_or(self.end.min(from + 6));
        Rule::Yardsticks.on() && end > from && self.context.word_is(end - 1, Traits::YARDSTICK)
    }

    pub(super) fn opens_capital(&self, piece: &Piece) -> bool {
        piece.inner().get(self.context.row.text).is_some_and(|inner| inner.starts_with(char::is_uppercase))
    }

    /// After a comma: `adding that …`, `and said …`, `according to …`, `but officials said …`.
    pub(super) fn opens_report(&self, index: usize) -> bool {
        let context = self.context;
        if context.word_is(index, Traits::ACCORDING) {
            return !self.is_yardstick(index + 2);
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
            // `When she was cast, "I was speechless," she told them`: only the words in marks are hers.
            let framed = Rule::FramedPieces.on()
                && content.len() > 2
                && context.is(content.start, Traits::SUBORDINATE.or(Traits::QUESTION))
                && context.is_comma(last - 1)
                && !(content.start..last).any(|index| matches!(context.kind(index), Some(Kind::Piece(_))))
                && self.pieces.get(piece).is_some_and(|piece| self.opens_capital(piece));
            if framed {
                return pauses.then(|| (last..last + 1, Form::Pieces));
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

    /// What follows a plain verb of saying, as far as it is a clause though no verb of it is known: `said the needs
    /// include a lowering`, `said they "have nothing to hide"`.
    pub(super) fn is_clause_after_say(&self, range: &Range<usize>) -> bool {
        let context = self.context;
        let subject = Traits::PRONOUN.or(Traits::DETERMINER).or(Traits::POSSESSIVE);
        let opens = context.unit(range.start).is_some_and(|unit| {
            unit.name().is_some() || unit.kind == Kind::Number || unit.is(subject) && !unit.is(Traits::THAT)
        });
        let piece = range.clone().skip(1).take(8).any(|index| {
            matches!(context.kind(index), Some(Kind::Piece(_))) && !context.is(index - 1, Traits::DETERMINER)
        });
        let plain = range.clone().all(|index| {
            matches!(context.kind(index), Some(Kind::Word | Kind::Name(_) | Kind::Number | Kind::Genitive))
        });
        Rule::ClausesWithoutVerb.on() && opens && (piece && range.len() > 1 || plain && range.len() > 5)
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
                && Rule::PronounOpens.on()
                && self.context.is_verb_like(index)
                && self.context.is(start, Traits::PRONOUN)
                && !self.context.word_is(start, Traits::IT)
            {
                return true;
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
