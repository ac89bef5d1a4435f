//! Templates of a project over the built-in ones.

use crate::support::{Folder, root};

#[test]
fn a_part_can_be_replaced() {
    let folder = Folder::golden();
    let before = folder.report("markdown").fine();
    folder.put("mine/parts/summary.md", "<!-- kind: chapter -->\n## Summary\n\nOur own words on {{ report.summary.services }} services of {{ report.meta.organization }}.\n");
    let with = ["report", "--templates", "mine"];
    let after = folder.run(&with).fine();
    assert!(
        after.contains("## Summary\n\nOur own words on 3 services of Example Shop Ltd.\n\n"),
        "{after}"
    );
    let around = |text: &str| {
        let (head, rest) = text.split_once("## Summary").unwrap();
        let (_, tail) = rest.split_once("\n## ").unwrap();
        (head.to_owned(), tail.to_owned())
    };
    assert_eq!(around(&before), around(&after), "all else is as it was");
    // The same words in every format.
    assert!(
        folder
            .run(&[&with[..], &["--format", "html"]].concat())
            .fine()
            .contains("Our own words on 3 services")
    );
    let pdf = folder.run(&[&with[..], &["--format", "pdf"]].concat());
    let text = pdf_extract::extract_text_from_mem(&pdf.bytes).unwrap();
    assert!(
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("Our own words on 3 services")
    );
}

#[test]
fn the_projects_folder_takes_effect_by_itself_and_the_command_line_over_it() {
    let folder = Folder::golden()
        .with("templates/parts/disclaimer.md", "The project's words.\n")
        .with("mine/parts/disclaimer.md", "The command line's words.\n");
    assert!(folder.run(&["report"]).fine().contains("\nThe project's words.\n"));
    let chosen = folder.run(&["report", "--templates", "mine"]).fine();
    assert!(chosen.contains("\nThe command line's words.\n") && !chosen.contains("The project's words."));
    // A folder of that name that overrides nothing is somebody else's.
    let other = Folder::golden().with("templates/email.html", "{{ not for us");
    assert!(other.run(&["report"]).fine().contains("# Small shop"));
}

#[test]
fn an_override_can_hold_the_original() {
    let folder = Folder::golden();
    let before = folder.report("markdown").fine();
    folder.put(
        "mine/report.md",
        "{% include \"builtin/report.md\" %}\n\n## Appendix\n\nMade by {{ report.meta.prepared_by }}.\n",
    );
    assert_eq!(
        folder.run(&["report", "--templates", "mine"]).fine(),
        format!("{before}\n## Appendix\n\nMade by Platform Engineering.\n")
    );
    folder.put("mine/report.md", "{% include \"parts/summary.md\" %}");
    let one = folder.run(&["report", "--templates", "mine"]).fine();
    assert!(before.contains(one.trim()) && one.len() < before.len());
    // The page's frame is extended by its blocks.
    let page = folder.report("html").fine();
    folder.put(
        "frame/page.html",
        "{% extends \"builtin/page.html\" %}{% block footer %}<footer>Our foot, {{ report.meta.title }}</footer>{% endblock footer %}",
    );
    let framed = folder.run(&["report", "--templates", "frame", "--format", "html"]).fine();
    assert!(framed.contains("<footer>Our foot, Small shop</footer>") && !framed.contains("end-of-report\""));
    let body = |page: &str| page.split_once("<main").unwrap().1.split_once("</main>").unwrap().0.to_owned();
    assert_eq!(body(&page), body(&framed));
}

#[test]
fn looks_can_be_replaced_alone() {
    let folder = Folder::golden().with("mine/style.css", "body { color: rebeccapurple }");
    let page = folder.run(&["report", "--templates", "mine", "--format", "html"]).fine();
    assert!(page.contains("body { color: rebeccapurple }") && !page.contains("color-scheme: light dark"));
}

#[test]
fn a_wrong_template_says_where_and_what_exists() {
    let folder = Folder::golden();
    let failed = |name: &str, text: &str, format: &str| {
        folder.put(&format!("mine/{name}"), text);
        let run = folder.run(&["report", "--templates", "mine", "--format", format]);
        let errors = run.failed(1).to_owned();
        std::fs::remove_dir_all(folder.path("mine")).unwrap();
        assert_eq!(run.bytes, b"");
        errors
    };
    // A field that does not exist.
    let errors = failed("parts/summary.md", "## Summary\n\n{{ report.meta.titel | upper }}\n", "markdown");
    assert!(
        errors.contains("error[template-error]") && errors.contains("mine/parts/summary.md:3:"),
        "{errors}"
    );
    assert!(errors.contains("did you mean `title`?"), "{errors}");
    for field in ["organization", "as_of", "classification", "prepared_by", "tool_version"] {
        assert!(errors.contains(field), "the fields that exist: {errors}");
    }
    for (name, text, format, told) in [
        (
            "parts/summary.md",
            "{% for service in report.services %}\n{{ service.nmae }}\n{% endfor %}",
            "markdown",
            ["mine/parts/summary.md:2:", "cloudraci schema report"],
        ),
        // Syntax, an unknown filter, a template that does not exist.
        (
            "report.md",
            "# x\n{% if report %}\n",
            "markdown",
            ["error[template-error]", "mine/report.md:"],
        ),
        (
            "report.md",
            "# x\n\n{{ report.meta.title | shout }}\n",
            "markdown",
            ["shout", "report.md"],
        ),
        (
            "report.md",
            "{% include \"parts/nowhere.md\" %}",
            "markdown",
            ["error[template-error]", "parts/nowhere.md"],
        ),
        // The page of the HTML and the page of the PDF.
        (
            "page.html",
            "<p>\n{{ report.meta.titel }}",
            "html",
            ["mine/page.html:2:", "did you mean `title`?"],
        ),
        (
            "page.typ",
            "#set text(size: 9pt)\n#nothing-of-this-name\n#body",
            "pdf",
            ["error[typst-error]", "page.typ:2:"],
        ),
    ] {
        let errors = failed(name, text, format);
        for words in told {
            assert!(errors.contains(words), "{words}: {errors}");
        }
    }
}

#[test]
fn an_override_that_cannot_be_read_is_an_error() {
    let folder = Folder::golden()
        .with("latin/report.md", b"# M\xfcller".as_slice())
        .with("folder/report.md/x.txt", "")
        .with("file", "");
    for templates in ["latin", "folder", "file", "nowhere"] {
        let run = folder.run(&["report", "--templates", templates]);
        assert!([1, 3].contains(&run.code), "{templates}: exit {}: {}", run.code, run.errors);
        assert!(
            run.errors.contains(&format!("`{templates}")) || run.errors.contains(&format!("{templates}/")),
            "{templates}: {}",
            run.errors
        );
        assert_eq!(run.bytes, b"", "{templates}");
    }
}

#[test]
fn a_misspelt_override_is_pointed_out() {
    let folder = Folder::golden().with("mine/parts/sumary.md", "## Summary\n");
    let run = folder.run(&["report", "--templates", "mine"]);
    run.fine();
    assert!(
        run.errors.contains("warning[template-unknown]") && run.errors.contains("did you mean `parts/summary.md`?"),
        "{}",
        run.errors
    );
}

/// A filter binds tighter than `or`: in `a or "–" | prose` it takes the dash alone, and marks of code in `a` stay letters.
#[test]
fn no_filter_stands_behind_an_or() {
    let behind = regex::Regex::new(r#"\{\{[^}]* or "[^"]*" *\|"#).unwrap();
    for entry in walkdir::WalkDir::new(root().join("templates")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            assert!(!behind.is_match(&text), "{}: {:?}", entry.path().display(), behind.find(&text));
        }
    }
}
