//! What languages spell otherwise, as what it means.
//!
//! In: characters with their places. Out: the same with entities and tags of HTML and XML, bytes of addresses (`%C3%BC`), and
//! escapes of JSON and Markdown read; each stands at the places of all that spelt it. What is no escape stays.

use std::ops::Range;

/// A character, and the bytes of the text that it stands for.
type Letter = (char, Range<usize>);

/// The longest name of an entity that is known, and the longest number.
const LONGEST: usize = 18;
/// The longest tag.
const LONGEST_TAG: usize = 80;

pub(super) fn read(letters: &[Letter]) -> Vec<Letter> {
    let mut out = Vec::with_capacity(letters.len());
    let mut rest = letters;
    while let [(first, from), ..] = rest {
        let found = match first {
            '&' => entity(rest),
            '%' => percent(rest),
            '\\' => backslash(rest),
            '<' => tag(rest),
            _ => None,
        };
        match found {
            Some((letter, length)) => {
                let end = rest.get(length - 1).map_or(from.end, |(_, last)| last.end);
                out.push((letter, from.start..end));
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                out.push((*first, from.clone()));
                rest = &rest[1..];
            }
        }
    }
    out
}

fn text(letters: &[Letter]) -> String {
    letters.iter().map(|(letter, _)| *letter).collect()
}

/// `&amp;`, `&#252;`, `&#xfc;`
fn entity(letters: &[Letter]) -> Option<(char, usize)> {
    let end = letters.iter().take(LONGEST).position(|(letter, _)| *letter == ';')?;
    let name = text(letters.get(1..end)?);
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
        None => named(&name)?,
    };
    Some((letter, end + 1))
}

/// The entities of XML, of spaces and dashes, and of letters with accents, which their names tell.
fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" | "Tab" | "NewLine" => ' ',
        "shy" | "zwj" | "zwnj" | "ZeroWidthSpace" | "NoBreak" | "lrm" | "rlm" => '\u{ad}',
        "ndash" | "mdash" | "hyphen" | "dash" | "minus" => '-',
        "lowbar" => '_',
        "period" => '.',
        "commat" => '@',
        "colon" => ':',
        "sol" => '/',
        "bsol" => '\\',
        "num" => '#',
        "percnt" => '%',
        "szlig" => 'ß',
        "inodot" | "imath" => 'ı',
        "Idot" => 'İ',
        name => {
            let accents = [
                "acute", "grave", "circ", "uml", "tilde", "ring", "cedil", "caron", "slash", "breve", "ogon", "strok", "dot", "dblac",
                "macr",
            ];
            let letter = accents.iter().find_map(|accent| name.strip_suffix(accent))?;
            let mut letters = letter.chars();
            let first = letters.next().filter(char::is_ascii_alphabetic)?;
            // Accents are not compared.
            letters.next().is_none().then_some(first)?
        }
    })
}

/// `<br>`, `</b>`: a space, which is no part of what stands before it.
fn tag(letters: &[Letter]) -> Option<(char, usize)> {
    let end = letters.iter().take(LONGEST_TAG).position(|(letter, _)| *letter == '>')?;
    let name = text(letters.get(1..end)?);
    let name = name.strip_prefix('/').unwrap_or(&name);
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        .then_some((' ', end + 1))
}

/// `%C3%BC`: as many bytes as make a character.
fn percent(letters: &[Letter]) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let [(sign, _), (high, _), (low, _)] = letters.get(at..at + 3)? else {
            return None;
        };
        (*sign == '%').then_some(())?;
        u8::try_from(high.to_digit(16)? * 16 + low.to_digit(16)?).ok()
    };
    let mut bytes = Vec::new();
    for count in 1..=4 {
        bytes.push(byte((count - 1) * 3)?);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Some((text.chars().next()?, count * 3));
        }
    }
    None
}

/// `\u00fc` (two of them for what lies beyond U+FFFF), `\n`, `\_`
fn backslash(letters: &[Letter]) -> Option<(char, usize)> {
    let (letter, _) = letters.get(1)?;
    match letter {
        'u' => {
            if let Some((code, length)) = braced(letters) {
                return Some((code, length));
            }
            let unit = |at: usize| {
                let digits = text(letters.get(at..at + 6)?);
                u16::from_str_radix(digits.strip_prefix("\\u")?, 16).ok()
            };
            let first = unit(0)?;
            let units = [first, unit(6).unwrap_or_default()];
            let pair = char::decode_utf16(units).next()?.ok()?;
            Some((pair, if pair.len_utf16() == 2 { 12 } else { 6 }))
        }
        'x' => {
            let digits = text(letters.get(2..4)?);
            Some((char::from(u8::from_str_radix(&digits, 16).ok()?), 4))
        }
        'n' | 'r' | 't' => Some((' ', 2)),
        letter if letter.is_ascii_punctuation() || *letter == ' ' => Some((*letter, 2)),
        // A hard line break of Markdown.
        '\n' => Some(('\n', 2)),
        _ => None,
    }
}

/// `\u{fc}`
fn braced(letters: &[Letter]) -> Option<(char, usize)> {
    (letters.get(2)?.0 == '{').then_some(())?;
    let end = letters.iter().take(LONGEST).position(|(letter, _)| *letter == '}')?;
    let code = u32::from_str_radix(&text(letters.get(3..end)?), 16).ok()?;
    Some((char::from_u32(code)?, end + 1))
}
