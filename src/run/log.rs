//! The log: lines in a file in the state directory. A separate thread writes them; they never appear on the screen.

use crate::capacity::Writable;
use crate::config::value::LogLevel;
use chrono::Utc;
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// The size in bytes at which the file is renamed and a new one is started. One older file is kept.
const FULL: u64 = 1 << 20;

/// The severity of a line. A log stores the lines of its own level and of the more severe ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warn,
    Info,
}

impl Level {
    /// Returns the level for the setting `log`, or `None` if nothing is to be logged.
    pub fn of(setting: LogLevel) -> Option<Level> {
        match setting {
            LogLevel::Off => None,
            LogLevel::Error => Some(Level::Error),
            LogLevel::Warn => Some(Level::Warn),
            LogLevel::Info => Some(Level::Info),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
        }
    }
}

/// An open log, or one that stores nothing.
pub struct Log(Option<Kept>);

struct Kept {
    level: Level,
    lines: Sender<String>,
    writer: JoinHandle<()>,
}

impl Log {
    /// Opens a log that writes lines of `level` and of more severe levels to `file`. If either is missing, nothing
    /// is logged.
    pub fn open(file: Option<Writable>, level: Option<Level>) -> Log {
        Log(file.zip(level).map(|(file, level)| {
            let (lines, taken) = channel();
            let writer = std::thread::spawn(move || write(&file, &taken));
            Kept { level, lines, writer }
        }))
    }

    /// Writes `text` as one line. Control characters, including line feeds, become spaces.
    pub fn line(&self, level: Level, text: &str) {
        if let Some(kept) = self.0.as_ref().filter(|kept| level <= kept.level) {
            let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let now = Utc::now().format("%Y-%m-%dT%H:%M:%SZ");
            // The thread ends only after the sender has gone.
            let _ = kept.lines.send(format!("{now} {} {clean}\n", level.as_str()));
        }
    }

    /// Returns once all lines are written.
    pub fn finish(self) {
        if let Some(Kept { lines, writer, .. }) = self.0 {
            drop(lines);
            let _ = writer.join();
        }
    }
}

/// Writes lines as they arrive. If the log cannot be written, logging stops without an error.
fn write(file: &Writable, lines: &Receiver<String>) {
    for line in lines {
        let full = std::fs::metadata(file.path()).is_ok_and(|meta| meta.len() >= FULL);
        if full && file.set_aside(".1").is_err() {
            return;
        }
        let Ok(mut log) = file.append() else { return };
        if log.write_all(line.as_bytes()).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::Capacity;

    #[test]
    fn lines_are_filtered_by_level_and_a_full_log_is_renamed() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("dateline.log");
        std::fs::write(&path, vec![b'x'; usize::try_from(FULL).expect("a size")]).expect("a file");
        let log = Log::open(Capacity::Full.writable(&path).ok(), Level::of(LogLevel::Warn));
        log.line(Level::Info, "not this");
        log.line(Level::Error, "could not\u{1b}[31m do it");
        log.finish();
        let text = std::fs::read_to_string(&path).expect("a log");
        assert!(text.ends_with(" error could not [31m do it\n") && text.lines().count() == 1, "{text:?}");
        assert!(folder.path().join("dateline.log.1").exists());
    }
}
