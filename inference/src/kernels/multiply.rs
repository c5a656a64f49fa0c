//! Rows of pixels times a matrix of weights: a pointwise convolution.

#![allow(unsafe_code, reason = "the innermost loop reads and writes without a check at every step")]

use std::array::from_fn;

use super::lanes::{Kernel, Lanes, MOST_ROWS, WIDEST};
use super::panels::{Panels, VECTORS};

/// Inputs whose weights are asked for before they are needed. The weights of a network's last blocks do not fit the
/// second cache, and the processor follows them by itself only to the end of a page.
const AHEAD: usize = 24;

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

/// Where the inputs of a row lie: in runs, one after another at equal distances. A pixel's channels are one run; what a
/// dense convolution covers is a run for each channel and line.
pub(super) struct Inputs<'a> {
    pub(super) values: &'a [f32],
    /// Numbers from one row's inputs to the next one's.
    pub(super) step: usize,
    /// Numbers in a run, runs, and numbers from one to the next.
    pub(super) runs: [usize; 3],
}

impl<'a> Inputs<'a> {
    /// Rows of `length` numbers, one after another.
    pub(super) fn rows(values: &'a [f32], length: usize) -> Self {
        Self { values, step: length, runs: [length, 1, 0] }
    }
}

/// Where the results go, row by row.
pub(super) struct Rows<'a> {
    pub(super) values: &'a mut [f32],
    /// Numbers from one row to the next of a line.
    pub(super) stride: usize,
    /// Numbers to write of each row: the wanted outputs, or those that fill up too.
    pub(super) columns: usize,
    /// Rows in a line, and numbers from one line to the next.
    pub(super) line: [usize; 2],
}

impl Rows<'_> {
    /// The first number of a row.
    #[inline(always)]
    fn place(&self, row: usize) -> usize {
        let [rows, step] = self.line;
        row / rows * step + row % rows * self.stride
    }
}

/// `rows` rows of `panels.inputs()` numbers times the weights, plus the bias.
pub(super) struct Multiply<'a> {
    pub(super) from: Inputs<'a>,
    pub(super) rows: usize,
    pub(super) panels: &'a Panels,
    pub(super) to: Rows<'a>,
    pub(super) finish: Finish<'a>,
}

impl Kernel for Multiply<'_> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let Self { from, rows, panels, to, finish } = self;
        const { assert!(L::ROWS <= MOST_ROWS && L::WIDTH <= WIDEST) };
        if rows == 0 || to.columns == 0 {
            return;
        }
        let inputs = panels.inputs();
        let vectors = panels.padded_outputs() / L::WIDTH;
        assert!(panels.width() == L::WIDTH, "packed for another instruction set");
        let [run, runs, apart] = from.runs;
        assert!(run * runs == inputs, "a map of other channels than the weights'");
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
                // SAFETY: a panel begins after `inputs` numbers for each output before it, and there is a bias for each.
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
            // Tiles of like size rather than a small one at the end: the first ones have a row more.
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

/// One panel's part of the work.
struct Job<'a> {
    weights: *const f32,
    bias: *const f32,
    from: *const f32,
    step: usize,
    runs: [usize; 3],
    finish: Finish<'a>,
    /// The first output, and how many of all are written.
    column: usize,
    columns: usize,
    /// Length of a residual's row.
    outputs: usize,
    to: Cursor,
}

/// The row that is written next.
struct Cursor {
    values: *mut f32,
    stride: usize,
    line: [usize; 2],
    /// Its number in its line, where it begins, and where its line does.
    row: usize,
    place: usize,
    next: usize,
}

impl Cursor {
    /// Where the row begins; the one after it is next.
    #[inline(always)]
    fn advance(&mut self) -> *mut f32 {
        let [rows, step] = self.line;
        // The start of a row is within the values, as was checked for the last one.
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
    /// `count` tiles of at most [`Lanes::ROWS`] rows each, of any size if there are none.
    #[inline(always)]
    unsafe fn tiles<L: Lanes, const V: usize>(&mut self, first: usize, count: usize, rows: usize) {
        if count == 0 {
            return;
        }
        // SAFETY: the caller's.
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
                _ => unreachable!("a tile has at most Lanes::ROWS rows"),
            }
        }
    }

    /// `count` tiles of `R` rows each.
    #[inline(always)]
    unsafe fn tiles_of<L: Lanes, const R: usize, const V: usize>(&mut self, first: usize, count: usize) {
        for tile in 0..count {
            // SAFETY: the caller's.
            unsafe { self.tile::<L, R, V>(first + tile * R) };
        }
    }

    #[inline(always)]
    unsafe fn tile<L: Lanes, const R: usize, const V: usize>(&mut self, first: usize) {
        // SAFETY: `R` rows have their inputs at `from`, `V` vectors of weights for each lie at `weights`.
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

    /// Finishes a tile and writes it.
    ///
    /// The sums stay in registers as long as every loop over them is unrolled; the one over the rows of a part is not,
    /// and works on a copy.
    #[inline(always)]
    unsafe fn finish<L: Lanes, const R: usize, const V: usize>(&mut self, mut sums: [[L; V]; R], first: usize) {
        // SAFETY: every row has room for `columns` numbers, and as many of the residual.
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

    /// Finishes what is wanted of a row's last vectors and writes it.
    #[inline(always)]
    unsafe fn part<L: Lanes, const V: usize>(&self, sums: [L; V], to: *mut f32, row: usize) {
        for (vector, sum) in sums.into_iter().enumerate() {
            let column = self.column + vector * L::WIDTH;
            let length = self.columns.saturating_sub(column).min(L::WIDTH);
            if length == 0 {
                return;
            }
            let mut numbers = [0.0; WIDEST];
            let residual = match self.finish {
                Finish::Residual(residual) => {
                    let place = row * self.outputs + column;
                    numbers[..length].copy_from_slice(&residual[place..place + length]);
                    true
                }
                Finish::Linear | Finish::Relu6 => false,
            };
            // SAFETY: no vector is wider than `numbers`, and the row has room for `columns` numbers.
            unsafe {
                let sum = if residual { sum.add(L::load(numbers.as_ptr())) } else { sum };
                let sum = if matches!(self.finish, Finish::Relu6) { sum.relu6() } else { sum };
                if length == L::WIDTH {
                    sum.store(to.add(column));
                } else {
                    sum.store(numbers.as_mut_ptr());
                    to.add(column).copy_from_nonoverlapping(numbers.as_ptr(), length);
                }
            }
        }
    }
}
