//! `dateline … --screenshot FILE.svg [--size 80x24] [--keys KEYS]`: the program runs itself with its other arguments, types
//! the keys, and writes a picture of the screen. Only the tools build has it.

#[path = "picture.rs"]
mod picture;

use portable_pty::CommandBuilder;
use std::process::ExitCode;

/// Writes the picture that the arguments ask for; `None` if they ask for none.
pub fn picture() -> Option<ExitCode> {
    let mut args: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let file = picture::take(&mut args, "--screenshot")?;
    Some(match written(&file, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dateline: could not make the picture {file}: {error}");
            ExitCode::FAILURE
        }
    })
}

fn written(file: &str, mut args: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
    let size = picture::take(&mut args, "--size").unwrap_or_else(|| "80x24".to_owned());
    let keys = picture::take(&mut args, "--keys").unwrap_or_default();
    let (cols, rows) = size.split_once('x').ok_or("--size takes COLUMNSxROWS, for example 80x24")?;
    let mut command = CommandBuilder::new(std::env::current_exe()?);
    command.args(args);
    command.env_remove("NO_COLOR");
    let drawn = picture::picture(command, (cols.parse()?, rows.parse()?), &keys)?;
    Ok(std::fs::write(file, drawn + "\n")?)
}
