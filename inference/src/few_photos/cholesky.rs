//! Systems of linear equations with a positive definite matrix.

/// The lower triangle L with L·Lᵀ the matrix, row by row.
#[derive(Clone, Debug)]
pub(super) struct Cholesky {
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// Factors a symmetric matrix of that size, of which `at` gives the lower triangle; `None` if it is not positive
    /// definite.
    pub(super) fn of(size: usize, at: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(size);
        for i in 0..size {
            let mut row: Vec<f64> = Vec::with_capacity(i + 1);
            for (j, earlier) in rows.iter().enumerate() {
                let value = (at(i, j) - dot(&row, &earlier[..j])) / earlier[j];
                row.push(value);
            }
            let rest = at(i, i) - dot(&row, &row);
            if !(rest > 0.0 && rest.is_finite()) {
                return None;
            }
            row.push(rest.sqrt());
            rows.push(row);
        }
        Some(Self { rows })
    }

    /// x with L·x = b.
    pub(super) fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(b.len());
        for (row, b) in self.rows.iter().zip(b) {
            let (diagonal, before) = row.split_last().map_or((1.0, &[][..]), |(last, before)| (*last, before));
            x.push((b - dot(before, &x)) / diagonal);
        }
        x
    }

    /// x with L·Lᵀ·x = b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.half_solve_transposed(self.half_solve(b))
    }

    /// x with Lᵀ·x = b.
    pub(super) fn half_solve_transposed(&self, mut b: Vec<f64>) -> Vec<f64> {
        for (i, row) in self.rows.iter().enumerate().rev() {
            let value = b[i] / row[i];
            b[i] = value;
            for (b, entry) in b.iter_mut().zip(&row[..i]) {
                *b -= entry * value;
            }
        }
        b
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_solution_satisfies_the_equations(
            entries in proptest::collection::vec(-2f64..2.0, 36),
            b in proptest::collection::vec(-9f64..9.0, 6),
        ) {
            let matrix = |i: usize, j: usize| {
                (0..6).map(|k| entries[6 * i + k] * entries[6 * j + k]).sum::<f64>() + if i == j { 0.1 } else { 0.0 }
            };
            let x = Cholesky::of(6, matrix).unwrap().solve(&b);
            for (i, b) in b.iter().enumerate() {
                let product: f64 = (0..6).map(|j| matrix(i, j) * x[j]).sum();
                prop_assert!((product - b).abs() < 1e-6, "{product} {b}");
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_is_not_factored() {
        assert!(Cholesky::of(2, |i, j| if i == j { 1.0 } else { 2.0 }).is_none());
        assert!(Cholesky::of(1, |_, _| f64::NAN).is_none());
    }
}
