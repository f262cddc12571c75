//! Names on lines of their own: squads, winners, the cast of a play.
//!
//! In: a body with its names. Out: the same names, with those of persons on such lines. There is no sentence around such a
//! name that would show what it is, but there are other names like it: where several lines have a forename and nothing but
//! a name, the others are names of persons too. Must not know the rest of the article.

use super::{Name, Text};
use crate::analysis::token::{Class, is_capitalised};
use crate::annotation::Kind;
use crate::gazetteer::{self, Facet};
use std::ops::Range;

/// The most tokens of a line that is looked at, and the most words of a name.
const LONGEST: usize = 10;
const WORDS: usize = 3;
/// The fewest lines with a forename that make a list.
const FEWEST: usize = 2;
/// The most lines of one: each is compared with every name.
const MOST: usize = 500;

/// Adds the persons of lists to the names of a body.
pub fn add_persons(text: &Text<'_>, names: &mut Vec<Name>) {
    let lines: Vec<Range<usize>> = lines(text).filter_map(|line| name_of(text, line)).collect();
    let sure = lines.iter().filter(|line| has_forename(text, line)).count();
    if sure < FEWEST || sure * 2 < lines.len() || lines.len() > MOST {
        return;
    }
    for line in lines {
        let known = gazetteer::find(text.slice(&line)).is_some_and(|entry| {
            [Facet::Country, Facet::People, Facet::Place, Facet::Org].into_iter().any(|facet| entry.is(facet))
        });
        let wanted = has_forename(text, &line) || line.len() > 1 && !known;
        let over = |name: &Name| name.tokens.start < line.end && line.start < name.tokens.end;
        let sticks_out =
            |name: &&Name| over(name) && (name.tokens.start < line.start || name.tokens.end > line.end);
        if wanted && !names.iter().any(|name| sticks_out(&name)) {
            names.retain(|name| !over(name));
            let at = names.partition_point(|name| name.tokens.start < line.start);
            names.insert(at, Name { tokens: line, kind: Kind::Person });
        }
    }
}

/// The lines of a text that are short enough, as ranges of tokens.
fn lines<'t>(text: &'t Text<'_>) -> impl Iterator<Item = Range<usize>> + 't {
    let mut start = 0;
    std::iter::from_fn(move || {
        while start < text.tokens.len() {
            let breaks = |at: &usize| match (text.tokens.get(at - 1), text.tokens.get(*at)) {
                (Some(before), Some(here)) => {
                    text.text[before.span.end as usize..here.span.start as usize].contains('\n')
                }
                _ => true,
            };
            let end = (start + 1..=text.tokens.len()).find(breaks).unwrap_or(text.tokens.len());
            let line = start..end;
            start = end;
            if line.len() <= LONGEST {
                return Some(line);
            }
        }
        None
    })
}

/// The name that a line consists of, apart from a label before it and a country behind it: `Winners: Ana Sousa (Portugal)`.
fn name_of(text: &Text<'_>, line: Range<usize>) -> Option<Range<usize>> {
    let labelled = text.word(line.start + 1) == ":" && line.len() > 2;
    let start = if labelled { line.start + 2 } else { line.start };
    let is_part = |at: &usize| {
        text.tokens.get(*at).is_some_and(|token| token.class == Class::Word)
            && is_capitalised(text.word(*at))
            && text.traits(*at).is_empty()
    };
    let end = (start..line.end).find(|at| !is_part(at)).unwrap_or(line.end);
    let rest_is_bracket = text.word(end) == "(" && text.word(line.end - 1) == ")";
    let rest_is_colon = text.word(end) == ":" && end + 1 == line.end;
    ((1..=WORDS).contains(&(end - start)) && (end == line.end || rest_is_bracket || rest_is_colon))
        .then_some(start..end)
}

fn has_forename(text: &Text<'_>, name: &Range<usize>) -> bool {
    gazetteer::find(text.word(name.start)).is_some_and(|entry| {
        entry.is(Facet::Forename)
            && ![Facet::Common, Facet::Country, Facet::People, Facet::Listed, Facet::Large, Facet::Org]
                .into_iter()
                .any(|facet| entry.is(facet))
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::annotation::Kind;
    use crate::language::Language;

    fn check(body: &str, persons: &[&str]) {
        let analysis = analyze("", body, Language::english());
        let of_persons =
            analysis.mentions.iter().filter(|mention| analysis.entity(mention.entity).kind == Kind::Person);
        let found: Vec<&str> = of_persons.map(|mention| mention.span.of(body)).collect();
        assert_eq!(found, persons);
    }

    #[test]
    fn names_on_lines_of_their_own_are_persons() {
        check(
            "Pedro:\n\nMiguel\n\nWinners: Ana Costa (Portugal)\n\nKelvo Barramundo\n\nErik Holm (Norway)",
            &["Pedro", "Miguel", "Ana Costa", "Kelvo Barramundo", "Erik Holm"],
        );
    }
}
