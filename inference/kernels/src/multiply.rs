//! The matrix product of rows of pixels and weights: a pointwise convolution.

#![allow(unsafe_code, reason = "the innermost loop reads and writes without a check at every step")]

use std::array::from_fn;

use crate::panels::{Panels, VECTORS};
use crate::simd::{Kernel, MOST_ROWS, Simd, WIDEST};

/// Inputs whose weights are prefetched. The weights of a network's last blocks do not fit the L2 cache, and the
/// hardware prefetcher stops at the end of a page.
const AHEAD: usize = 24;

/// What is applied to the sums.
#[derive(Clone, Copy)]
pub(crate) enum Finish<'a> {
    /// Nothing.
    Linear,
    /// ReLU6.
    Relu6,
    /// Adds these rows, each as long as the outputs.
    Residual(&'a [f32]),
}

/// The inputs of all rows. A row's inputs are runs of adjacent elements: a pixel's channels are one run, the window of
/// a dense convolution is one run per channel and line.
pub(crate) struct Inputs<'a> {
    pub(crate) values: &'a [f32],
    /// Elements from one row's inputs to the next row's.
    pub(crate) step: usize,
    pub(crate) runs: Runs,
}

/// Runs of adjacent elements at equal distances.
#[derive(Clone, Copy)]
pub(crate) struct Runs {
    /// Elements per run.
    pub(crate) length: usize,
    /// Number of runs.
    pub(crate) count: usize,
    /// Elements from the start of one run to the start of the next.
    pub(crate) apart: usize,
}

impl<'a> Inputs<'a> {
    /// The end of a row's elements, for runs of which there is at least one; `None` if it cannot be represented.
    #[inline(always)]
    fn end(&self, row: usize) -> Option<usize> {
        let Runs { length, count, apart } = self.runs;
        let runs = count.checked_sub(1)?.checked_mul(apart)?;
        row.checked_mul(self.step)?.checked_add(runs)?.checked_add(length)
    }

    /// Contiguous rows of `length` elements.
    pub(crate) fn rows(values: &'a [f32], length: usize) -> Self {
        Self { values, step: length, runs: Runs { length, count: 1, apart: 0 } }
    }
}

/// The memory layout of the results, row by row.
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a mut [f32],
    /// Elements from one row to the next of a line.
    pub(crate) stride: usize,
    /// Elements to write per row: the outputs, with or without the padding.
    pub(crate) columns: usize,
    pub(crate) lines: Lines,
}

/// Rows of results, grouped into lines that may have a gap between them.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    /// Rows per line, above 0.
    pub(crate) rows: usize,
    /// Elements from the start of one line to the start of the next.
    pub(crate) step: usize,
}

impl Lines {
    /// All rows in one line.
    pub(crate) fn one(rows: usize) -> Self {
        Self { rows: rows.max(1), step: 0 }
    }
}

impl Rows<'_> {
    /// The end of a row's elements; `None` if it cannot be represented.
    #[inline(always)]
    fn end(&self, row: usize) -> Option<usize> {
        let Lines { rows, step } = self.lines;
        let line = (row / rows).checked_mul(step)?;
        line.checked_add((row % rows).checked_mul(self.stride)?)?.checked_add(self.columns)
    }
}

/// `rows` rows of `panels.inputs()` elements times the weights, plus the bias.
pub(crate) struct Multiply<'a> {
    pub(crate) from: Inputs<'a>,
    pub(crate) rows: usize,
    pub(crate) panels: &'a Panels,
    pub(crate) to: Rows<'a>,
    pub(crate) finish: Finish<'a>,
}

impl Kernel for Multiply<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { from, rows, panels, to, finish } = self;
        const { assert!(S::ROWS <= MOST_ROWS && S::WIDTH <= WIDEST) };
        if rows == 0 || to.columns == 0 {
            return;
        }
        let inputs = panels.inputs();
        let vectors = panels.padded_outputs() / S::WIDTH;
        assert!(panels.width() == S::WIDTH, "packed for another instruction set");
        let Runs { length, count: runs, .. } = from.runs;
        assert!(length.checked_mul(runs) == Some(inputs), "the feature map's channels differ from the weights'");
        assert!(
            inputs == 0 || from.end(rows - 1).is_some_and(|end| end <= from.values.len()),
            "the input is shorter than its rows"
        );
        assert!(
            to.columns <= to.stride
                && to.lines.rows > 0
                && (rows <= to.lines.rows
                    || to.lines.rows.checked_mul(to.stride).is_some_and(|line| line <= to.lines.step))
        );
        assert!(to.end(rows - 1).is_some_and(|end| end <= to.values.len()), "the output is shorter than its rows");
        assert!(to.columns <= panels.padded_outputs() && panels.weights().len() == inputs * panels.padded_outputs());
        if let Finish::Residual(residual) = finish {
            let needed = rows.checked_mul(panels.outputs());
            assert!(needed.is_some_and(|needed| needed <= residual.len()) && to.columns <= panels.outputs());
        }
        let tiles = rows.div_ceil(S::ROWS);
        let mut first = 0;
        while first < vectors {
            let count = VECTORS.min(vectors - first);
            let column = first * S::WIDTH;
            let mut job = Job {
                simd,
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
                    lines: to.lines,
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
                        job.tiles::<VECTORS>(row, number, size);
                    } else {
                        job.tiles::<1>(row, number, size);
                    }
                }
            }
            first += count;
        }
    }
}

/// The computation of one panel.
struct Job<'a, S> {
    simd: S,
    weights: *const f32,
    bias: *const f32,
    from: *const f32,
    step: usize,
    runs: Runs,
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
    lines: Lines,
    /// The row's index in its line, where it starts, and where its line starts.
    row: usize,
    place: usize,
    next: usize,
}

impl Cursor {
    /// Returns where the row starts and moves to the next one.
    #[inline(always)]
    fn advance(&mut self) -> *mut f32 {
        let Lines { rows, step } = self.lines;
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

impl<S: Simd> Job<'_, S> {
    /// Computes `count` tiles of `rows` rows each, at most [`Simd::ROWS`]; with `count` 0, `rows` is ignored.
    #[inline(always)]
    unsafe fn tiles<const V: usize>(&mut self, first: usize, count: usize, rows: usize) {
        if count == 0 {
            return;
        }
        // SAFETY: by this function's contract.
        unsafe {
            match rows {
                1 => self.tiles_of::<1, V>(first, count),
                2 => self.tiles_of::<2, V>(first, count),
                3 => self.tiles_of::<3, V>(first, count),
                4 => self.tiles_of::<4, V>(first, count),
                5 if S::ROWS >= 5 => self.tiles_of::<5, V>(first, count),
                6 if S::ROWS >= 6 => self.tiles_of::<6, V>(first, count),
                7 if S::ROWS >= 7 => self.tiles_of::<7, V>(first, count),
                8 if S::ROWS >= 8 => self.tiles_of::<8, V>(first, count),
                9 if S::ROWS >= 9 => self.tiles_of::<9, V>(first, count),
                10 if S::ROWS >= 10 => self.tiles_of::<10, V>(first, count),
                11 if S::ROWS >= 11 => self.tiles_of::<11, V>(first, count),
                12 if S::ROWS >= 12 => self.tiles_of::<12, V>(first, count),
                _ => unreachable!("a tile has at most Simd::ROWS rows"),
            }
        }
    }

    /// Computes `count` tiles of `R` rows each.
    #[inline(always)]
    unsafe fn tiles_of<const R: usize, const V: usize>(&mut self, first: usize, count: usize) {
        for tile in 0..count {
            // SAFETY: by this function's contract.
            unsafe { self.tile::<R, V>(first + tile * R) };
        }
    }

    #[inline(always)]
    unsafe fn tile<const R: usize, const V: usize>(&mut self, first: usize) {
        // SAFETY: `from` has the inputs of `R` rows, and `weights` has `V` vectors for each input.
        unsafe {
            let simd = self.simd;
            let bias: [S::Vector; V] = from_fn(|vector| simd.load(self.bias.add(vector * S::WIDTH)));
            let mut sums = [bias; R];
            let Runs { length, count, apart } = self.runs;
            let mut weights = self.weights;
            for number in 0..count {
                let from = self.from.add(first * self.step + number * apart);
                for input in 0..length {
                    let column: [S::Vector; V] = from_fn(|vector| simd.load(weights.add(vector * S::WIDTH)));
                    for (row, sums) in sums.iter_mut().enumerate() {
                        let value = simd.splat(*from.add(row * self.step + input));
                        for (sum, weight) in sums.iter_mut().zip(column) {
                            *sum = simd.mul_add(value, weight, *sum);
                        }
                    }
                    weights = weights.wrapping_add(V * S::WIDTH);
                    for vector in 0..V {
                        simd.prefetch(weights.wrapping_add((AHEAD * V + vector) * S::WIDTH));
                    }
                }
            }
            self.finish::<R, V>(sums, first);
        }
    }

    /// Applies `Finish` to a tile and writes it.
    ///
    /// The sums stay in registers only if every loop over them is unrolled; the loop over the rows of a partial tile is
    /// not unrolled and works on a copy.
    #[inline(always)]
    unsafe fn finish<const R: usize, const V: usize>(&mut self, mut sums: [[S::Vector; V]; R], first: usize) {
        let simd = self.simd;
        // SAFETY: every row has room for `columns` elements, and the residual has as many.
        unsafe {
            if self.column + V * S::WIDTH > self.columns {
                for (row, sums) in sums.into_iter().enumerate() {
                    let to = self.to.advance();
                    self.part::<V>(sums, to, first + row);
                }
                return;
            }
            match self.finish {
                Finish::Linear => {}
                Finish::Relu6 => {
                    for sums in &mut sums {
                        for sum in sums {
                            *sum = simd.relu6(*sum);
                        }
                    }
                }
                Finish::Residual(residual) => {
                    let mut residual = residual.as_ptr().add(first * self.outputs + self.column);
                    for sums in &mut sums {
                        for (vector, sum) in sums.iter_mut().enumerate() {
                            *sum = simd.add(*sum, simd.load(residual.add(vector * S::WIDTH)));
                        }
                        residual = residual.wrapping_add(self.outputs);
                    }
                }
            }
            for sums in &sums {
                let to = self.to.advance().add(self.column);
                for (vector, sum) in sums.iter().enumerate() {
                    simd.store(*sum, to.add(vector * S::WIDTH));
                }
            }
        }
    }

    /// Applies `Finish` to the last vectors of a row and writes the elements that belong to outputs.
    #[inline(always)]
    unsafe fn part<const V: usize>(&self, sums: [S::Vector; V], to: *mut f32, row: usize) {
        let simd = self.simd;
        for (vector, sum) in sums.into_iter().enumerate() {
            let column = self.column + vector * S::WIDTH;
            let length = self.columns.saturating_sub(column).min(S::WIDTH);
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
                let sum = if residual { simd.add(sum, simd.load(elements.as_ptr())) } else { sum };
                let sum = if matches!(self.finish, Finish::Relu6) { simd.relu6(sum) } else { sum };
                if length == S::WIDTH {
                    simd.store(sum, to.add(column));
                } else {
                    simd.store(sum, elements.as_mut_ptr());
                    to.add(column).copy_from_nonoverlapping(elements.as_ptr(), length);
                }
            }
        }
    }
}
