//! Compares every operation on Flex with its definition in burn's own operations on ndarray, for batches and for
//! different memory layouts.

use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor};
use proptest::prelude::*;

use burn::tensor::TensorData;
use mango_kernels::{BlockShape, LARGEST_KERNEL};

use super::{Operations, PackedBlock, PackedConvolution};
use crate::Backend;

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

fn tensor_on<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

/// Fails where an element differs by more than 2e-4, relative above 1. NaN is never close.
fn close(found: &[f32], expected: &[f32]) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.len(), expected.len());
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        prop_assert!((found - expected).abs() <= 2e-4 * expected.abs().max(1.0), "{found} for {expected} at {place}");
    }
    Ok(())
}

/// The memory layout of a batch of feature maps.
#[derive(Clone, Copy, Debug)]
enum MemoryLayout {
    /// Planar.
    Planar,
    /// The output of Flex's kernels.
    ChannelsLast,
    /// A slice of a larger tensor.
    Part,
}

fn layout() -> impl Strategy<Value = MemoryLayout> {
    prop::sample::select(vec![MemoryLayout::Planar, MemoryLayout::ChannelsLast, MemoryLayout::Part])
}

impl MemoryLayout {
    fn maps(self, values: &mut RandomValues, [n, channels, height, width]: [usize; 4], device: &Device) -> Tensor<4> {
        let mut make = |shape: [usize; 4]| tensor_on(&values.take(shape.iter().product(), 3.0), shape, device);
        match self {
            Self::Planar => make([n, channels, height, width]),
            Self::ChannelsLast => make([n, height, width, channels]).permute([0, 3, 1, 2]),
            Self::Part => make([n + 1, channels + 2, height + 1, width + 2]).slice([
                1..n + 1,
                1..channels + 1,
                0..height,
                2..width + 2,
            ]),
        }
    }
}

/// Runs an operation on the same values on both backends and compares the results.
fn on_both<const D: usize>(
    seed: u64,
    run: impl Fn(&mut RandomValues, &Device) -> Tensor<D>,
) -> Result<(), TestCaseError> {
    let [found, expected] = [Backend::Flex, Backend::NdArray].map(|backend| {
        let result = run(&mut RandomValues(seed), &backend.device());
        (result.dims(), result.into_data().iter::<f32>().collect::<Vec<f32>>())
    });
    prop_assert_eq!(found.0, expected.0);
    close(&found.1, &expected.1)
}

/// Random weights of that shape, and biases.
fn weights(values: &mut RandomValues, shape: [usize; 4], device: &Device) -> (Tensor<4>, Tensor<1>) {
    let weight = tensor_on(&values.take(shape.iter().product(), 0.5), shape, device);
    (weight, tensor_on(&values.take(shape[0], 1.0), [shape[0]], device))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_stem(
        (n, channels, height, width) in (1..4usize, 1..4usize, 1..20usize, 1..20usize),
        (outputs, kernel, stride) in (1..20usize, 1..6usize, 1..3usize),
        (layout, seed) in (layout(), any::<u64>()),
    ) {
        on_both::<4>(seed, |values, device| {
            let input = layout.maps(values, [n, channels, height, width], device);
            let (weight, bias) = weights(values, [outputs, channels, kernel, kernel], device);
            let [weight, bias] = [weight.into_dispatch(), bias.into_dispatch()];
            let packed = PackedConvolution::default();
            Tensor::from_dispatch(Dispatch::stem(input.into_dispatch(), weight, bias, stride, &packed))
        })?;
    }

    #[test]
    fn a_pointwise_convolution(
        (n, channels, height, width) in (1..4usize, 1..20usize, 1..12usize, 1..12usize),
        outputs in 1..40usize,
        (layout, seed) in (layout(), any::<u64>()),
    ) {
        on_both::<4>(seed, |values, device| {
            let input = layout.maps(values, [n, channels, height, width], device);
            let (weight, bias) = weights(values, [outputs, channels, 1, 1], device);
            let [weight, bias] = [weight.into_dispatch(), bias.into_dispatch()];
            Tensor::from_dispatch(Dispatch::pointwise(input.into_dispatch(), weight, bias, &PackedConvolution::default()))
        })?;
    }

    #[test]
    fn a_block(
        (n, channels, height, width) in (1..4usize, 1..12usize, 1..14usize, 1..60usize),
        (factor, outputs) in (1..4usize, 1..20usize),
        (kernel, stride, residual) in (1..=LARGEST_KERNEL, 1..3usize, any::<bool>()),
        (layout, seed) in (layout(), any::<u64>()),
    ) {
        let residual = residual && stride == 1;
        let (wide, outputs) = (channels * factor, if residual { channels } else { outputs });
        let (shape, packed) = (BlockShape { kernel, stride, residual }, PackedBlock::default());
        on_both::<4>(seed, |values, device| {
            let input = layout.maps(values, [n, channels, height, width], device).into_dispatch();
            let mut next = |shape| {
                let (weight, bias) = weights(values, shape, device);
                (weight.into_dispatch(), bias.into_dispatch())
            };
            let (expand, expand_bias) = next([wide, channels, 1, 1]);
            let (depthwise, depthwise_bias) = next([wide, 1, kernel, kernel]);
            let (project, project_bias) = next([outputs, wide, 1, 1]);
            Tensor::from_dispatch(if factor > 1 {
                Dispatch::inverted_residual(
                    input, expand, expand_bias, depthwise, depthwise_bias, project, project_bias, shape, &packed,
                )
            } else {
                Dispatch::separable(input, depthwise, depthwise_bias, project, project_bias, shape, &packed)
            })
        })?;
    }

    #[test]
    fn means_and_activation(
        (n, channels, height, width) in (1..4usize, 1..40usize, 1..12usize, 1..12usize),
        (layout, seed) in (layout(), any::<u64>()),
    ) {
        on_both::<2>(seed, |values, device| {
            let map = layout.maps(values, [n, channels, height, width], device);
            Tensor::from_dispatch(Dispatch::unit_means(map.into_dispatch()))
        })?;
        on_both::<2>(seed, |values, device| {
            let map = layout.maps(values, [n, channels, height, width], device);
            Tensor::from_dispatch(Dispatch::unit_maxima(map.into_dispatch()))
        })?;
        on_both::<2>(seed, |values, device| {
            // Non-negative values: a norm near zero would magnify rounding errors.
            let map = layout.maps(values, [n, channels, height, width], device).abs();
            let direction = tensor_on(&values.take(channels, 1.0), [channels], device);
            Tensor::from_dispatch(Dispatch::activation(map.into_dispatch(), direction.into_dispatch()))
        })?;
    }

    #[test]
    fn rows((n, first, second, outputs) in (1..5usize, 1..40usize, 1..40usize, 1..20usize), seed in any::<u64>()) {
        on_both::<2>(seed, |values, device| {
            let mut row = |length| tensor_on(&values.take(n * length, 1.0), [n, length], device).into_dispatch();
            let joined = Dispatch::join(row(first), row(second));
            let length = first + second;
            let weight = tensor_on(&values.take(length * outputs, 1.0), [length, outputs], device);
            let bias = tensor_on(&values.take(outputs, 1.0), [outputs], device);
            Tensor::from_dispatch(Dispatch::linear(joined, weight.into_dispatch(), bias.into_dispatch()))
        })?;
        on_both::<1>(seed, |values, device| {
            let rows = tensor_on(&values.take(n * first, 1.0), [n, first], device);
            let mean = tensor_on(&values.take(first, 1.0), [first], device);
            // A basis of few, short rows: the distance is then not the difference of two large values.
            let basis = tensor_on(&values.take(3 * first, 0.1), [3, first], device);
            let [rows, mean, basis] = [rows.into_dispatch(), mean.into_dispatch(), basis.into_dispatch()];
            Tensor::from_dispatch(Dispatch::subspace_distance(rows, mean, basis))
        })?;
    }
}
