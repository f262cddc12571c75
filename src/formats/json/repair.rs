//! Repairs common errors in the JSON of dumps whose meaning is clear: `NaN` and `Infinity` (read as null), raw control
//! codes within strings, halves of surrogate pairs, unknown escapes, commas before a closing bracket. Everything else
//! is left as it is.

/// The repaired text; `None` if there was nothing to repair.
pub(super) fn repair(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let used = match c {
            '"' => string(rest, &mut out),
            ',' => {
                let after = rest.get(1..).unwrap_or_default().trim_start();
                if !after.starts_with([']', '}']) {
                    out.push(',');
                }
                1
            }
            'N' | 'I' | '-' => {
                match ["NaN", "Infinity", "-Infinity"].iter().find(|word| rest.starts_with(**word)) {
                    Some(word) => {
                        out.push_str("null");
                        word.len()
                    }
                    None => {
                        out.push(c);
                        1
                    }
                }
            }
            _ => {
                let plain = rest.find(['"', ',', 'N', 'I', '-']).unwrap_or(rest.len()).max(c.len_utf8());
                out.push_str(rest.get(..plain).unwrap_or_default());
                plain
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    (out != text).then_some(out)
}

/// Copies and repairs the string at the start of `text`, and returns its length in bytes.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(c) = rest.chars().next() else { break };
        match c {
            '"' => {
                out.push('"');
                return at + 1;
            }
            '\\' => at += escape(rest, out),
            c if c.is_ascii_control() => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
                at += 1;
            }
            c => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    text.len()
}

/// Copies and repairs the escape at the start of `text`, and returns its length in bytes.
fn escape(text: &str, out: &mut String) -> usize {
    let unit = |text: &str| {
        let figures = text.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(figures, 16).ok().filter(|_| figures.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let copied = |out: &mut String, length: usize| {
        out.push_str(text.get(..length).unwrap_or_default());
        length
    };
    match (text.as_bytes().get(1), unit(text)) {
        (Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), _) => copied(out, 2),
        (_, Some(0xd800..=0xdbff)) if matches!(text.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => {
            copied(out, 12)
        }
        (_, Some(0xd800..=0xdfff)) => {
            out.push_str("\\ufffd");
            6
        }
        (_, Some(_)) => copied(out, 6),
        // A backslash that escapes nothing was meant as a backslash, except before a single quotation mark.
        (Some(b'\''), None) => 1,
        _ => {
            out.push_str("\\\\");
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(repair(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn errors_that_are_repaired() {
        check(r#"{"a": 1, "b": "x, NaN ]"}"#, None);
        check(
            r#"{"a": NaN, "b": [1, 2, ], "c": -Infinity, }"#,
            Some(r#"{"a": null, "b": [1, 2 ], "c": null }"#),
        );
        check("{\"a\": \"x\ty\"}", Some(r#"{"a": "x\u0009y"}"#));
        check(r#"{"a": "\ud83d", "b": "\ud83d\ude42"}"#, Some(r#"{"a": "\ufffd", "b": "\ud83d\ude42"}"#));
        check(r#"{"a": "it\'s C:\x"}"#, Some(r#"{"a": "it's C:\\x"}"#));
        check(r#"{"a": "#, None);
        check(r#"{"a": "\"#, Some(r#"{"a": "\\"#));
    }
}
