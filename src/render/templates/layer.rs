//! A folder of overriding templates.
//!
//! In: a folder. Out: its files, those that are copies of built-in templates left out.

use crate::catalog::TEMPLATES;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap, nearest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One folder of overriding templates.
#[derive(Default)]
pub struct Layer {
    pub(super) files: BTreeMap<String, (Arc<str>, Vec<u8>)>,
    /// Copies of built-in templates, which change nothing.
    copies: Vec<(Arc<str>, &'static str)>,
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.files.keys()).finish()
    }
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
                Ok(bytes) => {
                    // A copy of a built-in template changes nothing.
                    if let Some((_, text)) = TEMPLATES.iter().find(|(known, text)| *known == name && text.as_bytes() == bytes) {
                        layer.copies.push((entry.path().display().to_string().into(), text));
                        continue;
                    }
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

    /// All that was read, by path.
    #[must_use]
    pub fn read_files(&self) -> BTreeMap<Arc<str>, Vec<u8>> {
        let copies = self.copies.iter().map(|(path, text)| (path.clone(), text.as_bytes().to_vec()));
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
        let copies = self.copies.iter().map(|(path, _)| path);
        used.chain(copies).map(|path| PathBuf::from(&**path)).collect()
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
            copies: Vec::new(),
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

pub(super) fn is_template(name: &str) -> bool {
    [".md", ".html", ".svg", ".css", ".js", ".typ"]
        .iter()
        .any(|ending| name.ends_with(ending))
}
