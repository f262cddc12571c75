//! Who is said to have said what: verbs of saying with their subjects and their content.
//!
//! In: a row of units. Out: [`Claim`]s in the order of the text: a range of units, and the phrase
//! that names its speaker. Looks at one sentence at a time, and at each unit a bounded number of
//! times. Must not know whom a phrase stands for.

use super::lexicon::Traits;
use super::marks::Piece;
use super::phrase::{Head, Phrase, Reader};
use super::units::{Case, Kind, Place, Sentence, Unit, ends_sentence};
use crate::analysis;
use std::ops::Range;

/// How the words of a claim stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Marked pieces alone.
    Pieces,
    /// A reported clause; pieces within it are the speaker's too.
    Clause,
    /// The object of a speech act: only pieces within it are said to be words of the speaker.
    Object,
}

#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub content: Range<usize>,
    pub form: Form,
    pub speaker: Option<Phrase>,
    pub sentence: usize,
    /// The verb, or what stands for it.
    pub cue: usize,
}

/// In which text: headlines are terser, so that less proves a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Headline,
    Prose,
}

/// All claims of the row, sorted by their verb.
pub(super) fn find(reader: Reader<'_>, pieces: &[Piece], style: Style) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (index, sentence) in reader.row.sentences.iter().enumerate() {
        let end = content_end(&reader, sentence);
        let start = match style {
            Style::Prose if index < 2 => after_dateline(&reader, sentence.units.start, end),
            _ => sentence.units.start,
        };
        let mut finder = Finder {
            reader,
            pieces,
            style,
            sentence: index,
            start,
            end,
            left: start,
            last_speaker: None,
            claims: &mut claims,
        };
        finder.run(sentence);
    }
    claims
}

/// Past `Washington [US], January 4 :`, `GENEVA, March 2 (AFP) —`: nobody says the dateline.
fn after_dateline(reader: &Reader<'_>, start: usize, end: usize) -> usize {
    for index in start..end.min(start + 14) {
        let Some(unit) = reader.unit(index) else { break };
        match unit.kind {
            Kind::Dash | Kind::Colon if index > start => {
                let place = (start..index)
                    .any(|before| reader.unit(before).is_some_and(|unit| unit.name().is_some()));
                return if place { index + 1 } else { start };
            }
            Kind::Name(_) | Kind::Number | Kind::Comma | Kind::Bracket | Kind::Other => {}
            Kind::Stop if index > start => {}
            Kind::Word if unit.is(Traits::TIME) || unit.case == Case::Capital => {}
            _ => break,
        }
    }
    start
}

/// The end of the sentence without its last mark.
fn content_end(reader: &Reader<'_>, sentence: &Sentence) -> usize {
    let mut end = sentence.units.end;
    while end > sentence.units.start && reader.kind(end - 1) == Some(Kind::Stop) {
        end -= 1;
    }
    end
}

struct Finder<'a, 'b> {
    reader: Reader<'a>,
    pieces: &'b [Piece],
    style: Style,
    sentence: usize,
    start: usize,
    end: usize,
    /// Where that begins which no claim of this sentence has yet.
    left: usize,
    last_speaker: Option<Phrase>,
    claims: &'b mut Vec<Claim>,
}

/// Whether a sentence leads to a marked piece after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Announced {
    ByColon,
    /// The piece follows in the same paragraph.
    ByOrder,
    No,
}

/// What stands after a verb of saying.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Right {
    Nothing,
    Pieces(Range<usize>),
    Clause(Range<usize>),
}

impl Finder<'_, '_> {
    fn run(&mut self, sentence: &Sentence) {
        let units = &self.reader.row.units[sentence.units.clone()];
        let cue = units.iter().any(|unit| unit.is(Traits::CUE.or(Traits::KEY)) || unit.kind == Kind::Colon);
        let piece = units.iter().any(|unit| unit.piece().is_some());
        let announced = self.announced();
        if !cue && !piece && announced == Announced::No {
            return;
        }
        let first_claim = self.claims.len();
        let mut index = self.start;
        while index < self.end {
            index = self.step(index).max(index + 1);
        }
        if piece {
            self.label_or_colon(first_claim, sentence.place);
        }
        if self.style == Style::Headline && self.claims.len() == first_claim {
            self.headline();
        }
        if announced != Announced::No && self.claims.len() == first_claim {
            self.announce(announced);
        }
    }

    /// Whether the next sentence is a marked piece that this one leads to.
    fn announced(&self) -> Announced {
        let Some(next) = self.reader.row.sentences.get(self.sentence + 1) else { return Announced::No };
        if !matches!(self.reader.kind(next.units.start), Some(Kind::Piece(_))) {
            return Announced::No;
        }
        match next.place {
            _ if self.end > self.start && self.reader.kind(self.end - 1) == Some(Kind::Colon) => {
                Announced::ByColon
            }
            Place::Follows => Announced::ByOrder,
            Place::Opens => Announced::No,
        }
    }

    /// Takes down whom the sentence is about as the speaker of the piece after it.
    fn announce(&mut self, announced: Announced) {
        let speaker =
            self.last_speaker.clone().or_else(|| self.clause_subject(self.end)).filter(|phrase| match phrase
                .head
            {
                Head::Name(_) | Head::Pronoun(_) => true,
                _ => announced == Announced::ByColon && self.can_speak(phrase),
            });
        if speaker.is_some() {
            let end = self.end;
            self.claims.push(Claim {
                content: end..end,
                form: Form::Pieces,
                speaker,
                sentence: self.sentence,
                cue: end,
            });
        }
    }

    /// Claims what hangs on the unit at `index`; returns where to look on.
    fn step(&mut self, index: usize) -> usize {
        let reader = self.reader;
        let Some(unit) = reader.unit(index) else { return index + 1 };
        if !unit.is(Traits::CUE.or(Traits::KEY)) {
            return index + 1;
        }
        if !unit.is(Traits::KEY) {
            return if self.is_verb_here(index) { self.verb(index) } else { index + 1 };
        }
        if reader.word_is(index, &["according"]) && reader.is(index + 1, Traits::TO) {
            return self.according_to(index);
        }
        if reader.word_is(index, &["clear"]) && reader.is(index + 1, Traits::THAT) {
            return self.made_clear(index);
        }
        if reader.word_is(index, &["put", "puts"]) && reader.word_is(index + 1, &["it"]) {
            return self.put_it(index);
        }
        if reader.is(index + 1, Traits::THAT) {
            self.nominal(index);
        }
        let Some(unit) = reader.unit(index) else { return index + 1 };
        if !unit.is(Traits::CUE) || !self.is_verb_here(index) {
            return index + 1;
        }
        self.verb(index)
    }

    /// Whether the word is used as a verb whose subject says something.
    fn is_verb_here(&self, index: usize) -> bool {
        let reader = self.reader;
        let Some(unit) = reader.unit(index) else { return false };
        let before = self.before_adverbs(index);
        let Some(previous) = before.checked_sub(1).filter(|previous| *previous >= self.start) else {
            // `Said Price: "…"`; `Adding that …`, `Report says …` do not begin with their verb.
            return unit.is(Traits::SAY) && unit.is(Traits::PAST.or(Traits::PRESENT))
                || (self.style == Style::Headline && unit.is(Traits::ING));
        };
        let nominal = Traits::DETERMINER.or(Traits::POSSESSIVE);
        if reader.is(previous, nominal) || reader.kind(previous) == Some(Kind::Genitive) {
            return false;
        }
        if unit.is(Traits::ING) {
            return !reader.is(previous, Traits::BE) && self.introduces_participle(previous)
                || reader.is(previous, Traits::BE) && reader.is(index, Traits::SAY);
        }
        if reader.is(previous, Traits::TO) {
            return unit.is(Traits::BASE) && self.goes_on_to(previous);
        }
        if unit.is(Traits::PAST) {
            return !reader.is(previous, Traits::PREPOSITION) || reader.is(previous, Traits::SUBORDINATE);
        }
        let subject_before = reader.unit(previous).is_some_and(|unit| {
            unit.name().is_some()
                || unit.is(Traits::PRONOUN.or(Traits::RELATIVE).or(Traits::AND))
                || matches!(unit.kind, Kind::Comma | Kind::Piece(_) | Kind::Dash | Kind::Bracket)
        });
        if unit.is(Traits::PRESENT) {
            let noun_before = reader.is(previous, Traits::ROLE.or(Traits::BODY).or(Traits::UTTERANCE));
            let word_before = reader.kind(previous) == Some(Kind::Word)
                && !reader.is(previous, Traits::PREPOSITION.or(Traits::AUXILIARY));
            return subject_before || noun_before || (unit.is(Traits::SAY) && word_before);
        }
        // The base form: after a plural, or after an auxiliary that makes it said.
        if reader.is(previous, Traits::AUXILIARY) {
            return reader.word_is(previous, &["did", "does", "do"])
                || (before..index).any(|between| reader.word_is(between, &["only"]));
        }
        let plural = reader.is(previous, Traits::PLURAL)
            || (reader.kind(previous) == Some(Kind::Word)
                && reader.row.word(previous).ends_with('s')
                && reader.unit(previous).is_some_and(|unit| unit.case == Case::Lower));
        subject_before && !reader.is_comma(previous) || plural && !unit.is(Traits::ROLE)
    }

    /// What a participle of saying follows: `…, warning that`, `a statement saying`, but not `early warning`.
    fn introduces_participle(&self, previous: usize) -> bool {
        let noun = Traits::ROLE.or(Traits::PLURAL).or(Traits::UTTERANCE).or(Traits::BODY).or(Traits::PRONOUN);
        let joint = Traits::PREPOSITION
            .or(Traits::AND)
            .or(Traits::SUBORDINATE)
            .or(Traits::ADVERB)
            .or(Traits::TIME)
            .or(Traits::RELATIVE);
        self.reader.unit(previous).is_some_and(|unit| {
            unit.name().is_some()
                || unit.leads()
                || unit.piece().is_some()
                || unit.is(noun.or(joint))
                || unit.kind == Kind::Bracket
                || self.reader.row.word(previous).ends_with('s')
        })
    }

    /// `went on to say`, `was quick to add`: said, though in the infinitive.
    fn goes_on_to(&self, to: usize) -> bool {
        to.checked_sub(1).is_some_and(|previous| {
            self.reader.word_is(previous, &["on", "quick", "twitter", "facebook", "x", "instagram"])
        })
    }

    /// Back over adverbs, auxiliaries and `not`.
    fn before_adverbs(&self, index: usize) -> usize {
        let skipped = Traits::ADVERB.or(Traits::AUXILIARY).or(Traits::NOT);
        let mut before = index;
        while before > self.start
            && before + 6 > index
            && self.reader.is(before - 1, skipped)
            && !self.reader.is(before - 1, Traits::TITLE)
        {
            before -= 1;
        }
        before
    }

    fn has_between(&self, range: Range<usize>, traits: Traits) -> bool {
        range.into_iter().any(|index| self.reader.is(index, traits))
    }

    fn verb(&mut self, cue: usize) -> usize {
        let reader = self.reader;
        let Some(unit) = reader.unit(cue).copied() else { return cue + 1 };
        let before = self.before_adverbs(cue);
        let helped = before..cue;
        let negated = self.has_between(helped.clone(), Traits::NOT);
        let passive =
            unit.is(Traits::PAST) && self.has_between(helped.clone(), Traits::BE) && !unit.is(Traits::ING);
        let only = helped.clone().any(|index| reader.word_is(index, &["only"]));
        let not_yet = self.has_between(helped, Traits::MODAL) && !unit.is(Traits::PAST) && !only;
        if passive {
            return cue + 1;
        }
        let inverted = self.inverted(cue, before);
        let after = inverted.as_ref().map_or(cue + 1, |phrase| phrase.units.end);
        let speaker = match &inverted {
            Some(phrase) => Some(phrase.clone()),
            None => self.subject(cue, before),
        };
        let right = if negated || not_yet { Right::Nothing } else { self.right(cue, after) };
        let phrase_start = match (&inverted, &speaker) {
            (None, Some(phrase)) if phrase.units.start < cue && phrase.units.start >= self.left => {
                phrase.units.start
            }
            _ => before,
        };
        let shares_subject = reader.is(before.wrapping_sub(1), Traits::AND);
        let mut next = cue + 1;
        let takes_left = !unit.is(Traits::ING) && !unit.is(Traits::ACT)
            || unit.is(Traits::SPEECH) && !unit.is(Traits::ING);
        let left = if takes_left && !shares_subject {
            self.left_content(phrase_start, &right, &unit.traits)
        } else {
            None
        };
        if speaker.is_none() && !unit.is(Traits::SAY) && left.is_none() {
            return next;
        }
        let left = left.filter(|(_, form)| *form == Form::Pieces || speaker.is_some());
        if let Some((range, form)) = left {
            self.claim(range, form, &speaker, cue);
            self.left = self.left.max(after);
        }
        match right {
            Right::Pieces(range) | Right::Clause(range) if range.is_empty() => {}
            Right::Pieces(range) => {
                next = next.max(range.end);
                self.left = range.end;
                self.claim(range, Form::Pieces, &speaker, cue);
            }
            Right::Clause(range) => {
                let end = range.end;
                self.claim(range.clone(), Form::Clause, &speaker, cue);
                self.nested(range, cue);
                next = next.max(end);
                self.left = end;
                // `said she recalled thinking, "…"`
                if reader.unit(end).is_some_and(Unit::leads)
                    && end + 1 < self.end
                    && matches!(reader.kind(end + 1), Some(Kind::Piece(_)))
                {
                    self.claim(end + 1..end + 2, Form::Pieces, &speaker, cue);
                    self.left = end + 2;
                    next = next.max(end + 2);
                }
            }
            Right::Nothing if self.splits(cue, after, phrase_start, negated) && speaker.is_some() => {
                let (before, rest) =
                    (self.trimmed(self.left..phrase_start), after + 1..self.clause_end(after + 1));
                next = next.max(rest.end);
                self.left = rest.end;
                self.claim(before, Form::Clause, &speaker, cue);
                self.claim(rest, Form::Clause, &speaker, cue);
            }
            Right::Nothing => {
                if speaker.is_some() && !negated {
                    self.object(cue, after, &speaker);
                }
                next = next.max(if inverted.is_some() { after } else { next });
            }
        }
        let claimed =
            self.claims.last().is_some_and(|claim| claim.cue == cue && claim.sentence == self.sentence);
        if speaker.is_some() && (claimed || unit.is(Traits::SPEECH)) {
            self.last_speaker = speaker;
        }
        next
    }

    /// `The talks, Price said, would go on`: the attribution stands within what was said.
    fn splits(&self, cue: usize, after: usize, attribution: usize, negated: bool) -> bool {
        let reader = self.reader;
        let reports = reader.is(cue, Traits::SAY.or(Traits::REPORT))
            || reader.word_is(cue, &["continued", "continues"]);
        let parted = reader.is_comma(after) && attribution > self.left && reader.is_comma(attribution - 1);
        if !reports || negated || !parted || !reader.is(cue, Traits::PAST.or(Traits::PRESENT)) {
            return false;
        }
        let left = self.left..attribution - 1;
        let circumstance = reader
            .is(after + 1, Traits::ING.or(Traits::SUBORDINATE).or(Traits::RELATIVE).or(Traits::AND))
            || reader.row.word(after + 1).ends_with("ing");
        let plain = !left.clone().any(|index| matches!(reader.kind(index), Some(Kind::Piece(_))));
        !circumstance
            && plain
            && !left.is_empty()
            && !self.has_finite(left)
            && self.has_finite(after + 1..self.end)
    }

    fn claim(&mut self, content: Range<usize>, form: Form, speaker: &Option<Phrase>, cue: usize) {
        let content = self.trimmed(content);
        if !content.is_empty() {
            self.claims.push(Claim { content, form, speaker: speaker.clone(), sentence: self.sentence, cue });
        }
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = range;
        let mark = |index: usize| {
            matches!(
                self.reader.kind(index),
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

    /// The subject after its verb: `"…," said Price`, `…, says minister`.
    fn inverted(&self, cue: usize, before: usize) -> Option<Phrase> {
        let reader = self.reader;
        let unit = reader.unit(cue)?;
        if before != cue || !unit.is(Traits::SPEECH) || !unit.is(Traits::PAST.or(Traits::PRESENT)) {
            return None;
        }
        let at_start = cue == self.start;
        let previous = cue.checked_sub(1).filter(|previous| *previous >= self.start);
        let after_piece = previous.is_some_and(|previous| {
            reader.kind(previous).is_some_and(|kind| matches!(kind, Kind::Piece(_)))
                || (reader.unit(previous).is_some_and(Unit::leads)
                    && previous > self.start
                    && matches!(reader.kind(previous - 1), Some(Kind::Piece(_))))
        });
        let after_comma = previous.is_some_and(|previous| reader.unit(previous).is_some_and(Unit::leads));
        if !(at_start || after_piece || after_comma) || reader.is(cue + 1, Traits::THAT) {
            return None;
        }
        let phrase = reader.starting_at(cue + 1, self.end)?;
        let end = phrase.units.end;
        let closed = end >= self.end
            || reader.unit(end).is_some_and(|unit| {
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
                    || unit.case == Case::Lower && reader.row.word(end).ends_with("ing")
            });
        let object = unit.is(Traits::TELL)
            || matches!(phrase.head, Head::Noun(noun) if reader.is(noun, Traits::AUDIENCE) && unit.is(Traits::ASK) && !after_piece);
        // After a comma alone the verb could share the subject of what stands before: `X, said …,`.
        (closed
            && !object
            && (after_piece || at_start || self.has_finite(self.left..cue) || self.style == Style::Headline))
            .then(|| self.with_apposition(phrase))
    }

    /// `the spokesman, Ned Price` is Ned Price.
    fn with_apposition(&self, phrase: Phrase) -> Phrase {
        let reader = self.reader;
        let end = phrase.units.end;
        if !matches!(phrase.head, Head::Noun(_)) || !reader.is_comma(end) {
            return phrase;
        }
        let closes = |index: usize| {
            index >= self.end
                || reader.unit(index).is_some_and(|unit| {
                    matches!(unit.kind, Kind::Comma | Kind::Stop | Kind::Colon | Kind::Dash | Kind::Semicolon)
                })
        };
        let name = (end + 1..(end + 4).min(self.end)).find(|index| {
            !reader.is(*index, Traits::TITLE)
                && !reader
                    .unit(*index)
                    .is_some_and(|unit| unit.kind == Kind::Word && unit.case == Case::Capital)
        });
        let Some((name, mention)) = name.and_then(|name| Some((name, reader.unit(name)?.name()?))) else {
            return phrase;
        };
        let speaks =
            matches!(reader.entity_kind(mention), Some(analysis::Kind::Person | analysis::Kind::Org));
        // `the owner, Norrlinje of Gothenburg, said`
        let after = if reader.word_is(name + 1, &["of", "from"]) { name + 3 } else { name + 1 };
        if speaks && (closes(name + 1) || closes(after)) {
            return Phrase { units: phrase.units, head: Head::Name(mention) };
        }
        phrase
    }

    /// The subject before its verb; `before` is the verb with its adverbs and auxiliaries.
    fn subject(&self, cue: usize, before: usize) -> Option<Phrase> {
        let reader = self.reader;
        let ing = reader.is(cue, Traits::ING);
        let previous = before.checked_sub(1).filter(|previous| *previous >= self.start)?;
        let unit = reader.unit(previous)?;
        if ing && reader.is(previous, Traits::SUBORDINATE) && reader.word_is(previous, &["as"]) {
            return self.quoted_as(previous);
        }
        if ing
            && (unit.kind == Kind::Comma
                || unit.is(Traits::PREPOSITION.or(Traits::SUBORDINATE).or(Traits::AND))
                || matches!(unit.kind, Kind::Piece(_)))
        {
            return self.last_speaker.clone().or_else(|| self.clause_subject(previous));
        }
        if ing {
            let phrase = reader.ending_at(self.left, before);
            return phrase.filter(|phrase| !matches!(phrase.head, Head::Noun(noun) if !reader.is(noun, Traits::ROLE.or(Traits::BODY)))).or_else(|| self.last_speaker.clone()).or_else(|| self.clause_subject(previous));
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
                && let Some(mention) = reader.person_at(antecedent)
            {
                return Some(Phrase { units: antecedent..antecedent + 1, head: Head::Name(mention) });
            }
            if self.is_comma_or(previous.checked_sub(1)?) {
                return self.parenthetical_or_phrase(previous - 1);
            }
            return reader.ending_at(self.left, previous);
        }
        if unit.kind == Kind::Comma {
            return self.parenthetical(previous);
        }
        if matches!(unit.kind, Kind::Dash) {
            return self.parenthetical(previous);
        }
        if matches!(unit.kind, Kind::Piece(_)) {
            return None;
        }
        reader.ending_at(self.left.min(before), before)
    }

    fn is_comma_or(&self, index: usize) -> bool {
        matches!(self.reader.kind(index), Some(Kind::Comma | Kind::Dash))
    }

    /// `Price, who … said`: what stands before the comma; `Price, the spokesman, who said` too.
    fn parenthetical_or_phrase(&self, comma: usize) -> Option<Phrase> {
        let direct = self.reader.ending_at(self.left, comma);
        match direct {
            Some(Phrase { head: Head::Name(_) | Head::Pronoun(_), .. }) => direct,
            other => self.parenthetical(comma).or(other),
        }
    }

    /// The subject of a verb that stands after a comma: `Price, a spokesman for NATO, said`.
    fn parenthetical(&self, comma: usize) -> Option<Phrase> {
        let reader = self.reader;
        let mut bound = comma;
        let mut commas = [0usize; 10];
        let mut count = 0;
        while bound > self.left && comma - bound < 60 {
            let kind = reader.kind(bound - 1);
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
            let segment = start..end;
            start = end + 1;
            if segment.is_empty() || self.is_introduction(&segment) {
                continue;
            }
            if let Some(phrase) = reader
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

    /// A phrase that stands before the subject, or a clause of its own.
    fn is_introduction(&self, segment: &Range<usize>) -> bool {
        let reader = self.reader;
        let opening = Traits::PREPOSITION
            .or(Traits::SUBORDINATE)
            .or(Traits::RELATIVE)
            .or(Traits::ING)
            .or(Traits::QUESTION);
        let ing = reader.row.word(segment.start).ends_with("ing") && segment.len() > 1;
        reader.is(segment.start, opening)
            || (reader.is(segment.start, Traits::ADVERB.or(Traits::TIME)) && segment.len() < 3)
            || (reader.is(segment.start, Traits::CUE) && reader.is(segment.start, Traits::PAST))
            || ing
            || segment.clone().any(|index| reader.is_verb_like(index))
    }

    /// The subject of the clause that the sentence begins with.
    fn clause_subject(&self, highest: usize) -> Option<Phrase> {
        let reader = self.reader;
        let mut start = self.start;
        for _ in 0..6 {
            while start < highest
                && (reader.is_comma(start)
                    || reader.is(start, Traits::AND)
                    || reader.is(start, Traits::ADVERB) && !reader.is(start, Traits::TITLE)
                    || matches!(reader.kind(start), Some(Kind::Dash | Kind::Other | Kind::Piece(_))))
            {
                start += 1;
            }
            let opening = Traits::PREPOSITION.or(Traits::SUBORDINATE).or(Traits::ING).or(Traits::QUESTION);
            let introduces = reader.is(start, opening)
                || reader.row.word(start).ends_with("ing")
                || (reader.is(start, Traits::CUE) && reader.is(start, Traits::PAST));
            if !introduces && !reader.is(start, Traits::TIME) {
                break;
            }
            let comma = (start..highest.min(start + 40)).find(|index| reader.is_comma(*index));
            let verb = (start..highest.min(start + 40)).find(|index| reader.is_verb_like(*index));
            match (comma, verb) {
                (Some(comma), Some(verb))
                    if comma < verb || reader.is(start, Traits::SUBORDINATE.or(Traits::QUESTION)) =>
                {
                    start = comma + 1
                }
                (Some(comma), None) => start = comma + 1,
                _ => {
                    // `On Tuesday night Price telephoned Lopez and`
                    let opened = reader.without_opening(start..highest).start;
                    if opened == start {
                        return None;
                    }
                    start = opened;
                }
            }
        }
        let end = (start + 1..highest.min(start + 25)).find(|index| {
            let unit = reader.unit(*index);
            reader.is_comma(*index)
                || reader.is_verb_like(*index)
                || reader.is(*index, Traits::AUXILIARY.or(Traits::RELATIVE))
                || unit.is_some_and(|unit| {
                    matches!(unit.kind, Kind::Piece(_) | Kind::Colon | Kind::Dash | Kind::Bracket)
                })
                || unit.is_some_and(|unit| {
                    unit.is(Traits::CUE)
                        && unit.is(Traits::PRESENT.or(Traits::PAST))
                        && unit.case == Case::Lower
                        && reader.is_finite_here(*index)
                })
        });
        let end = end.unwrap_or(highest).max(start);
        if start == end {
            return None;
        }
        // A name that is followed by a verb unknown to the lexicon.
        let name_first = (start..end.min(start + 6)).find(|index| reader.person_at(*index).is_some());
        if let Some((name, mention)) = name_first.and_then(|name| Some((name, reader.person_at(name)?))) {
            let titles = (start..name).all(|index| {
                reader.unit(index).is_some_and(|unit| {
                    unit.is(Traits::TITLE.or(Traits::ROLE).or(Traits::DETERMINER).or(Traits::BODY))
                        || unit.name().is_some()
                        || unit.case == Case::Capital
                })
            });
            let genitive = reader.kind(name + 1) == Some(Kind::Genitive);
            if titles && !genitive {
                return Some(Phrase { units: start..name + 1, head: Head::Name(mention) });
            }
        }
        if reader.is(start, Traits::PRONOUN) {
            return Some(Phrase { units: start..start + 1, head: Head::Pronoun(start) });
        }
        reader.read(start..end).map(|phrase| self.with_apposition(phrase))
    }

    /// `Price was quoted as saying`, `Reuters quoted Price as saying`; `as` is at `index`.
    fn quoted_as(&self, index: usize) -> Option<Phrase> {
        let reader = self.reader;
        let quoted = (self.start..index).rev().take(14).find(|back| {
            reader.word_is(
                *back,
                &["quoted", "cited", "quotes", "citing", "quoting", "heard", "saw", "reported"],
            )
        })?;
        if reader.is(quoted.wrapping_sub(1), Traits::BE.or(Traits::AUXILIARY).or(Traits::ADVERB)) {
            return self.subject_of_passive(quoted);
        }
        reader.starting_at(quoted + 1, index)
    }

    fn subject_of_passive(&self, participle: usize) -> Option<Phrase> {
        let before = self.before_adverbs(participle);
        if before.checked_sub(1).is_some_and(|previous| self.is_comma_or(previous)) {
            return self.parenthetical(before - 1);
        }
        self.reader.ending_at(self.start, before)
    }

    /// What the verb at `cue` brings after `after`.
    fn right(&self, cue: usize, after: usize) -> Right {
        let reader = self.reader;
        let Some(verb) = reader.unit(cue) else { return Right::Nothing };
        let story = reader.is(cue, Traits::TELL)
            && (cue + 1..self.end.min(cue + 4))
                .any(|index| reader.word_is(index, &["story", "stories", "tale", "truth", "lies"]));
        let content = self.after_circumstances(cue, after);
        if story || content >= self.end {
            return Right::Nothing;
        }
        if let Some(pieces) = self.pieces_at(content) {
            return pieces;
        }
        if !verb.is(Traits::SAY.or(Traits::REPORT)) {
            return Right::Nothing;
        }
        let Some(first) = reader.unit(content) else { return Right::Nothing };
        let that_only = reader.word_is(
            cue,
            &[
                "promise",
                "promised",
                "promises",
                "promising",
                "pledge",
                "pledged",
                "pledges",
                "pledging",
                "vow",
                "vowed",
                "vows",
                "vowing",
                "swear",
                "swore",
                "rule",
                "rules",
                "ruled",
                "ruling",
                "agree",
                "agreed",
                "agrees",
                "agreeing",
                "advise",
                "advised",
                "demand",
                "quote",
                "quoted",
                "mention",
                "mentioned",
                "forecast",
                "point",
                "pointed",
                "points",
                "pointing",
            ],
        );
        if first.is(Traits::THAT) && self.that_opens_clause(content, cue) {
            return Right::Clause(content..self.clause_end(content + 1));
        }
        if that_only {
            return Right::Nothing;
        }
        let colon = first.kind == Kind::Colon;
        let start = if colon { content + 1 } else { content };
        let Some(first) = reader.unit(start) else { return Right::Nothing };
        let conditional = verb.is(Traits::SAY)
            && (reader.word_is(
                start,
                &[
                    "under", "with", "without", "despite", "about", "over", "by", "for", "if", "in", "on",
                    "at",
                ],
            ) || reader.is(start, Traits::SUBORDINATE) && self.has_main_clause(start));
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
            Style::Prose if verb.is(Traits::REPORT) => self.has_early_finite(start, end),
            Style::Prose => self.has_finite(start..end),
        };
        if proven { Right::Clause(start..end) } else { Right::Nothing }
    }

    /// `if Russia invades, it would respond`: a comma, and a clause after it.
    fn has_main_clause(&self, start: usize) -> bool {
        let reader = self.reader;
        let comma = (start..self.end.min(start + 25)).find(|index| reader.is_comma(*index));
        comma.is_some_and(|comma| {
            let subject = reader.unit(comma + 1).is_some_and(|unit| {
                unit.name().is_some()
                    || unit.is(Traits::PRONOUN.or(Traits::DETERMINER).or(Traits::POSSESSIVE))
            });
            subject && self.has_finite(comma + 1..self.end.min(comma + 14))
        })
    }

    /// `said the group that …` has a relative clause, not a report.
    fn that_opens_clause(&self, that: usize, cue: usize) -> bool {
        // `criticised the bill that would …`; but `said that was wrong`.
        let verb_next = self.reader.is_verb_like(that + 1)
            || self.reader.is(that + 1, Traits::ADVERB) && self.reader.is_verb_like(that + 2);
        let demonstrative =
            that + 1 >= self.end || verb_next && !(that == cue + 1 && self.reader.is(cue, Traits::SAY));
        let noun = self.reader.is(cue, Traits::ROLE.or(Traits::UTTERANCE))
            && !self.reader.is(cue, Traits::PAST.or(Traits::ING))
            && self.reader.is(cue.wrapping_sub(1), Traits::DETERMINER);
        !demonstrative && !noun
    }

    /// Pieces right after a verb, with or without a mark between.
    fn pieces_at(&self, content: usize) -> Option<Right> {
        let reader = self.reader;
        let mut first = content;
        while first < content + 2 && reader.unit(first).is_some_and(Unit::leads) {
            first += 1;
        }
        let that = reader.is(first, Traits::THAT);
        if that {
            first += 1;
            while reader.unit(first).is_some_and(Unit::leads) && first < self.end {
                first += 1;
            }
        }
        let piece = reader.unit(first)?.piece()?;
        if first >= self.end {
            return None;
        }
        let mut end = first + 1;
        // `"…" and "…"`, `"…", "…"`
        while end + 1 < self.end
            && (reader.is_comma(end) || reader.is(end, Traits::AND))
            && matches!(reader.kind(end + 1), Some(Kind::Piece(_)))
        {
            end += 2;
        }
        let complete = ends_sentence(reader.row.text, self.pieces.get(piece)?);
        let closed = end >= self.end
            || complete
            || reader.unit(end).is_some_and(|unit| {
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
                (content..first).find(|index| reader.is(*index, Traits::THAT)).unwrap_or(first)
            } else {
                first
            };
            return Some(Right::Clause(start..clause));
        }
        Some(Right::Pieces(first..end))
    }

    /// Past adverbs, times, media and the person spoken to.
    fn after_circumstances(&self, cue: usize, after: usize) -> usize {
        let reader = self.reader;
        let mut at = after;
        if reader.is(cue, Traits::TELL) {
            at = self.after_addressee(at);
        }
        if reader.word_is(cue, &["point", "points", "pointed", "pointing"]) && reader.word_is(at, &["out"]) {
            at += 1;
        }
        let from = at;
        while at < self.end {
            let Some(unit) = reader.unit(at) else { break };
            let number_of_time = unit.kind == Kind::Number
                && at > after
                && reader.is(at - 1, Traits::TIME.or(Traits::PREPOSITION));
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
        if at > from || reader.is(cue, Traits::TELL) {
            // Further circumstances may stand between: the nearest `that` opens the clause.
            for ahead in at..self.end.min(at + 14) {
                let Some(unit) = reader.unit(ahead) else { break };
                if unit.is(Traits::THAT) && (ahead == at || !reader.is(ahead + 1, Traits::FINITE)) {
                    return ahead;
                }
                if matches!(
                    unit.kind,
                    Kind::Comma | Kind::Piece(_) | Kind::Colon | Kind::Semicolon | Kind::Dash
                ) || unit.is(Traits::FINITE.or(Traits::PRONOUN))
                {
                    if unit.kind == Kind::Colon
                        || (unit.kind == Kind::Comma
                            && matches!(reader.kind(ahead + 1), Some(Kind::Piece(_))))
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
    fn after_prepositional(&self, at: usize) -> usize {
        let reader = self.reader;
        let mut next = at + 1;
        if !reader.opens_circumstance(at, self.end)
            && reader.word_is(at, &["under", "with", "without", "despite", "by", "for", "over", "about"])
        {
            return at;
        }
        while next < self.end && reader.is(next, Traits::DETERMINER.or(Traits::POSSESSIVE)) {
            next += 1;
        }
        let mut steps = 0;
        while next < self.end && steps < 10 {
            let Some(unit) = reader.unit(next) else { break };
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
                    && !reader.is(next - 1, Traits::TITLE.or(Traits::DETERMINER))
                    && reader.kind(next - 1) != Some(Kind::Genitive));
            if stops {
                break;
            }
            next += 1;
            steps += 1;
            let closing = unit.is(Traits::TIME.or(Traits::UTTERANCE).or(Traits::AUDIENCE));
            let more = reader.is(next, Traits::TIME.or(Traits::UTTERANCE))
                || reader.kind(next) == Some(Kind::Number) && unit.is(Traits::TIME);
            if (closing || unit.name().is_some()) && !more && reader.kind(next) != Some(Kind::Genitive) {
                break;
            }
        }
        if steps == 0 { at } else { next }
    }

    /// Past the object of `told`: `reporters`, `the BBC`, `him`.
    fn after_addressee(&self, at: usize) -> usize {
        let reader = self.reader;
        let mut next = at;
        while next < self.end
            && reader.is(next, Traits::DETERMINER.or(Traits::POSSESSIVE))
            && !reader.is(next, Traits::AUDIENCE)
        {
            next += 1;
        }
        let mut steps = 0;
        while next < self.end && steps < 10 {
            let Some(unit) = reader.unit(next) else { break };
            let stops = matches!(
                unit.kind,
                Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Piece(_) | Kind::Dash | Kind::Stop
            ) || unit.is(Traits::THAT.or(Traits::PREPOSITION).or(Traits::FINITE))
                || (steps > 0 && unit.is(Traits::DETERMINER.or(Traits::POSSESSIVE).or(Traits::PRONOUN)))
                || (steps > 0
                    && unit.name().is_some()
                    && reader
                        .unit(next - 1)
                        .is_some_and(|previous| previous.case == Case::Lower && !previous.is(Traits::TITLE))
                    && reader.kind(next - 1) != Some(Kind::Genitive));
            if stops {
                break;
            }
            next += 1;
            steps += 1;
            if unit.is(Traits::AUDIENCE) && !reader.is(next, Traits::AUDIENCE.or(Traits::UTTERANCE)) {
                break;
            }
        }
        next
    }

    /// Where a reported clause that holds `from` ends: before the next report, or with the sentence.
    fn clause_end(&self, from: usize) -> usize {
        let reader = self.reader;
        let mut index = from;
        let mut last_mark = None;
        while index < self.end {
            let Some(unit) = reader.unit(index) else { break };
            if unit.is(Traits::SPEECH)
                && unit.is(Traits::PAST.or(Traits::PRESENT))
                && let Some(mark) = last_mark
                && reader.unit(index + 1).is_some_and(Unit::leads)
                && matches!(reader.kind(index + 2), Some(Kind::Piece(_)))
            {
                return mark;
            }
            if matches!(unit.kind, Kind::Comma | Kind::Dash) && index > from {
                last_mark = Some(index);
            }
            match unit.kind {
                Kind::Semicolon => return index,
                Kind::Colon | Kind::Dash | Kind::Comma => {
                    if let Some(piece) = reader.unit(index + 1).and_then(Unit::piece) {
                        let complete = self.pieces.get(piece).is_some_and(|piece| {
                            ends_sentence(reader.row.text, piece) || self.opens_capital(piece)
                        });
                        if unit.kind == Kind::Colon || complete && index + 2 >= self.end {
                            return index;
                        }
                    }
                    if unit.kind == Kind::Comma
                        && (self.opens_report(index + 1) || self.opens_comment(index + 1, from))
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
                Kind::Word if reader.word_is(index, &["according"]) && reader.is(index + 1, Traits::TO) => {
                    return index;
                }
                _ => {}
            }
            index += 1;
        }
        self.end
    }

    /// After a comma, `which …`, `while …` and their like are the reporter's more often than not
    /// (in PolNeAR: 55 of 95); they are left out where they would outweigh the report.
    fn opens_comment(&self, index: usize, from: usize) -> bool {
        self.reader.word_is(index, &["which", "while", "who", "despite", "although", "compared"])
            && self.end - index > index - from
    }

    fn opens_capital(&self, piece: &Piece) -> bool {
        piece.inner().get(self.reader.row.text).is_some_and(|inner| inner.starts_with(char::is_uppercase))
    }

    /// After a comma: `adding that …`, `and said …`, `according to …`, `but officials said …`.
    fn opens_report(&self, index: usize) -> bool {
        let reader = self.reader;
        if reader.word_is(index, &["according"]) {
            return true;
        }
        let mut at = index;
        while at < self.end && at < index + 3 && reader.is(at, Traits::ADVERB) {
            at += 1;
        }
        if reader.is(at, Traits::ING)
            && reader.is(at, Traits::SAY.or(Traits::REPORT))
            && !reader.is(at, Traits::ACT)
        {
            return true;
        }
        if reader.word_is(at, &["warning", "calling", "describing", "citing", "accusing", "urging"]) {
            return true;
        }
        reader.is(at, Traits::AND.or(Traits::SUBORDINATE)) && self.joins_report(at)
    }

    /// `and said`, `but critics said`, `while the ministry said`: another report begins.
    fn joins_report(&self, index: usize) -> bool {
        let reader = self.reader;
        if reader.is(index, Traits::SUBORDINATE)
            && !reader.word_is(index, &["while", "although", "though", "whereas", "as", "but"])
        {
            return false;
        }
        for ahead in index + 1..self.end.min(index + 9) {
            let Some(unit) = reader.unit(ahead) else { return false };
            if matches!(unit.kind, Kind::Comma | Kind::Colon | Kind::Semicolon | Kind::Piece(_) | Kind::Dash)
                || unit.is(Traits::TO.or(Traits::THAT))
            {
                return false;
            }
            if unit.is(Traits::SAY.or(Traits::REPORT)) && unit.is(Traits::PAST.or(Traits::PRESENT)) {
                let strong = unit.is(Traits::SAY) || reader.is(ahead + 1, Traits::THAT);
                let passive = reader.is(ahead - 1, Traits::BE);
                return strong && !passive && reader.is_finite_here(ahead);
            }
            if unit.is(Traits::FINITE) && !unit.is(Traits::AUXILIARY) {
                return false;
            }
        }
        false
    }

    /// What stands before the attribution, if it is what was said.
    fn left_content(&self, attribution: usize, right: &Right, verb: &Traits) -> Option<(Range<usize>, Form)> {
        let reader = self.reader;
        let content = self.trimmed(self.left..attribution);
        if content.is_empty() {
            return None;
        }
        let mark = attribution.checked_sub(1).and_then(|index| reader.unit(index));
        let last = content.end - 1;
        if let Some(piece) = reader.unit(last).and_then(Unit::piece) {
            let only_pieces = content.clone().all(|index| {
                matches!(reader.kind(index), Some(Kind::Piece(_) | Kind::Comma | Kind::Dash | Kind::Colon))
                    || reader.is(index, Traits::AND)
            });
            let inner = self.pieces.get(piece)?.inner().get(reader.row.text).unwrap_or("").trim_end();
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
        let subordinate = reader.is(content.start, Traits::SUBORDINATE)
            && !content.clone().any(|index| reader.is_comma(index));
        match right {
            Right::Nothing if subordinate => None,
            Right::Nothing
                if self.has_finite(content.clone())
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

    /// Pieces in the object of a speech act: `called the move "a farce"`.
    fn object(&mut self, cue: usize, after: usize, speaker: &Option<Phrase>) {
        let reader = self.reader;
        let verb = reader.unit(cue).map_or(Traits::default(), |unit| unit.traits);
        let weak = [
            "go",
            "goes",
            "went",
            "going",
            "begin",
            "begins",
            "began",
            "beginning",
            "read",
            "reads",
            "reading",
            "hear",
            "hears",
            "heard",
            "hearing",
            "offer",
            "offers",
            "offered",
            "offering",
            "order",
            "orders",
            "ordered",
            "ordering",
            "laugh",
            "sing",
            "sings",
            "sang",
            "singing",
            "continue",
            "continued",
            "continues",
        ];
        if !verb.any(Traits::CUE) || reader.word_is(cue, &weak) {
            return;
        }
        let mut end = after;
        while end < self.end {
            let stops = end > after
                && (reader.kind(end) == Some(Kind::Semicolon)
                    || reader.is_comma(end) && self.opens_report(end + 1)
                    || reader.is(end, Traits::AND) && self.joins_report(end));
            if stops {
                break;
            }
            end += 1;
        }
        let range = after.min(end)..end;
        if range.clone().any(|index| matches!(reader.kind(index), Some(Kind::Piece(_)))) {
            self.claim(range, Form::Object, speaker, cue);
        }
    }

    /// Within a reported clause the nearest verb of saying owns the pieces after it.
    fn nested(&mut self, clause: Range<usize>, cue: usize) {
        let reader = self.reader;
        let mut verb = None;
        for index in clause.clone() {
            if reader.is(index, Traits::CUE)
                && reader.is(index, Traits::PAST.or(Traits::PRESENT))
                && !reader.is(index, Traits::UTTERANCE)
                && reader.is_finite_here(index)
            {
                verb = Some(index);
            }
            if let (Some(inner), Some(Kind::Piece(_))) = (verb, reader.kind(index)) {
                let before = self.before_adverbs(inner);
                let passive = self.has_between(before..inner, Traits::BE);
                let joined = before
                    .checked_sub(1)
                    .is_some_and(|previous| reader.is(previous, Traits::AND.or(Traits::TO)));
                let phrase = reader.ending_at(clause.start, before).filter(|_| !joined).filter(|phrase| {
                    matches!(phrase.head, Head::Name(_) | Head::Noun(_)) && phrase.units.len() < 8
                });
                if let (false, Some(phrase)) = (passive, phrase) {
                    self.claim(index..index + 1, Form::Object, &Some(phrase), cue);
                }
            }
        }
    }

    /// `as Price put it, "…"`, `"…," as Price put it`
    fn put_it(&mut self, put: usize) -> usize {
        let reader = self.reader;
        let before = self.before_adverbs(put);
        let speaker = self.subject(put, before);
        let Some(phrase) = &speaker else { return put + 2 };
        let right = self.pieces_at(put + 2);
        if let Some(Right::Pieces(range)) = right {
            let end = range.end;
            self.claim(range, Form::Pieces, &speaker, put);
            self.left = end;
            self.last_speaker = speaker;
            return end;
        }
        let mut last = phrase.units.start;
        while last > self.left
            && (reader.is(last - 1, Traits::SUBORDINATE) || reader.unit(last - 1).is_some_and(Unit::leads))
        {
            last -= 1;
        }
        if let Some(piece) = last
            .checked_sub(1)
            .filter(|piece| *piece >= self.left && reader.unit(*piece).and_then(Unit::piece).is_some())
        {
            self.claim(piece..last, Form::Pieces, &speaker, put);
            self.last_speaker = speaker;
        }
        put + 2
    }

    /// `Price's claim that it was "a farce"`: no report by a verb, but the marked words are his.
    fn nominal(&mut self, noun: usize) {
        let reader = self.reader;
        if !reader.is(noun, Traits::KEY) || reader.word_is(noun, &["according", "clear", "put", "puts"]) {
            return;
        }
        let Some(owner) = (self.start..noun).rev().take(4).find(|index| {
            reader.is(*index, Traits::POSSESSIVE) || reader.kind(*index) == Some(Kind::Genitive)
        }) else {
            return;
        };
        let speaker = if reader.is(owner, Traits::POSSESSIVE) {
            Some(Phrase { units: owner..owner + 1, head: Head::Pronoun(owner) })
        } else {
            let Some(name) = owner.checked_sub(1) else { return };
            reader
                .unit(name)
                .and_then(Unit::name)
                .map(|mention| Phrase { units: name..owner, head: Head::Name(mention) })
        };
        let mut end = noun + 2;
        while end < self.end && !reader.is_comma(end) && end < noun + 40 {
            end += 1;
        }
        if speaker.is_some()
            && (noun + 2..end).any(|index| matches!(reader.kind(index), Some(Kind::Piece(_))))
        {
            self.claim(noun + 2..end, Form::Object, &speaker, noun);
        }
    }

    /// `made it clear that …`
    fn made_clear(&mut self, clear: usize) -> usize {
        let made = (self.start..clear)
            .rev()
            .take(3)
            .find(|index| self.reader.word_is(*index, &["made", "makes", "make", "making"]));
        let Some(made) = made else { return clear + 1 };
        let before = self.before_adverbs(made);
        if self.has_between(before..made, Traits::NOT.or(Traits::MODAL)) {
            return clear + 1;
        }
        let speaker = self.subject(made, before);
        let end = self.clause_end(clear + 2);
        self.claim(clear + 1..end, Form::Clause, &speaker, made);
        self.left = end;
        if speaker.is_some() {
            self.last_speaker = speaker;
        }
        end
    }

    /// `according to X, …`, `…, according to X`.
    fn according_to(&mut self, index: usize) -> usize {
        let reader = self.reader;
        let from = index + 2;
        let Some(phrase) = reader.starting_at(from, self.end) else { return from };
        let mut end = phrase.units.end;
        let speaker = Some(self.with_apposition(phrase));
        while end < self.end
            && !reader.is_comma(end)
            && !matches!(reader.kind(end), Some(Kind::Semicolon | Kind::Dash | Kind::Colon))
        {
            end += 1;
        }
        let content = self.trimmed(self.left..index);
        let opens = content.is_empty() || !self.has_finite(content.clone()) && content.len() < 3;
        if opens {
            let start = (end + 1).min(self.end);
            let clause = self.clause_end(start);
            self.claim(
                start..clause,
                if self.only_pieces(&(start..clause)) { Form::Pieces } else { Form::Clause },
                &speaker,
                index,
            );
            self.left = clause;
            self.last_speaker = speaker;
            return clause;
        }
        let claimed_before = self.claims.last().is_some_and(|claim| claim.sentence == self.sentence);
        if self.only_pieces(&content) {
            self.claim(content, Form::Pieces, &speaker, index);
        } else if self.has_finite(content.clone()) || !claimed_before || self.style == Style::Headline {
            let rest = end + 1..self.end;
            let parted =
                reader.is_comma(end) && !self.has_finite(content.clone()) && self.has_finite(rest.clone());
            self.claim(content, Form::Clause, &speaker, index);
            if parted {
                self.claim(rest, Form::Clause, &speaker, index);
            }
        }
        self.left = end;
        self.last_speaker = speaker;
        end
    }

    fn only_pieces(&self, range: &Range<usize>) -> bool {
        !range.is_empty()
            && range
                .clone()
                .all(|index| matches!(self.reader.kind(index), Some(Kind::Piece(_) | Kind::Comma)))
    }

    fn has_finite(&self, range: Range<usize>) -> bool {
        let headline = self.style == Style::Headline;
        range.clone().any(|index| {
            self.reader.is_verb_like(index)
                || headline && self.reader.is(index, Traits::TO)
                || index > range.start && self.is_present_verb(index)
        })
    }

    /// The clause's own verb comes before any relative clause: `announced the talks would go on`.
    fn has_early_finite(&self, start: usize, end: usize) -> bool {
        for index in start..end.min(start + 14) {
            if self.reader.is(index, Traits::RELATIVE.or(Traits::THAT).or(Traits::TO))
                || self.reader.is_comma(index)
            {
                return false;
            }
            if index > start
                && (self.reader.is_verb_like(index) && self.reader.is(index, Traits::FINITE.or(Traits::CUE))
                    || self.is_present_verb(index))
            {
                return true;
            }
        }
        false
    }

    /// A word in lower case in -s after a name or pronoun: `Russia wants`.
    fn is_present_verb(&self, index: usize) -> bool {
        let reader = self.reader;
        let Some(unit) = reader.unit(index) else { return false };
        let after_subject = index
            .checked_sub(1)
            .and_then(|previous| reader.unit(previous))
            .is_some_and(|previous| previous.name().is_some() || previous.is(Traits::PRONOUN));
        let word = reader.row.word(index);
        unit.kind == Kind::Word
            && unit.case == Case::Lower
            && after_subject
            && (unit.traits.is_empty() || unit.is(Traits::CUE))
            && word.len() > 3
            && (word.ends_with('s') || reader.is(index - 1, Traits::PRONOUN))
    }

    /// Pieces that no verb claimed: `Price: "…"`, `Price was blunt: "…"`, `"…," smiled Price`.
    fn label_or_colon(&mut self, first_claim: usize, place: Place) {
        let reader = self.reader;
        for index in self.start..self.end {
            if !matches!(reader.kind(index), Some(Kind::Piece(_))) {
                continue;
            }
            let claimed = self.claims[first_claim..]
                .iter()
                .any(|claim| claim.content.contains(&index) && claim.speaker.is_some());
            if claimed {
                continue;
            }
            let after_colon = index > self.start && reader.kind(index - 1) == Some(Kind::Colon);
            if after_colon {
                let short = index - 1 - self.start <= 6;
                let speaker = if short && place == Place::Opens {
                    reader.ending_at(self.start, index - 1)
                } else {
                    None
                };
                let speaker = speaker
                    .or_else(|| self.last_speaker.clone())
                    .or_else(|| self.clause_subject(index - 1))
                    .filter(|phrase| self.can_speak(phrase));
                if speaker.is_some() {
                    self.claim(index..index + 1, Form::Pieces, &speaker, index - 1);
                }
            } else if reader.kind(index + 1) == Some(Kind::Dash) && index == self.start {
                let phrase = reader.starting_at(index + 2, self.end).filter(|phrase| {
                    (phrase.units.end >= self.end || reader.is_comma(phrase.units.end))
                        && self.can_speak(phrase)
                });
                if phrase.is_some() {
                    self.claim(index..index + 1, Form::Pieces, &phrase, index + 1);
                }
            } else if self.pauses(index) && index + 1 < self.end {
                let next = index + 1;
                let verb_first = reader.unit(next).is_some_and(|unit| {
                    unit.kind == Kind::Word && unit.case == Case::Lower && unit.traits.is_empty()
                });
                let subject = if verb_first { next + 1 } else { next };
                let named = reader
                    .unit(subject)
                    .is_some_and(|unit| unit.name().is_some() || unit.is(Traits::PRONOUN));
                if named && let Some(phrase) = self.short_subject(subject) {
                    self.claim(index..index + 1, Form::Pieces, &Some(phrase), next);
                }
            }
        }
    }

    fn short_subject(&self, unit: usize) -> Option<Phrase> {
        if self.reader.is(unit, Traits::PRONOUN) {
            return Some(Phrase { units: unit..unit + 1, head: Head::Pronoun(unit) });
        }
        let mention = self.reader.person_at(unit)?;
        Some(Phrase { units: unit..unit + 1, head: Head::Name(mention) })
    }

    fn can_speak(&self, phrase: &Phrase) -> bool {
        match phrase.head {
            Head::Noun(noun) => self.reader.is(noun, Traits::ROLE.or(Traits::BODY).or(Traits::UTTERANCE)),
            _ => true,
        }
    }

    /// The words in the marks end with a comma: what follows belongs to them.
    fn pauses(&self, index: usize) -> bool {
        let inner = self
            .reader
            .unit(index)
            .and_then(Unit::piece)
            .and_then(|piece| self.pieces.get(piece))
            .and_then(|piece| piece.inner().get(self.reader.row.text));
        inner.is_some_and(|inner| inner.trim_end().ends_with(','))
    }

    /// `Biden: talks to go on`, `Talks to go on: minister`, `Talks to go on - minister`.
    fn headline(&mut self) {
        let reader = self.reader;
        let colon = (self.start + 1..self.end).find(|index| reader.kind(*index) == Some(Kind::Colon));
        let dash = (self.start + 1..self.end).rev().find(|index| reader.kind(*index) == Some(Kind::Dash));
        if let Some(colon) = colon {
            let (before, after) = (self.start..colon, colon + 1..self.end);
            if let Some(phrase) =
                self.headline_source(&after).filter(|_| before.len() > after.len() && before.len() > 2)
            {
                return self.claim(before.clone(), self.form_of(&before), &Some(phrase), colon);
            }
            if self.only_pieces(&before)
                && let Some(name) = after.clone().take(4).find(|index| reader.person_at(*index).is_some())
                && let Some(mention) = reader.person_at(name)
            {
                let phrase = Phrase { units: name..name + 1, head: Head::Name(mention) };
                return self.claim(before, Form::Pieces, &Some(phrase), colon);
            }
            let plain_clause = !reader.is(after.start, Traits::QUESTION)
                && (self.has_finite(after.clone()) || self.only_pieces(&after));
            if let Some(phrase) = self
                .headline_source(&before)
                .filter(|_| plain_clause && after.len() > 2 || self.only_pieces(&after))
            {
                return self.claim(after.clone(), self.form_of(&after), &Some(phrase), colon);
            }
        }
        if let Some(dash) = dash {
            let (before, after) = (self.start..dash, dash + 1..self.end);
            let source = self
                .headline_source(&after)
                .filter(|phrase| matches!(phrase.head, Head::Noun(_)) || self.name_speaks(phrase));
            if let Some(phrase) = source.filter(|_| before.len() > 3) {
                self.claim(before.clone(), self.form_of(&before), &Some(phrase), dash);
            }
        }
    }

    fn form_of(&self, range: &Range<usize>) -> Form {
        if self.only_pieces(range) { Form::Pieces } else { Form::Clause }
    }

    fn name_speaks(&self, phrase: &Phrase) -> bool {
        matches!(phrase.head, Head::Name(mention) if self.reader.entity_kind(mention) == Some(analysis::Kind::Person))
    }

    /// A few words that name who speaks: a person, a body, a role, a report.
    fn headline_source(&self, range: &Range<usize>) -> Option<Phrase> {
        if range.is_empty() || range.len() > 5 {
            return None;
        }
        let phrase = self.reader.read(range.clone())?;
        let whole = phrase.units == *range;
        let speaks = match phrase.head {
            Head::Name(mention) => {
                matches!(self.reader.entity_kind(mention), Some(analysis::Kind::Person | analysis::Kind::Org))
            }
            Head::Noun(noun) => self.reader.is(noun, Traits::ROLE.or(Traits::UTTERANCE).or(Traits::BODY)),
            _ => false,
        };
        let verbless = !range.clone().any(|index| self.reader.is_verb_like(index));
        (whole && speaks && verbless).then_some(phrase)
    }
}
