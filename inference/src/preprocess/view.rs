//! The part of a photo that the network sees.

use serde::{Deserialize, Serialize};

/// The part of the photo that the network sees. With [`Crops::Two`](crate::Crops::Two), the size of the first crop and
/// the centre of the second.
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

impl View {
    /// The part of a photo of that size that the view covers.
    #[must_use]
    pub fn area(self, width: u32, height: u32) -> ViewArea {
        ViewArea::of(self.crop(width, height), width, height)
    }

    /// The view's shorter side as a share of the photo's shorter side.
    pub(super) fn share(self) -> f64 {
        match self {
            Self::CentreCrop { fraction } => fraction,
            Self::Squash => 1.0,
        }
    }

    /// `[left, top, width, height]` of the view in a photo of that size.
    pub(super) fn crop(self, width: u32, height: u32) -> [f64; 4] {
        let (width, height) = (f64::from(width), f64::from(height));
        match self {
            Self::CentreCrop { fraction } => {
                let side = fraction * width.min(height);
                [(width - side) / 2.0, (height - side) / 2.0, side, side]
            }
            Self::Squash => [0.0, 0.0, width, height],
        }
    }

    /// The view moved along the photo's longer side to its left or upper end, as far from it as from the other edges.
    pub(super) fn first_crop(self, width: u32, height: u32) -> [f64; 4] {
        let [left, top, view_width, view_height] = self.crop(width, height);
        let margin = left.min(top);
        [margin, margin, view_width, view_height]
    }
}

impl ViewArea {
    /// The rectangle `[left, top, width, height]` in pixels on a photo of that size.
    pub(super) fn of([left, top, part_width, part_height]: [f64; 4], width: u32, height: u32) -> Self {
        let fraction = |pixels: f64, all: u32| (pixels / f64::from(all)) as f32;
        Self {
            left: fraction(left, width),
            top: fraction(top, height),
            width: fraction(part_width, width),
            height: fraction(part_height, height),
        }
    }
}
