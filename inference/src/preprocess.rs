//! Preprocessing from photo to network input, shared by training, relay and phone.

mod resize;

use std::borrow::Cow;

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::operations::spare;
use crate::photo::{Detail, Photo};
use resize::resize;

/// Decoded pixels of the view per input pixel, in each direction. Resizing then averages over enough pixels to give the
/// same input as a photo decoded at full size.
const OVERSAMPLING: f64 = 2.0;
/// The side of the closest embedding view, as a share of the view's side.
const NEAREST: f64 = 0.6;
/// The side of a corner crop among the embedding views, as a share of the photo's shorter side.
const CORNER: f64 = 0.7;

/// The part of the photo that the network sees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum View {
    /// The centred square whose side is `fraction` of the photo's shorter side.
    CentreCrop {
        /// Above 0, at most 1. 0.875 is ImageNet's usual 'short side 256, crop 224'.
        fraction: f64,
    },
    /// The whole photo, distorted to a square.
    Squash,
}

/// A rectangle on an upright photo, in fractions of the photo's width and height: the whole photo is 0, 0, 1, 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewArea {
    /// Distance from the photo's left edge to the rectangle's.
    pub left: f32,
    /// Distance from the photo's top edge to the rectangle's.
    pub top: f32,
    /// The rectangle's width.
    pub width: f32,
    /// The rectangle's height.
    pub height: f32,
}

/// How a photo becomes the network's input. Part of a model: weights are valid only with their own preprocessing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// Width and height of the whole view's input in pixels.
    pub size: u32,
    /// Whether the network also sees the same view at twice that size, to keep small symptoms.
    #[serde(default, skip_serializing_if = "is_false")]
    pub close: bool,
    /// The part of the photo that is seen.
    pub view: View,
    /// Subtracted from each channel on the scale 0..=255.
    pub mean: f32,
    /// Divisor of the difference.
    pub scale: f32,
}

impl Preprocessing {
    /// EfficientNet-Lite's normalisation, (x - 127) / 128.
    #[must_use]
    pub fn efficientnet_lite(size: u32, view: View) -> Self {
        Self { size, close: false, view, mean: 127.0, scale: 128.0 }
    }

    /// Width and height of the finest input in pixels. Photos are resized to this size.
    #[must_use]
    pub fn finest(&self) -> u32 {
        if self.close { 2 * self.size } else { self.size }
    }

    /// The size of a photo that [`Preprocessing::apply`] needs.
    #[must_use]
    pub fn detail(&self) -> Detail {
        self.detail_of(self.view.share())
    }

    /// The size of a photo that [`Preprocessing::embedding_views`] needs.
    #[must_use]
    pub fn embedding_detail(&self) -> Detail {
        self.detail_of((NEAREST * self.view.share()).min(CORNER))
    }

    /// The detail for a square with that share of the photo's shorter side.
    fn detail_of(&self, share: f64) -> Detail {
        Detail::shorter_side(OVERSAMPLING * f64::from(self.finest()) / share)
    }

    /// Crops and resizes in one step, with a triangle filter that is widened for shrinking, so that every pixel counts.
    ///
    /// # Errors
    /// [`ResizeError`] if the photo or the input has no pixels.
    pub fn apply(&self, photo: &Photo) -> Result<NetworkInput, ResizeError> {
        self.apply_to(photo, self.view.crop(photo.width(), photo.height()))
    }

    /// Ten inputs of a photo for few-shot learning: its view, a closer view, the whole photo and its corners, some of
    /// them mirrored. Their mean embedding depends less on the position of the symptom in the photo.
    ///
    /// # Errors
    /// Those of [`Preprocessing::apply`].
    pub fn embedding_views(&self, photo: &Photo) -> Result<Vec<NetworkInput>, ResizeError> {
        let (width, height) = (photo.width(), photo.height());
        let mut inputs = Vec::with_capacity(10);
        for nearer in [1.0, 0.8, NEAREST] {
            let [left, top, view_width, view_height] = self.view.crop(width, height);
            let margin = (1.0 - nearer) / 2.0;
            let part =
                [left + margin * view_width, top + margin * view_height, nearer * view_width, nearer * view_height];
            inputs.push(self.apply_to(photo, part)?);
        }
        inputs.push(self.apply_to(photo, View::Squash.crop(width, height))?);
        inputs.extend([inputs[0].mirrored(), inputs[3].mirrored()]);
        let side = CORNER * f64::from(width.min(height));
        for [right, bottom] in [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] {
            let corner = [right * (f64::from(width) - side), bottom * (f64::from(height) - side), side, side];
            inputs.push(self.apply_to(photo, corner)?);
        }
        Ok(inputs)
    }

    /// The input from `[left, top, width, height]` of the photo, in pixels.
    fn apply_to(&self, photo: &Photo, part: [f64; 4]) -> Result<NetworkInput, ResizeError> {
        let (stored, turn, part) = photo.area(part);
        let side = self.finest();
        let pixels = resize(stored, part, side)?;
        let input =
            RgbImage::from_raw(side, side, pixels).ok_or_else(|| ResizeError("the input is not square".to_owned()))?;
        // A square stays a square under rotation.
        let pixels = turn.apply(input).into_raw();
        Ok(NetworkInput { size: side, close: self.close, mean: self.mean, scale: self.scale, pixels })
    }
}

impl View {
    /// The part of a photo of that size that the view covers.
    #[must_use]
    pub fn area(self, width: u32, height: u32) -> ViewArea {
        let [left, top, view_width, view_height] = self.crop(width, height);
        let fraction = |pixels: f64, all: u32| (pixels / f64::from(all)) as f32;
        ViewArea {
            left: fraction(left, width),
            top: fraction(top, height),
            width: fraction(view_width, width),
            height: fraction(view_height, height),
        }
    }

    /// The view's shorter side as a share of the photo's shorter side.
    fn share(self) -> f64 {
        match self {
            Self::CentreCrop { fraction } => fraction,
            Self::Squash => 1.0,
        }
    }

    /// `[left, top, width, height]` of the view in a photo of that size.
    fn crop(self, width: u32, height: u32) -> [f64; 4] {
        let (width, height) = (f64::from(width), f64::from(height));
        match self {
            Self::CentreCrop { fraction } => {
                let side = fraction * width.min(height);
                [(width - side) / 2.0, (height - side) / 2.0, side, side]
            }
            Self::Squash => [0.0, 0.0, width, height],
        }
    }
}

/// A resized photo and its normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkInput {
    /// Width and height in pixels.
    size: u32,
    /// Whether the pixels are the close view, from which the whole view is computed.
    close: bool,
    mean: f32,
    scale: f32,
    pixels: Vec<u8>,
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
    pub fn mirrored(&self) -> Self {
        let rows = self.pixels.chunks_exact(3 * self.size as usize);
        let pixels = rows.flat_map(|row| row.chunks_exact(3).rev()).flatten().copied().collect();
        Self { pixels, ..*self }
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

/// For serde: omits a flag that is off.
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The inputs do not make a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch needs at least one input, and all of one size and with the same views")]
pub struct BatchError;

/// A photo could not be resized.
#[derive(Debug, thiserror::Error)]
#[error("the photo cannot be resized: {0}")]
pub struct ResizeError(String);

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn halves(width: u32, height: u32) -> Photo {
        Photo::from_pixels(RgbImage::from_fn(width, height, |x, _| {
            if x < width / 4 || x >= width - width / 4 { Rgb([255, 0, 0]) } else { Rgb([0, 255, 0]) }
        }))
    }

    #[test]
    fn the_centre_crop_omits_the_sides_and_squash_keeps_them() {
        let photo = halves(400, 200);
        let crop = Preprocessing::efficientnet_lite(16, View::CentreCrop { fraction: 0.9 });
        let squash = Preprocessing { view: View::Squash, ..crop };
        assert!(crop.apply(&photo).unwrap().pixels().chunks(3).all(|rgb| rgb == [0, 255, 0]));
        assert_eq!(&squash.apply(&photo).unwrap().pixels()[..3], &[255, 0, 0]);
    }

    #[test]
    fn the_area_of_a_view_is_in_fractions_of_the_photo() {
        let crop = View::CentreCrop { fraction: 0.5 }.area(400, 200);
        assert_eq!(crop, ViewArea { left: 0.375, top: 0.25, width: 0.25, height: 0.5 });
        let squash = View::Squash.area(400, 200);
        assert_eq!(squash, ViewArea { left: 0.0, top: 0.0, width: 1.0, height: 1.0 });
    }

    #[test]
    fn one_pixel_and_one_row_are_valid_photos() {
        for (width, height) in [(1, 1), (1, 900), (900, 1), (3, 2)] {
            for view in [View::Squash, View::CentreCrop { fraction: 0.875 }] {
                let input = Preprocessing::efficientnet_lite(32, view).apply(&halves(width, height));
                assert_eq!(input.unwrap().pixels().len(), 32 * 32 * 3, "{width}x{height} {view:?}");
            }
        }
    }

    #[test]
    fn a_photo_has_ten_embedding_views() {
        let preprocessing = Preprocessing::efficientnet_lite(16, View::CentreCrop { fraction: 1.0 });
        let thirds = RgbImage::from_fn(90, 60, |x, y| Rgb([(x * 2) as u8, (y * 3) as u8, 0]));
        let photo = Photo::from_pixels(thirds);
        let inputs = preprocessing.embedding_views(&photo).unwrap();
        assert_eq!(inputs.len(), 10);
        assert_eq!(inputs[0], preprocessing.apply(&photo).unwrap());
        assert_eq!(inputs[4].mirrored(), inputs[0]);
        for (i, input) in inputs.iter().enumerate() {
            assert!(!inputs[..i].contains(input), "{i}");
        }
        assert_eq!(preprocessing.embedding_views(&halves(1, 1)).unwrap().len(), 10);
    }

    #[test]
    fn no_input_and_mixed_sizes_are_refused() {
        let device = crate::Backend::default().device();
        let input = |size| {
            let photo = Photo::from_pixels(RgbImage::new(8, 8));
            Preprocessing::efficientnet_lite(size, View::Squash).apply(&photo).unwrap()
        };
        assert_eq!(NetworkInput::batch(&[], &device).unwrap_err(), BatchError);
        assert_eq!(NetworkInput::batch(&[input(4), input(6)], &device).unwrap_err(), BatchError);
    }

    #[test]
    fn the_whole_view_is_the_close_one_at_half_the_size() {
        let photo = Photo::from_pixels(RgbImage::from_fn(8, 8, |x, _| Rgb([(x % 2) as u8, 10, 255])));
        let wide = Preprocessing { close: true, ..Preprocessing::efficientnet_lite(4, View::Squash) };
        let input = wide.apply(&photo).unwrap();
        let views = NetworkInput::batch(std::slice::from_ref(&input), &crate::Backend::default().device()).unwrap();
        assert_eq!(views.close.unwrap().dims(), [1, 3, 8, 8]);
        let whole = views.whole.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(whole.len(), 3 * 16);
        // The mean of 0 and 1 is rounded up.
        assert!(whole[..16].iter().all(|value| *value == (1.0 - 127.0) / 128.0));
        let without = Preprocessing { close: false, ..wide }.apply(&photo).unwrap();
        assert!(NetworkInput::batch(&[input, without], &crate::Backend::default().device()).is_err());
    }

    #[test]
    fn a_batch_is_planar_and_normalised() {
        let photo = Photo::from_pixels(RgbImage::from_pixel(8, 8, Rgb([127, 255, 0])));
        let input = Preprocessing::efficientnet_lite(4, View::Squash).apply(&photo).unwrap();
        let batch = NetworkInput::batch(&[input], &crate::Backend::default().device()).unwrap().whole;
        assert_eq!(batch.dims(), [1, 3, 4, 4]);
        let values = batch.into_data().try_to_vec::<f32>().unwrap();
        assert!(values[..16].iter().all(|v| *v == 0.0));
        assert!(values[16..32].iter().all(|v| *v == 1.0));
        assert!(values[32..].iter().all(|v| *v == -127.0 / 128.0));
    }
}
