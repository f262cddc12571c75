//! Tests a panic while the terminal is taken over: the test runs itself again in a terminal and panics there.

use super::session::{Session, command};
use dateline::exports::terminal::capability::{Wishes, detect};
use dateline::exports::terminal::{Render, Terminal, waker};

/// This variable is set in the process that is to panic.
const VICTIM: &str = "DATELINE_TEST_VICTIM";

#[test]
fn a_panic_restores_the_terminal_before_its_message() {
    if std::env::var_os(VICTIM).is_some() {
        die();
    }
    let home = tempfile::TempDir::new().expect("a temporary home");
    let own = std::env::current_exe().expect("a path");
    let own = own.to_str().expect("a path in UTF-8");
    let name = "panic::a_panic_restores_the_terminal_before_its_message";
    let mut victim = command(home.path(), own, &["--exact", name, "--nocapture", "--test-threads=1"]);
    victim.env(VICTIM, "1");
    let mut session = Session::start(victim, 80, 24);
    let before = session.discipline();
    assert_eq!(session.end().code, 101);
    session.assert_left_clean();
    assert_eq!(session.discipline(), before);
    let sent = String::from_utf8_lossy(&session.sent);
    let (restored, message) = (sent.rfind("\u{1b}[?1049l"), sent.find("the sky falls"));
    assert!(restored.is_some() && restored < message, "{sent:?}");
}

fn die() {
    let capabilities =
        detect(|name| std::env::var(name).ok(), Wishes::default()).expect("a capable terminal");
    let waker = waker().expect("a pipe");
    let _terminal = Terminal::open(&capabilities, Render::Thrifty, &waker).expect("a terminal");
    panic!("the sky falls");
}
