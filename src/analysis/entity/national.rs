//! Whose the bodies are that every country has: `Congress`, `Supreme Court`, `Health Ministry`.
//!
//! In: an analysis with the salience of its countries. Out: the country of such a body, where the article says it: a country
//! or one of its places stands beside the name (`Ghana's Parliament`, `Ministry of Defence of Ukraine`), or the article is
//! about one country only, or mentions only one. It is always a country that the article has already.

use crate::annotation::{Analysis, CountryCode, EntityIndex, Field, Kind, Mention, SALIENT};
use crate::gazetteer::body;

/// Sets the countries of these bodies.
pub fn tell(analysis: &mut Analysis, title: &str, body: &str) {
    let is_asked = |entity: &crate::annotation::Entity| {
        entity.kind == Kind::Org && entity.country.is_none() && body::is_of_each(&entity.name)
    };
    let asked: Vec<usize> =
        (0..analysis.entities.len()).filter(|index| is_asked(&analysis.entities[*index])).collect();
    if asked.is_empty() {
        return;
    }
    let only = only(analysis);
    for index in asked {
        let country = beside(analysis, index, title, body).or(only);
        analysis.entities[index].country = country.filter(|code| analysis.countries.contains(code));
    }
}

/// The one country that the article is about, or the one that it has.
fn only(analysis: &Analysis) -> Option<CountryCode> {
    let mut about: Vec<CountryCode> = analysis
        .entities
        .iter()
        .filter(|entity| entity.salience >= SALIENT && entity.kind != Kind::Org)
        .filter_map(|entity| entity.code.or(entity.country))
        .collect();
    about.sort_unstable();
    about.dedup();
    match (&about[..], &analysis.countries[..]) {
        ([code], _) | ([], [code]) => Some(*code),
        _ => None,
    }
}

/// The country that stands beside a mention of the body, the first of them.
fn beside(analysis: &Analysis, index: usize, title: &str, body: &str) -> Option<CountryCode> {
    let code = |mention: &Mention| {
        let entity = analysis.entity(mention.entity);
        entity.code.or(entity.country.filter(|_| entity.kind == Kind::Place))
    };
    let between = |one: &Mention, two: &Mention| {
        let text = if one.field == Field::Title { title } else { body };
        let gap = (one.field == two.field).then(|| text.get(one.span.end as usize..two.span.start as usize));
        gap.flatten().unwrap_or("\n")
    };
    let index = EntityIndex(index as u32);
    analysis.mentions.iter().enumerate().filter(|(_, mention)| mention.entity == index).find_map(
        |(at, own)| {
            let before = at
                .checked_sub(1)
                .and_then(|at| analysis.mentions.get(at))
                .filter(|before| matches!(between(before, own), " " | "'s " | "’s " | "' " | "’ "));
            let after = analysis
                .mentions
                .get(at + 1)
                .filter(|after| matches!(between(own, after), " of " | " of the " | " in " | " in the "));
            before.and_then(code).or_else(|| after.and_then(code))
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::language::Language;

    #[track_caller]
    fn check(body: &str, name: &str, expected: Option<&str>) {
        let analysis = analyze("", body, Language::english());
        let entity = analysis.entities.iter().find(|entity| entity.name == name);
        let entity = entity.unwrap_or_else(|| panic!("no {name} in {:?}", analysis.entities));
        assert_eq!(entity.country.map(|code| code.to_string()).as_deref(), expected, "{body}");
    }

    #[test]
    fn bodies_of_every_country_are_the_articles() {
        check(
            "Ghana's Parliament met on Monday. Talks with Nigeria and Togo go on.",
            "Parliament",
            Some("GH"),
        );
        check(
            "The Ministry of Defence of Ukraine said so in Kyiv. Poland and Germany agreed.",
            "Ministry of Defence",
            Some("UA"),
        );
        check(
            "Prices rose in Kenya. The Supreme Court will hear the case in Nairobi.",
            "Supreme Court",
            Some("KE"),
        );
        check("The Supreme Court will hear the case.", "Supreme Court", None);
    }
}
