//! Which body a common noun stands for: `the ministry`, `the company`, `the club`.
//!
//! In: a phrase with its noun. Out: the body of the article that bears the noun, is described by it, or is of the sort
//! that the noun means; else nothing: a club is never a federation. Must not know verbs of saying.

use super::{Cast, Named, Position, REACH, Role, Spot, Who};
use crate::analysis::quote::phrase::{Context, Phrase};
use crate::analysis::quote::units::{Case, Kind};
use crate::analysis::rule::Rule;
use crate::annotation;
use crate::annotation::EntityIndex;
use crate::language::{Language, Traits};

/// What sort of body a noun means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// A firm of any trade.
    Firm,
    Club,
    Union,
    Party,
    /// A body of a state, and what watches over a trade.
    Public,
    /// `the group`, `the charity`: anything but a body of a state.
    Group,
}

impl Sort {
    fn of(noun: Traits) -> Option<Sort> {
        let sorts = [
            (Traits::FIRM, Sort::Firm),
            (Traits::CLUB, Sort::Club),
            (Traits::UNION, Sort::Union),
            (Traits::PARTY, Sort::Party),
            (Traits::PUBLIC_BODY, Sort::Public),
            (Traits::GROUP_BODY, Sort::Group),
        ];
        sorts.into_iter().find(|(traits, _)| noun.any(*traits)).map(|(_, sort)| sort)
    }

    /// Whether a body of this name can be of the sort.
    fn admits(self, name: &str, language: Language) -> bool {
        let words =
            name.split([' ', '-', '.']).fold(Traits::default(), |all, word| all.or(language.traits(word)));
        let has = |traits: Traits| words.any(traits);
        // `WHO` is a body, `who` is not.
        let short = !name.contains(char::is_lowercase) || name.contains(' ');
        let named = short && language.traits(name).any(Traits::STATE_NAME);
        let state = has(Traits::STATE_WORD) || named;
        let joined = has(Traits::JOINED_WORD);
        let acronym = name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'.');
        match self {
            Sort::Firm => !state && (!joined || has(Traits::FIRM_ENDING)),
            Sort::Club => !state && !joined,
            Sort::Union => !named && (acronym || has(Traits::UNION_WORD)),
            Sort::Party => !state && (acronym || joined || has(Traits::PARTY_WORD)),
            Sort::Public => state || acronym || joined || name.starts_with("Of"),
            Sort::Group => !state && !has(Traits::NO_GROUP_WORD),
        }
    }
}

impl Cast<'_> {
    /// Whether a body can be what a common noun means: a ministry is no company.
    pub(in crate::analysis::quote) fn can_be(
        &self,
        noun: Traits,
        entity: EntityIndex,
        language: Language,
    ) -> bool {
        Sort::of(noun).is_none_or(|sort| sort.admits(self.body_name(entity), language))
    }

    /// The body of the article that the phrase means.
    pub(super) fn by_body(
        &self,
        context: Context<'_>,
        phrase: &Phrase,
        noun: usize,
        known_body: bool,
        spot: Spot,
    ) -> Option<EntityIndex> {
        let word = context.row.word(noun);
        let end = self.names.partition_point(|named| spot == Spot::Title || named.unit < phrase.units.start);
        let before = || {
            self.names[..end]
                .iter()
                .rev()
                .take(REACH)
                .filter(|named| self.kind(named.entity) == Some(annotation::Kind::Org))
        };
        let modifiers = phrase.units.start..noun;
        let bears =
            |name: &str, word: &str| name.split([' ', '-']).any(|part| part.eq_ignore_ascii_case(word));
        let matching = before().find(|named| {
            let name = self.body_name(named.entity);
            bears(name, word)
                && modifiers.clone().all(|unit| {
                    context.is(unit, Traits::DETERMINER)
                        || context.kind(unit) == Some(Kind::Genitive)
                        || context.unit(unit).is_some_and(|unit| unit.name().is_some())
                        || bears(name, context.row.word(unit))
                })
        });
        if let Some(named) = matching.filter(|_| Rule::BodyBearsNoun.on()) {
            return Some(named.entity);
        }
        let plain = phrase.units.len() == 2
            && context
                .unit(phrase.units.start)
                .is_some_and(|unit| unit.case == Case::Lower || spot != Spot::Title);
        if !plain {
            return None;
        }
        let of_role =
            self.roles.partition_point(|role| spot == Spot::Title || role.unit < phrase.units.start);
        let described = |role: &&Role| {
            self.kind(role.entity) == Some(annotation::Kind::Org)
                && role.word.get(self.text).is_some_and(|known| known.eq_ignore_ascii_case(word))
        };
        if let Some(role) = self.roles[..of_role]
            .iter()
            .rev()
            .take(REACH)
            .find(described)
            .filter(|_| Rule::BodyDescribed.on())
        {
            return Some(role.entity);
        }
        let Spot::Body { sentence } = spot else { return None };
        let sort = Sort::of(context.unit(noun)?.traits).filter(|_| Rule::BodyOfSort.on() && known_body)?;
        self.likeliest(sort, sentence, before(), context.row.language)
    }

    /// Of the bodies of a sort the one that the sentences before, or the whole article, are about.
    fn likeliest<'n>(
        &self,
        sort: Sort,
        here: usize,
        named: impl Iterator<Item = &'n Named>,
        language: Language,
    ) -> Option<EntityIndex> {
        let last = self.spoken.iter().rev().take(3).find_map(|spoke| match spoke.who {
            Who::Entity(entity) if self.kind(entity) == Some(annotation::Kind::Org) => Some(entity),
            _ => None,
        });
        let mut best: Option<(f32, EntityIndex)> = None;
        for named in named {
            if !sort.admits(self.body_name(named.entity), language) {
                continue;
            }
            let away = here.saturating_sub(named.sentence).min(8) as f32;
            let index = named.entity.0 as usize;
            let count = self.counts.get(index).copied().unwrap_or(0);
            let titled = self.titled.get(index).copied().unwrap_or(false);
            if away > 5.0 && !titled && count < 3 {
                continue;
            }
            let score = 6.0 - away
                + if named.place == Position::Subject { 3.0 } else { 0.0 }
                + if last == Some(named.entity) { 2.0 } else { 0.0 }
                + if titled { 2.0 } else { 0.0 }
                + 0.5 * count.min(6) as f32;
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, named.entity));
            }
        }
        best.map(|(_, entity)| entity)
    }

    fn body_name(&self, entity: EntityIndex) -> &str {
        self.entities.get(entity.0 as usize).map_or("", |entity| entity.name.as_str())
    }
}
