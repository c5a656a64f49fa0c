//! Entropy-coded data, bit by bit (ITU T.81, F.2.2.5).

use crate::segments::marker::{self, has_ff};

/// Reads bits up to the next marker; after it, zeros are returned and [`Bits::overrun`] is true.
#[derive(Debug)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte to load. Never past the marker's 0xFF.
    at: usize,
    /// Loaded bits, the next one in the highest bit. Below the highest `have` bits there may be bits of the bytes from
    /// `at`.
    buffer: u64,
    have: u32,
    /// Zeros loaded in place of data.
    padding: u32,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, buffer: 0, have: 0, padding: 0 }
    }

    /// Makes at least 32 bits ready.
    #[inline(always)]
    pub(crate) fn refill(&mut self) {
        if self.have < 32 {
            self.load();
        }
    }

    #[inline(always)]
    fn load(&mut self) {
        if let Some(&chunk) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_be_bytes(chunk);
            if !has_ff(word) {
                let taken = (64 - self.have) / 8;
                self.buffer |= word >> self.have;
                self.at += taken as usize;
                self.have += taken * 8;
                return;
            }
        }
        self.load_bytes();
    }

    #[inline(never)]
    fn load_bytes(&mut self) {
        while self.have <= 56 {
            let byte = match self.bytes.get(self.at) {
                Some(0xFF) if self.bytes.get(self.at + 1) == Some(&0) => {
                    self.at += 1;
                    0xFF
                }
                Some(0xFF) | None => {
                    self.padding = self.padding.saturating_add(64 - self.have);
                    self.have = 64;
                    return;
                }
                Some(byte) => *byte,
            };
            self.at += 1;
            self.buffer |= u64::from(byte) << (56 - self.have);
            self.have += 8;
        }
    }

    /// The next `count` bits, 1 to 32 and no more than are ready.
    #[inline(always)]
    pub(crate) fn peek(&self, count: u32) -> usize {
        (self.buffer >> (64 - count)) as usize
    }

    /// Skips bits that are ready.
    #[inline(always)]
    pub(crate) fn consume(&mut self, count: u32) {
        self.buffer <<= count;
        self.have = self.have.saturating_sub(count);
    }

    /// Takes `count` bits, 0 to 16, that are ready.
    #[inline(always)]
    pub(crate) fn take(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        let bits = self.peek(count) as u32;
        self.consume(count);
        bits
    }

    /// Takes one bit, ready or not.
    #[inline(always)]
    pub(crate) fn bit(&mut self) -> bool {
        if self.have == 0 {
            self.load();
        }
        let bit = self.buffer >> 63 == 1;
        self.consume(1);
        bit
    }

    /// Whether more bits were taken than the data have.
    #[inline(always)]
    pub(crate) fn overrun(&self) -> bool {
        self.have < self.padding
    }

    /// The position of the marker that ends the data (`None` at the end of the file), and the number of whole unread
    /// bytes before it.
    pub(crate) fn ending(&self) -> (Option<usize>, usize) {
        let marker = marker::find(self.bytes, self.at);
        let loaded = self.have.saturating_sub(self.padding) / 8;
        (marker, marker.unwrap_or(self.bytes.len()).saturating_sub(self.at) + loaded as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_match_the_bytes(bytes in prop::collection::vec(prop_oneof![Just(0xFF), any::<u8>()], 0..60)) {
            let stuffed: Vec<u8> =
                bytes.iter().flat_map(|byte| if *byte == 0xFF { vec![0xFF, 0] } else { vec![*byte] }).collect();
            let mut bits = Bits::new(&stuffed, 0);
            for byte in &bytes {
                bits.refill();
                prop_assert_eq!(bits.take(5), u32::from(byte >> 3));
                prop_assert_eq!(bits.bit(), byte & 4 != 0);
                prop_assert_eq!(bits.take(2), u32::from(byte & 3));
                prop_assert!(!bits.overrun());
            }
            prop_assert_eq!(bits.ending(), (None, 0));
            prop_assert!(!bits.bit());
            prop_assert!(bits.overrun());
        }
    }

    #[test]
    fn a_marker_ends_the_data_and_unread_bytes_before_it_are_counted() {
        let mut bits = Bits::new(&[1, 2, 3, 0xFF, 0xD0, 9, 9, 9, 9, 9, 9], 0);
        bits.refill();
        assert_eq!(bits.take(8), 1);
        assert_eq!(bits.ending(), (Some(3), 2));
    }
}
