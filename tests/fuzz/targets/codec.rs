//! The stored form of an analysis: any bytes decode to nothing or to spans that lie in their texts.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::annotation::Field;
use dateline::exports::library::codec::{decode, encode};

const TITLE: &str = "Ana Petrova in Visby";
const BODY: &str = "The mayor, Ana Petrova, said \u{201c}Visby is safe\u{201d} in \u{c5}lesund.";

dateline_fuzz::target!(|data: &[u8]| {
    let Some(analysis) = decode(data, TITLE, BODY) else { return };
    let field = |field| if field == Field::Title { TITLE } else { BODY };
    for mention in &analysis.mentions {
        assert!(mention.span.get(field(mention.field)).is_some());
        assert!(analysis.entities.get(mention.entity.0 as usize).is_some());
    }
    for quote in &analysis.quotes {
        assert!(quote.span.get(field(quote.field)).is_some());
    }
    // What is decoded is encoded again as something that means the same.
    let again = decode(&encode(&analysis, TITLE, BODY), TITLE, BODY);
    let shown = |analysis| format!("{analysis:?}");
    assert_eq!(again.map(shown), Some(shown(analysis)));
});
