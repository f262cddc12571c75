//! Parses a typed query. Parsing never fails: an unknown field is searched for as text, a condition that
//! cannot be read becomes one that matches nothing, and a hint says where and why. No condition is dropped.
//!
//! The file has over 500 lines because it is one recursive descent: the grammar and the conditions of its fields share
//! one parser, and read in the order of the grammar.

use super::Unreadable;
use super::days::Reading;
use super::lex::{Form, Lexeme, Token, Value, lex};
use super::readable::{MATCHES_NOTHING, cleaned};
use super::when::{Doubt, Moment, Moving};
use super::{
    Days, Ending, Filter, Grouping, Hint, LARGEST, LONGEST, LONGEST_PHRASE, Mark, Names, Phrase, Query,
    QuoteTerm, Scope, Sort, Term,
};
use crate::annotation::Kind;
use crate::article::ArticleId;
use crate::language::LanguageCode;
use crate::text::near::distance;
use crate::text::{Span, fold};
use chrono::NaiveDate;

/// How many levels deep a filter may nest; anything deeper counts as a condition that cannot be read.
pub(super) const DEEPEST: usize = 64;

/// How many levels deep parentheses may nest, including those without effect; deeper ones are skipped.
/// The value is more than twice [`DEEPEST`], because a printed query has at most two parentheses for each
/// level: so every printed query can be read back whole.
const PARENTHESES: usize = 160;

/// The names of the fields, in the order in which completion offers them.
pub const FIELDS: [&str; 26] = [
    "person", "country", "about", "by", "said", "of", "org", "place", "date", "since", "until", "before",
    "after", "source", "author", "tag", "lang", "title", "body", "is", "has", "story", "newer", "sort",
    "group", "@",
];

/// What `is:` and `sort:` take.
const IS: &str = "read, unread, starred, unstarred, hidden or deleted";
const SORT: &str = "newest, oldest or relevance";
const GROUP: &str = "on, off or story";

/// What `newer:` takes.
const NEWER: &str = "the number of an article, as dateline list shows it: newer:1234";

/// What `lang:` takes.
const LANGUAGE: &str = "a language, by its code or its name: de, german";

/// What `story:` takes.
const STORY: &str = "the number of an article: story:12";

/// Words that people type for a field that has another name here.
const OTHER_NAMES: [(&str, &str); 15] = [
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
    ("language", "lang"),
];

impl Query {
    /// Parses `text`; `today` is the day from which `3d` counts back. Linear in the length of `text`.
    ///
    /// The query matches every article only if `text` has no condition at all.
    pub fn parse(text: &str, today: NaiveDate) -> (Query, Vec<Hint>) {
        read(text, today, Typing::Done)
    }

    /// Like [`Query::parse`], for a text that is still being typed: a bare word at its very end is
    /// taken as the beginning of a word, and a condition there that cannot be read (yet) is left out.
    pub fn parse_unfinished(text: &str, today: NaiveDate) -> (Query, Vec<Hint>) {
        read(text, today, Typing::GoesOn)
    }
}

/// Whether a text is complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typing {
    Done,
    GoesOn,
}

fn read(text: &str, today: NaiveDate, typing: Typing) -> (Query, Vec<Hint>) {
    if text.len() > LONGEST {
        let message =
            format!("the query has more than {LONGEST} bytes; shorten it or save parts of it as searches");
        return (Query { filter: Filter::refused(), ..Query::default() }, vec![refusal(text, &message)]);
    }
    let (mut lexemes, hints) = lex(text);
    let last =
        lexemes.last_mut().filter(|last| typing == Typing::GoesOn && last.span.end as usize == text.len());
    let unfinished = last.map(|last| {
        if let Token::Word(value) = &mut last.token
            && value.form == Form::Bare
        {
            value.star = true;
        }
        last.span
    });
    let mut parser = Parser {
        lexemes,
        at: 0,
        today,
        hints,
        sort: Sort::Date,
        grouping: Grouping::Folded,
        orders: 0,
        typing,
        unfinished,
    };
    let mut members = Vec::new();
    while parser.at < parser.lexemes.len() {
        members.extend(parser.alternatives(0));
        if let Some(span) = parser.take(&Token::Close) {
            parser.hint(span, "this ')' has no matching '('");
        }
    }
    if members.is_empty()
        && parser.orders == 0
        && typing == Typing::Done
        && let Some(first) = parser.lexemes.first()
    {
        // A lone AND or ')'.
        let span = first.span;
        members.push(parser.unreadable(span, Unreadable::signs("&"), "there is nothing to search for"));
    }
    let (sort, grouping) = (parser.sort, parser.grouping);
    let mut hints = parser.hints;
    let mut filter = Filter::all(members);
    if !lies_within(&filter, DEEPEST) {
        filter = cut(filter, DEEPEST);
        hints.push(Hint {
            span: Span::new(0, text.len()),
            message: "nested too deeply; the innermost conditions match nothing".to_owned(),
        });
    }
    if filter.size() > LARGEST {
        filter = Filter::refused();
        hints = vec![refusal(text, &format!("the query has more than {LARGEST} words and names; use fewer"))];
    }
    hints.sort_by_key(|hint| hint.span);
    (Query { filter, sort, grouping, hold: None }, hints)
}

fn refusal(text: &str, message: &str) -> Hint {
    Hint { span: Span::new(0, text.len()), message: format!("{message}{MATCHES_NOTHING}") }
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

/// Returns `filter` with the parts nested deeper than `depth` replaced by conditions that cannot be read.
fn cut(filter: Filter, depth: usize) -> Filter {
    let cut_each = |members: Vec<Filter>| members.into_iter().map(|member| cut(member, depth - 1));
    match filter {
        Filter::Term(_) => filter,
        _ if depth == 0 => Term::Unreadable(Unreadable::signs("((")).into(),
        Filter::All(members) => Filter::all(cut_each(members).collect::<Vec<_>>()),
        Filter::Any(members) => Filter::any(cut_each(members).collect::<Vec<_>>()).unwrap_or_default(),
        Filter::Not(inner) => Filter::not(cut(*inner, depth - 1)),
    }
}

struct Parser {
    lexemes: Vec<Lexeme>,
    at: usize,
    today: NaiveDate,
    hints: Vec<Hint>,
    sort: Sort,
    grouping: Grouping,
    /// How many words about the order or the grouping were read.
    orders: usize,
    typing: Typing,
    /// The lexeme that is still being typed.
    unfinished: Option<Span>,
}

/// The meaning of one lexeme, or of one pair of parentheses.
enum Piece {
    Filter(Filter),
    /// A condition on a quote, which is joined with the others of its group.
    Quote(QuoteTerm),
    /// A word without a letter or a digit, which means nothing beside other words and cannot be read alone.
    Signs(Span, String),
    /// A parenthesis that is too deep to have an effect.
    Deep,
    Nothing,
}

impl Parser {
    fn hint(&mut self, span: Span, message: impl Into<String>) {
        self.hints.push(Hint { span, message: message.into() });
    }

    /// The condition for a part that cannot be read, with a hint; nothing while it is being typed.
    fn unreadable(&mut self, span: Span, term: Unreadable, message: impl Into<String>) -> Filter {
        self.hint(span, format!("{}{MATCHES_NOTHING}", message.into()));
        Term::Unreadable(term).into()
    }

    fn refuse(&mut self, span: Span, term: Unreadable, message: impl Into<String>) -> Piece {
        if self.unfinished.is_some_and(|unfinished| unfinished.contains(span)) {
            self.hint(span, message);
            return Piece::Nothing;
        }
        Piece::Filter(self.unreadable(span, term, message))
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
            if groups.iter().all(Option::is_none) {
                let message = "OR needs something to search for on both sides";
                return self.refused(span, Unreadable::signs("|"), message);
            }
            self.hint(span, "OR needs something to search for on both sides");
        }
        Filter::any(groups.into_iter().flatten())
    }

    /// Parses a sequence of conditions, up to an `OR`, a `)` or the end. `None` if there are none.
    fn group(&mut self, depth: usize) -> Option<Filter> {
        let mut members: Vec<Filter> = Vec::new();
        let mut quote: Option<(usize, QuoteTerm)> = None;
        let mut signs: Vec<(Span, String)> = Vec::new();
        while !matches!(self.peek(), None | Some(Token::Or | Token::Close)) {
            match self.piece(depth) {
                Piece::Nothing | Piece::Deep => {}
                Piece::Filter(filter) => members.push(filter),
                Piece::Signs(span, text) => signs.push((span, text)),
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
        // In "gas & oil" a sign is punctuation; by itself it would be something to search for.
        let words = members.iter().any(|member| matches!(member, Filter::Term(Term::Text { .. })));
        for (span, text) in signs {
            match words {
                true => {
                    self.hint(span, format!("'{text}' has no letter or digit to search for and is left out"));
                }
                false => members.extend(self.signs(span, &text)),
            }
        }
        (!members.is_empty()).then(|| Filter::all(members))
    }

    fn signs(&mut self, span: Span, text: &str) -> Option<Filter> {
        let message = match text.trim() {
            "" => "there is nothing between the quotation marks".to_owned(),
            text => format!("'{text}' has no letter or digit to search for"),
        };
        self.refused(span, Unreadable::signs(text), message)
    }

    fn piece(&mut self, depth: usize) -> Piece {
        let Some(lexeme) = self.lexemes.get(self.at).cloned() else { return Piece::Nothing };
        self.at += 1;
        match lexeme.token {
            Token::And | Token::Or | Token::Close => Piece::Nothing,
            Token::Not => self.negated(lexeme.span, depth),
            Token::Open if depth >= PARENTHESES => {
                self.hint(lexeme.span, "parentheses are nested too deeply; this one is ignored");
                Piece::Deep
            }
            Token::Open => {
                let orders = self.orders;
                let inner = self.alternatives(depth + 1);
                let closed = self.take(&Token::Close);
                if closed.is_none() {
                    self.hint(lexeme.span, "this '(' is not closed");
                }
                match inner {
                    Some(inner) => Piece::Filter(inner),
                    // Orders such as (sort:oldest), or a word that is still being typed.
                    None if self.orders > orders || (closed.is_none() && self.typing == Typing::GoesOn) => {
                        Piece::Nothing
                    }
                    None => {
                        let span =
                            Span::new(lexeme.span.start as usize, closed.unwrap_or(lexeme.span).end as usize);
                        self.refuse(span, Unreadable::signs("("), "there is nothing between the parentheses")
                    }
                }
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
        let nothing = "nothing follows that could be excluded";
        if self.peek().is_none() && self.typing == Typing::GoesOn {
            return Piece::Nothing;
        }
        if matches!(self.peek(), None | Some(Token::Or | Token::Close | Token::And)) {
            return self.refuse(span, Unreadable::signs("-"), nothing);
        }
        let before = (self.orders, self.sort, self.grouping);
        let filter = match self.piece(depth) {
            Piece::Filter(filter) => filter,
            Piece::Quote(quote) => Term::Quote(quote).into(),
            Piece::Signs(span, text) => match self.signs(span, &text) {
                Some(filter) => filter,
                None => return Piece::Nothing,
            },
            Piece::Deep => return Piece::Filter(self.unreadable(span, Unreadable::signs("-("), nothing)),
            Piece::Nothing if self.orders > before.0 => {
                (self.orders, self.sort, self.grouping) = before;
                return self.refuse(span, Unreadable::signs("-"), "an order cannot be excluded");
            }
            Piece::Nothing => return Piece::Nothing,
        };
        Piece::Filter(if negative { Filter::not(filter) } else { filter })
    }

    /// A value that would be a phrase of more than [`LONGEST_PHRASE`] words.
    fn too_long<'v>(&self, name: Option<&str>, values: &'v [Value]) -> Option<&'v Value> {
        let is_phrase = matches!(name, None | Some("title" | "body" | "said"));
        // Each word has a byte at least, and one between it and the next.
        let long = |value: &&Value| {
            value.text.len() >= 2 * LONGEST_PHRASE && fold::words(&value.text).len() > LONGEST_PHRASE
        };
        values.iter().filter(|_| is_phrase).find(long)
    }

    fn long_phrase(&mut self, span: Span, term: Unreadable) -> Piece {
        let message = format!("a phrase may have {LONGEST_PHRASE} words; shorten it");
        self.refuse(span, term, message)
    }

    fn word(&mut self, value: &Value) -> Piece {
        if self.too_long(None, std::slice::from_ref(value)).is_some() {
            return self.long_phrase(value.span, Unreadable::signs("\"…\""));
        }
        match (text(Scope::Anywhere, value), value.form) {
            (Some(term), _) => Piece::Filter(term),
            (None, Form::Bare) => Piece::Signs(value.span, value.text.clone()),
            (None, _) => match self.signs(value.span, &value.text) {
                Some(filter) => Piece::Filter(filter),
                None => Piece::Nothing,
            },
        }
    }

    fn field(&mut self, name: &str, name_span: Span, values: Vec<Value>, whole: Span) -> Piece {
        let Some(name) = FIELDS.iter().copied().find(|field| *field == name) else {
            return self.unknown(name, name_span, values, whole);
        };
        if values.is_empty() {
            let example = match name {
                "@" => "the name of a saved search",
                "is" => IS,
                "has" => "quote",
                "newer" => NEWER,
                "sort" => SORT,
                "group" => GROUP,
                "lang" => LANGUAGE,
                "story" => STORY,
                "date" | "since" | "until" | "before" | "after" => {
                    "a date: 2022, 2022-01, 2022-01-03, yesterday, monday, \"last week\", 3d or 2w"
                }
                _ => "a word, or several in quotation marks",
            };
            // What is being typed is more than the name of the field.
            let span = if self.unfinished == Some(whole) { whole } else { name_span };
            return self.refuse(
                span,
                Unreadable::field(name, ""),
                format!("{} needs {example}", written(name)),
            );
        }
        if let Some(value) = self.too_long(Some(name), &values) {
            return self.long_phrase(value.span, Unreadable::field(name, ""));
        }
        let of_kind = |kind: Kind| move |names: Names| Term::Mentions { kind, names };
        match name {
            "person" => self.names(name, &values, of_kind(Kind::Person)),
            "country" => self.names(name, &values, of_kind(Kind::Country)),
            "place" => self.names(name, &values, of_kind(Kind::Place)),
            "org" => self.names(name, &values, of_kind(Kind::Org)),
            "about" => self.names(name, &values, Term::About),
            "source" => self.names(name, &values, Term::Source),
            "author" => self.names(name, &values, Term::Author),
            "tag" => self.names(name, &values, Term::Tag),
            "lang" => self.languages(name, &values),
            "story" => self.story(name, values),
            "newer" => self.newer(&values),
            "by" => self.quote(name, &values, |quote, names| quote.by.push(names)),
            "of" => self.quote(name, &values, |quote, names| quote.of.push(names)),
            "said" => self.said(name, &values),
            "title" => self.each(name, &values, |value| text(Scope::Title, value)),
            "body" => self.each(name, &values, |value| text(Scope::Body, value)),
            "date" => self.days(name, Reading::Within, &values),
            "since" => self.days(name, Reading::Since, &values),
            "until" => self.days(name, Reading::Until, &values),
            "before" => self.days(name, Reading::Before, &values),
            "after" => self.days(name, Reading::After, &values),
            "@" => self.each(name, &values, |value| {
                Names::one(&value.text)?.iter().next().map(|name| Term::Saved(name.to_owned()).into())
            }),
            _ => self.word_of_few(name, values),
        }
    }

    /// Parses `story:`, which takes the numbers of articles.
    fn story(&mut self, name: &'static str, values: Vec<Value>) -> Piece {
        let mut filters = Vec::new();
        for value in values {
            match value.text.parse::<i64>() {
                Ok(id) if id > 0 => filters.push(Term::Story(ArticleId(id)).into()),
                _ => {
                    let term = Unreadable::field(name, &value.text);
                    filters.extend(self.refused(value.span, term, format!("{name}: takes {STORY}")));
                }
            }
        }
        alternatives(filters)
    }

    /// Parses `is:`, `has:`, `sort:` and `group:`, which each take one of a few words.
    fn word_of_few(&mut self, name: &'static str, values: Vec<Value>) -> Piece {
        let mut filters = Vec::new();
        for value in values {
            let word = value.text.to_lowercase();
            let term = match (name, word.as_str()) {
                ("is", "read") => Term::Is(Mark::Read),
                ("is", "unread" | "new") => Term::Is(Mark::Unread),
                ("is", "starred") => Term::Is(Mark::Starred),
                ("is", "unstarred") => Term::Is(Mark::Unstarred),
                ("is", "hidden") => Term::Is(Mark::Hidden),
                ("is", "deleted" | "trashed") => Term::Is(Mark::Deleted),
                ("has", "quote" | "quotes") => Term::HasQuote,
                ("sort", "date" | "newest" | "oldest" | "relevance") => {
                    self.orders += 1;
                    self.sort = match word.as_str() {
                        "oldest" => Sort::Oldest,
                        "relevance" => Sort::Relevance,
                        _ => Sort::Date,
                    };
                    continue;
                }
                ("group", "on" | "off" | "story") => {
                    self.orders += 1;
                    self.grouping = match word.as_str() {
                        "off" => Grouping::Off,
                        "story" => Grouping::Threads,
                        _ => Grouping::Folded,
                    };
                    continue;
                }
                _ => {
                    let takes = match name {
                        "is" => IS,
                        "has" => "quote",
                        "sort" => SORT,
                        _ => GROUP,
                    };
                    let term = Unreadable::field(name, &value.text);
                    filters.extend(self.refused(value.span, term, format!("{name}: takes {takes}")));
                    continue;
                }
            };
            filters.push(term.into());
        }
        alternatives(filters)
    }

    /// The condition that [`Parser::refuse`] gives, if any.
    fn refused(&mut self, span: Span, term: Unreadable, message: impl Into<String>) -> Option<Filter> {
        match self.refuse(span, term, message) {
            Piece::Filter(filter) => Some(filter),
            _ => None,
        }
    }

    /// Reads each value by itself; those that `read` does not take match nothing.
    fn each(
        &mut self,
        name: &'static str,
        values: &[Value],
        read: impl Fn(&Value) -> Option<Filter>,
    ) -> Piece {
        let mut filters = Vec::new();
        for value in values {
            match read(value) {
                Some(filter) => filters.push(filter),
                None => filters.extend(self.wordless(name, value)),
            }
        }
        alternatives(filters)
    }

    fn names(&mut self, name: &'static str, values: &[Value], term: impl FnOnce(Names) -> Term) -> Piece {
        let named = Names::new(values.iter().map(|value| value.text.clone()));
        let mut filters: Vec<Filter> = named.map(|names| term(names).into()).into_iter().collect();
        for value in values.iter().filter(|value| phrase(value).is_none()) {
            filters.extend(self.wordless(name, value));
        }
        alternatives(filters)
    }

    /// The number of an article.
    fn newer(&mut self, values: &[Value]) -> Piece {
        let mut filters = Vec::new();
        for value in values {
            match value.text.parse::<i64>() {
                Ok(number @ 0..) => filters.push(Term::Newer(ArticleId(number)).into()),
                _ => {
                    let term = Unreadable::field("newer", &value.text);
                    filters.extend(self.refused(value.span, term, format!("newer: takes {NEWER}")));
                }
            }
        }
        alternatives(filters)
    }

    /// Languages, by code or name. One that is not known cannot be read.
    fn languages(&mut self, name: &'static str, values: &[Value]) -> Piece {
        let read = |value: &Value| LanguageCode::read(&value.text);
        let codes = Names::new(values.iter().filter_map(read).map(|code| code.to_string()));
        let mut filters: Vec<Filter> = codes.map(|codes| Term::Language(codes).into()).into_iter().collect();
        for value in values.iter().filter(|value| read(value).is_none()) {
            let message = format!("lang: takes {LANGUAGE}");
            filters.extend(self.refused(value.span, Unreadable::field(name, &value.text), message));
        }
        alternatives(filters)
    }

    fn quote(
        &mut self,
        name: &'static str,
        values: &[Value],
        put: impl FnOnce(&mut QuoteTerm, Names),
    ) -> Piece {
        let mut quote = QuoteTerm::default();
        if let Some(names) = Names::new(values.iter().map(|value| value.text.clone())) {
            put(&mut quote, names);
        }
        self.quoting(name, values, quote)
    }

    fn said(&mut self, name: &'static str, values: &[Value]) -> Piece {
        let phrases: Vec<Phrase> = values.iter().filter_map(phrase).collect();
        self.quoting(name, values, QuoteTerm { said: vec![phrases], ..QuoteTerm::default() })
    }

    /// A condition on a quote. With a value without words all of it is unreadable, because conditions on one
    /// quote are joined.
    fn quoting(&mut self, name: &'static str, values: &[Value], quote: QuoteTerm) -> Piece {
        match values.iter().find(|value| phrase(value).is_none()) {
            Some(value) => self.wordless(name, value).map_or(Piece::Nothing, Piece::Filter),
            None => Piece::Quote(quote),
        }
    }

    fn wordless(&mut self, name: &'static str, value: &Value) -> Option<Filter> {
        let term = Unreadable::field(name, &value.text);
        self.refused(
            value.span,
            term,
            format!("{} '{}' has no letter or digit to search for", written(name), value.text),
        )
    }

    fn days(&mut self, name: &'static str, reading: Reading, values: &[Value]) -> Piece {
        let mut filters: Vec<Filter> = Vec::new();
        for (place, value) in values.iter().enumerate() {
            let typed = cleaned(&value.text);
            let last = place + 1 == values.len() && value.form == Form::Bare;
            let longer = if last { self.longer_date(&typed) } else { None };
            let advice = |longer: &str| {
                format!("to search for \"{longer}\", put it in quotation marks: {name}:\"{longer}\"")
            };
            match (Days::read(&typed, reading, self.today), longer) {
                (Ok(days), longer) => {
                    if let Some(longer) = longer {
                        self.hint(value.span, advice(&longer));
                    }
                    filters.push(Term::Date(days).into());
                }
                (Err(doubt), longer) => {
                    let message =
                        longer.map_or_else(|| format!("'{typed}' {doubt}"), |longer| advice(&longer));
                    filters.extend(self.refused(value.span, Unreadable::field(name, &typed), message));
                }
            }
        }
        alternatives(filters)
    }

    /// The date that `typed` and the words after it would be in quotation marks, as in `date:last week`: where
    /// `typed` alone is no date, or is the name of a month before a year.
    fn longer_date(&self, typed: &str) -> Option<String> {
        let next = |place: usize| match &self.lexemes.get(self.at + place)?.token {
            Token::Word(value) if value.form == Form::Bare => Some(value.text.as_str()),
            _ => None,
        };
        let alone = Moment::read(typed);
        let mut longer = typed.to_owned();
        for place in 0..3 {
            longer = format!("{longer} {}", next(place)?);
            match (&alone, Moment::read(&longer)) {
                (Err(Doubt::NoDate), Ok(_)) => return Some(longer),
                (Ok(Moment::Moving(Moving::Month(_))), Ok(Moment::Fixed(..))) => return Some(longer),
                _ => {}
            }
        }
        None
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
        self.word(&value)
    }
}

/// A field as it is written before its value.
fn written(name: &str) -> String {
    if name == "@" { name.to_owned() } else { format!("{name}:") }
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
            // A longer text is no mistyped name, and need not be compared.
            .filter(|_| name.len() <= 20)
            .map(|field| (distance(name, field), field))
            .filter(|(distance, field)| *distance <= 2 && distance * 2 < field.len())
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, field)| field)
    })
}
