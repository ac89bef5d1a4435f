//! The fonts that PDFs are set in: the four faces of Noto Sans, which the program carries, and those that the user adds.
//!
//! In: faces. Out: what Typst draws with, and which characters that can be.

use crate::render::html::Face;
use std::sync::{Arc, LazyLock};
use typst::foundations::Bytes;
use typst::text::{Font, FontInfo, FontStyle, FontVariations};
use typst_kit::fonts::{FontSource, FontStore};

/// The text size that widths are reckoned in, in points; `page.typ` sets the same.
pub(super) const TEXT_SIZE: f64 = 9.0;

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

/// The fonts of one rendering: those that the program carries, and others behind them in the order in which they were
/// added. A character that Noto Sans lacks is drawn with another that has it.
pub struct Fonts {
    store: FontStore,
    /// A bit each character that one of the others can draw.
    others: Vec<u64>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").finish_non_exhaustive()
    }
}

impl Default for Fonts {
    fn default() -> Self {
        let mut store = FontStore::new();
        store.extend(FACES.iter().map(|font| (font.clone(), font.info().clone())));
        Self { store, others: Vec::new() }
    }
}

impl Fonts {
    /// Those that the program carries, alone.
    #[must_use]
    pub fn embedded() -> Arc<Self> {
        static EMBEDDED: LazyLock<Arc<Fonts>> = LazyLock::new(Arc::default);
        EMBEDDED.clone()
    }

    /// Adds a face, which is loaded when it is first drawn with.
    pub fn push(&mut self, source: impl FontSource, info: FontInfo) {
        for c in info.coverage.iter() {
            let word = c as usize / 64;
            if word >= self.others.len() {
                self.others.resize(word + 1, 0);
            }
            self.others[word] |= 1 << (c % 64);
        }
        self.store.push((source, info));
    }

    /// The upright and leaning faces of a family in regular and bold, as far as it has them as files of their own.
    #[must_use]
    pub fn faces(&self, family: &str) -> Vec<Face> {
        let (book, family) = (self.store.book(), family.to_lowercase());
        let mut faces = Vec::new();
        for index in book.select_family(&family) {
            let Some(variant) = book.info(index).map(|info| info.variant) else {
                continue;
            };
            let (weight, italic) = (variant.weight.to_number(), variant.style != FontStyle::Normal);
            let wanted = matches!(weight, 400 | 700) && !faces.iter().any(|face: &Face| (face.weight, face.italic) == (weight, italic));
            let font = self.store.font(index).filter(|font| wanted && font.index() == 0);
            faces.extend(font.map(|font| Face {
                weight,
                italic,
                bytes: font.data().to_vec(),
            }));
        }
        faces
    }

    /// The fonts as the compiler asks for them.
    pub(super) fn store(&self) -> &FontStore {
        &self.store
    }

    /// Whether a character can be drawn, and not by the embedded faces.
    pub(super) fn others_cover(&self, c: char) -> bool {
        let c = c as usize;
        self.others.get(c / 64).is_some_and(|word| word >> (c % 64) & 1 == 1)
    }
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

/// How wide a character is, in thousandths of the text size. Characters outside of ASCII count as wide ones, those of
/// East Asia and pictures as squares.
pub(super) fn advance(c: char, bold: bool) -> f64 {
    if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..)
    {
        return 1000.0;
    }
    ADVANCES[usize::from(bold)].get(c as usize).copied().unwrap_or(640.0)
}
