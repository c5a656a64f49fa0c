//! Compares the kernels of every instruction set with plain convolutions in `f64`.

#![allow(clippy::panic, reason = "proptest's assertions")]

use mango_kernels::{Block, BlockShape, Convolution, InstructionSet, LARGEST_KERNEL, Picture, Same, Scratch};
use proptest::prelude::*;

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

/// A feature map, `[height, width, channels]`.
#[derive(Clone)]
struct Map {
    size: [usize; 2],
    channels: usize,
    values: Vec<f64>,
}

impl Map {
    fn new(values: &[f32], size: [usize; 2], channels: usize) -> Self {
        Self { size, channels, values: values.iter().map(|value| f64::from(*value)).collect() }
    }

    /// A convolution with weights `[outputs, channels / groups, k, k]`, by its definition.
    fn convolve(&self, weights: &[f32], bias: &[f32], [kernel, stride]: [usize; 2], groups: usize) -> Self {
        let [down, across] = self.size.map(|side| Same::new(side, kernel, stride));
        let (inputs, outputs) = (self.channels / groups, bias.len());
        let mut values = Vec::with_capacity(down.out * across.out * outputs);
        for (row, column) in (0..down.out).flat_map(|row| (0..across.out).map(move |column| (row, column))) {
            for (output, bias) in bias.iter().enumerate() {
                let first = output / (outputs / groups) * inputs;
                let mut sum = f64::from(*bias);
                for (y, x) in (0..kernel).flat_map(|y| (0..kernel).map(move |x| (y, x))) {
                    let place =
                        [(row * stride + y).checked_sub(down.before), (column * stride + x).checked_sub(across.before)];
                    let [Some(y_in), Some(x_in)] = place else { continue };
                    if y_in >= self.size[0] || x_in >= self.size[1] {
                        continue;
                    }
                    let pixel = &self.values[(y_in * self.size[1] + x_in) * self.channels + first..][..inputs];
                    for (input, value) in pixel.iter().enumerate() {
                        let weight = weights[((output * inputs + input) * kernel + y) * kernel + x];
                        sum += value * f64::from(weight);
                    }
                }
                values.push(sum);
            }
        }
        Self { size: [down.out, across.out], channels: outputs, values }
    }

    fn relu6(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value = value.clamp(0.0, 6.0));
        self
    }

    fn add(mut self, other: &Self) -> Self {
        self.values.iter_mut().zip(&other.values).for_each(|(value, other)| *value += other);
        self
    }
}

fn close(found: &[f32], expected: &Map) -> Result<(), TestCaseError> {
    close_except(found, expected, 0)
}

/// Like [`close`] for all elements but that many. NaN is never close.
fn close_except(found: &[f32], expected: &Map, mut most: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.len(), expected.values.len());
    for (place, (found, expected)) in found.iter().zip(&expected.values).enumerate() {
        let within = (f64::from(*found) - expected).abs() <= 2e-4 * expected.abs().max(1.0);
        if !within && most > 0 {
            most -= 1;
            continue;
        }
        prop_assert!(within, "{found} for {expected} at {place}");
    }
    Ok(())
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
        let residual = residual && stride == 1;
        let outputs = if residual { inputs } else { outputs };
        let wide = inputs * factor;
        let mut values = RandomValues(seed);
        let from = values.take(inputs * height * width, scale);
        let expand = [values.take(wide * inputs, 0.5), values.take(wide, 1.0)];
        let depthwise = [values.take(wide * kernel * kernel, 0.5), values.take(wide, 1.0)];
        let project = [values.take(outputs * wide, 0.5), values.take(outputs, 1.0)];

        let input = Map::new(&from, [height, width], inputs);
        let expanded =
            if factor > 1 { input.convolve(&expand[0], &expand[1], [1, 1], 1).relu6() } else { input.clone() };
        let deep = expanded.convolve(&depthwise[0], &depthwise[1], [kernel, stride], wide).relu6();
        let narrow = deep.convolve(&project[0], &project[1], [1, 1], 1);
        let expected = if residual { narrow.add(&input) } else { narrow };

        for set in InstructionSet::present() {
            let block = Block::new(
                set,
                (factor > 1).then_some([expand[0].as_slice(), &expand[1]]),
                [&depthwise[0], &depthwise[1]],
                [&project[0], &project[1]],
                BlockShape { kernel, stride, residual },
            );
            let mut to = vec![f32::NAN; expected.values.len()];
            block.run([height, width], &from, &mut to, &mut Scratch::from(vec![f32::NAN; left]));
            // Where huge values nearly cancel, rounding decides the sign of a sum, and with it between 0 and 6 for one
            // pixel.
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
        let planar = values.take(channels * height * width, 2.0);
        let (weights, bias) = (values.take(outputs * channels * kernel * kernel, 0.5), values.take(outputs, 1.0));
        let plane = height * width;
        let adjacent: Vec<f32> =
            (0..plane).flat_map(|place| (0..channels).map(move |channel| channel * plane + place)).map(|place| planar[place]).collect();
        let expected = Map::new(&adjacent, [height, width], channels).convolve(&weights, &bias, [kernel, stride], 1).relu6();
        for set in InstructionSet::present() {
            let convolution = Convolution::new(set, &weights, &bias);
            let mut to = vec![f32::NAN; expected.values.len()];
            let from = Picture { values: &planar, size: [channels, height, width] };
            convolution.dense([kernel, stride], from, &mut to, &mut Scratch::from(vec![f32::NAN; left]));
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
        let (weights, bias) = (values.take(outputs * inputs, 0.5), values.take(outputs, 1.0));
        let expected = Map::new(&from, [1, pixels], inputs).convolve(&weights, &bias, [1, 1], 1).relu6();
        for set in InstructionSet::present() {
            let mut to = vec![f32::NAN; pixels * outputs];
            Convolution::new(set, &weights, &bias).pointwise(pixels, &from, &mut to);
            close(&to, &expected)?;
        }
    }
}

/// One NaN in the input reaches exactly the outputs whose window covers it, through every kernel.
#[test]
fn nan_propagates_through_a_block() {
    for set in InstructionSet::present() {
        let (inputs, wide, outputs) = (3, 21, 5);
        let [expand, depthwise, project] = [wide * inputs, wide * 9, outputs * wide].map(|length| vec![0.1; length]);
        let bias = vec![1.0; wide];
        let shape = BlockShape { kernel: 3, stride: 1, residual: false };
        let block = Block::new(set, Some([&expand, &bias]), [&depthwise, &bias], [&project, &bias[..outputs]], shape);
        let mut from = vec![0.5; 4 * 9 * inputs];
        from[(2 * 9 + 4) * inputs] = f32::NAN;
        let mut to = vec![0.0; 4 * 9 * outputs];
        block.run([4, 9], &from, &mut to, &mut Scratch::new());
        for (place, pixel) in to.chunks_exact(outputs).enumerate() {
            let touched = (1..=3).contains(&(place / 9)) && (3..=5).contains(&(place % 9));
            assert!(pixel.iter().all(|value| value.is_nan() == touched), "{set:?} at {place}: {pixel:?}");
        }
    }
}

#[test]
fn nan_propagates_through_a_pointwise_convolution() {
    for set in InstructionSet::present() {
        // A whole vector of outputs and a partial one.
        let mut to = [0.0; 9];
        Convolution::new(set, &[1.0; 9], &[0.0; 9]).pointwise(1, &[f32::NAN], &mut to);
        assert!(to.iter().all(|value| value.is_nan()), "{set:?}: {to:?}");
    }
}

#[test]
#[should_panic(expected = "shorter than its rows")]
fn a_map_that_is_too_small_is_refused() {
    let convolution = Convolution::new(InstructionSet::detect(), &[1.0; 6], &[0.0; 2]);
    convolution.pointwise(2, &[0.0; 4], &mut [0.0; 4]);
}

#[test]
#[should_panic(expected = "shorter than its rows")]
fn sizes_that_overflow_are_refused() {
    let convolution = Convolution::new(InstructionSet::detect(), &[1.0; 4], &[0.0; 2]);
    convolution.pointwise(usize::MAX / 2 + 2, &[0.0; 2], &mut [0.0; 2]);
}
