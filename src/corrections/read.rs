//! Parses the file of corrections, and changes one entry of it.

use super::{Correction, Corrections, Is};
use crate::annotation::{CountryCode, Kind};
use crate::fault::{Fault, line_of, syntax};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const FORM: &str = "write a line as \"Name\" = { … } with is, also, same, apart or country in the braces";

pub fn file(text: &str) -> (Corrections, Vec<Fault>) {
    let line = |at: usize| line_of(text, at);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults = syntax(text, &errors);
    let mut list = Vec::new();
    for (key, value) in table.get_ref() {
        let at = line(key.span().start);
        match correction(key.get_ref(), value.get_ref(), at) {
            Ok(correction) => list.push(correction),
            Err(message) => faults.push(Fault { line: at, message }),
        }
    }
    list.sort_by_key(|correction: &Correction| correction.line);
    faults.sort_by_key(|fault| fault.line);
    (Corrections { list }, faults)
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

/// The lines of the text, from 0, that contain the entry for `name`: usually one, or more if a person wrote the
/// entry over several lines.
fn lines_of(text: &str, name: &str) -> Option<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let (key, value) = table.get_ref().iter().find(|(key, _)| key.get_ref().trim() == name)?;
    let start = line_of(text, key.span().start) - 1;
    let end = line_of(text, value.span().end.saturating_sub(1)).max(start + 1);
    // The span of a table under its own heading is that of the heading; its fields follow below.
    match text.lines().nth(start).is_some_and(is_heading) {
        true => {
            Some(start..start + 1 + text.lines().skip(start + 1).take_while(|line| !is_heading(line)).count())
        }
        false => Some(start..end),
    }
}

fn is_heading(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

pub fn without(text: &str, name: &str) -> String {
    let known = lines_of(text, name).unwrap_or_default();
    let kept = text.lines().enumerate().filter(|(line, _)| !known.contains(line)).map(|(_, text)| text);
    kept.flat_map(|line| [line, "\n"]).collect()
}

pub fn write(text: &str, correction: &Correction) -> String {
    let old = lines_of(text, &correction.name);
    let in_place = old.clone().filter(|old| !text.lines().nth(old.start).is_some_and(is_heading));
    let kept =
        if in_place.is_none() && old.is_some() { without(text, &correction.name) } else { text.to_owned() };
    let mut lines: Vec<String> = kept.lines().map(str::to_owned).collect();
    // After the first heading, a line would become a field of that heading's table.
    let end = lines.iter().position(|line| is_heading(line)).unwrap_or(lines.len());
    lines.splice(in_place.unwrap_or(end..end), [correction.to_string()]);
    lines.join("\n") + "\n"
}
