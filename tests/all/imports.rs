//! Terraform state on the command line and under `imports`.

use crate::support::{Folder, list, repository, text};
use std::collections::BTreeMap;

const ESTATE: &str = "tests/fixtures/terraform/estate.tfstate";
const SECRETS: &str = "tests/fixtures/terraform/secrets.tfstate";

#[test]
fn a_state_is_reported_on_as_it_is() {
    let folder = Folder::new()
        .with("prod.tfstate", repository(ESTATE))
        .with("pulled.json", repository(ESTATE));
    let named = folder
        .run(&["report", "prod.tfstate", "--as-of", "2026-11-01", "--format", "json"])
        .json();
    let services: BTreeMap<&str, u64> = list(&named, "services")
        .iter()
        .map(|service| (text(service, "service"), service["resources"].as_u64().unwrap()))
        .collect();
    assert_eq!(services["ec2"], 2, "instances are counted");
    assert_eq!(services["sqs"], 2);
    assert_eq!(services["s3"], 2, "a bucket's settings are no bucket");
    assert!(services.contains_key("aws-account"));
    assert!(!list(&named, "out_of_scope").is_empty(), "resources of other providers are named");
    // State is recognised by its content, and found in folders.
    let pulled = folder
        .run(&["report", "pulled.json", "--as-of", "2026-11-01", "--format", "json"])
        .json();
    assert_eq!(pulled["summary"], named["summary"]);
    let all = folder.run(&["report", ".", "--as-of", "2026-11-01", "--format", "json"]).json();
    assert_eq!(all["scope"]["inputs"].as_array().unwrap().len(), 2);
}

#[test]
fn an_inventory_imports_what_it_names() {
    let inventory = "inventory: 1\norganization: Example\nas_of: 2026-11-01\nimports: [{file: terraform/prod.tfstate, environment: staging, owner: shop}]\n";
    let folder = Folder::new()
        .with("inventory.yaml", inventory)
        .with("terraform/prod.tfstate", repository(ESTATE));
    let report = folder.report("json").json();
    assert_eq!(
        report["scope"]["inputs"],
        serde_json::json!(["inventory.yaml", "terraform/prod.tfstate"])
    );
    assert!(list(&report["scope"], "environments").contains(&"staging".into()));
    // Named by the inventory and found in the folder: once.
    let folded = folder.run(&["report", ".", "--format", "json"]).json();
    assert_eq!(folded["summary"], report["summary"]);
}

#[test]
fn secrets_reach_no_output() {
    let state = repository(SECRETS);
    assert!(state.matches("never-to-be-seen").count() > 10);
    let folder = Folder::new().with("prod.tfstate", state);
    let outputs = ["-o", "a.md", "-o", "a.html", "-o", "a.json", "-o", "a.csv", "-o", "a.pdf"];
    let run = folder.run(&[&["report", "prod.tfstate", "--as-of", "2026-11-01"][..], &outputs].concat());
    run.fine();
    let check = folder.run(&["check", "prod.tfstate", "--format", "json"]);
    let pdf = pdf_extract::extract_text_from_mem(&folder.bytes("a.pdf")).unwrap();
    let mut outputs = vec![run.errors, check.text(), check.errors, pdf];
    outputs.extend(["a.md", "a.html", "a.json", "a.csv"].map(|name| folder.read(name)));
    // The PDF's attachments are streams that nobody decodes here; they are made of the Report, and the state is not one of them.
    let attached = String::from_utf8_lossy(&folder.bytes("a.pdf")).into_owned();
    assert!(
        !attached.contains("prod.tfstate)") && !attached.contains("(prod.tfstate"),
        "the state itself is not attached"
    );
    for output in &outputs {
        assert!(!output.contains("never-to-be-seen"));
    }
    assert!(outputs.iter().any(|output| output.contains("orders")), "names are no secrets");
}

#[test]
fn broken_states_are_diagnostics() {
    let whole = repository(ESTATE);
    let folder = Folder::new()
        .with("cut.tfstate", &whole[..whole.len() / 2])
        .with("empty.tfstate", "")
        .with("old.tfstate", r#"{"version": 3, "terraform_version": "0.11.14", "modules": []}"#)
        .with("list.tfstate", "[]")
        .with("odd.tfstate", r#"{"version": 4, "terraform_version": "1.9.8", "resources": [{"mode": "managed", "type": 7, "name": "x", "instances": [{}]}]}"#)
        .with("nothing.tfstate", r#"{"version": 4, "terraform_version": "1.9.8", "resources": []}"#);
    for (name, code) in [
        ("cut.tfstate", "syntax-error"),
        ("empty.tfstate", "import-failed"),
        ("old.tfstate", "unsupported-version"),
        ("list.tfstate", "import-failed"),
        ("odd.tfstate", "import-failed"),
    ] {
        let run = folder.run(&["report", name]);
        assert!(run.failed(1).contains(&format!("error[{code}]")), "{name}: {}", run.errors);
        assert!(run.errors.contains(name), "{name}: {}", run.errors);
        assert_eq!(run.bytes, b"");
    }
    // An empty one is worth a word, and no error.
    let nothing = folder.run(&["report", "nothing.tfstate", "--as-of", "2026-11-01"]);
    nothing.fine();
    assert!(nothing.errors.contains("warning[import-empty]"), "{}", nothing.errors);
    // All of a folder's faults are told at once.
    let all = folder.run(&["check", "."]);
    for name in ["cut.tfstate", "empty.tfstate", "old.tfstate", "list.tfstate", "odd.tfstate"] {
        assert!(all.failed(1).contains(name), "{name}: {}", all.errors);
    }
}
