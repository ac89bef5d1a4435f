//! Packs that are signed: who vouches for them, and what is told where nobody does.

use crate::support::{Folder, repository};
use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox, SignatureBox};
use std::io::Cursor;

/// Packs quickly: one edition, one format.
const QUICK: [&str; 4] = ["--edition", "review", "--format", "csv"];
const SIGNATURE: &str = "manifest.json.minisig";

/// A folder with an inventory, a secret key without a password, and its public key.
fn signer() -> (Folder, KeyPair) {
    let pair = KeyPair::generate_unencrypted_keypair().unwrap();
    let folder = Folder::golden()
        .with("us.key", pair.sk.to_box(None).unwrap().to_string())
        .with("us.pub", pair.pk.to_box().unwrap().to_string());
    (folder, pair)
}

fn pack(folder: &Folder, output: &str, more: &[&str]) -> String {
    let run = folder.run(&[&["pack", "inventory.yaml", "-o", output][..], &QUICK, more].concat());
    run.well();
    run.errors
}

/// What another program, the library of minisign's author, says of a signature.
fn verifies(folder: &Folder, pair: &PublicKey) -> Result<String, String> {
    let signature = SignatureBox::from_string(&folder.read(&format!("pack/{SIGNATURE}"))).map_err(|error| error.to_string())?;
    let manifest = Cursor::new(folder.bytes("pack/manifest.json"));
    minisign::verify(pair, &signature, manifest, true, false, false).map_err(|error| error.to_string())?;
    signature.trusted_comment().map_err(|error| error.to_string())
}

#[test]
fn a_signed_pack_is_known_by_the_signers_key_and_by_other_programs() {
    let (folder, pair) = signer();
    let told = pack(&folder, "pack", &["--sign", "us.key"]);
    assert!(told.contains("with its signature manifest.json.minisig"), "{told}");
    assert_eq!(verifies(&folder, &pair.pk).unwrap(), "as_of:2026-11-01\tfile:manifest.json\thashed");
    pack(&folder, "pack.zip", &["--sign", "us.key"]);
    for of in ["pack", "pack.zip"] {
        let by_file = folder.run(&["verify", of, "--key", "us.pub"]).fine();
        assert!(by_file.contains("as_of:2026-11-01 file:manifest.json"), "{by_file}");
        assert_eq!(folder.run(&["verify", of, "--key", &pair.pk.to_base64()]).fine(), by_file);
        // The inventory yields a signed pack without the secret key.
        let yielded = folder.run(&["verify", of, "inventory.yaml", "--key", "us.pub"]).fine();
        assert!(yielded.contains("the inventory still yields them"), "{yielded}");
        let unchecked = folder.run(&["verify", of]);
        unchecked.well();
        assert!(unchecked.errors.contains("warning[signature-unchecked]"), "{}", unchecked.errors);
        assert!(!unchecked.text().contains("signed with"), "{}", unchecked.text());
    }
    assert!(folder.read("pack/index.html").contains(SIGNATURE));
}

#[test]
fn the_same_pack_and_key_give_the_same_signature() {
    let (folder, _) = signer();
    pack(&folder, "pack.zip", &["--sign", "us.key"]);
    let first = folder.bytes("pack.zip");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    pack(&folder, "pack.zip", &["--sign", "us.key"]);
    assert!(first == folder.bytes("pack.zip"), "the very same bytes");
}

#[test]
fn a_signature_of_another_key_of_other_bytes_or_none_at_all_is_an_error() {
    let (folder, _) = signer();
    let other = KeyPair::generate_unencrypted_keypair().unwrap();
    folder.put("other.pub", other.pk.to_box().unwrap().to_string());
    pack(&folder, "pack", &["--sign", "us.key"]);
    let verify = ["verify", "pack", "--key", "us.pub"];
    folder.run(&verify).fine();
    folder.refuses(&["verify", "pack", "--key", "other.pub"], 1, "error[signature-invalid]");
    folder.refuses(&["verify", "pack", "--key", "other.pub"], 1, "it is of another key");

    // The manifest is made anew by somebody without the key, for other files.
    let (manifest, signature) = (folder.read("pack/manifest.json"), folder.read(&format!("pack/{SIGNATURE}")));
    let changed = manifest.replacen("\"draft\": false", "\"draft\": true", 1);
    assert_ne!(manifest, changed);
    folder.put("pack/manifest.json", &changed);
    folder.refuses(&verify, 1, "error[signature-invalid]");
    folder.run(&["verify", "pack"]).well();
    folder.put("pack/manifest.json", &manifest);

    // One file is another: the signature holds, and the manifest tells it.
    let report = folder.read("pack/data/report.csv");
    folder.put("pack/data/report.csv", format!("{report} "));
    folder.refuses(&verify, 1, "`data/report.csv` was changed");
    folder.put("pack/data/report.csv", report);
    folder.run(&verify).fine();

    // Each line of the signature counts, but for the words of the first.
    let lines: Vec<&str> = signature.lines().collect();
    let with = |number: usize, line: String| {
        let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        lines[number] = line;
        lines.join("\n") + "\n"
    };
    let bent = |line: &str, at: usize| {
        let letter = if line.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{letter}{}", &line[..at], &line[at + 1..])
    };
    folder.put(&format!("pack/{SIGNATURE}"), with(0, "untrusted comment: of anybody's".to_owned()));
    folder.run(&verify).fine();
    let mut damaged = vec![
        with(0, "of us".to_owned()),
        with(2, lines[2].replace("2026-11-01", "2026-11-02")),
        with(2, lines[2].replace("trusted comment: ", "")),
        signature.clone() + "and more\n",
        lines[..3].join("\n"),
        String::new(),
        "\u{feff}".to_owned() + &signature,
    ];
    for at in [0, 3, 8, 20, 60, 97] {
        damaged.push(with(1, bent(lines[1], at)));
    }
    for at in [0, 40, 84] {
        damaged.push(with(3, bent(lines[3], at)));
    }
    damaged.push(with(1, lines[1][..40].to_owned()));
    damaged.push(with(3, lines[3][..40].to_owned()));
    for text in damaged {
        folder.put(&format!("pack/{SIGNATURE}"), &text);
        folder.refuses(&verify, 1, "error[signature-invalid]");
    }
    folder.put(&format!("pack/{SIGNATURE}"), [0xff; 300]);
    folder.refuses(&verify, 1, "error[signature-invalid]");
    folder.put(&format!("pack/{SIGNATURE}"), [b'a'; 20_000]);
    folder.refuses(&verify, 3, "is larger than any file of a pack");

    // Taken away: the manifest says that there was one, with or without a key.
    std::fs::remove_file(folder.path(&format!("pack/{SIGNATURE}"))).unwrap();
    folder.refuses(&verify, 1, "error[signature-missing]");
    folder.refuses(&["verify", "pack"], 1, "`manifest.json.minisig` is missing");
    // One that never had any.
    pack(&folder, "plain", &[]);
    folder.refuses(&["verify", "plain", "--key", "us.pub"], 1, "error[signature-missing]");
    assert!(!folder.run(&["verify", "plain"]).errors.contains("signature"));
}

#[test]
fn what_was_signed_by_hand_is_verified_too_older_forms_included() {
    let (folder, pair) = signer();
    pack(&folder, "pack", &[]);
    let manifest = folder.bytes("pack/manifest.json");
    let signature = minisign::sign(Some(&pair.pk), &pair.sk, Cursor::new(&manifest), Some("by hand"), None).unwrap();
    folder.put(&format!("pack/{SIGNATURE}"), signature.to_string());
    let told = folder.run(&["verify", "pack", "--key", "us.pub"]).fine();
    assert!(told.contains("by hand"), "{told}");
    // What commands a terminal is spelt out.
    let hostile = minisign::sign(Some(&pair.pk), &pair.sk, Cursor::new(&manifest), Some("\u{1b}[2Jgone"), None).unwrap();
    folder.put(&format!("pack/{SIGNATURE}"), hostile.to_string());
    let told = folder.run(&["verify", "pack", "--key", "us.pub"]).fine();
    assert!(told.contains("[2Jgone") && !told.contains('\u{1b}'), "{told:?}");
}

#[test]
fn a_signed_pack_gives_way_to_a_signed_one_only() {
    let (folder, _) = signer();
    pack(&folder, "pack", &["--sign", "us.key"]);
    let before = folder.bytes(&format!("pack/{SIGNATURE}"));
    let unsigned = [&["pack", "inventory.yaml", "-o", "pack"][..], &QUICK].concat();
    folder.refuses(&unsigned, 3, "the pack that stands there is signed, and this one would not be");
    assert_eq!(folder.bytes(&format!("pack/{SIGNATURE}")), before);
    pack(&folder, "pack", &["--sign", "us.key", "--draft"]);
    assert_ne!(folder.bytes(&format!("pack/{SIGNATURE}")), before);
    pack(&folder, "pack", &["--force"]);
    assert!(!folder.path(&format!("pack/{SIGNATURE}")).exists());
}

/// `minisign -G -W` writes no sum.
#[test]
fn a_key_without_a_password_may_have_no_sum() {
    let (folder, pair) = signer();
    pack(&folder, "pack", &["--sign", "us.key"]);
    let mut bytes = pair.sk.to_bytes();
    bytes[126..].fill(0);
    let box_of = |bytes: &[u8]| SecretKey::from_bytes(bytes).unwrap().to_box(None).unwrap().to_string();
    folder.put("summed.key", box_of(&bytes));
    pack(&folder, "again", &["--sign", "summed.key"]);
    assert_eq!(
        folder.bytes("again/manifest.json.minisig"),
        folder.bytes("pack/manifest.json.minisig")
    );
    bytes[70] ^= 1;
    folder.put("bent.key", box_of(&bytes));
    folder.refuses(
        &[&["pack", "inventory.yaml", "-o", "p"][..], &QUICK, &["--sign", "bent.key"]].concat(),
        3,
        "no secret key of minisign",
    );
}

/// A key with the password `zqcanary pass`, hashed with as little work as minisign admits.
fn with_password() -> (String, String) {
    let pair = KeyPair::generate_encrypted_keypair(Some("zqcanary pass".to_owned())).unwrap();
    (pair.sk.to_box(None).unwrap().to_string(), pair.pk.to_box().unwrap().to_string())
}

#[test]
fn a_password_comes_from_a_file_or_standard_input_and_is_never_said() {
    let (secret, public) = with_password();
    let folder = Folder::golden()
        .with("us.key", &secret)
        .with("us.pub", public)
        .with("pass", "zqcanary pass\r\n")
        .with("wrong", "zqcanary other\n");
    pack(&folder, "pack", &["--sign", "us.key", "--password-file", "pass"]);
    folder.run(&["verify", "pack", "--key", "us.pub"]).fine();
    let arguments = [
        &["pack", "inventory.yaml", "-o", "again"][..],
        &QUICK,
        &["--sign", "us.key", "--password-file", "-"],
    ]
    .concat();
    folder.run_with(&arguments, "zqcanary pass\n").well();
    assert_eq!(
        folder.bytes("again/manifest.json.minisig"),
        folder.bytes("pack/manifest.json.minisig")
    );
    let none = [&["pack", "inventory.yaml", "-o", "none"][..], &QUICK, &["--sign", "us.key"]].concat();
    folder.refuses(&none, 3, "has a password, and there is no terminal to ask for it");
    folder.refuses(
        &[&none[..], &["--password-file", "wrong"]].concat(),
        3,
        "the password is another, or the key is damaged",
    );
    folder.refuses(
        &[&none[..], &["--password-file", "missing"]].concat(),
        3,
        "cannot read the password's file `missing`",
    );
    let both = [&["pack", "-", "-o", "none"][..], &["--sign", "us.key", "--password-file", "-"]].concat();
    folder.refuses(&both, 2, "cannot both come from standard input");
    folder.refuses(&["pack", "inventory.yaml", "-o", "none", "--password-file", "pass"], 2, "--sign");
    assert!(!folder.path("none").exists());

    // Neither the password nor anything of the key is in what was written or said.
    let line = secret.lines().nth(1).unwrap().to_owned();
    let opened = SecretKeyBox::from(secret)
        .into_secret_key(Some("zqcanary pass".to_owned()))
        .unwrap();
    let seed = &opened.to_bytes()[62..94];
    let holds = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    for name in folder.files().iter().filter(|name| name.starts_with("pack/")) {
        let bytes = folder.bytes(name);
        assert!(!holds(&bytes, b"zqcanary") && !holds(&bytes, seed), "{name}");
        assert!(!holds(&bytes, &line.as_bytes()[..60]), "{name}");
    }
    for words in [&["--password-file", "wrong"][..], &["--password-file", "pass", "--as-of", "x"], &[]] {
        let run = folder.run(&[&none[..], words].concat());
        let said = run.text_lossy() + &run.errors;
        assert!(!said.contains("zqcanary") && !said.contains(&line[..20]), "{said}");
    }
}

#[test]
fn what_is_no_key_is_told_and_nothing_is_written() {
    let (folder, pair) = signer();
    let sound = folder.read("us.key");
    let line = sound.lines().nth(1).unwrap().to_owned();
    let damaged = [
        String::new(),
        "untrusted comment: x\n".to_owned(),
        sound.replace(&line, &line[..100]),
        sound.replace(&line, &format!("{}AAAA{}", &line[..120], &line[124..])),
        sound.replace(&line, &line.replacen("RW", "AA", 1)),
        folder.read("us.pub"),
        repository("tests/fixtures/golden/inventory.yaml"),
        "x".repeat(20_000),
    ];
    for text in damaged {
        folder.put("bad.key", &text);
        let run = folder.run(&[&["pack", "inventory.yaml", "-o", "pack"][..], &QUICK, &["--sign", "bad.key"]].concat());
        let said = run.failed(3);
        assert!(said.contains("error[cannot-read]: cannot read the secret key `bad.key`"), "{said}");
        assert!(!said.contains(&line[..20]), "{said}");
        assert!(!folder.path("pack").exists());
    }
    pack(&folder, "pack", &["--sign", "us.key"]);
    for key in ["us.key", "inventory.yaml", "missing", "", "RWQ"] {
        let run = folder.run(&["verify", "pack", "--key", key]);
        assert!(run.failed(3).contains("cannot read the public key"), "{key}: {}", run.errors);
    }
    // A key whose two halves do not belong together would give itself away by its signatures.
    let other = KeyPair::generate_unencrypted_keypair().unwrap();
    let mut bytes = pair.sk.to_bytes();
    bytes[94..126].copy_from_slice(&other.sk.to_bytes()[94..126]);
    let mixed = SecretKey::from_bytes(&bytes).unwrap();
    folder.put("mixed.key", mixed.to_box(None).unwrap().to_string());
    folder.refuses(
        &[&["pack", "inventory.yaml", "-o", "p"][..], &QUICK, &["--sign", "mixed.key"]].concat(),
        3,
        "the secret key",
    );
}
