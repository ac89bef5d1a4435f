//! Laws of the join of scanners' results, over generated results.

use crate::support::Folder;
use cloudraci::catalog::Catalog;
use cloudraci::diagnostics::SourceMap;
use cloudraci::inventory::{Inventory, load};
use cloudraci::raci::scans::Fate;
use cloudraci::raci::{Findings, Matrix, Means, State, resolve};
use cloudraci::results::{CheckResult, MAX_AGE, Outcome, ResultFile, Results, Target};
use jiff::civil::Date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Checks of a scanner of our own, one for each thing that a file of checks can say.
pub(crate) const PROBE: &str = "scanner: probe
name: Probe
reason: What a check can say
checks:
  versioned: {duties: [s3.backup.customer.versioning]}
  tls: {duties: [s3.encryption-in-transit.customer.tls-only]}
  hint: {duties: [{activity: s3.backup.customer.versioning, passed: part, failed: part, why: a hint}]}
  strict: {duties: [{activity: s3.backup.customer.versioning, failed: nothing, why: asks for more}]}
  inverse: {duties: [{activity: s3.logging.customer.access-logs, passed: disproves, failed: proves, why: looks for what must not be}]}
  standby:
    duties: [rds.high-availability.customer.multi-az, s3.backup.customer.versioning]
  custom: {duties: [{activity: rds.backup.customer.retention, modes: [rds/standard]}]}
  replaced: {duties: [ec2-auto-scaling.high-availability.customer.rebalance]}
  user: {duties: [aws-account.credential-management.customer.users-mfa]}
  guard: {on: account, fold: regions, duties: [aws-account.monitoring-detection.customer.guardduty]}
  root: {on: account, fold: one, duties: [aws-account.credential-management.customer.root-mfa]}
  volumes: {on: account, fold: regions, duties: [ebs.encryption-at-rest.customer.server-side]}
  blocked: {on: account, duties: [s3.network-access-control.customer.block-public-access]}
  point: {duties: [efs.identity-access.customer.access-point-root]}
  taste: {no_duty: information}
";

const INVENTORY: &str = r#"
inventory: 1
organization: Example Pay Ltd
as_of: 2026-11-01
accounts:
  "111122223333": {name: pay, environment: prod}
  "444455556666": {name: lab, environment: dev}
resources:
  - {service: s3, name: orders, arn: "arn:aws:s3:::orders", account: "111122223333", region: eu-west-1}
  - {service: s3, name: logs, account: "111122223333", region: eu-west-1, config: {versioning: true}}
  - {service: s3, name: archive, account: "111122223333", region: us-east-1, count: 3}
  - {service: s3, name: drafts, account: "444455556666", region: eu-west-1, config: {versioning: false}}
  - {service: s3, name: twin, account: "444455556666", region: eu-west-1}
  - {service: rds, name: twin, account: "444455556666", region: eu-west-1}
  - {service: rds, name: ledger, arn: "arn:aws:rds:eu-west-1:111122223333:db:ledger", account: "111122223333", region: eu-west-1, config: {engine: postgres}}
  - {service: ebs, name: vol-1, account: "111122223333", region: eu-west-1}
  - {service: ebs, name: vol-2, account: "111122223333", region: us-east-1}
  - {service: ec2-auto-scaling, name: paused, account: "111122223333", region: eu-west-1, config: {capacity_rebalance: true, suspended_processes: [Launch]}}
  - {service: ec2-auto-scaling, name: untold, account: "444455556666", region: eu-west-1, config: {capacity_rebalance: true}}
exceptions:
  - {match: {service: s3, account: "444455556666", control: encryption-in-transit}, reason: Test data only, expires: 2027-01-01}
"#;

/// A file system and its access point, and another whose owner is not known.
const STATE: &str = r#"{"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "laws", "resources": [
  {"mode": "managed", "type": "aws_efs_file_system", "name": "f", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {
    "id": "fs-1", "arn": "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"}}]},
  {"mode": "managed", "type": "aws_efs_access_point", "name": "a", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {
    "id": "fsap-1", "file_system_id": "fs-1", "arn": "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-1"}}]},
  {"mode": "managed", "type": "aws_efs_access_point", "name": "b", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {
    "id": "fsap-2", "file_system_id": "fs-2", "arn": "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-2"}}]}]}"#;

pub(crate) const CHECKS: [&str; 16] = [
    "versioned",
    "tls",
    "hint",
    "strict",
    "inverse",
    "standby",
    "custom",
    "user",
    "guard",
    "root",
    "volumes",
    "blocked",
    "point",
    "taste",
    "unknown",
    "versioned",
];

fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

struct World {
    catalog: Catalog,
    inventory: Inventory,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let folder = Folder::new().with("inventory.yaml", INVENTORY).with("own/checks/probe.yaml", PROBE);
        let folder = folder.with("f.tfstate", STATE);
        let mut sources = SourceMap::default();
        let catalog = Catalog::with_overlay(&folder.path("own"), &mut sources).unwrap();
        let inventory = load(&[folder.path("inventory.yaml"), folder.path("f.tfstate")], &catalog, &mut sources)
            .unwrap()
            .inventory;
        World { catalog, inventory }
    })
}

fn files(lists: Vec<Vec<CheckResult>>) -> Arc<Results> {
    let files = lists.into_iter().zip(0..).map(|(results, number)| ResultFile {
        path: format!("scan-{number}.json").into(),
        format: "Probe",
        seal: None,
        max_age: MAX_AGE,
        read: results.len() as u64,
        results,
    });
    Arc::new(Results {
        files: files.collect(),
        pseudonyms: None,
    })
}

fn joined(lists: Vec<Vec<CheckResult>>) -> Matrix {
    let World { catalog, inventory } = world();
    let inventory = Inventory {
        results: files(lists),
        ..inventory.clone()
    };
    resolve(catalog, &inventory, as_of())
}

fn states(matrix: &Matrix) -> BTreeMap<String, State> {
    matrix.duties.iter().map(|duty| (duty.id.to_string(), duty.state)).collect()
}

/// How far a duty is from being broken. An exception excuses what is known, and is no better than not to know.
fn rank(state: State) -> u8 {
    match state {
        State::NotMet => 0,
        State::Unknown | State::Excepted => 1,
        State::Attested => 2,
        State::Met => 3,
    }
}

fn target() -> impl Strategy<Value = Target> {
    let named = prop::sample::select(vec![
        "orders", "logs", "archive", "drafts", "twin", "ledger", "vol-1", "fs-1", "fsap-1", "fsap-2", "nobody",
    ]);
    let account = prop::sample::select(vec![Some("111122223333"), Some("444455556666"), Some("999988887777"), None]);
    let region = prop::sample::select(vec![Some("eu-west-1"), Some("us-east-1"), Some("ap-south-1"), None]);
    let arn = prop::sample::select(vec![
        Some("arn:aws:s3:::orders"),
        Some("arn:aws:rds:eu-west-1:111122223333:db:ledger"),
        Some("arn:aws:s3:::gone"),
        None,
        None,
        None,
    ]);
    let kind = prop::sample::select(vec![Some("AWS::S3::Bucket"), Some("AWS::RDS::DBInstance"), None, None]);
    (prop::option::weighted(0.8, named), account, region, arn, kind).prop_map(|(name, account, region, arn, kind)| Target {
        arn: arn.filter(|_| name.is_some()).map(Arc::from),
        name: name.filter(|_| arn.is_none()).map(Arc::from),
        address: None,
        kind: kind.filter(|_| name.is_some()).map(Arc::from),
        account: account.map(Arc::from),
        region: region.map(Arc::from),
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop::sample::select(vec![
        Outcome::Passed,
        Outcome::Passed,
        Outcome::Passed,
        Outcome::Failed,
        Outcome::Failed,
        Outcome::Silenced,
        Outcome::NotJudged,
    ])
}

/// Whose finding a result is, and whether that is archived.
fn finding() -> impl Strategy<Value = (Option<&'static str>, bool)> {
    (
        prop::sample::select(vec![None, None, Some("one"), Some("other")]),
        prop::bool::weighted(0.1),
    )
}

/// A result of one of some days: fresh ones, an old one, none, one behind the report's date.
fn result() -> impl Strategy<Value = CheckResult> {
    let days = [
        Some("2026-10-30T08:00:00Z"),
        Some("2026-10-30T08:00:00Z"),
        Some("2026-10-20T08:00:00Z"),
        Some("2026-08-01T08:00:00Z"),
        Some("2026-11-02T08:00:00Z"),
        None,
    ];
    let observed = prop::option::of(prop::sample::select(vec!["so it is", "so it seems"]));
    (
        prop::sample::select(CHECKS.to_vec()),
        target(),
        outcome(),
        prop::sample::select(days.to_vec()),
        observed,
        finding(),
    )
        .prop_map(|(check, target, outcome, day, observed, (finding, is_archived))| CheckResult {
            scanner: "probe".into(),
            check: check.into(),
            title: None,
            finding: finding.map(Arc::from),
            outcome,
            is_archived,
            target: target.into(),
            at: day.map(|day| day.parse().unwrap()),
            observed: observed.map(Arc::from),
            parameters: Arc::from([]),
        })
}

/// A result of one check, with a few findings on two things.
fn few() -> impl Strategy<Value = CheckResult> {
    let name = prop::sample::select(vec!["orders", "logs"]);
    (result(), name).prop_map(|(result, name)| CheckResult {
        check: "versioned".into(),
        ..CheckResult {
            target: one("versioned", name, result.outcome, None).target,
            ..result
        }
    })
}

/// All that a matrix says of duties and results, but for the numbers of files.
fn said(matrix: &Matrix) -> String {
    let duties = matrix.duties.iter().map(|duty| {
        let shown: Vec<String> = duty
            .shown_by
            .iter()
            .map(|shown| {
                let by = match shown.means {
                    Means::Check(check) => matrix[check].id.to_string(),
                    other => format!("{other:?}"),
                };
                format!("{by} {:?} {:?} {:?} {:?}", shown.met, shown.not_met, shown.excepted, shown.part)
            })
            .collect();
        format!("{} {:?} {shown:?}\n", duty.id, duty.state)
    });
    let results = matrix.scans.results.iter().map(|scan| {
        format!(
            "{} {} {:?} {:?} {:?} {:?}\n",
            matrix[scan.check].id, scan.label, scan.outcome, scan.at, scan.observed, scan.fate
        )
    });
    duties.chain(results).chain([format!("{:?}", matrix.scans.unlisted)]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn order_and_repetition_change_nothing(
        results in prop::collection::vec(result(), 0..24),
        seed in any::<u64>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let once = joined(vec![results.clone()]);
        let mut shuffled = results.clone();
        let length = shuffled.len().max(1);
        for index in 0..shuffled.len() {
            let other = usize::try_from(seed.rotate_left(u32::try_from(index % 64).unwrap()) % length as u64).unwrap();
            shuffled.swap(index, other);
        }
        let middle = cut.index(shuffled.len() + 1);
        let (first, second) = shuffled.split_at(middle);
        let again = joined(vec![second.to_vec(), first.to_vec(), results]);
        prop_assert_eq!(said(&once), said(&again));
    }

    #[test]
    fn a_failure_more_never_improves_a_state(results in prop::collection::vec(result(), 0..16), more in result()) {
        let more = CheckResult { outcome: Outcome::Failed, is_archived: false, ..more };
        // Where a failure is what must be, it says what a pass says elsewhere.
        prop_assume!(&*more.check != "inverse");
        let before = states(&joined(vec![results.clone()]));
        let after = states(&joined(vec![results, vec![more.clone()]]));
        for (duty, state) in &before {
            prop_assert!(rank(after[duty]) <= rank(*state), "{duty}: {state:?} to {:?} by {more:?}", after[duty]);
        }
    }

    /// Of each finding the last counts, and of all of a check on one thing the worst.
    #[test]
    fn who_silences_one_finding_has_silenced_no_other(results in prop::collection::vec(few(), 0..12)) {
        let later = Some("2026-11-01T23:59:59Z".parse().unwrap());
        let day = |result: &CheckResult| (result.at.is_some_and(|at| Some(at) > later), result.at.is_none());
        let of_all = |result: &CheckResult| (result.target.clone(), day(result));
        let mut last: BTreeMap<_, &CheckResult> = BTreeMap::new();
        for result in &results {
            let weight = |of: &CheckResult| (of.at, !of.is_archived, of.outcome);
            let known = last.entry((of_all(result), result.finding.clone())).or_insert(result);
            if weight(result) > weight(known) {
                *known = result;
            }
        }
        let mut worst: BTreeMap<_, Outcome> = BTreeMap::new();
        for ((of, _), result) in last.iter().filter(|(_, result)| !result.is_archived) {
            let known = worst.entry(of.clone()).or_insert(result.outcome);
            *known = result.outcome.max(*known);
        }
        let matrix = joined(vec![results.clone()]);
        let found: Vec<Outcome> = matrix.scans.results.iter().map(|scan| scan.outcome).collect();
        prop_assert_eq!(found, worst.into_values().collect::<Vec<_>>(), "{:?}", results);
    }

    #[test]
    fn a_pass_more_never_mends_what_is_broken(results in prop::collection::vec(result(), 0..16), more in result()) {
        let more = CheckResult { outcome: Outcome::Passed, ..more };
        // One that passes suffices there.
        prop_assume!(&*more.check != "root" && &*more.check != "inverse");
        // A later look at the same thing is what mends it.
        let is_again = |known: &CheckResult| known.check == more.check && known.target == more.target;
        prop_assume!(!results.iter().any(is_again));
        let before = states(&joined(vec![results.clone()]));
        let after = states(&joined(vec![results, vec![more.clone()]]));
        for (duty, state) in before.iter().filter(|(_, state)| **state == State::NotMet) {
            prop_assert_eq!(after[duty], *state, "{} by {:?}", duty, more);
        }
    }

    #[test]
    fn every_result_has_one_fate_and_the_figures_add_up(results in prop::collection::vec(result(), 0..40)) {
        let matrix = joined(vec![results]);
        for scanned in matrix.scanned() {
            let outcomes = scanned.passed + scanned.failed + scanned.silenced + scanned.not_judged;
            prop_assert_eq!(outcomes, scanned.results);
            let aside = matrix.scans.results.iter().filter(|scan| matches!(scan.fate, Fate::Silenced | Fate::NotJudged)).count() as u64;
            let fates = scanned.joined + scanned.elsewhere + scanned.later + scanned.unlisted + scanned.unmapped + scanned.no_duty;
            prop_assert_eq!(fates + aside, scanned.results);
        }
        let unlisted: u64 = matrix.unlisted().iter().map(|one| one.results).sum();
        prop_assert_eq!(unlisted, matrix.scanned().iter().map(|scanned| scanned.unlisted).sum::<u64>());
        // A duty is met where each of its resources is shown done, and broken where a check or an attribute shows it.
        for duty in &matrix.duties {
            let (met, bad, excepted) = (duty.met(), duty.not_met(), duty.excepted());
            let all: BTreeSet<_> = duty.resources.list.iter().copied().collect();
            let of = [&met, &bad].into_iter().flatten().copied().chain(excepted.iter().map(|(index, _)| *index));
            let seen: Vec<_> = of.collect();
            prop_assert!(seen.iter().all(|index| all.contains(index)), "{}", duty.id);
            prop_assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), met.len() + excepted.len() + bad.len() - excepted.iter().filter(|(index, _)| bad.contains(index)).count());
            match duty.state {
                State::Met => prop_assert_eq!(met.len(), all.len()),
                State::NotMet => prop_assert!(!bad.is_empty()),
                _ => prop_assert!(bad.is_empty() && met.len() < all.len()),
            }
            // One result does not show several resources to be in order.
            for index in &met {
                let by_account = duty.shown_by.iter().any(|shown| matches!(shown.means, Means::Check(check) if ["volumes", "blocked"].contains(&&*matrix[check].id)));
                prop_assert!(matrix[*index].count == 1 || by_account);
            }
        }
        // What a result breaks is a finding with the check in it.
        let World { catalog, inventory } = world();
        let findings = Findings::of(&matrix, catalog, inventory, as_of());
        for finding in findings.list.iter().filter(|finding| finding.duty.is_some()) {
            let duty = &matrix[finding.duty.unwrap()];
            let by_check = duty.shown_by.iter().any(|shown| matches!(shown.means, Means::Check(_)) && !shown.not_met.is_empty());
            prop_assert_eq!(by_check, !finding.checks.is_empty());
        }
    }
}

fn one(check: &str, name: &str, outcome: Outcome, day: Option<&str>) -> CheckResult {
    CheckResult {
        scanner: "probe".into(),
        check: check.into(),
        title: None,
        finding: None,
        outcome,
        is_archived: false,
        target: Arc::new(Target {
            name: Some(name.into()).filter(|name: &Arc<str>| !name.is_empty()),
            account: Some("111122223333".into()),
            ..Target::default()
        }),
        at: day.map(|day| format!("{day}T08:00:00Z").parse().unwrap()),
        observed: None,
        parameters: Arc::from([]),
    }
}

fn in_region(mut result: CheckResult, region: &str) -> CheckResult {
    Arc::make_mut(&mut result.target).region = Some(region.into());
    result
}

/// The state of the duty of an activity in production.
fn state(results: Vec<CheckResult>, activity: &str) -> State {
    let matrix = joined(vec![results]);
    let found: Vec<State> = matrix
        .duties
        .iter()
        .filter(|duty| &*duty.activity.id == activity && duty.scope.environment.as_deref() == Some("prod"))
        .map(|duty| duty.state)
        .collect();
    assert_eq!(found.len(), 1, "{activity}");
    found[0]
}

const STANDBY: &str = "rds.high-availability.customer.multi-az";
const ROOT: &str = "aws-account.credential-management.customer.root-mfa";
const GUARD: &str = "aws-account.monitoring-detection.customer.guardduty";
const VOLUMES: &str = "ebs.encryption-at-rest.customer.server-side";
const VERSIONED: &str = "s3.backup.customer.versioning";

#[test]
fn old_and_undated_results_break_and_do_not_attest() {
    use Outcome::{Failed, Passed, Silenced};
    use State::{Met, NotMet, Unknown};
    let (fresh, old, later) = (Some("2026-10-02"), Some("2026-10-01"), Some("2026-11-02"));
    for (outcome, day, expected) in [
        (Passed, fresh, Met),
        (Passed, old, Unknown),
        (Passed, None, Unknown),
        (Passed, later, Unknown),
        (Silenced, fresh, Unknown),
        (Failed, fresh, NotMet),
        (Failed, old, NotMet),
        (Failed, None, NotMet),
        (Failed, later, Unknown),
        (Passed, Some("2026-11-01"), Met),
    ] {
        let found = state(vec![one("standby", "ledger", outcome, day)], STANDBY);
        assert_eq!(found, expected, "{outcome:?} {day:?}");
    }
    // The later of two counts, and what is behind the report's date hides nothing.
    let failed = one("standby", "ledger", Failed, fresh);
    let passed = one("standby", "ledger", Passed, Some("2026-10-20"));
    assert_eq!(state(vec![failed.clone(), passed], STANDBY), Met);
    assert_eq!(
        state(vec![failed.clone(), one("standby", "ledger", Passed, later)], STANDBY),
        NotMet
    );
    assert_eq!(state(vec![failed, one("standby", "ledger", Passed, fresh)], STANDBY), NotMet);
}

#[test]
fn a_finding_that_is_silenced_or_archived_hides_no_other() {
    use Outcome::{Failed, Passed, Silenced};
    use State::{Met, NotMet, Unknown};
    let of = |finding: &str, outcome, day: &str| CheckResult {
        finding: Some(finding.into()),
        ..one("standby", "ledger", outcome, Some(day))
    };
    let archived = |result| CheckResult {
        is_archived: true,
        ..result
    };
    let (before, last) = ("2026-10-20", "2026-10-30");
    for (results, expected) in [
        (vec![of("one", Failed, before), of("other", Silenced, last)], NotMet),
        (vec![of("one", Failed, before), archived(of("other", Passed, last))], NotMet),
        (vec![of("one", Failed, before), of("other", Passed, last)], NotMet),
        (vec![of("one", Passed, last), of("other", Silenced, before)], Unknown),
        // What a finding says later takes the place of what it said.
        (vec![of("one", Failed, before), of("one", Passed, last)], Met),
        (vec![of("one", Failed, before), of("one", Silenced, last)], Unknown),
        (vec![of("one", Failed, before), archived(of("one", Failed, last))], Unknown),
        (
            vec![
                of("one", Failed, before),
                archived(of("one", Failed, last)),
                of("other", Passed, last),
            ],
            Met,
        ),
    ] {
        assert_eq!(state(results.clone(), STANDBY), expected, "{results:?}");
    }
}

#[test]
fn the_worse_of_configuration_and_scanner_counts() {
    use Outcome::{Failed, Passed};
    let day = Some("2026-10-30");
    let rest = || vec![one("versioned", "orders", Passed, day), one("versioned", "archive", Passed, day)];
    // Several resources under one name are not shown by one result.
    assert_eq!(state(rest(), VERSIONED), State::Unknown);
    let logs = [rest(), vec![one("versioned", "logs", Failed, day)]].concat();
    assert_eq!(state(logs, VERSIONED), State::NotMet, "configuration says that it is on");
    assert_eq!(state(vec![one("versioned", "archive", Failed, day)], VERSIONED), State::NotMet);
    assert_eq!(state(vec![one("hint", "orders", Failed, day)], VERSIONED), State::Unknown);
    assert_eq!(state(vec![one("strict", "orders", Failed, day)], VERSIONED), State::Unknown);
}

#[test]
fn a_pass_does_not_attest_what_the_configuration_rules_out() {
    let activity = "ec2-auto-scaling.high-availability.customer.rebalance";
    let in_lab = |mut result: CheckResult| {
        Arc::make_mut(&mut result.target).account = Some("444455556666".into());
        result
    };
    let passed = |name: &str| one("replaced", name, Outcome::Passed, Some("2026-10-30"));
    let matrix = joined(vec![vec![passed("paused"), in_lab(passed("untold"))]]);
    let found: BTreeMap<Option<&str>, State> = matrix
        .duties
        .iter()
        .filter(|duty| &*duty.activity.id == activity)
        .map(|duty| (duty.scope.environment.as_deref(), duty.state))
        .collect();
    // A check that looks at one setting does not see that no instance may be started.
    let expected = [(Some("dev"), State::Met), (Some("prod"), State::Unknown)];
    assert_eq!(found, BTreeMap::from(expected));
}

#[test]
fn a_part_breaks_what_it_is_a_part_of_and_shows_nothing_of_it() {
    use Outcome::{Failed, Passed, Silenced};
    let root = "efs.identity-access.customer.access-point-root";
    let day = Some("2026-10-30");
    let of = |name: &str, outcome| one("point", name, outcome, day);
    for (results, expected) in [
        (vec![of("fs-1", Passed)], State::Met),
        (vec![of("fsap-1", Passed)], State::Unknown),
        (vec![of("fsap-1", Failed)], State::NotMet),
        (vec![of("fs-1", Passed), of("fsap-1", Failed)], State::NotMet),
        (vec![of("fs-1", Passed), of("fsap-1", Silenced)], State::Unknown),
        (vec![of("fsap-2", Failed)], State::Unknown),
    ] {
        assert_eq!(state(results.clone(), root), expected, "{results:?}");
    }
    let matrix = joined(vec![vec![of("fsap-1", Failed), of("fsap-2", Failed)]]);
    let fates: Vec<_> = matrix.scans.results.iter().map(|scan| (&*scan.label, scan.fate)).collect();
    assert_eq!(fates, [("fsap-1", Fate::Joined), ("fsap-2", Fate::Elsewhere)]);
}

#[test]
fn verdicts_of_an_account_are_folded() {
    use Outcome::{Failed, NotJudged, Passed};
    use State::{Met, NotMet, Unknown};
    let day = Some("2026-10-30");
    let root = |name: &str, outcome| one("root", name, outcome, day);
    for (results, expected) in [
        (vec![root("", Passed)], Met),
        (vec![root("a", Failed), root("b", Passed)], Met),
        (vec![root("a", Failed), root("b", Failed)], NotMet),
        (vec![root("a", Failed), root("b", NotJudged)], Unknown),
        (vec![root("a", Failed), one("root", "b", Passed, None)], Unknown),
    ] {
        assert_eq!(state(results.clone(), ROOT), expected, "{results:?}");
    }
    let guard = |region: &str, outcome| in_region(one("guard", "", outcome, day), region);
    for (results, expected) in [
        (vec![guard("eu-west-1", Passed)], Unknown),
        (vec![guard("eu-west-1", Passed), guard("us-east-1", Passed)], Met),
        (vec![guard("eu-west-1", Passed), guard("us-east-1", Failed)], NotMet),
        // Nothing is deployed there, as far as the inventory tells.
        (
            vec![guard("eu-west-1", Passed), guard("us-east-1", Passed), guard("ap-south-1", Failed)],
            Unknown,
        ),
        (vec![guard("eu-west-1", Passed), guard("us-east-1", NotJudged)], Unknown),
    ] {
        assert_eq!(state(results.clone(), GUARD), expected, "{results:?}");
    }
    // A duty of another service, on its resources in the account.
    let volumes = |region: &str, outcome| in_region(one("volumes", "", outcome, day), region);
    assert_eq!(state(vec![volumes("eu-west-1", Passed)], VOLUMES), Unknown);
    assert_eq!(
        state(vec![volumes("eu-west-1", Passed), volumes("us-east-1", Passed)], VOLUMES),
        Met
    );
    assert_eq!(state(vec![volumes("us-east-1", Failed)], VOLUMES), NotMet);
    // One resource breaks what the account owes, and shows nothing of the others.
    let users = "aws-account.credential-management.customer.users-mfa";
    assert_eq!(state(vec![one("user", "ledger", Passed, day)], users), Unknown);
    assert_eq!(state(vec![one("user", "ledger", Failed, day)], users), NotMet);
}

#[test]
fn a_name_that_several_have_means_none_of_them() {
    let day = Some("2026-10-30");
    let mut twin = one("standby", "twin", Outcome::Failed, day);
    Arc::make_mut(&mut twin.target).account = Some("444455556666".into());
    let fate = |target: &Target, check: &str| {
        let result = CheckResult {
            target: target.clone().into(),
            check: check.into(),
            ..twin.clone()
        };
        joined(vec![vec![result]]).scans.results[0].fate
    };
    // A bucket and a database are called so, and the check may be about either.
    assert_eq!(fate(&twin.target, "standby"), Fate::Unlisted);
    let typed = Target {
        kind: Some("AWS::RDS::DBInstance".into()),
        ..(*twin.target).clone()
    };
    assert_eq!(fate(&typed, "standby"), Fate::Joined);
    // Of what is about databases alone only one can be meant.
    assert_eq!(fate(&twin.target, "custom"), Fate::Joined);
    let elsewhere = Target {
        account: Some("111122223333".into()),
        ..typed.clone()
    };
    assert_eq!(fate(&elsewhere, "standby"), Fate::Unlisted);
    let foreign = Target {
        arn: Some("arn:aws:rds:eu-west-1:444455556666:db:other".into()),
        ..typed
    };
    assert_eq!(
        fate(&foreign, "standby"),
        Fate::Joined,
        "the name is the same, and nothing speaks against it"
    );
    let orders = Target {
        arn: Some("arn:aws:s3:::orders-eu".into()),
        name: Some("orders".into()),
        ..Target::default()
    };
    assert_eq!(fate(&orders, "versioned"), Fate::Unlisted, "another ARN is another bucket");
}

/// A template tells neither account nor Region: what it calls so may be deployed in another one.
#[test]
fn what_a_template_calls_so_is_attested_only_where_names_are_given_once() {
    let template = r#"{"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {"Versions": {"Type": "String"}}, "Resources": {
      "Ledger": {"Type": "AWS::RDS::DBInstance", "Properties": {"DBInstanceIdentifier": "books", "Engine": "postgres"}},
      "Orders": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "the-orders", "VersioningConfiguration": {"Status": {"Ref": "Versions"}}}}}}"#;
    let folder = Folder::new().with("own/checks/probe.yaml", PROBE).with("t.json", template);
    let mut sources = SourceMap::default();
    let catalog = Catalog::with_overlay(&folder.path("own"), &mut sources).unwrap();
    let inventory = load(&[folder.path("t.json")], &catalog, &mut sources).unwrap().inventory;
    let state = |check: &str, name: &str, outcome, region: Option<&str>, activity: &str| {
        let mut result = one(check, name, outcome, Some("2026-10-30"));
        Arc::make_mut(&mut result.target).region = region.map(Arc::from);
        let inventory = Inventory {
            results: files(vec![vec![result]]),
            ..inventory.clone()
        };
        let matrix = resolve(&catalog, &inventory, as_of());
        let found = matrix.duties.iter().find(|duty| &*duty.activity.id == activity).unwrap();
        (found.state, matrix.scans.results[0].fate)
    };
    use Outcome::{Failed, Passed};
    let region = Some("eu-west-1");
    assert_eq!(state("standby", "books", Passed, region, STANDBY), (State::Unknown, Fate::Joined));
    assert_eq!(state("standby", "books", Failed, region, STANDBY), (State::NotMet, Fate::Joined));
    assert_eq!(state("standby", "books", Passed, None, STANDBY), (State::Met, Fate::Joined));
    assert_eq!(
        state("versioned", "the-orders", Passed, region, VERSIONED),
        (State::Met, Fate::Joined)
    );
}

#[test]
fn an_exception_excuses_what_a_scanner_finds() {
    let mut result = one("tls", "drafts", Outcome::Failed, Some("2026-10-30"));
    Arc::make_mut(&mut result.target).account = Some("444455556666".into());
    let matrix = joined(vec![vec![result]]);
    let tls = |duty: &&cloudraci::raci::Duty| {
        &*duty.activity.id == "s3.encryption-in-transit.customer.tls-only" && duty.scope.environment.as_deref() == Some("dev")
    };
    let duty = matrix.duties.iter().find(tls).unwrap();
    assert_eq!((duty.excepted().len(), duty.not_met().len(), duty.state), (1, 0, State::Unknown));
}

#[test]
fn a_part_of_a_matrix_tells_of_its_own_results_only() {
    let day = Some("2026-10-30");
    let results = vec![
        one("versioned", "orders", Outcome::Failed, day),
        one("standby", "ledger", Outcome::Passed, day),
        one("standby", "nobody", Outcome::Passed, day),
    ];
    let matrix = joined(vec![results]);
    let World { catalog, inventory } = world();
    let selector = cloudraci::inventory::selection("service=rds", inventory, catalog).unwrap();
    let cut = matrix.only(&selector, catalog);
    let scanned = cut.scanned();
    assert_eq!((scanned[0].results, scanned[0].passed, scanned[0].failed), (1, 1, 0));
    assert!(cut.unlisted().is_empty() && matrix.unlisted().len() == 1);
}
