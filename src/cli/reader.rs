//! `dateline` without a command: opens the reader.

use super::args::{ColorArg, ReaderArgs, RenderArg, ThemeArg};
use super::error::CliError;
use super::shelf;
use crate::run::{self, Setup};
use crate::terminal::capability::{self, When, Wishes};
use crate::terminal::{Render, TerminalError, is_terminal};
use crate::theme::{Glyphs, Theme, ThemeName};
use std::process::ExitCode;

/// Opens the reader and stays in it.
pub fn open(args: &ReaderArgs) -> Result<ExitCode, CliError> {
    if !is_terminal() {
        return Err(TerminalError::NoTerminal.into());
    }
    let wishes = Wishes {
        color: match args.color {
            ColorArg::Auto => When::Auto,
            ColorArg::Always => When::Always,
            ColorArg::Never => When::Never,
        },
        glyphs: args.ascii.then_some(Glyphs::Ascii),
    };
    let environment = |name: &str| std::env::var(name).ok();
    let capabilities = capability::detect(environment, wishes).map_err(TerminalError::from)?;
    shelf::check(&args.paths)?;
    let theme = Theme::new(theme_name(args.theme), capabilities.depth, capabilities.glyphs);
    let render = match args.render {
        RenderArg::Thrifty => Render::Thrifty,
        RenderArg::Plain => Render::Plain,
    };
    Ok(ExitCode::from(run::run(Setup { paths: args.paths.clone(), capabilities, theme, render })?))
}

fn theme_name(theme: Option<ThemeArg>) -> ThemeName {
    match theme {
        None | Some(ThemeArg::Ansi) => ThemeName::Ansi,
        Some(ThemeArg::Dark) => ThemeName::Dark,
        Some(ThemeArg::Light) => ThemeName::Light,
        Some(ThemeArg::Mono) => ThemeName::Mono,
        Some(ThemeArg::HighContrast) => ThemeName::HighContrast,
    }
}
