//! The filter between the terminal and crossterm: nothing is held back for good, and the memory is bounded.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::terminal::filter::{Filter, Run};
use std::time::{Duration, Instant};

dateline_fuzz::target!(|data: &[u8]| {
    let mut now = Instant::now();
    let mut filter = Filter::new(data.first().is_some_and(|first| first % 2 == 0), now);
    // Each piece begins with its length and the pause after it.
    let mut rest = data;
    while let [length, pause, tail @ ..] = rest {
        let (piece, after) = tail.split_at(usize::from(*length).min(tail.len()));
        filter.take(piece, now);
        let most = 40 * 1024;
        let bytes = |run: &Run| match run {
            Run::Esc => 1,
            Run::Keys(bytes) | Run::Paste(bytes) => bytes.len(),
        };
        assert!(filter.ready().iter().map(bytes).sum::<usize>() <= most + piece.len());
        now += Duration::from_millis(u64::from(*pause) * 4);
        filter.expire(now);
        rest = after;
    }
    // A key is let through once the time of everything has passed.
    now += Duration::from_secs(60);
    filter.expire(now);
    filter.ready();
    filter.take(b"j", now);
    assert_eq!(filter.ready(), [Run::Keys(b"j".to_vec())]);
    assert_eq!(filter.deadline(), None);
});
