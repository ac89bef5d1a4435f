//! An earlier revision of a file or folder, out of the repository that it lies in.
//!
//! In: `REVISION:PATH`. Out: a checkout of that revision in a folder of its own, which is gone with it. It is made by running
//! git, which must be there; neither the repository's index nor its working tree is touched.

use crate::commands::Stop;
use crate::diagnostics::{Code, Diagnostic};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The name of a revision's folder.
const TREE: &str = "tree";

/// A revision on disk.
pub(super) struct Checkout {
    /// Where the named path lies in it.
    pub(super) path: PathBuf,
    folder: TempDir,
    /// `git:REVISION:`, which stands for the folder wherever a path is told.
    prefix: String,
}

impl Checkout {
    /// The folder that stands for the repository's root.
    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join(TREE)
    }

    /// What stopped the reading, told with the paths that the user knows.
    pub(super) fn as_named(&self, stop: Stop) -> Stop {
        let Stop::Diagnostics(faults, sources) = stop else {
            return stop;
        };
        let root = format!("{}/", self.root().display());
        let named = |text: &str| text.replace(&root, &self.prefix);
        let faults = faults.into_iter().map(|mut fault| {
            fault.message = named(&fault.message);
            fault.help = fault.help.as_deref().map(named);
            fault.body = fault.body.as_deref().map(named);
            for (place, _) in &mut fault.places {
                place.file = named(&place.file).into();
            }
            fault
        });
        Stop::Diagnostics(faults.collect(), sources.renamed(named))
    }
}

/// Checks a revision out.
///
/// # Errors
/// There is no git, no repository, no such revision, or no such path in it.
pub(super) fn checked_out(named: &str) -> Result<Checkout, Diagnostic> {
    let Some((revision, path)) = named
        .split_once(':')
        .filter(|(revision, path)| !revision.is_empty() && !path.is_empty())
    else {
        let fault = Diagnostic::new(Code::InvalidValue, format!("`git:{named}` names no revision and path"));
        return Err(fault.help("write `git:REVISION:PATH`, such as `git:v1.2:inventories` or `git:HEAD~1:inventory.yaml`"));
    };
    if revision.starts_with('-') {
        return Err(no_revision(revision, ""));
    }
    let path = Path::new(path);
    let at = existing(path);
    let root = git(&at, &["rev-parse", "--show-toplevel"], None)?;
    let root = PathBuf::from(root.trim_end_matches(['\n', '\r']));
    let commit = git(
        &at,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{revision}^{{commit}}"),
        ],
        None,
    )
    .map_err(|_| no_revision(revision, &root.display().to_string()))?;
    let cannot = |error: &dyn std::fmt::Display| {
        Diagnostic::new(
            Code::CannotWrite,
            format!("cannot check `{revision}` out into a folder of its own: {error}"),
        )
    };
    let folder = tempfile::tempdir().map_err(|error| cannot(&error))?;
    let index = folder.path().join("index");
    let tree = folder.path().join(TREE);
    git(&root, &["read-tree", commit.trim()], Some(&index))?;
    git(
        &root,
        &["checkout-index", "--all", &format!("--prefix={}/", tree.display())],
        Some(&index),
    )?;
    let inner = inner(&root, path).ok_or_else(|| {
        Diagnostic::new(
            Code::CannotRead,
            format!("`{}` lies outside of the repository `{}`", path.display(), root.display()),
        )
    })?;
    let found = tree.join(inner);
    if !found.exists() {
        let fault = Diagnostic::new(Code::CannotRead, format!("revision `{revision}` has no `{}`", path.display()));
        return Err(fault.help("name a path as it was in that revision"));
    }
    Ok(Checkout {
        path: found,
        folder,
        prefix: format!("git:{revision}:"),
    })
}

/// The nearest folder that exists now: the path itself may be gone.
fn existing(path: &Path) -> PathBuf {
    let mut at = Some(path);
    while let Some(here) = at {
        if here.is_dir() {
            return here.to_owned();
        }
        at = here.parent().filter(|parent| !parent.as_os_str().is_empty());
    }
    PathBuf::from(".")
}

/// A path relative to the root of its repository.
fn inner(root: &Path, path: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let base = existing(path);
    let rest = path.strip_prefix(&base).unwrap_or(path);
    let whole = base.canonicalize().ok()?.join(rest);
    whole.strip_prefix(&root).ok().map(Path::to_owned)
}

fn no_revision(revision: &str, root: &str) -> Diagnostic {
    let place = if root.is_empty() { String::new() } else { format!(" in `{root}`") };
    Diagnostic::new(Code::CannotRead, format!("there is no revision `{revision}`{place}"))
        .help("a branch, a tag, a commit, or such as `HEAD~3` or `main@{3.months.ago}`")
}

/// Runs git and gives what it prints. Hooks and the user's aliases take no part in what is asked here.
fn git(at: &Path, arguments: &[&str], index: Option<&Path>) -> Result<String, Diagnostic> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(at)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(std::process::Stdio::null());
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command.output().map_err(|error| {
        let fault = Diagnostic::new(Code::CannotRead, format!("cannot run git, which keeps earlier revisions: {error}"));
        fault.help("install git, or check the revision out yourself and name its folder")
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it failed").trim_start_matches("fatal: ").to_owned();
    Err(Diagnostic::new(Code::CannotRead, format!("git says: {said}"))
        .help("`git:` reads revisions of the repository that the path lies in"))
}
