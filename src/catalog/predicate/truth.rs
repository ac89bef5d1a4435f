//! Three-valued truth (Kleene's strong logic).

/// Whether a predicate holds. `Unknown` is what a missing attribute leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It fails.
    No,
    /// An attribute is missing.
    Unknown,
}

impl Truth {
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn all(mut truths: impl Iterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        truths.try_for_each(|truth| match truth {
            Self::Yes => Some(()),
            Self::Unknown => {
                result = Self::Unknown;
                Some(())
            }
            Self::No => {
                result = Self::No;
                None
            }
        });
        result
    }

    pub(super) fn any(truths: impl Iterator<Item = Self>) -> Self {
        Self::all(truths.map(Self::not)).not()
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
