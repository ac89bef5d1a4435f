//! `cloudraci import`: an inventory from files that people already have.
//!
//! In: files to import. Out: an inventory in YAML or JSON, with every managed resource, whatever its provider.

use super::{Done, Exit, Stop, output, print, tell};
use crate::catalog::Catalog;
use crate::cli::{Import as Args, ImportFormat};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::inventory::{self, Inventory, Resource};
use serde_json::{Map, Value, json};

pub(super) fn run(args: &Args) -> Done {
    let mut sources = SourceMap::default();
    let stop = |faults, sources: &SourceMap| Stop::Diagnostics(faults, sources.clone());
    let catalog = super::workspace::catalog(args.catalog.as_deref(), &mut sources).map_err(|faults| stop(faults, &sources))?;
    if let Some(path) = args.output.as_ref().filter(|path| path.exists()) {
        let fault = Diagnostic::new(
            Code::CannotWrite,
            format!("`{}` exists, and may hold what people wrote by hand", path.display()),
        )
        .help("name a new file; an inventory that names the source under `imports` keeps what people wrote and what is deployed apart");
        return Err(stop(vec![fault], &sources));
    }
    let loaded = inventory::load(&args.files, &catalog, &mut sources).map_err(|faults| stop(faults, &sources))?;
    tell(&loaded.warnings, &sources);
    let value = written(&loaded.inventory, &catalog);
    let text = match args.format {
        ImportFormat::Json => format!("{value:#}\n"),
        ImportFormat::Yaml => serde_yaml::to_string(&value).map_err(|error| {
            let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write the inventory as YAML: {error}"));
            stop(vec![fault], &sources)
        })?,
    };
    match &args.output {
        Some(path) => output::write_all(&[(path.clone(), text.into_bytes())])?,
        None => print(text.as_bytes())?,
    }
    Ok(Exit::Fine)
}

/// The inventory as it is written. Resources of other providers stand behind those of the catalog's.
fn written(inventory: &Inventory, catalog: &Catalog) -> Value {
    let own = inventory.resources.iter().map(|resource| one(resource, catalog));
    let others = inventory.out_of_scope.iter().map(|other| {
        json!({
            "type": other.kind, "service": null, "mode": null, "name": null, "arn": null, "account": null, "region": null,
            "environment": null, "tags": {}, "config": {}, "count": other.count, "provider": other.provider, "from": &*other.from,
        })
    });
    let organization = inventory.organization.as_deref().unwrap_or("(name your organisation here)");
    json!({"inventory": 1, "organization": organization, "resources": own.chain(others).collect::<Vec<_>>()})
}

fn one(resource: &Resource, catalog: &Catalog) -> Value {
    let settled = || {
        let choice = catalog.choose_mode(resource.service.as_deref()?, &resource.config);
        choice.mode.filter(|_| choice.known)
    };
    let mode = resource.mode.as_deref().map(str::to_owned).or_else(settled);
    let config: Map<String, Value> = resource
        .config
        .iter()
        .filter(|(key, _)| *key != "resource_type")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let tags: Map<String, Value> = resource
        .tags
        .iter()
        .map(|(key, value)| (key.to_string(), value.clone().into()))
        .collect();
    let file = &resource.place.file;
    let mut value = json!({
        "type": &*resource.kind,
        "service": resource.service.as_deref(),
        "mode": mode,
        "name": resource.name,
        "arn": resource.arn,
        "account": resource.account.as_deref(),
        "region": resource.region.as_deref(),
        "environment": resource.environment.as_deref(),
        "owner": resource.owner.as_deref(),
        "tags": tags,
        "config": config,
        "from": resource.address.as_ref().map_or_else(|| file.to_string(), |address| format!("{file}: {address}")),
    });
    if let Value::Object(fields) = &mut value {
        if resource.count != 1 {
            fields.insert("count".to_owned(), resource.count.into());
        }
        if resource.supporting {
            fields.insert("part_of".to_owned(), resource.service.as_deref().into());
        }
    }
    value
}
