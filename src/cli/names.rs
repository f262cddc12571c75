//! `dateline names`: lists, checks, tries and sets a person's corrections to names.

use super::args::{CommonArgs, NamesCommand};
use super::error::CliError;
use super::look::Ink;
use super::out::Out;
use super::table::{Column, Room, Table, column};
use super::{shelf, show};
use crate::capacity::Capacity;
use crate::corrections::{Correction, Corrections};
use crate::fault::Fault;
use crate::intake::InForce;
use crate::intake::{self, Depth};
use chrono::Utc;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

const COLUMNS: &[Column] = &[column(Ink::Name, Room::AtMost(40)), column(Ink::Plain, Room::Rest)];

/// Runs the given subcommand; without one, lists the corrections.
pub fn names(what: Option<NamesCommand>, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let path = shelf::names_path(common);
    match what.unwrap_or(NamesCommand::List) {
        NamesCommand::List => {
            let (corrections, faults) = crate::intake::names_file::read(&path)?;
            shelf::warn(&shelf::faults_in(&path, faults));
            let lines = corrections.list().iter().map(ToString::to_string);
            match out.is_terminal() {
                true => {
                    let mut table = Table::new(out, COLUMNS);
                    for line in lines {
                        let (name, what) = line.split_once(" = ").unwrap_or((&line, ""));
                        table.row(vec![name.to_owned(), what.to_owned()])?;
                    }
                    table.finish()?;
                }
                false => lines.into_iter().try_for_each(|line| out.line(&line))?,
            }
        }
        NamesCommand::Check => {
            let (corrections, faults) = crate::intake::names_file::read(&path)?;
            out.line(&format!("{}: {} names", path.display(), corrections.list().len()))?;
            return refuse(&path, faults);
        }
        NamesCommand::Try { paths } => {
            let (corrections, faults) = crate::intake::names_file::read(&path)?;
            shelf::warn(&shelf::faults_in(&path, faults));
            try_out(&paths, corrections, out)?;
        }
        NamesCommand::Set { name, is, also, same, apart, country } => {
            let quoted = |text: &str| format!("{text:?}");
            let list =
                |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
            let mut fields: Vec<String> = Vec::new();
            fields.extend(is.map(|is| format!("is = {}", quoted(&is))));
            fields.extend((!also.is_empty()).then(|| format!("also = [{}]", list(&also))));
            fields.extend(same.map(|same| format!("same = {}", quoted(&same))));
            fields.extend((!apart.is_empty()).then(|| format!("apart = [{}]", list(&apart))));
            fields.extend(country.map(|code| format!("country = {}", quoted(&code))));
            let line = format!("{} = {{ {} }}", quoted(&name), fields.join(", "));
            let correction = one(&line).map_err(|reason| CliError::Correction { name, reason })?;
            shelf::path_to_create(common)?;
            crate::intake::names_file::put(&Capacity::Full.writable(&path)?, &correction)?;
            out.line(&format!("{}: {correction}", path.display()))?;
            if !shelf::library_path(common).0.exists() {
                out.line("there is no library yet: this will apply to the articles that you add")?;
            } else if let Some(library) = shelf::own(common)? {
                shelf::settle(&library, &shelf::analysis(common)?, common)?;
            }
        }
    }
    Ok(())
}

/// Parses a correction that is written as one line of the file of names, under the rules of that file.
fn one(line: &str) -> Result<Correction, String> {
    let (corrections, faults) = Corrections::read(line);
    match (faults.into_iter().next(), corrections.list()) {
        (Some(fault), _) => Err(fault.message),
        (None, [correction]) => Ok(correction.clone()),
        (None, _) => Err("the name has no letters or digits".to_owned()),
    }
}

fn refuse(path: &std::path::Path, faults: Vec<Fault>) -> Result<(), CliError> {
    let count = faults.len();
    shelf::warn(&shelf::faults_in(path, faults));
    if count == 0 { Ok(()) } else { Err(CliError::Faults { path: path.to_owned(), count }) }
}

/// Prints the lines of the articles in `paths` that the corrections change, before and after.
fn try_out(paths: &[PathBuf], corrections: Corrections, out: &mut Out) -> Result<(), CliError> {
    shelf::check(paths)?;
    let plain = Depth::Analysis(InForce::default());
    let corrected = Depth::Analysis(InForce::new(corrections));
    let mut changed = 0;
    intake::each_batch(paths, Utc::now(), &AtomicBool::new(false), &mut |batch| -> Result<(), CliError> {
        shelf::warn(&batch.warnings);
        let before = intake::analyse(batch.articles.clone(), &plain).articles;
        let after = intake::analyse(batch.articles, &corrected);
        shelf::warn(&after.warnings);
        let after = after.articles;
        for ((article, before), (_, after)) in before.iter().zip(&after) {
            let (old, new) = (show::marked_whole(article, before), show::marked_whole(article, after));
            for (old, new) in old.lines().zip(new.lines()).filter(|(old, new)| old != new) {
                changed += 1;
                out.line(&format!("- {old}"))?;
                out.line(&format!("+ {new}"))?;
            }
        }
        Ok(())
    })?;
    Ok(out.line(&format!("{changed} lines changed"))?)
}
