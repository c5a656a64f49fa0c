//! One heat map from the evidence of several crops.

use super::HeatMap;
use super::bilinear::{Cells, centre};
use crate::preprocess::ViewArea;

/// Cells on a side of a joined map at most: a very long photo has crops far apart.
const MOST_CELLS: f32 = 64.0;

/// What one crop shows of the evidence for a class.
pub(crate) struct CropEvidence {
    /// Columns and rows.
    cells: [usize; 2],
    /// Finite values, row by row from the top left of the crop as it is on the photo.
    values: Vec<f32>,
    /// The crop's position on the photo.
    area: ViewArea,
}

impl CropEvidence {
    /// The evidence of a crop that the network saw mirrored, or not.
    pub(crate) fn new(cells: [usize; 2], mut values: Vec<f32>, area: ViewArea, mirrored: bool) -> Self {
        if mirrored {
            values.chunks_exact_mut(cells[0].max(1)).for_each(<[f32]>::reverse);
        }
        Self { cells, values, area }
    }

    /// The evidence at a place on the photo, between the cells' centres; `None` outside the crop.
    fn at(&self, x: f32, y: f32) -> Option<f32> {
        let ViewArea { left, top, width, height } = self.area;
        let inside = (left..=left + width).contains(&x) && (top..=top + height).contains(&y);
        if !inside {
            return None;
        }
        let [columns, rows] = self.cells;
        Some(Cells { values: &self.values, rows, columns }.at((y - top) / height, (x - left) / width))
    }
}

impl HeatMap {
    /// A map over the rectangle around all crops, with cells as large as the first crop's: the mean evidence of the crops
    /// that show a place, 0 if none does. `None` without a crop.
    pub(crate) fn joined(crops: &[CropEvidence]) -> Option<Self> {
        let first = crops.first()?;
        if crops.len() == 1 {
            return Some(Self::new(first.cells, &first.values, first.area));
        }
        let view = crops.iter().fold(first.area, |view, crop| around(view, crop.area));
        let cells = |length: f32, crop: f32, cells: usize| {
            (length / crop * cells as f32).round().clamp(1.0, MOST_CELLS) as usize
        };
        let [columns, rows] = first.cells;
        let [columns, rows] =
            [cells(view.width, first.area.width, columns), cells(view.height, first.area.height, rows)];
        let mut values = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let y = view.top + centre(row, rows) * view.height;
            for column in 0..columns {
                let x = view.left + centre(column, columns) * view.width;
                let (sum, count) = crops
                    .iter()
                    .filter_map(|crop| crop.at(x, y))
                    .fold((0.0, 0.0f32), |(sum, count), value| (sum + value, count + 1.0));
                values.push(sum / count.max(1.0));
            }
        }
        Some(Self::new([columns, rows], &values, view))
    }
}

/// The smallest rectangle around two.
fn around(one: ViewArea, other: ViewArea) -> ViewArea {
    let (left, top) = (one.left.min(other.left), one.top.min(other.top));
    let right = (one.left + one.width).max(other.left + other.width);
    let bottom = (one.top + one.height).max(other.top + other.height);
    ViewArea { left, top, width: (right - left).min(1.0), height: (bottom - top).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: f32, width: f32) -> ViewArea {
        ViewArea { left, top: 0.0, width, height: 1.0 }
    }

    fn crop(values: &[f32], area: ViewArea, mirrored: bool) -> CropEvidence {
        CropEvidence::new([values.len(), 1], values.to_vec(), area, mirrored)
    }

    #[test]
    fn the_map_of_one_crop_is_its_evidence() {
        let map = HeatMap::joined(&[crop(&[-1.0, 1.0, 4.0], area(0.25, 0.5), false)]).unwrap();
        assert_eq!((map.width, map.height, map.values), (3, 1, vec![0.0, 0.25, 1.0]));
        assert_eq!(map.view, area(0.25, 0.5));
        assert!(HeatMap::joined(&[]).is_none());
    }

    #[test]
    fn crops_side_by_side_keep_their_places() {
        let crops = [crop(&[4.0, 0.0], area(0.0, 0.5), false), crop(&[2.0, 0.0], area(0.5, 0.5), true)];
        let map = HeatMap::joined(&crops).unwrap();
        assert_eq!((map.width, map.view), (4, area(0.0, 1.0)));
        assert_eq!(map.values, [1.0, 0.0, 0.0, 0.5]);
    }

    #[test]
    fn a_place_in_two_crops_has_their_mean() {
        let crops = [crop(&[4.0], area(0.0, 0.5), false), crop(&[2.0], area(0.0, 1.0), false)];
        let map = HeatMap::joined(&crops).unwrap();
        assert_eq!((map.width, map.values), (2, vec![1.0, 2.0 / 3.0]));
    }

    #[test]
    fn a_very_long_photo_has_a_small_map() {
        let crops = [crop(&[1.0; 14], area(0.0, 1e-6), false), crop(&[2.0; 14], area(0.5, 1e-6), true)];
        let map = HeatMap::joined(&crops).unwrap();
        assert_eq!((map.width, map.values.len()), (64, 64));
        assert!(map.values.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
