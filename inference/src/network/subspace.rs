//! Distance from the subspace of the embeddings of known leaves.

use burn::backend::Dispatch;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::zeros;
use crate::operations::Operations;

/// A mean and a basis of the variation among known leaves and their cameras.
///
/// With x the embedding minus `mean`, the distance is |x|² - |x · basisᵀ|². Orthonormal rows remove their directions
/// entirely: the residual of a principal component analysis (Hotelling and Jackson's Q statistic; `ViM`, arXiv
/// 2203.10807, uses its root). Shorter rows reduce the weight of their directions, as in a Mahalanobis distance.
#[derive(Module, Debug)]
pub struct Subspace {
    mean: Param<Tensor<1>>,
    basis: Param<Tensor<2>>,
}

impl Subspace {
    /// A subspace of that rank for embeddings of that length, zero until its weights are loaded.
    #[must_use]
    pub fn new(rank: usize, length: usize, device: &Device) -> Self {
        Self { mean: zeros([length], device), basis: zeros([rank, length], device) }
    }

    /// The values of the mean `[length]` and of the rows of the basis.
    #[must_use]
    pub fn values(&self) -> (Vec<f32>, Vec<Vec<f32>>) {
        let mean: Vec<f32> = self.mean.val().into_data().iter().collect();
        let basis: Vec<f32> = self.basis.val().into_data().iter().collect();
        let rows = basis.chunks_exact(mean.len().max(1)).map(<[f32]>::to_vec).collect();
        (mean, rows)
    }

    /// The distance `[n]` of each row of `[n, length]`.
    #[must_use]
    pub fn distance(&self, embedding: Tensor<2>) -> Tensor<1> {
        let (mean, basis) = (self.mean.val().into_dispatch(), self.basis.val().into_dispatch());
        Tensor::from_dispatch(Dispatch::subspace_distance(embedding.into_dispatch(), mean, basis))
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::weights::Weights;
    use burn::tensor::TensorData;

    #[test]
    fn only_the_component_orthogonal_to_the_subspace_counts_squared() {
        let device = crate::Backend::Flex.device();
        let mut weights = Weights::default();
        weights.insert("mean", TensorData::new(vec![1.0f32, 0.0, 0.0], [3]));
        weights.insert("basis", TensorData::new(vec![0.0f32, 1.0, 0.0], [1, 3]));
        let subspace = weights.fill(Subspace::new(1, 3, &device)).unwrap();
        let rows = TensorData::new(vec![1.0f32, 7.0, 0.0, 3.0, 7.0, 1.0], [2, 3]);
        let distances: Vec<f32> = subspace.distance(Tensor::from_data(rows, &device)).into_data().iter().collect();
        assert_eq!(distances, [0.0, 5.0]);
    }
}
