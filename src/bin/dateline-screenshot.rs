//! Makes SVG pictures of real screens: runs the program in a pseudo-terminal, types keys, and draws the
//! grid of cells that a terminal emulator then holds.
//!
//! Without arguments it makes the pictures of the README and of docs/desk.md, from the sample edition, and writes them
//! into `assets/` and `docs/pictures/`:
//!
//! `cargo run --features tools --bin dateline-screenshot`
//!
//! With arguments it writes one picture of any program to standard output:
//!
//! `… --bin dateline-screenshot -- [--size 120x36] [--keys KEYS] PROGRAM [ARGS…] > picture.svg`
//!
//! KEYS are typed one after the other; `<Enter>`, `<Esc>`, `<Tab>`, `<Space>` and `<Down>` are named keys.
//! This is a tool for the documents and no part of the program: it considers a screen finished when nothing
//! has been written for a while.

#[path = "screenshot/picture.rs"]
mod picture;

use picture::{picture, take};
use portable_pty::CommandBuilder;
use std::path::Path;
use std::process::ExitCode;

/// The size of the README's pictures, in columns and rows.
const README_SIZE: (u16, u16) = (120, 34);
/// The README's pictures: the file, and the keys that lead to the screen. The first key
/// dismisses the card of the first run.
const README_PICTURES: [(&str, &str); 2] = [
    ("assets/screenshot.svg", "<Esc>ggjj<Enter>"),
    ("assets/view-quotes.svg", "<Esc>feperson:tamsalu<Enter>vqjj"),
];
/// The size of the pictures of docs/desk.md, and the pictures likewise.
const DESK_SIZE: (u16, u16) = (80, 24);
const DESK_PICTURES: [(&str, &str); 6] = [
    ("docs/pictures/reader.svg", "<Esc>ggj<Enter>"),
    ("docs/pictures/timeline.svg", "<Esc>vt"),
    ("docs/pictures/profile.svg", "<Esc>vp"),
    ("docs/pictures/map.svg", "<Esc>vm"),
    ("docs/pictures/quotes.svg", "<Esc>vq"),
    ("docs/pictures/brief.svg", "<Esc>vb"),
];
/// As the first argument: be the program itself, for the pictures of the README.
const AS_DATELINE: &str = "--as-dateline";

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|arg| arg == AS_DATELINE) {
        return dateline::main(["dateline".into()]);
    }
    let done = if args.is_empty() { readme_pictures() } else { one_picture(&mut args) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dateline-screenshot: {error}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

/// Writes the pictures of the README. The program runs with an empty home folder and so shows the sample
/// edition with the default settings, whatever the person who runs this has configured.
fn readme_pictures() -> Done {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = README_PICTURES.iter().map(|picture| (picture, README_SIZE));
    for ((file, keys), size) in readme.chain(DESK_PICTURES.iter().map(|picture| (picture, DESK_SIZE))) {
        let home = tempfile::tempdir()?;
        let mut command = CommandBuilder::new(std::env::current_exe()?);
        command.arg(AS_DATELINE);
        command.env_clear();
        command.env("HOME", home.path());
        let picture = picture(command, size, keys)?;
        let path = root.join(file);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&path, picture + "\n")?;
        eprintln!("wrote {}", path.display());
    }
    Ok(())
}

/// Prints the picture that the arguments ask for.
fn one_picture(args: &mut Vec<String>) -> Done {
    let size = take(args, "--size").unwrap_or_else(|| "120x36".to_owned());
    let keys = take(args, "--keys").unwrap_or_default();
    let (cols, rows) = size.split_once('x').ok_or("--size takes COLUMNSxROWS, for example 120x36")?;
    let (program, rest) = args.split_first().ok_or("no program given; its path comes last")?;
    let mut command = CommandBuilder::new(program);
    command.args(rest);
    command.env_remove("NO_COLOR");
    println!("{}", picture(command, (cols.parse()?, rows.parse()?), &keys)?);
    Ok(())
}
