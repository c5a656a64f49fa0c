//! The card's pictures.

use mango_inference::ClassId;

use super::svg::{Anchor, Svg};
use crate::few_photos::LocalReport;
use crate::measure::corruption::Corruption;
use crate::measure::metrics::{Confusion, Judged, expected_calibration_error, reliability as bins};
use crate::measure::robustness::RobustnessReport;

/// File name of [`confusion`].
pub(super) const CONFUSION: &str = "confusion.svg";
/// File name of [`reliability`].
pub(super) const RELIABILITY: &str = "reliability.svg";
/// File name of [`corruptions`].
pub(super) const CORRUPTIONS: &str = "corruptions.svg";

/// What each class was called: rows are the truth, the shade a row's share.
pub(super) fn confusion(classes: &[ClassId], confusion: &Confusion) -> String {
    const CELL: f64 = 44.0;
    let side = CELL * classes.len() as f64;
    let [left, top] = [150.0, 110.0];
    let mut svg = Svg::new((left + side + 90.0) as u32, (top + side + 30.0) as u32, "Confusion matrix");
    svg.text([left - 8.0, top - 8.0], Anchor::End, "faint", "truth ↓  called →");
    for (index, class) in classes.iter().enumerate() {
        let place = CELL * index as f64;
        svg.text([left - 8.0, top + place + CELL / 2.0 + 4.0], Anchor::End, "ink", class);
        svg.slanted([left + place + CELL / 2.0, top - 8.0], class.as_str());
        let row = &confusion.counts[index];
        let photos = row.iter().sum::<usize>().max(1) as f64;
        for (called, count) in row.iter().enumerate() {
            let corner = [left + CELL * called as f64, top + place];
            svg.frame(corner, [CELL; 2]);
            if *count > 0 {
                // Never so dark that the count cannot be read on it.
                svg.bar(corner, [CELL; 2], 0.1 + 0.35 * *count as f64 / photos);
                svg.text([corner[0] + CELL / 2.0, corner[1] + CELL / 2.0 + 4.0], Anchor::Middle, "ink", count);
            }
        }
    }
    svg.finish()
}

/// How often the first class is right, by the probability that the model gives it; a panel for each photo set.
pub(super) fn reliability(sets: &[(&str, &[Judged])]) -> String {
    const SIDE: f64 = 240.0;
    let mut svg = Svg::new((sets.len() as f64 * (SIDE + 60.0) + 10.0) as u32, 350, "Reliability diagram");
    for (panel, (name, judged)) in sets.iter().enumerate() {
        let [left, top] = [50.0 + panel as f64 * (SIDE + 60.0), 40.0];
        let at = |x: f64, y: f64| [left + SIDE * x, top + SIDE * (1.0 - y)];
        let error = expected_calibration_error(*judged);
        svg.text([left, top - 14.0], Anchor::Start, "ink", format!("{name}: calibration error {error:.3}"));
        svg.frame([left, top], [SIDE; 2]);
        let most = bins(*judged).iter().map(|bin| bin.photos).max().unwrap_or(1).max(1);
        for bin in bins(*judged).iter().filter(|bin| bin.photos > 0) {
            let [sure, right] = [bin.sure, bin.right as f64].map(|sum| sum / bin.photos as f64);
            // As wide as the bin; the fewer photos, the fainter.
            let corner = at((sure * 15.0).floor().min(14.0) / 15.0, right);
            let opacity = 0.25 + 0.75 * (bin.photos as f64 / most as f64).sqrt();
            svg.bar(corner, [SIDE / 15.0 - 1.0, SIDE * right], opacity);
        }
        svg.line("aim", &[at(0.0, 0.0), at(1.0, 1.0)]);
        for tick in [0.0, 0.5, 1.0] {
            svg.text([at(tick, 0.0)[0], top + SIDE + 16.0], Anchor::Middle, "faint", tick);
            svg.text([left - 6.0, at(0.0, tick)[1] + 4.0], Anchor::End, "faint", tick);
        }
        svg.text([left + SIDE / 2.0, top + SIDE + 34.0], Anchor::Middle, "faint", "probability given");
    }
    svg.text(
        [50.0, 342.0],
        Anchor::Start,
        "faint",
        "bars: share right, fainter where few photos are; dashed: where they should end",
    );
    svg.finish()
}

/// Accuracy over the leaves of each class that were taught, a line a model.
pub(super) fn learning_curves(reports: &[LocalReport]) -> String {
    let [left, top, width, height] = [50.0, 30.0, 420.0, 260.0];
    let mut svg = Svg::new(700, 350, "Accuracy over local leaves");
    // The first leaves matter most.
    let at = |leaves: usize, share: f64| {
        [left + width * (leaves as f64 / 10.0).sqrt(), top + height * (1.0 - share.clamp(0.5, 1.0)) / 0.5]
    };
    svg.frame([left, top], [width, height]);
    for share in [0.5, 0.6, 0.7, 0.8, 0.9, 1.0] {
        svg.line("rule", &[at(0, share), at(10, share)]);
        svg.text([left - 6.0, at(0, share)[1] + 4.0], Anchor::End, "faint", format!("{share:.1}"));
    }
    for (report, class) in reports.iter().zip(["curve", "aim"]) {
        let points: Vec<[f64; 2]> = report.points.iter().map(|point| at(point.leaves, point.accuracy.value)).collect();
        svg.line(class, &points);
        for point in &report.points {
            let bar = [at(point.leaves, point.accuracy.low), at(point.leaves, point.accuracy.high)];
            svg.line(class, &bar);
            if class == "curve" {
                svg.text([bar[0][0], top + height + 16.0], Anchor::Middle, "faint", point.leaves);
            }
        }
        if let (Some(end), Some(last)) = (points.last(), report.points.last()) {
            let label = format!("{} {:.2}", report.model, last.accuracy.value);
            svg.text([end[0] + 12.0, end[1] + 4.0], Anchor::Start, "ink", label);
        }
    }
    svg.text([left + width / 2.0, top + height + 36.0], Anchor::Middle, "faint", "leaves of each class taught");
    svg.finish()
}

/// Macro-F1 from the clean photo to severity 5, a panel for each corruption.
pub(super) fn corruptions(report: &RobustnessReport) -> String {
    const COLUMNS: usize = 5;
    let [panel_width, panel_height, width, height] = [150.0, 130.0, 120.0, 80.0];
    let rows = Corruption::ALL.len().div_ceil(COLUMNS);
    let size = [panel_width * COLUMNS as f64 + 30.0, panel_height * rows as f64 + 30.0];
    let mut svg = Svg::new(size[0] as u32, size[1] as u32, "Macro-F1 under 15 corruptions");
    let clean = report.clean_f1().value;
    for (index, corruption) in Corruption::ALL.into_iter().enumerate() {
        let left = 30.0 + panel_width * (index % COLUMNS) as f64;
        let top = 30.0 + panel_height * (index / COLUMNS) as f64;
        let at = |severity: usize, f1: f64| [left + width * severity as f64 / 5.0, top + height * (1.0 - f1)];
        let figures: Vec<f64> = (1..=5).map(|severity| report.macro_f1(corruption, severity)).collect();
        let worst = figures.last().copied().unwrap_or_default();
        svg.text([left, top - 8.0], Anchor::Start, "ink", corruption.name());
        svg.frame([left, top], [width, height]);
        svg.line("rule", &[at(0, 0.5), at(5, 0.5)]);
        let points = std::iter::once(clean).chain(figures).enumerate();
        svg.line("curve", &points.map(|(severity, f1)| at(severity, f1)).collect::<Vec<_>>());
        svg.text([left + width, top + height + 14.0], Anchor::End, "faint", format!("{worst:.2} at 5"));
        if index % COLUMNS == 0 {
            svg.text([left - 4.0, top + 8.0], Anchor::End, "faint", "1");
            svg.text([left - 4.0, top + height], Anchor::End, "faint", "0");
        }
    }
    let below = format!("macro-F1 from the clean photo ({clean:.2}) on the left to severity 5 on the right");
    svg.text([30.0, size[1] - 8.0], Anchor::Start, "faint", below);
    svg.finish()
}
