//! Every operation on Flex's tensors against its definition in burn's own operations, on ndarray's: batches, and tensors
//! however they lie in memory.

use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor};
use proptest::prelude::*;

use super::super::{BlockShape, Kernels, LARGEST_KERNEL, PackedBlock, PackedConvolution};
use super::{Numbers, close, tensor_on};
use crate::Backend;

/// How a batch of maps lies in memory.
#[derive(Clone, Copy, Debug)]
enum Lie {
    /// Channel after channel.
    Planar,
    /// As Flex's kernels leave it.
    ChannelsLast,
    /// A part of a larger tensor.
    Part,
}

fn lie() -> impl Strategy<Value = Lie> {
    prop::sample::select(vec![Lie::Planar, Lie::ChannelsLast, Lie::Part])
}

impl Lie {
    fn maps(self, numbers: &mut Numbers, [n, channels, height, width]: [usize; 4], device: &Device) -> Tensor<4> {
        let mut make = |shape: [usize; 4]| tensor_on(&numbers.take(shape.iter().product(), 3.0), shape, device);
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

/// What an operation makes of the same numbers on both backends.
fn on_both<const D: usize>(seed: u64, run: impl Fn(&mut Numbers, &Device) -> Tensor<D>) -> Result<(), TestCaseError> {
    let [found, expected] = [Backend::Flex, Backend::NdArray].map(|backend| {
        let result = run(&mut Numbers(seed), &backend.device());
        (result.dims(), result.into_data().iter::<f32>().collect::<Vec<f32>>())
    });
    prop_assert_eq!(found.0, expected.0);
    close(&found.1, &expected.1)
}

/// Weights of that shape and biases.
fn weights(numbers: &mut Numbers, shape: [usize; 4], device: &Device) -> (Tensor<4>, Tensor<1>) {
    let weight = tensor_on(&numbers.take(shape.iter().product(), 0.5), shape, device);
    (weight, tensor_on(&numbers.take(shape[0], 1.0), [shape[0]], device))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_stem(
        (n, channels, height, width) in (1..4usize, 1..4usize, 1..20usize, 1..20usize),
        (outputs, kernel, stride) in (1..20usize, 1..6usize, 1..3usize),
        (lie, seed) in (lie(), any::<u64>()),
    ) {
        on_both::<4>(seed, |numbers, device| {
            let input = lie.maps(numbers, [n, channels, height, width], device);
            let (weight, bias) = weights(numbers, [outputs, channels, kernel, kernel], device);
            let [weight, bias] = [weight.into_dispatch(), bias.into_dispatch()];
            let packed = PackedConvolution::default();
            Tensor::from_dispatch(Dispatch::stem(input.into_dispatch(), weight, bias, stride, &packed))
        })?;
    }

    #[test]
    fn a_pointwise_convolution(
        (n, channels, height, width) in (1..4usize, 1..20usize, 1..12usize, 1..12usize),
        outputs in 1..40usize,
        (lie, seed) in (lie(), any::<u64>()),
    ) {
        on_both::<4>(seed, |numbers, device| {
            let input = lie.maps(numbers, [n, channels, height, width], device);
            let (weight, bias) = weights(numbers, [outputs, channels, 1, 1], device);
            let [weight, bias] = [weight.into_dispatch(), bias.into_dispatch()];
            Tensor::from_dispatch(Dispatch::pointwise(input.into_dispatch(), weight, bias, &PackedConvolution::default()))
        })?;
    }

    #[test]
    fn a_block(
        (n, channels, height, width) in (1..4usize, 1..12usize, 1..14usize, 1..60usize),
        (factor, outputs) in (1..4usize, 1..20usize),
        (kernel, stride, residual) in (1..=LARGEST_KERNEL, 1..3usize, any::<bool>()),
        (lie, seed) in (lie(), any::<u64>()),
    ) {
        let residual = residual && stride == 1;
        let (wide, outputs) = (channels * factor, if residual { channels } else { outputs });
        let (shape, packed) = (BlockShape { kernel, stride, residual }, PackedBlock::default());
        on_both::<4>(seed, |numbers, device| {
            let input = lie.maps(numbers, [n, channels, height, width], device).into_dispatch();
            let mut next = |shape| {
                let (weight, bias) = weights(numbers, shape, device);
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
        (lie, seed) in (lie(), any::<u64>()),
    ) {
        on_both::<2>(seed, |numbers, device| {
            let map = lie.maps(numbers, [n, channels, height, width], device);
            Tensor::from_dispatch(Dispatch::unit_means(map.into_dispatch()))
        })?;
        on_both::<2>(seed, |numbers, device| {
            let map = lie.maps(numbers, [n, channels, height, width], device);
            Tensor::from_dispatch(Dispatch::unit_maxima(map.into_dispatch()))
        })?;
        on_both::<2>(seed, |numbers, device| {
            // Of one sign: a norm near nothing would magnify what rounding leaves.
            let map = lie.maps(numbers, [n, channels, height, width], device).abs();
            let direction = tensor_on(&numbers.take(channels, 1.0), [channels], device);
            Tensor::from_dispatch(Dispatch::activation(map.into_dispatch(), direction.into_dispatch()))
        })?;
    }

    #[test]
    fn rows((n, first, second, outputs) in (1..5usize, 1..40usize, 1..40usize, 1..20usize), seed in any::<u64>()) {
        on_both::<2>(seed, |numbers, device| {
            let mut row = |length| tensor_on(&numbers.take(n * length, 1.0), [n, length], device).into_dispatch();
            let joined = Dispatch::join(row(first), row(second));
            let length = first + second;
            let weight = tensor_on(&numbers.take(length * outputs, 1.0), [length, outputs], device);
            let bias = tensor_on(&numbers.take(outputs, 1.0), [outputs], device);
            Tensor::from_dispatch(Dispatch::linear(joined, weight.into_dispatch(), bias.into_dispatch()))
        })?;
        on_both::<1>(seed, |numbers, device| {
            let rows = tensor_on(&numbers.take(n * first, 1.0), [n, first], device);
            let mean = tensor_on(&numbers.take(first, 1.0), [first], device);
            // Of few directions, and short ones: what is left of a row is not the difference of two large numbers.
            let basis = tensor_on(&numbers.take(3 * first, 0.1), [3, first], device);
            let [rows, mean, basis] = [rows.into_dispatch(), mean.into_dispatch(), basis.into_dispatch()];
            Tensor::from_dispatch(Dispatch::subspace_distance(rows, mean, basis))
        })?;
    }
}
