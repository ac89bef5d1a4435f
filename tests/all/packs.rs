//! The handover pack: what is in it, that it is whole, and that damage is found.

use crate::support::{Folder, repository, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// Packs quickly: one edition, no PDF.
const QUICK: [&str; 8] = ["--edition", "review", "--format", "markdown", "--format", "json", "--format", "csv"];

fn pack(folder: &Folder, output: &str, more: &[&str]) -> String {
    let run = folder.run(&[&["pack", "inventory.yaml", "-o", output][..], more].concat());
    run.fine();
    run.errors
}

fn manifest(folder: &Folder, path: &str) -> Value {
    serde_json::from_str(&folder.read(path)).unwrap()
}

#[test]
fn a_whole_pack_has_every_edition_in_every_format() {
    let folder = Folder::golden();
    pack(&folder, "pack.zip", &[]);
    let first = folder.bytes("pack.zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(first.as_slice())).unwrap();
    let names: BTreeSet<String> = (0..archive.len())
        .map(|index| archive.by_index(index).unwrap().name().unwrap().into_owned())
        .collect();
    let mut wanted = BTreeSet::from(["manifest.json", "data/report.json", "data/report.csv", "data/report.xlsx"].map(str::to_owned));
    for edition in ["audit", "review", "handover"] {
        for name in ["report.md", "report.html", "report.pdf", "report-assurance.svg"] {
            wanted.insert(format!("{edition}/{name}"));
        }
    }
    for document in ["acceptance-checklist", "duties/aws", "duties/platform"] {
        for ending in ["md", "html", "pdf"] {
            wanted.insert(format!("{document}.{ending}"));
        }
    }
    let missing: Vec<_> = wanted.difference(&names).collect();
    assert!(missing.is_empty(), "{missing:?} of {names:?}");
    let verified = folder.run(&["verify", "pack.zip"]).fine();
    assert!(verified.contains("are as delivered") && verified.contains("SHA-256 of manifest.json: "));
    // The same inputs give the same bytes, and the inventory still yields them.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let again = folder.run(&["verify", "pack.zip", "inventory.yaml"]).fine();
    assert!(again.contains("the inventory still yields them"), "{again}");
    pack(&folder, "quick.zip", &QUICK);
    let quick = folder.bytes("quick.zip");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    pack(&folder, "quick.zip", &QUICK);
    assert!(quick == folder.bytes("quick.zip"), "the very same bytes");
}

#[test]
fn the_manifest_tells_what_it_was_made_from() {
    let folder = Folder::golden();
    let errors = pack(&folder, "pack", &QUICK);
    let text = manifest(&folder, "pack/manifest.json");
    assert_eq!(text["as_of"], "2026-11-01");
    assert_eq!(text["tool_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(text["editions"], serde_json::json!(["review"]));
    let inputs = text["inputs"].as_array().unwrap();
    assert_eq!(inputs[0]["path"], "inventory.yaml");
    assert_eq!(inputs[0]["bytes"], folder.bytes("inventory.yaml").len());
    for file in text["files"].as_array().unwrap() {
        let path = format!("pack/{}", file["path"].as_str().unwrap());
        assert_eq!(file["bytes"], folder.bytes(&path).len(), "{path}");
        assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
    }
    // The checksum of the manifest is printed by both.
    let verified = folder.run(&["verify", "pack"]).fine();
    let line = verified.lines().find(|line| line.starts_with("SHA-256 of manifest.json")).unwrap();
    assert!(errors.contains(line), "{errors}");
    let list = folder.read("pack/duties/platform.md");
    assert!(list.contains("## Duties of ") && list.contains("Evidence to keep"), "{list:.500}");
    assert!(folder.read("pack/acceptance-checklist.md").contains("## Sign-off"));
}

#[test]
fn damage_is_named_file_by_file() {
    let folder = Folder::golden();
    pack(&folder, "pack", &QUICK);
    folder.put("pack/review/report.md", "changed");
    folder.put("pack/extra.txt", "added");
    std::fs::remove_file(folder.path("pack/data/report.csv")).unwrap();
    let run = folder.run(&["verify", "pack"]);
    let errors = run.failed(1);
    for message in [
        "error[pack-damaged]: `review/report.md` was changed",
        "error[pack-damaged]: `extra.txt` is no part of the pack",
        "error[pack-damaged]: `data/report.csv` is missing",
    ] {
        assert!(errors.contains(message), "{message}: {errors}");
    }
    assert!(errors.contains("3 errors"), "{errors}");
}

#[test]
fn what_is_no_pack_cannot_be_read() {
    let folder = Folder::golden().with("empty/x.txt", "").with("no.zip", "no archive");
    for name in ["nowhere", "empty", "no.zip", "inventory.yaml"] {
        let run = folder.run(&["verify", name]);
        assert!(run.failed(3).contains("error[cannot-read]"), "{name}: {}", run.errors);
    }
    let broken = Folder::new().with("pack/manifest.json", "{");
    broken.refuses(&["verify", "pack"], 1, "error[pack-damaged]");
}

/// An archive of anybody's.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn an_archive_of_ill_will_is_read_without_harm() {
    let folder = Folder::golden();
    pack(&folder, "pack", &QUICK);
    let own = folder.bytes("pack/manifest.json");
    let evil = archive(&[("manifest.json", &own), ("../escaped.txt", b"x"), ("/tmp/escaped.txt", b"x")]);
    folder.put("in/evil.zip", evil);
    let run = folder.run(&["verify", "in/evil.zip"]);
    let errors = run.failed(1);
    assert!(
        errors.contains("`../escaped.txt`, a path that leads out of the pack, is no part of the pack"),
        "{errors}"
    );
    assert!(!folder.path("escaped.txt").exists());
    // A link.
    let mut with_link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    with_link.start_file("manifest.json", SimpleFileOptions::default()).unwrap();
    with_link.write_all(&own).unwrap();
    with_link
        .add_symlink("review/report.md", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    folder.put("link.zip", with_link.finish().unwrap().into_inner());
    folder.refuses(&["verify", "link.zip"], 1, "`review/report.md` is a link");
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_not_followed() {
    let folder = Folder::golden();
    pack(&folder, "pack", &QUICK);
    let real = folder.path("pack/review/report.md");
    std::fs::rename(&real, folder.path("kept.md")).unwrap();
    std::os::unix::fs::symlink(folder.path("kept.md"), &real).unwrap();
    folder.refuses(&["verify", "pack"], 1, "`review/report.md` is a link");
}

#[test]
fn an_inventory_that_changed_no_longer_yields_the_pack() {
    let folder = Folder::golden();
    pack(&folder, "pack", &QUICK);
    folder.run(&["verify", "pack", "inventory.yaml"]).fine();
    let changed = repository("tests/fixtures/golden/inventory.yaml").replace("title: ", "title: Another ");
    assert_ne!(changed, repository("tests/fixtures/golden/inventory.yaml"));
    folder.put("inventory.yaml", changed);
    let run = folder.run(&["verify", "pack", "inventory.yaml"]);
    let errors = run.failed(1);
    assert!(
        errors.contains("error[pack-differs]: the input `inventory.yaml` is not as it was"),
        "{errors}"
    );
    assert!(errors.contains("`review/report.md` would be another today"), "{errors}");
    // The pack itself is as delivered.
    folder.run(&["verify", "pack"]).fine();
}

#[test]
fn a_pack_is_written_whole_or_not_at_all() {
    let folder = Folder::golden().with("mine/notes.txt", "mine").with("file", "mine");
    for target in ["mine", "file"] {
        let run = folder.run(&[&["pack", "-o", target][..], &QUICK].concat());
        assert!(run.failed(3).contains("error[cannot-write]"), "{}", run.errors);
    }
    assert_eq!(folder.files(), ["file", "inventory.yaml", "mine/notes.txt"]);
    // An earlier pack is replaced, but not with what somebody put into it.
    pack(&folder, "pack", &QUICK);
    pack(&folder, "pack", &[&QUICK[..], &["--draft"]].concat());
    assert_eq!(manifest(&folder, "pack/manifest.json")["draft"], true);
    folder.put("pack/notes.txt", "mine");
    let before = folder.files();
    let run = folder.run(&[&["pack", "-o", "pack"][..], &QUICK].concat());
    assert!(run.failed(3).contains("`notes.txt` is no part of the pack"), "{}", run.errors);
    assert_eq!(before, folder.files());
    // Broken input leaves nothing behind.
    folder.put("inventory.yaml", "inventory: 1\nresources: 3\n");
    folder.run(&["pack", "-o", "other"]).failed(1);
    assert_eq!(before, folder.files());
}

#[test]
fn a_redacted_pack_names_no_file_of_the_users() {
    let folder = Folder::new().with("of-jane/secret-ledger.yaml", repository("tests/fixtures/golden/inventory.yaml"));
    folder
        .run(&[&["pack", "of-jane", "-o", "pack", "--redact"][..], &QUICK].concat())
        .fine();
    for name in folder.files().iter().filter(|name| name.starts_with("pack/")) {
        let text = folder.read(name);
        assert!(!text.contains("of-jane") && !text.contains("secret-ledger"), "{name}");
    }
    folder.run(&["verify", "pack", "of-jane"]).fine();
}

#[test]
fn hostile_ids_of_parties_stay_in_the_pack() {
    let text = r#"{"inventory": 1, "organization": "X", "as_of": "2026-11-01", "parties": {"../../up": {"name": "Up"}, "con": {}}, "resources": [{"service": "rds"}]}"#;
    let folder = Folder::new().with("inventory.yaml", text);
    let run = folder.run(&[&["pack", "-o", "pack"][..], &QUICK].concat());
    if run.code == 0 {
        folder.run(&["verify", "pack"]).fine();
        assert!(
            folder
                .files()
                .iter()
                .all(|name| name == "inventory.yaml" || name.starts_with("pack/"))
        );
    } else {
        run.failed(1);
    }
}

#[test]
fn what_was_written_beside_the_inventory_is_no_inventory() {
    let folder = Folder::golden();
    let report = |folder: &Folder, path: &str| folder.run(&["report", path, "--format", "json", "-o", "-"]).fine();
    let before = report(&folder, ".");
    pack(&folder, "pack", &QUICK);
    folder.run(&["report", "-o", "out/", "--format", "csv", "--format", "json"]).fine();
    folder.put("chart/service.yaml", "kind: Service\nname: {{ .Values.name }}\n- [");
    folder.put("sales.csv", "month,\"sum\": [\n");
    assert_eq!(report(&folder, "."), before);
    let verified = folder.run(&["verify", "pack", ".", "./inventory.yaml"]).fine();
    assert!(verified.contains("the inventory still yields them"), "{verified}");
    for name in ["out/report.csv", "out/report.json"] {
        let run = folder.run(&["report", name, "-o", "-"]);
        assert!(run.failed(1).contains("is a report's data"), "{}", run.errors);
    }
    folder.put("more.yaml", "inventory: 1\nresources: [");
    folder.refuses(&["check", "."], 1, "more.yaml");
}

/// What stands between two texts, each time.
fn between<'t>(text: &'t str, before: &str, after: char) -> Vec<&'t str> {
    let rests = text.split(before).skip(1);
    rests.filter_map(|rest| rest.split(after).next()).collect()
}

/// The links within a document that lead nowhere.
fn dead(name: &str, text: &str) -> Vec<String> {
    let (links, anchors): (Vec<&str>, BTreeSet<String>) = if name.ends_with(".html") {
        let ids = between(text, " id=\"", '"').into_iter().map(str::to_owned);
        (between(text, "href=\"#", '"'), ids.collect())
    } else {
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let headings = headings.map(|line| cloudraci::report::slug(line.trim_start_matches('#')));
        (between(text, "](#", ')'), headings.collect())
    };
    let gone = links.into_iter().filter(|link| !anchors.contains(*link));
    gone.map(|link| format!("{name}: #{link}")).collect()
}

/// Of the payments example, where a partner hands over to the customer.
fn payments() -> String {
    root().join("inventories/payments").display().to_string()
}

#[test]
fn no_link_leads_out_of_its_document_and_no_figure_of_a_handover_differs() {
    let (folder, inventory) = (Folder::new(), payments());
    let formats = ["--format", "markdown", "--format", "html"];
    folder.run(&[&["pack", &inventory, "-o", "p"][..], &formats].concat()).fine();
    let mut documents: BTreeMap<String, String> = BTreeMap::new();
    for file in folder.files() {
        if file.ends_with(".md") || file.ends_with(".html") {
            documents.insert(file.clone(), folder.read(&file));
        }
    }
    for party in ["aws", "northwind", "platform"] {
        for edition in ["audit", "review", "handover"] {
            let file = format!("{party}-{edition}.md");
            folder
                .run(&["report", &inventory, "--party", party, "--edition", edition, "-o", &file])
                .fine();
            documents.insert(file.clone(), folder.read(&file));
        }
    }
    let gone: Vec<String> = documents.iter().flat_map(|(name, text)| dead(name, text)).collect();
    assert!(gone.is_empty(), "{gone:#?}");
    // What passes is told alike by whoever hands over, whoever takes over, and the document for both.
    for (name, said) in [
        (
            "p/handover/report.md",
            "75 duties of Northwind Managed Services pass to Platform Engineering",
        ),
        (
            "northwind-handover.md",
            "75 duties of Northwind Managed Services pass to Platform Engineering",
        ),
        (
            "platform-handover.md",
            "75 duties of Northwind Managed Services pass to Platform Engineering",
        ),
        ("p/duties/northwind.md", "75 of which move to Platform Engineering"),
        ("p/duties/platform.md", "75 of which move to Platform Engineering"),
        ("p/duties/platform.md", "75 duties pass to it from Northwind Managed Services"),
        ("p/acceptance-checklist.md", "75 duties move from Northwind Managed Services"),
    ] {
        assert!(documents[name].contains(said), "{name} lacks: {said}");
    }
    // What a party does is told of its own part: no figure of what a cut does not have, and no empty place for it.
    for (name, text) in documents
        .iter()
        .filter(|(name, _)| name.ends_with(".md") && (name.contains("aws") || name.contains("northwind")))
    {
        for said in [
            "****",
            " 0 duties",
            " 0 commitments",
            "0 controls are inherited",
            "()",
            ", and 1 more controls",
            "# Duties of Example",
            "**Duties of Example",
        ] {
            assert!(!text.contains(said), "{name} says: {said}");
        }
        let columns = text.lines().filter(|line| line.starts_with("| ") && line.contains("AWS does"));
        assert!(!name.contains("northwind") || columns.count() == 0, "{name}");
    }
    let issued = |name: &str| {
        documents[name]
            .lines()
            .find(|line| line.starts_with("| Issued |"))
            .map(str::to_owned)
    };
    for name in ["p/duties/aws.md", "p/duties/northwind.md", "p/acceptance-checklist.md"] {
        assert_eq!(issued(name), issued("p/audit/report.md"), "{name}");
    }
    // A partner's list says where each duty is done, on what, and who answers for it.
    let list = &documents["p/duties/northwind.md"];
    for said in [
        "EC2 *(prod)*<br>*acquirer-link (2)*",
        "`R`<br>*A Platform*",
        "RDS, RDS Custom for SQL Server *(prod)*",
        "due 29 November 2026",
        "1 January 2027",
    ] {
        assert!(list.contains(said), "{said}");
    }
    let is_day = |line: &&str| line.contains(" 2026-") || line.contains(" 2027-") || line.contains(" Oct 2026");
    assert_eq!(list.lines().find(is_day), None);
    assert!(documents["northwind-audit.md"].contains("| Northwind Managed Services | does 84 duties: "));
    for said in ["Not ready to be signed", "Example Bank plc, and other reviewers of security"] {
        assert!(documents["p/index.html"].contains(said), "{said}");
    }
    assert!(!documents["p/index.html"].contains(">Collapse all<"));
    assert!(documents["p/acceptance-checklist.md"].contains("Acceptance checklist of the responsibility report"));
}
