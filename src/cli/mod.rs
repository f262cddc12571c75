//! The command line. Each command is a thin layer over the library and the query language.
//!
//! In: the arguments and the environment. Out: text or JSON on standard output, errors on standard error as
//! `dateline: could not X: Y`, and an exit code: 0 success, 1 failure, 2 usage error.

mod account;
mod args;
mod ask;
mod board;
mod brief;
mod desk;
mod doctor;
mod ending;
mod error;
mod export;
mod feeds;
mod formats;

mod keep;
mod look;
mod manual;

mod names;
mod newsboat;
mod out;
mod places;
mod progress;
mod reader;
mod rules;
mod settings;
mod sheet;
mod shelf;
mod show;
mod sources;
mod survey;
mod table;
mod wire;

use crate::annotation::Kind;
use crate::capacity::{self, Capacity};
use crate::outlet::{json, markdown};
use args::{Cli, Command, CommonArgs, SettingFlags};
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};
use error::CliError;
use out::{Out, Stop};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with the given arguments, the first of which is the name of the program.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return answer_usage(&error),
    };
    let done = match cli.command {
        Some(_) if cli.reader.kiosk => Err(CliError::Usage(KIOSK_ALONE.to_owned())),
        Some(_) if !cli.reader.paths.is_empty() => {
            let paths: Vec<_> = cli.reader.paths.iter().map(|path| path.to_string_lossy()).collect();
            Err(CliError::PathsAndCommand(format!("'{}'", paths.join("', '"))))
        }
        Some(command) => {
            ending::watch();
            run(command, &cli.common, &cli.reader.settings).map(|()| ExitCode::SUCCESS)
        }
        None => reader::open(&cli.reader, &cli.common),
    };
    finish(done)
}

fn run(command: Command, common: &CommonArgs, flags: &SettingFlags) -> Result<(), CliError> {
    if common.sample && !command.reads() {
        return Err(CliError::Usage("--sample is for commands that read articles".to_owned()));
    }
    reader::sweep(common, &Capacity::Full);
    let out = Out::open();
    let look = reader::look(common, flags, &out);
    let mut out = out.with_look(look);
    match command {
        Command::List(list) => ask::list(&list, common, &mut out)?,
        Command::Show(show) => show::show(&show, common, &mut out)?,
        Command::People(ask) => ask::facets(&ask, Kind::Person, common, &mut out)?,
        Command::Countries(ask) => ask::facets(&ask, Kind::Country, common, &mut out)?,
        Command::Places(ask) => ask::facets(&ask, Kind::Place, common, &mut out)?,
        Command::Orgs(ask) => ask::facets(&ask, Kind::Org, common, &mut out)?,
        Command::Quotes(ask) => ask::quotes(&ask, common, &mut out)?,
        Command::Timeline(args) => desk::timeline(&args, common, &mut out)?,
        Command::Stories(args) => desk::stories(&args, common, &mut out)?,
        Command::Profile(args) => desk::profile(&args, common, &mut out)?,
        Command::Brief(args) => brief::brief(&args, common, &mut out)?,
        Command::Board(args) => board::board(&args, common, &mut out)?,
        Command::Analyze(analyze) => show::analyze(&analyze, common, &mut out)?,
        Command::Add(add) if add.dry_run => survey::list(&add.paths, &mut out)?,
        Command::Add(add) => keep::add(&add, common, &mut out)?,
        Command::Fetch(fetch) => feeds::fetch(&fetch, common, &mut out)?,
        Command::Sync(args) => account::sync(&args, common, &mut out)?,
        Command::Account(args) => account::account(&args, common, &mut out)?,
        Command::Sources(args) => sources::sources(&args, common, &mut out)?,
        Command::Mark(mark) => keep::mark(&mark, common, &mut out)?,
        Command::Delete(delete) => keep::delete(&delete, common, &mut out)?,
        Command::Undelete(undelete) => keep::undelete(&undelete, common, &mut out)?,
        Command::Rules(args) => rules::rules(&args, common, &mut out)?,
        Command::Export(export) => export::export(&export, common, &mut out)?,
        Command::Names(names) => names::names(names.what, common, &mut out)?,
        Command::Config(config) => settings::show(&config, common, &mut out)?,
        Command::Doctor(args) => doctor::examine(&args, common, &mut out)?,
        Command::Formats => formats::list(&mut out)?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "dateline", &mut script);
            out.own(&script)?;
        }
        Command::Man => out.own(&manual::page().map_err(Stop::from)?)?,
    }
    Ok(out.finish()?)
}

/// Why a command refuses `--kiosk`.
const KIOSK_ALONE: &str = "--kiosk is for the reader, not for a command: leave out --kiosk or the command";

/// Prints help and version on standard output, and mistakes in the arguments on standard error.
fn answer_usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // It is not an error if the program that reads the output has ended, as with `| head`.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.get(ContextKind::InvalidArg) == Some(&ContextValue::String("--kiosk".to_owned())) {
        out::complain(&format!("could not understand the arguments: {KIOSK_ALONE}"));
        return ExitCode::from(2);
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    out::complain(&format!("could not understand the arguments: {}", text.trim_end()));
    ExitCode::from(2)
}

fn finish(done: Result<ExitCode, CliError>) -> ExitCode {
    let code = match done {
        Ok(code) => code,
        Err(CliError::Output(Stop::ReaderGone)) => ExitCode::SUCCESS,
        Err(error) => {
            out::complain(&error.to_string());
            ExitCode::from(error.exit_code())
        }
    };
    ending::die_if_stopped();
    capacity::clean_up();
    code
}
