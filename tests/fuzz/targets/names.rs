//! The file of names that a person puts right.

#![cfg_attr(feature = "libfuzzer", no_main)]

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (corrections, _) = dateline::exports::corrections::Corrections::read(text);
    let (title, body) = ("Ana Petrova in Visby", "The mayor, Ana Petrova, said Visby was safe.");
    let language = dateline::exports::language::Language::english();
        let analysis = dateline::exports::analysis::analyze(title, body, language);
        dateline::exports::analysis::correct(&corrections, title, body, language, analysis);
});
