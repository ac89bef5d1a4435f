//! The program as its users meet it: whole outputs, and laws that hold for every input.
//!
//! Expected outputs lie under `tests/cases/` as real files; `SNAPSHOTS=overwrite cargo test --release` renews them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "all/aliases.rs"]
mod aliases;
#[path = "all/archives.rs"]
mod archives;
#[path = "all/attributes.rs"]
mod attributes;
#[path = "all/cadence.rs"]
mod cadence;
#[path = "all/canaries.rs"]
mod canaries;
#[path = "all/changes.rs"]
mod changes;
#[path = "all/checks.rs"]
mod checks;
#[path = "all/claims.rs"]
mod claims;
#[path = "all/commands.rs"]
mod commands;
#[path = "all/counts.rs"]
mod counts;
#[path = "all/damaged.rs"]
mod damaged;
#[path = "all/declarations.rs"]
mod declarations;
#[path = "all/desk.rs"]
mod desk;
#[path = "all/diagnostics.rs"]
mod diagnostics;
#[cfg(unix)]
#[path = "all/disks.rs"]
mod disks;
#[path = "all/evidence.rs"]
mod evidence;
#[path = "all/evidence_command.rs"]
mod evidence_command;
#[path = "all/evidence_files.rs"]
mod evidence_files;
#[path = "all/expansion.rs"]
mod expansion;
#[path = "all/files.rs"]
mod files;
#[path = "all/findings.rs"]
mod findings;
#[path = "all/forms.rs"]
mod forms;
#[path = "all/golden.rs"]
mod golden;
#[path = "all/guarded.rs"]
mod guarded;
#[path = "all/handover.rs"]
mod handover;
#[path = "all/hostile.rs"]
mod hostile;
#[path = "all/imports.rs"]
mod imports;
#[path = "all/inherited.rs"]
mod inherited;
#[path = "all/laws.rs"]
mod laws;
#[path = "all/layouts.rs"]
mod layouts;
#[path = "all/limits.rs"]
mod limits;
#[path = "all/long.rs"]
mod long;
#[path = "all/making.rs"]
mod making;
#[path = "all/matrix.rs"]
mod matrix;
#[path = "all/no_cloud.rs"]
mod no_cloud;
#[path = "all/once.rs"]
mod once;
#[path = "all/one_path.rs"]
mod one_path;
#[path = "all/open.rs"]
mod open;
#[path = "all/oscal.rs"]
mod oscal;
#[path = "all/overlays.rs"]
mod overlays;
#[path = "all/own.rs"]
mod own;
#[path = "all/packs.rs"]
mod packs;
#[path = "all/partitions.rs"]
mod partitions;
#[cfg(unix)]
#[path = "all/pipes.rs"]
mod pipes;
#[path = "all/quality.rs"]
mod quality;
#[path = "all/readme.rs"]
mod readme;
#[path = "all/redaction.rs"]
mod redaction;
#[path = "all/redaction_variants.rs"]
mod redaction_variants;
#[path = "all/renew.rs"]
mod renew;
#[path = "all/requirements.rs"]
mod requirements;
#[path = "all/results.rs"]
mod results;
#[path = "all/results_laws.rs"]
mod results_laws;
#[path = "all/rules.rs"]
mod rules;
#[path = "all/scanned.rs"]
mod scanned;
#[path = "all/scanner_checks.rs"]
mod scanner_checks;
#[path = "all/schema.rs"]
mod schema;
#[path = "all/schema_laws.rs"]
mod schema_laws;
#[path = "all/senseless.rs"]
mod senseless;
#[path = "all/sources.rs"]
mod sources;
#[path = "all/sums.rs"]
mod sums;
#[path = "all/support.rs"]
mod support;
#[path = "all/supposed.rs"]
mod supposed;
#[path = "all/template_check.rs"]
mod template_check;
#[path = "all/template_docs.rs"]
mod template_docs;
#[path = "all/templates.rs"]
mod templates;
#[path = "all/terminal.rs"]
mod terminal;
#[path = "all/verdicts.rs"]
mod verdicts;
#[path = "all/watch.rs"]
mod watch;
#[path = "all/wording.rs"]
mod wording;
#[path = "all/words.rs"]
mod words;
#[path = "all/workbook.rs"]
mod workbook;
