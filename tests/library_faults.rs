//! A read-only library can be read. For a library that is damaged, newer, or not a library at all, every command
//! prints one line that says what to do, and does not change a byte; `doctor --repair` saves what is readable.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const ARTICLES: usize = 400;
/// The user `nobody`, who has no permissions for the files of root.
const STRANGER: u32 = 65_534;

/// A home that any user may enter, with the program in it and a library of invented news.
struct Home {
    folder: TempDir,
    program: PathBuf,
}

impl Home {
    fn new() -> Home {
        let folder = TempDir::new().expect("a temporary home");
        rights(folder.path(), 0o755);
        let program = folder.path().join("dateline");
        let built = env!("CARGO_BIN_EXE_dateline");
        fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(drop)).expect("the program");
        let home = Home { folder, program };
        let article = |n: usize| {
            let body = format!(
                "OSLO, Jan 2 - We are ready, said Kari Nordmann, who leads the harbour, on day{n}. {}",
                "Gas and grain went on. ".repeat(20)
            );
            format!(
                "{{\"title\": \"Day {n}\", \"guid\": \"{n}\", \"date\": \"2024-01-02\", \"body\": \"{body}\"}}\n"
            )
        };
        let text: String = (0..ARTICLES).map(article).collect();
        fs::write(home.path("news.jsonl"), text).expect("a file");
        assert!(home.run("library.db", &["add", "news.jsonl"]).status.success());
        assert!(home.run("library.db", &["mark", "day7 group:off", "--read", "--star"]).status.success());
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, library: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).args(["--library", library]).current_dir(self.folder.path());
        command.env_clear().env("HOME", self.folder.path()).env("LANG", "C.UTF-8").stdin(Stdio::null());
        command
    }

    fn run(&self, library: &str, arguments: &[&str]) -> Output {
        self.command(library, arguments).output().expect("the program runs")
    }

    /// Runs a command as a user who is bound by file permissions: root becomes `nobody`, others stay who they are.
    fn run_bound(&self, library: &str, arguments: &[&str]) -> Output {
        let mut command = self.command(library, arguments);
        if rustix::process::geteuid().is_root() {
            command.uid(STRANGER).gid(STRANGER);
        }
        command.output().expect("the program runs")
    }
}

fn rights(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
}

/// The error message of a command that must fail with exactly one line.
fn complaint(output: &Output, what: &str) -> String {
    let message = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{what}: {message}");
    assert_eq!(message.lines().count(), 1, "{what}: {message}");
    assert!(message.starts_with("dateline: could not "), "{what}: {message}");
    message
}

fn check_only_read(home: &Home, library: &str) {
    let before = fs::read(home.path(library)).expect("a library");
    let lines = |arguments: &[&str]| {
        let output = home.run_bound(library, arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && message.is_empty(), "{arguments:?}: {message}");
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    assert_eq!(lines(&["list", "group:off"]), ARTICLES);
    assert_eq!(lines(&["list", "is:starred group:off"]), 1);
    assert!(lines(&["show", "1"]) > 2);
    assert!(lines(&["people"]) > 0);
    assert_eq!(lines(&["export", "day9", "--format", "jsonl"]), 1);
    assert!(lines(&["doctor"]) > 2);
    // Opens the reader without a screen.
    assert!(lines(&["--plain"]) > 0);
    for arguments in [&["add", "more.jsonl"][..], &["mark", "day9", "--read"]] {
        let message = complaint(&home.run_bound(library, arguments), library);
        assert!(
            message.contains(library) && message.contains("it is read-only; check the permissions"),
            "{message}"
        );
    }
    assert!(fs::read(home.path(library)).expect("a library") == before, "the file was changed");
}

#[test]
fn a_read_only_library_is_read_and_every_change_is_refused() {
    let home = Home::new();
    fs::write(home.path("more.jsonl"), "{\"title\": \"More\", \"body\": \"More on gas.\"}\n")
        .expect("a file");
    // The first case is a folder that cannot be written, the second a file that cannot be written.
    fs::create_dir(home.path("shut")).expect("a folder");
    fs::copy(home.path("library.db"), home.path("shut/library.db")).expect("a copy");
    rights(&home.path("shut/library.db"), 0o644);
    rights(&home.path("shut"), 0o555);
    check_only_read(&home, "shut/library.db");
    rights(&home.path("shut"), 0o755);

    fs::create_dir(home.path("open")).expect("a folder");
    fs::copy(home.path("library.db"), home.path("open/library.db")).expect("a copy");
    rights(&home.path("open/library.db"), 0o444);
    rights(&home.path("open"), 0o777);
    check_only_read(&home, "open/library.db");

    rights(&home.path("open/library.db"), 0o000);
    let message = complaint(&home.run_bound("open/library.db", &["list"]), "no rights at all");
    assert!(message.contains("open/library.db: permission denied"), "{message}");
}

/// Checks that every command prints the same message and changes nothing.
fn check_refused(home: &Home, library: &str, expected: &str) {
    let path = home.path(library);
    let before = fs::read(&path).unwrap_or_default();
    for arguments in [
        &["list"][..],
        &["show", "1"],
        &["people"],
        &["quotes"],
        &["export", "--format", "jsonl"],
        &["add", "news.jsonl"],
        &["mark", "day9", "--read"],
        &["sources"],
        &["--plain"],
        &["doctor"],
    ] {
        let message = complaint(&home.run(library, arguments), &format!("{library} {arguments:?}"));
        assert!(message.contains(library) && message.contains(expected), "{arguments:?}: {message}");
        assert!(fs::read(&path).unwrap_or_default() == before, "{arguments:?} changed {library}");
    }
}

/// The number of articles that `doctor --repair` leaves in a library; the damaged file is kept beside it as it was.
fn repaired(home: &Home, library: &str) -> Option<usize> {
    let before = fs::read(home.path(library)).expect("a file");
    let names = |part: &str| -> Vec<String> {
        let names = fs::read_dir(home.folder.path()).expect("a folder").flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with(library) && name.contains(part)).collect()
    };
    let output = home.run(library, &["doctor", "--repair"]);
    assert_eq!((names(".part"), names(".repair")), (vec![], vec![]), "files were left");
    let kept = names(".damaged-");
    if !output.status.success() {
        assert!(fs::read(home.path(library)).expect("a file") == before, "{library} was changed");
        assert_eq!(kept, [""; 0]);
        complaint(&output, library);
        return None;
    }
    if kept.is_empty() {
        // The damage is in a part of the file that is not in use.
        return None;
    }
    assert!(kept.iter().any(|kept| fs::read(home.path(kept)).expect("a file") == before), "{kept:?}");
    let doctor = home.run(library, &["doctor"]);
    assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
    let listed = home.run(library, &["list", "group:off"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    Some(String::from_utf8_lossy(&listed.stdout).lines().count())
}

#[test]
fn files_that_are_not_sound_libraries_are_reported_and_not_changed() {
    let home = Home::new();
    let bytes = fs::read(home.path("library.db")).expect("a library");
    let write = |name: &str, bytes: &[u8]| fs::write(home.path(name), bytes).expect("written");

    write("newer.db", &bytes);
    let db = rusqlite::Connection::open(home.path("newer.db")).expect("a database");
    db.pragma_update(None, "user_version", 99).expect("set");
    drop(db);
    check_refused(&home, "newer.db", "version 99, and this program knows");

    let db = rusqlite::Connection::open(home.path("theirs.db")).expect("a database");
    db.execute_batch("CREATE TABLE theirs (a); PRAGMA user_version = 3;").expect("a table");
    drop(db);
    check_refused(&home, "theirs.db", "another program's database; name another file");

    write("text.db", "Gas talks\n2022-01-03\nThey met.\n".repeat(1000).as_bytes());
    check_refused(&home, "text.db", "it is not a library");
    assert_eq!(repaired(&home, "text.db"), None);

    fs::create_dir(home.path("folder.db")).expect("a folder");
    check_refused(&home, "folder.db", "it is a folder; name a file");

    write("cut.db", &bytes[..bytes.len() * 2 / 3]);
    check_refused(&home, "cut.db", "doctor --repair");
    assert!(repaired(&home, "cut.db").is_some_and(|saved| saved > ARTICLES / 4));

    // The beginning of the file, which identifies it, is destroyed.
    let mut headless = bytes.clone();
    headless[..100].fill(0xA5);
    write("headless.db", &headless);
    check_refused(&home, "headless.db", "doctor --repair");
    assert_eq!(repaired(&home, "headless.db"), Some(ARTICLES));
}

/// Wherever the damage is, a command answers or says in one line what to do, and `doctor` finds what is wrong.
#[test]
fn random_damage_ends_every_command_with_an_answer_or_a_message() {
    let home = Home::new();
    let bytes = fs::read(home.path("library.db")).expect("a library");
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        // Xorshift, by Marsaglia.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..24 {
        let name = format!("damaged{round}.db");
        let mut damaged = bytes.clone();
        // The damage is between a few bytes and many pages, anywhere in the file.
        for _ in 0..1 << (round % 4) {
            let start = usize::try_from(random()).expect("a place") % damaged.len();
            let end = damaged.len().min(start + (1 << (2 * (round % 6))));
            damaged[start..end].iter_mut().for_each(|byte| *byte = random() as u8);
        }
        fs::write(home.path(&name), &damaged).expect("written");
        for arguments in [&["list"][..], &["show", "200"], &["people"], &["list", "gas -day5"], &["doctor"]] {
            let output = home.run(&name, arguments);
            if !output.status.success() {
                let message = complaint(&output, &format!("{name} {arguments:?}"));
                let helps = ["doctor", "newer dateline", "another file", "there are"];
                assert!(helps.iter().any(|help| message.contains(help)), "{arguments:?}: {message}");
            }
            assert!(fs::read(home.path(&name)).expect("a file") == damaged, "{arguments:?} changed {name}");
        }
        repaired(&home, &name);
        fs::remove_file(home.path(&name)).expect("removed");
    }
}

fn lines_of(output: &Output) -> usize {
    String::from_utf8_lossy(&output.stdout).lines().count()
}

/// One article is damaged: each command prints all others, then one line that says so, and exits with 1.
#[test]
fn one_damaged_article_does_not_hide_the_others() {
    let home = Home::new();
    let db = rusqlite::Connection::open(home.path("library.db")).expect("a database");
    // An article without a title has its text as the title of its row.
    db.execute_batch(
        "UPDATE article SET title = '', seal = NULL WHERE id = 6; UPDATE text SET body = x'0102' WHERE id = 6;",
    )
    .expect("damaged");
    drop(db);
    let check = |arguments: &[&str], lines: usize| -> String {
        let output = home.run("library.db", arguments);
        let message = complaint(&output, &format!("{arguments:?}"));
        assert_eq!(lines_of(&output), lines, "{arguments:?}: {message}");
        assert_eq!(
            message.trim_end(),
            "dateline: could not read everything: 1 article is damaged; run 'dateline doctor'",
            "{arguments:?}"
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for query in ["group:off", "group:off sort:oldest", "since:2020 group:off"] {
        let listed = check(&["list", query], ARTICLES);
        assert_eq!(listed.matches("damaged: run 'dateline doctor'").count(), 1, "{query}");
    }
    check(&["list", "group:off", "--json"], ARTICLES - 1);
    check(&["export", "--format", "jsonl"], ARTICLES - 1);
    check(&["quotes", "group:off"], ARTICLES - 1);
    check(&["export", "--format", "jsonl", "--output", "all.jsonl"], 0);
    let exported = fs::read_to_string(home.path("all.jsonl")).expect("an export");
    assert_eq!(exported.lines().count(), ARTICLES - 1);
    let output = home.run("library.db", &["show", "6"]);
    assert_eq!(
        complaint(&output, "show").trim_end(),
        "dateline: could not show article 6: it is damaged; run 'dateline doctor'"
    );
    assert!(home.run("library.db", &["show", "7"]).status.success());
    let doctor = home.run("library.db", &["doctor"]);
    complaint(&doctor, "doctor");
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("article 6"));
    assert_eq!(repaired(&home, "library.db"), Some(ARTICLES - 1));
}

/// A repair is killed at some moment: the library is the damaged one or the repaired one, and another repair works.
#[test]
fn a_repair_that_is_killed_leaves_the_old_library_or_the_new_one() {
    let home = Home::new();
    let mut bytes = fs::read(home.path("library.db")).expect("a library");
    let found = bytes.windows(6).position(|part| part == b"day200").expect("a text");
    bytes[found] ^= 1;
    let names = || -> Vec<String> {
        let entries = fs::read_dir(home.folder.path()).expect("a folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let again = || {
        for name in names().iter().filter(|name| name.starts_with("library.db")) {
            fs::remove_file(home.path(name)).expect("removed");
        }
        fs::write(home.path("library.db"), &bytes).expect("written");
    };
    again();
    let begun = std::time::Instant::now();
    assert!(home.run("library.db", &["doctor", "--repair"]).status.success());
    let whole = begun.elapsed();
    for round in 0..10 {
        again();
        let mut repair = home.command("library.db", &["doctor", "--repair"]);
        let mut repair = repair.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        std::thread::sleep(whole * round / 9);
        repair.kill().expect("killed");
        repair.wait().expect("gone");
        let listed = home.run("library.db", &["list", "group:off"]);
        assert_eq!(lines_of(&listed), ARTICLES, "{}", String::from_utf8_lossy(&listed.stderr));
        let done = home.run("library.db", &["doctor", "--repair"]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(home.run("library.db", &["doctor"]).status.success());
        let left: Vec<String> = names().into_iter().filter(|name| name.contains(".repair")).collect();
        assert_eq!(left, [""; 0], "files were left");
    }
}

/// A repair was killed after it had replaced the library, which is sound: what it left is removed by the next one.
#[test]
fn what_a_killed_repair_leaves_is_removed() {
    let home = Home::new();
    let left =
        ["library.db.repair", "library.db.repair-wal", "library.db.repair-shm"].map(|name| home.path(name));
    for file in &left {
        fs::write(file, "left").expect("written");
    }
    assert!(home.run("library.db", &["doctor"]).status.success());
    assert!(left.iter().all(|file| file.exists()), "nobody has asked for it");
    assert!(home.run("library.db", &["doctor", "--repair"]).status.success());
    assert!(!left.iter().any(|file| file.exists()));
}

/// Nothing more can be written: everything can be read and exported, and a change is refused in words.
#[test]
fn a_full_disk_lets_one_read_and_export() {
    let home = Home::new();
    let run = |arguments: &[&str]| {
        let command = home.command("library.db", arguments);
        let mut full = Command::new("/bin/sh");
        // No file may grow beyond 512 bytes, which is what a full disk is to the program.
        full.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh"]);
        full.arg(command.get_program()).args(command.get_args()).current_dir(home.folder.path());
        full.env_clear().env("HOME", home.folder.path()).env("LANG", "C.UTF-8").stdin(Stdio::null());
        full.output().expect("the program runs")
    };
    let before = fs::read(home.path("library.db")).expect("a library");
    for (arguments, lines) in [
        (&["list", "group:off"][..], ARTICLES),
        (&["show", "5"], 3),
        (&["export", "--format", "jsonl"], ARTICLES),
        (&["quotes", "group:off"], ARTICLES),
        (&["list", "is:starred group:off"], 1),
        (&["--plain"], 1),
    ] {
        let output = run(arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && message.is_empty(), "{arguments:?}: {message}");
        assert!(lines_of(&output) >= lines, "{arguments:?}");
    }
    // What the library has already needs no room.
    assert!(run(&["add", "news.jsonl"]).status.success());
    fs::write(home.path("new.txt"), "A harbour opens\n2026-11-30\nNobody had heard of it before.\n")
        .expect("a file");
    for arguments in [&["mark", "day9 group:off", "--read"][..], &["add", "new.txt"]] {
        let message = complaint(&run(arguments), &format!("{arguments:?}"));
        assert!(message.starts_with("dateline: could not store the change: the disk"), "{message}");
    }
    assert!(fs::read(home.path("library.db")).expect("a library") == before, "the file was changed");
    assert!(home.run("library.db", &["mark", "day9 group:off", "--read"]).status.success());
    assert!(home.run("library.db", &["doctor"]).status.success());
}
