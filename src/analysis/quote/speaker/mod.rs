//! Whom a speaker's phrase stands for: names, pronouns, roles, bodies.
//!
//! In: the article's mentions and entities, and phrases in the order of the text. Out: for each
//! an entity, words as written, or nothing. Holds who spoke last. Looks back a bounded number of
//! names for each phrase. Must not know verbs of saying.
//!
//! One cast of speakers answers every question: [`pronoun`], [`noun`] and [`body`] look at what [`roles`] read.

mod body;
mod noun;
mod pronoun;
mod roles;

pub(super) use pronoun::introduces_oneself;

use super::gender::{self, Gender};
use super::phrase::{Context, Head, Phrase};
use super::units::{self, Kind, Row};
use crate::annotation;
use crate::annotation::{Entity, EntityIndex, Mention};
use crate::language::Traits;
use crate::text::Span;

/// Who speaks, before it is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Entity(EntityIndex),
    Words(Span),
}

/// How far back (in names, roles) a phrase may reach.
const REACH: usize = 200;

/// A name in the running text, outside of marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub unit: usize,
    pub sentence: usize,
    pub entity: EntityIndex,
    pub place: Position,
    /// Whether it stands here for the first time.
    pub first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Subject,
    Other,
}

/// Somebody without a name who is what a sentence is about: `My mother had a rule.`, `The authors looked at`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    pub words: Span,
    pub unit: usize,
    pub sentence: usize,
    gender: Gender,
    number: Number,
}

/// A noun that the text gives a person or a body: `spokesperson Ned Price`, `Norrlinje, a ferry operator`.
#[derive(Clone, Copy, Debug)]
struct Role {
    word: Span,
    entity: EntityIndex,
    unit: usize,
    country: Option<EntityIndex>,
    body: Option<EntityIndex>,
}

#[derive(Clone, Copy, Debug)]
struct Spoke {
    who: Who,
    gender: Gender,
    number: Number,
    sentence: usize,
    /// The head noun of a description.
    noun: Option<Span>,
    manner: Manner,
}

/// What a speech says about who may answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Plain,
    Asked,
    /// `told her`: she is somebody else.
    Told(Gender),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    One,
    Many,
    /// A body or a paper, which is `it` and never `she`.
    Body,
}

/// What the article says about its people, and who has spoken so far.
pub(super) struct Cast<'a> {
    text: &'a str,
    entities: &'a [Entity],
    genders: Vec<Gender>,
    pub(super) counts: Vec<u32>,
    /// Sentences of which a person is the only one, with `he` and with `she`.
    votes: Vec<(u32, u32)>,
    /// By unit.
    pub(super) names: Vec<Named>,
    /// By unit.
    pub(super) described: Vec<Described>,
    roles: Vec<Role>,
    spoken: Vec<Spoke>,
    /// Whether the headline names an entity.
    pub(super) titled: Vec<bool>,
    /// By sentence.
    paragraphs: Vec<u32>,
}

impl<'a> Cast<'a> {
    /// Reads the running text of the body once.
    pub fn new(context: Context<'a>) -> Cast<'a> {
        let mut cast = Cast {
            text: context.row.text,
            entities: context.entities,
            genders: context
                .entities
                .iter()
                .map(|entity| match entity.kind {
                    annotation::Kind::Person => gender::of_name(&entity.name),
                    _ => Gender::Unknown,
                })
                .collect(),
            counts: vec![0; context.entities.len()],
            votes: vec![(0, 0); context.entities.len()],
            names: Vec::new(),
            described: Vec::new(),
            roles: Vec::new(),
            spoken: Vec::new(),
            titled: vec![false; context.entities.len()],
            paragraphs: paragraphs(context.row),
        };
        for mention in context.mentions.iter().take_while(|mention| mention.field == annotation::Field::Title)
        {
            if let Some(titled) = cast.titled.get_mut(mention.entity.0 as usize) {
                *titled = true;
            }
        }
        for (index, sentence) in context.row.sentences.iter().enumerate() {
            cast.read_sentence(context, index, &sentence.units);
        }
        cast
    }

    /// Whom `phrase`, in `sentence` of the text that `context` reads, stands for. A headline is
    /// read after the body: all of the body is before it. `cue` is the verb.
    pub fn resolve(&self, context: Context<'_>, phrase: &Phrase, cue: usize, spot: Spot) -> Option<Who> {
        match phrase.head {
            Head::Name(mention) => Some(Who::Entity(context.mentions.get(mention)?.entity)),
            Head::Pronoun(unit) => self.pronoun(context, unit, cue, spot),
            Head::Several => Some(Who::Words(context.row.span(&phrase.units))),
            Head::Noun(noun) => Some(self.noun(context, phrase, noun, cue, spot)),
        }
    }

    /// Records that `who` spoke with the verb `cue`, for the pronouns that follow.
    pub fn note(&mut self, context: Context<'_>, phrase: &Phrase, who: Who, cue: usize, sentence: usize) {
        let (gender, number) = match who {
            Who::Entity(entity) => (self.gender(entity), Number::One),
            Who::Words(_) => match phrase.head {
                Head::Several => (Gender::Unknown, Number::Many),
                Head::Noun(noun) | Head::Pronoun(noun) => {
                    let traits = context.unit(noun).map_or(Traits::default(), |unit| unit.traits);
                    let gender = match traits {
                        traits if traits.any(Traits::MALE) => Gender::Male,
                        traits if traits.any(Traits::FEMALE) => Gender::Female,
                        _ => Gender::Unknown,
                    };
                    let word = context.row.word(noun);
                    let many = traits.any(Traits::PLURAL)
                        || (word.ends_with('s')
                            && !word.ends_with("ss")
                            && !traits.any(Traits::ROLE.or(Traits::BODY)));
                    let body = !traits.any(Traits::ROLE) && !noun::is_agent(word);
                    let number = match (many, body) {
                        (true, _) => Number::Many,
                        (false, true) => Number::Body,
                        (false, false) => Number::One,
                    };
                    (gender, number)
                }
                Head::Name(_) => (Gender::Unknown, Number::One),
            },
        };
        let noun = match phrase.head {
            Head::Noun(noun) => context.unit(noun).map(|unit| unit.span),
            _ => None,
        };
        // Who was `she` once is no `he` later.
        if let (Head::Pronoun(unit), Who::Entity(entity)) = (phrase.head, who)
            && self.is_person(entity)
            && self.gender(entity) == Gender::Unknown
        {
            self.learn(entity, context.unit(unit).map_or(Traits::default(), |unit| unit.traits));
        }
        let manner = manner(context, cue);
        self.spoken.push(Spoke { who, gender, number, sentence, noun, manner });
    }

    pub(super) fn gender(&self, entity: EntityIndex) -> Gender {
        self.genders.get(entity.0 as usize).copied().unwrap_or_default()
    }

    fn kind(&self, entity: EntityIndex) -> Option<annotation::Kind> {
        self.entities.get(entity.0 as usize).map(|entity| entity.kind)
    }

    pub(super) fn paragraph(&self, sentence: usize) -> u32 {
        self.paragraphs.get(sentence).copied().unwrap_or_default()
    }

    /// By entity, whether the text gives it a role or a trade.
    pub(super) fn with_roles(&self) -> Vec<bool> {
        let mut with = vec![false; self.entities.len()];
        for role in &self.roles {
            if let Some(slot) = with.get_mut(role.entity.0 as usize) {
                *slot = true;
            }
        }
        with
    }

    fn is_person(&self, entity: EntityIndex) -> bool {
        self.kind(entity) == Some(annotation::Kind::Person)
    }
}

/// `asked`, `told her`.
fn manner(context: Context<'_>, cue: usize) -> Manner {
    if context.word_is(cue, Traits::ASKING) {
        return Manner::Asked;
    }
    let gender = if context.word_is(cue + 1, Traits::HIM) {
        Gender::Male
    } else if context.word_is(cue + 1, Traits::HER_OBJECT) {
        Gender::Female
    } else {
        return Manner::Plain;
    };
    // `told her sister`
    let alone = context.unit(cue + 2).is_none_or(|next| {
        next.kind != Kind::Word
            || next.is(Traits::THAT.or(Traits::PRONOUN).or(Traits::DETERMINER).or(Traits::POSSESSIVE))
            || next.is(Traits::PREPOSITION.or(Traits::QUESTION).or(Traits::TIME).or(Traits::ADVERB))
    });
    if alone && context.is(cue, Traits::TELL) { Manner::Told(gender) } else { Manner::Plain }
}

/// By sentence the paragraph that it stands in.
fn paragraphs(row: &Row<'_>) -> Vec<u32> {
    let mut paragraph = 0;
    let number = |sentence: &units::Sentence| {
        paragraph += u32::from(sentence.order == units::Order::Opens);
        paragraph
    };
    row.sentences.iter().map(number).collect()
}

/// Where a phrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Title,
    Body { sentence: usize },
}

/// Only for the composition: mentions of one field.
pub(super) fn of_field(mentions: &[Mention], field: annotation::Field) -> (usize, &[Mention]) {
    let start = mentions.partition_point(|mention| mention.field < field);
    let end = mentions.partition_point(|mention| mention.field <= field);
    (start, mentions.get(start..end).unwrap_or(&[]))
}
