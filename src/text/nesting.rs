//! How deep the brackets of a YAML text lie in one another, found before the text is parsed.
//!
//! In: a text. Out: the place of the first bracket that lies too deep, if there is one.
//! The scanner of `serde_yaml` (libyaml's) looks at every open bracket again for every token, so that a few thousand of them
//! take seconds, and it has no limit of its own. Which brackets are open depends on quotes, comments, plain and block
//! scalars, and those on indentation; so this follows libyaml's scanner step by step, without making tokens.

use crate::diagnostics::Position;

/// How far behind its beginning a key may end that is written without `?`.
const KEY_LETTERS: usize = 1024;

/// The first bracket of a YAML text that lies in more than `most` others.
#[must_use]
pub(super) fn too_deep(text: &str, most: usize) -> Option<Position> {
    // Where there are few brackets none lies deep.
    if text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= most {
        return None;
    }
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: 0,
        letter: 0,
        line: 0,
        column: 0,
        indent: -1,
        indents: Vec::new(),
        keys: vec![None],
        key_allowed: true,
    };
    while scanner.token().is_some() {
        if scanner.keys.len() > most + 1 {
            return Some(Position {
                line: scanner.line + 1,
                column: scanner.column,
            });
        }
    }
    None
}

/// Where a key may have begun that only a later colon tells to be one.
#[derive(Clone, Copy)]
struct Key {
    letter: usize,
    line: usize,
    column: isize,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    letter: usize,
    line: usize,
    column: usize,
    /// The column of the innermost block collection; -1 where there is none.
    indent: isize,
    indents: Vec<isize>,
    /// The possible keys: of the block, and of each open bracket.
    keys: Vec<Option<Key>>,
    key_allowed: bool,
}

impl Scanner<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// How many bytes the line break here has; 0 where there is none.
    fn line_break(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\r', b'\n', _) | (0xc2, 0x85, _) => 2,
            (b'\r' | b'\n', _, _) => 1,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// A blank, a line break or the end.
    fn is_gap(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.byte(ahead) == 0 || self.line_break(ahead) > 0
    }

    fn is_end_of_line(&self) -> bool {
        self.byte(0) == 0 || self.line_break(0) > 0
    }

    fn in_brackets(&self) -> bool {
        self.keys.len() > 1
    }

    fn here(&self) -> isize {
        isize::try_from(self.column).unwrap_or(isize::MAX)
    }

    fn skip(&mut self) {
        self.at += match self.byte(0) {
            0..=0x7f => 1,
            0xe0..=0xef => 3,
            0xf0.. => 4,
            _ => 2,
        };
        self.letter += 1;
        self.column += 1;
    }

    fn skip_break(&mut self) {
        let length = self.line_break(0);
        self.at += length;
        self.letter += 1;
        self.line += 1;
        self.column = 0;
    }

    fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_end_of_line() {
                self.skip();
            }
        }
    }

    /// Passes over one token; nothing at the end, and where libyaml stops with an error.
    fn token(&mut self) -> Option<()> {
        self.pass_gaps();
        let (line, letter) = (self.line, self.letter);
        // Only the innermost key is ever asked for.
        if let Some(key) = self.keys.last_mut() {
            *key = key.filter(|key| key.line == line && key.letter + KEY_LETTERS >= letter);
        }
        self.unroll(self.here());
        let in_brackets = self.in_brackets();
        let marks = self.column == 0 && self.is_gap(3);
        match self.byte(0) {
            0 => return None,
            b'%' if self.column == 0 => {
                self.document_mark();
                while !self.is_end_of_line() {
                    self.skip();
                }
            }
            b'-' | b'.' if marks && self.byte(0) == self.byte(1) && self.byte(1) == self.byte(2) => {
                self.document_mark();
                (0..3).for_each(|_| self.skip());
            }
            b'[' | b'{' => {
                self.save_key();
                self.keys.push(None);
                self.key_allowed = true;
                self.skip();
            }
            b']' | b'}' => {
                self.forget_key();
                if in_brackets {
                    self.keys.pop();
                }
                self.key_allowed = false;
                self.skip();
            }
            b',' => {
                self.forget_key();
                self.key_allowed = true;
                self.skip();
            }
            b'-' if self.is_gap(1) => self.entry(true)?,
            b'?' if in_brackets || self.is_gap(1) => self.entry(!in_brackets)?,
            b':' if in_brackets || self.is_gap(1) => self.value()?,
            _ => return self.content(),
        }
        Some(())
    }

    /// The beginning or the end of a document, or a directive: all blocks end.
    fn document_mark(&mut self) {
        self.unroll(-1);
        self.forget_key();
        self.key_allowed = false;
    }

    /// `-` or `?`, behind which a key may stand or not.
    fn entry(&mut self, key_allowed: bool) -> Option<()> {
        self.open_block(self.here())?;
        self.forget_key();
        self.key_allowed = key_allowed;
        self.skip();
        Some(())
    }

    /// The colon before a value: what stands before it was a key, and a block begins where that begins.
    fn value(&mut self) -> Option<()> {
        if let Some(key) = self.keys.last_mut().and_then(Option::take) {
            self.roll(key.column);
            self.key_allowed = false;
        } else {
            self.open_block(self.here())?;
            self.key_allowed = !self.in_brackets();
        }
        self.skip();
        Some(())
    }

    /// An anchor, an alias, a tag or a scalar.
    fn content(&mut self) -> Option<()> {
        let in_brackets = self.in_brackets();
        match self.byte(0) {
            b'*' | b'&' => {
                self.save_key();
                self.key_allowed = false;
                self.skip();
                while self.byte(0).is_ascii_alphanumeric() || matches!(self.byte(0), b'_' | b'-') {
                    self.skip();
                }
            }
            b'!' => {
                self.save_key();
                self.key_allowed = false;
                self.skip();
                self.tag();
            }
            b'|' | b'>' if !in_brackets => {
                self.forget_key();
                self.key_allowed = true;
                self.block_scalar()?;
            }
            quote @ (b'\'' | b'"') => {
                self.save_key();
                self.key_allowed = false;
                self.quoted(quote)?;
            }
            b'-' if !self.is_blank(1) => self.plain_scalar(),
            b'?' | b':' if !in_brackets => self.plain_scalar(),
            b'-' | b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => return None,
            _ => self.plain_scalar(),
        }
        Some(())
    }

    fn pass_gaps(&mut self) {
        loop {
            if self.column == 0 && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf")) {
                self.skip();
            }
            while self.byte(0) == b' ' || (self.in_brackets() || !self.key_allowed) && self.byte(0) == b'\t' {
                self.skip();
            }
            self.skip_comment();
            if self.line_break(0) == 0 {
                return;
            }
            self.skip_break();
            if !self.in_brackets() {
                self.key_allowed = true;
            }
        }
    }

    fn save_key(&mut self) {
        if self.key_allowed {
            let key = Key {
                letter: self.letter,
                line: self.line,
                column: self.here(),
            };
            if let Some(last) = self.keys.last_mut() {
                *last = Some(key);
            }
        }
    }

    fn forget_key(&mut self) {
        if let Some(last) = self.keys.last_mut() {
            *last = None;
        }
    }

    /// A block collection begins at a column, where one may begin.
    fn open_block(&mut self, column: isize) -> Option<()> {
        if !self.in_brackets() {
            if !self.key_allowed {
                return None;
            }
            self.roll(column);
        }
        Some(())
    }

    fn roll(&mut self, column: isize) {
        if !self.in_brackets() && self.indent < column {
            self.indents.push(self.indent);
            self.indent = column;
        }
    }

    fn unroll(&mut self, column: isize) {
        if !self.in_brackets() {
            while self.indent > column {
                self.indent = self.indents.pop().unwrap_or(-1);
            }
        }
    }

    fn tag(&mut self) {
        if self.byte(0) == b'<' {
            while self.byte(0) != b'>' && !self.is_gap(0) {
                self.skip();
            }
            if self.byte(0) == b'>' {
                self.skip();
            }
            return;
        }
        // What libyaml takes for a part of an address; commas and brackets only within `!<...>`.
        let of_address = |byte: u8| byte.is_ascii_alphanumeric() || b"-_;/?:@&=+$.%!~*'()".contains(&byte);
        while of_address(self.byte(0)) {
            self.skip();
        }
    }

    fn block_scalar(&mut self) -> Option<()> {
        self.skip();
        let mut indent = 0;
        while matches!(self.byte(0), b'+' | b'-' | b'1'..=b'9') {
            if self.byte(0).is_ascii_digit() {
                indent = self.indent.max(0) + isize::from(self.byte(0) - b'0');
            }
            self.skip();
        }
        while self.is_blank(0) {
            self.skip();
        }
        self.skip_comment();
        if !self.is_end_of_line() {
            return None;
        }
        if self.line_break(0) > 0 {
            self.skip_break();
        }
        self.block_breaks(&mut indent)?;
        while self.here() == indent && self.byte(0) != 0 {
            while !self.is_end_of_line() {
                self.skip();
            }
            if self.line_break(0) > 0 {
                self.skip_break();
            }
            self.block_breaks(&mut indent)?;
        }
        Some(())
    }

    /// The indentation of a block scalar's next line, and empty lines before it.
    fn block_breaks(&mut self, indent: &mut isize) -> Option<()> {
        let mut most = 0;
        loop {
            while (*indent == 0 || self.here() < *indent) && self.byte(0) == b' ' {
                self.skip();
            }
            most = most.max(self.here());
            if (*indent == 0 || self.here() < *indent) && self.byte(0) == b'\t' {
                return None;
            }
            if self.line_break(0) == 0 {
                break;
            }
            self.skip_break();
        }
        if *indent == 0 {
            *indent = most.max(self.indent + 1).max(1);
        }
        Some(())
    }

    fn quoted(&mut self, quote: u8) -> Option<()> {
        self.skip();
        loop {
            match self.byte(0) {
                0 => return None,
                b'\'' if quote == b'\'' && self.byte(1) == b'\'' => (0..2).for_each(|_| self.skip()),
                b'\\' if quote == b'"' => {
                    self.skip();
                    if self.line_break(0) > 0 { self.skip_break() } else { self.skip() }
                }
                byte if byte == quote => {
                    self.skip();
                    return Some(());
                }
                _ if self.line_break(0) > 0 => self.skip_break(),
                _ => self.skip(),
            }
        }
    }

    fn plain_scalar(&mut self) {
        self.save_key();
        self.key_allowed = false;
        let indent = self.indent + 1;
        let in_brackets = self.in_brackets();
        let mut broken = false;
        loop {
            let marks = self.column == 0 && self.is_gap(3);
            if marks
                && [b"---", b"..."]
                    .iter()
                    .any(|mark| self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(*mark)))
                || self.byte(0) == b'#'
            {
                break;
            }
            while !self.is_gap(0) {
                let ends = match self.byte(0) {
                    b':' => self.is_gap(1),
                    b',' | b'[' | b']' | b'{' | b'}' => in_brackets,
                    _ => false,
                };
                if ends {
                    break;
                }
                broken = false;
                self.skip();
            }
            if !(self.is_blank(0) || self.line_break(0) > 0) {
                break;
            }
            while self.is_blank(0) || self.line_break(0) > 0 {
                if self.line_break(0) > 0 {
                    self.skip_break();
                    broken = true;
                } else {
                    self.skip();
                }
            }
            if !in_brackets && self.here() < indent {
                break;
            }
        }
        if broken {
            self.key_allowed = true;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
