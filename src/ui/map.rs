//! Draws the world with the countries of a result shaded by how many articles are about them: dots of braille, as dense as
//! there is much, or plain characters. The countries with most have their codes on the map.

use super::Scene;
use super::pen::Pen;
use crate::app::layout::{Area, Pane};
use crate::app::view::{Rows, names::Names};
use crate::app::world::{self, Picture, lands};
use crate::listing::{Facet, FacetKind};
use crate::text::width;
use crate::theme::{Glyphs, Part};
use std::collections::HashMap;

/// How many countries have their codes on the map.
const LABELS: usize = 14;

/// How many of sixteen dots are drawn of a country without articles, and of those with few up to many.
const DENSITY: [u8; 5] = [1, 5, 8, 12, 16];

/// The same in plain characters.
const PLAIN: [char; 5] = ['.', ':', '+', '%', '@'];

/// The order in which the dots of a square of four by four are drawn, so that any number of them is spread evenly.
const ORDER: [[u8; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];

/// The bit of each dot of a cell of braille, by row and column.
const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// How strongly a country is shaded, from 1: by the logarithm of its articles.
fn level(about: u64, most: u64) -> usize {
    if about == 0 {
        return 0;
    }
    let part = ((about + 1) as f64).ln() / ((most + 1) as f64).ln();
    1 + ((part * 4.0).ceil() as usize).clamp(1, 4) - 1
}

impl Scene<'_> {
    /// Draws the map into the pane; returns the column and row of the label of the selected country.
    pub fn draw_map(self, body: Area, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        let view = self.app.view();
        let Rows::Names(names) = &view.rows else { return None };
        let about = |facet: &Facet| names.details.get(&facet.value).map_or(0, |detail| detail.about);
        let most = names.names.iter().map(about).max().unwrap_or(0).max(1);
        let levels: HashMap<&str, usize> =
            names.names.iter().map(|facet| (facet.value.as_str(), level(about(facet), most))).collect();
        let levels: Vec<usize> =
            lands().iter().map(|land| levels.get(land.code).copied().unwrap_or(0)).collect();
        // The last row names those that are too small for the map.
        let map = Area { height: body.height.saturating_sub(1), ..body };
        let picture = Picture::new(usize::from(map.width) * 2, usize::from(map.height) * 4);
        for row in 0..map.height {
            let line = cells(&picture, row.into(), &levels, self.theme.glyphs);
            pen.put(map.x, map.y + row, map.width, line.trim_end(), Part::Text);
        }
        let mut taken: Vec<(u16, u16, u16)> = Vec::new();
        let selected = names.names.get(view.scroll.at);
        let mut cursor = None;
        if let Some(facet) = selected {
            let text = format!("[{} {}]", facet.name, about(facet));
            let at = self.place_of(&picture, map, facet, &text).unwrap_or((map.x, map.y + map.height - 1));
            taken.push((at.0, at.1, width::cells(&text) as u16));
            cursor = Some((at, text));
        }
        for facet in names.names.iter().filter(|facet| about(facet) > 0).take(LABELS) {
            let Some((x, y)) = self.place_of(&picture, map, facet, &facet.value) else { continue };
            let free = |(left, row, cells): &(u16, u16, u16)| y != *row || x + 3 <= *left || left + cells < x;
            if taken.iter().all(free) {
                pen.put(x, y, 2, &facet.value, Part::Headline);
                taken.push((x, y, 2));
            }
        }
        self.draw_unmapped(names, Area { y: map.y + map.height, height: 1, ..body }, pen);
        let ((x, y), text) = cursor?;
        let part = if self.is_focused(Pane::List) { Part::Selected } else { Part::SelectedElsewhere };
        pen.put(x, y, (map.x + map.width).saturating_sub(x), &text, part);
        Some((x, y))
    }

    /// Where the label of a country begins; `None` for a country that is not on the map.
    fn place_of(self, picture: &Picture, map: Area, facet: &Facet, label: &str) -> Option<(u16, u16)> {
        let (x, y) = picture.dot(world::find(&facet.value)?.middle);
        let cells = width::cells(label) as u16;
        let x = (map.x + x as u16 / 2).saturating_sub(cells / 2).max(map.x);
        let x = x.min((map.x + map.width).saturating_sub(cells));
        Some((x, map.y + y as u16 / 4))
    }

    /// Names the countries of the result that the outlines do not have.
    fn draw_unmapped(self, names: &Names, line: Area, pen: &mut Pen<'_>) {
        let others = names.names.iter().filter(|facet| world::find(&facet.value).is_none()).take(8);
        let others: Vec<String> = others.map(|facet| format!("{} {}", facet.name, facet.count)).collect();
        if !others.is_empty() {
            let text = format!("Too small for the map: {}", others.join(", "));
            pen.put(line.x + 1, line.y, line.width.saturating_sub(2), &text, Part::Dim);
        }
        debug_assert_eq!(names.kind, FacetKind::Entity(crate::annotation::Kind::Country));
    }
}

/// A row of cells of the map.
fn cells(picture: &Picture, row: usize, levels: &[usize], glyphs: Glyphs) -> String {
    (0..picture.width / 2).map(|column| cell(picture, column, row, levels, glyphs)).collect()
}

fn cell(picture: &Picture, column: usize, row: usize, levels: &[usize], glyphs: Glyphs) -> char {
    let mut bits = 0;
    let mut owned: [usize; 5] = [0; 5];
    for (y, bits_of_row) in BITS.iter().enumerate() {
        for (x, bit) in bits_of_row.iter().enumerate() {
            let (x, y) = (column * 2 + x, row * 4 + y);
            let Some(level) = picture.owner(x, y).and_then(|place| levels.get(place)) else { continue };
            if let Some(owned) = owned.get_mut(*level) {
                *owned += 1;
            }
            let order = ORDER.get(y % 4).and_then(|order| order.get(x % 4)).copied().unwrap_or(0);
            if DENSITY.get(*level).is_some_and(|density| order < *density) {
                bits |= bit;
            }
        }
    }
    if glyphs == Glyphs::Ascii {
        let level = owned.iter().enumerate().filter(|(_, dots)| **dots > 0).max_by_key(|(_, dots)| **dots);
        let land = owned.iter().sum::<usize>() >= 3;
        return level.filter(|_| land).and_then(|(level, _)| PLAIN.get(level)).copied().unwrap_or(' ');
    }
    if bits == 0 { ' ' } else { char::from_u32(0x2800 + bits).unwrap_or(' ') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_articles_are_more_ink() {
        let levels: Vec<usize> = [0, 1, 3, 40, 900].into_iter().map(|about| level(about, 900)).collect();
        assert!(levels.is_sorted() && levels[0] == 0 && levels[1] > 0 && levels[4] == 4, "{levels:?}");
        let picture = Picture::new(160, 68);
        let ink = |level: usize| -> u32 {
            let levels = vec![level; lands().len()];
            (0..17)
                .flat_map(|row| cells(&picture, row, &levels, Glyphs::Unicode).chars().collect::<Vec<char>>())
                .map(|c| (c as u32).saturating_sub(0x2800).min(0xFF).count_ones() * u32::from(c != ' '))
                .sum()
        };
        assert!((0..4).all(|level| ink(level) < ink(level + 1)));
    }

    #[test]
    fn the_map_is_plain_where_the_terminal_is() {
        let picture = Picture::new(160, 68);
        let levels = vec![4; lands().len()];
        let rows: Vec<String> = (0..17).map(|row| cells(&picture, row, &levels, Glyphs::Ascii)).collect();
        assert!(rows.iter().all(|row| row.is_ascii() && row.len() == 80));
        let land = rows.iter().flat_map(|row| row.chars()).filter(|c| *c == '@').count();
        // Nearly a third of what is drawn is land.
        assert!((350..600).contains(&land), "{land}");
    }
}
