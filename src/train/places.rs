//! How well the countries of an article agree with those that Reuters' own editors gave it.
//!
//! In: the articles of Reuters-21578 as JSON Lines, each with an id that ends in `-` and the story's NEWID, and the
//! folder of the collection as it is published (`reut2-000.sgm` to `reut2-021.sgm`, or `.xml`). Out: a table over all
//! pairs of a story and a country. Most stories are of American companies, so that a second line leaves the United
//! States out.

use crate::analysis::analyze;
use crate::annotation::CountryCode;
use crate::formats::{self, Origin};
use crate::gazetteer::country;
use crate::language::Language;
use chrono::DateTime;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not read {path}: {cause}")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("could not find a story with places in {0}: name the folder with reut2-000.sgm and the others")]
    NoStories(PathBuf),
}

type Countries = BTreeSet<CountryCode>;

/// Names of the collection that are no country's name of today.
const OF_THEN: [(&str, &str); 8] = [
    ("west-germany", "DE"),
    ("east-germany", "DE"),
    ("ussr", "RU"),
    ("zaire", "CD"),
    ("yemen-arab-republic", "YE"),
    ("yemen-demo-republic", "YE"),
    ("congo", "CG"),
    ("us-virgin-islands", "VI"),
];

/// States of then that are several today, and stand for none of them.
const GONE: [&str; 2] = ["yugoslavia", "czechoslovakia"];

/// Pairs of a story and a country that agree, that were found, and that the editors gave.
#[derive(Clone, Copy, Default)]
struct Pairs {
    right: usize,
    found: usize,
    given: usize,
}

impl Pairs {
    fn count(&mut self, found: &Countries, given: &Countries, without: Option<CountryCode>) {
        let counts = |code: &&CountryCode| Some(**code) != without;
        self.right += found.intersection(given).filter(counts).count();
        self.found += found.iter().filter(counts).count();
        self.given += given.iter().filter(counts).count();
    }

    fn row(self) -> String {
        let of = |whole: usize| 100.0 * self.right as f64 / whole.max(1) as f64;
        let f1 = 200.0 * self.right as f64 / (self.found + self.given).max(1) as f64;
        format!("{:.1} | {:.1} | {f1:.1} | {}", of(self.found), of(self.given), self.given)
    }
}

/// The table: countries with any mention and those that the article is about, with and without the United States.
pub fn evaluate(articles: &Path, collection: &Path) -> Result<String, Fault> {
    let given = stories(collection)?;
    let bytes = read(articles)?;
    let origin = Origin { path: None, source: String::new(), time: DateTime::default() };
    let mut sums = [Pairs::default(); 4];
    for article in formats::read(&bytes, &origin).0 {
        let id = article.guid.as_deref().and_then(|id| id.rsplit('-').next()).unwrap_or_default();
        let Some(given) = given.get(id) else { continue };
        let analysis = analyze(&article.title, &article.body, Language::english());
        let any: Countries = analysis.countries.iter().copied().collect();
        let about: Countries = analysis.about().collect();
        for (sum, (found, without)) in sums.iter_mut().zip([
            (&any, None),
            (&any, CountryCode::new("US")),
            (&about, None),
            (&about, CountryCode::new("US")),
        ]) {
            sum.count(found, given, without);
        }
    }
    let mut table =
        String::from("| countries | precision | recall | F1 | pairs |\n| --- | --- | --- | --- | --- |\n");
    let names = ["any mention", "any mention, without US", "about it", "about it, without US"];
    for (name, sum) in names.iter().zip(sums) {
        let _ = writeln!(table, "| {name} | {} |", sum.row());
    }
    Ok(table)
}

/// The editors' countries of each story, by its NEWID.
fn stories(folder: &Path) -> Result<HashMap<String, Countries>, Fault> {
    let unreadable = |cause| Fault::Unreadable { path: folder.to_owned(), cause };
    let mut stories = HashMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("reut2-")) {
            let bytes = read(&path)?;
            // Every byte of the collection that counts here is ASCII.
            places(&String::from_utf8_lossy(&bytes), &mut stories);
        }
    }
    if stories.is_empty() { Err(Fault::NoStories(folder.to_owned())) } else { Ok(stories) }
}

fn places(text: &str, stories: &mut HashMap<String, Countries>) {
    for story in text.split("<REUTERS").skip(1) {
        let (Some(id), Some(list)) =
            (between(story, "NEWID=\"", "\""), between(story, "<PLACES>", "</PLACES>"))
        else {
            continue;
        };
        let names = list.split("<D>").skip(1).filter_map(|name| name.split('<').next());
        stories.insert(id.to_owned(), names.filter_map(code).collect());
    }
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = text.split_once(open)?.1;
    Some(rest.split_once(close)?.0)
}

fn code(place: &str) -> Option<CountryCode> {
    if GONE.contains(&place) {
        return None;
    }
    match OF_THEN.iter().find(|(name, _)| *name == place) {
        Some((_, code)) => CountryCode::new(code),
        None => country::find(&place.replace('-', " ")),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    fs::read(path).map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_a_story_are_read_by_its_number() {
        let mut stories = HashMap::new();
        places(
            "<REUTERS OLDID=\"1\" NEWID=\"7\"><PLACES><D>west-germany</D><D>uk</D><D>yugoslavia</D></PLACES></REUTERS>",
            &mut stories,
        );
        let codes: Vec<&str> = stories["7"].iter().map(CountryCode::as_str).collect();
        assert_eq!(codes, ["DE", "GB"]);
    }

    #[test]
    fn agreement_is_counted_with_and_without_a_country() {
        let set =
            |codes: &[&str]| codes.iter().filter_map(|code| CountryCode::new(code)).collect::<Countries>();
        let mut pairs = Pairs::default();
        pairs.count(&set(&["US", "NO"]), &set(&["NO", "SE"]), CountryCode::new("US"));
        assert_eq!(pairs.row(), "100.0 | 50.0 | 66.7 | 2");
    }
}
