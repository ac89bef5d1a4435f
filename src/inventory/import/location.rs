//! Whose a resource is and where: its ARN, account and region.
//!
//! In: attributes, and the configuration of the provider where the file has it. Out: what they say for certain, most
//! trusted first: the resource's own ARN, the provider's configuration, the attributes, the Availability Zone.

use serde_json::{Map, Value};
use std::sync::Arc;

/// What the configuration of a provider says of all resources that it makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Configured {
    /// The account number.
    pub(super) account: Option<String>,
    /// The region.
    pub(super) region: Option<String>,
}

/// Types that are in no region, as they begin; those that do begin so and are in one.
const GLOBAL: &[&str] = &[
    "aws_iam_",
    "aws_cloudfront_",
    "aws_route53_",
    "aws_organizations_",
    "aws_globalaccelerator_",
    "aws_waf_",
    "aws_shield_",
    "aws_account_",
    "aws_budgets_",
    "aws_ce_",
    "aws_cur_",
];
const REGIONAL: &[&str] = &["aws_route53_resolver_", "aws_route53_profiles_"];

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
pub(super) fn account(kind: &str, attributes: &Map<String, Value>, configured: &Configured) -> Option<Arc<str>> {
    let by_arn = || {
        OWN_ARNS
            .iter()
            .find_map(|key| Some(fields(text(attributes, key)?)?.1).filter(is_account))
    };
    let own = || {
        ["owner_id", "account_id"]
            .iter()
            .find_map(|key| text(attributes, key).filter(is_account))
            .filter(|_| !ABOUT_OTHERS.iter().any(|part| kind.contains(part)))
    };
    by_arn().or(configured.account.as_deref()).or_else(own).map(Arc::from)
}

/// The region that the resource is in.
pub(super) fn region(kind: &str, attributes: &Map<String, Value>, configured: &Configured) -> Option<Arc<str>> {
    let by_arn = || {
        OWN_ARNS
            .iter()
            .find_map(|key| Some(fields(text(attributes, key)?)?.0).filter(is_region))
    };
    let begins = |all: &[&str]| all.iter().any(|known| kind.starts_with(known));
    let configured = configured.region.as_deref().filter(|_| !begins(GLOBAL) || begins(REGIONAL));
    let zones = || attributes.get("availability_zones")?.as_array()?.first()?.as_str();
    by_arn()
        .or(configured)
        .or_else(|| text(attributes, "region").filter(is_region))
        .or_else(|| text(attributes, "availability_zone").or_else(zones).and_then(region_of_zone))
        .map(Arc::from)
}

/// Whether a text is an account number.
pub(super) fn is_account(text: &&str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is the name of a region.
pub(super) fn is_region(text: &&str) -> bool {
    region_of_zone(text) == Some(*text)
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
pub(super) fn region_of_zone(zone: &str) -> Option<&str> {
    let number = zone.find(|letter: char| letter.is_ascii_digit())?;
    let digits = zone[number..].bytes().take_while(u8::is_ascii_digit).count();
    let (words, region) = (zone[..number].strip_suffix('-')?, &zone[..number + digits]);
    let is_word = |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (words.contains('-') && words.split('-').all(is_word)).then_some(region)
}

fn text<'a>(attributes: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    attributes.get(key).and_then(Value::as_str)
}
