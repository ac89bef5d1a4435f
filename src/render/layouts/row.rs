//! What the templates of a layout's columns see of a requirement.
//!
//! In: a requirement of a Report. Out: its halves as lists and as sentences, in words that an assessor reads.

use crate::raci::Letters;
use crate::raci::requirements::RequirementType;
use crate::report::page::requirements::{READ, sentence};
use crate::report::requirements::{by_party, told};
use crate::report::{OwnPart, Perspective, ProviderPart, RequirementRow, StateCounts};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Services that a sentence names before the rest is counted.
const SERVICES: usize = 4;

/// A row of a sheet.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row<'r> {
    /// The requirement's id.
    id: &'r str,
    /// The id of the part, or of the requirement where it has none.
    part: &'r str,
    title: &'r str,
    /// What it is about in the report's own words, where it has no title that may be told.
    subject: &'r str,
    group: &'r str,
    group_name: &'r str,
    /// The type's word.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The type as printed.
    whose: &'static str,
    /// `Yes`, `Partial`, `No`: whether it can be inherited from the provider.
    inheritance: &'static str,
    /// What of it is inherited, and what is left to do, in sentences.
    inheritance_text: String,
    /// What providers do for it.
    provider: &'r [Arc<ProviderPart>],
    provider_text: String,
    providers: Vec<&'r str>,
    /// What is left to do.
    customer: &'r [Arc<OwnPart>],
    customer_text: String,
    /// What the organisation and its partners do, apart from subservice organisations.
    own_text: String,
    /// Whether somebody else than the organisation bears a part of it.
    subservice: bool,
    subservice_names: Vec<&'r str>,
    subservice_text: String,
    /// What our own customers must do, where the inventory says it.
    customers_text: String,
    /// Why no cloud service bears it, where none does.
    organisational: &'r str,
    /// What is to be said where nobody here has a duty.
    note: String,
    /// `implemented` where every duty is met or attested; else, where one is not met or excepted, `partial` if another is met
    /// or attested, and `not implemented` if none is; `to attest` where nothing else is known; `inherited` where there are no
    /// duties, and nothing where it is not applicable.
    status: &'static str,
    /// Its duties by state, counted.
    duties: StateCounts,
    /// Duties by state, in words; of an inherited one, those to read what shows that the provider does its part.
    states: String,
    /// The parties that answer for them, a line each: `Platform 40: 1 not met, 39 unknown`.
    accountable_text: String,
    accountable: Vec<&'r str>,
    responsible: Vec<&'r str>,
    /// What shows it, or would: the artefacts to keep, each once.
    evidence: Vec<&'r str>,
    rests_on: Vec<&'r str>,
    /// By the party's id, the letters that it holds over all that is done for the requirement.
    letters: BTreeMap<&'r str, &'static str>,
    /// Of a duty or a commitment: itself.
    one: Option<One<'r>>,
    /// What it was made of.
    #[serde(skip)]
    made_of: &'r RequirementRow,
}

/// A duty or a commitment as a row of its own.
#[derive(Debug, Clone, Serialize)]
pub(super) struct One<'r> {
    service: &'r str,
    does: &'r str,
    how: &'r str,
    state: &'r str,
    by: Vec<&'r str>,
    accountable: &'r str,
    environment: &'r str,
    source: &'r str,
}

impl<'r> Row<'r> {
    /// The row of a requirement; `named` tells the names of parties by their ids.
    pub(super) fn of(named: &dyn Fn(&str) -> Option<&'r str>, row: &'r RequirementRow, perspective: Perspective) -> Self {
        let name = |id: &'r Arc<str>| named(id).unwrap_or(id);
        let once = |ids: &mut dyn Iterator<Item = &'r Arc<str>>| {
            let ids: BTreeSet<&Arc<str>> = ids.collect();
            ids.into_iter().map(name).collect::<Vec<_>>()
        };
        let by_providers = lines(&row.provider, |part| &part.does, |part| &part.label);
        let customers_text = row.customers.iter().map(|one| &**one).collect::<Vec<_>>().join("\n");
        let own_text = lines(&row.customer, |part| &part.does, |part| &part.label);
        let (provider_text, customer_text) = match perspective {
            Perspective::Customer => (by_providers.clone(), own_text.clone()),
            // What our customers inherit is what we do, and what we inherit ourselves.
            Perspective::Provider => {
                let parts = [own_text.as_str(), by_providers.as_str()]
                    .into_iter()
                    .filter(|part| !part.is_empty());
                (parts.collect::<Vec<_>>().join("\n"), customers_text.clone())
            }
        };
        // Of an inherited one: to read what shows it.
        let duties = || row.customer.iter().chain(&row.read_by);
        let evidence: BTreeSet<&str> = duties().filter_map(|part| part.evidence.as_deref()).collect();
        Self {
            id: &row.id,
            part: &row.id,
            title: row.title.as_deref().unwrap_or_default(),
            subject: row.subject.as_deref().unwrap_or_default(),
            group: row.group.as_deref().unwrap_or_default(),
            group_name: row.group_name.as_deref().unwrap_or_default(),
            kind: row.kind.word(),
            whose: whose(row.kind),
            inheritance: inheritance(row.kind),
            inheritance_text: inheritance_text(row, &provider_text, &customer_text),
            providers: once(&mut row.provider.iter().map(|part| &part.by)),
            provider: &row.provider,
            customer: &row.customer,
            own_text,
            subservice: !row.provider.is_empty(),
            subservice_names: once(&mut row.provider.iter().map(|part| &part.by)),
            subservice_text: by_providers,
            customers_text,
            organisational: row.organisational.as_deref().unwrap_or_default(),
            duties: row.duties,
            note: note(row),
            status: status(row),
            states: by_state(row),
            accountable_text: by_party(row)
                .into_iter()
                .map(|(party, counts)| format!("{} {}: {}", name(party), counts.total, counts.in_words()))
                .collect::<Vec<_>>()
                .join("\n"),
            accountable: once(&mut duties().map(|part| &part.accountable)),
            responsible: once(&mut duties().flat_map(|part| &part.responsible)),
            evidence: evidence.into_iter().collect(),
            rests_on: row.rests_on.iter().map(|key| &**key).collect(),
            letters: letters(row),
            provider_text,
            customer_text,
            one: None,
            made_of: row,
        }
    }

    /// The id of the requirement.
    pub(super) fn id(&self) -> &'r str {
        self.id
    }

    /// The id of the part, or of the requirement where it has none.
    pub(super) fn part_id(&self) -> &'r str {
        self.part
    }

    /// A row a part; itself where it has none.
    pub(super) fn parts(&self) -> Vec<Self> {
        let parts = &self.made_of.parts;
        let whole = parts.is_empty().then(|| self.clone());
        let parts = parts.iter().map(|part| Self { part, ..self.clone() });
        parts.chain(whole).collect()
    }

    /// A row a duty.
    pub(super) fn duties(&self) -> Vec<Self> {
        self.made_of.customer.iter().map(|part| self.duty(part)).collect()
    }

    /// A row a commitment.
    pub(super) fn commitments(&self) -> Vec<Self> {
        self.made_of.provider.iter().map(|part| self.commitment(part)).collect()
    }

    fn duty(&self, part: &'r OwnPart) -> Self {
        let one = One {
            service: &part.label,
            does: &part.does,
            how: part.how.as_deref().unwrap_or_default(),
            state: &part.state,
            by: part.responsible.iter().map(|id| &**id).collect(),
            accountable: &part.accountable,
            environment: part.environment.as_deref().unwrap_or_default(),
            source: "",
        };
        Self {
            one: Some(one),
            ..self.clone()
        }
    }

    fn commitment(&self, part: &'r ProviderPart) -> Self {
        let one = One {
            service: &part.label,
            does: &part.does,
            how: "",
            state: "inherited",
            by: vec![&part.by],
            accountable: &part.by,
            environment: "",
            source: &part.source,
        };
        Self {
            one: Some(one),
            ..self.clone()
        }
    }
}

/// What each party holds: who does or answers for any of it is not said to be asked or told as well.
fn letters(row: &RequirementRow) -> BTreeMap<&str, &'static str> {
    let mut held: BTreeMap<&str, BTreeSet<Letters>> = BTreeMap::new();
    for part in &row.provider {
        held.entry(&part.by).or_default().insert(Letters::AR);
    }
    for (party, letters) in row.customer.iter().flat_map(|part| &part.letters) {
        held.entry(party).or_default().insert(*letters);
    }
    let together = |all: BTreeSet<Letters>| {
        let has = |one: Letters| all.contains(&one) || all.contains(&Letters::AR) && matches!(one, Letters::A | Letters::R);
        let one = match (has(Letters::A), has(Letters::R), has(Letters::C)) {
            (true, true, _) => Letters::AR,
            (true, false, _) => Letters::A,
            (false, true, _) => Letters::R,
            (false, false, true) => Letters::C,
            (false, false, false) => Letters::I,
        };
        one.text()
    };
    held.into_iter().map(|(party, all)| (party, together(all))).collect()
}

fn whose(kind: RequirementType) -> &'static str {
    match kind {
        RequirementType::CustomerSpecific => "own",
        RequirementType::NotApplicable => "not applicable",
        other => other.word(),
    }
}

fn inheritance(kind: RequirementType) -> &'static str {
    match kind {
        RequirementType::Inherited => "Yes",
        RequirementType::Shared => "Partial",
        RequirementType::CustomerSpecific
        | RequirementType::Organisational
        | RequirementType::NotApplicable
        | RequirementType::Unclassified => "No",
    }
}

/// For `Yes`: what is inherited. For `Partial`: that, and the duties. For `No`: why not, and the duties.
fn inheritance_text(row: &RequirementRow, provider: &str, customer: &str) -> String {
    match row.kind {
        RequirementType::Inherited => format!("Inherited:\n{provider}"),
        RequirementType::Shared => format!("Inherited:\n{provider}\n\nCustomer's:\n{customer}"),
        RequirementType::CustomerSpecific => {
            format!("Not inherited: no provider does anything for it on what is deployed.\n\nCustomer's:\n{customer}")
        }
        RequirementType::Organisational => format!("Not inherited: {}.", row.organisational.as_deref().unwrap_or_default()),
        RequirementType::NotApplicable => "Not inherited: nothing that is deployed has to do with it.".to_owned(),
        RequirementType::Unclassified => "Unclassified: the catalog does not say what answers it.".to_owned(),
    }
}

/// What stands beside a requirement of which nobody here has a duty.
pub(super) fn note(row: &RequirementRow) -> String {
    match row.kind {
        RequirementType::Inherited => READ.to_owned(),
        RequirementType::Organisational => sentence(row.organisational.as_deref().unwrap_or_default()),
        RequirementType::NotApplicable => "Nothing that is deployed has to do with it".to_owned(),
        RequirementType::Unclassified => "The catalog does not say what answers it".to_owned(),
        RequirementType::Shared | RequirementType::CustomerSpecific => String::new(),
    }
}

/// What may be said of its implementation: nothing is called implemented that nothing shows, not even in part.
fn status(row: &RequirementRow) -> &'static str {
    let counts = &row.duties;
    let (shown, open) = (counts.met + counts.attested, counts.not_met + counts.excepted);
    match row.kind {
        RequirementType::Unclassified => "to attest",
        _ if row.organisational.is_some() => "to attest",
        _ if row.customer.is_empty() && row.provider.is_empty() => "",
        _ if row.customer.is_empty() => "inherited",
        _ if open > 0 && shown > 0 => "partial",
        _ if open > 0 => "not implemented",
        _ if counts.unknown > 0 => "to attest",
        _ => "implemented",
    }
}

/// What there is to do about it, by state.
fn by_state(row: &RequirementRow) -> String {
    let mut counts = StateCounts::default();
    let duties = row.customer.iter().chain(&row.read_by);
    duties.for_each(|duty| counts.add(duty.standing));
    counts.in_words()
}

/// A line a sentence, each beginning with the services that it is about.
fn lines<'p, P>(parts: &'p [P], does: impl Fn(&'p P) -> &'p Arc<str>, label: impl Fn(&'p P) -> &'p str) -> String {
    let lines = told(parts, does, label).into_iter().map(|(does, on, _)| {
        let services = match on.len() {
            0..=SERVICES => on.join(", "),
            many => format!("{} and {} more", on[..SERVICES - 1].join(", "), many - (SERVICES - 1)),
        };
        format!("{services}: {does}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
