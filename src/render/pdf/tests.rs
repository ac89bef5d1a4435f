//! The PDF as a whole: what holds for every document and every template.

#![allow(clippy::panic, clippy::unwrap_used)]

use super::*;
use crate::diagnostics::{Code, Place, Severity};
use crate::render::document::{Align, Band, Block, Cell, Inline, Node, Table};

const PAGE: &str = include_str!("../../../templates/page.typ");
const PLAIN: &str = "#set document(title: \"x\")\n#set text(font: \"Noto Sans\")\n#body\n";
const REPORT: &str = r#"{"meta": {"title": "Payments", "organization": "Example Pay", "as_of": "2026-11-01", "edition": "audit",
    "classification": "Confidential"}, "theme": {"logo": null, "accent": null}, "cover_facts": null}"#;

fn text(text: &str) -> Cell {
    vec![Inline::Text(text.to_owned())]
}

fn code(text: &str) -> Cell {
    vec![Inline::Code(text.to_owned())]
}

fn block(node: Node) -> Block {
    Block { kind: None, node }
}

fn kind(kind: &str, node: Node) -> Block {
    Block {
        kind: Some(kind.to_owned()),
        node,
    }
}

fn heading(name: &str) -> Node {
    Node::Heading {
        level: 1,
        anchor: name.to_lowercase(),
        content: text(name),
    }
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        columns: vec![Align::Start; 3],
        widths: None,
        header: vec![text("Activity"), text("AWS"), text("State")],
        bands: vec![Band {
            title: Some(text("Backup")),
            rows,
        }],
    }
}

fn rendered_with(page: &str, report: &str, extra: &[(&str, &[u8])], blocks: Vec<Block>) -> Outcome<Pdf> {
    let mut files = BTreeMap::from([("page.typ".to_owned(), page.as_bytes().to_vec())]);
    files.extend(extra.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())));
    let attachment = Attachment {
        name: "matrix.csv".into(),
        mime: "text/csv".into(),
        description: "All assignments".into(),
        bytes: b"a,b\n".to_vec(),
    };
    let document = Document { blocks };
    render(&Input {
        document: &document,
        report: report.as_bytes(),
        files: &files,
        attachments: vec![attachment],
        fonts: Fonts::embedded(),
    })
    .map(|(pdf, _)| pdf)
}

fn rendered(page: &str, blocks: Vec<Block>) -> Outcome<Pdf> {
    rendered_with(page, REPORT, &[], blocks)
}

fn extracted(pdf: &Pdf) -> String {
    pdf_extract::extract_text_from_mem(&pdf.bytes).unwrap()
}

/// How often some bytes stand in the file's objects, unpacked.
fn count(pdf: &Pdf, wanted: &[u8]) -> usize {
    let mut unpacked = Vec::new();
    lopdf::Document::load_mem(&pdf.bytes).unwrap().save_to(&mut unpacked).unwrap();
    unpacked.windows(wanted.len()).filter(|window| *window == wanted).count()
}

/// A document that has a block of every kind that `page.typ` knows.
fn every_kind() -> Vec<Block> {
    let row = || vec![text("Takes snapshots"), code("A/R"), code("not met")];
    let mut blocks = vec![kind("title", heading("Title")), kind("chapter", heading("Summary"))];
    for name in ["lead", "muted", "why", "none", "note", "legend"] {
        blocks.push(kind(name, Node::Paragraph(text("A paragraph of that kind."))));
    }
    let tables = [
        "raci",
        "tiles",
        "split",
        "data-only",
        "matrix",
        "findings",
        "parties",
        "duties",
        "requirements",
        "sources",
        "sign-off",
        "checklist",
        "handover",
        "unknown-kind",
    ];
    for name in tables {
        blocks.push(kind(name, Node::Table(table(vec![row()]))));
    }
    blocks.push(kind(
        "checklist",
        Node::List {
            start: None,
            items: vec![vec![block(Node::Paragraph(text("x")))]],
        },
    ));
    blocks.push(kind(
        "wide",
        Node::Group(vec![kind("chapter", heading("Matrix")), block(Node::Rule)]),
    ));
    blocks.push(block(Node::Quote(vec![block(Node::Code("a\n  b\n".into()))])));
    blocks
}

#[test]
fn every_kind_is_drawn_without_a_warning() {
    let pdf = rendered(PAGE, every_kind()).unwrap();
    assert_eq!(pdf.warnings, []);
    assert!((4..8).contains(&pdf.pages), "cover, contents, summary, matrix");
    assert_eq!(count(&pdf, b"/EmbeddedFile"), 2, "the file's stream, and the names");
    let text = extracted(&pdf);
    assert!(
        text.contains("Payments") && text.contains(&format!("Page 3 of {}", pdf.pages)),
        "{text}"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(rendered(PAGE, every_kind()), rendered(PAGE, every_kind()));
}

#[test]
fn text_never_becomes_code() {
    let hostile = "#read(\"/etc/passwd\") $x^2$ *a* <raci> @b \\u{41} // c";
    let cell = || text(hostile);
    let blocks = vec![
        block(Node::Paragraph(text(hostile))),
        block(Node::Paragraph(code(hostile))),
        block(Node::Table(table(vec![vec![cell(), cell(), cell()]]))),
    ];
    let text = extracted(&rendered(PLAIN, blocks).unwrap());
    assert_eq!(text.matches("/passwd").count(), 5, "{text}");
    assert!(text.contains("$x^2$ *a* <raci> @b \\u{41} // c"), "{text}");
}

#[test]
fn a_very_long_word_and_a_very_long_cell_are_laid_out() {
    let word = "W".repeat(10_000);
    let long = "lorem ipsum ".repeat(2_000);
    let rows = vec![vec![text(&word), code("A"), text("x")], vec![text(&long), text(&word), code(&word)]];
    let mut table = table(rows);
    table.header[2] = text(&word);
    table.bands[0].title = Some(text(&word));
    let pdf = rendered(PAGE, vec![kind("raci", Node::Table(table)), block(Node::Paragraph(text(&word)))]).unwrap();
    assert!(pdf.pages > 10);
}

/// Every table of up to four rows of each sort below every header: what the layouter of Typst may stumble over is how
/// titles, rows and what prints as nothing follow each other.
#[test]
fn tables_of_all_rows_in_any_order_are_laid_out() {
    let tall = "lorem ipsum ".repeat(400);
    let rows = [
        "| title | | |".to_owned(),
        "| a | b | c |".to_owned(),
        "| | | |".to_owned(),
        "| | b | |".to_owned(),
        "| \u{200b} | | |".to_owned(),
        format!("| {tall} | | |"),
    ];
    let headers = ["| H | I | J |", "| | | |", "| H | | |", &format!("| {tall} | I | J |")];
    let mut tables: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..4 {
        let longer: Vec<Vec<usize>> = tables[from..]
            .iter()
            .flat_map(|table| (0..rows.len()).map(move |row| [table.as_slice(), &[row]].concat()))
            .collect();
        from = tables.len();
        // The tall ones take a page each: one of them a table is enough.
        tables.extend(longer.into_iter().filter(|table| table.iter().filter(|row| **row == 5).count() < 2));
    }
    assert!(tables.len() > 1_000);
    let kinds = [
        "",
        "<!-- kind: raci, columns: 3 1 1 -->\n",
        "<!-- kind: matrix -->\n",
        "<!-- kind: split -->\n",
    ];
    for (page, header) in headers.iter().flat_map(|header| [(PLAIN, header), (PAGE, header)]) {
        let mut markdown = String::new();
        for (number, table) in tables.iter().enumerate() {
            // The tallest only now and then.
            if (header.len() > 100 || table.contains(&5)) && number % 16 != 0 {
                continue;
            }
            let body: Vec<&str> = table.iter().map(|row| rows[*row].as_str()).collect();
            let kind = kinds[number % kinds.len()];
            markdown.push_str(&format!("{kind}{header}\n|---|---|---|\n{}\n\n", body.join("\n")));
        }
        let document = Document::parse(&markdown).unwrap();
        let pdf = rendered(page, document.blocks).unwrap();
        assert!(pdf.pages > 50, "{}", pdf.pages);
    }
}

#[test]
fn a_panic_of_the_layouter_is_a_diagnostic() {
    // What the built-in templates cannot bring about: two titles without rows below a header, in a page of one's own.
    let page = "#set document(title: \"x\")\ntext\n#table(columns: 2, table.header[a][b],\n  table.header(level: 2, table.cell(colspan: 2)[x]),\n  \
                table.header(level: 2, table.cell(colspan: 2)[y]), [z], [1])\n#body\n";
    match rendered(page, vec![]) {
        Err(faults) => {
            assert_eq!(faults[0].code, Code::TypstError);
            assert!(faults[0].message.contains("gave up"), "{faults:?}");
        }
        Ok(_) => panic!("this version of Typst lays it out: take the guard in `table.rs` away"),
    }
    assert!(rendered(PLAIN, vec![block(Node::Paragraph(text("and the next document is none the worse")))]).is_ok());
}

#[test]
fn deep_nesting_ends_in_plain_text() {
    let mut node = Node::Paragraph(text("innermost"));
    let mut inline = Inline::Text("innermost".into());
    for _ in 0..500 {
        node = Node::Quote(vec![block(node)]);
        inline = Inline::Strong(vec![inline]);
    }
    let pdf = rendered(PLAIN, vec![block(node), block(Node::Paragraph(vec![inline]))]).unwrap();
    assert_eq!(extracted(&pdf).matches("innermost").count(), 2);
}

#[test]
fn characters_without_a_glyph_are_spelt_out_and_listed() {
    let pdf = rendered_with(
        PAGE,
        &REPORT.replace("Example Pay", "株式会社"),
        &[],
        vec![block(Node::Paragraph(text("日本 naïve")))],
    );
    let pdf = pdf.unwrap();
    let found = extracted(&pdf).replace(char::is_whitespace, "");
    assert!(found.contains("‹U+65E5›‹U+672C›naïve"), "{found}");
    let [warning] = pdf.warnings.as_slice() else {
        panic!("one warning")
    };
    assert_eq!(warning.code, Code::MissingGlyph);
    assert!(
        warning.message.contains("日 (U+65E5), 本 (U+672C), 株 (U+682A)"),
        "{}",
        warning.message
    );
}

#[test]
fn links_lead_to_headings_and_to_the_web_and_nowhere_else() {
    let link = |target: &str| {
        block(Node::Paragraph(vec![Inline::Link {
            target: target.to_owned(),
            content: text("there"),
        }]))
    };
    let mut blocks = vec![block(heading("Summary")), block(heading("Summary"))];
    blocks.extend(["#summary", "https://example.com/a?b=c", "mailto:a@example.com"].map(link));
    assert_eq!(count(&rendered(PLAIN, blocks.clone()).unwrap(), b"/Subtype/Link"), 3);
    blocks.extend(["#nowhere", "javascript:alert(1)", "file:///etc/passwd", "relative.md", ""].map(link));
    assert_eq!(count(&rendered(PLAIN, blocks).unwrap(), b"/Subtype/Link"), 3);
}

#[test]
fn errors_of_the_template_have_a_place_and_a_hint() {
    let errors = rendered("#let a = 1\n#text(siez: 3pt)[x]\n", vec![]).unwrap_err();
    assert_eq!(errors[0].code, Code::TypstError);
    assert_eq!(errors[0].places[0].0, Place::at(&"page.typ".into(), 2, 7));
    let errors = rendered("#let = 1\n#(1 + )\n", vec![]).unwrap_err();
    assert!(errors.len() > 1, "{errors:?}");
    let errors = rendered("#bdy", vec![]).unwrap_err();
    assert_eq!(errors[0].message, "unknown variable: bdy");
}

#[test]
fn the_world_ends_at_the_given_files() {
    let outside = [
        "#read(\"/etc/passwd\")",
        "#read(\"../x\")",
        "#import \"@preview/a:1.0.0\"",
        "#datetime.today()",
    ];
    for page in outside {
        assert!(rendered(page, vec![]).is_err(), "{page}");
    }
    assert!(rendered_with(&format!("#read(\"a/b.txt\")\n{PLAIN}"), REPORT, &[("a/b.txt", b"x")], vec![]).is_ok());
    let document = Document::default();
    let input = Input {
        document: &document,
        report: b"{}",
        files: &BTreeMap::new(),
        attachments: vec![],
        fonts: Fonts::embedded(),
    };
    assert_eq!(render(&input).unwrap_err()[0].code, Code::TypstError);
}

#[test]
fn what_the_standards_forbid_is_told_with_its_place() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let page = format!("#image(\"a.svg\")\n{PLAIN}");
    let errors = rendered_with(&page, REPORT, &[("a.svg", svg)], vec![]).unwrap_err();
    assert_eq!(errors[0].code, Code::PdfStandard);
    assert_eq!(errors[0].severity, Severity::Error);
    assert_eq!(errors[0].places[0].0, Place::at(&"page.typ".into(), 1, 2));
}

#[test]
fn a_picture_that_is_missing_or_broken_is_an_error() {
    let picture = || {
        vec![block(Node::Paragraph(vec![Inline::Image {
            path: "a.svg".into(),
            alt: "stack".into(),
        }]))]
    };
    assert_eq!(rendered(PLAIN, picture()).unwrap_err()[0].code, Code::TypstError);
    let broken = rendered_with(PLAIN, REPORT, &[("a.svg", b"<svg")], picture()).unwrap_err();
    assert_eq!(broken[0].places[0].0, Place::file("a.svg"));
    let logo = REPORT.replace("\"logo\": null", "\"logo\": \"logo.png\"");
    assert_eq!(rendered_with(PAGE, &logo, &[], vec![]).unwrap_err()[0].code, Code::LogoUnreadable);
    assert_eq!(
        rendered_with(PAGE, &logo, &[("logo.png", b"no")], vec![]).unwrap_err()[0].code,
        Code::LogoUnreadable
    );
}

#[test]
fn a_report_that_says_nothing_has_a_cover_all_the_same() {
    let pdf = rendered_with(PAGE, r#"{"meta": {}, "theme": null}"#, &[], vec![]).unwrap();
    assert!(extracted(&pdf).contains("Responsibility report"));
}

#[test]
fn a_row_that_is_longer_than_half_a_page_is_split_between_its_sentences() {
    let sentences = |number: usize| -> Cell {
        (0..number)
            .flat_map(|at| {
                let words = format!("begins{at} and goes on for so long that it takes more than one line of its column, until it ends{at}");
                [Inline::Break, Inline::Text(words)]
            })
            .skip(1)
            .collect()
    };
    let count = |text: &str, word: &str| text.matches(word).count();
    for number in [8, 40, 90] {
        let rows = vec![
            vec![text("AWS"), sentences(number), text("met")],
            vec![text("AWS"), sentences(number), text("met")],
        ];
        let pdf = rendered(PAGE, vec![kind("answers", Node::Table(table(rows)))]).unwrap();
        let pages = pdf_extract::extract_text_from_mem_by_pages(&pdf.bytes).unwrap();
        let whole: String = pages.concat();
        assert_eq!(
            (count(&whole, "begins"), count(&whole, "ends")),
            (2 * number, 2 * number),
            "{number}"
        );
        for page in &pages {
            assert_eq!(count(page, "begins"), count(page, "ends"), "{number}: {page}");
        }
    }
}
