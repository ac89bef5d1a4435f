//! Assessment results: what configuration, scanners and artefacts show of each control.
//!
//! In: a joined inventory and a framework. Out: observations with their day, and for each control of which anything was seen
//! whether all of it is. What nobody looked at is no result: it is named among what was not reviewed.

use super::ids::{NONE, Names};
use super::metadata::{moment, of_system, party_uuid};
use super::model::assessment::{
    Actor, All, ControlId, Document, Evidence, Finding, ImportPlan, LocalDefinitions, Observation, Origin, Outcome, RelatedObservation,
    Results, Reviewed, Selection, SubjectReference, Target, TargetStatus,
};
use super::model::{BackMatter, Property, Resource, Status, SystemComponent};
use super::ssp::{item, item_uuid, unit_component};
use super::status::Tally;
use super::{Asked, Joined, text};
use crate::raci::requirements::{Answered, Serving};
use crate::raci::{CheckIx, Duty, DutyIx, EvidenceIx, Means, ResourceIx, Shown, UnitIx};
use std::collections::{BTreeMap, BTreeSet};

/// The results for a framework.
#[must_use]
pub fn results(of: Joined<'_>, asked: Asked<'_>) -> Document {
    let names = of.names();
    let making = Making { of, asked, names: &names };
    let serving = Serving::of(of.matrix);
    let answered = serving.answer(asked.framework, asked.baseline);
    let (seen, unseen): (Vec<&Answered<'_>>, Vec<&Answered<'_>>) = answered.iter().partition(|one| making.is_seen(one));
    let duties: BTreeSet<DutyIx> = seen.iter().flat_map(|one| one.duties.iter().copied()).collect();
    let observations: Vec<Observation> = duties.iter().flat_map(|duty| making.observations(&of.matrix[*duty])).collect();
    let (_, of_framework) = asked.source(&names);
    let no_plan = Resource {
        uuid: names.uuid("no-assessment-plan", &[]),
        title: "No assessment plan".to_owned(),
        description: Some(
            "The results come from configuration, scanners and artefacts that the inventory names; no plan was written for them."
                .to_owned(),
        ),
        rlinks: Vec::new(),
    };
    let start = observations
        .iter()
        .map(|one| one.collected.as_str())
        .min()
        .map_or_else(|| moment(of.as_of), str::to_owned);
    let outcome = Outcome {
        uuid: names.uuid(
            "result",
            &[&of.as_of.to_string(), &asked.framework.id, asked.baseline.unwrap_or_default()],
        ),
        title: text::line(&asked.title()),
        description: "What was seen by the day that the document is true for. It is no assessor's opinion.".to_owned(),
        start,
        end: moment(of.as_of),
        local_definitions: making.definitions(&duties),
        reviewed_controls: making.reviewed(&seen, &unseen),
        findings: seen.iter().map(|one| making.finding(one)).collect(),
        observations,
        remarks: (!unseen.is_empty()).then(|| {
            format!(
                "{} of {} controls were not reviewed: nothing that was read shows anything of them.",
                unseen.len(),
                answered.len()
            )
        }),
    };
    let mut results = Results {
        uuid: NONE.to_owned(),
        metadata: of_system(&of, &names, &format!("{}: what was seen of {}", of.system(), asked.title())),
        import_ap: ImportPlan {
            href: format!("#{}", no_plan.uuid),
        },
        results: vec![outcome],
        back_matter: BackMatter {
            resources: std::iter::once(no_plan).chain(of_framework).collect(),
        },
    };
    results.uuid = names.document("assessment-results", &results);
    Document {
        assessment_results: results,
    }
}

struct Making<'a> {
    of: Joined<'a>,
    asked: Asked<'a>,
    names: &'a Names,
}

impl Making<'_> {
    /// Whether anything was seen of a control.
    fn is_seen(&self, one: &Answered<'_>) -> bool {
        one.duties.iter().any(|duty| self.of.matrix[*duty].shown_by.iter().any(is_told))
    }

    fn reviewed(&self, seen: &[&Answered<'_>], unseen: &[&Answered<'_>]) -> Reviewed {
        let ids = |list: &[&Answered<'_>]| {
            let ids = list.iter().map(|one| ControlId {
                control_id: self.asked.control_id(&one.requirement.id),
            });
            ids.collect::<Vec<_>>()
        };
        let description = "Controls of whose duties anything was seen.".to_owned();
        let selection = if seen.is_empty() {
            Selection {
                description,
                include_all: Some(All {}),
                include_controls: Vec::new(),
                exclude_controls: ids(unseen),
            }
        } else {
            Selection {
                description,
                include_all: None,
                include_controls: ids(seen),
                exclude_controls: Vec::new(),
            }
        };
        Reviewed {
            control_selections: vec![selection],
        }
    }

    /// The services, resources and scanners that the observations speak of.
    fn definitions(&self, duties: &BTreeSet<DutyIx>) -> Option<LocalDefinitions> {
        let matrix = self.of.matrix;
        let mut items: BTreeMap<ResourceIx, UnitIx> = BTreeMap::new();
        let (mut units, mut scanners) = (BTreeSet::new(), BTreeMap::new());
        for duty in duties.iter().map(|duty| &matrix[*duty]) {
            for shown in duty.shown_by.iter().filter(|shown| is_told(shown)) {
                units.insert(duty.unit);
                items.extend(shown.resources().into_iter().map(|index| (index, duty.unit)));
                if let Means::Check(check) = shown.means {
                    scanners.insert(&matrix[check].scanner, &matrix[check].scanner_name);
                }
            }
        }
        let is_read = duties.iter().any(|duty| {
            matrix[*duty]
                .shown_by
                .iter()
                .any(|shown| is_told(shown) && shown.means == Means::Configuration)
        });
        let reader = is_read.then(|| self.tool("cloudraci", "cloudraci", "Reads the configuration that the inventory gives."));
        let scanners = scanners
            .into_iter()
            .map(|(id, name)| self.tool(id, name, "A scanner whose results were read."));
        let components: Vec<SystemComponent> = reader
            .into_iter()
            .chain(scanners)
            .chain(units.iter().map(|unit| unit_component(&self.of, self.names, *unit)))
            .collect();
        let inventory_items = items
            .into_iter()
            .map(|(index, unit)| item(&self.of, self.names, index, unit))
            .collect();
        (!components.is_empty()).then_some(LocalDefinitions {
            components,
            inventory_items,
        })
    }

    fn tool_uuid(&self, id: &str) -> String {
        self.names.uuid("tool", &[id])
    }

    fn tool(&self, id: &str, name: &str, what: &str) -> SystemComponent {
        SystemComponent {
            uuid: self.tool_uuid(id),
            kind: "software",
            title: text::line(name),
            description: what.to_owned(),
            props: Vec::new(),
            status: Status {
                state: "operational",
                remarks: None,
            },
            responsible_roles: Vec::new(),
        }
    }

    fn observations(&self, duty: &Duty) -> Vec<Observation> {
        let told = duty.shown_by.iter().filter(|shown| is_told(shown));
        told.map(|shown| self.observation(duty, shown)).collect()
    }

    fn observation_uuid(&self, duty: &Duty, shown: &Shown) -> String {
        let means = match shown.means {
            Means::Configuration => "configuration".to_owned(),
            Means::Check(check) => format!("check {} {}", self.of.matrix[check].scanner, self.of.matrix[check].id),
            Means::Evidence(evidence) => format!("evidence {}", evidence.position()),
        };
        self.names.uuid("observation", &[duty.id.text(), &means])
    }

    fn observation(&self, duty: &Duty, shown: &Shown) -> Observation {
        let matrix = self.of.matrix;
        let count = |list: &[ResourceIx]| matrix.count(list.iter().copied());
        let excepted: Vec<ResourceIx> = shown.excepted.iter().map(|(index, _)| *index).collect();
        let met = if shown.is_attestation() { "attested" } else { "met" };
        let counts = [
            (count(&shown.met), met),
            (count(&shown.not_met), "not met"),
            (count(&excepted), "excepted"),
            (count(&shown.part), "looked at in part"),
        ];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{word} on {count}"))
            .collect();
        let counts = format!("{} of {} resources", counts.join(", "), duty.resources.count);
        let source = match shown.means {
            Means::Configuration => self.by_configuration(),
            Means::Check(check) => self.by_check(check, shown),
            Means::Evidence(evidence) => self.by_evidence(evidence, duty),
        };
        Observation {
            uuid: self.observation_uuid(duty, shown),
            title: text::catalog(&duty.activity.does),
            description: format!("{}: {counts}.", source.what),
            props: vec![Property::own("duty", duty.id.text()), Property::own("state", shown.word())],
            methods: vec![source.method],
            origins: vec![Origin {
                actors: vec![source.actor],
            }],
            subjects: shown
                .resources()
                .into_iter()
                .map(|index| SubjectReference {
                    subject_uuid: item_uuid(self.names, index),
                    kind: "inventory-item",
                })
                .collect(),
            relevant_evidence: source.evidence,
            collected: source.collected,
            expires: source.expires,
        }
    }

    fn by_configuration(&self) -> Source {
        Source {
            what: "By the configuration that the inventory gives".to_owned(),
            method: "EXAMINE",
            actor: Actor {
                kind: "tool",
                actor_uuid: self.tool_uuid("cloudraci"),
            },
            collected: moment(self.of.as_of),
            expires: None,
            evidence: Vec::new(),
        }
    }

    fn by_check(&self, check: CheckIx, shown: &Shown) -> Source {
        let matrix = self.of.matrix;
        let of = &matrix[check];
        let looks = shown.looks.iter().map(|(_, result)| &matrix[*result]);
        let last = looks.clone().filter_map(|look| look.at).max();
        let files: BTreeSet<usize> = looks.map(|look| look.file).collect();
        let title = of.title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default();
        Source {
            what: text::line(&format!("By check {} of {}{title}", of.id, of.scanner_name)),
            method: "TEST",
            actor: Actor {
                kind: "tool",
                actor_uuid: self.tool_uuid(&of.scanner),
            },
            // Seconds, in UTC: no more is known of most results.
            collected: last.map_or_else(|| moment(self.of.as_of), |at| format!("{}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))),
            expires: None,
            evidence: files
                .into_iter()
                .map(|file| Evidence {
                    href: None,
                    description: text::line(&format!("{}: {}", matrix.scans.files[file].format, matrix.scans.files[file].path)),
                })
                .collect(),
        }
    }

    fn by_evidence(&self, index: EvidenceIx, duty: &Duty) -> Source {
        let evidence = &self.of.inventory[index];
        let by = evidence.by.as_ref();
        let party = by.and_then(|by| self.of.inventory.parties.get(by.party));
        Source {
            what: match by {
                Some(by) => text::line(&format!("{} vouches with an artefact", self.of.inventory.called(by))),
                None => "By an artefact".to_owned(),
            },
            method: "EXAMINE",
            actor: match party {
                Some(party) => Actor {
                    kind: "party",
                    actor_uuid: party_uuid(self.names, &party.id),
                },
                None => self.by_configuration().actor,
            },
            collected: moment(evidence.reviewed.unwrap_or(self.of.as_of)),
            expires: evidence.attests_until(duty.activity.cadence).map(moment),
            evidence: vec![Evidence {
                href: evidence
                    .location
                    .as_deref()
                    .filter(|location| location.contains("://"))
                    .map(str::to_owned),
                description: text::line(&evidence.artefact),
            }],
        }
    }

    fn finding(&self, one: &Answered<'_>) -> Finding {
        let matrix = self.of.matrix;
        let id: &str = &one.requirement.id;
        let duties = || one.duties.iter().map(|duty| &matrix[*duty]);
        let tally = Tally::of(duties().map(|duty| duty.state));
        let implementation = tally.status();
        let (state, reason) = match (implementation.state, tally.not_met) {
            ("implemented", _) => ("satisfied", "pass"),
            (_, 0) => ("not-satisfied", "other"),
            _ => ("not-satisfied", "fail"),
        };
        let observations = duties().flat_map(|duty| duty.shown_by.iter().filter(|shown| is_told(shown)).map(move |shown| (duty, shown)));
        let title = one
            .requirement
            .title
            .as_deref()
            .map_or_else(|| id.to_owned(), |title| format!("{id} {title}"));
        Finding {
            uuid: self.names.uuid("finding", &[&self.asked.framework.id, id]),
            title: text::line(&title),
            description: format!("{} of {} duties that are left to the customer are shown.", tally.shown, tally.all()),
            target: Target {
                kind: "statement-id",
                target_id: format!("{}_smt", self.asked.control_id(id)),
                status: TargetStatus {
                    state,
                    reason,
                    remarks: implementation.remarks.clone(),
                },
                implementation_status: implementation,
            },
            related_observations: observations
                .map(|(duty, shown)| RelatedObservation {
                    observation_uuid: self.observation_uuid(duty, shown),
                })
                .collect(),
        }
    }
}

/// Where an observation comes from.
struct Source {
    what: String,
    method: &'static str,
    actor: Actor,
    collected: String,
    expires: Option<String>,
    evidence: Vec<Evidence>,
}

/// Whether what shows a duty says anything.
fn is_told(shown: &Shown) -> bool {
    !shown.resources().is_empty()
}
