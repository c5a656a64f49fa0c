//! Inverse cosine transforms of 1, 2, 4 or 8 points in each direction.
//!
//! A block is transformed to fewer samples by leaving its high frequencies out, as libjpeg does it. Constant factors
//! are part of the table by which coefficients are dequantised (Arai, Agui and Nakajima 1988 for eight points), so that
//! few multiplications are left. All arithmetic is in `f32` in a fixed order, so every target gives the same samples.

use crate::blocks::layout::Layout;
use crate::blocks::zigzag::{ACROSS, BLOCK, DOWN};

/// Coefficients or samples of a block, `[horizontal][vertical]`.
pub(crate) type Block = [f32; BLOCK];

/// Quantisation steps, in stored order.
pub(crate) type Quantisation = [u16; BLOCK];

const SQRT_2: f32 = core::f32::consts::SQRT_2;
/// tan(pi / 8)
const TAN_8TH: f32 = 0.414_213_57;
/// sqrt(2) cos(pi / 8)
const COS_8TH: f32 = 1.306_563;
/// 2 cos(pi / 8), 2 (cos(pi / 8) - cos(3 pi / 8)), 2 (cos(pi / 8) + cos(3 pi / 8))
const ODD: [f32; 3] = [1.847_759_1, 1.082_392_2, 2.613_125_9];
/// 1, then sqrt(2) cos(k pi / 16)
const EIGHT: [f32; 8] = [1.0, 1.387_039_9, COS_8TH, 1.175_875_6, 1.0, 0.785_694_96, 0.541_196_1, 0.275_899_38];
/// Level shift of the samples to 0..=255.
const MIDDLE: f32 = 128.0;
/// Adding this (1.5 times 2^23) to a value from 0 to 255 leaves the rounded value in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// Scale factors of a direction with that many samples, by frequency.
fn factors(samples: usize) -> [f32; 8] {
    match samples {
        8 => EIGHT,
        4 => [1.0, COS_8TH, 1.0, COS_8TH, 0.0, 0.0, 0.0, 0.0],
        2 => [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        _ => [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    }
}

/// Transforms the coefficients of a component to its samples.
#[derive(Clone, Debug)]
pub(crate) struct Transform {
    across: usize,
    down: usize,
    /// Scale factor of each coefficient, in stored order.
    pub(crate) factors: [f32; BLOCK],
}

impl Transform {
    pub(crate) fn new(layout: &Layout, quantisation: &Quantisation) -> Self {
        let (across, down) = (factors(layout.across.samples), factors(layout.down.samples));
        let factor = |index: usize| {
            f32::from(quantisation[index]) * across[usize::from(ACROSS[index])] * down[usize::from(DOWN[index])] / 8.0
        };
        Self { across: layout.across.samples, down: layout.down.samples, factors: core::array::from_fn(factor) }
    }

    /// The position in a [`Block`] of the coefficient with that index in stored order.
    #[inline(always)]
    pub(crate) fn place(index: usize) -> usize {
        const PLACES: [u8; BLOCK] = {
            let mut places = [0; BLOCK];
            let mut index = 0;
            while index < BLOCK {
                places[index] = 8 * ACROSS[index] + DOWN[index];
                index += 1;
            }
            places
        };
        usize::from(PLACES[index & (BLOCK - 1)]) & (BLOCK - 1)
    }

    /// Writes the samples of a block that has only a DC coefficient.
    #[inline(always)]
    pub(crate) fn flat(&self, mean: f32, out: &mut [u8], stride: usize) {
        let sample = to_sample(mean);
        for row in out.chunks_mut(stride).take(self.down) {
            if let Some(row) = row.get_mut(..self.across) {
                row.fill(sample);
            }
        }
    }

    /// Writes the samples of a block. The block's contents are overwritten.
    pub(crate) fn write(&self, block: &mut Block, out: &mut [u8], stride: usize) {
        if (self.across, self.down) == (2, 2) {
            return two_by_two(block, out, stride);
        }
        pass(block, self.across);
        transpose(block);
        pass(block, self.down);
        for (row, samples) in out.chunks_mut(stride).zip(block.chunks_exact(8)).take(self.down) {
            let mut bytes = [0; 8];
            for (byte, sample) in bytes.iter_mut().zip(samples) {
                *byte = to_sample(*sample);
            }
            match (self.across, row.first_chunk_mut::<8>()) {
                (8, Some(row)) => *row = bytes,
                (count, _) => {
                    for (to, from) in row.iter_mut().zip(&bytes[..count]) {
                        *to = *from;
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn to_sample(value: f32) -> u8 {
    let value = value + MIDDLE;
    let value = if value < 255.0 { value } else { 255.0 };
    let value = if value > 0.0 { value } else { 0.0 };
    (value + ROUND).to_bits() as u8
}

#[inline(always)]
fn two_by_two(block: &Block, out: &mut [u8], stride: usize) {
    let (mean, down, across, both) = (block[0], block[1], block[8], block[9]);
    let (left, right) = (mean + across, mean - across);
    let (lean_left, lean_right) = (down + both, down - both);
    if let Some([a, b, ..]) = out.get_mut(..2) {
        (*a, *b) = (to_sample(left + lean_left), to_sample(right + lean_right));
    }
    if let Some([a, b, ..]) = out.get_mut(stride..stride + 2) {
        (*a, *b) = (to_sample(left - lean_left), to_sample(right - lean_right));
    }
}

/// Transforms along the first direction of a block, for each index of the second.
#[inline(always)]
fn pass(block: &mut Block, samples: usize) {
    match samples {
        8 => eight(block),
        4 => four(block),
        2 => two(block),
        _ => {}
    }
}

fn two(block: &mut Block) {
    for lane in 0..8 {
        let (mean, slope) = (block[lane], block[8 + lane]);
        block[lane] = mean + slope;
        block[8 + lane] = mean - slope;
    }
}

fn four(block: &mut Block) {
    for lane in 0..8 {
        let [x0, x1, x2, x3] = [block[lane], block[8 + lane], block[16 + lane], block[24 + lane]];
        let (outer, inner) = (x0 + x2, x0 - x2);
        let (odd_outer, odd_inner) = (x1 + x3 * TAN_8TH, x1 * TAN_8TH - x3);
        block[lane] = outer + odd_outer;
        block[8 + lane] = inner + odd_inner;
        block[16 + lane] = inner - odd_inner;
        block[24 + lane] = outer - odd_outer;
    }
}

fn eight(block: &mut Block) {
    for lane in 0..8 {
        let x: [f32; 8] = core::array::from_fn(|row| block[8 * row + lane]);
        let (sum, difference) = (x[0] + x[4], x[0] - x[4]);
        let even = x[2] + x[6];
        let turned = (x[2] - x[6]) * SQRT_2 - even;
        let (e0, e3) = (sum + even, sum - even);
        let (e1, e2) = (difference + turned, difference - turned);

        let (z13, z10) = (x[5] + x[3], x[5] - x[3]);
        let (z11, z12) = (x[1] + x[7], x[1] - x[7]);
        let o0 = z11 + z13;
        let z5 = (z10 + z12) * ODD[0];
        let o1 = z5 - z10 * ODD[2] - o0;
        let o2 = (z11 - z13) * SQRT_2 - o1;
        let o3 = z5 - z12 * ODD[1] - o2;

        let out = [e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0];
        for (row, value) in out.into_iter().enumerate() {
            block[8 * row + lane] = value;
        }
    }
}

fn transpose(block: &mut Block) {
    for row in 0..8 {
        for column in 0..row {
            block.swap(8 * row + column, 8 * column + row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::layout::Side;
    use proptest::prelude::*;

    fn layout(across: usize, down: usize) -> Layout {
        let side = |samples| Side { samples, of_mcu: samples, pixels: samples, visible: samples, blocks: 1 };
        Layout { across: side(across), down: side(down) }
    }

    /// The transform of the kept coefficients by its definition (ITU T.81, A.3.3).
    fn reference(coefficients: &[i16; BLOCK], layout: &Layout, x: usize, y: usize) -> f64 {
        let cosine = |samples: usize, at: usize, frequency: u8| {
            let angle = (2 * at + 1) as f64 * f64::from(frequency) * std::f64::consts::PI / (2 * samples) as f64;
            if frequency == 0 { 0.5f64.sqrt() } else { angle.cos() }
        };
        let sum: f64 = (0..BLOCK)
            .filter(|index| layout.keeps(*index))
            .map(|index| {
                f64::from(coefficients[index])
                    * cosine(layout.across.samples, x, ACROSS[index])
                    * cosine(layout.down.samples, y, DOWN[index])
            })
            .sum();
        (sum / 4.0 + 128.0).clamp(0.0, 255.0)
    }

    proptest! {
        #[test]
        fn every_size_matches_the_transform_of_its_low_frequencies(
            coefficients in prop::array::uniform32(-300i16..300),
            across in 0usize..4,
            down in 0usize..4,
        ) {
            let all: [i16; BLOCK] = core::array::from_fn(|index| coefficients[index % 32] / (1 + index as i16 / 4));
            let layout = layout(1 << across, 1 << down);
            let transform = Transform::new(&layout, &[1; BLOCK]);
            let mut block = [0.0; BLOCK];
            for index in 0..BLOCK {
                block[Transform::place(index)] = f32::from(all[index]) * transform.factors[index];
            }
            let mut out = [0; 10 * 8];
            transform.write(&mut block, &mut out, 10);
            for y in 0..8 {
                for x in 0..10 {
                    if x < layout.across.samples && y < layout.down.samples {
                        let exact = reference(&all, &layout, x, y);
                        prop_assert!((f64::from(out[10 * y + x]) - exact).abs() < 0.51, "{x} {y}: {exact}");
                    } else {
                        prop_assert_eq!(out[10 * y + x], 0);
                    }
                }
            }
        }
    }

    #[test]
    fn a_dc_coefficient_alone_fills_the_block() {
        let transform = Transform::new(&layout(4, 2), &[8; BLOCK]);
        let mut out = [0; 15];
        transform.flat(-28.0 * transform.factors[0], &mut out, 5);
        assert_eq!(out, [100, 100, 100, 100, 0, 100, 100, 100, 100, 0, 0, 0, 0, 0, 0]);
    }
}
