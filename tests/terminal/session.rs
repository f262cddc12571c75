//! Runs the built program in a pseudo-terminal with an emulator behind it: keys in, screens out. The session waits
//! for what the screen shows, never for a time; the deadline only turns a hang into a failure.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long to wait for the expected screen.
const DEADLINE: Duration = Duration::from_secs(60);

/// A running program.
pub struct Session {
    master: Box<dyn MasterPty + Send>,
    keyboard: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    emulator: vt100::Parser,
    chunks: Receiver<Vec<u8>>,
    listener: Option<JoinHandle<Box<dyn Read + Send>>>,
    deaf: Arc<AtomicBool>,
    /// Everything that the program has sent.
    pub sent: Vec<u8>,
}

/// How the program ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: u32,
}

/// The program under test: the one that `.ci/run` built, or else the one that cargo built for this test.
pub fn program() -> String {
    std::env::var("DATELINE_SMOKE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_dateline").to_owned())
}

/// A command with a clean environment: a home, a terminal type, a UTF-8 locale, and nothing else.
pub fn command(home: &Path, program: &str, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home);
    command.env("PATH", std::env::var("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.cwd(home);
    command
}

impl Session {
    /// Starts a command on a terminal of `columns` by `rows`.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Session {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (send, chunks) = channel();
        let deaf = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&deaf);
        let listener = std::thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() || stop.load(Ordering::SeqCst) {
                    break;
                }
            }
            reader
        });
        let keyboard = pair.master.take_writer().expect("a keyboard");
        let (rows, columns) = (rows.try_into().expect("rows"), columns.try_into().expect("columns"));
        Session {
            master: pair.master,
            keyboard: Some(keyboard),
            child,
            emulator: vt100::Parser::new(rows, columns, 0),
            chunks,
            listener: Some(listener),
            deaf,
            sent: Vec::new(),
        }
    }

    pub fn press(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().expect("the line is up");
        keyboard.write_all(keys.as_bytes()).and_then(|()| keyboard.flush()).expect("keys are taken");
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// The text of the screen, row by row.
    pub fn text(&self) -> String {
        self.screen().contents()
    }

    /// Waits until the screen shows `text`.
    pub fn expect(&mut self, text: &str) {
        self.wait_until(&format!("the screen shows '{text}'"), |session| session.text().contains(text));
    }

    /// Waits until the screen no longer shows `text`.
    pub fn expect_gone(&mut self, text: &str) {
        self.wait_until(&format!("'{text}' is gone"), |session| !session.text().contains(text));
    }

    /// Processes the output of the program until `holds` returns true.
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&Session) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !holds(self) {
            match self.next_chunk(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => panic!("not in time: {what}\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => panic!("ended before {what}\n{}", self.text()),
            }
        }
    }

    /// Processes one chunk of the program's output; returns its length in bytes.
    pub fn next_chunk(&mut self, patience: Duration) -> Result<usize, RecvTimeoutError> {
        let chunk = self.chunks.recv_timeout(patience)?;
        self.sent.extend_from_slice(&chunk);
        self.emulator.process(&chunk);
        Ok(chunk.len())
    }

    /// Waits until both sessions show the same text.
    pub fn wait_until_same(&mut self, other: &mut Session) {
        let deadline = Instant::now() + DEADLINE;
        while self.text() != other.text() {
            assert!(Instant::now() < deadline, "never the same:\n{}\n{}", self.text(), other.text());
            for session in [&mut *self, &mut *other] {
                let _ = session.next_chunk(Duration::from_millis(5));
            }
        }
    }

    /// Resizes the terminal, as a window manager would.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("a new size");
        let (rows, columns) = (rows.try_into().expect("rows"), columns.try_into().expect("columns"));
        self.emulator.screen_mut().set_size(rows, columns);
    }

    /// Presses keys that are not text.
    pub fn press_bytes(&mut self, bytes: &[u8]) {
        let keyboard = self.keyboard.as_mut().expect("the line is up");
        // The program may have ended.
        let _ = keyboard.write_all(bytes).and_then(|()| keyboard.flush());
    }

    /// Tells the program a size that the emulator does not have.
    pub fn tell_size(&self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("a new size");
    }

    /// Processes output until none has come for `quiet`.
    pub fn settle(&mut self, quiet: Duration) {
        while self.next_chunk(quiet).is_ok() {}
    }

    /// Whether the program has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// The most memory that the program has used, in bytes, where the system says so.
    pub fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.process_id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = self.child.process_id().and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(rustix::process::Pid::from_raw).expect("the program runs");
        rustix::process::kill_process(id, signal).expect("the signal is sent");
    }

    /// Stops reading the output of the program, as a stalled connection does. `stir` is a key that makes the program send
    /// something, because only then does the listener notice. Returns the reading end.
    pub fn stop_listening(&mut self, stir: &str) -> Box<dyn Read + Send> {
        self.deaf.store(true, Ordering::SeqCst);
        self.press(stir);
        self.listener.take().expect("a listener").join().expect("the listener ends")
    }

    /// Closes the line, as a dropped connection does.
    pub fn hang_up(mut self, stir: &str) -> Ended {
        drop(self.stop_listening(stir));
        drop(self.keyboard.take());
        // The session itself holds the last end of the line, so it has to give that up.
        let line = std::mem::replace(&mut self.master, idle_line());
        drop(line);
        self.wait()
    }

    /// Waits for the program to end without reading its output.
    pub fn wait(&mut self) -> Ended {
        Ended { code: self.child.wait().expect("the program ends").exit_code() }
    }

    /// Waits for the program to end, and processes all output that it still sends.
    pub fn end(&mut self) -> Ended {
        let deadline = Instant::now() + DEADLINE;
        // The output ends once the last process on the line has ended.
        loop {
            match self.next_chunk(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("does not end\n{}", self.text()),
            }
        }
        self.wait()
    }

    /// Asserts that no mode is left on.
    pub fn assert_left_clean(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left on");
        assert!(!screen.hide_cursor(), "the cursor is left hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is left on");
        assert!(!screen.application_cursor() && !screen.application_keypad(), "keypad modes are left on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is left on");
        let (on, off) = (count(&self.sent, b"\x1b[?2026h"), count(&self.sent, b"\x1b[?2026l"));
        assert_eq!(on, off, "synchronized output is left on");
    }

    /// The settings of the terminal line, as a text that can be compared.
    pub fn discipline(&self) -> String {
        format!("{:?}", self.master.get_termios())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// How often `part` occurs in `whole`.
pub fn count(whole: &[u8], part: &[u8]) -> usize {
    whole.windows(part.len()).filter(|window| *window == part).count()
}

/// A terminal line that no process uses.
fn idle_line() -> Box<dyn MasterPty + Send> {
    native_pty_system().openpty(PtySize::default()).expect("a pseudo-terminal").master
}
