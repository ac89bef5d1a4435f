//! Ranges of addresses.
//!
//! In: a value. Out: the length of the prefix behind the address. Any other text is no range, so that nothing is known of
//! how wide it is: a single address without a prefix, a network mask, the name of a variable, or what people call a place.

use serde_json::Value;
use std::net::IpAddr;

/// How many bits the prefix of a range has. An address that a template leaves to its deployment may stand before it.
pub(super) fn prefix(value: &Value) -> Option<u8> {
    let text = match value {
        Value::String(text) => text,
        Value::Array(items) => match items.as_slice() {
            [one] => one.as_str()?,
            _ => return None,
        },
        _ => return None,
    };
    let (address, bits) = text.trim().rsplit_once('/')?;
    if !bits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) if address.contains("${") => 128,
        Err(_) => return None,
    };
    bits.parse().ok().filter(|bits| *bits <= most)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_ends_in_a_prefix_is_a_range() {
        for (text, expected) in [
            (json!("10.0.0.0/8"), Some(8)),
            (json!("0.0.0.0/0 "), Some(0)),
            (json!("::/0"), Some(0)),
            (json!("2001:db8::/64"), Some(64)),
            (json!(["192.0.2.7/32"]), Some(32)),
            (json!("${Address}/32"), Some(32)),
            (json!("0.0.0.0"), None),
            (json!("0.0.0.0 / 0"), None),
            (json!("0.0.0.0/0.0.0.0"), None),
            (json!("10.0.0.0/33"), None),
            (json!("10.0.0.0/"), None),
            (json!("10.0.0.0/+8"), None),
            (json!("anywhere"), None),
            (json!("var.admin/8"), None),
            (json!("${Range}"), None),
            (json!(8), None),
        ] {
            assert_eq!(prefix(&text), expected, "{text}");
        }
    }
}
