//! Parses the file of corrections, and changes one entry of it.

use super::{Correction, Corrections, Is};
use crate::annotation::{CountryCode, Kind};
use crate::fault::{Fault, Lines, text_of};
use std::collections::HashMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const FORM: &str = "write a line as \"Name\" = { … } with is, also, same, apart or country in the braces";
/// The most lines of an entry that is not closed on its first line, where the file has mistakes.
const LONGEST: usize = 100;

/// An entry of the file, which may be wrong in itself.
struct Entry {
    name: String,
    /// Its lines, from 0.
    lines: Range<usize>,
    /// Whether it is a table under its own heading.
    heading: bool,
    made: Result<Correction, String>,
}

/// Reads the file. A line that cannot be used is reported and passed over.
pub fn file(bytes: &[u8]) -> (Corrections, Vec<Fault>) {
    let (entries, mut faults) = entries(bytes);
    let mut list = Vec::new();
    for Entry { lines, made, .. } in entries {
        match made {
            Ok(correction) => list.push(correction),
            Err(message) => faults.push(Fault { line: lines.start + 1, message }),
        }
    }
    faults.sort_by_key(|fault| fault.line);
    (Corrections { list }, faults)
}

/// The entries of the file, in order, and the mistakes outside of them. Takes time in proportion to the file.
fn entries(bytes: &[u8]) -> (Vec<Entry>, Vec<Fault>) {
    let (text, mut faults) = text_of(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let mut entries = Vec::new();
    if read(&text, 0, &lines, &mut entries).is_err() {
        // A mistake may hide what follows it, so each entry is read for itself.
        entries.clear();
        each_apart(&lines, &mut entries, &mut faults);
    }
    entries.sort_by_key(|entry| entry.lines.start);
    let mut known: HashMap<String, usize> = HashMap::new();
    entries.retain(|entry| {
        let line = entry.lines.start + 1;
        match known.get(&entry.name) {
            None => {
                known.insert(entry.name.clone(), line);
                true
            }
            Some(first) => {
                let message = format!("{}: line {first} is about the same name and is used", entry.name);
                faults.push(Fault { line, message });
                false
            }
        }
    });
    (entries, faults)
}

/// Reads a text that begins at line `first` of all `lines` and has no mistake in its form.
fn read(text: &str, first: usize, lines: &[&str], entries: &mut Vec<Entry>) -> Result<(), toml::de::Error> {
    let table = DeTable::parse(text)?;
    let places = Lines::of(text);
    for (key, value) in table.get_ref() {
        let start = first + places.line(key.span().start) - 1;
        let heading = lines.get(start).is_some_and(|line| is_heading(line));
        // The span of a table under its own heading is that of the heading; its fields follow below.
        let below = || lines.iter().skip(start + 1).take_while(|line| !is_heading(line)).count();
        let end = match heading {
            true => start + 1 + below(),
            false => (first + places.line(value.span().end.saturating_sub(1))).max(start + 1),
        };
        let made = correction(key.get_ref(), value.get_ref(), start + 1);
        entries.push(Entry { name: key.get_ref().trim().to_owned(), lines: start..end, heading, made });
    }
    Ok(())
}

/// Reads each entry for itself and reports the lines that belong to none.
fn each_apart(lines: &[&str], entries: &mut Vec<Entry>, faults: &mut Vec<Fault>) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let count = match is_heading(line) {
            true => 1 + lines.iter().skip(at + 1).take_while(|line| !is_heading(line)).count(),
            false => closed_within(lines.get(at..).unwrap_or_default()),
        };
        let part = lines.get(at..at + count).unwrap_or_default();
        match read(&part.join("\n"), at, lines, entries) {
            Ok(()) => at += count,
            // The heading is used with those of its fields that can be read.
            Err(_) if is_heading(line) && DeTable::parse(line).is_ok() => {
                let mut kept = vec![*line];
                for (below, field) in part.iter().enumerate().skip(1) {
                    let read = DeTable::parse(field);
                    faults.extend(read.as_ref().err().map(|error| wrong(at + below, error)));
                    kept.push(if read.is_ok() { field } else { "" });
                }
                if let Err(error) = read(&kept.join("\n"), at, lines, entries) {
                    faults.push(wrong(at, &error));
                }
                at += count;
            }
            Err(error) => {
                faults.push(wrong(at, &error));
                at += 1;
            }
        }
    }
}

/// A mistake in the form of line `at`, from 0.
fn wrong(at: usize, error: &toml::de::Error) -> Fault {
    Fault { line: at + 1, message: format!("{}; {FORM}", error.message().trim_end()) }
}

/// The number of lines until the brackets that the first one opens are closed; 1 if they are not.
fn closed_within(lines: &[&str]) -> usize {
    let mut open = 0_i32;
    for (at, line) in lines.iter().take(LONGEST).enumerate() {
        let mut quote = None;
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (quote, c) {
                (Some('"'), '\\') => _ = chars.next(),
                (Some(opened), c) if opened == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '#') => break,
                (None, '[' | '{') => open += 1,
                (None, ']' | '}') => open -= 1,
                (None, _) => {}
            }
        }
        if open <= 0 {
            return at + 1;
        }
    }
    1
}

fn correction(name: &str, value: &DeValue<'_>, line: usize) -> Result<Correction, String> {
    let DeValue::Table(fields) = value else { return Err(format!("{name}: {FORM}")) };
    let name = name.trim().to_owned();
    let mut made =
        Correction { name, is: None, also: vec![], same: None, apart: vec![], country: None, line };
    if !made.name.chars().any(char::is_alphanumeric) {
        return Err(format!("'{}' is not a name: {FORM}", made.name));
    }
    for (field, value) in fields {
        match field.get_ref().as_ref() {
            "is" => {
                let word = one(value.get_ref())?;
                let is = Is::find(&word).ok_or_else(|| {
                    format!("{}: is takes person, country, place, org or nothing, not {word}", made.name)
                })?;
                made.is = Some(is);
            }
            "also" => made.also = many(value.get_ref())?,
            "same" => made.same = Some(one(value.get_ref())?),
            "apart" => made.apart = many(value.get_ref())?,
            "country" => {
                let word = one(value.get_ref())?;
                let code = CountryCode::new(&word).ok_or_else(|| {
                    format!("{}: write a country as its two capital letters, not {word}", made.name)
                })?;
                made.country = Some(code);
            }
            other => return Err(format!("{}: there is no field {other}; {FORM}", made.name)),
        }
    }
    check(made)
}

/// Rejects a correction that says nothing or contradicts itself.
fn check(made: Correction) -> Result<Correction, String> {
    let name = &made.name;
    if made.is.is_none() && made.same.is_none() && made.apart.is_empty() && made.also.is_empty() {
        return Err(format!("{name}: the line corrects nothing; {FORM}"));
    }
    if made.is == Some(Is::Nothing)
        && (made.same.is_some() || !made.also.is_empty() || made.country.is_some())
    {
        return Err(format!("{name}: with is = \"nothing\" there can be no also, same or country"));
    }
    if made.is == Some(Is::Kind(Kind::Country)) && made.country.is_none() {
        return Err(format!("{name}: a country needs its code: add country = \"XX\""));
    }
    if made.same.as_ref().is_some_and(|same| made.apart.contains(same) || same == name) {
        return Err(format!("{name}: same cannot be the name itself or one of the names in apart"));
    }
    if made.is.is_none() && !made.also.is_empty() {
        return Err(format!("{name}: also needs the kind of the name: add is"));
    }
    Ok(made)
}

fn one(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => Err(format!("the value must be a text in quotation marks; {FORM}")),
    }
}

fn many(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    match value {
        DeValue::Array(values) => values.iter().map(|value| one(value.get_ref())).collect(),
        value => one(value).map(|name| vec![name]),
    }
}

fn is_heading(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

/// The bytes of the file without the entry for `name`. All other lines stay, whether they can be read or not.
pub fn without(bytes: &[u8], name: &str) -> Vec<u8> {
    let entry = entries(bytes).0.into_iter().find(|entry| entry.name == name);
    let gone = entry.map(|entry| entry.lines).unwrap_or_default();
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
    lines.filter(|(at, _)| !gone.contains(at)).flat_map(|(_, line)| line.iter().copied()).collect()
}

/// The bytes of the file with the entry for the name of `correction` replaced by it, or with a new line. All other lines
/// stay, whether they can be read or not.
pub fn write(bytes: &[u8], correction: &Correction) -> Vec<u8> {
    let entry = entries(bytes).0.into_iter().find(|entry| entry.name == correction.name);
    let (bytes, replaced) = match entry {
        Some(Entry { heading: false, lines, .. }) => (bytes.to_vec(), Some(lines)),
        Some(Entry { heading: true, .. }) => (without(bytes, &correction.name), None),
        None => (bytes.to_vec(), None),
    };
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    // After the first heading, a line would become a field of that heading's table.
    let heading = |line: &&[u8]| line.trim_ascii_start().starts_with(b"[");
    let end = lines.iter().position(heading).unwrap_or(lines.len());
    let Range { start, end } = replaced.unwrap_or(end..end);
    let mut out: Vec<u8> = lines.iter().take(start).copied().flatten().copied().collect();
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.push(b'\n');
    }
    out.extend_from_slice(correction.to_string().as_bytes());
    out.push(b'\n');
    out.extend(lines.iter().skip(end).copied().flatten());
    out
}
