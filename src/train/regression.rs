//! A logistic regression: how likely something holds, by a weighted sum of features.
//!
//! In: rows of features, each with whether it holds. Out: weights for the features as they are, and a last number that is
//! added to the sum. Newton's method from zero, so that the same rows give the same weights; features are learnt in units
//! of their standard deviation, and large weights are held back by [`HOLD`].

/// How much the square of each weight counts against it.
const HOLD: f64 = 8.0;
const STEPS: usize = 12;

/// One thing that holds or does not.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is left out together in a cross-validation: the number of the article.
    pub article: usize,
    pub features: Vec<f64>,
    pub holds: bool,
}

/// The weights of `rows`, which all have the same number of features; the last one is the constant.
pub fn fit(rows: &[&Row]) -> Vec<f64> {
    let width = rows.first().map_or(0, |row| row.features.len());
    let count = rows.len().max(1) as f64;
    let mean: Vec<f64> =
        (0..width).map(|at| rows.iter().map(|row| row.features[at]).sum::<f64>() / count).collect();
    let deviation: Vec<f64> = (0..width)
        .map(|at| {
            let squares: f64 = rows.iter().map(|row| (row.features[at] - mean[at]).powi(2)).sum();
            (squares / count).sqrt().max(1e-6)
        })
        .collect();
    let scaled: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            let features = (0..width).map(|at| (row.features[at] - mean[at]) / deviation[at]);
            features.chain([1.0]).collect()
        })
        .collect();
    let mut weights = vec![0.0; width + 1];
    for _ in 0..STEPS {
        let hold = |at: usize| if at < width { HOLD } else { 0.0 };
        let mut slope: Vec<f64> = (0..=width).map(|at| -hold(at) * weights[at]).collect();
        let mut curve = vec![vec![0.0; width + 1]; width + 1];
        for (at, row) in curve.iter_mut().enumerate() {
            row[at] = hold(at) + 1e-9;
        }
        for (features, row) in scaled.iter().zip(rows) {
            let chance = logistic(dot(&weights, features));
            let left = f64::from(u8::from(row.holds)) - chance;
            for (at, feature) in features.iter().enumerate() {
                slope[at] += left * feature;
                for (other, second) in features.iter().enumerate() {
                    curve[at][other] += chance * (1.0 - chance) * feature * second;
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solve(curve, slope)) {
            *weight += step;
        }
    }
    let constant: f64 = (0..width).map(|at| weights[at] * mean[at] / deviation[at]).sum();
    let mut plain: Vec<f64> = (0..width).map(|at| weights[at] / deviation[at]).collect();
    plain.push(weights[width] - constant);
    plain
}

/// How likely it is that the features hold, by weights of [`fit`].
pub fn chance(weights: &[f64], features: &[f64]) -> f64 {
    logistic(dot(weights, features) + weights[features.len()])
}

/// The chance of each row by the weights of the rows of other articles, in `folds` parts.
pub fn cross_validate(rows: &[Row], folds: usize) -> Vec<f64> {
    // A multiplier mixes the articles, whose neighbours come from one source.
    let fold = |row: &Row| row.article.wrapping_mul(0x9E37_79B9) / 64 % folds;
    let mut chances = vec![0.0; rows.len()];
    for part in 0..folds {
        let others: Vec<&Row> = rows.iter().filter(|row| fold(row) != part).collect();
        let weights = fit(&others);
        for (row, found) in rows.iter().zip(&mut chances).filter(|(row, _)| fold(row) == part) {
            *found = chance(&weights, &row.features);
        }
    }
    chances
}

fn logistic(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum.clamp(-30.0, 30.0)).exp())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves a system of linear equations by elimination.
fn solve(mut left: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for at in 0..size {
        let pivot = (at..size).max_by(|a, b| left[*a][at].abs().total_cmp(&left[*b][at].abs())).unwrap_or(at);
        left.swap(at, pivot);
        right.swap(at, pivot);
        for below in at + 1..size {
            let part = left[below][at] / left[at][at];
            let row = left[at].clone();
            for (value, above) in left[below].iter_mut().zip(&row).skip(at) {
                *value -= part * above;
            }
            right[below] -= part * right[at];
        }
    }
    let mut found = vec![0.0; size];
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size).map(|other| left[at][other] * found[other]).sum();
        found[at] = (right[at] - known) / left[at][at];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Row, chance, cross_validate, fit};

    fn rows() -> Vec<Row> {
        let row = |at: usize| Row {
            article: at,
            features: vec![at as f64, (at % 3) as f64],
            holds: at > 20 || at == 7,
        };
        (0..40).map(row).collect()
    }

    #[test]
    fn what_holds_is_likelier() {
        let rows = rows();
        let weights = fit(&rows.iter().collect::<Vec<_>>());
        assert!(chance(&weights, &[35.0, 1.0]) > 0.8);
        assert!(chance(&weights, &[3.0, 1.0]) < 0.2);
    }

    #[test]
    fn a_row_is_judged_by_the_others() {
        let chances = cross_validate(&rows(), 5);
        assert!(chances[7] < 0.5 && chances[35] > 0.5, "{chances:?}");
    }
}
