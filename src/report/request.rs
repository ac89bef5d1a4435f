//! What the user asks of a Report.

use jiff::civil::Date;

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The date that the report is true for.
    pub as_of: Date,
    /// Which edition.
    pub edition: Edition,
    /// Only this party's duties. The matrix is cut to them already.
    pub party: Option<String>,
    /// What else the matrix is cut to, in words.
    pub only: Option<String>,
    /// Name of the logo's file among the templates' files, if there is one.
    pub logo: Option<String>,
    /// What the names of pictures beside the output begin with; `None`: the output is a stream and has no pictures.
    pub pictures: Option<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether the inventory stands under pseudonyms.
    pub redacted: bool,
}

/// The editions of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, clap::ValueEnum)]
pub enum Edition {
    /// Everything, for audit documentation.
    #[default]
    Audit,
    /// Findings first, short, for a security review.
    Review,
    /// Duties a party first, for a handover.
    Handover,
}

impl Edition {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Review => "review",
            Self::Handover => "handover",
        }
    }
}
