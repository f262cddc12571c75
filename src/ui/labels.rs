//! Draws labels over the names, quotes and links that they lead to. Nothing is shifted: a label covers letters.

use super::Scene;
use super::links::reader_indent;
use super::pen::Pen;
use crate::app::labels::{Goal, Labels};
use crate::text::width;
use crate::theme::Part;

impl Scene<'_> {
    pub fn draw_labels(self, labels: &Labels, pen: &mut Pen<'_>) {
        let layout = self.app.layout();
        let top = labels.on.map_or(0, |(_, top)| top);
        for label in labels.left() {
            let row = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            let (area, x, y) = match label.goal {
                Goal::Text { line, .. } | Goal::Link { line, .. } => {
                    let Some(area) = layout.reader else { continue };
                    let column = match label.goal {
                        Goal::Text { column, .. } => column,
                        _ => 0,
                    };
                    (area, reader_indent(self.app, area.body().width) + column, row(line.saturating_sub(top)))
                }
                Goal::Row(at) => match layout.list {
                    Some(area) => (area, 1, row(at)),
                    None => continue,
                },
                Goal::Facet(at) => match layout.facets {
                    Some(area) => (area, 1, row(at)),
                    None => continue,
                },
            };
            let body = area.body();
            if y >= body.height || x >= body.width {
                continue;
            }
            let typed = usize::from(labels.typed().is_some());
            let text = label.text.get(typed..).unwrap_or(&label.text);
            let cells = (width::cells(text) as u16).min(body.width - x);
            pen.cover(body.x + x, body.y + y, cells, text, Part::Selected);
        }
    }
}
