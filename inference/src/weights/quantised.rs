//! Quantised weights: symmetric 8-bit integers with one scale per output channel.

use burn::tensor::TensorData;

/// The largest integer; -128 is not used, so that the range is symmetric.
const LARGEST: f32 = 127.0;

/// The name of the tensor with the scales.
pub(super) fn scale_name(name: &str) -> String {
    format!("{name}.scale")
}

/// Integers of -127..=127 with the same shape, and a scale for each channel of the first dimension.
pub(super) fn quantise(weights: &TensorData) -> (TensorData, TensorData) {
    let values: Vec<f32> = weights.iter::<f32>().collect();
    let channels = weights.shape().first().copied().unwrap_or(0);
    let mut whole = Vec::with_capacity(values.len());
    let mut scales = Vec::with_capacity(channels);
    for channel in values.chunks(values.len().div_ceil(channels.max(1)).max(1)) {
        let largest = channel.iter().fold(0f32, |largest, value| largest.max(value.abs()));
        let scale = largest / LARGEST;
        scales.push(scale);
        whole.extend(channel.iter().map(|value| if scale > 0.0 { (value / scale).round() as i8 } else { 0 }));
    }
    (TensorData::new(whole, weights.shape().to_vec()), TensorData::new(scales, [channels]))
}

/// Dequantises integers; `None` unless there is one scale per channel.
pub(super) fn restore(whole: &TensorData, scale: &TensorData) -> Option<TensorData> {
    let values: Vec<f32> = whole.iter::<f32>().collect();
    let scales: Vec<f32> = scale.iter::<f32>().collect();
    let channels = *whole.shape().first()?;
    if channels == 0 || scale.shape().to_vec() != [channels] {
        return None;
    }
    let per_channel = values.len() / channels;
    let restored: Vec<f32> = values
        .chunks(per_channel.max(1))
        .zip(&scales)
        .flat_map(|(channel, scale)| channel.iter().map(move |value| value * scale))
        .collect();
    Some(TensorData::new(restored, whole.shape().to_vec()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_error_is_at_most_half_a_step_of_the_channel(
            values in proptest::collection::vec(-3f32..3.0, 24),
        ) {
            let weights = TensorData::new(values.clone(), [4, 3, 2, 1]);
            let (whole, scale) = quantise(&weights);
            let restored: Vec<f32> = restore(&whole, &scale).unwrap().iter::<f32>().collect();
            for (channel, (before, after)) in values.chunks(6).zip(restored.chunks(6)).enumerate() {
                let step = scale.iter::<f32>().nth(channel).unwrap();
                for (before, after) in before.iter().zip(after) {
                    prop_assert!((before - after).abs() <= step * 0.5001);
                }
            }
        }
    }

    #[test]
    fn a_channel_of_zeros_stays_zero_and_integers_stay_exact() {
        let weights = TensorData::new(vec![0.0f32, 0.0, 127.0, -3.0], [2, 2, 1, 1]);
        let (whole, scale) = quantise(&weights);
        assert_eq!(restore(&whole, &scale).unwrap(), weights);
    }

    #[test]
    fn scales_of_another_number_of_channels_are_refused() {
        let (whole, _) = quantise(&TensorData::new(vec![1.0f32; 4], [2, 2, 1, 1]));
        assert_eq!(restore(&whole, &TensorData::new(vec![1.0f32; 3], [3])), None);
    }
}
