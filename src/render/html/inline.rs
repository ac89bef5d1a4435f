//! Text within a block.
//!
//! In: inlines. Out: their HTML, in which long words may break.

use super::Writer;
use super::escape::{address, is_direction};
use crate::render::document::Inline;
use crate::render::holders::{Open, holders};
use crate::render::tied::tied;

/// Code spans longer than this are no letter or state, and need no `data-is`.
const LONGEST_MARK: usize = 32;

/// Words of more characters than this may break anywhere.
pub(super) const LONGEST_WORD: usize = 28;

impl Writer<'_> {
    pub(super) fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) if !text.is_ascii() && text.contains(is_direction) => {
                    // Isolated, so that an override reaches no further than the text that it came with.
                    self.raw("<bdi>");
                    self.breakable(text);
                    self.raw("</bdi>");
                }
                Inline::Text(text) => self.breakable(text),
                Inline::Code(text) => self.code(text),
                Inline::Strong(inner) => {
                    self.raw("<strong>");
                    self.inlines(inner);
                    self.raw("</strong>");
                }
                Inline::Emphasis(inner) => {
                    self.raw("<em>");
                    self.inlines(inner);
                    self.raw("</em>");
                }
                Inline::Link { target, content } => {
                    self.raw("<a");
                    if target.starts_with('#') {
                        self.attribute("href", target);
                    } else {
                        self.attribute("href", &address(target));
                    }
                    self.raw(">");
                    self.inlines(content);
                    self.raw("</a>");
                }
                Inline::Image { path, alt } => match self.picture(path) {
                    Some(svg) => {
                        self.raw("<span class=\"picture\" role=\"img\"");
                        self.attribute("aria-label", alt);
                        self.raw(">");
                        self.raw(&svg);
                        self.raw("</span>");
                    }
                    None => self.text(alt),
                },
                Inline::Break => self.raw("<br>\n"),
                // What holds it says it.
                Inline::Mark(_) => {}
            }
        }
    }

    /// Text in which long words, such as an ARN, may break: a table cannot become narrower than a word.
    fn breakable(&mut self, text: &str) {
        let text = &*tied(text);
        if text.len() <= LONGEST_WORD || text.split_ascii_whitespace().all(|word| word.len() <= LONGEST_WORD) {
            return self.text(text);
        }
        for word in text.split_inclusive(char::is_whitespace) {
            if word.chars().nth(LONGEST_WORD).is_none() {
                self.text(word);
                continue;
            }
            let mut start = 0;
            let mut length = 0;
            for (position, c) in word.char_indices() {
                length += 1;
                let end = position + c.len_utf8();
                let here = length >= LONGEST_WORD || (length > 2 && "/:._-=&?,@".contains(c));
                if here && end < word.len() {
                    self.text(&word[start..end]);
                    self.raw("<wbr>");
                    start = end;
                    length = 0;
                }
            }
            self.text(&word[start..]);
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        match text {
            "[ ]" => return self.raw("<span class=\"box\" role=\"img\" aria-label=\"to do\"></span>"),
            "[x]" => return self.raw("<span class=\"box done\" role=\"img\" aria-label=\"done\"></span>"),
            _ => {}
        }
        self.raw("<code");
        if text.len() <= LONGEST_MARK {
            self.attribute("data-is", text);
        }
        self.raw(">");
        match holders(text) {
            // The look shows a mark; who listens hears what it means.
            Some((letters, Open::NotMet)) => {
                self.text(letters);
                self.raw("<span class=\"heard\"> with a duty not met</span>");
            }
            Some((letters, Open::Waits)) => {
                self.text(letters);
                self.raw("<span class=\"heard\"> with an unknown duty</span>");
            }
            // An id in the data, and two words for people.
            _ if text == "not-met" => self.text("not met"),
            _ => self.breakable(text),
        }
        self.raw("</code>");
    }
}
