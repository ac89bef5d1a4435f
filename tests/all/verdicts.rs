//! What a scanner silenced, could not judge, or passed since there was nothing to look at is neither a pass nor a failure, however
//! its form says so; and of two verdicts on one resource at one time the pass shows nothing.

use cloudraci::diagnostics::{Code, Place};
use cloudraci::results::Outcome::{Failed, NotJudged, Passed, Silenced};
use cloudraci::results::{self, Gathered, Outcome};
use cloudraci::source::Stream;
use serde_json::{Value, json};
use std::sync::Arc;

const ARN: &str = "arn:aws:s3:::statements";
const ACCOUNT: &str = "111122223333";

fn read(document: &Value) -> Gathered {
    let file: Arc<str> = "results.json".into();
    let mut gathered = Gathered::default();
    let stream = Stream::of(document.to_string().into_bytes(), &file, &Place::file(file.clone()));
    results::read(stream, None, &mut gathered).unwrap_or_else(|faults| panic!("{document}: {faults:?}"));
    gathered
}

/// The outcome of the only result.
fn outcome(document: &Value) -> Outcome {
    let gathered = read(document);
    let all: Vec<Outcome> = gathered.iter().map(|result| result.outcome).collect();
    assert_eq!(all.len(), 1, "{document}");
    all[0]
}

fn with(mut document: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(key);
        } else {
            parent.insert(key.to_owned(), value.clone());
        }
    }
    document
}

fn prowler() -> Value {
    json!({
        "class_uid": 2004, "status": "New", "status_id": 1, "status_code": "PASS", "time": 1_793_541_600,
        "metadata": {"event_code": "s3_bucket_object_versioning", "product": {"name": "Prowler"}},
        "finding_info": {"uid": "prowler-1", "title": "Versioning"},
        "cloud": {"account": {"uid": ACCOUNT}, "region": "eu-west-1"},
        "resources": [{"uid": ARN, "name": "statements", "type": "AwsS3Bucket", "region": "eu-west-1"}],
    })
}

fn hub() -> Value {
    json!({
        "class_uid": 2003, "activity_id": 1, "activity_name": "Create", "status": "New", "status_id": 1, "time": 1_793_541_600_000_u64,
        "metadata": {"product": {"name": "Security Hub"}}, "finding_info": {"uid": "1", "title": "Versioning"},
        "compliance": {"control": "S3.14", "status": "Pass", "status_id": 1}, "unmapped": {},
        "cloud": {"account": {"uid": ACCOUNT}, "region": "eu-west-1"},
        "resources": [{"uid": "statements", "uid_alt": ARN, "type": "AWS::S3::Bucket"}],
    })
}

fn asff() -> Value {
    json!({
        "GeneratorId": "security-control/S3.14", "AwsAccountId": ACCOUNT, "Region": "eu-west-1", "ProductArn": "arn:aws:securityhub:x",
        "Title": "Versioning", "UpdatedAt": "2026-11-01T10:00:00Z", "Resources": [{"Type": "AwsS3Bucket", "Id": ARN}],
        "Compliance": {"Status": "PASSED", "SecurityControlId": "S3.14"}, "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE",
    })
}

#[test]
fn what_says_nothing_is_no_pass_and_no_failure() {
    let (muted, gone) = (("/status", json!("Suppressed")), Value::Null);
    let empty = json!([{"ReasonCode": "CONFIG_EVALUATIONS_EMPTY"}]);
    type Case<'c> = (&'c str, Value, &'c [(&'c str, Value)], Outcome);
    let table: &[Case<'_>] = &[
        ("prowler", prowler(), &[], Passed),
        ("prowler", prowler(), &[("/status_code", json!("FAIL"))], Failed),
        ("prowler", prowler(), &[("/status_code", json!("FAIL")), muted.clone()], Silenced),
        ("prowler", prowler(), &[muted], Silenced),
        ("prowler, of 4.0 to 4.4", prowler(), &[("/status_id", json!(3))], Passed),
        (
            "prowler, the number alone",
            prowler(),
            &[("/status", gone.clone()), ("/status_id", json!(3))],
            Silenced,
        ),
        ("prowler", prowler(), &[("/status_code", json!("MANUAL"))], NotJudged),
        ("hub", hub(), &[], Passed),
        ("hub", hub(), &[("/compliance/status", json!("Fail"))], Failed),
        (
            "hub, the number alone",
            hub(),
            &[("/compliance/status", gone.clone()), ("/compliance/status_id", json!(3))],
            Failed,
        ),
        (
            "hub, the number alone",
            hub(),
            &[("/compliance/status", gone.clone()), ("/compliance/status_id", json!(2))],
            NotJudged,
        ),
        ("hub", hub(), &[("/compliance/status", json!("Warning"))], NotJudged),
        ("hub", hub(), &[("/status", json!("Suppressed"))], Silenced),
        (
            "hub, the number alone",
            hub(),
            &[("/status", gone.clone()), ("/status_id", json!(3))],
            Silenced,
        ),
        (
            "hub, the number alone",
            hub(),
            &[("/activity_name", gone.clone()), ("/activity_id", json!(3))],
            Silenced,
        ),
        (
            "hub, the text of a list",
            hub(),
            &[(
                "/unmapped/Compliance.StatusReasons[].ReasonCodes",
                json!("CONFIG_EVALUATIONS_EMPTY"),
            )],
            NotJudged,
        ),
        (
            "hub, the text of a list",
            hub(),
            &[("/compliance/status_details", json!("CONFIG_EVALUATIONS_EMPTY"))],
            NotJudged,
        ),
        ("asff", asff(), &[], Passed),
        ("asff", asff(), &[("/Compliance/StatusReasons", empty)], NotJudged),
        (
            "asff, whatever the reason",
            asff(),
            &[("/Compliance/StatusReasons", json!([{"ReasonCode": "CONFIG_RECORDER_DISABLED"}]))],
            NotJudged,
        ),
        ("asff", asff(), &[("/Compliance/Status", json!("WARNING"))], NotJudged),
        (
            "asff, which is archived and does not count",
            asff(),
            &[("/RecordState", json!("ARCHIVED"))],
            Passed,
        ),
        ("asff", asff(), &[("/Workflow/Status", json!("SUPPRESSED"))], Silenced),
        ("asff", asff(), &[("/Workflow/Status", json!("RESOLVED"))], Passed),
        (
            "asff",
            asff(),
            &[("/Workflow/Status", json!("RESOLVED")), ("/Compliance/Status", json!("FAILED"))],
            Silenced,
        ),
    ];
    for (name, document, changes, expected) in table {
        let document = json!([with(document.clone(), changes)]);
        assert_eq!(outcome(&document), *expected, "{name}: {document}");
    }
}

#[test]
fn beside_what_was_silenced_a_pass_shows_nothing() {
    let verdicts = [
        prowler(),
        with(prowler(), &[("/status_code", json!("MANUAL"))]),
        with(prowler(), &[("/status_code", json!("FAIL")), ("/status", json!("Suppressed"))]),
        with(prowler(), &[("/status_code", json!("FAIL"))]),
    ];
    let worst = [Passed, NotJudged, Silenced, Failed];
    for (one, first) in verdicts.iter().enumerate() {
        for (other, second) in verdicts.iter().enumerate() {
            assert_eq!(outcome(&json!([first, second])), worst[one.max(other)], "{one} {other}");
        }
    }
}

#[test]
fn what_is_no_verdict_is_said_to_be_left_out() {
    let threat = with(asff(), &[("/Compliance", Value::Null)]);
    for (document, code) in [
        (json!([threat]), Code::ResultsEmpty),
        (json!([threat, asff()]), Code::ResultsLeftOut),
    ] {
        let codes: Vec<Code> = read(&document).warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, [code], "{document}");
    }
}

#[test]
fn a_check_that_tested_something_else_has_an_id_of_its_own() {
    let found = |ids: Value| {
        let mut one = json!({"Status": "FAIL", "Title": "t", "CauseMetadata": {"Resource": "aws_security_group.web"}});
        one.as_object_mut().unwrap().extend(ids.as_object().unwrap().clone());
        let document = json!({"SchemaVersion": 2, "ArtifactName": ".", "Results": [{"Target": "main.tf", "Misconfigurations": [one]}]});
        let gathered = read(&document);
        gathered.iter().map(|result| result.check.to_string()).collect::<Vec<_>>().join(" ")
    };
    for (ids, id) in [
        (json!({"ID": "AVD-AWS-0107", "AVDID": "AVD-AWS-0107"}), "AVD-AWS-0107"),
        (json!({"ID": "AWS-0107", "AVDID": "AVD-AWS-0107"}), "AWS-0107"),
        (json!({"ID": "AWS-0107"}), "AWS-0107"),
        (json!({"ID": "AVD-AWS-0089", "AVDID": "AVD-AWS-0089"}), "AWS-0089"),
    ] {
        assert_eq!(found(ids.clone()), id, "{ids}");
    }
}
