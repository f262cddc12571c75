//! Which marked pieces are quotes, and who says those that no verb of saying claims.
//!
//! In: the pieces of a row, the claims and their speakers. Out: a [`Turn`] for each piece. Titles,
//! nicknames and scare quotes are no quotes; a piece that is a sentence of its own goes on with
//! the speech before it. Must not know how a speaker is named.

use super::attribution::{Claim, Form};
use super::marks::{Ending, Piece};
use super::phrase::{Context, Head};
use super::speaker::Who;
use super::units::{self, Case, Kind, Order, Unit};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::language::Traits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Words that somebody uttered.
    Said(Option<Who>),
    /// A title, a nickname, a scare quote.
    NotSaid,
}

/// One turn for each of `pieces`, in their order.
pub(super) fn assign(
    context: Context<'_>,
    pieces: &[Piece],
    claims: &[Claim],
    said: &[Option<Who>],
) -> Vec<Turn> {
    let owners = owners(context, pieces.len(), claims);
    let mut assigner = Assigner {
        context,
        pieces,
        claims,
        said,
        owners,
        turns: vec![Turn::NotSaid; pieces.len()],
        next_claim: 0,
        paragraph: Speech::default(),
        before: Speech::default(),
        two_before: Speech::default(),
    };
    assigner.run();
    assigner.turns
}

/// For each piece the claim with the shortest content that holds it.
pub(super) fn owners(context: Context<'_>, count: usize, claims: &[Claim]) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; count];
    for (index, claim) in claims.iter().enumerate() {
        for unit in claim.content.clone() {
            let Some(piece) = context.unit(unit).and_then(Unit::piece) else { continue };
            let Some(owner) = owners.get_mut(piece) else { continue };
            let shorter = owner.and_then(|known: usize| claims.get(known)).is_none_or(|known| {
                claim.content.len() <= known.content.len()
                    && (claim.speaker.is_some() || known.speaker.is_none())
                    || known.speaker.is_none()
            });
            if shorter {
                *owner = Some(index);
            }
        }
    }
    owners
}

/// What was said in one paragraph.
#[derive(Clone, Copy, Debug, Default)]
struct Speech {
    last: Option<Who>,
    /// Whether it begins with a marked piece.
    opens_marked: bool,
    ends_asking: bool,
    /// Whether it ends with a reported question: `asked whether`.
    asked: bool,
    runs_on: bool,
}

struct Assigner<'a> {
    context: Context<'a>,
    pieces: &'a [Piece],
    claims: &'a [Claim],
    said: &'a [Option<Who>],
    owners: Vec<Option<usize>>,
    turns: Vec<Turn>,
    next_claim: usize,
    paragraph: Speech,
    before: Speech,
    two_before: Speech,
}

/// Units (words, names, marks) of the longest sentence that is looked through as a whole.
const LONGEST_SENTENCE: usize = 400;

impl Assigner<'_> {
    fn run(&mut self) {
        for index in 0..self.context.row.sentences.len() {
            let Some(sentence) = self.context.row.sentences.get(index) else { break };
            if sentence.order == Order::Opens {
                self.two_before = self.before;
                self.before = std::mem::take(&mut self.paragraph);
                self.paragraph.opens_marked = self.is_piece(sentence.units.start);
            }
            for unit in sentence.units.clone() {
                if let Some(piece) = self.context.unit(unit).and_then(Unit::piece) {
                    self.piece(piece, unit, index);
                }
            }
            self.take_claims(index);
        }
        if Rule::LinkBackwards.on() {
            self.link_backwards();
        }
        if Rule::LinkFirst.on() {
            self.link_first();
        }
    }

    fn is_question(&self, cue: usize) -> bool {
        self.context.word_is(cue, Traits::ASKING)
    }

    fn is_piece(&self, unit: usize) -> bool {
        matches!(self.context.kind(unit), Some(Kind::Piece(_)))
    }

    /// The speaker of the sentence's last claim speaks on.
    fn take_claims(&mut self, sentence: usize) {
        while let Some(claim) = self.claims.get(self.next_claim).filter(|claim| claim.sentence <= sentence) {
            if let Some(who) = self.said.get(self.next_claim).copied().flatten()
                && claim.speaker.is_some()
                && claim.form != Form::Aside
            {
                self.paragraph.last = Some(who);
                // Of a question that is only reported (`asked whether`) the answer is somebody else's.
                if Rule::ReportedQuestion.on() && claim.content.is_empty() && self.is_question(claim.cue) {
                    self.paragraph.asked = true;
                    self.paragraph.ends_asking = true;
                }
            }
            self.next_claim += 1;
        }
    }

    fn piece(&mut self, piece: usize, unit: usize, sentence: usize) {
        let Some(marked) = self.pieces.get(piece) else { return };
        let owner = self.owners.get(piece).copied().flatten();
        let complete_after_colon = unit > 0
            && self.context.kind(unit - 1) == Some(Kind::Colon)
            && units::ends_sentence(self.context.row.text, marked);
        let owned = owner.and_then(|owner| Some((self.claims.get(owner)?, self.said.get(owner)?)));
        let turn = match owned {
            Some((claim, who)) if claim.form == Form::Aside => {
                let close = who.is_some() || self.paragraph.last.is_some();
                if self.is_fragment(unit, marked, if close { 2 } else { 3 }) || self.is_worded(unit, marked) {
                    Turn::Said(who.or(self.paragraph.last))
                } else if self.stands_alone(unit, sentence, marked) || complete_after_colon {
                    Turn::Said(self.continued(sentence, marked).or(*who))
                } else {
                    Turn::NotSaid
                }
            }
            _ => self.turn_of(owned, unit, sentence, marked, complete_after_colon),
        };
        if let Turn::Said(who) = turn {
            self.paragraph.last = who.or(self.paragraph.last);
            self.paragraph.asked = false;
            self.paragraph.runs_on = marked.ending == Ending::RunsOn;
            self.paragraph.ends_asking = marked
                .inner()
                .get(self.context.row.text)
                .is_some_and(|inner| inner.trim_end().ends_with('?'));
        }
        if let Some(slot) = self.turns.get_mut(piece) {
            *slot = turn;
        }
    }

    fn turn_of(
        &self,
        owned: Option<(&Claim, &Option<Who>)>,
        unit: usize,
        sentence: usize,
        marked: &Piece,
        complete_after_colon: bool,
    ) -> Turn {
        match owned {
            _ if Rule::Programmes.on() && self.is_programme(unit, marked) => Turn::NotSaid,
            // `called her "Miss Rome"` is an utterance, `locals call it "the Harp"` a name.
            Some((claim, _))
                if claim.form == Form::Object
                    && (self.context.is(claim.cue, Traits::PAST) || self.is_persons(claim)) =>
            {
                if self.is_named_so(unit, marked) {
                    Turn::NotSaid
                } else {
                    self.said_by(claim, owned, sentence, marked)
                }
            }
            // `What I read: "The Sand Reckoners", a history`
            Some((claim, _))
                if claim.form == Form::Pieces
                    && self.context.kind(claim.cue) == Some(Kind::Colon)
                    && !units::ends_sentence(self.context.row.text, marked)
                    && self.is_label(unit, marked) =>
            {
                Turn::NotSaid
            }
            Some((claim, _)) if claim.form != Form::Pieces && self.is_label(unit, marked) => Turn::NotSaid,
            Some((claim, _)) => self.said_by(claim, owned, sentence, marked),
            None if self.stands_alone(unit, sentence, marked) || complete_after_colon => {
                Turn::Said(self.continued(sentence, marked))
            }
            None if self.is_fragment(unit, marked, if self.paragraph.last.is_some() { 2 } else { 3 }) => {
                Turn::Said(self.paragraph.last)
            }
            None => Turn::NotSaid,
        }
    }

    fn said_by(
        &self,
        claim: &Claim,
        owned: Option<(&Claim, &Option<Who>)>,
        sentence: usize,
        marked: &Piece,
    ) -> Turn {
        match owned.and_then(|(_, who)| *who) {
            Some(who) => Turn::Said(Some(who)),
            None if self.is_first_person(claim) && claim.form == Form::Object => Turn::NotSaid,
            None if self.is_first_person(claim) || self.is_theirs(claim) => Turn::Said(None),
            None => Turn::Said(self.continued(sentence, marked)),
        }
    }

    /// A person who is named, or `he`, does it: `Price calls it "a farce"`.
    fn is_persons(&self, claim: &Claim) -> bool {
        claim.speaker.as_ref().is_some_and(|phrase| match phrase.head {
            Head::Pronoun(unit) => self.context.is(unit, Traits::MALE.or(Traits::FEMALE)),
            Head::Name(mention) => self.context.entity_kind(mention) == Some(annotation::Kind::Person),
            _ => false,
        })
    }

    /// `I say`, `we might call`: whoever writes, nobody in the article.
    fn is_first_person(&self, claim: &Claim) -> bool {
        claim.speaker.as_ref().is_some_and(|phrase| match phrase.head {
            Head::Pronoun(unit) => self.context.is(unit, Traits::FIRST),
            _ => false,
        })
    }

    /// `they say`: if it is not known who, it is no single person.
    fn is_theirs(&self, claim: &Claim) -> bool {
        claim.speaker.as_ref().is_some_and(|phrase| match phrase.head {
            Head::Pronoun(unit) => self.context.is(unit, Traits::PLURAL),
            _ => false,
        })
    }

    /// Whether the piece is a sentence of its own, or most of its paragraph.
    fn stands_alone(&self, unit: usize, sentence: usize, piece: &Piece) -> bool {
        if !Rule::StandsAlone.on() {
            return false;
        }
        if piece.ending == Ending::RunsOn {
            return true;
        }
        let Some(sentence) = self.context.row.sentences.get(sentence) else { return false };
        let text = self.context.row.text;
        let inner = piece.inner().get(text).unwrap_or("").trim();
        // A sentence of so many units is nobody's speech, and each of its pieces would look at all of it.
        let alone = sentence.units.len() <= LONGEST_SENTENCE
            && sentence.units.clone().all(|index| {
                self.is_piece(index)
                    || self.context.unit(index).is_some_and(|unit| {
                        !matches!(unit.kind, Kind::Word | Kind::Name(_) | Kind::Number)
                            || unit.is(Traits::AND)
                    })
            });
        let several = inner.split_whitespace().take(3).count();
        let complete = units::ends_sentence(text, piece) || inner.ends_with([',', '-', '—']);
        if alone {
            return several >= 2 || complete;
        }
        let opens = unit == sentence.units.start;
        opens && complete && several >= 3 && inner.starts_with(char::is_uppercase)
    }

    /// Some words in lower case that stand for themselves, not before a noun (`a "smart home" system`):
    /// of all words in marks in PolNeAR's news 93 of 100 are somebody's.
    fn is_fragment(&self, unit: usize, piece: &Piece, least: usize) -> bool {
        let inner = piece.inner().get(self.context.row.text).unwrap_or("").trim();
        let words = inner.split_whitespace().take(5).count();
        let before_noun = self.context.unit(unit + 1).is_some_and(|next| {
            next.name().is_some()
                || next.kind == Kind::Word && next.traits.is_unknown() && next.case == Case::Lower
        });
        Rule::Fragments.on()
            && words >= least
            && inner.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
            && (words >= 4 || !before_noun)
            && !self.is_label(unit, piece)
    }

    /// The speaker of a piece that is no verb's content.
    fn continued(&self, sentence: usize, marked: &Piece) -> Option<Who> {
        if self.paragraph.last.is_some() && self.paragraph.asked {
            return self.before.last.filter(|who| self.paragraph.last != Some(*who));
        }
        if self.paragraph.last.is_some() {
            return self.paragraph.last;
        }
        if let Some(ahead) = self.ahead_in_paragraph(sentence).filter(|_| Rule::AheadInParagraph.on()) {
            return Some(ahead);
        }
        if self.takes_turn(marked) || self.addresses(marked, self.before.last) {
            return self.two_before.last.filter(|who| !self.addresses(marked, Some(*who)));
        }
        if self.before.runs_on {
            return self.before.last;
        }
        self.before.last.or(self.two_before.last)
    }

    /// Whether the marked words speak to or of somebody by name, who then is not the one that speaks.
    fn addresses(&self, marked: &Piece, who: Option<Who>) -> bool {
        let Some(Who::Entity(entity)) = who else { return false };
        let Some(name) = self.context.entities.get(entity.0 as usize) else { return false };
        let surname = name.name.rsplit(' ').next().unwrap_or("");
        let inner = marked.inner().get(self.context.row.text).unwrap_or("");
        let vocative = |at: usize| {
            let (before, after) =
                (inner.get(..at).unwrap_or(""), inner.get(at + surname.len()..).unwrap_or(""));
            let opens = before.trim_end().is_empty()
                || before.contains(", ") && before.len() - before.rfind(", ").unwrap_or(0) < 8;
            opens && after.starts_with(['?', ',', '!', '.'])
        };
        Rule::Addresses.on()
            && name.kind == annotation::Kind::Person
            && surname.len() > 2
            && inner.len() < 400
            && inner.match_indices(surname).take(4).any(|(at, _)| vocative(at))
    }

    /// In a dialogue, marked paragraph by marked paragraph, an answer or a further question is the
    /// other one's.
    fn takes_turn(&self, marked: &Piece) -> bool {
        let opened = self.two_before.opens_marked || self.two_before.ends_asking;
        let dialogue = self.before.opens_marked && opened && self.paragraph.opens_marked;
        let others = self.two_before.last.is_some() && self.two_before.last != self.before.last;
        let asks =
            marked.inner().get(self.context.row.text).is_some_and(|inner| inner.trim_end().ends_with('?'));
        Rule::TakesTurn.on()
            && dialogue
            && others
            && !self.before.runs_on
            && (self.before.ends_asking || asks && self.two_before.ends_asking)
    }

    /// Who is said to speak in the next sentences of the paragraph.
    fn ahead_in_paragraph(&self, sentence: usize) -> Option<Who> {
        for index in self.next_claim..self.claims.len().min(self.next_claim + 8) {
            let claim = self.claims.get(index)?;
            if claim.sentence > sentence + 3 {
                return None;
            }
            let opened = (sentence + 1..=claim.sentence).any(|between| {
                self.context.row.sentences.get(between).is_some_and(|known| known.order == Order::Opens)
            });
            if opened {
                return None;
            }
            let marked = claim.content.clone().any(|unit| self.is_piece(unit));
            if let (Some(who), true) =
                (self.said.get(index).copied().flatten(), marked && claim.form == Form::Pieces)
            {
                return Some(who);
            }
        }
        None
    }

    /// What nobody before can have said is the next speaker's.
    fn link_first(&mut self) {
        let mut next = None;
        for index in (0..self.turns.len()).rev() {
            match self.turns.get(index).copied() {
                Some(Turn::Said(Some(who))) => next = Some((who, index)),
                Some(Turn::Said(None)) => {
                    let addressed = next.is_some_and(|(who, _)| {
                        self.pieces.get(index).is_some_and(|piece| self.addresses(piece, Some(who)))
                    });
                    let unclaimed = self.owners.get(index).copied().flatten().is_none() && !addressed;
                    if let (Some((who, _)), true, Some(slot)) =
                        (next.filter(|(_, at)| at - index <= 2), unclaimed, self.turns.get_mut(index))
                    {
                        *slot = Turn::Said(Some(who));
                    }
                }
                _ => {}
            }
        }
    }

    /// Of a speech over paragraphs that is attributed at its end, the pieces before are the same speaker's.
    fn link_backwards(&mut self) {
        for index in (1..self.pieces.len()).rev() {
            let runs = self.pieces.get(index - 1).is_some_and(|piece| piece.ending == Ending::RunsOn);
            if let (true, Some(Turn::Said(Some(who)))) = (runs, self.turns.get(index).copied())
                && self.owners.get(index - 1).copied().flatten().is_none()
                && let Some(slot) = self.turns.get_mut(index - 1)
            {
                *slot = Turn::Said(Some(who));
            }
        }
    }

    /// `on "Face the Nation," Price said`: a title that took the sentence's comma into its marks.
    fn is_programme(&self, unit: usize, piece: &Piece) -> bool {
        let Some(previous) = unit.checked_sub(1) else { return false };
        let within = self.context.is(previous, Traits::PREPOSITION.or(Traits::LABEL))
            || self.context.kind(previous) == Some(Kind::Genitive);
        let inner = piece.inner().get(self.context.row.text).unwrap_or("");
        // `a goal of "Peace Through Strength."` is a slogan.
        if self.context.word_is(previous, Traits::OF) && inner.ends_with('.') {
            return false;
        }
        let inner = inner.trim_end_matches([',', '.', ' ']);
        let mut words = inner.split_whitespace();
        let capitals = words.clone().filter(|word| word.starts_with(char::is_uppercase)).count();
        within
            && inner.len() < 60
            && (2..=6).contains(&words.clone().count())
            && capitals >= 2
            && words.all(|word| {
                word.len() <= 3 || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            })
    }

    /// What the words around call by a name in marks, or a name by its own capitals.
    fn is_label(&self, unit: usize, piece: &Piece) -> bool {
        let inner = piece.inner().get(self.context.row.text).unwrap_or("").trim();
        let sentence_like = inner.ends_with(['.', '?', '!', ',', '…']);
        let mut words =
            inner.split_whitespace().filter(|word| word.len() > 3 || word.starts_with(char::is_uppercase));
        // A title opens with a capital, behind its article at most; speech with small words need not be one.
        let article = inner.split_once(' ').filter(|(article, _)| {
            let articles = Traits::THE.or(Traits::INDEFINITE);
            article.starts_with(char::is_lowercase) && self.context.row.language.traits(article).any(articles)
        });
        let opening = article.map_or(inner, |(_, rest)| rest);
        let title_case = !sentence_like
            && !opening.starts_with(char::is_lowercase)
            && words.clone().count() > 0
            && words.all(|word| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()))
            && inner.contains(char::is_uppercase);
        Rule::Labels.on() && (title_case || self.is_named_so(unit, piece))
    }

    /// `has used the phrase "red line"`
    fn is_worded(&self, unit: usize, piece: &Piece) -> bool {
        let inner = piece.inner().get(self.context.row.text).unwrap_or("").trim();
        Rule::Wordings.on()
            && unit > 0
            && self.context.is(unit - 1, Traits::LABEL)
            && self.is_wording(unit - 1, inner)
    }

    /// `used the phrase "red line"`, `the words "I can't breathe,"`: what somebody says, not what a thing is called.
    fn is_wording(&self, label: usize, inner: &str) -> bool {
        let context = self.context;
        let used = (label.saturating_sub(3)..label).any(|index| context.word_is(index, Traits::WORDING_VERB));
        let sentence = inner.ends_with([',', '.', '?', '!']) && inner.split_whitespace().count() > 2;
        context.word_is(label, Traits::WORDING) && used || context.word_is(label, Traits::WORDS) && sentence
    }

    /// A title, a nickname, a word as a word: what the words around call by a name in marks.
    fn is_named_so(&self, unit: usize, piece: &Piece) -> bool {
        let context = self.context;
        let inner = piece.inner().get(context.row.text).unwrap_or("").trim();
        let previous = unit.checked_sub(1);
        let labelled = previous.is_some_and(|previous| {
            context.is(previous, Traits::LABEL)
                && !context.is(previous, Traits::ACT)
                && !self.is_wording(previous, inner)
        });
        let so_called = previous.is_some_and(|previous| {
            context.word_is(previous, Traits::SO_CALLED)
                || context.word_is(previous, Traits::CALLED)
                    && previous > 0
                    && context.word_is(previous - 1, Traits::SO)
        });
        let known_as = previous.is_some_and(|previous| {
            context.word_is(previous, Traits::AS)
                && previous > 0
                && context.word_is(previous - 1, Traits::KNOWN)
        });
        let capital = |unit: Option<usize>| {
            unit.and_then(|unit| context.unit(unit)).is_some_and(|unit| {
                unit.name().is_some() || unit.kind == Kind::Word && unit.case == Case::Capital
            })
        };
        let nickname = capital(previous) && capital(Some(unit + 1)) && inner.split_whitespace().count() <= 3;
        let sentence_like = inner.ends_with(['.', '?', '!', ',', '…']);
        let programme = context.is(unit + 1, Traits::LABEL)
            && inner.len() < 40
            && inner.starts_with(char::is_uppercase)
            && !sentence_like;
        // `anyone who calls it "the new oil"`
        let anybody = (unit.saturating_sub(6)..unit).find(|index| context.word_is(*index, Traits::ANYBODY));
        let anybodys = anybody.is_some_and(|from| (from..unit).any(|index| context.is(index, Traits::ACT)));
        labelled || programme || so_called || known_as || nickname || anybodys
    }
}
