//! The scripts of the action, the workflows and the component for GitLab, taken from their files and run: in a repository
//! with an inventory, with what a runner gives, and with `curl` and `gh` that read a folder and write down what they were
//! asked. The program in the archive is the built one, behind a line of shell.

use crate::pipelines::{component, yaml};
use crate::support::{Folder, root};
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

const INVENTORY: &str = "inventory: 1\norganization: Example\nas_of: 2026-11-01\n\
    parties:\n  payments: {name: Payments @example, kind: customer}\n\
    assignments:\n  - {accountable: payments, responsible: payments}\n\
    resources:\n  - {name: ledger, service: rds, environment: prod}\n";

/// What nobody should write where a script reads it: were it run, `pwned` would be there.
const HOSTILE: [&str; 7] = [
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "x\ntouch pwned",
    "--write-baseline=pwned",
    "'; touch pwned; '",
    "../pwned\nbinary=/bin/false",
];

/// A runner's machine: a checkout, temporary files, programs before the others, and what a release holds.
struct Runner {
    folder: Folder,
}

impl Runner {
    fn new() -> Self {
        let folder = Folder::new();
        folder.put("work/inventory.yaml", INVENTORY);
        for name in ["temp/.keep", "release/.keep", "output", "summary", "asked"] {
            folder.put(name, "");
        }
        let log = folder.path("asked");
        let release = folder.path("release");
        program(
            &folder.path("bin/curl"),
            &format!(
                "echo \"curl $*\" >>'{}'\nwhile [ $# -gt 1 ]; do [ \"$1\" = --output ] && to=$2; shift; done\ncp '{}'/\"${{1##*/}}\" \"$to\"",
                log.display(),
                release.display()
            ),
        );
        // Answers `gh api ... --jq` with what `earlier` holds: the number of the comment that is there.
        program(
            &folder.path("bin/gh"),
            &format!(
                "echo \"gh $*\" >>'{}'\ncase \"$*\" in *--jq*) cat '{}' 2>/dev/null ;; *attestation*) [ ! -f '{}' ] ;; esac",
                log.display(),
                folder.path("earlier").display(),
                folder.path("unattested").display()
            ),
        );
        let runner = Self { folder };
        runner.git(&["init", "-q", "-b", "main"]);
        runner.git(&["add", "."]);
        runner.git(&["commit", "-qm", "Begin"]);
        runner
    }

    fn git(&self, arguments: &[&str]) -> String {
        let names = [
            "-c",
            "user.name=Example",
            "-c",
            "user.email=example@example.com",
            "-c",
            "commit.gpgsign=false",
        ];
        let output = Command::new("git")
            .args(names)
            .args(arguments)
            .current_dir(self.folder.path("work"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What a release holds for this machine, by the script that the workflow runs.
    fn release(&self) -> String {
        let wrapper = self.folder.path("cloudraci");
        program(&wrapper, &format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_cloudraci")));
        let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let done = Command::new(root().join(".ci/release/archive"))
            .args([&wrapper, Path::new(&target), &self.folder.path("release")])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let name = format!("cloudraci-{}-{target}.tar.gz", env!("CARGO_PKG_VERSION"));
        self.folder.put(
            "release/SHA256SUMS",
            format!("{}  {name}\n{}  other.tar.gz\n", self.digest(&name), "0".repeat(64)),
        );
        name
    }

    fn digest(&self, name: &str) -> String {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(self.folder.bytes(&format!("release/{name}")));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Runs a script as runners do, with these variables and no others of a pipeline.
    #[expect(clippy::disallowed_methods, reason = "scripts call the programs of this machine")]
    fn script(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.folder.path("bin").display(), std::env::var("PATH").unwrap());
        self.folder.put("output", "");
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.folder.path("work"))
            .env("PATH", path)
            .env("GITHUB_OUTPUT", self.folder.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.folder.path("summary"))
            .env("RUNNER_TEMP", self.folder.path("temp"))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", if cfg!(target_arch = "aarch64") { "ARM64" } else { "X64" })
            .env_remove("SOURCE_DATE_EPOCH")
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// Runs a step of the action: each of its variables has its value here, else nothing.
    fn step(&self, id: &str, variables: &[(&str, &str)]) -> Output {
        let action = yaml("action.yml");
        let steps = action["runs"]["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("no step {id}"));
        let declared: BTreeSet<&str> = step["env"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut all: Vec<(&str, &str)> = declared.iter().map(|name| (*name, "")).collect();
        for (name, value) in variables {
            assert!(declared.contains(name), "the step {id} has no variable {name}");
            all.push((name, value));
        }
        self.script(step["run"].as_str().unwrap(), &all)
    }

    fn read(&self, name: &str) -> String {
        self.folder.read(name)
    }

    fn is_unharmed(&self, what: &str) {
        let found: Vec<String> = self.folder.files().into_iter().filter(|file| file.contains("pwned")).collect();
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}

fn program(path: &Path, script: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const FROM_HERE: [(&str, &str); 3] = [
    ("VERSION", env!("CARGO_PKG_VERSION")),
    ("REPOSITORY", "owner/cloudraci"),
    ("SERVER", "https://forge.example"),
];

#[test]
fn an_archive_holds_completions_man_pages_and_licences() {
    let runner = Runner::new();
    let name = runner.release();
    let listed = Command::new("tar")
        .arg("-tzf")
        .arg(runner.folder.path(&format!("release/{name}")))
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let folder = name.trim_end_matches(".tar.gz");
    for file in [
        "cloudraci",
        "README.md",
        "LICENSE-MIT",
        "completions/cloudraci.bash",
        "completions/_cloudraci",
        "completions/cloudraci.fish",
        "completions/_cloudraci.ps1",
        "man/cloudraci.1",
        "man/cloudraci-report.1",
    ] {
        assert!(listed.lines().any(|line| line == format!("{folder}/{file}")), "{file}: {listed}");
    }
    let once = runner.digest(&name);
    assert_eq!(runner.release(), name);
    assert_eq!(runner.digest(&name), once, "the same bytes again");
}

#[test]
fn the_action_installs_what_its_checksum_and_attestation_vouch_for() {
    let runner = Runner::new();
    let name = runner.release();
    let done = runner.step("install", &FROM_HERE);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let output = runner.read("output");
    let binary = output.trim().strip_prefix("binary=").unwrap();
    let version = Command::new(binary).arg("--version").output().unwrap();
    assert!(version.status.success());
    let asked = runner.read("asked");
    assert!(
        asked.contains("https://forge.example/owner/cloudraci/releases/download/v"),
        "{asked}"
    );
    assert!(
        asked.contains("gh attestation verify") && asked.contains("--repo owner/cloudraci"),
        "{asked}"
    );

    let refused = |more: &[(&str, &str)], words: &str| {
        let done = runner.step("install", &[&FROM_HERE, more].concat());
        assert_eq!(code(&done), 2, "{}", said(&done));
        assert!(said(&done).contains(words), "{words}: {}", said(&done));
        assert_eq!(runner.read("output"), "", "{words}");
    };
    refused(&[("SHA256", &"1".repeat(64))], "another SHA-256");
    runner.folder.put("unattested", "");
    refused(&[], "not attested");
    let own = runner.digest(&name);
    let done = runner.step("install", &[&FROM_HERE[..], &[("SHA256", &own), ("ATTESTED", "false")]].concat());
    assert_eq!(code(&done), 0, "{}", said(&done));
    let sums = runner.read("release/SHA256SUMS");
    runner.folder.put("release/SHA256SUMS", sums.replace(&own, &"2".repeat(64)));
    refused(&[], "another SHA-256");
    runner.folder.put("release/SHA256SUMS", sums.repeat(2));
    refused(&[], "does not name");
    std::fs::remove_file(runner.folder.path("release").join(&name)).unwrap();
    refused(&[], "cannot be had");
}

#[test]
fn the_action_asks_nobody_for_a_release_that_is_no_version() {
    let runner = Runner::new();
    for hostile in HOSTILE {
        for variable in ["VERSION", "REPOSITORY", "SHA256", "BINARY"] {
            let done = runner.step("install", &[&FROM_HERE[..], &[(variable, hostile)]].concat());
            assert_eq!(code(&done), 2, "{variable}={hostile}: {}", said(&done));
            assert_eq!(runner.read("output"), "", "{variable}={hostile}");
        }
    }
    assert_eq!(runner.read("asked"), "");
    runner.is_unharmed("install");
}

#[test]
fn the_action_annotates_writes_findings_and_fails_at_the_end() {
    let runner = Runner::new();
    let program = env!("CARGO_BIN_EXE_cloudraci");
    runner
        .folder
        .put("work/bad file.yaml", INVENTORY.replace("service: rds", "service: no-such-thing"));
    let inputs = [
        ("BINARY", program),
        ("PATHS", "bad file.yaml\r\n\n"),
        ("SARIF", "found/it.sarif"),
        ("REPORT", "out put"),
        ("OPTIONS", "--deny\nmode-unknown"),
    ];
    let done = runner.step("check", &inputs);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(said(&done).contains("file=bad file.yaml"), "{}", said(&done));
    assert_eq!(runner.read("output"), "code=1\nsarif=found/it.sarif\n");
    let sarif: Value = serde_json::from_str(&runner.read("work/found/it.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let files = runner.folder.files();
    for ending in ["pdf", "html", "md"] {
        assert!(
            files.iter().any(|file| file.starts_with("work/out put/") && file.ends_with(ending)),
            "{files:?}"
        );
    }
    assert_eq!(code(&runner.step("result", &[("CODE", "1"), ("FAIL", "true")])), 1);
    assert_eq!(code(&runner.step("result", &[("CODE", "1"), ("FAIL", "false")])), 0);
    assert_eq!(code(&runner.step("result", &[("CODE", "0"), ("FAIL", "true")])), 0);
    // Without a path, what lies here.
    let done = runner.step("check", &[("BINARY", program), ("SARIF", "s.sarif")]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert_eq!(runner.read("output"), "code=0\nsarif=s.sarif\n");
}

#[test]
fn no_input_of_the_action_is_run_or_leaves_the_workspace() {
    let runner = Runner::new();
    let program = env!("CARGO_BIN_EXE_cloudraci");
    for hostile in HOSTILE {
        // Of options, some are options: what they may write is the user's to say.
        for variable in ["PATHS", "SARIF", "REPORT"] {
            let mut inputs = vec![("BINARY", program), ("SARIF", "s.sarif")];
            inputs.push((variable, hostile));
            let done = runner.step("check", &inputs);
            let output = runner.read("output");
            if variable == "PATHS" {
                assert!(code(&done) >= 2, "{hostile}: {}", said(&done));
            }
            assert!(
                !output.contains("binary=") && !output.contains("../"),
                "{variable}={hostile}: {output}"
            );
        }
        let done = runner.step("diff", &[("BINARY", program), ("DIFF", "inventory.yaml"), ("BASE", hostile)]);
        assert_eq!(code(&done), 2, "{hostile}");
        let head = runner.git(&["rev-parse", "HEAD"]);
        runner.step("diff", &[("BINARY", program), ("DIFF", hostile), ("BASE", &head)]);
        let done = runner.step("comment", &[("DOCUMENT", "nothing"), ("NUMBER", hostile), ("REPOSITORY", "o/c")]);
        assert_eq!(code(&done), 2, "{hostile}");
        assert_eq!(code(&runner.step("result", &[("CODE", hostile)])), 1);
    }
    for outside in ["/etc/pwned", "../pwned", "a/../../pwned", "-o", "", "c:/pwned"] {
        let done = runner.step("check", &[("BINARY", program), ("SARIF", outside)]);
        assert_eq!(code(&done), 2, "{outside}");
    }
    let written: Vec<String> = runner
        .folder
        .files()
        .into_iter()
        .filter(|file| !file.starts_with("work/.git/"))
        .collect();
    // A file may be called by such a name; nothing was run, and nothing lies elsewhere.
    let harmless = |file: &String| !file.ends_with("/pwned") && file.as_str() != "pwned";
    assert!(written.iter().all(harmless), "{written:?}");
}

#[test]
fn the_action_compares_with_the_base_and_renews_its_comment() {
    let runner = Runner::new();
    let program = env!("CARGO_BIN_EXE_cloudraci");
    let base = runner.git(&["rev-parse", "HEAD"]);
    runner.folder.put(
        "work/inventory.yaml",
        format!("{INVENTORY}  - {{name: queue, service: sqs, environment: prod}}\n"),
    );
    let inputs = [("BINARY", program), ("DIFF", "inventory.yaml"), ("BASE", base.as_str())];
    let done = runner.step("diff", &inputs);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let summary = runner.read("summary");
    assert!(summary.contains("SQS"), "{summary}");
    let output = runner.read("output");
    let document = output.trim().strip_prefix("document=").unwrap().to_owned();

    let comment = [("DOCUMENT", document.as_str()), ("NUMBER", "7"), ("REPOSITORY", "owner/repo")];
    let done = runner.step("comment", &comment);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(
        runner.read("asked").contains("--method POST repos/owner/repo/issues/7/comments"),
        "{}",
        runner.read("asked")
    );
    let body = runner.read("temp/cloudraci-comment.md");
    assert!(
        body.starts_with("<!-- cloudraci: what would change -->\n") && body.contains("SQS"),
        "{body}"
    );
    assert!(!body.contains("@example"), "nobody is called: {body}");
    runner.folder.put("earlier", "42\n");
    let done = runner.step("comment", &comment);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(
        runner.read("asked").contains("--method PATCH repos/owner/repo/issues/comments/42"),
        "{}",
        runner.read("asked")
    );

    runner.folder.put("temp/long.md", "ä".repeat(70_000));
    let long = runner.folder.path("temp/long.md");
    let done = runner.step(
        "comment",
        &[("DOCUMENT", long.to_str().unwrap()), ("NUMBER", "7"), ("REPOSITORY", "owner/repo")],
    );
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(runner.read("temp/cloudraci-comment.md").len() < 65_536);
    // What is new was not there before.
    runner.folder.put("work/new.yaml", INVENTORY);
    let done = runner.step("diff", &[("BINARY", program), ("DIFF", "new.yaml"), ("BASE", &base)]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(said(&done).contains("was not there before"));
}

/// A step of a job of the release, by its name.
fn release_step(job: &str, name: &str) -> String {
    let file = yaml(".github/workflows/release.yml");
    let steps = file["jobs"][job]["steps"].as_array().unwrap();
    let step = steps
        .iter()
        .find(|step| step["name"] == name)
        .unwrap_or_else(|| panic!("no step {name}"));
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_release_names_its_version_its_sums_and_its_images_programs() {
    let runner = Runner::new();
    runner
        .folder
        .put("work/Cargo.toml", "[package]\nversion = \"1.2.3\"\nlicense = \"MIT\"\n");
    let tag = release_step("build", "Tag and version are the same");
    assert_eq!(code(&runner.script(&tag, &[("TAG", "v1.2.3")])), 0);
    for other in ["v1.2.4", "1.2.3", "v1.2.3; touch pwned", "$(touch pwned)"] {
        assert_eq!(code(&runner.script(&tag, &[("TAG", other)])), 1, "{other}");
    }
    let name = runner.release();
    for architecture in ["x86_64", "aarch64"] {
        let archive = format!("cloudraci-1.2.3-{architecture}-unknown-linux-musl.tar.gz");
        runner
            .folder
            .put(&format!("work/archives/{archive}"), runner.folder.bytes(&format!("release/{name}")));
        runner.folder.put(&format!("work/dist/{archive}"), "archive");
    }
    let done = runner.script(&release_step("image", "Programs where the Dockerfile looks for them"), &[]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    for architecture in ["amd64", "arm64"] {
        let program = format!("work/dist/linux-{architecture}/cloudraci");
        assert!(runner.folder.path(&program).is_file(), "{program}");
    }
    std::fs::remove_dir_all(runner.folder.path("work/dist/linux-amd64")).unwrap();
    std::fs::remove_dir_all(runner.folder.path("work/dist/linux-arm64")).unwrap();
    let done = runner.script(&release_step("release", "Checksums"), &[]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert_eq!(runner.read("work/dist/SHA256SUMS").lines().count(), 2);
    let oldest = yaml(".github/workflows/ci.yml")["jobs"]["oldest"]["steps"][1]["run"]
        .as_str()
        .unwrap()
        .to_owned();
    runner.folder.put("work/Cargo.toml", crate::support::repository("Cargo.toml"));
    assert_eq!(code(&runner.script(&oldest, &[])), 0);
    assert_eq!(runner.read("output"), format!("toolchain={}\n", env!("CARGO_PKG_RUST_VERSION")));
}

#[test]
fn the_component_for_gitlab_checks_reports_and_compares() {
    let runner = Runner::new();
    let name = runner.release();
    let digest = runner.digest(&name);
    let [header, jobs] = component();
    let job = &jobs["cloudraci"];
    let script = job["script"][0].as_str().unwrap();
    let base = runner.git(&["rev-parse", "HEAD"]);
    runner.folder.put(
        "work/inventory.yaml",
        format!("{INVENTORY}  - {{name: queue, service: sqs, environment: prod}}\n"),
    );
    let inputs = header["spec"]["inputs"].as_object().unwrap();
    let variables = job["variables"].as_object().unwrap();
    assert_eq!(
        variables.len() + 2,
        inputs.len(),
        "every input but stage and image reaches the script"
    );
    for (name, value) in variables {
        let is_flag = value == "$[[ inputs.fail ]]";
        assert!(is_flag || value["expand"] == false, "{name} must stay as it is");
    }
    let usual = [
        ("CLOUDRACI_PATHS", "inventory.yaml"),
        ("CLOUDRACI_OPTIONS", ""),
        ("CLOUDRACI_REPORT", "cloudraci"),
        ("CLOUDRACI_DIFF", "inventory.yaml"),
        ("CLOUDRACI_VERSION", env!("CARGO_PKG_VERSION")),
        ("CLOUDRACI_RELEASES", "https://forge.example/owner/cloudraci/releases/download"),
        ("CLOUDRACI_SHA256", &format!("{}\n{digest}\n", "0".repeat(64))),
        ("CLOUDRACI_FAIL", "true"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base),
    ];
    let done = runner.script(script, &usual);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(runner.read("work/cloudraci/diff.md").contains("SQS"));
    assert!(
        runner
            .folder
            .files()
            .iter()
            .any(|file| file.starts_with("work/cloudraci/") && file.ends_with(".pdf"))
    );
    serde_json::from_str::<Value>(&runner.read("work/cloudraci/cloudraci.sarif")).unwrap();

    let other = |variable: &str, value: &str| {
        let mut all = usual.to_vec();
        all.push((variable, value));
        runner.script(script, &all)
    };
    assert_eq!(code(&other("CLOUDRACI_SHA256", &"0".repeat(64))), 2);
    assert_eq!(code(&other("CLOUDRACI_SHA256", "")), 2, "nothing vouches for it");
    for hostile in HOSTILE {
        for variable in [
            "CLOUDRACI_VERSION",
            "CLOUDRACI_RELEASES",
            "CLOUDRACI_SHA256",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA",
        ] {
            assert_eq!(code(&other(variable, hostile)), 2, "{variable}={hostile}");
        }
        assert!(code(&other("CLOUDRACI_PATHS", hostile)) >= 2, "{hostile}");
    }
    // The whole report is made before these are looked at.
    for hostile in &HOSTILE[1..3] {
        assert_eq!(code(&other("CLOUDRACI_DIFF", hostile)), 0, "{hostile}: was not there before");
    }
    runner.is_unharmed("component");
}
