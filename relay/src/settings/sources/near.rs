//! Suggestions for misspelt names.

/// Least similarity of a suggestion, 0 to 1; clap's own threshold for mistyped flags.
const ALIKE: f64 = 0.7;

/// The name most similar to `name`, if one is similar enough.
pub(super) fn nearest(name: &str, names: impl IntoIterator<Item = String>) -> Option<String> {
    let likeness = names.into_iter().map(|known| (strsim::jaro_winkler(name, &known), known));
    likeness.filter(|(alike, _)| *alike > ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, known)| known)
}
