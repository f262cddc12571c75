//! The analysis: every span lies in its text.

#![cfg_attr(feature = "libfuzzer", no_main)]

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = dateline::exports::text::clean_body(text);
    let (title, body) = text.split_once('\n').unwrap_or(("", &text));
    let analysis = dateline::exports::analysis::analyze(title, body, dateline::exports::language::Language::english());
    let field = |field| if field == dateline::exports::annotation::Field::Title { title } else { body };
    for mention in &analysis.mentions {
        assert!(mention.span.get(field(mention.field)).is_some());
    }
    for quote in &analysis.quotes {
        assert!(quote.span.get(field(quote.field)).is_some());
    }
});
