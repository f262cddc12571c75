//! The documents: they exist where others link to them, and the README stays short.

use std::fs;
use std::path::{Path, PathBuf};

/// The README is read on one screen, so it is kept under this many bytes.
const README_LIMIT: usize = 9000;

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut faults = Vec::new();
    for file in documents() {
        let text = fs::read_to_string(&file).expect("a document is readable text");
        for link in links(&text) {
            if let Some(fault) = fault_of(&file, &link) {
                faults.push(format!("{}: {link}: {fault}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_readme_is_short() {
    let length = fs::read(root().join("README.md")).expect("there is a README").len();
    assert!(length <= README_LIMIT, "README.md has {length} bytes; move details to docs/");
}

#[test]
fn links_and_headings_are_found() {
    assert_eq!(links("see [a](b.md#c) and ![d](e.svg), not `[f](g)`"), ["b.md#c", "e.svg"]);
    assert_eq!(links("```\n[a](b)\n```\n"), Vec::<String>::new());
    assert_eq!(anchor("What `it` costs, in bytes"), "what-it-costs-in-bytes");
    let file = root().join("README.md");
    assert!(fault_of(&file, "docs/keys.md#all-keys").is_none());
    assert!(fault_of(&file, "docs/keys.md#no-such-heading").is_some());
    assert!(fault_of(&file, "docs/no-such-file.md").is_some());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    [root(), root().join("docs")]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect()
}

/// The targets of the links and pictures in a text, without those in code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Every second piece between the marks of code is code.
    let prose = text.split("```").step_by(2).flat_map(|piece| piece.split('`').step_by(2));
    for piece in prose {
        let targets = piece.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        found.extend(targets.map(|(target, _)| target.to_owned()));
    }
    found
}

/// What is wrong with a link from `file`; links to other hosts are not looked at.
fn fault_of(file: &Path, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => file.to_owned(),
        _ => file.parent().expect("a document is in a folder").join(path),
    };
    if !target.exists() {
        return Some("there is no such file".to_owned());
    }
    if heading.is_empty() {
        return None;
    }
    let text = fs::read_to_string(&target).ok()?;
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    let found = headings.any(|line| anchor(line.trim_start_matches('#').trim()) == heading);
    (!found).then(|| "there is no such heading".to_owned())
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
