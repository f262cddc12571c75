//! What a verb of saying brings after it: marked pieces or a clause.
//!
//! In: a verb, with its subject found. Out: the content behind it, past times, media and the person spoken to. Must
//! not know who speaks.

use super::{Finder, Right, Style};
use crate::analysis::quote::units::{Case, Kind, Unit, ends_sentence};
use crate::analysis::rule::Rule;
use crate::language::Traits;

impl Finder<'_, '_> {
    /// What the verb at `cue` brings after `after`.
    pub(super) fn right(&self, cue: usize, after: usize) -> Right {
        let context = self.context;
        let Some(verb) = context.unit(cue) else { return Right::Nothing };
        let story = Rule::Tales.on()
            && context.is(cue, Traits::TELL)
            && (cue + 1..self.end.min(cue + 4)).any(|index| context.word_is(index, Traits::TALE));
        let content = self.after_circumstances(cue, after);
        let content = self.after_aside(cue, content);
        if story || content >= self.end {
            return Right::Nothing;
        }
        if let Some(pieces) = self.pieces_at(content) {
            return pieces;
        }
        if !verb.is(Traits::SAY.or(Traits::REPORT)) {
            return Right::Nothing;
        }
        let Some(first) = context.unit(content) else { return Right::Nothing };
        let that_only = Rule::ThatOnly.on() && context.word_is(cue, Traits::THAT_ONLY);
        if first.is(Traits::THAT) && self.that_opens_clause(content, cue) {
            return Right::Clause(content..self.clause_end(content + 1));
        }
        if that_only {
            return Right::Nothing;
        }
        let colon = first.kind == Kind::Colon;
        let start = if colon { content + 1 } else { content };
        let Some(first) = context.unit(start) else { return Right::Nothing };
        let conditional = Rule::Conditions.on()
            && verb.is(Traits::SAY)
            && (context.word_is(start, Traits::CONDITION)
                || context.is(start, Traits::SUBORDINATE)
                    && (self.has_main_clause(start) || self.has_near_clause(start)));
        let blocked = Traits::PREPOSITION
            .or(Traits::TO)
            .or(Traits::QUESTION)
            .or(Traits::SUBORDINATE)
            .or(Traits::AND)
            .or(Traits::ING);
        if matches!(
            first.kind,
            Kind::Comma | Kind::Semicolon | Kind::Dash | Kind::Stop | Kind::Bracket | Kind::Colon
        ) || (first.is(blocked) && !conditional)
        {
            return Right::Nothing;
        }
        let end = self.clause_end(start);
        if colon && end - start < 3 {
            return Right::Nothing;
        }
        let proven = match self.style {
            Style::Headline if verb.is(Traits::SAY) => end > start + 1,
            Style::Headline => self.has_finite(start..end) || self.has_between(start..end, Traits::TO),
            Style::Prose if verb.is(Traits::REPORT) || context.word_is(cue, Traits::ADDING) => {
                self.has_early_finite(start, end)
            }
            // `said little, which is rare` reports nothing.
            Style::Prose
                if first.kind == Kind::Word
                    && first.case == Case::Lower
                    && !first.is(Traits::PRONOUN)
                    && context.is_comma(start + 1)
                    && context.is(start + 2, Traits::RELATIVE) =>
            {
                false
            }
            Style::Prose => self.has_finite(start..end) || self.is_clause_after_say(&(start..end)),
        };
        if proven { Right::Clause(start..end) } else { Right::Nothing }
    }

    /// `if Russia invades, it would respond`: a comma, and a clause after it.
    pub(super) fn has_main_clause(&self, start: usize) -> bool {
        let context = self.context;
        let comma = (start..self.end.min(start + 25)).find(|index| context.is_comma(*index));
        comma.is_some_and(|comma| {
            let subject = context.unit(comma + 1).is_some_and(|unit| {
                unit.name().is_some()
                    || unit.is(Traits::PRONOUN.or(Traits::DETERMINER).or(Traits::POSSESSIVE))
            });
            subject && self.has_finite(comma + 1..self.end.min(comma + 14))
        })
    }

    /// `said as a teenager she was poor`: a circumstance without a comma, and a clause after it.
    fn has_near_clause(&self, start: usize) -> bool {
        let context = self.context;
        let near = start + 1..self.end.min(start + 9);
        let plain = |index: &usize| {
            !context.is_verb_like(*index) && matches!(context.kind(*index), Some(Kind::Word | Kind::Name(_)))
        };
        let subject = near.clone().take_while(plain).find(|index| {
            context.is(*index, Traits::PRONOUN) && *index > start + 1 && context.is_verb_like(index + 1)
        });
        Rule::Conditions.on() && subject.is_some()
    }

    /// `said the group that …` has a relative clause, not a report.
    pub(super) fn that_opens_clause(&self, that: usize, cue: usize) -> bool {
        // `criticised the bill that would …`; but `said that was wrong`.
        let verb_next = self.context.is_verb_like(that + 1)
            || self.context.is(that + 1, Traits::ADVERB) && self.context.is_verb_like(that + 2);
        let demonstrative =
            that + 1 >= self.end || verb_next && !(that == cue + 1 && self.context.is(cue, Traits::SAY));
        let noun = self.context.is(cue, Traits::ROLE.or(Traits::UTTERANCE))
            && !self.context.is(cue, Traits::PAST.or(Traits::ING))
            && self.context.is(cue.wrapping_sub(1), Traits::DETERMINER);
        !demonstrative && !noun
    }

    /// Pieces right after a verb, with or without a mark between.
    pub(super) fn pieces_at(&self, content: usize) -> Option<Right> {
        let context = self.context;
        let mut first = content;
        while first < content + 2 && context.unit(first).is_some_and(Unit::leads) {
            first += 1;
        }
        let that = context.is(first, Traits::THAT);
        if that {
            first += 1;
            while context.unit(first).is_some_and(Unit::leads) && first < self.end {
                first += 1;
            }
        }
        let piece = context.unit(first)?.piece()?;
        if first >= self.end {
            return None;
        }
        let mut end = first + 1;
        // `"…" and "…"`, `"…", "…"`
        while end + 1 < self.end
            && (context.is_comma(end) || context.is(end, Traits::AND))
            && matches!(context.kind(end + 1), Some(Kind::Piece(_)))
        {
            end += 2;
        }
        let complete = ends_sentence(context.row.text, self.pieces.get(piece)?);
        let closed = end >= self.end
            || complete
            || context.unit(end).is_some_and(|unit| {
                matches!(
                    unit.kind,
                    Kind::Comma | Kind::Semicolon | Kind::Stop | Kind::Dash | Kind::Bracket | Kind::Colon
                )
            });
        if closed {
            return Some(Right::Pieces(first..end));
        }
        let clause = self.clause_end(end);
        if that || self.has_finite(end..clause) {
            let start = if that {
                (content..first).find(|index| context.is(*index, Traits::THAT)).unwrap_or(first)
            } else {
                first
            };
            return Some(Right::Clause(start..clause));
        }
        Some(Right::Pieces(first..end))
    }

    /// Past `, by way of example,` and its like, where nothing said stands before the verb.
    fn after_aside(&self, cue: usize, content: usize) -> usize {
        let context = self.context;
        let opens = context.is(content + 1, Traits::PREPOSITION) || context.is(content + 1, Traits::ADVERB);
        let nothing_before = !(self.left..cue).any(|index| {
            matches!(context.kind(index), Some(Kind::Piece(_) | Kind::Comma | Kind::Colon | Kind::Dash))
        });
        if !Rule::AsidesBehindVerb.on()
            || !context.is_comma(content)
            || !opens
            || !nothing_before
            || !context.is(cue, Traits::SAY.or(Traits::REPORT))
        {
            return content;
        }
        let close = (content + 2..self.end.min(content + 10)).find(|index| context.is_comma(*index));
        let plain = |index: usize| {
            matches!(context.kind(index), Some(Kind::Word | Kind::Name(_) | Kind::Number))
                && !context.is_verb_like(index)
        };
        close.filter(|close| (content + 1..*close).all(plain)).map_or(content, |close| close + 1)
    }

    /// Past adverbs, times, media and the person spoken to.
    pub(super) fn after_circumstances(&self, cue: usize, after: usize) -> usize {
        let context = self.context;
        let mut at = after;
        if context.is(cue, Traits::TELL) {
            at = self.after_addressee(at);
        }
        if context.word_is(cue, Traits::POINT_OUT) && context.word_is(at, Traits::OUT) {
            at += 1;
        }
        let from = at;
        while at < self.end {
            let Some(unit) = context.unit(at) else { break };
            let number_of_time = unit.kind == Kind::Number
                && at > after
                && context.is(at - 1, Traits::TIME.or(Traits::PREPOSITION));
            if unit.is(Traits::ADVERB.or(Traits::TIME))
                && !unit.is(Traits::DETERMINER)
                && !unit.is(Traits::SUBORDINATE)
                || number_of_time
            {
                at += 1;
            } else if unit.is(Traits::PREPOSITION) {
                let next = self.after_prepositional(at);
                if next == at {
                    break;
                }
                at = next;
            } else {
                break;
            }
        }
        if at > from || context.is(cue, Traits::TELL) {
            // Further circumstances may stand between: the nearest `that` opens the clause.
            for ahead in at..self.end.min(at + 14) {
                let Some(unit) = context.unit(ahead) else { break };
                if unit.is(Traits::THAT) && (ahead == at || !context.is(ahead + 1, Traits::FINITE)) {
                    return ahead;
                }
                if matches!(
                    unit.kind,
                    Kind::Comma | Kind::Piece(_) | Kind::Colon | Kind::Semicolon | Kind::Dash
                ) || unit.is(Traits::FINITE.or(Traits::PRONOUN))
                {
                    if unit.kind == Kind::Colon
                        || (unit.kind == Kind::Comma
                            && matches!(context.kind(ahead + 1), Some(Kind::Piece(_))))
                    {
                        return ahead;
                    }
                    break;
                }
            }
        }
        at
    }

    /// Past `on Monday`, `in a statement`, `to reporters`, `in Geneva`.
    pub(super) fn after_prepositional(&self, at: usize) -> usize {
        let context = self.context;
        let mut next = at + 1;
        if !context.opens_circumstance(at, self.end) && context.word_is(at, Traits::ATTACHED) {
            return at;
        }
        // `confessed to killing his sister`: what follows is no report.
        let ing = context.is(next, Traits::ING)
            || context.row.word(next).ends_with("ing") && context.row.word(next).len() > 5;
        if Rule::Gerunds.on() && ing && context.word_is(at, Traits::TO.or(Traits::OF)) {
            return at;
        }
        while next < self.end && context.is(next, Traits::DETERMINER.or(Traits::POSSESSIVE)) {
            next += 1;
        }
        let mut steps = 0;
        while next < self.end && steps < 10 {
            let Some(unit) = context.unit(next) else { break };
            let stops = matches!(
                unit.kind,
                Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Piece(_) | Kind::Dash | Kind::Bracket
            ) || unit.is(Traits::THAT
                .or(Traits::PRONOUN)
                .or(Traits::PREPOSITION)
                .or(Traits::FINITE)
                .or(Traits::AND))
                || (steps > 0 && unit.is(Traits::DETERMINER.or(Traits::POSSESSIVE)))
                || (steps > 0
                    && unit.name().is_some()
                    && !context.is(next - 1, Traits::TITLE.or(Traits::DETERMINER))
                    && context.kind(next - 1) != Some(Kind::Genitive));
            if stops {
                break;
            }
            next += 1;
            steps += 1;
            let closing = unit.is(Traits::TIME.or(Traits::UTTERANCE).or(Traits::AUDIENCE));
            let more = context.is(next, Traits::TIME.or(Traits::UTTERANCE))
                || context.kind(next) == Some(Kind::Number) && unit.is(Traits::TIME);
            if (closing || unit.name().is_some()) && !more && context.kind(next) != Some(Kind::Genitive) {
                break;
            }
        }
        if steps == 0 { at } else { next }
    }

    /// Past the object of `told`: `reporters`, `the BBC`, `him`.
    pub(super) fn after_addressee(&self, at: usize) -> usize {
        let context = self.context;
        let mut next = at;
        while next < self.end
            && context.is(next, Traits::DETERMINER.or(Traits::POSSESSIVE))
            && !context.is(next, Traits::AUDIENCE)
        {
            next += 1;
        }
        let mut steps = 0;
        while next < self.end && steps < 10 {
            let Some(unit) = context.unit(next) else { break };
            let stops = matches!(
                unit.kind,
                Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Piece(_) | Kind::Dash | Kind::Stop
            ) || unit.is(Traits::THAT.or(Traits::PREPOSITION).or(Traits::FINITE))
                || (steps > 0 && unit.is(Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::PRONOUN)))
                || (steps > 0
                    && unit.name().is_some()
                    && context
                        .unit(next - 1)
                        .is_some_and(|previous| previous.case == Case::Lower && !previous.is(Traits::TITLE))
                    && context.kind(next - 1) != Some(Kind::Genitive));
            if stops {
                break;
            }
            next += 1;
            steps += 1;
            if unit.is(Traits::AUDIENCE) && !context.is(next, Traits::AUDIENCE.or(Traits::UTTERANCE)) {
                break;
            }
        }
        next
    }
}
