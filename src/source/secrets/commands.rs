//! Command lines: which of them hand over a secret.
//!
//! In: a command in one text, or as a list of words. Out: whether a secret is one of its words.

use super::knowledge::{Command, knowledge};
use super::{names, texts};

/// Whether a text is a command with a secret in it.
pub(super) fn has_secret(text: &str, depth: usize) -> bool {
    let text = text.trim();
    if !text.contains(|letter: char| letter.is_whitespace()) {
        return false;
    }
    text.lines().any(|line| {
        let words = shlex::split(line).unwrap_or_else(|| line.split_whitespace().map(str::to_owned).collect());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        words_have_secret(&words, depth)
    })
}

/// Whether a word is a program that a secret is handed to, or goes with one.
pub(super) fn is_program(word: &str) -> bool {
    let is_one = |command: &Command| command.programs.iter().chain(&command.with).any(|name| name == word);
    knowledge().commands.iter().any(is_one)
}

/// Whether one of these words is a secret, by what stands before it.
pub(super) fn words_have_secret(words: &[&str], depth: usize) -> bool {
    let mut known: Vec<&Command> = Vec::new();
    words.iter().enumerate().any(|(index, word)| {
        if matches!(*word, "|" | "||" | "&&" | ";") {
            known.clear();
            return false;
        }
        let program = word.rsplit(['/', ':', '=', '(', '&', ';', '`']).next().unwrap_or(word);
        let is_meant = |command: &&Command| {
            command.programs.iter().any(|name| name == program)
                && (command.with.is_empty() || command.with.iter().any(|with| words.contains(&with.as_str())))
        };
        known.extend(knowledge().commands.iter().filter(is_meant));
        // A word that is a command itself, behind `sh -c`.
        if words.len() > 1 && word.contains(' ') && texts::judge(word, depth + 1) {
            return true;
        }
        let next = words.get(index + 1).copied().filter(|next| !next.is_empty());
        word.starts_with('-') && flag_has_secret(word, next, &known)
    })
}

fn flag_has_secret(flag: &str, next: Option<&str>, known: &[&Command]) -> bool {
    let is_value = |value: &str| !value.is_empty() && !texts::is_reference(value);
    let has_value = || next.is_some_and(|next| is_value(next) && !next.starts_with('-'));
    let name = flag.trim_start_matches('-');
    match name.split_once('=') {
        Some((name, value)) if names::is_secret(name) && is_value(value) => return true,
        None if names::is_secret(name) && has_value() => return true,
        _ => {}
    }
    known.iter().any(|command| {
        let glued = || {
            let values = command.glued.iter().filter_map(|known| flag.strip_prefix(known.as_str()));
            !flag.starts_with("--") && values.into_iter().any(is_value)
        };
        (command.next.iter().any(|known| known == flag) && has_value()) || glued()
    })
}
