//! Scans of a sequential picture: one scan has all coefficients of a block (ITU T.81, F.2).

use crate::blocks::layout::Layout;
use crate::blocks::transform::{Block, Transform};
use crate::blocks::zigzag::BLOCK;
use crate::entropy::bits::Bits;
use crate::entropy::huffman::{Broken, END, Table};
use crate::picture::paint::Painter;
use crate::picture::plane::Plane;
use crate::scans::intervals::Units;

/// A component in a scan.
#[derive(Debug)]
pub(crate) struct Part {
    /// The index among the frame's components.
    pub(crate) component: usize,
    /// Blocks per unit.
    pub(crate) across: usize,
    pub(crate) down: usize,
    pub(crate) dc: Table,
    pub(crate) ac: Table,
    pub(crate) transform: Transform,
    /// One more than the last coefficient that the transform reads.
    end: usize,
    samples: (usize, usize),
    mean: i32,
}

impl Part {
    pub(crate) fn new(
        component: usize,
        (across, down): (usize, usize),
        (dc, ac): (Table, Table),
        layout: &Layout,
        transform: Transform,
    ) -> Self {
        let end = layout.end();
        // The jump table pays off if most coefficients are skipped.
        let ac = if end < BLOCK / 2 { ac.with_jumps() } else { ac };
        Self {
            component,
            across,
            down,
            dc,
            ac,
            transform,
            end,
            samples: (layout.across.samples, layout.down.samples),
            mean: 0,
        }
    }

    /// Reads the block at that column and row of blocks, and writes its samples.
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits<'_>, plane: &mut Plane, (x, y): (usize, usize)) -> Result<(), Broken> {
        bits.refill();
        self.mean = self.mean.wrapping_add(self.dc.next(bits)?.value);
        let mean = self.mean as f32 * self.transform.factors[0];
        let (out, stride) = plane.from(x * self.samples.0, y * self.samples.1);
        if self.end == 1 {
            self.transform.flat(mean, out, stride);
            return self.ac.pass(bits, 1);
        }
        bits.refill();
        let mut step = self.ac.next(bits)?;
        if step.advance == END {
            self.transform.flat(mean, out, stride);
            return Ok(());
        }
        let mut block: Block = [0.0; BLOCK];
        block[0] = mean;
        let mut index = 1;
        loop {
            index += step.advance as usize;
            if index > BLOCK {
                return Err(Broken);
            }
            let at = (index - 1) & (BLOCK - 1);
            block[Transform::place(at)] = step.value as f32 * self.transform.factors[at];
            if index >= self.end {
                self.ac.pass(bits, index as u32)?;
                break;
            }
            bits.refill();
            step = self.ac.next(bits)?;
            if step.advance == END {
                break;
            }
        }
        self.transform.write(&mut block, out, stride);
        Ok(())
    }
}

/// The state while a scan is read.
pub(crate) struct Scan<'a> {
    pub(crate) parts: Vec<Part>,
    pub(crate) planes: &'a mut [Plane],
    /// Units per row.
    pub(crate) across: usize,
    pub(crate) down: usize,
    /// Converts each row of units when it is complete; `None` if other scans have to be read first.
    pub(crate) painter: Option<&'a mut Painter>,
}

impl Units for Scan<'_> {
    #[inline(always)]
    fn read(&mut self, index: usize, bits: &mut Bits<'_>) -> Result<(), Broken> {
        let (column, row) = (index % self.across, index / self.across);
        for part in &mut self.parts {
            let plane = &mut self.planes[part.component];
            for y in 0..part.down {
                for x in 0..part.across {
                    part.read(bits, plane, (column * part.across + x, row * part.down + y))?;
                }
            }
        }
        Ok(())
    }

    /// Fills the unit with the last colour.
    fn conceal(&mut self, index: usize) {
        let (column, row) = (index % self.across, index / self.across);
        for part in &mut self.parts {
            for y in 0..part.down {
                for x in 0..part.across {
                    let (x, y) = (column * part.across + x, row * part.down + y);
                    let (out, stride) = self.planes[part.component].from(x * part.samples.0, y * part.samples.1);
                    part.transform.flat(part.mean as f32 * part.transform.factors[0], out, stride);
                }
            }
        }
    }

    fn done(&mut self, index: usize) {
        if (index + 1).is_multiple_of(self.across)
            && let Some(painter) = &mut self.painter
        {
            painter.paint(self.planes, (index + 1) / self.across, self.down);
        }
    }

    fn restart(&mut self) {
        for part in &mut self.parts {
            part.mean = 0;
        }
    }
}
