//! The views that a step learns from.

use anyhow::{Context, Result};
use burn::tensor::Device;
use image::RgbImage;
use mango_inference::network::{Architecture, EfficientNetLite};
use mango_inference::{NetworkInput, Photo, Preprocessing, Weights};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

use super::{FineTuning, Material};
use crate::photos::sources::Target;
use crate::trunk::features::read_photo;
use crate::trunk::gradients::Map;
use crate::views::augment::Augmentation;
use crate::views::backdrop;
use crate::views::resize;

/// Short side at which photos are kept in memory.
const KEPT_SIDE: u32 = 320;

/// Photos of a batch that one thread takes through the network together: matrix products of that many maps are
/// efficient, and their activations fit into memory.
const TOGETHER: usize = 4;

/// Photos in memory, and how views of them are drawn. What a step draws depends on the seed and the step alone.
pub(super) struct Views {
    photos: Vec<Photo>,
    targets: Vec<Target>,
    draw: WeightedIndex<f32>,
    augmentation: Augmentation,
    grounds: f64,
    preprocessing: Preprocessing,
    frozen: EfficientNetLite,
    frozen_stages: usize,
    batch: usize,
    seed: u64,
}

/// One step's views as maps of the frozen stages.
pub(super) struct Batch {
    pub(super) maps: Vec<Map>,
    /// Allowed outputs of each view, in the maps' order.
    pub(super) targets: Vec<Target>,
}

impl Views {
    pub(super) fn new(
        architecture: &Architecture,
        trunk: &Weights,
        material: &Material<'_>,
        how: &FineTuning,
        seed: u64,
    ) -> Result<Self> {
        let samples = &material.photos.photos.samples;
        let photos =
            material.photos.photos.paths().par_iter().map(|path| kept(&read_photo(path)?)).collect::<Result<_>>()?;
        let targets = samples.iter().map(|sample| material.outputs.target(sample.class.as_str()));
        let frozen = trunk.clone().fill(EfficientNetLite::new(architecture, &Device::flex()))?.packed();
        Ok(Self {
            photos,
            targets: targets.collect::<Result<_>>()?,
            draw: WeightedIndex::new(material.weights).context("no photos to train on")?,
            augmentation: material.augmentation,
            grounds: how.grounds,
            preprocessing: Preprocessing::efficientnet_lite(how.size, material.view),
            frozen,
            frozen_stages: how.frozen_stages,
            batch: how.batch,
            seed,
        })
    }

    /// The views of a step.
    pub(super) fn batch(&self, step: u64) -> Result<Batch> {
        let mut rng = StdRng::seed_from_u64(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ step);
        let drawn: Vec<(usize, u64)> = (0..self.batch).map(|_| (self.draw.sample(&mut rng), rng.random())).collect();
        let maps = drawn.par_chunks(TOGETHER).map(|part| self.maps(part)).collect::<Result<Vec<_>>>()?;
        let targets = drawn.iter().map(|(photo, _)| self.targets[*photo].clone()).collect();
        Ok(Batch { maps, targets })
    }

    fn maps(&self, drawn: &[(usize, u64)]) -> Result<Map> {
        let inputs: Vec<NetworkInput> = drawn
            .iter()
            .map(|(photo, seed)| Ok(self.preprocessing.apply(&self.view(&self.photos[*photo], *seed))?))
            .collect::<Result<_>>()?;
        let input = NetworkInput::batch(&inputs, &Device::flex())?.whole;
        let map = self.frozen.front(input, self.frozen_stages);
        let [images, channels, height, width] = map.dims();
        let values = map.permute([0, 2, 3, 1]).into_data().try_to_vec::<f32>();
        let values = values.map_err(|error| anyhow::anyhow!("the frozen stages gave no maps: {error:?}"))?;
        Ok(Map { images, height, width, channels, values })
    }

    fn view(&self, photo: &Photo, seed: u64) -> Photo {
        let mut rng = StdRng::seed_from_u64(seed);
        if rng.random_bool(self.grounds) {
            self.augmentation.view(&backdrop::elsewhere(photo, rng.random()), rng.random())
        } else {
            self.augmentation.view(photo, rng.random())
        }
    }
}

/// A photo at the size at which it is kept.
fn kept(photo: &Photo) -> Result<Photo> {
    let pixels: &RgbImage = photo.pixels();
    let short = pixels.width().min(pixels.height());
    Ok(if short > KEPT_SIDE { Photo::from_pixels(resize::short_side(pixels, KEPT_SIDE)) } else { photo.clone() })
}
