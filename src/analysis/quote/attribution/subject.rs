//! The subject of a verb of saying, on either side of it.
//!
//! In: a verb and its sentence. Out: the phrase that speaks. Must not know what was said. One file, because the search to
//! the left and the search to the right call one another.

use super::{Finder, Style};
use crate::analysis::quote::phrase::{Head, Phrase};
use crate::analysis::quote::units::{Case, Kind, Unit};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::language::Traits;
use std::ops::Range;

impl Finder<'_, '_> {
    /// The subject after its verb: `"…," said Price`, `…, says minister`.
    pub(super) fn inverted(&self, cue: usize, before: usize) -> Option<Phrase> {
        let context = self.context;
        let unit = context.unit(cue)?;
        if before != cue || !unit.is(Traits::SPEECH) || !unit.is(Traits::PAST.or(Traits::PRESENT)) {
            return None;
        }
        let at_start = cue == self.start;
        let previous = cue.checked_sub(1).filter(|previous| *previous >= self.start);
        let after_piece = previous.is_some_and(|previous| {
            context.kind(previous).is_some_and(|kind| matches!(kind, Kind::Piece(_)))
                || (context.unit(previous).is_some_and(Unit::leads)
                    && previous > self.start
                    && matches!(context.kind(previous - 1), Some(Kind::Piece(_))))
        });
        let after_comma = previous.is_some_and(|previous| context.unit(previous).is_some_and(Unit::leads));
        if !(at_start || after_piece || after_comma) || context.is(cue + 1, Traits::THAT) {
            return None;
        }
        let phrase = context.starting_at(cue + 1, self.end)?;
        let end = phrase.units.end;
        let closed = end >= self.end
            || context.unit(end).is_some_and(|unit| {
                matches!(
                    unit.kind,
                    Kind::Comma
                        | Kind::Colon
                        | Kind::Dash
                        | Kind::Stop
                        | Kind::Piece(_)
                        | Kind::Bracket
                        | Kind::Semicolon
                ) || unit.is(Traits::PREPOSITION
                    .or(Traits::RELATIVE)
                    .or(Traits::TIME)
                    .or(Traits::SUBORDINATE)
                    .or(Traits::AND)
                    .or(Traits::ADVERB))
                    || unit.case == Case::Lower && context.row.word(end).ends_with("ing")
            });
        let object = unit.is(Traits::TELL)
            || matches!(phrase.head, Head::Noun(noun) if context.is(noun, Traits::AUDIENCE) && unit.is(Traits::ASK) && !after_piece);
        if !closed || object {
            return None;
        }
        if !after_piece && !at_start && self.style == Style::Prose {
            // After a comma alone the subject may stand before it: `Price, a spokesman, said the talks …`.
            let content = self.left..cue;
            let said = self.has_finite(content.clone())
                || content.clone().any(|index| matches!(context.kind(index), Some(Kind::Piece(_))));
            let ends = end >= self.end
                || matches!(phrase.head, Head::Name(mention) if context.entity_kind(mention) == Some(annotation::Kind::Person));
            if !said || !ends && self.parenthetical(cue - 1).is_some() {
                return None;
            }
        }
        Some(self.with_apposition(phrase))
    }

    /// `the spokesman, Ned Price` is Ned Price.
    pub(super) fn with_apposition(&self, phrase: Phrase) -> Phrase {
        let context = self.context;
        let end = phrase.units.end;
        if !Rule::Appositions.on() || !matches!(phrase.head, Head::Noun(_)) || !context.is_comma(end) {
            return phrase;
        }
        let closes = |index: usize| {
            index >= self.end
                || context.unit(index).is_some_and(|unit| {
                    matches!(unit.kind, Kind::Comma | Kind::Stop | Kind::Colon | Kind::Dash | Kind::Semicolon)
                })
        };
        // `his former teacher, the pianist Eluned Parry,`
        let described = |index: usize| {
            let lower = Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::ROLE);
            context.is(index, lower) || context.unit(index).is_some_and(|unit| unit.traits.is_unknown())
        };
        // `her translator, the Portuguese poet Paulo Reis,`
        let peoples = |index: usize| {
            context
                .unit(index)
                .and_then(Unit::name)
                .is_some_and(|mention| context.entity_kind(mention) == Some(annotation::Kind::Country))
                && !closes(index + 1)
        };
        let name = (end + 1..(end + 8).min(self.end)).find(|index| {
            !context.is(*index, Traits::TITLE)
                && !peoples(*index)
                && !context.unit(*index).is_some_and(|unit| {
                    unit.kind == Kind::Word && (unit.case == Case::Capital || described(*index))
                })
        });
        let Some((name, mention)) = name.and_then(|name| Some((name, context.unit(name)?.name()?))) else {
            return phrase;
        };
        let speaks =
            matches!(context.entity_kind(mention), Some(annotation::Kind::Person | annotation::Kind::Org));
        // `the owner, Norrlinje of Gothenburg, said`
        let within = |index: usize| {
            let of_name =
                |unit: &Unit| unit.name().is_some() || unit.kind == Kind::Word && unit.case == Case::Capital;
            context.is(index, Traits::DETERMINER) || context.unit(index).is_some_and(of_name)
        };
        let belongs = context
            .word_is(name + 1, Traits::OF.or(Traits::FROM).or(Traits::AT).or(Traits::FOR).or(Traits::WITH));
        let after = (name + 2..name + 8).find(|index| !within(*index)).filter(|_| belongs);
        if speaks && (closes(name + 1) || after.is_some_and(closes)) {
            return Phrase { units: phrase.units, head: Head::Name(mention) };
        }
        phrase
    }

    /// The subject before its verb; `before` is the verb with its adverbs and auxiliaries.
    pub(super) fn subject(&self, cue: usize, before: usize) -> Option<Phrase> {
        let context = self.context;
        let ing = context.is(cue, Traits::ING);
        let previous = before.checked_sub(1).filter(|previous| *previous >= self.start)?;
        let unit = context.unit(previous)?;
        if Rule::QuotedAs.on()
            && ing
            && context.is(previous, Traits::SUBORDINATE)
            && context.word_is(previous, Traits::AS)
        {
            return self.quoted_as(previous);
        }
        if ing
            && (unit.kind == Kind::Comma
                || unit.is(Traits::PREPOSITION.or(Traits::SUBORDINATE).or(Traits::AND))
                || matches!(unit.kind, Kind::Piece(_)))
        {
            return self.last_speaker.clone().or_else(|| self.clause_subject(previous));
        }
        // `with Price describing it as "a farce"`
        if Rule::WithParticiple.on()
            && ing
            && let Some(with) = self.with_before(before)
        {
            return context.read(with + 1..before);
        }
        if ing {
            let phrase = context.ending_at(self.left, before);
            if let Some(issuer) = phrase.as_ref().and_then(|phrase| self.issuer(phrase)) {
                return Some(issuer);
            }
            return phrase.filter(|phrase| !matches!(phrase.head, Head::Noun(noun) if !context.is(noun, Traits::ROLE.or(Traits::BODY)))).or_else(|| self.last_speaker.clone()).or_else(|| self.clause_subject(previous));
        }
        // `as my late father, a railwayman, liked to say`
        if Rule::Habits.on()
            && unit.is(Traits::TO)
            && let Some(habit) = previous.checked_sub(1)
            && context.word_is(habit, Traits::HABIT)
        {
            return self.subject(habit, habit);
        }
        if unit.is(Traits::AND) || unit.is(Traits::TO) {
            return self.last_speaker.clone().or_else(|| self.clause_subject(previous));
        }
        if unit.is(Traits::RELATIVE.or(Traits::THAT)) {
            let antecedent = if self.is_comma_or(previous.checked_sub(1)?) {
                previous.checked_sub(2)?
            } else {
                previous - 1
            };
            if antecedent >= self.left
                && let Some(mention) = context.person_at(antecedent)
            {
                return Some(Phrase { units: antecedent..antecedent + 1, head: Head::Name(mention) });
            }
            if self.is_comma_or(previous.checked_sub(1)?) {
                return self.parenthetical_or_phrase(previous - 1);
            }
            let phrase = context.ending_at(self.left, previous)?;
            return self.issuer(&phrase).or(Some(phrase));
        }
        if unit.kind == Kind::Comma {
            return self.parenthetical(previous).or_else(|| self.segment_before(previous));
        }
        if matches!(unit.kind, Kind::Dash) {
            return self.parenthetical(previous);
        }
        if matches!(unit.kind, Kind::Piece(_)) {
            return None;
        }
        let phrase = context.ending_at(self.left.min(before), before);
        // `The farmer, who grew up in Gweru, Zimbabwe said`: the country belongs to the town.
        if Rule::PlaceInPlace.on()
            && let Some(Phrase { units, head: Head::Name(country) }) = &phrase
            && units.len() == 1
            && self.is_of_place(*country, units.start)
            && let Some(named) = self.parenthetical(units.start - 1)
        {
            return Some(named);
        }
        let comma = |unit: usize| unit > self.left && context.is_comma(unit - 1);
        let in_circumstance = phrase.as_ref().and_then(|phrase| self.in_circumstance(phrase));
        if let Some(named) = in_circumstance.and_then(|comma| self.parenthetical(comma)) {
            return Some(named);
        }
        match phrase {
            // `Frank Wynne, who chaired the panel, on Thursday said`
            None => {
                let comma = (self.left.max(before.saturating_sub(6))..before)
                    .rev()
                    .find(|index| context.is_comma(*index))?;
                context.opens_circumstance(comma + 1, before).then(|| self.parenthetical(comma)).flatten()
            }
            // `Ato Forson, Ranking Member on Finance said`
            Some(phrase)
                if matches!(phrase.head, Head::Noun(noun) if !context.is(noun, Traits::PLURAL))
                    && comma(phrase.units.start) =>
            {
                let start = phrase.units.start;
                let bare = context.unit(start).is_some_and(|unit| {
                    let role = Rule::RoleBehindName.on()
                        && matches!(phrase.head, Head::Noun(noun) if context.is(noun, Traits::ROLE));
                    unit.kind == Kind::Word
                        && (unit.case == Case::Capital || role)
                        && !unit.is(Traits::DETERMINER.or(Traits::POSSESSIVE))
                });
                let name = start
                    .checked_sub(2)
                    .filter(|name| Rule::BareTitleBehindName.on() && bare && *name >= self.left);
                match name.and_then(|name| Some((name, context.person_at(name)?))) {
                    Some((name, mention)) => {
                        Some(Phrase { units: name..phrase.units.end, head: Head::Name(mention) })
                    }
                    None => Some(phrase),
                }
            }
            phrase => phrase,
        }
    }

    /// Whether the name of a country or a place follows that of a town and a comma.
    fn is_of_place(&self, mention: usize, unit: usize) -> bool {
        let context = self.context;
        let placed = |mention: usize| {
            matches!(context.entity_kind(mention), Some(annotation::Kind::Country | annotation::Kind::Place))
        };
        let Some(town) = unit.checked_sub(2).filter(|town| *town >= self.left) else { return false };
        placed(mention)
            && context.is_comma(unit - 1)
            && context.unit(town).and_then(Unit::name).is_some_and(placed)
            && town.checked_sub(1).is_some_and(|before| context.is(before, Traits::PREPOSITION))
    }

    /// The `with` that opens `with the senator advocating`.
    fn with_before(&self, participle: usize) -> Option<usize> {
        let context = self.context;
        let from = participle.saturating_sub(8).max(self.start);
        let with = (from..participle).rev().find(|index| context.word_is(*index, Traits::WITH))?;
        let plain = |index: usize| {
            matches!(context.kind(index), Some(Kind::Word | Kind::Name(_) | Kind::Genitive))
                && !context
                    .is(index, Traits::PREPOSITION.or(Traits::FINITE).or(Traits::THAT).or(Traits::RELATIVE))
        };
        (with + 1 < participle && (with + 1..participle).all(plain)).then_some(with)
    }

    /// Whether the phrase before the verb only ends a circumstance: `Price, on the eve of elections, said` without
    /// its second comma.
    fn in_circumstance(&self, phrase: &Phrase) -> Option<usize> {
        let context = self.context;
        let from = self.left.max(phrase.units.start.saturating_sub(8));
        let comma = (from..phrase.units.start).rev().find(|index| context.is_comma(*index))?;
        let opens = context.is(comma + 1, Traits::PREPOSITION) && comma > self.left;
        let bare = Rule::InCircumstance.on()
            && !context.is(phrase.units.start, Traits::DETERMINER.or(Traits::POSSESSIVE))
            && matches!(phrase.head, Head::Noun(noun) if !context.is(noun, Traits::ROLE.or(Traits::BODY)));
        (opens && bare).then_some(comma)
    }

    /// `They released a statement which said`: whoever released it.
    fn issuer(&self, phrase: &Phrase) -> Option<Phrase> {
        let context = self.context;
        let Head::Noun(noun) = phrase.head else { return None };
        let own = Rule::Issuers.on()
            && context.is(noun, Traits::UTTERANCE)
            && context.word_is(phrase.units.start, Traits::INDEFINITE);
        let verb =
            phrase.units.start.checked_sub(1).filter(|verb| own && context.word_is(*verb, Traits::ISSUE))?;
        self.clause_subject(verb)
    }

    /// `The minister of the interior on the other hand, said`: one comma, and no clause before it.
    pub(super) fn segment_before(&self, comma: usize) -> Option<Phrase> {
        let segment = self.left..comma;
        let plain = Rule::SegmentBeforeComma.on()
            && segment.len() < 16
            && !segment.is_empty()
            && !self.is_introduction(&segment);
        plain.then(|| self.context.ending_at(segment.start, segment.end)).flatten()
    }

    pub(super) fn is_comma_or(&self, index: usize) -> bool {
        matches!(self.context.kind(index), Some(Kind::Comma | Kind::Dash))
    }

    /// `Price, who … said`: what stands before the comma; `Price, the spokesman, who said` too.
    pub(super) fn parenthetical_or_phrase(&self, comma: usize) -> Option<Phrase> {
        let direct = self.context.ending_at(self.left, comma);
        match direct {
            Some(Phrase { head: Head::Name(_) | Head::Pronoun(_), .. }) => direct,
            other => self.parenthetical(comma).or(other),
        }
    }

    /// The subject of a verb that stands after a comma: `Price, a spokesman for NATO, said`.
    pub(super) fn parenthetical(&self, comma: usize) -> Option<Phrase> {
        let context = self.context;
        let mut bound = comma;
        let mut commas = [0usize; 10];
        let mut count = 0;
        while bound > self.left && comma - bound < 60 {
            let kind = context.kind(bound - 1);
            if matches!(kind, Some(Kind::Piece(_) | Kind::Colon | Kind::Semicolon | Kind::Stop)) {
                break;
            }
            bound -= 1;
            if matches!(kind, Some(Kind::Comma | Kind::Dash)) && count < commas.len() {
                commas[count] = bound;
                count += 1;
            }
        }
        if bound < comma && self.is_comma_or(bound) {
            bound += 1;
        }
        let commas = &mut commas[..count];
        commas.reverse();
        let mut start = bound;
        for end in commas.iter().copied().filter(|end| *end > bound) {
            let segment = self.last_clause(start..end);
            start = end + 1;
            if segment.is_empty() || self.is_introduction(&segment) {
                continue;
            }
            if let Some(phrase) = context
                .ending_at(segment.start, segment.end)
                .filter(|phrase| phrase.units.start <= segment.start + 3)
            {
                let phrase = self
                    .with_apposition(Phrase { units: phrase.units.start..segment.end, head: phrase.head });
                return Some(phrase);
            }
        }
        None
    }

    /// The part of a segment that begins a clause without its verb: `a tackle that | the referee`, `when | Price`.
    fn last_clause(&self, segment: Range<usize>) -> Range<usize> {
        let context = self.context;
        let opens = Traits::SUBORDINATE.or(Traits::THAT).or(Traits::QUESTION);
        let opening = segment.clone().rev().take(8).find(|index| context.is(*index, opens));
        let Some(rest) = opening.map(|index| index + 1..segment.end) else { return segment };
        let verbless = !rest.is_empty() && !rest.clone().any(|index| context.is_verb_like(index));
        let subject = context.unit(rest.start).is_some_and(|unit| {
            unit.name().is_some() || unit.is(Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::TITLE))
        });
        let prepositional = context.is(rest.start - 1, Traits::PREPOSITION);
        if Rule::LastClause.on() && verbless && subject && !prepositional { rest } else { segment }
    }

    /// A phrase that stands before the subject, or a clause of its own.
    pub(super) fn is_introduction(&self, segment: &Range<usize>) -> bool {
        let context = self.context;
        let opening = Traits::PREPOSITION
            .or(Traits::SUBORDINATE)
            .or(Traits::RELATIVE)
            .or(Traits::ING)
            .or(Traits::QUESTION);
        let ing = context.row.word(segment.start).ends_with("ing") && segment.len() > 1;
        context.is(segment.start, opening)
            || (context.is(segment.start, Traits::ADVERB.or(Traits::TIME)) && segment.len() < 3)
            || (context.is(segment.start, Traits::CUE) && context.is(segment.start, Traits::PAST))
            || ing
            || segment.clone().any(|index| context.is_verb_like(index))
    }

    /// The subject of the clause that the sentence begins with.
    pub(super) fn clause_subject(&self, highest: usize) -> Option<Phrase> {
        let context = self.context;
        let mut start = self.start;
        for _ in 0..6 {
            while start < highest
                && (context.is_comma(start)
                    || context.is(start, Traits::AND)
                    || context.is(start, Traits::ADVERB) && !context.is(start, Traits::TITLE)
                    || matches!(context.kind(start), Some(Kind::Dash | Kind::Other | Kind::Piece(_))))
            {
                start += 1;
            }
            let opening = Traits::PREPOSITION.or(Traits::SUBORDINATE).or(Traits::ING).or(Traits::QUESTION);
            let introduces = context.is(start, opening)
                || context.row.word(start).ends_with("ing")
                || (context.is(start, Traits::CUE) && context.is(start, Traits::PAST));
            if !introduces && !context.is(start, Traits::TIME) {
                break;
            }
            let comma = (start..highest.min(start + 40)).find(|index| context.is_comma(*index));
            let verb = (start..highest.min(start + 40)).find(|index| context.is_verb_like(*index));
            match (comma, verb) {
                (Some(comma), Some(verb))
                    if comma < verb || context.is(start, Traits::SUBORDINATE.or(Traits::QUESTION)) =>
                {
                    start = comma + 1;
                }
                (Some(comma), None) => start = comma + 1,
                _ => {
                    // `On Tuesday night Price telephoned Lopez and`
                    let opened = context.without_opening(start..highest).start;
                    if opened == start {
                        return None;
                    }
                    start = opened;
                }
            }
        }
        let end = (start + 1..highest.min(start + 25)).find(|index| {
            let unit = context.unit(*index);
            context.is_comma(*index)
                || context.is_verb_like(*index)
                || context.is(*index, Traits::AUXILIARY.or(Traits::RELATIVE))
                || unit.is_some_and(|unit| {
                    matches!(unit.kind, Kind::Piece(_) | Kind::Colon | Kind::Dash | Kind::Bracket)
                })
                || unit.is_some_and(|unit| {
                    unit.is(Traits::CUE)
                        && unit.is(Traits::PRESENT.or(Traits::PAST))
                        && unit.case == Case::Lower
                        && context.is_finite_here(*index)
                })
        });
        let end = end.unwrap_or(highest).max(start);
        if start == end {
            return None;
        }
        // A name that is followed by a verb unknown to the lexicon.
        let name_first = (start..end.min(start + 6)).find(|index| context.person_at(*index).is_some());
        if let Some((name, mention)) = name_first.and_then(|name| Some((name, context.person_at(name)?))) {
            let titles = (start..name).all(|index| {
                context.unit(index).is_some_and(|unit| {
                    unit.is(Traits::TITLE.or(Traits::ROLE).or(Traits::DETERMINER).or(Traits::BODY))
                        || unit.name().is_some()
                        || unit.case == Case::Capital
                })
            });
            let genitive = context.kind(name + 1) == Some(Kind::Genitive);
            if titles && !genitive {
                return Some(Phrase { units: start..name + 1, head: Head::Name(mention) });
            }
        }
        if context.is(start, Traits::PRONOUN) {
            return Some(Phrase { units: start..start + 1, head: Head::Pronoun(start) });
        }
        context.read(start..end).map(|phrase| self.with_apposition(phrase))
    }

    /// `Price was quoted as saying`, `Reuters quoted Price as saying`; `as` is at `index`.
    pub(super) fn quoted_as(&self, index: usize) -> Option<Phrase> {
        let context = self.context;
        let quoted =
            (self.start..index).rev().take(14).find(|back| context.word_is(*back, Traits::QUOTE_SOMEONE))?;
        if context.is(quoted.wrapping_sub(1), Traits::BE.or(Traits::AUXILIARY).or(Traits::ADVERB)) {
            return self.subject_of_passive(quoted);
        }
        context.starting_at(quoted + 1, index)
    }

    pub(super) fn subject_of_passive(&self, participle: usize) -> Option<Phrase> {
        let before = self.before_adverbs(participle);
        if before.checked_sub(1).is_some_and(|previous| self.is_comma_or(previous)) {
            return self.parenthetical(before - 1);
        }
        self.context.ending_at(self.start, before)
    }

    pub(super) fn short_subject(&self, unit: usize) -> Option<Phrase> {
        if self.context.is(unit, Traits::PRONOUN) {
            return Some(Phrase { units: unit..unit + 1, head: Head::Pronoun(unit) });
        }
        let mention = self.context.person_at(unit)?;
        Some(Phrase { units: unit..unit + 1, head: Head::Name(mention) })
    }

    pub(super) fn can_speak(&self, phrase: &Phrase) -> bool {
        match phrase.head {
            Head::Noun(noun) => self.context.is(noun, Traits::ROLE.or(Traits::BODY).or(Traits::UTTERANCE)),
            _ => true,
        }
    }
}
