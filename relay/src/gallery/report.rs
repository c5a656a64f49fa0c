//! How well a gallery's photos know each other, counted.

use std::collections::BTreeMap;

use mango_inference::ClassId;
use serde::Serialize;

use super::percent;
use super::review::Reviewed;
use crate::names::ClassNames;
use crate::terminal::{Align, table};

/// Digits of a key that are shown.
const DIGITS: usize = 12;

/// Photos named right by all others, by class. Only photos whose class the others know are counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Report {
    /// The gallery's photos.
    photos: usize,
    #[serde(flatten)]
    total: Count,
    classes: Vec<ClassReport>,
    /// Photos that the others call another class, the surest first.
    look_again: Vec<Doubt>,
}

/// Photos that were held against others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
struct Count {
    /// Photos whose class the others know.
    held: usize,
    /// Photos of these that are named right.
    right: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ClassReport {
    id: ClassId,
    photos: usize,
    #[serde(flatten)]
    count: Count,
    /// What its photos are called most often where they are not named right.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<Instead>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Instead {
    id: ClassId,
    photos: usize,
}

/// A photo that may be under the wrong class.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Doubt {
    key: String,
    class: ClassId,
    called: ClassId,
    probability: f32,
}

impl Report {
    pub(super) fn of(mut reviewed: Vec<Reviewed>) -> Self {
        reviewed.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let mut by_class: BTreeMap<&ClassId, Vec<&Reviewed>> = BTreeMap::new();
        for photo in &reviewed {
            by_class.entry(&photo.class).or_default().push(photo);
        }
        Self {
            photos: reviewed.len(),
            total: Count::of(&reviewed.iter().collect::<Vec<_>>()),
            classes: by_class.into_iter().map(|(id, photos)| ClassReport::of(id, &photos)).collect(),
            look_again: reviewed.iter().filter(|photo| photo.is_wrong()).map(Doubt::of).collect(),
        }
    }

    /// A table of the classes and the list of photos to look at again.
    pub(super) fn lines(&self, names: &ClassNames) -> Vec<String> {
        let mut rows =
            vec![["id", "name", "photos", "named right", "share", "most often called instead"].map(str::to_owned)];
        rows.extend(self.classes.iter().map(|class| {
            let Count { held, right } = class.count;
            let instead =
                class.instead.as_ref().map(|instead| format!("{} ({})", names.text(&instead.id), instead.photos));
            let numbers = [class.photos.to_string(), right.to_string(), percent(right, held)];
            let [photos, right, share] = numbers;
            [class.id.to_string(), names.text(&class.id), photos, right, share, instead.unwrap_or_default()]
        }));
        let Count { held, right } = self.total;
        let total = [self.photos.to_string(), right.to_string(), percent(right, held)];
        let [photos, right, share] = total;
        rows.push(["total".to_owned(), String::new(), photos, right, share, String::new()]);
        let align = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Right, Align::Left];
        let mut lines = table(align, &rows);
        let alone = self.photos - held;
        if alone > 0 {
            lines.push(format!("not counted: {alone} that no other photo could name, the only one of its class"));
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

    fn class(&self, id: &ClassId) -> Option<Count> {
        self.classes.iter().find(|class| class.id == *id).map(|class| class.count)
    }
}

/// A table of the share named right by class, before photos were added and after.
pub(super) fn before_and_after(before: &Report, after: &Report, names: &ClassNames) -> Vec<String> {
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

impl Count {
    fn of(photos: &[&Reviewed]) -> Self {
        let held: Vec<_> = photos.iter().filter(|photo| photo.known).collect();
        Self { held: held.len(), right: held.iter().filter(|photo| !photo.is_wrong()).count() }
    }
}

impl ClassReport {
    fn of(id: &ClassId, photos: &[&Reviewed]) -> Self {
        let mut wrong: BTreeMap<&ClassId, usize> = BTreeMap::new();
        for photo in photos.iter().filter(|photo| photo.is_wrong()) {
            *wrong.entry(&photo.called).or_default() += 1;
        }
        // Of several as often, the first in order of ids.
        let instead = wrong.into_iter().rev().max_by_key(|(_, photos)| *photos);
        Self {
            id: id.clone(),
            photos: photos.len(),
            count: Count::of(photos),
            instead: instead.map(|(id, photos)| Instead { id: id.clone(), photos }),
        }
    }
}

impl Doubt {
    fn of(photo: &Reviewed) -> Self {
        Self {
            key: photo.key.to_string(),
            class: photo.class.clone(),
            called: photo.called.clone(),
            probability: photo.probability,
        }
    }
}

impl Reviewed {
    /// Whether the others know the photo's class and call it another.
    fn is_wrong(&self) -> bool {
        self.known && self.called != self.class
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::PhotoKey;

    fn id(name: &str) -> ClassId {
        name.to_owned().try_into().unwrap()
    }

    fn reviewed(photo: u8, class: &str, called: &str, probability: f32) -> Reviewed {
        let key = PhotoKey::of(&[photo]);
        Reviewed { key, class: id(class), called: id(called), probability, known: class != "alone" }
    }

    fn report() -> Report {
        Report::of(vec![
            reviewed(1, "rings", "rings", 0.9),
            reviewed(2, "rings", "stripes", 0.6),
            reviewed(3, "rings", "anthracnose", 0.7),
            reviewed(4, "rings", "stripes", 0.5),
            reviewed(5, "stripes", "stripes", 0.8),
            reviewed(6, "alone", "stripes", 0.99),
        ])
    }

    #[test]
    fn photos_are_counted_where_others_know_their_class() {
        let report = report();
        assert_eq!((report.photos, report.total), (6, Count { held: 5, right: 2 }));
        assert_eq!(report.class(&id("rings")), Some(Count { held: 4, right: 1 }));
        assert_eq!(report.class(&id("alone")), Some(Count::default()));
        let rings = report.classes.iter().find(|class| class.id == id("rings")).unwrap();
        assert_eq!(rings.instead, Some(Instead { id: id("stripes"), photos: 2 }));
    }

    #[test]
    fn doubtful_photos_are_listed_the_surest_first() {
        let doubts: Vec<_> = report().look_again.into_iter().map(|doubt| doubt.key).collect();
        assert_eq!(doubts, [3u8, 2, 4].map(|photo| PhotoKey::of(&[photo]).to_string()));
        let lines = report().lines(&ClassNames::new([]).unwrap());
        let first = lines.iter().position(|line| line == "Look at these again:").unwrap() + 1;
        let start: String = PhotoKey::of(&[3]).to_string().chars().take(12).collect();
        assert_eq!(lines[first], format!("  {start}  rings  called 炭疽病 Anthracnose  70.0 %"));
        assert!(lines.iter().any(|line| line.starts_with("not counted: 1 ")), "{lines:#?}");
    }

    #[test]
    fn what_was_not_there_before_has_no_share() {
        let before = Report::of(vec![reviewed(5, "stripes", "stripes", 0.8)]);
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
