//! The workbook, read back as what it is: an archive of XML.

use crate::support::{Folder, activities, inventory, list, text};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

/// The files of an archive, and that none of them has a time of its own.
fn unpacked(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let time = file.last_modified().unwrap();
        let name = file.name().unwrap().into_owned();
        assert_eq!((time.year(), time.month(), time.day(), time.hour()), (1980, 1, 1, 0), "{name}");
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    files
}

/// The XML of a sheet by its name.
fn sheet<'f>(files: &'f BTreeMap<String, String>, name: &str) -> &'f str {
    let workbook = roxml(&files["xl/workbook.xml"]);
    let index = workbook
        .iter()
        .position(|sheet| sheet == name)
        .unwrap_or_else(|| panic!("no sheet {name} in {workbook:?}"));
    &files[&format!("xl/worksheets/sheet{}.xml", index + 1)]
}

/// The names of the sheets in their order.
fn roxml(workbook: &str) -> Vec<String> {
    let parts = workbook.split("<sheet name=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

fn rows(sheet: &str) -> usize {
    sheet.matches("<row ").count()
}

#[test]
fn the_workbook_has_a_sheet_for_each_list_of_the_report() {
    let folder = Folder::golden();
    folder.run(&["report", "-o", "report.xlsx"]).fine();
    let files = unpacked(&folder.bytes("report.xlsx"));
    let names = roxml(&files["xl/workbook.xml"]);
    for name in ["Matrix", "Duties by party", "Findings", "Resources", "Sources"] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    let report = folder.report("json").json();
    assert_eq!(rows(sheet(&files, "Matrix")), 1 + activities(&report).len());
    assert_eq!(rows(sheet(&files, "Findings")), 1 + list(&report, "findings").len());
    assert_eq!(rows(sheet(&files, "Resources")), 1 + list(&report, "resources").len());
    assert_eq!(rows(sheet(&files, "Sources")), 1 + list(&report, "sources").len());
    let duties: usize = list(&report, "duties").iter().map(|party| list(party, "activities").len()).sum();
    assert_eq!(rows(sheet(&files, "Duties by party")), 1 + duties);
    for (name, text) in &files {
        if name.starts_with("xl/worksheets/sheet") {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name} has a formula");
            assert!(text.contains("state=\"frozen\"") && text.contains("<autoFilter "), "{name}");
            assert!(text.contains("<cols>") && text.contains("orientation=\"landscape\""), "{name}");
        }
    }
    let core = &files["docProps/core.xml"];
    assert!(
        core.contains("<dcterms:created xsi:type=\"dcterms:W3CDTF\">2026-11-01T00:00:00Z"),
        "{core}"
    );
    assert!(core.contains("<dc:title>Small shop</dc:title>"), "{core}");
    // The sources are links.
    let number = names.iter().position(|name| name == "Sources").unwrap() + 1;
    let links = &files[&format!("xl/worksheets/_rels/sheet{number}.xml.rels")];
    let first = text(&list(&report, "sources")[0], "url");
    assert!(
        links.contains(&format!("Target=\"{first}\" TargetMode=\"External\"")),
        "{links:.800}"
    );
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let folder = Folder::golden();
    let first = folder.report("xlsx");
    first.well();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first.bytes == folder.report("xlsx").bytes, "no clock in it");
}

#[test]
fn text_is_never_a_formula_and_stays_itself() {
    let names = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "  =cmd|' /C calc'!A0",
        "\t=1",
        "a & b <c>",
        "_x0041_",
        "日本 🦀",
    ];
    let resources: Vec<_> = names
        .iter()
        .map(|name| json!({"service": "rds", "name": name, "owner": name}))
        .collect();
    let folder = Folder::new().with("inventory.yaml", inventory(json!(resources)));
    let run = folder.report("xlsx");
    run.well();
    let files = unpacked(&run.bytes);
    let strings = &files["xl/sharedStrings.xml"];
    for name in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "a &amp; b &lt;c&gt;",
        "_x005F_x0041_",
        "日本 🦀",
    ] {
        assert!(strings.contains(&format!("{name}</t>")), "{name}");
    }
    assert!(files["xl/styles.xml"].contains("quotePrefix=\"1\""));
    assert!(
        files
            .iter()
            .all(|(name, text)| !name.starts_with("xl/worksheets/") || !text.contains("<f"))
    );
    // The CSV has the same names behind an apostrophe.
    let run = folder.report("csv");
    let text = run.fine();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        for cell in &record.unwrap() {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
    }
}

#[test]
fn a_workbook_of_many_resources_ends_with_a_note() {
    let resources: Vec<_> = (0..10_050)
        .map(|number| json!({"service": "s3", "name": format!("b{number}")}))
        .collect();
    let folder = Folder::new().with("inventory.yaml", inventory(json!(resources)));
    let report = folder.report("json").json();
    assert_eq!(
        (list(&report, "resources").len(), &report["resources_left_out"]),
        (10_000, &json!(50))
    );
    assert_eq!(report["summary"]["resources"], json!(10_050));
    let files = unpacked(&folder.report("xlsx").bytes);
    assert!(files["xl/sharedStrings.xml"].contains("50 resources more are counted in every figure, but not listed"));
}
