//! The similarity of two photos: a cosine of their embeddings in which uninformative directions have less weight.

use super::cholesky::Cholesky;

/// Variance of each direction of the known leaves' subspace, in addition to [`EVEN`].
const LEAVES: f64 = 0.01;

/// Base variance of every direction, to which the within-class variance is added.
const EVEN: f64 = 1e-3;

/// Photos beyond one per class from which on the within-class differences have full weight.
const FEWEST_DIFFERENCES: usize = 20;

/// The cosine in the metric (E·I + Zᵀ·Z)⁻¹. The rows of Z are within-class directions, of the training leaves and of
/// the galleries' own photos; the metric reduces their weight, as in linear discriminant analysis.
///
/// By Woodbury's identity the product of x and y in this metric is x·y - u(x)·u(y), up to a constant factor that
/// cancels in the cosine; u(x) is the solution of L·u = Z·x with L·Lᵀ = E·I + Z·Zᵀ.
#[derive(Clone, Debug)]
pub(super) struct Kernel {
    centre: Vec<f32>,
    rows: Vec<Vec<f32>>,
    factor: Cholesky,
}

/// An embedding in the kernel's metric, normalised to length 1.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    x: Vec<f32>,
    u: Vec<f64>,
}

impl Kernel {
    /// A kernel from embeddings and their class labels.
    pub(super) fn new(centre: Vec<f32>, basis: &[Vec<f32>], embeddings: &[&[f32]], labels: &[usize]) -> Option<Self> {
        let mut rows: Vec<Vec<f32>> = basis.iter().map(|row| scaled(row, LEAVES.sqrt())).collect();
        let classes = labels.iter().max().map_or(0, |highest| highest + 1);
        let mut seen = 0;
        let mut differences = Vec::new();
        for class in 0..classes {
            let members: Vec<&[f32]> =
                embeddings.iter().zip(labels).filter(|(_, label)| **label == class).map(|(row, _)| *row).collect();
            if members.is_empty() {
                continue;
            }
            seen += 1;
            let mean = mean(&members);
            // A class of one photo has no within-class difference.
            if members.len() > 1 {
                differences.extend(members.iter().map(|row| subtract(row, &mean)));
            }
        }
        let freedom = embeddings.len().saturating_sub(seen).max(FEWEST_DIFFERENCES);
        rows.extend(differences.iter().map(|row| scaled(row, 1.0 / (freedom as f64).sqrt())));
        let factor = Cholesky::of(rows.len(), |i, j| dot(&rows[i], &rows[j]) + if i == j { EVEN } else { 0.0 })?;
        Some(Self { centre, rows, factor })
    }

    /// Transforms an embedding into the kernel's metric.
    pub(super) fn place(&self, embedding: &[f32]) -> Placed {
        let x = subtract(embedding, &self.centre);
        let u = self.explained(&x);
        let length = length(&x, &u);
        Placed { x: scaled(&x, 1.0 / length), u: u.into_iter().map(|value| value / length).collect() }
    }

    /// The gradient of a weighted sum of similarities, without the component along the embedding itself.
    pub(super) fn direction(&self, photos: &[Placed], weights: &[f64], embedding: &[f32]) -> Vec<f32> {
        let mut sum = vec![0.0; embedding.len()];
        let mut explained = vec![0.0; self.rows.len()];
        for (photo, weight) in photos.iter().zip(weights) {
            sum.iter_mut().zip(&photo.x).for_each(|(sum, value)| *sum += weight * f64::from(*value));
            explained.iter_mut().zip(&photo.u).for_each(|(sum, value)| *sum += weight * value);
        }
        for (row, share) in self.rows.iter().zip(self.factor.half_solve_transposed(explained)) {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum -= share * f64::from(*value));
        }
        let x = subtract(embedding, &self.centre);
        let length = length(&x, &self.explained(&x));
        sum.into_iter().map(|value| (value / length) as f32).collect()
    }

    fn explained(&self, x: &[f32]) -> Vec<f64> {
        self.factor.half_solve(&self.rows.iter().map(|row| dot(row, x)).collect::<Vec<_>>())
    }
}

impl Placed {
    /// The cosine, -1 to 1.
    pub(super) fn similarity(&self, other: &Self) -> f64 {
        dot(&self.x, &other.x) - self.u.iter().zip(&other.u).map(|(a, b)| a * b).sum::<f64>()
    }
}

/// The norm in the metric, above 0.
fn length(x: &[f32], u: &[f64]) -> f64 {
    let square = dot(x, x) - u.iter().map(|value| value * value).sum::<f64>();
    square.max(f64::MIN_POSITIVE).sqrt()
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn subtract(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn scaled(row: &[f32], factor: f64) -> Vec<f32> {
    row.iter().map(|value| (f64::from(*value) * factor) as f32).collect()
}

fn mean(rows: &[&[f32]]) -> Vec<f32> {
    let length = rows.first().map_or(0, |row| row.len());
    let sum = |i: usize| rows.iter().map(|row| f64::from(row[i])).sum::<f64>();
    (0..length).map(|i| (sum(i) / rows.len() as f64) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel() -> Kernel {
        // The first axis is the known leaves' subspace; the photos of class 0 differ along the second.
        let photos: Vec<Vec<f32>> =
            vec![vec![0.0, 3.0, 0.5, 1.0], vec![0.0, -3.0, 0.5, 1.0], vec![0.0, 0.0, -1.0, 0.5]];
        let rows: Vec<&[f32]> = photos.iter().map(Vec::as_slice).collect();
        Kernel::new(vec![0.0; 4], &[vec![1.0, 0.0, 0.0, 0.0]], &rows, &[0, 0, 1]).unwrap()
    }

    #[test]
    fn a_photo_is_most_similar_to_itself() {
        let kernel = kernel();
        let photo = kernel.place(&[0.3, -2.0, 0.7, 0.1]);
        assert!((photo.similarity(&photo) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_product_matches_the_inverse_metric() {
        // With Z of one row z, (E·I + zᵀz)⁻¹ = (I - zᵀz / (E + z·z)) / E.
        let kernel = Kernel::new(vec![0.0; 2], &[vec![1.0, 0.0]], &[&[1.0, 1.0]], &[0]).unwrap();
        let shrunk = EVEN / (EVEN + LEAVES);
        let [a, b] = [[2.0f32, 1.0], [1.0, 3.0]];
        let product = |a: [f32; 2], b: [f32; 2]| f64::from(a[0] * b[0]) * shrunk + f64::from(a[1] * b[1]);
        let expected = product(a, b) / (product(a, a) * product(b, b)).sqrt();
        let found = kernel.place(&a).similarity(&kernel.place(&b));
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn within_class_directions_have_little_weight() {
        let kernel = kernel();
        let [one, moved, other] =
            [[0.0, 3.0, 0.5, 1.0], [0.0, -2.0, 0.5, 1.0], [0.0, 3.0, -1.0, 0.5]].map(|photo| kernel.place(&photo));
        assert!(one.similarity(&moved) > 0.8);
        assert!(one.similarity(&moved) > one.similarity(&other) + 0.5);
    }

    #[test]
    fn an_embedding_at_the_centre_has_no_similarity_and_is_not_an_error() {
        let kernel = kernel();
        let nothing = kernel.place(&[0.0; 4]);
        assert_eq!(nothing.similarity(&kernel.place(&[1.0; 4])), 0.0);
    }
}
