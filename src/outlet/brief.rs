//! A brief as a page: the largest stories with their first sentences, who is mentioned more than before, what was said, and
//! where.

use super::pages::Piece;
use crate::article::day_or_undated;
use crate::listing::brief::Brief;

/// How many sources of a story are named.
const SOURCES: usize = 4;

/// The pieces of the page. `address` gives the address of an article.
pub fn pieces(brief: &Brief, address: impl Fn(crate::article::ArticleId) -> Option<String>) -> Vec<Piece> {
    let days = match brief.since == brief.until {
        true => brief.since.to_string(),
        false => format!("{} to {}", brief.since, brief.until),
    };
    let mut pieces = vec![Piece::Title(format!("{days}: {}", brief.tally))];
    let heading = |pieces: &mut Vec<Piece>, words: &str, any: bool| {
        if any {
            pieces.push(Piece::Heading(words.to_owned()));
        }
    };
    heading(&mut pieces, "Top stories", !brief.stories.is_empty());
    for story in &brief.stories {
        let title = if story.row.title.is_empty() { "(no title)" } else { &story.row.title };
        pieces.push(Piece::Headline(title.to_owned()));
        // What has no title is called by its first words.
        if !story.sentences.is_empty() && !story.sentences.starts_with(title) {
            pieces.push(Piece::Text(story.sentences.clone()));
        }
        let mut from = story.sources.iter().take(SOURCES).cloned().collect::<Vec<_>>().join(", ");
        if story.sources.len() > SOURCES {
            from.push_str(&format!(" and {} more", story.sources.len() - SOURCES));
        }
        let many = if story.articles > 1 { format!("{} articles: ", story.articles) } else { String::new() };
        let day = day_or_undated(story.row.key.date());
        pieces.push(Piece::Cited(format!("{many}{from}, {day}"), address(story.row.key.id)));
    }
    heading(&mut pieces, "People", !brief.rose.is_empty());
    for rose in &brief.rose {
        let described = rose.described.as_ref().map(|words| format!(", {words}")).unwrap_or_default();
        let before = match rose.before {
            0 => "not before".to_owned(),
            before => format!("{before} before"),
        };
        pieces.push(Piece::Entry(format!(
            "{}{described}: {} now, {before}",
            rose.facet.name,
            counted(rose.now)
        )));
    }
    heading(&mut pieces, "Said", !brief.quotes.is_empty());
    for quote in &brief.quotes {
        let words = quote.text.split_whitespace().collect::<Vec<_>>().join(" ");
        pieces.push(Piece::Quote(format!("{}: {words}", quote.speaker.as_deref().unwrap_or("?"))));
        let from = format!("{}. {}, {}", quote.title, quote.source, day_or_undated(quote.key.date()));
        pieces.push(Piece::Cited(from, address(quote.key.id)));
    }
    heading(&mut pieces, "Countries", !brief.countries.is_empty());
    for country in &brief.countries {
        pieces.push(Piece::Entry(format!(
            "{}: {} about it, {} mention it",
            country.facet.name, country.about, country.facet.count
        )));
    }
    pieces
}

fn counted(articles: u64) -> String {
    if articles == 1 { "1 article".to_owned() } else { format!("{articles} articles") }
}
