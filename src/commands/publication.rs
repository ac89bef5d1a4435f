//! What documents are made from, and how they are made: shared by all commands that make some.
//!
//! In: the common arguments. Out: Reports of any edition, and their documents in any format, in memory.

use super::attachments::attachments;
use super::fonts::FontFile;
use super::output::Sources;
use super::redaction::Redaction;
use super::workspace::Workspace;
use super::{Stop, fonts};
use crate::changes::{Changes, Snapshot, compare};
use crate::cli::{Format, Inputs, Looks, Making};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity, SourceMap, did_you_mean};
use crate::inventory::{FrameworkChoice, Inventory};
use crate::raci::{self, Findings, PartyIx};
use crate::render::pdf::Fonts;
use crate::render::templates::{Layer, Templates};
use crate::render::{self, Beside, Logo, Renderer, View, Way};
use crate::report::page::Page;
use crate::report::{self, Edition, Report, Request};
use crate::threads;
use clap::ValueEnum as _;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that documents are made from.
pub(super) struct Publication {
    pub(super) workspace: Workspace,
    pub(super) redaction: Option<Redaction>,
    pub(super) logo: Option<Logo>,
    templates: Templates,
    fonts: Arc<Fonts>,
    making: Making,
    /// The files of templates that were read, by path, the built-in ones aside.
    pub(super) templates_read: Vec<(Arc<str>, Vec<u8>)>,
    /// The files of templates that an output must not replace.
    templates_used: Vec<PathBuf>,
    /// The files of fonts that were read.
    pub(super) fonts_read: Vec<FontFile>,
}

/// A document in several formats.
pub(super) struct Rendered<'r> {
    /// In the order in which they were asked for.
    pub(super) formats: Vec<(Format, Vec<u8>)>,
    /// The pictures that the Markdown names, by name.
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
    /// What made them. Freeing it takes a while, so whoever ends soon leaves it.
    #[expect(dead_code, reason = "kept until its owner lets go of it")]
    remains: Option<Renderer<'r>>,
}

/// Which Report is wanted.
pub(super) struct Wanted<'a> {
    pub(super) edition: Edition,
    pub(super) party: Option<&'a str>,
    /// What the names of pictures begin with; `None`: there are none.
    pub(super) pictures: Option<String>,
}

impl Publication {
    /// Reads everything; what is worth telling goes to the warnings.
    pub(super) fn open(inputs: &Inputs, making: &Making, warnings: &mut Vec<Diagnostic>) -> Result<Self, Stop> {
        Self::of(Workspace::open(inputs)?, making, warnings)
    }

    /// The same, with a seal for each input: its checksum, of the very bytes that were read.
    pub(super) fn sealed(inputs: &Inputs, making: &Making, warnings: &mut Vec<Diagnostic>) -> Result<Self, Stop> {
        Self::of(Workspace::sealed(inputs)?, making, warnings)
    }

    /// The same of a workspace that is joined already.
    pub(super) fn of(mut workspace: Workspace, making: &Making, warnings: &mut Vec<Diagnostic>) -> Result<Self, Stop> {
        warnings.append(&mut workspace.warnings);
        let layers = layers(&making.looks, &mut workspace, warnings)?;
        let mut publication = Self::with(workspace, &layers, making, warnings)?;
        for layer in &layers {
            publication.templates_used.extend(layer.used());
            publication.templates_read.extend(layer.read_files());
        }
        Ok(publication)
    }

    /// The same with templates that were read already.
    pub(super) fn with(workspace: Workspace, layers: &[Layer], making: &Making, warnings: &mut Vec<Diagnostic>) -> Result<Self, Stop> {
        let made = Self::parts(&workspace, layers, &making.looks);
        let (templates, logo, found) = match made {
            Ok((templates, logo, mut found)) => {
                warnings.append(&mut found.warnings);
                (templates, logo, found)
            }
            Err(faults) => return Err(Stop::Diagnostics(faults, workspace.sources)),
        };
        let redaction = match making.redact.then(|| Redaction::of(&workspace)).transpose() {
            Ok(redaction) => redaction,
            Err(faults) => return Err(Stop::Diagnostics(faults, workspace.sources)),
        };
        warnings.extend(workspace.lifecycle());
        warnings.extend(workspace.absent());
        warnings.extend(workspace.requirements());
        warnings.extend(super::scans::diagnostics(&workspace.matrix));
        // In a report, unclassified resources are printed; only `check` fails on them.
        warnings.extend(workspace.unclassified().into_iter().map(|one| Diagnostic {
            severity: Severity::Warning,
            ..one
        }));
        Ok(Self {
            redaction,
            ..Self::made_of(workspace, templates, logo, found, making)
        })
    }

    fn made_of(workspace: Workspace, templates: Templates, logo: Option<Logo>, found: fonts::Found, making: &Making) -> Self {
        Self {
            workspace,
            redaction: None,
            logo,
            templates,
            fonts: found.fonts,
            making: making.clone(),
            templates_read: Vec::new(),
            templates_used: Vec::new(),
            fonts_read: found.files,
        }
    }

    fn parts(workspace: &Workspace, layers: &[Layer], looks: &Looks) -> Outcome<(Templates, Option<Logo>, fonts::Found)> {
        let templates = Templates::compile(layers);
        let logo = logo(workspace);
        let fonts = fonts::load(looks, workspace.inventory.theme.font_path.as_ref());
        match (templates, logo, fonts) {
            (Ok(templates), Ok(logo), Ok(fonts)) => Ok((templates, logo, fonts)),
            (templates, logo, fonts) => {
                let faults = [templates.err(), logo.err(), fonts.err()];
                Err(faults.into_iter().flatten().flatten().collect())
            }
        }
    }

    /// Everything that would keep a report from being made of a workspace: templates, the logo, fonts. Templates of the
    /// user's own are rendered in every edition and format, as a report would; the built-in ones are known to be well.
    pub(super) fn trial(mut workspace: Workspace, looks: &Looks) -> (Vec<Diagnostic>, SourceMap) {
        let mut found = Vec::new();
        let layers = match layers(looks, &mut workspace, &mut found) {
            Ok(layers) => layers,
            Err(Stop::Diagnostics(faults, sources)) => {
                found.extend(faults);
                // The rest is judged all the same.
                found.extend(Self::parts(&workspace, &[], looks).err().into_iter().flatten());
                return (found, sources);
            }
            Err(_) => Vec::new(),
        };
        match Self::parts(&workspace, &layers, looks) {
            Ok((templates, logo, mut fonts)) => {
                found.append(&mut fonts.warnings);
                let mut publication = Self::made_of(
                    workspace,
                    templates,
                    logo,
                    fonts,
                    &Making {
                        looks: looks.clone(),
                        ..Making::default()
                    },
                );
                if !layers.is_empty() {
                    found.extend(publication.rendered_faults(Format::DOCUMENTS));
                }
                let sources = std::mem::take(&mut publication.workspace.sources);
                // A trial is the last that is made of it, and the process ends sooner than freeing it takes, value by value.
                std::mem::forget(publication);
                (found, sources)
            }
            Err(faults) => {
                found.extend(faults);
                (found, workspace.sources)
            }
        }
    }

    /// All that is wrong where the documents of every edition are rendered in these formats. The same fault of several is
    /// told once.
    pub(super) fn rendered_faults(&self, formats: &[Format]) -> Vec<Diagnostic> {
        self.faults_of(formats, None, Some(String::new()))
    }

    /// The same of what is cut to a party, or has no pictures beside it.
    pub(super) fn faults_of(&self, formats: &[Format], party: Option<&str>, pictures: Option<String>) -> Vec<Diagnostic> {
        let mut found = self.templates.style_faults();
        let report = self.report(Wanted {
            edition: Edition::default(),
            party,
            pictures: pictures.clone(),
        });
        match View::of(&report, &Page::of(&report), &self.templates) {
            Ok(view) => found.extend(render::picture_faults(&view, &self.templates)),
            Err(faults) => found.extend(faults),
        }
        for edition in Edition::value_variants() {
            for document in DOCUMENTS {
                // The lists are documents of one edition.
                if document != "report.md" && *edition != Edition::Handover {
                    continue;
                }
                for format in formats {
                    let mut report = self.report(Wanted {
                        edition: *edition,
                        party,
                        pictures: pictures.clone(),
                    });
                    if document == "changes.md" {
                        report.changes = Some(self.some_changes());
                    }
                    let page = Page::of(&report);
                    let rendered = self.render(document, (&report, &page), &[*format], &mut Vec::new());
                    found.extend(rendered.err().into_iter().flatten());
                }
            }
        }
        folded(found)
    }

    /// Changes to try templates with: what would be new if there had been the duties of one party alone.
    fn some_changes(&self) -> Changes {
        let of = &self.workspace;
        let show = |place: &Place| place.file.to_string();
        let less = of
            .matrix
            .for_party(PartyIx::new(of.inventory.parties.len().saturating_sub(1)), &of.inventory);
        let old = Snapshot::of("earlier", (&of.catalog, &of.inventory, &less), of.as_of, &show);
        let new = Snapshot::of("now", (&of.catalog, &of.inventory, &of.matrix), of.as_of, &show);
        compare(&old, &new.with_findings(&of.findings))
    }

    /// Every file that was read, so that no output takes its place.
    pub(super) fn sources(&self) -> Sources {
        let of = &self.workspace;
        let inputs = of.inventory.inputs.iter().map(|input| PathBuf::from(&*input.path));
        let overlays = of.catalog.overlays.iter().map(|overlay| PathBuf::from(&*overlay.file));
        let logo = of.inventory.theme.logo.iter().map(|(path, _)| path.clone());
        let fonts = self.fonts_read.iter().map(|(path, _)| path.clone());
        let evidence = of.inventory.evidence.iter().filter_map(|entry| entry.file.as_ref());
        let evidence = evidence.map(|file| file.path.clone());
        Sources::of(
            inputs
                .chain(evidence)
                .chain(overlays)
                .chain(logo)
                .chain(fonts)
                .chain(self.templates_used.iter().cloned()),
        )
    }

    /// Puts what is told under pseudonyms that an earlier workspace shares, and gives that one under them, too.
    pub(super) fn redact_with(&mut self, earlier: &Workspace) -> Outcome<Redaction> {
        let [old, new] = Redaction::of_both(earlier, &self.workspace)?;
        self.redaction = Some(new);
        Ok(old)
    }

    /// How documents are made.
    pub(super) fn making(&self) -> &Making {
        &self.making
    }

    /// The ids of all parties, in their order.
    pub(super) fn parties(&self) -> Vec<String> {
        self.workspace.inventory.parties.iter().map(|party| party.id.to_string()).collect()
    }

    /// A diagnostic where nobody has this id.
    pub(super) fn check_party(&self, id: &str) -> Outcome<()> {
        let known: Vec<&str> = self.workspace.inventory.parties.iter().map(|party| &*party.id).collect();
        if known.contains(&id) {
            return Ok(());
        }
        let fault = Diagnostic::new(Code::UnknownParty, format!("no party `{id}` is defined"));
        Err(vec![fault.help(did_you_mean(id, &known))])
    }

    /// The stop that diagnostics about this publication make.
    pub(super) fn stop(&self, faults: Vec<Diagnostic>) -> Stop {
        Stop::Diagnostics(faults, self.workspace.sources.clone())
    }

    /// Answers in the numbers of these frameworks, whatever the inventory names.
    pub(super) fn name_frameworks(&mut self, choices: &[FrameworkChoice]) {
        self.workspace.inventory.frameworks = choices.to_vec();
        if let Some(own) = &mut self.redaction {
            own.redacted.inventory.frameworks = choices.to_vec();
        }
    }

    /// A Report.
    pub(super) fn report(&self, wanted: Wanted<'_>) -> Report {
        let of = &self.workspace;
        let (inventory, matrix, findings, sources) = match &self.redaction {
            Some(own) => (&own.redacted.inventory, &own.matrix, &own.findings, &own.redacted.sources),
            None => (&of.inventory, &of.matrix, &of.findings, &of.sources),
        };
        // What is cut is cut before it is told, so that nothing in it speaks of the whole.
        let position = wanted
            .party
            .and_then(|id| inventory.parties.iter().position(|party| *party.id == *id));
        let (matrix, findings) = match position.map(PartyIx::new) {
            Some(party) => {
                let cut = matrix.for_party(party, inventory);
                let findings = Findings::of(&cut, &of.catalog, inventory, of.as_of).of_party(party, &cut);
                (Cow::Owned(cut), Cow::Owned(findings))
            }
            None => (Cow::Borrowed(matrix), Cow::Borrowed(findings)),
        };
        let request = Request {
            as_of: of.as_of,
            edition: wanted.edition,
            party: wanted.party.map(str::to_owned),
            only: of.only.clone(),
            logo: self.logo.as_ref().map(|logo| logo.name().to_owned()),
            pictures: wanted.pictures,
            draft: self.making.draft,
            redacted: self.redaction.is_some(),
        };
        let mut report = report::build(&of.catalog, inventory, &matrix, &findings, &request, sources);
        if let Some(own) = &self.redaction {
            for (overlay, number) in report.overlays.iter_mut().zip(1..) {
                overlay.file = format!("overlay {number}");
                overlay.reason = own.redacted.scrubber.scrub(&overlay.reason);
            }
        }
        report
    }

    /// Lets go of what the last Report was made of, where that is so much that what is made of the Report needs its memory.
    pub(super) fn let_go(&mut self) {
        let of = &mut self.workspace;
        if of.inventory.resources.len() < threads::MANY {
            return;
        }
        let nothing = || raci::resolve(&of.catalog, &Inventory::default(), of.as_of);
        of.inventory.resources = Vec::new();
        (of.matrix, of.findings) = (nothing(), Findings::default());
        if let Some(own) = &mut self.redaction {
            own.redacted.inventory.resources = Vec::new();
            (own.matrix, own.findings) = (of.matrix.clone(), Findings::default());
        }
    }

    /// A document in these formats, by the name of its template.
    pub(super) fn render<'r>(
        &'r self,
        document: &str,
        (report, page): (&'r Report, &'r Page),
        formats: &[Format],
        warnings: &mut Vec<Diagnostic>,
    ) -> Outcome<Rendered<'r>> {
        // The report itself carries its data; lists made from it do not.
        let carries = document == "report.md" && !self.making.no_attachments;
        let theme = &self.workspace.inventory.theme;
        let carried = theme.font.clone().filter(|_| theme.font_path.is_some());
        let (mut made, mut renderer) = (Vec::new(), None);
        for format in formats {
            let bytes = match format.way() {
                Way::Document(make) => {
                    let mut own = match renderer.take() {
                        Some(renderer) => renderer,
                        None => Renderer::of(document, report, page, &self.templates, self.logo.as_ref())?
                            .with_fonts(self.fonts.clone())
                            .carrying(carried.clone()),
                    };
                    let attachments = || if carries { attachments(self, report, page) } else { Ok(Vec::new()) };
                    let mut beside = Beside {
                        attachments: &attachments,
                        warnings,
                    };
                    let bytes = make(&mut own, &mut beside)?;
                    renderer = Some(own);
                    bytes
                }
                Way::Data(make) => make(report, self.logo.as_ref())?,
            };
            made.push((*format, bytes));
        }
        // Markdown alone has its pictures beside it.
        let mut pictures = BTreeMap::new();
        if let Some(renderer) = renderer.as_ref().filter(|_| formats.contains(&Format::Markdown)) {
            let drawn = renderer.pictures().iter();
            pictures = drawn.map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
            if let Some(logo) = self.logo.as_ref().filter(|_| report.meta.pictures) {
                let name = format!("{}{}", report.meta.picture_prefix, logo.name());
                pictures.insert(name, logo.bytes().to_vec());
            }
        }
        Ok(Rendered {
            formats: made,
            pictures,
            remains: renderer,
        })
    }
}

/// The documents that are made from templates.
const DOCUMENTS: [&str; 6] = [
    "report.md",
    "changes.md",
    "requirements.md",
    "duty-list.md",
    "checklist.md",
    "pack-index.md",
];

/// The first of all faults that say the same of the same line of the same file; of those that say the same of a text that
/// was rendered, whose lines differ from edition to edition, the first.
pub(super) fn folded(faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let is_new = |fault: &Diagnostic| {
        let place = fault.places.first().map(|(place, _)| place);
        let place = place.map(|place| {
            if &*place.file == render::parse::FILE {
                Place::file(place.file.clone())
            } else {
                place.clone()
            }
        });
        seen.insert((fault.code, fault.message.clone(), format!("{place:?}")))
    };
    let mut is_new = is_new;
    faults.into_iter().filter(|fault| is_new(fault)).collect()
}

/// The layers of templates: the project's `templates/`, then the command line's.
fn layers(looks: &Looks, workspace: &mut Workspace, warnings: &mut Vec<Diagnostic>) -> Result<Vec<Layer>, Stop> {
    let project = Path::new("templates");
    let sources = &mut workspace.sources;
    let read = match &looks.templates {
        Some(folder) => Layer::read(folder, sources, warnings).map(Some),
        None if project.is_dir() => Layer::unasked(project, sources, warnings),
        None => Ok(None),
    };
    match read {
        Ok(layer) => Ok(layer.into_iter().collect()),
        Err(faults) => Err(Stop::Diagnostics(faults, sources.clone())),
    }
}

fn logo(workspace: &Workspace) -> Outcome<Option<Logo>> {
    let Some((path, place)) = &workspace.inventory.theme.logo else {
        return Ok(None);
    };
    let fault = |message: String| {
        vec![
            Diagnostic::new(Code::LogoUnreadable, message)
                .at(place.clone())
                .help("name an SVG, PNG or JPEG picture of at most 4 MiB, relative to the inventory file"),
        ]
    };
    let cannot_read = |error: std::io::Error| fault(format!("cannot read `{}`: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(cannot_read)?;
    let size = file.metadata().map_err(cannot_read)?.len();
    // What is too large is not read first.
    if size > Logo::MOST_BYTES as u64 {
        return Err(fault(format!("`{}` has {size} bytes", path.display())));
    }
    let mut bytes = Vec::new();
    file.take(Logo::MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(cannot_read)?;
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let logo = Logo::new(&ending, bytes);
    logo.map(Some).map_err(|why| fault(format!("`{}` {why}", path.display())))
}
