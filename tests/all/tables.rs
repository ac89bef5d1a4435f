//! Tables as spreadsheets write them: CSV of any country, and workbooks.

use crate::support::{Folder, list, text};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

/// What an import finds, without where it stands.
fn found(folder: &Folder, file: &str) -> Vec<Value> {
    let imported = folder.run(&["import", file, "--format", "json"]).json();
    let mut all = list(&imported, "resources").to_vec();
    for one in &mut all {
        one.as_object_mut().unwrap().remove("from");
    }
    all
}

/// A workbook of sheets; cells that are numbers stand as numbers.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                match *cell {
                    "" => sheet.write_blank(row, column, &rust_xlsxwriter::Format::new()).unwrap(),
                    "TRUE" | "FALSE" => sheet.write_boolean(row, column, *cell == "TRUE").unwrap(),
                    // A number with zeros before it is typed as text.
                    number if number.parse::<f64>().is_ok() && !number.starts_with('0') => {
                        sheet.write_number(row, column, number.parse::<f64>().unwrap()).unwrap()
                    }
                    text => sheet.write_string(row, column, text).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The same table in other forms.
fn forms(rows: &[&[&str]]) -> Vec<(&'static str, Vec<u8>)> {
    let joined = |separator: &str| rows.iter().map(|row| row.join(separator)).collect::<Vec<_>>().join("\r\n");
    let utf16 = |text: &str| {
        [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect::<Vec<u8>>()
    };
    let semicolons = joined(";");
    let commas = joined(",");
    let local = semicolons.replace("TRUE", "WAHR").replace("FALSE", "FALSCH");
    let french = semicolons.replace("TRUE", "VRAI").replace("FALSE", "FAUX");
    let (older, _, had_errors) = encoding_rs::WINDOWS_1252.encode(&semicolons);
    assert!(!had_errors);
    vec![
        ("commas.csv", commas.clone().into_bytes()),
        ("semicolons.csv", semicolons.clone().into_bytes()),
        ("tabs.tsv", joined("\t").into_bytes()),
        ("sep.csv", format!("\u{feff}sep=;\r\n{semicolons}").into_bytes()),
        (
            "titles.csv",
            format!("Inventory: March 2026;;\r\n\r\n;as of 2026-03-01;\r\n{local}").into_bytes(),
        ),
        ("french.csv", french.into_bytes()),
        ("utf16.txt", utf16(&joined("\t"))),
        ("older.csv", older.into_owned()),
        ("book.xlsx", workbook(&[("Notes", &[&["nothing here"]]), ("Inventar", rows)])),
    ]
}

const ROWS: &[&[&str]] = &[
    &[
        "ARN",
        "Konto",
        "Region",
        "Typ",
        "Name",
        "storage encrypted",
        "backup_retention_period",
        "Anzahl",
    ],
    &[
        "arn:aws:rds:eu-central-1:012345678901:db:orders",
        "012345678901",
        "eu-central-1",
        "AWS::RDS::DBInstance",
        "Aufträge",
        "TRUE",
        "7",
        "",
    ],
    &["", "111122223333", "eu-west-1", "AWS::RDS::DBInstance", "Bücher", "FALSE", "0", "3"],
    &[
        "arn:aws:s3:::raw",
        "012345678901",
        "eu-central-1",
        "AWS::S3::Bucket",
        "",
        "",
        "",
        "",
    ],
];

#[test]
fn a_table_is_the_same_in_every_form() {
    let mut expected = None;
    for (name, bytes) in forms(ROWS) {
        let folder = Folder::new().with(name, bytes);
        let found = found(&folder, name);
        let first = expected.get_or_insert_with(|| found.clone());
        assert_eq!(&found, first, "{name}");
    }
    let expected = expected.unwrap();
    assert_eq!(expected.len(), 3);
    assert_eq!(text(&expected[0], "name"), "Aufträge");
    assert_eq!(text(&expected[0], "account"), "012345678901");
    assert_eq!(expected[0]["config"]["storage_encrypted"], json!(true));
    assert_eq!(expected[0]["config"]["backup_retention_period"], json!(7));
    assert_eq!(expected[1]["config"]["storage_encrypted"], json!(false));
    assert_eq!(expected[1]["count"], json!(3));
}

#[test]
fn an_account_that_lost_digits_is_never_guessed() {
    let table = |account: &str| format!("service,name,account\nrds,orders,{account}\n");
    // Zeros that are lost: the same error as in an inventory.
    let yaml = "inventory: 1\norganization: Example\nresources: [{service: rds, name: orders, account: 12345678901}]\n";
    let folder = Folder::new()
        .with("short.csv", table("12345678901"))
        .with("short.yaml", yaml)
        .with(
            "short.xlsx",
            workbook(&[("a", &[&["service", "name", "account"], &["rds", "orders", "12345678901"]])]),
        )
        .with("rounded.csv", table("1.23457E+11"))
        .with(
            "whole.csv",
            "arn,account\narn:aws:rds:eu-central-1:012345678901:db:orders,12345678901\n",
        );
    for (command, file) in [("import", "short.csv"), ("import", "short.xlsx"), ("check", "short.yaml")] {
        let errors = folder.run(&[command, file]).failed(1).to_owned();
        let expected = "error[lost-leading-zero]: the account number `12345678901` has 11 digits, not twelve";
        assert!(errors.contains(expected) && errors.contains("012345678901"), "{file}: {errors}");
    }
    let rounded = folder.run(&["import", "rounded.csv", "--format", "json"]);
    assert!(rounded.json()["resources"][0]["account"].is_null());
    assert!(
        rounded
            .errors
            .contains("1 row has an account in scientific notation, whose last digits are lost"),
        "{}",
        rounded.errors
    );
    // Excel ends lines in two signs.
    let excel = "\u{feff}sep=;\r\nARN;Konto;Typ\r\narn:aws:rds:eu-central-1:012345678901:db:orders;1,23457E+10;AWS::RDS::DBInstance\r\n";
    let folder = folder.with("excel.csv", excel);
    let run = folder.run(&["import", "excel.csv", "--format", "json"]);
    assert_eq!(text(&run.json()["resources"][0], "from"), "excel.csv: line 3");
    assert!(
        run.errors.contains("excel.csv:3:1") && run.errors.contains("beside an ARN that has it whole"),
        "{}",
        run.errors
    );
    // An ARN has it whole.
    let whole = folder.run(&["import", "whole.csv", "--format", "json"]);
    assert_eq!(whole.json()["resources"][0]["account"], "012345678901");
    assert!(whole.errors.contains("warning[lost-leading-zero]"), "{}", whole.errors);
}

#[test]
fn a_service_may_name_its_mode_as_in_an_inventory() {
    let folder = Folder::new()
        .with("a.csv", "service,name\neks/auto-mode,web\nlambda,f\n")
        .with("b.csv", "type,name\neks/auto-mode,web\n")
        .with("c.csv", "service,mode,name\neks,auto-mod,web\n");
    for file in ["a.csv", "b.csv"] {
        let first = &found(&folder, file)[0];
        assert_eq!((text(first, "service"), text(first, "mode")), ("eks", "auto-mode"), "{file}");
    }
    let wrong = folder.run(&["check", "c.csv"]).failed(1).to_owned();
    assert!(wrong.contains("error[unknown-mode]: `eks` has no mode `auto-mod`"), "{wrong}");
}

#[test]
fn all_sheets_of_resources_are_read_and_others_are_told() {
    let header: &[&str] = &["service", "name"];
    let sheets: [(&str, &[&[&str]]); 3] = [
        ("EU", &[&["Our services in Europe"], header, &["rds", "orders"]]),
        ("Notes", &[&["who", "when"], &["x", "y"]]),
        ("US", &[header, &["sqs", "news"]]),
    ];
    let folder = Folder::new()
        .with("both.xlsx", workbook(&sheets))
        .with("none.xlsx", workbook(&[("a", &[&["who"], &["x"]])]))
        .with("notes/none.xlsx", workbook(&[("a", &[&["who"], &["x"]])]))
        .with("notes/a.csv", "service,name\nrds,orders\n")
        .with("cut.xlsx", &workbook(&sheets)[..2_000]);
    let imported = folder.run(&["import", "both.xlsx", "--format", "json"]).json();
    let from: Vec<&str> = list(&imported, "resources").iter().map(|one| text(one, "from")).collect();
    assert_eq!(from, ["both.xlsx: EU, line 3", "both.xlsx: US, line 2"]);
    folder.refuses(&["import", "none.xlsx"], 1, "is a workbook without a sheet of resources");
    // In a folder it is somebody's notes.
    assert_eq!(found(&folder, "notes").len(), 1);
    folder.run(&["import", "cut.xlsx"]).failed(1);
    // A report's own workbook is no inventory.
    folder.run(&["report", "notes/a.csv", "-o", "report.xlsx"]).well();
    folder.run(&["import", "report.xlsx"]).failed(1);
    let named = folder.run(&["import", "report.xlsx", "--from", "xlsx"]);
    assert!(named.failed(1).contains("is a report's data"), "{}", named.errors);
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let mut bytes = Vec::new();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(&mut bytes));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["xl/workbook.xml", "xl/sharedStrings.xml"] {
        archive.start_file(name, options).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..300 {
            std::io::Write::write_all(&mut archive, &zeros).unwrap();
        }
    }
    archive.finish().unwrap();
    let folder = Folder::new().with("bomb.xlsx", bytes);
    folder.refuses(&["import", "bomb.xlsx", "--from", "xlsx"], 1, "unpacks to more than 512 MiB");
}

#[test]
fn broken_workbooks_are_told_and_end_nothing() {
    let whole = workbook(&[("a", &[&["service", "name"], &["rds", "orders"], &["sqs", "news"]])]);
    for at in (0..whole.len()).step_by(97) {
        let mut broken = whole.clone();
        broken[at] ^= 0x5a;
        let folder = Folder::new().with("a.xlsx", &broken);
        let run = folder.run(&["import", "a.xlsx", "--from", "xlsx"]);
        assert!(run.code <= 1 && !run.errors.contains("panicked"), "{at}: {}", run.errors);
    }
}

#[test]
fn a_row_is_what_its_table_holds_and_not_what_a_column_names() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let row = json!([{"account_id": "111122223333", "region": "eu-west-1", "key_id": key, "status": "ACTIVE", "type": "KMS"}]);
    let folder = Folder::new().with("aws_xray_encryption_configs.json", row.to_string());
    let all = found(&folder, "aws_xray_encryption_configs.json");
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(
        (text(&all[0], "type"), text(&all[0], "service")),
        ("AWS::XRay::EncryptionConfig", "xray"),
        "{all:?}"
    );
    assert!(all[0].get("arn").is_none(), "{all:?}");
}
