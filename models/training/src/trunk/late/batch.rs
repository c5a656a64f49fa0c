//! The batches of training steps.

use anyhow::{Context, Result};
use burn::tensor::{Device, Tensor, TensorData};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Lesson;
use super::mix_style::Mixing;
use super::recipe::LateStages;
use crate::trunk::features::Features;

/// Draws photos by their weights and views uniformly. A step's draw depends only on the seed and the step.
#[derive(Debug)]
pub(super) struct Order {
    photos: WeightedIndex<f32>,
    count: usize,
    views: usize,
    batch: usize,
    seed: u64,
}

/// One step's draw.
#[derive(Debug, PartialEq)]
pub(super) struct Draw {
    /// Photo and view of each row.
    pub(super) rows: Vec<[usize; 2]>,
    /// Seed of the style mixing.
    pub(super) style: u64,
}

impl Order {
    pub(super) fn new(weights: &[f32], views: usize, batch: usize, seed: u64) -> Result<Self> {
        let photos = WeightedIndex::new(weights).context("no photos to train on")?;
        Ok(Self { photos, count: weights.len(), views, batch, seed })
    }

    pub(super) fn steps_per_epoch(&self) -> u64 {
        self.count.div_ceil(self.batch) as u64
    }

    pub(super) fn draw(&self, step: u64) -> Draw {
        let mut rng = StdRng::seed_from_u64(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ step);
        let rows = (0..self.batch).map(|_| [self.photos.sample(&mut rng), rng.random_range(0..self.views)]).collect();
        Draw { rows, style: rng.random() }
    }
}

/// A step's tensors.
#[derive(Debug)]
pub(super) struct Batch {
    /// `[n, channels, height, width]` from the frozen stages, after style mixing.
    pub(super) maps: Tensor<4>,
    /// `[n, outputs]`: 1 for outputs that the label allows, else 0.
    pub(super) allowed: Tensor<2>,
    /// `[n, classes]`.
    pub(super) teacher_logits: Option<Tensor<2>>,
    /// `[n, the teacher's embedding length]`.
    pub(super) teacher_embeddings: Option<Tensor<2>>,
}

impl Batch {
    pub(super) fn gather(lesson: &Lesson, draw: &Draw, how: &LateStages, device: &Device) -> Self {
        let rows = |views: &[Features]| -> Option<Tensor<2>> {
            let len = views.first()?.len;
            let values: Vec<f32> =
                draw.rows.iter().flat_map(|[photo, view]| views[*view].row(*photo).iter().copied()).collect();
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
    fn draws_are_reproducible_and_differ_between_steps() {
        let order = Order::new(&[1.0; 50], 3, 16, 7).unwrap();
        assert_eq!(order.draw(5), order.draw(5));
        assert_ne!(order.draw(5).rows, order.draw(6).rows);
        assert_eq!(order.steps_per_epoch(), 4);
    }

    #[test]
    fn a_photo_with_three_times_the_weight_is_drawn_three_times_as_often() {
        let order = Order::new(&[1.0, 3.0], 1, 100, 1).unwrap();
        let heavy: usize =
            (0..100).map(|step| order.draw(step).rows.iter().filter(|[photo, _]| *photo == 1).count()).sum();
        assert!((7300..7700).contains(&heavy), "{heavy}");
    }
}
