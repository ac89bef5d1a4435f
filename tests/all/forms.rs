//! An assessor's form, filled in: the questions by their ids, all else as it was, and nothing at all of what is no such form.

use crate::support::{Folder, list, root, text};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const REFERENCE: &str = "inventories/reference/inventory.yaml";
const MINIMAL: &str = "inventories/minimal.yaml";

/// Titles of the columns, as the form has them.
const TITLES: [&str; 7] = [
    "Question ID",
    "Question",
    "CSP CAIQ Answer",
    "SSRM Control Ownership",
    "CSP Implementation Description (Optional/Recommended)",
    "CSC Responsibilities (Optional/Recommended)",
    "CCM Control ID",
];

/// What of a form may be otherwise.
#[derive(Clone)]
struct Form {
    sheet: String,
    /// What stands before the names of elements.
    prefix: &'static str,
    questions: Vec<String>,
    titles: Vec<String>,
}

impl Form {
    fn of(version: &str, questions: &[&str]) -> Self {
        Self {
            sheet: format!("CAIQv{version}"),
            prefix: "",
            questions: questions.iter().map(|id| (*id).to_owned()).collect(),
            titles: TITLES.iter().map(|title| (*title).to_owned()).collect(),
        }
    }

    /// The sheet: a title, a header in the second row, and a question a row, the cells to fill in with looks of their own. The
    /// answer of the third question stands there, that of the fourth is a formula, and the fifth row lacks the cells.
    fn xml(&self) -> String {
        let p = self.prefix;
        let said = |cell: &str, style: u8, text: &str| {
            format!("<{p}c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><{p}is><{p}t>{text}</{p}t></{p}is></{p}c>")
        };
        let mut rows = format!(
            "<{p}row r=\"1\" ht=\"30\" customHeight=\"1\">{}</{p}row>",
            said("A1", 1, "CONSENSUS ASSESSMENTS")
        );
        let head: String = ('A'..)
            .zip(&self.titles)
            .map(|(letter, title)| said(&format!("{letter}2"), 2, title))
            .collect();
        rows += &format!("<{p}row r=\"2\" spans=\"1:7\">{head}</{p}row>");
        for (number, (id, place)) in (3..).zip(self.questions.iter().zip(1..)) {
            let id = id.replace('&', "&amp;");
            let empty = |letter: char| format!("<{p}c r=\"{letter}{number}\" s=\"4\"/>");
            let answers = match place {
                3 => said(&format!("C{number}"), 4, "No") + &empty('D') + &empty('E') + &empty('F'),
                4 => {
                    empty('C') + &format!("<{p}c r=\"D{number}\" s=\"4\"><{p}f>A1</{p}f><{p}v>0</{p}v></{p}c>") + &empty('E') + &empty('F')
                }
                5 => String::new(),
                _ => "CDEF".chars().map(empty).collect(),
            };
            let question = format!("<{p}c r=\"B{number}\" s=\"3\" t=\"s\"><{p}v>0</{p}v></{p}c>");
            rows += &format!(
                "<{p}row r=\"{number}\">{}{question}{answers}{}</{p}row>",
                said(&format!("A{number}"), 3, &id),
                said(&format!("G{number}"), 3, &id)
            );
        }
        let space = if p.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", p.trim_end_matches(':'))
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<{p}worksheet {space}=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
            <{p}sheetData>{rows}</{p}sheetData><{p}dataValidations count=\"1\"><{p}dataValidation type=\"list\" sqref=\"C3:C400\">\
            <{p}formula1>\"Yes,No,NA\"</{p}formula1></{p}dataValidation></{p}dataValidations></{p}worksheet>"
        )
    }

    fn parts(&self) -> Vec<(&'static str, Vec<u8>)> {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006";
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        let texts = [
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                    <Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
                    <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kind}.worksheet+xml\"/>\
                    <Override PartName=\"/xl/worksheets/sheet2.xml\" ContentType=\"{kind}.worksheet+xml\"/>\
                    <Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>\
                    <Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{kind}.sharedStrings+xml\"/></Types>"
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{of}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{of}\"><sheets><sheet name=\"Introduction\" sheetId=\"1\" r:id=\"rId1\"/>\
                    <sheet name=\"{}\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>",
                    self.sheet
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{of}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                    <Relationship Id=\"rId2\" Type=\"{of}/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>\
                    <Relationship Id=\"rId3\" Type=\"{of}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId4\" Type=\"{of}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet xmlns=\"{main}\"><fonts count=\"1\"><font><sz val=\"11\"/></font></fonts><fills count=\"1\"><fill/></fills>\
                    <borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"5\"><xf/><xf/><xf/><xf/><xf/></cellXfs></styleSheet>"
                ),
            ),
            (
                "xl/sharedStrings.xml",
                format!("<sst xmlns=\"{main}\" count=\"1\" uniqueCount=\"1\"><si><r><t>Is it </t></r><r><t>so?</t></r></si></sst>"),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>"),
            ),
            ("xl/worksheets/sheet2.xml", self.xml()),
        ];
        texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
    }

    fn bytes(&self) -> Vec<u8> {
        packed(&self.parts())
    }
}

fn packed(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut part = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    names.iter().map(|name| (name.clone(), part(name))).collect()
}

fn arguments<'a>(framework: &'a str, inventory: &'a str) -> [&'a str; 9] {
    [
        "requirements",
        framework,
        inventory,
        "--layout",
        "caiq",
        "--form",
        "form.xlsx",
        "-o",
        "filled.xlsx",
    ]
}

/// The sheet without what was filled in, and how each cell that was filled in begins and reads.
fn emptied(sheet: &str, prefix: &str) -> (String, BTreeMap<String, String>) {
    let mut cells = BTreeMap::new();
    let mut rest = String::new();
    let mark = format!("<{prefix}t xml:space=\"preserve\">");
    let begin = format!("<{prefix}c ");
    let end = format!("</{prefix}c>");
    for (number, piece) in sheet.split(&begin).enumerate() {
        if number > 0
            && let Some((head, after)) = piece.split_once(&mark)
            && !head.contains(&end)
        {
            let name = head.split('"').nth(1).unwrap().to_owned();
            let (said, after) = after.split_once(&format!("</{prefix}t></{prefix}is>{end}")).unwrap();
            cells.insert(name.clone(), said.to_owned());
            // Where there was no cell, there was none.
            if let Some(style) = head.split("s=\"").nth(1) {
                rest += &format!("{begin}r=\"{name}\" s=\"{}\"/>", style.split('"').next().unwrap());
            }
            rest += after;
        } else {
            if number > 0 {
                rest += &begin;
            }
            rest += piece;
        }
    }
    (rest, cells)
}

#[test]
fn a_form_is_filled_in_by_question_and_stays_as_it_was() {
    let path = root().join(REFERENCE).display().to_string();
    for (framework, version, network) in [("csa-ccm", "4.0.3", "IVS-03"), ("csa-ccm-4.1", "4.1.0", "I&S-03")] {
        for prefix in ["", "x:"] {
            let first = format!("{network}.1");
            let second = format!("{network}.2");
            let mut form = Form::of(
                version,
                &["A&A-01.1", &first, &second, "LOG-02.1", "CEK-03.1", "DCS-01.1", "XYZ-01.1"],
            );
            form.prefix = prefix;
            let before = form.bytes();
            let folder = Folder::new().with("form.xlsx", &before);
            let run = folder.run(&arguments(framework, &path));
            run.well();
            assert!(run.errors.contains("`XYZ-01.1`"), "{}", run.errors);
            let filled = folder.bytes("filled.xlsx");
            assert_eq!(folder.bytes("form.xlsx"), before, "the copy that was named stays as it is");

            let (mut old, mut new) = (unpacked(&before), unpacked(&filled));
            let sheet = String::from_utf8(new.remove("xl/worksheets/sheet2.xml").unwrap()).unwrap();
            let empty = String::from_utf8(old.remove("xl/worksheets/sheet2.xml").unwrap()).unwrap();
            assert_eq!(old, new, "all other parts are as they were");
            let (rest, cells) = emptied(&sheet, prefix);
            assert_eq!(rest, empty, "and all else of the sheet");

            let rows = Folder::new()
                .run(&["requirements", framework, &path, "--perspective", "provider", "--format", "json"])
                .json();
            let kind = |id: &str| {
                let row = list(&rows, "rows").iter().find(|row| text(row, "id") == id).unwrap();
                (list(row, "provider").len(), list(row, "customer").len())
            };
            assert!(matches!(kind(network), (1.., 1..)), "both have a part in {network}");
            // Organisational: ours. Both questions about a control say whose it is; neither is answered for us.
            assert_eq!(cells["D3"], "CSP-owned");
            assert!(cells["D4"].starts_with("Shared "), "{}", cells["D4"]);
            assert_eq!(cells["D4"], cells["D5"]);
            assert!(cells["E4"].contains("Done by Amazon Web Services"), "{}", cells["E4"]);
            assert!(
                !cells.contains_key("C5") && !cells.contains_key("D6"),
                "what stood there stands there"
            );
            assert!(cells.contains_key("D7"), "a row that lacked its cells has them");
            assert!(!cells.keys().any(|cell| cell.ends_with('9')), "what is unknown stays blank");
            assert!(cells.keys().all(|cell| !cell.starts_with(['A', 'B', 'G'])), "{:?}", cells.keys());
            assert!(
                !cells.keys().any(|cell| cell.starts_with('C')),
                "no answer is claimed that nothing shows"
            );
        }
    }
}

#[test]
fn a_form_that_is_filled_in_keeps_every_answer_when_it_is_filled_in_again() {
    let path = root().join(REFERENCE).display().to_string();
    let form = Form::of("4.0.2", &["A&A-01.1", "A&A-02.1", "IVS-03.1"]);
    let folder = Folder::new().with("form.xlsx", form.bytes());
    folder.run(&arguments("csa-ccm", &path)).well();
    let once = folder.bytes("filled.xlsx");
    let again = Folder::new().with("form.xlsx", &once);
    let run = again.run(&arguments("csa-ccm", &path));
    run.well();
    assert!(run.errors.contains("held something already"), "{}", run.errors);
    assert_eq!(unpacked(&again.bytes("filled.xlsx")), unpacked(&once));
    // A form is no place to write to.
    folder.refuses(
        &[
            "requirements",
            "csa-ccm",
            &path,
            "--layout",
            "caiq",
            "--form",
            "form.xlsx",
            "-o",
            "form.xlsx",
        ],
        3,
        "form.xlsx",
    );
}

#[test]
fn what_is_no_such_form_is_told_and_nothing_is_written() {
    let path = root().join(MINIMAL).display().to_string();
    let form = Form::of("4.0.2", &["A&A-01.1"]);
    let with = |name: &str, bytes: Vec<u8>| {
        let mut parts = form.parts();
        parts.retain(|(known, _)| *known != name);
        if !bytes.is_empty() {
            parts.push((Box::leak(name.to_owned().into_boxed_str()), bytes));
        }
        packed(&parts)
    };
    let sheet = "xl/worksheets/sheet2.xml";
    let titled = |titles: &[&str]| Form {
        titles: titles.iter().map(|title| (*title).to_owned()).collect(),
        ..form.clone()
    };
    let entities = form.xml().replacen(
        "<worksheet",
        "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;\">]><worksheet",
        1,
    );
    let bomb = form.xml().replace("</worksheet>", &format!("{}</worksheet>", " ".repeat(65 << 20)));
    let many: Vec<String> = (0..10_001).map(|number| format!("A&A-01.{number}")).collect();
    let many = Form {
        questions: many,
        ..form.clone()
    };
    let parts: Vec<(String, Vec<u8>)> = (0..10_001).map(|number| (format!("p/{number}"), Vec::new())).collect();
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    for (bytes, words) in [
        (b"Question ID,Question".to_vec(), "is no workbook"),
        (Vec::new(), "is no workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 older".to_vec(),
            "an older kind, or an encrypted one",
        ),
        (with("xl/vbaProject.bin", b"macro".to_vec()), "holds macros"),
        (with("xl/workbook.xml", Vec::new()), "lacks its part `xl/workbook.xml`"),
        (with("xl/_rels/workbook.xml.rels", Vec::new()), "lacks its part"),
        (with(sheet, Vec::new()), "lacks its part"),
        (Form::of("4.1.0", &["A&A-01.1"]).bytes(), "belongs to the framework `csa-ccm-4.1`"),
        (
            Form::of("3.1", &["A&A-01.1"]).bytes(),
            "has no sheet whose name begins with `CAIQv4.0`",
        ),
        (
            titled(&["Question", "Answer"]).bytes(),
            "has no row of titles with a column `Question ID`",
        ),
        (
            titled(&["Question ID", "Question", "CSP CAIQ Answer"]).bytes(),
            "has no column `ssrm control ownership`",
        ),
        (
            Form::of("4.0.2", &["XYZ-01.1"]).bytes(),
            "has no question about a requirement of `csa-ccm`",
        ),
        (with(sheet, entities.into_bytes()), "declares a document type"),
        (
            with(sheet, form.xml().replace("Question ID", "&unknown;").into_bytes()),
            "is declared nowhere",
        ),
        (with(sheet, form.xml().as_bytes()[..form.xml().len() / 2].to_vec()), "form.xlsx"),
        (with(sheet, b"\xff\xfe\x00".to_vec()), "it is not UTF-8"),
        (with(sheet, bomb.into_bytes()), "unpacks to more than 64 MiB"),
        (many.bytes(), "more than 10000 questions"),
        (packed(&parts), "has 10001 parts"),
    ] {
        let folder = Folder::new().with("form.xlsx", &bytes);
        let run = folder.run(&arguments("csa-ccm", &path));
        assert!(run.failed(1).contains(words), "{words}: {:.600}", run.errors);
        assert_eq!(folder.files(), ["form.xlsx"], "{words}");
    }
    let folder = Folder::new();
    folder.refuses(&arguments("csa-ccm", &path), 3, "cannot read `form.xlsx`");
    folder.put("form.xlsx", form.bytes());
    let other = ["requirements", "csa-ccm", &path, "--form", "form.xlsx", "-o", "filled.xlsx"];
    folder.refuses(&other, 1, "the layout `plain` is made for no form");
    let ending = [
        "requirements",
        "csa-ccm",
        &path,
        "--layout",
        "caiq",
        "--form",
        "form.xlsx",
        "-o",
        "filled.csv",
    ];
    folder.refuses(&ending, 2, "a form is filled in as the workbook that it is");
}

/// Whatever is damaged in it: a message, or a workbook that can be unpacked, and never a panic.
#[test]
fn damaged_forms_never_bring_it_down() {
    let path = root().join(MINIMAL).display().to_string();
    let whole = Form::of("4.0.2", &["A&A-01.1", "IVS-03.1"]).bytes();
    let sheet = "xl/worksheets/sheet2.xml";
    let form = Form::of("4.0.2", &["A&A-01.1", "IVS-03.1"]);
    let mut damaged: Vec<Vec<u8>> = (0..24)
        .map(|step| {
            let mut bytes = whole.clone();
            let at = (step * 7919 + 13) % bytes.len();
            bytes[at] ^= 0x5a;
            if step % 3 == 0 {
                bytes.truncate(at.max(1));
            }
            bytes
        })
        .collect();
    for (from, to) in [
        ("r=\"C3\"", "r=\"C99999999999999999999\""),
        ("r=\"C3\"", "r=\"ZZZZZZZZZZZZ3\""),
        ("r=\"C3\"", "r=\"\u{1f642}3\""),
        ("<row r=\"3\">", "<row r=\"4294967295\">"),
        ("<row r=\"3\">", "<row r=\"0\">"),
        ("<row r=\"3\">", "<row>"),
        ("<v>0</v>", "<v>18446744073709551616</v>"),
        ("<c r=\"C3\" s=\"4\"/>", "<c r=\"C3\" s=\"&quot;/&gt;&lt;x&gt;\"/>"),
        (
            "</sheetData>",
            "</sheetData><mergeCells><mergeCell ref=\"C3:E3\"/><mergeCell ref=\"A0:XFD4294967295\"/><mergeCell ref=\":\"/></mergeCells>",
        ),
        ("<sheetData>", "<sheetData><c><c><v>"),
        ("t=\"s\"", "t=\"e\""),
    ] {
        let mut parts = form.parts();
        let text = form.xml();
        assert!(text.contains(from), "{from}");
        parts
            .iter_mut()
            .filter(|(name, _)| *name == sheet)
            .for_each(|(_, bytes)| *bytes = text.replace(from, to).into_bytes());
        damaged.push(packed(&parts));
    }
    for bytes in damaged {
        let folder = Folder::new().with("form.xlsx", &bytes);
        let run = folder.run(&arguments("csa-ccm", &path));
        match run.code {
            // Damage in parts that need not be read stays as it was.
            0 => assert!(zip::ZipArchive::new(Cursor::new(folder.bytes("filled.xlsx"))).is_ok()),
            1 => assert!(run.errors.contains("form.xlsx"), "{}", run.errors),
            other => panic!("exit code {other}: {}", run.errors),
        }
        assert!(!run.errors.contains("panicked"), "{}", run.errors);
    }
}
