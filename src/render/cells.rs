//! Text in the cells of spreadsheets: never a formula.
//!
//! In: any text. Out: text that Excel, LibreOffice, Google Sheets and Numbers show and never compute.
//!
//! A spreadsheet takes a cell of a CSV file for a formula when it begins with `=`, `+`, `-` or `@`, some after a tab, a
//! carriage return or spaces, and in East Asian versions with the wide forms of those. Such a cell gets an apostrophe in
//! front, which spreadsheets read as "text follows"; nothing else of it changes, so that it stays recognisable, and
//! whoever removes one leading apostrophe before such a text has the original.

/// Whether a spreadsheet might compute a text.
#[must_use]
pub fn looks_like_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let unseen =
        |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let text = text.trim_start_matches(unseen);
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// A text as the cell of a CSV file.
#[must_use]
pub fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    // An apostrophe that stood there already gets another, so that removing one gives the original.
    if looks_like_formula(text) || looks_like_formula(text.trim_start_matches('\'')) && text.starts_with('\'') {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_text_stays() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{feff}=1",
            "\u{a0} -1",
            "＝1",
            "'=1",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"), "{formula:?}");
        }
        for text in ["", "a=b", "1-2", "'tis", "  text", "arn:aws:s3:::x", "Prüfung", "日本"] {
            assert_eq!(harmless(text), text);
        }
    }
}
