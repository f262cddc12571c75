//! The steps that the reader keeps for its next start, so that they can be undone then.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::app::history::Step;

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(step) = Step::read(text) else { return };
    let again = Step::read(&step.written());
    assert_eq!(again.map(|again| again.written()), Some(step.written()));
});
