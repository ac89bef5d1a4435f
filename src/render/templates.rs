//! Templates in their layers: command line over project over built-in.
//!
//! In: folders of overriding templates. Out: rendered Markdown, HTML and pictures, and the files that Typst reads. A
//! template that overrides another finds the original under `builtin/`, to extend it.

use super::escape;
use super::parse::slug;
use crate::catalog::TEMPLATES;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap, nearest};
use crate::report::{Activity, Control, DutiesHeld, Duty, DutyControl, DutyGroup, Edition, EvidenceItem, Report, Resource, Source};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::mem::take;
use std::path::Path;
use std::sync::Arc;
use tera::{Context, ErrorKind, Kwargs, State, StringInput, Tera, Value};

/// All templates, compiled.
#[derive(Debug)]
pub struct Templates {
    markdown: Tera,
    html: Tera,
    /// Every file of the layers by its path, for Typst and the style sheet.
    files: BTreeMap<String, Vec<u8>>,
    /// The file that a template's text comes from, for diagnostics.
    origins: BTreeMap<String, Arc<str>>,
    /// Whether any layer lies over the built-in templates.
    overridden: bool,
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.files.keys()).finish()
    }
}

/// A Report as templates see it: converted once, and shared by all that is rendered from it.
#[derive(Debug)]
pub struct View(Value);

impl View {
    /// Converts a Report. The built-in templates print a control's `lines` and a party's `controls`, never the activities
    /// that these are made from, which are the bulk of a Report; only a template of the user's may ask for them.
    ///
    /// # Errors
    /// None that can be caused from outside; the type only says so.
    pub fn of(report: &mut Report, templates: &Templates) -> Outcome<Self> {
        let aside = (!templates.overridden).then(|| Aside::take(report));
        let value = Value::try_from_serializable(report);
        if let Some(aside) = aside {
            aside.put_back(report);
        }
        let value = value.map_err(|error| {
            vec![Diagnostic::new(
                Code::TemplateError,
                format!("cannot show the report to templates: {error}"),
            )]
        })?;
        Ok(Self(value))
    }
}

/// What the built-in templates of an edition do not print, taken out of a Report while it is converted.
struct Aside {
    services: Vec<Vec<Control>>,
    common: Vec<Vec<Activity>>,
    duties: Vec<PartyAside>,
    evidence: Vec<Vec<EvidenceItem>>,
    sources: Option<Vec<Source>>,
    resources: Vec<Resource>,
}

/// Of the duties of a party.
#[derive(Default)]
struct PartyAside {
    activities: Vec<Duty>,
    controls: Option<Vec<DutyControl>>,
    groups: Vec<Vec<DutyGroup>>,
    held: Vec<Vec<DutiesHeld>>,
}

impl Aside {
    fn take(report: &mut Report) -> Self {
        let edition = report.meta.edition.clone();
        let full = !report.meta.in_short;
        let (audit, review) = (edition == Edition::Audit.id() && full, edition == Edition::Review.id());
        let handover = edition == Edition::Handover.id() && full;
        let activities = |controls: &mut [Control]| controls.iter_mut().map(|control| take(&mut control.activities)).collect::<Vec<_>>();
        let services = report.services.iter_mut();
        let duties = report.duties.iter_mut();
        Self {
            services: services
                .map(|service| {
                    let controls = take(&mut service.controls);
                    service.controls = controls.iter().filter(|control| audit && control.shown).map(printed).collect();
                    controls
                })
                .collect(),
            common: report.common.iter_mut().flat_map(|part| activities(&mut part.controls)).collect(),
            duties: duties
                .map(|party| PartyAside {
                    activities: take(&mut party.activities),
                    groups: party
                        .controls
                        .iter_mut()
                        .filter(|_| !handover)
                        .map(|one| take(&mut one.groups))
                        .collect(),
                    held: party
                        .controls
                        .iter_mut()
                        .filter(|_| handover)
                        .map(|one| take(&mut one.held))
                        .collect(),
                    controls: review.then(|| take(&mut party.controls)),
                })
                .collect(),
            evidence: report.evidence.iter_mut().map(|one| take(&mut one.items)).collect(),
            sources: (edition != Edition::Audit.id()).then(|| take(&mut report.sources)),
            resources: take(&mut report.resources),
        }
    }

    fn put_back(self, report: &mut Report) {
        report.resources = self.resources;
        put(report.services.iter_mut().map(|service| &mut service.controls), self.services);
        let common = report.common.iter_mut().flat_map(|part| &mut part.controls);
        put(common.map(|control| &mut control.activities), self.common);
        for (party, aside) in report.duties.iter_mut().zip(self.duties) {
            party.activities = aside.activities;
            if let Some(controls) = aside.controls {
                party.controls = controls;
            }
            put(party.controls.iter_mut().map(|one| &mut one.groups), aside.groups);
            put(party.controls.iter_mut().map(|one| &mut one.held), aside.held);
        }
        put(report.evidence.iter_mut().map(|one| &mut one.items), self.evidence);
        if let Some(sources) = self.sources {
            report.sources = sources;
        }
    }
}

/// Of a control, what is printed.
fn printed(control: &Control) -> Control {
    Control {
        activities: Vec::new(),
        lines: control.lines.clone(),
        scoped_letters: control.scoped_letters.clone(),
        requirements: control.requirements.clone(),
        control: control.control.clone(),
        title: control.title.clone(),
        layer: control.layer.clone(),
        layer_title: control.layer_title.clone(),
        not_applicable: None,
        ..*control
    }
}

fn put<'a, T: 'a>(places: impl Iterator<Item = &'a mut Vec<T>>, lists: Vec<Vec<T>>) {
    for (place, list) in places.zip(lists) {
        *place = list;
    }
}

/// One folder of overriding templates.
#[derive(Default)]
pub struct Layer {
    files: BTreeMap<String, (Arc<str>, Vec<u8>)>,
}

impl Layer {
    /// Reads a folder. Texts are added to `sources`, and near misses of built-in names to the warnings.
    ///
    /// # Errors
    /// Every file that cannot be read: an override is never passed over.
    pub fn read(folder: &Path, sources: &mut SourceMap, warnings: &mut Vec<Diagnostic>) -> Outcome<Self> {
        let (mut layer, mut faults) = (Self::default(), Vec::new());
        if folder.is_file() {
            faults.push(Diagnostic::new(
                Code::CannotRead,
                format!("cannot read the templates in `{}`: it is no folder", folder.display()),
            ));
        }
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let cannot = |error: &dyn std::fmt::Display| {
                Diagnostic::new(
                    Code::CannotRead,
                    format!("cannot read the templates in `{}`: {error}", folder.display()),
                )
            };
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    faults.push(cannot(&error));
                    continue;
                }
            };
            let name = entry
                .path()
                .strip_prefix(folder)
                .unwrap_or(entry.path())
                .to_string_lossy()
                .replace('\\', "/");
            // A link to a file is a file.
            if !entry.path().is_file() {
                if TEMPLATES.iter().any(|(known, _)| *known == name) {
                    faults.push(cannot(&format!("`{name}` is no file")));
                }
                continue;
            }
            match std::fs::read(entry.path()) {
                // A copy of a built-in template changes nothing.
                Ok(bytes) if TEMPLATES.iter().any(|(known, text)| *known == name && text.as_bytes() == bytes) => {}
                Ok(bytes) => {
                    let shown: Arc<str> = entry.path().display().to_string().into();
                    if let Ok(text) = std::str::from_utf8(&bytes) {
                        sources.insert(shown.clone(), text.into());
                    } else if is_template(&name) {
                        faults.push(Diagnostic::new(
                            Code::CannotRead,
                            format!("the template `{shown}` is not UTF-8 text"),
                        ));
                    }
                    layer.files.insert(name, (shown, bytes));
                }
                Err(error) => faults.push(cannot(&error)),
            }
        }
        layer.warn_of_near_misses(warnings);
        if faults.is_empty() { Ok(layer) } else { Err(faults) }
    }

    /// Whether the folder overrides any built-in template.
    #[must_use]
    pub fn overrides_any(&self) -> bool {
        TEMPLATES.iter().any(|(name, _)| self.files.contains_key(*name))
    }

    /// The names of its files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// One override without the others, with the files that are none: those that it may include.
    #[must_use]
    pub fn alone(&self, name: &str) -> Self {
        let kept = |own: &String| own == name || !TEMPLATES.iter().any(|(known, _)| known == own);
        let files = self.files.iter().filter(|(own, _)| kept(own));
        Self {
            files: files.map(|(name, file)| (name.clone(), file.clone())).collect(),
        }
    }

    fn warn_of_near_misses(&self, warnings: &mut Vec<Diagnostic>) {
        let known: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        for (name, (shown, _)) in &self.files {
            if let Some(near) = nearest(name, known.iter().copied()).filter(|near| *near != name) {
                let same_ending = Path::new(near).extension() == Path::new(name).extension();
                if same_ending && !self.files.contains_key(near) {
                    warnings.push(
                        Diagnostic::new(Code::TemplateUnknown, format!("`{shown}` replaces no built-in template"))
                            .at(Place::file(shown.clone()))
                            .help(format!("did you mean `{near}`?")),
                    );
                }
            }
        }
    }
}

fn is_template(name: &str) -> bool {
    [".md", ".html", ".svg", ".css", ".js", ".typ"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

impl Templates {
    /// Compiles the built-in templates under the given layers, the strongest last.
    ///
    /// # Errors
    /// Every template that does not compile.
    pub fn compile(layers: &[Layer]) -> Outcome<Self> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut origins: BTreeMap<String, Arc<str>> = BTreeMap::new();
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let overridden: BTreeSet<&str> = layers.iter().flat_map(|layer| layer.files.keys()).map(String::as_str).collect();
        for (name, text) in TEMPLATES {
            let origin: Arc<str> = format!("built-in {name}").into();
            if overridden.contains(name) && is_template(name) {
                texts.insert(format!("builtin/{name}"), (*text).to_owned());
                files.insert(format!("builtin/{name}"), text.as_bytes().to_vec());
                origins.insert(format!("builtin/{name}"), origin.clone());
            }
            texts.insert((*name).to_owned(), (*text).to_owned());
            files.insert((*name).to_owned(), text.as_bytes().to_vec());
            origins.insert((*name).to_owned(), origin);
        }
        for layer in layers {
            for (name, (shown, bytes)) in &layer.files {
                if let (true, Ok(text)) = (is_template(name), std::str::from_utf8(bytes)) {
                    texts.insert(name.clone(), text.to_owned());
                }
                files.insert(name.clone(), bytes.clone());
                origins.insert(name.clone(), shown.clone());
            }
        }
        let (mut markdown, mut html) = (Tera::default(), Tera::default());
        markdown.autoescape_on([".md"]);
        markdown.set_escape_fn(escape::markdown);
        html.autoescape_on([".html", ".svg"]);
        for tera in [&mut markdown, &mut html] {
            register(tera);
        }
        let mut faults = Vec::new();
        let mut add = |tera: &mut Tera, endings: &[&str]| {
            let own = texts.iter().filter(|(name, _)| endings.iter().any(|ending| name.ends_with(ending)));
            let own: Vec<(&str, &str)> = own.map(|(name, text)| (name.as_str(), text.as_str())).collect();
            if let Err(error) = tera.add_raw_templates(own) {
                faults.push(fault(&error, &origins, None));
            }
        };
        add(&mut markdown, &[".md"]);
        add(&mut html, &[".html", ".svg"]);
        if faults.is_empty() {
            Ok(Self {
                markdown,
                html,
                files,
                origins,
                overridden: !layers.is_empty(),
            })
        } else {
            Err(faults)
        }
    }

    /// The report as Markdown.
    ///
    /// # Errors
    /// What Tera says, with the place and the fields that exist.
    pub fn markdown(&self, report: &View) -> Outcome<String> {
        self.document("report.md", report)
    }

    /// A document as Markdown, by the name of its template.
    ///
    /// # Errors
    /// What Tera says, with the place and the fields that exist.
    pub fn document(&self, name: &str, report: &View) -> Outcome<String> {
        let text = self.render(&self.markdown, name, report, &Context::new())?;
        Ok(tidy(&text))
    }

    /// A template of HTML or a picture; `extra` stands beside `report`.
    ///
    /// # Errors
    /// What Tera says, with the place and the fields that exist.
    pub fn html(&self, name: &str, report: &View, extra: &Context) -> Outcome<String> {
        self.render(&self.html, name, report, extra)
    }

    /// Every file of the layers by its path.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// A text file of the layers.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.files
            .get(name)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .unwrap_or_default()
    }

    /// The same diagnostic, at the files that the templates come from.
    #[must_use]
    pub fn named_by_origin(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        for (place, _) in &mut diagnostic.places {
            if let Some(origin) = self.origins.get(&*place.file) {
                place.file = origin.clone();
            }
        }
        diagnostic
    }

    fn render(&self, tera: &Tera, name: &str, view: &View, extra: &Context) -> Outcome<String> {
        let mut context = extra.clone();
        context.insert_value("report", view.0.clone());
        tera.render(name, &context).map_err(|error| {
            let report = serde_json::to_value(&view.0).unwrap_or_default();
            vec![fault(&error, &self.origins, Some(&report))]
        })
    }
}

/// Filters that the built-in templates use.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("slug", |text: &str, _: Kwargs, _: &State| slug(text));
    tera.register_filter("address", |text: &str, _: Kwargs, _: &State| Value::safe_string(&address(text)));
    tera.register_filter("css", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::css(text.as_str()))
    });
    tera.register_filter("contact", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::contact(text.as_str()))
    });
    tera.register_filter("short", |text: &str, options: Kwargs, _: &State| {
        Ok(escape::short(text, options.get::<usize>("letters")?.unwrap_or(40)))
    });
    tera.register_filter("day", |date: &str, _: Kwargs, _: &State| day(date));
    tera.register_filter("prose", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::prose(text.as_str()))
    });
}

/// A web address as the target of a Markdown link: nothing in it can end the link.
fn address(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | ')' | '<' | '>' | '"' | '\\' | '|' | '`' | ' ' => {
                let _ = write!(out, "%{:02X}", u32::from(letter));
            }
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// `2026-11-01` as `1 November 2026`.
fn day(date: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match date.parse::<jiff::civil::Date>() {
        Ok(parsed) => {
            let month = usize::try_from(parsed.month())
                .ok()
                .and_then(|month| MONTHS.get(month.saturating_sub(1)));
            format!("{} {} {}", parsed.day(), month.unwrap_or(&""), parsed.year())
        }
        Err(_) => date.to_owned(),
    }
}

/// One blank line between blocks, none at the start, no spaces at the ends of lines.
fn tidy(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut blank = true;
    for line in markdown.lines().map(str::trim_end) {
        if line.is_empty() {
            if !blank {
                out.push('\n');
            }
            blank = true;
        } else {
            out.push_str(line);
            out.push('\n');
            blank = false;
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn fault(error: &tera::Error, origins: &BTreeMap<String, Arc<str>>, report: Option<&Json>) -> Diagnostic {
    let message = match error.kind() {
        ErrorKind::SyntaxError(inner) | ErrorKind::RenderingError(inner) => inner.message().to_owned(),
        other => other.to_string(),
    };
    let mut diagnostic = Diagnostic::new(Code::TemplateError, message.trim_end_matches('.').to_owned());
    if let ErrorKind::SyntaxError(inner) | ErrorKind::RenderingError(inner) = error.kind() {
        let span = inner.span();
        let file = origins.get(inner.filename()).cloned().unwrap_or_else(|| inner.filename().into());
        diagnostic = diagnostic
            .at(Place::at(&file, span.start_line, span.start_col + 1))
            .body(error.to_string());
        let help = report.map(|report| fields_help(&error.to_string(), report));
        diagnostic.help = help.or_else(|| Some("`cloudraci templates eject` writes the built-in templates to compare with".to_owned()));
    }
    diagnostic
}

/// The fields that exist where a path of the failing line breaks off.
fn fields_help(shown: &str, report: &Json) -> String {
    let general = "`cloudraci schema report` prints every field that templates may use";
    let words = shown.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    for path in words.filter(|word| word.starts_with("report.")) {
        let mut at = report;
        let mut so_far = "report".to_owned();
        for step in path.split('.').skip(1) {
            match at.get(step) {
                Some(inner) => {
                    at = inner;
                    so_far = format!("{so_far}.{step}");
                }
                None => {
                    let Json::Object(fields) = at else { break };
                    let known: Vec<&str> = fields.keys().map(String::as_str).collect();
                    let near = nearest(step, known.iter().copied())
                        .map(|near| format!("did you mean `{near}`? "))
                        .unwrap_or_default();
                    return format!("{near}`{so_far}` has the fields {}; {general}", known.join(", "));
                }
            }
        }
    }
    let mut names = BTreeSet::new();
    collect_fields(report, &mut names);
    let unknown = words_in_backticks(shown).find(|word| !names.contains(*word));
    match unknown.and_then(|word| nearest(word, names.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`? {general}"),
        None => general.to_owned(),
    }
}

fn words_in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn collect_fields(value: &Json, names: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, inner) in fields {
                names.insert(name.clone());
                collect_fields(inner, names);
            }
        }
        // All items of a list have the same fields.
        Json::Array(items) => items.iter().take(1).for_each(|item| collect_fields(item, names)),
        _ => {}
    }
}
