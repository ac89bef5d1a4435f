//! What is told and what is not, text by text.

#![allow(clippy::panic)]

use super::*;
use serde_json::json;

/// Texts that hold a secret.
const SECRET: &[&str] = &[
    // Addresses
    "postgres://u:hunter2@h/db",
    "postgres://u:hunter2/slash@h/db",
    "see https://hunter2-token@github.com/o/r.git for it",
    "redis://:hunter2@cache.example.com:6379/0",
    "mongodb+srv://app:hunter2@cluster0.example.net/?retryWrites=true",
    "amqps://app:hunter2@mq.example.com:5671",
    "https://example.com/hook?token=hunter2",
    "https://example.blob.core.windows.net/c?sv=2022-11-02&sig=hunter2%3D",
    "https://bucket.s3.amazonaws.com/o?X-Amz-Signature=0123abcd",
    "https://example.com/callback#access_token=hunter2",
    "https://hooks.slack.com/services/T00000000/B00000000/hunter2abcdef012345",
    "http%3A%2F%2Fuser%3Ahunter2%40example.com",
    // Connections
    "jdbc:oracle:thin:scott/hunter2@//h:1521/x",
    "jdbc:sqlserver://h:1433;databaseName=d;user=sa;password=hunter2",
    "jdbc:postgresql://h:5432/d?user=u&password=hunter2",
    "Driver={ODBC Driver 18 for SQL Server};Server=h;Uid=sa;Pwd=hunter2;",
    "user:hunter2@tcp(db.example.com:3306)/shop",
    "host=h port=5432 user=u password=hunter2 dbname=d",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aHVudGVyMmh1bnRlcjJodW50ZXIy;EndpointSuffix=core.windows.net",
    "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=aHVudGVyMmh1bnRlcjI=",
    "scott/hunter2@db.example.com:1521/ORCL",
    "bob:hunter2@smtp.example.com:587",
    "db.example.com:5432:shop:app:hunter2",
    // Commands
    "serve --db-password hunter2",
    "serve --db-password=hunter2 --port 80",
    "mysql -h db -u app -phunter2 shop",
    "PGPASSWORD=hunter2 psql -h db",
    "curl -s -u bob:hunter2 https://example.com",
    "curl -H 'Authorization: Basic aHVudGVyMjpodW50ZXIy' https://example.com",
    "curl -H \"X-Api-Key: hunter2\" https://example.com",
    "sh -c 'mysqldump -phunter2 shop'",
    "redis-cli -h cache -a hunter2 ping",
    "sshpass -p hunter2 ssh host",
    "docker login -u bob -p hunter2 registry.example.com",
    "echo hunter2 | docker login --password-stdin",
    "java -Dspring.datasource.password=hunter2 -jar app.jar",
    "sqlplus scott/hunter2@db",
    "export DB_PASS=hunter2; ./run",
    "openssl enc -aes-256-cbc -pass pass:hunter2",
    "aws configure set aws_secret_access_key hunter2",
    // Headers
    "Authorization: Bearer hunter2",
    "'Basic aHVudGVyMjpodW50ZXIy'",
    "Bearer hunter2hunter2",
    "Cookie: session=hunter2",
    // Lists, documents
    "A=1,DB_PASSWORD=hunter2,B=2",
    "a: 1\ndb_password: hunter2\n",
    "version: 0.2\nenv:\n  variables:\n    STRIPE: hunter2\nphases: {}\n",
    "{\"db\": {\"password\": \"hunter2\"}}",
    "[{\"name\":\"PIN\",\"value\":\"hunter2\",\"type\":\"PLAINTEXT\"}]",
    "{\"auths\":{\"r.example.com\":{\"auth\":\"Ym9iOmh1bnRlcjI=\"}}}",
    "%7B%22password%22%3A%22hunter2%22%7D",
    "eyJwYXNzd29yZCI6Imh1bnRlcjIifQ==",
    "<Config><Password>hunter2</Password></Config>",
    "password=hunter2-key",
    "db:password:hunter2 db password = hunter2",
    "machine example.com login bob password hunter2",
    "CREATE USER app IDENTIFIED BY 'hunter2'",
    "on ~* +@all >hunter2-acl",
    ">hunter2 on ~* +@all",
    // Formats of makers
    "key AKIAIOSFODNN7EXAMPLE of bob",
    "ghr_hunter2abcdefghijklmnopqrstuvwxyz0123",
    "ghu_hunter2abcdefghijklmnopqrstuvwxyz0123",
    "github_pat_11ABCDEFG0abcdefghijkl_mnop",
    "glpat-hunter2abcdefghijklm",
    "xapp-1-A0123456789-123456789012-hunter2abcdef0123456789",
    "xoxb-123456789012-hunter2",
    "AIzaSyhunter2abcdefghijklmnopqrstuvwxyz",
    "npm_hunter2abcdefghijklmnopqrstuvwxyz0123",
    "pypi-AgEIcHlwaS5vcmcCJGh1bnRlcjI",
    "SG.hunter2abcdefghijk.abcdefghijklmnopqrstuvwxyz0123456789abcdefghijk",
    "sk_test_hunter2abcdefghijklmnop",
    "rk_live_hunter2abcdefghijklmnop",
    "SK0123456789abcdef0123456789abcdef",
    "key-0123456789abcdef0123456789abcdef",
    "shpat_0123456789abcdef0123456789abcdef",
    "sq0atp-hunter2abcdefghijklmno",
    "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "NRAK-HUNTER2ABCDEFGHIJKLMNOPQRST",
    "hvs.hunter2abcdefghijklmnopqrst",
    "hunter2abcdefg.atlasv1.hunter2abcdefghijklmnopqrstuvwxyz",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.hunter2",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    "AGE-SECRET-KEY-1HUNTER2",
    "$2b$12$hunter2hunter2hunter2hunter2hunter2hunter2hunter2hun",
    "bob:$apr1$hunter2$hunter2hunter2hunter2.",
    "bob:{SHA}aHVudGVyMmh1bnRlcjI=",
];

/// Texts that hold none.
const OPEN: &[&str] = &[
    "",
    "production",
    "team payments, floor 2",
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf",
    "arn:aws:iam::111122223333:role/service-role/token-rotation",
    "arn:aws:iam::111122223333:user/bob@example.com",
    "https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
    "https://example.com:8443/users/@me",
    "ssh://git@github.com/o/r.git",
    "git@github.com:o/r.git",
    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcdefghi?response_type=x",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "bob@example.com",
    "mailto:bob@example.com",
    "cron(0 3 ? * MON *)",
    "rate(1 day)",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "s3://bucket/prefix/object",
    "i-0a1b2c3d4e5f67890",
    "subnet-0a1b2c3d4e5f67890",
    "a1b2c3d4-1111-2222-3333-444455556666",
    "docker run -p 8080:80 nginx",
    "serve --password-file /run/keys/db --port 80",
    "serve --db-password $DB_PASSWORD",
    "{{resolve:secretsmanager:prod/db}}",
    "password_length=14",
    "secretsmanager:GetSecretValue",
    "token.actions.githubusercontent.com",
    "ALARM(\"errors\") OR ALARM(\"latency\")",
    "terraform-20260101000000000000000001",
    "module.database.aws_db_instance.main[\"eu-west-1\"]",
    "aws_secretsmanager_secret.main[0]",
    "10.0.0.0/16",
    "2026-11-01T00:00:00Z",
    "Kubernetes 1.34: extended support",
];

#[test]
fn a_secret_is_seen_whatever_it_stands_in() {
    for text in SECRET {
        assert!(hold_secret(text), "{text}");
        // As a part of something longer, quoted, as a line of several, in JSON, in Base64, as in an address.
        let json = json!([{"note": text}]).to_string();
        let deeper = json!({"inner": json}).to_string();
        for around in [json, deeper, format!("# note\n{text}\n")] {
            let is_whole = text.starts_with(['{', '[', '%', 'v']) || text.contains('\n') || text.starts_with("db.example");
            assert!(is_whole || hold_secret(&around), "{around}");
        }
    }
}

#[test]
fn what_is_no_secret_is_told() {
    for text in OPEN {
        assert!(!hold_secret(text), "{text}");
    }
}

#[test]
fn a_policy_stays_but_for_what_its_two_sides_share() {
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "Tokens", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:GetObject", "secretsmanager:GetSecretValue"],
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main", "aws:Referer": "hunter2"},
            "DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}}], "password": "hunter2"});
    let open = without(
        "aws_s3_bucket_policy",
        Attributes::from_iter([("policy".to_owned(), policy.to_string().into())]),
    );
    let text = open["policy"].as_str().unwrap_or_default();
    assert!(!text.contains("hunter2"), "{text}");
    for kept in [
        r#""Principal":{"AWS":"*"}"#,
        "githubusercontent.com:sub",
        "aws:TokenIssueTime",
        "secretsmanager:GetSecretValue",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let clean = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}}"#;
    let open = without("aws_s3_bucket_policy", Attributes::from_iter([("policy".to_owned(), clean.into())]));
    assert_eq!(open["policy"], clean, "as it was written");
}

#[test]
fn environments_and_headers_go_whatever_they_say() {
    let attributes = json!({
        "environment": [{"type": "LINUX", "variables": {"A": "plain"}, "environment_variable": [{"name": "A", "value": "plain"}]}],
        "environment_variables": "A=plain", "env": ["A=plain"], "custom_header": [{"name": "x", "value": "plain"}],
        "condition": [{"http_header": [{"http_header_name": "x", "values": ["plain"]}]}],
        "request_parameters": {"integration.request.header.Authorization": "'plain'"},
        "command": ["serve", "--db-password", "plain"], "args": ["serve", "--port", "80"],
        "options": [{"name": "EnvironmentVariables", "value": "plain"}, {"name": "size", "value": "small"}],
    });
    let Value::Object(attributes) = attributes else { return };
    assert_eq!(
        Value::Object(without("aws_x", attributes)),
        json!({
            "environment": [{"type": "LINUX", "environment_variable": [{"name": "A"}]}],
            "custom_header": [{"name": "x"}], "condition": [{"http_header": [{"http_header_name": "x"}]}], "request_parameters": {"(...)": true},
            "args": ["serve", "--port", "80"], "options": [{"name": "EnvironmentVariables"}, {"name": "size", "value": "small"}],
        })
    );
}

#[test]
fn a_marked_value_goes_wherever_it_stands_again() {
    let attributes = json!({"tags": {"Licence": "marked-1", "Name": "db"}, "tags_all": {"Licence": "marked-1", "Name": "db"},
        "address": "marked-1.example.com", "list": ["marked-1", "other"], "port": 5432, "flag": "true"});
    let Value::Object(attributes) = attributes else { return };
    let path = json!([[{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "Licence", "type": "string"}}],
        [{"type": "get_attr", "value": "flag"}]]);
    assert_eq!(
        Value::Object(unmarked(attributes, Some(&path))),
        json!({"tags": {"Name": "db"}, "tags_all": {"Name": "db"}, "list": ["(...)", "other"], "port": 5432})
    );
}

#[test]
fn a_word_quotes_nothing_secret() {
    let word = Diagnostic::new(
        crate::diagnostics::Code::ImportPartial,
        "`A` deploys `https://u:hunter2@h/t`, `B` not",
    );
    assert_eq!(open_word(word).message, "`A` deploys `(...)`, `B` not");
}

/// What predicates ask for although it is a secret; that it is set cannot be told.
const ASKED_SECRETS: &[&str] = &["auth_token", "fsx_admin_password", "private_key", "key_material_base64"];

#[test]
fn no_place_takes_away_what_a_duty_is_judged_by() {
    let catalog = crate::catalog::Catalog::builtin().unwrap_or_else(|faults| panic!("{faults:?}"));
    let known = knowledge::knowledge();
    let mut clashes = Vec::new();
    for kind in known.kinds() {
        let Some((service, true)) = catalog.classify(kind, None, None) else {
            continue;
        };
        for asked in catalog.asked(service) {
            let path = &asked.path;
            let takes = |place: &&places::Place| {
                let keys: Vec<Option<&str>> = place.keys().collect();
                let meets = keys.iter().zip(path).all(|(key, step)| key.is_none_or(|key| key == step));
                keys.len() <= path.len() && meets && !path.iter().any(|step| ASKED_SECRETS.contains(&step.as_str()))
            };
            if known.places(kind).any(|place| takes(&place)) {
                clashes.push(format!("{kind}: {}", path.join(".")));
            }
        }
    }
    clashes.sort();
    assert_eq!(clashes, [""; 0]);
}

#[test]
fn what_is_not_told_of_a_list_leaves_all_of_it_open() {
    use crate::catalog::predicate::{Predicate, Truth};
    let list = json!(["ikev2", "postgres://u:hunter2@h/db"]);
    let blocks = json!([{"encrypted": true}, "postgres://u:hunter2@h/db"]);
    let whole = Attributes::from_iter([("a".to_owned(), list), ("b".to_owned(), blocks)]);
    let open = without("aws_instance", whole.clone());
    assert!(!serde_json::to_string(&open).unwrap_or_default().contains("hunter2"));
    for (asked, truth) in [
        ("{a: {every: ikev2}}", Truth::Unknown),
        ("{a: {not: {contains: ikev1}}}", Truth::Unknown),
        ("{a: {contains: ikev2}}", Truth::Yes),
        ("{a: {present: true}}", Truth::Yes),
        ("{b: {each: {encrypted: true}}}", Truth::Unknown),
        ("{b.encrypted: true}", Truth::Unknown),
    ] {
        let predicate: Predicate = serde_yaml::from_str(asked).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(predicate.attested_by(&open, None), truth, "{asked} of {open:?}");
    }
    // What Terraform marks stays in its place, too.
    let path = json!([[{"type": "get_attr", "value": "b"}, {"type": "index", "value": {"value": 1, "type": "number"}}]]);
    let blocks = json!([{"encrypted": true}, {"encrypted": false}]);
    let marked = unmarked(Attributes::from_iter([("b".to_owned(), blocks)]), Some(&path));
    let predicate: Predicate = serde_yaml::from_str("{b: {each: {encrypted: true}}}").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(predicate.attested_by(&marked, None), Truth::Unknown, "{marked:?}");
}

#[test]
fn what_terraform_marks_of_a_policy_leaves_its_statements_open() {
    use crate::catalog::predicate::{Predicate, Truth};
    let condition = json!({"Bool": {"aws:SecureTransport": "false"}, "StringNotEquals": {"aws:SourceVpce": ["vpce-1", "*"]}});
    let statement = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition});
    let policy = json!({"Statement": [statement]});
    let attribute = |name: &str| json!({"type": "get_attr", "value": name});
    let first = json!({"type": "index", "value": {"value": 0, "type": "number"}});
    let below = [
        attribute("policy"),
        attribute("Statement"),
        first.clone(),
        attribute("Condition"),
        attribute("StringNotEquals"),
    ];
    let value = [&below[..], &[attribute("aws:SourceVpce")]].concat();
    let item = [&value[..], &[first]].concat();
    for path in [below[..4].to_vec(), below.to_vec(), value, item] {
        let whole = Attributes::from_iter([("policy".to_owned(), policy.clone())]);
        let open = without("aws_s3_bucket_policy", unmarked(whole, Some(&json!([path]))));
        for asked in ["denies: {'aws:SecureTransport': false}", "only_with: ['aws:SourceVpce']"] {
            let predicate: Predicate =
                serde_yaml::from_str(&format!("{{policy: {{policy: {{{asked}}}}}}}")).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(predicate.attested_by(&open, None), Truth::Unknown, "{asked} of {open:?}");
        }
    }
}
