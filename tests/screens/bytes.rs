//! How many bytes a key costs at 80x24, through the renderer that the reader uses. Counts, not times.

use crate::driver::{Driver, article};
use dateline::terminal::renderer::{Options, Renderer};
use ratatui::Terminal;
use ratatui::layout::Size;

/// Titles as long as the list is wide, bodies of several screens, names in every line.
fn wire() -> Vec<(dateline::article::Article, dateline::analysis::Analysis)> {
    let sentence = "Minister [Ada Obi|person] told [Kenya|country=KE] that the ferry line to [Oslo|place] would \
                    open in spring, after <Ada Obi: a long and costly delay> at the yard.\n";
    (1..=28)
        .map(|day| {
            let title =
                format!("Ferry line {day} to the northern islands is to open before the spring floods");
            article(&format!("2024-02-{day:02}"), "Sample Wire", &title, &sentence.repeat(12))
        })
        .collect()
}

struct Meter {
    driver: Driver,
    terminal: Terminal<Renderer<Vec<u8>>>,
}

impl Meter {
    fn new() -> Meter {
        let driver = Driver::start(80, 24, wire());
        let options = Options { synchronized: true, ascii: false };
        let renderer = Renderer::new(Vec::new(), Size { width: 80, height: 24 }, options);
        let mut meter = Meter { driver, terminal: Terminal::new(renderer).expect("a screen") };
        assert!(meter.frame() <= 2600, "the first frame");
        meter
    }

    fn frame(&mut self) -> usize {
        let before = self.terminal.backend_mut().writer_mut().len();
        self.driver.draw_on(&mut self.terminal);
        self.terminal.backend_mut().writer_mut().len() - before
    }

    /// The bytes of one frame after these keys, before time passes.
    fn check(&mut self, keys: &str, most: usize) {
        self.driver.run(keys);
        let bytes = self.frame();
        assert!(bytes <= most, "{keys}: {bytes} bytes, {most} at most");
    }

    /// The bytes of the frame once the reader has followed.
    fn check_follow(&mut self, most: usize) {
        self.driver.rest();
        self.check("", most);
    }
}

#[test]
fn keys_cost_what_they_may() {
    let mut meter = Meter::new();
    meter.check("j", 90);
    meter.check("j", 90);
    meter.check("k", 90);
    meter.check_follow(1500);
    meter.check("", 0);
    meter.check("Tab", 300);
    meter.check("j", 90);
    meter.check("Tab", 350);
    meter.check("e", 120);
    meter.check("e", 120);
    meter.check("]", 160);
    meter.check("Esc", 200);
    meter.check("j", 125);
    meter.check("j", 125);
    meter.check("k", 125);
    meter.check("Space", 1500);
}

/// A line down or up in the reader costs its text, the colours of its names and little else.
#[test]
fn a_line_of_the_reader_costs_its_text() {
    let mut meter = Meter::new();
    meter.driver.keys("Tab Tab j");
    meter.frame();
    for (key, step) in [("j", 3), ("k", 9)] {
        for line in 0..12 {
            meter.driver.run(key);
            let page = meter.driver.screen();
            let rows: Vec<&str> = page.lines().collect();
            let row = rows[if step == 3 { rows.len() - 2 } else { 8 }];
            let bytes = meter.frame();
            // A name is 10 bytes of colours at most, a quote with a name in it 14 more.
            let names =
                ["Ada Obi", "Kenya", "Oslo"].map(|name| row.matches(name).count()).iter().sum::<usize>();
            let most = row.trim_end().len() + 10 * names + 24 + step;
            assert!(bytes <= most, "line {line}, {key}: {bytes} bytes, {most} at most: {row}");
        }
    }
}

/// Where the list scrolls, it goes on by half its rows.
#[test]
fn running_down_the_list_stays_cheap() {
    let mut meter = Meter::new();
    let mut sum = 0;
    for _ in 0..20 {
        meter.driver.run("j");
        sum += meter.frame();
    }
    assert!(sum <= 20 * 180, "{sum} bytes for 20 rows");
}
