//! The text of a report.

use super::{Count, Report};
use crate::model::ClassNames;
use crate::output::terminal::{Align, percent, table};

/// Digits of a key in the report.
const DIGITS: usize = 12;

impl Report {
    /// A table of the classes, and the list of doubtful photos.
    pub(in crate::commands::gallery) fn lines(&self, names: &ClassNames) -> Vec<String> {
        let mut rows =
            vec![["id", "name", "photos", "named right", "share", "most frequent wrong class"].map(str::to_owned)];
        rows.extend(self.classes.iter().map(|class| {
            let Count { held, right } = class.count;
            let instead =
                class.instead.as_ref().map(|instead| format!("{} ({})", names.text(&instead.id), instead.photos));
            let [photos, right, share] = [class.photos.to_string(), right.to_string(), percent(right, held)];
            [class.id.to_string(), names.text(&class.id), photos, right, share, instead.unwrap_or_default()]
        }));
        let Count { held, right } = self.total;
        let [photos, right, share] = [self.photos.to_string(), right.to_string(), percent(right, held)];
        rows.push(["total".to_owned(), String::new(), photos, right, share, String::new()]);
        let align = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Right, Align::Left];
        let mut lines = table(align, &rows);
        let alone = self.photos - held;
        if alone > 0 {
            lines.push(format!("not counted: {alone} without another photo of the same class"));
        }
        lines.extend(self.doubts(names));
        lines
    }

    fn doubts(&self, names: &ClassNames) -> Vec<String> {
        if self.look_again.is_empty() {
            return Vec::new();
        }
        let rows: Vec<[String; 4]> = self
            .look_again
            .iter()
            .map(|doubt| {
                let called = format!("called {}", names.text(&doubt.called));
                let sure = format!("{:.1} %", doubt.probability * 100.0);
                [format!("  {}", &doubt.key[..DIGITS]), names.text(&doubt.class), called, sure]
            })
            .collect();
        let mut lines = vec![String::new(), "Look at these again:".to_owned()];
        lines.extend(table([Align::Left, Align::Left, Align::Left, Align::Right], &rows));
        lines
    }
}

/// A table of the share of correctly classified photos by class, before photos were added and after.
pub(in crate::commands::gallery) fn before_and_after(
    before: &Report,
    after: &Report,
    names: &ClassNames,
) -> Vec<String> {
    let share = |count: Option<Count>| count.map_or_else(|| "–".to_owned(), |count| percent(count.right, count.held));
    let mut rows = vec![["id", "name", "photos", "right before", "right after"].map(str::to_owned)];
    rows.extend(after.classes.iter().map(|class| {
        let photos = class.photos.to_string();
        let (was, is) = (share(before.class(&class.id)), share(Some(class.count)));
        [class.id.to_string(), names.text(&class.id), photos, was, is]
    }));
    let (was, is) = (share(Some(before.total)), share(Some(after.total)));
    rows.push(["total".to_owned(), String::new(), after.photos.to_string(), was, is]);
    table([Align::Left, Align::Left, Align::Right, Align::Right, Align::Right], &rows)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcome, report};
    use super::*;
    use mango_inference::PhotoKey;

    #[test]
    fn doubtful_photos_are_shown_by_the_first_digits_of_their_keys() {
        let lines = report().lines(&ClassNames::new([]).unwrap());
        let first = lines.iter().position(|line| line == "Look at these again:").unwrap() + 1;
        let start: String = PhotoKey::of(&[3]).to_string().chars().take(12).collect();
        assert_eq!(lines[first], format!("  {start}  rings  called 炭疽病 Anthracnose  70.0 %"));
        assert!(lines.iter().any(|line| line.starts_with("not counted: 1 ")), "{lines:#?}");
    }

    #[test]
    fn a_new_class_has_no_share_before() {
        let before = Report::of(vec![outcome(5, "stripes", "stripes", 0.8)]);
        let lines = before_and_after(&before, &report(), &ClassNames::new([]).unwrap());
        let cells: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
            .collect();
        assert_eq!(cells[1], ["alone", "alone", "1", "–", "–"]);
        assert_eq!(cells[2], ["rings", "rings", "4", "–", "25.0 %"]);
        assert_eq!(cells[3], ["stripes", "stripes", "1", "100.0 %", "100.0 %"]);
        assert_eq!(cells[4], ["total", "6", "100.0 %", "40.0 %"]);
    }
}
