//! A batch of feature maps, channels-last.

/// `[images, height, width, channels]`, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Images in the batch.
    pub images: usize,
    /// Number of rows.
    pub height: usize,
    /// Pixels per row.
    pub width: usize,
    /// Values per pixel.
    pub channels: usize,
    /// The values.
    pub values: Vec<f32>,
}

impl Map {
    /// A batch of zeros.
    pub fn zeros(images: usize, height: usize, width: usize, channels: usize) -> Self {
        Self { images, height, width, channels, values: vec![0.0; images * height * width * channels] }
    }

    /// The mean of each channel over the pixels, `[images, channels]`.
    pub fn means(&self) -> Vec<f32> {
        let mut means = Vec::with_capacity(self.images * self.channels);
        for image in self.values.chunks_exact(self.places() * self.channels) {
            let mut sums = vec![0.0; self.channels];
            for place in image.chunks_exact(self.channels) {
                sums.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
            }
            means.extend(sums.iter().map(|sum| sum / self.places() as f32));
        }
        means
    }

    /// The gradient of a batch of this shape whose means have the gradient `means`, `[images, channels]`.
    pub fn means_gradient(&self, means: &[f32]) -> Self {
        let mut gradient = Self::zeros(self.images, self.height, self.width, self.channels);
        let share = 1.0 / self.places() as f32;
        let images = gradient.values.chunks_exact_mut(self.places() * self.channels);
        for (image, means) in images.zip(means.chunks_exact(self.channels)) {
            for place in image.chunks_exact_mut(self.channels) {
                place.iter_mut().zip(means).for_each(|(value, mean)| *value = mean * share);
            }
        }
        gradient
    }

    /// Pixels of one image.
    pub fn places(&self) -> usize {
        self.height * self.width
    }
}
