//! The fonts that PDFs are set in: the four faces of Noto Sans, which the program carries.

use super::breaks::TEXT_SIZE;
use std::sync::LazyLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontVariations};
use typst_kit::fonts::FontStore;

/// Regular, italic, bold, bold italic.
static FACES: LazyLock<Vec<Font>> = LazyLock::new(|| {
    [
        notosans::REGULAR_TTF,
        notosans::ITALIC_TTF,
        notosans::BOLD_TTF,
        notosans::BOLD_ITALIC_TTF,
    ]
    .into_iter()
    .filter_map(|data| Font::new(Bytes::new(data), 0))
    .collect()
});

static STORE: LazyLock<FontStore> = LazyLock::new(|| {
    let mut store = FontStore::new();
    store.extend(FACES.iter().map(|font| (font.clone(), font.info().clone())));
    store
});

/// The fonts as the compiler asks for them.
pub(super) fn store() -> &'static FontStore {
    &STORE
}

/// The characters that every face can draw, as a bit each of the Basic Multilingual Plane.
static COVERAGE: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut common = vec![u64::MAX; 1024];
    for font in FACES.iter() {
        let mut own = vec![0_u64; 1024];
        for c in font.info().coverage.iter() {
            if let Some(word) = own.get_mut(c as usize / 64) {
                *word |= 1 << (c % 64);
            }
        }
        common.iter_mut().zip(own).for_each(|(all, one)| *all &= one);
    }
    common
});

/// Whether every face can draw a character.
pub(super) fn cover(c: char) -> bool {
    let c = c as usize;
    COVERAGE.get(c / 64).is_some_and(|word| word >> (c % 64) & 1 == 1)
}

/// Advances of the ASCII characters in thousandths of the text size: regular and bold.
static ADVANCES: LazyLock<[[f64; 128]; 2]> = LazyLock::new(|| {
    [0, 2].map(|face| {
        let mut advances = [600.0; 128];
        if let Some(font) = FACES.get(face) {
            let size = typst::layout::Abs::pt(TEXT_SIZE);
            let font = font.clone().instantiate(font.info().variant, size, &FontVariations::default());
            for (c, advance) in (0_u8..128).zip(&mut advances) {
                let glyph = font.ttf().glyph_index(char::from(c));
                if let Some(width) = glyph.and_then(|glyph| font.x_advance(glyph.0)) {
                    *advance = width.get() * 1000.0;
                }
            }
        }
        advances
    })
});

/// How wide a character is, in thousandths of the text size. Characters outside of ASCII count as wide ones.
pub(super) fn advance(c: char, bold: bool) -> f64 {
    ADVANCES[usize::from(bold)].get(c as usize).copied().unwrap_or(640.0)
}
