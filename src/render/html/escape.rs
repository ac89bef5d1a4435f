//! Text and addresses as HTML.
//!
//! In: any text. Out: text that an element or a double-quoted attribute may hold, and addresses that are valid.

use std::fmt::Write as _;

/// Which bytes stand for themselves: asked of every letter of a document.
const IS_PLAIN: [bool; 256] = {
    let mut is_plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        is_plain[byte as usize] = !matches!(byte, b'&' | b'<' | b'>' | b'"');
        byte += 1;
    }
    is_plain
};

/// Writes text for an element or a double-quoted attribute. What HTML forbids even as a reference becomes U+FFFD.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !IS_PLAIN[usize::from(byte)]) {
        // Runs of plain letters are copied at once.
        out.push_str(&rest[..at]);
        let mut letters = rest[at..].chars();
        let Some(c) = letters.next() else { break };
        rest = letters.as_str();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\r' => out.push(' '),
            _ if c.is_control() || is_noncharacter(c) => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(c),
        }
    }
    out.push_str(rest);
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (u32::from(c) & 0xfffe) == 0xfffe
}

/// Characters that change the direction of the text behind them.
pub(super) fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A web or mail address with everything percent-encoded that a URL may not hold as it is.
pub(super) fn address(target: &str) -> String {
    let bytes = target.as_bytes();
    let mut address = String::with_capacity(bytes.len());
    let mut in_fragment = false;
    for (position, byte) in bytes.iter().copied().enumerate() {
        let is_hex = |offset: usize| bytes.get(position + offset).is_some_and(u8::is_ascii_hexdigit);
        let keep = match byte {
            b'%' => is_hex(1) && is_hex(2),
            b'#' => !std::mem::replace(&mut in_fragment, true),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte),
        };
        if keep {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}
