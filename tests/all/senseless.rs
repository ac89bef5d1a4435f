//! What makes no sense to compare or to suppose: a clear word with help, and never half an answer.

use crate::changes::BASE;
use crate::support::{Folder, list};
use serde_json::{Value, json};

fn folder() -> Folder {
    let folder = Folder::new().with("base.yaml", BASE);
    folder.run(&["report", "base.yaml", "-o", "base.json"]).well();
    folder
}

#[test]
fn what_cannot_be_supposed_is_told() {
    let folder = folder();
    for (arguments, word) in [
        (&["--set", "ledger.multi_az=maybe"][..], "it is of the type bool"),
        (&["--set", "ledger.backup_retention_period=lots"], "it is of the type number"),
        (&["--set", "ledger.backup_retention_period=[1, 2]"], "it is of the type number"),
        (&["--set", "ledger.engine=[a, b]"], "it is of the type text"),
        (&["--set", "ledger.multi_az"], "says no attribute and value"),
        (
            &["--set", "ledger.multi_az=true", "--set", "rds.multi_az=false"],
            "two things at once",
        ),
        (
            &["--region", "eu-west-1", "--set", "ledger.region=eu-central-1"],
            "two things at once",
        ),
        (&["--set", "ledger.=1"], "is no attribute's name"),
        (&["--set", "envronment=prod.multi_az=true"], "environment"),
        (&["--set", "service=rdss.multi_az=true"], "`rdss`"),
        (&["--mode", "rds="], "names no mode"),
        (&["--mode", "=custom"], "names no service"),
        (&["--mode", "rdss=custom"], "did you mean `rds`?"),
        (&["--add", ""], "names no service"),
        (&["--add", "kms,region=mars-1"], "`mars-1` is no known Region"),
        (&["--set", "ledger.region=eu-wset-1"], "did you mean `eu-west-1`?"),
        (&["--region", ""], "is no known Region"),
        (&["--region", "mars-1"], "`mars-1` is no known Region"),
        (&["--remove", "aws"], "is the provider"),
        (&["--remove", "platform"], "no customer left"),
    ] {
        let run = folder.run(&[&["what-if", "base.yaml"], arguments].concat());
        assert!(run.failed(1).contains(word), "{arguments:?}: {}", run.errors);
        assert!(run.bytes.is_empty(), "{arguments:?}: {}", run.text());
        assert_eq!(run.errors.matches("error[").count(), 1, "{arguments:?}: {}", run.errors);
    }
}

#[test]
fn who_goes_twice_goes_once() {
    let run = |arguments: &[&str]| {
        folder()
            .run(&[&["what-if", "base.yaml", "--format", "json"], arguments].concat())
            .json()
    };
    let (once, twice) = (
        run(&["--remove", "northwind"]),
        run(&["--remove", "northwind", "--remove", "northwind"]),
    );
    assert_eq!(once["changes"], twice["changes"]);
    assert_eq!(once["commitments"], twice["commitments"]);
    assert_eq!(once["new"]["supposed"], twice["new"]["supposed"]);
}

#[test]
fn reports_that_no_program_made_are_refused() {
    let folder = folder();
    let report: Value = serde_json::from_str(&folder.read("base.json")).unwrap();
    let mut dated = report.clone();
    dated["meta"]["as_of"] = "yesterday".into();
    let mut perfect = report.clone();
    perfect["services"][0]["controls"][0]["activities"][0]["state"] = "perfect".into();
    for (text, word) in [(dated, "`yesterday` is no date"), (perfect, "`perfect` is no state")] {
        folder.put("made.json", text.to_string());
        for sides in [["made.json", "base.yaml"], ["base.yaml", "made.json"]] {
            let run = folder.run(&["diff", sides[0], sides[1]]);
            assert!(run.failed(3).contains(word), "{}", run.errors);
        }
    }
}

#[test]
fn a_report_is_asked_nothing_that_it_cannot_answer_any_more() {
    let folder = folder();
    for (arguments, flag) in [
        (["base.json", "base.yaml", "--only", "service=s3"], "--only"),
        (["base.yaml", "base.json", "--results", "base.yaml"], "--results"),
        (["base.yaml", "base.json", "--as-of", "2026-11-02"], "--as-of"),
        (["base.json", "base.yaml", "--as-of-old", "2026-11-02"], "--as-of"),
    ] {
        let run = folder.run(&[&["diff"], &arguments[..]].concat());
        assert!(
            run.failed(1).contains(&format!("of which `{flag}` asks nothing")),
            "{arguments:?}: {}",
            run.errors
        );
    }
    // What was cut is compared with what is cut alike, and with nothing else.
    folder
        .run(&["report", "base.yaml", "--only", "service=s3", "-o", "cut.json"])
        .well();
    folder
        .run(&["report", "base.yaml", "--party", "northwind", "-o", "party.json"])
        .well();
    for cut in ["cut.json", "party.json"] {
        assert_eq!(folder.run(&["diff", cut, cut, "--format", "json"]).json()["changes"], json!([]));
        for sides in [[cut, "base.json"], ["base.yaml", cut], ["cut.json", "party.json"]] {
            let run = folder.run(&["diff", sides[0], sides[1]]);
            assert!(run.failed(1).contains("cannot compare"), "{sides:?}: {}", run.errors);
        }
        let run = folder.run(&["report", "base.yaml", "--since", cut]);
        assert!(run.failed(1).contains("would be told as new"), "{}", run.errors);
    }
    let same = folder
        .run(&["diff", "base.yaml", "base.yaml", "--only", "service=s3", "--format", "json"])
        .json();
    assert!(list(&same, "changes").is_empty());
}

#[test]
fn no_output_takes_the_place_of_what_is_read() {
    let folder = folder();
    for arguments in [
        &["diff", "base.yaml", "base.json", "-o", "base.yaml", "--format", "text"][..],
        &["diff", "base.yaml", "base.json", "-o", "base.json"],
        &[
            "what-if",
            "base.yaml",
            "--remove",
            "northwind",
            "-o",
            "base.yaml",
            "--format",
            "csv",
        ],
    ] {
        let before = (folder.read("base.yaml"), folder.read("base.json"));
        assert!(
            folder.run(arguments).failed(3).contains("it is read for this, too"),
            "{arguments:?}"
        );
        assert_eq!((folder.read("base.yaml"), folder.read("base.json")), before);
    }
}

#[test]
fn both_sides_that_cannot_be_read_are_told() {
    let run = Folder::new().run(&["diff", "one.yaml", "other.yaml"]);
    let errors = run.failed(3);
    assert!(errors.contains("`one.yaml`") && errors.contains("`other.yaml`"), "{errors}");
}
