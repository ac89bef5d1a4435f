//! Compliance items: what the configuration items of AWS Config say of how rules judge a resource.
//!
//! In: items, one by one, of a file that is read for its results or, along the way, for its resources. Out: a result for each rule.

use super::config::{about, outcome};
use super::fields::{Many, Time, Word};
use super::items::{self, Taken};
use super::sink::{RULES, Sink, Told};
use crate::diagnostics::Place;
use crate::results::{Gathered, reading, time};
use crate::text::scan;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

/// What an item says that tells how rules judge a resource; where no item has it, none does.
const LIST_OF_RULES: &str = "configRuleList";

static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(LIST_OF_RULES));

/// The key of what an item tells of its resource.
const CONFIGURATION: &str = "configuration";

/// Takes the results of a snapshot in while somebody else reads it for its resources.
pub(crate) struct Along<'g> {
    sink: Sink<'g>,
    /// Whether the file must be read by itself, which tells what is wrong with it.
    is_odd: bool,
}

/// Whether a file that begins so may be read for its results along with its resources: both read it from the same place on.
pub(crate) fn may_go_along(head: &[u8]) -> bool {
    items::is_plain(head)
}

/// Has `read` hand over the items of a file while it reads them for their resources. Where the file is one snapshot, and all of its
/// items were handed over, the results are those that reading it by itself gives; none where that tells what is wrong with it.
/// `is_wanted`: whether there is anything to hand over.
pub(crate) fn along<T>(file: &Arc<str>, is_wanted: bool, read: impl FnOnce(&mut Along<'_>) -> T) -> (T, Option<Gathered>) {
    let mut gathered = Gathered::default();
    let mut along = Along {
        sink: Sink::new(&mut gathered, file, &Place::file(file.clone())),
        is_odd: !is_wanted,
    };
    let done = read(&mut along);
    if along.is_odd || along.sink.finish().is_err() {
        return (done, None);
    }
    reading::settle(&mut gathered, 0);
    (done, Some(gathered))
}

impl Along<'_> {
    /// Takes the bytes of an item that stands there.
    pub(crate) fn take(&mut self, bytes: &[u8], at: (usize, usize)) {
        if !self.is_odd {
            let taken = item(bytes, &mut self.sink);
            self.is_odd = items::judged(taken, at, &mut self.sink).is_err();
        }
    }
}

/// An item, beside its configuration.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    aws_account_id: Word<'a>,
    #[serde(borrow)]
    account_id: Word<'a>,
    #[serde(borrow)]
    aws_region: Word<'a>,
    configuration_item_capture_time: Time,
    configuration: Value,
}

/// What a configuration says of how rules judge a resource.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Judged<'a> {
    #[serde(borrow)]
    target_resource_type: Word<'a>,
    #[serde(borrow)]
    target_resource_id: Word<'a>,
    #[serde(borrow)]
    config_rule_list: Many<OfRule<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OfRule<'a> {
    #[serde(borrow)]
    config_rule_name: Word<'a>,
    #[serde(borrow)]
    compliance_type: Word<'a>,
}

/// An item tells compliance if its configuration does, which may be a text; so may the item be.
pub(super) fn item(bytes: &[u8], sink: &mut Sink<'_>) -> Result<Taken, serde_json::Error> {
    if FINDER.find(bytes).is_none() {
        // A resource, which is no result.
        sink.understood();
        return Ok(Taken::Yes);
    }
    if let Some((item, judged)) = std::str::from_utf8(bytes).ok().and_then(scanned) {
        return Ok(take(&item, &judged, sink));
    }
    decoded(bytes, sink)
}

/// Takes in an item that has to be decoded.
fn decoded(bytes: &[u8], sink: &mut Sink<'_>) -> Result<Taken, serde_json::Error> {
    let text: Word<'_> = serde_json::from_slice(bytes)?;
    let item: Item<'_> = match text.get() {
        Some(inner) => match serde_json::from_str(inner) {
            Ok(item) => item,
            Err(_) => return Ok(Taken::No("the text of the item is no JSON")),
        },
        None => serde_json::from_slice(bytes)?,
    };
    let inner;
    let configuration = match &item.configuration {
        Value::String(text) => {
            inner = serde_json::from_str(text).unwrap_or_default();
            &inner
        }
        other => other,
    };
    Ok(take(&item, &Judged::deserialize(configuration)?, sink))
}

fn take(item: &Item<'_>, judged: &Judged<'_>, sink: &mut Sink<'_>) -> Taken {
    for rule in &judged.config_rule_list.0 {
        let (Some(name), Some(outcome)) = (rule.config_rule_name.get(), rule.compliance_type.get().and_then(outcome)) else {
            return Taken::No("the item does not name its rules and how they came out");
        };
        let account = item.aws_account_id.get().or(item.account_id.get());
        let told = Told {
            scanner: RULES,
            check: name,
            title: None,
            outcome,
            finding: None,
            about: about(
                judged.target_resource_type.get(),
                judged.target_resource_id.get(),
                account,
                item.aws_region.get(),
            ),
            at: item.configuration_item_capture_time.0,
            observed: None,
        };
        sink.add_of_rule(&told, name);
    }
    Taken::Yes
}

/// The same as decoding finds, of an item that is written as most are: a map with a configuration that is one, too, in which what
/// is looked at stands once, as plain texts. Nothing of any other.
fn scanned(text: &str) -> Option<(Item<'_>, Judged<'_>)> {
    let (mut account, mut account_of_query, mut region, mut time) = (None, None, None, None);
    let (mut configuration, mut kind, mut id, mut rules) = (None, None, None, None);
    scan::fields_within(
        text,
        |key| key == CONFIGURATION,
        |within, key, value| {
            let place = match (within, key) {
                (None, "awsAccountId") => &mut account,
                (None, "accountId") => &mut account_of_query,
                (None, "awsRegion") => &mut region,
                (None, "configurationItemCaptureTime") => &mut time,
                (None, CONFIGURATION) => &mut configuration,
                (Some(_), "targetResourceType") => &mut kind,
                (Some(_), "targetResourceId") => &mut id,
                (Some(_), LIST_OF_RULES) => &mut rules,
                _ => return true,
            };
            place.replace(value).is_none()
        },
    )?;
    configuration.filter(|text| text.starts_with('{'))?;
    let mut of_rules = Some(Vec::new());
    scan::items(rules?, |rule| {
        if let Some(list) = &mut of_rules {
            match of_rule(rule) {
                Some(rule) => list.push(rule),
                None => of_rules = None,
            }
        }
    })?;
    let item = Item {
        aws_account_id: word(account)?,
        account_id: word(account_of_query)?,
        aws_region: word(region)?,
        configuration_item_capture_time: Time(time::of_text(&word(time)?.0)),
        configuration: Value::Null,
    };
    let judged = Judged {
        target_resource_type: word(kind)?,
        target_resource_id: word(id)?,
        config_rule_list: Many(of_rules?),
    };
    Some((item, judged))
}

fn of_rule(text: &str) -> Option<OfRule<'_>> {
    let (mut name, mut outcome) = (None, None);
    scan::fields(text, |key, value| {
        let place = match key {
            "configRuleName" => &mut name,
            "complianceType" => &mut outcome,
            _ => return true,
        };
        place.replace(value).is_none()
    })?;
    Some(OfRule {
        config_rule_name: word(name)?,
        compliance_type: word(outcome)?,
    })
}

/// What stands between the quotes of a text, if nothing in it is escaped; of what is not there, nothing.
fn word(text: Option<&str>) -> Option<Word<'_>> {
    let Some(text) = text else { return Some(Word::default()) };
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then_some(Word(Cow::Borrowed(inner)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::results::CheckResult;

    const ITEM: &str = r#"{"awsAccountId": "111122223333", "awsRegion": "eu-west-1", "resourceType": "X", "configurationItemCaptureTime": "2026-11-01T00:00:00.000Z", "tags": {},
        "configuration": {"targetResourceId": "ledger", "targetResourceType": "AWS::S3::Bucket", "complianceType": "NON_COMPLIANT", "configRuleList": [
        {"configRuleName": "one", "complianceType": "COMPLIANT", "configRuleId": "c"}, {"configRuleName": "two", "complianceType": "NON_COMPLIANT"}]}}"#;

    type Found = (Vec<CheckResult>, Result<Option<&'static str>, String>);

    /// What a reader finds in an item.
    fn found(text: &str, read: fn(&[u8], &mut Sink<'_>) -> Result<Taken, serde_json::Error>) -> Found {
        let mut gathered = Gathered::default();
        let taken = read(text.as_bytes(), &mut Sink::new(&mut gathered, &"a".into(), &Place::file("a")));
        let taken = taken.map_err(|error| error.to_string()).map(|taken| match taken {
            Taken::Yes => None,
            Taken::No(why) => Some(why),
        });
        (gathered.iter().cloned().collect(), taken)
    }

    #[test]
    fn an_item_says_the_same_scanned_and_decoded() {
        let (results, _) = found(ITEM, decoded);
        assert!(scanned(ITEM).is_some() && results.len() == 2 && results[0].at.is_some());
        assert_eq!(results[0].target.account.as_deref(), Some("111122223333"));
        let configuration = &ITEM[ITEM.find("{\"target").unwrap()..ITEM.len() - 1];
        let as_text = serde_json::to_string(configuration).unwrap();
        let mut odd = 0;
        for (what, with) in [
            (ITEM, ITEM),
            (ITEM, "{\"configRuleList\": []}"),
            (ITEM, "[\"configRuleList\"]"),
            (ITEM, "\"configRuleList\""),
            (configuration, &as_text),
            (configuration, "null"),
            (configuration, "[]"),
            (
                configuration,
                "{\"configRuleList\": {\"configRuleName\": \"one\", \"complianceType\": \"COMPLIANT\"}}",
            ),
            (configuration, "{\"configRuleList\": [[\"one\", \"COMPLIANT\"], 5]}"),
            (configuration, "{\"configRuleList\": \"one\"}"),
            (configuration, "{\"configRuleList\": null}"),
            ("\"configuration\"", "\"configuration\": {}, \"configuration\""),
            ("\"configuration\"", "\"Configuration\""),
            ("\"awsAccountId\"", "\"accountId\""),
            ("\"awsAccountId\"", "\"accountId\": \"444455556666\", \"awsAccountId\""),
            ("\"awsAccountId\"", "\"awsAccountId\": \"444455556666\", \"awsAccountId\""),
            ("\"111122223333\"", "111122223333"),
            ("\"111122223333\"", "null"),
            ("\"111122223333\"", "\" 111122223333 \""),
            ("\"eu-west-1\"", "\"eu\\u002dwest-1\""),
            ("\"eu-west-1\"", "\"global\""),
            ("\"eu-west-1\"", "1e999"),
            ("\"eu-west-1\"", "\"\\ud800\""),
            ("\"2026-11-01T00:00:00.000Z\"", "1793527200"),
            ("\"2026-11-01T00:00:00.000Z\"", "\"soon\""),
            ("\"2026-11-01T00:00:00.000Z\"", "\"\""),
            ("\"ledger\"", "\"led\\\"ger\""),
            ("\"ledger\"", "\"arn:aws:s3:::ledger\""),
            ("\"ledger\"", "true"),
            ("\"ledger\"", "\"password=hunter2hunter2\""),
            ("\"AWS::S3::Bucket\"", "\"AWS::::Account\""),
            ("\"targetResourceType\"", "\"targetResourceId\": \"other\", \"targetResourceType\""),
            ("\"targetResourceType\"", "\"other\""),
            ("\"one\"", "\"\""),
            ("\"one\"", "7"),
            ("\"one\"", "\"two\""),
            ("\"two\"", "null"),
            ("\"COMPLIANT\"", "\"NOT_APPLICABLE\""),
            ("\"COMPLIANT\"", "\"compliant\""),
            ("\"COMPLIANT\"", "\"perhaps\""),
            ("\"configRuleId\"", "\"complianceType\""),
            ("\"configRuleId\"", "\"configRule\\u0049d\""),
            ("\"tags\": {}", "\"tags\": {\"a\": [1, {\"configRuleList\": 01}]}"),
            ("\"tags\": {}", "\"tags\": {\"a\": 1, \"a\": 2}"),
        ] {
            let text = ITEM.replacen(what, with, 1);
            assert_eq!(
                found(&text, item),
                found(&text, if text.contains(LIST_OF_RULES) { decoded } else { item }),
                "{text}"
            );
            odd += usize::from(scanned(&text).is_none());
        }
        assert!(odd > 15, "{odd}");
    }
}
