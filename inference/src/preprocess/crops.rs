//! The crops of a photo that one prediction averages over.

use serde::{Deserialize, Serialize};

use super::View;

/// The side of the closer crop, as a share of the view's side.
const CLOSER: f64 = 0.8;

/// How many crops of a photo the network sees for one prediction, which is computed from their mean embedding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crops {
    /// The view.
    #[default]
    One,
    /// The view at the left or upper end of the photo, and a closer one at its centre, mirrored. They differ in the
    /// leaf's position, size and direction, which no class depends on, and show more of a long photo than its centre.
    Two,
}

/// One crop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Crop {
    /// `[left, top, width, height]` in pixels.
    pub(super) part: [f64; 4],
    pub(super) mirrored: bool,
}

impl Crops {
    /// The crops of a photo of that size. The first has the size of the view.
    pub(super) fn of(self, view: View, width: u32, height: u32) -> Vec<Crop> {
        let centre = view.crop(width, height);
        match self {
            Self::One => vec![Crop { part: centre, mirrored: false }],
            Self::Two => vec![
                Crop { part: view.first_crop(width, height), mirrored: false },
                Crop { part: closer(centre, CLOSER), mirrored: true },
            ],
        }
    }

    /// The shorter side of the smallest crop, as a share of the view's.
    pub(super) fn smallest(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Two => CLOSER,
        }
    }

    /// Whether the view is the only crop.
    #[must_use]
    pub fn is_one(&self) -> bool {
        *self == Self::One
    }
}

/// The centre of `[left, top, width, height]`, `share` as wide and as high.
pub(super) fn closer([left, top, width, height]: [f64; 4], share: f64) -> [f64; 4] {
    let margin = (1.0 - share) / 2.0;
    [left + margin * width, top + margin * height, share * width, share * height]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_crops_are_at_the_beginning_and_closer_at_the_centre() {
        let view = View::CentreCrop { fraction: 1.0 };
        let parts = |width, height| {
            let crops = Crops::Two.of(view, width, height).into_iter();
            crops.map(|crop| crop.part.map(f64::round)).collect::<Vec<_>>()
        };
        assert_eq!(parts(400, 200), [[0.0, 0.0, 200.0, 200.0], [120.0, 20.0, 160.0, 160.0]]);
        assert_eq!(parts(200, 400), [[0.0, 0.0, 200.0, 200.0], [20.0, 120.0, 160.0, 160.0]]);
        assert!(Crops::Two.of(view, 400, 200).iter().map(|crop| crop.mirrored).eq([false, true]));
    }

    #[test]
    fn one_crop_is_the_view() {
        for view in [View::Squash, View::CentreCrop { fraction: 0.5 }] {
            assert_eq!(Crops::One.of(view, 400, 200), [Crop { part: view.crop(400, 200), mirrored: false }]);
        }
    }
}
