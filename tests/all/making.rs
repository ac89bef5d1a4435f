//! How documents are made: attachments, drafts, fonts.

use crate::support::{Folder, inventory};
use serde_json::json;
use std::path::Path;

/// The names of the files that a PDF carries.
fn attached(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let names = document.objects.values().filter_map(|object| {
        let file = object.as_dict().ok()?;
        (file.get(b"Type").ok()?.as_name().ok()? == b"Filespec").then_some(())?;
        let name = file.get(b"UF").or_else(|_| file.get(b"F")).ok()?;
        lopdf::decode_text_string(name).ok()
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn shown(pdf: &[u8]) -> String {
    let text = pdf_extract::extract_text_from_mem(pdf).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn attachments_can_be_left_out() {
    let folder = Folder::golden();
    let with = folder.run(&["report", "-o", "report.pdf"]);
    with.fine();
    assert_eq!(attached(&folder.bytes("report.pdf")), ["inventory.yaml", "report.json"]);
    folder.run(&["report", "--no-attachments", "-o", "report.pdf"]).fine();
    assert_eq!(attached(&folder.bytes("report.pdf")), [""; 0]);
}

#[test]
fn a_draft_says_so_in_every_format() {
    let folder = Folder::golden();
    let outputs = ["-o", "d.md", "-o", "d.html", "-o", "d.pdf", "-o", "d.json", "-o", "d.xlsx"];
    folder.run(&[&["report", "--draft"][..], &outputs].concat()).fine();
    for name in ["d.md", "d.html", "d.json"] {
        assert!(folder.read(name).contains("Audit edition (draft)"), "{name}");
    }
    let pdf = folder.bytes("d.pdf");
    let pages = lopdf::Document::load_mem(&pdf).unwrap().get_pages().len();
    assert_eq!(
        shown(&pdf).matches("DRAFT").count() - shown(&pdf).matches("(DRAFT)").count(),
        pages,
        "one a page"
    );
    let plain = folder.report("pdf");
    assert!(!shown(&plain.bytes).contains("DRAFT"));
    assert!(!folder.report("markdown").fine().contains("draft)"));
}

/// Names in scripts that the embedded font has, and in others.
fn foreign() -> Folder {
    let resources = json!([
        {"service": "s3", "name": "Ελλάδα"},
        {"service": "s3", "name": "Россия"},
        {"service": "s3", "name": "日本"},
        {"service": "s3", "name": "مرحبا"},
        {"service": "s3", "name": "🦀"},
        {"service": "s3", "name": "☃"},
    ]);
    Folder::new().with("inventory.yaml", inventory(resources))
}

#[test]
fn what_no_font_has_is_named_and_spelt_out() {
    let folder = foreign();
    let run = folder.report("pdf");
    run.well();
    let errors = &run.errors;
    assert!(errors.contains("warning[missing-glyph]"), "{errors}");
    for name in ["日 (U+65E5)", "本 (U+672C)", "م (U+0645)", "🦀 (U+1F980)", "☃ (U+2603)"] {
        assert!(errors.contains(name), "{name}: {errors}");
    }
    assert!(
        !errors.contains("U+0395") && !errors.contains("U+0420"),
        "Greek and Cyrillic are there: {errors}"
    );
    assert!(errors.contains("--font-path"), "{errors}");
    let text = shown(&run.bytes).replace(' ', "");
    for name in ["Ελλάδα", "Россия", "‹U+65E5›‹U+672C›", "‹U+1F980›", "‹U+2603›"] {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn fonts_of_a_folder_draw_what_they_have() {
    let folder = foreign();
    let fonts = [
        ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "☃"),
        ("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf", "م"),
    ];
    let present: Vec<_> = fonts.iter().filter(|(path, _)| Path::new(path).exists()).collect();
    for (path, _) in &present {
        folder.put(
            &format!("fonts/{}", Path::new(path).file_name().unwrap().display()),
            std::fs::read(path).unwrap(),
        );
    }
    // Where the machine has none, the embedded one must do no harm.
    folder.put("fonts/deeper/noto.ttf", notosans::REGULAR_TTF);
    let run = folder.run(&["report", "--format", "pdf", "--font-path", "fonts"]);
    run.well();
    assert!(run.errors.contains("日 (U+65E5)"), "{}", run.errors);
    for (path, letter) in present {
        let number = format!("U+{:04X}", u32::from(letter.chars().next().unwrap()));
        assert!(!run.errors.contains(&number), "{path}: {}", run.errors);
        assert!(!shown(&run.bytes).contains(&number), "{path}");
    }
    assert!(
        run.bytes == folder.run(&["report", "--format", "pdf", "--font-path", "fonts"]).bytes,
        "same fonts, same bytes"
    );
}

/// The built-in font under a name of its own.
fn renamed() -> Vec<u8> {
    let mut bytes = notosans::REGULAR_TTF.to_vec();
    // Names stand in UTF-16, and in one byte a letter for older systems.
    for (old, new) in [("Noto Sans", "Hand Sans"), ("NotoSans", "HandSans")] {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        for (old, new) in [(wide(old), wide(new)), (old.into(), new.into())] {
            while let Some(at) = bytes.windows(old.len()).position(|window| window == old) {
                bytes[at..at + old.len()].copy_from_slice(&new);
            }
        }
    }
    bytes
}

#[test]
fn the_theme_brings_its_font_along() {
    let text = "inventory: 1\norganization: Example\ntheme: {font: Hand Sans, font_path: brand}\nresources: [{service: s3, name: a}]\n";
    let folder = Folder::new().with("here/inventory.yaml", text);
    folder.put("here/brand/hand.ttf", renamed());
    let run = folder.run(&["report", "here", "-o", "out/", "--format", "html", "--format", "pdf"]);
    run.well();
    assert!(!run.errors.contains("font"), "{}", run.errors);
    let pdf = lopdf::Document::load(folder.path("out/report.pdf")).unwrap();
    let named = |name: &[u8]| {
        let fonts = pdf
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok()?.get(b"BaseFont").ok()?.as_name().ok());
        fonts.filter(|font| font.windows(name.len()).any(|window| window == name)).count()
    };
    assert!(named(b"HandSans") > 0, "the PDF is set in the theme's font");
    let html = folder.read("out/report.html");
    let rules: Vec<&str> = html
        .matches("@font-face { font-family: 'Hand Sans'; font-weight: 400; font-style: normal;")
        .collect();
    assert_eq!(rules.len(), 1);
    assert!(html.contains("; font-src data:;"), "the policy admits it");
    let (_, file) = html.split_once("url(data:font/sfnt;base64,").unwrap();
    let file = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, file.split(')').next().unwrap()).unwrap();
    assert!(file == renamed());

    // Without its files the family is a name, and nothing is admitted.
    let plain = folder.with("plain/inventory.yaml", text.replace(", font_path: brand", ""));
    let run = plain.run(&["report", "plain", "--format", "html"]);
    run.fine();
    let html = String::from_utf8(run.bytes.clone()).unwrap();
    assert!(html.contains("'Hand Sans'") && !html.contains("font-src") && !html.contains("@font-face"));

    let folder = Folder::new().with("inventory.yaml", text);
    let run = folder.run(&["report", "--format", "pdf"]);
    let errors = run.failed(3);
    assert!(errors.contains("inventory.yaml:3:37") && errors.contains("brand"), "{errors}");
}

#[test]
fn a_folder_without_fonts_is_pointed_out() {
    let folder = Folder::golden()
        .with("fonts/readme.txt", "none")
        .with("fonts/broken.ttf", "no font");
    let run = folder.run(&["report", "--font-path", "fonts"]);
    run.fine();
    assert!(run.errors.contains("warning[no-fonts]"), "{}", run.errors);
    folder.refuses(&["report", "--font-path", "nowhere"], 3, "`nowhere`");
    folder.refuses(&["report", "--font-path", "inventory.yaml"], 3, "it is no folder");
    // The machine's own may be none at all.
    folder.run(&["report", "--system-fonts"]).fine();
}

#[test]
fn the_theme_reaches_every_format() {
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>";
    let text = json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01", "resources": [{"service": "s3"}],
        "theme": {"logo": "logo.svg", "accent": "#a1b2c3", "footer": "Foot of Example", "font": "Noto Sans"},
    });
    let folder = Folder::new().with("inventory.yaml", text.to_string()).with("logo.svg", logo);
    folder
        .run(&["report", "-o", "r.md", "-o", "r.html", "-o", "r.pdf", "-o", "r.xlsx"])
        .fine();
    assert_eq!(folder.read("r-logo.svg"), logo);
    let markdown = folder.read("r.md");
    assert!(
        markdown.contains("![Example](r-logo.svg)") && markdown.contains("\nFoot of Example\n"),
        "{markdown:.300}"
    );
    let page = folder.read("r.html");
    assert!(page.contains("--accent: #a1b2c3") && page.contains("Foot of Example") && page.contains("data:image/svg+xml"));
    let pdf = shown(&folder.bytes("r.pdf"));
    let pages = lopdf::Document::load_mem(&folder.bytes("r.pdf")).unwrap().get_pages().len();
    assert_eq!(pdf.matches("Foot of Example").count(), pages - 1, "all but the cover");
    // A stream has no place for a picture beside it.
    assert!(!folder.report("markdown").fine().contains("logo.svg"));
    // A family that is nowhere is told, and the built-in one stands in.
    folder.put("inventory.yaml", text.to_string().replace("Noto Sans", "No Such Family"));
    let run = folder.report("pdf");
    run.well();
    assert!(run.errors.contains("no such family"), "{}", run.errors);
    folder.put("inventory.yaml", text.to_string().replace("Noto Sans", "x; y"));
    assert!(folder.report("pdf").failed(1).contains("error[invalid-value]"));
}
