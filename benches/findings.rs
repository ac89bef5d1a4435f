//! Files of scanners' results of any size, the same for the same number.
//!
//! In: a form and how many results. Out: a file as Prowler, Security Hub, AWS Config or Checkov writes it. Each resource has forty
//! checks; what a check says at length repeats with it, and what is said of a resource is its own.

use serde_json::{Value, json};
use std::io::{self, Write};

/// How many checks look at each resource.
const CHECKS: usize = 40;

const REGIONS: [&str; 4] = ["eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-1"];

/// One resource, as its number has it.
struct Resource {
    account: String,
    region: &'static str,
    name: String,
    arn: String,
}

impl Resource {
    fn of(number: usize) -> Self {
        let account = format!("{:012}", 111_122_223_333_u64 + (number % 12) as u64);
        let region = REGIONS[number % REGIONS.len()];
        let name = format!("payments-orders-queue-{number:07}");
        Self {
            arn: format!("arn:aws:sqs:{region}:{account}:{name}"),
            account,
            region,
            name,
        }
    }
}

/// Writes this many results in a form.
pub(crate) fn write(form: &str, results: usize, mut to: impl Write) -> io::Result<()> {
    match form {
        "ocsf" => list(results, &mut to, &ocsf),
        "asff" => list(results, &mut to, &asff),
        "config" => {
            to.write_all(b"{\"EvaluationResults\": ")?;
            list(results, &mut to, &evaluation)?;
            to.write_all(b"}\n")
        }
        "checkov" => {
            to.write_all(b"{\"check_type\": \"terraform_plan\", \"results\": {\"failed_checks\": ")?;
            list(results, &mut to, &checkov)?;
            to.write_all(b"}, \"summary\": {\"checkov_version\": \"3.2.0\"}}\n")
        }
        _ => csv(results, &mut to),
    }
}

fn list(results: usize, to: &mut impl Write, one: &dyn Fn(usize) -> Value) -> io::Result<()> {
    for number in 0..results {
        to.write_all(if number == 0 { b"[" } else { b"," })?;
        serde_json::to_writer_pretty(&mut *to, &one(number))?;
    }
    to.write_all(b"]\n")
}

fn words(check: usize, sentences: usize) -> String {
    (0..sentences)
        .map(|number| {
            format!("Sentence {number} of check {check} says at length **what** may happen where `a setting` is left as it was. ")
        })
        .collect()
}

fn ocsf(number: usize) -> Value {
    let (resource, check) = (Resource::of(number / CHECKS), number % CHECKS);
    let id = format!("sqs_queues_check_number_{check}");
    let fails = number.is_multiple_of(3);
    let detail = format!(
        "SQS queue {} {} what check {check} asks for.",
        resource.name,
        if fails { "lacks" } else { "has" }
    );
    json!({
        "message": detail,
        "metadata": {"event_code": id, "product": {"name": "Prowler", "uid": "prowler", "vendor_name": "Prowler", "version": "5.30.0"},
            "profiles": ["cloud", "datetime"], "tenant_uid": "", "version": "1.5.0"},
        "severity_id": 3, "severity": "Medium", "status": "New", "status_code": if fails { "FAIL" } else { "PASS" }, "status_detail": detail, "status_id": 1,
        "unmapped": {"related_url": "", "categories": ["encryption"], "depends_on": [], "related_to": [], "notes": words(check, 1),
            "compliance": {"CIS-3.0": ["2.1.2"], "NIST-CSF-2.0": ["pt_1", "ae_3"], "SOC2": ["cc_7_2"], "HIPAA": ["164_308_a_1_ii_d", "164_312_b"]}},
        "activity_name": "Create", "activity_id": 1,
        "finding_info": {"created_time": 1_793_527_200, "desc": words(check, 3), "title": format!("Check {check} of queues"), "types": ["Software"],
            "uid": format!("prowler-aws-{id}-{}-{}-{}", resource.account, resource.region, resource.name)},
        "resources": [{"cloud_partition": "aws", "region": resource.region, "data": {"details": "", "metadata": {"id": resource.name, "arn": resource.arn,
            "region": resource.region, "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage"}]},
            "kms_key_id": null, "tags": [{"team": "payments"}]}}, "group": {"name": "sqs"}, "labels": ["team=payments"], "name": resource.name,
            "type": "AwsSqsQueue", "uid": resource.arn}],
        "category_name": "Findings", "category_uid": 2, "class_name": "Detection Finding", "class_uid": 2004,
        "cloud": {"account": {"name": "", "type": "AWS Account", "type_id": 10, "uid": resource.account, "labels": []}, "provider": "aws", "region": resource.region},
        "remediation": {"desc": words(check, 2), "references": ["https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/x.html"]},
        "risk_details": words(check, 2), "time": 1_793_527_200, "time_dt": "2026-11-01T10:00:00.123456", "type_uid": 200_401, "type_name": "Detection Finding: Create",
    })
}

fn asff(number: usize) -> Value {
    let (resource, check) = (Resource::of(number / CHECKS), number % CHECKS);
    let fails = number.is_multiple_of(3);
    json!({
        "SchemaVersion": "2018-10-08", "Id": format!("arn:aws:securityhub:{}:{}:security-control/SQS.{check}/finding/{number:036}", resource.region, resource.account),
        "ProductArn": format!("arn:aws:securityhub:{}::product/aws/securityhub", resource.region), "ProductName": "Security Hub", "CompanyName": "AWS",
        "Region": resource.region, "GeneratorId": format!("security-control/SQS.{check}"), "AwsAccountId": resource.account,
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"], "FirstObservedAt": "2026-03-02T10:15:00.000Z",
        "LastObservedAt": "2026-10-30T10:15:00.000Z", "CreatedAt": "2026-03-02T10:15:00.000Z", "UpdatedAt": "2026-10-30T10:15:00.000Z",
        "Severity": {"Label": "MEDIUM", "Normalized": 40, "Original": "MEDIUM"}, "Title": format!("Check {check} of queues"), "Description": words(check, 1),
        "Remediation": {"Recommendation": {"Text": "For information on how to correct this issue, consult the documentation.", "Url": "https://docs.aws.amazon.com/console/securityhub/SQS.1/remediation"}},
        "ProductFields": {"RelatedAWSResources:0/name": "securityhub-sqs-queue-encrypted-1a2b3c4d", "RelatedAWSResources:0/type": "AWS::Config::ConfigRule",
            "aws/securityhub/ProductName": "Security Hub", "aws/securityhub/CompanyName": "AWS", "Resources:0/Id": resource.arn},
        "Resources": [{"Type": "AwsSqsQueue", "Id": resource.arn, "Partition": "aws", "Region": resource.region,
            "Details": {"AwsSqsQueue": {"QueueName": resource.name, "KmsDataKeyReusePeriodSeconds": 300}}}],
        "Compliance": {"Status": if fails { "FAILED" } else { "PASSED" }, "RelatedRequirements": ["NIST.800-53.r5 SC-28", "NIST.800-53.r5 SC-7(10)"],
            "SecurityControlId": format!("SQS.{check}"), "AssociatedStandards": [{"StandardsId": "standards/nist-800-53/v/5.0.0"}]},
        "WorkflowState": "NEW", "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE",
        "FindingProviderFields": {"Severity": {"Label": "MEDIUM", "Original": "MEDIUM"}, "Types": ["Software and Configuration Checks"]},
    })
}

fn evaluation(number: usize) -> Value {
    let (resource, check) = (Resource::of(number / CHECKS), number % CHECKS);
    json!({
        "EvaluationResultIdentifier": {"EvaluationResultQualifier": {"ConfigRuleName": format!("sqs-queue-check-number-{check}"),
            "ResourceType": "AWS::SQS::Queue", "ResourceId": resource.name, "EvaluationMode": "DETECTIVE"}, "OrderingTimestamp": "2026-10-30T10:15:00.065000+01:00"},
        "ComplianceType": if number.is_multiple_of(3) { "NON_COMPLIANT" } else { "COMPLIANT" },
        "ResultRecordedTime": "2026-10-30T10:15:01.288000+01:00", "ConfigRuleInvokedTime": "2026-10-30T10:15:00.934000+01:00",
    })
}

fn checkov(number: usize) -> Value {
    let (resource, check) = (Resource::of(number / CHECKS), number % CHECKS);
    let address = format!("module.team.aws_sqs_queue.this[\"{}\"]", resource.name);
    json!({
        "check_id": format!("CKV_AWS_{check}"), "bc_check_id": null, "check_name": format!("Check {check} of queues"),
        "check_result": {"result": "FAILED", "evaluated_keys": ["kms_master_key_id"]},
        "code_block": (0..12).map(|line| json!([line, format!("                    \"value_{line}\": \"{}\",\n", resource.name)])).collect::<Vec<Value>>(),
        "file_path": "/tfplan.json", "file_abs_path": "/app/tfplan.json", "repo_file_path": "/plan/tfplan.json", "file_line_range": [1, 12], "resource": address,
        "evaluations": null, "check_class": "checkov.terraform.checks.resource.aws.Queue", "fixed_definition": null, "entity_tags": {"team": "payments"},
        "resource_address": address, "severity": null, "guideline": null, "details": [], "check_len": null,
    })
}

fn csv(results: usize, to: &mut impl Write) -> io::Result<()> {
    to.write_all(b"AUTH_METHOD;TIMESTAMP;ACCOUNT_UID;FINDING_UID;PROVIDER;CHECK_ID;CHECK_TITLE;STATUS;STATUS_EXTENDED;MUTED;SERVICE_NAME;SEVERITY;RESOURCE_TYPE;RESOURCE_UID;RESOURCE_NAME;RESOURCE_DETAILS;PARTITION;REGION;DESCRIPTION;RISK;REMEDIATION_RECOMMENDATION_TEXT\n")?;
    for number in 0..results {
        let (resource, check) = (Resource::of(number / CHECKS), number % CHECKS);
        let (account, region, name, arn) = (&resource.account, resource.region, &resource.name, &resource.arn);
        let (verdict, has) = if number.is_multiple_of(3) {
            ("FAIL", "lacks")
        } else {
            ("PASS", "has")
        };
        writeln!(
            to,
            "profile: None;2026-11-01 10:00:00.123456;{account};prowler-aws-x-{number};aws;sqs_queues_check_number_{check};Check {check} of queues;{verdict};SQS queue {name} {has} what check {check} asks for.;False;sqs;medium;AwsSqsQueue;{arn};{name};;aws;{region};\"{}\n\nMore.\";{};{}",
            words(check, 2),
            words(check, 2),
            words(check, 1),
        )?;
    }
    Ok(())
}
