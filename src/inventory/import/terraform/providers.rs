//! What a plan says of the configurations of its providers.
//!
//! In: the root that `terraform show -json` prints. Out: account and region by the address of a resource, as far as
//! constants and the values of the plan's variables tell them.

use super::super::ANY_OF_ITS;
use super::super::location::{Configured, is_account, is_region};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How deep modules are followed.
const DEPTH: usize = 64;

/// Configurations of providers, and which of them makes what.
#[derive(Debug, Default)]
pub(super) struct Providers {
    by_key: BTreeMap<String, Configured>,
    /// By the address without indices.
    keys: BTreeMap<String, String>,
    /// Whether the source tells of configurations at all.
    are_told: bool,
}

impl Providers {
    /// Those of a plan; a state has none.
    pub(super) fn of(root: &Map<String, Value>) -> Self {
        let mut providers = Self::default();
        let Some(configuration) = root.get("configuration") else {
            return providers;
        };
        providers.are_told = true;
        let variables = root.get("variables");
        let configured = configuration.get("provider_config").and_then(Value::as_object);
        for (key, one) in configured.into_iter().flatten() {
            let name = one.get("name").and_then(Value::as_str);
            let is_own = name.is_some_and(crate::catalog::provider::is_own_terraform_provider);
            if is_own {
                providers.by_key.insert(key.clone(), settled(one, variables));
            }
        }
        if let Some(module) = configuration.get("root_module") {
            providers.walk(module, "", 0);
        }
        providers
    }

    fn walk(&mut self, module: &Value, path: &str, depth: usize) {
        let resources = module.get("resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            let text = |key: &str| resource.get(key).and_then(Value::as_str);
            if let (Some(address), Some(key)) = (text("address"), text("provider_config_key")) {
                self.keys.insert(format!("{path}{address}"), key.to_owned());
            }
        }
        let calls = module.get("module_calls").and_then(Value::as_object);
        for (name, call) in calls.into_iter().flatten().filter(|_| depth < DEPTH) {
            if let Some(inner) = call.get("module") {
                self.walk(inner, &format!("{path}module.{name}."), depth + 1);
            }
        }
    }

    /// The configuration of a provider that makes the resource at an address, as a state names it; one that may be any of the
    /// provider's where nothing tells of them.
    pub(super) fn reference(&self, provider: &str, address: &str) -> String {
        match self.key(address) {
            Some(key) => format!("provider[\"{provider}\"].{key}"),
            None if self.are_told => format!("provider[\"{provider}\"]"),
            None => format!("provider[\"{provider}\"]{ANY_OF_ITS}"),
        }
    }

    /// What the configuration says that makes the resource at an address.
    pub(super) fn configured(&self, address: &str) -> Option<&Configured> {
        match self.key(address) {
            Some(key) => self.by_key.get(key),
            // Without an entry the only configuration there is must be it.
            None if self.by_key.len() == 1 => self.by_key.values().next(),
            None => None,
        }
    }

    /// The key of that configuration. One of a module's own name leads to what the module was given, which Terraform resolves
    /// where it can.
    fn key(&self, address: &str) -> Option<&str> {
        let key = self.keys.get(&without_indices(address))?;
        let given = key.rsplit_once(':').map_or(key.as_str(), |(_, given)| given);
        let is_resolved = self.by_key.contains_key(key) || !self.by_key.contains_key(given);
        Some(if is_resolved { key } else { given })
    }
}

fn settled(provider: &Value, variables: Option<&Value>) -> Configured {
    let expressions = provider.get("expressions");
    let value = |expression: &Value| -> Option<String> {
        if let Some(constant) = expression.get("constant_value") {
            return match constant {
                Value::String(text) => Some(text.clone()),
                Value::Array(items) if items.len() == 1 => items[0].as_str().map(str::to_owned),
                _ => None,
            };
        }
        // An expression is known where it is one variable and nothing else.
        let references = expression.get("references")?.as_array()?;
        let [only] = references.as_slice() else { return None };
        let name = only.as_str()?.strip_prefix("var.")?;
        variables?.get(name)?.get("value")?.as_str().map(str::to_owned)
    };
    let of = |name: &str| value(expressions?.get(name)?);
    let role = || {
        let role = expressions?.get("assume_role")?;
        let role = role.as_array().and_then(|roles| roles.first()).unwrap_or(role);
        let arn = value(role.get("role_arn")?)?;
        Some(crate::catalog::Arn::parse(&arn)?.account.to_owned())
    };
    let account = role().or_else(|| of("allowed_account_ids"));
    Configured {
        account: account.filter(|account| is_account(&account.as_str())),
        region: of("region").filter(|region| is_region(&region.as_str())),
    }
}

/// `module.a.aws_x.b` of `module.a["k.1"].aws_x.b[0]`.
fn without_indices(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in address.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            _ if quoted => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}
