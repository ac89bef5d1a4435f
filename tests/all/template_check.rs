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
            "mine/parts/moves.md",
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
        "mine/parts/moves.md:1:",
        "mine/page.html:2:",
        "mine/page.typ:1:",
    ] {
        assert!(errors.contains(place), "{place}: {errors}");
    }
    assert!(errors.contains("did you mean `title`?"), "{errors}");
}

/// What only some inventories bring into a template: a fault in each such place is told.
#[test]
fn faults_are_told_wherever_an_inventory_would_meet_them() {
    let met = [
        ("partial", "report.partial"),
        ("cut", "report.meta.party"),
        ("no_pictures", "not report.meta.pictures"),
        ("redacted", "report.meta.redacted"),
        ("no_handover", "report.meta.edition == \"handover\" and not report.handover.planned"),
        ("nothing", "not report.exceptions and not report.artefacts"),
        (
            "handover",
            "report.meta.edition == \"handover\" and report.handover.access and report.handover.runbooks and report.handover.exit",
        ),
        ("findings", "report.findings"),
    ];
    let mut cover = String::new();
    for (position, (name, condition)) in met.iter().enumerate() {
        let word = if position == 0 { "if" } else { "elif" };
        cover.push_str(&format!("{{% {word} {condition} %}}\n{{{{ report.met_{name} }}}}\n"));
    }
    let folder = Folder::new().with(
        "mine/parts/cover.md",
        format!("{cover}{{% endif %}}\n{{% include \"builtin/parts/cover.md\" %}}\n"),
    );
    let run = check(&folder);
    let errors = run.failed(1);
    for (name, _) in met {
        assert!(errors.contains(&format!("met_{name}")), "{name}: {errors}");
    }
    // What is too long to be told in full is tried where all else is well.
    let condition = "page.in_short and page.picture | length > 1 and page.operators | length > 1";
    let cover = format!("{{% if {condition} %}}{{{{ report.met_much }}}}{{% endif %}}\n{{% include \"builtin/parts/cover.md\" %}}\n");
    let run = check(&Folder::new().with("mine/parts/cover.md", cover));
    assert!(run.failed(1).contains("met_much"), "{}", run.errors);
}

#[test]
fn a_folder_that_cannot_be_read_is_told() {
    let folder = Folder::new();
    folder.run(&["templates", "check", "nowhere"]).failed(3);
}

#[test]
fn what_was_ejected_is_counted_and_checked_file_by_file() {
    let folder = Folder::new();
    folder.run(&["templates", "eject", "mine"]).fine();
    let names = folder.run(&["templates", "list"]).fine();
    let count = names.lines().count();
    assert!(
        check(&folder).fine().starts_with(&format!("{count} files checked")),
        "{}",
        check(&folder).text()
    );
    // One that is broken is told by its name, of the reports and of the catalog's pages.
    for name in ["parts/cover.md", "site/service.html"] {
        let well = folder.read(&format!("mine/{name}"));
        folder.put(&format!("mine/{name}"), format!("{{{{ report.nothing_of_this_name }}}}{well}"));
        let run = check(&folder);
        assert!(run.failed(1).contains(&format!("mine/{name}:")), "{name}: {:.2000}", run.errors);
        folder.put(&format!("mine/{name}"), well);
    }
}

#[test]
fn like_faults_of_all_editions_are_one() {
    let folder = Folder::new()
        .with("mine/parts/cover.md", "<div>\n")
        .with("mine/page.typ", "#let x = json(\"no.json\")\n#body");
    let run = check(&folder);
    let errors = run.failed(1);
    assert_eq!(errors.matches("error[").count(), 2, "{errors}");
}

#[test]
fn a_file_that_no_template_uses_is_told_and_not_counted() {
    let folder = Folder::new()
        .with("mine/parts/mine.md", "x\n")
        .with(
            "mine/parts/cover.md",
            "{% include \"parts/mine.md\" %}\n{% include \"builtin/parts/cover.md\" %}\n",
        )
        .with("mine/notes.md", "x\n");
    let run = check(&folder);
    assert!(run.fine().starts_with("2 files checked"), "{}", run.text());
    assert!(
        run.errors.contains("warning[template-unknown]: no template uses `mine/notes.md`"),
        "{}",
        run.errors
    );
}

/// A folder `templates/` that nobody asked for reads nothing that lies outside of it.
#[cfg(unix)]
#[test]
fn links_of_a_folder_that_nobody_asked_for_lead_nowhere() {
    use std::os::unix::fs::symlink;
    const SECRET: &str = "TOPSECRET";
    let told = |folder: &Folder, link: &str| {
        for command in [
            &["report", "work/inventory.yaml"][..],
            &["check", "work/inventory.yaml"],
            &["pack", "work/inventory.yaml", "-o", "p"],
        ] {
            let run = folder.run(command);
            let errors = run.failed(1);
            assert!(
                errors.contains("error[link-leads-out]") && errors.contains(link),
                "{link}: {errors}"
            );
            assert!(!errors.contains(SECRET) && !run.text().contains(SECRET), "{errors}");
        }
        assert!(!folder.files().iter().any(|file| file.starts_with("p/")));
    };
    let base = || {
        Folder::new()
            .with(
                "work/inventory.yaml",
                crate::support::repository("tests/fixtures/golden/inventory.yaml"),
            )
            .with("outside/secret.md", SECRET)
            .with("outside/parts/summary.md", SECRET)
            .with("outside/report.md", SECRET)
    };
    let includes = "{% include \"x.md\" %}";
    // A file, by an absolute and by a relative path, and through a folder within.
    for (at, to) in [("x.md", None), ("x.md", Some("../outside/secret.md")), ("report.md", None)] {
        let folder = base();
        folder.put("templates/report.md", includes);
        folder.put("templates/parts/own.md", "x");
        let _ = std::fs::remove_file(folder.path(&format!("templates/{at}")));
        match to {
            Some(to) => symlink(to, folder.path(&format!("templates/{at}"))).unwrap(),
            None => symlink(folder.path("outside/secret.md"), folder.path(&format!("templates/{at}"))).unwrap(),
        }
        told(&folder, at);
    }
    let folder = base();
    folder.put("templates/report.md", includes);
    folder.put("templates/parts/own.md", "x");
    symlink("parts/../../outside/secret.md", folder.path("templates/x.md")).unwrap();
    told(&folder, "templates/x.md");
    // A folder, one within a folder, and the folder of templates itself.
    let folder = base();
    folder.put("templates/report.md", "{% include \"parts/summary.md\" %}");
    symlink(folder.path("outside/parts"), folder.path("templates/parts")).unwrap();
    told(&folder, "templates/parts");
    let folder = base();
    std::fs::create_dir_all(folder.path("templates/a")).unwrap();
    folder.put("templates/report.md", "{% include \"a/b/secret.md\" %}");
    symlink(folder.path("outside"), folder.path("templates/a/b")).unwrap();
    told(&folder, "templates/a/b");
    let outer = tempfile::tempdir().unwrap();
    std::fs::write(outer.path().join("report.md"), SECRET).unwrap();
    let folder = base();
    symlink(outer.path(), folder.path("templates")).unwrap();
    told(&folder, "templates");
    // Links within it are followed, a loop and a link to nowhere harm nothing.
    let folder = base();
    folder.put("templates/parts/own.md", "OWN");
    folder.put("templates/report.md", includes);
    symlink("parts/own.md", folder.path("templates/x.md")).unwrap();
    symlink("..", folder.path("templates/parts/loop")).unwrap();
    symlink("nowhere", folder.path("templates/parts/.#lock")).unwrap();
    assert!(folder.run(&["report", "work/inventory.yaml"]).fine().contains("OWN"));
    // Somebody else's folder of that name is none of ours, whatever its links.
    let folder = base();
    folder.put("templates/index.html", "x");
    symlink(folder.path("outside/secret.md"), folder.path("templates/base.md")).unwrap();
    assert!(!folder.run(&["report", "work/inventory.yaml"]).fine().contains(SECRET));
    // Who asks for a folder gets what it leads to.
    let folder = base();
    folder.put("mine/report.md", includes);
    symlink(folder.path("outside/secret.md"), folder.path("mine/x.md")).unwrap();
    assert!(
        folder
            .run(&["report", "work/inventory.yaml", "--templates", "mine"])
            .fine()
            .contains(SECRET)
    );
}
