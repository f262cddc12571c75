//! The names of countries and capitals in languages other than English.
//!
//! In: the folders of CLDR in JSON (`cldr-localenames-full`, `cldr-dates-full`), `assets/gazetteers/countries.tsv`, and
//! `abroad-by-hand.tsv` beside it. Out: `assets/gazetteers/abroad.tsv`, whose first lines say what its columns are.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not read {path}: {cause}")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("could not read {path}: {cause}")]
    NoJson { path: PathBuf, cause: serde_json::Error },
    #[error("could not write {path}: {cause}")]
    Unwritable { path: PathBuf, cause: std::io::Error },
}

/// The languages with the locales whose names are taken. They are the twelve most read beside English (Chinese, Hindi,
/// Spanish, Arabic, French, Bengali, Portuguese, Russian, Indonesian, Urdu, German, Japanese), and those of the news that
/// readers of this program are likeliest to have besides. Thai is left out: it has no spaces, and its names are short.
const LANGUAGES: [(&str, &[&str]); 34] = [
    ("ar", &["ar"]),
    ("bg", &["bg"]),
    ("bn", &["bn"]),
    ("ca", &["ca"]),
    ("cs", &["cs"]),
    ("da", &["da"]),
    ("de", &["de"]),
    ("el", &["el"]),
    ("es", &["es"]),
    ("et", &["et"]),
    ("fa", &["fa"]),
    ("fi", &["fi"]),
    ("fr", &["fr"]),
    ("he", &["he"]),
    ("hi", &["hi"]),
    ("hr", &["hr"]),
    ("hu", &["hu"]),
    ("id", &["id"]),
    ("it", &["it"]),
    ("ja", &["ja"]),
    ("ko", &["ko"]),
    ("nl", &["nl"]),
    ("no", &["no", "nb", "nn"]),
    ("pl", &["pl"]),
    ("pt", &["pt", "pt-PT"]),
    ("ro", &["ro"]),
    ("ru", &["ru"]),
    ("sk", &["sk"]),
    ("sr", &["sr", "sr-Latn"]),
    ("sv", &["sv"]),
    ("tr", &["tr"]),
    ("uk", &["uk"]),
    ("ur", &["ur"]),
    ("vi", &["vi"]),
];
/// Chinese has two scripts, whose names are joined.
const CHINESE: (&str, &[&str]) = ("zh", &["zh", "zh-Hant"]);

/// The languages in Latin letters, which write a capital as English does where CLDR has no other name for it.
const LATIN: [&str; 21] = [
    "ca", "cs", "da", "de", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "nl", "no", "pl", "pt", "ro",
    "sk", "sv", "tr", "vi",
];

/// Territories whose names are names of people, clothes or hardly anything else, or whose capitals are; and those without
/// inhabitants.
const NO_NAME: [&str; 16] =
    ["AQ", "BV", "CC", "CX", "GG", "GS", "HM", "IM", "IO", "JE", "NF", "PN", "SJ", "TF", "UM", "WF"];
/// Territories whose capital is left out: it is no state, or its capital has the name of many other things.
const NO_CAPITAL: [&str; 50] = [
    "AG", "AI", "AS", "AW", "AX", "BB", "BL", "BM", "BQ", "CK", "CV", "CW", "DM", "EH", "FK", "FM", "FO",
    "GD", "GF", "GI", "GL", "GP", "GU", "GY", "HK", "JM", "KN", "KY", "LC", "MF", "MH", "MO", "MP", "MQ",
    "MS", "MU", "MV", "NC", "NR", "NU", "PF", "PM", "PR", "PW", "RE", "SC", "SH", "TV", "VC", "YT",
];

#[derive(Default)]
struct Names {
    country: BTreeSet<String>,
    /// Each capital by its English name.
    capitals: BTreeMap<String, BTreeSet<String>>,
}

/// Writes `assets/gazetteers/abroad.tsv`.
pub fn build(names: &Path, dates: &Path) -> Result<String, Fault> {
    let folder = Path::new("assets/gazetteers");
    let countries = text(&folder.join("countries.tsv"))?;
    let rows: Vec<Vec<&str>> = countries
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .filter(|row: &Vec<&str>| row.first().is_some_and(|code| !NO_NAME.contains(code)))
        .collect();
    let by_hand = text(&folder.join("abroad-by-hand.tsv"))?;
    let mut table = String::from(
        "# Countries and their capitals in languages other than English: the language, the country, the names of the country\n\
         # in that language, and its capitals, each as English=that language. Lists are split at ';'. Made by `dateline-train\n\
         # abroad` from CLDR and from abroad-by-hand.tsv.\n",
    );
    let mut languages: Vec<(&str, &[&str])> = LANGUAGES.to_vec();
    languages.push(CHINESE);
    for (language, locales) in &languages {
        let mut known: BTreeMap<&str, Names> = BTreeMap::new();
        for locale in *locales {
            territories(&names.join("main").join(locale).join("territories.json"), &rows, &mut known)?;
            cities(&dates.join("main").join(locale).join("timeZoneNames.json"), &rows, &mut known)?;
        }
        for line in by_hand.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [of, code, country, capitals] = cells[..] else { continue };
            if of != *language {
                continue;
            }
            let entry = known.entry(code).or_default();
            entry.country.extend(list(country).map(str::to_owned));
            for (english, local) in list(capitals).filter_map(|capital| capital.split_once('=')) {
                entry.capitals.entry(english.to_owned()).or_default().insert(local.to_owned());
            }
        }
        for row in rows.iter().filter(|_| LATIN.contains(language)) {
            let [code, .., capitals] = row[..] else { continue };
            let entry = known.entry(code).or_default();
            if let Some(first) = list(capitals).next()
                && entry.capitals.is_empty()
                && !NO_CAPITAL.contains(&code)
            {
                entry.capitals.entry(first.to_owned()).or_default().insert(first.to_owned());
            }
        }
        for (code, Names { mut country, mut capitals }) in known {
            leave_out(&mut country);
            capitals.values_mut().for_each(leave_out);
            country.retain(|name| is_name(name));
            let shown = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>();
            let country_names = shown(&country);
            // A capital with the name of its country (Singapore, Mexico) is the country.
            capitals.values_mut().for_each(|names| names.retain(|name| !country.contains(name)));
            let capitals: Vec<String> = capitals
                .iter()
                .flat_map(|(english, names)| names.iter().map(move |name| format!("{english}={name}")))
                .collect();
            if !country_names.is_empty() || !capitals.is_empty() {
                table +=
                    &format!("{language}\t{code}\t{}\t{}\n", country_names.join(";"), capitals.join(";"));
            }
        }
    }
    let path = folder.join("abroad.tsv");
    fs::write(&path, &table).map_err(|cause| Fault::Unwritable { path: path.clone(), cause })?;
    Ok(format!("wrote {} ({} languages, {} bytes)", path.display(), languages.len(), table.len()))
}

/// Leaves out the names that are listed with a minus too.
fn leave_out(names: &mut BTreeSet<String>) {
    let out: Vec<String> =
        names.iter().filter_map(|name| name.strip_prefix('-')).map(str::to_owned).collect();
    names.retain(|name| !name.starts_with('-') && !out.contains(name));
}

/// The names of countries in a locale, those that CLDR gives as variants too.
fn territories<'r>(
    path: &Path,
    rows: &[Vec<&'r str>],
    known: &mut BTreeMap<&'r str, Names>,
) -> Result<(), Fault> {
    let json = json(path)?;
    let found = inside(&json, &["localeDisplayNames", "territories"]);
    for (key, name) in found.and_then(Value::as_object).into_iter().flatten() {
        let code = key.split('-').next().unwrap_or_default();
        let Some(row) = rows.iter().find(|row| row.first() == Some(&code)) else { continue };
        if let Some(name) = name.as_str() {
            let entry = known.entry(row[0]).or_default();
            // What stands in brackets explains a name: `Myanmar (Birma)`.
            let plain = name.split_once(" (").map_or(name, |(plain, _)| plain);
            if plain == name || !matches!(code, "CD" | "CG") {
                entry.country.insert(plain.trim().to_owned());
            }
        }
    }
    Ok(())
}

/// The names of the capitals in a locale, where a time zone is called after them.
fn cities<'r>(path: &Path, rows: &[Vec<&'r str>], known: &mut BTreeMap<&'r str, Names>) -> Result<(), Fault> {
    let json = json(path)?;
    let Some(zones) = inside(&json, &["dates", "timeZoneNames", "zone"]).and_then(Value::as_object) else {
        return Ok(());
    };
    for (zone, place) in zones.values().filter_map(Value::as_object).flatten() {
        let Some(name) = place.get("exemplarCity").and_then(Value::as_str) else { continue };
        let english = match zone.as_str() {
            "Kiev" => "Kyiv".to_owned(),
            "Saigon" | "Calcutta" => continue,
            zone => zone.replace('_', " "),
        };
        let of = |row: &&Vec<&'r str>| {
            row.last().is_some_and(|capitals| list(capitals).any(|capital| plain(capital) == plain(&english)))
                && !NO_CAPITAL.contains(&row[0])
        };
        let Some(row) = rows.iter().find(of) else { continue };
        let capital =
            list(row.last().copied().unwrap_or_default()).find(|capital| plain(capital) == plain(&english));
        let entry = known.entry(row[0]).or_default();
        entry.capitals.entry(capital.unwrap_or(&english).to_owned()).or_default().insert(name.to_owned());
    }
    Ok(())
}

/// A name that may be looked for: of letters, and not of one letter or two in a script whose words have more.
fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 || letters == 2 && !name.is_ascii()
}

fn plain(name: &str) -> String {
    crate::text::fold::fold(name).chars().filter(|c| c.is_alphabetic()).collect()
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|name| !name.is_empty())
}

/// The value under the one locale that a file of CLDR has.
fn inside<'v>(json: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    let locale = json.get("main")?.as_object()?.values().next()?;
    keys.iter().try_fold(locale, |value, key| value.get(key))
}

fn text(path: &Path) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })
}

fn json(path: &Path) -> Result<Value, Fault> {
    serde_json::from_str(&text(path)?).map_err(|cause| Fault::NoJson { path: path.to_owned(), cause })
}
