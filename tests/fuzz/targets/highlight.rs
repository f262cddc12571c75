//! Layers of marks over a line: the runs cover the line, in order and without gaps.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::highlight::{Layer, Mark, Tag, flatten};
use dateline::exports::text::Span;

dateline_fuzz::target!(|data: &[u8]| {
    let numbers: Vec<u32> = data.iter().map(|byte| u32::from(*byte)).collect();
    let span = |a: u32, b: u32| Span { start: a.min(b), end: a.max(b) };
    let tags = Tag::ALL;
    let mark = |three: &[u32]| Mark { span: span(three[0], three[1]), tag: tags[three[2] as usize % tags.len()] };
    let layers: Vec<Layer> =
        numbers.chunks(30).map(|layer| Layer::new(layer.chunks_exact(3).map(mark).collect())).collect();
    let line = span(numbers.first().copied().unwrap_or(0), numbers.last().copied().unwrap_or(0));
    let runs = flatten(line, &layers);
    let mut at = line.start;
    for run in &runs {
        assert!(run.span.start == at && run.span.end > at);
        at = run.span.end;
    }
    assert_eq!(at, line.end);
});
