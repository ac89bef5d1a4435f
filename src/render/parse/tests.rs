#![allow(clippy::unwrap_used, clippy::panic)]

use super::reader::{MAX_BLOCK_DEPTH, RAW_HTML};
use super::*;
use crate::diagnostics::Place;
use crate::render::document::{Align, Band, Block, Inline, Node, Table, plain_text};

fn parse(markdown: &str) -> Vec<Block> {
    Document::parse(markdown).unwrap().blocks
}

fn faults(markdown: &str) -> Vec<(usize, String)> {
    let diagnostics = Document::parse(markdown).unwrap_err();
    diagnostics
        .into_iter()
        .map(|diagnostic| {
            let line = (1..1000)
                .find(|line| {
                    let file: Arc<str> = FILE.into();
                    (1..200).any(|column| diagnostic.places[0].0 == Place::at(&file, *line, column))
                })
                .unwrap();
            (line, diagnostic.message)
        })
        .collect()
}

fn text(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

fn paragraph(content: &str) -> Block {
    Block {
        kind: None,
        node: Node::Paragraph(text(content)),
    }
}

fn table(block: &Block) -> &Table {
    let Node::Table(table) = &block.node else {
        panic!("{block:?} is no table")
    };
    table
}

#[test]
fn a_kind_is_that_of_the_next_block_only() {
    let blocks = parse("<!-- kind: chapter -->\n# A\n\n<!-- kind: lead -->\nb\n\nc\n");
    assert_eq!(blocks[0].kind.as_deref(), Some("chapter"));
    assert_eq!(
        blocks[1],
        Block {
            kind: Some("lead".into()),
            ..paragraph("b")
        }
    );
    assert_eq!(blocks[2], paragraph("c"));
}

#[test]
fn a_comment_may_stand_apart_from_its_block_and_next_to_other_comments() {
    let blocks = parse("<!-- kind: note -->\n\n<!-- of people:\nfor people -->\n\na <!-- gone -->\n");
    assert_eq!(
        blocks,
        [Block {
            kind: Some("note".into()),
            ..paragraph("a")
        }]
    );
}

#[test]
fn rows_with_a_first_cell_alone_are_titles_of_bands() {
    let blocks = parse(
        "<!-- kind: raci, columns: 6 2.5 1 -->\n\
         | a | b | c |\n|---|:-:|--:|\n| 1 | `R` | |\n| **Backup** shared | | |\n| 2 | | x |\n| | | |\n| Keys |\n",
    );
    let table = table(&blocks[0]);
    assert_eq!(table.widths, Some(vec![6.0, 2.5, 1.0]));
    assert_eq!(table.columns, [Align::Start, Align::Center, Align::End]);
    assert_eq!(table.header, [text("a"), text("b"), text("c")]);
    let titles: Vec<_> = table.bands.iter().map(|band| band.title.as_deref().map(plain_text)).collect();
    assert_eq!(titles, [None, Some("Backup shared".to_owned()), Some("Keys".to_owned())]);
    assert_eq!(table.bands.iter().map(|band| band.rows.len()).collect::<Vec<_>>(), [1, 2, 0]);
    assert_eq!(table.bands[0].rows[0][1], [Inline::Code("R".into())]);
}

#[test]
fn rows_to_be_filled_in_are_no_titles() {
    let blocks = parse("<!-- kind: sign-off -->\n| a | b |\n|---|---|\n| 1 | |\n");
    assert_eq!(
        table(&blocks[0]).bands,
        [Band {
            title: None,
            rows: vec![vec![text("1"), Vec::new()]]
        }]
    );
}

#[test]
fn every_row_has_a_cell_a_column_and_every_table_a_band() {
    let blocks = parse("| a | b |\n|---|---|\n");
    assert_eq!(table(&blocks[0]).bands, [Band::default()]);
    let blocks = parse("| a |\n|---|\n| only |\n| 1 | 2 | 3 |\n");
    assert_eq!(table(&blocks[0]).bands[0].rows, [vec![text("only")], vec![text("1")]]);
    let blocks = parse("| a | b |\n|---|---|\n|  | 2 |\n| <!-- --> | 2 |\n");
    assert_eq!(table(&blocks[0]).bands[0].rows, vec![vec![Vec::new(), text("2")]; 2]);
}

#[test]
fn groups_nest_and_end_right_behind_a_table() {
    let blocks = parse(
        "<!-- begin: wide -->\n<!-- kind: matrix -->\n| a |\n|---|\n| 1 |\n<!-- begin: note -->\nb\n<!-- end -->\n\
         <!-- end -->\nc\n",
    );
    assert_eq!(blocks[0].kind.as_deref(), Some("wide"));
    let Node::Group(inner) = &blocks[0].node else {
        panic!("{blocks:?}")
    };
    assert_eq!(inner[0].kind.as_deref(), Some("matrix"));
    assert_eq!(table(&inner[0]).bands[0].rows.len(), 1);
    let note = Block {
        kind: Some("note".into()),
        node: Node::Group(vec![paragraph("b")]),
    };
    assert_eq!(inner[1], note);
    assert_eq!(blocks[1], paragraph("c"));
}

#[test]
fn faults_come_all_at_once_with_their_lines() {
    let found = faults(
        "# T\n\n<!-- kind: Raci -->\na\n\n<!-- kind: x, rows: 2 -->\nb <b>c</b>\n\n<div>\n</div>\n\n\
         <!-- begin: wide -->\n\nd\n\n<!-- kind: lost -->\n",
    );
    let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 6, 7, 7, 9, 12, 16], "{found:?}");
    assert!(found[0].1.contains("`Raci`"), "{found:?}");
    assert_eq!(found[2].1, RAW_HTML);
    assert_eq!(found[4].1, RAW_HTML);
}

#[test]
fn each_malformed_comment_is_a_fault() {
    for markdown in [
        "<!-- kind -->\n\na",
        "<!-- kind: -->\n\na",
        "<!-- begin -->\n\na\n\n<!-- end -->",
        "<!-- begin: a b -->\n\na",
        "<!-- end -->",
        "<!-- end: wide -->",
        "<!-- kind: a -->\n<!-- kind: b -->\nc",
        "<!-- kind: a --> text",
        "<!-- kind: a, columns: 1 2 -->\na",
        "<!-- kind: a, columns: 1 2 -->\n| a |\n|---|",
        "<!-- kind: a, columns: 1 x -->\n| a | b |\n|---|---|",
        "<!-- kind: a, columns: 1 -2 -->\n| a | b |\n|---|---|",
        "<!-- kind: a, columns: 1 inf -->\n| a | b |\n|---|---|",
        "<!-- kind: a, columns: NaN -->\n| a |\n|---|",
        "<!-- kind: a, columns: -->\n| a |\n|---|",
        "a <!-- kind: b --> c",
        "| a |\n|---|\n| <!-- begin: b --> |",
        "<!-- never closed",
        "- a\n  <!-- begin: b -->\n\nc\n\n<!-- end -->",
        "> <!-- kind: b -->\n\nc",
        "<!DOCTYPE html>",
        "<script>alert(1)</script>",
        "a <script>alert(1)</script>",
        "<?php ?>",
        "a <?php ?>",
    ] {
        assert!(Document::parse(markdown).is_err(), "{markdown}");
    }
}

#[test]
fn anchors_are_those_of_forges() {
    assert_eq!(slug("Amazon RDS"), "amazon-rds");
    assert_eq!(slug("What’s `in` the cloud? (AWS) & you_2"), "whats-in-the-cloud-aws--you_2");
    assert_eq!(slug("Größe Ж"), "größe-ж");
    assert_eq!(slug("!!!"), "section");
    let blocks = parse("# A\n# A\n# A 1\n# A\n## `a`\n# !\n# ?\n");
    let anchors: Vec<_> = blocks
        .iter()
        .map(|block| match &block.node {
            Node::Heading { anchor, .. } => anchor.as_str(),
            _ => "",
        })
        .collect();
    assert_eq!(anchors, ["a", "a-1", "a-1-1", "a-2", "a-3", "section", "section-1"]);
}

#[test]
fn only_harmless_links_lead_anywhere() {
    for (markdown, wanted) in [
        ("[a](https://example.com/x?y=1#z)", Some("https://example.com/x?y=1#z")),
        ("[a](HTTP://example.com)", Some("HTTP://example.com")),
        ("<mail@example.com>", Some("mailto:mail@example.com")),
        ("[a](#t)\n\n# T", Some("#t")),
        ("[a](#gone)\n\n# T", None),
        ("[a](javascript:alert(1))", None),
        ("[a](<java\nscript:alert(1)>)", None),
        ("[a](JaVaScRiPt&colon;alert(1))", None),
        ("[a](&#1;javascript:alert(1))", None),
        ("[a](data:text/html,x)", None),
        ("[a](file:///etc/passwd)", None),
        ("[a](//example.com)", None),
        ("[a](/x)", None),
        ("[a](x.html)", None),
        ("[a]()", None),
        ("[a](#)", None),
    ] {
        let blocks = parse(markdown);
        let Node::Paragraph(content) = &blocks[0].node else {
            panic!("{blocks:?}")
        };
        let target = content.iter().find_map(|inline| match inline {
            Inline::Link { target, .. } => Some(target.as_str()),
            _ => None,
        });
        assert_eq!(target, wanted, "{markdown}");
        assert!(!plain_text(content).is_empty(), "{markdown}");
    }
}

#[test]
fn pictures_come_from_plain_relative_paths() {
    let image = |path: &str| {
        vec![Inline::Image {
            path: path.into(),
            alt: "the stack".into(),
        }]
    };
    assert_eq!(
        parse("![the *stack*](pictures/stack.svg)")[0].node,
        Node::Paragraph(image("pictures/stack.svg"))
    );
    for path in [
        "../x.svg",
        "/x.svg",
        "a/../x.svg",
        "https://example.com/x.svg",
        "data:x",
        "a\\b.svg",
        "C:x",
        "./x",
    ] {
        assert_eq!(parse(&format!("![the stack]({path})")), [paragraph("the stack")], "{path}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let long = "x".repeat(10_000);
    for (markdown, wanted) in [
        ("\\| x \\|", "| x |"),
        ("\\<script>alert(1)\\</script>", "<script>alert(1)</script>"),
        ("&lt;script&gt;", "<script>"),
        ("{{ 7*7 }} {% raw %}", "{{ 7*7 }} {% raw %}"),
        ("a\u{202e}b", "a\u{202e}b"),
        ("\"a\" -- 'b' ... ~~c~~ $d$ [^1] #e", "\"a\" -- 'b' ... ~~c~~ $d$ [^1] #e"),
        ("a\nb", "a b"),
        (&long, &long),
    ] {
        assert_eq!(parse(markdown), [paragraph(wanted)], "{markdown}");
    }
}

#[test]
fn lists_are_tight_or_loose_and_may_have_boxes_to_tick() {
    let blocks = parse("3. a\n4. b\n\n   c\n");
    let Node::List { start, items } = &blocks[0].node else {
        panic!("{blocks:?}")
    };
    assert_eq!(*start, Some(3));
    assert_eq!(items[0], [paragraph("a")]);
    assert_eq!(items[1], [paragraph("b"), paragraph("c")]);
    let blocks = parse("<!-- kind: checklist -->\n- [ ] a\n  - b\n- [x] c\n");
    let Node::List { items, .. } = &blocks[0].node else {
        panic!("{blocks:?}")
    };
    let item = vec![Inline::Code("[ ]".into()), Inline::Text(" a".into())];
    assert_eq!(items[0][0].node, Node::Paragraph(item));
    assert!(matches!(&items[0][1].node, Node::List { .. }));
    assert_eq!(blocks[0].kind.as_deref(), Some("checklist"));
}

fn depth(blocks: &[Block]) -> usize {
    let inner = |block: &Block| match &block.node {
        Node::Quote(blocks) | Node::Group(blocks) => 1 + depth(blocks),
        Node::List { items, .. } => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
        _ => 0,
    };
    blocks.iter().map(inner).max().unwrap_or(0)
}

#[test]
fn deep_nesting_is_flattened_and_keeps_its_text() {
    let blocks = parse(&format!("{} a\n\nb", ">".repeat(10_000)));
    assert_eq!(depth(&blocks), MAX_BLOCK_DEPTH);
    assert_eq!(blocks[1], paragraph("b"));

    let lists: String = (0..1_000).map(|level| format!("{}- {level}\n", "  ".repeat(level))).collect();
    let blocks = parse(&lists);
    assert!(depth(&blocks) <= MAX_BLOCK_DEPTH + 1);
    assert!(format!("{blocks:?}").contains("\"999\""));

    let marks = format!("{}a{}", "*a **b ".repeat(5_000), "** *".repeat(5_000));
    assert!(format!("{:?}", parse(&marks)).len() > 20_000);

    let groups = "<!-- begin: x -->\n".repeat(10_000) + "a\n" + &"<!-- end -->\n".repeat(10_000);
    assert_eq!(depth(&parse(&groups)), MAX_BLOCK_DEPTH);
    assert_eq!(faults(&("<!-- begin: x -->\n".repeat(40) + "a\n")).len(), 40);
}
