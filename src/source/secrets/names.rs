//! Names: which of them are those of a secret.
//!
//! In: the name of an attribute, a tag, a flag, a parameter. Out: whether what it names is secret, or would be if it looked
//! made by chance, and which values give nothing away whatever they are called.

use super::knowledge::knowledge;
use crate::catalog::spelling::snake_case;
use crate::catalog::{Arn, letters, providers};
use foldhash::fast::RandomState;
use std::cell::RefCell;
use std::collections::HashMap;

/// The words of a name, in small letters.
fn words(name: &str) -> Vec<String> {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .flat_map(|part| snake_case(part).split('_').map(str::to_lowercase).collect::<Vec<_>>())
        .collect()
}

/// How many names are remembered, and how long they are at most: they are somebody else's.
const REMEMBERED: usize = 4096;
const LONGEST: usize = 64;

/// What a name tells by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// [`is_secret`].
    pub(super) is_secret: bool,
    /// [`is_telling`].
    pub(super) is_telling: bool,
    /// It is the name of a header that carries a secret, or ends in one behind a dot.
    pub(super) is_header: bool,
    /// Environment variables stand under it.
    pub(super) is_environment: bool,
    /// It is no more than the word `environment`.
    pub(super) is_block: bool,
    /// HTTP headers stand under it.
    pub(super) is_headers: bool,
    /// The name of an entry stands under it.
    pub(super) is_name: bool,
    /// The name of an entry that is a header stands under it.
    pub(super) is_name_of_header: bool,
    /// The value of an entry stands under it.
    pub(super) is_value: bool,
    /// The statements of a policy stand under it.
    pub(super) is_statement: bool,
    /// The effect of a policy's statement stands under it.
    pub(super) is_effect: bool,
}

/// What names tell.
type Known = HashMap<Box<str>, Told, RandomState>;

thread_local! {
    /// And of which providers it was asked.
    static TOLD: RefCell<(usize, Known)> = RefCell::default();
}

/// What a name tells. Remembered, since the resources of a type have the same names: to judge them anew for each took two
/// fifths of an import.
pub(super) fn told(name: &str) -> Told {
    if name.len() > LONGEST {
        return Told::by(name);
    }
    let generation = providers::generation();
    if let Some(told) = TOLD.with_borrow(|(asked, known)| known.get(name).copied().filter(|_| *asked == generation)) {
        return told;
    }
    let told = Told::by(name);
    TOLD.with_borrow_mut(|(asked, known)| {
        if *asked != generation {
            *asked = generation;
            known.clear();
        }
        if known.len() < REMEMBERED {
            known.insert(name.into(), told);
        }
    });
    told
}

impl Told {
    fn by(name: &str) -> Self {
        let known = knowledge();
        let squashed = letters(name);
        let words = words(name);
        let ends = |list: &[String]| list.iter().any(|end| squashed.ends_with(end.as_str()));
        let is_marked = || {
            known.names.parts.iter().any(|part| squashed.contains(part.as_str()))
                || words.iter().any(|word| known.names.words.contains(word))
        };
        let is_about = || words.last().is_some_and(|last| known.names.about.contains(last));
        let last = name.rsplit('.').next().unwrap_or(name).to_lowercase();
        Self {
            is_secret: !known.is_open || ends(&known.names.secret) || (is_marked() && !ends(&known.names.open) && !is_about()),
            is_telling: words.iter().any(|word| known.names.telling.contains(word)),
            is_header: known.header_names.contains(&last),
            is_environment: known.environments.contains(&squashed),
            is_block: squashed == "environment",
            is_headers: known.headers.contains(&squashed),
            is_name: known.entries.names.contains(&squashed),
            is_name_of_header: known.entries.headers.contains(&squashed),
            is_value: known.entries.values.contains(&squashed),
            is_statement: squashed == "statement",
            is_effect: squashed == "effect",
        }
    }
}

/// Whether something of this name is secret. Switches and counts are not, nor is what says something about a secret, such as
/// `secret_arn` or `password_reuse_prevention`.
pub(crate) fn is_secret(name: &str) -> bool {
    told(name).is_secret
}

/// Whether the last word of a name is that of a secret: `password` of `db:password`, but nothing of `secretsmanager`.
pub(super) fn ends_in_secret(name: &str) -> bool {
    let known = knowledge();
    words(name)
        .last()
        .is_some_and(|last| known.names.words.contains(last) || known.names.parts.contains(last))
}

/// Whether something of this name is secret if it looks made by chance.
pub(super) fn is_telling(name: &str) -> bool {
    told(name).is_telling
}

/// Whether a text looks made by chance: long, in one piece, of letters and digits that hardly repeat, and no id of a
/// resource.
pub(super) fn looks_random(text: &str) -> bool {
    const LEAST_ENTROPY: f64 = 3.2;
    const LEAST: usize = 12;
    let bytes = text.as_bytes();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte);
    if !(16..=512).contains(&bytes.len()) || !bytes.iter().all(is_letter) {
        return false;
    }
    let is_long = |piece: &str| {
        let has = |test: fn(&u8) -> bool| piece.as_bytes().iter().any(test);
        piece.len() >= LEAST && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
    };
    if !text.split(['-', '_', '/']).any(is_long) || is_id(text) {
        return false;
    }
    let mut counts = [0_u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let length = f64::from(counts.iter().sum::<u32>());
    let entropy: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum();
    entropy >= LEAST_ENTROPY
}

/// Whether a value only says where a secret is kept, or whether there is one.
pub(super) fn is_reference(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "null", "none", "yes", "no", "on", "off", "required", "optional", "enabled", "disabled",
    ];
    let is_variable = || {
        let mut letters = value.strip_prefix('$').unwrap_or_default().chars();
        letters
            .next()
            .is_some_and(|letter| letter.is_ascii_alphabetic() || matches!(letter, '{' | '(' | '_'))
    };
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.starts_with("{{")
        || Arn::begins(value)
        || value.starts_with("%{")
        || is_variable()
        || (!value.is_empty() && value.bytes().all(|byte| byte == b'*'))
}

/// `i-0a1b2c3d4e5f67890`, a UUID, or words and numbers such as `database-eu-west-1`.
fn is_id(text: &str) -> bool {
    let is_word = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase()) || part.bytes().all(|byte| byte.is_ascii_digit());
    if text.split(['-', '_', '/']).all(is_word) {
        return true;
    }
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [a, b, c, d, e] => [a, b, c, d, e].map(|part| part.len()) == [8, 4, 4, 4, 12] && parts.iter().all(|part| is_hex(part)),
        [prefix @ .., id] => {
            let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
            !prefix.is_empty() && prefix.iter().all(is_word) && matches!(id.len(), 8 | 17) && is_hex(id)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_and_what_is_about_a_secret() {
        for secret in [
            "password",
            "MasterUserPassword",
            "db_pass",
            "RDS_PASS",
            "DbPassword",
            "x-api-key",
            "X-Vault-Token",
            "pwd",
            "client_secret",
            "aws_access_key_id",
            "AWSSecretAccessKey",
            "PGPASSWORD",
            "--db-password",
            "spring.datasource.password",
            "PIN",
            "userData",
            "jwtSecret",
            "AccountKey",
            "private_key",
            "auth_token",
            "SLACK_WEBHOOK_URL",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for open in [
            "http_tokens",
            "httpTokens",
            "secret_arn",
            "SecretARN",
            "password_reuse_prevention",
            "minimum_password_length",
            "bypass",
            "manage_master_user_password_enabled",
            "token_validity_units",
            "password-stdin",
            "credentials_file",
            "kms_key_id",
            "pinned",
            "compass",
            "secret_name",
            "access_token_validity",
            "SecretTargetAttachmentIds",
            "shipping",
        ] {
            assert!(!is_secret(open), "{open}");
        }
        for (text, random) in [
            ("wJalrXUtnFEMIK7MDENGbPxRfiCYzZ1a2b3c4d5e", true),
            ("0123456789abcdef0123456789abcdef", true),
            ("i-0a1b2c3d4e5f67890", false),
            ("a1b2c3d4-1111-2222-3333-444455556666", false),
            ("alias/production-database-key", false),
            ("production-database-eu-west-1", false),
            ("rds-ca-rsa2048-g1", false),
        ] {
            assert_eq!(looks_random(text), random, "{text}");
        }
    }
}
