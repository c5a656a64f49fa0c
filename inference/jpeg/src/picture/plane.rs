//! A component's samples: all of them, or a ring buffer of the rows that are not converted yet.

use crate::blocks::layout::Layout;

/// Rows of samples. Row `y` is stored at row `y` modulo the number of rows.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    samples: Vec<u8>,
    stride: usize,
    rows: usize,
}

impl Plane {
    /// Room for `mcus` rows of MCUs.
    pub(crate) fn new(layout: &Layout, mcus: usize) -> Self {
        let (stride, rows) = (layout.across.stored(), mcus * layout.down.of_mcu);
        Self { samples: vec![128; stride * rows], stride, rows }
    }

    /// Bytes of a plane of `mcus` rows of MCUs.
    pub(crate) fn bytes(layout: &Layout, mcus: usize) -> u64 {
        layout.across.stored() as u64 * (mcus * layout.down.of_mcu) as u64
    }

    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let start = y % self.rows * self.stride;
        &self.samples[start..start + self.stride]
    }

    /// The samples from `(x, y)` on, and the stride. The rows of a block are consecutive.
    #[inline(always)]
    pub(crate) fn from(&mut self, x: usize, y: usize) -> (&mut [u8], usize) {
        let start = y % self.rows * self.stride + x;
        (self.samples.get_mut(start..).unwrap_or_default(), self.stride)
    }
}
