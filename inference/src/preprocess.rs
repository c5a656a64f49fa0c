//! Preprocessing from photo to network input, shared by training, relay and phone.

mod crops;
mod input;
mod resize;
mod view;

pub use crops::Crops;
pub use input::{BatchError, NetworkInput, Views};
pub use view::{View, ViewArea};

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::photo::{Detail, Photo};
use crops::{Crop, closer};
use resize::resize;

/// Decoded pixels of the view per input pixel, in each direction. Resizing then averages over enough pixels to give the
/// same input as a photo decoded at full size.
const OVERSAMPLING: f64 = 2.0;
/// The side of the closest embedding view, as a share of the view's side.
const NEAREST: f64 = 0.6;
/// The side of a corner crop among the embedding views, as a share of the photo's shorter side.
const CORNER: f64 = 0.7;

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
    /// The crops that a prediction averages over.
    #[serde(default, skip_serializing_if = "Crops::is_one")]
    pub crops: Crops,
    /// Subtracted from each channel on the scale 0..=255.
    pub mean: f32,
    /// Divisor of the difference.
    pub scale: f32,
}

impl Preprocessing {
    /// EfficientNet-Lite's normalisation, (x - 127) / 128.
    #[must_use]
    pub fn efficientnet_lite(size: u32, view: View) -> Self {
        Self { size, close: false, view, crops: Crops::One, mean: 127.0, scale: 128.0 }
    }

    /// Width and height of the finest input in pixels. Photos are resized to this size.
    #[must_use]
    pub fn finest(&self) -> u32 {
        if self.close { 2 * self.size } else { self.size }
    }

    /// The same preprocessing of the view alone. Embeddings of both can be compared.
    #[must_use]
    pub fn of_one_crop(self) -> Self {
        Self { crops: Crops::One, ..self }
    }

    /// The size of a photo that [`Preprocessing::crops`] needs.
    #[must_use]
    pub fn detail(&self) -> Detail {
        self.detail_of(self.crops.smallest() * self.view.share())
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

    /// The input from the view. Crops and resizes in one step, with a triangle filter that is widened for shrinking, so
    /// that every pixel counts.
    ///
    /// # Errors
    /// [`ResizeError`] if the photo or the input has no pixels.
    pub fn apply(&self, photo: &Photo) -> Result<NetworkInput, ResizeError> {
        self.apply_to(photo, self.view.crop(photo.width(), photo.height()))
    }

    /// The inputs of one prediction, one for each of the [`Crops`].
    ///
    /// # Errors
    /// Those of [`Preprocessing::apply`].
    pub fn crops(&self, photo: &Photo) -> Result<Vec<NetworkInput>, ResizeError> {
        let crops = self.crops.of(self.view, photo.width(), photo.height());
        let input = |Crop { part, mirrored }| {
            let input = self.apply_to(photo, part)?;
            Ok(if mirrored { input.mirrored() } else { input })
        };
        crops.into_iter().map(input).collect()
    }

    /// Where on the photo each of [`Preprocessing::crops`] is, and whether it is mirrored.
    pub(crate) fn crop_areas(&self, photo: &Photo) -> Vec<(ViewArea, bool)> {
        let (width, height) = (photo.width(), photo.height());
        let area = |Crop { part, mirrored }| (ViewArea::of(part, width, height), mirrored);
        self.crops.of(self.view, width, height).into_iter().map(area).collect()
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
            inputs.push(self.apply_to(photo, closer(self.view.crop(width, height), nearer))?);
        }
        inputs.push(self.apply_to(photo, View::Squash.crop(width, height))?);
        inputs.extend([inputs[0].clone().mirrored(), inputs[3].clone().mirrored()]);
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

/// For serde: omits a flag that is off.
fn is_false(flag: &bool) -> bool {
    !flag
}

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
        assert_eq!(inputs[4].clone().mirrored(), inputs[0]);
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
