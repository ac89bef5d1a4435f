//! Folders that `cdk synth` writes: cloud assemblies.
//!
//! In: a file of a folder. Out: whether the folder is an assembly, where its manifest says that the stack of a template is
//! deployed, and with which parameters, which templates its nested stacks name, and what its constructs added for themselves. Whatever else lies there
//! is nobody's.

use super::import::{Beside, Defaults};
use crate::catalog::cdk;
use crate::limits;
use crate::source::Seal;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// What the manifest is called.
const MANIFEST: &str = "manifest.json";

/// What a folder begins with that holds what is packed for deployment.
const PACKED: &str = "asset.";

/// What the file of a template ends in.
const TEMPLATE: &str = ".template.json";

/// The kind of source, as printed.
pub(super) const NAME: &str = "CDK cloud assembly";

/// A folder with a manifest.
#[derive(Debug)]
pub(super) struct Assembly {
    pub(super) manifest: PathBuf,
    pub(super) seal: Seal,
    /// The stacks, by the file of their template.
    stacks: BTreeMap<String, StackOf>,
    assets: BTreeMap<String, PathBuf>,
    helpers: BTreeSet<String>,
}

/// Where a stack is deployed, and with what.
#[derive(Debug)]
struct StackOf {
    account: Option<Arc<str>>,
    region: Option<Arc<str>>,
    parameters: BTreeMap<String, String>,
}

impl Assembly {
    /// What the manifest says in a folder.
    fn of(folder: &Path) -> Option<Self> {
        let manifest = folder.join(MANIFEST);
        let (value, seal) = json(&manifest)?;
        value.get("version")?.as_str()?;
        let artifacts = value.get("artifacts")?.as_object()?;
        let mut found = Self {
            manifest,
            seal,
            stacks: BTreeMap::new(),
            assets: BTreeMap::new(),
            helpers: BTreeSet::new(),
        };
        let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
        for artifact in artifacts.values() {
            let properties = artifact.get("properties").unwrap_or(&Value::Null);
            match artifact.get("type").and_then(Value::as_str) {
                Some("aws:cloudformation:stack") => {
                    let Some(file) = text(properties, "templateFile") else { continue };
                    let environment = text(artifact, "environment").unwrap_or_default();
                    let given = properties.get("parameters").and_then(Value::as_object);
                    let given = given
                        .into_iter()
                        .flatten()
                        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
                    let stack = StackOf {
                        parameters: given.collect(),
                        ..StackOf::at(&environment)
                    };
                    found.stacks.insert(file, stack);
                    found.constructs(artifact.get("metadata").unwrap_or(&Value::Null));
                    let further = text(artifact, "additionalMetadataFile").and_then(|file| json(&inside(folder, &file)?));
                    if let Some((metadata, _)) = further {
                        found.constructs(&metadata);
                    }
                }
                Some("cdk:asset-manifest") => {
                    let assets = text(properties, "file").and_then(|file| json(&inside(folder, &file)?));
                    if let Some((assets, _)) = assets {
                        found.packed(&assets);
                    }
                }
                _ => {}
            }
        }
        Some(found)
    }

    /// Takes in what the metadata of constructs says: which of them are helpers, and the logical ids of these.
    fn constructs(&mut self, metadata: &Value) {
        let Some(all) = metadata.as_object() else { return };
        let entries = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let kind = |entry: &Value| entry.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let marked = |value: &Value| entries(value).iter().any(|entry| cdk::is_mark(&kind(entry)));
        let helpers: Vec<&String> = all.iter().filter(|(_, value)| marked(value)).map(|(path, _)| path).collect();
        let is_below = |path: &str| {
            let behind = |helper: &&String| path.strip_prefix(helper.as_str());
            helpers
                .iter()
                .filter_map(behind)
                .any(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        for (path, value) in all {
            if cdk::is_helper_at(path) || is_below(path) {
                let ids = entries(value);
                let ids = ids.iter().filter(|entry| kind(entry) == "aws:cdk:logicalId");
                self.helpers
                    .extend(ids.filter_map(|entry| Some(entry.get("data")?.as_str()?.to_owned())));
            }
        }
    }

    /// Takes in which files are packed as what.
    fn packed(&mut self, assets: &Value) {
        for (key, asset) in assets.get("files").and_then(Value::as_object).into_iter().flatten() {
            let path = asset.get("source").and_then(|source| source.get("path")?.as_str());
            if let Some(path) = path {
                self.assets.insert(key.clone(), PathBuf::from(path));
            }
        }
    }

    /// Whether a file is the template of a stack that is deployed by itself.
    pub(super) fn deploys(&self, file: &Path) -> bool {
        file.file_name()
            .is_some_and(|name| self.stacks.contains_key(&*name.to_string_lossy()))
    }

    /// What the inventory says of a template's resources, or, where it says nothing, where its stack is deployed.
    pub(super) fn fill(&self, file: &Path, defaults: &mut Defaults) {
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        if let Some(stack) = self.stacks.get(&*name) {
            defaults.account = defaults.account.take().or_else(|| stack.account.clone());
            defaults.region = defaults.region.take().or_else(|| stack.region.clone());
        }
    }

    /// What lies beside a template of it.
    pub(super) fn beside(&self, file: &Path) -> Beside {
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let parameters = self.stacks.get(&*name).map(|stack| stack.parameters.clone());
        Beside::of(file).with(self.assets.clone(), self.helpers.clone(), parameters.unwrap_or_default())
    }
}

impl StackOf {
    /// Of `aws://111122223333/eu-west-1`, in which both may be unknown.
    fn at(environment: &str) -> Self {
        let mut parts = environment.rsplit('/');
        let mut known = || {
            parts
                .next()
                .filter(|part| !part.is_empty() && !part.starts_with("unknown-"))
                .map(Arc::from)
        };
        let region = known();
        Self {
            account: known(),
            region,
            parameters: BTreeMap::new(),
        }
    }
}

/// The assemblies among the folders that were looked at.
#[derive(Debug, Default)]
pub(super) struct Assemblies {
    known: BTreeMap<PathBuf, Option<Rc<Assembly>>>,
}

impl Assemblies {
    /// The assembly that a file lies in.
    pub(super) fn of(&mut self, file: &Path) -> Option<Rc<Assembly>> {
        let folder = file.parent()?;
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let found = Assembly::of(folder).map(Rc::new);
        self.known.insert(folder.to_owned(), found.clone());
        found
    }

    /// Whether a file of a folder is an assembly's, and no template of it.
    pub(super) fn pass_over(&mut self, file: &Path) -> bool {
        let packed = file.ancestors().skip(1).filter(|folder| {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
            name.is_some_and(|name| name.starts_with(PACKED))
        });
        let folders: Vec<PathBuf> = packed.map(Path::to_owned).collect();
        if folders.iter().any(|folder| self.of(folder).is_some()) {
            return true;
        }
        let is_template = file.file_name().is_some_and(|name| name.to_string_lossy().ends_with(TEMPLATE));
        self.of(file).is_some_and(|assembly| !is_template && !assembly.deploys(file))
    }

    /// The folder of an assembly whose manifest a file is.
    pub(super) fn folder_of(&mut self, file: &Path) -> Option<PathBuf> {
        let assembly = self.of(file)?;
        (assembly.manifest == file).then(|| file.parent().map(Path::to_owned))?
    }
}

/// A file that an assembly names, if it is one of the folder's own.
fn inside(folder: &Path, file: &str) -> Option<PathBuf> {
    (!file.contains(['/', '\\'])).then(|| folder.join(file))
}

/// A file of JSON of a bounded length, and its seal.
fn json(path: &Path) -> Option<(Value, Seal)> {
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let most = limits::ASSEMBLY;
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > most {
        return None;
    }
    let seal = Seal {
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).into(),
    };
    Some((serde_json::from_slice(&bytes).ok()?, seal))
}
