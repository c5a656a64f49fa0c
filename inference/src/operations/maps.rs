//! Flex's feature maps, whose memory comes from the pool.

use std::sync::Arc;

use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

use super::pool;

/// A batch of n feature maps, stored channels-last, as `[n, channels, height, width]`. `fill` writes all of each map.
pub(super) fn fill_each(
    n: usize,
    [height, width]: [usize; 2],
    channels: usize,
    fill: impl Fn(usize, &mut [f32]) + Sync,
) -> FlexTensor {
    let length = height * width * channels;
    let mut values = pool::take(n * length);
    fill_all(&mut values, length.max(1), fill);
    FlexTensor::from_data(TensorData::new(values, [n, height, width, channels])).permute(&[0, 3, 1, 2])
}

#[cfg(not(target_family = "wasm"))]
fn fill_all(values: &mut [f32], length: usize, fill: impl Fn(usize, &mut [f32]) + Sync) {
    use rayon::prelude::*;
    if values.len() <= length {
        values.chunks_exact_mut(length).for_each(|map| fill(0, map));
    } else {
        values.par_chunks_exact_mut(length).enumerate().for_each(|(index, map)| fill(index, map));
    }
}

#[cfg(target_family = "wasm")]
fn fill_all(values: &mut [f32], length: usize, fill: impl Fn(usize, &mut [f32]) + Sync) {
    values.chunks_exact_mut(length).enumerate().for_each(|(index, map)| fill(index, map));
}

/// Returns a feature map's buffer to the pool if it has no other owner.
pub(super) fn give_back(map: FlexTensor) {
    let data = map.data_arc();
    drop(map);
    if let Ok(values) = Arc::try_unwrap(data).map_err(drop).and_then(|bytes| bytes.try_into_vec::<f32>().map_err(drop))
    {
        pool::give_back(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> FlexTensor {
        fill_each(1, [3, 5], 7, |_, values| values.fill(2.0))
    }

    fn place(map: &FlexTensor) -> *const f32 {
        map.storage::<f32>().as_ptr()
    }

    #[test]
    fn a_returned_buffer_is_reused() {
        let first = map();
        let memory = place(&first);
        give_back(first);
        assert_eq!(place(&map()), memory);
    }

    #[test]
    fn a_shared_map_is_not_reused() {
        let first = map();
        let held = first.clone();
        give_back(first);
        let other = fill_each(1, [3, 5], 7, |_, values| values.fill(3.0));
        assert_ne!(place(&other), place(&held));
        assert!(held.storage::<f32>().iter().all(|value| *value == 2.0));
    }

    #[test]
    fn every_map_of_a_batch_is_filled() {
        let maps = fill_each(5, [2, 2], 3, |index, values| values.fill(index as f32));
        let expected: Vec<f32> = (0..5).flat_map(|index| [index as f32; 12]).collect();
        assert_eq!(maps.storage::<f32>(), expected);
    }
}
