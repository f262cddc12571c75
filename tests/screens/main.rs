//! Screen tests: keys in, screen out, at fixed sizes.

mod boards;
mod bytes;
mod desk;
mod driver;
mod filters;
mod hostile;
mod keys;
mod laws;
mod layouts;
mod marks;
mod messages;
mod overlays;
mod places;
mod reading;
mod rows;
mod searches;
mod stories;
mod streaming;
mod typing;

use dateline::exports::annotation::Analysis;
use dateline::exports::article::Article;
use driver::article;

/// Six articles with people, countries, quotes, wide characters and combining marks.
pub fn edition() -> Vec<(Article, Analysis)> {
    vec![
        article(
            "2024-03-11",
            "Sample Wire",
            "Ferry talks open in Mombasa",
            "MOMBASA, March 11 — [Ada Obi|person] of the [Harbour Board|org] met ministers from \
             [Kenya|country=KE] and [Norway|country=NO] in [Mombasa|place] on Monday.\n\
             <Ada Obi: We are ready to sign>, she said. [Lars Vik|person] of [Norway|country=NO] was \
             more careful: <Lars Vik: There is work to do>.",
        ),
        article(
            "2024-03-12",
            "Sample Wire",
            "Norway weighs the ferry deal",
            "[Lars Vik|person] told reporters in [Oslo|place] that [Norway|country=NO] needs time.\n\
             <a senior official: The price is high>.",
        ),
        article(
            "2024-03-13",
            "Harbour Post",
            "東京でフェリー会議 opens",
            "Delegates from [日本|country=JP] and [Kenya|country=KE] met. 東京都の会議で代表団は新しい航路について話し合った。\
             [Zoë Brontë|person] spoke: <Zoë Brontë: Cafe\u{301} life is re\u{301}al>.",
        ),
        article(
            "2024-03-14",
            "Harbour Post",
            "Launch 👩\u{200D}🚀🚀 delayed again",
            "The launch was put off. [Mona Idris|person] of the [Space Office|org] in [Nairobi|place] said so 👍🏽.",
        ),
        article("2024-03-15", "Daily Lamp", "Quiet day at the market", "Nothing happened at the market."),
        article(
            "2024-03-16",
            "Daily Lamp",
            "Kenya and Norway sign the ferry deal",
            "[Ada Obi|person] and [Lars Vik|person] signed for [Kenya|country=KE] and [Norway|country=NO].",
        ),
    ]
}
