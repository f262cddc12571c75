//! Tests that the reader needs its terminal for the keys, and not for articles.

use crate::home;
use crate::session::{Session, command, program};

#[test]
fn standard_input_that_is_the_terminal_holds_no_articles() {
    let home = home::with_news("A\n2026-01-05\nText.\n", "B\n2026-01-06\nText.\n");
    for arguments in [&["-"][..], &["/dev/stdin"], &["--plain", "-"], &["news", "-"]] {
        let mut session = Session::start(command(home.path(), &program(), arguments), 80, 24);
        session.expect("there is nothing to read");
        session.expect("| dateline -");
        assert_eq!(session.wait().code, 2, "{arguments:?}");
    }
}

#[test]
fn a_pipe_is_read_while_keys_come_from_the_terminal() {
    let home = home::with_news("A\n2026-01-05\nText.\n", "Bridge closes near Lima\n2026-01-06\nText.\n");
    let program = program();
    for line in [
        format!("cat news/lima.txt | {program} -"),
        format!("{program} - < news/lima.txt"),
        format!("mkfifo p; cat news/lima.txt > p & {program} p"),
    ] {
        let mut session = Session::start(command(home.path(), "sh", &["-c", &line]), 80, 24);
        session.expect("Bridge closes");
        session.press("q");
        assert_eq!(session.wait().code, 0, "{line}");
    }
}
