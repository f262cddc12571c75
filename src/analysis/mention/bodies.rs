//! Where the names of bodies begin and end.
//!
//! In: a text and its names. Out: the same names, in order and disjoint, with those of bodies made whole (`20th Century
//! Fox`, `University of California, Berkeley`), taken apart (`Interior Ministry and Justice Ministry`), or left out
//! where the text shows that an acronym is no body's. Must not know which names are one thing.

use super::{Name, Text};
use crate::analysis::rule::Rule;
use crate::analysis::token::Class;
use crate::annotation::Kind;
use crate::gazetteer::{self, Facet};
use crate::language::Traits;
use std::ops::Range;

/// Makes the names of bodies whole.
pub fn mend(text: &Text<'_>, names: Vec<Name>) -> Vec<Name> {
    let mut mended: Vec<Name> = Vec::with_capacity(names.len() + 1);
    let mut unwanted: Vec<&str> = Vec::new();
    let mut names = names.into_iter().peekable();
    while let Some(mut name) = names.next() {
        let least = mended.last().map_or(0, |last| last.tokens.end);
        if Rule::BalancedBrackets.on() && matches!(name.kind, Kind::Org | Kind::Person) {
            balance(text, &mut name.tokens);
        }
        if name.kind != Kind::Org {
            mended.push(name);
            continue;
        }
        if Rule::NumberedBodies.on() && is_numbered(text, &name.tokens) && name.tokens.start > least {
            name.tokens.start -= 1;
        }
        if let Some(next) = names.peek()
            && (Rule::Campuses.on() && is_campus(text, &name.tokens, next)
                || Rule::BodiesOfPlaces.on() && goes_on(text, &name.tokens, next))
        {
            name.tokens.end = next.tokens.end;
            names.next();
        }
        if Rule::AcronymsOfThings.on() && is_of_thing(text, &name.tokens, mended.last()) {
            unwanted.push(text.word(name.tokens.start));
            continue;
        }
        match and_between(text, &name.tokens).filter(|_| Rule::TwoBodies.on()) {
            Some(and) => {
                mended.push(Name { tokens: name.tokens.start..and, kind: Kind::Org });
                mended.push(Name { tokens: and + 1..name.tokens.end, kind: Kind::Org });
            }
            None => mended.push(name),
        }
    }
    if !unwanted.is_empty() {
        mended.retain(|name| name.kind != Kind::Org || !unwanted.contains(&text.slice(&name.tokens)));
    }
    mended
}

/// Cuts a name at a bracket that has no fellow in it.
fn balance(text: &Text<'_>, tokens: &mut Range<usize>) {
    let find = |mark: &str| tokens.clone().find(|at| text.word(*at) == mark);
    match (find("("), find(")")) {
        (None, Some(close)) if close + 1 < tokens.end => tokens.start = close + 1,
        (None, Some(close)) if close > tokens.start => tokens.end = close,
        (Some(open), None) if open > tokens.start => tokens.end = open,
        _ => {}
    }
}

/// `20th` + `Century Fox`, `7th` + `Fleet`
fn is_numbered(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let before = text.word_before(tokens.start);
    let digits = before.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let ordinal = matches!(before.get(digits.len()..), Some("st" | "nd" | "rd" | "th"));
    ordinal
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && text.is_capitalised(tokens.start, Traits::NUMBERED)
}

/// `University of California` + `, Berkeley`: the campus of a state's university.
fn is_campus(text: &Text<'_>, tokens: &Range<usize>, next: &Name) -> bool {
    let of = tokens.start + 1;
    let state = text.slice(&(of + 1..tokens.end.max(of + 1)));
    let in_states = || {
        gazetteer::find(state).is_some_and(|entry| {
            entry.is(Facet::Listed) && entry.places().0.next().is_some_and(|code| code.as_str() == "US")
        })
    };
    // A campus can be called like a person: `Davis`.
    let surname = || {
        next.kind == Kind::Person
            && next.tokens.len() == 1
            && gazetteer::find(text.slice(&next.tokens)).is_some_and(|entry| entry.is(Facet::Place))
    };
    (next.kind == Kind::Place || surname())
        && tokens.len() > 2
        && text.is_capitalised(tokens.start, Traits::NO_GROUP_WORD)
        && text.is_small(of, Traits::OF)
        && text.word(tokens.end) == ","
        && next.tokens.start == tokens.end + 1
        && in_states()
}

/// `University` + `of Hong Kong`, `Commission for Latin America` + `and the Caribbean`.
fn goes_on(text: &Text<'_>, tokens: &Range<usize>, next: &Name) -> bool {
    if !matches!(next.kind, Kind::Place | Kind::Country) {
        return false;
    }
    let of = next.tokens.start == tokens.end + 1 && text.is_small(tokens.end, Traits::OF);
    if of && tokens.len() == 1 && text.is_capitalised(tokens.start, Traits::NO_GROUP_WORD) {
        return true;
    }
    let joined = tokens.end < next.tokens.start
        && text.is_small(tokens.end, Traits::AND)
        && (tokens.end + 1..next.tokens.start).all(|at| text.is_small(at, Traits::THE));
    let place = tokens.clone().rev().find(|at| text.is_small(*at, Traits::FOR)).map(|at| at + 1..tokens.end);
    joined
        && place.is_some_and(|place| {
            gazetteer::find(text.slice(&place))
                .is_some_and(|entry| entry.is(Facet::Place) || entry.is(Facet::Country))
        })
}

/// The `and` between two bodies that were taken for one: `Interior Ministry and Justice Ministry`.
fn and_between(text: &Text<'_>, tokens: &Range<usize>) -> Option<usize> {
    let and = tokens.clone().find(|at| text.is_small(*at, Traits::AND))?;
    let known =
        |side: &Range<usize>| gazetteer::find(text.slice(side)).is_some_and(|entry| entry.is(Facet::Org));
    if known(tokens) {
        return None;
    }
    let plain = |side: &Range<usize>| !side.clone().any(|at| text.word(at) == ",");
    let ends = |side: &Range<usize>| {
        let last = side.end - 1;
        side.len() > 1
            && text.is_capitalised(last, Traits::ORGANISATION_END)
            && !text.is(last, Traits::FIRM_WORD.or(Traits::NO_GROUP_WORD))
            && plain(side)
    };
    let of = |side: &Range<usize>| {
        text.is_capitalised(side.start, Traits::OFFICE_OF_STATE)
            && text.is_small(side.start + 1, Traits::OF)
            && side.len() > 2
            && plain(side)
    };
    let (left, right) = (tokens.start..and, and + 1..tokens.end);
    let fits = |left: &Range<usize>, right: &Range<usize>| match () {
        // `Department of Health and Human Services` is one, `Ministry of Health and World Bank` are two.
        () if of(left) && !known(left) => known(right) || of(right),
        () => (known(left) || ends(left)) && (known(right) || ends(right) || of(right)),
    };
    (!left.is_empty() && !right.is_empty() && fits(&left, &right)).then_some(and)
}

/// Whether a word in capitals stands in brackets behind what it is short for, and that is no body: `investors (QDII)`,
/// `Electronic Voting Machine (EVM)`.
fn is_of_thing(text: &Text<'_>, tokens: &Range<usize>, last: Option<&Name>) -> bool {
    let at = tokens.start;
    let word = text.word(at);
    let acronym = tokens.len() == 1
        && (2..=6).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
        && text.word_before(at) == "("
        && text.word(at + 1) == ")";
    if !acronym || at < 3 || last.is_some_and(|last| last.tokens.end + 1 >= at) {
        return false;
    }
    if gazetteer::find(word).is_some_and(|entry| entry.is(Facet::Org)) {
        return false;
    }
    // The words before the bracket whose initials the letters are, from the last one back; small words count or not.
    let mut letters = word.bytes().rev().peekable();
    let mut from = at - 1;
    while letters.peek().is_some() && from > 0 && at - from < 14 {
        let before = text.word(from - 1);
        let initial = before.bytes().next().map(|byte| byte.to_ascii_uppercase());
        if initial.is_some() && initial == letters.peek().copied() {
            letters.next();
        } else if before.len() > 3
            || !text.tokens.get(from - 1).is_some_and(|token| token.class == Class::Word)
        {
            return false;
        }
        from -= 1;
    }
    if letters.peek().is_some() {
        return false;
    }
    let thing = at - 2;
    let small = (from + 1..at - 1).all(|at| text.tokens.get(at).is_some_and(|token| !token.capital));
    let body = Traits::ORGANISATION_END.or(Traits::BODY);
    small && !text.is(thing, body) || text.is(thing, Traits::THING)
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::annotation::Kind;
    use crate::language::Language;

    /// The bodies of a text, each as often as it is mentioned.
    fn check(body: &str, expected: &[&str]) {
        let analysis = analyze("", body, Language::english());
        let bodies =
            analysis.mentions.iter().filter(|mention| analysis.entity(mention.entity).kind == Kind::Org);
        let found: Vec<&str> = bodies.map(|mention| mention.span.of(body)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_number_and_a_campus_belong_to_the_name() {
        check(
            "The film was made by 20th Century Fox in 1994. 20th Century Fox was sold to Disney.",
            &["20th Century Fox", "20th Century Fox", "Disney"],
        );
        check(
            "Ana Ruiz, a professor at the University of California, Davis, led the study.",
            &["University of California, Davis"],
        );
        check("Researchers at the University of Nairobi, Kenya, agreed.", &["University of Nairobi"]);
    }

    #[test]
    fn places_go_on_and_two_bodies_are_two() {
        check(
            "Officials from the Economic Commission for Latin America and the Caribbean met.",
            &["Economic Commission for Latin America and the Caribbean"],
        );
        check(
            "The Interior Ministry and Justice Ministry agreed.",
            &["Interior Ministry", "Justice Ministry"],
        );
        check(
            "Staff of the Department of Health and Human Services agreed.",
            &["Department of Health and Human Services"],
        );
    }

    #[test]
    fn the_short_form_of_a_thing_is_no_body() {
        check("The Electronic Voting Machine (EVM) failed. Nobody trusts the EVM.", &[]);
        check("Qualified domestic institutional investors (QDII) put their money abroad.", &[]);
    }

    #[test]
    fn firms_are_called_after_people() {
        check("Shares fell after Tessa Holm analysts cut their forecast.", &["Tessa Holm"]);
    }
}
