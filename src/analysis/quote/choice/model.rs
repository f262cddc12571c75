//! What each feature is worth: `assets/speakers.bin`, which `dateline-train speakers` makes.
//!
//! In: the sheets of an article. Out: for each candidate a share of one. Two passes: a sum of weights for each
//! candidate, and small trees that correct it by what the first pass says of this quote and the ones beside it. All
//! sums are of integers, and the exponential is made of products alone, so that the result is the same on every
//! machine. Must not know what a feature means.

use super::Sheet;
use super::candidate::Part;
use std::sync::OnceLock;

/// Places of the table of weights; features share a place by chance.
pub const SIZE: usize = 1 << 15;
/// What stands for a weight of one.
pub const WEIGHT: f64 = 1024.0;
/// Decisions of a tree, which has one leaf more.
pub const STEPS: usize = 5;
/// Numbers that tell of the first pass.
pub const NEIGHBOURS: usize = 11;
/// A candidate with less in the first pass is not looked at again.
pub const LEAST: f64 = 0.01;

/// The first word of the asset: its form.
const MAGIC: &[u8; 4] = b"SPK1";
const TREE_BYTES: usize = STEPS * 5 + (STEPS + 1) * 2;

/// A small tree: at step `i` the number `of` decides, by at most `limit`, which step or leaf is next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub steps: [Step; STEPS],
    pub leaves: [i16; STEPS + 1],
}

/// One decision. `next` below [`STEPS`] is a step, above it a leaf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub of: u8,
    pub limit: i16,
    pub next: [u8; 2],
}

impl Tree {
    /// The leaf that `numbers` lead to.
    pub fn value(&self, numbers: &Numbers) -> i32 {
        let mut at = 0;
        for _ in 0..STEPS {
            let Some(step) = self.steps.get(at) else { break };
            let number = numbers[usize::from(step.of)];
            at = usize::from(step.next[usize::from(number > step.limit)]);
            if at >= STEPS {
                return self.leaves.get(at - STEPS).copied().map_or(0, i32::from);
            }
        }
        0
    }
}

/// The numbers that trees decide by: those of the part, then those of its neighbours, then zeros, so that every number
/// of a step is there.
pub type Numbers = [i16; 256];

/// The numbers of a part.
pub fn numbers(own: &[i16], neighbours: &[i16]) -> Numbers {
    let mut numbers = [0; 256];
    let values = own.iter().chain(neighbours);
    numbers.iter_mut().zip(values).for_each(|(number, value)| *number = *value);
    numbers
}

/// The weights and the trees.
#[derive(Debug, Default)]
pub struct Model {
    weights: Vec<i16>,
    trees: Vec<Tree>,
}

static SHIPPED: &[u8] = include_bytes!("../../../../assets/speakers.bin");

impl Model {
    pub fn shipped() -> &'static Model {
        static MODEL: OnceLock<Model> = OnceLock::new();
        // The tests read the asset whole; of a damaged one no candidate is likelier than another.
        MODEL.get_or_init(|| Model::read(SHIPPED).unwrap_or_default())
    }

    /// The model of these bytes; none where they do not have the form.
    pub fn read(bytes: &[u8]) -> Option<Model> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (weights, rest) = rest.split_at_checked(2 * SIZE)?;
        let (count, rest) = rest.split_at_checked(2)?;
        let short = |bytes: &[u8]| Some(i16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]));
        let count = usize::from(u16::from_le_bytes([*count.first()?, *count.get(1)?]));
        if rest.len() != count * TREE_BYTES {
            return None;
        }
        let weights = weights.chunks_exact(2).map(short).collect::<Option<Vec<i16>>>()?;
        let tree = |bytes: &[u8]| {
            let (steps, leaves) = bytes.split_at_checked(STEPS * 5)?;
            let step = |bytes: &[u8]| match bytes {
                [of, low, high, left, right] => {
                    Some(Step { of: *of, limit: i16::from_le_bytes([*low, *high]), next: [*left, *right] })
                }
                _ => None,
            };
            let mut tree = Tree::default();
            for (to, bytes) in tree.steps.iter_mut().zip(steps.chunks_exact(5)) {
                *to = step(bytes)?;
            }
            for (to, bytes) in tree.leaves.iter_mut().zip(leaves.chunks_exact(2)) {
                *to = short(bytes)?;
            }
            Some(tree)
        };
        let trees = rest.chunks_exact(TREE_BYTES).map(tree).collect::<Option<Vec<Tree>>>()?;
        Some(Model { weights, trees })
    }

    /// For each sheet the share of each of its parts; the shares of a sheet add up to one.
    pub fn shares(&self, sheets: &[Sheet]) -> Vec<Vec<f64>> {
        let weigh = |sheet: &Sheet| -> Vec<i32> {
            let weight = |feature: &u32| i32::from(self.weights.get(slot_of(*feature)).copied().unwrap_or(0));
            (0..sheet.parts.len()).map(|part| sheet.features_of(part).iter().map(weight).sum()).collect()
        };
        let scores: Vec<Vec<i32>> = sheets.iter().map(weigh).collect();
        let first: Vec<Vec<f64>> = scores.iter().map(|scores| shares(scores)).collect();
        if self.trees.is_empty() {
            return together(sheets, first);
        }
        let mut second = Vec::with_capacity(first.len());
        for (at, sheet) in sheets.iter().enumerate() {
            let mut sums = scores.get(at).cloned().unwrap_or_default();
            for (part, sum) in sums.iter_mut().enumerate() {
                if !is_looked_at(&first, at, part) {
                    continue;
                }
                let beside = neighbours(sheets, &scores, &first, at, part);
                let numbers = numbers(sheet.numbers_of(part), &beside);
                *sum += self.trees.iter().map(|tree| tree.value(&numbers)).sum::<i32>();
            }
            second.push(shares(&sums));
        }
        together(sheets, second)
    }
}

/// Gives sheets that go on with one another one speaker: whom the first of them is by, because the verb stands beside it.
/// How likely the words are nobody's is weighed for each by itself.
pub fn together(sheets: &[Sheet], mut shares: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let share = |sheet: &Sheet, shares: &[f64], wanted: Part| {
        let at = sheet.parts.iter().position(|part| *part == wanted);
        at.and_then(|at| shares.get(at)).copied().unwrap_or(0.0)
    };
    let mut first = 0;
    for (at, sheet) in sheets.iter().enumerate() {
        if !sheet.goes_on {
            first = at;
            continue;
        }
        let (Some(leader), Some(leading), Some(own)) = (sheets.get(first), shares.get(first), shares.get(at))
        else {
            continue;
        };
        let nobodys = share(sheet, own, Part::Nobody);
        let said = (1.0 - share(leader, leading, Part::Nobody)).max(LEAST);
        let inherited = |part: &Part| match part {
            Part::Nobody => nobodys,
            part => share(leader, leading, *part) / said * (1.0 - nobodys),
        };
        let inherited: Vec<f64> = sheet.parts.iter().map(inherited).collect();
        if let Some(own) = shares.get_mut(at) {
            *own = inherited;
        }
    }
    shares
}

/// The place of a feature in the table of weights.
pub fn slot_of(feature: u32) -> usize {
    feature as usize % SIZE
}

/// Whether the second pass looks at a part: neither where the first pass is all but sure of it, nor where it is all but
/// sure that it is another.
pub fn is_looked_at(first: &[Vec<f64>], sheet: usize, part: usize) -> bool {
    let share = first.get(sheet).and_then(|shares| shares.get(part));
    share.is_some_and(|share| (LEAST..=1.0 - LEAST).contains(share))
}

/// What the first pass says of a part, of the others, and of the quotes before and behind.
pub fn neighbours(
    sheets: &[Sheet],
    scores: &[Vec<i32>],
    first: &[Vec<f64>],
    at: usize,
    part: usize,
) -> [i16; NEIGHBOURS] {
    let thousandths = |share: f64| (1000.0 * share) as i16;
    let own = first.get(at).map_or(&[][..], Vec::as_slice);
    let share = own.get(part).copied().unwrap_or(0.0);
    let score = scores.get(at).map_or(&[][..], Vec::as_slice);
    let others = || score.iter().enumerate().filter(|(other, _)| *other != part).map(|(_, score)| *score);
    let best = others().max().unwrap_or(0);
    let mine = score.get(part).copied().unwrap_or(0);
    let margin = ((mine - best) / 16).clamp(-2000, 2000) as i16;
    let other = own.iter().enumerate().filter(|(other, _)| *other != part).map(|(_, share)| *share);
    let last = own.len();
    let of = |index: usize| own.get(index).copied().unwrap_or(0.0);
    let wanted = sheets.get(at).and_then(|sheet| sheet.parts.get(part).copied());
    let here = sheets.get(at).map_or(0, |sheet| sheet.sentence);
    let beside = |index: Option<usize>| {
        let Some((sheet, shares)) = index.and_then(|index| Some((sheets.get(index)?, first.get(index)?)))
        else {
            return (-1, 99);
        };
        let same = sheet.parts.iter().position(|part| Some(*part) == wanted);
        let share = same.and_then(|same| shares.get(same)).map_or(-1, |share| thousandths(*share));
        (share, sheet.sentence.abs_diff(here).min(50) as i16)
    };
    let (before, gap_before) = beside(at.checked_sub(1));
    let (two_before, _) = beside(at.checked_sub(2));
    let (behind, gap_behind) = beside(Some(at + 1));
    [
        thousandths(share),
        margin,
        thousandths(other.fold(0.0, f64::max)),
        thousandths(of(last.wrapping_sub(2))),
        thousandths(of(last.wrapping_sub(1))),
        before,
        gap_before,
        behind,
        gap_behind,
        two_before,
        others().filter(|score| *score > mine).count() as i16,
    ]
}

/// The share of each score, by the exponential of the scores.
pub fn shares(scores: &[i32]) -> Vec<f64> {
    let most = scores.iter().copied().max().unwrap_or(0);
    let powers: Vec<f64> = scores.iter().map(|score| exponential(f64::from(score - most) / WEIGHT)).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// `e` to the power of `x`, which is not above zero, to about a part in a thousand: of products alone, which every
/// machine rounds alike.
fn exponential(x: f64) -> f64 {
    let mut power = (1.0 + x / 4096.0).max(0.0);
    for _ in 0..12 {
        power *= power;
    }
    power
}

/// The bytes of a model.
#[cfg(feature = "train")]
pub fn encode(weights: &[i16], trees: &[Tree]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    weights.iter().for_each(|weight| bytes.extend(weight.to_le_bytes()));
    bytes.extend((trees.len() as u16).to_le_bytes());
    for tree in trees {
        for step in tree.steps {
            bytes.push(step.of);
            bytes.extend(step.limit.to_le_bytes());
            bytes.extend(step.next);
        }
        tree.leaves.iter().for_each(|leaf| bytes.extend(leaf.to_le_bytes()));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_has_its_form() {
        let model = Model::read(SHIPPED).expect("assets/speakers.bin is a model");
        assert_eq!(model.weights.len(), SIZE);
        assert!(model.weights.iter().any(|weight| *weight != 0));
        assert!(Model::read(&SHIPPED[..SHIPPED.len() - 1]).is_none());
    }

    #[test]
    fn the_exponential_is_close() {
        for tenths in 0..80 {
            let x = -f64::from(tenths) / 10.0;
            assert!((exponential(x) - x.exp()).abs() < 0.002, "{x}");
        }
        let shares = shares(&[0, 0, -1024]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(shares[0], shares[1]);
        assert!(shares[2] < shares[0]);
    }

    #[test]
    fn a_tree_goes_down_to_its_leaf() {
        let mut tree = Tree { leaves: [5, 6, 7, 0, 0, 0], ..Tree::default() };
        tree.steps[0] = Step { of: 0, limit: 3, next: [STEPS as u8, 1] };
        tree.steps[1] = Step { of: 1, limit: -1, next: [STEPS as u8 + 1, STEPS as u8 + 2] };
        assert_eq!(tree.value(&numbers(&[3, 3], &[])), 5);
        assert_eq!(tree.value(&numbers(&[4], &[-1])), 6);
        assert_eq!(tree.value(&numbers(&[4, 0], &[])), 7);
    }
}
