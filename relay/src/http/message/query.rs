//! Query parameters.

use std::borrow::Cow;

use crate::problem::{Problem, ProblemKind};

/// Whether `explain` requests a heat map: `1` does; `0` or no value does not. Other parameters are ignored.
///
/// # Errors
/// [`ProblemKind::BadQuery`] for another value, or if it is given twice.
pub(crate) fn explain(query: Option<&str>) -> Result<bool, Problem> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let values: Vec<_> = pairs.filter(|(name, _)| name == "explain").map(|(_, value)| value).collect();
    match values.as_slice() {
        [] => Ok(false),
        [value] if value == "0" => Ok(false),
        [value] if value == "1" => Ok(true),
        _ => {
            let detail = "send explain=1 for a heat map beside the prediction, explain=0 or nothing for none";
            Err(Problem::new(ProblemKind::BadQuery, detail))
        }
    }
}

/// The file version in `v`, if any. Other parameters are ignored.
pub(crate) fn version(query: Option<&str>) -> Option<Cow<'_, str>> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "v").map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_one_are_accepted_among_other_parameters() {
        for query in ["explain=1", "lang=zh&explain=1&t=5", "%65xplain=%31", "explain=1&&"] {
            assert_eq!(explain(Some(query)), Ok(true), "{query}");
        }
        for query in ["", "explain=0", "explained=1", "Explain=1", "a=explain=1", "=1&&%"] {
            assert_eq!(explain(Some(query)), Ok(false), "{query}");
        }
        assert_eq!(explain(None), Ok(false));
    }

    #[test]
    fn the_version_is_optional() {
        assert_eq!(version(Some("t=1&v=0a1b")).as_deref(), Some("0a1b"));
        assert_eq!(version(Some("v=")).as_deref(), Some(""));
        assert_eq!(version(Some("version=1")), None);
        assert_eq!(version(None), None);
    }

    #[test]
    fn other_values_are_errors_that_name_the_allowed_ones() {
        for query in ["explain", "explain=", "explain=maybe", "explain=true", "explain=11", "explain=1&explain=0"] {
            let problem = explain(Some(query)).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::BadQuery, "{query}");
            assert!(problem.detail().contains("explain=1") && problem.detail().contains("explain=0"));
        }
    }
}
