//! The memory of maps, which passes from one operation to the next.

use std::cell::RefCell;
use std::sync::Arc;

use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

thread_local! {
    /// Maps that nobody holds any more. A network asks for few sizes again and again.
    static SPARE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Spare maps that are kept: a block's input and output, what its network keeps besides, and the picture.
const KEPT: usize = 6;

/// Numbers in the largest map that is kept. Those of a photo have less; a batch's memory is given back.
const LARGEST: usize = 1 << 20;

/// A batch of n maps with the channels last, each filled wholly by `fill`, as `[n, channels, height, width]`.
pub(super) fn fill_each(
    n: usize,
    [height, width]: [usize; 2],
    channels: usize,
    fill: impl Fn(usize, &mut [f32]) + Sync,
) -> FlexTensor {
    let length = height * width * channels;
    let mut values = take(n * length);
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

/// Keeps a map's memory for the next ones, if it is wanted by nobody else.
pub(super) fn give_back(map: FlexTensor) {
    let data = map.data_arc();
    drop(map);
    if let Ok(values) = Arc::try_unwrap(data).map_err(drop).and_then(|bytes| bytes.try_into_vec::<f32>().map_err(drop))
    {
        if values.capacity() > LARGEST {
            return;
        }
        SPARE.with_borrow_mut(|spare| {
            if spare.len() == KEPT {
                spare.remove(0);
            }
            spare.push(values);
        });
    }
}

/// Numbers whose values do not matter: the smallest spare map that is large enough, or new ones.
pub(crate) fn take(length: usize) -> Vec<f32> {
    let spare = SPARE.with_borrow_mut(|spare| {
        let fitting = spare.iter().enumerate().filter(|(_, values)| values.capacity() >= length);
        let place = fitting.min_by_key(|(_, values)| values.capacity()).map(|(place, _)| place)?;
        Some(spare.swap_remove(place))
    });
    let mut values = spare.unwrap_or_else(|| Vec::with_capacity(length));
    values.resize(length, 0.0);
    values
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
    fn memory_that_was_given_back_is_used_again() {
        let first = map();
        let memory = place(&first);
        give_back(first);
        assert_eq!(place(&map()), memory);
    }

    #[test]
    fn a_map_that_somebody_holds_stays_as_it_is() {
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
