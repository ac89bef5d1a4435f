//! The artefacts that a review lists.
//!
//! In: the artefacts of a Report. Out: all of them; where they are many, those that most duties rest on, those that attest
//! nothing today, and those that no duty rests on, such as a provider's own reports, in the order of all.

use crate::inventory::Validity;
use crate::report::Edition;
use crate::report::model::{Artefact, Report};

/// Artefacts that a review lists, whatever they carry.
const MOST: usize = 8;

/// Of more than those, the ones that most duties rest on.
const CARRYING: usize = 2;

/// What a document lists: a review what it has room for, any other all.
pub(super) fn listed(report: &Report) -> Vec<Artefact> {
    let all = &report.artefacts;
    if report.meta.edition != Edition::Review.id() || all.len() <= MOST {
        return all.clone();
    }
    let mut carrying: Vec<usize> = (0..all.len()).filter(|at| all[*at].duties > 0).collect();
    carrying.sort_by_key(|at| std::cmp::Reverse(all[*at].duties));
    carrying.truncate(CARRYING);
    let is_lapsed = |one: &Artefact| one.overdue || !matches!(one.validity, Validity::InDate | Validity::Documents);
    let mut others: Vec<usize> = (0..all.len()).filter(|at| is_lapsed(&all[*at]) || all[*at].duties == 0).collect();
    // What attests nothing any more, then what shows the provider's part, then what nothing rests on.
    others.sort_by_key(|at| (!is_lapsed(&all[*at]), all[*at].validity != Validity::Documents));
    others.truncate(MOST - CARRYING);
    let mut positions: Vec<usize> = carrying.into_iter().chain(others).collect();
    positions.sort_unstable();
    positions.dedup();
    positions.into_iter().map(|at| all[at].clone()).collect()
}
