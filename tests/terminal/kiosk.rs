//! The reader behind a forced command starts no program, and writes only the person's own state. A tracer watches
//! it, if the machine has one that may trace.

use super::session::{Session, command, program};
use super::{add, home};
use std::path::Path;

const LINKED: &str =
    r#"{"title":"Linked story","date":"2026-04-01","body":"Rain.","url":"https://example.org/a"}"#;

/// Whether processes can be traced on this machine.
fn can_trace() -> bool {
    let traced = std::process::Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    let can = traced.is_ok_and(|end| end.success());
    if !can {
        eprintln!("skipped: strace is missing, or is not allowed to trace");
    }
    can
}

/// Starts a kiosk session in `home`, traced to the file `trace` there.
fn kiosk(home: &Path, arguments: &[&str]) -> Session {
    let (program, trace) = (program(), home.join("trace"));
    let trace = trace.to_str().expect("a path in UTF-8");
    let mut all = vec!["-f", "-e", "trace=%file,execve", "-o", trace, &program, "--kiosk"];
    all.extend(arguments);
    let mut command = command(home, "strace", &all);
    command.env("DISPLAY", ":0");
    command.env("SSH_ORIGINAL_COMMAND", "touch owned");
    Session::start(command, 80, 24)
}

/// The calls that change something, or open something for writing.
fn writes(trace: &str) -> Vec<&str> {
    const CHANGING: [&str; 9] =
        ["O_WRONLY", "O_RDWR", "O_CREAT", "mkdir", "rename", "unlink", "link(", "creat(", "truncate"];
    let changes = |call: &&str| CHANGING.iter().any(|what| call.contains(what)) && !call.contains("= -1");
    trace.lines().filter(changes).collect()
}

#[test]
fn a_kiosk_starts_nothing_and_writes_only_its_own_state() {
    if !can_trace() {
        return;
    }
    let home = home();
    std::fs::write(home.path().join("news/linked.jsonl"), LINKED).expect("a file");
    add(home.path(), "news");
    let settings = home.path().join(".config/dateline");
    std::fs::create_dir_all(&settings).expect("a folder");
    std::fs::write(settings.join("config.toml"), "opener = [\"touch\", \"opened\"]\n").expect("a config");
    let library = home.path().join(".local/share/dateline/library.db");
    let before = std::fs::read(&library).expect("a library");
    let mut session = kiosk(home.path(), &[]);
    session.expect("Linked story");
    session.press("o");
    session.expect("https://example.org/a");
    session.press("qs");
    session.expect("★");
    session.press("\u{1a}");
    session.expect("could not suspend the reader");
    session.press("\re");
    session.press("Q");
    assert_eq!(session.end().code, 0);
    session.assert_left_clean();

    let trace = std::fs::read_to_string(home.path().join("trace")).expect("a trace");
    assert_eq!(trace.matches("execve(").count(), 1, "{trace}");
    // SQLite coordinates the sessions of one person through two files beside the person's own, kiosk.db.
    const ALLOWED: [&str; 2] = ["/dev/", "dateline/kiosk.db"];
    for call in writes(&trace) {
        let folder = call.contains("mkdir") && call.contains(".local/state");
        assert!(folder || ALLOWED.iter().any(|path| call.contains(path)), "{call}");
    }
    assert!(!home.path().join("owned").exists() && !home.path().join("opened").exists());
    assert_eq!(std::fs::read(&library).expect("a library"), before, "the library was changed");
    assert_eq!(names(library.parent().expect("a folder")), ["library.db"]);
    assert_eq!(names(&home.path().join(".local/state/dateline")), ["kiosk.db"]);
}

/// The names of the files in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_kiosk_makes_nothing_beside_the_library_and_shows_what_is_added() {
    let home = home();
    add(home.path(), "news");
    let shelf = home.path().join(".local/share/dateline");
    assert_eq!(names(&shelf), ["library.db"]);
    let mut session =
        Session::start(command(home.path(), &program(), &["--kiosk", "--state", "ana.db"]), 80, 24);
    session.expect("Harbour opens in Bergen");
    session.press("s");
    session.expect("★");
    assert_eq!(names(&shelf), ["library.db"]);
    // Two writers, one after the other, while the kiosk is open.
    std::fs::write(home.path().join("news/linked.jsonl"), LINKED).expect("a file");
    add(home.path(), "news/linked.jsonl");
    session.press("/linked\r");
    session.expect("Linked story");
    std::fs::write(home.path().join("news/more.jsonl"), LINKED.replace("Linked", "Unlinked"))
        .expect("a file");
    add(home.path(), "news/more.jsonl");
    session.press("\u{1b}");
    session.press("/unlinked\r");
    session.expect("Unlinked story");
    // A writer that ends while the kiosk reads leaves its files behind, and the next writer removes them. From then on
    // nobody writes, so each file that appears would be the kiosk's.
    let mut attempts = 0;
    while names(&shelf) != ["library.db"] && attempts < 20 {
        add(home.path(), "news/more.jsonl");
        attempts += 1;
    }
    assert_eq!(names(&shelf), ["library.db"]);
    session.press("\u{1b}");
    session.expect("Harbour opens in Bergen");
    session.press("s");
    session.expect("★");
    session.press("Q");
    assert_eq!(session.end().code, 0);
    assert_eq!(names(&shelf), ["library.db"]);
    assert!(!names(home.path()).iter().any(|name| name.starts_with("ana.db-")), "{:?}", names(home.path()));
}

#[test]
fn each_person_has_marks_of_their_own() {
    let home = home();
    add(home.path(), "news");
    let visit = |state: &str| {
        let command = command(home.path(), &program(), &["--kiosk", "--state", state]);
        let mut session = Session::start(command, 80, 24);
        session.expect("Harbour opens in Bergen");
        session
    };
    let mut ana = visit("ana.db");
    ana.press("s");
    ana.expect("★");
    ana.press("Q");
    assert_eq!(ana.end().code, 0);
    let mut ben = visit("ben.db");
    assert!(!ben.text().contains('★'), "{}", ben.text());
    ben.press("Q");
    ben.end();
    let mut ana = visit("ana.db");
    ana.expect("★");
    ana.press("Q");
    ana.end();
}
