//! Files that are written: together or not at all, as their owners left them, and never over what was read.

use crate::support::{Folder, inventory, repository};
use serde_json::json;

/// Packs quickly: one edition, no PDF.
pub(crate) const QUICK: [&str; 6] = ["--edition", "review", "--format", "markdown", "--format", "csv"];

/// One bucket as Terraform state.
pub(crate) fn state(name: &str) -> String {
    json!({"version": 4, "terraform_version": "1.9.8", "resources": [
        {"mode": "managed", "type": "aws_sqs_queue", "name": "a", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{"attributes": {"name": name, "arn": format!("arn:aws:sqs:eu-west-1:111122223333:{name}")}}]}]})
    .to_string()
}

/// What stands in a folder, hidden things included: names, and the bytes of files.
pub(crate) fn all(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder.path("")).min_depth(1).sort_by_file_name();
    let entries = entries.into_iter().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.path().strip_prefix(folder.path("")).unwrap().to_str().unwrap().to_owned();
            let bytes = if entry.file_type().is_file() {
                std::fs::read(entry.path()).unwrap()
            } else {
                Vec::new()
            };
            (name, bytes)
        })
        .collect()
}

#[test]
fn a_dash_is_standard_output_everywhere() {
    let folder = Folder::golden().with("prod.tfstate", state("orders"));
    let imported = folder.run(&["import", "prod.tfstate"]).fine();
    assert_eq!(folder.run(&["import", "prod.tfstate", "-o", "-"]).fine(), imported);
    for of in [&["schema", "report"][..], &["completions", "bash"], &["man"]] {
        let printed = folder.run(of).fine();
        assert_eq!(folder.run(&[of, &["-o", "-"]].concat()).fine(), printed);
        folder.run(&[of, &["--output", "text"]].concat()).well();
        assert_eq!(folder.read("text"), printed);
    }
    assert!(folder.run(&["init", "-"]).fine().contains("\ninventory: 1\n"));
    assert!(folder.run(&["report", "-o", "-"]).fine().starts_with("# "));
    // A pack is a ZIP file there, the same as in a file.
    folder.run(&[&["pack", "-o", "pack.zip"][..], &QUICK].concat()).well();
    assert!(folder.run(&[&["pack", "-o", "-"][..], &QUICK].concat()).bytes == folder.bytes("pack.zip"));
    folder.refuses(&["templates", "eject", "-"], 2, "name a folder");
    assert_eq!(folder.files(), ["inventory.yaml", "pack.zip", "prod.tfstate", "text"]);
    // A file of that name has a path.
    folder.run(&["report", "--format", "csv", "-o", "./-"]).well();
    assert!(folder.path("-").exists());
}

#[test]
fn names_that_promise_something_else_are_a_matter_of_usage() {
    let folder = Folder::golden().with("prod.tfstate", state("orders"));
    let before = folder.files();
    for arguments in [
        &["report", "--format", "json", "-o", "x.md"][..],
        &["report", "--format", "pdf", "--format", "csv", "-o", "x.pdf"],
        &["report", "--format", "json", "-o", "x.json.gz"],
        &["report", "--format", "markdown", "-o", "x.zip"],
        &["import", "prod.tfstate", "--format", "json", "-o", "x.yaml"],
        &["import", "prod.tfstate", "--format", "yaml", "-o", "x.JSON"],
        &["import", "prod.tfstate", "-o", "x.yaml.gz"],
        &["schema", "report", "-o", "x.zip"],
    ] {
        let run = folder.run(arguments);
        assert!(run.failed(2).starts_with("error: "), "{arguments:?}: {}", run.errors);
        assert_eq!(before, folder.files(), "{arguments:?}");
    }
    for name in [
        "p.tar.gz",
        "p.tgz",
        "p.tar",
        "p.7z",
        "p.rar",
        "p.tar.zst",
        "p.ZIPX",
        "p.gz",
        "p.xz",
        "p.jar",
        "p.iso",
    ] {
        let run = folder.run(&["pack", "-o", name]);
        assert!(run.failed(2).contains("a pack is a folder or a ZIP file"), "{name}: {}", run.errors);
        assert_eq!(before, folder.files(), "{name}");
    }
    // A folder may have any name, if it is said to be one; and dots in a name are no ending of an archive.
    for (name, file) in [
        ("p.tar.gz/", "p.tar.gz/manifest.json"),
        ("v1.0", "v1.0/manifest.json"),
        ("p.zip/", "p.zip/manifest.json"),
        ("q.ZIP", "q.ZIP"),
    ] {
        folder.run(&[&["pack", "-o", name][..], &QUICK].concat()).well();
        assert!(folder.path(file).is_file(), "{file}");
    }
}

#[cfg(unix)]
#[test]
fn no_output_takes_the_place_of_what_was_read() {
    use std::os::unix::fs::symlink;
    let text = inventory(json!([{"service": "rds"}]));
    let named = text.replacen('{', r#"{"theme": {"logo": "logo.svg"}, "imports": [{"file": "prod.json"}], "#, 1);
    let folder = Folder::new()
        .with("i.json", named)
        .with("logo.svg", repository("inventories/reference/logo.svg"))
        .with("prod.json", state("orders"))
        .with("mine/report.md", "{% include \"head.md\" %}")
        .with("mine/head.md", "# Mine\n")
        .with("s.csv", "service,name\nsqs,orders\n")
        .with("sub/x", "");
    symlink("i.json", folder.path("link.json")).unwrap();
    symlink("link.json", folder.path("far.json")).unwrap();
    symlink("sub", folder.path("folder")).unwrap();
    std::fs::hard_link(folder.path("i.json"), folder.path("hard.json")).unwrap();
    let absolute = folder.path("i.json").display().to_string();
    let before = all(&folder);
    let outputs = [
        "i.json",
        "./i.json",
        "sub/../i.json",
        "link.json",
        "far.json",
        "hard.json",
        "folder/../i.json",
        &absolute,
        "prod.json",
        "logo.svg",
        "mine/report.md",
        "mine/head.md",
    ];
    for output in outputs {
        for arguments in [
            &["report", "i.json", "--templates", "mine", "--format", "json", "-o", output][..],
            &[
                "report",
                "i.json",
                "--templates",
                "mine",
                "--format",
                "markdown",
                "-o",
                "new.md",
                "-o",
                output,
            ],
        ] {
            // Where the ending is that of another format, the file is refused for that already.
            let run = folder.run(arguments);
            assert!(matches!(run.code, 2 | 3), "{arguments:?}: {} {}", run.code, run.errors);
            assert!(
                run.code == 2 || run.errors.contains("read for this"),
                "{arguments:?}: {}",
                run.errors
            );
            assert_eq!(before, all(&folder), "{arguments:?}");
        }
    }
    let run = folder.run(&["report", "i.json", "-o", "i.json"]);
    assert!(
        run.failed(3).contains("cannot write `i.json`: it is read for this, too"),
        "{}",
        run.errors
    );
    let run = folder.run(&["report", "i.json", "-o", "far.json"]);
    assert!(
        run.failed(3).contains("it leads to `i.json`, which is read for this"),
        "{}",
        run.errors
    );
    for (file, output) in [
        ("s.csv", "s.csv"),
        ("./s.csv", "sub/../s.csv"),
        ("prod.json", "prod.json"),
        ("./prod.json", "sub/../prod.json"),
        (".", "prod.json"),
        ("*.json", "prod.json"),
    ] {
        let run = folder.run(&["import", file, "-o", output]);
        assert!(matches!(run.code, 1 | 3), "{file} {output}: {}", run.errors);
        assert_eq!(before, all(&folder), "{file} {output}");
    }
    // The data of a report that was made before is no source.
    folder.put("one/i.json", inventory(json!([{"service": "rds"}])));
    for _ in 0..2 {
        folder.run(&["report", "one", "--format", "json", "-o", "one/r.json"]).well();
    }
    // An overlay and the fonts are read, too.
    folder.put("overlay/sqs.yaml", "id: sqs\nreason: ours\n");
    let overlay = folder.run(&[
        "report",
        "i.json",
        "--catalog",
        "overlay",
        "--format",
        "json",
        "-o",
        "overlay/sqs.yaml",
    ]);
    assert!(overlay.failed(3).contains("read for this"), "{}", overlay.errors);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_yet_is_written_where_it_leads() {
    use std::os::unix::fs::symlink;
    let folder = Folder::golden();
    std::fs::create_dir(folder.path("kept")).unwrap();
    symlink("kept/report.csv", folder.path("a.csv")).unwrap();
    symlink("a.csv", folder.path("b.csv")).unwrap();
    symlink("kept/pack", folder.path("p")).unwrap();
    symlink("kept/pack.zip", folder.path("p.zip")).unwrap();
    symlink("loop", folder.path("loop")).unwrap();
    symlink("kept/all", folder.path("all")).unwrap();
    folder.run(&["report", "--format", "csv", "-o", "all/"]).well();
    assert!(folder.path("kept/all/report.csv").is_file());
    folder.run(&["report", "-o", "b.csv"]).well();
    folder.run(&[&["pack", "-o", "p.zip"][..], &QUICK].concat()).well();
    for _ in 0..2 {
        folder.run(&[&["pack", "-o", "p"][..], &QUICK].concat()).well();
    }
    for name in ["a.csv", "b.csv", "p", "p.zip"] {
        assert!(std::fs::symlink_metadata(folder.path(name)).unwrap().is_symlink(), "{name}");
    }
    assert!(folder.read("kept/report.csv").contains("sqs") && folder.path("kept/pack/manifest.json").is_file());
    assert!(folder.path("kept/pack.zip").is_file());
    let run = folder.run(&["report", "--format", "csv", "-o", "loop"]);
    assert!(run.failed(3).contains("error[cannot-write]"), "{}", run.errors);
    folder.run(&["pack", "-o", "loop"]).failed(3);
}

/// A pack that somebody filled in is somebody's.
#[test]
fn a_pack_goes_only_as_it_was_delivered() {
    let folder = Folder::golden();
    let pack = |target: &str, more: &[&str]| folder.run(&[&["pack", "-o", target][..], &QUICK, more].concat());
    for target in ["p", "p.zip"] {
        pack(target, &[]).well();
        let first = all(&folder);
        // As delivered, it is replaced.
        pack(target, &["--draft"]).well();
        assert_ne!(first, all(&folder), "{target}");
        if target == "p" {
            folder.put(
                "p/acceptance-checklist.md",
                format!("{}\nsigned\n", folder.read("p/acceptance-checklist.md")),
            );
        } else {
            folder.put("p.zip", [folder.bytes("p.zip"), b"signed".to_vec()].concat());
        }
        let signed = all(&folder);
        let refused = pack(target, &[]);
        let errors = refused.failed(3);
        assert!(
            errors.contains("was changed since it was delivered") && errors.contains("`--force`"),
            "{errors}"
        );
        assert_eq!(signed, all(&folder), "{target}");
        // Unless that is asked for.
        pack(target, &["--force"]).well();
        folder.run(&["verify", target]).fine();
        if target == "p" {
            folder.put("p/notes.txt", "mine");
            pack(target, &["--replace"]).well();
            assert!(!folder.path("p/notes.txt").exists());
        }
    }
    // Nor does an inventory go that lies in the pack that it is packed to.
    folder.put("p/inventory.yaml", folder.read("inventory.yaml"));
    let before = all(&folder);
    let run = folder.run(&[&["pack", "p/inventory.yaml", "-o", "p", "--force"][..], &QUICK].concat());
    assert!(
        run.failed(3).contains("`p/inventory.yaml` in it is read for this"),
        "{}",
        run.errors
    );
    assert_eq!(before, all(&folder));
    // What is no pack at all stays, whatever is asked for.
    folder.put("photos/a.jpg", "x");
    folder.put("photos.zip", "x");
    folder.put("empty.zip", "");
    folder.put("p2/manifest.json", "{}");
    let before = all(&folder);
    for target in ["photos", "photos/", "photos.zip", "empty.zip", "photos/a.jpg", "p2", "."] {
        for more in [&[][..], &["--force"]] {
            let run = pack(target, more);
            assert!(run.failed(3).contains("error[cannot-write]"), "{target}: {}", run.errors);
            assert_eq!(before, all(&folder), "{target}");
        }
    }
}
