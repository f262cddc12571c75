//! Who is said to have said what: verbs of saying with their subjects and their content.
//!
//! In: a row of units. Out: [`Claim`]s in the order of the text: a range of units, and the phrase
//! that names its speaker. Looks at one sentence at a time, and at each unit a bounded number of
//! times. Must not know whom a phrase stands for.

mod bounds;
mod patterns;
mod right;
mod subject;

use super::marks::Piece;
use super::phrase::{Context, Head, Phrase};
use super::units::{Case, Kind, Order, Sentence};
use crate::analysis::rule::Rule;
use crate::language::Traits;
use std::ops::Range;

/// How the words of a claim stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Marked pieces alone.
    Pieces,
    /// A reported clause; pieces within it are the speaker's too.
    Clause,
    /// In a sentence about somebody, by no verb of saying: theirs only if it looks like a quote.
    Aside,
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
pub(super) fn find(context: Context<'_>, pieces: &[Piece], style: Style) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut label = None;
    for (index, sentence) in context.row.sentences.iter().enumerate() {
        if sentence.order == Order::Opens {
            label = dialogue(&context, sentence).filter(|_| Rule::Dialogue.on() && style == Style::Prose);
        }
        let end = content_end(&context, sentence);
        let start = match style {
            Style::Prose if Rule::SkipDateline.on() && index < 2 => {
                after_dateline(&context, sentence.units.start, end)
            }
            _ => after_number(&context, sentence),
        };
        let mut finder = Finder {
            context,
            pieces,
            style,
            sentence: index,
            start,
            end,
            left: start,
            last_speaker: None,
            label: label.clone(),
            claims: &mut claims,
        };
        finder.run(sentence);
    }
    claims
}

/// Past `Washington [US], January 4 :`, `GENEVA, March 2 (AFP) —`: nobody says the dateline.
fn after_dateline(context: &Context<'_>, start: usize, end: usize) -> usize {
    for index in start..end.min(start + 14) {
        let Some(unit) = context.unit(index) else { break };
        match unit.kind {
            Kind::Dash | Kind::Colon if index > start => {
                let place = (start..index)
                    .any(|before| context.unit(before).is_some_and(|unit| unit.name().is_some()));
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

/// Past the number of an item: `2. They stressed that …`.
fn after_number(context: &Context<'_>, sentence: &Sentence) -> usize {
    let start = sentence.units.start;
    let numbered = context.kind(start) == Some(Kind::Number)
        && matches!(context.kind(start + 1), Some(Kind::Stop | Kind::Bracket))
        && start + 2 < sentence.units.end;
    if numbered { start + 2 } else { start }
}

/// The person with whose name and a colon a paragraph opens, as in an interview.
fn dialogue(context: &Context<'_>, sentence: &Sentence) -> Option<Phrase> {
    let start = sentence.units.start;
    let mention = context.person_at(start)?;
    let colon = context.kind(start + 1) == Some(Kind::Colon) && start + 2 < sentence.units.end;
    colon.then_some(Phrase { units: start..start + 1, head: Head::Name(mention) })
}

/// The end of the sentence without its last mark.
fn content_end(context: &Context<'_>, sentence: &Sentence) -> usize {
    let mut end = sentence.units.end;
    while end > sentence.units.start && context.kind(end - 1) == Some(Kind::Stop) {
        end -= 1;
    }
    end
}

struct Finder<'a, 'b> {
    context: Context<'a>,
    pieces: &'b [Piece],
    style: Style,
    sentence: usize,
    start: usize,
    end: usize,
    /// Where that begins which no claim of this sentence has yet.
    left: usize,
    last_speaker: Option<Phrase>,
    /// Who speaks the whole paragraph: `PRICE: I told them that …`.
    label: Option<Phrase>,
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
        let units = &self.context.row.units[sentence.units.clone()];
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
            self.label_or_colon(first_claim, sentence.order);
        }
        if self.style == Style::Headline && self.claims.len() == first_claim {
            self.headline();
        }
        if Rule::Announced.on() && announced != Announced::No && self.claims.len() == first_claim {
            self.announce(announced);
        }
    }

    /// Claims what hangs on the unit at `index`; returns where to look on.
    fn step(&mut self, index: usize) -> usize {
        let context = self.context;
        let Some(unit) = context.unit(index) else { return index + 1 };
        if !unit.is(Traits::CUE.or(Traits::KEY)) {
            return index + 1;
        }
        if !unit.is(Traits::KEY) {
            return if self.is_verb_here(index) { self.verb(index) } else { index + 1 };
        }
        if Rule::AccordingTo.on()
            && context.word_is(index, Traits::ACCORDING)
            && context.is(index + 1, Traits::TO)
        {
            return self.according_to(index);
        }
        if Rule::MadeClear.on()
            && context.word_is(index, Traits::CLEAR)
            && (context.is(index + 1, Traits::THAT)
                || self.kind_at_end(Kind::Colon)
                || self.has_piece(index + 1))
        {
            return self.made_clear(index);
        }
        if Rule::InWordsOf.on()
            && context.word_is(index, Traits::IN_WORDS_OF)
            && let Some(next) = self.in_words_of(index)
        {
            return next;
        }
        if Rule::PutIt.on() && context.word_is(index, Traits::PUT) && context.word_is(index + 1, Traits::IT) {
            return self.put_it(index);
        }
        if Rule::Nominal.on() && context.is(index + 1, Traits::THAT) {
            self.nominal(index);
        }
        let Some(unit) = context.unit(index) else { return index + 1 };
        if !unit.is(Traits::CUE) || !self.is_verb_here(index) {
            return index + 1;
        }
        self.verb(index)
    }

    /// Whether the word is used as a verb whose subject says something.
    fn is_verb_here(&self, index: usize) -> bool {
        let context = self.context;
        let Some(unit) = context.unit(index) else { return false };
        let before = self.before_adverbs(index);
        let Some(previous) = before.checked_sub(1).filter(|previous| *previous >= self.start) else {
            // `Said Price: "…"`; `Adding that …`, `Report says …` do not begin with their verb.
            let subject = context.unit(index + 1).is_some_and(|next| {
                next.name().is_some() || next.is(Traits::TITLE) && next.case == Case::Capital
            });
            // `Remarked Price, "…"`
            let remarked = Rule::Remarked.on() && unit.is(Traits::SPEECH) && unit.is(Traits::PAST) && subject;
            return remarked
                || unit.is(Traits::SAY) && unit.is(Traits::PAST.or(Traits::PRESENT))
                || (self.style == Style::Headline && unit.is(Traits::ING));
        };
        let nominal = Traits::DETERMINER.or(Traits::POSSESSIVE);
        if context.is(previous, nominal) && !context.is(previous, Traits::QUANTIFIER)
            || context.kind(previous) == Some(Kind::Genitive)
        {
            return false;
        }
        // `without saying whose it was`
        if Rule::WithoutSaying.on() && unit.is(Traits::ING) && context.word_is(previous, Traits::WITHOUT) {
            return false;
        }
        if unit.is(Traits::ING) {
            return !context.is(previous, Traits::BE) && self.introduces_participle(previous)
                || context.is(previous, Traits::BE) && context.is(index, Traits::SAY);
        }
        if context.is(previous, Traits::TO) {
            return Rule::WentOnToSay.on() && unit.is(Traits::BASE) && self.goes_on_to(previous);
        }
        if unit.is(Traits::PAST) {
            return !context.is(previous, Traits::PREPOSITION) || context.is(previous, Traits::SUBORDINATE);
        }
        let subject_before = context.unit(previous).is_some_and(|unit| {
            unit.name().is_some()
                || unit.is(Traits::PRONOUN.or(Traits::RELATIVE).or(Traits::AND))
                || matches!(unit.kind, Kind::Comma | Kind::Piece(_) | Kind::Dash | Kind::Bracket)
        });
        // `The Hayes report released on Friday showed`, `the Gulf states said`: a noun.
        let noun_like = Rule::NounsThatReport.on() && unit.is(Traits::UTTERANCE.or(Traits::BODY));
        let next = context.unit(index + 1);
        let verb_next = next.is_some_and(|next| {
            next.is(Traits::AUXILIARY.or(Traits::FINITE))
                || next.is(Traits::CUE) && next.is(Traits::PAST.or(Traits::PRESENT))
                || next.traits.is_unknown() && context.row.word(index + 1).ends_with("ed")
        });
        let joint = Traits::AUXILIARY.or(Traits::AND).or(Traits::RELATIVE);
        let plural_subject = context.is(previous, Traits::PLURAL.or(Traits::FIRST).or(joint));
        if noun_like && (verb_next || !unit.is(Traits::PRESENT.or(Traits::PAST)) && !plural_subject) {
            return false;
        }
        if unit.is(Traits::PRESENT) {
            let noun_before = context.is(previous, Traits::ROLE.or(Traits::BODY).or(Traits::UTTERANCE));
            let word_before = context.kind(previous) == Some(Kind::Word)
                && !context.is(previous, Traits::PREPOSITION.or(Traits::AUXILIARY));
            return subject_before || noun_before || (unit.is(Traits::SAY) && word_before);
        }
        // The base form: after a plural, or after an auxiliary that makes it said.
        if context.is(previous, Traits::AUXILIARY) {
            return context.word_is(previous, Traits::DO)
                || unit.is(Traits::SAY)
                    && ((before..index).any(|between| context.word_is(between, Traits::ONLY))
                        || (self.start..index)
                            .any(|piece| matches!(context.kind(piece), Some(Kind::Piece(_)))));
        }
        let plural = context.is(previous, Traits::PLURAL)
            || (context.kind(previous) == Some(Kind::Word)
                && context.row.word(previous).ends_with('s')
                && context.unit(previous).is_some_and(|unit| unit.case == Case::Lower));
        subject_before && !context.is_comma(previous) || plural && !unit.is(Traits::ROLE)
    }

    /// What a participle of saying follows: `…, warning that`, `a statement saying`, but not `early warning`.
    fn introduces_participle(&self, previous: usize) -> bool {
        let noun = Traits::ROLE.or(Traits::PLURAL).or(Traits::UTTERANCE).or(Traits::BODY).or(Traits::PRONOUN);
        let joint = Traits::PREPOSITION
            .or(Traits::AND)
            .or(Traits::SUBORDINATE)
            .or(Traits::ADVERB)
            .or(Traits::RELATIVE);
        self.context.unit(previous).is_some_and(|unit| {
            unit.name().is_some()
                || unit.leads()
                || unit.piece().is_some()
                || unit.is(noun.or(joint))
                || unit.kind == Kind::Bracket
        })
    }

    /// `went on to say`, `was quick to add`: said, though in the infinitive.
    fn goes_on_to(&self, to: usize) -> bool {
        let said = |previous: usize| {
            self.context.word_is(previous, Traits::BEFORE_TO_SAY)
                // `issued a statement to clarify that`
                || Rule::StatementsToSay.on()
                    && self.context.is(previous, Traits::UTTERANCE)
                    && self.context.is(to + 2, Traits::THAT)
        };
        to.checked_sub(1).is_some_and(said)
    }

    /// Back over adverbs, auxiliaries and `not`.
    fn before_adverbs(&self, index: usize) -> usize {
        let skipped = Traits::ADVERB.or(Traits::AUXILIARY).or(Traits::NOT);
        let mut before = index;
        while before > self.start
            && before + 6 > index
            && self.context.is(before - 1, skipped)
            && !self.context.is(before - 1, Traits::TITLE)
        {
            before -= 1;
        }
        before
    }

    fn has_between(&self, range: Range<usize>, traits: Traits) -> bool {
        range.into_iter().any(|index| self.context.is(index, traits))
    }

    fn verb(&mut self, cue: usize) -> usize {
        let context = self.context;
        let Some(unit) = context.unit(cue).copied() else { return cue + 1 };
        let before = self.before_adverbs(cue);
        let helped = before..cue;
        if helped.clone().any(|index| context.word_is(index, Traits::HAVING)) {
            return cue + 1;
        }
        let negated = self.has_between(helped.clone(), Traits::NOT);
        let passive =
            unit.is(Traits::PAST) && self.has_between(helped.clone(), Traits::BE) && !unit.is(Traits::ING);
        let only = helped.clone().any(|index| context.word_is(index, Traits::ONLY));
        let not_yet = self.has_between(helped, Traits::MODAL) && !unit.is(Traits::PAST) && !only;
        let reduced = unit.is(Traits::PAST)
            && (context.word_is(cue + 1, Traits::BY)
                || matches!(context.kind(cue + 1), Some(Kind::Piece(_)))
                    && context.word_is(cue + 2, Traits::BY));
        if Rule::PassiveAgent.on()
            && (passive || reduced)
            && !negated
            && let Some(next) = self.by_agent(cue)
        {
            return next;
        }
        if passive {
            return cue + 1;
        }
        if Rule::Hearing.on() && self.is_hearing(cue, before) {
            return self.heard(cue, before);
        }
        let inverted = self.inverted(cue, before);
        let after = inverted.as_ref().map_or(cue + 1, |phrase| phrase.units.end);
        let speaker = match &inverted {
            Some(phrase) => Some(phrase.clone()),
            None => self.subject(cue, before),
        };
        let phrase_start = match (&inverted, &speaker) {
            (None, Some(phrase)) if phrase.units.start < cue && phrase.units.start >= self.left => {
                phrase.units.start
            }
            _ => before,
        };
        // `"…," he told a local station, in a phrase that …`: the words in marks are what he told.
        let told = Rule::ToldWithClause.on()
            && phrase_start > self.left
            && matches!(context.kind(phrase_start - 1), Some(Kind::Piece(_)))
            && self.pauses(phrase_start - 1);
        let right = match self.right(cue, after) {
            Right::Clause(_) if not_yet => Right::Nothing,
            _ if negated => Right::Nothing,
            Right::Clause(range) if told && !context.is(range.start, Traits::THAT) => Right::Nothing,
            Right::Clause(range) => {
                let end = self.end_within(cue, &range);
                Right::Clause(range.start..self.before_main_verb(cue, &(range.start..end)))
            }
            right => right,
        };
        let shares_subject = context.is(before.wrapping_sub(1), Traits::AND);
        let mut next = cue + 1;
        let takes_left = !unit.is(Traits::ING) && !unit.is(Traits::ACT)
            || unit.is(Traits::SPEECH) && !unit.is(Traits::ING);
        let left = if takes_left && !shares_subject {
            self.left_content(phrase_start, &right, &unit.traits, self.closes_after(cue, after))
        } else {
            None
        };
        if speaker.is_none() && !unit.is(Traits::SAY) && left.is_none() {
            // `remarks that described them as "super predators"`: somebody's words, though not whose.
            if Rule::CharacterizedByNobody.on()
                && context.word_is(cue, Traits::CHARACTERIZE)
                && unit.is(Traits::PAST)
                && !negated
            {
                self.object(cue, after, &speaker);
            }
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
                if Rule::NestedVerbs.on() {
                    self.nested(range, cue);
                }
                next = next.max(end);
                self.left = end;
                // `said she recalled thinking, "…"`
                if Rule::PieceBehindClause.on()
                    && context.unit(end).is_some_and(|unit| unit.leads() || unit.is(Traits::AND))
                    && end + 1 < self.end
                    && matches!(context.kind(end + 1), Some(Kind::Piece(_)))
                {
                    self.claim(end + 1..end + 2, Form::Pieces, &speaker, cue);
                    self.left = end + 2;
                    next = next.max(end + 2);
                }
            }
            Right::Nothing
                if Rule::SplitClause.on()
                    && self.splits(cue, after, phrase_start, negated)
                    && speaker.is_some() =>
            {
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
        if Rule::AskedOrConfirmed.on() {
            self.ask_or_confirm(cue, after, &speaker, negated);
        }
        let claimed =
            self.claims.last().is_some_and(|claim| claim.cue == cue && claim.sentence == self.sentence);
        if speaker.is_some()
            && (claimed || self.context.kind(self.end - 1) == Some(Kind::Colon) && unit.is(Traits::SPEECH))
        {
            self.last_speaker = speaker;
        }
        next
    }

    fn claim(&mut self, content: Range<usize>, form: Form, speaker: &Option<Phrase>, cue: usize) {
        let content = self.trimmed(content);
        if !content.is_empty() {
            self.claims.push(Claim { content, form, speaker: speaker.clone(), sentence: self.sentence, cue });
        }
    }
}
