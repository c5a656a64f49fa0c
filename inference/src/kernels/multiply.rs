//! Rows of pixels times a matrix of weights: a pointwise convolution.

#![allow(unsafe_code, reason = "the innermost loop reads and writes without a check at every step")]

use super::lanes::Lanes;
use super::panels::{Panels, VECTORS};

/// Rows computed at once: with [`VECTORS`] vectors each they fill the registers of x86, and of wasm on it.
const ROWS: usize = 6;

/// What becomes of the sums.
#[derive(Clone, Copy)]
pub(super) enum Finish<'a> {
    /// They stay.
    Linear,
    /// ReLU6.
    Relu6,
    /// Their like in these rows is added, each as long as the outputs.
    Residual(&'a [f32]),
}

/// Where the results go, row by row.
pub(super) struct Rows<'a> {
    /// `stride` numbers from one row to the next.
    pub(super) values: &'a mut [f32],
    pub(super) stride: usize,
    /// Numbers to write of each row: the wanted outputs, or those that fill up too.
    pub(super) columns: usize,
}

/// `rows` rows of `panels.inputs()` numbers, one after another, times the weights, plus the bias.
///
/// # Safety
/// The instruction set of `L` must be there.
// Where the instruction set is chosen at run time it has to be inlined to be compiled for it; wasm has one, and every
// copy of this is downloaded.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(super) unsafe fn multiply<L: Lanes>(from: &[f32], rows: usize, panels: &Panels, to: Rows<'_>, finish: Finish<'_>) {
    let Rows { values, stride, columns } = to;
    if rows == 0 || columns == 0 {
        return;
    }
    let inputs = panels.inputs();
    let vectors = panels.padded_outputs() / L::WIDTH;
    assert!(panels.width() == L::WIDTH, "packed for another instruction set");
    assert!(rows.checked_mul(inputs) == Some(from.len()), "a map of other channels than the weights'");
    assert!(values.len() >= (rows - 1) * stride + columns && columns <= stride);
    assert!(columns <= panels.padded_outputs() && panels.weights().len() == inputs * panels.padded_outputs());
    if let Finish::Residual(residual) = finish {
        assert!(residual.len() >= rows * panels.outputs() && columns <= panels.outputs());
    }
    let mut first = 0;
    while first < vectors {
        let count = VECTORS.min(vectors - first);
        let column = first * L::WIDTH;
        let job = Job {
            // SAFETY: a panel begins after `inputs` numbers for each output before it, and there is a bias for each.
            weights: unsafe { panels.weights().as_ptr().add(column * inputs) },
            bias: unsafe { panels.bias().as_ptr().add(column) },
            inputs,
            finish,
            column,
            columns,
            outputs: panels.outputs(),
        };
        let mut row = 0;
        while row < rows {
            let left = rows - row;
            // SAFETY: the row lies within `from` and `values`, as was checked, and the tile no further than `left`.
            let (from, to) = unsafe { (from.as_ptr().add(row * inputs), values.as_mut_ptr().add(row * stride)) };
            let tile = (from, to, stride, row);
            // SAFETY: as above.
            row += unsafe {
                if count == VECTORS { job.tiles::<L, VECTORS>(left, tile) } else { job.tiles::<L, 1>(left, tile) }
            };
        }
        first += count;
    }
}

/// One panel's part of the work.
struct Job<'a> {
    weights: *const f32,
    bias: *const f32,
    inputs: usize,
    finish: Finish<'a>,
    /// The first output, and how many of all are written.
    column: usize,
    columns: usize,
    /// Length of a residual's row.
    outputs: usize,
}

/// Where a tile reads and writes, the distance between the rows it writes, and its first row's number.
type Tile = (*const f32, *mut f32, usize, usize);

impl Job<'_> {
    /// As many rows at once as there are, up to [`ROWS`]; says how many.
    #[inline(always)]
    unsafe fn tiles<L: Lanes, const V: usize>(&self, left: usize, tile: Tile) -> usize {
        // SAFETY: no tile has more rows than are left.
        unsafe {
            match left {
                0 => 0,
                1 => self.tile::<L, 1, V>(tile),
                2 | 3 => self.tile::<L, 2, V>(tile),
                4 | 5 => self.tile::<L, 4, V>(tile),
                _ => self.tile::<L, ROWS, V>(tile),
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<L: Lanes, const R: usize, const V: usize>(&self, (from, to, stride, row): Tile) -> usize {
        // SAFETY: `R` rows of `inputs` numbers lie at `from`, `V` vectors of weights for each input at `weights`.
        unsafe {
            let bias: [L; V] = std::array::from_fn(|vector| L::load(self.bias.add(vector * L::WIDTH)));
            let mut sums = [bias; R];
            let mut weights = self.weights;
            for input in 0..self.inputs {
                let mut column = [bias[0]; V];
                for (vector, column) in column.iter_mut().enumerate() {
                    *column = L::load(weights.add(vector * L::WIDTH));
                }
                weights = weights.add(V * L::WIDTH);
                for (row, sums) in sums.iter_mut().enumerate() {
                    let value = L::splat(*from.add(row * self.inputs + input));
                    for (sum, weight) in sums.iter_mut().zip(column) {
                        *sum = value.mul_add(weight, *sum);
                    }
                }
            }
            for (line, sums) in sums.into_iter().enumerate() {
                for (vector, sum) in sums.into_iter().enumerate() {
                    let offset = self.column + vector * L::WIDTH;
                    let length = self.columns.saturating_sub(offset).min(L::WIDTH);
                    if length > 0 {
                        self.write(sum, to.add(line * stride + offset), (row + line) * self.outputs + offset, length);
                    }
                }
            }
        }
        R
    }

    /// Finishes a vector and writes its first `length` numbers; `place` is theirs in the residual.
    #[inline(always)]
    unsafe fn write<L: Lanes>(&self, sum: L, to: *mut f32, place: usize, length: usize) {
        // SAFETY: the caller has room for `length` numbers at `to`, and the residual as many at `place`.
        unsafe {
            if length == L::WIDTH {
                let sum = match self.finish {
                    Finish::Linear => sum,
                    Finish::Relu6 => sum.relu6(),
                    Finish::Residual(residual) => sum.add(L::load(residual.as_ptr().add(place))),
                };
                sum.store(to);
                return;
            }
            const { assert!(L::WIDTH <= 8) };
            let mut whole = [0.0; 8];
            sum.store(whole.as_mut_ptr());
            for (offset, value) in whole.into_iter().take(length).enumerate() {
                *to.add(offset) = match self.finish {
                    Finish::Linear => value,
                    Finish::Relu6 => value.clamp(0.0, 6.0),
                    Finish::Residual(residual) => value + residual[place + offset],
                };
            }
        }
    }
}
