//! Files that are written: together or not at all, as their owners left them, and never over what was read.

use crate::support::{Folder, inventory, repository};
use serde_json::json;

/// Packs quickly: one edition, no PDF.
const QUICK: [&str; 6] = ["--edition", "review", "--format", "markdown", "--format", "csv"];

/// One bucket as Terraform state.
fn state(name: &str) -> String {
    json!({"version": 4, "terraform_version": "1.9.8", "resources": [
        {"mode": "managed", "type": "aws_sqs_queue", "name": "a", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{"attributes": {"name": name, "arn": format!("arn:aws:sqs:eu-west-1:111122223333:{name}")}}]}]})
    .to_string()
}

/// What stands in a folder, hidden things included: names, and the bytes of files.
fn all(folder: &Folder) -> Vec<(String, Vec<u8>)> {
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
    assert!(folder.run(&["report", "-o", "-"]).fine().contains("\n# "));
    // A pack is a ZIP file there, the same as in a file.
    folder.run(&[&["pack", "-o", "pack.zip"][..], &QUICK].concat()).well();
    assert!(folder.run(&[&["pack", "-o", "-"][..], &QUICK].concat()).bytes == folder.bytes("pack.zip"));
    assert!(folder.run(&["templates", "eject", "-"]).failed(2).contains("name a folder"));
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

#[cfg(unix)]
mod unix {
    use super::*;
    use std::io::Write as _;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::process::{Command, Stdio};

    /// Runs a line of a shell here; `$CLOUDRACI` is the program. The code and standard error.
    fn shell(folder: &Folder, line: &str) -> (i32, String) {
        let output = Command::new("bash")
            .args(["-c", line])
            .current_dir(folder.path(""))
            .env("CLOUDRACI", env!("CARGO_BIN_EXE_cloudraci"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
    }

    /// What cannot be tried on this machine must not pass unseen.
    fn untested(what: &str, why: &str) {
        // Written past the harness, which keeps what tests print to itself.
        let line = format!("\nNOT TESTED HERE: {what}: {why}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }

    fn is_root() -> bool {
        let folder = Folder::new();
        std::fs::metadata(folder.path("")).unwrap().uid() == 0
    }

    fn mode(folder: &Folder, name: &str) -> u32 {
        std::fs::metadata(folder.path(name)).unwrap().mode() & 0o7777
    }

    #[test]
    fn owner_and_mode_of_what_is_written_again_stay() {
        let folder = Folder::golden().with("prod.tfstate", state("orders"));
        let commands: [(&[&str], &[&str]); 6] = [
            (
                &["report", "-o", "r.md", "-o", "r.csv", "-o", "r.pdf"],
                &["r.md", "r.csv", "r.pdf", "r-stack.svg"],
            ),
            (&["report", "-o", "out/"], &["out/report.html", "out/report.md"]),
            (&["import", "prod.tfstate", "-o", "i.yaml"], &["i.yaml"]),
            (&["pack", "--edition", "review", "--format", "csv", "-o", "p.zip"], &["p.zip"]),
            (
                &["pack", "--edition", "review", "--format", "markdown", "-o", "p"],
                &["p", "p/manifest.json", "p/review", "p/review/report.md"],
            ),
            (&["schema", "report", "-o", "s.json"], &["s.json"]),
        ];
        let root = is_root();
        if !root {
            untested("that the owner stays", "only root gives files away");
        }
        for (command, outputs) in commands {
            folder.run(command).well();
            for modes in [[0o600, 0o700], [0o640, 0o750], [0o444, 0o755], [0o666, 0o777]] {
                let wanted = |name: &str| modes[usize::from(folder.path(name).is_dir())];
                for name in outputs {
                    std::fs::set_permissions(folder.path(name), std::fs::Permissions::from_mode(wanted(name))).unwrap();
                    if root {
                        chown(folder.path(name), Some(1000), Some(1001)).unwrap();
                    }
                }
                folder.run(command).well();
                for name in outputs {
                    assert_eq!(mode(&folder, name), wanted(name), "{name} {command:?}");
                    let of = std::fs::metadata(folder.path(name)).unwrap();
                    assert!(!root || (of.uid(), of.gid()) == (1000, 1001), "{name} {command:?}");
                }
            }
        }
    }

    #[test]
    fn a_new_file_has_what_the_umask_leaves() {
        for (umask, file, inner) in [("027", 0o640, 0o750), ("077", 0o600, 0o700), ("022", 0o644, 0o755)] {
            let folder = Folder::golden();
            let quick = QUICK.join(" ");
            let line = format!(
                "umask {umask}; \"$CLOUDRACI\" report -o r.csv && \"$CLOUDRACI\" pack -o p {quick} && \"$CLOUDRACI\" pack -o p.zip {quick}"
            );
            assert_eq!(shell(&folder, &line).0, 0);
            for name in ["r.csv", "p.zip", "p/manifest.json", "p/review/report.md"] {
                assert_eq!(mode(&folder, name), file, "{name}");
            }
            assert_eq!([mode(&folder, "p"), mode(&folder, "p/review")], [inner; 2]);
        }
    }

    #[test]
    fn several_outputs_are_placed_together_or_not_at_all() {
        let folder = Folder::golden().with("a.csv", "old").with("a.json", "old");
        let before = all(&folder);
        // The last one is a full disk, and standard output is one.
        for line in [
            "\"$CLOUDRACI\" report -o a.csv -o a.json -o new/b.html --format markdown -o /dev/full",
            "\"$CLOUDRACI\" report -o a.csv -o a.json -o new/deep/b.md --format html -o - > /dev/full",
            "\"$CLOUDRACI\" report -o a.csv -o a.json -o new/b.md -o inventory.yaml/x.html",
        ] {
            let (code, errors) = shell(&folder, line);
            assert_eq!(code, 3, "{line}: {errors}");
            assert!(errors.contains("error[cannot-write]"), "{line}: {errors}");
            assert_eq!(before, all(&folder), "{line}");
        }
        // A reader that has enough is no failure.
        let (code, errors) = shell(
            &folder,
            "\"$CLOUDRACI\" report -o a.csv -o - | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}",
        );
        assert_eq!(code, 0, "{errors}");
        assert_ne!(folder.read("a.csv"), "old");
        // Two outputs that are one file, and should differ.
        std::os::unix::fs::symlink("a.json", folder.path("b.html")).unwrap();
        let before = all(&folder);
        assert!(
            folder
                .run(&["report", "-o", "a.json", "-o", "b.html"])
                .failed(2)
                .contains("two different outputs")
        );
        assert_eq!(before, all(&folder));
        folder.run(&["report", "-o", "a.json", "-o", "./a.json"]).well();
    }

    #[test]
    fn what_comes_through_a_pipe_is_read_once_and_named_by_its_checksum() {
        use sha2::{Digest as _, Sha256};
        let folder = Folder::golden().with("prod.tfstate", state("orders"));
        // One that is read piece by piece, too.
        let long = {
            let one = |index: usize| {
                json!({"mode": "managed", "type": "aws_sqs_queue", "name": format!("q{index}"), "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                    "instances": [{"attributes": {"name": format!("q{index}"), "policy": "x".repeat(100_000)}}]})
            };
            json!({"version": 4, "terraform_version": "1.9.8", "resources": (0..360).map(one).collect::<Vec<_>>()}).to_string() + "\n \n"
        };
        assert!(long.len() > 33 << 20);
        folder.put("long.tfstate", &long);
        for name in ["prod.tfstate", "long.tfstate"] {
            let bytes = folder.bytes(name);
            let checksum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            let quick = QUICK.join(" ");
            for line in [
                format!("\"$CLOUDRACI\" pack <(cat {name}) -o p.zip {quick}"),
                format!("rm -f f; mkfifo f; cat {name} > f & \"$CLOUDRACI\" pack ./f -o p.zip {quick}"),
                format!("rm -f f; mkfifo f; cat {name} > f & \"$CLOUDRACI\" pack f sub/../f -o p.zip {quick}"),
                format!("cat {name} | \"$CLOUDRACI\" pack - -o p.zip {quick}"),
                format!("\"$CLOUDRACI\" pack {name} -o p.zip {quick}"),
            ] {
                let _ = std::fs::remove_file(folder.path("p.zip"));
                std::fs::create_dir_all(folder.path("sub")).unwrap();
                let (code, errors) = shell(&folder, &format!("set -m; timeout -k 1 100 bash -c '{line}'"));
                assert_eq!(code, 0, "{line}: {errors}");
                let bytes_of_pack = folder.bytes("p.zip");
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes_of_pack)).unwrap();
                let manifest: serde_json::Value = serde_json::from_reader(archive.by_name("manifest.json").unwrap()).unwrap();
                assert_eq!(manifest["inputs"].as_array().unwrap().len(), 1, "{line}");
                assert_eq!(manifest["inputs"][0]["sha256"], checksum, "{line}");
                assert_eq!(manifest["inputs"][0]["bytes"], bytes.len(), "{line}");
            }
            folder.run(&["verify", "p.zip", name]).fine();
        }
        for line in [
            "\"$CLOUDRACI\" import <(cat prod.tfstate) -o new.yaml",
            "rm -f f; mkfifo f; cat prod.tfstate > f & \"$CLOUDRACI\" import f -o new.yaml",
            "\"$CLOUDRACI\" report <(cat inventory.yaml) -o new.csv",
            "rm -f f; mkfifo f; cat prod.tfstate > f & \"$CLOUDRACI\" report f -o new.csv",
            "rm -f f; mkfifo f; cat prod.tfstate > f & printf \"inventory: 1\\norganization: X\\nimports: [{file: f}]\\n\" > i.yaml; \"$CLOUDRACI\" report i.yaml -o new.csv",
        ] {
            let (code, errors) = shell(&folder, &format!("set -m; timeout -k 1 100 bash -c '{line}'"));
            assert_eq!(code, 0, "{line}: {errors}");
        }
        assert!(folder.read("new.yaml").contains("orders") && folder.read("new.csv").contains("sqs"));
    }

    #[test]
    fn every_input_is_in_the_manifest_as_it_was_read() {
        use sha2::{Digest as _, Sha256};
        let text = inventory(json!([{"service": "sqs"}])).replacen(
            '{',
            r#"{"theme": {"logo": "logo.svg", "font": "Noto Sans", "font_path": "fonts"}, "imports": [{"file": "prod.tfstate"}], "#,
            1,
        );
        let folder = Folder::new()
            .with("i.json", text)
            .with("logo.svg", repository("inventories/reference/logo.svg"))
            .with("prod.tfstate", state("orders"))
            .with("fonts/a.ttf", notosans::REGULAR_TTF)
            .with("mine/style.css", "/* ours */")
            .with("overlay/sqs.yaml", "id: sqs\nreason: ours\n")
            .with("overlay/README.txt", "is not read");
        let more = ["--templates", "mine", "--catalog", "overlay"];
        folder.run(&[&["pack", "i.json", "-o", "p"][..], &QUICK, &more].concat()).well();
        let manifest: serde_json::Value = serde_json::from_str(&folder.read("p/manifest.json")).unwrap();
        let named: Vec<(&str, &str)> = manifest["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|input| (input["path"].as_str().unwrap(), input["sha256"].as_str().unwrap()))
            .collect();
        let files = [
            "i.json",
            "prod.tfstate",
            "overlay/sqs.yaml",
            "mine/style.css",
            "logo.svg",
            "fonts/a.ttf",
        ];
        let wanted: Vec<String> = files
            .iter()
            .map(|name| {
                Sha256::digest(folder.bytes(name))
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect()
            })
            .collect();
        let wanted: Vec<(&str, &str)> = files.into_iter().zip(wanted.iter().map(String::as_str)).collect();
        assert_eq!(named, wanted);
        folder.run(&[&["verify", "p", "i.json"][..], &more].concat()).fine();
        // Each one that changes is told by name.
        for name in files {
            let kept = folder.bytes(name);
            let space: &[u8] = if name.ends_with(".ttf") { b"\0" } else { b"\n" };
            folder.put(name, [&kept[..], space].concat());
            let run = folder.run(&[&["verify", "p", "i.json"][..], &more].concat());
            assert!(
                run.failed(1).contains(&format!("the input `{name}` is not as it was")),
                "{name}: {}",
                run.errors
            );
            folder.put(name, kept);
        }
    }

    #[test]
    fn a_full_disk_leaves_everything_as_it_was() {
        let folder = Folder::golden();
        let quick = QUICK.join(" ");
        let commands = [
            "report -o r.md -o r.csv -o new/r.json".to_owned(),
            format!("pack -o p {quick}"),
            format!("pack -o p.zip {quick}"),
            "schema report -o s.json".to_owned(),
        ];
        for command in &commands {
            assert_eq!(shell(&folder, &format!("\"$CLOUDRACI\" {command}")).0, 0, "{command}");
        }
        std::fs::remove_dir_all(folder.path("new")).unwrap();
        let before = all(&folder);
        for command in &commands {
            // No file may be longer than 8 KiB: the same error as that of a full disk, for any user.
            let (code, errors) = shell(
                &folder,
                &format!("trap '' XFSZ; ulimit -f 8; \"$CLOUDRACI\" {command} --as-of 2026-12-24 2> >(cat >&2)")
                    .replace("schema report -o s.json --as-of 2026-12-24", "schema report -o s.json"),
            );
            assert_eq!(code, 3, "{command}: {errors}");
            assert!(errors.contains("error[cannot-write]"), "{command}: {errors}");
            assert_eq!(before, all(&folder), "{command}");
        }
        // A file system of its own that is full.
        std::fs::create_dir(folder.path("small")).unwrap();
        let (mounted, why) = shell(&folder, "mount -t tmpfs -o size=64k tmpfs small");
        if mounted != 0 {
            return untested("a file system that is full", &why);
        }
        let (first, _) = shell(&folder, "\"$CLOUDRACI\" init small");
        let (code, errors) = shell(&folder, "\"$CLOUDRACI\" report -o small/a.csv -o small/b.html -o small/c.json");
        let (packed, packing) = shell(&folder, &format!("\"$CLOUDRACI\" pack -o small/p {quick}"));
        let left = shell(&folder, "ls -A small >&2").1;
        assert_eq!(shell(&folder, "umount small").0, 0);
        assert_eq!(
            (first, code, packed, left.as_str()),
            (0, 3, 3, "inventory.yaml\n"),
            "{errors}{packing}"
        );
        assert!(
            errors.contains("error[cannot-write]") && packing.contains("error[cannot-write]"),
            "{errors}{packing}"
        );
    }

    #[test]
    fn a_folder_that_may_not_be_written_to_is_told() {
        let folder = Folder::golden().with("shut/r.csv", "old");
        // Root may write anywhere: somebody else tries.
        let other = if is_root() {
            "setpriv --reuid 65534 --regid 65534 --clear-groups "
        } else {
            ""
        };
        std::fs::set_permissions(folder.path(""), std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::set_permissions(folder.path("shut"), std::fs::Permissions::from_mode(0o555)).unwrap();
        let (tried, why) = shell(&folder, &format!("{other}\"$CLOUDRACI\" report > /dev/null"));
        if tried != 0 {
            return untested("a folder that may not be written to", &why);
        }
        let before = all(&folder);
        for command in [
            "report -o shut/r.csv",
            "report -o shut/new.csv",
            "report -o shut/deep/",
            "pack -o shut/p",
            "pack -o shut/p.zip",
            "init shut",
            "templates eject shut",
        ] {
            let (code, errors) = shell(&folder, &format!("{other}\"$CLOUDRACI\" {command}"));
            assert_eq!(code, 3, "{command}: {errors}");
            assert!(errors.contains("error[cannot-write]"), "{command}: {errors}");
            assert_eq!(before, all(&folder), "{command}");
        }
        std::fs::set_permissions(folder.path("shut"), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// How often a call is killed at most: a run makes fewer of them.
    const MOST_CALLS: usize = 40;

    /// Kills the program at each call that moves, makes, locks or removes something; where two names can change places at
    /// once, and where they cannot.
    #[test]
    fn killed_at_any_step_old_or_new_stands_and_the_next_run_tidies_up() {
        let before = Folder::golden();
        let (traced, why) = shell(&before, "strace -f -o /dev/null -e trace=rename true");
        if traced != 0 {
            return untested("that a run that is killed leaves old or new", &format!("strace is needed: {why}"));
        }
        let pack = "pack -o d/p --edition review --format csv";
        let report = "report -o d/r.csv -o d/r.json";
        assert_eq!(shell(&before, &format!("\"$CLOUDRACI\" {pack} && \"$CLOUDRACI\" {report}")).0, 0);
        let old = all(&before);
        let names = |all: &[(String, Vec<u8>)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let exchange = ["", "rename", "renameat2", "mkdir", "unlink", "unlinkat", "rmdir", "fsync", "flock"].map(|call| ("", call));
        let without = ["rename", "link", "linkat", "unlinkat"].map(|call| ("-e inject=renameat2:error=EINVAL", call));
        let mut killed = std::collections::BTreeMap::new();
        for (how, call) in exchange.into_iter().chain(without).filter(|(_, call)| !call.is_empty()) {
            for number in 1..MOST_CALLS {
                let of = Folder::new();
                for (name, bytes) in &old {
                    if before.path(name).is_dir() {
                        std::fs::create_dir(of.path(name)).unwrap();
                    } else {
                        of.put(name, bytes);
                    }
                }
                let inject = format!("strace -f -o /dev/null {how} -e inject={call}:signal=SIGKILL:when={number} \"$CLOUDRACI\"");
                let (packed, _) = shell(&of, &format!("{inject} {pack} --as-of 2026-12-24"));
                let stands = of.path("d/p/manifest.json").exists();
                assert!(stands || !how.is_empty(), "{call} {number}: neither old nor new");
                // Looking for it is enough to get it back.
                of.run(&["verify", "d/p"]).fine();
                let (reported, _) = shell(&of, &format!("{inject} {report} --as-of 2026-12-24"));
                for name in ["d/r.csv", "d/r.json"] {
                    let whole = of.read(name);
                    assert!(
                        whole == before.read(name) || whole.contains("2026-12-24") || name.ends_with("csv"),
                        "{call} {number}: {name}"
                    );
                    assert!(whole.len() > 1000, "{call} {number}: {name}");
                }
                // The next run of any kind that writes there leaves no litter.
                of.run(&["schema", "report", "-o", "d/s.json"]).well();
                std::fs::remove_file(of.path("d/s.json")).unwrap();
                assert_eq!(names(&old), names(&all(&of)), "{how} {call} {number}");
                let ends = [packed, reported].iter().filter(|code| **code != 0).count();
                *killed.entry((how, call)).or_insert(0) += ends;
                if ends == 0 {
                    break;
                }
                assert!(number + 1 < MOST_CALLS, "{call} is called more often");
            }
        }
        for step in [
            ("", "renameat2"),
            ("", "mkdir"),
            ("", "fsync"),
            ("", "flock"),
            ("-e inject=renameat2:error=EINVAL", "rename"),
        ] {
            assert!(killed[&step] > 1, "{step:?} was never reached: {killed:?}");
        }
    }
}
