//! Pooling, the classifier and the distance: small sums, in plain loops.

/// Lower bound of the norm that a row is divided by, so that a zero row stays zero.
pub const LEAST_NORM: f64 = 1e-12;

/// Mean of each channel over the pixels of `[pixels, channels]`, divided by the Euclidean norm of the means.
#[must_use]
pub fn unit_means(map: &[f32], channels: usize) -> Vec<f32> {
    let mut means = means(map, channels);
    let norm = norm(&means);
    means.iter_mut().for_each(|mean| *mean /= norm);
    means
}

/// Maximum of each channel over the pixels of `[pixels, channels]`, divided by the Euclidean norm of the maxima. NaN
/// propagates.
#[must_use]
pub fn unit_maxima(map: &[f32], channels: usize) -> Vec<f32> {
    let mut maxima = vec![f32::NEG_INFINITY; channels];
    for pixel in map.chunks_exact(channels.max(1)) {
        for (maximum, value) in maxima.iter_mut().zip(pixel) {
            *maximum = if *value > *maximum || value.is_nan() { *value } else { *maximum };
        }
    }
    let norm = norm(&maxima);
    maxima.iter_mut().for_each(|maximum| *maximum /= norm);
    maxima
}

fn means(map: &[f32], channels: usize) -> Vec<f32> {
    let mut means = vec![0.0; channels];
    let pixels = map.chunks_exact(channels.max(1));
    let share = 1.0 / pixels.len().max(1) as f32;
    for pixel in pixels {
        for (sum, value) in means.iter_mut().zip(pixel) {
            *sum += value;
        }
    }
    means.iter_mut().for_each(|sum| *sum *= share);
    means
}

fn norm(row: &[f32]) -> f32 {
    row.iter().map(|value| value * value).sum::<f32>().sqrt().max(LEAST_NORM as f32)
}

/// Dot product of each pixel of `[pixels, channels]` and a direction, divided by the Euclidean norm of the channels'
/// means.
#[must_use]
pub fn activation(map: &[f32], direction: &[f32]) -> Vec<f32> {
    let channels = direction.len().max(1);
    let norm = norm(&means(map, channels));
    map.chunks_exact(channels).map(|pixel| dot(pixel, direction) / norm).collect()
}

/// A linear layer: a row times weights `[row's length, outputs]`, plus the bias.
#[must_use]
pub fn linear(row: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let mut sums = bias.to_vec();
    for (value, weights) in row.iter().zip(weight.chunks_exact(bias.len().max(1))) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += value * weight;
        }
    }
    sums
}

/// Squared distance of the centred row from the subspace.
#[must_use]
pub fn subspace_distance(row: &[f32], mean: &[f32], basis: &[f32]) -> f32 {
    let centred: Vec<f32> = row.iter().zip(mean).map(|(value, mean)| value - mean).collect();
    let explained: f32 =
        basis.chunks_exact(centred.len().max(1)).map(|direction| dot(&centred, direction).powi(2)).sum();
    dot(&centred, &centred) - explained
}

/// Independent accumulators, since consecutive additions to one accumulator depend on each other.
const SUMS: usize = 16;

fn dot(left: &[f32], right: &[f32]) -> f32 {
    let (left, left_rest) = left.as_chunks::<SUMS>();
    let (right, right_rest) = right.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for (left, right) in left.iter().zip(right) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    sums.iter().sum::<f32>() + rest
}
