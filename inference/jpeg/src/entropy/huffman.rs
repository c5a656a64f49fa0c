//! Huffman codes, read several at a time (ITU T.81, annexes C and F).

use crate::entropy::bits::Bits;

/// Bits per table lookup: enough for most codes with their magnitude.
const LOOK: u32 = 11;
/// Bits per table lookup where coefficients are skipped: often several codes.
const JUMP: u32 = 12;

/// The value of [`Step::advance`] at the end of a block.
pub(crate) const END: u32 = 64;

/// The data are not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// One decoded code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Number of coefficients to advance by, including this one; [`END`] at the end of the block.
    pub(crate) advance: u32,
    /// The value of the last of these coefficients; the others are zero. At the end of a block, the exponent of the
    /// number of blocks that end here (always 0 except in progressive scans).
    pub(crate) value: i32,
}

/// The codes of one table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    look: Box<[u32; 1 << LOOK]>,
    jump: Option<Box<[u16; 1 << JUMP]>>,
    /// For each length the first code of 16 bits that is longer than this.
    limits: [u32; 17],
    /// For each length the index of a code's symbol minus the code.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

/// Packs a table entry. A code with its magnitude: bits, advance, value. A code whose magnitude does not fit: 0,
/// symbol, length.
fn entry(low: u32, middle: u32, high: i32) -> u32 {
    low | middle << 8 | (high as u32) << 16
}

/// The value that `size` bits encode (ITU T.81, F.2.2.1, EXTEND).
#[inline(always)]
fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
}

/// The step of a symbol without magnitude bits.
#[inline(always)]
fn without_magnitude(run: u32) -> Step {
    if run == 15 { Step { advance: 16, value: 0 } } else { Step { advance: END, value: run as i32 } }
}

impl Table {
    /// A table without codes.
    pub(crate) fn empty() -> Self {
        Self { look: Box::new([0; 1 << LOOK]), jump: None, limits: [0; 17], offsets: [0; 17], symbols: [0; 256] }
    }

    /// A table from the number of codes of each length and their symbols; `None` if there are more codes than the
    /// lengths allow, or fewer symbols than codes.
    pub(crate) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self::empty();
        table.symbols.get_mut(..symbols.len())?.copy_from_slice(symbols);
        let (mut code, mut index) = (0u32, 0usize);
        for (length, count) in (1..=16u32).zip(counts) {
            for _ in 0..*count {
                if code >= 1 << length {
                    return None;
                }
                table.enter(code, length, *symbols.get(index)?);
                code += 1;
                index += 1;
            }
            table.limits[length as usize] = code << (16 - length);
            table.offsets[length as usize] = index as i32 - code as i32;
            code <<= 1;
        }
        (index == symbols.len()).then_some(table)
    }

    /// Fills in the lookup entries of a code, for all bits that may follow it.
    fn enter(&mut self, code: u32, length: u32, symbol: u8) {
        let Some(rest) = LOOK.checked_sub(length) else {
            return;
        };
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        let start = (code << rest) as usize;
        for (low, place) in self.look[start..].iter_mut().take(1 << rest).enumerate() {
            *place = if size == 0 {
                let Step { advance, value } = without_magnitude(run);
                entry(length, advance, value)
            } else if size <= rest {
                entry(length + size, run + 1, extend(low as u32 >> (rest - size), size))
            } else {
                entry(0, u32::from(symbol), length as i32)
            };
        }
    }

    /// Adds the lookup table for [`Table::pass`].
    pub(crate) fn with_jumps(mut self) -> Self {
        let mut jumps = Box::new([0; 1 << JUMP]);
        for (pattern, jump) in jumps.iter_mut().enumerate() {
            let (mut used, mut advance, mut ends) = (0, 0, 0);
            while used < JUMP && ends == 0 {
                let found = self.look[(pattern << used >> (JUMP - LOOK)) & ((1 << LOOK) - 1)];
                let (bits, step) = (found & 0xFF, found >> 8 & 0xFF);
                if bits == 0 || used + bits > JUMP || (step != END && advance + step > 64) {
                    break;
                }
                used += bits;
                if step == END {
                    ends = 1;
                } else {
                    advance += step;
                }
            }
            *jump = (used | advance << 4 | ends << 11) as u16;
        }
        self.jump = Some(jumps);
        self
    }

    /// Reads one code. Needs 31 bits ready.
    #[inline(always)]
    pub(crate) fn next(&self, bits: &mut Bits<'_>) -> Result<Step, Broken> {
        let found = self.look[bits.peek(LOOK) & ((1 << LOOK) - 1)];
        let used = found & 0xFF;
        if used != 0 {
            bits.consume(used);
            return Ok(Step { advance: found >> 8 & 0xFF, value: found as i32 >> 16 });
        }
        self.next_long(bits, found)
    }

    #[inline(never)]
    fn next_long(&self, bits: &mut Bits<'_>, found: u32) -> Result<Step, Broken> {
        let (length, symbol) = if found == 0 { self.long(bits)? } else { (found >> 16, (found >> 8) as u8) };
        bits.consume(length);
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 {
            return Ok(without_magnitude(run));
        }
        Ok(Step { advance: run + 1, value: extend(bits.take(size), size) })
    }

    /// Length and symbol of a code that is longer than [`LOOK`] bits.
    fn long(&self, bits: &Bits<'_>) -> Result<(u32, u8), Broken> {
        let code = bits.peek(16) as u32;
        let length = (LOOK + 1..=16).find(|length| code < self.limits[*length as usize]).ok_or(Broken)?;
        let index = (code >> (16 - length)) as i32 + self.offsets[length as usize];
        let symbol = usize::try_from(index).ok().and_then(|index| self.symbols.get(index)).ok_or(Broken)?;
        Ok((length, *symbol))
    }

    /// Skips the coefficients of a block from index `from` on.
    ///
    /// # Errors
    /// [`Broken`] for an undefined code, or for more coefficients than a block has.
    #[inline(always)]
    pub(crate) fn pass(&self, bits: &mut Bits<'_>, mut from: u32) -> Result<(), Broken> {
        while from < 64 {
            bits.refill();
            if let Some(jumps) = &self.jump {
                let jump = u32::from(jumps[bits.peek(JUMP) & ((1 << JUMP) - 1)]);
                let (used, advance, ends) = (jump & 15, jump >> 4 & 127, jump >> 11);
                // A full block has no end-of-block code: a code that looks like one belongs to the next block.
                if used != 0 && from + advance + ends <= 64 {
                    bits.consume(used);
                    from += advance;
                    if ends != 0 {
                        return Ok(());
                    }
                    continue;
                }
            }
            let step = self.next(bits)?;
            if step.advance == END {
                return Ok(());
            }
            from += step.advance;
        }
        if from > 64 { Err(Broken) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::standard;
    use proptest::prelude::*;

    #[test]
    fn more_codes_than_the_lengths_allow_are_refused() {
        let counts = |ones: u8| [&[ones][..], &[0; 15]].concat().try_into().unwrap();
        assert!(Table::new(&counts(2), &[1, 2]).is_some());
        assert!(Table::new(&counts(3), &[1, 2, 3]).is_none());
        assert!(Table::new(&counts(2), &[1]).is_none());
        assert!(Table::new(&counts(1), &[1, 2]).is_none());
    }

    #[test]
    fn magnitudes_match_the_standard() {
        // F.2.2.1, table F.1: of three bits, 000 is -7, 011 is -4, 100 is 4 and 111 is 7.
        assert_eq!([0, 3, 4, 7].map(|bits| extend(bits, 3)), [-7, -4, 4, 7]);
        assert_eq!([0, 1].map(|bits| extend(bits, 1)), [-1, 1]);
    }

    proptest! {
        #[test]
        fn skipping_coefficients_consumes_as_many_bits_as_reading_them(
            bytes in prop::collection::vec(0u8..255, 40..200),
            from in 1u32..64,
            chroma in 0usize..2,
        ) {
            let slow = standard::ac(chroma).unwrap();
            let fast = slow.clone().with_jumps();
            let (mut read, mut passed) = (Bits::new(&bytes, 0), Bits::new(&bytes, 0));
            for block in 0..20 {
                let found = (slow.pass(&mut read, from), fast.pass(&mut passed, from));
                prop_assert_eq!(found.0, found.1, "block {}", block);
                if found.0.is_err() {
                    break;
                }
                read.refill();
                passed.refill();
                prop_assert_eq!((read.ending(), read.peek(32)), (passed.ending(), passed.peek(32)), "block {}", block);
            }
        }
    }
}
