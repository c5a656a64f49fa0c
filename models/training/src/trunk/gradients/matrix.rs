//! Products of row-major matrices on slices, through ndarray's `matrixmultiply`.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

/// `out[rows, outputs] = left[rows, inner] · right[outputs, inner]ᵀ`, added to `out` times `keep`.
pub(super) fn times_transposed(left: &[f32], right: &[f32], inner: usize, keep: f32, out: &mut [f32]) {
    let (left, right) = (rows_of(left, inner), rows_of(right, inner));
    general_mat_mul(1.0, &left, &right.t(), keep, &mut rows_of_mut(out, right.nrows()));
}

/// `out[rows, outputs] = left[rows, inner] · right[inner, outputs]`.
pub(super) fn times(left: &[f32], right: &[f32], inner: usize, out: &mut [f32]) {
    let outputs = right.len() / inner;
    general_mat_mul(1.0, &rows_of(left, inner), &rows_of(right, outputs), 0.0, &mut rows_of_mut(out, outputs));
}

/// `out[lefts, rights] += left[rows, lefts]ᵀ · right[rows, rights]`.
pub(super) fn add_transposed_times(left: &[f32], right: &[f32], lefts: usize, rights: usize, out: &mut [f32]) {
    let (left, right) = (rows_of(left, lefts), rows_of(right, rights));
    general_mat_mul(1.0, &left.t(), &right, 1.0, &mut rows_of_mut(out, rights));
}

/// A slice as rows of `columns` values; an incomplete last row is ignored.
fn rows_of(values: &[f32], columns: usize) -> ArrayView2<'_, f32> {
    let rows = values.len() / columns;
    let Ok(view) = ArrayView2::from_shape((rows, columns), &values[..rows * columns]) else {
        unreachable!("the slice is as long as the rows need")
    };
    view
}

fn rows_of_mut(values: &mut [f32], columns: usize) -> ArrayViewMut2<'_, f32> {
    let rows = values.len() / columns;
    let Ok(view) = ArrayViewMut2::from_shape((rows, columns), &mut values[..rows * columns]) else {
        unreachable!("the slice is as long as the rows need")
    };
    view
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each entry of `[rows, columns]`, row by row.
    fn naive(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> f32) -> Vec<f32> {
        (0..rows * columns).map(|index| entry(index / columns, index % columns)).collect()
    }

    #[test]
    fn the_three_products_match_the_definition() {
        let left: Vec<f32> = (0..6).map(|i| i as f32 - 2.0).collect();
        let right: Vec<f32> = (0..12).map(|i| (i * i % 7) as f32).collect();
        let mut out = vec![1.0; 8];
        times_transposed(&left, &right, 3, 1.0, &mut out);
        assert_eq!(out, naive(2, 4, |r, c| 1.0 + (0..3).map(|k| left[r * 3 + k] * right[c * 3 + k]).sum::<f32>()));
        let mut out = vec![0.0; 8];
        times(&left, &right, 3, &mut out);
        assert_eq!(out, naive(2, 4, |r, c| (0..3).map(|k| left[r * 3 + k] * right[k * 4 + c]).sum()));
        let mut out = vec![0.5; 12];
        add_transposed_times(&left, &right[..8], 3, 4, &mut out);
        assert_eq!(out, naive(3, 4, |r, c| 0.5 + (0..2).map(|k| left[k * 3 + r] * right[k * 4 + c]).sum::<f32>()));
    }
}
