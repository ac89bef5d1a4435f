//! CloudFormation and SAM templates, in YAML with all short tags or in JSON.
//!
//! In: a template, or what `aws cloudformation get-template` answers. Out: one resource for each logical id, with those
//! properties that the template itself settles, and those of nested stacks whose templates lie beside it. What deploys more
//! than the templates can say (stacks that lie elsewhere, modules, loops over what is not known) is counted and named.

mod budget;
mod conditions;
mod decode;
mod functions;
mod lines;
mod loops;
mod nested;
mod parameters;
mod perhaps;
mod stack;
mod template;

use super::sink::Intake;
use super::{Head, Importer};
use crate::catalog::attributes::Origin;
use crate::catalog::partitions;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity};
use crate::inventory::import::{Defaults, Trust};
use crate::source::Stream;
use crate::source::text::unicode_beginning;
use nested::{Given, Stacks};
use stack::{Deployed, Entry, Stack};

/// The importer of templates.
pub(super) struct CloudFormation;

const PROCESSED: &str = "import the processed template: `aws cloudformation get-template --template-stage Processed`";
const HELP: &str = "`aws cloudformation validate-template` and cfn-lint tell more";

impl Importer for CloudFormation {
    fn id(&self) -> &'static str {
        "cloudformation"
    }

    fn name(&self) -> &'static str {
        "CloudFormation"
    }

    fn reads(&self) -> &'static str {
        "CloudFormation and SAM templates, a cloud assembly of the CDK"
    }

    fn origin(&self) -> Option<Origin> {
        Some(Origin::CloudFormation)
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        if ["AWSTemplateFormatVersion", "TemplateBody"].iter().any(|key| keys.has(key)) || keys.has_types_in("Resources") {
            return true;
        }
        let text = unicode_beginning(&head.bytes[..head.bytes.len().min(4 * 1024 * 1024)]);
        if text.trim_start().starts_with('{') {
            // JSON that is broken before its first key is whole, or YAML that begins so.
            return text.contains("\"AWSTemplateFormatVersion\"");
        }
        // A template may be indented as a whole.
        let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '-', '%']);
        let indent = text.lines().find(is_content).map_or(0, |line| line.len() - line.trim_start().len());
        let top = |line: &str, key: &str| {
            let Some(line) = line.get(indent..) else { return false };
            let line = line.trim_start_matches(['"', '\'']);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        let is_type = |line: &str| {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            let rest = line.strip_prefix("Type").map(|rest| rest.trim_start_matches(['"', ':', ' ', '\'']));
            rest.is_some_and(|rest| rest.contains("::"))
        };
        !text.lines().any(|line| top(line, "inventory"))
            && (text.lines().any(|line| top(line, "AWSTemplateFormatVersion"))
                || text.lines().any(|line| top(line, "Resources"))
                    && text.lines().any(|line| is_type(line) || line.contains("Type: AWS::")))
    }

    fn trust(&self) -> Trust {
        Trust::Template
    }

    fn if_empty(&self) -> &'static str {
        "a template without resources deploys nothing"
    }

    fn is_of_one_account(&self) -> bool {
        // A template is of any account that it is deployed in.
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let (file, place) = (stream.file.clone(), stream.place.clone());
        let template = decode::template(&stream.whole()?, &file, &place)?;
        intake.warnings.extend(template.warning);
        let stacks = Stacks::new(&file, intake.beside, pseudo(intake.defaults));
        let parameters = intake.beside.map(|beside| beside.parameters.clone()).unwrap_or_default();
        let given = Given {
            parameters: parameters.into_iter().map(|(name, value)| (name, Some(value.into()))).collect(),
            ..Given::default()
        };
        let Some(stack) = Stack::of(template.root, &given, &stacks) else {
            return Err(vec![
                Diagnostic::new(Code::ImportFailed, format!("`{file}` has no `Resources`"))
                    .at(place.clone())
                    .help(self.if_empty()),
            ]);
        };
        stack.open_all();
        let mut deployed = Deployed::new(&file, &place);
        stack.deploy(None, &mut deployed);
        intake.warnings.append(&mut deployed.warnings);
        intake.warnings.extend(stacks.warnings.take());
        intake.conditional.append(&mut deployed.conditional);
        intake.warnings.extend(beyond(&stacks, &place));
        intake.warnings.extend(are_conditional(intake.conditional.len(), &file, &place));
        intake.warnings.extend(are_helpers(deployed.helpers, &file, &place));
        let mut entries = deployed.entries;
        perhaps::mark(&mut entries);
        intake.pieces(
            false,
            |send| {
                (0..).zip(entries).for_each(send);
                Ok(())
            },
            |(order, entry), sink| match entry {
                Entry::Own(found, _) => sink.add(*found, order),
                Entry::Other(kind, provider, id) => sink.add_other(&kind, &provider, Some(id), order),
            },
        )
    }
}

/// What is the same in all templates of a file, as far as it is known where that is deployed.
fn pseudo(defaults: &Defaults) -> Vec<(&'static str, String)> {
    let region = defaults.region.as_deref();
    let partition = region
        .and_then(partitions::of_region)
        .and_then(|at| partitions::partitions().get(at));
    let known = [
        ("AWS::AccountId", defaults.account.as_deref()),
        ("AWS::Region", region),
        ("AWS::Partition", partition.map(|partition| partition.id.as_str())),
    ];
    known
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?.to_owned())))
        .collect()
}

/// That resources are a program's own helpers.
fn are_helpers(count: usize, file: &str, place: &Place) -> Option<Diagnostic> {
    let (resources, are) = if count == 1 { ("resource", "is") } else { ("resources", "are") };
    let what = format!("{count} {resources} of `{file}` {are} there for the CDK's own constructs and {are} counted as supporting");
    let note = Diagnostic {
        severity: Severity::Note,
        ..Diagnostic::new(Code::ImportPartial, what).at(place.clone())
    };
    (count > 0).then(|| note.help("functions that run while a stack is deployed, with their roles and logs; renewing the CDK renews them"))
}

/// That resources stand under a condition.
fn are_conditional(count: usize, file: &str, place: &Place) -> Option<Diagnostic> {
    let (resources, stand) = if count == 1 {
        ("resource", "stands")
    } else {
        ("resources", "stand")
    };
    let what = format!("{count} {resources} of `{file}` {stand} under a condition and are counted as deployed");
    let note = Diagnostic {
        severity: Severity::Note,
        ..Diagnostic::new(Code::ImportPartial, what).at(place.clone())
    };
    (count > 0).then(|| note.help("import what is deployed instead, from AWS Config or Resource Explorer, where that is not so"))
}

/// What goes beyond a limit and is left unknown.
fn beyond(stacks: &Stacks<'_>, place: &Place) -> Vec<Diagnostic> {
    let warning = |beyond: String| Diagnostic {
        severity: Severity::Warning,
        ..Diagnostic::new(Code::LimitReached, format!("the {beyond}, and what is beyond that is left unknown"))
            .at(place.clone())
            .help("import what is deployed instead, from AWS Config or Resource Explorer; docs/limits.md lists all limits")
    };
    stacks.budget.beyond().into_iter().map(warning).collect()
}
