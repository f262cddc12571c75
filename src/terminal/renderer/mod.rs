//! Turns frames into bytes: ratatui draws them, and this module sends them.
//!
//! The renderer is a ratatui [`Backend`] with two grids: what the terminal shows, and what it is to show.
//! `flush` turns the first into the second in the shortest way that it knows (scroll regions, erasing to
//! the end of a line, writing over short gaps, the shortest colour codes) and sends the bytes in one
//! write, or sends nothing if nothing changed. It must be the only writer on its terminal; after anything
//! else has written there, call [`Renderer::forget`].
//!
//! It uses the sequences of the VT100 and ECMA-48 (`CSI H, A, B, C, D, K, m, r`, `ESC M`), `CSI ?25h/l`, and
//! `CSI ?2026h/l` around large frames, which terminals without support for it ignore.

pub mod ascii;
mod grid;
mod paint;
mod pen;
mod scroll;
#[cfg(test)]
mod tests;

use grid::{Grid, Look};
use paint::{Cursor, Painter};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::io::{self, Write};

/// Frames of more bytes than this are wrapped in synchronized output, which itself costs 16 bytes.
const LARGE_FRAME: usize = 512;

/// How much of the next frame may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The most bytes. A frame that takes more is not sent.
    pub bytes: usize,
    /// The areas of which each keeps its old contents if the frame would take more. The first set that saves enough
    /// counts. There may be none.
    pub kept: Vec<Vec<Kept>>,
}

/// The column and the row of the top left cell of an area, its width and its height.
pub type Kept = (u16, u16, u16, u16);

impl Allowance {
    /// Everything is sent.
    pub const ALL: Allowance = Allowance { bytes: usize::MAX, kept: Vec::new() };
}

/// The abilities of the terminal that matter to the renderer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether large frames are wrapped in synchronized output (mode 2026).
    pub synchronized: bool,
    /// Whether everything is reduced to ASCII.
    pub ascii: bool,
}

/// The backend. `W` takes the bytes of each frame in one `write_all`.
pub struct Renderer<W: Write> {
    writer: W,
    options: Options,
    /// What the terminal shows; `None` if that is not known.
    shown: Option<Grid>,
    next: Grid,
    cursor: Cursor,
    /// Whether the cursor is visible on the terminal; `None` if that is not known.
    visible: Option<bool>,
    /// The column and row where the cursor is to be shown; `None` hides it.
    wanted: Option<(usize, usize)>,
    /// The addresses of the links on the screen, each once. They are ASCII without blanks and controls.
    links: Vec<String>,
    /// The cells of links: column, row, width in cells, and the number of the address plus one.
    linked: Vec<(usize, usize, usize, u16)>,
    allowance: Allowance,
    out: Vec<u8>,
}

impl<W: Write> Renderer<W> {
    /// Makes a renderer for a terminal of `size` cells whose contents are not known.
    pub fn new(writer: W, size: Size, options: Options) -> Renderer<W> {
        Renderer {
            writer,
            options,
            shown: None,
            next: Grid::new(size.width.into(), size.height.into()),
            cursor: Cursor::UNKNOWN,
            visible: None,
            wanted: None,
            links: Vec::new(),
            linked: Vec::new(),
            allowance: Allowance::ALL,
            out: Vec::with_capacity(16 * 1024),
        }
    }

    /// Sets the size of the terminal to `size` cells. The next frame paints everything.
    pub fn resize(&mut self, size: Size) {
        self.next = Grid::new(size.width.into(), size.height.into());
        self.forget();
    }

    /// Declares that the state of the terminal is no longer known, because the program was suspended or
    /// something else wrote on the terminal. The next frame paints everything.
    pub fn forget(&mut self) {
        self.shown = None;
        self.cursor = Cursor::UNKNOWN;
        self.visible = None;
    }

    /// Makes cells of the next frame, and only of that one, parts of links: column, row, width in cells,
    /// address. An address that is not plain http or https is ignored.
    pub fn link<'a>(&mut self, cells: impl Iterator<Item = (u16, u16, u16, &'a str)>) {
        // Numbers are kept while there are any links, so that scrolled rows are recognised.
        let had_any = !self.linked.is_empty();
        let mut any = false;
        self.linked.clear();
        for (x, y, width, address) in cells.filter(|(.., address)| is_web(address)) {
            any = true;
            let known = self.links.iter().position(|link| link == address);
            let at = known.unwrap_or_else(|| {
                self.links.push(address.to_owned());
                self.links.len() - 1
            });
            let number = u16::try_from(at + 1).unwrap_or(0);
            self.linked.push((x.into(), y.into(), width.into(), number));
        }
        if had_any || any {
            self.next.unlink();
        }
        if !any {
            self.links.clear();
        }
    }

    /// Bounds the frames that follow. What is not sent of a frame is sent with the first one that has room for it.
    pub fn allow(&mut self, allowance: Allowance) {
        self.allowance = allowance;
    }

    /// Whether the terminal shows all that was drawn.
    pub fn is_whole(&self) -> bool {
        self.shown.as_ref() == Some(&self.next)
    }

    /// The writer that takes the bytes.
    pub fn writer_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Fills `out` with as much of the frame as is allowed.
    fn render_allowed(&mut self) {
        for (x, y, width, link) in &self.linked {
            self.next.link(*x, *y, *width, *link);
        }
        if self.allowance.bytes == usize::MAX {
            return self.render();
        }
        let before = (self.shown.clone(), self.cursor, self.visible);
        self.render();
        if self.out.len() <= self.allowance.bytes {
            return;
        }
        (self.shown, self.cursor, self.visible) = before.clone();
        // The numbers of links change with the frames, so old cells of links cannot stay among new ones.
        let kept = if self.links.is_empty() { std::mem::take(&mut self.allowance.kept) } else { Vec::new() };
        for areas in kept {
            let Some(shown) = &self.shown else { break };
            let mut part = self.next.clone();
            for (x, y, width, height) in areas {
                part.keep(shown, (x.into(), y.into()), (width.into(), height.into()));
            }
            let whole = std::mem::replace(&mut self.next, part);
            self.render();
            self.next = whole;
            if self.out.len() <= self.allowance.bytes {
                return;
            }
            (self.shown, self.cursor, self.visible) = before.clone();
        }
        self.out.clear();
    }

    fn render(&mut self) {
        self.out.clear();
        self.hide_for_large_changes();
        let width = self.next.width();
        match self.shown.take() {
            Some(mut shown) => {
                if shown != self.next {
                    self.update(&mut shown);
                }
                self.shown = Some(shown);
            }
            None => {
                let blank = Grid::new(width, self.next.height());
                let mut painter = Painter::new(self.cursor, width, &self.links, &mut self.out);
                painter.out.extend_from_slice(b"\x1b[r");
                painter.look(Look::PLAIN);
                painter.out.extend_from_slice(b"\x1b[H\x1b[2J");
                painter.cursor.at = Some((0, 0));
                painter.cursor.region = None;
                painter.paint(&blank, &self.next, 0);
                self.cursor = painter.cursor;
                self.shown = Some(self.next.clone());
            }
        }
        self.place_cursor();
    }

    /// Paints the changes, with or without a scroll before them, whichever takes fewer bytes.
    fn update(&mut self, shown: &mut Grid) {
        let width = self.next.width();
        let mut best = (Vec::with_capacity(512), self.cursor);
        let mut painter = Painter::new(self.cursor, width, &self.links, &mut best.0);
        painter.paint(shown, &self.next, 0);
        best.1 = painter.cursor;
        // A scroll costs about 20 bytes, so it cannot pay off for changes as small as that.
        if best.0.len() > 24 {
            for scroll in scroll::candidates(shown, &self.next) {
                let mut bytes = Vec::with_capacity(512);
                let mut painter = Painter::new(self.cursor, width, &self.links, &mut bytes);
                let mut moved = shown.clone();
                run_scroll(&mut painter, &mut moved, scroll);
                let row = painter.cursor.at.map_or(0, |(_, y)| y);
                painter.paint(&moved, &self.next, row);
                let cursor = painter.cursor;
                if bytes.len() < best.0.len() {
                    best = (bytes, cursor);
                }
            }
        }
        self.out.extend_from_slice(&best.0);
        self.cursor = best.1;
        shown.clone_from(&self.next);
    }

    /// Hides the cursor before a full repaint, in which it would visibly move about; smaller updates are
    /// over too soon for that.
    fn hide_for_large_changes(&mut self) {
        if self.shown.is_none() && self.visible != Some(false) {
            self.out.extend_from_slice(b"\x1b[?25l");
            self.visible = Some(false);
        }
    }

    fn place_cursor(&mut self) {
        if let Some(look) = self.cursor.look.filter(|look| look.link > 0) {
            let mut painter = Painter::new(self.cursor, self.next.width(), &self.links, &mut self.out);
            painter.look(Look { link: 0, ..look });
            self.cursor = painter.cursor;
        }
        match self.wanted {
            Some((x, y)) => {
                let width = self.next.width();
                let mut painter = Painter::new(self.cursor, width, &self.links, &mut self.out);
                painter.go(x.min(width - 1), y);
                self.cursor = painter.cursor;
                if self.visible != Some(true) {
                    self.out.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if self.visible != Some(false) => self.out.extend_from_slice(b"\x1b[?25l"),
            None => {}
        }
        self.visible = Some(self.wanted.is_some());
    }
}

/// Whether this is an http or https address in ASCII without blanks and controls.
fn is_web(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://"))
        && address.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

/// Makes the terminal move rows by a scroll region, and does the same in `grid`.
fn run_scroll(painter: &mut Painter<'_>, grid: &mut Grid, scroll: scroll::Scroll) {
    // On many terminals, the new rows get the background of the pen.
    if !painter.cursor.look.is_some_and(Look::is_invisible_on_blank) {
        painter.look(Look::PLAIN);
    }
    let whole = scroll.top == 0 && scroll.bottom == grid.height();
    let region = (!whole).then_some((scroll.top, scroll.bottom));
    if painter.cursor.region != region {
        // Setting a region moves the cursor to the top left corner of the screen (DECSTBM).
        let sequence =
            region.map_or("\x1b[r".to_owned(), |(top, bottom)| format!("\x1b[{};{bottom}r", top + 1));
        painter.out.extend_from_slice(sequence.as_bytes());
        painter.cursor.at = Some((0, 0));
        painter.cursor.region = region;
    }
    let lines = scroll.by.unsigned_abs();
    if scroll.by > 0 {
        painter.go_to_row(scroll.bottom - 1);
        painter.out.extend(std::iter::repeat_n(b'\n', lines));
    } else {
        painter.go_to_row(scroll.top);
        painter.out.extend(std::iter::repeat_n(b"\x1bM", lines).flatten());
    }
    grid.scroll(scroll.top, scroll.bottom, scroll.by);
}

impl<W: Write> Backend for Renderer<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.next.put(x.into(), y.into(), cell, self.options.ascii);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.wanted = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.wanted = self.wanted.or(Some((0, 0)));
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        let (x, y) = self.wanted.unwrap_or((0, 0));
        Ok(Position { x: x.try_into().unwrap_or(u16::MAX), y: y.try_into().unwrap_or(u16::MAX) })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.wanted = Some((x.into(), usize::from(y).min(self.next.height() - 1)));
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.next.clear();
        self.forget();
        Ok(())
    }

    /// Clears everything, whatever part is asked for: this program draws full screens only.
    fn clear_region(&mut self, _clear_type: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let narrow = |n: usize| n.try_into().unwrap_or(u16::MAX);
        Ok(Size { width: narrow(self.next.width()), height: narrow(self.next.height()) })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size { width: 0, height: 0 } })
    }

    /// Sends the frame.
    fn flush(&mut self) -> io::Result<()> {
        self.render_allowed();
        if self.out.is_empty() {
            return Ok(());
        }
        if self.options.synchronized && self.out.len() > LARGE_FRAME {
            self.out.splice(0..0, *b"\x1b[?2026h");
            self.out.extend_from_slice(b"\x1b[?2026l");
        }
        self.writer.write_all(&self.out)?;
        self.writer.flush()
    }
}
