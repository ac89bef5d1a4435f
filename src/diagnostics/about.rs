//! What a diagnostic is about beyond a place in a file, and how it is known again.
//!
//! In: a finding's duty, holders and resources. Out: the same for programs; and a fingerprint that stays when lines move.

use super::Diagnostic;
use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of a fingerprint.
const DIGITS: usize = 12;

/// What a finding is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The finding's id, the same tomorrow.
    pub finding: String,
    /// The service's id.
    pub service: Option<String>,
    /// The mode's id.
    pub mode: Option<String>,
    /// The control's id.
    pub control: Option<String>,
    /// The activity's id.
    pub activity: Option<String>,
    /// The ids of the parties that must do it.
    pub responsible: Vec<String>,
    /// The id of the party that answers for it.
    pub accountable: Option<String>,
    /// The resources concerned, by name, at most twenty.
    pub resources: Vec<String>,
    /// How many they are.
    pub count: u64,
    /// Until when it must be mended, YYYY-MM-DD.
    pub due: Option<String>,
}

impl About {
    /// Who does it and answers for it, by id: `R northwind, A platform`.
    #[must_use]
    pub fn holders(&self) -> Option<String> {
        let accountable = self.accountable.as_ref()?;
        let both = self.responsible.contains(accountable);
        let mut parts: Vec<String> = self
            .responsible
            .iter()
            .filter(|party| *party != accountable)
            .map(|party| format!("R {party}"))
            .collect();
        parts.insert(0, format!("{} {accountable}", if both { "A/R" } else { "A" }));
        Some(parts.join(", "))
    }

    /// The resources in words: the first few, and how many more.
    #[must_use]
    pub fn on(&self) -> Option<String> {
        let told: Vec<&str> = self.resources.iter().take(5).map(String::as_str).collect();
        let more = self.resources.len().saturating_sub(told.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!told.is_empty()).then(|| format!("{}{more}", told.join(", ")))
    }
}

impl Diagnostic {
    /// What it is known by: a finding's id, else its code, file and message without numbers, which stay when lines move.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        if let Some(about) = &self.about {
            return about.finding.clone();
        }
        let mut hash = Sha256::new();
        let file = self.places.first().map(|(place, _)| &*place.file).unwrap_or_default();
        let words: String = self.message.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        for part in [self.code.id(), file, &words] {
            hash.update(part);
            // A byte that no text has parts them.
            hash.update([0xff]);
        }
        let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        digits.chars().take(DIGITS).collect()
    }
}
