//! Draws the facet pane.

use super::Scene;
use super::pen::Pen;
use super::status::grouped;
use crate::app::InFilter;
use crate::app::facets::{FacetLine, plural};
use crate::app::layout::{Area, Pane};
use crate::app::view::names::columns;
use crate::formats::plain_source;
use crate::listing::{FacetKind, Tally};
use crate::theme::Part;

/// Says that something is known from the newest articles of a result only.
pub fn of_newest(most: u64) -> String {
    format!("of the newest {}", grouped(most))
}

impl Scene<'_> {
    /// Draws the pane; returns the column and row of the cursor if the pane is focused.
    pub fn draw_facets(self, area: Area, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        // The numbers of the pane count what the list has rows of.
        let rows = self.app.tally().map(Tally::short);
        let fits = |rows: &String| rows.len() + "[Names]".len() + 5 <= area.width.into();
        let rows = rows.map(|rows| format!("in {rows}")).filter(fits).unwrap_or_default();
        // What counts a part of the result says so in every width.
        let of_part = |most| {
            let told = [of_newest(most), format!("newest {}", grouped(most)), "part".to_owned()];
            told.into_iter().find(fits).unwrap_or_default()
        };
        let rows = self.app.facets().facets().sampled.names.map_or(rows, of_part);
        self.draw_title(area, Pane::Facets, "Names", &rows, pen);
        let body = area.body();
        let facets = self.app.facets();
        let focused = self.is_focused(Pane::Facets);
        for ((place, facet_line), y) in facets.visible(body.rows()).iter().enumerate().zip(body.y..) {
            let line = Area { y, height: 1, ..body };
            match *facet_line {
                FacetLine::Heading(kind) => {
                    let mut used =
                        pen.put(line.x + 1, y, line.width.saturating_sub(1), plural(kind), Part::Headline);
                    if facets.facets().roughly && matches!(kind, FacetKind::Entity(_)) {
                        let room = line.width.saturating_sub(1 + used);
                        used += pen.put(line.x + 1 + used, y, room, " ~", Part::Dim);
                    }
                    if let Some(first) = facets.facet(kind, 0).filter(|_| facets.is_folded(kind)) {
                        // Shows the first name, so that one sees what is inside.
                        let count = format!(" {}", first.count);
                        let room = line.width.saturating_sub(used + 2 + count.len() as u16);
                        let name = plain_source(&first.name);
                        pen.put(line.x + used + 2, y, room, name, Part::Dim);
                        pen.put_right(
                            line.x + used + 2,
                            y,
                            line.width.saturating_sub(used + 3),
                            &count,
                            Part::Dim,
                        );
                    }
                }
                FacetLine::Name(kind, at) => {
                    if let Some(facet) = facets.facet(kind, at) {
                        self.draw_columns(&columns(facet), Some((kind, &facet.value)), line, pen);
                    }
                }
                FacetLine::More(_, count) => {
                    let text = format!("{count} more {}", self.theme.glyphs.ellipsis());
                    pen.put(line.x + 2, y, line.width.saturating_sub(2), &text, Part::Dim);
                }
            }
            // In a pane that is not focused, the cursor would only distract.
            self.draw_selection(line, focused && place == facets.cursor(), Pane::Facets, pen);
        }
        let row = u16::try_from(facets.cursor()).ok()?;
        (focused && !facets.is_empty()).then_some((body.x, body.y + row))
    }

    /// The sign and the style that show how the filter uses a name.
    pub fn sign(self, kind: FacetKind, value: &str) -> (&'static str, Part) {
        match self.app.in_filter(kind, value) {
            InFilter::Required => ("+", Part::RowUnread),
            InFilter::Excluded => ("-", Part::Dim),
            InFilter::Free => (" ", Part::Text),
        }
    }
}
