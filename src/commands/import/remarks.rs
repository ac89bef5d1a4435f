//! Comments within an item of a list, when its lines are written anew.
//!
//! In: the item's lines as they were and as they are now. Out: the new lines, each with the comments of the line that said the
//! same key, and above them the comments of lines that are no longer there.

use std::collections::BTreeMap;

/// What a line's key is preceded and followed by.
#[derive(Debug, Default)]
struct Remark {
    above: Vec<String>,
    behind: Option<String>,
}

/// The comments of lines that are gone, and the new lines with the comments of all others.
pub(super) fn carried(was: &str, is: &str) -> (String, String) {
    let mut remarks: BTreeMap<String, Remark> = BTreeMap::new();
    let mut above: Vec<String> = Vec::new();
    let mut path = Path::default();
    for line in was.lines() {
        if line.trim().is_empty() {
            continue;
        }
        if line.trim_start().starts_with('#') {
            above.push(line.trim().to_owned());
            continue;
        }
        let (content, behind) = parted(line);
        let key = path.of(content);
        if !above.is_empty() || behind.is_some() {
            let remark = remarks.entry(key).or_default();
            remark.above.append(&mut above);
            remark.behind = behind.map(str::to_owned);
        }
    }
    let indent = is.len() - is.trim_start().len();
    let blank = &is[..indent];
    let mut lines = String::new();
    let mut path = Path::default();
    for line in is.lines() {
        let remark = remarks.remove(&path.of(line)).unwrap_or_default();
        let own = &line[..line.len() - line.trim_start().len()];
        for comment in remark.above {
            lines.push_str(&format!("{own}{comment}\n"));
        }
        lines.push_str(line);
        if let Some(comment) = remark.behind {
            lines.push_str(&format!("  {comment}"));
        }
        lines.push('\n');
    }
    let rest = remarks
        .into_values()
        .flat_map(|remark| remark.above.into_iter().chain(remark.behind));
    let mut gone: String = rest.map(|comment| format!("{blank}{comment}\n")).collect();
    gone.extend(above.iter().map(|comment| format!("{blank}{comment}\n")));
    (gone, lines)
}

/// A line and the comment behind it.
pub(super) fn parted(line: &str) -> (&str, Option<&str>) {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'') && matches!(before, ' ' | '[' | '{' | ',' | ':') => quote = Some(letter),
            None if letter == '#' && before.is_whitespace() => return (&line[..at], Some(line[at..].trim_end())),
            None => {}
        }
        before = letter;
    }
    (line, None)
}

/// Where in a tree of keys a line stands, told by its indentation.
#[derive(Debug, Default)]
pub(super) struct Path {
    keys: Vec<(usize, String)>,
    /// How many items of lists there were, by where they stand.
    items: BTreeMap<String, usize>,
}

impl Path {
    /// The path of the next line.
    pub(super) fn of(&mut self, line: &str) -> String {
        let mut indent = line.len() - line.trim_start().len();
        let mut content = line.trim();
        while self.keys.last().is_some_and(|(at, _)| *at >= indent) {
            self.keys.pop();
        }
        while let Some(rest) = content
            .strip_prefix("- ")
            .or_else(|| content.strip_prefix('-').filter(|rest| rest.is_empty()))
        {
            let list = self.text();
            let number = self.items.entry(list).or_default();
            *number += 1;
            self.keys.push((indent, format!("-{number}")));
            indent += 2;
            content = rest.trim_start();
        }
        let is_block = content.starts_with(['{', '[', '"', '\'']);
        if let Some((key, _)) = content.split_once(':').filter(|_| !is_block) {
            self.keys.push((indent, key.trim().to_owned()));
        }
        self.text()
    }

    fn text(&self) -> String {
        let keys: Vec<&str> = self.keys.iter().map(|(_, key)| key.as_str()).collect();
        keys.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_with_its_key() {
        let was = "- type: aws_sqs_queue  # the type\n  # who pays\n  name: mails  # ours: \"#1\"\n  config:\n    url: 'a # b'  # long\n    \
                   old: 1  # gone\n    list:\n    - a  # first\n    - b\n";
        let is = "- type: aws_sqs_queue\n  name: letters\n  config:\n    url: c\n    list:\n    - x\n    - y\n";
        let (gone, lines) = carried(was, is);
        assert_eq!(gone, "# gone\n");
        assert_eq!(
            lines,
            "- type: aws_sqs_queue  # the type\n  # who pays\n  name: letters  # ours: \"#1\"\n  config:\n    url: c  # long\n    \
             list:\n    - x  # first\n    - y\n"
        );
    }
}
