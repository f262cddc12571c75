//! The ways to send frames, behind one type: the renderer of this program, and ratatui's own backend for
//! comparison.

use super::capability::{Capabilities, Through};
use super::renderer::{Allowance, Options, Renderer};
use super::writer::TtyWriter;
use crate::text::harmless::one_line;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::io::{self, Write};

/// How frames are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Render {
    /// With as few bytes as possible.
    #[default]
    Thrifty,
    /// ratatui's own backend.
    Plain,
}

/// A ratatui backend on the terminal.
pub enum Screen {
    Thrifty(Box<Renderer<TtyWriter>>),
    Plain(CrosstermBackend<Buffered>, Size),
}

impl Screen {
    pub fn new(render: Render, writer: TtyWriter, size: Size, capabilities: &Capabilities) -> Screen {
        let options = Options { synchronized: capabilities.synchronized, ascii: capabilities.is_ascii() };
        match render {
            Render::Thrifty => Screen::Thrifty(Box::new(Renderer::new(writer, size, options))),
            Render::Plain => Screen::Plain(CrosstermBackend::new(Buffered(writer, Vec::new())), size),
        }
    }

    /// The size that was last set; the terminal is not queried.
    pub fn size_told(&self) -> Size {
        match self {
            Screen::Thrifty(renderer) => renderer.size().unwrap_or_default(),
            Screen::Plain(_, size) => *size,
        }
    }

    pub fn resize(&mut self, size: Size) {
        match self {
            Screen::Thrifty(renderer) => renderer.resize(size),
            Screen::Plain(_, told) => *told = size,
        }
    }

    /// Bounds the frames that follow. ratatui's own backend sends every frame whole.
    pub fn allow(&mut self, allowance: Allowance) {
        if let Screen::Thrifty(renderer) = self {
            renderer.allow(allowance);
        }
    }

    /// Whether the terminal shows all that was drawn.
    pub fn is_whole(&self) -> bool {
        match self {
            Screen::Thrifty(renderer) => renderer.is_whole(),
            Screen::Plain(..) => true,
        }
    }

    /// Assumes nothing about what the terminal shows.
    pub fn forget(&mut self) {
        if let Screen::Thrifty(renderer) = self {
            renderer.forget();
        }
    }

    /// Makes cells of the next frame parts of links. Each item is the column, the row, the width in cells and
    /// the address.
    pub fn link<'a>(&mut self, cells: impl Iterator<Item = (u16, u16, u16, &'a str)>) {
        if let Screen::Thrifty(renderer) = self {
            renderer.link(cells);
        }
    }

    /// Sends a sequence that does not change the screen.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Screen::Thrifty(renderer) => renderer.writer_mut().write_all(bytes),
            Screen::Plain(backend, _) => {
                backend.write_all(bytes)?;
                Backend::flush(backend)
            }
        }
    }
}

/// Collects the bytes of a frame and sends them in one write.
pub struct Buffered(TtyWriter, Vec<u8>);

impl Write for Buffered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let sent = self.0.write_all(&self.1);
        self.1.clear();
        sent
    }
}

/// Calls the same method on whichever backend is in use.
macro_rules! delegate {
    ($screen:expr, $backend:ident => $call:expr) => {
        match $screen {
            Screen::Thrifty($backend) => $call,
            Screen::Plain($backend, _) => $call,
        }
    };
}

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        delegate!(self, backend => backend.draw(content))
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        delegate!(self, backend => backend.hide_cursor())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        delegate!(self, backend => backend.show_cursor())
    }

    /// Returns the position that was last set. The terminal is never queried: a late answer would be taken for
    /// keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        match self {
            Screen::Thrifty(renderer) => renderer.get_cursor_position(),
            Screen::Plain(..) => Ok(Position::default()),
        }
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        delegate!(self, backend => backend.set_cursor_position(position))
    }

    fn clear(&mut self) -> io::Result<()> {
        delegate!(self, backend => backend.clear())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        delegate!(self, backend => backend.clear_region(clear_type))
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size_told())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size_told(), pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Screen::Thrifty(renderer) => Backend::flush(renderer.as_mut()),
            Screen::Plain(backend, _) => Backend::flush(backend),
        }
    }
}

/// The OSC 52 sequence that puts `text`, on one line, on the clipboard of the terminal's machine: a line break in the name of
/// a file would start what follows it when it is pasted into a shell. `screen` passes on only
/// device control strings of at most 768 bytes, so the sequence is sent through it in several of them.
pub fn clipboard_sequence(text: &str, through: Through) -> String {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(one_line(text).as_bytes()));
    match through {
        Through::Nothing => plain,
        Through::Screen => {
            let pieces = plain.as_bytes().chunks(700);
            pieces.map(|piece| format!("\x1bP{}\x1b\\", String::from_utf8_lossy(piece))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Through, clipboard_sequence};

    #[test]
    fn a_text_goes_to_the_clipboard_in_base64() {
        assert_eq!(clipboard_sequence("fooba", Through::Nothing), "\x1b]52;c;Zm9vYmE=\x07");
        // "a b\u{fffd}c"
        assert_eq!(clipboard_sequence("a\nb\x1bc", Through::Nothing), "\x1b]52;c;YSBi77+9Yw==\x07");
        assert_eq!(clipboard_sequence("f", Through::Screen), "\x1bP\x1b]52;c;Zg==\x07\x1b\\");
    }
}
