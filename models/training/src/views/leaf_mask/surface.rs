//! The background's colour at every pixel, and each pixel's distance from it.

/// A colour in CIE L*a*b* (D65), lightness halved: shadows change lightness most, and a leaf's shadow is not the leaf.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lab([f32; 3]);

impl Lab {
    /// The colour of an sRGB pixel.
    pub(super) fn of(rgb: [u8; 3]) -> Self {
        let linear = rgb.map(|value| {
            let value = f32::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        let weighed = |weights: [f32; 3]| weights.iter().zip(linear).map(|(weight, value)| weight * value).sum::<f32>();
        let response = |value: f32| if value > 0.008_856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 };
        let x = response(weighed([0.4124, 0.3576, 0.1805]) / 0.9505);
        let y = response(weighed([0.2126, 0.7152, 0.0722]));
        let z = response(weighed([0.0193, 0.1192, 0.9505]) / 1.089);
        Self([(116.0 * y - 16.0) / 2.0, 500.0 * (x - y), 200.0 * (y - z)])
    }

    fn distance(self, other: Self) -> f32 {
        self.0.iter().zip(other.0).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
    }

    /// Whether the colour is green, yellow, brown or dark: more likely a leaf than the background.
    fn is_leaf_like(self) -> bool {
        self.0[2] > 14.0 || self.0[0] < 20.0
    }
}

const TERMS: usize = 6;

/// A quadratic over the picture for each channel of the background.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surface([[f64; TERMS]; 3]);

impl Surface {
    /// Every pixel's distance from the background.
    pub(super) fn distances(colours: &[Lab], width: usize) -> Vec<f32> {
        let height = colours.len() / width.max(1);
        let places: Vec<[f64; TERMS]> =
            (0..colours.len()).map(|i| terms(i % width, i / width, width, height)).collect();
        let on_border = |i: &usize| {
            let (x, y, rim) = (i % width, i / width, (width.min(height) / 32).max(1));
            x < rim || y < rim || x + rim >= width || y + rim >= height
        };
        let border: Vec<usize> = (0..colours.len()).filter(on_border).collect();
        let mode = mode(colours, &border);
        let members: Vec<usize> = border.into_iter().filter(|i| colours[*i].distance(mode) < 16.0).collect();
        // Strong regularisation at first: the border alone does not determine the curvature in the middle.
        let mut surface = Self::fit(colours, &places, &members, 0.1);
        for _ in 0..3 {
            let near = |i: &usize| surface.at(&places[*i]).distance(colours[*i]) < 9.0;
            let members: Vec<usize> = (0..colours.len()).filter(near).collect();
            if members.len() > TERMS {
                surface = Self::fit(colours, &places, &members, 1e-3);
            }
        }
        colours.iter().zip(&places).map(|(colour, place)| surface.at(place).distance(*colour)).collect()
    }

    /// Ridge regression over some pixels; `ridge`, relative to their number, penalises every term except the constant.
    fn fit(colours: &[Lab], places: &[[f64; TERMS]], members: &[usize], ridge: f64) -> Self {
        let mut normal = [[0.0; TERMS + 3]; TERMS];
        for member in members {
            let (place, colour) = (&places[*member], colours[*member].0);
            for (row, term) in normal.iter_mut().zip(place) {
                let columns = place.iter().copied().chain(colour.map(f64::from));
                for (cell, value) in row.iter_mut().zip(columns) {
                    *cell += term * value;
                }
            }
        }
        for (term, row) in normal.iter_mut().enumerate() {
            row[term] += if term == 0 { 1e-9 } else { ridge * members.len().max(1) as f64 };
        }
        let solved = solve(normal);
        Self(std::array::from_fn(|channel| std::array::from_fn(|term| solved[term][TERMS + channel])))
    }

    fn at(&self, place: &[f64; TERMS]) -> Lab {
        Lab(self.0.map(|weights| weights.iter().zip(place).map(|(weight, term)| weight * term).sum::<f64>() as f32))
    }
}

/// 1, x, y, x², xy, y² with x and y from -1 to 1.
fn terms(x: usize, y: usize, width: usize, height: usize) -> [f64; TERMS] {
    let centred = |place: usize, length: usize| (2 * place + 1) as f64 / length as f64 - 1.0;
    let (x, y) = (centred(x, width), centred(y, height));
    [1.0, x, y, x * x, x * y, y * y]
}

/// The border colour with the most similar border pixels, with half weight for leaf colours.
fn mode(colours: &[Lab], border: &[usize]) -> Lab {
    let near = |colour: Lab| {
        let count = border.iter().filter(|i| colours[**i].distance(colour) < 10.0).count();
        if colour.is_leaf_like() { count } else { 2 * count }
    };
    let candidates = border.iter().step_by((border.len() / 64).max(1)).map(|i| colours[*i]);
    candidates.max_by_key(|colour| near(*colour)).unwrap_or(Lab([0.0; 3]))
}

/// Gauss-Jordan elimination of a symmetric, positive definite system with three right sides.
fn solve(mut rows: [[f64; TERMS + 3]; TERMS]) -> [[f64; TERMS + 3]; TERMS] {
    for pivot in 0..TERMS {
        let scale = rows[pivot][pivot];
        rows[pivot] = rows[pivot].map(|value| value / scale);
        let pivot_row = rows[pivot];
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != pivot) {
            let factor = row[pivot];
            for (cell, value) in row.iter_mut().zip(pivot_row) {
                *cell -= factor * value;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lab_of_known_colours() {
        let near = |a: Lab, b: [f32; 3]| a.0.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.2);
        assert!(near(Lab::of([255, 255, 255]), [50.0, 0.0, 0.0]));
        // sRGB red is L*a*b* 53.24, 80.09, 67.20.
        assert!(near(Lab::of([255, 0, 0]), [26.62, 80.09, 67.20]), "{:?}", Lab::of([255, 0, 0]));
    }

    #[test]
    fn a_gradient_is_background_everywhere_and_a_spot_is_not() {
        let grey = |i: usize| 120 + (i % 40) as u8 * 2 + (i / 40) as u8;
        let mut colours: Vec<Lab> = (0..1600).map(|i| Lab::of([grey(i); 3])).collect();
        colours[20 * 40 + 20] = Lab::of([40, 120, 30]);
        let distances = Surface::distances(&colours, 40);
        assert!(distances[20 * 40 + 20] > 20.0);
        assert!(distances.iter().filter(|distance| **distance > 3.0).count() == 1);
    }
}
