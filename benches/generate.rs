//! Inventories of any size, the same for the same number.
//!
//! In: how many resources. Out: one inventory file over the forty services that are used most, with the parties, rules, exceptions
//! and evidence of a company that has a managed service provider. Attributes are those of the example inventories, some
//! switched and some left out; a service that no example has gets the attributes that its predicates look at.

use cloudraci::catalog::{Catalog, STANDARD_MODE};
use cloudraci::diagnostics::SourceMap;
use cloudraci::inventory;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The services by use, the most used first.
const POPULAR: &str = include_str!("../tests/fixtures/aws/popular.txt");
const SERVICES: usize = 40;

/// What stands before the resources. Accounts are put in between.
const HEAD: &str = include_str!("head.yaml");

const REGIONS: [&str; 6] = [
    "eu-west-1",
    "eu-central-1",
    "us-east-1",
    "us-west-2",
    "ap-southeast-1",
    "ap-northeast-1",
];
const ENVIRONMENTS: [&str; 4] = ["prod", "dev", "test", "shared"];
const TEAMS: [&str; 5] = ["platform", "security", "payments", "lending", "data"];
const DATA: [&str; 4] = ["cardholder", "personal", "internal", "public"];
const SYSTEMS: [&str; 10] = [
    "checkout", "ledger", "orders", "accounts", "cards", "loans", "reports", "identity", "notify", "archive",
];

/// One example of a resource: what an inventory calls it, its mode and its attributes.
struct Sample {
    kind: String,
    mode: Option<String>,
    config: Map<String, Value>,
}

/// Writes an inventory of this many resources.
pub(crate) fn inventory(resources: usize) -> String {
    let catalog = Catalog::builtin().unwrap();
    let mut samples: Vec<(String, Vec<Sample>)> = samples(&catalog).into_iter().collect();
    samples.retain(|(service, _)| POPULAR.lines().take(SERVICES).any(|popular| popular == service));
    let accounts = accounts(resources);
    let mut random = Random(0x2026_1101);
    let mut text = HEAD.to_owned();
    text.push_str("\naccounts:\n");
    for (id, name, environment, owner) in &accounts {
        let _ = writeln!(text, "  \"{id}\": {{name: {name}, environment: {environment}, owner: {owner}}}");
    }
    text.push_str("\nresources:\n");
    for number in 0..resources {
        // Each service in turn; which of its examples, and all else, by lot.
        let (service, examples) = &samples[number % samples.len()];
        let sample = random.one_of(examples);
        let (account, _, _, _) = random.one_of(&accounts);
        let resource = resource(&mut random, service, sample, account, number);
        // A list of one is written as its item.
        text.push_str(&serde_yaml::to_string(&[resource]).unwrap());
    }
    text
}

/// Accounts in proportion to what is deployed: three at least, sixty at most.
fn accounts(resources: usize) -> Vec<(String, String, &'static str, &'static str)> {
    (0..(resources / 250).clamp(3, 60))
        .map(|number| {
            let environment = ENVIRONMENTS[number % ENVIRONMENTS.len()];
            let system = SYSTEMS[number / ENVIRONMENTS.len() % SYSTEMS.len()];
            let id = format!("{:012}", 100_000_000_007_u64 + 7_919 * number as u64);
            (
                id,
                format!("{system}-{environment}-{number}"),
                environment,
                TEAMS[number % TEAMS.len()],
            )
        })
        .collect()
}

fn resource(random: &mut Random, service: &str, sample: &Sample, account: &str, number: usize) -> Value {
    let region = *random.one_of(&REGIONS);
    let system = *random.one_of(&SYSTEMS);
    let name = format!("{system}-{service}-{number:06}");
    let field = if sample.kind.contains("aws_") || sample.kind.contains("::") {
        "type"
    } else {
        "service"
    };
    let mut fields = Map::new();
    fields.insert(field.to_owned(), json!(sample.kind));
    if let Some(mode) = &sample.mode {
        fields.insert("mode".to_owned(), json!(mode));
    }
    fields.insert("name".to_owned(), json!(name));
    // ARNs with its id as their namespace are of what came before it.
    let namespace = if service == "waf" { "wafv2" } else { service };
    fields.insert("arn".to_owned(), json!(format!("arn:aws:{namespace}:{region}:{account}:{name}")));
    fields.insert("account".to_owned(), json!(account));
    fields.insert("region".to_owned(), json!(region));
    if random.percent(30) {
        fields.insert("owner".to_owned(), json!(random.one_of(&TEAMS)));
    }
    if random.percent(40) {
        fields.insert("data".to_owned(), json!([random.one_of(&DATA)]));
    }
    if random.percent(5) {
        fields.insert("count".to_owned(), json!(2 + random.below(8)));
    }
    let team = random.one_of(&TEAMS);
    fields.insert(
        "tags".to_owned(),
        json!({
            "system": system, "cost-center": format!("{}", 4_000 + random.below(40)), "managed-by": "terraform", "run-by": team,
        }),
    );
    let config: Map<String, Value> = sample
        .config
        .iter()
        .filter_map(|(key, value)| match value {
            // One in ten is unset, and one switch in ten is the other way round.
            _ if random.percent(10) => None,
            Value::Bool(on) if random.percent(10) => Some((key.clone(), json!(!on))),
            value => Some((key.clone(), value.clone())),
        })
        .collect();
    fields.insert("config".to_owned(), Value::Object(config));
    Value::Object(fields)
}

/// Examples by service.
fn samples(catalog: &Catalog) -> BTreeMap<String, Vec<Sample>> {
    let mut samples: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
    for folder in ["estate", "reference"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("inventories").join(folder);
        let loaded = inventory::load(&[path], catalog, &mut SourceMap::default()).unwrap();
        for resource in loaded.inventory.resources.iter().filter(|resource| !resource.supporting) {
            let Some(service) = &resource.service else { continue };
            let mut config = Map::clone(&resource.config);
            config.shift_remove("resource_type");
            // An ARN would name the account of the example.
            let kind = if resource.kind.starts_with("arn:") {
                service.to_string()
            } else {
                resource.kind.to_string()
            };
            let mode = resource
                .mode
                .as_ref()
                .map(|mode| mode.to_string())
                .filter(|mode| mode != STANDARD_MODE);
            samples.entry(service.to_string()).or_default().push(Sample { kind, mode, config });
        }
    }
    for service in catalog.service_ids() {
        if !samples.contains_key(service) {
            let sample = Sample {
                kind: service.to_owned(),
                mode: None,
                config: asked_for(catalog, service),
            };
            samples.insert(service.to_owned(), vec![sample]);
        }
    }
    samples
}

/// The attributes that a service's predicates look at, all of them switched on.
fn asked_for(catalog: &Catalog, service: &str) -> Map<String, Value> {
    let split = catalog.split(service, None).unwrap();
    let activities = split.controls.iter().flat_map(|control| &control.activities);
    let predicates = activities.flat_map(|activity| activity.when.iter().chain(&activity.met_when));
    let mut config = Map::new();
    for path in predicates.flat_map(|predicate| predicate.attributes()) {
        let mut at = &mut config;
        let mut steps = path.split('.').peekable();
        while let Some(step) = steps.next() {
            let entry = at.entry(step).or_insert_with(|| json!({}));
            if steps.peek().is_none() {
                *entry = json!(true);
                break;
            }
            if !entry.is_object() {
                *entry = json!({});
            }
            match entry {
                Value::Object(inner) => at = inner,
                _ => break,
            }
        }
    }
    config
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one_of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}
