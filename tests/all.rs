//! The program as its users meet it: whole outputs, and laws that hold for every input.
//!
//! Expected outputs lie under `tests/cases/` as real files; `SNAPSHOTS=overwrite cargo test --release` renews them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "all/accounts.rs"]
mod accounts;
#[path = "all/aliases.rs"]
mod aliases;
#[path = "all/along.rs"]
mod along;
#[path = "all/archives.rs"]
mod archives;
#[path = "all/archives_of_sources.rs"]
mod archives_of_sources;
#[path = "all/attributes.rs"]
mod attributes;
#[path = "all/audited.rs"]
mod audited;
#[path = "all/cadence.rs"]
mod cadence;
#[path = "all/canaries.rs"]
mod canaries;
#[path = "all/canaries_everywhere.rs"]
mod canaries_everywhere;
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
#[path = "all/dependencies.rs"]
mod dependencies;
#[path = "all/desk.rs"]
mod desk;
#[path = "all/diagnostics.rs"]
mod diagnostics;
#[cfg(unix)]
#[path = "all/disks.rs"]
mod disks;
#[path = "all/docs.rs"]
mod docs;
#[path = "all/elsewhere.rs"]
mod elsewhere;
#[path = "all/embedding.rs"]
mod embedding;
#[path = "all/engines.rs"]
mod engines;
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
#[cfg(unix)]
#[path = "all/fuzz.rs"]
mod fuzz;
#[path = "all/golden.rs"]
mod golden;
#[path = "all/gone.rs"]
mod gone;
#[path = "all/guarded.rs"]
mod guarded;
#[path = "all/handover.rs"]
mod handover;
#[path = "all/hostile.rs"]
mod hostile;
#[path = "all/importers.rs"]
mod importers;
#[path = "all/imports.rs"]
mod imports;
#[path = "all/in_arns.rs"]
mod in_arns;
#[path = "all/inherited.rs"]
mod inherited;
#[cfg(unix)]
#[path = "all/killed.rs"]
mod killed;
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
#[path = "all/modes.rs"]
mod modes;
#[path = "all/no_cloud.rs"]
mod no_cloud;
#[path = "all/of_which_service.rs"]
mod of_which_service;
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
#[path = "all/own_keys.rs"]
mod own_keys;
#[path = "all/packings.rs"]
mod packings;
#[path = "all/packs.rs"]
mod packs;
#[path = "all/partitions.rs"]
mod partitions;
#[path = "all/parts.rs"]
mod parts;
#[path = "all/pipelines.rs"]
mod pipelines;
#[cfg(unix)]
#[path = "all/pipelines_run.rs"]
mod pipelines_run;
#[cfg(unix)]
#[path = "all/pipes.rs"]
mod pipes;
#[path = "all/plans.rs"]
mod plans;
#[path = "all/proofs.rs"]
mod proofs;
#[path = "all/providers.rs"]
mod providers;
#[path = "all/pulumi.rs"]
mod pulumi;
#[path = "all/quality.rs"]
mod quality;
#[path = "all/queried_tables.rs"]
mod queried_tables;
#[path = "all/query.rs"]
mod query;
#[path = "all/readers.rs"]
mod readers;
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
#[path = "all/results_types.rs"]
mod results_types;
#[path = "all/reviewed.rs"]
mod reviewed;
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
#[path = "all/settled.rs"]
mod settled;
#[path = "all/siblings.rs"]
mod siblings;
#[path = "all/signatures.rs"]
mod signatures;
#[path = "all/site.rs"]
mod site;
#[path = "all/sources.rs"]
mod sources;
#[path = "all/stacks.rs"]
mod stacks;
#[path = "all/sums.rs"]
mod sums;
#[path = "all/support.rs"]
mod support;
#[path = "all/supposed.rs"]
mod supposed;
#[path = "all/tables.rs"]
mod tables;
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
