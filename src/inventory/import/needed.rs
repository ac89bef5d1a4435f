//! What of an import somebody needs: an allow-list.
//!
//! In: resources as importers found them, and the catalog with the user's overlay. Out: the same with those attributes that a
//! predicate asks for, down to the keys of blocks, and those that tell what a resource is and where. What nobody needs cannot
//! leak. It is applied last, when settings of siblings are copied and shapes are made, since those ask for more.

use super::ImportedResource;
use crate::catalog::attributes::open::UNREAD;
use crate::catalog::predicate::{Asked, Attributes, Looks};
use crate::catalog::{Catalog, provider};
use crate::source::secrets::NOT_TOLD;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Attributes that tell what a resource is and where, whatever its type.
pub(super) fn always() -> impl Iterator<Item = &'static str> {
    ["arn", "id", "region", UNREAD].into_iter().chain(provider::names_of_whereabouts())
}

/// What is needed of a value.
#[derive(Debug, Default)]
struct Need {
    /// How much of it is looked at itself; none: it only leads to what is.
    looks: Option<Looks>,
    /// What is needed of the blocks in it, by their keys.
    within: BTreeMap<String, Need>,
}

impl Need {
    fn of(asked: impl IntoIterator<Item = Asked>) -> Self {
        let mut root = Self::default();
        for key in always() {
            root.within.entry(key.to_owned()).or_default().looks = Some(Looks::Value);
        }
        for Asked { path, looks } in asked {
            let mut at = &mut root;
            for step in path {
                at = at.within.entry(step).or_default();
            }
            at.looks = at.looks.max(Some(looks));
        }
        root
    }

    fn only(&self, attributes: Map<String, Value>) -> Map<String, Value> {
        let needed = |(key, value): (String, Value)| {
            let value = self.within.get(&key)?.field(value)?;
            Some((key, value))
        };
        attributes.into_iter().filter_map(needed).collect()
    }

    /// What is needed of a field of a block; none: nothing. What only leads further and says nothing is as good as missing.
    fn field(&self, value: Value) -> Option<Value> {
        let value = self.value(value);
        (self.looks.is_some() || !says_nothing(&value)).then_some(value)
    }

    /// What is needed of a value: a predicate finds in it what it finds in the whole. Each block stays one, since a block that
    /// lacks what is asked counts where it is asked of every block.
    fn value(&self, value: Value) -> Value {
        match value {
            all if self.looks == Some(Looks::Whole) => all,
            Value::Object(block) => self.block(block),
            Value::Array(items) => self.items(items),
            // Null is known to be unset, also for a path that goes on behind it.
            Value::Null => Value::Null,
            // A path that goes on behind a text finds what it finds in a block that lacks its next step.
            other if self.looks.is_none() => {
                drop(other);
                Value::Object(Map::new())
            }
            other => other,
        }
    }

    /// A block that was not empty never becomes so where it is looked at itself: an empty one is unset.
    fn block(&self, block: Map<String, Value>) -> Value {
        let was_empty = block.is_empty();
        let mut only = self.only(block);
        if only.is_empty() && !was_empty && self.looks.is_some() {
            only.insert(NOT_TOLD.to_owned(), true.into());
        }
        Value::Object(only)
    }

    /// No path and no predicate over blocks can tell one block from two that are equal; a test of the list itself can.
    fn items(&self, items: Vec<Value>) -> Value {
        let mut only: Vec<Value> = Vec::with_capacity(items.len());
        for item in items.into_iter().map(|item| self.value(item)) {
            if self.looks == Some(Looks::Value) || !item.is_object() || only.last() != Some(&item) {
                only.push(item);
            }
        }
        Value::Array(only)
    }
}

/// Whether there are nothing but blocks, none of which has anything.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Object(block) => block.is_empty(),
        Value::Array(items) => !items.is_empty() && items.iter().all(says_nothing),
        _ => false,
    }
}

/// The allow-lists of the types that an import meets.
pub(super) struct Needed<'a> {
    catalog: &'a Catalog,
    /// By service, and whether resources of it are deployable things.
    by_service: HashMap<(Arc<str>, bool), Arc<Need>>,
    /// By types that alone tell the service.
    by_kind: HashMap<Arc<str>, Arc<Need>>,
}

impl<'a> Needed<'a> {
    /// What this catalog needs.
    pub(super) fn by(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            by_service: HashMap::new(),
            by_kind: HashMap::new(),
        }
    }

    /// Leaves a resource those of its attributes that somebody needs. True if the catalog knows its type.
    pub(super) fn only(&mut self, resource: &mut ImportedResource) -> bool {
        if !resource.config.is_empty() {
            let need = self.need(resource);
            resource.config = need.only(std::mem::take::<Attributes>(&mut resource.config));
        }
        self.by_kind.contains_key(&resource.kind)
    }

    fn need(&mut self, resource: &ImportedResource) -> Arc<Need> {
        if let Some(need) = self.by_kind.get(&resource.kind) {
            return need.clone();
        }
        let by_kind = self.catalog.classify(&resource.kind, None, None);
        let found = by_kind.or_else(|| {
            self.catalog
                .classify(&resource.kind, resource.arn.as_deref(), resource.service.as_deref())
        });
        let key = found.map_or_else(|| ("".into(), false), |(service, primary)| (service.into(), primary));
        let catalog = self.catalog;
        let entry = self.by_service.entry(key.clone());
        let need = entry.or_insert_with(|| Arc::new(Need::of(asked(catalog, &key.0, key.1)))).clone();
        if by_kind.is_some() {
            self.by_kind.insert(resource.kind.clone(), need.clone());
        }
        need
    }
}

/// All that is asked of a service's resources; of those that only support others no more than which service they are of.
fn asked(catalog: &Catalog, service: &str, primary: bool) -> Vec<Asked> {
    if primary {
        return catalog.asked(service);
    }
    let rules = catalog.others_of(service);
    rules.iter().flat_map(|rule| rule.when.asked()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::predicate::{Predicate, Question};
    use proptest::prelude::*;
    use serde_json::json;

    const DENY: &str = r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"k":"false"}}}"#;

    fn values() -> impl Strategy<Value = Value> {
        let policy = || json!({"Statement": [serde_json::from_str::<Value>(DENY).unwrap()]});
        let leaf = prop_oneof![
            Just(Value::Null),
            Just(json!("x")),
            Just(json!("")),
            Just(json!(true)),
            Just(json!(1)),
            Just(policy()),
            Just(json!(policy().to_string())),
        ];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::vec(("[a-d]", inner), 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// Tests of each kind.
    fn tests() -> impl Strategy<Value = Value> {
        let leaf = prop::sample::select(vec![
            json!("x"),
            json!(true),
            json!(1),
            json!({"one_of": ["x", {"c": "x"}]}),
            json!({"one_of": ["y", 1]}),
            json!({"contains": "x"}),
            json!({"contains": {"c": "x"}}),
            json!({"starts_with": "x"}),
            json!({"ends_with": "x"}),
            json!({"at_least": 1}),
            json!({"at_most": 0}),
            json!({"present": true}),
            json!({"present": false}),
            json!({"policy": {"denies": {"k": false}}}),
            json!({"policy": {"public": {"narrowed_by": ["k"]}}}),
            json!({"ended": {"x": "2026-01-01"}}),
            json!({"present": true, "every": "x"}),
        ]);
        leaf.prop_recursive(2, 4, 1, |inner| {
            prop_oneof![
                inner.clone().prop_map(|test| json!({"not": test})),
                inner.prop_map(|test| json!({"every": test})),
            ]
        })
    }

    /// Predicates with parts of each kind; the few that cannot be decoded are left out.
    fn predicates() -> impl Strategy<Value = Predicate> {
        let path = || prop::sample::select(vec!["a", "b", "c", "a.b", "b.a", "c.a", "a.b.c", "a.a.a"]);
        let attribute = (path(), prop::sample::select(vec!["", "some", "each"]), tests());
        let attribute = attribute.prop_map(|(path, over, test)| match over {
            "" => json!({path: test}),
            over => json!({path: {over: test}}),
        });
        let covers = prop::sample::select(vec![("a", "b"), ("b", "b"), ("c", "a")])
            .prop_map(|(from, to)| json!({"covers": {"from": from, "to": to, "any_of": [0, 1]}}));
        let part = prop_oneof![4 => attribute, 1 => covers];
        let written = part.prop_recursive(3, 12, 2, move |inner| {
            let list = prop::collection::vec(inner.clone(), 0..3);
            prop_oneof![
                (path(), prop::sample::select(vec!["some", "each", "no"]), inner.clone())
                    .prop_map(|(path, which, inner)| json!({path: {which: inner}})),
                (prop::sample::select(vec!["any", "all", "none"]), list).prop_map(|(how, list)| json!({how: list})),
                (inner.clone(), inner).prop_map(|(mut one, other)| {
                    let fields = other.as_object().unwrap().clone();
                    one.as_object_mut().unwrap().extend(fields);
                    one
                }),
            ]
        });
        written.prop_filter_map("a predicate", |written| serde_json::from_value(written).ok())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]
        #[test]
        fn what_is_needed_answers_as_the_whole_does(
            asked in prop::collection::vec(predicates(), 1..4),
            values in prop::array::uniform3(values()),
            missing in 0usize..6,
        ) {
            let mut whole: Map<String, Value> = ["a", "b", "c", "d"].map(str::to_owned).into_iter().zip(values.into_iter().chain([json!("d")])).collect();
            if let Some(missing) = ["a", "b", "c"].get(missing) {
                whole.shift_remove(*missing);
            }
            let questions: Vec<Question> = asked.iter().flat_map(Predicate::questions).collect();
            let only = Need::of(questions.iter().flat_map(Question::asked)).only(whole.clone());
            prop_assert!(!only.contains_key("d"));
            let days = [None, Some(jiff::civil::date(2025, 1, 1)), Some(jiff::civil::date(2027, 1, 1))];
            for predicate in &asked {
                for day in days {
                    prop_assert_eq!(predicate.holds_on(&whole, day), predicate.holds_on(&only, day), "{} of {:?} and {:?}", predicate.words(), &whole, &only);
                    prop_assert_eq!(predicate.attested_by(&whole, day), predicate.attested_by(&only, day), "{} attested by {:?} and {:?}", predicate.words(), &whole, &only);
                }
            }
            for question in &questions {
                prop_assert_eq!(question.answer(&whole), question.answer(&only));
            }
        }
    }

    #[test]
    fn nothing_else_is_left_of_a_block() {
        let asked = ["{a.b: x}", "{c: {present: true}}"]
            .iter()
            .flat_map(|text| serde_yaml::from_str::<Predicate>(text).unwrap().asked());
        let whole = json!({"id": "i", "a": [{"b": "x", "secret": "s"}, {"other": "s"}], "c": [{"d": "s"}, {"d": "t"}], "e": "s"});
        let only = Need::of(asked).only(whole.as_object().unwrap().clone());
        assert_eq!(
            Value::Object(only),
            json!({"id": "i", "a": [{"b": "x"}, {}], "c": [{"(...)": true}]})
        );
    }
}
