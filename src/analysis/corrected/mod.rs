//! An analysis as the person wants it: their corrections applied to what the engine found.

mod trigrams;

use super::entity::weigh;
use crate::annotation::{Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Speaker};
use crate::corrections::{Correction, Corrections, Is};
use crate::language::Language;
use crate::persons::spoken;
use crate::text::Span;
use crate::text::fold::fold;
use std::collections::HashMap;
use trigrams::Trigrams;

/// What an entity is known by while entities are being sorted out anew.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Identity {
    kind: Kind,
    name: String,
}

/// A mention and what it is a mention of.
struct Claim {
    field: Field,
    span: Span,
    identity: Identity,
    /// The entity that the engine had it under.
    was: Option<EntityIndex>,
    country: Option<CountryCode>,
}

/// `analysis`, made of `title` and `body`, with the person's corrections applied. The invariants of [`Analysis`] hold for
/// the result. An analysis that no correction touches is returned unchanged.
pub fn correct(
    corrections: &Corrections,
    title: &str,
    body: &str,
    language: Language,
    analysis: Analysis,
) -> Analysis {
    if corrections.is_empty() {
        return analysis;
    }
    let trigrams = Trigrams::of(&[title, body]);
    let said = |name: &str| {
        trigrams.may_have(name)
            && variants(name).iter().any(|name| title.contains(name.as_str()) || body.contains(name.as_str()))
    };
    let list: Vec<&Correction> = corrections
        .list()
        .iter()
        .filter(|correction| said(&correction.name) || correction.also.iter().any(|name| said(name)))
        .collect();
    if list.is_empty() {
        return analysis;
    }
    let texts = Texts { title, body, language };
    let mut claims = texts.claims(&analysis);
    for correction in &list {
        texts.kinds(correction, &mut claims);
    }
    for correction in &list {
        texts.identities(correction, &mut claims);
    }
    rebuild(&texts, claims, analysis)
}

struct Texts<'a> {
    title: &'a str,
    body: &'a str,
    language: Language,
}

impl Texts<'_> {
    fn of(&self, field: Field) -> &str {
        match field {
            Field::Title => self.title,
            Field::Body => self.body,
        }
    }

    fn text(&self, claim: &Claim) -> &str {
        claim.span.of(self.of(claim.field))
    }

    fn claims(&self, analysis: &Analysis) -> Vec<Claim> {
        let claim = |mention: &Mention| {
            let entity = analysis.entity(mention.entity);
            Claim {
                field: mention.field,
                span: mention.span,
                identity: Identity { kind: entity.kind, name: entity.name.clone() },
                was: Some(mention.entity),
                country: entity.code.or(entity.country),
            }
        };
        analysis.mentions.iter().map(claim).collect()
    }

    /// Makes every place that holds the name, or one of its other forms, a mention of the kind said;
    /// takes the mentions away where it is said to be none.
    fn kinds(&self, correction: &Correction, claims: &mut Vec<Claim>) {
        let Some(is) = correction.is else { return };
        // A name that a list shows is the whole thing's: its shorter forms go with it.
        let whole = |claim: &Claim| is_shown_as(&claim.identity.name, &correction.name);
        match is {
            Is::Nothing => claims.retain(|claim| !whole(claim)),
            Is::Kind(kind) => claims.iter_mut().filter(|claim| whole(claim)).for_each(|claim| {
                claim.identity.kind = kind;
                claim.country = correction.country;
            }),
        }
        for form in std::iter::once(&correction.name).chain(&correction.also) {
            match is {
                Is::Nothing => claims.retain(|claim| !is_shown_as(self.text(claim), form)),
                Is::Kind(kind) => {
                    // In capitals it is a name where the engine took it for one: `MAY` in a headline may be a verb.
                    for claim in claims.iter_mut().filter(|claim| is_shown_as(self.text(claim), form)) {
                        claim.identity = Identity { kind, name: correction.name.clone() };
                        claim.country = correction.country;
                    }
                    self.claim(correction, kind, form, claims);
                }
            }
        }
    }

    fn claim(&self, correction: &Correction, kind: Kind, form: &str, claims: &mut Vec<Claim>) {
        for field in [Field::Title, Field::Body] {
            for span in occurrences(self.of(field), form) {
                // The longest name wins: one that holds this one and more stays.
                let longer =
                    |claim: &Claim| claim.field == field && claim.span.contains(span) && claim.span != span;
                if claims.iter().any(longer) {
                    continue;
                }
                let was = claims
                    .iter()
                    .find(|claim| claim.field == field && claim.span == span)
                    .and_then(|claim| claim.was);
                claims.retain(|claim| claim.field != field || !claim.span.overlaps(span));
                let identity = Identity { kind, name: correction.name.clone() };
                claims.push(Claim { field, span, identity, was, country: correction.country });
            }
        }
    }

    /// Joins the name to the one that it is the same as; parts it from those that it is not.
    fn identities(&self, correction: &Correction, claims: &mut [Claim]) {
        for claim in claims {
            let named = is_shown_as(self.text(claim), &correction.name)
                || is_shown_as(&claim.identity.name, &correction.name);
            if !named {
                continue;
            }
            if let Some(same) = &correction.same {
                claim.identity.name.clone_from(same);
            }
            if correction.apart.contains(&claim.identity.name) {
                claim.identity.name.clone_from(&correction.name);
                claim.was = None;
            }
        }
    }
}

/// Whether two names differ in their case only: lists show them as one name, so they are corrected as one.
fn is_shown_as(name: &str, other: &str) -> bool {
    name == other || fold(name) == fold(other)
}

/// A name as the person wrote it, in capitals as headlines and agencies have it, and without them.
fn variants(name: &str) -> Vec<String> {
    let mut variants = vec![name.to_owned()];
    for variant in [name.to_uppercase(), spoken(name)] {
        if !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    variants
}

/// Where `name` stands in `text` with no letter or digit at either side.
fn occurrences<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = Span> + 'a {
    text.match_indices(name).filter_map(move |(start, _)| {
        let end = start + name.len();
        let before = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        let after = text[end..].chars().next().is_some_and(char::is_alphanumeric);
        (!before && !after).then(|| Span::new(start, end))
    })
}

/// Makes an analysis of the claims: entities in the order of their first mention, speakers and
/// countries to match.
fn rebuild(texts: &Texts<'_>, mut claims: Vec<Claim>, old: Analysis) -> Analysis {
    claims.sort_by_key(|claim| (claim.field, claim.span.start));
    let mut made = Analysis { quotes: old.quotes.clone(), ..Analysis::default() };
    let mut index: HashMap<Identity, EntityIndex> = HashMap::new();
    let mut moved: HashMap<EntityIndex, EntityIndex> = HashMap::new();
    for claim in &claims {
        let entity = *index.entry(claim.identity.clone()).or_insert_with(|| {
            made.entities.push(entity(claim, &old));
            EntityIndex(u32::try_from(made.entities.len() - 1).unwrap_or(u32::MAX))
        });
        made.mentions.push(Mention { field: claim.field, span: claim.span, entity });
        if let Some(was) = claim.was {
            // An entity that was parted goes with its fullest form, which keeps its name.
            let keeps =
                claim.identity.name == old.entity(was).name || texts.text(claim) == old.entity(was).name;
            if keeps || !moved.contains_key(&was) {
                moved.insert(was, entity);
            }
        }
    }
    for quote in &mut made.quotes {
        for speaker in [&mut quote.speaker, &mut quote.guess] {
            if let Some(Speaker::Entity(was)) = speaker {
                let name = || Speaker::Description(old.entity(*was).name.clone());
                *speaker = Some(moved.get(was).map_or_else(name, |now| Speaker::Entity(*now)));
            }
        }
    }
    made.countries = made.entities.iter().filter_map(|entity| entity.code.or(entity.country)).collect();
    made.countries.sort_unstable();
    made.countries.dedup();
    weigh(&mut made, texts.body, texts.language);
    made
}

/// The entity that `claim` opens: as the engine had it, where its kind is the same. It has yet to be weighed.
fn entity(claim: &Claim, old: &Analysis) -> Entity {
    let was = claim.was.map(|was| old.entity(was)).filter(|was| was.kind == claim.identity.kind);
    let country = claim.country.or(was.and_then(|was| was.country));
    let kind = claim.identity.kind;
    Entity {
        kind,
        name: claim.identity.name.clone(),
        code: if kind == Kind::Country { claim.country } else { None },
        country: if kind == Kind::Country || kind == Kind::Person { None } else { country },
        salience: 0.0,
    }
}

#[cfg(test)]
mod tests;
