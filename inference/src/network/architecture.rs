//! The architecture of a network, as in a manifest.

use serde::{Deserialize, Serialize};

use mango_kernels::LARGEST_KERNEL;

/// One row of the EfficientNet table: `repeat` inverted residual blocks, the first with `stride`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Expansion factor of a block's channels before the depthwise convolution.
    pub expand: usize,
    /// Output channels of every block of the stage.
    pub channels: usize,
    /// Number of blocks.
    pub repeat: usize,
    /// Stride of the first block.
    pub stride: usize,
    /// Width and height of the depthwise kernel.
    pub kernel: usize,
}

/// Stem, stages and head of an EfficientNet-Lite, and the stage that its embedding is pooled from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Channels of the 3x3 stride-2 stem.
    pub stem: usize,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// Channels of the 1x1 head after the last stage, if there is one.
    pub head: Option<usize>,
    /// The stage, counted from 1, whose pooled feature map is the embedding's first part.
    pub embedding_stage: usize,
}

impl Architecture {
    /// EfficientNet-Lite0: 7 stages, head 1280, embedding from stage 5 and the head.
    #[must_use]
    pub fn lite0() -> Self {
        let stage =
            |[expand, channels, repeat, stride, kernel]: [usize; 5]| Stage { expand, channels, repeat, stride, kernel };
        Self {
            stem: 32,
            stages: [
                [1, 16, 1, 1, 3],
                [6, 24, 2, 2, 3],
                [6, 40, 2, 2, 5],
                [6, 80, 3, 2, 3],
                [6, 112, 3, 1, 5],
                [6, 192, 4, 2, 5],
                [6, 320, 1, 1, 3],
            ]
            .map(stage)
            .to_vec(),
            head: Some(1280),
            embedding_stage: 5,
        }
    }

    /// Whether every field is in its range.
    ///
    /// # Errors
    /// The first field that is out of range.
    pub fn check(&self) -> Result<(), ArchitectureError> {
        let check = |field, value: usize, allowed: std::ops::RangeInclusive<usize>| {
            if allowed.contains(&value) {
                Ok(())
            } else {
                Err(ArchitectureError { field, value, low: *allowed.start(), high: *allowed.end() })
            }
        };
        check("architecture.stem", self.stem, 1..=MAX_CHANNELS)?;
        check("architecture.stages", self.stages.len(), 1..=16)?;
        for stage in &self.stages {
            check("architecture.stages.expand", stage.expand, 1..=16)?;
            check("architecture.stages.channels", stage.channels, 1..=MAX_CHANNELS)?;
            check("architecture.stages.repeat", stage.repeat, 1..=32)?;
            check("architecture.stages.stride", stage.stride, 1..=2)?;
            check("architecture.stages.kernel", stage.kernel, 1..=LARGEST_KERNEL)?;
        }
        check("architecture.head", self.head.unwrap_or(1), 1..=MAX_CHANNELS)?;
        check("architecture.embedding_stage", self.embedding_stage, 1..=self.stages.len())
    }

    /// Length of the embedding: the channels of the embedding's stage plus those of the head.
    #[must_use]
    pub fn embedding_len(&self) -> usize {
        self.stages[self.embedding_stage - 1].channels + self.head.unwrap_or(0)
    }

    /// Elements of the largest feature map for one input of `size` x `size` pixels.
    #[must_use]
    pub fn largest_map(&self, size: u64) -> u64 {
        let mut side = size.div_ceil(2);
        let mut channels = self.stem as u64;
        let mut largest = side * side * channels;
        for stage in &self.stages {
            for repeat in 0..stage.repeat {
                largest = largest.max(side * side * channels * stage.expand as u64);
                if repeat == 0 {
                    side = side.div_ceil(stage.stride as u64);
                }
                channels = stage.channels as u64;
                largest = largest.max(side * side * channels);
            }
        }
        largest.max(side * side * self.head.unwrap_or(0) as u64)
    }

    /// Number of weights and biases of the convolutions.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        let mut channels = self.stem as u64;
        let mut total = (3 * 9 + 1) * channels;
        for stage in &self.stages {
            let [expand, out, kernel] = [stage.expand, stage.channels, stage.kernel].map(|value| value as u64);
            for _ in 0..stage.repeat {
                let expanded = channels * expand;
                if stage.expand > 1 {
                    total += (channels + 1) * expanded;
                }
                total += (kernel * kernel + 1) * expanded;
                total += (expanded + 1) * out;
                channels = out;
            }
        }
        total + self.head.map_or(0, |head| (channels + 1) * head as u64)
    }
}

const MAX_CHANNELS: usize = 4096;

/// A field of an [`Architecture`] is out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{value} is not between {low} and {high}")]
pub struct ArchitectureError {
    /// The field, as a manifest writes it.
    pub field: &'static str,
    value: usize,
    low: usize,
    high: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lite0_has_the_published_number_of_parameters() {
        // 4,631,000 after folding batch norm, 1000 ImageNet classes on 1280 features included.
        assert_eq!(Architecture::lite0().parameters() + (1280 + 1) * 1000, 4_631_000);
    }

    #[test]
    fn the_largest_map_of_lite0_is_stage_twos_expansion() {
        // 16 channels at 112 x 112, expanded six times.
        assert_eq!(Architecture::lite0().largest_map(224), 112 * 112 * 96);
    }

    #[test]
    fn a_field_out_of_range_is_named() {
        let mut architecture = Architecture::lite0();
        architecture.check().unwrap();
        architecture.stages[2].stride = 3;
        assert_eq!(architecture.check().unwrap_err().field, "architecture.stages.stride");
        architecture.stages[2].stride = 2;
        architecture.embedding_stage = 8;
        assert_eq!(architecture.check().unwrap_err().field, "architecture.embedding_stage");
    }
}
