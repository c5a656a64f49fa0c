//! The name that somebody may have meant.

/// How alike two names are at least, 0 to 1; clap's own measure for mistyped flags.
const ALIKE: f64 = 0.7;

/// The one of these names that is most like `name`, if any is.
pub(super) fn nearest(name: &str, names: impl IntoIterator<Item = String>) -> Option<String> {
    let likeness = names.into_iter().map(|known| (strsim::jaro_winkler(name, &known), known));
    likeness.filter(|(alike, _)| *alike > ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, known)| known)
}
