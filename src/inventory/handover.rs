//! Who hands what over to whom, and what a takeover needs.
//!
//! In: the handover of an inventory file. Out: its parties by their places, its selectors and days.

use super::Selector;
use crate::diagnostics::Place;
use jiff::civil::Date;

/// Duties that pass from one party to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Handover {
    /// Party index of who hands over.
    pub from: usize,
    /// Party index of who takes over.
    pub to: usize,
    /// When.
    pub date: Date,
    /// What stays.
    pub keeps: Vec<Keep>,
    /// Access to grant and to revoke, in the order of the inventory.
    pub access: Vec<Access>,
    /// What tells how duties are done.
    pub runbooks: Vec<Runbook>,
    /// What else must be done, in the order of the inventory.
    pub exit: Vec<Exit>,
    /// Where it stands.
    pub place: Place,
}

/// What stays with the party that hands over.
#[derive(Debug, Clone, PartialEq)]
pub struct Keep {
    /// What it applies to.
    pub selector: Selector,
    /// Why it stays.
    pub reason: Option<String>,
    /// Until when.
    pub until: Option<Date>,
    /// Party index: whom it passes to after that day.
    pub then: Option<usize>,
    /// Where it stands.
    pub place: Place,
}

/// Access that is granted or revoked.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Whether it is granted; otherwise it is revoked.
    pub is_granted: bool,
    /// What.
    pub what: String,
    /// Party index: whose.
    pub party: usize,
    /// Party index: who does it.
    pub by: Option<usize>,
    /// Until when.
    pub due: Date,
}

/// What tells how duties are done.
#[derive(Debug, Clone, PartialEq)]
pub struct Runbook {
    /// The duties that it is for.
    pub selector: Selector,
    /// What it is called.
    pub title: String,
    /// Where it is kept.
    pub location: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What must be done for a party to leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Exit {
    /// What.
    pub task: String,
    /// Party index: who does it.
    pub owner: Option<usize>,
    /// Until when.
    pub due: Date,
}
