//! The map of the world: which country a dot of a picture lies in, and which country lies next in some direction.
//!
//! The outlines are those of `assets/world.tsv` (see NOTICE), with longitude and latitude as straight lines. Must not know
//! what is drawn.

use std::sync::OnceLock;

const OUTLINES: &str = include_str!("../../assets/world.tsv");

/// The latitudes that are drawn, in tenths of a degree: without Antarctica and the north of Greenland.
const NORTH: f32 = 835.0;
const SOUTH: f32 = -560.0;
/// All longitudes, in tenths of a degree.
const WEST: f32 = -1800.0;
const ROUND: f32 = 3600.0;

/// One country with its outlines.
#[derive(Clone, Debug)]
pub struct Land {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// Closed lines of longitude and latitude, in tenths of a degree.
    rings: Vec<Vec<(f32, f32)>>,
    /// The middle of its largest part.
    pub middle: (f32, f32),
}

/// A way on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    North,
    South,
    East,
    West,
}

/// All countries that are drawn, by code.
pub fn lands() -> &'static [Land] {
    static LANDS: OnceLock<Vec<Land>> = OnceLock::new();
    LANDS.get_or_init(|| OUTLINES.lines().filter_map(read).collect())
}

/// A line of the file; `None` for a comment.
fn read(line: &'static str) -> Option<Land> {
    let (code, rings) = line.split_once('\t')?;
    let rings: Vec<Vec<(f32, f32)>> = rings.split(';').map(ring).collect();
    let largest = rings.iter().max_by(|one, other| area(one).abs().total_cmp(&area(other).abs()))?;
    Some(Land { code, middle: middle(largest), rings })
}

fn ring(text: &str) -> Vec<(f32, f32)> {
    let mut at = (0.0, 0.0);
    let mut points = Vec::new();
    for step in text.split(' ') {
        let Some((x, y)) = step.split_once(',') else { continue };
        let (Ok(x), Ok(y)) = (x.parse::<f32>(), y.parse::<f32>()) else { continue };
        at = (at.0 + x, at.1 + y);
        points.push(at);
    }
    points
}

/// The pairs of neighbouring points of a closed line.
fn sides(ring: &[(f32, f32)]) -> impl Iterator<Item = ((f32, f32), (f32, f32))> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The area that a line encloses; negative where it goes round the other way.
fn area(ring: &[(f32, f32)]) -> f32 {
    sides(ring).map(|((a, b), (c, d))| a * d - c * b).sum::<f32>() / 2.0
}

/// The centre of gravity of what a line encloses.
fn middle(ring: &[(f32, f32)]) -> (f32, f32) {
    let six = 6.0 * area(ring);
    let (mut x, mut y) = (0.0, 0.0);
    for ((a, b), (c, d)) in sides(ring) {
        let cross = a * d - c * b;
        x += (a + c) * cross;
        y += (b + d) * cross;
    }
    if six == 0.0 { ring.first().copied().unwrap_or_default() } else { (x / six, y / six) }
}

pub fn find(code: &str) -> Option<&'static Land> {
    lands().iter().find(|land| land.code == code)
}

/// The dots of a picture of the world, each with the country that it lies in.
#[derive(Clone, Debug)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    /// By row, then by column: the place among [`lands`]; `None` in the sea.
    owners: Vec<Option<u8>>,
}

impl Picture {
    /// A picture of so many dots. Every country has a dot at least.
    pub fn new(width: usize, height: usize) -> Picture {
        let mut picture = Picture { width, height, owners: vec![None; width * height] };
        let mut small = Vec::new();
        for (place, land) in (0u8..=u8::MAX).zip(lands()) {
            if !picture.fill(place, land) {
                small.push((place, land));
            }
        }
        for (place, land) in small {
            let (x, y) = picture.dot(land.middle);
            picture.put(x, y, place);
        }
        picture
    }

    /// The country of a dot, by its place among [`lands`].
    pub fn owner(&self, x: usize, y: usize) -> Option<usize> {
        if x >= self.width {
            return None;
        }
        self.owners.get(y * self.width + x).copied().flatten().map(usize::from)
    }

    /// The dot of a point.
    pub fn dot(&self, (longitude, latitude): (f32, f32)) -> (usize, usize) {
        let x = (longitude - WEST) / ROUND * self.width as f32;
        let y = (NORTH - latitude) / (NORTH - SOUTH) * self.height as f32;
        let within = |at: f32, most: usize| (at.max(0.0) as usize).min(most.saturating_sub(1));
        (within(x, self.width), within(y, self.height))
    }

    fn put(&mut self, x: usize, y: usize, place: u8) {
        if let Some(owner) = self.owners.get_mut(y * self.width + x) {
            *owner = Some(place);
        }
    }

    /// Fills the dots whose middles lie within the country; returns whether there are any.
    fn fill(&mut self, place: u8, land: &Land) -> bool {
        let mut crossings: Vec<Vec<f32>> = vec![Vec::new(); self.height];
        let row = (NORTH - SOUTH) / self.height.max(1) as f32;
        let latitude = |y: usize| NORTH - (y as f32 + 0.5) * row;
        for ((a, b), (c, d)) in land.rings.iter().flat_map(|ring| sides(ring)) {
            let (top, bottom) = (b.max(d), b.min(d));
            let from = (((NORTH - top) / row - 0.5).floor().max(0.0)) as usize;
            let to = (((NORTH - bottom) / row - 0.5).ceil().max(0.0)) as usize;
            for y in from..(to + 1).min(self.height) {
                let at = latitude(y);
                if (b <= at) != (d <= at)
                    && let Some(crossings) = crossings.get_mut(y)
                {
                    crossings.push(a + (at - b) / (d - b) * (c - a));
                }
            }
        }
        let mut any = false;
        for (y, mut crossings) in crossings.into_iter().enumerate() {
            crossings.sort_by(f32::total_cmp);
            for pair in crossings.as_chunks::<2>().0 {
                let column = |longitude: f32| (longitude - WEST) / ROUND * self.width as f32 - 0.5;
                let from = column(pair[0]).ceil().max(0.0) as usize;
                let to = column(pair[1]).floor();
                if to < 0.0 {
                    continue;
                }
                for x in from..(to as usize + 1).min(self.width) {
                    self.put(x, y, place);
                    any = true;
                }
            }
        }
        any
    }
}

/// The country among `codes` that lies next to one in some direction: the nearest one, where what lies to the side
/// counts twice, and one that lies to the side more than that way only where there is no other. Its place among `codes`.
pub fn next<'a>(from: &str, way: Way, codes: impl Iterator<Item = &'a str>) -> Option<usize> {
    let (x, y) = find(from)?.middle;
    let mut best: Option<(f32, usize)> = None;
    for (place, code) in codes.enumerate().filter(|(_, code)| *code != from) {
        let Some(land) = find(code) else { continue };
        let (dx, dy) = (land.middle.0 - x, land.middle.1 - y);
        let (ahead, aside) = match way {
            Way::North => (dy, dx),
            Way::South => (-dy, dx),
            Way::East => (dx, dy),
            Way::West => (-dx, dy),
        };
        let beside = if aside.abs() > 2.0 * ahead { ROUND } else { 0.0 };
        let distance = ahead + 2.0 * aside.abs() + beside;
        if ahead > 0.0 && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, place));
        }
    }
    best.map(|(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::CountryCode;

    #[test]
    fn every_country_has_a_code_and_a_dot() {
        assert!(lands().len() > 170);
        for (width, height) in [(160, 68), (300, 160)] {
            let picture = Picture::new(width, height);
            let seen: std::collections::BTreeSet<usize> = (0..height)
                .flat_map(|y| (0..width).map(move |x| (x, y)))
                .filter_map(|(x, y)| picture.owner(x, y))
                .collect();
            assert!(lands().iter().all(|land| CountryCode::new(land.code).is_some()));
            // Two countries that are smaller than a dot may share one.
            assert!(seen.len() * 5 > lands().len() * 4, "{} of {}", seen.len(), lands().len());
        }
    }

    #[test]
    fn places_lie_in_their_countries() {
        let picture = Picture::new(720, 280);
        let check = |longitude: f32, latitude: f32, code: Option<&str>| {
            let (x, y) = picture.dot((longitude * 10.0, latitude * 10.0));
            assert_eq!(picture.owner(x, y).map(|place| lands()[place].code), code, "{longitude} {latitude}");
        };
        check(2.35, 46.9, Some("FR"));
        check(-98.0, 39.0, Some("US"));
        check(134.0, -25.0, Some("AU"));
        check(100.0, 60.0, Some("RU"));
        check(28.5, -29.5, Some("LS"));
        check(-30.0, 30.0, None);
        check(80.0, -30.0, None);
    }

    #[test]
    fn the_arrows_go_to_neighbours() {
        let codes = ["FR", "ES", "DE", "GB", "IT", "PL", "US", "BR"];
        let go = |from: &str, way: Way| next(from, way, codes.into_iter()).map(|place| codes[place]);
        assert_eq!(go("FR", Way::North), Some("GB"));
        assert_eq!(go("FR", Way::South), Some("ES"));
        assert_eq!(go("DE", Way::East), Some("PL"));
        assert_eq!(go("US", Way::West), None);
        assert_eq!(go("US", Way::South), Some("BR"));
    }
}
