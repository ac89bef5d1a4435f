//! All faults in the shape of a file at once: unknown fields, wrong types, missing fields, values not allowed.
//!
//! In: a decoded tree and the JSON Schema that is derived from the Rust type of the file. Out: diagnostics with routes.
//! Only run when decoding into the type has failed, since that stops at the first fault. The part of JSON Schema that
//! schemars writes for these types is all that is needed; a general validator would not name what a reader can do.

use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean};
use crate::limits;
use regex::Regex;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a type that has a decoder of its own says of a value: what is wrong, and where in it. A schema cannot say all that
/// such a decoder asks for.
pub(crate) type Decodes = fn(&Value) -> Option<(Route, String)>;

/// What is wrong with `tree` by `schema`, and by the decoders of the types that have these names in it.
#[must_use]
pub(crate) fn faults(tree: &Value, schema: &Value, own: &[(&str, Decodes)], file: &Arc<str>) -> Vec<Diagnostic> {
    let mut checker = Checker {
        root: schema,
        own,
        file,
        found: Vec::new(),
    };
    checker.check(tree, schema, &Route::default());
    checker.found
}

struct Checker<'a> {
    root: &'a Value,
    own: &'a [(&'a str, Decodes)],
    file: &'a Arc<str>,
    found: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn target(&self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#')) {
            Some(pointer) => self.root.pointer(pointer).unwrap_or(schema),
            None => schema,
        }
    }

    fn check(&mut self, tree: &Value, schema: &'a Value, at: &Route) {
        if self.found.len() >= limits::FAULTS {
            return;
        }
        let before = self.found.len();
        let reference = schema.get("$ref").and_then(Value::as_str);
        let name = reference.and_then(|reference| reference.rsplit('/').next());
        self.check_target(tree, self.target(schema), at);
        let own = self.own.iter().find(|(own, _)| Some(*own) == name);
        if let Some((within, what)) = own.filter(|_| self.found.len() == before).and_then(|(_, fault)| fault(tree)) {
            let place = Place::value(self.file, at.joined(&within));
            self.found.push(Diagnostic::new(Code::InvalidValue, what).at(place));
        }
    }

    fn check_target(&mut self, tree: &Value, schema: &'a Value, at: &Route) {
        if let Some(options) = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)).and_then(Value::as_array) {
            return self.check_options(tree, options, at);
        }
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|kind| is_a(tree, kind)) {
            let expected: Vec<&str> = types.iter().map(|kind| in_words(kind)).collect();
            let expected = if types.contains(&"string") && types.contains(&"number") {
                if types.contains(&"array") {
                    "a text or a list of texts".to_owned()
                } else {
                    "a text".to_owned()
                }
            } else {
                expected.join(" or ")
            };
            self.found.push(
                Diagnostic::new(Code::WrongType, format!("`{at}` is {}, where {expected} belongs", describe(tree)))
                    .at(Place::value(self.file, at.clone()))
                    .help(description(schema).unwrap_or_else(|| format!("write {expected}"))),
            );
            return;
        }
        if let Some(allowed) = allowed(schema).filter(|allowed| !allowed.contains(&tree)) {
            let names: Vec<&str> = allowed.iter().filter_map(|value| value.as_str()).collect();
            let text = tree.as_str().unwrap_or_default();
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{text}` is not allowed here"))
                    .at(Place::value(self.file, at.clone()))
                    .help(did_you_mean(text, &names)),
            );
        }
        if let (Value::String(text), Some(pattern)) = (tree, schema.get("pattern").and_then(Value::as_str))
            && Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
        {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{text}` is not allowed here"))
                    .at(Place::value(self.file, at.clone()))
                    .help(description(schema).unwrap_or_else(|| format!("write what fits `{pattern}`"))),
            );
        }
        match tree {
            Value::Object(map) => self.check_map(map, schema, at),
            Value::Array(items) => {
                if let Some(item) = schema.get("items") {
                    for (index, value) in items.iter().enumerate() {
                        self.check(value, item, &at.then(index));
                    }
                }
            }
            _ => {}
        }
    }

    /// Of several options the one that fits the kind of value best is the one that was meant.
    fn check_options(&mut self, tree: &Value, options: &'a [Value], at: &Route) {
        let values: Vec<&Value> = options.iter().filter_map(|option| option.get("const")).collect();
        if values.len() == options.len() && !values.contains(&tree) {
            let names: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
            // Of several options this one is then not what was meant.
            if !tree.is_string() && names.len() == values.len() {
                let told = format!("`{at}` is {}, where a word belongs", describe(tree));
                let told = Diagnostic::new(Code::WrongType, told).at(Place::value(self.file, at.clone()));
                return self.found.push(told.help(format!("write one of {}", names.join(", "))));
            }
            let shown = tree.as_str().map_or_else(|| describe(tree).to_owned(), |text| format!("`{text}`"));
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("{shown} is not allowed here"))
                    .at(Place::value(self.file, at.clone()))
                    .help(did_you_mean(tree.as_str().unwrap_or_default(), &names)),
            );
            return;
        }
        let before = self.found.len();
        let mut best: Option<Vec<Diagnostic>> = None;
        for option in options {
            self.check(tree, option, at);
            let faults = self.found.split_off(before);
            if faults.is_empty() {
                return;
            }
            // What is of another kind further in is of the right kind here.
            let here = Place::value(self.file, at.clone());
            let is_here = |fault: &Diagnostic| fault.places.iter().any(|(place, _)| *place == here);
            let fits = |faults: &[Diagnostic]| !faults.iter().any(|fault| fault.code == Code::WrongType && is_here(fault));
            if best.as_ref().is_none_or(|best| !fits(best) && fits(&faults)) {
                best = Some(faults);
            }
        }
        self.found.extend(best.unwrap_or_default());
    }

    fn check_map(&mut self, map: &Map<String, Value>, schema: &'a Value, at: &Route) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        for (key, value) in map {
            let at_key = at.then(key.as_str());
            match (properties.and_then(|properties| properties.get(key)), others) {
                (Some(property), _) => self.check(value, property, &at_key),
                (None, Some(Value::Bool(false))) if self.found.len() < limits::FAULTS => {
                    let known: Vec<&str> = properties.into_iter().flat_map(Map::keys).map(String::as_str).collect();
                    let place = if at.0.is_empty() { String::new() } else { format!(" in `{at}`") };
                    self.found.push(
                        Diagnostic::new(Code::UnknownField, format!("unknown field `{key}`{place}"))
                            .at(Place::key(self.file, at_key))
                            .help(did_you_mean(key, &known)),
                    );
                }
                (None, Some(other)) => self.check(value, other, &at_key),
                (None, None) => {}
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for field in required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|field| !map.contains_key(*field))
        {
            let (place, whole) = if at.0.is_empty() {
                (Place::file(self.file.clone()), "the file".to_owned())
            } else {
                (Place::value(self.file, at.clone()), format!("`{at}`"))
            };
            let property = properties.and_then(|properties| properties.get(field));
            let mut help = property
                .and_then(|property| description(self.target(property)).or_else(|| description(property)))
                .unwrap_or_else(|| format!("add `{field}: ...`"));
            // What may stand there, where that is but a few words.
            if let Some(words) = property.and_then(|property| words(self.target(property))) {
                help = format!("{} It is one of {}", help.trim_end(), words.join(", "));
            }
            self.found.push(
                Diagnostic::new(Code::MissingField, format!("{whole} has no `{field}`"))
                    .at(place)
                    .help(help),
            );
        }
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn allowed(schema: &Value) -> Option<Vec<&Value>> {
    schema.get("enum").and_then(Value::as_array).map(|values| values.iter().collect())
}

/// The words of which one must stand somewhere.
fn words(schema: &Value) -> Option<Vec<&str>> {
    let options = schema.get("oneOf")?.as_array()?;
    options.iter().map(|option| option.get("const")?.as_str()).collect()
}

fn description(schema: &Value) -> Option<String> {
    schema
        .get("description")
        .and_then(Value::as_str)
        .map(|text| text.replace('\n', " "))
}

fn is_a(tree: &Value, kind: &str) -> bool {
    match kind {
        "string" => tree.is_string(),
        "number" => tree.is_number(),
        "integer" => tree.is_u64() || tree.is_i64(),
        "boolean" => tree.is_boolean(),
        "array" => tree.is_array(),
        "object" => tree.is_object(),
        "null" => tree.is_null(),
        _ => false,
    }
}

fn in_words(kind: &str) -> &str {
    match kind {
        "string" => "a text",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a map of fields",
        _ => "nothing",
    }
}

fn describe(tree: &Value) -> &'static str {
    match tree {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map of fields",
    }
}
