//! The matrix product of rows of pixels and weights: a pointwise convolution.

#![allow(unsafe_code, reason = "the innermost loop reads and writes without a check at every step")]

use std::array::from_fn;

use super::panels::{Panels, VECTORS};
use super::simd::{Kernel, MOST_ROWS, SimdVector, WIDEST};

/// Inputs whose weights are prefetched. The weights of a network's last blocks do not fit the L2 cache, and the
/// hardware prefetcher stops at the end of a page.
const AHEAD: usize = 24;

/// What is applied to the sums.
#[derive(Clone, Copy)]
pub(super) enum Finish<'a> {
    /// Nothing.
    Linear,
    /// ReLU6.
    Relu6,
    /// Adds these rows, each as long as the outputs.
    Residual(&'a [f32]),
}

/// The memory layout of a row's inputs: runs at equal distances. A pixel's channels are one run; the window of a dense
/// convolution is one run per channel and line.
pub(super) struct Inputs<'a> {
    pub(super) values: &'a [f32],
    /// Elements from one row's inputs to the next row's.
    pub(super) step: usize,
    /// Elements per run, number of runs, and elements from one run to the next.
    pub(super) runs: [usize; 3],
}

impl<'a> Inputs<'a> {
    /// Contiguous rows of `length` elements.
    pub(super) fn rows(values: &'a [f32], length: usize) -> Self {
        Self { values, step: length, runs: [length, 1, 0] }
    }
}

/// The memory layout of the results, row by row.
pub(super) struct Rows<'a> {
    pub(super) values: &'a mut [f32],
    /// Elements from one row to the next of a line.
    pub(super) stride: usize,
    /// Elements to write per row: the outputs, with or without the padding.
    pub(super) columns: usize,
    /// Rows per line, and elements from one line to the next.
    pub(super) line: [usize; 2],
}

impl Rows<'_> {
    /// The index of a row's first element.
    #[inline(always)]
    fn place(&self, row: usize) -> usize {
        let [rows, step] = self.line;
        row / rows * step + row % rows * self.stride
    }
}

/// `rows` rows of `panels.inputs()` elements times the weights, plus the bias.
pub(super) struct Multiply<'a> {
    pub(super) from: Inputs<'a>,
    pub(super) rows: usize,
    pub(super) panels: &'a Panels,
    pub(super) to: Rows<'a>,
    pub(super) finish: Finish<'a>,
}

impl Kernel for Multiply<'_> {
    #[inline(always)]
    unsafe fn run<L: SimdVector>(self) {
        let Self { from, rows, panels, to, finish } = self;
        const { assert!(L::ROWS <= MOST_ROWS && L::WIDTH <= WIDEST) };
        if rows == 0 || to.columns == 0 {
            return;
        }
        let inputs = panels.inputs();
        let vectors = panels.padded_outputs() / L::WIDTH;
        assert!(panels.width() == L::WIDTH, "packed for another instruction set");
        let [run, runs, apart] = from.runs;
        assert!(run * runs == inputs, "the feature map's channels differ from the weights'");
        assert!(inputs == 0 || from.values.len() >= (rows - 1) * from.step + (runs - 1) * apart + run);
        assert!(
            to.columns <= to.stride && to.line[0] > 0 && (rows <= to.line[0] || to.line[0] * to.stride <= to.line[1])
        );
        assert!(to.values.len() >= to.place(rows - 1) + to.columns);
        assert!(to.columns <= panels.padded_outputs() && panels.weights().len() == inputs * panels.padded_outputs());
        if let Finish::Residual(residual) = finish {
            assert!(residual.len() >= rows * panels.outputs() && to.columns <= panels.outputs());
        }
        let tiles = rows.div_ceil(L::ROWS);
        let mut first = 0;
        while first < vectors {
            let count = VECTORS.min(vectors - first);
            let column = first * L::WIDTH;
            let mut job = Job {
                // SAFETY: a panel starts after `inputs` elements for each output before it, and there is a bias for
                // each.
                weights: unsafe { panels.weights().as_ptr().add(column * inputs) },
                bias: unsafe { panels.bias().as_ptr().add(column) },
                from: from.values.as_ptr(),
                step: from.step,
                runs: from.runs,
                finish,
                column,
                columns: to.columns,
                outputs: panels.outputs(),
                to: Cursor {
                    values: to.values.as_mut_ptr(),
                    stride: to.stride,
                    line: to.line,
                    row: 0,
                    place: 0,
                    next: 0,
                },
            };
            // Tiles of nearly equal size instead of a small one at the end: the first ones have one more row.
            let (size, larger) = (rows / tiles, rows % tiles);
            for (row, number, size) in [(0, larger, size + 1), (larger * (size + 1), tiles - larger, size)] {
                // SAFETY: the rows lie within `from` and `values`, as was checked.
                unsafe {
                    if count == VECTORS {
                        job.tiles::<L, VECTORS>(row, number, size);
                    } else {
                        job.tiles::<L, 1>(row, number, size);
                    }
                }
            }
            first += count;
        }
    }
}

/// The computation of one panel.
struct Job<'a> {
    weights: *const f32,
    bias: *const f32,
    from: *const f32,
    step: usize,
    runs: [usize; 3],
    finish: Finish<'a>,
    /// The first output, and how many outputs are written in total.
    column: usize,
    columns: usize,
    /// Length of a row of the residual.
    outputs: usize,
    to: Cursor,
}

/// The position of the row that is written next.
struct Cursor {
    values: *mut f32,
    stride: usize,
    line: [usize; 2],
    /// The row's index in its line, where it starts, and where its line starts.
    row: usize,
    place: usize,
    next: usize,
}

impl Cursor {
    /// Returns where the row starts and moves to the next one.
    #[inline(always)]
    fn advance(&mut self) -> *mut f32 {
        let [rows, step] = self.line;
        // The start of a row is within the values: the last row was checked.
        let here = self.values.wrapping_add(self.place);
        self.row += 1;
        self.place += self.stride;
        if self.row == rows {
            self.row = 0;
            self.next += step;
            self.place = self.next;
        }
        here
    }
}

impl Job<'_> {
    /// Computes `count` tiles of `rows` rows each, at most [`SimdVector::ROWS`]; with `count` 0, `rows` is ignored.
    #[inline(always)]
    unsafe fn tiles<L: SimdVector, const V: usize>(&mut self, first: usize, count: usize, rows: usize) {
        if count == 0 {
            return;
        }
        // SAFETY: by this function's contract.
        unsafe {
            match rows {
                1 => self.tiles_of::<L, 1, V>(first, count),
                2 => self.tiles_of::<L, 2, V>(first, count),
                3 => self.tiles_of::<L, 3, V>(first, count),
                4 => self.tiles_of::<L, 4, V>(first, count),
                5 if L::ROWS >= 5 => self.tiles_of::<L, 5, V>(first, count),
                6 if L::ROWS >= 6 => self.tiles_of::<L, 6, V>(first, count),
                7 if L::ROWS >= 7 => self.tiles_of::<L, 7, V>(first, count),
                8 if L::ROWS >= 8 => self.tiles_of::<L, 8, V>(first, count),
                9 if L::ROWS >= 9 => self.tiles_of::<L, 9, V>(first, count),
                10 if L::ROWS >= 10 => self.tiles_of::<L, 10, V>(first, count),
                11 if L::ROWS >= 11 => self.tiles_of::<L, 11, V>(first, count),
                12 if L::ROWS >= 12 => self.tiles_of::<L, 12, V>(first, count),
                _ => unreachable!("a tile has at most SimdVector::ROWS rows"),
            }
        }
    }

    /// Computes `count` tiles of `R` rows each.
    #[inline(always)]
    unsafe fn tiles_of<L: SimdVector, const R: usize, const V: usize>(&mut self, first: usize, count: usize) {
        for tile in 0..count {
            // SAFETY: by this function's contract.
            unsafe { self.tile::<L, R, V>(first + tile * R) };
        }
    }

    #[inline(always)]
    unsafe fn tile<L: SimdVector, const R: usize, const V: usize>(&mut self, first: usize) {
        // SAFETY: `from` has the inputs of `R` rows, and `weights` has `V` vectors for each input.
        unsafe {
            let bias: [L; V] = from_fn(|vector| L::load(self.bias.add(vector * L::WIDTH)));
            let mut sums = [bias; R];
            let [run, runs, apart] = self.runs;
            let mut weights = self.weights;
            for number in 0..runs {
                let from = self.from.add(first * self.step + number * apart);
                for input in 0..run {
                    let column: [L; V] = from_fn(|vector| L::load(weights.add(vector * L::WIDTH)));
                    for (row, sums) in sums.iter_mut().enumerate() {
                        let value = L::splat(*from.add(row * self.step + input));
                        for (sum, weight) in sums.iter_mut().zip(column) {
                            *sum = value.mul_add(weight, *sum);
                        }
                    }
                    weights = weights.wrapping_add(V * L::WIDTH);
                    for vector in 0..V {
                        L::prefetch(weights.wrapping_add((AHEAD * V + vector) * L::WIDTH));
                    }
                }
            }
            self.finish::<L, R, V>(sums, first);
        }
    }

    /// Applies `Finish` to a tile and writes it.
    ///
    /// The sums stay in registers only if every loop over them is unrolled; the loop over the rows of a partial tile is
    /// not unrolled and works on a copy.
    #[inline(always)]
    unsafe fn finish<L: SimdVector, const R: usize, const V: usize>(&mut self, mut sums: [[L; V]; R], first: usize) {
        // SAFETY: every row has room for `columns` elements, and the residual has as many.
        unsafe {
            if self.column + V * L::WIDTH > self.columns {
                for (row, sums) in sums.into_iter().enumerate() {
                    let to = self.to.advance();
                    self.part::<L, V>(sums, to, first + row);
                }
                return;
            }
            match self.finish {
                Finish::Linear => {}
                Finish::Relu6 => {
                    for sums in &mut sums {
                        for sum in sums {
                            *sum = sum.relu6();
                        }
                    }
                }
                Finish::Residual(residual) => {
                    let mut residual = residual.as_ptr().add(first * self.outputs + self.column);
                    for sums in &mut sums {
                        for (vector, sum) in sums.iter_mut().enumerate() {
                            *sum = sum.add(L::load(residual.add(vector * L::WIDTH)));
                        }
                        residual = residual.wrapping_add(self.outputs);
                    }
                }
            }
            for sums in &sums {
                let to = self.to.advance().add(self.column);
                for (vector, sum) in sums.iter().enumerate() {
                    sum.store(to.add(vector * L::WIDTH));
                }
            }
        }
    }

    /// Applies `Finish` to the last vectors of a row and writes the elements that belong to outputs.
    #[inline(always)]
    unsafe fn part<L: SimdVector, const V: usize>(&self, sums: [L; V], to: *mut f32, row: usize) {
        for (vector, sum) in sums.into_iter().enumerate() {
            let column = self.column + vector * L::WIDTH;
            let length = self.columns.saturating_sub(column).min(L::WIDTH);
            if length == 0 {
                return;
            }
            let mut elements = [0.0; WIDEST];
            let residual = match self.finish {
                Finish::Residual(residual) => {
                    let place = row * self.outputs + column;
                    elements[..length].copy_from_slice(&residual[place..place + length]);
                    true
                }
                Finish::Linear | Finish::Relu6 => false,
            };
            // SAFETY: no vector is wider than `elements`, and the row has room for `columns` elements.
            unsafe {
                let sum = if residual { sum.add(L::load(elements.as_ptr())) } else { sum };
                let sum = if matches!(self.finish, Finish::Relu6) { sum.relu6() } else { sum };
                if length == L::WIDTH {
                    sum.store(to.add(column));
                } else {
                    sum.store(elements.as_mut_ptr());
                    to.add(column).copy_from_nonoverlapping(elements.as_ptr(), length);
                }
            }
        }
    }
}
