//! What tests of policies say of policies.
#![allow(clippy::unwrap_used)]

use super::*;
use serde_json::json;

fn test(written: Value, policy: &Value) -> Truth {
    let test = PolicyTest::decode(written).unwrap();
    // As a value and as the text that most sources keep.
    let of_value = test.holds(policy);
    if policy.is_object() {
        assert_eq!(of_value, test.holds(&Value::String(policy.to_string())));
    }
    of_value
}

fn statement(fields: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": fields})
}

#[test]
fn denying_plain_transport_takes_everybody_everything_and_that_condition_alone() {
    let wanted = || json!({"denies": {"aws:SecureTransport": false}});
    let deny = |changes: &Value| {
        let mut fields = json!({
            "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        });
        for (key, value) in changes.as_object().unwrap() {
            if value.is_null() {
                fields.as_object_mut().unwrap().shift_remove(key);
            } else {
                fields[key] = value.clone();
            }
        }
        statement(&json!([fields]))
    };
    for yes in [
        json!({}),
        json!({"Principal": {"AWS": "*"}}),
        json!({"Principal": {"AWS": ["*"]}, "Action": ["*"]}),
        json!({"Condition": {"BoolIfExists": {"AWS:secureTransport": ["false"]}}}),
        json!({"Condition": {"Bool": {"aws:SecureTransport": false}}}),
    ] {
        assert_eq!(test(wanted(), &deny(&yes)), Truth::Yes, "{yes}");
    }
    for no in [
        json!({"Effect": "Allow"}),
        json!({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}),
        json!({"Principal": null, "NotPrincipal": {"AWS": "*"}}),
        json!({"Principal": {"Federated": "*"}}),
        json!({"Principal": {"Service": "*", "CanonicalUser": ["*"]}}),
        json!({"Action": "s3:PutObject"}),
        json!({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        json!({"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalOrgID": "o-1"}}}),
        json!({"Condition": null}),
    ] {
        assert_eq!(test(wanted(), &deny(&no)), Truth::No, "{no}");
    }
    let one_action = || json!({"denies": {"aws:SecureTransport": false}, "of": "s3:PutObject"});
    for (action, is_denied) in [
        (json!("s3:putobject"), true),
        (json!(["s3:GetObject", "s3:PutObject"]), true),
        (json!("s3:*"), true),
        (json!("*"), true),
        (json!("s3:GetObject"), false),
        (json!("sns:*"), false),
    ] {
        let told = deny(&json!({"Action": action}));
        assert_eq!(test(one_action(), &told), Truth::from(is_denied), "{action}");
    }
    let whole = || json!({"denies": {"aws:SecureTransport": false}, "below": "/*", "of": "s3"});
    for (resources, truth) in [
        (json!(["arn:aws:s3:::a", "arn:aws:s3:::a/*"]), Truth::Yes),
        (json!(["arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::a/b/*"]), Truth::Yes),
        (json!(["a", "arn:aws:s3:::a/*"]), Truth::Yes),
        (json!("*"), Truth::Yes),
        (json!(["arn:aws:s3:::a", "arn:aws:s3:::b/*"]), Truth::Unknown),
        (json!(["arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::b"]), Truth::Unknown),
        (json!(["arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws-cn:s3:::a"]), Truth::Unknown),
        (json!(["arn:aws:sqs:::a", "arn:aws:sqs:::a/*"]), Truth::Unknown),
    ] {
        assert_eq!(test(whole(), &deny(&json!({"Resource": resources}))), truth, "{resources}");
    }
    // Who else is named shows that one of the two is not what it is attached to.
    let policy = deny(&json!({"Resource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]}));
    for (other, truth) in [
        ("arn:aws:s3:::a/b/*", Truth::Yes),
        ("arn:aws:s3:::*", Truth::Yes),
        ("arn:aws:s3:::${B}/b", Truth::Yes),
        ("arn:aws:s3:::b/*", Truth::Unknown),
    ] {
        let mut policy = policy.clone();
        let allow = json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": other});
        policy["Statement"].as_array_mut().unwrap().push(allow);
        assert_eq!(test(whole(), &policy), truth, "{other}");
    }
    assert_eq!(test(wanted(), &json!(null)), Truth::No);
    assert_eq!(test(wanted(), &json!("not a policy")), Truth::Unknown);
    assert_eq!(test(wanted(), &json!({"Statement": "?"})), Truth::Unknown);
}

#[test]
fn naming_the_network_holds_for_every_statement() {
    let wanted = || json!({"only_with": ["aws:SourceVpc", "aws:SourceVpce"]});
    let allow = |condition: &Value| json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition});
    let named = allow(&json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}}));
    let open = json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"});
    let guard = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": ["vpce-1"]}}});
    assert_eq!(test(wanted(), &statement(&json!([named]))), Truth::Yes);
    assert_eq!(test(wanted(), &statement(&json!(named))), Truth::Yes);
    assert_eq!(test(wanted(), &statement(&json!([named, open]))), Truth::No);
    assert_eq!(test(wanted(), &statement(&json!([open, guard]))), Truth::Yes);
    // What denies a part only, or one action, may guard all that there is.
    for (field, value) in [
        ("Action", json!("execute-api:Invoke")),
        ("Resource", json!("execute-api:/prod/GET/admin")),
        ("Resource", json!(["arn:aws:s3:::bucket/private/*"])),
    ] {
        let mut part = guard.clone();
        part[field] = value;
        assert_eq!(test(wanted(), &statement(&json!([open, part]))), Truth::Unknown, "{part}");
    }
    // So may what denies only some requests.
    let mut perimeter = guard.clone();
    perimeter["Condition"]["BoolIfExists"] = json!({"aws:PrincipalIsAWSService": "false"});
    assert_eq!(test(wanted(), &statement(&json!([open, perimeter]))), Truth::Unknown);
    for whole in [
        json!("execute-api:/*"),
        json!(["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]),
        json!("arn:aws:sqs:eu-west-1:1:q"),
    ] {
        let mut all = guard.clone();
        all["Resource"] = whole;
        assert_eq!(test(wanted(), &statement(&json!([open, all]))), Truth::Yes, "{all}");
    }
    for not_named in [
        json!({"StringLike": {"aws:SourceVpce": "*"}}),
        json!({"StringLike": {"aws:SourceVpce": "vpce-*"}}),
        json!({"StringLike": {"aws:SourceVpce": "vpce-0*"}}),
        json!({"StringLike": {"aws:SourceVpce": ["vpce-1", "vpce-*"]}}),
        json!({"StringEquals": {"aws:SourceVpce": "${aws:SourceVpce}"}}),
        json!({"StringEquals": {"aws:SourceVpce": "${AWS:sourcevpce}"}}),
        json!({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}),
        json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        json!({"Null": {"aws:SourceVpce": "false"}}),
        json!({"StringEquals": {"aws:SourceAccount": "111122223333"}}),
    ] {
        assert_eq!(test(wanted(), &statement(&json!([allow(&not_named)]))), Truth::No, "{not_named}");
    }
}

#[test]
fn everybody_is_everybody_however_written() {
    let wanted = || json!({"public": {"narrowed_by": ["aws:PrincipalOrgID", "aws:SourceIp"]}});
    let allow = |principal: &Value, condition: &Value| {
        statement(
            &json!([{"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*", "Condition": condition}]),
        )
    };
    let none = json!({});
    assert_eq!(test(wanted(), &allow(&json!("*"), &none)), Truth::Yes);
    assert_eq!(
        test(wanted(), &allow(&json!({"AWS": ["arn:aws:iam::111122223333:root", "*"]}), &none)),
        Truth::Yes
    );
    assert_eq!(test(wanted(), &allow(&json!({"Service": "sns.amazonaws.com"}), &none)), Truth::No);
    assert_eq!(test(wanted(), &allow(&json!({"Federated": "*"}), &none)), Truth::Yes);
    assert_eq!(
        test(
            wanted(),
            &allow(&json!("*"), &json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
        ),
        Truth::No
    );
    assert_eq!(
        test(wanted(), &allow(&json!("*"), &json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}))),
        Truth::Yes
    );
    let narrowed = |key: &str, value: &str| {
        let condition = json!({"StringLike": {key: value}});
        test(json!({"public": {"narrowed_by": [key]}}), &allow(&json!("*"), &condition)) == Truth::No
    };
    for (key, named, open) in [
        ("aws:PrincipalOrgID", "o-1a*", "o-*"),
        ("aws:PrincipalOrgPaths", "o-1a2b3c4d5e/*", "o-*/r-*"),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/app"),
        ("aws:PrincipalArn", "arn:aws:sts::111122223333:*", "arn:aws:*"),
        ("aws:SourceArn", "arn:aws:s3:::logs*", "arn:aws:s3:::*"),
        ("aws:SourceIp", "10.0.0.0/8", "128.0.0.0/1"),
        ("aws:SourceIp", "2001:db8::/32", "2000::/3"),
    ] {
        assert!(narrowed(key, named), "{key} {named}");
        assert!(!narrowed(key, open), "{key} {open}");
    }
    assert_eq!(test(json!({"allows": ["*", "sqs:*"]}), &allow(&json!("*"), &none)), Truth::No);
    for (resource, holds) in [
        (json!("*"), Truth::Yes),
        (
            json!([
                "arn:aws:iot:eu-west-1:111122223333:client/a",
                "arn:aws:iot:eu-west-1:111122223333:*"
            ]),
            Truth::Yes,
        ),
        (
            json!("arn:aws:iot:eu-west-1:111122223333:topic/${iot:Connection.Thing.ThingName}/*"),
            Truth::No,
        ),
    ] {
        let policy = statement(&json!([{"Effect": "Allow", "Action": "iot:*", "Resource": resource}]));
        assert_eq!(test(json!({"allows": ["iot:*"], "everywhere": true}), &policy), holds, "{policy}");
    }
    assert_eq!(test(json!({"allows": ["SQS:sendmessage"]}), &allow(&json!("*"), &none)), Truth::Yes);
    // What is denied beside it may be all of it.
    let (admits, refuses) = (
        json!({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}),
        json!({"Effect": "Deny", "Principal": "*", "Action": "sts:*"}),
    );
    for (statements, holds) in [
        (json!([admits]), Truth::Yes),
        (json!([admits, refuses]), Truth::Unknown),
        (json!([refuses]), Truth::No),
        (json!([]), Truth::No),
    ] {
        let policy = statement(&statements);
        assert_eq!(
            test(json!({"allows": ["sts:AssumeRole"], "alone": true}), &policy),
            holds,
            "{policy}"
        );
    }
}

#[test]
fn what_is_no_policy_test_is_refused() {
    for wrong in [
        json!(true),
        json!({}),
        json!({"denies": "x"}),
        json!({"only_with": []}),
        json!({"public": {}}),
        json!({"else": 1}),
    ] {
        assert!(PolicyTest::decode(wrong).is_err());
    }
}

#[test]
fn a_pattern_that_is_not_told_names_nothing() {
    let wanted = || json!({"only_with": ["aws:SourceVpce"]});
    let of = |operator: &str, value: &str| {
        statement(
            &json!([{"Effect": "Allow", "Principal": "*", "Action": "x:*", "Resource": "*", "Condition": {operator: {"aws:SourceVpce": value}}}]),
        )
    };
    assert_eq!(test(wanted(), &of("StringEquals", "(...)")), Truth::Yes);
    assert_eq!(test(wanted(), &of("StringLike", "(...)")), Truth::Unknown, "it may be a wildcard");
    assert_eq!(test(wanted(), &of("StringLike", "vpce-1a")), Truth::Yes);
}

#[test]
fn where_all_but_some_are_denied_it_is_open_who_is_let_in() {
    let wanted = || json!({"public": {"narrowed_by": ["aws:PrincipalOrgID"]}});
    let allow = json!({"Effect": "Allow", "Principal": "*", "Action": "x:*", "Resource": "*"});
    let deny = |whom: &str, of: Value| json!({"Effect": "Deny", whom: of, "Action": "x:*", "Resource": "*"});
    assert_eq!(test(wanted(), &statement(&json!([allow]))), Truth::Yes);
    assert_eq!(
        test(wanted(), &statement(&json!([allow, deny("NotPrincipal", json!({"AWS": "r"}))]))),
        Truth::Unknown
    );
    assert_eq!(
        test(wanted(), &statement(&json!([allow, deny("Principal", json!({"AWS": "r"}))]))),
        Truth::Yes
    );
}

#[test]
fn everybody_is_allowed_everything_where_nothing_narrows_it() {
    let wanted = || json!({"unrestricted": ["*"]});
    let allow = |changes: &Value| {
        let mut fields = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
        for (key, value) in changes.as_object().unwrap() {
            fields[key] = value.clone();
        }
        fields
    };
    for (changes, is) in [
        (json!({}), Truth::Yes),
        (
            json!({"Principal": {"AWS": "*"}, "Action": ["s3:Get*", "*"], "Resource": ["arn:aws:s3:::b", "*"], "Condition": {}}),
            Truth::Yes,
        ),
        (json!({"Resource": "arn:aws:s3:::b/*"}), Truth::No),
        (json!({"Resource": null, "NotResource": "arn:aws:s3:::b/*"}), Truth::No),
        (json!({"Action": "s3:*"}), Truth::No),
        (json!({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}), Truth::No),
        (
            json!({"Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}}),
            Truth::No,
        ),
        (json!({"Condition": "?"}), Truth::No),
        (json!({"Resource": NOT_TOLD}), Truth::Unknown),
    ] {
        assert_eq!(test(wanted(), &statement(&json!([allow(&changes)]))), is, "{changes}");
    }
    // One allows everybody something, another somebody everything.
    let two = [
        allow(&json!({"Action": "s3:GetObject"})),
        allow(&json!({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}})),
    ];
    assert_eq!(test(wanted(), &statement(&json!(two))), Truth::No);
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"});
    assert_eq!(test(wanted(), &statement(&json!([allow(&json!({})), deny]))), Truth::Unknown);
    assert_eq!(test(wanted(), &json!(null)), Truth::No);
}
