//! One row of a depthwise convolution with ReLU6.

#![allow(unsafe_code, reason = "the innermost loop reads and writes without a check at every step")]

use crate::LARGEST_KERNEL as LARGEST;
use crate::panels::padded;
use crate::simd::{Kernel, MOST_PIXELS, Simd};

/// The weights of a k x k depthwise convolution, channels adjacent, padded with zeros to whole vectors.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Depthwise {
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    /// Number of channels, padding included.
    pub(crate) channels: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Depthwise {
    /// Packs `[channels, 1, k, k]` for vectors of `width` elements.
    pub(crate) fn new(weights: &[f32], bias: &[f32], [kernel, stride]: [usize; 2], width: usize) -> Self {
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
}

/// Computes one row of the convolution into `to`. Each input line holds pixels of `channels` elements, including the
/// padding on both sides; a line that is `None` lies in the padding above or below.
pub(crate) struct Row<'a> {
    pub(crate) depthwise: &'a Depthwise,
    pub(crate) lines: &'a [Option<&'a [f32]>],
    pub(crate) to: &'a mut [f32],
}

impl Kernel for Row<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { depthwise, lines, to } = self;
        const { assert!(S::PIXELS <= MOST_PIXELS) };
        let pixels = to.len().checked_div(depthwise.channels).unwrap_or(0);
        if pixels == 0 {
            return;
        }
        let needed = ((pixels - 1) * depthwise.stride + depthwise.kernel) * depthwise.channels;
        assert!(lines.len() == depthwise.kernel && lines.iter().flatten().all(|line| line.len() >= needed));
        assert!(
            depthwise.channels.is_multiple_of(S::WIDTH)
                && depthwise.kernel <= LARGEST
                && to.len() == pixels * depthwise.channels
        );
        assert!(
            depthwise.weights.len() == depthwise.kernel * depthwise.kernel * depthwise.channels
                && depthwise.bias.len() == depthwise.channels
        );
        let mut starts = [std::ptr::null(); LARGEST];
        for (start, line) in starts.iter_mut().zip(lines) {
            *start = line.map_or(std::ptr::null(), <[f32]>::as_ptr);
        }
        let groups = pixels.div_ceil(S::PIXELS);
        for group in 0..groups {
            // Groups of nearly equal size instead of a small one at the end.
            let (first, end) = (pixels * group / groups, pixels * (group + 1) / groups);
            let mut from = starts;
            for start in from.iter_mut().filter(|start| !start.is_null()) {
                *start = start.wrapping_add(first * depthwise.stride * depthwise.channels);
            }
            // SAFETY: the lines are as long as the pixels need. The common shapes have their own monomorphised
            // code.
            unsafe {
                let to = to.as_mut_ptr().add(first * depthwise.channels);
                match (depthwise.kernel, depthwise.stride) {
                    (3, 1) => depthwise.group::<S, 3, 1>(simd, &from, to, end - first),
                    (3, 2) => depthwise.group::<S, 3, 2>(simd, &from, to, end - first),
                    (5, 1) => depthwise.group::<S, 5, 1>(simd, &from, to, end - first),
                    (5, 2) => depthwise.group::<S, 5, 2>(simd, &from, to, end - first),
                    _ => {
                        for pixel in 0..end - first {
                            let step = pixel * depthwise.stride * depthwise.channels;
                            let from = from.map(|start| start.wrapping_add(step));
                            depthwise.any(simd, lines, &from, to.add(pixel * depthwise.channels));
                        }
                    }
                }
            }
        }
    }
}

impl Depthwise {
    /// Computes at most [`Simd::PIXELS`] pixels, for a kernel size and stride that are compile-time constants.
    #[inline(always)]
    unsafe fn group<S: Simd, const K: usize, const STRIDE: usize>(
        &self,
        simd: S,
        from: &[*const f32; LARGEST],
        to: *mut f32,
        pixels: usize,
    ) {
        // SAFETY: by this function's contract.
        unsafe {
            match pixels {
                1 => self.some::<S, K, STRIDE, 1>(simd, from, to),
                2 => self.some::<S, K, STRIDE, 2>(simd, from, to),
                3 => self.some::<S, K, STRIDE, 3>(simd, from, to),
                4 if S::PIXELS >= 4 => self.some::<S, K, STRIDE, 4>(simd, from, to),
                5 if S::PIXELS >= 5 => self.some::<S, K, STRIDE, 5>(simd, from, to),
                6 if S::PIXELS >= 6 => self.some::<S, K, STRIDE, 6>(simd, from, to),
                7 if S::PIXELS >= 7 => self.some::<S, K, STRIDE, 7>(simd, from, to),
                8 if S::PIXELS >= 8 => self.some::<S, K, STRIDE, 8>(simd, from, to),
                _ => unreachable!("a group has at most Simd::PIXELS pixels"),
            }
        }
    }

    #[inline(always)]
    unsafe fn some<S: Simd, const K: usize, const STRIDE: usize, const P: usize>(
        &self,
        simd: S,
        from: &[*const f32; LARGEST],
        to: *mut f32,
    ) {
        let channels = self.channels;
        let mut channel = 0;
        while channel < channels {
            // SAFETY: every tap of these pixels lies in its line, and every vector of channels in its pixel.
            unsafe {
                let mut sums = [simd.load(self.bias.as_ptr().add(channel)); P];
                let mut weights = self.weights.as_ptr().add(channel);
                for start in from.iter().take(K) {
                    if start.is_null() {
                        weights = weights.wrapping_add(K * channels);
                        continue;
                    }
                    let from = start.add(channel);
                    for column in 0..K {
                        let weight = simd.load(weights);
                        weights = weights.wrapping_add(channels);
                        for (pixel, sum) in sums.iter_mut().enumerate() {
                            let value = simd.load(from.add((pixel * STRIDE + column) * channels));
                            *sum = simd.mul_add(value, weight, *sum);
                        }
                    }
                }
                for (pixel, sum) in sums.iter().enumerate() {
                    simd.store(simd.relu6(*sum), to.add(pixel * channels + channel));
                }
            }
            channel += S::WIDTH;
        }
    }

    /// Computes one pixel, for any kernel size.
    #[inline(always)]
    unsafe fn any<S: Simd>(&self, simd: S, lines: &[Option<&[f32]>], from: &[*const f32; LARGEST], to: *mut f32) {
        let (channels, kernel) = (self.channels, self.kernel);
        let mut channel = 0;
        while channel < channels {
            // SAFETY: as in `some`.
            unsafe {
                let mut sum = simd.load(self.bias.as_ptr().add(channel));
                for (line, (start, _)) in from.iter().zip(lines).enumerate().filter(|(_, (_, line))| line.is_some()) {
                    for column in 0..kernel {
                        let weight =
                            simd.load(self.weights.as_ptr().add((line * kernel + column) * channels + channel));
                        let value = simd.load(start.add(column * channels + channel));
                        sum = simd.mul_add(value, weight, sum);
                    }
                }
                simd.store(simd.relu6(sum), to.add(channel));
            }
            channel += S::WIDTH;
        }
    }
}
