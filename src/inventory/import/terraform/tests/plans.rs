//! What a plan says beside its values.

use super::*;

#[test]
fn what_a_plan_knows_once_it_is_applied_is_not_left_out() {
    for (unknown, restored) in [(json!({"snapshot_identifier": true}), true), (json!({"arn": true}), false)] {
        let plan = json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": [
                {"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a", "values": {"storage_encrypted": true}},
            ]}},
            "resource_changes": [
                {"address": "aws_db_instance.a", "change": {"actions": ["create"], "after": {"storage_encrypted": true}, "after_unknown": unknown}},
            ],
        });
        let imported = good(&plan.to_string());
        let config = &at(&imported, "aws_db_instance.a").config;
        assert_eq!(config.get("restored"), Some(&json!(restored)), "{config:?}");
        assert!(
            !config.contains_key("snapshot_identifier") && !config.contains_key("arn"),
            "{config:?}"
        );
    }
}
