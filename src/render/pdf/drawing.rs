//! Drawings and positions in fewer bytes.
//!
//! In: the content stream of a page as the exporter writes it (ISO 32000-1, 7.8.2), or another object. Out: the same, with
//! positions to a hundredth of a point, those of texts to a tenth, colours to a thousandth, and a drawing's strings as bytes
//! instead of octal escapes. Compressed a page takes a sixth less.

use std::ops::Range;

/// Decimals of positions and widths, in points: a hundredth is a thirtieth of what is seen on paper.
const POSITION: usize = 2;

/// Decimals of where a text begins, in points: half a tenth is a fiftieth of the gap between two words. Of shapes that touch
/// each other it would be seen.
const TEXT_POSITION: usize = 1;

/// Decimals of where a link can be clicked and what it leads to, in points.
const PLACE: usize = 0;

/// Decimals of a matrix's factors, which turn and scale.
const FACTOR: usize = 5;

/// Decimals of a colour's shares; a screen shows 256 steps.
const COLOUR: usize = 3;

/// Decimals of the gaps within a text, in thousandths of its size.
const GAP: usize = 0;

/// An operand, or what stands between two.
enum Operand {
    /// As it stands.
    Same(Range<usize>),
    /// A number with decimals.
    Number(Range<usize>),
    /// A string, without its parentheses and escapes.
    Text(Vec<u8>),
}

/// The same drawing in fewer bytes; `None` where something stands in it that the exporter does not write, such as a
/// picture within the stream.
pub(super) fn shortened(content: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(content.len());
    let mut operands: Vec<Operand> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = content.get(at) {
        let start = at;
        match byte {
            b'(' => {
                let text;
                (text, at) = string(content, at)?;
                operands.push(Operand::Text(text));
            }
            b'/' => {
                at = end_of(content, at + 1, is_regular);
                operands.push(Operand::Same(start..at));
            }
            b'[' | b']' | b'<' | b'>' => {
                at += 1;
                operands.push(Operand::Same(start..at));
            }
            b'0'..=b'9' | b'-' | b'.' => {
                at = end_of(content, at, |byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'));
                let digits = start..at;
                let whole = !content.get(digits.clone())?.contains(&b'.');
                operands.push(if whole { Operand::Same(digits) } else { Operand::Number(digits) });
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'\'' | b'"' => {
                at = end_of(content, at, is_regular);
                let operator = content.get(start..at)?;
                if operator == b"BI" {
                    return None;
                }
                let position = if operator == b"cm" && begins_text(content, at) {
                    TEXT_POSITION
                } else {
                    POSITION
                };
                written(content, &operands, operator, position, &mut out)?;
                out.extend_from_slice(operator);
                operands.clear();
            }
            _ if byte.is_ascii_whitespace() => {
                at += 1;
                operands.push(Operand::Same(start..at));
            }
            _ => return None,
        }
    }
    written(content, &operands, b"", POSITION, &mut out)?;
    Some(out)
}

/// Whether what is drawn next is a text: colours alone are set before it.
fn begins_text(content: &[u8], mut at: usize) -> bool {
    while let Some(&byte) = content.get(at) {
        let start = at;
        at = match byte {
            b'/' => end_of(content, at + 1, is_regular),
            b'A'..=b'Z' | b'a'..=b'z' => {
                at = end_of(content, at, is_regular);
                match content.get(start..at) {
                    Some(operator) if [&b"CS"[..], b"SCN", b"GS"].iter().any(|sets| operator.eq_ignore_ascii_case(sets)) => at,
                    operator => return operator == Some(b"BT"),
                }
            }
            b'0'..=b'9' | b'-' | b'.' => at + 1,
            _ if byte.is_ascii_whitespace() => at + 1,
            _ => return false,
        };
    }
    false
}

/// An object that is no stream with its numbers in fewer digits: places and areas of links to a point, all else, which are
/// widths and colours, to a hundredth; and with references as `name` calls what they lead to. `None` where it is not as
/// expected.
pub(super) fn positions(object: &[u8], name: impl Fn(u32) -> u32) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(object.len());
    let (mut at, mut decimals) = (0, POSITION);
    while let Some(&byte) = object.get(at) {
        let start = at;
        at = match byte {
            b'(' => string(object, at)?.1,
            b'/' => end_of(object, at + 1, is_regular),
            b'0'..=b'9' | b'-' | b'.' => end_of(object, at, |byte| matches!(byte, b'0'..=b'9' | b'-' | b'.')),
            // A string in hexadecimal digits.
            b'<' if object.get(at + 1) != Some(&b'<') => end_of(object, at, |byte| byte != b'>'),
            b'<' => at + 2,
            _ => at + 1,
        };
        let token = object.get(start..at)?;
        match token {
            b"/Rect" | b"/XYZ" => decimals = PLACE,
            b"]" => decimals = POSITION,
            _ => {}
        }
        let is_number = byte.is_ascii_digit() || byte == b'-' || byte == b'.';
        if is_number && leads_on(object, at) {
            let number = std::str::from_utf8(token).ok()?.parse().ok()?;
            out.extend_from_slice(name(number).to_string().as_bytes());
        } else if is_number && token.contains(&b'.') {
            out.extend_from_slice(rounded(token, decimals)?.as_bytes());
        } else {
            out.extend_from_slice(token);
        }
    }
    Some(out)
}

/// Whether the number that ends here is that of a reference's object (ISO 32000-1, 7.3.10).
fn leads_on(object: &[u8], at: usize) -> bool {
    let rest = object.get(at..).and_then(|rest| rest.strip_prefix(b" 0 R"));
    rest.is_some_and(|rest| rest.first().is_none_or(|byte| !is_regular(*byte)))
}

/// The operands as their operator allows, positions with so many decimals.
fn written(content: &[u8], operands: &[Operand], operator: &[u8], position: usize, out: &mut Vec<u8>) -> Option<()> {
    let of_matrix = matches!(operator, b"cm" | b"Tm");
    let mut numbers = 0;
    for operand in operands {
        match operand {
            Operand::Same(range) => {
                let bytes = content.get(range.clone())?;
                numbers += usize::from(bytes.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-'));
                out.extend_from_slice(bytes);
            }
            Operand::Number(range) => {
                let decimals = match operator {
                    _ if of_matrix && numbers < 4 => Some(FACTOR),
                    b"cm" | b"Tm" | b"m" | b"l" | b"c" | b"v" | b"y" | b"re" | b"w" | b"Td" => Some(position),
                    // Both of them, for fills and for lines.
                    _ if operator.eq_ignore_ascii_case(b"SCN") => Some(COLOUR),
                    b"TJ" => Some(GAP),
                    _ => None,
                };
                numbers += 1;
                let bytes = content.get(range.clone())?;
                match decimals {
                    Some(decimals) => out.extend_from_slice(rounded(bytes, decimals)?.as_bytes()),
                    None => out.extend_from_slice(bytes),
                }
            }
            Operand::Text(text) => {
                out.push(b'(');
                for &byte in text {
                    match byte {
                        b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
                        // An end of a line in a string would be read as a line feed.
                        b'\r' => out.extend_from_slice(b"\\r"),
                        _ => out.push(byte),
                    }
                }
                out.push(b')');
            }
        }
    }
    Some(())
}

/// A number to so many decimals, without the zeros that say nothing.
fn rounded(number: &[u8], decimals: usize) -> Option<String> {
    let number: f64 = std::str::from_utf8(number).ok()?.parse().ok()?;
    let text = format!("{number:.decimals$}");
    let text = if decimals > 0 {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    Some(match text {
        "" | "-" | "-0" | "0" => "0".to_owned(),
        _ => match (text.strip_prefix("0."), text.strip_prefix("-0.")) {
            (Some(rest), _) => format!(".{rest}"),
            (_, Some(rest)) => format!("-.{rest}"),
            _ => text.to_owned(),
        },
    })
}

/// A literal string's bytes (ISO 32000-1, 7.3.4.2), and where it ends.
fn string(content: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let (mut text, mut at, mut depth) = (Vec::new(), start + 1, 1);
    loop {
        let byte = *content.get(at)?;
        at += 1;
        match byte {
            b'\\' => {
                let escaped = *content.get(at)?;
                at += 1;
                match escaped {
                    b'0'..=b'7' => {
                        let end = end_of(content, at - 1, |byte| matches!(byte, b'0'..=b'7')).min(at + 2);
                        let digits = std::str::from_utf8(content.get(at - 1..end)?).ok()?;
                        text.push(u8::from_str_radix(digits, 8).ok()?);
                        at = end;
                    }
                    b'n' => text.push(b'\n'),
                    b'r' => text.push(b'\r'),
                    b't' => text.push(b'\t'),
                    b'b' => text.push(8),
                    b'f' => text.push(12),
                    b'(' | b')' | b'\\' => text.push(escaped),
                    _ => return None,
                }
            }
            b'(' => {
                depth += 1;
                text.push(byte);
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some((text, at));
                }
                text.push(byte);
            }
            _ => text.push(byte),
        }
    }
}

fn is_regular(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'/' | b'%' | b'{' | b'}')
}

fn end_of(content: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let rest = content.get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn short(content: &str) -> String {
        String::from_utf8(shortened(content.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn positions_colours_and_strings_are_written_in_short() {
        for (long, wanted) in [
            ("q 1 0 0 -1 51.02362 796.89014 cm", "q 1 0 0 -1 51.02 796.89 cm"),
            (
                "q 1 0 0 -1 51.02362 796.99014 cm\n/c0 cs 0.1 0.2 0.3 scn\nBT",
                "q 1 0 0 -1 51 797 cm\n/c0 cs .1 .2 .3 scn\nBT",
            ),
            (
                "q 1 0 0 -1 51.02362 796.99014 cm\n/c0 cs 0.1 scn\n0 0 m BT",
                "q 1 0 0 -1 51.02 796.99 cm\n/c0 cs .1 scn\n0 0 m BT",
            ),
            ("[(a)-100.25(b)]TJ", "[(a)-100(b)]TJ"),
            (
                "0.00000000000000006123234 1 1 -0.00000000000000006123234 3.999 -0.004 cm",
                "0 1 1 0 4 0 cm",
            ),
            ("0.123456 0 0 -0.123456 0.5 -0.25 Tm", ".12346 0 0 -.12346 .5 -.25 Tm"),
            ("/c0 cs 0.35686275 0.39215687 1 scn", "/c0 cs .357 .392 1 scn"),
            (
                "[(\\000\\004\\000\\030)19.53125(\\(\\)\\\\\\r\\n)]TJ",
                "[(\0\u{4}\0\u{18})20(\\(\\)\\\\\\r\n)]TJ",
            ),
            ("/TD<</MCID 12>>BDC EMC", "/TD<</MCID 12>>BDC EMC"),
            ("[1.25 2]0 d 0.123456 gs", "[1.25 2]0 d 0.123456 gs"),
            ("(a(b)c)Tj", "(a\\(b\\)c)Tj"),
        ] {
            assert_eq!(short(long), wanted, "{long}");
        }
    }

    #[test]
    fn objects_keep_all_but_the_ends_of_positions() {
        for (object, wanted) in [
            (
                "<</Rect[97.1661 0.004 1 -0.5]/Contents(1.2345 \\) 1.2345)/D<1.2345>>>",
                "<</Rect[97 0 1 0]/Contents(1.2345 \\) 1.2345)/D<1.2345>>>",
            ),
            ("[12 0 R/XYZ 53.52 100.49 0]", "[13 0 R/XYZ 54 100 0]"),
            (
                "<</Rect[0.6 10.5 1 2]/BorderThickness[0.912 0]>>",
                "<</Rect[1 10 1 2]/BorderThickness[.91 0]>>",
            ),
            ("<</V/1.2345/K[12 0 R 3 4 0 R]>>", "<</V/1.2345/K[13 0 R 3 5 0 R]>>"),
            ("<</A(12 0 R)/B<12>/N/12 0 R>>", "<</A(12 0 R)/B<12>/N/12 0 R>>"),
        ] {
            assert_eq!(
                positions(object.as_bytes(), |number| number + 1).as_deref(),
                Some(wanted.as_bytes())
            );
        }
        assert_eq!(positions(b"[(open", |number| number), None);
    }

    #[test]
    fn what_the_exporter_does_not_write_is_left_alone() {
        for content in [
            "BI /W 1 ID x EI",
            "% words",
            "(open",
            "(\\q)Tj",
            "\u{1}\u{2}",
            "{",
            "1.2.3 0 m",
            "(\\777)Tj",
        ] {
            assert_eq!(shortened(content.as_bytes()), None, "{content}");
        }
    }

    #[test]
    fn nothing_is_left_to_shorten_the_second_time() {
        let once = short("q 1 0 0 -1 51.02362 796.89014 cm/f0 7.5 Tf[(\\000\\(\\015)9.765625(x)]TJ\nET\nQ\n0.1 0 l");
        assert_eq!(short(&once), once);
    }
}
