//! Builds the table of names that the analysis reads: `assets/gazetteers/*.tsv` and, from a folder of lists, the
//! cities of GeoNames and common forenames and surnames.
//!
//! Later lists add to what earlier ones say of a name. A name in lists of several countries keeps them all; which
//! one is meant where an article does not tell is in `doubles.tsv`.

use crate::gazetteer::country;
use crate::gazetteer::write::{self, Name};
use crate::gazetteer::{Facet, OrgId};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};
use thiserror::Error;

/// Why the table could not be built.
#[derive(Debug, Error)]
pub enum Fault {
    #[error("could not read {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("could not write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("{path}, line {line}: {text}")]
    Line { path: PathBuf, line: usize, text: String },
}

type Names = BTreeMap<String, Name>;

/// Reads `data/gazetteers` and the lists in `assets/gazetteers`, writes `assets/gazetteers/names.bin`, and
/// says what is in it.
pub fn build(data: &Path) -> Result<String, Fault> {
    let assets = Path::new("assets/gazetteers");
    let lists = data.join("gazetteers");
    let mut names = Names::new();
    add_cities(&mut names, &lists.join("world-cities.csv"))?;
    add_countries(&mut names, &assets.join("countries.tsv"))?;
    add_places(&mut names, &assets.join("places.tsv"))?;
    add_large(&mut names, &assets.join("large.txt"))?;
    add_orgs(&mut names, &assets.join("orgs.tsv"))?;
    add_forenames(&mut names, &lists)?;
    add_surnames(&mut names, &lists.join("common-surnames-by-country.csv"))?;
    set_order(&mut names, &assets.join("doubles.tsv"))?;
    mark_openings(&mut names);
    let bytes = write::table(&names);
    let path = assets.join("names.bin");
    fs::write(&path, &bytes).map_err(|source| Fault::Write { path: path.clone(), source })?;
    Ok(format!("{}: {} names, {} bytes", path.display(), names.len(), bytes.len()))
}

fn read(path: &Path) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|source| Fault::Read { path: path.to_owned(), source })
}

/// The lines of a list that say something, numbered from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().zip(1..).map(|(line, number)| (number, line));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn wrong(path: &Path, line: usize, text: &str) -> Fault {
    Fault::Line { path: path.to_owned(), line, text: text.to_owned() }
}

fn code(text: &str) -> Option<u8> {
    let index = country::all().position(|code| code.as_str() == text)?;
    u8::try_from(index).ok()
}

fn at<'a>(names: &'a mut Names, name: &str) -> &'a mut Name {
    names.entry(write::words(name).join(" ")).or_default()
}

fn add_unique(list: &mut Vec<u8>, index: u8) {
    if !list.contains(&index) {
        list.push(index);
    }
}

fn add_countries(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for (number, line) in lines(&text) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [code_text, _, short, others, people, capitals] = columns[..] else {
            return Err(wrong(path, number, "six columns are wanted"));
        };
        let index = code(code_text).ok_or_else(|| wrong(path, number, "not in the table of countries"))?;
        for form in std::iter::once(short).chain(others.split(';')).filter(|form| !form.is_empty()) {
            let name = at(names, form.trim_start_matches('='));
            name.set(Facet::Country);
            if form.starts_with('=') {
                name.set(Facet::Capitals);
            }
            add_unique(&mut name.countries, index);
        }
        for form in people.split(';').filter(|form| !form.is_empty()) {
            let name = at(names, form);
            name.set(Facet::People);
            add_unique(&mut name.countries, index);
        }
        for form in capitals.split(';').filter(|form| !form.is_empty()) {
            let name = at(names, form);
            name.set(Facet::Place);
            name.set(Facet::Listed);
            name.places.retain(|place| *place != index);
            name.places.insert(0, index);
            name.decided = true;
        }
    }
    Ok(())
}

fn add_places(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for (number, line) in lines(&text) {
        let (code_text, forms) =
            line.split_once('\t').ok_or_else(|| wrong(path, number, "two columns are wanted"))?;
        let index = match code_text {
            "-" => None,
            _ => Some(code(code_text).ok_or_else(|| wrong(path, number, "not in the table of countries"))?),
        };
        for form in forms.split(';').filter(|form| !form.is_empty()) {
            let name = at(names, form.trim_start_matches('~'));
            name.set(Facet::Place);
            name.set(Facet::Listed);
            if form.starts_with('~') {
                name.set(Facet::Common);
            }
            match index {
                Some(index) => {
                    name.places.retain(|place| *place != index);
                    name.places.insert(0, index);
                    name.decided = true;
                }
                None => name.places.clear(),
            }
        }
    }
    Ok(())
}

fn add_orgs(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for ((number, line), id) in lines(&text).zip(0..) {
        let (code_text, forms) =
            line.split_once('\t').ok_or_else(|| wrong(path, number, "two columns are wanted"))?;
        for form in forms.split(';').filter(|form| !form.is_empty()) {
            let name = at(names, form.trim_start_matches('='));
            name.set(Facet::Org);
            if form.starts_with('=') {
                name.set(Facet::Capitals);
            }
            if code_text != "-" {
                let index =
                    code(code_text).ok_or_else(|| wrong(path, number, "not in the table of countries"))?;
                name.set(Facet::Seat);
                add_unique(&mut name.countries, index);
            }
            name.org = Some(OrgId(id));
        }
    }
    Ok(())
}

/// GeoNames' cities and the regions that they lie in: `name,country,region,id`.
fn add_cities(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for line in text.lines().skip(1) {
        let columns = csv(line);
        let [city, country, region, ..] = &columns[..] else { continue };
        let Some(index) = code_of_name(country) else { continue };
        for form in [city, region] {
            if form.len() >= 3 && !form.chars().all(char::is_numeric) {
                let name = at(names, form);
                name.set(Facet::Place);
                add_unique(&mut name.places, index);
                name.decided = name.places.len() == 1;
            }
        }
    }
    names.remove("");
    Ok(())
}

/// Marks the large ones of the cities.
fn add_large(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for (_, line) in lines(&text) {
        if let Some(name) = names.get_mut(&write::words(line).join(" "))
            && name.facets & Facet::Place as u16 != 0
        {
            name.set(Facet::Large);
        }
    }
    Ok(())
}

/// The index of a country that the list of cities names its own way (`Congo, The Democratic Republic of the`).
fn code_of_name(name: &str) -> Option<u8> {
    let (short, rest) = name.split_once(", ").unwrap_or((name, ""));
    let turned = format!("{} {short}", rest.trim_start_matches("The "));
    let known = |text: &str| names_of_countries().find(|(form, _)| *form == text).map(|(_, code)| code);
    known(name).or_else(|| known(turned.trim())).or_else(|| known(short)).and_then(code)
}

fn names_of_countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    static COUNTRIES: &str = include_str!("../../assets/gazetteers/countries.tsv");
    COUNTRIES.lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let (code, short) = (columns[0], columns[2]);
        std::iter::once(short).chain(columns[3].split(';')).map(move |form| (form, code))
    })
}

/// The lists of one forename a line, by gender, and the common forenames of countries: gender in column 9, the name in
/// Latin letters in column 11.
fn add_forenames(names: &mut Names, lists: &Path) -> Result<(), Fault> {
    for (file, gender) in [("male.txt", Facet::Male), ("female.txt", Facet::Female)] {
        let text = read(&lists.join("names").join(file))?;
        for (_, line) in lines(&text) {
            add_person(names, line, &[Facet::Forename, gender]);
        }
    }
    let text = read(&lists.join("common-forenames-by-country.csv"))?;
    for line in text.lines().skip(1) {
        let columns = csv(line);
        let gender = match columns.get(9).map(String::as_str) {
            Some("M") => &[Facet::Forename, Facet::Male][..],
            Some("F") => &[Facet::Forename, Facet::Female],
            _ => &[Facet::Forename],
        };
        add_person(names, columns.get(11).map_or("", String::as_str), gender);
    }
    Ok(())
}

/// The common surnames of countries: in Latin letters in column 5.
fn add_surnames(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for line in text.lines().skip(1) {
        add_person(names, csv(line).get(5).map_or("", String::as_str), &[Facet::Surname]);
    }
    Ok(())
}

fn add_person(names: &mut Names, form: &str, facets: &[Facet]) {
    let words = write::words(form);
    if let [word] = &words[..]
        && word.len() >= 2
    {
        let name = at(names, word);
        facets.iter().for_each(|facet| name.set(*facet));
    }
}

/// Puts the countries of a shared name in the order of likelihood.
fn set_order(names: &mut Names, path: &Path) -> Result<(), Fault> {
    let text = read(path)?;
    for (number, line) in lines(&text) {
        let (form, codes) =
            line.split_once('\t').ok_or_else(|| wrong(path, number, "two columns are wanted"))?;
        let order: Option<Vec<u8>> = codes.split(',').map(code).collect();
        let order = order.ok_or_else(|| wrong(path, number, "not in the table of countries"))?;
        let name = at(names, form);
        let sort = |list: &mut Vec<u8>, all: &[u8]| {
            let mut sorted = all.to_vec();
            sorted.extend(list.iter().filter(|index| !all.contains(index)));
            *list = sorted;
        };
        let of_country = name.facets & (Facet::Country as u16 | Facet::People as u16) != 0;
        let of_place = name.facets & Facet::Place as u16 != 0;
        if of_country {
            sort(&mut name.countries, &order);
        }
        if of_place || !of_country {
            name.set(Facet::Place);
            sort(&mut name.places, &order);
            name.decided = true;
        }
    }
    Ok(())
}

/// Marks every opening of a longer name, so that the reader knows whether to look further.
fn mark_openings(names: &mut Names) {
    let all: Vec<String> = names.keys().cloned().collect();
    for name in all {
        for (space, _) in name.match_indices(' ') {
            names.entry(name[..space].to_owned()).or_default().set(Facet::Longer);
        }
    }
}

/// The columns of a line, with quotes around those that hold commas.
fn csv(line: &str) -> Vec<String> {
    let mut columns = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => columns.push(String::new()),
            c => columns.last_mut().expect("the list starts with one and only grows").push(c),
        }
    }
    columns
}
