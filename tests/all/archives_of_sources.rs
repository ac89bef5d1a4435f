//! Sources that are compressed or lie in archives: read as they would be unpacked, bounded, and with nothing passed over
//! silently.

use crate::disks::shell;
use crate::files::{QUICK, state};
use crate::packings::{self, gzip, header, tar, zip, zstandard};
use crate::support::{Folder, inventory, list, repository, text};
use cloudraci::catalog::Catalog;
use cloudraci::diagnostics::{Code, Diagnostic, Place, Severity, SourceMap, Spot};
use cloudraci::inventory::{Inventory, Reading, load_with};
use serde_json::{Value, json};
use std::io::Write as _;

/// A snapshot of AWS Config with a bucket of this name, and what two rules say of it.
fn snapshot(bucket: &str) -> String {
    let item = |kind: &str, id: &str, configuration: Value| {
        json!({"resourceType": kind, "resourceId": id, "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
            "configurationItemStatus": "ResourceDiscovered", "configurationItemCaptureTime": "2026-11-17T18:12:46.921Z", "configuration": configuration})
    };
    let rules = json!({"targetResourceId": bucket, "targetResourceType": "AWS::S3::Bucket", "complianceType": "NON_COMPLIANT", "configRuleList": [
        {"configRuleName": "s3-bucket-logging-enabled", "complianceType": "COMPLIANT"},
        {"configRuleName": "securityhub-s3-bucket-versioning-enabled-1a2b3c4d", "complianceType": "NON_COMPLIANT"}]});
    let items = [
        item("AWS::S3::Bucket", bucket, json!({"name": bucket})),
        item(
            "AWS::Config::ResourceCompliance",
            &format!("AWS::S3::Bucket/{bucket}"),
            rules.clone(),
        ),
        item(
            "AWS::Config::ConformancePackCompliance",
            "pack",
            json!({"complianceType": "COMPLIANT"}),
        ),
    ];
    json!({"fileVersion": "1.0", "configSnapshotId": "00000000-0000-0000-0000-000000000000", "configurationItems": items}).to_string()
}

fn read(folder: &Folder, name: &str, reading: &Reading<'_>) -> Result<(Inventory, Vec<Diagnostic>), Vec<Diagnostic>> {
    let catalog = Catalog::builtin().unwrap();
    let loaded = load_with(&[folder.path(name)], &catalog, &mut SourceMap::default(), reading)?;
    Ok((loaded.inventory, loaded.warnings))
}

/// The codes of what is told, and the words.
fn told(diagnostics: &[Diagnostic]) -> Vec<(Code, String)> {
    diagnostics.iter().map(|one| (one.code, one.message.clone())).collect()
}

#[test]
fn a_snapshot_as_it_lies_in_a_bucket_is_read_in_one_command() {
    let name = "111122223333_Config_eu-west-1_ConfigSnapshot_20261117T181246Z_0.json.gz";
    let folder = Folder::new().with(name, packings::gzip_in_two(snapshot("ledger").as_bytes()));
    let imported = folder.run(&["import", name, "--format", "json"]).json();
    let kinds: Vec<&str> = list(&imported, "resources").iter().map(|one| text(one, "type")).collect();
    assert_eq!(kinds, ["AWS::S3::Bucket"], "what rules say of it is no resource");
    folder.run(&["report", name, "-o", "report.md", "--as-of", "2026-11-20"]).well();
    let (inventory, _) = read(&folder, name, &Reading::default()).unwrap();
    let results: Vec<usize> = inventory.results.files.iter().map(|file| file.results.len()).collect();
    assert_eq!(results, [2], "what rules say of it is a result");
}

#[test]
fn the_members_of_an_archive_are_sources_with_places_of_their_own() {
    let damaged = r#"{"version": 4, "terraform_version": "1.9.8", "resources": [
  {"mode": "managed", "type": "aws_sqs_queue", "name": "q", "instances": [{"attributes": {"name": "queue"}}]},
  7
]}"#;
    let one = state("orders");
    let long = format!("{}/deep.tfstate", "folder/".repeat(40));
    let members: [(&str, &[u8]); 8] = [
        ("z/orders.tfstate", one.as_bytes()),
        ("a/inner.json", damaged.as_bytes()),
        ("./snapshot.json.gz", &gzip(snapshot("ledger").as_bytes())),
        ("README.md", b"# Read me\n"),
        ("notes.txt", b"nothing"),
        (".terraform/x.tfstate", one.as_bytes()),
        ("__MACOSX/._a.json", b"\0\x05\x16\x07"),
        (&long, damaged.as_bytes()),
    ];
    for (name, bytes) in [
        ("estate.zip", zip(&members)),
        ("estate.tar", tar(&members)),
        ("estate.tgz", gzip(&tar(&members))),
        ("estate", zstandard(&tar(&members))),
    ] {
        let folder = Folder::new().with(name, bytes);
        let (inventory, warnings) = read(&folder, name, &Reading::default()).unwrap();
        let begin = folder.path("").display().to_string();
        let mut from: Vec<String> = inventory
            .resources
            .iter()
            .map(|one| format!("{}: {}", one.place.file.replace(&begin, ""), one.address.as_deref().unwrap_or("-")))
            .collect();
        let expected = [
            format!("{name}:a/inner.json: aws_sqs_queue.q"),
            format!("{name}:{long}: aws_sqs_queue.q"),
            format!("{name}:snapshot.json.gz: ledger"),
            format!("{name}:z/orders.tfstate: aws_sqs_queue.a"),
        ];
        from.sort();
        assert_eq!(from, expected);
        let places: Vec<String> = warnings
            .iter()
            .filter(|one| one.code == Code::ImportPartial)
            .map(|one| match &one.places[0].0 {
                Place { file, spot: Spot::At(at) } => format!("{}:{}:{}", file.replace(&begin, ""), at.line, at.column),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(places, [format!("{name}:a/inner.json:3:3"), format!("{name}:{long}:3:3")]);
        let words: Vec<String> = warnings
            .iter()
            .filter(|one| one.code == Code::MembersSkipped)
            .map(|one| one.message.replace(&begin, ""))
            .collect();
        let (hidden, unknown) = ("`.terraform/x.tfstate`, `__MACOSX/._a.json`", "`README.md`, `notes.txt`");
        assert_eq!(
            words,
            [
                format!("2 members of `{name}` are passed over (no source of resources or results): {unknown}"),
                format!("2 members of `{name}` are passed over (hidden): {hidden}"),
            ]
        );
        // Each member is a file of the report, and the archive is the one that has a checksum.
        let inputs: Vec<String> = inventory
            .inputs
            .iter()
            .map(|one| format!("{} ({})", one.path.replace(&begin, ""), one.source.unwrap()))
            .collect();
        assert!(inputs.contains(&format!("{name}:z/orders.tfstate (Terraform state)")), "{inputs:?}");
    }
}

#[test]
fn results_and_resources_lie_in_one_archive() {
    let results = repository("tests/fixtures/results/prowler-v5.csv");
    let snapshot = snapshot("ledger");
    let members: [(&str, &[u8]); 2] = [("prowler.csv", results.as_bytes()), ("snapshot.json", snapshot.as_bytes())];
    let folder = Folder::new()
        .with("both.zip", zip(&members))
        .with("scans/results.tar", tar(&members[..1]))
        .with(
            "i.json",
            inventory(json!([{"service": "sqs"}])).replacen(
                '{',
                r#"{"results": [{"file": "both.zip", "max_age": 9}], "imports": [{"file": "both.zip"}], "#,
                1,
            ),
        )
        .with(
            "only.json",
            inventory(json!([{"service": "sqs"}])).replacen('{', r#"{"results": ["scans"], "#, 1),
        );
    let forms = |name: &str| -> Vec<(String, u32, bool)> {
        let (inventory, _) = read(&folder, name, &Reading::default()).unwrap();
        let begin = folder.path("").display().to_string();
        let files = inventory.results.files.iter();
        files
            .map(|file| (file.path.replace(&begin, ""), file.max_age, file.results.is_empty()))
            .collect()
    };
    let of = |file: &str, age: u32| (file.to_owned(), age, false);
    assert_eq!(
        forms("both.zip"),
        [of("both.zip:prowler.csv", 30), of("both.zip:snapshot.json", 30)]
    );
    assert_eq!(forms("i.json"), [of("both.zip:prowler.csv", 9), of("both.zip:snapshot.json", 9)]);
    assert_eq!(forms("only.json"), [of("scans/results.tar:prowler.csv", 30)]);
    // What is imported are resources; a scanner's are where nothing else is.
    let imported = folder.run(&["import", "both.zip", "--format", "json"]);
    let kinds: Vec<Value> = list(&imported.json(), "resources").iter().map(|one| one["type"].clone()).collect();
    assert_eq!(kinds, ["AWS::S3::Bucket"]);
    assert!(imported.errors.contains("both.zip:prowler.csv"), "{}", imported.errors);
    let seen = folder.run(&["import", "scans/results.tar", "--format", "json"]).json();
    assert!(!list(&seen, "resources").is_empty());
    // So does what is long.
    let reading = Reading {
        long_from: Some(0),
        ..Reading::default()
    };
    for name in ["both.zip", "both.tgz"] {
        folder.put("both.tgz", gzip(&tar(&members)));
        let (inventory, _) = read(&folder, name, &reading).unwrap();
        let results: Vec<usize> = inventory.results.files.iter().map(|file| file.results.len()).collect();
        assert_eq!(results[1], 2, "{name}: {results:?}");
        assert_eq!(inventory.resources.iter().map(|one| one.count).sum::<u64>(), 1);
    }
}

#[test]
fn what_imports_says_holds_for_all_members() {
    let one = state("orders");
    let folder = Folder::new()
        .with("estate.zip", zip(&[("one.tfstate", one.as_bytes()), ("results.json", b"[]")]))
        .with(
            "i.json",
            inventory(json!([])).replacen(
                '{',
                r#"{"imports": [{"file": "estate.zip", "from": "terraform", "environment": "test"}], "#,
                1,
            ),
        )
        .with(
            "j.json",
            inventory(json!([])).replacen('{', r#"{"imports": [{"file": "estate.zip", "from": "config"}], "#, 1),
        );
    let (inventory, _) = read(&folder, "i.json", &Reading::default()).unwrap();
    assert_eq!(inventory.resources[0].environment.as_deref(), Some("test"));
    let faults = read(&folder, "j.json", &Reading::default()).unwrap_err();
    assert!(
        faults
            .iter()
            .any(|one| one.code == Code::ImportFailed && one.places[0].0.file.ends_with("j.json")),
        "{faults:?}"
    );
}

#[test]
fn a_folder_may_have_packed_files() {
    let one = state("orders");
    let folder = Folder::new()
        .with("all/one.tfstate.gz", gzip(one.as_bytes()))
        .with("all/two.zip", zip(&[("x", one.replace("orders", "bills").as_bytes())]))
        .with("all/photos.zip", zip(&[("a.png", b"\x89PNG")]))
        .with("all/damaged.zip", b"PK\x03\x04 and nothing")
        .with("all/log.gz", gzip(b"one line\nanother line\n"))
        .with("all/inventory.yaml.gz", gzip(inventory(json!([{"service": "sqs"}])).as_bytes()));
    let (inventory, warnings) = read(&folder, "all", &Reading::default()).unwrap();
    assert_eq!(inventory.resources.len(), 2);
    assert_eq!(
        told(&warnings).iter().map(|one| one.0).collect::<Vec<_>>(),
        [Code::CannotUnpack],
        "{warnings:?}"
    );
    for (name, code) in [
        ("all/photos.zip", Code::ImportFailed),
        ("all/inventory.yaml.gz", Code::ImportFailed),
        ("all/damaged.zip", Code::CannotUnpack),
        ("all/log.gz", Code::ImportFailed),
    ] {
        let faults = read(&folder, name, &Reading::default()).unwrap_err();
        let codes: Vec<Code> = faults
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| one.code)
            .collect();
        assert_eq!(codes, [code], "{name}: {faults:?}");
    }
}

/// What becomes of a file that is read for its resources, in codes and words.
fn refused(bytes: &[u8]) -> Vec<(Code, String)> {
    let folder = Folder::new().with("x", bytes);
    let begin = folder.path("").display().to_string();
    let found = match read(&folder, "x", &Reading::default()) {
        Ok((_, warnings)) => warnings,
        Err(faults) => faults,
    };
    told(&found)
        .into_iter()
        .map(|(code, words)| (code, words.replace(&begin, "")))
        .collect()
}

#[test]
fn what_is_hostile_is_a_diagnostic() {
    let much = [
        &b"{\"version\": 4, \"terraform_version\": \"1.9.8\", \"resources\": ["[..],
        &vec![b' '; 100_000_000],
    ]
    .concat();
    let one = state("orders");
    let deep = zip(&[("inner.zip", &zip(&[("one.tfstate", one.as_bytes())]))]);
    let (limit, cannot) = (Code::LimitReached, Code::CannotUnpack);
    let bomb = "`x` unpacks to more than 400 times its size";
    for (what, bytes, code, words) in [
        ("a bomb by gzip", gzip(&much), limit, bomb),
        ("a bomb by Zstandard", zstandard(&much), limit, bomb),
        (
            "a bomb in a ZIP archive",
            zip(&[("one.json", &much)]),
            limit,
            "`x:one.json` unpacks to more than 400 times its size",
        ),
        (
            "a bomb in a tar archive",
            gzip(&tar(&[("one.json", &much)])),
            limit,
            "`x:one.json` unpacks to more than 400 times its size",
        ),
        (
            "gzip by gzip",
            gzip(&gzip(one.as_bytes())),
            limit,
            "`x` is packed twice, or an archive that is packed again",
        ),
        (
            "a ZIP archive by gzip",
            gzip(&deep),
            limit,
            "`x` is packed twice, or an archive that is packed again",
        ),
        (
            "no ZIP archive",
            b"PK\x03\x04rest".to_vec(),
            cannot,
            "`x` cannot be unpacked: it is damaged",
        ),
        (
            "no gzip",
            b"\x1f\x8b\x08\x00rest".to_vec(),
            cannot,
            "`x` cannot be unpacked: it is cut off",
        ),
    ] {
        let found = refused(&bytes);
        assert!(found.contains(&(code, words.to_owned())), "{what}: {found:?}");
    }
    // What an archive within an archive holds is not looked at, and that is told.
    let nested = "1 member of `x` is passed over (an archive within the archive, or packed twice): `inner.zip`";
    let nothing = "`x` is a ZIP archive with no source of resources or results in it";
    assert_eq!(
        refused(&deep),
        [(Code::ImportFailed, nothing.to_owned()), (limit, nested.to_owned())]
    );
    // Of two members of one name, programs unpack different ones.
    let twice = [("one.tfstate", one.as_bytes()), ("one.tfstate", b"{}")];
    assert!(
        refused(&tar(&twice))
            .iter()
            .any(|(code, words)| *code == cannot && words.contains("a name that another member has"))
    );
    // More members than anybody has.
    let mut many = tar::Builder::new(Vec::new());
    for number in 0..100_001 {
        many.append_data(&mut header(tar::EntryType::Regular, 0), format!("{number}"), &[][..])
            .unwrap();
    }
    let too_many = refused(&gzip(&many.into_inner().unwrap()));
    assert!(
        too_many.contains(&(limit, "`x` has more than 100,000 members".to_owned())),
        "{too_many:?}"
    );
}

#[test]
fn links_lead_nowhere_and_nothing_is_written() {
    let one = state("orders");
    let mut archive = tar::Builder::new(Vec::new());
    let mut link = |kind, name: &str, to: &str| archive.append_link(&mut header(kind, 0), name, to).unwrap();
    link(tar::EntryType::Symlink, "secret.json", "/etc/passwd");
    link(tar::EntryType::Link, "hard.json", "../../secret.tfstate");
    let mut out = header(tar::EntryType::Regular, one.len());
    let name = b"../../../out.tfstate";
    out.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name);
    out.set_cksum();
    archive.append(&out, one.as_bytes()).unwrap();
    let folder = Folder::new()
        .with("secret.tfstate", state("secret"))
        .with("deep/inner/x.tar", archive.into_inner().unwrap());
    let before = folder.files();
    let run = folder.run(&["import", "deep/inner/x.tar", "--format", "json"]);
    assert_eq!(list(&run.json(), "resources").len(), 1);
    assert!(
        run.errors
            .contains("2 members of `deep/inner/x.tar` are passed over (a link, which is not followed): `secret.json`, `hard.json`"),
        "{}",
        run.errors
    );
    assert_eq!(folder.files(), before);
}

#[test]
fn whatever_is_cut_off_or_changed_is_told() {
    let one = state("orders");
    for (what, bytes) in packings::all("one.tfstate", one.as_bytes()) {
        let step = (bytes.len() / 60).max(1);
        let whole = refused(&bytes);
        assert_eq!(whole, [], "{what}");
        for end in (20..bytes.len()).step_by(step) {
            let folder = Folder::new().with("x", &bytes[..end]);
            match read(&folder, "x", &Reading::default()) {
                // Of several members the first alone is a whole file that is no whole JSON; the end of a tar archive is blank.
                Ok((inventory, _)) => assert!(what.contains("tar") && inventory.resources.len() == 1, "{what} to {end}"),
                Err(faults) => assert!(!faults.is_empty(), "{what} to {end}"),
            }
        }
        // A changed byte is either told or changes nothing: gzip, Zstandard and ZIP have checksums.
        if ["gzip", "gzip in two members", "zip", "tar.gz"].contains(&what) {
            for at in (0..bytes.len()).step_by(step) {
                let mut changed = bytes.clone();
                changed[at] ^= 0x10;
                let folder = Folder::new().with("x", &changed);
                if let Ok((inventory, _)) = read(&folder, "x", &Reading::default()) {
                    assert_eq!(inventory.resources.len(), 1, "{what} at {at}");
                    assert_eq!(inventory.resources[0].name.as_deref(), Some("orders"), "{what} at {at}");
                }
            }
        }
    }
}

#[test]
fn other_archives_are_told_for_what_they_are() {
    let plan = zip(&[
        ("tfplan", b"\x0a\x03"),
        ("tfstate", state("orders").as_bytes()),
        ("tfconfig/m-/main.tf", b""),
    ]);
    let found = refused(&plan);
    assert_eq!(
        found,
        [(Code::ImportFailed, "`x` is a plan as `terraform plan -out` saves it".to_owned())]
    );
    let document = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    assert_eq!(refused(&document)[0].0, Code::ImportFailed);
    let in_archive = zip(&[("inventory.yaml", b"inventory: 1\norganization: X\n")]);
    assert_eq!(
        refused(&in_archive),
        [(
            Code::ImportFailed,
            "`x:inventory.yaml` is an inventory, and those are not read from archives".to_owned()
        )]
    );
    let mut locked = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    locked.start_file("one.tfstate", zip::write::SimpleFileOptions::default()).unwrap();
    locked.write_all(state("orders").as_bytes()).unwrap();
    let mut locked = locked.finish().unwrap().into_inner();
    // The flag that says so, in both headers.
    locked[6] |= 1;
    let central = locked.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    locked[central + 8] |= 1;
    let found = refused(&locked);
    assert!(
        found.contains(&(
            Code::CannotUnpack,
            "1 member of `x` is passed over (encrypted): `one.tfstate`".to_owned()
        )),
        "{found:?}"
    );
}

#[test]
fn archives_come_through_pipes_and_are_named_by_their_checksum() {
    use sha2::{Digest as _, Sha256};
    let one = state("orders");
    let members: [(&str, &[u8]); 2] = [("one.tfstate", one.as_bytes()), ("two.json", snapshot("ledger").leak().as_bytes())];
    let folder = Folder::golden()
        .with("estate.zip", zip(&members))
        .with("estate.tar", tar(&members))
        .with("estate.tgz", gzip(&tar(&members)))
        .with("one.gz", gzip(one.as_bytes()));
    let quick = QUICK.join(" ");
    for name in ["estate.zip", "estate.tar", "estate.tgz", "one.gz"] {
        let checksum: String = Sha256::digest(folder.bytes(name))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        for line in [
            format!("cat {name} | \"$CLOUDRACI\" pack - -o p.zip --force {quick}"),
            format!("\"$CLOUDRACI\" pack <(cat {name}) -o p.zip --force {quick}"),
            format!("\"$CLOUDRACI\" pack {name} -o p.zip --force {quick}"),
        ] {
            let (code, errors) = shell(&folder, &format!("bash -c '{line}'"));
            assert_eq!(code, 0, "{line}: {errors}");
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(folder.bytes("p.zip"))).unwrap();
            let manifest: Value = serde_json::from_reader(archive.by_name("manifest.json").unwrap()).unwrap();
            let inputs: Vec<&Value> = list(&manifest, "inputs").iter().map(|one| &one["sha256"]).collect();
            assert_eq!(inputs, [&json!(checksum)], "{line}");
        }
        folder.run(&["verify", "p.zip", name]).fine();
    }
}

#[test]
fn what_is_in_an_archive_is_renewed_as_what_is_in_a_folder() {
    let both = zip(&[("a.tfstate", state("orders").as_bytes()), ("b.tfstate", state("bills").as_bytes())]);
    let folder = Folder::new().with("estate.zip", both);
    folder.run(&["import", "estate.zip", "-o", "i.yaml"]).well();
    assert!(folder.read("i.yaml").contains("estate.zip:b.tfstate: aws_sqs_queue.a"));
    folder.put("estate.zip", zip(&[("a.tfstate", state("orders").as_bytes())]));
    let run = folder.run(&["import", "estate.zip", "-o", "i.yaml"]);
    assert!(run.errors.contains("0 came, 1 went, 1 stayed"), "{}", run.errors);
    assert!(!folder.read("i.yaml").contains("bills"));
}
