//! Importing again onto an inventory: what people wrote stays, what is deployed is renewed.

use crate::support::{Folder, list};
use serde_json::{Value, json};

fn state(queues: &[(&str, &str, bool)]) -> String {
    let blocks: Vec<Value> = queues
        .iter()
        .map(|(address, name, encrypted)| {
            json!({"mode": "managed", "type": "aws_sqs_queue", "name": address, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                "instances": [{"attributes": {"name": name, "arn": format!("arn:aws:sqs:eu-west-1:111122223333:{name}"), "sqs_managed_sse_enabled": encrypted}}]})
        })
        .collect();
    json!({"version": 4, "terraform_version": "1.9.8", "resources": blocks}).to_string()
}

fn named<'v>(inventory: &'v Value, name: &str) -> &'v Value {
    let one = list(inventory, "resources").iter().find(|one| one["name"] == name);
    one.unwrap_or_else(|| panic!("no {name} in {inventory:#}"))
}

#[test]
fn the_inventory_that_is_renewed_may_be_named_with_the_rest() {
    let folder = Folder::new().with("prod.tfstate", state(&[("a", "orders", true)]));
    folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]).well();
    let first = folder.read("inventory.yaml");
    folder
        .run(&["import", "./inventory.yaml", "prod.tfstate", "-o", "inventory.yaml"])
        .well();
    assert_eq!(folder.read("inventory.yaml"), first);
    // Alone it is nothing to import.
    let alone = folder.run(&["import", "inventory.yaml", "-o", "inventory.yaml"]);
    assert!(alone.failed(1).contains("is an inventory already"), "{}", alone.errors);
    assert_eq!(folder.read("inventory.yaml"), first);
}

#[test]
fn what_people_wrote_stays_with_its_comments() {
    let folder = Folder::new().with(
        "prod.tfstate",
        state(&[("a", "orders", true), ("b", "mails", false), ("c", "old", true)]),
    );
    folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]).well();
    let first = folder.read("inventory.yaml");
    // People add parties, rules, an exception, an owner, a data class, comments, a resource of their own.
    let edited = first
        .replace(
            "organization: (name your organisation here)\n",
            "organization: Example  # the customer\nparties:\n  shop: {name: Shop}\n",
        )
        .replace(
            "- type: aws_sqs_queue\n  service: sqs\n  name: mails",
            "# mails are kept for a day\n- type: aws_sqs_queue\n  service: sqs\n  name: mails  # ours",
        )
        .replacen("name: orders\n", "name: orders\n  data: [personal]\n", 1)
        .replacen("  region: eu-west-1\n", "  region: eu-west-1\n  owner: shop\n", 3);
    let edited = format!(
        "{edited}- service: rds\n  name: by-hand  # nobody imports this\n\n# what we know\nexceptions:\n- match: {{service: sqs, control: backup}}\n  reason: queues are short\n"
    );
    assert!(
        edited.contains("# mails are kept") && edited.contains("data: [personal]"),
        "{edited}"
    );
    folder.put("inventory.yaml", &edited);
    // Nothing changed: not a byte.
    let run = folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]);
    run.well();
    assert_eq!(folder.read("inventory.yaml"), edited);
    assert!(run.errors.contains("0 came, 0 went, 4 stayed, 0 of them changed"), "{}", run.errors);
    // One moved and changed, one went, one came.
    folder.put(
        "prod.tfstate",
        state(&[("moved", "orders", false), ("b", "mails", false), ("d", "new", true)]),
    );
    let run = folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]);
    run.well();
    for word in [
        "came  aws_sqs_queue new",
        "went  aws_sqs_queue old",
        "inventory.yaml: 1 came, 1 went, 3 stayed, 1 of them changed",
    ] {
        assert!(run.errors.contains(word), "{word}: {}", run.errors);
    }
    let text = folder.read("inventory.yaml");
    for kept in [
        "# the customer",
        "# mails are kept for a day",
        "name: mails  # ours",
        "# nobody imports this",
        "# what we know",
        "reason: queues are short",
        "data: [personal]",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let inventory: Value = serde_yaml::from_str(&text).unwrap();
    let orders = named(&inventory, "orders");
    assert_eq!((&orders["owner"], &orders["data"]), (&json!("shop"), &json!(["personal"])));
    assert_eq!(orders["config"]["sqs_managed_sse_enabled"], false, "what is deployed is renewed");
    assert_eq!(orders["from"], "prod.tfstate: aws_sqs_queue.moved");
    assert_eq!(list(&inventory, "resources").len(), 4);
    folder.run(&["check", "inventory.yaml", "--allow", "assigned-by-default"]).failed(0);
}

#[test]
fn what_another_file_told_and_what_somebody_attests_stays() {
    let folder = Folder::new()
        .with("a.tfstate", state(&[("a", "orders", true)]))
        .with("b.tfstate", state(&[("b", "mails", true)]));
    folder.run(&["import", "a.tfstate", "b.tfstate", "-o", "i.json"]).well();
    let mut inventory: Value = serde_json::from_str(&folder.read("i.json")).unwrap();
    let resources = inventory["resources"].as_array_mut().unwrap();
    for one in resources {
        one["config"]["kms_master_key_id"] = json!("attested");
        one["config"]["gone"] = json!(true);
    }
    folder.put("i.json", inventory.to_string());
    let run = folder.run(&["import", "a.tfstate", "-o", "i.json"]);
    run.well();
    let renewed: Value = serde_json::from_str(&folder.read("i.json")).unwrap();
    assert_eq!(
        named(&renewed, "orders")["config"],
        json!({"sqs_managed_sse_enabled": true, "kms_master_key_id": "attested"})
    );
    assert_eq!(named(&renewed, "mails")["config"]["gone"], true, "nobody looked there");
}

#[test]
fn a_file_that_is_no_inventory_is_left_alone() {
    let folder = Folder::new()
        .with("prod.tfstate", state(&[("a", "orders", true)]))
        .with("notes.yaml", "a: 1\n")
        .with("broken.yaml", "inventory: 1\nresources: [\n");
    for (name, code) in [("notes.yaml", 3), ("broken.yaml", 1)] {
        let before = folder.read(name);
        let run = folder.run(&["import", "prod.tfstate", "-o", name]);
        assert!(run.failed(code).contains("error["), "{}", run.errors);
        assert_eq!(folder.read(name), before);
    }
    // What cannot be imported leaves an inventory as it was.
    folder.run(&["import", "prod.tfstate", "-o", "i.yaml"]).well();
    let before = folder.read("i.yaml");
    folder.put("prod.tfstate", "{\"version\": 4, \"terraform_version\": \"1\", \"resources\": [");
    folder.run(&["import", "prod.tfstate", "-o", "i.yaml"]).failed(1);
    assert_eq!(folder.read("i.yaml"), before);
}

#[test]
fn a_comment_on_a_line_that_changed_stays() {
    let folder = Folder::new().with("prod.tfstate", state(&[("a", "orders", true), ("b", "mails", false)]));
    folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]).well();
    let written = folder.read("inventory.yaml");
    let lines: Vec<&str> = written.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("- type:")).unwrap();
    // A comment behind every line of every resource, whatever it says.
    let commented = |line: (usize, &&str)| {
        if line.0 < first {
            format!("{}\n", line.1)
        } else {
            format!("{}  # of line {}\n", line.1, line.0)
        }
    };
    let edited: String = lines.iter().enumerate().map(commented).collect();
    folder.put("inventory.yaml", &edited);
    folder.put("prod.tfstate", state(&[("a", "orders", false), ("b", "mails", true)]));
    let run = folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]);
    run.well();
    assert!(run.errors.contains("2 of them changed"), "{}", run.errors);
    let renewed = folder.read("inventory.yaml");
    for line in first..lines.len() {
        assert_eq!(renewed.matches(&format!("# of line {line}\n")).count(), 1, "{line}: {renewed}");
    }
    let changed = renewed
        .lines()
        .find(|line| line.contains("sqs_managed_sse_enabled: false"))
        .unwrap();
    assert!(changed.contains("# of line"), "{changed}");
}

#[test]
fn what_stands_on_one_line_stays_on_it() {
    let folder = Folder::new().with("prod.tfstate", state(&[("a", "orders", true), ("b", "mails", false)]));
    folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]).well();
    let first = folder.read("inventory.yaml");
    assert!(!first.contains("null"), "{first}");
    assert_eq!(first.matches("arn:aws:sqs:eu-west-1:111122223333:orders").count(), 1, "{first}");
    let edited = first
        .replacen("  name: orders\n", "  name: orders\n  data: [personal, 'card']  # both\n", 1)
        .replacen("  tags: {}\n", "  tags: {team: a, cost: \"1\"}\n", 1);
    folder.put("inventory.yaml", &edited);
    folder.put("prod.tfstate", state(&[("a", "orders", false), ("b", "mails", false)]));
    let run = folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]);
    run.well();
    let text = folder.read("inventory.yaml");
    assert!(text.contains("  data: [personal, 'card']  # both\n"), "{text}");
    assert!(text.contains("sqs_managed_sse_enabled: false"), "{text}");
    // An inventory of an earlier version says that nothing is known; that is no change.
    let earlier = first.replace("  service: sqs\n", "  service: sqs\n  mode: null\n");
    folder.put("inventory.yaml", &earlier);
    folder.put("prod.tfstate", state(&[("a", "orders", true), ("b", "mails", false)]));
    let run = folder.run(&["import", "prod.tfstate", "-o", "inventory.yaml"]);
    assert!(run.errors.contains("0 of them changed"), "{}", run.errors);
    assert_eq!(folder.read("inventory.yaml"), earlier);
}
