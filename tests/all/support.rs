//! A folder to work in, the program run in it, and expected files.

use serde_json::Value;
use snapbox::data::DataFormat;
use snapbox::{Data, Redactions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) errors: String,
}

impl Run {
    /// That the run went well.
    pub(crate) fn well(&self) {
        assert_eq!(self.code, 0, "{:.4000}", self.errors);
        assert!(!self.errors.contains("error["), "{:.4000}", self.errors);
    }

    /// Standard output of a run that went well.
    pub(crate) fn fine(&self) -> String {
        self.well();
        self.text()
    }

    /// Standard output.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Standard output, whatever it is.
    pub(crate) fn text_lossy(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Standard output of a run that went well, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.fine()).unwrap()
    }

    /// Standard error of a run that ended with this code.
    pub(crate) fn failed(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{}", self.errors);
        assert!(!self.errors.contains("panicked"), "{}", self.errors);
        &self.errors
    }
}

/// A folder of its own, in which the program runs.
pub(crate) struct Folder {
    folder: TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            variables: Vec::new(),
        }
    }

    /// A folder with the inventory of the golden reports.
    pub(crate) fn golden() -> Self {
        Self::new().with("inventory.yaml", repository("tests/fixtures/golden/inventory.yaml"))
    }

    /// Adds a file.
    pub(crate) fn with(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.put(name, text);
        self
    }

    /// Adds an environment variable.
    pub(crate) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Writes a file.
    pub(crate) fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Adds a copy of a folder of the repository.
    pub(crate) fn with_copy(self, of: &str, to: &str) -> Self {
        let from = root().join(of);
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(&from).unwrap().to_str().unwrap();
                self.put(&format!("{to}/{name}"), std::fs::read(entry.path()).unwrap());
            }
        }
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// All files, sorted, hidden ones included.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = walkdir::WalkDir::new(self.folder.path())
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| {
                entry
                    .path()
                    .strip_prefix(self.folder.path())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/")
            })
            .collect()
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    /// Sees to it that a run here ends with a code and says these words.
    pub(crate) fn refuses(&self, arguments: &[&str], code: i32, words: &str) {
        let run = self.run(arguments);
        assert!(run.failed(code).contains(words), "{arguments:?}: {words}: {}", run.errors);
    }

    /// Runs the program here with something to read on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cloudraci"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("NO_COLOR")
            .envs(self.variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads no input may have closed it already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().expect("not ended by a signal"),
            bytes: output.stdout,
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The report on the inventory here in one format.
    pub(crate) fn report(&self, format: &str) -> Run {
        self.run(&["report", "--format", format])
    }
}

/// Compares a text with an expected file under `tests/cases/`. What changes with each release stands there as
/// `[VERSION]` and `[CATALOG]`.
pub(crate) fn expect(name: &str, actual: &str) {
    let mut redactions = Redactions::new();
    redactions.insert("[VERSION]", env!("CARGO_PKG_VERSION")).unwrap();
    redactions
        .insert("[CATALOG]", cloudraci::catalog::Catalog::builtin().unwrap().version)
        .unwrap();
    let expected = Data::read_from(&root().join("tests/cases").join(name), Some(DataFormat::Text));
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .redact_with(redactions)
        .eq(Data::text(actual), expected);
}

/// The smallest inventory with these resources, as JSON.
pub(crate) fn inventory(resources: Value) -> String {
    serde_json::json!({"inventory": 1, "organization": "Example", "as_of": "2026-11-01", "resources": resources}).to_string()
}

/// The items of a list of the report.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list `{name}`"))
}

/// A text of the report.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no text `{name}` in {value}"))
}

/// Each activity of a report or of `catalog show`, with its control.
pub(crate) fn activities(of: &Value) -> Vec<(&Value, &Value)> {
    let services = of.get("services").and_then(Value::as_array);
    let services: Vec<&Value> = services.map_or_else(|| vec![of], |services| services.iter().collect());
    let controls = services.into_iter().flat_map(|service| list(service, "controls"));
    controls
        .flat_map(|control| list(control, "activities").iter().map(move |activity| (control, activity)))
        .collect()
}
