//! The reader: one article, wrapped and highlighted, and how far it is scrolled.
//!
//! Lines and layers are computed when the article, the width or the highlighting changes, and never while drawing.

mod text;
mod walk;

pub use text::{Text, TextLine, link_prefix};
pub use walk::{Landmark, Under, Walk, Way};

use crate::article::{ArticleId, Dateline, UNDATED};
use crate::formats::{is_sample, plain_source};
use crate::highlight::{self, Layer, Mark, Tag, Tags};
use crate::language::Language;
use crate::listing::{Stored, TextOf};
use crate::query::{Query, hit};
use crate::text::Span;

use super::scroll::Place;
use crate::annotation::Field;
use chrono::Timelike;

/// What the reader shows.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    shown: Option<Shown>,
    look: Look,
}

/// The size of the pane and what is highlighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The width of the text in cells, and the height of the pane in rows.
    pub width: usize,
    pub height: usize,
    /// What is highlighted.
    pub tags: Tags,
}

impl Default for Look {
    fn default() -> Look {
        Look { width: 80, height: 0, tags: lit_at_first() }
    }
}

/// One article on the screen.
#[derive(Clone, Debug)]
pub struct Shown {
    pub stored: Box<Stored>,
    pub dateline: Option<Dateline>,
    pub text: Text,
    /// The first visible line.
    top: usize,
    /// The place in the text at the top of the pane, as the person scrolled: where the pane has another size, the
    /// first visible line may be another one, and this stays.
    anchor: (Field, u32),
    /// The name, quote or hit under the cursor.
    landmark: Option<Landmark>,
    /// The words that were searched for, by field and start.
    hits: Vec<(Field, Span)>,
    title_layers: Vec<Layer>,
    body_layers: Vec<Layer>,
}

/// A place in an article: what is at the top of the pane, and the name, quote or hit under the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub top: (Field, u32),
    pub landmark: Option<Landmark>,
}

/// Everything that can be highlighted or not.
pub fn lit_at_first() -> Tags {
    [Tag::Person, Tag::Country, Tag::Place, Tag::Org, Tag::DirectQuote, Tag::IndirectQuote]
        .into_iter()
        .collect()
}

impl Reader {
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    pub fn id(&self) -> Option<ArticleId> {
        self.shown.as_ref().map(|shown| shown.stored.id)
    }

    pub fn lit(&self) -> Tags {
        self.look.tags
    }

    pub fn look(&self) -> Look {
        self.look
    }

    /// Shows an article, at the position where reading stopped.
    pub fn show(&mut self, stored: Box<Stored>, query: &Query) {
        let dateline = Dateline::find(&stored.article.body, Language::default());
        let text = Text::new(&stored.article, self.look.width);
        let top = match stored.position {
            0 => 0,
            position => text.line_of(Field::Body, position),
        };
        let mut shown = Shown {
            stored,
            dateline,
            text,
            top,
            anchor: (Field::Title, 0),
            landmark: None,
            hits: Vec::new(),
            title_layers: Vec::new(),
            body_layers: Vec::new(),
        };
        shown.find_hits(query);
        shown.light(self.look.tags);
        shown.go_to(top, self.look.height);
        if shown.stored.position > 0 {
            shown.anchor = (Field::Body, shown.stored.position);
        }
        self.shown = Some(shown);
    }

    /// Shows a new version of the same article, without scrolling.
    pub fn renew(&mut self, stored: Box<Stored>) {
        let look = self.look;
        let Some(shown) = &mut self.shown else { return };
        let same = shown.stored.article == stored.article && shown.stored.analysis == stored.analysis;
        // Told again by a question of its own.
        let thread = shown.stored.thread;
        shown.stored = stored;
        shown.stored.thread = thread;
        if !same {
            shown.landmark = None;
            shown.hits.clear();
            shown.dateline = Dateline::find(&shown.stored.article.body, Language::default());
            shown.text = Text::new(&shown.stored.article, look.width);
            shown.light(look.tags);
            shown.scroll_to(shown.top, look.height);
        }
    }

    /// Changes the marks of the article that is shown.
    pub fn update_marks(&mut self, change: impl FnOnce(&mut Stored)) {
        if let Some(shown) = &mut self.shown {
            change(&mut shown.stored);
        }
    }

    /// Shows nothing. Returns what was shown.
    pub fn clear(&mut self) -> Option<Shown> {
        self.shown.take()
    }

    /// Adapts to a changed pane or highlighting.
    pub fn set_look(&mut self, look: Look) {
        let old = std::mem::replace(&mut self.look, look);
        let Some(shown) = &mut self.shown else { return };
        let resized = (old.width, old.height) != (look.width, look.height);
        let in_sight = shown.landmark_in_sight(old.height);
        if old.width != look.width {
            shown.text = Text::new(&shown.stored.article, look.width);
        }
        if old.tags != look.tags {
            if shown.landmark.is_some_and(|landmark| !shown.is_lit(landmark, look.tags)) {
                shown.landmark = None;
            }
            shown.light(look.tags);
        }
        if resized {
            let (field, byte) = shown.anchor;
            shown.scroll_to(shown.text.line_of(field, byte), look.height);
            if in_sight {
                shown.see_landmark(look.height);
            }
        }
    }

    /// Where the person is in the article.
    pub fn spot(&self) -> Option<Spot> {
        let shown = self.shown.as_ref()?;
        Some(Spot { top: shown.anchor, landmark: shown.landmark })
    }

    /// Goes to a place in the article. A cursor on what is not there any more is removed.
    pub fn go_to_spot(&mut self, spot: Spot) {
        let Look { height, tags, .. } = self.look;
        let Some(shown) = &mut self.shown else { return };
        let there = |landmark: &Landmark| shown.span_of(*landmark).is_some() && shown.is_lit(*landmark, tags);
        shown.landmark = spot.landmark.filter(there);
        shown.light(tags);
        let (field, byte) = spot.top;
        shown.scroll_to(shown.text.line_of(field, byte), height);
        shown.anchor = spot.top;
    }

    /// Whether the last line is visible.
    pub fn is_at_end(&self) -> bool {
        let height = self.look.height.max(1);
        self.shown.as_ref().is_none_or(|shown| shown.top + height >= shown.text.lines().len())
    }

    /// Adapts to a changed filter: other words are hits.
    pub fn set_query(&mut self, query: &Query) {
        let tags = self.look.tags;
        if let Some(shown) = &mut self.shown {
            shown.find_hits(query);
            if matches!(shown.landmark, Some(Landmark::Hit(_))) {
                shown.landmark = None;
            }
            shown.light(tags);
        }
    }

    pub fn scroll_by(&mut self, delta: i64) {
        let height = self.look.height;
        if let Some(shown) = &mut self.shown {
            let top = (shown.top as i64).saturating_add(delta).max(0);
            shown.go_to(usize::try_from(top).unwrap_or(usize::MAX), height);
        }
    }

    /// Goes to the next or previous name, quote or hit; `false` if there is none.
    pub fn walk(&mut self, walk: Walk, way: Way) -> bool {
        let Look { height, tags, .. } = self.look;
        let Some(shown) = &mut self.shown else { return false };
        let Some(landmark) = shown.find_next(walk, way, height, tags) else { return false };
        shown.stand_on(landmark, height, tags);
        true
    }

    /// Goes to the quote at `span` of `field`.
    pub fn go_to_quote(&mut self, field: Field, span: Span) {
        let Look { height, tags, .. } = self.look;
        let Some(shown) = &mut self.shown else { return };
        let quotes = &shown.stored.analysis.quotes;
        if let Some(at) = quotes.iter().position(|quote| quote.field == field && quote.span == span) {
            shown.stand_on(Landmark::Quote(at), height, tags);
        }
    }

    /// Scrolls until the line of the cursor is at this place of the pane; `false` if there is no cursor.
    pub fn place_cursor(&mut self, place: Place) -> bool {
        let height = self.look.height;
        let Some(shown) = &mut self.shown else { return false };
        let under = shown.landmark.and_then(|landmark| shown.span_of(landmark));
        let Some((field, span)) = under else { return false };
        let line = shown.text.line_of(field, span.start);
        shown.go_to(line.saturating_sub(place.row(height)), height);
        true
    }

    /// Goes to the name or quote that is nearest to this place of the pane; `false` if none is visible.
    pub fn go_to_seen(&mut self, place: Place) -> bool {
        let Look { height, tags, .. } = self.look;
        let Some(shown) = &mut self.shown else { return false };
        let stops = shown.seen(height, tags);
        let row = place.row(height);
        let found = match place {
            Place::Bottom => stops.last(),
            _ => stops.iter().min_by_key(|(line, _)| line.abs_diff(shown.top + row)),
        };
        let Some((_, landmark)) = found.copied() else { return false };
        shown.stand_on(landmark, height, tags);
        true
    }

    /// Goes to a name or quote that is visible.
    pub fn stand_on(&mut self, landmark: Landmark) {
        let Look { height, tags, .. } = self.look;
        if let Some(shown) = &mut self.shown {
            shown.stand_on(landmark, height, tags);
        }
    }

    /// Removes the cursor; `false` if there was none.
    pub fn step_off(&mut self) -> bool {
        let tags = self.look.tags;
        let Some(shown) = &mut self.shown else { return false };
        let stood = shown.landmark.take().is_some();
        if stood {
            shown.light(tags);
        }
        stood
    }

    /// The current page, from 1, and the number of pages; the last page is the one with the end of the text. Scrolling by
    /// one line rarely changes either, so showing them costs next to nothing.
    pub fn pages(&self) -> (usize, usize) {
        let Some(shown) = &self.shown else { return (0, 0) };
        let height = self.look.height.max(1);
        let lines = shown.text.lines().len();
        let pages = lines.div_ceil(height).max(1);
        let last = shown.top + height >= lines;
        (if last { pages } else { (1 + shown.top / height).min(pages) }, pages)
    }

    pub fn under(&self) -> Option<Under<'_>> {
        let shown = self.shown.as_ref()?;
        Some(shown.under(shown.landmark?))
    }
}

impl Shown {
    /// The lines that are visible in a pane of `height` rows.
    pub fn visible(&self, height: usize) -> &[TextLine] {
        let lines = self.text.lines();
        let top = self.top.min(lines.len());
        lines.get(top..(top + height).min(lines.len())).unwrap_or(&[])
    }

    /// The layers of highlighting in a field, for [`highlight::flatten`].
    pub fn layers(&self, field: Field) -> &[Layer] {
        match field {
            Field::Title => &self.title_layers,
            Field::Body => &self.body_layers,
        }
    }

    pub fn field(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.stored.article.title,
            Field::Body => &self.stored.article.body,
        }
    }

    /// The byte of the body at which reading would stop now: 0 at the start.
    pub fn position(&self) -> u32 {
        match self.anchor {
            (Field::Body, byte) => byte,
            (Field::Title, _) => 0,
        }
    }

    /// `Source · 3 January 2022, 14:05 [de] · Author · #tag · also in: Other · story 2 of 5`.
    pub fn byline(&self) -> String {
        let article = &self.stored.article;
        let day = article.published.map_or_else(
            || UNDATED.to_owned(),
            |published| match published.num_seconds_from_midnight() {
                0 => published.format("%-d %B %Y").to_string(),
                _ => published.format("%-d %B %Y, %H:%M").to_string(),
            },
        );
        let mut line = format!("{} · {day}", plain_source(&article.source));
        if let Some(language) = article.language.filter(|language| !language.is_english()) {
            line.push_str(&format!(" [{language}]"));
        }
        if is_sample(article) {
            line.push_str(" · invented news");
        }
        if let Some(author) = &article.author {
            line.push_str(&format!(" · {author}"));
        }
        if self.stored.text == TextOf::Page {
            line.push_str(" · full text");
        }
        if self.stored.starred {
            line.push_str(" · starred");
        }
        for tag in &self.stored.tags {
            line.push_str(&format!(" · #{tag}"));
        }
        line.push_str(&self.also_in());
        if let Some((at, of)) = self.stored.thread {
            line.push_str(&format!(" · story {at} of {of}"));
        }
        line
    }

    /// ` · also in: East, South Post`, the other sources that tell the story; ` · +1` where the same source tells it
    /// again, and nothing where it has no copy.
    fn also_in(&self) -> String {
        let mut sources: Vec<&str> = Vec::new();
        for copy in &self.stored.copies {
            if copy.source != self.stored.article.source && !sources.contains(&copy.source.as_str()) {
                sources.push(&copy.source);
            }
        }
        match (sources.is_empty(), self.stored.copies.len()) {
            (false, _) => format!(" · also in: {}", sources.join(", ")),
            (true, 0) => String::new(),
            (true, copies) => format!(" · +{copies}"),
        }
    }

    /// The first visible line.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The name, quote or hit under the cursor.
    pub fn landmark(&self) -> Option<Landmark> {
        self.landmark
    }

    /// The text of a line of the article.
    pub fn text_of(&self, line: TextLine) -> String {
        match line {
            TextLine::Title(span) => span.of(self.field(Field::Title)).to_owned(),
            TextLine::Body(span) => span.of(self.field(Field::Body)).to_owned(),
            TextLine::Byline => self.byline(),
            TextLine::Link(number, span) => {
                let link = self.text.link(number.into()).and_then(|link| span.get(link)).unwrap_or("");
                if span.start == 0 { format!("{}{link}", link_prefix(number)) } else { link.to_owned() }
            }
            TextLine::Gap => String::new(),
        }
    }

    /// The line with the name, quote or hit under the cursor.
    pub fn line_around(&self) -> Option<String> {
        let (field, span) = self.span_of(self.landmark?)?;
        let line = self.text.lines().get(self.text.line_of(field, span.start))?;
        Some(self.text_of(*line))
    }

    pub fn has_hits(&self) -> bool {
        !self.hits.is_empty()
    }

    fn find_hits(&mut self, query: &Query) {
        self.hits = [Field::Title, Field::Body]
            .into_iter()
            .flat_map(|field| {
                hit::hits(query, field, self.field(field)).into_iter().map(move |span| (field, span))
            })
            .collect();
    }

    /// Makes this the first visible line, as far as the text reaches.
    fn scroll_to(&mut self, top: usize, height: usize) {
        self.top = top.min(self.text.lines().len().saturating_sub(height.max(1)));
    }

    /// The same for the person, who goes on reading there.
    fn go_to(&mut self, top: usize, height: usize) {
        self.scroll_to(top, height);
        // Below the last line of the body there are links only.
        let last = || self.text.start_of(self.text.last_of_body());
        self.anchor = self.text.start_of(self.top).or_else(last).unwrap_or((Field::Title, 0));
    }

    /// The line of the name, quote or hit under the cursor.
    fn line_of_landmark(&self) -> Option<usize> {
        let (field, span) = self.span_of(self.landmark?)?;
        Some(self.text.line_of(field, span.start))
    }

    fn landmark_in_sight(&self, height: usize) -> bool {
        self.line_of_landmark().is_some_and(|line| line >= self.top && line < self.top + height)
    }

    /// Scrolls as far as is needed to see the line of the cursor.
    fn see_landmark(&mut self, height: usize) {
        let Some(line) = self.line_of_landmark() else { return };
        if line < self.top {
            self.scroll_to(line, height);
        } else if line >= self.top + height {
            self.scroll_to((line + 1).saturating_sub(height), height);
        }
    }

    fn stand_on(&mut self, landmark: Landmark, height: usize, tags: Tags) {
        self.landmark = Some(landmark);
        self.light(tags);
        let Some((field, span)) = self.span_of(landmark) else { return };
        let line = self.text.line_of(field, span.start);
        if line < self.top || line >= self.top + height {
            self.go_to(line.saturating_sub(height / 3), height);
        }
    }

    /// Computes the layers.
    fn light(&mut self, tags: Tags) {
        self.title_layers = self.lit(Field::Title, tags);
        self.body_layers = self.lit(Field::Body, tags);
    }

    fn lit(&self, field: Field, tags: Tags) -> Vec<Layer> {
        let mut layers = highlight::layers(&self.stored.analysis, field, tags);
        let layer = |marks: Vec<Mark>| Layer::new(marks);
        if let (Field::Body, Some(dateline)) = (field, &self.dateline) {
            layers.push(layer(vec![Mark { span: dateline.span, tag: Tag::Dateline }]));
        }
        let hits = self.hits.iter().filter(|(of, _)| *of == field);
        layers.push(layer(hits.map(|(_, span)| Mark { span: *span, tag: Tag::Hit }).collect()));
        if let Some((of, span)) = self.landmark.and_then(|landmark| self.span_of(landmark))
            && of == field
        {
            layers.push(layer(vec![Mark { span, tag: Tag::Cursor }]));
        }
        let length = self.field(field).len();
        layers.retain(|layer| layer.marks().last().is_some_and(|mark| mark.span.end as usize <= length));
        layers
    }
}

#[cfg(test)]
mod tests;
