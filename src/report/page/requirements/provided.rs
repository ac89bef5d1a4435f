//! What providers do for a requirement.
//!
//! In: a requirement with all that is done for it. Out: the sentence that is most about it, with the services on which that is
//! so, and how many others there are; and of a subject all of it in a few words.

use super::{HalfSentence, ProviderLine};
use crate::report::model::{FrameworkRows, ProviderPart, Report, RequirementRow};
use crate::report::requirements::told;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Sentences of a provider's half.
const SENTENCES: usize = 1;

/// Services that a sentence names.
const SERVICES: usize = 2;

/// How many requirements of a framework a subject answers, by the subject's id.
pub(super) type Asked<'r> = HashMap<&'r Arc<str>, u64, RandomState>;

/// How often subjects are asked for.
pub(super) fn asked(of: &FrameworkRows) -> Asked<'_> {
    let mut asked = Asked::default();
    for by in of.rows.iter().flat_map(|row| &row.answered_by) {
        *asked.entry(&by.subject).or_default() += 1;
    }
    asked
}

/// What providers do for a requirement by how much it is about that and nothing else: that of the subject which the fewest other
/// requirements ask for is least.
pub(super) fn ranks<'r>(report: &'r Report, row: &RequirementRow, asked: &Asked<'_>) -> HashMap<&'r Arc<str>, u64, RandomState> {
    let mut ranks: HashMap<&Arc<str>, u64, RandomState> = HashMap::default();
    for by in row.answered_by.iter().filter(|by| by.commitments > 0) {
        let rank = asked.get(&by.subject).copied().unwrap_or(u64::MAX);
        let subject = report.subjects.iter().find(|subject| subject.id == by.subject);
        for part in subject.into_iter().flat_map(|subject| &subject.provider) {
            let known = ranks.entry(&part.does).or_insert(rank);
            *known = rank.min(*known);
        }
    }
    ranks
}

/// What the requirement is most about, and of that what most services have; and how many further sentences there are.
pub(super) fn half(parts: &[Arc<ProviderPart>], ranks: &HashMap<&Arc<str>, u64, RandomState>) -> (Vec<HalfSentence>, u64) {
    let mut all = told(parts, |part| &part.does, |part| &part.label);
    // Of the same rank what is on most services stands first already.
    all.sort_by_key(|(does, ..)| ranks.get(does).copied().unwrap_or(u64::MAX));
    let more = all.len().saturating_sub(SENTENCES) as u64;
    let first = all.into_iter().take(SENTENCES).map(|(does, on, _)| HalfSentence {
        does: does.clone(),
        on: services(&on, parts),
    });
    (first.collect(), more)
}

/// A provider's half in a few words, services together of which the same ones are told.
pub(in crate::report::page) fn provider(parts: &[Arc<ProviderPart>]) -> Vec<ProviderLine> {
    let mut by_services: IndexMap<Vec<&str>, Vec<Arc<str>>> = IndexMap::new();
    for (brief, on, _) in told(parts, |part| part.brief.as_ref().unwrap_or(&part.does), |part| &part.label) {
        by_services.entry(on).or_default().push(brief.clone());
    }
    let lines = by_services.into_iter();
    lines
        .map(|(on, briefs)| ProviderLine {
            on: services(&on, parts),
            briefs,
        })
        .collect()
}

/// A few services by name, more by their number; where modes of one are among them, as services and modes.
fn services(names: &[&str], parts: &[Arc<ProviderPart>]) -> String {
    if names.len() <= SERVICES {
        return names.join(", ");
    }
    let of = |name: &&str| parts.iter().find(|part| part.label == **name);
    let services = names.iter().filter_map(of).filter_map(|part| part.service.split('/').next());
    let products = services.collect::<BTreeSet<_>>().len();
    let noun = if products < names.len() { "services and modes" } else { "services" };
    format!("{} {noun}", names.len())
}
