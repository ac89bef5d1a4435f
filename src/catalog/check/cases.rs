//! What predicates say of their cases.
//!
//! In: the activities of a service file. Out: cases of which predicates say something else, and verdicts that no case tries.

use super::Checker;
use super::attributes::DERIVED;
use crate::catalog::attributes::{Kind, Origin, ResourceType};
use crate::catalog::case::{Case, verdict_name};
use crate::catalog::file::ActivityFile;
use crate::catalog::judgement::Verdict;
use crate::catalog::predicate::{Attributes, ITS_OWN, Predicate};
use crate::diagnostics::{Code, Diagnostic, Place, Route, nearest};
use serde_json::Value;

/// What the program itself says of every resource, by the type that it is of.
const KIND: &str = "kind";

/// How many letters of a name may be other than meant.
const MISSPELT: usize = 2;

impl Checker<'_> {
    /// Tries the predicates on their cases. A predicate is believed when it has been tried: each verdict that it can give
    /// needs a case.
    pub(super) fn cases(&mut self, at: &Route, activity: &ActivityFile) {
        let judged = activity.met_when.is_some() || activity.attested_when.is_some() || activity.disproved_when.is_some();
        let needed = [
            (Verdict::Met, activity.met_when.is_some() || activity.attested_when.is_some()),
            (Verdict::NotMet, activity.met_when.is_some() || activity.disproved_when.is_some()),
            (Verdict::NotApplicable, activity.when.is_some() || activity.unless.is_some()),
            (Verdict::Unknown, true),
        ];
        for (verdict, _) in needed.into_iter().filter(|(_, needed)| judged && *needed) {
            if activity.cases.iter().all(|case| case.verdict != verdict) {
                let verdict = verdict_name(verdict);
                self.fault_help(
                    at.clone(),
                    format!("`{}` has no case that is {verdict}", activity.id),
                    format!("add `- {{{verdict}: {{NAME: VALUE}}}}` under `cases`: attributes of which the predicates must say so"),
                );
            }
        }
        for path in activity.tests().all().flat_map(Predicate::searched_policies) {
            self.fault(
                at.clone(),
                format!("`{path}` is a policy: read it with the test `policy`, and search nothing in its text"),
            );
        }
        for (index, case) in activity.cases.iter().enumerate() {
            self.case(&at.then("cases").then(index), activity, case);
        }
    }

    fn case(&mut self, at: &Route, activity: &ActivityFile, case: &Case) {
        // What is of no service has no attributes, and an account's are those of all services.
        if !self.service.is_empty() && !self.catalog.is_account_service(&self.service) {
            self.names(&at.then(verdict_name(case.verdict)), "", &case.given);
        }
        let Some(origin) = case.from else {
            let found = activity.tests().judge(&case.given, case.on);
            return self.compare(at, activity, case, found, String::new());
        };
        let types = self.catalog.resource_types(&self.service);
        // Of what is not declared nothing is delivered.
        let mut given = case.given.clone();
        given.retain(|name, _| name == KIND || types.iter().any(|one| one.attributes.has(name)));
        let of = types.iter().filter(|one| may_be(one, origin, activity, &given));
        let delivered: Vec<(&str, Attributes)> = of
            .map(|one| {
                let mut attributes = one.delivered(origin, &given);
                attributes.entry(KIND).or_insert_with(|| (&*one.id).into());
                (&*one.id, attributes)
            })
            .collect();
        if delivered.is_empty() {
            return self.fault_help(
                at.clone(),
                format!("{} has no resource of `{}` with these attributes", origin.id(), self.service),
                "leave `from` out, or write the attributes of one of the `resources` that the source has".to_owned(),
            );
        }
        let found = delivered.into_iter().map(|(kind, attributes)| {
            let found = activity.tests().judge(&attributes, case.on);
            (found, format!(" as {} delivers `{kind}`", origin.id()))
        });
        let mut found: Vec<(Verdict, String)> = found.collect();
        // A type that the activity is not about says nothing, unless that is what is tried.
        if found.iter().any(|(verdict, _)| *verdict != Verdict::NotApplicable) && case.verdict != Verdict::NotApplicable {
            found.retain(|(verdict, _)| *verdict != Verdict::NotApplicable);
        }
        for (found, how) in found {
            self.compare(at, activity, case, found, how);
        }
    }

    /// That all names of a case are declared, as Terraform spells them whatever delivers them: of others nothing is delivered.
    fn names(&mut self, at: &Route, within: &str, given: &Attributes) {
        let types = self.catalog.resource_types(&self.service).to_vec();
        for (key, value) in given {
            let name = format!("{within}{key}");
            // Its own names every resource has.
            if within.is_empty() && (DERIVED.contains(&key.as_str()) || ITS_OWN.contains(&key.as_str())) {
                continue;
            }
            let at = at.then(key.as_str());
            if !types.iter().any(|one| one.attributes.has(&name)) {
                let known: Vec<String> = types.iter().flat_map(|one| one.attributes.names()).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                // That something quite else says nothing may be what the case tries.
                if let Some(near) = nearest(&name, known).filter(|near| strsim::osa_distance(near, &name) <= MISSPELT) {
                    let message = format!("`{name}` is no declared attribute of `{}`", self.service);
                    let told = Diagnostic::new(Code::CatalogError, message).at(Place::key(self.path, at));
                    self.found.push(told.help(format!("did you mean `{near}`?")));
                }
                continue;
            }
            // What keys and documents hold has names of its own.
            let is_block = types
                .iter()
                .all(|one| one.attributes.get(&name).is_none_or(|one| one.kind == Kind::Block));
            let blocks: Vec<(Route, &Value)> = match value {
                Value::Array(items) => items.iter().enumerate().map(|(index, item)| (at.then(index), item)).collect(),
                other => vec![(at, other)],
            };
            for (at, block) in blocks.into_iter().filter(|_| is_block) {
                if let Value::Object(inner) = block {
                    self.names(&at, &format!("{name}."), inner);
                }
            }
        }
    }

    fn compare(&mut self, at: &Route, activity: &ActivityFile, case: &Case, found: Verdict, how: String) {
        if found != case.verdict {
            let (is, should_be) = (verdict_name(found), verdict_name(case.verdict));
            self.fault(
                at.clone(),
                format!("`{}` is {is} in this case{how}, where it should be {should_be}", activity.id),
            );
        }
    }
}

/// Whether attributes may be those of a resource of a type, as a source has it.
fn may_be(one: &ResourceType, origin: Origin, activity: &ActivityFile, given: &Attributes) -> bool {
    !one.types(origin).is_empty()
        && (activity.of.is_empty() || activity.of.contains(&one.id))
        && given.get(KIND).is_none_or(|kind| *kind == *one.id)
        && given.keys().all(|name| name == KIND || one.attributes.has(name))
}
