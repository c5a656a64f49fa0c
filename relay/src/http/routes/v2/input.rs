//! The photos of an inference request.

use axum::body::Bytes;
use mango_inference::{MAX_PHOTOS, PhotoError};

use super::bad;
use super::json::Input;
use super::output::{PHOTO, PIXELS};
use super::source::Source;
use crate::output::terminal::counted;
use crate::problem::{Problem, ProblemKind};
use crate::settings::Limits;

/// Bytes of a pixel.
const CHANNELS: u64 = 3;

/// The photos of the one input of a request.
///
/// # Errors
/// [`ProblemKind::BadTensor`] names the faulty part of the tensor; [`ProblemKind::TooManyPhotos`] and
/// [`ProblemKind::PhotoTooLarge`] name the limit.
pub(super) fn photos(input: Input, binary: Option<Bytes>, limits: Limits) -> Result<Vec<Source>, Problem> {
    match (input.name.as_str(), input.datatype.as_str()) {
        (PIXELS, "UINT8") => {
            let [count, height, width, CHANNELS] = *input.shape.0 else {
                return Err(bad("the shape of `pixels` is [n, height, width, 3]"));
            };
            check_count(count, limits.photos)?;
            let data = match (input.data, binary) {
                (None, Some(data)) => data,
                (Some(data), None) if data.bytes.is_empty() => data.numbers.into(),
                _ => return Err(bad("the data of `pixels` are whole numbers from 0 to 255, in JSON or binary")),
            };
            frames(count, height, width, &data, limits.pixels)
        }
        (PHOTO, "BYTES") => {
            let ([count] | [count, 1]) = *input.shape.0 else {
                return Err(bad("the shape of `photo` is [n] or [n, 1]"));
            };
            check_count(count, limits.photos)?;
            let files = match (input.data, binary) {
                (None, Some(data)) => elements(&data)?,
                (Some(data), None) if data.numbers.is_empty() => data.bytes.into_iter().map(Bytes::from).collect(),
                _ => return Err(bad("the data of `photo` are files, binary or in JSON as base64")),
            };
            if files.len() as u64 != count {
                return Err(bad(format!(
                    "the shape of `photo` says {count}, its data hold {}",
                    counted(files.len(), "file")
                )));
            }
            Ok(files.into_iter().map(Source::File).collect())
        }
        (PIXELS, _) => Err(bad("the datatype of `pixels` is UINT8")),
        (PHOTO, _) => Err(bad("the datatype of `photo` is BYTES")),
        _ => {
            Err(bad("the inputs are `pixels` (UINT8 [n, height, width, 3]) and `photo` (BYTES [n]); send one of them"))
        }
    }
}

fn check_count(count: u64, most: usize) -> Result<(), Problem> {
    match usize::try_from(count) {
        Ok(0) => {
            let welcome = if most == 1 { "1 photo".to_owned() } else { format!("1 to {most} photos") };
            Err(bad(format!("send {welcome}; the first number of the shape says how many")))
        }
        Ok(count) if count <= most => Ok(()),
        _ => {
            let detail =
                format!("one request takes at most {}; send the others in another one", counted(most, "photo"));
            Err(Problem::new(ProblemKind::TooManyPhotos, detail))
        }
    }
}

fn frames(count: u64, height: u64, width: u64, data: &Bytes, max_pixels: u64) -> Result<Vec<Source>, Problem> {
    let sides = u32::try_from(width).ok().zip(u32::try_from(height).ok());
    let Some((width, height)) = sides.filter(|(w, h)| u64::from(*w) * u64::from(*h) <= max_pixels) else {
        return Err(bad_size(width, height, max_pixels));
    };
    if width == 0 || height == 0 {
        return Err(bad("a photo in `pixels` has a height and a width of at least 1"));
    }
    // Cannot overflow: at most six photos of at most 24 million pixels.
    let frame = u64::from(width) * u64::from(height) * CHANNELS;
    if count * frame != data.len() as u64 {
        let detail = format!("the shape of `pixels` takes {} bytes, its data have {}", count * frame, data.len());
        return Err(bad(detail));
    }
    let frame = frame as usize;
    let starts = (0..data.len()).step_by(frame);
    Ok(starts.map(|start| Source::Pixels { width, height, rgb: data.slice(start..start + frame) }).collect())
}

fn bad_size(width: u64, height: u64, max_pixels: u64) -> Problem {
    let [width, height] = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    Problem::from(&PhotoError::TooLarge { width, height, max_pixels })
}

/// The elements of a BYTES tensor. Each has its length before it, in four bytes, little-endian.
fn elements(data: &Bytes) -> Result<Vec<Bytes>, Problem> {
    let mut files = Vec::new();
    let mut rest: &[u8] = data;
    while !rest.is_empty() {
        if files.len() == MAX_PHOTOS {
            return Err(bad("the data of `photo` hold more files than its shape says"));
        }
        let (length, behind) = rest.split_first_chunk().ok_or_else(cut_off)?;
        let (file, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(cut_off)?;
        files.push(data.slice_ref(file));
        rest = behind;
    }
    Ok(files)
}

fn cut_off() -> Problem {
    bad("the binary data of `photo` end inside an element: each is its length in 4 bytes, then its bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::ServeArgs;
    use crate::http::routes::v2::bounded_list::BoundedList;
    use crate::http::routes::v2::data::Data;
    use crate::settings::Settings;
    use mango_inference::{Photo, PhotoLimits};
    use proptest::prelude::*;

    fn input(name: &str, datatype: &str, shape: &[u64], data: Option<Data>) -> Input {
        let [name, datatype] = [name, datatype].map(str::to_owned);
        Input { name, datatype, shape: BoundedList(shape.to_vec()), parameters: None, data }
    }

    fn limits() -> Limits {
        Settings::load(&ServeArgs::default()).unwrap().limits
    }

    fn pixels(shape: &[u64], bytes: usize) -> Result<Vec<Source>, ProblemKind> {
        photos(input(PIXELS, "UINT8", shape, None), Some(vec![7; bytes].into()), limits())
            .map_err(|problem| problem.kind())
    }

    #[test]
    fn pixels_are_split_into_photos() {
        let rows: Vec<u8> = (0..36).collect();
        let sources = photos(input(PIXELS, "UINT8", &[2, 2, 3, 3], None), Some(rows.into()), limits()).unwrap();
        let opened: Vec<Photo> = sources.iter().map(|source| source.open(PhotoLimits::default()).unwrap()).collect();
        assert_eq!(opened.len(), 2);
        assert_eq!((opened[1].width(), opened[1].height()), (3, 2));
        assert_eq!(opened[1].pixels().get_pixel(0, 1).0, [27, 28, 29]);
    }

    #[test]
    fn files_may_have_shape_n_or_n_by_1() {
        let data = || Some(Bytes::from_static(&[1, 0, 0, 0, 7, 0, 0, 0, 0]));
        for shape in [&[2][..], &[2, 1]] {
            assert_eq!(photos(input(PHOTO, "BYTES", shape, None), data(), limits()).unwrap().len(), 2);
        }
        for shape in [&[][..], &[1], &[1, 2], &[3, 1], &[2, 1, 1]] {
            assert!(photos(input(PHOTO, "BYTES", shape, None), data(), limits()).is_err(), "{shape:?}");
        }
    }

    #[test]
    fn wrong_shapes_are_refused() {
        use ProblemKind::{BadTensor, PhotoTooLarge, TooManyPhotos};
        let huge = u64::MAX;
        let cases: [(&[u64], ProblemKind); 11] = [
            (&[], BadTensor),
            (&[1, 2, 2], BadTensor),
            (&[1, 2, 2, 4], BadTensor),
            (&[1, 2, 2, 3, 1], BadTensor),
            (&[0, 2, 2, 3], BadTensor),
            (&[7, 2, 2, 3], TooManyPhotos),
            (&[huge, 2, 2, 3], TooManyPhotos),
            (&[1, huge, huge, 3], PhotoTooLarge),
            (&[1, 1 << 32, 1 << 32, 3], PhotoTooLarge),
            (&[1, 0, 2, 3], BadTensor),
            (&[2, 2, 2, 3], BadTensor),
        ];
        for (shape, kind) in cases {
            assert_eq!(pixels(shape, 12).unwrap_err(), kind, "{shape:?}");
        }
        assert_eq!(pixels(&[1, 2, 2, 3], 12).unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn files_round_trip(
            files in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..=MAX_PHOTOS),
            cut in 1usize..8,
        ) {
            let mut bytes = Vec::new();
            for file in &files {
                bytes.extend((file.len() as u32).to_le_bytes());
                bytes.extend(file);
            }
            let read = elements(&bytes.clone().into()).unwrap();
            prop_assert_eq!(&read, &files);
            bytes.truncate(bytes.len().saturating_sub(cut));
            if let Ok(read) = elements(&bytes.into()) {
                prop_assert!(read.len() < files.len());
            }
        }
    }

    #[test]
    fn an_element_longer_than_the_data_is_refused() {
        for bytes in [&[1, 0, 0][..], &[255, 255, 255, 255, 1], &[2, 0, 0, 0, 9]] {
            assert!(elements(&Bytes::copy_from_slice(bytes)).is_err(), "{bytes:?}");
        }
        let seven = Bytes::from(vec![0; 4 * (MAX_PHOTOS + 1)]);
        assert!(elements(&seven).is_err());
    }
}
