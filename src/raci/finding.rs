//! Something to act on.
//!
//! In: what it is about, and how bad that is. Out: a finding with an id that is the same tomorrow.

use super::index::{ControlIx, DutyIx, ExceptionIx, PartyIx, ResourceIx, ResultIx, UnitIx};
use crate::catalog::Severity;
use crate::diagnostics::{Code, Place};
use crate::inventory::Inventory;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of a finding's id.
const DIGITS: usize = 12;

/// Something to act on.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The same tomorrow: made from what it is about, never from where it stands.
    pub id: String,
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Why it is that bad.
    pub because: String,
    /// Since when it is so, where that is known.
    pub since: Option<Date>,
    /// Of what a scanner saw: the first day of those on which it did. It is so since then at the latest.
    pub seen: Option<Date>,
    /// Until when it must be mended, where the inventory says how long that may take.
    pub due: Option<Date>,
    /// One sentence that says what, where and on how much.
    pub message: String,
    /// What is wrong, without where.
    pub what: String,
    /// What would excuse it, in words.
    pub unless: Option<String>,
    /// What to do.
    pub how: Option<String>,
    /// The unit it is about.
    pub unit: Option<UnitIx>,
    /// The duty that is not met.
    pub duty: Option<DutyIx>,
    /// The exception that excused it until it expired.
    pub expired: Option<ExceptionIx>,
    /// Of one that is about no duty alone: the duties that are open because of it.
    pub opens: Vec<DutyIx>,
    /// The control it is about.
    pub control: Option<ControlIx>,
    /// Who must do it.
    pub responsible: Vec<PartyIx>,
    /// Who answers for it.
    pub accountable: Option<PartyIx>,
    /// The resources concerned.
    pub resources: Vec<ResourceIx>,
    /// How many resources are concerned, counts included.
    pub bad: u64,
    /// Of how many: those of the duty, counts included.
    pub of: u64,
    /// What the attributes should be, in words.
    pub expected: Option<String>,
    /// What they are, as far as a word tells it, and what scanners saw.
    pub observed: Option<String>,
    /// The results of checks that show it, by check and resource.
    pub checks: Vec<(ResourceIx, ResultIx)>,
    /// Where in the inventory.
    pub place: Option<Place>,
}

/// An id from what a finding is about.
fn id(code: Code, about: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(code.id());
    for part in about {
        // A byte that no text has parts them.
        hash.update([0xff]);
        hash.update(part);
    }
    let digest = hash.finalize();
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.chars().take(DIGITS).collect()
}

/// An entry of the inventory whose `match` means nothing.
pub(super) fn matches_nothing(inventory: &Inventory, place: &Place, about: &[&str], message: String) -> Finding {
    Finding {
        place: Some(place.clone()),
        how: Some("its `match` fits no duty that this entry could be about: correct it or delete the entry".to_owned()),
        ..general(inventory, Code::RuleMatchesNothing, about, message)
    }
}

/// A finding about no duty.
pub(super) fn general(inventory: &Inventory, code: Code, about: &[&str], message: String) -> Finding {
    let rated = inventory.severity.of_finding(code.id());
    Finding {
        id: id(code, about),
        code,
        severity: rated.severity,
        because: rated.because,
        since: None,
        seen: None,
        due: None,
        what: message.clone(),
        unless: None,
        message,
        how: None,
        unit: None,
        duty: None,
        expired: None,
        opens: Vec::new(),
        control: None,
        responsible: Vec::new(),
        accountable: None,
        resources: Vec::new(),
        bad: 0,
        of: 0,
        expected: None,
        observed: None,
        checks: Vec::new(),
        place: None,
    }
}
