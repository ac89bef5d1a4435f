//! Layouts: the same requirements in every format and from either perspective, and FedRAMP's record after its schema.

use crate::support::{Folder, list, repository, root, text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

const PAYMENTS: &str = "inventories/payments";
const REFERENCE: &str = "inventories/reference/inventory.yaml";

/// Every layout, on a framework that it is for, from each perspective that it can be filled in from.
const WAYS: [(&str, &str, &[&str]); 12] = [
    ("plain", "nist-csf", &["--perspective", "customer"]),
    ("plain", "nist-csf", &["--perspective", "provider"]),
    ("fedramp-cis-crm", "nist-800-53", &["--baseline", "fedramp-moderate"]),
    (
        "fedramp-cis-crm",
        "nist-800-53",
        &["--baseline", "fedramp-moderate", "--perspective", "provider"],
    ),
    ("fedramp-sdr", "fedramp-ksi", &[]),
    ("pci-12.8.5", "pci-dss", &[]),
    ("caiq", "csa-ccm-4.1", &[]),
    ("cmmc-srm", "cmmc", &["--baseline", "level-2"]),
    ("cmmc-srm", "cmmc", &["--baseline", "level-2", "--perspective", "provider"]),
    ("soc2", "soc2", &[]),
    ("soc2", "soc2", &["--perspective", "provider"]),
    ("iso-soa", "iso-27001", &[]),
];

/// A framework in a layout, as a format; the program is quiet about what is left to fill in.
fn laid(example: &str, framework: &str, layout: &str, more: &[&str], format: &str) -> Vec<u8> {
    let path = root().join(example).display().to_string();
    let mut arguments = vec!["requirements", framework, &path, "--layout", layout, "--format", format];
    arguments.extend(more);
    let run = Folder::new().run(&arguments);
    run.well();
    run.bytes
}

fn json_of(example: &str, framework: &str, layout: &str, more: &[&str]) -> Value {
    serde_json::from_slice(&laid(example, framework, layout, more, "json")).unwrap()
}

/// The cells of a workbook's sheets by name, row by row from the first.
fn workbook(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let plain = |text: &str| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    };
    let strings: Vec<String> = part("xl/sharedStrings.xml")
        .split("<si>")
        .skip(1)
        .map(|item| plain(&item[item.find('>').unwrap() + 1..item.find("</t>").unwrap()]))
        .collect();
    let names = part("xl/workbook.xml");
    let names: Vec<String> = names
        .split("<sheet name=\"")
        .skip(1)
        .map(|rest| plain(rest.split('"').next().unwrap()))
        .collect();
    let cells = |sheet: &str| -> Vec<Vec<String>> {
        let row = |row: &str| {
            row.split("<c ")
                .skip(1)
                .map(|cell| match cell.split_once("<v>") {
                    Some((head, value)) if head.contains("t=\"s\"") => {
                        strings[value.split('<').next().unwrap().parse::<usize>().unwrap()].clone()
                    }
                    Some((_, value)) => value.split('<').next().unwrap().to_owned(),
                    None => String::new(),
                })
                .collect()
        };
        sheet.split("<row ").skip(1).map(row).collect()
    };
    let numbered = names.into_iter().zip(1..);
    numbered
        .map(|(name, number)| (name, cells(&part(&format!("xl/worksheets/sheet{number}.xml")))))
        .collect()
}

/// The rows of a CSV text.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn cells(sheet: &Value) -> Vec<Vec<String>> {
    let row = |row: &Value| {
        row.as_array()
            .unwrap()
            .iter()
            .map(|cell| cell.as_str().unwrap().to_owned())
            .collect()
    };
    list(sheet, "rows").iter().map(row).collect()
}

/// What a workbook, a CSV file and the JSON have in their rows is the same.
#[test]
fn every_layout_says_the_same_in_every_format() {
    for (layout, framework, more) in WAYS {
        let way = format!("{layout} {more:?}");
        let sheets = workbook(&laid(REFERENCE, framework, layout, more, "xlsx"));
        let table = String::from_utf8(laid(REFERENCE, framework, layout, more, "csv")).unwrap();
        let mut expected = Vec::new();
        for (name, rows) in &sheets {
            if name == "About" {
                assert!(rows.iter().any(|row| row[0] == "Framework"), "{way}: {rows:?}");
                continue;
            }
            // Above the header a row of groups may stand, and lines of words.
            let width = rows.last().unwrap().len();
            let head = rows
                .iter()
                .position(|row| row.len() == width && row.iter().all(|cell| !cell.is_empty()));
            expected.extend(rows[head.unwrap()..].to_vec());
        }
        let harmful = |cell: &String| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
        let table: Vec<Vec<String>> = csv(&table)
            .iter()
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .map(|row| row.iter().map(harmful).collect())
            .collect();
        let in_lines = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
            rows.iter()
                .map(|row| row.iter().map(|cell| cell.replace("\r\n", "\n")).collect())
                .collect()
        };
        assert_eq!(in_lines(&table), in_lines(&expected), "{way}: CSV and workbook");
        // Of plain, JSON is the requirements themselves; of the record, the record.
        if !["plain", "fedramp-sdr"].contains(&layout) {
            let of = json_of(REFERENCE, framework, layout, more);
            let mut told = Vec::new();
            for sheet in list(&of, "sheets") {
                told.push(
                    list(sheet, "columns")
                        .iter()
                        .map(|column| text(column, "title").to_owned())
                        .collect(),
                );
                told.extend(cells(sheet));
            }
            assert_eq!(in_lines(&told), in_lines(&expected), "{way}: JSON and workbook");
        }
    }
}

/// The rows of a layout are the requirements of the baseline, and its marks add up to the figures that all formats print.
#[test]
fn figures_agree_in_all_formats_and_layouts() {
    let column = |sheet: &Value, title: &str| {
        list(sheet, "columns")
            .iter()
            .position(|column| text(column, "title") == title)
            .unwrap()
    };
    let marked = |sheet: &Value, title: &str, mark: &str| {
        let at = column(sheet, title);
        u64::try_from(cells(sheet).iter().filter(|row| row[at] == mark).count()).unwrap()
    };
    let plain = json_of(PAYMENTS, "pci-dss", "plain", &[]);
    let counts = &plain["counts"];
    let own = counts["customer_specific"].as_u64().unwrap() + counts["organisational"].as_u64().unwrap();
    let pci = json_of(PAYMENTS, "pci-dss", "pci-12.8.5", &[]);
    let sheet = &pci["sheets"][0];
    assert_eq!(cells(sheet).len(), list(&plain, "rows").len());
    assert_eq!(counts["inherited"], marked(sheet, "Managed by the TPSP", "X"));
    assert_eq!(counts["shared"], marked(sheet, "Shared", "X"));
    assert_eq!(own, marked(sheet, "Managed by the entity", "X"));
    assert_eq!(counts["not_applicable"], marked(sheet, "Not applicable", "X"));

    let total = text(&plain, "version").to_owned();
    assert!(!total.is_empty());
    let sentence = format!(
        "Of {} requirements {} are inherited, {} shared",
        counts["total"], counts["inherited"], counts["shared"]
    );
    for layout in ["plain", "pci-12.8.5"] {
        for format in ["md", "html"] {
            let said = String::from_utf8(laid(PAYMENTS, "pci-dss", layout, &[], format)).unwrap();
            assert!(said.contains(&sentence), "{layout} {format}: {sentence}");
        }
        let about = workbook(&laid(PAYMENTS, "pci-dss", layout, &[], "xlsx")).pop().unwrap().1;
        assert!(about.iter().flatten().any(|cell| cell.contains(&sentence)), "{about:?}");
    }

    // Each objective is a row, in either direction.
    for more in [["--perspective", "customer"], ["--perspective", "provider"]] {
        let more = [["--baseline", "level-2"], more].concat();
        let rows = json_of(REFERENCE, "cmmc", "plain", &more);
        let objectives: usize = list(&rows, "rows").iter().map(|row| list(row, "parts").len()).sum();
        let srm = json_of(REFERENCE, "cmmc", "cmmc-srm", &more);
        assert_eq!(cells(&srm["sheets"][0]).len(), objectives);
        assert_eq!(objectives, 320);
    }

    // Both sheets of Appendix J have the same ids, by part as it lists them, and no cell says what its list does not allow.
    let both = json_of(PAYMENTS, "nist-800-53", "fedramp-cis-crm", &["--baseline", "fedramp-moderate"]);
    let ids = |sheet: &Value| cells(sheet).iter().map(|row| row[0].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&both["sheets"][0]), ids(&both["sheets"][1]));
    assert!(ids(&both["sheets"][0]).contains(&"AC-2(3)(a)".to_owned()));
    let crm = cells(&both["sheets"][1]);
    assert!(crm.iter().all(|row| ["Yes", "Partial", "No"].contains(&row[1].as_str())));
    assert!(
        crm.iter()
            .filter(|row| row[1] == "Partial")
            .all(|row| row[2].contains("Inherited:\n") && row[2].contains("Customer's:\n")),
        "what is shared shows both halves"
    );
}

/// What is inherited from providers and what is passed on to customers never stand for one another.
#[test]
fn perspectives_are_never_mixed() {
    let passed_on = "Manage their own users and review their access";
    for (layout, framework, more) in WAYS {
        let is_provider = more.contains(&"provider") || layout == "caiq";
        let sheets = workbook(&laid(REFERENCE, framework, layout, more, "xlsx"));
        let (about, tables) = sheets.split_last().unwrap();
        let view = about.1.iter().find(|row| row[0] == "Whose view").unwrap();
        assert_eq!(view[1].starts_with("Provider"), is_provider, "{layout} {more:?}");
        let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
        let told = tables
            .iter()
            // What our own customers must do is its own sheet in an auditor's list of complementary controls.
            .filter(|(name, _)| name != "CUEC")
            .flat_map(|(_, rows)| rows.iter().flatten())
            .any(|cell| cell.contains(passed_on));
        let may = is_provider || layout == "fedramp-sdr";
        assert!(!told || may, "{layout} {more:?}: {names:?}");
        if is_provider && layout != "soc2" {
            assert!(told, "{layout} {more:?} tells customers what is left to them");
        }
    }
    let folder = Folder::new();
    let path = root().join(REFERENCE).display().to_string();
    for (layout, framework, other) in [
        ("pci-12.8.5", "pci-dss", "provider"),
        ("iso-soa", "iso-27001", "provider"),
        ("fedramp-sdr", "nist-800-53", "provider"),
        ("caiq", "csa-ccm", "customer"),
    ] {
        let arguments = ["requirements", framework, &path, "--layout", layout, "--perspective", other];
        folder.refuses(&arguments, 1, "is not filled in from this perspective");
    }
}

/// The record is as FedRAMP's schema has it, and its readable twin has the same controls.
#[test]
fn the_security_decision_record_is_valid_after_its_schema() {
    let schema = |name: &str| -> Value { serde_json::from_str(&repository(&format!("tests/fixtures/frameworks/{name}"))).unwrap() };
    let all = [schema("fedramp-sdr-schema-1.0.0.json"), schema("fedramp-common-schema.json")];
    let overview = "https://pay.example/package-overview.json";
    let said = format!("package_overview={overview}");
    let mut statuses = BTreeSet::new();
    for (framework, more, key, id, status, count) in [
        (
            "nist-800-53",
            vec!["--baseline", "fedramp-moderate", "--set", &said],
            "securityControls",
            "controlId",
            "controlImplementationStatus",
            323,
        ),
        (
            "fedramp-ksi",
            vec!["--set", &said],
            "keySecurityIndicators",
            "ksiId",
            "ksiImplementationStatus",
            46,
        ),
    ] {
        let record = json_of(PAYMENTS, framework, "fedramp-sdr", &more);
        assert_eq!(faults(&record, &all[0], &all, "record"), Vec::<String>::new(), "{framework}");
        assert_eq!(record["certificationPackageOverviewUri"], overview);
        assert_eq!(list(&record, key).len(), count);
        let twin = String::from_utf8(laid(PAYMENTS, framework, "fedramp-sdr", &more, "csv")).unwrap();
        let twin = csv(&twin);
        let twin: BTreeMap<&str, &Vec<String>> = twin[1..].iter().map(|row| (row[0].as_str(), row)).collect();
        for one in list(&record, key) {
            let row = twin[text(one, id)];
            assert_eq!(one[status].as_str().unwrap_or_default(), row[2], "{row:?}");
            let description = if key == "securityControls" {
                &one["controlImplementationDescription"]
            } else {
                &one["ksiImplementation"][0]
            };
            assert_eq!(description.as_str().unwrap_or_default(), row[3], "{row:?}");
            statuses.insert(row[2].clone());
        }
    }
    assert!(statuses.contains("") && statuses.contains("Partially Implemented"), "{statuses:?}");

    // The checker of this test sees what is wrong.
    for wrong in [
        json!({"fedRampRequirements": []}),
        json!({"certificationPackageOverviewUri": "https://a.example/", "fedRampRequirements": {}}),
        json!({"certificationPackageOverviewUri": "no address", "fedRampRequirements": []}),
        json!({"certificationPackageOverviewUri": "https://a.example/", "fedRampRequirements": [],
            "securityControls": [{"controlImplementationStatus": "to attest"}]}),
        json!({"certificationPackageOverviewUri": "https://a.example/", "fedRampRequirements": [],
            "keySecurityIndicators": [{"ksiId": "KSI-IAM-01"}]}),
    ] {
        assert!(!faults(&wrong, &all[0], &all, "record").is_empty(), "{wrong}");
    }

    // What only people know is asked for, and said once.
    let folder = Folder::new();
    let path = root().join(PAYMENTS).display().to_string();
    let arguments = ["requirements", "fedramp-ksi", &path, "--layout", "fedramp-sdr", "--format", "json"];
    let run = folder.run(&arguments);
    assert!(run.errors.contains("--set package_overview=..."), "{}", run.errors);
    assert!(text(&run.json(), "certificationPackageOverviewUri").contains(".invalid/"));
    for (said, words) in [
        ("package_overview=nowhere", "is no address"),
        ("package_overview=", "says nothing"),
        ("package_overview", "says nothing"),
        ("package=https://a.example/", "does not ask for `package`"),
    ] {
        folder.refuses(&[&arguments[..], &["--set", said]].concat(), 1, words);
    }
}

/// What of a value is not as a schema has it. Knows the words of these schemas, and fails at others.
fn faults(value: &Value, schema: &Value, all: &[Value], at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, said) in schema.as_object().unwrap() {
        match word.as_str() {
            "$schema" | "$id" | "$schemaVersion" | "$defs" | "title" | "description" | "examples" | "$comment" => {}
            "$ref" => {
                // FedRAMP's schemas name one in another file without a `#`.
                let (file, name) = said.as_str().unwrap().split_once("/$defs/").unwrap();
                let (file, pointer) = (file.trim_end_matches('#'), format!("/$defs/{name}"));
                // One without a file is of the schema in which it stands; names are unique here.
                let named = all.iter().filter(|one| file.is_empty() || one["$id"] == file);
                let target = named.filter_map(|one| one.pointer(&pointer)).next();
                found.extend(faults(value, target.unwrap_or_else(|| panic!("{said}")), all, at));
            }
            "type" => {
                let fits = match said.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    other => panic!("{other}"),
                };
                if !fits {
                    found.push(format!("{at} is no {said}"));
                }
            }
            "required" => {
                let lacking = said
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|name| value.get(name.as_str().unwrap()).is_none());
                found.extend(lacking.map(|name| format!("{at} lacks {name}")));
            }
            "properties" => {
                for (name, schema) in said.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        found.extend(faults(value, schema, all, &format!("{at}.{name}")));
                    }
                }
                // Nothing in it that the schema does not know: a misspelt name would be lost.
                let unknown = value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| said.get(name.as_str()).is_none());
                found.extend(unknown.map(|(name, _)| format!("{at}.{name} is in no schema")));
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    found.extend(faults(item, said, all, &format!("{at}[]")));
                }
            }
            "enum" => {
                if !said.as_array().unwrap().contains(value) {
                    found.push(format!("{at} is none of {said}"));
                }
            }
            "format" if said == "uri" => {
                if !value.as_str().is_some_and(|text| text.starts_with("https://")) {
                    found.push(format!("{at} is no address"));
                }
            }
            other => panic!("the schema has `{other}`"),
        }
    }
    found
}

/// docs/requirements.md names every framework and every layout that there is, and a layout after it passes its checks.
#[test]
fn the_documentation_names_all_frameworks_and_layouts() {
    let docs = repository("docs/requirements.md");
    let folder = Folder::new();
    let listed = folder.run(&["requirements", "list"]).fine();
    let ids: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(ids.len() > 20, "{ids:?}");
    for id in ids {
        assert!(docs.contains(&format!("`{id}`")), "{id}");
    }
    let example = docs.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    // With every field that the table names.
    let fields = docs.split('`').filter(|word| {
        let bare = word
            .split_once('.')
            .is_some_and(|(of, rest)| ["r", "f", "m", "k"].contains(&of) && !rest.is_empty());
        bare && word.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte))
    });
    let fields: BTreeSet<&str> = fields.collect();
    assert!(fields.len() >= 40, "{fields:?}");
    let mut layout = example.to_owned();
    for field in &fields {
        layout += &format!("      - {{title: \"{field}\", value: \"{{{{ {field} }}}}\"}}\n");
    }
    let folder = folder.with("own/layouts/house.yaml", format!("reason: ours\n{layout}"));
    folder.run(&["catalog", "check", "own"]).well();
    let path = root().join(REFERENCE).display().to_string();
    let run = folder.run(&[
        "requirements",
        "iso-27001",
        &path,
        "--catalog",
        "own",
        "--layout",
        "house",
        "--format",
        "csv",
    ]);
    run.well();
    let rows = csv(&run.text());
    assert!(rows.len() > 50 && rows[0].len() == 4 + fields.len(), "{:?}", rows[0]);
    // One that is not there is told with its place.
    folder.put(
        "own/layouts/house.yaml",
        format!("reason: ours\n{example}      - {{title: A, value: \"{{{{ r.nothing }}}}\"}}\n"),
    );
    let run = folder.run(&["catalog", "check", "own"]);
    assert!(run.failed(1).contains("the column `A` of the sheet `Matrix`"), "{}", run.errors);
}
