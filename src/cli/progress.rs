//! The progress line on standard error during a long intake: a bar, the number of articles, the number per
//! second, and the time left. Only on a terminal; it is erased at the end.

use crate::intake::Progress;
use crate::text::width::clip;
use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The shortest time between two updates of the line.
const INTERVAL: Duration = Duration::from_millis(100);

/// The rate and the time left are computed from this many of the latest samples, which are at least a second
/// apart: articles that are already stored are processed many times faster than new ones.
const SAMPLES: usize = 15;

/// The width of the bar in cells.
const BAR: u64 = 20;

/// The state of the progress line.
pub struct ProgressLine {
    started: Instant,
    shown: Option<Instant>,
    terminal: bool,
    /// The time, the number of articles and the number of bytes of each sample; oldest first.
    samples: VecDeque<(Instant, u64, u64)>,
}

impl ProgressLine {
    pub fn new() -> ProgressLine {
        // Overwriting a line does not work on a dumb terminal, and a screen reader would read every update.
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        let terminal = io::stderr().is_terminal() && !dumb;
        let started = Instant::now();
        ProgressLine { started, shown: None, terminal, samples: VecDeque::from([(started, 0, 0)]) }
    }

    /// Whether the line is visible to anybody.
    pub fn is_seen(&self) -> bool {
        self.terminal
    }

    /// Shows the progress. `total` is the number of bytes to read, if it is known.
    pub fn show(&mut self, progress: &Progress, total: Option<u64>) {
        let now = Instant::now();
        // A short intake needs no progress.
        if !self.terminal || now - self.shown.unwrap_or(self.started) < INTERVAL {
            return;
        }
        self.shown = Some(now);
        let (then, articles, bytes) = self.samples.front().copied().unwrap_or((self.started, 0, 0));
        let recent = Recent {
            time: now - then,
            articles: progress.articles.saturating_sub(articles),
            bytes: progress.bytes.saturating_sub(bytes),
        };
        if self.samples.back().is_none_or(|(last, ..)| now - *last >= Duration::from_secs(1)) {
            self.samples.push_back((now, progress.articles, progress.bytes));
            if self.samples.len() > SAMPLES {
                self.samples.pop_front();
            }
        }
        // A line that is wider than the terminal could not be erased.
        let text = line(progress, total, recent);
        let text = clip(&text, usize::from(crate::terminal::width()).saturating_sub(1), "");
        let _ = write!(io::stderr(), "\r\x1b[K{text}");
    }

    pub fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// What was read in some time.
#[derive(Clone, Copy)]
struct Recent {
    time: Duration,
    articles: u64,
    bytes: u64,
}

/// The text of the line: at most 79 cells for up to a thousand million articles.
fn line(progress: &Progress, total: Option<u64>, recent: Recent) -> String {
    let each_second = |count: u64| (count as f64 / recent.time.as_secs_f64().max(0.001)) as u64;
    let counts = format!("{} articles, {} a second", progress.articles, each_second(recent.articles));
    // A file that grows or is compressed may contain more bytes than expected.
    let Some(total) = total.filter(|total| *total > 0 && progress.bytes <= *total) else {
        return format!("{counts}, {} files", progress.files);
    };
    let done = progress.bytes * BAR / total;
    let bar: String = (0..BAR).map(|cell| if cell < done { '#' } else { '.' }).collect();
    let share = progress.bytes * 100 / total;
    let left = match each_second(recent.bytes) {
        0 => String::new(),
        rate => format!(", {} left", in_words(Duration::from_secs((total - progress.bytes).div_ceil(rate)))),
    };
    format!("[{bar}] {share:>3} %  {counts}{left}")
}

/// A time in at most two units: `2 h 5 min`, `3 min 20 s`, `12 s`.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {} s", seconds % 60),
        _ => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(articles: u64, bytes: u64, total: Option<u64>, expected: &str) {
        let progress = Progress { articles, bytes, files: 2, ..Progress::default() };
        let recent = Recent { time: Duration::from_secs(10), articles: 30_000, bytes: 1_000 };
        assert_eq!(line(&progress, total, recent), expected);
    }

    #[test]
    fn the_line_shows_progress_and_time_left() {
        check(0, 0, Some(9_999), "[....................]   0 %  0 articles, 3000 a second, 1 min 40 s left");
        check(
            70_000,
            5_500,
            Some(10_000),
            "[###########.........]  55 %  70000 articles, 3000 a second, 45 s left",
        );
        check(
            1,
            0,
            Some(500_000),
            "[....................]   0 %  1 articles, 3000 a second, 1 h 23 min left",
        );
        check(5, 7, Some(7), "[####################] 100 %  5 articles, 3000 a second, 0 s left");
    }

    #[test]
    fn without_a_known_total_no_time_is_shown() {
        check(7, 10, None, "7 articles, 3000 a second, 2 files");
        check(7, 10, Some(9), "7 articles, 3000 a second, 2 files");
        check(7, 0, Some(0), "7 articles, 3000 a second, 2 files");
    }
}
