//! The query language: what is printed of a query is read as the same.

#![cfg_attr(feature = "libfuzzer", no_main)]

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let today = chrono::NaiveDate::from_ymd_opt(2022, 1, 3).unwrap_or_default();
    let (query, _) = dateline::exports::query::Query::parse(text, today);
    let printed = query.to_string();
    assert_eq!(dateline::exports::query::Query::parse(&printed, today).0, query, "{printed:?}");
});
