//! Values that are not shown although their line is: those of keys that name a secret.
//!
//! In: lines of a file that people write. Out: the same lines with asterisks in the place of such values, letter for letter.

/// What the name of a secret has in it, without what parts its words.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "sshkey",
    "credential",
    "authorization",
    "connectionstring",
];

/// Whether a key names a secret.
fn names_a_secret(key: &str) -> bool {
    let letters: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    NAMES.iter().any(|name| letters.contains(name))
}

/// A line with an asterisk for each letter of a secret value in it.
pub(super) fn masked(line: &str) -> String {
    let bytes = line.as_bytes();
    let mut hidden = vec![false; bytes.len()];
    let (mut at, mut in_brackets) = (0, false);
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| matches!(byte, b':' | b'=')))
    {
        let sign = at + found;
        in_brackets = in_brackets
            || bytes
                .get(at..sign)
                .is_some_and(|passed| passed.iter().any(|byte| matches!(byte, b'{' | b'[')));
        at = sign + 1;
        let before = line.get(..sign).unwrap_or_default().trim_end();
        let before = before.trim_end_matches(['"', '\'', '\\']);
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ');
        // Names are short; a long line is not searched again for each sign in it.
        let name: Vec<char> = before.chars().rev().take(80).take_while(|letter| is_part(*letter)).collect();
        let name: String = name.into_iter().rev().collect();
        if !names_a_secret(&name) {
            continue;
        }
        let start = at + bytes.iter().skip(at).take_while(|byte| byte.is_ascii_whitespace()).count();
        let end = end_of_value(bytes, start, bytes.get(sign) == Some(&b'='), in_brackets);
        let value = line.get(start..end).unwrap_or_default();
        if !["true", "false", "null", "~", ""].contains(&value.trim()) {
            hidden.iter_mut().take(end).skip(start).for_each(|one| *one = true);
        }
        at = end.max(at);
    }
    line.char_indices()
        .map(|(at, letter)| if hidden.get(at) == Some(&true) { '*' } else { letter })
        .collect()
}

fn end_of_value(bytes: &[u8], start: usize, is_assignment: bool, in_brackets: bool) -> usize {
    let Some(first) = bytes.get(start) else { return bytes.len() };
    let rest = || bytes.iter().enumerate().skip(start + 1);
    if matches!(first, b'"' | b'\'') {
        let mut escaped = false;
        for (at, byte) in rest() {
            if escaped {
                escaped = false;
            } else if *byte == b'\\' {
                escaped = true;
            } else if byte == first {
                return at + 1;
            }
        }
        return bytes.len();
    }
    if matches!(first, b'[' | b'{') {
        let mut depth = 1_usize;
        for (at, byte) in rest() {
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        return bytes.len();
    }
    let ends = |byte: &u8| match byte {
        b',' | b'}' | b']' => in_brackets,
        b' ' | b'&' | b';' | b'"' | b'\'' => is_assignment,
        _ => false,
    };
    rest().find(|(_, byte)| ends(byte)).map_or(bytes.len(), |(at, _)| at)
}

/// Whether a line goes on with the value of a key above it that names a secret: a block of text or a list.
pub(super) fn goes_on(line: &str, above: &mut dyn Iterator<Item = &str>) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut least = indent(line);
    for earlier in above.take(500) {
        let at = indent(earlier);
        let content = earlier.trim();
        // A list may stand at the column of its key.
        let may_own = at < least || at == least && line.trim_start().starts_with('-') && !content.starts_with('-');
        if content.is_empty() || content.starts_with('#') || !may_own {
            continue;
        }
        least = at;
        let key = content.trim_start_matches(['-', ' ', '"', '\'']);
        if let Some((key, _)) = key.split_once(':')
            && names_a_secret(key)
        {
            return true;
        }
        if at == 0 {
            break;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secrets_are_hidden_and_nothing_else_is() {
        for (line, expected) in [
            ("  password: hunter2", "  password: *******"),
            ("  db_password: 'hunter2' # x", "  db_password: ********* # x"),
            ("{\"ApiKey\": \"a\\\"b\", \"name\": \"x\"}", "{\"ApiKey\": ******, \"name\": \"x\"}"),
            ("config: {secret: a b, name: x}", "config: {secret: ***, name: x}"),
            ("tokens: [a, [b]] x", "tokens: ******** x"),
            ("run: psql --password=hunter2 -h x", "run: psql --password=******* -h x"),
            ("password: a, b: c", "password: *******"),
            ("manage_master_user_password: true", "manage_master_user_password: true"),
            ("name: password", "name: password"),
            ("Name: ä, password: ä", "Name: ä, password: *"),
        ] {
            assert_eq!(masked(line), expected);
        }
    }

    #[test]
    fn blocks_below_a_secret_belong_to_it() {
        fn above(lines: &[&'static str]) -> impl Iterator<Item = &'static str> {
            lines.iter().copied().rev()
        }
        assert!(goes_on("    hunter2", &mut above(&["a:", "  private_key: |", "    BEGIN"])));
        assert!(goes_on("  - hunter2", &mut above(&["a:", "  passwords:"])));
        assert!(!goes_on("  name: x", &mut above(&["a:", "  password: x"])));
        assert!(!goes_on("name: x", &mut above(&["password: x"])));
    }
}
