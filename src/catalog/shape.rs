//! What ids are made of: the number of an account, the name of a Region.
//!
//! In: a shape as a provider's file writes it. Out: whether a text has it, or how much of its beginning does. `#` stands for a
//! digit, `@` for a small letter, `%` for either, all else for itself; `+` behind one of these says that there may be more of
//! them, and behind parentheses that what is in them may come again. What comes first takes as much as it can, and gives
//! nothing back: a name has one reading.

/// A shape, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shape(Vec<(Piece, bool)>);

/// One piece; beside it stands whether there may be more of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Digit,
    Letter,
    Either,
    Itself(char),
    Group(Shape),
}

impl Shape {
    /// The shape that a text writes; the `Err` says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut letters = text.chars().peekable();
        let shape = Self::pieces(&mut letters, false)?;
        match shape.0.is_empty() {
            true => Err("a shape says something".to_owned()),
            false => Ok(shape),
        }
    }

    fn pieces(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, is_inner: bool) -> Result<Self, String> {
        let mut pieces = Vec::new();
        loop {
            let piece = match letters.next() {
                None if is_inner => return Err("a `(` is not closed".to_owned()),
                None => return Ok(Self(pieces)),
                Some(')') if is_inner => return Ok(Self(pieces)),
                Some('#') => Piece::Digit,
                Some('@') => Piece::Letter,
                Some('%') => Piece::Either,
                Some('(') if !is_inner => match Self::pieces(letters, true)? {
                    Self(inner) if inner.is_empty() => return Err("nothing stands in parentheses".to_owned()),
                    inner => Piece::Group(inner),
                },
                Some(other @ ('(' | ')' | '+')) => return Err(format!("`{other}` stands where it means nothing")),
                Some(other) => Piece::Itself(other),
            };
            pieces.push((piece, letters.next_if_eq(&'+').is_some()));
        }
    }

    /// Whether a text has it.
    pub(crate) fn fits(&self, text: &str) -> bool {
        self.beginning(text) == Some(text)
    }

    /// The beginning of a text that has it.
    pub(crate) fn beginning<'t>(&self, text: &'t str) -> Option<&'t str> {
        let rest = self.behind(text)?;
        Some(&text[..text.len() - rest.len()])
    }

    fn behind<'t>(&self, mut text: &'t str) -> Option<&'t str> {
        for (piece, more) in &self.0 {
            text = piece.behind(text)?;
            while let Some(rest) = more.then(|| piece.behind(text)).flatten() {
                text = rest;
            }
        }
        Some(text)
    }

    /// How many digits it is, if it is nothing else: numbers lose their zeros where a program takes them for numbers.
    pub(crate) fn digits(&self) -> Option<usize> {
        let all = self.0.iter().all(|(piece, more)| *piece == Piece::Digit && !more);
        all.then_some(self.0.len())
    }
}

impl Piece {
    fn behind<'t>(&self, text: &'t str) -> Option<&'t str> {
        if let Self::Group(shape) = self {
            return shape.behind(text);
        }
        let first = text.chars().next()?;
        let fits = match self {
            Self::Digit => first.is_ascii_digit(),
            Self::Letter => first.is_ascii_lowercase(),
            Self::Either => first.is_ascii_digit() || first.is_ascii_lowercase(),
            Self::Itself(letter) => first == *letter,
            Self::Group(_) => false,
        };
        fits.then(|| &text[first.len_utf8()..])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shapes_take_what_they_stand_for() {
        for (shape, text, beginning) in [
            ("###", "123", Some("123")),
            ("###", "12", None),
            ("###", "1234", Some("123")),
            ("nb-@#%+", "nb-a1xyz9-b", Some("nb-a1xyz9")),
            ("nb-@#%+", "nb-1a", None),
            ("@@+-(@@+-)+#+", "eu-west-1", Some("eu-west-1")),
            ("@@+-(@@+-)+#+", "us-west-2-lax-1a", Some("us-west-2")),
            ("@@+-(@@+-)+#+", "us-gov-east-12b", Some("us-gov-east-12")),
            ("@@+-(@@+-)+#+", "eu-west1", None),
            ("@@+-(@@+-)+#+", "west-1", None),
            ("@@+-(@@+-)+#+", "e-west-1", None),
            ("@@+-(@@+-)+#+", "EU-west-1", None),
            ("é#", "é1", Some("é1")),
        ] {
            assert_eq!(Shape::parse(shape).unwrap().beginning(text), beginning, "{shape} {text}");
        }
        let shape = Shape::parse("a-#+").unwrap();
        assert!(shape.fits("a-12") && !shape.fits("a-12b") && !shape.fits(""));
    }

    #[test]
    fn what_is_no_shape_is_told() {
        for text in ["", "(", "()", "a)", "+", "((a))", "#++"] {
            assert!(Shape::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_digits_have_a_number_of_digits() {
        let digits = |text: &str| Shape::parse(text).unwrap().digits();
        assert_eq!((digits("####"), digits("#+"), digits("a#")), (Some(4), None, None));
    }
}
