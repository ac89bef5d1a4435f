//! What other programs read of this repository: workflows, the action, the component for GitLab, hooks, the image, the
//! wheel. Here what they say; `pipelines_run` runs their scripts.

use crate::support::{repository, root};
use clap::Parser as _;
use cloudraci::cli::Cli;
use serde_json::Value;

/// Every file with scripts for GitHub.
const FOR_GITHUB: [&str; 4] = [
    ".github/workflows/ci.yml",
    ".github/workflows/fuzz.yml",
    ".github/workflows/release.yml",
    "action.yml",
];

/// A file of one YAML document.
pub(crate) fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The component for GitLab: what it takes, and its jobs.
pub(crate) fn component() -> [Value; 2] {
    let text = repository("gitlab/templates/cloudraci.yml");
    let (header, jobs) = text.split_once("\n---\n").unwrap();
    [header, jobs].map(|text| serde_yaml::from_str(text).unwrap())
}

/// Every step of a file, with the place that it stands in.
fn steps(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(map) => {
            let own = map.get("steps").and_then(Value::as_array).into_iter().flatten();
            own.chain(map.iter().filter(|(key, _)| *key != "steps").flat_map(|(_, value)| steps(value)))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(steps).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_expression_stands_in_a_script() {
    let mut scripts = 0;
    for path in FOR_GITHUB {
        let file = yaml(path);
        for step in steps(&file) {
            if let Some(script) = step["run"].as_str() {
                assert!(!script.contains("${{"), "{path}: {script}");
                scripts += 1;
            }
        }
    }
    assert!(scripts > 15, "{scripts}");
    let [_, jobs] = component();
    for line in jobs["cloudraci"]["script"].as_array().unwrap() {
        assert!(!line.as_str().unwrap().contains("$[["), "{line}");
    }
}

#[test]
fn every_action_is_pinned_to_a_commit() {
    for path in FOR_GITHUB.iter().copied().chain(["docs/ci.md"]) {
        let text = repository(path);
        let uses: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
            .filter(|used| !used.starts_with("./"))
            .collect();
        assert!(!uses.is_empty(), "{path}");
        for used in uses {
            let (action, version) = used
                .split_once(" # ")
                .unwrap_or_else(|| panic!("{path}: {used}: which version is it"));
            let (_, commit) = action.split_once('@').unwrap();
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit || commit == "COMMIT", "{path}: {used}");
            assert!(version.starts_with('v'), "{path}: {used}");
        }
    }
}

#[test]
fn workflows_may_only_read_unless_a_job_says_more() {
    for path in [
        ".github/workflows/ci.yml",
        ".github/workflows/fuzz.yml",
        ".github/workflows/release.yml",
    ] {
        let file = yaml(path);
        assert_eq!(file["permissions"], serde_json::json!({"contents": "read"}), "{path}");
        assert!(!repository(path).contains("pull_request_target"), "{path}");
        for step in steps(&file) {
            if step["uses"].as_str().is_some_and(|used| used.starts_with("actions/checkout@")) {
                assert_eq!(step["with"]["persist-credentials"], false, "{path}");
            }
        }
    }
    let ci = repository(".github/workflows/ci.yml");
    assert!(ci.contains("run: .ci/run\n"));
}

#[test]
fn each_file_names_the_version_of_the_crate() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(yaml("action.yml")["inputs"]["version"]["default"], version);
    assert_eq!(component()[0]["spec"]["inputs"]["version"]["default"], version);
    let hooks = repository("pyproject.toml");
    assert!(hooks.contains(&format!("\nversion = \"{version}\"\n")), "{hooks}");
    assert!(hooks.contains(&format!("\ndependencies = [\"cloudraci=={version}\"]\n")), "{hooks}");
}

/// The archive that `cargo binstall` asks for is the one that `.ci/release/archive` writes and `action.yml` reads.
#[test]
fn binstall_asks_for_the_archive_that_is_released() {
    let manifest = repository("Cargo.toml");
    let (_, section) = manifest.split_once("[package.metadata.binstall]\n").unwrap();
    let section = section.split("\n[").next().unwrap();
    let field = |name: &str| {
        let line = section.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
        line.unwrap_or_else(|| panic!("no {name}: {section}")).trim_matches('"').to_owned()
    };
    let filled = |text: String| {
        let fields = [
            ("{ repo }", "https://forge.example/owner/cloudraci"),
            ("{ version }", "1.2.3"),
            ("{ target }", "x86_64-unknown-linux-musl"),
            ("{ archive-suffix }", ".tar.gz"),
            ("{ bin }", "cloudraci"),
            ("{ binary-ext }", ""),
        ];
        fields.iter().fold(text, |text, (field, value)| text.replace(field, value))
    };
    assert_eq!(
        filled(field("pkg-url")),
        "https://forge.example/owner/cloudraci/releases/download/v1.2.3/cloudraci-1.2.3-x86_64-unknown-linux-musl.tar.gz"
    );
    assert_eq!(filled(field("bin-dir")), "cloudraci-1.2.3-x86_64-unknown-linux-musl/cloudraci");
}

#[test]
fn each_hook_is_a_command_of_the_program() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_array().unwrap() {
        let mut words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        if words[1] != "check" {
            words.push("folder");
        }
        Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{hook}: {error}"));
        assert_eq!(hook["language"], "python", "by the wheel");
        let pattern = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
        assert!(!pattern.is_match("src/main.rs"), "{hook}");
    }
    let inventories = regex::Regex::new(hooks[0]["files"].as_str().unwrap()).unwrap();
    for file in ["inventory.yaml", "team/inventory.yml", "inventories/payments/parties.yaml"] {
        assert!(inventories.is_match(file), "{file}");
    }
}

#[test]
fn the_image_holds_the_program_alone_and_runs_as_nobody() {
    let lines = repository("Dockerfile");
    let lines: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("FROM ")).collect::<Vec<_>>(),
        [&"FROM scratch"]
    );
    let user = lines.iter().find_map(|line| line.strip_prefix("USER ")).unwrap();
    assert!(user.split(':').all(|id| id.parse::<u32>().unwrap() > 0), "{user}");
    assert!(lines.contains(&"WORKDIR /work"));
    for copied in lines.iter().filter(|line| line.starts_with("COPY ")) {
        let words: Vec<&str> = copied.split(' ').filter(|word| !word.starts_with("--")).collect();
        for source in &words[1..words.len() - 1] {
            assert!(source.starts_with("dist/linux-") || root().join(source).is_file(), "{source}");
        }
    }
}

/// What anybody may fetch is told by no registry's address: each client knows its own.
#[test]
fn no_file_names_the_host_of_a_registry() {
    let hosts = [
        ["crates", "io"],
        ["pypi", "org"],
        ["ghcr", "io"],
        ["docker", "io"],
        ["npmjs", "org"],
    ]
    .map(|parts| parts.join("."));
    let files = FOR_GITHUB.iter().copied().chain([
        "Dockerfile",
        "pyproject.toml",
        "python/pyproject.toml",
        ".pre-commit-hooks.yaml",
        "gitlab/templates/cloudraci.yml",
        "deny.toml",
        "README.md",
        "docs/ci.md",
        "docs/dependencies.md",
    ]);
    for path in files {
        let text = repository(path);
        for host in &hosts {
            assert!(!text.contains(host.as_str()), "{path}: {host}");
        }
    }
}

/// The step before the archive: a release that grows beyond its bound fails.
#[cfg(unix)]
#[test]
fn a_program_that_is_too_large_is_not_released() {
    let script = repository(".ci/release/size");
    let bound = script.lines().find_map(|line| line.strip_prefix("bound=")).unwrap();
    let bound: u64 = bound.parse().unwrap();
    let folder = crate::support::Folder::new();
    for (length, is_fine) in [(bound, true), (bound + 1, false)] {
        let program = folder.path("program");
        std::fs::File::create(&program).unwrap().set_len(length).unwrap();
        let done = std::process::Command::new(root().join(".ci/release/size"))
            .arg(&program)
            .output()
            .unwrap();
        assert_eq!(done.status.success(), is_fine, "{}", String::from_utf8_lossy(&done.stdout));
        assert!(String::from_utf8_lossy(&done.stdout).contains(&length.to_string()));
    }
    let release = yaml(".github/workflows/release.yml");
    let names = steps(&release)
        .into_iter()
        .filter_map(|step| step["name"].as_str())
        .collect::<Vec<_>>();
    let at = |name: &str| names.iter().position(|known| *known == name).unwrap();
    assert!(at("Build") < at("Size") && at("Size") < at("Archive"));
}
