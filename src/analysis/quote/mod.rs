//! Quotes: who says what, in marks and as reported clauses.
//!
//! In: the title and the body with their tokens and sentences, and the article's mentions and
//! entities. Out: quotes with their speakers. Rules all through: pairs of marks ([`marks`]), a row
//! of units in which names and marked pieces are one unit each ([`units`]), verbs of saying with
//! their subjects and content ([`attribution`], [`phrase`]), whom a phrase stands for
//! ([`speaker`]), and what is said on without a verb ([`turns`]). Must not know how names were
//! found.

mod attribution;
#[cfg(feature = "train")]
pub mod choice;
#[cfg(not(feature = "train"))]
mod choice;
mod gender;
mod marks;
mod phrase;
mod speaker;
mod turns;
mod units;

use super::token::Token;
use crate::analysis::rule::Rule;
use crate::annotation::{self, Entity, EntityIndex, Field, Mention, Quote, QuoteKind, Speaker};
use crate::language::{Language, Traits};
use crate::text::Span;
use attribution::{Claim, Form, Style};
use choice::{Choice, Scene};
use phrase::Context;
use speaker::{Cast, Spot, Who};
use units::{Kind, Row};

/// One text of the article, cut up.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    pub language: Language,
    pub text: &'a str,
    /// Sorted and disjoint, within `text`.
    pub tokens: &'a [Token],
    /// Sorted and disjoint, within `text`.
    pub sentences: &'a [Span],
}

/// The quotes of one article, sorted by field and start; direct ones are disjoint among
/// themselves, indirect ones among themselves, and a direct one may lie within an indirect one.
///
/// `mentions` are those of both fields, sorted by field and start and disjoint, each with its
/// place in `entities`. Linear in the length of the texts; an empty text has no quotes.
pub fn find(title: Passage<'_>, body: Passage<'_>, mentions: &[Mention], entities: &[Entity]) -> Vec<Quote> {
    let body_pieces = marks::find(body.text, body.language);
    let (first, of_body) = speaker::of_field(mentions, Field::Body);
    let row = Row::new(body, &body_pieces, of_body, first);
    let context = Context { row: &row, mentions, entities };
    let mut cast = Cast::new(context);
    let mut in_body = Vec::new();
    let claims = attribution::find(context, &body_pieces, Style::Prose);
    let said = resolve(context, &claims, &mut cast, Style::Prose);
    let turns = turns::assign(context, &body_pieces, &claims, &said);
    let (choices, clauses) = if claims.is_empty() && body_pieces.is_empty() || !Rule::Chosen.on() {
        (choice::of_rules(&turns), clauses_of_rules(&said))
    } else {
        let scene = Scene::new(context, &body_pieces, (&claims, &said), &turns, &cast);
        let (mut choices, mut clauses) = (scene.choose(), scene.choose_clauses());
        scene.agree(&mut choices, &mut clauses);
        (choices, clauses)
    };
    collect(context, (&body_pieces, &choices), &claims, &clauses, Field::Body, &mut in_body);

    let mut quotes = Vec::with_capacity(in_body.len() + 2);
    if !title.text.is_empty() {
        let title_pieces = marks::find(title.text, title.language);
        let (first, of_title) = speaker::of_field(mentions, Field::Title);
        let row = Row::new(title, &title_pieces, of_title, first);
        let context = Context { row: &row, mentions, entities };
        let claims = attribution::find(context, &title_pieces, Style::Headline);
        let said = resolve(context, &claims, &mut cast, Style::Headline);
        let turns = turns::assign(context, &title_pieces, &claims, &said);
        let choices = choice::of_rules(&turns);
        let clauses = clauses_of_rules(&said);
        collect(context, (&title_pieces, &choices), &claims, &clauses, Field::Title, &mut quotes);
        // `Ada Lovelace: Nobody shouts at a library` is by her, who is not in the article: a byline, no report.
        let in_body_too = |entity: EntityIndex| of_body.iter().any(|mention| mention.entity == entity);
        quotes.retain(|quote| match quote.speaker {
            Some(Speaker::Entity(entity)) if quote.kind == QuoteKind::Indirect && quote.span.start > 0 => {
                !Rule::HeadlineByline.on()
                    || !is_byline(title.text, quote.span, entities.get(entity.0 as usize))
                    || in_body_too(entity)
            }
            _ => true,
        });
        for quote in quotes.iter_mut().filter(|quote| quote.kind == QuoteKind::Direct).take(4) {
            let named = matches!(quote.speaker, Some(Speaker::Entity(_)));
            let words = quote.span.get(title.text);
            let said = if named || !Rule::HeadlineSpeaker.on() {
                None
            } else {
                headlined(words, body.text, &in_body)
            };
            if let Some((speaker, confidence)) = said {
                (quote.speaker, quote.confidence) = (Some(speaker), confidence);
            }
        }
    }
    quotes.append(&mut in_body);
    quotes
}

/// What is said in marks in a language that the engine does not know: pieces that are long enough for a sentence, or that
/// stand as words that somebody says do. The others are titles, terms and nicknames.
pub fn marked(text: &str, language: Language) -> Vec<Span> {
    let pieces = marks::find(text, language);
    let is_said = |piece: &&marks::Piece| {
        let inner = piece.inner();
        let words = inner.of(text).trim();
        let single = piece.span.of(text).starts_with(['\'', '‘', '’', '‚']);
        let before = text[..piece.span.start as usize].trim_end().chars().next_back();
        let after = text[piece.span.end as usize..].trim_start().chars().next();
        let ends = words.ends_with(['.', '!', '?', '…', ',', '。', '！', '？', '।', '،', '؟', '，']);
        let stands = ends
            || matches!(before, Some(':' | '：'))
            || matches!(after, Some(',' | '，' | '،' | '、' | '—' | 'と'));
        let letters = words.chars().filter(|c| c.is_alphanumeric()).count();
        // A script without spaces has two letters or so to a word.
        let count = words.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
        let count = if words.chars().any(is_dense) { letters / 2 } else { count };
        !single && (count >= 5 || count >= 3 && stands)
    };
    pieces.iter().filter(is_said).map(|piece| piece.span).collect()
}

/// Whether a character is of a script that has no spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// The marked pieces of a body and its reported clauses as the scorer sees them, for the training.
#[cfg(feature = "train")]
pub fn lesson(body: Passage<'_>, mentions: &[Mention], entities: &[Entity]) -> [choice::Lesson; 2] {
    let pieces = marks::find(body.text, body.language);
    let (first, of_body) = speaker::of_field(mentions, Field::Body);
    let row = Row::new(body, &pieces, of_body, first);
    let context = Context { row: &row, mentions, entities };
    let mut cast = Cast::new(context);
    let claims = attribution::find(context, &pieces, Style::Prose);
    let said = resolve(context, &claims, &mut cast, Style::Prose);
    let turns = turns::assign(context, &pieces, &claims, &said);
    let scene = Scene::new(context, &pieces, (&claims, &said), &turns, &cast);
    [choice::Lesson::of_pieces(&scene), choice::Lesson::of_clauses(&scene)]
}

/// Whether a headline opens with the name of a person and a colon.
fn is_byline(title: &str, said: Span, speaker: Option<&Entity>) -> bool {
    let before = title.get(..said.start as usize).unwrap_or_default();
    speaker.is_some_and(|entity| {
        entity.kind == annotation::Kind::Person && before.trim_end() == format!("{}:", entity.name)
    })
}

/// Who says in the body what a headline puts in marks without a name: whose quote holds the words, else the one
/// person who says more than half of all.
fn headlined(marked: Option<&str>, body: &str, quotes: &[Quote]) -> Option<(Speaker, u8)> {
    let bare = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ');
        kept.flat_map(char::to_lowercase).collect()
    };
    let wanted = bare(marked?);
    let direct = || quotes.iter().filter(|quote| quote.kind == QuoteKind::Direct);
    let holds = |quote: &&Quote| quote.span.get(body).is_some_and(|text| bare(text).contains(wanted.trim()));
    if let Some(quote) = direct().take(MOST_HEADLINED).find(holds) {
        return Some((quote.speaker.clone()?, quote.confidence));
    }
    let of = |speaker: &Speaker| direct().filter(|quote| quote.speaker.as_ref() == Some(speaker)).count();
    let mut entities = direct().take(MOST_HEADLINED).filter_map(|quote| quote.speaker.as_ref());
    let most =
        entities.find(|speaker| matches!(speaker, Speaker::Entity(_)) && 2 * of(speaker) > direct().count());
    Some((most.cloned()?, choice::OF_HEADLINE))
}

/// Quotes of the body that are looked at for the words of a headline.
const MOST_HEADLINED: usize = 100;

/// The speaker of each claim, in the order of the text.
fn resolve(context: Context<'_>, claims: &[Claim], cast: &mut Cast<'_>, style: Style) -> Vec<Option<Who>> {
    let mut said = Vec::with_capacity(claims.len());
    let mut last_cue = usize::MAX;
    for claim in claims {
        let place = match style {
            Style::Headline => Spot::Title,
            Style::Prose => Spot::Body { sentence: claim.sentence },
        };
        let who = claim.speaker.as_ref().and_then(|phrase| cast.resolve(context, phrase, claim.cue, place));
        if let (Some(phrase), Some(who), true) =
            (&claim.speaker, who, claim.cue != last_cue && style == Style::Prose && claim.form != Form::Aside)
        {
            cast.note(context, phrase, who, claim.cue, claim.sentence);
        }
        last_cue = claim.cue;
        said.push(who);
    }
    said
}

/// The speakers of the claims by the rules alone.
fn clauses_of_rules(said: &[Option<Who>]) -> Vec<(Option<Who>, u8)> {
    said.iter().map(|who| choice::of_clause(*who)).collect()
}

/// Writes out the quotes of one field, sorted by start.
fn collect(
    context: Context<'_>,
    (pieces, choices): (&[marks::Piece], &[Choice]),
    claims: &[Claim],
    said: &[(Option<Who>, u8)],
    field: Field,
    quotes: &mut Vec<Quote>,
) {
    let text = context.row.text;
    let speaker = |who: Option<Who>| match who? {
        Who::Entity(entity) => Some(Speaker::Entity(entity)),
        Who::Words(span) => span.get(text).map(|words| Speaker::Description(words.to_owned())),
    };
    let first = quotes.len();
    for (piece, choice) in pieces.iter().zip(choices).filter(|(_, choice)| choice.is_said()) {
        quotes.push(Quote {
            kind: QuoteKind::Direct,
            field,
            span: piece.span,
            speaker: speaker(choice.who),
            guess: None,
            confidence: choice.confidence,
        });
    }
    let mut clauses: Vec<(Span, Option<Who>, u8)> = claims
        .iter()
        .zip(said)
        .filter(|(claim, _)| claim.form == Form::Clause && has_words(context, claim))
        .filter(|(claim, _)| field == Field::Title || !is_stump(context, claim))
        .map(|(claim, (who, confidence))| (context.row.span(&claim.content), *who, *confidence))
        .collect();
    clauses.sort_by_key(|(span, ..)| (span.start, std::cmp::Reverse(span.end)));
    let mut covered = 0;
    for (span, who, confidence) in clauses {
        if span.start >= covered && !span.is_empty() {
            covered = span.end;
            let kind = QuoteKind::Indirect;
            quotes.push(Quote { kind, field, span, speaker: speaker(who), guess: None, confidence });
        }
    }
    if let Some(new) = quotes.get_mut(first..) {
        new.sort_by_key(|quote| (quote.span.start, std::cmp::Reverse(quote.span.end)));
    }
}

/// Units of the longest clause that is looked at for a verb.
const STUMP: usize = 9;

/// `On Friday`, `his death`: what is left of a clause that was cut at the wrong place has no verb.
fn is_stump(context: Context<'_>, claim: &Claim) -> bool {
    let start = claim.content.start;
    let verb = |unit: usize| {
        let word = context.row.word(unit);
        // `On May 18` has a month.
        let small = context.unit(unit).is_some_and(|unit| unit.case == units::Case::Lower) || unit == start;
        let present = word.ends_with('s') && !["is", "us", "ss"].iter().any(|end| word.ends_with(end));
        small
            && (context.is_verb_like(unit)
                || unit == start && claim.content.len() > 2 && context.is(unit, Traits::PRONOUN)
                || context
                    .is(unit, Traits::FINITE.or(Traits::AUXILIARY).or(Traits::PAST).or(Traits::PRESENT)))
            || matches!(context.kind(unit), Some(Kind::Piece(_)))
            || context.unit(unit).is_some_and(|unit| {
                unit.kind == Kind::Word && unit.case == units::Case::Lower && unit.traits.is_unknown()
            }) && (present || word.ends_with("ed"))
    };
    Rule::Stumps.on() && claim.content.len() <= STUMP && !claim.content.clone().any(verb)
}

/// A clause of marked pieces alone is no reported clause.
fn has_words(context: Context<'_>, claim: &Claim) -> bool {
    let words = claim.content.clone().filter(|unit| {
        matches!(context.kind(*unit), Some(Kind::Word | Kind::Name(_) | Kind::Number))
            && !context.is(*unit, Traits::THAT.or(Traits::AND))
    });
    words.count() > 0
}

#[cfg(test)]
mod tests;
