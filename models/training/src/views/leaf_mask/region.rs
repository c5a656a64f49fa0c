//! Sets of pixels.

/// A set of a picture's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    width: usize,
    inside: Vec<bool>,
}

impl Region {
    pub(super) fn new(width: usize, inside: Vec<bool>) -> Self {
        Self { width, inside }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.inside.len() / self.width.max(1)
    }

    /// Share of the picture that is inside.
    pub(super) fn share(&self) -> f64 {
        self.inside.iter().filter(|inside| **inside).count() as f64 / self.inside.len().max(1) as f64
    }

    /// Share of the picture's outermost pixels that is inside.
    pub(super) fn border_share(&self) -> f64 {
        let border = (0..self.inside.len()).filter(|i| self.is_border(*i));
        let (all, inside) = border.fold((0, 0), |(all, inside), i| (all + 1, inside + usize::from(self.inside[i])));
        f64::from(inside as u32) / f64::from((all as u32).max(1))
    }

    /// The largest connected component.
    pub(super) fn largest_piece(&self) -> Self {
        let mut inside = vec![false; self.inside.len()];
        for i in self.pieces(true).into_iter().max_by_key(Vec::len).unwrap_or_default() {
            inside[i] = true;
        }
        Self { width: self.width, inside }
    }

    /// Fills enclosed holes of at most that share of the picture. Larger ones are gaps between leaves.
    pub(super) fn fill_holes(mut self, largest: f64) -> Self {
        let most = (largest * self.inside.len() as f64) as usize;
        for piece in self.pieces(false) {
            if piece.len() <= most && !piece.iter().any(|i| self.is_border(*i)) {
                for i in piece {
                    self.inside[i] = true;
                }
            }
        }
        self
    }

    /// The mean of each pixel and its neighbours, with 1 for pixels inside.
    pub(super) fn blurred(&self) -> Vec<f32> {
        let height = self.height();
        let mean = |i: usize| {
            let (x, y) = (i % self.width, i / self.width);
            let (columns, rows) =
                (x.saturating_sub(1)..(x + 2).min(self.width), y.saturating_sub(1)..(y + 2).min(height));
            let near = rows.flat_map(|row| columns.clone().map(move |column| row * self.width + column));
            let (sum, count) = near.fold((0.0, 0.0), |(sum, count), i| (sum + f32::from(self.inside[i]), count + 1.0));
            sum / count
        };
        (0..self.inside.len()).map(mean).collect()
    }

    /// The connected components (by edges, not corners) of the inside, or of the outside.
    fn pieces(&self, of: bool) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.inside.len()];
        let mut pieces = Vec::new();
        for start in 0..self.inside.len() {
            if self.inside[start] == of && !seen[start] {
                seen[start] = true;
                let mut piece = vec![start];
                let mut next = 0;
                while let Some(at) = piece.get(next).copied() {
                    next += 1;
                    for neighbour in self.neighbours(at) {
                        if self.inside[neighbour] == of && !seen[neighbour] {
                            seen[neighbour] = true;
                            piece.push(neighbour);
                        }
                    }
                }
                pieces.push(piece);
            }
        }
        pieces
    }

    fn neighbours(&self, i: usize) -> impl Iterator<Item = usize> {
        let x = i % self.width;
        let left = (x > 0).then(|| i - 1);
        let right = (x + 1 < self.width).then_some(i + 1);
        let below = Some(i + self.width).filter(|i| *i < self.inside.len());
        [left, right, i.checked_sub(self.width), below].into_iter().flatten()
    }

    fn is_border(&self, i: usize) -> bool {
        let (x, y) = (i % self.width, i / self.width);
        x == 0 || y == 0 || x + 1 == self.width || y + 1 == self.height()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[&str]) -> Region {
        Region::new(rows[0].len(), rows.concat().bytes().map(|byte| byte == b'#').collect())
    }

    #[test]
    fn the_largest_component_is_kept_and_small_holes_are_filled() {
        let region = drawn(&["#.......", "..#####.", "..#.#.#.", "..#####.", "#......."]);
        let kept = region.largest_piece();
        assert_eq!(kept, drawn(&["........", "..#####.", "..#.#.#.", "..#####.", "........"]));
        assert_eq!(kept.clone().fill_holes(0.1), drawn(&["........", "..#####.", "..#####.", "..#####.", "........"]));
        assert_eq!(kept.clone().fill_holes(0.0), kept);
    }

    #[test]
    fn corners_do_not_connect_and_border_pixels_are_counted_once() {
        assert_eq!(drawn(&["#.", ".#"]).pieces(true).len(), 2);
        assert_eq!(drawn(&["##", ".."]).border_share(), 0.5);
    }
}
