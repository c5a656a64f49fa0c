//! A burn backend extension with the network's fused operations.
//!
//! Each operation has a default implementation in burn's own operations, which the reference backend and training run,
//! and one with [`mango_kernels`] for Flex. Feature maps have the shape `[n, channels, height, width]` everywhere; Flex stores them
//! channels-last, which is what its kernels read.

#![allow(deprecated, reason = "burn-ndarray's last line of releases is our reference")]
#![allow(clippy::too_many_arguments, reason = "an operation of a backend extension takes its tensors one by one")]

#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod maps;
mod packed;
mod pool;
#[cfg(all(test, feature = "flex", feature = "ndarray"))]
mod tests;

pub(crate) use packed::{PackedBlock, PackedConvolution};
pub(crate) use pool::take as spare;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Scalar, TensorMetadata, backend_extension};
use burn::tensor::ops::ConvOptions;
use mango_kernels::rows::LEAST_NORM;
use mango_kernels::{BlockShape, Same};

/// The operations of EfficientNet-Lite and its classifier. ReLU6 follows every convolution except a block's last, and
/// padding is TensorFlow's 'same'.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Autodiff: cfg(feature = "train")
)]
pub(crate) trait Operations: Backend {
    /// A dense convolution with the same stride in both directions: `[n, c, h, w]` with weights `[o, c, k, k]` and a
    /// bias `[o]`.
    fn stem(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
        packed: &PackedConvolution,
    ) -> FloatTensor<Self> {
        let _ = packed;
        relu6::<Self>(convolution::<Self>(input, weight, bias, stride, 1))
    }

    /// A 1x1 convolution: `[n, c, h, w]` with weights `[o, c, 1, 1]` and a bias `[o]`.
    fn pointwise(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        packed: &PackedConvolution,
    ) -> FloatTensor<Self> {
        let _ = packed;
        relu6::<Self>(convolution::<Self>(input, weight, bias, 1, 1))
    }

    /// A depthwise convolution with weights `[c, 1, k, k]`, then a 1x1 convolution with `[o, c, 1, 1]`, both with
    /// biases.
    fn separable(
        input: FloatTensor<Self>,
        depthwise: FloatTensor<Self>,
        depthwise_bias: FloatTensor<Self>,
        project: FloatTensor<Self>,
        project_bias: FloatTensor<Self>,
        shape: BlockShape,
        packed: &PackedBlock,
    ) -> FloatTensor<Self> {
        let _ = packed;
        narrow::<Self>(input.clone(), input, [depthwise, depthwise_bias, project, project_bias], shape)
    }

    /// [`Operations::separable`] after a 1x1 convolution with weights `[c, i, 1, 1]`.
    fn inverted_residual(
        input: FloatTensor<Self>,
        expand: FloatTensor<Self>,
        expand_bias: FloatTensor<Self>,
        depthwise: FloatTensor<Self>,
        depthwise_bias: FloatTensor<Self>,
        project: FloatTensor<Self>,
        project_bias: FloatTensor<Self>,
        shape: BlockShape,
        packed: &PackedBlock,
    ) -> FloatTensor<Self> {
        let _ = packed;
        let wide = relu6::<Self>(convolution::<Self>(input.clone(), expand, expand_bias, 1, 1));
        narrow::<Self>(input, wide, [depthwise, depthwise_bias, project, project_bias], shape)
    }

    /// Global mean of each feature map, `[n, c, h, w]` → `[n, c]`, each row divided by its Euclidean norm.
    fn unit_means(map: FloatTensor<Self>) -> FloatTensor<Self> {
        let [n, channels, height, width] = map.shape().dims();
        let means = Self::float_mean_dim(Self::float_reshape(map, [n, channels, height * width].into()), 2);
        let means = Self::float_reshape(means, [n, channels].into());
        let norms = Self::float_sqrt(sum_of_squares::<Self>(means.clone()));
        Self::float_div(means, Self::float_clamp_min(norms, Scalar::Float(LEAST_NORM)))
    }

    /// Global maximum of each feature map, `[n, c, h, w]` → `[n, c]`, each row divided by its Euclidean norm.
    fn unit_maxima(map: FloatTensor<Self>) -> FloatTensor<Self> {
        let [n, channels, height, width] = map.shape().dims();
        let maxima = Self::float_max_dim(Self::float_reshape(map, [n, channels, height * width].into()), 2);
        let maxima = Self::float_reshape(maxima, [n, channels].into());
        let norms = Self::float_sqrt(sum_of_squares::<Self>(maxima.clone()));
        Self::float_div(maxima, Self::float_clamp_min(norms, Scalar::Float(LEAST_NORM)))
    }

    /// Contribution of each pixel of a feature map to the dot product of its [`Operations::unit_means`] and a direction,
    /// times the number of pixels: `[n, c, h, w]` and `[c]` → `[n, h * w]`.
    fn activation(map: FloatTensor<Self>, direction: FloatTensor<Self>) -> FloatTensor<Self> {
        let [n, channels, height, width] = map.shape().dims();
        let places = height * width;
        let map = Self::float_reshape(map, [n, channels, places].into());
        let means = Self::float_reshape(Self::float_mean_dim(map.clone(), 2), [n, channels].into());
        let norms = Self::float_clamp_min(Self::float_sqrt(sum_of_squares::<Self>(means)), Scalar::Float(LEAST_NORM));
        let weighed = Self::float_mul(map, Self::float_reshape(direction, [1, channels, 1].into()));
        let sums = Self::float_reshape(Self::float_sum_dim(weighed, 1), [n, places].into());
        Self::float_div(sums, norms)
    }

    /// Concatenates rows: `[n, a]` and `[n, b]` → `[n, a + b]`.
    fn join(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_cat(vec![left, right], 1)
    }

    /// A linear layer: rows `[n, m]` times weights `[m, k]`, plus a bias `[k]`.
    fn linear(rows: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self> {
        let [outputs] = bias.shape().dims();
        Self::float_add(Self::float_matmul(rows, weight), Self::float_reshape(bias, [1, outputs].into()))
    }

    /// Squared distance `[n]` of each centred row from the subspace: |x|² - |basis · x|² with x a row of `[n, m]` minus
    /// the mean `[m]`, and a basis `[r, m]`.
    fn subspace_distance(
        rows: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        basis: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [n, length] = rows.shape().dims();
        let centred = Self::float_sub(rows, Self::float_reshape(mean, [1, length].into()));
        let explained = Self::float_matmul(centred.clone(), Self::float_swap_dims(basis, 0, 1));
        let left = Self::float_sub(sum_of_squares::<Self>(centred), sum_of_squares::<Self>(explained));
        Self::float_reshape(left, [n].into())
    }
}

#[cfg(feature = "ndarray")]
impl Operations for burn::backend::NdArray {}

#[cfg(feature = "train")]
impl<B: Operations, C: burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy> Operations
    for burn::backend::Autodiff<B, C>
{
}

fn convolution<B: Backend>(
    input: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    stride: usize,
    groups: usize,
) -> FloatTensor<B> {
    let [_, _, height, width] = input.shape().dims();
    let [_, _, kernel, _] = weight.shape().dims();
    let padding = [height, width].map(|side| {
        let Same { before, after, .. } = Same::new(side, kernel, stride);
        (before, after)
    });
    let options = ConvOptions::new_with_padding([stride, stride], padding, [1, 1], groups);
    B::conv2d(input, weight, Some(bias), options)
}

fn narrow<B: Backend>(
    input: FloatTensor<B>,
    wide: FloatTensor<B>,
    [depthwise, depthwise_bias, project, project_bias]: [FloatTensor<B>; 4],
    shape: BlockShape,
) -> FloatTensor<B> {
    let [_, channels, ..] = wide.shape().dims::<4>();
    let deep = relu6::<B>(convolution::<B>(wide, depthwise, depthwise_bias, shape.stride, channels));
    let out = convolution::<B>(deep, project, project_bias, 1, 1);
    if shape.residual { B::float_add(out, input) } else { out }
}

fn relu6<B: Backend>(tensor: FloatTensor<B>) -> FloatTensor<B> {
    B::float_clamp(tensor, Scalar::Float(0.0), Scalar::Float(6.0))
}

/// Sum of squares of each row, `[n, m]` → `[n, 1]`.
fn sum_of_squares<B: Backend>(rows: FloatTensor<B>) -> FloatTensor<B> {
    B::float_sum_dim(B::float_mul(rows.clone(), rows), 1)
}
