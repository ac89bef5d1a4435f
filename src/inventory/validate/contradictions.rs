//! What cannot both be true of one resource.
//!
//! In: a resource as written, and what its words were resolved to. Out: diagnostics.

use super::Validator;
use crate::catalog::{Arn, STANDARD_MODE, is_account};
use crate::diagnostics::{Code, Diagnostic, Place, Route, Severity};
use crate::inventory::Resource;
use crate::inventory::file::ResourceFile;
use std::sync::Arc;

/// A resource of a file, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Written<'w> {
    pub(super) file: &'w ResourceFile,
    pub(super) path: &'w Arc<str>,
    pub(super) at: &'w Route,
}

impl Written<'_> {
    fn place(&self, key: &str) -> Place {
        Place::value(self.path, self.at.then(key))
    }

    fn fault(&self, message: String, key: &str) -> Diagnostic {
        Diagnostic::new(Code::Contradiction, message).at(self.place(key))
    }
}

impl Validator<'_> {
    pub(super) fn contradictions(&mut self, written: Written<'_>, resource: &Resource) {
        self.two_modes(written);
        self.type_of_another(written, resource);
        self.arn_of_another(written, resource);
        self.mode_against_config(written, resource);
        self.several_of_one_arn(written, resource);
    }

    /// `lambda/zip`, and another mode beside it.
    fn two_modes(&mut self, written: Written<'_>) {
        let Some((service, mode)) = written.file.service.as_ref().zip(written.file.mode.as_ref()) else {
            return;
        };
        if Arn::begins(&service.0) {
            return;
        }
        if let Some((_, inline)) = service.0.split_once('/').filter(|(_, inline)| *inline != mode.0) {
            let message = format!("`service` says the mode `{inline}`, and `mode` says `{}`", mode.0);
            let fault = written.fault(message, "mode").at_labelled(written.place("service"), "here");
            self.found.push(fault.help("keep one of the two"));
        }
    }

    /// `service: rds`, and a type of S3.
    fn type_of_another(&mut self, written: Written<'_>, resource: &Resource) {
        let (Some(named), Some(kind), Some(service)) = (&written.file.service, &written.file.kind, &resource.service) else {
            return;
        };
        let Some((other, _)) = self.catalog.classify_type(&kind.0).filter(|(other, _)| *other != &**service) else {
            return;
        };
        // What attributes of a type tell may make it the other service's.
        let leads = |from: &str, to: &str| self.catalog.others_of(from).iter().any(|rule| rule.to == to);
        if leads(other, service) || leads(service, other) {
            return;
        }
        let message = format!("`{}` is a type of `{other}`, and `service` says `{}`", kind.0, named.0);
        let fault = written.fault(message, "type").at_labelled(written.place("service"), "here");
        self.found
            .push(fault.help("keep the one that is right: `type` alone tells the service"));
    }

    /// An ARN that says another service, account or Region.
    fn arn_of_another(&mut self, written: Written<'_>, resource: &Resource) {
        let Some(text) = written.file.arn.as_ref().map(|arn| arn.0.trim()) else {
            return;
        };
        let Some(arn) = Arn::parse(text) else { return };
        let said = [
            ("account", written.file.account.as_ref(), arn.account),
            ("region", written.file.region.as_ref(), arn.region),
        ];
        for (key, value, in_arn) in said {
            if let Some(value) = value.filter(|value| !in_arn.is_empty() && value.0.trim() != in_arn) {
                // What AWS owns is in no account, and says so by its name.
                let is_number = key == "region" || is_account(in_arn);
                if is_number {
                    let message = format!("the ARN is of the {key} `{in_arn}`, and `{key}` says `{}`", value.0);
                    let fault = written.fault(message, key).at_labelled(written.place("arn"), "here");
                    self.found.push(fault.help(format!("leave `{key}` out, or correct one of the two")));
                }
            }
        }
        let (Some(service), Some(named)) = (&resource.service, &written.file.service) else {
            return;
        };
        let owner = self.service_of_arn(text, &arn);
        if let Some(owner) = owner
            && owner != *service
            && !self.shares_arns(&owner, service)
        {
            let message = format!("the ARN is of `{owner}`, and `service` says `{}`", named.0);
            let fault = written.fault(message, "arn").at_labelled(written.place("service"), "here");
            self.found.push(fault.help("correct one of the two"));
        }
    }

    /// Whether ARNs of one service may be another's: such as those of `rds`, which Aurora's clusters have, too.
    fn shares_arns(&self, owner: &str, service: &str) -> bool {
        let namespaces = |id: &str| -> Vec<String> {
            let entry = self.catalog.service(id);
            let patterns = entry.iter().flat_map(|entry| &entry.aliases.arn);
            let names = patterns.map(|pattern| pattern.split([':', '*']).next().unwrap_or(pattern).to_owned());
            names.collect()
        };
        let of_owner = namespaces(owner);
        let reclassified = self.catalog.others_of(owner);
        let own = namespaces(service);
        own.is_empty() || own.iter().any(|name| of_owner.contains(name)) || reclassified.iter().any(|rule| rule.to == service)
    }

    /// `mode: fargate`, and attributes that show another.
    fn mode_against_config(&mut self, written: Written<'_>, resource: &Resource) {
        let (Some(service), Some(mode)) = (&resource.service, &resource.mode) else {
            return;
        };
        let mode = Some(&**mode).filter(|mode| *mode != STANDARD_MODE);
        let Some(attributes) = self.catalog.mode_refuted_by(service, mode, &resource.config) else {
            return;
        };
        let names: Vec<String> = attributes.iter().map(|name| format!("`{name}`")).collect();
        let key = if written.file.mode.is_some() { "mode" } else { "service" };
        let message = format!(
            "the resource is said to run as `{}`, and its {} show{} that it does not",
            mode.unwrap_or(STANDARD_MODE),
            names.join(" and "),
            if names.len() == 1 { "s" } else { "" }
        );
        let fault = written.fault(message, key).at_labelled(written.place("config"), "here");
        let fault = fault.help("leave the mode out to have it settled from `config`; until then what is said counts");
        self.found.push(Diagnostic {
            severity: Severity::Warning,
            ..fault
        });
    }

    /// `service: rds`, and an engine of Aurora's: it is the service that the attributes show, as in what is imported. A mode of the
    /// service that is named says nothing of the other one.
    pub(super) fn service_against_config(&mut self, written: Written<'_>, resource: &mut Resource, named: Option<&str>) {
        let Some(named) = named.filter(|named| resource.service.as_deref() != Some(*named)) else {
            return;
        };
        let shown = resource.service.clone();
        let has_mode = |mode: &str| match &shown {
            Some(shown) => mode == STANDARD_MODE || self.catalog.modes(shown).iter().any(|known| known.id == mode),
            None => false,
        };
        resource.mode.take_if(|mode| !has_mode(mode));
        let Some(shown) = shown else { return };
        let rules = self.catalog.others_of(named);
        let rule = rules.iter().find(|rule| *rule.to == *shown);
        let names: Vec<String> = rule
            .iter()
            .flat_map(|rule| rule.when.attributes())
            .map(|name| format!("`{name}`"))
            .collect();
        let verb = if names.len() == 1 { "shows" } else { "show" };
        let message = format!("`service` says `{named}`, and {} {verb} that it is `{shown}`", names.join(" and "));
        let fault = written.fault(message, "service").at_labelled(written.place("config"), "here");
        let fault = fault.help(format!(
            "write `service: {shown}`, as which it counts, or correct what `config` says"
        ));
        self.found.push(Diagnostic {
            severity: Severity::Warning,
            ..fault
        });
    }

    /// `count: 2`, and an ARN, which names one.
    fn several_of_one_arn(&mut self, written: Written<'_>, resource: &Resource) {
        if resource.count <= 1 || written.file.arn.is_none() {
            return;
        }
        let message = format!("`count` says {}, and an ARN names one resource", resource.count);
        let fault = written.fault(message, "count").at_labelled(written.place("arn"), "here");
        let fault = fault.help("leave one of the two out: figures count what `count` says");
        self.found.push(Diagnostic {
            severity: Severity::Warning,
            ..fault
        });
    }
}
