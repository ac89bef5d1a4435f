//! docs/templates.md is made from the code: the Report's JSON Schema, the built-in templates, and their filters.
//!
//! `SNAPSHOTS=overwrite cargo test --release` renews it.

use crate::support::{Folder, root};
use serde_json::Value;
use snapbox::Data;
use snapbox::data::DataFormat;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const INTRODUCTION: &str = "# Templates: what they may use

<!-- Made from the code by tests/all/template_docs.rs; change it there, or the doc comments in src/report/model/ and src/report/page/. -->

`cloudraci templates eject` writes the built-in templates out, `cloudraci templates check DIR` renders a folder of yours with the reference inventory, and `cloudraci schema report` and `cloudraci schema page` print what follows as JSON Schemas. A file of the same name in `templates/` or `--templates DIR` replaces a built-in one, which stays there as `builtin/NAME`. A folder `templates/` that you do not name counts only with what is in it: a link that leads out of it is an error. With `--templates DIR` links lead where they lead.

Markdown templates and `page.html` see the Report as `report`, and as `page` the same arranged for pages: sections, rows, and what is told once. The built-in templates print services, duties and commitments from the page; a template of yours sees all of both. `page.typ` reads its `meta`, `theme`, `cover_facts`, `scope`, `parties` and `summary` with `json(\"report.json\")`. Lists are sorted, numbers are counted: a template prints and leaves out, it computes nothing. `page.html` is also given `body` and `style` (to be printed with `| safe`), `contents` (a list of `level`, `anchor`, `text`) and `logo` (a data URI, or none). `assurance.svg`, a picture, sees `report` and `page`, too. The catalog's pages (`site/`) see the catalog alone, as [catalog.md](catalog.md#the-catalog-as-pages) lists it.

Filters besides [Tera's own](https://keats.github.io/tera/): `slug` (an anchor), `short(letters=34)` (a text on one line, cut, for a narrow place in a picture), `address` (the target of a link), `css` (a CSS string), `contact` (an e-mail address as a link), `number` (`1,352`), `day` (`1 November 2026`), `short_day` (`1 Nov 2026`), `sentence` (with a capital at its beginning), `prose` (a text of the catalog: pairs of backticks are code).
";

/// The type of a field, in words; named types are links.
fn words(of: &Value) -> String {
    if let Some(name) = of["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return format!("[{name}](#{})", name.to_lowercase());
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = of[choice].as_array() {
            let words: Vec<String> = choices.iter().map(self::words).collect();
            return words.join(" or ");
        }
    }
    if let Some(constant) = of["const"].as_str() {
        return format!("`{constant}`");
    }
    if let Some(values) = of["enum"].as_array() {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", value.as_str().unwrap_or("none")))
            .collect();
        return values.join(" or ");
    }
    match &of["type"] {
        Value::String(name) if name == "array" => format!("list of {}", words(&of["items"])),
        Value::String(name) => plain(name).to_owned(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(plain).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    }
}

fn plain(name: &str) -> &str {
    match name {
        "null" => "none",
        "string" => "text",
        "integer" => "number",
        "boolean" => "true or false",
        other => other,
    }
}

/// Names of the types that a schema mentions.
fn mentioned(of: &Value, found: &mut Vec<String>) {
    match of {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                found.push(name.rsplit('/').next().unwrap().to_owned());
            }
            fields.values().for_each(|value| mentioned(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| mentioned(value, found)),
        _ => {}
    }
}

fn one_line(text: &Value) -> String {
    text.as_str()
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn section(out: &mut String, name: &str, of: &Value) {
    write!(out, "\n## {name}\n\n{}\n", one_line(&of["description"])).unwrap();
    if let Some(fields) = of["properties"].as_object() {
        out.push_str("\n| field | type | meaning |\n|---|---|---|\n");
        for (field, of) in fields {
            writeln!(out, "| `{field}` | {} | {} |", words(of), one_line(&of["description"])).unwrap();
        }
    } else if let Some(choices) = of["oneOf"].as_array() {
        out.push_str("\n| value | meaning |\n|---|---|\n");
        for choice in choices {
            let values: Vec<&Value> = match choice["enum"].as_array() {
                Some(values) => values.iter().collect(),
                None => vec![&choice["const"]],
            };
            for value in values {
                writeln!(out, "| `{}` | {} |", value.as_str().unwrap(), one_line(&choice["description"])).unwrap();
            }
        }
    } else {
        write!(out, "\n{}\n", words(of)).unwrap();
    }
}

/// A type and all that it mentions, in the order in which they are first mentioned, each once.
fn described(text: &mut String, name: &str, schema: &Value, told: &mut BTreeSet<String>) {
    section(text, name, schema);
    let mut queue = Vec::new();
    mentioned(&schema["properties"], &mut queue);
    let mut at = 0;
    while at < queue.len() {
        let name = queue[at].clone();
        at += 1;
        if told.insert(name.clone()) {
            let of = &schema["$defs"][&name];
            assert!(of.is_object(), "{name}");
            section(text, &name, of);
            mentioned(of, &mut queue);
        }
    }
}

#[test]
fn every_field_is_documented_from_the_code() {
    let folder = Folder::new();
    let schema = folder.run(&["schema", "report"]).json();
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\nThe built-in templates:\n\n");
    for name in folder.run(&["templates", "list"]).fine().lines() {
        writeln!(text, "- `{name}`").unwrap();
    }
    let mut told = BTreeSet::new();
    described(&mut text, "Report", &schema, &mut told);
    described(&mut text, "Page", &folder.run(&["schema", "page"]).json(), &mut told);
    assert!(told.len() > 30);
    snapbox::Assert::new().action_env("SNAPSHOTS").normalize_paths(false).eq(
        Data::text(text),
        Data::read_from(&root().join("docs/templates.md"), Some(DataFormat::Text)),
    );
}
