//! One row of a depthwise convolution with ReLU6.

#![allow(unsafe_code, reason = "the innermost loop reads and writes without a check at every step")]

use super::LARGEST_KERNEL as LARGEST;
use super::lanes::Lanes;
use super::panels::padded;

/// Pixels computed at once: a weight is loaded once for all of them.
const PIXELS: usize = 4;

/// The weights of a k x k depthwise convolution, channel beside channel, filled up with zeros to whole vectors.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Depthwise {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// Channels, those that fill up included.
    pub(super) channels: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Depthwise {
    /// Packs `[channels, 1, k, k]` for vectors of `width` numbers.
    pub(super) fn new(weights: &[f32], bias: &[f32], [kernel, stride]: [usize; 2], width: usize) -> Self {
        let taps = kernel * kernel;
        let channels = bias.len().next_multiple_of(width);
        let mut packed = vec![0.0; taps * channels];
        for (channel, weights) in weights.chunks_exact(taps).enumerate() {
            for (tap, weight) in weights.iter().enumerate() {
                packed[tap * channels + channel] = *weight;
            }
        }
        Self { kernel, stride, channels, weights: packed, bias: padded(bias, width) }
    }

    /// Convolves `rows`, as many as the kernel is high, each of pixels of `channels` numbers with the padding on both
    /// sides in it, to `to`, whose pixels it fills.
    ///
    /// # Safety
    /// The instruction set of `L` must be there.
    #[inline(always)]
    pub(super) unsafe fn row<L: Lanes>(&self, rows: &[&[f32]], to: &mut [f32]) {
        let pixels = to.len().checked_div(self.channels).unwrap_or(0);
        if pixels == 0 {
            return;
        }
        let needed = ((pixels - 1) * self.stride + self.kernel) * self.channels;
        assert!(rows.len() == self.kernel && rows.iter().all(|row| row.len() >= needed));
        assert!(self.channels.is_multiple_of(L::WIDTH) && self.kernel <= LARGEST);
        let mut starts = [std::ptr::null(); LARGEST];
        for (start, row) in starts.iter_mut().zip(rows) {
            *start = row.as_ptr();
        }
        // SAFETY: the rows are as long as the pixels need. The sizes that networks have are compiled for themselves.
        unsafe {
            match self.kernel {
                3 => self.pixels::<L>(3, &starts, to, pixels),
                5 => self.pixels::<L>(5, &starts, to, pixels),
                kernel => self.pixels::<L>(kernel, &starts, to, pixels),
            }
        }
    }

    #[inline(always)]
    unsafe fn pixels<L: Lanes>(&self, kernel: usize, rows: &[*const f32; LARGEST], to: &mut [f32], pixels: usize) {
        let mut pixel = 0;
        while pixel < pixels {
            // SAFETY: as many pixels are left as are computed.
            pixel += unsafe {
                if pixels - pixel >= PIXELS {
                    self.some::<L, PIXELS>(kernel, rows, to, pixel)
                } else {
                    self.some::<L, 1>(kernel, rows, to, pixel)
                }
            };
        }
    }

    #[inline(always)]
    unsafe fn some<L: Lanes, const P: usize>(
        &self,
        kernel: usize,
        rows: &[*const f32; LARGEST],
        to: &mut [f32],
        pixel: usize,
    ) -> usize {
        let (channels, step) = (self.channels, self.stride * self.channels);
        let mut channel = 0;
        while channel < channels {
            // SAFETY: every tap of these pixels lies in its row, every vector of channels in its pixel.
            unsafe {
                let mut sums = [L::load(self.bias.as_ptr().add(channel)); P];
                let weights = self.weights.as_ptr().add(channel);
                for (line, row) in rows.iter().take(kernel).enumerate() {
                    let from = row.add(pixel * step + channel);
                    for column in 0..kernel {
                        let weight = L::load(weights.add((line * kernel + column) * channels));
                        for (pixel, sum) in sums.iter_mut().enumerate() {
                            *sum = L::load(from.add(pixel * step + column * channels)).mul_add(weight, *sum);
                        }
                    }
                }
                for (offset, sum) in sums.into_iter().enumerate() {
                    sum.relu6().store(to.as_mut_ptr().add((pixel + offset) * channels + channel));
                }
            }
            channel += L::WIDTH;
        }
        P
    }
}
