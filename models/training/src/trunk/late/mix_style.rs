//! `MixStyle`: mixes the feature statistics of photos (arXiv 2104.02008).

use burn::tensor::{Tensor, TensorData};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// For each row of a batch, the row whose style is mixed in, and its share.
#[derive(Debug, PartialEq)]
pub(super) struct Mixing {
    rows: Vec<(usize, f32)>,
}

impl Mixing {
    /// With probability `often`, each row keeps a share of its own style, drawn from Beta(0.1, 0.1), and takes the rest
    /// from a random row; otherwise all rows keep their own style.
    pub(super) fn draw(often: f64, rows: usize, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        if !rng.random_bool(often) {
            return Self { rows: Vec::new() };
        }
        let mut row = |_| (rng.random_range(0..rows), 1.0 - beta_tenth(&mut rng));
        Self { rows: (0..rows).map(&mut row).collect() }
    }

    /// Mixes means and standard deviations of the channels of `[n, channels, h, w]`; normalised values are unchanged.
    pub(super) fn apply(&self, maps: Tensor<4>) -> Tensor<4> {
        let [n, channels, height, width] = maps.dims();
        if self.rows.len() != n {
            return maps;
        }
        let device = maps.device();
        let flat = maps.reshape([n, channels, height * width]);
        let mean = flat.clone().mean_dim(2);
        let deviation = ((flat.clone() - mean.clone()).square().mean_dim(2) + 1e-6).sqrt();
        let others: Vec<i64> = self.rows.iter().map(|(other, _)| *other as i64).collect();
        let others = Tensor::from_data(TensorData::new(others, [n]), &device);
        let share: Vec<f32> = self.rows.iter().map(|(_, share)| *share).collect();
        let share = Tensor::<1>::from_data(TensorData::new(share, [n]), &device).reshape([n, 1, 1]);
        let mixed = |own: Tensor<3>| own.clone() + (own.clone().select(0, others.clone()) - own) * share.clone();
        let normal = (flat - mean.clone()) / deviation.clone();
        (normal * mixed(deviation) + mixed(mean)).reshape([n, channels, height, width])
    }
}

/// A draw from Beta(0.1, 0.1) by Jöhnk's method: mostly near 0 or near 1.
fn beta_tenth(rng: &mut impl Rng) -> f32 {
    loop {
        let [x, y] = [(); 2].map(|()| rng.random_range(f64::MIN_POSITIVE..1.0).powf(10.0));
        if x + y > 0.0 && x + y <= 1.0 {
            return (x / (x + y)) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn a_row_with_another_rows_full_style_has_its_mean_and_deviation() {
        let device = Device::flex();
        let values = vec![0.0f32, 2.0, 4.0, 6.0, 10.0, 10.5, 11.0, 11.5];
        let maps = Tensor::from_data(TensorData::new(values, [2, 1, 2, 2]), &device);
        let mixed: Vec<f32> = Mixing { rows: vec![(1, 1.0), (1, 1.0)] }.apply(maps).into_data().iter().collect();
        let expected = [10.0, 10.5, 11.0, 11.5, 10.0, 10.5, 11.0, 11.5];
        assert!(mixed.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{mixed:?}");
    }

    #[test]
    fn probability_zero_never_mixes_and_most_shares_are_near_zero_or_one() {
        assert!(Mixing::draw(0.0, 8, 1).rows.is_empty());
        let shares: Vec<f32> = Mixing::draw(1.0, 2000, 1).rows.iter().map(|(_, share)| *share).collect();
        let extreme = shares.iter().filter(|share| **share < 0.1 || **share > 0.9).count();
        assert!((1500..1950).contains(&extreme), "{extreme}");
    }
}
