//! What others hand over: the responsibilities that a provider's or partner's component definition or system security plan
//! states for its customers.
//!
//! In: a document in OSCAL's JSON or YAML. Out: its components with what each asks of its customers, or everything that is wrong
//! with its place. A responsibility is never passed over in silence.

mod node;

use super::{check, text};
use crate::catalog::{Handed, HandedOver};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity};
use node::{Faults, Node};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Letters of a sentence in a table; what is longer stands below it.
const SENTENCE: usize = 160;

/// Hexadecimal digits that tell the responsibilities of a control apart.
const DIGITS: usize = 8;

/// Properties by which our own documents say what a responsibility is.
const OWN: [&str; 3] = ["duty", "responsibility", "provided"];

/// A document that was read.
#[derive(Debug)]
pub struct Upstream {
    /// What kind of document it is, as printed.
    pub kind: &'static str,
    /// The components that ask anything of their customers, and where each stands.
    pub components: Vec<(Handed, Place)>,
    /// What is worth telling.
    pub warnings: Vec<Diagnostic>,
}

/// A component on its way.
struct Component<'d> {
    node: Node<'d>,
    title: String,
    about: String,
    asks: Vec<Asks>,
}

/// A responsibility of a component, for one control.
struct Asks {
    control: String,
    /// What is the same for all controls.
    key: String,
    text: String,
    more: Vec<String>,
}

/// Reads a document.
///
/// # Errors
/// Everything that keeps it from being understood, each with its place.
pub fn read(text: &str, file: &Arc<str>) -> Outcome<Upstream> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('<') {
        return Err(vec![unreadable(
            "the document is XML",
            Place::file(file.clone()),
            "convert it to OSCAL's JSON or YAML",
        )]);
    }
    let tree = crate::text::decode(text, file)?;
    let mut faults = Faults::new(file, tree.faults);
    let root = Node::root(&tree.value);
    let upstream = match model_of(&tree.value) {
        Some("component-definition") => faults
            .field(&root, "component-definition")
            .map(|node| definition(&node, &mut faults)),
        Some("system-security-plan") => faults.field(&root, "system-security-plan").map(|node| plan(&node, &mut faults)),
        other => {
            let what = match other {
                Some(model) => format!("an OSCAL `{model}` states no responsibilities"),
                None => "the document is of no model of OSCAL".to_owned(),
            };
            return Err(vec![unreadable(
                &what,
                Place::file(file.clone()),
                "name a component definition or a system security plan in OSCAL's JSON or YAML",
            )]);
        }
    };
    let (Some(mut upstream), true) = (upstream, faults.is_fine()) else {
        return Err(faults.all());
    };
    upstream.warnings.extend(check::faults(&tree.value, file));
    if upstream.components.is_empty() {
        let help = "responsibilities stand in `export` of a plan; in a component definition they are what `control-origination` calls the customer's";
        upstream.warnings.push(
            Diagnostic::new(
                Code::UpstreamEmpty,
                format!("the {} states no responsibility of its customers", upstream.kind),
            )
            .at(Place::file(file.clone()))
            .help(help),
        );
    }
    Ok(upstream)
}

/// The model of a document: the name of its only field, apart from its schema's.
fn model_of(document: &Value) -> Option<&str> {
    const MODELS: [&str; 9] = [
        "catalog",
        "profile",
        "component-definition",
        "system-security-plan",
        "assessment-plan",
        "assessment-results",
        "plan-of-action-and-milestones",
        "mapping-collection",
        "oscal",
    ];
    let fields = document.as_object()?;
    MODELS.into_iter().find(|model| fields.contains_key(*model))
}

pub(super) fn unreadable(what: &str, place: Place, help: &str) -> Diagnostic {
    Diagnostic::new(Code::UpstreamUnreadable, what).at(place).help(help)
}

/// What a document says of itself.
struct About {
    title: String,
    url: String,
    modified: Option<String>,
}

fn about(document: &Node<'_>, faults: &mut Faults<'_>) -> About {
    let metadata = faults.field(document, "metadata");
    let said = |name: &str, faults: &mut Faults<'_>| {
        let metadata = metadata.as_ref()?;
        faults.text(metadata, name).map(text::read)
    };
    let title = said("title", faults);
    let modified = said("last-modified", faults);
    let day = modified
        .as_deref()
        .and_then(|moment| moment.get(..10))
        .filter(|day| day.parse::<jiff::civil::Date>().is_ok());
    let uuid = faults.text(document, "uuid").unwrap_or_default();
    About {
        title: title.unwrap_or_default(),
        url: format!("urn:uuid:{uuid}"),
        modified: day.map(str::to_owned),
    }
}

fn components<'d>(list: &Node<'d>, faults: &mut Faults<'_>) -> Vec<Component<'d>> {
    let mut found = Vec::new();
    for node in faults.list(list, "components") {
        let title = faults.text(&node, "title").map(text::read).unwrap_or_default();
        let about = faults.text(&node, "description").map(text::read).unwrap_or_default();
        let (about, _) = sentence(&about);
        found.push(Component {
            node,
            title,
            about,
            asks: Vec::new(),
        });
    }
    found
}

fn definition(document: &Node<'_>, faults: &mut Faults<'_>) -> Upstream {
    let about = about(document, faults);
    let mut found = components(document, faults);
    for component in &mut found {
        for implementation in faults.list(&component.node, "control-implementations") {
            for requirement in faults.list(&implementation, "implemented-requirements") {
                // Without one it is refused, and all else that is wrong in it is told, too.
                let control = faults.text(&requirement, "control-id").unwrap_or_default();
                let mut parts = vec![requirement.clone()];
                parts.extend(faults.list(&requirement, "statements"));
                for part in parts {
                    component.asks.extend(asked_of(&part, control, faults));
                }
            }
        }
    }
    upstream("component definition", &about, found, faults)
}

/// What a requirement or a statement of a component definition asks of customers: what its properties say, or its whole text
/// where it is called the customer's.
fn asked_of(part: &Node<'_>, control: &str, faults: &mut Faults<'_>) -> Vec<Asks> {
    let props = faults.list(part, "props");
    let mut found = Vec::new();
    let mut is_customers = false;
    for prop in &props {
        let (Some(name), Some(value)) = (faults.text(prop, "name"), faults.text(prop, "value")) else {
            continue;
        };
        let ns = faults.optional(prop, "ns");
        if ns == Some(super::NAMESPACE) && name == "responsibility" {
            let key = faults.optional(prop, "class").unwrap_or(value);
            found.push(Asks {
                control: control.to_owned(),
                key: key.to_owned(),
                text: text::plain(value),
                more: faults.optional(prop, "remarks").map(text::read).into_iter().collect(),
            });
        }
        is_customers |= ns.is_none_or(|ns| ns == super::ids::OSCAL)
            && name == "control-origination"
            && matches!(value, "customer-configured" | "customer-provided");
    }
    if is_customers && let Some(description) = faults.text(part, "description") {
        let text = text::read(description);
        found.push(Asks {
            control: control.to_owned(),
            key: text.clone(),
            text,
            more: Vec::new(),
        });
    }
    found
}

fn plan(document: &Node<'_>, faults: &mut Faults<'_>) -> Upstream {
    let about = about(document, faults);
    let implementation = faults.field(document, "system-implementation");
    let mut found = implementation.map(|node| components(&node, faults)).unwrap_or_default();
    let controls = faults.field(document, "control-implementation");
    let requirements = controls
        .map(|node| faults.list(&node, "implemented-requirements"))
        .unwrap_or_default();
    for requirement in requirements {
        // Without one it is refused, and all else that is wrong in it is told, too.
        let control = faults.text(&requirement, "control-id").unwrap_or_default();
        let mut parts = faults.list(&requirement, "by-components");
        for statement in faults.list(&requirement, "statements") {
            parts.extend(faults.list(&statement, "by-components"));
        }
        let satisfied = satisfied(&parts, faults);
        for part in &parts {
            let asks = exported(part, control, &satisfied, faults);
            let Some(uuid) = faults.text(part, "component-uuid") else {
                continue;
            };
            if asks.is_empty() {
                continue;
            }
            let is_it = |component: &&mut Component<'_>| component.node.text("uuid").is_some_and(|known| known.eq_ignore_ascii_case(uuid));
            match found.iter_mut().find(is_it) {
                Some(component) => component.asks.extend(asks),
                // What is wrong with the reference is told by the check of references.
                None => found.push(Component {
                    node: part.clone(),
                    title: format!("component {uuid}"),
                    about: "A component that the document does not define".to_owned(),
                    asks,
                }),
            }
        }
    }
    upstream("system security plan", &about, found, faults)
}

/// What a document says of how responsibilities are lived up to, by their UUIDs.
fn satisfied(parts: &[Node<'_>], faults: &mut Faults<'_>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for part in parts {
        for one in faults.list(part, "satisfied") {
            if let (Some(uuid), Some(description)) = (faults.optional(&one, "responsibility-uuid"), faults.text(&one, "description")) {
                found.insert(uuid.to_lowercase(), text::read(description));
            }
        }
    }
    found
}

fn exported(part: &Node<'_>, control: &str, satisfied: &BTreeMap<String, String>, faults: &mut Faults<'_>) -> Vec<Asks> {
    let Some(export) = faults.optional_field(part, "export") else {
        return Vec::new();
    };
    let mut provided = BTreeMap::new();
    for one in faults.list(&export, "provided") {
        if let (Some(uuid), Some(description)) = (faults.text(&one, "uuid"), faults.text(&one, "description")) {
            provided.insert(uuid.to_lowercase(), text::read(description));
        }
    }
    let mut found = Vec::new();
    for one in faults.list(&export, "responsibilities") {
        let (Some(uuid), Some(description)) = (faults.text(&one, "uuid"), faults.text(&one, "description")) else {
            continue;
        };
        let text = text::read(description);
        let duty = faults.list(&one, "props").into_iter().find_map(|prop| {
            let is_own = prop.text("ns") == Some(super::NAMESPACE) && prop.text("name") == Some(OWN[0]);
            prop.text("value").filter(|_| is_own).map(str::to_owned)
        });
        let mut more = Vec::new();
        // Our own plans say the same of every control.
        if duty.is_none() {
            let of = faults
                .optional(&one, "provided-uuid")
                .and_then(|uuid| provided.get(&uuid.to_lowercase()));
            more.extend(of.map(|of| format!("Provided for it: {of}")));
            let how = satisfied.get(&uuid.to_lowercase());
            more.extend(how.map(|how| format!("The document says that it is satisfied: {how}")));
        }
        more.extend(faults.optional(&one, "remarks").map(text::read));
        found.push(Asks {
            control: control.to_owned(),
            key: duty.unwrap_or_else(|| text.clone()),
            text,
            more,
        });
    }
    found
}

/// The components that ask anything, each responsibility once, whatever controls it is for.
fn upstream(kind: &'static str, about: &About, found: Vec<Component<'_>>, faults: &Faults<'_>) -> Upstream {
    let asking = found.into_iter().filter(|component| !component.asks.is_empty());
    let components = asking.map(|component| {
        let mut order: Vec<Asks> = Vec::new();
        let mut controls: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for asks in component.asks {
            let of = controls.entry((asks.key.clone(), asks.text.clone())).or_default();
            if of.is_empty() {
                of.push(asks.control.clone());
                order.push(asks);
            } else if !of.contains(&asks.control) {
                of.push(asks.control);
            }
        }
        let responsibilities = order.into_iter().map(|asks| {
            let control_ids = controls.remove(&(asks.key.clone(), asks.text.clone())).unwrap_or_default();
            let (does, rest) = sentence(&asks.text);
            let how: Vec<String> = rest.into_iter().chain(asks.more).collect();
            HandedOver {
                id: id(&component.title, &asks.control, &asks.key, &asks.text),
                does: text::capital(&does),
                how: (!how.is_empty()).then(|| how.join("; ")),
                control_ids,
            }
        });
        let handed = Handed {
            name: component.title.clone(),
            about: component.about.clone(),
            document: about.title.clone(),
            url: about.url.clone(),
            modified: about.modified.clone(),
            responsibilities: responsibilities.collect(),
        };
        (handed, faults.place(&component.node))
    });
    Upstream {
        kind,
        components: components.collect(),
        warnings: Vec::new(),
    }
}

/// What a responsibility is called: after the first control that it is for, and what it says.
fn id(component: &str, control: &str, key: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    for part in [component, key, text] {
        hash.update(part);
        hash.update([0xff]);
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let name: String = control
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    format!("{}-{}", name.trim_matches('-'), &digits[..DIGITS])
}

/// The first sentence of a text, without its full stop, and the whole text where that says more.
fn sentence(text: &str) -> (String, Option<String>) {
    let end = text.match_indices(". ").map(|(at, _)| at).next();
    let first = end.map_or_else(|| text.trim_end_matches('.'), |at| &text[..at]);
    if first.chars().count() <= SENTENCE {
        return (first.to_owned(), end.map(|_| text.to_owned()));
    }
    let mut short = String::new();
    for word in first.split(' ') {
        if short.chars().count() + word.chars().count() > SENTENCE - 2 {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    if short.is_empty() {
        short = first.chars().take(SENTENCE - 2).collect();
    }
    (format!("{short} …"), Some(text.to_owned()))
}

/// Whether diagnostics keep a document from being read.
pub(super) fn is_error(fault: &Diagnostic) -> bool {
    fault.severity == Severity::Error
}
