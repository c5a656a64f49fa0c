//! From a file's colours to RGB.

use crate::segments::frame::Component;

/// The colour space of the components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Grey,
    Rgb,
    /// Luma and two chromas (ITU T.871).
    Ycc,
    /// Inverted, as Adobe writes it.
    Cmyk,
    /// The inverse of CMY as luma and chromas, and inverted K.
    Ycck,
}

impl Colour {
    /// Determines the colour space by the rules of libjpeg: JFIF's marker, then Adobe's transform, then component
    /// names.
    pub(crate) fn of(components: &[Component], jfif: bool, adobe: Option<u8>) -> Self {
        let names: Vec<u8> = components.iter().map(|component| component.id).collect();
        match (names.as_slice(), adobe) {
            ([_], _) => Self::Grey,
            ([_, _, _, _], None | Some(0)) => Self::Cmyk,
            ([_, _, _, _], _) => Self::Ycck,
            (_, Some(0)) if !jfif => Self::Rgb,
            (b"RGB", None) if !jfif => Self::Rgb,
            _ => Self::Ycc,
        }
    }

    /// Turns a row of samples of each component into RGB.
    pub(crate) fn paint(self, rows: [&[u8]; 4], rgb: &mut [u8]) {
        let [first, second, third, fourth] = rows;
        let pixels = rgb.chunks_exact_mut(3);
        match self {
            Self::Grey => {
                for (pixel, grey) in pixels.zip(first) {
                    pixel.fill(*grey);
                }
            }
            Self::Rgb => {
                for (pixel, ((r, g), b)) in pixels.zip(first.iter().zip(second).zip(third)) {
                    pixel.copy_from_slice(&[*r, *g, *b]);
                }
            }
            Self::Ycc => {
                for (pixel, ((y, cb), cr)) in pixels.zip(first.iter().zip(second).zip(third)) {
                    pixel.copy_from_slice(&to_rgb(*y, *cb, *cr));
                }
            }
            Self::Cmyk => {
                for (pixel, (((c, m), y), k)) in pixels.zip(first.iter().zip(second).zip(third).zip(fourth)) {
                    pixel.copy_from_slice(&[over(*c, *k), over(*m, *k), over(*y, *k)]);
                }
            }
            Self::Ycck => {
                for (pixel, (((y, cb), cr), k)) in pixels.zip(first.iter().zip(second).zip(third).zip(fourth)) {
                    let [r, g, b] = to_rgb(*y, *cb, *cr);
                    // The YCbCr values encode inverted CMY, and the file inverts them once more.
                    pixel.copy_from_slice(&[over(255 - r, *k), over(255 - g, *k), over(255 - b, *k)]);
                }
            }
        }
    }
}

/// ITU T.871's conversion in fixed point with 14 fractional bits, rounded.
#[inline(always)]
fn to_rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 13;
    let (y, cb, cr) = ((i32::from(y) << 14) + HALF, i32::from(cb) - 128, i32::from(cr) - 128);
    let clamp = |value: i32| (value >> 14).clamp(0, 255) as u8;
    [clamp(y + 22_970 * cr), clamp(y - 5_638 * cb - 11_700 * cr), clamp(y + 29_032 * cb)]
}

/// Inverted ink over inverted black.
#[inline(always)]
fn over(ink: u8, black: u8) -> u8 {
    ((u32::from(ink) * u32::from(black) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_conversion_matches_the_standard_within_rounding() {
        for y in (0..=255u8).step_by(5) {
            for cb in (0..=255u8).step_by(3) {
                for cr in (0..=255u8).step_by(3) {
                    let [yf, bf, rf] = [f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0];
                    let exact = [yf + 1.402 * rf, yf - 0.344_136_286 * bf - 0.714_136_286 * rf, yf + 1.772 * bf];
                    for (found, exact) in to_rgb(y, cb, cr).into_iter().zip(exact) {
                        assert!((f64::from(found) - exact.clamp(0.0, 255.0)).abs() < 0.53, "{y} {cb} {cr}");
                    }
                }
            }
        }
    }
}
