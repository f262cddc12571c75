//! Draws the reader pane: the visible lines, cut into runs by the highlight layers.

use super::Scene;
use super::pen::Pen;
use crate::annotation::Field;
use crate::app::layout::{Area, Pane};
use crate::app::reader::{Shown, TextLine, link_prefix};
use crate::highlight::flatten;
use crate::text::Span;
use crate::theme::Part;

/// Stands in the place of an article that a slow archive has not sent yet.
const WAITING: &str = "waiting for the archive";

impl Scene<'_> {
    pub fn draw_reader(self, area: Area, pen: &mut Pen<'_>) {
        let reader = self.app.reader();
        let Some(shown) = reader.shown() else {
            self.draw_title(area, Pane::Reader, "Article", "", pen);
            if let Some(title) = self.app.awaited() {
                let body = area.body();
                pen.put(body.x + 1, body.y, body.width.saturating_sub(1), title, Part::Headline);
                pen.put(body.x + 1, body.y + 1, body.width.saturating_sub(1), WAITING, Part::Byline);
            }
            return;
        };
        let (page, pages) = reader.pages();
        self.draw_title(area, Pane::Reader, "Article", &format!("{page}/{pages}"), pen);
        let body = area.body();
        let text_width = u16::try_from(reader.look().width).unwrap_or(u16::MAX);
        let indent = super::links::reader_indent(self.app, body.width);
        let x = body.x + indent;
        let room = body.width.saturating_sub(indent);
        for (line, y) in shown.visible(body.rows()).iter().zip(body.y..) {
            match *line {
                TextLine::Title(span) => self.draw_line(shown, Field::Title, span, (x, y, room), pen),
                TextLine::Body(span) => self.draw_line(shown, Field::Body, span, (x, y, room), pen),
                TextLine::Byline => {
                    pen.put(x, y, room.min(text_width), &shown.byline(), Part::Byline);
                }
                TextLine::Link(number, span) => {
                    let prefix = link_prefix(number);
                    let indent = prefix.len() as u16;
                    if span.start == 0 {
                        pen.put(x, y, room, &prefix, Part::Key);
                    }
                    let piece = shown.text.link(number.into()).and_then(|link| span.get(link));
                    pen.put(x + indent, y, room.saturating_sub(indent), piece.unwrap_or(""), Part::Byline);
                }
                TextLine::Gap => {}
            }
        }
    }

    fn draw_line(
        self,
        shown: &Shown,
        field: Field,
        span: Span,
        (mut x, y, room): (u16, u16, u16),
        pen: &mut Pen<'_>,
    ) {
        let text = shown.field(field);
        let end = x.saturating_add(room);
        let base = match field {
            Field::Title => self.theme.part(Part::Headline),
            Field::Body => self.theme.part(Part::Text),
        };
        for run in flatten(span, shown.layers(field)) {
            if let Some(piece) = run.span.get(text) {
                let style = base.patch(self.theme.text(run.tags));
                x += pen.put_raw(x, y, end.saturating_sub(x), piece, style);
            }
        }
    }
}
