//! Upsampling of a component to one sample per pixel.

use crate::blocks::layout::Layout;
use crate::picture::plane::Plane;

/// An upsampled row of a component that has fewer samples than pixels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upsampled {
    /// Four times the samples, interpolated vertically.
    spread: Vec<u16>,
    row: Vec<u8>,
}

impl Upsampled {
    /// Bytes for a row of that many pixels.
    pub(crate) fn bytes(width: usize) -> u64 {
        3 * width as u64
    }

    /// The samples of the pixels in row `y`.
    ///
    /// At a ratio of two, each pixel takes a quarter of the other neighbouring sample, like libjpeg's 'fancy'
    /// upsampling with its rounding. At larger ratios, and in rows of at most two samples, samples are repeated.
    pub(crate) fn row<'a>(&'a mut self, plane: &'a Plane, layout: &Layout, y: usize, width: usize) -> &'a [u8] {
        let (across, down) = (layout.across, layout.down);
        let near = down.sample(y);
        let is_spread = (across.is_direct() || (across.is_halved() && across.visible > 2))
            && (down.is_direct() || down.is_halved());
        if across.is_direct() && !down.is_halved() {
            return &plane.row(near)[..width];
        }
        let far = match (down.is_halved() && is_spread, y % 2) {
            (true, 0) => near.saturating_sub(1),
            (true, _) => (near + 1).min(down.visible - 1),
            _ => near,
        };
        let rows = plane.row(near).iter().zip(plane.row(far)).take(across.visible);
        self.spread.clear();
        self.spread.extend(rows.map(|(near, far)| 3 * u16::from(*near) + u16::from(*far)));
        self.row.resize(width, 0);
        if across.is_direct() {
            let half = if y.is_multiple_of(2) { 1 } else { 2 };
            for (to, from) in self.row.iter_mut().zip(&self.spread) {
                *to = ((from + half) >> 2) as u8;
            }
        } else if across.is_halved() && is_spread {
            let halves = if down.is_halved() { [8, 7] } else { [4, 8] };
            spread_across(&self.spread, &mut self.row, halves);
        } else {
            for (x, to) in self.row.iter_mut().enumerate() {
                *to = ((self.spread[across.sample(x)] + 2) >> 2) as u8;
            }
        }
        &self.row
    }
}

/// Writes two pixels per sample. `halves` are the rounding terms of the left and the right pixel.
fn spread_across(samples: &[u16], row: &mut [u8], halves: [u16; 2]) {
    let last = samples.len().saturating_sub(1);
    for (x, pair) in row.chunks_mut(2).enumerate() {
        let x = x.min(last);
        let (before, sample, after) = (samples[x.saturating_sub(1)], samples[x], samples[(x + 1).min(last)]);
        for ((to, other), half) in pair.iter_mut().zip([before, after]).zip(halves) {
            *to = ((3 * sample + other + half) >> 4) as u8;
        }
    }
}
