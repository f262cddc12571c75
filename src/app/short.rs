//! How conditions are shown: a person by one name, and a country by its name, whatever the filter has. Everything that is
//! asked and stored keeps all of them. Pure; knows nothing of how wide the screen is.

use crate::annotation::{CountryCode, Kind};
use crate::gazetteer::country;
use crate::persons;
use crate::query::{Filter, Names, Query, QuoteTerm, Term};
use chrono::NaiveDate;

/// Whether countries are shown by their names or by their codes, which are shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Countries {
    Named,
    Coded,
}

/// The filter as it is shown in a sentence.
pub fn query(query: &Query) -> String {
    Query { filter: shortened(&query.filter, Countries::Named), ..query.clone() }.to_string()
}

/// One condition as it is shown.
pub fn condition(filter: &Filter, countries: Countries) -> String {
    Query { filter: shortened(filter, countries), ..Query::default() }.to_string()
}

/// A filter that is known as it is typed. One that cannot be read is shown as it is.
pub fn text(text: &str) -> String {
    // The current day changes what a condition matches, not how it is written.
    match Query::parse(text, NaiveDate::default()) {
        (read, hints) if hints.is_empty() => query(&read),
        _ => text.to_owned(),
    }
}

fn shortened(filter: &Filter, countries: Countries) -> Filter {
    let each = |members: &[Filter]| members.iter().map(|member| shortened(member, countries)).collect();
    match filter {
        Filter::All(members) => Filter::All(each(members)),
        Filter::Any(members) => Filter::Any(each(members)),
        Filter::Not(inner) => Filter::Not(Box::new(shortened(inner, countries))),
        Filter::Term(term) => Filter::Term(match term {
            Term::Mentions { kind: Kind::Person, names } => {
                Term::Mentions { kind: Kind::Person, names: one_of_each(names) }
            }
            Term::Mentions { kind: Kind::Country, names } if countries == Countries::Named => {
                Term::Mentions { kind: Kind::Country, names: named(names) }
            }
            Term::About(names) => Term::About(match countries {
                Countries::Named => named(&one_of_each(names)),
                Countries::Coded => one_of_each(names),
            }),
            Term::Quote(quote) => Term::Quote(QuoteTerm {
                by: quote.by.iter().map(one_of_each).collect(),
                said: quote.said.clone(),
                of: quote.of.iter().map(one_of_each).collect(),
            }),
            other => other.clone(),
        }),
    }
}

/// The names without those that are other forms of an earlier one. The fullest name of a person comes first, so that a
/// name of one word stands for itself only.
fn one_of_each(names: &Names) -> Names {
    let mut kept: Vec<&str> = Vec::new();
    let mut known: Vec<Vec<String>> = Vec::new();
    for name in names.iter() {
        let words = persons::words(name);
        let is_form = known.iter().any(|full| {
            persons::agree(&words, full) || full.len() > 1 && words.len() > 1 && persons::agree(full, &words)
        });
        if !is_form {
            kept.push(name);
        }
        // A form of the first name is none of another: `Obi` does not make `Ben Obi` one of Ada Obi's names.
        if !is_form || words.len() > 1 {
            known.push(words);
        }
    }
    Names::new(kept.into_iter().map(str::to_owned)).unwrap_or_else(|| names.clone())
}

/// The names of countries in place of their codes.
fn named(names: &Names) -> Names {
    let name = |text: &str| match CountryCode::new(&text.to_ascii_uppercase()) {
        Some(code) if country::find(text) == Some(code) => country::name(code).to_owned(),
        _ => text.to_owned(),
    };
    Names::new(names.iter().map(name)).unwrap_or_else(|| names.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(filter: &str, expected: &str) {
        assert_eq!(text(filter), expected);
    }

    #[test]
    fn a_person_has_one_name() {
        check(
            r#"person:"Yasuhiro Nakasone","Minsiter Yasuhiro Nakasone",Nakasone gas"#,
            r#"person:"Yasuhiro Nakasone" gas"#,
        );
        check(r#"-person:"Ada Obi",Obi"#, r#"-person:"Ada Obi""#);
        check(r#"by:"Ada Obi",Obi said:ferry"#, r#"by:"Ada Obi" said:ferry"#);
        check(r#"about:"Ada Obi",Obi OR gas"#, r#"about:"Ada Obi" OR gas"#);
    }

    #[test]
    fn several_persons_keep_their_names() {
        check(r#"person:"Ada Obi","Lev Sund",Obi"#, r#"person:"Ada Obi","Lev Sund""#);
        check(r#"person:"Ada Obi","Ben Obi""#, r#"person:"Ada Obi","Ben Obi""#);
        check(r#"person:"Ada Obi",Obi,"Ben Obi""#, r#"person:"Ada Obi","Ben Obi""#);
        check(r#"person:Kim,"Kim Jong Un""#, r#"person:Kim,"Kim Jong Un""#);
        check("org:Reuter,Reuters", "org:Reuter,Reuters");
    }

    #[test]
    fn countries_have_their_names() {
        check("country:EC", "country:Ecuador");
        check("-country:us,NO", r#"-country:"United States",Norway"#);
        check("country:zz", "country:zz");
        assert_eq!(
            condition(&Query::parse("country:EC", NaiveDate::default()).0.filter, Countries::Coded),
            "country:EC"
        );
    }

    #[test]
    fn the_rest_is_as_it_was_typed() {
        check("", "");
        check(
            "since:3d gas* is:unread sort:oldest group:off",
            "since:3d gas* is:unread sort:oldest group:off",
        );
        check("since:yes", "since:yes");
    }
}
