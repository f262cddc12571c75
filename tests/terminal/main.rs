//! Tests the built program in a real terminal: how it starts, reads, filters and ends, and that it restores the
//! terminal.

mod desk;
#[path = "../home/mod.rs"]
mod home;
mod hostile;
mod input;
mod kiosk;
mod lines;
mod pace;
mod panic;
mod piped;
mod reach;
mod refresh;
mod session;
mod sshd;
mod tables;

use rustix::process::Signal;
use session::{Session, command, count, program};
use std::fmt::Write as _;
use std::path::Path;
use tempfile::TempDir;

const BERGEN: &str = "Harbour opens in Bergen\n\
    2026-02-05\n\
    BERGEN, Feb 5 - \"We are ready,\" said Kari Nordmann, who leads the harbour authority.\n\
    Norway and Denmark paid for the work.\n";

const LIMA: &str = "Bridge closes near Lima\n\
    3 January 2026\n\
    LIMA, Jan 3 - Peru closed a bridge on Saturday. Rosa Quispe called it \"a matter of days\".\n";

/// A home directory with a folder `news`, which contains two articles.
fn home() -> TempDir {
    home::with_news(BERGEN, LIMA)
}

/// An interactive shell that waits for a command.
fn shell(home: &Path) -> Session {
    let mut shell = command(home, "sh", &["-i"]);
    shell.env("PS1", "READY ");
    let mut session = Session::start(shell, 80, 24);
    session.expect("READY");
    session
}

/// What a program has sent, as text.
fn as_text(sent: &[u8]) -> String {
    String::from_utf8_lossy(sent).into_owned()
}

/// A reader that shows both articles.
fn reader(home: &Path, columns: u16, rows: u16) -> Session {
    let mut session = Session::start(command(home, &program(), &["news"]), columns, rows);
    session.expect("Harbour opens in Bergen");
    session.expect("Bridge closes near Lima");
    session
}

/// Presses `Q` and waits for a clean end.
fn leave(mut session: Session, before: &str) {
    session.press("Q");
    assert_eq!(session.end().code, 0);
    session.assert_left_clean();
    assert_eq!(session.discipline(), before);
}

/// The settings of a terminal line that nothing has changed.
fn untouched() -> String {
    let home = TempDir::new().expect("a temporary home");
    Session::start(command(home.path(), "true", &[]), 80, 24).discipline()
}

#[test]
fn smoke_reads_filters_and_quits() {
    let home = home();
    let mut session = reader(home.path(), 120, 40);
    session.expect("We are ready");
    // Filters by country, through the picker.
    session.press("fc");
    session.press("peru");
    session.expect("Peru");
    session.press("\r");
    session.expect_gone("Harbour opens in Bergen");
    session.expect("of days");
    session.press("fx");
    session.expect("Harbour opens in Bergen");
    // Filters by words.
    session.press("/");
    session.press("denmark");
    session.expect_gone("Bridge closes near Lima");
    session.press("\r");
    session.press("\r");
    session.expect("Norway and Denmark paid");
    leave(session, &untouched());
}

#[test]
fn the_sample_edition_opens_without_paths() {
    let home = home();
    let mut session = Session::start(command(home.path(), &program(), &[]), 120, 40);
    session.expect("ample");
    session.wait_until("the list is full", |session| session.text().matches(" Mar ").count() > 5);
    leave(session, &untouched());
}

/// The first source that is added on the sample edition opens the library, and the reader goes on there.
#[test]
fn the_first_source_leads_from_the_sample_edition_to_the_library() {
    let home = home();
    std::fs::write(
        home.path().join("feed.xml"),
        "<rss version=\"2.0\"><channel><title>Harbour Post</title><item><title>Cranes stand still</title><guid>1</guid>\
         <description>The cranes of the harbour stood still.</description></item></channel></rss>",
    )
    .expect("a feed");
    let mut session = Session::start(command(home.path(), &program(), &[]), 100, 24);
    session.expect("sample edition");
    session.press("a");
    session.expect("add:");
    session.press(&format!("file://{}\r", home.path().join("feed.xml").display()));
    session.expect("added: Harbour Post, 1 new article");
    session.expect("The cranes of the harbour stood still.");
    session.expect_gone("sample edition");
    // It is the library that is read now.
    session.press("vs");
    session.expect("Harbour Post");
    session.expect("1/1");
    leave(session, &untouched());
}

#[test]
fn the_library_shows_what_another_adds_and_keeps_the_filter_on_demand() {
    let home = home();
    add(home.path(), "news");
    let mut session = Session::start(command(home.path(), &program(), &[]), 100, 30);
    session.expect("Harbour opens in Bergen");
    std::fs::write(home.path().join("more.txt"), LIMA.replace("Bridge", "Tunnel")).expect("a file");
    add(home.path(), "more.txt");
    session.expect("Tunnel closes near Lima");
    session.press("fcperu");
    session.expect("Peru");
    session.press("\r");
    session.expect_gone("Harbour opens in Bergen");
    leave(session, &untouched());
    // The next reader shows the news, or what the last one showed if that is wished for.
    let mut session = Session::start(command(home.path(), &program(), &[]), 100, 30);
    session.expect("Harbour opens in Bergen");
    leave(session, &untouched());
    let mut session = Session::start(command(home.path(), &program(), &[]), 100, 30);
    session.press("fcperu");
    session.expect("Peru");
    session.press("\r");
    session.expect_gone("Harbour opens in Bergen");
    leave(session, &untouched());
    let mut last = command(home.path(), &program(), &[]);
    last.env("DATELINE_START", "last");
    let mut session = Session::start(last, 100, 30);
    session.expect("Tunnel closes near Lima");
    session.expect("about:Peru");
    assert!(!session.text().contains("Harbour"), "{}", session.text());
    leave(session, &untouched());
}

#[test]
fn two_readers_and_an_add_work_side_by_side() {
    let home = home();
    add(home.path(), "news");
    let start = || Session::start(command(home.path(), &program(), &[]), 100, 30);
    let (mut one, mut two) = (start(), start());
    one.expect("Harbour opens in Bergen");
    two.expect("Harbour opens in Bergen");
    two.press("/is:starred");
    two.expect_gone("Harbour opens in Bergen");
    two.press("\r");
    // While a third process adds articles, a mark made in one reader appears in the other.
    let line = |number: usize| format!("{{\"title\": \"Ferry {number} sails\", \"text\": \"To Oslo.\"}}\n");
    std::fs::write(home.path().join("many.jsonl"), (0..3_000).map(line).collect::<String>()).expect("a file");
    let mut adding = adding(home.path(), "many.jsonl").spawn().expect("the program runs");
    one.press("ggs");
    two.wait_until("what was starred in the other", |two| {
        ["Harbour", "Bridge", "Ferry"].into_iter().any(|title| two.text().contains(title))
    });
    assert!(adding.wait().expect("it ends").success());
    one.press("gg");
    one.expect("Ferry 2999 sails");
    leave(one, &untouched());
    leave(two, &untouched());
}

/// Runs `dateline add` in another process.
fn add(home: &Path, what: &str) {
    assert!(adding(home, what).status().expect("the program runs").success());
}

fn adding(home: &Path, what: &str) -> std::process::Command {
    let mut add = std::process::Command::new(program());
    add.args(["add", what]).current_dir(home).env_clear().env("HOME", home);
    add
}

#[test]
fn signals_end_it_cleanly() {
    let home = home();
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2), (Signal::QUIT, 3)] {
        let mut session = reader(home.path(), 80, 24);
        session.signal(signal);
        assert_eq!(session.end().code, 128 + number);
        session.assert_left_clean();
        assert_eq!(session.discipline(), untouched(), "{signal:?}");
    }
}

#[test]
fn a_hang_up_ends_the_reader() {
    let home = home();
    assert_eq!(reader(home.path(), 80, 24).hang_up("\u{c}").code, 129);
}

#[test]
fn a_hang_up_ends_the_reader_even_if_sighup_is_ignored() {
    let home = home();
    let script = format!("trap '' HUP; exec {} news", program());
    let mut session = Session::start(command(home.path(), "sh", &["-c", &script]), 80, 24);
    session.expect("Harbour opens in Bergen");
    assert_eq!(session.hang_up("\u{c}").code, 129);
}

#[test]
fn a_stalled_line_does_not_delay_a_signal() {
    let home = home();
    let mut session = reader(home.path(), 200, 50);
    let _unread = session.stop_listening("\u{c}");
    // This is far more than the line buffers, and is painted as fast as possible.
    for _ in 0..100 {
        session.press("\u{c}");
    }
    session.signal(Signal::TERM);
    assert_eq!(session.wait().code, 143);
}

#[test]
fn a_shell_can_stop_and_continue_it() {
    let home = home();
    let mut session = shell(home.path());
    session.press(&format!("set -m; sh -c 'echo $$ > id; exec {} news'\r", program()));
    session.expect("Norway and Denmark paid");
    session.press("\u{1a}");
    assert_stopped(&mut session, "first");
    session.press("fg\r");
    assert_back(&mut session);

    let id = std::fs::read_to_string(home.path().join("id")).expect("the shell wrote it");
    let id = rustix::process::Pid::from_raw(id.trim().parse().expect("a number")).expect("a process");
    rustix::process::kill_process(id, Signal::TSTP).expect("the signal is sent");
    assert_stopped(&mut session, "second");
    session.press("fg\r");
    assert_back(&mut session);
    session.press("Q");
    session.wait_until("the shell has the terminal", |session| !session.screen().alternate_screen());
    session.press("echo left with $?\r");
    session.expect("left with 0");
    session.assert_left_clean();
}

/// Asserts that the reader has taken the terminal again and has painted everything.
fn assert_back(session: &mut Session) {
    let parts = ["Harbour opens", "Bridge closes", "Norway and Denmark paid", "? help"];
    session.wait_until("the reader is back", |session| {
        session.screen().alternate_screen() && parts.iter().all(|part| session.text().contains(part))
    });
}

/// Asserts that the shell has the terminal again, in its old state.
fn assert_stopped(session: &mut Session, word: &str) {
    session.wait_until("the shell has the terminal", |session| !session.screen().alternate_screen());
    session.press(&format!("stty -a | grep -c ' icanon'; echo {word}$((6 * 7))\r"));
    session.expect(&format!("1\n{word}42"));
    session.assert_left_clean();
}

/// Writes a file of `count` short articles; the last one is the newest.
fn many(home: &Path, count: usize) -> String {
    let mut lines = String::new();
    for number in 0..count {
        let (day, second) = (number / 86_400, number % 86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        writeln!(
            lines,
            r#"{{"title":"Story {:05}","date":"2026-01-{:02}T{hour:02}:{minute:02}:{second:02}Z","body":"Rain fell."}}"#,
            count - number,
            day + 1
        )
        .expect("strings take all");
    }
    let path = home.join("many.jsonl");
    std::fs::write(&path, lines).expect("a file");
    "many.jsonl".to_owned()
}

#[test]
fn a_burst_of_keys_is_all_processed_and_drawn_in_few_frames() {
    let home = home();
    let file = many(home.path(), 4000);
    let mut session = Session::start(command(home.path(), &program(), &[&file]), 80, 24);
    session.expect("Story 00001");
    session.wait_until("all is read", |session| {
        session.text().contains("4,000") || session.text().contains("4000")
    });
    let before = session.sent.len();
    session.press(&"j".repeat(3000));
    session.expect("Story 03001");
    let sent = session.sent.len() - before;
    assert!(sent < 40_000, "{sent} bytes for one burst");
    leave(session, &untouched());
}

#[test]
fn a_paste_is_typed_into_a_prompt_and_never_presses_keys() {
    let home = home();
    let mut session = reader(home.path(), 100, 30);
    session.expect("We are ready");
    assert!(session.screen().bracketed_paste(), "pastes are marked from the start");
    session.press("\x1b[200~Qs\r\nA\x1b[201~");
    session.expect("Pasted text presses no keys");
    session.press("/");
    session.press("\x1b[200~per\x1b[31mu\r\nQ\x1b[201~");
    session.expect("/peru Q");
    session.press("\x08\x08");
    session.expect_gone("Harbour opens in Bergen");
    session.press("\r");
    session.expect("Bridge closes near Lima");
    leave(session, &untouched());
}

#[test]
fn a_signal_resets_every_mode() {
    let home = home();
    for signal in [Signal::TERM, Signal::HUP] {
        let mut session = Session::start(command(home.path(), &program(), &["--mouse", "news"]), 100, 30);
        session.expect("We are ready");
        session.press("/");
        session.wait_until("pastes are marked", |session| session.screen().bracketed_paste());
        session.signal(signal);
        session.end();
        session.assert_left_clean();
        assert_eq!(session.discipline(), untouched());
    }
}

#[test]
fn without_a_terminal_nothing_is_sent() {
    let home = home();
    // Neither standard input nor standard output is a terminal, and there is none to open.
    let script = format!("setsid {} news </dev/null >out 2>err; echo ended with $?", program());
    let mut session = Session::start(command(home.path(), "sh", &["-c", &script]), 80, 24);
    session.expect("ended with 1");
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).expect("a file");
    assert_eq!(read("out"), "");
    assert!(
        read("err").starts_with("dateline: could not open the reader: standard output is not a terminal"),
    );
    session.end();
    // Standard output is a terminal, but there is none to read keys from.
    let script = format!("setsid {} news </dev/null 2>err; echo ended with $?", program());
    let mut session = Session::start(command(home.path(), "sh", &["-c", &script]), 80, 24);
    session.expect("ended with 1");
    assert!(read("err").contains("no terminal to read keys from"), "{}", read("err"));
    session.end();
    assert_eq!(count(&session.sent, b"\x1b"), 0);
}

#[test]
fn a_series_of_resizes_settles_on_the_right_screen() {
    let home = home();
    let mut fresh = reader(home.path(), 100, 30);
    fresh.expect("We are ready");
    let mut session = reader(home.path(), 100, 30);
    session.expect("We are ready");
    for step in 0..20 {
        session.resize(60 + step * 7, 10 + step * 2);
    }
    session.resize(1, 1);
    session.resize(100, 30);
    session.wait_until_same(&mut fresh);
    leave(fresh, &untouched());
    leave(session, &untouched());
}

#[test]
fn keys_come_from_the_terminal_if_standard_input_is_a_pipe() {
    let home = home();
    let script = format!("cat news/bergen.txt | {} -", program());
    let mut session = Session::start(command(home.path(), "sh", &["-c", &script]), 80, 24);
    session.expect("Harbour opens in Bergen");
    leave(session, &untouched());
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_is_refused() {
    let home = home();
    let mut command = command(home.path(), &program(), &["news"]);
    command.env("TERM", "dumb");
    let mut session = Session::start(command, 80, 24);
    assert_eq!(session.end().code, 1);
    assert!(
        session.text().contains("dateline: could not open the reader: TERM is 'dumb'"),
        "{}",
        session.text()
    );
    assert_eq!(count(&session.sent, b"\x1b"), 0);
}

#[test]
fn without_colours_the_selection_is_still_visible() {
    let home = home();
    let mut command = command(home.path(), &program(), &["news"]);
    command.env("NO_COLOR", "1");
    let mut session = Session::start(command, 80, 24);
    session.expect("We are ready");
    let screen = session.screen();
    let cells = (0..24).flat_map(|row| (0..80).filter_map(move |column| screen.cell(row, column)));
    let (mut colored, mut reversed) = (0, 0);
    for cell in cells {
        let plain = vt100::Color::Default;
        colored += usize::from(cell.fgcolor() != plain || cell.bgcolor() != plain);
        reversed += usize::from(cell.inverse());
    }
    assert_eq!(colored, 0);
    assert!(reversed > 10, "{reversed} cells are reversed");
    leave(session, &untouched());
}

#[test]
fn a_locale_without_utf8_gets_only_ascii() {
    let home = home();
    std::fs::write(home.path().join("news/cafe.txt"), "Café “Łódź” opens\n2026-03-01\nA café opened.\n")
        .expect("a file");
    let mut command = command(home.path(), &program(), &["news"]);
    command.env("LANG", "C");
    let mut session = Session::start(command, 80, 24);
    session.expect("Cafe \"Lodz\" opens");
    session.press("Q");
    session.end();
    assert!(session.sent.is_ascii());
}

#[test]
fn a_hostile_article_sends_no_codes() {
    let home = home();
    let text = "Quake\u{1b}]0;owned\u{7} hits \u{9b}2J\u{202e}Molde\n2026-03-01\nA \u{1b}[31mred\u{1b}[0m\u{1b}]52;c;eA==\u{7} day.\n";
    std::fs::write(home.path().join("news/\u{1b}[2Jname.txt"), text).expect("a file");
    let mut session = reader(home.path(), 80, 24);
    session.expect("Quake");
    session.press("Q");
    session.end();
    for code in [&b"\x1b]"[..], b"\xc2\x9b", b"\xe2\x80\xae", b"\x07"] {
        assert_eq!(count(&session.sent, code), 0, "{code:?}");
    }
}

#[test]
fn the_stock_backend_shows_the_same_screen() {
    let home = home();
    let mut thrifty = reader(home.path(), 100, 30);
    thrifty.expect("We are ready");
    let mut plain = Session::start(command(home.path(), &program(), &["--render", "plain", "news"]), 100, 30);
    plain.expect("We are ready");
    plain.wait_until_same(&mut thrifty);
    leave(plain, &untouched());
    leave(thrifty, &untouched());
}
