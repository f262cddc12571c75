//! The searches of newsboat, as queries of ours.

#![cfg_attr(feature = "libfuzzer", no_main)]

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(query) = dateline::exports::formats::newsboat::query(text) else { return };
    let today = chrono::NaiveDate::from_ymd_opt(2022, 1, 3).unwrap_or_default();
    dateline::exports::query::Query::parse(&query, today);
});
