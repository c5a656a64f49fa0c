//! TensorFlow's 'same' padding.

/// How a kernel moves along one side of a feature map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Same {
    /// Output length: the side divided by the stride, rounded up.
    pub out: usize,
    /// Zeros before the first element.
    pub before: usize,
    /// Zeros after the last element: as many as before the first, or one more.
    pub after: usize,
}

impl Same {
    /// The padding for a side of that length.
    #[must_use]
    pub fn new(side: usize, kernel: usize, stride: usize) -> Self {
        let out = side.div_ceil(stride);
        let padding = ((out.max(1) - 1) * stride + kernel).saturating_sub(side);
        Self { out, before: padding / 2, after: padding - padding / 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_stride_two_an_even_side_is_padded_only_at_the_end() {
        assert_eq!(Same::new(224, 3, 2), Same { out: 112, before: 0, after: 1 });
        assert_eq!(Same::new(7, 3, 2), Same { out: 4, before: 1, after: 1 });
        assert_eq!(Same::new(56, 5, 2), Same { out: 28, before: 1, after: 2 });
        assert_eq!(Same::new(14, 5, 1), Same { out: 14, before: 2, after: 2 });
        assert_eq!(Same::new(1, 1, 2), Same { out: 1, before: 0, after: 0 });
    }
}
