//! JSON and JSON Lines, in one piece and cut anywhere.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    check(&dateline::exports::formats::read(data, &origin()).0);
    let at = data.first().map_or(0, |first| usize::from(*first) % data.len());
    let mut stream = dateline::exports::formats::Stream::new(origin());
    check(&stream.push(&data[..at]).0);
    check(&stream.push(&data[at..]).0);
    check(&stream.finish().0);
});
