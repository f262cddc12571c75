//! Translates newsboat's filter expressions into queries.
//!
//! In: `unread = "yes" and (title =~ "peace" or tags # "world")`. Out: `is:unread (title:peace OR tag:world)`. If a part
//! cannot be translated there is no query at all, as half a search finds the wrong articles.
//!
//! The language is newsboat's own and no crate reads it.

/// The query for an expression; `None` if a part of it cannot be translated.
pub fn query(expression: &str) -> Option<String> {
    let tokens = tokens(expression)?;
    let mut parser = ExpressionParser { tokens: &tokens, at: 0, depth: 0 };
    let query = parser.any()?;
    (parser.at == tokens.len()).then_some(query)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Operator(String),
    Open,
    Close,
}

/// The deepest nesting of parentheses.
const DEPTH_CAP: usize = 32;

fn tokens(text: &str) -> Option<Vec<Token>> {
    const OPERATORS: &str = "=!~#<>";
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            '"' => {
                let mut inner = String::new();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => inner.extend(chars.next()),
                        c => inner.push(c),
                    }
                }
                tokens.push(Token::Text(inner));
            }
            c if c.is_whitespace() => {}
            c if OPERATORS.contains(c) => {
                let mut operator = c.to_string();
                while let Some(c) = chars.next_if(|c| OPERATORS.contains(*c)) {
                    operator.push(c);
                }
                tokens.push(Token::Operator(operator));
            }
            c => {
                let mut word = c.to_string();
                while let Some(c) =
                    chars.next_if(|c| !c.is_whitespace() && !"()\"".contains(*c) && !OPERATORS.contains(*c))
                {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Some(tokens)
}

struct ExpressionParser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl ExpressionParser<'_> {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, word: &str) -> bool {
        let is =
            matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> Option<String> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Some(match parts.len() {
            1 => parts.remove(0),
            _ => format!("({})", parts.join(" OR ")),
        })
    }

    fn all(&mut self) -> Option<String> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Some(parts.join(" "))
    }

    fn one(&mut self) -> Option<String> {
        match self.next()? {
            Token::Open => {
                self.depth += 1;
                if self.depth > DEPTH_CAP {
                    return None;
                }
                let inner = self.any()?;
                self.depth -= 1;
                match self.next()? {
                    Token::Close if inner.starts_with('(') || !inner.contains(' ') => Some(inner),
                    Token::Close => Some(format!("({inner})")),
                    _ => None,
                }
            }
            Token::Word(attribute) => {
                let operator = match self.next()? {
                    Token::Operator(operator) => operator,
                    Token::Word(word) if word.eq_ignore_ascii_case("between") => "between".to_owned(),
                    _ => return None,
                };
                let value = match self.next()? {
                    Token::Text(value) | Token::Word(value) => value,
                    _ => return None,
                };
                condition(&attribute.to_ascii_lowercase(), &operator, &value)
            }
            _ => None,
        }
    }
}

fn condition(attribute: &str, operator: &str, value: &str) -> Option<String> {
    let negated = operator.starts_with('!');
    let not = if negated { "-" } else { "" };
    let plain = match operator.trim_start_matches('!') {
        "~" => "=~",
        plain => plain,
    };
    let days = |value: &str| value.parse::<u32>().ok();
    match (attribute, plain) {
        ("unread", "=" | "==") => Some(format!("{}is:unread", sign(value == "yes", negated))),
        ("flags", "#" | "=~" | "=" | "==") => Some(format!("{not}is:starred")),
        ("title" | "author", "=~" | "=" | "==") => Some(format!("{not}{attribute}:{}", words(value)?)),
        ("content", "=~" | "=" | "==") => Some(format!("{not}body:{}", words(value)?)),
        ("feedtitle", "=~" | "=" | "==") => Some(format!("{not}source:{}", words(value)?)),
        ("tags", "#" | "=" | "==" | "=~") => Some(format!("{not}tag:{}", words(value)?)),
        ("age", "<" | "<=") => Some(format!("since:{}d", days(value)?)),
        ("age", ">" | ">=") => Some(format!("before:{}d", days(value)?)),
        ("age", "between") => {
            let (least, most) = value.split_once(':')?;
            let least = days(least)?;
            let until = if least > 0 { format!(" until:{least}d") } else { String::new() };
            Some(format!("since:{}d{until}", days(most)?))
        }
        _ => None,
    }
}

fn sign(yes: bool, negated: bool) -> &'static str {
    if yes == negated { "-" } else { "" }
}

/// Words of a pattern that is no more than words; quoted where there are several.
fn words(pattern: &str) -> Option<String> {
    let plain = !pattern.trim().is_empty()
        && pattern.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-' || c == '_' || c == '\'');
    let single = pattern.chars().all(char::is_alphanumeric);
    plain.then(|| if single { pattern.to_owned() } else { format!("\"{pattern}\"") })
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn expressions_become_queries() {
        for (expression, expected) in [
            ("unread = \"yes\"", Some("is:unread")),
            ("unread = \"no\"", Some("-is:unread")),
            ("unread != \"no\"", Some("is:unread")),
            ("title =~ \"peace talks\" and age < 7", Some("title:\"peace talks\" since:7d")),
            ("tags # \"world\" or tags # \"two words\"", Some("(tag:world OR tag:\"two words\")")),
            (
                "unread = \"yes\" and (feedtitle = \"Wire\" or content !~ \"sport\")",
                Some("is:unread (source:Wire OR -body:sport)"),
            ),
            ("age between 0:3", Some("since:3d")),
            ("age between 2:10", Some("since:10d until:2d")),
            ("title =~ \"a.*b\"", None),
            ("rssurl =~ \"x\"", None),
            ("unread = \"yes\" and", None),
            ("(unread = \"yes\"", None),
            ("title = \"unclosed", None),
        ] {
            assert_eq!(query(expression).as_deref(), expected, "{expression}");
        }
    }
}
