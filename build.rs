//! Turns the data files of `assets/languages` into Rust: the traits of words as constants, the words of each language
//! as perfect hashes. A row that is wrong fails the build with the file and the line.

#[path = "src/language/hash.rs"]
mod hash;
#[path = "src/language/rows.rs"]
mod rows;

use rows::{TraitRow, WordRow};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

const ROOT: &str = "assets/languages";

/// How many words of 64 bits a set of traits takes; `src/language/traits.rs` has the same number.
const WIDTH: usize = 4;

/// The groups of traits whose words are looked up without knowing the language of a text.
const SHARED: [&str; 2] = ["date", "person"];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={ROOT}");
    println!("cargo::rerun-if-changed=src/language/rows.rs");
    println!("cargo::rerun-if-changed=src/language/hash.rs");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            println!("cargo::error={fault}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|fault| format!("OUT_DIR is not set: {fault}"))?);
    let (file, text) = read(&Path::new(ROOT).join("traits.tsv"))?;
    let traits = rows::traits(&file, &text)?;
    if traits.len() > WIDTH * 64 {
        return Err(format!(
            "{file}: {} traits; raise WIDTH in build.rs and src/language/traits.rs",
            traits.len()
        ));
    }
    write(&out.join("traits.rs"), &constants(&traits))?;
    let mut tables = String::new();
    let mut languages = Vec::new();
    let mut shared: BTreeMap<String, WordRow> = BTreeMap::new();
    let mut forenames: BTreeMap<String, String> = BTreeMap::new();
    for folder in folders()? {
        let code = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (words_file, text) = read(&folder.join("words.tsv"))?;
        let mut words = rows::words(&words_file, &text, &traits)?;
        share(&words_file, &mut words, &traits, &mut shared)?;
        if folder.join("forenames.tsv").exists() {
            let (file, text) = read(&folder.join("forenames.tsv"))?;
            forenames.extend(rows::pairs(&file, &text)?);
        }
        // A folder with verbs is a language that texts are analysed in; others hold the words of dates.
        if folder.join("verbs.tsv").exists() {
            let (file, text) = read(&folder.join("verbs.tsv"))?;
            words = rows::join(words, &rows::verbs(&file, &text, &traits)?);
            let (file, text) = read(&folder.join("datelines.tsv"))?;
            let datelines = rows::words(&file, &text, &traits)?;
            let name = code.to_uppercase();
            table(&mut tables, &format!("{name}_WORDS"), &words, &traits);
            table(&mut tables, &format!("{name}_DATELINES"), &datelines, &traits);
            languages.push(name);
        }
    }
    let mut map = phf_codegen::Map::new();
    for (word, row) in &shared {
        map.entry(word.as_str(), format!("({}, {})", bits(&row.traits, &traits), row.month));
    }
    let _ = writeln!(tables, "static SHARED: phf::Map<&'static str, (Traits, u8)> = {};", map.build());
    let mut map = phf_codegen::Map::new();
    for (short, full) in &forenames {
        map.entry(short.as_str(), format!("{full:?}"));
    }
    let _ = writeln!(tables, "static SHORT_FORENAMES: phf::Map<&'static str, &str> = {};", map.build());
    for name in languages {
        let _ = writeln!(
            tables,
            "static {name}: Tables = Tables {{ words: &{name}_WORDS, datelines: &{name}_DATELINES }};"
        );
    }
    write(&out.join("tables.rs"), &tables)
}

/// A constant of `Traits` for each row, and one for all traits of grammar together.
fn constants(traits: &[TraitRow]) -> String {
    let mut code = String::from("impl Traits {\n");
    for row in traits {
        let name = row.name.to_uppercase().replace('-', "_");
        let own = bits(std::slice::from_ref(&row.name), traits);
        let _ = writeln!(code, "    /// {}\n    pub const {name}: Traits = {own};", row.meaning);
    }
    let grammar: Vec<String> =
        traits.iter().filter(|row| row.group == "grammar").map(|row| row.name.clone()).collect();
    let _ = writeln!(
        code,
        "    /// The traits of grammar: a word with none of them is unknown to the rules about quotes.\n    \
         pub const GRAMMAR: Traits = {};\n}}",
        bits(&grammar, traits)
    );
    code
}

/// Adds the words of a language for dates and names of persons to those of all languages.
fn share(
    file: &str,
    words: &mut [WordRow],
    traits: &[TraitRow],
    shared: &mut BTreeMap<String, WordRow>,
) -> Result<(), String> {
    let is_shared =
        |name: &String| traits.iter().any(|row| row.name == *name && SHARED.contains(&row.group.as_str()));
    for row in words {
        let own: Vec<String> = row.traits.iter().filter(|name| is_shared(name)).cloned().collect();
        if own.is_empty() && row.month == 0 {
            continue;
        }
        let entry = shared.entry(row.word.clone()).or_default();
        if entry.month != 0 && row.month != 0 && entry.month != row.month {
            let (word, one, other) = (&row.word, entry.month, row.month);
            return Err(format!(
                "{file}: '{word}' is month {other} here and month {one} in another language"
            ));
        }
        entry.month = entry.month.max(row.month);
        entry.traits.extend(own);
    }
    Ok(())
}

/// The table of `rows`, a static of this name: the rows, and a table of their numbers, from one on, with the upper half
/// of the hash, by the lower half; where two words meet, the later one goes to the next free place. Half of the table is free.
fn table(code: &mut String, name: &str, rows: &[WordRow], traits: &[TraitRow]) {
    let mut slots = vec![0u32; (2 * rows.len()).next_power_of_two()];
    let _ = writeln!(code, "static {name}: Words = Words {{ rows: &[");
    for (index, row) in rows.iter().enumerate() {
        let _ = writeln!(code, "    ({:?}, {}),", row.word, bits(&row.traits, traits));
        let hash = hash::hash(row.word.as_bytes());
        let mut at = hash as usize % slots.len();
        while slots[at] != 0 {
            at = (at + 1) % slots.len();
        }
        slots[at] = hash & 0xFFFF_0000 | u32::from(u16::try_from(index + 1).unwrap_or(u16::MAX));
    }
    let _ = writeln!(code, "], slots: &{slots:?} }};");
}

/// A set of traits as an expression.
fn bits(names: &[String], traits: &[TraitRow]) -> String {
    let mut words = [0u64; WIDTH];
    for (index, row) in traits.iter().enumerate() {
        if names.contains(&row.name) {
            words[index / 64] |= 1 << (index % 64);
        }
    }
    format!("Traits({words:?})")
}

/// The folders of the languages, sorted.
fn folders() -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(ROOT).map_err(|fault| format!("could not list {ROOT}: {fault}"))?;
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn read(path: &Path) -> Result<(String, String), String> {
    let file = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|fault| format!("could not read {file}: {fault}"))?;
    Ok((file, text))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|fault| format!("could not write {}: {fault}", path.display()))
}
