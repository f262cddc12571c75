//! Tests the renderer against a terminal emulator: the emulator must show whatever was drawn.

use super::*;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::style::{Color, Modifier, Style};
use std::num::NonZeroU16;

/// A terminal with our renderer, and an emulator that receives its bytes.
struct Bench {
    terminal: Terminal<Renderer<Vec<u8>>>,
    emulator: vt100::Parser,
}

const OPTIONS: Options = Options { synchronized: true, ascii: false };

impl Bench {
    fn new(width: u16, height: u16) -> Bench {
        let nonzero = |n| NonZeroU16::new(n).unwrap();
        Bench {
            terminal: Terminal::new(Renderer::new(Vec::new(), Size { width, height }, OPTIONS)).unwrap(),
            emulator: vt100::Parser::new(nonzero(height), nonzero(width), 0),
        }
    }

    /// Draws `lines` and returns the number of bytes sent.
    fn draw(&mut self, lines: &[(&str, Style)]) -> usize {
        self.terminal
            .draw(|frame| {
                let area = frame.area();
                for (y, (text, style)) in lines.iter().enumerate().take(area.height.into()) {
                    frame.buffer_mut().set_stringn(0, y as u16, text, area.width.into(), *style);
                }
            })
            .unwrap();
        self.feed()
    }

    fn feed(&mut self) -> usize {
        let bytes = std::mem::take(self.terminal.backend_mut().writer_mut());
        self.emulator.process(&bytes);
        bytes.len()
    }

    /// Compares the emulator with the grid `next`, cell by cell.
    fn check(&self) {
        self.check_grid(&self.terminal.backend().next);
    }

    /// Compares the emulator with what the renderer takes it to show.
    fn check_shown(&self) {
        self.check_grid(self.terminal.backend().shown.as_ref().unwrap());
    }

    fn check_grid(&self, grid: &Grid) {
        let screen = self.emulator.screen();
        for y in 0..grid.height() {
            for (x, glyph) in grid.row(y).iter().enumerate() {
                let cell = screen.cell(y as u16, x as u16).unwrap();
                let want = match &glyph.symbol {
                    grid::Symbol::Char(c) => c.to_string(),
                    grid::Symbol::Cluster(text) => text.to_string(),
                    grid::Symbol::Trail => {
                        assert!(cell.is_wide_continuation(), "row {y} column {x}");
                        continue;
                    }
                };
                let have = if cell.has_contents() { cell.contents() } else { " " };
                // The emulator, like some terminals, draws the parts of a joined cluster separately.
                let joined = have.chars().count() > 1 && want.starts_with(have);
                assert!(have == want || joined, "row {y} column {x}: {have:?} for {want:?}");
                let seen = |modifier: Modifier| glyph.look.modifier.contains(modifier);
                assert_eq!(cell.inverse(), seen(Modifier::REVERSED), "row {y} column {x}");
                assert_eq!(cell.underline(), seen(Modifier::UNDERLINED), "row {y} column {x}");
                assert_eq!(cell.bgcolor(), color(glyph.look.bg), "row {y} column {x}");
                if want != " " {
                    assert_eq!(cell.bold(), seen(Modifier::BOLD), "row {y} column {x}");
                    assert_eq!(cell.dim(), seen(Modifier::DIM), "row {y} column {x}");
                    assert_eq!(cell.italic(), seen(Modifier::ITALIC), "row {y} column {x}");
                    assert_eq!(cell.fgcolor(), color(glyph.look.fg), "row {y} column {x}");
                }
            }
        }
    }
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("{other:?} is not drawn by these tests"),
    }
}

fn plain<'a>(lines: &[&'a str]) -> Vec<(&'a str, Style)> {
    lines.iter().map(|line| (*line, Style::new())).collect()
}

#[test]
fn nothing_is_sent_when_nothing_changed() {
    let mut bench = Bench::new(20, 4);
    let lines = plain(&["one", "two"]);
    assert!(bench.draw(&lines) > 0);
    assert_eq!(bench.draw(&lines), 0);
    bench.check();
}

#[test]
fn a_scrolled_page_costs_only_its_new_line() {
    let texts: Vec<String> =
        (0..24).map(|n| format!("line {n} of a page of text that is long enough {n}")).collect();
    let mut bench = Bench::new(60, 20);
    let page = |from: usize| plain(&texts[from..from + 20].iter().map(String::as_str).collect::<Vec<_>>());
    bench.draw(&page(0));
    let bytes = bench.draw(&page(1));
    assert!(bytes < 75, "{bytes} bytes");
    bench.check();
    let bytes = bench.draw(&page(0));
    assert!(bytes < 75, "{bytes} bytes");
    bench.check();
}

#[test]
fn control_characters_in_a_cell_are_never_sent() {
    let mut bench = Bench::new(10, 2);
    let cells = ["\x1b", "\u{9b}", "\u{202e}", "a\x07"].map(|symbol| {
        let mut cell = Cell::EMPTY;
        cell.set_symbol(symbol);
        cell
    });
    let placed = cells.iter().enumerate().map(|(x, cell)| (x as u16, 0, cell));
    bench.terminal.backend_mut().draw(placed).unwrap();
    bench.terminal.backend_mut().flush().unwrap();
    let bytes = std::mem::take(bench.terminal.backend_mut().writer_mut());
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\u{fffd}\u{fffd}\u{fffd}\u{fffd}"), "{text:?}");
    assert!(!text.contains('\u{9b}') && !text.contains('\u{202e}') && !text.contains('\x07'));
}

#[test]
fn ascii_keeps_the_columns() {
    let options = Options { synchronized: false, ascii: true };
    let mut terminal =
        Terminal::new(Renderer::new(Vec::new(), Size { width: 12, height: 1 }, options)).unwrap();
    terminal.draw(|frame| frame.buffer_mut().set_string(0, 0, "é東│x", Style::new())).unwrap();
    let text = String::from_utf8(std::mem::take(terminal.backend_mut().writer_mut())).unwrap();
    assert!(text.ends_with("e??|x"), "{text:?}");
}

#[test]
fn a_link_is_opened_closed_and_wrapped_by_the_terminal() {
    let mut bench = Bench::new(10, 3);
    let address = "https://a.example/b";
    let drawn = |bench: &mut Bench, address: &str| {
        bench.terminal.backend_mut().link([(0, 0, 10, address), (0, 1, 9, address)].into_iter());
        bench
            .terminal
            .draw(|frame| {
                frame.buffer_mut().set_string(0, 0, "https://a.", Style::new());
                frame.buffer_mut().set_string(0, 1, "example/b", Style::new());
            })
            .unwrap();
        let text = String::from_utf8(bench.terminal.backend_mut().writer_mut().clone()).unwrap();
        bench.feed();
        bench.check();
        text
    };
    let text = drawn(&mut bench, address);
    assert!(
        text.contains("\x1b]8;id=1;https://a.example/b\x1b\\https://a.example/b\x1b]8;;\x1b\\"),
        "{text:?}"
    );
    assert_eq!(drawn(&mut bench, address), "");
    assert!(bench.emulator.screen().row_wrapped(0));
    for bad in ["javascript:x", "https://a b", "https://a\x1b\\"] {
        let text = drawn(&mut bench, bad);
        assert!(!text.contains("]8;id"), "{text:?}");
    }
}

fn looks() -> impl Strategy<Value = Style> {
    let color = prop_oneof![
        Just(Color::Reset),
        Just(Color::Red),
        Just(Color::LightBlue),
        Just(Color::Indexed(99)),
        Just(Color::Rgb(1, 2, 3))
    ];
    let modifier = prop_oneof![
        4 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::REVERSED),
        1 => Just(Modifier::DIM.union(Modifier::UNDERLINED)),
        1 => Just(Modifier::ITALIC.union(Modifier::BOLD)),
    ];
    (color.clone(), color, modifier)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("the council met".to_owned()),
        "[ab ]{0,24}",
        "[ a東é京한]{0,14}",
        Just("cafe\u{301} 👩\u{200d}🚀 ok".to_owned()),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Draw(Vec<(String, Style)>),
    /// Draws the last frame moved by this many rows.
    Shift(isize),
    Forget,
    Resize(u16, u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let frame = proptest::collection::vec((texts(), looks()), 0..10);
    let step = prop_oneof![
        3 => frame.prop_map(Step::Draw),
        4 => (-4isize..5).prop_map(Step::Shift),
        1 => Just(Step::Forget),
        1 => (1u16..26, 1u16..10).prop_map(|(w, h)| Step::Resize(w, h)),
    ];
    proptest::collection::vec(step, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    #[test]
    fn the_terminal_shows_what_was_drawn(steps in steps()) {
        let mut bench = Bench::new(22, 8);
        let mut last: Vec<(String, Style)> = Vec::new();
        for step in steps {
            match step {
                Step::Draw(frame) => last = frame,
                Step::Shift(by) if by > 0 => { last.drain(..by.unsigned_abs().min(last.len())); }
                Step::Shift(by) => { last.splice(0..0, vec![("new".to_owned(), Style::new()); by.unsigned_abs()]); }
                Step::Forget => bench.terminal.clear().unwrap(),
                Step::Resize(width, height) => {
                    bench.terminal.backend_mut().resize(Size { width, height });
                    let nonzero = |n| NonZeroU16::new(n).unwrap();
                    bench.emulator.screen_mut().set_size(nonzero(height), nonzero(width));
                }
            }
            let links = [(3, 1, 9, "https://a.example/"), (0, 4, 30, "https://b.example/")];
            let some = links.iter().take(last.len() % 3).copied();
            bench.terminal.backend_mut().link(some);
            let lines: Vec<(&str, Style)> = last.iter().map(|(text, style)| (text.as_str(), *style)).collect();
            bench.draw(&lines);
            bench.check();
        }
    }
}

/// The allowance of `bytes` that keeps the columns from 6 to 12 of the rows from 1 to 4, or all rows but the first.
fn allowing(bytes: usize) -> Allowance {
    Allowance { bytes, kept: vec![vec![(6, 1, 6, 3)], vec![(0, 1, 20, 5)]] }
}

#[test]
fn what_is_not_allowed_is_sent_with_a_later_frame() {
    let mut bench = Bench::new(20, 6);
    bench.draw(&plain(&["one", "two   middle end", "three middle end"]));
    bench.terminal.backend_mut().allow(allowing(12));
    let lines = plain(&["One", "two   MIDDLE end", "three MIDDLE end"]);
    // The kept part is too dear, the rest is not.
    assert!((1..=12).contains(&bench.draw(&lines)));
    assert_eq!(bench.emulator.screen().contents(), "One\ntwo   middle end\nthree middle end");
    assert!(!bench.terminal.backend().is_whole());
    assert_eq!(bench.draw(&lines), 0);
    // Nothing fits.
    bench.terminal.backend_mut().allow(allowing(3));
    assert_eq!(bench.draw(&plain(&["ONE more"])), 0);
    bench.check_shown();
    bench.terminal.backend_mut().allow(Allowance::ALL);
    assert!(bench.draw(&lines) > 0);
    assert!(bench.terminal.backend().is_whole());
    bench.check();
    // A repaint that does not fit is made up for.
    bench.terminal.backend_mut().forget();
    bench.terminal.backend_mut().allow(allowing(30));
    assert_eq!(bench.draw(&lines), 0);
    bench.terminal.backend_mut().allow(Allowance::ALL);
    assert!(bench.draw(&lines) > 30);
    bench.check();
}

proptest! {
    /// Whatever is held back, the terminal shows what the renderer takes it to show, no frame is larger than allowed,
    /// and a frame without a bound makes up for all.
    #[test]
    fn parts_of_frames_leave_a_known_screen(
        frames in prop::collection::vec(
            (prop::collection::vec("[a-c 東é]{0,20}", 6), prop::sample::select(vec![0_usize, 8, 20, 40, 80, usize::MAX])),
            1..8,
        ),
    ) {
        let mut bench = Bench::new(20, 6);
        bench.draw(&[]);
        for (lines, most) in &frames {
            bench.terminal.backend_mut().allow(allowing(*most));
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let sent = bench.draw(&plain(&lines));
            prop_assert!(sent <= *most);
            bench.check_shown();
        }
        let lines: Vec<&str> = frames.iter().flat_map(|(lines, _)| lines).map(String::as_str).take(6).collect();
        bench.terminal.backend_mut().allow(Allowance::ALL);
        bench.draw(&plain(&lines));
        bench.check();
    }
}
