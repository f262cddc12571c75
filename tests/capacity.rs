//! Checks that every program is started and every file is written through `capacity`: no other module of the
//! source names a function that starts or writes. The library manages its own files once a capacity has
//! opened it. Tools that are not part of the program are not checked.

use std::fs;
use std::path::{Path, PathBuf};

/// The names of functions that start programs or write files, with the modules that may use them.
const DOORS: [(&str, &[&str]); 17] = [
    ("Command::new", &["capacity"]),
    ("process::Command", &["capacity"]),
    (".exec(", &[]),
    ("::exec", &[]),
    ("fs::write", &[]),
    ("File::create", &["capacity", "library"]),
    ("File::options", &["terminal"]),
    ("OpenOptions", &["capacity", "library"]),
    ("create_dir", &["capacity", "library"]),
    ("remove_file(", &["capacity", "library"]),
    ("fs::rename", &["capacity", "library"]),
    ("fs::copy", &["library"]),
    ("Library::open", &["capacity", "library"]),
    ("Library::temporary", &["capacity", "library"]),
    ("remove_dir", &["library"]),
    ("library::repair(", &["capacity"]),
    // The terminal opens its own device for writing.
    ("OFlags::WRONLY", &["terminal"]),
];

#[test]
fn only_a_capacity_starts_programs_and_writes_files() {
    let mut faults = Vec::new();
    for file in sources(Path::new("src")) {
        let module = file.components().nth(1).expect("a module").as_os_str().to_string_lossy().into_owned();
        let module = module.trim_end_matches(".rs");
        if ["bin", "train"].contains(&module) || file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file is readable text");
        // The tests are at the end of a file.
        let code = text.split("mod tests {").next().unwrap_or("");
        for (number, line) in
            code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            for (what, _) in DOORS.iter().filter(|(what, who)| line.contains(what) && !who.contains(&module))
            {
                faults.push(format!("{}:{}: {what}", file.display(), number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "use crate::capacity instead:\n{}", faults.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(sources(&path)),
            false => files.push(path),
        }
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
    files
}
