//! What a plan says beside the values that it plans.
//!
//! In: the root that `terraform show -json` prints of a plan. Out: words about it: that it is not all that will be there, what stays
//! deployed though Terraform forgets it, what was changed by others.

use crate::diagnostics::{Code, Diagnostic, Severity};
use serde_json::{Map, Value};

/// How many addresses are named.
const NAMED: usize = 3;

/// What is worth telling of a plan; nothing of a state.
pub(super) fn words(root: &Map<String, Value>, file: &str) -> Vec<Diagnostic> {
    if !["planned_values", "resource_changes"].iter().any(|key| root.contains_key(*key)) {
        return Vec::new();
    }
    let is = |key: &str, value: bool| root.get(key) == Some(&Value::Bool(value));
    let partial = |what: String, help: &str| Diagnostic::new(Code::ImportPartial, what).help(help);
    let note = |what: String, help: &str| Diagnostic::new(Code::PlanSays, what).help(help);
    let mut words = Vec::new();
    let deferred = deferred(root);
    if is("errored", true) {
        let what = format!("`{file}` is a plan that ended in an error, and lacks what Terraform had not come to");
        words.push(partial(what, "mend what the plan failed at and plan again, or import the state"));
    } else if is("complete", false) && deferred.is_empty() {
        let what = format!("`{file}` is an incomplete plan: more than it plans is to be done before all is as configured");
        words.push(partial(
            what,
            "plan again without `-target` and after it was applied, or import the state",
        ));
    }
    if !deferred.is_empty() {
        let what = format!("`{file}` puts off {}, which a later plan will make", counted(&deferred, "resource"));
        words.push(partial(
            what,
            "plan again once this plan is applied; until then their duties are not in the report",
        ));
    }
    let forgotten = forgotten(root).map(address).collect::<Vec<_>>();
    if !forgotten.is_empty() {
        let verb = if forgotten.len() == 1 {
            "stays deployed and is"
        } else {
            "stay deployed and are"
        };
        let what = format!("`{file}` forgets {}, which {verb} kept", counted(&forgotten, "resource"));
        words.push(note(
            what,
            "Terraform does not manage what it forgets, and somebody answers for it all the same",
        ));
    }
    let drift: Vec<String> = list(root, "resource_drift").map(address).collect();
    if !drift.is_empty() {
        let by_others = format!("{} that others than Terraform changed", counted(&drift, "resource"));
        let what = if changes_nothing(root) {
            format!("`{file}` changes nothing but the state, as `-refresh-only` plans it, and tells of {by_others}")
        } else {
            format!("`{file}` tells of {by_others}")
        };
        words.push(note(what, "what is imported is what will be there once the plan is applied"));
    }
    let failed: Vec<String> = list(root, "checks").filter(|check| fails(check)).map(check_address).collect();
    if !failed.is_empty() {
        let verb = if failed.len() == 1 { "does" } else { "do" };
        let what = format!("in `{file}` {} {verb} not hold", counted(&failed, "check"));
        words.push(Diagnostic {
            severity: Severity::Warning,
            ..note(what, "they are conditions of the configuration itself, and no results of a scanner")
        });
    }
    let actions = ["action_invocations", "deferred_action_invocations"]
        .iter()
        .flat_map(|key| list(root, key));
    let actions: Vec<String> = actions
        .map(|action| address(action.get("action_invocation").unwrap_or(action)))
        .collect();
    if !actions.is_empty() {
        let what = format!("`{file}` runs {}, of which nothing stays deployed", counted(&actions, "action"));
        words.push(note(what, "what an action does to a resource is not known before it has run"));
    }
    words
}

/// The changes by which Terraform forgets what stays deployed.
pub(super) fn forgotten(root: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    list(root, "resource_changes").filter(|change| {
        let is_managed = change.get("mode").is_none_or(|mode| mode == "managed");
        is_managed && actions(change).any(|action| action == "forget")
    })
}

/// What leaves a resource as it was, if there was one.
const STAYS: &[&str] = &["no-op", "read", "create", "forget"];

/// The changes after which a resource is not there any more, or not as it was.
pub(super) fn undone(root: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    list(root, "resource_changes").filter(|change| {
        let is_managed = change.get("mode").is_none_or(|mode| mode == "managed");
        let stays = |action: &Value| action.as_str().is_some_and(|action| STAYS.contains(&action));
        is_managed && change.pointer("/change/before").is_some_and(Value::is_object) && !actions(change).all(stays)
    })
}

/// Whether a change is none.
pub(super) fn is_none(change: &Value) -> bool {
    let actions = change.get("actions").and_then(Value::as_array);
    actions.is_some_and(|actions| actions.iter().all(|action| action == "no-op"))
}

fn actions(change: &Value) -> impl Iterator<Item = &Value> {
    let actions = change.pointer("/change/actions").and_then(Value::as_array);
    actions.into_iter().flatten()
}

/// Whether a plan leaves every resource as it is.
fn changes_nothing(root: &Map<String, Value>) -> bool {
    list(root, "resource_changes").all(|change| actions(change).all(|action| action == "no-op" || action == "read"))
}

fn deferred(root: &Map<String, Value>) -> Vec<String> {
    let changes = list(root, "deferred_changes").map(|deferred| deferred.get("resource_change").unwrap_or(deferred));
    changes
        .filter(|change| change.get("mode").is_none_or(|mode| mode == "managed"))
        .map(address)
        .collect()
}

fn list<'r>(root: &'r Map<String, Value>, key: &str) -> impl Iterator<Item = &'r Value> {
    root.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn fails(check: &Value) -> bool {
    check.get("status").is_some_and(|status| status == "fail" || status == "error")
}

fn check_address(check: &Value) -> String {
    let shown = check.pointer("/address/to_display").and_then(Value::as_str);
    shown.unwrap_or_default().to_owned()
}

fn address(of: &Value) -> String {
    of.get("address").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// `2 resources (a, b)`.
fn counted(addresses: &[String], noun: &str) -> String {
    let named: Vec<&str> = addresses
        .iter()
        .map(String::as_str)
        .filter(|one| !one.is_empty())
        .take(NAMED)
        .collect();
    let more = if addresses.len() > named.len() { ", ..." } else { "" };
    let plural = if addresses.len() == 1 { "" } else { "s" };
    format!("{} {noun}{plural} ({}{more})", addresses.len(), named.join(", "))
}
