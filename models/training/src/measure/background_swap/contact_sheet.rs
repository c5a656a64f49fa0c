//! A contact sheet with examples of masks and backgrounds.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use image::{Rgb, RgbImage, imageops};

use super::{Masked, views};
use crate::views::resize;

/// Side of a tile in pixels.
const TILE: u32 = 112;

/// Number of photos.
const ROWS: usize = 24;

/// Writes a PNG with one row per photo, evenly spaced: the photo with the background in magenta, then every view.
pub(super) fn write(masked: &[Masked], file: &Path) -> Result<()> {
    let shown: Vec<usize> = (0..masked.len()).step_by((masked.len() / ROWS).max(1)).take(ROWS).collect();
    let rows: Vec<Vec<RgbImage>> = shown.iter().map(|at| row(masked, *at)).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let mut sheet =
        RgbImage::from_pixel((columns as u32 * TILE).max(1), (rows.len() as u32 * TILE).max(1), Rgb([255; 3]));
    for (y, row) in rows.iter().enumerate() {
        for (x, picture) in row.iter().enumerate() {
            imageops::replace(&mut sheet, picture, x as i64 * i64::from(TILE), y as i64 * i64::from(TILE));
        }
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    sheet.save(file).with_context(|| format!("cannot write {}", file.display()))
}

fn row(masked: &[Masked], at: usize) -> Vec<RgbImage> {
    let Masked { pixels, alpha, .. } = &masked[at];
    let magenta = RgbImage::from_pixel(pixels.width(), pixels.height(), Rgb([255, 0, 255]));
    let cut_out = super::lay(pixels, alpha, &magenta);
    let scale = f64::from(TILE - 2) / f64::from(pixels.width().max(pixels.height()));
    let side = |length: u32| (f64::from(length) * scale) as u32;
    let tile = |picture: RgbImage| resize::to(&picture, side(picture.width()), side(picture.height()));
    std::iter::once(cut_out).chain(views(masked, at)).map(tile).collect()
}
