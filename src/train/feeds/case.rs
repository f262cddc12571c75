//! One case of the suite: a feed with a comment ahead of it that says in Python what is to be read in it.

use chrono::NaiveDate;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Title,
    Link,
    Date,
    Body,
    Author,
    Id,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    /// Seconds since 1970.
    Time(i64),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    pub of: Of,
    /// Which article; the feed itself without one.
    pub entry: Option<usize>,
    pub value: Value,
}

#[derive(Clone, Debug, Default)]
pub struct Case {
    pub content_type: Option<String>,
    pub address: Option<String>,
    /// Those that are about what an article has; others are passed over.
    pub expectations: Vec<Expectation>,
}

impl Case {
    /// `None` where no comment expects anything that is compared.
    pub fn read(bytes: &[u8]) -> Option<Case> {
        let text = match bytes {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return None,
            [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
            [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        };
        let (_, comment) = text.split_once("<!--")?;
        let (comment, _) = comment.split_once("-->")?;
        let mut case = Case::default();
        for line in comment.lines() {
            if let Some(header) = line.trim_start().strip_prefix("Header:") {
                let (name, value) = header.trim().split_once(':')?;
                match name.to_ascii_lowercase().as_str() {
                    "content-type" => case.content_type = Some(value.trim().to_owned()),
                    "content-location" => case.address = Some(value.trim().to_owned()),
                    _ => {}
                }
            }
        }
        let (_, expected) = comment.split_once("Expect:")?;
        case.expectations = expected.split(" and ").filter_map(expectation).collect();
        (!case.expectations.is_empty()).then_some(case)
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// `entries[0]['title'] == u'…'`, if it is about what an article has.
fn expectation(term: &str) -> Option<Expectation> {
    let (path, value) = term.split_once("==")?;
    let path: String = path
        .trim()
        .trim_start_matches('(')
        .chars()
        .filter(|c| !matches!(c, '\'' | '"' | ']'))
        .map(|c| if c == '[' { '.' } else { c })
        .collect();
    let mut parts = path.split('.');
    let entry = match parts.next()? {
        "feed" | "channel" => None,
        "entries" | "items" => Some(parts.next()?.parse().ok()?),
        _ => return None,
    };
    let rest: Vec<&str> = parts.collect();
    let of = match (rest.as_slice(), entry) {
        (["title"] | ["title_detail", "value"], _) => Of::Title,
        (["link"], _) => Of::Link,
        (_, None) => return None,
        (
            [
                "published_parsed" | "published" | "updated_parsed" | "updated" | "created_parsed"
                | "date_parsed",
            ],
            _,
        ) => Of::Date,
        (
            ["summary" | "description"]
            | ["summary_detail" | "description_detail", "value"]
            | ["content", "0", "value"],
            _,
        ) => Of::Body,
        (["author"] | ["author_detail", "name"], _) => Of::Author,
        (["id" | "guid"], _) => Of::Id,
        _ => return None,
    };
    Some(Expectation { of, entry, value: literal(value.trim())? })
}

/// A text or a time as Python writes them.
fn literal(text: &str) -> Option<Value> {
    if let Some(numbers) = text.strip_prefix('(') {
        let numbers: Vec<u32> =
            numbers.split([',', ')']).map_while(|number| number.trim().parse().ok()).collect();
        let [year, month, day, hour, minute, second, ..] = numbers[..] else { return None };
        let time = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?
            .and_hms_opt(hour, minute, second)?;
        return Some(Value::Time(time.and_utc().timestamp()));
    }
    let text = text.strip_prefix(['u', 'r']).unwrap_or(text);
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut chars = text.chars().skip(1);
    let mut out = String::new();
    loop {
        match chars.next()? {
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'x' => out.push(code(&mut chars, 2)?),
                'u' => out.push(code(&mut chars, 4)?),
                'U' => out.push(code(&mut chars, 8)?),
                c => out.push(c),
            },
            c if c == quote => return Some(Value::Text(out)),
            c => out.push(c),
        }
    }
}

fn code(chars: &mut impl Iterator<Item = char>, digits: usize) -> Option<char> {
    let digits: String = chars.take(digits).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_are_read() {
        let text = "<!--\nHeader: Content-type: text/xml\nExpect: not bozo and entries[0]['title'] == u'a \\u00e9 \\'b\\'' \
                    and entries[1].updated_parsed == (2003, 12, 31, 10, 14, 55, 2, 365, 0) and feed['tagline'] == 'x'\n--><feed/>";
        let case = Case::read(text.as_bytes()).unwrap_or_default();
        let entry = |of, at, value| Expectation { of, entry: Some(at), value };
        assert_eq!(case.content_type.as_deref(), Some("text/xml"));
        assert_eq!(
            case.expectations,
            [
                entry(Of::Title, 0, Value::Text("a é 'b'".to_owned())),
                entry(Of::Date, 1, Value::Time(1_072_865_695)),
            ]
        );
    }
}
