//! From what was written to what is valid: one merged inventory out of all files.
//!
//! In: decoded files with their paths, and imported resources. Out: an [`Inventory`]; everything wrong is collected.

mod attributes;
mod contradictions;
mod evidence;
mod findings;
mod handover;
mod listed;
mod only;
mod parties;
mod remembered;
mod resources;
mod rules;
mod suppose;

pub(crate) use crate::catalog::spelling::normalised;
pub use only::selection;
pub use suppose::{Supposition, suppose};

use super::file::{InventoryFile, OneOrMany, Text};
use super::import::Imported;
use super::known::{Age, Known};
use super::shared::Shared;
use super::unite;
use super::{Account, Exception, Input, Inventory, Leveraged, Party, Revision, Theme};
use crate::catalog::Catalog;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Code, Diagnostic, Place, Route, route};
use crate::threads;
use indexmap::IndexMap;
use jiff::civil::Date;
use std::path::Path;
use std::sync::Arc;

/// One inventory file.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) file: InventoryFile,
    pub(super) path: Arc<str>,
}

pub(super) struct Validator<'a> {
    catalog: &'a Catalog,
    parties: Vec<Party>,
    accounts: IndexMap<String, Account>,
    unknown: attributes::Unknown,
    words: remembered::Words,
    keys: attributes::Keys,
    /// What attributes as somebody wrote them mean, where several resources share them.
    meant: attributes::Meant,
    /// How many keys were found that nothing knows.
    told_keys: usize,
    shared: Shared,
    /// The attributes of what has none.
    nothing: Arc<Attributes>,
    finished: resources::AllFinished,
    tags_meant: resources::TagsMeant,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Validator<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            parties: Vec::new(),
            accounts: IndexMap::new(),
            unknown: attributes::Unknown::new(),
            words: remembered::Words::default(),
            keys: attributes::Keys::default(),
            meant: attributes::Meant::default(),
            told_keys: 0,
            shared: Shared::default(),
            nothing: Arc::default(),
            finished: resources::AllFinished::default(),
            tags_meant: resources::TagsMeant::default(),
            found: Vec::new(),
        }
    }

    pub(super) fn merge(&mut self, mut parts: Vec<Part>, imported: Vec<Imported>, inputs: Vec<Input>) -> Inventory {
        self.merge_parties(&parts);
        self.merge_accounts(&parts);
        self.add_imported_accounts(&imported);
        let mut inventory = Inventory {
            is_partial: parts.is_empty(),
            inputs,
            ..Inventory::default()
        };
        let single = |pick: fn(&InventoryFile) -> &Option<Text>, name: &'static str, this: &mut Self| this.single(&parts, pick, name);
        inventory.title = single(|file| &file.title, "title", self);
        inventory.organization = single(|file| &file.organization, "organization", self);
        inventory.system = single(|file| &file.system, "system", self);
        inventory.version = single(|file| &file.version, "version", self);
        inventory.classification = single(|file| &file.classification, "classification", self);
        let by = single(|file| &file.prepared_by, "prepared_by", self);
        inventory.prepared_by = by.map(|by| self.party_or_text(&by));
        inventory.prepared_for = single(|file| &file.prepared_for, "prepared_for", self);
        if let Some(text) = single(|file| &file.as_of, "as_of", self) {
            let place = parts.iter().find(|part| part.file.as_of.is_some()).map(|part| part.path.clone());
            let place = Place::value(&place.unwrap_or_default(), route(["as_of".into()]));
            inventory.as_of = self.date(&text, place);
        }
        if !parts.is_empty() && inventory.organization.is_none() {
            let path = parts.first().map(|part| part.path.clone()).unwrap_or_default();
            self.found.push(
                Diagnostic::new(Code::MissingField, "no file names the `organization`")
                    .at(Place::file(path))
                    .help("add `organization: Example Pay Ltd`, the customer whose duties these are"),
            );
        }
        for part in &parts {
            self.check_version(part);
            self.merge_part(part, &mut inventory, &parts);
        }
        self.merge_findings(&parts, &mut inventory);
        self.add_resources(&mut parts, imported, &mut inventory);
        self.tell_unknown_keys();
        inventory.unite_out_of_scope();
        inventory.conditional.sort();
        // The order in files must not reach the report.
        threads::sort(&mut inventory.resources, |one, other| one.by_content(other));
        if !parts.is_empty() && inventory.resources.is_empty() && parts.iter().all(|part| part.file.imports.is_empty()) {
            let path = parts.first().map(|part| part.path.clone()).unwrap_or_default();
            self.found.push(
                Diagnostic::new(Code::MissingField, "the inventory has no resources")
                    .at(Place::file(path))
                    .help("list what is deployed under `resources`, or name files under `imports`"),
            );
        }
        self.add_operators(&inventory.resources);
        inventory.parties = std::mem::take(&mut self.parties);
        inventory.accounts = std::mem::take(&mut self.accounts);
        inventory
    }

    /// All resources, written and imported, each once.
    fn add_resources(&mut self, parts: &mut [Part], imported: Vec<Imported>, inventory: &mut Inventory) {
        let mut known = Vec::with_capacity(parts.iter().map(|part| part.file.resources.len()).sum());
        for part in parts {
            // Of many resources the written form need not be kept beside the other.
            self.add_listed(std::mem::take(&mut part.file.resources), &part.path, &mut known);
        }
        let (mut imported, notes) = unite::without_copies(imported);
        self.found.extend(notes);
        unite::without_deleted(&mut imported);
        let versions = unite::versions(&imported);
        for (one, version) in imported.into_iter().zip(versions) {
            self.found.extend(one.warnings);
            inventory.conditional.extend(one.conditional);
            for other in one.out_of_scope {
                inventory.add_out_of_scope(other);
            }
            for mut resource in one.resources {
                let (own, called) = (resource.id.take(), resource.called);
                let by_name = resource.by_name;
                let age = Age {
                    trust: one.trust,
                    recorded: resource.recorded,
                    version,
                };
                let resource = self.imported(resource, &one.file);
                let by_attribute = own.is_none();
                let id = own.or_else(|| listed::id(&resource)).filter(|_| resource.count == 1);
                known.push(Known {
                    resource: resource.into(),
                    id,
                    by_attribute,
                    called,
                    written: false,
                    by_name,
                    age,
                });
            }
        }
        let (resources, notes) = unite::united(known, self.catalog);
        inventory.resources = resources;
        self.found.extend(notes);
        self.found
            .extend(unite::without_account(&inventory.resources, !self.accounts.is_empty()));
    }

    fn check_version(&mut self, part: &Part) {
        if part.file.inventory != 1 {
            self.found.push(
                Diagnostic::new(
                    Code::UnsupportedVersion,
                    format!("inventory version {} is not supported", part.file.inventory),
                )
                .at(Place::value(&part.path, route(["inventory".into()])))
                .help("this version of cloudraci reads `inventory: 1`"),
            );
        }
    }

    /// A single value that several files may give if they agree.
    fn single(&mut self, parts: &[Part], pick: fn(&InventoryFile) -> &Option<Text>, name: &'static str) -> Option<String> {
        let mut given: Option<(&Text, &Arc<str>)> = None;
        for part in parts {
            let Some(text) = pick(&part.file) else { continue };
            match given {
                Some((first, path)) if first != text => self.clash(name, route([name.into()]), path, &part.path),
                Some(_) => {}
                None => given = Some((text, &part.path)),
            }
        }
        given.map(|(text, _)| text.0.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn clash(&mut self, name: &str, at: Route, first: &Arc<str>, second: &Arc<str>) {
        self.found.push(
            Diagnostic::new(Code::InventoryClash, format!("`{name}` is said differently in two files"))
                .at_labelled(Place::value(second, at.clone()), "here")
                .at_labelled(Place::value(first, at), "and here")
                .help("keep one of the two"),
        );
    }

    fn merge_part(&mut self, part: &Part, inventory: &mut Inventory, parts: &[Part]) {
        let path = &part.path;
        if let Some(theme) = &part.file.theme {
            let theme = self.theme(theme, path);
            if inventory.theme != Theme::default() && inventory.theme != theme {
                let first = parts.iter().find(|part| part.file.theme.is_some()).map(|part| part.path.clone());
                self.clash("theme", route(["theme".into()]), &first.unwrap_or_default(), path);
            }
            inventory.theme = theme;
        }
        for (index, rule) in part.file.assignments.iter().enumerate() {
            let at = route(["assignments".into(), index.into()]);
            let rule = self.rule(rule, path, &at);
            inventory.rules.push(rule);
        }
        for resource in &part.file.resources {
            if let (None, Some(provider), Some(kind)) = (&resource.service, &resource.provider, &resource.kind) {
                inventory.add_out_of_scope(super::OutOfScope {
                    kind: kind.0.clone(),
                    provider: provider.0.clone(),
                    count: resource.count.unwrap_or(1),
                    from: path.clone(),
                    addresses: Vec::new(),
                });
            }
        }
        for (index, exception) in part.file.exceptions.iter().enumerate() {
            let at = route(["exceptions".into(), index.into()]);
            let exception = Exception {
                selector: self.selector(&exception.matches, path, &at.then("match")),
                reason: exception.reason.0.clone(),
                approved_by: exception.approved_by.as_ref().map(|by| self.party_or_text(&by.0)),
                approved: self.optional_date(exception.approved.as_ref(), path, &at.then("approved")),
                instead: exception.instead.as_ref().map(|text| text.0.clone()),
                expires: self.optional_date(exception.expires.as_ref(), path, &at.then("expires")),
                place: Place::value(path, at),
            };
            inventory.exceptions.push(exception);
        }
        self.evidence(part, inventory);
        self.evidence_limit(part, inventory, parts);
        self.handover(part, inventory);
        for (index, leveraged) in part.file.leveraged.iter().enumerate() {
            let at = route(["leveraged".into(), index.into()]);
            let party = self.party(&leveraged.party.0, Place::value(path, at.then("party")));
            let date = self.date(&leveraged.date.0, Place::value(path, at.then("date")));
            let id = text_of(&Some(leveraged.id.clone()));
            if id.is_none() {
                self.found.push(
                    Diagnostic::new(Code::MissingField, "an authorisation has no `id`")
                        .at(Place::value(path, at.then("id")))
                        .help("write the id under which whoever gave it lists it"),
                );
            }
            if let (Some(party), Some(date), Some(id)) = (party, date, id) {
                let title = text_of(&leveraged.title);
                inventory.leveraged.push(Leveraged { party, id, date, title });
            }
        }
        for (index, revision) in part.file.revisions.iter().enumerate() {
            let at = route(["revisions".into(), index.into()]);
            if let Some(date) = self.date(&revision.date.0, Place::value(path, at.then("date"))) {
                let author = revision.author.as_ref().map(|author| self.party_or_text(&author.0));
                inventory.revisions.push(Revision {
                    version: revision.version.0.clone(),
                    date,
                    author,
                    change: revision.change.0.clone(),
                });
            }
        }
    }

    fn theme(&mut self, theme: &super::file::ThemeFile, path: &Arc<str>) -> Theme {
        let accent = theme.accent.as_ref().map(|accent| accent.0.to_lowercase());
        if let Some(accent) = &accent {
            let hex = accent.strip_prefix('#').unwrap_or_default();
            if hex.len() != 6 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                self.found.push(
                    Diagnostic::new(Code::InvalidValue, format!("`{accent}` is not a colour"))
                        .at(Place::value(path, route(["theme".into(), "accent".into()])))
                        .help("write a colour as \"#0b5fff\", in quotes"),
                );
            }
        }
        let beside = |name: &Option<Text>, key: &str| {
            let folder = Path::new(&**path).parent().unwrap_or(Path::new(""));
            let name = name.as_ref()?;
            Some((folder.join(&name.0), Place::value(path, route(["theme".into(), key.into()]))))
        };
        let (logo, font_path) = (beside(&theme.logo, "logo"), beside(&theme.font_path, "font_path"));
        let font = text_of(&theme.font);
        let plain = |letter: char| letter.is_alphanumeric() || letter == ' ' || letter == '-';
        if let Some(font) = font
            .as_ref()
            .filter(|font| font.is_empty() || font.len() > 64 || !font.chars().all(plain))
        {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{font}` is not the name of a font's family"))
                    .at(Place::value(path, route(["theme".into(), "font".into()])))
                    .help("write the family alone, such as `Noto Sans`; `font_path` or `--font-path DIR` says where its files are"),
            );
        }
        Theme {
            logo,
            accent,
            font,
            font_path,
            footer: text_of(&theme.footer),
        }
    }

    fn date(&mut self, text: &str, place: Place) -> Option<Date> {
        let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        if date.is_none() {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{text}` is not a date"))
                    .at(place)
                    .help("write dates as YYYY-MM-DD: 2026-11-01"),
            );
        }
        date
    }

    fn optional_date(&mut self, text: Option<&Text>, path: &Arc<str>, at: &Route) -> Option<Date> {
        text.and_then(|text| self.date(&text.0, Place::value(path, at.clone())))
    }
}

/// Each text of a list (or a single one) with its place.
fn places<'l>(list: &'l OneOrMany, path: &'l Arc<str>, at: &'l Route) -> impl Iterator<Item = (&'l str, Place)> {
    list.texts().iter().enumerate().map(move |(index, text)| {
        let at = if list.is_list() { at.then(index) } else { at.clone() };
        (text.0.as_str(), Place::value(path, at))
    })
}

fn text_of(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.0.trim().to_owned()).filter(|text| !text.is_empty())
}

fn arc_of(text: &Option<Text>) -> Option<Arc<str>> {
    text_of(text).map(Arc::from)
}
