//! The scorer as the training sees it: the same sheets as at run time, with speakers written out.
//!
//! In: the scene of an article. Out: [`Lesson`]. Compiled only with the feature `train`.

use super::candidate::Part;
use super::feature::Group;
use super::{Scene, Sheet, Target, feature, model};
use crate::analysis::quote::attribution::Form;
use crate::analysis::quote::speaker::Who;
use crate::analysis::quote::turns::Turn;
use crate::annotation::Speaker;
use crate::text::Span;

/// The marked pieces of one article, as the scorer sees them.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    pub cases: Vec<Case>,
    /// Reported clauses of which the rules alone say who speaks.
    pub sure: Vec<(Span, Option<Speaker>)>,
    sheets: Vec<Sheet>,
}

/// One marked piece of the body. Its last two parts are *nobody* and *somebody else*, which have no speaker.
#[derive(Clone, Debug)]
pub struct Case {
    pub span: Span,
    pub parts: Vec<Option<Speaker>>,
    /// For each part its features, hashed, with their groups.
    pub features: Vec<Vec<(u32, Group)>>,
    /// What the rules alone would say: whether it is a quote, and whose.
    pub rules: Option<Option<Speaker>>,
}

impl Lesson {
    /// The marked pieces.
    pub(in crate::analysis::quote) fn of_pieces(scene: &Scene<'_, '_>) -> Lesson {
        Lesson::of(scene, scene.sheets())
    }

    /// The reported clauses that are shown; those whose speaker is named at the verb have no features, and a sure part.
    pub(in crate::analysis::quote) fn of_clauses(scene: &Scene<'_, '_>) -> Lesson {
        let mut lesson = Lesson::of(scene, scene.clause_sheets());
        let speaker = |who: Who| match who {
            Who::Entity(entity) => Speaker::Entity(entity),
            Who::Words(span) => {
                Speaker::Description(span.get(scene.context.row.text).unwrap_or_default().to_owned())
            }
        };
        for (claim, who) in scene.claims.iter().zip(scene.said) {
            if claim.form != Form::Clause || scene.is_scored(claim) {
                continue;
            }
            let who = who.map(speaker);
            lesson.sure.push((scene.context.row.span(&claim.content), who));
        }
        lesson
    }

    fn of(scene: &Scene<'_, '_>, sheets: Vec<Sheet>) -> Lesson {
        let text = scene.context.row.text;
        let speaker = |who: Who| match who {
            Who::Entity(entity) => Speaker::Entity(entity),
            Who::Words(span) => Speaker::Description(span.get(text).unwrap_or_default().to_owned()),
        };
        let case = |sheet: &Sheet| {
            let mut ends = vec![0];
            ends.extend(&sheet.ends);
            let features = ends.windows(2).map(|ends| {
                let within = ends[0]..ends[1];
                let features = sheet.features[within.clone()].iter().copied();
                features.zip(sheet.groups[within].iter().copied()).collect()
            });
            Case {
                span: match sheet.target {
                    Target::Piece(piece) => scene.pieces[piece].span,
                    Target::Clause(claim) => scene.context.row.span(&scene.claims[claim].content),
                },
                parts: sheet
                    .parts
                    .iter()
                    .map(|part| match part {
                        Part::Who(who) => Some(speaker(*who)),
                        Part::Nobody | Part::Somebody => None,
                    })
                    .collect(),
                features: features.collect(),
                rules: match sheet.target {
                    Target::Piece(piece) => match scene.turns[piece] {
                        Turn::Said(who) => Some(who.map(speaker)),
                        Turn::NotSaid => None,
                    },
                    Target::Clause(claim) => Some(scene.said[claim].map(speaker)),
                },
            }
        };
        Lesson { cases: sheets.iter().map(case).collect(), sheets, sure: Vec::new() }
    }

    /// All numbers of a part in the second pass, given the first; none where the second pass does not look at it.
    pub fn numbers(
        &self,
        scores: &[Vec<i32>],
        first: &[Vec<f64>],
        at: usize,
        part: usize,
    ) -> Option<Vec<i16>> {
        if !model::is_looked_at(first, at, part) {
            return None;
        }
        let mut numbers = self.sheets[at].numbers_of(part).to_vec();
        numbers.extend(model::neighbours(&self.sheets, scores, first, at, part));
        Some(numbers)
    }

    /// The same shares where pieces that go on with one another have one speaker.
    pub fn together(&self, shares: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        model::together(&self.sheets, shares)
    }

    /// How many numbers a part has.
    pub fn width() -> usize {
        feature::NUMBERS + model::NEIGHBOURS
    }
}
