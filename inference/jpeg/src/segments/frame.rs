//! The frame header: size and components (ITU T.81, B.2.2).

use crate::error::Error;

/// A colour plane, as the file declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) id: u8,
    /// Blocks of an MCU, across and down: 1 to 4.
    pub(crate) across: usize,
    pub(crate) down: usize,
    /// The number of its quantisation table.
    pub(crate) quantisation: usize,
}

/// How the blocks of the picture are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) progressive: bool,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// 1, 3 or 4.
    pub(crate) components: Vec<Component>,
    /// The largest number of blocks per MCU over all components, across and down.
    pub(crate) most_across: usize,
    pub(crate) most_down: usize,
    /// Number of MCUs in a scan of all components.
    pub(crate) mcus_across: usize,
    pub(crate) mcus_down: usize,
}

/// Whether a marker starts a frame; DHT, JPG and DAC are in the same range of values.
pub(crate) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

impl Frame {
    /// Reads the segment of that marker.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Unsupported`].
    pub(crate) fn read(marker: u8, payload: &[u8]) -> Result<Self, Error> {
        let progressive = match marker {
            0xC0 | 0xC1 => false,
            0xC2 => true,
            0xC3 => return Err(Error::Unsupported("a lossless JPEG")),
            0xC9..=0xCB => return Err(Error::Unsupported("a JPEG with arithmetic coding")),
            _ => return Err(Error::Unsupported("a hierarchical JPEG")),
        };
        let Some((&[precision, h1, h0, w1, w0, count], rest)) = payload.split_first_chunk::<6>() else {
            return Err(Error::Damaged("a frame header that is cut short"));
        };
        if precision != 8 {
            return Err(Error::Unsupported("a JPEG of 12 bits a colour"));
        }
        let (width, height) = (usize::from(u16::from_be_bytes([w1, w0])), usize::from(u16::from_be_bytes([h1, h0])));
        if width == 0 || height == 0 {
            return Err(Error::Damaged("a frame without a size"));
        }
        let (described, _) =
            rest.split_at_checked(3 * usize::from(count)).ok_or(Error::Damaged("a frame header that is cut short"))?;
        let mut components = described.chunks_exact(3).map(component).collect::<Result<Vec<_>, _>>()?;
        match components.as_mut_slice() {
            // A single component is never subsampled, whatever factors the file declares.
            [alone] => (alone.across, alone.down) = (1, 1),
            [_, _, _] | [_, _, _, _] => {}
            _ => return Err(Error::Unsupported("a JPEG that has neither 1, 3 nor 4 colours")),
        }
        let most = |blocks: fn(&Component) -> usize| components.iter().map(blocks).max().unwrap_or(1);
        let (most_across, most_down) = (most(|component| component.across), most(|component| component.down));
        Ok(Self {
            progressive,
            width,
            height,
            most_across,
            most_down,
            mcus_across: width.div_ceil(8 * most_across),
            mcus_down: height.div_ceil(8 * most_down),
            components,
        })
    }

    /// Blocks across and down of a component in a non-interleaved scan.
    pub(crate) fn blocks_alone(&self, component: &Component) -> (usize, usize) {
        (
            (self.width * component.across).div_ceil(8 * self.most_across),
            (self.height * component.down).div_ceil(8 * self.most_down),
        )
    }
}

fn component(described: &[u8]) -> Result<Component, Error> {
    let &[id, sampling, quantisation] = described else {
        return Err(Error::Damaged("a frame header that is cut short"));
    };
    let (across, down) = (usize::from(sampling >> 4), usize::from(sampling & 15));
    if !(1..=4).contains(&across) || !(1..=4).contains(&down) {
        return Err(Error::Damaged("a sampling factor that is not 1 to 4"));
    }
    Ok(Component { id, across, down, quantisation: usize::from(quantisation) })
}
