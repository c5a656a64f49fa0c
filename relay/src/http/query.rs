//! What a request's query asks for.

use std::borrow::Cow;

use crate::problem::{Problem, ProblemKind};

/// Whether `explain` asks for a heat map: `1` does; `0` or nothing does not. Other parameters are ignored.
///
/// # Errors
/// [`ProblemKind::BadQuery`] for another value, or if it is given twice.
pub(super) fn explain(query: Option<&str>) -> Result<bool, Problem> {
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

/// Which version of a file `v` asks for, if any. Other parameters are ignored.
pub(super) fn version(query: Option<&str>) -> Option<Cow<'_, str>> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "v").map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_nought_are_understood_among_other_parameters() {
        for query in ["explain=1", "lang=zh&explain=1&t=5", "%65xplain=%31", "explain=1&&"] {
            assert_eq!(explain(Some(query)), Ok(true), "{query}");
        }
        for query in ["", "explain=0", "explained=1", "Explain=1", "a=explain=1", "=1&&%"] {
            assert_eq!(explain(Some(query)), Ok(false), "{query}");
        }
        assert_eq!(explain(None), Ok(false));
    }

    #[test]
    fn a_version_is_found_or_left_to_the_relay() {
        assert_eq!(version(Some("t=1&v=0a1b")).as_deref(), Some("0a1b"));
        assert_eq!(version(Some("v=")).as_deref(), Some(""));
        assert_eq!(version(Some("version=1")), None);
        assert_eq!(version(None), None);
    }

    #[test]
    fn anything_else_is_a_problem_that_says_what_is_allowed() {
        for query in ["explain", "explain=", "explain=maybe", "explain=true", "explain=11", "explain=1&explain=0"] {
            let problem = explain(Some(query)).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::BadQuery, "{query}");
            assert!(problem.detail().contains("explain=1") && problem.detail().contains("explain=0"));
        }
    }
}
