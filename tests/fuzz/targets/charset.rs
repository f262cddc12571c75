//! Bytes to text, and text made clean; cleaning a second time changes nothing.

#![cfg_attr(feature = "libfuzzer", no_main)]

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(decoded) = dateline::exports::text::charset::decode(data, None) else { return };
    let text = decoded.text;
    let body = dateline::exports::text::clean_body(&text);
    assert_eq!(dateline::exports::text::clean_body(&body), body);
    let line = dateline::exports::text::clean_line(&text);
    assert_eq!(dateline::exports::text::clean_line(&line), line);
    assert!(!line.chars().any(char::is_control));
    assert!(!body.chars().any(|c| c.is_control() && c != '\n'));
    if let Some(url) = dateline::exports::text::clean_url(&text) {
        assert!(url.starts_with("http") && url.is_ascii() && !url.contains(' '), "{url:?}");
    }
});
