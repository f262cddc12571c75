//! A reader without a terminal: keys in, screen out. The library is the real one, in memory; answers
//! come at once and in order, and time passes when [`Driver::rest`] says so.

use chrono::{DateTime, NaiveDate, Utc};
use dateline::exports::annotation::{
    Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind, Speaker,
};
use dateline::exports::app::{
    App, Edition, Effect, Loading, Message, Outcome, Progress, ReaderWidth, Setup, Size,
};
use dateline::exports::article::Article;
use dateline::exports::intake::InForce;
use dateline::exports::keymap::{Key, Keyboard, Keymap};
use dateline::exports::library::{Cancel, Library, Step};
use dateline::exports::query::Query;
use dateline::exports::run::{answer, order_board, step_board};
use dateline::exports::text::Span;
use dateline::exports::theme::{Depth, Glyphs, Theme, ThemeName};
use dateline::exports::ui;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use std::collections::VecDeque;
use std::time::Duration;

/// An article whose body is marked up: `[Ada Obi|person]`, `[Kenya|country=KE]`, and
/// `<Ada Obi: words>` for a direct quote by the entity of that name. Names outside the brackets are
/// not names.
pub fn article(day: &str, source: &str, title: &str, marked: &str) -> (Article, Analysis) {
    let mut marking = Marking::default();
    marking.read(marked);
    let Marking { body, analysis } = marking;
    let published: DateTime<Utc> = format!("{day}T00:00:00Z").parse().expect("a day");
    let article = Article {
        path: None,
        url: Some(format!("https://news.example/{}", title.to_lowercase().replace(' ', "-"))),
        guid: None,
        source: source.to_owned(),
        title: title.to_owned(),
        author: None,
        language: None,
        published: Some(published),
        body,
    };
    (article, analysis)
}

#[derive(Default)]
struct Marking {
    body: String,
    analysis: Analysis,
}

impl Marking {
    fn read(&mut self, marked: &str) {
        let mut rest = marked;
        while let Some(at) = rest.find(['[', '<']) {
            self.body.push_str(&rest[..at]);
            let close = if rest[at..].starts_with('[') { ']' } else { '>' };
            let end = at + rest[at..].find(close).expect("what is opened is closed");
            let inner = &rest[at + 1..end];
            if close == ']' {
                self.mention(inner);
            } else {
                let (speaker, words) = inner.split_once(": ").expect("a speaker");
                self.quote(speaker, words);
            }
            rest = &rest[end + 1..];
        }
        self.body.push_str(rest);
    }

    fn mention(&mut self, inner: &str) {
        let (text, kind) = inner.split_once('|').expect("a kind");
        let (kind, code) = match kind.split_once('=') {
            Some((kind, code)) => (kind, CountryCode::new(code)),
            None => (kind, None),
        };
        let kind = match kind {
            "person" => Kind::Person,
            "country" => Kind::Country,
            "place" => Kind::Place,
            _ => Kind::Org,
        };
        let start = self.body.len();
        self.body.push_str(text);
        let span = Span::new(start, self.body.len());
        let entity = self.entity(text, kind, code);
        self.analysis.mentions.push(Mention { field: Field::Body, span, entity });
    }

    fn entity(&mut self, name: &str, kind: Kind, code: Option<CountryCode>) -> EntityIndex {
        let Analysis { entities, countries, .. } = &mut self.analysis;
        let known = entities.iter().position(|entity| entity.name == name && entity.kind == kind);
        let at = known.unwrap_or(entities.len());
        if known.is_none() {
            entities.push(Entity { kind, name: name.to_owned(), code, country: None, salience: 0.5 });
            countries.extend(code);
            countries.sort();
        }
        EntityIndex(at as u32)
    }

    fn quote(&mut self, speaker: &str, words: &str) {
        let start = self.body.len();
        self.body.push_str(&format!("“{words}”"));
        let span = Span::new(start, self.body.len());
        let named = self.analysis.entities.iter().position(|entity| entity.name == speaker);
        let speaker = match named {
            Some(at) => Speaker::Entity(EntityIndex(at as u32)),
            None => Speaker::Description(speaker.to_owned()),
        };
        let (kind, field) = (QuoteKind::Direct, Field::Body);
        let quote = Quote { kind, field, span, speaker: Some(speaker), guess: None, confidence: 100 };
        self.analysis.quotes.push(quote);
    }
}

pub struct Driver {
    pub app: App,
    pub library: Library,
    keyboard: Keyboard,
    size: (u16, u16),
    held: Option<Vec<Effect>>,
    theme: Theme,
    waiting: Option<dateline::exports::app::Ticket>,
    /// What was copied, opened and asked of the terminal.
    pub done: Vec<Effect>,
}

impl Driver {
    /// The reader on these articles at this size, with everything answered.
    pub fn start(width: u16, height: u16, articles: Vec<(Article, Analysis)>) -> Driver {
        let library = Library::temporary().expect("a library");
        library.add(articles).expect("articles");
        Driver::on(width, height, library)
    }

    /// The same with a saved search, `@kenya`.
    pub fn with_search(width: u16, height: u16, articles: Vec<(Article, Analysis)>) -> Driver {
        let saved = vec![("kenya".to_owned(), "country:KE".to_owned())];
        Driver::with_saved(width, height, articles, saved)
    }

    pub fn with_saved(
        width: u16,
        height: u16,
        articles: Vec<(Article, Analysis)>,
        saved: Vec<(String, String)>,
    ) -> Driver {
        let library = Library::temporary().expect("a library");
        library.add(articles).expect("articles");
        Driver::with(width, height, library, saved)
    }

    /// The same, of the sample edition or of a person's own articles.
    pub fn of_edition(
        edition: Edition,
        width: u16,
        height: u16,
        articles: Vec<(Article, Analysis)>,
    ) -> Driver {
        let library = Library::temporary().expect("a library");
        library.add(articles).expect("articles");
        Driver::with_setup(library, Setup { edition, ..setup(width, height, Vec::new()) })
    }

    pub fn on(width: u16, height: u16, library: Library) -> Driver {
        Driver::with(width, height, library, Vec::new())
    }

    /// The same, which asks before it quits.
    pub fn asking(width: u16, height: u16, articles: Vec<(Article, Analysis)>) -> Driver {
        let library = Library::temporary().expect("a library");
        library.add(articles).expect("articles");
        Driver::with_setup(library, Setup { confirm_quit: true, ..setup(width, height, Vec::new()) })
    }

    fn with(width: u16, height: u16, library: Library, saved: Vec<(String, String)>) -> Driver {
        Driver::with_setup(library, setup(width, height, saved))
    }

    fn with_setup(library: Library, setup: Setup) -> Driver {
        let Size { width, height } = setup.size;
        let (app, effects) = App::start(setup);
        let theme = Theme::new(ThemeName::Ansi, Depth::Sixteen, Glyphs::Unicode);
        let keyboard = Keyboard::new(Keymap::default());
        let mut driver = Driver {
            app,
            library,
            keyboard,
            size: (width, height),
            held: None,
            theme,
            waiting: None,
            done: Vec::new(),
        };
        driver.perform(effects);
        driver.rest();
        driver
    }

    /// Presses keys: `j j 5 k /`, and `'text'` for letters that are typed. Rests after them.
    pub fn keys(&mut self, keys: &str) -> &mut Driver {
        self.run(keys);
        self.rest();
        self
    }

    /// Like [`Driver::keys`], but time does not pass.
    pub fn run(&mut self, keys: &str) -> &mut Driver {
        for word in keys.split(' ').filter(|word| !word.is_empty()) {
            match word.strip_prefix('\'').and_then(|word| word.strip_suffix('\'')) {
                Some(text) => {
                    text.chars().for_each(|c| self.press(Key::Char(if c == '_' { ' ' } else { c })));
                }
                None => self.press(Key::parse(word).expect("a key")),
            }
        }
        self
    }

    pub fn press(&mut self, key: Key) {
        if let Some(message) = self.keyboard.press(self.app.context(), key) {
            self.send(message);
        }
    }

    pub fn send(&mut self, message: Message) {
        let effects = self.app.update(message);
        self.perform(effects);
    }

    /// Lets the time pass that the reader waits for.
    pub fn rest(&mut self) -> &mut Driver {
        while let Some(ticket) = self.waiting.take() {
            self.send(Message::Woken(ticket));
        }
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Driver {
        self.size = (width, height);
        self.send(Message::Resized(Size { width, height }));
        self.rest()
    }

    /// Adds articles as if they came in behind the screen.
    pub fn stream(&mut self, articles: Vec<(Article, Analysis)>, state: Loading) -> &mut Driver {
        self.library.add(articles).expect("articles");
        self.send(Message::Progress(Progress { articles: 99, files: 3, state }));
        self.send(Message::LibraryChanged);
        self.rest()
    }

    /// Marks everything as read as another process does.
    pub fn mark_elsewhere(&mut self) {
        let everything =
            dateline::exports::query::Target::Matching(dateline::exports::query::Query::everything());
        self.library.mark(&everything, dateline::exports::listing::Marking::Read).expect("a mark");
        self.send(Message::LibraryChanged);
        self.rest();
    }

    /// From now on questions wait for their answers until [`Driver::release_answers`].
    pub fn hold_answers(&mut self) {
        self.held = Some(Vec::new());
    }

    pub fn release_answers(&mut self) {
        let held = self.held.take().unwrap_or_default();
        self.perform(held);
        self.rest();
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            if let (Effect::Ask { .. }, Some(held)) = (&effect, &mut self.held) {
                held.push(effect);
                continue;
            }
            let answer = match effect {
                Effect::Ask { ticket, question, .. } => {
                    let outcome = answer((&self.library, &InForce::default()), question, &Cancel::new());
                    Some((ticket, outcome.expect("an answer")))
                }
                Effect::Mark { ticket, change, target, marking } => {
                    let marked = self.library.mark_as(Some(change), &target, marking).expect("a mark");
                    Some((ticket, Outcome::Marked(Some(marked))))
                }
                Effect::Undo { ticket, change } => {
                    let undone = self.library.step(Step::Undo, Some(change)).expect("an undo");
                    Some((ticket, Outcome::Marked(undone)))
                }
                Effect::Redo { ticket, change } => {
                    let redone = self.library.step(Step::Redo, Some(change)).expect("a redo");
                    Some((ticket, Outcome::Marked(redone)))
                }
                Effect::KeepPosition { id, position } => {
                    self.library.keep_position(id, position).expect("a position");
                    None
                }
                Effect::Wake { ticket, .. } => {
                    self.waiting = Some(ticket);
                    None
                }
                Effect::Board { change, order } => {
                    let (made, line) = order_board(&self.library, change, order);
                    queue.extend(self.app.update(Message::Boarded { change, made, line }));
                    None
                }
                Effect::UndoBoard(change) | Effect::RedoBoard(change) => {
                    let way = if matches!(effect, Effect::UndoBoard(_)) { Step::Undo } else { Step::Redo };
                    let (made, line) = step_board(&self.library, way, change);
                    queue.extend(self.app.update(Message::Boarded { change, made, line }));
                    None
                }
                other => {
                    self.done.push(other);
                    None
                }
            };
            if let Some((ticket, outcome)) = answer {
                queue.extend(self.app.update(Message::Done(ticket, outcome)));
            }
        }
    }

    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// Draws a frame on any terminal.
    pub fn draw_on<B: ratatui::backend::Backend>(&self, terminal: &mut Terminal<B>) {
        let drawn = terminal.draw(|frame| ui::draw(&self.app, &self.keyboard, &self.theme, frame));
        assert!(drawn.is_ok());
    }

    pub fn buffer(&mut self) -> Buffer {
        let (app, keyboard, theme) = (&self.app, &self.keyboard, &self.theme);
        // A screen of its own each time: the test backend does not know what a terminal does to the
        // second half of a wide character that is overwritten.
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a screen");
        terminal.draw(|frame| ui::draw(app, keyboard, theme, frame)).expect("a frame");
        terminal.backend().buffer().clone()
    }

    /// The screen as text, without blanks at the ends of lines.
    pub fn screen(&mut self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            text.push_str(row(&buffer, y).trim_end());
            text.push('\n');
        }
        text
    }

    /// The rows in which something is reversed, trimmed.
    pub fn reversed(&mut self) -> Vec<String> {
        let buffer = self.buffer();
        let reversed = |y: u16| {
            let cells = (0..buffer.area.width).filter_map(|x| buffer.cell((x, y)));
            cells
                .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
                .map(ratatui::buffer::Cell::symbol)
                .collect()
        };
        let rows = (0..buffer.area.height).map(reversed).map(|row: String| row.trim().to_owned());
        rows.filter(|row| !row.is_empty()).collect()
    }

    /// The row that holds the pointer in the list, or nothing.
    pub fn selected(&mut self) -> String {
        let screen = self.screen();
        let row = screen.lines().find(|line| line.starts_with('>')).unwrap_or("");
        row.to_owned()
    }

    pub fn status(&mut self) -> String {
        self.screen().lines().last().unwrap_or("").to_owned()
    }

    /// How many articles of the library match.
    pub fn count(&self, query: &str) -> usize {
        let query = Query::parse(query, self.app.today()).0;
        self.library.ids(&query, &Cancel::new()).expect("articles").len()
    }

    /// What is on the clipboard.
    pub fn copied(&self) -> Option<&str> {
        self.done.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// What the reader of a test starts with.
fn setup(width: u16, height: u16, saved: Vec<(String, String)>) -> Setup {
    Setup {
        size: Size { width, height },
        today: NaiveDate::from_ymd_opt(2024, 3, 20).expect("a day"),
        measure: 72,
        reader_width: ReaderWidth::Shared,
        follow_after: Duration::from_millis(120),
        saved,
        watched: vec!["kenya".to_owned()],
        card: dateline::exports::app::Card::Gone,
        from: dateline::exports::app::Whereabouts::default(),
        empty_hint: "Nothing to read yet: give files or folders, dateline PATH.".to_owned(),
        session: 1,
        edition: Edition::Own,
        greeting: None,
        closed: None,
        confirm_quit: false,
        piped_as: Default::default(),
        save_to: String::new(),
        macros: Vec::new(),
    }
}

/// One row of the screen; the cell behind a wide character is left out.
pub fn row(buffer: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = 0;
    while x < buffer.area.width {
        let symbol = buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
        text.push_str(symbol);
        x += u16::try_from(dateline::exports::text::width::cells(symbol)).unwrap_or(1).max(1);
    }
    text
}

/// Presses keys and waits until the reader is at rest; the screen must then contain these texts.
#[track_caller]
pub fn check(driver: &mut Driver, keys: &str, expected: &[&str]) {
    driver.keys(keys);
    driver.rest();
    let screen = driver.screen();
    for text in expected {
        assert!(screen.contains(text), "no {text} after {keys} in\n{screen}");
    }
}
