//! Which views a step learns from.

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor, TensorData};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Lesson;
use super::mix_style::Mixing;
use crate::features::Features;
use crate::recipe::LateStages;

/// Draws photos by their weights and views evenly; what a step draws depends on the seed and the step alone.
#[derive(Debug)]
pub(super) struct Order {
    photos: WeightedIndex<f32>,
    count: usize,
    looks: usize,
    batch: usize,
    seed: u64,
}

/// One step's draw.
#[derive(Debug, PartialEq)]
pub(super) struct Draw {
    /// Photo and look of each row.
    pub(super) rows: Vec<[usize; 2]>,
    /// Seed of whose style each row takes on.
    pub(super) style: u64,
}

impl Order {
    pub(super) fn new(weights: &[f32], looks: usize, batch: usize, seed: u64) -> Result<Self> {
        let photos = WeightedIndex::new(weights).context("no photos to train on")?;
        Ok(Self { photos, count: weights.len(), looks, batch, seed })
    }

    pub(super) fn steps_per_epoch(&self) -> u64 {
        self.count.div_ceil(self.batch) as u64
    }

    pub(super) fn draw(&self, step: u64) -> Draw {
        let mut rng = StdRng::seed_from_u64(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ step);
        let rows = (0..self.batch).map(|_| [self.photos.sample(&mut rng), rng.random_range(0..self.looks)]).collect();
        Draw { rows, style: rng.random() }
    }
}

/// A step's tensors.
#[derive(Debug)]
pub(super) struct Batch {
    /// `[n, channels, height, width]` from the frozen stages, styles mixed.
    pub(super) maps: Tensor<4>,
    /// `[n, outputs]`: 1 for those that the label allows, else 0.
    pub(super) allowed: Tensor<2>,
    /// `[n, classes]`.
    pub(super) teacher_logits: Option<Tensor<2>>,
    /// `[n, the teacher's embedding length]`.
    pub(super) teacher_embeddings: Option<Tensor<2>>,
}

impl Batch {
    pub(super) fn gather(lesson: &Lesson, draw: &Draw, how: &LateStages, device: &Device) -> Self {
        let rows = |looks: &[Features]| -> Option<Tensor<2>> {
            let len = looks.first()?.len;
            let values: Vec<f32> =
                draw.rows.iter().flat_map(|[photo, look]| looks[*look].row(*photo).iter().copied()).collect();
            Some(Tensor::from_data(TensorData::new(values, [draw.rows.len(), len]), device))
        };
        let of_rows = draw.rows.iter().flat_map(|[photo, _]| &lesson.targets[*photo]);
        let allowed: Vec<f32> = of_rows.map(|allowed| f32::from(u8::from(*allowed))).collect();
        let [channels, height, width] = lesson.map_shape;
        let shape = [draw.rows.len(), channels, height, width];
        let maps = rows(&lesson.maps).map_or_else(|| Tensor::zeros(shape, device), |maps| maps.reshape(shape));
        Self {
            maps: Mixing::draw(how.mix_style, draw.rows.len(), draw.style).apply(maps),
            allowed: Tensor::from_data(TensorData::new(allowed, [draw.rows.len(), lesson.outputs]), device),
            teacher_logits: rows(&lesson.teacher_logits),
            teacher_embeddings: rows(&lesson.teacher_embeddings),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_draws_the_same_again_and_another_step_another() {
        let order = Order::new(&[1.0; 50], 3, 16, 7).unwrap();
        assert_eq!(order.draw(5), order.draw(5));
        assert_ne!(order.draw(5).rows, order.draw(6).rows);
        assert_eq!(order.steps_per_epoch(), 4);
    }

    #[test]
    fn a_photo_of_three_times_the_weight_comes_three_times_as_often() {
        let order = Order::new(&[1.0, 3.0], 1, 100, 1).unwrap();
        let heavy: usize =
            (0..100).map(|step| order.draw(step).rows.iter().filter(|[photo, _]| *photo == 1).count()).sum();
        assert!((7300..7700).contains(&heavy), "{heavy}");
    }
}
