//! What is said of a file that is no state, or a broken one.

use super::*;

#[test]
fn encodings_and_lines_before_the_json_do_not_matter() {
    let wanted = format!("{:?}", good(ESTATE));
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| [mark, &ESTATE.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()].concat();
    for bytes in [
        format!("\u{feff}{ESTATE}").into_bytes(),
        utf16(&[0xff, 0xfe], u16::to_le_bytes),
        utf16(&[0xfe, 0xff], u16::to_be_bytes),
        utf16(&[], u16::to_le_bytes),
        utf16(&[], u16::to_be_bytes),
        format!("[command]/usr/bin/terraform state pull\n\n{ESTATE}").into_bytes(),
        format!("2 lines\n{ESTATE}%0A\n::set-output name=stdout::{{}}\n\n").into_bytes(),
        ESTATE.replace('\n', "\r\n").into_bytes(),
        format!("\n\n  {ESTATE}").into_bytes(),
    ] {
        assert!(TerraformState.recognises(&bytes));
        assert_eq!(format!("{:?}", import(&bytes).unwrap()), wanted);
    }
}

#[test]
fn syntax_errors_have_a_line_and_a_column() {
    let spot = |bytes: &[u8]| {
        let fault = fault(bytes);
        assert_eq!(fault.code, Code::SyntaxError, "{fault:?}");
        (fault.message, fault.places[0].0.clone())
    };
    let at = |line, column| Place::at(&"a.tfstate".into(), line, column);
    let ends = "the JSON ends before it is complete".to_owned();
    assert_eq!(spot(b"{\n  \"version\": 4,\n  \"terra"), (ends.clone(), at(3, 8)));
    assert_eq!(spot("{\n \"ä\": [\"ö\", ".as_bytes()), (ends.clone(), at(2, 12)));
    assert_eq!(spot(b"log\nlog\n{\n \"version\": 4"), (ends, at(4, 13)));
    let expected = "the text is not JSON: a key is not in double quotes".to_owned();
    assert_eq!(spot("{\n \"ä\": \"é\", oops}".as_bytes()), (expected, at(2, 12)));
    assert_eq!(
        spot(b"x\n{\n}\n{}"),
        ("other text follows the end of the JSON".to_owned(), at(4, 1))
    );
    assert_eq!(spot(b"{\"version\": 4},\n\"resources\": []}").1, at(1, 15));
    assert_eq!(spot(b"{\"version\": 4}\n  \"resources\": []}").1, at(2, 3));
    assert_eq!(spot(b"{} {}"), ("other text follows the end of the JSON".to_owned(), at(1, 4)));
    assert_eq!(spot(b"{\n\"a\": \"\xff\""), ("`a.tfstate` is not UTF-8 text".to_owned(), at(2, 7)));
    assert_eq!(spot(b"PK\x03\x04").1, at(1, 1));
    let deep = format!(r#"{{"version": 4, "resources": {}"#, "[".repeat(100_000));
    let deep = fault(deep.as_bytes());
    assert_eq!(deep.code, Code::LimitReached);
    assert_eq!(deep.message, "lists and maps lie more than 127 deep in one another");
}

#[test]
fn a_syntax_error_names_the_inventory_that_imports_the_file() {
    let (file, inventory): (Arc<str>, Arc<str>) = ("a.tfstate".into(), "inventory.yaml".into());
    let place = Place::file(inventory);
    let faults = import_as(b"{", &file, &place, Some(&TerraformState)).unwrap_err();
    assert_eq!((&*faults[0].places[0].0.file, &faults[0].places[1].0), ("a.tfstate", &place));
}

#[test]
fn what_is_no_state_is_said_clearly() {
    for (text, code, wanted) in [
        ("", Code::ImportFailed, "is empty"),
        (" \n\t", Code::ImportFailed, "is empty"),
        ("\u{feff}", Code::ImportFailed, "is empty"),
        ("null", Code::ImportFailed, "holds `null`"),
        ("[]", Code::ImportFailed, "holds no state"),
        ("7", Code::ImportFailed, "holds no state"),
        ("{}", Code::ImportFailed, "has no `version`"),
        (r#"{"version": "4"}"#, Code::ImportFailed, "that is not a number"),
        (r#"{"version": -1, "modules": []}"#, Code::UnsupportedVersion, "version -1;"),
        (r#"{"version": 5, "resources": []}"#, Code::UnsupportedVersion, "version 5;"),
        (r#"{"version": 0, "modules": []}"#, Code::UnsupportedVersion, "version 0;"),
        (
            r#"{"serial": 1, "lineage": "x", "encrypted_data": "never-to-be-seen"}"#,
            Code::ImportFailed,
            "is encrypted",
        ),
    ] {
        let fault = fault(text.as_bytes());
        assert!(fault.code == code && fault.message.contains(wanted), "{text}: {fault:?}");
    }
    assert!(
        fault(br#"{"version": 0, "modules": []}"#)
            .help
            .unwrap()
            .contains("terraform state pull")
    );
    assert!(fault(br#"{"version": 5}"#).help.unwrap().contains("newer"));
}

#[test]
fn wrong_types_are_all_told_with_their_places() {
    let faults = import(
        br#"{
  "version": 4,
  "resources": [
    7,
    {"mode": "managed", "name": "x", "instances": [{}]},
    {"mode": "managed", "type": {}, "instances": [{}]},
    {"mode": "managed", "type": "aws_x", "instances": {}},
    {"mode": "managed", "type": "aws_x", "instances": [null, {"attributes": "never-to-be-seen"}, {"attributes_flat": [1]}]}
  ]
}"#,
    )
    .unwrap_err();
    let lines: Vec<_> = faults
        .iter()
        .map(|fault| (fault.message.as_str(), fault.places[0].0.spot.clone()))
        .collect();
    let at = |line, column| Place::at(&"".into(), line, column).spot;
    assert_eq!(
        lines,
        [
            ("`resources[0]` is not a map of fields", at(4, 5)),
            ("`resources[1]` has no `type` (`x`)", at(5, 5)),
            ("`resources[2]` has a `type` that is no text", at(6, 5)),
            ("`resources[3].instances` is not a list", at(7, 55)),
            ("`resources[4].instances[0]` is not a map of fields", at(8, 56)),
            ("`resources[4].instances[1].attributes` is not a map of fields", at(8, 77)),
            ("`resources[4].instances[2].attributes_flat` is not a map of fields", at(8, 118)),
        ]
    );
    assert!(faults.iter().all(|fault| fault.code == Code::ImportFailed));
    assert_eq!(fault(br#"{"version": 4, "resources": {}}"#).message, "`resources` is not a list");
}

#[test]
fn state_is_recognised_even_if_it_is_broken() {
    let utf16: Vec<u8> = ESTATE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [
        ESTATE.as_bytes(),
        &ESTATE.as_bytes()[..60],
        &utf16[..121],
        b"{\"version\": 4, \"resources\": [{\"type\" oops",
        b"{\"version\": 1, \"modules\": []}",
        b"{\"lineage\": \"x\", \"broken\": nul",
        b"Acquiring state lock. This may take a few moments...\n{\"version\": 4, \"serial\": 1,",
        b"{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.8\"}",
        b"{\"a\": \"\xff\", \"terraform_version\": \"1",
    ] {
        assert!(TerraformState.recognises(bytes), "{}", String::from_utf8_lossy(bytes));
    }
    for text in [
        "",
        "null",
        "{}",
        "inventory: 1\norganization: x\nresources:\n  - {type: aws_instance}\n",
        "inventory: 1\nevidence: |\n  x\n{\"version\": 4, \"resources\": []}",
        r#"{"inventory": 1, "version": 4, "resources": []}"#,
        r#"{"version": "1.0.0", "resources": []}"#,
        r#"{"version": 2, "services": {}}"#,
        r#"{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}"#,
        r#"[{"version": 4}]"#,
        "a: {version: 4, lineage: x}",
        r#"{"a": {"lineage": "x"}}"#,
    ] {
        assert!(!TerraformState.recognises(text.as_bytes()), "{text}");
    }
}

#[test]
fn a_file_of_the_usual_name_is_state_even_if_it_does_not_look_so() {
    let message = |file: &str, bytes: &[u8]| {
        let file: Arc<str> = file.into();
        let place = Place::file(file.clone());
        import_as(bytes, &file, &place, None).unwrap_err().remove(0).message
    };
    assert_eq!(message("a.tfstate", b"{\"vers"), "the JSON ends before it is complete");
    assert_eq!(message("a.tfstate", b"null"), "`a.tfstate` holds `null` and no state");
    assert_eq!(message("a.json", b" \n"), "`a.json` is empty");
    assert_eq!(message("a.json", b"null"), "`a.json` is not of a kind that can be imported");
}

#[test]
fn no_cut_and_no_swapped_byte_brings_it_down() {
    let bytes = ESTATE.as_bytes();
    for end in (0..bytes.len()).step_by(97) {
        let _ = TerraformState.recognises(&bytes[..end]);
        assert!(import(&bytes[..end]).is_err());
    }
    let mut changed = bytes.to_vec();
    for at in (0..bytes.len()).step_by(61) {
        for byte in [b'"', b'{', b'7', 0, 0xff] {
            changed[at] = byte;
            let _ = TerraformState.recognises(&changed);
            let _ = import(&changed);
        }
        changed[at] = bytes[at];
    }
}
