//! Compares the kernels of every instruction set with burn's own operations.

#[cfg(feature = "ndarray")]
mod operations;

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};
use proptest::prelude::*;

use super::isa::Isa;
use super::panels::Panels;
use super::pointwise::pointwise;
use super::residual::{Block, RunBlock};
use super::same::Same;
use super::stem::{Picture, RunStem};
use super::{BlockShape, LARGEST_KERNEL};

/// A reproducible stream of pseudo-random values.
struct RandomValues(u64);

impl RandomValues {
    fn take(&mut self, count: usize, scale: f32) -> Vec<f32> {
        let mut next = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0) * scale
        };
        (0..count).map(|_| next()).collect()
    }
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    tensor_on(values, shape, &Device::flex())
}

fn tensor_on<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn convolve(input: Tensor<4>, [weight, bias]: [&[f32]; 2], kernel: usize, stride: usize, groups: usize) -> Tensor<4> {
    let [_, channels, height, width] = input.dims();
    let padding = [height, width].map(|side| {
        let Same { before, after, .. } = Same::new(side, kernel, stride);
        (before, after)
    });
    let shape = [bias.len(), channels / groups, kernel, kernel];
    let options = ConvOptions::new_with_padding([stride, stride], padding, [1, 1], groups);
    conv2d(input, tensor(weight, shape), Some(tensor(bias, [bias.len()])), options)
}

/// A feature map `[channels, height, width]`, channels-last.
fn channels_last(map: Tensor<4>) -> Vec<f32> {
    map.permute([0, 2, 3, 1]).into_data().iter().collect()
}

fn close(found: &[f32], expected: &[f32]) -> Result<(), TestCaseError> {
    close_except(found, expected, 0)
}

/// Like [`close`] for all elements but that many. NaN is never close.
fn close_except(found: &[f32], expected: &[f32], mut most: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.len(), expected.len());
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (found - expected).abs();
        if off > 2e-4 * expected.abs().max(1.0) && most > 0 {
            most -= 1;
            continue;
        }
        prop_assert!(off <= 2e-4 * expected.abs().max(1.0), "{found} for {expected} at {place}");
    }
    Ok(())
}

fn out(size: [usize; 2], kernel: usize, stride: usize) -> [usize; 2] {
    size.map(|side| Same::new(side, kernel, stride).out)
}

/// Elements that earlier calls left in the scratch memory.
fn left() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0, 7, 1 << 18])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_block_matches_its_convolutions(
        // Includes rows of more pixels than a batch of rows.
        (height, width) in (1..20usize, 1..130usize),
        (inputs, factor, outputs) in (1..40usize, 1..4usize, 1..40usize),
        (kernel, stride) in (1..=LARGEST_KERNEL, 1..3usize),
        residual in any::<bool>(),
        scale in prop::sample::select(vec![1e-40f32, 0.01, 1.0, 30.0, 1e30]),
        left in left(),
        seed in any::<u64>(),
    ) {
        let outputs = if residual && stride == 1 { inputs } else { outputs };
        let residual = residual && stride == 1;
        let wide = inputs * factor;
        let mut values = RandomValues(seed);
        let from = values.take(inputs * height * width, scale);
        let expand = [values.take(wide * inputs, 0.5), values.take(wide, 1.0)];
        let depthwise = [values.take(wide * kernel * kernel, 0.5), values.take(wide, 1.0)];
        let project = [values.take(outputs * wide, 0.5), values.take(outputs, 1.0)];

        let input = tensor(&from, [1, inputs, height, width]);
        let expanded = if factor > 1 {
            convolve(input.clone(), [&expand[0], &expand[1]], 1, 1, 1).clamp(0.0, 6.0)
        } else {
            input.clone()
        };
        let deep = convolve(expanded, [&depthwise[0], &depthwise[1]], kernel, stride, wide).clamp(0.0, 6.0);
        let narrow = convolve(deep, [&project[0], &project[1]], 1, 1, 1);
        let expected = channels_last(if residual { narrow + input.clone() } else { narrow });
        let from = channels_last(input);

        for isa in Isa::present() {
            let block = Block::new(
                (factor > 1).then_some([expand[0].as_slice(), &expand[1]]),
                [&depthwise[0], &depthwise[1]],
                [&project[0], &project[1]],
                BlockShape { kernel, stride, residual },
                isa,
            );
            let [rows, columns] = out([height, width], kernel, stride);
            let mut to = vec![f32::NAN; rows * columns * outputs];
            let mut scratch = vec![f32::NAN; left];
            isa.run(RunBlock { block: &block, size: [height, width], from: &from, to: &mut to, scratch: &mut scratch });
            // Where huge values nearly cancel, the order of additions decides the sign of a sum, and with it between 0
            // and 6 for one pixel.
            let cancelled = if scale > 1e20 { 2 * outputs } else { 0 };
            close_except(&to, &expected, cancelled)?;
        }
    }

    #[test]
    fn the_stem_matches_a_convolution(
        (height, width) in (1..20usize, 1..20usize),
        (channels, outputs) in (1..5usize, 1..40usize),
        (kernel, stride) in (1..6usize, 1..3usize),
        left in left(),
        seed in any::<u64>(),
    ) {
        let mut values = RandomValues(seed);
        let from = values.take(channels * height * width, 2.0);
        let (weight, bias) = (values.take(outputs * channels * kernel * kernel, 0.5), values.take(outputs, 1.0));
        let input = tensor(&from, [1, channels, height, width]);
        let expected = channels_last(convolve(input, [&weight, &bias], kernel, stride, 1).clamp(0.0, 6.0));
        for isa in Isa::present() {
            let panels = Panels::new(&weight, &bias, isa.width());
            let [rows, columns] = out([height, width], kernel, stride);
            let mut to = vec![f32::NAN; rows * columns * outputs];
            let from = Picture { values: &from, size: [channels, height, width] };
            let mut scratch = vec![f32::NAN; left];
            isa.run(RunStem { panels: &panels, kernel: [kernel, stride], from, to: &mut to, scratch: &mut scratch });
            close(&to, &expected)?;
        }
    }

    #[test]
    fn a_pointwise_convolution_matches_a_convolution(
        pixels in 1..40usize,
        (inputs, outputs) in (1..40usize, 1..70usize),
        seed in any::<u64>(),
    ) {
        let mut values = RandomValues(seed);
        let from = values.take(pixels * inputs, 3.0);
        let (weight, bias) = (values.take(outputs * inputs, 0.5), values.take(outputs, 1.0));
        let input = tensor(&from, [1, 1, pixels, inputs]).permute([0, 3, 1, 2]);
        let expected = channels_last(convolve(input, [&weight, &bias], 1, 1, 1).clamp(0.0, 6.0));
        for isa in Isa::present() {
            let panels = Panels::new(&weight, &bias, isa.width());
            let mut to = vec![f32::NAN; pixels * outputs];
            isa.run(pointwise(&panels, pixels, &from, &mut to));
            close(&to, &expected)?;
        }
    }
}

/// One NaN in the input reaches exactly the outputs whose window covers it, through every kernel.
#[test]
fn nan_propagates_through_a_block() {
    for isa in Isa::present() {
        let (inputs, wide, outputs) = (3, 21, 5);
        let [expand, depthwise, project] = [wide * inputs, wide * 9, outputs * wide].map(|length| vec![0.1; length]);
        let bias = vec![1.0; wide];
        let shape = BlockShape { kernel: 3, stride: 1, residual: false };
        let block = Block::new(Some([&expand, &bias]), [&depthwise, &bias], [&project, &bias[..outputs]], shape, isa);
        let mut from = vec![0.5; 4 * 9 * inputs];
        from[(2 * 9 + 4) * inputs] = f32::NAN;
        let mut to = vec![0.0; 4 * 9 * outputs];
        isa.run(RunBlock { block: &block, size: [4, 9], from: &from, to: &mut to, scratch: &mut Vec::new() });
        for (place, pixel) in to.chunks_exact(outputs).enumerate() {
            let touched = (1..=3).contains(&(place / 9)) && (3..=5).contains(&(place % 9));
            assert!(pixel.iter().all(|value| value.is_nan() == touched), "{isa:?} at {place}: {pixel:?}");
        }
    }
}

#[test]
fn nan_propagates_through_a_pointwise_convolution() {
    for isa in Isa::present() {
        // A whole vector of outputs and a partial one.
        let panels = Panels::new(&[1.0; 9], &[0.0; 9], isa.width());
        let mut to = [0.0; 9];
        isa.run(pointwise(&panels, 1, &[f32::NAN], &mut to));
        assert!(to.iter().all(|value| value.is_nan()), "{isa:?}: {to:?}");
    }
}
