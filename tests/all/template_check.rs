//! `templates check`: everything wrong with a folder of templates, at once.

use crate::support::Folder;

fn check(folder: &Folder) -> crate::support::Run {
    folder.run(&["templates", "check", "mine"])
}

#[test]
fn the_built_in_templates_pass_and_so_does_a_good_override() {
    let folder = Folder::new();
    folder.run(&["templates", "eject", "mine"]).fine();
    let text = check(&folder).fine();
    assert!(
        text.contains("checked in 3 editions, as Markdown, HTML and PDF: all is well"),
        "{text}"
    );
}

#[test]
fn every_file_that_is_wrong_is_told() {
    let folder = Folder::new()
        .with("mine/parts/summary.md", "## Summary\n\n{{ report.meta.titel }}\n")
        .with(
            "mine/parts/findings.md",
            "{% for f in report.findings %}\n{{ f.mesage }}\n{% endfor %}\n",
        )
        .with("mine/parts/sign-off.md", "{% if report %}\n")
        .with(
            "mine/parts/handover.md",
            "{% if report.meta.edition == \"handover\" %}{{ report.handover.nobody }}{% endif %}\n",
        )
        .with("mine/page.html", "<p>\n{{ report.meta.titel }}")
        .with("mine/page.typ", "#nothing-of-this-name\n#body");
    let run = check(&folder);
    let errors = run.failed(1);
    for place in [
        "mine/parts/summary.md:3:",
        "mine/parts/findings.md:2:",
        "mine/parts/sign-off.md:",
        "mine/parts/handover.md:1:",
        "mine/page.html:2:",
        "mine/page.typ:1:",
    ] {
        assert!(errors.contains(place), "{place}: {errors}");
    }
    assert!(errors.contains("did you mean `title`?"), "{errors}");
}

#[test]
fn a_folder_that_cannot_be_read_is_told() {
    let folder = Folder::new();
    folder.run(&["templates", "check", "nowhere"]).failed(3);
}
