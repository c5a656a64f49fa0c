//! Converts the queries of the Grafana dashboard for `promtool`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Writes the queries of a dashboard as recording rules.
///
/// # Errors
/// The dashboard is not JSON, or has no queries.
pub(super) fn write_rules(board: &Path, file: &Path) -> Result<()> {
    let board: Value = serde_json::from_slice(&fs::read(board)?).context("the dashboard is not JSON")?;
    let mut queries = Vec::new();
    collect(&board, &mut queries);
    ensure!(!queries.is_empty(), "the dashboard has no queries");
    let rules: Vec<Value> = queries
        .iter()
        .enumerate()
        // Grafana substitutes its variables before a query.
        .map(|(index, query)| {
            let query = query.replace("$__rate_interval", "5m").replace("$instance", ".*");
            json!({ "record": format!("board:query{index}"), "expr": query })
        })
        .collect();
    // JSON is YAML.
    let text = json!({ "groups": [{ "name": "board", "rules": rules }] }).to_string();
    fs::write(file, text).context("cannot write the rules")
}

fn collect<'a>(value: &'a Value, queries: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            queries.extend(members.get("expr").and_then(Value::as_str));
            members.values().for_each(|member| collect(member, queries));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, queries)),
        _ => {}
    }
}
