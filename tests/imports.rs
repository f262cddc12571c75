//! Who may name whom. Imports point one way, shell → view → core → engines → nouns, and each
//! outside crate has one door. Fails with the file and the line that breaks it.

use std::fs;
use std::path::{Path, PathBuf};

/// The rings, from the inside out. A module may name its own ring and those before it.
const RINGS: [(&str, &[&str]); 5] = [
    ("nouns", &["fault", "text", "annotation", "article", "gazetteer", "corrections", "listing"]),
    ("engines", &["persons", "analysis", "formats", "query", "highlight", "similar"]),
    ("core", &["app"]),
    ("view", &["keymap", "theme", "ui", "lines"]),
    (
        "shell",
        &[
            "capacity", "library", "files", "fetch", "names", "terminal", "config", "run", "cli", "wire",
            "main", "bin", "train",
        ],
    ),
];

/// Which nouns and engines lie on which of their own ring or above: a listing counts the kinds of
/// entity that analysis knows.
const ABOVE: [(&str, &[&str]); 7] = [
    ("annotation", &["text"]),
    ("article", &["text"]),
    ("gazetteer", &["annotation", "text"]),
    ("corrections", &["annotation", "fault", "text"]),
    ("listing", &["article", "text", "annotation"]),
    ("analysis", &["persons"]),
    ("query", &[]),
];

/// Outside crates and the modules that may name them.
const DOORS: [(&str, &[&str]); 4] = [
    ("ratatui", &["ui", "theme", "terminal"]),
    ("crossterm", &["terminal"]),
    ("rusqlite", &["library"]),
    ("clap", &["cli", "main"]),
];

/// What the pure modules must not name: disk, network, clock, environment, threads.
const WORLD: [&str; 7] =
    ["std::fs", "std::net", "std::env", "std::thread", "SystemTime::now", "Utc::now", "Local::now"];

#[test]
fn imports_point_inwards() {
    let mut faults = Vec::new();
    for file in sources() {
        let text = fs::read_to_string(&file).expect("a source file is readable text");
        let module = module_of(&file);
        for (number, line) in code_lines(&text) {
            for fault in faults_of(&module, line) {
                faults.push(format!("{}:{number}: {fault}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_fault_is_found() {
    assert_eq!(faults_of("app", "use crate::library::Library;").len(), 1);
    assert_eq!(faults_of("query", "let x = crate::formats::read();").len(), 1);
    assert_eq!(faults_of("app", "use crossterm::event;").len(), 1);
    assert_eq!(faults_of("analysis", "std::fs::read(p)").len(), 1);
    assert_eq!(faults_of("ui", "use crate::app::App;"), Vec::<String>::new());
}

fn faults_of(module: &str, line: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for named in modules_named(line) {
        if !may_name(module, &named) {
            faults.push(format!("{module} must not name {named}"));
        }
    }
    for (krate, doors) in DOORS {
        let names = line.contains(&format!("{krate}::")) || line.contains(&format!("use {krate}"));
        if names && !doors.contains(&module) && !["bin", "train"].contains(&module) {
            faults.push(format!("only {doors:?} may name {krate}"));
        }
    }
    if ring(module) < 4 {
        faults.extend(
            WORLD
                .iter()
                .filter(|name| line.contains(*name))
                .map(|name| format!("{module} is pure: no {name}")),
        );
    }
    faults
}

/// The modules named as `crate::x` or `crate::{x, y}` in one line.
fn modules_named(line: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, path) in line.match_indices("crate::") {
        let rest = &line[at + path.len()..];
        let parts = match rest.strip_prefix('{') {
            Some(group) => group.split(',').collect(),
            None => vec![rest],
        };
        named.extend(parts.into_iter().map(|part| name_at_start(part.trim())));
    }
    named.retain(|name| ring(name) < RINGS.len());
    named
}

fn name_at_start(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn ring(module: &str) -> usize {
    RINGS.iter().position(|(_, modules)| modules.contains(&module)).unwrap_or(RINGS.len())
}

fn may_name(module: &str, named: &str) -> bool {
    let above = ABOVE.iter().find(|(name, _)| *name == module).is_some_and(|(_, list)| list.contains(&named));
    match (ring(module), ring(named)) {
        _ if module == named || above => true,
        (own @ 0..=1, other) => other < own,
        (own, other) => other <= own,
    }
}

/// The top module that a file under `src` belongs to.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root()).expect("sources lie under src");
    let first =
        inside.components().next().expect("a file has a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The lines of code, with their numbers: no comments, nothing behind `#[cfg(test)]` at the left edge.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .enumerate()
        .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or(line)))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files under `src`, but for test modules of their own (`tests.rs`) and `lib.rs`, which names all.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" && name != "lib.rs" {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
