//! Which duty a scanner's check is about: the catalog's files and a user's own.

use crate::support::{Folder, inventory, list, repository};
use cloudraci::catalog::checks::{Mapped, Meaning, NoDuty};
use cloudraci::catalog::{Catalog, check, checks};
use serde_json::json;

const OWN: &str = "scanner: prowler
reason: Our tables are built again from the log
checks:
  s3_bucket_object_versioning: {no_duty: information, why: versions are kept elsewhere}
  our_own_check:
    duties: [{activity: rds.backup.customer.retention, passed: part, failed: nothing, why: a hint, modes: [rds/standard]}]
";

/// The scanners whose ids are known; a line each in `tests/fixtures/aws/checks`.
const SCANNERS: [&str; 5] = ["prowler", "securityhub", "config", "checkov", "trivy"];

#[test]
fn the_built_in_files_keep_the_rules() {
    let catalog = Catalog::builtin().unwrap();
    let found = checks::check::embedded(&catalog);
    assert!(found.is_empty(), "{:#?}", &found[..found.len().min(20)]);
    let names: Vec<&str> = catalog.scanners().collect();
    assert!(SCANNERS.iter().all(|scanner| names.contains(scanner)), "{names:?}");
}

#[test]
fn every_check_of_the_known_scanners_is_mapped() {
    let catalog = Catalog::builtin().unwrap();
    for scanner in SCANNERS {
        let ids = repository(&format!("tests/fixtures/aws/checks/{scanner}.txt"));
        let missing: Vec<&str> = ids.lines().filter(|id| catalog.check(scanner, id).is_none()).collect();
        assert!(
            missing.is_empty(),
            "{scanner}: {} of {}: {missing:?}",
            missing.len(),
            ids.lines().count()
        );
    }
}

#[test]
fn a_check_that_is_written_once_is_the_same_everywhere() {
    let catalog = Catalog::builtin().unwrap();
    let versioning = catalog.check("prowler", "s3_bucket_object_versioning").unwrap();
    assert_eq!(Some(versioning), catalog.check("securityhub", "S3.14"));
    let Mapped::Duties(check) = versioning else {
        panic!("{versioning:?}")
    };
    assert_eq!(&*check.effects[0].activity, "s3.backup.customer.versioning");
    assert_eq!(
        (check.effects[0].passed, check.effects[0].failed),
        (Meaning::Proves, Meaning::Disproves)
    );
    assert_eq!(catalog.check("prowler", "no_such_check"), None);
    assert_eq!(catalog.check("nobody", "S3.14"), None);
}

#[test]
fn a_check_that_is_nearly_the_same_says_at_most_so_much() {
    let folder = Folder::new().with(
        "own/checks/mine.yaml",
        "scanner: mine\nname: Mine\nreason: r\nchecks:
  all: {same_as: securityhub/S3.14}
  hint: {same_as: securityhub/S3.14, passed: part, why: w}
  silent: {same_as: securityhub/S3.14, passed: part, failed: nothing, why: w}
  none: {same_as: config/REQUIRED_TAGS, passed: part, why: w}
",
    );
    let mut sources = cloudraci::diagnostics::SourceMap::default();
    let catalog = Catalog::with_overlay(&folder.path("own"), &mut sources).unwrap();
    let other = catalog.check("securityhub", "S3.14").unwrap();
    assert_eq!(catalog.check("mine", "all"), Some(other));
    for (id, passed, failed) in [
        ("hint", Meaning::Part, Meaning::Disproves),
        ("silent", Meaning::Part, Meaning::Nothing),
    ] {
        let Some(Mapped::Duties(check)) = catalog.check("mine", id) else {
            panic!("{id}")
        };
        assert!(
            check
                .effects
                .iter()
                .all(|effect| (effect.passed, effect.failed) == (passed, failed)),
            "{id}"
        );
        let Mapped::Duties(other) = other else { panic!() };
        let activities = |of: &checks::Check| of.effects.iter().map(|effect| effect.activity.clone()).collect::<Vec<_>>();
        assert_eq!(activities(check), activities(other), "{id}");
    }
    assert!(matches!(catalog.check("mine", "none"), Some(Mapped::NoDuty(_))));
}

/// What scanners say that never say which of many is in order, that pass a value which only the run will tell, or whose
/// queries nobody compared, shows no duty done.
#[test]
fn what_is_only_nearly_the_same_proves_nothing() {
    let catalog = Catalog::builtin().unwrap();
    let proving = |scanner: &str| {
        let file = repository(&format!("catalog/aws/checks/{scanner}.yaml"));
        let ids = file
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.split_once(": {").map(|(id, _)| id.to_owned()));
        let ids: Vec<String> = ids.map(|id| id.trim_matches('"').to_owned()).collect();
        assert!(ids.len() > 10, "{scanner}: {ids:?}");
        let proves = |id: &&String| match catalog.check(scanner, id) {
            Some(Mapped::Duties(check)) => check.effects.iter().any(|effect| effect.passed == Meaning::Proves),
            Some(Mapped::NoDuty(_)) => false,
            None => panic!("{scanner}: `{id}` is not known"),
        };
        (ids.iter().filter(proves).cloned().collect::<Vec<String>>(), ids.len())
    };
    for scanner in ["scoutsuite", "tfsec", "trusted-advisor"] {
        assert_eq!(proving(scanner).0, Vec::<String>::new(), "{scanner}");
    }
    let (of_powerpipe, all) = proving("powerpipe");
    assert!(of_powerpipe.len() * 4 < all, "{} of {all}", of_powerpipe.len());
}

#[test]
fn an_overlay_adds_and_replaces_checks() {
    let folder = Folder::new()
        .with("inventory.yaml", inventory(json!([{"service": "s3", "name": "logs"}])))
        .with("own/checks/prowler.yaml", OWN);
    let mut sources = cloudraci::diagnostics::SourceMap::default();
    let catalog = Catalog::with_overlay(&folder.path("own"), &mut sources).unwrap();
    assert_eq!(
        catalog.check("prowler", "s3_bucket_object_versioning"),
        Some(&Mapped::NoDuty(NoDuty::Information))
    );
    let Some(Mapped::Duties(own)) = catalog.check("prowler", "our_own_check") else {
        panic!()
    };
    assert!(own.effects[0].holds_in("rds", None) && !own.effects[0].holds_in("rds", Some("custom")));
    assert!(
        catalog.check("prowler", "s3_bucket_secure_transport_policy").is_some(),
        "the others stay"
    );
    assert_eq!(&*catalog.scanner_name("prowler"), "Prowler");
    let report = folder.run(&["report", "--catalog", "own", "--format", "json"]).json();
    let departure = &list(&report, "overlays")[0];
    assert_eq!(departure["service"], "checks/prowler");
    assert_eq!(departure["controls"], json!(["s3_bucket_object_versioning", "our_own_check"]));
    assert!(folder.run(&["catalog", "check", "own"]).code == 0);
    assert!(check::folder(&folder.path("own"), &mut sources).unwrap().faults.is_empty());
}

/// Files of an overlay, and what is said of each.
const BROKEN: &[(&str, &str)] = &[
    (
        "scanner: trivy\nreason: r\nchecks: {}",
        "the scanner `trivy` is not the file's name `prowler`",
    ),
    ("scanner: prowler\nchecks: {}", "the overlay of `prowler` gives no `reason`"),
    ("scanner: prowler\nreason: r\nchecks: {a: {}}", "`a` says not exactly one of"),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {no_duty: tags, same_as: securityhub/S3.5}}",
        "`a` says not exactly one of",
    ),
    ("scanner: prowler\nreason: r\nchecks: {a: {no_duty: tag}}", "did you mean `tags`?"),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {no_dutty: tags}}",
        "did you mean `no_duty`?",
    ),
    ("scanner: prowler\nreason: r\nchecks: {a: {no_duty: provider}}", "gives no `why`"),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {no_duty: tags, fold: one}}",
        "which go with `duties` only",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {same_as: securityhub/S3.5, passed: part}}",
        "gives no `why`",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {same_as: securityhub/S3.5, failed: proves, why: w}}",
        "what a verdict says at most",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {no_duty: tags, passed: part, why: w}}",
        "beside no `same_as`",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {same_as: S3.5}}",
        "`S3.5` names no check of a scanner",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {same_as: security/S3.5}}",
        "did you mean `securityhub`?",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {same_as: securityhub/S3.55}}",
        "did you mean `S3.5`?",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {same_as: prowler/s3_bucket_object_versioning}}",
        "refers to another check in its turn",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [s3.backup.customer.version]}}",
        "did you mean `s3.backup.customer.versioning`?",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [s3.backup.customer.versioning, s3.backup.customer.versioning]}}",
        "twice",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [{activity: s3.backup.customer.versioning, passed: part}]}}",
        "gives no `why`",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [{activity: s3.backup.customer.versioning, passed: prove, why: w}]}}",
        "did you mean `proves`?",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [{activity: s3.backup.customer.versioning, passed: nothing, failed: nothing, why: w}]}}",
        "no verdict says anything",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [{activity: s3.backup.customer.versioning, modes: [s3/express]}]}}",
        "`s3` has no mode `express`",
    ),
    (
        "scanner: prowler\nreason: r\nchecks: {a: {duties: [{activity: s3.backup.customer.versioning, modes: [s33]}]}}",
        "the catalog knows no service `s33`",
    ),
];

#[test]
fn what_an_overlay_says_of_checks_keeps_the_rules() {
    for (what, says) in BROKEN {
        let folder = Folder::new().with("own/checks/prowler.yaml", *what);
        // A folder by itself may be a catalog of its own, which needs no reasons.
        let command: &[&str] = if says.contains("no `reason`") {
            folder.put("inventory.yaml", inventory(json!([{"service": "s3"}])));
            &["check", "--catalog", "own"]
        } else {
            &["catalog", "check", "own"]
        };
        let run = folder.run(command);
        let errors = run.failed(1);
        assert!(errors.contains(says), "{what}: {errors}");
        assert!(errors.contains("prowler.yaml"), "{what}: {errors}");
    }
    let provider = Folder::new().with(
        "own/checks/mine.yaml",
        "scanner: mine\nname: Mine\nreason: r\nchecks: {a: {duties: [managed-platform.platform-patching.provider.x]}}",
    );
    assert!(provider.run(&["catalog", "check", "own"]).failed(1).contains("error["));
    let nameless = Folder::new().with("own/checks/mine.yaml", "scanner: mine\nreason: r\nchecks: {}");
    assert!(
        nameless
            .run(&["catalog", "check", "own"])
            .failed(1)
            .contains("the scanner `mine` has no `name`")
    );
    let stray = Folder::new().with("own/checks/prowler.txt", "");
    let told = stray.run(&["catalog", "check", "own"]);
    assert!(told.failed(1).contains("called after its scanner"), "{}", told.errors);
}
