//! Cuts a typed query into lexemes, each with its position. Accepts any text.

use super::Hint;
use crate::text::Span;

/// One piece of a typed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexeme {
    pub span: Span,
    pub token: Token,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Open,
    Close,
    Or,
    And,
    Not,
    Word(Value),
    /// `name:value,value`; also `#tag` and `@saved`, as the fields `tag` and `@`. `name` is in lower
    /// case; `values` may be empty.
    Field {
        name: String,
        name_span: Span,
        values: Vec<Value>,
    },
}

/// One value, without its quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The bytes of the value, including its quotation marks and its star.
    pub span: Span,
    pub text: String,
    pub form: Form,
    /// Whether the value ends in `*`, which is not part of `text`.
    pub star: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Bare,
    Quoted,
    /// The value starts with a quotation mark that is never closed.
    Unclosed,
}

/// Returns the lexemes of `text` in order. They are disjoint, with only white space and control
/// characters between them.
pub fn lex(text: &str) -> (Vec<Lexeme>, Vec<Hint>) {
    let mut lexer = Lexer { text, at: 0, hints: Vec::new() };
    let mut lexemes = Vec::new();
    while let Some(lexeme) = lexer.next() {
        lexemes.push(lexeme);
    }
    (lexemes, lexer.hints)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    hints: Vec<Hint>,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, token: Token, length: usize) -> Option<Lexeme> {
        let start = self.at;
        self.at += length;
        Some(Lexeme { span: Span::new(start, self.at), token })
    }

    fn next(&mut self) -> Option<Lexeme> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches(is_space).len();
        let first = self.peek()?;
        match first {
            '(' => return self.take(Token::Open, 1),
            ')' => return self.take(Token::Close, 1),
            '|' => return self.take(Token::Or, 1),
            '-' if self.text[self.at + 1..].starts_with(|c: char| !is_space(c) && c != ')' && c != '|') => {
                return self.take(Token::Not, 1);
            }
            _ => {}
        }
        let start = self.at;
        let token = self.field().unwrap_or_else(|| {
            let value = self.value(&[]);
            match (value.form, value.star, value.text.as_str()) {
                (Form::Bare, false, "OR") => Token::Or,
                (Form::Bare, false, "AND") => Token::And,
                (Form::Bare, false, "NOT") => Token::Not,
                _ => Token::Word(value),
            }
        });
        Some(Lexeme { span: Span::new(start, self.at), token })
    }

    fn field(&mut self) -> Option<Token> {
        let rest = &self.text[self.at..];
        let (name, length) = match rest.chars().next() {
            Some('#') => ("tag".to_owned(), 1),
            Some('@') => ("@".to_owned(), 1),
            _ => {
                let length = rest.find(|c: char| !c.is_ascii_alphabetic()).filter(|&length| length > 0)?;
                (rest[..length].to_ascii_lowercase(), rest[length..].starts_with(':').then_some(length + 1)?)
            }
        };
        let name_span = Span::new(self.at, self.at + length);
        self.at += length;
        let mut values = Vec::new();
        // A comma with nothing after it means that the next value is still to be typed.
        while self.peek().is_some_and(|c| !ends_value(c)) {
            if self.peek() == Some(',') {
                self.at += 1;
                continue;
            }
            values.push(self.value(&[',']));
        }
        Some(Token::Field { name, name_span, values })
    }

    /// Reads one value. A character in `stops` ends a bare value, as white space, `(`, `)` and `|` do.
    fn value(&mut self, stops: &[char]) -> Value {
        let start = self.at;
        let rest = &self.text[start..];
        if let Some(quote) = rest.chars().next().filter(|&c| is_quote(c)) {
            return self.quoted(quote);
        }
        let length = rest.find(|c: char| ends_value(c) || stops.contains(&c)).unwrap_or(rest.len());
        let bare = &rest[..length];
        self.at += length;
        let star = bare.len() > 1 && bare.ends_with('*');
        let text = if star { bare.trim_end_matches('*') } else { bare };
        Value { span: Span::new(start, self.at), text: text.to_owned(), form: Form::Bare, star }
    }

    fn quoted(&mut self, quote: char) -> Value {
        let start = self.at;
        let mut text = String::new();
        let mut escaped = false;
        let mut closed = None;
        for (offset, c) in self.text[start..].char_indices().skip(1) {
            if escaped {
                escaped = false;
                text.push(c);
            } else if c == '\\' {
                escaped = true;
            } else if c == '"' || (quote != '"' && is_quote(c)) {
                closed = Some(start + offset + c.len_utf8());
                break;
            } else {
                text.push(c);
            }
        }
        self.at = closed.unwrap_or(self.text.len());
        let star = closed.is_some() && self.peek() == Some('*');
        self.at += usize::from(star);
        let span = Span::new(start, self.at);
        if closed.is_none() {
            let at = Span::new(start, start + quote.len_utf8());
            self.hints.push(Hint { span: at, message: "this quotation mark is not closed".to_owned() });
        }
        let form = if closed.is_some() { Form::Quoted } else { Form::Unclosed };
        Value { span, text, form, star }
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn ends_value(c: char) -> bool {
    is_space(c) || matches!(c, '(' | ')' | '|')
}
