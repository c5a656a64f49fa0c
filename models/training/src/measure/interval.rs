//! Figures with their 95 % intervals.

use std::collections::BTreeMap;
use std::fmt;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::metrics::Judged;

/// A figure and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure on all photos.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} ({:.3} to {:.3})", self.value, self.low, self.high)
    }
}

/// An item of a bootstrap, which is drawn with its whole group.
pub trait Drawn {
    /// The stratum, whose number of groups is kept, and the group.
    fn unit(&self) -> (usize, &str);
}

impl Drawn for Judged {
    fn unit(&self) -> (usize, &str) {
        (self.truth, &self.group)
    }
}

/// A statistic and its 95 % interval from 1,000 bootstraps, which draw whole groups within each stratum with
/// replacement. The seed is fixed: the same answers give the same interval.
///
/// Photos of one leaf are not independent, so leaves are drawn, not photos. If all groups give the same value, the
/// interval is one point, which does not cover leaves unlike these.
pub fn estimate<T: Drawn>(items: &[T], statistic: impl Fn(&[&T]) -> f64) -> Estimate {
    const DRAWS: usize = 1000;
    let mut strata: BTreeMap<usize, BTreeMap<&str, Vec<&T>>> = BTreeMap::new();
    for item in items {
        let (stratum, group) = item.unit();
        strata.entry(stratum).or_default().entry(group).or_default().push(item);
    }
    let strata: Vec<Vec<Vec<&T>>> = strata.into_values().map(|groups| groups.into_values().collect()).collect();
    let mut rng = StdRng::seed_from_u64(1);
    let mut drawn = Vec::new();
    let mut values: Vec<f64> = (0..DRAWS)
        .map(|_| {
            drawn.clear();
            for groups in &strata {
                for _ in 0..groups.len() {
                    drawn.extend(&groups[rng.random_range(0..groups.len())]);
                }
            }
            statistic(&drawn)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let all: Vec<&T> = items.iter().collect();
    Estimate { value: statistic(&all), low: values[DRAWS / 40], high: values[DRAWS - 1 - DRAWS / 40] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::metrics::{Confusion, share};
    use mango_inference::Verdict;

    fn judged(truth: usize, predicted: usize, group: &str) -> Judged {
        Judged { truth, predicted, probability: 0.9, verdict: Verdict::Unsure, group: group.to_owned() }
    }

    fn macro_f1(photos: &[Judged]) -> Estimate {
        estimate(photos, |drawn| Confusion::new(2, drawn.iter().copied()).macro_f1())
    }

    #[test]
    fn the_interval_contains_the_score_and_is_a_point_if_all_is_right() {
        let right: Vec<Judged> = (0..20).map(|i| judged(i % 2, i % 2, &format!("g{i}"))).collect();
        assert_eq!(macro_f1(&right), Estimate { value: 1.0, low: 1.0, high: 1.0 });
        let mixed: Vec<Judged> = (0..40).map(|i| judged(i % 2, i / 3 % 2, &format!("g{i}"))).collect();
        let Estimate { value, low, high } = macro_f1(&mixed);
        assert!(low < value && value < high, "{low} {value} {high}");
    }

    #[test]
    fn fewer_leaves_with_more_photos_give_a_wider_interval() {
        let of = |leaves: usize| {
            let photos: Vec<Judged> = (0..120)
                .map(|i| judged(0, usize::from(i % leaves < leaves / 4), &format!("g{}", i % leaves)))
                .collect();
            let right = estimate(&photos, |drawn| share(drawn, |photo| photo.is_right()));
            right.high - right.low
        };
        assert!(of(8) > 2.0 * of(120), "{} {}", of(8), of(120));
    }
}
