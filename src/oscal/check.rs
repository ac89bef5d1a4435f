//! What the published schemas let pass and no reader can use: references to what is not there, roles that nobody defines, and
//! origins that OSCAL has no word for.
//!
//! In: a document of any model, as a tree. Out: diagnostics, each with its place.

use crate::diagnostics::{Code, Diagnostic, Place, Route, Severity};
use crate::limits;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The words that OSCAL has for who implements a control.
const ORIGINATIONS: [&str; 5] = [
    "organization",
    "system-specific",
    "customer-configured",
    "customer-provided",
    "inherited",
];

/// A field that refers to something, and the lists that define it.
struct Reference {
    field: &'static str,
    lists: &'static [&'static str],
    what: &'static str,
}

const REFERENCES: [Reference; 10] = [
    refers("component-uuid", &["components"], "component"),
    refers("provided-uuid", &["provided"], "`provided` statement"),
    refers("responsibility-uuid", &["responsibilities"], "responsibility"),
    refers("party-uuid", &["parties"], "party"),
    refers("party-uuids", &["parties"], "party"),
    refers("observation-uuid", &["observations"], "observation"),
    refers("risk-uuid", &["risks"], "risk"),
    refers("actor-uuid", &["components", "parties"], "tool or party"),
    refers(
        "subject-uuid",
        &["components", "inventory-items", "parties", "users", "resources"],
        "subject",
    ),
    refers("member-of-organizations", &["parties"], "party"),
];

const fn refers(field: &'static str, lists: &'static [&'static str], what: &'static str) -> Reference {
    Reference { field, lists, what }
}

/// All that is wrong in a document. What it inherits and satisfies may be another document's: that is a note, not a warning.
#[must_use]
pub fn faults(document: &Value, file: &Arc<str>) -> Vec<Diagnostic> {
    let mut defined = Defined::default();
    defined.collect(document, "");
    let mut check = Check {
        defined,
        file,
        found: Vec::new(),
    };
    check.value(document, "", &mut Route::default());
    check.found
}

/// What a document defines.
#[derive(Default)]
struct Defined<'d> {
    /// UUIDs in small letters, by the list that they stand in.
    uuids: BTreeMap<&'d str, BTreeSet<String>>,
    roles: BTreeSet<&'d str>,
}

impl<'d> Defined<'d> {
    fn collect(&mut self, value: &'d Value, list: &'d str) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, list)),
            Value::Object(fields) => {
                if let Some(uuid) = text(fields, "uuid") {
                    self.uuids.entry(list).or_default().insert(uuid.to_lowercase());
                }
                if list == "roles" {
                    self.roles.extend(text(fields, "id"));
                }
                fields.iter().for_each(|(name, value)| self.collect(value, name));
            }
            _ => {}
        }
    }

    fn has(&self, lists: &[&str], uuid: &str) -> bool {
        let wanted = uuid.to_lowercase();
        lists
            .iter()
            .any(|list| self.uuids.get(list).is_some_and(|known| known.contains(&wanted)))
    }

    fn anywhere(&self, uuid: &str) -> bool {
        let wanted = uuid.to_lowercase();
        self.uuids.values().any(|known| known.contains(&wanted))
    }
}

fn text<'d>(fields: &'d Map<String, Value>, name: &str) -> Option<&'d str> {
    fields.get(name).and_then(Value::as_str)
}

struct Check<'d> {
    defined: Defined<'d>,
    file: &'d Arc<str>,
    found: Vec<Diagnostic>,
}

impl Check<'_> {
    /// `list`: the list or field that the value stands in.
    fn value(&mut self, value: &Value, list: &str, at: &mut Route) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    at.0.push(index.into());
                    self.value(item, list, at);
                    at.0.pop();
                }
            }
            Value::Object(fields) => {
                self.fields(fields, list, at);
                for (name, value) in fields {
                    at.0.push(name.as_str().into());
                    self.value(value, name, at);
                    at.0.pop();
                }
            }
            _ => {}
        }
    }

    fn fields(&mut self, fields: &Map<String, Value>, list: &str, at: &Route) {
        for reference in &REFERENCES {
            for (uuid, at) in texts(fields, reference.field, at) {
                if self.defined.has(reference.lists, uuid) {
                    continue;
                }
                // Of another document's, perhaps: the leveraged system's.
                let is_others = matches!(list, "inherited" | "satisfied");
                let what = format!(
                    "`{}` names a {} that the document does not define: `{uuid}`",
                    reference.field, reference.what
                );
                self.tell(what, &at, is_others, "define it, or correct the UUID");
            }
        }
        for field in ["role-id", "role-ids"] {
            for (role, at) in texts(fields, field, at) {
                if !self.defined.roles.contains(role) {
                    let what = format!("`{field}` names a role that the document does not define: `{role}`");
                    self.tell(what, &at, false, "define it under `metadata.roles`");
                }
            }
        }
        if list == "props" {
            self.property(fields, at);
        }
        if let Some(id) = text(fields, "href").and_then(|href| href.strip_prefix('#'))
            && !self.defined.anywhere(id)
        {
            let what = format!("`href` leads to what the document does not hold: `#{id}`");
            self.tell(what, &at.then("href"), false, "add it to `back-matter`, or correct the reference");
        }
    }

    fn property(&mut self, fields: &Map<String, Value>, at: &Route) {
        let is_oscal = text(fields, "ns").is_none_or(|ns| ns == super::ids::OSCAL);
        let (Some(name), Some(value), true) = (text(fields, "name"), text(fields, "value"), is_oscal) else {
            return;
        };
        if name == "control-origination" && !ORIGINATIONS.contains(&value) {
            let what = format!("`control-origination` cannot be `{value}`");
            let help = format!("it is one of {}; what is shared is several of them", ORIGINATIONS.join(", "));
            self.tell(what, &at.then("value"), false, &help);
        }
        if name == "leveraged-authorization-uuid" && !self.defined.has(&["leveraged-authorizations"], value) {
            let what = format!("`leveraged-authorization-uuid` names an authorisation that the document does not define: `{value}`");
            self.tell(what, &at.then("value"), false, "define it under `leveraged-authorizations`");
        }
    }

    fn tell(&mut self, what: String, at: &Route, is_others: bool, help: &str) {
        if self.found.len() >= limits::FAULTS {
            return;
        }
        let mut fault = Diagnostic::new(Code::OscalReference, what)
            .at(Place::value(self.file, at.clone()))
            .help(help);
        if is_others {
            fault.severity = Severity::Note;
            fault.help = Some("it may be of the document that this one builds on".to_owned());
        }
        self.found.push(fault);
    }
}

/// The texts of a field, which may hold one or several.
fn texts<'d>(fields: &'d Map<String, Value>, name: &str, at: &Route) -> Vec<(&'d str, Route)> {
    match fields.get(name) {
        Some(Value::String(text)) => vec![(text.as_str(), at.then(name))],
        Some(Value::Array(items)) => {
            let items = items.iter().enumerate();
            items
                .filter_map(|(index, item)| Some((item.as_str()?, at.then(name).then(index))))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        json!({"system-security-plan": {
            "metadata": {"roles": [{"id": "responsible"}], "parties": [{"uuid": "p"}]},
            "import-profile": {"href": "#r"},
            "system-implementation": {"components": [{"uuid": "C"}], "leveraged-authorizations": [{"uuid": "l", "party-uuid": "p"}]},
            "control-implementation": {"implemented-requirements": [{
                "props": [{"name": "control-origination", "value": "inherited"}, {"name": "leveraged-authorization-uuid", "value": "l"}],
                "by-components": [{
                    "component-uuid": "c",
                    "export": {"provided": [{"uuid": "v"}], "responsibilities": [{"uuid": "s", "provided-uuid": "v"}]},
                    "inherited": [{"uuid": "i", "provided-uuid": "v"}],
                    "satisfied": [{"uuid": "t", "responsibility-uuid": "s", "responsible-roles": [{"role-id": "responsible", "party-uuids": ["p"]}]}],
                }],
            }]},
            "back-matter": {"resources": [{"uuid": "r"}]},
        }})
    }

    /// Each place of the document that holds a reference or an origin, broken by itself, is told, there and nowhere else.
    #[test]
    fn what_is_broken_is_told_at_its_place() {
        let file: Arc<str> = "plan.json".into();
        assert_eq!(faults(&document(), &file), Vec::new());
        let requirement = "/system-security-plan/control-implementation/implemented-requirements/0";
        let component = format!("{requirement}/by-components/0");
        let cases = [
            ("/system-security-plan/import-profile/href".to_owned(), Severity::Warning),
            (
                "/system-security-plan/system-implementation/leveraged-authorizations/0/party-uuid".to_owned(),
                Severity::Warning,
            ),
            (format!("{requirement}/props/0/value"), Severity::Warning),
            (format!("{requirement}/props/1/value"), Severity::Warning),
            (format!("{component}/component-uuid"), Severity::Warning),
            (format!("{component}/export/responsibilities/0/provided-uuid"), Severity::Warning),
            (format!("{component}/inherited/0/provided-uuid"), Severity::Note),
            (format!("{component}/satisfied/0/responsibility-uuid"), Severity::Note),
            (format!("{component}/satisfied/0/responsible-roles/0/role-id"), Severity::Warning),
            (
                format!("{component}/satisfied/0/responsible-roles/0/party-uuids/0"),
                Severity::Warning,
            ),
        ];
        for (pointer, severity) in cases {
            let mut broken = document();
            *broken.pointer_mut(&pointer).unwrap() = "#shared".into();
            let found = faults(&broken, &file);
            assert_eq!(found.len(), 1, "{pointer}: {found:#?}");
            assert_eq!(found[0].severity, severity, "{pointer}");
            let crate::diagnostics::Spot::Value(route) = &found[0].places[0].0.spot else {
                panic!()
            };
            let shown = route.to_string().replace('[', "/").replace(']', "").replace('.', "/");
            assert_eq!(format!("/{shown}"), pointer);
        }
    }
}
