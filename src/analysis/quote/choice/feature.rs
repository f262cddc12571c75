//! What speaks for and against each candidate.
//!
//! In: a piece and its candidates. Out: a [`Sheet`]: for each candidate hashed features, which are true or not, and
//! [`NUMBERS`] numbers. The training runs this very code. Must not know what a feature is worth.
//!
//! The file has over 600 lines because the order of the features is what the stored weights rely on: they are added in one
//! place, one group after the other.

use super::candidate::{Part, Side, Slot, is_name};
use super::{Item, Scene, Sheet, Target};
use crate::analysis::quote::attribution::Form;
use crate::analysis::quote::gender::Gender;
use crate::analysis::quote::phrase::Head;
use crate::analysis::quote::speaker::{Named, Position, Who};
use crate::analysis::quote::turns::Turn;
use crate::analysis::quote::units::{Case, Kind, Order, Unit};
use crate::annotation::{self, EntityIndex};
use crate::language::Traits;

/// Features of one sort, left out together in an ablation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The rules' own answer.
    Rules,
    /// The verbs of saying around, with their subjects as the rules read them.
    Claims,
    /// Words beside the nearest names; verbs that no rule has read.
    Grammar,
    /// Where the nearest names stand.
    Position,
    /// What is known of the candidate in the whole article.
    Entity,
    /// Whether the marked words name the candidate.
    Inside,
    /// Pronouns against the candidate's gender.
    Gender,
    /// To whom the rules give the pieces before and behind.
    Turns,
    /// The marked words themselves and those beside them.
    Quote,
}

/// Every group with its name.
#[cfg(feature = "train")]
pub const GROUPS: [(Group, &str); 9] = [
    (Group::Rules, "the rules' answer"),
    (Group::Claims, "verbs of saying with their subjects"),
    (Group::Grammar, "words beside the names"),
    (Group::Position, "where the names stand"),
    (Group::Entity, "the candidate in the article"),
    (Group::Inside, "named in the quote"),
    (Group::Gender, "pronouns and gender"),
    (Group::Turns, "the quotes before and behind"),
    (Group::Quote, "the quote itself"),
];

/// Numbers of each candidate, before those of the neighbours.
pub const NUMBERS: usize = 36;
/// Those that are the piece's own, at the end.
const OF_QUOTE: usize = 11;

/// Collects the features of one candidate.
struct Bag<'b> {
    sheet: &'b mut Sheet,
    group: Group,
}

impl Bag<'_> {
    fn add(&mut self, template: u32, values: &[u32]) {
        let mut hash = template.wrapping_mul(0x9E37_79B1) ^ 0x5bd1_e995;
        for value in values {
            hash = (hash ^ value).wrapping_mul(0x0100_0193).rotate_left(13).wrapping_mul(0x85EB_CA6B);
        }
        hash ^= hash >> 15;
        self.sheet.features.push(hash.wrapping_mul(0xC2B2_AE35) >> 7);
        #[cfg(feature = "train")]
        self.sheet.groups.push(self.group);
    }
}

/// What is true of the piece, whoever says it.
struct Sketch {
    unit: usize,
    sentence: usize,
    paragraph: u32,
    words: u32,
    capital: bool,
    ending: u32,
    before: u32,
    after: u32,
    before_word: u32,
    after_word: u32,
    first_word: u32,
    alone: u32,
    mark: u32,
    first_person: bool,
    titles: bool,
    again: bool,
    /// The verbs of saying of its sentence: none, before, behind, both.
    cues: u32,
    /// The rules' answer: no quote, no speaker, a description, an entity.
    state: u32,
    form: u32,
    head: u32,
    verb: u32,
    distance: u32,
    gender: Gender,
    /// The noun that the subject of its verb is.
    noun: Option<usize>,
    /// Who bears the role of that name.
    bearers: Vec<EntityIndex>,
    /// A colon ends the sentence before.
    announced: bool,
    fellows: u32,
    /// The piece before ends with a question mark.
    answers: bool,
    /// The pieces before and behind.
    previous: Option<usize>,
    next: Option<usize>,
}

fn bucket(distance: usize) -> u32 {
    match distance {
        0..=3 => distance as u32,
        4..=5 => 4,
        6..=8 => 5,
        9..=13 => 6,
        14..=20 => 7,
        21..=35 => 8,
        36..=60 => 9,
        61..=120 => 10,
        _ => 11,
    }
}

fn word_hash(word: &str) -> u32 {
    let mut hash = 0x811C_9DC5u32;
    for byte in word.bytes().take(16) {
        hash = (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193);
    }
    hash
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(super) fn sheet(&self, item: Item) -> Sheet {
        let slots = self.candidates(item);
        let sketch = self.sketch(item);
        let mut sheet = Sheet {
            target: item.target,
            sentence: item.sentence,
            goes_on: self.goes_on(item),
            parts: Vec::with_capacity(slots.len() + 2),
            features: Vec::with_capacity(slots.len() * 48 + 64),
            ends: Vec::with_capacity(slots.len() + 2),
            numbers: Vec::with_capacity((slots.len() + 2) * NUMBERS),
            #[cfg(feature = "train")]
            groups: Vec::new(),
        };
        for slot in &slots {
            self.describe(item, &sketch, slot, &mut sheet);
            sheet.parts.push(Part::Who(slot.who));
            sheet.ends.push(sheet.features.len());
        }
        for (part, class) in [(Part::Nobody, 8), (Part::Somebody, 9)] {
            let mut bag = Bag { sheet: &mut sheet, group: Group::Quote };
            bag.add(1, &[class]);
            about_quote(&sketch, class, &mut bag);
            bag.group = Group::Rules;
            bag.add(2, &[class, sketch.state]);
            bag.add(3, &[class, sketch.state, sketch.form, sketch.head]);
            bag.add(4, &[class, slots.len() as u32]);
            sheet.numbers.push(class as i16);
            let own = [sketch.state * 3, sketch.form, sketch.head].map(|value| value as i16);
            sheet.numbers.extend(own);
            sheet.numbers.extend([-1; NUMBERS - OF_QUOTE - 4]);
            sheet.numbers.extend(quote_numbers(&sketch));
            sheet.parts.push(part);
            sheet.ends.push(sheet.features.len());
        }
        sheet
    }

    /// The class of a candidate: person, body, country, place; by its head noun a role, several, a body, a text, else.
    fn class(&self, who: Who) -> u32 {
        match who {
            Who::Entity(entity) => match self.context.entities.get(entity.0 as usize).map(|one| one.kind) {
                Some(annotation::Kind::Person) => 0,
                Some(annotation::Kind::Org) => 1,
                Some(annotation::Kind::Country) => 2,
                _ => 3,
            },
            Who::Words(_) => 4,
        }
    }

    fn sketch(&self, item: Item) -> Sketch {
        let Item { owner, unit, sentence, .. } = item;
        let context = self.context;
        let row = context.row;
        let marked = item.piece().and_then(|piece| self.pieces.get(piece));
        let owner = owner.and_then(|owner| self.claims.get(owner));
        let inner = match item.target {
            Target::Piece(_) => marked.and_then(|piece| piece.inner().get(row.text)),
            Target::Clause(_) => owner.and_then(|claim| row.span(&claim.content).get(row.text)),
        };
        let inner = inner.unwrap_or_default().trim();
        let ending = match inner.as_bytes().last() {
            Some(b',') => 1,
            Some(b'.') => 2,
            Some(b'?') => 3,
            Some(b'!') => 4,
            Some(b':' | b';' | b'-') => 5,
            Some(byte) if byte.is_ascii_alphanumeric() => 0,
            _ => 6,
        };
        let mut words = inner.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        let count = inner.split_ascii_whitespace().take(60).count();
        let first_person = inner.split(|c: char| !c.is_ascii_alphabetic()).take(60).any(|word| {
            matches!(word, "I" | "we" | "We" | "my" | "My" | "our" | "Our" | "me" | "us" | "you" | "You")
        });
        let titles = count > 0
            && inner
                .split_ascii_whitespace()
                .take(12)
                .filter(|word| word.len() > 3)
                .all(|word| word.starts_with(char::is_uppercase));
        let units = row.sentences.get(sentence).map_or(unit..unit + 1, |sentence| sentence.units.clone());
        let opens = row.sentences.get(sentence).is_some_and(|one| one.order == Order::Opens);
        let closes = row.sentences.get(sentence + 1).is_none_or(|one| one.order == Order::Opens);
        let worded = |unit: &usize| {
            context.unit(*unit).is_some_and(|unit| matches!(unit.kind, Kind::Word | Kind::Name(_)))
        };
        let wordless = !units.clone().take(60).any(|unit| worded(&unit));
        let alone = match (wordless, unit == units.start) {
            _ if marked.is_none() => 7,
            (true, _) if opens && closes => 0,
            (true, _) if opens => 1,
            (true, _) => 2,
            (false, true) if opens => 3,
            (false, true) => 4,
            (false, false) if unit + 2 >= units.end => 5,
            (false, false) => 6,
        };
        let saying = |range: std::ops::Range<usize>| {
            range.into_iter().any(|unit| super::candidate::is_saying(context, unit))
        };
        let cues = u32::from(saying(units.start.max(unit.saturating_sub(60))..unit))
            + 2 * u32::from(saying(unit + 1..units.end.min(unit + 60)));
        let head = owner.map_or(0, |owner| self.head_of(owner.speaker.as_ref().map(|phrase| phrase.head)));
        let pronoun = owner.and_then(|owner| match owner.speaker.as_ref()?.head {
            Head::Pronoun(unit) => Some(unit),
            _ => None,
        });
        let pronoun = pronoun.or_else(|| {
            // A pronoun beside an unread verb of the sentence.
            let near = units.start.max(unit.saturating_sub(12))..units.end.min(unit + 8);
            near.into_iter().find(|index| {
                context.is(*index, Traits::PRONOUN)
                    && (super::candidate::is_saying(context, index + 1)
                        || index
                            .checked_sub(1)
                            .is_some_and(|before| super::candidate::is_saying(context, before)))
            })
        });
        let noun = owner.and_then(|owner| match owner.speaker.as_ref()?.head {
            Head::Noun(noun) => Some(noun),
            _ => None,
        });
        let gender = match pronoun.or(noun).and_then(|unit| context.unit(unit)).map(|unit| unit.traits) {
            Some(traits) if traits.any(Traits::MALE) => Gender::Male,
            Some(traits) if traits.any(Traits::FEMALE) => Gender::Female,
            _ => Gender::Unknown,
        };
        let paragraph = self.cast.paragraph(sentence);
        let near = self.units.partition_point(|other| *other + 200 < unit);
        let fellows = self.units.get(near..).unwrap_or(&[]).iter().take_while(|other| **other < unit + 200);
        let same_text = |other: &usize| {
            *other != unit
                && context
                    .unit(*other)
                    .and_then(Unit::piece)
                    .and_then(|other| self.pieces.get(other))
                    .and_then(|other| other.inner().get(row.text))
                    .is_some_and(|other| {
                        other.trim_matches(|c: char| !c.is_alphanumeric())
                            == inner.trim_matches(|c: char| !c.is_alphanumeric())
                    })
        };
        let again = marked.is_some() && inner.len() < 60 && self.units.iter().take(60).any(same_text);
        let before = if unit == units.start { None } else { unit.checked_sub(1) };
        let (previous, next) = match item.target {
            Target::Piece(piece) => (piece.checked_sub(1), Some(piece + 1)),
            Target::Clause(_) => {
                let at = self.units.partition_point(|other| *other < unit);
                let piece = |at: Option<usize>| context.unit(*self.units.get(at?)?)?.piece();
                (piece(at.checked_sub(1)), piece(Some(at)))
            }
        };
        Sketch {
            previous,
            next,
            unit,
            sentence,
            paragraph,
            words: match count {
                0..=6 => count as u32,
                7..=9 => 7,
                10..=14 => 8,
                15..=24 => 9,
                _ => 10,
            },
            capital: inner.starts_with(char::is_uppercase),
            ending,
            before: before.map_or(30, |before| self.sort_of(before)),
            after: if unit + 1 < units.end { self.sort_of(unit + 1) } else { 30 },
            before_word: before.map_or(0, |before| self.small_word(before)),
            after_word: if unit + 1 < units.end { self.small_word(unit + 1) } else { 0 },
            first_word: word_hash(first),
            alone,
            mark: match marked.and_then(|piece| row.text.get(piece.span.start as usize..)) {
                Some(text) if text.starts_with(['"', '“', '”', '„']) => 0,
                Some(text) if text.starts_with(['\'', '‘', '’', '`']) => 1,
                Some(_) => 2,
                None => 3,
            },
            first_person,
            titles,
            again,
            cues,
            state: match self.turn(item) {
                Turn::Said(Some(Who::Entity(_))) => 3,
                Turn::Said(Some(Who::Words(_))) => 2,
                Turn::Said(None) => 1,
                Turn::NotSaid => 0,
            },
            form: owner.map_or(0, |owner| match owner.form {
                Form::Pieces => 1,
                Form::Clause => 2,
                Form::Aside => 3,
                Form::Object => 4,
            }),
            head,
            verb: owner.map_or(0, |owner| self.verb_of(owner.cue)),
            distance: owner.map_or(20, |owner| {
                let side = if owner.cue < unit { 0 } else { 12 };
                side + bucket(owner.cue.abs_diff(unit)).min(9)
            }),
            gender,
            noun,
            bearers: noun.map_or(Vec::new(), |noun| self.cast.bearers(context, noun)),
            announced: sentence
                .checked_sub(1)
                .and_then(|before| row.sentences.get(before))
                .and_then(|before| context.kind(before.units.end.wrapping_sub(1)))
                == Some(Kind::Colon),
            fellows: bucket(fellows.count()),
            answers: item
                .piece()
                .and_then(|piece| piece.checked_sub(1))
                .and_then(|before| self.pieces.get(before))
                .and_then(|before| before.inner().get(row.text))
                .is_some_and(|words| words.trim_end().ends_with('?')),
        }
    }

    fn head_of(&self, head: Option<Head>) -> u32 {
        let context = self.context;
        match head {
            None => 1,
            Some(Head::Name(mention)) => match context.entity_kind(mention) {
                Some(annotation::Kind::Person) => 2,
                Some(annotation::Kind::Org) => 3,
                _ => 4,
            },
            Some(Head::Several) => 5,
            Some(Head::Pronoun(unit)) => match context.unit(unit).map(|unit| unit.traits) {
                Some(traits) if traits.any(Traits::FIRST) => 6,
                Some(traits) if traits.any(Traits::MALE) => 7,
                Some(traits) if traits.any(Traits::FEMALE) => 8,
                Some(traits) if traits.any(Traits::PLURAL) => 9,
                _ => 10,
            },
            Some(Head::Noun(unit)) => match context.unit(unit).map(|unit| unit.traits) {
                Some(traits) if traits.any(Traits::PLURAL) => 11,
                Some(traits) if traits.any(Traits::ROLE) => 12,
                Some(traits) if traits.any(Traits::UTTERANCE) => 13,
                Some(traits) if traits.any(Traits::BODY) => 14,
                _ => 15,
            },
        }
    }

    fn verb_of(&self, unit: usize) -> u32 {
        let Some(traits) = self.context.unit(unit).map(|unit| unit.traits) else { return 0 };
        let class = match traits {
            traits if traits.any(Traits::SAY) => 1,
            traits if traits.any(Traits::REPORT) => 2,
            traits if traits.any(Traits::ASK) => 3,
            traits if traits.any(Traits::CHARACTERIZE) => 4,
            traits if traits.any(Traits::ACT) => 5,
            _ if self.context.word_is(unit, Traits::ACCORDING) => 6,
            _ => 0,
        };
        let form = match traits {
            traits if traits.any(Traits::PAST) => 1,
            traits if traits.any(Traits::PRESENT) => 2,
            traits if traits.any(Traits::ING) => 3,
            _ => 0,
        };
        class * 4 + form
    }

    /// What sort of word or mark a unit is.
    fn sort_of(&self, unit: usize) -> u32 {
        let context = self.context;
        let Some(unit) = context.unit(unit) else { return 30 };
        match unit.kind {
            Kind::Name(mention) => match context.entity_kind(mention as usize) {
                Some(annotation::Kind::Person) => 1,
                Some(annotation::Kind::Org) => 2,
                _ => 3,
            },
            Kind::Number => 4,
            Kind::Piece(_) => 5,
            Kind::Comma => 6,
            Kind::Colon => 7,
            Kind::Semicolon | Kind::Dash => 8,
            Kind::Stop => 9,
            Kind::Bracket => 10,
            Kind::Genitive => 11,
            Kind::Other => 12,
            Kind::Word => match unit.traits {
                traits if traits.any(Traits::LABEL) => 13,
                traits if traits.any(Traits::THAT) => 14,
                traits if traits.any(Traits::CUE) && traits.any(Traits::PAST.or(Traits::PRESENT)) => 15,
                traits if traits.any(Traits::CUE) => 16,
                traits if traits.any(Traits::BE) => 17,
                traits if traits.any(Traits::THE) => 18,
                traits if traits.any(Traits::INDEFINITE) => 19,
                traits if traits.any(Traits::POSSESSIVE) => 20,
                traits if traits.any(Traits::PRONOUN) => 21,
                traits if traits.any(Traits::AND) => 22,
                traits if traits.any(Traits::TO) => 23,
                traits if traits.any(Traits::PREPOSITION) => 24,
                traits if traits.any(Traits::RELATIVE.or(Traits::SUBORDINATE)) => 25,
                traits if traits.any(Traits::ROLE.or(Traits::BODY)) => 26,
                traits if traits.any(Traits::FINITE.or(Traits::AUXILIARY)) => 27,
                traits if traits.any(Traits::ADVERB) => 28,
                _ if unit.case == Case::Capital => 29,
                _ => 31,
            },
        }
    }

    fn small_word(&self, unit: usize) -> u32 {
        match self.context.kind(unit) {
            Some(Kind::Word) => word_hash(self.context.row.word(unit)),
            _ => 0,
        }
    }

    fn describe(&self, item: Item, sketch: &Sketch, slot: &Slot<'_>, sheet: &mut Sheet) {
        let class = self.class(slot.who);
        let rule = match self.turn(item) {
            Turn::Said(Some(who)) if who == slot.who => 2,
            Turn::Said(Some(_)) => 1,
            _ => 0,
        };
        let owner = item.owner;
        let owns = owner.is_some_and(|owner| self.said.get(owner) == Some(&Some(slot.who)));
        let mut bag = Bag { sheet, group: Group::Rules };
        bag.add(10, &[class, rule, sketch.state]);
        bag.add(11, &[rule, sketch.form, sketch.head]);
        bag.add(12, &[rule, sketch.form, sketch.alone]);
        if rule == 2 {
            bag.add(13, &[class, sketch.form, sketch.head, sketch.verb]);
            bag.add(14, &[sketch.form, sketch.distance]);
        }
        bag.group = Group::Claims;
        self.about_claims(sketch, slot, (class, owns), &mut bag);
        bag.group = Group::Position;
        let numbers = self.about_position(sketch, slot, class, &mut bag);
        bag.group = Group::Entity;
        let (mentions, titled, speaks, single, role) = self.about_entity(slot, class, &mut bag);
        let bears = self.bears(sketch, slot.who);
        if bears > 0 {
            bag.add(88, &[class, bears]);
            bag.add(89, &[bears, rule, u32::from(owns)]);
        }
        bag.group = Group::Inside;
        if slot.inside {
            bag.add(50, &[class]);
        }
        let (own, gender) = match slot.who {
            Who::Entity(entity) if class == 0 => (self.cast.gender(entity), sketch.gender),
            _ => (Gender::Unknown, sketch.gender),
        };
        let agrees = match (own, gender) {
            (_, Gender::Unknown) => 0,
            (Gender::Unknown, _) => 1 + u32::from(class != 0),
            (own, wanted) if own == wanted => 3,
            _ => 4,
        };
        bag.group = Group::Gender;
        bag.add(60, &[agrees, class]);
        bag.add(61, &[agrees, sketch.head, rule]);
        bag.group = Group::Turns;
        let neighbour = |other: Option<usize>| {
            let other = other?;
            let (_, sentence) = (*self.spots.get(other)?)?;
            let apart = self.cast.paragraph(sentence).abs_diff(sketch.paragraph).min(2);
            let state = match self.turns.get(other)? {
                Turn::Said(Some(who)) if *who == slot.who => 3,
                Turn::Said(Some(_)) => 2,
                Turn::Said(None) => 1,
                Turn::NotSaid => 0,
            };
            Some((state, apart))
        };
        let code = |(state, apart): (u32, u32)| state * 3 + apart;
        let previous = neighbour(sketch.previous).map_or(12, code);
        let next = neighbour(sketch.next).map_or(12, code);
        bag.add(70, &[previous, sketch.form]);
        bag.add(71, &[next, sketch.form]);
        bag.add(72, &[previous, next, rule]);
        bag.add(73, &[previous, u32::from(sketch.answers), sketch.alone, rule, u32::from(owner.is_some())]);
        bag.group = Group::Quote;
        about_quote(sketch, class.min(5), &mut bag);
        let own = [
            class as i16,
            sketch.state as i16 * 3 + rule as i16,
            sketch.form as i16,
            sketch.head as i16,
            i16::from(owns),
            sketch.distance as i16,
        ];
        let rest = [
            mentions as i16,
            i16::from(titled),
            speaks as i16,
            i16::from(single),
            i16::from(role),
            i16::from(slot.inside),
            agrees as i16,
            previous as i16,
            next as i16,
            bears as i16,
        ];
        sheet.numbers.extend(own);
        sheet.numbers.extend(numbers);
        sheet.numbers.extend(rest);
        sheet.numbers.extend(quote_numbers(sketch));
    }

    fn about_claims(&self, sketch: &Sketch, slot: &Slot<'_>, (class, owns): (u32, bool), bag: &mut Bag<'_>) {
        let context = self.context;
        if owns {
            bag.add(20, &[sketch.form, sketch.head]);
            bag.add(21, &[sketch.form, sketch.verb]);
            bag.add(22, &[sketch.form, sketch.distance]);
            bag.add(23, &[class, sketch.head]);
        } else {
            bag.add(24, &[class, sketch.form, sketch.head]);
        }
        let sides = [(slot.claim_before, 0), (slot.claim_after, 1)];
        for (claim, side) in sides {
            let Some((index, rank)) = claim else {
                bag.add(25, &[side, u32::from(sketch.form > 0)]);
                continue;
            };
            let Some(claim) = self.claims.get(index) else { continue };
            let apart = claim.sentence.abs_diff(sketch.sentence).min(4) as u32;
            let paragraphs = self.cast.paragraph(claim.sentence).abs_diff(sketch.paragraph).min(3);
            let head = self.head_of(claim.speaker.as_ref().map(|phrase| phrase.head));
            let pieces = self.pieces_between(claim.cue, sketch.unit).min(3) as u32;
            let rank = u32::from(rank);
            let form = match claim.form {
                Form::Pieces => 1,
                Form::Clause => 2,
                Form::Aside => 3,
                Form::Object => 4,
            };
            bag.add(26, &[side, rank, apart, paragraphs]);
            bag.add(27, &[side, rank, paragraphs, pieces]);
            bag.add(28, &[side, rank, head, apart.min(2)]);
            bag.add(29, &[side, rank, sketch.alone, apart.min(2), u32::from(sketch.form > 0)]);
            if apart == 0 {
                bag.add(30, &[side, rank, bucket(claim.cue.abs_diff(sketch.unit)), pieces]);
                bag.add(31, &[side, rank, self.verb_of(claim.cue), form]);
            }
        }
        if let Some((cue, side)) = slot.probe {
            bag.group = Group::Grammar;
            let behind = u32::from(cue > sketch.unit);
            let side = u32::from(side == Side::After);
            let here = u32::from(
                context.row.sentences.get(sketch.sentence).is_some_and(|one| one.units.contains(&cue)),
            );
            bag.add(32, &[behind, side, here, self.verb_of(cue)]);
            bag.add(33, &[behind, side, here, bucket(cue.abs_diff(sketch.unit))]);
        }
    }

    /// How a candidate fits the noun that is the subject of the verb: no noun, another, the same role or word.
    fn bears(&self, sketch: &Sketch, who: Who) -> u32 {
        let Some(noun) = sketch.noun else { return 0 };
        match who {
            Who::Entity(entity) => 1 + u32::from(sketch.bearers.contains(&entity)),
            Who::Words(words) => {
                let word = self.context.row.word(noun);
                let words = words.get(self.context.row.text).unwrap_or_default();
                let same =
                    words.split(|c: char| !c.is_alphanumeric()).any(|one| one.eq_ignore_ascii_case(word));
                3 + u32::from(same)
            }
        }
    }

    /// How a name stands among the words beside it.
    fn relation(&self, named: &Named) -> u32 {
        let context = self.context;
        if !is_name(context, named.unit) {
            return 0;
        }
        let mut next = named.unit + 1;
        while next < named.unit + 4
            && context.is(next, Traits::ADVERB.or(Traits::AUXILIARY))
            && !context.is(next, Traits::CUE)
        {
            next += 1;
        }
        let verb_behind = super::candidate::is_saying(context, next);
        let mut previous = named.unit.wrapping_sub(1);
        while named.unit < previous.saturating_add(6)
            && previous < named.unit
            && (context.is(previous, Traits::TITLE.or(Traits::ROLE).or(Traits::DETERMINER))
                || context.unit(previous).is_some_and(|unit| {
                    unit.kind == Kind::Word
                        && unit.case == Case::Capital
                        && !unit.is(Traits::CUE.or(Traits::PREPOSITION))
                }))
        {
            previous = previous.wrapping_sub(1);
        }
        let verb_before = super::candidate::is_saying(context, previous);
        let before = match previous {
            _ if verb_before && context.is(previous, Traits::TELL) => 1,
            _ if verb_before => 2,
            previous if context.word_is(previous, Traits::BY) => 3,
            previous
                if context.word_is(previous, Traits::TO)
                    && context.word_is(previous.wrapping_sub(1), Traits::ACCORDING) =>
            {
                4
            }
            previous if context.word_is(previous, Traits::OF) => 5,
            previous if context.word_is(previous, Traits::TO) => 6,
            previous if context.is(previous, Traits::PREPOSITION) => 7,
            previous if context.is(previous, Traits::POSSESSIVE) => 8,
            previous if context.is_comma(previous) => 9,
            previous if context.is(previous, Traits::AND) => 10,
            previous if matches!(context.kind(previous), Some(Kind::Piece(_) | Kind::Dash)) => 11,
            _ => 12,
        };
        let after = match named.unit + 1 {
            _ if verb_behind && context.is(next, Traits::TELL) => 1,
            _ if verb_behind => 2,
            next if context.kind(next) == Some(Kind::Genitive) => 3,
            next if context.is_comma(next) && context.word_is(next + 1, Traits::WHO) => 4,
            next if context.is_comma(next) => 5,
            next if context.kind(next) == Some(Kind::Colon) => 6,
            next if matches!(context.kind(next), Some(Kind::Piece(_))) => 7,
            next if context.kind(next) == Some(Kind::Stop) => 8,
            next if context.is(next, Traits::FINITE.or(Traits::AUXILIARY)) => 9,
            next if context.is(next, Traits::AND) => 10,
            next if context.is(next, Traits::PREPOSITION) => 11,
            next if context.kind(next) == Some(Kind::Bracket) => 12,
            _ => 13,
        };
        1 + before * 16 + after
    }

    fn about_position(&self, sketch: &Sketch, slot: &Slot<'_>, class: u32, bag: &mut Bag<'_>) -> [i16; 9] {
        let mut numbers = [-1i16; 9];
        match slot.before {
            None => bag.add(40, &[class, u32::from(slot.after.is_some())]),
            Some((named, rank)) => {
                let sentences = sketch.sentence.saturating_sub(named.sentence);
                let apart = bucket(sentences);
                let paragraphs = sketch.paragraph.saturating_sub(self.cast.paragraph(named.sentence)).min(4);
                let subject = u32::from(named.place == Position::Subject);
                let rank = u32::from(rank.min(4));
                let pieces = self.pieces_between(named.unit, sketch.unit).min(3) as u32;
                let units = bucket(sketch.unit.saturating_sub(named.unit));
                let real = u32::from(is_name(self.context, named.unit));
                bag.add(41, &[class, apart, subject]);
                bag.add(42, &[class.min(2), paragraphs, rank]);
                bag.add(43, &[u32::from(sentences == 0), units]);
                bag.add(44, &[rank, pieces, paragraphs.min(2)]);
                bag.add(45, &[sketch.alone, apart.min(4), subject, rank.min(2)]);
                bag.add(46, &[sketch.head, rank, subject, apart.min(3)]);
                bag.group = Group::Grammar;
                let relation = self.relation(named);
                bag.add(34, &[u32::from(sentences == 0), relation]);
                bag.add(35, &[apart.min(3), relation % 16, sketch.cues]);
                bag.group = Group::Position;
                let values = [sentences.min(99) as u32, paragraphs, units, rank, subject + 2 * real, pieces];
                numbers.iter_mut().zip(values).for_each(|(slot, value)| *slot = value as i16);
            }
        }
        if let Some(second) = slot.second {
            let apart = bucket(sketch.sentence.saturating_sub(second.sentence)).min(6);
            bag.add(47, &[apart, u32::from(second.place == Position::Subject)]);
        }
        if let Some((named, rank)) = slot.after {
            let sentences = named.sentence.saturating_sub(sketch.sentence) as u32;
            let units = bucket(named.unit.saturating_sub(sketch.unit));
            let paragraphs = self.cast.paragraph(named.sentence).saturating_sub(sketch.paragraph).min(2);
            let rank = u32::from(rank.min(3));
            bag.add(48, &[sentences.min(2), paragraphs, rank, class.min(2)]);
            bag.add(49, &[u32::from(sentences == 0), units, rank.min(1)]);
            bag.group = Group::Grammar;
            let relation = self.relation(named);
            bag.add(36, &[sentences.min(2), relation]);
            bag.add(37, &[sentences.min(2), sketch.ending, relation / 16]);
            bag.add(38, &[sentences.min(1), units.min(8), relation % 16]);
            bag.group = Group::Position;
            numbers[6] = sentences as i16;
            numbers[7] = units as i16;
            numbers[8] = rank as i16;
        }
        numbers
    }

    fn about_entity(&self, slot: &Slot<'_>, class: u32, bag: &mut Bag<'_>) -> (u32, bool, u32, bool, bool) {
        let context = self.context;
        match slot.who {
            Who::Entity(entity) => {
                let index = entity.0 as usize;
                let name = context.entities.get(index).map_or("", |entity| entity.name.as_str());
                let single = !name.contains(' ');
                let acronym = single && name.bytes().all(|byte| byte.is_ascii_uppercase());
                let mentions = bucket(self.cast.counts.get(index).copied().unwrap_or(0) as usize);
                let titled = self.cast.titled.get(index).copied().unwrap_or(false);
                let speaks = u32::from(self.speaks.get(index).copied().unwrap_or(0)).min(4);
                let role = self.roles.get(index).copied().unwrap_or(false);
                bag.add(80, &[class, u32::from(single), u32::from(acronym)]);
                bag.add(81, &[class, mentions]);
                bag.add(82, &[class, u32::from(titled)]);
                bag.add(83, &[class, speaks]);
                bag.add(84, &[class, u32::from(role), u32::from(slot.before.is_some())]);
                (mentions, titled, speaks, single, role)
            }
            Who::Words(span) => {
                let words = span.get(context.row.text).unwrap_or_default();
                let traits = |word: &str| context.row.language.traits(word);
                let count = words.split_ascii_whitespace().take(12).count();
                let first = traits(words.split_ascii_whitespace().next().unwrap_or_default());
                let opening = match first {
                    first if first.any(Traits::THE) => 1,
                    first if first.any(Traits::INDEFINITE) => 2,
                    first if first.any(Traits::POSSESSIVE) => 3,
                    first if first.any(Traits::DETERMINER) => 4,
                    _ => 0,
                };
                let all = words
                    .split_ascii_whitespace()
                    .take(12)
                    .fold(Traits::default(), |all, word| all.or(traits(word.trim_end_matches(','))));
                let noun = u32::from(all.any(Traits::ROLE))
                    + 2 * u32::from(all.any(Traits::BODY))
                    + 4 * u32::from(all.any(Traits::UTTERANCE))
                    + 8 * u32::from(all.any(Traits::PLURAL));
                bag.add(85, &[opening, noun]);
                bag.add(86, &[noun, count.min(6) as u32]);
                bag.add(87, &[word_hash(words.rsplit(' ').next().unwrap_or_default())]);
                (count as u32, false, noun, opening == 1, all.any(Traits::ROLE))
            }
        }
    }
}

/// Templates of the marked words, for one class of candidates.
fn about_quote(sketch: &Sketch, class: u32, bag: &mut Bag<'_>) {
    let capital = u32::from(sketch.capital);
    bag.add(100, &[class, sketch.words]);
    bag.add(101, &[class, capital, sketch.ending, sketch.words.min(4)]);
    bag.add(102, &[class, sketch.before]);
    bag.add(103, &[class, sketch.after]);
    bag.add(104, &[class, sketch.alone, capital, sketch.ending.min(2)]);
    bag.add(105, &[class, sketch.cues, sketch.alone]);
    if class < 8 {
        return;
    }
    bag.add(106, &[class, sketch.mark]);
    bag.add(107, &[class, u32::from(sketch.first_person)]);
    bag.add(108, &[class, u32::from(sketch.again), sketch.words.min(5)]);
    bag.add(109, &[class, u32::from(sketch.titles), sketch.words.min(6), sketch.ending.min(2)]);
    bag.add(110, &[class, sketch.before_word]);
    bag.add(111, &[class, sketch.after_word]);
    bag.add(112, &[class, sketch.first_word]);
    bag.add(113, &[class, u32::from(sketch.announced), sketch.alone]);
    bag.add(114, &[class, sketch.fellows]);
    bag.add(115, &[class, sketch.before, sketch.words.min(5), capital]);
    bag.add(116, &[class, sketch.before, sketch.after]);
    bag.add(117, &[class, sketch.form, sketch.verb]);
    bag.add(118, &[class, sketch.state, sketch.words.min(5), capital]);
}

/// The numbers that are the piece's own.
fn quote_numbers(sketch: &Sketch) -> [i16; OF_QUOTE] {
    [
        sketch.words,
        sketch.ending,
        u32::from(sketch.capital),
        sketch.before,
        sketch.after,
        sketch.alone,
        u32::from(sketch.first_person) + 2 * u32::from(sketch.titles),
        u32::from(sketch.again) + 2 * u32::from(sketch.announced),
        sketch.cues,
        sketch.verb,
        sketch.fellows,
    ]
    .map(|value| value as i16)
}
