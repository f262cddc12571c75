//! Countries and territories, by their ISO 3166-1 codes.
//!
//! In: a code, the name of a country, or the name of its people. Out: the code and the English short name.
//! The table is `assets/gazetteers/countries.tsv`; `assets/NOTICE` names its sources.

use super::Facet;
use crate::annotation::CountryCode;
use std::sync::OnceLock;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
struct Country {
    code: CountryCode,
    /// The ISO 3166-1 alpha-3 code (`XKX` for Kosovo).
    long_code: &'static str,
    name: &'static str,
}

static TABLE: &str = include_str!("../../assets/gazetteers/countries.tsv");

/// All countries, sorted by code.
fn countries() -> &'static [Country] {
    static COUNTRIES: OnceLock<Vec<Country>> = OnceLock::new();
    COUNTRIES.get_or_init(|| TABLE.lines().filter_map(read_line).collect())
}

fn read_line(line: &'static str) -> Option<Country> {
    let mut columns = line.split('\t');
    let code = CountryCode::new(columns.next()?)?;
    Some(Country { code, long_code: columns.next()?, name: columns.next()? })
}

/// All 250 codes of the table, in alphabetical order.
#[cfg(any(test, feature = "train"))]
pub fn all() -> impl Iterator<Item = CountryCode> {
    countries().iter().map(|country| country.code)
}

/// The English short name, such as `United States`, or `unknown country` for a code that is not in the table.
pub fn name(code: CountryCode) -> &'static str {
    match countries().binary_search_by_key(&code, |country| country.code) {
        Ok(index) => countries()[index].name,
        Err(_) => "unknown country",
    }
}

/// Finds the country with this code, name, abbreviation or people, such as `RU`, `RUS`, `russia`, `Russian
/// Federation` or `Russians`. Case, accents and full stops are ignored. If several countries share the name
/// (`Congo`), the likeliest is returned.
pub fn find(text: &str) -> Option<CountryCode> {
    let text = text.trim();
    let known = |country: &&Country| {
        country.code.as_str().eq_ignore_ascii_case(text) || country.long_code.eq_ignore_ascii_case(text)
    };
    if text.len() <= 3
        && let Some(country) = countries().iter().find(known)
    {
        return Some(country.code);
    }
    let entry = super::find(text)?;
    (entry.is(Facet::Country) || entry.is(Facet::People)).then(|| entry.countries().next()).flatten()
}

/// The country at this index of the table.
pub(super) fn at(index: u8) -> Option<CountryCode> {
    countries().get(usize::from(index)).map(|country| country.code)
}

#[cfg(test)]
mod tests {
    use super::{all, find, name};
    use crate::annotation::CountryCode;

    fn check(text: &str, expected: &str) {
        assert_eq!(find(text).map_or(String::from("-"), |code| code.to_string()), expected, "{text}");
    }

    #[test]
    fn any_name_finds_the_country() {
        for (text, code) in [
            ("RU", "RU"),
            ("rus", "RU"),
            ("russian", "RU"),
            ("Russians", "RU"),
            ("U.S.", "US"),
            ("uk", "GB"),
            ("Britons", "GB"),
            ("Holland", "NL"),
            ("dutch", "NL"),
            ("Cote d'Ivoire", "CI"),
            ("Burma", "MM"),
            ("Swaziland", "SZ"),
            ("kosovo", "XK"),
            ("taiwanese", "TW"),
            ("palestinian", "PS"),
            ("Congo-Brazzaville", "CG"),
            ("DRC", "CD"),
            ("Congo", "CD"),
            ("Dominica", "DM"),
            ("Dominican Republic", "DO"),
            ("Niger", "NE"),
            ("Nigeria", "NG"),
            ("Guinea", "GN"),
            ("papua new guinea", "PG"),
            ("North Korea", "KP"),
            ("Korea", "KR"),
            ("Republic of Korea", "KR"),
            ("turkiye", "TR"),
            ("Atlantis", "-"),
            ("", "-"),
        ] {
            check(text, code);
        }
    }

    #[test]
    fn every_name_finds_its_code() {
        assert_eq!(all().count(), 250);
        for code in all() {
            assert_eq!(find(name(code)), Some(code), "{}", name(code));
        }
        assert_eq!(CountryCode::new("ZZ").map(name), Some("unknown country"));
    }
}
