//! Whose a resource is and where: its ARN, account and region.
//!
//! In: attributes. Out: what they say for certain, most trusted first: the resource's own ARN, then its attributes,
//! then its Availability Zone. The configuration of the provider, which would say it too, is not part of state.

use serde_json::{Map, Value};
use std::sync::Arc;

/// Attributes that hold an ARN of the resource itself.
const OWN_ARNS: &[&str] = &["arn", "id", "execution_arn"];

/// Types whose `account_id` names another account than the one that they are in.
const ABOUT_OTHERS: &[&str] = &["_member", "_invit", "_delegat", "_organization", "_account_assignment"];

/// The resource's own ARN.
pub(super) fn arn(attributes: &Map<String, Value>) -> Option<&str> {
    let whole = |key: &str| text(attributes, key).filter(|arn| fields(arn).is_some() && !arn.contains([',', '|', ' ']));
    whole("arn").or_else(|| {
        let id = whole("id")?;
        // An id that some other attribute repeats is the ARN of what the resource is about.
        let repeated = attributes.iter().any(|(key, value)| key != "id" && value.as_str() == Some(id));
        (!repeated).then_some(id)
    })
}

/// The number of the account that the resource is in.
pub(super) fn account(kind: &str, attributes: &Map<String, Value>) -> Option<Arc<str>> {
    let is_number = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let by_arn = || {
        OWN_ARNS
            .iter()
            .find_map(|key| Some(fields(text(attributes, key)?)?.1).filter(is_number))
    };
    let own = || {
        ["owner_id", "account_id"]
            .iter()
            .find_map(|key| text(attributes, key).filter(is_number))
    };
    by_arn()
        .or_else(|| {
            if ABOUT_OTHERS.iter().any(|part| kind.contains(part)) {
                None
            } else {
                own()
            }
        })
        .map(Arc::from)
}

/// The region that the resource is in.
pub(super) fn region(attributes: &Map<String, Value>) -> Option<Arc<str>> {
    let is_region = |text: &&str| region_of_zone(text) == Some(*text);
    let by_arn = || {
        OWN_ARNS
            .iter()
            .find_map(|key| Some(fields(text(attributes, key)?)?.0).filter(is_region))
    };
    let zones = || attributes.get("availability_zones")?.as_array()?.first()?.as_str();
    by_arn()
        .or_else(|| text(attributes, "region").filter(is_region))
        .or_else(|| text(attributes, "availability_zone").or_else(zones).and_then(region_of_zone))
        .map(Arc::from)
}

/// Region and account of an ARN, either of them perhaps empty.
fn fields(arn: &str) -> Option<(&str, &str)> {
    let mut fields = arn.splitn(6, ':');
    let begins = fields.next() == Some("arn");
    let (_, _, region, account) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let resource = fields.next()?;
    (begins && !resource.is_empty()).then_some((region, account))
}

/// `eu-west-1` of `eu-west-1b`, `us-west-2` of the local zone `us-west-2-lax-1a`.
fn region_of_zone(zone: &str) -> Option<&str> {
    let number = zone.find(|letter: char| letter.is_ascii_digit())?;
    let digits = zone[number..].bytes().take_while(u8::is_ascii_digit).count();
    let (words, region) = (zone[..number].strip_suffix('-')?, &zone[..number + digits]);
    let is_word = |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (words.contains('-') && words.split('-').all(is_word)).then_some(region)
}

fn text<'a>(attributes: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    attributes.get(key).and_then(Value::as_str)
}
