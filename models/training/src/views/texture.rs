//! Smooth noise for fog, shadows and backgrounds.

use rand::RngExt;
use rand::rngs::StdRng;

/// Fractal value noise over a picture, row by row, scaled to 0..=1. The first octave's cells are `cell` of the shorter
/// side; each of the `octaves` halves cell size and amplitude.
pub(crate) fn fractal(width: u32, height: u32, cell: f32, octaves: usize, rng: &mut StdRng) -> Vec<f32> {
    let mut sum = vec![0.0; width as usize * height as usize];
    let (mut cell, mut amplitude) = ((cell * width.min(height) as f32).max(1.0), 1.0);
    for _ in 0..octaves {
        add_octave(&mut sum, width as usize, cell, amplitude, rng);
        cell = (cell / 2.0).max(1.0);
        amplitude /= 2.0;
    }
    let low = sum.iter().copied().fold(f32::INFINITY, f32::min);
    let high = sum.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let range = (high - low).max(f32::EPSILON);
    sum.iter().map(|value| (value - low) / range).collect()
}

/// Adds random values on a grid, smoothly interpolated.
fn add_octave(sum: &mut [f32], width: usize, cell: f32, amplitude: f32, rng: &mut StdRng) {
    let columns = (width as f32 / cell) as usize + 2;
    let rows = ((sum.len() / width.max(1)) as f32 / cell) as usize + 2;
    let grid: Vec<f32> = (0..columns * rows).map(|_| rng.random()).collect();
    for (y, row) in sum.chunks_mut(width.max(1)).enumerate() {
        let (below, fy) = split(y as f32 / cell);
        for (x, value) in row.iter_mut().enumerate() {
            let (left, fx) = split(x as f32 / cell);
            let at = |row: usize, column: usize| grid[row * columns + column];
            let top = at(below, left) + fx * (at(below, left + 1) - at(below, left));
            let bottom = at(below + 1, left) + fx * (at(below + 1, left + 1) - at(below + 1, left));
            *value += amplitude * (top + fy * (bottom - top));
        }
    }
}

/// The grid line before a position, and the smoothed distance from it.
fn split(place: f32) -> (usize, f32) {
    let part = place.fract();
    (place as usize, part * part * (3.0 - 2.0 * part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn noise_is_smooth_and_spans_its_range() {
        let cloud = fractal(64, 48, 0.5, 1, &mut StdRng::seed_from_u64(3));
        assert_eq!(cloud.len(), 64 * 48);
        assert!(cloud.contains(&0.0) && cloud.contains(&1.0));
        let steepest = cloud.chunks(64).flat_map(|row| row.windows(2)).map(|pair| (pair[1] - pair[0]).abs());
        assert!(steepest.fold(0.0, f32::max) < 0.15);
    }
}
