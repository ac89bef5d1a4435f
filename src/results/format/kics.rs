//! KICS's JSON: failures only, by query.
//!
//! In: queries with the files in which they found something. Out: a result for each, about an address or a logical id.

use super::fields::{Many, Word};
use super::identity::{Named, type_of_address};
use super::items::{self, Layout, Taken};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct Kics;

const LAYOUT: Layout = Layout {
    lists: &["queries"],
    ..Layout::ROOT
};

impl Format for Kics {
    fn id(&self) -> &'static str {
        "kics"
    }

    fn precedence(&self) -> u16 {
        90
    }

    fn name(&self) -> &'static str {
        "JSON of KICS"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        beginning.has("queries") && (beginning.has("kics_version") || beginning.has("queries_total") || beginning.has("queries[].query_id"))
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            let query: Query<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(query.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Query<'a> {
    #[serde(borrow)]
    query_id: Word<'a>,
    #[serde(borrow)]
    query_name: Word<'a>,
    #[serde(borrow)]
    files: Many<Place<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    resource_type: Word<'a>,
    #[serde(borrow)]
    resource_name: Word<'a>,
    #[serde(borrow)]
    search_key: Word<'a>,
    #[serde(borrow)]
    actual_value: Word<'a>,
}

impl Query<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(check) = self.query_id.get() else {
            return Taken::No("the entry names no query");
        };
        for place in &self.files.0 {
            let address = place.search_key.get().and_then(address);
            let address = address.as_deref();
            sink.add(&Told {
                scanner: "kics",
                check,
                title: self.query_name.get(),
                outcome: Outcome::Failed,
                finding: None,
                about: Named {
                    address,
                    name: place.resource_name.get().filter(|name| !name.contains("${")),
                    kind: place.resource_type.get().or_else(|| address.and_then(type_of_address)),
                    ..Named::default()
                },
                at: None,
                observed: place.actual_value.get(),
            });
        }
        sink.understood();
        Taken::Yes
    }
}

/// The address in what a query looked for: `aws_s3_bucket[this].policy` is about `aws_s3_bucket.this`, and
/// `Resources.Logs.Properties` about `Logs`.
fn address(key: &str) -> Option<String> {
    let key = key.strip_prefix("resource.").unwrap_or(key);
    if let Some(rest) = key.strip_prefix("Resources.") {
        let id = rest.split(['.', '=']).next().unwrap_or(rest);
        return (!id.is_empty()).then(|| id.to_owned());
    }
    let (kind, rest) = key.split_once('[')?;
    let (name, _) = rest.split_once(']')?;
    let name = name.trim_matches(|letter| matches!(letter, '{' | '}' | '"'));
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_word(kind) && kind.contains('_') && is_word(name)).then(|| format!("{kind}.{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_to_addresses() {
        for (key, found) in [
            ("aws_s3_bucket_policy[this].policy.Action", Some("aws_s3_bucket_policy.this")),
            ("resource.aws_s3_bucket[this].website", Some("aws_s3_bucket.this")),
            ("aws_s3_bucket[{{this}}]", Some("aws_s3_bucket.this")),
            ("Resources.Logs.Properties", Some("Logs")),
            ("Resources.Logs", Some("Logs")),
            ("module.a.b_c", None),
            ("metadata.name={{example}}.spec", None),
            ("Resources.", None),
        ] {
            assert_eq!(address(key).as_deref(), found, "{key}");
        }
    }
}
