//! The depthwise convolution with TensorFlow's 'same' padding and ReLU6.

use super::map::Map;
use super::relu6;

/// Weights `[kernel * kernel, channels]` and biases `[channels]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depthwise<'a> {
    pub(super) weight: &'a [f32],
    pub(super) bias: &'a [f32],
    pub(super) kernel: usize,
    pub(super) stride: usize,
}

/// One output pixel, the input pixel under one tap, and the tap, as offsets of their first channel.
struct Touch {
    output: usize,
    input: usize,
    tap: usize,
}

impl Depthwise<'_> {
    /// `[n, h, w, c]` → `[n, h / stride, w / stride, c]`, rounded up.
    pub(super) fn forward(&self, input: &Map) -> Map {
        let [height, width] = [input.height, input.width].map(|side| side.div_ceil(self.stride));
        let mut out = Map::zeros(input.images, height, width, input.channels);
        for place in out.values.chunks_exact_mut(input.channels) {
            place.copy_from_slice(self.bias);
        }
        let channels = input.channels;
        let values = &mut out.values;
        self.touches(input, height, width, |Touch { output, input: place, tap }| {
            let out = &mut values[output..output + channels];
            let (x, w) = (&input.values[place..place + channels], &self.weight[tap..tap + channels]);
            for ((out, x), w) in out.iter_mut().zip(x).zip(w) {
                *out += x * w;
            }
        });
        relu6::apply(&mut out.values);
        out
    }

    /// Adds the gradients of weight and bias to `gradient` and returns the gradient of the input.
    pub(super) fn backward(&self, input: &Map, output: &Map, mut upstream: Map, gradient: &mut [Vec<f32>; 2]) -> Map {
        relu6::backward(&output.values, &mut upstream.values);
        let channels = input.channels;
        let [weight, bias] = gradient;
        for place in upstream.values.chunks_exact(channels) {
            bias.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
        }
        let mut down = Map::zeros(input.images, input.height, input.width, channels);
        self.touches(input, output.height, output.width, |Touch { output, input: place, tap }| {
            let up = &upstream.values[output..output + channels];
            let (x, dx) = (&input.values[place..place + channels], &mut down.values[place..place + channels]);
            let (w, dw) = (&self.weight[tap..tap + channels], &mut weight[tap..tap + channels]);
            for ((((up, x), dx), w), dw) in up.iter().zip(x).zip(dx).zip(w).zip(dw) {
                *dx += up * w;
                *dw += up * x;
            }
        });
        down
    }

    /// Visits every tap of every output pixel that is inside the input.
    fn touches(&self, input: &Map, height: usize, width: usize, mut visit: impl FnMut(Touch)) {
        let before = |side: usize, out: usize| ((out - 1) * self.stride + self.kernel).saturating_sub(side) / 2;
        let (above, left) = (before(input.height, height), before(input.width, width));
        let channels = input.channels;
        for image in 0..input.images {
            for y in 0..height {
                for x in 0..width {
                    let output = ((image * height + y) * width + x) * channels;
                    for (ky, kx) in (0..self.kernel).flat_map(|ky| (0..self.kernel).map(move |kx| (ky, kx))) {
                        let (row, column) = (y * self.stride + ky, x * self.stride + kx);
                        let inside =
                            row >= above && row < above + input.height && column >= left && column < left + input.width;
                        if inside {
                            let place = (image * input.height + row - above) * input.width + column - left;
                            visit(Touch { output, input: place * channels, tap: (ky * self.kernel + kx) * channels });
                        }
                    }
                }
            }
        }
    }
}
