//! Writes an article in lines: its text, then who and what it mentions, and who said what.

use crate::annotation::{Kind, QuoteKind, Speaker};
use crate::app::App;
use crate::app::reader::Shown;
use crate::article::link::Link;
use crate::highlight::Tag;

/// The whole article, followed by the kinds of names and quotes that are highlighted.
pub fn article(app: &App, shown: &Shown) -> Vec<String> {
    let stored = &shown.stored;
    let byline = shown.byline().replace(" · ", ", ");
    let mut lines = vec![String::new(), stored.article.title.clone(), byline, String::new()];
    let links = shown.text.links();
    // The list of links at its end follows below, with the others.
    let text = stored.article.body.get(..links.text_end()).unwrap_or(&stored.article.body);
    lines.extend(text.split('\n').map(str::to_owned));
    lines.push(String::new());
    lines.extend(names(app, shown));
    lines.extend(quotes(app, shown));
    lines.extend((1..).zip(links.all()).map(|(number, link): (u16, &Link)| {
        let kind = link.marker().map(|marker| format!("{marker} ")).unwrap_or_default();
        format!("Link {number}: {kind}{}", link.url)
    }));
    lines
}

fn names(app: &App, shown: &Shown) -> Vec<String> {
    let kinds = [
        ("People", Kind::Person),
        ("Countries", Kind::Country),
        ("Organisations", Kind::Org),
        ("Places", Kind::Place),
    ];
    let entities = &shown.stored.analysis.entities;
    let listed = kinds.into_iter().filter(|(_, kind)| app.reader().lit().has(Tag::from(*kind)));
    listed
        .filter_map(|(heading, kind)| {
            let names: Vec<&str> = entities
                .iter()
                .filter(|entity| entity.kind == kind)
                .map(|entity| entity.name.as_str())
                .collect();
            (!names.is_empty()).then(|| format!("{heading}: {}.", names.join(", ")))
        })
        .collect()
}

fn quotes(app: &App, shown: &Shown) -> Option<String> {
    let analysis = &shown.stored.analysis;
    let lit = app.reader().lit().has(Tag::DirectQuote);
    let direct = analysis.quotes.iter().filter(|quote| lit && quote.kind == QuoteKind::Direct);
    let speakers: Vec<&str> = direct
        .map(|quote| match &quote.speaker {
            Some(Speaker::Entity(index)) => analysis.entity(*index).name.as_str(),
            Some(Speaker::Description(words)) => words.as_str(),
            None if quote.guess.is_some() => "?",
            None => "nobody named",
        })
        .collect();
    (!speakers.is_empty()).then(|| format!("Quotes, in order, by: {}.", speakers.join(", ")))
}

/// The name, quote or hit under the cursor, and the line around it.
pub fn place(shown: &Shown, under: &crate::app::reader::Under<'_>) -> Vec<String> {
    let words = under.in_words().replace(" · ", ", ");
    let around = match (under.entity, under.quote) {
        (None, Some(quote)) => quote.span.get(shown.field(quote.field)).map(|text| text.replace('\n', " ")),
        _ => shown.line_around(),
    };
    match around {
        Some(around) => vec![format!("{words}: {around}")],
        None => vec![words],
    }
}
