//! Lines of a width: together they are the text, and none is too wide.

#![cfg_attr(feature = "libfuzzer", no_main)]

dateline_fuzz::target!(|data: &[u8]| {
    let [width, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let text = dateline::exports::text::clean_body(text);
    let width = usize::from(*width).max(2);
    for line in dateline::exports::text::wrap::lines(&text, width) {
        let shown = line.span.get(&text).unwrap_or_else(|| panic!("{line:?}"));
        let cells = dateline::exports::text::width::cells(shown.trim_end());
        // A cluster that is wider than a line has a line to itself.
        assert!(cells <= width || shown.chars().count() <= 16, "{shown:?}");
    }
});
