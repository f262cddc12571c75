//! The news desk: stories of several days, quotes, and what is said about the article in the reader.

use super::article;
use super::driver::{Driver, check};
use dateline::exports::annotation::Analysis;
use dateline::exports::article::Article;
use dateline::exports::theme::{Depth, Glyphs, Theme, ThemeName};

/// Two events of several days among other news, with quotes.
fn events() -> Vec<(Article, Analysis)> {
    const THINGS: [&str; 6] = ["Melon", "Lantern", "Bridge", "Choir", "Tunnel", "Orchard"];
    let mut news = Vec::new();
    for day in 1..=9 {
        for thing in THINGS {
            let own = format!("{thing}{day}");
            let body = format!("[Person{own} Nilsen|person] of [Town{own}|place] spoke about the {own}.");
            news.push(article(&format!("2024-03-{day:02}"), "Wire", &format!("{own} opened"), &body));
        }
    }
    news.push(article(
        "2024-03-02",
        "Wire",
        "Ferry sinks off Kaldvik, wreck found",
        "The ferry Alma of the [Sund Line|org] went down off [Kaldvik|place] at night. The ferry was without radio when it \
         left, and the ferry had new engines. Harbour chief [Ada Obi|person] said <Ada Obi: We heard a loud bang>. She sat \
         down. Later she said that <Ada Obi: nobody was on watch>.",
    ));
    news.push(article(
        "2024-03-03",
        "Post",
        "Divers reach ferry wreck",
        "Divers who went down to the wreck near [Kaldvik|place] found the bow door of the ferry open, although the \
         [Sund Line|org] had called the ferry safe. [Lev Sund|person] of [Norway|country=NO], who leads the ferry dives, \
         said <Lev Sund: The door was open>.",
    ));
    news.push(article(
        "2024-03-06",
        "Post",
        "Kaldvik ferry wreck inquiry opens",
        "Judges asked the owners from [Sund Line|org] why the ferry carried too many cars. The court of [Kaldvik|place] will \
         sit for a month over the ferry, and a second ferry was called back. [Ada Obi|person] said <Ada Obi: We heard a \
         loud bang> again.",
    ));
    news
}

#[test]
fn a_story_has_its_course() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, events());
        check(
            &mut driver,
            "v n",
            &[
                "[Stories]",
                "1, newest first",
                "2024-03-06",
                "3 articles, 2024-03-02 to 2024-03-06, Post, Wire",
            ],
        );
        check(
            &mut driver,
            "",
            &["Ferry sinks off Kaldvik, wreck found", "new: Ada Obi", "We heard a loud bang"],
        );
        check(&mut driver, "O", &["largest first"]);
        // Enter lists its articles, and q leads back.
        check(&mut driver, "Enter", &["[Articles]", "[story:", "1/3"]);
        check(&mut driver, "q", &["[Stories]"]);
        // A line of the course can be entered.
        check(&mut driver, "Tab j j Enter", &["[Article]", "The ferry Alma"]);
        check(&mut driver, "q q", &["[Kaldvik ferry wreck inquiry opens]"]);
        check(&mut driver, "q", &["[Stories]"]);
    }
}

#[test]
fn the_open_article_says_its_story_and_leads_to_it() {
    let mut driver = Driver::start(100, 30, events());
    // Which article is in which story is known from here on.
    check(&mut driver, "v n v l", &["[Articles]"]);
    check(&mut driver, "/ 'divers' Enter Enter", &["Divers who went down", "story 2 of 3"]);
    check(&mut driver, "g s", &["[Stories]", "[story:", "3 articles", "Kaldvik ferry wreck inquiry opens"]);
    check(&mut driver, "q", &["Divers who went down"]);
}

#[test]
fn an_article_in_no_story_says_so() {
    let mut driver = Driver::start(100, 30, events());
    check(
        &mut driver,
        "g s",
        &["[Stories]", "The article is in no story: no other article tells of its event"],
    );
    check(&mut driver, "q", &["[Articles]", "9 opened"]);
    check(
        &mut driver,
        "f e 'opened' Enter v n",
        &["[Stories]", "No two of these articles tell of one event"],
    );
}

#[test]
fn quotes_are_told_once_with_their_sources() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, events());
        // The bang is told by two sources.
        check(
            &mut driver,
            "v q",
            &["[Quotes]", "3, newest first", "We heard a loud bang", "The door was open"],
        );
        if height == 50 {
            check(&mut driver, "", &["Ada Obi", "Post +1"]);
        }
        // Enter opens the article at the quote.
        check(&mut driver, "Enter", &["[Article]", "Kaldvik ferry wreck inquiry opens"]);
        check(&mut driver, "q", &["[Quotes]"]);
        check(&mut driver, "O", &["direct first"]);
    }
}

#[test]
fn the_quotes_of_a_name_in_the_filter_come_first() {
    let mut driver = Driver::start(80, 24, events());
    check(&mut driver, "f e 'kaldvik_(person:\"Lev_Sund\"_OR_ferry)' Enter v q", &["[Quotes]"]);
    assert!(driver.selected().contains("Lev Sund"), "{}", driver.screen());
}

#[test]
fn a_quote_is_copied_with_its_title_and_link() {
    let mut driver = Driver::start(80, 24, events());
    check(&mut driver, "v q y q", &["copied"]);
    let copied = driver.copied().expect("copied").to_owned();
    for part in
        ["We heard a", "Ada Obi", "“Kaldvik ferry wreck inquiry opens”", "Post", "https://news.example/"]
    {
        assert!(copied.contains(part), "{part} in {copied}");
    }
}

#[test]
fn the_reader_tells_about_the_article() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, events());
        check(&mut driver, "/ 'divers' Enter Enter", &["Divers who went down"]);
        check(
            &mut driver,
            "T",
            &[
                "[In this article]",
                "People",
                "Lev Sund, once",
                "The door was open",
                "Norway (NO)",
                "Sund Line",
            ],
        );
        check(&mut driver, "q g w", &["[Why this article is listed]", "divers", "once in the title"]);
        check(&mut driver, "q g r", &["Related articles", "Kaldvik ferry wreck inquiry opens"]);
        check(&mut driver, "Esc g d", &["Compare with", "Ferry sinks off Kaldvik, wreck found"]);
        check(
            &mut driver,
            "Enter",
            &["[Compared:", "< Divers reach", "only in the first", "only in the second"],
        );
        check(&mut driver, "q", &["Divers who went down"]);
    }
}

#[test]
fn a_related_article_opens() {
    let mut driver = Driver::start(80, 24, events());
    check(&mut driver, "/ 'divers' Enter Enter g r Enter", &["[Article]", "Kaldvik"]);
    check(&mut driver, "q", &["Divers who went down"]);
}

#[test]
fn all_of_it_is_there_without_colour() {
    let mut driver = Driver::start(80, 24, events());
    driver.set_theme(Theme::new(ThemeName::Mono, Depth::Mono, Glyphs::Ascii));
    check(&mut driver, "v n", &["[Stories]", "3 articles", "new: Ada Obi"]);
    check(&mut driver, "v q", &["[Quotes]", "We heard a loud bang"]);
    check(&mut driver, "Enter T", &["[In this article]", "People"]);
}
