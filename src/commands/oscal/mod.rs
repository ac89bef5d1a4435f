//! `cloudraci oscal`: the joined result in OSCAL's models.
//!
//! In: arguments. Out: one JSON document, to a file or standard output.

use super::workspace::{Workspace, catalog};
use super::{Done, Exit, Stop, output, tell};
use crate::catalog::frameworks::Framework;
use crate::catalog::{Catalog, letters};
use crate::cli::{Oscal as Args, OscalCommand, OscalOf};
use crate::diagnostics::{Code, Diagnostic, Outcome, SourceMap, did_you_mean};
use crate::inventory::Inventory;
use crate::oscal::{self, Asked, Joined};
use crate::render;

pub(super) fn run(args: &Args) -> Done {
    let (of, is_mapping) = match &args.command {
        OscalCommand::ComponentDefinition { of } | OscalCommand::Ssp { of, .. } | OscalCommand::AssessmentResults { of } => (of, false),
        OscalCommand::Mapping { of } => (of, true),
    };
    // A mapping is the catalog's; of an inventory it takes the baseline, and what is handed over.
    if is_mapping && of.inputs.paths.is_empty() {
        let mut sources = SourceMap::default();
        let stop = |faults| Stop::Diagnostics(faults, SourceMap::default());
        let catalog = match catalog(of.inputs.catalog.as_deref(), &mut sources) {
            Ok(catalog) => catalog,
            Err(faults) => return Err(Stop::Diagnostics(faults, sources)),
        };
        let asked = asked(of, &catalog, None).map_err(stop)?;
        let text = render::json(&oscal::mapping(&catalog, asked));
        return write(of, text.map_err(stop)?);
    }
    let workspace = Workspace::open(&of.inputs)?;
    let stop = |faults| Stop::Diagnostics(faults, workspace.sources.clone());
    let asked = asked(of, &workspace.catalog, Some(&workspace.inventory)).map_err(stop)?;
    let joined = Joined {
        catalog: &workspace.catalog,
        inventory: &workspace.inventory,
        matrix: &workspace.matrix,
        as_of: workspace.as_of,
    };
    let text = match &args.command {
        OscalCommand::ComponentDefinition { .. } => render::json(&oscal::definition(joined, asked)),
        OscalCommand::Ssp { perspective, .. } => render::json(&oscal::plan(joined, asked, *perspective)),
        OscalCommand::Mapping { .. } => render::json(&oscal::mapping(&workspace.catalog, asked)),
        OscalCommand::AssessmentResults { .. } => render::json(&oscal::results(joined, asked)),
    };
    let text = text.map_err(stop)?;
    tell(&workspace.warnings, &workspace.sources);
    if let Some(path) = of.output.as_deref().filter(|path| !output::is_standard(path)) {
        let inputs = workspace
            .inventory
            .inputs
            .iter()
            .map(|input| std::path::PathBuf::from(&*input.path));
        output::Sources::of(inputs).refuse([path]).map_err(stop)?;
    }
    write(of, text)
}

fn write(of: &OscalOf, text: String) -> Done {
    output::write(of.output.as_deref(), text.into_bytes())?;
    Ok(Exit::Fine)
}

/// The framework and baseline that are meant.
fn asked<'a>(of: &'a OscalOf, catalog: &'a Catalog, inventory: Option<&'a Inventory>) -> Outcome<Asked<'a>> {
    let Some(framework) = catalog.frameworks.named(&of.framework) else {
        let known: Vec<&str> = catalog.frameworks.ids().map(|id| &**id).collect();
        let fault = Diagnostic::new(Code::InvalidValue, format!("the catalog knows no framework `{}`", of.framework));
        return Err(vec![fault.help(did_you_mean(&of.framework, &known))]);
    };
    let named = inventory.and_then(|inventory| inventory.frameworks.iter().find(|choice| choice.id == framework.id));
    let baseline = match &of.baseline {
        Some(name) => Some(baseline(framework, name)?),
        None => named.and_then(|choice| choice.baseline.as_deref()),
    };
    Ok(Asked {
        framework,
        baseline,
        profile: of.profile.as_deref(),
    })
}

/// A baseline by its id or name.
fn baseline<'a>(framework: &'a Framework, name: &str) -> Outcome<&'a str> {
    let wanted = letters(name);
    let found = framework
        .baselines
        .iter()
        .find(|(id, name)| letters(id) == wanted || letters(name) == wanted);
    found.map(|(id, _)| &**id).ok_or_else(|| {
        let known: Vec<&str> = framework.baselines.iter().map(|(id, _)| &**id).collect();
        let fault = Diagnostic::new(Code::InvalidValue, format!("`{}` has no baseline `{name}`", framework.id));
        vec![fault.help(did_you_mean(name, &known))]
    })
}
