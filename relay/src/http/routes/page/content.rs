//! The page's style and script, from `relay/page` and from the mini-program, which shows the same.

use serde_json::{Map, Value};

/// A file of the page.
macro_rules! own {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/page/", $file))
    };
}

/// A file of the mini-program with its name.
macro_rules! of_mini_program {
    ($folder:literal, $name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../miniprogram/", $folder, "/", $name)))
    };
}

/// The drawn symptom of a class.
macro_rules! drawing {
    ($class:literal) => {
        ($class, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../miniprogram/symptoms/", $class, ".svg")))
    };
}

/// The HTML around style and script.
pub(super) const FRAME: &str = own!("page.html");

const STYLES: [&str; 2] = [own!("page.css"), own!("answer/answer.css")];

/// Evaluates the modules of the mini-program.
const MODULES: &str = own!("basics/modules.js");

/// CommonJS modules of the mini-program in dependency order.
const SHARED: [(&str, &str); 10] = [
    of_mini_program!("scanner/answer", "unknown.js"),
    of_mini_program!("i18n", "fill.js"),
    of_mini_program!("i18n/shared", "zh.js"),
    of_mini_program!("i18n/shared", "en.js"),
    of_mini_program!("view/text", "time.js"),
    of_mini_program!("view/spray", "spray-decision.js"),
    of_mini_program!("view/spray", "spray.js"),
    of_mini_program!("view/text", "naming.js"),
    of_mini_program!("view/guide", "symptom.js"),
    of_mini_program!("view/guide", "compare.js"),
];

/// The script's own parts in dependency order.
const OWN: [&str; 14] = [
    own!("basics/words.js"),
    own!("basics/elements.js"),
    own!("basics/languages.js"),
    own!("basics/relay.js"),
    own!("photos/heat-map.js"),
    own!("photos/chosen.js"),
    own!("answer/bars.js"),
    own!("answer/marks.js"),
    own!("answer/compare.js"),
    own!("answer/spray.js"),
    own!("answer/details.js"),
    own!("answer/answer.js"),
    own!("photos/camera.js"),
    own!("page.js"),
];

/// Drawings of the symptoms of all classes of the catalog.
const DRAWINGS: [(&str, &str); 29] = [
    drawing!("anthracnose"),
    drawing!("apoderus_javanicus"),
    drawing!("aulacaspis_tubercularis"),
    drawing!("bacterial_canker"),
    drawing!("ceroplastes_rubens"),
    drawing!("cisaberoptus_kenyae"),
    drawing!("cutting_weevil"),
    drawing!("dappula_tertia"),
    drawing!("dialeuropora_decempuncta"),
    drawing!("die_back"),
    drawing!("erosomyia_sp"),
    drawing!("fruit_alternaria"),
    drawing!("fruit_anthracnose"),
    drawing!("fruit_black_mould_rot"),
    drawing!("fruit_healthy"),
    drawing!("fruit_stem_end_rot"),
    drawing!("gall_midge"),
    drawing!("healthy"),
    drawing!("icerya_seychellarum"),
    drawing!("ischnaspis_longirostris"),
    drawing!("mictis_longicornis"),
    drawing!("neomelicharia_sparsa"),
    drawing!("orthaga_euadrusalis"),
    drawing!("powdery_mildew"),
    drawing!("procontarinia_matteiana"),
    drawing!("procontarinia_rubus"),
    drawing!("red_rust"),
    drawing!("sooty_mould"),
    drawing!("valanga_nigricornis"),
];

/// The content of the `style` element.
pub(super) fn style() -> String {
    STYLES.concat()
}

/// The content of the `script` element.
pub(super) fn script() -> String {
    let mut script = MODULES.to_owned();
    for (name, text) in SHARED {
        script += &format!("evaluate(\"{name}\", (module, require) => {{\n{text}}});\n");
    }
    script += &format!("const DRAWINGS = {};\n", drawings());
    script + &OWN.concat()
}

/// The drawings by class, as a JavaScript object.
fn drawings() -> Value {
    let drawings = DRAWINGS.map(|(class, drawing)| (class.to_owned(), Value::from(drawing.trim_end())));
    Value::Object(Map::from_iter(drawings))
}

#[cfg(test)]
mod tests {
    use mango_inference::Catalog;

    use super::*;

    #[test]
    fn every_class_of_the_catalog_has_a_drawing() {
        let mut drawn = DRAWINGS.map(|(class, _)| class.to_owned()).to_vec();
        let catalog = Catalog::builtin().unwrap();
        let mut classes: Vec<_> = catalog.entries().iter().map(|entry| entry.id.to_string()).collect();
        drawn.sort();
        classes.sort();
        assert_eq!(drawn, classes);
    }
}
