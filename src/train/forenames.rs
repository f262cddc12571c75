//! The table of forenames that only men or only women bear.
//!
//! In: DATA/gazetteers (forenames by country, the Names Corpus). Out: `assets/forenames.txt`, sorted lines `name m|f`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not read {path}: {cause}")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("could not write {path}: {cause}")]
    Unwritable { path: PathBuf, cause: std::io::Error },
    #[error("could not find the column {0} in the forenames by country")]
    NoColumn(&'static str),
}

/// Writes `assets/forenames.txt` from the lists in `data/gazetteers`.
pub fn build(data: &Path) -> Result<String, Fault> {
    let mut genders: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    let mut learn = |name: &str, female: bool| {
        genders.entry(name.to_owned()).or_default()[usize::from(female)] = true;
    };
    let folder = data.join("gazetteers");
    let table = read(&folder.join("common-forenames-by-country.csv"))?;
    let mut lines = table.trim_start_matches('\u{FEFF}').lines().map(fields);
    let head = lines.next().unwrap_or_default();
    let column =
        |name: &'static str| head.iter().position(|known| known == name).ok_or(Fault::NoColumn(name));
    let (gender, names) = (column("Gender")?, [column("Romanized Name")?, column("Localized Name")?]);
    for line in lines {
        let female = match line.get(gender).map(String::as_str) {
            Some("F") => true,
            Some("M") => false,
            _ => continue,
        };
        for name in names.iter().filter_map(|name| line.get(*name)) {
            let name = name.trim().to_lowercase();
            if is_latin(&name) {
                let folded: String = name.nfd().filter(|c| !is_combining_mark(*c)).collect();
                learn(&name, female);
                learn(&folded, female);
            }
        }
    }
    for (file, female) in [("male.txt", false), ("female.txt", true)] {
        for name in read(&folder.join("names").join(file))?.lines() {
            let name = name.trim().to_lowercase();
            if !name.is_empty() && name.chars().all(char::is_alphabetic) {
                learn(&name, female);
            }
        }
    }
    let sure = genders.iter().filter(|(_, [male, female])| male != female);
    let text: String =
        sure.map(|(name, [male, _])| format!("{name} {}\n", if *male { 'm' } else { 'f' })).collect();
    let path = PathBuf::from("assets/forenames.txt");
    let count = text.lines().count();
    fs::write(&path, text).map_err(|cause| Fault::Unwritable { path, cause })?;
    Ok(format!("wrote {count} forenames"))
}

fn read(path: &Path) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })
}

/// One line of comma-separated values, with quotation marks around fields that hold commas.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => {
                if let Some(field) = fields.last_mut() {
                    field.push(c);
                }
            }
        }
    }
    fields
}

/// Letters of the Latin script alone, with or without accents.
fn is_latin(name: &str) -> bool {
    let latin = |c: char| matches!(c, 'a'..='z' | '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}');
    !name.is_empty() && name.chars().all(|c| c.is_alphabetic() && latin(c))
}
