//! Bilinear interpolation between the cells of a map.

/// A map of finite values, row by row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Cells<'_> {
    /// The value at a place, `down` and `across` as shares of the map's height and width. At the edges, beyond the
    /// centres of the outer cells, it is that of the nearest centre.
    pub(super) fn at(self, down: f32, across: f32) -> f32 {
        let (above, below, down) = neighbours(down, self.rows);
        let (left, right, across) = neighbours(across, self.columns);
        let value = |row: usize, column: usize| self.values.get(row * self.columns + column).copied().unwrap_or(0.0);
        let between = |row: usize| value(row, left) + (value(row, right) - value(row, left)) * across;
        between(above) + (between(below) - between(above)) * down
    }
}

/// The cells whose centres are before and after a place, and how far it is from the first to the second, 0 to 1.
fn neighbours(place: f32, cells: usize) -> (usize, usize, f32) {
    let last = cells.saturating_sub(1);
    let at = (place * cells as f32 - 0.5).clamp(0.0, last as f32);
    (at as usize, (at as usize + 1).min(last), at.fract())
}

/// The centre of a cell, as a share of the map's side of so many cells.
pub(super) fn centre(cell: usize, cells: usize) -> f32 {
    (cell as f32 + 0.5) / cells as f32
}
