//! The workbook, read back as what it is: an archive of XML.

use crate::support::{Folder, activities, inventory, list, text};
use base64::Engine as _;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

/// A picture of 8 by 4 pixels.
const JPG: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAEAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCcBRFf/9k=";

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
    for name in ["Duties", "Commitments", "Duties by party", "Findings", "Resources", "Sources"] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    let report = folder.report("json").json();
    let counted = |name: &str| {
        activities(&report)
            .iter()
            .filter(|(_, activity)| activity[name].is_string())
            .count()
    };
    assert_eq!(rows(sheet(&files, "Duties")), 1 + counted("duty"));
    assert_eq!(rows(sheet(&files, "Commitments")), 1 + counted("commitment"));
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

/// A report's workbook with a logo, as files by name.
fn branded(folder: &Folder, logo: &str, organization: &str) -> BTreeMap<String, Vec<u8>> {
    let text = json!({
        "inventory": 1, "organization": organization, "as_of": "2026-11-01", "resources": [{"service": "s3"}],
        "theme": {"logo": logo, "footer": "Foot of Example"},
    });
    folder.put("inventory.yaml", text.to_string());
    let run = folder.report("xlsx");
    run.well();
    assert!(run.bytes == folder.report("xlsx").bytes, "the same bytes each time");
    let mut archive = zip::ZipArchive::new(Cursor::new(run.bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut content = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    names.iter().map(|name| (name.clone(), content(name))).collect()
}

/// The logo's size in pixels of 1/96 inch, and its text alternative.
fn placed(files: &BTreeMap<String, Vec<u8>>) -> (u32, u32, String) {
    let drawing = String::from_utf8(files["xl/drawings/drawing1.xml"].clone()).unwrap();
    let value = |name: &str| {
        drawing
            .split(&format!(" {name}=\""))
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let pixels = |name: &str| value(name).parse::<u32>().unwrap().div_ceil(9525);
    (pixels("cx"), pixels("cy"), value("descr"))
}

#[test]
fn the_logo_stands_above_the_first_sheet() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"><rect width=\"20\" height=\"10\" fill=\"#0b5fff\"/>\
        <text y=\"9\" font-family=\"serif\">Ex</text><image href=\"other.png\" width=\"9\" height=\"9\"/></svg>";
    let folder = Folder::new().with("logo.svg", svg);
    let files = branded(&folder, "logo.svg", "Example \"A\" & <B>\u{7}");
    assert_eq!(placed(&files), (96, 48, "Example &quot;A&quot; &amp; &lt;B&gt; · logo".to_owned()));
    let png = files["xl/media/image1.png"].clone();
    let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (288, 144), "sharp on paper");
    let sheet = |number: usize| String::from_utf8(files[&format!("xl/worksheets/sheet{number}.xml")].clone()).unwrap();
    assert!(
        sheet(1).contains("<drawing ") && sheet(1).contains("<autoFilter ref=\"A2:"),
        "{}",
        sheet(1)
    );
    assert!(!sheet(2).contains("<drawing ") && sheet(2).contains("<autoFilter ref=\"A1:"));
    for number in 1..=12 {
        assert!(
            sheet(number).contains("<oddFooter>&amp;LFoot of Example · as of 2026-11-01"),
            "{number}"
        );
    }
    // A file that lies beside the logo is no part of it.
    folder.put("other.png", &png);
    assert!(branded(&folder, "logo.svg", "Example")["xl/media/image1.png"] == png);
    // Words are drawn with the font that the program carries.
    folder.put("logo.svg", svg.replace("Ex", "Wy"));
    assert!(branded(&folder, "logo.svg", "Example")["xl/media/image1.png"] != png);
    // What can be shown as it is stays as it is.
    folder.put("logo.png", &png);
    let files = branded(&folder, "logo.png", "Example");
    assert!(files["xl/media/image1.png"] == png);
    assert_eq!(placed(&files), (96, 48, "Example · logo".to_owned()));
    let jpg = base64::engine::general_purpose::STANDARD.decode(JPG).unwrap();
    folder.put("logo.jpg", &jpg);
    let files = branded(&folder, "logo.jpg", "Example");
    assert!(files["xl/media/image1.jpeg"] == jpg);
    assert_eq!(placed(&files).1, 48);
}

#[test]
fn a_logo_of_any_shape_fits_and_one_that_is_none_is_an_error() {
    for (width, height, expected) in [("2000", "10", (320, 2)), ("1", "5000", (1, 48)), ("0.001", "0.001", (48, 48))] {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"/>");
        let (wide, high, _) = placed(&branded(&Folder::new().with("logo.svg", svg), "logo.svg", "Example"));
        assert_eq!((wide, high), expected, "{width} x {height}");
    }
    let damaged = &resvg::tiny_skia::Pixmap::new(9, 9).unwrap().encode_png().unwrap()[..60];
    for (name, content) in [
        ("logo.svg", &b"<svg"[..]),
        ("logo.svg", b""),
        ("logo.png", b"no picture at all, but long enough to look at"),
        ("logo.png", damaged),
    ] {
        let folder = Folder::new().with(name, content);
        let text = json!({
            "inventory": 1, "organization": "Example", "as_of": "2026-11-01", "resources": [{"service": "s3"}], "theme": {"logo": name},
        });
        folder.put("inventory.yaml", text.to_string());
        for format in ["markdown", "html", "pdf", "xlsx"] {
            let run = folder.report(format);
            assert!(
                run.failed(1).contains("error[logo-unreadable]"),
                "{name} in {format}: {}",
                run.errors
            );
        }
    }
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
