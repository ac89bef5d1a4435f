//! What is read once: pipes, and the checksums of what a pack was made from.

use crate::disks::shell;
use crate::files::{QUICK, state};
use crate::support::{Folder, inventory, repository};
use serde_json::json;

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
        // A copy of a built-in one is an input, too.
        .with("mine/script.js", repository("templates/script.js"))
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
        "mine/script.js",
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
