//! Whole reports on one small inventory.

use crate::support::{Folder, expect};

#[test]
fn the_audit_edition_in_every_format_of_text() {
    let folder = Folder::golden();
    let outputs = ["-o", "audit.md", "-o", "audit.html", "-o", "audit.json", "-o", "audit.csv"];
    folder.run(&[&["report"][..], &outputs].concat()).fine();
    for name in ["audit.md", "audit.html", "audit.json"] {
        expect(&format!("golden/{name}"), &folder.read(name));
    }
    let csv = folder.read("audit.csv");
    assert!(csv.split_inclusive('\n').all(|line| line.ends_with("\r\n")), "RFC 4180");
    expect("golden/audit.csv", &csv.replace("\r\n", "\n"));
}

#[test]
fn the_other_editions() {
    let folder = Folder::golden();
    for edition in ["review", "handover"] {
        let run = folder.run(&["report", "--edition", edition, "-o", &format!("{edition}.md")]);
        run.fine();
        expect(&format!("golden/{edition}.md"), &folder.read(&format!("{edition}.md")));
    }
}
