//! Resized photos as the network's input.

use std::borrow::Cow;

use burn::tensor::{Device, Tensor, TensorData};

use crate::operations::spare;

/// A resized photo and its normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkInput {
    /// Width and height in pixels.
    pub(super) size: u32,
    /// Whether the pixels are the close view, from which the whole view is computed.
    pub(super) close: bool,
    pub(super) mean: f32,
    pub(super) scale: f32,
    pub(super) pixels: Vec<u8>,
}

/// A batch of normalised inputs.
#[derive(Clone, Debug)]
pub struct Views {
    /// The whole view, `[n, 3, size, size]`.
    pub whole: Tensor<4>,
    /// The same view at twice the size, `[n, 3, 2 * size, 2 * size]`, for a network with a close view.
    pub close: Option<Tensor<4>>,
}

impl NetworkInput {
    /// The pixels of the finest view, RGB RGB ..., row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Mirrored horizontally.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        for row in self.pixels.chunks_exact_mut(3 * self.size as usize) {
            row.reverse();
            // The order of the channels is reversed too.
            row.chunks_exact_mut(3).for_each(|pixel| pixel.swap(0, 2));
        }
        self
    }

    /// A normalised batch of inputs with the same size and views.
    ///
    /// # Errors
    /// [`BatchError`] if there is no input, or if two differ in size or views.
    pub fn batch(inputs: &[Self], device: &Device) -> Result<Views, BatchError> {
        let first = inputs.first().ok_or(BatchError)?;
        if inputs.iter().any(|input| (input.size, input.close) != (first.size, first.close)) {
            return Err(BatchError);
        }
        let size = first.size as usize;
        let finest = normalised(inputs, |input| Cow::Borrowed(&input.pixels), size, device);
        if !first.close {
            return Ok(Views { whole: finest, close: None });
        }
        let whole = normalised(inputs, |input| Cow::Owned(halved(&input.pixels, size)), size / 2, device);
        Ok(Views { whole, close: Some(finest) })
    }
}

/// `[n, 3, size, size]` of the pixels that `pixels` takes from each input.
fn normalised<'a>(
    inputs: &'a [NetworkInput],
    pixels: impl Fn(&'a NetworkInput) -> Cow<'a, [u8]>,
    size: usize,
    device: &Device,
) -> Tensor<4> {
    let plane = size * size;
    let mut values = spare(inputs.len() * 3 * plane);
    for (input, image) in inputs.iter().zip(values.chunks_exact_mut(3 * plane)) {
        let (red, rest) = image.split_at_mut(plane);
        let (green, blue) = rest.split_at_mut(plane);
        let normal = |value: u8| (f32::from(value) - input.mean) / input.scale;
        for (i, rgb) in pixels(input).chunks_exact(3).enumerate() {
            red[i] = normal(rgb[0]);
            green[i] = normal(rgb[1]);
            blue[i] = normal(rgb[2]);
        }
    }
    Tensor::from_data(TensorData::new(values, [inputs.len(), 3, size, size]), device)
}

/// A square picture with a side of `size` pixels at half that size: the rounded mean of each two by two pixels.
fn halved(pixels: &[u8], size: usize) -> Vec<u8> {
    let row = 3 * size;
    let mut half = Vec::with_capacity(pixels.len() / 4);
    for rows in pixels.chunks_exact(2 * row) {
        let (upper, lower) = rows.split_at(row);
        for (upper, lower) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            for channel in 0..3 {
                let sum: u16 = [upper[channel], upper[channel + 3], lower[channel], lower[channel + 3]]
                    .map(u16::from)
                    .iter()
                    .sum();
                half.push(((sum + 2) / 4) as u8);
            }
        }
    }
    half
}

/// The inputs do not make a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch needs at least one input, and all of one size and with the same views")]
pub struct BatchError;
