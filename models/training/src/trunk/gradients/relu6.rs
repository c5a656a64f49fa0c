//! ReLU6, the activation of every convolution except a block's last.

/// Clamps to 0..=6.
pub(super) fn apply(values: &mut [f32]) {
    for value in values {
        *value = value.clamp(0.0, 6.0);
    }
}

/// Zeroes the gradient where the output was clamped.
pub(super) fn backward(output: &[f32], gradient: &mut [f32]) {
    for (gradient, output) in gradient.iter_mut().zip(output) {
        *gradient = if *output > 0.0 && *output < 6.0 { *gradient } else { 0.0 };
    }
}
