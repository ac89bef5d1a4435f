//! A folder of overriding templates.
//!
//! In: a folder. Out: its files; of copies of built-in templates, which change nothing, the names alone.

use crate::catalog::TEMPLATES;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap, nearest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One folder of overriding templates.
#[derive(Default)]
pub struct Layer {
    pub(super) files: BTreeMap<String, (Arc<str>, Vec<u8>)>,
    /// Built-in templates that lie in the folder as they are, by name, with their paths: they change nothing.
    copies: BTreeMap<String, (Arc<str>, &'static str)>,
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.files.keys()).finish()
    }
}

/// Something in a folder, by the name that templates know it by.
struct Entry {
    name: String,
    path: PathBuf,
    /// Why it cannot be read.
    fault: Option<Diagnostic>,
}

impl Layer {
    /// Reads a folder that was asked for; links in it lead where they lead. Texts are added to `sources`, and near misses
    /// of built-in names to the warnings.
    ///
    /// # Errors
    /// Every file that cannot be read: an override is never passed over.
    pub fn read(folder: &Path, sources: &mut SourceMap, warnings: &mut Vec<Diagnostic>) -> Outcome<Self> {
        Self::of(entries(folder, None), sources, warnings)
    }

    /// Reads a folder that nobody asked for: one of that name that lies where the program runs, and may have come with
    /// somebody else's files. Only what is in it counts: a link that leads out of it is a fault. Nothing where it overrides
    /// no template: then it is for another program.
    ///
    /// # Errors
    /// As [`Layer::read`], and links that lead out.
    pub fn unasked(folder: &Path, sources: &mut SourceMap, warnings: &mut Vec<Diagnostic>) -> Outcome<Option<Self>> {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let here = parent.unwrap_or(Path::new(".")).canonicalize().ok();
        let root = folder.canonicalize().ok();
        let lies_here = root.as_ref().zip(here.as_ref()).is_some_and(|(root, here)| root.starts_with(here));
        let entries = entries(folder, root.as_deref().filter(|_| lies_here));
        if !entries.iter().any(|entry| concerns_templates(&entry.name)) {
            return Ok(None);
        }
        if !lies_here {
            return Err(vec![leads_out(folder, folder)]);
        }
        let layer = Self::of(entries, sources, warnings)?;
        Ok(Some(layer).filter(Self::overrides_any))
    }

    fn of(entries: Vec<Entry>, sources: &mut SourceMap, warnings: &mut Vec<Diagnostic>) -> Outcome<Self> {
        let (mut layer, mut faults) = (Self::default(), Vec::new());
        for Entry { name, path, fault } in entries {
            if let Some(fault) = fault {
                faults.push(fault);
                continue;
            }
            match std::fs::read(&path) {
                Ok(bytes) => {
                    let shown: Arc<str> = path.display().to_string().into();
                    if let Some((_, text)) = TEMPLATES.iter().find(|(known, text)| *known == name && text.as_bytes() == bytes) {
                        layer.copies.insert(name, (shown, text));
                        continue;
                    }
                    if let Ok(text) = std::str::from_utf8(&bytes) {
                        sources.insert(shown.clone(), text);
                    } else if is_template(&name) {
                        faults.push(Diagnostic::new(
                            Code::CannotRead,
                            format!("the template `{shown}` is not UTF-8 text"),
                        ));
                    }
                    layer.files.insert(name, (shown, bytes));
                }
                Err(error) => faults.push(cannot(&path, &error)),
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

    /// All that was read, by path.
    #[must_use]
    pub fn read_files(&self) -> BTreeMap<Arc<str>, Vec<u8>> {
        let copies = self.copies.values().map(|(path, text)| (path.clone(), text.as_bytes().to_vec()));
        self.files.values().cloned().chain(copies).collect()
    }

    /// The files that are templates for sure: they have the name of a built-in one, or another file names them.
    #[must_use]
    pub fn used(&self) -> Vec<PathBuf> {
        let texts = self.files.iter().filter(|(name, _)| is_template(name));
        let texts: Vec<(&String, &str)> = texts
            .filter_map(|(name, (_, bytes))| Some((name, std::str::from_utf8(bytes).ok()?)))
            .collect();
        let is_named = |name: &str| texts.iter().any(|(own, text)| *own != name && text.contains(name));
        let is_used = |name: &str| TEMPLATES.iter().any(|(known, _)| *known == name) || is_named(name);
        let used = self.files.iter().filter(|(name, _)| is_used(name));
        let used = used.map(|(_, (path, _))| path);
        let copies = self.copies.values().map(|(path, _)| path);
        used.chain(copies).map(|path| PathBuf::from(&**path)).collect()
    }

    /// The built-in templates that lie in it as they are, sorted.
    pub fn copies(&self) -> impl Iterator<Item = &str> {
        self.copies.keys().map(String::as_str)
    }

    /// The names of its other files, sorted.
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
            copies: BTreeMap::new(),
        }
    }

    /// The files that replace no template and that no other file of the folder names: nothing ever reads them.
    #[must_use]
    pub fn unused(&self) -> Vec<&str> {
        let is_known = |name: &str| TEMPLATES.iter().any(|(known, _)| *known == name);
        let names = |other: &str, bytes: &[u8], name: &str| other != name && String::from_utf8_lossy(bytes).contains(name);
        self.names()
            .filter(|name| !is_known(name))
            .filter(|name| !self.files.iter().any(|(other, (_, bytes))| names(other, bytes, name)))
            .collect()
    }

    /// The path of a file of it, as it is shown.
    #[must_use]
    pub fn shown(&self, name: &str) -> Option<&Arc<str>> {
        self.files.get(name).map(|(shown, _)| shown)
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

/// All files of a folder, and what is wrong with others. `within`: nothing outside of that folder is looked at.
fn entries(folder: &Path, within: Option<&Path>) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut add = |path: &Path, fault: Option<Diagnostic>| {
        found.push(Entry {
            name: name_in(folder, path),
            path: path.to_owned(),
            fault,
        });
    };
    if folder.is_file() {
        add(folder, Some(cannot(folder, &"it is no folder")));
        return found;
    }
    let mut walk = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder);
                let is_link = std::fs::symlink_metadata(path).is_ok_and(|of| of.is_symlink());
                // A link that leads nowhere, or back to where it is, holds no template unless it is called so.
                if !is_link || concerns_templates(&name_in(folder, path)) {
                    add(path, Some(cannot(folder, &error)));
                }
                continue;
            }
        };
        let path = entry.path();
        let is_inside = || {
            path.canonicalize()
                .ok()
                .zip(within)
                .is_some_and(|(to, within)| to.starts_with(within))
        };
        if entry.depth() > 0 && entry.path_is_symlink() && within.is_some() && !is_inside() {
            add(path, Some(leads_out(path, folder)));
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
        } else if path.is_file() {
            add(path, None);
        } else if TEMPLATES.iter().any(|(known, _)| *known == name_in(folder, path)) {
            add(path, Some(cannot(folder, &format!("`{}` is no file", name_in(folder, path)))));
        }
    }
    found
}

/// The name of a file of a folder, with slashes.
fn name_in(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Whether a built-in template has this name, or lies in a folder of this name.
fn concerns_templates(name: &str) -> bool {
    TEMPLATES.iter().any(|(known, _)| {
        known
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn cannot(folder: &Path, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::new(
        Code::CannotRead,
        format!("cannot read the templates in `{}`: {error}", folder.display()),
    )
}

fn leads_out(link: &Path, folder: &Path) -> Diagnostic {
    let folder = folder.display();
    Diagnostic::new(
        Code::LinkLeadsOut,
        format!("`{}` is a link that leads out of its folder", link.display()),
    )
    .at(Place::file(link.display().to_string()))
    .help(format!(
        "nobody asked for the templates in `{folder}`; `--templates {folder}` takes them, links included"
    ))
}

pub(super) fn is_template(name: &str) -> bool {
    [".md", ".html", ".svg", ".css", ".js", ".typ"]
        .iter()
        .any(|ending| name.ends_with(ending))
}
