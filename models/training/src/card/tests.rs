//! A card of made-up answers, held against the figures that follow from them.

use std::collections::BTreeMap;

use super::*;
use crate::measure::background_swap::Swapped;
use crate::measure::corruption::Corruption;
use crate::measure::domain::{OUTSIDE, Scored};
use crate::measure::metrics::Judged;
use crate::measure::robustness::Viewed;
use crate::measure::sets::{SetReport, Taken};
use crate::photos::sources::Source;
use crate::views::leaf_mask::NoMask;
use clap::Parser as _;
use mango_inference::{Manifest, Verdict};

const PROSE: &str = r#"{
    "summary": "Names <what> ails a leaf & says so.", "network": "a small one", "trained_on": "made-up photos",
    "limits": ["It has never seen a tree."],
    "reproduction": {"command": "make it", "time": "A second."},
    "goals": {"macro_f1": {"MangoLeafBD": 0.5}, "accuracy": {"Malaysia": 0.9},
        "unseen_mean_recall": {"Vietnam": 0.75}, "unseen_confident_and_wrong": 0.03, "unseen_confident_right": 0.95,
        "calibration_error": 0.9, "unseen_calibration_error": 0.9, "mango_refused": 0.1, "refused": {"guava": 0.8}}
}"#;

const CHANGES: &str = r#"[
    {"change": "shadows", "val_macro_f1": 0.9871, "other_orchard_accuracy": null, "kept": true, "note": "helps"},
    {"change": "mixup", "val_macro_f1": 0.9, "other_orchard_accuracy": 0.6, "kept": false, "note": ""}
]"#;

fn manifest() -> Manifest {
    let mut manifest = Manifest::parse(include_str!("../../../leaf-lite0/manifest.json")).unwrap();
    manifest.classes.retain(|class| !class.as_str().starts_with("fruit_") && class.as_str() != "red_rust");
    let measured = [
        ("val.ece", 0.0123),
        ("val.ece_before_temperature", 0.0456),
        ("unseen.Vietnam.mean_recall", 0.7),
        ("unseen.Vietnam.mean_recall.low", 0.6),
        ("unseen.Vietnam.mean_recall.high", 0.8),
    ];
    manifest.measured = measured.map(|(name, value)| (name.to_owned(), value)).into();
    manifest
}

/// Four photos of each class; the first of them is called the class after it.
fn judged(classes: usize) -> Vec<Judged> {
    let photo = |i: usize| Judged {
        truth: i / 4,
        predicted: if i.is_multiple_of(4) { (i / 4 + 1) % classes } else { i / 4 },
        probability: 0.75,
        verdict: if i % 4 == 1 { Verdict::NotMangoLeaf } else { Verdict::Confident },
        group: format!("g{i}"),
    };
    (0..4 * classes).map(photo).collect()
}

fn card() -> Card {
    let manifest = manifest();
    let (classes, model) = (manifest.classes.clone(), "made-up 1".to_owned());
    let judged = judged(classes.len());
    let scored = |score, stratum| Scored { score, verdict: Verdict::Unsure, stratum, group: "g".to_owned() };
    let views = 1 + Corruption::ALL.len() * Corruption::SEVERITIES;
    let viewed = judged.iter().map(|photo| Viewed {
        truth: photo.truth,
        group: photo.group.clone(),
        predicted: vec![photo.predicted as u16; views],
    });
    let swapped = judged.iter().map(|photo| Swapped {
        truth: photo.truth,
        group: photo.group.clone(),
        predicted: [photo.predicted, 0, 0, 0, 0, 0, 0],
    });
    let taken = |label: &str, verdict| Taken {
        label: label.to_owned().try_into().unwrap(),
        group: "g".to_owned(),
        verdict,
        symptom_right: None,
    };
    let set = |source, judged: &[Judged], photos| SetReport { source, judged: judged.to_vec(), photos };
    let leaves: Vec<Taken> = judged.iter().map(|photo| taken("healthy", photo.verdict)).collect();
    let guava = [Verdict::NotMangoLeaf, Verdict::Unsure].map(|verdict| taken("other_leaf", verdict)).to_vec();
    let sets = vec![
        set(Source::MangoLeafBd, &judged, leaves.clone()),
        set(Source::OtherOrchard, &judged, leaves),
        set(Source::Guava, &[], guava),
    ];
    let measures = Measures {
        sets: SetsReport { model: model.clone(), classes: classes.clone(), sets },
        robustness: RobustnessReport {
            model: model.clone(),
            classes: classes.clone(),
            photos_in_all: judged.len(),
            viewed: viewed.collect(),
        },
        backgrounds: BackgroundReport {
            model: model.clone(),
            classes: classes.clone(),
            photos_in_all: judged.len() + 3,
            refused: BTreeMap::from([(NoMask::TooSmall, 3)]),
            swapped: swapped.collect(),
        },
        domain: DomainReport {
            model: model.clone(),
            score_name: "a made-up score".to_owned(),
            test: vec![scored(0.1, 0), scored(0.6, 1)],
            orchard: vec![scored(0.2, 0)],
            objects: vec![scored(0.5, OUTSIDE), scored(0.9, OUTSIDE)],
            guava: vec![scored(0.7, OUTSIDE)],
        },
        orchard: OrchardReport {
            model: model.clone(),
            classes: classes.clone(),
            judged: judged.clone(),
            among_shown: judged.clone(),
        },
        test: SplitReport { model, split: Split::Test, classes, judged },
    };
    Card {
        manifest,
        weights_len: 6_730_000,
        prose: serde_json::from_str(PROSE).unwrap(),
        changes: serde_json::from_str(CHANGES).unwrap(),
        measures,
    }
}

#[test]
fn the_card_holds_the_figures_that_follow_from_the_answers() {
    let text = card().to_markdown();
    for figure in [
        "license: cc-by-nc-4.0",
        "- {type: accuracy, value: 0.7500}",
        "6.73 MB",
        "| macro-F1, MangoLeafBD | ≥ 0.5 | 0.750 (",
        "| accuracy, Malaysia, all classes ranked | ≥ 0.9 | 0.750 (",
        "| Malaysia called `not_mango_leaf` | ≤ 0.1 | 0.250 (",
        "| guava called `not_mango_leaf` | ≥ 0.8 | 0.500 (",
        "| mean recall on Vietnam, trained without it | ≥ 0.75 | 0.700 (0.600 to 0.800) |",
        "| Vietnam | – | – | – | 0.700 (0.600 to 0.800) | – |",
        "| guava, never trained on | 2 | – |",
        "| gall_midge | 0.750 | 0.750 | 0.750 (",
        "| g16 | gall_midge | 1 | 1 |",
        "24 of 32 groups are without an error",
        "| guava leaves | 1 | 1.000 (1.000 to 1.000) |",
        "| objects (ImageNet) | 2 | 0.750 (",
        "| JPEG | 0.750 | 0.750 | 0.750 | 0.750 | 0.750 |",
        "| `val.ece` | 0.0456 | 0.0123 |",
        "| shadows | 0.987 | – | yes | helps |",
        "; 3 were left out",
        "- It has never seen a tree.",
        "make it",
        "10.17632/hxsnvwty3r.1",
    ] {
        assert!(text.contains(figure), "no {figure:?} in\n{text}");
    }
    assert_eq!(text.matches("**not reached**").count(), 7, "{text}");
}

#[test]
fn every_table_has_as_many_cells_in_each_row_as_in_its_head() {
    let text = card().to_markdown();
    let lines: Vec<&str> = text.lines().collect();
    for table in lines.split(|line| !line.starts_with('|')).filter(|table| !table.is_empty()) {
        let cells = |line: &str| line.matches('|').count();
        assert!(table.iter().all(|line| cells(line) == cells(table[0])), "{}", table.join("\n"));
    }
}

#[test]
fn the_pictures_are_well_formed_and_say_what_they_show() {
    for (name, content) in card().files().into_iter().filter(|(name, _)| name.ends_with(".svg")) {
        let document = roxmltree::Document::parse(&content).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "svg", "{name}");
        let labels = root.descendants().filter(|node| node.has_tag_name("text")).count();
        assert!(labels > 10 && root.descendants().any(|node| node.has_tag_name("title")), "{name}");
    }
}

#[test]
fn a_card_file_that_lacks_a_field_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Prose::read(folder.path()).unwrap_err().to_string().contains("card.json"));
    fs::write(folder.path().join("card.json"), PROSE.replace("\"network\"", "\"net\"")).unwrap();
    let error = format!("{:#}", Prose::read(folder.path()).unwrap_err());
    assert!(error.contains("card.json") && error.contains("net"), "{error}");
    assert_eq!(Ablation::read_all(folder.path()).unwrap(), []);
}

#[test]
fn every_command_that_a_card_prints_is_one() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let texts =
        ["leaf-lite0", "leaf-mini"].map(|model| fs::read_to_string(models.join(model).join("README.md")).unwrap());
    let texts = texts.into_iter().chain([card().to_markdown()]);
    let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    let commands: Vec<String> =
        lines.filter(|line| line.starts_with("cargo run --release -p mango-training")).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let words = command.split(" -- ").nth(1).unwrap().split(' ');
        let parsed = crate::Command::try_parse_from(std::iter::once("mango-training").chain(words));
        assert!(parsed.is_ok(), "{command}");
    }
}
