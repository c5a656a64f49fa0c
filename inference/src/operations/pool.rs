//! A pool of buffers for feature maps and inputs, reused from one operation to the next.

use std::cell::RefCell;

thread_local! {
    /// Buffers that are no longer used. A network needs few different sizes.
    static SPARE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Buffers kept at most: a block's input and output, the maps that the network keeps besides, and the input image.
const KEPT: usize = 6;

/// Elements of the largest buffer that is kept. The maps of one photo are smaller; a batch's memory is freed.
const LARGEST: usize = 1 << 20;

/// A buffer with unspecified contents: the smallest in the pool that is large enough, or a new one.
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

/// Returns a buffer to the pool.
#[cfg_attr(not(feature = "flex"), allow(dead_code, reason = "only Flex's maps are returned"))]
pub(super) fn give_back(values: Vec<f32>) {
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
