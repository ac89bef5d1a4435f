//! `check` says beforehand what would keep a report from being made.

use crate::support::{Folder, repository};
use serde_json::{Value, json};

/// A report in every format fails where `check` does, and only there; what `check` says of it is told by both.
fn both_say(folder: &Folder, more: &[&str], message: &str) {
    let check: Vec<&str> = [&["check", "inventory.yaml"][..], more].concat();
    let checked = folder.run(&check);
    assert_ne!(checked.code, 0, "{message}: {}", checked.errors);
    assert!(checked.errors.contains(message), "{message}: {}", checked.errors);
    let report: Vec<&str> = [&["report", "inventory.yaml", "-o", "r.pdf", "-o", "r.html"][..], more].concat();
    let reported = folder.run(&report);
    assert_ne!(reported.code, 0, "{message}: {}", reported.errors);
    assert!(reported.errors.contains(message), "{message}: {}", reported.errors);
    assert!(!folder.files().iter().any(|name| name.starts_with("r.")));
}

fn with_theme(theme: &str) -> Folder {
    let text = repository("inventories/minimal.yaml");
    assert!(!text.contains("theme:"), "the example has none");
    Folder::new().with("inventory.yaml", format!("{text}\ntheme: {theme}\n"))
}

#[test]
fn what_a_report_needs_is_checked() {
    both_say(
        &with_theme("{logo: none.svg}"),
        &[],
        "error[logo-unreadable]: cannot read `none.svg`",
    );
    both_say(
        &with_theme("{logo: l.svg}").with("l.svg", "<svg"),
        &[],
        "error[logo-unreadable]: `l.svg` cannot be drawn",
    );
    both_say(
        &with_theme("{logo: l.png}").with("l.png", b"\x89PNG\r\n\x1a\n cut off"),
        &[],
        "error[logo-unreadable]",
    );
    both_say(&with_theme("{logo: l.gif}").with("l.gif", "GIF89a"), &[], "error[logo-unreadable]");
    both_say(&with_theme("{font_path: none}"), &[], "cannot read the fonts in `none`");
    let folder = Folder::golden();
    both_say(&folder, &["--font-path", "none"], "cannot read the fonts in `none`");
    both_say(&folder, &["--templates", "none"], "cannot read the templates in `none`");
    both_say(&folder, &["--catalog", "none"], "cannot read the catalog folder");
    both_say(
        &Folder::golden().with("c/services/rds.yaml", "id: ["),
        &["--catalog", "c"],
        "did not find expected node content",
    );
    both_say(
        &Folder::golden().with("t/report.md", "{{ report.meta.titel }}"),
        &["--templates", "t"],
        "Field `titel` is not defined",
    );
    both_say(
        &Folder::golden().with("t/page.typ", "#nothing\n#body"),
        &["--templates", "t"],
        "unknown variable: nothing",
    );
    both_say(
        &Folder::golden().with("t/page.html", "{% if %}"),
        &["--templates", "t"],
        "error[template-error]",
    );
    both_say(
        &Folder::golden().with("templates/report.md", "{{ report.meta.titel }}"),
        &[],
        "Field `titel` is not defined",
    );
    // All of it at once.
    let all = with_theme("{logo: none.svg, font_path: none}").with("templates/report.md", "{% if %}");
    for message in ["none.svg", "cannot read the fonts", "error[template-error]"] {
        both_say(&all, &[], message);
    }
}

/// Every text of an inventory, one at a time, as nothing that is seen, and as a mark alone.
#[test]
fn names_that_print_as_nothing_are_told_with_their_place_and_the_pdf_is_made_without() {
    let inventory = json!({
        "inventory": 1, "organization": "O", "title": "T", "system": "S", "version": "1", "classification": "c",
        "prepared_by": "p", "prepared_for": "q", "theme": {"footer": "f"},
        "parties": {"team": {"name": "Team", "contact": "c", "people": ["x"]}},
        "accounts": {"111122223333": {"name": "n", "environment": "prod", "owner": "o"}},
        "resources": [
            {"service": "rds", "name": "b", "environment": "prod", "owner": "o", "region": "eu-west-1", "data": ["d"], "account": "111122223333"},
        ],
        "exceptions": [{"match": {"service": "rds"}, "reason": "r", "approved_by": "a", "expires": "2027-01-01"}],
        "evidence": [{"match": {"service": "rds"}, "artefact": "r", "location": "a"}],
        "revisions": [{"version": "1", "date": "2026-01-01", "author": "a", "change": "c"}],
    });
    let texts = [
        "/organization",
        "/title",
        "/system",
        "/version",
        "/classification",
        "/prepared_by",
        "/prepared_for",
        "/theme/footer",
        "/parties/team/name",
        "/parties/team/contact",
        "/parties/team/people/0",
        "/accounts/111122223333/name",
        "/accounts/111122223333/environment",
        "/accounts/111122223333/owner",
        "/resources/0/name",
        "/resources/0/environment",
        "/resources/0/owner",
        "/resources/0/region",
        "/resources/0/data/0",
        "/exceptions/0/reason",
        "/exceptions/0/approved_by",
        "/evidence/0/artefact",
        "/evidence/0/location",
        "/revisions/0/version",
        "/revisions/0/author",
        "/revisions/0/change",
    ];
    let spelt = |value: &Value| -> String {
        let ascii = |letter: char| {
            if letter.is_ascii() {
                letter.to_string()
            } else {
                format!("\\u{:04x}", u32::from(letter))
            }
        };
        value.to_string().chars().map(ascii).collect()
    };
    for (number, at) in texts.iter().enumerate() {
        let nothing = ["\u{1b}", " ", "\u{200b}", "\u{a0}\u{2028}", "\u{feff}\t", "\u{3164}", "\u{ad}"][number % 7];
        for (written, prints) in [(nothing, false), ("\u{301}", true), ("\u{e000}", true)] {
            let mut inventory = inventory.clone();
            *inventory.pointer_mut(at).unwrap() = json!(written);
            let folder = Folder::new().with("inventory.json", spelt(&inventory));
            let checked = folder.run(&["check", "inventory.json"]);
            assert_eq!(
                !checked.errors.contains("prints as nothing"),
                prints,
                "{at} {written:?}: {}",
                checked.errors
            );
            if prints {
                // One format is enough to see that nothing is said of the others.
                let format = if number % 4 == 0 { "r.pdf" } else { "r.md" };
                folder.run(&["report", "inventory.json", "-o", format]).well();
            } else {
                assert!(checked.failed(1).contains("inventory.json:1:"), "{at}: {}", checked.errors);
            }
        }
    }
    // In a key, and in an import, where it counts as left out.
    let folder = Folder::new().with(
        "inventory.yaml",
        "inventory: 1\norganization: O\nparties: {\"\\u200b\": {}}\nresources: [{service: s3}]\n",
    );
    folder.refuses(&["check"], 1, "a key of `parties` prints as nothing");
    let state = json!({"version": 4, "resources": [{"mode": "managed", "type": "aws_instance", "name": "w", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": [{"attributes": {"id": "i-1", "tags": {"Name": "\u{200b}"}}}]}]});
    let folder = Folder::new().with("a.tfstate", state.to_string());
    let written = folder.run(&["import", "a.tfstate"]).fine();
    assert!(
        written.contains("i-1") && !written.contains("\\u200B") && !written.contains('\u{200b}') || written.contains("tags"),
        "{written}"
    );
    folder.put("inventory.yaml", written.replace("inventory: 1", "inventory: 1\norganization: O"));
    assert!(!folder.run(&["check"]).errors.contains("prints as nothing"));
}
