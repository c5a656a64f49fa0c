//! The order in which a block's coefficients are stored (ITU T.81, figure A.6).

/// Coefficients per block.
pub(crate) const BLOCK: usize = 64;

/// Horizontal frequency of each coefficient, in stored order.
pub(crate) const ACROSS: [u8; BLOCK] = axis(false);

/// Vertical frequency of each coefficient, in stored order.
pub(crate) const DOWN: [u8; BLOCK] = axis(true);

const fn axis(down: bool) -> [u8; BLOCK] {
    let mut frequencies = [0; BLOCK];
    let (mut x, mut y) = (0i8, 0i8);
    let mut index = 0;
    while index < BLOCK {
        frequencies[index] = if down { y as u8 } else { x as u8 };
        // Even diagonals run up to the right, odd ones down to the left; both reverse at the block's edges.
        let up = (x + y) % 2 == 0;
        if up {
            if x == 7 {
                y += 1;
            } else if y == 0 {
                x += 1;
            } else {
                x += 1;
                y -= 1;
            }
        } else if y == 7 {
            x += 1;
        } else if x == 0 {
            y += 1;
        } else {
            x -= 1;
            y += 1;
        }
        index += 1;
    }
    frequencies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_standard_one() {
        let natural: Vec<u8> = (0..20).map(|index| DOWN[index] * 8 + ACROSS[index]).collect();
        assert_eq!(natural, [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33]);
        assert_eq!((ACROSS[63], DOWN[63], ACROSS[62], DOWN[62]), (7, 7, 6, 7));
    }
}
