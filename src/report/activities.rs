//! Duties and commitments as the Report tells them.
//!
//! In: the join's duties and commitments. Out: the Report's activities, with numbers of sources and conditions.

use super::assurance::day;
use super::context::Context;
use super::model::{Activity, PartyLetters, ShownBy, Standing};
use super::names;
use super::places::Places;
use crate::catalog::{self, Cadence, Catalog, Side};
use crate::raci::{Assignment, Commitment, Duty, ExceptionIx, Matrix, Means, PartyIx, ResourceIx, Shown, State, UnitIx};
use crate::threads;
use foldhash::fast::RandomState;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What is said of an artefact that attests a duty no more.
const LAPSED: &str = "lapsed";

/// What resources tell of a duty, in words.
#[derive(Default)]
pub(super) struct Told {
    /// By what shows it, in its order: what the attributes show.
    seen: Vec<Option<String>>,
    open_because: Option<String>,
}

impl Told {
    /// Of all duties, in their order.
    pub(super) fn of_all(context: &Context<'_>) -> Vec<Self> {
        let (matrix, catalog, as_of) = (context.matrix, context.catalog, context.as_of);
        let of = |duty: &Duty| Self {
            seen: duty
                .shown_by
                .iter()
                .map(|shown| seen(matrix, catalog, (duty, shown), as_of))
                .collect(),
            open_because: matrix.open_because(duty),
        };
        // Of many resources this looks at each.
        if matrix.resources.len() < threads::MANY {
            matrix.duties.iter().map(of).collect()
        } else {
            threads::each(matrix.duties.iter().collect(), of)
        }
    }
}

/// What attributes show of a duty, where they show anything of it.
fn seen(matrix: &Matrix, catalog: &Catalog, (duty, shown): (&Duty, &Shown), as_of: Date) -> Option<String> {
    if shown.means != Means::Configuration || matrix.count(shown.resources()) == 0 {
        return None;
    }
    matrix.seen_by_configuration(catalog, duty, shown, as_of)
}

/// Writes activities, and remembers what many of them share.
pub(super) struct Writer<'w, 'a> {
    pub(super) context: &'w mut Context<'a>,
    /// Ids of the parties, in their order.
    parties: Vec<Arc<str>>,
    /// The words of predicates, by the activities that they belong to.
    words: HashMap<Arc<str>, String, RandomState>,
    places: Places<'a>,
}

impl<'w, 'a> Writer<'w, 'a> {
    /// `listed`: the resources that the Report lists.
    pub(super) fn new(context: &'w mut Context<'a>, listed: &[ResourceIx]) -> Self {
        Self {
            places: Places::of(context.matrix, listed),
            parties: context.inventory.parties.iter().map(|party| party.id.clone()).collect(),
            words: HashMap::default(),
            context,
        }
    }

    fn letters(&self, assignment: &Assignment) -> Vec<PartyLetters> {
        let parties = self.parties.iter().enumerate();
        parties
            .filter_map(|(position, party)| {
                Some(PartyLetters {
                    party: party.clone(),
                    letters: assignment.letters(PartyIx::new(position))?.text(),
                })
            })
            .collect()
    }

    pub(super) fn duty(&mut self, duty: &Duty, told: &Told) -> Activity {
        let matrix = self.context.matrix;
        let shown = duty.shown_by.iter().zip(&told.seen);
        let mut shown_by: Vec<ShownBy> = shown.filter_map(|(shown, seen)| self.shown_by(duty, shown, seen)).collect();
        shown_by.extend(self.excused_by(duty));
        shown_by.extend(self.lapsed(duty));
        let met = match &duty.state {
            // Most often it is all of them.
            State::Met => duty.resources.count,
            _ => matrix.count(duty.met()),
        };
        let place = self.places.place(&duty.resources.list);
        Activity {
            duty: Some(duty.id.text().clone()),
            state: standing(duty.state),
            shown_by,
            open_because: told.open_because.clone(),
            judged_by_configuration: duty.is_judged_by_configuration(),
            resources: duty.resources.count,
            resources_met: met,
            resources_not_met: matrix.count(duty.not_met()),
            resources_excepted: matrix.count(duty.excepted().into_iter().map(|(index, _)| index)),
            resources_attested: matrix.count(duty.attested()),
            resources_open: matrix.count(duty.open.iter().copied()),
            assignments: self.letters(&duty.assignment),
            after: duty.after.as_ref().map(|after| self.letters(after)).unwrap_or_default(),
            environment: duty.scope.environment.clone(),
            scope: names::scope(&duty.scope),
            accounts: place.accounts.clone(),
            place,
            condition: self.condition(duty.unit, &duty.activity, &duty.open),
            ..self.activity(&duty.activity, duty.operator)
        }
    }

    pub(super) fn commitment(&mut self, commitment: &Commitment) -> Activity {
        let matrix = self.context.matrix;
        let place = self.places.place(&commitment.resources.list);
        Activity {
            commitment: Some(commitment.id.text().clone()),
            resources: commitment.resources.count,
            resources_open: matrix.count(commitment.open.iter().copied()),
            assignments: self.letters(&commitment.assignment),
            accounts: place.accounts.clone(),
            place,
            condition: self.condition(commitment.unit, &commitment.activity, &commitment.open),
            ..self.activity(&commitment.activity, commitment.assignment.accountable())
        }
    }

    /// The number of the condition of an activity.
    fn condition(&mut self, unit: UnitIx, activity: &catalog::Activity, open: &[ResourceIx]) -> Option<u64> {
        let service = names::plain_label(&self.context.matrix[unit]);
        self.context.references.condition(service, activity, open)
    }

    /// What the catalog says of an activity, where a party operates what it is done on.
    fn activity(&self, activity: &catalog::Activity, operator: PartyIx) -> Activity {
        let context = &*self.context;
        let operator = &context.inventory[operator];
        let by = context.catalog.party(&operator.id).or_else(|| context.catalog.provider());
        let (mut does, how) = (activity.does.clone(), context.catalog.how(activity, &operator.id));
        if activity.id.rsplit('.').next() == Some(context.catalog.provider_evidence.as_str()) {
            if context.catalog.is_another(activity, &operator.id) {
                does = format!("{does}, from {}", operator.name).into();
            }
            let inherited = context.inherited_controls();
            if !inherited.is_empty() {
                does = format!("{does}, for the inherited controls: {}", inherited.join(", ")).into();
            }
        }
        let assurance = || match &activity.side {
            Side::Party(id) => context.catalog.party(id),
            _ => by,
        };
        Activity {
            duty: None,
            commitment: None,
            id: activity.id.clone(),
            side: activity.side.to_string(),
            does,
            how,
            cadence: activity.cadence,
            cadence_days: activity.cadence.and_then(Cadence::days),
            default: activity.default,
            state: Standing::Inherited,
            shown_by: Vec::new(),
            open_because: None,
            judged_by_configuration: false,
            requirements: context.numbers.named(activity),
            resources: 0,
            resources_met: 0,
            resources_not_met: 0,
            resources_excepted: 0,
            resources_attested: 0,
            resources_open: 0,
            assignments: Vec::new(),
            after: Vec::new(),
            evidence: activity
                .evidence
                .clone()
                .or_else(|| assurance().map(|party| context.assurance(party)))
                .unwrap_or_else(|| "".into()),
            source: activity.source.url.clone(),
            source_number: context.references.source(activity),
            reviewed: activity.source.reviewed.clone(),
            freshness: context.references.freshness(activity.source.reviewed.as_deref()),
            from: activity.from,
            environment: None,
            scope: None,
            accounts: Vec::new(),
            place: Arc::default(),
            condition: None,
        }
    }

    /// What shows a state; `None` where it shows nothing of any resource.
    fn shown_by(&mut self, duty: &Duty, shown: &Shown, seen_so: &Option<String>) -> Option<ShownBy> {
        let matrix = self.context.matrix;
        let resources = matrix.count(shown.resources());
        if resources == 0 {
            return None;
        }
        let seen = ShownBy {
            kind: "configuration",
            reference: String::new(),
            seen: None,
            by: None,
            performed: None,
            at: None,
            until: None,
            state: shown.word(),
            resources,
            shows: matrix.count(shown.decisive()),
        };
        Some(match shown.means {
            Means::Configuration => {
                let words = self
                    .words
                    .entry(duty.activity.id.clone())
                    .or_insert_with(|| duty.activity.expected().unwrap_or_default());
                ShownBy {
                    reference: words.clone(),
                    seen: seen_so.clone(),
                    ..seen
                }
            }
            Means::Check(check) => {
                let check = &matrix[check];
                let last = shown.looks.iter().filter_map(|(_, result)| matrix[*result].at).max();
                ShownBy {
                    kind: "check",
                    reference: check.id.to_string(),
                    by: Some(check.scanner_name.clone()),
                    at: last.map(day),
                    ..seen
                }
            }
            Means::Evidence(evidence) => {
                let evidence = &self.context.inventory[evidence];
                ShownBy {
                    kind: "evidence",
                    reference: evidence.artefact.clone(),
                    by: evidence.by.as_ref().map(|by| self.context.voucher(by).into()),
                    at: evidence.reviewed.map(|date| date.to_string()),
                    performed: evidence.performed.map(|date| date.to_string()),
                    until: evidence.attests_until(duty.activity.cadence).map(|date| date.to_string()),
                    ..seen
                }
            }
        })
    }
}

impl Writer<'_, '_> {
    /// Of a duty that is unknown, the artefacts that attested it once and do so no more.
    fn lapsed(&self, duty: &Duty) -> Vec<ShownBy> {
        let told = duty.lapsed.iter().filter(|_| duty.state == State::Unknown);
        let told = told.map(|(index, resources)| {
            let evidence = &self.context.inventory[*index];
            let resources = self.context.matrix.count(resources.iter().copied());
            ShownBy {
                kind: "evidence",
                reference: evidence.artefact.clone(),
                seen: None,
                by: evidence.by.as_ref().map(|by| self.context.voucher(by).into()),
                performed: evidence.performed.map(|date| date.to_string()),
                at: evidence.reviewed.map(|date| date.to_string()),
                until: evidence.attests_until(duty.activity.cadence).map(|date| date.to_string()),
                state: LAPSED,
                resources,
                shows: resources,
            }
        });
        told.collect()
    }

    /// The exceptions that excuse a duty, each once.
    fn excused_by(&self, duty: &Duty) -> Vec<ShownBy> {
        let mut by_exception: BTreeMap<ExceptionIx, Vec<ResourceIx>> = BTreeMap::new();
        for (index, exception) in duty.excepted() {
            by_exception.entry(exception).or_default().push(index);
        }
        let excuses = by_exception.into_iter().filter_map(|(exception, resources)| {
            let exception = self.context.inventory.exceptions.get(exception.position())?;
            let resources = self.context.matrix.count(resources);
            Some(ShownBy {
                kind: "exception",
                reference: exception.reason.clone(),
                seen: None,
                by: exception.approved_by.as_deref().map(Into::into),
                performed: None,
                at: None,
                until: exception.expires.map(|date| date.to_string()),
                state: State::Excepted.word(),
                resources,
                shows: resources,
            })
        });
        excuses.collect()
    }
}

/// A state as the Report words it.
pub(super) fn standing(state: State) -> Standing {
    match state {
        State::Met => Standing::Met,
        State::Attested => Standing::Attested,
        State::NotMet => Standing::NotMet,
        State::Excepted => Standing::Excepted,
        State::Unknown => Standing::Unknown,
    }
}
