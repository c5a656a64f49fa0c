//! What Grafana's board asks, in a form that `promtool` reads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Writes the questions of a board as recording rules.
///
/// # Errors
/// The board is no JSON, or asks nothing.
pub(super) fn write_rules(board: &Path, rules: &Path) -> Result<()> {
    let board: Value = serde_json::from_slice(&fs::read(board)?).context("the board is no JSON")?;
    let mut questions = Vec::new();
    collect(&board, &mut questions);
    ensure!(!questions.is_empty(), "the board asks nothing");
    let rules_of_it: Vec<Value> = questions
        .iter()
        .enumerate()
        // Grafana puts its variables in before it asks.
        .map(|(index, question)| {
            let question = question.replace("$__rate_interval", "5m").replace("$instance", ".*");
            json!({ "record": format!("board:question{index}"), "expr": question })
        })
        .collect();
    // JSON is YAML.
    let text = json!({ "groups": [{ "name": "board", "rules": rules_of_it }] }).to_string();
    fs::write(rules, text).context("cannot write the rules")
}

fn collect<'a>(value: &'a Value, questions: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            questions.extend(members.get("expr").and_then(Value::as_str));
            members.values().for_each(|member| collect(member, questions));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, questions)),
        _ => {}
    }
}
