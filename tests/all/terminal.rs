//! Nothing that stands in a file, or is its name, commands the terminal of whoever runs the program.

use crate::support::{Folder, repository};
use serde_json::{Value, json};

/// Sets the title, rings, clears the screen by the other set of controls, and turns the direction of reading.
const PLANTED: &str = "x\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}2J\u{202e}y\u{2066}\u{8}\rz";

/// Nothing but what a terminal shows.
fn shows_only(text: &str, whose: &str) {
    let commands = |letter: char| {
        letter.is_control() && letter != '\n' && letter != '\t'
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    };
    let found: Vec<char> = text.chars().filter(|letter| commands(*letter)).collect();
    assert!(found.is_empty(), "{whose} prints {found:?}: {text:.2000?}");
}

/// A JSON text with nothing but ASCII in it, as many writers make it.
fn ascii(value: &Value) -> String {
    let spelt = |letter: char| match letter {
        letter if letter.is_ascii() && letter != '\u{7f}' => letter.to_string(),
        letter => format!("\\u{:04x}", u32::from(letter)),
    };
    value.to_string().chars().map(spelt).collect()
}

/// Runs a command and looks at both of its streams; `machine`: standard output is a document that keeps what it was given.
fn run(folder: &Folder, arguments: &[&str], machine: bool) -> crate::support::Run {
    let run = folder.run(arguments);
    let whose = format!("{arguments:?}");
    assert!(!run.errors.contains("panicked at"), "{whose}: {}", run.errors);
    shows_only(&run.errors, &whose);
    if !machine {
        shows_only(&String::from_utf8_lossy(&run.bytes), &whose);
    }
    run
}

/// An inventory that is well, with the text in every place that takes any.
fn planted() -> Value {
    let p = PLANTED;
    json!({
        "inventory": 1, "organization": p, "title": p, "system": p, "version": p, "classification": p, "as_of": "2026-11-01",
        "prepared_by": p, "prepared_for": p, "theme": {"footer": p},
        "parties": {"team": {"name": p, "contact": p, "people": [p]}, "other": {"name": p}},
        "accounts": {"111122223333": {"name": p, "environment": p, "owner": p}},
        "assignments": [
            {"responsible": "team", "accountable": "team"},
            {"match": {"tag": {(p): p}, "owner": p, "environment": p, "data": p, "region": p}, "informed": "other"},
        ],
        "resources": [
            {"service": "rds", "name": p, "account": "111122223333", "environment": p, "owner": p, "region": p, "data": [p],
             "tags": {(p): p}, "config": {"storage_encrypted": false, "engine": p, (p): p}},
            {"type": p, "name": p, "arn": p},
            {"type": p, "provider": p},
        ],
        "exceptions": [{"match": {"service": "rds"}, "reason": p, "approved_by": p, "expires": "2026-01-01"}],
        "evidence": [{"match": {"service": "rds"}, "artefact": p, "location": p, "review_by": "2026-01-01"}],
        "revisions": [{"version": p, "date": "2026-01-01", "author": p, "change": p}],
    })
}

#[test]
fn every_text_of_an_inventory_is_only_shown() {
    let folder = Folder::new().with("i.json", ascii(&planted()));
    for format in ["text", "json", "sarif", "github"] {
        run(&folder, &["check", "i.json", "--format", format], false);
    }
    run(&folder, &["why", "rds", "backup", "i.json"], false);
    run(&folder, &["report", "i.json", "-o", "out/"], false).well();
    run(&folder, &["report", "i.json"], true).well();
    run(&folder, &["report", "i.json", "--redact", "-o", "r.pdf"], false).well();
    run(&folder, &["pack", "i.json", "-o", "p.zip", "--format", "markdown"], false).well();
    run(&folder, &["verify", "p.zip", "i.json"], false);
}

/// Each of them is wrong in its own way, and the message quotes what it does not know.
#[test]
fn every_message_about_an_inventory_is_only_shown() {
    let wrong: Vec<(&str, Value)> = vec![
        ("/as_of", json!(PLANTED)),
        ("/nobody knows this", json!(1)),
        ("/parties/team/kind", json!(PLANTED)),
        ("/theme/accent", json!(PLANTED)),
        ("/theme/font", json!(PLANTED)),
        ("/theme/logo", json!(PLANTED)),
        ("/theme/font_path", json!(PLANTED)),
        ("/resources/0/service", json!(PLANTED)),
        ("/resources/0/mode", json!(PLANTED)),
        ("/resources/0/account", json!(PLANTED)),
        ("/resources/0/count", json!(PLANTED)),
        ("/assignments/0/accountable", json!(PLANTED)),
        (
            "/assignments/0/match",
            json!({"service": PLANTED, "control": PLANTED, "layer": PLANTED, "model": PLANTED, "mode": PLANTED, "side": PLANTED, "account": PLANTED}),
        ),
        ("/assignments/0/match", json!({(PLANTED): PLANTED})),
        ("/exceptions/0/expires", json!(PLANTED)),
        ("/handover", json!({"from": PLANTED, "to": PLANTED, "date": PLANTED})),
        ("/imports", json!([{"file": PLANTED, "from": PLANTED}])),
        ("/imports", json!([{"file": PLANTED}])),
        ("/inventory", json!(PLANTED)),
        ("/resources", json!({(PLANTED): PLANTED})),
    ];
    for (at, value) in wrong {
        let mut inventory = planted();
        let (parent, key) = at.rsplit_once('/').unwrap();
        let key = if key.contains(' ') { PLANTED } else { key };
        inventory.pointer_mut(parent).unwrap()[key] = value;
        let folder = Folder::new().with("i.json", ascii(&inventory));
        for format in ["text", "json", "sarif", "github"] {
            run(&folder, &["check", "i.json", "--format", format], false);
        }
        run(&folder, &["report", "i.json", "-o", "r.html"], false);
    }
    // The line itself, byte for byte, in files that cannot be decoded.
    for text in [
        format!("inventory: 1\norganization: {PLANTED}\nresources: [{PLANTED}\n"),
        format!("inventory: 1\n{PLANTED}: 1\n"),
        format!("inventory: 1\n# {PLANTED}\nas_of: {PLANTED}\n"),
        format!("{{\"inventory\": 1, \"x\": \"{PLANTED}\""),
    ] {
        let folder = Folder::new().with("i.yaml", text);
        run(&folder, &["check", "i.yaml"], false);
        run(&folder, &["report", "i.yaml"], true);
    }
}

#[test]
fn imported_files_are_only_shown() {
    let state = |names: &[&str]| {
        let instances: Vec<Value> = names
            .iter()
            .map(|name| json!({"index_key": name, "attributes": {"id": name, "arn": name, "tags": {"Name": name}, (PLANTED): name}}))
            .collect();
        let kind = json!({"mode": "managed", "type": "aws_instance", "name": PLANTED, "module": format!("module.{PLANTED}"),
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": instances});
        let foreign = json!({"mode": "managed", "type": PLANTED, "name": PLANTED, "provider": PLANTED, "instances": [{"attributes": {}}]});
        json!({"version": 4, "terraform_version": PLANTED, "serial": 1, "lineage": "x", "resources": [kind, foreign]}).to_string()
    };
    let folder = Folder::new()
        .with("a.tfstate", state(&["one"]))
        .with("b.tfstate", state(&["one", PLANTED]))
        .with("c.tfstate", "{\"version\": 4, \"resources\": [{\"type\": \"\u{1b}[2J\"")
        .with(
            "s.yaml",
            format!("Resources:\n  A:\n    Type: \"{PLANTED}\"\n    Properties: {{}}\n"),
        )
        .with(
            "t.csv",
            format!("type,name,{PLANTED}\naws_instance,{PLANTED},{PLANTED}\n{PLANTED},x,y\n"),
        );
    for file in ["a.tfstate", "b.tfstate", "c.tfstate", "s.yaml", "t.csv"] {
        run(&folder, &["import", file], true);
        run(&folder, &["check", file], false);
        run(&folder, &["report", file], true);
    }
    run(&folder, &["import", "a.tfstate", "-o", "inv.yaml"], false).well();
    let came = run(&folder, &["import", "b.tfstate", "-o", "inv.yaml"], false);
    assert!(
        came.errors.contains("came") && came.errors.contains("\\u{1b}]0;pwned"),
        "{}",
        came.errors
    );
    run(&folder, &["import", "a.tfstate", "-o", "inv.yaml"], false).well();
}

#[test]
fn overlays_and_templates_are_only_shown() {
    let new = |field: &str| {
        format!(
            "id: house\nreason: \"{e}\"\nname: \"{e}\"\ncategory: database\nmodel: managed-platform\nabout: \"{e}\"\n{field}\n",
            e = "x\\e]0;pwned\\a\\e[2J\\x9b2J\\u202ey"
        )
    };
    let folder = Folder::golden()
        .with("well/services/house.yaml", new(""))
        .with("wrong/services/house.yaml", new(&format!("\"x\\e[2J\": 1\n# {PLANTED}")))
        .with("broken/services/house.yaml", format!("id: [{PLANTED}\n"))
        .with("mine/parts/summary.md", format!("{PLANTED} {{{{ report.{PLANTED} }}}}\n"))
        .with("other/parts/summary.md", format!("{{% include \"{PLANTED}\" %}}\n"))
        .with("typst/page.typ", format!("#panic(\"{PLANTED}\")\n// {PLANTED}\n"))
        .with("css/style.css", format!("/* {PLANTED} */ a {{ {PLANTED}"));
    for catalog in ["well", "wrong", "broken"] {
        run(&folder, &["check", "--catalog", catalog], false);
        run(&folder, &["catalog", "check", catalog], false);
        run(&folder, &["report", "--catalog", catalog, "-o", "r.html"], false);
    }
    for templates in ["mine", "other", "typst", "css"] {
        run(&folder, &["templates", "check", templates], false);
        run(&folder, &["report", "--templates", templates, "-o", "r.pdf"], false);
    }
    run(&folder, &["catalog", "resolve", PLANTED], false);
    run(&folder, &["catalog", "show", PLANTED], false);
    run(&folder, &["explain", PLANTED], false);
    run(&folder, &["why", PLANTED, PLANTED], false);
    run(&folder, &["report", "--party", PLANTED], false);
    run(&folder, &["check", "--allow", PLANTED], false);
    run(&folder, &["report", "--format", PLANTED], false);
    run(&folder, &["report", &format!("--{PLANTED}")], false);
    run(&folder, &[PLANTED], false);
}

#[cfg(unix)]
#[test]
fn names_of_files_are_only_shown() {
    let name = "x\u{1b}]0;pwned\u{7}\u{9b}2J\u{202e}y\r";
    let file = format!("{name}.yaml");
    let folder = Folder::new()
        .with(&file, repository("tests/fixtures/golden/inventory.yaml"))
        .with(&format!("wrong-{file}"), "inventory: 1\nsystm: x\n")
        .with(&format!("in-{name}/inventory.yaml"), "inventory: 1\nsystm: x\n")
        .with(&format!("t-{name}/parts/sumary.md"), "{{ x")
        .with(&format!("c-{name}/services/x-{name}.yaml"), "id: [")
        .with(&format!("d-{name}/x-{name}.txt"), "id: [");
    run(&folder, &["report", &file, "-o", &format!("{name}.pdf")], false).well();
    run(&folder, &["report", &file, "-o", &format!("{name}.x-{name}")], false);
    run(&folder, &["report", &format!("wrong-{file}")], false);
    run(&folder, &["check", &format!("wrong-{file}"), "--format", "github"], false);
    run(&folder, &["check", &format!("in-{name}")], false);
    run(&folder, &["check", &format!("no-{name}")], false);
    run(&folder, &["check", &file, "--catalog", &format!("c-{name}")], false);
    run(&folder, &["check", &file, "--catalog", &format!("d-{name}")], false);
    run(&folder, &["templates", "check", &format!("t-{name}")], false);
    run(&folder, &["templates", "eject", &format!("e-{name}")], false);
    run(&folder, &["templates", "eject", &format!("e-{name}")], false);
    run(&folder, &["init", &format!("i-{name}")], false);
    run(&folder, &["init", &format!("i-{name}")], false);
    run(&folder, &["import", &file], true);
    run(&folder, &["pack", &file, "-o", &format!("p-{name}"), "--format", "csv"], false).well();
    run(&folder, &["verify", &format!("p-{name}"), &file], false);
    run(&folder, &["verify", &format!("q-{name}")], false);
    run(&folder, &["man", "--dir", &format!("m-{name}")], false);
}

/// What takes longer than a second says on a terminal what it is at, and takes that away in the end; elsewhere it says nothing.
#[cfg(target_os = "linux")]
#[test]
fn long_runs_say_on_a_terminal_how_far_they_are() {
    let program = env!("CARGO_BIN_EXE_cloudraci");
    let padded = format!(
        "{{\"version\": 4, \"terraform_version\": \"1.9.8\", \"resources\": [], \"outputs\": {{\"a\": \"{}\"}}}}",
        "x".repeat(40 << 20)
    );
    let folder = Folder::new().with("s.tfstate", padded);
    let run = |how: &str| {
        let command = format!("(cat s.tfstate; sleep 2) | {program} check - {how}");
        let mut shell = std::process::Command::new("script");
        let output = shell
            .args(["-qec", &command, "/dev/null"])
            .current_dir(folder.path("."))
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let shown = run("");
    assert!(shown.contains("\r\u{1b}[Kreading -: 4"), "{shown:.2000?}");
    let last = shown.rfind("\r\u{1b}[K").unwrap();
    assert!(!shown[last + 4..].contains("reading -:"), "{shown:.2000?}");
    let piped = run("2>errors.txt");
    assert!(
        !piped.contains("reading") && !folder.read("errors.txt").contains("reading -:"),
        "{piped:.2000?}"
    );
}
