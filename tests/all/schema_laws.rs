//! Laws that hold declarations and predicates against the schemas of Terraform's provider and of CloudFormation.
//!
//! What breaks one and is right all the same stands in `tests/fixtures/aws/schema_exceptions.tsv`, with the reason.

use crate::declarations::{Asked, Declared, Place, asked, asks_presence, declared, services, words};
use crate::schema::{Names, Presence, Reached, cloudformation, terraform, types};
use crate::support::repository;
use cloudraci::catalog::predicate::{Attributes, Predicate};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What breaks a law: where, by service and name, and what.
type Broken = BTreeMap<(String, String), String>;

/// That nothing breaks a law but the exceptions, and that each exception does.
fn hold(law: &str, mut broken: Broken) {
    let list = repository("tests/fixtures/aws/schema_exceptions.tsv");
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let [of, service, what, reason]: [&str; 4] = line.split('\t').collect::<Vec<_>>().try_into().expect(line);
        assert!(reason.len() > 20, "an exception says why: {line}");
        if of == law {
            let found = broken.remove(&(service.to_owned(), what.to_owned()));
            assert!(found.is_some(), "the exception is not needed, or stands there twice: {line}");
        }
    }
    let lines: Vec<String> = broken
        .iter()
        .map(|((service, what), why)| format!("{law}\t{service}\t{what}\t{why}"))
        .collect();
    assert!(lines.is_empty(), "{} break the law `{law}`:\n{}", lines.len(), lines.join("\n"));
}

/// What a place leads to in the types that have it.
fn reached(schema: &'static BTreeMap<String, Names>, place: &Place) -> Vec<(&'static str, Reached)> {
    let levels = place
        .levels
        .iter()
        .flat_map(|(patterns, path)| patterns.iter().map(move |pattern| (pattern, path)));
    let all = levels.flat_map(|(pattern, path)| types(schema, pattern).into_iter().map(move |(kind, names)| (kind, names, path)));
    all.filter_map(|(kind, names, path)| {
        let found = if path.is_empty() {
            // That another resource is there at all is somebody's choice.
            Some(Reached {
                presence: Presence::Chosen,
                kind: Some('k'),
            })
        } else {
            names.at(path)
        };
        Some((kind, found?))
    })
    .collect()
}

/// Whether the schema knows any of a place's types: types that the provider gave up, or does not have yet, it does not.
fn knows(schema: &'static BTreeMap<String, Names>, place: &Place) -> bool {
    let mut patterns = place.levels.iter().flat_map(|(patterns, _)| patterns);
    patterns.any(|pattern| !types(schema, pattern).is_empty())
}

/// The places that nothing stands at.
fn missing(schema: &'static BTreeMap<String, Names>, places: &[Place]) -> Vec<String> {
    let missing = places
        .iter()
        .filter(|place| knows(schema, place) && reached(schema, place).is_empty());
    missing.map(|place| format!("{:?}", place.levels)).collect()
}

fn at(declared: &Declared) -> (String, String) {
    (declared.service.clone(), format!("{} {}", declared.resource, declared.name))
}

#[test]
fn what_terraform_is_said_to_keep_is_in_its_schema() {
    let mut broken = Broken::new();
    for one in declared().iter().filter(|one| !one.stated) {
        let missing = missing(terraform(), &one.terraform.all);
        if !missing.is_empty() {
            broken.insert(at(one), missing.join(", "));
        }
        for place in one.terraform.all.iter().filter(|place| place.of.is_some()) {
            let resource = &services()[&one.service]["resources"][&one.resource];
            let names = |field: &str| words(&place.written[field]);
            let other: Vec<String> = place.of.iter().cloned().collect();
            let own = words(&resource["types"]["terraform"]);
            // Of several names by which another knows the resource, each is one of the other's.
            let said = names("by").into_iter().chain(names("unless")).map(|path| (&other, path));
            for (types, path) in said.chain(names("equals").into_iter().map(|path| (&own, path))) {
                let place = Place {
                    levels: vec![(types.clone(), path.clone())],
                    ..place.clone()
                };
                if knows(terraform(), &place) && reached(terraform(), &place).is_empty() {
                    broken.insert(at(one), format!("{types:?} has no {path}"));
                }
            }
        }
    }
    hold("terraform", broken);
}

#[test]
fn what_terraform_is_said_not_to_keep_is_not_in_its_schema() {
    let mut broken = Broken::new();
    for one in declared().iter().filter(|one| one.terraform.nowhere) {
        let types = words(&services()[&one.service]["resources"][&one.resource]["types"]["terraform"]);
        let place = Place {
            of: None,
            levels: vec![(types, one.name.clone())],
            written: Value::Null,
        };
        if !reached(terraform(), &place).is_empty() {
            broken.insert(at(one), "Terraform keeps it under its name".to_owned());
        }
    }
    hold("nowhere", broken);
}

/// What a template says of every resource, beside its properties.
const OF_EVERY_RESOURCE: [&str; 2] = ["DeletionPolicy", "UpdateReplacePolicy"];

#[test]
fn what_templates_are_said_to_keep_is_in_their_schema() {
    let mut broken = Broken::new();
    for one in declared().iter().filter(|one| one.cloudformation.said) {
        let places = one.cloudformation.all.iter();
        let places = places.filter(|place| !place.levels.iter().any(|(_, path)| OF_EVERY_RESOURCE.contains(&path.as_str())));
        let missing = missing(cloudformation(), &places.cloned().collect::<Vec<_>>());
        if !missing.is_empty() {
            broken.insert(at(one), missing.join(", "));
        }
    }
    hold("cloudformation", broken);
}

#[test]
fn what_no_source_has_is_declared_as_what_people_state() {
    let mut broken = Broken::new();
    for one in declared() {
        // Of types that the schema does not know, it is believed.
        let named = |place: &Place| place.levels.iter().any(|(patterns, _)| !patterns.is_empty());
        let has = |schema, places: &[Place]| {
            let mut places = places.iter().filter(|place| named(place));
            places.any(|place| !knows(schema, place) || !reached(schema, place).is_empty())
        };
        let is_supplied = has(terraform(), &one.terraform.all) || has(cloudformation(), &one.cloudformation.all) || one.in_config;
        if is_supplied == one.stated {
            let why = if one.stated { "a source has it" } else { "no source has it" };
            broken.insert(at(one), why.to_owned());
        }
    }
    hold("supplied", broken);
}

/// The letters that a declared type is one of in the schemas.
fn letter(kind: &str) -> char {
    match kind {
        "bool" => 'b',
        "number" => 'n',
        "list" => 'l',
        "map" => 'm',
        "block" => 'k',
        _ => 't',
    }
}

#[test]
fn declared_types_are_those_of_the_schemas() {
    let mut broken = Broken::new();
    for one in declared() {
        for (schema, places) in [(terraform(), &one.terraform), (cloudformation(), &one.cloudformation)] {
            for place in places.all.iter().filter(|place| place.is_plain()) {
                for (kind, found) in reached(schema, place) {
                    let Some(found) = found.kind.filter(|kind| *kind != 'a') else {
                        continue;
                    };
                    // A list may be made of what many blocks say; a document is written as a text, or as what it says.
                    let fits = found == letter(&one.kind)
                        || one.kind == "list" && place.written["all"] == true
                        || one.kind == "document" && schema.contains_key("AWS::S3::Bucket") && "mk".contains(found);
                    if !fits {
                        broken.insert(at(one), format!("{} and not {found} as {kind} has it", one.kind));
                    }
                }
            }
        }
    }
    hold("type", broken);
}

/// The declarations that a predicate's path means.
fn meant(asked: &Asked) -> Vec<&'static Declared> {
    let of = |one: &&Declared| one.service == asked.of && one.name == asked.path;
    let all = declared().iter().filter(of);
    let of_kind = all.clone().filter(|one| asked.kinds.contains(&one.resource));
    if asked.kinds.is_empty() { all.collect() } else { of_kind.collect() }
}

#[test]
fn what_a_predicate_asks_for_is_declared_of_what_it_is_about() {
    let mut broken = Broken::new();
    for asked in asked().iter().filter(|asked| meant(asked).is_empty()) {
        let begins =
            |one: &Declared| one.name.starts_with(&format!("{}.", asked.path)) || asked.path.starts_with(&format!("{}.", one.name));
        let is_of = |one: &&Declared| one.service == asked.of && (asked.kinds.is_empty() || asked.kinds.contains(&one.resource));
        if !declared().iter().filter(is_of).any(begins) {
            broken.insert(question(asked), format!("{:?} has no such attribute", asked.kinds));
        }
    }
    hold("asked", broken);
}

fn question(asked: &Asked) -> (String, String) {
    (asked.service.clone(), format!("{} {} {}", asked.id, asked.field, asked.path))
}

#[test]
fn nothing_rests_on_the_presence_of_what_is_there_anyway() {
    let mut broken = Broken::new();
    for asked in asked().iter().filter(|asked| asks_presence(&asked.test)) {
        let decides = asked.field.ends_with("_when");
        for one in meant(asked) {
            // An entry of a list of settings is chosen, whoever made the list.
            let places = one.terraform.all.iter().filter(|place| place.written.get("key").is_none());
            for place in places {
                for (kind, found) in reached(terraform(), place) {
                    let tells = match found.presence {
                        Presence::Chosen => true,
                        Presence::Computed => false,
                        // That a part of another resource is there says that the other resource is.
                        Presence::Required => place.of.is_some() || !decides,
                    };
                    if !tells {
                        let why = format!("{kind} has it {:?}: {}", found.presence, asked.test);
                        broken.insert(question(asked), why);
                    }
                }
            }
        }
    }
    hold("presence", broken);
}

#[test]
fn only_what_may_be_left_out_has_a_meaning_where_it_is_absent() {
    let mut broken = Broken::new();
    for one in declared() {
        for (schema, places) in [(terraform(), &one.terraform), (cloudformation(), &one.cloudformation)] {
            for place in places.all.iter().filter(|place| place.written.get("absent").is_some()) {
                for (kind, found) in reached(schema, place) {
                    if found.presence != Presence::Chosen && place.of.is_none() {
                        broken.insert(at(one), format!("{kind} always has it"));
                    }
                }
            }
        }
        for places in [&one.terraform, &one.cloudformation] {
            let absent = places.all.iter().filter_map(|place| place.written.get("absent"));
            for absent in absent.filter(|absent| !absent.is_null()) {
                let fits = match one.kind.as_str() {
                    "bool" => absent.is_boolean(),
                    "number" => absent.is_number(),
                    "list" => absent.is_array(),
                    "map" | "block" => absent.is_object() || absent.is_array(),
                    _ => absent.is_string(),
                };
                if !fits {
                    broken.insert(at(one), format!("{absent} is no {}", one.kind));
                }
            }
        }
    }
    hold("absent", broken);
}

/// The activities of a service file that say how, with their ids.
fn advice<'f>(value: &'f Value, found: &mut Vec<(&'f str, &'f str)>) {
    if let (Some(id), Some(how)) = (value["id"].as_str(), value["how"].as_str()) {
        found.push((id, how));
    }
    match value {
        Value::Object(map) => map.values().for_each(|inner| advice(inner, found)),
        Value::Array(items) => items.iter().for_each(|item| advice(item, found)),
        _ => {}
    }
}

#[test]
fn nobody_is_told_to_set_what_the_provider_computes() {
    let mut broken = Broken::new();
    for (service, file) in services() {
        let resources = file["resources"].as_object().into_iter().flat_map(|map| map.values());
        let patterns: Vec<String> = resources.flat_map(|one| words(&one["types"]["terraform"])).collect();
        let mut found = Vec::new();
        advice(file, &mut found);
        for (id, how) in found {
            for name in how.split('`').skip(1).step_by(2) {
                let known = patterns.iter().flat_map(|pattern| types(terraform(), pattern));
                let mut flags = known.filter_map(|(_, names)| names.flags(name)).peekable();
                if flags.peek().is_some() && flags.all(|flags| flags == "c") {
                    broken.insert((service.clone(), format!("{id} how {name}")), how.to_owned());
                }
            }
        }
    }
    hold("how", broken);
}

/// What a template that leaves an attribute out is said to mean.
fn left_out(one: &Declared) -> Option<&Value> {
    one.cloudformation.all.iter().find_map(|place| place.written.get("absent"))
}

#[test]
fn what_a_template_leaves_out_says_what_unset_says_in_a_state() {
    let mut broken = Broken::new();
    for asked in asked() {
        let predicate = serde_json::json!({"it": asked.test});
        let Ok(predicate) = serde_json::from_value::<Predicate>(predicate) else {
            continue;
        };
        let says = |value: &Value| predicate.attested_by(&Attributes::from_iter([("it".to_owned(), value.clone())]), None);
        for one in meant(asked) {
            let places = one.terraform.all.iter().flat_map(|place| reached(terraform(), place));
            let is_unset_somewhere = places.into_iter().any(|(_, found)| found.presence == Presence::Chosen);
            let Some(absent) = left_out(one).filter(|_| is_unset_somewhere) else {
                continue;
            };
            if says(absent) != says(&Value::Null) {
                broken.insert(question(asked), format!("{absent} and null: {}", asked.test));
            }
        }
    }
    hold("unset", broken);
}

#[test]
fn what_only_people_state_attests_nothing() {
    let mut broken = Broken::new();
    for asked in asked()
        .iter()
        .filter(|asked| ["met_when", "attested_when"].contains(&asked.field.as_str()))
    {
        if meant(asked).iter().any(|one| one.stated) {
            broken.insert(question(asked), "people vouch by evidence with a name and a date".to_owned());
        }
    }
    hold("stated", broken);
}

/// What the last step of a path is called that leads to a key's name.
fn holds_a_key(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    let ends = [
        "kms_key",
        "kms_key_id",
        "kms_key_arn",
        "key_arn",
        "encryption_key",
        "encryption_key_arn",
    ];
    last.contains("kms") && !last.ends_with("encrypted")
        || ends.iter().any(|end| last.ends_with(end))
        || last.contains("customer_managed_key")
}

/// Any word is present, as is "AWS owned key": only what has the form of a key's name shows that one was chosen.
#[test]
fn a_chosen_key_is_attested_by_its_form() {
    let mut broken = Broken::new();
    let mut asks_form = 0;
    for asked in asked()
        .iter()
        .filter(|asked| ["met_when", "attested_when"].contains(&asked.field.as_str()) && holds_a_key(&asked.path))
    {
        match asked.test.get("key") {
            Some(_) => asks_form += 1,
            None => drop(broken.insert(question(asked), format!("{}: say {{key: customers}} or {{key: any}}", asked.test))),
        }
    }
    assert!(asks_form >= 24, "the law looks at {asks_form} predicates");
    hold("key", broken);
}

/// The paths whose blocks a predicate goes through one by one.
fn gone_through(predicate: &Value, before: &str, found: &mut BTreeSet<String>) {
    let Some(parts) = predicate.as_object() else { return };
    for (name, part) in parts {
        if let Some(predicates) = part.as_array() {
            predicates.iter().for_each(|one| gone_through(one, before, found));
            continue;
        }
        let path = format!("{before}{name}");
        for blocks in ["each", "some", "no"].iter().filter_map(|way| part.get(way)) {
            // A test of a value goes through no blocks.
            if blocks.is_object() && serde_json::from_value::<Predicate>(blocks.clone()).is_ok() {
                found.insert(path.clone());
                gone_through(blocks, &format!("{path}."), found);
            }
        }
    }
}

fn all_gone_through(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter().filter(|(key, _)| !["cases", "resources"].contains(&key.as_str())) {
                if crate::declarations::FIELDS.contains(&key.as_str()) {
                    gone_through(inner, "", found);
                } else {
                    all_gone_through(inner, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all_gone_through(item, found)),
        _ => {}
    }
}

/// A place within a path puts what all blocks there have at one: where a predicate goes through these blocks one by one, the place
/// must lead through one block only, or the block itself be declared.
#[test]
fn no_source_folds_blocks_that_a_predicate_goes_through() {
    let is_path = |place: &Value| {
        let is_own = place.get("of").is_none();
        let leads = ["at", "entry", "true_for", "values", "is", "all"]
            .iter()
            .any(|way| place.get(way).is_some());
        place.is_string() || is_own && leads
    };
    let mut broken = Broken::new();
    for (service, file) in services() {
        let mut paths = BTreeSet::new();
        all_gone_through(file, &mut paths);
        let resources = file["resources"].as_object().into_iter().flat_map(|all| all.values());
        let attributes = resources.filter_map(|one| one["attributes"].as_object()).flatten();
        for (name, attribute) in attributes {
            let places = ["terraform", "cloudformation", "config"].map(|source| &attribute[source]);
            let is_said = places
                .iter()
                .any(|place| place.as_array().map_or_else(|| is_path(place), |all| all.iter().any(is_path)));
            let below = paths
                .iter()
                .filter(|path| name.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.')));
            for path in below.filter(|_| is_said) {
                broken.insert((service.clone(), path.clone()), format!("{name} is put there from elsewhere"));
            }
        }
    }
    hold("folds", broken);
}

#[test]
fn each_exception_is_of_a_law() {
    let laws = BTreeSet::from([
        "absent",
        "asked",
        "cloudformation",
        "folds",
        "how",
        "key",
        "nowhere",
        "presence",
        "stated",
        "supplied",
        "terraform",
        "type",
        "unset",
    ]);
    let list = repository("tests/fixtures/aws/schema_exceptions.tsv");
    let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.is_sorted(), "the list is sorted");
    for line in lines {
        assert!(laws.contains(line.split('\t').next().unwrap()), "{line}");
    }
}
