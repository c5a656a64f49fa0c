//! Heat maps: where on a photo the evidence for a class is.

mod bilinear;
mod joined;

pub(crate) use joined::CropEvidence;

use burn::backend::Dispatch;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use mango_kernels::rows::LEAST_NORM;

use crate::network::ViewMaps;
use crate::operations::Operations;
use crate::preprocess::ViewArea;
use bilinear::{Cells, centre};

/// A class activation map over the crops that the network sees.
///
/// The map covers only the rectangle around these crops: the whole photo for [`View::Squash`](crate::View::Squash), the
/// centred square for [`View::CentreCrop`](crate::View::CentreCrop) with one crop. `view` is its position on the photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatMap {
    /// Number of columns.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
    /// `width * height` values from 0 to 1, row by row from the view's top left: 1 at the strongest evidence, 0 without
    /// evidence for the class. Values are comparable within one photo, not between photos.
    pub values: Vec<f32>,
    /// The part of the photo that the map covers evenly.
    pub view: ViewArea,
}

impl HeatMap {
    /// A map of `[width, height]` cells from finite activations: negative values become 0, the others are divided by
    /// the maximum.
    pub(crate) fn new([width, height]: [usize; 2], activation: &[f32], view: ViewArea) -> Self {
        let highest = activation.iter().copied().fold(0.0, f32::max);
        let scale = |value: f32| if highest > 0.0 { value.max(0.0) / highest } else { 0.0 };
        Self { width, height, values: activation.iter().map(|value| scale(*value)).collect(), view }
    }
}

/// The contribution of each cell to the dot product of an embedding and a direction of the same length: the feature
/// maps of one photo → `[height, width]` cells of the finest stage map.
///
/// Class activation mapping (Zhou et al. 2016, arXiv 1512.04150) over all feature maps of the embedding. For a mean,
/// the direction's part is applied to the map divided by the norm of its means; for a maximum, the channel's
/// contribution is at the cell of the maximum. Coarser maps are enlarged and added. The mean over all cells of a part
/// is that part's share of the product; enlarging by an integer factor preserves it.
pub(crate) fn activation(maps: ViewMaps, direction: &[f32]) -> ([usize; 2], Vec<f32>) {
    let ViewMaps { whole, close } = maps;
    let [_, _, height, width] = close.as_ref().unwrap_or(&whole).stage.dims();
    let mut places = vec![0.0; height * width];
    let mut rest = direction;
    let mut add = |map: Tensor<4>, read: fn(Tensor<4>, &[f32]) -> Vec<f32>| {
        let [_, channels, rows, columns] = map.dims();
        let (part, after) = rest.split_at(channels.min(rest.len()));
        rest = after;
        let enlarged = enlarge(&read(map, part), [rows, columns], [height, width]);
        places.iter_mut().zip(enlarged).for_each(|(place, more)| *place += more);
    };
    add(whole.stage, of_means);
    if let Some(head) = whole.head {
        add(head, of_means);
    }
    if let Some(close) = close {
        add(close.stage.clone(), of_means);
        if let Some(head) = close.head.clone() {
            add(head, of_means);
        }
        add(close.stage, of_maxima);
        if let Some(head) = close.head {
            add(head, of_maxima);
        }
    }
    ([height, width], places)
}

/// The contribution of each cell to the dot product of a map's normalised maxima and a direction, times the number of
/// cells.
fn of_maxima(map: Tensor<4>, direction: &[f32]) -> Vec<f32> {
    let [_, channels, height, width] = map.dims();
    let places = height * width;
    let values: Vec<f32> = map.reshape([channels * places]).into_data().iter().collect();
    let mut shares = vec![0.0; places];
    let mut maxima = Vec::with_capacity(channels);
    for channel in values.chunks_exact(places.max(1)) {
        let first =
            |best: (usize, f32), place: (usize, &f32)| if *place.1 > best.1 { (place.0, *place.1) } else { best };
        maxima.push(channel.iter().enumerate().fold((0, f32::NEG_INFINITY), first));
    }
    let norm = maxima.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(LEAST_NORM as f32);
    for ((place, value), weight) in maxima.into_iter().zip(direction) {
        shares[place] += places as f32 * value * weight / norm;
    }
    shares
}

/// The weighted sum of a map's channels, with the direction as weights, divided by the norm of the channels' means.
fn of_means(map: Tensor<4>, direction: &[f32]) -> Vec<f32> {
    let direction = TensorData::new(direction.to_vec(), [direction.len()]);
    let direction = Tensor::<1>::from_data(direction, &map.device());
    let places = Dispatch::activation(map.into_dispatch(), direction.into_dispatch());
    Tensor::<2>::from_dispatch(places).into_data().iter().collect()
}

/// Bilinear enlargement with aligned outer edges.
fn enlarge(values: &[f32], [rows, columns]: [usize; 2], [height, width]: [usize; 2]) -> Vec<f32> {
    let cells = Cells { values, rows, columns };
    let places = (0..height).flat_map(|row| (0..width).map(move |column| (centre(row, height), centre(column, width))));
    places.map(|(down, across)| cells.at(down, across)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{FeatureMaps, join_embedding};
    use crate::preprocess::View;
    use crate::{Backend, ModelBundle, NetworkInput, Photo, Weights};
    use image::{Rgb, RgbImage};
    use proptest::prelude::*;

    fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values, shape), &Backend::default().device())
    }

    fn mean((_, values): ([usize; 2], Vec<f32>)) -> f32 {
        values.iter().sum::<f32>() / values.len() as f32
    }

    /// Height and width of a head map, the integer factor to the stage map, both maps of the whole view, both of the
    /// close view, and a direction.
    type Case = ([usize; 2], usize, [Vec<f32>; 2], [Vec<f32>; 2], Vec<f32>);

    fn cases() -> impl Strategy<Value = Case> {
        let numbers = |range: std::ops::Range<f32>, length| proptest::collection::vec(range, length);
        ([1..5usize, 1..5usize], 1..4usize).prop_flat_map(move |([height, width], factor)| {
            let (head, stage) = (7 * height * width, 3 * height * width * factor * factor);
            let maps = move |times: usize| [numbers(0.0..6.0, times * head), numbers(-6.0..6.0, times * stage)];
            (Just([height, width]), Just(factor), maps(1), maps(4), numbers(-4.0..4.0, 30))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_mean_of_the_map_is_the_dot_product_of_embedding_and_direction(
            ([height, width], factor, whole, close, direction) in cases(),
        ) {
            let maps = |[head, stage]: [Vec<f32>; 2], times: usize| FeatureMaps {
                stage: tensor(stage, [1, 3, times * height * factor, times * width * factor]),
                head: Some(tensor(head, [1, 7, times * height, times * width])),
            };
            let maps = ViewMaps { whole: maps(whole, 1), close: Some(maps(close, 2)) };
            let embedding: Vec<f32> = join_embedding(maps.clone()).into_data().iter().collect();
            let product: f32 = embedding.iter().zip(&direction).map(|(a, b)| a * b).sum();
            let difference = mean(activation(maps, &direction)) - product;
            prop_assert!(difference.abs() < 1e-3, "{}", difference);
        }
    }

    #[test]
    fn in_the_shipped_model_mean_plus_bias_is_the_logit() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/leaf-lite0");
        let bundle = ModelBundle::load(folder.as_ref()).unwrap();
        let device = Backend::default().device();
        let network = bundle.network(&device).unwrap();
        let picture = RgbImage::from_fn(260, 200, |x, y| Rgb([(x % 90) as u8 + 60, (y % 200) as u8, 40]));
        let input = bundle.manifest().preprocessing.apply(&Photo::from_pixels(picture)).unwrap();
        let input = NetworkInput::batch(&[input], &device).unwrap();
        let (embedding, maps) = network.embed_with_maps(input);
        let (logits, _) = network.read(embedding);
        let logits = logits.into_data().try_to_vec::<f32>().unwrap();
        let weights = Weights::of(&network);
        let bias = weights.get("classifier.bias").unwrap().try_to_vec::<f32>().unwrap();
        let rows = weights.get("classifier.weight").unwrap().try_to_vec::<f32>().unwrap();
        let classes = logits.len();
        let mean_of = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
        for class in 0..classes {
            let column: Vec<f32> = rows.iter().skip(class).step_by(classes).copied().collect();
            let raw = mean(activation(maps.clone(), &column));
            assert!((raw + bias[class] - logits[class]).abs() < 1e-4, "class {class}");
            let against_the_others = mean(activation(maps.clone(), &network.direction(class)));
            let expected = (logits[class] - bias[class]) - (mean_of(&logits) - mean_of(&bias));
            assert!((against_the_others - expected).abs() < 1e-4, "class {class}");
        }
    }

    #[test]
    fn the_cell_with_the_strongest_evidence_is_one() {
        let mut stage = vec![0.1; 2 * 4 * 4];
        stage[4 + 2] = 5.0;
        stage[16 + 13] = 5.0;
        let whole = FeatureMaps { stage: tensor(stage, [1, 2, 4, 4]), head: None };
        let maps = ViewMaps { whole, close: None };
        let (_, values) = activation(maps, &[1.0, -1.0]);
        let map = HeatMap::new([4, 4], &values, View::Squash.area(4, 4));
        assert_eq!((map.values[4 + 2], map.values[13]), (1.0, 0.0));
        assert!(map.values.iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn enlarging_keeps_the_edges_and_interpolates_between_them() {
        assert_eq!(enlarge(&[0.0, 4.0], [1, 2], [1, 4]), [0.0, 1.0, 3.0, 4.0]);
        assert_eq!(enlarge(&[7.0], [1, 1], [2, 2]), [7.0; 4]);
    }

    #[test]
    fn a_map_without_evidence_for_the_class_is_zero() {
        for activation in [[0.0; 4], [-3.0; 4]] {
            assert_eq!(HeatMap::new([2, 2], &activation, View::Squash.area(2, 2)).values, [0.0; 4]);
        }
    }
}
