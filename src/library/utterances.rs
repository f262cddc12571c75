//! Puts the quotes of one article together to what its speakers said: a quote with its interrupted parts and its reported
//! frame is one utterance.

use crate::annotation::{Analysis, EntityIndex, Field, Kind, Quote, QuoteKind, Speaker};
use crate::article::Article;
use crate::language::Language;
use crate::listing::utterance::Utterance;
use crate::listing::{Key, headline};
use crate::persons::described::descriptions;

/// The words between two parts of an utterance at most, in bytes.
const BETWEEN: usize = 100;

/// The utterances of an article of which a part fits.
pub fn utterances(
    key: Key,
    article: &Article,
    analysis: &Analysis,
    fits: &mut dyn FnMut(&Quote) -> bool,
) -> Vec<Utterance> {
    let mut quotes: Vec<&Quote> = analysis.quotes.iter().collect();
    quotes.sort_by_key(|quote| (quote.field, quote.span.start, std::cmp::Reverse(quote.span.end)));
    let mut groups: Vec<Vec<&Quote>> = Vec::new();
    for quote in quotes {
        let text = if quote.field == Field::Title { &article.title } else { &article.body };
        match groups.last_mut().filter(|parts| goes_on(parts, quote, text)) {
            Some(parts) => parts.push(quote),
            None => groups.push(vec![quote]),
        }
    }
    let language = Language::of(article.language);
    let mut found = Vec::new();
    for parts in groups {
        if !parts.iter().any(|part| fits(part)) {
            continue;
        }
        found.extend(utterance(key, article, analysis, &parts, language));
    }
    found
}

/// Whether a quote goes on with an utterance: it lies within it, or only the words of the frame lie between the two
/// (`"Yes," said Obi, "we will."`).
fn goes_on(parts: &[&Quote], quote: &Quote, text: &str) -> bool {
    let Some(last) = parts.iter().max_by_key(|part| part.span.end).filter(|last| last.field == quote.field)
    else {
        return false;
    };
    if quote.span.start < last.span.end {
        return true;
    }
    let speakers = parts.iter().find_map(|part| part.likeliest()).zip(quote.likeliest());
    if speakers.is_some_and(|(one, other)| one != other) {
        return false;
    }
    let Some(between) = text.get(last.span.end as usize..quote.span.start as usize) else { return false };
    let between = between.trim_end();
    // A sentence may end before the next part; a sentence of its own may not lie between them.
    let within = between.strip_suffix('.').unwrap_or(between);
    between.len() <= BETWEEN && !between.contains('\n') && !within.contains(['.', '?', '!', ';', ':'])
        || quote.kind == QuoteKind::Direct && last.kind == QuoteKind::Indirect && between.is_empty()
}

fn utterance(
    key: Key,
    article: &Article,
    analysis: &Analysis,
    parts: &[&Quote],
    language: Language,
) -> Option<Utterance> {
    let first = parts.first()?;
    let text = if first.field == Field::Title { &article.title } else { &article.body };
    let mut words: Vec<String> = Vec::new();
    let mut told = 0;
    for part in parts.iter().filter(|part| part.span.end > part.span.start) {
        // What lies within an earlier part is told by it.
        if part.span.end > told {
            words.push(part.span.get(text)?.split_whitespace().collect::<Vec<&str>>().join(" "));
            told = part.span.end;
        }
    }
    let speaker = parts.iter().find_map(|part| part.speaker.as_ref());
    let guess = parts.iter().find_map(|part| part.guess.as_ref()).filter(|_| speaker.is_none());
    let direct = parts.iter().any(|part| part.kind == QuoteKind::Direct);
    Some(Utterance {
        key,
        source: article.source.clone(),
        title: headline(&article.title, &article.body).into_owned(),
        field: first.field,
        span: first.span,
        kind: if direct { QuoteKind::Direct } else { QuoteKind::Indirect },
        text: words.join(" … "),
        speaker: speaker.and_then(|speaker| name(analysis, speaker)),
        guess: guess.and_then(|guess| name(analysis, guess)),
        described: match speaker {
            Some(Speaker::Entity(index)) => described(article, analysis, *index, language),
            _ => None,
        },
        also: Vec::new(),
    })
}

fn name(analysis: &Analysis, speaker: &Speaker) -> Option<String> {
    match speaker {
        Speaker::Entity(index) => analysis.entities.get(index.0 as usize).map(|entity| entity.name.clone()),
        Speaker::Description(words) => Some(words.clone()),
    }
}

/// How an article describes a person, at the first place where it does.
fn described(
    article: &Article,
    analysis: &Analysis,
    index: EntityIndex,
    language: Language,
) -> Option<String> {
    analysis.entities.get(index.0 as usize).filter(|entity| entity.kind == Kind::Person)?;
    analysis.mentions.iter().filter(|mention| mention.entity == index).find_map(|mention| {
        let text = if mention.field == Field::Title { &article.title } else { &article.body };
        let (start, end) = (mention.span.start as usize, mention.span.end as usize);
        let found = descriptions(text, start, end, language);
        found.first().map(|words| (*words).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::tests::article;

    fn of(marked: &str) -> Vec<(String, String, QuoteKind)> {
        let (article, analysis) = article(0, "Wire", "Port", marked);
        let key = Key { published: None, id: crate::article::ArticleId(1) };
        let found = utterances(key, &article, &analysis, &mut |_| true);
        found.into_iter().map(|found| (found.who(), found.text, found.kind)).collect()
    }

    fn one(who: &str, text: &str) -> (String, String, QuoteKind) {
        (who.to_owned(), text.to_owned(), QuoteKind::Direct)
    }

    #[test]
    fn interrupted_parts_are_one_utterance() {
        let found =
            of("[Ada Obi|person] spoke. <Ada Obi: \"Yes,\"> she said at the port, <Ada Obi: \"we will.\">");
        assert_eq!(found, [one("Ada Obi", "\"Yes,\" … \"we will.\"")]);
    }

    #[test]
    fn another_sentence_or_another_speaker_is_another_utterance() {
        let found =
            of("[Ada Obi|person] spoke. <Ada Obi: \"Yes,\"> she said. She sat down. <Ada Obi: \"We will.\">");
        assert_eq!(found.len(), 2);
        let found =
            of("[Ada Obi|person] said <Ada Obi: \"yes\"> and [Lev Sund|person] said <Lev Sund: \"no\">");
        assert_eq!(found, [one("Ada Obi", "\"yes\""), one("Lev Sund", "\"no\"")]);
        let found = of("[Ada Obi|person] said <Ada Obi: \"yes\">\n\nand later <Ada Obi: \"no\">");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_speaker_is_described_as_the_article_does() {
        let (article, analysis) = article(
            0,
            "Wire",
            "Port",
            "Harbour Board chairman [Ada Obi|person] said <Ada Obi: it is closed>.",
        );
        let key = Key { published: None, id: crate::article::ArticleId(1) };
        let found = utterances(key, &article, &analysis, &mut |_| true);
        let described: Vec<Option<&str>> = found.iter().map(|found| found.described.as_deref()).collect();
        assert_eq!(described, [Some("Harbour Board chairman")]);
    }

    #[test]
    fn a_speaker_who_is_guessed_has_a_sign() {
        let (article, mut analysis) = article(0, "Wire", "Port", "[Ada Obi|person] came. <Ada Obi: \"no\">");
        for quote in &mut analysis.quotes {
            quote.guess = quote.speaker.take();
        }
        let key = Key { published: None, id: crate::article::ArticleId(1) };
        let found = utterances(key, &article, &analysis, &mut |_| true);
        assert_eq!(found.first().map(Utterance::who).as_deref(), Some("Ada Obi?"));
    }
}
