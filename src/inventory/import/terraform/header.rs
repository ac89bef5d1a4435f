//! What a `resource` block of state says of all of its instances.
//!
//! In: the fields of a block. Out: its type, module and provider, and whether state manages what it holds.

use super::super::location::Configured;
use super::provider_name;
use crate::catalog::own_keys;
use crate::source::secrets;
use serde_json::Value;
use std::sync::Arc;

/// What a block says of its instances.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) mode: Option<String>,
    pub(super) kind: Option<Value>,
    /// The provider's reference.
    pub(super) provider: Option<Arc<str>>,
    /// The provider's name.
    pub(super) provider_name: String,
    /// Its module.
    pub(super) module: Option<String>,
    /// Its name within the module.
    pub(super) local: Option<String>,
    /// What a plan says of the configuration of its provider.
    pub(super) configured: Configured,
    /// Whether a plan takes away what it holds, or changes it.
    pub(super) is_gone: bool,
}

/// The mode of data sources.
pub(super) const DATA: &str = "data";

/// The key of a block of what was there before a plan; no state has it.
pub(super) const GONE: &str = "(gone)";

impl Header {
    pub(super) fn shared(mut self) -> Arc<Self> {
        let kind = self.kind_name().unwrap_or_default();
        self.provider_name = provider_name(self.provider.as_deref(), kind).to_owned();
        Arc::new(self)
    }

    /// Data sources are only read; other modes are not kept in state.
    pub(super) fn is_managed(&self) -> bool {
        self.mode.as_ref().is_none_or(|mode| mode == "managed")
    }

    /// Whether anything in it is looked at: what is managed, and data sources that tell whose a key is.
    pub(super) fn is_looked_at(&self) -> bool {
        let tells_keys = || self.kind_name().is_some_and(|kind| own_keys(kind).next().is_some());
        self.is_managed() || self.mode.as_deref() == Some(DATA) && tells_keys()
    }

    /// What is wrong with a type that is none.
    pub(super) fn without_type(&self) -> String {
        let wrong = match &self.kind {
            Some(Value::String(_)) => "an empty `type`",
            Some(_) => "a `type` that is no text",
            None => "no `type`",
        };
        let name = self.local.as_ref().filter(|name| !secrets::hold_secret(name));
        let name = name.map_or_else(String::new, |name| format!(" (`{name}`)"));
        format!("has {wrong}{name}")
    }

    pub(super) fn kind_name(&self) -> Option<&str> {
        self.kind.as_ref().and_then(Value::as_str).filter(|kind| !kind.is_empty())
    }
}

/// A text that is not empty; `null` and anything else is none.
pub(super) fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// What a block says of the configuration of its provider; only plans do.
pub(super) fn configured(value: &Value) -> Configured {
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    Configured {
        account: text("account"),
        region: text("region"),
    }
}
