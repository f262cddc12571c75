//! Parses a typed query. Parsing never fails: a part that cannot be interpreted as written is searched
//! for as text or left out, and a hint says where and why.

use super::days::Reading;
use super::lex::{Form, Lexeme, Token, Value, lex};
use super::{Days, Ending, Filter, Grouping, Hint, Mark, Names, Phrase, Query, QuoteTerm, Scope, Sort, Term};
use crate::annotation::Kind;
use crate::text::Span;
use chrono::NaiveDate;

/// How many levels deep a filter may nest; anything deeper is left out.
const DEEPEST: usize = 64;

/// How many levels deep parentheses may nest, including those without effect; deeper ones are skipped.
/// The value is more than twice [`DEEPEST`], because a printed query has at most two parentheses for each
/// level: so every printed query can be read back whole.
const PARENTHESES: usize = 160;

/// The names of the fields, in the order in which completion offers them.
pub const FIELDS: [&str; 23] = [
    "person", "country", "place", "org", "about", "title", "body", "by", "said", "of", "date", "since",
    "until", "before", "after", "source", "author", "tag", "is", "has", "sort", "group", "@",
];

/// Words that people type for a field that has another name here.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("people", "person"),
    ("who", "person"),
    ("name", "person"),
    ("countries", "country"),
    ("places", "place"),
    ("city", "place"),
    ("where", "place"),
    ("orgs", "org"),
    ("organisation", "org"),
    ("organization", "org"),
    ("from", "source"),
    ("speaker", "by"),
    ("headline", "title"),
    ("text", "body"),
];

impl Query {
    /// Parses `text`; `today` is the day from which `3d` counts back. Linear in the length of `text`.
    pub fn parse(text: &str, today: NaiveDate) -> (Query, Vec<Hint>) {
        read(text, today, false)
    }

    /// Like [`Query::parse`], for a text that is still being typed: a bare word at its very end is
    /// taken as the beginning of a word.
    pub fn parse_unfinished(text: &str, today: NaiveDate) -> (Query, Vec<Hint>) {
        read(text, today, true)
    }
}

fn read(text: &str, today: NaiveDate, unfinished: bool) -> (Query, Vec<Hint>) {
    let (mut lexemes, hints) = lex(text);
    if unfinished
        && let Some(Lexeme { span, token: Token::Word(value) }) = lexemes.last_mut()
        && span.end as usize == text.len()
        && value.form == Form::Bare
    {
        value.star = true;
    }
    let mut parser = Parser { lexemes, at: 0, today, hints, sort: Sort::Date, grouping: Grouping::Folded };
    let mut members = Vec::new();
    while parser.at < parser.lexemes.len() {
        members.extend(parser.alternatives(0));
        if let Some(span) = parser.take(&Token::Close) {
            parser.hint(span, "this ')' has no matching '('");
        }
    }
    let (sort, grouping) = (parser.sort, parser.grouping);
    let mut hints = parser.hints;
    let mut filter = Filter::all(members);
    if !lies_within(&filter, DEEPEST) {
        filter = cut(filter, DEEPEST).unwrap_or_default();
        hints.push(Hint {
            span: Span::new(0, text.len()),
            message: "nested too deeply; the innermost conditions are left out".to_owned(),
        });
    }
    hints.sort_by_key(|hint| hint.span);
    (Query { filter, sort, grouping, hold: None }, hints)
}

/// Whether `filter` nests no deeper than `depth`.
fn lies_within(filter: &Filter, depth: usize) -> bool {
    match filter {
        Filter::Term(_) => true,
        _ if depth == 0 => false,
        Filter::All(members) | Filter::Any(members) => {
            members.iter().all(|member| lies_within(member, depth - 1))
        }
        Filter::Not(inner) => lies_within(inner, depth - 1),
    }
}

/// Returns `filter` without the parts nested deeper than `depth`, or `None` if nothing is left.
fn cut(filter: Filter, depth: usize) -> Option<Filter> {
    let cut_each = |members: Vec<Filter>| -> Vec<Filter> {
        members.into_iter().filter_map(|member| cut(member, depth - 1)).collect()
    };
    match filter {
        Filter::Term(_) => Some(filter),
        _ if depth == 0 => None,
        Filter::All(members) => {
            let members = cut_each(members);
            (!members.is_empty()).then(|| Filter::all(members))
        }
        Filter::Any(members) => Filter::any(cut_each(members)),
        Filter::Not(inner) => cut(*inner, depth - 1).map(Filter::not),
    }
}

struct Parser {
    lexemes: Vec<Lexeme>,
    at: usize,
    today: NaiveDate,
    hints: Vec<Hint>,
    sort: Sort,
    grouping: Grouping,
}

/// The meaning of one lexeme, or of one pair of parentheses.
enum Piece {
    Filter(Filter),
    /// A condition on a quote, which is joined with the others of its group.
    Quote(QuoteTerm),
    Nothing,
}

impl Parser {
    fn hint(&mut self, span: Span, message: impl Into<String>) {
        self.hints.push(Hint { span, message: message.into() });
    }

    fn peek(&self) -> Option<&Token> {
        self.lexemes.get(self.at).map(|lexeme| &lexeme.token)
    }

    fn take(&mut self, token: &Token) -> Option<Span> {
        let lexeme = self.lexemes.get(self.at).filter(|lexeme| lexeme.token == *token)?;
        self.at += 1;
        Some(lexeme.span)
    }

    /// Parses groups with `OR` between them, up to a `)` or the end.
    fn alternatives(&mut self, depth: usize) -> Option<Filter> {
        let mut groups = vec![self.group(depth)];
        let mut ors = Vec::new();
        while let Some(span) = self.take(&Token::Or) {
            ors.push(span);
            groups.push(self.group(depth));
        }
        if let (Some(&span), true) = (ors.last(), groups.iter().any(Option::is_none)) {
            self.hint(span, "OR needs something to search for on both sides");
        }
        Filter::any(groups.into_iter().flatten())
    }

    /// Parses a sequence of conditions, up to an `OR`, a `)` or the end. `None` if there are none.
    fn group(&mut self, depth: usize) -> Option<Filter> {
        let mut members: Vec<Filter> = Vec::new();
        let mut quote: Option<(usize, QuoteTerm)> = None;
        while !matches!(self.peek(), None | Some(Token::Or | Token::Close)) {
            match self.piece(depth) {
                Piece::Nothing => {}
                Piece::Filter(filter) => members.push(filter),
                Piece::Quote(part) => {
                    let (_, whole) = quote.get_or_insert((members.len(), QuoteTerm::default()));
                    whole.by.extend(part.by);
                    whole.said.extend(part.said);
                    whole.of.extend(part.of);
                }
            }
        }
        if let Some((place, quote)) = quote {
            members.insert(place, Term::Quote(quote).into());
        }
        (!members.is_empty()).then(|| Filter::all(members))
    }

    fn piece(&mut self, depth: usize) -> Piece {
        let Some(lexeme) = self.lexemes.get(self.at).cloned() else { return Piece::Nothing };
        self.at += 1;
        match lexeme.token {
            Token::And | Token::Or | Token::Close => Piece::Nothing,
            Token::Not => self.negated(lexeme.span, depth),
            Token::Open if depth >= PARENTHESES => {
                self.hint(lexeme.span, "parentheses are nested too deeply; this one is ignored");
                Piece::Nothing
            }
            Token::Open => {
                let inner = self.alternatives(depth + 1);
                if self.take(&Token::Close).is_none() {
                    self.hint(lexeme.span, "this '(' is not closed");
                }
                inner.map_or(Piece::Nothing, Piece::Filter)
            }
            Token::Word(value) => self.word(&value),
            Token::Field { name, name_span, values } => self.field(&name, name_span, values, lexeme.span),
        }
    }

    fn negated(&mut self, span: Span, depth: usize) -> Piece {
        let mut negative = true;
        while self.take(&Token::Not).is_some() {
            negative = !negative;
        }
        if matches!(self.peek(), None | Some(Token::Or | Token::Close | Token::And)) {
            self.hint(span, "nothing follows that could be excluded");
            return Piece::Nothing;
        }
        let filter = match self.piece(depth) {
            Piece::Filter(filter) => filter,
            Piece::Quote(quote) => Term::Quote(quote).into(),
            Piece::Nothing => return Piece::Nothing,
        };
        Piece::Filter(if negative { Filter::not(filter) } else { filter })
    }

    fn word(&mut self, value: &Value) -> Piece {
        if value.form != Form::Bare && value.text.trim().is_empty() {
            return Piece::Nothing;
        }
        match text(Scope::Anywhere, value) {
            Some(term) => Piece::Filter(term),
            None => {
                self.hint(value.span, "contains no letter or digit to search for");
                Piece::Nothing
            }
        }
    }

    fn field(&mut self, name: &str, name_span: Span, values: Vec<Value>, whole: Span) -> Piece {
        if !FIELDS.contains(&name) {
            return self.unknown(name, name_span, values, whole);
        }
        if values.is_empty() {
            let example = match name {
                "@" => "the name of a saved search",
                "is" => "read, unread, starred or unstarred",
                "has" => "quote",
                "sort" => "date or relevance",
                "group" => "on or off",
                "date" | "since" | "until" | "before" | "after" => {
                    "a date: 2022, 2022-01, 2022-01-03, 3d or 2w"
                }
                _ => "a word, or several in quotation marks",
            };
            self.hint(name_span, format!("needs {example}"));
            return Piece::Nothing;
        }
        let of_kind = |kind: Kind| move |names: Names| Term::Mentions { kind, names };
        match name {
            "person" => self.names(values, of_kind(Kind::Person)),
            "country" => self.names(values, of_kind(Kind::Country)),
            "place" => self.names(values, of_kind(Kind::Place)),
            "org" => self.names(values, of_kind(Kind::Org)),
            "about" => self.names(values, Term::About),
            "source" => self.names(values, Term::Source),
            "author" => self.names(values, Term::Author),
            "tag" => self.names(values, Term::Tag),
            "by" => self.quote(values, |quote, names| quote.by.push(names)),
            "of" => self.quote(values, |quote, names| quote.of.push(names)),
            "said" => self.said(&values),
            "title" => self.scoped(Scope::Title, &values),
            "body" => self.scoped(Scope::Body, &values),
            "date" => self.days(Reading::Within, &values),
            "since" => self.days(Reading::Since, &values),
            "until" => self.days(Reading::Until, &values),
            "before" => self.days(Reading::Before, &values),
            "after" => self.days(Reading::After, &values),
            "@" => alternatives(values.into_iter().filter_map(|value| {
                Names::one(&value.text)?.iter().next().map(|name| Term::Saved(name.to_owned()).into())
            })),
            _ => self.word_of_few(name, values),
        }
    }

    /// Parses `is:`, `has:`, `sort:` and `group:`, which each take one of a few words.
    fn word_of_few(&mut self, name: &str, values: Vec<Value>) -> Piece {
        let mut filters = Vec::new();
        for value in values {
            let word = value.text.to_lowercase();
            let term = match (name, word.as_str()) {
                ("is", "read") => Term::Is(Mark::Read),
                ("is", "unread") => Term::Is(Mark::Unread),
                ("is", "starred") => Term::Is(Mark::Starred),
                ("is", "unstarred") => Term::Is(Mark::Unstarred),
                ("has", "quote" | "quotes") => Term::HasQuote,
                ("sort", "date" | "relevance") => {
                    self.sort = if word == "date" { Sort::Date } else { Sort::Relevance };
                    continue;
                }
                ("group", "on" | "off") => {
                    self.grouping = if word == "on" { Grouping::Folded } else { Grouping::Off };
                    continue;
                }
                ("is", _) => {
                    self.hint(
                        value.span,
                        "is: takes read, unread, starred or unstarred; searched for as a word",
                    );
                    filters.extend(text(Scope::Anywhere, &value));
                    continue;
                }
                ("has", _) => {
                    self.hint(value.span, "has: takes quote; searched for as a word");
                    filters.extend(text(Scope::Anywhere, &value));
                    continue;
                }
                ("sort", _) => {
                    self.hint(value.span, "sort: takes date or relevance");
                    continue;
                }
                _ => {
                    self.hint(value.span, "group: takes on or off");
                    continue;
                }
            };
            filters.push(term.into());
        }
        alternatives(filters)
    }

    fn names(&mut self, values: Vec<Value>, term: impl FnOnce(Names) -> Term) -> Piece {
        let span = values.first().map(|value| value.span);
        match Names::new(values.into_iter().map(|value| value.text)) {
            Some(names) => Piece::Filter(term(names).into()),
            None => self.wordless(span),
        }
    }

    fn quote(&mut self, values: Vec<Value>, put: impl FnOnce(&mut QuoteTerm, Names)) -> Piece {
        let span = values.first().map(|value| value.span);
        match Names::new(values.into_iter().map(|value| value.text)) {
            Some(names) => {
                let mut quote = QuoteTerm::default();
                put(&mut quote, names);
                Piece::Quote(quote)
            }
            None => self.wordless(span),
        }
    }

    fn said(&mut self, values: &[Value]) -> Piece {
        let phrases: Vec<Phrase> = values.iter().filter_map(phrase).collect();
        match phrases.is_empty() {
            true => self.wordless(values.first().map(|value| value.span)),
            false => Piece::Quote(QuoteTerm { said: vec![phrases], ..QuoteTerm::default() }),
        }
    }

    fn scoped(&mut self, scope: Scope, values: &[Value]) -> Piece {
        match alternatives(values.iter().filter_map(|value| text(scope, value))) {
            Piece::Nothing => self.wordless(values.first().map(|value| value.span)),
            piece => piece,
        }
    }

    fn wordless(&mut self, span: Option<Span>) -> Piece {
        if let Some(span) = span.filter(|span| span.len() > 2) {
            self.hint(span, "contains no letter or digit to search for");
        }
        Piece::Nothing
    }

    fn days(&mut self, reading: Reading, values: &[Value]) -> Piece {
        let mut filters: Vec<Filter> = Vec::new();
        for value in values {
            match Days::parse(&value.text, reading, self.today) {
                Some(days) => filters.push(Term::Date(days).into()),
                None => self.hint(value.span, "is not a date; write 2022, 2022-01, 2022-01-03, 3d or 2w"),
            }
        }
        alternatives(filters)
    }

    /// Handles a field that does not exist: the whole of it is searched for as text.
    fn unknown(&mut self, name: &str, name_span: Span, values: Vec<Value>, whole: Span) -> Piece {
        // An address or a time of day is not a mistyped field.
        let address = values.first().is_some_and(|value| value.text.starts_with("//"));
        if !address {
            let message = match meant(name) {
                Some(field) => {
                    format!("there is no field '{name}:'; did you mean '{field}:'? searched for as text")
                }
                None => format!("there is no field '{name}:'; searched for as text"),
            };
            self.hint(name_span, message);
        }
        let star = values.last().is_some_and(|value| value.star);
        let words: Vec<&str> =
            std::iter::once(name).chain(values.iter().map(|value| value.text.as_str())).collect();
        let value = Value { span: whole, text: words.join(" "), form: Form::Bare, star };
        text(Scope::Anywhere, &value).map_or(Piece::Nothing, Piece::Filter)
    }
}

fn alternatives(filters: impl IntoIterator<Item = Filter>) -> Piece {
    Filter::any(filters).map_or(Piece::Nothing, Piece::Filter)
}

fn phrase(value: &Value) -> Option<Phrase> {
    Phrase::new(&value.text, if value.star { Ending::Prefix } else { Ending::Whole })
}

fn text(scope: Scope, value: &Value) -> Option<Filter> {
    phrase(value).map(|phrase| Term::Text { scope, phrase }.into())
}

/// The field that was probably meant: one for which `name` is another word, one that begins with `name`,
/// or one that is at most two typing mistakes away.
fn meant(name: &str) -> Option<&'static str> {
    let known = FIELDS.iter().copied().filter(|field| *field != "@");
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, field)| *field);
    other.or_else(|| known.clone().find(|field| name.len() >= 3 && field.starts_with(name))).or_else(|| {
        known
            .map(|field| (distance(name, field), field))
            .filter(|(distance, field)| *distance <= 2 && distance * 2 < field.len())
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, field)| field)
    })
}

/// The number of bytes to insert, delete or replace to turn `a` into `b`. Both are short ASCII texts.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 20 {
        return usize::MAX / 4;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let best = (corner + usize::from(x != y)).min(*cell + 1).min(left + 1);
            corner = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
