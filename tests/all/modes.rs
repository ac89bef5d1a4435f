//! Which mode a resource runs in by what sources leave open of it.

use cloudraci::catalog::Catalog;
use serde_json::{Value, json};

/// A batch environment on Kubernetes is told by what a plan settles of it, unmanaged ones by their type alone, and one whose
/// definition allows two platforms is asked what the harder one asks.
#[test]
fn batch_runs_as_what_is_told_of_it_shows() {
    let catalog = Catalog::builtin().unwrap();
    let mode = |attributes: &Value| catalog.choose_mode("batch", attributes.as_object().unwrap()).mode;
    let images = |kind: &str| json!({"compute_resources": [{"type": "EC2", "ec2_configuration": [{"image_type": kind}]}]});
    for (attributes, wanted) in [
        (json!({"eks_configuration": [{"kubernetes_namespace": "jobs"}]}), Some("eks")),
        (images("EKS_AL2"), Some("eks")),
        (images("ECS_AL2"), None),
        (json!({"eks_configuration": []}), None),
        (json!({"platform_capabilities": ["FARGATE"]}), Some("fargate")),
        (json!({"platform_capabilities": ["EC2", "FARGATE"]}), None),
        (json!({"platform_capabilities": []}), None),
        (
            json!({"type": "UNMANAGED", "compute_resources": [{"type": "FARGATE"}]}),
            Some("unmanaged"),
        ),
    ] {
        assert_eq!(mode(&attributes).as_deref(), wanted, "{attributes}");
    }
}

/// Whether a cluster is one of Auto Mode an engine's table does not tell: it is neither then, and nothing is supposed of its nodes.
#[test]
fn a_cluster_is_without_auto_mode_where_that_is_told() {
    let catalog = Catalog::builtin().unwrap();
    for (attributes, mode, is_known) in [
        (
            json!({"kind": "cluster", "vpc_config": [{"endpoint_public_access": true}]}),
            false,
            false,
        ),
        (
            json!({"kind": "cluster", "compute_config": [], "vpc_config": [{"endpoint_public_access": true}]}),
            true,
            true,
        ),
        (
            json!({"kind": "cluster", "compute_config": [{"enabled": false}], "vpc_config": [{"endpoint_public_access": true}]}),
            true,
            true,
        ),
        (
            json!({"kind": "cluster", "compute_config": [{"enabled": true}], "vpc_config": [{"endpoint_public_access": true}]}),
            false,
            true,
        ),
        (
            json!({"kind": "cluster", "compute_config": {"enabled": false}, "compute": "cluster"}),
            true,
            true,
        ),
    ] {
        let choice = catalog.choose_mode("eks", attributes.as_object().unwrap());
        assert_eq!(
            (choice.mode.as_deref() == Some("cluster"), choice.known),
            (mode, is_known),
            "{attributes}"
        );
    }
}

/// A key that a service of the provider's keeps in the account is none of the customer's to rotate.
#[test]
fn the_providers_own_keys_run_in_a_mode_of_their_own() {
    let catalog = Catalog::builtin().unwrap();
    let mode = |manager: &str| {
        let key = json!({"kind": "key", "key_manager": manager, "origin": "AWS_KMS", "enable_key_rotation": true});
        catalog.choose_mode("kms", key.as_object().unwrap()).mode
    };
    assert_eq!(mode("AWS").as_deref(), Some("aws-managed"));
    assert_eq!(mode("CUSTOMER").as_deref(), Some("aws-material"));
}
