//! One instance of a resource as state has it.
//!
//! In: JSON. Out: the resource. Where resources are only counted, of its attributes only those are read that somebody
//! looks at.

use super::super::location;
use super::super::sink::{Kind, Sink, identity};
use super::super::{Found, ImportedResource, names, secrets};
use super::header::Header;
use super::{flat, provider_name};
use crate::catalog::predicate::Attributes;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// An instance, as far as somebody looks at it.
#[derive(Default)]
pub(super) struct Instance {
    attributes: Option<Attributes>,
    flat: Option<Attributes>,
    sensitive: Option<Value>,
    provider: Option<Arc<str>>,
    index_key: Option<Value>,
    identity: Option<Value>,
    /// The key of an object that was replaced and could not be removed: it is there until it is.
    deposed: Option<Arc<str>>,
    /// The first field that is no map and should be one.
    pub(super) wrong: Option<&'static str>,
}

impl Instance {
    /// Adds the resource, unless it is another provider's.
    pub(super) fn add(self, header: &Header, kind: &Kind, order: u64, sink: &mut Sink<'_>) {
        let name = &kind.name;
        let provider = self.provider.as_ref().or(header.provider.as_ref());
        // OpenTofu names the provider at the instance where it differs between instances.
        let other = match &self.provider {
            Some(own) => provider_name(Some(own), name),
            None => &header.provider_name,
        };
        let is_single = sink.tells_single_ones();
        let address = if is_single {
            let address = names::address(header.module.as_deref(), name, header.local.as_deref(), self.index_key.as_ref());
            match &self.deposed {
                Some(key) => format!("{address} (deposed {})", if secrets::hold_secret(key) { "..." } else { key }),
                None => address,
            }
        } else {
            String::new()
        };
        if !crate::catalog::provider::is_own_terraform_provider(other) {
            if header.is_gone || !header.is_managed() {
                return;
            }
            return sink.add_other(name, other, Some(address).filter(|_| is_single), order);
        }
        let config = match (self.attributes, self.flat) {
            (Some(attributes), _) => attributes,
            // Terraform 0.12 keeps the flat attributes of older versions until it next writes the resource.
            (None, Some(flat)) => flat::nested(flat),
            (None, None) => Attributes::new(),
        };
        let mut config = secrets::unmarked(config, self.sensitive.as_ref());
        secrets::clear(name, &mut config);
        let tags = if sink.looks_at_tags() { names::tags(&config) } else { Vec::new() };
        let arn = location::arn(name, &config);
        if !header.is_managed() {
            return sink.learn(kind, arn, &config);
        }
        let resource = ImportedResource {
            kind: name.clone(),
            address,
            name: is_single
                .then(|| names::name(name, &config, &tags).or(header.local.as_deref()))
                .flatten()
                .map(str::to_owned),
            account: location::account(name, &config, self.identity.as_ref(), &header.configured),
            region: location::region(name, &config, self.identity.as_ref(), &header.configured),
            arn: arn.filter(|_| is_single || kind.needs_arn()).map(str::to_owned),
            ..ImportedResource::default()
        };
        // Where several are counted as one they cannot be told apart later. Without its ARN too little of a resource is read to
        // tell it from another of the same id.
        let identity = arn.filter(|_| !is_single).map(|arn| identity(&[name, arn]));
        let found = Found {
            provider: provider.cloned().unwrap_or_default(),
            by_provider: header.configured.account.is_some(),
            identity,
            is_gone: header.is_gone,
            ..Found::alone(ImportedResource { tags, config, ..resource })
        };
        sink.add(found, order);
    }
}

/// Reads an instance of a kind: all of its attributes, or those that are wanted.
pub(super) struct Decode {
    /// The kind.
    pub(super) kind: Arc<Kind>,
    /// Whether all of the attributes are read.
    pub(super) all: bool,
}

const FIELDS: &[&str] = &[
    "attributes",
    "attributes_flat",
    "sensitive_attributes",
    "provider",
    "deposed",
    "index_key",
    "identity",
];

impl<'de> DeserializeSeed<'de> for Decode {
    type Value = Instance;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Instance, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Decode {
    type Value = Instance;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instance")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Instance, A::Error> {
        let mut instance = Instance::default();
        let text = |value: Value| value.as_str().filter(|text| !text.is_empty()).map(Arc::from);
        let field = |name: &str| FIELDS.iter().copied().find(|field| *field == name);
        while let Some(field) = map.next_key_seed(Key(&field))? {
            match field {
                Some(field @ ("attributes" | "attributes_flat")) => {
                    let of = Some(&*self.kind).filter(|_| !self.all && field == "attributes");
                    let read = map.next_value_seed(Chosen(of))?;
                    let Ok(read) = read else {
                        instance.wrong = instance.wrong.or(Some(field));
                        continue;
                    };
                    *(if field == "attributes" {
                        &mut instance.attributes
                    } else {
                        &mut instance.flat
                    }) = read;
                }
                Some("sensitive_attributes") => instance.sensitive = Some(map.next_value()?),
                Some("provider") => instance.provider = text(map.next_value()?),
                Some("deposed") => instance.deposed = text(map.next_value()?),
                Some("index_key") => instance.index_key = Some(map.next_value()?),
                Some("identity") => instance.identity = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(instance)
    }
}

/// A key, as the answer of whoever knows what it stands for.
struct Key<'k, F>(&'k F);

impl<'de, T, F: Fn(&str) -> T> DeserializeSeed<'de> for Key<'_, F> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: Fn(&str) -> T> Visitor<'_> for Key<'_, F> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E>(self, key: &str) -> Result<T, E> {
        Ok((self.0)(key))
    }
}

/// Stands for an attribute that nobody looks at and that repeats the id.
const REPEATED: &str = "(...)";

/// Reads an ARN, and passes over anything else.
struct Arn;

impl<'de> DeserializeSeed<'de> for Arn {
    type Value = Option<String>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Arn {
    type Value = Option<String>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(crate::catalog::Arn::begins(text).then(|| text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// What is no map of attributes.
struct NoMap;

/// Those of the attributes that are wanted of a kind, or all of them.
struct Chosen<'k>(Option<&'k Kind>);

impl<'de> DeserializeSeed<'de> for Chosen<'_> {
    type Value = Result<Option<Attributes>, NoMap>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Chosen<'_> {
    type Value = Result<Option<Attributes>, NoMap>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Ok(None))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Err(NoMap))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Err(NoMap))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Err(NoMap))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Err(NoMap))
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Err(NoMap))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err(NoMap))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut attributes = Attributes::with_capacity(self.0.map_or(0, Kind::usual));
        let mut arns: Vec<String> = Vec::new();
        let wants = |key: &str| self.0.is_none_or(|kind| kind.wants(key)).then(|| key.to_owned());
        while let Some(key) = map.next_key_seed(Key(&wants))? {
            match key {
                Some(key) => {
                    attributes.insert(key, map.next_value()?);
                }
                None => arns.extend(map.next_value_seed(Arn)?),
            }
        }
        // Whether its id is its own ARN or that of what it is about, all of its attributes tell.
        if let Some(Value::String(id)) = attributes.get("id")
            && let Some(repeated) = arns.into_iter().find(|arn| arn == id)
        {
            attributes.insert(REPEATED.to_owned(), repeated.into());
        }
        Ok(Ok(Some(attributes)))
    }
}
