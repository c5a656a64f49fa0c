//! Quantisation and Huffman tables, and the restart interval, as the segments before a scan define them.

use crate::blocks::transform::Quantisation;
use crate::blocks::zigzag::BLOCK;
use crate::entropy::huffman::Table;
use crate::entropy::standard;
use crate::error::Error;
use crate::segments::marker::{DHT, DQT, DRI, Segment};

/// The tables defined so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    quantisation: [Option<Quantisation>; 4],
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    /// MCUs between two restart markers; 0 without them.
    pub(crate) interval: usize,
}

impl Tables {
    /// Reads a segment that defines tables, and ignores any other.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the definition is not valid.
    pub(crate) fn read(&mut self, segment: &Segment<'_>) -> Result<(), Error> {
        match segment.marker {
            DQT => self.read_quantisation(segment.payload).ok_or(Error::Damaged("a broken quantisation table")),
            DHT => self.read_codes(segment.payload).ok_or(Error::Damaged("a broken Huffman table")),
            DRI => {
                let interval = segment.payload.first_chunk().ok_or(Error::Damaged("a broken restart interval"))?;
                self.interval = usize::from(u16::from_be_bytes(*interval));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn read_quantisation(&mut self, mut payload: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = payload.split_first() {
            let place = self.quantisation.get_mut(usize::from(head & 15))?;
            let mut steps = [0; BLOCK];
            let bytes = if head >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest.split_at_checked(bytes * BLOCK)?;
            for (step, value) in steps.iter_mut().zip(values.chunks_exact(bytes)) {
                *step = value.iter().fold(0, |step, byte| step << 8 | u16::from(*byte));
            }
            *place = Some(steps);
            payload = rest;
        }
        Some(())
    }

    fn read_codes(&mut self, mut payload: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = payload.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(total)?;
            let table = Table::new(counts, symbols)?;
            let is_dc = head >> 4 == 0;
            if is_dc && symbols.iter().any(|size| *size > 15) {
                return None;
            }
            let tables = if is_dc { &mut self.dc } else { &mut self.ac };
            *tables.get_mut(usize::from(head & 15))? = Some(table);
            payload = rest;
        }
        Some(())
    }

    pub(crate) fn quantisation(&self, number: usize) -> Option<Quantisation> {
        self.quantisation.get(number).copied().flatten()
    }

    /// The DC table of that number, or the standard one if the file has none.
    ///
    /// # Errors
    /// [`Error::Damaged`] if there is no standard table either.
    pub(crate) fn dc(&self, number: usize) -> Result<Table, Error> {
        let own = self.dc.get(number).cloned().flatten();
        own.or_else(|| standard::dc(number)).ok_or(Error::Damaged("a Huffman table is missing"))
    }

    /// The AC table of that number, or the standard one if the file has none.
    ///
    /// # Errors
    /// [`Error::Damaged`] if there is no standard table either.
    pub(crate) fn ac(&self, number: usize) -> Result<Table, Error> {
        let own = self.ac.get(number).cloned().flatten();
        own.or_else(|| standard::ac(number)).ok_or(Error::Damaged("a Huffman table is missing"))
    }
}
