//! A scan's restart intervals, and resynchronisation after damage (ITU T.81, E.2.4 and F.2.2.3).

use std::ops::Range;

use crate::entropy::bits::Bits;
use crate::entropy::huffman::Broken;
use crate::segments::marker::{self, EOI, SOI};

/// How many consecutive restart intervals may be missing. Markers count modulo eight, so larger gaps are ambiguous.
const MOST_MISSING: u8 = 4;
/// Padding bytes that encoders may write between an interval and its marker.
const SLACK: usize = 2;

/// The units of a scan: its MCUs, or the blocks of its only component.
pub(crate) trait Units {
    /// Reads the unit of that index.
    fn read(&mut self, index: usize, bits: &mut Bits<'_>) -> Result<(), Broken>;
    /// Replaces a unit that cannot be read.
    fn conceal(&mut self, index: usize);
    /// Called after a unit was read or concealed, in order.
    fn done(&mut self, index: usize);
    /// Resets the state that is carried from unit to unit.
    fn restart(&mut self);
}

/// The result of reading a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Where the search for the next segment starts.
    pub(crate) end: usize,
    /// Number of units that were not read or are unreliable.
    pub(crate) lost: usize,
    /// The file ends before the scan does.
    pub(crate) cut: bool,
}

/// Reads `count` units from `start` on, in intervals of `interval` units; 0 means no restart markers.
pub(crate) fn read(bytes: &[u8], start: usize, count: usize, interval: usize, units: &mut impl Units) -> Outcome {
    let interval = if interval == 0 { count } else { interval.min(count) };
    let mut outcome = Outcome { end: start, lost: 0, cut: false };
    let mut bits = Bits::new(bytes, start);
    let mut number = 0;
    let mut done = 0;
    loop {
        let all = done..(done + interval).min(count);
        let read = read_interval(&mut bits, all.clone(), units);
        let (marker, left) = bits.ending();
        outcome.end = marker.unwrap_or(bytes.len());
        outcome.cut = read < all.end && marker.is_none();
        conceal(read..all.end, units);
        // After the last interval there may be any bytes if the end marker is missing.
        let is_last = interval == count || marker.is_none();
        let is_whole = read == all.end && (is_last || is_padding(bytes, outcome.end, left));
        outcome.lost += if is_whole {
            0
        } else if interval == count {
            all.end - read
        } else {
            all.len()
        };
        done = all.end;
        if done == count {
            return outcome;
        }
        let most = ((count - done - 1) / interval).min(usize::from(MOST_MISSING)) as u8;
        match resume(bytes, outcome.end, number, most) {
            Ok((at, missing)) => {
                let skipped = done + usize::from(missing) * interval;
                conceal(done..skipped, units);
                outcome.lost += skipped - done;
                done = skipped;
                number = (number + missing + 1) % 8;
                bits = Bits::new(bytes, at);
            }
            Err(end) => {
                conceal(done..count, units);
                outcome.lost += count - done;
                outcome.cut = end.is_none();
                outcome.end = end.unwrap_or(bytes.len());
                return outcome;
            }
        }
    }
}

/// The position of the marker that ends the scan from `start` on; `None` at the end of the file.
pub(crate) fn end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at = marker::find(bytes, at)?;
        match bytes.get(at + 1)? {
            0xD0..=0xD7 => at += 2,
            _ => return Some(at),
        }
    }
}

/// Reads an interval and returns the first unit that could not be read.
fn read_interval(bits: &mut Bits<'_>, interval: Range<usize>, units: &mut impl Units) -> usize {
    units.restart();
    for index in interval.clone() {
        if units.read(index, bits).is_err() || bits.overrun() {
            return index;
        }
        units.done(index);
    }
    interval.end
}

fn conceal(lost: Range<usize>, units: &mut impl Units) {
    for index in lost {
        units.conceal(index);
        units.done(index);
    }
}

/// Whether the rest of an interval, up to `end`, is padding: damage mostly leaves unread data.
fn is_padding(bytes: &[u8], end: usize, left: usize) -> bool {
    let left = bytes.get(end.saturating_sub(left)..end).unwrap_or_default();
    left.len() <= SLACK || left.windows(2).all(|pair| pair[0] == pair[1])
}

/// The position of the data after the restart marker, and how many intervals (at most `most`) are missing before it.
///
/// # Errors
/// The marker that ends the scan, or `None` at the end of the file.
fn resume(bytes: &[u8], from: usize, expected: u8, most: u8) -> Result<(usize, u8), Option<usize>> {
    let mut at = from;
    loop {
        at = marker::find(bytes, at).ok_or(None)?;
        match bytes.get(at + 1).copied() {
            Some(EOI | SOI) | None => return Err(Some(at)),
            Some(kind @ 0xD0..=0xD7) => {
                let missing = (kind - 0xD0).wrapping_sub(expected) % 8;
                if missing <= most {
                    return Ok((at + 2, missing));
                }
            }
            // A flipped bit can turn data into a marker.
            Some(_) => {}
        }
        at += 2;
    }
}
