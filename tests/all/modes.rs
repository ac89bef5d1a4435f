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
