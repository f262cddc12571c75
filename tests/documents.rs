//! The tables in the documents are those that the program prints.
//!
//! `BLESS=1 cargo test --test documents` writes the tables into the documents.

use dateline::exports::app::action::key_table;
use dateline::exports::config::settings;
use dateline::exports::query::guide;
use dateline::exports::theme::SLOTS;
use std::fs;
use std::path::Path;

/// Two tests may write parts of one document.
static WRITING: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Compares what stands between the two marker comments called `name` with `expected`.
fn check(document: &str, name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let _alone = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let text = fs::read_to_string(&path).expect("the document is there");
    let marker = format!("<!-- {name}: ");
    let start = text.find(&marker).expect("a first marker");
    let start = start + text[start..].find('\n').expect("the end of a line") + 1;
    let end = start + text[start..].find(&format!("<!-- end of {name} -->")).expect("a last marker");
    if std::env::var_os("BLESS").is_some() {
        let blessed = format!("{}{expected}{}", &text[..start], &text[end..]);
        fs::write(&path, blessed).expect("the document can be written");
        return;
    }
    assert_eq!(
        &text[start..end],
        expected,
        "{document} is out of date: BLESS=1 cargo test --test documents writes it anew"
    );
}

#[test]
fn the_keys() {
    check("docs/keys.md", "keys", &key_table());
}

#[test]
fn the_settings() {
    check("docs/configuration.md", "settings", &settings::table());
}

#[test]
fn the_parts_of_a_theme_are_listed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let text = fs::read_to_string(path).expect("the document is there");
    for (name, _) in SLOTS {
        assert!(text.contains(&format!("`{name}`")), "docs/configuration.md does not name the part {name}");
    }
}

#[test]
fn the_query_language() {
    let document = "docs/queries.md";
    check(document, "terms", &guide::table("term", "which articles match", guide::TERMS));
    check(document, "orders", &guide::table("word", "what it does", guide::ORDERS));
    check(document, "dates", &guide::table("date", "its days", guide::DATES));
}

#[test]
fn the_names_of_fields() {
    check("docs/formats.md", "fields", &dateline::exports::formats::field_table());
}

/// `dateline formats` prints columns that are separated by two blanks or more, and a last sentence.
#[test]
fn the_formats() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dateline")).arg("formats").output();
    let output = String::from_utf8(output.expect("the program runs").stdout).expect("text");
    let rows: Vec<String> = output.lines().filter(|line| line.contains("  ")).map(row).collect();
    assert!(rows.len() > 5, "{output}");
    let head = "| format | a file of it holds | recognised by |\n| --- | --- | --- |\n";
    check("docs/formats.md", "formats", &format!("{head}{}", rows.concat()));
}

/// A line of columns as a row of a Markdown table.
fn row(line: &str) -> String {
    let cells: Vec<_> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    format!("| {} |\n", cells.join(" | ").replace('<', "\\<"))
}

/// Each crate of the manifest has a row in the table that says why it is there, and no row is of a crate that has gone.
#[test]
fn the_dependencies() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).expect("a file");
    let manifest: toml::Table = read("Cargo.toml").parse().expect("the manifest is TOML");
    let of_all = ["dependencies", "dev-dependencies", "build-dependencies"]
        .into_iter()
        .flat_map(|kind| manifest[kind].as_table().into_iter().flatten());
    let platforms = manifest["target"].as_table().into_iter().flatten();
    let of_platforms =
        platforms.filter_map(|(_, platform)| platform.get("dependencies")?.as_table()).flatten();
    let named: std::collections::BTreeSet<String> =
        of_all.chain(of_platforms).map(|(name, _)| name.clone()).collect();
    let listed = read("docs/dependencies.md")
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line.split('|').nth(1))
        .flat_map(|names| names.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(named, listed);
}
