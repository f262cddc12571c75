//! Explains a query in words, one condition a line, as `--explain` prints it.

use super::print::field_of;
use super::{Ending, Filter, Grouping, Mark, Names, Phrase, Query, QuoteTerm, Scope, Sort, Term};
use crate::article::ArticleId;
use crate::language::LanguageCode;

impl Query {
    /// Returns the lines without line ends, indented by two spaces a level.
    pub fn explain(&self) -> Vec<String> {
        let mut lines = vec![format!("query: {self}")];
        match self.filter.is_everything() {
            true => lines.push("every article".to_owned()),
            false => explain(&self.filter, 0, &mut lines),
        }
        lines.push(match self.sort {
            Sort::Date => "newest first".to_owned(),
            Sort::Oldest => "oldest first".to_owned(),
            Sort::Relevance => "articles with most of the words first".to_owned(),
        });
        match self.grouping {
            Grouping::Folded => {}
            Grouping::Off => lines.push("copies of one story listed separately".to_owned()),
            Grouping::Threads => lines.push("articles of one story over days in one row".to_owned()),
        }
        lines
    }
}

fn explain(filter: &Filter, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    match filter {
        Filter::All(members) => {
            lines.push(format!("{indent}all of:"));
            members.iter().for_each(|member| explain(member, depth + 1, lines));
        }
        Filter::Any(members) => {
            lines.push(format!("{indent}any of:"));
            members.iter().for_each(|member| explain(member, depth + 1, lines));
        }
        Filter::Not(inner) => {
            lines.push(format!("{indent}not:"));
            explain(inner, depth + 1, lines);
        }
        Filter::Term(term) => lines.push(format!("{indent}{}", term_in_words(term))),
    }
}

fn term_in_words(term: &Term) -> String {
    match term {
        Term::Text { scope, phrase } => {
            let place = match scope {
                Scope::Anywhere => "title or body",
                Scope::Title => "title",
                Scope::Body => "body",
            };
            format!("{} in the {place}", words(phrase))
        }
        Term::Mentions { kind, names } => format!("mentions the {} {}", field_of(*kind), either(names)),
        Term::About(names) => format!("is about {}", either(names)),
        Term::Quote(quote) => quote_in_words(quote),
        Term::Date(days) => match (days.from(), days.until()) {
            (None, None) => "published on any day".to_owned(),
            _ => format!("published {}", days.in_words()),
        },
        Term::Source(names) => format!("from the source {}", either(names)),
        Term::Author(names) => format!("by the author {}", either(names)),
        Term::Language(names) => {
            let name =
                |code: &str| LanguageCode::read(code).map_or(code.to_owned(), |code| code.name().to_owned());
            let names: Vec<String> = names.iter().map(name).collect();
            format!("written in {}", names.join(" or "))
        }
        Term::Tag(names) => format!("tagged {}", either(names)),
        Term::Is(mark) => match mark {
            Mark::Read => "read",
            Mark::Unread => "not yet read",
            Mark::Starred => "starred",
            Mark::Unstarred => "not starred",
            Mark::Hidden => "hidden",
            Mark::Deleted => "in the trash",
        }
        .to_owned(),
        Term::Story(id) => format!("is of the story of article {}", id.0),
        Term::HasQuote => "has a quote".to_owned(),
        Term::Newer(ArticleId(number)) => format!("came into the library after article {number}"),
        Term::Saved(name) => format!("in the saved search {name:?}"),
        Term::Unreadable(unreadable) => format!("matches nothing: {unreadable} cannot be read"),
    }
}

fn quote_in_words(quote: &QuoteTerm) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(quote.by.iter().map(|names| format!("by {}", either(names))));
    parts.extend(quote.said.iter().map(|phrases| {
        let phrases: Vec<String> = phrases.iter().map(words).collect();
        format!("with {}", phrases.join(" or "))
    }));
    parts.extend(quote.of.iter().map(|names| format!("that mentions {}", either(names))));
    format!("has a quote {}", parts.join(" and "))
}

fn either(names: &Names) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    names.join(" or ")
}

fn words(phrase: &Phrase) -> String {
    let count = phrase.words().len();
    let what = match (phrase.ending, count) {
        (Ending::Whole, 1) => "the word",
        (Ending::Whole, _) => "the words",
        (Ending::Prefix, 1) => "a word that begins with",
        (Ending::Prefix, _) => "words that begin with",
    };
    format!("{what} {:?}", phrase.words().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_explained_in_words() {
        let today = chrono::NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
        let query = Query::parse("(gas* OR \"no deal\") -country:RU,ua by:obi said:no since:2022", today).0;
        let expected = "query: (gas* OR \"no deal\") -country:RU,ua by:obi said:no since:2022
all of:
  any of:
    a word that begins with \"gas\" in the title or body
    the words \"no deal\" in the title or body
  not:
    mentions the country \"RU\" or \"ua\"
  has a quote by \"obi\" and with the word \"no\"
  published on 2022-01-01 or later
newest first";
        assert_eq!(query.explain().join("\n"), expected);
    }
}
