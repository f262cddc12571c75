//! SVG pictures of real screens: runs a program in a pseudo-terminal, types keys, and draws the grid of cells that a terminal
//! emulator then holds. Shared by the tool `dateline-screenshot` and by `dateline … --screenshot FILE` of the tools build.
//! It considers a screen finished when nothing has been written for a while.

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A screen counts as finished when nothing has been written to it for this long.
const QUIET: Duration = Duration::from_millis(600);
/// The width and height of one cell in SVG units, and the size of the letters in it.
const CELL: (f32, f32) = (8.4, 18.0);
const FONT: f32 = 14.0;
const MARGIN: f32 = 12.0;
/// Default colours and the sixteen of the palette (those of a common dark terminal theme).
const INK: &str = "#d8dee9";
const PAPER: &str = "#16181d";
const PALETTE: [&str; 16] = [
    "#3b4252", "#e06c75", "#98c379", "#d7ba7d", "#6ca8f7", "#d982d0", "#56c2cf", "#d8dee9", "#697386",
    "#f28b93", "#b5e08f", "#f0d58a", "#90c0ff", "#f0a6e8", "#86e1ea", "#ffffff",
];

/// Runs the program, types `keys`, and draws the screen as it is then. `size` is in columns and rows.
pub fn picture(
    mut command: CommandBuilder,
    size: (u16, u16),
    keys: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let (cols, rows) = size;
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 })?;
    let mut child = pair.slave.spawn_command(command)?;
    let bytes = listen(pair.master.try_clone_reader()?);
    let mut keyboard = pair.master.take_writer()?;
    let mut terminal = vt100::Parser::new(rows.try_into()?, cols.try_into()?, 0);
    settle(&bytes, &mut terminal);
    for key in split_keys(keys) {
        keyboard.write_all(key.as_bytes())?;
        keyboard.flush()?;
        settle(&bytes, &mut terminal);
    }
    let picture = svg(terminal.screen());
    child.kill()?;
    Ok(picture)
}

/// Takes `name VALUE` out of `args`.
pub fn take(args: &mut Vec<String>, name: &str) -> Option<String> {
    let at = args.iter().position(|arg| arg == name)?;
    args.remove(at);
    (at < args.len()).then(|| args.remove(at))
}

fn listen(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 65536];
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..n].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

fn settle(bytes: &Receiver<Vec<u8>>, terminal: &mut vt100::Parser) {
    while let Ok(chunk) = bytes.recv_timeout(QUIET) {
        terminal.process(&chunk);
    }
}

fn split_keys(keys: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named =
            [("<Enter>", "\r"), ("<Esc>", "\x1b"), ("<Tab>", "\t"), ("<Space>", " "), ("<Down>", "\x1b[B")]
                .into_iter()
                .find(|(name, _)| rest.starts_with(name));
        let (key, len) = match named {
            Some((name, bytes)) => (bytes.to_owned(), name.len()),
            None => (first.to_string(), first.len_utf8()),
        };
        out.push(key);
        rest = &rest[len..];
    }
    out
}

/// How one cell looks.
#[derive(Clone, PartialEq)]
struct Look {
    ink: String,
    paper: String,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
}

fn look(cell: &vt100::Cell) -> Look {
    let (mut ink, mut paper) = (color(cell.fgcolor(), INK), color(cell.bgcolor(), PAPER));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    Look {
        ink,
        paper,
        bold: cell.bold(),
        dim: cell.dim(),
        italic: cell.italic(),
        underline: cell.underline(),
    }
}

fn color(color: vt100::Color, default: &str) -> String {
    match color {
        vt100::Color::Default => default.to_owned(),
        vt100::Color::Idx(n @ 0..16) => PALETTE[n as usize].to_owned(),
        vt100::Color::Idx(n @ 16..232) => {
            let step = |v: u8| if v == 0 { 0 } else { 55 + 40 * v };
            let n = n - 16;
            format!("#{:02x}{:02x}{:02x}", step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        vt100::Color::Idx(n) => {
            let grey = 8 + 10 * (n - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
        vt100::Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

/// The screen as SVG: a rectangle for each run of cells with a background, and a text for each that shows something.
fn svg(screen: &vt100::Screen) -> String {
    let (rows, cols) = screen.size();
    let (rows, cols) = (rows.get(), cols.get());
    let width = f32::from(cols) * CELL.0 + 2.0 * MARGIN;
    let height = f32::from(rows) * CELL.1 + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"{FONT}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n"
    );
    for row in 0..rows {
        let mut col = 0;
        while col < cols {
            col = draw_run(screen, row, col, &mut out);
        }
    }
    out.push_str("</svg>");
    out
}

/// Draws the cells from `col` on that look alike; returns the column behind them.
fn draw_run(screen: &vt100::Screen, row: u16, col: u16, out: &mut String) -> u16 {
    let Some(first) = screen.cell(row, col).map(look) else { return col + 1 };
    let (mut text, mut end) = (String::new(), col);
    while let Some(cell) =
        screen.cell(row, end).filter(|cell| look(cell) == first || cell.is_wide_continuation())
    {
        if !cell.is_wide_continuation() {
            text.push_str(if cell.has_contents() { cell.contents() } else { " " });
        }
        end += 1;
    }
    let end = end.max(col + 1);
    let x = MARGIN + f32::from(col) * CELL.0;
    let y = MARGIN + f32::from(row) * CELL.1;
    let width = f32::from(end - col) * CELL.0;
    if first.paper != PAPER {
        let height = CELL.1;
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{}\"/>",
            first.paper
        );
    }
    if !text.trim().is_empty() {
        let mut style = String::new();
        for (on, attribute) in [
            (first.bold, " font-weight=\"bold\""),
            (first.dim, " opacity=\"0.6\""),
            (first.italic, " font-style=\"italic\""),
            (first.underline, " text-decoration=\"underline\""),
        ] {
            style.push_str(if on { attribute } else { "" });
        }
        let baseline = y + CELL.1 * 0.75;
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{baseline:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
             xml:space=\"preserve\" fill=\"{}\"{style}>{}</text>",
            first.ink,
            escape(&text)
        );
    }
    end
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
