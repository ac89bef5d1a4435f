//! Text that would like to be markup stays text: proved on the outputs themselves.

use crate::support::{Folder, repository};
use cloudraci::render::document::{Block, Document, Inline, Node, Table};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Texts of ill will, or of bad luck. What would be evaluated would show as 1337.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "| x |",
        "a|b\\|c\\\\|d",
        "<script>alert(1)</script>",
        "</script></style></title></svg><img src=x onerror=alert(1)>",
        "</script>",
        "<!--<script>",
        "\" onload=",
        "#x?party=y&q=<b>",
        "\" onmouseover=\"alert(1)",
        "' style='position:fixed",
        "'; } body { display: none } /*",
        "&lt;b&gt; &amp; &#x3c;",
        "#read(\"/etc/passwd\")",
        "#(7 * 191)",
        "$x$ $ #sys.version $",
        "@label <label> *a* _b_",
        "[a](javascript:alert(1))",
        "<javascript:alert(1)>",
        "![a](http://example.invalid/x.png)",
        "https://example.invalid/ and http://example.invalid/",
        "[a]: http://example.invalid/",
        "[^1]",
        "{{ 7 * 191 }}",
        "{% include \"/etc/passwd\" %}",
        "{# gone #}",
        "abc \u{202e}txt.exe\u{202c} def",
        "\u{2066}isolated\u{2069}",
        "mark\u{200f}ed\u{200e}",
        "one line\nand another\r\n\n# and a heading",
        "tab\tand\u{0}nothing\u{7}",
        "`code` and `` ` `` and ```",
        "```\nfence",
        "<!-- kind: raci -->",
        "<!-- begin: wide -->",
        "<!-- end -->",
        "-->",
        "# heading",
        "- item",
        "1. item",
        "> quotation",
        "---",
        "===",
        "**strong** __strong__ ~~gone~~",
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "=HYPERLINK(\"http://example.invalid/\",\"x\")",
        "trailing backslash \\",
        "‹U+0041›",
        "\u{feff}mark",
        "Ünïcödé Ελλάδα 日本 🦀",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("w".repeat(10_000));
    texts.push("word ".repeat(2_000).trim().to_owned());
    texts
}

/// An inventory with the text wherever a text may stand.
fn everywhere(text: &str) -> Value {
    // YAML has no keys of more than 1024 characters.
    let key: String = text.chars().take(200).collect();
    json!({
        "inventory": 1, "title": text, "organization": text, "system": text, "version": text, "as_of": "2026-11-01",
        "classification": text, "prepared_by": text, "prepared_for": text, "theme": {"footer": text},
        "parties": {
            "platform": {"name": text, "contact": text, "people": [text, text]},
            "northwind": {"name": text, "kind": "partner", "contact": text},
        },
        "accounts": {"111122223333": {"name": text, "environment": text, "owner": text}},
        "assignments": [
            {"responsible": "platform", "accountable": "platform"},
            {"match": {"environment": text, "tag": {"key": text}, "data": text, "control": "backup"}, "responsible": "northwind"},
        ],
        "resources": [
            {"service": "sqs", "name": text, "account": "111122223333", "region": text, "data": [text], "tags": {"key": text, key.clone(): text},
             "config": {"sqs_managed_sse_enabled": false, "kms_master_key_id": null, "other": text, key.clone(): text}},
            {"service": "ebs", "name": text, "environment": "other", "owner": text, "config": {"encrypted": false}},
            {"type": format!("type {text}"), "name": text},
        ],
        "exceptions": [
            {"match": {"service": "ebs", "tag": {key: text}, "owner": text}, "reason": text, "approved_by": text},
            {"match": {"service": "sqs", "environment": text}, "reason": text, "expires": "2026-01-01"},
        ],
        "evidence": [{"match": {"control": "backup"}, "artefact": text, "location": text, "review_by": "2026-01-01"}],
        "handover": {"from": "northwind", "to": "platform", "date": "2026-12-15"},
        "revisions": [{"version": text, "date": "2026-11-01", "author": text, "change": text}],
    })
}

fn folder(text: &str) -> Folder {
    Folder::new().with("inventory.json", everywhere(text).to_string())
}

fn report(folder: &Folder, format: &str) -> Vec<u8> {
    let run = folder.run(&["report", "inventory.json", "--format", format]);
    run.well();
    run.bytes
}

fn markdown(text: &str) -> String {
    String::from_utf8(report(&folder(text), "markdown")).unwrap()
}

/// The text as it is meant to be read: on one line, with turns of direction spelt out.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.trim().chars() {
        match letter {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => shown.push_str(&format!("(U+{:04X})", u32::from(letter))),
            letter if letter.is_control() => shown.push(' '),
            letter => shown.push(letter),
        }
    }
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

// ------------------------------------------------------------------------------------------------ Markdown

/// The shape of a document: its blocks and kinds, the sizes of its tables, the places of its links and pictures.
fn shape(blocks: &[Block], out: &mut Vec<String>) {
    for block in blocks {
        let kind = block.kind.as_deref().unwrap_or("-");
        match &block.node {
            Node::Heading { level, content, .. } => {
                out.push(format!("{kind} heading {level}"));
                marks(content, out);
            }
            Node::Paragraph(content) => {
                out.push(format!("{kind} paragraph"));
                marks(content, out);
            }
            Node::List { items, .. } => {
                out.push(format!("{kind} list of {}", items.len()));
                items.iter().for_each(|item| shape(item, out));
            }
            Node::Table(table) => {
                out.push(format!(
                    "{kind} table {} x {:?}",
                    table.columns.len(),
                    table.bands.iter().map(|band| band.rows.len()).collect::<Vec<_>>()
                ));
                cells(table).for_each(|cell| marks(cell, out));
            }
            Node::Quote(inner) => {
                out.push(format!("{kind} quote"));
                shape(inner, out);
            }
            Node::Group(inner) => {
                out.push(format!("{kind} group"));
                shape(inner, out);
            }
            Node::Code(_) => out.push(format!("{kind} code")),
            Node::Rule => out.push(format!("{kind} rule")),
        }
    }
}

fn cells(table: &Table) -> impl Iterator<Item = &Vec<Inline>> {
    let rows = table
        .bands
        .iter()
        .flat_map(|band| band.title.iter().chain(band.rows.iter().flatten()));
    table.header.iter().chain(rows)
}

fn marks(inlines: &[Inline], out: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Strong(inner) | Inline::Emphasis(inner) => {
                out.push("strong or emphasised".to_owned());
                marks(inner, out);
            }
            Inline::Link { target, content } => {
                out.push(format!("link to {}", target.split([':', '#']).next().unwrap()));
                marks(content, out);
            }
            Inline::Image { path, .. } => out.push(format!("picture {path}")),
            Inline::Mark(_) => {}
            Inline::Break => out.push("break".to_owned()),
            // Pairs of backticks may show as code: that is text, too.
            Inline::Text(_) | Inline::Code(_) => {}
        }
    }
}

fn shape_of(markdown: &str) -> Vec<String> {
    let mut out = Vec::new();
    shape(&Document::parse(markdown).unwrap().blocks, &mut out);
    out
}

/// All text of a document, block by block.
fn text_of(blocks: &[Block], out: &mut String) {
    let say = |inlines: &[Inline], out: &mut String| {
        out.push_str(&cloudraci::render::document::plain_text(inlines));
        out.push('\n');
    };
    for block in blocks {
        match &block.node {
            Node::Heading { content, .. } | Node::Paragraph(content) => say(content, out),
            Node::Table(table) => cells(table).for_each(|cell| say(cell, out)),
            Node::List { items, .. } => items.iter().for_each(|item| text_of(item, out)),
            Node::Quote(inner) | Node::Group(inner) => text_of(inner, out),
            Node::Code(text) => out.push_str(text),
            Node::Rule => {}
        }
    }
}

#[test]
fn the_markdown_keeps_its_shape() {
    let harmless = shape_of(&markdown("harmless"));
    assert!(harmless.len() > 200);
    for text in texts() {
        let markdown = markdown(&text);
        assert_eq!(shape_of(&markdown), harmless, "{text:.60?}");
        let mut said = String::new();
        text_of(&Document::parse(&markdown).unwrap().blocks, &mut said);
        let count = on_one_line(&said).matches(&shown(&text)).count();
        assert!(count >= 20, "{text:.60?} stands {count} times");
        assert!(!markdown.contains("1337") && !said.contains("1337"), "{text:.60?} was evaluated");
        assert!(markdown.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:.60?}");
    }
}

/// A line without the comments that say which duties it stands for: nothing but an id can stand in one.
fn without_marks(line: &str) -> String {
    let is_id = |letter: char| letter.is_alphanumeric() || " .:/@;~-_+".contains(letter);
    let mut out = String::new();
    for (position, part) in line.split("<!-- ").enumerate() {
        let known = ["duty: ", "control: ", "commitments: "].iter().any(|word| part.starts_with(word));
        match part
            .split_once(" -->")
            .filter(|(mark, _)| position > 0 && known && mark.chars().all(is_id))
        {
            Some((_, behind)) => out.push_str(behind),
            None if position == 0 => out.push_str(part),
            None => out.push_str(&format!("<!-- {part}")),
        }
    }
    out
}

#[test]
fn the_markdown_of_other_parsers_has_no_markup_of_the_users_either() {
    // What another parser would take for HTML or an address: anything but the kinds and what is escaped.
    for text in texts() {
        for line in markdown(&text).lines().filter(|line| !line.starts_with("<!-- ")) {
            let line = without_marks(line);
            let bare = |mark: &str| {
                line.match_indices(mark)
                    .any(|(at, _)| line[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0)
            };
            let in_code = line.contains('`');
            assert!(in_code || !bare("<"), "{text:.60?}: {line:.200}");
            assert!(in_code || !bare("http://"), "{text:.60?}: {line:.200}");
        }
    }
}

// ------------------------------------------------------------------------------------------------ HTML

/// The elements of a page in order, but for those that only break words or hold a direction.
fn elements(page: &Html) -> Vec<String> {
    let all = Selector::parse("*").unwrap();
    page.select(&all)
        .map(|element| element.value().name().to_owned())
        .filter(|name| !["wbr", "bdi", "code"].contains(&name.as_str()))
        .collect()
}

#[test]
fn the_page_keeps_its_elements_and_shows_the_text() {
    let page = |text: &str| Html::parse_document(&String::from_utf8(report(&folder(text), "html")).unwrap());
    let harmless = page("harmless");
    let expected = elements(&harmless);
    assert!(expected.len() > 1000);
    let everything = Selector::parse("*").unwrap();
    let script = Selector::parse("script").unwrap();
    let own = repository("templates/script.js");
    for text in texts() {
        let page = page(&text);
        // One script, the same whatever the inventory says.
        let scripts: Vec<String> = page.select(&script).map(|element| element.text().collect()).collect();
        assert_eq!(scripts.len(), 1, "{text:.60?}");
        assert_eq!(scripts[0].trim().replace("<\\/", "</"), own.trim(), "{text:.60?}");
        assert_eq!(elements(&page), expected, "{text:.60?}");
        for element in page.select(&everything).map(|element| element.value()) {
            assert!(!["iframe", "object", "embed", "base", "form"].contains(&element.name()));
            for (name, value) in element.attrs() {
                assert!(!name.starts_with("on"), "{text:.60?}: {name}");
                let value = value.trim().to_lowercase();
                let leads = ["href", "src", "action", "xlink:href"].contains(&name);
                assert!(
                    !leads || value.starts_with('#') || value.starts_with("https://") || value.starts_with("data:image/"),
                    "{text:.60?}: {name}={value:.80}"
                );
                assert!(
                    name != "style",
                    "{text:.60?}: the policy admits no attribute that is a style: {value:.80}"
                );
            }
        }
        let said = on_one_line(&page.root_element().text().collect::<Vec<_>>().concat());
        let count = said.matches(&shown(&text)).count();
        assert!(count >= 20, "{text:.60?} stands {count} times");
        assert!(!said.contains("1337"), "{text:.60?} was evaluated");
    }
}

#[test]
fn the_style_of_the_page_cannot_be_left() {
    let page = |text: &str| Html::parse_document(&String::from_utf8(report(&folder(text), "html")).unwrap());
    let styles = Selector::parse("head > style").unwrap();
    for text in texts() {
        let page = page(&text);
        // The first is style.css with the widths of columns, the second what the inventory says.
        let styles: Vec<String> = page.select(&styles).map(|element| element.text().collect()).collect();
        let [_, style] = styles.as_slice() else {
            panic!("{text:.60?}: {} styles", styles.len())
        };
        // Strings of CSS end at an unescaped quote; outside of them stand three or four declarations, always the same.
        let (mut outside, mut inside, mut letters) = (String::new(), false, style.chars());
        while let Some(letter) = letters.next() {
            match letter {
                '\\' if inside => {
                    letters.next();
                }
                '\'' => inside = !inside,
                '\n' | '\r' | '\u{c}' if inside => panic!("{text:.60?}: a line feed ends a string of CSS"),
                _ if inside => {}
                letter => outside.push(letter),
            }
        }
        assert!(!inside, "{text:.60?}");
        // Behind them the names of the parties, one rule a column.
        let columns = outside.matches(".raci").count();
        let rules = (2..columns + 2).map(|column| format!(".raci td:nth-child({column})::before {{ content: }} "));
        let expected = format!(
            ":root {{ --accent: #0b5fff; --page-title: ; --page-foot: ; --page-classification: }} @media screen and (max-width: 40rem) {{ {}}}",
            rules.collect::<String>()
        );
        assert!(columns > 0, "{text:.60?}");
        assert_eq!(on_one_line(&outside).trim(), expected, "{text:.60?}");
    }
}

#[test]
fn the_policy_admits_what_stands_in_the_head_by_its_hash() {
    use base64::Engine as _;
    use sha2::Digest as _;
    for text in ["harmless", "</style><script>alert(1)</script>"] {
        let text = String::from_utf8(report(&folder(text), "html")).unwrap();
        let page = Html::parse_document(&text);
        let policy = Selector::parse("meta[http-equiv=Content-Security-Policy]").unwrap();
        let policy = page.select(&policy).next().unwrap().value().attr("content").unwrap();
        let mut expected = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:".to_owned();
        for (name, tag) in [("style-src", "style"), ("script-src", "script")] {
            expected.push_str(&format!("; {name}"));
            for element in page.select(&Selector::parse(&format!("head > {tag}")).unwrap()) {
                let content: String = element.text().collect();
                let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(content));
                expected.push_str(&format!(" 'sha256-{hash}'"));
            }
        }
        assert_eq!(policy, expected);
        assert!(!text.contains("about:made-when"));
    }
}

// ------------------------------------------------------------------------------------------------ PDF, CSV, JSON

/// Without what a page adds: spaces, breaks, places where a word may break.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !['\u{200b}', '\u{ad}', '\u{feff}'].contains(letter))
        .collect()
}

/// The text as the PDF spells it, which draws Latin, Greek and Cyrillic.
fn drawn(text: &str) -> String {
    let mut drawn = String::new();
    for letter in shown(text).chars() {
        match letter {
            '\u{200e}' | '\u{200f}' | '\u{feff}' | '日' | '本' | '🦀' => drawn.push_str(&format!("‹U+{:04X}›", u32::from(letter))),
            letter => drawn.push(letter),
        }
    }
    squeezed(&drawn)
}

#[test]
fn the_pdf_shows_the_text() {
    // All texts in one document, as changes of its history and as names of resources.
    let texts = texts();
    let revisions: Vec<Value> = texts
        .iter()
        .map(|text| json!({"version": "1", "date": "2026-11-01", "change": text}))
        .collect();
    let mut document = everywhere("$x$ #(7 * 191) {{ 7 * 191 }}");
    document["revisions"] = revisions.into();
    let folder = Folder::new().with("inventory.json", document.to_string());
    let pdf = report(&folder, "pdf");
    let extracted = pdf_extract::extract_text_from_mem(&pdf).unwrap();
    let said = squeezed(&extracted);
    for text in texts.iter().filter(|text| text.len() < 1000) {
        assert!(said.contains(&drawn(text)), "{text:?} as {:?}", drawn(text));
    }
    assert!(said.matches(&squeezed("$x$ #(7 * 191) {{ 7 * 191 }}")).count() >= 20);
    assert!(!said.contains("1337"), "something was evaluated");
    assert!(!said.contains("root:x:0:0"), "a file was read");
    // The long ones run over pages, with headers between.
    assert!(said.matches('w').count() >= 10_000 + 2_000);
}

#[test]
fn long_and_turned_names_do_not_stop_the_pdf() {
    for text in ["w".repeat(10_000), "a\u{202e}".repeat(50), "a\nb\nc".to_owned()] {
        assert!(report(&folder(&text), "pdf").starts_with(b"%PDF-"));
    }
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    for text in texts() {
        let mut document = everywhere(&text);
        // A party's id and a deployment's scope stand in cells of their own.
        let id: String = text.chars().take(200).collect();
        document["parties"] = json!({id.clone(): {"kind": "customer"}});
        document["assignments"] = json!([
            {"responsible": id, "accountable": id},
            {"match": {"environment": text}, "informed": "aws"},
        ]);
        document["resources"] = json!([
            {"service": "sqs", "name": text, "environment": text}, {"service": "sqs", "name": "b", "environment": "other"},
        ]);
        for key in ["handover", "exceptions", "evidence", "accounts"] {
            document.as_object_mut().unwrap().remove(key);
        }
        let folder = Folder::new().with("inventory.json", document.to_string());
        let csv = report(&folder, "csv");
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(csv.as_slice());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|found| found == name).unwrap();
        let (mut parties, mut scopes) = (BTreeSet::new(), BTreeSet::new());
        for row in reader.records() {
            let row = row.unwrap();
            assert!(
                row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])),
                "{text:.60?}: {row:?}"
            );
            parties.insert(row[column("party")].trim_start_matches('\'').to_owned());
            scopes.insert(row[column("scope")].to_owned());
        }
        let own = id.trim_start_matches('\'');
        assert!(parties.iter().any(|party| party == own), "{text:.60?}: {parties:.200?}");
        assert!(scopes.len() > 1, "{scopes:?}");
    }
}

#[test]
fn the_json_holds_the_very_text() {
    for text in texts() {
        let report: Value = serde_json::from_slice(&report(&folder(&text), "json")).unwrap();
        let trimmed = text.trim();
        assert_eq!(report["meta"]["title"], trimmed, "{text:.60?}");
        assert_eq!(report["revisions"][0]["change"], text.as_str());
        assert_eq!(report["parties"][1]["contact"], trimmed);
    }
}

#[test]
fn diagnostics_of_hostile_names_stay_on_their_lines() {
    let text = "x\n::error title=forged,file=a::b\u{1b}[31m\u{202e}";
    let folder = Folder::new().with(
        "inventory.json",
        json!({"inventory": 1, "organization": "X", "resources": [{"service": text}], text: 1}).to_string(),
    );
    let github = folder.run(&["check", "--format", "github", "inventory.json"]);
    github.failed(1);
    assert!(
        github.text().lines().all(|line| !line.starts_with("::error title=forged")),
        "{}",
        github.text()
    );
    let terminal = folder.run(&["check", "inventory.json"]);
    assert!(
        !terminal.failed(1).contains('\u{1b}') && !terminal.errors.contains('\u{202e}'),
        "control characters do not reach the terminal: {:?}",
        terminal.errors
    );
}
