//! How many bytes a key costs at 80x24, through the renderer that the reader uses. Counts, not times.

use crate::driver::{Driver, article};
use dateline::exports::terminal::renderer::{Options, Renderer};
use ratatui::Terminal;
use ratatui::layout::Size;

/// Titles as long as the list is wide, bodies of several screens, names in every line.
fn wire() -> Vec<(dateline::exports::article::Article, dateline::exports::annotation::Analysis)> {
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

/// Stories as agencies write them: two or three names in most lines, four in some, quotes that run on.
fn stories() -> Vec<(dateline::exports::article::Article, dateline::exports::annotation::Analysis)> {
    let story = "[LISBON|place], May 4 — The finance ministers of [Portugal|country=PT], [Spain|country=ES] and \
        [Italy|country=IT] agreed on Tuesday to share the cost of a gas pipeline, after eleven hours of talks that [Ines \
        Corvo|person], who led them, called <Ines Corvo: the longest breakfast of my life>.\n\n\
        The line is to run from [Porto|place] to [Genoa|place] and to carry hydrogen from 2031. [Rafael Ibarra|person] of \
        [Iberian Grid|org] said that his company would build it, <Rafael Ibarra: if the permits come before the \
        swallows do, and not, as with the last one, after three summers of letters between two offices in one street>.\n\n\
        [Spain|country=ES] pays two fifths, [Italy|country=IT] as much, [Portugal|country=PT] the rest. The [European \
        Investment Bank|org] lends half of it at a rate that [Corvo|person] would not name. In [Madrid|place] the \
        opposition asked why nobody had spoken with the towns along the [Ebro|place], and [Marta Oliu|person], mayor of \
        one of them, said <Marta Oliu: nobody ever does>.\n\n";
    (1..=9)
        .map(|day| {
            article(&format!("2024-05-{day:02}"), "Sample Wire", &format!("Pipeline {day}"), &story.repeat(3))
        })
        .collect()
}

struct Meter {
    driver: Driver,
    terminal: Terminal<Renderer<Vec<u8>>>,
}

impl Meter {
    fn new() -> Meter {
        Meter::on(wire())
    }

    fn on(
        articles: Vec<(dateline::exports::article::Article, dateline::exports::annotation::Analysis)>,
    ) -> Meter {
        let driver = Driver::start(80, 24, articles);
        let options = Options { synchronized: true, ascii: false };
        let renderer = Renderer::new(Vec::new(), Size { width: 80, height: 24 }, options);
        let mut meter = Meter { driver, terminal: Terminal::new(renderer).expect("a screen") };
        let first = meter.frame();
        // These stories are dense with names: usual ones need less.
        assert!(first <= 2000, "{first} bytes for the first frame");
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
    meter.check("j", 80);
    meter.check("j", 80);
    meter.check("k", 80);
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
    meter.driver.keys("Tab j");
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

/// Every line down a story costs at most 110 bytes, and half of them at most 90.
#[test]
fn a_line_of_a_story_costs_110_bytes_at_most() {
    let mut meter = Meter::on(stories());
    meter.driver.keys("Tab");
    meter.frame();
    // The way up takes two bytes more to scroll, and a page that changes ten.
    for (key, may) in [("j", 110), ("k", 115)] {
        let mut frames = Vec::new();
        for _ in 0..24 {
            meter.driver.run(key);
            frames.push(meter.frame());
        }
        frames.sort_unstable();
        let (median, most) = (frames[frames.len() / 2], frames[frames.len() - 1]);
        assert!(most <= may && median <= 90, "{key}: {median} in the median, {most} at most: {frames:?}");
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
