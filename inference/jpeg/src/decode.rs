//! From segments to pixels.

use crate::blocks::coefficients::Coefficients;
use crate::blocks::layout::Layout;
use crate::blocks::transform::{Quantisation, Transform};
use crate::blocks::zigzag::BLOCK;
use crate::entropy::huffman::Table;
use crate::error::Error;
use crate::header::Header;
use crate::picture::paint::Painter;
use crate::picture::plane::Plane;
use crate::picture::upsample::Upsampled;
use crate::scale::Scale;
use crate::scans::intervals::{self, Outcome, Units};
use crate::scans::progressive::{self, Band};
use crate::scans::sequential;
use crate::scans::tables::Tables;
use crate::segments::marker::{self, EOI, SOI, SOS, Segment};

/// The number of scans that are read from one file, at most. Encoders write 1 to about 12.
const MOST_SCANS: usize = 64;
/// Rows of MCUs that suffice to paint one.
const RING: usize = 2;

/// A decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Width in pixels: the stored width at the scale, rounded up.
    pub width: u32,
    /// Height in pixels: the stored height at the scale, rounded up.
    pub height: u32,
    /// RGB RGB ..., row by row.
    pub pixels: Vec<u8>,
    /// The share of the picture that was lost to damage, 0 to 1/4. Lost blocks repeat the last decoded colour.
    pub lost: f32,
}

pub(crate) fn memory(header: &Header<'_>, scale: Scale) -> u64 {
    let frame = &header.frame;
    let picture = 3 * u64::from(scale.of(header.width())) * u64::from(scale.of(header.height()));
    let components = frame.components.iter().map(|component| {
        let layout = Layout::new(frame, component, scale);
        let upsampled = Upsampled::bytes(frame.width);
        upsampled
            + if frame.progressive {
                Coefficients::bytes(&layout) + Plane::bytes(&layout, RING)
            } else if is_streamed(header) {
                Plane::bytes(&layout, RING)
            } else {
                Plane::bytes(&layout, frame.mcus_down)
            }
    });
    picture + components.sum::<u64>()
}

/// Whether the first scan of a sequential picture has all components.
fn is_streamed(header: &Header<'_>) -> bool {
    usize::from(header.first_scan) == header.frame.components.len()
}

pub(crate) fn decode(header: &Header<'_>, scale: Scale, most_memory: u64) -> Result<Picture, Error> {
    let memory = memory(header, scale);
    if memory > most_memory {
        return Err(Error::Memory(memory));
    }
    let frame = &header.frame;
    let layouts: Vec<Layout> = frame.components.iter().map(|component| Layout::new(frame, component, scale)).collect();
    // Each block of each component takes at least one bit, so a header that declares more blocks than that is refused.
    let blocks: usize =
        frame.components.iter().map(|component| frame.blocks_alone(component)).map(|(x, y)| x * y).sum();
    if header.bytes.len() < blocks / 8 {
        return Err(Error::Truncated);
    }
    let (width, height) = (scale.of(header.width()) as usize, scale.of(header.height()) as usize);
    let mut decoding =
        Decoding { header, tables: Tables::default(), quantisation: vec![None; layouts.len()], worst: 0.0, layouts };
    let mut painter = Painter::new(header.colour, &decoding.layouts, width, height);
    if frame.progressive {
        decoding.progressive(&mut painter)?;
    } else {
        decoding.sequential(&mut painter)?;
    }
    Ok(Picture { width: width as u32, height: height as u32, pixels: painter.into_pixels(), lost: decoding.worst })
}

/// The state while a file is decoded.
struct Decoding<'a> {
    header: &'a Header<'a>,
    layouts: Vec<Layout>,
    tables: Tables,
    /// Each component's quantisation table, as defined when the component's first scan began.
    quantisation: Vec<Option<Quantisation>>,
    /// The largest share lost in any one scan.
    worst: f32,
}

/// A scan's header.
struct ScanHeader {
    /// The component's index, and the numbers of its DC and AC tables.
    parts: Vec<(usize, usize, usize)>,
    band: [u8; 3],
    start: usize,
}

impl Decoding<'_> {
    /// Reads segments from a position up to the next scan. `Err` inside `Ok` means the picture ended; it holds whether
    /// an end marker was found.
    fn next_scan(&mut self, from: usize) -> Result<Result<ScanHeader, bool>, Error> {
        let mut at = from;
        loop {
            let Some(segment) = marker::next(self.header.bytes, at) else {
                return Ok(Err(false));
            };
            at = segment.after;
            match segment.marker {
                EOI => return Ok(Err(true)),
                // The next picture begins.
                SOI => return Ok(Err(false)),
                _ if !segment.whole => return Ok(Err(false)),
                SOS => return self.scan_header(&segment).map(Ok),
                _ => self.tables.read(&segment)?,
            }
        }
    }

    fn scan_header(&mut self, segment: &Segment<'_>) -> Result<ScanHeader, Error> {
        const BROKEN: Error = Error::Damaged("a broken scan header");
        let (&count, rest) = segment.payload.split_first().ok_or(BROKEN)?;
        let (described, rest) = rest.split_at_checked(2 * usize::from(count)).ok_or(BROKEN)?;
        let band = *rest.first_chunk::<3>().ok_or(BROKEN)?;
        let mut parts: Vec<(usize, usize, usize)> = Vec::new();
        for pair in described.chunks_exact(2) {
            let components = self.header.frame.components.iter().enumerate();
            // Some files give all components the same name; then they are in order.
            let mut unused = components
                .filter(|(index, component)| component.id == pair[0] && parts.iter().all(|(other, ..)| other != index));
            let (index, _) = unused.next().ok_or(BROKEN)?;
            parts.push((index, usize::from(pair[1] >> 4), usize::from(pair[1] & 15)));
            let number = self.header.frame.components[index].quantisation;
            if self.quantisation[index].is_none() {
                self.quantisation[index] = self.tables.quantisation(number);
            }
        }
        if parts.is_empty() {
            return Err(BROKEN);
        }
        Ok(ScanHeader { parts, band, start: segment.after })
    }

    /// Units of a scan across and down, and whether they are MCUs of several components.
    fn units(&self, scan: &ScanHeader) -> (usize, usize, bool) {
        let frame = &self.header.frame;
        if let [(alone, ..)] = scan.parts.as_slice() {
            let (across, down) = frame.blocks_alone(&frame.components[*alone]);
            return (across, down, false);
        }
        (frame.mcus_across, frame.mcus_down, true)
    }

    fn blocks_of_unit(&self, component: usize, interleaved: bool) -> (usize, usize) {
        let component = &self.header.frame.components[component];
        if interleaved { (component.across, component.down) } else { (1, 1) }
    }

    fn transform(&self, component: usize) -> Result<Transform, Error> {
        let steps = self.quantisation[component].ok_or(Error::Damaged("a quantisation table is missing"))?;
        Ok(Transform::new(&self.layouts[component], &steps))
    }

    /// Reads a scan's units, and returns an error if too many were lost.
    fn read(&mut self, start: usize, count: usize, units: &mut impl Units) -> Result<usize, Error> {
        let Outcome { end, lost, cut } = intervals::read(self.header.bytes, start, count, self.tables.interval, units);
        if cut {
            return Err(Error::Truncated);
        }
        if 4 * lost > count {
            return Err(Error::Lost);
        }
        self.worst = self.worst.max(lost as f32 / count as f32);
        Ok(end)
    }

    fn sequential(&mut self, painter: &mut Painter) -> Result<(), Error> {
        let frame = &self.header.frame;
        let streamed = is_streamed(self.header);
        let mcus = if streamed { RING } else { frame.mcus_down };
        let mut planes: Vec<Plane> = self.layouts.iter().map(|layout| Plane::new(layout, mcus)).collect();
        let mut seen = vec![false; planes.len()];
        let mut at = 2;
        for _ in 0..MOST_SCANS {
            let scan = match self.next_scan(at)? {
                Ok(scan) => scan,
                Err(true) => return Err(Error::Damaged("a JPEG that lacks a colour")),
                Err(false) => return Err(Error::Truncated),
            };
            let (across, down, interleaved) = self.units(&scan);
            let mut parts = Vec::new();
            for &(component, dc, ac) in &scan.parts {
                seen[component] = true;
                let tables = (self.tables.dc(dc)?, self.tables.ac(ac)?);
                let transform = self.transform(component)?;
                let blocks = self.blocks_of_unit(component, interleaved);
                parts.push(sequential::Part::new(component, blocks, tables, &self.layouts[component], transform));
            }
            let streamed_to = streamed.then_some(&mut *painter);
            let units = &mut sequential::Scan { parts, planes: &mut planes, across, down, painter: streamed_to };
            at = self.read(scan.start, across * down, units)?;
            if seen.iter().all(|seen| *seen) {
                painter.paint(&planes, frame.mcus_down, frame.mcus_down);
                return Ok(());
            }
        }
        Err(Error::Damaged("more than 64 scans"))
    }

    fn progressive(&mut self, painter: &mut Painter) -> Result<(), Error> {
        let mut coefficients: Vec<Coefficients> = self.layouts.iter().map(Coefficients::new).collect();
        // Bits of each coefficient that later scans still have to deliver; all bits before its first scan.
        let mut missing = vec![[u8::MAX; BLOCK]; coefficients.len()];
        let mut at = 2;
        let mut scans = 0;
        let ended = loop {
            let scan = match self.next_scan(at)? {
                Ok(scan) => scan,
                Err(ended) => break ended,
            };
            scans += 1;
            if scans > MOST_SCANS {
                return Err(Error::Damaged("more than 64 scans"));
            }
            at = self.progressive_scan(&scan, &mut coefficients, &mut missing)?;
        };
        if missing.iter().any(|bits| bits[0] == u8::MAX) {
            return Err(if ended { Error::Damaged("a JPEG that lacks a colour") } else { Error::Truncated });
        }
        if !ended && missing.iter().flatten().any(|bits| *bits != 0) {
            return Err(Error::Truncated);
        }
        self.paint(&coefficients, painter)
    }

    fn progressive_scan(
        &mut self,
        scan: &ScanHeader,
        coefficients: &mut [Coefficients],
        missing: &mut [[u8; BLOCK]],
    ) -> Result<usize, Error> {
        let [first, last, approximation] = scan.band;
        let band = Band::new(first, last, approximation)?;
        if band.first > 0 && scan.parts.len() > 1 {
            return Err(Error::Damaged("a progressive scan of several colours"));
        }
        let (across, down, interleaved) = self.units(scan);
        let mut parts = Vec::new();
        for &(component, dc, ac) in &scan.parts {
            missing[component][band.first..=band.last].fill(band.shift as u8);
            let table = match (band.first, band.refines) {
                (0, true) => Table::empty(),
                (0, false) => self.tables.dc(dc)?,
                _ => self.tables.ac(ac)?,
            };
            let (across, down) = self.blocks_of_unit(component, interleaved);
            parts.push(progressive::Part { component, across, down, table, mean: 0 });
        }
        if band.first > 0
            && let [(alone, ..)] = scan.parts.as_slice()
            && coefficients[*alone].only_means()
            && let Some(end) = intervals::end(self.header.bytes, scan.start)
        {
            return Ok(end);
        }
        let units = &mut progressive::Scan { parts, coefficients, across, band, ended: 0 };
        self.read(scan.start, across * down, units)
    }

    /// Transforms and paints a row of MCUs at a time.
    fn paint(&self, coefficients: &[Coefficients], painter: &mut Painter) -> Result<(), Error> {
        let mut planes: Vec<Plane> = self.layouts.iter().map(|layout| Plane::new(layout, RING)).collect();
        let transforms: Vec<Transform> =
            (0..planes.len()).map(|component| self.transform(component)).collect::<Result<_, _>>()?;
        let frame = &self.header.frame;
        for mcu in 0..frame.mcus_down {
            for (component, ((plane, layout), described)) in
                planes.iter_mut().zip(&self.layouts).zip(&frame.components).enumerate()
            {
                for y in mcu * described.down..(mcu + 1) * described.down {
                    for x in 0..layout.across.blocks {
                        let (out, stride) = plane.from(x * layout.across.samples, y * layout.down.samples);
                        coefficients[component].write((x, y), &transforms[component], out, stride);
                    }
                }
            }
            painter.paint(&planes, mcu + 1, frame.mcus_down);
        }
        Ok(())
    }
}
