//! The artefacts that a review lists.
//!
//! In: the artefacts of a Report. Out: all of them; where they are many, those that most duties rest on and those that attest
//! nothing today, in the order of all.

use crate::inventory::Validity;
use crate::report::Edition;
use crate::report::model::{Artefact, Report};

/// Artefacts that a review lists, whatever they carry.
const MOST: usize = 6;

/// Of more than those, the ones that most duties rest on.
const CARRYING: usize = 3;

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
    let lapsed = (0..all.len()).filter(|at| is_lapsed(&all[*at])).take(MOST - CARRYING);
    let mut positions: Vec<usize> = carrying.into_iter().chain(lapsed).collect();
    positions.sort_unstable();
    positions.dedup();
    positions.into_iter().map(|at| all[at].clone()).collect()
}
