//! Scans of a progressive picture: some coefficients, or one more bit of them (ITU T.81, annex G).

use crate::blocks::coefficients::{Coefficients, Stored};
use crate::entropy::bits::Bits;
use crate::entropy::huffman::{Broken, END, Table};
use crate::error::Error;
use crate::scans::intervals::Units;

/// The coefficients of a scan, and the bits of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Whether the coefficients have higher bits from an earlier scan.
    pub(crate) refines: bool,
    /// Bits that later scans add.
    pub(crate) shift: u32,
}

impl Band {
    /// Reads a band from the last bytes of a scan's header (ITU T.81, G.1.1.1).
    ///
    /// # Errors
    /// [`Error::Damaged`] if the band is not valid.
    pub(crate) fn new(first: u8, last: u8, approximation: u8) -> Result<Self, Error> {
        let shift = u32::from(approximation & 15);
        let is_band = if first == 0 { last == 0 } else { first <= last && last < 64 };
        if !is_band || shift > 13 {
            return Err(Error::Damaged("a progressive scan of coefficients that do not go together"));
        }
        Ok(Self { first: first.into(), last: last.into(), refines: approximation >> 4 != 0, shift })
    }
}

/// A component in a scan.
#[derive(Debug)]
pub(crate) struct Part {
    /// The index among the frame's components.
    pub(crate) component: usize,
    /// Blocks per unit.
    pub(crate) across: usize,
    pub(crate) down: usize,
    /// The DC or AC table, whichever the scan uses.
    pub(crate) table: Table,
    pub(crate) mean: i32,
}

/// The state while a scan is read.
pub(crate) struct Scan<'a> {
    pub(crate) parts: Vec<Part>,
    pub(crate) coefficients: &'a mut [Coefficients],
    /// Units per row.
    pub(crate) across: usize,
    pub(crate) band: Band,
    /// Following blocks that have no coefficients in this scan.
    pub(crate) ended: u32,
}

impl Units for Scan<'_> {
    #[inline(always)]
    fn read(&mut self, index: usize, bits: &mut Bits<'_>) -> Result<(), Broken> {
        let (column, row) = (index % self.across, index / self.across);
        for part in &mut self.parts {
            for y in 0..part.down {
                for x in 0..part.across {
                    let mut block =
                        self.coefficients[part.component].block(column * part.across + x, row * part.down + y);
                    match (self.band.first, self.band.refines) {
                        (0, false) => first_mean(part, self.band, bits, &mut block)?,
                        (0, true) => refine_mean(self.band, bits, &mut block),
                        (_, false) => first(&part.table, self.band, &mut self.ended, bits, &mut block)?,
                        (_, true) => refine(&part.table, self.band, &mut self.ended, bits, &mut block)?,
                    }
                }
            }
        }
        Ok(())
    }

    /// Keeps the values of earlier scans.
    fn conceal(&mut self, _: usize) {}

    fn done(&mut self, _: usize) {}

    fn restart(&mut self) {
        self.ended = 0;
        for part in &mut self.parts {
            part.mean = 0;
        }
    }
}

#[inline(always)]
fn first_mean(part: &mut Part, band: Band, bits: &mut Bits<'_>, block: &mut Stored<'_>) -> Result<(), Broken> {
    bits.refill();
    part.mean = part.mean.wrapping_add(part.table.next(bits)?.value);
    if let Some(mean) = block.value(0) {
        *mean = (part.mean << band.shift) as i16;
    }
    Ok(())
}

#[inline(always)]
fn refine_mean(band: Band, bits: &mut Bits<'_>, block: &mut Stored<'_>) {
    if bits.bit()
        && let Some(mean) = block.value(0)
    {
        *mean |= 1 << band.shift;
    }
}

/// The number of blocks that an end-of-band code ends, including this one.
#[inline(always)]
fn ended_blocks(exponent: i32, bits: &mut Bits<'_>) -> u32 {
    let exponent = exponent as u32 & 15;
    bits.refill();
    (1 << exponent) + bits.take(exponent)
}

#[inline(always)]
fn first(
    table: &Table,
    band: Band,
    ended: &mut u32,
    bits: &mut Bits<'_>,
    block: &mut Stored<'_>,
) -> Result<(), Broken> {
    if *ended > 0 {
        *ended -= 1;
        return Ok(());
    }
    let mut index = band.first;
    while index <= band.last {
        bits.refill();
        let step = table.next(bits)?;
        if step.advance == END {
            *ended = ended_blocks(step.value, bits) - 1;
            return Ok(());
        }
        index += step.advance as usize;
        if index > band.last + 1 {
            return Err(Broken);
        }
        if step.value != 0 {
            block.begin(index - 1, (step.value << band.shift) as i16);
        }
    }
    Ok(())
}

#[inline(always)]
fn refine(
    table: &Table,
    band: Band,
    ended: &mut u32,
    bits: &mut Bits<'_>,
    block: &mut Stored<'_>,
) -> Result<(), Broken> {
    let bit = 1i16 << band.shift;
    let nonzero = block.nonzero();
    let mut index = band.first;
    while *ended == 0 && index <= band.last {
        bits.refill();
        let step = table.next(bits)?;
        if step.advance == END {
            *ended = ended_blocks(step.value, bits);
            break;
        }
        if step.value.abs() > 1 {
            return Err(Broken);
        }
        // The run counts coefficients that are still zero; each other one takes a refinement bit.
        let mut run = step.advance - 1;
        loop {
            if index > band.last {
                return Err(Broken);
            }
            if nonzero >> index & 1 != 0 {
                if bits.bit() {
                    block.refine(index, bit);
                }
            } else if run == 0 {
                break;
            } else {
                run -= 1;
            }
            index += 1;
        }
        if step.value != 0 {
            block.begin(index, step.value as i16 * bit);
        }
        index += 1;
    }
    if *ended > 0 {
        *ended -= 1;
        refine_rest(nonzero, index..band.last + 1, bit, bits, block);
    }
    Ok(())
}

/// Reads a refinement bit for each nonzero coefficient of that range.
#[inline(always)]
fn refine_rest(nonzero: u64, range: core::ops::Range<usize>, bit: i16, bits: &mut Bits<'_>, block: &mut Stored<'_>) {
    if range.is_empty() {
        return;
    }
    let mut rest = nonzero >> range.start << range.start & (u64::MAX >> (64 - range.end));
    while rest != 0 {
        let index = rest.trailing_zeros() as usize;
        if bits.bit() {
            block.refine(index, bit);
        }
        rest &= rest - 1;
    }
}
