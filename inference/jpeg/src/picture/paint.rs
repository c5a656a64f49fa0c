//! Converts rows of samples to pixels as soon as they are complete.

use crate::blocks::layout::Layout;
use crate::picture::colour::Colour;
use crate::picture::plane::Plane;
use crate::picture::upsample::Upsampled;

/// The output picture and the number of rows done.
#[derive(Debug)]
pub(crate) struct Painter {
    colour: Colour,
    layouts: Vec<Layout>,
    upsampled: Vec<Upsampled>,
    width: usize,
    height: usize,
    /// The next row to convert.
    next: usize,
    pixels: Vec<u8>,
}

impl Painter {
    /// A picture of `width` times `height` pixels.
    pub(crate) fn new(colour: Colour, layouts: &[Layout], width: usize, height: usize) -> Self {
        Self {
            colour,
            layouts: layouts.to_vec(),
            upsampled: vec![Upsampled::default(); layouts.len()],
            width,
            height,
            next: 0,
            pixels: vec![0; 3 * width * height],
        }
    }

    /// Converts the pixel rows that the first `mcus` of `all` rows of MCUs complete.
    pub(crate) fn paint(&mut self, planes: &[Plane], mcus: usize, all: usize) {
        while self.next < self.height && (mcus == all || self.is_ready(mcus)) {
            let mut rows: [&[u8]; 4] = [&[]; 4];
            for (row, ((plane, layout), upsampled)) in
                rows.iter_mut().zip(planes.iter().zip(&self.layouts).zip(&mut self.upsampled))
            {
                *row = upsampled.row(plane, layout, self.next, self.width);
            }
            let start = 3 * self.width * self.next;
            self.colour.paint(rows, &mut self.pixels[start..start + 3 * self.width]);
            self.next += 1;
        }
    }

    fn is_ready(&self, mcus: usize) -> bool {
        self.layouts.iter().all(|layout| {
            let context = usize::from(layout.down.is_halved());
            layout.down.sample(self.next) + context < mcus * layout.down.of_mcu
        })
    }

    pub(crate) fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }
}
