//! The texts that cells name by number.
//!
//! In: the part `sharedStrings.xml`. Out: the texts in their order, without their looks.

use super::Fault;
use super::xml::{Piece, Pieces};

pub(super) fn read(text: &str) -> Result<Vec<String>, Fault> {
    let mut all: Vec<String> = Vec::new();
    let (mut is_text, mut sounds) = (false, 0_usize);
    for piece in Pieces::of(text) {
        match piece?.1 {
            Piece::Begins(element) => match element.name().as_str() {
                "si" => all.push(String::new()),
                // How a text is pronounced.
                "rPh" if !element.is_empty => sounds += 1,
                "t" => is_text = !element.is_empty,
                _ => {}
            },
            Piece::Ends(name) => match name.as_str() {
                "t" => is_text = false,
                "rPh" => sounds = sounds.saturating_sub(1),
                _ => {}
            },
            Piece::Text(text) if is_text && sounds == 0 => {
                if let Some(last) = all.last_mut() {
                    last.push_str(&text);
                }
            }
            Piece::Text(_) | Piece::Other => {}
        }
    }
    Ok(all)
}
