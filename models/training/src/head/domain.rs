//! The subspace in which known leaves and other cameras vary, and the limit beyond it.

use anyhow::{Context, Result, ensure};
use burn::tensor::{Device, TensorData};
use mango_inference::Weights;
use mango_inference::network::Subspace;
use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::{Array2, Axis};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::trunk::features::Features;

/// Directions that are followed beside those asked for, so that these settle fast.
const BESIDE: usize = 16;

/// Rounds of subspace iteration (Halko et al. 2011, arXiv 0909.4061, algorithm 4.4).
const ROUNDS: usize = 8;

/// Seed of the directions that the iteration begins with.
const BEGIN: u64 = 1;

/// The mean of all rows and the `rank` directions in which they vary most, as the tensors of a [`Subspace`].
///
/// With views of the same leaves by other cameras among the rows, what a camera changes lies inside the subspace and
/// what makes another kind of thing lies across it.
///
/// # Errors
/// There are fewer rows or numbers a row than directions.
pub fn subspace(parts: &[&Features], rank: usize) -> Result<Weights> {
    let len = parts.first().map_or(0, |part| part.len);
    let rows: usize = parts.iter().map(|part| part.rows()).sum();
    ensure!(rows > rank && len > rank, "{rows} photos with {len} numbers each have no {rank} directions");
    let mut values = Vec::with_capacity(rows * len);
    for part in parts {
        values.extend_from_slice(&part.values);
    }
    let mut rows = Array2::from_shape_vec((rows, len), values)?;
    let mean = rows.mean_axis(Axis(0)).context("no photos")?;
    rows -= &mean;
    let followed = (rank + BESIDE).min(len);
    let mut rng = StdRng::seed_from_u64(BEGIN);
    let mut directions = Array2::from_shape_simple_fn((len, followed), || rng.random_range(-1.0..1.0f32));
    for _ in 0..ROUNDS {
        directions = orthonormal(&rows.t().dot(&rows.dot(&directions)));
    }
    let along = rows.dot(&directions);
    let scatter = along.t().dot(&along);
    let eigen = SymmetricEigen::new(DMatrix::from_fn(followed, followed, |i, j| scatter[[i, j]]));
    let mut order: Vec<usize> = (0..followed).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let chosen = Array2::from_shape_fn((followed, rank), |(i, k)| eigen.eigenvectors[(i, order[k])]);
    let basis: Vec<f32> = directions.dot(&chosen).t().iter().copied().collect();
    let mut weights = Weights::default();
    weights.insert("mean", TensorData::new(mean.to_vec(), [len]));
    weights.insert("basis", TensorData::new(basis, [rank, len]));
    Ok(weights)
}

/// An orthonormal basis of the columns' span.
fn orthonormal(columns: &Array2<f32>) -> Array2<f32> {
    let (rows, count) = columns.dim();
    let basis = DMatrix::from_fn(rows, count, |i, j| columns[[i, j]]).qr().q();
    Array2::from_shape_fn((rows, count), |at| basis[at])
}

/// The distance of every row from a subspace.
///
/// # Errors
/// The weights are not those of a subspace of such rows.
pub fn distances(subspace: &Weights, rows: &Features) -> Result<Vec<f32>> {
    let device = Device::flex();
    let rank = subspace.get("basis").map_or(0, |basis| basis.shape()[0]);
    let subspace = subspace.clone().fill(Subspace::new(rank, rows.len, &device))?;
    Ok(subspace.distance(rows.tensor(&device)).into_data().iter().collect())
}

/// The typical distance of photos of mango.
///
/// # Errors
/// There are no photos, or they all lie in the subspace.
pub fn typical(distances: &[f32]) -> Result<f32> {
    ensure!(!distances.is_empty(), "no photos to fit the domain on");
    let typical = quantile(distances, 0.5);
    ensure!(typical > 0.0, "validation's photos lie in the subspace: lower domain.rank");
    Ok(typical)
}

/// The value that a share of `values` does not exceed.
pub(crate) fn quantile(values: &[f32], share: f64) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let index = (share * sorted.len() as f64).ceil() as usize;
    sorted[index.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_of_most_variance_cost_nothing_and_others_their_square() {
        // Points on a line along (3, 4) through (1, 1), and a third axis that never moves.
        let values = (-5..=5).flat_map(|t| [1.0 + 3.0 * t as f32, 1.0 + 4.0 * t as f32, 2.0]).collect();
        let line = Features { len: 3, values };
        let subspace = subspace(&[&line], 1).unwrap();
        let probes = Features { len: 3, values: vec![31.0, 41.0, 2.0, 1.0, 1.0, 5.0] };
        let distances = distances(&subspace, &probes).unwrap();
        assert!(distances[0].abs() < 1e-2, "{distances:?}");
        assert!((distances[1] - 9.0).abs() < 1e-2, "{distances:?}");
    }

    #[test]
    fn the_typical_distance_is_the_median() {
        assert_eq!(typical(&[3.0, 1.0, 2.0]).unwrap(), 2.0);
        assert!(typical(&[]).is_err());
        assert!(typical(&[0.0]).is_err());
    }

    #[test]
    fn a_quantile_keeps_the_share_that_is_asked_for() {
        let values: Vec<f32> = (1..=100).map(|i| i as f32).collect();
        assert_eq!(quantile(&values, 0.95), 95.0);
    }

    #[test]
    fn too_few_photos_are_refused() {
        assert!(subspace(&[&Features { len: 3, values: vec![0.0; 6] }], 2).is_err());
    }
}
