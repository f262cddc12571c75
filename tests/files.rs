//! Tests what the commands do with files, pipes, signals and homes, with the built program in a temporary home.
//!
//! The file has over 600 lines because each test tries one command in one home, and no two share more than the home.

#![cfg(unix)]

mod home;

use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const BERGEN: &str = "Harbour opens in Bergen\n2026-01-05\nOSLO, Jan 5 - Kari Nordmann opened the harbour.\n";
const LIMA: &str = "Bridge closes near Lima\n2026-02-03\nLIMA, Feb 3 - Peru closed a bridge on Tuesday.\n";

/// Only turns a hang into a failure: a busy machine may take its time.
const DEADLINE: Duration = Duration::from_secs(20);

fn home() -> TempDir {
    home::with_news(BERGEN, LIMA)
}

fn dateline(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.stdin(Stdio::null());
    command
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    dateline(home, arguments).output().expect("the program runs")
}

/// The exit code and everything that a command writes.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
    (output.status.code(), text)
}

/// The standard output of a command that must succeed.
fn answer(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output).1);
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().expect("mkfifo runs").success());
}

/// Waits until the program ends.
fn ended(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        if start.elapsed() > DEADLINE {
            child.kill().expect("killed");
            child.wait().expect("ended");
            panic!("the program did not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until `there` is true.
fn until(what: &str, mut there: impl FnMut() -> bool) {
    let start = Instant::now();
    while !there() {
        assert!(start.elapsed() < DEADLINE, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries: Vec<_> = fs::read_dir(folder).map(|entries| entries.flatten().collect()).unwrap_or_default();
    entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// Names of files of which each pair looks alike, or is alike once it is cleaned.
const ALIKE: [&[u8]; 14] = [
    b"report 1.txt",
    b"report  1.txt",
    b"caf\xe9.txt",
    b"caf\xe8.txt",
    b"caf\xc3\xa9.txt",
    b"cafe\xcc\x81.txt",
    b"x\x01.txt",
    b"x.txt",
    b"x\xe2\x80\x8b.txt",
    b"x\xe2\x80\xae.txt",
    b"x.txt ",
    b"caf\\xe9.txt",
    b"x\n.txt",
    b"\xef\xbb\xbfx.txt",
];

#[test]
fn files_are_told_apart_by_the_bytes_of_their_names() {
    let home = home();
    let folder = home.path().join("alike");
    fs::create_dir(&folder).expect("a folder");
    for (number, name) in ALIKE.iter().enumerate() {
        let text = format!("Title {number}\n2024-01-01\nBody {number} in Paris.\n");
        fs::write(folder.join(OsStr::from_bytes(name)), text).expect("a file");
    }
    // The texts may be the same: the files are two all the same.
    fs::write(folder.join("same.txt"), BERGEN).expect("a file");
    fs::write(folder.join(OsStr::from_bytes(b"same\x02.txt")), BERGEN).expect("a file");
    let all = ALIKE.len() + 2;
    let told = answer(home.path(), &["add", "alike"]);
    assert!(told.starts_with(&format!("{all} new, 0 updated, 0 unchanged")), "{told}");
    let told = answer(home.path(), &["add", "alike"]);
    assert!(told.starts_with(&format!("0 new, 0 updated, {all} unchanged")), "{told}");
    let listed = answer(home.path(), &["list", "group:off", "--json"]);
    for number in 0..ALIKE.len() {
        assert_eq!(listed.matches(&format!("\"Title {number}\"")).count(), 1, "{listed}");
    }
    // What is exported comes back as the same articles.
    answer(home.path(), &["export", "--format", "jsonl", "-o", "all.jsonl"]);
    let told = answer(home.path(), &["add", "all.jsonl"]);
    assert!(told.starts_with(&format!("0 new, 0 updated, {all} unchanged")), "{told}");
    assert_eq!(answer(home.path(), &["list", "group:off", "--from", "alike"]).lines().count(), all);
}

#[test]
fn names_that_are_as_long_as_they_can_be_are_told_apart() {
    let home = home();
    let deep = ["a", "b", "c"].map(|letter| letter.repeat(250)).join("/");
    fs::create_dir_all(home.path().join(&deep)).expect("a folder");
    for end in ["1.txt", "2.txt"] {
        let name = "n".repeat(250) + end;
        fs::write(home.path().join(&deep).join(name), BERGEN.replace("Bergen", end)).expect("a file");
    }
    assert!(answer(home.path(), &["add", "a".repeat(250).as_str()]).starts_with("2 new"));
}

#[test]
fn an_unchanged_file_of_an_older_library_stays_one_article() {
    let home = home();
    let file = |name: &[u8]| home.path().join("old").join(OsStr::from_bytes(name));
    fs::create_dir(home.path().join("old")).expect("a folder");
    // Earlier versions knew the second file by the name of the first.
    fs::write(file(b"x.txt"), BERGEN).expect("a file");
    assert!(answer(home.path(), &["add", "old"]).starts_with("1 new"));
    answer(home.path(), &["mark", "harbour", "--star"]);
    fs::rename(file(b"x.txt"), file(b"x\x01.txt")).expect("renamed");
    assert!(answer(home.path(), &["add", "old"]).starts_with("0 new, 0 updated, 1 unchanged"));
    assert!(answer(home.path(), &["add", "old"]).starts_with("0 new, 0 updated, 1 unchanged"));
    // The file that had the name first is another one from now on.
    fs::write(file(b"x.txt"), BERGEN).expect("a file");
    assert!(answer(home.path(), &["add", "old"]).starts_with("1 new, 0 updated, 1 unchanged"));
    assert_eq!(answer(home.path(), &["list", "is:starred group:off"]).lines().count(), 1);
}

#[test]
fn a_pipe_is_opened_once() {
    let home = home();
    pipe(&home.path().join("pipe"));
    for arguments in
        [&["add", "pipe"][..], &["list", "--from", "pipe"], &["show", "pipe"], &["analyze", "pipe"]]
    {
        let child = dateline(home.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.expect("the program starts");
        let path = home.path().join("pipe");
        let writer = std::thread::spawn(move || fs::write(path, BERGEN));
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output).1);
        writer.join().expect("the writer ends").expect("everything was taken");
    }
    let shell = |line: &str| {
        let line = line.replace("dateline", env!("CARGO_BIN_EXE_dateline"));
        let mut shell = Command::new("bash");
        shell.args(["-c", &line]).current_dir(home.path()).env("HOME", home.path());
        said(&shell.output().expect("bash runs"))
    };
    for line in [
        "cat news/lima.txt | dateline list --from /dev/stdin",
        "cat news/lima.txt | dateline list --from -",
        "dateline list --from <(cat news/lima.txt)",
        "dateline list --from /dev/stdin < news/lima.txt",
        "dateline list --from news/lima.txt --config <(echo 'measure = 66')",
    ] {
        let (code, text) = shell(line);
        assert_eq!(code, Some(0), "{line}: {text}");
        assert!(text.contains("Bridge closes") && text.lines().count() == 1, "{line}: {text}");
    }
    let (_, text) = shell("dateline config --config <(echo 'measure = 66')");
    assert!(text.contains("measure = 66"), "{text}");
    let (code, text) = shell("dateline list --from <(sleep 0)");
    assert_eq!((code, text.contains("could not read any article")), (Some(1), true), "{text}");
}

#[test]
fn within_a_folder_only_files_are_opened() {
    let home = home();
    let at = |name: &str| home.path().join("news").join(name);
    pipe(&at("pipe.txt"));
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    symlink("/dev/zero", at("zero.txt")).expect("a link");
    symlink("loop.txt", at("loop.txt")).expect("a link");
    symlink("..", at("up")).expect("a link");
    symlink("nowhere", at("dangling.txt")).expect("a link");
    let output = run(home.path(), &["list", "--from", "news"]);
    let (code, text) = said(&output);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2, "{text}");
    for told in [
        "news/pipe.txt: could not read it: it is a named pipe",
        "news/socket: could not read it: it is a socket",
        "news/zero.txt: could not read it: it is a device",
        "news/loop.txt: could not read it: its links lead in a circle; name the file itself",
        "news/dangling.txt: could not read it: the link leads nowhere",
        "a link leads back to it",
    ] {
        assert_eq!(text.matches(told).count(), 1, "{told}\n{text}");
    }
    for device in ["/dev/zero", "/dev/random", "/dev/null"] {
        let (code, text) = said(&run(home.path(), &["add", device]));
        assert!(
            code == Some(1) && text.contains(&format!("{device}: could not read it: it is a device")),
            "{text}"
        );
    }
}

/// Starts a command that waits for something, sends it a signal once it waits, and checks how it ends.
fn interrupted(home: &Path, command: &mut Command, is_waiting: impl FnMut() -> bool, signal: Signal) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    until(&format!("{command:?} waits"), is_waiting);
    let id = Pid::from_raw(child.id().cast_signed()).expect("a process");
    kill_process(id, signal).expect("a signal");
    let status = ended(&mut child);
    assert_eq!(status.signal(), Some(signal.as_raw()), "{command:?}: {status}");
    assert_eq!(names(&home.join("tmp")), Vec::<String>::new(), "{command:?}");
    assert!(!names(home).iter().any(|name| name.starts_with(".dateline-")));
}

const SIGNALS: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::HUP];

/// Opens a pipe for writing, once somebody reads from it. No program that another test starts may inherit it: the
/// next reader would then meet the end of the pipe instead of waiting.
fn writer(pipe: &Path) -> Option<std::os::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    rustix::fs::open(pipe, OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty()).ok()
}

#[test]
fn a_signal_ends_a_command_that_waits_for_a_pipe() {
    let home = home();
    fs::create_dir(home.path().join("tmp")).expect("a folder");
    pipe(&home.path().join("pipe"));
    for signal in SIGNALS {
        for arguments in [
            &["add", "pipe"][..],
            &["add", "news", "pipe"],
            &["list", "--from", "pipe"],
            &["analyze", "pipe"],
            &["names", "try", "pipe"],
            &["export", "--from", "pipe", "-o", "out.md"],
        ] {
            let mut command = dateline(home.path(), arguments);
            command.env("TMPDIR", home.path().join("tmp"));
            // A writer that writes nothing.
            let mut held = None;
            let waiting = || {
                held = writer(&home.path().join("pipe"));
                held.is_some()
            };
            interrupted(home.path(), &mut command, waiting, signal);
        }
    }
    assert!(!home.path().join("out.md").exists());
    // What comes before the pipe is stored, and stays.
    let stored = || answer(home.path(), &["--library", "l.db", "list"]).lines().count();
    answer(home.path(), &["--library", "l.db", "add", "news/lima.txt"]);
    let mut held = None;
    let waiting = || {
        held = held.take().or_else(|| writer(&home.path().join("pipe")));
        held.is_some() && stored() == 2
    };
    let mut command = dateline(home.path(), &["--library", "l.db", "add", "news", "pipe"]);
    interrupted(home.path(), &mut command, waiting, Signal::INT);
    assert_eq!(stored(), 2);
}

/// Large files of each kind, with so many articles in JSON, which is read in pieces from 8 MiB on, and a quarter of them in the
/// others.
fn large(home: &Path, count: usize) -> [&'static str; 5] {
    // Texts that have no words in common, so that none is taken for another's copy.
    let sentence = |number: usize, k: usize| {
        format!(" It rained on quay{number}x{k}, and crane{number}y{k} stood still.")
    };
    let body = |number: usize| {
        format!("Ferry {number} sailed to Oslo.{}", (0..100).map(|k| sentence(number, k)).collect::<String>())
    };
    let fewer = count / 4;
    let rows = (0..fewer).map(|number| format!("Ferry {number},2022-01-03,\"{}\"\n", body(number)));
    let csv = format!("title,date,text\n{}", rows.collect::<String>());
    let object = |number: usize| {
        format!(r#"{{"title": "Ferry {number}", "date": "2022-01-03", "text": "{}"}}"#, body(number))
    };
    let objects: Vec<String> = (0..count).map(object).collect();
    fs::write(home.join("large.csv"), &csv).expect("a file");
    fs::write(home.join("large.json"), format!("[{}]", objects.join(",\n"))).expect("a file");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("week/large.csv", options).expect("a member");
    zip.write_all(csv.as_bytes()).expect("written");
    fs::write(home.join("large.zip"), zip.finish().expect("an archive").into_inner()).expect("a file");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let sheet = |cells: [&str; 3]| {
        let cells = cells.map(|cell| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>"));
        format!("<row>{}</row>", cells.concat())
    };
    let rows: String = (0..fewer).map(|n| sheet([&format!("Ferry {n}"), "2022-01-03", &body(n)])).collect();
    let parts = [
        ("_rels/.rels", r#"<Relationships><Relationship Id="r0" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()),
        ("xl/workbook.xml", r#"<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#.to_owned()),
        ("xl/_rels/workbook.xml.rels", r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{}{rows}</sheetData></worksheet>", sheet(["title", "date", "text"]))),
    ];
    for (name, text) in parts {
        zip.start_file(name, options).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    fs::write(home.join("large.xlsx"), zip.finish().expect("a sheet").into_inner()).expect("a file");
    let message = |n: usize| {
        format!(
            "From a@example.org Mon Jan  3 10:00:00 2022\nFrom: a@example.org\nSubject: Ferry {n}\n\
             Message-ID: <{n}@example.org>\nDate: Mon, 3 Jan 2022 10:00:00 +0000\n\n{}\n\n",
            body(n)
        )
    };
    fs::write(home.join("large.mbox"), (0..fewer).map(message).collect::<String>()).expect("a file");
    ["large.csv", "large.json", "large.zip", "large.xlsx", "large.mbox"]
}

/// However far a large file has been read, the library is sound after C-c, holds whole articles, and nothing else is left.
#[test]
fn an_interrupt_while_a_large_file_is_read_leaves_a_sound_library_and_nothing_else() {
    let home = home();
    fs::create_dir(home.path().join("tmp")).expect("a folder");
    let count = 1_800;
    for file in large(home.path(), count) {
        // Before the first article is stored, once it is, and in the middle.
        for least in [None, Some(1), Some(60)] {
            let library = home.path().join("l.db");
            let stored = || {
                let listed =
                    answer(home.path(), &["--library", "l.db", "list", "--limit", "60", "group:off"]);
                listed.lines().count()
            };
            let mut command = dateline(home.path(), &["--library", "l.db", "add", file]);
            command.env("TMPDIR", home.path().join("tmp"));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            match least {
                None => std::thread::sleep(std::time::Duration::from_millis(60)),
                Some(least) => {
                    until(&format!("articles of {file} are stored"), || {
                        library.exists() && stored() >= least
                    });
                }
            }
            let id = Pid::from_raw(child.id().cast_signed()).expect("a process");
            kill_process(id, Signal::INT).expect("a signal");
            let status = ended(&mut child);
            assert!(
                status.signal() == Some(2) || least.is_none() && status.success(),
                "{file} {least:?}: {status}"
            );
            assert_eq!(names(&home.path().join("tmp")), Vec::<String>::new(), "{file}");
            let left = names(home.path());
            assert!(!left.iter().any(|name| name.starts_with(".dateline-")), "{file}: {left:?}");
            if library.exists() {
                let told = answer(home.path(), &["--library", "l.db", "doctor"]);
                assert!(told.contains("sound"), "{file}: {told}");
                let bodies = answer(home.path(), &["--library", "l.db", "export"]);
                assert!(bodies.lines().all(|line| line.contains("y99 stood still.\"")), "{file}");
                assert!(bodies.lines().count() < count, "{file}");
            }
            for name in names(home.path()).iter().filter(|name| name.starts_with("l.db")) {
                fs::remove_file(home.path().join(name)).expect("removed");
            }
        }
    }
}

#[test]
fn a_signal_ends_a_command_that_waits_for_a_server_or_a_program() {
    let home = home();
    fs::create_dir(home.path().join("tmp")).expect("a folder");
    let server = TcpListener::bind("127.0.0.1:0").expect("a server");
    server.set_nonblocking(true).expect("a server");
    let address = format!("http://{}/feed", server.local_addr().expect("an address"));
    let mut held = Vec::new();
    for signal in SIGNALS {
        let mut command = dateline(home.path(), &["add", &address]);
        // It answers nothing.
        let waiting = || server.accept().map(|(stream, _)| held.push(stream)).is_ok();
        interrupted(home.path(), &mut command, waiting, signal);
    }
    let started = home.path().join("started");
    let script = "sleep 300 & echo $! > started.new; mv started.new started; wait";
    let config = format!("[[source]]\nurl = \"{address}\"\nlogin-command = [\"sh\", \"-c\", \"{script}\"]\n");
    fs::write(home.path().join("config.toml"), config).expect("a file");
    for signal in [Signal::INT, Signal::TERM] {
        let mut command = dateline(home.path(), &["--config", "config.toml", "fetch", "--all"]);
        interrupted(home.path(), &mut command, || started.exists(), signal);
        let id = fs::read_to_string(&started).expect("a number").trim().parse().expect("a number");
        let id = Pid::from_raw(id).expect("a process");
        until("the program of the program ends", || rustix::process::test_kill_process(id).is_err());
        fs::remove_file(&started).expect("removed");
    }
}

#[test]
fn a_signal_ends_a_command_whose_output_nobody_takes() {
    let home = home();
    let long = BERGEN.to_owned() + &"A long line of text about the harbour.\n".repeat(20_000);
    fs::write(home.path().join("news/long.txt"), long).expect("a file");
    answer(home.path(), &["add", "news"]);
    for arguments in [&["export", "--format", "md"][..], &["analyze", "news"], &["show", "news/long.txt"]] {
        let child = dateline(home.path(), arguments).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the program starts");
        let output = child.stdout.take().expect("a pipe");
        until("the pipe is full", || rustix::io::ioctl_fionread(&output).is_ok_and(|there| there >= 60_000));
        let id = Pid::from_raw(child.id().cast_signed()).expect("a process");
        kill_process(id, Signal::TERM).expect("a signal");
        assert_eq!(ended(&mut child).signal(), Some(15), "{arguments:?}");
        // A reader that has ended is no error.
        let mut child = dateline(home.path(), arguments).stdout(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        assert_eq!(ended(&mut child).code(), Some(0), "{arguments:?}");
    }
    // Nor does it matter that more is to come from where the articles are read.
    let mut child = dateline(home.path(), &["analyze", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    drop(child.stdout.take());
    let article = "{\"title\": \"A\", \"text\": \"Peru closed a bridge near Lima.\"}\n".repeat(400);
    // The program may end before it has read everything.
    _ = input.write_all(article.as_bytes());
    assert_eq!(ended(&mut child).code(), Some(0));
}

#[test]
fn what_a_killed_program_left_is_removed_at_the_next_start() {
    let home = home();
    let temporary = home.path().join("tmp");
    fs::create_dir(&temporary).expect("a folder");
    pipe(&home.path().join("pipe"));
    let command = |arguments: &[&str]| {
        let mut command = dateline(home.path(), arguments);
        command.env("TMPDIR", &temporary).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut child = command(&["export", "--from", "pipe", "-o", "out.md"]).spawn().expect("it starts");
    until("it has begun", || !names(&temporary).is_empty() && names(home.path()).len() > 3);
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(!names(&temporary).is_empty());
    assert!(names(home.path()).iter().any(|name| name.starts_with(".dateline-")));
    assert!(command(&["export", "--from", "news", "-o", "out.md"]).status().expect("it runs").success());
    assert_eq!(names(&temporary), Vec::<String>::new());
    assert!(
        !names(home.path()).iter().any(|name| name.starts_with(".dateline-")),
        "{:?}",
        names(home.path())
    );
}

#[test]
fn files_that_may_hold_secrets_are_for_their_owner() {
    let home = home();
    answer(home.path(), &["names", "set", "Apple", "--is", "org"]);
    answer(home.path(), &["add", "news"]);
    let data = home.path().join(".local/share/dateline");
    for name in names(&data) {
        assert_eq!(mode(&data.join(&name)), 0o600, "{name}");
    }
    assert_eq!(mode(&data), 0o700);
    // An export is as the person's umask says.
    answer(home.path(), &["export", "-o", "out.md"]);
    fs::write(home.path().join("usual"), "").expect("a file");
    assert_eq!(mode(&home.path().join("out.md")), mode(&home.path().join("usual")));
    // A file that is there keeps its rights, and a link stays a link.
    let dotfiles = home.path().join("dotfiles");
    fs::create_dir(&dotfiles).expect("a folder");
    fs::rename(data.join("names.toml"), dotfiles.join("names")).expect("moved");
    fs::set_permissions(dotfiles.join("names"), fs::Permissions::from_mode(0o644)).expect("rights");
    symlink(dotfiles.join("names"), data.join("names.toml")).expect("a link");
    answer(home.path(), &["names", "set", "Kaldvik", "--is", "place"]);
    assert!(fs::symlink_metadata(data.join("names.toml")).expect("it is there").is_symlink());
    assert_eq!(mode(&dotfiles.join("names")), 0o644);
    assert_eq!(answer(home.path(), &["names"]).lines().count(), 2);
    // Nothing is put in the place of what is no file.
    answer(home.path(), &["export", "-o", "/dev/null"]);
    assert!(answer(home.path(), &["export", "-o", "/dev/stdout"]).contains("Harbour"));
}

#[test]
fn corrections_that_are_made_at_once_are_all_kept() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    let start = |number: usize| {
        let name = format!("Name {number}");
        let mut command = dateline(home.path(), &["names", "set", &name, "--is", "org"]);
        command.stdout(Stdio::null()).spawn().expect("it starts")
    };
    let mut all: Vec<Child> = (0..20).map(start).collect();
    for child in &mut all {
        assert_eq!(ended(child).code(), Some(0));
    }
    assert_eq!(answer(home.path(), &["names"]).lines().count(), 20);
}

#[test]
fn one_bad_line_of_the_names_stops_nothing() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    let path = home.path().join(".local/share/dateline/names.toml");
    let bad = b"\"Caf\xe9\" = { is = \"org\" }\n\"Berg = {\n";
    let file = [b"\"Kari Nordmann\" = { is = \"org\" }\n", &bad[..]].concat();
    fs::write(&path, &file).expect("a file");
    for arguments in [&["list"][..], &["people"], &["orgs"], &["names"], &["fetch"], &["export"]] {
        let (code, text) = said(&run(home.path(), arguments));
        assert!(code == Some(0) || arguments == ["fetch"], "{text}");
    }
    assert!(answer(home.path(), &["orgs"]).contains("Kari Nordmann"));
    let (code, text) = said(&run(home.path(), &["names", "check"]));
    assert_eq!(code, Some(1));
    assert!(text.contains("names.toml:2: ") && text.contains("names.toml:3: "), "{text}");
    answer(home.path(), &["names", "set", "Kaldvik", "--is", "place"]);
    let file = [&file[..], b"\"Kaldvik\" = { is = \"place\" }\n"].concat();
    assert_eq!(String::from_utf8_lossy(&fs::read(&path).expect("a file")), String::from_utf8_lossy(&file));
}

#[test]
fn a_correction_is_written_before_there_is_a_library() {
    let home = home();
    for library in [&[][..], &["--library", "none/own.db"]] {
        let told =
            answer(home.path(), &[library, &["names", "set", "Kari Nordmann", "--is", "org"]].concat());
        assert!(told.contains("there is no library yet"), "{told}");
        answer(home.path(), &[library, &["add", "news"]].concat());
        assert!(answer(home.path(), &[library, &["orgs"]].concat()).contains("Kari Nordmann"));
    }
}

#[test]
fn a_config_that_cannot_be_read_stops_nothing() {
    let home = home();
    let folder = home.path().join(".config/dateline");
    fs::create_dir_all(&folder).expect("a folder");
    let bad: [&[u8]; 3] = [b"measure = 66\n# caf\xe9\n", b"measure = = 3\n[[[", b"\xff\xfe\x00"];
    for file in bad {
        fs::write(folder.join("config.toml"), file).expect("a file");
        for arguments in
            [&["list", "--sample"][..], &["config"], &["doctor"], &["--help"], &["list", "--from", "news"]]
        {
            answer(home.path(), arguments);
        }
        let (code, text) = said(&run(home.path(), &["config", "--check"]));
        assert!(code == Some(1) && text.contains("config.toml:"), "{text}");
    }
    fs::remove_file(folder.join("config.toml")).expect("removed");
    fs::create_dir(folder.join("config.toml")).expect("a folder");
    answer(home.path(), &["list", "--from", "news"]);
    assert!(answer(home.path(), &["doctor", "--config", "none.toml"]).contains("none.toml"));
}

#[test]
fn what_needs_no_home_does_without_one() {
    let home = home();
    let closed = home.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).expect("rights");
    let homes: [Option<PathBuf>; 5] =
        [Some("/dev/null".into()), None, Some("".into()), Some("relative".into()), Some(closed)];
    for place in homes {
        let command = |arguments: &[&str]| {
            let mut command = dateline(home.path(), arguments);
            command.env_remove("HOME");
            // Without HOME, the system's list of users may name a home, which this test must not write to.
            match &place {
                Some(place) => command.env("HOME", place),
                None => command.env("XDG_DATA_HOME", "relative").env("XDG_CONFIG_HOME", "relative"),
            };
            command
        };
        for arguments in [
            &["list", "--from", "news"][..],
            &["analyze", "news/lima.txt"],
            &["show", "news/lima.txt"],
            &["list", "--sample"],
            &["formats"],
            &["config"],
            &["doctor"],
        ] {
            let output = command(arguments).output().expect("it runs");
            assert_eq!(output.status.code(), Some(0), "{place:?} {arguments:?}: {}", said(&output).1);
        }
        assert!(!names(home.path()).iter().any(|name| name == "relative" || name == ".dateline"));
    }
    for arguments in [&["add", "news"][..], &["names", "set", "Apple", "--is", "org"], &["fetch"]] {
        let output = dateline(home.path(), arguments).env("HOME", "/dev/null").output().expect("it runs");
        let (code, text) = said(&output);
        assert!(
            code == Some(1) && text.contains("/dev/null/") && text.contains("a file and not a folder"),
            "{text}"
        );
    }
}
