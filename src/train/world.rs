//! The outlines of the countries for the map of the world.
//!
//! In: Natural Earth's countries at 1:110m as TopoJSON (`countries-110m.json` of the package world-atlas) and the codes
//! of ISO 3166-1 as rows of alpha-2, alpha-3 and number (`codes.json` of the package i18n-iso-countries). Out:
//! `assets/world.tsv`, sorted: the same files give the same bytes.

use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why the outlines could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not read {path}: {cause}")]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("could not read {path} as it should be: {cause}")]
    OfAnotherForm { path: PathBuf, cause: serde_json::Error },
    #[error("could not find a code for the country {0}")]
    NoCode(String),
    #[error("could not write {path}: {cause}")]
    Unwritable { path: PathBuf, cause: io::Error },
}

const HEAD: &str = "\
# Outlines of the countries: code, and rings divided by ';'. A ring is points of longitude and latitude in tenths of a
# degree, the first as it is and each other one as its distance from the one before. See NOTICE for the origin.
";

/// Those of the file that have no number: Kosovo has a code that the European Union uses, the other two are drawn as
/// parts of the countries that ISO 3166 says they belong to.
const UNNUMBERED: [(&str, &str); 3] = [("Kosovo", "XK"), ("N. Cyprus", "CY"), ("Somaliland", "SO")];

/// Nobody writes about it often enough for a fifth of the map.
const LEFT_OUT: &str = "AQ";

#[derive(Deserialize)]
struct Topology {
    objects: Objects,
    transform: Transform,
    arcs: Vec<Vec<(i64, i64)>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
    translate: (f64, f64),
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Country>,
}

#[derive(Deserialize)]
struct Country {
    id: Option<String>,
    properties: Properties,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Vec<i64>>),
    MultiPolygon(Vec<Vec<Vec<i64>>>),
}

/// Writes the outlines.
pub fn build(atlas: &Path, codes: &Path) -> Result<String, Fault> {
    let atlas: Topology = read(atlas)?;
    let codes: Vec<(String, String, String, String)> = read(codes)?;
    let codes: HashMap<String, String> =
        codes.into_iter().map(|(code, _, number, _)| (number, code)).collect();
    let arcs: Vec<Vec<(f64, f64)>> = atlas.arcs.iter().map(|arc| points(arc, &atlas.transform)).collect();
    let mut lands: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for country in &atlas.objects.countries.geometries {
        let name = &country.properties.name;
        let unnumbered = UNNUMBERED.iter().find(|(known, _)| known == name).map(|(_, code)| *code);
        let numbered = || codes.get(country.id.as_ref()?).map(String::as_str);
        let code = unnumbered.or_else(numbered).ok_or_else(|| Fault::NoCode(name.clone()))?;
        let rings: Vec<&Vec<i64>> = match &country.shape {
            Shape::Polygon(rings) => rings.iter().collect(),
            Shape::MultiPolygon(parts) => parts.iter().flatten().collect(),
        };
        if code != LEFT_OUT {
            lands.entry(code).or_default().extend(rings.into_iter().filter_map(|ring| written(ring, &arcs)));
        }
    }
    let mut text = HEAD.to_owned();
    for (code, rings) in &lands {
        text.push_str(&format!("{code}\t{}\n", rings.join(";")));
    }
    let path = Path::new("assets/world.tsv");
    fs::write(path, &text).map_err(|cause| Fault::Unwritable { path: path.to_owned(), cause })?;
    Ok(format!("{} countries, {} bytes", lands.len(), text.len()))
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Fault> {
    let text =
        fs::read_to_string(path).map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })?;
    serde_json::from_str(&text).map_err(|cause| Fault::OfAnotherForm { path: path.to_owned(), cause })
}

/// The points of an arc, which are stored as their distances.
fn points(arc: &[(i64, i64)], transform: &Transform) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (0, 0);
    let mut points = Vec::with_capacity(arc.len());
    for (dx, dy) in arc {
        (x, y) = (x + dx, y + dy);
        let at = |step: i64, scale: f64, from: f64| step as f64 * scale + from;
        points.push((
            at(x, transform.scale.0, transform.translate.0),
            at(y, transform.scale.1, transform.translate.1),
        ));
    }
    points
}

/// A closed line as it is written; `None` where nothing is left of it.
fn written(ring: &[i64], arcs: &[Vec<(f64, f64)>]) -> Option<String> {
    let mut line: Vec<(i64, i64)> = Vec::new();
    for arc in ring {
        // A negative number is an arc from its end.
        let backwards = *arc < 0;
        let place = usize::try_from(if backwards { !arc } else { *arc }).ok()?;
        let mut points = arcs.get(place)?.clone();
        if backwards {
            points.reverse();
        }
        for (longitude, latitude) in points {
            let point = ((longitude * 10.0).round() as i64, (latitude * 10.0).round() as i64);
            if line.last() != Some(&point) {
                line.push(point);
            }
        }
    }
    if line.len() < 4 {
        return None;
    }
    let mut last = (0, 0);
    let mut steps = Vec::with_capacity(line.len());
    for (x, y) in line {
        steps.push(format!("{},{}", x - last.0, y - last.1));
        last = (x, y);
    }
    Some(steps.join(" "))
}
