//! A block of the index of a library, with its keys and places: any bytes end.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::library::blocks::{Walk, find};

dateline_fuzz::target!(|data: &[u8]| {
    let mut walk = Walk::new(data);
    let mut steps = 0;
    while walk.step().is_some() {
        steps += 1;
        assert!(steps <= data.len());
    }
    for length in [0, 1, 4] {
        find(data, data.get(..length).unwrap_or_default());
    }
});
