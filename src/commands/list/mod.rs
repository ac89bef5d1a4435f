//! `cloudraci list`: the joined data as plain tables, for scripts.
//!
//! In: what to list, and the common arguments. Out: a table as text, CSV or JSON, whose columns are the Report's names.

mod checks;
mod table;

use super::workspace::{Workspace, catalog, default_paths};
use super::{Done, Exit, Stop, print, print_text};
use crate::catalog::Catalog;
use crate::cli::{List as Args, ListFormat, ListOf};
use crate::diagnostics::{Code, SourceMap};
use crate::raci::{Assignment, PartyIx};
use crate::render;
use serde_json::Value;
use table::Table;

pub(super) fn run(args: &Args) -> Done {
    let table = match args.what {
        ListOf::Codes => codes(),
        ListOf::Controls | ListOf::Frameworks | ListOf::Checks => of_catalog(args)?,
        what => {
            let workspace = Workspace::open(&args.inputs)?;
            match what {
                ListOf::Services => services(&workspace),
                ListOf::Resources => resources(&workspace),
                ListOf::Parties => parties(&workspace),
                ListOf::Duties => duties(&workspace),
                _ => findings(&workspace),
            }
        }
    };
    let failed = |faults| Stop::Diagnostics(faults, SourceMap::default());
    match args.format {
        ListFormat::Text => print_text(&table.text())?,
        ListFormat::Csv => print(table.csv().map_err(failed)?.as_bytes())?,
        ListFormat::Json => print(render::json(&table.json()).map_err(failed)?.as_bytes())?,
    }
    Ok(Exit::Fine)
}

/// What the catalog has, too, where there is no inventory.
fn of_catalog(args: &Args) -> Result<Table, Stop> {
    let workspace = if args.inputs.paths.is_empty() && args.inputs.only.is_none() && default_paths().is_empty() {
        None
    } else {
        Some(Workspace::open(&args.inputs)?)
    };
    let alone;
    let catalog = match &workspace {
        Some(of) => &of.catalog,
        None => {
            let mut sources = SourceMap::default();
            alone = match catalog(args.inputs.catalog.as_deref(), &mut sources) {
                Ok(catalog) => catalog,
                Err(faults) => return Err(Stop::Diagnostics(faults, sources)),
            };
            &alone
        }
    };
    Ok(match args.what {
        ListOf::Controls => controls(catalog, workspace.as_ref()),
        ListOf::Frameworks => frameworks(catalog, workspace.as_ref()),
        _ => checks::table(catalog, workspace.as_ref()),
    })
}

fn services(of: &Workspace) -> Table {
    let units = of.matrix.units().map(|(index, unit)| {
        vec![
            unit.split.service.clone().into(),
            unit.split.mode.as_ref().map(|mode| mode.id.clone()).into(),
            unit.split.name.clone().into(),
            unit.split.model.clone().into(),
            of.matrix.count(unit.resources.iter().copied()).into(),
            of.matrix.duties_of(index).len().into(),
            of.matrix.commitments_of(index).len().into(),
        ]
    });
    Table {
        columns: vec!["service", "mode", "name", "model", "resources", "duties", "commitments"],
        rows: units.collect(),
    }
}

fn resources(of: &Workspace) -> Table {
    let text = |text: Option<&str>| Value::from(text.map(str::to_owned));
    let rows = of.matrix.listed.iter().map(|index| {
        let resource = &of.matrix[*index];
        let unit = of.matrix.units.iter().find(|unit| unit.resources.binary_search(index).is_ok());
        let mode = unit.and_then(|unit| unit.split.mode.as_ref()).map(|mode| mode.id.as_str());
        vec![
            text(resource.service.as_deref()),
            text(mode),
            resource.kind.to_string().into(),
            text(resource.name.as_deref()),
            text(resource.arn.as_deref()),
            text(resource.address.as_deref()),
            text(resource.account.as_deref()),
            text(resource.region.as_deref()),
            text(resource.environment.as_deref()),
            text(resource.owner.as_deref()),
            resource.count.into(),
            resource.supporting.into(),
        ]
    });
    Table {
        columns: vec![
            "service",
            "mode",
            "type",
            "name",
            "arn",
            "address",
            "account",
            "region",
            "environment",
            "owner",
            "count",
            "supporting",
        ],
        rows: rows.collect(),
    }
}

fn parties(of: &Workspace) -> Table {
    let rows = of.inventory.parties.iter().enumerate().map(|(position, party)| {
        let index = PartyIx::new(position);
        let count = |holds: &dyn Fn(&Assignment) -> bool| of.matrix.duties.iter().filter(|duty| holds(&duty.assignment)).count();
        vec![
            party.id.to_string().into(),
            party.name.clone().into(),
            serde_json::to_value(party.kind).unwrap_or_default(),
            count(&|held| held.responsible().contains(&index)).into(),
            count(&|held| held.accountable() == index).into(),
        ]
    });
    Table {
        columns: vec!["party", "name", "kind", "responsible", "accountable"],
        rows: rows.collect(),
    }
}

fn duties(of: &Workspace) -> Table {
    let party = |index: PartyIx| of.inventory[index].id.to_string();
    let rows = of.matrix.duties.iter().map(|duty| {
        let unit = &of.matrix[duty.unit];
        let responsible: Vec<String> = duty.assignment.responsible().iter().map(|index| party(*index)).collect();
        vec![
            duty.id.to_string().into(),
            unit.split.service.clone().into(),
            unit.split.mode.as_ref().map(|mode| mode.id.clone()).into(),
            of.catalog[duty.control].id.clone().into(),
            duty.activity.id.to_string().into(),
            duty.scope.environment.as_deref().map(str::to_owned).into(),
            duty.state.word().into(),
            responsible.join(" ").into(),
            party(duty.assignment.accountable()).into(),
            duty.resources.count.into(),
            of.matrix.count(duty.not_met()).into(),
            duty.activity.does.to_string().into(),
        ]
    });
    Table {
        columns: vec![
            "duty",
            "service",
            "mode",
            "control",
            "activity",
            "environment",
            "state",
            "responsible",
            "accountable",
            "resources",
            "resources_not_met",
            "does",
        ],
        rows: rows.collect(),
    }
}

fn findings(of: &Workspace) -> Table {
    let rows = of.findings.list.iter().map(|finding| {
        let party = |index: &PartyIx| of.inventory[*index].id.to_string();
        let names: Vec<&str> = finding.resources.iter().map(|index| of.matrix[*index].label()).collect();
        let responsible: Vec<String> = finding.responsible.iter().map(party).collect();
        vec![
            finding.id.clone().into(),
            finding.code.id().into(),
            finding.severity.word().into(),
            finding.unit.map(|unit| of.matrix[unit].key()).into(),
            finding.control.map(|control| of.catalog[control].id.clone()).into(),
            finding.duty.map(|duty| of.matrix[duty].activity.id.to_string()).into(),
            responsible.join(" ").into(),
            finding.accountable.as_ref().map(party).into(),
            finding.due.map(|due| due.to_string()).into(),
            names.join(" ").into(),
            finding.message.clone().into(),
        ]
    });
    Table {
        columns: vec![
            "finding",
            "code",
            "severity",
            "service",
            "control",
            "activity",
            "responsible",
            "accountable",
            "due",
            "resources",
            "message",
        ],
        rows: rows.collect(),
    }
}

fn codes() -> Table {
    let rows = Code::ALL
        .iter()
        .map(|code| vec![code.id().into(), code.severity().to_string().into(), code.summary().into()]);
    Table {
        columns: vec!["code", "severity", "summary"],
        rows: rows.collect(),
    }
}

fn controls(catalog: &Catalog, of: Option<&Workspace>) -> Table {
    let rows = catalog.controls.iter().enumerate().map(|(position, control)| {
        let held = of.map(|of| of.matrix.duties.iter().filter(|duty| duty.control.position() == position).count());
        vec![
            control.id.clone().into(),
            control.title.clone().into(),
            control.layer.clone().into(),
            held.into(),
        ]
    });
    Table {
        columns: vec!["control", "title", "layer", "duties"],
        rows: rows.collect(),
    }
}

fn frameworks(catalog: &Catalog, of: Option<&Workspace>) -> Table {
    let rows = catalog.frameworks.all().map(|framework| {
        let is_named = of.map(|of| of.inventory.frameworks.iter().any(|choice| choice.id == framework.id));
        let baselines: Vec<&str> = framework.baselines.iter().map(|(id, _)| &**id).collect();
        vec![
            framework.id.to_string().into(),
            framework.name.clone().into(),
            framework.version.clone().into(),
            framework.requirements.len().into(),
            baselines.join(" ").into(),
            is_named.into(),
        ]
    });
    Table {
        columns: vec!["framework", "name", "version", "requirements", "baselines", "named"],
        rows: rows.collect(),
    }
}
