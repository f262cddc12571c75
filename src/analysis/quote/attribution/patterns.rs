//! Words that are somebody's although no plain verb of saying introduces them: `according to`, `put it`, colons, labels,
//! headlines, objects of speech acts.
//!
//! In: a sentence, or a place in it. Out: claims. Must not know whom a phrase stands for. One file, because each pattern
//! is a function or two of its own and they are read side by side.

use super::{Announced, Claim, Finder, Form, Right, Style};
use crate::analysis::quote::phrase::{Head, Phrase};
use crate::analysis::quote::units::{Case, Kind, Order, Unit};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::language::Traits;
use std::ops::Range;

impl Finder<'_, '_> {
    /// Whether the next sentence is a marked piece that this one leads to.
    pub(super) fn announced(&self) -> Announced {
        let Some(next) = self.context.row.sentences.get(self.sentence + 1) else { return Announced::No };
        if !matches!(self.context.kind(next.units.start), Some(Kind::Piece(_))) {
            return Announced::No;
        }
        match next.order {
            _ if self.end > self.start && self.context.kind(self.end - 1) == Some(Kind::Colon) => {
                Announced::ByColon
            }
            Order::Follows => Announced::ByOrder,
            Order::Opens => {
                let alone = next.units.clone().all(|index| {
                    self.context
                        .unit(index)
                        .is_some_and(|unit| !matches!(unit.kind, Kind::Word | Kind::Name(_)))
                });
                if alone { Announced::ByOrder } else { Announced::No }
            }
        }
    }

    /// Claims the piece after this sentence for the person that the sentence is about.
    pub(super) fn announce(&mut self, announced: Announced) {
        let speaker =
            self.last_speaker.clone().or_else(|| self.clause_subject(self.end)).filter(|phrase| match phrase
                .head
            {
                Head::Name(_) | Head::Pronoun(_) => true,
                // `The captain laughs.`
                Head::Noun(noun) if self.end - self.start <= 8 => {
                    self.can_speak(phrase) && self.context.is(noun, Traits::ROLE)
                        || announced == Announced::ByColon && self.can_speak(phrase)
                }
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

    /// Pieces in the object of a speech act: `called the move "a farce"`.
    pub(super) fn object(&mut self, cue: usize, after: usize, speaker: &Option<Phrase>) {
        let context = self.context;
        let verb = context.unit(cue).map_or(Traits::default(), |unit| unit.traits);
        if !verb.any(Traits::CUE) || Rule::WeakVerbs.on() && context.word_is(cue, Traits::WEAK) {
            return;
        }
        let mut end = after;
        while end < self.end {
            let stops = end > after
                && (context.kind(end) == Some(Kind::Semicolon)
                    || context.is_comma(end) && self.opens_report(end + 1)
                    || context.is(end, Traits::AND) && self.joins_report(end)
                    // `…," wrote Price, an analyst, who kept his "hold" rating`
                    || verb.any(Traits::SPEECH) && context.is_comma(end) && context.word_is(end + 1, Traits::WHO));
            if stops {
                break;
            }
            end += 1;
        }
        let range = after.min(end)..end;
        if range.clone().any(|index| matches!(context.kind(index), Some(Kind::Piece(_)))) {
            self.claim(range, Form::Object, speaker, cue);
        }
    }

    /// `described by Price as "a farce"`, `was told by Price of "…"`, `called "a farce" by Price`: the passive names who
    /// speaks behind `by`. Returns where to look on; none where no agent is named or nothing is in marks.
    pub(super) fn by_agent(&mut self, cue: usize) -> Option<usize> {
        let context = self.context;
        let limit = self.end.min(cue + 16);
        let by = (cue + 1..limit)
            .take_while(|index| {
                *index == cue + 1
                    || !context.is_verb_like(*index)
                        && !matches!(context.kind(*index), Some(Kind::Comma | Kind::Semicolon | Kind::Colon))
            })
            .find(|index| context.word_is(*index, Traits::BY))?;
        let phrase = context.starting_at(by + 1, self.end).filter(|phrase| match phrase.head {
            Head::Name(mention) => {
                matches!(context.entity_kind(mention), Some(annotation::Kind::Person | annotation::Kind::Org))
            }
            Head::Noun(noun) => context.is(noun, Traits::ROLE.or(Traits::BODY)),
            Head::Pronoun(_) => true,
            Head::Several => false,
        })?;
        let after = phrase.units.end;
        let speaker = Some(self.with_apposition(phrase));
        let piece = |range: Range<usize>| {
            range.into_iter().find(|index| matches!(context.kind(*index), Some(Kind::Piece(_))))
        };
        // Between the verb and its agent.
        if let Some(inner) = piece(cue + 1..by) {
            self.claim(inner..inner + 1, Form::Object, &speaker, cue);
            self.left = after;
            self.last_speaker = speaker;
            return Some(after);
        }
        let led = context.word_is(after, Traits::AS.or(Traits::OF))
            || context.is(after, Traits::THAT.or(Traits::PREPOSITION))
            || context.unit(after).is_some_and(Unit::leads);
        let mut end = after;
        while end < self.end
            && context.kind(end) != Some(Kind::Semicolon)
            && !(context.is_comma(end) && end > after && self.opens_report(end + 1))
            && !(context.is_comma(end) && context.is(end + 1, Traits::SUBORDINATE))
        {
            end += 1;
        }
        if led && piece(after..end).is_some() {
            self.claim(after..end, Form::Object, &speaker, cue);
            self.left = end;
            self.last_speaker = speaker;
            return Some(end);
        }
        // `"…" mentioned by Price`
        let before = cue.checked_sub(1).filter(|before| *before >= self.left)?;
        let was = self.before_adverbs(cue).checked_sub(1).filter(|before| *before >= self.left);
        let inner = [Some(before), was]
            .into_iter()
            .flatten()
            .find(|index| matches!(context.kind(*index), Some(Kind::Piece(_))))?;
        self.claim(inner..inner + 1, Form::Object, &speaker, cue);
        self.left = after;
        self.last_speaker = speaker;
        Some(after)
    }

    /// Within a reported clause the nearest verb of saying owns the pieces after it.
    pub(super) fn nested(&mut self, clause: Range<usize>, cue: usize) {
        let context = self.context;
        let mut verb = None;
        for index in clause.clone() {
            let had_written = context.word_is(index, Traits::WRITTEN)
                && context.word_is(index.wrapping_sub(1), Traits::HAVE);
            if had_written
                || context.is(index, Traits::CUE)
                    && context.is(index, Traits::PAST.or(Traits::PRESENT))
                    && !context.is(index, Traits::UTTERANCE)
                    && context.is_finite_here(index)
            {
                verb = Some(index);
            }
            if let (Some(inner), Some(Kind::Piece(_))) = (verb, context.kind(index)) {
                let before = self.before_adverbs(inner);
                let passive = self.has_between(before..inner, Traits::BE);
                let joined = before
                    .checked_sub(1)
                    .is_some_and(|previous| context.is(previous, Traits::AND.or(Traits::TO)));
                let phrase = context.ending_at(clause.start, before).filter(|_| !joined).filter(|phrase| {
                    // `said London wanted ministers "back"`: a city wants, and does not say so.
                    let placed = |mention| {
                        matches!(
                            context.entity_kind(mention),
                            Some(annotation::Kind::Country | annotation::Kind::Place)
                        )
                    };
                    let silent = Rule::PlacesWant.on()
                        && !context.is(inner, Traits::SPEECH)
                        && matches!(phrase.head, Head::Name(mention) if placed(mention));
                    !silent
                        && matches!(phrase.head, Head::Name(_) | Head::Noun(_))
                        && phrase.units.len() < 8
                        && self.can_speak(phrase)
                });
                if let (false, Some(phrase)) = (passive, phrase) {
                    self.claim(index..index + 1, Form::Object, &Some(phrase), cue);
                }
            }
        }
    }

    /// `as Price put it, "…"`, `"…," as Price put it`
    pub(super) fn put_it(&mut self, put: usize) -> usize {
        let context = self.context;
        let before = self.before_adverbs(put);
        let speaker = self.subject(put, before);
        let Some(phrase) = &speaker else { return put + 2 };
        let right = self.pieces_at(self.after_circumstances(put, put + 2));
        if let Some(Right::Pieces(range)) = right {
            let end = range.end;
            self.claim(range, Form::Pieces, &speaker, put);
            self.left = end;
            self.last_speaker = speaker;
            return end;
        }
        let mut last = phrase.units.start;
        while last > self.left
            && (context.is(last - 1, Traits::SUBORDINATE) || context.unit(last - 1).is_some_and(Unit::leads))
        {
            last -= 1;
        }
        if let Some(piece) = last
            .checked_sub(1)
            .filter(|piece| *piece >= self.left && context.unit(*piece).and_then(Unit::piece).is_some())
        {
            self.claim(piece..last, Form::Pieces, &speaker, put);
            self.last_speaker = speaker;
        }
        put + 2
    }

    /// `Price's claim that it was "a farce"`: no report by a verb, but the marked words are his.
    pub(super) fn nominal(&mut self, noun: usize) {
        let context = self.context;
        if !context.is(noun, Traits::KEY)
            || context.word_is(noun, Traits::ACCORDING.or(Traits::CLEAR).or(Traits::PUT))
        {
            return;
        }
        let Some(owner) = (self.start..noun).rev().take(4).find(|index| {
            context.is(*index, Traits::POSSESSIVE) || context.kind(*index) == Some(Kind::Genitive)
        }) else {
            return;
        };
        let speaker = if context.is(owner, Traits::POSSESSIVE) {
            Some(Phrase { units: owner..owner + 1, head: Head::Pronoun(owner) })
        } else {
            let Some(name) = owner.checked_sub(1) else { return };
            context
                .unit(name)
                .and_then(Unit::name)
                .map(|mention| Phrase { units: name..owner, head: Head::Name(mention) })
        };
        let mut end = noun + 2;
        while end < self.end && !context.is_comma(end) && end < noun + 40 {
            end += 1;
        }
        if speaker.is_some()
            && (noun + 2..end).any(|index| matches!(context.kind(index), Some(Kind::Piece(_))))
        {
            self.claim(noun + 2..end, Form::Object, &speaker, noun);
        }
    }

    /// `a jury has heard`, `court told`: the body listens, and the sentence does not say who speaks.
    pub(super) fn is_hearing(&self, cue: usize, before: usize) -> bool {
        let context = self.context;
        let listens = before > self.start && context.word_is(before - 1, Traits::HEARING_BODY);
        let told = self.style == Style::Headline && context.word_is(cue, Traits::TOLD) && cue + 1 >= self.end;
        listens && (context.word_is(cue, Traits::HEARD) || told)
    }

    /// What a court heard, before or behind the verb.
    pub(super) fn heard(&mut self, cue: usize, before: usize) -> usize {
        let context = self.context;
        let mut start = before - 1;
        while start > self.left && context.is(start - 1, Traits::DETERMINER) {
            start -= 1;
        }
        if context.is(cue + 1, Traits::THAT) {
            let end = self.clause_end(cue + 2);
            self.claim(cue + 1..end, Form::Clause, &None, cue);
            self.left = end;
            return end;
        }
        let left = self.trimmed(self.left..start);
        let parted = start > self.left && context.is_comma(start - 1);
        let piece = start > self.left && matches!(context.kind(start - 1), Some(Kind::Piece(_)));
        if (parted || piece) && cue + 1 >= self.end || parted && self.has_finite(left.clone()) {
            let form = self.form_of(&left);
            self.claim(left, form, &None, cue);
            self.left = cue + 1;
        }
        cue + 1
    }

    /// `made it clear that …`
    pub(super) fn made_clear(&mut self, clear: usize) -> usize {
        let made = (self.start..clear).rev().take(3).find(|index| self.context.word_is(*index, Traits::MAKE));
        let Some(made) = made else { return clear + 1 };
        let before = self.before_adverbs(made);
        if self.has_between(before..made, Traits::NOT.or(Traits::MODAL)) {
            return clear + 1;
        }
        let speaker = self.subject(made, before);
        if !self.context.is(clear + 1, Traits::THAT) {
            // `made clear in his speech: "…"`
            let piece =
                (clear + 1..self.end).find(|index| matches!(self.context.kind(*index), Some(Kind::Piece(_))));
            if let Some(piece) = piece.filter(|piece| self.context.kind(piece - 1) == Some(Kind::Colon)) {
                self.claim(piece..piece + 1, Form::Pieces, &speaker, made);
                self.left = piece + 1;
            }
            if speaker.is_some() {
                self.last_speaker = speaker;
            }
            return clear + 1;
        }
        let end = self.clause_end(clear + 2);
        self.claim(clear + 1..end, Form::Clause, &speaker, made);
        self.left = end;
        if speaker.is_some() {
            self.last_speaker = speaker;
        }
        end
    }

    pub(super) fn kind_at_end(&self, kind: Kind) -> bool {
        self.end > self.start && self.context.kind(self.end - 1) == Some(kind)
    }

    pub(super) fn has_piece(&self, from: usize) -> bool {
        (from..self.end).any(|index| matches!(self.context.kind(index), Some(Kind::Piece(_))))
    }

    /// `in Price's words, "…"`, `"…", in the words of Price`.
    pub(super) fn in_words_of(&mut self, words: usize) -> Option<usize> {
        let context = self.context;
        let owner = words.checked_sub(1).filter(|owner| *owner > self.start)?;
        let (opens, speaker, after) = if context.is(owner, Traits::POSSESSIVE)
            && !context.word_is(owner, Traits::OURS)
        {
            (owner.checked_sub(1)?, Phrase { units: owner..owner + 1, head: Head::Pronoun(owner) }, words + 1)
        } else if context.kind(owner) == Some(Kind::Genitive) {
            let from =
                (self.start..owner).rev().take(10).find(|index| context.word_is(*index, Traits::IN))?;
            (from, context.read(from + 1..owner)?, words + 1)
        } else {
            let of = (words + 1 < self.end && context.word_is(words + 1, Traits::OF)).then_some(words + 2)?;
            let opens =
                (self.start..words).rev().take(2).find(|index| context.word_is(*index, Traits::IN))?;
            let phrase = context.starting_at(of, self.end)?;
            let end = phrase.units.end;
            (opens, phrase, end)
        };
        if !context.word_is(opens, Traits::IN) {
            return None;
        }
        let lead = |index: usize| context.unit(index).is_some_and(Unit::leads);
        let ahead = if lead(after) { after + 1 } else { after };
        let behind =
            if opens > self.left && lead(opens - 1) { opens.wrapping_sub(2) } else { opens.wrapping_sub(1) };
        let near = [ahead, behind].into_iter().find(|index| {
            *index >= self.left && *index < self.end && matches!(context.kind(*index), Some(Kind::Piece(_)))
        });
        // `In the words of the critic Bell, he played "as if …"`
        let far = || {
            let opens = opens == self.start && context.is_comma(after);
            let said = (after..self.end).find(|index| context.is(*index, Traits::SPEECH)).unwrap_or(self.end);
            (after..said).find(|index| {
                Rule::InWordsFar.on() && opens && matches!(context.kind(*index), Some(Kind::Piece(_)))
            })
        };
        let piece = near.or_else(far)?;
        self.claim(piece..piece + 1, Form::Pieces, &Some(speaker.clone()), words);
        self.last_speaker = Some(speaker);
        self.left = self.left.max(piece + 1);
        Some(after.max(words + 1))
    }

    /// `asked whether …` and `as Price explained.` claim no words, but tell who speaks.
    pub(super) fn ask_or_confirm(
        &mut self,
        cue: usize,
        after: usize,
        speaker: &Option<Phrase>,
        negated: bool,
    ) {
        let context = self.context;
        let claimed =
            self.claims.last().is_some_and(|claim| claim.cue == cue && claim.sentence == self.sentence);
        let Some(phrase) = speaker.as_ref().filter(|_| !claimed && !negated) else { return };
        let speaks = match phrase.head {
            Head::Name(mention) => context.entity_kind(mention) == Some(annotation::Kind::Person),
            Head::Pronoun(unit) => !context.is(unit, Traits::FIRST),
            Head::Noun(noun) => context.is(noun, Traits::ROLE),
            Head::Several => false,
        };
        let past = context.is(cue, Traits::PAST.or(Traits::PRESENT));
        let asks = context.word_is(cue, Traits::ASKING)
            && (after..self.end.min(after + 5)).any(|index| context.is(index, Traits::QUESTION));
        let as_said = after >= self.end
            && context.is(cue, Traits::SAY.or(Traits::REPORT))
            && phrase.units.start > self.start
            && (self.start..phrase.units.start).rev().take(6).any(|index| context.word_is(index, Traits::AS));
        if speaks && past && (asks || as_said) {
            self.last_speaker = speaker.clone();
            self.claims.push(Claim {
                content: cue..cue,
                form: Form::Pieces,
                speaker: speaker.clone(),
                sentence: self.sentence,
                cue,
            });
        }
    }

    /// `according to X, …`, `…, according to X`.
    pub(super) fn according_to(&mut self, index: usize) -> usize {
        let context = self.context;
        let from = index + 2;
        if self.is_yardstick(from) {
            return from;
        }
        let Some(phrase) = context.starting_at(from, self.end).or_else(|| self.bare_source(from)) else {
            return from;
        };
        let mut end = phrase.units.end;
        let phrase = self.with_apposition(phrase);
        // `according to the minister, Kofi Mensah, …`
        if let Head::Name(mention) = phrase.head
            && Rule::OpenClauses.on()
            && let Some(name) = (end..self.end.min(end + 9))
                .find(|index| context.unit(*index).and_then(Unit::name) == Some(mention))
        {
            end = name + 1;
        }
        let speaker = Some(phrase);
        while end < self.end
            && !context.is_comma(end)
            && !matches!(context.kind(end), Some(Kind::Semicolon | Kind::Dash | Kind::Colon))
        {
            end += 1;
        }
        let content = self.trimmed(self.left..index);
        let piece_before = content.clone().any(|unit| matches!(context.kind(unit), Some(Kind::Piece(_))));
        let opens =
            content.is_empty() || !piece_before && !self.has_finite(content.clone()) && content.len() < 3;
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
                context.is_comma(end) && !self.has_finite(content.clone()) && self.has_finite(rest.clone());
            self.claim(content, Form::Clause, &speaker, index);
            if parted {
                self.claim(rest, Form::Clause, &speaker, index);
            }
        }
        self.left = end;
        self.last_speaker = speaker;
        end
    }

    /// `according to state law, …`: a few words up to a comma.
    fn bare_source(&self, from: usize) -> Option<Phrase> {
        let context = self.context;
        let comma = (from + 1..self.end.min(from + 5)).find(|index| context.is_comma(*index))?;
        let plain = |index: usize| context.kind(index) == Some(Kind::Word);
        (from..comma).all(plain).then_some(Phrase { units: from..comma, head: Head::Noun(comma - 1) })
    }

    /// Pieces that no verb claimed: `Price: "…"`, `Price was blunt: "…"`, `"…," smiled Price`.
    pub(super) fn label_or_colon(&mut self, first_claim: usize, order: Order) {
        let context = self.context;
        for index in self.start..self.end {
            if !matches!(context.kind(index), Some(Kind::Piece(_))) {
                continue;
            }
            let claimed = self.claims[first_claim..]
                .iter()
                .any(|claim| claim.content.contains(&index) && claim.speaker.is_some());
            if claimed {
                continue;
            }
            let after_colon = index > self.start && context.kind(index - 1) == Some(Kind::Colon);
            if after_colon {
                let short = index - 1 - self.start <= 6
                    && !(self.start..index - 1).any(|unit| context.is_verb_like(unit));
                let speaker = if Rule::LabelBeforeColon.on() && short && order == Order::Opens {
                    context.ending_at(self.start, index - 1)
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
            } else if let Some(phrase) = self.signed(index) {
                self.claim(index..index + 1, Form::Pieces, &Some(phrase), index + 1);
            } else if Rule::AnyVerb.on() && self.pauses(index) && index + 1 < self.end {
                let next = index + 1;
                // Any verb: `"…," smiled Price`, `"…," expressed the priest`.
                let verb_first = context.unit(next).is_some_and(|unit| {
                    let verb = unit.is(Traits::CUE) && unit.is(Traits::PAST.or(Traits::PRESENT));
                    unit.kind == Kind::Word && unit.case == Case::Lower && (unit.traits.is_unknown() || verb)
                });
                let subject = if verb_first { next + 1 } else { next };
                let named = context
                    .unit(subject)
                    .is_some_and(|unit| unit.name().is_some() || unit.is(Traits::PRONOUN));
                let phrase = if named { self.short_subject(subject) } else { None };
                // `"…," highlighted Prime Minister Lopez`
                let phrase = phrase.or_else(|| {
                    let titled = context.starting_at(subject, self.end).filter(|_| verb_first)?;
                    let past = context.row.word(next).ends_with("ed");
                    let speaks = match titled.head {
                        Head::Name(_) => true,
                        Head::Noun(noun) => past && context.is(noun, Traits::ROLE),
                        _ => false,
                    };
                    speaks.then_some(titled)
                });
                if phrase.is_some() {
                    self.claim(index..index + 1, Form::Pieces, &phrase, next);
                }
            } else if Rule::Asides.on() && self.style == Style::Prose && index > self.start {
                let label = self.label.clone();
                let speaker =
                    label.or_else(|| self.last_speaker.clone()).or_else(|| self.clause_subject(index));
                let speaker = speaker.filter(|phrase| match phrase.head {
                    Head::Name(mention) => context.entity_kind(mention) == Some(annotation::Kind::Person),
                    Head::Pronoun(unit) => !context.is(unit, Traits::FIRST),
                    Head::Noun(noun) => context.is(noun, Traits::ROLE),
                    Head::Several => false,
                });
                if speaker.is_some() {
                    self.claim(index..index + 1, Form::Aside, &speaker, index);
                }
            }
        }
    }

    /// `"We sleep better." – Dora Price, 34, teacher`: a name behind a dash or a colon signs the words before
    /// it.
    fn signed(&self, piece: usize) -> Option<Phrase> {
        let context = self.context;
        let dash = matches!(context.kind(piece + 1), Some(Kind::Dash | Kind::Colon));
        if !Rule::Signed.on() || !dash || self.style != Style::Prose {
            return None;
        }
        let phrase = context.starting_at(piece + 2, self.end)?;
        let person = matches!(phrase.head, Head::Name(mention) if context.entity_kind(mention) == Some(annotation::Kind::Person));
        let verbless = !(phrase.units.end..self.end).any(|index| context.is_verb_like(index));
        (person && verbless && self.end - piece < 16).then_some(phrase)
    }

    /// The words in the marks end with a comma: what follows belongs to them.
    pub(super) fn pauses(&self, index: usize) -> bool {
        let inner = self
            .context
            .unit(index)
            .and_then(Unit::piece)
            .and_then(|piece| self.pieces.get(piece))
            .and_then(|piece| piece.inner().get(self.context.row.text));
        inner.is_some_and(|inner| inner.trim_end().ends_with(','))
    }

    /// `Biden: talks to go on`, `Talks to go on: minister`, `Talks to go on - minister`.
    pub(super) fn headline(&mut self) {
        let context = self.context;
        let colon = (self.start + 1..self.end).find(|index| context.kind(*index) == Some(Kind::Colon));
        if let Some(colon) = colon.filter(|_| Rule::HeadlineColon.on()) {
            let (before, after) = (self.start..colon, colon + 1..self.end);
            if let Some(phrase) =
                self.headline_source(&after).filter(|_| before.len() > after.len() && before.len() > 2)
            {
                return self.claim(before.clone(), self.form_of(&before), &Some(phrase), colon);
            }
            if self.only_pieces(&before)
                && let Some(name) = after.clone().take(4).find(|index| context.person_at(*index).is_some())
                && let Some(mention) = context.person_at(name)
            {
                let phrase = Phrase { units: name..name + 1, head: Head::Name(mention) };
                return self.claim(before, Form::Pieces, &Some(phrase), colon);
            }
            if self.only_pieces(&before) {
                return self.claim(before, Form::Pieces, &None, colon);
            }
            let plain_clause = !context.is(after.start, Traits::QUESTION)
                && (self.has_finite(after.clone()) || self.only_pieces(&after));
            if let Some(phrase) = self
                .headline_source(&before)
                .filter(|_| plain_clause && after.len() > 2 || self.only_pieces(&after))
            {
                self.claim(after.clone(), self.form_of(&after), &Some(phrase), colon);
            }
        }
    }

    pub(super) fn form_of(&self, range: &Range<usize>) -> Form {
        if self.only_pieces(range) { Form::Pieces } else { Form::Clause }
    }

    /// A few words that name who speaks: a person, a body, a role, a report.
    pub(super) fn headline_source(&self, range: &Range<usize>) -> Option<Phrase> {
        if range.is_empty() || range.len() > 5 {
            return None;
        }
        let phrase = self.context.read(range.clone())?;
        let whole = phrase.units == *range;
        let speaks = match phrase.head {
            Head::Name(mention) => {
                matches!(
                    self.context.entity_kind(mention),
                    Some(annotation::Kind::Person | annotation::Kind::Org)
                )
            }
            Head::Noun(noun) if self.context.is(noun, Traits::UTTERANCE) => {
                self.context.word_is(noun, Traits::DOCUMENT)
            }
            Head::Noun(noun) => self.context.is(noun, Traits::ROLE.or(Traits::BODY)),
            _ => false,
        };
        let verbless = !range.clone().any(|index| self.context.is_verb_like(index));
        (whole && speaks && verbless).then_some(phrase)
    }
}
