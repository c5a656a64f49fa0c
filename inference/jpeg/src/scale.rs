//! The sizes at which a picture can be decoded.

/// Width and height of the decoded picture in relation to the stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// An eighth: one pixel for each block of luma, its mean.
    Eighth = 1,
    /// A quarter.
    Quarter = 2,
    /// A half.
    Half = 4,
    /// Every pixel.
    Full = 8,
}

impl Scale {
    /// All scales, the smallest picture first.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// Decoded pixels for eight stored ones, in each direction: 1, 2, 4 or 8.
    #[must_use]
    pub fn eighths(self) -> u32 {
        self as u32
    }

    /// Pixels of the decoded picture for that many stored ones, rounded up.
    #[must_use]
    pub fn of(self, stored: u32) -> u32 {
        (u64::from(stored) * u64::from(self.eighths())).div_ceil(8) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(Scale::ALL.map(|scale| scale.of(17)), [3, 5, 9, 17]);
        assert_eq!(Scale::Eighth.of(u32::MAX), u32::MAX / 8 + 1);
    }
}
