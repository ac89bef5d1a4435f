//! The whole way from Markdown to the page.
#![allow(clippy::unwrap_used)]

use super::escape::address;
use super::inline::LONGEST_WORD;
use super::*;
use serde_json::json;

fn html(markdown: &str) -> String {
    of(markdown, &BTreeMap::new()).html
}

fn of(markdown: &str, pictures: &BTreeMap<String, String>) -> Body {
    body(&Document::parse(markdown).unwrap(), pictures, &Targets::default(), None)
}

fn shown(markdown: &str, svg: &str) -> String {
    of(markdown, &BTreeMap::from([("a.svg".to_owned(), svg.to_owned())])).html
}

#[test]
fn text_never_becomes_markup() {
    let hostile = "\\| x \\| \\<script>alert(1)\\</script> &amp;lt; {{ 7*7 }} \\[a\\](javascript:alert(1)) \"'";
    let escaped = "| x | &lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; {{ 7*7 }} [a](javascript:alert(1)) &quot;'";
    assert_eq!(html(hostile), format!("<p>{escaped}</p>\n"));
    assert!(html(&format!("# {hostile}")).contains(&format!(">{escaped}</h2>")));
    assert!(html(&format!("| a |\n|---|\n| {hostile} |\n")).contains(&format!("<td>{escaped}</td>")));
    assert_eq!(html("`<b>\"`"), "<p><code data-is=\"&lt;b&gt;&quot;\">&lt;b&gt;&quot;</code></p>\n");
    assert_eq!(html("```\n<b>&\n```"), "<pre><code>&lt;b&gt;&amp;\n</code></pre>\n");
    assert_eq!(html("[a](javascript:alert(1))"), "<p>a</p>\n");
    assert_eq!(html("![\"><b\\>](a.svg)"), "<p>&quot;&gt;&lt;b&gt;</p>\n");
    assert_eq!(html("a&#1;b&#xFFFF;&#x80;"), "<p>a\u{fffd}b\u{fffd}\u{fffd}</p>\n");
    assert_eq!(html("a\u{202e}b"), "<p><bdi>a\u{202e}b</bdi></p>\n");
}

#[test]
fn long_words_may_break_and_lose_nothing() {
    let long = "x".repeat(10_000);
    assert_eq!(html(&long).replace("<wbr>", ""), format!("<p>{long}</p>\n"));
    assert!(
        html(&long)
            .split("<wbr>")
            .all(|part| part.len() <= LONGEST_WORD + "<p></p>\n".len())
    );
    let arn = "arn:aws:rds:eu-west-1:111122223333:db:ledger";
    assert!(html(arn).contains("arn:<wbr>aws:<wbr>rds:<wbr>eu-<wbr>west-<wbr>1:111122223333:<wbr>db:<wbr>ledger"));
    assert_eq!(html("maintenance-window of the week"), "<p>maintenance-window of the week</p>\n");
}

#[test]
fn bands_and_rows_have_the_ids_that_their_marks_name() {
    let page = of(
        "# RDS\n\n<!-- kind: raci, columns: 2 1 1 -->\n| Duty | | AWS |\n|---|:-:|--:|\n| a | b | `R` |\n\
         | <!-- control: rds:backup shared -->**Backup** shared · data | | |\n\
         | <!-- duty: rds.backup.customer.c@prod +2 -->c \\[1\\]<br>*prod* | `A/R` | |\n\
         | <!-- duty: rds.backup.customer.c@dev -->*dev* | `I` | |\n",
        &BTreeMap::new(),
    );
    let table = "<div class=\"table raci\">\n<table>\n\
        <colgroup><col class=\"w500\"><col class=\"w250\"><col class=\"w250\"></colgroup>\n\
        <thead>\n<tr><th scope=\"col\">Duty</th><td class=\"center\"></td>\
        <th scope=\"col\" class=\"end\">AWS</th></tr>\n</thead>\n\
        <tbody>\n<tr><th scope=\"row\">a</th><td class=\"center\">b</td>\
        <td class=\"end\"><code data-is=\"R\">R</code></td></tr>\n</tbody>\n\
        <tbody data-control=\"backup\" data-type=\"shared\">\n<tr class=\"band\" id=\"rds:backup\">\
        <th scope=\"rowgroup\" colspan=\"3\"><span><strong>Backup</strong> shared\u{a0}· data</span></th></tr>\n\
        <tr data-duties=\"3\"><th scope=\"row\"><div class=\"activity\" id=\"rds.backup.customer.c@prod\">c [1]<br>\n\
        <em>prod</em></div></th><td class=\"center\"><code data-is=\"A/R\">A/R</code></td><td class=\"end\"></td></tr>\n\
        <tr class=\"deployment\" data-duties=\"1\"><th scope=\"row\"><div class=\"activity\" id=\"rds.backup.customer.c@dev\">\
        <em>dev</em></div></th><td class=\"center\"><code data-is=\"I\">I</code></td><td class=\"end\"></td></tr>\n\
        </tbody>\n</table>\n</div>\n";
    assert_eq!(page.html, format!("<section>\n<h2 id=\"rds\">RDS</h2>\n{table}</section>\n"));
    assert_eq!(page.style, ".w250 { width: 25.0% }\n.w500 { width: 50.0% }\n");
}

#[test]
fn items_of_a_list_say_what_they_stand_for() {
    assert_eq!(
        html("- **Backup**<!-- commitments: rds:backup shared -->: takes\n- other\n"),
        "<ul>\n<li id=\"rds:backup:provider\" data-control=\"backup\" data-type=\"shared\" data-commitments=\"0\">\
         <strong>Backup</strong>: takes</li>\n<li>other</li>\n</ul>\n"
    );
}

#[test]
fn cells_of_the_matrix_lead_to_the_control_of_their_service() {
    let html = html(
        "<!-- kind: matrix -->\n| Control | [<!-- section: rds -->R](#rds) | [<!-- section: s3 -->S](#s3) | T |\n|---|---|---|---|\n\
         | <!-- control: backup -->Backup | `S!` | `C` | `P` |\n| <!-- control: keys -->Keys | – | `P` | |\n\n\
         # RDS\n\n<!-- kind: raci -->\n| Duty | A |\n|---|---|\n| <!-- control: rds:backup shared -->**Backup** | |\n| a | `R` |\n\n\
         # S3\n\n- **Keys**<!-- commitments: s3:keys inherited -->: guards\n",
    );
    for link in [
        "<td><a href=\"#rds:backup\"><code data-is=\"S!\">S<span class=\"heard\"> with a duty not met</span>",
        "<td><a href=\"#s3\"><code data-is=\"C\">C</code></a></td><td><code data-is=\"P\">P</code></td>",
        "<td>–</td><td><a href=\"#s3:keys:provider\">",
    ] {
        assert!(html.contains(link), "{html}");
    }
}

#[test]
fn headings_open_sections_and_a_group_ends_those_that_it_is_no_part_of() {
    assert_eq!(
        html("# A\n## B\nb\n\n<!-- begin: wide -->\n# C\n<!-- end -->\n\n<!-- begin: note -->\nc\n<!-- end -->\n"),
        "<section>\n<h2 id=\"a\">A</h2>\n<section>\n<h3 id=\"b\">B</h3>\n<p>b</p>\n</section>\n</section>\n\
         <div class=\"wide\">\n<section>\n<h2 id=\"c\">C</h2>\n</section>\n</div>\n<div class=\"note\">\n<p>c</p>\n</div>\n"
    );
}

#[test]
fn wide_tables_can_be_scrolled_by_keyboard_and_are_told_apart() {
    let table = "| a | b | c | d |\n|---|---|---|---|\n\n";
    let html = html(&format!("{table}# T \"1\"\n\n{table}<!-- kind: data-only -->\n{table}"));
    assert!(
        html.contains("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table 1\">"),
        "{html}"
    );
    assert!(html.contains("aria-label=\"T &quot;1&quot;, table 2\">"), "{html}");
    assert!(html.contains("<div class=\"table data-only stacked\">\n<table>"), "{html}");
    let many = format!("|{}\n|{}\n", " a |".repeat(17), "---|".repeat(17));
    assert!(self::html(&many).contains("<div class=\"table many\" tabindex"));
}

#[test]
fn tables_of_one_row_show_as_cards_where_the_kind_says_so() {
    assert_eq!(
        html("<!-- kind: tiles -->\n| met | not met |\n|---|---|\n| 7 | **1** |\n"),
        "<dl class=\"tiles\">\n<div><dt>met</dt><dd>7</dd></div>\n\
         <div><dt>not met</dt><dd><strong>1</strong></dd></div>\n</dl>\n"
    );
    let two_rows = html("<!-- kind: split -->\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n");
    assert!(two_rows.starts_with("<div class=\"table split\">"), "{two_rows}");
}

#[test]
fn kinds_are_classes() {
    assert_eq!(
        html("<!-- begin: wide -->\n<!-- kind: chapter -->\n## T\n<!-- kind: lead -->\na\n<!-- end -->\n"),
        "<div class=\"wide\">\n<section>\n<h3 id=\"t\" class=\"chapter\">T</h3>\n<p class=\"lead\">a</p>\n</section>\n</div>\n"
    );
    assert_eq!(
        html("<!-- kind: checklist -->\n- [ ] a\n- [x] b\n"),
        "<ul class=\"checklist\">\n<li><span class=\"box\" role=\"img\" aria-label=\"to do\"></span> a</li>\n\
         <li><span class=\"box done\" role=\"img\" aria-label=\"done\"></span> b</li>\n</ul>\n"
    );
    assert_eq!(html("###### deep"), "<section>\n<h6 id=\"deep\">deep</h6>\n</section>\n");
    assert_eq!(html("3. a\n4. b"), "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
    assert_eq!(
        html("<!-- kind: note -->\n> a\n\n---"),
        "<blockquote class=\"note\">\n<p>a</p>\n</blockquote>\n<hr>\n"
    );
}

#[test]
fn a_duty_not_met_is_heard_as_well() {
    assert!(html("`C!`").contains("<code data-is=\"C!\">C<span class=\"heard\"> with a duty not met</span></code>"));
}

#[test]
fn addresses_are_valid() {
    assert_eq!(
        address("https://e.com/a b?q=[1]&r=%20%zz#f#g"),
        "https://e.com/a%20b?q=%5B1%5D&r=%20%25zz#f%23g"
    );
    assert_eq!(address("https://e.com/é\"<"), "https://e.com/%C3%A9%22%3C");
    assert_eq!(html("[a](https://e.com/?b&c)"), "<p><a href=\"https://e.com/?b&amp;c\">a</a></p>\n");
    assert_eq!(
        html("[a](#größe)\n# Größe"),
        "<p><a href=\"#größe\">a</a></p>\n<section>\n<h2 id=\"größe\">Größe</h2>\n</section>\n"
    );
}

#[test]
fn pictures_stand_in_the_page_and_never_clash() {
    let svg = "<?xml version=\"1.0\"?>\n<svg><defs><g id='a'/></defs><!-- id=\"a\" --><a href=\"#a\"><use xlink:href=\"#a\"/></a>\
        <a href=\"#rds\"/><rect fill=\"url(#a)\" aria-labelledby=\"a\"/><text>id=\"a\"</text></svg>\n";
    let html = shown("<!-- kind: stack -->\n![the \"stack\"](a.svg)\n\nb ![c](a.svg)\n", svg);
    assert_eq!(
        html,
        "<figure class=\"stack\" role=\"img\" aria-label=\"the &quot;stack&quot;\"><svg><defs><g id='p1:a'/></defs>\
         <!-- id=\"a\" --><a href=\"#p1:a\"><use xlink:href=\"#p1:a\"/></a><a href=\"#rds\"/>\
         <rect fill=\"url(#p1:a)\" aria-labelledby=\"p1:a\"/><text>id=\"a\"</text></svg></figure>\n\
         <p>b <span class=\"picture\" role=\"img\" aria-label=\"c\"><svg><defs><g id='p2:a'/></defs>\
         <!-- id=\"a\" --><a href=\"#p2:a\"><use xlink:href=\"#p2:a\"/></a><a href=\"#rds\"/>\
         <rect fill=\"url(#p2:a)\" aria-labelledby=\"p2:a\"/><text>id=\"a\"</text></svg></span></p>\n"
    );
    for broken in ["", "<svg", "<svg a=\"", "<svg><g id='", "<svg><!--", "<svg></svg><", "text"] {
        let html = shown("![c](a.svg)", broken);
        assert!(html.ends_with("</figure>\n"), "{html}");
    }
}

#[test]
fn contents_name_all_headings() {
    let document = Document::parse("# A `b`\n<!-- begin: wide -->\n## C\n<!-- end -->\n> # A `b`\n").unwrap();
    let entry = |level, anchor: &str, text: &str| Entry {
        level,
        anchor: anchor.into(),
        text: text.into(),
    };
    assert_eq!(
        contents(&document),
        [entry(1, "a-b", "A b"), entry(2, "c", "C"), entry(1, "a-b-1", "A b")]
    );
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let html = html(&format!(
        "{} a\n\n{}b{}",
        ">".repeat(10_000),
        "*a **b ".repeat(5_000),
        "** *".repeat(5_000)
    ));
    assert!(html.contains("<p>a</p>"));
}

fn page(child: Option<&str>, report: &serde_json::Value) -> String {
    let mut tera = tera::Tera::default();
    crate::render::templates::register(&mut tera);
    let mut templates = vec![("page.html", include_str!("../../../templates/page.html"))];
    templates.extend(child.map(|child| ("child.html", child)));
    tera.add_raw_templates(templates).unwrap();
    let mut context = tera::Context::new();
    context.insert("report", report);
    context.insert(
        "page",
        &json!({"sections": report["services"], "common": report["common"], "operated_by": "the provider"}),
    );
    context.insert("places", &PlacesTold::default());
    context.insert("body", "<p>BODY</p>");
    context.insert("style", include_str!("../../../templates/style.css"));
    context.insert("script", include_str!("../../../templates/script.js"));
    context.insert("policy", POLICY);
    context.insert(
        "contents",
        &[Entry {
            level: 1,
            anchor: "a".into(),
            text: "<A>".into(),
        }],
    );
    context.insert("logo", &None::<String>);
    tera.render(if child.is_some() { "child.html" } else { "page.html" }, &context)
        .unwrap()
}

fn empty() -> serde_json::Value {
    json!({
        "meta": {"title": "T", "organization": null, "classification": null, "edition_title": null, "subtitle": null,
                 "as_of": null, "version": null, "catalog_version": null, "tool_version": null},
        "theme": null,
        "summary": {"controls": {"partner_specific": 0}},
        "cover_facts": [], "parties": [], "services": [], "common": [], "matrix": [],
    })
}

#[test]
fn the_page_escapes_what_it_is_given_and_needs_little() {
    let hostile = "'\\\"><script>alert(1)</script>{{ 7*7 }}\n";
    let report = json!({
        "meta": {"title": hostile, "organization": hostile, "classification": hostile, "edition_title": hostile,
                 "subtitle": hostile, "as_of": hostile, "version": hostile, "catalog_version": hostile,
                 "tool_version": hostile},
        "theme": {"accent": "#0b5fff", "footer": hostile},
        "summary": {"controls": {"partner_specific": 0}},
        "cover_facts": [{"label": hostile, "value": hostile}],
        "parties": [{"id": hostile, "short": hostile, "name": hostile, "kind": "customer"}],
        "services": [{"key": hostile, "anchor": hostile, "title": hostile}],
        "common": [{"title": hostile}],
        "matrix": [{"rows": [{"control": hostile, "title": hostile}]}],
    });
    let html = page(None, &report);
    assert!(
        html.contains("<style>\n:root { --accent: #0b5fff; --page-title: '\\27 \\5c \\22 \\3e \\3c script"),
        "{html}"
    );
    assert!(
        !html.contains("<script>alert") && html.contains("{{ 7*7 }}") && html.contains("<p>BODY</p>"),
        "{html}"
    );
    assert!(html.contains("<a href=\"#a\">&lt;A&gt;</a>"), "{html}");

    let html = page(None, &empty());
    assert!(html.contains("<title>T · Responsibility report</title>"), "{html}");
}

#[test]
fn a_page_of_ones_own_can_extend_the_built_in_one() {
    let child = "{% extends \"page.html\" %}{% block cover %}<header><h1>Mine</h1></header>{% endblock %}\
        {% block style %}:root { --accent: red }{% endblock %}{% block report %}{{ super() }}<p>More</p>{% endblock %}";
    let html = page(Some(child), &empty());
    assert!(html.contains("<h1>Mine</h1>") && !html.contains("class=\"cover\""), "{html}");
    assert!(html.contains(":root { --accent: red }") && html.contains("<p>BODY</p>") && html.contains("<p>More</p>"));
}

#[test]
fn the_style_cannot_end_its_element() {
    let style = include_str!("../../../templates/style.css");
    assert!(!style.contains("</") && !style.contains("url(") && !style.contains("@import"));
    let script = include_str!("../../../templates/script.js");
    for forbidden in [
        "</",
        "<!--",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "import",
    ] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}
