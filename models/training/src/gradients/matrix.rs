//! Products of row-major matrices on slices, through nalgebra's `matrixmultiply`.

use nalgebra::{DMatrixView, DMatrixViewMut, Dyn};

/// `out[rows, outputs] = left[rows, inner] · right[outputs, inner]ᵀ`, added to `out` times `keep`.
pub(super) fn times_transposed(left: &[f32], right: &[f32], inner: usize, keep: f32, out: &mut [f32]) {
    let (rows, outputs) = (left.len() / inner, right.len() / inner);
    // A row-major matrix is the transpose of a column-major one, so this computes outᵀ = right · leftᵀ.
    let right = strided(right, outputs, inner, inner, 1);
    let left = strided(left, inner, rows, 1, inner);
    DMatrixViewMut::from_slice(out, outputs, rows).gemm(1.0, &right, &left, keep);
}

/// `out[rows, outputs] = left[rows, inner] · right[inner, outputs]`.
pub(super) fn times(left: &[f32], right: &[f32], inner: usize, out: &mut [f32]) {
    let (rows, outputs) = (left.len() / inner, right.len() / inner);
    let right = strided(right, outputs, inner, 1, outputs);
    let left = strided(left, inner, rows, 1, inner);
    DMatrixViewMut::from_slice(out, outputs, rows).gemm(1.0, &right, &left, 0.0);
}

/// `out[lefts, rights] += left[rows, lefts]ᵀ · right[rows, rights]`.
pub(super) fn add_transposed_times(left: &[f32], right: &[f32], lefts: usize, rights: usize, out: &mut [f32]) {
    let rows = left.len() / lefts;
    let right = strided(right, rights, rows, 1, rights);
    let left = strided(left, rows, lefts, lefts, 1);
    DMatrixViewMut::from_slice(out, rights, lefts).gemm(1.0, &right, &left, 1.0);
}

fn strided(
    values: &[f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
) -> DMatrixView<'_, f32, Dyn, Dyn> {
    DMatrixView::from_slice_with_strides(values, rows, columns, row_stride, column_stride)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [2, 3] and [4, 3], and their product's entries by hand.
    #[test]
    fn the_three_products_match_the_definition() {
        let left: Vec<f32> = (0..6).map(|i| i as f32 - 2.0).collect();
        let right: Vec<f32> = (0..12).map(|i| (i * i % 7) as f32).collect();
        let naive = |rows: usize, columns: usize, entry: &dyn Fn(usize, usize) -> f32| -> Vec<f32> {
            (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|(r, c)| entry(r, c)).collect()
        };
        let mut out = vec![1.0; 8];
        times_transposed(&left, &right, 3, 1.0, &mut out);
        let expected = naive(2, 4, &|r, c| 1.0 + (0..3).map(|k| left[r * 3 + k] * right[c * 3 + k]).sum::<f32>());
        assert_eq!(out, expected);
        let mut out = vec![0.0; 8];
        times(&left, &right, 3, &mut out);
        assert_eq!(out, naive(2, 4, &|r, c| (0..3).map(|k| left[r * 3 + k] * right[k * 4 + c]).sum()));
        let mut out = vec![0.5; 12];
        add_transposed_times(&left, &right[..8], 3, 4, &mut out);
        assert_eq!(out, naive(3, 4, &|r, c| 0.5 + (0..2).map(|k| left[k * 3 + r] * right[k * 4 + c]).sum::<f32>()));
    }
}
